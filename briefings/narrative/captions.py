"""The words over and under charts and tables: title, subtitle, alternative text, caption.

In: the requests of a briefing and the writer of its edition. Out: a `Caption` for each chart, a sentence for each table.
The title says the chart's finding; where it has none, what is plotted. Numbers in an alternative text are runs like any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from briefings import quantities
from briefings.briefing import Briefing, ChartRequest, Figure, Finding, PlottedSeries, TableRequest
from briefings.errors import RenderError
from briefings.narrative.model import Caption, Run, Sentence, tidy
from briefings.narrative.names import Names
from briefings.narrative.sentences import Writer
from briefings.narrative.slots import Numbers, dated
from briefings.narrative.templates import Fill, Slot, Template
from briefings.periods import Period, write_range

#: More places than these are not listed in a subtitle.
LISTED = 4
#: Measures whose numbers have no unit worth naming.
UNITLESS = ("rank", "place", "item", "index")


def charts(briefing: Briefing, writer: Writer, sentences: Mapping[str, Sentence]) -> dict[str, Caption]:
    """The captions of all charts by id."""
    findings = {finding.id: finding for finding in briefing.every_finding()}
    return {
        chart.id: Charted(chart, briefing, writer).caption(findings, sentences)
        for section in briefing.sections
        for chart in section.charts
    }


def tables(briefing: Briefing, names: Names) -> dict[str, Sentence]:
    """The captions of all tables by id, the summary's among them."""
    found = [table for section in briefing.sections for table in section.tables]
    return {
        table.id: _table(table, briefing, names) for table in ([briefing.summary] if briefing.summary else []) + found
    }


class Charted:
    """One chart with all that its caption may say."""

    def __init__(self, request: ChartRequest, briefing: Briefing, writer: Writer) -> None:
        self.request = request
        self.briefing = briefing
        self.writer = writer
        self.names = writer.names
        self.numbers = Numbers(self.names)

    def caption(self, findings: Mapping[str, Finding], sentences: Mapping[str, Sentence]) -> Caption:
        book = self.names.book
        finding = findings.get(self.request.finding or "")
        title = self.writer.title(finding) if finding else self._said(book.captions["chart"]["title"], {})
        told = sentences[finding.id] if finding else ()
        return Caption(
            title=title,
            subtitle=self._said(book.captions["chart"]["subtitle"], {}),
            alternative=tidy(self._alternative(told), self.names.language),
        )

    def _alternative(self, told: Sentence) -> Iterator[Run]:
        """Kind of chart, what is plotted, the course of the series that matters, and the finding."""
        captions = self.names.book.captions["alternative"]
        join = self.names.book.punctuation["join"]
        yield from self._said(captions[self.request.kind], {})
        for part in self._courses(captions):
            yield Run(join)
            yield from part
        if told:
            yield Run(join)
            yield from told

    def _courses(self, captions: Mapping[str, Template]) -> Iterator[Sentence]:
        """First, last, highest and lowest: of the series that matters where time is plotted, else of all places."""
        plotted = [(series, self._points(series)) for series in self.request.series]
        plotted = [(series, points) for series, points in plotted if points]
        if not plotted:
            return
        if all(len(points) == 1 for _, points in plotted) and len(plotted) > 1:
            yield self._extent([(series, points[0][1]) for series, points in plotted], captions)
            return
        main = next((item for item in plotted if item[0].highlight), plotted[0])
        yield self._course(*main, captions)
        if len(plotted) > 1:
            yield self._said(captions["others"], {})

    def _points(self, series: PlottedSeries) -> list[tuple[str, Figure]]:
        return [(point.period, self.numbers.figure(point.figure)) for point in series.points if point.figure]

    def _course(
        self, series: PlottedSeries, points: Sequence[tuple[str, Figure]], captions: Mapping[str, Template]
    ) -> Sentence:
        highest = max(points, key=lambda point: point[1].value)
        lowest = min(points, key=lambda point: point[1].value)
        ends = {"first": points[0], "last": points[-1], "highest": highest, "lowest": lowest}
        fills: dict[str, str | Figure] = {"place": self._entity(series)}
        for role, (period, figure) in ends.items():
            fills |= {role: figure, f"{role}_period": period}
        return self._said(captions["course" if len(points) > 1 else "same"], fills)

    def _extent(self, bars: Sequence[tuple[PlottedSeries, Figure]], captions: Mapping[str, Template]) -> Sentence:
        highest = max(bars, key=lambda bar: bar[1].value)
        lowest = min(bars, key=lambda bar: bar[1].value)
        fills: dict[str, str | Figure] = {"place": self._entity(bars[0][0])}
        for role, (series, figure) in {"first": bars[0], "highest": highest, "lowest": lowest}.items():
            fills |= {role: figure, f"{role}_place": self._entity(series)}
        return self._said(captions["extent"], fills)

    def _entity(self, series: PlottedSeries) -> str:
        return self.names.entity(series.indicator, series.place, series.breakdown)

    def _said(self, template: Template, fills: Mapping[str, str | Figure]) -> Sentence:
        """A phrase of the captions, filled. Raises `RenderError` where it cannot be."""
        filled = template.fill(lambda slot, opening: self._fill(slot, fills))
        if filled is None:
            raise RenderError(f"The caption {template.source!r} cannot be said of chart {self.request.id!r}.")
        return _capital(filled.runs, self.names)

    def _fill(self, slot: Slot, fills: Mapping[str, str | Figure]) -> Fill | None:
        value = fills.get(slot.name)
        if isinstance(value, Figure):
            return self.numbers.fill(value.id, slot.form)
        if value is not None and slot.name.endswith("_period"):
            return dated(Period.parse(value), self.names.language, slot.form or "name")
        text = value if value is not None else self._fixed(slot.name)
        return Fill((Run(text),), "@") if text else None

    def _fixed(self, name: str) -> str:
        request = self.request
        if name == "name":
            return self.names.indicator(request.indicator)
        if name == "measure":
            return "" if request.measure == "level" else measure_words(request.measure, self.names)
        if name == "unit":
            return self._unit()
        if name == "places":
            return _places(
                [(series.indicator, series.place, series.breakdown) for series in request.series], self.names
            )
        if name == "span":
            return _span(request.periods, self.names)
        return ""

    def _unit(self) -> str:
        """The unit of the axis, on the scale of what is plotted."""
        if self.request.unit in UNITLESS or self.request.measure.startswith("rank"):
            return ""
        values = [figure.value for series in self.request.series for _, figure in self._points(series)]
        return quantities.scale_for(values, self.request.unit, self.names.language).label


