"""The fonts of the house: what they are called, that nothing else is used, and how the cache bears damage and haste."""

from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings import fonts
from briefings.errors import RenderError
from briefings.fonts import BOLD, REGULAR, FontSet, ensure_fonts, fontconfig_file, missing_glyphs
from briefings.workers import Workers
from tests import jobs

#: SHA-256 of the fonts that the versions in constraints.txt make, on every machine. After an upgrade of uharfbuzz,
#: fonttools or a font package, look at a page and put the new values here.
CHECKSUMS = {
    "NotoSans-Bold.ttf": "a946e9aa70fdc37a3f20765a34cdb57a18040b330fa4a7b38c80be02de4d3dd3",
    "NotoSans-Regular.ttf": "83bc3fc053f4c3de0538459b19c28573023418b9a9c56d69b1b1b911929e4e99",
    "NotoSansSC-Bold.otf": "e7b9a7c6344c4bc13fe7d4c38bebfab3ec1607a1357f9026013975b5f9950423",
    "NotoSansSC-Regular.otf": "af55c341c760ca3b8fae442a40dbfd34365e2680284201acd20d7851120382ed",
}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> FontSet:
    """The real fonts, made by two processes at once in an empty cache."""
    cache = tmp_path_factory.mktemp("cache")
    with Workers(count=2) as workers:
        first, second = workers.map("briefings.fonts:ensure_fonts", [cache, cache])
    assert first == second
    assert sorted(path.suffix for path in cache.iterdir()) == ["", ".lock"]
    return first


@pytest.fixture(scope="session")
def opened(house: FontSet) -> dict[tuple[str, int], Any]:
    return {key: TTFont(io.BytesIO(path.read_bytes()), lazy=True) for key, path in house.paths.items()}


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Instead of the recipe, one that takes no time; a list with an entry for each time it was followed."""
    made: list[str] = []

    def make(digest: str) -> dict[str, bytes]:
        made.append(digest)
        checksums = {"A.ttf": hashlib.sha256(b"a font").hexdigest()}
        manifest = {
            "digest": digest,
            "fonts": [["A", 400, "A.ttf"]],
            "checksums": checksums,
            "coverage": {"A": [[65, 90]]},
        }
        return {"A.ttf": b"a font", "fonts.json": json.dumps(manifest).encode()}

    monkeypatch.setattr(fonts, "_make", make)
    return made


# What is made


def test_the_pinned_packages_give_these_bytes(house: FontSet) -> None:
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in house.files} == CHECKSUMS


@pytest.mark.parametrize(
    ("family", "weight", "names"),
    [
        ("Noto Sans", REGULAR, {1: "Noto Sans", 2: "Regular", 4: "Noto Sans Regular", 6: "NotoSans-Regular"}),
        ("Noto Sans", BOLD, {1: "Noto Sans", 2: "Bold", 4: "Noto Sans Bold", 6: "NotoSans-Bold"}),
        (
            "Noto Sans SC",
            REGULAR,
            {1: "Noto Sans SC", 2: "Regular", 4: "Noto Sans SC Regular", 6: "NotoSansSC-Regular"},
        ),
        ("Noto Sans SC", BOLD, {1: "Noto Sans SC", 2: "Bold", 4: "Noto Sans SC Bold", 6: "NotoSansSC-Bold"}),
    ],
)
def test_a_font_is_static_and_says_what_it_is(
    opened: dict[tuple[str, int], Any], family: str, weight: int, names: dict[int, str]
) -> None:
    font = opened[family, weight]
    told = {number: font["name"].getDebugName(number) for number in (1, 2, 4, 6, 16, 17)}
    assert told == {**names, 16: names[1], 17: names[2]}
    assert not {"fvar", "CFF2", "gvar", "HVAR", "STAT"} & set(font.keys())
    bold = weight == BOLD
    assert font["OS/2"].usWeightClass == weight
    assert (bool(font["OS/2"].fsSelection & 0x20), bool(font["OS/2"].fsSelection & 0x40)) == (bold, not bold)
    assert font["head"].macStyle == bold
    assert font["head"].created == font["head"].modified == fonts.MADE
    assert "Open Font License" in font["name"].getDebugName(13)
    assert "Source" not in names[4]


def test_the_licences_lie_beside_the_fonts(house: FontSet) -> None:
    for name in ("OFL-NotoSans.txt", "OFL-NotoSansSC.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (house.folder / name).read_text(encoding="utf-8")


def test_the_outlines_are_those_of_the_simplified_face(opened: dict[tuple[str, int], Any]) -> None:
    """骨 differs between the mainland and Japan: in which corner its inner frame has its step."""
    origin = fonts.ORIGINS[1]
    with fonts._source(origin).open("rb") as file:
        simplified, japanese = (TTFont(file, fontNumber=face, lazy=True) for face in (origin.face, 0))
        for weight in (REGULAR, BOLD):
            ours = _area(opened["Noto Sans SC", weight], "骨")
            assert ours == pytest.approx(_area(simplified, "骨", wght=weight), rel=0.01)
            assert ours != pytest.approx(_area(japanese, "骨", wght=weight), rel=0.01)


def _area(font: Any, char: str, **location: float) -> float:
    """The area that a character's outline covers, in square font units."""
    pen = AreaPen()
    font.getGlyphSet(location=location)[font.getBestCmap()[ord(char)]].draw(pen)
    return abs(pen.value)


