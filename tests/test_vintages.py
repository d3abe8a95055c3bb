"""Vintages: three editions of one figure as it was revised, corrections of sources, two editions told apart."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from briefings import corrections, survey
from briefings.briefing import Briefing
from briefings.cli.main import run
from briefings.configuration import Correction
from briefings.errors import CorrectionError
from briefings.observations import Observation, Panel
from briefings.periods import Period
from briefings.themes import MeasureRequest

CONFIG = {
    "project.yaml": "title: {en: Desk, zh: 室}\npublisher: {en: Desk, zh: 室}\nlanguages: [en, zh]\nzone: UTC\n",
    "indicators.yaml": """indicators:
  gdp:
    name: {en: Gross domestic product, zh: 国内生产总值}
    unit: USD
    nature: flow
""",
    "places.yaml": "places:\n  us: {name: {en: United States, zh: 美国}, in_text: {en: the United States}, "
    "kind: country, currency: USD}\n",
    "sources.yaml": """sources:
  bea:
    path: data/inputs/gdp.csv
    title: {en: National accounts, zh: 国民账户}
    publisher: {en: Bureau of Economic Analysis, zh: 经济分析局}
    published: {column: Published}
    period: Quarter
    place: {is: us}
    values: {"GDP, billion": {indicator: gdp, unit: billion USD}}
""",
    "themes/economy.yaml": """theme: economy
title: {en: Economy, zh: 经济}
places: {each: us}
cadence: quarterly
headline:
  - gdp: [level]
