"""Statements that must be true of what they stand over: titles of charts, heads of tables, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from briefings.briefing import Briefing, ChartRequest
from briefings.narrative import narrate, plain
from briefings.observations import Observation
from tests.narratives import BOOKS
from tests.test_compose import briefing, rows, several, theme


def rising(rate: float, months: int = 30, level: float = 1000.0) -> list[float]:
    """A level that grows by a rate in percent each month."""
    return [level * (1 + rate / 100) ** month for month in range(months)]


def member(observations: Sequence[Observation], breakdown: str) -> list[Observation]:
    return [replace(row, breakdown=breakdown) for row in observations]


def told(found: Briefing, chart: ChartRequest, language: str) -> tuple[str, str]:
    """Title and subtitle of a chart."""
    caption = narrate(found, language, BOOKS[language]).charts[chart.id]
    return plain(caption.title), plain(caption.subtitle)


def test_a_chart_of_the_whole_tells_no_run_of_a_member() -> None:
    wavering = [1000.0 + (month % 2) for month in range(30)]
    parts = [*member(rows(rising(1.0)), "origin=a"), *member(rows(rising(0.5)), "origin=b")]
    section = {"title": {"en": "By origin", "zh": "分来源"}, "show": {"sales": ["level", "growth"]}, "split": "origin"}
    found = briefing([*rows(wavering), *parts], theme(sections=[section]))
    (drawn,) = found.sections[0].charts
    assert any(finding.breakdown for finding in found.sections[0].findings)
    assert {f.breakdown for f in found.every_finding() if f.id == drawn.finding} <= {""}


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Retail sales in North rose 20.0% on the year"), ("zh", "North零售额同比增长20.0%")],
)
def test_a_chart_of_growth_does_not_tell_the_change_of_growth_as_growth(language: str, title: str) -> None:
    values = [1000.0] * 12 + [1100.0] * 12 + [1210.0] * 11 + [1320.0]
    section = {"title": {"en": "Sales", "zh": "销售"}, "show": {"sales": ["growth", "change in growth"]}}
    found = briefing(rows(values), theme(sections=[section | {"charts": ["column"]}]))
    (chart,) = found.sections[0].charts
    change = next(f for f in found.every_finding() if f.kind == "change_in_growth")
    found = found.model_copy(
        update={"sections": (found.sections[0].model_copy(update={"charts": (_titled(chart, change.id),)}),)}
    )
    assert told(found, chart, language)[0] == title


def _titled(chart: ChartRequest, finding: str) -> ChartRequest:
    return chart.model_copy(update={"finding": finding})


@pytest.mark.parametrize(("language", "words"), [("en", "rank by growth"), ("zh", "增速位次")])
def test_ranks_by_growth_are_drawn_as_such(language: str, words: str) -> None:
    found = several("rank bump", ["level", "rank by growth"], over=6)
    (chart,) = found.sections[0].charts
    assert chart.measure == "rank by growth"
    assert words in told(found, chart, language)[1]
    titled = next((f for f in found.every_finding() if f.id == chart.finding), None)
    assert titled is None or titled.facts.get("of") == "growth"
    plainly = several("rank bump", ["level", "rank"], over=6).sections[0].charts[0]
    assert plainly.measure == "rank"


def test_a_briefing_is_not_quiet_where_a_round_value_was_passed() -> None:
    values = [1000.2] * 30 + [999.9]
    show = [{"sales": ["level", "growth"], "deposits": ["level", "growth"]}]
    told_of = [*rows(values), *rows([500.0] * 31, indicator="deposits")]
    quiet = briefing(told_of, theme(headline=show))
    assert "quiet" in {f.kind for f in quiet.headline}
    passed = briefing(told_of, theme(headline=show, notable={"thresholds": {"sales": [1000]}}))
    assert "quiet" not in {f.kind for f in passed.headline}
