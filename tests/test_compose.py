"""Compose: the lead follows the data, thin data make a short briefing, and every figure leads back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from briefings import reconcile
from briefings.briefing import Briefing, Figure, Finding, Previous
from briefings.catalogue import Break, Catalogue, Indicator, PeerGroup, Place
from briefings.compose import compose, latest_period
from briefings.compose.changes import finer
from briefings.compose.undrawn import undrawn
from briefings.compose.weight import WORDS, deviations
from briefings.configuration import Project, Source
from briefings.errors import CompositionError
from briefings.observations import Observation, Panel
from briefings.periods import Period
from briefings.themes import Theme

NAMES = {"en": "Retail sales", "zh": "零售额"}
PLACES = ("north", "south", "east", "west", "centre")
CATALOGUE = Catalogue(
    indicators={
        "sales": Indicator.model_validate({"name": NAMES, "unit": "CNY", "nature": "flow", "direction": "higher"}),
        "deposits": Indicator.model_validate(
            {"name": {"en": "Deposits", "zh": "存款"}, "unit": "CNY", "nature": "stock"}
        ),
        "balance": Indicator.model_validate({"name": {"en": "Balance", "zh": "差额"}, "unit": "CNY", "nature": "flow"}),
        "rate": Indicator.model_validate({"name": {"en": "Rate", "zh": "比率"}, "unit": "percent", "nature": "rate"}),
    },
    places={
        "land": Place.model_validate({"name": {"en": "The land", "zh": "全境"}, "kind": "country"}),
        **{
            key: Place.model_validate({"name": {"en": key.title(), "zh": key}, "kind": "city", "within": "land"})
            for key in PLACES
        },
    },
    groups={"all": PeerGroup.model_validate({"name": {"en": "the cities", "zh": "各市"}, "members": list(PLACES)})},
)
PROJECT = Project.model_validate({"title": {"en": "B", "zh": "简报"}, "publisher": {"en": "Desk", "zh": "室"}})
SOURCE = Source.model_validate(
    {
        "path": "data/inputs/a.csv",
        "publisher": "Desk",
        "published": "10 days after period",
        "period": "Month",
        "place": "City",
        "values": {"Sales": "sales"},
    }
)


def theme(**more: object) -> Theme:
    asked = {
        "theme": "trade",
        "title": {"en": "Trade", "zh": "贸易"},
        "places": {"each": ["north"], "beside": ["all"]},
        "cadence": "monthly",
        "headline": [{"sales": ["level", "growth", "growth on previous period"]}],
        "sections": [{"title": {"en": "Sales", "zh": "销售"}, "show": {"sales": ["level", "growth"]}}],
    }
    return Theme.model_validate(asked | more)


def rows(
    values: Sequence[float | None], *, indicator: str = "sales", place: str = "north", last: str = "2025-12"
) -> list[Observation]:
    """Monthly observations that end in `last`; None is a month without one."""
    end = Period.parse(last)
    found = []
    for back, value in enumerate(reversed(values)):
        period = end.step(-back)
        if value is not None:
            row = f"row={len(values) - back + 1},column={indicator}"
            unit = CATALOGUE.indicators[indicator].unit
            published = period.end + timedelta(days=10)
            found.append(Observation(place, indicator, period, value, unit, "a", published, "0" * 64, row, f"{value}"))
    return found


def briefing(observations: Sequence[Observation], asked: Theme | None = None, **more: object) -> Briefing:
    asked = asked or theme()
    checked = reconcile.check(Panel.of_rows(observations), CATALOGUE)
    period = latest_period(asked, "north", checked.panel, CATALOGUE)
    assert period is not None
    sources: Mapping[str, Source] = {"a": SOURCE, "b": SOURCE}
    return compose(asked, "north", period, checked, catalogue=CATALOGUE, project=PROJECT, sources=sources, **more)  # type: ignore[arg-type]


def lead(found: Briefing) -> Finding:
    return found.headline[0]


def quiet_months(count: int = 48, level: float = 1000.0) -> list[float]:
    """A series that wavers by half a per cent and goes nowhere."""
    return [level * (1 + 0.005 * math.sin(month * 2.4)) for month in range(count)]


def test_a_tripled_value_leads() -> None:
    values = quiet_months()
    values[-1] *= 3
    found = lead(briefing(rows(values)))
    assert found.kind == "growth"
    assert found.facts["size"] == "unusual"
    assert found.facts["direction"] == "up"


def test_a_change_of_sign_leads() -> None:
    values = [1000 * 1.02 ** (-abs(month - 30) / 3) * (1 + 0.02 * math.sin(month * 5.0)) for month in range(42)]
    values[-1] = values[-13] * 1.05
    values[-2] = values[-14] * 0.95
    found = lead(briefing(rows(values), theme(page_one={"order": ["sign change", "record"]})))
    assert (found.kind, found.facts["direction"]) == ("sign_change", "up")


def test_a_deficit_that_becomes_a_surplus_leads() -> None:
    values = [-50.0 + math.sin(month * 1.7) for month in range(47)] + [20.0]
    asked = theme(headline=[{"balance": ["level", "change"]}], sections=[])
    found = lead(briefing(rows(values, indicator="balance"), asked))
    assert (found.kind, found.facts["direction"]) == ("crossing", "up")


def test_a_record_leads() -> None:
    values = [1000 + 60 * math.sin(month * 0.7) for month in range(72)]
    values[-1] = 1061.0 + 2
    values[-2] = 1040.0
    found = briefing(rows(values))
    assert lead(found).kind == "record"
    assert lead(found).facts["extreme"] == "high"


def test_one_flat_figure_is_told_as_it_stands() -> None:
    found = briefing(rows([1000.0] * 48))
    assert [finding.kind for finding in found.headline] == ["flat"]


def test_a_streak_is_told_with_its_first_month() -> None:
    values = [*[1000.0, 1001.0] * 20, 990.0, 980.0, 970.0, 960.0, 950.0, 940.0]
    asked = theme(headline=[{"deposits": ["level", "growth on previous period"]}], sections=[])
    found = [f for f in briefing(rows(values, indicator="deposits"), asked).every_finding() if f.kind == "streak"]
    assert [(f.facts["direction"], f.facts["from"]) for f in found] == [("down", "2025-07")]


def test_one_value_makes_a_short_briefing_without_a_chart() -> None:
    found = briefing(rows([1000.0]))
    assert [finding.kind for finding in found.headline if finding.kind != "quiet"] == ["level"]
    assert not any(section.charts for section in found.sections)
    assert all(figure.kind in ("level", "count") for figure in found.figures.values())


def test_nothing_observed_makes_no_briefing() -> None:
    asked = theme()
    checked = reconcile.check(Panel.of_rows(rows([1.0, 2.0])), CATALOGUE)
    with pytest.raises(CompositionError) as caught:
        compose(
            asked,
            "north",
            Period.parse("2030-01"),
            checked,
            catalogue=CATALOGUE,
            project=PROJECT,
            sources={"a": SOURCE},
        )
    assert str(caught.value) == (
        "No observation of sales for north in 2030-01; the latest is 2025-12. "
        "Run `briefings ingest`, or ask for another --period."
    )


def test_growth_is_not_worked_out_over_a_gap() -> None:
    values: list[float | None] = list(quiet_months(30))
    values[-13] = None
    found = briefing(rows(values))
    status = next(f for f in found.headline if f.kind in ("level", "flat"))
    assert all(found.figures[key].basis != "on year" for key in status.figures.values())
    assert any((note.kind, note.reason) == ("refusal", "base_missing") for note in found.notes)


def test_every_chart_title_is_a_finding_that_is_told() -> None:
    values = quiet_months()
    values[-1] *= 1.4
    found = briefing(rows(values))
    told = {finding.id for finding in found.every_finding()}
    titles = {chart.finding for section in found.sections for chart in section.charts}
    assert titles <= told | {None}
    assert titles != {None}


def test_every_figure_leads_to_a_row_of_a_source() -> None:
    found = briefing(rows(quiet_months()))
    assert all(
        item.locator.startswith("row=") and item.source == "a" for f in found.figures.values() for item in f.inputs
    )
    assert [note.id for note in found.sources] == ["a"]


def test_to_json_and_back() -> None:
    found = briefing(rows(quiet_months()))
    assert Briefing.from_json(found.to_json()) == found
    assert Briefing.from_json(found.to_json()).to_json() == found.to_json()


def test_the_same_observations_in_another_order_make_the_same_briefing() -> None:
    observations = rows(quiet_months()) + rows(quiet_months(level=50.0), place="south")
    assert briefing(observations).to_json() == briefing(observations[::-1]).to_json()


def test_the_latest_shared_period_ignores_series_that_ended_long_ago() -> None:
    asked = theme(period={"latest": "shared"})
    observations = (
        rows([1.0, 2.0, 3.0])
        + rows([1.0, 2.0], place="south", last="2025-11")
        + rows([1.0], place="east", last="2001-12")
    )
    panel = Panel.of_rows(observations)
    assert str(latest_period(asked, "north", panel, CATALOGUE)) == "2025-11"


def test_places_side_by_side() -> None:
    observations = []
    for number, place in enumerate(PLACES):
        values = quiet_months(level=100.0 * (number + 1))
        values[-1] *= 1 + 0.1 * (number - 2)
        observations += rows(values, place=place)
    section = {
        "title": {"en": "Cities", "zh": "各市"},
        "show": {"sales": ["level", "growth", "rank"]},
        "places": "beside",
    }
    found = briefing(observations, theme(sections=[section | {"charts": ["bar", "heat map", "rank bump", "dot plot"]}]))
    (made,) = found.sections
    assert [chart.kind for chart in made.charts] == ["bar", "heat map", "rank bump", "dot plot"]
    assert [row.place for row in made.tables[0].rows] == ["centre", "west", "east", "south", "north"]
    assert [row.highlight for row in made.tables[0].rows] == [False] * 4 + [True]
    told = {finding.kind for finding in found.every_finding()}
    assert {"movers", "breadth"} <= told
    ranks = [row.cells[2].figure for row in made.tables[0].rows]
    counts = {found.figures[rank or ""].formula.rpartition(", ")[2].rstrip(")") for rank in ranks}
    (count,) = counts  # of those ranked: one figure for all of them
    assert found.figures[count].value == len(PLACES) == len(found.figures[count].inputs)


def test_rows_end_with_their_course_where_the_section_asks_for_it() -> None:
    observations = [row for place in PLACES for row in rows([*quiet_months(30)], place=place)]
    section = {"title": {"en": "Cities", "zh": "各市"}, "show": {"sales": ["growth"]}, "places": "beside", "over": 12}
    found = briefing(observations, theme(sections=[section | {"sparkline": True}]))
    (made,) = found.sections
    courses = [[point.period for point in row.trend] for row in made.tables[0].rows]
    assert {(len(course), course[0], course[-1]) for course in courses} == {(12, "2025-01", "2025-12")}
    drawn = {point.figure for row in made.tables[0].rows for point in row.trend}
    assert drawn <= found.figures.keys()
    (without,) = briefing(observations, theme(sections=[section])).sections
    assert not any(row.trend for row in without.tables[0].rows)


@pytest.mark.parametrize(
    ("old", "new", "decimals", "places"),
    [(1.65, 2.4, None, 2), (1.7, 2.4, None, None), (1.68, 2.41, 1, None), (1.44, 2.36, 1, 2)],
)
def test_a_difference_of_rates_is_that_of_what_is_printed_or_has_one_place_more(
    old: float, new: float, decimals: int | None, places: int | None
) -> None:
    """1.7% to 2.4% is no +0.8: +0.75 says that both were rounded."""
    rate = Figure(
        id="f", value=0, unit="percent", kind="growth", indicator="x", place="y", period="2025", decimals=decimals,
        inputs=(),
    )  # fmt: skip
    told = (rate.model_copy(update={"value": value}) for value in (new, old))
    assert finer(*told) == places


def test_a_break_in_a_series_is_flagged_where_it_stands_in_a_table() -> None:
    sales = CATALOGUE.indicators["sales"]
    broken = sales.model_copy(update={"breaks": (Break.model_validate({"from": "2025-10", "reason": "new scope"}),)})
    catalogue = replace(CATALOGUE, indicators=CATALOGUE.indicators | {"sales": broken})
    checked = reconcile.check(Panel.of_rows(rows(quiet_months())), catalogue)
    asked = theme(
        sections=[{"title": {"en": "S", "zh": "销"}, "show": {"sales": ["level"]}, "table": "history", "over": 6}]
    )
    found = compose(
        asked, "north", Period.parse("2025-12"), checked, catalogue=catalogue, project=PROJECT, sources={"a": SOURCE}
    )
    flags = {row.period: row.cells[0].flags for row in found.sections[0].tables[0].rows}
    assert [period for period, letters in flags.items() if "b" in letters] == ["2025-10"]


def several(charts: object, show: object, *, factor: float = 1.0, **more: object) -> Briefing:
    """A section on all cities, `factor` times as large in the south, with the country above them."""
    observations = []
    for number, place in enumerate(PLACES):
        size = 100.0 * (number + 1) * (factor if place == "south" else 1)
        observations += rows([size * (1 + 0.01 * month * (number - 1)) for month in range(36)], place=place)
    observations += rows([3000.0 + month for month in range(36)], place="land")
    section = {"title": {"en": "Cities", "zh": "各市"}, "show": {"sales": show}, "places": "beside", "charts": charts}
    places = {"each": ["north"], "beside": ["all"], "benchmarks": ["land"]}
    return briefing(observations, theme(places=places, sections=[section | more]))


def test_a_slope_has_two_periods_as_far_apart_as_the_section_says() -> None:
    (chart,) = several("slope", ["level", "rank"], over=24).sections[0].charts
    assert (chart.kind, chart.periods) == ("slope", ("2023-12", "2025-12"))
    assert {len(one.points) for one in chart.series} == {2}
    (chart,) = several("slope", ["level", "rank"]).sections[0].charts
    assert chart.periods == ("2024-12", "2025-12")


def test_a_chart_that_is_named_and_cannot_be_drawn_is_told() -> None:
    section = {"title": {"en": "Sales", "zh": "销售"}, "show": {"sales": ["level", "growth"]}}
    named = theme(sections=[section | {"charts": ["line", "band"]}])
    told = "section 'Sales': the data allow no band; docs/themes.md says what each kind of chart needs"
    assert list(undrawn(named, briefing(rows(quiet_months()), named), CATALOGUE)) == [told]
    chosen = theme(sections=[section])
    assert list(undrawn(chosen, briefing(rows(quiet_months()), chosen), CATALOGUE)) == []


def test_contributions_make_a_waterfall_that_adds_up_to_the_growth_of_the_whole() -> None:
    found = several("auto", "contribution to land", top=2)
    (chart,) = found.sections[0].charts
    assert chart.kind == "waterfall"
    assert [one.row for one in chart.series][-2:] == ["others", "total"]
    assert "north" in {one.place for one in chart.series}
    *parts, total = [found.figures[str(one.points[0].figure)] for one in chart.series]
    assert sum(part.value for part in parts) == pytest.approx(total.value)
    assert (total.place, total.unit, {part.unit for part in parts}) == ("land", "percent", {"percentage point"})
    assert chart.finding in {finding.id for finding in found.sections[0].findings}


@pytest.mark.parametrize(
    "changed", [{"north": {"within": "south"}}, {"south": {"kind": "aggregate"}}], ids=["holder", "aggregate"]
)
def test_places_that_hold_one_another_make_no_waterfall_and_the_reason_is_told(
    changed: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A region and its own city would count twice; of an aggregate nobody knows whom it holds."""
    places = {key: place.model_copy(update=changed.get(key, {})) for key, place in CATALOGUE.places.items()}
    monkeypatch.setattr("tests.test_compose.CATALOGUE", replace(CATALOGUE, places=places))
    found = several("waterfall", "contribution to land")
    assert found.sections[0].charts == ()
    title = {"en": "Cities", "zh": "各市"}
    section = {"title": title, "show": {"sales": "contribution to land"}, "places": "beside"}
    named = theme(places={"each": ["north"], "beside": ["all"]}, sections=[section | {"charts": "waterfall"}])
    (told,) = undrawn(named, found, CATALOGUE)
    assert told == (
        "section 'Cities': no waterfall: south and north stand in it, and what north contributes may be counted in "
        "south too; name places that hold none of the others"
    )


