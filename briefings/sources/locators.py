"""A locator and a snapshot's bytes to the raw text that stands there.

In: `row=12,column=Price`, `sheet=GDP,cell=B7`, `json=/data/3/value` or `char=120:135`, the bytes, and the dialect that
lies beside them. Out: the text of the cell or the characters, from which the value can be read again. Locators are
written by `grids` and, for the text of documents, by `statements`. Of a figure that was read by hand out of a document,
its origin follows:
`row=3,column=value,document=report,char=120:135`. It leads a person on; the bytes are those of the table.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np

from briefings.errors import SourceError

from .grids import Grid, letters, open_grid
from .json_rows import at, decoded

CELL = re.compile(r"sheet=(?P<sheet>.*),cell=(?P<letters>[A-Z]{1,3})(?P<row>[0-9]{1,9})", re.DOTALL)
FIELD = re.compile(r"row=(?P<row>[0-9]{1,9}),column=(?P<column>.*)", re.DOTALL)
POINTER = re.compile(r"json=(?P<pointer>/.*)", re.DOTALL)
SPAN = re.compile(r"char=(?P<start>[0-9]{1,9}):(?P<end>[0-9]{1,9})")
ORIGIN = re.compile(r"(?<=.)(,document=[^,]*)?,char=[0-9]{1,9}:[0-9]{1,9}$")
NEEDED = ("suffix", "encoding", "delimiter", "header", "header_rows", "sheet")


def resolve(locator: str, content: bytes, dialect: dict[str, Any]) -> str:
    """The raw text at a locator. Raises `SourceError` where nothing stands there."""
    if found := SPAN.fullmatch(locator):
        return _characters(locator, content, int(found["start"]), int(found["end"]))
    if found := POINTER.fullmatch(locator):
        return _value(locator, content, found["pointer"])
    locator = ORIGIN.sub("", locator)
    settings = {key: dialect.get(key) for key in NEEDED}
    if found := CELL.fullmatch(locator):
        grid = _grid(content, tuple((settings | {"sheet": found["sheet"]}).items()))
        names = [letters(column) for column in range(len(grid.headers))]
        return _text(locator, grid, int(found["row"]), names, found["letters"])
    if found := FIELD.fullmatch(locator):
        grid = _grid(content, tuple(settings.items()))
        return _text(locator, grid, int(found["row"]), list(grid.headers), found["column"])
    ways = "row=12,column=Price, sheet=GDP,cell=B7, json=/data/3/value or char=120:135"
    raise SourceError(f"{locator!r} is no locator of a table or a text; one is written {ways}.")


def _value(locator: str, content: bytes, pointer: str) -> str:
    """A scalar of JSON, a number as it is written."""
    value = at(_json(content), pointer)
    if value is None or isinstance(value, dict | list):
        raise SourceError(f"{locator!r}: nothing stands there in the snapshot.")
    return str(value)


@lru_cache(maxsize=4)
def _json(content: bytes) -> Any:
    return decoded(content, "the snapshot")


def _characters(locator: str, content: bytes, start: int, end: int) -> str:
    """Characters of a text: snapshots of documents are the text that was read out of them, as UTF-8."""
    try:
        text = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{locator!r}: the snapshot is no text; documents have one of their own beside it."
        ) from error
    if not start < end <= len(text):
        raise SourceError(f"{locator!r}: nothing stands there in the snapshot.")
    return text[start:end]


@lru_cache(maxsize=4)
def _grid(content: bytes, settings: tuple[tuple[str, Any], ...]) -> Grid:
    """The grid of a snapshot, kept at hand: an edition has hundreds of locators in the same bytes."""
    return open_grid(content, dict(settings), "the snapshot")


def _text(locator: str, grid: Grid, row: int, names: list[str], name: str) -> str:
    position = int(np.searchsorted(grid.rows, row))
    if name not in names or position >= len(grid.rows) or grid.rows[position] != row:
        raise SourceError(f"{locator!r}: nothing stands there in the snapshot.")
    return str(grid.columns[names.index(name)][position].as_py())
