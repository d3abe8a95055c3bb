"""The waterfall: what each part contributes to a growth, one after the other, up to their total.

In: a `Plot` whose series are the contributions in the order in which they are to be read, last the total (the series
with the role `total`). Out: a `Drawing`, and the labels it prints. A row a part: each bar begins where the one before
ended. Parts and total are figures; which of them are shown, and that they add up, was decided in `compose`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from briefings.charts.labels import text_width
from briefings.charts.parts import Drawing, Row, Sheet, raw, unit_head, weight, word, words
from briefings.charts.plotting import TOTAL, Label, Plot, Series
from briefings.charts.ranked import with_names
from briefings.charts.theme import GREY, HIGHLIGHT, INK, SLATE, Frame

_ROW, _BAR = 23.0, 15.0  # pixels: the height of a row, and of its bar


@dataclass(frozen=True, slots=True)
class _Step:
    """A bar from `low` to `high`; `end` is where the next one begins. In the chart's scale."""

    series: Series
    label: Label
    low: float
    high: float
    end: float

    @property
    def total(self) -> bool:
        return self.series.row == TOTAL


def waterfall_labels(plot: Plot) -> list[Label]:
    """Every contribution with its sign; the total as it is told elsewhere."""
    found = plot.labels([series.last for series in plot.series if series.last is not None])
    return [
        Label(label.mark, f"+{label.text}" if label.mark.value > 0 and not _is_total(plot, label) else label.text)
        for label in found
    ]


def _is_total(plot: Plot, label: Label) -> bool:
    return plot.series[label.mark.series].row == TOTAL


def waterfall(plot: Plot, frame: Frame) -> Drawing:
    """Horizontal bars that hang on each other, from zero to the total, which begins at zero again."""
    import altair as alt

    steps = list(_steps(plot))
    frame, names = with_names([step.series for step in steps], frame, row=_ROW)
    room = max(text_width(step.label.text, bold=True) for step in steps) + 8
    frame = frame.with_margins(right=room, top=24 if plot.unit else 4, bottom=4)
    low, high = min(0.0, *(step.low for step in steps)), max(0.0, *(step.high for step in steps))
    scale = frame.width / ((high - low) or 1.0)
    pitch = frame.height / len(steps)
    sheet = Sheet()
    edges = {"x": raw("x", "x"), "x2": raw("x2", "x2"), "y": raw("y", "y"), "y2": raw("y2", "y2")}
    if joins := list(_joins(steps, low, scale, pitch)):
        sheet.add(sheet.on("joins", joins).mark_rule(color=GREY).encode(x=edges["x"], y=edges["y"], y2=edges["y2"]))
    rows = [_box(step, number, low, scale, pitch) for number, step in enumerate(steps)]
    bars = sheet.on("bars", rows, counted=True).mark_rect()
    sheet.add(bars.encode(**edges, color=raw("color", "colour"), tooltip=alt.Tooltip("tip:N")))
    zero = [{"x": round(-low * scale, 2), "y": 0, "y2": frame.height}]
    sheet.add(sheet.on("zero", zero).mark_rule(color=INK).encode(x=edges["x"], y=edges["y"], y2=edges["y2"]))
    words(sheet, "names", list(_names(steps, names, frame, pitch)))
    words(sheet, "values", [_value(step, number, low, scale, pitch) for number, step in enumerate(steps)])
    words(sheet, "unit", unit_head(plot.unit, frame))
    return Drawing(frame, sheet)


def _steps(plot: Plot) -> Iterator[_Step]:
    begin = 0.0
    for label in waterfall_labels(plot):
        series, value = plot.series[label.mark.series], label.mark.value
        if series.row == TOTAL:
            begin = 0.0
        yield _Step(series, label, min(begin, begin + value), max(begin, begin + value), begin + value)
        begin += value


def _box(step: _Step, number: int, low: float, scale: float, pitch: float) -> Row:
    middle = (number + 0.5) * pitch
    return {
        "x": round((step.low - low) * scale, 2),
        "x2": round((step.high - low) * scale, 2),
        "y": round(middle - _BAR / 2, 2),
        "y2": round(middle + _BAR / 2, 2),
        "colour": _colour(step),
        "key": step.series.key,
        "tip": step.label.mark.tip,
    }


def _colour(step: _Step) -> str:
    """The total in slate: it is no part, and no other chart has a series of that colour."""
    return SLATE if step.total else step.series.colour


def _joins(steps: Sequence[_Step], low: float, scale: float, pitch: float) -> Iterator[Row]:
    """From the end of each bar down to the next, which begins there (the total ends there)."""
    for number, step in enumerate(steps[:-1]):
        x = round((step.end - low) * scale, 2)
        yield {"x": x, "y": round((number + 0.5) * pitch + _BAR / 2, 2), "y2": round((number + 1.5) * pitch, 2)}


def _names(steps: Sequence[_Step], names: Sequence[list[str]], frame: Frame, pitch: float) -> Iterator[Row]:
    for number, (step, lines) in enumerate(zip(steps, names, strict=True)):
        bold = step.series.highlight or step.total
        yield word(lines, -frame.left, (number + 0.5) * pitch, bold=bold, ink=_ink(step))


def _ink(step: _Step) -> str:
    return HIGHLIGHT if step.series.highlight else INK


def _value(step: _Step, number: int, low: float, scale: float, pitch: float) -> Row:
    """Values at the right of their bars, whichever way these go: the sign says it."""
    x, y = (step.high - low) * scale + 5, (number + 0.5) * pitch
    bold = step.series.highlight or step.total
    return {**word(step.label.text, x, y, ink=_ink(step)), "weight": weight(bold)}
