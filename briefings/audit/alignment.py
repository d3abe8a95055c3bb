"""Hold what a finished file says against what it must say, token by token, in order of reading.

In: the lines of a script, and the text of a file. Out: objections. A line of the script that holds a number must stand
in the file exactly, in its place; lines without numbers are the templates' affair, and so are words that a template
adds between lines, as long as they hold no number. So every number of the file is bound by its line, its place in the
line and the words around it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby, islice

from briefings.audit.model import Objection
from briefings.audit.tokens import says_number, tokens
from briefings.script import Line

#: So many tokens that are alike again are no chance, and so far from a difference they are looked for.
_SURE, _NEAR = 16, 400
#: Tokens beyond which a difference is shown in its beginning only.
_MOST_COMPARED = 4000
_MOST_SHOWN = 14


@dataclass(frozen=True)
class Expected:
    """A script's lines as one row of tokens; `owner` gives the line of each, `figure` the figure that it prints."""

    lines: tuple[Line, ...]

    @cached_property
    def parts(self) -> list[list[str]]:
        return [tokens(line.text) for line in self.lines]

    @cached_property
    def tokens(self) -> list[str]:
        return [token for part in self.parts for token in part]

    @cached_property
    def owner(self) -> list[int]:
        return [n for n, part in enumerate(self.parts) for _ in part]

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins among the tokens."""
        found, at = [], 0
        for part in self.parts:
            found.append(at)
            at += len(part)
        return found

    @cached_property
    def bound(self) -> list[bool]:
        """Which lines hold a number, and must stand in the file as they are."""
        pairs = zip(self.lines, self.parts, strict=True)
        return [any(run.figure for run in line.runs) or says_number(part) for line, part in pairs]

    def figure_at(self, index: int) -> str:
        """The figure that the token at `index` belongs to, or the nearest before it in its line, or empty."""
        if index >= len(self.owner):
            return ""
        line = self.owner[index]
        left, figure = index - self.starts[line], ""
        for run in self.lines[line].runs:
            count = len(tokens(run.text))
            figure = run.figure or figure
            if left < count:
                break
            left -= count
        return figure


@dataclass(frozen=True, slots=True)
class Difference:
    """`expected.tokens[first:last]` stand in the file as `found`."""

    first: int
    last: int
    found: list[str]


def differences(expected: Sequence[str], found: Sequence[str]) -> list[Difference]:
    """Where two rows of tokens differ. What they have alike is passed over quickly: from a difference to the nearest
    place at which both go on alike, and no further, they are matched with care."""
    told: list[Difference] = []
    here = there = 0
    while True:
        for left, right in zip(islice(expected, here, None), islice(found, there, None), strict=False):
            if left != right:
                break
            here, there = here + 1, there + 1
        if here == len(expected) and there == len(found):
            return told
        last, until = _alike_again(expected, found, here, there)
        told += _matched(expected[here:last], found[there:until], here)
        here, there = last, until


def _alike_again(expected: Sequence[str], found: Sequence[str], here: int, there: int) -> tuple[int, int]:
    """The nearest place from which so many tokens are alike that it is no chance; the ends, where none is near."""
    places: dict[tuple[str, ...], int] = {}
    for at in range(there, min(there + _NEAR, len(found) - _SURE + 1)):
        places.setdefault(tuple(found[at : at + _SURE]), at)
    both = (
        (at, places[words])
        for at in range(here, min(here + _NEAR, len(expected) - _SURE + 1))
        if (words := tuple(expected[at : at + _SURE])) in places
    )
    return min(both, key=sum, default=(len(expected), len(found)))


def _matched(left: Sequence[str], right: Sequence[str], head: int) -> list[Difference]:
    """The differences of two rows, the first of which stands at `head`. Long ones are matched by autojunk, which is
    quick and may report more than there is."""
    long = len(left) + len(right) > 2 * _MOST_COMPARED
    matcher = SequenceMatcher(None, left, right, autojunk=long)
    return [
        Difference(head + a, head + b, list(right[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"
    ]


def objections(
    name: str,
    expected: Expected,
    text: str,
    *,
    repeated: Sequence[Sequence[str]] = (),
    explained: Callable[[list[str]], bool] = lambda words: False,
    lenient: bool = False,
) -> tuple[list[Objection], set[str]]:
    """What a file says otherwise than it must; and the parts that it leaves out whole.

    `repeated`: tokens of lines that may stand again (the heads of a table that goes on over a page). `explained`:
    whether words that hold a number may stand between two lines all the same. `lenient`: a whole part (a table, the
    colophon) may be left out: templates of one's own do that.
    """
    # A head that stands again before a row that begins with the same word is found only where it begins.
    found = [
        _once(_slid(expected, _once(each, repeated)), repeated) for each in differences(expected.tokens, tokens(text))
    ]
    absent = _left_out(expected, found) if lenient else set()
    told = [
        objection
        for difference in found
        if (objection := _objection(name, expected, difference, explained, absent)) is not None
    ]
    return told, absent


def _once(difference: Difference, repeated: Sequence[Sequence[str]]) -> Difference:
    """A difference without the lines that may stand again."""
    words = difference.found
    for line in repeated:
        for at in range(len(words) - len(line), -1, -1):
            if line and words[at : at + len(line)] == list(line):
                words = [*words[:at], *words[at + len(line) :]]
                break
    return Difference(difference.first, difference.last, words)


def _slid(expected: Expected, difference: Difference) -> Difference:
    """A pure insertion or deletion moved to where a line begins, if it may as well stand there: in `a [. b] .` the
    first full stop is the line's own."""
    begins = {*expected.starts, len(expected.tokens)}
    first, last, found = difference.first, difference.last, difference.found
    if first in begins or (found and last > first):
        return difference
    words = found or expected.tokens[first:last]
    for step in (-1, 1):
        at, moved = first, list(words)
        while 0 < at < len(expected.tokens) and at not in begins:
            beside = at - 1 if step < 0 else at + (0 if found else len(words))
            edge = moved[-1] if step < 0 else moved[0]
            if beside >= len(expected.tokens) or expected.tokens[beside] != edge:
                break
            moved = [edge, *moved[:-1]] if step < 0 else [*moved[1:], edge]
            at += step
        if at in begins:
            return Difference(at, at, moved) if found else Difference(at, at + len(words), [])
    return difference


