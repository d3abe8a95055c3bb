"""What a chart says: every text in its picture, in the order of the picture.

In: a specification and its plot. Out: rows of (text, figure, furniture, unit), plain values, for the script of an
edition (`briefings.script`). They are read from the specification, before anything is drawn, so that the finished
picture can be held against them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from briefings.charts.plotting import Label, Plot

Said = tuple[str, str, str, str]
"""A text, the id of the figure that it prints, what it is where it prints none, the unit of a bare number."""

_LABELS = re.compile(r'(\["(?:[^"\\]|\\.)*"(?:, "(?:[^"\\]|\\.)*")*\])\[indexof')
#: Layers whose texts are scales.
_SCALES = ("ticks", "bounds")


def said(specification: Mapping[str, Any], plotted: Plot, labels: Iterable[Label]) -> list[Said]:
    """The texts of a picture: those of its axes, then those of its layers. A text that is a label of a figure carries
    its id."""
    waiting: dict[str, list[str]] = defaultdict(list)
    for label in labels:
        waiting[label.text].append(label.mark.figure.id)
    rows: list[Said] = []
    for text, furniture in _texts(specification):
        before, _, last = text.rpartition(" ")
        number = next((known for known in (text, last) if not furniture and waiting.get(known)), "")
        if number:
            rows += [(before, "", "", "")] if number != text else []
            rows.append((number, waiting[number].pop(0), "", "" if "%" in number else _unit(plotted)))
        else:
            rows.append((text, "", furniture, ""))
    return rows


def _unit(plotted: Plot) -> str:
    """The unit of a bare label: small multiples may differ in it, and name it by the panel."""
    return plotted.scale.label if not plotted.request.measure.startswith("rank") else ""


def _texts(specification: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Text and furniture, in the order in which Vega draws them: axes, marks, and last the axes of cells."""
    yield from _axes(specification, of_cells=False)
    for layer in specification["layer"]:
        if "text" not in layer["encoding"]:
            continue
        furniture = "scale" if layer["name"].rstrip("+") in _SCALES else ""
        for row in specification["datasets"][layer["data"]["name"]]:
            lines = row["text"]
            yield lines if isinstance(lines, str) else " ".join(lines), furniture
    yield from _axes(specification, of_cells=True)


def at_axes(specification: Mapping[str, Any]) -> list[str]:
    """The texts at axes, in the order in which Vega draws them."""
    return [text for of_cells in (False, True) for text, _ in _axes(specification, of_cells=of_cells)]


def _axes(specification: Mapping[str, Any], *, of_cells: bool) -> Iterator[tuple[str, str]]:
    """The texts at axes; one that layers share is drawn once. Over cells (rectangles at steps) Vega-Lite draws an axis
    last."""
    for channel in ("x", "y"):
        drawn: dict[str, bool] = {}
        for layer in specification["layer"]:
            encoded = layer["encoding"].get(channel, {})
            cells = layer["mark"]["type"] == "rect" and encoded.get("type") in ("ordinal", "nominal")
            if axis := (encoded.get("axis") or {}).get("labelExpr"):
                drawn[axis] = drawn.get(axis, False) or cells
        for axis in (axis for axis, cells in drawn.items() if cells is of_cells):
            found = _LABELS.search(axis)
            for text in json.loads(found[1]) if found else ():
                yield text, "scale"
