"""Workbooks (.xlsx, .xls, .ods) to records of text.

In: the bytes of a workbook and the name of a sheet. Out: records whose cells are written as a person sees them: dates
as 2025-10-31, whole numbers without a point, a share that the workbook formats as a percentage with its sign. Nothing
is opened before its size is known: a small archive can hold a huge sheet.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from html import unescape
from typing import Any

import python_calamine

from briefings.configuration import one_of
from briefings.errors import SourceError

from .texts import Record

MOST_MEMBERS = 10_000
MOST_UNPACKED = 1 << 29  # bytes
MOST_CELLS = 20_000_000
PIECE = 1 << 20

CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
STYLE = re.compile(rb'\bs="([0-9]+)"')
SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
PERCENT_FORMATS = {"9", "10"}  # 0% and 0.00%, which every workbook has

Cell = tuple[int, int]  # row and column, from 0


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
    percentages: dict[str, frozenset[Cell]] = {}
    if zipfile.is_zipfile(io.BytesIO(content)):
        percentages = _survey(content, shown)
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


# Sizes and formats, read from the archive before a library unpacks it -------------------------------------------------


def _survey(content: bytes, shown: str) -> dict[str, frozenset[Cell]]:
    """Which cells of which sheet are formatted as percentages; refuses what would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise SourceError(f"{shown}: {len(archive.infolist())} members in the archive; at most {MOST_MEMBERS}.")
            percent_styles = _percent_styles(_small(archive, "xl/styles.xml"))
            unpacked = 0
            found: dict[str, frozenset[Cell]] = {}
            for member in archive.infolist():
                pieces = _pieces(archive, member)
                if member.filename.startswith("xl/worksheets/"):
                    size, found[member.filename] = _survey_sheet(
                        pieces, percent_styles, shown, MOST_UNPACKED - unpacked
                    )
                else:
                    size = _measure(pieces, MOST_UNPACKED - unpacked)
                unpacked += size
                if unpacked > MOST_UNPACKED:
                    raise SourceError(
                        f"{shown}: unpacked it is larger than {MOST_UNPACKED >> 20} MB; split the workbook."
                    )
            return {name: found.get(path, frozenset()) for name, path in _sheet_paths(archive).items()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise SourceError(f"{shown}: the workbook is damaged or locked ({error}); save it again.") from None


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member as they truly unpack: the size that the archive states may be a lie."""
    member = copy(member)
    member.file_size = MOST_UNPACKED + 1
    with archive.open(member) as file:
        while piece := file.read(PIECE):
            yield piece


def _measure(pieces: Iterator[bytes], most: int) -> int:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            break
    return size


def _survey_sheet(
    pieces: Iterator[bytes], percent_styles: frozenset[bytes], shown: str, most: int
) -> tuple[int, frozenset[Cell]]:
    size, rows, columns = 0, 0, 0
    percentages: set[Cell] = set()
    rest = b""
    for piece in pieces:
        size += len(piece)
        if size > most:
            break
        text = rest + piece
        whole, _, rest = text.rpartition(b"<")
        rest = b"<" + rest
        for attributes in CELL.findall(whole):
            reference = REFERENCE.search(attributes)
            if reference is None:
                continue
            row, column = int(reference[2]), _column(reference[1])
            rows, columns = max(rows, row), max(columns, column + 1)
            style = STYLE.search(attributes)
            if style and style[1] in percent_styles:
                percentages.add((row - 1, column))
        if rows * columns > MOST_CELLS:
            raise SourceError(
                f"{shown}: a sheet of {rows} rows and {columns} columns is too large (at most {MOST_CELLS} cells); "
                "delete what stands far from the table."
            )
    return size, frozenset(percentages)


def _column(name: bytes) -> int:
    column = 0
    for letter in name:
        column = column * 26 + letter - ord("A") + 1
    return column - 1


def _small(archive: zipfile.ZipFile, name: str) -> str:
    """A member that describes the workbook, as text; empty where it is lacking."""
    if name not in archive.namelist():
        return ""
    with archive.open(name) as file:
        return file.read(16 * PIECE).decode("utf-8", "replace")


def _percent_styles(styles: str) -> frozenset[bytes]:
    """The numbers of the cell styles that show a percentage."""
    formats = [dict(ATTRIBUTE.findall(tag)) for tag in re.findall(r"<(?:\w+:)?numFmt\s[^>]*>", styles)]
    percent = PERCENT_FORMATS | {
        each["numFmtId"] for each in formats if _shows_percent(unescape(each.get("formatCode", "")))
    }
    cell_styles = re.search(r"<(?:\w+:)?cellXfs.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    tags = re.findall(r"<(?:\w+:)?xf\s[^>]*>", cell_styles[0]) if cell_styles else []
    used = [dict(ATTRIBUTE.findall(tag)).get("numFmtId", "") for tag in tags]
    return frozenset(str(number).encode() for number, used_format in enumerate(used) if used_format in percent)


def _shows_percent(code: str) -> bool:
    """Whether a number format multiplies by a hundred: a percent sign that is neither quoted nor escaped."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """The name of each sheet with its path in the archive."""
    relations = [
        dict(ATTRIBUTE.findall(tag)) for tag in RELATION.findall(_small(archive, "xl/_rels/workbook.xml.rels"))
    ]
    targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
    paths = {}
    for tag in SHEET.findall(_small(archive, "xl/workbook.xml")):
        attributes = dict(ATTRIBUTE.findall(tag))
        target = next(
            (targets[value] for key, value in attributes.items() if key.endswith(":id") and value in targets), ""
        )
        paths[unescape(attributes.get("name", ""))] = (
            target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        )
    return paths
