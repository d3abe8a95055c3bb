"""Which observations a measure may be worked out from: the rules of comparison, once for all families.

In: a `Question`. Out: observations, or `Refused` with the reason. Two figures compare only with equal signatures:
indicator, place, shape of period, unit, scope and price basis, and with no break between them. The families next door
hold the arithmetic.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isclose
from typing import NoReturn

from briefings.catalogue import Indicator
from briefings.measures.model import Derived, Question, Refusal
from briefings.observations import Observation, Series
from briefings.periods import Frequency, Period, Shape
from briefings.quantities import Unit

PERCENTAGES = ("percent", "percentage point", "basis point")
ADDITIVE = ("flow", "stock", "count")
CUMULATED = (Shape.CUMULATED_MONTHS, Shape.TO_DATE)

Measure = Callable[[Question], Derived | Refusal]


class Refused(Exception):  # noqa: N818  it is no error: `refusing` turns it into a result
    """A rule was met on the way; never leaves this package."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = {key: str(value) for key, value in facts.items()}


def refusing(measure: Callable[[Question], Derived]) -> Measure:
    """Make a `Refusal` of what the rules object to, so that a measure reads as if all went well."""

    @functools.wraps(measure)
    def asked(q: Question) -> Derived | Refusal:
        try:
            return measure(q)
        except Refused as refused:
            return Refusal(q.measure, q.indicator, q.place, q.period, refused.reason, refused.facts)

    return asked


def need(answer: Derived | Refusal) -> Derived:
    """The value of a measure that another one is made of; its refusal is the other's too."""
    if isinstance(answer, Refusal):
        raise Refused(answer.reason, **answer.facts)
    return answer


# Words about the indicator.


def indicator_of(q: Question) -> Indicator:
    return q.catalogue.indicators[q.indicator]


def in_percent(q: Question) -> bool:
    """Whether the indicator is itself a percentage, so that its changes are in points."""
    return indicator_of(q).unit in PERCENTAGES


def is_cumulated(q: Question) -> bool:
    """Whether a figure of this period sums up the year so far, so that the next one contains it."""
    item = indicator_of(q)
    to_date = q.period.shape in CUMULATED or (item.accumulation == "year to date" and q.period.shape is not Shape.YEAR)
    return to_date and item.nature in ("flow", "count") and not in_percent(q)


def must_compare_levels(q: Question) -> None:
    """Refuse what would be worked out from two levels where only the source can tell the growth.

    Volumes at constant prices do not follow from values at current prices (SNA 2008, chapter 15; IMF, Quarterly
    National Accounts Manual, chapter 8). Sums over enterprises above a designated size are published for another set of
    enterprises every year, beside a growth on a comparable scope.
    """
    if not in_percent(q):
        growth = indicator_of(q).growth
        if growth in ("constant prices", "comparable scope"):
            observed(q)  # where there is no figure at all, that is the reason to give
            raise Refused(growth.replace(" ", "_"))


def must_grow(q: Question) -> None:
    """Refuse a rate of growth worked out where there is none: percent of percent, ranks, and as for levels."""
    item = indicator_of(q)
    if in_percent(q):
        raise Refused("percent_of_percent")
    if item.growth == "none" or item.nature == "rank":
        raise Refused("growth_not_defined")
    must_compare_levels(q)


def must_be_alike(q: Question) -> None:
    """Refuse to set places side by side that count each in a way of their own: measures adopted, local honours."""
    if not indicator_of(q).comparable:
        raise Refused("not_comparable")


def must_add_up(q: Question) -> None:
    """Refuse what needs parts that add up to a whole. Stocks add up over places, though not over time."""
    if indicator_of(q).nature not in ADDITIVE or not Unit(indicator_of(q).unit).additive:
        raise Refused("not_additive", nature=indicator_of(q).nature)


# Observations.


def levels(q: Question) -> Series | None:
    return q.panel.series(q.indicator, q.place, q.breakdown)


def published(q: Question, kind: str, *bases: str, of: str = "") -> Observation | None:
    """What the source itself says, on the first of these bases that it speaks of."""
    for basis in bases:
        series = q.panel.series(q.indicator, q.place, q.breakdown, kind=kind, basis=basis, of=of)
        row = series.at(q.period) if series else None
        if row is not None:
            return row
    return None


