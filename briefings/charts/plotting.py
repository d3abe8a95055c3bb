"""What a chart plots, in the language of its edition: names, periods, values in one scale, and every number as text.

In: a `ChartRequest`, its `Briefing` and a language. Out: a `Plot` of plain values, which the kinds of charts next door
lay out (`KINDS`). Nothing here knows Altair: what a chart prints can be asked without drawing it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import count

from briefings.briefing import Briefing, ChartRequest, Figure, PlottedSeries, Text
from briefings.charts.theme import COLOURS, GREY, HIGHLIGHT, INK, QUIET
from briefings.errors import PeriodError, RenderError
from briefings.periods import Language, Period
from briefings.quantities import Scale, Unit, qualifier_mark, scale_for, write, write_number

_ONE_PLACE = frozenset({"percent", "percentage point"})
_SIGNIFICANT = 4
#: Kinds whose series are parts of bars; and kinds whose rows or panels are all alike, so that colour says nothing.
STACKED = frozenset({"stacked bar", "tier bar"})
_ALIKE = frozenset({"dumbbell", "bullet", "bar", "dot plot", "small multiples", "heat map", "waterfall"})
#: What a series is beside a place: in a waterfall, in a band. The total of a waterfall has the name of its place.
ROLES: dict[str, Text] = {
    "others": {"en": "Others", "zh": "其他"},
    "highest": {"en": "highest", "zh": "最高"},
    "upper quartile": {"en": "upper quartile", "zh": "上四分位"},
    "median": {"en": "median", "zh": "中位数"},
    "lower quartile": {"en": "lower quartile", "zh": "下四分位"},
    "lowest": {"en": "lowest", "zh": "最低"},
}
TOTAL = "total"
#: The upper and the lower edge of a band, by their roles; the first pair that a chart has is drawn.
PAIRS = (("upper quartile", "lower quartile"), ("highest", "lowest"))
EDGES = frozenset(role for pair in PAIRS for role in pair)
#: Statuses whose stretch of a line is dashed, and what it is called at its end.
TENTATIVE: dict[str, Text] = {
    "estimate": {"en": "estimate", "zh": "预计"},
    "flash": {"en": "flash estimate", "zh": "快报"},
    "preliminary": {"en": "preliminary", "zh": "初步"},
    "target": {"en": "target", "zh": "目标"},
}


Words = tuple[str, str, str, str]
"""Name, period, value with its unit, status."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One data point: its series and period by number, its figure, its value in the chart's scale.

    `words`: its name, its period, its value with its unit and its status, in words; `tip`: the same in one text.
    """

    series: int
    step: int
    figure: Figure
    value: float
    tip: str
    words: Words


@dataclass(frozen=True, slots=True)
class Series:
    """One line, bar or row: what it is called, how it is coloured, a mark or None (a gap) for every period.

    `key` is whatever sets it apart in its chart (a place, an indicator, a breakdown), the same in every chart. A part
    of a bar has a `row`, the bar that it belongs to, and the name of that bar; a series of a waterfall or a band that
    is no place has the role that it plays there.
    """

    number: int
    key: str
    name: str
    highlight: bool
    colour: str
    ink: str
    marks: tuple[Mark | None, ...]
    row: str = ""
    row_name: str = ""

    @property
    def full_name(self) -> str:
        """Its own name, after that of the bar that it is a part of."""
        return ": ".join(name for name in (self.row_name, self.name) if name)

    @property
    def plotted(self) -> list[Mark]:
        return [mark for mark in self.marks if mark is not None]

    @property
    def last(self) -> Mark | None:
        return next((mark for mark in reversed(self.marks) if mark is not None), None)


@dataclass(frozen=True, slots=True)
class Label:
    """A number that stands beside a mark: which figure it prints, and as what."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Plot:
    """A chart's data: `unit` is what stands above the axis ("CNY billion", 亿元), `sign` what stands behind every
    number instead (%); values are divided by `scale`. `told`: the line under the title, which stands right above the
    axis: a unit that it names is not said twice."""

    request: ChartRequest
    language: Language
    periods: tuple[Period, ...]
    series: tuple[Series, ...]
    scale: Scale
    told: str = ""

    @property
    def unit(self) -> str:
        bare = self.sign or self.request.unit == "rank" or self.request.measure.startswith("rank")
        return "" if bare else self.unit_of_cells

    @property
    def unit_of_cells(self) -> str:
        """The unit where the numbers are bare, percent too: nothing where the line under the title names it."""
        return "" if self.scale.label in self.told else self.scale.label

    @property
    def sign(self) -> str:
        return "%" if self.request.unit == "percent" else ""

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(mark for series in self.series for mark in series.plotted)

    @cached_property
    def breaks(self) -> tuple[int, ...]:
        """The steps at which the series break: nothing joins the period before with this one."""
        declared = set(self.request.breaks)
        return tuple(step for step, text in enumerate(self.request.periods) if text in declared)

    def name_of(self, step: int, *, long: bool = False) -> str:
        return self.periods[step].write(self.language, "long" if long else "short")

    def labels(self, marks: Sequence[Mark]) -> list[Label]:
        """The numbers beside these marks: all with the same precision, percent with its sign. Of the parts of a whole,
        each part has its own, as its column in the table has."""
        apart = self.request.kind == "stacked bar"
        parts = defaultdict[tuple[str, str], list[Figure]](list)
        for mark in marks:
            parts[_part(mark.figure) if apart else ("", "")].append(mark.figure)
        places = {part: _places(figures, self.scale, self.request.unit) for part, figures in parts.items()}
        own = (_part(mark.figure) if apart else ("", "") for mark in marks)
        return [Label(mark, self._write(mark.figure, places[part])) for mark, part in zip(marks, own, strict=True)]

    def _write(self, figure: Figure, places: int) -> str:
        mark = qualifier_mark(figure.qualifier, target=figure.status == "target", unit=figure.unit)
        if figure.unit == "percent":
            return mark + write(figure.value, figure.unit, self.language, decimals=places, style="short")
        return mark + write_number(_scaled(figure.value, self.scale), self.language, decimals=places)


