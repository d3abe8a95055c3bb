"""A house of one's own: its files are looked at before anything is made of them, and every page bears what it says."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import struct
import zipfile
import zlib
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html
from pydantic import ValidationError

from briefings import colours
from briefings import house as houses
from briefings.archive import Archive, Edition
from briefings.briefing import House
from briefings.charts import theme
from briefings.charts.parts_of_whole import DARK_PARTS
from briefings.cli.main import run
from briefings.compose.numbering import numbers
from briefings.configuration import Document, Project, Series, read
from briefings.configuration.house import _accent, _fits
from briefings.errors import HouseError, RenderError
from briefings.fonts import BOLD, REGULAR, ensure_fonts
from briefings.house.faces import Faces, find_faces, objections
from briefings.house.logo import Logo, logo_of, read_logo
from briefings.periods import Frequency, Period
from briefings.render import webfonts
from briefings.render.imprint import house_style, imprint
from briefings.render.styles import css_text
from briefings.render.webfonts import with_fonts
from tests.houses import LOGO, font, make

TEMPLATES = Path(__file__).parents[1] / "templates"

# Logos

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10">{}</svg>'
SHAPES = "; a logo holds nothing but shapes"


def png(width: int, height: int, *, whole: bool = True) -> bytes:
    """A white picture; `whole` or with its end cut off."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height)) if width * height < 10**6 else b""
    packed = zlib.compress(rows)
    content = chunk(b"IDAT", packed if whole else packed[:10])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + content


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "'logo' is no picture that can be shown: its content is empty; SVG or PNG is"),
        (b"\xff\xd8\xff\xe0 JFIF", "'logo' is no picture that can be shown: its content is a JPEG; SVG or PNG is"),
        (b"PK\x03\x04", "'logo' is no picture that can be shown: its content is something else; SVG or PNG is"),
        (png(50_000, 50_000), "'logo' has 50,000 by 50,000 pixels; at most 4,000 by 4,000 are allowed"),
        (
            png(900, 9),
            "'logo' is 900 by 9: so long a picture would be a line; one side is at most 20 times the other",
        ),
        (SVG.format("<script>alert(1)</script>"), f"'logo' holds a script{SHAPES}"),
        (SVG.format('<rect onclick="x()"/>'), f"'logo' holds a script (onclick){SHAPES}"),
        (SVG.format("<foreignObject/>"), f"'logo' holds a page (foreignObject){SHAPES}"),
        (SVG.format("<text>Desk</text>"), f"'logo' holds letters as text; turn them into outlines{SHAPES}"),
        (
            SVG.format('<use href="http://example.org/a.svg#b"/>'),
            f"'logo' holds a reference out of itself, 'http://example.org/a.svg#b'{SHAPES}",
        ),
        (
            SVG.format('<rect style="fill: url( &quot;file:///etc/passwd&quot; )"/>'),
            "'logo' holds a reference out of itself, 'url( \"file:///etc/passwd\" '" + SHAPES,
        ),
        (
            SVG.format("<style>@import 'http://example.org/a.css';</style>"),
            f"'logo' holds a style that fetches something, '@import'{SHAPES}",
        ),
        (SVG.format('<rect id="a"/>' + '<use href="#a"/>' * 51), f"'logo' holds more than 50 copies (use){SHAPES}"),
        (SVG.format("<g/>" * 5000), f"'logo' holds 5,001 elements, more than 5,000{SHAPES}"),
        (
            '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;"),
            "'logo' has a document type (<!DOCTYPE ...>); delete it, a picture needs none",
        ),
        (
            "<html><body>logo</body></html>",
            "'logo' is no SVG: its first element is <html>, not <svg> of http://www.w3.org/2000/svg",
        ),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="100%"/>',
            "'logo' states no size; give its <svg> a viewBox, for example viewBox=\"0 0 300 100\"",
        ),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300px 100px"/>',
            "'logo' has the view box '0 0 300px 100px'; four numbers without units are allowed, the last two above 0, "
            'for example viewBox="0 0 300 100"',
        ),
        (
            SVG.format('<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>'),
            f"'logo' holds a script{SHAPES}",
        ),
        (
            SVG.format('<link xmlns="http://www.w3.org/1999/xhtml" rel="stylesheet"/>'),
            f"'logo' holds a part of a page (<link>){SHAPES}",
        ),
        (
            '<?xml-stylesheet href="http://example.org/a.css"?><!-- drawn by hand -->' + SVG.format("<g/>"),
            f"'logo' holds an instruction for programs, '<?xml-stylesheet href=\"http://example.or'{SHAPES}",
        ),
        (
            SVG.format("<style>@\\69mport 'http://example.org/a.css';</style>"),
            f"'logo' holds a style with a backslash, which can hide a word{SHAPES}",
        ),
        (
            SVG.format("<style>@im<!-- -->port 'http://example.org/a.css';</style>"),
            f"'logo' holds a style that fetches something, '@import'{SHAPES}",
        ),
        (
            SVG.format('<rect fill="u\\72l(http://example.org/a)"/>'),
            f"'logo' holds a backslash in fill, which can hide a reference{SHAPES}",
        ),
        (
            SVG.format('<g xml:base="http://example.org/a.svg"/>'),
            f"'logo' holds a reference out of itself, 'http://example.org/a.svg'{SHAPES}",
        ),
    ],
    ids=lambda value: value[-40:] if isinstance(value, str) else None,
)
def test_a_logo_that_cannot_be_used_is_told_by_its_content(content: str | bytes, message: str) -> None:
    with pytest.raises(HouseError) as told:
        logo_of(content.encode() if isinstance(content, str) else content, "logo")
    assert str(told.value) == message