def test_what_the_largest_hold_together_is_not_told_of_a_region_and_its_city(monkeypatch: pytest.MonkeyPatch) -> None:
    def kinds() -> list[str]:
        return [finding.kind for finding in several("none", ["level", "share of land"]).every_finding()]

    assert "top_share" in kinds()
    places = {key: place.model_copy() for key, place in CATALOGUE.places.items()}
    for key in ("centre", "east"):
        places[key] = places[key].model_copy(update={"within": "west"})
    monkeypatch.setattr("tests.test_compose.CATALOGUE", replace(CATALOGUE, places=places))
    assert "top_share" not in kinds()


def test_a_band_holds_the_range_of_the_others_and_their_middle() -> None:
    found = several("band", "growth")
    (chart,) = found.sections[0].charts
    assert [one.row for one in chart.series] == ["", "highest", "median", "lowest"]
    own, high, middle, low = (found.figures[str(one.points[-1].figure)] for one in chart.series)
    others = sorted(
        found.figures[str(cell.figure)].value for row in found.sections[0].tables[0].rows for cell in row.cells
        if row.place in PLACES[1:]
    )  # fmt: skip
    assert own.place == "north"
    assert (low.value, high.value) == (others[0], others[-1])
    assert middle.value == pytest.approx((others[1] + others[2]) / 2)
    assert middle.formula.endswith("/ 2")


