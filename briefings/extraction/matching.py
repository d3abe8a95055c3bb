"""Subjects to the indicators of the catalogue, through their names and aliases.

In come a catalogue and finished drafts; out goes the id of an indicator, or None. A name matches where most of it
stands in the subject and most of the subject in it, no word makes another thing of one of them (the lexicon's `parts`
and `opposites`), the unit is that of the indicator, and no other indicator fits as well; what is left is not guessed.
How much is most, say the constants.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from briefings.catalogue import Catalogue, Indicator
from briefings.extraction.drafts import Draft
from briefings.extraction.lexicon import lexicon
from briefings.extraction.text import Prepared
from briefings.periods import Language
from briefings.quantities import Unit

LIKE = 0.6  # the least likeness of a name and a subject, 1 where they are the same
LIKE_IF_SHORT = 0.75  # of a name of few parts, where one more or less makes another thing (imports, online sales)
LIKE_WITHOUT_UNIT = 0.75  # of growth, ranks and gaps, whose unit says nothing about the indicator
COVERED = 0.5  # the least part of the name, and of the subject, that is in the other
CLEAR = 0.05  # the least distance to the next indicator
SHORT = 4  # parts: pairs of letters in Chinese, words in English


_HAN = re.compile("[\u4e00-\u9fff]")
_WITHOUT_UNIT = ("growth", "gap", "rank", "multiple")


_Words = tuple[frozenset[int], ...]
"""Which words of each group of the lexicon a text holds, by their place in the group; `parts` before `opposites`."""


@dataclass(frozen=True)
class _Name:
    indicator: str
    parts: frozenset[str]
    words: _Words


class Matcher:
    """Names of a catalogue in one language, ready to be found."""

    def __init__(self, catalogue: Catalogue | None, language: Language) -> None:
        self.language = language
        self.indicators = catalogue.indicators if catalogue is not None else {}
        self._by_part: dict[str, list[_Name]] = defaultdict(list)
        for key, indicator in self.indicators.items():
            named = {(parts_of(text, language), telling_words(text, language)) for text in _names(indicator, language)}
            for name in (_Name(key, *told) for told in named):
                for part in name.parts:
                    self._by_part[part].append(name)

    def indicator(self, draft: Draft, prepared: Prepared) -> str | None:
        """The indicator whose name the subject is; None where none is like enough, or two are."""
        scores: dict[str, float] = {}
        for phrase in draft.phrases:
            parts = parts_of(phrase, self.language)
            words = telling_words(phrase, self.language)
            shared: dict[_Name, int] = defaultdict(int)
            for part in parts:
                for name in self._by_part.get(part, ()):
                    shared[name] += 1
            for name, count in shared.items():
                if not _same_thing(name.words, words, self.language):
                    continue
                likeness = _likeness(count, len(name.parts), len(parts), draft)
                if likeness > scores.get(name.indicator, 0) and _fits(draft, self.indicators[name.indicator]):
                    scores[name.indicator] = likeness
        best = sorted(scores.items(), key=lambda item: -item[1])[:2]
        if not best or (len(best) > 1 and best[0][1] - best[1][1] < CLEAR):
            return None
        return best[0][0]


def _likeness(shared: int, name: int, subject: int, draft: Draft) -> float:
    """Dice's coefficient of the parts of a name and a subject; 0 where it is too small to count."""
    likeness = 2 * shared / (name + subject)
    least = LIKE_IF_SHORT if name <= SHORT else LIKE
    if draft.kind in _WITHOUT_UNIT:
        least = max(least, LIKE_WITHOUT_UNIT)
    covered = min(shared / name, shared / subject)
    return likeness if likeness >= least and covered >= COVERED else 0


def _names(indicator: Indicator, language: Language) -> list[str]:
    names = [indicator.name.get(language), indicator.short.get(language) if indicator.short else None]
    han = language == "zh"
    return [name for name in (*names, *indicator.aliases) if name and bool(_HAN.search(name)) == han]


@lru_cache(maxsize=65536)
def parts_of(text: str, language: Language) -> frozenset[str]:
    """What a name is compared by: pairs of letters in Chinese, word stems in English."""
    if language == "zh":
        plain = re.sub(r"[^\u4e00-\u9fffA-Za-z0-9]", "", text).lower()
        return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) or frozenset([plain])
    skipped = set(lexicon("en").words("subject", "plain_words"))
    return frozenset(_stem(word) for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in skipped)


@lru_cache(maxsize=65536)
def telling_words(text: str, language: Language) -> _Words:
    """The words that make another thing of a name, group by group: the letters of 进口总额 and 出口总额 are much the
    same, and what they name is not."""
    found = []
    for group in _groups(language):
        rest = text
        held = set()
        for number, word in enumerate(group):
            if word.search(rest):
                held.add(number)
                rest = word.sub(" ", rest)
        found.append(frozenset(held))
    return tuple(found)


@lru_cache(maxsize=2)
def _groups(language: Language) -> tuple[tuple[re.Pattern[str], ...], ...]:
    tree = lexicon(language).tree
    edge = "" if language == "zh" else r"\b"
    return tuple(
        tuple(re.compile(f"{edge}(?:{word}){edge}", re.IGNORECASE) for word in group)
        for group in (*tree["parts"], *tree["opposites"])
    )


def _same_thing(name: _Words, subject: _Words, language: Language) -> bool:
    """Whether the telling words allow that a subject is what a name names: of a whole's parts both hold the same, of
    opposites not one this and the other that."""
    parts = len(lexicon(language).tree["parts"])
    return all(
        one == other or (number >= parts and not (one and other))
        for number, (one, other) in enumerate(zip(name, subject, strict=True))
    )


def _stem(word: str) -> str:
    """Without the endings of plurals and verbs, so that loan is loans and granted is grant."""
    for ending in ("ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=2048)
def _unit(text: str) -> Unit:
    return Unit.parse(text)[0]


def _fits(draft: Draft, indicator: Indicator) -> bool:
    """Whether a figure of this kind and unit can be of the indicator."""
    unit = _unit(indicator.unit)
    if draft.kind in ("level", "change"):
        if unit.slug == draft.unit:
            return True
        own = draft.unit
        return unit.is_count and _is_count(own)
    if draft.kind == "share":
        return unit.code == "percent"
    return True


@lru_cache(maxsize=512)
def _is_count(slug: str) -> bool:
    return _unit(slug.replace("_", " ")).is_count


def matcher(catalogue: Catalogue | None, language: Language) -> Matcher:
    """The matcher of a catalogue; one that finds nothing where there is none."""
    return Matcher(catalogue, language)
