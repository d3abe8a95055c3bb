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
from briefings.render.contexts import FigureEntry, FigureGroup, Line, SourceEntry
from briefings.render.figures import Register
from briefings.render.pieces import set_text
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

#: What a locator may name.
LOCATOR_KEYS = ("sheet", "row", "cell", "column", "char", "json", "series", "period")

LETTERS = "abcdefghijklmnopqrstuvwxyz"

_LOCATOR = re.compile(rf"(?:^|,)({'|'.join(LOCATOR_KEYS)})=")

#: A function over inputs in a formula; names of inputs have three letters at most.
_CALL = re.compile(r"(?P<function>[a-z_]{4,})\((?P<arguments>.*)\)")

Place = dict[str, str]
"""Where an input stands: `source` and the keys of its locator."""


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
            self.formula(it),
            in_language(source.publisher, self.language) if source else given.source,
            self.words["published on"].format(day=self._day(given.published)),
            self.locator(given.locator),
        ]
        return self.words["list separator"].join(part for part in parts if part)

    def groups(self, register: Register) -> list[FigureGroup]:
        """The printed figures by indicator, place and breakdown, in order of first print."""
        grouped: dict[tuple[str, str, str], list[Figure]] = {}
        for identifier in register:
            figure = self.briefing.figures[identifier]
            grouped.setdefault((figure.indicator, figure.place, figure.breakdown), []).append(figure)
        return [self._group(key, figures, register) for key, figures in grouped.items()]

    def _group(self, key: tuple[str, str, str], figures: Sequence[Figure], register: Register) -> FigureGroup:
        indicator, place, breakdown = key
        names = [
            indicator_name(self.briefing, indicator, self.language),
            place_name(self.briefing, place, self.language) if place else "",
            breakdown_name(self.briefing, breakdown, self.language) if breakdown else "",
        ]
        common = _common([given for figure in figures for given in figure.inputs])
        return FigureGroup(
            title=self._comma.join(name for name in names if name),
            common=self._place(common) if common else "",
            entries=[self._entry(figure, register, common) for figure in figures],
        )

    def _entry(self, figure: Figure, register: Register, common: Place) -> FigureEntry:
        texts = dict.fromkeys(text for text, _ in register.printed(figure.id))
        return FigureEntry(
            id=figure.id,
            text=" / ".join(list(texts)[:3]),
            what=self._what(figure),
            origin=self._origin(figure, common),
        )

    def _what(self, figure: Figure) -> str:
        """Period and measure: `October 2025, growth on year`; the measure is left out for a level."""
        period = period_name(figure.period, self.language)
        if figure.kind == "level":
            return period
        basis = "" if figure.basis in ("", "on year") else f" {figure.basis}"
        return period + self._comma + self._measure(f"{figure.kind}{basis}")

    def _measure(self, measure: str) -> str:
        try:
            return measure_name(measure, self.briefing, self.language, self.words)
        except KeyError:
            return measure

    def formula(self, figure: Figure) -> str:
        """`= (a / b - 1) × 100`; nothing for a figure that is as its source says. Functions over many inputs are
        told in words: `rank among 45`."""
        if figure.formula in ("", "a"):
            return ""
        text = _CALL.sub(self._call, figure.formula)
        return self.words["formula"].format(formula=text.replace(" * ", " × ").replace(" - ", " − "))

    def _call(self, call: re.Match[str]) -> str:
        """A function and its arguments in words. A rank names the figure that counts those it is among."""
        arguments = _arguments(call["arguments"])
        counted = self.briefing.figures.get(arguments[-1])
        n = counted.value if counted else len(arguments)
        return self.words[f"formula {call['function']}"].format(n=f"{n:.0f}")

    def _origin(self, figure: Figure, common: Place) -> str:
        """Formula, then the inputs: letter, place and period where they differ, and where in the source."""
        parts = [formula] if (formula := self.formula(figure)) else []
        named = len(figure.inputs) > 1 and not _CALL.search(figure.formula)
        for n, given in enumerate(figure.inputs[:MOST_INPUTS]):
            parts.append((f"{LETTERS[n]} " if named else "") + self._where(figure, given, common))
        if len(figure.inputs) > MOST_INPUTS:
            parts.append(self.words["more inputs"].format(n=len(figure.inputs) - MOST_INPUTS))
        return self.words["list separator"].join(part for part in parts if part)

    def _where(self, figure: Figure, given: Input, common: Place) -> str:
        place = place_name(self.briefing, given.place, self.language) if given.place != figure.place else ""
        period = period_name(given.period, self.language) if given.period != figure.period else ""
        own = {key: value for key, value in _place_of(given).items() if key not in common}
        return " ".join(part for part in (place, period, self._place(own)) if part)

    def _place(self, place: Place) -> str:
        """Number of the source in the list and place in it: `[1] row 12, column "Price"`."""
        parts = [self._in_words(key, value) for key, value in place.items() if key != "source"]
        number = [f"[{self._numbers.get(place['source'], place['source'])}]"] if "source" in place else []
        return " ".join([*number, (", " if self.language == "en" else "").join(parts)]).strip()

    def _in_words(self, key: str, value: str) -> str:
        return self.words[f"locator {key}"].format(v=value) if key in LOCATOR_KEYS else value

    @property
    def _comma(self) -> str:
        return ", " if self.language == "en" else "，"

    def locator(self, locator: str) -> str:
        """`row=12,column=Price` in words; what is not known is shown as it is."""
        return self._place(split_locator(locator))


def _place_of(given: Input) -> Place:
    return {"source": given.source} | split_locator(given.locator)


def _common(inputs: Sequence[Input]) -> Place:
    """What the places of all inputs have in common, told once for the group."""
    places = [_place_of(given) for given in inputs]
    if not places:
        return {}
    return {key: value for key, value in places[0].items() if all(place.get(key) == value for place in places)}


def split_locator(locator: str) -> Place:
    """`sheet=GDP,cell=B7` as a mapping; one that is not known as `{"": locator}`. Values may hold commas."""
    found = list(_LOCATOR.finditer(locator))
    if not found or found[0].start() != 0:
        return {"": locator} if locator else {}
    ends = [match.start() for match in found[1:]] + [len(locator)]
    return {match[1]: locator[match.end() : end] for match, end in zip(found, ends, strict=True)}


def _arguments(text: str) -> list[str]:
    """Arguments of a function, at commas outside brackets."""
    depth, found = 0, [""]
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            found.append("")
        else:
            found[-1] += char
    return [argument.strip() for argument in found]


def link(address: str) -> str:
    """The address when it is one of the web, else nothing: `javascript:` and the like become no link."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
