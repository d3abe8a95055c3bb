"""Facts to observations: tables whose columns are those of an observation, a row a figure.

In: a `Source` of kind facts, the catalogue, the files. Out: a `Reading`. So figures come that were read out of running
text, each of its own kind and unit. What a row says of its figure is understood in `signatures`, values are read by
`values`, of figures told twice `frames` keeps one; tables of a single kind of figure are read in `tabular`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from briefings.catalogue import Catalogue
from briefings.configuration import Source
from briefings.errors import SourceError
from briefings.observations import COLUMNS

from . import signatures
from .cells import CellReader
from .files import dialect_of
from .frames import settle
from .grids import Grid, open_grid, tidy
from .labels import Labels, understand
from .raw import Raw
from .reading import Keep, Reading, Reject
from .signatures import Meaning, Signature, Units, origin, problem_of_span, problem_of_time
from .values import Target, read_values

REQUIRED = ("place", "indicator", "period", "value")
#: Columns about a figure that are no part of an observation: they stay in the file, where its locator leads.
BESIDE = ("topic", "optional")
SAID = tuple(Signature.__dataclass_fields__)


def read(
    identifier: str, source: Source, *, catalogue: Catalogue, raw: Sequence[Raw], keep: Keep, today: date
) -> Reading:
    """What the files of a source of facts say.

    `place`, `indicator`, `period` and `value` must be there; another column left out, or an empty cell of it, means the
    indicator's own unit, a level, actual, exact, no breakdown and no basis. `out_of` only checks the rank beside it.
    `document`, `start` and `end` say where in running text a figure was read, and follow its locator; `quote` holds the
    words that were read there. A share of an indicator that is itself in percent is kept as its level. Of equal figures
    one is kept; different values on one key are a conflict, and none is taken. Raises `SourceError` where no file can
    be read (opened, with the columns that it needs), or where no observation comes of it all; of several files one that
    cannot be read costs only itself.
    """
    reader = _Reader(source, catalogue)
    for each in raw:
        shown = each.shown
        try:
            content = each.read()
            dialect = dialect_of(identifier, source, each.suffix, shown, today) | each.dialect
            snapshot = keep(content, dialect)
            grid = open_grid(content, dialect, shown, reader.expected)
            constants = {"source": identifier, "snapshot": snapshot, "file": shown}
            _File(reader, grid, shown, constants, date.fromisoformat(dialect["first_seen"])).read()
        except SourceError as error:
            if len(raw) == 1:
                raise
            reader.failed.append(str(error))
    return reader.reading()


@dataclass(frozen=True, slots=True)
class _Row:
    """A row that makes sense but for its value: its number in the grid, what it tells, and its unit."""

    number: int
    told: Mapping[str, Any]
    target: Target


class _Reader:
    """One source: what was gathered from its files so far."""

    def __init__(self, source: Source, catalogue: Catalogue) -> None:
        self.source = source
        self.columns: dict[str, Meaning] = signatures.columns(catalogue)
        self.absent = {name: meaning("") for name, meaning in self.columns.items() if name not in REQUIRED}
        self.day = tidy(source.published.column) if source.published.column is not None else None
        self.expected = (*REQUIRED, *([self.day] if self.day else []))
        self.units = Units(catalogue)
        self.cells = CellReader(source.missing_marks, source.decimal)
        self.rows: list[dict[str, Any]] = []
        self.rejects: list[Reject] = []
        self.files: list[str] = []
        self.failed: list[str] = []
        self.unread: dict[str, None] = {}
        self.missing = 0

    def published(self, end: date, first_seen: date) -> date:
        """The day of publication by the source's rule: never after the file was first seen."""
        day = self.source.published.on(period_end=end, first_seen=first_seen) or first_seen
        return min(day, first_seen) if self.source.published.days_after_period is not None else day

    def reading(self) -> Reading:
        """All that was read. Raises `SourceError` where that is no observation at all."""
        if not self.rows:
            nothing = [f"{', '.join(self.files)}: no observation; {self._why_nothing()}."] if self.files else []
            raise SourceError("\n".join([*self.failed, *nothing]))
        names = [*(name for name in COLUMNS if name != "recorded_at"), "file"]
        settled = settle(pd.DataFrame(self.rows, columns=names))
        return Reading(
            frame=settled.frame,
            rejects=tuple(self.rejects),
            conflicts=settled.conflicts,
            contradicting=settled.contradicting,
            files=tuple(self.files),
            columns_unread=tuple(self.unread),
            missing=self.missing,
            duplicates=settled.duplicates,
            failed=tuple(self.failed),
        )

    def _why_nothing(self) -> str:
        if not self.rejects:
            return f"{self.missing} cells hold marks for no value"
        reason, times = Counter(reject.reason for reject in self.rejects).most_common(1)[0]
        return f"{len(self.rejects)} rows were rejected. {times} times: {reason}"