def told_on_any_basis(q: Question, kind: str, of: str) -> Iterator[Series]:
    """What sources themselves say of one kind, of the level or of the growth, on whatever basis: ranks among
    whomever, gaps to whatever place."""
    if ("told", kind) not in q.memo:
        found: dict[tuple[str, ...], list[Series]] = {}
        for series in (series for series in q.panel if series.kind == kind and not series.target):
            found.setdefault((series.indicator, series.place, series.breakdown, series.of), []).append(series)
        q.memo["told", kind] = found
    yield from q.memo["told", kind].get((q.indicator, q.place, q.breakdown, of), ())


def observed(q: Question, lacking: str = "no_observation") -> Observation:
    """The level of exactly this period; `lacking` is the reason where there is none."""
    series = levels(q)
    row = series.at(q.period) if series else None
    return row or _missing(q, series, lacking)


def _missing(q: Question, series: Series | None, lacking: str) -> NoReturn:
    """Say why there is no figure: it is held, only one of another shape is there, or there is none at all."""
    where = {"period": q.period, "place": q.place, "indicator": q.indicator}
    reason = q.held.get((q.indicator, q.place, q.breakdown, q.period))
    if reason is not None:
        raise Refused(reason if reason == "confidential" else f"held_{reason}", **where)
    rows = series.observations if series else ()
    for row in rows:
        # A figure that ends with this period, or begins with it and is to date, is the one that may have been meant.
        if row.period.end == q.period.end or (
            row.period.start == q.period.start and Shape.TO_DATE in (row.period.shape, q.period.shape)
        ):
            raise Refused(shape_conflict(q.period, row.period), found=row.period, **where)
    before = [str(row.period) for row in rows if row.period < q.period]
    raise Refused(lacking, latest=before[-1] if before else "", **where)


def shape_conflict(one: Period, other: Period) -> str:
    shapes = {one.shape, other.shape}
    if shapes == {Shape.MONTH, Shape.CUMULATED_MONTHS}:
        return "year_to_date_against_month"
    return "to_date_against_whole" if Shape.TO_DATE in shapes else "shapes_differ"


def unit_of(q: Question, row: Observation) -> str:
    """The unit of an observation; `LCU` is the currency of its place, so that two countries' units differ."""
    return q.catalogue.unit(row.indicator, row.place, row.period) if "LCU" in row.unit else row.unit


def must_match(q: Question, one: Observation, other: Observation) -> None:
    """Refuse two figures in different units, or of a year so far and of a whole year."""
    if one.is_to_date != other.is_to_date:
        raise Refused("to_date_against_whole", period=one.period, other=other.period)
    units = unit_of(q, one), unit_of(q, other)
    if units[0] != units[1]:
        raise Refused("units_differ", unit=units[0], other=units[1])


def comparable(q: Question, base: Period, lacking: str = "base_missing") -> tuple[Observation, Observation]:
    """The levels of the question's period and of the base, if they may be set against each other."""
    own = observed(q)
    must_not_cross(q, base)
    before = observed(replace(q, period=base), lacking)
    must_match(q, own, before)
    return own, before


def must_not_cross(q: Question, base: Period) -> None:
    """Refuse to compare over a declared break or an unexplained jump."""
    found = q.catalogue.crossed(q.indicator, q.place, base, q.period)
    if found is not None:
        raise Refused("break_between", base=base, at=found.from_, explanation=found.reason)
    for barrier in q.barriers.get((q.indicator, q.place), ()):
        if barrier.breakdown in (None, q.breakdown) and base.start < barrier.period.start <= q.period.end:
            reason = "jump_between" if barrier.jump else "break_between"
            raise Refused(reason, base=base, at=barrier.period, explanation=barrier.reason)


# Periods to look back to.


def base_period(q: Question) -> Period:
    """The period that change and growth look back to."""
    if q.basis == "since":
        return _since(q)
    if q.basis == "on year":
        return year_before(q)
    if is_cumulated(q):
        raise Refused("cumulated_on_previous")
    return previous_release(q) if in_percent(q) else q.period.step(-1)


