"""One context class a template: all that the template may print, each field with its meaning.

In: nothing; `page` and `mail` fill these classes. Out: plain values only (str, int, bool, lists and dicts of them), so
that a template can neither reach a file nor change a briefing. The templates are `briefing.html` (with its parts) for
`BriefingPage`, `mail.html` and `mail.txt` for `MailBody`; a test holds the keys that they use against these classes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is set alike.

    text: what is printed. figure: id of the figure it prints, or empty. hint: where that figure comes from, shown on
    hovering. language: of a run in another language than the page's, or empty. tag: CSS class: `g` leaves the gap
    between Han and Latin behind the run, `k` keeps the run on one line, `s` is the space before a number.
    style: `strong`, `emphasis` or both, in a commentary. finding: id of the finding whose sentence the run is part of,
    on the screen, or empty.
    """

    text: str
    figure: str = ""
    hint: str = ""
    language: str = ""
    tag: str = ""
    style: str = ""
    finding: str = ""


Medium = Literal["screen", "print"]

Line = list[Piece]
"""A sentence or a title."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a fact. text; href: an address it links to, or empty."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled line of the cover or the colophon. label; text; parts: the text in parts, each with an address of its
    own, or empty; href: the first of their addresses, for a template that sets one link."""

    label: str
    text: str
    href: str = ""
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo. address: the picture itself, as a `data:` address; alternative: what it says; width, height: CSS
    pixels."""

    address: str
    alternative: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class House:
    """What makes an edition a house's own. logo: on page one, or None; number: of the edition in its series; footer: a
    line at the foot; both empty where there is none. accent, pale: the colour of headings and what stands behind the
    own row, `#rrggbb`; middle, tint: the same for a mail, on whatever ground. text_font, heading_font: families, or
    empty: the program's own."""

    logo: Picture | None
    number: str
    footer: str
    accent: str
    pale: str
    middle: str
    tint: str
    text_font: str
    heading_font: str


@dataclass(frozen=True, slots=True)
class TableHead:
    """text, unit and period of a column; left: whether it is aligned left (names)."""

    text: str
    unit: str
    period: str
    left: bool


@dataclass(frozen=True, slots=True)
class TableCell:
    """text: a number (of figure, with its hint) or the mark of an absence; absence: what the mark means; flags: letters
    behind the number."""

    text: str
    figure: str
    hint: str
    absence: str
    flags: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The course of a row as a picture in its last cell. words: what it tells; svg: the picture; address: of the
    picture in print."""

    words: str
    svg: str
    address: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """name; unit where rows differ in it; period where the table is dated; cells; highlight: the briefing's own place;
    benchmark: a place to compare with; rule: whether a rule stands above (first benchmark); sub: a further figure of
    what a row above names; trend: the course of the row, drawn small; None where it has none."""

    name: Line
    unit: str
    period: str
    cells: list[TableCell]
    highlight: bool
    benchmark: bool
    rule: bool
    sub: bool
    trend: Trend | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """id: anchor; label: "Table 1"; caption; heads; rows; lines: legend, notes, "showing n of m" and source, under
    the table; dated: whether the second column holds periods; accounts: whether it shows accounts, each cell with its
    own unit; mixed: whether figures of a column cannot be compared (accounts, revisions, rows in units of their own),
    so that it is not sorted; trend: the head of the column of courses, which is no number's; None without one."""

    id: str
    label: str
    caption: Line
    heads: list[TableHead]
    rows: list[TableRow]
    lines: list[Line]
    dated: bool
    accounts: bool
    mixed: bool
    trend: TableHead | None = None
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Chart:
    """id: anchor; label: "Figure 1"; title, subtitle; alternative: the text for those who cannot see it; wide, narrow:
    the pictures for desk and phone as SVG (on screen); address: of the picture (in print); width, height: of the wide
    one, in CSS pixels; points: the marks of the pictures with their words, as JSON that may stand in a script element
    (on screen); source: the line below; scale: of its full width, in percent (in print); half: the height of the narrow
    picture, where the chart may stand in half the width, beside another (in print; else 0); side: which of two charts
    side by side it is; head: millimetres that are kept for its caption there."""

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
    points: str
    source: Line
    kind: Literal["chart"] = "chart"
    scale: int = 100
    half: int = 0
    side: Literal["", "left", "right"] = ""
    head: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """line: one or more sentences, set together."""

    line: Line
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Section:
    """id: anchor; title; blocks: paragraphs, charts and tables in order of reading."""

    id: str
    title: Line
    blocks: list[Paragraph | Chart | Table]