""",
}
#: What the Bureau of Economic Analysis published of the first quarter of 2014, at annual rates.
TOLD = {"2014-04-30": "17149.6", "2014-05-29": "17101.3", "2014-06-25": "17016.0"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in CONFIG.items():
        path = tmp_path / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "data/inputs").mkdir(parents=True)
    rows = ['Quarter,Published,"GDP, billion"', *(f"2014-Q1,{day},{value}" for day, value in TOLD.items())]
    (tmp_path / "data/inputs/gdp.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    return tmp_path


def command(root: Path, *arguments: str, now: datetime = datetime(2026, 11, 21, 8, tzinfo=UTC)) -> int:
    return run(["--project", str(root), "--now", now.isoformat(), "-q", *arguments])


def digests(root: Path) -> dict[str, str]:
    folder = root / "data/editions"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def briefed(root: Path, edition: str) -> Briefing:
    return Briefing.from_json((root / "data/editions" / edition / "briefing.json").read_text("utf-8"))


@pytest.mark.slow
def test_one_quarter_as_it_was_published_three_times(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(project, "ingest") == 0
    kept: dict[str, str] = {}
    for number, day in enumerate(TOLD, start=1):
        assert command(project, "build", "--language", "en", "--as-of", day) == 0, capsys.readouterr().err
        files = digests(project)
        assert kept.items() <= files.items()  # what was filed before never changes
        kept = files
        text = (project / f"data/editions/economy/us/2014-Q1/en/r{number}/mail.txt").read_text("utf-8")
        assert ("Since the last edition" in text) == (number > 1)
    base = "economy/us/2014-Q1/en"
    for number, (old, new) in ((2, (17149.6, 17101.3)), (3, (17101.3, 17016.0))):
        found = briefed(project, f"{base}/r{number}")
        assert found.changes is not None
        (revised,) = found.changes.revised
        values = [found.figures[revised.figures[role]].value / 1e9 for role in ("old", "new", "change")]
        assert values == pytest.approx([old, new, new - old])
        assert found.changes.since == f"economy/us/2014-Q1/r{number - 1}"
    assert briefed(project, f"{base}/r1").changes is None
    capsys.readouterr()
    later = datetime(2027, 11, 21, tzinfo=UTC)
    for day in TOLD:  # a year later nothing new is to be told of any of these days
        assert command(project, "build", "--language", "en", "--as-of", day, now=later) == 0
        assert "built" not in capsys.readouterr().out
    assert digests(project) == kept
    assert command(project, "build", "--language", "en", "--as-of", "2014-05-29", "--force", now=later) == 0
    again = project / f"data/editions/{base}/r4/briefing.json"
    assert again.read_bytes() == (project / f"data/editions/{base}/r2/briefing.json").read_bytes()
    capsys.readouterr()
    assert command(project, "editions", "diff", f"{base}/r1", f"{base}/r2") == 1
    assert "17149600000000 USD  17101300000000 USD  -48300000000" in capsys.readouterr().out
    assert command(project, "editions", "diff", f"{base}/r2", f"{base}/r4") == 0
    assert command(project, "data", "history", "gdp", "us", "2014-Q1") == 0
    assert "-48300000000" in capsys.readouterr().out


# Corrections


def row(value: float = 48.0, **more: object) -> Observation:
    asked = {"kind": "growth", "basis": "yoy", **more}
    period = Period.parse("2025")
    return Observation(
        "wuhai",
        "gdp",
        period,
        value,
        "percent",
        "a",
        date(2026, 1, 20),
        "0" * 64,
        "row=2,column=x",
        **asked,  # type: ignore[arg-type]
    )


def written(**more: object) -> corrections.Written:
    told = {"indicator": "gdp", "place": "wuhai", "period": "2025", "kind": "growth", "expected": "48", "value": "4.8"}
    told |= {"reason": "a decimal point is lacking", "provider": "Bureau", "when": "2026-02-01"}
    return corrections.Written(Correction.model_validate(told | more), "config/corrections/a.yaml:2:5")


def test_a_correction_takes_the_place_of_what_its_source_tells() -> None:
    ((found,), _) = corrections.apply([row()], [written()])
    assert (found.value, found.corrected_from) == (4.8, 48.0)
    assert found.correction == "a decimal point is lacking (Bureau, 2026-02-01, unreported)"


def test_a_correction_in_a_scaled_unit_is_that_decimal_to_the_last_digit() -> None:
    told = replace(row(131140000000.0, kind="level"), unit="CNY")
    asked = written(kind="level", expected=1311.4, value=1331.4, unit="亿元")
    ((found,), _) = corrections.apply([told], [asked])
    assert found.value == 133140000000.0


def test_a_correction_is_known_from_its_day_on() -> None:
    known = corrections.of([written()], ["gdp"], ["wuhai"], date(2026, 1, 31))
    assert known == []
    assert corrections.of([written()], ["gdp"], ["wuhai"], date(2026, 2, 1)) == [written()]
    assert corrections.of([written()], ["gdp"], ["jixi"], None) == []


def test_a_correction_is_closed_when_its_source_repaired_it_and_still_known_as_of_before() -> None:
    closed = written(until="2026-03-01")
    known = {day: corrections.of([closed], ["gdp"], ["wuhai"], day) for day in (date(2026, 2, 28), date(2026, 3, 1))}
    assert list(known.values()) == [[closed], []]
    assert corrections.of([closed], ["gdp"], ["wuhai"], None) == []


def test_a_correction_of_a_source_that_does_not_count_is_of_what_that_one_told() -> None:
    counts, other = replace(row(4.9), source="b"), row()
    assert corrections.apply([counts], [written(source="a")], [other])[0] == [counts]
    (right,) = corrections.apply([counts], [written(source="a")], [other])[1]
    assert (right.source, right.value, right.corrected_from) == ("a", 4.8, 48.0)


def test_a_correction_of_a_figure_that_nobody_confirmed_breaks_no_theme_that_takes_no_other() -> None:
    assert corrections.apply([], [written()], every=False) == ([], [])


@pytest.mark.parametrize(
    ("told", "accept", "earlier"),
    [
        ([("a", 1, 100.0), ("b", 2, 105.0)], "all", None),  # another source is no vintage
        ([("a", 1, 100.0), ("a", 3, 110.0), ("b", 2, 105.0)], "all", 100.0),
        ([("a", 1, 100.0), ("a", 2, 104.0), ("a", 3, 110.0), ("b", 2, 105.0)], "all", 104.0),
    ],
)
def test_a_figure_is_revised_by_the_source_that_tells_it(
    told: list[tuple[str, int, float]], accept: str, earlier: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [replace(row(value, kind="level", basis=""), source=source, published=date(2026, month, 1))
            for source, month, value in told]  # fmt: skip
    counts = max(rows, key=lambda each: each.published)
    monkeypatch.setattr(survey, "rows_of", lambda found: found)
    store = SimpleNamespace(history=lambda indicator, place: rows)
    asked = SimpleNamespace(requests=lambda: [(None, "gdp", [MeasureRequest("revision")])], accept=accept)
    found = survey._earlier(store, asked, Panel.of_rows([counts]), None)  # type: ignore[arg-type]
    assert [each.value for each in found.values()] == ([earlier] if earlier else [])


@pytest.mark.parametrize(
    ("told", "more", "message"),
    [
        (
            row(4.8),
            {},
            "config/corrections/a.yaml:2:5: the correction of the growth of gdp for wuhai in 2025 expects 48 percent, "
            "and a tells 4.8 (published 2026-01-20); the source may have been repaired: write under `until` "
            "the day on which it was, or what it is to tell under `expected`.",
        ),
        (
            row(kind="level", basis=""),
            {},
            "config/corrections/a.yaml:2:5: the correction of the growth of gdp for wuhai in 2025 matches no "
            "observation; mend what it names, or delete it.",
        ),
        (
            row(),
            {"source": "b"},
            "config/corrections/a.yaml:2:5: the correction of the growth of gdp for wuhai in 2025 as told by b matches "
            "no observation; mend what it names, or delete it.",
        ),
    ],
)
def test_a_correction_that_no_longer_fits_fails_loudly(told: Observation, more: dict[str, str], message: str) -> None:
    with pytest.raises(CorrectionError) as caught:
        corrections.apply([told], [written(**more)])
    assert str(caught.value) == message


@pytest.mark.slow
def test_a_corrected_figure_is_marked_and_noted(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(project, "ingest") == 0
    assert command(project, "build", "--language", "en") == 0, capsys.readouterr().err
    file = project / "config/corrections/gdp.yaml"
    file.parent.mkdir()
    asked = "corrections:\n  - {indicator: gdp, place: us, period: 2014-Q1, expected: %s, value: 17016.5,\n"
    rest = "     unit: billion USD, reason: misprint, provider: Bureau, when: 2014-07-01, status: reported}\n"
    file.write_text(asked % "17016.0" + rest, encoding="utf-8")
    assert command(project, "ingest") == 0
    assert command(project, "build", "--language", "en") == 0, capsys.readouterr().err
    text = (project / "data/editions/economy/us/2014-Q1/en/r2/briefing.html").read_text("utf-8")
    assert "which is corrected to" in text
    assert "Corrected: " in text
    assert any("k" in letters for letters in re.findall("<sup>(.*?)</sup>", text))
    found = briefed(project, "economy/us/2014-Q1/en/r2")
    assert 17016.0e9 in {given.corrected_from for figure in found.figures.values() for given in figure.inputs}
    file.write_text(asked % "17000" + rest, encoding="utf-8")
    assert command(project, "build", "--language", "en") == 1
    assert (
        "config/corrections/gdp.yaml:2:5: the correction of the level of gdp for us in 2014-Q1"
        in capsys.readouterr().err
    )