@pytest.mark.parametrize(
    ("over", "show", "kind"), [(None, "level", "bar"), (12, "level", "line"), (12, "rank", "rank bump")]
)
def test_the_data_choose_the_kind_of_chart(over: int | None, show: str, kind: str) -> None:
    made = several("auto", show, **({"over": over} if over else {})).sections[0].charts
    assert [chart.kind for chart in made] == [kind]


def test_a_place_has_one_colour_in_all_charts_and_in_editions_of_other_figures() -> None:
    found = [several(["line", "bar", "slope", "rank bump"], ["level", "rank"], factor=f, over=12) for f in (1.0, 90.0)]
    orders = [[one.place for one in each.sections[0].charts[1].series] for each in found]
    assert orders[0] != orders[1]
    colours = {(one.place, one.colour) for each in found for chart in each.sections[0].charts for one in chart.series}
    assert colours == {("north", 0), *((place, None) for place in PLACES if place != "north")}


def test_a_title_tells_only_of_places_that_are_drawn() -> None:
    for chart in several(["line", "bar", "slope"], ["level", "growth"], over=12, top=2).sections[0].charts:
        drawn = {one.place for one in chart.series}
        found = several(["line", "bar", "slope"], ["level", "growth"], over=12, top=2)
        told = next((one for one in found.every_finding() if one.id == chart.finding), None)
        assert told is None or {entry.place for entry in told.entries} <= drawn


