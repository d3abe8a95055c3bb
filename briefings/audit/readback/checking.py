"""A read sentence held against the facts of its finding.

In: what a reader found in a sentence, the finding and its briefing. Out: mismatches in words: what was read, and what
the facts say. Each number must be a figure of the finding whose value, unit, kind, basis, direction, period, place,
indicator and comparator are those that were read; each statement must be one that the finding's facts make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from briefings.audit.readback import statements
from briefings.audit.readback.facts import SHAPES, WORDS, Fact, facts_of, moved, movement, released, sign
from briefings.audit.readback.model import Claim, Mismatch, Name, Read, Span, Subject
from briefings.audit.readback.numbers import fits, known_unit
from briefings.briefing import Briefing, Finding
from briefings.periods import Period, Shape
from briefings.quantities import Unit, convert, round_half_away

#: Kinds of number that are printed without their sign, which words tell.
SIZES = frozenset({"size", "gap", "previous_gap", "distance"})
#: What is read only where the words say it; a bare word of movement beside these is one of the whole sentence.
MOVED = frozenset({"moved", "average", "any", "size", "gap"})
STATUSES = {"expected": {"estimate"}, "flash": {"flash"}, "preliminary": {"preliminary"}, "target": {"target"}}
QUALIFIERS = {"exact": {"exact"}, "over": {"over"}, "under": {"under"}, "about": {"about"}}


@dataclass
class Checker:
    """Holds sentences against facts, in order of reading: a period that a sentence leaves out is that said before."""

    briefing: Briefing
    placeless: frozenset[str]
    said: Span | None = None

    def part(self) -> None:
        """A new part of the page begins: no period is understood from what stood before."""
        self.said = None

    def check(self, read: Read, finding: Finding) -> tuple[list[Mismatch], dict[str, Claim]]:
        """Mismatches of one sentence, and the claim that told each figure, by its role and id."""
        if read.left:
            return [Mismatch(f"“{read.left}”, which cannot be read back", "a sentence that a reader understands")], {}
        found = list(self._dated(read, finding))
        facts, told = facts_of(finding, self.briefing), dict[str, Claim]()
        for claim in read.claims:
            if finding.kind == "completions" and claim.kind in ("members", "reached"):
                found += self._number_of(claim, finding)
                continue
            if claim.kind == "threshold":
                found += self._threshold(claim, finding)
                continue
            best, why = self._closest(claim, facts, told, finding)
            if best is None or why:
                found.append(self._objection(claim, best, why))
            if best is not None:
                claim.computed = best.figure.computed
                told[f"{best.role}:{best.figure.id}"] = claim
        found += statements.mismatches(read, finding, self.briefing)
        return found, told

    # Periods

    def _dated(self, read: Read, finding: Finding) -> Iterator[Mismatch]:
        """The period of the sentence is the finding's; one that is left out is that said before."""
        if finding.kind in ("remark", "held"):
            return
        span = read.span or self.said
        if read.span is not None:
            own = Period.parse(finding.period)  # what a later sentence understands: not where a span of time began
            self.said = Span(own.start, own.end)
        if finding.kind in ("pairs", "commitments"):
            self.said = None
        if read.span is None and finding.kind == "streak":
            return  # from April on, so many months in a row: its end follows from these
        if span is not None and not self._of_period(span, finding):
            yield Mismatch(f"{_days(span)}", f"the period {finding.period}")

    def _of_period(self, span: Span, finding: Finding) -> bool:
        facts = finding.facts
        period = Period.parse(facts.get("for_period") or finding.period)
        starts, ends = {period.start}, {period.end}
        if "from" in facts:
            first = Period.parse(facts["from"])
            starts |= {first.start, released(first).start}
        if "to" in facts and facts["to"][:1].isdigit():
            ends = {Period.parse(facts["to"]).end}
        if span.end not in ends:
            return False
        loose = span.at_end or span.start == span.end or finding.kind == "streak"
        return span.start in starts or loose

    # Claims

    def _number_of(self, claim: Claim, finding: Finding) -> Iterator[Mismatch]:
        """How many targets are listed, and how many of them were reached."""
        rates = [self.briefing.figures[entry.figures["completion"]].value for entry in finding.entries]
        counted = len(rates) if claim.kind == "members" else sum(rate >= 100 for rate in rates)
        if claim.number.value != counted:
            yield Mismatch(f"“{claim.text}” as their number", f"{counted}")

    def _threshold(self, claim: Claim, finding: Finding) -> Iterator[Mismatch]:
        """Above what a tier begins: that of the member whose number stands beside it."""
        tiers = [self.briefing.names.breakdowns.get(entry.facts.get("tier", ""), {}) for entry in finding.entries]
        known = {text for tier in tiers for text in tier.values()}
        if not any(claim.text.removesuffix("以上") in text for text in known):
            yield Mismatch(f"“{claim.text}” as the threshold of a tier", " or ".join(sorted(known)) or "no tier")

    def _closest(
        self, claim: Claim, facts: list[Fact], told: dict[str, Claim], finding: Finding
    ) -> tuple[Fact | None, list[str]]:
        """The fact that a claim tells: one with the same value, of the right kind, with the fewest mismatches."""
        best: tuple[int, int, Fact, list[str]] | None = None
        for number, fact in enumerate(facts):
            if not self._same_value(claim, fact):
                continue
            why = list(self._mismatches(claim, fact, finding))
            used = f"{fact.role}:{fact.figure.id}" in told
            rank = (len(why) + (1 if used else 0), number)
            if best is None or rank < best[:2]:
                best = (*rank, fact, why)
        return (best[2], best[3]) if best else (None, [])

    def _same_value(self, claim: Claim, fact: Fact) -> bool:
        figure, number = fact.figure, claim.number
        size = (
            claim.kind in SIZES or bool({"direction", "before", "side"} & set(claim.attributes)) or claim.kind == "any"
        )
        if _manifold(claim, fact):
            return fits(number, figure.value, size=True, factor=100)
        if claim.kind not in fact.kinds and claim.kind not in ("rank", "previous_rank"):
            size = True
        return fits(number, figure.value, size=size)

    def _mismatches(self, claim: Claim, fact: Fact, finding: Finding) -> Iterator[str]:
        if claim.kind not in fact.kinds:
            yield f"a {_kind(fact)}"
        yield from self._unit(claim, fact)
        yield from self._direction(claim, fact)
        yield from self._basis(claim, fact)
        yield from self._began(claim, fact)
        yield from self._time(claim, fact, finding)
        yield from self._subject(claim, fact)
        yield from self._comparator(claim, finding)
        yield from self._said_of(claim, fact, finding)

    def _unit(self, claim: Claim, fact: Fact) -> Iterator[str]:
        number, unit = claim.number, fact.figure.unit
        if number.beside is not None:
            same = _beside(fact.figure.value, unit, number.beside.units)
            if same is None or not fits(number.beside, same, size=True):
                yield f"{same} in the brackets"
        if unit in number.units or _manifold(claim, fact):
            return
        known = known_unit(unit)
        if known is None:
            return  # a number of half-years, whose noun is held against the facts
        countable = known.is_count or unit in ("ratio", "index", "number", "place")
        if not number.units and countable:
            return
        if number.counter and known.is_count:
            item = self.briefing.names.indicators.get(fact.figure.indicator)
            words = {word for text in item.counter.values() for word in text.split("|")} if item else set()
            if number.counter in words:
                return
        if claim.kind in ("length", "lasted", "members", "risen", "fallen", "reached", "any") and known.is_count:
            return
        if claim.kind in ("length", "lasted") or (not number.units and self._counts_itself(known, fact)):
            return
        yield f"in the unit {unit}"

    def _counts_itself(self, unit: Unit, fact: Fact) -> bool:
        """Whether the name is that of what its unit counts (days with good air), so that the unit is not said."""
        item = self.briefing.names.indicators.get(fact.figure.indicator)
        names = " ".join(item.name.values()).lower() if item else ""
        return unit.row is not None and unit.row.nature == "time" and unit.row.many in names

    def _direction(self, claim: Claim, fact: Fact) -> Iterator[str]:
        words = claim.attributes
        if claim.kind == "members":
            return  # so many in all: the direction is that of the number beside it
        if claim.kind in MOVED and (told := words.get("direction")):
            actual = fact.role if fact.role in ("up", "down") else WORDS[sign(fact.figure)]
            if actual != told:
                yield {"up": "a rise", "down": "a fall", "flat": "no change"}[actual]
        elif (told := words.get("direction")) and claim.kind not in ("previous", "earlier"):
            own = moved(fact.entry, self.briefing) if fact.entry else ""
            allowed = frozenset({own}) if own else movement(fact.finding, self.briefing)
            if allowed and told not in allowed:
                yield f"a movement {' or '.join(sorted(allowed))}"
        if (told := words.get("before")) and claim.kind == "previous" and WORDS[sign(fact.figure)] != told:
            yield f"{WORDS[sign(fact.figure)]} before"
        if (told := words.get("side")) and claim.kind in ("gap", "distance"):
            actual = {1: "above", -1: "below", 0: "even"}[sign(fact.figure)]
            if actual != told:
                yield actual
        if (told := words.get("change")) and fact.role in ("change", "gap"):
            actual = WORDS[sign(fact.figure)]
            if actual != told:
                yield f"a change {actual}"

    def _basis(self, claim: Claim, fact: Fact) -> Iterator[str]:
        known, told = fact.basis, claim.attributes.get("basis", "")
        if not known and fact.role == "since" and (base := fact.fact("since_base")):
            known = f"since {base}"
        if claim.kind == "volatility":
            known = "on previous period"  # it is that of the changes on the previous period
        of_growth = fact.finding.kind == "change_in_growth" and fact.role == "change"
        if claim.kind in ("volatility", "length", "risen", "fallen", "any", "size", "share") and not (
            known or of_growth
        ):
            return
        if (
            claim.kind != "length"
            and claim.basis_span is not None
            and fact.role not in ("rank", "level", "multiple", "earlier")
        ):
            yield from self._against(claim.basis_span, fact, known)
            return
        if not told or told == "span":
            return
        period = Period.parse(fact.figure.period)
        if claim.kind == "size" and not of_growth:
            return  # compared with the rate of an earlier period, which stands beside it
        if of_growth:
            known = self._between(fact.finding, period)
        if claim.kind == "share" or (claim.kind == "moved" and not known):
            known = known or fact.finding.facts.get("basis", "")
        if not self._same_basis(told, known, period):
            yield f"compared {known}" if known else "compared with nothing that its source names"

    def _against(self, span: Span, fact: Fact, known: str) -> Iterator[str]:
        """The period that a rate is on, or whose rate it is set against, where the words name it."""
        if fact.finding.kind == "change_in_growth" and fact.role == "change":
            earlier = self._previous_growth(fact.finding)
            if earlier is not None and not self._spans(span, earlier):
                yield f"compared with the rate of {earlier}"
        elif known.startswith("since "):
            told_by = [known.removeprefix("since "), fact.fact("since_base"), fact.fact("earlier_period")]
            bases = [Period.parse(text) for text in told_by if text[:1].isdigit()]
            # A total of years or a stock at their end: the finding may name the year that ends them.
            if not any(self._spans(span, base) and base.end == bases[0].end for base in bases):
                yield f"on {told_by[0]}"
        elif known == "on previous period":
            if not any(self._spans(span, base) for base in self._bases(fact)):
                yield "compared with another period"
        elif known:
            yield f"compared {known}"

    def _began(self, claim: Claim, fact: Fact) -> Iterator[str]:
        """A run of rises on the year that began in May 2025 is not compared with May 2025: it is its first period."""
        began = fact.fact("from") if claim.kind == "length" else ""
        if not began or claim.basis_span is None:
            return
        first = Period.parse(began)
        if not self._spans(claim.basis_span, first) and not self._spans(claim.basis_span, released(first)):
            yield f"from {began} on"

    def _bases(self, fact: Fact) -> Iterator[Period]:
        """The periods that a rate on the previous period may be on: what it was worked out from, else the one before;
        January and February may be one release."""
        own, beside = Period.parse(fact.figure.period), fact.finding.figures.values()
        every = [fact.figure, *(self.briefing.figures[one] for one in beside)]
        rates = [figure for figure in every if figure.basis.endswith("on previous period")]
        of = {item.period for figure in rates for item in figure.inputs if item.indicator == figure.indicator}
        of.discard(fact.figure.period)
        if of:
            yield max(map(Period.parse, of))
        else:
            yield own.step(-1)
            if own.shape is Shape.CUMULATED_MONTHS:
                yield own.step(-1, january_apart=False)

    def _previous_growth(self, finding: Finding) -> Period | None:
        earlier = finding.figures.get("previous_growth", "")
        return Period.parse(self.briefing.figures[earlier].period) if earlier else None

    def _between(self, finding: Finding, period: Period) -> str:
        """Between which periods a rate changed: a year apart, or one after the other."""
        earlier = self._previous_growth(finding)
        if earlier is None:
            return ""
        return "on year" if earlier == period.year_earlier() else "on previous period"

    def _spans(self, span: Span, period: Period) -> bool:
        return (span.start, span.end) == (period.start, period.end)

    def _same_basis(self, told: str, known: str, period: Period) -> bool:
        if known == "on year":
            return told == "on year" or (told == "previous year" and period.shape is Shape.YEAR)
        if known == "on previous period":
            if told == "previous":
                return True
            return period.shape in SHAPES.get(told, ())
        return False

    def _time(self, claim: Claim, fact: Fact, finding: Finding) -> Iterator[str]:
        actual = Period.parse(fact.figure.period)
        if claim.span is not None:
            known = {(actual.start, actual.end)}
            if (claim.span.start, claim.span.end) not in known and not (
                claim.span.at_end and claim.span.end == actual.end
            ):
                yield f"of {actual}"
        told = claim.attributes.get("time")
        if told is None or claim.kind != "previous":
            return
        own = Period.parse(finding.period)
        try:
            year, before = own.year_earlier(), own.step(-1)
        except ValueError:
            return  # a period that nothing is a year or a step earlier than
        allowed = set()
        if told in ("on year", "previous year"):
            allowed.add(year)
        if told == "previous" or own.shape in SHAPES.get(told, ()):
            allowed.add(before)
        if actual not in allowed:
            yield f"of {actual}"

    def _subject(self, claim: Claim, fact: Fact) -> Iterator[str]:
        subject = claim.subject
        if subject is None or claim.kind in ("members", "risen", "fallen", "reached", "increment", "length", "lasted"):
            return
        if claim.kind in ("benchmark", "implied"):
            return
        if subject.indicators and fact.indicators and not subject.indicators & fact.indicators:
            yield f"of {' or '.join(sorted(fact.indicators))}"
        yield from self._where(subject, fact)
        if subject.breakdowns and not self._parts(subject.breakdowns, fact.breakdown):
            yield f"of the part {fact.breakdown or 'that is the whole'}"
        if fact.breakdown and not subject.breakdowns and fact.entry is None:
            yield f"of the part {fact.breakdown}"

    def _parts(self, said: frozenset[str], actual: str) -> bool:
        return actual in said or set(actual.split(";")) <= said

    def _where(self, subject: Subject, fact: Fact) -> Iterator[str]:
        if subject.places:
            if fact.place not in subject.places:
                yield f"of {fact.place}"
        elif fact.place != self.briefing.place and not subject.indicators & self.placeless and not fact.breakdown:
            yield f"of {fact.place}"

    def _comparator(self, claim: Claim, finding: Finding) -> Iterator[str]:
        facts = finding.facts
        wanted = {
            "to": facts.get("gap_to") or facts.get("ratio_to") or facts.get("to", ""),
            "among": facts.get("rank_among") or facts.get("group", ""),
            "whole": facts.get("share_of") or facts.get("of") or facts.get("to") or facts.get("ratio_to", ""),
        }
        for hole, key in wanted.items():
            names = claim.names.get(hole)
            if names and key and not self._named(names, key, finding):
                yield f"compared with {key}"
            elif names and not key and hole != "whole":
                yield "compared with nobody"
        if names := claim.names.get("whole_place"):
            whole = wanted["whole"] if wanted["whole"] in self.briefing.names.places else finding.place
            if not any(name.key == whole for name in names):
                yield f"of the whole of {whole}"
        names = claim.names.get("ratio_name")
        if names and not any(name.key == f"{finding.indicator}/{facts.get('ratio_to')}" for name in names):
            yield f"the ratio to {facts.get('ratio_to')}"
        key = wanted["among" if claim.kind in ("rank", "previous_rank") else "to"]
        if key and (holder := claim.attributes.get("holder")):
            place = self.briefing.names.places.get(key)
            if place is None or place.kind != holder:
                yield f"compared with {key}"

    def _named(self, names: frozenset[Name], key: str, finding: Finding) -> bool:
        """Whether a name may be that of a key: a place, a group, an indicator, a whole; `total` and the indicator's own
        total are those of the finding."""
        keys = {name.key for name in names} | {name.place for name in names}
        if key == "total":
            return finding.indicator in keys
        return key in keys or (key in self.briefing.names.places and finding.indicator in keys)

    def _said_of(self, claim: Claim, fact: Fact, finding: Finding) -> Iterator[str]:
        """Status, qualifier, the end a rank is counted from, by what it is, the noun of a run."""
        words, figure = claim.attributes, fact.figure
        known = {figure.status, finding.facts.get("status", "")}
        if (told := words.get("status")) and not known & STATUSES[told]:
            yield f"a figure that is {figure.status}"
        if not self._qualified(claim.number.qualifier, figure.qualifier, figure.unit, figure.status):
            yield f"{figure.qualifier}"
        for end, entry in (("first", 0), ("last", -1)):
            if end in words and fact.entry is not None and fact.entry != finding.entries[entry]:
                yield f"not the {end} of its list"
        if claim.kind in ("rank", "previous_rank"):
            yield from self._rank(claim, fact, finding)
        of = words.get("of")
        counted = finding.facts.get("gap_of") or finding.facts.get("rank_of") or finding.facts.get("of", "")
        if of and counted and of != counted:
            yield f"by {counted}"
        noun = words.get("noun")
        if noun and figure.unit not in (noun, "times"):
            yield f"a number of {figure.unit}s"

    def _qualified(self, told: str, actual: str, unit: str, status: str) -> bool:
        if told == "at least":
            return actual == "over" and status == "target"
        if told == "at most":
            return actual == "under" and (status == "target" or unit == "percent")
        return told == actual

    def _rank(self, claim: Claim, fact: Fact, finding: Finding) -> Iterator[str]:
        facts = finding.facts
        ends = facts.get("counted_from", "top")
        if claim.kind == "previous_rank":
            ends = facts.get("previous_counted_from", ends)
            if finding.kind == "rank":
                ends = claim.attributes.get("ends", ends)  # told bare, beside the rank that says from where it counts
        if claim.attributes.get("ends", "top") != ends:
            yield f"counted from the {ends}"
        if claim.attributes.get("tie") == "yes" and facts.get("tie") != "yes":
            yield "not shared"
        if (claim.attributes.get("within") == "yes") != (fact.figure.qualifier == "under"):
            yield "the very rank" if claim.attributes.get("within") else "a rank among the first so many"

    def _objection(self, claim: Claim, fact: Fact | None, why: list[str]) -> Mismatch:
        said = ", ".join(f"{key} {value}" for key, value in sorted(claim.attributes.items()))
        read = f"“{claim.text.strip()}” as {claim.kind or 'a number'}" + (f" ({said})" if said else "")
        if fact is None:
            return Mismatch(read, "no figure of this finding has that value")
        return Mismatch(read, f"{fact.role} {fact.figure.value:g} {fact.figure.unit}: {', '.join(why)}", fact.figure.id)


def _manifold(claim: Claim, fact: Fact) -> bool:
    """A growth of a thousand percent and more, told as so many times its base."""
    return fact.figure.unit == "percent" and "multiple" in claim.number.units and abs(fact.figure.value) >= 1000


def _beside(value: float, unit: str, units: frozenset[str]) -> float | None:
    """The value in the unit that stands in brackets behind it: 867 hectares for 13,000 mu, rounded to as many digits as
    the value has, two at least; None where that is another unit than what stands there."""
    known = known_unit(unit)
    if known is None or known.row is None or known.row.beside not in units:
        return None
    converted = Decimal(repr(convert(value, known, Unit(known.row.beside))))
    digits = max(2, len(Decimal(repr(float(value))).normalize().as_tuple().digits))
    return float(round_half_away(converted, digits - 1 - converted.adjusted()))


def _kind(fact: Fact) -> str:
    return fact.role.replace("_", " ")


def _days(span: Span) -> str:
    return f"the days {span.start} to {span.end}"
