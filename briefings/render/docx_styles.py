"""How the Word edition looks: its styles, its page, its fonts and what stands in for them.

In: python-docx's blank document, the language. Out: the document dressed. English is set as a report; Chinese after the
format of official documents (GB/T 9704-2012): A4, body in 三号仿宋 with two characters' indent on lines of 28 points,
first headings in 三号黑体, the title larger and centred. The standard's own fonts are not on every machine: a table of
fonts names others that may stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from briefings.render.contexts import BriefingPage, House, mended


@dataclass(frozen=True, slots=True)
class Style:
    """One paragraph style. size: points; fonts: a key of the look's fonts; lines: of a line, points (exact) or a factor
    below 4; before, after: points; first: characters of first-line indent; hanging: points."""

    size: float
    font: str = "body"
    bold: bool = False
    colour: str = ""
    align: str = "left"
    lines: float = 0.0
    before: float = 0.0
    after: float = 0.0
    first: int = 0
    hanging: float = 0.0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """A language's page and styles. margins: top, right, bottom, left in millimetres; measure: width of the text in
    twentieths of a point; fonts: key -> (for Latin, for Han); stand_ins: font -> those that may replace it; accent:
    the colour of headings."""

    tag: str
    margins: tuple[float, float, float, float]
    fonts: Mapping[str, tuple[str, str]]
    stand_ins: Mapping[str, str]
    styles: Mapping[str, Style]
    accent: str = ""

    @property
    def measure(self) -> int:
        return round((210 - self.margins[1] - self.margins[3]) / 25.4 * 1440)


#: A colour that a house may have of its own, and one that it has not.
ACCENT, GREY = "accent", "5A6470"

_ENGLISH = Look(
    tag="en-GB",
    margins=(24, 24, 24, 24),
    fonts={"body": ("Calibri", "SimSun"), "head": ("Calibri", "SimHei"), "table": ("Calibri", "SimSun")},
    stand_ins={"Calibri": "Carlito,Noto Sans", "SimSun": "宋体,Noto Serif CJK SC", "SimHei": "黑体,Noto Sans CJK SC"},
    styles={
        "Normal": Style(11, lines=1.15, after=4),
        "BodyText": Style(11, lines=1.15, after=6),
        "Logo": Style(10, after=6),
        "Number": Style(10, colour=GREY, after=4),
        "Publisher": Style(10, bold=True, colour=GREY, after=4),
        "Title": Style(24, "head", bold=True, colour=ACCENT, after=2),
        "Subtitle": Style(14, "head", after=8),
        "Mark": Style(11, bold=True, after=6),
        "Summary": Style(13, lines=1.15, after=8),
        "Fact": Style(9.5, colour=GREY),
        "Heading1": Style(15, "head", bold=True, colour=ACCENT, before=16, after=5, keep=True),
        "Heading2": Style(13, "head", bold=True, colour=ACCENT, before=12, after=4, keep=True),
        "ListBullet": Style(11, lines=1.15, after=4, hanging=18),
        "ListNumber": Style(11, lines=1.15, after=4, hanging=18),
        "Byline": Style(9.5, colour=GREY, after=6),
        "Caption": Style(10.5, before=10, after=3, keep=True),
        "Subcaption": Style(9.5, colour=GREY, after=3, keep=True),
        "Picture": Style(11, keep=True),
        "TableText": Style(9.5, "table", before=1.5, after=1.5),
        "TableNumber": Style(9.5, "table", align="right", before=1.5, after=1.5),
        "Under": Style(8.5, colour=GREY, before=2),
        "Note": Style(9.5, after=3, hanging=18),
        "Source": Style(8.5, colour=GREY, after=3),
        "Header": Style(8.5, colour=GREY),
        "Footer": Style(8.5, colour=GREY, align="right"),
    },
)

#: 二号 22, 小二 18, 三号 16, 小三 15, 四号 14, 小四 12, 五号 10.5, 小五 9 points.
_CHINESE = Look(
    tag="zh-CN",
    margins=(37, 26, 35, 28),
    fonts={
        "body": ("Times New Roman", "仿宋_GB2312"),
        "head": ("Times New Roman", "黑体"),
        "title": ("Times New Roman", "方正小标宋简体"),
        "second": ("Times New Roman", "楷体_GB2312"),
        "table": ("Times New Roman", "宋体"),
    },
    stand_ins={
        "仿宋_GB2312": "仿宋,FangSong,STFangsong,华文仿宋,Noto Serif CJK SC",
        "黑体": "SimHei,STHeiti,华文黑体,Noto Sans CJK SC",
        "方正小标宋简体": "华文中宋,STZhongsong,宋体,SimSun,Noto Serif CJK SC",
        "楷体_GB2312": "楷体,KaiTi,STKaiti,华文楷体,Noto Serif CJK SC",
        "宋体": "SimSun,STSong,华文宋体,Noto Serif CJK SC",
        "Times New Roman": "Liberation Serif,Noto Serif",
    },
    styles={
        "Normal": Style(16, lines=28),
        "BodyText": Style(16, align="both", lines=28, first=2),
        "Logo": Style(14, align="center", after=6),
        "Number": Style(14, "table", align="center", after=4),
        "Publisher": Style(14, colour=GREY, align="center", after=6),
        "Title": Style(22, "title", align="center", lines=36),
        "Subtitle": Style(18, "second", align="center", lines=32, after=12),
        "Mark": Style(16, "head", align="both", lines=28, first=2),
        "Summary": Style(16, "second", align="both", lines=28, first=2, after=6),
        "Fact": Style(12, "table", colour=GREY, lines=20),
        "Heading1": Style(16, "head", lines=28, before=14, after=4, keep=True, first=2),
        "Heading2": Style(16, "second", lines=28, before=8, keep=True, first=2),
        "ListBullet": Style(16, align="both", lines=28, hanging=24),
        "ListNumber": Style(16, align="both", lines=28, hanging=24),
        "Byline": Style(14, "second", align="right", lines=28),
        "Caption": Style(12, "head", align="center", lines=20, before=10, after=2, keep=True),
        "Subcaption": Style(10.5, "table", colour=GREY, align="center", lines=18, keep=True),
        "Picture": Style(12, align="center", keep=True),
        "TableText": Style(10.5, "table", before=2, after=2),
        "TableNumber": Style(10.5, "table", align="right", before=2, after=2),
        "Under": Style(9, "table", colour=GREY, before=2),
        "Note": Style(12, lines=20, after=2, hanging=24),
        "Source": Style(9, "table", colour=GREY, lines=15, after=2),
        "Header": Style(9, "table", colour=GREY),
        "Footer": Style(14, "table", align="center"),
    },
)


def look_of(tag: str, house: House) -> Look:
    """The look of a language (BCP 47 tag of the page), in the colour and the fonts of a house."""
    look = _CHINESE if tag.startswith("zh") else _ENGLISH
    fonts = {key: _of_house(key, pair, house, han=look is _CHINESE) for key, pair in look.fonts.items()}
    return replace(look, fonts=fonts, accent=house.accent.removeprefix("#").upper())


def _of_house(key: str, pair: tuple[str, str], house: House, *, han: bool) -> tuple[str, str]:
    """The fonts of one use: a house's family stands in place of the Latin one, or in Chinese of both."""
    family = house.heading_font if key in ("head", "title", "second") else house.text_font
    return pair if not family else (family, family) if han else (family, pair[1])


