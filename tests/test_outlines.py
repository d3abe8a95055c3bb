"""Outlines of texts in pictures: what they paint is what the texts would have painted."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest

from briefings.charts.outlines import outline
from briefings.fonts import FontSet, ensure_fonts

STACK = "Noto Sans SC, Noto Sans, sans-serif"


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    return ensure_fonts()


def picture(words: str, **more: str) -> str:
    style = {"x": "150", "y": "40", "font-family": STACK, "font-size": "16px", "fill": "#12436D"} | more
    root = ET.Element("{http://www.w3.org/2000/svg}svg", width="300", height="60", viewBox="0 0 300 60")
    ET.SubElement(root, "{http://www.w3.org/2000/svg}text", style).text = words
    return ET.tostring(root, encoding="unicode")


def outlined(svg: str, fonts: FontSet) -> str:
    return ET.tostring(outline(ET.fromstring(svg), str(fonts.folder)), encoding="unicode")


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("工业增加值 +6.9%", {"font-weight": "bold"}),
        ("AV To 1 234.5", {"text-anchor": "end", "font-family": "Noto Sans, Noto Sans SC, sans-serif"}),
        ("Văn phòng", {"text-anchor": "middle", "font-family": "'Noto Sans'"}),
        ("转", {"transform": "rotate(90 150 30)", "opacity": "0.5"}),
    ],
)
def test_outlines_paint_what_the_text_paints(words: str, more: dict[str, str], fonts: FontSet) -> None:
    import vl_convert
    from PIL import Image, ImageChops, ImageStat

    vl_convert.register_font_directory(str(fonts.folder))
    svg = picture(words, **more)
    own = outlined(svg, fonts)
    assert "<ns0:text" in svg
    assert "<ns0:text" not in own
    text, paths = (
        Image.open(io.BytesIO(bytes(vl_convert.svg_to_png(each, scale=2)))).convert("L") for each in (svg, own)
    )
    assert text.getextrema() != (255, 255)
    assert max(ImageStat.Stat(ImageChops.difference(text, paths)).mean) < 0.01


@pytest.mark.parametrize(
    ("words", "more"),
    [
        ("two  spaces", {}),
        ("no glyph: \U0001f600", {}),
        ("国 in the second font", {"font-family": "Noto Sans, Noto Sans SC"}),
        ("apart", {"letter-spacing": "2px"}),
        ("another font", {"font-family": "serif"}),
        ("light", {"font-weight": "300"}),
        ("in em", {"font-size": "1em"}),
        ("", {}),
    ],
)
def test_what_is_more_than_a_line_of_one_font_stays_text(words: str, more: dict[str, str], fonts: FontSet) -> None:
    svg = picture(words, **more)
    assert outlined(svg, fonts) == svg
