"""The slope chart: several series in two periods, a line from then to now for each, so that a change of order is seen.

In: a `Plot` of two periods. Out: a `Drawing`, and the labels it prints. Both ends bear their values, so that no axis is
needed; places are in pixels of the plot. Ranks over more periods are in `ranked`, many values in a row in `pairs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.charts.labels import line_height, spread, text_width, wrap
from briefings.charts.parts import Drawing, Row, Sheet, raw, unit_head, word, words
from briefings.charts.plotting import Label, Mark, Plot, Series
from briefings.charts.theme import GREY, GRID, QUIET, Frame
from briefings.charts.time import DASH, is_tentative, tentative_head, with_head

_ROW = 21.0  # pixels of height a series
_SIDE, _SIDE_NARROW = 0.27, 0.34  # labels at one side take at most this part of the width
_AWAY = 9.0  # pixels between a point and its label
_EDGE = 8.0  # pixels of the plot above the highest and below the lowest point


def slope_labels(plot: Plot) -> list[Label]:
    """The values at both ends of every line."""
    return plot.labels(plot.marks)


@dataclass(frozen=True, slots=True)
class _End:
    """A label at one end of a line: its mark, its lines of text, the height of its point and its own, in pixels."""

    series: Series
    mark: Mark
    lines: list[str]
    point: float
    y: float


def slope(plot: Plot, frame: Frame) -> Drawing:
    """A line from the earlier to the later value of every series, named at its ends; the earlier name on wide charts
    alone."""
    import altair as alt

    frame = with_head(plot, frame.with_margins(height=max(frame.height, _ROW * len(plot.series)), bottom=24))
    sides = [_side(plot, step, frame) for step in (0, len(plot.periods) - 1)]
    left, right = (
        max((text_width(line, bold=True) for end in side for line in end.lines), default=0) for side in sides
    )
    frame = frame.with_margins(left=max(left + _AWAY, text_width(plot.name_of(0)) / 2), right=right + _AWAY + 2)
    sheet = Sheet()
    x, y, colour = raw("x", "x"), raw("y", "y"), raw("color", "colour")
    uprights = [{"x": x, "y": 0, "y2": frame.height} for x in (0, frame.width)]
    sheet.add(sheet.on("uprights", uprights).mark_rule(color=GRID).encode(x=x, y=y, y2=raw("y2", "y2")))
    ends = sorted((end for side in sides for end in side), key=lambda end: end.series.highlight)
    rows = [_vertex(end, frame) for end in ends]
    joined = [row for row in rows if len(plot.series[row["run"]].plotted) > 1]
    if joined:
        lines = sheet.on("lines", joined, counted=True).mark_line()
        dash, width = raw("strokeDash", "dash"), raw("strokeWidth", "width")
        sheet.add(lines.encode(x=x, y=y, detail=alt.Detail("run:N"), color=colour, strokeDash=dash, strokeWidth=width))
    dots = sheet.on("points", rows, counted=True).mark_point(filled=True, size=36, opacity=1)
    sheet.add(dots.encode(x=x, y=y, color=colour, tooltip=alt.Tooltip("tip:N")))
    if leaders := list(_leaders(ends, frame)):
        layer = sheet.on("leaders", leaders).mark_rule(color=GREY, strokeWidth=0.7)
        sheet.add(layer.encode(x=x, x2=raw("x2", "x2"), y=y, y2=raw("y2", "y2")))
    # From the top down, so that whoever takes the text out of a file reads it as the eye does.
    read = sorted(ends, key=lambda end: (round(end.y / line_height()), end.mark.step))
    words(sheet, "values", [_label(end, frame) for end in read])
    words(sheet, "ticks", _periods(plot, frame))
    words(sheet, "unit", [*unit_head(plot.unit, frame), *tentative_head(plot, frame)])
    return Drawing(frame, sheet)


def _side(plot: Plot, step: int, frame: Frame) -> list[_End]:
    """The labels of one period, as near to their points as they can stand without touching each other."""
    named = step > 0 or not frame.narrow
    room = frame.total * (_SIDE_NARROW if frame.narrow else _SIDE)
    found = []
    for label in slope_labels(plot):
        if label.mark.step == step:
            series = plot.series[label.mark.series]
            text = f"{series.name} {label.text}" if named else label.text
            found.append((series, label.mark, wrap(text, room, bold=series.highlight)))
    points = [_height(plot, mark, frame) for _, mark, _ in found]
    places = spread(points, [len(lines) * line_height() for _, _, lines in found], -4, frame.height + 4)
    return [_End(*one, point, place) for one, point, place in zip(found, points, places, strict=True)]


def _height(plot: Plot, mark: Mark, frame: Frame) -> float:
    """How far below the top a point stands; the first rank stands highest."""
    values = [each.value for each in plot.marks]
    low, high = min(values), max(values)
    share = (mark.value - low) / (high - low) if high > low else 0.5
    if plot.request.measure.startswith("rank"):
        share = 1 - share
    return _EDGE + (1 - share) * (frame.height - 2 * _EDGE)


def _vertex(end: _End, frame: Frame) -> Row:
    dashed = any(is_tentative(mark) for mark in end.series.plotted)
    return {
        "x": 0 if end.mark.step == 0 else round(frame.width, 2),
        "y": round(end.point, 2),
        "run": end.series.number,
        "key": end.series.key,
        "colour": end.series.colour,
        "width": 1.3 if end.series.colour == GREY else 2.4,
        "dash": DASH if dashed else [],
        "tip": end.mark.tip,
    }


def _leaders(ends: Sequence[_End], frame: Frame) -> Iterator[Row]:
    """Thin lines to labels that had to move."""
    for end in ends:
        if abs(end.y - end.point) > line_height() / 2:
            near, far = (-3, -_AWAY + 2) if end.mark.step == 0 else (frame.width + 3, frame.width + _AWAY - 2)
            yield {"x": near, "x2": far, "y": round(end.point, 2), "y2": round(end.y, 2)}


def _label(end: _End, frame: Frame) -> Row:
    earlier = end.mark.step == 0
    x, align = (-_AWAY, "right") if earlier else (frame.width + _AWAY, "left")
    return word(end.lines, x, end.y, bold=end.series.highlight, ink=end.series.ink, align=align)


def _periods(plot: Plot, frame: Frame) -> Iterator[Row]:
    for step, x in ((0, 0.0), (len(plot.periods) - 1, frame.width)):
        yield word(plot.name_of(step), x, frame.height + 14, align="center", ink=QUIET)