def plot(request: ChartRequest, briefing: Briefing, language: Language, told: str = "") -> Plot:
    """Put a request into the words and numbers of a language. `told`: the line under the title of the chart.

    Raises `RenderError` where there is nothing to plot, or where a figure is of another unit than the chart's: only
    small multiples may differ in it, since each panel has an axis of its own.
    """
    figures = [
        _figure(point.figure, request, briefing) for series in request.series for point in series.points if point.figure
    ]
    if not figures:
        raise RenderError(f"Chart {request.id} has no figure to plot; compose should have left it out.")
    counter = _counter(request.indicator, briefing, language)
    scale = scale_for([figure.value for figure in figures], request.unit, language, counter=counter)
    periods = tuple(Period.parse(text) for text in request.periods)
    names = _names(request, briefing, language)
    stacked = request.kind in STACKED
    rows = [_row_name(one.row, briefing, language) if stacked else "" for one in request.series]
    keys, colours = _keys(request), list(_colours(request.series, alike=request.kind in _ALIKE))
    series = []
    for number, (asked, name, row, (colour, ink)) in enumerate(zip(request.series, names, rows, colours, strict=True)):
        given = {point.period: _figure(point.figure, request, briefing) for point in asked.points if point.figure}
        if stray := set(given) - set(request.periods):
            raise RenderError(f"Chart {request.id} has points outside its axis: {', '.join(sorted(stray))}.")
        called = name if row in ("", name) else f"{row}，{name}" if language == "zh" else f"{row}, {name}"
        marks = [
            _mark(number, step, figure, scale, _told(called, period, figure, counter, language), language)
            if (figure := given.get(text)) is not None
            else None
            for step, (text, period) in enumerate(zip(request.periods, periods, strict=True))
        ]
        series.append(Series(number, keys[number], name, asked.highlight, colour, ink, tuple(marks), asked.row, row))
    return Plot(request, language, periods, tuple(series), scale, told)


def _figure(identifier: str, request: ChartRequest, briefing: Briefing) -> Figure:
    figure = briefing.figures.get(identifier)
    if figure is None:
        raise RenderError(f"Chart {request.id} plots figure {identifier}, which the briefing does not hold.")
    # Panels have an axis each; contributions are points of a growth in percent.
    points = request.kind == "waterfall" and {figure.unit, request.unit} <= _ONE_PLACE
    if figure.unit != request.unit and request.kind != "small multiples" and not points:
        raise RenderError(f"Chart {request.id} is in {request.unit!r}; its figure {identifier} is in {figure.unit!r}.")
    return figure


def _mark(series: int, step: int, figure: Figure, scale: Scale, words: Words, language: Language) -> Mark:
    return Mark(series, step, figure, _scaled(figure.value, scale), _tip(words, language), words)


def _told(name: str, period: Period, figure: Figure, counter: str, language: Language) -> Words:
    """What the pointer brings up: name, period, value with its unit, status where it is not an actual."""
    value = write(figure.value, figure.unit, language, decimals=figure.decimals, counter=counter)
    mark = qualifier_mark(figure.qualifier, target=figure.status == "target", unit=figure.unit)
    return name, period.write(language), mark + value, TENTATIVE.get(figure.status, {}).get(language, "")


def _tip(words: Words, language: Language) -> str:
    name, when, value, status = words
    if language == "zh":
        return f"{name}，{when}：{value}" + (f"（{status}）" if status else "")
    return f"{name}, {when}: {value}" + (f" ({status})" if status else "")


def _part(figure: Figure) -> tuple[str, str]:
    """Which part of a whole a figure is that of."""
    return figure.indicator, figure.breakdown


def _scaled(value: float, scale: Scale) -> float:
    return float(Decimal(repr(value)) / scale.factor)


