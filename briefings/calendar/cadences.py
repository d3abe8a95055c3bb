"""Cadences: how often a theme is released, and the row of periods that belongs to each.

In: a day. Out: the period of a cadence that holds it. The plan period is five calendar years, as China's plans have run
since 1981 (2021/2025); all others are the frequencies of `periods`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from briefings.periods import Frequency, Period, Shape

#: The first year of a Five-Year Plan; since then every plan has run for five calendar years.
A_PLAN_BEGINS = 1981
PLAN_YEARS = 5


class Cadence(StrEnum):
    """How often: from the rarest to the most frequent."""

    PLAN = "plan"
    ANNUAL = "annual"
    HALF_YEARLY = "half-yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    TEN_DAY = "ten-day"
    WEEKLY = "weekly"
    DAILY = "daily"

    def period(self, day: date) -> Period:
        """The period of this cadence that holds the day."""
        if self is Cadence.PLAN:
            first = day.year - (day.year - A_PLAN_BEGINS) % PLAN_YEARS
            return Period(date(first, 1, 1), date(first + PLAN_YEARS - 1, 12, 31), Shape.CUMULATED_YEARS)
        return Period.of(day, Frequency(self.value))

    def periods(self, first: date) -> Iterator[Period]:
        """The period that holds the day, and all that follow, without end."""
        period = self.period(first)
        while True:
            yield period
            period = period.step()

    @property
    def months(self) -> int:
        """Calendar months in a period; 0 for what is shorter than a month."""
        return _MONTHS.get(self, 0)


_MONTHS = {Cadence.PLAN: 60, Cadence.ANNUAL: 12, Cadence.HALF_YEARLY: 6, Cadence.QUARTERLY: 3, Cadence.MONTHLY: 1}
