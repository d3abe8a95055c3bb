"""How exact a printed figure is: the values that would be printed so.

In: observations. Out: a `Range` each, and arithmetic of ranges. Two figures contradict each other where no values of
their ranges agree. Which figures are set against one another is said in the rules next door.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import inf

from briefings.errors import QuantityError
from briefings.observations import Observation
from briefings.quantities import Unit, read
from briefings.reconcile.jumps import PERCENTAGES

#: "About" widens a figure by a twentieth of itself: about 6% is kept by 5.7%, about 100 billion by 95 billion.
ABOUT = 0.05
#: Room for the representation of decimal fractions in floating point, relative to the figures.
EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends, both included; an end may be infinite."""

    low: float
    high: float

    def meets(self, other: Range) -> bool:
        """Whether any value is in both."""
        ends = (self.low, self.high, other.low, other.high)
        room = EPSILON * max((abs(end) for end in ends if abs(end) < inf), default=0.0)
        return self.low <= other.high + room and other.low <= self.high + room

    def below(self, other: Range) -> bool:
        """Whether every value is less than every value of the other."""
        return self.high < other.low and not self.meets(other)

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)


EVERYTHING = Range(-inf, inf)


def ratio(over: Range, under: Range) -> Range:
    """The one divided by the other, both of them positive or zero; everything where that is not so."""
    if over.low < 0 or under.low <= 0:
        return EVERYTHING
    return Range(over.low / under.high, inf if over.high == inf else over.high / under.low)


def printed(row: Observation) -> Range:
    """The values that round to what a source printed: half a unit of its last digit on either side.

    A figure that is over another lies between it and infinity (away from zero where it is negative), one that is under
    between zero and it; one that is about, within a twentieth or the half unit, whichever is more. Things are counted
    exactly unless they end in two zeros: 13 projects are neither 12.6 nor 13.4, 30,000 visitors may be 28,715.
    """
    value = row.value
    if row.qualifier == "over":
        return Range(value, inf) if value >= 0 else Range(-inf, value)
    if row.qualifier == "under":
        return Range(min(0.0, value), max(0.0, value))
    half = 0.0 if _is_counted(row) else last_digit(row) / 2
    if row.qualifier == "about":
        half = max(half, ABOUT * abs(value))
    return Range(value - half, value + half)


def last_digit(row: Observation) -> float:
    """What one unit of the last printed digit is worth, in the unit of the value.

    Digits behind the point count as they stand: 5.0 is exact to 0.1. Zeros at the end of a whole number may be mere
    places (30,000; 96,175,000,000) and are not counted as exact; up to 100 percent they are, because nobody rounds
    percentages to tens. Where the quote is no quantity, the shortest decimal form of the value stands for it.
    """
    return _last_digit(row.quote, row.value, row.unit in PERCENTAGES)


def _is_counted(row: Observation) -> bool:
    return row.value.is_integer() and row.value % 100 != 0 and _is_count(row.unit)


@lru_cache(maxsize=256)
def _is_count(unit: str) -> bool:
    return Unit(unit).is_count


@lru_cache(maxsize=4096)
def _last_digit(quote: str, value: float, percent: bool) -> float:
    number, decimals = _written(quote) or (abs(value), _decimals(value))
    # The quote may be in another scale or unit than the value: one of its units is worth so many of the value's.
    worth = abs(value) / number if number and value else 1.0
    if decimals or number == 0 or (percent and number <= 100):
        return worth * 10.0**-decimals
    return worth * 10.0 ** _zeros(number)


def _written(quote: str) -> tuple[float, int] | None:
    """The number of a quote as written, without its scale and sign, and its decimals; None where it cannot be read."""
    plain = quote.strip()
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain, re.ASCII):
        return abs(float(plain)), len(plain.partition(".")[2])
    try:
        quantity = read(plain)
    except QuantityError:
        return None
    return abs(quantity.value) / float(quantity.scale), quantity.decimals or 0


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _zeros(number: float) -> int:
    digits = str(round(number))
    return len(digits) - len(digits.rstrip("0"))


def places(digit: float) -> int:
    """The decimals with which a value is printed whose last digit is worth so much."""
    return _decimals(round(digit, 9)) if digit < 1 else 0
