"""A source that tells two values of one figure at once: neither counts, both are told, until it is mended."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from briefings.archive import Archive
from briefings.briefing import Briefing, Previous
from briefings.cli.main import run
from briefings.compose.used import FIGURE_ID
from briefings.configuration import read_plain
from briefings.ingest import Ingested, ingest
from briefings.narrative import narrate, plain
from briefings.press import Press, Task
from briefings.settings import load
from briefings.survey import brief
from briefings.workspace import Workspace, builtin

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
TOLD = "2026-10,Riverton,80220,2909.1"
AGAIN = f"{TOLD}\n2026-10,Riverton,81220,2909.1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The project that `briefings init` begins, read once."""
    found = tmp_path / "project"
    shutil.copytree(builtin("templates") / "starter", found)
    assert read(found).new > 0
    return found


def read(root: Path, old: str = "", new: str = "", day: int = 21) -> Ingested:
    """The source, altered and read on a day of November."""
    table = root / "data/inputs/tourism.csv"
    table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")
    return ingest(load(Workspace.find(root)), "tourism", now=NOW.replace(day=day))


def briefed(root: Path, as_of: date | None = None) -> Briefing:
    press = Press(load(Workspace.find(root)), NOW, None, fonts=None)  # type: ignore[arg-type]
    return brief(press, Task("tourism", "riverton", "2026-10", as_of=as_of))


def held(briefing: Briefing, language: str) -> list[str]:
    phrases = read_plain(builtin("templates") / "phrases" / f"{language}.yaml")
    told = narrate(briefing, language, phrases).notes
    return [plain(note) for note, given in zip(told, briefing.notes, strict=False) if given.kind == "held"]


def levels(briefing: Briefing) -> set[float]:
    shown = (f for f in briefing.figures.values() if (f.place, f.indicator) == ("riverton", "overnight_stays"))
    return {f.value for f in shown if f.kind == "level" and f.period == "2026-10"}


def test_neither_value_counts_and_readers_are_told_of_both_until_it_is_mended(root: Path) -> None:
    assert held(briefed(root), "en") == []
    told = read(root, TOLD, AGAIN)
    assert (told.new, told.revised, len(told.conflicts), told.held) == (0, 0, 1, ())
    found = briefed(root)
    assert held(found, "en") == [
        "Overnight stays, Riverton, October 2026: the source gives two values for the figure, 80,220 visits and 81,220 "
        "visits; it is used in no finding or chart until it is checked."
    ]
    assert held(found, "zh") == [
        "河城市过夜游客人次：同一来源对2026年10月数据有两个数值（80220人次和81220人次），核实前不用于结论和图表。"
    ]
    assert found.held == 1
    assert {(n.kind, n.facts.get("measure")) for n in found.notes if n.reason == "held_conflict"} >= {
        ("refusal", "growth")
    }
    mended = read(root, AGAIN, TOLD.replace("80220", "81220"))
    assert (mended.revised, mended.conflicts) == (1, ())
    assert (held(briefed(root), "en"), levels(briefed(root))) == ([], {81220.0})


def test_what_was_known_before_the_source_contradicted_itself_stands(root: Path) -> None:
    """Its days of publication come of a rule: a second value is not dated back, nor forward again by each ingest."""
    for day in (21, 23):
        read(root, TOLD if day == 21 else "", AGAIN if day == 21 else "", day)
        assert levels(briefed(root, date(2026, 11, 20))) == {80220.0}
        assert len(held(briefed(root, date(2026, 11, 21)), "en")) == 1


def test_another_source_still_counts(root: Path) -> None:
    sources = root / "config/sources.yaml"
    table = root / "data/inputs/board.csv"
    other = sources.read_text("utf-8").partition("  tourism:")[2].replace("tourism.csv", "board.csv")
    sources.write_text(
        f"{sources.read_text('utf-8').rstrip()}\n  board:{other}".replace(
            ", Room revenue (10k CNY): {indicator: room_revenue, unit: 万元}", ""
        ),
        "utf-8",
    )
    table.write_text("Month,City,Overnight stays\n2026-10,Riverton,81000\n", "utf-8")
    (root / "config/decisions.yaml").write_text(
        "decisions: {decision: take, source: board, indicator: overnight_stays, place: riverton, period: 2026-10, "
        "who: Desk, when: 2026-11-15, why: it is whole}\n"
    )
    assert ingest(load(Workspace.find(root)), "board", now=NOW).new == 1
    read(root, TOLD, AGAIN)
    assert (held(briefed(root), "en"), 81000.0 in levels(briefed(root))) == ([], True)


