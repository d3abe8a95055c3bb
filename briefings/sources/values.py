"""What rows say: texts of value columns to numbers in base units.

In: texts, and for each row the `Target` (unit and scale) that it is to be brought to. Out: floats, and the reasons
where there is none. Scales are applied in decimal arithmetic: 595.57 of 亿元 is 59557000000 and nothing else.
Separators and marks are the business of `cells`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from briefings.catalogue import Catalogue
from briefings.errors import QuantityError, UnitError
from briefings.quantities import Unit, convert
from briefings.quantities import read as read_quantity

from .cells import MISSING, PLAIN, WITHHELD, CellReader, Missing
from .labels import Codes, encode

PIECE = 50_000  # texts that are held as such at a time
PERCENTAGES = {"percent", "percentage point"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value is to arrive: a base unit, and what one of the written number is in it; or why there is none."""

    unit: str
    scale: Decimal
    wrong: str = ""


@dataclass(frozen=True)
class Values:
    """For each row a value (NaN where there is none), whether it is missing or withheld, and the reasons of the rest by
    row."""

    values: npt.NDArray[np.float64]
    missing: npt.NDArray[np.bool_]
    withheld: npt.NDArray[np.bool_]
    reasons: dict[int, str]


class Targets:
    """The unit in which a figure of an indicator at a place is kept, and the scale of what a table declares."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.of = lru_cache(maxsize=None)(self._of)

    def _of(self, figure: str, indicator: str, place: str, declared: str | None) -> Target:
        """Raises `UnitError` where the declared unit cannot be brought to that of the indicator."""
        own = Unit(self.catalogue.unit(indicator, place))
        kept = self._kept(figure, own)
        if declared is None:
            return Target(kept.code, Decimal(1))
        unit, scale = Unit.parse(declared)
        currency = self.catalogue.places[place].currency
        unit = unit.at(currency) if currency else unit
        if unit == kept or (unit.code in PERCENTAGES and figure in {"change", "gap"}):
            return Target(unit.code, scale)
        try:
            return Target(kept.code, scale * Decimal(repr(convert(1.0, unit, kept))))
        except UnitError as error:
            raise UnitError(
                f"the table declares {declared!r}, and {figure} of {indicator} is kept in {kept.code}: {error}"
            ) from None

    @staticmethod
    def _kept(figure: str, own: Unit) -> Unit:
        """The unit of a figure: a growth is in percent whatever it is the growth of."""
        if figure in {"growth", "share"}:
            return Unit("percent")
        if figure in {"change", "gap"} and own.code == "percent":
            return Unit("percentage point")
        return Unit(figure) if figure in {"rank", "multiple"} else own


def read_values(column: pa.ChunkedArray, targets: list[Target], which: Codes, reader: CellReader) -> Values:
    """The values of a column; `which` numbers the target of each row."""
    codes, texts = encode(column)
    if len(targets) == 1:
        pairs, distinct = codes.astype(np.int64), np.arange(len(texts))
    else:  # one text may be read towards several targets, each once
        pairs, distinct = pd.factorize(codes.astype(np.int64) * len(targets) + which)
    values = np.full(len(distinct), np.nan)
    missing = np.zeros(len(distinct), dtype=bool)
    withheld = np.zeros(len(distinct), dtype=bool)
    reasons: dict[int, str] = {}
    for start in range(0, len(distinct), PIECE):
        text_numbers, target_numbers = np.divmod(distinct[start : start + PIECE], len(targets))
        pieces = zip(texts.take(pa.array(text_numbers)).to_pylist(), target_numbers.tolist(), strict=True)
        for number, (text, target) in enumerate(pieces, start):
            try:
                value = _value(text, targets[target], reader)
            except ValueError as error:
                reasons[number] = str(error)
                continue
            if isinstance(value, Missing):
                (withheld if value is WITHHELD else missing)[number] = True
            else:
                values[number] = value
    bad = np.flatnonzero(np.isin(pairs, list(reasons))).tolist() if reasons else []
    return Values(values[pairs], missing[pairs], withheld[pairs], {row: reasons[int(pairs[row])] for row in bad})


def _value(text: str, target: Target, reader: CellReader) -> float | Missing:
    """The value of one cell in base units, or why it has none. Raises ValueError with the reason."""
    if target.wrong:
        if reader.is_missing(text):
            return MISSING
        raise ValueError(target.wrong)
    if target.scale == 1 and reader.simple and PLAIN.fullmatch(text):
        value: float | Missing = float(text)  # correctly rounded, as the decimal way is
    else:
        value = _written(text, target, reader)
    if isinstance(value, Missing):
        return value
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]!r} is too large to be a figure")
    return value + 0.0  # -0 is 0


def _written(text: str, target: Target, reader: CellReader) -> float | Missing:
    """The value of a cell that is more than plain digits: separators, marks, a sign of percent, a unit of its own."""
    try:
        number = reader.read(text)
    except ValueError:
        carried = _carried(text, target) if reader.decimal == "." else None
        if carried is None:
            raise
        return carried
    if isinstance(number, Missing):
        return number
    if not number.percent:
        return float(number.value * target.scale)
    if target.unit not in PERCENTAGES:
        raise ValueError(f"{text!r} is a percentage, and the values are kept in {target.unit}")
    return float(number.value)


def _carried(text: str, target: Target) -> float | None:
    """The value of a cell that carries its own unit (595.57亿元); None where it is no quantity either."""
    if not re.search("[0-9０-９]", text):
        return None
    try:
        quantity = read_quantity(text)
    except QuantityError:
        return None
    if quantity.unit.code == "number" and target.scale == 1:
        return quantity.value
    if quantity.unit.code != target.unit:
        raise ValueError(f"{text!r} is in {quantity.unit.code}, and the values are kept in {target.unit}")
    return quantity.value
