"""The list "Sources and figures": where every printed number comes from.

In: the figures of a briefing and the register of what was printed. Out: the sources as a numbered list; for every
number of the text an entry of its own (as printed, what it is, its formula, where its inputs stand); for those of
tables and charts an entry a series. Marks of charts that carry no label are in `figures.json` and `data.csv` alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from briefings.briefing import Briefing, Figure, Input, SourceNote
from briefings.render.contexts import FigureEntry, FigureGroup, FigureSeries, Line, SeriesItem, SourceEntry
from briefings.render.figures import Register
from briefings.render.locators import KEYS, Place, common, first_few, place_of, ranges, split
from briefings.render.pieces import set_text
from briefings.tables import (
    breakdown_name,
    in_language,
    indicator_name,
    measure_name,
    period_key,
    period_name,
    place_name,
)

#: Inputs that an entry spells out; a rank among 200 places names the first few, `figures.json` holds all.
MOST_INPUTS = 3

#: Ranges of rows that an item spells out.
MOST_RANGES = 6

LETTERS = "abcdefghijklmnopqrstuvwxyz"

#: A function over inputs in a formula; names of inputs have three letters at most.
_CALL = re.compile(r"(?P<function>[a-z_]{4,})\((?P<arguments>.*)\)")


#: A formula that is told in words.
_PROSE = re.compile(r"[a-z]{4,} ")


#: The id of a figure, as `briefing.figure_id` makes it.
_FIGURE = re.compile(r"f[0-9a-f]{10}")


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
        if not title or not publisher:
            return title or publisher
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
        """The figures that the text prints, by indicator, place and breakdown, in order of first print."""
        grouped: dict[tuple[str, str, str], list[Figure]] = {}
        for identifier in register:
            if register.in_text(identifier):
                figure = self.briefing.figures[identifier]
                grouped.setdefault((figure.indicator, figure.place, figure.breakdown), []).append(figure)
        return [self._group(figures, register) for figures in grouped.values()]

    def _group(self, figures: Sequence[Figure], register: Register) -> FigureGroup:
        place = common(given for figure in figures for given in figure.inputs)
        return FigureGroup(
            title=self._comma.join(
                (indicator_name(self.briefing, figures[0].indicator, self.language), self._holder(figures[0]))
            ).strip(self._comma),
            source=self._told_by(figures),
            common=self._place(place) if place else "",
            entries=[self._entry(figure, register, place) for figure in figures],
        )

    def _told_by(self, figures: Sequence[Figure]) -> str:
        """The sources of figures by their numbers in the list: `[1] Exchange rates, Federal Reserve, published ...`."""
        used = dict.fromkeys(given.source for figure in figures for given in figure.inputs)
        known = [self._sources[source] for source in list(used)[:MOST_INPUTS] if source in self._sources]
        told = (
            self.words["list separator"].join(
                (self._source_item(source), self.words["published on"].format(day=self._day(source.published)))
            )
            for source in known
        )
        return " ".join(f"[{self._numbers[source.id]}] {text}" for source, text in zip(known, told, strict=True))

    def _holder(self, figure: Figure) -> str:
        """Whose figure it is: place and breakdown."""
        place = place_name(self.briefing, figure.place, self.language) if figure.place else ""
        breakdown = breakdown_name(self.briefing, figure.breakdown, self.language) if figure.breakdown else ""
        return self._comma.join(name for name in (place, breakdown) if name)

    def _entry(self, figure: Figure, register: Register, known: Place) -> FigureEntry:
        texts = dict.fromkeys(text for text, _ in register.printed(figure.id))
        return FigureEntry(
            id=figure.id,
            text=" / ".join(list(texts)[:3]),
            what=self._what(figure),
            origin=self._origin(figure, known),
        )

    def series(self, register: Register) -> list[FigureSeries]:
        """The figures that tables and charts alone print, by indicator and measure; an item a place, its periods and
        rows as ranges: several hundred figures stay a list that one can read."""
        grouped: dict[tuple[str, str, str, str], list[Figure]] = {}
        for identifier in register:
            if not register.in_text(identifier):
                figure = self.briefing.figures[identifier]
                shape = _CALL.sub(lambda call: call["function"], figure.formula)
                grouped.setdefault((figure.indicator, figure.kind, figure.basis, shape), []).append(figure)
        return [self._series(figures) for figures in grouped.values()]

    def _series(self, figures: Sequence[Figure]) -> FigureSeries:
        first = figures[0]
        known = common(given for figure in figures for given in figure.inputs)
        held: dict[tuple[str, str], list[Figure]] = {}
        for figure in figures:
            held.setdefault((figure.place, figure.breakdown), []).append(figure)
        name = indicator_name(self.briefing, first.indicator, self.language)
        formula = "" if _CALL.search(first.formula) else self.formula(first)
        return FigureSeries(
            title=self._comma.join(part for part in (name, self._measured(first)) if part),
            source=self._told_by(figures),
            common=" ".join(part for part in (formula, self._place(known)) if part),
            places=[self._item(found, known) for found in held.values()],
        )

    def _item(self, figures: Sequence[Figure], known: Place) -> SeriesItem:
        """`China Jul 2024–Jun 2026, row 2977–3001`: the periods of some figures, and the rows of their inputs."""
        periods = sorted({figure.period for figure in figures}, key=period_key)
        ends = dict.fromkeys(period_name(period, self.language) for period in (periods[0], periods[-1]))
        dash = "–" if self.language == "en" else "—"
        places = [place_of(given) for figure in figures for given in figure.inputs]
        own = [{key: value for key, value in place.items() if key not in known} for place in places]
        where = [text for key in ("source", "", *KEYS) if (text := self._ranged(key, own))]
        parts = (f"{self._holder(figures[0])} {dash.join(ends)}", *where)
        return SeriesItem(self._comma.join(parts), [figure.id for figure in figures])

    def _ranged(self, key: str, places: Sequence[Place]) -> str:
        values = [place[key] for place in places if key in place]
        if not values:
            return ""
        if key == "source":
            return " ".join(f"[{self._numbers.get(value, value)}]" for value in dict.fromkeys(values))
        shown, left = first_few(ranges(values), MOST_RANGES)
        more = [self.words["more inputs"].format(n=left)] if left else []
        several = key in ("row", "cell") and (len(shown) > 1 or "–" in shown[0])
        return self._in_words(f"{key}s" if several else key, self._comma.join(shown)) + "".join(f" {t}" for t in more)

    def _what(self, figure: Figure) -> str:
        """Period and measure: `October 2025, growth on year`; the measure is left out for a level."""
        period = period_name(figure.period, self.language)
        return self._comma.join(part for part in (period, self._measured(figure)) if part)

    def _measured(self, figure: Figure) -> str:
        """The measure in words; nothing for a level."""
        if figure.kind == "level":
            return ""
        basis = "" if figure.basis in ("", "on year") else f" {figure.basis}"
        name = self._measure(f"{figure.kind}{basis}")
        return name[:1].lower() + name[1:]

    def _measure(self, measure: str) -> str:
        try:
            return measure_name(measure, self.briefing, self.language, self.words)
        except KeyError:
            return measure

    def formula(self, figure: Figure) -> str:
        """`= (a / b - 1) × 100`; nothing for a figure that is as its source says. Functions over many inputs are
        told in words: `rank among 45`. That of a count says no more than its number."""
        if figure.kind == "count":
            return ""
        text = _CALL.sub(self._call, figure.formula)
        if text in ("", "a") or _PROSE.search(figure.formula):
            return ""
        return self.words["formula"].format(
            formula=text.replace(" ** ", "^").replace(" * ", " × ").replace(" - ", " − ")
        )

    def _call(self, call: re.Match[str]) -> str:
        """A function and its arguments in words. A rank names the figure that counts those it is among;
        where the briefing has not kept that figure, nothing is said."""
        *_, last = arguments = _arguments(call["arguments"])
        if _FIGURE.fullmatch(last) and last not in self.briefing.figures:
            return ""
        n = self.briefing.figures[last].value if last in self.briefing.figures else len(arguments)
        return self.words[f"formula {call['function']}"].format(n=f"{n:.0f}")

    def _origin(self, figure: Figure, known: Place) -> str:
        """Formula, then the inputs: letter, place and period where they differ, and where in the source."""
        parts = [formula] if (formula := self.formula(figure)) else []
        named = len(figure.inputs) > 1 and not _CALL.search(figure.formula)
        for n, given in enumerate(figure.inputs[:MOST_INPUTS]):
            parts.append((f"{LETTERS[n]} " if named else "") + self._where(figure, given, known))
        if len(figure.inputs) > MOST_INPUTS:
            parts.append(self.words["more inputs"].format(n=len(figure.inputs) - MOST_INPUTS))
        for given in figure.also[:MOST_INPUTS]:
            parts.append(self.words["told alike"].format(where=self._where(figure, given, {})))
        return self.words["list separator"].join(part for part in parts if part)

    def _where(self, figure: Figure, given: Input, known: Place) -> str:
        place = place_name(self.briefing, given.place, self.language) if given.place != figure.place else ""
        period = period_name(given.period, self.language) if given.period != figure.period else ""
        own = {key: value for key, value in place_of(given).items() if key not in known}
        said = self.words["quoted"].format(text=given.quote) if _is_prose(given) else ""
        return " ".join(part for part in (place, period, self._place(own), said) if part)

    def _place(self, place: Place) -> str:
        """Number of the source in the list and place in it: `[1] row 12, column "Price"`."""
        parts = [self._in_words(key, value) for key, value in place.items() if key != "source"]
        number = [f"[{self._numbers.get(place['source'], place['source'])}]"] if "source" in place else []
        return " ".join([*number, (", " if self.language == "en" else "").join(parts)]).strip()

    def _in_words(self, key: str, value: str) -> str:
        return self.words[f"locator {key}"].format(v=value) if key else value

    @property
    def _comma(self) -> str:
        return ", " if self.language == "en" else "，"

    def locator(self, locator: str) -> str:
        """`row=12,column=Price` in words; what is not known is shown as it is."""
        return self._place(split(locator))


def _is_prose(given: Input) -> bool:
    """Whether an input stands in a running text: its quote is the sentence."""
    return given.locator.startswith("char=")


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
