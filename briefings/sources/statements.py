"""Statements to observations: a figure that a document states, brought to the catalogue's indicator, place and unit.

In: a `Statement` of `extraction`, what is known of the document, the catalogue, and what a person decided. Out: the
fields of an observation, or `Open` with the reason why a person must look. What the fields may say is checked in
`signatures`, as for facts; which files there are is for `documents`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from briefings.catalogue import Catalogue, index_of_names
from briefings.configuration import Source, one_of
from briefings.errors import PeriodError
from briefings.extraction import Statement
from briefings.periods import Period

from .prose import Prose
from .reading import UNCONFIRMED, Open
from .registration import Registration
from .signatures import Signature, Units

#: What a person confirmed is as certain as a cell of a table.
CONFIRMED = 1.0
#: Whatever was read out of text alone is less.
MOST = 0.99


@dataclass(frozen=True, slots=True)
class Figure:
    """What a statement says, in the words of an observation; texts may be empty where nothing is said.

    Offsets and `sentence` are of the document's text; `decided` is set where a person decided what is here.
    """

    start: int
    end: int
    quote: str
    sentence: str
    subject: str
    indicator: str
    place: str
    period: str
    value: float
    unit: str
    kind: str
    basis: str
    of: str
    counted_from: str
    status: str
    qualifier: str
    confidence: float
    decided: bool = False

    @property
    def locator(self) -> str:
        return f"char={self.start}:{self.end}"


class Interpreter:
    """Understands the figures of one source."""

    def __init__(self, source: Source, catalogue: Catalogue) -> None:
        self.source, self.catalogue = source, catalogue
        self.units = Units(catalogue)
        self.names = index_of_names(catalogue.places)

    def figure(self, statement: Statement, prose: Prose, known: Registration) -> Figure:
        """A statement in the words of an observation."""
        return Figure(
            start=statement.start,
            end=statement.end,
            quote=" ".join(statement.quote.split()),
            sentence=prose.sentence(statement.start, statement.end),
            subject=statement.subject or "",
            indicator=statement.indicator or "",
            place=self._place(statement.place, known),
            period=statement.period or "",
            value=statement.value,
            unit=statement.unit,
            kind=statement.kind,
            basis=self._basis(statement),
            of=self._of(statement),
            counted_from=statement.counted_from or "",
            status=statement.status,
            qualifier=statement.qualifier,
            confidence=min(statement.confidence, MOST),
        )

    def name_of(self, known: Registration) -> str:
        """The document's own place, as its language calls it."""
        return self.catalogue.places[known.place].name.either(known.language)

    def _place(self, named: str | None, known: Registration) -> str:
        """The id of the place that is named; its name where the catalogue has no such place, for a person to see."""
        if named is None or named == self.name_of(known):
            return known.place
        return self.names.get(named.casefold(), named)

    def _basis(self, statement: Statement) -> str:
        return "" if statement.kind == "level" else statement.basis or ""

    def _of(self, statement: Statement) -> str:
        """What a rank or a gap is of: a gap in points is of growth, unless the indicator is itself a rate."""
        if statement.kind == "rank":
            return statement.rank_of or "level"
        if statement.kind != "gap":
            return ""
        indicator = self.catalogue.indicators.get(statement.indicator or "")
        in_points = statement.unit == "percentage_point"
        return "growth" if in_points and indicator is not None and indicator.unit != "percent" else "level"

    def take(self, figure: Figure) -> Mapping[str, Any] | str:
        """The fields of an observation, its value in the base unit of its indicator; or why it cannot be taken."""
        if problem := self._unknown(figure):
            return problem
        said = Signature(
            indicator=figure.indicator,
            place=figure.place,
            kind=figure.kind,
            unit=figure.unit,
            basis=figure.basis,
            of=figure.of,
            counted_from=figure.counted_from,
            status=figure.status,
        )
        if found := said.problem():
            return f"{found[0]}: {found[1]}"
        kept = self.units.as_kept(said)
        target = self.units.target(kept)
        if target.wrong:
            return f"unit: {target.wrong.replace('the table declares', 'the text says')}"
        if reason := self._unsure(figure):
            return reason
        return {
            "place": kept.place,
            "indicator": kept.indicator,
            "breakdown": "",
            "period": str(Period.parse(figure.period)),
            "kind": kept.kind,
            "basis": kept.basis,
            "of": kept.of,
            "counted_from": kept.counted_from,
            "target": kept.status == "target",
            "value": float(Decimal(repr(figure.value)) * target.scale) + 0.0,  # -0 is 0
            "unit": target.unit,
            "status": kept.status,
            "qualifier": figure.qualifier,
            "confidence": figure.confidence,
            "locator": figure.locator,
            "quote": figure.sentence,
        }

    def _unknown(self, figure: Figure) -> str:
        """What of a figure the catalogue does not know, or nobody told."""
        if not figure.indicator:
            return "no indicator of the catalogue is named"
        if figure.indicator not in self.catalogue.indicators:
            return one_of(figure.indicator, self.catalogue.indicators, "indicator")
        if figure.place not in self.catalogue.places:
            return one_of(figure.place, self.catalogue.places, "place")
        if not figure.period:
            return "nothing says of which period it is"
        try:
            Period.parse(figure.period)
        except PeriodError as error:
            return str(error)
        return ""

    def _unsure(self, figure: Figure) -> str:
        """Why a figure that could be taken waits for a person, by the rule of its source."""
        if figure.decided or self.source.accept == "all":
            return ""
        if self.source.accept == "confirmed":
            return UNCONFIRMED
        if figure.confidence < self.source.confidence:
            return f"its confidence, {figure.confidence:.2f}, is under {self.source.confidence:g}"
        return ""


def opened(figure: Figure, reason: str, file: str, snapshot: str, known: Registration) -> Open:
    """A figure that waits for a person."""
    told = {name: getattr(figure, name) for name in Open.FIELDS}
    return Open(
        file=file,
        snapshot=snapshot,
        locator=figure.locator,
        quote=figure.quote,
        sentence=figure.sentence,
        reason=reason,
        published=known.published.isoformat(),
        told=told,
    )


def figure_of(each: Open) -> Figure:
    """The figure that waits, as it was read."""
    start, _, end = each.locator.removeprefix("char=").partition(":")
    return Figure(int(start), int(end), each.quote, each.sentence, **each.told)


def decided(figure: Figure, said: Mapping[str, str]) -> Figure:
    """A figure with what a person said of it in place of what was read."""
    fields: dict[str, Any] = dict(said)
    if "value" in fields:
        fields["value"] = float(fields["value"])
    return replace(figure, **fields, confidence=CONFIRMED, decided=True)