def measure_words(measure: str, names: Names) -> str:
    """A measure as a subtitle names it: average annual growth over 5 years, share of the world."""
    words = measure.split()
    for length in range(len(words), 0, -1):
        phrase = names.book.measures.get(" ".join(words[:length]))
        if phrase is None:
            continue
        rest = " ".join(words[length:]).removeprefix("to ").removeprefix("of ").removeprefix("from ")
        rest = rest.removeprefix("since ").removeprefix("over ").removesuffix(" years").removesuffix(" periods")
        return _tail(phrase, rest, names)
    raise RenderError(f"The measure {measure!r} has no words in {names.language!r}; add it under `measures:`.")


def _tail(phrase: str, rest: str, names: Names) -> str:
    """The phrase with what follows a measure put in: a place, an indicator, a period, a number of periods."""
    if "{place}" in phrase:
        known = rest in names.briefing.names.places
        return phrase.replace("{place}", names.place(rest, in_text=True) if known else names.book.entities["other"])
    if "{indicator}" in phrase:
        return phrase.replace("{indicator}", names.indicator(rest))
    if "{period}" in phrase:
        return phrase.replace("{period}", Period.parse(rest).write(names.language))
    return phrase.replace("{n}", rest)


def _table(request: TableRequest, briefing: Briefing, names: Names) -> Sentence:
    indicators = list(dict.fromkeys(column.indicator for column in request.columns if column.indicator))
    rows = [(request.columns[0].indicator, row.place, row.breakdown) for row in request.rows if row.place]
    periods = [row.period for row in request.rows if row.period]
    periods = periods or [column.period for column in request.columns if column.period] or [briefing.period]
    texts = {
        "name": names.listed([names.indicator(indicator) for indicator in indicators][:LISTED]),
        "places": _places(rows, names, in_table=True) if rows else names.place(briefing.place),
        "period": Period.parse(briefing.period).write(names.language),
        "span": _span(periods, names),
    }
    filled = names.book.captions["table"][request.rows_are].fill(
        lambda slot, opening: Fill((Run(texts[slot.name]),), "@") if texts.get(slot.name) else None
    )
    if filled is None:
        raise RenderError(f"The caption of table {request.id!r} cannot be said in {names.language!r}.")
    return _capital(filled.runs, names)


def _places(members: Iterable[tuple[str, str, str]], names: Names, *, in_table: bool = False) -> str:
    """The places plotted, by name while they are few, else by the word for them."""
    members = list(dict.fromkeys(members))
    places = list(dict.fromkeys(place for _, place, _ in members))
    if len(places) > LISTED:
        return names.entities(members[0][0], places)
    return names.listed([names.place(place, in_text=not in_table) for place in places])


def _span(periods: Sequence[str], names: Names) -> str:
    parsed = sorted(Period.parse(period) for period in periods)
    return write_range(parsed[0], parsed[-1], names.language)


def _capital(runs: Sequence[Run], names: Names) -> Sentence:
    first, *rest = runs
    return tidy((Run(first.text[:1].upper() + first.text[1:], first.figure), *rest), names.language)
