"""The heat map: place by period, the value as a colour.

In: a `Plot`. Out: a `Drawing`, and the labels it prints. Colours are steps, not a gradient, so that a cell can be read
against the key; with values on both sides of zero, or rates of growth, the scale parts at zero.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from briefings.charts.axes import decimals_of, round_steps, time_ticks
from briefings.charts.labels import text_width
from briefings.charts.parts import Drawing, Row, Sheet, at, axis_of_time, band, raw, texts, unit_head, word, words
from briefings.charts.plotting import Label, Plot
from briefings.charts.ranked import row_names, with_names
from briefings.charts.theme import ABOVE, BELOW, INK, PAPER, QUIET, TICK, Frame
from briefings.quantities import write_number

EMPTY = "#F0F1F2"
DARK = frozenset({BELOW[3], ABOVE[2], ABOVE[3]})
_TWO_SIDED = ("growth", "change", "gap")
_MISSING = "–"


@dataclass(frozen=True, slots=True)
class Steps:
    """The colour steps: the first holds what is below the first bound, and so on; a bound belongs to the step above."""

    bounds: tuple[float, ...]
    colours: tuple[str, ...]

    def colour(self, value: float) -> str:
        return self.colours[bisect_right(self.bounds, value)]


def steps_for(plot: Plot) -> Steps:
    """Four steps on each side of zero at round bounds; where there is but one side, a step for each quarter of values.

    The outer steps are open: one wild value does not make all others pale. Around zero, nine values in ten lie within.
    """
    values = sorted(mark.value for mark in plot.marks)
    if not (values[0] < 0 < values[-1] or plot.request.measure.startswith(_TWO_SIDED)):
        quarters = (values[len(values) * part // 4] for part in (1, 2, 3))
        bounds = tuple(sorted({_two_digits(value) for value in quarters}))
        return Steps(bounds, ABOVE[-len(bounds) - 1 :])
    sizes = sorted(abs(value) for value in values)
    size = _nearest_round(sizes[(len(sizes) - 1) * 9 // 10] / 4)
    sides = [float(size * factor) for factor in (1, 2, 4)]
    return Steps((*(-side for side in reversed(sides)), 0.0, *sides), (*reversed(BELOW), *ABOVE))


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _nearest_round(size: float) -> Decimal:
    """The round number nearest to a size; one where all values are zero."""
    if size <= 0:
        return Decimal(1)
    exact = Decimal(repr(size))
    return min(round_steps(exact), key=lambda step: abs(step - exact))


def heat_map_labels(plot: Plot, frame: Frame) -> list[Label]:
    """All values, if every one fits into its cell; otherwise none. The unit stands above, so percent has no sign."""
    cell = _margins(plot, frame)[0].width / len(plot.periods)
    bare = [Label(label.mark, label.text.removesuffix("%")) for label in plot.labels(plot.marks)]
    return bare if all(text_width(label.text, TICK) + 4 <= cell for label in bare) else []


def _margins(plot: Plot, frame: Frame) -> tuple[Frame, list[list[str]]]:
    frame, names = with_names(plot.series, frame, row=20)
    pitch = (frame.total - frame.left) / len(plot.periods)
    beyond = text_width(plot.name_of(-1)) / 2 - pitch / 2 + 2  # the last period's name is centred below its column
    return frame.with_margins(right=max(0.0, beyond), top=40, bottom=22), names


def heat_map(plot: Plot, frame: Frame) -> Drawing:
    """A row a series, a column a period; values in the cells where they fit; a dash where there is none."""
    import altair as alt

    labels = heat_map_labels(plot, frame)
    frame, names = _margins(plot, frame)
    steps, count = steps_for(plot), len(plot.periods)
    sheet = Sheet()
    ticks = time_ticks(plot.periods, plot.language, frame.width, banded=True)
    x = alt.X("step:O", scale=band(count, inner=0, outer=0), axis=axis_of_time(ticks, line=False))
    y = alt.Y("row:O", scale=band(len(plot.series), inner=0, outer=0), axis=None)
    edge: dict[str, Any] = {"stroke": PAPER, "strokeWidth": 1.5 if count <= 40 else 0.5}
    rows = [{"step": m.step, "row": m.series, "colour": steps.colour(m.value), "tip": m.tip} for m in plot.marks]
    cells = sheet.on("cells", rows, counted=True).mark_rect(**edge)
    sheet.add(cells.encode(x=x, y=y, color=raw("color", "colour"), tooltip=alt.Tooltip("tip:N")))
    if missing := _missing(plot):
        sheet.add(sheet.on("missing", missing).mark_rect(color=EMPTY, **edge).encode(x=x, y=y))
    # Painted as they are read, a row's name before its cells: so a PDF is read, and so the audit holds it.
    row_names(sheet, plot.series, names, frame, y)
    texts(sheet, "values", sorted(missing + _cell_texts(labels, steps), key=_place), x=x, y=y)
    words(sheet, "unit", unit_head(plot.unit_of_cells, frame, top=True))
    _key(sheet, plot, steps, frame)
    return Drawing(frame, sheet)


def _missing(plot: Plot) -> list[Row]:
    """Cells without a figure."""
    return [
        {"step": step, "row": series.number, "text": _MISSING, "ink": QUIET, "align": "center", "size": TICK}
        for series in plot.series
        for step, mark in enumerate(series.marks)
        if mark is None
    ]


def _place(cell: Row) -> tuple[int, int]:
    return cell["row"], cell["step"]


def _cell_texts(labels: Sequence[Label], steps: Steps) -> list[Row]:
    return [
        {
            "step": label.mark.step,
            "row": label.mark.series,
            "text": label.text,
            "ink": PAPER if steps.colour(label.mark.value) in DARK else INK,
            "align": "center",
            "size": TICK,
        }
        for label in labels
    ]


def _key(sheet: Sheet, plot: Plot, steps: Steps, frame: Frame) -> None:
    """The steps at the upper right: a strip of their colours, the bounds between them."""
    import altair as alt

    bounds = [write_number(bound, plot.language, decimals=decimals_of([bound])) for bound in steps.bounds]
    width = max(24.0, max(text_width(text, TICK) for text in bounds) + 8)
    left, top = frame.width + frame.right - width * len(steps.colours), -frame.top
    strip = [
        {"x": round(left + number * width, 2), "x2": round(left + (number + 1) * width, 2), "colour": colour}
        for number, colour in enumerate(steps.colours)
    ]
    key = sheet.on("key", strip).mark_rect()
    y, y2 = at("y", top + 2), at("y2", top + 11)
    sheet.add(key.encode(x=raw("x", "x"), x2=alt.X2("x2:Q"), y=y, y2=y2, color=raw("color", "colour")))
    places = [left + (number + 1) * width for number in range(len(bounds))]
    marks = [
        word(text, x, top + 19, align="center", size=TICK, ink=QUIET) for text, x in zip(bounds, places, strict=True)
    ]
    words(sheet, "bounds", marks)