def test_two_sections_alike_have_ids_of_their_own() -> None:
    section = {"title": {"en": "S", "zh": "节"}, "show": {"sales": ["level", "growth"]}, "charts": ["line", "column"]}
    found = briefing(rows(quiet_months()), theme(sections=[section, section]))
    ids = [item.id for made in found.sections for item in (made, *made.charts, *made.tables)]
    assert len(ids) == 2 * (1 + 2 + 1)
    assert len(set(ids)) == len(ids)


def test_a_refusal_is_noted_as_the_theme_words_the_measure() -> None:
    asked = ["level", "index from 2010-01", "ratio to deposits", "gap to country", "average annual growth over 5 years"]
    found = briefing(rows(quiet_months()), theme(headline=[{"sales": asked}], sections=[]))
    refused = {note.facts["measure"] for note in found.notes if note.kind == "refusal"}
    assert refused == {"index from 2010-01", "ratio to deposits", "gap to land", "average annual growth over 5 years"}
    assert "land" in found.names.places


def test_a_revision_since_the_last_edition_is_told() -> None:
    values = quiet_months(36)
    before = briefing(rows(values, last="2025-11"))
    later = [*values[:-1], values[-1] * 1.1, 1000.0]
    found = briefing(rows(later[1:]), previous=Previous("trade/north/2025-11/r1", 1, "2025-12-10", before))
    assert found.previous == "2025-11"
    assert found.changes is not None
    level = found.changes.revised[0]
    assert (level.indicator, level.period, level.measure) == ("sales", "2025-11", "level")
    new, old, change = (found.figures[level.figures[role]].value for role in ("new", "old", "change"))
    assert (new, old) == (values[-1] * 1.1, values[-1])
    assert change == new - old


