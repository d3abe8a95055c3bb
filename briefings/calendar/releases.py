"""Releases: which period is due at which instant.

In: a cadence, a rule, a time of day, a zone, a calendar. Out: the instant at which a period is released, and the
periods released between two instants. A release falls into a *window*, a stretch as long as the period: the period
itself (`current`: ten-day reports on the 10th, 20th and last day), or else the one after it (an October report on
20 November). An instant that the clocks skip is taken as much later as they jump; one that they show twice, at its
first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from briefings.errors import ScheduleError
from briefings.periods import Period

from .cadences import Cadence
from .rules import Rule
from .working import WorkingDays

Shift = Literal["", "next working day", "previous working day"]
#: A release that is shifted off a holiday stays within so many days of its rule.
MOST_SHIFTED = timedelta(days=20)
#: How many periods without a release in a row end the search for the next one.
MOST_EMPTY = 1500


@dataclass(frozen=True)
class Due:
    """A period and the instant at which it is released (aware, in the release's zone)."""

    period: Period
    at: datetime


@dataclass(frozen=True)
class Release:
    """When the periods of a cadence are released."""

    cadence: Cadence
    rule: Rule
    at: time
    zone: str
    working: WorkingDays
    current: bool = False
    shift: Shift = ""

    def day(self, period: Period) -> date | None:
        """The local day on which a period is released; None for one that has no release.

        Raises `ScheduleError` where the calendar does not have the year.
        """
        if self.rule.unit == "every working day" and not self.current:
            return self.working.after(period.end, 1) if self.working.is_working(period.start) else None
        window = period if self.current else period.step()
        day = self.rule.day(window, self.working, at_end=self.current)
        if day is None or not self.shift:
            return day
        return (
            self.working.next_working(day) if self.shift == "next working day" else self.working.previous_working(day)
        )

    def due_at(self, period: Period) -> datetime | None:
        """The instant at which a period is released, in the release's zone; None for one that has no release."""
        day = self.day(period)
        return None if day is None else self.instant(day, self.rule.cron.at if self.rule.cron else self.at)

    def instant(self, day: date, at: time) -> datetime:
        """A local day and time as an instant that exists in the zone."""
        zone = ZoneInfo(self.zone)
        return datetime.combine(day, at, tzinfo=zone).astimezone(UTC).astimezone(zone)

    def between(self, after: datetime, until: datetime) -> list[Due]:
        """Every period released after the first instant and not after the second, in the order of release."""
        found = [due for due in self._from(after, until) if after < due.at <= until]
        return sorted(found, key=lambda due: (due.at, due.period))

    def next(self, after: datetime, count: int = 1) -> list[Due]:
        """The next releases after an instant; fewer where the rule has no more.

        Raises `ScheduleError` where the calendar does not have the year of the next one.
        """
        found: list[Due] = []
        empty = 0
        for period in self.cadence.periods(self._earliest(after)):
            at = self.due_at(period)
            empty = empty + 1 if at is None else 0
            if at is not None and at > after:
                found.append(Due(period, at))
            if len(found) == count or empty > MOST_EMPTY or period.year > after.year + 60:
                break
        return found

    def _from(self, after: datetime, until: datetime) -> Iterator[Due]:
        last = until.astimezone(ZoneInfo(self.zone)).date()
        for period in self.cadence.periods(self._earliest(after)):
            window = period if self.current else period.step()
            if window.start > last + MOST_SHIFTED:
                return
            try:
                at = self.due_at(period)
            except ScheduleError:
                if window.start > last:  # it is not due yet, whatever the calendar of that year will say
                    return
                raise
            if at is not None:
                yield Due(period, at)

    def _earliest(self, after: datetime) -> date:
        """A day in a period of which the release may still lie after an instant, and in none that is much earlier."""
        lag = MOST_SHIFTED + timedelta(days=31 * max(self.rule.month, 1) + 31)
        day = after.astimezone(ZoneInfo(self.zone)).date() - lag
        window = self.cadence.period(day)
        return window.start if self.current else window.step(-1).start