@pytest.mark.parametrize(
    "shapes",
    [
        "<rect fill=\"url('#g')\"/>",
        "<rect fill='url(\"#g\")'/>",
        '<rect fill="url( #g )"/>',
        "<style>rect { fill: url( '#g' ) }</style>",
        "<metadata><!-- keeps its stylesheet inside --></metadata>",
    ],
)
def test_a_logo_may_refer_to_its_own_parts(shapes: str) -> None:
    assert logo_of(("<!-- the stylesheet is inside -->" + SVG.format(shapes)).encode(), "logo").width == 30


@pytest.mark.parametrize(
    ("size", "width"),
    [('width="300" height="100px"', 300), ('width="3in" height="96"', 288), ('viewBox="-1,-1 30 1e1"', 30)],
)
def test_the_size_of_a_logo_is_in_pixels(size: str, width: float) -> None:
    logo = logo_of(f'<svg xmlns="http://www.w3.org/2000/svg" {size}/>'.encode(), "logo")
    assert (logo.width, logo.width / logo.height) == (width, 3)


@pytest.mark.parametrize("padded", [False, True])  # as WeasyPrint has it for the whole process
def test_a_logo_cut_off_is_told(padded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", padded)
    with pytest.raises(HouseError, match=r"^'logo' is a PNG that cannot be read to its end \(.+\); save it anew$"):
        logo_of(png(30, 10, whole=False), "logo")
    assert padded == ImageFile.LOAD_TRUNCATED_IMAGES


def test_a_file_is_known_before_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.svg")
    (tmp_path / "zero.svg").symlink_to("/dev/zero")
    with (tmp_path / "big.svg").open("wb") as file:
        file.truncate(50_000_000)
    wanted = {
        "pipe.svg": "'pipe.svg' is a pipe, no file; name a file",
        "zero.svg": "'zero.svg' leads out of the project; copy the file there",
        "big.svg": "'big.svg' has 50 MB; at most 2 MB are allowed",
        ".": "'.' is a folder, no file; name a file",
        "gone.svg": "there is no file 'gone.svg' in the project; copy it there, or mend the path",
    }
    for path, message in wanted.items():
        with pytest.raises(HouseError) as told:
            read_logo(tmp_path, path)
        assert str(told.value) == message


@pytest.mark.parametrize("size", [(10, 200), (200, 10), (100, 100), (240, 60)])
def test_a_logo_of_whatever_shape_stays_in_its_box(size: tuple[int, int]) -> None:
    logo = logo_of(png(*size), "logo")
    house = House(publisher={"en": "Desk"}, logo={"en": logo.digest})
    picture = imprint(house, "en", logo).logo
    assert picture is not None
    assert 1 <= picture.width <= 227
    assert 1 <= picture.height <= 60
    assert picture.alternative == "Desk"


def test_an_edition_is_set_with_the_logo_that_its_briefing_names() -> None:
    other = Logo(LOGO.encode(), "image/svg+xml", 240, 60)
    with pytest.raises(RenderError, match="the briefing names the logo of nobody and was handed that with the hash"):
        imprint(House(publisher={"en": "Desk"}), "en", other)


# Colours


@given(st.integers(0, 0xFFFFFF))
def test_the_colour_that_is_offered_will_do(number: int) -> None:
    colour = f"#{number:06x}"
    try:
        taken = _accent(colour)
    except ValueError as error:
        taken = _accent(re.findall("'(#[0-9a-f]{6})'", str(error))[-1])
    assert colours.contrast(taken, colours.PAPER) >= 4.5
    assert colours.told_apart(taken, colours.GREYS)


@given(st.integers(0, 0xFFFFFF), st.sampled_from(theme.PARTS))
@example(0x004060, theme.HIGHLIGHT)
@example(0x6B1040, "#3D3D3D")
@settings(max_examples=100)
def test_parts_are_told_from_a_highlight_and_from_one_another(number: int, near: str) -> None:
    for colour in (f"#{number:06x}", colours.mixed(near, f"#{number:06x}", 0.1)):
        accent = next(each for each in colours.toward(colour, "#000000") if _fits(each))
        made = [theme.palette(accent).get(part, part) for part in theme.PARTS]
        assert made[0] == accent
        assert [pair for pair in combinations(made, 2) if not colours.told_apart(pair[0], pair[1:])] == []
        assert [colours.readable(part) for part in made] == [colours.readable(part) for part in theme.PARTS]


def test_words_on_a_part_are_read_whether_it_is_dark_or_light() -> None:
    for part in {*theme.PARTS, *theme.SPARE, *theme.BELOW, *theme.TIERS}:
        assert colours.readable(theme.PAPER if part in {*DARK_PARTS, *theme.SPARE[:3]} else theme.INK, part), part


@given(st.integers(0, 0xFFFFFF))
@settings(max_examples=60)
def test_a_scale_of_a_house_is_as_light_step_by_step_as_the_program_s(number: int) -> None:
    accent = next(each for each in colours.toward(f"#{number:06x}", "#000000") if _fits(each))
    made = theme.scale(accent, {})
    light = [colours.contrast(step, colours.PAPER) for step in theme.TIERS]
    assert [colours.contrast(made[step], colours.PAPER) for step in theme.TIERS] == pytest.approx(light, rel=0.05)
    for step in theme.TIERS:
        assert colours.readable(theme.PAPER if step in DARK_PARTS else theme.INK, made[step]), (accent, step)


@pytest.mark.parametrize(
    ("accent", "own"), [("#7a1f3d", True), ("#5a2ca0", True), ("#1f6b3a", False), ("#a84a14", False)]
)
def test_a_scale_of_two_sides_is_a_house_s_where_every_eye_tells_them_apart(accent: str, own: bool) -> None:
    one_side = {"data": [{"colour": colour} for colour in theme.TIERS], "text": [{"ink": theme.HIGHLIGHT}]}
    two_sides = one_side | {"below": [{"colour": colour} for colour in theme.BELOW]}
    made = [theme.branded(each, accent, "", scaled=True) for each in (one_side, two_sides)]
    steps = [step["colour"] for step in made[0]["data"]]
    assert not set(steps) & set(theme.TIERS)
    assert [step["colour"] for step in made[1]["data"]] == (steps if own else list(theme.TIERS))
    assert made[1]["below"] == two_sides["below"]
    assert [each["text"] for each in made] == [[{"ink": accent}]] * 2


def test_style_sheets_and_the_script_of_the_page_have_the_colours_of_the_program() -> None:
    for name in ("screen.css", "print.css"):
        root = re.search(r":root \{(.*?)\}", (TEMPLATES / name).read_text(encoding="utf-8"), re.DOTALL)
        said = dict(re.findall(r"--(\w+): (#\w+)", root[1] if root else ""))
        assert (said["accent"], said["pale"]) == (colours.ACCENT.lower(), colours.PALE.lower()), name
    script = (TEMPLATES / "screen.js").read_text(encoding="utf-8")
    assert f'INK = "{colours.INK}", QUIET = "{colours.QUIET}"' in script


@pytest.mark.parametrize("language", ["en", "zh"])
def test_fonts_of_a_house_reach_headings_text_and_the_foot(language: str) -> None:
    from weasyprint import HTML

    family = "3M Sans"
    house = House(
        publisher={"en": "Desk"}, text_font={language: family}, heading_font={language: "Head"}, footer={language: "f"}
    )
    style = (TEMPLATES / "print.css").read_text(encoding="utf-8")
    style += house_style(house, language, "print", ensure_fonts())
    body = '<h1>Title <span class="where">place</span></h1><p>text</p>'
    page = HTML(string=f'<html lang="{language}"><style>{style}</style>{body}').render().pages[0]
    fonts = {
        box.text.strip(): box.style["font_family"][0] for box in page._page_box.descendants() if hasattr(box, "text")
    }
    assert fonts == {"Title": "Head", "place": family, "text": family, "f": family}


def test_a_chart_in_the_colour_of_a_house_keeps_all_else() -> None:
    chart = {"config": {"font": "Noto Sans"}, "usermeta": {"font": "Noto Sans", "n": (theme.HIGHLIGHT,)}, "x": [1, "A"]}
    made = theme.branded(chart, "#7a1f3d", "House Sans")
    assert made == {
        "config": {"font": "'House Sans', Noto Sans"},
        "usermeta": {"font": "'House Sans', Noto Sans", "n": ("#7a1f3d",)},
        "x": [1, "A"],
    }
    assert theme.branded(chart, "", "") == chart
    scale = {"config": {}, "usermeta": {}, "fill": theme.HIGHLIGHT, "ink": theme.HIGHLIGHT}
    assert theme.branded(scale, "#7a1f3d", "", scaled=True) == scale | {"fill": "#781e3c", "ink": "#7a1f3d"}


@pytest.mark.parametrize("accent", ["red", "#7a1f3d} @import url(x)", "#7A1F3D"])
def test_no_other_colour_stands_in_a_briefing(accent: str) -> None:
    with pytest.raises(ValidationError, match="accent"):
        House(publisher={"en": "Desk"}, accent=accent)


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_a_line_at_the_foot_is_a_string_of_css_whatever_it_holds(text: str) -> None:
    import tinycss2  # type: ignore[import-untyped]

    whole = text.replace("\0", "")
    (token,) = tinycss2.parse_component_value_list(css_text(whole))
    assert (token.type, token.value) == ("string", whole)


# Numbers in a series


@pytest.mark.parametrize(
    ("series", "cadence", "period", "en", "zh"),
    [
        ({}, "monthly", "2026-10", "No. 10 of 2026", "2026年第10期"),
        ({}, "monthly", "2026-01/2026-10", "No. 10 of 2026", "2026年第10期"),
        ({}, "quarterly", "2026-Q3", "No. 3 of 2026", "2026年第3期"),
        ({}, "ten-day", "2026-11-T2", "No. 32 of 2026", "2026年第32期"),
        ({}, "weekly", "2026-W53", "No. 53 of 2026", "2026年第53期"),
        ({}, "weekly", "2025-W01", "No. 1 of 2025", "2025年第1期"),
        ({}, "daily", "2026-02-01", "No. 32 of 2026", "2026年第32期"),
        ({"since": "2024"}, "monthly", "2026-10", "No. 10 of 2026 (No. 34 in all)", "2026年第10期（总第34期）"),
        ({"number": "running", "since": "2025-12", "first": 12}, "monthly", "2026-02", "No. 14", "第14期"),
        ({"number": "running", "since": "2019"}, "annual", "2023", "No. 5", "第5期"),
        ({"form": {"zh": "第{number}期"}}, "monthly", "2026-10", "No. 10 of 2026", "第10期"),
    ],
)
def test_a_number_follows_from_the_period(
    series: dict[str, object], cadence: str, period: str, en: str, zh: str
) -> None:
    given_series = Series.model_validate(series)
    found = numbers(given_series, Frequency(cadence), Period.parse(period), ("en", "zh"))
    assert found == {"en": en, "zh": zh}


def test_before_the_first_issue_there_is_no_number() -> None:
    series = Series.model_validate({"since": "2026-05"})
    assert numbers(series, Frequency.MONTHLY, Period.parse("2026-04"), ("en",)) == {}
    assert numbers(None, Frequency.MONTHLY, Period.parse("2026-04"), ("en",)) == {}


@given(
    st.sampled_from(list(Frequency)), st.dates(min_value=Period.parse("1990").start, max_value=Period.parse("2199").end)
)
@settings(max_examples=60)
def test_the_next_period_has_the_next_number(cadence: Frequency, day: object) -> None:
    series = Series.model_validate({"number": "running", "since": "1980", "form": {"en": "{number}"}})
    period = Period.of(day, cadence)  # type: ignore[arg-type]
    here, after = (int(numbers(series, cadence, each, ("en",))["en"]) for each in (period, period.step(1)))
    assert after == here + 1


# Fonts

LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "–—−’“”·"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's folder with a family that is whole, one without a bold, and one of few letters."""
    root = tmp_path_factory.mktemp("fonts")
    (root / "fonts").mkdir()
    files = {
        "whole-r.ttf": font("Whole", REGULAR),
        "whole-b.ttf": font("Whole", BOLD),
        "slight.ttf": font("Slight", REGULAR),
        "few-r.otf": font("Few", REGULAR, han=True, text=LETTERS + "经济"),
        "few-b.otf": font("Few", BOLD, han=True, text=LETTERS + "经济"),
    }
    for name, content in files.items():
        (root / "fonts" / name).write_bytes(content)
    return root


@pytest.mark.parametrize(
    ("family", "language", "bold", "told"),
    [
        ("Whole", "en", True, []),
        ("Slight", "en", False, []),
        ("Slight", "en", True, ["the family 'Slight' has no bold font in fonts/, which text needs; put it there"]),
        ("Few", "zh", True, []),
        ("Noto Sans SC", "zh", True, []),
        (
            "Whol",
            "en",
            True,
            [
                "unknown family of fonts 'Whol'; allowed: Few, Slight, Whole, Noto Sans, Noto Sans SC. Did you mean "
                "'Whole'? Put its files (.ttf, .otf) into fonts/ of the project."
            ],
        ),
        (
            "Whole",
            "zh",
            True,
            [
                "fonts/whole-r.ttf has no glyph for '济' (U+6D4E), '经' (U+7ECF), which this project writes in "
                "Chinese; take a family that has them, or leave 'zh' out here"
            ],
        ),
        (
            "Noto Sans",
            "zh",
            True,
            ["the family 'Noto Sans' has no Chinese letter; take Noto Sans SC, or a family of your own"],
        ),
    ],
)
def test_a_family_is_held_against_what_is_written(
    fonts: Path, family: str, language: str, bold: bool, told: list[str]
) -> None:
    assert list(objections(find_faces(fonts), family, language, "经济 economy", bold=bold)) == told


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"no font", "'fonts/a.ttf' is no TrueType or OpenType font, whatever its name says; take it away"),
        (None, "'fonts/a.ttf' is a variable font, which costs seconds a PDF; put its static fonts there"),
        (b"\0\1\0\0" + b"\0" * 40, "'fonts/a.ttf' names no family|'fonts/a.ttf' is a font that cannot be read"),
    ],
    ids=["text", "variable", "empty"],
)
def test_a_file_that_is_no_font_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    import fontpkg_noto_sans

    folder = tmp_path / "fonts"
    folder.mkdir()
    variable = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
    (folder / "a.ttf").write_bytes(variable.read_bytes() if content is None else content)
    (told,) = find_faces(tmp_path).unread
    assert re.match(message, told)


