"""The commands `extract` and `review`: what they print, what they write, and their exit codes."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings.cli import review as review_command
from briefings.cli.main import run
from tests.documents import docx_of, pdf_of

TEXT = "2025年，河城市过夜游客94300人次，同比增长4.1%。\n2025年，客房收入为3150万元。\n"
FIELDS = [
    *("start", "end", "quote", "value", "unit", "kind", "rank_of", "counted_from", "basis", "period", "status"),
    *("qualifier", "place", "subject", "indicator", "confidence", "clause"),
]
NOW = ("--now", "2026-07-20T08:00+08:00")
SOURCE = """
  releases:
    kind: documents
    path: releases
    file_name: "{place}.{published}"
    accept: confirmed
"""


@pytest.fixture
def project(starter: Path) -> Path:
    """A project with a document as a source of its own."""
    with (starter / "config" / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(SOURCE)
    (starter / "releases").mkdir()
    (starter / "releases" / "riverton.2026-07-15.txt").write_text(TEXT, encoding="utf-8")
    return starter


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a project."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


# Extract.


def test_json_lines_have_the_fields_of_the_surface(outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (outside / "release.txt").write_text(TEXT, encoding="utf-8")
    asked = ["--place", "Riverton", "--published", "2026-07-15", "--period", "2025", "--format", "jsonl"]
    assert run(["extract", "release.txt", *asked]) == 0
    found = lines(capsys.readouterr().out)
    assert [list(row) for row in found] == [FIELDS] * 3
    assert [TEXT[row["start"] : row["end"]] for row in found] == [row["quote"] for row in found]
    assert [row["value"] for row in found] == [94300, 4.1, 31500000]
    assert {row["place"] for row in found} == {"Riverton"}


def test_a_table_for_people_and_csv_for_spreadsheets(outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (outside / "release.txt").write_text(TEXT, encoding="utf-8")
    assert run(["extract", "release.txt", "--published", "2026-07-15"]) == 0
    shown = capsys.readouterr()
    heads = "what indicator value unit kind period status confidence clause"
    assert " ".join(shown.out.splitlines()[0].split()) == heads
    assert "31,500,000" in shown.out
    assert shown.err == "3 figures.\n"
    (outside / "release.txt").write_text(f"2026年7月15日\n{TEXT}", encoding="utf-8")
    assert run(["extract", "release.txt", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0]) == FIELDS
    assert "客房收入" in rows[2]["clause"]


def test_a_span_is_a_part_of_the_text(outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (outside / "release.txt").write_text(TEXT, encoding="utf-8")
    start = TEXT.index("客房")
    assert run(["extract", "release.txt", "--span", f"{start}:{len(TEXT)}", "--format", "jsonl"]) == 0
    (row,) = lines(capsys.readouterr().out)
    assert row["start"] == TEXT.index("3150")


def test_a_project_names_the_indicators(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "releases" / "riverton.2026-07-15.txt"
    assert run(["--project", str(project), "extract", str(path), "--format", "jsonl"]) == 0
    assert "room_revenue" in {row["indicator"] for row in lines(capsys.readouterr().out)}


def test_every_form_of_a_document_gives_the_same_figures(outside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paragraphs = TEXT.splitlines()
    markup = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    files = {
        "a.txt": TEXT.encode("gb18030"),
        "b.md": f"# 简报\n\n{TEXT}".encode(),
        "c.html": f"<html><body><nav><a>7 件</a></nav><main>{markup}</main></body></html>".encode(),
        "d.docx": docx_of([("Normal", paragraph) for paragraph in paragraphs]),
        "e.pdf": pdf_of(markup),
    }
    for name, content in files.items():
        Path(name).write_bytes(content)
        assert run(["extract", name, "--published", "2026-07-15", "--format", "jsonl"]) == 0
        found = [(row["quote"], row["value"], row["period"]) for row in lines(capsys.readouterr().out)]
        assert found == [("94300人次", 94300, "2025"), ("4.1%", 4.1, "2025"), ("3150万元", 31500000, "2025")], name


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "x.txt", "x.txt: the file is empty."),
        (bytes(range(256)) * 40, "x.txt", "x.txt: these bytes are no text; give a text, HTML, PDF or DOCX file."),
        (b"%PDF-1.7\n\0\1", "x.pdf", "x.pdf: this PDF is damaged"),
        (b"Nothing is counted here.\n", "x.txt", "x.txt: no figure was found in it."),
    ],
)
def test_without_figures_there_is_a_message(
    outside: Path, capsys: pytest.CaptureFixture[str], content: bytes, name: str, told: str
) -> None:
    Path(name).write_bytes(content)
    assert run(["extract", name, "--format", "jsonl"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["no.txt"], "no.txt: no such file."),
        (["x.txt", "--span", "9:3"], "'9:3' is no span; write START:END in characters, for example 0:17224"),
        (["x.txt", "--span", "900:1000"], "--span 900:1000 begins behind the text, which has 50 characters."),
        (["x.txt", "--published", "May"], "'May' is no day; write 2026-07-20"),
        (["x.txt", "--period", "last year"], "'last year'"),
    ],
)
def test_a_wrong_request_does_nothing(
    outside: Path, capsys: pytest.CaptureFixture[str], asked: list[str], told: str
) -> None:
    Path("x.txt").write_text(TEXT, encoding="utf-8")
    assert run(["extract", *asked]) == 2
    shown = capsys.readouterr()
    assert told in shown.err
    assert shown.out == ""


# Review.


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A person at a terminal who gives these answers."""

    def answer(*answers: str) -> None:
        monkeypatch.setattr(review_command, "_on_a_terminal", lambda: True)
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{each}\n" for each in answers)))

    return answer


