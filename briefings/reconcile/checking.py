"""The audit in its order: every rule on what those before it have left.

In: the panel, the catalogue, what a person has decided. Out: `Checked`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from briefings.catalogue import Catalogue
from briefings.observations import Observation, Panel, Series
from briefings.reconcile.doubts import dependents, months_of_ranges, percents_of_shares
from briefings.reconcile.jumps import conflicts, jumps, negatives
from briefings.reconcile.model import Accepted, Barrier, Checked, Decided, Held, Rule
from briefings.reconcile.quotes import lists, scales
from briefings.reconcile.rates import average_growth, changes, growth
from briefings.reconcile.spans import parts_of_years
from briefings.reconcile.tiers import stages, tiers
from briefings.reconcile.wholes import attainment, gaps, parts, shares

#: In the order in which they are applied: what contradicts itself first, for what follows reads it as one number;
#: levels before the rates that are checked against them.
RULES: tuple[Rule, ...] = (
    *(conflicts, scales, lists, negatives, jumps, percents_of_shares, months_of_ranges),
    *(parts, parts_of_years, stages, tiers),
    *(growth, changes, average_growth, shares, gaps, attainment),
)


def check(
    panel: Panel,
    catalogue: Catalogue,
    *,
    accepted: Accepted = frozenset(),
    decided: Decided = frozenset(),
) -> Checked:
    """Apply every rule, each to what those before it have left; keep out what is held, and what is told of it.

    `accepted`: jumps declared to be true, which are neither held nor barriers. `decided`: figures that a person has
    accepted as they stand, whatever they contradict; of two values of one figure neither can be accepted so.
    """
    known = accepted
    accepted |= {(indicator, place, period) for indicator, place, period, kind in decided if kind in (None, "level")}
    held: list[Held] = []
    released = [item for item in jumps(panel, catalogue, known).held if _is_decided(item, decided)] if decided else []
    barriers: dict[tuple[str, str], list[Barrier]] = {}
    for key in dict.fromkeys((series.indicator, series.place) for series in panel):
        if declared := _declared(catalogue, *key):
            barriers[key] = declared
    for rule in RULES:
        verdict = rule(panel, catalogue, accepted)
        standing = [item for item in verdict.held if not _crosses(item, barriers)]
        found = [item for item in standing if not _is_decided(item, decided)]
        released += [item for item in standing if _is_decided(item, decided)]
        held += found
        for key, barrier in verdict.barriers:
            barriers.setdefault(key, []).append(barrier)
        panel = _without(panel, found)
    falling = [item for item in dependents(panel, held).held if not _is_decided(item, decided)]
    held += falling
    panel = _without(panel, falling)
    return Checked(
        panel=panel,
        held=tuple(sorted(held, key=lambda item: (item.indicator, item.place, item.period, item.reason))),
        barriers={key: tuple(sorted(found, key=lambda b: b.period)) for key, found in barriers.items()},
        released=tuple(released),
    )


def _is_decided(item: Held, decided: Decided) -> bool:
    if item.reason == "conflict" or not decided:
        return False
    kind = item.observations[0].kind
    return any((item.indicator, item.place, item.period, each) in decided for each in (None, kind))


def _crosses(item: Held, barriers: Mapping[tuple[str, str], list[Barrier]]) -> bool:
    """Whether a contradiction is explained by a break or a jump between the figures, which do not compare over it."""
    if item.reason in ("jump", "conflict"):
        return False
    rows = [row for row in item.observations if (row.indicator, row.place) == (item.indicator, item.place)]
    first, last = min(row.period.start for row in rows), max(row.period.end for row in rows)
    return any(
        first < barrier.period.start <= last and barrier.breakdown in (None, item.observations[0].breakdown)
        for barrier in barriers.get((item.indicator, item.place), ())
    )


def _without(panel: Panel, held: Iterable[Held]) -> Panel:
    """The panel without the figures held; of a figure told twice, one."""
    out = {id(row) for item in held for row in _kept_out(item)}
    repeated = any(len(series) > len(series.by_period) for series in panel)
    if not out and not repeated:
        return panel
    return Panel.of_rows(row for series in panel for row in _once(series) if id(row) not in out)


def _once(series: Series) -> Iterable[Observation]:
    return series if len(series) == len(series.by_period) else series.by_period.values()


def _kept_out(item: Held) -> tuple[Observation, ...]:
    """Of a conflict all that contradict one another; else the figure alone."""
    return item.observations if item.reason == "conflict" else item.observations[:1]


def _declared(catalogue: Catalogue, indicator: str, place: str) -> list[Barrier]:
    breaks = catalogue.indicators[indicator].breaks
    return [Barrier(item.from_, item.reason) for item in breaks if item.place in (None, place)]