@dataclass(frozen=True, slots=True)
class Remarks:
    """A part of a commentary. kind: `paragraph`, or a list: `bullet`, `number`; lines: the paragraph alone, or the
    items."""

    kind: str
    lines: list[Line]


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
    """A printed figure in the list of sources and figures: text as printed (anchor n-<id>); what it is (period and
    measure); origin: formula, and where its inputs stand. Plain texts: the list is long, and each piece costs."""

    id: str
    text: str
    what: str
    origin: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """The figures in the text of one indicator and place (title). source: which sources told them, in words, for a
    note that stands by itself; common: where in the source all of them stand; entries."""

    title: str
    source: str
    common: str
    entries: list[FigureEntry]


@dataclass(frozen=True, slots=True)
class SeriesItem:
    """Figures of one place in tables and charts. text: their periods and rows in words; ids: their anchors (n-<id>)."""

    text: str
    ids: list[str]


@dataclass(frozen=True, slots=True)
class FigureSeries:
    """The figures in tables and charts of one indicator and measure (title). source: which sources told them, in words;
    common: their formula, and where in the source all of them stand; places: the figures by place."""

    title: str
    source: str
    common: str
    places: list[SeriesItem]


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the last edition, for page one. heading: which edition that was; lines: a few sentences."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class BriefingPage:
    """The whole edition, for `briefing.html`.

    medium: `screen` or `print`. lang: of the document (BCP 47). heading: title, place and period in one text (the
    document's title). running: heading and publisher as they run at the head of each page, shortened where they are
    long. title, place, period, kind, publisher: of the cover. marks: what is special about the edition (partial,
    late), a sentence each. summary: the line under the title. facts: labelled lines of the cover. findings: the
    main findings. commentary: what a person says beside them; byline: who, and on which day; both empty where
    nobody does. since: what changed since the last edition, or None. table: the summary table or None. contents:
    the entries of the list of contents; empty: none is set. sections. revisions: the table of what was revised
    since the last edition, or None. notes. sources, groups, series: the list of sources and figures. colophon:
    edition, revision, content. disclaimer: text or empty. house: what is its publisher's own. style: the style
    sheet. policy: the content security
    policy, or empty. script: what runs in the page on screen, or empty. words: the fixed words of the pages.
    """

    medium: Medium
    lang: str
    heading: str
    running: list[str]
    title: str
    place: str
    period: str
    kind: str
    publisher: str
    marks: list[Line]
    summary: Line
    facts: list[Fact]
    findings: list[Line]
    commentary: list[Remarks]
    byline: str
    since: Since | None
    table: Table | None
    contents: list[ContentsEntry]
    sections: list[Section]
    revisions: Table | None
    notes: list[Line]
    sources: list[SourceEntry]
    groups: list[FigureGroup]
    series: list[FigureSeries]
    colophon: list[Fact]
    disclaimer: str
    house: House
    style: str
    policy: str
    script: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class MailBody:
    """The mail, for `mail.html` and `mail.txt`: it stands alone and repeats the main findings and the summary table.

    subject: heading and first finding, one line; preview: what an inbox shows beside it. lang, heading, kind,
    publisher, marks, facts, commentary, byline, table, colophon, disclaimer, house, words, summary, findings: as in
    `BriefingPage`. since: heading and lines of what changed since the last edition; empty: nothing did. text_marks,
    text_summary, text_findings, text_commentary, text_since: the same as wrapped lines. text_table: the table as
    aligned lines.
    """

    lang: str
    subject: str
    preview: str
    heading: str
    kind: str
    publisher: str
    marks: list[str]
    summary: Line
    facts: list[Fact]
    findings: list[Line]
    commentary: list[Remarks]
    byline: str
    since: list[Line]
    table: Table | None
    text_marks: list[list[str]]
    text_summary: list[str]
    text_findings: list[list[str]]
    text_commentary: list[list[str]]
    text_since: list[list[str]]
    text_table: list[str]
    colophon: list[Fact]
    disclaimer: str
    house: House
    words: dict[str, str]


#: What is no character: lone surrogates, which no file can hold, control characters, which no page may, and signs that
#: turn the order of the text behind them.
_BROKEN = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def plain(context: BriefingPage | MailBody, remarks: list[str]) -> dict[str, Any]:
    """A context as plain dicts and lists: what a template is given. What is no character is replaced by U+FFFD, and a
    remark says where."""
    return {each.name: _plain(getattr(context, each.name), remarks) for each in fields(context)}


def _plain(value: Any, remarks: list[str]) -> Any:
    if isinstance(value, str):
        return _mended(value, remarks)
    if isinstance(value, list):
        return [_plain(each, remarks) for each in value]
    if isinstance(value, dict):
        return {key: _plain(each, remarks) for key, each in value.items()}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name), remarks) for each in fields(value)}
    return value


def _mended(text: str, remarks: list[str]) -> str:
    if not _BROKEN.search(text):
        return text
    whole = mended(text)
    remarks.append(f"{len(_BROKEN.findall(text))} broken character(s) replaced in {whole[:60]!r}")
    return whole


def mended(text: str) -> str:
    """A text, what is no character in it replaced by U+FFFD."""
    return _BROKEN.sub("\ufffd", text)
