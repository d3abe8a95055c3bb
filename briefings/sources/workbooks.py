"""Workbooks (.xlsx, .xls, .ods) to records of text.

In: the bytes of a workbook and the name of a sheet. Out: records whose cells are written as a person sees them: dates
as 2025-10-31, whole numbers without a point, a share that the workbook formats as a percentage with its sign. Sizes
are looked at before anything is opened, in `archives`.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import python_calamine

from briefings.configuration import one_of
from briefings.errors import SourceError

from . import biff
from .archives import Cell, survey
from .texts import Record


@dataclass(frozen=True)
class Sheet:
    """One sheet, whole. `cells` begins at A1."""

    sheet: str
    cells: list[list[Any]]
    percentages: frozenset[Cell] = field(default=frozenset())

    def records(self, first: int, width: int | None = None) -> Iterator[Record]:
        """The rows from `first` on that hold anything; a sheet's rows are all of one width."""
        for row, cells in enumerate(self.cells[first - 1 :], first):
            if any(cell != "" for cell in cells):
                yield Record(row, [self.text(row - 1, column) for column in range(len(cells))])

    def text(self, row: int, column: int) -> str:
        """What a person sees in a cell, counted from 0, at full precision."""
        value = self.cells[row][column]
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int | float):
            return _number(value, percent=(row, column) in self.percentages)
        if isinstance(value, datetime):
            return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
        if isinstance(value, date | time):
            return value.isoformat()
        return str(value)


def _number(value: float, *, percent: bool) -> str:
    """A number in the 15 digits that a spreadsheet shows, without an exponent."""
    number = Decimal(f"{value:.15g}") * (100 if percent else 1)
    text = f"{number.normalize():f}"
    return text + "%" if percent else text


def open_sheet(content: bytes, name: str | None, shown: str) -> Sheet:
    """The sheet of this name, or the first one. Raises `SourceError` where it cannot be opened or is too large."""
    zipped = zipfile.is_zipfile(io.BytesIO(content))
    percentages = survey(content, shown) if zipped else biff.percentages(content)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except python_calamine.PasswordError:
        raise SourceError(f"{shown}: the workbook is locked with a password; save it without one.") from None
    except (python_calamine.CalamineError, OSError) as error:
        raise SourceError(
            f"{shown}: not a workbook that can be opened ({error}); save it again as .xlsx or .csv."
        ) from None
    sheets = workbook.sheet_names
    if not sheets:
        raise SourceError(f"{shown}: the workbook has no sheet.")
    if name is not None and name not in sheets:
        raise SourceError(f"{shown}: {one_of(name, sheets, 'sheet')}")
    chosen = sheets[0] if name is None else name
    try:
        sheet = workbook.get_sheet_by_name(chosen)
        cells = _filled(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges)
    except (python_calamine.CalamineError, OSError) as error:
        raise SourceError(f"{shown}: the sheet {chosen!r} cannot be read ({error}).") from None
    return Sheet(chosen, cells, percentages.get(chosen, frozenset()))


def _filled(cells: list[list[Any]], merged: Any) -> list[list[Any]]:
    """The text of merged cells in each of them: a year that stands once beside twelve months.

    Numbers are left alone: a figure for two months together is no figure of either.
    """
    for (top, left), (bottom, right) in merged or ():
        value = cells[top][left] if top < len(cells) and left < len(cells[top]) else ""
        if isinstance(value, str):
            for row in cells[top : bottom + 1]:
                row[left : right + 1] = [value] * len(row[left : right + 1])
    return cells
