"""From the SVG that Vega writes to the SVG that an edition keeps; and what can be read off it.

In: Vega's SVG. Out: a lean one with an alternative text, ids of its own, real text, and nothing outside itself; the number
of marks that were really drawn, by layer; the texts at the ticks. Drawing itself is next door in `drawing`.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_DROPPED = ("aria-hidden", "aria-roledescription", "role", "pointer-events", "class", "cursor")


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


def tick_texts(root: ET.Element, layers: frozenset[str]) -> list[str]:
    """The texts at ticks and in keys: numbers that are scales, not figures. In order of drawing, each once."""
    found: dict[str, None] = {}
    for group in root.iter(f"{{{_SVG}}}g"):
        classes = (group.get("class") or "").split()
        if "role-axis-label" in classes or any(one.removesuffix("_marks") in layers for one in classes):
            for text in group.iter(f"{{{_SVG}}}text"):
                found.setdefault("".join(text.itertext()))
    return list(found)


def finish(root: ET.Element, identifier: str, alternative: str, description: str) -> str:
    """The SVG that is kept. `identifier` is put before every id, so that many charts can stand in one page."""
    _drop_empty(root)
    ids = {}
    for element in root.iter():
        if (own := element.get("id")) is not None:
            ids[own] = f"{identifier}-{len(ids) + 1}"
            element.set("id", ids[own])
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key in _DROPPED:
                del element.attrib[key]
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(lambda match: f"url(#{ids[match.group(1)]})", value))
    root.set("class", "chart")
    root.set("role", "img")
    _describe(root, identifier, alternative, description)
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode").replace(f' xmlns:xlink="{_XLINK}"', "")


def _describe(root: ET.Element, identifier: str, alternative: str, description: str) -> None:
    """`<title>` is what screen readers and PDF writers take for the alternative text; `<desc>` holds the rest."""
    title, desc = (
        ET.Element(f"{{{_SVG}}}title", id=f"{identifier}-t"),
        ET.Element(f"{{{_SVG}}}desc", id=f"{identifier}-d"),
    )
    title.text, desc.text = alternative, description
    root.insert(0, title)
    root.insert(1, desc)
    root.set("aria-labelledby", f"{identifier}-t")
    root.set("aria-describedby", f"{identifier}-d")


def _drop_empty(parent: ET.Element) -> None:
    """Leave out what paints nothing: Vega's backgrounds, foregrounds, and groups that are empty without them."""
    for child in list(parent):
        _drop_empty(child)
        background = child.tag == f"{{{_SVG}}}path" and child.get("class") in ("background", "foreground")
        empty = child.tag in (f"{{{_SVG}}}g", f"{{{_SVG}}}defs") and len(child) == 0
        if (background and child.get("fill") is None and child.get("stroke") is None) or empty:
            parent.remove(child)
