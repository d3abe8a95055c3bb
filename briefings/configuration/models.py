"""What every configuration model is made of: `Model`, and types that several files share.

Comes in: a tree of text. Goes out: frozen, typed models whose fields describe themselves (`description`, `examples`,
`examples_bad`), so that the manual and the JSON Schemas are printed from them. Models that catalogue, themes and this
package declare are built from these; what a mistake is called is next door, in `wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema

from .wording import PlacedError, found, quoted

Language = Literal["en", "zh"]
"""The languages that an edition can be in."""


class Model(BaseModel):
    """Base of every configuration model: frozen, and a key that it does not know is a mistake.

    `shorthand` is the JSON Schema of what may stand in place of the mapping (`period: Date` for
    `period: {column: Date}`); a `model_validator(mode="before")` makes the mapping of it. `printed` are its plain texts
    that editions print as they stand; texts in languages (`Names`) are printed in any case.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, defer_build=True)
    shorthand: ClassVar[dict[str, Any] | None] = None
    printed: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler.resolve_ref_schema(handler(core_schema))
        if cls.shorthand is None:
            return schema
        title, description = schema.pop("title", cls.__name__), schema.pop("description", "")
        return {"title": title, "description": description, "anyOf": [cls.shorthand, schema]}


def about(description: str, *, examples: Sequence[Any] = (), bad: Sequence[Any] = (), **constraints: Any) -> Any:
    """A field's sentence, values that are right, and values that are wrong: for use in `Annotated`.

    `bad` values come out as `examples_bad` in the JSON Schema; tests hold both against the model.
    """
    extra: Any = {"examples_bad": list(bad)} if bad else None
    return Field(description=description, examples=list(examples) or None, json_schema_extra=extra, **constraints)


def _identifier(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", value):
        plain = re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_")
        meant = f", for example '{plain}'" if re.fullmatch(r"[a-z][a-z0-9_]{0,63}", plain) else ""
        raise ValueError(f"{quoted(value)} is no identifier; write small letters, digits and _, a letter first{meant}")
    if len(value) > 64:
        raise ValueError(f"the identifier {quoted(value)} has {len(value)} characters; at most 64 are allowed")
    return value


Identifier = Annotated[
    str,
    AfterValidator(_identifier),
    Field(examples=["industry", "gdp_growth"], json_schema_extra={"pattern": "^[a-z][a-z0-9_]*$", "maxLength": 64}),
]
"""What a thing is called in other files: small letters, digits and underscores."""


def _text(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise ValueError("an empty text stands here; write something, or leave the key out")
    return value


Text = Annotated[str, BeforeValidator(_text)]
"""A text of at least one visible character."""


def _count(value: Any) -> int:
    if isinstance(value, int):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError(f"{found(value)} stands here; a whole number is expected")
    return int(value)


Count = Annotated[int, BeforeValidator(_count), Field(ge=0)]
"""A whole number, not negative."""


def _decimal(value: Any) -> float:
    if isinstance(value, float):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", value):
        raise ValueError(f"{found(value)} stands here; a number is expected, for example 0.9")
    return float(value)


Number = Annotated[float, BeforeValidator(_decimal)]
"""A number, written with a point."""


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{quoted(value)} is no day of the calendar") from None
    raise ValueError(f"{found(value)} is no day; write year-month-day, for example 2026-07-03")


Day = Annotated[date, PlainValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A day, written 2026-07-03."""

LONGEST_WORD = 60
"""Characters of a word without a space, a hyphen or a slash."""
_UNBROKEN = re.compile(rf"[^\s/\-\u2010-\u2014\u2e80-\uffff\U00020000-\U0003ffff]{{{LONGEST_WORD + 1},}}")
HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""A Han character."""


class Names(Model):
    """A text in each language. One text alone is taken for the language it is written in: Han characters mean zh."""

    shorthand: ClassVar[dict[str, Any] | None] = {"type": "string", "description": "the text in one language alone"}

    en: Annotated[Text | None, about("in English", examples=["Industry briefing"])] = None
    zh: Annotated[Text | None, about("in Simplified Chinese", examples=["工业经济运行简报"])] = None

    @model_validator(mode="before")
    @classmethod
    def _one_text(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"zh" if HAN.search(value) else "en": value}
        return value

    @model_validator(mode="after")
    def _at_least_one(self) -> Names:
        if self.en is None and self.zh is None:
            raise ValueError("no language has a text; write en, zh or both")
        for language in self.languages:
            if word := _UNBROKEN.search(self.either(language)):
                said = f"the word {quoted(word[0], 24)} has {len(word[0])} characters; a page breaks no word, and "
                raise PlacedError(f"{said}{LONGEST_WORD} are allowed: shorten it, or part it by spaces", language)
        return self

    def get(self, language: str) -> str | None:
        """The text in one language, None where there is none."""
        return self.zh if language == "zh" else self.en if language == "en" else None

    def values(self) -> tuple[str, ...]:
        """The texts that there are, of all languages."""
        return tuple(text for text in (self.en, self.zh) if text is not None)

    def either(self, language: str) -> str:
        """The text in a language, or else in the other one."""
        return self.get(language) or self.en or self.zh or ""

    @property
    def languages(self) -> tuple[Language, ...]:
        return tuple(language for language in ("en", "zh") if self.get(language))

    @property
    def texts(self) -> dict[str, str]:
        """Language -> text, of the languages that there are."""
        return {language: self.either(language) for language in self.languages}


Item = TypeVar("Item")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


class _ItemAlone:
    """Tells the JSON Schema that an item may stand in place of its list."""

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core_schema)
        return {"anyOf": [schema["items"], schema]}


OneOrMore = Annotated[tuple[Item, ...], BeforeValidator(_as_list), _ItemAlone()]
"""A list, or one item in its place: `missing: NA` for `missing: [NA]`."""
