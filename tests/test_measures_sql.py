"""An independent judge: measures against SQL over a plain table, on random panels with gaps, ties, zeros and losses.

The queries share no code with the measures: DuckDB joins and window functions over (place, month, value). Every place
and month is asked; where the query has no row, the measure must refuse.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import pytest

from briefings.measures import Derived, Question, derive
from briefings.observations import Observation, Panel
from briefings.periods import Period, span
from tests.measure_cases import world

WORLD = world()
CITIES = ("wuhai", "hohhot", "baotou", "ordos", "tongliao")
WHOLE = "inner_mongolia"
PERIODS = span(Period.parse("2021-01"), Period.parse("2024-06"))
SEEDS = range(5)


@dataclass(frozen=True)
class Data:
    """One random panel, as observations and as a table `told(place, month, value)`; months are counted from 0."""

    panel: Panel
    told: duckdb.DuckDBPyConnection

    def query(self, sql: str) -> dict[tuple[str, int], float]:
        return {(place, month): value for place, month, value in self.told.execute(sql).fetchall()}


@pytest.fixture(scope="module", params=SEEDS)
def data(request: pytest.FixtureRequest) -> Iterator[Data]:
    rows = list(figures(random.Random(request.param)))
    connection = duckdb.connect()
    connection.execute("create table told (place text, month integer, value double)")
    connection.executemany("insert into told values (?, ?, ?)", rows)
    yield Data(Panel.of_rows(observation(*row) for row in rows), connection)
    connection.close()


def figures(chance: random.Random) -> Iterator[tuple[str, int, float]]:
    """A tenth of the months is missing; values are few and round, so that there are ties; some are zero or negative."""
    for place in (*CITIES, WHOLE):
        for month in range(len(PERIODS)):
            if chance.random() < 0.9:
                value = chance.choice([0.0, -3.5, 0.1, 0.3, *(n / 4 for n in range(1, 40))])
                yield place, month, 60 + value if place == WHOLE else value


def observation(place: str, month: int, value: float) -> Observation:
    told = date(2026, 11, 1)
    return Observation(place, "deposits", PERIODS[month], value, "CNY", "given", told, "", f"row={month}")


def agree(data: Data, expected: dict[tuple[str, int], float], measure: str, **more: object) -> None:
    """Every city and month: the same value, or a refusal where SQL finds none."""
    assert expected
    for place in CITIES:
        for month, period in enumerate(PERIODS):
            question = Question(measure, "deposits", place, period, data.panel, WORLD, **more)  # type: ignore[arg-type]
            result = derive(question)
            key = (place, month)
            found = {key: result.value} if isinstance(result, Derived) else {}
            sought = {key: expected[key]} if key in expected else {}
            assert found == pytest.approx(sought, rel=1e-9, abs=1e-9), str(period)


def test_growth_on_the_year(data: Data) -> None:
    growth = """
        select now.place, now.month, 100 * (now.value - base.value) / base.value
        from told now join told base on base.place = now.place and base.month = now.month - 12
        where base.value > 0 and now.value >= 0"""
    agree(data, data.query(growth), "growth")


def test_growth_on_the_previous_period(data: Data) -> None:
    growth = """
        select place, month, 100 * (value - before) / before
        from (select *, lag(value) over series as before, lag(month) over series as last from told
              window series as (partition by place order by month))
        where before > 0 and value >= 0 and last = month - 1"""
    agree(data, data.query(growth), "growth", basis="on previous period")


def test_change(data: Data) -> None:
    change = """
        select place, month, value - before
        from (select *, any_value(value) over (partition by place order by month range between 12 preceding
              and 12 preceding) as before from told)
        where before is not null"""
    agree(data, data.query(change), "change")


def test_average_annual_growth(data: Data) -> None:
    average = """
        select now.place, now.month, 100 * (exp((ln(now.value) - ln(base.value)) / 3) - 1)
        from (select * from told where value > 0) now join (select * from told where value > 0) base
        on base.place = now.place and base.month = now.month - 36"""
    agree(data, data.query(average), "average annual growth", over=3)


def test_share(data: Data) -> None:
    share = f"""
        select place, month, 100 * value / whole
        from (select *, max(value) filter (where place = '{WHOLE}') over (partition by month) as whole from told)
        where whole is not null and value between 0 and whole and place != '{WHOLE}'"""
    agree(data, data.query(share), "share", to=WHOLE)


@pytest.mark.parametrize(("end", "order"), [("top", "desc"), ("bottom", "asc")])
def test_rank(data: Data, end: str, order: str) -> None:
    """Four peers: with two of them missing, more than a third is, and there is no rank."""
    rank = f"""
        select place, month, rank() over (partition by month order by value {order})
        from told where place != '{WHOLE}'
        qualify count(*) over (partition by month) >= 4"""
    agree(data, data.query(rank), "rank", counted_from=end)


def test_rolling_average(data: Data) -> None:
    rolling = """
        select place, month, avg(value) over last_five from told
        window last_five as (partition by place order by month range between 4 preceding and current row)
        qualify count(*) over last_five = 5"""
    agree(data, data.query(rolling), "rolling average", over=5)


def test_volatility(data: Data) -> None:
    volatility = """
        with moves as (
            select now.place, now.month, 100 * (now.value / base.value - 1) as growth
            from told now join told base on base.place = now.place and base.month = now.month - 1
            where base.value > 0 and now.value >= 0)
        select place, month, stddev_samp(growth) over last_four from moves
        window last_four as (partition by place order by month range between 3 preceding and current row)
        qualify count(*) over last_four = 4"""
    agree(data, data.query(volatility), "volatility", over=4)


def test_length_of_streaks(data: Data) -> None:
    """Gaps and islands: moves of one sign in consecutive months share the difference of month and row number."""
    streaks = """
        with moves as (
            select now.place, now.month, sign(now.value - base.value) as way
            from told now join told base on base.place = now.place and base.month = now.month - 1),
        islands as (
            select *, month - row_number() over (partition by place, way order by month) as island from moves)
        select place, month, row_number() over (partition by place, way, island order by month) from islands"""
    agree(data, data.query(streaks), "streak")
