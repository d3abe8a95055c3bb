"""Figures that are in doubt by themselves, and those that fall with another.

In: the panel, the catalogue; for `dependents` also what is held already. Out: growth whose unit or time cannot be what
it says, and gaps, ranks and multiples told of a figure that is held. Contradictions between figures are next door.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from briefings.catalogue import Catalogue
from briefings.observations import Observation, Panel, Series
from briefings.periods import Period, Shape
from briefings.reconcile.model import Accepted, Held, Verdict

#: Kinds that are told of another figure of the same indicator, place and period.
TOLD_OF_ANOTHER = ("gap", "rank", "multiple")
#: The bases of growth of which a gap or a rank is told.
BASES = ("yoy", "cagr", "mom")


def percents_of_shares(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """Growth in percent of what is itself a share or a rate in percent: whether it means percent or percentage points,
    its source does not say (DOMAIN, "Words and units")."""
    return Verdict(
        tuple(
            Held(row.indicator, row.place, row.period, "percent_or_points", (row,), {}, ("value",))
            for series in panel
            if series.kind == "growth" and _is_in_percent(catalogue, series.indicator)
            for row in series
            if row.unit == "percent"
        )
    )


def _is_in_percent(catalogue: Catalogue, indicator: str) -> bool:
    """Whether the figures of an indicator are percentages. What grows at constant prices is none: it is a value added
    of which growth alone is told."""
    item = catalogue.indicators[indicator]
    return item.unit == "percent" and item.nature in ("share", "rate") and item.growth in ("none", "from levels")


def months_of_ranges(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """The year's growth so far, told once more with the same value as that of its last month.

    The month's is held where the year so far has a level and the month has none, both being told on one day: then the
    rate was most likely read from one sentence, whose range was lost. Equal rates of figures that have no level, or
    both of them one, do occur.
    """
    found = []
    for series in panel:
        if series.kind == "growth" and series.basis == "yoy" and not series.target:
            levels = panel.series(series.indicator, series.place, series.breakdown)
            if levels is not None:
                found += list(_lost_ranges(series, levels))
    return Verdict(tuple(found))


def _lost_ranges(series: Series, levels: Series) -> Iterator[Held]:
    ranges = {
        (row.period.end, row.value, row.published): row
        for row in series
        if row.period.shape is Shape.CUMULATED_MONTHS and row.period.start.month == 1 and levels.at(row.period)
    }
    for row in series:
        whole = ranges.get((row.period.end, row.value, row.published))
        if whole is not None and row.period.shape is Shape.MONTH and levels.at(row.period) is None:
            facts = {"base": str(whole.period)}
            yield Held(row.indicator, row.place, row.period, "month_of_range", (row, whole), facts, ("value", "from"))


def dependents(panel: Panel, held: Iterable[Held]) -> Verdict:
    """Gaps, ranks and multiples told by the source of a figure that is held, of the same indicator, place and period:
    how far ahead a place is cannot be known where its own figure is not.

    `panel`: what the audit has left. Where a figure is left of which the gap may be as well, on another basis, the gap
    stands.
    """
    doubted: dict[tuple[str, str, str, Period, str], list[Observation]] = defaultdict(list)
    for item in held:
        own = item.observations if item.reason == "conflict" else item.observations[:1]
        for row in own:
            if not row.target and row.kind not in TOLD_OF_ANOTHER:
                doubted[row.indicator, row.place, row.breakdown, row.period, row.source].append(row)
    found = []
    for series in (series for series in panel if series.kind in TOLD_OF_ANOTHER and not series.target and doubted):
        for row in series:
            key = (row.indicator, row.place, row.breakdown, row.period, row.source)
            other = next((other for other in doubted.get(key, ()) if other.kind == (row.of or "level")), None)
            if other is not None and not _stands(panel, row):
                roles = ("value", "from")
                found.append(Held(row.indicator, row.place, row.period, "of_held", (row, other), {}, roles))
    return Verdict(tuple(found))


def _stands(panel: Panel, row: Observation) -> bool:
    """Whether the audit has left growth of which a gap, rank or multiple may be one."""
    if row.of != "growth":
        return False
    told = (panel.series(row.indicator, row.place, row.breakdown, kind="growth", basis=basis) for basis in BASES)
    return any(own is not None and (left := own.at(row.period)) and left.source == row.source for own in told)
