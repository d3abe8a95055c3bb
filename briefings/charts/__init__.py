"""Draw a chart request, in the house theme, as a picture.

In: a `ChartRequest` of a `Briefing`, a language, and the words around the chart (`ChartText`, sentences from
`narrative`). Out: a Vega-Lite specification made with Altair; from that, in a worker process, SVG and PNG.
Which figures are worth drawing, and as which kind of chart, was decided in `compose`.

`plotting` puts a request into words and numbers of a language, `axes` and `labels` find ticks and places; `time`,
`band`, `panels`, `ranked`, `slope`, `pairs`, `waterfall`, `parts_of_whole` and `heat` lay out the kinds of charts
(`KINDS`), `parts` and `theme` are what they have in common; `sparkline` is a line in a cell of a table. `drawing` and
`svg` turn a specification into a picture and count its marks; `wording` tells the texts of a picture, `pointing` what
it says on pointing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from briefings.briefing import Briefing, ChartKind, ChartRequest, House
from briefings.charts import (
    band,
    heat,
    pairs,
    panels,
    parts_of_whole,
    pointing,
    ranked,
    slope,
    time,
    waterfall,
    wording,
)
from briefings.charts.drawing import draw, draw_variants
from briefings.charts.parts import ChartText, Drawing, words_around
from briefings.charts.plotting import Label, Plot, plot
from briefings.charts.sparkline import SPARK_HEIGHT, SPARK_WIDTH, sparkline
from briefings.charts.theme import FONTS, NARROW, WIDTH, Frame, branded, house
from briefings.periods import Language

__all__ = [
    "KINDS",
    "NARROW",
    "SPARK_HEIGHT",
    "SPARK_WIDTH",
    "WIDTH",
    "ChartText",
    "draw",
    "draw_chart",
    "job",
    "sparkline",
    "specification",
]

#: Kinds whose colours are a scale, each step of which is told from the next.
SCALED = frozenset({"heat map", "tier bar"})
_HEIGHTS = {"normal": 230.0, "tall": 330.0}
#: A narrow chart is less high as well.
_NARROWER = 0.84


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of chart: how it is laid out, and which numbers it prints beside its marks."""

    lay_out: Callable[[Plot, Frame], Drawing]
    labels: Callable[[Plot, Frame], list[Label]]


KINDS: dict[ChartKind, Kind] = {
    "line": Kind(time.line, lambda plot, frame: time.line_labels(plot)),
    "column": Kind(time.column, time.column_labels),
    "bar": Kind(ranked.bar, lambda plot, frame: ranked.bar_labels(plot)),
    "dot plot": Kind(pairs.dot_plot, lambda plot, frame: pairs.dot_plot_labels(plot)),
    "small multiples": Kind(panels.small_multiples, lambda plot, frame: panels.small_multiples_labels(plot)),
    "heat map": Kind(heat.heat_map, heat.heat_map_labels),
    "rank bump": Kind(ranked.rank_bump, ranked.rank_bump_labels),
    "dumbbell": Kind(pairs.dumbbell, lambda plot, frame: pairs.dumbbell_labels(plot)),
    "bullet": Kind(pairs.bullet, lambda plot, frame: pairs.bullet_labels(plot)),
    "stacked bar": Kind(parts_of_whole.stacked, parts_of_whole.stacked_labels),
    "tier bar": Kind(parts_of_whole.stacked, parts_of_whole.stacked_labels),
    "slope": Kind(slope.slope, lambda plot, frame: slope.slope_labels(plot)),
    "waterfall": Kind(waterfall.waterfall, lambda plot, frame: waterfall.waterfall_labels(plot)),
    "band": Kind(band.band, lambda plot, frame: time.line_labels(plot)),
}


def specification(
    request: ChartRequest,
    briefing: Briefing,
    language: Language,
    text: ChartText,
    *,
    titled: bool = False,
    width: int = WIDTH,
    checked: bool = False,
) -> dict[str, Any]:
    """The chart as Vega-Lite with inline data, `width` pixels wide in all (`WIDTH` for print, `NARROW` for phones).

    `titled`: `draw` is to put title, subtitle and source into the picture, for a file that stands alone; a page sets
    them as text. Under `usermeta` stands what `draw` needs: the id, the words for those who cannot see the chart and
    those around it, and the marks to count. `checked`: let Altair validate all that is made.
    Raises `RenderError` where the request cannot be drawn as it stands.
    """
    plotted = plot(request, briefing, language, text.subtitle)
    return _specify(plotted, text, briefing.house, titled=titled, width=width, checked=checked)


