"""What a chart says on pointing: the words of every mark, and where in the picture the mark stands.

In: a specification, in which a layer that answers has its words as `tooltip`, and points along lines stand by
themselves; and what Vega drew. Out: for each mark its words and its box in pixels; and both, for the two pictures of a
page, as JSON for the script in the page. Vega writes the words of a mark beside its shape, as the label that a screen
reader would read, so that no order is taken on trust; the pictures themselves keep none of it. The words are made in
`plotting`.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from briefings.charts.plotting import Mark, Plot

Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels of the picture; a point has no size."""
Pointed = tuple[str, Box]
Tip = tuple[str, str, str, str, str]
"""Name, period, value with its unit, status, and the id of the figure."""

_LABEL = "aria-label"
_MOVED = re.compile(r"translate\(([^,)]+),([^)]+)\)")
_RECTANGLE = re.compile(r"M([^,]+),([^hA-Z]+)h([^v]+)v([^h]+)h")
#: What could end or confuse a script element, as JSON writes it otherwise.
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def speaking(specification: dict[str, Any]) -> dict[str, Any]:
    """The specification, with the words that come up on pointing as descriptions of the marks."""
    return {**specification, "layer": [_described(layer) for layer in specification["layer"]]}


def _described(layer: dict[str, Any]) -> dict[str, Any]:
    if "tooltip" not in layer["encoding"]:
        return layer
    encoding = {name: channel for name, channel in layer["encoding"].items() if name != "tooltip"}
    words = {"description": layer["encoding"]["tooltip"]}
    return {**layer, "mark": {**layer["mark"], "aria": True}, "encoding": encoding | words}


def take(root: ET.Element, specification: dict[str, Any]) -> list[Pointed]:
    """The words and boxes of all marks that answer, in order of drawing; the words are taken out of the picture."""
    found = list(_pointed(root, 0, 0))
    for element in root.iter():
        element.attrib.pop(_LABEL, None)
    left, top = specification["padding"]["left"], specification["padding"]["top"]
    along = specification["usermeta"]["points"]
    return found + [(point["tip"], (point["x"] + left, point["y"] + top, 0, 0)) for point in along]


def _pointed(element: ET.Element, x: float, y: float) -> Iterator[Pointed]:
    if moved := _MOVED.match(element.get("transform") or ""):
        x, y = x + float(moved[1]), y + float(moved[2])
    if words := element.get(_LABEL):
        yield words, _box(element.get("d") or "", x, y)
    for child in element:
        yield from _pointed(child, x, y)


def _box(outline: str, x: float, y: float) -> Box:
    """The box of a rectangle; of any other shape its middle."""
    found = _RECTANGLE.match(outline)
    if not found:
        return x, y, 0, 0
    left, top, width, height = (float(number) for number in found.groups())
    return x + min(left, left + width), y + min(top, top + height), abs(width), abs(height)


def answering(plot: Plot, drawn: Sequence[Pointed]) -> list[Mark]:
    """The marks that a picture shows and that answer, in order of the series."""
    words = {told for told, _ in drawn}
    return [mark for mark in plot.marks if mark.tip in words]


def tips(marks: Sequence[Mark]) -> list[Tip]:
    """What the pointer brings up, a mark a row."""
    return [(*mark.words, mark.figure.id) for mark in marks]


def points(plot: Plot, marks: Sequence[Mark], wide: Sequence[Pointed], narrow: Sequence[Pointed]) -> str:
    """The marks for the script in the page, as JSON that may stand in a script element.

    `{"names", "units" (by series), "periods", "times" (in words; both by step), "marks"}`; a mark is `[series, step,
    value in words, status in words, value, box in the wide picture, box in the narrow one]`, a box `[x, y]` or `[x, y,
    width, height]`, empty where that picture does not show the mark.
    """
    boxes = [_boxes(drawn) for drawn in (wide, narrow)]
    series = sorted({mark.series for mark in marks})
    steps = sorted({mark.step for mark in marks})
    first = {mark.series: mark for mark in reversed(marks)}
    when = {mark.step: mark.words[1] for mark in marks}
    data = {
        "names": [first[number].words[0] for number in series],
        "units": [first[number].figure.unit for number in series],
        "periods": [plot.request.periods[step] for step in steps],
        "times": [when[step] for step in steps],
        "marks": [
            [
                series.index(mark.series), steps.index(mark.step), *mark.words[2:], mark.figure.value,
                *(next(found[mark.tip], []) for found in boxes),
            ]
            for mark in marks
        ],
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _boxes(drawn: Sequence[Pointed]) -> dict[str, Iterator[list[int]]]:
    """Words -> the boxes of the marks that bear them, one after the other."""
    found: dict[str, list[list[int]]] = defaultdict(list)
    for words, box in drawn:
        whole = [round(number) for number in box]
        found[words].append(whole if any(whole[2:]) else whole[:2])
    return defaultdict(lambda: iter(()), {words: iter(each) for words, each in found.items()})