def dress(document: Any, look: Look, page: BriefingPage) -> None:
    """Page, styles, and what runs at head and foot of the pages. The first page has no running head."""
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, look.margins)
    _defaults(document, look)
    for key, style in look.styles.items():
        _dress(_style(document, key), style, look)
    section.different_first_page_header_footer = True
    numbers = "".join(_page_numbers(page.words["page of pages"]))
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{look.measure}"/></w:tabs>'
    line = f"{_text(page.house.footer)}<w:r><w:tab/></w:r>{numbers}" if page.house.footer else numbers
    beside = f'{tab}<w:jc w:val="left"/>' if page.house.footer else ""
    for footer in (section.footer, section.first_page_footer):
        _fill(footer, line, "Footer", beside)
    running = f"{_text(page.running[0])}<w:r><w:tab/></w:r>{_text(page.running[1])}"
    _fill(section.header, running, "Header", tab)
    _fill(section.first_page_header, "", "Header")


def _fill(part: Any, runs: str, style: str, properties: str = "") -> None:
    """Make a header or a footer one paragraph of these runs."""
    from docx.oxml import parse_xml

    part.is_linked_to_previous = False
    for paragraph in list(part._element):
        part._element.remove(paragraph)
    part._element.append(parse_xml(f'<w:p {_W}><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'))


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _text(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(mended(text))}</w:t></w:r>'