def _specify(
    plotted: Plot, text: ChartText, of: House, *, titled: bool = False, width: int = WIDTH, checked: bool = False
) -> dict[str, Any]:
    from altair.utils import schemapi

    request, language = plotted.request, plotted.language
    # Altair's own checks cost more than the drawing; the tests make every kind of chart under them.
    with schemapi.debug_mode(schemapi.DEBUG_MODE and checked):
        drawing = KINDS[request.kind].lay_out(plotted, _frame(request, width))
        made = _vega_lite(drawing, language, checked=checked)
    above, below = words_around(text, width)
    about = {
        "chart": request.id,
        "id": _identifier(request.id, width),
        "alternative": text.alternative,
        "description": " ".join(part for part in (text.title, text.subtitle, text.source) if part),
        "marks": drawing.sheet.counted,
        "keys": drawing.sheet.keys(),
        "points": drawing.sheet.points,
        "titled": titled,
        "above": above,
        "below": below,
        "font": FONTS[language],
    }
    made |= {"usermeta": about}
    return branded(made, of.accent, of.text_font.get(language, ""), scaled=request.kind in SCALED)


def _frame(request: ChartRequest, width: int) -> Frame:
    height = _HEIGHTS[request.height]
    return Frame(total=width, height=height if width == WIDTH else height * _NARROWER)


def _identifier(chart: str, width: int) -> str:
    """What all ids in a picture begin with: letters, digits and hyphens, one for each width."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", chart).strip("-")
    return f"c{plain}"[plain[:1].isalpha() :] + ("" if width == WIDTH else f"-{width}")


def _vega_lite(drawing: Drawing, language: Language, *, checked: bool) -> dict[str, Any]:
    """The layers put on top of one another, in the house theme. Altair would do so as well, but copies each of them
    four times."""
    import altair as alt

    frame, sheet = drawing.frame, drawing.sheet
    made = {
        "$schema": alt.SCHEMA_URL,
        **house(language),
        "width": frame.width,
        "height": frame.height,
        "padding": {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        "autosize": {"type": "none"},
        "layer": [layer.to_dict(validate=checked, context={"top_level": False}) for layer in sheet.layers],
        "datasets": sheet.data,
    }
    if checked:
        alt.LayerChart.from_dict(made)
    return made


def printed(plotted: Plot, width: int = WIDTH) -> list[tuple[str, str, str]]:
    """The numbers that stand beside the marks: id of the figure, text as printed, where."""
    request, found = plotted.request, []
    for label in KINDS[request.kind].labels(plotted, _frame(request, width)):
        figure, name = label.mark.figure, plotted.series[label.mark.series].full_name
        found.append((figure.id, label.text, f"chart {request.id}: {name}, {figure.period}"))
    return found


def _said(plotted: Plot, made: dict[str, Any], width: int) -> list[wording.Said]:
    return wording.said(made, plotted, KINDS[plotted.request.kind].labels(plotted, _frame(plotted.request, width)))


def job(request: ChartRequest, briefing: Briefing, language: Language, text: ChartText, fonts: str) -> dict[str, Any]:
    """All that a worker needs to draw a chart in every form (`draw_chart`), as plain values: the figures it plots,
    without their inputs, and the names."""
    plotted = {point.figure for series in request.series for point in series.points}
    figures = {
        key: figure.model_copy(update={"inputs": ()}) for key, figure in briefing.figures.items() if key in plotted
    }
    needed = {"figures": figures, "headline": (), "summary": None, "sections": (), "notes": (), "sources": ()}
    return {
        "request": request.model_dump(mode="json"),
        "briefing": briefing.model_copy(update=needed).model_dump(mode="json"),
        "language": language,
        "text": asdict(text),
        "fonts": fonts,
    }


def draw_chart(payload: dict[str, Any]) -> dict[str, Any]:
    """For a worker: a `job` in every form that an edition needs.

    `{"wide", "narrow" (SVG for the pages), "alone_svg", "alone_png" (with title and source), "printed" (id of
    the figure, text, where), "said" (the texts of the pictures by width, see `wording`), "tips" (what the pointer
    brings up, with its figure), "points" (where it does, see `pointing`), "around" (the lines above and below a picture
    that stands alone)}`.
    """
    request, briefing = ChartRequest.model_validate(payload["request"]), Briefing.model_validate(payload["briefing"])
    text = ChartText(**payload["text"])
    plotted = plot(request, briefing, payload["language"], text.subtitle)
    wide, narrow = _specify(plotted, text, briefing.house), _specify(plotted, text, briefing.house, width=NARROW)
    page, alone = draw_variants(wide, payload["fonts"], titled=(False, True))
    small = draw({"specification": narrow, "fonts": payload["fonts"], "png_scale": 0})
    answering = pointing.answering(plotted, page["pointed"])
    return {
        "wide": page["svg"],
        "narrow": small["svg"],
        "alone_svg": alone["svg"],
        "alone_png": alone["png"],
        "printed": printed(plotted),
        "said": {width: _said(plotted, made, width) for width, made in ((WIDTH, wide), (NARROW, narrow))},
        "tips": pointing.tips(answering),
        "points": pointing.points(plotted, answering, page["pointed"], small["pointed"]),
        "around": words_around(text, WIDTH),
    }
