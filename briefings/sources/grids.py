"""Bytes of a table to a grid of text cells.

In: the bytes of one file and the dialect in which they are written. Out: a `Grid`: headers, and below them columns of
text, each row with the number by which a person finds it. No type is guessed: 000001 and NA stay what they are. Records
come from `texts` and `workbooks`; what a column means is decided in `tabular`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from briefings.configuration import suggest
from briefings.errors import SourceError

from .files import check_text
from .reading import Reject
from .texts import DELIMITERS, Record, Text

CHUNK = 5000  # rows
ROWS_SEARCHED = 30  # for the headers, where they are not in the declared row
MOST_NAMED = 20  # headers in a message
MOST_CELLS = 200_000_000  # of a Parquet file
MOST_BYTES = 1 << 30  # of the texts of one of its columns
FLOATS_AT_ONCE = 100_000
LONGEST_SHOWN = 500  # characters of a broken row

Rows = npt.NDArray[np.int32]

# Arrow's own allocator keeps what it has freed: a sixth of the peak when a million rows are read.
pa.set_memory_pool(pa.system_memory_pool())


class Table(Protocol):
    """What `texts` and `workbooks` open: a sheet's name, or None, and records."""

    @property
    def sheet(self) -> str | None: ...

    def records(self, first: int, width: int | None = None) -> Iterator[Record]: ...


@dataclass(frozen=True)
class Grid:
    """A table of text. `rows` holds for each row its number in the file, from 1; `sheet` is set for workbooks, and for
    JSON `pointer`, which leads to the list of rows, counted from 0, and `keys`, which lead from a row to its cells.

    `broken` are rows whose cells cannot be told apart.
    """

    headers: tuple[str, ...]
    columns: tuple[pa.ChunkedArray, ...]
    rows: Rows
    sheet: str | None = None
    broken: tuple[Reject, ...] = ()
    pointer: str | None = None
    keys: tuple[str, ...] = ()

    def locator(self, row: int, column: int) -> str:
        """Where one cell stands."""
        return str(self.locators(np.array([row], dtype=np.int32), column)[0].as_py())

    def locators(self, rows: Rows, column: int) -> pa.Array:
        """Where the cells of one column stand, an array of text."""
        numbers = pc.cast(pa.array(rows), pa.string())
        if self.sheet is not None:
            return pc.binary_join_element_wise(f"sheet={self.sheet},cell={letters(column)}", numbers, "")
        if self.pointer is not None:
            return pc.binary_join_element_wise(f"json={self.pointer}/", numbers, f"/{self.keys[column]}", "")
        return pc.binary_join_element_wise("row=", numbers, f",column={self.headers[column]}", "")