def test_adverse_findings_stand_on_page_one_where_the_theme_wants_them() -> None:
    values = [1000 * 1.03**month for month in range(46)]
    values += [values[-1] * 0.9, values[-1] * 0.85]
    found = briefing(rows(values), theme(page_one={"points": 3, "adverse": 1}))
    assert any(finding.tone == "adverse" for finding in found.headline)


def test_unusual_is_measured_against_a_history_of_eight_values_at_least() -> None:
    assert deviations(10.0, [0.0] * 7) == 0.0
    assert deviations(10.0, [1.0] * 20) == 0.0
    assert deviations(3.0, [-1.0, 1.0] * 10) == pytest.approx(3.0 / 1.026, rel=1e-3)


def test_every_kind_of_finding_counts_under_a_word_of_the_theme() -> None:
    from typing import get_args

    from briefings.themes import FindingWord

    assert set(WORDS.values()) <= set(get_args(FindingWord))


def test_what_never_turned_is_no_news() -> None:
    rising = [1000.0 * 1.01**month for month in range(48)]
    asked = theme(headline=[{"deposits": ["level", "growth on previous period"]}], sections=[])
    found = briefing(rows(rising, indicator="deposits"), asked)
    weights = {finding.kind: finding.weight for finding in found.headline}
    assert lead(found).kind == "level"
    assert weights["streak"] < weights["level"]


