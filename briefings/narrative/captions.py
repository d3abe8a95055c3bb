"""The words over and under charts and tables: title, subtitle, alternative text, caption.

In: the requests of a briefing and the writer of its edition. Out: a `Caption` for each chart, a sentence for each
table. The title says the chart's finding where it is true of what is plotted; else, what is plotted. Numbers in an
alternative text are runs like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from briefings import quantities
from briefings.briefing import Briefing, ChartRequest, Figure, Finding, PlottedSeries, TableRequest
from briefings.errors import RenderError
from briefings.narrative.model import Caption, Run, Sentence, plain, tidy
from briefings.narrative.names import FEW, Names, uncapitalised
from briefings.narrative.numbers import Numbers, dated, measure_words
from briefings.narrative.sentences import Writer
from briefings.narrative.templates import Fill, Slot, Template
from briefings.periods import Frequency, Period, write_range

#: Measures whose numbers have no unit worth naming.
UNITLESS = ("rank", "place", "item", "index")
#: The measures that tell what a kind of finding says; kinds not listed are told by growth, or by levels.
PICTURED = {
    "rank": ("rank", "level"),
    "rank_moves": ("rank",),
    "share": ("share",),
    "top_share": ("share", "level"),
    "streak": ("level",),
    "record": ("level",),
    "since": ("level",),
    "average_growth": ("level", "average"),
    "crossing": ("level",),
    "gap": ("gap", "level"),
    "first": ("level",),
    "index": ("index",),
    "ratio": ("ratio",),
    "per_head": ("per",),
    "rolling": ("rolling", "level"),
    "volatility": ("volatility", "growth", "change"),
    "attainment": ("attainment",),
    "contribution": ("contribution",),
    "composition": ("share", "level"),
    "tiers": ("increment",),
    "pairs": ("level",),
    "completions": ("attainment",),
}
#: Kinds of chart that show several things in rows of their own: each of them is told, up to so many.
ROWED = frozenset({"dumbbell", "bullet", "stacked bar", "tier bar"})
TOLD_BY_ROW = ROWED | {"slope", "waterfall"}
MOST_TOLD = 12
#: What series of a waterfall or a band are, beside places.
BESIDE = ("others", "total", "highest", "upper quartile", "median", "lower quartile", "lowest")


def charts(briefing: Briefing, writer: Writer) -> dict[str, Caption]:
    """The captions of all charts by id."""
    findings = {finding.id: finding for finding in briefing.every_finding()}
    return {
        chart.id: Charted(chart, writer).caption(findings.get(chart.finding or ""))
        for section in briefing.sections
        for chart in section.charts
    }


def tables(briefing: Briefing, names: Names) -> dict[str, Sentence]:
    """The captions of all tables by id, the summary's among them; the section behind those that would be the same."""
    found = [(briefing.summary, "")] if briefing.summary else []
    for section in briefing.sections:
        found += [(table, section.title.get(names.language, "")) for table in section.tables]
    if briefing.changes and briefing.changes.table:
        found.append((briefing.changes.table, ""))
    captions = {table.id: _table(table, briefing, names, section) for table, section in found}
    told = Counter(plain(caption) for caption in captions.values())
    for table, title in found:
        if title and told[plain(captions[table.id])] > 1:
            behind = f"（{title}）" if names.language == "zh" else f" ({title})"
            captions[table.id] = (*captions[table.id], Run(behind))
    return captions


def pictured(finding: Finding, measure: str, figures: Mapping[str, Figure]) -> Finding | None:
    """The finding as far as a chart of this measure shows it, or None: a chart of monthly changes tells what the figure
    did on the previous month, not how long it has been rising."""
    word = measure.split(maxsplit=1)[0]
    if finding.kind == "extremes":
        return finding if finding.facts.get("measure", "level") == measure.split(" over ", maxsplit=1)[0] else None
    basis = "on previous period" if measure.endswith("on previous period") else "on year"
    bases = {key: figures[key].basis for key in finding.figures.values()}
    own = ("growth",) if finding.kind == "change_in_growth" else tuple(finding.figures)
    rates = [finding.figures[role] for role in own if role in finding.figures]
    if finding.kind == "streak" and word in ("growth", "change"):
        return finding if bases.get(finding.figures.get("length", "")) == basis else None
    if finding.kind in PICTURED:
        return finding if word in PICTURED[finding.kind] else None
    if word not in ("growth", "change"):
        return finding if word == "level" else None
    if finding.facts.get("basis") == basis:
        return finding
    rate = next((key for key in rates if bases[key] == basis), None)
    return finding.model_copy(update={"kind": "growth", "figures": {"growth": rate}}) if rate else None


