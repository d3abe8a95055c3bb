"""Tables to observations: CSV, TSV, workbooks and Parquet, long or wide, as the source declares them.

In: a `Source`, the catalogue, the files. Out: a `Reading`. Files are opened by `files` and `grids`, `layout` knows what
stands where, texts are understood by `labels` and `values`, `frames` makes one frame of all; here every cell becomes an
observation or gets its reason. What becomes of observations is decided in `store`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from briefings.catalogue import Catalogue
from briefings.configuration import Source
from briefings.errors import AmbiguousPeriodError, SourceError, UnitError
from briefings.observations import CONFIDENTIAL
from briefings.periods import Period

from .cells import CellReader
from .files import dialect_of
from .frames import Gathering, Piece, settle
from .grids import Grid, letters, open_grid, tidy
from .labels import Codes, Labels, encode, understand
from .layout import LabelColumn, Layout, ValueColumn
from .raw import Raw
from .reading import Keep, Reading, Reject
from .values import Target, Targets, read_values


def read(
    identifier: str, source: Source, *, catalogue: Catalogue, raw: Sequence[Raw], keep: Keep, today: date
) -> Reading:
    """What the files of a table source say, or the answers of a database or a service.

    Published is a declared day, what a column says, some days after the period (but never later than the day on which
    these bytes were first seen), or that day itself. Raises `SourceError` where no file can be read (opened, with the
    headers that are declared, without a date that could be two), or where no observation comes of it all; of several
    files one that cannot be read costs only itself.
    """
    reader = _Reader(identifier, source, catalogue)
    for each in raw:
        shown = each.shown
        before = reader.mark()
        try:
            content = each.read()
            dialect = dialect_of(identifier, source, each.suffix, shown, today) | each.dialect
            snapshot = keep(content, dialect)
            grid = open_grid(content, dialect, shown, reader.layout.expected)
            _Table(reader, grid, shown, snapshot, (date.fromisoformat(dialect["first_seen"]), today)).read()
        except SourceError as error:
            if len(raw) == 1:
                raise
            reader.go_back(before)
            reader.failed.append(str(error))
    return reader.reading()


class _Reader:
    """One source: what was gathered from its files so far."""

    def __init__(self, identifier: str, source: Source, catalogue: Catalogue) -> None:
        self.source = source
        self.layout = Layout(identifier, source, catalogue)
        self.cells = CellReader(source.missing_marks, source.decimal, source.confidential)
        self.targets = Targets(catalogue)
        self.gathering = Gathering(identifier)
        self.rejects: list[Reject] = []
        self.files: list[str] = []
        self.failed: list[str] = []
        self.unread: dict[str, None] = {}
        self.skipped = self.missing = 0

    def mark(self) -> tuple[int, ...]:
        """How much was gathered so far, for `go_back`."""
        gathered = (len(self.gathering.pieces), len(self.rejects), len(self.files), len(self.unread))
        return (*gathered, self.skipped, self.missing)

    def go_back(self, mark: tuple[int, ...]) -> None:
        """Forget what was gathered since the mark."""
        pieces, rejects, files, unread, self.skipped, self.missing = mark
        del self.gathering.pieces[pieces:], self.rejects[rejects:], self.files[files:]
        self.unread = dict.fromkeys(list(self.unread)[:unread])

    def reading(self) -> Reading:
        """All that was read. Raises `SourceError` where that is no observation at all."""
        if not self.gathering.pieces:
            nothing = [f"{', '.join(self.files)}: {self._nothing()}"] if self.files else []
            raise SourceError("\n".join([*self.failed, *nothing]))
        settled = settle(self.gathering.frame())
        return Reading(
            frame=settled.frame,
            rejects=tuple(self.rejects),
            conflicts=settled.conflicts,
            contradicting=settled.contradicting,
            skipped=self.skipped,
            files=tuple(self.files),
            columns_unread=tuple(self.unread),
            missing=self.missing,
            duplicates=settled.duplicates,
            failed=tuple(self.failed),
        )

    def _nothing(self) -> str:
        """Why a source has no observation: the most frequent reason, and where it is met first."""
        if not self.rejects:
            return f"no observation: {self.missing} cells hold marks for no value, {self.skipped} rows are skipped."
        reason, times = Counter(reject.reason for reject in self.rejects).most_common(1)[0]
        first = next(reject for reject in self.rejects if reject.reason == reason)
        where = f"{first.file}, {first.locator}"
        many = len(self.rejects)
        count = "1 row or cell was rejected" if many == 1 else f"{many:,} rows or cells were rejected"
        often = "Once" if times == 1 else f"{times:,} times, first"
        return f"no observation; {count}. {often} at {where}: {reason.rstrip('.')}."


class _Table:
    """One file of a source."""

    def __init__(self, reader: _Reader, grid: Grid, shown: str, snapshot: str, seen: tuple[date, date]) -> None:
        """`seen`: the first day and the day of this ingest, on which these bytes were seen."""
        self.reader, self.grid, self.shown, self.seen = reader, grid, shown, seen
        self.source, self.gathering = reader.source, reader.gathering
        self.constants = {"snapshot": snapshot, "file": shown}
        self.labels: dict[str, Labels[Any]] = {}
        self.members: list[Labels[Any]] = []
        self.chosen: npt.NDArray[np.intp] = np.arange(len(grid.rows))

    def read(self) -> None:
        reader, grid = self.reader, self.grid
        reader.files.append(self.shown)
        reader.rejects += grid.broken
        if not len(grid.rows) and not grid.broken:
            raise SourceError(f"{self.shown}: there are headers, and no rows below them.")
        columns = reader.layout.values(grid.headers, self.shown)
        if reader.layout.is_wide:
            self._must_have_headers()
        used = {*reader.layout.expected, *(grid.headers[column.position] for column in columns)}
        reader.unread |= dict.fromkeys(header for header in grid.headers if header and header not in used)
        self._skip()
        for label in reader.layout.labels:
            self._understand(label)
        for column in columns:
            self._take(column)

    def _must_have_headers(self) -> None:
        """In a wide table what stands below no header is lost, and what stands beside it is taken for the whole: below
        a merged 2025 the first quarter would pass for the year."""
        bare = [
            letters(position)
            for position, header in enumerate(self.grid.headers)
            if not header and any(cell.strip() for cell in self.grid.columns[position].to_pylist())
        ]
        if bare:
            columns = f"column {bare[0]} has" if len(bare) == 1 else f"columns {', '.join(bare)} have"
            raise SourceError(
                f"{self.shown}: {columns} no header, and something stands below. Where the headers take two rows (2025 "
                "over Q1 to Q4), write `header_rows: 2`; else give them a header, or delete them."
            )

    def _column(self, header: str) -> int:
        return self.grid.headers.index(header)

    def _reject(self, row: int, position: int, reason: str, text: str) -> None:
        locator = self.grid.locator(int(self.grid.rows[row]), position)
        self.reader.rejects.append(Reject(locator, reason, text, self.shown))

    def _skip(self) -> None:
        """Leave out the rows that the source declares to be left out, and count them."""
        kept = np.ones(len(self.grid.rows), dtype=bool)
        for header, cells in self.source.skip.items():
            unwanted = {cell.strip() for cell in cells}
            codes, texts = encode(self.grid.columns[self._column(tidy(header))])
            kept &= ~np.array([text.strip() in unwanted for text in texts.to_pylist()], dtype=bool)[codes]
        self.reader.skipped += int((~kept).sum())
        self.chosen = np.flatnonzero(kept)

    def _understand(self, label: LabelColumn) -> None:
        """Read a column of labels; a row whose label means nothing is rejected, once for all of its values."""
        position = self._column(label.header)
        column = self.grid.columns[position]
        try:
            labels = understand(column, label.meaning)
        except AmbiguousPeriodError as error:
            row = int(self.grid.rows[pc.index(column, error.__notes__[0]).as_py()])
            raise SourceError(f"{self.shown}, {self.grid.locator(row, position)}: {error}") from None
        bad = labels.bad[self.chosen]
        for row in self.chosen[bad]:
            code = labels.codes[row]
            self._reject(row, position, labels.reasons[code], labels.texts[code])
        self.chosen = self.chosen[~bad]
        if label.part == "member":
            self.members.append(labels)
        else:
            self.labels[label.part] = labels

    def _take(self, column: ValueColumn) -> None:
        """The observations in one column of values."""
        texts = self.grid.columns[column.position]
        if len(self.chosen) < len(texts):
            texts = texts.take(self.chosen)
        keys = self._keys(column)
        targets, which = self._targets(column, keys)
        read = read_values(texts, targets, which, self.reader.cells)
        withheld = read.withheld | (np.broadcast_to(keys["status"], len(texts)) == self._confidential)
        self.reader.missing += int((read.missing & ~withheld).sum())
        good = ~read.missing | withheld
        for row, reason in sorted(read.reasons.items()):
            if withheld[row]:
                continue
            self._reject(int(self.chosen[row]), column.position, reason, texts[row].as_py())
            good[row] = False
        published = np.broadcast_to(self._published(keys["period"]), len(good))
        for row in np.flatnonzero(good & self._foretold(keys, published)).tolist():
            self._reject(int(self.chosen[row]), column.position, _FORETOLD, texts[row].as_py())
            good[row] = False
        if not good.any():
            return
        if withheld.any():
            keys["status"] = np.where(withheld, self._confidential, keys["status"]).astype(np.int32)
            texts = pa.chunked_array([pc.if_else(pa.array(withheld), "", texts.combine_chunks().cast(pa.string()))])
        units = np.array([self.gathering.code("unit", target.unit) for target in targets], dtype=np.int32)
        self.gathering.pieces.append(
            Piece(
                codes={name: codes if isinstance(codes, int) else codes[good] for name, codes in keys.items()}
                | {"unit": int(units[0]) if len(units) == 1 else units[which[good]]}
                | {name: self.gathering.code(name, value) for name, value in self._said(column).items()},
                published=published[good],
                values=np.where(withheld, np.nan, read.values)[good],
                locators=self.grid.locators(self.grid.rows[self.chosen[good]], column.position),
                quotes=texts if good.all() else texts.filter(good),
            )
        )

    @property
    def _confidential(self) -> int:
        """The number of the status of what the source withholds."""
        return self.gathering.code("status", CONFIDENTIAL)

    def _said(self, column: ValueColumn) -> Mapping[str, str]:
        """What is the same for all values of a column. A table's ranks are counted from the top."""
        counted_from = "top" if column.figure == "rank" else ""
        return self.constants | {"kind": column.figure, "basis": column.basis, "counted_from": counted_from}

    def _keys(self, column: ValueColumn) -> dict[str, Codes | int]:
        """Place, indicator, period, breakdown and status of the chosen rows, as numbers into the vocabularies.

        One number stands for all rows where it is the same for all.
        """
        source = self.source
        fixed = {
            "place": column.place or source.place.is_,
            "indicator": column.indicator or (source.indicator.is_ if source.indicator else None),
            "period": column.period or (self.reader.layout.periods(source.period.is_) if source.period.is_ else None),
            "status": source.status.is_,
        }
        keys = {part: self._coded(part, str(value) if value else None) for part, value in fixed.items()}
        return keys | {"breakdown": self._breakdown(column.members)}

    def _coded(self, part: str, fixed: str | None) -> Codes | int:
        if fixed is not None:
            return self.gathering.code(part, fixed)
        labels = self.labels[part]
        known = [-1 if value is None else self.gathering.code(part, str(value)) for value in labels.values]
        return np.array(known, dtype=np.int32)[labels.codes[self.chosen]]

    def _breakdown(self, members: Sequence[str]) -> Codes | int:
        """The members of all dimensions together, in order of dimension: `industry=coal;sex=female`."""
        if not self.members:
            return self.gathering.code("breakdown", ";".join(sorted(filter(None, members))))
        together = np.zeros(len(self.chosen), dtype=np.int64)
        for labels in self.members:
            together = together * len(labels.values) + labels.codes[self.chosen]
        which, distinct = pd.factorize(together)
        texts = []
        for number in distinct.tolist():
            found, rest = list(members), number
            for labels in reversed(self.members):
                rest, code = divmod(rest, len(labels.values))
                found.append(labels.values[code])
            texts.append(self.gathering.code("breakdown", ";".join(sorted(filter(None, found)))))
        return np.array(texts, dtype=np.int32)[which]

    def _targets(self, column: ValueColumn, keys: Mapping[str, Codes | int]) -> tuple[list[Target], Codes]:
        """The units and scales that occur, and which of them a row has."""
        labels = self.labels.get("unit")
        units = [column.unit] if labels is None else labels.values
        unit_codes = 0 if labels is None else labels.codes[self.chosen]
        places = list(self.gathering.vocabularies["place"].numbers)
        indicators = list(self.gathering.vocabularies["indicator"].numbers)
        together = np.zeros(len(self.chosen), dtype=np.int64)
        for number, among in ((keys["indicator"], indicators), (keys["place"], places), (unit_codes, units)):
            together = together * len(among) + number
        rows, distinct = pd.factorize(together)
        targets: dict[Target, int] = {}
        numbers = []
        for number in distinct.tolist():
            rest, unit = divmod(number, len(units))
            indicator, place = divmod(rest, len(places))
            try:
                target = self.reader.targets.of(
                    column.figure, indicators[indicator], places[place], units[unit] or None
                )
            except UnitError as error:
                if labels is None:
                    raise SourceError(f"{self.shown}: {error}") from None
                target = Target("", Decimal(1), wrong=str(error))
            numbers.append(targets.setdefault(target, len(targets)))
        return list(targets), np.array(numbers, dtype=np.int32)[rows]

    def _published(self, periods: Codes | int) -> Codes | int:
        """The day of publication of each chosen row, as a number into the days that were met."""
        days = self.gathering.days
        if "published" in self.labels:
            labels = self.labels["published"]
            known = [-1 if value is None else days.code(value) for value in labels.values]
            return np.array(known, dtype=np.int32)[labels.codes[self.chosen]]
        codes = [days.code(self._day(Period.parse(text))) for text in self.gathering.vocabularies["period"].numbers]
        found: Codes | int = np.array(codes, dtype=np.int32)[periods]
        return found

    def _day(self, period: Period) -> date:
        """The day of publication by the source's rule: never after the day on which the bytes were first seen. Where
        that lies before the period even began, the clock was wrong on that day, and today counts."""
        first, today = self.seen
        seen = first if first >= period.start else max(first, today)
        rule = self.source.published
        day = rule.on(period_end=period.end, first_seen=seen) or seen
        return min(day, seen) if rule.days_after_period is not None else day

    def _foretold(self, keys: Mapping[str, Codes | int], published: Codes) -> npt.NDArray[np.bool_]:
        """Which rows tell as observed what lies in a period that had not begun when they were published."""
        vocabularies = self.gathering.vocabularies
        starts = [Period.parse(text).start.toordinal() for text in vocabularies["period"].numbers]
        days = [day.toordinal() for day in self.gathering.days.values]
        observed = [status not in FORESEEN for status in vocabularies["status"].numbers]
        later = np.array(starts)[keys["period"]] > np.array(days)[published]
        found: npt.NDArray[np.bool_] = later & np.array(observed)[keys["status"]]
        return found


#: Statuses of figures that may be told of a period before it begins.
FORESEEN = ("target", "estimate")
_FORETOLD = (
    "its period had not begun on the day of publication; correct the period or `published`, or declare what is "
    "foreseen: `status: estimate` or `status: target`"
)
