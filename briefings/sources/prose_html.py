"""HTML to prose: what a page is about, without its menus.

In: the bytes of a page. Out: `Prose`, with headings, paragraphs, items and the rows of tables. Menus, headers, footers,
forms and scripts are left out by their element or role, lists of links by how much of their text is links; of the rest
the smallest element counts that holds nearly all running text. lxml does the parsing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from lxml import etree, html

from briefings.errors import SourceError

from .prose import Prose, compose
from .prose_text import decode

#: Elements that hold no running text of the page itself.
LEFT_OUT = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "nav", "header", "footer", "aside", "button", "select"),
        *("textarea", "input", "svg", "math", "canvas", "object", "iframe", "embed", "video", "audio", "map", "dialog"),
    )
)
ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog"])
#: Elements that begin a line of their own.
BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "html", "legend"),
        *("li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul"),
    )
)
#: A block is a list of links where this part of its text is.
LINKS = 0.5
#: What stands around the running text belongs to it while links are no more of it than this.
AROUND = 0.2
#: Of the running text, so much lies in the element that is the page's main content.
MOST = 0.9
#: Characters from which a block is running text and no label.
RUNNING = {"zh": 25, "en": 70}
DECLARED = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")
#: Names of `meta` for the day of publication: Open Graph, Dublin Core, and the standard of Chinese government sites.
META_DAYS = frozenset(
    ("article:published_time", "dc.date.issued", "dc.date", "datepublished", "pubdate", "publishdate")
)
META_TITLES = ("articletitle", "og:title", "dc.title")
#: What stands in no cell of data.
LAID_OUT = ("table", "ul", "ol", "article", "section", "h1", "h2", "h3", "h4", "h5", "h6")
#: How often a page was looked at is a figure of the page, not of what it is about.
COUNTER = re.compile(
    r"(?:(?:浏览|点击|阅读|访问)(?:次数|人次|量|数)|(?:page )?(?:views|hits))[:：]\s*[0-9,]+(?:\s*次)?", re.IGNORECASE
)
#: Longer cells than this (characters) are no cells: old pages are laid out in tables.
CELL = 120
TAB = "\0"  # between cells while white space is still to be tidied
#: An end of line in the source between two characters that Chinese writes without a space.
BROKEN = re.compile("(?<=[\u3001-\u9fff\uff01-\uff60])[ \t]*\n\\s*(?=[\u3001-\u9fff\uff01-\uff60])")
HAN = re.compile("[\u3400-\u9fff]")


@dataclass
class Line:
    """A stretch of the page that stands by itself: its text, how much of it is links, and the element it stands in."""

    element: etree._Element
    kind: str
    level: int
    text: str = ""
    linked: int = 0

    def tidy(self) -> Line:
        """White space as a browser shows it; tabs between the cells of a row."""
        text = COUNTER.sub("", BROKEN.sub("", self.text))
        self.text = "\t".join(" ".join(cell.split()) for cell in text.split(TAB)).strip()
        return self

    @property
    def is_links(self) -> bool:
        return bool(self.text) and self.linked > LINKS * len(self.text)

    @property
    def running(self) -> int:
        """Its length, where it is running text; else 0."""
        least = RUNNING["zh" if len(HAN.findall(self.text)) > len(self.text) / 4 else "en"]
        return len(self.text) if len(self.text) >= least and not self.is_links else 0


def read(content: bytes, shown: str) -> Prose:
    """The main text of a page. Raises `SourceError` where it cannot be parsed."""
    declared = DECLARED.search(content[:4096])
    text = decode(content, shown, declared[1].decode("ascii") if declared else None)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise SourceError(f"{shown}: this page cannot be parsed ({error}); save it anew, as HTML or PDF.") from error
    meta = _meta(root)
    kept = _main(_Walk(root).lines_of())
    title = next((meta[name] for name in META_TITLES if meta.get(name)), "") or _title(root, kept)
    days = (found for name in META_DAYS if (found := _day(meta.get(name, ""))))
    return compose([(line.text, line.kind, line.level) for line in kept], title=title, published=next(days, None))


def _meta(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop") or ""
        found.setdefault(name.strip().lower(), (element.get("content") or "").strip())
    return found


def _day(text: str) -> date | None:
    parts = DAY.search(text)
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def _title(root: etree._Element, lines: list[Line]) -> str:
    """The first heading of the main text, else what the window is called."""
    heading = next((line.text for line in lines if line.kind == "heading" and line.level <= 2), "")
    window = root.find(".//title")
    return heading or ("" if window is None else " ".join((window.text or "").split()))


class _Walk:
    """A walk through a page that gathers its lines. Without recursion: pages nest as deep as they like."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.lines: list[Line] = []
        self.current: Line | None = None
        self.links = 0
        self.row: etree._Element | None = None

    def lines_of(self) -> list[Line]:
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                self._boundary(element, tag, opens=True)
                if _is_left_out(element, tag):
                    walk.skip_subtree()
                else:
                    self._add(element.text, element)
            else:
                self._boundary(element, tag, opens=False)
                if element is not self.root:
                    self._add(element.tail, element.getparent())
        self._end_line()
        return [line for line in self.lines if line.text]

    def _boundary(self, element: etree._Element, tag: str, *, opens: bool) -> None:
        """What an element that opens or closes means for the line under way."""
        if tag == "a":
            self.links += 1 if opens else -1
        elif tag == "tr" and self.row is None and opens and _is_data(element):
            self._end_line()
            self.row = element
        elif element is self.row and not opens:
            self._end_line()
            self.row = None
        elif self.row is not None:
            if tag in {"td", "th"} and opens and self.current is not None:
                self.current.text += TAB
            elif tag in BLOCKS or tag == "br":
                self._add(" ", element)
        elif tag in BLOCKS or (tag == "br" and opens):
            self._end_line()

    def _add(self, text: str | None, inside: etree._Element) -> None:
        if not text:
            return
        if self.current is None:
            if not text.strip():
                return
            self.current = Line(inside, *_kind(inside if self.row is None else self.row))
        self.current.text += text
        if self.links:
            self.current.linked += len(text)

    def _end_line(self) -> None:
        if self.current is not None:
            self.lines.append(self.current.tidy())
            self.current = None


