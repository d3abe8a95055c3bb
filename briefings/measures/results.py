"""Making a `Derived`: its formula, its precision, its status.

In: a question, a value and what it was made of. Out: a `Derived`. Which value, is said in the families next door.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from string import ascii_lowercase

from briefings.measures.inputs import unit_of, weakest
from briefings.measures.model import Derived, Question
from briefings.observations import Observation
from briefings.quantities import Unit

#: A name of an input in a formula; names of functions have more than one letter.
_NAME = re.compile(r"\b[a-z][0-9]*\b")


def name(number: int) -> str:
    """What the input of this number (from 0) is called in formulas: a, b ... z, a1, b1 ... z1, a2 ..."""
    turn, letter = divmod(number, len(ascii_lowercase))
    return ascii_lowercase[letter] + (str(turn) if turn else "")


def result(
    q: Question,
    value: float,
    unit: str,
    formula: str,
    inputs: Sequence[Observation],
    *,
    decimals: int | None = None,
    basis: str = "",
    computed: bool = True,
    facts: Mapping[str, str] | None = None,
    parts: Mapping[str, Derived] | None = None,
    status: str | None = None,
) -> Derived:
    """`status` is given where many results share their inputs, and need not be asked of each of them again."""
    return Derived(
        measure=q.measure,
        indicator=q.indicator,
        place=q.place,
        breakdown=q.breakdown,
        period=q.period,
        value=value,
        unit=unit,
        basis=basis,
        formula=formula,
        inputs=tuple(inputs),
        computed=computed,
        decimals=decimals,
        status=weakest([row.standing for row in inputs]) if status is None else status,
        facts=facts or {},
        parts=parts or {},
    )


def told(
    q: Question,
    row: Observation,
    *,
    measure: str = "level",
    basis: str = "",
    facts: Mapping[str, str] | None = None,
    parts: Mapping[str, Derived] | None = None,
) -> Derived:
    """The figure that an observation is by itself: a level, or a measure that the source publishes."""
    decimals = precision([row]) if row.kind in ("level", "change") else decimals_of(row)
    return as_told(row, measure, basis, unit=unit_of(q, row), decimals=decimals, facts=facts, parts=parts)


def as_told(
    row: Observation,
    measure: str,
    basis: str,
    *,
    unit: str,
    decimals: int | None,
    facts: Mapping[str, str] | None = None,
    parts: Mapping[str, Derived] | None = None,
) -> Derived:
    """An observation as the measure that it is, without a question: `told` for rows that the audit holds."""
    return Derived(
        measure=measure,
        indicator=row.indicator,
        place=row.place,
        breakdown=row.breakdown,
        period=row.period,
        value=row.value,
        unit=unit,
        basis=basis,
        formula="a",
        inputs=(row,),
        computed=False,
        decimals=decimals,
        status=row.standing,
        facts=facts or {},
        parts=parts or {},
    )


def expressions(parts: Sequence[Derived]) -> tuple[list[str], tuple[Observation, ...]]:
    """The formulas of figures, over all their inputs together; an input that several share is named once."""
    names: dict[int, str] = {}
    rows: list[Observation] = []
    written = []
    for part in parts:
        for row in part.inputs:
            if id(row) not in names:
                names[id(row)] = name(len(rows))
                rows.append(row)
        if part.formula == "a":
            written.append(names[id(part.inputs[0])])
        else:
            own = {name(number): names[id(row)] for number, row in enumerate(part.inputs)}
            written.append(f"({_NAME.sub(lambda found, own=own: own[found[0]], part.formula)})")  # type: ignore[misc]
    return written, tuple(rows)


def combine(formula: str, parts: Sequence[Derived]) -> tuple[str, tuple[Observation, ...]]:
    """A formula over figures as one over their inputs: `{} - {}` of two growths is `((a / b - 1) * 100) - ...`."""
    written, rows = expressions(parts)
    return formula.format(*written), rows


def listed(rows: Sequence[Observation], separator: str = ", ") -> str:
    """The names of so many inputs: `a, b, c`."""
    return separator.join(name(number) for number in range(len(rows)))


# Precision.


def decimals_of(row: Observation) -> int:
    """The decimals in which a value was told: of the quoted text where it is that very number (6.90), else of the
    value's shortest writing."""
    return _decimals(row.value, row.quote)


@lru_cache(maxsize=1 << 16)
def _decimals(value: float, quote: str) -> int:
    """Asked of a value again with every figure that its series stands behind."""
    number = Decimal(repr(value)).normalize()
    try:
        quoted = Decimal(quote.strip().removesuffix("%").replace(",", ""))
    except InvalidOperation:
        quoted = number
    exponent = (quoted if quoted == number else number).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


#: A quotient is printed with so many significant digits at least: counts of a few things are exact.
FEWEST_DIGITS = 3


def quotient_decimals(value: float, rows: Sequence[Observation]) -> int:
    """The decimals of one amount over another: no more significant digits than the less exact of the two has, and of
    what is one and more at most two decimals, as of an amount of money."""
    if value == 0:
        return 0
    digits = max(FEWEST_DIGITS, min(map(_significant, rows)))
    places = max(0, digits - 1 - Decimal(repr(abs(value))).adjusted())
    return min(places, 2) if abs(value) >= 1 else places


def _significant(row: Observation) -> int:
    """The significant digits in which a value was told: of the quoted text where that is a number (345.0), else of the
    value's shortest writing."""
    number = Decimal(repr(row.value)).normalize()
    try:
        quoted = Decimal(row.quote.strip().removesuffix("%").replace(",", ""))
    except InvalidOperation:
        quoted = number
    alike = quoted.normalize().as_tuple().digits == number.as_tuple().digits
    return len((quoted if alike else number).as_tuple().digits)


def precision(rows: Sequence[Observation]) -> int | None:
    """The decimals of a value in the unit of these observations: those of the finest; None for amounts and counts,
    which are printed in a scale (billion, 亿) of which the value in base units knows nothing."""
    if Unit(rows[0].unit).additive:
        return None
    return max(decimals_of(row) for row in rows)
