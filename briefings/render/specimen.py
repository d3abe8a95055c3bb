"""A page of everything: each context class with all that a template may print, and with as little as may be.

In: a context class, the fixed words. Out: plain contexts, made from the classes' own types, so that a field that is
added stands in them at once. `overrides` fills a project's templates with them.
"""

from __future__ import annotations

import base64
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from itertools import count
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from briefings import colours
from briefings.render.contexts import FigureEntry

_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"><path d="M0 0h4v3H0z"/></svg>'
_ADDRESS = f"data:image/svg+xml;base64,{base64.b64encode(_PICTURE.encode()).decode()}"
#: Texts that must be of a kind, by the name of their field: the links lead to what the page has.
_TEXTS = {
    "address": _ADDRESS,
    "wide": _PICTURE,
    "narrow": _PICTURE,
    "points": "{}",
    "figure": "figure",
    "anchor": "sources",
    "href": "#sources",
    "language": "zh-CN",
    "lang": "en",
    "accent": colours.ACCENT,
    "pale": colours.PALE,
    "middle": colours.MIDDLE,
    "policy": "",
    "script": "",
}


def specimen(context: type, words: Mapping[str, str], given: Mapping[str, Any], *, full: bool) -> dict[str, Any]:
    """A plain context. `given`: values of its own fields that are set as they are (medium, style); `full`: whether all
    that may be lacking is there."""
    return {**_Maker(words, full=full).of_class(context), **given}


class _Maker:
    """Makes values of types; every id is another."""

    def __init__(self, words: Mapping[str, str], *, full: bool) -> None:
        self.words = words
        self.full = full
        self._ids = count(1)

    def of_class(self, context: type) -> dict[str, Any]:
        hints = get_type_hints(context)
        made = {each.name: self.value(hints[each.name], each.name) for each in fields(context)}
        return made | ({"id": _TEXTS["figure"]} if context is FigureEntry else {})

    def value(self, kind: Any, name: str) -> Any:
        origin, inner = get_origin(kind), get_args(kind)
        if isinstance(kind, type) and is_dataclass(kind):
            return self.of_class(kind)
        if origin is list:
            members = get_args(inner[0]) if _is_union(inner[0]) else inner
            return [self.value(member, name) for member in members] if self.full else []
        if _is_union(kind):
            whole = next(member for member in inner if member is not type(None))
            return self.value(whole, name) if self.full else None
        if origin is Literal:
            return inner[0]
        return dict(self.words) if dict in (origin, kind) else self.simple(kind, name)

    def simple(self, kind: Any, name: str) -> Any:
        if kind is str and name == "id":
            return f"id-{next(self._ids)}"
        text = _TEXTS.get(name, name if self.full else "")
        return {str: text, int: 2, bool: self.full, float: 1.0}[kind]


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType)
