"""Draw: a specification to SVG and PNG, with every mark counted.

In: a payload of plain values, since this runs in a worker process: vl-convert holds the interpreter lock while it works
and can take its process down with it. Out: plain values again. How a chart looks was decided in the specification.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from briefings.charts import svg as pictures
from briefings.charts.parts import HOVER
from briefings.errors import RenderError

#: Layers whose texts are scales, not figures.
_SCALES = frozenset({"ticks", "bounds"})


def draw(payload: dict[str, Any]) -> dict[str, Any]:
    """`{"specification", "fonts" (a folder), "png_scale" (0: no PNG)}` to
    `{"svg": str, "png": bytes, "marks": int, "ticks": [texts that are scales]}`.

    Raises `RenderError` when vl-convert fails, or when what it drew is not what it was given: it draws an empty chart
    without a word where something is wrong with the data.
    """
    import vl_convert

    _register(str(payload["fonts"]))
    specification = payload["specification"]
    about = specification["usermeta"]
    try:
        drawn = vl_convert.vegalite_to_svg(_without_hover(specification), allowed_base_urls=[])
    except ValueError as error:
        raise RenderError(f"Chart {about['chart']} could not be drawn: {error}") from error
    root = pictures.parse(drawn)
    marks = _check(about["chart"], about["marks"], pictures.count_marks(root))
    ticks = pictures.tick_texts(root, _SCALES)
    svg = pictures.finish(root, about["id"], about["alternative"], about["description"])
    scale = payload.get("png_scale", 2)
    png = vl_convert.svg_to_png(svg, scale=scale) if scale else b""
    return {"svg": svg, "png": png, "marks": marks, "ticks": ticks}


def _check(chart: str, expected: Mapping[str, int], drawn: Mapping[str, int]) -> int:
    wrong = [
        f"{drawn.get(name, 0)} of {count} in {name}" for name, count in expected.items() if drawn.get(name, 0) != count
    ]
    total = sum(drawn.get(name, 0) for name in expected)
    if wrong or not total:
        raise RenderError(f"Chart {chart} does not show its data: drawn were {', '.join(wrong) or 'no marks at all'}.")
    return total


def _without_hover(specification: dict[str, Any]) -> dict[str, Any]:
    layers = [layer for layer in specification["layer"] if layer.get("name") != HOVER]
    return {**specification, "layer": layers}


@cache
def _register(folder: str) -> None:
    import vl_convert

    vl_convert.register_font_directory(folder)
