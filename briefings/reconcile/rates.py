"""Growth, change and average growth against the levels at both ends.

In: the panel and the catalogue. Out: the rates that do not follow from their levels, each alone: the levels stand.
Growth at constant prices or on a comparable scope does not follow from levels and is not asked (DOMAIN, "Kinds of
indicator"). How exact the figures are is said in `printed`.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, log

from briefings.catalogue import Catalogue
from briefings.errors import PeriodError
from briefings.observations import Observation, Panel, Series
from briefings.periods import Period, Shape
from briefings.reconcile.jumps import PERCENTAGES
from briefings.reconcile.model import Accepted, Held, Implied, Verdict
from briefings.reconcile.printed import EVERYTHING, Range, last_digit, places, printed, ratio

#: Growth classes whose rates follow from levels.
FOLLOWS = ("from levels", "nominal")
#: An average rate is said to fit another span where that is a whole number of years to this much of a year.
NEAR = 0.05

Ends = tuple[Observation, Observation]


def growth(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """Growth on a year, on the period before or since a period, that does not follow from the levels at its ends, or
    from the one level and the change that leads to it."""
    told = _apart(panel, catalogue, "growth", "growth", "(b / a - 1) * 100")
    return Verdict((*told, *_by_change(panel, catalogue)))


def changes(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A change that is not the difference of the levels at its ends."""
    return Verdict(tuple(_apart(panel, catalogue, "change", "change", "b - a")))


