"""Quantities as text, in English and in Chinese.

In come a value in base units, its unit and a language; out goes the phrase that stands in a sentence, a cell or on an
axis. There is one formatter for all three, so that a figure reads the same wherever it stands. How precise a figure
should be is the caller's to say (`decimals`), because only the caller knows the source's precision.

Rules: halves are rounded away from zero, on the decimal that the value prints as (2.5 is 3, 0.285 is 0.29); minus is
U+2212 and never stands before a zero; English groups thousands with commas from four digits on, Chinese does not group
and counts in 万 and 亿; % is set close; one is singular (1.0 percentage point), all else plural.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from statistics import median
from typing import Literal

from briefings.errors import QuantityError
from briefings.quantities.currencies import LOCAL, Language, currency_name, currency_suffix
from briefings.quantities.units import Unit, convert

Style = Literal["long", "short"]

MINUS = "−"
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # every float is exact in it
_ONE = Decimal(1)
SCALE_WORDS: dict[Language, dict[Decimal, str]] = {
    "en": {_ONE: "", Decimal(10**6): "million", Decimal(10**9): "billion", Decimal(10**12): "trillion"},
    "zh": {_ONE: "", Decimal(10**4): "万", Decimal(10**8): "亿", Decimal(10**12): "万亿"},
}
_SHORT_WORDS = {"": "", "million": "m", "billion": "bn", "trillion": "tn", "万": "万", "亿": "亿", "万亿": "万亿"}
_COUNT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MOST_PLACES, _MOST_DIGITS = 4, 6  # up to which a number is taken to be as exact as its source tells it
_PLAIN_BELOW = Decimal(10**6)  # below this, a scale word is used only where it costs no digit


#: What stands before a number that its source tells as more than, less than, about; a target is at least, at most.
_QUALIFIERS = {"exact": "", "over": ">", "under": "<", "about": "≈"}
_OF_TARGETS = {">": "≥", "<": "≤"}
#: From so many percent on, a growth is told in multiples of its base.
_MANIFOLD = 1000


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale for a column or an axis: cells show value / factor, the head shows the label."""

    factor: Decimal
    label: str


def round_half_away(value: float | Decimal, decimals: int) -> Decimal:
    """Round on the shortest decimal that stands for the value, halves away from zero; never minus zero."""
    rounded = _decimal(value).quantize(_ONE.scaleb(-decimals), context=_EXACT)
    return rounded if rounded else abs(rounded)


def write(
    value: float,
    unit: str | Unit,
    language: Language,
    *,
    decimals: int | None = None,
    scale: Literal["auto", "none"] | Decimal = "auto",
    sign: bool = False,
    style: Style = "long",
    counter: str = "",
) -> str:
    """A value in base units with its unit: CNY 59.56 billion, 595.57亿元; 6.9%; 15.6 percentage points, 15.6个百分点.

    `scale`: "auto" takes million, billion and trillion, or 万, 亿 and 万亿, from their size on. Values under a million
    take 万 only where it costs no digit (28000人 is 2.8万人, 58962人 stays), and rates ("A per B") never do.
    `decimals`: places of the printed number, in its scale. None keeps what the value has: all of a number of up to six
    digits with up to four places, else two (one for percent and points; ratios and rates below one keep four
    significant digits). `sign`: put + before a positive value.
    `style`: "short" is the number with its compact scale and % alone (59.6bn, 595.6亿), at most one place (rates two).
    `counter`: the word that counts these things in place of the unit's own: 场; in English both forms, bed|beds.

    Raises `QuantityError` for a value that is not finite, a scale the language has no word for, an unknown unit.
    """
    unit, number = _unit(unit), _decimal(value)
    if unit.code == "rank":
        return write_ordinal(_whole(number), language)
    asked = _ONE if scale == "none" else scale
    factor = _auto(number, unit, language, decimals) if asked == "auto" else Decimal(asked)
    word = _scale_word(factor, unit, language)
    scaled = number / factor
    rounded = round_half_away(scaled, _places(scaled, unit, style) if decimals is None else decimals)
    mark = _mark(rounded, sign)
    digits = _digits(abs(rounded), language)
    if style == "short":
        return mark + digits + _SHORT_WORDS[word] + (unit.row.one if unit.row and unit.row.one in ("%", "‰") else "")
    singular = not word and abs(rounded) == 1
    if counter and unit.is_count:
        return mark + digits + _counted(word, counter, language, singular=singular)
    if language == "zh":
        return mark + digits + word + _chinese_suffix(unit)
    return mark + _english(f"{digits} {word}".strip(), unit, singular=singular)


