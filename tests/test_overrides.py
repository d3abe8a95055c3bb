"""Templates of a project's own: the program's fit as they are, and what no longer fits is told by its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from briefings.configuration import read_plain
from briefings.fanout import workers
from briefings.render.contexts import BriefingPage
from briefings.render.overrides import overrides, strange_words
from briefings.render.specimen import specimen
from briefings.workers import Workers
from tests.houses import STARTER

TEMPLATES = Path(__file__).parents[1] / "templates"
WORDS = read_plain(TEMPLATES / "phrases" / "en.yaml")["furniture"]


@pytest.fixture(scope="module")
def children() -> Iterator[Workers]:
    with workers() as made:
        yield made


@pytest.fixture
def told(tmp_path: Path, children: Workers) -> Callable[[], list[str]]:
    """What is said of the templates in `tmp_path`."""
    return lambda: [str(each) for each in overrides((tmp_path, TEMPLATES), WORDS, children)]


def copy(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(TEMPLATES / name, folder / name)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_project_without_templates_has_none(children: Workers) -> None:
    assert overrides((TEMPLATES,), WORDS, children) == []


@pytest.mark.slow
def test_every_template_may_be_overridden_and_its_copy_fits(tmp_path: Path, told: Callable[[], list[str]]) -> None:
    names = sorted(
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*")
        if path.is_file() and path.relative_to(TEMPLATES).parts[0] not in ("starter", "phrases")
    )
    copy(tmp_path, *names)
    assert sorted(told()) == [f"{name} fits" for name in names]


def test_a_file_that_stands_for_nothing_is_told(tmp_path: Path, told: Callable[[], list[str]]) -> None:
    (tmp_path / "briefng.html").write_text("<p>", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    (tmp_path / ".mail.html.swp").write_text("", encoding="utf-8")
    assert told() == [
        "briefng.html is used by nothing: did you mean briefing.html?",
        "notes.txt is used by nothing: take it away",
    ]


def test_a_part_of_one_s_own_is_used_where_a_template_includes_it(
    tmp_path: Path, told: Callable[[], list[str]]
) -> None:
    copy(tmp_path, "mail.html")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "stamp.html").write_text("<p>{{ publisher }}</p>", encoding="utf-8")
    assert "parts/stamp.html is used by nothing: take it away" in told()
    edit(tmp_path / "mail.html", "</h1>", "</h1>{% include 'parts/stamp.html' %}")
    assert told() == ["mail.html fits"]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "briefing.html",
            "{{ place }}",
            "{{ plaace }}",
            "briefing.html does not fit: unknown name for briefing.html 'plaace'; allowed: place, policy, lang, "
            "publisher, ",
        ),
        ("mail.txt", "f.label", "f.lable", "mail.txt does not fit: template mail.txt, line "),
        ("mail.html", "words['in full']", "words['in part']", "mail.html does not fit: template mail.html, line "),
        ("mail.html", "{% endfor %}", "", "mail.html does not fit: template mail.html, line "),
        (
            "mail.html",
            "</body>",
            "{% for i in range(10**9) %}{% endfor %}</body>",
            "mail.html does not fit",
        ),
        (
            "parts/macros.html",
            "{% macro remarks(part) %}",
            "{% macro remark(part) %}",
            "parts/macros.html does not fit: lacks the macro remarks, which other templates call",
        ),
        (
            "print.css",
            "var(--accent)",
            "var(--brand)",
            "print.css does not fit: --brand is declared nowhere in it; add it to :root",
        ),
        (
            "print.css",
            "orphans: 3;",
            "orphans: 3; colour: red;",
            "briefing.html does not fit: WeasyPrint warned: Ignored `colour: red",
        ),
        ("screen.css", ".number {", ".numero {", "screen.css leaves out: .number"),
        ("mail.txt", "{% if house.footer %}\n{{ house.footer }}\n{% endif %}\n", "", "mail.txt leaves out: footer"),
    ],
)
def test_what_no_longer_fits_is_told(
    tmp_path: Path, told: Callable[[], list[str]], name: str, old: str, new: str, message: str
) -> None:
    copy(tmp_path, name)
    if old != new:
        edit(tmp_path / name, old, new)
    assert any(line.startswith(message) for line in told()), told()


def test_a_name_that_is_none_is_told_with_its_line(tmp_path: Path, told: Callable[[], list[str]]) -> None:
    (tmp_path / "mail.html").write_text("<p>\n\n{{ nonsense }}", encoding="utf-8")
    (found,) = [line for line in told() if line.startswith("mail.html does not fit")]
    assert found.endswith(" It stands in line 3.")


def test_words_that_the_program_has_none_of_are_told() -> None:
    theirs = {"furniture": {"colon": ":"}, "findings": {"trend": {"rise": ["x"]}}}
    own = {"language": "en", "furniture": {"colon": " -", "comma": ","}, "findings": {"trend": {"slow": ["y"]}}}
    assert strange_words(own, theirs) == ["furniture.comma"]


def test_a_page_of_everything_has_every_field_filled() -> None:
    page = specimen(BriefingPage, {"colon": ":"}, {"medium": "print"}, full=True)
    assert page["medium"] == "print"
    assert {block["kind"] for block in page["sections"][0]["blocks"]} == {"paragraph", "chart", "table"}
    assert all(page[name] for name in page if name not in ("policy", "script"))


@pytest.mark.slow
def test_doctor_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from briefings.cli.main import run

    shutil.copytree(STARTER, tmp_path, dirs_exist_ok=True)
    at = ["--project", str(tmp_path), "doctor"]
    assert run(at) == 0
    assert f"ok      templates: all are the program's own, in {TEMPLATES}" in capsys.readouterr().out
    (tmp_path / "templates" / "phrases").mkdir(parents=True)
    copy(tmp_path / "templates", "mail.txt")
    (tmp_path / "templates" / "phrases" / "en.yaml").write_text("furniture: {publishd by: X}\n", encoding="utf-8")
    assert run(at) == 1
    assert (
        "FAILED  templates: mail.txt fits\n"
        "  phrases/en.yaml: furniture.publishd by is used by nothing\n"
        f"  the program's own are in {TEMPLATES}\n"
    ) in capsys.readouterr().out