def average_growth(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """Average annual growth over years that the levels before the first and of the last of them do not bear out.

    Where the rate would be right over another whole number of years, the figure says over which (`fits`).
    """
    return Verdict(tuple(_averages(panel, catalogue)))


def _apart(panel: Panel, catalogue: Catalogue, kind: str, reason: str, formula: str) -> Iterator[Held]:
    for series in _told(panel, catalogue, kind):
        for row in series:
            ends = _ends(panel, row, _base(row))
            if ends is not None and not printed(row).meets(_follows(kind, *ends)):
                value = ends[1].value - ends[0].value if kind == "change" else (ends[1].value / ends[0].value - 1) * 100
                yield _held(row, reason, ends, {"implied": _implied(row, value, formula, ends)})


def _by_change(panel: Panel, catalogue: Catalogue) -> Iterator[Held]:
    """Growth where the level before was not told, but by how much it changed."""
    for series in _told(panel, catalogue, "growth"):
        levels = panel.series(series.indicator, series.place, series.breakdown)
        moves = panel.series(series.indicator, series.place, series.breakdown, kind="change", basis=series.basis)
        if levels is None or moves is None:
            continue
        for row in series:
            now, by, base = levels.at(row.period), moves.at(row.period), _base(row)
            if now is None or by is None or now.unit != by.unit or (base is not None and levels.at(base)):
                continue
            share = ratio(printed(now), printed(now) - printed(by))
            if told_together(row, now, by) and not printed(row).meets(_in_percent(share)):
                value = by.value / (now.value - by.value) * 100
                implied = {"implied": _implied(row, value, "b / (a - b) * 100", (now, by))}
                roles = ("value", "to", "from")
                yield Held(row.indicator, row.place, row.period, "growth_by_change", (row, now, by), {}, roles, implied)


def told_together(*rows: Observation) -> bool:
    """Whether figures come from one source and one day, so that no revision lies between them."""
    return len({(row.source, row.published) for row in rows}) == 1


def _averages(panel: Panel, catalogue: Catalogue) -> Iterator[Held]:
    for series in _told(panel, catalogue, "growth"):
        if series.basis != "cagr":
            continue
        for row in series:
            years = row.period.end.year - row.period.start.year + 1
            ends = _ends(panel, row, _year_before(row.period), _last_year(row.period))
            if ends is None or printed(row).meets(_average(*ends, years)):
                continue
            value = ((ends[1].value / ends[0].value) ** (1 / years) - 1) * 100
            implied = {"implied": _implied(row, value, f"((b / a) ** (1 / {years}) - 1) * 100", ends)}
            yield _held(row, "average_growth", ends, implied | _fits(row, ends))


def _told(panel: Panel, catalogue: Catalogue, kind: str) -> Iterator[Series]:
    """The rates of a kind that follow from levels."""
    for series in panel:
        if series.kind == kind and not series.target:
            indicator = catalogue.indicators[series.indicator]
            if kind == "change" or (indicator.growth in FOLLOWS and indicator.unit not in PERCENTAGES):
                yield series


def _base(row: Observation) -> Period | None:
    """The period that a growth or change looks back to; None where the basis does not say, or says years."""
    if row.basis == "yoy":
        return row.period.year_earlier()
    if row.basis == "mom":
        return None if row.period.shape in (Shape.CUMULATED_MONTHS, Shape.TO_DATE) else row.period.step(-1)
    if row.basis.startswith("vs:"):
        try:
            return Period.parse(row.basis.removeprefix("vs:"))
        except PeriodError:
            return None
    return None


def _year_before(period: Period) -> Period:
    return Period.parse(str(period.start.year - 1))


def _last_year(period: Period) -> Period:
    return Period.parse(str(period.end.year))


def _ends(panel: Panel, row: Observation, base: Period | None, last: Period | None = None) -> Ends | None:
    """The levels from which and to which a rate leads, as its own source told them by the day it told the rate.

    What was told later may be a revision that the rate does not know. A year that had not ended when its level was told
    is a part of itself, and not compared with a whole one.
    """
    levels = panel.series(row.indicator, row.place, row.breakdown)
    if levels is None or base is None:
        return None
    one, other = levels.at(base), levels.at(last or row.period)
    if one is None or other is None or one.unit != other.unit or not same_shape(one.period, other.period):
        return None
    fresh = all(level.source == row.source and level.published <= row.published for level in (one, other))
    return (one, other) if fresh and not (is_open(one) or is_open(other)) else None


def same_shape(one: Period, other: Period) -> bool:
    """Whether figures of two periods compare: of cumulated years, spans of one length."""
    if Shape.CUMULATED_YEARS in (one.shape, other.shape):
        return one.shape is other.shape and _years(one) == _years(other)
    return one.shape is other.shape


def _years(period: Period) -> int:
    return period.end.year - period.start.year + 1


def is_open(row: Observation) -> bool:
    """Whether a figure is an actual of a period that had not ended when it was told, be it by a few days: the audit
    sets no such figure against a whole period. Narrower is `Observation.is_to_date`, by which periods are printed."""
    return row.status == "actual" and row.published <= row.period.end


def _follows(kind: str, one: Observation, other: Observation) -> Range:
    """All growth, in percent, or change that the printed levels allow."""
    if kind == "change":
        return printed(other) - printed(one)
    return _in_percent(ratio(printed(other), printed(one)))


def _in_percent(share: Range) -> Range:
    return share if share == EVERYTHING else Range((share.low - 1) * 100, (share.high - 1) * 100)


def _average(one: Observation, other: Observation, years: int) -> Range:
    share = ratio(printed(other), printed(one))
    if share == EVERYTHING:
        return share
    return Range(*((end ** (1 / years) - 1) * 100 if end < inf else inf for end in (share.low, share.high)))


def _fits(row: Observation, ends: Ends) -> dict[str, Implied]:
    """The whole number of years over which the rate would be right, where there is one."""
    rate, share = row.value / 100, ends[1].value / ends[0].value
    if rate <= -1 or rate == 0:
        return {}
    years = log(share) / log(1 + rate)
    if years < 1 - NEAR or abs(years - round(years)) > NEAR:
        return {}
    inputs = (*ends, row)
    return {"fits": Implied(years, "year", "log(b / a) / log(1 + c / 100)", inputs, decimals=0)}


def _implied(row: Observation, value: float, formula: str, ends: Ends) -> Implied:
    return Implied(value, row.unit, formula, ends, decimals=places(last_digit(row)))


def _held(row: Observation, reason: str, ends: Ends, implied: dict[str, Implied]) -> Held:
    facts = {"base": str(ends[0].period)}
    rows = (row, *ends)
    return Held(row.indicator, row.place, row.period, reason, rows, facts, ("value", "from", "to"), implied)