@dataclass
class _File:
    """One file of a source."""

    reader: _Reader
    grid: Grid
    shown: str
    constants: Mapping[str, str]
    first_seen: date
    labels: dict[str, Labels[Any]] = field(default_factory=dict)

    def read(self) -> None:
        """Add the file's observations and rejects to those of its source."""
        reader, headers = self.reader, self.grid.headers
        if not len(self.grid.rows) and not self.grid.broken:
            raise SourceError(f"{self.shown}: there are headers, and no rows below them.")
        reader.files.append(self.shown)
        reader.rejects += self.grid.broken
        known = {*reader.columns, *reader.expected, *BESIDE}
        reader.unread |= dict.fromkeys(header for header in headers if header and header not in known)
        days = {reader.day: signatures.day} if reader.day else {}
        self.labels = {
            name: understand(self.grid.columns[headers.index(name)], meaning)
            for name, meaning in (reader.columns | days).items()
            if name in headers
        }
        self._take(list(self._rows()))

    def _rows(self) -> Iterator[_Row]:
        """The rows whose labels make sense; the others are rejected, each with its first reason."""
        units, day = self.reader.units, self.reader.day
        for number in range(len(self.grid.rows)):
            told, problem = self._told(number)
            if problem is None:
                told["published"] = told[day] if day else self.reader.published(told["period"].end, self.first_seen)
                said = Signature(**{name: told[name] for name in SAID})
                problem = said.problem() or _problem(told)
            if problem is not None:
                self._reject(number, *problem)
                continue
            said = units.as_kept(said)
            yield _Row(number, told | {"kind": said.kind, "basis": said.basis}, units.target(said))

    def _told(self, number: int) -> tuple[dict[str, Any], tuple[str, str] | None]:
        """What the columns say of a row; or the first column that makes no sense, and why."""
        told = {name: labels.values[labels.codes[number]] for name, labels in self.labels.items()}
        for name, value in told.items():
            if value is None:
                labels = self.labels[name]
                return told, (name, labels.reasons[labels.codes[number]])
        return self.reader.absent | told, None

    def _take(self, rows: Sequence[_Row]) -> None:
        """Read the values of these rows, each brought to its unit."""
        if not rows:
            return
        numbers: dict[Target, int] = {}
        which = np.array([numbers.setdefault(row.target, len(numbers)) for row in rows], dtype=np.int32)
        texts = self.grid.columns[self.grid.headers.index("value")].take([row.number for row in rows])
        read = read_values(texts, list(numbers), which, self.reader.cells)
        self.reader.missing += int(read.missing.sum())
        for index, (row, text) in enumerate(zip(rows, texts.to_pylist(), strict=True)):
            if index in read.reasons:
                self._reject(row.number, "unit" if row.target.wrong else "value", read.reasons[index])
            elif not read.missing[index]:
                self._add(row, float(read.values[index]), text)

    def _add(self, row: _Row, value: float, quote: str) -> None:
        """Make an observation of a row with its value in base units."""
        out_of = row.told["out_of"]
        if row.told["kind"] == "rank" and not (value.is_integer() and 1 <= value <= (out_of or value)):
            among = f" among {out_of}" if out_of else ""
            self._reject(row.number, "value", f"{quote!r} is no rank{among}; ranks are whole numbers from 1")
            return
        told = {name: found for name, found in row.told.items() if name in COLUMNS}
        told |= {"period": str(told["period"]), "value": value, "unit": row.target.unit}
        locator = self._locator(row.number, "value") + origin(
            *(row.told[name] for name in ("document", "start", "end"))
        )
        told |= {"target": told["status"] == "target", "locator": locator, "quote": told["quote"] or quote}
        self.reader.rows.append(told | dict(self.constants))

    def _locator(self, number: int, column: str) -> str:
        return self.grid.locator(int(self.grid.rows[number]), self.grid.headers.index(column))

    def _reject(self, number: int, column: str, reason: str) -> None:
        column = column if column in self.grid.headers else "value"
        text = str(self.grid.columns[self.grid.headers.index(column)][number].as_py())
        self.reader.rejects.append(Reject(self._locator(number, column), reason, text, self.shown))


def _problem(told: Mapping[str, Any]) -> tuple[str, str] | None:
    """The column and the reason why a row that makes sense word by word makes none as a whole."""
    in_time = problem_of_time(told["status"], told["period"], told["published"])
    return in_time or problem_of_span(told["start"], told["end"])
