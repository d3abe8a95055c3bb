"""Charts that rank: bar, rank bump.

In: a `Plot` whose series stand in the order in which they are to be read. Out: a `Drawing`, and the labels it prints.
The order itself was decided in `compose`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from briefings.charts.axes import time_ticks
from briefings.charts.labels import line_height, spread, text_width, wrap
from briefings.charts.parts import (
    Drawing,
    Row,
    Sheet,
    at,
    axis_of_time,
    band,
    raw,
    texts,
    time_scale,
    unit_head,
    weight,
    word,
    words,
)
from briefings.charts.plotting import Label, Mark, Plot, Series
from briefings.charts.theme import GREY, INK, PAPER, TICK, Frame
from briefings.charts.time import painted, tentative_head

if TYPE_CHECKING:
    import altair as alt

_ROW = 21.0
_NAMES, _NAMES_NARROW = 0.36, 0.42  # names take at most this part of the width
_NAMES_LONG = 0.55  # where many long names would make the chart taller than this, in pixels: a page holds no more
_TALLEST = 800.0


def row_names(sheet: Sheet, series: Sequence[Series], names: Sequence[list[str]], frame: Frame, y: alt.Y) -> None:
    """The names of rows, flush left at the edge of the chart; highlights in bold."""

    rows = [
        {"row": row, "text": lines, "ink": one.ink if one.highlight else INK, "weight": weight(one.highlight)}
        for row, (one, lines) in enumerate(zip(series, names, strict=True))
    ]
    texts(sheet, "names", rows, x=at("x", -frame.left), y=y)


def with_names(series: Sequence[Series], frame: Frame, *, row: float = _ROW) -> tuple[Frame, list[list[str]]]:
    """Room for the names of the rows at the left, in lines; and the height of all rows."""
    share = _NAMES_NARROW if frame.narrow else _NAMES
    names = [wrap(one.name, frame.total * share, bold=one.highlight) for one in series]
    if max(map(len, names)) * line_height() * len(series) > _TALLEST:
        names = [wrap(one.name, frame.total * _NAMES_LONG, bold=one.highlight) for one in series]
    widths = [text_width(line, bold=one.highlight) for one, lines in zip(series, names, strict=True) for line in lines]
    row = max(row, max(len(lines) for lines in names) * line_height() + 4)
    return frame.with_margins(left=max(widths) + 8, height=row * len(series)), names


def ends_of(series: Series) -> list[Mark]:
    """The first and the last mark of a row; one where there is but one."""
    marks = series.plotted
    return [marks[0], marks[-1]] if len(marks) > 1 else marks


# Bar


def bar_labels(plot: Plot) -> list[Label]:
    """The value of every bar: that of its last period."""
    return plot.labels([series.last for series in plot.series if series.last is not None])


def bar(plot: Plot, frame: Frame) -> Drawing:
    """Horizontal bars from zero with names and values, so that no axis is needed."""
    import altair as alt

    labels = bar_labels(plot)
    series = [plot.series[label.mark.series] for label in labels]
    low = min(0.0, *(label.mark.value for label in labels))
    high = max(0.0, *(label.mark.value for label in labels)) or (0.0 if low else 1.0)
    frame, names = with_names(series, frame)
    room = max(text_width(label.text, bold=True) for label in labels) + 8
    # Labels of negative bars stand at their left, between the names and the longest of them.
    left = frame.left + (room if low < 0 else 0)
    frame = frame.with_margins(left=left, right=room if high > 0 else 4, top=22, bottom=4)
    tentative = tentative_head(plot, frame)
    frame = frame if plot.unit or tentative else frame.with_margins(top=4)
    sheet = Sheet()
    y = alt.Y("row:O", scale=band(len(series)), axis=None)
    x = alt.X("value:Q", scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=None, stack=None)
    rows = [
        {
            "row": row,
            "value": label.mark.value,
            "key": one.key,
            "tip": label.mark.tip,
            **painted(label.mark, one.colour),
        }
        for row, (label, one) in enumerate(zip(labels, series, strict=True))
    ]
    bars = sheet.on("bars", rows, counted=True).mark_bar(strokeWidth=1)
    outlined = {"stroke": raw("stroke", "colour"), "strokeDash": raw("strokeDash", "dash")}
    sheet.add(bars.encode(x=x, y=y, fill=raw("fill", "fill"), tooltip=alt.Tooltip("tip:N"), **outlined))
    sheet.add(sheet.on("zero", [{"zero": 0}]).mark_rule(color=INK).encode(x=alt.X("zero:Q")))
    row_names(sheet, series, names, frame, y)
    texts(sheet, "values", _bar_texts(labels, series), x=x, y=y)
    words(sheet, "unit", [*unit_head(plot.unit, frame), *tentative])
    return Drawing(frame, sheet)


def _bar_texts(labels: Sequence[Label], series: Sequence[Series]) -> list[Row]:
    return [
        {
            "row": row,
            "value": label.mark.value,
            "text": label.text,
            "ink": one.ink if one.highlight else INK,
            "weight": weight(one.highlight),
            "align": "right" if label.mark.value < 0 else "left",
            "dx": -4 if label.mark.value < 0 else 4,
        }
        for row, (label, one) in enumerate(zip(labels, series, strict=True))
    ]


# Rank bump

_MOST_CIRCLES = 10
_CIRCLE = 24.0


def _circled(plot: Plot, frame: Frame) -> bool:
    """Whether every mark is a circle with its rank inside."""
    return len(plot.periods) <= _MOST_CIRCLES and frame.total * 0.6 / len(plot.periods) >= _CIRCLE


def rank_bump_labels(plot: Plot, frame: Frame) -> list[Label]:
    """Every rank where circles have room for it; otherwise the first and the last of each line."""
    if _circled(plot, frame):
        return plot.labels(plot.marks)
    return plot.labels([mark for series in plot.series for mark in ends_of(series)])


def rank_bump(plot: Plot, frame: Frame) -> Drawing:
    """Ranks over time, the first at the top; every line named at its end. Ranks that nobody holds take no room."""
    import altair as alt

    circled = _circled(plot, frame)
    series = sorted((one for one in plot.series if one.plotted), key=lambda one: one.highlight)
    lanes = {rank: lane for lane, rank in enumerate(sorted({mark.value for mark in plot.marks}))}
    frame = _bump_margins(plot, series, frame, len(lanes))
    sheet = Sheet()
    ticks = time_ticks(plot.periods, plot.language, frame.width)
    x = alt.X("step:Q", scale=time_scale(len(plot.periods)), axis=axis_of_time(ticks, line=False))
    scale = alt.Scale(domain=[-0.5, max(len(lanes), 2) - 0.5], reverse=True, nice=False, zero=False)
    y = alt.Y("lane:Q", scale=scale, axis=None)
    rows = [row for one in series for row in _bump_rows(one, lanes)]
    lines = sheet.on("lines", rows, counted=True).mark_line()
    colour = raw("color", "colour")
    sheet.add(lines.encode(x=x, y=y, detail=alt.Detail("run:N"), color=colour, strokeWidth=raw("strokeWidth", "width")))
    size = 230 if circled else min(40.0, (frame.width / len(plot.periods) / 2) ** 2)
    points = sheet.on("points", rows, counted=True).mark_point(filled=True, size=size, opacity=1)
    sheet.add(points.encode(x=x, y=y, color=colour, tooltip=alt.Tooltip("tip:N")))
    labels = {(label.mark.series, label.mark.step): label.text for label in rank_bump_labels(plot, frame)}
    ranks = _circle_texts(series, lanes, labels) if circled else _first_ranks(series, lanes, labels)
    texts(sheet, "values", ranks, x=x, y=y)
    words(sheet, "names", _bump_names(plot, series, lanes, {} if circled else labels, frame))
    return Drawing(frame, sheet)


def _bump_margins(plot: Plot, series: Sequence[Series], frame: Frame, lanes: int) -> Frame:
    names = [wrap(_bump_name(plot, one), frame.total * 0.28, bold=True) for one in series]
    right = max(text_width(line, bold=True) for lines in names for line in lines) + 32
    first = text_width(plot.name_of(0)) / 2
    return frame.with_margins(left=max(26.0, first), right=right, top=4, bottom=24, height=max(4, lanes) * 24.0)


def _bump_rows(series: Series, lanes: dict[float, int]) -> Iterator[Row]:
    run = 0
    for step, mark in enumerate(series.marks):
        if mark is None:
            run += 1
            continue
        yield {
            "step": step,
            "lane": lanes[mark.value],
            "run": f"{series.number}.{run}",
            "key": series.key,
            "colour": series.colour,
            "width": 1.6 if series.colour == GREY else 2.6,
            "tip": mark.tip,
        }


def _circle_texts(series: Sequence[Series], lanes: dict[float, int], labels: dict[tuple[int, int], str]) -> list[Row]:
    return [
        {
            "step": mark.step,
            "lane": lanes[mark.value],
            "text": labels[one.number, mark.step],
            "ink": INK if one.colour == GREY else PAPER,
            "align": "center",
            "size": TICK,
        }
        for one in series
        for mark in one.plotted
    ]


def _first_ranks(series: Sequence[Series], lanes: dict[float, int], labels: dict[tuple[int, int], str]) -> list[Row]:
    """The first rank of each line, at its left; ties once."""
    rows = {}
    for one in series:
        mark = one.plotted[0]
        text, lane = labels[one.number, mark.step], lanes[mark.value]
        rows[mark.step, lane] = {
            "step": mark.step,
            "lane": lane,
            "text": text,
            "ink": one.ink,
            "align": "right",
            "dx": -9,
        }
    return list(rows.values())


def _bump_name(plot: Plot, series: Series) -> str:
    last = series.last
    if last is None or last.step == len(plot.periods) - 1:
        return series.name
    period = plot.name_of(last.step)
    return f"{series.name}（{period}）" if plot.language == "zh" else f"{series.name} ({period})"


def _bump_names(
    plot: Plot, series: Sequence[Series], lanes: dict[float, int], labels: dict[tuple[int, int], str], frame: Frame
) -> Iterator[Row]:
    """At the right the name, after the last rank where that stands in no circle; ties stand below each other."""
    names = [wrap(_bump_name(plot, one), frame.total * 0.28, bold=True) for one in series]
    lasts = [one.plotted[-1] for one in series]
    wanted = [(lanes[mark.value] + 0.5) / max(len(lanes), 2) * frame.height for mark in lasts]
    places = spread(wanted, [len(lines) * line_height() for lines in names], 0, frame.height)
    for one, mark, lines, y in zip(series, lasts, names, places, strict=True):
        rank = labels.get((one.number, mark.step), "")
        if rank:
            yield word(rank, frame.width + 9 + text_width("00"), y, align="right", ink=one.ink, bold=one.highlight)
        x = frame.width + (14 + text_width("00") if rank else 14)
        yield word(lines, x, y, ink=one.ink, bold=one.highlight)
