"""JSON to a grid of text: the rows of a web service's answer.

In: the bytes of one answer and where its list of rows stands. Out: a `Grid` whose locators are JSON pointers
(RFC 6901), `json=/1/3/value`. A row is an object, whose keys are the headers (`country/value` for what lies deeper), or
a list, whose headers stand in the first row. Numbers stay as they are written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from briefings.errors import SourceError

from .grids import Grid, check_headers, tidy

MOST_HEADERS = 2_000
MOST_LISTS_NAMED = 8
DEEPEST = 100


def decoded(content: bytes, shown: str) -> Any:
    """The JSON in these bytes, numbers as text. Raises `SourceError`."""
    try:
        return json.loads(content, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        begins = content.lstrip()[:40].decode("utf-8", "replace")
        why = "it is nested too deep" if isinstance(error, RecursionError) else f"it begins with {begins!r}"
        raise SourceError(f"{shown}: the answer is no JSON; {why}. Correct the request, or `format`.") from None


def at(value: Any, pointer: str) -> Any:
    """What stands at a JSON pointer; None where nothing does."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    return value


def rows_at(value: Any, pointer: str | None, shown: str) -> list[Any]:
    """The list of rows; nothing at a pointer is a list without rows. Raises `SourceError` where it is no list."""
    found = at(value, pointer or "")
    if found is None and pointer:
        return []
    if not isinstance(found, list):
        lists = [place for place, _ in _lists(value, "", 0)]
        named = ", ".join(lists[:MOST_LISTS_NAMED]) or "nowhere"
        raise SourceError(
            f"{shown}: no list of rows stands at {pointer or 'the top'}; lists stand at {named}. Set `rows`."
        )
    return found


def _lists(value: Any, place: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    """Where lists stand in JSON, but for those within them."""
    if isinstance(value, list) and place:
        yield place, value
    elif depth < DEEPEST:
        members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, member in members:
            yield from _lists(member, f"{place}/{_escaped(str(key))}", depth + 1)


def open_rows(content: bytes, pointer: str | None, shown: str, expected: Sequence[str] = ()) -> Grid:
    """The grid of an answer. `rows` counts from 0, as a pointer does.

    Raises `SourceError` where there is none, a header stands twice, or an expected one is lacking.
    """
    rows = rows_at(decoded(content, shown), pointer, shown)
    if not rows:
        raise SourceError(f"{shown}: there are no rows at {pointer or 'the top'}; correct `rows`, or the request.")
    table = all(isinstance(row, list) for row in rows)
    if not table and not all(isinstance(row, dict) for row in rows):
        raise SourceError(f"{shown}: the rows at {pointer or 'the top'} are neither objects nor lists alone.")
    first = 1 if table else 0
    flat = [dict(_cells(row, "", 0)) for row in rows]
    keys = list(dict.fromkeys(key for row in flat for key in row))
    if len(keys) > MOST_HEADERS:
        raise SourceError(f"{shown}: the rows have {len(keys)} keys (at most {MOST_HEADERS}); correct `rows`.")
    headers = [flat[0].get(key, "") for key in keys] if table else keys
    names = tuple(map(tidy, headers))
    check_headers(names, expected, shown)
    columns = tuple(pa.chunked_array([[row.get(key, "") for row in flat[first:]]], pa.string()) for key in keys)
    numbers = np.arange(first, len(rows), dtype=np.int32)
    return Grid(names, columns, numbers, pointer=pointer or "", keys=tuple(keys))


def _cells(value: Any, place: str, depth: int) -> Iterator[tuple[str, str]]:
    """The scalars of a row, each with the way that leads to it."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if members is None or depth == DEEPEST:
        yield place, _text(value)
        return
    for key, member in members:
        step = _escaped(str(key))
        yield from _cells(member, f"{place}/{step}" if place else step, depth + 1)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
