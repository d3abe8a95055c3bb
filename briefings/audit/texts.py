"""Take the text out of an edition's finished files, by other libraries than those that made them.

In: the files by name, and what `paper` read from the PDF. Out: `Texts`. HTML, SVG and Word are read by lxml, the
workbook by calamine, CSV by the standard library, plain mail by its columns. Nothing is judged here: `gate`
holds the texts against the script.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from briefings.errors import AuditError

Cell = str | float | bool | None

#: Elements that do not part a word from the next.
_INLINE = frozenset({"a", "abbr", "b", "span", "code", "i", "em", "strong", "mark"})
#: Elements whose text is not shown.
_SILENT = frozenset({"style", "script"})
#: Attributes that show on pointing or are read by programs, in the order in which an element's are read.
_HINTS = ("data-heading", "title", "alt", "aria-label", "placeholder", "value")
_NAMED = ("author", "description")


@dataclass(frozen=True, slots=True)
class Texts:
    """What finished files say.

    shown: name of a file (as in `Script.files`) -> its text, one line a block. data: texts for programs inside
    `briefing.html`, in order. pages, alternatives, title, outline: of the PDF (`paper.read`). rows: the cells of
    `data.csv`. sheets: those of `data.xlsx`.
    """

    shown: Mapping[str, str]
    data: tuple[str, ...]
    pages: tuple[str, ...]
    alternatives: tuple[str, ...]
    title: str
    outline: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]
    sheets: Mapping[str, tuple[tuple[Cell, ...], ...]]


def take(files: Mapping[str, bytes], paper: Mapping[str, Any]) -> Texts:
    """The texts of an edition's files. `paper`: what `paper.read` gave for `briefing.pdf`.

    Raises `AuditError` for a file that is lacking or cannot be read.
    """
    try:
        page, hints, data = html(files["briefing.html"])
        shown = {"briefing.html": page, "briefing.html hints": hints, "briefing.html tips": "\n".join(tips(data))}
        shown["mail.html"], *_ = html(files["mail.html"])
        shown["mail.txt"] = plain_mail(files["mail.txt"].decode())
        shown["briefing.docx"], shown["briefing.docx hints"] = word(files["briefing.docx"])
        shown |= {name: svg(content) for name, content in files.items() if name.endswith(".svg")}
        rows, sheets = table(files["data.csv"]), workbook(files["data.xlsx"])
    except KeyError as error:
        raise AuditError(f"the edition lacks {error.args[0]}; build it anew.") from None
    except (ValueError, csv.Error) as error:
        raise AuditError(f"a finished file cannot be read again: {error}") from error
    return Texts(
        shown=shown,
        data=data,
        pages=tuple(paper["pages"]),
        alternatives=tuple(text for page_texts in paper["alternatives"] for text in page_texts),
        title=paper["title"],
        outline=tuple((title, page) for title, page in paper["outline"]),
        rows=rows,
        sheets=sheets,
    )


# HTML and SVG


def html(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """What a page shows, what it shows on pointing, and the data in it for programs. Raises `AuditError`."""
    from lxml import etree
    from lxml import html as reader

    try:
        root = reader.document_fromstring(content.decode(), parser=reader.HTMLParser(huge_tree=True, encoding=None))
    except (etree.LxmlError, ValueError) as error:
        raise AuditError(f"a page cannot be read again: {error}") from error
    data = tuple(element.text or "" for element in root.iter("script") if element.get("type") == "application/json")
    return "".join(_shown(root)), "\n".join(_hints(root)), data


def tips(data: Iterable[str]) -> Iterator[str]:
    """What the marks of charts say on pointing: name, period, value, status. Raises `AuditError`."""
    for text in data:
        try:
            chart = json.loads(text)
            for series, step, value, status, *_ in chart["marks"]:
                yield f"{chart['names'][series]} {chart['times'][step]} {value} {status}"
        except (ValueError, TypeError, LookupError) as error:
            raise AuditError(f"the data of a chart in the page cannot be read again: {error!r}") from error


def svg(content: bytes) -> str:
    """What a picture shows and says. Raises `AuditError`."""
    from lxml import etree

    try:
        root = etree.fromstring(content, parser=etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.LxmlError as error:
        raise AuditError(f"a chart cannot be read again: {error}") from error
    return "".join(_shown(root))


def _shown(element: Any) -> Iterator[str]:
    """The texts of an element in order, a line end around each that is no part of a sentence."""
    tag = element.tag
    if not isinstance(tag, str):
        yield element.tail or ""
        return
    name = tag.rpartition("}")[2]
    edge = "" if name in _INLINE and not _stands_apart(element) else "\n"
    yield edge
    if name not in _SILENT:
        yield element.text or ""
        for child in element:
            yield from _shown(child)
    yield edge
    yield element.tail or ""


def _stands_apart(element: Any) -> bool:
    """Whether an inline element is set as a block: one without a role in its sentence, inside a head or a caption."""
    parent = element.getparent()
    inside = {"g", "k", "s"} & set((element.get("class") or "").split())  # what keeps a sentence's words together
    return parent is not None and parent.tag in ("th", "figcaption") and not inside


def _hints(root: Any) -> Iterator[str]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "meta":
            if element.get("name") in _NAMED:
                yield element.get("content") or ""
            continue
        for name in _HINTS:
            if text := element.get(name):
                yield text


# Word


def word(content: bytes) -> tuple[str, str]:
    """What a Word document shows, a paragraph a line; and its captions and alternative texts, which programs read.

    Raises `AuditError` for what is no Word document."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            written = parts.read("word/document.xml")
        root = etree.fromstring(written, parser=etree.XMLParser(resolve_entities=False, no_network=True))
    except (zipfile.BadZipFile, KeyError, etree.LxmlError) as error:
        raise AuditError(f"briefing.docx: it cannot be read again ({error}); build the edition anew.") from error
    shown: list[str] = []
    hints: list[str] = []
    for element in root.iter():
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name == "t":
            shown.append(element.text or "")
        elif name in ("p", "br", "tab"):
            shown.append("\n")
        elif name in ("docPr", "cNvPr"):
            hints.append(element.get("descr") or "")
        elif name == "tblCaption":
            hints.append(next(iter(element.attrib.values()), ""))
    return "".join(shown), "\n".join(hints)


