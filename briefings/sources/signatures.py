"""What a row of facts says of its figure: kind, basis, unit, rank; the words of its columns, and whether they fit.

In: texts of label columns, and the catalogue. Out: `Signature`s, the reason where the parts of one contradict each
other, and the `Target` that its value is to be brought to. The rows themselves are read next door, in `facts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from briefings.catalogue import Catalogue, Indicator, Place
from briefings.configuration import one_of, suggest
from briefings.errors import AmbiguousPeriodError, PeriodError, UnitError
from briefings.observations import KINDS, STATUSES
from briefings.periods import Period
from briefings.quantities import Unit

from .labels import NameReader, PeriodReader
from .values import Target, Targets

QUALIFIERS = ("exact", "over", "under", "about")
#: What growth and change are against; `vs:PERIOD` besides. A document may tell a change and not say since when.
BASES = ("yoy", "mom", "cagr")
#: What a rank or a gap is of, and what a target demands.
RANKED = ("level", "growth", "share", "score")
DEMANDED = ("level", "ceiling", "floor", "hold")
#: What tells of something that has happened.
OUTCOMES = ("actual", "flash", "preliminary", "final")

T = TypeVar("T")
Meaning = Callable[[str], Any]


def columns(catalogue: Catalogue) -> dict[str, Meaning]:
    """What a text means in each column of labels. The meaning of an empty text is that of a column left out."""
    return {
        "place": _named("place", catalogue.places),
        "indicator": _named("indicator", catalogue.indicators),
        "period": _period,
        "breakdown": _breakdown,
        "unit": str.strip,
        "kind": _word("kind", KINDS, "level"),
        "basis": str.strip,
        "of": _word("of", tuple(dict.fromkeys((*RANKED, *DEMANDED)))),
        "counted_from": _word("counted_from", ("top", "bottom")),
        "out_of": _number_of_places,
        "status": _word("status", STATUSES, "actual"),
        "qualifier": _word("qualifier", QUALIFIERS, "exact"),
        "confidence": _confidence,
        "document": _document,
        "start": _position,
        "end": _position,
        "quote": str.strip,
    }


def _named(what: str, items: Mapping[str, Indicator] | Mapping[str, Place]) -> Meaning:
    names = NameReader(what, items, {}, what)

    def meaning(text: str) -> str:
        found = names.find(text)
        if found is not None:
            return found
        if not text.strip():
            raise ValueError(f"no {what} stands here")
        close = suggest(text.strip(), names.known)
        hint = f" Did you mean {close!r}?" if close else ""
        todo = f"Write an id, a name or an alias of the catalogue, or declare it in config/{what}s"
        raise ValueError(f"unknown {what} {text.strip()!r}.{hint} {todo}")

    return meaning


def _period(text: str) -> Period:
    """A period in its canonical form, or as people write it where that is plain."""
    try:
        return Period.parse(text.strip())
    except PeriodError:
        return _plainly(PeriodReader(None, None), text)


def day(text: str) -> date:
    """A day of publication."""
    return _plainly(PeriodReader(None, None).day, text)


def _plainly(meaning: Callable[[str], T], text: str) -> T:
    try:
        return meaning(text)
    except AmbiguousPeriodError:
        raise ValueError(f"{text.strip()!r} could be two dates; write year-month-day, for example 2026-07-03") from None


def _breakdown(text: str) -> str:
    """`industry=coal;sex=female`, in order of dimension; each dimension once."""
    parts = sorted(part.strip() for part in text.split(";") if part.strip())
    for part in parts:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}=[^=]*[^=\s]", part):
            raise ValueError(f"{part!r} is no part of a breakdown; write dimension=member, several joined by ;")
    if len({part.partition("=")[0] for part in parts}) < len(parts):
        raise ValueError(f"{text.strip()!r} names a dimension twice")
    return ";".join(parts)


def _word(what: str, allowed: Collection[str], otherwise: str = "") -> Meaning:
    def meaning(text: str) -> str:
        word = text.strip().casefold() or otherwise
        if word and word not in allowed:
            raise ValueError(one_of(text.strip(), allowed, what))
        return word

    return meaning


def _number_of_places(text: str) -> int:
    """Out of how many places a rank is; 0 where that is not told."""
    if not re.fullmatch("[0-9]{0,6}", text.strip(), re.ASCII):
        raise ValueError(f"{text.strip()!r} is no number of places")
    return int(text.strip() or 0)


def _confidence(text: str) -> float:
    if not re.fullmatch(r"(0|1|0?\.[0-9]+|1\.0+)?", text.strip(), re.ASCII):
        raise ValueError(f"{text.strip()!r} is no confidence; write a number from 0 to 1")
    return float(text.strip() or 1)


def _document(text: str) -> str:
    """What the document is called that a figure was read from."""
    if "," in text:
        raise ValueError(f"{text.strip()!r} is no name of a document; write it without a comma")
    return text.strip()


def _position(text: str) -> int:
    """The number of a character in a document, from 0; -1 where none is told."""
    if not re.fullmatch("[0-9]{0,9}", text.strip(), re.ASCII):
        raise ValueError(f"{text.strip()!r} is no position; write the number of a character, from 0")
    return int(text.strip() or -1)


def origin(document: str, start: int, end: int) -> str:
    """Where a figure stands in its document, as it follows its locator; empty where that is not told."""
    if end < 0:
        return ""
    return (f",document={document}" if document else "") + f",char={start}:{end}"


def problem_of_span(start: int, end: int) -> tuple[str, str] | None:
    """The column and the reason why two positions make no span."""
    if (start < 0) != (end < 0):
        lacking, there = ("start", "end") if start < 0 else ("end", "start")
        return lacking, f"no {lacking} stands here, and a span has both; write it, or empty {there}"
    if end <= start and end >= 0:
        return "end", f"a span of characters from {start} to {end} holds none; the end comes after the start"
    return None


def problem_of_time(status: str, period: Period, published: date) -> tuple[str, str] | None:
    """The column and the reason why a figure cannot be an outcome: its period had not begun when it was told."""
    if status in OUTCOMES and period.start > published:
        told = f"{period} had not begun on {published}, when the figure was published, and it is told as {status}"
        return "period", f"{told}; correct the period or the day, or call it an estimate or a target"
    return None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a row says of its figure beside when and how much."""

    indicator: str
    place: str
    kind: str
    unit: str
    basis: str
    of: str
    counted_from: str
    status: str

    def problem(self) -> tuple[str, str] | None:
        """The column and the reason why the parts do not fit together; None where they do."""
        return self._problem_of_basis() or self._problem_of_rank()

    def _problem_of_basis(self) -> tuple[str, str] | None:
        if self.kind == "level" and self.basis:
            return "basis", f"a level has no basis, and {self.basis!r} stands here; empty the cell or correct the kind"
        compared = self.kind in ("growth", "change", "multiple")
        if compared and self.basis not in ("", *BASES) and not _against_a_period(self.basis):
            return "basis", one_of(self.basis, (*BASES, "vs:PERIOD"), "basis")
        return None

    def _problem_of_rank(self) -> tuple[str, str] | None:
        """Ranks and gaps are of something, and ranks are counted from an end; a target may demand a ceiling."""
        ranked = self.kind in ("rank", "gap")
        allowed = RANKED if ranked else DEMANDED if self.status == "target" else ()
        if self.of not in (*allowed, *([] if ranked else [""])):
            found = f"a {self.kind} is not of a {self.of}" if self.of else f"a {self.kind} is of something"
            return "of", f"{found}; allowed: {', '.join(allowed)}" if allowed else f"{found}; empty the cell"
        if self.kind == "rank" and not self.counted_from:
            return "counted_from", "a rank is counted from the top or the bottom; write which"
        if self.kind != "rank" and self.counted_from:
            return "counted_from", f"a {self.kind} is not counted from the {self.counted_from}; only a rank is"
        return None


