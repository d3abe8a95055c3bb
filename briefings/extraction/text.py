"""Text made ready for reading: one kind of digit, no blanks where they mean nothing, sentences, names.

In comes the text of a document; out goes a `Prepared` text that the rules read, with the way back to the offsets of the
document. Which figures stand in it is found next door.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from briefings.extraction.lexicon import Lexicon, alternatives
from briefings.extraction.lexicon import lexicon as lexicon_of
from briefings.extraction.model import Block
from briefings.periods import Language

# Full-width letters, digits and signs, one for one; a ratio's colon; typographic apostrophes and minus signs.
_ONE_FOR_ONE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0x2236: ":",
    0x2019: "'",
    0x00A0: " ",
    0x202F: " ",
    0x2009: " ",
    0x2212: "-",
}
_LONGEST_NAME = 60
_LONGEST_SENTENCE = 3000


# Blanks beside Han characters mean nothing (增长 5.2 %, 2022 年); between two numbers or words they do.
_IDLE_BLANK = re.compile(r"(?<=[^\x00-\x7f])[ \t]+|[ \t]+(?=[^\x00-\x7f])")
# A line that was broken to fit a page: it is long, does not end in a stop, and the next goes on with a small letter,
# or, in Chinese, with no number of a heading or item.
_BROKEN = re.compile(
    r"(?<=[a-z0-9,;%’'\-)])[ \t]*\r?\n[ \t]*(?=[a-z(])"
    r"|(?<=[^\n]{59}[A-Za-z0-9,;%’'\-)])[ \t]*\r?\n[ \t]*(?=[A-Za-z0-9$£€₹“\"])"
)


@lru_cache(maxsize=1)
def _broken_chinese() -> re.Pattern[str]:
    numbering = lexicon_of("zh").table("numbering").values()
    heading = alternatives(text for texts in numbering for text in texts)
    return re.compile(
        r"(?<=[^\n]{23}[^。！？；：:!?;\s])[ \t]*\r?\n[ \t]*(?=[\u4e00-\u9fff0-9“（%，、])"
        rf"(?!{heading}|[0-9]{{1,2}}[.、](?![0-9]))"
    )


@dataclass(frozen=True)
class Prepared:
    """A text with its marks. All offsets in here count in `plain`.

    text    the document's own text
    plain   what is read of it: the part asked for, with one kind of digit and punctuation, without idle blanks
    origin  for each character of `plain` where it stands in `text`
    blocks  headings, paragraphs ...
    """

    text: str
    plain: str
    origin: Sequence[int]
    blocks: tuple[Block, ...]
    sentences: tuple[tuple[int, int], ...]
    names: tuple[tuple[int, int], ...]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of `plain` as offsets in the document."""
        return self.origin[start], self.origin[end - 1] + 1

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _name_starts(self) -> list[int]:
        return [start for start, _ in self.names]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def sentence_at(self, position: int) -> int:
        """The number of the sentence that holds a position; the one before it where it lies between two."""
        return max(0, bisect_right(self._sentence_starts, position) - 1)

    def in_name(self, start: int, end: int) -> bool:
        """Whether this stretch touches a quoted name or a title."""
        number = bisect_right(self._name_starts, end - 1) - 1
        return number >= 0 and self.names[number][1] > start

    def block_at(self, position: int) -> Block | None:
        """The block that holds a position."""
        number = bisect_right(self._block_starts, position) - 1
        return self.blocks[number] if number >= 0 and position < self.blocks[number].end else None


def prepare(text: str, blocks: tuple[Block, ...], span: tuple[int, int], lexicon: Lexicon) -> Prepared:
    """Normalise and mark the part of a text that lies in the span."""
    plain, origin = _compact(text, *span, lexicon.language)
    inside = tuple(
        Block(bisect_left(origin, block.start), bisect_left(origin, block.end), block.kind, block.level)
        for block in blocks
        if block.start < span[1] and block.end > span[0]
    )
    return Prepared(text, plain, origin, inside, _sentences(plain, inside, lexicon), _names(plain, lexicon))


def _compact(text: str, start: int, end: int, language: Language) -> tuple[str, Sequence[int]]:
    """The part of the text without idle blanks and line breaks, and where each of its characters stood."""
    part = text[start:end].translate(_ONE_FOR_ONE)
    if language == "en":
        return _BROKEN.sub(lambda match: " " * len(match.group()), part), range(start, end)
    idle = sorted((*_spans(_IDLE_BLANK, part), *_spans(_broken_chinese(), part)))
    kept, origin, at = [], array("L"), 0
    for left, right in idle:
        if left > at:
            kept.append(part[at:left])
            origin.extend(range(start + at, start + left))
        at = max(at, right)
    kept.append(part[at:])
    origin.extend(range(start + at, end))
    return "".join(kept), origin


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def _sentences(plain: str, blocks: tuple[Block, ...], lexicon: Lexicon) -> tuple[tuple[int, int], ...]:
    """Sentences: within one block, up to a full stop."""
    stop = re.compile(lexicon.text("sentence_end"))
    found = []
    for block in blocks:
        begin = block.start
        for mark in stop.finditer(plain, block.start, block.end):
            if plain[begin : mark.end()].strip():
                found.append((begin, mark.end()))
            begin = mark.end()
        if plain[begin : block.end].strip():
            found.append((begin, block.end))
    pieces = tuple(piece for sentence in found for piece in _cut(plain, *sentence))
    return pieces or ((0, len(plain)),)


def _cut(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence in pieces of bounded length, cut at blanks or commas.

    What has no stops is no sentence, and the work on one sentence must not grow with the length of the document.
    """
    pieces = []
    while end - start > _LONGEST_SENTENCE:
        stop = start + _LONGEST_SENTENCE
        cut = max(plain.rfind(mark, start + _LONGEST_SENTENCE // 2, stop) for mark in " ,;、")
        stop = cut + 1 if cut > start else stop
        pieces.append((start, stop))
        start = stop
    return [*pieces, (start, end)]


def _names(plain: str, lexicon: Lexicon) -> tuple[tuple[int, int], ...]:
    """Quoted names and titles: what stands in quotation marks, unless it is speech: longer, and ending in a stop."""
    speech, shortest = re.compile(lexicon.text("speech")), int(lexicon.text("shortest_speech"))
    found = []
    for pair in (*lexicon.words("quotes"), *lexicon.words("titles")):
        opening, closing = re.escape(pair[0]), re.escape(pair[1])
        inner = rf"{opening}([^{opening}{closing}\n]{{1,{_LONGEST_NAME}}}){closing}"
        titled = pair in lexicon.words("titles")
        for name in re.compile(inner).finditer(plain):
            if titled or len(name[1]) <= shortest or not speech.search(name[1]):
                found.append(name.span())
    return _apart(sorted(found))


def _apart(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans that overlap become one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
