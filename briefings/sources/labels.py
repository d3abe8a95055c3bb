"""What rows are about: texts of label columns to places, indicators, periods, members, days, statuses.

In: a column of text and a way to understand one text. Out: `Labels`: for each row a value, or the reason why there is
none. Every distinct text is understood once, however often it stands there. Values of figures are read next door, in
`values`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from briefings.catalogue import Indicator, Place, index_of_names
from briefings.configuration import suggest
from briefings.errors import AmbiguousPeriodError, PeriodError
from briefings.periods import Frequency, Period, Shape, parse_cell

from .cells import FOLD, bare

T = TypeVar("T", bound=Hashable)
Codes = npt.NDArray[np.int32]

MEANS = {
    "year": Frequency.ANNUAL,
    "half-year": Frequency.HALF_YEARLY,
    "quarter": Frequency.QUARTERLY,
    "month": Frequency.MONTHLY,
    "ten-day": Frequency.TEN_DAY,
    "week": Frequency.WEEKLY,
    "day": Frequency.DAILY,
}
SUGGESTIONS = 200  # a table of unknown names is no reason to compare each with every name there is
TIME = re.compile(r"(?<=\d)[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")  # of day, behind a date
LONGEST_NAME = 200  # characters
HAN_APART = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Labels(Generic[T]):
    """For each row the number of its text; for each text its value, or None and the reason."""

    codes: Codes
    texts: list[str]
    values: list[T | None]
    reasons: list[str]

    @property
    def bad(self) -> npt.NDArray[np.bool_]:
        """Which rows have no value."""
        return np.array([value is None for value in self.values], dtype=bool)[self.codes]


class Vocabulary(Generic[T]):
    """Values by number, in the order in which they were met."""

    def __init__(self) -> None:
        self.numbers: dict[T, int] = {}

    def code(self, value: T) -> int:
        return self.numbers.setdefault(value, len(self.numbers))

    @property
    def values(self) -> list[T]:
        return list(self.numbers)


def encode(column: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """For each row of a column the number of its text, and the distinct texts."""
    encoded = column.dictionary_encode().combine_chunks()
    if isinstance(encoded, pa.ChunkedArray):  # a table without rows
        return np.zeros(0, dtype=np.int32), pa.array([], pa.string())
    return encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary


def understand(column: pa.ChunkedArray, meaning: Callable[[str], T]) -> Labels[T]:
    """What each text of a column means; a ValueError of `meaning` is the reason why a text has no value.

    `AmbiguousPeriodError` is let through: one text that could be two dates puts all the others in doubt.
    """
    codes, distinct = encode(column)
    texts = distinct.to_pylist()
    values: list[T | None] = []
    reasons: list[str] = []
    for text in texts:
        try:
            values.append(meaning(text))
            reasons.append("")
        except AmbiguousPeriodError as error:
            error.add_note(text)
            raise
        except ValueError as error:
            values.append(None)
            reasons.append(str(error))
    return Labels(codes, texts, values, reasons)


class NameReader:
    """Finds ids by what a table writes: the source's own names first, then ids, names and aliases of the catalogue."""

    def __init__(
        self,
        what: str,
        items: Mapping[str, Indicator] | Mapping[str, Place],
        names: Mapping[str, str],
        column: str | None,
    ) -> None:
        self.what, self.items, self.column = what, items, column
        self.mapped = {_plain(text): key for text, key in names.items()}
        self.known = index_of_names(items)
        self.suggested = 0

    def find(self, text: str) -> str | None:
        for candidate in (_plain(text), _plain(bare(text)), _plain(unicodedata.normalize("NFKC", text))):
            if found := self.mapped.get(candidate) or self.known.get(candidate.casefold()):
                return found
        return None

    def __call__(self, text: str) -> str:
        found = self.find(text)
        if found is not None:
            return found
        plain = _plain(text)
        if not plain:
            raise ValueError(f"no {self.what} stands here")
        if len(plain) > LONGEST_NAME:
            raise ValueError(f"unknown {self.what} {plain[:LONGEST_NAME]!r} ..., which is too long for a name")
        raise ValueError(f"unknown {self.what} {plain!r}{self._hint(plain)}")

    def _hint(self, text: str) -> str:
        shared = [key for key, item in self.items.items() if text.casefold() in _names_of(key, item)]
        if shared:
            reason, close = f", which names {' and '.join(shared)}", shared[0]
        else:
            self.suggested += 1
            close = (suggest(text, self.known) or "") if self.suggested <= SUGGESTIONS else ""
            reason = f". Did you mean {close!r}?" if close else ""
            close = self.known.get(close, "ID")
        where = f"column: {self.column}" if self.column else "headers: true"
        todo = f"Map it: `{self.what}: {{{where}, names: {{{text!r}: {close}}}}}`"
        if self.column:
            todo += f", or leave it out: `skip: {{{self.column}: [{text!r}]}}`"
        return f"{reason if reason.endswith('?') else reason + '.'} {todo}"