def test_a_record_after_a_record_is_told_with_the_level() -> None:
    rising = [1000.0 * 1.01**month for month in range(60)]
    found = briefing(rows(rising))
    (level,) = [finding for finding in found.headline if finding.kind == "level"]
    assert (level.facts["extreme"], level.facts["span_from"]) == ("high", "2021-01")
    assert all(finding.kind != "record" for finding in found.every_finding())


def test_page_one_tells_how_each_indicator_of_the_headline_stands() -> None:
    values = quiet_months()
    values[-1] *= 3
    observations = [*rows(values), *rows(quiet_months(), indicator="deposits")]
    measures = ["level", "growth", "growth on previous period"]
    found = briefing(observations, theme(headline=[{"sales": measures}, {"deposits": measures}]))
    assert {finding.indicator for finding in found.headline} == {"sales", "deposits"}


def test_an_unusual_movement_is_told_beside_the_other_rate() -> None:
    values = quiet_months()
    values[-1] *= 3
    found = lead(briefing(rows(values)))
    assert {"growth", "beside"} <= set(found.figures)


def test_a_list_of_the_largest_says_so() -> None:
    observations = []
    for number, place in enumerate(PLACES):
        values = quiet_months(level=100.0 * (number + 1))
        values[-1] *= 1 + 0.1 * (number - 2)
        observations += rows(values, place=place)
    section = {"title": {"en": "C", "zh": "市"}, "show": {"sales": ["level", "growth"]}, "places": "beside"}
    for top, among in ((3, "largest"), (10, "")):
        found = briefing(observations, theme(sections=[section | {"top": top}]))
        lists = [finding for finding in found.every_finding() if finding.kind == "movers"]
        assert {finding.facts.get("among", "") for finding in lists} == {among}


