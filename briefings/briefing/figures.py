"""Figures: numbers that may be printed, each with the observations that it was made of."""

from __future__ import annotations

import hashlib
from typing import Literal

from pydantic import BaseModel, ConfigDict

Text = dict[str, str]
"""One text in several languages: language -> text."""


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(Value):
    """One observation that a figure was made of. `value` in base units of `unit`.

    Where a person's correction stands in place of what the source tells, `corrected_from` is what its snapshot holds,
    in the same unit, and `correction` says why, by whom and when.
    """

    value: float
    unit: str
    indicator: str
    place: str
    breakdown: str = ""
    period: str
    source: str
    published: str
    snapshot: str
    locator: str
    quote: str = ""
    corrected_from: float | None = None
    correction: str = ""


Qualifier = Literal["exact", "over", "under", "about"]


class Figure(Value):
    """A number that is printed, with the way back to what it was made of.

    `value` is in base units of `unit` (growth and share in percent: 6.9 means +6.9%; a gap of rates in percentage
    points). `decimals` is the precision in which it is printed everywhere, or None: that of the source. `formula` is
    written over the inputs in order, a, b, c ...: `a`, `(a / b - 1) * 100`. `status` is that of its weakest input.
    `qualifier` is the source's own: more than, less than, about. `also` is what further sources tell of it alike.
    `measure` says in the words of a theme's request what a source published where nothing else of the figure does: whom
    a gap is to, from which end and among whom a rank is; what a figure is in full is known to `identity`.
    """

    id: str
    value: float
    unit: str
    kind: str
    indicator: str
    place: str
    breakdown: str = ""
    period: str
    basis: str = ""
    status: str = "actual"
    computed: bool = False
    decimals: int | None = None
    qualifier: Qualifier = "exact"
    formula: str = "a"
    inputs: tuple[Input, ...]
    also: tuple[Input, ...] = ()
    measure: str = ""


def figure_id(*parts: object) -> str:
    """An id made of what a figure is (kind, indicator, place, period, basis ...): the same in every rebuild."""
    digest = hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()
    return f"f{digest[:10]}"


def section_id(title: object) -> str:
    """The id of a section, made of its title; a second section of the same title has another."""
    return "s" + figure_id(title)[1:]
