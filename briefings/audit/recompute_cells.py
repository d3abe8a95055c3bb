"""A locator and a snapshot's bytes to what stands there: the raw text of a cell, or the words of a document.

In: `row=12,column=Price`, `sheet=GDP,cell=B7`, `json=/data/3/value`, `char=120:135`; the bytes and the dialect that
lies beside them. Out: a `Cell`. Written apart from the readers of sources, so that a mistake of theirs does not come
back as its own proof. What number a cell tells is for `recompute_numbers`, next door.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_CELL = re.compile(r"sheet=(?P<sheet>.*),cell=(?P<letters>[A-Z]{1,3})(?P<row>[1-9][0-9]{0,8})", re.DOTALL)
_FIELD = re.compile(r"row=(?P<row>[1-9][0-9]{0,8}),column=(?P<column>.*)", re.DOTALL)
_SPAN = re.compile(r"char=(?P<start>[0-9]{1,9}):(?P<end>[0-9]{1,9})")
_POINTER = re.compile(r"json=(?P<pointer>(?:/[^/]*)*)", re.DOTALL)
#: What follows the cell of a figure that a person read in a document; the bytes are those of the table.
_ORIGIN = re.compile(r"(?<=.)(,document=[^,]*)?,char=[0-9]{1,9}:[0-9]{1,9}$", re.DOTALL)

_CODECS = {"utf-8": "utf-8-sig", "gb18030": "gb18030", "utf-16": "utf-16"}
_DELIMITERS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
#: Where sentences end.
_STOPS = re.compile(r"[。！？；\n]|[.!?;](?=\s)")


class CellError(Exception):
    """Nothing can be read at the locator; the text says why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands at a locator.

    `text`: as it is written there; a number of a workbook, of Parquet or of JSON in its shortest writing. `row`: the
    other cells of its row by header, of a delimited text, Parquet or JSON. `header`: that of its column. `sentence`:
    around words of a document. `before`: how much of that sentence stands before them, in characters.
    """

    text: str
    header: str = ""
    row: Mapping[str, str] = field(default_factory=dict)
    sentence: str = ""
    before: int = 0


class Snapshot:
    """The bytes of one snapshot and how they are to be understood; opened once for all locators."""

    def __init__(self, content: bytes, dialect: Mapping[str, Any]) -> None:
        self.content, self.dialect = content, dialect
        self._sheets: dict[str, Sequence[Sequence[Any]]] = {}

    def cell(self, locator: str) -> Cell:
        """What stands at the locator. Raises `CellError`."""
        if found := _SPAN.fullmatch(locator):
            return self._words(int(found["start"]), int(found["end"]))
        if found := _POINTER.fullmatch(locator):
            return self._value(found["pointer"])
        locator = _ORIGIN.sub("", locator)
        if found := _CELL.fullmatch(locator):
            return self._of_sheet(found["sheet"], found["letters"], int(found["row"]))
        if found := _FIELD.fullmatch(locator):
            parquet = self.dialect.get("suffix") == ".parquet"
            row = self._of_parquet(int(found["row"])) if parquet else self._of_text(int(found["row"]))
            if found["column"] not in row:
                raise CellError(f"there is no column {found['column']!r}")
            return Cell(row[found["column"]], found["column"], row)
        raise CellError(f"{locator!r} is no locator that can be resolved")

    # Running text

    def _words(self, start: int, end: int) -> Cell:
        text = self._document
        if not start < end <= len(text):
            raise CellError("the text is shorter than that")
        begin = max((stop.end() for stop in _STOPS.finditer(text, 0, start)), default=0)
        stop = _STOPS.search(text, end)
        sentence = text[begin : stop.start() if stop else len(text)]
        return Cell(text[start:end], sentence=sentence, before=start - begin)

    @cached_property
    def _document(self) -> str:
        try:
            return self.content.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise CellError("the snapshot is no text") from None

    # JSON

    def _value(self, pointer: str) -> Cell:
        """RFC 6901."""
        try:
            text = _scalar(_at(self._json, pointer))
            base = str(self.dialect.get("rows") or "")
            rows = _at(self._json, base) if pointer.startswith(f"{base}/") else None
        except (KeyError, IndexError, ValueError, TypeError):
            raise CellError("nothing stands there") from None
        number, _, key = pointer.removeprefix(f"{base}/").partition("/")
        if not isinstance(rows, list) or not key:
            return Cell(text)
        row = dict(_scalars(rows[int(number)], ""))
        heads = dict(_scalars(rows[0], "")) if isinstance(rows[0], list) else {}
        return Cell(text, heads.get(key, key), {heads.get(name, name): cell for name, cell in row.items()})

    @cached_property
    def _json(self) -> Any:
        try:
            return json.loads(self.content, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            raise CellError("the snapshot is no JSON") from None

    # Delimited text

    def _of_text(self, row: int) -> dict[str, str]:
        """The record that begins in line `row`, by header. Lines are counted as an editor counts them."""
        if row > len(self._lines) or not (fields := self._record(row)):
            raise CellError(f"there is no row {row}")
        if len(fields) != len(self._headers):
            raise CellError(f"row {row} has {len(fields)} fields, and the header has {len(self._headers)}")
        return dict(zip(self._headers, fields, strict=True))

    @cached_property
    def _lines(self) -> list[str]:
        codec = _CODECS.get(str(self.dialect.get("encoding") or "utf-8"))
        try:
            return io.StringIO(self.content.decode(codec or "utf-8-sig"), newline="").readlines()
        except UnicodeDecodeError:
            raise CellError(f"the snapshot is no text in {codec}") from None

    @cached_property
    def _headers(self) -> list[str]:
        first = int(self.dialect.get("header") or 1)
        for row in range(first, len(self._lines) + 1):
            if fields := self._record(row):
                below = [self._record(row + number) for number in range(1, self._header_rows)]
                return _heads([fields, *below])
        raise CellError("the snapshot has no row of headers")

    @property
    def _header_rows(self) -> int:
        return int(self.dialect.get("header_rows") or 1)

    def _record(self, row: int) -> list[str]:
        """The fields of the record that begins in this line; a cell may hold line ends within quotes."""
        suffix = str(self.dialect.get("suffix", ""))
        delimiter = self.dialect.get("delimiter") or _DELIMITERS.get(suffix, ",")
        try:
            return next(csv.reader(iter(self._lines[row - 1 :]), delimiter=str(delimiter), strict=True), [])
        except csv.Error as error:
            raise CellError(f"row {row} cannot be told into fields ({error})") from None

    # Parquet

    def _of_parquet(self, row: int) -> dict[str, str]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._table is None:
            try:
                self._table = pq.read_table(io.BytesIO(self.content))
            except (pa.ArrowException, OSError) as error:
                raise CellError(f"the snapshot cannot be read as Parquet ({error})") from None
        if row > self._table.num_rows:
            raise CellError(f"there is no row {row}")
        told = self._table.slice(row - 1, 1).to_pylist()[0]
        return {re.sub(r"\s+", " ", name).strip(): "" if cell is None else str(cell) for name, cell in told.items()}

    _table: Any = None

    # Workbooks

    def _of_sheet(self, sheet: str, letters: str, row: int) -> Cell:
        if sheet not in self._sheets:
            self._sheets[sheet] = self._opened(sheet)
        cells = self._sheets[sheet]
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        if row > len(cells) or column > len(cells[row - 1]):
            raise CellError(f"there is no cell {letters}{row}")
        header = int(self.dialect.get("header") or 1)
        rows = cells[header - 1 : header - 1 + self._header_rows]
        named = _heads([[_plain(head) for head in row] for row in rows]) if rows else []
        told = {name: _plain(cell) for name, cell in zip(named, cells[row - 1], strict=False)}
        return Cell(_plain(cells[row - 1][column - 1]), named[column - 1] if column <= len(named) else "", told)

    def _opened(self, sheet: str) -> Sequence[Sequence[Any]]:
        import python_calamine

        try:
            workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.content))
            if sheet not in workbook.sheet_names:
                raise CellError(f"there is no sheet {sheet!r}")
            found: Sequence[Sequence[Any]] = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        except (python_calamine.CalamineError, python_calamine.PasswordError, OSError) as error:
            raise CellError(f"the snapshot cannot be read as a workbook ({error})") from None
        return found


def _heads(rows: Sequence[Sequence[str]]) -> list[str]:
    """The header of each column, where they take several rows: the upper words, which count up to the next, first."""
    plain = [[re.sub(r"\s+", " ", cell).strip() for cell in row] for row in rows]
    named = []
    for column in range(len(plain[-1])):
        words = [plain[-1][column]]
        for row in reversed(plain[:-1]):
            own = row[column] if column < len(row) else ""
            if own or any(words):
                words.insert(0, next((cell for cell in reversed(row[: column + 1]) if cell), ""))
        named.append(" ".join(dict.fromkeys(word for word in words if word)))
    return named


def _at(value: Any, pointer: str) -> Any:
    """What stands at a JSON pointer. Raises an error of a list or mapping where nothing does."""
    for part in pointer.split("/")[1:]:
        value = value[int(part)] if isinstance(value, list) else value[part.replace("~1", "/").replace("~0", "~")]
    return value


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _scalars(value: Any, way: str) -> Iterator[tuple[str, str]]:
    """The scalars of a row of JSON, each with the way that leads to it."""
    if not isinstance(value, dict | list):
        yield way, _scalar(value)
        return
    for key, member in value.items() if isinstance(value, dict) else enumerate(value):
        step = str(key).replace("~", "~0").replace("/", "~1")
        yield from _scalars(member, f"{way}/{step}" if way else step)


def _plain(value: Any) -> str:
    """A cell of a workbook as text; a number in the 15 digits that a spreadsheet shows."""
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)
