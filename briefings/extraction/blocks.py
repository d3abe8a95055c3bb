"""Plain text into blocks: headings, paragraphs and list items, line by line.

In comes text; out go `Block`s. Documents that know their own headings (HTML, DOCX) bring their blocks along instead.
"""

from __future__ import annotations

import re
from functools import lru_cache

from briefings.extraction.lexicon import alternatives, lexicon
from briefings.extraction.model import Block, BlockKind

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_CLOSED = '。！？；!?;…”"」'
_ITEM = re.compile(r"[-*•·●▪◦–—]\s+|[(（]?[0-9]{1,3}[)）.、．]\s*(?![0-9])")
_MARKDOWN = re.compile(r"(#{1,6})\s+\S")
_LONGEST_HEADING = 80
_FULL_LINE = 24  # characters: a shorter line of Chinese was not broken to fit a page
_FULL_LINE_OF_LETTERS = 60
_HAN = re.compile("[\u4e00-\u9fff]")


def blocks_of(text: str) -> tuple[Block, ...]:
    """Blocks of plain text: every line that is not empty is one. A short line that ends without a stop is a heading.

    Lines that were broken to fit a page are one block: where one ends without a stop and the next goes on in small
    letters, or, in Chinese, where a full line is followed by one that is no heading and no item.
    """
    blocks: list[Block] = []
    for line in _LINE.finditer(text):
        words = line.group().strip()
        if not words:
            continue
        start = line.start() + line.group().index(words)
        kind, level = _kind(words)
        last = blocks[-1] if blocks else None
        near = last is not None and kind in ("paragraph", "heading") and text.count("\n", last.end, start) <= 1
        if last is not None and near and _goes_on(text[last.start : last.end], words):
            blocks[-1] = Block(last.start, start + len(words), "item" if last.kind == "item" else "paragraph")
            continue
        blocks.append(Block(start, start + len(words), kind, level))
    return tuple(blocks)


@lru_cache(maxsize=1)
def _numbered() -> tuple[tuple[re.Pattern[str], int], ...]:
    """How numbered headings begin, with their levels; 一、 and (一) are the numbering of Chinese reports."""
    table = lexicon("zh").table("numbering")
    return tuple((re.compile(alternatives(texts)), int(level)) for level, texts in table.items())


def _goes_on(before: str, line: str) -> bool:
    """Whether a line continues the text before it."""
    last = before.rpartition("\n")[2].strip()
    if last[-1] in _CLOSED + ".:：" or any(pattern.match(line) for pattern, _ in _numbered()):
        return False
    if _HAN.match(last[-1]) or _HAN.match(line):
        alike = len(last) >= _FULL_LINE and len(line) <= 1.3 * len(last) + 4
        return alike and bool(_HAN.match(line) or line[0].isdigit() or line[0] in "“（%，、")
    full = len(last) >= _FULL_LINE_OF_LETTERS and len(line) <= 1.3 * len(last)
    return line[0].islower() or full


def _kind(words: str) -> tuple[BlockKind, int]:
    if marked := _MARKDOWN.match(words):
        return "heading", len(marked[1])
    if "\t" in words or words.startswith("|"):
        return "cell", 0
    short = (
        len(words) <= _LONGEST_HEADING and words[-1] not in _CLOSED and not words.endswith((".", ",", "，", ":", "："))
    )
    for pattern, level in _numbered():
        if pattern.match(words):
            return ("heading", level) if short else ("paragraph", 0)
    if _ITEM.match(words):
        return "item", 0
    return ("heading", 3) if short else ("paragraph", 0)
