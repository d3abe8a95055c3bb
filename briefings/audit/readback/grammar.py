"""The grammar of a reader: what may stand in a sentence, as constructions, each a few words with holes.

In: `lexicon/<language>.yaml`, what a project adds to it, and a sentence whose names, periods and numbers are masked.
Out: the constructions that the sentence is made of, in order, with what stands in their holes; or how far it was
understood.

In a construction `[...]` may be missing, `(a|b)` is one or the other, `\\(` is a bracket, `{word}` a hole: a number by
what kind of number it is (`level`, `moved`, `rank`), a period (`when`: of all that is said, `at`: of the number beside
it, `since`: what it is compared with), a name (`ind`, `place`, `to` ...), a class of words, each with its meaning
(`rose`: up or down), or a macro that stands for a longer construction.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from briefings.configuration import read_plain
from briefings.errors import ConfigurationError

Lexicon = Mapping[str, Any]

NUMBER, PERIOD = "[\ue000-\ue3ff]", "[\ue400-\ue7ff]"
#: A name is masked by a character for each thing that it may be, between two marks.
BEGIN, END, FIRST_SORT = "\ue800", "\ue801", 0xE810
#: What the names in a hole may be.
SORTS: Mapping[str, tuple[str, ...]] = {
    "ind": ("indicator",),
    "other": ("indicator",),
    "place": ("place",),
    "brk": ("breakdown",),
    "tier": ("breakdown",),
    "entity": ("entity", "place", "breakdown"),
    "entities": ("entities",),
    "among": ("place", "group", "whole"),
    "to": ("place", "group", "whole"),
    "whole": ("whole", "indicator", "place"),
    "meaning": ("meaning",),
    "predicate": ("predicate",),
    "part": ("part", "indicator", "breakdown"),
    "ending": ("ending",),
    "ratio_name": ("ratio",),
    "family": ("family",),
    "remark": ("remark",),
}
EVERY_SORT = tuple(dict.fromkeys(sort for sorts in SORTS.values() for sort in sorts))
PERIODS = ("when", "at", "since", "due")
RANKS = ("rank", "previous_rank")


def masked_name(sorts: Iterable[str]) -> str:
    """What stands for a name in a masked sentence."""
    return BEGIN + "".join(sorted({chr(FIRST_SORT + EVERY_SORT.index(sort)) for sort in sorts})) + END


def _name(sorts: Iterable[str]) -> str:
    """What finds a masked name that is one of these sorts."""
    every = f"[{chr(FIRST_SORT)}-{chr(FIRST_SORT + len(EVERY_SORT) - 1)}]*"
    return BEGIN + every + "[" + "".join(chr(FIRST_SORT + EVERY_SORT.index(sort)) for sort in sorts) + "]" + every + END


@dataclass(frozen=True)
class Construction:
    """One way of saying something: its pattern, the holes in it (group -> hole), and what it says besides."""

    source: str
    pattern: re.Pattern[str]
    holes: Mapping[str, str]
    says: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """A construction at its place in a masked sentence."""

    construction: Construction
    start: int
    end: int
    holes: tuple[tuple[str, str, int], ...]
    """Each hole with what stands in it and where, in order."""


@dataclass
class Grammar:
    """All constructions of one language."""

    language: str
    classes: Mapping[str, tuple[str, Mapping[str, re.Pattern[str]]]]
    ranks: re.Pattern[str]
    numerals: Mapping[str, int]
    constructions: Sequence[Construction]

    def meaning(self, word: str, text: str) -> tuple[str, str]:
        """What a word of a class says: the attribute and its value."""
        attribute, values = self.classes[word]
        return attribute, next(value for value, pattern in values.items() if pattern.fullmatch(text))

    def cover(self, text: str) -> tuple[list[Found], int]:
        """The constructions that make up the whole text, the longest first where several can stand at one place; and
        how far the text was understood."""
        dead: set[int] = set()
        furthest = 0

        def onward(position: int) -> list[Found] | None:
            nonlocal furthest
            furthest = max(furthest, position)
            if position == len(text):
                return []
            if position in dead:
                return None
            for found in self._at(text, position):
                rest = onward(found.end)
                if rest is not None:
                    return [found, *rest]
            dead.add(position)
            return None

        covered = onward(0)
        return covered or [], len(text) if covered is not None else furthest

    def _at(self, text: str, position: int) -> list[Found]:
        """What may stand at a position, the longest first."""
        found: list[Found] = []
        for construction in self.constructions:
            match = construction.pattern.match(text, position)
            if match is None or match.end() == position:
                continue
            holes = tuple(
                sorted(
                    (
                        (hole, match[group], match.start(group))
                        for group, hole in construction.holes.items()
                        if match[group] is not None
                    ),
                    key=lambda one: one[2],
                )
            )
            found.append(Found(construction, position, match.end(), holes))
        return sorted(found, key=lambda one: -one.end)


class _Compiler:
    """Patterns out of constructions."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree = tree
        self.macros: Mapping[str, str] = tree["macros"]
        self.kinds = frozenset(tree["kinds"])
        self.counted = frozenset(tree["counted"])
        self.english = tree["language"] == "en"
        self.words = "|".join(sorted(tree["numerals"], key=len, reverse=True))
        self.holes: dict[str, str] = {}

    def construction(self, entry: Any) -> Construction:
        source, says = (entry, {}) if isinstance(entry, str) else (entry["read"], entry["say"])
        self.holes = {}
        pattern = self.regex(source)
        if self.english:
            pattern += r"(?:(?<!\w)|(?!\w))"
        return Construction(source, re.compile(pattern), dict(self.holes), {k: str(v) for k, v in says.items()})

    def regex(self, source: str) -> str:
        return "".join(self._pieces(source))

    def _pieces(self, source: str) -> Iterator[str]:
        for part in re.findall(r"\\.|\{\w+\}|[\[\]()|]|[^\\\[\]()|{}]+", source):
            if part in "[(":
                yield "(?:"
            elif part == "]":
                yield ")?"
            elif part in ")|":
                yield part
            elif part.startswith("{"):
                yield self._hole(part[1:-1])
            else:
                yield re.escape(part[1:] if part.startswith("\\") else part)

    def _hole(self, name: str) -> str:
        if name in self.macros:
            return f"(?:{self.regex(self.macros[name])})"
        group = f"g{len(self.holes)}"
        self.holes[group] = name
        return f"(?P<{group}>{self._inside(name)})"

    def _inside(self, name: str) -> str:
        if name in self.tree["classes"]:
            values = self.tree["classes"][name][1].values()
            return "|".join(re.sub(r"\(\?P<g\d+>", "(?:", self._plain(str(value))) for value in values)
        if name in RANKS:
            return str(self.tree["ranks"])
        if name in PERIODS:
            return PERIOD
        if name in SORTS:
            return _name(SORTS[name])
        if name in self.counted:
            return f"{NUMBER}|{self.words}"
        if name in self.kinds:
            return NUMBER
        raise KeyError(f"the lexicon of {self.tree['language']} has a hole {{{name}}} that nothing stands in")

    def _plain(self, value: str) -> str:
        """A word of a class: no holes, only what may be missing and alternatives."""
        return f"(?:{self.regex(value)})"