def test_a_revision_that_the_theme_asks_for() -> None:
    from briefings.measures import vintage_key

    told = rows(quiet_months())
    old = Observation(
        "north", "sales", told[0].period, 900.0, "CNY", "a", told[0].published, "1" * 64, "row=9,column=sales", "900"
    )
    asked = theme(headline=[{"sales": ["level", "revision"]}])
    found = briefing(told, asked, earlier={vintage_key(old): old})
    revised = next(f for f in found.every_finding() if f.kind == "revision")
    assert found.figures[revised.figures["old"]].value == 900.0


def test_a_first_figure_since_the_last_edition_is_told() -> None:
    before = briefing(rows(quiet_months(36), last="2025-11"))
    both = theme(headline=[{"sales": ["level"]}, {"deposits": ["level"]}], sections=[])
    found = briefing(
        rows(quiet_months(36)) + rows([70.0], indicator="deposits"),
        both,
        previous=Previous("trade/north/2025-11/r1", 1, "2025-12-10", before),
    )
    assert [f.indicator for f in found.every_finding() if f.kind == "first"] == ["deposits"]


def test_words_of_other_houses_are_understood_well_enough_to_answer() -> None:
    with pytest.raises(ValueError, match="'yoy' is no measure; the word for it here is 'growth'"):
        theme(headline=[{"sales": ["yoy"]}])


def test_a_comparison_with_a_place_that_is_not_there_is_refused() -> None:
    """No province holds `north`: the gap to it is no error, the rest is told."""
    asked = ["level", "gap to province", "share of province"]
    found = briefing(rows(quiet_months()), theme(headline=[{"sales": asked}], sections=[]))
    refused = {(note.facts["measure"], note.reason) for note in found.notes if note.kind == "refusal"}
    assert refused == {("gap to province", "benchmark_missing"), ("share of province", "whole_missing")}
    assert any("level" in finding.figures for finding in found.headline)


def since(before: Briefing) -> Previous:
    return Previous("trade/north/2025-11/r1", 1, "2025-12-10", before)


def test_what_is_new_and_what_is_dropped_since_the_last_edition_is_told_of_published_figures() -> None:
    both = theme(headline=[{"sales": ["level"]}, {"deposits": ["level"]}], sections=[])
    more = rows(quiet_months(36)) + rows(quiet_months(36), indicator="deposits")
    before = briefing(rows(quiet_months(35), last="2025-11"), both)
    found = briefing(more, both, previous=since(before)).changes
    assert found is not None
    assert [change.indicator for change in (*found.new, *found.returned)] == ["deposits"]
    assert found.dropped == ()
    assert found.revised == ()
    gone = briefing(rows(quiet_months(36)), both, previous=since(briefing(more, both))).changes
    assert gone is not None
    assert [change.indicator for change in gone.dropped] == ["deposits"]


def test_a_round_value_that_was_passed() -> None:
    asked = theme(headline=[{"rate": ["level"]}], sections=[], notable={"thresholds": {"rate": [50]}})
    values = [49.0 + month % 2 / 10 for month in range(35)]
    before = briefing(rows(values, last="2025-11", indicator="rate"), asked)
    found = briefing(rows([*values, 51.0], indicator="rate"), asked, previous=since(before)).changes
    assert found is not None
    assert [(c.facts["of"], c.facts["direction"]) for c in found.crossed if c.measure == "level"] == [("round", "up")]


