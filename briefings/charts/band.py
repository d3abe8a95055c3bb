"""The band: a line before the range of the others.

In: a `Plot` with the series that matters and those of the range: its edges (`PAIRS` of roles) and their middle (the
role `median`). Out: a `Drawing`; the labels it prints are those of a line chart, which this is, with the range as an
area behind it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from briefings.charts.parts import Drawing, Row, Sheet
from briefings.charts.plotting import PAIRS, Plot
from briefings.charts.theme import BAND, Frame
from briefings.charts.time import line_over


def band(plot: Plot, frame: Frame) -> Drawing:
    """A line chart whose edges hold an area between them; a period without both edges is a gap in it."""
    return line_over(plot, frame, lambda sheet, x: _area(sheet, plot, x))


def _area(sheet: Sheet, plot: Plot, x: Any) -> None:
    import altair as alt

    if rows := _stretches(plot):
        area = sheet.on("band", rows).mark_area(color=BAND, opacity=1)
        sheet.add(area.encode(x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), detail=alt.Detail("run:N")))


def _stretches(plot: Plot) -> list[Row]:
    by_role = {series.row: series for series in plot.series if series.row}
    upper, lower = next(
        ((by_role[up], by_role[down]) for up, down in PAIRS if {up, down} <= by_role.keys()), (None, None)
    )
    if upper is None or lower is None:
        return []
    pairs = [
        (step, below.value, above.value)
        for step, (above, below) in enumerate(zip(upper.marks, lower.marks, strict=True))
        if above is not None and below is not None
    ]
    runs = [0]
    for (before, *_), (after, *_) in pairwise(pairs):
        runs.append(runs[-1] + (after != before + 1 or after in plot.breaks))
    return [
        {"step": step, "low": low, "high": high, "run": run}
        for (step, low, high), run in zip(pairs, runs, strict=False)
    ]