def test_one_font_that_is_none_hides_no_other_mistake(fonts: Path, tmp_path: Path) -> None:
    shutil.copytree(fonts / "fonts", tmp_path / "fonts")
    (tmp_path / "fonts" / "notes.ttf").write_bytes(b"no font")
    assert complaints(tmp_path, "  fonts:\n    text: {en: Whole}\n") == []
    told = complaints(tmp_path, "  fonts:\n    text: {en: Slight}\n    headings: {en: Whol}\n")
    assert [each.splitlines()[0].partition(": ")[2].partition(";")[0] for each in told] == [
        "house.fonts: 'fonts/notes.ttf' is no TrueType or OpenType font, whatever its name says",
        "house.fonts.text.en: the family 'Slight' has no bold font in fonts/, which text needs",
        "house.fonts.headings.en: unknown family of fonts 'Whol'",
    ]


def test_of_several_weights_those_nearest_to_regular_and_bold_are_used(tmp_path: Path) -> None:
    (tmp_path / "fonts").mkdir()
    weights = {"Light": 300, "Book": 400, "Semibold": 600, "Black": 900}
    for name, weight in weights.items():
        content = font("Whole", BOLD if weight > 500 else REGULAR, stated=weight)
        (tmp_path / "fonts" / f"{name}.ttf").write_bytes(content)
    found = find_faces(tmp_path)
    assert [face.name for face in found.faces] == ["Book.ttf", "Semibold.ttf"]
    (tmp_path / "config").mkdir()
    file = tmp_path / "config" / "project.yaml"
    file.write_text("title: Briefings\npublisher: Desk\nhouse: {fonts: {text: {en: Whole}}}\n", encoding="utf-8")
    files = houses.check(read(file, Project, root=tmp_path), tmp_path, lambda _: "economy")
    assert len(files.advice) == 2
    assert files.advice[-1] == (
        "fonts/Black.ttf: 'Whole' has a font nearer to the weight 700 than this one (900), which is not used; "
        "take it away"
    )