class Charted:
    """One chart with all that its caption may say."""

    def __init__(self, request: ChartRequest, writer: Writer) -> None:
        self.request = request
        self.writer = writer
        self.names = writer.names
        self.numbers = Numbers(self.names)
        self.plotted = [(series, self._points(series)) for series in request.series]

    def caption(self, finding: Finding | None) -> Caption:
        book = self.names.book
        shown = pictured(finding, self.request.measure, self.names.briefing.figures) if finding else None
        phrases = book.captions["chart"]
        kind = self._kind if self._kind in phrases else "subtitle"
        return Caption(
            title=self.writer.title(self._seen(shown)) if shown else self._plotted(phrases),
            subtitle=self._said(phrases[kind], {}),
            alternative=tidy(self._alternative(shown), self.names.language),
        )

    def _seen(self, finding: Finding) -> Finding:
        """The finding without what is not drawn: that a figure held at its level, where its growth is."""
        if finding.kind != "flat" or self.request.measure == "level":
            return finding
        figures = {role: key for role, key in finding.figures.items() if role != "level"}
        return finding.model_copy(update={"figures": figures})

    def _plotted(self, phrases: Mapping[str, Template]) -> Sentence:
        """The title of a chart without a finding: what its figures say where they say one thing, else what it shows."""
        if self.request.kind == "slope" and (moved := self._moved()):
            return self._said(phrases[moved[0]], moved[1])
        if self.request.kind == "stacked bar":
            largest = self._largest_part()
            return self._said(phrases["title of a largest part" if largest else "title of parts"], largest)
        several = "title of several" if self.request.kind in ROWED else "title"
        return self._said(phrases["title of rates" if self.request.kind == "bullet" else several], self._reach())

    def _moved(self) -> tuple[str, dict[str, str | Figure]] | None:
        """How far the line that matters has come, else that which has come furthest: which title, and its fills."""
        ends = [(series, points[0][1], points[-1][1]) for series, points in self.plotted if len(points) > 1]
        if not ends:
            return None
        own = (item for item in ends if item[0].highlight)
        series, first, last = next(own, max(ends, key=lambda item: abs(item[2].value - item[1].value)))
        way = self._height(last) - self._height(first)
        alike = self.numbers.text(first) == self.numbers.text(last)
        title = "title of no change" if alike else "title of a rise" if way > 0 else "title of a fall"
        return title, {"place": self._called(series), "first": first, "last": last}

    def _largest_part(self) -> dict[str, str | Figure]:
        """The part that is the largest of every bar, where there are several and it is one and the same; else empty."""
        bars: dict[str, list[tuple[PlottedSeries, Figure]]] = {}
        for series, points in self.plotted:
            if points and not self._is_total(series):
                bars.setdefault(series.row, []).append((series, points[-1][1]))
        largest: set[tuple[str, str] | None] = set()
        for parts in bars.values():
            first, *rest = sorted(parts, key=lambda part: -part[1].value)
            alike = rest and self.numbers.text(rest[0][1]) == self.numbers.text(first[1])
            largest.add(None if alike else (first[0].indicator, first[0].breakdown))
        one, names = largest.pop() if len(largest) == 1 else None, self.names
        if len(bars) < 2 or one is None:
            return {}
        indicator, breakdown = one
        part = names.breakdown(breakdown) if breakdown else names.indicator(indicator)
        return {"part": uncapitalised(part, names.language)}

    def _reach(self) -> dict[str, str | Figure]:
        """The lowest and the highest of the last figures."""
        lasts = sorted((points[-1][1] for _, points in self.plotted if points), key=self._height)
        return {"lowest": lasts[0], "highest": lasts[-1]}

    def _points(self, series: PlottedSeries) -> list[tuple[str, Figure]]:
        return [(point.period, self.numbers.figure(point.figure)) for point in series.points if point.figure]

    def _alternative(self, finding: Finding | None) -> Iterator[Run]:
        """Kind of chart, what is plotted, the course of the series that matters, and the finding."""
        captions = self.names.book.captions["alternative"]
        join = Run(self.names.book.punctuation["join"])
        yield from self._said(captions[self._kind if self._kind in captions else self.request.kind], {})
        for part in self._courses(captions):
            yield join
            yield from part
        if finding:
            yield join
            yield from self.writer.again(finding)

    @property
    def _kind(self) -> str:
        """The kind of chart, as the captions call it: of a band, what it holds."""
        if self.request.kind != "band":
            return self.request.kind
        return "middle half" if any(series.row == "upper quartile" for series in self.request.series) else "range"

    def _courses(self, captions: Mapping[str, Template]) -> Iterator[Sentence]:
        """First, last, highest and lowest: of the series that matters where time is plotted, else of all places."""
        plotted = [(series, points) for series, points in self.plotted if points]
        if not plotted:
            return
        if self.request.kind in TOLD_BY_ROW:
            yield from self._rows(plotted, captions)
            return
        if len(plotted) > 1 and all(len(points) == 1 for _, points in plotted):
            yield self._extent([(series, points[0][1]) for series, points in plotted], captions)
            return
        main = next((item for item in plotted if item[0].highlight), plotted[0])
        yield self._course(*main, captions)
        if self.request.kind == "band":
            yield self._edges({series.row: points[-1][1] for series, points in plotted}, captions)
        elif len(plotted) > 1:
            yield self._said(captions["others"], {})

    def _edges(self, last: Mapping[str, Figure], captions: Mapping[str, Template]) -> Sentence:
        """Where a band ends: its edges and its middle."""
        upper, lower = last.get("upper quartile") or last["highest"], last.get("lower quartile") or last["lowest"]
        return self._said(captions["edges"], {"lowest": lower, "highest": upper, "middle": last["median"]})

    def _rows(
        self, plotted: Sequence[tuple[PlottedSeries, Sequence[tuple[str, Figure]]]], captions: Mapping[str, Template]
    ) -> Iterator[Sentence]:
        """Every row by itself: its value, or what it was and what it is."""
        for series, points in plotted[:MOST_TOLD]:
            total = self._is_total(series)
            fills: dict[str, str | Figure] = {"place": self._row(series.row) if total else self._called_in_row(series)}
            if self.request.kind == "waterfall" and series.row:
                yield self._said(
                    captions["rest" if series.row == "others" else "item"], fills | {"first": points[0][1]}
                )
                continue
            fills |= {"first": points[0][1], "first_period": points[0][0]}
            fills |= {"last": points[-1][1], "last_period": points[-1][0]}
            yield self._said(captions["total" if total else "pair" if len(points) > 1 else "item"], fills)
        if len(plotted) > MOST_TOLD:
            yield self._said(captions["more"], {})

    def _called_in_row(self, series: PlottedSeries) -> str:
        """What a row or a part is called: by whatever the rows of this chart differ in, as `charts` names them."""
        names, asked = self.names, self.request.series
        if self.request.kind in ("stacked bar", "tier bar"):
            part = names.breakdown(series.breakdown) if series.breakdown else names.indicator(series.indicator)
            several = len({item.row for item in asked}) > 1
            return f"{self._row(series.row)}{self._comma}{part}" if several else part
        parts = [names.indicator(series.indicator)] if len({item.indicator for item in asked}) > 1 else []
        if len({item.place for item in asked}) > 1:
            parts.append(names.place(series.place))
        if series.breakdown:
            parts.append(names.breakdown(series.breakdown))
        return self._comma.join(parts) or names.indicator(series.indicator)

    @property
    def _comma(self) -> str:
        return "，" if self.names.language == "zh" else ", "

    def _is_total(self, series: PlottedSeries) -> bool:
        """Whether a series is the total of its bar: the other parts of it have a breakdown, it has none."""
        if self.request.kind not in ("stacked bar", "tier bar"):
            return False
        return not series.breakdown and any(item.row == series.row and item.breakdown for item in self.request.series)

    def _row(self, row: str) -> str:
        """What a bar of parts is: an indicator, a place or a period; one that stands alone may be none of these."""
        known = self.names.briefing.names
        if not row:
            return self.names.indicator(self.request.indicator)
        if row in known.indicators:
            return self.names.indicator(row)
        return self.names.place(row) if row in known.places else Period.parse(row).write(self.names.language)

    def _things(self) -> str:
        """What the chart is of, where that is few enough to name: its indicators, or those of its bars."""
        keys = [item.indicator for item in self.request.series]
        if self.request.kind == "tier bar":
            keys = [item.row or item.indicator for item in self.request.series]
        keys = [key for key in dict.fromkeys(keys) if key in self.names.briefing.names.indicators]
        names = [self.names.indicator(key) for key in keys]
        names[1:] = [uncapitalised(name, self.names.language) for name in names[1:]]
        return self.names.listed(names) if len(names) <= FEW else ""

    def _course(
        self, series: PlottedSeries, points: Sequence[tuple[str, Figure]], captions: Mapping[str, Template]
    ) -> Sentence:
        highest = max(points, key=lambda point: self._height(point[1]))
        lowest = min(points, key=lambda point: self._height(point[1]))
        ends = {"first": points[0], "last": points[-1], "highest": highest, "lowest": lowest}
        fills: dict[str, str | Figure] = {"place": self._called(series)}
        for role, (period, figure) in ends.items():
            fills |= {role: figure, f"{role}_period": period}
        return self._said(captions["course" if len(points) > 1 else "same"], fills)

    def _extent(self, bars: Sequence[tuple[PlottedSeries, Figure]], captions: Mapping[str, Template]) -> Sentence:
        highest = max(bars, key=lambda bar: self._height(bar[1]))
        lowest = min(bars, key=lambda bar: self._height(bar[1]))
        fills: dict[str, str | Figure] = {"place": self._called(bars[0][0])}
        for role, (series, figure) in {"first": bars[0], "highest": highest, "lowest": lowest}.items():
            fills |= {role: figure, f"{role}_place": self._called(series)}
        return self._said(captions["extent"], fills)

    def _height(self, figure: Figure) -> float:
        """How high a figure stands: the first rank stands highest."""
        return -figure.value if self.request.measure.startswith("rank") else figure.value

    def _called(self, series: PlottedSeries) -> str:
        """What a series is called: its place, or, where the indicator knows no places, the indicator."""
        if self.names.placeless(series.indicator) and not series.breakdown:
            return self.names.indicator(series.indicator)
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
            return dated(Period.parse(value), self.names.language, slot.form)
        text = value if value is not None else self._fixed(slot.name)
        return Fill((Run(text),), "@") if text else None

    def _fixed(self, name: str) -> str:
        """What is known of every chart, by the name of its slot."""
        request, names = self.request, self.names
        known: dict[str, Callable[[], str]] = {
            "name": lambda: names.indicator(request.indicator),
            "label": lambda: _label(names, request.indicator, [one for one in request.series if one.row not in BESIDE]),
            "places": lambda: _places(names, request.indicator, request.series),
            "measure": lambda: measure_words(request.measure, names, request.indicator, request.periods[-1]),
            "unit": self._unit,
            "span": lambda: _span(request.periods, names),
            "things": self._things,
            "ends": lambda: names.listed([_dated(Period.parse(text), names) for text in request.periods]),
        }
        return "" if name == "measure" and request.measure == "level" else known[name]()

    def _unit(self) -> str:
        """The unit of the axis, on the scale of what is plotted."""
        if self.request.unit in UNITLESS or self.request.measure.startswith("rank"):
            return ""
        language = self.names.language
        values = [figure.value for _, points in self.plotted for _, figure in points]
        counter = self.names.briefing.names.indicators[self.request.indicator].counter.get(language, "")
        label = quantities.scale_for(values, self.request.unit, language, counter=counter).label
        return label.replace("LCU", quantities.currency_name("LCU", language, count=2))


