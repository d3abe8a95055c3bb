"""The names of a briefing as a vocabulary: what a word of a sentence may stand for.

In: a briefing's names and a language. Out: `Vocabulary`, which finds the longest name that begins at a position. Names
are data: indicators, places, parts, groups, wholes, and what a movement means (the yuan weakened), in their forms as
the catalogue gives them; how sentences are made of them is known to the lexicon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from briefings import quantities
from briefings.audit.readback.model import Name
from briefings.briefing import Briefing, IndicatorNames

_PLACE_BEHIND = re.compile(r" (?:in|of|for|at|to|from|by|within) \{place\}$")
_PLACE_BEFORE = re.compile(r"^\{place\}(?:'s|’s) ")
_ARTICLE = re.compile(r"^(?:the|a|an) ", re.IGNORECASE)
_HOLE = re.compile(r"\{(\w*)\}")
_WORD = re.compile(r"[\w&%]")


@dataclass
class Vocabulary:
    """Every name of one briefing in one language. `placeless`: indicators whose name says of no place. `_lengths`:
    first two letters (of a name of one letter, that) -> how long the names that begin so are, the longest first."""

    language: str
    names: dict[str, set[Name]] = field(default_factory=dict)
    placeless: set[str] = field(default_factory=set)
    _lengths: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, briefing: Briefing, language: str) -> Vocabulary:
        vocabulary = cls(language)
        for text, name in _named(briefing, language, vocabulary.placeless):
            vocabulary.add(text, name)
        found: dict[str, set[int]] = {}
        for text in vocabulary.names:
            found.setdefault(text[:2], set()).add(len(text))
        vocabulary._lengths = {key: sorted(lengths, reverse=True) for key, lengths in found.items()}
        return vocabulary

    def add(self, text: str, name: Name) -> None:
        """A name, and what it is without its article: the United States is read in brackets, United States behind "of
        the"."""
        whole = text.strip().rstrip(".。")
        bare = _ARTICLE.sub("", whole) if self.language == "en" and name.sort not in ("meaning", "remark") else whole
        for said in {whole, bare}:
            if len(said) > 1 or (said and self.language == "zh" and name.sort in ("place", "entity", "breakdown")):
                self.names.setdefault(said.lower(), set()).add(name)

    def find(self, text: str, lowered: str, position: int) -> tuple[int, frozenset[Name]] | None:
        """The longest name that begins at a position, in English at the beginning and to the end of words."""
        two, one = lowered[position : position + 2], lowered[position]
        for length in (*self._lengths.get(two, ()), *self._lengths.get(one, ())):
            end = position + length
            names = self.names.get(lowered[position:end])
            if names and (self.language == "zh" or end >= len(text) or not _WORD.match(text[end])):
                return end, frozenset(names)
        return None


def _named(briefing: Briefing, language: str, placeless: set[str]) -> Iterator[tuple[str, Name]]:
    names = briefing.names
    for key, place in names.places.items():
        for text in {place.name.get(language, ""), place.in_text.get(language, "")}:
            yield text, Name("place", key)
    for sort, table in (("group", names.groups), ("whole", names.wholes), ("breakdown", names.breakdowns)):
        for key, texts in table.items():
            yield texts.get(language, ""), Name(sort, key)
    for part in _breakdowns(briefing):
        yield part.rpartition("=")[2], Name("breakdown", part)
    stems = _stems(briefing, language)
    for key, item in names.indicators.items():
        yield from _indicator(key, item, briefing, language, placeless)
        for sort, text in stems.get(key, ()):
            yield text, Name(sort, key)
    for finding in briefing.every_finding():
        if finding.kind == "remark" and language in finding.facts:
            yield finding.facts[language], Name("remark", finding.id)
        if finding.kind == "tiers" and language in finding.facts:
            yield finding.facts[language], Name("family", finding.id)


def _breakdowns(briefing: Briefing) -> Iterable[str]:
    """Every breakdown that a figure has: a value that a source tells in this language is its own name."""
    return {part for figure in briefing.figures.values() for part in figure.breakdown.split(";") if part}


def _indicator(
    key: str, item: IndicatorNames, briefing: Briefing, language: str, placeless: set[str]
) -> Iterator[tuple[str, Name]]:
    own = item.subject.get(language, "")
    for text in (item.name.get(language, ""), item.short.get(language, "")):
        yield text, Name("indicator", key)
    if own and not {"place", "currency"} & set(_HOLE.findall(own)):
        placeless.add(key)
    bare = own.removeprefix("{place}") if language == "zh" else _PLACE_BEFORE.sub("", _PLACE_BEHIND.sub("", own))
    if bare and not _HOLE.search(bare):
        yield bare, Name("indicator", key)
        yield bare.removeprefix("the number of "), Name("indicator", key)
    holes = [(own, "indicator", "")] if _HOLE.search(bare) else []
    holes += [(item.entity.get(language, ""), "entity", "")]
    holes += [(item.rise.get(language, ""), "meaning", "up"), (item.fall.get(language, ""), "meaning", "down")]
    for template, sort, word in holes:
        yield from _filled(template, sort, word, key, item, briefing, language)
    for text in (item.entities.get(language, ""),):
        yield text, Name("entities", key)
    for ratio in item.ratios.items():
        yield ratio[1].get(language, ""), Name("ratio", f"{key}/{ratio[0]}")


def _filled(
    template: str, sort: str, word: str, key: str, item: IndicatorNames, briefing: Briefing, language: str
) -> Iterator[tuple[str, Name]]:
    """A template with every place that it may be told of put in; a meaning also of all, and without who it is of."""
    if not template:
        return
    if not _HOLE.search(template):
        yield template, Name(sort, key, word=word)
        return
    for place_key, place in briefing.names.places.items():
        texts = {place.name.get(language, ""), place.in_text.get(language, "")}
        if "{currency}" in template:
            texts = {quantities.currency_name(place.currency, language)} if place.currency else set()
        for text in texts - {""}:
            said = text.join(_HOLE.split(template)[::2])
            owner = Name("entity", place_key) if sort == "entity" else Name(sort, key, place_key, word)
            yield said, owner
    if sort == "meaning":
        if many := item.entities.get(language, ""):
            yield _HOLE.sub(f"上述各{many}" if language == "zh" else many, template), Name(sort, key, "*", word)
        rest = re.sub(r"^(?:the )?\{(?:currency|place)\} ?", "", template)
        if rest != template and not _HOLE.search(rest):
            yield rest, Name("predicate", key, word=word)


def _stems(briefing: Briefing, language: str) -> dict[str, set[tuple[str, str]]]:
    """Names that lose their last word where several that end alike are listed: the primary, secondary and tertiary
    industries; 第一、第二和第三产业."""
    labels = {
        key: item.short.get(language) or item.name.get(language, "") for key, item in briefing.names.indicators.items()
    }
    shared = {
        key
        for finding in briefing.every_finding()
        if finding.kind == "composition"
        for key in (entry.indicator or finding.indicator for entry in finding.entries)
    }
    found: dict[str, set[tuple[str, str]]] = {}
    for key in shared & set(labels):
        label = _ARTICLE.sub("", labels[key])
        words = label.split() if language == "en" else list(label)
        joint = " " if language == "en" else ""
        for length in range(1, len(words)):
            ending = joint.join(words[length:])
            stems = {("part", joint.join(words[:length])), ("ending", ending)}
            if language == "en":
                stems |= {("ending", f"{ending}s"), ("ending", f"{ending.removesuffix('y')}ies")}
            found.setdefault(key, set()).update(stems)
    return found
