"""Charts over time: line and column.

In: a `Plot`. Out: a `Drawing`, and the labels it prints. Which chart a section gets was decided in `compose`; many
small lines are next door in `panels`, ranks over time in `ranked`; a `band` is a line chart before a range.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, groupby, pairwise
from typing import Any

from briefings.charts.axes import ValueAxis, time_ticks, value_axis
from briefings.charts.labels import line_height, spread, text_width, wrap
from briefings.charts.parts import (
    Drawing,
    Row,
    Sheet,
    at,
    axis_of_time,
    axis_of_values,
    band,
    raw,
    texts,
    time_scale,
    unit_head,
    value_scale,
    weight,
    word,
    words,
    zero_line,
)
from briefings.charts.plotting import EDGES, TENTATIVE, Label, Mark, Plot, Series
from briefings.charts.theme import GREY, HIGHLIGHT, INK, PALE, PAPER, QUIET, TEXT, TICK, Frame
from briefings.periods import Language

DASH = [4, 3]
_BREAK = {"en": "break in series", "zh": "口径变化"}
_LABELS = 0.28  # labels at the ends of lines take at most this part of the width


# Line


def line_labels(plot: Plot) -> list[Label]:
    """The last value of every series."""
    return plot.labels([series.last for series in plot.series if series.last is not None])


def line(plot: Plot, frame: Frame) -> Drawing:
    """Lines with greys behind the highlights; the last point marked, named and labelled; a gap stays a gap."""
    return line_over(plot, frame, lambda sheet, x: None)


def line_over(plot: Plot, frame: Frame, behind: Callable[[Sheet, Any], None]) -> Drawing:
    """A line chart before what `behind` puts on the sheet first, at the given scale of time."""
    import altair as alt

    axis = value_axis([mark.value for mark in plot.marks], sign=plot.sign)
    ends = _ends(plot, frame)
    frame = _line_margins(plot, axis, ends, with_head(plot, frame))
    placed = _place(plot, axis, ends, frame)
    sheet = Sheet()
    ticks = time_ticks(plot.periods, plot.language, frame.width)
    x = alt.X("step:Q", scale=time_scale(len(plot.periods)), axis=axis_of_time(ticks))
    behind(sheet, x)
    zero_line(sheet, axis)
    y = alt.Y("value:Q", scale=value_scale(axis), axis=axis_of_values(axis, plot.language))
    ordered = sorted(plot.series, key=lambda series: series.highlight)  # highlights lie on top
    rows = [row for series in ordered for row in _runs(series, plot.breaks)]
    lines = sheet.on("lines", rows, counted=True).mark_line()
    run = alt.Detail("run:N")
    dash, width = raw("strokeDash", "dash"), raw("strokeWidth", "width")
    sheet.add(lines.encode(x=x, y=y, detail=run, color=raw("color", "colour"), strokeDash=dash, strokeWidth=width))
    _points(sheet, "alone", [_point(one, mark) for one in ordered for mark in _alone(one, plot.breaks)], 12)
    ended = [series for series in ordered if series.row not in EDGES]  # the edges of a band are thin, without points
    _points(sheet, "ends", [_point(one, one.last) for one in ended if one.last], 36)
    _leaders(sheet, placed, frame)
    beside = frame.width + 9
    words(sheet, "values", [word(one.end.lines, beside, one.y, bold=one.end.bold, ink=one.end.ink) for one in placed])
    breaks = _break_rules(sheet, plot, frame)
    words(sheet, "unit", [*unit_head(plot.unit, frame), *tentative_head(plot, frame), *breaks])
    wide = frame.width / max(1, len(plot.periods) - 1)
    for mark in plot.marks:
        sheet.point_at(mark.step * wide, axis.pixel(mark.value, frame.height), mark.tip)
    return Drawing(frame, sheet)


@dataclass(frozen=True, slots=True)
class _End:
    """What stands at the end of a line, in lines of text; at which height it would stand, in the chart's values."""

    mark: Mark
    lines: list[str]
    ink: str
    bold: bool
    early: bool

    @property
    def height(self) -> float:
        return len(self.lines) * line_height()


