"""The list "Sources and figures": where every printed number comes from.

In: the figures of a briefing and the register of what was printed. Out: the sources as a numbered list, and under it,
for each indicator and place, one entry a figure: as printed, what it is, its formula, and where its inputs stand in
their source. Marks of charts that carry no label are in `figures.json` and `data.csv` alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from briefings.briefing import Briefing, Figure, Input, SourceNote
from briefings.narrative import Run
from briefings.render.contexts import FigureEntry, FigureGroup, Line, SourceEntry
from briefings.render.figures import Register
from briefings.render.pieces import set_line, set_text
from briefings.tables import (
    breakdown_name,
    in_language,
    indicator_name,
    measure_name,
    period_name,
    place_name,
)

#: Inputs that an entry spells out; a rank among 200 places names the first few, `figures.json` holds all.
MOST_INPUTS = 3

#: A locator's keys, in the order in which a reader looks.
_LOCATOR = re.compile(r"(?:^|,)(sheet|row|cell|column|char|json|series|period)=")


class Notes:
    """What can be said of the figures and sources of one briefing, in one language."""

    def __init__(self, briefing: Briefing, language: str, words: Mapping[str, str]) -> None:
        self.briefing = briefing
        self.language = language
        self.words = words
        self._numbers = {source.id: n for n, source in enumerate(briefing.sources, start=1)}
        self._sources = {source.id: source for source in briefing.sources}

    # Sources

    def source_line(self, sources: Sequence[str]) -> str:
        """`Source: Exchange rates, Federal Reserve; ...`, under a chart or a table."""
        items = dict.fromkeys(self._source_item(self._sources[source]) for source in sources if source in self._sources)
        return self.words["source"].format(sources=self.words["list separator"].join(items))

    def _source_item(self, source: SourceNote) -> str:
        title, publisher = in_language(source.title, self.language), in_language(source.publisher, self.language)
        return self.words["source item"].format(title=title, publisher=publisher)

    def sources(self) -> list[SourceEntry]:
        return [
            SourceEntry(self._numbers[source.id], self._source(source), link(source.url))
            for source in self.briefing.sources
        ]

    def _source(self, source: SourceNote) -> Line:
        parts = [
            self._source_item(source),
            self.words["published on"].format(day=self._day(source.published)),
            self.words["licence"].format(licence=source.licence) if source.licence else "",
            *(self.words["snapshot"].format(snapshot=snapshot[:12]) for snapshot in source.snapshots[:4]),
        ]
        return set_text(self.words["list separator"].join(part for part in parts if part), self.language)

    def _day(self, published: str) -> str:
        return period_name(published, self.language, short=False)

    # Figures

    def hint(self, figure: str) -> str:
        """One line: publisher, day and place in the source of the first input, and the formula where computed."""
        it = self.briefing.figures[figure]
        given = it.inputs[0] if it.inputs else None
        if given is None:
            return ""
        source = self._sources.get(given.source)
        parts = [
            self._formula(it),
            in_language(source.publisher, self.language) if source else given.source,
            self.words["published on"].format(day=self._day(given.published)),
            self.locator(given.locator),
        ]
        return self.words["list separator"].join(part for part in parts if part)

    def groups(self, register: Register) -> list[FigureGroup]:
        """The printed figures by indicator, place and breakdown, in order of first print."""
        grouped: dict[tuple[str, str, str], list[str]] = {}
        for identifier in register:
            figure = self.briefing.figures[identifier]
            grouped.setdefault((figure.indicator, figure.place, figure.breakdown), []).append(identifier)
        return [
            FigureGroup(self._group_title(*key), [self._entry(identifier, register) for identifier in identifiers])
            for key, identifiers in grouped.items()
        ]

    def _group_title(self, indicator: str, place: str, breakdown: str) -> Line:
        names = [
            indicator_name(self.briefing, indicator, self.language),
            place_name(self.briefing, place, self.language) if place else "",
            breakdown_name(self.briefing, breakdown, self.language) if breakdown else "",
        ]
        comma = ", " if self.language == "en" else "，"
        return set_text(comma.join(name for name in names if name), self.language)

    def _entry(self, identifier: str, register: Register) -> FigureEntry:
        figure = self.briefing.figures[identifier]
        texts = dict.fromkeys(text for text, _ in register.printed(identifier))
        return FigureEntry(
            id=identifier,
            text=" / ".join(list(texts)[:3]),
            what=set_text(self._what(figure), self.language),
            origin=set_line(self._origin(figure), self.language),
        )

    def _what(self, figure: Figure) -> str:
        """Period and measure: `October 2025, growth on year`; the measure is left out for a level."""
        period = period_name(figure.period, self.language)
        if figure.kind == "level":
            return period
        basis = "" if figure.basis in ("", "on year") else f" {figure.basis}"
        comma = ", " if self.language == "en" else "，"
        return period + comma + self._measure(f"{figure.kind}{basis}")

    def _measure(self, measure: str) -> str:
        try:
            return measure_name(measure, self.briefing, self.language, self.words)
        except KeyError:
            return measure

    def _formula(self, figure: Figure) -> str:
        if figure.formula in ("", "a"):
            return ""
        return self.words["formula"].format(formula=figure.formula.replace(" * ", " × ").replace(" - ", " − "))

    def _origin(self, figure: Figure) -> list[Run]:
        """Formula, then the inputs: letter, period where it differs, number of the source and place in it."""
        parts = [self._formula(figure)] if self._formula(figure) else []
        letters = "abcdefghijklmnopqrstuvwxyz" if len(figure.inputs) > 1 else ""
        for n, given in enumerate(figure.inputs[:MOST_INPUTS]):
            letter = f"{letters[n]} " if letters else ""
            parts.append(letter + self._where(figure, given))
        if len(figure.inputs) > MOST_INPUTS:
            parts.append(self.words["more inputs"].format(n=len(figure.inputs) - MOST_INPUTS))
        return [Run(self.words["list separator"].join(parts))]

    def _where(self, figure: Figure, given: Input) -> str:
        period = period_name(given.period, self.language) if given.period != figure.period else ""
        place = place_name(self.briefing, given.place, self.language) if given.place != figure.place else ""
        number = f"[{self._numbers[given.source]}]" if given.source in self._numbers else given.source
        return " ".join(part for part in (place, period, number, self.locator(given.locator)) if part)

    def locator(self, locator: str) -> str:
        """`row=12,column=Price` in words; what is not known is shown as it is."""
        found = list(_LOCATOR.finditer(locator))
        if not found or found[0].start() != 0:
            return locator
        ends = [match.start() for match in found[1:]] + [len(locator)]
        parts = [
            self.words[f"locator {match[1]}"].format(v=locator[match.end() : end])
            for match, end in zip(found, ends, strict=True)
        ]
        return (", " if self.language == "en" else "").join(parts)


def link(address: str) -> str:
    """The address when it is one of the web, else nothing: `javascript:` and the like become no link."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
