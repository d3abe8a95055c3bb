"""The sentences of a finished page: what stands between the marks `data-finding`.

In: the HTML of an edition, as its reader receives it. Out: each finding's sentence as text, with the part of the page
it stands in, in order of reading. A reference to a figure ("(Figure 1)") is none of the sentence's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

MARK = "data-finding"
_REFERENCE = re.compile(r"(?:\s?\(Figure\s\d+(?:;\sFigure\s\d+)*\)|（图\d+(?:；图\d+)*）)(?=[.。]?$)")
_EMPTY = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence as it stands on the page. `part`: the number of the section, in order; 0 before the first."""

    finding: str
    text: str
    part: int


@dataclass
class _Page(HTMLParser):
    """Collects what stands within marks."""

    found: list[Marked] = field(default_factory=list)
    part: int = 0
    depth: int = 0
    finding: str = ""
    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.part += 1
        if self.finding:
            self.depth += tag not in _EMPTY
        elif finding := dict(attributes).get(MARK):
            self.finding, self.depth, self.text = finding, 1, []

    def handle_endtag(self, tag: str) -> None:
        if not self.finding or tag in _EMPTY:
            return
        self.depth -= 1
        if self.depth == 0:
            text = _REFERENCE.sub("", "".join(self.text).strip())
            self.found.append(Marked(self.finding, text, self.part))
            self.finding = ""

    def handle_data(self, data: str) -> None:
        if self.finding:
            self.text.append(data)


def sentences(html: str) -> list[Marked]:
    """The sentences of findings in order of reading."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.found
