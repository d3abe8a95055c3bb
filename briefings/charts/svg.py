"""From the SVG that Vega writes to the SVG that an edition keeps; and what can be read off it.

In: Vega's SVG. Out: a lean one with an alternative text, ids of its own, real text, and nothing outside itself; the
number of marks that were really drawn, by layer. Drawing itself is next door in `drawing`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from briefings.charts.theme import LINE_HEIGHT
from briefings.errors import RenderError

Words = str | list[str]
"""What a text says, in one line or in several."""

_SVG = "http://www.w3.org/2000/svg"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DROPPED = ("aria-hidden", "aria-roledescription", "role", "pointer-events", "class", "cursor")


_USUAL = {
    "stroke-dasharray": "",
    "opacity": "1",
    "stroke-opacity": "1",
    "fill-opacity": "1",
    "transform": "translate(0,0)",
}


def parse(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  # written by vl-convert in this process, not by a stranger


def count_marks(root: ET.Element) -> dict[str, int]:
    """Marks by layer: shapes in its group; for lines the points that its paths run through."""
    found: dict[str, int] = {}
    for group in root.iter(f"{{{_SVG}}}g"):
        classes = (group.get("class") or "").split()
        name = next((one.removesuffix("_marks") for one in classes if one.endswith("_marks")), None)
        if name is None:
            continue
        paths = [shape.get("d") or "" for shape in group.iter(f"{{{_SVG}}}path")]
        points = sum(len(re.findall("[ML]", path)) for path in paths) if "mark-line" in classes else len(paths)
        found[name] = found.get(name, 0) + points
    return found


def name_series(root: ET.Element, keys: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Write at every mark which series it belongs to (`data-series`). `keys` has, by layer, series and run of each row:
    a shape is drawn for every row, or a line for every run. Raises `RenderError` where neither is so."""
    for layer, rows in keys.items():
        groups = [g for g in root.iter(f"{{{_SVG}}}g") if f"{layer}_marks" in (g.get("class") or "").split()]
        shapes = [shape for group in groups for shape in group.iter(f"{{{_SVG}}}path")]
        runs = list(dict.fromkeys(rows))
        named = rows if len(rows) == len(shapes) else runs
        if len(named) != len(shapes):
            raise RenderError(f"Layer {layer!r} has {len(shapes)} shapes for {len(rows)} rows in {len(runs)} runs.")
        for shape, (key, _) in zip(shapes, named, strict=True):
            shape.set("data-series", key)


def put_labels(root: ET.Element, at_axes: Sequence[str], labels: Sequence[Sequence[Words]]) -> None:
    """Write words into the elements that Vega drew without them: those of the axes, and those of labels, a list for
    each layer of texts; all in the order of drawing. Raises `ValueError` where Vega drew other ones."""
    texts = {role: _texts_of(root, role) for role in ("role-axis-label", "role-mark")}
    ticks = [element for elements in texts["role-axis-label"] for element in elements]
    for element, tick in zip(ticks, at_axes, strict=True):
        element.text = tick
    for elements, words in zip(texts["role-mark"], labels, strict=True):
        for element, word in zip(elements, words, strict=True):
            _put(element, word)


def _texts_of(root: ET.Element, role: str) -> list[list[ET.Element]]:
    """The elements of texts in each group of this role."""
    groups = [group for group in root.iter(f"{{{_SVG}}}g") if {"mark-text", role} <= _classes(group)]
    return [group.findall(f"{{{_SVG}}}text") for group in groups]


def _put(element: ET.Element, words: Words) -> None:
    """One line, or several, for each of which Vega drew a span."""
    lines = [words] if isinstance(words, str) else words
    for place, line in zip(list(element) or [element], lines, strict=True):
        place.text = line


def _classes(element: ET.Element) -> set[str]:
    return set((element.get("class") or "").split())


def clean(root: ET.Element, identifier: str) -> None:
    """Leave out what paints nothing and what only Vega reads; put `identifier` before every id, so that many charts can
    stand in one page."""
    _drop_empty(root)
    ids: dict[str, str] = {}
    for element in root.iter():
        if (own := element.get("id")) is not None:
            ids[own] = f"{identifier}-{len(ids) + 1}"
            element.set("id", ids[own])
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key in _DROPPED or _USUAL.get(key) == value:
                del element.attrib[key]
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(lambda match: f"url(#{ids[match.group(1)]})", value))
    _unwrap(root)
    for shape in root.iter(f"{{{_SVG}}}path"):
        _simplify(shape)


