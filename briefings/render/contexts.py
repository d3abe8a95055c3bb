"""One context class a template: all that the template may print, each field with its meaning.

In: nothing; `page` and `mail` fill these classes. Out: plain values only (str, int, bool, lists and dicts of them), so
that a template can neither reach a file nor change a briefing. The templates are `briefing.html` (with its parts) for
`BriefingPage`, `mail.html` and `mail.txt` for `MailBody`; a test holds the keys that they use against these classes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is set alike.

    text: what is printed. figure: id of the figure it prints, or empty. hint: where that figure comes from, shown on
    hovering. language: of a run in another language than the page's, or empty. tag: CSS class: `g` leaves the gap
    between Han and Latin behind the run, `k` keeps the run on one line.
    """

    text: str
    figure: str = ""
    hint: str = ""
    language: str = ""
    tag: str = ""


Line = list[Piece]
"""A sentence or a title."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line of the cover or the colophon. href: an address it links to, or empty."""

    label: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class TableHead:
    """text, unit and period of a column; left: whether it is aligned left (names)."""

    text: str
    unit: str
    period: str
    left: bool


@dataclass(frozen=True, slots=True)
class TableCell:
    """A number (figure, hint) or the mark of an absence (absence: what it means); flags: letters behind the number."""

    text: str
    figure: str
    hint: str
    absence: str
    flags: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """name: pieces of the row's head; unit where rows differ in it; highlight: the briefing's own place; benchmark: a
    place to compare with; rule: whether a rule stands above (first benchmark)."""

    name: Line
    unit: str
    cells: list[TableCell]
    highlight: bool
    benchmark: bool
    rule: bool


@dataclass(frozen=True, slots=True)
class Table:
    """label: "Table 1"; caption; lines: legend, notes, "showing n of m" and source, under the table."""

    id: str
    label: str
    caption: Line
    heads: list[TableHead]
    rows: list[TableRow]
    lines: list[Line]
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Chart:
    """label: "Figure 1"; title, subtitle; alternative: the text for those who cannot see it; wide, narrow: the pictures
    for desk and phone as SVG (on screen); address: of the picture (in print); width, height: of the wide one, in CSS
    pixels; specification: Vega-Lite as JSON that may stand in a script element (on screen); source: the line below."""

    id: str
    label: str
    title: Line
    subtitle: Line
    alternative: str
    wide: str
    narrow: str
    address: str
    width: int
    height: int
    specification: str
    source: Line
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences, set together."""

    line: Line
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Section:
    """id: anchor; title; blocks: paragraphs, charts and tables in order of reading."""

    id: str
    title: Line
    blocks: list[Paragraph | Chart | Table]


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """anchor: id of what it points to; title."""

    anchor: str
    title: Line


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A source of the list: number in the list, title, publisher and dates as one line, href or empty."""

    number: int
    line: Line
    href: str


@dataclass(frozen=True, slots=True)
class FigureEntry:
    """A printed figure in the list of sources and figures: text as printed (anchor n-<id>), what it is (measure and
    period), formula with the locators of its inputs."""

    id: str
    text: str
    what: Line
    origin: Line


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The printed figures of one indicator and place."""

    title: Line
    entries: list[FigureEntry]


@dataclass(frozen=True, slots=True)
class BriefingPage:
    """The whole edition, for `briefing.html`.

    medium: `screen` or `print`. lang: of the document (BCP 47). heading: title, place and period in one text (the
    document's title and running head). title, publisher, period: of the cover. summary: the line under the title.
    facts: labelled lines of the cover. findings: the main findings. table: the summary table or None. contents: the
    entries of the list of contents; empty: none is set. sections. notes. sources, groups: the list of sources and
    figures. colophon: edition, revision, content. disclaimer: text or empty. style: the style sheet. policy: the content security policy.
    words: the fixed words of the pages. page_of: the three texts around page number and number of pages.
    """

    medium: Literal["screen", "print"]
    lang: str
    heading: str
    title: str
    place: str
    period: str
    publisher: str
    summary: Line
    facts: list[Fact]
    findings: list[Line]
    table: Table | None
    contents: list[ContentsEntry]
    sections: list[Section]
    notes: list[Line]
    sources: list[SourceEntry]
    groups: list[FigureGroup]
    colophon: list[Fact]
    disclaimer: str
    style: str
    policy: str
    interactive: bool
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class MailBody:
    """The mail, for `mail.html` and `mail.txt`: it stands alone and repeats the main findings and the summary table.

    subject: one line. lang, heading, publisher, summary, facts as in `BriefingPage`. findings: plain texts. table or
    None. text_table: the table as aligned lines. text_findings: findings as wrapped lines. colophon: edition, revision.
    """

    lang: str
    heading: str
    publisher: str
    summary: str
    facts: list[Fact]
    findings: list[str]
    table: Table | None
    text_findings: list[list[str]]
    text_summary: list[str]
    text_table: list[str]
    colophon: list[Fact]
    disclaimer: str
    words: dict[str, str] = field(default_factory=dict)


def plain(context: BriefingPage | MailBody) -> dict[str, Any]:
    """A context as plain dicts and lists: what a template is given."""
    return asdict(context)
