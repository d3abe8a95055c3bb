"""The edition as a Word document, for those who edit it further.

In: the page as it is set for print, the pictures of the charts. Out: the bytes of `briefing.docx`. Headings, lists,
captions, tables, notes are Word's own, in named styles; what is a run in the page is a run here, with its language. The
text stands in the order of the PDF, without its list of contents. Which styles a language has is told next door, in
`docx_styles`; the same page gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from briefings.columns import shortened
from briefings.narrative.model import HAN
from briefings.render.contexts import (
    BriefingPage,
    Chart,
    Fact,
    FigureGroup,
    House,
    Line,
    Paragraph,
    Piece,
    Remarks,
    Table,
    TableRow,
    mended,
)
from briefings.render.docx_styles import GREY, Look, dress, font_table, look_of
from briefings.render.drawings import Drawing, crop

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
#: English metric units of a twentieth of a point.
EMU_OF_TWIP = 635
#: And of a pixel of CSS, of which 96 are an inch.
EMU_OF_PIXEL = 9525
#: The parts of a file that are pressed already.
_PRESSED = (".png", ".jpeg")


def word_edition(page: BriefingPage, drawings: Mapping[str, Drawing], day: str, logo: bytes = b"") -> bytes:
    """The edition in Word's format. `day`, an ISO date, stands as the day of its making: that of the data. `logo`: the
    house's picture as PNG, empty where it has none."""
    import docx as library
    from docx.oxml import parse_xml

    document = library.Document()
    look = look_of(page.lang, page.house)
    dress(document, look, page)
    writer = _Writer(document, look, drawings, page.house, logo)
    body = parse_xml(f"<w:body {_NAMESPACES}>{''.join(writer.page(page))}</w:body>")
    place = document.element.body
    for block in list(body):
        place.insert(len(place) - 1, block)  # before the section's own properties, which end a body
    _properties(document, page, day)
    pictures = _taken_out(document)
    stream = io.BytesIO()
    document.save(stream)
    return _anew(stream.getvalue(), look, pictures)


#: What OPC takes for a property of a document, in characters.
_LONGEST_PROPERTY = 255


