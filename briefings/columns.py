"""How wide a text stands where letters have columns: on a terminal, in a plain mail, in a head that must not run over.

A Han or full-width character takes two columns, a combining mark none (Unicode Standard Annex 11, East Asian Width).
"""

from __future__ import annotations

from unicodedata import combining, east_asian_width

__all__ = ["columns", "shortened"]


def columns(text: str) -> int:
    """The columns that a text takes."""
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)


def shortened(text: str, most: int) -> str:
    """A text of at most `most` columns: what is longer ends in an ellipsis, where it can behind a whole word."""
    if columns(text) <= most:
        return text
    kept = text
    while columns(kept) >= most:
        kept = kept[:-1]
    words = kept.rpartition(" ")[0]
    return (words if columns(words) > most * 2 // 3 else kept).rstrip(" ,;:，、；：（(") + "…"
