"""The finished files of an edition, read for the rules: each file once, when a rule first asks.

In: the files by name. Out: `Finished`: the page and the mail as trees, the pictures, the PDF's lines, the figures.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from lxml import etree, html

from briefings.errors import LintError
from briefings.lint import paper
from briefings.lint.pictures import Picture

_SPACE = re.compile(r"\s+")
#: What is no text to a reader, and what parts its text from what stands beside it.
_SILENT = frozenset({"style", "script", "svg", "head"})
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "tr",
        "th",
        "td",
        "table",
        "thead",
        "tbody",
        "figure",
        "figcaption",
        "section",
        "header",
        "footer",
        "br",
    ]
)


def text(element: Any) -> str:
    """The text of an element as it is read: without styles, scripts and pictures, white space made one space."""
    return _SPACE.sub(" ", "".join(_texts(element))).strip()


def _texts(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    block = " " if element.tag in _BLOCKS else ""
    yield block
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    yield block


class Finished:
    """The files of an edition by name, as bytes."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    @cached_property
    def own_families(self) -> tuple[str, ...]:
        """The families of type of its publisher's own, as a PDF writes them."""
        house = self.briefing.get("house", {}) if "briefing.json" in self.files else {}
        named = (house.get(part, {}).get(self.language) for part in ("text_font", "heading_font"))
        return tuple(dict.fromkeys(name.replace(" ", "-") for name in named if name))

    def __getitem__(self, name: str) -> bytes:
        """A file. Raises `LintError` where it is lacking."""
        try:
            return self.files[name]
        except KeyError:
            raise LintError(f"the edition lacks {name}; build it anew") from None

    @cached_property
    def page(self) -> Any:
        """The root of `briefing.html`."""
        return html.document_fromstring(self["briefing.html"].decode())

    @cached_property
    def language(self) -> str:
        """`en` or `zh`, as the page says."""
        return str(self.page.get("lang", "")).partition("-")[0]

    @cached_property
    def mail(self) -> Any:
        """The root of `mail.html`."""
        return html.document_fromstring(self["mail.html"].decode())

    @cached_property
    def mail_text(self) -> str:
        return self["mail.txt"].decode()

    @cached_property
    def charts(self) -> dict[str, Any]:
        """Chart id -> the root of the picture that stands alone, in the order of the page."""
        found = {name[7:-4]: name for name in self.files if name.startswith("charts/") and name.endswith(".svg")}
        order = [each.removeprefix("chart-") for each in self.page.xpath("//figure[@class='chart']/@id")]
        parser = etree.XMLParser(resolve_entities=False, huge_tree=True)
        try:
            return {each: etree.fromstring(self.files[found[each]], parser) for each in order if each in found}
        except etree.XMLSyntaxError as error:
            raise LintError(f"a picture cannot be read: {error}") from error

    @cached_property
    def pictures(self) -> list[Picture]:
        """The same, read back: their kinds, marks and texts."""
        return [Picture(name, root) for name, root in self.charts.items()]

    @cached_property
    def paper(self) -> paper.Paper:
        return paper.read(self["briefing.pdf"])

    @cached_property
    def figures(self) -> list[dict[str, Any]]:
        return list(json.loads(self["figures.json"]))

    @cached_property
    def briefing(self) -> dict[str, Any]:
        return dict(json.loads(self["briefing.json"]))

    @cached_property
    def data(self) -> list[dict[str, str]]:
        """The rows of `data.csv` by the heads of its columns."""
        return list(csv.DictReader(io.StringIO(self["data.csv"].decode("utf-8-sig"))))

    # What several rules ask for

    def one(self, path: str) -> Any | None:
        """The first element of the page at an XPath, or None."""
        found = self.page.xpath(path)
        return found[0] if found else None

    @cached_property
    def findings(self) -> list[Any]:
        """The main findings of page one."""
        return list(self.page.xpath("//section[@id='findings']//li"))

    @cached_property
    def sections(self) -> list[Any]:
        """The sections of the body, between page one and the notes."""
        return list(self.page.xpath("//main/section[starts-with(@id, 'section-')]"))

    @cached_property
    def tables(self) -> list[Any]:
        """The figures that hold a table, in order."""
        return list(self.page.xpath("//figure[contains(concat(' ', @class, ' '), ' table ')]"))

    @cached_property
    def prose(self) -> list[str]:
        """The sentences of the page: findings, paragraphs, notes."""
        path = "//section[@id='findings']//li | //main/section/p[not(@class)] | //section[@id='notes']//li"
        return [text(each) for each in self.page.xpath(path)]