def _properties(document: Any, page: BriefingPage, day: str) -> None:
    """Title, author, language; the dates are those of the data."""
    made = document.core_properties
    publisher = mended(shortened(page.publisher, _LONGEST_PROPERTY))
    made.title = mended(shortened(page.heading, _LONGEST_PROPERTY))
    made.author = made.last_modified_by = publisher
    made.language, made.comments, made.revision = page.lang, "", 1
    made.created = made.modified = datetime.fromisoformat(day).replace(tzinfo=UTC)
    for key, relation in list(document.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del document.part.package.rels[key]


def _taken_out(document: Any) -> dict[str, bytes]:
    """The pictures of a document by name, which has empty ones then: python-docx would press them, at great cost and
    for nothing."""
    parts = [part for part in document.part.package.iter_parts() if part.partname.endswith(_PRESSED)]
    pictures = {part.partname.membername: part.blob for part in parts}
    for part in parts:
        part._blob = b""
    return pictures


def _anew(written: bytes, look: Look, pictures: Mapping[str, bytes]) -> bytes:
    """The file with one time on all its parts, its pictures as they are, and the fonts that stand in for others."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(written)) as old, zipfile.ZipFile(stream, "w") as new:
        anew = {"word/fontTable.xml": font_table(look).encode(), **pictures}
        for part in old.infolist():
            content = anew.get(part.filename) or old.read(part)
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if part.filename in pictures else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return stream.getvalue()


class _Writer:
    """Writes the parts of a page as WordprocessingML, in order of reading."""

    def __init__(self, document: Any, look: Look, drawings: Mapping[str, Drawing], house: House, logo: bytes) -> None:
        self.document = document
        self.look = look
        self.drawings = drawings
        self.house = house
        self.logo = logo
        self._pictures = 0

    def page(self, page: BriefingPage) -> Iterator[str]:
        words = page.words
        yield from self.head(page)
        yield self.text("Title", page.title)
        yield self.text("Subtitle", " · ".join(part for part in (page.place, page.period, page.kind) if part))
        yield from (self.line("Mark", mark) for mark in page.marks)
        if page.summary:
            yield self.line("Summary", page.summary)
        yield from (self.fact(fact, words["colon"]) for fact in page.facts)
        if page.findings:
            yield self.text("Heading1", words["findings"])
            yield from (self.line("ListBullet", finding) for finding in page.findings)
        if page.commentary:
            yield self.text("Heading1", words["commentary"])
            yield from (line for part in page.commentary for line in self.remarks(part))
            yield self.text("Byline", page.byline)
        yield from self.since(page)
        if page.table:
            yield from self.table(page.table)
        for section in page.sections:
            yield self.line("Heading1", section.title)
            for block in section.blocks:
                yield from self.block(block)
        yield from self.end(page)

    def head(self, page: BriefingPage) -> Iterator[str]:
        """Logo, publisher and number in the series."""
        house = page.house
        if house.logo and self.logo:
            size = (round(house.logo.width * EMU_OF_PIXEL), round(house.logo.height * EMU_OF_PIXEL))
            yield self.inline("Logo", self.logo, size, "Logo", house.logo.alternative)
        yield self.text("Publisher", page.publisher)
        if house.number:
            yield self.text("Number", house.number)

    def since(self, page: BriefingPage) -> Iterator[str]:
        """What changed since the last edition."""
        if page.since:
            yield self.text("Heading2", page.since.heading)
            yield from (self.line("ListBullet", line) for line in page.since.lines)

    def end(self, page: BriefingPage) -> Iterator[str]:
        """Revisions, notes, the list of sources and figures, and what stands at the foot."""
        words = page.words
        if page.revisions:
            yield self.text("Heading1", words["revisions"])
            yield from self.table(page.revisions)
        if page.notes:
            yield self.text("Heading1", words["notes"])
            yield from self.numbered("Note", page.notes)
        yield self.text("Heading1", words["sources and figures"])
        yield from self.numbered(
            "Note", ([*entry.line, *([Piece(f" {entry.href}")] if entry.href else [])] for entry in page.sources)
        )
        yield self.text("Source", words["sources and figures lead"])
        yield from (self.group(group) for group in page.groups)
        if page.series:
            yield self.text("Source", words["figures in tables and charts"])
        for series in page.series:
            items = " · ".join(item.text for item in series.places)
            title = Piece(series.title, style="strong")
            yield self.line("Source", [title, Piece(f" {series.common} {items}")])
        if page.disclaimer:
            yield self.text("Source", page.disclaimer)
        told = (f"{fact.label}{words['colon']}{fact.text}" for fact in page.colophon)
        yield self.text("Source", " · ".join(told))

    def block(self, block: Paragraph | Chart | Table) -> Iterator[str]:
        if isinstance(block, Chart):
            yield from self.chart(block)
        elif isinstance(block, Table):
            yield from self.table(block)
        else:
            yield self.line("BodyText", block.line)

    def remarks(self, part: Remarks) -> Iterator[str]:
        if part.kind == "number":
            yield from self.numbered("ListNumber", part.lines)
        else:
            style = "BodyText" if part.kind == "paragraph" else "ListBullet"
            yield from (self.line(style, line) for line in part.lines)

    def numbered(self, style: str, lines: Iterable[Line]) -> Iterator[str]:
        """A list that begins at one."""
        number = self._begun()
        properties = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
        yield from (self.line(style, line, properties) for line in lines)

    def _begun(self) -> int:
        """The id of a list of its own, numbered as the style of such lists is."""
        numbering = self.document.part.numbering_part.element
        style = self.document.styles.element.get_by_id("ListNumber")
        abstract = numbering.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
        made = numbering.add_num(abstract)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def group(self, group: FigureGroup) -> str:
        """What the figures of one indicator and place are, and where they stand, in one paragraph."""
        line = [Piece(group.title, style="strong"), Piece(f" {group.common}")]
        for n, entry in enumerate(group.entries, start=1):
            more = f" {entry.origin}" if entry.origin else ""
            last = "" if n == len(group.entries) else " ·"
            line += [Piece(" "), Piece(entry.text, style="strong"), Piece(f" {entry.what}{more}{last}")]
        return self.line("Source", line)

    # Paragraphs

    def text(self, style: str, text: str) -> str:
        return self.line(style, [Piece(text)])

    def fact(self, fact: Fact, colon: str) -> str:
        return self.text("Fact", f"{fact.label}{colon}{fact.text}")

    def line(self, style: str, line: Line, properties: str = "") -> str:
        runs = "".join(_run(piece) for piece in line)
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'

    # Charts and tables

    def chart(self, chart: Chart) -> Iterator[str]:
        """Caption, picture with its alternative text, source. The picture is that of the file which stands alone, less
        the words around it, which stand here as text."""
        key = chart.id.removeprefix("chart-")
        yield self.line("Caption", _captioned(chart.label, chart.title))
        if chart.subtitle:
            yield self.line("Subcaption", chart.subtitle)
        yield self.picture(self.drawings[key], chart)
        yield self.line("Under", chart.source)

    def picture(self, drawing: Drawing, chart: Chart) -> str:
        wide = self.look.measure * EMU_OF_TWIP
        size = (wide, round(wide * drawing.size[1] / drawing.size[0]))
        return self.inline("Picture", drawing.alone_png, size, chart.label, chart.alternative, crop(drawing))

    def inline(
        self,
        style: str,
        png: bytes,
        size: tuple[int, int],
        label: str,
        alternative: str,
        cropped: tuple[int, int] = (0, 0),
    ) -> str:
        """A picture as a paragraph. size: in English metric units; cropped: at its top and bottom."""
        self._pictures += 1
        relation, _ = self.document.part.get_or_add_image(io.BytesIO(png))
        (wide, high), (top, bottom) = size, cropped
        name, told = quoteattr(label), quoteattr(mended(alternative))
        return (
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:drawing>'
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{self._pictures}" name={name} descr={told}/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{self._pictures}" name={name} descr={told}/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{relation}"/><a:srcRect t="{top}" b="{bottom}"/>'
            "<a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
            "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )

    def table(self, table: Table) -> Iterator[str]:
        yield self.line("Caption", _captioned(table.label, table.caption))
        caption = "".join(piece.text for piece in table.caption)
        widths = self.widths(table)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        rows = "".join(self.row(row, table, widths, last=row is table.rows[-1]) for row in table.rows)
        yield (
            f'<w:tbl><w:tblPr><w:tblW w:type="dxa" w:w="{sum(widths)}"/>{_borders(self.look.accent)}'
            '<w:tblLayout w:type="fixed"/>'
            '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
            '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" '
            f'w:noVBand="1"/><w:tblCaption w:val={quoteattr(mended(caption))}/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{self.heads(table, widths)}{rows}</w:tbl>"
        )
        yield from (self.line("Under", line) for line in table.lines)
        if not table.lines:
            yield self.text("Under", "")

    def widths(self, table: Table) -> list[int]:
        """Of columns, in twentieths of a point: names take what numbers and periods leave, a third at least."""
        whole, count = self.look.measure, len(table.heads)
        others = min(1500 if table.accounts else 1300, (whole * 2 // 3) // max(1, count - 1))
        return [whole - others * (count - 1), *[others] * (count - 1)]

    def heads(self, table: Table, widths: list[int]) -> str:
        """The row of heads, repeated on every page."""
        cells = []
        for head, width in zip(table.heads, widths, strict=True):
            parts = [Piece(head.text, style="strong")]
            parts += [Piece(f"\n{text}") for text in (head.period, head.unit) if text]
            line = self.line("TableText" if head.left else "TableNumber", parts, _KEPT)
            cells.append(_cell(line, width, _ruled("bottom", 8, self.look.accent), bottom=True))
        return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"

    def row(self, row: TableRow, table: Table, widths: list[int], *, last: bool) -> str:
        kept = "" if last else _KEPT if len(table.rows) <= 6 else ""
        strong = "strong" if row.highlight else ""
        pale = self.house.pale.removeprefix("#").upper()
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{pale}"/>' if row.highlight else ""
        name = [*(_styled(piece, strong) for piece in row.name), *([Piece(f" {row.unit}")] if row.unit else [])]
        indent = '<w:ind w:left="240"/>' if row.sub else ""
        cells = [self.line("TableText", name, kept + indent)]
        if table.dated:
            cells.append(self.line("TableText", [Piece(row.period, style=strong)], kept))
        for cell in row.cells:
            flags = [Piece(cell.flags, tag="sup")] if cell.flags else []
            cells.append(self.line("TableNumber", [Piece(cell.text, style=strong), *flags], kept))
        rule = _ruled("top", 6, GREY) if row.rule else ""
        set_cells = "".join(_cell(cell, width, rule + shade) for cell, width in zip(cells, widths, strict=True))
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{set_cells}</w:tr>"


#: Letters of a number that stays on one line with its unit.
_ON_ONE_LINE = 24
_KEPT = "<w:keepNext/>"


def _ruled(edge: str, size: int, colour: str) -> str:
    return f'<w:tcBorders><w:{edge} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/></w:tcBorders>'


def _borders(accent: str) -> str:
    return (
        '<w:tblBorders><w:top w:val="nil"/><w:left w:val="nil"/><w:bottom w:val="single" w:sz="8" w:space="0" '
        f'w:color="{accent}"/><w:right w:val="nil"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="DDE2E6"/>'
        '<w:insideV w:val="nil"/></w:tblBorders>'
    )


def _cell(content: str, width: int, properties: str = "", *, bottom: bool = False) -> str:
    low = '<w:vAlign w:val="bottom"/>' if bottom else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{properties}{low}</w:tcPr>{content}</w:tc>'


def _captioned(label: str, title: Line) -> Line:
    return [Piece(f"{label}  "), *(_styled(piece, "strong") for piece in title)]


def _styled(piece: Piece, style: str) -> Piece:
    return Piece(piece.text, piece.figure, "", piece.language, "", style or piece.style)


def _run(piece: Piece) -> str:
    """A run of text; one in another language than the document's says which. Emphasis is italic, of Han characters a
    dot below each (着重号)."""
    text = mended(piece.text)
    if not text:
        return ""
    if piece.figure and len(text) <= _ON_ONE_LINE:
        text = text.replace(" ", "\u00a0")
    tag = {"zh-CN": 'w:val="zh-CN" w:eastAsia="zh-CN"', "en": 'w:val="en-GB" w:eastAsia="en-GB"'}.get(
        piece.language, ""
    )
    properties = "".join(
        (
            "<w:b/>" if "strong" in piece.style else "",
            "<w:i/>" if "emphasis" in piece.style and not HAN.search(text) else "",
            '<w:vertAlign w:val="superscript"/>' if piece.tag == "sup" else "",
            '<w:em w:val="dot"/>' if "emphasis" in piece.style and HAN.search(text) else "",
            f"<w:lang {tag}/>" if tag else "",
        )
    )
    parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in re.split("\n", text))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{'<w:br/>'.join(parts)}</w:r>"