def test_a_family_too_wide_for_charts_is_for_headings_alone(fonts: Path) -> None:
    found = find_faces(fonts)
    plain = {face.weight: face.wide for face in found.faces if face.family == "Whole"}
    assert plain == pytest.approx({REGULAR: 0.542, BOLD: 0.569}, abs=0.001)  # the constants are those of Noto Sans
    wide = Faces(tuple(replace(face, wide=face.wide * 1.2) for face in found.faces))
    assert list(objections(wide, "Whole", "en", "economy", bold=False)) == []
    assert list(objections(wide, "Whole", "en", "economy", bold=True)) == [
        "the letters of 'Whole' are 1.20 times as wide as those of Noto Sans, by which charts reserve room; at most "
        "1.06 times will do. Take a narrower family for text; headings may be in this one"
    ]


def test_a_house_adds_its_fonts_to_the_set_and_changes_its_digest(fonts: Path, tmp_path: Path) -> None:
    faces = [face for face in find_faces(fonts).faces if face.family == "Whole"]
    own, plain = ensure_fonts(added=faces), ensure_fonts()
    assert own.digest != plain.digest
    assert own.folder != plain.folder
    assert own.paths["Whole", BOLD].read_bytes() == (fonts / "fonts" / "whole-b.ttf").read_bytes()
    assert own.paths["Noto Sans SC", REGULAR].read_bytes() == plain.paths["Noto Sans SC", REGULAR].read_bytes()
    assert ensure_fonts(added=faces) == own


