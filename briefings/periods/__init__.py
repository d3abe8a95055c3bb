"""Periods: what a figure is about in time.

In comes text, canonical (`2025-Q3`) or as a person writes it in a table (`2025年三季度`), or a day and a frequency;
out goes a `Period` that is ordered, can be stepped and set beside the same period a year earlier, and writes itself in
English and in Chinese. `shapes` holds the vocabulary, `period` the arithmetic, `writing` the words of both languages,
`cells` the reading of cells. Numbers and units live next door in `briefings.quantities`; which day a briefing is due
lives in `briefings.calendar`.
"""

from briefings.periods.cells import FORMATS, parse_cell
from briefings.periods.period import Period, latest_ended, span
from briefings.periods.shapes import Frequency, Language, Shape
from briefings.periods.writing import MONTH_NAMES, write_range

__all__ = [
    "FORMATS",
    "MONTH_NAMES",
    "Frequency",
    "Language",
    "Period",
    "Shape",
    "latest_ended",
    "parse_cell",
    "span",
    "write_range",
]
