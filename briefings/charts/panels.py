"""Small multiples: a panel for each series, in one picture.

In: a `Plot` of up to 24 series. Out: a `Drawing`, and the labels it prints. The panels are laid out here, in pixels of
the whole picture, since their axes may differ. Single lines are next door in `time`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from briefings.charts.axes import ValueAxis, value_axis
from briefings.charts.labels import line_height, text_width, wrap
from briefings.charts.parts import Drawing, Row, Sheet, raw, unit_head, word, words
from briefings.charts.plotting import Label, Mark, Plot, Series
from briefings.charts.theme import GRID, HIGHLIGHT, INK, QUIET, SLATE, TICK, ZERO, Frame
from briefings.charts.time import DASH, stretches, tentative_head

_SAME = {"en": "same scale in all panels", "zh": "各图纵轴刻度相同"}
_OWN = {"en": "each panel has its own scale", "zh": "各图纵轴刻度不同"}
_COMPARABLE = 6.0
_GAP = 18.0
_MOST_TICKS = 4
_MANY = 16  # panels, from which on five stand beside each other
_NOTE = 16.0  # pixels: the line that says what dashes mean


def small_multiples_labels(plot: Plot) -> list[Label]:
    """The last value in every panel, each with its own precision."""
    return [label for series in plot.series if series.last for label in plot.labels([series.last])]


def shares_scale(plot: Plot) -> bool:
    """Whether all panels have one scale: where units agree, and the middle panel would not be flattened by it."""
    if len({mark.figure.unit for mark in plot.marks}) > 1:
        return False
    values = [[mark.value for mark in series.plotted] for series in plot.series if series.plotted]
    spans = sorted(max(panel) - min(panel) for panel in values)
    whole = max(map(max, values)) - min(map(min, values))
    return whole <= _COMPARABLE * spans[len(spans) // 2]


@dataclass(frozen=True)
class _Panel:
    """One small chart: its series, its axis, and where it stands in the picture."""

    plot: Plot
    series: Series
    axis: ValueAxis
    x: float
    y: float
    width: float
    height: float

    @cached_property
    def left(self) -> float:
        return self.x + max(text_width(label, TICK) for label in self.axis.labels(self.plot.language)) + 6

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def colour(self) -> str:
        return HIGHLIGHT if self.series.highlight else SLATE

    def place(self, mark: Mark) -> Row:
        x = self.left + mark.step / max(1, len(self.plot.periods) - 1) * (self.right - self.left - 4)
        y = self.y + self.axis.pixel(mark.value, self.height)
        return {"x": round(x, 2), "y": round(y, 2), "colour": self.colour, "key": self.series.key}

    def grid(self) -> Iterator[Row]:
        for tick in self.axis.ticks:
            y = self.y + self.axis.pixel(tick, self.height)
            colour = ZERO if tick == 0 or (self.axis.low > 0 and tick == self.axis.low) else GRID
            yield {"x": round(self.left, 2), "x2": round(self.right, 2), "y": round(y, 2), "colour": colour}

    def line(self) -> Iterator[Row]:
        for mark, run, dashed in stretches(self.series, self.plot.breaks):
            yield self.place(mark) | {"run": f"{self.series.number}.{run}", "dash": DASH if dashed else []}

    def title(self, label: Label) -> Iterator[Row]:
        """Name and last value, above."""
        ink = HIGHLIGHT if self.series.highlight else INK
        lines = _name(self.series, label, self.width)
        y = self.y - 13
        yield word(lines, self.x, y - (len(lines) - 1) * line_height() / 2, ink=ink, bold=True)
        yield word(label.text, self.right, y, ink=ink, bold=True, align="right")

    def ticks(self) -> Iterator[Row]:
        """Labels of the ticks at the left, the first and the last period below."""
        for tick, text in zip(self.axis.ticks, self.axis.labels(self.plot.language), strict=True):
            y = self.y + self.axis.pixel(tick, self.height)
            yield word(text, self.left - 5, y, ink=QUIET, align="right", size=TICK)
        first, last = self.plot.name_of(0), self.plot.name_of(-1)
        below = self.y + self.height + 9
        room = self.right - text_width(last, TICK) - 10 - text_width(first, TICK) if first != last else self.left
        if room < self.x:
            last = first
        yield word(first, max(self.x, min(self.left, room)), below, ink=QUIET, size=TICK)
        if first != last:
            yield word(last, self.right, below, ink=QUIET, align="right", size=TICK)


def _name(series: Series, label: Label, width: float) -> list[str]:
    """The name of a panel in lines: the last of them beside its last value, those before as wide as the panel."""
    beside = width - text_width(label.text, bold=True) - 6
    whole = wrap(series.name, beside, bold=True)
    if len(whole) == 1 or " " not in series.name:
        return whole
    words = series.name.split()
    parted = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(len(words) - 1, 0, -1))
    fitting = (
        [*wrap(before, width, bold=True), last] for before, last in parted if text_width(last, bold=True) <= beside
    )
    return min(fitting, key=len, default=whole)


def small_multiples(plot: Plot, frame: Frame) -> Drawing:
    """A panel for each series, in the order given; each with its name, its last value, and three or four ticks."""
    import altair as alt

    series = [one for one in plot.series if one.plotted]
    shared = shares_scale(plot)
    labels = {label.mark.series: label for label in small_multiples_labels(plot)}
    frame, panels = _panels(plot, series, labels, frame, shared=shared)
    sheet = Sheet()
    x, y, colour = raw("x", "x"), raw("y", "y"), raw("color", "colour")
    grid = sheet.on("grid", [row for panel in panels for row in panel.grid()])
    sheet.add(grid.mark_rule().encode(x=x, x2=alt.X2("x2:Q"), y=y, color=colour))
    lines = sheet.on("lines", [row for panel in panels for row in panel.line()], counted=True)
    run, dash = alt.Detail("run:N"), raw("strokeDash", "dash")
    sheet.add(lines.mark_line(strokeWidth=1.6).encode(x=x, y=y, detail=run, color=colour, strokeDash=dash))
    ends = sheet.on("ends", [panel.place(panel.series.last) for panel in panels if panel.series.last], counted=True)
    sheet.add(ends.mark_point(filled=True, size=26, opacity=1).encode(x=x, y=y, color=colour))
    words(sheet, "values", [row for panel in panels for row in panel.title(labels[panel.series.number])])
    words(sheet, "ticks", [row for panel in panels for row in panel.ticks()])
    note = (_SAME if shared else _OWN)[plot.language]
    head = unit_head(plot.unit, frame, top=True)
    aside = word(note, frame.total, -frame.top + line_height() / 2, ink=QUIET, align="right")
    dashes = [row | {"y": row["y"] + _NOTE} for row in tentative_head(plot, frame)]
    words(sheet, "unit", [*head, aside, *dashes])
    for panel in panels:
        for mark in panel.series.plotted:
            place = panel.place(mark)
            sheet.point_at(place["x"], place["y"], mark.tip)
    return Drawing(frame, sheet)


def _panels(
    plot: Plot, series: list[Series], labels: Mapping[int, Label], frame: Frame, *, shared: bool
) -> tuple[Frame, list[_Panel]]:
    """The panels in rows: three to five beside each other, two on a phone. A long name makes its row taller."""
    across = min(len(series), 2 if frame.narrow else 3 if len(series) <= 9 else 4 if len(series) <= _MANY else 5)
    down = -(-len(series) // across)
    width = (frame.total - (across - 1) * _GAP) / across
    height = 66.0 if down > 3 else 84.0
    same = value_axis([mark.value for mark in plot.marks], most=_MOST_TICKS, sign=plot.sign)
    panels: list[_Panel] = []
    top = y = 0.0
    head = 25 + (_NOTE if tentative_head(plot, frame) else 0)
    for first in range(0, len(series), across):
        row = series[first : first + across]
        title = max(len(_name(one, labels[one.number], width)) for one in row) * line_height()
        y, top = (y + height + 34 + title, top) if first else (0.0, head + title)
        for number, one in enumerate(row):
            axis = (
                same if shared else value_axis([mark.value for mark in one.plotted], most=_MOST_TICKS, sign=plot.sign)
            )
            panels.append(_Panel(plot, one, axis, number * (width + _GAP), y, width, height))
    return frame.with_margins(left=0, right=0, top=top, bottom=2, height=y + height + 16), panels
