"""Ways in which a finished text may come to say something else: what the number gate must catch.

Each kind takes a text and a source of randomness and gives the text with one such change, or None where the text has
nothing of the kind. A change that no reader could see (a number for the same number) is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from briefings.audit.tokens import tokens

Mutation = Callable[[str, Random], str | None]

NUMBER = re.compile(r"(?<![A-Za-z0-9_])[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?![0-9A-Za-z_])")
SCALES = (("billion", "million"), ("million", "billion"), ("万亿", "亿"), ("亿", "万"), ("万", "亿"))
UNITS = (
    ("percentage points", "percent"), ("个百分点", "%"), ("%", " percentage points"), ("%", ""), ("亿元", "亿美元"),
    ("CNY", "USD"), ("元", ""), ("billion", ""), ("million", ""), ("万", ""), ("个", ""), ("projects", "people"),
    ("per person", "per household"), (" times", "%"), ("倍", "%"),
)  # fmt: skip
WORDS = (
    ("first", "third"), ("second", "first"), ("third", "fifth"), ("seven", "six"), ("three", "four"), ("two", "nine"),
    ("第1", "第3"), ("第2", "第1"), ("第二", "第一"), ("一", "两"), ("两", "三"), ("十三五", "十四五"),
    ("首位", "末位"),
)  # fmt: skip
MONTHS = ("January", "February", "March", "April", "June", "July", "Jan", "Feb", "Jun", "Jul", "Sep", "Dec")


def _at(pattern: re.Pattern[str] | str, text: str, random: Random) -> re.Match[str] | None:
    found = list(re.finditer(pattern, text))
    return random.choice(found) if found else None


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def digit_changed(text: str, random: Random) -> str | None:
    if not (found := _at(NUMBER, text, random)):
        return None
    at = random.choice([n for n in range(*found.span()) if text[n].isdigit()])
    return _put(text, at, at + 1, random.choice([digit for digit in "0123456789" if digit != text[at]]))


def numbers_swapped(text: str, random: Random) -> str | None:
    found = list(NUMBER.finditer(text))
    if len(found) < 2:
        return None
    first, second = sorted(random.sample(found, 2), key=lambda each: each.start())
    between = text[first.end() : second.start()]
    return text[: first.start()] + second.group() + between + first.group() + text[second.end() :]


def rows_swapped(text: str, random: Random) -> str | None:
    """Two neighbouring lines that hold numbers change places."""
    lines = text.split("\n")
    pairs = [n for n in range(len(lines) - 1) if NUMBER.search(lines[n]) and NUMBER.search(lines[n + 1])]
    if not pairs:
        return None
    n = random.choice(pairs)
    lines[n], lines[n + 1] = lines[n + 1], lines[n]
    return "\n".join(lines)


def row_moved(text: str, random: Random) -> str | None:
    lines = text.split("\n")
    rows = [n for n, line in enumerate(lines) if NUMBER.search(line)]
    if len(rows) < 3:
        return None
    row = lines.pop(random.choice(rows))
    lines.insert(random.choice(rows[:-1]), row)
    return "\n".join(lines)


def cells_swapped(text: str, random: Random) -> str | None:
    """The last numbers of two lines change places: two cells of one column."""
    lines = text.split("\n")
    rows = [n for n, line in enumerate(lines) if NUMBER.search(line)]
    if len(rows) < 2:
        return None
    first, second = random.sample(rows, 2)
    a, b = list(NUMBER.finditer(lines[first]))[-1], list(NUMBER.finditer(lines[second]))[-1]
    lines[first] = _put(lines[first], *a.span(), b.group())
    lines[second] = _put(lines[second], *b.span(), a.group())
    return "\n".join(lines)


def sign_dropped(text: str, random: Random) -> str | None:
    found = _at(r"[−≥≤≈](?=[0-9A-Z])", text, random)
    return _put(text, *found.span(), "") if found else None


def sign_added(text: str, random: Random) -> str | None:
    found = _at(r"(?<![0-9−.,])(?=[0-9]+(?:\.[0-9]+)?(?:%|\s|亿|万|个))", text, random)
    return _put(text, found.start(), found.start(), "−") if found else None


def _replaced(pairs: tuple[tuple[str, str], ...], text: str, random: Random, *, after: str = "") -> str | None:
    able = [(old, new) for old, new in pairs if old in text]
    if not able:
        return None
    old, new = random.choice(able)
    boundary = r"\b" if old.isascii() and old.isalpha() else ""
    found = _at(rf"{after}{boundary}{re.escape(old)}{boundary}", text, random)
    return _put(text, found.end() - len(old), found.end(), new) if found else None


def unit_changed(text: str, random: Random) -> str | None:
    return _replaced(UNITS, text, random, after=r"(?<=[0-9 亿万])")


def scale_changed(text: str, random: Random) -> str | None:
    return _replaced(SCALES, text, random, after=r"(?<=[0-9 ])")


def word_changed(text: str, random: Random) -> str | None:
    return _replaced(WORDS, text, random)


def number_deleted(text: str, random: Random) -> str | None:
    found = _at(NUMBER, text, random)
    return _put(text, *found.span(), "") if found else None


def number_inserted(text: str, random: Random) -> str | None:
    found = _at(r"(?<=[a-z一-鿿])(?=[ 。，.])", text, random)
    new = random.choice([" 12.5%", " 3", "翻番", " doubled", "两成", " one third", "第一", " 7 billion", "28亿元"])
    return _put(text, found.start(), found.start(), new) if found else None


def date_changed(text: str, random: Random) -> str | None:
    found = _at(rf"(?:19|20)[0-9]{{2}}(?![0-9])|{'|'.join(MONTHS)}|(?<=年)[0-9]+(?=月)", text, random)
    if not found:
        return None
    old = found.group()
    new = random.choice([m for m in MONTHS if m != old]) if old.isalpha() else str(int(old) + random.choice((-1, 1)))
    return _put(text, *found.span(), new)


def neighbours_swapped(text: str, random: Random) -> str | None:
    """What a number is told of changes: a name beside it for another."""
    pairs = (("rose", "fell"), ("fell", "rose"), ("增长", "下降"), ("下降", "增长"), ("同比", "环比"), ("环比", "同比"))
    return _replaced(pairs, text, random)


KINDS: dict[str, Mutation] = {
    "digit changed": digit_changed,
    "two numbers swapped": numbers_swapped,
    "rows swapped": rows_swapped,
    "row moved": row_moved,
    "cells of a column swapped": cells_swapped,
    "sign dropped": sign_dropped,
    "sign added": sign_added,
    "unit changed or dropped": unit_changed,
    "scale changed": scale_changed,
    "number word changed": word_changed,
    "number deleted": number_deleted,
    "number inserted": number_inserted,
    "date changed": date_changed,
    "word of direction changed": neighbours_swapped,
}


def mutated(text: str, kind: str, random: Random) -> str | None:
    """The text with one change of a kind that a reader would see, or None."""
    for _ in range(5):
        changed = KINDS[kind](text, random)
        if changed is None:
            return None
        if tokens(changed) != tokens(text):
            return changed
    return None
