"""Pydantic's errors as complaints: in the house's words, at the place in the file that they are about.

Comes in: a document, its model, and the errors of fitting the one to the other. Goes out: complaints of the document.
Words are found in `wording`; what is allowed at a place is read off the model's annotations.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from .documents import MOST_TOLD, Document, Key
from .models import Model
from .wording import ConcealedError, PlacedError, quoted, suggest, unknown_key, worded
from .yaml_tree import Mark

LONGEST_EXAMPLE = 70
"""Characters of an example in a message."""


def translate(document: Document[Any], model: type[Model], error: ValidationError) -> None:
    """File the errors of pydantic. A required key that is missing is not told where a key misspelt it."""
    errors: list[Any] = error.errors(include_url=False)[:MOST_TOLD]
    missing = {tuple(each["loc"]) for each in errors if each["type"] == "missing"}
    misspelt: set[Key] = set()
    for each in errors:
        if each["type"] == "extra_forbidden":
            misspelt |= _unknown_key(document, model, each, missing)
    for each in errors:
        loc = tuple(each["loc"])
        if each["type"] == "missing":
            if loc not in misspelt:
                _missing(document, model, each)
        elif each["type"] != "extra_forbidden" and not _uncounted(loc, each, errors):
            _wrong_value(document, model, each)


def _uncounted(loc: Key, error: Any, errors: list[Any]) -> bool:
    """Whether a list is too short only because pydantic does not count its items that have mistakes."""
    return error["type"] == "too_short" and any(
        tuple(each["loc"][: len(loc)]) == loc and len(each["loc"]) > len(loc) for each in errors
    )


def _unknown_key(document: Document[Any], model: type[Model], error: Any, missing: set[Key]) -> set[Key]:
    """Complain of a key; return the missing one that was meant by it, if any."""
    *parent, name = error["loc"]
    key, _ = document.place(tuple(error["loc"]), error["input"])
    allowed = keys_at(annotation_at(model, parent))
    document.complain(key, unknown_key(str(key[-1] if key else name), allowed), of="key")
    lacking = {str(loc[-1]): loc for loc in missing if list(loc[:-1]) == parent}
    meant = suggest(str(name), allowed)
    return {lacking[meant]} if meant in lacking else set()


def _missing(document: Document[Any], model: type[Model], error: Any) -> None:
    *parent, name = error["loc"]
    key, _ = document.place(tuple(parent), error["input"])
    expected = keys_at(annotation_at(model, parent))
    example = _example(annotation_at(model, parent), str(name))
    shown = f", for example `{name}: {example}`" if example and len(example) <= LONGEST_EXAMPLE else ""
    others = [word for word in expected if word not in (error["input"] or ())]
    more = "" if shown or len(others) < 2 else f"; not written so far: {', '.join(others)}"
    document.complain_at(_head(document, key), f"the key {quoted(str(name))} is missing; add it{shown}{more}", key)


def _wrong_value(document: Document[Any], model: type[Model], error: Any) -> None:
    loc: Key = tuple(error["loc"])
    of_key = bool(loc) and loc[-1] == "[key]"
    loc = loc[:-1] if of_key else loc
    key, side = document.place(loc, error["input"])
    if of_key:
        side = "key"
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, PlacedError):
        key, side = document.existing((*key, *cause.at)), "key" if cause.of == "key" else "value"
    if isinstance(cause, ConcealedError):
        document.conceal(key)
    annotation = _key_annotation(model, loc) if of_key else annotation_at(model, loc)
    what = "key" if of_key else _field(model, loc)
    message = worded(error, words_at(annotation), keys_at(annotation), what)
    if error["input"] is None and "comment" not in message and document.commented(key):
        message += "; what follows a # is a comment: put a text that begins with # in quotation marks"
    if side == "value" and error["type"] == "value_error" and document.mark(key).line > _head(document, key).line:
        document.complain_at(_head(document, key), message, key)
    else:
        document.complain(key, message, of=side)


def _head(document: Document[Any], key: Key) -> Mark:
    """Where to show what is wrong with a mapping as a whole: at its key, or its item of a list."""
    return document.mark(key, of="key") if key else document.mark(())


def _key_annotation(model: Any, way: Key) -> Any:
    """The annotation of the keys of the mapping that a place lies in."""
    mapping = annotation_at(model, way[:-1])
    return get_args(mapping)[0] if get_origin(mapping) is dict else None


def annotation_at(model: Any, way: Iterable[str | int]) -> Any:
    """The annotation that a place in a model has; None where it cannot be told."""
    current: Any = model
    for step in way:
        current = _plain(current)
        arguments = get_args(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = current.model_fields
            named = {field.alias or name: field for name, field in fields.items()}
            current = named[str(step)].annotation if step in named else None
        elif get_origin(current) is dict:
            current = arguments[1]
        elif get_origin(current) in {list, tuple, set, frozenset}:
            current = arguments[0]
        else:
            return None
    return _plain(current)


def _field(model: type[Model], way: Key) -> str:
    """What to call a word at a place: the name of the field (`status: {is: ...}` is a status), or else a word."""
    while way and way[-1] == "is":
        way = way[:-1]
    return str(way[-1]).replace("_", " ") if way and str(way[-1]) in keys_at(annotation_at(model, way[:-1])) else "word"


def _plain(annotation: Any) -> Any:
    """An annotation without its metadata, and without None."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in {Union, UnionType}:
            others = [each for each in get_args(annotation) if each is not NoneType]
            if len(others) != 1:
                return None
            annotation = others[0]
        else:
            return annotation


def keys_at(annotation: Any) -> list[str]:
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return []
    return [field.alias or name for name, field in annotation.model_fields.items()]


def words_at(annotation: Any) -> list[str]:
    annotation = _plain(annotation)
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return []


def _example(annotation: Any, name: str) -> str | None:
    """The first example of a field, as it could be written."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return None
    field = next((field for key, field in annotation.model_fields.items() if (field.alias or key) == name), None)
    example = field.examples[0] if field and field.examples else None
    return _flow(example) if example is not None else None


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return str(value)
