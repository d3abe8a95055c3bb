"""A quantity as it stands in a text, before anything is known of what it is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from briefings.extraction.model import Qualifier

POINTS = {"percentage_point", "basis_point"}
RATES = {"percent", "permille"}
COUNTED = {
    "batch", "case", "city", "community", "contract", "country", "county", "document", "dwelling", "enterprise",
    "flight", "head", "hospital", "household", "housing_unit", "item", "job", "patent", "person", "person_time",
    "project", "school", "share", "unit", "vehicle", "village",
}  # fmt: skip
DURATIONS = {"day", "workday", "hour", "minute", "second", "month", "week"}


@dataclass(slots=True)
class Mention:
    """A number with its unit: text[start:end].

    number     start and end of the number alone
    lead       where the words that qualify it begin (超过, more than), or its own start
    unit       slug of the unit; "multiple" for 倍 and -fold, before it is known whether it is growth
    bottom     ranks: counted from the bottom
    certainty  how sure it is that this is a figure with this value and unit at all
    notes      what a reader of the mention should know: "ratio" (one of a:b:c), "numeral" (in letters)
    """

    start: int
    end: int
    number: tuple[int, int]
    value: float
    unit: str
    lead: int
    qualifier: Qualifier = "exact"
    bottom: bool = False
    certainty: float = 1.0
    notes: set[str] = field(default_factory=set)

    @property
    def family(self) -> str:
        """Which lines of the table of kinds concern it."""
        if self.unit in RATES:
            return "rates"
        if self.unit in POINTS:
            return "points"
        if self.unit in ("multiple", "rank"):
            return "multiples" if self.unit == "multiple" else "ranks"
        return "durations" if self.unit in DURATIONS else "amounts"


def without_overlaps(mentions: list[Mention]) -> list[Mention]:
    """In the order of the text; of two that overlap, the longer one."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, m.start - m.end)):
        if kept and mention.start < kept[-1].end:
            if mention.end - mention.start > kept[-1].end - kept[-1].start:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept
