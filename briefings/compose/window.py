"""Which periods an edition shows beside its own.

In: the period of a briefing and what a section asks for. Out: whether a published figure of some period belongs there.
The rule stands in the manual: the period itself, what lies inside it or is to date around it; where a section asks, the
plan period that ends in, holds or follows it, later targets, and the latest before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from briefings.observations import Observation
from briefings.periods import Period, Shape
from briefings.themes import WindowWord


def belongs(row: Observation, period: Period, words: Sequence[WindowWord]) -> bool:
    """Whether a figure is of one of the periods that `words` name around `period`; `latest` is not asked here, for it
    depends on what else there is."""
    if row.target and row.period.start > period.end:
        return "targets" in words
    if "own" in words and is_own(row, period):
        return True
    return "plan" in words and is_plan_around(row.period, period)


def is_own(row: Observation, period: Period) -> bool:
    """The period itself, one inside it, or one to date around it."""
    told = as_printed(row)
    inside = period.start <= told.start and told.end <= period.end
    around = told.shape is Shape.TO_DATE and told.start <= period.start and period.end <= told.end
    return inside or around


def is_plan_around(plan: Period, period: Period) -> bool:
    """Whether a period of several years ends in, holds or follows the period."""
    if plan.shape is not Shape.CUMULATED_YEARS:
        return False
    ends_in = period.start <= plan.end <= period.end
    holds = plan.start <= period.start and period.end <= plan.end
    follows = plan.start.year == period.end.year + 1
    return ends_in or holds or follows


def as_printed(row: Observation) -> Period:
    """The period as it is printed: an actual of a year that had not ended when it was published is to date."""
    return row.period.until(row.published) if row.is_to_date else row.period
