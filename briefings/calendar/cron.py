"""Cron: five fields to days and times, and back into words.

In: `0 8 * * 1`. Out: which days it fires on, at what time, and how a person says it. Days of the week run from 0 to 7,
both ends Sunday, as in crontab(5); where both the day of the month and the day of the week are restricted, either is
enough, as there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from briefings.periods import MONTH_NAMES

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY_NAMES = {name[:3].lower(): number for number, name in enumerate(DAYS, start=1)} | {"sun": 0}
_MONTH_NAMES = {name[:3].lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}
_ITEM = re.compile(r"(?:(?P<all>\*)|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[0-9]+))?")


@dataclass(frozen=True)
class _Field:
    name: str
    low: int
    high: int
    names: dict[str, int]


_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day of the month", 1, 31, {}),
    _Field("month", 1, 12, _MONTH_NAMES),
    _Field("day of the week", 0, 7, _DAY_NAMES),
)


@dataclass(frozen=True)
class Cron:
    """A line of cron that fires once on each of its days: its first time counts."""

    text: str
    at: time
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # ISO: Monday is 1, Sunday is 7
    either: bool

    @classmethod
    def parse(cls, text: str) -> Cron:
        """Read five fields. Raises `ValueError` that names the field."""
        parts = text.split()
        if len(parts) != len(_FIELDS):
            names = ", ".join(field.name for field in _FIELDS)
            raise ValueError(f"cron has five fields ({names}), {len(parts)} stand here; for example `cron 0 8 * * 1`")
        minutes, hours, days, months, weekdays = (_values(f, p) for f, p in zip(_FIELDS, parts, strict=True))
        return cls(
            text=" ".join(parts),
            at=time(min(hours), min(minutes)),
            days=days,
            months=months,
            weekdays=frozenset(7 if day == 0 else day for day in weekdays),
            either=not parts[2].startswith("*") and not parts[4].startswith("*"),
        )

    def fires_on(self, day: date) -> bool:
        """Whether it fires on a day."""
        of_month, of_week = day.day in self.days, day.isoweekday() in self.weekdays
        return day.month in self.months and (of_month or of_week if self.either else of_month and of_week)

    def words(self) -> str:
        """How a person says it: `at 08:00 on Mondays`."""
        return f"at {self.at:%H:%M} {self._days_in_words()}{self._months_in_words()}"

    def _days_in_words(self) -> str:
        week = _days_of_week(self.weekdays)
        month = "on the " + _and([ordinal(day) for day in sorted(self.days)])
        if len(self.days) == 31:
            return "every day" if len(self.weekdays) == 7 else week
        return month if len(self.weekdays) == 7 else f"{month} and {week}"

    def _months_in_words(self) -> str:
        if len(self.months) == 12:
            return ""
        return " in " + _and([MONTH_NAMES[month - 1] for month in sorted(self.months)])


def _values(field: _Field, text: str) -> frozenset[int]:
    found: set[int] = set()
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise ValueError(f"{item!r} is no {field.name} of cron; write *, 5, 1-5, */10 or a list of them")
        if match["all"]:
            first, last = field.low, field.high
        else:
            first = _number(field, match["first"])
            last = _number(field, match["last"]) if match["last"] else field.high if match["step"] else first
            if field.names is _DAY_NAMES and match["last"] and last == 0 < first:
                last = 7
        step = int(match["step"] or 1)
        if first > last or step == 0:
            raise ValueError(f"{item!r} is an empty range of the {field.name} of cron")
        found.update(range(first, last + 1, step))
    return frozenset(found)


def _number(field: _Field, text: str) -> int:
    number = field.names.get(text.lower(), int(text) if text.isdigit() else -1)
    if not field.low <= number <= field.high:
        raise ValueError(f"{text!r} is no {field.name} of cron; from {field.low} to {field.high} are allowed")
    return number


def _days_of_week(days: frozenset[int]) -> str:
    if days == frozenset(range(1, 6)):
        return "from Monday to Friday"
    return "on " + _and([f"{DAYS[day - 1]}s" for day in sorted(days)])


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th ..."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
