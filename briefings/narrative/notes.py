"""The notes of an edition as sentences: what was refused, held, missing; breaks and methods.

In: the notes of a briefing. Out: one sentence each; notes that differ in their place alone are told in one.
"""

from __future__ import annotations

from collections.abc import Sequence

from briefings.briefing import Briefing, Note
from briefings.errors import RenderError
from briefings.narrative.model import HAN, Run, Sentence, tidy
from briefings.narrative.names import Names
from briefings.narrative.numbers import Numbers, dated, measure_words
from briefings.narrative.templates import Fill, Slot
from briefings.narrative.vocabulary import NOTE_NUMBERS, NOTE_PERIODS
from briefings.periods import Period, Shape


def notes(briefing: Briefing, names: Names) -> tuple[Sentence, ...]:
    """All notes in the briefing's order, then the definitions that the catalogue gives of the indicators shown."""
    grouped: dict[tuple[object, ...], list[Note]] = {}
    for note in (*briefing.notes, *_definitions(briefing, names)):
        key = (
            *_told_as(note, briefing),
            note.indicator,
            note.period,
            *sorted(note.facts.items()),
            *note.figures.items(),
        )
        grouped.setdefault(key, []).append(note)
    return tuple(Telling(group, names).sentence() for group in grouped.values())


def _definitions(briefing: Briefing, names: Names) -> list[Note]:
    """A note for each indicator that has one in this language."""
    shown = {figure.indicator for figure in briefing.figures.values()}
    return [
        Note(kind="method", reason="definition", indicator=key)
        for key, item in briefing.names.indicators.items()
        if key in shown and item.note.get(names.language)
    ]


def _told_as(note: Note, briefing: Briefing) -> tuple[str, str]:
    """Kind and reason as they are told: of places side by side no two periods differ, but a place has totals of several
    years where the others have figures of one, or periods of its own."""
    if note.reason != "shapes_differ" or note.facts.get("measure") != "level":
        return note.kind, note.reason
    known = {
        Period.parse(figure.period).shape
        for figure in briefing.figures.values()
        if (figure.indicator, figure.place) == (note.indicator, note.place) and figure.status != "target"
    }
    return "missing", "only_totals" if known == {Shape.CUMULATED_YEARS} else "other_periods"


class Telling:
    """One note, or several that differ in their place alone."""

    def __init__(self, group: Sequence[Note], names: Names) -> None:
        self.note = group[0]
        self.kind, self.reason = _told_as(group[0], names.briefing)
        self.places = list(dict.fromkeys(note.place for note in group if note.place))
        self.names = names
        self.numbers = Numbers(names)

    def sentence(self) -> Sentence:
        note, book = self.note, self.names.book
        template = book.notes.get(self.kind, {}).get(self.reason)
        if template is None:
            raise RenderError(
                f"The note {note.kind}/{note.reason} has no sentence in {book.language!r}; "
                f"add it under `notes: {note.kind}:` of the phrase book."
            )
        filled = template.fill(self._fill)
        if filled is None:
            raise RenderError(
                f"The note {note.kind}/{note.reason} cannot be said: {template.source!r} wants more than its figures "
                f"({', '.join(note.figures) or 'none'}) and facts ({', '.join(note.facts) or 'none'})."
            )
        return tidy(filled.runs, book.language)

    def _fill(self, slot: Slot, opening: bool) -> Fill | None:
        note, name = self.note, slot.name
        if name in NOTE_NUMBERS:
            return self.numbers.fill(note.figures[name], slot.form) if name in note.figures else None
        if name in NOTE_PERIODS:
            text = note.period if name == "period" else self._period_of(name)
            return dated(Period.parse(text), self.names.language, slot.form or "name") if text else None
        text = self._text(name)
        return Fill((Run(text, language=self._language(text) if name == "why" else None),), "@") if text else None

    def _language(self, text: str) -> str | None:
        """The language of a text that is printed as it was written, None where it is that of the edition."""
        language = "zh" if HAN.search(text) else "en"
        return language if language != self.names.language else None

    def _period_of(self, name: str) -> str:
        """A period that the note tells, or that of one of its figures (`from_period`: that of `from`)."""
        role = name.removesuffix("_period")
        return (
            self.numbers.figure(self.note.figures[role]).period
            if role in self.note.figures
            else self.note.facts.get(name, "")
        )

    def _text(self, name: str) -> str:
        note = self.note
        if name == "what":
            return self._what()
        if name == "source":
            key = note.facts.get("source", "")
            told = next((source.title for source in self.names.briefing.sources if source.id == key), {})
            return told.get(self.names.language) or next(iter(told.values()), key)
        if name == "measure":
            measure = note.facts.get("measure", "")
            return measure_words(measure, self.names, note.indicator, note.period) if measure else ""
        if name == "note":
            text = self.names.briefing.names.indicators[note.indicator].note[self.names.language].strip()
            return text.rstrip(".。")
        return note.facts.get(name, "")

    def _what(self) -> str:
        """What the note is about: the indicator and the places, as tables name them."""
        if not self.note.indicator:
            return self.names.listed([self.names.place(place) for place in self.places])
        return self.names.label(self.note.indicator, self.places)
