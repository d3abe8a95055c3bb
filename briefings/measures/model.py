"""What is asked of the measures and what they answer: a `Question`, and a `Derived` value or a `Refusal`.

In: nothing but the words. Out: the three values, the reasons of refusals, and the protocol of a barrier, which
`reconcile` makes. How a value is worked out stands in the families next door; which observations may be compared, in
`inputs`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from briefings.catalogue import Catalogue
from briefings.observations import Observation, Panel
from briefings.periods import Period

Basis = Literal["on year", "on previous period", "since"]

VintageKey = tuple[str, str, str, Period, str, str, str, str, bool]
"""The columns of `observations.KEY`, in their order: what two vintages of one figure share."""


class Barrier(Protocol):
    """A period that no comparison crosses, because the figures from it on do not compare with those before.

    `jump` tells an unexplained jump from a declared break; `breakdown` is the one it concerns, None where all are.
    """

    @property
    def period(self) -> Period: ...
    @property
    def reason(self) -> str: ...
    @property
    def jump(self) -> bool: ...
    @property
    def breakdown(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """One measure asked of one indicator, place and period.

    `measure`: a key of `MEASURES`. `basis`: what change and growth look back to; `since` names the base period of the
    third. `over`: years of an average annual growth, periods of a rolling average and of volatility. `to`: a place,
    `total` or an indicator. `by`, `counted_from`, `peers`: what a rank is of, from which end, among whom (the place's
    own peer group where empty). `barriers`: by indicator and place. `held`: the figures that `reconcile` keeps out, by
    indicator, place, breakdown and period, each with its reason (`jump`, `conflict`, `contradiction`; `confidential`:
    kept out by its source); the panel no longer has them, and a measure that would need one says so. `earlier`: the
    vintage told before, by `vintage_key`, which `revision` needs. `memo`: what was worked out on the way. It changes
    no answer; whoever asks many ranks of one panel passes the same dictionary with each question, so that the peers
    are worked out once.
    """

    measure: str
    indicator: str
    place: str
    period: Period
    panel: Panel = field(repr=False)
    catalogue: Catalogue = field(repr=False)
    breakdown: str = ""
    basis: Basis = "on year"
    over: int | None = None
    to: str | None = None
    since: Period | None = None
    by: Literal["level", "growth"] = "level"
    counted_from: Literal["top", "bottom"] = "top"
    peers: tuple[str, ...] = ()
    barriers: Mapping[tuple[str, str], tuple[Barrier, ...]] = field(default_factory=dict, repr=False)
    held: Mapping[tuple[str, str, str, Period], str] = field(default_factory=dict, repr=False)
    earlier: Mapping[VintageKey, Observation] = field(default_factory=dict, repr=False)
    memo: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Derived:
    """A measure that could be worked out, or was published.

    `value` is in `unit`: base units, percent (6.9 means +6.9%), percentage points. It is not rounded; `decimals` says
    how many places are printed, None leaves it to the scale. `formula` is written over `inputs` in order, named a, b,
    c ... z, a1, b1 ...: `(a / b - 1) * 100`. Besides + - * / ** it may call `stdev(...)` (of a sample), `log(x)`,
    `count(...)`, `rises(...)` and `falls(...)` (how many of its arguments are above, below zero), and `rank(x, ...)`
    and `rank_from_bottom(x, ...)`, the place that the first of its arguments takes among all.
    `computed` is False for what a source published. `status` is that of the weakest input. `facts` hold what is no
    number, `parts` the figures that belong to it (the base of a growth, the number of places of a rank).
    """

    measure: str
    indicator: str
    place: str
    breakdown: str
    period: Period
    value: float
    unit: str
    basis: str
    formula: str
    inputs: tuple[Observation, ...]
    computed: bool
    decimals: int | None
    status: str
    facts: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Derived] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A measure that makes no sense here, or lacks what it needs. `reason` is a key of `REASONS`."""

    measure: str
    indicator: str
    place: str
    period: Period
    reason: str
    facts: Mapping[str, str] = field(default_factory=dict)


#: Why a measure is refused. These texts are for developers; what an edition prints is in the phrase books.
REASONS: dict[str, str] = {
    # a figure is lacking
    "no_observation": "there is no observation of the indicator, place and period itself",
    "base_missing": "the figure to compare with was never observed; the nearest one is never taken in its stead",
    "gap_inside": "a period inside the window has no observation",
    "too_short": "the series does not reach back as far as the measure needs",
    "confidential": "a figure needed is withheld by its source",
    "held_jump": "a figure needed is held because it jumps a hundredfold or more",
    "held_conflict": "a figure needed is held because one source tells two values of it",
    "held_contradiction": "a figure needed is held because it contradicts other figures",
    "benchmark_missing": "the place to compare with has no figure of the same period",
    "whole_missing": "the whole has no figure of the same period",
    "population_missing": "there is no population of the same place and period",
    "other_missing": "the other indicator of the ratio has no figure of the same place and period",
    # the figures do not compare
    "shapes_differ": "the periods have different shapes or lengths",
    "year_to_date_against_month": "one figure covers the year to date, the other a single month",
    "to_date_against_whole": "one figure covers a year so far, the other a whole year",
    "cumulated_on_previous": "cumulated figures of a year contain one another; they are compared with the year before",
    "since_not_earlier": "the base period is not earlier than the period itself",
    "not_whole_years": "the two ends are not a whole number of years apart",
    "units_differ": "the two figures are in different units or currencies",
    "break_between": "a declared break lies between the two figures",
    "jump_between": "an unexplained jump lies between the two figures",
    "counted_differently": "one rate is published, the other computed, and they may differ in prices or scope",
    # the indicator does not allow it
    "constant_prices": "growth is published at constant prices and does not follow from levels",
    "comparable_scope": "growth is published on a comparable scope; levels of different years cover different units",
    "growth_not_defined": "growth has no meaning for this indicator",
    "percent_of_percent": "the indicator is itself in percent; its change is told in percentage points",
    "rank_of_ranks": "the indicator is itself a rank",
    "not_comparable": "places count the indicator each in a way of their own",
    "not_additive": "rates, shares and indices do not add up to a whole",
    "pacing_ceiling": "an amount that is not to be exceeded is not paced: less of it is no delay",
    "pacing_not_additive": "only a flow that adds up over the year can be paced against an annual target",
    "per_head_of_heads": "the indicator already counts persons",
    # the arithmetic does not allow it
    "base_zero": "the base is zero",
    "base_negative": "the base is negative",
    "value_negative": "the value is negative: a rate from a positive base would say nothing",
    "value_not_positive": "an average rate of growth needs positive values at both ends",
    "window_too_small": "the window is too small",
    # wholes, benchmarks and ranks
    "not_part_of_whole": "the place is not a part of the whole that it is set against",
    "part_exceeds_whole": "the part is larger than the whole",
    "benchmark_is_itself": "a place is not compared with itself",
    "aggregate_ranked": "an aggregate is never ranked with the places that it holds",
    "peers_too_few": "fewer than three places can be ranked",
    "peers_missing": "more than a third of the peers have no figure",
    # targets
    "no_target": "no target is known",
    "target_period_differs": "the target is set for another period",
    # histories
    "not_a_record": "the figure is neither above nor below the one before",
    "not_revised": "the figure was told once, or the same each time",
}


def vintage_key(row: Observation) -> VintageKey:
    """What a figure shares with its other vintages; `Question.earlier` is keyed by it."""
    return (
        row.place,
        row.indicator,
        row.breakdown,
        row.period,
        row.kind,
        row.basis,
        row.of,
        row.counted_from,
        row.target,
    )
