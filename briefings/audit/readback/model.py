"""What a reader of sentences finds in them: claims and statements.

In: nothing. Out: the frozen values that `reading` makes and `checking` holds against the facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time as a text names it: its first and its last day.

    `at_end`: the text speaks of its last day alone (at the end of 2025, 2025年末). `yearless`: the year was taken from
    the edition's own period.
    """

    start: date
    end: date
    at_end: bool = False
    yearless: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is printed.

    `value` is in base units of one of `units`; `step` is what one of its last digit is worth. `units` is empty for a
    bare number. `counter`: the counting word behind it, where it is that of an indicator and of no unit. `sign`: as it
    is printed, + or - or empty. `qualifier`: more than, less than, about; at most and at least as they are said.
    `beside`: the same in a unit that is known better, in brackets behind it. `status`: preliminary, expected ..., said
    in brackets behind it.
    """

    text: str
    value: Decimal
    step: Decimal
    units: frozenset[str] = frozenset()
    sign: str = ""
    qualifier: str = "exact"
    counter: str = ""
    beside: Number | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """What a name may stand for. `sort`: indicator, place, breakdown, group, whole, entity, meaning, predicate, part,
    remark. `key`: its id (of an entity, its place). `place`: the place that the name of an indicator holds. `word`: of
    a meaning, the direction (up, down)."""

    sort: str
    key: str
    place: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is spoken of: the indicators, places and breakdowns that the words may mean; no places: it was not said."""

    indicators: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    breakdowns: frozenset[str] = frozenset()
    home: bool = False


@dataclass(slots=True)
class Claim:
    """What a sentence says of one number.

    start, end   where the number stands in the sentence
    number       as it is printed
    kind         level, moved, average, share, gap, rank ...; any: where its place in the sentence does not say which
    attributes   what else is said of it, by name: direction, basis, time, side, of, ends ...
    names        whom it is compared with (to), among whom it is ranked (among), of what it is a part (whole)
    subject      what it is about; None where the sentence does not say
    span         its period, where the sentence names one for it or for all
    computed     whether the figure that it turned out to be was worked out
    """

    start: int
    end: int
    text: str
    kind: str
    number: Number
    attributes: dict[str, str] = field(default_factory=dict)
    names: dict[str, frozenset[Name]] = field(default_factory=dict)
    subject: Subject | None = None
    span: Span | None = None
    basis_span: Span | None = None
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said without a number: a record, a target that was met, a figure that is missing; `at`: where."""

    topic: str
    value: str
    text: str
    names: frozenset[Name] = frozenset()
    span: Span | None = None
    at: int = 0


@dataclass(slots=True)
class Read:
    """All that one sentence says. `left`: what no reader of the language understands, which makes it unreadable."""

    text: str
    claims: list[Claim] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    span: Span | None = None
    left: str = ""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """What was read, what the facts say, and the figure in question."""

    read: str
    facts: str
    figure: str = ""
