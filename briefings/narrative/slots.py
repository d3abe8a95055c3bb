"""What a slot of a phrase says: names, periods, bases of comparison and numbers, in the form wanted.

In: a finding, its briefing and the phrase book. Out: fills, each with its runs and its mask. Every number becomes a run
with the id of its figure, written by `quantities`; the verb before it carries the sign where the form is `size`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from briefings import quantities
from briefings.briefing import Figure, Finding
from briefings.errors import RenderError
from briefings.narrative.kinds import INSTEAD, KINDS, Kind, View
from briefings.narrative.model import Run
from briefings.narrative.names import Names, stands_within, uncapitalised
from briefings.narrative.phrases import PhraseBook
from briefings.narrative.templates import Fill, Slot
from briefings.periods import Language, Period

#: Numbers of members: their noun stands beside them, not in their unit.
COUNTED = dict.fromkeys(("count", "up", "down", "out_of"), "number")
#: The bases as stores of observations call them.
BASES = {"yoy": "on year", "mom": "on previous period"}


@dataclass(frozen=True)
class Numbers:
    """Writes figures of a briefing in one language, in the forms that slots ask for."""

    names: Names

    @property
    def book(self) -> PhraseBook:
        return self.names.book

    def figure(self, identifier: str) -> Figure:
        try:
            return self.names.briefing.figures[identifier]
        except KeyError:
            raise RenderError(f"Figure {identifier!r} is told of, but not among the briefing's figures.") from None

    def fill(self, identifier: str, form: str = "", *, facts: Mapping[str, str] | None = None) -> Fill:
        """The figure in a form (see `kinds.NUMBER_FORMS`)."""
        figure = self.figure(identifier)
        if form in ("verb", "moved"):
            return self._moving(figure, form)
        if form == "periods":
            return self._periods(figure)
        if form == "place":
            return self._place_in_ranking(figure, facts or {})
        return Fill((Run(self.text(figure, form), identifier),), "#")

    def text(self, figure: Figure, form: str = "") -> str:
        language = self.book.language
        if form == "count":
            return quantities.write_count(round(figure.value), language)
        if form == "number":
            return quantities.write_number(figure.value, language, decimals=0)
        if form == "ordinal":
            return quantities.write_ordinal(round(figure.value), language)
        value = abs(figure.value) if form == "size" else figure.value
        return quantities.write(value, figure.unit, language, decimals=figure.decimals, sign=form == "signed")

    def direction(self, figure: Figure) -> str:
        """Up, down, or flat where it is printed as zero."""
        if figure.value == 0 or (figure.decimals is not None and not _rounded(figure)):
            return "flat"
        return "up" if figure.value > 0 else "down"

    def _moving(self, figure: Figure, form: str) -> Fill:
        """The figure with the verb or adverb that its own sign asks for: rose 5.2%, down 0.3%."""
        manner = self.names.manner(figure.indicator, figure.unit)
        pattern = chosen(self.book.own[form][self.direction(figure)], manner)
        before, hole, after = pattern.partition("{n}")
        runs = (Run(before), Run(self.text(figure, "size"), figure.id), Run(after)) if hole else (Run(before),)
        return Fill(tuple(run for run in runs if run.text), pattern.replace("{n}", "#"))

    def _periods(self, figure: Figure) -> Fill:
        """A number of periods with its noun: seven months, 7个月."""
        nouns = self.book.nouns.get(figure.unit)
        if nouns is None:
            raise RenderError(f"{figure.unit!r} is no period to count; allowed are: {', '.join(self.book.nouns)}.")
        noun = nouns["one" if figure.value == 1 else "many"]
        return Fill((Run(self.text(figure, "count"), figure.id), Run(noun)), f"#{noun}")

    def _place_in_ranking(self, figure: Figure, facts: Mapping[str, str]) -> Fill:
        """A rank in words: 2nd, joint 2nd, 2nd from the bottom."""
        pattern = "{n}"
        if facts.get("counted_from") == "bottom":
            pattern = self.book.ranking["from bottom"]
        if facts.get("tie") == "yes":
            pattern = self.book.ranking["tied"].replace("{n}", pattern)
        before, _, after = pattern.partition("{n}")
        runs = (Run(before), Run(self.text(figure, "ordinal"), figure.id), Run(after))
        return Fill(tuple(run for run in runs if run.text), pattern.replace("{n}", "#"))


@dataclass(frozen=True)
class Teller:
    """Fills the slots of one finding. `understood`: its period goes without saying."""

    finding: Finding
    names: Names
    understood: bool = False
    kind: Kind = field(init=False)

    def __post_init__(self) -> None:
        if self.finding.kind not in KINDS:
            raise RenderError(f"{self.finding.kind!r} is no kind of finding; allowed are: {', '.join(KINDS)}.")
        object.__setattr__(self, "kind", KINDS[self.finding.kind])

    @property
    def book(self) -> PhraseBook:
        return self.names.book

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.names)

    @cached_property
    def period(self) -> Period:
        return Period.parse(self.finding.period)

    @cached_property
    def direction(self) -> str:
        """The direction as it is printed: what rounds to zero has none."""
        figure = self._figure(self.kind.decides)
        if figure is None:
            return self.finding.facts.get("direction", "flat")
        return self.numbers.direction(figure)

    @property
    def variant(self) -> str:
        figures = {role: self.numbers.figure(figure).value for role, figure in self.finding.figures.items()}
        return self.kind.choose(View(self.finding, self.direction, figures))

    @property
    def tellable(self) -> frozenset[str]:
        """The slots that a sentence should not leave out."""
        roles = {role for role in self.kind.told if self._identifier(role)}
        meaning = {"meaning"} if self.kind.meaning and self._meaning() else set()
        return frozenset(roles | meaning)

    def fill_anyhow(self, slot: Slot, opening: bool) -> Fill | None:
        """As `fill`, but a subject whose capital letter may be that of a proper name is written small within a
        sentence: for the phrases that have no place for it at their beginning."""
        if slot.name in ("subject", "name") and not opening:
            return _name(uncapitalised(self._named_subject(slot.name)[0], self.book.language))
        return self.fill(slot, opening)

    def fill(self, slot: Slot, opening: bool) -> Fill | None:
        """What stands in a slot, or None."""
        name, form = slot.name, slot.form
        if name in ("subject", "name"):
            return self._subject(name, opening)
        if name in ("when", "period"):
            return self._when(name, form)
        if name in ("basis", "on_year", "on_previous"):
            text = self._basis(name, form)
            return _said(text) if text else None
        if name == "meaning":
            text = self._meaning()
            return Fill((Run(text),), "@") if text else None
        if name in self.kind.roles:
            return self._number(name, form)
        if name in self.kind.periods:
            return self._dated(self.finding.facts.get(name, ""), form or "name")
        if name in self.kind.names:
            return self._named(name)
        if name == "entities":
            return _name(self.names.entities(self.finding.indicator, self._places()))
        if self.kind.entry:
            return self._entry(name, form)
        return self._word(name)

    def _figure(self, role: str) -> Figure | None:
        identifier = self._identifier(role)
        return self.numbers.figure(identifier) if identifier else None

    def _identifier(self, role: str) -> str | None:
        figures = self.finding.figures
        if role not in self.kind.roles:
            return figures.get(role)
        found = next((figures[name] for name in (role, *INSTEAD.get(role, ())) if name in figures), None)
        told_already = role == "growth_previous" and found == self._identifier("growth")
        return None if told_already else found

    def _number(self, role: str, form: str) -> Fill | None:
        identifier = self._identifier(role)
        if identifier is None:
            return None
        fill = self.numbers.fill(identifier, form or COUNTED.get(role, ""), facts=self.finding.facts)
        word = self.book.status.get(self.numbers.figure(identifier).status)
        if word and role == self.kind.roles[0]:
            marks = self.book.punctuation
            return Fill((*fill.runs, Run(marks["open"] + word + marks["close"])), fill.mask)
        return fill

    def _named_subject(self, name: str) -> tuple[str, bool]:
        """The subject or the indicator's name, and whether it may stand within a sentence as it is."""
        finding = self.finding
        if name == "subject":
            return self.names.subject(finding.indicator, finding.place, finding.breakdown)
        text = self.names.indicator(finding.indicator)
        return text, stands_within(text, self.book.language)

    def _subject(self, name: str, opening: bool) -> Fill | None:
        text, safe = self._named_subject(name)
        return _name(text) if safe or opening else None

    def _when(self, name: str, form: str) -> Fill | None:
        if name == "when":
            return None if self.understood else self._dated(self.finding.period, "in")
        return self._dated(self.finding.period, form or "name")

    def _dated(self, text: str, form: str) -> Fill | None:
        if not text:
            return None
        return dated(Period.parse(text), self.book.language, form)

    def _basis(self, name: str, form: str) -> str | None:
        if name != "basis":
            return basis_words(
                self.book, name.replace("_", " ").replace("previous", "previous period"), self.period, form
            )
        figure = self._figure(self.kind.decides)
        basis = self.finding.facts.get("basis") or (figure.basis if figure else "")
        entries = (identifier for entry in self.finding.entries for identifier in entry.figures.values())
        basis = basis or next((self.numbers.figure(identifier).basis for identifier in entries), "")
        return basis_words(self.book, basis, self.period, form) if basis else None

    def _meaning(self) -> str | None:
        if self.kind.entry:
            places = [entry.place for entry in self.finding.entries if not entry.breakdown]
        else:
            places = [] if self.finding.breakdown else [self.finding.place]
        return self.names.meaning(self.finding.indicator, places, self.direction)

    def _places(self) -> list[str]:
        return [entry.place for entry in self.finding.entries] or [self.finding.place]

    def _named(self, name: str) -> Fill | None:
        facts = self.finding.facts
        if name == "field":
            return self._field()
        if name == "measure":
            return _name(self.book.measures[facts.get("measure", "level")])
        if name == "by_growth":
            text = self.book.ranking["by growth"]
            return Fill((Run(text),), text) if facts.get("of") == "growth" else None
        place = facts.get(name, "")
        if not place or place == "total":
            return None
        known = place in self.names.briefing.names.places
        if known:
            return _name(self.names.place(place, in_text=True))
        return _name(uncapitalised(self.names.indicator(place), self.book.language))

    def _field(self) -> Fill | None:
        """Among whom a place is ranked: of 23 currencies, among the 27 provincial capitals."""
        count = self._identifier("out_of")
        group = self.finding.facts.get("group", "")
        name = self.names.group(group) if group else self.names.entities(self.finding.indicator, self._places())
        numbered = any(letter.isdigit() for letter in name)
        pattern = self.book.ranking["numbered group" if numbered else "group" if group else "members"]
        if count is None and not numbered:
            return None
        runs: list[Run] = []
        mask = ""
        for part in pattern.replace("{group}", "\0G\0").replace("{n}", "\0N\0").split("\0"):
            fill = _name(name) if part == "G" else self.numbers.fill(str(count), "number") if part == "N" else _said(part)
            runs.extend(fill.runs)
            mask += fill.mask
        return Fill(tuple(runs), mask)

    def _entry(self, name: str, form: str) -> Fill | None:
        entries = self.finding.entries
        if not entries:
            return None
        if name == "entries":
            return self._led(self._entries(), form)
        entry = entries[0] if name.startswith("first") else entries[-1]
        if name in ("first", "last"):
            member = self.names.entity(self.finding.indicator, entry.place, entry.breakdown)
            return self._led(_name(member), form)
        if name in ("first_value", "last_value"):
            identifier = next(iter(entry.figures.values()), None)
            return self.numbers.fill(identifier, form) if identifier else None
        return self._word(name)

    def _led(self, fill: Fill, form: str) -> Fill:
        """In the form `in`: with the preposition that goes with places (in), or with what else is listed (for)."""
        if form != "in":
            return fill
        word = self.book.subject["of entity" if self.names.has_entity(self.finding.indicator) else "in place"]
        return Fill((Run(word), *fill.runs), word + fill.mask)

    def _entries(self) -> Fill:
        """The list of the members, each with its figures: Norway (3.2%), Sweden (2.1%) and Denmark (1.0%)."""
        template = self.book.entries[self.finding.kind]
        marks = self.book.punctuation
        runs: list[Run] = []
        count = len(self.finding.entries)
        for position, entry in enumerate(self.finding.entries):
            if position:
                runs.append(Run(marks["and"] if position == count - 1 else marks["list"]))
            member = self.names.entity(self.finding.indicator, entry.place, entry.breakdown)
            figures = entry.figures

            def fill(slot: Slot, opening: bool, member: str = member, figures: dict[str, str] = figures) -> Fill | None:
                if slot.name == "entity":
                    return _name(member)
                role = slot.name if slot.name in figures else next(iter(figures), "") if slot.name == "value" else ""
                return self.numbers.fill(figures[role], slot.form) if role in figures else None

            filled = template.fill(fill)
            if filled is None:
                raise RenderError(
                    f"{template.source!r} cannot be said of {member} in a finding of kind {self.finding.kind!r}: "
                    f"its figures are {', '.join(figures) or 'none'}."
                )
            runs.extend(filled.runs)
        return Fill(tuple(runs), "@")

    def _word(self, name: str) -> Fill | None:
        """A word of the book that follows a fact: rose or fell by the direction, highest or lowest by the extreme."""
        fact = next((fact for fact, table in self.book.words.items() if name in table), "")
        if not fact:
            return None
        entry = self.book.words[fact][name]
        if fact != "manner":
            entry = entry.get(self.direction if fact == "direction" else self.finding.facts.get(fact, ""))
        figure = self._figure(self.kind.decides)
        manner = self.names.manner(self.finding.indicator, figure.unit if figure else "")
        return None if entry is None else _said(chosen(entry, manner))


