"""What a workbook's archive holds, before a library unpacks it.

In: the bytes of an .xlsx or .ods. Out: which cells are formatted as percentages, or a `SourceError`: a small archive
can hold a huge sheet, and state another size than it has. Sheets are opened next door, in `workbooks`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from copy import copy
from html import unescape

from briefings.errors import SourceError

MOST_MEMBERS = 10_000
MOST_UNPACKED = 1 << 29  # bytes
MOST_CELLS = 20_000_000
PIECE = 1 << 20
#: How a text in UTF-16 begins, in which no tag below would be found.
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")

Cell = tuple[int, int]  # row and column, from 0
Percentages = dict[str, frozenset[Cell]]  # by the name of the sheet

# .xlsx: cells say where they stand, and the number of their style
CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
STYLE = re.compile(rb"""\bs\s*=\s*["']([0-9]+)["']""")
SHEET = re.compile(r"<(?:\w+:)?sheet\s[^>]*>")
RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
ATTRIBUTE = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
PERCENT_FORMATS = {"9", "10"}  # 0% and 0.00%, which every workbook has
# .ods: cells follow one another, and one may stand for many
NODE = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?![\w-])([^>]*)>")
NAME = re.compile(rb"""table:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
ROWS_REPEATED = re.compile(rb"""table:number-rows-repeated\s*=\s*["']([0-9]{1,9})["']""")
COLUMNS_REPEATED = re.compile(rb"""table:number-columns-repeated\s*=\s*["']([0-9]{1,9})["']""")
PERCENTAGE = re.compile(rb"""value-type\s*=\s*["']percentage["']""")


def survey(content: bytes, shown: str) -> Percentages:
    """Which cells of which sheet are formatted as percentages. `SourceError` for what would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _survey(archive, shown)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise SourceError(f"{shown}: the workbook is damaged or locked ({error}); save it again.") from None


def _survey(archive: zipfile.ZipFile, shown: str) -> Percentages:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise SourceError(f"{shown}: the archive has {len(members)} members; at most {MOST_MEMBERS} are allowed.")
    styles = _percent_styles(_small(archive, "xl/styles.xml"))
    names = _sheet_names(archive)
    budget = _Budget(shown)
    found: Percentages = {}
    for member in members:
        pieces = budget.of(archive, member)
        if member.filename in names:
            found[names[member.filename]] = _in_xlsx(pieces, styles, shown)
        elif member.filename == "content.xml":
            found |= _in_ods(pieces, shown)
        else:
            for _ in pieces:
                pass
    return found


class _Budget:
    """How much may be unpacked, all members together."""

    def __init__(self, shown: str) -> None:
        self.shown, self.left = shown, MOST_UNPACKED

    def of(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of a member as they truly unpack: the size that the archive states may be a lie."""
        member = copy(member)
        member.file_size = MOST_UNPACKED + 1
        first = True
        with archive.open(member) as file:
            while piece := file.read(PIECE):
                if first and member.filename.endswith(".xml") and piece.startswith(UTF_16):
                    raise SourceError(f"{self.shown}: {member.filename} in it is not in UTF-8; save it again.")
                first = False
                self.left -= len(piece)
                if self.left < 0:
                    size = f"{MOST_UNPACKED >> 20} MB"
                    raise SourceError(f"{self.shown}: unpacked it is larger than {size}; split the workbook.")
                yield piece


def _check_extent(rows: int, columns: int, shown: str) -> None:
    if rows * columns > MOST_CELLS:
        raise SourceError(
            f"{shown}: a sheet of {rows} rows and {columns} columns is too large (at most {MOST_CELLS} cells); "
            "delete what stands far from the table."
        )


def _whole_tags(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces again, cut between tags."""
    rest = b""
    for piece in pieces:
        whole, _, rest = (rest + piece).rpartition(b"<")
        rest = b"<" + rest
        yield whole
    yield rest


def _in_xlsx(pieces: Iterator[bytes], styles: frozenset[bytes], shown: str) -> frozenset[Cell]:
    """The cells of one sheet that have one of these styles."""
    rows, columns = 0, 0
    found: set[Cell] = set()
    for piece in _whole_tags(pieces):
        for attributes in CELL.findall(piece):
            reference = REFERENCE.search(attributes)
            if reference is None:
                continue
            row, column = int(reference[2]), _column(reference[1])
            rows, columns = max(rows, row), max(columns, column + 1)
            style = STYLE.search(attributes)
            if style and style[1] in styles:
                found.add((row - 1, column))
        _check_extent(rows, columns, shown)
    return frozenset(found)


def _column(name: bytes) -> int:
    column = 0
    for letter in name:
        column = column * 26 + letter - ord("A") + 1
    return column - 1


def _in_ods(pieces: Iterator[bytes], shown: str) -> Percentages:
    """The cells of all sheets whose values are percentages; cells that hold nothing do not make a sheet larger."""
    found: dict[str, set[Cell]] = {}
    sheet: set[Cell] = set()
    row = column = next_row = columns = 0
    for piece in _whole_tags(pieces):
        for node, attributes in NODE.findall(piece):
            if node == b"table":
                name = NAME.search(attributes)
                text = (name[1] or name[2] or b"").decode("utf-8", "replace") if name else ""
                sheet = found.setdefault(unescape(text), set())
                row = column = next_row = columns = 0
            elif node == b"table-row":
                row, column, next_row = next_row, 0, next_row + _repeated(ROWS_REPEATED, attributes)
            else:
                first, column = column, column + _repeated(COLUMNS_REPEATED, attributes)
                if b"office:value" in attributes:
                    columns = max(columns, column)
                    _check_extent(next_row, columns, shown)
                if PERCENTAGE.search(attributes):
                    sheet.update((each, other) for each in range(row, next_row) for other in range(first, column))
    return {name: frozenset(cells) for name, cells in found.items()}


def _repeated(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    times = pattern.search(attributes)
    return int(times[1]) if times else 1


def _small(archive: zipfile.ZipFile, name: str) -> str:
    """A member that describes the workbook, as text; empty where it is lacking."""
    if name not in archive.namelist():
        return ""
    with archive.open(name) as file:
        return file.read(16 * PIECE).decode("utf-8", "replace")


def _attributes(tag: str) -> dict[str, str]:
    return {name: double or single for name, double, single in ATTRIBUTE.findall(tag)}


def _percent_styles(styles: str) -> frozenset[bytes]:
    """The numbers of the cell styles that show a percentage."""
    formats = [_attributes(tag) for tag in re.findall(r"<(?:\w+:)?numFmt\s[^>]*>", styles)]
    percent = PERCENT_FORMATS | {
        each.get("numFmtId", "") for each in formats if shows_percent(unescape(each.get("formatCode", "")))
    }
    cell_styles = re.search(r"<(?:\w+:)?cellXfs.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    tags = re.findall(r"<(?:\w+:)?xf\s[^>]*>", cell_styles[0]) if cell_styles else []
    used = [_attributes(tag).get("numFmtId", "") for tag in tags]
    return frozenset(str(number).encode() for number, used_format in enumerate(used) if used_format in percent)


def shows_percent(code: str) -> bool:
    """Whether a number format multiplies by a hundred: a percent sign that is neither quoted nor escaped."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """The path of each sheet of an .xlsx in the archive, with its name."""
    relations = [_attributes(tag) for tag in RELATION.findall(_small(archive, "xl/_rels/workbook.xml.rels"))]
    targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
    names = {}
    for tag in SHEET.findall(_small(archive, "xl/workbook.xml")):
        attributes = _attributes(tag)
        target = next(
            (targets[value] for key, value in attributes.items() if key.endswith(":id") and value in targets), ""
        )
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        names[path] = unescape(attributes.get("name", ""))
    return names
