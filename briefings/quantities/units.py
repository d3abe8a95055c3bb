"""Units: what a number is a number of.

In comes a unit as people write it (亿元, USD million, CNY/person, LCU per USD); out go a `Unit` and the scale that
stood in its name. The units themselves are rows of `table`, the currencies stand in `currencies`; what stands here is
how they are found, composed and converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache

from briefings.errors import UnitError
from briefings.quantities.currencies import LOCAL, currency_of, is_currency
from briefings.quantities.table import DENOMINATORS, ROWS, SCALED_NAMES, Row

_ROW = {row.code: row for row in ROWS}
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x2212: "-", 0xFFE5: "¥"}
ENGLISH_SCALES = {
    "thousand": 3,
    "thousands": 3,
    "k": 3,
    "'000": 3,
    "million": 6,
    "millions": 6,
    "m": 6,
    "mn": 6,
    "mln": 6,
    "billion": 9,
    "billions": 9,
    "bn": 9,
    "bln": 9,
    "trillion": 12,
    "trillions": 12,
    "tn": 12,
    "trn": 12,
}
CHINESE_SCALES = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit by its canonical code: `CNY`, `percent`, `percentage point`, `mu`, `LCU per USD`.

    Codes are those of the table, ISO 4217 codes, LCU, and "A per B" of two of them. `Unit.parse` reads what people
    write. Raises `UnitError` for a code that is none.
    """

    code: str

    def __post_init__(self) -> None:
        if not _is_code(self.code):
            raise _unknown(self.code)

    def __str__(self) -> str:
        return self.code

    @classmethod
    def parse(cls, text: str) -> tuple[Unit, Decimal]:
        """The unit in the text, and its scale: 亿元 is (CNY, 100000000), "USD million" is (USD, 1000000).

        Raises `UnitError`, with names that come close, for what is no unit.
        """
        return _parse(text)

    @property
    def parts(self) -> tuple[Unit, Unit | None]:
        """Numerator and denominator of "A per B"; the unit itself and None where it is simple."""
        over, per, under = self.code.partition(" per ")
        return (Unit(over), Unit(under)) if per else (self, None)

    @property
    def row(self) -> Row | None:
        """The unit's row of the table; None for currencies and compounds."""
        return _ROW.get(self.code)

    @property
    def slug(self) -> str:
        """The name in extracted figures: percentage_point, kilowatt_hour; a multiple and a count of times: times."""
        return (self.row.slug if self.row else "") or self.code.replace(" ", "_")

    @property
    def is_currency(self) -> bool:
        return is_currency(self.code)

    @property
    def is_count(self) -> bool:
        """Whether things are counted. Chinese counters are shared: 个 may be projects, cities or items."""
        return self.row is not None and self.row.nature == "count"

    @property
    def is_compound(self) -> bool:
        return " per " in self.code

    @property
    def is_rate(self) -> bool:
        """Whether it is a part of a whole, points, an index, or so much of one thing per another."""
        return self.is_compound or (self.row is not None and self.row.nature == "ratio")

    @property
    def additive(self) -> bool:
        """Whether values in this unit may be summed at all; a stock may not be summed over time all the same."""
        return self.is_currency or (self.row is not None and self.row.nature in ("count", "amount", "time"))

    @property
    def takes_scale(self) -> bool:
        """Whether big values are written with 万, 亿, million."""
        return self.is_compound or self.is_currency or (self.row is not None and self.row.nature in ("count", "amount"))

    def at(self, currency: str) -> Unit:
        """The unit with the local currency put in: LCU per USD at CNY is CNY per USD."""
        return Unit(re.sub(rf"\b{LOCAL}\b", currency, self.code))


def convert(value: float, from_: Unit, to: Unit) -> float:
    """The value in another unit of the same dimension: 3 mu are 0.2 hectares, a ratio of 0.052 is 5.2 percent.

    Raises `UnitError` where none leads to the other: two currencies need an exchange rate of a day, percent and
    percentage points are different things.
    """
    return float(Fraction(Decimal(repr(float(value)))) * _factor(from_, to))


def _factor(from_: Unit, to: Unit) -> Fraction:
    if from_ == to:
        return Fraction(1)
    over, under = from_.parts
    to_over, to_under = to.parts
    if under is not None and to_under is not None:
        return _factor(over, to_over) / _factor(under, to_under)
    first, second = from_.row, to.row
    if first and second and first.base and first.base == second.base:
        return first.factor / second.factor
    reason = "they measure different things"
    if from_.is_currency and to.is_currency:
        reason = "that takes an exchange rate, and the day it is of"
    elif {from_.code, to.code} == {"percent", "percentage point"}:
        reason = "a growth or a share is not a difference of two of them"
    raise UnitError(f"{from_} cannot be converted into {to}: {reason}.")


@lru_cache(maxsize=4096)
def _is_code(code: str) -> bool:
    over, per, under = code.partition(" per ")
    return all(part in _ROW or is_currency(part) for part in ((over, under) if per else (code,)))


