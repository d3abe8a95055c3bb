"""From finding to sentence: which phrase is chosen, and how a sentence begins and ends.

In: a finding and a phrase book. Out: a `Sentence`. The choice is deterministic: a phrase that leaves nothing unsaid
before one that does, the pattern least used so far in the edition, then the order of the book. What slots say is known
in `telling`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from briefings.briefing import Finding
from briefings.errors import RenderError
from briefings.narrative.accounts import AccountTeller
from briefings.narrative.kinds import CLAUSES, REACH
from briefings.narrative.listings import LISTINGS, ListingTeller
from briefings.narrative.model import Run, Sentence, plain, tidy
from briefings.narrative.names import Names
from briefings.narrative.telling import Teller
from briefings.narrative.templates import Filled, Filler, Template

#: A title has at most so many words in English, so many characters in Chinese.
LONGEST_TITLE = {"en": 10, "zh": 25}
#: One that lists the parts of a whole says them all.
LONGEST_LISTING = {"en": 20, "zh": 45}
#: A title of any kind stays below so many characters: it stands over a picture, in one or two lines.
WIDEST_TITLE = 110
#: The line under the title of an edition, in characters.
LONGEST_SUMMARY = {"en": 160, "zh": 80}
#: The first phrases of an account are the plainest; each so many more are taken one turn later.
PREFERRED = 3
#: A list that is cut short keeps so many members.
FEWEST_LISTED = 2
#: A clause too long for the line under the title -> one that leaves out the figure that it compares with.
SHORTER = {
    "since and earlier": ("since",),
    "earlier, growth and average": ("earlier and growth", "growth on earlier"),
    "earlier and growth": ("growth on earlier",),
}
#: A number that reads as if it were part of the date before it.
JOINED = re.compile(r"\d年(?!\d{1,2}(?:月|—\d{1,2}月))\d|\d月(?!\d{1,2}日)\d|\d日\d")
#: Two numbers side by side.
SIDE_BY_SIDE = re.compile(r"\d \d")
#: Kinds that say two periods, so that none is understood behind them.
TWO_PERIODS = ("pairs",)
#: An account that would make a longer sentence is told in two; words in English, characters in Chinese.
LONGEST_SENTENCE = {"en": 35, "zh": 70}


@dataclass
class Writer:
    """Writes the sentences of one edition, and remembers which patterns it has used."""

    names: Names
    patterns: Counter[str] = field(default_factory=Counter)
    phrases: Counter[str] = field(default_factory=Counter)
    said: set[str] = field(default_factory=set)

    @property
    def language(self) -> str:
        return self.names.language

    def teller(self, finding: Finding, **ways: Any) -> Teller:
        """Who tells a finding: the accounts and the lists on them have tellers of their own."""
        kinds: dict[str, type[Teller]] = {"account": AccountTeller, **dict.fromkeys(LISTINGS, ListingTeller)}
        return kinds.get(finding.kind, Teller)(finding, self.names, **ways)

    def sentence(
        self, finding: Finding, *, understood: bool = False, at_home: bool = False, page_one: bool = False
    ) -> tuple[Sentence, str]:
        """The finding as a sentence with its full stop, and its pattern; `understood`: its period needs no saying;
        `at_home`: nor does its place, in an account; `page_one`: it stands there."""
        if finding.kind == "account":
            account = AccountTeller(finding, self.names, understood, at_home=at_home, dated_status=page_one)
            return self._account(account, LONGEST_SENTENCE[self.language], count=True)
        teller = self.teller(finding, understood=understood, said=frozenset(self.said))
        templates = self._phrases(teller)
        candidates = list(self._candidates(teller, templates))
        chosen, template = min(candidates, key=lambda candidate: self._rank(teller, *candidate))
        self.patterns[chosen.pattern] += 1
        self.phrases[template.source] += 1
        self.said.update(run.figure for run in chosen.runs if run.figure)
        return self.finished(chosen, stop=True), chosen.pattern

    def every(self, finding: Finding, **ways: Any) -> Iterator[Sentence]:
        """Every sentence that the book can make of a finding, whichever of them an edition would draw. `ways`: as those
        of a `Teller`: the period understood, figures told just before."""
        teller = self.teller(finding, **ways)
        for filled, _ in self._candidates(teller, self._phrases(teller)):
            yield self.finished(filled, stop=True)

    def dating(self, finding: Finding) -> str:
        """The period as its sentence says it; empty for a finding that tells of two."""
        return "" if finding.kind in TWO_PERIODS else self.teller(finding).dating

    def part(self) -> None:
        """A new part of the page begins: what was said before is not taken for known."""
        self.said.clear()

    def again(self, finding: Finding) -> Sentence:
        """The finding once more, in its fullest wording, as an alternative text repeats it; not counted as used."""
        if finding.kind == "account":
            account = AccountTeller(finding, self.names)
            return self._account(account, LONGEST_SENTENCE[self.language], count=False)[0]
        teller = self.teller(finding)
        templates = self._phrases(teller)
        chosen, _ = min(self._candidates(teller, templates), key=lambda candidate: self._unsaid(teller, candidate[0]))
        return self.finished(chosen, stop=True)

    def title(self, finding: Finding) -> Sentence:
        """The finding as the title of its chart: a wording that is short enough, the least used of those."""
        teller = self.teller(finding, short=True)
        templates = self._titles(teller)
        candidates = list(self._candidates(teller, templates))
        limit = (LONGEST_LISTING if finding.kind in ("composition", "tiers", "pairs") else LONGEST_TITLE)[self.language]
        chosen, _ = min(
            candidates,
            key=lambda candidate: (
                max(len(candidate[0].text) - WIDEST_TITLE, 0),
                max(self.length(candidate[0].text) - limit, 0),
                0 if finding.kind in LISTINGS else self.patterns[candidate[0].pattern],
            ),
        )
        self.patterns[chosen.pattern] += 1
        return self.finished(chosen, stop=False)

    def summary(self, finding: Finding) -> Sentence:
        """The finding as the line under the title: the fullest sentence within the limit, else without the rate on
        the other basis, without how far back a record reaches, without what it means, else a title."""
        limit = LONGEST_SUMMARY[self.language]
        whole = self.teller(finding)
        if isinstance(whole, AccountTeller):
            return self._account_summary(replace(whole, dated_status=True, lone=True), limit)
        candidates = []
        for number, less in enumerate(_shortened(finding)):
            teller = replace(whole, finding=less)
            templates = (*self._phrases(teller), *(self._titles(teller) if number == 0 else ()))
            for filled, template in self._candidates(teller, templates):
                sentence = self.finished(filled, stop=True)
                bare = template in self._titles(teller)
                candidates.append((max(len(plain(sentence)) - limit, 0), bare, self._unsaid(whole, filled), sentence))
        return min(candidates, key=lambda item: item[:3])[3]

    # Accounts: a head, then clause upon clause

    def _account(self, teller: AccountTeller, longest: int, *, count: bool) -> tuple[Sentence, str]:
        """An account as a sentence, or as two where it grows too long: every figure that is there is told."""
        head = self._head(teller, count=count)
        parts, tail = [head], list[Filled]()
        told: tuple[str, ...] = (teller.lead,)
        for name in teller.clauses(head.used):
            clause = self._clause(teller, name, "more", told, count=count)
            if not tail and self._over([*parts, clause], longest):
                tail = [self._clause(teller, name, "then", (teller.lead,), count=count)]
            else:
                (tail or parts).append(clause)
            told = (*told, *CLAUSES[name])
        first = _strung(parts, self.names.book.punctuation["clause"])
        if not tail:
            return self.finished(first, stop=True), first.pattern
        second = _strung(tail, self.names.book.punctuation["clause"])
        marks = self.names.book.punctuation
        runs = (*self.finished(first, stop=True), Run(marks["join"]), *self.finished(second, stop=True))
        return tidy(runs, self.language), f"{first.pattern}{marks['stop']}{second.pattern}"

    def _over(self, parts: Sequence[Filled], longest: int) -> bool:
        return self.length(_strung(parts, self.names.book.punctuation["clause"]).text) > longest

    def _head(self, teller: AccountTeller, *, count: bool) -> Filled:
        """The beginning of an account: of its phrases the one least used so far."""
        candidates = self._candidates(teller, self._phrases(teller))
        dated = [one for one in candidates if {"when", "due"} & one[0].used]
        return self._marked(
            teller, self._least_used(candidates if teller.understood else dated or candidates, count=count)
        )

    def _clause(self, teller: AccountTeller, name: str, use: str, told: tuple[str, ...], *, count: bool) -> Filled:
        """One clause, following (`more`) or beginning a sentence of its own (`then`)."""
        inner = teller.clause(name, told)
        phrases = self.names.book.clauses[name][use]
        found = [(filled, phrase) for phrase in phrases if (filled := phrase.fill(inner.fill)) is not None]
        if not found:
            raise RenderError(
                f"No phrase of {self.language!r} under `clauses: {name}: {use}:` fits an account of "
                f"{teller.finding.indicator!r} with the facts {', '.join(teller.finding.facts) or 'none'}; add one."
            )
        return self._marked(inner, self._least_used(found, count=count))

    def _marked(self, teller: AccountTeller, part: Filled) -> Filled:
        """A head or a clause with its mark: that it was worked out, that the source names no base."""
        mark = teller.mark(part.used)
        return replace(part, runs=(*part.runs, Run(mark)), pattern=part.pattern + mark) if mark else part

    def _least_used(self, found: Sequence[tuple[Filled, Template]], *, count: bool) -> Filled:
        """The phrase least used so far; the book's first where the telling does not count."""
        if not count:
            return found[0][0]
        places = {id(one): number // PREFERRED for number, one in enumerate(found)}
        chosen, template = min(
            found, key=lambda one: (self.patterns[one[0].pattern] + places[id(one)], self.phrases[one[1].source])
        )
        self.patterns[chosen.pattern] += 1
        self.phrases[template.source] += 1
        return chosen

    def _account_summary(self, teller: AccountTeller, limit: int) -> Sentence:
        """The account in one sentence, with as many of its clauses as fit; else its title."""
        head = self._head(teller, count=False)
        parts = [head]
        told: tuple[str, ...] = (teller.lead,)
        for name in teller.clauses(head.used):
            for way in (name, *SHORTER.get(name, ())):
                clause = self._clause(teller, way, "more", told, count=False)
                if len(_strung([*parts, clause], self.names.book.punctuation["clause"]).text) < limit:
                    parts.append(clause)
                    told = (*told, *CLAUSES[name])
                    break
        sentence = self.finished(_strung(parts, self.names.book.punctuation["clause"]), stop=True)
        return sentence if len(plain(sentence)) <= limit else self.title(teller.finding)

    def length(self, text: str) -> int:
        """Words in English, characters in Chinese."""
        return len(text) if self.language == "zh" else len(text.split())

    def finished(self, filled: Filled, *, stop: bool) -> Sentence:
        """With a capital letter at its beginning where the language has them, and with its full stop."""
        runs = [run for run in filled.runs if run.text]
        runs[0] = replace(runs[0], text=runs[0].text[0].upper() + runs[0].text[1:])
        if stop:
            runs.append(Run(self.names.book.punctuation["stop"]))
        return tidy(runs, self.names.language)

    def _phrases(self, teller: Teller) -> Sequence[Template]:
        variant = teller.variant
        return self.names.book.findings[teller.finding.kind][variant]

    def _titles(self, teller: Teller) -> Sequence[Template]:
        variant = teller.variant
        return self.names.book.titles[teller.finding.kind][variant]

    def _candidates(self, teller: Teller, templates: Sequence[Template]) -> list[tuple[Filled, Template]]:
        """Every phrase that can be said of the finding, filled. Where a level said before stands in the way of them
        all, it is said again; where a name that might be a proper one does, its first letter is made small. A name
        that itself begins with a figure (5G base stations) may lead where no phrase has another place for it."""
        told_anew = replace(teller, said=frozenset())
        ways = (teller.fill, told_anew.fill, told_anew.fill_anyhow)
        tries = ((fill, nicely) for nicely in (True, False) for fill in ways)
        found = next((found for fill, nicely in tries if (found := list(self._fillings(fill, templates, nicely)))), [])
        if not found:
            finding = teller.finding
            raise RenderError(
                f"No phrase of {self.language!r} for a finding of kind {finding.kind!r}, {teller.variant!r}, fits "
                f"its figures ({', '.join(finding.figures) or 'none'}) and facts "
                f"({', '.join(finding.facts) or 'none'}); add one to the phrase book, or what it wants to the finding."
            )
        return found

    def _fillings(
        self, filler: Filler, templates: Sequence[Template], nicely: bool
    ) -> Iterator[tuple[Filled, Template]]:
        for template in templates:
            filled = template.fill(filler)
            if filled is not None and not (nicely and reads_badly(filled.text, self.language)):
                yield filled, template

    def _rank(self, teller: Teller, filled: Filled, template: Template) -> tuple[int, int, int]:
        return self._unsaid(teller, filled), self.patterns[filled.pattern], self.phrases[template.source]

    def _unsaid(self, teller: Teller, filled: Filled) -> int:
        """How many of the things that should be said the phrase leaves out."""
        return len(teller.tellable - filled.used)


def reads_badly(text: str, language: str) -> bool:
    """Whether an English sentence begins with a numeral; whether a number stands right beside another (3 3A-grade
    areas) or beside a date (2026年6月23种货币)."""
    if language == "zh":
        return bool(JOINED.search(text))
    return text[:1].isdigit() or text[:1] in "+−" or bool(SIDE_BY_SIDE.search(text))


def _strung(parts: Sequence[Filled], comma: str) -> Filled:
    """A head and its clauses, one behind the other."""
    runs: list[Run] = []
    for number, part in enumerate(parts):
        runs += [Run(comma), *part.runs] if number else part.runs
    used = frozenset(name for part in parts for name in part.used)
    return Filled(tuple(runs), comma.join(part.pattern for part in parts), used)


def _shortened(finding: Finding) -> Iterator[Finding]:
    """The finding, then with less and less of what stands beside its main figures; a list with its first members."""
    yield finding
    if finding.kind in LISTINGS:
        yield from (
            finding.model_copy(update={"entries": finding.entries[:length]})
            for length in range(len(finding.entries) - 1, FEWEST_LISTED - 1, -1)
        )
    figures = {role: figure for role, figure in finding.figures.items() if role not in BESIDE}
    if figures != finding.figures and {"growth", "change"} & set(figures):
        yield finding.model_copy(update={"figures": figures})
    else:
        figures = finding.figures
    facts = {key: value for key, value in finding.facts.items() if finding.kind == "record" or key not in REACH}
    if facts != finding.facts:
        yield finding.model_copy(update={"facts": facts, "figures": figures})
    yield finding.model_copy(update={"facts": facts | UNREAD, "figures": figures})


#: What a movement means is left out last.
UNREAD = {"meaning": "no"}
#: Roles that a short line can do without: the rate on the other basis.
BESIDE = ("growth_previous", "change_previous", "beside")