def common_scale(values: Sequence[float], unit: str | Unit, language: Language) -> Decimal:
    """The scale in which values that stand side by side are each written: the smallest that any of them takes alone
    (75300 beside 74160 is no 7.53万), for `write(..., scale=...)`."""
    return min((_auto(_decimal(value), _unit(unit), language, None) for value in values), default=_ONE)


def beside(value: float, unit: str | Unit, language: Language) -> str:
    """The same quantity in a unit that English readers know, to stand in brackets behind it: 867 hectares for 13,000
    mu. Empty for units that need none, and in Chinese.

    It is rounded to as many significant digits as the value has, two at least.
    """
    unit = _unit(unit)
    if language != "en" or unit.row is None or not unit.row.beside or not value:
        return ""
    known, number = Unit(unit.row.beside), _decimal(value)
    converted = _decimal(convert(float(value), unit, known))
    digits = max(2, len(number.normalize(_EXACT).as_tuple().digits))
    return write(float(round_half_away(converted, digits - 1 - converted.adjusted())), known, language)


def write_manifold(value: float, unit: str | Unit, language: Language) -> str:
    """A growth in percent as so many times its base, where nobody would print the percent: 680倍, 680 times for
    68,000%. Empty below ten times, and for other units."""
    if _unit(unit).code != "percent" or abs(value) < _MANIFOLD:
        return ""
    return write(value / 100, "multiple", language)


def write_number(value: float, language: Language, *, decimals: int, sign: bool = False) -> str:
    """A bare number, for cells whose unit stands in the head of the column."""
    rounded = round_half_away(value, decimals)
    return _mark(rounded, sign) + _digits(abs(rounded), language)


def qualifier_mark(qualifier: str, *, target: bool = False, unit: str = "") -> str:
    """What stands before a number in a cell or beside a mark: > over, < under, ≈ about; of a target ≥ and ≤.

    A percentage that is `under` another is said to be held within it (控制在4.5%以内), which includes it: ≤.
    """
    mark = _QUALIFIERS[qualifier]
    within = mark == "<" and unit == "percent"
    return _OF_TARGETS.get(mark, mark) if target or within else mark


def write_ordinal(n: int, language: Language) -> str:
    """A place in a ranking: 1st, 2nd, 11th; 第1位."""
    if language == "zh":
        return f"第{n}位"
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


def write_count(n: int, language: Language, noun: str | None = None) -> str:
    """A small count in running text: seven months, 12 months, 7个月. English writes zero to nine in words.

    `noun` is a unit of the table ("month", "place", "enterprise"). For statistics use `write`: they keep their digits.
    """
    number = _COUNT_WORDS[n] if language == "en" and 0 <= n < 10 else write_number(n, language, decimals=0)
    if noun is None:
        return number
    unit = _unit(noun)
    if language == "zh":
        return number + _chinese_suffix(unit)
    return f"{number} {_english_name(unit, singular=abs(n) == 1)}".strip()


def scale_for(values: Sequence[float], unit: str | Unit, language: Language, *, counter: str = "") -> Scale:
    """One scale for a column or an axis, and its head: CNY billion, 亿元; percent, %; million people, 万人.

    The middle value decides (gaps that are not finite are left out): nothing below a million is scaled, in Chinese
    nothing below ten 万, where sentences write 万 too. A column of zeros is not.
    """
    unit = _unit(unit)
    sizes = [abs(_decimal(value)) for value in values if math.isfinite(value) and value]
    middle = median(sizes) if sizes and unit.takes_scale else Decimal(0)
    plain_below = _PLAIN_BELOW / 10 if language == "zh" else _PLAIN_BELOW
    factor = max((known for known in _words(language) if middle >= max(known, plain_below)), default=_ONE)
    return Scale(factor, unit_label(unit, language, factor, counter=counter))


def unit_label(unit: str | Unit, language: Language, factor: Decimal | int = 1, *, counter: str = "") -> str:
    """The unit at the head of a column or under the title of a chart: CNY billion, 亿元; percent, %; people, 人."""
    unit = _unit(unit)
    word = _scale_word(Decimal(factor), unit, language)
    if counter and unit.is_count:
        return _counted(word, counter, language, singular=False).strip()
    over, under = unit.parts
    if over.row and over.row.heads and not word:
        label = over.row.heads.split("|")[language == "zh"]
    elif language == "zh":
        label = word + _chinese_suffix(over)
    elif over.is_currency and over.code != LOCAL:
        label = f"{over.code} {word}".strip()
    else:
        label = f"{word} {_english_name(over, singular=False)}".strip()
    return label + (_per(under, language) if under else "")


# The parts of a written quantity


