"""What goes into extraction and what comes out: documents as plain text with blocks, statements about figures.

In comes text that `sources` has read out of a file, with what is known of it from its registration (place, day of
publication, reporting period). Out go statements: one figure each, with its span, its fields and its confidence. How
they are found is said next door, in `reader`; this module only holds the words.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from briefings.periods import Language, Period

BlockKind = Literal["heading", "paragraph", "item", "cell"]
Kind = Literal["level", "growth", "change", "share", "gap", "rank", "multiple"]
Status = Literal["actual", "estimate", "target"]
Qualifier = Literal["exact", "over", "under", "about"]


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document's text that stands by itself: text[start:end], without the line break behind it.

    level   of headings: 1 is the title, 2 a chapter ...; 0 for all else
    """

    start: int
    end: int
    kind: BlockKind = "paragraph"
    level: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is known when it is registered.

    text       the whole text; all offsets count in it (Python `str` indices)
    place      what the document is about, as statements will name it; None where it is not known
    published  the day of publication
    period     what it reports on; None: worked out from the day of publication and the text itself
    blocks     headings, paragraphs, items and cells in the order of the text, not overlapping; see `blocks_of`
    """

    text: str
    language: Language
    place: str | None = None
    published: date | None = None
    period: Period | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure that a text states, with the vocabulary of the extraction surface.

    start, end    the number with its unit: text[start:end] == quote
    value         in base units; a decline is negative for growth and change
    unit          ISO code of a currency, or a unit's slug (percent, percentage_point, household, item ...)
    rank_of       ranks: "level" or "growth"; counted_from "top" or "bottom"
    basis         growth, change: yoy, mom, cagr, vs:<period>; rank, gap: the comparator; share: of what
    period        canonical text of a `Period`; None where the text and its registration say nothing of time
    place         what the figure is about, the document's own place unless the text names another
    subject       what is measured, in the document's words
    indicator     id of the catalogue; None where no name or alias of it is told
    confidence    0 to 1: how likely it is that kind, period, status, value and unit are all right
    clause        start and end of the clause that the figure was read in
    """

    start: int
    end: int
    quote: str
    value: float
    unit: str
    kind: Kind
    rank_of: str | None
    counted_from: str | None
    basis: str | None
    period: str | None
    status: Status
    qualifier: Qualifier
    place: str | None
    subject: str | None
    indicator: str | None
    confidence: float
    clause: tuple[int, int]


def to_json(statement: Statement) -> dict[str, Any]:
    """The statement as a JSON object, one key a field; `value` is a whole number where it is one."""
    row: dict[str, Any] = {field.name: getattr(statement, field.name) for field in fields(statement)}
    row["clause"] = list(statement.clause)
    if statement.value == int(statement.value):
        row["value"] = int(statement.value)
    return row