def _names_of(key: str, item: Indicator | Place) -> set[str]:
    names = [item.name.get(language) or "" for language in item.name.languages]
    return {text.casefold() for text in (key, *names, *item.aliases)}


def _plain(text: str) -> str:
    """A name without what only sets it: space around it, and between Han characters (北 京)."""
    return HAN_APART.sub("", re.sub(r"\s+", " ", text).strip())


class PeriodReader:
    """Reads periods as the source declares them.

    Without `means`, a day stands for the period of the indicators' own frequency where they all declare the same.
    """

    def __init__(self, means: str | None, format_: str | None, frequency: Frequency | None = None) -> None:
        self.means = MEANS[means] if means else None
        self.format = None if format_ == "year-month-day" else format_
        self.frequency = frequency

    def __call__(self, text: str) -> Period:
        plain = bare(text)
        if not plain:
            raise PeriodError("no period stands here")
        if self.means is not None or self.frequency is not None:
            plain = TIME.sub("", plain)
        period = parse_cell(plain, means=self.means, format=self.format)
        if self.means is None and self.frequency is not None and period.shape is Shape.DAY:
            return Period.of(period.end, self.frequency)
        return period

    def day(self, text: str) -> date:
        """A day, as it stands in a column of days of publication."""
        plain = bare(text)
        if not plain:
            raise PeriodError("no day of publication stands here")
        period = parse_cell(TIME.sub("", plain), format=self.format)
        if period.shape is not Shape.DAY:
            raise PeriodError(f"{text!r} is no day; write year-month-day, for example 2026-07-03")
        return period.end


def choice(what: str, allowed: Iterable[str], names: Mapping[str, str]) -> Callable[[str], str]:
    """Understands words of a small vocabulary, by the source's own names for them too."""
    words = {word: word for word in allowed} | {key.strip().casefold(): value for key, value in names.items()}

    def meaning(text: str) -> str:
        found = words.get(text.strip().casefold())
        if found is None:
            raise ValueError(f"unknown {what} {text.strip()!r}; map it with `{what}: {{column: .., names: {{..}}}}`")
        return found

    return meaning


#: What tables call the whole of a breakdown.
WHOLE = frozenset({"total", "合计", "总计"})


def member(dimension: str, names: Mapping[str, str]) -> Callable[[str], str]:
    """Understands members of a breakdown: `industry=coal`. The member `total` is the whole: no breakdown at all; so are
    Total, 合计 and 总计, unless `names` calls them otherwise."""
    mapped = {_plain(text): name for text, name in names.items()}

    def meaning(text: str) -> str:
        plain = _plain(text)
        name = mapped.get(plain) or mapped.get(_plain(bare(text))) or _plain(bare(text).translate(FOLD))
        if not name:
            raise ValueError(f"no {dimension} stands here; if the row is the total, map it: `names: {{'': total}}`")
        if name.casefold() in WHOLE:
            return ""
        if ";" in name or "=" in name:
            raise ValueError(f"{name!r} holds ; or =, which part breakdowns; give it another name with `names`")
        if unseen := next((char for char in name if unicodedata.category(char) in ("Cc", "Cf", "Cs")), ""):
            raise ValueError(
                f"{name!r} holds U+{ord(unseen):04X}, which nobody sees; delete it, or give another name with `names`"
            )
        return f"{dimension}={name}"

    return meaning
