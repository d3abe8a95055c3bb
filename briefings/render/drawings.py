"""Have every chart of an edition drawn: for its pages, and as files that stand alone.

In: the chart requests and their words. Out: a `Drawing` each. Charts are drawn in workers; how, is decided in `charts`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from briefings.briefing import Briefing, ChartRequest
from briefings.errors import RenderError
from briefings.narrative import Narrative, plain
from briefings.render.notes import Notes


class Runner(Protocol):
    """What render needs of `workers.Workers`: run a function of plain data, named `module:function`, in a child."""

    def run(self, target: str, payload: dict[str, Any]) -> Any: ...


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart, drawn.

    wide, narrow: SVG for the pages (print and desk; phone), without title and source, which the page sets as text.
    alone_svg, alone_png: the files, with them. size: of `wide`, in CSS pixels. interactive: the Vega-Lite
    specification for the HTML, JSON that may stand in a script element. printed: the numbers that the chart's labels
    print, as (figure, text, where).
    """

    wide: str
    narrow: str
    alone_svg: bytes
    alone_png: bytes
    size: tuple[int, int]
    interactive: str
    printed: tuple[tuple[str, str, str], ...]


def size(svg: str) -> tuple[int, int]:
    """Width and height that an SVG states, CSS pixels. Raises `RenderError` where it states none."""
    head = svg[: svg.find(">") + 1]
    found = {name: re.search(rf'\s{name}="([0-9.]+)(?:px)?"', head) for name in ("width", "height")}
    width, height = found["width"], found["height"]
    if width is None or height is None:
        raise RenderError(f"a chart's picture states no size: {head[:120]!r}")
    return round(float(width[1])), round(float(height[1]))


def draw_all(briefing: Briefing, narrative: Narrative, workers: Runner, fonts: Path) -> dict[str, Drawing]:
    """Every chart of the briefing by its id, in order. Raises `RenderError` for one without marks."""
    requests = [chart for section in briefing.sections for chart in section.charts]
    notes = Notes(briefing, narrative.language, narrative.furniture)
    return {request.id: _draw(request, briefing, narrative, notes, workers, fonts) for request in requests}


def _draw(
    request: ChartRequest, briefing: Briefing, narrative: Narrative, notes: Notes, workers: Runner, fonts: Path
) -> Drawing:
    from briefings import charts

    caption, language = narrative.charts[request.id], "zh" if narrative.language == "zh" else "en"
    source = notes.source_line(request.sources)
    text = charts.ChartText(plain(caption.title), plain(caption.subtitle), plain(caption.alternative), source)
    wide = charts.specification(request, briefing, language, text)
    narrow = charts.specification(request, briefing, language, text, width=charts.NARROW)
    alone = charts.specification(request, briefing, language, text, titled=True)

    def draw(specification: dict[str, Any], png_scale: int = 0) -> dict[str, Any]:
        payload = {"specification": specification, "fonts": str(fonts), "png_scale": png_scale}
        drawn: dict[str, Any] = workers.run("briefings.charts:draw", payload)
        return drawn

    page, file = draw(wide), draw(alone, 2)
    return Drawing(
        wide=page["svg"],
        narrow=draw(narrow)["svg"],
        alone_svg=file["svg"].encode(),
        alone_png=file["png"],
        size=size(page["svg"]),
        interactive=charts.interactive(wide),
        printed=tuple(charts.printed(request, briefing, language)),
    )
