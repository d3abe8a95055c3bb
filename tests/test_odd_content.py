"""What odd content gets: a result that was looked at, or a message that says what to do; never a broken page."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from docx import Document

from briefings.archive import Edition
from tests.odd_projects import MONTHS, PLACES, Project, command_of, editions, rows

LONG = (
    "The development of overnight stays and of revenue from rooms in the four cities of the province, their suburbs, "
    "their rural surroundings and the protected areas along the river, as told by the houses that registered with the "
    "bureau before the end of the year, without campsites and private rooms, and so on"
)
LONG_ZH = (
    "全省四市及其郊区、农村周边和沿河保护区过夜游客与客房收入发展情况（据年底前登记的住宿单位报告，不含露营地）" * 6
)


def named(name: str) -> Project:
    """A project in whose first place this name is."""
    project = Project()
    project.places["riverton"]["name"] = {"en": name}
    project.project["languages"] = ["en"]
    return project


def plain(project: Project) -> Project:
    project.project["languages"] = ["en"]
    return project


def page(edition: Edition) -> str:
    """The text of a PDF as poppler reads it, line ends as spaces."""
    told = subprocess.run(
        ["pdftotext", "-layout", edition.folder / "briefing.pdf", "-"], capture_output=True, check=True
    )
    return told.stdout.decode()


# Refused where it stands


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("River\u202eton", "the text holds U+202E (RIGHT-TO-LEFT OVERRIDE), which nobody sees; delete it"),
        ("River\u2066ton", "the text holds U+2066 (LEFT-TO-RIGHT ISOLATE), which nobody sees; delete it"),
        ("River\u200bton", "the text holds U+200B (ZERO WIDTH SPACE), which nobody sees; delete it"),
        ("River\u00adton", "the text holds U+00AD (SOFT HYPHEN), which nobody sees; delete it"),
        ("River\x07ton", "the text holds the control character U+0007; delete it"),
        ("River\x00ton", "the text holds the control character U+0000; delete it"),
        (
            "https://e.org/" + "x" * 61,
            "places.riverton.name.en: the word 'xxxxxxxxxxxxxxxxxxxxx...' has 61 characters; ",
        ),
        ("Wortreich" * 8, "a page breaks no word, and 60 are allowed: shorten it, or part it by spaces"),
    ],
)
def test_what_no_page_can_show_is_a_mistake_of_the_file(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_of(named(name).write(tmp_path), "check") == 2
    told = capsys.readouterr().err
    assert re.search(r"config/places\.yaml:\d+:\d+: ", told)
    assert said in told


@pytest.mark.parametrize("name", ["河城市" * 30, "a/b-" * 30, "Word " * 30, "Ривертон Ñandú 𠮷"])
def test_long_names_and_other_scripts_are_none(name: str, tmp_path: Path) -> None:
    assert command_of(named(name).write(tmp_path), "check") == 0


def test_half_a_character_is_no_yaml(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = named("River_ton").write(tmp_path)
    path = root / "config/places.yaml"
    path.write_text(path.read_text("utf-8").replace("River_ton", "River\\ud800ton"), encoding="utf-8")
    assert command_of(root, "check") == 2
    assert "this is not YAML" in capsys.readouterr().err


def test_a_member_that_nobody_can_read_is_a_row_that_is_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project()
    head, *told = rows(PLACES, MONTHS[-2:])
    project.rows = [[*head, "Kind"], *([*row, ""] for row in told), ["2026-10", "riverton", 5, "", "ho\u202etels"]]
    project.source["breakdown"] = {"column": "Kind", "dimension": "kind", "names": {"": "total"}}
    root = project.write(tmp_path)
    assert command_of(root, "ingest") == 0
    assert "1 rejected" in capsys.readouterr().err
    assert "holds U+202E, which nobody sees; delete it" in (root / "data/rejects/tourism.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("مدينة", "'ة' (U+0629 ARABIC LETTER TEH MARBUTA)"),
        ("Riverton 🎉", "'🎉' (U+1F389 PARTY POPPER)"),
        ("ริเวอร์ตัน", "'ต' (U+0E15 THAI CHARACTER TO TAO)"),
        ("Rive\u0323\u0301rton", "'\u0301' (U+0301 COMBINING ACUTE ACCENT)"),
        ("서울", "'서' (U+C11C HANGUL SYLLABLE SEO)"),
    ],
)
def test_a_name_in_letters_that_no_edition_shows_is_a_mistake_of_the_file(
    name: str, character: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = named(name).write(tmp_path)
    assert command_of(root, "check") == 2
    told = capsys.readouterr().err
    assert f"config/places.yaml:12:11: places.riverton.name.en: no edition can show {character}" in told
    assert "write the text without: letters of Latin, Greek, Cyrillic and Chinese can be set" in told
    assert told.count("no edition can show") == 1
    assert command_of(root, "build") == 2


def test_every_text_that_is_printed_is_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an edition may show, and further texts by their keys: a break's reason, a decision, a commentary."""
    project = Project().saying(lambda _, text: f"{text} \N{PARTY POPPER}")
    project.indicators["stays"]["breaks"] = [{"from": "2024-05", "reason": "counted anew \N{PARTY POPPER}"}]
    project.project["house"] = {"footer": "For use \N{PARTY POPPER}", "series": {"form": "No. {number} \N{BEAR FACE}"}}
    said = {"indicator": "stays", "place": "riverton", "period": "2026-10", "when": "2026-11-01"}
    project.more["config/decisions.yaml"] = {
        "decisions": [{"decision": "accept", "who": "Desk \N{BEAR FACE}", "why": "\N{BEAR FACE}"} | said]
    }
    project.more["config/commentary/stays/riverton/2026-10.en.md"] = (
        "---\nauthor: Li \N{BEAR FACE}\ndate: 2026-11-01\n---\nA fine month \N{PARTY POPPER}\n"
    )
    assert command_of(project.write(tmp_path), "check") == 2
    told = [line.split(": no edition")[0] for line in capsys.readouterr().err.splitlines() if "no edition can" in line]
    assert len(told) == len(set(told)) == sum(1 for _ in project.texts()) + 5
    ways = {line.rpartition(": ")[2] for line in told}
    assert {"title.en", "sections[1].title.zh", "sources.tourism.publisher.zh", "contact.name"} <= ways
    assert {"indicators.stays.breaks[0].reason", "house.series.form", "decisions[0].who", "decisions[0].why"} <= ways


