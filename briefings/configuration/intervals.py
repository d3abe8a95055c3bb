"""Stretches of time that need no calendar: how often something is done at most.

Comes in: a text such as `10 minutes`. Goes out: `Interval`. Those that count days of a calendar, and working days, are
next door, in `timetable`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, WithJsonSchema

Unit = Literal["minutes", "hours", "days"]
UNITS: dict[str, Unit] = {"minute": "minutes", "hour": "hours", "day": "days"}


@dataclass(frozen=True)
class Interval:
    """A stretch of time in words: `10 minutes`, `1 hour`, `2 days`."""

    count: int
    unit: Unit

    @property
    def length(self) -> timedelta:
        return timedelta(**{self.unit: self.count})

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit.removesuffix('s')}"


def _interval(value: Any) -> Interval:
    if isinstance(value, Interval):
        return value
    found = re.fullmatch(r"([1-9][0-9]{0,3}) (minute|hour|day)s?", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} does not say how often; write for example '10 minutes', '1 hour' or '2 days'")
    return Interval(int(found[1]), UNITS[found[2]])


IntervalText = Annotated[
    Interval,
    PlainValidator(_interval),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,3} (minute|hour|day)s?$"}),
]
