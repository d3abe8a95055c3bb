"""A part of a year against a whole one.

In: the panel and the catalogue. Out: the figures for a part of a year that cannot stand beside those for whole years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefings.catalogue import Catalogue
from briefings.observations import Observation, Panel, Series
from briefings.periods import Period, Shape
from briefings.reconcile.model import Accepted, Held, Verdict
from briefings.reconcile.printed import Range, printed, ratio
from briefings.reconcile.rates import is_open

#: A part of a year that is above the whole year before, and at whose pace the year would come out so many times as
#: large, is not believed unless its own growth, or the same part of the year before, explains it. For half a year this
#: is whatever is above the whole year; ten months may well be above it by themselves.
PACE = 1.5


def parts_of_years(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A flow's part of a year above its own whole year, or above the year before without a growth that explains it.

    The growth of the part tells what the same part of the year before was: if that would be above its own whole year,
    the part is contradicted however large it is.
    """
    found: list[Held] = []
    for series in panel:
        indicator = catalogue.indicators[series.indicator]
        if series.kind == "level" and not series.target and indicator.nature == "flow":
            years = {row.period.year: row for row in series if row.period.shape is Shape.YEAR and not is_open(row)}
            if years and len(years) < len(series):
                found += _above(panel, series, years, to_date=indicator.accumulation == "year to date")
    return Verdict(tuple(found))


def _above(panel: Panel, series: Series, years: Mapping[int, Observation], *, to_date: bool) -> Iterator[Held]:
    for row in series:
        share = _share_of_year(row, to_date=to_date)
        if share is None or row.value <= 0:
            continue
        own, before = years.get(row.period.year), years.get(row.period.year - 1)
        if own is not None and own.unit == row.unit and own.value >= 0 and printed(own).below(printed(row)):
            yield _held(row, own, "part_of_year")
        elif before is not None and _is_unexplained(panel, series, row, before, share):
            yield _held(row, before, "part_of_year")


def _is_unexplained(panel: Panel, series: Series, row: Observation, before: Observation, share: float) -> bool:
    if before.unit != row.unit or before.value <= 0:
        return False
    growth = panel.series(series.indicator, series.place, series.breakdown, kind="growth", basis="yoy")
    told = growth.at(row.period) if growth is not None else None
    if told is not None:
        rate = printed(told)
        then = ratio(printed(row), Range(1 + rate.low / 100, 1 + rate.high / 100))
        return printed(before).below(then) or _outpaces(row.value / (1 + told.value / 100), before, share)
    earlier = None if row.period.shape is Shape.YEAR else series.at(row.period.year_earlier())
    return _outpaces(row.value, before, share) and (earlier is None or earlier.value <= 0)


def _outpaces(value: float, whole: Observation, share: float) -> bool:
    """Whether a part of a year is at least the whole, and far ahead of its pace."""
    return value >= whole.value and value / share >= PACE * whole.value


def _share_of_year(row: Observation, *, to_date: bool) -> float | None:
    """How much of its year a figure is for; None for a whole year, for several years and for less than a month."""
    period = row.period
    if period.shape is Shape.YEAR:
        return _elapsed(period, row) if is_open(row) else None
    if period.shape in (Shape.CUMULATED_YEARS, Shape.DAY, Shape.WEEK, Shape.TEN_DAYS):
        return None
    if period.start.year != period.end.year:
        return None
    first = 1 if to_date else period.start.month
    months = period.end.month - first + 1
    return months / 12 if months < 12 else None


def _elapsed(period: Period, row: Observation) -> float | None:
    days = (row.published - period.start).days
    return days / 365 if 0 < days < 365 else None


def _held(row: Observation, whole: Observation, reason: str) -> Held:
    facts = {"base": str(whole.period)}
    return Held(row.indicator, row.place, row.period, reason, (row, whole), facts, ("value", "from"))