def part_of(where: str) -> str:
    """The part of an edition that a line belongs to: `table/summary` of `table/summary/row/3`."""
    first, _, rest = where.partition("/")
    return f"{first}/{rest.partition('/')[0]}" if first in ("table", "chart", "section") else first


def _left_out(expected: Expected, found: Sequence[Difference]) -> set[str]:
    """The parts none of whose lines stands in the file."""
    gone = {index for difference in found if not difference.found for index in range(difference.first, difference.last)}
    if not gone:
        return set()
    lines = list(zip(expected.lines, expected.starts, expected.parts, strict=True))
    by_part = groupby(sorted(lines, key=lambda each: part_of(each[0].where)), key=lambda each: part_of(each[0].where))
    return {
        part
        for part, members in by_part
        if all(start + n in gone for _, start, words in members for n in range(len(words)))
    }


def _objection(
    name: str, expected: Expected, difference: Difference, explained: Callable[[list[str]], bool], absent: set[str]
) -> Objection | None:
    wanted = expected.tokens[difference.first : difference.last]
    if "".join(wanted) == "".join(difference.found) and not any(map(_has_digit, (*wanted, *difference.found))):
        return None
    touched = _touched(expected, difference)
    bound = [n for n in touched if expected.bound[n] and part_of(expected.lines[n].where) not in absent]
    if not bound and (not says_number(difference.found) or explained(difference.found)):
        return None
    if bound:
        line = bound[0]
        where = expected.lines[line].where
    else:
        line = expected.owner[difference.first - 1] if difference.first else 0
        where = f"after {expected.lines[line].where}" if expected.lines else "the whole"
    return Objection(
        where=f"{name}, {where}",
        found=_shown(_around(expected, difference, difference.found)),
        expected=_shown(_around(expected, difference, wanted)),
        figure=expected.figure_at(difference.first) if bound else "",
    )


def _has_digit(token: str) -> bool:
    return any(char.isdecimal() for char in token)  # the exponent of m² is none


def _touched(expected: Expected, difference: Difference) -> list[int]:
    """The lines that a difference lies in; none for what stands between two lines."""
    if difference.last > difference.first:
        return sorted(set(expected.owner[difference.first : difference.last]))
    at = difference.first
    inside = 0 < at < len(expected.owner) and expected.owner[at - 1] == expected.owner[at]
    return [expected.owner[at]] if inside else []


def _around(expected: Expected, difference: Difference, words: Sequence[str]) -> list[str]:
    """Words with what stands around them in their line, so that a reader finds the place."""
    before = expected.tokens[max(0, difference.first - 4) : difference.first]
    after = expected.tokens[difference.last : difference.last + 3]
    return [*before, "[", *words[:_MOST_SHOWN], *(["..."] if len(words) > _MOST_SHOWN else []), "]", *after]


def _shown(words: Sequence[str]) -> str:
    """Tokens as a text, spaces between Latin words and numbers alone."""
    text = ""
    for word in words:
        apart = text[-1:].isascii() and text[-1:].isalnum() and word[0].isascii() and word[0].isalnum()
        ended = text[-1:] in ("]", ",", ".", ";", "%", ")") and word not in (".", ",", ";", ")", "]")
        text += f" {word}" if apart or ended or "[" in (word, text[-1:]) else word
    return f"“{text.strip()}”"