PAGE = "<style>p {}</style><h2>Stays</h2><p>up 5&amp;</p><script>xyz</script>"


def embedded(page: str) -> list[tuple[str, str, set[str]]]:
    """The fonts in a page: family, weight, letters."""
    from fontTools.ttLib import TTFont

    rule = r'@font-face { font-family: "(.*?)"; font-weight: (\d+); src: url\(data:font/woff2;base64,(.*?)\)'
    return [
        (family, weight, set(map(chr, TTFont(io.BytesIO(base64.b64decode(content))).getBestCmap())))
        for family, weight, content in re.findall(rule, page)
    ]


def test_a_page_has_the_fonts_of_its_house_cut_down_to_its_letters(fonts: Path) -> None:
    own = ensure_fonts(added=[face for face in find_faces(fonts).faces if face.family in ("Whole", "Slight")])
    house = House(publisher={"en": "Desk"}, text_font={"en": "Whole"}, heading_font={"en": "Slight"})
    page = with_fonts(PAGE, house, "en", own)
    tag, shown = set("<>/h2p"), set("Staysup 5&")
    assert embedded(page) == [
        ("Slight", "400", {*"Stays<>/h2"}),
        ("Whole", "400", tag | shown),
        ("Whole", "700", tag | shown),
    ]
    assert page.endswith(PAGE.removeprefix("<style>"))
    assert with_fonts(PAGE, house, "en", own) == page
    assert with_fonts(PAGE, house, "zh", own) == PAGE
    plain = House(publisher={"en": "Desk"}, text_font={"en": "Noto Sans"})
    assert with_fonts(PAGE, plain, "en", own) == PAGE


