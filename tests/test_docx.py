"""The Word edition: what it holds, in which order, and that Word can read it."""

from __future__ import annotations

import html as markup
import io
import re
import struct
import zipfile
import zlib
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from briefings.narrative.model import Remarked, Run
from briefings.render import Stamp, html
from briefings.render.contexts import BriefingPage, Chart, Remarks, plain
from briefings.render.docx import word_edition
from briefings.render.drawings import Drawing, crop
from briefings.render.figures import Register
from briefings.render.page import briefing_page
from briefings.render.pieces import set_line
from tests import samples

STAMP = Stamp("markets/china/2025-12/en/r1", 1, "ab12cd34ef567890ab12")
#: The order in which the standard (ECMA-376, part 1) has what stands in paragraphs, runs, tables and cells.
ORDER = {
    "pPr": "pStyle keepNext keepLines numPr pBdr shd tabs spacing ind contextualSpacing jc outlineLvl",
    "rPr": "rFonts b bCs i iCs caps color spacing kern sz szCs vertAlign em lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW tcBorders shd vAlign",
    "tbl": "tblPr tblGrid tr",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat rsid pPr rPr tblPr",
}


def png(width: int, height: int) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


ALONE = b'<svg width="644" height="400"><rect/><g transform="translate(0,80)"><g/></g></svg>'
DRAWING = Drawing('<svg width="644" height="280">', "", ALONE, png(64, 40), (644, 280), ())


def page_of(language: str, **changes: Any) -> BriefingPage:
    briefing, narrative = samples.briefing(), samples.narrative(language)
    drawings = {chart.id: DRAWING for section in briefing.sections for chart in section.charts}
    page = briefing_page(briefing, narrative, Register(briefing), drawings, STAMP, medium="print", style="")
    return replace(page, **changes)


def written(page: BriefingPage) -> bytes:
    blocks = [block for section in page.sections for block in section.blocks]
    charts = {block.id.removeprefix("chart-"): DRAWING for block in blocks if isinstance(block, Chart)}
    return word_edition(page, charts, "2026-01-20")


