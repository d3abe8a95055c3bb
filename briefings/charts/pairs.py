"""Charts of values beside one another in a row: dot plot, dumbbell, bullet.

In: a `Plot` whose series stand in the order in which they are to be read, a row each. Out: a `Drawing`, and the labels
it prints. A dot plot shows one measure, or the same a year earlier; a dumbbell a level then and now; a bullet how much
of a target was completed. Which of them is drawn, and in which order, was decided in `compose`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.charts.axes import ValueAxis, level_axis
from briefings.charts.labels import line_height, text_width
from briefings.charts.parts import (
    Drawing,
    Row,
    Sheet,
    axis_of_values,
    band,
    raw,
    texts,
    unit_head,
    value_scale,
    weight,
    word,
    words,
)
from briefings.charts.plotting import TENTATIVE, Label, Plot, Series
from briefings.charts.ranked import ends_of, row_names, with_names
from briefings.charts.theme import GREY, GRID, HIGHLIGHT, INK, PALE, PAPER, QUIET, ZERO, Frame


@dataclass(frozen=True, slots=True)
class _Style:
    """How a row of dots looks: the height of a row, the size of its dots (square pixels), the join between them."""

    row: float
    dot: float
    join: float
    pale: bool


_DOTS = _Style(row=21, dot=62, join=2.2, pale=False)
_DUMBBELL = _Style(row=25, dot=95, join=5.5, pale=True)


# Dot plot and dumbbell


def dot_plot_labels(plot: Plot) -> list[Label]:
    """The values of all dots."""
    return plot.labels([mark for series in plot.series for mark in ends_of(series)])


dumbbell_labels = dot_plot_labels


def dot_plot(plot: Plot, frame: Frame) -> Drawing:
    """A dot for each row, or two joined by a line for two periods: the earlier hollow, the later filled."""
    return _rows_of_dots(plot, frame, _DOTS)


def dumbbell(plot: Plot, frame: Frame) -> Drawing:
    """Then and now, joined by a bar: the earlier end hollow, the later filled, each with its value."""
    return _rows_of_dots(plot, frame, _DUMBBELL)


def _rows_of_dots(plot: Plot, frame: Frame, style: _Style) -> Drawing:
    import altair as alt

    series = [one for one in plot.series if one.plotted]
    labels = dot_plot_labels(plot)
    frame, names = with_names(series, frame, row=style.row)
    room = max(text_width(label.text, bold=True) for label in labels) + 12
    pairs = [_join(row, one, style) for row, one in enumerate(series) if len(one.plotted) > 1]
    before = room if pairs else 10.0
    key = _key(plot) if pairs else []
    line = 0 if _key_width(key) + text_width(plot.unit) + 12 <= frame.total else 1
    frame = frame.with_margins(
        left=frame.left + before, right=room, top=24 + 16 * line if key or plot.unit else 6, bottom=22
    )
    values, most = [label.mark.value for label in labels], 4 if frame.narrow else 6
    axis = level_axis(values, frame.width, plot.language, most=most, sign=plot.sign)
    sheet = Sheet()
    y = alt.Y("row:O", scale=band(len(series)), axis=None)
    x = alt.X("value:Q", scale=value_scale(axis), axis=axis_of_values(axis, plot.language, grid=False))
    guides = sheet.on("guides", list(_guides(series, names, labels, axis, frame))).mark_rule(color=GRID)
    sheet.add(guides.encode(x=raw("x", "x"), x2=raw("x2", "x2"), y=y))
    values_at = list(_dot_texts(labels, series))
    if axis.low < 0 <= axis.high:
        upright = sheet.on("zero", list(_zero(values_at, len(series), axis, frame)))
        upright = upright.mark_rule(color=ZERO, strokeWidth=1.2)
        sheet.add(upright.encode(x=raw("x", "x"), y=raw("y", "y"), y2=raw("y2", "y2")))
    if pairs:
        joins = sheet.on("joins", pairs).mark_rule(strokeWidth=style.join)
        sheet.add(joins.encode(x=x, x2=alt.X2("to:Q"), y=y, color=raw("color", "colour")))
    two = len(plot.periods) > 1
    dots = sheet.on("dots", [dot for row, one in enumerate(series) for dot in _dots(row, one, two=two)], counted=True)
    dots = dots.mark_point(size=style.dot, opacity=1, strokeWidth=1.6)
    sheet.add(
        dots.encode(x=x, y=y, color=raw("color", "colour"), fill=raw("fill", "fill"), tooltip=alt.Tooltip("tip:N"))
    )
    row_names(sheet, series, names, frame, y)
    texts(sheet, "values", values_at, x=x, y=y)
    words(sheet, "unit", [*unit_head(plot.unit, frame, top=True), *_set_key(key, frame, line)])
    return Drawing(frame, sheet)


def _zero(values: Sequence[Row], rows: int, axis: ValueAxis, frame: Frame) -> Iterator[Row]:
    """The line at zero, row by row, but where a number stands on it."""
    at, pitch = axis.share(0.0) * frame.width, frame.height / rows
    taken = set()
    for value in values:
        place = axis.share(value["value"]) * frame.width + value["dx"]
        width = text_width(value["text"], bold=True)
        if (
            place - (width if value["align"] == "right" else 0)
            < at
            < place + (width if value["align"] == "left" else 0)
        ):
            taken.add(value["row"])
    for row in range(rows):
        if row not in taken:
            yield {"x": round(at, 2), "y": round(row * pitch, 2), "y2": round((row + 1) * pitch, 2)}


def _guides(
    series: Sequence[Series], names: Sequence[list[str]], labels: Sequence[Label], axis: ValueAxis, frame: Frame
) -> Iterator[Row]:
    """A pale rule from each name to what stands first in its row: a dot, or the number at the left of it."""
    for row, (one, lines) in enumerate(zip(series, names, strict=True)):
        first = min((label for label in labels if label.mark.series == one.number), key=lambda label: label.mark.value)
        before = 12 + text_width(first.text, bold=True) if len(one.plotted) > 1 else 7
        left = max(text_width(line, bold=one.highlight) for line in lines) + 6 - frame.left
        right = axis.share(first.mark.value) * frame.width - before
        if right > left:
            yield {"row": row, "x": round(left, 2), "x2": round(right, 2)}


def _dots(row: int, series: Series, *, two: bool) -> Iterator[Row]:
    """`two`: the chart has two periods, of which the earlier is hollow."""
    ends = ends_of(series)
    for mark in ends:
        hollow = (len(ends) > 1 and mark is ends[0]) or (two and mark.step == 0)
        fill = PAPER if hollow else series.colour
        yield {
            "row": row,
            "value": mark.value,
            "colour": series.colour,
            "fill": fill,
            "key": series.key,
            "tip": mark.tip,
        }


def _join(row: int, series: Series, style: _Style) -> Row:
    before, after = ends_of(series)
    pale = PALE if series.colour == HIGHLIGHT else GRID
    return {"row": row, "value": before.value, "to": after.value, "colour": pale if style.pale else series.colour}


def _dot_texts(labels: Sequence[Label], series: Sequence[Series]) -> Iterator[Row]:
    """Values at the outer sides of each pair: the smaller at the left, the larger at the right."""
    by_series: dict[int, list[Label]] = {}
    for label in labels:
        by_series.setdefault(label.mark.series, []).append(label)
    for row, one in enumerate(series):
        ends = by_series[one.number]
        smaller = min(ends, key=lambda label: label.mark.value) if len(ends) > 1 else None
        for label in ends:
            later, left = label is ends[-1], label is smaller
            bold = later and one.highlight
            yield {
                "row": row,
                "value": label.mark.value,
                "text": label.text,
                "ink": HIGHLIGHT if bold else INK if later else QUIET,
                "weight": weight(bold),
                "align": "right" if left else "left",
                "dx": -8 if left else 8,
            }


Entry = tuple[str, str]


def _key(plot: Plot) -> list[Entry]:
    """Which dot is which period, from right to left; with its status where none of its figures is an actual."""
    last = len(plot.periods) - 1
    return [("●", _dated(plot, last)), ("○", _dated(plot, 0))]


def _dated(plot: Plot, step: int) -> str:
    statuses = {mark.figure.status for mark in plot.marks if mark.step == step}
    status = TENTATIVE.get(statuses.pop(), {}).get(plot.language, "") if len(statuses) == 1 else ""
    name = plot.name_of(step)
    if not status:
        return name
    return f"{name}（{status}）" if plot.language == "zh" else f"{name} ({status})"


_SYMBOL, _APART = 5.0, 26.0


def _key_width(key: Sequence[Entry]) -> float:
    return sum(text_width(text) + _SYMBOL + _APART for _, text in key)


def _set_key(key: Sequence[Entry], frame: Frame, line: int) -> Iterator[Row]:
    """The key in the upper right corner, beside the unit or on a line below it."""
    right, y = frame.width + frame.right, -frame.top + line_height() / 2 + 16 * line
    for symbol, text in key:
        yield word(text, right, y, align="right", ink=QUIET)
        right -= text_width(text) + _SYMBOL
        yield word(symbol, right, y, align="right", ink=HIGHLIGHT)
        right -= _APART


# Bullet

_TARGET = 100.0  # percent of a target: the target itself
_THICK, _THIN = 17.0, 9.0  # pixels: the target behind, what was completed before it
_TARGET_IS = {"en": "target = 100%", "zh": "目标=100%"}


def bullet_labels(plot: Plot) -> list[Label]:
    """How much of each target was completed, each as precise as its source."""
    lasts = [series.last for series in plot.series]
    return [label for mark in lasts if mark is not None for label in plot.labels([mark])]


def bullet(plot: Plot, frame: Frame) -> Drawing:
    """A bar from zero for what was completed of each target (percent), over a pale one that ends at the target."""
    import altair as alt

    labels = bullet_labels(plot)
    series = [plot.series[label.mark.series] for label in labels]
    frame, names = with_names(series, frame, row=27)
    room = max(text_width(label.text, bold=True) for label in labels) + 10
    frame = frame.with_margins(right=room, top=22, bottom=4)
    values = [label.mark.value for label in labels]
    scale = alt.Scale(domain=[min(0.0, *values), max(_TARGET, *values)], nice=False, zero=False)
    sheet = Sheet()
    y = alt.Y("row:O", scale=band(len(series), inner=0.2), axis=None)
    x = alt.X("value:Q", scale=scale, axis=None, stack=None)
    behind = sheet.on("targets", [{"row": row, "value": _TARGET} for row in range(len(series))])
    sheet.add(behind.mark_bar(size=_THICK, color=GRID).encode(x=x, y=y))
    rows = [
        {"row": row, "value": label.mark.value, "colour": one.colour, "key": one.key, "tip": label.mark.tip}
        for row, (label, one) in enumerate(zip(labels, series, strict=True))
    ]
    bars = sheet.on("bars", rows, counted=True).mark_bar(size=_THIN)
    sheet.add(bars.encode(x=x, y=y, color=raw("color", "colour"), tooltip=alt.Tooltip("tip:N")))
    sheet.add(sheet.on("zero", [{"zero": 0}]).mark_rule(color=INK).encode(x=alt.X("zero:Q")))
    ends = sheet.on("at target", [{"row": row, "value": _TARGET} for row in range(len(series))])
    sheet.add(ends.mark_tick(color=INK, thickness=2.4, size=_THICK + 4).encode(x=x, y=y))
    row_names(sheet, series, names, frame, y)
    texts(sheet, "values", _completed(labels, series), x=x, y=y)
    words(sheet, "ticks", [_target_word(plot, values, frame)])
    return Drawing(frame, sheet)


def _completed(labels: Sequence[Label], series: Sequence[Series]) -> Iterator[Row]:
    """Values at the right of the bar, beyond the target."""
    for row, (label, one) in enumerate(zip(labels, series, strict=True)):
        yield {
            "row": row,
            "value": max(label.mark.value, _TARGET),
            "text": label.text,
            "ink": QUIET if one.colour == GREY else INK,
            "weight": weight(one.highlight),
            "dx": 6,
        }


def _target_word(plot: Plot, values: Sequence[float], frame: Frame) -> Row:
    """What the mark at 100 is, above it; within the picture. Rates that complete no target have no finding that says
    so, and no target."""
    text = _TARGET_IS[plot.language] if plot.request.finding else f"{_TARGET:.0f}%"
    low, high = min(0.0, *values), max(_TARGET, *values)
    place = (_TARGET - low) / (high - low) * frame.width
    right = frame.width + frame.right
    x = max(min(place, right - text_width(text) / 2), text_width(text) / 2 - frame.left)
    return word(text, x, -frame.top + line_height() / 2, align="center", ink=QUIET)
