"""Texts of a picture as outlines, before it becomes a PNG: vl-convert opens the font anew for every letter.

In: the root of an SVG and the folder of the fonts of the house. Out: the same root, in which groups of paths stand for
its texts. Each glyph is read from its font once a process; HarfBuzz sets the line, which is what vl-convert asks too.
A text that is more than one line in the first of its fonts stays as it is, for vl-convert to set. Next door, `svg`
makes the picture whose texts are kept, and `drawing` asks for both.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

from briefings.fonts import BOLD, REGULAR, files_in

_SVG = "http://www.w3.org/2000/svg"
_WEIGHTS = {"normal": REGULAR, "bold": BOLD, str(REGULAR): REGULAR, str(BOLD): BOLD}
_SET_BY = frozenset({"x", "y", "text-anchor", "transform", "font-family", "font-size", "font-weight"})
_KEPT = frozenset({"fill", "fill-opacity", "opacity"})
_SIZE = re.compile(r"([\d.]+)px")
#: White space that SVG would take for other white space.
_COLLAPSED = re.compile(r"^ | $|  |[\t\r\n]")
#: Part of a line before its anchor.
_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}


def outline(root: ET.Element, folder: str) -> ET.Element:
    """Put outlines in place of the texts, as far as the first font of each is in the `folder` and has its glyphs."""
    for parent in list(root.iter()):
        for place, child in enumerate(parent):
            if child.tag == f"{{{_SVG}}}text" and (drawn := _outlined(child, folder)) is not None:
                parent[place] = drawn
    return root


def _outlined(text: ET.Element, folder: str) -> ET.Element | None:
    """A group that paints what the text would; None for a text that is better left to others."""
    words, size = text.text or "", _SIZE.fullmatch(text.get("font-size", ""))
    weight, before = _WEIGHTS.get(text.get("font-weight", "normal")), _BEFORE.get(text.get("text-anchor", "start"))
    known = set(text.keys()) <= _SET_BY | _KEPT and len(text) == 0 and not _COLLAPSED.search(words)
    if not known or not words or size is None or weight is None or before is None:
        return None
    key = (folder, text.get("font-family", "").split(",")[0].strip(" '\""), weight)
    if key[1:] not in files_in(folder) or any(_font(key).get_nominal_glyph(ord(char)) is None for char in words):
        return None
    group, width = _line(key, words, float(size[1]))
    for name in sorted(_KEPT & set(text.keys())):
        group.set(name, text.get(name, ""))
    x, y = float(text.get("x", 0)) - width * before, float(text.get("y", 0))
    group.set("transform", f"{text.get('transform', '')} translate({x:g},{y:g}) {group.get('transform')}".strip())
    return group


_Key = tuple[str, str, int]  # folder, family, weight


def _line(key: _Key, words: str, size: float) -> tuple[ET.Element, float]:
    """A group of paths that begin at zero, scaled to the size; and how wide they stand."""
    import uharfbuzz as hb

    font, buffer, at = _font(key), hb.Buffer(), 0
    buffer.add_str(words)
    buffer.language = "und"  # else HarfBuzz asks the locale
    buffer.direction = "ltr"
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    scale = size / font.face.upem
    group = ET.Element(f"{{{_SVG}}}g", transform=f"scale({scale:g})")
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if shape := _shape(key, info.codepoint):
            moved = f"translate({at + place.x_offset},{-place.y_offset})"
            ET.SubElement(group, f"{{{_SVG}}}path", d=shape, transform=moved)
        at += place.x_advance
    return group, float(at * scale)


@cache
def _font(key: _Key) -> Any:
    import uharfbuzz as hb

    folder, family, weight = key
    return hb.Font(hb.Face(hb.Blob.from_file_path(str(files_in(folder)[family, weight]))))


@cache
def _shape(key: _Key, glyph: int) -> str:
    """The outline of a glyph in units of its font, y downwards."""
    drawn: list[str] = []
    _font(key).draw_glyph(glyph, _pen(), drawn)
    return "".join(drawn)


@cache
def _pen() -> Any:
    import uharfbuzz as hb

    def writing(letter: str) -> Any:
        def write(*given: Any) -> None:
            *points, drawn = given
            pairs = zip(points[::2], points[1::2], strict=True)
            drawn.append(letter + " ".join(f"{x:g},{-y:g}" for x, y in pairs))

        return write

    pen = hb.DrawFuncs()
    pen.set_move_to_func(writing("M"))
    pen.set_line_to_func(writing("L"))
    pen.set_quadratic_to_func(writing("Q"))
    pen.set_cubic_to_func(writing("C"))
    pen.set_close_path_func(writing("Z"))
    return pen