def _page_numbers(template: str) -> Iterator[str]:
    """`Page {page} of {pages}` as text and fields that Word works out."""
    for part in re.split(r"(\{pages?\})", template):
        if part in ("{page}", "{pages}"):
            field = "PAGE" if part == "{page}" else "NUMPAGES"
            yield f'<w:fldSimple w:instr=" {field} ">{_text("1")}</w:fldSimple>'
        elif part:
            yield _text(part)


def _defaults(document: Any, look: Look) -> None:
    """Fonts and languages of everything that says nothing else."""
    from docx.oxml import parse_xml

    latin, han = look.fonts["body"]
    defaults = document.styles.element.find(f"{{{_URI}}}docDefaults/{{{_URI}}}rPrDefault")
    for child in list(defaults):
        defaults.remove(child)
    lang = f'<w:lang w:val="{"en-GB" if look.tag == "en-GB" else "en-US"}" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    size = round(look.styles["Normal"].size * 2)
    fonts = _fonts(latin, han)
    defaults.append(parse_xml(f'<w:rPr {_W}>{fonts}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>{lang}</w:rPr>'))


_URI = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _fonts(latin: str, han: str) -> str:
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{han}" w:cs="{latin}"/>'


def _style(document: Any, key: str) -> Any:
    """The style with this id; made where Word has none of it."""
    from docx.oxml import parse_xml

    found = document.styles.element.get_by_id(key)
    if found is None:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key)
        text = f'<w:style {_W} w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{name}"/>'
        document.styles.element.append(parse_xml(f'{text}<w:basedOn w:val="Normal"/><w:qFormat/></w:style>'))
        found = document.styles.element.get_by_id(key)
    return found


def _dress(element: Any, style: Style, look: Look) -> None:
    """Give a style its look; of what it had, the list that it numbers and the level of its outline stay."""
    from docx.oxml import parse_xml

    kept = {"numPr": "", "outlineLvl": ""}
    for tag in ("pPr", "rPr"):
        for old in element.findall(f"{{{_URI}}}{tag}"):
            for name in kept:
                if (found := old.find(f"{{{_URI}}}{name}")) is not None:
                    kept[name] = _plain(found)
            element.remove(old)
    latin, han = look.fonts.get(style.font, look.fonts["body"])
    paint = look.accent if style.colour == ACCENT else style.colour
    colour = f'<w:color w:val="{paint}"/>' if paint else '<w:color w:val="auto"/>'
    size = round(style.size * 2)
    element.append(
        parse_xml(
            f"<w:pPr {_W}>{'<w:keepNext/>' if style.keep else ''}{kept['numPr']}{_spacing(style)}{_indent(style)}"
            f'<w:jc w:val="{style.align}"/>{kept["outlineLvl"]}</w:pPr>'
        )
    )
    bold = "<w:b/><w:bCs/>" if style.bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    element.append(
        parse_xml(
            f'<w:rPr {_W}>{_fonts(latin, han)}{bold}<w:i w:val="0"/>{colour}<w:spacing w:val="0"/><w:kern w:val="0"/>'
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        )
    )


def _plain(element: Any) -> str:
    """An element as text, without the declarations of its root."""
    from lxml import etree

    text: str = etree.tostring(element, encoding="unicode")
    return re.sub(r'\sxmlns:\w+="[^"]*"', "", text)


def _spacing(style: Style) -> str:
    exact = style.lines >= 4
    line = round(style.lines * 20) if exact else round((style.lines or 1) * 240)
    rule = "exact" if exact else "auto"
    before, after = round(style.before * 20), round(style.after * 20)
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="{rule}"/>'


def _indent(style: Style) -> str:
    if style.hanging:
        hang = round(style.hanging * 20)
        return f'<w:ind w:left="{hang}" w:hanging="{hang}"/>'
    first = round(style.first * style.size * 20)
    return f'<w:ind w:firstLineChars="{style.first * 100}" w:firstLine="{first}"/>' if first else '<w:ind w:left="0"/>'


def font_table(look: Look) -> str:
    """The part that names the fonts, and those that stand in where a machine lacks them."""
    rows = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(others)}/></w:font>"
        for name, others in look.stand_ins.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {_W}>{rows}</w:fonts>'
