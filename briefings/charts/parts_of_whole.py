"""Charts of parts that make a whole: stacked bar, tier bar.

In: a `Plot` whose series are parts, each with the `row` (the bar) that it belongs to, in the order in which they are to
be stacked. Out: a `Drawing`, and the labels it prints. A series without a breakdown, in a bar whose other parts have
one, is the bar's total: no part, but the label at its end. The parts were chosen, and nested tiers taken apart, in
`compose`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from briefings.charts.heat import DARK, EMPTY
from briefings.charts.labels import line_height, spread, text_width, wrap
from briefings.charts.parts import Drawing, Row, Sheet, raw, unit_head, word, words
from briefings.charts.plotting import Label, Mark, Plot, Series
from briefings.charts.theme import GREY, INK, PAPER, PARTS, QUIET, TEXT, TICK, TIERS, Frame
from briefings.errors import RenderError

DARK_PARTS = DARK | {PARTS[0], PARTS[2], PARTS[4]}
_ALONE, _ONE_OF_SEVERAL, _PITCH = 34.0, 22.0, 31.0  # pixels: height of a bar, and of its row among others
_AIR = {TEXT: 8.0, TICK: 3.0}  # pixels that a value inside a part leaves free, by its size
_LEADER = 9.0  # pixels between the names of the parts and the first bar
_MOST_LINES = 3
_SWATCH, _APART = 15.0, 16.0
_NAMES, _NAMES_NARROW = 0.3, 0.34  # names of bars take at most this part of the width


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of one bar, from `low` to `high` in the chart's scale."""

    part: int
    bar: int
    low: float
    high: float
    mark: Mark


@dataclass(frozen=True, slots=True)
class _Bar:
    """A bar: its name, its parts in order, the mark of its total where a figure tells it."""

    name: str
    segments: tuple[_Segment, ...]
    total: Mark | None

    @property
    def end(self) -> float:
        return self.segments[-1].high if self.segments else 0.0


@dataclass(frozen=True, slots=True)
class _Layout:
    """Bars and parts with all that is decided before anything is drawn: sizes, colours, which values stand inside."""

    plot: Plot
    frame: Frame
    bars: tuple[_Bar, ...]
    parts: tuple[str, ...]
    colours: tuple[str, ...]
    names: tuple[list[str], ...]
    inside: dict[int, Label]
    above: dict[int, Label]
    totals: dict[int, Label]
    high: float

    def x(self, value: float) -> float:
        return value / self.high * self.frame.width

    def middle(self, segment: _Segment) -> float:
        return self.x((segment.low + segment.high) / 2)

    def y(self, bar: int) -> float:
        """The middle of a bar, below the top of the plot."""
        return self.frame.height / len(self.bars) * (bar + 0.5)

    @property
    def thick(self) -> float:
        return _ALONE if len(self.bars) == 1 else _ONE_OF_SEVERAL


# From the plot to a layout


def _bars(plot: Plot) -> tuple[list[_Bar], list[str]]:
    """The bars in order, and the names of the parts. Raises `RenderError` for a part below zero."""
    rows: dict[str, list[Series]] = {}
    for one in plot.series:
        if one.plotted:
            rows.setdefault(one.row, []).append(one)
    totals = {one.number for row in rows.values() for one in row if _is_total(plot, one, row)}
    keys = [one.breakdown or one.indicator for one in plot.request.series]
    parts = _merged([[keys[one.number] for one in row if one.number not in totals] for row in rows.values()])
    names = {key: plot.series[number].name for number, key in enumerate(keys)}
    bars = []
    for number, row in enumerate(rows.values()):
        marks = [(parts.index(keys[one.number]), one.plotted[-1]) for one in row if one.number not in totals]
        if below := [mark.figure.id for _, mark in marks if mark.value < 0]:
            raise RenderError(f"Chart {plot.request.id} stacks figure {below[0]}, which is below zero; parts are not.")
        ends = list(accumulate((mark.value for _, mark in marks), initial=0.0))
        segments = (
            _Segment(part, number, ends[place], ends[place + 1], mark) for place, (part, mark) in enumerate(marks)
        )
        total = next((one.plotted[-1] for one in row if one.number in totals), None)
        bars.append(_Bar(row[0].row_name, tuple(segments), total))
    return bars, [names[key] for key in parts]


