"""Read a printed number, and hold it against its figure.

In: a text as printed (CNY 59.56 billion, −3.8, 第23位, seven), the figure that it is said to print, the unit at the
head of its column where it stands bare. Out: what is wrong with it, or nothing. This is the audit's own reading of
numbers; units alone are looked up in `quantities`. A sign that a word carries (fell 4.8%) is not judged here but by the
read-back; where no word can carry it, in cells and labels, the sign must be printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from briefings.audit.tokens import plain
from briefings.briefing import Figure
from briefings.errors import UnitError
from briefings.quantities import Unit, convert, round_half_away

_PRINTED = re.compile(
    r"(?P<mark>[><≥≤≈]?) ?(?P<sign>[+−-]?)(?P<before>[^0-9+−-]*?)(?P<sign2>[+−-]?)"
    r"(?P<number>[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(?P<rest>.*)"
)
_SCALES = (
    ("万亿", 10**12), ("亿", 10**8), ("万", 10**4), ("trillion", 10**12), ("billion", 10**9), ("million", 10**6),
    ("thousand", 10**3), ("tn", 10**12), ("bn", 10**9),
)  # fmt: skip
_CARDINALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SUFFIX = re.compile(r"(?:st|nd|rd|th)\b")
#: What a source leaves open, and the mark that says so; of a target, at least and at most.
_MARKS = {"over": ">≥", "under": "<≤", "about": "≈", "exact": ""}
#: Units whose numbers stand alone.
_BARE = frozenset({"index", "ratio", "number", "item", "rank"})
_BESIDE = re.compile(r"(?P<own>.+?) \((?P<beside>[^()]+)\)")
#: How far a unit that stands beside for readers' ease may be off: it is rounded to two digits or more.
_BESIDE_OFF = 0.06


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: its mark (>, ≈ ...), whether a minus or a plus stands before it, its digits with so many
    places, what one of it is, and the text of its unit. `place`: it is an ordinal."""

    mark: str
    sign: str
    number: Decimal
    places: int
    scale: Decimal
    unit: str
    place: bool


def read(text: str) -> Printed | None:
    """The one number that a text holds, in digits or in words; None where it holds none."""
    text = re.sub(r"\s+", " ", plain(text)).strip()
    word = text.casefold()
    if word in _ORDINALS[1:] or word in ("last", "首位", "榜首"):
        number = _ORDINALS.index(word) if word in _ORDINALS else 1
        return Printed("", "", Decimal(number), 0, Decimal(1), "", place=True)
    first, _, rest = word.partition(" ")
    if first in _CARDINALS:
        return Printed("", "", Decimal(_CARDINALS.index(first)), 0, Decimal(1), rest, place=False)
    if not (found := _PRINTED.fullmatch(text)):
        return None
    digits = found["number"].replace(",", "")
    before, rest = found["before"].strip(), found["rest"].strip()
    place = before == "第" or bool(_SUFFIX.match(found["rest"]))
    if place:
        return Printed(found["mark"], "", Decimal(digits), 0, Decimal(1), "", place=True)
    scale, rest = _scaled(rest)
    sign = found["sign"] or found["sign2"]
    unit = f"{before} {rest}".strip()
    places = len(digits.partition(".")[2])
    return Printed(found["mark"], sign.replace("-", "−"), Decimal(digits), places, scale, unit, place=False)


def _scaled(rest: str) -> tuple[Decimal, str]:
    """The scale word that a text begins with, and what follows; an English one ends at a space."""
    for word, factor in _SCALES:
        behind = rest.removeprefix(word)
        if behind != rest and (not word.isascii() or behind[:1] in ("", " ")):
            return Decimal(factor), behind.strip()
    return Decimal(1), rest


def wrong(
    text: str, figure: Figure, *, head: str = "", after: str = "", signed: bool, counters: Collection[str]
) -> str:
    """What is wrong with a printed number, or empty: what had to stand there.

    `head`: the unit that stands at the head of its column; `after`: what follows in its line. `signed`: whether a
    minus must be printed (cells, labels), since no word around it can say so. `counters`: the words that count what the
    figure counts.
    """
    beside = _BESIDE.fullmatch(text)
    if beside and (said := _beside_wrong(beside["beside"], figure)):
        return said
    printed = read(beside["own"] if beside else text)
    if printed is None:
        return "a number"
    return (
        _mark_wrong(printed, figure)
        or _unit_wrong(printed, figure, head or after, counters)
        or _value_wrong(printed, figure, head, signed=signed, counters=counters)
    )