def test_fonts_that_are_too_large_for_a_page_stay_out_text_first(fonts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = ensure_fonts(added=[face for face in find_faces(fonts).faces if face.family in ("Whole", "Slight")])
    house = House(publisher={"en": "Desk"}, text_font={"en": "Whole"}, heading_font={"en": "Slight"})
    only_headings = with_fonts(PAGE, house.model_copy(update={"text_font": {}}), "en", own)
    monkeypatch.setattr(webfonts, "MOST", len(only_headings) - len(PAGE))
    assert with_fonts(PAGE, house, "en", own) == only_headings
    monkeypatch.setattr(webfonts, "MOST", 10)
    assert with_fonts(PAGE, house, "en", own) == PAGE


# What the configuration says of files


def complaints(root: Path, house: str) -> list[str]:
    (root / "config").mkdir(exist_ok=True)
    file = root / "config" / "project.yaml"
    file.write_text(f"title: Briefings\npublisher: Desk\nhouse:\n{house}", encoding="utf-8")
    document: Document[Project] = read(file, Project, root=root)
    houses.check(document, root, lambda language: {"zh": "经济", "en": "economy"}[language])
    return [str(each) for each in document.complaints]


def test_what_is_wrong_with_a_file_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(SVG.format("<script/>"), encoding="utf-8")
    house = "  logo:\n    zh: logo.svg\n  fonts:\n    text: {en: Fira}\n  series: {since: 2024-13}\n"
    assert complaints(tmp_path, house) == [
        "config/project.yaml:5:9: house.logo.zh: 'logo.svg' holds a script; a logo holds nothing but shapes\n"
        "    zh: logo.svg\n        ^",
        "config/project.yaml:7:16: house.fonts.text.en: unknown family of fonts 'Fira'; allowed: Noto Sans, "
        "Noto Sans SC. Put its files (.ttf, .otf) into fonts/ of the project.\n    text: {en: Fira}\n               ^",
        complaints(tmp_path, house)[2],
    ]
    assert "config/project.yaml:8:19: house.series.since: '2024-13' is no period" in complaints(tmp_path, house)[2]


# Editions of such a house

AT = ["--now", "2026-11-21T08:00+08:00", "-q"]


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edition]:
    root = make(tmp_path_factory.mktemp("house"))
    assert run(["--project", str(root), *AT, "ingest"]) == 0
    assert run(["--project", str(root), *AT, "build"]) == 0
    return {edition.key.language: edition for edition in Archive(root / "data/editions").editions()}