# From text to unit


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[Unit, Decimal]:
    found = _measure(tidy(text))
    if found is None:
        raise _unknown(text)
    code, scale = found
    return Unit(code), scale


def tidy(text: str) -> str:
    """One width of character, single spaces, none beside Han."""
    plain = re.sub(r"[\s_]+", " ", text.translate(HALF_WIDTH)).strip()
    return re.sub(r"(?<=[一-鿿]) | (?=[一-鿿])", "", plain)


def _measure(text: str) -> tuple[str, Decimal] | None:
    """Code and scale of a tidy text: a name, a compound of two, or a name with a scale before or behind it."""
    if not text:
        return None
    if named := _named(text):
        return named
    return _compound(text) or _scaled(text)


def _named(text: str) -> tuple[str, Decimal] | None:
    if text in SCALED_NAMES:
        unit, times = SCALED_NAMES[text]
        return unit, Decimal(times)
    capital = len(text) == 1 and text.isupper()  # m are metres, M is a million
    code = None if capital else _names().get(_key(text)) or currency_of(text)
    return (code, Decimal(1)) if code else None


def _compound(text: str) -> tuple[str, Decimal] | None:
    """One unit per another: 元/人, USD per barrel, JPY per 100 USD. A tail (", thousand") belongs to the whole."""
    parts = re.split(r" per | ?/ ?|每", text, maxsplit=1)
    if len(parts) != 2:
        return None
    over = _measure(parts[0])
    under = _named(DENOMINATORS.get(parts[1], parts[1])) or _leading_scale(parts[1])
    if over is None or under is None or " per " in over[0]:
        return None
    return f"{over[0]} per {under[0]}", over[1] / under[1]


def _scaled(text: str) -> tuple[str, Decimal] | None:
    """A unit with one scale: 万人, 10,000 people, billion yuan, USD m; or a scale alone, of a plain number."""
    return _leading_scale(text) or _trailing_scale(text)


def _leading_scale(text: str) -> tuple[str, Decimal] | None:
    """万千瓦 is 万 and 千瓦: the shortest scale that leaves a unit counts. Two (3 billion 100 million) are a slip."""
    letters = re.match("[十百千万亿]*", text)
    for end in range(1, (letters.end() if letters else 0) + 1):
        scale = Decimal(10 ** sum(CHINESE_SCALES[letter] for letter in text[:end]))
        if unit := _named(text[end:]) if text[end:] else ("number", Decimal(1)):
            return unit[0], unit[1] * scale
    factor, word, rest = _english_scale(text)
    if factor is None or not (rest or word):
        return None
    unit = _named(rest.removeprefix("of ")) if rest else ("number", Decimal(1))
    return (unit[0], unit[1] * factor) if unit else None


def _english_scale(text: str) -> tuple[Decimal | None, str, str]:
    """The factor that the text begins with (million, bn, '000, 100 million, 10,000), its word, and the rest."""
    first, _, rest = text.partition(" ")
    factor = _small_scale(first)
    word, _, behind = (rest if factor else text).partition(" ")
    if word.casefold() in ENGLISH_SCALES:
        return (factor or Decimal(1)) * 10 ** ENGLISH_SCALES[word.casefold()], word, behind
    return factor, "", rest


def _small_scale(word: str) -> Decimal | None:
    """What may stand before million: ten, hundred, 100, 10,000."""
    if word.casefold() in ("ten", "hundred"):
        return Decimal(10 if word.casefold() == "ten" else 100)
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*", word):
        return Decimal(word.replace(",", ""))
    return None


def _trailing_scale(text: str) -> tuple[str, Decimal] | None:
    """USD million, CNY bn, 元(亿): the head of a table names the unit first."""
    found = re.fullmatch(r"(.+?)[ ,(]+([^,()]+)\)?", text)
    if not found:
        return None
    unit, scale = _named(found[1]) or _compound(found[1]), _leading_scale(found[2])
    return (unit[0], unit[1] * scale[1]) if unit and scale and scale[0] == "number" else None


def _key(text: str) -> str:
    return text.casefold().replace("-", " ")


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every name of every unit of the table; where two share one (个, 家, 份), it is the first's that claims it."""
    names: dict[str, str] = {}
    for row in ROWS:
        for name in (row.code, *row.also.split("|")):
            names.setdefault(_key(name), row.code)
    for row in ROWS:
        for name in (row.one, row.many, row.zh, *row.heads.split("|")):
            names.setdefault(_key(name), row.code)
    names.pop("", None)
    return names


def _unknown(text: str) -> UnitError:
    close = get_close_matches(_key(text), [*_names(), "yuan", "us dollar", "euro"], n=2, cutoff=0.6)
    if is_currency(text.upper()):
        close = [text.upper()]
    if _key(text) in ("count", "counts", "number", "quantity"):
        close = ["item"]
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    return UnitError(
        f"{text!r} is no unit that is known.{meant} "
        "Write a currency (CNY, yuan, 亿元), a unit such as percent, person, tonne, mu, 万人, "
        "or one per another (CNY per person)."
    )
