"""Charts whose series are more than places: the contributions to a growth, the range of the others.

In: the desk, an indicator, a measure and places. Out: the `Series` to plot; `pictures` makes the chart and its title.
The figures that no source and no measure tells (what the places that are not shown contribute, the middle of two
values) are made here, each with its formula. Charts of one measure in several places are next door, in `pictures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from briefings.compose.desk import ON_YEAR, Desk
from briefings.compose.parts import counted_twice
from briefings.measures import Derived
from briefings.measures.inputs import weakest
from briefings.measures.results import combine
from briefings.periods import Period
from briefings.themes import MeasureRequest

#: What the places not shown contribute is told from so many percentage points on: less is rounding.
SLACK = 0.05
#: From so many others on, the band holds their middle half: one wild value does not stretch it.
HALVES = 8
FEWEST_OTHERS = 3


@dataclass(frozen=True)
class Series:
    """A series to plot: its place, a mark or None for every period, its role where it is no place; a member of a
    breakdown of the place."""

    place: str
    marks: tuple[Derived | None, ...]
    role: str = ""
    breakdown: str = ""


def contributions(
    desk: Desk, indicator: str, request: MeasureRequest, places: Sequence[str], most: int
) -> list[Series]:
    """What places contribute to the growth of the whole, the largest first, what all others do, and the growth; empty
    where one of these is not known, or where places hold one another, so that their growth would count twice. The
    briefing's own place is always among them."""
    whole = desk.catalogue.resolve((request.to or "",), around=desk.place)
    total = desk.get(ON_YEAR, indicator, whole[0]) if whole else None
    if counted_twice(desk.catalogue, [place for place in places if place not in whole]):
        return []
    parts = [
        part for place in places if place not in whole and (part := desk.get(request, indicator, place)) is not None
    ]
    if total is None or not parts:
        return []
    shown = sorted(parts, key=lambda part: (-abs(part.value), part.place))[:most]
    shown += [part for part in parts if part.place == desk.place and part not in shown]
    shown.sort(key=lambda part: (-part.value, part.place))
    others = _remainder(total, shown)
    rows = [Series(part.place, (part,)) for part in shown]
    rows += [Series(total.place, (others,), "others")] if abs(others.value) >= SLACK else []
    return [*rows, Series(total.place, (total,), "total")]


def _remainder(total: Derived, parts: Sequence[Derived]) -> Derived:
    """What is left of a growth when these contributions are taken off."""
    formula, inputs = combine(" - ".join(["{}"] * (len(parts) + 1)), [total, *parts])
    return replace(
        parts[0],
        place=total.place,
        value=total.value - sum(part.value for part in parts),
        basis="others",
        formula=formula,
        inputs=inputs,
        computed=True,
        status=weakest([row.standing for row in inputs]),
        facts={},
        parts={},
    )


def in_range(
    desk: Desk, indicator: str, request: MeasureRequest, places: Sequence[str], axis: Sequence[Period]
) -> list[Series]:
    """The briefing's own place, and of the others the range and the middle in each period; empty where there are too
    few. Each edge is the figure of one of them: the lowest and the highest, or of many the quartiles, each rounded to
    the nearest member (Hyndman and Fan's seventh definition without interpolation)."""
    own = desk.where(indicator)
    others = [place for place in places if place not in desk.benchmarks and place != own]
    columns = [
        sorted(
            (mark for place in others if (mark := desk.get(request, indicator, place, period)) is not None),
            key=lambda mark: (mark.value, mark.place),
        )
        for period in axis
    ]
    last = len(columns[-1]) if columns else 0
    if last < FEWEST_OTHERS:
        return []
    # A period that few others tell has no range: it would be that of other places.
    columns = [column if len(column) * 2 > last and len(column) >= FEWEST_OTHERS else [] for column in columns]
    halves = min(len(column) for column in columns if column) >= HALVES
    names = ("upper quartile", "lower quartile") if halves else ("highest", "lowest")
    part = 0.25 if halves else 0.0
    return [
        Series(own, tuple(desk.get(request, indicator, own, period) for period in axis)),
        Series(own, tuple(_nearest(column, 1 - part) for column in columns), names[0]),
        Series(own, tuple(_median(column) for column in columns), "median"),
        Series(own, tuple(_nearest(column, part) for column in columns), names[1]),
    ]


def _nearest(column: Sequence[Derived], share: float) -> Derived | None:
    """The value at this share of the way from the first of an ordered column to the last: that of the nearest member;
    of two equally near, that of even number, counted from 0."""
    return column[round(share * (len(column) - 1))] if column else None


def _median(column: Sequence[Derived]) -> Derived | None:
    """The middle value; of an even number of values, the mean of the two in the middle."""
    if not column:
        return None
    low, high = column[(len(column) - 1) // 2], column[len(column) // 2]
    if low is high:
        return low
    formula, inputs = combine("({} + {}) / 2", [low, high])
    return replace(
        low,
        value=(low.value + high.value) / 2,
        formula=formula,
        inputs=inputs,
        computed=True,
        status=weakest([row.standing for row in inputs]),
        facts={},
        parts={},
    )
