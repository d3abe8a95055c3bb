"""The one long table: its columns, one row of it, and the rows of a series in order.

In: frames that sources read or the store returns. Out: the same frame, checked; `Series` and `Panel`, which measures
read. Where rows come from is decided in `sources`, which of several vintages counts is decided in `store`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Literal, get_args

from briefings.errors import ObservationError
from briefings.periods import Period

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["level", "growth", "change", "share", "gap", "rank", "multiple"]
Status = Literal["actual", "estimate", "flash", "preliminary", "final", "target"]

KINDS: tuple[str, ...] = get_args(Kind)
STATUSES: tuple[str, ...] = get_args(Status)
#: The status of a figure that its source withholds: such a row has no value. The store keeps it, so that it is known
#: from when on the figure was withheld; it never becomes an `Observation`.
CONFIDENTIAL = "confidential"

#: The series point: two rows that agree in all of these tell the same thing.
KEY = ("place", "indicator", "breakdown", "period", "kind", "basis", "of", "counted_from", "target")

#: Every column with its type in Parquet. `value` is in base units (CNY, person; growth in percent: 6.9 means +6.9%);
#: `period`, `breakdown` (`industry=coal;sex=female`, or empty) and `locator` are canonical text; `quote` is the raw
#: text of the cell or the sentence, from which the value can be read again.
COLUMNS: dict[str, str] = {
    "place": "string",
    "indicator": "string",
    "breakdown": "string",
    "period": "string",
    "kind": "string",
    "basis": "string",
    "of": "string",
    "counted_from": "string",
    "target": "bool",
    "value": "double",
    "unit": "string",
    "status": "string",
    "qualifier": "string",
    "confidence": "double",
    "published": "date32",
    "source": "string",
    "snapshot": "string",
    "locator": "string",
    "quote": "string",
    "recorded_at": "timestamp",
}


@dataclass(frozen=True, slots=True)
class Observation:
    """One value of one indicator for one place and period, as one source published it on one day.

    The fields that are columns of the table come first. `value` is in base units of `unit`; growth, share and gap in
    percent or percentage points. Where a person's correction stands in place of what the source told, `corrected_from`
    is that, and `correction` says why and by whom.
    """

    place: str
    indicator: str
    period: Period
    value: float
    unit: str
    source: str
    published: date
    snapshot: str
    locator: str
    quote: str = ""
    breakdown: str = ""
    kind: str = "level"
    basis: str = ""
    of: str = ""
    counted_from: str = ""
    target: bool = False
    status: str = "actual"
    qualifier: str = "exact"
    confidence: float = 1.0
    corrected_from: float | None = None
    correction: str = ""

    @property
    def is_to_date(self) -> bool:
        """Whether it is an actual of a year (or years) that had not ended when it was published: of the year so far."""
        return self.status == "actual" and not self.target and self.period.is_to_date(self.published)

    @property
    def standing(self) -> str:
        """The status as it is flagged in print; `status` is the word of the source, by which sentences are told.

        What is told as done of a year (or years) in its last December is an estimate of the whole, and in early January
        after it preliminary: the accounts were not closed.
        """
        if self.status != "actual" or self.target:
            return self.status
        if self.period.is_ending(self.published):
            return "estimate"
        return "preliminary" if self.period.is_just_over(self.published) else self.status


#: The columns of the table in the order of an observation's fields, and those whose texts many rows share.
AS_FIELDS = tuple(each.name for each in fields(Observation) if each.name in COLUMNS)
SHARED = frozenset(
    name for name, kind in COLUMNS.items() if kind == "string" and name not in ("period", "locator", "quote")
)

_period = attrgetter("period")
_place_in_time = attrgetter("period.place_in_time")

SeriesKey = tuple[str, str, str, str, str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Series:
    """The observations of one indicator, place and breakdown of one kind, in order of period, one a period."""

    indicator: str
    place: str
    breakdown: str
    kind: str
    basis: str
    observations: tuple[Observation, ...]
    by_period: Mapping[Period, Observation] = field(repr=False, compare=False)
    of: str = ""
    counted_from: str = ""
    target: bool = False

    @classmethod
    def of_rows(cls, observations: Iterable[Observation]) -> Series:
        """The series of these rows, which share everything but the period; at least one."""
        rows = tuple(sorted(observations, key=_place_in_time))
        first = rows[0]
        return cls(
            indicator=first.indicator,
            place=first.place,
            breakdown=first.breakdown,
            kind=first.kind,
            basis=first.basis,
            of=first.of,
            counted_from=first.counted_from,
            target=first.target,
            observations=rows,
            by_period={row.period: row for row in rows},
        )

    def __len__(self) -> int:
        return len(self.observations)

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.observations)

    def at(self, period: Period) -> Observation | None:
        """The observation of exactly this period, or None; never the nearest one."""
        return self.by_period.get(period)

    def until(self, period: Period) -> tuple[Observation, ...]:
        """The observations up to and including `period`, oldest first."""
        return self.observations[: bisect_right(self.observations, period, key=_period)]

    @property
    def latest(self) -> Observation | None:
        return self.observations[-1] if self.observations else None


@dataclass(frozen=True)
class Panel:
    """All series that a theme needs, found by what they are of."""

    by_key: Mapping[SeriesKey, Series]

    @classmethod
    def of_rows(cls, observations: Iterable[Observation]) -> Panel:
        groups: dict[SeriesKey, list[Observation]] = {}
        for row in observations:
            key = (
                row.indicator,
                row.place,
                row.breakdown,
                row.kind,
                row.basis,
                row.of,
                row.counted_from,
                row.target,
            )
            groups.setdefault(key, []).append(row)
        return cls({key: Series.of_rows(rows) for key, rows in groups.items()})

    @classmethod
    def of_frame(cls, frame: pd.DataFrame) -> Panel:
        """The panel of a checked frame that holds one vintage a key."""
        return cls.of_rows(rows_of(frame))

    def series(
        self,
        indicator: str,
        place: str,
        breakdown: str = "",
        *,
        kind: str = "level",
        basis: str = "",
        of: str = "",
        counted_from: str = "",
        target: bool = False,
    ) -> Series | None:
        """The series of exactly this key, or None where nothing was ever observed."""
        return self.by_key.get((indicator, place, breakdown, kind, basis, of, counted_from, target))

    def places(self, indicator: str, *, kind: str = "level") -> tuple[str, ...]:
        """The places that have a series of this indicator without breakdown, in order of id."""
        found = {key[1] for key in self.by_key if key[0] == indicator and key[2] == "" and key[3] == kind}
        return tuple(sorted(found))

    def breakdowns(self, indicator: str, place: str, *, kind: str = "level") -> tuple[str, ...]:
        """The breakdowns (`industry=coal`) observed for an indicator in a place, in order."""
        return tuple(
            sorted({k[2] for k in self.by_key if k[0] == indicator and k[1] == place and k[2] and k[3] == kind})
        )

    def __iter__(self) -> Iterator[Series]:
        return iter(self.by_key.values())


def rows_of(frame: pd.DataFrame) -> Iterator[Observation]:
    """The rows of a checked frame as observations. Texts that many rows share are kept once, and so are periods."""
    columns = {name: frame[name] for name in COLUMNS if name != "recorded_at"}
    told = {name: _shared(column) if name in SHARED else column.tolist() for name, column in columns.items()}
    told["period"] = _shared(columns["period"], Period.parse)
    told["published"] = _shared(columns["published"], lambda day: day.date() if hasattr(day, "date") else day)
    return map(Observation, *(told[name] for name in AS_FIELDS))


def _shared(column: pd.Series[Any], read: Callable[[Any], Any] | None = None) -> list[Any]:
    """The values of a column, each `read` and held once, however often it occurs."""
    codes, values = column.factorize()
    known = values.tolist() if read is None else list(map(read, values.tolist()))
    return list(map(known.__getitem__, codes.tolist()))


def validate(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with its columns in order, or raise `ObservationError` with all that is wrong with it.

    Asked of every row: no column lacks, the period is canonical, kind and status are of their vocabularies, the value
    is a finite number (none where the status is confidential), and no two rows of one source and day share a key.
    """
    problems: list[str] = []
    lacking = [name for name in COLUMNS if name not in frame.columns]
    if lacking:
        raise ObservationError([f"columns lacking: {', '.join(lacking)}; an observation has {', '.join(COLUMNS)}"])
    frame = frame[list(COLUMNS)]
    for name, allowed in (("kind", KINDS), ("status", (*STATUSES, CONFIDENTIAL))):
        for found in sorted(set(frame[name].unique()) - set(allowed)):
            problems.append(f"{name} {found!r} is not one of {', '.join(allowed)}")
    for text in frame["period"].unique():
        try:
            Period.parse(text)
        except ValueError as error:
            problems.append(f"period {text!r}: {error}")
    values = frame["value"]
    withheld = frame["status"] == CONFIDENTIAL
    for row in frame[withheld & values.notna()].itertuples():
        problems.append(f"{row.indicator} of {row.place} in {row.period}: a confidential figure has no value")
    infinite = frame[(values.isna() & ~withheld) | values.isin([float("inf"), float("-inf")])]
    for row in infinite.itertuples():
        problems.append(f"{row.indicator} of {row.place} in {row.period}: the value is no finite number")
    twice = frame[frame.duplicated([*KEY, "source", "published"], keep=False)]
    for key, group in twice.groupby(list(KEY), sort=True):
        problems.append(f"{len(group)} rows of one source and day share the key {dict(zip(KEY, key, strict=True))}")
    if problems:
        raise ObservationError(problems)
    return frame