def letters(column: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def tidy(header: str) -> str:
    """A header on one line, without the space around it."""
    return re.sub(r"\s+", " ", header).strip()


def open_grid(content: bytes, dialect: dict[str, Any], shown: str, expected: Sequence[str] = ()) -> Grid:
    """The grid in these bytes.

    `dialect`: `suffix`, `encoding`, `delimiter`, `header` (the row of the headers, from 1), `header_rows` (how many
    rows they take), `footer` (how many rows to leave out at the end), `sheet`, `rows` (a pointer to the list of rows of
    JSON). `expected` are the headers that the source asks for, `shown` is the file's name in messages. Raises
    `SourceError` where there is no table, a header stands twice, or an expected one is lacking.
    """
    if dialect["suffix"] == ".parquet":
        grid = _parquet(content, shown, expected)
        check_headers(grid.headers, expected, shown)
        return grid
    if dialect["suffix"] == ".json":
        from .json_rows import open_rows

        return open_rows(content, dialect.get("rows"), shown, expected)
    table = open_table(content, dialect, shown)
    header = dialect.get("header") or 1
    first = next(table.records(header), None)
    if first is None:
        raise SourceError(
            f"{shown}: the table ends before row {header}, where its headers should stand; correct `header`."
        )
    body = table.records(first.row, len(first.fields))
    headers = joined([record.fields for record in islice(body, dialect.get("header_rows") or 1)])
    check_headers(headers, expected, f"{shown}, row {header}", lambda: _headers_elsewhere(table, expected, headers))
    return _gather(headers, table.sheet, body, dialect.get("footer") or 0, shown)


def joined(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The headers of columns, of one row or of several: what is above, then what is below. A cell of an upper row that
    is merged over several columns stands in the first of them, and counts for the others that have one below."""
    *upper, lowest = [[tidy(cell) for cell in row] for row in rows]
    heads = [[cell] for cell in lowest]
    for row in reversed(upper):
        above = ""
        for column, head in enumerate(heads):
            own = row[column] if column < len(row) else ""
            above = own or above
            if own or any(head):
                head.insert(0, above)
    return tuple(" ".join(dict.fromkeys(filter(None, head))) for head in heads)


def open_table(content: bytes, dialect: dict[str, Any], shown: str) -> Table:
    """The text or the sheet in these bytes."""
    suffix = dialect["suffix"]
    if suffix in DELIMITERS:
        encoding = dialect.get("encoding") or "utf-8"
        check_text(content, encoding, shown)
        return Text(content, encoding, dialect.get("delimiter") or DELIMITERS[suffix])
    from .workbooks import open_sheet

    return open_sheet(content, dialect.get("sheet"), shown)


def _gather(headers: tuple[str, ...], sheet: str | None, body: Iterator[Record], footer: int, shown: str) -> Grid:
    """Records to columns, a chunk at a time, so that no second copy of a large table is held."""
    columns: list[list[pa.Array]] = [[] for _ in headers]
    numbers: list[Rows] = [np.zeros(0, dtype=np.int32)]
    broken: list[Reject] = []
    last: list[int] = []
    while chunk := list(islice(body, CHUNK)):
        broken += [
            Reject(f"row={row}", reason, " | ".join(fields).strip()[:LONGEST_SHOWN], shown)
            for row, fields, reason in chunk
            if reason
        ]
        last = [*last, *(record.row for record in chunk[-footer:])][-footer:] if footer else []
        good = [record for record in chunk if not record.broken]
        numbers.append(np.array([record.row for record in good], dtype=np.int32))
        for column, texts in zip(columns, zip(*(record.fields for record in good), strict=True), strict=False):
            column.append(pa.array(texts, pa.string()))
    end = last[0] if last else np.iinfo(np.int32).max
    rows = np.concatenate(numbers)
    kept = int(np.searchsorted(rows, end))
    return Grid(
        headers,
        tuple(pa.chunked_array(column, pa.string()).slice(0, kept) for column in columns),
        rows[:kept],
        sheet,
        tuple(reject for reject in broken if int(reject.locator.removeprefix("row=")) < end),
    )


def _parquet(content: bytes, shown: str, expected: Sequence[str]) -> Grid:
    """Parquet has types of its own; they are written as text, so that one way leads from a cell to a number.

    A column of another type (lists, bytes that are no text) is refused where the source asks for it, else empty.
    """
    try:
        with pq.ParquetFile(io.BytesIO(content)) as file:
            cells = file.metadata.num_rows * len(file.schema_arrow)
            if cells > MOST_CELLS:  # ten bytes of Parquet can say "the same a million times"
                raise SourceError(f"{shown}: {cells} cells are too many (at most {MOST_CELLS}); split the file.")
            words = [
                name
                for name, kind in zip(file.schema_arrow.names, file.schema_arrow.types, strict=True)
                if _is_text(kind)
            ]
        with pq.ParquetFile(io.BytesIO(content), read_dictionary=words) as file:
            table = file.read()
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{shown}: not a Parquet file that can be read: {error}") from None
    columns = tuple(
        _as_text(column, name, shown, asked=tidy(name) in expected)
        for name, column in zip(table.column_names, table.columns, strict=True)
    )
    headers = tuple(tidy(name) for name in table.column_names)
    return Grid(headers, columns, np.arange(1, table.num_rows + 1, dtype=np.int32))


def _as_text(column: pa.ChunkedArray, name: str, shown: str, *, asked: bool) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        _must_fit(column, shown)
        column = column.cast(column.type.value_type)
    try:
        return pc.fill_null(_plain(column).cast(pa.string()), "")
    except pa.ArrowException as error:
        if not asked:
            return pa.chunked_array([pa.nulls(len(column), pa.string()).fill_null("")])
        what = f"the column {name!r} holds {column.type}, which cannot be read ({error})"
        raise SourceError(f"{shown}: {what}; write text, numbers or days.") from None


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _must_fit(column: pa.ChunkedArray, shown: str) -> None:
    """Refuse texts that are short only as long as each is kept once: Parquet can say a book a million times."""
    size = 0
    for chunk in column.chunks:
        if _is_text(column.type.value_type):
            size += pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices.fill_null(0))).as_py() or 0
    if size > MOST_BYTES:
        raise SourceError(f"{shown}: its texts come to {size >> 20} MB (at most {MOST_BYTES >> 20}); split the file.")


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column in a type that has one way to be written: numbers in full, instants on the clock of their zone, those
    that are all at midnight as days."""
    if pa.types.is_floating(column.type):
        return pa.chunked_array([_written(chunk) for chunk in _pieces(column)], pa.string())
    if not pa.types.is_timestamp(column.type):
        return column
    wall = pc.local_timestamp(column) if column.type.tz else column
    days = wall.cast(pa.date32(), safe=False)
    return days if pc.all(pc.equal(days.cast(wall.type), wall)).as_py() else wall.cast(pa.timestamp("s"), safe=False)


def _pieces(column: pa.ChunkedArray) -> Iterator[pa.Array]:
    """A column in pieces of which each may become Python's objects."""
    for chunk in column.chunks:
        for start in range(0, len(chunk), FLOATS_AT_ONCE):
            yield chunk.slice(start, FLOATS_AT_ONCE)


def _written(floats: pa.Array) -> pa.Array:
    """Numbers in full; none for what is no number."""
    texts = [None if value is None or value != value else repr(value) for value in floats.to_pylist()]  # noqa: PLR0124
    return pa.array(texts, pa.string())


def check_headers(headers: Sequence[str], expected: Sequence[str], where: str, elsewhere: Any = lambda: "") -> None:
    """That no header stands twice and none is lacking; the message says what stands there and what was meant."""
    for position, header in enumerate(headers):
        if header and header in headers[:position]:
            first = headers.index(header) + 1
            raise SourceError(
                f"{where}: the header {header!r} stands twice, in columns {first} and {position + 1}; rename one."
            )
    lacking = [name for name in expected if tidy(name) not in headers]
    if not lacking:
        return
    present = [repr(name) for name in headers if name]
    shown = ", ".join(present[:MOST_NAMED]) + (f" ... ({len(present)} in all)" if len(present) > MOST_NAMED else "")
    meant = [f"{close!r} for {name!r}" for name in lacking if (close := suggest(name, [h for h in headers if h]))]
    hint = f" Did you mean {', '.join(meant)}?" if meant else ""
    what = "the columns" if len(lacking) > 1 else "the column"
    verb = "are" if len(lacking) > 1 else "is"
    names = ", ".join(repr(name) for name in lacking)
    raise SourceError(f"{where}: {what} {names} {verb} lacking; found: {shown or 'no headers'}.{hint}{elsewhere()}")


def _headers_elsewhere(table: Table, expected: Sequence[str], headers: Sequence[str]) -> str:
    """A hint where the headers stand in another row, or another delimiter parts them."""
    for record in islice(table.records(1), ROWS_SEARCHED):
        if {tidy(name) for name in expected} <= {tidy(cell) for cell in record.fields}:
            return f" Row {record.row} has them: set `header: {record.row}`."
    if isinstance(table, Text):
        for sign, name in ((",", "','"), (";", "';'"), ("\t", "tab"), ("|", "'|'")):
            other = next(replace(table, delimiter=sign).records(1), None)
            if sign != table.delimiter and other and {tidy(n) for n in expected} <= {tidy(c) for c in other.fields}:
                return f" Parted by {name} they are there: set `delimiter: {name}`."
    return ""