def _mark_wrong(printed: Printed, figure: Figure) -> str:
    if printed.mark and printed.mark not in _MARKS[figure.qualifier] and figure.status != "target":
        return f"no {printed.mark} before it: the figure is {figure.qualifier}"
    return ""


def _unit_wrong(printed: Printed, figure: Figure, beside: str, counters: Collection[str]) -> str:
    if printed.place or figure.unit == "rank":
        right = figure.unit == "rank" and not printed.unit
    elif printed.unit:
        right = _is_unit(printed.unit, figure, counters)
    else:
        right = _is_unit("", figure, counters) or _begins_with_unit(beside, figure, counters)
    return "" if right else f"a number of {figure.unit}"


def _begins_with_unit(text: str, figure: Figure, counters: Collection[str]) -> bool:
    """Whether what stands behind a number, or at the head of its column, is its unit, with or without a scale."""
    text = text.strip()
    return (
        any(text.startswith(name) for name in (*counters, *_names(figure.unit)) if name)
        or _scale_of(text, figure, counters) is not None
    )


def _is_unit(text: str, figure: Figure, counters: Collection[str]) -> bool:
    """Whether a text names the figure's unit."""
    if text in counters or text in _names(figure.unit):
        return True
    if not text:
        row = Unit(figure.unit).row
        return figure.unit in _BARE or (row is not None and row.nature in ("count", "time"))
    if figure.unit == "percentage point" and text in ("point", "points"):
        return True
    if figure.unit == "percent" and text in _names("multiple"):
        return True
    code = _code(text)
    local = "LCU" in figure.unit and code.partition(" per ")[2] == figure.unit.partition(" per ")[2]
    return code == figure.unit or (local and bool(code))


@lru_cache(maxsize=512)
def _names(unit: str) -> frozenset[str]:
    """What a unit of the table is called behind a number and at the head of a column."""
    row = Unit(unit).row
    return frozenset((row.one, row.many, row.zh, *row.heads.split("|"))) - {""} if row else frozenset()


@lru_cache(maxsize=4096)
def _code(text: str) -> str:
    try:
        unit, scale = Unit.parse(text)
    except UnitError:
        return ""
    return unit.code if scale == 1 else ""


@lru_cache(maxsize=4096)
def _parsed(head: str) -> tuple[str, Decimal]:
    try:
        unit, scale = Unit.parse(head)
    except UnitError:
        return "", Decimal(1)
    return unit.code, scale


def _scale_of(head: str, figure: Figure, counters: Collection[str]) -> Decimal | None:
    """What one of a column's numbers is, as its head says; None where the head names another unit."""
    code, scale = _parsed(head)
    if code == figure.unit or _is_local(code, figure.unit):
        return scale
    for word, factor in (("", 1), *_SCALES):
        rest = re.sub(rf"(^|(?<= )|(?<=^)){word}( |$|(?=[^a-z]))", "", head).strip() if word else head
        if (not word or rest != head) and (rest or word) and _is_unit(rest, figure, counters):
            return Decimal(factor)
    return None


def _is_local(code: str, unit: str) -> bool:
    """Whether a head says local currency, and the unit is one currency."""
    over, _, under = code.partition(" per ")
    return over == "LCU" and unit.partition(" per ")[2] == under


def _value_wrong(printed: Printed, figure: Figure, head: str, *, signed: bool, counters: Collection[str]) -> str:
    scale: Decimal | None = printed.scale
    if head and not printed.unit and scale == 1 and not printed.place:
        scale = _scale_of(head, figure, counters) if figure.unit not in _BARE else Decimal(1)
        if scale is None:
            return f"a number of {figure.unit}; the head says {head}"
    value = Decimal(repr(figure.value))
    if figure.unit == "percent" and printed.unit in _names("multiple"):
        value /= 100
    rounded = round_half_away(value / (scale or 1), printed.places)
    if abs(rounded) != printed.number:
        return _written(rounded if signed else abs(rounded))
    if (printed.sign == "−") != (rounded < 0) and (printed.sign or signed):
        return f"{_written(rounded)}, with its sign"
    return ""


def _written(number: Decimal) -> str:
    return f"{number:,f}".replace("-", "−")


def _beside_wrong(text: str, figure: Figure) -> str:
    """What is wrong with a quantity in a unit that readers know better: 13,000 mu (867 hectares)."""
    printed = read(text)
    if printed is None:
        return ""
    try:
        unit, _ = Unit.parse(printed.unit)
        value = convert(abs(figure.value), Unit(figure.unit), unit)
    except UnitError:
        return f"a conversion of {figure.unit}"
    told = float(printed.number * printed.scale)
    return "" if abs(told - value) <= _BESIDE_OFF * value else f"about {value:,.0f} {unit}"