def _ends(plot: Plot, frame: Frame) -> list[_End]:
    """Name and value of every line, the highlighted first; the value alone where there is but one line."""
    alone = len(plot.series) == 1
    found = []
    for label in line_labels(plot):
        series, mark = plot.series[label.mark.series], label.mark
        early = mark.step < len(plot.periods) - 1
        note = _bracketed(plot.name_of(mark.step), plot.language) if early else ""
        text = f"{label.text}{note}" if alone else f"{series.name} {label.text}{note}"
        bold = alone or series.highlight
        lines = wrap(text, frame.total * _LABELS, bold=bold)
        found.append(_End(mark, lines, HIGHLIGHT if alone else series.ink, bold, early))
    return sorted(found, key=lambda end: not end.bold)


def _bracketed(text: str, language: Language) -> str:
    return f"（{text}）" if language == "zh" else f" ({text})"


def _line_margins(plot: Plot, axis: ValueAxis, ends: Sequence[_End], frame: Frame) -> Frame:
    left = max(text_width(label) for label in axis.labels(plot.language)) + 8
    last_tick = text_width(plot.name_of(-1)) / 2
    widest = max(text_width(line, bold=end.bold) for end in ends for line in end.lines)
    return frame.with_margins(left=left, right=max(widest + 12, last_tick + 2))


