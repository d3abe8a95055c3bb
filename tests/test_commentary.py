"""What a person says beside the figures: read, held against the catalogue, printed, kept."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.briefing import Briefing
from briefings.cli.main import run
from briefings.configuration import read_commentary, read_plain
from briefings.configuration.markdown import Block, blocks
from briefings.configuration.typed import typed_numbers
from briefings.errors import ConfigurationError
from briefings.ingest import ingest
from briefings.narrative import narrate, plain
from briefings.press import Press, Task
from briefings.settings import commentary_of, load
from briefings.survey import brief
from briefings.themes import Reference
from briefings.workspace import Workspace, builtin

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
HEAD = "---\nauthor: Li Wei\ndate: 2026-11-20\n---\n\n"
PLACE = "config/commentary/tourism/riverton"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that `briefings init` begins, with its figures in the store."""
    root = tmp_path_factory.mktemp("commentary") / "project"
    shutil.copytree(builtin("templates") / "starter", root)
    ingest(load(Workspace.find(root)), "tourism", now=NOW)
    return root


@pytest.fixture
def project(stored: Path, tmp_path: Path) -> Path:
    return shutil.copytree(stored, tmp_path / "project")


def say(root: Path, text: str, name: str = f"{PLACE}/2026-10.en.md", head: str = HEAD) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + text, encoding="utf-8")
    return path


def briefed(root: Path, language: str = "en", as_of: date | None = None) -> Briefing:
    settings = load(Workspace.find(root))
    press = Press(settings, NOW, None, fonts=None)  # type: ignore[arg-type]
    task = Task("tourism", "riverton", "2026-10", as_of=as_of)
    key = ("tourism", "riverton", "2026-10", language)
    return brief(press, task, commentary_of(settings, key, as_of))


def printed(root: Path, language: str = "en") -> list[tuple[str, str]]:
    told = narrate(
        briefed(root, language), language, read_plain(builtin("templates") / "phrases" / f"{language}.yaml")
    ).commentary
    assert told is not None
    return [(kind, plain(sentence)) for kind, sentence in told.blocks]


# Numbers typed by hand

TYPED = {
    "en": [
        ("Sales grew by 5.2% in October 2025.", ["5.2%"]),
        ("From January to October 2025, in Q3 2025, since 2020, on 31 October 2025, in 2021-2025.", []),
        ("The first half of 2025, the 14th Five-Year Plan, one of the reasons, 2025's weather.", []),
        ("Output doubled; two thirds of 1,234 firms, minus −3 points.", ["doubled", "two", "1,234", "−3"]),
        ("In 2025.5 and 2025 people", ["2025.5", "2025"]),
    ],
    "zh": [
        ("2025年1—10月增长5.2%，翻了一番。", ["5.2%", "一番"]),
        ("“十四五”期间，第三产业、三季度、上半年、2025年末、10月份进一步统一，一些企业成效显著，十分明显。", []),
        ("位居第三，百分之五，三成企业，十五个项目，１２家。", ["第三", "百分之五", "三成", "十五", "１２"]),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "wanted"), [(language, *case) for language, cases in TYPED.items() for case in cases]
)
def test_typed_numbers(language: str, text: str, wanted: list[str]) -> None:
    assert [number for _, number in typed_numbers(text, language)] == wanted


@given(st.integers(0, 10**9), st.sampled_from(["en", "zh"]), st.sampled_from(["{}%", "{} bn", "约{}家", "x{}"]))
def test_no_bare_number_passes(number: int, language: str, pattern: str) -> None:
    assert list(typed_numbers(pattern.format(number), language))


# Markdown


def read(text: str) -> list[Block]:
    return list(blocks(text.split("\n"), 0, []))


def test_paragraphs_lists_and_emphasis() -> None:
    found = read("A *b* **c**\nd_e_f \\*\n\n- one\n- **two**\n\n1. three")
    assert [(block.kind, "".join(span.text for span in block.spans)) for block in found] == [
        ("paragraph", "A b c d_e_f *"),
        ("bullet", "one"),
        ("bullet", "two"),
        ("number", "three"),
    ]
    assert [(s.text, s.strong, s.emphasis) for s in found[0].spans] == [
        ("A ", False, False),
        ("b", False, True),
        (" ", False, False),
        ("c", True, False),
        (" d_e_f *", False, False),
    ]


def test_emphasis_needs_no_space_in_chinese_and_lines_join_without_one() -> None:
    (block,) = read("今年**增长。**但是\n单月 a\nb")
    assert [(span.text, span.strong) for span in block.spans] == [
        ("今年", False),
        ("增长。", True),
        ("但是单月 a b", False),
    ]