def _is_left_out(element: etree._Element, tag: str) -> bool:
    if tag in LEFT_OUT:
        # The header of an article holds its title and day; that of a page holds its menus.
        return not (tag == "header" and next(element.iterancestors("article", "main"), None) is not None)
    hidden = element.get("hidden") is not None or "display:none" in (element.get("style") or "").replace(" ", "")
    return hidden or element.get("aria-hidden") == "true" or element.get("role") in ROLES


def _is_data(row: etree._Element) -> bool:
    """Whether a row of a table holds data; a table for the layout of a page holds tables, lists, headings, or texts."""
    cells = [child for child in row if child.tag in {"td", "th"}]
    if len(cells) < 2 or next(row.iterdescendants(*LAID_OUT), None) is not None:
        return False
    if any(sum(1 for _ in cell.iter("p")) > 1 for cell in cells):
        return False
    return all(len(" ".join("".join(cell.itertext()).split())) <= CELL for cell in cells)


def _kind(element: etree._Element) -> tuple[str, int]:
    """What a line is that begins in this element, and its level."""
    for each in (element, *element.iterancestors()):
        tag = each.tag if isinstance(each.tag, str) else ""
        if re.fullmatch("h[1-6]", tag):
            return "heading", int(tag[1])
        if tag in {"li", "dd"}:
            return "item", 0
        if tag == "tr" and _is_data(each):
            return "cell", 0
        if tag in BLOCKS:
            break
    return "paragraph", 0


def _main(lines: list[Line]) -> list[Line]:
    """The lines of the page's main content, without lists of links.

    It is the smallest element that holds nearly all running text, and what stands around it as long as that brings few
    links along: titles, days, tables, items. Where there is no running text it is the whole page.
    """
    running, told, linked = (Counter[etree._Element]() for _ in range(3))
    for line in lines:
        for element in (line.element, *line.element.iterancestors()):
            running[element] += line.running
            told[element] += len(line.text)
            linked[element] += line.linked
    whole = sum(line.running for line in lines)
    # Elements that hold most of the text stand in one another; the deepest is the smallest.
    holders = [element for element, characters in running.items() if characters >= MOST * whole > 0]
    kept = [line for line in lines if not line.is_links]
    if not holders:
        return kept
    main = max(holders, key=lambda element: sum(1 for _ in element.iterancestors()))
    while (around := main.getparent()) is not None and linked[around] <= AROUND * told[around]:
        main = around
    return [line for line in kept if line.element is main or main in line.element.iterancestors()]
