"""Where inputs stand in their sources, told briefly: what several have in common once, neighbours as a range.

In: inputs with their locators (`row=12,column=Price`; the design lists the forms). Out: `Place` mappings and short
texts without words of a language; the words stand in `notes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from briefings.briefing import Input

#: What a locator may name.
KEYS = ("sheet", "row", "cell", "column", "char", "json", "series", "period", "document")

_KEY = re.compile(rf"(?:^|,)({'|'.join(KEYS)})=")

Place = dict[str, str]
"""Where an input stands: `source`, and the keys of its locator."""


def split(locator: str) -> Place:
    """`sheet=GDP,cell=B7` as a mapping; one that is not known as `{"": locator}`. Values may hold commas.

    Characters behind a row are those of the document from which the row was taken.
    """
    found = list(_KEY.finditer(locator))
    if not found or found[0].start() != 0:
        return {"": locator} if locator else {}
    ends = [match.start() for match in found[1:]] + [len(locator)]
    place = {match[1]: locator[match.end() : end] for match, end in zip(found, ends, strict=True)}
    if "row" in place and "char" in place:
        place["document"] = place.pop("char").replace(":", "–")
    return place


def place_of(given: Input) -> Place:
    return {"source": given.source} | split(given.locator)


def common(inputs: Iterable[Input]) -> Place:
    """What the places of all inputs have in common."""
    places = [place_of(given) for given in inputs]
    if not places:
        return {}
    return {key: value for key, value in places[0].items() if all(place.get(key) == value for place in places)}


def ranges(values: Iterable[str]) -> list[str]:
    """Neighbours joined: rows 3, 4, 5, 9 as `3–5`, `9`; cells B7, B8 as `B7–B8`; other values as they are."""
    numbered = sorted({(*_parts(value), value) for value in values})
    joined: list[list[str]] = []
    last: tuple[str, int] | None = None
    for letters, number, value in numbered:
        if last == (letters, number - 1):
            joined[-1][1:] = [value]
        else:
            joined.append([value])
        last = (letters, number)
    return ["–".join(ends) for ends in joined]


def _parts(value: str) -> tuple[str, int]:
    """`B7` as (B, 7), `12` as ("", 12); what does not end in a number as (value, -1)."""
    match = re.fullmatch(r"([A-Z]*)(\d{1,9})", value)
    return (match[1], int(match[2])) if match else (value, -1)


def first_few(texts: Sequence[str], most: int) -> tuple[list[str], int]:
    """The first texts, and how many are left out."""
    return list(texts[:most]), max(0, len(texts) - most)