def _places(figures: Sequence[Figure], scale: Scale, unit: str) -> int:
    """Places after the point: the figures' own where nothing is scaled; else as many as they need, within what
    `quantities.write` prints in the text beside the chart (one for percent, two for the rest, four significant digits
    for rates below one)."""
    stated = [figure.decimals for figure in figures if figure.decimals is not None]
    if scale.factor == 1 and len(stated) == len(figures):
        return max(stated, default=0)
    rate = Unit.parse(unit)[0].is_compound
    scaled = [Decimal(repr(figure.value)) / scale.factor for figure in figures]
    return max((min(_needed(value), _most(value, unit, rate=rate)) for value in scaled), default=0)


def _needed(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _most(value: Decimal, unit: str, *, rate: bool) -> int:
    if rate and 0 < abs(value) < 1:
        return _SIGNIFICANT - 1 - value.adjusted()
    return 1 if unit in _ONE_PLACE else 2


# Names and colours


def _names(request: ChartRequest, briefing: Briefing, language: Language) -> list[str]:
    """What each series is called: by whatever the series of this chart differ in (place, indicator, breakdown); a part
    of a bar by what it is a part of the bar as."""
    series = request.series
    if request.kind in STACKED:
        return [_part_name(one, briefing, language) for one in series]
    places = len({one.place for one in series}) > 1
    indicators = len({one.indicator for one in series}) > 1
    breakdowns = len({one.breakdown for one in series}) > 1
    places = places or not (indicators or breakdowns)
    names = []
    for one in series:
        if one.row in ROLES:
            names.append(ROLES[one.row][language])
            continue
        parts = [_indicator_name(one.indicator, briefing, language)] if indicators else []
        parts += [_place_name(one.place, briefing, language)] if places else []
        if breakdowns:
            parts += [_breakdown_name(one, briefing, language)]
        names.append(("，" if language == "zh" else ", ").join(parts))
    return names


def _keys(request: ChartRequest) -> list[str]:
    """What sets each series apart, by whatever the series of this chart differ in; a role where it is no place."""
    series = request.series
    places = len({one.place for one in series}) > 1
    things = [one.breakdown or one.indicator for one in series]
    if request.kind in STACKED or (not places and len(set(things)) > 1):
        return things
    several = places and len(set(things)) > 1
    keys = [f"{one.place}/{thing}" if several else one.place for one, thing in zip(series, things, strict=True)]
    return [one.row if one.row in (*ROLES, TOTAL) else key for one, key in zip(series, keys, strict=True)]


def _part_name(part: PlottedSeries, briefing: Briefing, language: str) -> str:
    """A breakdown, or else an indicator."""
    return (
        _breakdown_name(part, briefing, language)
        if part.breakdown
        else _indicator_name(part.indicator, briefing, language)
    )


def _row_name(row: str, briefing: Briefing, language: Language) -> str:
    """What a bar of parts is called: an indicator, a place or a period."""
    if row in briefing.names.indicators:
        return _indicator_name(row, briefing, language)
    if not row or row in briefing.names.places:
        return row and _place_name(row, briefing, language)
    try:
        return Period.parse(row).write(language, "short")
    except PeriodError:
        return row


def _counter(indicator: str, briefing: Briefing, language: str) -> str:
    """The word that stands after a count of the indicator, where it has one of its own."""
    known = briefing.names.indicators.get(indicator)
    return known.counter.get(language, "") if known else ""


def _in_language(texts: Text, language: str) -> str:
    return texts.get(language) or next((text for text in texts.values() if text), "")


def _indicator_name(indicator: str, briefing: Briefing, language: str) -> str:
    known = briefing.names.indicators.get(indicator)
    return indicator if known is None else known.short.get(language) or _in_language(known.name, language)


def _place_name(place: str, briefing: Briefing, language: str) -> str:
    known = briefing.names.places.get(place)
    return place if known is None else _in_language(known.name, language)


def _breakdown_name(series: PlottedSeries, briefing: Briefing, language: str) -> str:
    """`industry=coal;sex=female` in words; without a breakdown, the place itself (the whole)."""
    if not series.breakdown:
        return _place_name(series.place, briefing, language)
    names = briefing.names.breakdowns
    whole = [series.breakdown] if series.breakdown in names else series.breakdown.split(";")
    parts = (_in_language(names[part], language) if part in names else part.split("=")[-1] for part in whole)
    return ("、" if language == "zh" else ", ").join(part for part in parts if part)


def _colours(series: Sequence[PlottedSeries], *, alike: bool) -> Iterator[tuple[str, str]]:
    """Colour and label ink of each series: the own place and the benchmark in theirs, the rest grey; grey never for the
    only group. A colour goes with what is shown, never with its rank of the day: compose numbers them by role and by
    the order of the theme. `alike`: rows, panels and cells have one colour where none of them stands out."""
    highlighted = sum(one.highlight for one in series)
    told = [one.colour is not None for one in series]
    if (alike and highlighted in (0, len(series))) or not (highlighted or any(told)):
        yield from [(HIGHLIGHT, INK)] * len(series)
        return
    order = count()
    for one in series:
        number = one.colour if one.colour is not None else next(order) if one.highlight else None
        if number is None or number >= len(COLOURS):
            yield GREY, QUIET
        else:  # of the four, the second and the fourth are too pale for text
            yield COLOURS[number], INK if number % 2 else COLOURS[number]
