"""The members of a list: the largest movers, the largest shares, the highest and the lowest.

In: a finding with entries. Out: fills for the list as a whole, for its members apart, and for their figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from briefings.briefing import Entry, Figure, Finding
from briefings.errors import RenderError
from briefings.narrative.model import Run
from briefings.narrative.names import Names
from briefings.narrative.numbers import Numbers, named
from briefings.narrative.templates import Fill, Slot


@dataclass(frozen=True)
class Members:
    """The entries of one finding.

    Slots: `entries` (all), `first`, `last`, `rest` (all but the first), each also in the form `in`; `first_value` and
    `last_value`, or `first_` and a role, for figures.
    """

    finding: Finding
    numbers: Numbers

    @property
    def names(self) -> Names:
        return self.numbers.names

    @property
    def places(self) -> list[str]:
        return [entry.place for entry in self.finding.entries]

    @property
    def basis(self) -> str:
        """What the members' rates compare with, where their figures know."""
        identifiers = (identifier for entry in self.finding.entries for identifier in entry.figures.values())
        return next(filter(None, (self.numbers.figure(identifier).basis for identifier in identifiers)), "")

    def figure(self, which: str) -> Figure | None:
        """The first figure of the first or the last member."""
        identifier = self._identifier(which, "value")
        return self.numbers.figure(identifier) if identifier else None

    def fill(self, slot: Slot) -> Fill | None:
        entries = self.finding.entries
        which, _, role = slot.name.partition("_")
        if role and which in ("first", "last"):
            identifier = self._identifier(which, role)
            return self.numbers.fill(identifier, slot.form) if identifier else None
        parts = {"entries": entries, "rest": entries[1:]}
        if parts.get(slot.name):
            return self._led(self._list(parts[slot.name]), slot.form)
        if slot.name in ("first", "last") and entries:
            return self._led(named(self._called(entries[0 if slot.name == "first" else -1])), slot.form)
        return None

    def _identifier(self, which: str, role: str) -> str | None:
        if not self.finding.entries:
            return None
        figures = self.finding.entries[0 if which == "first" else -1].figures
        return next(iter(figures.values()), None) if role == "value" else figures.get(role)

    def _called(self, entry: Entry) -> str:
        return self.names.entity(self.finding.indicator, entry.place, entry.breakdown)

    def _led(self, fill: Fill, form: str) -> Fill:
        """In the form `in`: with the preposition that goes with places (in), or with what else is listed (for)."""
        if form != "in":
            return fill
        key = "of entity" if self.names.has_entity(self.finding.indicator) else "in place"
        word = self.names.book.subject[key]
        return Fill((Run(word), *fill.runs), word + fill.mask)

    def _list(self, entries: Sequence[Entry]) -> Fill:
        """Norway (3.2%), Sweden (2.1%) and Denmark (1.0%)."""
        marks = self.names.book.punctuation
        runs: list[Run] = []
        for position, entry in enumerate(entries):
            if position:
                runs.append(Run(marks["and"] if position == len(entries) - 1 else marks["list"]))
            runs.extend(self._told(entry))
        return Fill(tuple(runs), "@")

    def _told(self, entry: Entry) -> tuple[Run, ...]:
        template = self.names.book.entries[self.finding.kind]
        figures = {"value": next(iter(entry.figures.values()), ""), **entry.figures}

        def fill(slot: Slot, opening: bool) -> Fill | None:
            if slot.name == "entity":
                return named(self._called(entry))
            return self.numbers.fill(figures[slot.name], slot.form) if figures.get(slot.name) else None

        filled = template.fill(fill)
        if filled is None:
            raise RenderError(
                f"{template.source!r} cannot be said of {self._called(entry)}, a member of a finding of kind "
                f"{self.finding.kind!r}: its figures are {', '.join(entry.figures) or 'none'}."
            )
        return filled.runs
