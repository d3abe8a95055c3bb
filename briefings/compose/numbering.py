"""The number (期号) of an edition in its series.

In: a series, a cadence, a period. Out: the number in the words of each language. It follows from these alone, so that a
rebuild, a revision and another machine give the same one: periods are counted, not editions.
"""

from __future__ import annotations

from datetime import date

from briefings.configuration import Series
from briefings.periods import Frequency, Period


def numbers(series: Series | None, cadence: Frequency, period: Period, languages: tuple[str, ...]) -> dict[str, str]:
    """Language -> number; nothing without a series, and before its first issue.

    What is counted are the periods of the cadence: that in which the edition's own period ends. `number` is counted
    from the first of its year (of weeks, the ISO year) or, where it runs on, `total`: from the first issue.
    """
    if series is None:
        return {}
    issue = Period.of(period.end, cadence)
    begun = Period.of(Period.parse(series.since).start, cadence) if series.since else None
    total = issue.distance(begun) + series.first if begun else 0
    if begun and issue < begun:
        return {}
    number = total if series.number == "running" else _in_year(issue, cadence)
    return {each: series.write(each, number=number, total=total, year=issue.year) for each in languages}


def _in_year(issue: Period, cadence: Frequency) -> int:
    """Which of its year's a period is, from one on; the first week of a year holds the fourth of January."""
    first = Period.of(date(issue.year, 1, 4 if cadence is Frequency.WEEKLY else 1), cadence)
    return issue.distance(first) + 1
