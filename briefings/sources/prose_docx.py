"""DOCX to prose: headings by style, paragraphs, items of lists, and the rows of tables, in the order of the document.

In: the bytes of a file. Out: `Prose`. Text that was inserted with changes tracked counts, deleted text does not; what
stands in content controls and text boxes counts as well. Headers and footers of pages do not. python-docx opens the
file and knows its styles.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from briefings.errors import SourceError

from .prose import Prose, compose

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BREAKS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
#: Built-in names of styles, as python-docx gives them, and those of Chinese editions of Office.
HEADING = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)
TITLE = re.compile(r"(?:title|subtitle|标题|副标题)", re.IGNORECASE)
LIST = re.compile(r"list|列表", re.IGNORECASE)
#: What all parts of a file may come to once they are unpacked, bytes.
UNPACKED = 1 << 30

Part = tuple[str, str, int]


def read(content: bytes, shown: str) -> Prose:
    """The text of a document. Raises `SourceError` where the file is no DOCX or is damaged."""
    _check(content, shown)
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(io.BytesIO(content))
    except (PackageNotFoundError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile, OSError) as error:
        raise SourceError(f"{shown}: this file is damaged ({error}); open it in Word and save it anew.") from error
    styles = {style.style_id: _style(style) for style in document.styles if style.name}
    parts = list(_parts(document.element.body, styles))
    # Word writes down the day on which a file was made, not the day of its publication: it is no day of publication.
    title = document.core_properties.title or next((text for text, kind, _ in parts if kind == "heading"), "")
    return compose(parts, title=title)


def _check(content: bytes, shown: str) -> None:
    """That this is a DOCX at all, of a reasonable size. Raises `SourceError`."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SourceError(f"{shown}: this file is damaged ({error}); save it anew.") from error
    names = {entry.filename for entry in entries}
    if not any(name.startswith("word/") for name in names):
        what = "a workbook" if "xl/workbook.xml" in names else "a zip archive"
        todo = "Declare it as a source of `kind: table`" if what == "a workbook" else "Unpack it"
        raise SourceError(f"{shown}: this is {what}, not a DOCX. {todo}.")
    if sum(entry.file_size for entry in entries) > UNPACKED:
        raise SourceError(f"{shown}: it unpacks to more than 1 GB, which no document has.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise SourceError(f"{shown}: it is encrypted; save a copy without a password.")


def _style(style: Any) -> tuple[str, int]:
    """The kind and level of the paragraphs of a style; a style inherits them from the one it is based on."""
    while style is not None:
        if heading := HEADING.match(style.name or ""):
            return "heading", int(heading[1])
        if TITLE.fullmatch(style.name or ""):
            return "heading", 1
        if LIST.match(style.name or ""):
            return "item", 0
        style = getattr(style, "base_style", None)
    return "paragraph", 0


def _parts(body: Any, styles: dict[str, tuple[str, int]]) -> Iterator[Part]:
    """The parts of a body, a cell or a text box."""
    for element in body:
        if element.tag == f"{W}p":
            yield from _paragraph(element, styles)
        elif element.tag == f"{W}tbl":
            yield from _table(element)
        elif element.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"}:
            yield from _parts(element, styles)


def _paragraph(element: Any, styles: dict[str, tuple[str, int]]) -> Iterator[Part]:
    properties = element.find(f"{W}pPr")
    named = None if properties is None else properties.find(f"{W}pStyle")
    kind, level = styles.get("" if named is None else named.get(f"{W}val", ""), ("paragraph", 0))
    if properties is not None:
        outline = properties.find(f"{W}outlineLvl")
        if outline is not None and (depth := outline.get(f"{W}val", "")).isdigit() and int(depth) < 9:
            kind, level = "heading", int(depth) + 1
        elif kind == "paragraph" and properties.find(f"{W}numPr") is not None:
            kind = "item"
    yield _text(element), kind, level
    for box in element.iter(f"{W}txbxContent"):
        if next(box.iterancestors(FALLBACK), None) is None:
            yield from _parts(box, styles)


def _table(table: Any) -> Iterator[Part]:
    """A row a part, its cells joined by tabs."""
    for row in table.iter(f"{W}tr"):
        if next(row.iterancestors(f"{W}tbl")) is table:
            cells = [cell for cell in row.iter(f"{W}tc") if next(cell.iterancestors(f"{W}tr")) is row]
            texts = [" ".join(filter(None, map(_text, cell.iter(f"{W}p")))) for cell in cells]
            yield "\t".join(texts), "cell", 0


def _text(paragraph: Any) -> str:
    """The text of a paragraph; that of text boxes in it comes behind it, as parts of its own."""
    found = []
    for element in paragraph.iter(f"{W}t", *BREAKS):
        inside = next(element.iterancestors(f"{W}p"), None)
        if inside is paragraph:
            found.append((element.text or "") if element.tag == f"{W}t" else BREAKS[element.tag])
    return " ".join("".join(found).split())