IMPRINT = {
    "en": ("Example Statistics Desk", "No. 10 of 2026 (No. 34 in all)", "For internal use"),
    "zh": ("示例统计室", "2026年第10期（总第34期）", "内部资料，注意保存"),
}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_file_bears_the_house(editions: dict[str, Edition], language: str) -> None:
    import pypdfium2

    edition, (publisher, number, footer) = editions[language], IMPRINT[language]
    page = html.document_fromstring(edition.read("briefing.html").decode())
    (logo,) = page.xpath("//header//img")
    assert logo.get("alt") == publisher
    assert logo.get("src").startswith("data:image/svg+xml;base64,")
    assert page.xpath("string(//p[@class='number'])") == number
    assert footer in page.xpath("string(//footer)")
    assert ":root { --accent: #7a1f3d;" in page.xpath("string(//style)")
    families = [family for family, _, _ in embedded(page.xpath("string(//style)"))]
    assert families == (["House Sans", "House Sans"] if language == "en" else ["宏观黑体"])
    assert "font-src data:" in page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    pdf = pypdfium2.PdfDocument(edition.read("briefing.pdf"))
    texts = [each.get_textpage().get_text_range() for each in pdf]
    assert number in texts[0]
    assert all(footer in text for text in texts)
    for name in ("mail.html", "mail.txt"):
        assert number in edition.read(name).decode()
        assert footer in edition.read(name).decode()
    with zipfile.ZipFile(io.BytesIO(edition.read("briefing.docx"))) as word:
        assert number in word.read("word/document.xml").decode()
        assert footer in word.read("word/footer1.xml").decode()
        assert 'w:color="7A1F3D"' in word.read("word/document.xml").decode()
        assert ('w:val="7A1F3D"' in word.read("word/styles.xml").decode()) == (language == "en")  # GB/T 9704 is black
    charts = [name for name in edition.manifest["files"] if name.startswith("charts/") and name.endswith(".svg")]
    assert all("#12436" not in edition.read(name).decode().lower() for name in charts)
    assert any("#7a1f3d" in edition.read(name).decode() for name in charts)


