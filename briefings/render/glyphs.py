"""Characters that the fonts of the house cannot set: told before a page shows empty boxes.

In: what page and pictures show, the fonts, the briefing. Out: nothing, or a `RenderError` that names the characters and
the texts that hold them. Which characters the fonts have is known next door, in `fonts`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from briefings.briefing import Briefing
from briefings.columns import shortened
from briefings.errors import RenderError
from briefings.fonts import FontSet, named, unprintable

#: Texts that hold such a character, named in the message.
MOST_NAMED = 3
#: What of a briefing is written by people.
_WRITTEN = ("title", "names", "sections", "sources", "house", "commentary", "notes")


def check_glyphs(shown: str, fonts: FontSet, briefing: Briefing) -> None:
    """Raise `RenderError` for characters that no edition can show (`fonts.unprintable`). Those of the configuration are
    told before, at their line, by `settings`; here are left those of tables and of phrase books."""
    lacking = unprintable(shown, fonts.coverage)
    if not lacking:
        return
    held = list(dict.fromkeys(_holders(briefing, lacking)))
    where = "; ".join(held[:MOST_NAMED]) + (f" and {len(held) - MOST_NAMED} more" if held[MOST_NAMED:] else "")
    raise RenderError(
        f"the fonts of the house have no glyph for {named(lacking)}: write the name or the text that holds it "
        f"without it{f'. It stands in {where}' if where else ' (names in the catalogue, titles in the theme)'}"
    )


def _holders(briefing: Briefing, lacking: Iterable[str]) -> Iterator[str]:
    """Where in a briefing a text holds one of these characters: `names.places.riverton.name.en 'Riverton ...'`."""
    signs = set(lacking)
    for name in _WRITTEN:
        for path, text in _texts(getattr(briefing, name), name):
            if signs & set(unicodedata.normalize("NFC", text)):
                yield f"{path} '{shortened(text, 40)}'"


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json")
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for number, each in enumerate(value, 1):
            yield from _texts(each, f"{path}.{number}")
