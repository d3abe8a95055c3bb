"""A locator and a snapshot's bytes to the raw text that stands there.

In: `row=12,column=Price` or `sheet=GDP,cell=B7`, the bytes, and the dialect that lies beside them. Out: the text of the
cell, from which its value can be read again. Locators are written by `grids`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np

from briefings.errors import SourceError

from .grids import Grid, letters, open_grid

CELL = re.compile(r"sheet=(?P<sheet>.*),cell=(?P<letters>[A-Z]{1,3})(?P<row>[0-9]{1,9})", re.DOTALL)
FIELD = re.compile(r"row=(?P<row>[0-9]{1,9}),column=(?P<column>.*)", re.DOTALL)
NEEDED = ("suffix", "encoding", "delimiter", "header", "sheet")


def resolve(locator: str, content: bytes, dialect: dict[str, Any]) -> str:
    """The raw text at a locator. Raises `SourceError` where nothing stands there."""
    settings = {key: dialect.get(key) for key in NEEDED}
    if found := CELL.fullmatch(locator):
        grid = _grid(content, tuple((settings | {"sheet": found["sheet"]}).items()))
        names = [letters(column) for column in range(len(grid.headers))]
        return _text(locator, grid, int(found["row"]), names, found["letters"])
    if found := FIELD.fullmatch(locator):
        grid = _grid(content, tuple(settings.items()))
        return _text(locator, grid, int(found["row"]), list(grid.headers), found["column"])
    raise SourceError(f"{locator!r} is no locator of a table; one is written row=12,column=Price or sheet=GDP,cell=B7.")


@lru_cache(maxsize=4)
def _grid(content: bytes, settings: tuple[tuple[str, Any], ...]) -> Grid:
    """The grid of a snapshot, kept at hand: an edition has hundreds of locators in the same bytes."""
    return open_grid(content, dict(settings), "the snapshot")


def _text(locator: str, grid: Grid, row: int, names: list[str], name: str) -> str:
    position = int(np.searchsorted(grid.rows, row))
    if name not in names or position >= len(grid.rows) or grid.rows[position] != row:
        raise SourceError(f"{locator!r}: nothing stands there in the snapshot.")
    return str(grid.columns[names.index(name)][position].as_py())
