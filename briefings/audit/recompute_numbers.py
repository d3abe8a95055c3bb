"""What number a cell or the words of a document tell, and what one of it is in the unit of the edition.

In: a `Cell`, the dialect of its snapshot, the unit in which the edition keeps the value. Out: a `Reading`: the
number as it is written, and its scale (100000000 for 亿元 kept in CNY). What the columns of a table declare stands in
the dialect since the day on which the bytes were kept; a row of facts declares its own. The comparison itself is
made in SQL, in `recompute_sql`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from briefings.audit.recompute_cells import Cell
from briefings.errors import QuantityError, UnitError
from briefings.quantities import Quantity, Unit, convert
from briefings.quantities import read as read_quantity

PERCENTAGES = ("percent", "percentage point")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000\u200b\ufeff\t"), " ")
_MARKS = re.compile(r"(?:\s*(?:[*†‡§#＊※①-⑳⑴-⒇¹²³⁰⁴-⁹ᵃ-ᶻ]|\[\w{1,3}\]|注\d{1,2}|[(（][^()（）]{1,4}[)）]))+\s*$")
_SIGNS = dict.fromkeys(map(ord, "−–—﹣－"), "-")

#: Words that say that a movement is one downward. They stand in the clause of the number.
_DOWN = re.compile(
    r"下降|减少|降低|下滑|回落|缩减|收窄|负增长|跌|降|减|低于|逆差"
    r"|\b(?:down|fell|fall(?:s|en|ing)?|declin\w*|decreas\w*|dropp\w*|drops?|shr[aiu]nk\w*|reduc\w*|cut|lower\w*"
    r"|contract\w*|slipp\w*|below|less|loss\w*|lost|minus|negative)\b",
    re.IGNORECASE,
)
#: The same, right before the number; "cut to 5%" is none.
_FALLS = re.compile(
    r"(?:下降|减少|降低|下滑|回落|缩减|收窄)了?(?:约|近|超过)?$"
    r"|\b(?:down|fell|declin\w*|decreas\w*|dropp?\w*|narrow\w*|reduced)(?: by)?(?: about| some| nearly)? ?$",
    re.IGNORECASE,
)


class NumberError(Exception):
    """No number can be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as it is written, and what one of it is in the unit of the edition.

    `certain`: whether the unit is known: declared by its table or its row, or written beside the number. Where it is
    not, the snapshot was kept before dialects told units.
    """

    number: Decimal
    scale: Decimal
    certain: bool = True


def reading(cell: Cell, dialect: Mapping[str, Any], told: Mapping[str, Any]) -> Reading:
    """The number in the cell. `told`: what the edition says of it (`value`, `unit`, `quote`). Raises `NumberError`."""
    if cell.sentence:
        return _in_words(cell, told)
    number, percent = _written(cell.text, str(dialect.get("decimal") or "."))
    if number is None:
        return _carried(cell.text, str(told["unit"]))
    if percent and told["unit"] in PERCENTAGES:
        return Reading(number, Decimal(1))
    if percent:
        raise NumberError(f"{cell.text!r} is a percentage, and the edition keeps {told['unit']}")
    if told["unit"] in PERCENTAGES and str(told.get("quote", "")).endswith("%") and _is_workbook(dialect):
        number *= 100  # a workbook shows 0.069 as 6.9%, and so it was quoted
    declared = _declared(cell, dialect)
    if declared is None:
        return Reading(number, Decimal(1), certain=False)
    return Reading(number, scale_of(declared, str(told["unit"])) if declared else Decimal(1))


def _is_workbook(dialect: Mapping[str, Any]) -> bool:
    return dialect.get("suffix") in (".xlsx", ".xls", ".ods")


def _declared(cell: Cell, dialect: Mapping[str, Any]) -> str | None:
    """The unit that the table or the row declares; "" where it declares none, None where nothing is known of it."""
    columns: Mapping[str, str] | None = dialect.get("units")
    if columns is None:
        return cell.row["unit"].strip() if cell.header == "value" and "unit" in cell.row else None
    if column := dialect.get("unit_column"):
        return cell.row.get(str(column), "").strip()
    return columns.get(cell.header, columns.get("", ""))


def _written(text: str, decimal: str) -> tuple[Decimal | None, bool]:
    """The number that the text writes, and whether with a percent sign; None where it is more than a number."""
    marked = _MARKS.sub("", text.translate(_SPACES).strip().lstrip("*†‡※＊")) or text
    plain = unicodedata.normalize("NFKC", marked).translate(_SIGNS).strip()
    percent = plain.endswith("%")
    plain = plain.removesuffix("%").strip()
    group, point = (".", ",") if decimal == "," else (",", ".")
    plain = re.sub(rf"(?<=\d)[{group}' ](?=\d{{3}})", "", plain).replace(point, ".")
    plain = re.sub(r"^([+-]) +", r"\1", plain)
    if not re.fullmatch(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", plain, re.ASCII):
        return None, False
    try:
        return Decimal(plain), percent
    except InvalidOperation:
        return None, False


def _carried(text: str, unit: str) -> Reading:
    """A cell that carries its own unit: 595.57亿元, 24 items."""
    quantity = _quantity(text)
    if quantity.unit.code == "number":
        return Reading(Decimal(repr(quantity.value)), Decimal(1))
    return Reading(Decimal(repr(quantity.value)), scale_of(quantity.unit.code, unit))


def _quantity(text: str) -> Quantity:
    try:
        return read_quantity(text)
    except QuantityError:
        raise NumberError(f"{text[:60]!r} is no number") from None


def _in_words(cell: Cell, told: Mapping[str, Any]) -> Reading:
    """Words of a document: the number with its unit; a decline where the sentence says so. What is more than a number
    (tripled, ninth place), and which way an unusual verb leads, the extractor is asked for."""
    value = float(told["value"])
    try:
        found = _carried(cell.text, str(told["unit"]))
        falls = _FALLS.search(cell.sentence[: cell.before]) is not None
        said = float(found.number * found.scale)
    except NumberError:
        again = _extracted(cell, str(told["unit"]))
        if again is None:
            raise
        return again
    if value < 0 < said and _DOWN.search(cell.sentence):
        return Reading(-found.number, found.scale)
    if (value > 0 and falls) or value < 0:
        return _extracted(cell, str(told["unit"])) or found
    return found


def _extracted(cell: Cell, unit: str) -> Reading | None:
    """What the extractor reads in these words of the sentence; None where it reads nothing there."""
    from briefings.extraction import Document, extract

    han = sum("一" <= letter <= "鿿" for letter in cell.sentence) * 4 > len(cell.sentence)
    for found in extract(Document(cell.sentence, "zh" if han else "en"), None):
        if (found.start, found.quote) == (cell.before, cell.text):
            return Reading(Decimal(repr(found.value)), scale_of(found.unit.replace("_", " "), unit))
    return None


def scale_of(declared: str, unit: str) -> Decimal:
    """What one of the declared unit is in the unit of the edition. Raises `NumberError` where none leads to the other.

    Things counted are one each, whatever either side calls them: 24 items are 24 enterprises.
    """
    try:
        found, scale = Unit.parse(declared)
        kept = Unit(unit)
    except UnitError as error:
        raise NumberError(str(error)) from None
    if found == kept or _same(found, kept):
        return scale
    try:
        return scale * Decimal(repr(convert(1.0, _local(found, kept), kept)))
    except UnitError as error:
        raise NumberError(f"the source tells {declared!r}, and the edition keeps {unit}: {error}") from None


def _same(found: Unit, kept: Unit) -> bool:
    """Units that are the same thing under two names."""
    pair = {found.code, kept.code}
    if pair == set(PERCENTAGES) or {found.slug, kept.slug} <= {"times", "multiple"}:
        return True
    return (found.is_count and kept.is_count) or _local(found, kept) == kept


def _local(found: Unit, kept: Unit) -> Unit:
    """`LCU per USD` with the currency of the place, which the edition names."""
    if "LCU" not in found.code:
        return found
    over, under = kept.parts
    own, _ = found.parts
    return found.at(over.code if own.code == "LCU" or under is None else under.code)