def grammar(language: str, own: Lexicon | None = None) -> Grammar:
    """The grammar of a language, compiled once. `own`: what a project adds to the lexicon: further `constructions`, as
    a list or in groups, and further words of `classes`. Raises `ConfigurationError` for what no lexicon may hold."""
    return _compiled(language, json.dumps(own or {}, ensure_ascii=False, sort_keys=True))


@cache
def _compiled(language: str, own: str) -> Grammar:
    with resources.as_file(resources.files("briefings.audit.readback") / "lexicon" / f"{language}.yaml") as path:
        tree: dict[str, Any] = read_plain(path)
    added: dict[str, Any] = json.loads(own)
    if added:
        tree = _enlarged(tree, added)
    compiler = _Compiler(tree)
    classes = {
        word: (attribute, {value: re.compile(compiler._plain(str(said))) for value, said in values.items()})
        for word, (attribute, values) in tree["classes"].items()
    }
    constructions = [compiler.construction(entry) for group in tree["constructions"].values() for entry in group]
    return Grammar(language, classes, re.compile(str(tree["ranks"])), tree["numerals"], constructions)


def _enlarged(tree: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The lexicon of the program with the words and constructions of a project besides."""
    strange = sorted(set(own) - {"language", "classes", "constructions"})
    if strange:
        raise _mistake(tree, f"unknown key {strange[0]!r}; allowed here: language, classes, constructions")
    classes = dict(tree["classes"])
    for word, values in (own.get("classes") or {}).items():
        known = classes.get(word)
        if known is None or not isinstance(values, dict) or not set(values) <= set(known[1]):
            allowed = f"values of {word}: {', '.join(known[1])}" if known else f"classes: {', '.join(sorted(classes))}"
            raise _mistake(tree, f"{word!r}: words are added to meanings that are known; {allowed}")
        classes[word] = [known[0], {value: "|".join(_words(known, values, value)) for value in known[1]}]
    given = own.get("constructions") or []
    groups = given.values() if isinstance(given, dict) else [given]
    added = [entry for group in groups for entry in group]
    for entry in added:
        _check({**tree, "classes": classes}, entry)
    return {**tree, "classes": classes, "constructions": {**tree["constructions"], "own": added}}


def _mistake(tree: Mapping[str, Any], found: str) -> ConfigurationError:
    return ConfigurationError([f"lexicon/{tree['language']}.yaml: {found}"])


def _attributes(tree: Mapping[str, Any]) -> set[str]:
    """What a construction of the program says besides its holes."""
    entries = [entry for group in tree["constructions"].values() for entry in group if isinstance(entry, dict)]
    return {attribute for entry in entries for attribute in entry["say"]}


def _words(known: Sequence[Any], values: Mapping[str, Any], value: str) -> Iterator[str]:
    yield str(known[1][value])
    if value in values:
        yield str(values[value])


def _check(tree: Mapping[str, Any], entry: Any) -> None:
    """Raise `ConfigurationError` where a construction of a project cannot be one."""
    form = "a line of words with holes, or {read: that line, say: {attribute: value}}"
    if not isinstance(entry, str) and not (isinstance(entry, dict) and set(entry) == {"read", "say"}):
        raise _mistake(tree, f"{entry!r} stands among the constructions; a construction is {form}")
    source, said = (entry, {}) if isinstance(entry, str) else (entry["read"], entry["say"])
    known = _attributes(tree)
    for attribute in sorted(set(said) - known):
        allowed = ", ".join(sorted(known))
        raise _mistake(tree, f"{source!r} says {attribute!r}, which is held against nothing; {allowed}")
    try:
        _Compiler(tree).construction(entry)
    except KeyError as error:
        raise _mistake(tree, f"{entry!r}: {error.args[0]}; docs/findings.md lists what may") from None
    except re.error as error:
        raise _mistake(tree, f"{entry!r}: brackets do not close ({error})") from None
