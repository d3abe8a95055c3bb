"""Text made ready for reading: one kind of digit, and where sentences, clauses and names begin and end.

In comes the text of a document; out goes a `Prepared` text of the same length, so that every offset stays true. Which
figures stand in it is found next door.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from briefings.extraction.lexicon import Lexicon
from briefings.extraction.model import Block

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


@dataclass(frozen=True)
class Prepared:
    """A text with its marks.

    plain   the text with one kind of digit and punctuation, of the same length
    blocks  its headings, paragraphs ...
    """

    text: str
    plain: str
    blocks: tuple[Block, ...]
    sentences: tuple[tuple[int, int], ...]
    names: tuple[tuple[int, int], ...]

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
    """Normalise and mark the part of a text that lies in the span; the rest is blanked, offsets stay."""
    start, end = span
    plain = " " * start + text[start:end].translate(_ONE_FOR_ONE)
    inside = tuple(
        Block(max(block.start, start), min(block.end, end), block.kind, block.level)
        for block in blocks
        if block.start < end and block.end > start
    )
    return Prepared(text, plain, inside, _sentences(plain, start, inside, lexicon), _names(plain, start, lexicon))


def _sentences(plain: str, start: int, blocks: tuple[Block, ...], lexicon: Lexicon) -> tuple[tuple[int, int], ...]:
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
    return pieces or ((start, len(plain)),)


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


def _names(plain: str, start: int, lexicon: Lexicon) -> tuple[tuple[int, int], ...]:
    """Quoted names and titles: what stands in quotation marks, unless it is speech: longer, and ending in a stop."""
    speech, shortest = re.compile(lexicon.text("speech")), int(lexicon.text("shortest_speech"))
    found = []
    for pair in (*lexicon.words("quotes"), *lexicon.words("titles")):
        opening, closing = re.escape(pair[0]), re.escape(pair[1])
        inner = rf"{opening}([^{opening}{closing}\n]{{1,{_LONGEST_NAME}}}){closing}"
        titled = pair in lexicon.words("titles")
        for name in re.compile(inner).finditer(plain, start):
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
