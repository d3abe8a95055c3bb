"""The words of each language, as YAML beside this module; what is loaded here is checked once and shared.

In comes a language; out goes a `Lexicon`: tables of words and compiled patterns. The rules that use them are next door
and know no language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from briefings.configuration import read_plain
from briefings.periods import Language

FOLDER = Path(__file__).parent


def alternatives(words: Iterable[str]) -> str:
    """One group of alternatives, the longest first, so that 个百分点 is not read as 个."""
    return "(?:" + "|".join(sorted(dict.fromkeys(words), key=len, reverse=True)) + ")"


@dataclass(frozen=True)
class KindRule:
    """One line of the table of kinds: where it fits, the figure is of this kind.

    units   rates, points, multiples, amounts or durations
    before  what the text ends with before the figure; after: what it begins with behind it; None: anything
    sign    -1: a decline
    """

    units: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    kind: str
    sign: int


@dataclass(frozen=True)
class Lexicon:
    """The words of one language. `tree` is the file as it stands; the properties are made of it on first use."""

    language: Language
    tree: Mapping[str, Any]

    def words(self, *way: str) -> list[str]:
        """A list of words at the end of this way through the file; a single word is a list of one."""
        found: Any = self.tree
        for step in way:
            found = found[step]
        return [found] if isinstance(found, str) else list(found)

    def text(self, *way: str) -> str:
        """One pattern as it stands in the file."""
        (word,) = self.words(*way)
        return word

    def table(self, *way: str) -> Mapping[str, Any]:
        """A mapping of the file."""
        found: Any = self.tree
        for step in way:
            found = found[step]
        return dict(found)

    def pattern(self, *way: str, before: str = "", behind: str = "") -> re.Pattern[str]:
        """The alternatives at the end of this way, compiled, with something before and behind them."""
        return _compiled(before + alternatives(self.words(*way)) + behind)

    @cached_property
    def kinds(self) -> tuple[KindRule, ...]:
        """The table of kinds, in its order."""
        return tuple(
            KindRule(
                rule["units"],
                _compiled(rule["before"]) if "before" in rule and rule["before"] != "$" else None,
                _compiled(rule["after"]) if "after" in rule else None,
                rule["kind"],
                int(rule.get("sign", "1")),
            )
            for rule in self.tree["kinds"]
        )


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=2)
def lexicon(language: Language) -> Lexicon:
    """The lexicon of a language: `en` or `zh`."""
    return Lexicon(language, read_plain(FOLDER / f"{language}.yaml"))