# Glyphs


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("CNY 59.56 billion, −3.1 % “quoted” – —", ""),
        ("规模以上工业增加值同比增长5.2%，“引号”——《书》（㎡、℃、①）", ""),
        ("Привет, Ελλάδα, Łódź, Việt Nam", ""),
        ("thin\u2009space, narrow\u202fspace, no\u00a0break, word\u2060joiner", ""),
        ("line\nbreak\ttab, joiner\u200d, selector\ufe0f, mark\u200e", ""),
        ("㐂 龯 𠮷", ""),
        ("up 😀 5%", "😀"),
        ("서울 Seoul", "서울"),
        ("القاهرة", "القاهرة"),
        ("bell\x07", "\x07"),
        ("half\ud800", "\ud800"),
        ("", ""),
    ],
)
def test_missing_glyphs(house: FontSet, text: str, missing: str) -> None:
    assert missing_glyphs(text, house.coverage) == set(missing)


@pytest.fixture(scope="session")
def drawn(opened: dict[tuple[str, int], Any]) -> set[int]:
    return set().union(*(font.getBestCmap() for font in opened.values()))


@settings(max_examples=100, deadline=None)
@given(char=st.characters(exclude_characters=[chr(code) for code in fonts._UNDRAWN]))
def test_a_glyph_is_missing_just_when_no_font_has_it(house: FontSet, drawn: set[int], char: str) -> None:
    assert (char in missing_glyphs(char, house.coverage)) == (ord(char) not in drawn)


def test_both_weights_have_the_same_glyphs(house: FontSet, opened: dict[tuple[str, int], Any]) -> None:
    for family, _ in house.coverage:
        assert opened[family, REGULAR].getBestCmap().keys() == opened[family, BOLD].getBestCmap().keys()


# Nothing else is used


PAGE = """<html lang="zh-CN"><meta charset="utf-8"><style>
.a { font-family: "Noto Sans SC" } .b { font-family: "Noto Sans" }
.c { font-family: sans-serif } .d { font-family: Arial }
</style>""" + "".join(
    f'<p class="{name}">同比增长5.2% <b>加粗 bold</b> rose − Привет <i>italic</i> 😀</p>' for name in "abcd"
)


@pytest.fixture(scope="session")
def confined(house: FontSet) -> dict[str, str]:
    return {"FONTCONFIG_FILE": str(fontconfig_file(house))}


def test_weasyprint_uses_the_fonts_of_the_house_alone(confined: dict[str, str]) -> None:
    import pypdf

    with Workers(environment=confined) as workers:
        content = workers.call(jobs.set_page, PAGE)
    names = {}
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for entry in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font = entry.get_object()["/DescendantFonts"][0].get_object()
            names[re.sub(r"^/[A-Z]{6}\+", "", font["/BaseFont"])] = font["/FontDescriptor"].get_object().keys()
    upright = {"Noto-Sans", "Noto-Sans-Bold", "Noto-Sans-SC", "Noto-Sans-SC-Bold"}
    assert upright <= names.keys() <= upright | {"Noto-Sans-Italic", "Noto-Sans-SC-Italic"}
    assert all({"/FontFile2", "/FontFile3"} & keys for keys in names.values())


@pytest.mark.skipif(sys.platform != "linux", reason="vl-convert asks fontconfig on Linux alone")
def test_a_font_of_the_system_cannot_take_the_place_of_ours(
    house: FontSet, confined: dict[str, str], tmp_path: Path
) -> None:
    impostor = fonts._named(house.paths["Noto Sans SC", BOLD].read_bytes(), "Noto Sans", REGULAR)
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "impostor.otf").write_bytes(impostor)
    folder = str(house.folder)
    with Workers(environment=confined) as workers:
        clean = workers.call(jobs.draw_words, folder)
    with Workers(environment={**confined, "XDG_DATA_HOME": str(tmp_path)}) as workers:
        assert workers.call(jobs.draw_words, folder) == clean