@pytest.mark.parametrize(("alike", "noted"), [(False, True), (True, False)])
def test_growth_across_two_sources_is_noted_where_neither_tells_both(alike: bool, noted: bool) -> None:
    """The figure of a year before stands in another source, or in this one too."""
    from briefings.measures import vintage_key

    *before, last = rows(quiet_months())[::-1]
    told = [*(replace(row, source="b") for row in before), last]
    others = {vintage_key(row): (replace(row, source="a"),) for row in told} if alike else {}
    found = briefing(told, others=others)
    assert ("two_sources" in {note.reason for note in found.notes}) == noted


# The year to date


def to_date(values: Mapping[str, float], indicator: str = "sales", place: str = "north") -> list[Observation]:
    """Amounts from January to the ends of months, 2025-10 for January to October."""
    month = rows([1.0], indicator=indicator, place=place)[0]
    found = []
    for text, value in values.items():
        end = Period.parse(text)
        period = Period.cumulated(end.year, end.end.month)
        published = end.end + timedelta(days=10)
        found.append(
            replace(month, period=period, value=value, published=published, quote=f"{value}", locator=f"row={text}")
        )
    return found


SO_FAR = {"2024-08": 700.0, "2024-09": 800.0, "2024-10": 900.0, "2025-08": 760.0, "2025-09": 880.0, "2025-10": 1000.0}
BESIDE = {"headline": [{"rate": ["level"]}, {"sales": ["level", "growth"]}]}


def test_a_month_is_told_with_what_adds_up_to_its_end() -> None:
    """A purchasing managers' index of October, and the output of January to October."""
    rates = rows([50.5, 49.5], indicator="rate", last="2025-10")
    found = briefing([*rates, *to_date(SO_FAR)], theme(**BESIDE))
    assert found.period == "2025-10"
    assert found.summary is not None
    assert [(row.indicator, row.period) for row in found.summary.rows] == [
        ("rate", "2025-10"),
        ("sales", "2025-01/2025-10"),
    ]
    told = {(figure.kind, figure.period): figure.value for figure in found.figures.values()}
    assert told["growth", "2025-01/2025-10"] == pytest.approx(100 / 9)
    assert {finding.kind for finding in found.headline} >= {"level"}
    assert not [note for note in found.notes if note.reason == "year_to_date_against_month"]


def test_a_month_of_its_own_comes_before_what_adds_up() -> None:
    both = [*rows([90.0, 100.0], last="2025-10"), *to_date(SO_FAR)]
    found = briefing(both, theme(sections=[]))
    assert found.period == "2025-10"
    assert next(figure for figure in found.figures.values() if figure.kind == "level").value == 100.0


def test_the_third_quarter_is_told_with_its_first_three() -> None:
    quarters = {"2024-06": 550.0, "2024-09": 800.0, "2025-03": 260.0, "2025-06": 560.0, "2025-09": 880.0}
    found = briefing(to_date(quarters), theme(cadence="quarterly"))
    assert found.period == "2025-Q3"
    assert found.headline[0].period == "2025-01/2025-09"


@pytest.mark.parametrize(
    ("scheduled", "period"), [({}, "2025-01/2025-10"), ({"schedule": {"release": "20th"}}, "2025-10")]
)
def test_a_schedule_releases_the_month_that_the_year_to_date_ends_with(
    scheduled: dict[str, object], period: str
) -> None:
    found = briefing(to_date(SO_FAR), theme(**scheduled))
    assert found.period == period
    assert found.headline[0].period == "2025-01/2025-10"


def test_a_table_of_history_leaves_out_the_january_that_nobody_tells() -> None:
    months = {f"{year}-{month:02}": 10.0 * month + year for year in (2024, 2025) for month in range(2, 13)}
    section = {"title": {"en": "Sales", "zh": "销售"}, "show": {"sales": ["level"]}, "table": "history"}
    found = briefing(to_date(months), theme(sections=[section]))
    (table,) = found.sections[0].tables
    assert not [row for row in table.rows if row.period.endswith("-01")]