def _unit(unit: str | Unit) -> Unit:
    if isinstance(unit, Unit):
        return unit
    parsed, scale = Unit.parse(unit)
    if scale != 1:
        raise QuantityError(f"{unit!r} holds a scale; values are in base units. Give {parsed.code!r}.")
    return parsed


def _decimal(value: float | Decimal) -> Decimal:
    if not math.isfinite(value):
        raise QuantityError(f"{value} is no number that can be printed; say that the figure is missing instead.")
    return value if isinstance(value, Decimal) else Decimal(repr(value if isinstance(value, int) else float(value)))


def _words(language: Language) -> dict[Decimal, str]:
    if language not in SCALE_WORDS:
        raise QuantityError(f"{language!r} is no language of this program; write quantities in 'en' or 'zh'.")
    return SCALE_WORDS[language]


def _scale_word(factor: Decimal, unit: Unit, language: Language) -> str:
    words = _words(language)
    if factor not in words:
        allowed = ", ".join(f"{known:,}" for known in words)
        raise QuantityError(f"No word for the scale {factor:,} in {language!r}; allowed are {allowed}.")
    if factor != 1 and not unit.takes_scale:
        raise QuantityError(f"{unit} is never scaled; leave the scale {factor:,} out.")
    return words[factor]


def _whole(number: Decimal) -> int:
    if number != number.to_integral_value() or number < 1:
        raise QuantityError(f"{number} is no rank: ranks are whole numbers from 1.")
    return int(number)


def _auto(number: Decimal, unit: Unit, language: Language, decimals: int | None) -> Decimal:
    """The largest scale that the number, as it will be printed, fills."""
    if not unit.takes_scale:
        return _ONE
    best = _ONE
    for factor in _words(language):
        scaled = abs(number) / best
        places = _places(scaled, unit) if decimals is None else decimals
        printed = round_half_away(scaled, places) * best  # 999.999 million is 1.00 billion
        if printed >= factor and (printed >= _PLAIN_BELOW or _costs_nothing(number / factor, unit, decimals)):
            best = factor
    return best


def _costs_nothing(scaled: Decimal, unit: Unit, decimals: int | None) -> bool:
    places = 2 if decimals is None else decimals
    return not unit.is_compound and round_half_away(scaled, places) == scaled


def _places(scaled: Decimal, unit: Unit, style: Style = "long") -> int:
    """The places that the number has, as far as its unit is printed with them."""
    fine = unit.is_compound or unit.code in ("ratio", "multiple")
    most = 1 if (unit.is_rate or style == "short") and not fine else 2
    if fine and 0 < abs(scaled) < 1:
        most = 3 - scaled.adjusted()  # four significant digits
    number = scaled.normalize(_EXACT).as_tuple()
    has = -int(number.exponent)
    if not fine and most == 2 and has <= _MOST_PLACES and len(number.digits) <= _MOST_DIGITS:
        return max(0, has)  # told so by its source: 595.57亿元 is CNY 59.557 billion
    return max(0, min(has, most))


def _mark(rounded: Decimal, sign: bool) -> str:
    if rounded < 0:
        return MINUS
    return "+" if sign and rounded > 0 else ""


def _digits(rounded: Decimal, language: Language) -> str:
    return f"{rounded:,f}" if language == "en" else f"{rounded:f}"


def _english(number: str, unit: Unit, *, singular: bool) -> str:
    over, under = unit.parts
    if over.is_currency:
        phrase = f"{over.code} {number}"
    else:
        name = _english_name(over, singular=singular)
        phrase = number + name if name in ("%", "‰") else f"{number} {name}".strip()
    return phrase + (_per(under, "en") if under else "")


def _english_name(unit: Unit, *, singular: bool) -> str:
    if unit.row is None:
        return currency_name(unit.code, "en", count=1 if singular else 2)
    return unit.row.one if singular else unit.row.many


def _chinese_suffix(unit: Unit) -> str:
    over, under = unit.parts
    suffix = over.row.zh if over.row else currency_suffix(over.code)
    return suffix + (_per(under, "zh") if under else "")


def _counted(word: str, counter: str, language: Language, *, singular: bool) -> str:
    """What stands behind a count: the word of its scale, then the one that counts."""
    one, _, many = counter.partition("|")
    noun = one if singular or not many else many
    return word + noun if language == "zh" else f" {word} {noun}" if word else f" {noun}"


def _per(unit: Unit, language: Language) -> str:
    """The denominator: per US dollar, /美元. Behind the stroke a counter has no 个: 元/月."""
    if language == "zh":
        suffix = _chinese_suffix(unit)
        return "/" + (suffix.removeprefix("个") or suffix)
    return f" per {_english_name(unit, singular=True) or unit.code}"
