"""Decisions of persons: honoured from their day on, printed with who, when and why, and told when they are idle."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from briefings.briefing import Briefing, Input
from briefings.cli.main import run
from briefings.compose.decisions import is_reviewed
from briefings.configuration import Review, read_plain
from briefings.errors import ConfigurationError
from briefings.ingest import ingest
from briefings.narrative import Run, narrate, plain
from briefings.press import Press, Task
from briefings.settings import load
from briefings.survey import brief
from briefings.workspace import Workspace, builtin

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
OTHER = """
  board:
    path: data/inputs/board.csv
    title: {en: Tourist board, zh: 旅游协会}
    publisher: {en: Tourist Board, zh: 旅游协会}
    published: 12 days after period
    period: Month
    place: City
    values: {Overnight stays: overnight_stays}
"""
TAKE = """\
decisions:
  - decision: take
    source: board
    indicator: overnight_stays
    place: riverton
    period: 2026-10
    who: 王芳
    when: 2026-11-15
    why: 协会的口径更全
"""
#: A figure a thousand times the one before, and what a person says of it.
ACCEPT = """\
decisions:
  - decision: accept
    indicator: room_revenue
    place: riverton
    period: 2026-10
    who: Statistics desk
    when: 2026-11-15
    why: a palace was rented out for 30 days
