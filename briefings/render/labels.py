"""Set the labels of charts in a PDF, each in one piece.

In: the SVG of a chart, on its way into a page. Out: the same SVG, its plain texts marked as `<label>`, an element that
WeasyPrint is taught here to draw. It lays out the text of an SVG letter by letter, twice each, and gives every text
that is not left-aligned a form of its own: the labels of seven charts took a quarter of the time of a PDF of ten pages,
and a quarter of its bytes. Drawn in one piece, a label is kerned as well.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

#: What no label has: strokes, shifts, letters placed or turned one by one. Such texts stay WeasyPrint's affair.
_UNUSUAL = re.compile(r" (?:stroke|dx|dy|rotate|textLength|letter-spacing|[\w-]*baseline|style)=")
_TEXT = re.compile(r"<text( [^<>]*)>([^<]+)</text>")
_MOVED = re.compile(r' transform="translate\((-?[\d.]+),(-?[\d.]+)\)"')
_PLACE = re.compile(r" [xy]=")
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
_WEIGHTS = {"normal": 400, "bold": 700}


def marked(svg: str) -> str:
    """An SVG with `<label>` for every text that is one line at one place."""

    def label(found: re.Match[str]) -> str:
        attributes, words = found.groups()
        return found[0] if _UNUSUAL.search(attributes) else f"<label{_placed(attributes)}>{words}</label>"

    return _TEXT.sub(label, svg)


def _placed(attributes: str) -> str:
    """The attributes of a text that is moved to its place, as Vega writes them, with the place itself: WeasyPrint reads
    that in a tenth of the time."""
    moved = _MOVED.search(attributes)
    if moved is None or _PLACE.search(attributes):
        return attributes
    return f'{attributes[: moved.start()]} x="{moved[1]}" y="{moved[2]}"{attributes[moved.end() :]}'


def teach() -> None:
    """Let WeasyPrint draw labels in the pictures of this process."""
    from weasyprint import svg

    svg.TAGS["label"] = draw


def draw(svg: Any, node: Any, font_size: float) -> None:
    """Draw a label, in the state that WeasyPrint has set for its element (transformation, opacity)."""
    from weasyprint.draw.text import draw_first_line
    from weasyprint.matrix import Matrix
    from weasyprint.svg.utils import alpha_value, color
    from weasyprint.text.line_break import create_layout, line_size

    ink = color(node.get("fill", "black"))
    ink.alpha *= alpha_value(node.get("fill-opacity", 1))
    style = _style(svg, node, font_size)
    layout = create_layout(node.text, style, svg.context, None, 0)
    width, _ = line_size(layout.get_first_line()[0], style)
    left = float(node.get("x", 0)) - width * _ANCHORS[node.get("text-anchor", "start")]
    box = SimpleNamespace(text=layout.text, style=style, pango_layout=layout, baseline=0)
    svg.stream.set_color(ink)
    svg.stream.begin_text()
    draw_first_line(svg.stream, box, "none", "none", Matrix(d=-1, e=left, f=float(node.get("y", 0))))
    svg.stream.end_text()


class _Style(dict[str, Any]):
    """Values by property, as WeasyPrint reads them."""

    font_config: Any


def _style(svg: Any, node: Any, font_size: float) -> _Style:
    from weasyprint.css.properties import INITIAL_VALUES

    weight = node.get("font-weight", "normal")
    style = _Style(INITIAL_VALUES)
    style["font_family"] = [name.strip(" '\"") for name in node.get("font-family", "sans-serif").split(",")]
    style["font_style"] = node.get("font-style", "normal")
    style["font_weight"] = _WEIGHTS.get(weight) or int(weight)
    style["font_size"] = font_size
    style.font_config = svg.font_config
    return style
