"""Numbers in a sentence, with their units, and what is said of them: about 6%, CNY 59.557 billion, 超10项, 200亿元以上.

In: a text, a position, the units that the briefing's figures may have. Out: the longest number that begins there, in
base units, with what one of its last digit is worth. Ranks are read next door, in `grammar`, for they are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from briefings import quantities
from briefings.audit.readback.model import Number
from briefings.errors import UnitError
from briefings.quantities import Unit
from briefings.quantities.table import ROWS

SCALES = {
    "en": {" million": 10**6, " billion": 10**9, " trillion": 10**12},
    "zh": {"万亿": 10**12, "亿": 10**8, "万": 10**4},
}
#: What stands before a number, and behind one, of what its source says of it.
BEFORE = {
    "en": {
        "more than ": "over",
        "less than ": "under",
        "no more than ": "at most",
        "at least ": "at least",
        "about ": "about",
    },
    "zh": {"超过": "over", "超": "over", "不到": "under", "不超过": "at most", "约为": "about", "约": "about"},
}
BEHIND = {"en": {}, "zh": {"左右": "about", "以上": "at least", "以内": "at most"}}
_DIGITS = {"en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?!\d)(?:\.\d+)?", "zh": r"\d+(?:\.\d+)?"}


@dataclass(frozen=True)
class Numbers:
    """Reads numbers of one language. `suffixes`: what may stand behind one -> the units that it may mean."""

    language: str
    suffixes: Mapping[str, frozenset[str]]
    counters: frozenset[str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, language: str, units: Iterable[str], counters: Iterable[str]) -> Numbers:
        suffixes: dict[str, set[str]] = {}
        for code in dict.fromkeys((*(row.code for row in ROWS if row.code not in ("rank", "number")), *units)):
            unit = known_unit(code)
            for suffix in _suffixes(unit, language) if unit else ():
                suffixes.setdefault(suffix, set()).add(code)
        if language == "en":
            suffixes.setdefault(" points", set()).add("percentage point")
            suffixes.setdefault(" point", set()).add("percentage point")
        known = frozenset(word if language == "zh" else f" {word}" for word in counters)
        every = sorted({*suffixes, *known} - {""}, key=len, reverse=True)
        before = "|".join(sorted(map(re.escape, BEFORE[language]), key=len, reverse=True))
        behind = "|".join(map(re.escape, BEHIND[language])) or r"(?!)"
        scales = "|".join(SCALES[language])
        prefix = r"(?:(?P<currency>[A-Z]{3}) )?" if language == "en" else ""
        end = r"(?!\w)" if language == "en" else ""
        pattern = (
            rf"(?P<before>{before})?(?P<sign>[−+-])?{prefix}(?P<inner>[−-])?(?P<digits>{_DIGITS[language]})"
            rf"(?![\d]|[.,]\d)(?P<scale>{scales})?(?:(?P<unit>{'|'.join(map(re.escape, every))}){end})?"
            rf"(?P<behind>{behind})?"
        )
        return cls(language, {k: frozenset(v) for k, v in suffixes.items()}, known, re.compile(pattern))

    def find(self, text: str, position: int, *, bare: bool = False) -> tuple[int, Number] | None:
        """The number that begins at a position, with its qualifier, sign and unit: where it ends, and what it is;
        `bare`: without what stands behind it."""
        found = self.pattern.match(text, position)
        if found is not None and bare:
            found = self.pattern.match(text, position, found.end("scale" if found["scale"] else "digits"))
        if found is None:
            return None
        digits = found["digits"].replace(",", "")
        scale = Decimal(SCALES[self.language].get(found["scale"] or "", 1))
        places = len(digits.partition(".")[2])
        suffix = found["unit"] or ""
        currency = found.groupdict().get("currency") or ""
        units = self._units(currency, suffix)
        if units is None:
            return None
        negative = "−" in (found["sign"], found["inner"]) or "-" in (found["sign"], found["inner"])
        value = Decimal(digits) * scale
        qualifier = BEFORE[self.language].get(found["before"] or "") or BEHIND[self.language].get(found["behind"] or "")
        return found.end(), Number(
            text=found.group(),
            value=-value if negative else value,
            step=scale.scaleb(-places),
            units=units,
            sign="-" if negative else "+" if found["sign"] == "+" else "",
            qualifier=qualifier or "exact",
            counter=suffix.strip() if suffix in self.counters else "",
        )

    def _units(self, currency: str, suffix: str) -> frozenset[str] | None:
        if not currency:
            return self.suffixes.get(suffix, frozenset()) if suffix else frozenset()
        if not suffix:
            return frozenset({currency})
        fitting = {code for code in self.suffixes.get(suffix, ()) if code.startswith(f"{currency} per ")}
        return frozenset(fitting) or None


def known_unit(code: str) -> Unit | None:
    """The unit; None for what is counted without being one (half-years in a row)."""
    try:
        return Unit.parse(code)[0]
    except UnitError:
        return None


def _suffixes(unit: Unit, language: str) -> list[str]:
    """What stands behind a number in this unit; of a currency in English only what it is per."""
    over, under = unit.parts
    per = _per(under, language) if under else ""
    if language == "zh":
        return [(over.row.zh if over.row else quantities.unit_label(over, "zh")) + per]
    if over.row is None:
        return [per] if per else []
    names = {over.row.one, over.row.many}
    return [(name if name in ("%", "‰") or not name else f" {name}") + per for name in names]


def _per(unit: Unit, language: str) -> str:
    if language == "zh":
        label = unit.row.zh if unit.row else quantities.unit_label(unit, "zh")
        return "/" + (label.removeprefix("个") or label)
    return " per " + (unit.row.one if unit.row else quantities.currency_name(unit.code, "en", count=1))


def fits(number: Number, value: float, *, size: bool, factor: int = 1) -> bool:
    """Whether a value, rounded to the last digit printed, is the number; `size`: its sign is told in words."""
    exact = Decimal(repr(float(value))) / factor
    printed = number.value
    if size:
        exact, printed = abs(exact), abs(printed)
    # Half a step, and a hair for numbers whose half is no binary fraction.
    return abs(exact - printed) <= number.step / 2 + number.step / 10**6
