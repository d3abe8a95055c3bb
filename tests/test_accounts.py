"""Briefings on published figures: what an account holds, which periods are shown, what is drawn, what is lacking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from briefings import reconcile
from briefings.briefing import Briefing, ChartRequest, Finding, Row
from briefings.catalogue import Catalogue, Indicator, Place
from briefings.compose import compose
from briefings.configuration import Project, Source
from briefings.configuration.remarks import Remark
from briefings.errors import CompositionError
from briefings.observations import Observation, Panel
from briefings.periods import Period
from briefings.themes import Theme


def indicator(name: str, unit: str = "CNY", nature: str = "flow", **more: Any) -> Indicator:
    return Indicator.model_validate({"name": {"en": name, "zh": "某"}, "unit": unit, "nature": nature} | more)


def tier(name: str, over: float) -> Indicator:
    family = {"of": {"en": "Projects landed", "zh": "落地项目"}, "over": over}
    return indicator(name, "project", "count", topic="industry", tier=family)


CATALOGUE = Catalogue(
    indicators={
        "output": indicator("Output", topic="industry", growth="constant prices", direction="higher"),
        "deposits": indicator("Deposits", nature="stock", topic="finance", direction="higher"),
        "loans": indicator("Loans", nature="stock", topic="finance", direction="higher"),
        "bad_loans": indicator("Bad loans", "percent", "rate", topic="finance", growth="none", direction="lower"),
        "revenue": indicator("Revenue", topic="finance", growth="nominal", direction="higher"),
        "revenue_completion": indicator(
            "Revenue target met", "percent", "rate", topic="finance", growth="none", completes="revenue"
        ),
        "complaints": indicator("Complaints", "item", "count", topic="governance", direction="lower"),
        "evaluation": indicator("Evaluation", "rank", "rank", topic="governance", growth="none", direction="lower"),
        **{
            f"{part}_share": indicator(part.title(), "percent", "share", topic="structure", growth="none")
            for part in ("primary", "secondary", "tertiary")
        },
        "unnamed": Indicator.model_validate({"name": "Unnamed", "unit": "CNY", "nature": "flow", "topic": "finance"}),
        "over_100m": tier("Over 100m", 1e8),
        "over_500m": tier("Over 500m", 5e8),
        "over_1bn": tier("Over 1bn", 1e9),
    },
    places={
        "land": Place.model_validate({"name": {"en": "The land", "zh": "全国"}, "kind": "country"}),
        "shire": Place.model_validate({"name": {"en": "Shire", "zh": "省"}, "kind": "province", "within": "land"}),
        "town": Place.model_validate({"name": {"en": "Town", "zh": "市"}, "kind": "city", "within": "shire"}),
        "quarter": Place.model_validate({"name": {"en": "Quarter", "zh": "区"}, "kind": "zone", "within": "town"}),
        **{
            key: Place.model_validate({"name": {"en": key.title(), "zh": "镇"}, "kind": "city", "within": "shire"})
            for key in ("ford", "hill", "mill", "well")
        },
        "all": Place.model_validate({"name": {"en": "All", "zh": "各市"}, "kind": "aggregate"}),
    },
    groups={},
)
PROJECT = Project.model_validate({"title": {"en": "B", "zh": "简报"}, "publisher": {"en": "Desk", "zh": "室"}})
SOURCE = Source.model_validate({"path": "seeds/a.csv", "kind": "facts", "publisher": "Desk", "published": "on ingest"})


def fact(indicator: str, value: float, period: str = "2025", **more: Any) -> Observation:
    told = {
        "place": "town",
        "indicator": indicator,
        "breakdown": "",
        "period": Period.parse(period),
        "kind": "level",
        "basis": "",
        "of": "",
        "counted_from": "",
        "target": more.get("status") == "target",
        "value": value,
        "unit": CATALOGUE.indicators[indicator].unit,
        "status": "actual",
        "published": date(2026, 3, 1),
        "source": "a",
        "snapshot": "0" * 64,
        "locator": "row=2,column=value",
        "quote": str(value),
    }
    return Observation(**(told | more))


def growth(indicator: str, value: float, period: str = "2025", basis: str = "yoy", **more: Any) -> Observation:
    return fact(indicator, value, period, kind="growth", basis=basis, unit="percent", **more)


def rank(indicator: str, value: int, period: str = "2025", **more: Any) -> Observation:
    told = {"kind": "rank", "unit": "rank", "basis": "province", "of": "level", "counted_from": "top"}
    return fact(indicator, value, period, **(told | more))


def gap(indicator: str, value: float, period: str = "2025", **more: Any) -> Observation:
    told = {"kind": "gap", "unit": "percentage point", "basis": "nation", "of": "growth"}
    return fact(indicator, value, period, **(told | more))


def brief(
    facts: Sequence[Observation],
    *,
    period: str = "2025",
    place: str = "town",
    remarks: Sequence[Remark] = (),
    **asked: Any,
) -> Briefing:
    told: dict[str, Any] = {
        "theme": "test",
        "title": {"en": "Test", "zh": "试"},
        "places": {"each": ["town"]},
        "cadence": "annual",
        "topics": ["industry", "finance", "governance", "structure"],
    }
    theme = Theme.model_validate(told | asked)
    return compose(
        theme,
        place,
        Period.parse(period),
        reconcile.check(Panel.of_rows(facts), CATALOGUE),
        catalogue=CATALOGUE,
        project=PROJECT,
        sources={"a": SOURCE},
        remarks=remarks,
    )


def values(briefing: Briefing, finding: Finding) -> Mapping[str, float]:
    return {role: round(briefing.figures[key].value, 6) for role, key in finding.figures.items()}


def rows(briefing: Briefing) -> list[tuple[str, str, str, float, tuple[str, ...]]]:
    """Indicator, measure, period, value and flags of every row of the tables: the sections', else page one's."""
    tables = [table for section in briefing.sections for table in section.tables] or [briefing.summary]
    found: list[Row] = [row for table in tables if table for row in table.rows]
    return [
        (r.indicator, r.measure, r.period, briefing.figures[c.figure].value, c.flags)
        for r in found
        for c in r.cells
        if c.figure
    ]


def charts(briefing: Briefing) -> list[ChartRequest]:
    return [chart for section in briefing.sections for chart in section.charts]


SECTION = {"title": {"en": "All", "zh": "全部"}}


# What stands in one account


def test_growth_gap_and_rank_are_one_account_with_the_implied_benchmark() -> None:
    month = "2025-01/2025-04"
    facts = [growth("output", 19.2, month), gap("output", 15.6, month), rank("output", 1, month, of="growth")]
    briefing = brief(facts, period=month)
    (finding,) = briefing.headline
    assert values(briefing, finding) == {"growth": 19.2, "gap": 15.6, "rank": 1.0, "benchmark": 3.6}
    assert finding.facts["gap_to"] == "land"
    assert finding.facts["rank_among"] == "shire"
    implied = briefing.figures[finding.figures["benchmark"]]
    assert (implied.place, implied.computed, implied.formula) == ("land", True, "a - b")


def test_two_ranks_of_one_indicator_are_two_accounts() -> None:
    briefing = brief(
        [rank("output", 2), rank("output", 40, basis="nation")], sections=[SECTION | {"topics": "industry"}]
    )
    told = [row[1:4] for row in rows(briefing)]
    assert told == [("rank among land", "2025", 40.0), ("rank among shire", "2025", 2.0)]


def test_a_completion_rate_of_its_own_is_told_with_the_outcome_and_stands_in_the_table() -> None:
    facts = [fact("revenue", 4.4e8, status="estimate"), fact("revenue_completion", 157.14, status="estimate")]
    briefing = brief(facts, headline=[{"revenue": "published"}], sections=[SECTION | {"topics": "finance"}])
    first = briefing.headline[0]
    assert values(briefing, first) == {"level": 4.4e8, "completion": 157.14}
    assert (first.facts["status"], first.tone) == ("estimate", "favourable")
    assert ("revenue_completion", "level", "2025", 157.14, ("e",)) in rows(briefing)


def test_what_the_theme_asks_beside_is_worked_out_for_its_own_period_alone() -> None:
    facts = [fact("loans", 50.0), fact("deposits", 100.0), fact("loans", 40.0, "2020"), fact("deposits", 80.0, "2020")]
    briefing = brief(facts, headline=[{"loans": ["published", "ratio to deposits"]}])
    finding = briefing.headline[0]
    assert values(briefing, finding)["ratio"] == 50.0
    assert finding.facts["ratio_to"] == "deposits"
    assert values(briefing, finding)["earlier"] == 40.0
    assert values(briefing, finding)["since_earlier"] == 25.0


def test_growth_between_levels_is_not_worked_out_at_constant_prices() -> None:
    briefing = brief([fact("output", 50.0), fact("output", 40.0, "2020")])
    assert set(briefing.headline[0].figures) == {"level", "earlier"}


def test_from_last_to_second_is_no_move_of_places() -> None:
    before = rank("evaluation", 1, "2024", counted_from="bottom")
    briefing = brief([rank("evaluation", 2), before])
    (finding,) = briefing.headline
    assert values(briefing, finding) == {"rank": 2.0, "previous_rank": 1.0}
    assert finding.facts["previous_counted_from"] == "bottom"
    assert finding.facts["counted_from"] == "top"


# Which periods are shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("own", {"2025", "2025-01/2025-10", "2025-06"}),
        (["own", "plan"], {"2025", "2025-01/2025-10", "2025-06", "2021/2025"}),
        ("targets", {"2026", "2026/2030"}),
    ],
)
def test_a_section_shows_the_periods_that_it_asks_for(words: Any, shown: set[str]) -> None:
    periods = ("2024", "2025", "2025-01/2025-10", "2025-06", "2021/2025", "2016/2020")
    facts = [fact("complaints", 10.0 + n, period) for n, period in enumerate(periods)]
    facts += [fact("complaints", 5.0, period, status="target") for period in ("2026", "2026/2030")]
    briefing = brief(facts, sections=[SECTION | {"topics": "governance", "periods": words}])
    assert {row[2] for row in rows(briefing)} == shown


def test_the_latest_before_stands_in_where_there_is_nothing_of_the_period() -> None:
    facts = [fact("complaints", 7.0), fact("revenue", 3.0, "2022"), fact("revenue", 2.0, "2019")]
    briefing = brief(facts, sections=[SECTION | {"topics": ["governance", "finance"]}])
    assert [(row[0], row[2]) for row in rows(briefing)] == [
        ("complaints", "2025"),
        ("revenue", "2022"),
        ("revenue", "2019"),
    ]


def test_an_actual_of_a_year_under_way_is_to_date() -> None:
    briefing = brief([fact("complaints", 7.0, "2026", published=date(2026, 7, 3))], period="2026")
    assert briefing.headline[0].period == "2026-01-01/2026-07-03"
    assert briefing.figures[briefing.headline[0].figures["level"]].period == "2026-01-01/2026-07-03"


def test_a_place_within_is_told_of_under_its_own_name() -> None:
    facts = [fact("complaints", 7.0), fact("revenue", 3.0, place="quarter")]
    briefing = brief(facts, sections=[SECTION | {"topics": ["governance", "finance"]}])
    assert {(f.indicator, f.place) for f in briefing.headline} == {("complaints", "town"), ("revenue", "quarter")}


def test_each_account_stands_in_one_section() -> None:
    sections = [SECTION | {"show": {"revenue": "published"}}, SECTION | {"topics": "finance"}]
    briefing = brief([fact("revenue", 3.0), fact("loans", 5.0)], sections=sections)
    assert [row[0] for row in rows(briefing)] == ["revenue", "loans"]


@pytest.mark.parametrize(("basis", "said"), [("", ""), ("yoy", "on year"), ("vs:2016/2020", "since 2016/2020")])
def test_a_change_is_on_the_year_where_its_source_says_so(basis: str, said: str) -> None:
    briefing = brief([fact("complaints", -250.0, kind="change", basis=basis)])
    assert briefing.headline[0].facts.get("change_basis", "") == said


# What is held


def test_a_contradicted_rate_is_shown_with_its_mark_and_told_nowhere() -> None:
    facts = [
        fact("deposits", 96.175e9, "2020"),
        fact("deposits", 133.934e9),
        growth("deposits", 11.67, "2021/2025", "cagr"),
    ]
    briefing = brief(facts, sections=[SECTION | {"topics": "finance"}])
    assert ("deposits", "average annual growth", "2021/2025", 11.67, ("x",)) in rows(briefing)
    held = {figure.id for figure in briefing.figures.values() if figure.value == 11.67}
    told = {key for finding in briefing.every_finding() for key in finding.figures.values()}
    assert not held & told
    assert [note.reason for note in briefing.notes if note.kind == "held"] == ["average_growth"]
    last = briefing.headline[-1]
    assert (last.kind, [(e.indicator, e.facts["what"]) for e in last.entries]) == ("held", [("deposits", "average")])


# Page one


def test_an_adverse_point_stands_beside_the_praise() -> None:
    praised = [rank("output", 1), growth("revenue", 9.0), growth("loans", 8.0), fact("deposits", 3.0)]
    facts = [*praised, growth("complaints", 30.0)]
    asked = {"headline": [{key: "published"} for key in ("output", "revenue", "loans", "deposits")]}
    without = brief(facts, page_one={"points": 4}, **asked)
    assert "adverse" not in {finding.tone for finding in without.headline}
    withal = brief(facts, page_one={"points": 4, "adverse": 1}, **asked)
    assert [f.indicator for f in withal.headline if f.tone == "adverse"] == ["complaints"]
    assert len(withal.headline) == 4


def test_a_remark_may_be_the_adverse_point() -> None:
    remark = Remark.model_validate(
        {
            "place": "town",
            "period": "2025",
            "topic": "governance",
            "tone": "adverse",
            "source": "a",
            "published": "2026-03-01",
            "locator": "char=1:20",
            "text": {"en": "The report calls the problems serious.", "zh": "报告称问题严重。"},
        }
    )
    elsewhere = remark.model_copy(update={"place": "shire"})
    briefing = brief([fact("revenue", 3.0)], remarks=[remark, elsewhere], page_one={"adverse": 1})
    assert [f.kind for f in briefing.headline] == ["account", "remark"]
    assert briefing.headline[1].facts["zh"] == "报告称问题严重。"


def test_neither_nought_nor_a_hundred_percent_is_a_highlight() -> None:
    facts = [fact("bad_loans", 100.0), fact("complaints", 0.0), fact("revenue", 3.0)]
    briefing = brief(facts, page_one={"points": 3})
    assert briefing.headline[0].indicator == "revenue"
    assert {finding.tone for finding in briefing.headline} == {"neutral"}


def test_what_is_expected_and_lacking_is_said() -> None:
    month = "2025-01/2025-04"
    expected = {"bad_loans": "level", "output": ["level", "growth", "month", "target"]}
    briefing = brief([growth("output", 19.2, month)], period=month, expected=expected)
    lacking = briefing.headline[-1]
    assert lacking.kind == "absent"
    told = [(entry.indicator, entry.facts["what"]) for entry in lacking.entries]
    assert told == [("bad_loans", "level"), ("output", "level"), ("output", "month"), ("output", "target")]


def test_nothing_is_lacking_where_all_is_told() -> None:
    briefing = brief([fact("bad_loans", 1.2)], expected={"bad_loans": "level"})
    assert [finding.kind for finding in briefing.headline] == ["account"]


def test_a_figure_that_has_no_name_in_a_language_is_left_out() -> None:
    facts = [fact("revenue", 3.0), fact("unnamed", 9.0)]
    briefing = brief(facts, sections=[SECTION | {"topics": "finance"}])
    assert [finding.indicator for finding in briefing.every_finding()] == ["revenue"]
    assert "unnamed" in {f.indicator for f in brief(facts, languages=["en"]).headline}


def test_no_briefing_without_a_figure() -> None:
    with pytest.raises(CompositionError, match="No observation of any indicator of industry"):
        brief([fact("revenue", 3.0, place="ford")])


def test_targets_of_later_periods_are_commitments() -> None:
    facts = [fact("revenue", 3.0), *(growth(key, 6.0, "2026", status="target") for key in ("revenue", "loans"))]
    section = SECTION | {"topics": "finance", "periods": "targets"}
    briefing = brief(facts, sections=[section])
    (finding,) = briefing.sections[0].findings
    assert (finding.kind, finding.facts["for_period"]) == ("commitments", "2026")
    assert [entry.indicator for entry in finding.entries] == ["loans", "revenue"]


# Charts


def test_shares_that_make_up_a_whole_are_a_stacked_bar_of_places() -> None:
    told = {"town": (1.2, 14.0, 84.8), "ford": (0.37, 12.03, 87.6)}
    keys = ("primary_share", "secondary_share", "tertiary_share")
    facts = [fact(key, value, place=at) for at, shares in told.items() for key, value in zip(keys, shares, strict=True)]
    section = SECTION | {"places": "beside", "show": dict.fromkeys(keys, "published")}
    places = {"each": ["all"], "beside": ["town", "ford", "hill", "mill", "well"]}
    asked = {"place": "all", "places": places, "topics": [], "headline": [{"primary_share": "published"}]}
    (chart,) = charts(brief(facts, sections=[section], **asked))
    assert (chart.kind, chart.unit, [one.row for one in chart.series]) == (
        "stacked bar", "percent", ["town"] * 3 + ["ford"] * 3,
    )  # fmt: skip


def test_three_shares_are_a_sentence_and_no_chart() -> None:
    shares = dict(zip(("primary", "secondary", "tertiary"), (0.37, 12.03, 87.6), strict=True))
    briefing = brief(
        [fact(f"{key}_share", value) for key, value in shares.items()], sections=[SECTION | {"topics": "structure"}]
    )
    assert "composition" in {finding.kind for finding in briefing.every_finding()}
    assert not charts(briefing)


def test_nested_tiers_are_stacked_by_what_each_adds() -> None:
    facts = [fact("over_100m", 236.0), fact("over_500m", 84.0), fact("over_1bn", 47.0)]
    briefing = brief(facts, sections=[SECTION | {"topics": "industry"}])
    (chart,) = charts(briefing)
    assert chart.kind == "tier bar"
    marks = [briefing.figures[str(series.points[0].figure)] for series in chart.series]
    assert [mark.value for mark in marks] == [152.0, 37.0, 47.0, 236.0]
    assert [mark.computed for mark in marks] == [True, True, False, False]
    assert [bool(series.breakdown) for series in chart.series] == [True, True, True, False]


def test_levels_of_one_unit_at_the_same_two_ends_are_a_dumbbell() -> None:
    facts = [fact(key, value, year) for key in ("deposits", "loans") for year, value in (("2020", 3.0), ("2025", 4.0))]
    (chart,) = charts(brief(facts, sections=[SECTION | {"topics": "finance"}]))
    assert (chart.kind, chart.periods, len(chart.series)) == ("dumbbell", ("2020", "2025"), 2)
    assert not charts(brief(facts[:2], sections=[SECTION | {"topics": "finance"}]))


# Places side by side


def side_by_side(facts: Sequence[Observation]) -> Briefing:
    section = SECTION | {"places": "beside", "show": {"revenue": "published"}}
    places = {"each": ["all"], "beside": ["town", "ford", "hill", "mill", "well"]}
    return brief(facts, place="all", places=places, topics=[], headline=[{"revenue": "published"}], sections=[section])


def test_places_stand_side_by_side_with_their_own_years_and_no_chart() -> None:
    years = {"town": "2025", "ford": "2020", "hill": "2018", "mill": "2023"}
    briefing = side_by_side([fact("revenue", 3.0, year, place=place) for place, year in years.items()])
    (table,) = briefing.sections[0].tables
    assert {row.place: row.period for row in table.rows} == years
    assert table.order == "given"
    assert not charts(briefing)


def test_four_places_of_one_year_make_a_chart() -> None:
    facts = [fact("revenue", 3.0, "2024", place=place) for place in ("town", "ford", "hill", "mill")]
    briefing = side_by_side([*facts, fact("revenue", 9.0, "2025", place="well")])
    (chart,) = charts(briefing)
    assert (chart.kind, chart.periods, len(chart.series)) == ("bar", ("2024",), 4)


def test_a_sum_of_five_years_does_not_stand_beside_a_year() -> None:
    facts = [fact("revenue", 3.0), fact("revenue", 4.0, place="ford"), fact("revenue", 20.0, "2021/2025", place="hill")]
    briefing = side_by_side([*facts, growth("revenue", 5.9, "2021/2025", "vs:2016/2020", place="hill")])
    (table,) = briefing.sections[0].tables
    assert {row.place for row in table.rows} == {"town", "ford"}
    assert [column.measure for column in table.columns] == ["level"]
    refused = [(note.reason, note.place) for note in briefing.notes if note.kind == "refusal"]
    assert refused == [("shapes_differ", "hill")]