def _place(plot: Plot, axis: ValueAxis, ends: Sequence[_End], frame: Frame) -> list[_Placed]:
    """Where the labels stand: as near to their line as they can without touching each other.

    Where there is no room for all, the highlights and the first of the others have theirs.
    """
    chosen: list[_End] = []
    for end in ends:
        if sum(other.height for other in chosen) + end.height <= frame.height + line_height():
            chosen.append(end)
    wanted = [axis.pixel(end.mark.value, frame.height) for end in chosen]
    half = line_height() / 2
    places = spread(wanted, [end.height for end in chosen], -half, frame.height + half)
    steps = max(1, len(plot.periods) - 1)
    return [
        _Placed(end, end.mark.step / steps * frame.width, wish, y)
        for end, wish, y in zip(chosen, wanted, places, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A label with its line's last point and its own height, in pixels."""

    end: _End
    x: float
    point: float
    y: float


def _leaders(sheet: Sheet, placed: Sequence[_Placed], frame: Frame) -> None:
    """Thin lines from a point to its label where the label had to move, or where the series ends early."""
    import altair as alt

    rows = [
        {"x": round(one.x + 3, 2), "y": round(one.point, 2), "y2": round(one.y, 2)}
        for one in placed
        if one.end.early or abs(one.y - one.point) > line_height() / 2
    ]
    if rows:
        layer = sheet.on("leaders", rows).mark_rule(color=GREY, strokeWidth=0.7)
        sheet.add(layer.encode(x=raw("x", "x"), x2=at("x2", frame.width + 7), y=raw("y", "y"), y2=alt.Y2("y2:Q")))


def pieces(series: Series, breaks: Sequence[int]) -> list[list[Mark]]:
    """Marks that may be joined: without a gap or a break between them."""
    found: list[list[Mark]] = [[]]
    for step, mark in enumerate(series.marks):
        if mark is None or step in breaks:
            found.append([])
        if mark is not None:
            found[-1].append(mark)
    return [piece for piece in found if piece]


def _alone(series: Series, breaks: Sequence[int]) -> list[Mark]:
    """Marks that no line reaches: between two gaps."""
    return [piece[0] for piece in pieces(series, breaks) if len(piece) == 1 and piece[0] is not series.last]


def _runs(series: Series, breaks: Sequence[int]) -> Iterator[Row]:
    for mark, run, dashed in stretches(series, breaks):
        yield _vertex(series, mark, run, dashed=dashed)


def stretches(series: Series, breaks: Sequence[int]) -> Iterator[tuple[Mark, int, bool]]:
    """The points of a series' lines: each with the number of its run, which is drawn in one go, and whether it is
    dashed, as is what leads to or from tentative figures."""
    run = count(1)
    for piece in pieces(series, breaks):
        if len(piece) == 1:
            yield piece[0], next(run), False
        for dashed, steps in groupby(pairwise(piece), key=lambda pair: is_tentative(pair[0]) or is_tentative(pair[1])):
            joined, number = list(steps), next(run)
            for mark in (joined[0][0], *(after for _, after in joined)):
                yield mark, number, dashed


def is_tentative(mark: Mark) -> bool:
    return mark.figure.status in TENTATIVE


def _vertex(series: Series, mark: Mark, run: int, *, dashed: bool) -> Row:
    return {
        "step": mark.step,
        "value": mark.value,
        "run": f"{series.number}.{run}",
        "key": series.key,
        "colour": series.colour,
        "width": 0.7 if series.row in EDGES else 1.3 if series.colour == GREY else 2.4,
        "dash": DASH if dashed else [],
    }


def _point(series: Series, mark: Mark) -> Row:
    return {"step": mark.step, "value": mark.value, "key": series.key, "colour": series.colour}


def _points(sheet: Sheet, name: str, rows: Sequence[Row], size: float) -> None:
    import altair as alt

    if rows:
        layer = sheet.on(name, rows, counted=True).mark_point(filled=True, size=size, opacity=1)
        sheet.add(layer.encode(x=alt.X("step:Q"), y=alt.Y("value:Q"), color=raw("color", "colour")))


def _break_rules(sheet: Sheet, plot: Plot, frame: Frame) -> list[Row]:
    """A dotted rule where the series break, between the two periods, and above the plot what it means, once."""
    import altair as alt

    if not plot.breaks:
        return []
    rule = sheet.on("breaks", [{"step": step - 0.5} for step in plot.breaks])
    sheet.add(rule.mark_rule(color=QUIET, strokeDash=[1, 3]).encode(x=alt.X("step:Q")))
    text = _BREAK[plot.language]
    x = (plot.breaks[0] - 0.5) / max(1, len(plot.periods) - 1) * frame.width
    first = text_width(plot.unit) - frame.left + 12  # beside the unit
    x = min(max(x, first + text_width(text) / 2), frame.width - text_width(text) / 2)
    return [word(text, x, -frame.top + line_height() / 2, align="center", ink=QUIET)]


def with_head(plot: Plot, frame: Frame, *, also: bool = False) -> Frame:
    """Less room above the plot where nothing stands there: no unit, no dashes, no break (nor what is `also` there)."""
    needed = also or plot.unit or plot.breaks or any(is_tentative(mark) for mark in plot.marks)
    return frame if needed else frame.with_margins(top=12)


def tentative_head(plot: Plot, frame: Frame) -> list[Row]:
    """What dashes mean, at the right above the plot."""
    statuses = dict.fromkeys(mark.figure.status for mark in plot.marks if is_tentative(mark))
    if not statuses:
        return []
    text = ("、" if plot.language == "zh" else ", ").join(TENTATIVE[status][plot.language] for status in statuses)
    return [word(f"- - -  {text}", frame.width, -frame.top + line_height() / 2, align="right", ink=QUIET)]


# Column

_FEW = 10


def column_labels(plot: Plot, frame: Frame) -> list[Label]:
    """All values where there are fewer than ten columns and they fit, if need be in small type; otherwise the last
    one."""
    if len(plot.series) > 1:
        return []
    marks = plot.series[0].plotted
    every = plot.labels(marks)
    if len(plot.periods) < _FEW and max(text_width(label.text, TICK) for label in every) <= _pitch(plot, frame):
        return every
    return plot.labels(marks[-1:])


def _pitch(plot: Plot, frame: Frame) -> float:
    return frame.total * 0.92 / len(plot.periods)


def _value_size(plot: Plot, labels: Sequence[Label], frame: Frame) -> float:
    """The usual size, unless all columns bear values that are too wide for it."""
    fits = len(labels) == 1 or max(text_width(label.text) for label in labels) <= _pitch(plot, frame)
    return TEXT if fits else TICK


def column(plot: Plot, frame: Frame) -> Drawing:
    """Columns from zero, one colour, the last one darker; several series stand side by side with a key."""
    import altair as alt

    axis = value_axis([mark.value for mark in plot.marks], zero="always", sign=plot.sign)
    labels = column_labels(plot, frame)
    bare = len(labels) == len(plot.marks)
    left = 2 if bare else max(text_width(label) for label in axis.labels(plot.language)) + 8
    frame = with_head(plot, frame, also=len(plot.series) > 1)
    frame = frame.with_margins(left=left, right=max(4.0, _overhang(plot, labels, frame, left)))
    sheet = Sheet()
    ticks = time_ticks(plot.periods, plot.language, frame.width, banded=True)
    scale = band(len(plot.periods), inner=0.28, outer=0.14)
    x = alt.X("step:O", scale=scale, axis=axis_of_time(ticks, line=False))
    y_axis = None if bare else axis_of_values(axis, plot.language)
    y = alt.Y("value:Q", scale=value_scale(axis), axis=y_axis, stack=None)
    bars = sheet.on("bars", _columns(plot), counted=True).mark_bar(strokeWidth=1)
    outlined = {"stroke": raw("stroke", "colour"), "strokeDash": raw("strokeDash", "dash")}
    bars = bars.encode(x=x, y=y, fill=raw("fill", "fill"), tooltip=alt.Tooltip("tip:N"), **outlined)
    if len(plot.series) > 1:
        bars = bars.encode(xOffset=alt.XOffset("series:O", scale=alt.Scale(domain=list(range(len(plot.series))))))
    sheet.add(bars)
    zero_line(sheet, axis)
    size = _value_size(plot, labels, frame) if labels else TEXT
    texts(sheet, "values", _column_texts(labels, frame.width / len(plot.periods), size), x=x, y=y)
    key = _key(plot, frame)
    words(sheet, "unit", [*unit_head(plot.unit, frame), *([] if key else tentative_head(plot, frame))])
    words(sheet, "names", key)
    return Drawing(frame, sheet)


def _overhang(plot: Plot, labels: Sequence[Label], frame: Frame, left: float) -> float:
    """How far the last column's label or tick reaches beyond the plot."""
    pitch = (frame.total - left) / len(plot.periods)
    label = max([text_width(label.text, bold=True) for label in labels[-1:]], default=0.0)
    tick = text_width(plot.name_of(-1))
    return max(label - pitch * 0.86, tick / 2 - pitch / 2) + 2


def _columns(plot: Plot) -> list[Row]:
    alone, last = len(plot.series) == 1, plot.series[0].last
    return [
        {
            "step": mark.step,
            "value": mark.value,
            "series": series.number,
            "key": series.key,
            **painted(mark, PALE if alone and mark is not last else series.colour),
            "tip": mark.tip,
        }
        for series in plot.series
        for mark in series.plotted
    ]


def painted(mark: Mark, colour: str) -> Row:
    """A bar in its colour; one that is tentative as a dashed outline, which `tentative_head` names."""
    tentative = is_tentative(mark)
    return {"colour": colour, "fill": PAPER if tentative else colour, "dash": [3, 2] if tentative else []}


def _column_texts(labels: Sequence[Label], pitch: float, size: float) -> Iterator[Row]:
    """Values above their columns, or below those that hang from zero. One that is wider than its column would run into
    the column before: it begins where its own begins."""
    for label in labels:
        last = label is labels[-1]
        wide = text_width(label.text, size, bold=last) > pitch
        yield {
            "step": label.mark.step,
            "value": label.mark.value,
            "text": label.text,
            "ink": HIGHLIGHT if last else INK,
            "weight": weight(last),
            "align": "left" if wide else "center",
            "dx": -round(pitch * 0.36, 2) if wide else 0,
            "dy": 9 if label.mark.value < 0 else -7,
            "size": size,
        }


def _key(plot: Plot, frame: Frame) -> list[Row]:
    """The names of several series, in their colours, at the right above the plot."""
    if len(plot.series) < 2:
        return []
    rows, right, y = [], frame.width, -frame.top + line_height() / 2
    for series in reversed(plot.series):
        rows.append(word(series.name, right, y, align="right", ink=series.ink, bold=series.highlight))
        right -= text_width(series.name, bold=series.highlight) + 4
        rows.append(word("■", right, y, align="right", ink=series.colour))
        right -= 24
    return rows