def release_before(q: Question, *, of_growth: bool) -> Period:
    """What a rank or a gap is set against: of rates the release before, of amounts the period of the same shape; of
    amounts that add up over the year the same months of the year before, since a gap of them widens by itself."""
    if of_growth or in_percent(q):
        return previous_release(q)
    return q.period.year_earlier() if is_cumulated(q) else q.period.step(-1)


def year_before(q: Question) -> Period:
    """The same period a year earlier; of a day that ends a month, the end of that month (28 February to the 29th)
    where the calendar day itself was not observed, since stocks are told at the ends of months."""
    base = q.period.year_earlier()
    series = levels(q)
    ends_month = q.period.end == Period.of(q.period.end, Frequency.MONTHLY).end
    if q.period.shape is Shape.DAY and ends_month and series is not None and series.at(base) is None:
        return Period.of(Period.of(base.end, Frequency.MONTHLY).end, Frequency.DAILY)
    return base


def _since(q: Question) -> Period:
    base = q.since
    if base is None:
        raise ValueError("a measure since a period needs `since`: the period to look back to")
    if base.shape is not q.period.shape:
        raise Refused(shape_conflict(q.period, base), base=base)
    if base >= q.period:
        raise Refused("since_not_earlier", base=base)
    if is_cumulated(q) and q.period.year_earlier(q.period.year - base.year) != base:
        raise Refused("shapes_differ", base=base)
    return base


def releases(q: Question) -> set[Period]:
    """Every period of which a level or a growth was told."""
    told = [levels(q)]
    told += [q.panel.series(q.indicator, q.place, q.breakdown, kind="growth", basis=basis) for basis in ("yoy", "mom")]
    return {row.period for series in told if series for row in series}


def previous_release(q: Question, home: Shape | None = None) -> Period:
    """The release before this one, of a rate. `home`: the shape of the releases, where a walk passes others.

    In much of China's statistics January and February are one release: before March of a monthly rate stands
    January-February, and before January-February stands December of the year before (cumulated: January-December).
    Cumulated months that are told quarter by quarter follow one another as they are told: before January to September
    stands January to June.
    """
    period, home = q.period, home or q.period.shape
    if home is not Shape.MONTH and told_by_quarters(q):
        months = period.end.month - 3
        year = period.year if months > 0 else period.year - 1
        return Period.cumulated(year, months or 12)
    if period.shape is Shape.CUMULATED_MONTHS and period.start.month == 1 and period.end.month == 2:
        if home is Shape.MONTH:
            return Period.of(period.start, Frequency.MONTHLY).step(-1)
        january = period.step(-1)
        return january if january in releases(q) else period.step(-1, january_apart=False)
    before = period.step(-1)
    if period.shape is Shape.MONTH and period.start.month == 3:
        told, both = releases(q), Period.cumulated(period.year, 2)
        return both if before not in told and both in told else before
    return before


def told_by_quarters(q: Question) -> bool:
    """Whether the period is a year to date, and the year to date is told at the ends of quarters alone."""
    if q.period.shape is not Shape.CUMULATED_MONTHS:
        return False
    told = [each for each in releases(q) if each.shape is Shape.CUMULATED_MONTHS and each.start.month == 1]
    return q.period.end.month % 3 == 0 and all(each.end.month % 3 == 0 for each in told)


# Numbers.


def close(one: float, other: float, *, points: bool = False) -> bool:
    """Whether two numbers are equal but for what binary fractions make of decimals.

    Rates in percent and points have lost digits by subtraction; a ten-thousand-millionth of a point is nothing.
    """
    return isclose(one, other, rel_tol=1e-12, abs_tol=1e-10 if points else 0.0)


def direction(value: float, base: float, *, points: bool = False) -> str:
    if close(value, base, points=points):
        return "flat"
    return "up" if value > base else "down"


def must_be_positive(base: Observation) -> None:
    if base.value <= 0:
        raise Refused("base_zero" if base.value == 0 else "base_negative", base=base.period)


#: From the firmest to the weakest.
FIRMNESS = ("final", "actual", "preliminary", "flash", "estimate", "target")


def weakest(statuses: list[str]) -> str:
    return max(statuses, key=FIRMNESS.index, default="actual")