def written(project: Path) -> list[dict[str, str]]:
    text = (project / "config" / "reviews" / "releases.yaml").read_text("utf-8")
    found: list[dict[str, str]] = yaml.load(text, Loader=yaml.BaseLoader)["reviews"]
    return found


def test_what_is_open_is_listed_where_no_terminal_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--project", str(project), *NOW, "review", "releases"]) == 0
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 2 + 3
    assert "the source asks for every figure to be" in shown.out
    assert shown.err.startswith("releases: 3 open.")


def test_a_person_decides_and_ingest_goes_by_it(
    project: Path, capsys: pytest.CaptureFixture[str], answering: Callable[..., None]
) -> None:
    command = ["--project", str(project), *NOW]
    assert run([*command, "ingest", "releases"]) == 0
    assert "0 new, 0 revised, 0 unchanged, 0 rejected, 0 held, 3 for review" in capsys.readouterr().err
    kept = ["", "", "", "", "", "", "", "", "", ""]
    answering("c", "overnight_stays", *kept, "the year is named", "r", "no such growth", "q")
    assert run([*command, "review", "releases", "--who", "Desk"]) == 0
    assert "2 decided, 1 left open." in capsys.readouterr().err
    first, second = written(project)
    facts = ("decision", "indicator", "place", "period", "value", "unit", "who", "when", "why")
    assert [first[key] for key in facts] == [
        *("correct", "overnight_stays", "riverton", "2025", "94300"),
        *(first["unit"], "Desk", "2026-07-20", "the year is named"),
    ]
    assert (second["decision"], second["why"]) == ("reject", "no such growth")
    assert run([*command, "ingest", "releases"]) == 0
    assert "1 new, 0 revised, 0 unchanged, 0 rejected, 0 held, 1 for review, 1 rejected in review" in (
        capsys.readouterr().err
    )
    assert run([*command, "data", "show", "overnight_stays", "riverton"]) == 0
    assert "char=" in capsys.readouterr().out


def test_what_cannot_be_taken_is_asked_again(
    project: Path, capsys: pytest.CaptureFixture[str], answering: Callable[..., None]
) -> None:
    answering("c", "overnight_stay", *[""] * 10, "x", "s", "q")
    assert run(["--project", str(project), *NOW, "review", "releases"]) == 0
    shown = capsys.readouterr().err
    assert "It cannot be taken so: unknown indicator 'overnight_stay'; allowed: overnight_stays, room_revenue." in shown
    assert "0 decided, 3 left open." in shown
    assert not (project / "config" / "reviews").exists()


def test_decisions_of_a_person_are_left_as_they_stand(
    project: Path, capsys: pytest.CaptureFixture[str], answering: Callable[..., None]
) -> None:
    path = project / "config" / "reviews" / "releases.yaml"
    path.parent.mkdir()
    path.write_text("# Ours.\nreviews:\n", encoding="utf-8")
    answering("r", "one", "r", "two", "q")
    path.write_text("# Ours.\nreviews: []\n", encoding="utf-8")
    assert run(["--project", str(project), *NOW, "review", "releases"]) == 2
    assert "a decision cannot be added at its end; nothing was written." in capsys.readouterr().err
    assert path.read_text("utf-8") == "# Ours.\nreviews: []\n"


def test_what_was_taken_can_be_rejected(
    project: Path, capsys: pytest.CaptureFixture[str], answering: Callable[..., None]
) -> None:
    sources = project / "config" / "sources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("accept: confirmed", "accept: all"), encoding="utf-8")
    command = ["--project", str(project), *NOW]
    assert run([*command, "ingest", "releases"]) == 0
    taken = int(capsys.readouterr().err.partition("releases: ")[2].partition(" new")[0])
    assert taken >= 1
    answering(*["r", "misread"] * 3)
    assert run([*command, "review", "releases", "--all"]) == 0
    assert "nobody has looked at it yet" in capsys.readouterr().err
    assert run([*command, "ingest", "releases"]) == 0
    assert f"3 rejected in review, {taken} withdrawn" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["tourism", "nothing"])
def test_only_sources_of_documents_are_reviewed(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert run(["--project", str(project), "review", name]) == 2
    assert capsys.readouterr().err.startswith(f"unknown source of documents '{name}'; allowed: releases.")


def test_a_file_that_cannot_be_read_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "releases" / "lakeside.2026-07-15.txt").write_bytes(b"")
    assert run(["--project", str(project), *NOW, "review", "releases"]) == 1
    assert run(["--project", str(project), *NOW, "ingest", "releases"]) == 1
    assert "releases/lakeside.2026-07-15.txt: the file is empty." in capsys.readouterr().err
