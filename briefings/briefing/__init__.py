"""The briefing as a value: theme x place x period, worked out; no sentences, no pixels.

In: what `compose` chose. Out: frozen models that narrative, charts, tables and render read, to JSON and back without
loss. An edition is a pure function of this value, the templates and the fonts, so all that they may need to know about
indicators, places and sources travels along in `names`, in every language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from briefings.briefing.figures import Figure, Input, Qualifier, Text, Value, figure_id, section_id
from briefings.briefing.findings import Entry, Finding, Tone
from briefings.briefing.names import Family, House, IndicatorNames, Names, PlaceNames
from briefings.briefing.shown import (
    Absence,
    Cell,
    ChartKind,
    ChartRequest,
    Column,
    PlottedSeries,
    Point,
    RankedRow,
    Row,
    Section,
    TableRequest,
)
from briefings.briefing.told import (
    Change,
    Changes,
    Commentary,
    CommentaryBlock,
    CommentaryRun,
    Note,
    Release,
    SourceNote,
)

__all__ = [
    "Absence",
    "Briefing",
    "Cell",
    "Change",
    "Changes",
    "ChartKind",
    "ChartRequest",
    "Column",
    "Commentary",
    "CommentaryBlock",
    "CommentaryRun",
    "Entry",
    "Family",
    "Figure",
    "Finding",
    "House",
    "IndicatorNames",
    "Input",
    "Names",
    "Note",
    "PlaceNames",
    "PlottedSeries",
    "Point",
    "Previous",
    "Qualifier",
    "RankedRow",
    "Release",
    "Row",
    "Section",
    "SourceNote",
    "TableRequest",
    "Text",
    "Tone",
    "Value",
    "figure_id",
    "section_id",
]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class Briefing(Value):
    """Theme x place x period, worked out. `cut_off` is the latest day on which any observation used was published; the
    day on which it was built, or as of which, changes nothing here and stands in the edition's manifest. `commentary`
    is kept by language: that of the edition alone. `previous` is the period of the edition that it is compared with,
    `changes` what changed since. `partial`: indicators that the theme requires, and that nobody had told by the day
    `waited_until`; `release`: when its schedule releases it, None for a theme without one."""

    theme: str
    title: Text
    place: str
    period: str
    cadence: str
    cut_off: str
    languages: tuple[str, ...]
    headline: tuple[Finding, ...]
    summary: TableRequest | None
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    figures: dict[str, Figure]
    sources: tuple[SourceNote, ...]
    names: Names
    house: House
    held: int = 0
    previous: str = ""
    commentary: dict[str, Commentary] = {}
    partial: tuple[str, ...] = ()
    waited_until: str = ""
    changes: Changes | None = None
    release: Release | None = None

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, a line a member and a line a figure; the same briefing gives the same bytes."""
        return self._canonical

    @cached_property
    def _canonical(self) -> str:
        """Worked out once: a build hashes it, files it and holds it against the file, and it may have 1.5 MB."""
        whole = self.model_dump(mode="json")
        figures = ",\n".join(f"  {_json(key)}: {_json(figure)}" for key, figure in sorted(whole["figures"].items()))
        lines = [f" {_json(key)}: {_json(value)}" for key, value in sorted(whole.items()) if key != "figures"]
        lines.append(f' "figures": {{\n{figures}\n }}')
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def from_json(cls, text: str) -> Briefing:
        return cls.model_validate_json(text)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's, which would hand a copy with other members the JSON of this one."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("_canonical", None)
        return copied

    @property
    def digest(self) -> str:
        """SHA-256 of its JSON."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def tells_as(self, other: Briefing) -> bool:
        """Whether two briefings tell the same but for what a person says beside it, the figures of that alone, and the
        looks of the house."""
        beside = {"commentary", "figures", "names", "sources", "cut_off", "house"}
        figures = all(other.figures.get(key) == figure for key, figure in self.figures.items())
        return figures and self.model_dump(exclude=beside) == other.model_dump(exclude=beside)

    def every_finding(self) -> tuple[Finding, ...]:
        """The headline's and the sections' findings, in order of reading."""
        return self.headline + tuple(finding for section in self.sections for finding in section.findings)

    def every_table(self) -> tuple[TableRequest, ...]:
        """Page one's table, the sections', and that of revisions, in the order in which the pages number them."""
        first = (self.summary,) if self.summary else ()
        last = (self.changes.table,) if self.changes and self.changes.table else ()
        return (*first, *(table for section in self.sections for table in section.tables), *last)


@dataclass(frozen=True)
class Previous:
    """The edition that a briefing is compared with: its id without the language, revision, the day on which it was
    known, and the briefing that it was rendered from."""

    edition: str
    revision: int
    day: str
    briefing: Briefing