@given(st.text(alphabet="a*_{}\\\n -1.<中。", max_size=40))
def test_every_text_is_read_and_every_character_has_its_place(text: str) -> None:
    lines = text.split("\n")
    for block in read(text):
        for span in block.spans:
            if span.kind == "words":
                assert len(span.marks) == len(span.text)
                for char, mark in zip(span.text, span.marks, strict=True):
                    assert char in (lines[mark.line - 1][mark.column - 1], " ")


# Mistakes


@pytest.mark.parametrize(
    ("head", "text", "complaint"),
    [
        (HEAD, "It grew by 5.2%.", ":6:12: the number '5.2%' is typed by hand: nobody could follow it to its source."),
        (HEAD, "Up {growth of overnight_stay}.", ":6:4: unknown indicator 'overnight_stay'; allowed: overnight_stays"),
        (HEAD, "Up {growht of overnight_stays}.", ":6:4: unknown measure 'growht'; allowed: growth, gap in growth"),
        (HEAD, "Up {growth of overnight_stays in rivertown}.", "unknown place 'rivertown'; allowed: riverland"),
        (HEAD, "Up {yoy of overnight_stays}.", "'yoy' is no measure; the word for it here is 'growth'"),
        (HEAD, "Up {overnight_stays}.", "'{overnight_stays}' names no number; write MEASURE of INDICATOR"),
        (HEAD, "Up {level of overnight_stays 2026-13}.", "'2026-13' is no period"),
        (HEAD, "# Head", ":6:1: a heading begins here; a commentary has paragraphs, lists and emphasis"),
        (HEAD, "lone { here", ":6:6: '{' has no partner in this paragraph"),
        (HEAD, "", ":6:1: the commentary has no text; write some below the second `---`"),
        ("", "Text", ":1:1: a commentary begins with its author and day between two lines of `---`"),
        ("---\nauthor: A\ndate: May\n---\n", "Text", ":3:7: date: 'May' is no day; write year-month-day"),
        ("---\nauthor: Desk 7\ndate: 2026-11-20\n---\n", "Text", ":2:9: author: '7' stands in the name"),
        ("---\nauthor: A\n---\n", "Text", "the key 'date' is missing"),
    ],
)
def test_mistakes_stand_at_their_place(
    project: Path, head: str, text: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say(project, text, head=head)
    assert run(["--project", str(project), "check"]) == 2
    told = capsys.readouterr().err
    assert f"{PLACE}/2026-10.en.md:" in told
    assert complaint in told


def test_an_indicator_that_the_theme_does_not_show_is_told_before_it_is_built(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "config/indicators.yaml"
    file.write_text(file.read_text("utf-8") + "  beds: {name: Beds, unit: item, nature: stock}\n", encoding="utf-8")
    say(project, "Up {level of beds}.")
    assert run(["--project", str(project), "check"]) == 2
    assert (
        ":6:4: unknown indicator of the theme 'tourism' 'beds'; allowed: overnight_stays, room_revenue."
        in capsys.readouterr().err
    )


def test_a_figure_that_is_not_there_says_which_are(project: Path) -> None:
    say(project, "Up {rank of overnight_stays 2031-01}.")
    with pytest.raises(ConfigurationError) as caught:
        briefed(project)
    told = str(caught.value)
    assert told.startswith(f"{PLACE}/2026-10.en.md:6:4: there is no rank of overnight_stays in riverton for 2031-01: ")
    assert "The briefing has: {" in told


def test_a_direction_that_the_figure_did_not_take(project: Path) -> None:
    say(project, "Stays fell by {fall of overnight_stays}.")
    with pytest.raises(ConfigurationError, match=r"overnight_stays in riverton rose in 2026-10 \(\+10\.97 percent\)"):
        briefed(project)


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        ("turism/riverton/2026-10.en.md", "unknown theme 'turism'; allowed: tourism. Did you mean 'tourism'?"),
        ("tourism/rivertown/2026-10.en.md", "unknown place of the theme 'tourism' 'rivertown'; allowed: riverton."),
        ("tourism/riverton/2026-10.fr.md", "unknown language of the theme 'tourism' 'fr'; allowed: en, zh."),
        ("tourism/riverton/2026-Q3.en.md", "the period '2026-Q3' is not of the theme's cadence, monthly"),
        ("tourism/riverton/october.en.md", "'october' is no period"),
        ("tourism/2026-10.en.md", "write it as config/commentary/THEME/PLACE/PERIOD.LANGUAGE.md"),
    ],
)
def test_a_commentary_to_no_edition_is_a_warning(
    project: Path, name: str, warning: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say(project, "Calm.", f"config/commentary/{name}")
    assert run(["--project", str(project), "check"]) == 0
    told = capsys.readouterr().err
    assert f"config/commentary/{name}: no edition shows this commentary: " in told
    assert warning in told


def test_one_that_waits_for_its_edition_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(project, "Calm.")
    assert run(["--project", str(project), "check"]) == 0
    assert "no edition tourism/riverton/2026-10/en is filed yet; the commentary waits" in capsys.readouterr().err


# What is printed


def test_numbers_are_printed_in_house_style_and_html_stays_text(project: Path) -> None:
    say(
        project,
        "Stays rose by **{rise of overnight_stays}** to {level of Overnight stays},\n<b>after</b> "
        "{level of overnight_stays in riverton 2026-09}.\n\n- Under {“Rule 7”}.",
    )
    assert printed(project) == [
        ("paragraph", "Stays rose by 11.0% to 80,220 visits, <b>after</b> 74,160 visits."),
        ("bullet", "Under Rule 7."),
    ]
    say(
        project,
        "环比增长{growth on previous period of room_revenue}，\n达到{level of room_revenue}。",
        f"{PLACE}/2026-10.zh.md",
    )
    assert printed(project, "zh") == [("paragraph", "环比增长7.7%，达到2909.1万元。")]


def test_figures_of_the_briefing_come_before_those_worked_out_for_it(project: Path) -> None:
    plain_one = briefed(project)
    say(project, "{growth of overnight_stays}, {growth on previous period of room_revenue}")
    briefing = briefed(project)
    first, second = (run.figure for run in briefing.commentary["en"].blocks[0].runs if run.figure)
    assert first in plain_one.figures
    assert second not in plain_one.figures
    assert briefing.figures[second].formula == "(a / b - 1) * 100"


def test_it_is_shown_from_its_day_on_in_its_language_alone(project: Path) -> None:
    say(project, "Calm.")
    assert set(briefed(project).commentary) == {"en"}
    assert briefed(project, "zh").commentary == {}
    assert briefed(project, as_of=date(2026, 11, 19)).commentary == {}
    assert set(briefed(project, as_of=date(2026, 11, 20)).commentary) == {"en"}


@pytest.mark.slow
def test_a_changed_commentary_is_the_next_revision_of_its_edition_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def build() -> tuple[int, str]:
        code = run(["--project", str(project), "--now", NOW.isoformat(), "build"])
        return code, capsys.readouterr().err

    say(project, "Calm, with <b>{growth of overnight_stays}</b>.")
    assert build()[1].startswith("[1/1] tourism riverton 2026-10: en built, zh built")
    folder = project / "data/editions/tourism/riverton/2026-10/en/r1"
    figures = json.loads((folder / "figures.json").read_text("utf-8"))
    assert any({"text": "11.0%", "where": "commentary/1"} in figure["printed"] for figure in figures)
    page = (folder / "briefing.html").read_text("utf-8")
    assert "&lt;b&gt;" in page
    assert '<p class="byline">Li Wei, 20 November 2026</p>' in page
    for name in ("mail.txt", "mail.html"):
        assert "Commentary" in (folder / name).read_text("utf-8")
    assert build()[1].startswith("[1/1] tourism riverton 2026-10: en unchanged, zh unchanged")
    say(project, "Calm.")
    assert build()[1].startswith("[1/1] tourism riverton 2026-10: en built, zh unchanged")
    first, second = (json.loads((folder.parent / f"{r}/briefing.json").read_text("utf-8")) for r in ("r1", "r2"))
    assert first["changes"] == second["changes"] is None  # compared with what the first was compared with
    say(project, "Up 5%.")
    code, told = build()
    assert code == 1
    assert told.startswith("[1/1] tourism riverton 2026-10: en failed, zh unchanged")
    assert f"{PLACE}/2026-10.en.md:6:4: the number '5%' is typed by hand" in told


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("share of nation of gdp", "share of nation of gdp"),
        (
            "growth on previous period of 地区生产总值 in 乌海市 2025-Q3",
            "growth on previous period of gdp in wuhai 2025-Q3",
        ),
        ("fall of gdp for 2025 in Wuhai", "fall of gdp in wuhai 2025"),
        ("ratio to loans_rmb of deposits_rmb", "ratio to loans_rmb of deposits_rmb"),
        ("target of gdp 2026", "target of gdp 2026"),
    ],
)
def test_names_of_numbers(root: Path, text: str, wanted: str) -> None:
    catalogue = load(Workspace.find(root)).catalogue
    assert str(Reference.parse(text, catalogue)) == wanted


def test_a_file_in_another_encoding_is_told(project: Path) -> None:
    path = say(project, "")
    path.write_bytes("---\nauthor: 李伟\n".encode("gb18030"))
    (complaint,) = read_commentary(path, root=project).document.complaints
    assert "GBK" in str(complaint)
