"""One sentence to what it says: names, periods and numbers are masked, the rest is covered by the grammar.

In: a sentence, and a `Reader` of its language and briefing. Out: `Read`: a claim for each number, and statements for
what is said without one; or what was left that nobody understands. Which facts these should be is for `checking`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from briefings.audit.readback.grammar import PERIODS, RANKS, SORTS, Found, Grammar, Lexicon, grammar, masked_name
from briefings.audit.readback.model import Claim, Name, Number, Read, Span, Statement, Subject
from briefings.audit.readback.names import Vocabulary
from briefings.audit.readback.numbers import Numbers, known_unit
from briefings.audit.readback.ranks import rank
from briefings.audit.readback.times import find as find_period
from briefings.briefing import Briefing
from briefings.periods import Period

#: What is said of a number; all else that words say is a statement of its own.
OF_NUMBERS = frozenset(
    {"direction", "basis", "time", "side", "before", "of", "status", "change", "noun", "first", "last", "holder"}
)
#: The kinds of number that have a basis of comparison, and that a word of comparison behind or before them belongs to.
COMPARED = frozenset(
    {"moved", "average", "any", "volatility", "share", "size", "risen", "fallen", "length", "completion"}
)
#: Kinds of number that are of an earlier time: a period beside them and another number is theirs.
EARLIER = frozenset({"previous", "earlier", "previous_rank", "previous_gap"})
#: Words whose first letter is no unit: 由113.1升至 is no volume.
NO_UNITS = ("升至", "升幅")
_NUMBERS, _PERIODS = 0xE000, 0xE400
#: So many readings are tried of a sentence that is not understood.
MOST_READINGS = 12


@dataclass(frozen=True)
class Masked:
    """A sentence in which characters of no language stand for names, periods and numbers. `starts`: where each of its
    characters stood in the sentence; `names`: position in the masked text -> what the name there may be."""

    text: str
    starts: tuple[int, ...]
    numbers: tuple[Number, ...]
    periods: tuple[Span, ...]
    names: Mapping[int, frozenset[Name]]

    def names_around(self, position: int) -> Iterator[int]:
        """Where, in the sentence, the names begin that stand just before a position and just behind it."""
        before = [at for at in self.names if at < position]
        behind = [at for at in self.names if at >= position]
        yield from (self.starts[at] for at in (*before[-1:], *behind[:1]))


@dataclass
class Reader:
    """Reads the sentences of one briefing in one language."""

    language: str
    vocabulary: Vocabulary
    numbers: Numbers
    grammar: Grammar
    year: int

    @classmethod
    def of(cls, briefing: Briefing, language: str, own: Lexicon | None = None) -> Reader:
        units = {figure.unit for figure in briefing.figures.values()}
        units |= {item.unit for item in briefing.names.indicators.values() if "LCU" not in item.unit}
        counters = [item.counter.get(language, "") for item in briefing.names.indicators.values()]
        words = {word for counter in counters for word in counter.split("|") if word}
        return cls(
            language,
            Vocabulary.of(briefing, language),
            Numbers.of(language, sorted(units), words),
            grammar(language, own),
            Period.parse(briefing.period).year,
        )

    def read(self, text: str) -> Read:
        """What a sentence says. A name may also be but a part of a word: the population of 按人口平均. So where a
        sentence is not understood, it is read again without the name that stands there."""
        masked, left = self.mask(text), text
        tried = {frozenset[int]()}
        ways = [(frozenset[int](), masked)]
        while ways and len(tried) <= MOST_READINGS:
            barred, masked = ways.pop()
            found, understood = self.grammar.cover(masked.text)
            if understood == len(masked.text):
                return _Interpreter(self, masked, text).interpret(found)
            start = masked.starts[understood] if understood < len(masked.starts) else len(text)
            left = min(left, text[start:], key=len)
            for name in masked.names_around(understood):
                without = barred | {name}
                if without not in tried:
                    tried.add(without)
                    ways.append((without, self.mask(text, without)))
        return Read(text, left=left)

    def mask(self, text: str, barred: frozenset[int] = frozenset()) -> Masked:
        """Put one character for each name, period and number, whichever is longest at a place; `barred`: where no name
        begins."""
        lowered, out, starts = text.lower(), list[str](), list[int]()
        numbers, periods, names = list[Number](), list[Span](), dict[int, frozenset[Name]]()
        position = 0
        while position < len(text):
            end, character = position + 1, lowered[position]
            if self._begins(text, position):
                named = None if position in barred else self.vocabulary.find(text, lowered, position)
                period = find_period(text, position, self.language, self.year)
                number = self._number(text, position)
                number = self._beside(text, number) if number else None
                if number and number[1].qualifier != "exact" and self._dated(text, position, number[0]):
                    number = None  # since at least 11 to 20 October
                longest = max(one[0] if one else 0 for one in (named, period, number))
                if named and named[0] == longest:
                    end, character = longest, masked_name(name.sort for name in named[1])
                    names[len(starts)] = named[1]
                elif period and period[0] == longest:
                    end, character = longest, chr(_PERIODS + len(periods))
                    periods.append(period[1])
                elif number:
                    end, told = self._with_status(text, number)
                    character = chr(_NUMBERS + len(numbers))
                    numbers.append(told)
            out.append(character)
            starts.extend([position] * len(character))
            position = end
        return Masked("".join(out), tuple(starts), tuple(numbers), tuple(periods), names)

    def _begins(self, text: str, position: int) -> bool:
        """Whether a name or number may begin here: in English, at the beginning of a word."""
        if position == 0:
            return True
        before = text[position - 1]
        return not before.isalnum() if self.language == "en" else not (before.isdigit() and text[position].isdigit())

    def _number(self, text: str, position: int) -> tuple[int, Number] | None:
        if position and text[position - 1] == "第":
            return None
        found = self.numbers.find(text, position)
        if found and text[found[0] - 1 : found[0] + 1] in NO_UNITS:
            return self.numbers.find(text, position, bare=True)
        if found and found[1].units and (bare := self._counted(text, position, found)):
            return bare
        if found and self.language == "en" and found[0] < len(text) and text[found[0]].isalnum():
            return None
        return found

    def _beside(self, text: str, found: tuple[int, Number]) -> tuple[int, Number]:
        """The number with what stands in brackets behind it: 13,000 mu (867 hectares)."""
        end, number = found
        known = [unit.row.beside for code in number.units if (unit := known_unit(code)) is not None and unit.row]
        if not any(known) or not text.startswith(" (", end):
            return found
        other = self.numbers.find(text, end + 2)
        if other is None or not other[1].units & set(known) or not text.startswith(")", other[0]):
            return found
        return other[0] + 1, replace(number, beside=other[1])

    def _with_status(self, text: str, found: tuple[int, Number]) -> tuple[int, Number]:
        """The number with its status in brackets behind it, wherever the sentence goes on: 0.2% (preliminary) of."""
        end, number = found
        begin = end + 1 if text.startswith(" ", end) else end
        for status, pattern in self.grammar.classes["status"][1].items():
            if said := pattern.match(text, begin):
                return said.end(), replace(number, status=status)
        return found

    def _dated(self, text: str, position: int, end: int) -> bool:
        """Whether what seems a number is the beginning of a period."""
        digit = next((at for at in range(position, end) if text[at].isdigit()), end)
        period = find_period(text, digit, self.language, self.year)
        return period is not None and period[0] > end

    def _counted(self, text: str, position: int, found: tuple[int, Number]) -> tuple[int, Number] | None:
        """The number without its unit, where the unit is the beginning of a name: 251 batches of land approved."""
        bare = self.numbers.find(text, position, bare=True)
        if bare is None or bare[0] >= found[0]:
            return None
        begin = bare[0] + (1 if text[bare[0]] == " " else 0)
        name = self.vocabulary.find(text, text.lower(), begin)
        return bare if name is not None and name[0] > found[0] else None


class _Interpreter:
    """Turns constructions into claims and statements."""

    def __init__(self, reader: Reader, masked: Masked, text: str) -> None:
        self.reader, self.masked, self.text = reader, masked, text
        self.read = Read(text)
        self.where: frozenset[str] = frozenset()
        self.home = False
        self.subject: Subject | None = None
        self.direction, self.at = "", 0
        self.parts: list[frozenset[Name]] = []
        self.respectively = False
        self.kind = ""
        self.pending: dict[str, str] = {}
        self.pending_span: Span | None = None

    def interpret(self, found: list[Found]) -> Read:
        for one in found:
            self._one(one)
        read = self.read
        first = read.subjects[0] if read.subjects else None
        if any(statement.topic == "flat" for statement in read.statements):
            self._of_no_number()  # little changed on the year, with no rate behind it
        for key, value in self.pending.items():
            for claim in [one for one in read.claims[:1] if one.kind in ("any", "level", "moved")]:
                claim.attributes.setdefault(key, value)
        for claim in read.claims:
            subject = claim.subject or first
            if subject and not subject.places and not subject.home:
                subject = replace(subject, places=self.where, home=self.home)
            claim.subject = subject
        return read

    # One construction

    def _one(self, found: Found) -> None:
        says, holes = dict(found.construction.says), list(found.holes)
        attributes = self._attributes(holes)
        for key in OF_NUMBERS & set(says):
            attributes[key] = says.pop(key)
        before = self.subject
        self._name_subject(holes, attributes, says)
        spans = {hole: self.masked.periods[ord(said) - _PERIODS] for hole, said, _ in holes if hole in PERIODS}
        if "when" in spans:
            self._when(holes, at_end="at_end" in says)
        if "due" in spans:
            self.read.span = spans["due"]
        claims = list(self._claims(holes))
        for claim in claims:
            if self.kind and claim.kind == "moved":
                claim.kind = self.kind
            for name in self._predicates(holes) if claim.kind == "any" else ():
                claim.kind = {"up": "risen", "down": "fallen"}[name.word]
        self.kind = says.pop("as", self.kind)
        if not self.read.claims and not claims:
            self.parts += [self.masked.names[at] for hole, _, at in holes if hole in ("part", "ind")]
        self.respectively = self.respectively or bool(says.pop("respectively", ""))
        if self.respectively:
            self._share_out(claims)
        if any(hole == "entity" for hole, _, _ in holes) and claims:
            self.subject = before  # a member of a list: what follows is not about it
        if says.pop("like", "") and self.direction:
            attributes["direction"] = self.direction
        self.direction = attributes.get("direction") or attributes.get("run") or self.direction
        names = self._names(holes)
        text, self.at = self._said(found), self.masked.starts[found.start]
        for claim in claims:
            others = ("direction",) if claim.kind in EARLIER else ("before", "time")
            claim.attributes.update({k: v for k, v in attributes.items() if k in OF_NUMBERS and k not in others})
            claim.names.update(names)
            earlier = claim.kind in EARLIER or not any(one.kind in EARLIER for one in claims)
            claim.span = (spans.get("at") if earlier else None) or spans.get("due")
            claim.basis_span = spans.get("since")
            self._take_pending(claim)
        if says.get("link") and "at" in spans:
            self._link(spans["at"])
        self._state(says, attributes, names, spans, text, claims)
        self.read.claims.extend(claims)

    def _share_out(self, claims: list[Claim]) -> None:
        """Parts are listed, then their shares: the first share is that of the first part."""
        for claim in claims:
            if self.parts:
                names = self.parts.pop(0)
                claim.subject = Subject(
                    frozenset(name.key for name in names if name.sort in ("part", "indicator")),
                    breakdowns=frozenset(name.key for name in names if name.sort == "breakdown"),
                )

    def _attributes(self, holes: list[tuple[str, str, int]]) -> dict[str, str]:
        classes = self.reader.grammar.classes
        return dict(self.reader.grammar.meaning(hole, said) for hole, said, _ in holes if hole in classes)

    def _name_subject(
        self, holes: list[tuple[str, str, int]], attributes: dict[str, str], says: dict[str, str]
    ) -> None:
        """Who or what is spoken of from here on."""
        keys = {
            sort: frozenset(
                name.key
                for hole, _, at in holes
                if hole == where
                for name in self.masked.names[at]
                if name.sort == sort
            )
            for sort, where in (("place", "place"), ("breakdown", "brk"))
        }
        things = [self.masked.names[at] for hole, _, at in holes if hole == "ind"]
        about = says.pop("about", "")
        if about == "home":
            self.home = attributes.pop("home", "") != ""
        if about and not things:
            self.where = self.where | keys["place"]
            return
        entity = [self.masked.names[at] for hole, _, at in holes if hole == "entity"]
        if entity:
            self.subject = Subject(
                self.read.subjects[0].indicators if self.read.subjects else frozenset(),
                frozenset(name.key for name in entity[0] if name.sort in ("entity", "place")),
                frozenset(name.key for name in entity[0] if name.sort == "breakdown"),
            )
            return
        if not things:
            if keys["place"] and not any(hole == "whole" for hole, _, _ in holes):
                self.where = self.where | keys["place"]
            return
        own = {name.place for name in things[0] if name.sort == "indicator" and name.place}
        self.subject = Subject(
            frozenset(name.key for name in things[0] if name.sort == "indicator"),
            keys["place"] | own,
            keys["breakdown"],
            attributes.pop("home", "") != "",
        )
        self.read.subjects.append(self.subject)

    def _when(self, holes: list[tuple[str, str, int]], *, at_end: bool) -> None:
        spans = [self.masked.periods[ord(said) - _PERIODS] for hole, said, _ in holes if hole == "when"]
        span = Span(spans[0].start, spans[-1].end, spans[-1].at_end or at_end, spans[-1].yearless)
        if self.read.span is not None and len(spans) == 1 and self.read.span != span:
            # A second period: the first was that of its beginning (from January 2020 ... to June 2026).
            self.read.statements.append(Statement("period", "also", self.text, span=self.read.span))
        self.read.span = span

    def _claims(self, holes: list[tuple[str, str, int]]) -> Iterator[Claim]:
        for hole, said, where in holes:
            start = self.masked.starts[where]
            if hole in RANKS:
                stop = (
                    self.masked.starts[where + len(said)]
                    if where + len(said) < len(self.masked.starts)
                    else len(self.text)
                )
                number, ends = rank(self.text[start:stop])
                yield Claim(start, stop, self.text[start:stop], hole, number, dict(ends), subject=self.subject)
            elif hole in self.reader.grammar.classes or hole in SORTS or hole in PERIODS:
                continue
            elif said in self.reader.grammar.numerals:
                number = Number(said, Decimal(self.reader.grammar.numerals[said]), Decimal(1))
                yield Claim(start, start + len(said), said, hole, number, subject=self.subject)
            else:
                number = self.masked.numbers[ord(said) - _NUMBERS]
                told = {"status": number.status} if number.status else {}
                yield Claim(start, start + len(number.text), number.text, hole, number, told, subject=self.subject)

    def _predicates(self, holes: list[tuple[str, str, int]]) -> frozenset[Name]:
        words = [self.masked.names[at] for hole, _, at in holes if hole == "predicate"]
        return frozenset(name for name in words[0] if name.sort == "predicate") if words else frozenset()

    def _names(self, holes: list[tuple[str, str, int]]) -> dict[str, frozenset[Name]]:
        found: dict[str, frozenset[Name]] = {}
        for hole, _, at in holes:
            if hole not in SORTS:
                continue
            names = self.masked.names[at]
            if hole == "other":
                found["to"] = names
            elif hole == "ind":
                continue
            elif hole not in ("place", "brk"):
                found[hole] = found.get(hole, frozenset()) | frozenset(n for n in names if n.sort in SORTS[hole])
        wholes = [at for hole, _, at in holes if hole == "whole"]
        for hole, said, at in holes:
            behind = self.reader.language == "en"
            if hole == "place" and wholes and (at > wholes[0] if behind else at + len(said) == wholes[0]):
                found["whole_place"] = self.masked.names[at]
        return found

    def _take_pending(self, claim: Claim) -> None:
        ends: dict[str, str] = {key: self.pending.pop(key) for key in ("first", "last") if key in self.pending}
        if claim.kind in ("any", "level", "moved"):
            claim.attributes.update(ends)
        if claim.kind == "size":
            self._of_no_number()  # the difference of two rates is not itself on the year
        elif claim.kind in COMPARED:
            for key, value in self.pending.items():
                if claim.basis_span is None:
                    claim.attributes.setdefault(key, value)
            claim.basis_span = claim.basis_span or self.pending_span
            self.pending, self.pending_span = {}, None

    def _of_no_number(self) -> None:
        """A basis that no number took is held against those of the finding."""
        basis = self.pending.pop("basis", "")
        if basis not in ("", "span"):
            self.read.statements.append(Statement("time", basis, self.text))
        self.pending_span = None

    def _link(self, span: Span) -> None:
        """Up 39.3% from CNY 96 billion in 2020: the rate is on the period of the amount."""
        for claim in reversed(self.read.claims):
            if claim.kind in COMPARED:
                claim.basis_span = claim.basis_span or span
                return

    def _state(
        self,
        says: dict[str, str],
        attributes: dict[str, str],
        names: dict[str, frozenset[Name]],
        spans: dict[str, Span],
        text: str,
        claims: list[Claim],
    ) -> None:
        """What a construction says beside its numbers; a basis that stands alone is that of its nearest number."""
        basis = attributes.get("basis") or says.pop("basis", "")
        if basis and not any(claim.kind in COMPARED for claim in claims):
            span = spans.get("since") if basis == "span" else None
            last = next((one for one in reversed(self.read.claims) if one.kind in COMPARED), None)
            if last is not None and "basis" not in last.attributes and last.basis_span is None:
                last.attributes["basis"], last.basis_span = basis, span
            else:
                self.pending["basis"], self.pending_span = basis, span
        for end in ("first", "last"):
            if end in attributes and not claims:
                self.pending[end] = attributes.pop(end)
        loose = {k: v for k, v in attributes.items() if k not in OF_NUMBERS or (not claims and k != "basis")}
        for topic, value in {**loose, **says}.items():
            every = frozenset(name for group in names.values() for name in group)
            self.read.statements.append(
                Statement(topic, value, text, every, spans.get("since") or spans.get("at"), at=self.at)
            )
        for key in ("meaning", "predicate", "remark"):
            said = names.get(key, frozenset())
            for value in sorted({name.word or name.key for name in said}):
                fitting = frozenset(name for name in said if (name.word or name.key) == value)
                self.read.statements.append(Statement(key, value, text, fitting))
        if "since" in spans and not claims and not says and not loose and not basis:
            self.read.statements.append(Statement("period", "from", text, span=spans["since"]))

    def _said(self, found: Found) -> str:
        starts = self.masked.starts
        end = starts[found.end] if found.end < len(starts) else len(self.text)
        return self.text[starts[found.start] : end]