def _against_a_period(basis: str) -> bool:
    try:
        return basis.startswith("vs:") and bool(Period.parse(basis.removeprefix("vs:")))
    except PeriodError:
        return False


class Units:
    """The units that figures are kept in, and the scale of what their rows declare."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.targets = Targets(catalogue)
        self.target = lru_cache(maxsize=None)(self._target)

    def as_kept(self, said: Signature) -> Signature:
        """A share, told of an indicator that is itself in percent, is the indicator's level.

        A document says that forests cover 44.3% of the land; of the indicator forest coverage that is the figure
        itself, which compares with that of another year as levels do. What it is a share of its indicator says.
        """
        if said.kind == "share" and self.catalogue.unit(said.indicator, said.place) == "percent":
            return replace(said, kind="level", basis="")
        return said

    def _target(self, said: Signature) -> Target:
        """Where a value is to arrive; the reason where its unit cannot be brought to that of the indicator."""
        try:
            return self.targets.of(said.kind, said.indicator, said.place, self._declared(said))
        except UnitError as error:
            return Target("", Decimal(1), wrong=str(error).removesuffix("."))

    def _declared(self, said: Signature) -> str | None:
        """The unit as figures of this kind take it.

        `times` are a multiple where that is the kind. Counts agree with the item, the counter that has no better unit:
        24 items of what the catalogue counts in enterprises are 24 enterprises.
        """
        if not said.unit:
            return None
        unit, scale = Unit.parse(said.unit)
        if said.kind == "multiple" and unit.slug == "times":
            return "multiple"
        own = Unit(self.catalogue.unit(said.indicator, said.place))
        if scale == 1 and own.is_count and unit.is_count and "item" in (own.code, unit.code):
            return own.code
        return said.unit
