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


def _goes_on(before: str, line: str) -> bool:
    """Whether a line continues the text before it."""
    last = before.rpartition("\n")[2].strip()
    if last[-1] in _CLOSED + ".:：" or any(pattern.match(line) for pattern, _ in _NUMBERED):
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
    for pattern, level in _NUMBERED:
        if pattern.match(words):
            return ("heading", level) if short else ("paragraph", 0)
    if _ITEM.match(words):
        return "item", 0
    return ("heading", 3) if short else ("paragraph", 0)
