"""Draw: a specification to SVG and PNG, with every mark counted.

In: a payload of plain values, since this runs in a worker process: vl-convert holds the interpreter lock while it works
and can take its process down with it. Out: plain values again. How a chart looks was decided in the specification.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from briefings.charts import pointing, wording
from briefings.charts import svg as pictures
from briefings.charts.outlines import outline
from briefings.charts.svg import Words
from briefings.errors import RenderError

PNG_SCALE = 2.0


def draw(payload: dict[str, Any]) -> dict[str, Any]:
    """`{"specification", "fonts" (a folder), "png_scale" (0: no PNG)}` to
    `{"svg": str, "png": bytes, "marks": int, "pointed": [words and box of each mark that answers to the pointer]}`.

    Raises `RenderError` when vl-convert fails, or when what it drew is not what it was given: it draws an empty chart
    without a word where something is wrong with the data.
    """
    specification, scale = payload["specification"], float(payload.get("png_scale", PNG_SCALE))
    titled = bool(specification["usermeta"]["titled"])
    return draw_variants(specification, payload["fonts"], titled=(titled,), png={titled: scale})[0]


def draw_variants(
    specification: dict[str, Any],
    fonts: str,
    *,
    titled: tuple[bool, ...],
    png: Mapping[bool, float] = {True: PNG_SCALE},  # read only
) -> list[dict[str, Any]]:
    """One drawing, with and without the words around it; `png`: at which scale each also becomes a PNG."""
    import vl_convert

    _register(str(fonts))
    about = specification["usermeta"]
    try:
        wordless, labels = _wordless(pointing.speaking(specification))
        root = pictures.parse(vl_convert.vegalite_to_svg(wordless, allowed_base_urls=[]))
        pictures.put_labels(root, wording.at_axes(specification), labels)
    except ValueError as error:
        raise RenderError(f"Chart {about['chart']} could not be drawn: {error}") from error
    pointed = pointing.take(root, specification)
    marks = _check(about["chart"], about["marks"], pictures.count_marks(root))
    pictures.name_series(root, about["keys"])
    pictures.clean(root, about["id"])
    pictures.describe(root, about["id"], about["alternative"], about["description"])
    made = []
    for with_words in titled:
        scale = png.get(with_words, 0)
        one = copy.deepcopy(root) if with_words or scale else root
        if with_words:
            one = pictures.with_words(one, about)
        drawn = {"svg": pictures.write(one), "png": _png(one, str(fonts), scale) if scale else b""}
        made.append({**drawn, "marks": marks, "pointed": pointed})
    return made


def raster(payload: dict[str, Any]) -> bytes:
    """For a worker: an SVG that states its size in pixels (`svg`) as PNG."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(payload["svg"]))


def _wordless(specification: dict[str, Any]) -> tuple[dict[str, Any], list[list[Words]]]:
    """The specification as Vega is to draw it: without what is said beside the drawing (`usermeta`), without the words
    of its axes, and without those of its labels, which are returned, a list for each layer of texts. Vega would measure
    each of them, which takes more time than all the rest; nothing is placed by their widths, since sizes are fixed."""
    datasets, layers, labels = dict(specification["datasets"]), [], []
    for layer in specification["layer"]:
        layers.append({**layer, "encoding": {name: _unlabelled(each) for name, each in layer["encoding"].items()}})
        if layer["mark"]["type"] == "text":
            name = layer["data"]["name"]
            labels.append([row["text"] for row in datasets[name]])
            datasets[name] = [{**row, "text": _emptied(row["text"])} for row in datasets[name]]
    drawn = {name: value for name, value in specification.items() if name != "usermeta"}
    return {**drawn, "datasets": datasets, "layer": layers}, labels


def _unlabelled(channel: dict[str, Any]) -> dict[str, Any]:
    """A channel whose axis, if it has one with words, has its ticks without them."""
    axis = channel.get("axis") or {}
    return {**channel, "axis": {**axis, "labelExpr": "''"}} if "labelExpr" in axis else channel


def _emptied(words: Words) -> Words:
    return "" if isinstance(words, str) else [""] * len(words)


def _png(root: ET.Element, fonts: str, scale: float) -> bytes:
    """The picture as PNG; its texts become outlines on the way."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(pictures.write(outline(root, fonts)), scale=scale))


def _check(chart: str, expected: Mapping[str, int], drawn: Mapping[str, int]) -> int:
    found = {name: drawn.get(name, 0) for name in expected}
    wrong = [f"{found[name]} of {count} in {name}" for name, count in expected.items() if found[name] != count]
    total = sum(found.values())
    if wrong or not total:
        raise RenderError(f"Chart {chart} does not show its data: drawn were {', '.join(wrong) or 'no marks at all'}.")
    return total


@cache
def _register(folder: str) -> None:
    import vl_convert

    vl_convert.register_font_directory(folder)