_SIZE = r"([\d.]+(?:e-?\d+)?)"
_NUMBER = _SIZE.replace("(", "(-?", 1)
_CIRCLE = re.compile(rf"M{_SIZE},0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")
_RECTANGLE = re.compile(rf"M{_NUMBER},{_NUMBER}h{_SIZE}v{_SIZE}h-\3Z")


def _simplify(path: ET.Element) -> None:
    """Circles and rectangles, which Vega writes as paths: shorter, and drawn in less time by everybody."""
    outline = path.get("d") or ""
    if circle := _CIRCLE.fullmatch(outline):
        path.tag, shape = f"{{{_SVG}}}circle", {"r": circle[1]}
    elif rectangle := _RECTANGLE.fullmatch(outline):
        path.tag, shape = f"{{{_SVG}}}rect", dict(zip(("x", "y", "width", "height"), rectangle.groups(), strict=True))
    else:
        return
    del path.attrib["d"]
    path.attrib.update(shape)


def _drop_empty(parent: ET.Element) -> None:
    """Vega's backgrounds and foregrounds, and groups that are empty without them."""
    for child in list(parent):
        _drop_empty(child)
        background = child.tag == f"{{{_SVG}}}path" and child.get("class") in ("background", "foreground")
        empty = child.tag in (f"{{{_SVG}}}g", f"{{{_SVG}}}defs") and len(child) == 0
        if (background and child.get("fill") is None and child.get("stroke") is None) or empty:
            parent.remove(child)


def _unwrap(parent: ET.Element) -> None:
    """Put what a group without attributes holds in its place."""
    for child in list(parent):
        _unwrap(child)
        if child.tag == f"{{{_SVG}}}g" and not child.attrib:
            place = list(parent).index(child)
            parent[place : place + 1] = list(child)


def describe(root: ET.Element, identifier: str, alternative: str, description: str) -> None:
    """`<title>` is what screen readers and PDF writers take for the alternative text; `<desc>` holds the rest."""
    for place, (name, words) in enumerate((("title", alternative), ("desc", description))):
        element = ET.Element(f"{{{_SVG}}}{name}", id=f"{identifier}-{name}")
        element.text = words
        root.insert(place, element)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{identifier}-title")
    root.set("aria-describedby", f"{identifier}-desc")


_ABOVE, _BELOW, _FOOT = 14.0, 8.0, 4.0  # pixels between the picture and the words above and below it, and at its foot


def with_words(root: ET.Element, about: Mapping[str, Any]) -> ET.Element:
    """Title and subtitle above the picture, the source below; the picture grows by them."""
    head, foot = _height(about["above"], _ABOVE), _height(about["below"], _BELOW + _FOOT)
    height = float(root.get("height", 0))
    grown, width = f"{height + head + foot:g}", root.get("width", "")
    picture = [child for child in root if child.tag == f"{{{_SVG}}}g"]
    for element in (root, *(child for child in root if child.tag == f"{{{_SVG}}}rect")):
        element.set("height", grown)
    root.set("viewBox", f"0 0 {width} {grown}")
    moved = ET.SubElement(root, f"{{{_SVG}}}g", transform=f"translate(0,{head:g})")
    for child in picture:
        root.remove(child)
        moved.append(child)
    for rows, top in ((about["above"], 0.0), (about["below"], head + height + _BELOW)):
        for row in rows:
            root.append(_text(row, top, about["font"]))
    return root


def _height(rows: Sequence[Mapping[str, Any]], margin: float) -> float:
    return round(rows[-1]["y"] + rows[-1]["size"] * LINE_HEIGHT / 2 + margin, 2) if rows else 0.0


def _text(row: Mapping[str, Any], top: float, font: str) -> ET.Element:
    """Text is placed by its base line, which lies about a third of its size below its middle."""
    y = round(top + row["y"] + row["size"] * 0.35, 2)
    style = {"font-family": font, "font-size": f"{row['size']:g}px", "font-weight": row["weight"], "fill": row["ink"]}
    element = ET.Element(f"{{{_SVG}}}text", {"x": "0", "y": f"{y:g}", **style})
    element.text = row["text"]
    return element


def write(root: ET.Element) -> str:
    """The text of the SVG, with no reference to anything outside it."""
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode")
