"""Plain text into blocks: headings, paragraphs and list items, line by line.

In comes text; out go `Block`s. Documents that know their own headings (HTML, DOCX) bring their blocks along instead.
"""

from __future__ import annotations

import re

from briefings.extraction.model import Block, BlockKind

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_CLOSED = '。！？；!?;…”"」'
_ITEM = re.compile(r"[-*•·●▪◦–—]\s+|[(（]?[0-9]{1,3}[)）.、．]\s*(?![0-9])")
_MARKDOWN = re.compile(r"(#{1,6})\s+\S")
# 一、 ... (一) ... 第一章 ... 第二节: the numbering of Chinese reports, from the coarsest.
_NUMBERED: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"第[一二三四五六七八九十]{1,3}[章部编篇]"), 2),
    (re.compile(r"[一二三四五六七八九十]{1,3}、"), 2),
    (re.compile(r"第[一二三四五六七八九十]{1,3}节"), 3),
    (re.compile(r"[(（][一二三四五六七八九十]{1,3}[)）]"), 3),
)
_LONGEST_HEADING = 80


def blocks_of(text: str) -> tuple[Block, ...]:
    """Blocks of plain text: every line that is not empty is one. A short line that ends without a stop is a heading."""
    blocks = []
    for line in _LINE.finditer(text):
        words = line.group().strip()
        if words:
            start = line.start() + line.group().index(words)
            kind, level = _kind(words)
            blocks.append(Block(start, start + len(words), kind, level))
    return tuple(blocks)


def _kind(words: str) -> tuple[BlockKind, int]:
    if marked := _MARKDOWN.match(words):
        return "heading", len(marked[1])
    if "\t" in words or words.startswith("|"):
        return "cell", 0
    short = (
        len(words) <= _LONGEST_HEADING and words[-1] not in _CLOSED and not words.endswith((".", ",", "，", ":", "："))
    )
    for pattern, level in _NUMBERED:
        if pattern.match(words):
            return ("heading", level) if short else ("paragraph", 0)
    if _ITEM.match(words):
        return "item", 0
    return ("heading", 3) if short else ("paragraph", 0)