def test_a_figure_told_and_withheld_at_once_is_withheld(root: Path) -> None:
    sources = root / "config/sources.yaml"
    sources.write_text(f"{sources.read_text('utf-8').rstrip()}\n    confidential: [c]\n", "utf-8")
    assert len(read(root, TOLD, f"{TOLD}\n2026-10,Riverton,c,2909.1").conflicts) == 1
    found = briefed(root)
    assert (held(found, "en"), levels(found)) == ([], set())
    assert {n.facts.get("measure") for n in found.notes if n.reason == "confidential"} >= {"growth"}
    [kept] = (root / "data/observations/contradictions").glob("*.parquet")
    frame = pd.read_parquet(kept)
    assert (frame["value"].isna().all(), set(frame["quote"])) == (True, {""})


def test_what_cannot_be_read_now_still_contradicts_itself(root: Path) -> None:
    sources = root / "config/sources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("inputs/tourism.csv", "inputs/*.csv"), "utf-8")
    other = root / "data/inputs/twice.csv"
    lines = (root / "data/inputs/tourism.csv").read_text("utf-8").splitlines()
    other.write_text("\n".join([lines[0], TOLD.replace("80220", "81220")]), "utf-8")
    assert len(read(root).conflicts) == 1
    other.write_text("no table")
    assert read(root).failed
    assert len(held(briefed(root), "en")) == 1
    other.unlink()
    read(root)
    assert held(briefed(root), "en") == []


def test_both_are_shown_as_data(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read(root, TOLD, AGAIN)
    assert run(["--project", str(root), "data", "show", "overnight_stays", "riverton", "--last", "3"]) == 0
    rows = [line.split()[:7] for line in capsys.readouterr().out.splitlines()[-2:]]
    assert rows == [["2026-10", "level", value, "person", "time", "in", "conflict"] for value in ("80220", "81220")]


def test_the_next_edition_tells_a_rank_among_fewer(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the last edition said of a rank is told with the count of those among whom it was."""
    last = Previous("tourism/riverton/2026-10", 1, "2026-11-20", briefed(root))
    monkeypatch.setattr(Archive, "previous", lambda archive, edition: last)
    monkeypatch.setattr(Archive, "last", lambda *asked: None)
    monkeypatch.setattr(Archive, "latest", lambda *asked: None)
    monkeypatch.setattr(Archive, "before", lambda *asked: "r1")
    read(root, TOLD, AGAIN)
    found = briefed(root)
    named = {key for f in found.figures.values() if f.kind == "rank" for key in FIGURE_ID.findall(f.formula)}
    assert {found.figures[key].value for key in named} == {4.0, 3.0}


def test_a_count_below_zero_is_held_and_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    indicators = root / "config/indicators.yaml"
    indicators.write_text(indicators.read_text("utf-8").replace("nature: flow", "nature: count", 1), "utf-8")
    table = root / "data/inputs/tourism.csv"
    table.write_text(table.read_text("utf-8").replace("Riverton,80220", "Riverton,-80220"), "utf-8")
    assert run(["--project", str(root), "ingest"]) == 0
    assert (
        "  held: overnight_stays of riverton in 2026-10: -80,220 person time, which a count cannot be; mend the source"
    ) in capsys.readouterr().err
    assert held(briefed(root), "en") == [
        "Overnight stays, Riverton, October 2026: the figure, −80,220 visits, is below zero, which a count cannot be; "
        "it is used in no finding or chart until it is checked."
    ]
    assert held(briefed(root), "zh") == [
        "河城市过夜游客人次：2026年10月数据（−80220人次）为负数，而计数不会小于零，核实前不用于结论和图表。"
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            TOLD,
            TOLD.replace("80220", "802200"),
            "riverton in 2026-10: 802,200 person time, told before as 80,220: a factor of 10; ",
        ),
        (TOLD, TOLD.replace("80220", "160440"), ""),
        (
            TOLD,
            f"{TOLD}\n2026-11,Riverton,80,2909.1\n2025-11,Riverton,800,2909.1",
            "riverton in 2026-11: 80 person time, after, a year earlier, 800: a factor of 10; ",
        ),
    ],
)
def test_what_changes_tenfold_is_named_once_and_not_held(root: Path, old: str, new: str, line: str) -> None:
    table = root / "data/inputs/tourism.csv"
    if "2025-11" in new:
        kept = [each for each in table.read_text("utf-8").splitlines() if not each.startswith("2025-11,Riverton")]
        table.write_text("\n".join(kept), "utf-8")
    told = read(root, old, new)
    assert [slip for slip in told.slips if "after" not in line or "2026-11" in slip] == (
        [f"overnight_stays level of {line}has a decimal point slipped?"] if line else []
    )
    assert read(root).slips == ()