def test_a_commentary_with_such_a_letter_costs_its_own_edition_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project()
    project.more["config/commentary/stays/riverton/2026-10.en.md"] = (
        "---\nauthor: Li \N{BEAR FACE}\ndate: 2026-11-01\n---\nA fine\nmonth \N{PARTY POPPER} \N{BEAR FACE}\n"
    )
    root = project.write(tmp_path)
    assert command_of(root, "check") == 2
    told = capsys.readouterr().err
    assert "2026-10.en.md:2:9: author: no edition can show '\N{BEAR FACE}'" in told
    assert "2026-10.en.md:6:7: no edition can show '\N{PARTY POPPER}' (U+1F389 PARTY POPPER), '\N{BEAR FACE}'" in told
    assert command_of(root, "build", "--dry-run") == 0


@pytest.mark.slow
def test_a_member_in_letters_that_the_fonts_lack_is_refused_and_costs_no_other_edition(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What tables bring is not known before it is read."""
    project = plain(Project())
    head, *told = rows(PLACES, MONTHS[-14:])
    kinds = [
        [*row, kind] for row in told for kind in ("", "hotels" if row[1] != "riverton" else "hotels \N{PARTY POPPER}")
    ]
    project.rows = [[*head, "Kind"], *kinds]
    project.source["breakdown"] = {"column": "Kind", "dimension": "kind", "names": {"": "total"}}
    project.theme["sections"][0] |= {"split": "kind"}
    project.theme["places"] = {"each": ["riverton", "hillford"]}
    root = project.write(tmp_path)
    assert command_of(root, "check") == 0
    assert command_of(root, "ingest") == 0
    assert command_of(root, "build") == 1
    said = capsys.readouterr().err
    assert "no glyph for '\N{PARTY POPPER}' (U+1F389 PARTY POPPER)" in said
    assert [edition.key.place for edition in editions(root)] == ["hillford"]


# Long, and built


@pytest.mark.slow
def test_titles_of_300_characters_wrap_and_run_shortened(tmp_path: Path) -> None:
    project = Project()
    project.saying(lambda what, text: text if what == "contact" else LONG if text.isascii() else LONG_ZH[:300])
    for place in PLACES[1:]:
        project.places[place]["name"] = {"en": place.title(), "zh": f"{place}市"}
    for edition in project.build(tmp_path):
        first, second, *_ = page(edition).split("\f")
        head = second.strip("\n").splitlines()[0]
        assert head.count("…") == 2, head
        assert (LONG if edition.key.language == "en" else LONG_ZH)[:30] in head
        assert len(first.splitlines()) > 20
        assert len(Document(str(edition.folder / "briefing.docx")).core_properties.title) <= 255


@pytest.mark.slow
def test_a_table_of_thousands_of_rows_is_capped_and_says_so(tmp_path: Path) -> None:
    """F61: 5,000 rows in the source; the heads stand again on each page, before rows that begin with their word."""
    project = plain(Project())
    places = ["riverton", *(f"p{number:04}" for number in range(500))]
    project.places = {place: {"name": {"en": f"Place {place}"}, "kind": "city"} for place in places}
    project.rows = rows(places, [MONTHS[-13], *MONTHS[-9:]])
    project.theme["sections"][1] |= {"show": {"stays": ["level", "growth"]}, "top": 60, "bottom": 20}
    (edition,) = project.build(tmp_path)
    assert f"Showing 80 of {len(places)}" in page(edition)
    assert edition.manifest["pages"] < 15


@pytest.mark.slow
def test_names_stand_on_one_line_in_a_table_of_many_columns(tmp_path: Path) -> None:
    """A line of Han characters may be parted anywhere: the narrowest column of names is one character wide."""
    project = Project()
    project.project["languages"] = ["zh"]
    wanted = ["level", "growth", "rank", "rank by growth", "growth on previous period", "change", "change in growth"]
    project.theme["sections"][1]["show"] = {"stays": [*wanted, "gap to hillford"]}
    (edition,) = project.build(tmp_path)
    assert page(edition).count("增速位次") > 0
    for name in ("河城市", "山渡市", "湖滨市", "泽岸市"):
        assert re.search(rf"^ *{name}(?: +\S+){{8}}$", page(edition), re.MULTILINE), name


# Few, equal, none


@pytest.mark.slow
def test_one_observation_alone_is_a_briefing_of_sentences(tmp_path: Path) -> None:
    project = plain(Project())
    project.rows = [project.rows[0], ["2026-10", "riverton", 57100, 1801.3]]
    (edition,) = project.build(tmp_path)
    assert not (edition.folder / "charts").exists()
    assert edition.manifest["pages"] <= 2
    assert "57,100" in page(edition)


@pytest.mark.slow
def test_places_that_are_equal_are_neither_highest_nor_lowest(tmp_path: Path) -> None:
    project = plain(Project())
    for row in project.rows[1:]:
        row[2], row[3] = 100, 100
    (edition,) = project.build(tmp_path)
    said = page(edition)
    assert "highest" not in said
    assert "lowest" not in said
    growth = [path for path in (edition.folder / "charts").glob("*.svg") if "growth" in path.read_text("utf-8")]
    assert growth == [], "bars of no length are no chart"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Riverton", "The Upper and Lower Riverton Valleys Development Zone"])
def test_a_heat_map_of_one_place_is_read_back(name: str, tmp_path: Path) -> None:
    """One row, a gap in it: its name and its cells stand on one height, from left to right."""
    project = Project()
    project.places["riverton"]["name"]["en"] = name
    project.rows = [row for row in project.rows if row[:2] != ["2026-04", "riverton"]]
    project.theme["sections"] = [
        {"title": {"en": "Course", "zh": "走势"}, "show": {"stays": "growth"}, "charts": ["heat map"]}
    ]
    built = project.build(tmp_path)
    assert [edition.key.language for edition in built] == ["en", "zh"]
    for edition in built:
        (drawn,) = (edition.folder / "charts").glob("*.svg")
        assert drawn.read_text("utf-8").count(">–<") == 1


@pytest.mark.slow
def test_a_section_without_data_says_so(tmp_path: Path) -> None:
    project = plain(Project())
    project.indicators["ghost"] = {"name": "Ghost", "unit": "CNY", "nature": "flow"}
    project.theme["sections"].insert(1, {"title": "Nothing here", "show": {"ghost": ["level", "growth"]}})
    (edition,) = project.build(tmp_path)
    assert "Ghost in Riverton: no figure is available for October 2026." in page(edition)


@pytest.mark.slow
def test_a_headline_without_data_is_no_edition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = plain(Project())
    project.indicators["ghost"] = {"name": "Ghost", "unit": "CNY", "nature": "flow"}
    project.theme["headline"] = [{"ghost": "level"}]
    root = project.write(tmp_path)
    assert command_of(root, "ingest") == 0
    assert command_of(root, "build") == 0
    assert "No observation of ghost for riverton." in capsys.readouterr().err
    assert editions(root) == []


@pytest.mark.slow
def test_ages_are_names_of_their_members(tmp_path: Path) -> None:
    """65+ and 15-64 are no orphan numbers; a run that names its beginning is read back."""
    project = plain(Project())
    head, *told = rows()
    project.rows = [[*head, "Age"], *([*row, ""] for row in told)]
    for row in (row for row in told if row[1] == "riverton"):
        project.rows += [[row[0], row[1], int(str(row[2])) // n, "", age] for n, age in ((4, "15-64"), (5, "65+"))]
    project.source["breakdown"] = {"column": "Age", "dimension": "age", "names": {"": "total"}}
    project.theme["sections"].append({"title": "By age", "show": {"stays": "level"}, "split": "age"})
    (edition,) = project.build(tmp_path)
    assert "(65+)" in page(edition)


@pytest.mark.slow
def test_texts_that_are_no_numbers_are_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = plain(Project())
    for number, row in enumerate(project.rows[1:]):
        row[3] = ("NaN", "inf", "-Infinity", "1e999")[number % 4]
    project.build(tmp_path)
    assert "136 new, 0 revised, 0 unchanged, 136 rejected" in capsys.readouterr().err


@pytest.mark.slow
def test_names_hold_braces_figures_and_signs(tmp_path: Path) -> None:
    """They come through sentences, gate and read-back as they are."""
    project = Project()
    name = {"en": 'Stays of type {0} in "new" B&Bs over 100 m²', "zh": "“十四五”新建民宿{0}类房间（100m²以上）过夜人次"}
    project.indicators["stays"]["name"] = name
    project.indicators["revenue"]["name"] = {"en": "5G room revenue, 100% digital", "zh": "5G客房收入"}
    project.places["riverton"]["name"] = {"en": "Zone {A} 1", "zh": "798园区{A}"}
    project.theme["title"] = {"en": "R&D '5G' briefing", "zh": "“十四五”科研&5G简报"}
    for edition in project.build(tmp_path):
        language = edition.key.language
        told = " ".join((edition.folder / "mail.txt").read_text("utf-8").split())
        for said in (name, project.indicators["revenue"]["name"], project.places["riverton"]["name"]):
            assert said[language] in told