def _merged(rows: Sequence[Sequence[str]]) -> list[str]:
    """The parts of all bars in one order that keeps to that of each bar, as far as they agree."""
    merged: list[str] = []
    for row in rows:
        place = len(merged)
        for key in reversed(row):
            if key in merged:
                place = merged.index(key)
            else:
                merged.insert(place, key)
    return merged


def _is_total(plot: Plot, series: Series, row: Sequence[Series]) -> bool:
    asked = plot.request.series
    return not asked[series.number].breakdown and any(asked[one.number].breakdown for one in row)


def _lay_out(plot: Plot, frame: Frame) -> _Layout:
    bars, parts = _bars(plot)
    colours = _colours(plot, len(parts))
    labels = plot.labels([mark for bar in bars for mark in (*(s.mark for s in bar.segments), bar.total) if mark])
    texts = {label.mark.series: label for label in labels}
    totals = {number: texts[bar.total.series] for number, bar in enumerate(bars) if bar.total}
    names = _bar_names(bars, frame)
    left = max((text_width(line) for lines in names for line in lines), default=0.0)
    right = max((text_width(label.text, bold=True) + 8 for label in totals.values()), default=0.0)
    height = _ALONE if len(bars) == 1 else _pitch(names) * len(bars)
    frame = frame.with_margins(left=left + 10 if left else 0, right=right, height=height, bottom=4)
    whole = 100.0 if plot.request.unit == "percent" and not totals else 0.0
    high = max(whole, *(bar.end for bar in bars)) or 1.0
    laid = _Layout(plot, frame, tuple(bars), tuple(parts), colours, tuple(names), {}, {}, totals, high)
    return _with_values(laid, texts)


def _colours(plot: Plot, count: int) -> tuple[str, ...]:
    """Of every part, which has its name beside it; parts beyond those of the theme are grey, and among tiers the
    highest is the darkest."""
    if plot.request.kind == "tier bar":
        return tuple(TIERS[max(0, len(TIERS) - count + part)] for part in range(count))
    return tuple(PARTS[part] if part < len(PARTS) else GREY for part in range(count))


def _with_values(laid: _Layout, texts: dict[int, Label]) -> _Layout:
    """Values stand inside the parts where they fit. A bar that stands alone has either all of them inside, or all
    beside the names."""
    segments = [segment for bar in laid.bars for segment in bar.segments]
    inside = {
        segment.mark.series: texts[segment.mark.series]
        for segment in segments
        if _size(laid, segment, texts[segment.mark.series].text)
    }
    if len(laid.bars) == 1 and len(inside) < len(segments):
        return replace(laid, above={segment.part: texts[segment.mark.series] for segment in segments})
    return replace(laid, inside=inside)


def _size(laid: _Layout, segment: _Segment, text: str) -> float:
    """The size in which a value has room inside its part; 0 where it has none."""
    room = laid.x(segment.high - segment.low)
    return next((size for size in (TEXT, TICK) if text_width(text, size) + _AIR[size] <= room), 0.0)


def _bar_names(bars: Sequence[_Bar], frame: Frame) -> list[list[str]]:
    """The names of bars in lines; one that stands alone is named by the title."""
    room = frame.total * (_NAMES_NARROW if frame.narrow else _NAMES)
    return [wrap(bar.name, room) if bar.name and len(bars) > 1 else [] for bar in bars]


def _pitch(names: Sequence[list[str]]) -> float:
    return max(_PITCH, *(len(lines) * line_height() + 5 for lines in names))


# Labels


def stacked_labels(plot: Plot, frame: Frame) -> list[Label]:
    """The values inside the parts, or beside their names; in a bar among others those that fit. And the totals."""
    laid = _lay_out(plot, frame)
    return [*laid.inside.values(), *laid.above.values(), *laid.totals.values()]


# Drawing


