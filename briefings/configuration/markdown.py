"""Markdown of modest means: lines to blocks of spans, each character with its place in the file.

Comes in: the lines of a text. Goes out: paragraphs and items of lists, and slips. It is a small part of CommonMark:
paragraphs, lists, `*`, `**` and `_`; emphasis may begin and end beside Han characters, which have no spaces around
them. `{...}` stands apart, for numbers that are told by name. Everything else is text, HTML too. Whose text it is is
told next door, in `commentary`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, TypeAlias

from .models import HAN
from .yaml_tree import Mark, Slip

BlockKind: TypeAlias = Literal["paragraph", "bullet", "number"]
SpanKind: TypeAlias = Literal["words", "live", "quoted"]
Letters: TypeAlias = list[tuple[str, Mark]]
"""Characters, each with its place."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that is set alike. `kind`: `words`; `live`: what stands in braces (`growth of gdp`); `quoted`:
    words in braces and quotation marks. `marks` has a place for each character, of what stands in braces the one."""

    text: str
    marks: tuple[Mark, ...] = field(repr=False)
    kind: SpanKind = "words"
    strong: bool = False
    emphasis: bool = False

    def mark(self, at: int = 0) -> Mark:
        return self.marks[min(at, len(self.marks) - 1)]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or one item of a list, with bullets or numbers."""

    kind: BlockKind
    spans: tuple[Span, ...]


_ITEM = re.compile(r"\s{0,3}(?:(?P<bullet>[-*+])|(?P<number>[0-9]{1,3})[.)、])\s+(?=\S)")
_REFUSED = (
    (re.compile(r"\s{0,3}#{1,6}(\s|$)"), "a heading"),
    (re.compile(r"\s{0,3}(```|~~~)"), "code"),
    (re.compile(r"\s{0,3}>"), "a quotation"),
    (re.compile(r"\s{0,3}\|"), "a table"),
    (re.compile(r"\s{0,3}(-{3,}|\*{3,}|_{3,})\s*$"), "a rule"),
)
_LINK = re.compile(r"!?\[[^\]]*\]\([^)]*\)")
ALLOWED = "a commentary has paragraphs, lists and emphasis"


def blocks(lines: Sequence[str], first: int, slips: list[Slip]) -> Iterator[Block]:
    """The blocks below line `first` (counted from 0): a paragraph ends at an empty line, an item also where the next
    begins."""
    kind: BlockKind = "paragraph"
    letters: Letters = []
    for number, line in enumerate(lines[first:], start=first + 1):
        item = _ITEM.match(line)
        if letters and (item or not line.strip()):
            yield Block(kind, tuple(_spans(letters, slips)))
            letters = []
        if item or not letters:
            kind = "paragraph" if item is None else "bullet" if item["bullet"] else "number"
        slips += _refused(line, number)
        start = item.end() if item else len(line) - len(line.lstrip())
        found = [(char, Mark(number, column)) for column, char in enumerate(line.rstrip(), start=1)][start:]
        letters += [*_space(letters, found), *found]
    if letters:
        yield Block(kind, tuple(_spans(letters, slips)))


def _refused(line: str, number: int) -> Iterator[Slip]:
    for pattern, what in _REFUSED:
        if pattern.match(line):
            yield Slip(Mark(number, len(line) - len(line.lstrip()) + 1), f"{what} begins here; {ALLOWED}")
    for found in _LINK.finditer(line):
        yield Slip(
            Mark(number, found.start() + 1), f"a link or a picture begins here; {ALLOWED}: write its words alone"
        )


def _space(before: Letters, after: Letters) -> Letters:
    """What stands between two lines of a block: a space, but between Han characters nothing."""
    if not before or not after:
        return []
    wide = all(HAN.match(char) or char in "，。；：！？、（）《》“”" for char in (before[-1][0], after[0][0]))
    return [] if wide else [(" ", after[0][1])]


# Spans

_TOKEN = re.compile(r"(?P<escape>\\[\\`*_{}\[\]<>()#+.!|-])|(?P<braces>\{[^{}]*\})|(?P<mark>\*\*\*|\*\*|\*|__|_)")
_QUOTED = re.compile(r"""\{\s*(?:"([^"]+)"|“([^”]+)”|「([^」]+)」)\s*\}""")
_STYLES = {1: ("emphasis",), 2: ("strong",), 3: ("strong", "emphasis")}


def _spans(letters: Letters, slips: list[Slip]) -> Iterator[Span]:
    """The spans of a block; neighbours that are set alike are one."""
    text = "".join(char for char, _ in letters)
    tokens = list(_TOKEN.finditer(text))
    paired = _paired(text, [token for token in tokens if token["mark"]])
    open_: set[str] = set()
    spans: list[Span] = []
    at = 0

    def add(start: int, end: int) -> None:
        spans.append(Span(text[start:end], tuple(mark for _, mark in letters[start:end]), "words", *_styles(open_)))

    for token in tokens:
        add(at, token.start())
        at = token.end()
        if token["braces"]:
            spans.append(_in_braces(token[0], letters[token.start()][1], open_))
        elif token.start() in paired:
            open_ ^= set(_STYLES[len(token[0])])
        else:
            add(token.start() + bool(token["escape"]), token.end())
    add(at, len(text))
    slips += _braces_alone(letters, tokens)
    yield from _joined(span for span in spans if span.text)


def _styles(open_: set[str]) -> tuple[bool, bool]:
    return "strong" in open_, "emphasis" in open_


def _in_braces(token: str, mark: Mark, open_: set[str]) -> Span:
    quoted = _QUOTED.fullmatch(token)
    text = next(filter(None, quoted.groups())) if quoted else " ".join(token[1:-1].split())
    return Span(text or " ", (mark,), "quoted" if quoted else "live", *_styles(open_))


def _braces_alone(letters: Letters, tokens: Sequence[re.Match[str]]) -> Iterator[Slip]:
    known = {at for token in tokens for at in range(token.start(), token.end())}
    for at, (char, mark) in enumerate(letters):
        if char in "{}" and at not in known:
            told = (
                f"{char!r} has no partner in this paragraph; write {{growth of gdp}}, or \\{char} for the sign itself"
            )
            yield Slip(mark, told)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    for (kind, strong, emphasis), group in groupby(spans, key=lambda span: (span.kind, span.strong, span.emphasis)):
        members = list(group)
        if kind == "words":
            marks = tuple(mark for span in members for mark in span.marks)
            yield Span("".join(span.text for span in members), marks, kind, strong, emphasis)
        else:
            yield from members


def _paired(text: str, marks: Sequence[re.Match[str]]) -> set[int]:
    """Where the marks stand that begin and end emphasis; the others are signs. A mark begins it before a character and
    ends it behind one; `_` never inside a word (first_half)."""
    paired: set[int] = set()
    waiting: list[re.Match[str]] = []
    for mark in marks:
        before, after = text[: mark.start()][-1:], text[mark.end() :][:1]
        inside = mark[0][0] == "_" and _is_letter(before) and _is_letter(after)
        first = next((other for other in reversed(waiting) if other[0] == mark[0]), None)
        if first is not None and before.strip() and not inside:
            paired |= {first.start(), mark.start()}
            del waiting[waiting.index(first) :]
        elif after.strip() and not inside:
            waiting.append(mark)
    return paired


def _is_letter(char: str) -> bool:
    return char.isalnum() and not HAN.match(char)
