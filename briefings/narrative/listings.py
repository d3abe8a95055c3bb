"""Lists on accounts: targets set for later, the parts of a whole, nested tiers, pairs of levels, completion rates, what
the sources lack; and what a person wrote.

In: findings of these kinds. Out: fills of the slots that they alone have. Lists of places (the largest movers) are told
in `members`, single accounts next door, in `accounts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from briefings import quantities
from briefings.briefing import Entry, Figure
from briefings.errors import RenderError
from briefings.narrative.kinds import TARGETS
from briefings.narrative.members import Members
from briefings.narrative.model import Run
from briefings.narrative.names import Names, indefinite
from briefings.narrative.numbers import Numbers, chosen, filled, named, said
from briefings.narrative.telling import Teller
from briefings.narrative.templates import Fill, Slot
from briefings.periods import Period, Shape

LISTINGS = ("commitments", "remark", "absent", "held", "composition", "tiers", "pairs", "completions")


@dataclass(frozen=True)
class ListingTeller(Teller):
    """Fills the slots of one finding that lists entries of several indicators."""

    @cached_property
    def members(self) -> Members:
        return ListedAccounts(self.finding, self.numbers)

    def fill(self, slot: Slot, opening: bool) -> Fill | None:
        makers: dict[str, Callable[[], Fill | None]] = {
            "place": lambda: named(self.names.place(self.finding.place, in_text=True)),
            "share_of": self._whole,
            "parts": lambda: named(self._parts()),
            "things": lambda: named(self.names.listed([_called(entry, self.names) for entry in self.finding.entries])),
            "moves": self._moves,
            "shares": lambda: self._figures("share"),
            "family": self._family,
            "threshold": lambda: _threshold(self.finding.entries[0], self.names),
            "number": lambda: said(self._in_words(len(self.finding.entries))),
            "achieved": lambda: said(self._in_words(self._reached())),
            "remark": self._remark,
            "absences": self._absences,
        }
        if slot.name == "first_thing":
            return named(_called(self.finding.entries[0], self.names))
        if slot.name in self.kind.own or slot.name in self.kind.names:
            found = makers[slot.name]()
            if found is not None:
                return found
        return super().fill(slot, opening)

    def _whole(self) -> Fill | None:
        """What the parts make up: as their sources call it."""
        facts = self.finding.facts
        whole = self.names.whole(facts.get("share_of", "") or facts.get("whole", ""))
        return named(whole) if whole else None

    def _parts(self) -> str:
        """The parts by name, a word that ends them all told once: the primary, secondary and tertiary industries."""
        labels = [_label(entry, self.names) for entry in self.finding.entries]
        if self.book.language == "zh":
            ending = _common_ending(labels, split="")
            return self.names.listed([label.removesuffix(ending) for label in labels]) + ending
        ending = _common_ending([label.split() for label in labels], split=" ")
        if not ending:
            return self.names.listed(labels)
        stems = [label.removesuffix(ending).strip().removeprefix("the ") for label in labels]
        return f"the {self.names.listed(stems)} {_pluralised(ending)}"

    def _figures(self, role: str) -> Fill:
        """The figures of all entries in a row: 4.6%, 29.7% and 65.7%."""
        fills = [self.numbers.fill(entry.figures[role]) for entry in self.finding.entries]
        return _row(fills, self.names)

    def _moves(self) -> Fill | None:
        """By how much each went up or down, where that is known of all: retail sales rose 26.4%, investment fell
        32.5%."""
        moved, fills = self.book.own["verb"], list[Fill]()
        for entry in self.finding.entries:
            figure = self._change(entry)
            if figure is None:
                return None
            short = self.names.within(self.names.indicator(entry.indicator, short=True))
            verb = filled(
                chosen(moved[self.numbers.direction(figure)], self.numbers.manner(figure)),
                *self.numbers.fill(figure.id, "size").runs,
            )
            gap = Run("" if self.book.language == "zh" else " ")
            fills.append(Fill((Run(short), gap, *verb.runs), "@"))
        return _joined(fills, self.book.punctuation["clause"])

    def _change(self, entry: Entry) -> Figure | None:
        """The change between the two levels: worked out, or published of the later one since the earlier."""
        if "change" in entry.figures:
            return self.numbers.figure(entry.figures["change"])
        before, after = (self.numbers.figure(entry.figures[role]) for role in ("from", "to"))
        subject = (after.indicator, after.place, after.breakdown, after.period, f"since {before.period}")
        every = self.names.briefing.figures.values()
        published = (f for f in every if (f.indicator, f.place, f.breakdown, f.period, f.basis) == subject)
        return next((f for f in published if f.unit == "percent"), None)

    def _family(self) -> Fill | None:
        """What all tiers are tiers of, where the finding names it."""
        text = self.finding.facts.get(self.book.language)
        return named(text) if text else None

    def _in_words(self, count: int) -> str:
        """How many entries there are, in words: it is no figure of the briefing."""
        words = self.book.absent["numbers"].split()
        return words[count - 1] if 0 < count <= len(words) else str(count)

    def _reached(self) -> int:
        figures = [self.numbers.figure(entry.figures["completion"]) for entry in self.finding.entries]
        return sum(1 for figure in figures if figure.value >= 100)

    def _remark(self) -> Fill:
        """What a person wrote, as it stands; its full stop is that of the sentence."""
        text = self.finding.facts.get(self.book.language, "").strip()
        if not text:
            raise RenderError(
                f"A remark of {self.finding.facts.get('source', 'a source')!r} has no text in "
                f"{self.book.language!r}, in which this edition is written; write it in config/remarks."
            )
        return Fill((Run(text.rstrip(".。")),), text)

    def _absences(self) -> Fill:
        """What the sources lack, an indicator at a time: the single month, the level and a target for value added."""
        lacking: dict[tuple[str, str], list[str]] = {}
        for entry in self.finding.entries:
            lacking.setdefault((entry.indicator, entry.place), []).append(entry.facts.get("what", "level"))
        fills = [named(self._lacking(indicator, place, what)) for (indicator, place), what in lacking.items()]
        return _joined(fills, self.book.absent["list"])

    def _lacking(self, indicator: str, place: str, what: Sequence[str]) -> str:
        words, thing = self.book.absent, self.names.thing(indicator, place)
        told = any(
            (figure.indicator, figure.place) == (indicator, place) for figure in self.names.briefing.figures.values()
        )
        item = self.names.briefing.names.indicators[indicator]
        if (list(what) == ["rank"] and item.nature == "rank") or (list(what) == ["level"] and not told):
            return words["alone"].replace("{thing}", thing)
        amount = quantities.Unit.parse(item.unit)[0].is_currency
        listed = self.names.listed([words["amount" if word == "level" and amount else word] for word in what])
        return words["for" if "target" in what else "of"].replace("{thing}", thing).replace("{what}", listed)


@dataclass(frozen=True)
class ListedAccounts(Members):
    """Entries of several indicators, each with its own name and its own way of being told."""

    def _list(self, entries: Sequence[Entry]) -> Fill:
        """Each entry is a clause: growth of 6% in GDP, growth of 7% in retail sales and ..."""
        marks, runs = self.names.book.punctuation, list[Run]()
        for number, entry in enumerate(entries):
            if number:
                runs.append(Run(marks["last clause" if number == len(entries) - 1 else "clause"]))
            runs.extend(self._told(entry))
        return Fill(tuple(runs), "@")

    def _told(self, entry: Entry) -> tuple[Run, ...]:
        template = self.names.book.entries[self.finding.kind]

        def fill(slot: Slot, opening: bool) -> Fill | None:
            if slot.name == "exceed":
                # Of nested tiers the verb is said once: 84 exceed 500 million and 47 a billion.
                return said(self.names.book.roles["exceed"]) if entry == self.finding.entries[1] else None
            return _slot(slot, entry, self.numbers)

        filled = template.fill(fill)
        if filled is None:
            raise RenderError(
                f"{template.source!r} cannot be said of {_called(entry, self.names)}, a member of a finding of kind "
                f"{self.finding.kind!r}: its figures are {', '.join(entry.figures) or 'none'}."
            )
        return filled.runs


def _slot(slot: Slot, entry: Entry, numbers: Numbers) -> Fill | None:
    """What stands in a slot of one entry."""
    names = numbers.names
    if slot.name == "entity" and entry.indicator:
        return named(_called(entry, names))
    if slot.name in ("thing", "a_thing"):
        called = _called(entry, names)
        return named(indefinite(called, names.language) if slot.name == "a_thing" else called)
    makers: dict[str, Callable[[], Fill | None]] = {
        "threshold": lambda: _threshold(entry, names),
        "totals": lambda: _totals(entry, numbers),
        "went": lambda: _went(entry, numbers),
    }
    if slot.name in makers:
        return makers[slot.name]()
    if slot.name in TARGETS:
        return _target(slot, entry, numbers)
    return numbers.fill(entry.figures[slot.name], slot.form) if slot.name in entry.figures else None


def _target(slot: Slot, entry: Entry, numbers: Numbers) -> Fill | None:
    """The target in the slot that fits what it is: a growth, a decline, a number of things, a level."""
    figure = numbers.figure(entry.figures["target"])
    if slot.name != f"{_aim(entry, figure, numbers.names)}_target":
        return None
    return numbers.fill(figure.id, slot.form or ("size" if figure.value < 0 else ""))


def _aim(entry: Entry, figure: Figure, names: Names) -> str:
    role = entry.facts.get("role", figure.kind)
    if role in ("growth", "average", "since", "average annual growth"):
        rise = "average" if role.startswith("average") else "growth"
        return rise if figure.value >= 0 else "decline"
    if role in ("multiple", "change"):
        return role
    return "count" if names.sort(entry.indicator, figure.unit, entry.place) == "count" else "level"


def _totals(entry: Entry, numbers: Numbers) -> Fill | None:
    """That the two levels are totals of several years, where a language says so."""
    period, word = Period.parse(numbers.figure(entry.figures["to"]).period), numbers.book.roles["totals"]
    return said(word) if word and period.shape is Shape.CUMULATED_YEARS else None


def _went(entry: Entry, numbers: Numbers) -> Fill:
    """Rose or fell from the one to the other."""
    before, after = (numbers.figure(entry.figures[role]).value for role in ("from", "to"))
    direction = "up" if after > before else "down" if after < before else "flat"
    entry_word = numbers.book.words["direction"]["went_on"][direction]
    return said(entry_word if isinstance(entry_word, str) else entry_word[numbers.names.manner(entry.indicator)])


def _threshold(entry: Entry, names: Names) -> Fill | None:
    """Above what a tier begins, from the name of the tier: over CNY 500 million, 5亿元以上. It is part of a name."""
    tier = names.briefing.names.breakdowns.get(entry.facts.get("tier", ""), {}).get(names.language, "")
    return named(tier.removeprefix("over ").removesuffix("以上")) if tier else None


def _called(entry: Entry, names: Names) -> str:
    return names.thing(entry.indicator, entry.place, entry.breakdown)


def _label(entry: Entry, names: Names) -> str:
    """A part by its breakdown, its short name or its name, as it stands within a sentence."""
    if entry.breakdown:
        return names.breakdown(entry.breakdown)
    return names.within(names.indicator(entry.indicator, short=True)).removeprefix("the ")


def _common_ending(labels: Sequence[Sequence[str]], *, split: str) -> str:
    """The letters (the last word) in which all labels end, short of taking one of them whole."""
    shortest = min(map(len, labels), default=0)
    length = 0
    while length + 1 < shortest and len({tuple(label[-length - 1 :]) for label in labels}) == 1:
        length += 1
    ending = labels[0][len(labels[0]) - length :] if length else ()
    return split.join(ending)


def _pluralised(noun: str) -> str:
    if noun.endswith("s"):
        return noun
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"


def _row(fills: Sequence[Fill], names: Names) -> Fill:
    marks = names.book.punctuation
    if len(fills) < 2:
        return _joined(fills, "")
    return _joined((_joined(fills[:-1], marks["list"]), fills[-1]), marks["and"])


def _joined(fills: Iterable[Fill], mark: str) -> Fill:
    runs: list[Run] = []
    masks: list[str] = []
    for fill in fills:
        runs += ([Run(mark)] if runs and mark else []) + list(fill.runs)
        masks.append(fill.mask)
    return Fill(tuple(runs), mark.join(masks))
