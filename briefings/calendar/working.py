"""Working days: weekends, the holidays of a country, and the weekends that China makes up for (调休).

In: a country, and days that a project adds by hand. Out: whether a day is worked. The data of mainland China are those
of `chinese_calendar` (the State Council's notices, 2004 to the last year announced), of all other countries those of
`holidays`. A year without data is an error, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from briefings.errors import ScheduleError

if TYPE_CHECKING:
    from holidays import HolidayBase

CHINA = "CN"
ONE_DAY = timedelta(days=1)
#: No holiday anywhere is longer; a search that goes further has gone wrong.
LONGEST_REST = 60


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """Codes of all countries whose holidays are known (ISO 3166, two letters)."""
    from holidays import list_supported_countries

    return frozenset(code for code in list_supported_countries(include_aliases=False) if len(code) == 2)


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked in a country; without a country Monday to Friday.

    `free` and `working` are days added by hand; a year that has some of them counts as known, also where the country's
    data do not reach so far.
    """

    country: str = ""
    part: str = ""
    free: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether a day is worked. Raises `ScheduleError` where the calendar does not have the year."""
        if day not in self._asked:
            self._asked[day] = self._find(day)
        return self._asked[day]

    def _find(self, day: date) -> bool:
        if day in self.free:
            return False
        if day in self.working:
            return True
        if not self.country:
            return day.weekday() < 5
        if not self.has(day.year):
            if day.year in self._by_hand:
                return day.weekday() < 5
            raise ScheduleError(
                f"the calendar of {self.country} does not have the year {day.year}; it has {self.reach}. Update the "
                f"package `{self.package}`, or write the days of {day.year} under `free:` and `working:`"
            )
        if self.country == CHINA:
            import chinese_calendar

            return bool(chinese_calendar.is_workday(day))
        return bool(self._holidays.is_working_day(day))

    def has(self, year: int) -> bool:
        """Whether the country's data reach this year."""
        first, last = self._years
        return first <= year <= last

    @property
    def reach(self) -> str:
        """The years that the calendar has, in words."""
        first, last = self._years
        return f"{first} to {last}"

    @property
    def package(self) -> str:
        """The library that brings the data."""
        return "chinesecalendar" if self.country == CHINA else "holidays"

    def next_working(self, day: date) -> date:
        """The day itself if it is worked, or else the next that is."""
        return self._search(day, ONE_DAY)

    def previous_working(self, day: date) -> date:
        """The day itself if it is worked, or else the last before it that is."""
        return self._search(day, -ONE_DAY)

    def after(self, day: date, count: int) -> date:
        """The count-th working day after a day."""
        for _ in range(count):
            day = self._search(day + ONE_DAY, ONE_DAY)
        return day

    def between(self, first: date, last: date) -> list[date]:
        """The working days from the first to the last day, both included."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.is_working(day)]

    def _search(self, day: date, step: timedelta) -> date:
        for _ in range(LONGEST_REST):
            if self.is_working(day):
                return day
            day += step
        raise ScheduleError(f"no working day within {LONGEST_REST} days of {day}; look at the days under `free:`")

    @cached_property
    def _asked(self) -> dict[date, bool]:
        """What was asked before: the libraries take their time."""
        return {}

    @cached_property
    def _by_hand(self) -> frozenset[int]:
        return frozenset(day.year for day in self.free | self.working)

    @cached_property
    def _years(self) -> tuple[int, int]:
        if self.country == CHINA:
            from chinese_calendar import constants

            return min(constants.holidays).year, max(constants.workdays).year
        return self._holidays.start_year, self._holidays.end_year

    @cached_property
    def _holidays(self) -> HolidayBase:
        from holidays import country_holidays

        return country_holidays(self.country, subdiv=self.part or None)
