"""Labels: how wide a text is, where a line of it breaks, and how labels keep out of each other's way.

What comes in are texts and wished-for positions in pixels; what goes out are widths, lines and positions. Widths are
those of Noto Sans; they decide margins and collisions before anything is drawn, so that a chart has the same layout
with and without the fonts at hand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from briefings.charts.theme import LINE_HEIGHT, TEXT

# Advance widths of Noto Sans Regular in thousandths of the size, rounded up to a few classes.
_CLASSES = {
    275: "ijl ,.:;·!'’‘`",
    310: "J",
    340: "()[]-",
    370: "I",
    380: "f/\\{}“”",
    410: "t",
    445: '"r?_',
    510: "zsc–",
    540: "vy",
    570: "FLxkS*|ETaeY",
    618: "$+0123456789<=>Z^~−XVPobdgpqhnu",
    655: "KRCA#B",
    790: "GDU&HNOQw…",
    940: "%@MWm",
}
_WIDTHS = {letter: width for width, letters in _CLASSES.items() for letter in letters} | dict.fromkeys(
    "0123456789−+", 572
)
_OTHER, _WIDE, _BOLD = 650, 1000, 1.07


def text_width(text: str, size: float = TEXT, *, bold: bool = False) -> float:
    """The width of a line of text in pixels; on the safe side."""
    units = sum(_WIDTHS.get(letter) or (_WIDE if _is_wide(letter) else _OTHER) for letter in text)
    return units * size / 1000 * (_BOLD if bold else 1)


def _is_wide(letter: str) -> bool:
    return letter == "—" or unicodedata.east_asian_width(letter) in "WF"


# A place to break: after a space, or before or after a Han character, but not before closing or after opening marks.
_OPENING, _CLOSING = "（“‘《", "，。、；：！？）”’》%％"
_PIECES = re.compile(rf"[{_OPENING}]*(?:[\u3400-\u9fff]|[^\s\u3400-\u9fff{_OPENING}]+ ?|\s)[{_CLOSING}]*|[{_OPENING}]+")


def wrap(text: str, width: float, size: float = TEXT, *, bold: bool = False) -> list[str]:
    """Lines no wider than `width`, unless a single word is wider. Han breaks anywhere but beside its punctuation."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and text_width((lines[-1] + piece).rstrip(), size, bold=bold) > width:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def line_height(size: float = TEXT) -> float:
    return round(size * LINE_HEIGHT, 2)


def spread(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres as near as possible to those wanted (in order), so that labels of these heights do not overlap.

    All lie between `low` and `high` as far as there is room. Labels that collide are moved together, as one block
    about the mean of the places they wanted (pooling of adjacent violators), so that none is moved more than it must.
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    blocks: list[tuple[list[int], float]] = []
    for index in order:
        block, centre = [index], _clamp(wanted[index], heights[index], low, high)
        while blocks and _bottom(blocks[-1], heights) > centre - _height(block, heights) / 2 + 1e-9:
            block = blocks.pop()[0] + block
            centre = _clamp(_centre(block, wanted, heights), _height(block, heights), low, high)
        blocks.append((block, centre))
    places = [0.0] * len(wanted)
    for block, centre in blocks:
        edge = centre - _height(block, heights) / 2
        for index in block:
            places[index] = edge + heights[index] / 2
            edge += heights[index]
    return places


def _height(block: Sequence[int], heights: Sequence[float]) -> float:
    return sum(heights[index] for index in block)


def _bottom(block: tuple[list[int], float], heights: Sequence[float]) -> float:
    return block[1] + _height(block[0], heights) / 2


def _centre(block: Sequence[int], wanted: Sequence[float], heights: Sequence[float]) -> float:
    """Where a block stands best: the mean of where each member would have its middle be."""
    wishes, offset, whole = [], 0.0, _height(block, heights)
    for index in block:
        wishes.append(wanted[index] - (offset + heights[index] / 2 - whole / 2))
        offset += heights[index]
    return sum(wishes) / len(wishes)


def _clamp(centre: float, height: float, low: float, high: float) -> float:
    return max(low + height / 2, min(high - height / 2, centre))
