"""What the slots of a phrase say of one finding: names, periods, bases of comparison, numbers, words.

In: a finding, the names of its briefing and the phrase book. Out: fills. How a number is written is known in `numbers`,
how the members of a list are told in `members`; which phrase is taken is decided in `sentences`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from briefings.briefing import Figure, Finding
from briefings.errors import RenderError
from briefings.narrative.kinds import KINDS, REACH, READINGS, Kind, View, lead
from briefings.narrative.members import Members
from briefings.narrative.model import Run
from briefings.narrative.names import Names, stands_within, uncapitalised
from briefings.narrative.numbers import Numbers, basis_words, chosen, dated, measure_words, named, released, said
from briefings.narrative.phrases import PhraseBook
from briefings.narrative.templates import Fill, Slot
from briefings.periods import Frequency, Period, Shape

#: Kinds that count releases: each is called by the month to which it leads.
BY_RELEASES = ("streak", "volatility", "rolling")
#: Numbers of members: their noun stands beside them, not in their unit.
COUNTED = dict.fromkeys(("count", "up", "down", "out_of"), "number")


@dataclass(frozen=True)
class Teller:
    """Fills the slots of one finding.

    `understood`: its period goes without saying. `short`: an indicator is called by its short name, as in the title of
    a chart. `said`: figures told just before; a level among them is not told again beside another number. Raises
    `RenderError` for a kind of finding that is not known.
    """

    finding: Finding
    names: Names
    understood: bool = False
    short: bool = False
    said: frozenset[str] = frozenset()

    @cached_property
    def kind(self) -> Kind:
        if self.finding.kind not in KINDS:
            raise RenderError(f"{self.finding.kind!r} is no kind of finding; allowed are: {', '.join(KINDS)}.")
        return KINDS[self.finding.kind]

    @property
    def book(self) -> PhraseBook:
        return self.names.book

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.names)

    @cached_property
    def members(self) -> Members:
        return Members(self.finding, self.numbers)

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
        figures = {role: self.numbers.figure(figure) for role, figure in self.finding.figures.items()}
        values = {role: self._printed(figure) for role, figure in figures.items()}
        units = {role: figure.unit for role, figure in figures.items()}
        leading, finding = figures.get(lead(self.finding)), self.finding
        sort = self.names.sort(finding.indicator, leading.unit, finding.place) if leading and finding.indicator else ""
        members = [next(iter(entry.figures.values()), "") for entry in finding.entries]
        first = tuple(self.numbers.figure(identifier).value for identifier in members if identifier)
        return self.kind.choose(View(finding, self.direction, values, units, self._basis(), sort, first))

    @property
    def tellable(self) -> frozenset[str]:
        """The slots that a sentence should not leave out."""
        roles = {role for role in self.kind.told if self._identifier(role)}
        meaning = {"meaning"} if self.kind.meaning and self._meaning() else set()
        readings = {name for name in READINGS if name in self.kind.names and self._reading(name)}
        reach = next((name for name in REACH if name in self.kind.periods and self.finding.facts.get(name)), None)
        return frozenset(roles | meaning | readings | ({reach} if reach else set()))

    def fill(self, slot: Slot, opening: bool) -> Fill | None:
        """What stands in a slot, or None; `opening` where the slot begins the sentence."""
        makers = (self._subject, self._time, self._number, self._group, self._place, self._member, self._word)
        return next((fill for make in makers if (fill := make(slot, opening)) is not None), None)

    def fill_anyhow(self, slot: Slot, opening: bool) -> Fill | None:
        """As `fill`, but a subject whose capital letter may be that of a proper name is written small within a
        sentence: for the phrases that have no place for it at their beginning."""
        subject = self._named_subject(slot.name)
        if subject is not None and not opening:
            return named(uncapitalised(subject[0], self.book.language))
        return self.fill(slot, opening)

    # What the sentence is about

    def _subject(self, slot: Slot, opening: bool) -> Fill | None:
        """None where a name whose capital letter may be that of a proper name would stand within the sentence."""
        subject = self._named_subject(slot.name)
        return named(subject[0]) if subject and (subject[1] or opening) else None

    def _named_subject(self, name: str) -> tuple[str, bool] | None:
        """The subject or the indicator's name, and whether it may stand within a sentence as it is."""
        finding = self.finding
        if name == "subject":
            return self.names.subject(finding.indicator, finding.place, finding.breakdown)
        if name == "leader" and finding.entries:
            return self.names.subject(finding.indicator, finding.entries[0].place, finding.entries[0].breakdown)
        if name == "whole":
            place = finding.facts.get("to") or finding.facts.get("of", "")
            return self.names.subject(finding.indicator, place) if place in self.names.briefing.names.places else None
        if name == "name":
            text = self.names.indicator(finding.indicator, short=self.short)
            return text, stands_within(text, self.book.language)
        return None

    def _meaning(self) -> str | None:
        if self.finding.facts.get("meaning") == "no":
            return None
        if self.kind.entry:
            places = [entry.place for entry in self.finding.entries if not entry.breakdown]
        else:
            places = [] if self.finding.breakdown else [self.finding.place]
        return self.names.meaning(self.finding.indicator, places, self.direction)

    # Periods and bases

    def _time(self, slot: Slot, opening: bool) -> Fill | None:
        name, form = slot.name, slot.form
        if name == "when":
            return None if self.understood else self._when()
        if name in ("period", "until"):
            by_release = name == "until" or self.finding.kind in BY_RELEASES
            return dated(released(self.period) if by_release else self.period, self.book.language, form)
        if name in self.kind.periods:
            text = self.finding.facts.get(name, "")
            period = Period.parse(text) if text else None
            if period is not None and self.finding.kind in BY_RELEASES:
                period = released(period)
            return dated(period, self.book.language, form) if period else None
        known = self._basis()
        other = "on year" if known == "on previous period" else "on previous period"
        bases = {"basis": known, "other_basis": other, "on_year": "on year", "on_previous": "on previous period"}
        basis = bases.get(name)
        if not basis:
            return None
        if self.finding.kind == "volatility" and self.period.shape is Shape.CUMULATED_MONTHS:
            others = self.book.basis["on previous period"]["other"]  # of all releases, not of this one on the last
            return said(others.get(form, others["plain"]))
        before = self._release_before() if basis == "on previous period" else None
        return said(basis_words(self.book, basis, self.period, form or self._points(name), before))

    def _release_before(self) -> Period | None:
        """What a rate on the previous period was worked out from, and the rate before is of: before January to February
        stands December, before March stands January to February, where these are one release."""
        earlier = self._figure("previous_growth")
        if earlier is not None and Period.parse(earlier.period) < self.period:
            return Period.parse(earlier.period)
        members = (figure for entry in self.finding.entries[:1] for figure in entry.figures.values())
        for identifier in (*self.finding.figures.values(), *members):
            figure = self.numbers.figure(identifier)
            bases = [item.period for item in figure.inputs if item.indicator == figure.indicator]
            if figure.basis.endswith("on previous period") and (others := set(bases) - {figure.period}):
                return max(map(Period.parse, others))
        return None

    def _printed(self, figure: Figure) -> float:
        """The value, or zero where it is printed as zero."""
        return figure.value if self.numbers.direction(figure) != "flat" else 0.0

    def _when(self) -> Fill:
        """In the period; of a stock, at its end (a balance is never that of a whole month)."""
        indicator = self.finding.indicator
        if not indicator or not self.names.stock(indicator) or self.period.frequency is Frequency.DAILY:
            return dated(self.period, self.book.language, "in")
        by_month = self.period.shape in (Shape.CUMULATED_MONTHS, Shape.HALF_YEAR)
        period = Period.of(self.period.end, Frequency.MONTHLY) if by_month else self.period
        return self._at_end(period)

    @property
    def dating(self) -> str:
        """The period as the sentence says it: what it need not say again behind one that says the same."""
        return "".join(run.text for run in self._when().runs)

    def _at_end(self, period: Period) -> Fill:
        pattern = self.book.subject["at end"]
        name = period.write(self.book.language)
        return Fill((Run(pattern.replace("{period}", name)),), pattern.replace("{period}", "@"))

    def _points(self, slot: str) -> str:
        """The form in which a change in points names its basis: 比上月 (与上月, where it is none) for 环比."""
        rate = self._figure("growth_previous" if slot == "on_previous" else "growth") or self._figure("growth")
        if rate is None or rate.unit != "percentage point":
            return ""
        return "level" if slot == "on_previous" and self.numbers.direction(rate) == "flat" else "points"

    def _basis(self) -> str:
        """What the finding's rate compares with: told as a fact, or known to the figure that counts."""
        figure = self._figure(self.kind.decides or next(iter(self.kind.roles), ""))
        bases = [self.finding.facts.get("basis", ""), figure.basis if figure else "", self.members.basis]
        return next(filter(None, bases), "")

    # Numbers

    def _number(self, slot: Slot, opening: bool) -> Fill | None:
        identifier = self._identifier(slot.name) if slot.name in self.kind.roles else None
        if identifier is None:
            return None
        form = slot.form or COUNTED.get(slot.name, "")
        fill = self.numbers.fill(identifier, form, facts=self.finding.facts)
        word = self.book.status.get(self.numbers.figure(identifier).status)
        if word and slot.name == ("level" if "level" in self.finding.figures else self.kind.roles[0]):
            marks = self.book.punctuation
            return Fill((*fill.runs, Run(marks["open"] + word + marks["close"])), fill.mask)
        return fill

    def _figure(self, role: str) -> Figure | None:
        identifier = self._identifier(role)
        return self.numbers.figure(identifier) if identifier else None

    def _identifier(self, role: str) -> str | None:
        figures = self.finding.figures
        if role not in self.kind.roles:
            return figures.get(role)
        found = next((figures[name] for name in (role, *self.kind.instead.get(role, ())) if name in figures), None)
        told_already = role == "growth_previous" and found == self._identifier("growth")
        repeated = role == "level" != self.kind.roles[0] and found in self.said
        return None if told_already or repeated else found

    # Places, groups and words

    def _group(self, slot: Slot, opening: bool) -> Fill | None:
        """Among whom a figure is counted, and what they did."""
        name = slot.name
        if name == "entities":
            return named(self.names.entities(self.finding.indicator, self.members.places or [self.finding.place]))
        if name == "among" and self.kind.entry:
            return self._among()
        if name in READINGS and name in self.kind.names and (reading := self._reading(name)):
            return said(reading)
        return self._field() if name == "field" and name in self.kind.names else None

    def _place(self, slot: Slot, opening: bool) -> Fill | None:
        """Whom a figure is compared with, and by what; whose it is."""
        name, facts = slot.name, self.finding.facts
        if name not in self.kind.names or name in ("field", *READINGS):
            return None
        if name == "by_growth":
            pace = chosen(self.book.words["manner"]["pace"], self.names.manner(self.finding.indicator))
            return said(self.book.ranking["by growth"].replace("{pace}", pace)) if facts.get("of") == "growth" else None
        if name == "whose":
            return named(self.names.place(self.finding.place, in_text=True))
        if name == "measure":
            return named(measure_words(facts["measure"], self.names, self.finding.indicator, self.finding.period))
        return self._other(facts.get(name, ""))

    def _other(self, key: str) -> Fill | None:
        """Another place or another indicator; None for the total of all."""
        if key in ("", "total"):
            return None
        if key in self.names.briefing.names.places:
            return named(self.names.place(key, in_text=True))
        return named(uncapitalised(self.names.indicator(key), self.book.language))

    def _field(self) -> Fill | None:
        """Among whom a place is ranked: of 23 currencies, among the 27 provincial capitals."""
        count = self._identifier("out_of")
        group = self.finding.facts.get("group", "")
        name = self.names.group(group) if group else self.names.entities(self.finding.indicator, [self.finding.place])
        numbered = any(letter.isdigit() for letter in name)
        pattern = self.book.ranking["numbered group" if numbered else "group" if group else "members"]
        if count is None and not numbered:
            return None
        return self._counted(pattern, name, count, "number")

    def _among(self) -> Fill | None:
        """Among whom the members of a list stand out: 23 currencies, the 15 largest countries."""
        count = self._identifier("count")
        if count is None:
            return None
        pattern = self.book.ranking["largest" if self.finding.facts.get("among") == "largest" else "counted"]
        name = self.names.entities(self.finding.indicator, self.members.places)
        return self._counted(pattern, name, count, "count")

    def _counted(self, pattern: str, name: str, count: str | None, form: str) -> Fill:
        """A pattern of `{n}` and `{group}`, filled."""
        runs: list[Run] = []
        mask = ""
        for part in pattern.replace("{group}", "\0G\0").replace("{n}", "\0N\0").split("\0"):
            fill = named(name) if part == "G" else self.numbers.fill(str(count), form) if part == "N" else said(part)
            runs.extend(fill.runs)
            mask += fill.mask
        return Fill(tuple(runs), mask)

    def _reading(self, name: str) -> str | None:
        return self.names.predicate(self.finding.indicator, "up" if name == "risen" else "down")

    def _member(self, slot: Slot, opening: bool) -> Fill | None:
        return self.members.fill(slot) if self.kind.entry else None

    def _word(self, slot: Slot, opening: bool) -> Fill | None:
        """A word of the book that follows a fact (rose or fell by the direction, highest or lowest by the extreme), or
        what a movement means."""
        if slot.name == "meaning":
            text = self._meaning() if self.kind.meaning else None
            return named(text) if text else None
        words = self.book.words
        fact = next((fact for fact, table in words.items() if slot.name in table), "")
        if not fact:
            return None
        entry = words[fact][slot.name]
        if fact != "manner":
            entry = entry.get(self.direction if fact == "direction" else self.finding.facts.get(fact, ""))
        return None if entry is None else said(chosen(entry, self._manner()))

    def _manner(self) -> str:
        """Which verbs of movement fit: those of the figure that decides the direction, else of the indicator."""
        figure = self._figure(self._decider())
        return self.numbers.manner(figure) if figure else self.names.manner(self.finding.indicator)

    def _decider(self) -> str:
        """The role whose sign is the direction."""
        return self.kind.decides
