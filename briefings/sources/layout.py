"""Where everything stands in a table: which columns are labels, which hold values, and what their headers say.

In: a `Source`, the catalogue, and the headers of a table. Out: `ValueColumn`s, and what the label columns mean. The
cells themselves are read next door, in `tabular`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from briefings.catalogue import Catalogue
from briefings.configuration import Source, one_of
from briefings.errors import AmbiguousPeriodError, SourceError
from briefings.observations import CONFIDENTIAL, STATUSES
from briefings.periods import Frequency, Period

from .grids import tidy
from .labels import NameReader, PeriodReader, choice, member


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column of values, and what its header or the source says about all of it; None and () where its rows say it."""

    position: int
    figure: str
    basis: str
    unit: str | None
    indicator: str | None = None
    place: str | None = None
    period: Period | None = None
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelColumn:
    """A column of labels: what its texts are (`period`, `place`, `member` ...), and what one of them means."""

    part: str
    header: str
    meaning: Callable[[str], Any]


class Layout:
    """What a source says about the layout of its tables. `SourceError` for ids that the catalogue does not know."""

    def __init__(self, identifier: str, source: Source, catalogue: Catalogue) -> None:
        self.source = source
        self._check_ids(identifier, catalogue)
        where = source.indicator
        self.periods = PeriodReader(source.period.means, source.period.format, self._frequency(catalogue))
        self.places = NameReader("place", catalogue.places, source.place.names, source.place.column)
        self.indicators = NameReader(
            "indicator", catalogue.indicators, where.names if where else {}, where.column if where else None
        )

    def _check_ids(self, identifier: str, catalogue: Catalogue) -> None:
        places = [self.source.place.is_, *self.source.place.names.values()]
        for what, ids, known in (
            ("place", places, catalogue.places),
            ("indicator", self._indicators_named(), catalogue.indicators),
        ):
            for each in ids:
                if each is not None and each not in known:
                    raise SourceError(f"{identifier}: {one_of(each, known, what)}")

    def _indicators_named(self) -> list[str]:
        where = self.source.indicator
        named = [each.indicator for each in self.source.values.values()]
        if where is not None:
            named += [where.is_] if where.is_ else where.names.values()
        return named

    def _frequency(self, catalogue: Catalogue) -> Frequency | None:
        """The frequency that all indicators of the source declare, if it is one and the same."""
        declared = {catalogue.indicators[each].frequency for each in self._indicators_named()}
        return declared.pop() if len(declared) == 1 else None

    @cached_property
    def labels(self) -> tuple[LabelColumn, ...]:
        """The columns of labels."""
        source = self.source
        parts: list[tuple[str, Any, Callable[[str], Any]]] = [
            ("period", source.period, self.periods),
            ("place", source.place, self.places),
            ("indicator", source.indicator, self.indicators),
            ("unit", source.unit, str.strip),
            ("status", source.status, choice("status", (*STATUSES, CONFIDENTIAL), source.status.names)),
            ("published", source.published, self.periods.day),
            *(("member", split, member(split.by, split.names)) for split in source.breakdown),
        ]
        return tuple(
            LabelColumn(part, tidy(where.column), meaning) for part, where, meaning in parts if where and where.column
        )

    @cached_property
    def expected(self) -> tuple[str, ...]:
        """The headers that a table must have."""
        source = self.source
        values = [source.value] if source.value else []
        names = [*(label.header for label in self.labels), *values, *source.values, *source.skip]
        return tuple(dict.fromkeys(map(tidy, names)))

    @property
    def is_wide(self) -> bool:
        """Whether something stands in the headers of the columns of values."""
        source = self.source
        parts = (source.period, source.place, source.indicator, *source.breakdown)
        return any(part is not None and part.headers for part in parts)

    def values(self, headers: Sequence[str], shown: str) -> list[ValueColumn]:
        """The columns of values among these headers; `shown` is the file in messages.

        Raises `SourceError` where there is none, or where a header could be two periods.
        """
        source = self.source
        if source.value is not None:
            return [self._column(headers.index(tidy(source.value)))]
        if source.values:
            return list(self._mapped(headers))
        found: list[ValueColumn] = []
        reasons: list[str] = []
        for position, header in enumerate(headers):
            if header and header not in self.expected:
                try:
                    found.append(self._column(position, **self._of_header(header)))
                except AmbiguousPeriodError as error:
                    raise SourceError(f"{shown}: in the headers, {error}") from None
                except ValueError as error:
                    reasons.append(str(error))
        if not found:
            reason = f" The first header: {reasons[0]}" if reasons else ""
            raise SourceError(f"{shown}: no header of a column of values can be understood.{reason}")
        return found

    def _column(self, position: int, **about: Any) -> ValueColumn:
        source = self.source
        return ValueColumn(
            position, source.figure, source.basis or "", source.unit.is_ if source.unit else None, **about
        )

    def _mapped(self, headers: Sequence[str]) -> Iterator[ValueColumn]:
        """Columns that the source maps to indicators; what they do not say themselves, the source says for all."""
        source = self.source
        for header, value in source.values.items():
            own = value if "figure" in value.model_fields_set else source
            yield ValueColumn(
                headers.index(tidy(header)),
                own.figure,
                own.basis or "",
                value.unit or (source.unit.is_ if source.unit else None),
                indicator=value.indicator,
                members=tuple(member(name, {})(text) for name, text in value.breakdown.items()),
            )

    def _of_header(self, header: str) -> dict[str, Any]:
        """What a header of a wide table says. Raises ValueError where it says nothing that the source asks for."""
        source = self.source
        if source.period.headers:
            return {"period": self.periods(header)}
        if source.place.headers:
            return {"place": self.places(header)}
        if source.indicator and source.indicator.headers:
            return {"indicator": self.indicators(header)}
        split = next(each for each in source.breakdown if each.headers)
        if split.names and header not in map(tidy, split.names):
            raise ValueError(f"{header!r} is not among the names of {split.by}")
        return {"members": (member(split.by, split.names)(header),)}