def stacked(plot: Plot, frame: Frame) -> Drawing:
    """Bars of parts from zero: shares of a whole, amounts that add up to one, or nested counts taken apart (so many of
    the lowest tier alone, so many more above it)."""
    import altair as alt

    laid = _lay_out(plot, frame)
    heads, leaders, top = _heads(laid)
    frame = laid.frame.with_margins(top=top)
    sheet = Sheet()
    half = laid.thick / 2
    edges = {"x": raw("x", "x"), "x2": raw("x2", "x2"), "y": raw("y", "y"), "y2": raw("y2", "y2")}
    segments = [segment for bar in laid.bars for segment in bar.segments]
    rows = [
        _box(laid, s.bar, s.low, s.high)
        | {"colour": laid.colours[s.part], "key": laid.plot.series[s.mark.series].key, "tip": s.mark.tip}
        for s in segments
    ]
    if rest := _rest(laid):
        sheet.add(sheet.on("rest", rest).mark_rect(color=EMPTY).encode(**edges))
    bars = sheet.on("bars", rows, counted=True).mark_rect(stroke=PAPER, strokeWidth=1.5)
    sheet.add(bars.encode(**edges, color=raw("color", "colour"), tooltip=alt.Tooltip("tip:N")))
    base = [{"x": 0, "y": round(laid.y(0) - half - 3, 2), "y2": round(laid.y(len(laid.bars) - 1) + half + 3, 2)}]
    sheet.add(sheet.on("zero", base).mark_rule(color=INK).encode(x=edges["x"], y=edges["y"], y2=edges["y2"]))
    if leaders:
        sheet.add(sheet.on("leaders", leaders).mark_rule(color=GREY).encode(**edges))
    words(sheet, "names", _row_names(laid))
    words(sheet, "values", _values(laid))
    words(sheet, "heads", [row | {"y": row["y"] - top} for row in heads if "swatch" not in row])
    if swatches := [row for row in heads if "swatch" in row]:
        _draw_swatches(sheet, swatches, top)
    words(sheet, "unit", unit_head(laid.plot.unit if _needs_unit(laid) else "", frame, top=True))
    return Drawing(frame, sheet)


def _needs_unit(laid: _Layout) -> bool:
    """Whether the unit must be said: percent stands with each value."""
    return laid.plot.request.unit != "percent"


def _box(laid: _Layout, bar: int, low: float, high: float) -> Row:
    middle, half = laid.y(bar), laid.thick / 2
    return {
        "x": round(laid.x(low), 2),
        "x2": round(laid.x(high), 2),
        "y": round(middle - half, 2),
        "y2": round(middle + half, 2),
    }


def _rest(laid: _Layout) -> list[Row]:
    """What is lacking to the whole where shares do not add up to it by more than rounding."""
    if laid.plot.request.unit != "percent" or laid.totals:
        return []
    short = [(number, bar.end) for number, bar in enumerate(laid.bars) if bar.end < laid.high - 0.5]
    return [_box(laid, number, end, laid.high) for number, end in short]


def _row_names(laid: _Layout) -> list[Row]:
    return [word(lines, -laid.frame.left, laid.y(number)) for number, lines in enumerate(laid.names) if lines]


def _values(laid: _Layout) -> list[Row]:
    """Values inside the parts, totals behind the bars."""
    rows = [
        word(
            laid.inside[segment.mark.series].text,
            laid.middle(segment),
            laid.y(segment.bar),
            align="center",
            size=_size(laid, segment, laid.inside[segment.mark.series].text),
            ink=PAPER if laid.colours[segment.part] in DARK_PARTS else INK,
        )
        for bar in laid.bars
        for segment in bar.segments
        if segment.mark.series in laid.inside
    ]
    return rows + [
        word(label.text, laid.x(laid.bars[number].end) + 6, laid.y(number), bold=True)
        for number, label in laid.totals.items()
    ]


# Names of the parts


def _heads(laid: _Layout) -> tuple[list[Row], list[Row], float]:
    """The names of the parts above the first bar, each over its part, with a rule that leads there; where they have no
    room, a key with swatches. Rows of words, rules, and the height of it all (the unit's line included)."""
    unit = line_height() + 4 if laid.plot.unit and _needs_unit(laid) else 0.0
    direct = _direct(laid)
    if direct is not None:
        blocks, places = direct
        depth = max(len(lines) for lines in blocks) * line_height()
        top = unit + depth + _LEADER + 2
        rows, leaders = _over_parts(laid, blocks, places, unit + depth, top)
        return rows, leaders, top
    rows, depth = _key(laid, unit)
    return rows, [], unit + depth + 6