# fonts.conf


def test_fonts_conf_escapes_its_paths_and_is_written_once(house: FontSet, tmp_path: Path) -> None:
    folder = tmp_path / "a & b <c>"
    path = fontconfig_file(house, folder)
    text = path.read_text(encoding="utf-8")
    assert f"<dir>{house.folder}</dir>" in text
    assert f"<cachedir>{tmp_path}/a &amp; b &lt;c&gt;/cache</cachedir>" in text
    before = path.stat().st_mtime_ns
    assert fontconfig_file(house, folder) == path
    assert path.stat().st_mtime_ns == before
    assert [found.name for found in folder.iterdir()] == ["fonts.conf"]


def test_fonts_conf_that_cannot_be_written(house: FontSet, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RenderError) as caught:
        fontconfig_file(house, tmp_path / "file")
    assert str(caught.value) == f"{tmp_path}/file/fonts.conf cannot be written: File exists. Make its folder writable."


# The cache


def test_fonts_are_made_once(tmp_path: Path, light: list[str]) -> None:
    made = ensure_fonts(tmp_path)
    assert made == ensure_fonts(tmp_path)
    assert len(light) == 1
    assert made.folder.name == f"fonts-{made.digest[:16]}"
    assert made.paths == {("A", 400): made.folder / "A.ttf"}


@pytest.mark.parametrize("damage", ["cut", "flip", "remove", "empty manifest", "no manifest"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, light: list[str], damage: str) -> None:
    folder = ensure_fonts(tmp_path).folder
    font, manifest = folder / "A.ttf", folder / "fonts.json"
    match damage:
        case "cut":
            font.write_bytes(b"a fon")
        case "flip":
            font.write_bytes(b"a fond")
        case "remove":
            font.unlink()
        case "empty manifest":
            manifest.write_bytes(b"{}")
        case "no manifest":
            manifest.unlink()
    assert ensure_fonts(tmp_path).files[0].read_bytes() == b"a font"
    assert len(light) == 2


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path, light: list[str]) -> None:
    folder = ensure_fonts(tmp_path).folder
    left = tmp_path / f"{folder.name}.part-left"
    folder.rename(left)
    (left / "fonts.json").unlink()
    ensure_fonts(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [folder.name, f"{folder.name}.lock"]


def test_an_error_on_the_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, light: list[str]) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fonts.durable, "write", full)
    with pytest.raises(RenderError) as caught:
        ensure_fonts(tmp_path)
    assert str(caught.value) == (
        f"The fonts cannot be kept in {tmp_path}: No space left on device. "
        "Make the folder writable, free some space (20 MB), or set XDG_CACHE_HOME to another folder."
    )
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


def test_a_cache_that_is_a_file(tmp_path: Path, light: list[str]) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(RenderError, match=r"^The fonts cannot be kept in .*/cache: File exists\. Make the folder"):
        ensure_fonts(tmp_path / "cache")


def test_another_recipe_has_another_folder(tmp_path: Path, light: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = ensure_fonts(tmp_path)
    monkeypatch.setattr(fonts, "RECIPE", "other")
    second = ensure_fonts(tmp_path)
    assert first.folder != second.folder
    assert first.files[0].exists()


@pytest.mark.parametrize(
    ("given", "expected"), [("/somewhere", "/somewhere/briefings"), ("", None), ("relative", None)]
)
def test_the_default_cache(monkeypatch: pytest.MonkeyPatch, given: str, expected: str | None) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert fonts.default_cache() == Path(expected or Path.home() / ".cache" / "briefings")


def test_a_package_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "ORIGINS", (replace(fonts.ORIGINS[1], package="no_such_package"),))
    with pytest.raises(RenderError) as caught:
        ensure_fonts(tmp_path)
    assert str(caught.value) == (
        "The font Noto Sans SC is missing: NotoSansCJK-VF.otf.ttc of the package manimgx-fonts-cjk was not found. "
        "Run `pip install manimgx-fonts-cjk`."
    )


def test_a_font_without_the_axis_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "ORIGINS", (replace(fonts.ORIGINS[0], axes=(("none", 1.0),)),))
    with pytest.raises(
        RenderError, match=r"is not the variable font it should be\. Install the version of fontpkg-noto-s"
    ):
        ensure_fonts(tmp_path)
    assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]
