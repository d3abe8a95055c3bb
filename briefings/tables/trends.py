"""The column of sparklines: its head, and what the course of a row tells in words.

In: a table request, its briefing, a language, the fixed words of the pages. Out: a head; for a row the values to draw,
and words without numbers for those who cannot see them. How it is drawn is told in `charts.sparkline`.

Keys of `furniture` read here: `trend`, `trend span`, `trend words`, `trend rose`, `trend fell`, `trend held`.
"""

from __future__ import annotations

from collections.abc import Mapping

from briefings.briefing import Briefing, Row, TableRequest
from briefings.periods import Period
from briefings.tables.model import Head
from briefings.tables.names import period_name


def trend_head(request: TableRequest, language: str, words: Mapping[str, str]) -> Head | None:
    """The head of the column, with the span of the longest course; None where no row has one."""
    spans = [(row.trend[0].period, row.trend[-1].period) for row in request.rows if row.trend]
    if not spans:
        return None
    first = min((span[0] for span in spans), key=Period.parse)
    last = max((span[1] for span in spans), key=Period.parse)
    span = words["trend span"].format(first=period_name(first, language), last=period_name(last, language))
    return Head(words["trend"], align="left", period=span)


def course(
    row: Row, briefing: Briefing, language: str, words: Mapping[str, str]
) -> tuple[tuple[float | None, ...], str]:
    """The values of a row's course, the oldest first; and from when to when they went which way, with the periods of
    the highest and of the lowest."""
    values = tuple(None if point.figure is None else briefing.figures[point.figure].value for point in row.trend)
    known = [(value, point.period) for value, point in zip(values, row.trend, strict=True) if value is not None]
    (first, begun), (last, ended) = known[0], known[-1]
    way = "rose" if last > first else "fell" if last < first else "held"
    told = words["trend words"].format(
        first=period_name(begun, language),
        last=period_name(ended, language),
        way=words[f"trend {way}"],
        highest=period_name(max(known, key=lambda pair: pair[0])[1], language),
        lowest=period_name(min(known, key=lambda pair: pair[0])[1], language),
    )
    return values, told