@pytest.mark.slow
def test_an_edition_names_its_logo_and_fonts_by_hash(editions: dict[str, Edition]) -> None:
    import pikepdf

    for language, family in (("en", "House-Sans"), ("zh", "宏观黑体-Bold")):
        edition = editions[language]
        briefing = json.loads(edition.read("briefing.json"))
        assert (
            edition.manifest["logo"]
            == briefing["house"]["logo"][language]
            == Logo(LOGO.encode(), "image/svg+xml", 4, 1).digest
        )
        with pikepdf.open(io.BytesIO(edition.read("briefing.pdf"))) as pdf:
            fonts = {str(each.get("/BaseFont", "")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)}
        assert any(font.endswith(f"+{family}") for font in fonts), fonts


@pytest.mark.slow
def test_another_logo_is_the_next_revision_and_the_same_is_none(editions: dict[str, Edition]) -> None:
    root = editions["en"].folder.parents[6]
    assert run(["--project", str(root), *AT, "build"]) == 0
    assert len(list(Archive(root / "data/editions").editions())) == 2
    logo = root / "brand" / "logo.svg"
    logo.write_text(LOGO.replace("#7a1f3d", "#333333"), encoding="utf-8")
    assert run(["--project", str(root), *AT, "build", "--language", "en"]) == 0
    told = {edition.id: edition.read("briefing.html") for edition in Archive(root / "data/editions").editions()}
    assert [name.rpartition("/")[2] for name in sorted(told) if "/en/" in name] == ["r1", "r2"]


@pytest.mark.slow
def test_a_foot_in_letters_that_no_font_has_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = make(tmp_path, "\nhouse: {footer: {en: For internal use \U0001f512}}\n")
    assert run(["--project", str(root), *AT, "check"]) == 2
    said = capsys.readouterr().err
    assert "config/project.yaml:" in said
    assert "house.footer.en" in said
