"""Ratios of several parts: 0.37:12.03:87.6 is three shares.

In comes a `Prepared` text; out go `Mention`s in percent, one a part. A ratio of two is none: times of day and scores
look alike. Language decides only by which words a ratio is known.
"""

from __future__ import annotations

import re

from briefings.extraction.lexicon import Lexicon, alternatives
from briefings.extraction.mentions import Mention
from briefings.extraction.text import Prepared

_PART = r"[0-9]{1,3}(?:\.[0-9]{1,4})?"
_RATIO = re.compile(rf"(?<![0-9:.])({_PART})(?: ?: ?{_PART}){{2,3}}(?![0-9:])")
_NEAR = 64  # characters before a ratio in which a word must say that it is one


def find(prepared: Prepared, start: int, end: int, words: Lexicon) -> list[Mention]:
    """The parts of the ratios between two offsets; all but the first of each are marked as further ones."""
    nouns = re.compile(alternatives(words.words("ratio_nouns")), re.IGNORECASE)
    found: list[Mention] = []
    for match in _RATIO.finditer(prepared.plain, start, end):
        near = prepared.plain[max(start, match.start() - _NEAR) : match.start()]
        follows = found and match.start() - found[-1].end <= _NEAR
        if not (follows or nouns.search(near)):
            continue
        for number, part in enumerate(re.finditer(_PART, match.group())):
            span = (match.start() + part.start(), match.start() + part.end())
            notes = {"ratio", "further"} if number else {"ratio"}
            found.append(Mention(*span, span, float(part.group()), "percent", span[0], notes=notes))
    return found
