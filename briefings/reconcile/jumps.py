"""Two values of one figure, counts below zero, and levels that jump a hundredfold: a figure against its own series.

In: the panel. Out: a `Verdict` of each rule. Figures set against figures of other series are next door.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest

from briefings.catalogue import Catalogue
from briefings.observations import KEY, Observation, Panel, Series
from briefings.periods import Period, Shape
from briefings.quantities import Unit
from briefings.reconcile.model import Accepted, Barrier, Held, Verdict

FACTOR = 100
"""A figure a hundred times its predecessor, or a hundredth of it, is not believed unseen: 万 read as 亿, tonnes as
kilograms, a redenomination."""

PERCENTAGES = ("percent", "percentage point", "basis point")


def contradicted(panel: Panel, told: Sequence[Observation]) -> Panel:
    """The panel with what a source tells of a figure at once (`told`) in place of what it told of it before, for
    `conflicts` to hold. What another source tells that counts stays, and so do what the source told on a later day and
    what a person corrected."""
    if not told:
        return panel
    at_once: dict[tuple[object, ...], list[Observation]] = {}
    for row in told:
        at_once.setdefault(_figure(row), []).append(row)
    rows: list[Observation] = []
    for row in (row for series in panel for row in series):
        again = [each for each in at_once.pop(_figure(row), ()) if each.source == row.source]
        again = [each for each in _last(again) if each.published >= row.published]
        rows += again if again and row.corrected_from is None else [row]
    return Panel.of_rows([*rows, *(row for found in at_once.values() for row in _last(found))])


def _last(told: Sequence[Observation]) -> list[Observation]:
    """What one source told last."""
    last = max(((row.published, row.source) for row in told), default=None)
    return [row for row in told if (row.published, row.source) == last]


def _figure(row: Observation) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in KEY)


def conflicts(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """Two values of one figure told in one vintage contradict each other, so neither counts. The same value told
    twice is one figure."""
    repeated = (series for series in panel if len(series.by_period) < len(series))
    return Verdict(held=tuple(item for series in repeated for item in _contradictions(series)))


def negatives(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """Levels below zero of what is counted: persons, households, enterprises. Flows may be net ones."""
    levels = (series for series in panel if series.kind == "level" and not series.target)
    held = []
    for row in (row for series in levels for row in series if row.value < 0):
        nature = catalogue.indicators[row.indicator].nature
        if nature == "count" or (nature == "stock" and Unit.parse(row.unit)[0].is_count):
            held.append(Held(row.indicator, row.place, row.period, "negative", (row,), roles=("value",)))
    return Verdict(tuple(held))


def _contradictions(series: Series) -> Iterator[Held]:
    found: dict[Period, list[Observation]] = {}
    for row in series:
        found.setdefault(row.period, []).append(row)
    for period, rows in found.items():
        if len({(row.value, row.unit) for row in rows}) > 1:
            facts = {"values": str(len(rows))}
            yield Held(series.indicator, series.place, period, "conflict", tuple(rows), facts)


def jumps(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """Levels that are a hundred times, or a hundredth of, the last one not held.

    Where the next figure stays at the new level, the first alone is held, and nothing is compared over it; where it
    returns, only the outlier is held. An accepted jump is neither held nor a barrier; a declared break settles it too,
    and is a barrier by itself. Zeros and changes of sign are no jumps.
    """
    held: list[Held] = []
    barriers: list[tuple[tuple[str, str], Barrier]] = []
    levels = (series for series in panel if series.kind == "level" and not series.target)
    for strand in (strand for series in levels for strand in _strands(series, catalogue)):
        last, *rest = strand
        for row, following in zip_longest(rest, rest[1:]):
            if not _is_jump(last, row) or _is_settled(catalogue, accepted, last, row):
                last = row
                continue
            returns = following is not None and not _is_jump(last, following)
            held.append(_jumped(last, row, returned=returns))
            if following is not None and not returns and not _is_jump(row, following):
                wall = Barrier(row.period, "jump", jump=True, breakdown=row.breakdown)
                barriers.append(((row.indicator, row.place), wall))
                last = row
    return Verdict(tuple(held), tuple(barriers))


def _strands(series: Series, catalogue: Catalogue) -> list[list[Observation]]:
    """The figures that follow one another: of one shape and unit, and of figures for the year so far those of the same
    months, because January is small beside the whole year before it."""
    to_date = catalogue.indicators[series.indicator].accumulation == "year to date"
    strands: dict[tuple[object, ...], list[Observation]] = {}
    for row in series:
        start, end, shape = row.period.start, row.period.end, row.period.shape
        cumulated = shape in (Shape.CUMULATED_MONTHS, Shape.TO_DATE) or to_date
        months = (start.month if shape is Shape.CUMULATED_MONTHS else 1, end.month) if cumulated else ()
        strands.setdefault((shape, row.unit, *months), []).append(row)
    return list(strands.values())


def _is_jump(one: Observation, other: Observation) -> bool:
    if one.value * other.value <= 0:
        return False
    small, large = sorted((abs(one.value), abs(other.value)))
    factor = large / small * (1 + 1e-12)
    if one.unit in PERCENTAGES and large < 100:
        # Percentages come near zero by themselves (12% to 0.1%). A ratio taken for a percentage brings its decimals
        # (0.052 for 5.2%), and is about a hundredth of the figure before, which moves too.
        return factor >= FACTOR / 3 and _decimals(small) >= _decimals(large) + 2
    return factor >= FACTOR


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _is_settled(catalogue: Catalogue, accepted: Accepted, last: Observation, row: Observation) -> bool:
    by_person = any(
        indicator in (None, row.indicator) and place in (None, row.place) and period == row.period
        for indicator, place, period in accepted
    )
    return by_person or catalogue.crossed(row.indicator, row.place, last.period, row.period) is not None


def _jumped(last: Observation, row: Observation, *, returned: bool) -> Held:
    factor = max(row.value / last.value, last.value / row.value)
    facts = {
        "factor": f"{factor:.0f}",
        "direction": "up" if abs(row.value) > abs(last.value) else "down",
        "previous": str(last.period),
        "returned": "yes" if returned else "no",
    }
    return Held(row.indicator, row.place, row.period, "jump", (row, last), facts)
