"""Quantities in text, read.

In comes a number with its unit as it stands in a text or a cell, in English or Chinese; out goes a `Quantity` in base
units. Where in a running text figures stand, and what they are about, is found by `extraction`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from briefings.errors import QuantityError, UnitError
from briefings.quantities.currencies import Language, currency_of
from briefings.quantities.units import HALF_WIDTH, Unit

_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_HAN_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_PLACES = {"十": 10, "百": 100, "千": 1000}

_NUMBER = r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_PREFIX = r"(?P<prefix>[A-Z]{3}|[A-Z]{0,3}[$¥€£₹₩₽])?"
_FIGURE = re.compile(rf"(?P<sign>[-+]?) ?{_PREFIX} ?(?P<sign2>[-+]?)[ ]?{_NUMBER}(?P<gap> ?)(?P<rest>.*)")
_WORDS = re.compile(
    rf"(?P<number>(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_DIGITS[1:])}))?|{'|'.join(_TEENS + _DIGITS)})"
    r"(?: (?P<rest>.+))?",
    re.IGNORECASE,
)
_NUMERALS = re.compile(r"(?P<number>[零〇一二两三四五六七八九十百千万亿]+|半)(?P<rest>.*)")
_RANK = re.compile(r"第(?P<digits>[0-9]+|[一二三四五六七八九十百]+)[位名]?|(?P<english>[0-9]+)(?:st|nd|rd|th)")
_DOWN = re.compile(
    r"(?:下降|减少|降低|下滑|回落|缩减)了?|(?:down|fell|declined|decreased|dropped)(?: by)? ", re.IGNORECASE
)
_UP = re.compile(r"(?:增长|增加|上升|提高|提升)了?|(?:up|rose|grew|increased)(?: by)? ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as it was read.

    value     in base units: 595.57亿元 is 59557000000 (CNY), 6.9% is 6.9 (percent)
    decimals  the places behind the point as written: 2 for 595.57亿元
    text      what was read
    scale     what one of the written number is: 100000000 for 亿
    """

    value: float
    unit: Unit
    decimals: int | None
    text: str
    scale: Decimal = Decimal(1)


def read(text: str, language: Language | None = None) -> Quantity:
    """Read one quantity, which must be all of the text: 595.57亿元, CNY 59.56 billion, 6.9%, −32.5%, US$6 million.

    Also read: full-width digits, thousands separated by commas, either minus sign, 下降32.5% and "down 32.5%" (as
    -32.5), ranks (第8位, 8th, first), small numbers in words (seven, 十五分钟). A number without a unit has the unit
    `number`; a lower-case m, bn or tn right behind it is million, billion or trillion. `language` keeps the words of
    the other language out. Raises `QuantityError`, and its `UnitError` where the number is one but the unit is unknown.
    """
    plain = re.sub(r"\s+", " ", text.translate(HALF_WIDTH).replace("﹣", "-")).strip()
    direction, plain = _direction(plain)
    quantity = _rank(plain, text) or _figure(plain, text) or _in_words(plain, text, language)
    if quantity is None:
        raise QuantityError(
            f"{text!r} is no quantity. Write a number and its unit: 595.57亿元, CNY 59.56 billion, 6.9%, 1,234.5."
        )
    if direction and quantity.value < 0:
        raise QuantityError(f"{text!r} has both a word of direction and a sign; write one of them.")
    if direction < 0:
        return Quantity(-quantity.value, quantity.unit, quantity.decimals, text, quantity.scale)
    return quantity


def _direction(plain: str) -> tuple[int, str]:
    for pattern, direction in ((_DOWN, -1), (_UP, 1)):
        if found := pattern.match(plain):
            return direction, plain[found.end() :]
    return 0, plain


def _figure(plain: str, text: str) -> Quantity | None:
    """A number in digits, with a currency before it or a unit behind."""
    found = _FIGURE.fullmatch(plain)
    if not found or (found["sign"] and found["sign2"]) or re.match(r"[\d,.²³]", found["rest"]):
        return None
    number = Decimal(found["number"].replace(",", ""))
    if "-" in (found["sign"], found["sign2"]):
        number = -number
    rest = found["rest"]
    if rest == "m" and not found["gap"]:  # 5m is five million, 5 m are five metres
        rest = "million"
    _, point, places = found["number"].partition(".")
    return _quantity(number, _one_currency(found["prefix"] or "", rest), len(places) if point else 0, text)


def _one_currency(prefix: str, rest: str) -> str:
    """Prefix and rest as one unit; "RMB 100 million yuan" names its currency twice."""
    last = rest.rpartition(" ")[2]
    if prefix and currency_of(last) and currency_of(last) == currency_of(prefix):
        return rest
    return f"{prefix} {rest}".strip()


def _in_words(plain: str, text: str, language: Language | None) -> Quantity | None:
    if language != "zh" and (found := _WORDS.fullmatch(plain)):
        return _quantity(Decimal(_english_number(found["number"])), found["rest"] or "", 0, text)
    if language != "en" and (found := _NUMERALS.fullmatch(plain)):
        return _quantity(han_number(found["number"]), found["rest"], 0, text)
    return None


def _quantity(number: Decimal, unit_text: str, decimals: int, text: str) -> Quantity:
    try:
        unit, scale = Unit.parse(unit_text) if unit_text else (Unit("number"), Decimal(1))
    except UnitError as error:
        raise UnitError(f"{text!r}: {error}") from None
    return Quantity(float(number * scale), unit, decimals, text, scale)


def _rank(plain: str, text: str) -> Quantity | None:
    if plain.startswith("倒数第"):
        raise QuantityError(f"{text!r} is a rank counted from the bottom; read the rank and keep that beside it.")
    if plain in ("首位", "榜首"):
        place = 1
    elif plain.lower() in _ORDINALS:
        place = _ORDINALS.index(plain.lower()) + 1
    elif found := _RANK.fullmatch(plain):
        digits = found["digits"] or found["english"]
        place = int(digits) if digits.isdecimal() else int(han_number(digits))
    else:
        return None
    return Quantity(float(place), Unit("rank"), 0, text)


def _english_number(words: str) -> int:
    tens, _, ones = words.lower().partition("-")
    if tens in _TENS:
        return 10 * (_TENS.index(tens) + 2) + (_DIGITS.index(ones) if ones else 0)
    return (_DIGITS + _TEENS).index(tens)


def han_number(numerals: str) -> Decimal:
    """A number in Chinese numerals: 十五, 两百, 三千二百, 百万, 半.

    Raises `QuantityError` for a row of numerals that is no number.
    """
    if numerals == "半":
        return Decimal("0.5")
    for letter, factor in (("亿", 10**8), ("万", 10**4)):
        high, found, low = numerals.rpartition(letter)
        if found:
            return (han_number(high) if high else Decimal(1)) * factor + (han_number(low) if low else Decimal(0))
    total, digit = 0, None
    for letter in numerals:
        if letter in _HAN_PLACES:
            total += (1 if digit is None else digit) * _HAN_PLACES[letter]
            digit = None
        elif digit in (None, 0):
            digit = _HAN_DIGITS[letter]
        else:
            raise QuantityError(f"{numerals!r} is no number in Chinese numerals; write it as 十五 or in digits.")
    return Decimal(total + (digit or 0))