# Mail


def plain_mail(text: str) -> str:
    """What a plain mail says; in its table, what a row goes on with in the next line stands with its name."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        ruled = len(line) > 9 and not line.strip("-")
        inside = ruled or (inside and bool(line.strip()))
        cells = _GAP.split(line.strip())
        if inside and not ruled and line.startswith("  ") and len(cells) == 1 and lines:
            name, gap, rest = lines[-1].partition("\t")
            lines[-1] = f"{name} {cells[0]}{gap}{rest}"
        elif inside and not ruled:
            lines.append("\t".join(cells))
        elif not ruled and line != "-- ":
            lines.append(line.removeprefix("- "))
    return "\n".join(lines)


_GAP = re.compile(" {2,}")


# Tables


def table(content: bytes) -> tuple[tuple[str, ...], ...]:
    """The cells of a CSV file."""
    return tuple(tuple(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def workbook(content: bytes) -> dict[str, tuple[tuple[Cell, ...], ...]]:
    """The cells of a workbook by sheet; an empty cell is None."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: tuple(
                tuple(_cell(cell) for cell in row)
                for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            )
            for name in book.sheet_names
        }
    except CalamineError as error:
        raise AuditError(f"data.xlsx: it cannot be read again ({error}); build the edition anew.") from error


def _cell(value: Any) -> Cell:
    """A cell as calamine reads it; days and hours as texts, nothing as None."""
    return value or None if isinstance(value, str) else value if isinstance(value, (int, float)) else str(value)
