"""Text of a cell to a number, exactly.

In: the raw text of one cell, what stands for "no value", the decimal mark. Out: a `Number`, `MISSING`, or a ValueError
that says why not. Thousands separators, full-width digits and footnote marks go; nothing is guessed: 1,5 is no number
until the source declares a decimal comma. Units and scales are applied next door, in `tabular`; running text is read in
`quantities`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Number:
    """The number that a cell shows; `percent` where it is written with a percent sign."""

    value: Decimal
    percent: bool = False


class Missing:
    """A mark that stands for no value."""


MISSING: Final = Missing()
#: A mark that stands for a value that the source withholds.
WITHHELD: Final = Missing()

SIGNS = dict.fromkeys(map(ord, "−–—﹣－"), "-") | dict.fromkeys(map(ord, "＋﹢"), "+")
WIDE = {0xFF10 + digit: str(digit) for digit in range(10)} | {
    ord("．"): ".",
    ord("，"): ",",
    ord("％"): "%",
    ord("﹪"): "%",
    ord("’"): "'",
    ord("（"): "(",
    ord("）"): ")",
    ord("Ｅ"): "E",
}
FOLD = SIGNS | WIDE | dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\t\r\n"), " ")
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")

#: A footnote mark beside a value or a name: asterisks, daggers, circled and raised numbers, a short note in brackets.
MARK = (
    r"[*†‡§#＊※①-⑳⑴-⒇¹²³⁰⁴-⁹ᵃ-ᶻ]|\[\w{1,3}\]|［\w{1,3}］|注\d{1,2}"
    r"|[(（](?:\d{1,2}|[a-zA-Z]{1,2}|预计|初步|快报|估计|注\d{0,2})[)）]"
)
MARKS_BEHIND = re.compile(rf"(?:\s*(?:{MARK}))+\s*$")
MARKS_BEFORE = re.compile(r"^\s*[*†‡※＊]+\s*")

PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
EXPONENT = r"(?:[eE](?P<exponent>[+-]?[0-9]{1,3}))?"
NUMBER = {
    ".": re.compile(rf"(?P<sign>[+-]?)(?P<whole>[0-9][0-9,' ]*)?(?:\.(?P<part>[0-9]*))?{EXPONENT}", re.ASCII),
    ",": re.compile(rf"(?P<sign>[+-]?)(?P<whole>[0-9][0-9.' ]*)?(?:,(?P<part>[0-9]*))?{EXPONENT}", re.ASCII),
}
GROUPED = re.compile(r"[0-9]{1,3}([,.' ])[0-9]{3}(?:\1[0-9]{3})*")


def bare(text: str) -> str:
    """The text without footnote marks, invisible characters and space around it."""
    text = INVISIBLE.sub("", text).strip()
    stripped = MARKS_BEFORE.sub("", MARKS_BEHIND.sub("", text))
    return stripped or text


class CellReader:
    """Reads cells of one source: its marks for "no value" and for withheld ones, and its decimal mark."""

    def __init__(self, missing: Collection[str], decimal: str = ".", confidential: Collection[str] = ()) -> None:
        self.decimal = decimal
        self.withheld = frozenset(_folded(mark) for mark in confidential)
        self.marks = frozenset(_folded(mark) for mark in missing) | {""}
        # A mark that is a number, such as 0 or -999, stands for every way of writing that number.
        self.numbers = frozenset(Decimal(mark) for mark in self.marks if PLAIN.fullmatch(mark))
        self.simple = decimal == "." and not self.numbers  # a plain number is what it looks like

    def read(self, text: str) -> Number | Missing:
        """The number in a cell. Raises ValueError with the reason where there is none."""
        if not PLAIN.fullmatch(text) or self.decimal != ".":
            if _folded(text) in self.withheld:
                return WITHHELD
            if self.is_missing(text):
                return MISSING
            number = self._written(text)
        else:
            number = Number(Decimal(text))
        return MISSING if number.value in self.numbers else number

    def is_missing(self, text: str) -> bool:
        """Whether the text is a mark for "no value", perhaps with a footnote mark beside it."""
        return _folded(text) in self.marks or _folded(bare(text)) in self.marks

    def _written(self, text: str) -> Number:
        plain = bare(text).translate(FOLD).strip()
        percent = plain.endswith("%")
        plain = plain.removesuffix("%").rstrip()
        plain = re.sub(r"^([+-]) +", r"\1", plain)
        digits = _digits(plain, self.decimal)
        if digits is None:
            raise ValueError(self._reason(text, plain))
        return Number(Decimal(digits).normalize(), percent)

    def _reason(self, text: str, plain: str) -> str:
        """Why this is no number, and how to settle it."""
        other = "," if self.decimal == "." else "."
        if _digits(plain, other) is not None:
            return f'{text!r}: if {other!r} is the decimal mark, set `decimal: "{other}"` for this source'
        if re.fullmatch(r"\([0-9.,' ]+\)", plain):
            return f"{text!r} may be a negative number or a note; write it with a minus sign"
        if plain.startswith(("#DIV", "#N/A", "#REF", "#VALUE", "#NAME", "#NUM", "#NULL")):
            return f"{text!r} is an error of the spreadsheet; mend its formula"
        if re.fullmatch(r"[+-]?[0-9][0-9,.' ]*", plain):
            return f"{text!r}: its separators do not stand between groups of three digits"
        return f"{text!r} is no number; if it stands for no value, add it to `missing`"


def _digits(plain: str, decimal: str) -> str | None:
    """The number as `Decimal` takes it, None where the text is none with this decimal mark."""
    found = NUMBER[decimal].fullmatch(plain)
    if found is None or (found["whole"] is None and not found["part"]):
        return None
    whole = found["whole"] or "0"
    if not whole.isdigit():
        if not GROUPED.fullmatch(whole):
            return None
        whole = re.sub("[^0-9]", "", whole)
    return f"{found['sign']}{whole}.{found['part'] or '0'}e{found['exponent'] or '0'}"


def _folded(text: str) -> str:
    return INVISIBLE.sub("", text).translate(FOLD).strip().casefold()