def read(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module", params=["en", "zh"])
def made(request: pytest.FixtureRequest) -> tuple[str, BriefingPage, bytes]:
    page = page_of(request.param)
    return request.param, page, written(page)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_text_is_that_of_the_pdf_in_its_order(made: tuple[str, BriefingPage, bytes]) -> None:
    _, page, content = made
    filled = html.fill({"folders": [str(samples.TEMPLATES)], "pages": {"page": ("briefing.html", plain(page, []))}})
    text = markup.unescape(
        re.sub(r"<(style|script).*?</\1>|<title>.*?</title>|<[^>]*>", "", filled["page"], flags=re.S)
    )
    whole, at = bare(text), 0
    told = 0
    for paragraph in read(content).element.body.iter(qn("w:p")):
        words = bare("".join(part.text or "" for part in paragraph.iter(qn("w:t"))))
        if words and paragraph.pPr.pStyle.val not in ("Fact",):
            found = whole.find(words, at)
            assert found >= 0, words
            at, told = found + len(words), told + len(words)
    left_out = bare(page.words["data attached"]) + "".join(bare(fact.label + fact.text) for fact in page.facts)
    assert told >= len(whole) - len(left_out) - sum(len(str(source.number)) for source in page.sources)


def test_headings_lists_and_captions_are_styles(made: tuple[str, BriefingPage, bytes]) -> None:
    _, page, content = made
    document = read(content)
    styled = {style: [p.text for p in document.paragraphs if p.style and p.style.style_id == style] for style in
              ("Title", "Heading1", "ListBullet", "Caption", "Note")}  # fmt: skip
    assert styled["Title"] == [page.title]
    assert styled["Heading1"][0] == page.words["findings"]
    assert len(styled["Heading1"]) == len(page.sections) + 3
    assert len(styled["ListBullet"]) == len(page.findings)
    assert len(styled["Note"]) == len(page.notes) + len(page.sources)
    numbers = {p._p.pPr.numPr.numId.val for p in document.paragraphs if p._p.pPr.numPr is not None}
    assert len(numbers) == 2  # the notes and the sources each begin at one


def test_tables_repeat_their_heads_and_align_figures(made: tuple[str, BriefingPage, bytes]) -> None:
    document = read(made[2])
    for table in document.tables:
        first, *rows = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None
        for row in rows:
            assert row.trPr.find(qn("w:tblHeader")) is None
            *_, last = row.tc_lst
            assert last.p_lst[0].pPr.pStyle.val == "TableNumber"
    assert document.styles.element.get_by_id("TableNumber").pPr.jc.val == WD_ALIGN_PARAGRAPH.RIGHT


def test_pictures_have_an_alternative_text_and_are_cut_to_the_chart(made: tuple[str, BriefingPage, bytes]) -> None:
    _, page, content = made
    pictures = list(read(content).element.body.iter(qn("wp:docPr")))
    charts = [block for section in page.sections for block in section.blocks if block.kind == "chart"]
    assert [picture.get("descr") for picture in pictures] == [chart.alternative for chart in charts]
    assert len({picture.get("id") for picture in pictures}) == len(pictures)
    assert crop(DRAWING) == (20000, 10000)
    assert 'a:srcRect t="20000" b="10000"' in zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def test_properties_languages_and_page(made: tuple[str, BriefingPage, bytes]) -> None:
    language, page, content = made
    document = read(content)
    told = document.core_properties
    assert (told.title, told.author) == (page.heading, page.publisher)
    assert (told.language, told.created) == (page.lang, told.modified)
    assert told.created is not None
    assert told.created.date().isoformat() == "2026-01-20"
    (section,) = document.sections
    assert [round(side.mm) for side in (section.page_width, section.page_height) if side] == [210, 297]
    fields = [field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == [" PAGE ", " NUMPAGES "]
    assert page.heading in section.header.paragraphs[0].text
    body = document.styles.element.get_by_id("BodyText")
    fonts = body.rPr.find(qn("w:rFonts"))
    wanted = {"zh": "仿宋_GB2312", "en": "SimSun"}
    assert fonts.get(qn("w:eastAsia")) == wanted[language]
    names = zipfile.ZipFile(io.BytesIO(content)).read("word/fontTable.xml").decode()
    assert f'w:name="{wanted[language]}"><w:altName w:val=' in names
    if language == "zh":
        assert body.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
        assert body.rPr.sz.val.pt == 16.0  # 三号


def test_parts_stand_in_the_order_of_the_standard(made: tuple[str, BriefingPage, bytes]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(made[2]))
    document = read(made[2])
    for root in (document.element, document.styles.element, document.sections[0].header._element):
        for tag, order in ORDER.items():
            known = order.split()
            for element in root.iter(qn(f"w:{tag}")):
                names = [child.tag.rpartition("}")[2] for child in element]
                ours = [known.index(name) for name in names if name in known]
                assert ours == sorted(ours), (tag, names)
    targets = re.findall(r'Target="([^"]+)"', archive.read("word/_rels/document.xml.rels").decode())
    assert {f"word/{target}" for target in targets if "/" not in target[:1] and ".." not in target} <= set(
        archive.namelist()
    )


def test_the_same_page_gives_the_same_bytes_whatever_the_day(made: tuple[str, BriefingPage, bytes]) -> None:
    _, page, content = made
    assert written(page) == content
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(content)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_words_of_another_language_say_so_and_what_is_no_character_is_replaced() -> None:
    line = set_line([Run("about "), Run("乌海", language="zh"), Run(" \x0b<b>&")], "en")
    document = read(written(page_of("en", findings=[line])))
    (paragraph,) = [p for p in document.paragraphs if p.style and p.style.style_id == "ListBullet"]
    assert paragraph.text == "about 乌海 \ufffd<b>&"
    foreign = next(run for run in paragraph.runs if run.text == "乌海")
    assert foreign._r.rPr is not None
    assert foreign._r.rPr.find(qn("w:lang")).get(qn("w:eastAsia")) == "zh-CN"  # type: ignore[union-attr]


@pytest.mark.parametrize(("language", "mark"), [("en", "w:i"), ("zh", "w:em")])
def test_a_commentary_keeps_its_lists_and_emphasis(language: str, mark: str) -> None:
    said = Remarked("Li Wei", "2026-01-21", ())
    words = {"en": "calm", "zh": "平稳"}[language]
    line = set_line([Run(words, style="emphasis"), Run("!", style="strong")], language)
    parts = [Remarks("paragraph", [line]), Remarks("number", [line, line])]
    document = read(written(page_of(language, commentary=parts, byline=said.author)))
    found = [p for p in document.paragraphs if p.style and p.style.style_id in ("BodyText", "ListNumber", "Byline")]
    mine = [p for p in found if p.text in (f"{words}!", "Li Wei")]
    assert [p.style.style_id for p in mine if p.style] == ["BodyText", "ListNumber", "ListNumber", "Byline"]
    first, second = (run._r.rPr for run in mine[0].runs)
    assert first is not None
    assert first.find(qn(mark)) is not None
    assert second is not None
    assert second.find(qn("w:b")) is not None
