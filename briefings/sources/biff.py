"""Which cells of an old workbook (.xls, Excel 97 to 2003) are formatted as percentages.

In: the bytes of the file. Out: the cells by sheet. The library that reads such workbooks gives 0.069 for a cell that
shows 6.9%; only the formats tell. The layouts are those of Microsoft's open specifications [MS-CFB] and [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .archives import Cell, Percentages, shows_percent

END_OF_CHAIN = 0xFFFFFFFA  # and above: markers, not sectors
FATS_IN_HEADER = 109
SECTOR_SHIFTS = {9, 12}  # sectors of 512 and 4096 bytes
SMALLEST_STREAM = 4096  # smaller ones lie elsewhere; no workbook is so small
PERCENT_FORMATS = {9, 10}

BOF, BOUNDSHEET, FORMAT, XF = 0x0809, 0x0085, 0x041E, 0x00E0
NUMBER, RK, FORMULA, MULRK = 0x0203, 0x027E, 0x0006, 0x00BD


def percentages(content: bytes) -> Percentages:
    """The cells that show a percentage; none of a file that is no sound workbook, which will be said on opening it."""
    try:
        return _percentages(_workbook_stream(content))
    except (struct.error, IndexError):
        return {}


def _workbook_stream(content: bytes) -> bytes:
    """The stream `Workbook` of the compound file; empty where there is none."""
    shift = struct.unpack_from("<H", content, 30)[0]
    fats, directory = struct.unpack_from("<II", content, 44)
    if shift not in SECTOR_SHIFTS or fats > len(content) >> shift:
        return b""
    size = 1 << shift
    per_sector = size // 4
    listed = list(struct.unpack_from(f"<{FATS_IN_HEADER}I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    while more < END_OF_CHAIN and len(listed) < fats:
        *next_ones, more = struct.unpack_from(f"<{per_sector}I", content, (more + 1) * size)
        listed += next_ones
    table: list[int] = []
    for sector in listed[:fats]:
        table += struct.unpack_from(f"<{per_sector}I", content, (sector + 1) * size)

    def chain(sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < END_OF_CHAIN and len(parts) <= len(table):
            parts.append(content[(sector + 1) * size : (sector + 2) * size])
            sector = table[sector]
        return b"".join(parts)

    entries = chain(directory)
    for start in range(0, len(entries), 128):
        length = struct.unpack_from("<H", entries, start + 64)[0]
        if entries[start : start + max(length - 2, 0)].decode("utf-16-le", "replace") == "Workbook":
            first, stream_size = struct.unpack_from("<II", entries, start + 116)
            return chain(first)[:stream_size] if stream_size >= SMALLEST_STREAM else b""
    return b""


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Each record: where it begins, its kind, its content."""
    position = 0
    while position + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, position)
        yield position, kind, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _percentages(stream: bytes) -> Percentages:
    names: dict[int, str] = {}
    formats = set(PERCENT_FORMATS)
    styles: list[bool] = []
    found: dict[str, set[Cell]] = {}
    sheet: set[Cell] = set()
    for position, kind, content in _records(stream):
        if kind == BOUNDSHEET:
            names[struct.unpack_from("<I", content)[0]] = _text(content[7:], content[6])
        elif kind == BOF and position in names:
            sheet = found.setdefault(names[position], set())
        elif kind == FORMAT:
            number, length = struct.unpack_from("<HH", content)
            if shows_percent(_text(content[4:], length)):
                formats.add(number)
        elif kind == XF:
            styles.append(struct.unpack_from("<H", content, 2)[0] in formats)
        else:
            sheet.update(cell for cell, style in _cells(kind, content) if styles[style])
    return {name: frozenset(cells) for name, cells in found.items()}


def _cells(kind: int, content: bytes) -> Iterator[tuple[Cell, int]]:
    """The numbers in a record: where each stands, and the number of its style."""
    if kind in {NUMBER, RK, FORMULA}:
        row, column, style = struct.unpack_from("<HHH", content)
        yield (row, column), style
    elif kind == MULRK:
        row, first = struct.unpack_from("<HH", content)
        for column, start in enumerate(range(4, len(content) - 2, 6), first):
            yield (row, column), struct.unpack_from("<H", content, start)[0]


def _text(content: bytes, length: int) -> str:
    """A text of so many characters: a byte of flags, then one or two bytes a character."""
    wide = content[0] & 1
    return content[1 : 1 + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