def basis_words(book: PhraseBook, basis: str, period: Period, form: str) -> str:
    """What a rate compares with, in words: on the year, than in the previous month, since January 2020."""
    word, _, since = BASES.get(basis, basis).partition("since ")
    word = "since" if since else word
    if word not in book.basis:
        raise RenderError(
            f"{basis!r} is no basis of comparison; allowed are: on year, on previous period, since PERIOD."
        )
    table = book.basis[word]
    text: str = table.get(period.shape.value, table["other"])[form or "plain"]
    if since:
        base = Period.parse(since)
        text = text.replace("{in}", base.write(book.language, case="in")).replace("{period}", base.write(book.language))
    if "previous}" in text:
        before = period.step(-1)
        text = text.replace("{previous}", before.write(book.language))
        text = text.replace("{in previous}", before.write(book.language, case="in"))
    return text


def dated(period: Period, language: Language, form: str = "name") -> Fill:
    """A period as a name or with its preposition; its name is masked."""
    name = period.write(language)
    text = period.write(language, case="in") if form == "in" else name
    return Fill((Run(text),), text.replace(name, "@"))


def chosen(entry: Any, manner: str) -> str:
    """A word, or the one for this manner (amount, rate, price)."""
    return str(entry if isinstance(entry, str) else entry[manner])


def _rounded(figure: Figure) -> Decimal:
    return quantities.round_half_away(figure.value, figure.decimals or 0)


def _name(text: str) -> Fill:
    return Fill((Run(text),), "@")


def _said(text: str) -> Fill:
    return Fill((Run(text),), text)