"""


def project(folder: Path, decisions: str, *, jump: bool = False) -> Path:
    """The project that `briefings init` begins, with a second source of one figure; with a jump in its last month."""
    root = folder / "project"
    shutil.copytree(builtin("templates") / "starter", root)
    sources = root / "config/sources.yaml"
    sources.write_text(sources.read_text("utf-8").rstrip() + OTHER, "utf-8")
    (root / "data/inputs/board.csv").write_text("Month,City,Overnight stays\n2026-10,Riverton,81000\n", "utf-8")
    if jump:
        table = root / "data/inputs/tourism.csv"
        table.write_text(table.read_text("utf-8").replace("Riverton,80220,2909.1", "Riverton,80220,2909100"), "utf-8")
    if decisions:
        (root / "config/decisions.yaml").write_text(decisions, "utf-8")
    settings = load(Workspace.find(root))
    for source in ("tourism", "board"):
        assert not ingest(settings, source, now=NOW).error
    return root


def briefed(root: Path, as_of: date | None = None) -> Briefing:
    press = Press(load(Workspace.find(root)), NOW, None, fonts=None)  # type: ignore[arg-type]
    return brief(press, Task("tourism", "riverton", "2026-10", as_of=as_of))


def notes(briefing: Briefing, language: str, kind: str = "decision") -> list[tuple[Run, ...]]:
    told = narrate(briefing, language, read_plain(builtin("templates") / "phrases" / f"{language}.yaml")).notes
    return [note for note, given in zip(told, briefing.notes, strict=False) if given.kind == kind]


def test_of_two_sources_the_one_taken_counts_and_the_note_says_so(tmp_path: Path) -> None:
    briefing = briefed(project(tmp_path, TAKE))
    levels = {f.value for f in briefing.figures.values() if f.kind == "level" and f.period == "2026-10"}
    assert 81000.0 in levels
    (note,) = notes(briefing, "en")
    assert plain(note) == (
        "Overnight stays, Riverton, October 2026: sources give different values for the figure; that of “Tourist "
        "board”, 81,000 visits, is shown, not 80,220 visits. Decided by 王芳 on 15 November 2026, because: "
        "“协会的口径更全”."
    )
    assert [run.text for run in note if run.language == "zh"] == ["王芳", "协会的口径更全"]
    (note,) = notes(briefing, "zh")
    assert plain(note) == (
        "河城市过夜游客人次，2026年10月：不同来源的数据不一致，本期采用“旅游协会”的数据（8.1万人次），未采用80220人次。"
        "王芳于2026年11月15日决定，理由：“协会的口径更全”。"
    )
    assert not notes(briefing, "zh", "conflict")


def test_a_decision_is_not_known_before_its_day(tmp_path: Path) -> None:
    root = project(tmp_path, TAKE)
    before = briefed(root, date(2026, 11, 14))
    assert not notes(before, "en")
    assert {note.reason for note in before.notes if note.kind == "conflict"} == {"sources"}
    assert notes(briefed(root, date(2026, 11, 15)), "en")


def test_an_accepted_figure_is_shown_with_who_when_and_why(tmp_path: Path) -> None:
    root = project(tmp_path, ACCEPT, jump=True)
    (note,) = notes(briefed(root), "en")
    assert plain(note) == (
        "Room revenue, Riverton, October 2026: the figure, CNY 29.091 billion, contradicts other figures and is shown "
        "as it was published. Decided by Statistics desk on 15 November 2026, because: “a palace was rented out for "
        "30 days”."
    )
    (note,) = notes(briefed(root), "zh")
    assert next(run for run in note if run.language == "en" and "palace" in run.text).text == (
        "a palace was rented out for 30 days"
    )
    (root / "config/decisions.yaml").unlink()
    assert {n.reason for n in briefed(root).notes if n.kind == "held"} == {"jump"}


def test_decisions_that_touch_nothing_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    idle = TAKE + "".join(ACCEPT.splitlines(keepends=True)[1:]) + TAKE.partition("\n")[2].replace("2026-10", "2026-09")
    root = project(tmp_path, idle)
    assert run(["--project", str(root), "check"]) == 0
    told = re.findall(
        r"config/decisions.yaml:(\d+):5: the decision \((.*)\) touches nothing: (.*),", capsys.readouterr().err
    )
    assert told == [
        ("10", "accept, room_revenue of riverton in 2026-10", "the figure contradicts no other"),
        ("17", "take, overnight_stays of riverton in 2026-09", "board does not tell it"),
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        (
            "    source: board\n",
            "",
            ":2:15: decisions[0].decision: which source is taken is not said; add `source: ID`",
        ),
        ("source: board", "source: boardd", "unknown source 'boardd'; allowed: tourism, board. Did you mean 'board'?"),
        ("decision: take", "decision: accept", "`source` is for `decision: take`; delete it"),
    ],
)
def test_mistakes_stand_at_their_place(tmp_path: Path, right: str, wrong: str, complaint: str) -> None:
    root = project(tmp_path, "")
    (root / "config/decisions.yaml").write_text(TAKE.replace(right, wrong), "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load(Workspace.find(root))
    assert complaint in str(caught.value)


SENTENCE = "Output was 59.557 billion yuan in 2025; in 2020 it had been 50.636 billion yuan."


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, True),
        ({"locator": "char=160:179"}, True),  # the text has moved: the value tells
        ({"locator": "char=160:179", "value": 59557000000.0}, False),
        ({"locator": "row=3,column=value"}, False),
        ({"source": "board"}, False),
        ({"quote": "Another sentence."}, False),
        ({"indicator": "retail_sales"}, False),
    ],
)
def test_which_figure_a_review_is_on(changes: dict[str, object], wanted: bool) -> None:
    review = Review.model_validate(
        {
            "decision": "correct",
            "source": "bulletins",
            "file": "a.txt",
            "char": "60:78",
            "quote": "50.636 billion yuan",
            "sentence": SENTENCE,
            "indicator": "gdp",
            "who": "Desk",
            "when": "2026-11-20",
            "why": "the sentence before says what is meant",
        }
    )
    given = {
        "value": 50636000000.0,
        "unit": "CNY",
        "indicator": "gdp",
        "place": "wuhai",
        "period": "2020",
        "source": "bulletins",
        "published": "2026-01-07",
        "snapshot": "0" * 64,
        "locator": "char=60:78",
        "quote": SENTENCE,
    }
    assert is_reviewed(review, Input.model_validate(given | changes)) == wanted
