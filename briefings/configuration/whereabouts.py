"""Where the parts of a table stand: its periods, places, indicators, breakdowns, statuses and units.

Comes in: what a source writes for each of them. Goes out: models that name a column, the headers, or what is the same
throughout. What a source is made of is next door, in `sources`.
"""

from __future__ import annotations

import difflib
import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from .models import Identifier, Model, Text, about
from .wording import PlacedError, quoted

Status = Literal["actual", "estimate", "flash", "preliminary", "final", "target"]
CodedStatus = Literal["actual", "estimate", "flash", "preliminary", "final", "target", "confidential"]
"""What a code in a column may say; confidential: the source withholds the value."""


class InColumn(Model):
    """What stands in a column of the table, or is the same throughout it. A text alone says which column."""

    shorthand: ClassVar[dict[str, Any] | None] = {"type": "string", "description": "the header of the column"}
    alone: ClassVar[str] = "column"

    column: Annotated[Text | None, about("the header of the column it stands in", examples=["Country", "地区"])] = None

    @model_validator(mode="before")
    @classmethod
    def _a_text_alone(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if "headers" in cls.model_fields:
            if value == "headers":
                return {"headers": "true"}
            if difflib.SequenceMatcher(None, value.casefold(), "headers").ratio() > 0.8:
                column = f"for a column of that name write `{{column: {value}}}`"
                raise ValueError(f"unknown word {quoted(value)}. Did you mean 'headers'? If not: {column}")
        return {cls.alone: value}

    @model_validator(mode="after")
    def _one_of_them(self) -> InColumn:
        keys = {"column": "column", "headers": "headers", "is_": "is"}
        keys = {name: key for name, key in keys.items() if name in type(self).model_fields}
        written = [key for name, key in keys.items() if getattr(self, name) not in (None, False)]
        if not written:
            raise ValueError(f"nothing says where it stands; write one of {', '.join(keys.values())}")
        if len(written) > 1:
            raise PlacedError(f"'{written[1]}' and '{written[0]}' exclude each other; keep one", written[1], of="key")
        return self


class InHeaders(InColumn):
    """What may stand in the headers of the columns too: a wide table."""

    shorthand: ClassVar[dict[str, Any] | None] = {
        "type": "string",
        "description": "the header of the column; or `headers`: it stands in the headers themselves",
    }
    headers: Annotated[bool, about("it stands in the headers of the columns (a wide table)", examples=["true"])] = False


class WherePeriod(InHeaders):
    """Where the periods stand, and how they are written."""

    is_: Annotated[
        Text | None, about("the one period that the whole table is about", examples=["2025", "2025-10"], alias="is")
    ] = None
    means: Annotated[
        Literal["year", "half-year", "quarter", "month", "ten-day", "week", "day"] | None,
        about("what a date stands for: 2025-10-15 with `month` is October 2025", examples=["month"], bad=["monthly"]),
    ] = None
    format: Annotated[
        Literal["year-month-day", "month/day/year", "day/month/year", "excel"] | None,
        about(
            "the order of a date's parts, where 01/02/2026 leaves it open; `excel` for serial numbers",
            examples=["day/month/year"],
            bad=["dd/mm/yyyy"],
        ),
    ] = None


class WherePlace(InHeaders):
    """Where the places stand, and how the table calls them."""

    is_: Annotated[Identifier | None, about("the one place of the whole table", examples=["china"], alias="is")] = None
    names: Annotated[
        dict[str, Identifier],
        about("what the table writes -> id of the place, where names differ", examples=[{"Euro": "euro_area"}]),
    ] = Field(default_factory=dict)


class WhereIndicator(InHeaders):
    """Where the indicators stand, and how the table calls them."""

    is_: Annotated[
        Identifier | None, about("the one indicator of the whole table", examples=["exchange_rate"], alias="is")
    ] = None
    names: Annotated[
        dict[str, Identifier],
        about("what the table writes -> id of the indicator", examples=[{"Retail sales, total": "retail_sales"}]),
    ] = Field(default_factory=dict)


class WhereBreakdown(InHeaders):
    """Where a breakdown stands: industry, sex, currency ..."""

    dimension: Annotated[
        Identifier | None, about("what it is broken down by; left out: the column's name", examples=["industry"])
    ] = None
    names: Annotated[
        dict[str, Text], about("what the table writes -> how the member is called", examples=[{"C": "manufacturing"}])
    ] = Field(default_factory=dict)

    @property
    def by(self) -> str:
        """The dimension: as declared, or the column's header in small letters."""
        return self.dimension or re.sub(r"\W+", "_", (self.column or "").strip().lower())

    @model_validator(mode="after")
    def _a_dimension(self) -> WhereBreakdown:
        if not re.fullmatch("[a-z][a-z0-9_]{0,63}", self.by):
            raise ValueError("the dimension has no name; add it, for example `dimension: industry`")
        return self


class WhereStatus(InColumn):
    """What the figures are: final, preliminary, an estimate ...; or the column that tells."""

    shorthand: ClassVar[dict[str, Any] | None] = {
        "enum": ["actual", "estimate", "flash", "preliminary", "final", "target"],
        "description": "the status of all figures",
    }
    alone: ClassVar[str] = "is"

    is_: Annotated[Status | None, about("the status of all figures", examples=["final"], bad=["ok"], alias="is")] = None
    names: Annotated[
        dict[str, CodedStatus],
        about(
            "what the column writes -> status; confidential: the source withholds the value",
            examples=[{"p": "preliminary"}, {"C": "confidential", "F": "actual"}],
            bad=[{"p": "p"}],
        ),
    ] = Field(default_factory=dict)


class WhereUnit(InColumn):
    """The unit of the values; or the column that tells."""

    shorthand: ClassVar[dict[str, Any] | None] = {"type": "string", "description": "the unit of all values: 亿元"}
    alone: ClassVar[str] = "is"

    is_: Annotated[Text | None, about("the unit of all values", examples=["亿元", "USD million"], alias="is")] = None
