"""What a table is once it is set: heads, rows, cells, and the lines under it.

In: nothing. Out: frozen values of plain texts, which `tables` fills and render puts into HTML, mail and workbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from briefings.briefing import Absence


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its text, the unit of its numbers, its period where the columns differ in it."""

    text: str
    unit: str = ""
    align: Literal["left", "right"] = "right"
    period: str = ""


@dataclass(frozen=True, slots=True)
class SetCell:
    """A number as printed with its figure's id, or the mark of an absence. `flags` follow the number."""

    text: str
    figure: str | None = None
    absence: Absence | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row: its name, the unit of its numbers where the rows differ in it, and its cells. `period` where the table has
    a column of periods; `sub`: a further figure of what the last row above that is none names. `trend`: the course of
    its values, the oldest first, None where there is a gap, and what it tells in words; None without one."""

    name: str
    cells: tuple[SetCell, ...]
    highlight: bool = False
    benchmark: bool = False
    unit: str = ""
    period: str = ""
    sub: bool = False
    trend: tuple[tuple[float | None, ...], str] | None = None


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table ready for any page: `heads` (the first is that of the names, the second that of the periods where the
    table is `dated`), `rows`, legend lines, "showing n of m", the head of the column of sparklines."""

    heads: tuple[Head, ...]
    rows: tuple[SetRow, ...]
    marks: tuple[str, ...] = ()
    showing: str = ""
    dated: bool = False
    trend: Head | None = None
