"""Which texts of a configuration editions print.

Comes in: a model that was read. Goes out: its texts, each with the way to it in the file. A text in languages (`Names`)
is printed; of plain texts those that their model names under `printed`. Whether a text can be printed is asked in
`settings`, which knows the fonts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from .documents import Key
from .models import Model, Names


def printed(value: Any, at: Key = ()) -> Iterator[tuple[Key, str]]:
    """The way to each printed text, and the text."""
    if isinstance(value, Names):
        for language, text in value.texts.items():
            yield (*at, language), text
    elif isinstance(value, Model):
        for name, key in _fields(type(value)):
            found = getattr(value, name)
            if isinstance(found, str):
                if name in value.printed:
                    yield (*at, key), found
            elif found:
                yield from printed(found, (*at, key))
    elif isinstance(value, dict):
        for step, each in value.items():
            yield from printed(each, (*at, step))
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from printed(each, (*at, number))


@cache
def _fields(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """The fields of a model: name, and key in the file."""
    return tuple((name, field.alias or name) for name, field in model.model_fields.items())
