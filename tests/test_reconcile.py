"""What is held before anything is compared: jumps of a hundredfold and contradictions, and where barriers stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.measures import Question, Refusal, derive
from briefings.observations import Observation, Panel
from briefings.periods import Period
from briefings.reconcile import Accepted, Barrier, Checked, Held, check
from tests.measure_cases import observations, world

WORLD = world()
START = Period.parse("2025-01")


def monthly(figures: str, subject: str = "deposits, wuhai") -> Panel:
    """Figures from January 2025 on, `_` for a gap."""
    count = len(figures.split())
    months = {f"{START} .. {START.step(count - 1)}": figures}
    return Panel.of_rows(observations({subject: months}, WORLD))


def held(checked: Checked) -> list[str]:
    return [f"{item.period} {item.reason}" for item in checked.held]


def kept(checked: Checked, indicator: str = "deposits", place: str = "wuhai") -> list[str]:
    series = checked.panel.series(indicator, place)
    return [f"{row.value:g}" for row in series] if series else []


def walls(checked: Checked) -> dict[tuple[str, str], list[str]]:
    return {key: [f"{b.period} {b.reason}" for b in found] for key, found in checked.barriers.items()}


@pytest.mark.parametrize(
    ("figures", "out", "wall"),
    [
        ("5 6 7 8", [], []),
        ("5 6 499 8", [], []),
        ("5 6 700 8 9", ["2025-03 jump"], []),  # it returns: an outlier
        ("5 6 0.06 8 9", ["2025-03 jump"], []),  # downwards too
        ("5 6 700 800 900", ["2025-03 jump"], ["2025-03 jump"]),  # it stays: the first alone is held
        ("500 600 0.7 0.8 0.9", ["2025-03 jump"], ["2025-03 jump"]),
        ("5 6 600", ["2025-03 jump"], []),  # the last figure: nobody knows yet
        ("5 6 7000 9 800000 8", ["2025-03 jump", "2025-05 jump"], []),
        ("5 6 700 90000 8", ["2025-03 jump", "2025-04 jump"], []),  # two outliers in a row
        ("1 200 300 40000 50000", ["2025-02 jump", "2025-04 jump"], ["2025-02 jump", "2025-04 jump"]),
        ("5 _ _ 700 8", ["2025-04 jump"], []),  # over a gap as well
        ("0 700 0 700", [], []),  # from zero and to zero
        ("5 -700 5 800", ["2025-04 jump"], []),  # a change of sign
        ("-5 -700 -6", ["2025-02 jump"], []),
    ],
)
def test_jumps(figures: str, out: list[str], wall: list[str]) -> None:
    checked = check(monthly(figures), WORLD)
    assert held(checked) == out
    assert walls(checked).get(("deposits", "wuhai"), []) == wall
    missing = {item.period for item in checked.held}
    series = checked.panel.series("deposits", "wuhai")
    assert series is not None
    assert missing.isdisjoint(series.by_period)
    assert len(series) + len(missing) == len(figures.replace("_", "").split())


def test_a_held_figure_says_what_it_contradicts() -> None:
    (item,) = check(monthly("5 6 1200 8"), WORLD).held
    assert [row.value for row in item.observations] == [1200, 6]
    assert item.facts == {"factor": "200", "direction": "up", "previous": "2025-02", "returned": "yes"}


@pytest.mark.parametrize(
    "accepted",
    [
        ("deposits", "wuhai", Period.parse("2025-03")),
        (None, "wuhai", Period.parse("2025-03")),
        (None, None, Period.parse("2025-03")),
    ],
)
def test_an_accepted_jump_is_neither_held_nor_a_barrier(accepted: tuple[str | None, str | None, Period]) -> None:
    checked = check(monthly("5 6 700 800"), WORLD, accepted=frozenset([accepted]))
    assert (held(checked), walls(checked)) == ([], {})


@pytest.mark.parametrize(
    "accepted", [("loans", "wuhai", "2025-03"), ("deposits", "hohhot", "2025-03"), ("deposits", "wuhai", "2025-04")]
)
def test_what_is_accepted_elsewhere_is_not_accepted_here(accepted: tuple[str, str, str]) -> None:
    others: Accepted = frozenset([(accepted[0], accepted[1], Period.parse(accepted[2]))])
    assert held(check(monthly("5 6 700 800"), WORLD, accepted=others)) == ["2025-03 jump"]


def test_a_declared_break_settles_a_jump_and_is_a_barrier() -> None:
    checked = check(monthly("5 6 700 800", "redefined, wuhai"), WORLD)
    assert held(checked) == []
    assert walls(checked) == {("redefined", "wuhai"): ["2025-03 a new definition"]}


def test_declared_breaks_are_barriers_of_their_place_without_any_jump() -> None:
    panel = Panel.of_rows([*of(monthly("5 6 7 8", "redefined, baotou")), *of(monthly("5 6", "redefined, wuhai"))])
    assert walls(check(panel, WORLD)) == {
        ("redefined", "baotou"): ["2020-01 a merged district", "2025-03 a new definition"],
        ("redefined", "wuhai"): ["2025-03 a new definition"],
    }


def test_a_jump_of_one_industry_is_a_barrier_of_that_industry() -> None:
    panel = Panel.of_rows(
        [*of(monthly("5 6 700 800", "revenue, wuhai, industry=coal")), *of(monthly("50 60 70 80", "revenue, wuhai"))]
    )
    checked = check(panel, WORLD)
    assert checked.barriers[("revenue", "wuhai")] == (
        Barrier(Period.parse("2025-03"), "jump", jump=True, breakdown="industry=coal"),
    )
    assert kept(checked, "revenue") == ["50", "60", "70", "80"]


@pytest.mark.parametrize(
    ("figures", "out"),
    [
        ("5.2 5.1 0.052 5.3", ["2025-03 jump"]),  # a ratio taken for a percentage
        ("0.052 0.051 5.2 5.3", ["2025-03 jump"]),  # and the other way round
        ("5.2 5.1 520 5.3", ["2025-03 jump"]),  # multiplied twice
        ("12 11 0.1 -3", []),  # growth came to a stand
        ("0.1 11.5 12", []),  # and to life again
        ("5 4 0.25 3", []),  # more decimals alone are no ratio
    ],
)
def test_percentages_come_near_zero_by_themselves(figures: str, out: list[str]) -> None:
    assert held(check(monthly(figures, "unemployment, china"), WORLD)) == out


def test_january_is_small_beside_the_year_before() -> None:
    ends = (("01", "1"), ("12", "900"))
    figures = {f"{year}-01/{year}-{month}": value for year in (2023, 2024, 2025) for month, value in ends}
    rows = list(observations({"revenue, wuhai": figures}, WORLD))
    assert held(check(Panel.of_rows(rows), WORLD)) == []
    rows[-1] = replace(rows[-1], value=9_000_000.0)
    assert held(check(Panel.of_rows(rows), WORLD)) == ["2025-01/2025-12 jump"]


def test_months_that_mean_the_year_to_date() -> None:
    panel = monthly("1 20 40 60 80 99 120 140 160 180 200 220 2 22", "turnover, wuhai")
    assert held(check(panel, WORLD)) == []


def test_growth_and_targets_do_not_jump() -> None:
    growth = Panel.of_rows(observations({"growth yoy, gdp, wuhai": {"2023": "0.05", "2024": "8"}}, WORLD))
    target = Panel.of_rows(observations({"target, revenue, wuhai": {"2023": "1", "2024": "800"}}, WORLD))
    assert held(check(growth, WORLD)) == held(check(target, WORLD)) == []


@pytest.mark.parametrize(
    ("subject", "out"),
    [
        ("population, wuhai", ["2025-02 negative"]),
        ("patents, wuhai", ["2025-02 negative"]),
        ("profit, wuhai", []),  # a loss
        ("deposits, wuhai", []),  # money owed
    ],
)
def test_what_is_counted_is_never_below_zero(subject: str, out: list[str]) -> None:
    assert held(check(monthly("5 -6 7", subject), WORLD)) == out


def test_two_values_of_one_figure_are_both_held() -> None:
    rows = of(monthly("5 6 7"))
    checked = check(Panel.of_rows([*rows, replace(rows[1], value=9.0)]), WORLD)
    assert held(checked) == ["2025-02 conflict"]
    assert [row.value for row in checked.held[0].observations] == [6, 9]
    assert kept(checked) == ["5", "7"]


def test_the_same_value_told_twice_is_one_figure() -> None:
    rows = of(monthly("5 6 7"))
    checked = check(Panel.of_rows([*rows, replace(rows[1], locator="row=99")]), WORLD)
    assert held(checked) == []
    assert kept(checked) == ["5", "6", "7"]


def test_a_series_of_which_nothing_is_left() -> None:
    (row,) = of(monthly("5"))
    checked = check(Panel.of_rows([row, replace(row, value=6.0)]), WORLD)
    assert checked.panel.series("deposits", "wuhai") is None


def test_measures_say_that_a_figure_is_held() -> None:
    """The whole way: what is held is refused as held, and what lies behind the jump is not compared over it."""
    checked = check(monthly("5 6 7 8 9 10 11 12 13 14 15 16 1700 1800 1900"), WORLD)

    def reason(period: str) -> str:
        question = Question(
            measure="growth",
            indicator="deposits",
            place="wuhai",
            period=Period.parse(period),
            panel=checked.panel,
            catalogue=WORLD,
            barriers=checked.barriers,
            held=checked.withheld,
        )
        answer = derive(question)
        assert isinstance(answer, Refusal)
        return answer.reason

    assert reason("2026-01") == "held_jump"
    assert reason("2026-02") == "jump_between"


figure = st.integers(-10_000, 10_000).map(lambda n: n / 10)


@settings(max_examples=100, deadline=None)
@given(st.lists(figure, min_size=1, max_size=12))
def test_nothing_is_lost_and_what_is_kept_does_not_jump_alone(values: list[float]) -> None:
    """Every figure is either kept or held; checking what was kept finds a jump only where a barrier already stands."""
    rows = [
        Observation("wuhai", "deposits", START.step(n), value, "CNY", "given", date(2026, 11, 1), "", f"row={n}")
        for n, value in enumerate(values)
    ]
    checked = check(Panel.of_rows(rows), WORLD)
    out = [item.observations[0] for item in checked.held]
    assert sorted([*of(checked.panel), *out], key=lambda row: row.period) == rows
    walls_at = [barrier.period for barrier in checked.barriers.get(("deposits", "wuhai"), ())]
    for item in check(checked.panel, WORLD).held:
        assert any(before(item) < wall <= item.period for wall in walls_at)


def before(item: Held) -> Period:
    return item.observations[1].period


def of(panel: Panel) -> list[Observation]:
    return [row for series in panel for row in series]
