"""What reading a source gives: observations, and everything that could not become one.

In: nothing; these are the values that readers return. Out: `Reading` with its rejects and conflicts, and `Keep`, the
one thing that a reader asks of the store. How a table is read is decided next door, in `tabular`, a document in
`documents`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

if TYPE_CHECKING:
    import pandas as pd


class Keep(Protocol):
    """Keeps raw bytes before anything else is done with them.

    `dialect` says how they are to be understood (`source`, `file`, `suffix`, `encoding`, `delimiter`, `header`,
    `footer`, `sheet`, `first_seen`; of the text of a document `made_from`, the SHA-256 of its file). Returns the
    SHA-256 of the bytes. Where the same bytes were kept for the same source before, `dialect["first_seen"]` is set to
    the day of that first time.
    """

    def __call__(self, content: bytes, dialect: dict[str, Any]) -> str: ...


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or a cell that is no observation: where it stands, why, and what stands there."""

    locator: str
    reason: str
    text: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One of the values that a source tells for one key."""

    value: float
    unit: str
    locator: str
    quote: str
    snapshot: str
    file: str = ""

    def __str__(self) -> str:
        """What was told: the text of the cell; of a document the value and its sentence."""
        return f"{self.value:,.12g} {self.unit} in “{self.quote}”" if self.locator.startswith("char=") else self.quote


@dataclass(frozen=True, slots=True)
class Conflict:
    """Several values for one key from one source and day: none of them is taken."""

    indicator: str
    place: str
    breakdown: str
    period: str
    kind: str
    told: tuple[Told, ...]

    def __str__(self) -> str:
        subject = " ".join(part for part in (self.indicator, self.breakdown, self.kind) if part)
        told = "; ".join(f"{each} ({each.file} {each.locator})" for each in self.told)
        return f"{subject} of {self.place} in {self.period} is told {len(self.told)} times: {told}"


#: Why a figure is open that lacks nothing else.
UNCONFIRMED = "the source asks for every figure to be confirmed"


@dataclass(frozen=True, slots=True)
class Open:
    """A figure of a document that waits for a person: where it stands, why, and what it says so far.

    `told` has the keys `FIELDS`; texts are empty where nothing was found.
    """

    FIELDS: ClassVar[tuple[str, ...]] = (
        *("subject", "indicator", "place", "period", "value", "unit", "kind", "basis", "of", "counted_from", "status"),
        *("qualifier", "confidence"),
    )

    file: str
    snapshot: str
    locator: str
    quote: str
    sentence: str
    reason: str
    published: str
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """What one source says.

    `frame` has the columns of an observation but for `recorded_at`; a value is in base units. `contradicting` has the
    rows of the `conflicts`, in the same columns. `skipped` counts rows
    that the source leaves out on purpose, `missing` cells that hold a mark for "no value", `duplicates` repetitions of
    an observation with the same value (one is kept). `columns_unread` are headers that no part of the source asks for.
    `failed` says of each file that could not be read why; the others of the source were. Of documents, `open` are the
    figures that wait for a person, `rejected` counts those that a person rejected, and `lapsed` describes decisions
    whose sentence stands nowhere any more; `texts` are the snapshots of all texts that were read. `remarks` tell how a
    service was asked, where it did not answer at once.
    """

    frame: pd.DataFrame
    rejects: tuple[Reject, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    contradicting: pd.DataFrame | None = None
    skipped: int = 0
    files: tuple[str, ...] = ()
    columns_unread: tuple[str, ...] = ()
    missing: int = 0
    duplicates: int = 0
    failed: tuple[str, ...] = ()
    open: tuple[Open, ...] = ()
    rejected: int = 0
    lapsed: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
