"""From finding to sentence: which phrase is chosen, and how a sentence begins and ends.

In: a finding and a phrase book. Out: a `Sentence`. The choice is deterministic: a phrase that leaves nothing unsaid
before one that does, the pattern least used so far in the edition, then the order of the book. What slots say is known
in `telling`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from briefings.briefing import Finding
from briefings.errors import RenderError
from briefings.narrative.kinds import REACH
from briefings.narrative.model import Run, Sentence, plain, tidy
from briefings.narrative.names import Names
from briefings.narrative.telling import Teller
from briefings.narrative.templates import Filled, Filler, Template

#: A title has at most so many words in English, so many characters in Chinese.
LONGEST_TITLE = {"en": 10, "zh": 25}
#: The line under the title of an edition, in characters.
LONGEST_SUMMARY = {"en": 160, "zh": 80}


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

    def sentence(self, finding: Finding, *, understood: bool = False) -> tuple[Sentence, str]:
        """The finding as a sentence with its full stop, and its pattern; `understood`: its period needs no saying."""
        teller = Teller(finding, self.names, understood, said=frozenset(self.said))
        templates = self._phrases(teller)
        candidates = list(self._candidates(teller, templates))
        chosen, template = min(candidates, key=lambda candidate: self._rank(teller, *candidate))
        self.patterns[chosen.pattern] += 1
        self.phrases[template.source] += 1
        self.said.update(run.figure for run in chosen.runs if run.figure)
        return self.finished(chosen, stop=True), chosen.pattern

    def part(self) -> None:
        """A new part of the page begins: what was said before is not taken for known."""
        self.said.clear()

    def again(self, finding: Finding) -> Sentence:
        """The finding once more, in its fullest wording, as an alternative text repeats it; not counted as used."""
        teller = Teller(finding, self.names)
        templates = self._phrases(teller)
        chosen, _ = min(self._candidates(teller, templates), key=lambda candidate: self._unsaid(teller, candidate[0]))
        return self.finished(chosen, stop=True)

    def title(self, finding: Finding) -> Sentence:
        """The finding as the title of its chart: a wording that is short enough, the least used of those."""
        teller = Teller(finding, self.names, short=True)
        templates = self._titles(teller)
        candidates = list(self._candidates(teller, templates))
        limit = LONGEST_TITLE[self.language]
        chosen, _ = min(
            candidates,
            key=lambda candidate: (max(self.length(candidate[0].text) - limit, 0), self.patterns[candidate[0].pattern]),
        )
        self.patterns[chosen.pattern] += 1
        return self.finished(chosen, stop=False)

    def summary(self, finding: Finding) -> Sentence:
        """The finding as the line under the title: the fullest sentence within the limit, else without how far back a
        record reaches, without the rate on the other basis too, else a title."""
        limit = LONGEST_SUMMARY[self.language]
        whole = Teller(finding, self.names)
        candidates = []
        for number, less in enumerate(_shortened(finding)):
            teller = replace(whole, finding=less)
            templates = (*self._phrases(teller), *(self._titles(teller) if number == 0 else ()))
            for filled, template in self._candidates(teller, templates):
                sentence = self.finished(filled, stop=True)
                bare = template in self._titles(teller)
                candidates.append((max(len(plain(sentence)) - limit, 0), bare, self._unsaid(whole, filled), sentence))
        return min(candidates, key=lambda item: item[:3])[3]

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
        all, it is said again; where a name that might be a proper one does, its first letter is made small."""
        told_anew = replace(teller, said=frozenset())
        ways = (teller.fill, told_anew.fill, told_anew.fill_anyhow)
        found = next((found for fill in ways if (found := list(self._fillings(fill, templates)))), [])
        if not found:
            finding = teller.finding
            raise RenderError(
                f"No phrase of {self.language!r} for a finding of kind {finding.kind!r}, {teller.variant!r}, fits "
                f"its figures ({', '.join(finding.figures) or 'none'}) and facts "
                f"({', '.join(finding.facts) or 'none'}); add one to the phrase book, or what it wants to the finding."
            )
        return found

    def _fillings(self, filler: Filler, templates: Sequence[Template]) -> Iterator[tuple[Filled, Template]]:
        for template in templates:
            filled = template.fill(filler)
            if filled is not None and not self._begins_badly(filled):
                yield filled, template

    def _begins_badly(self, filled: Filled) -> bool:
        """No English sentence begins with a numeral."""
        return self.language == "en" and (filled.text[:1].isdigit() or filled.text[:1] in "+−")

    def _rank(self, teller: Teller, filled: Filled, template: Template) -> tuple[int, int, int]:
        return self._unsaid(teller, filled), self.patterns[filled.pattern], self.phrases[template.source]

    def _unsaid(self, teller: Teller, filled: Filled) -> int:
        """How many of the things that should be said the phrase leaves out."""
        return len(teller.tellable - filled.used)


def _shortened(finding: Finding) -> Iterator[Finding]:
    """The finding, then with less and less of what stands beside its main figures."""
    yield finding
    facts = {key: value for key, value in finding.facts.items() if finding.kind == "record" or key not in REACH}
    if facts != finding.facts:
        yield finding.model_copy(update={"facts": facts})
    figures = {role: figure for role, figure in finding.figures.items() if role not in BESIDE}
    if figures != finding.figures and {"growth", "change"} & set(figures):
        yield finding.model_copy(update={"facts": facts, "figures": figures})


#: Roles that a short line can do without: the rate on the other basis.
BESIDE = ("growth_previous", "change_previous", "beside")
