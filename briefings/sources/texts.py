"""CSV, TSV and their kin: text to records.

In: the bytes of a text, its encoding and delimiter. Out: records, each with the number of the line where it begins.
What the fields mean is decided in `tabular`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .files import open_text

DELIMITERS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
LONGEST_FIELD = 131_072  # characters; what is longer is a quotation mark that is never closed


class Record(NamedTuple):
    """One row as it is read: its number from 1, its cells, and why they cannot be told apart, or ""."""

    row: int
    fields: list[str]
    broken: str = ""


class _Lines:
    """The lines of a text, with those of the record that is being read at hand, so that a broken one can be undone."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: list[str] = []
        self.record: list[str] = []
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._lines)
        self.record.append(line)
        self.taken += 1
        return line

    def back_to_first(self) -> str:
        """Take the record for its first line alone; the lines behind it will be read again."""
        first, *rest = self.record
        self._again.extend(reversed(rest))
        self.taken -= len(rest)
        return first


@dataclass(frozen=True)
class Text:
    """A table that is text. Rows are numbered as an editor numbers lines; a cell may hold line ends within quotes."""

    content: bytes
    encoding: str
    delimiter: str

    sheet = None

    def records(self, first: int, width: int | None = None) -> Iterator[Record]:
        """The records from line `first` on, without empty lines; of another `width` they are broken.

        A quotation mark that is never closed costs its own line, not those behind it.
        """
        csv.field_size_limit(LONGEST_FIELD)
        lines = _Lines(open_text(self.content, self.encoding))
        while lines.taken < first - 1 and next(lines, None) is not None:
            pass
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            lines.record.clear()
            row = lines.taken + 1
            broken = ""
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                fields, broken = [], f"its quotation marks do not match ({error})"
            if not fields and not broken:
                continue
            if not broken and width is not None and len(fields) != width:
                broken = f"it has {len(fields)} fields, and the header has {width}"
            if broken and len(lines.record) > 1:
                reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
                fields, broken = [lines.back_to_first()], "a quotation mark is opened in it and not closed"
            elif broken and not fields:
                fields = [lines.record[0]]
            yield Record(row, fields, broken)
