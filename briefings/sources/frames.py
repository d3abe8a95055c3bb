"""Pieces of tables to the one long frame.

In: pieces, each a run of rows that share their constants, as numbers into vocabularies. Out: the frame of an
observation's columns, without repetitions and without keys that are told two values. What a row means was decided in
`tabular`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from briefings.observations import COLUMNS, KEY

from .labels import Codes, Vocabulary
from .reading import Conflict, Told

#: Columns with few distinct values, kept as numbers into a vocabulary.
CODED = (
    "place",
    "indicator",
    "breakdown",
    "period",
    "kind",
    "basis",
    "counted_from",
    "unit",
    "status",
    "snapshot",
    "file",
)


@dataclass(frozen=True)
class Piece:
    """Rows that became observations. `codes` numbers the values of `CODED` columns in the vocabularies."""

    codes: Mapping[str, Codes | int]
    published: Codes
    values: npt.NDArray[np.float64]
    locators: pa.Array
    quotes: pa.ChunkedArray


class Gathering:
    """Collects pieces and makes one frame of them."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.vocabularies: dict[str, Vocabulary[str]] = {name: Vocabulary() for name in CODED}
        self.days: Vocabulary[date] = Vocabulary()
        self.pieces: list[Piece] = []

    def code(self, column: str, value: str) -> int:
        return self.vocabularies[column].code(value)

    def frame(self) -> pd.DataFrame:
        """All pieces below one another; text columns of few values are categories. `file` comes on top of COLUMNS."""
        rows = sum(len(piece.values) for piece in self.pieces)
        columns: dict[str, Any] = {name: self._coded(name) for name in CODED}
        columns |= {
            "value": np.concatenate([piece.values for piece in self.pieces]),
            "published": self._published(),
            "locator": _text([piece.locators for piece in self.pieces]),
            "quote": _text([chunk for piece in self.pieces for chunk in piece.quotes.chunks]),
            "source": _constant(self.source, rows),
            "of": _constant("", rows),
            "qualifier": _constant("exact", rows),
            "confidence": np.ones(rows),
        }
        columns["target"] = np.asarray(columns["status"] == "target")
        self.pieces = []
        order = [name for name in COLUMNS if name != "recorded_at"]
        return pd.DataFrame({name: columns[name] for name in (*order, "file")})

    def _coded(self, name: str) -> pd.Categorical:
        parts = []
        for piece in self.pieces:
            codes = piece.codes[name]
            parts.append(np.full(len(piece.values), codes, dtype=np.int32) if isinstance(codes, int) else codes)
        return pd.Categorical.from_codes(
            np.concatenate(parts), categories=pd.Index(self.vocabularies[name].values, dtype="str")
        )

    def _published(self) -> Any:
        days = np.array(self.days.values, dtype=object)
        return days[np.concatenate([piece.published for piece in self.pieces])]


def _constant(value: str, rows: int) -> pd.Categorical:
    return pd.Categorical.from_codes(np.zeros(rows, dtype=np.int8), categories=pd.Index([value], dtype="str"))


def _text(arrays: list[pa.Array]) -> pd.Series[str]:
    return pd.Series(pd.array(pa.chunked_array(arrays, pa.string()), dtype="str"))


@dataclass(frozen=True)
class Settled:
    """One row a key and day of publication: what counts, and the rows that contradict one another, of which none does;
    these as conflicts in order of key; the number of repetitions. `frame` and `contradicting` are observations."""

    frame: pd.DataFrame
    contradicting: pd.DataFrame
    conflicts: tuple[Conflict, ...] = ()
    duplicates: int = 0


def settle(told: pd.DataFrame) -> Settled:
    """One row a key and day of publication, of what a source told (with its `file`). Equal values are told once, and
    counted; of different values none is taken: they are a `Conflict`."""
    settled, contradicting, conflicts, duplicates = _settle(told)
    return Settled(settled.drop(columns="file"), contradicting.drop(columns="file"), conflicts, duplicates)


def _settle(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, tuple[Conflict, ...], int]:
    key = [*KEY, "published"]
    repeated = pd.Series(_together(frame[key])).duplicated(keep=False).to_numpy()
    if not repeated.any():
        return frame, frame.iloc[:0], (), 0
    twice = frame[repeated]
    # A value beside the mark of a withheld one differs from it, as two values do.
    marked = twice.assign(value=twice["value"].fillna(np.inf))
    distinct = marked.groupby(key, observed=True, sort=True)[["value", "unit"]].transform("nunique")
    differs = (distinct["value"] > 1) | (distinct["unit"] > 1)
    conflicts = tuple(_conflict(group) for _, group in twice[differs].groupby(key, observed=True, sort=True))
    same = twice[~differs]
    surplus = same.index[same.duplicated(key, keep="first")]
    frame = frame.drop(index=twice.index[differs].union(surplus))
    return frame, twice[differs], conflicts, len(surplus)


def _together(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The rows as one number each, equal where they are equal in every column."""
    numbers = np.zeros(len(frame), dtype=np.int64)
    for name in frame.columns:
        codes, distinct = pd.factorize(frame[name])
        if len(distinct) > 1:
            # factorized again each time, the numbers stay below the square of the number of rows
            numbers = pd.factorize(numbers * len(distinct) + codes)[0]
    return numbers


def _conflict(group: pd.DataFrame) -> Conflict:
    rows: list[dict[Any, Any]] = group.to_dict("records")
    about = {name: rows[0][name] for name in ("indicator", "place", "breakdown", "period", "kind")}
    names = ("value", "unit", "locator", "quote", "snapshot", "file")
    return Conflict(**about, told=tuple(Told(**{name: row[name] for name in names}) for row in rows))
