"""A logo: what kind of picture it is, how large, and that it is safe to put into a page.

In: bytes. Out: `Logo`. The kind is told by the content, whatever the name ends in. An SVG may hold shapes, gradients
and its own styles; scripts, links, letters as text and whatever is fetched are refused: a page shows it as a picture,
a PDF draws it, and both must look alike everywhere.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from briefings.errors import HouseError
from briefings.house.files import read_inside

LARGEST = 2_000_000
MOST_PIXELS = 4000
#: A picture so much wider than high is a line when it is set.
MOST_STRETCHED = 20
MOST_SHAPES = 5000
_SVG = "{http://www.w3.org/2000/svg}"
_PAGE = "{http://www.w3.org/1999/xhtml}"
#: Elements that run, lead out of the picture, or are set in letters that a machine may not have.
_REFUSED = {
    "script": "a script",
    "foreignObject": "a page (foreignObject)",
    "iframe": "a page (iframe)",
    "image": "another picture (image)",
    "a": "a link",
    "text": "letters as text; turn them into outlines",
    "set": "an animation",
    "animate": "an animation",
    "animateMotion": "an animation",
    "animateTransform": "an animation",
}
#: What a style fetches from elsewhere: anything but a part of the picture itself, `url(#part)`.
_FETCHED = re.compile(r"@import|(?:image-set|image|src)\(|url\(\s*+[\"']?+\s*+(?!#)[^)]*", re.I)
_NUMBER = r"[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?"
_LENGTH = re.compile(rf"\s*({_NUMBER})\s*(px|pt|mm|cm|in)?\s*", re.I)
_BOX = re.compile(rf"\s*[+-]?{_NUMBER}[\s,]+[+-]?{_NUMBER}[\s,]+({_NUMBER})[\s,]+({_NUMBER})\s*", re.I)
#: CSS pixels a unit.
_UNITS = {"px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture and its size, in whatever unit: only how wide it is for its height matters."""

    content: bytes
    kind: Literal["image/svg+xml", "image/png"]
    width: float
    height: float

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()

    def drawn_at(self, width: int, height: int) -> str:
        """Of an SVG, the text with this size in pixels, whatever size it states."""
        from lxml import etree

        root = etree.fromstring(self.content, _parser())
        root.set("viewBox", root.get("viewBox") or f"0 0 {self.width:g} {self.height:g}")
        root.set("width", str(width))
        root.set("height", str(height))
        text: str = etree.tostring(root, encoding="unicode")
        return text

    def within(self, width: float, height: float) -> tuple[float, float]:
        """Its size as large as fits into a box."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


def read_logo(root: Path, path: str) -> Logo:
    """The logo at a path in the project. Raises `HouseError` with what was found and what is allowed."""
    return logo_of(read_inside(root, path, LARGEST), path)


def logo_of(content: bytes, path: str) -> Logo:
    """A logo from its bytes; `path` names it in messages. Raises `HouseError`."""
    kind: Literal["image/svg+xml", "image/png"]
    width: float
    height: float
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = _png(content, path)
        kind = "image/png"
    elif re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<", content):
        width, height = _svg(content, path)
        kind = "image/svg+xml"
    else:
        raise HouseError(f"'{path}' is no picture that can be shown: its content is {_like(content)}; SVG or PNG is")
    if max(width / height, height / width) > MOST_STRETCHED:
        raise HouseError(
            f"'{path}' is {width:g} by {height:g}: so long a picture would be a line; "
            f"one side is at most {MOST_STRETCHED} times the other"
        )
    return Logo(content, kind, width, height)


def _like(content: bytes) -> str:
    known = {b"\xff\xd8\xff": "a JPEG", b"GIF8": "a GIF", b"%PDF": "a PDF", b"BM": "a bitmap", b"RIFF": "a WebP"}
    if not content:
        return "empty"
    return next((name for begins, name in known.items() if content.startswith(begins)), "something else")


def _png(content: bytes, path: str) -> tuple[int, int]:
    """Width and height, from the head before anything is unpacked; then the whole picture is read once."""
    if content[12:16] != b"IHDR" or len(content) < 33:
        raise HouseError(f"'{path}' begins as a PNG and has no size; save it anew")
    width, height = struct.unpack(">II", content[16:24])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise HouseError(
            f"'{path}' has {width:,} by {height:,} pixels; at most {MOST_PIXELS:,} by {MOST_PIXELS:,} are allowed"
        )
    from PIL import Image

    try:
        with _to_the_end(), Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise HouseError(f"'{path}' is a PNG that cannot be read to its end ({error}); save it anew") from error
    return width, height


@contextmanager
def _to_the_end() -> Iterator[None]:
    """Pillow reads a picture to its end or fails. WeasyPrint tells it to pad those cut off, for the whole process."""
    from PIL import ImageFile

    padded, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = padded


def _svg(content: bytes, path: str) -> tuple[float, float]:
    """Width and height of a picture that holds nothing but shapes."""
    from lxml import etree

    if re.search(rb"<!DOCTYPE|<!ENTITY", content, re.I):
        raise HouseError(f"'{path}' has a document type (<!DOCTYPE ...>); delete it, a picture needs none")
    try:
        root = etree.fromstring(content, _parser())
    except (etree.LxmlError, ValueError) as error:
        raise HouseError(f"'{path}' is no SVG that can be read: {error}") from error
    if root.tag != f"{_SVG}svg":
        name = str(root.tag).rpartition("}")[2]
        raise HouseError(f"'{path}' is no SVG: its first element is <{name}>, not <svg> of http://www.w3.org/2000/svg")
    if refused := next(_unsafe(root), ""):
        raise HouseError(f"'{path}' holds {refused}; a logo holds nothing but shapes")
    return _size(root, path)


def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _unsafe(root: Any) -> Iterator[str]:
    """What a picture holds that it may not."""
    shapes = 0
    for element in (*root.itersiblings(preceding=True), *root.iter()):
        if not isinstance(element.tag, str):
            if not str(element).startswith("<!--"):
                yield f"an instruction for programs, {str(element)[:40]!r}"
            continue
        shapes += 1
        name = element.tag.rpartition("}")[2]
        if name in _REFUSED:
            yield _REFUSED[name]
        if element.tag.startswith(_PAGE):
            yield f"a part of a page (<{name}>)"
        if name == "style":
            yield from _unsafe_style(element.xpath("string()"))
        if name == "use" and root.xpath("count(//*[local-name()='use'])") > MOST_SHAPES // 100:
            yield f"more than {MOST_SHAPES // 100} copies (use)"
        yield from _unsafe_attributes(element)
    if shapes > MOST_SHAPES:
        yield f"{shapes:,} elements, more than {MOST_SHAPES:,}"


def _unsafe_style(text: str) -> Iterator[str]:
    if "\\" in text:
        yield "a style with a backslash, which can hide a word"
    if fetched := _FETCHED.search(text):
        yield f"a style that fetches something, {fetched.group()[:60]!r}"


def _unsafe_attributes(element: Any) -> Iterator[str]:
    for key, value in element.attrib.items():
        name = key.rpartition("}")[2]
        if name.lower().startswith("on"):
            yield f"a script ({name})"
        if name in ("href", "src", "base") and not value.strip().startswith("#"):
            yield f"a reference out of itself, {value.strip()[:60]!r}"
        if name == key and "\\" in value and "(" in value:
            yield f"a backslash in {name}, which can hide a reference"
        if fetched := _FETCHED.search(value):
            yield f"a reference out of itself, {fetched.group()[:60]!r}"


def _size(root: Any, path: str) -> tuple[float, float]:
    """The size that the picture states: its view box, or else its width and height."""
    stated = root.get("viewBox")
    if stated is not None:
        box = _BOX.fullmatch(stated)
        if not box:
            raise HouseError(
                f"'{path}' has the view box {stated.strip()[:60]!r}; four numbers without units are allowed, the last "
                'two above 0, for example viewBox="0 0 300 100"'
            )
        width, height = float(box.group(1)), float(box.group(2))
    else:
        found = [_LENGTH.fullmatch(root.get(name) or "") for name in ("width", "height")]
        width, height = (float(side[1]) * _UNITS[(side[2] or "px").lower()] if side else 0.0 for side in found)
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise HouseError(f"'{path}' states no size; give its <svg> a viewBox, for example viewBox=\"0 0 300 100\"")
    return width, height