def _table(request: TableRequest, briefing: Briefing, names: Names, section: str) -> Sentence:
    indicators = list(dict.fromkeys(column.indicator for column in request.columns if column.indicator))
    indicators = indicators or list(dict.fromkeys(row.indicator for row in request.rows if row.indicator))
    rows = [PlottedSeries(indicator=row.indicator, place=row.place, points=()) for row in request.rows if row.place]
    if not rows or request.rows_are in ("accounts", "revisions"):
        rows = [PlottedSeries(indicator=indicators[0], place=briefing.place, points=())]
    periods = [row.period for row in request.rows if row.period]
    periods = periods or [column.period for column in request.columns if column.period] or [briefing.period]
    texts = {
        "name": names.listed([names.indicator(indicator) for indicator in indicators][:FEW]),
        "label": _label(names, indicators[0], rows),
        "places": _places(names, indicators[0], rows) or names.place(briefing.place),
        "period": _dated(Period.parse(briefing.period), names),
        "span": _span(periods, names),
        "section": section,
    }
    dated = request.rows_are == "places" and any(row.period for row in request.rows)
    template = names.book.captions["table"]["latest available" if dated else request.rows_are]
    filled = template.fill(lambda slot, opening: Fill((Run(texts[slot.name]),), "@") if texts.get(slot.name) else None)
    if filled is None:
        raise RenderError(f"The caption of table {request.id!r} cannot be said in {names.language!r}.")
    return _capital(filled.runs, names)


def _label(names: Names, indicator: str, series: Sequence[PlottedSeries]) -> str:
    return names.label(indicator, [item.place for item in series])


def _places(names: Names, indicator: str, series: Sequence[PlottedSeries]) -> str:
    """The places of the series, those left out whose indicator knows no places (the price of Brent)."""
    places = [
        item.place for item in series if item.row not in BESIDE and not names.placeless(item.indicator or indicator)
    ]
    return names.those(indicator, places) if places else ""


def _span(periods: Sequence[str], names: Names) -> str:
    parsed = sorted(Period.parse(period) for period in periods)
    quarters = all(period.frequency is Frequency.QUARTERLY for period in parsed)
    return write_range(parsed[0], parsed[-1], names.language, style="short" if quarters else "long")


def _dated(period: Period, names: Names) -> str:
    """A period as a heading names it: quarters shortly (Q2 2026)."""
    return period.write(names.language, style="short" if period.frequency is Frequency.QUARTERLY else "long")


def _capital(runs: Sequence[Run], names: Names) -> Sentence:
    first, *rest = runs
    return tidy((Run(first.text[:1].upper() + first.text[1:], first.figure), *rest), names.language)
