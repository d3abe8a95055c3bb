"""The parts that all charts are put together from, in Altair: layers, texts, rules, axes, words around the picture.

In: rows of plain values and the sizes of the chart. Out: a `Sheet` of Altair layers, each with a name, by which `svg`
finds its marks again and counts them. The kinds of chart, each in a module next door, are the `KINDS` of `charts`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefings.charts.axes import TimeTick, ValueAxis
from briefings.charts.labels import line_height, wrap
from briefings.charts.theme import INK, QUIET, SOURCE, SUBTITLE, TEXT, TICK, TITLE, ZERO, Frame
from briefings.periods import Language

if TYPE_CHECKING:
    import altair as alt

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChartText:
    """The words around a chart, made by `narrative`: title (the finding), subtitle (measure, unit, places, periods),
    alternative text (for those who cannot see it), source line."""

    title: str
    subtitle: str
    alternative: str
    source: str


class Sheet:
    """What a chart is drawn on: layers in order, their data beside them, and how many marks some of them must show.

    Data stay outside Altair until the end, since it would copy every row several times.
    """

    def __init__(self) -> None:
        self.data: dict[str, list[Row]] = {}
        self.layers: list[alt.Chart] = []
        self.counted: dict[str, int] = {}
        self.points: list[Row] = []

    def point_at(self, x: float, y: float, tip: str) -> None:
        """A place in pixels of the plot that answers to the pointer where no mark of its own stands: along a line."""
        self.points.append({"x": x, "y": y, "tip": tip})

    def on(self, name: str, rows: Sequence[Row], *, counted: bool = False) -> alt.Chart:
        """A chart of these rows, to be added as a layer; `counted`: it must show a mark for each row."""
        import altair as alt

        while name in self.data:
            name += "+"
        self.data[name] = list(rows)
        if counted:
            self.counted[name] = len(rows)
        return alt.Chart(alt.NamedData(name=name), name=name)

    def keys(self) -> dict[str, list[tuple[str, str]]]:
        """By counted layer, for those whose rows belong to series: the key of every row's series, and the run that it
        is a point of, if any."""
        return {
            name: [(row["key"], str(row.get("run", ""))) for row in rows]
            for name, rows in self.data.items()
            if name in self.counted and rows and "key" in rows[0]
        }

    def add(self, layer: alt.Chart) -> None:
        self.layers.append(layer)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart laid out: a sheet with its layers, and the frame around them."""

    frame: Frame
    sheet: Sheet


def raw(channel: str, field: str) -> Any:
    """A channel whose field holds what is drawn (a colour, a width, a place in pixels), with no scale in between."""
    import altair as alt

    if channel in ("x2", "y2"):
        return alt.X2(field=field) if channel == "x2" else alt.Y2(field=field)
    makers = {
        "color": alt.Color,
        "fill": alt.Fill,
        "stroke": alt.Stroke,
        "strokeDash": alt.StrokeDash,
        "strokeWidth": alt.StrokeWidth,
        "x": alt.X,
        "y": alt.Y,
    }
    kind = "nominal" if channel in ("color", "fill", "stroke", "strokeDash") else "quantitative"
    options = {"axis": None} if channel in ("x", "y") else {}
    return makers[channel](field=field, type=kind, scale=None, **options)


def at(channel: str, place: float) -> Any:
    """A channel that has one place, in pixels of the plot; Altair takes its time to tell the kind of a bare value."""
    import altair as alt

    makers: dict[str, Any] = {"x": alt.XValue, "x2": alt.X2Value, "y": alt.YValue, "y2": alt.Y2Value}
    return makers[channel](place)


def value_scale(axis: ValueAxis) -> alt.Scale:
    import altair as alt

    return alt.Scale(domain=[axis.low, axis.high], nice=False, zero=False)


def band(count: int, *, inner: float = 0.3, outer: float = 0.1) -> alt.Scale:
    """A scale of so many bands, numbered from nought."""
    import altair as alt

    return alt.Scale(domain=list(range(count)), paddingInner=inner, paddingOuter=outer)


def time_scale(count: int) -> alt.Scale:
    """A scale of so many points in time, numbered from nought, the first and the last at the edges."""
    import altair as alt

    return alt.Scale(domain=[0, max(1, count - 1)], nice=False, zero=False)


def axis_of_values(axis: ValueAxis, language: Language, *, grid: bool = True) -> alt.Axis:
    """Labels at the ticks; with grid lines, or with small ticks on a base line."""
    return _axis(axis.ticks, axis.labels(language), grid=grid, line=not grid)


def axis_of_time(ticks: Sequence[TimeTick], *, line: bool = True) -> alt.Axis:
    """Labels of the given steps; `line`: with a base line and small ticks on it."""
    return _axis([tick.step for tick in ticks], [tick.text for tick in ticks], grid=False, line=line)


