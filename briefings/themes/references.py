"""Numbers told by name in a commentary: `growth of retail_sales`, `level of gdp in wuhai 2025`.

In: what stands in the braces, and the catalogue. Out: a `Reference`, or a `ValueError` that names the words allowed.
Which figure it is of a briefing is found in `compose.commentary`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from briefings.catalogue import Catalogue, Indicator, Place, index_of_names
from briefings.configuration import one_of, suggest
from briefings.errors import PeriodError
from briefings.periods import Period
from briefings.themes.requests import MEASURE_WORDS, OTHER_WORDS, MeasureRequest

T = TypeVar("T")

#: Words for what sources publish and no measure works out, and for targets.
TOLD = ("share", "gap", "multiple", "target")
#: A movement whose direction the sentence says itself: sales fell by {fall of retail_sales}.
MOVEMENTS: Mapping[str, Literal["up", "down"]] = {"rise": "up", "fall": "down"}

FORM = (
    "write MEASURE of INDICATOR [in PLACE] [PERIOD], for example {growth of retail_sales} or "
    "{level of gdp in wuhai 2025}"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A number told by name.

    `request` is the measure; None for what only sources tell, by `word` (`share`, `target` ...). `place` and `period`
    are None where they are the briefing's own. `direction`: which way the sentence says that it went; its size is
    printed, and it must have gone that way.
    """

    word: str
    request: MeasureRequest | None
    indicator: str
    place: str | None = None
    period: Period | None = None
    direction: Literal["up", "down", ""] = ""

    @classmethod
    def parse(cls, text: str, catalogue: Catalogue) -> Reference:
        """Read what stands in the braces. Indicators and places go by id, name or alias.

        Raises `ValueError`: what is not known, what is allowed, what may be meant.
        """
        measure, _, rest = _parted(text, catalogue)
        if not measure or not rest:
            raise ValueError(f"'{{{text}}}' names no number; {FORM}")
        indicator, tail = _longest(rest, catalogue.indicators)
        if indicator is None:
            name = re.split(r" (?:in|for) ", rest)[0]
            raise ValueError(one_of(name, catalogue.indicators, "indicator"))
        place, period = _where(tail, catalogue)
        word, request, direction = _measure(measure)
        return cls(word, request, indicator, place, period, direction)

    def __str__(self) -> str:
        parts = [f"{self.word} of {self.indicator}"]
        if self.place:
            parts.append(f"in {self.place}")
        return " ".join((*parts, str(self.period))) if self.period else " ".join(parts)


def _parted(text: str, catalogue: Catalogue) -> tuple[str, str, str]:
    """Measure and what follows: parted at the last `of` behind which an indicator stands (share of nation of gdp)."""
    cuts = [found.start() for found in re.finditer(" of ", text)]
    known = [at for at in cuts if _longest(text[at + 4 :], catalogue.indicators)[0]]
    at = (known or cuts[-1:] or [len(text)])[-1]
    return text[:at], " of ", text[at + 4 :]


def _longest(text: str, items: Mapping[str, Indicator] | Mapping[str, Place]) -> tuple[str | None, str]:
    """The item that a text begins with, by the longest name, and the rest of the text."""
    known = index_of_names(items)
    words = text.split(" ")
    for length in range(len(words), 0, -1):
        if (key := known.get(" ".join(words[:length]).casefold())) is not None:
            return key, " ".join(words[length:])
    return None, text


def _where(text: str, catalogue: Catalogue) -> tuple[str | None, Period | None]:
    """Place and period behind the indicator, each where it is told: `in wuhai 2025`, `for 2025-10`, `2025 in wuhai`."""
    place: str | None = None
    period: Period | None = None
    rest = text
    while rest:
        rest = re.sub(r"^(?:in|for) ", "", rest)
        word = rest.split(" ")[0]
        try:
            found = Period.parse(word)
        except PeriodError as error:
            key, after = _longest(rest, catalogue.places)
            if key is None and re.match(r"[0-9]", word):
                raise ValueError(str(error)) from error
            if key is None:
                raise ValueError(one_of(rest, catalogue.places, "place")) from None
            place, rest = _once(place, key, text), after
        else:
            period, rest = _once(period, found, text), rest[len(word) :].strip()
    return place, period


def _once(before: T | None, found: T, text: str) -> T:
    if before is not None:
        raise ValueError(f"{text!r} names two of a kind; {FORM}")
    return found


def _measure(text: str) -> tuple[str, MeasureRequest | None, Literal["up", "down", ""]]:
    first, _, rest = text.partition(" ")
    if first in MOVEMENTS:
        return text, MeasureRequest.parse(f"growth {rest}".strip()), MOVEMENTS[first]
    if text in TOLD:
        return text, None, ""
    try:
        return text, MeasureRequest.parse(text), ""
    except ValueError as error:
        words = sorted({*MEASURE_WORDS, *TOLD, *MOVEMENTS})
        if first in MEASURE_WORDS or text.casefold() in OTHER_WORDS or suggest(text, words) is None:
            raise
        raise ValueError(one_of(text, words, "measure")) from error