def _direct(laid: _Layout) -> tuple[list[list[str]], list[float]] | None:
    """The names in lines and where their middles stand; None where not all of them have room above the first bar."""
    first = laid.bars[0].segments
    if len(first) < len(laid.parts):
        return None
    whole = laid.frame.width + laid.frame.right
    room = whole / len(laid.parts) - 10
    blocks = [wrap(laid.parts[segment.part], room) for segment in first]
    widths = [_block_width(laid, segment, lines) for segment, lines in zip(first, blocks, strict=True)]
    if max(len(lines) for lines in blocks) > _MOST_LINES or sum(widths) > whole:
        return None
    blocks = [
        [*lines, *([laid.above[segment.part].text] if laid.above else [])]
        for segment, lines in zip(first, blocks, strict=True)
    ]
    return blocks, spread([laid.middle(segment) for segment in first], widths, -4, whole + 4)


def _block_width(laid: _Layout, segment: _Segment, lines: Sequence[str]) -> float:
    value = text_width(laid.above[segment.part].text, bold=True) if laid.above else 0.0
    return max(value, *(text_width(line) for line in lines)) + 10


def _over_parts(
    laid: _Layout, blocks: Sequence[list[str]], places: Sequence[float], foot: float, top: float
) -> tuple[list[Row], list[Row]]:
    """Words that end at `foot` (measured from the top of the picture), and rules from there to the parts."""
    rows, leaders = [], []
    for segment, lines, x in zip(laid.bars[0].segments, blocks, places, strict=True):
        for number, line in enumerate(reversed(lines)):
            value = bool(laid.above) and number == 0
            y = foot - (number + 0.5) * line_height()
            rows.append(word(line, x, y, align="center", bold=value, ink=INK if value else QUIET))
        middle = laid.middle(segment)
        bar = laid.y(0) - laid.thick / 2
        leaders.append({"x": round(x, 2), "x2": round(middle, 2), "y": round(foot + 2 - top, 2), "y2": round(bar, 2)})
    return rows, leaders


def _key(laid: _Layout, begin: float) -> tuple[list[Row], float]:
    """Swatch, name and value of every part, side by side as far as they go; rows, and their height."""
    left, right = -laid.frame.left, laid.frame.width + laid.frame.right
    x, y, rows = left, begin + line_height() / 2, []
    for part, name in enumerate(laid.parts):
        value = laid.above[part].text if laid.above else ""
        lines = wrap(name, right - left - _SWATCH - text_width(value, bold=True) - 8)
        width = _SWATCH + max(text_width(line) for line in lines) + (text_width(value, bold=True) + 5 if value else 0)
        if x > left and x + width > right:
            x, y = left, y + line_height() + 3
        rows.append({"swatch": laid.colours[part], "x": x, "y": y})
        for number, line in enumerate(lines):
            rows.append(word(line, x + _SWATCH, y + number * line_height(), ink=QUIET))
        if value:
            last = y + (len(lines) - 1) * line_height()
            rows.append(word(value, x + _SWATCH + text_width(lines[-1]) + 5, last, bold=True, ink=INK))
        y += (len(lines) - 1) * line_height()
        x += width + _APART
    return rows, y + line_height() / 2 - begin


def _draw_swatches(sheet: Sheet, rows: Sequence[Row], top: float) -> None:
    boxes = [
        {"x": row["x"], "x2": row["x"] + 10, "y": row["y"] - top - 5, "y2": row["y"] - top + 5, "colour": row["swatch"]}
        for row in rows
    ]
    swatches = sheet.on("key", boxes).mark_rect()
    sheet.add(
        swatches.encode(
            x=raw("x", "x"), x2=raw("x2", "x2"), y=raw("y", "y"), y2=raw("y2", "y2"), color=raw("color", "colour")
        )
    )