def _axis(values: Sequence[float], labels: Sequence[str], *, grid: bool, line: bool) -> alt.Axis:
    import altair as alt

    return alt.Axis(
        values=list(values),
        tickCount=len(values),  # else Vega leaves out every second one where it finds the axis short
        labelExpr=_worded(values, labels),
        grid=grid,
        domain=line,
        domainColor=ZERO,
        ticks=line,
        tickSize=4,
        tickColor=ZERO,
        labelPadding=6 if grid else 4,
    )


def _worded(values: Sequence[float], texts: Sequence[str]) -> str:
    """A Vega expression that looks a tick's text up. Both are JSON: no text can be taken for code."""
    return f"{json.dumps(list(texts), ensure_ascii=False)}[indexof({json.dumps(list(values))}, datum.value)]"


def texts(sheet: Sheet, name: str, rows: Iterable[Row], *, x: Any, y: Any) -> None:
    """Texts beside marks, one a row: `text` (or lines of it, centred as a block), and of `ink`, `weight`, `align`,
    `dx`, `dy` and `size` those that are not as usual. Does nothing without rows."""
    import altair as alt

    full = [_centred({**_USUAL, **row}) for row in rows]
    if not full:
        return
    style: dict[str, Any] = {}
    for key, option in _STYLES.items():
        values = {row[key] for row in full}
        style[option] = values.pop() if len(values) == 1 else alt.ExprRef(expr=f"datum.{key}")
    differing = {key for key in _STYLES if isinstance(style[_STYLES[key]], alt.ExprRef)}
    kept = [{key: value for key, value in row.items() if key not in _STYLES or key in differing} for row in full]
    layer = sheet.on(name, kept).mark_text(baseline="middle", **style)
    sheet.add(layer.encode(x=x, y=y, text=alt.Text(field="text", type="nominal")))


_USUAL: Row = {"ink": INK, "weight": "normal", "align": "left", "dx": 0, "dy": 0, "size": TEXT}
_STYLES = {"ink": "fill", "weight": "fontWeight", "align": "align", "dx": "dx", "dy": "dy", "size": "fontSize"}


def _centred(row: Row) -> Row:
    """Vega hangs a text by its first line; here several lines stand around their place."""
    lines = row["text"]
    return row if isinstance(lines, str) else {**row, "dy": row["dy"] - round((len(lines) - 1) * line_height() / 2, 2)}


def word(text: str | list[str], x: float, y: float, *, bold: bool = False, **style: Any) -> Row:
    """One text at a place given in pixels of the plot, for `words`."""
    return {"text": text, "x": round(x, 2), "y": round(y, 2), "weight": weight(bold), **style}


def weight(bold: bool) -> str:
    return "bold" if bold else "normal"


def words(sheet: Sheet, name: str, rows: Iterable[Row]) -> None:
    """Texts at places given in pixels of the plot."""
    texts(sheet, name, rows, x=raw("x", "x"), y=raw("y", "y"))


_UNIT = 15.5  # pixels: so far above the plot stands its unit


def unit_head(unit: str, frame: Frame, *, top: bool = False) -> list[Row]:
    """The unit, in small type at the left edge: close above the axis, or at the `top`, where more stands between."""
    y = -frame.top + line_height() / 2 if top else -_UNIT
    return [word(unit, -frame.left, y, ink=QUIET, size=TICK)] if unit else []


def zero_line(sheet: Sheet, axis: ValueAxis, channel: str = "y") -> None:
    """A heavier rule at zero, where zero is inside the axis or its foot."""
    import altair as alt

    if axis.low <= 0 <= axis.high:
        place = {"y": alt.Y(field="zero", type="quantitative")} if channel == "y" else {"x": alt.X("zero:Q")}
        sheet.add(sheet.on("zero", [{"zero": 0}]).mark_rule(color=ZERO, strokeWidth=1.2).encode(**place))


def words_around(text: ChartText, width: float) -> tuple[list[Row], list[Row]]:
    """Title and subtitle, and the source line, as lines of text from the left edge downward, `width` pixels wide.

    Each line: `text`, `y` (its middle, below the top of its block), `size`, `weight`, `ink`. They are drawn above and
    below the picture in files that stand alone; a page sets them as text.
    """
    title = _block(text.title, width, TITLE, 0, ink=INK, bold=True)
    subtitle = _block(text.subtitle, width, SUBTITLE, len(title) * line_height(TITLE) + 3, ink=QUIET)
    source = _block(text.source, width, SOURCE, 0, ink=QUIET)
    return title + subtitle, source


def _block(text: str, width: float, size: float, top: float, *, ink: str, bold: bool = False) -> list[Row]:
    lines = wrap(text, width - 4, size, bold=bold) if text else []
    pitch = line_height(size)
    return [
        {"text": line, "y": round(top + (number + 0.5) * pitch, 2), "size": size, "weight": weight(bold), "ink": ink}
        for number, line in enumerate(lines)
    ]
