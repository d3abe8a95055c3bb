"""Have every chart of an edition drawn: for its pages, and as files that stand alone.

In: the chart requests and their words. Out: a `Drawing` each. Charts are drawn in workers; how, is decided in `charts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefings import charts
from briefings.briefing import Briefing, ChartRequest
from briefings.errors import RenderError
from briefings.narrative import Narrative, plain
from briefings.render.notes import Notes
from briefings.workers import Workers

Said = tuple[str, str, str, str]
Tip = tuple[str, str, str, str, str]
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart, drawn.

    wide, narrow: SVG for the pages (print and desk; phone), without title and source, which the page sets as text.
    alone_svg, alone_png: the files, with them. size: of `wide`, in CSS pixels. printed: the numbers that the chart's
    labels print, as (figure, text, where). said_wide, said_narrow: every text of those pictures, as (text, figure,
    furniture, unit); said_around: the lines above and below the one that stands alone. tips: what the pointer brings
    up, as (name, period, value, status, figure); points: the same with the places of the marks, JSON for the script of
    the page.
    """

    wide: str
    narrow: str
    alone_svg: bytes
    alone_png: bytes
    size: tuple[int, int]
    printed: tuple[tuple[str, str, str], ...]
    said_wide: tuple[Said, ...] = ()
    said_narrow: tuple[Said, ...] = ()
    said_around: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    tips: tuple[Tip, ...] = ()
    points: str = ""


def size(svg: str) -> tuple[int, int]:
    """Width and height that an SVG states, CSS pixels. Raises `RenderError` where it states none."""
    head = svg[: svg.find(">") + 1]
    found = {name: re.search(rf'\s{name}="([0-9.]+)(?:px)?"', head) for name in ("width", "height")}
    width, height = found["width"], found["height"]
    if width is None or height is None:
        raise RenderError(f"a chart's picture states no size: {head[:120]!r}")
    return round(float(width[1])), round(float(height[1]))


def crop(drawing: Drawing) -> tuple[int, int]:
    """How much of the picture that stands alone is title above and source below, in thousandths of a percent of its
    height: what a page leaves out that sets them as text."""
    _, whole = size(drawing.alone_svg.decode())
    moved = re.search(r'<g transform="translate\(0,([0-9.]+)\)">', drawing.alone_svg.decode())
    above = float(moved[1]) if moved and drawing.size[1] < whole else 0.0
    below = max(0.0, whole - drawing.size[1] - above)
    return round(above / whole * 100_000), round(below / whole * 100_000)


def draw_all(briefing: Briefing, narrative: Narrative, workers: Workers, fonts: Path) -> dict[str, Drawing]:
    """Every chart of the briefing by its id, in order. Raises `RenderError` for one that does not show its data."""
    notes = Notes(briefing, narrative.language, narrative.furniture)
    requests = [chart for section in briefing.sections for chart in section.charts]
    jobs = [_job(request, briefing, narrative, notes, fonts) for request in requests]
    drawn = workers.map("briefings.charts:draw_chart", jobs)
    return {request.id: _drawing(found) for request, found in zip(requests, drawn, strict=True)}


def _job(request: ChartRequest, briefing: Briefing, narrative: Narrative, notes: Notes, fonts: Path) -> dict[str, Any]:
    if not _FILE_NAME.fullmatch(request.id):
        raise RenderError(f"chart id {request.id!r}: it names a file; letters, digits, - and _ are allowed")
    caption = narrative.charts[request.id]
    source = notes.source_line(request.sources)
    text = charts.ChartText(plain(caption.title), plain(caption.subtitle), plain(caption.alternative), source)
    return charts.job(request, briefing, "zh" if narrative.language == "zh" else "en", text, str(fonts))


def _drawing(found: Mapping[str, Any]) -> Drawing:
    return Drawing(
        wide=found["wide"],
        narrow=found["narrow"],
        alone_svg=found["alone_svg"].encode(),
        alone_png=found["alone_png"],
        size=size(found["wide"]),
        printed=tuple(found["printed"]),
        said_wide=tuple(found["said"][charts.WIDTH]),
        said_narrow=tuple(found["said"][charts.NARROW]),
        said_around=(_texts(found["around"][0]), _texts(found["around"][1])),
        tips=tuple(found["tips"]),
        points=found["points"],
    )


def _texts(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(row["text"] for row in rows)
