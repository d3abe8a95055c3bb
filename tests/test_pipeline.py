"""The pipeline and its commands: what goes wrong with one thing is told, and costs no other."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from briefings import fanout, pipeline, survey
from briefings.cli.main import run
from briefings.errors import RequestError
from briefings.ingest import ingest
from briefings.press import Built, Press, Task
from briefings.render import Rendered
from briefings.settings import Settings, load
from briefings.store import Store
from briefings.workspace import Workspace, builtin

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project that `briefings init` begins."""
    root = tmp_path / "project"
    shutil.copytree(builtin("templates") / "starter", root)
    return root


def settings(root: Path) -> Settings:
    return load(Workspace.find(root))


def command(root: Path, *arguments: str) -> int:
    return run(["--project", str(root), "--now", NOW.isoformat(), *arguments])


def observations(root: Path) -> int:
    return len(Store(root / "data/observations", root / "data/snapshots").as_of(None))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"language": "fr"}, "unknown language of this project 'fr'; allowed: en, zh."),
        ({"period": "0001-01"}, "'0001-01': periods from 1000 to 9000 are built."),
        ({"period": "9999-12"}, "'9999-12': periods from 1000 to 9000 are built."),
        ({"theme": "turism"}, "unknown theme of this project 'turism'; allowed: tourism. Did you mean 'tourism'?"),
    ],
)
def test_what_is_asked_for_and_not_there(project: Path, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError) as caught:
        list(fanout.tasks(settings(project), **asked))
    assert str(caught.value) == message


def test_a_language_named_twice_is_built_once(project: Path) -> None:
    theme = project / "config/themes/tourism.yaml"
    theme.write_text(theme.read_text("utf-8") + "languages: [zh, en, zh]\n", encoding="utf-8")
    (task,) = fanout.tasks(settings(project))
    assert task.languages == ("zh", "en")


def test_rejects_hold_no_formula(project: Path) -> None:
    table = project / "data/inputs/tourism.csv"
    table.write_text(table.read_text() + '2026-10,"=HYPERLINK(""http://x"",""y"")",1,2\n2026-10,@SUM(A1),1,2\n')
    result = ingest(settings(project), "tourism", now=NOW)
    assert result.rejects_file is not None
    with result.rejects_file.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ['\'=HYPERLINK("http://x","y")', "'@SUM(A1)"]


def test_one_bad_file_of_a_source_fails_and_the_others_come_in(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sources = project / "config/sources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("tourism.csv", "tourism*.csv"), encoding="utf-8")
    (project / "data/inputs/tourism-2.csv").write_text("Month\n2025-01\n")
    assert command(project, "ingest") == 1
    told = capsys.readouterr().err
    assert "tourism: 368 new, 0 revised, 0 unchanged, 0 rejected, 0 held, 1 files failed" in told
    assert "data/inputs/tourism-2.csv, row 1: the columns" in told
    assert observations(project) == 368


def test_without_sources_it_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "config/sources.yaml").write_text("sources: {}\n")
    assert command(project, "ingest") == 0
    assert capsys.readouterr().err == "No sources are declared; add one to config/sources.yaml.\n"


def test_what_a_terminal_would_obey_is_shown_as_code(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = project / "data/inputs/tourism.csv"
    head, _, rest = table.read_text().partition("\n")
    lines = (f"{line},1" for line in rest.splitlines())
    table.write_text("\n".join([f"{head},\x1b[2J\x07注", *lines, ""]), encoding="utf-8")
    assert command(project, "ingest") == 0
    assert "columns that the source does not name: \\x1b[2J\\x07注" in capsys.readouterr().err


def test_an_unknown_edition_is_a_wrong_request(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(project, "trace", "tourism/nowhere") == 2
    assert "No edition 'tourism/nowhere'; the archive is empty" in capsys.readouterr().err


def press_of(root: Path, monkeypatch: pytest.MonkeyPatch) -> Press:
    """A press that draws and sets nothing, and that nobody audits."""
    page = Rendered({"briefing.html": b"x", "briefing.pdf": b"y"}, 1, 1, cast("Any", None))
    monkeypatch.setattr(pipeline, "_render", lambda *_: (SimpleNamespace(title="T", sentences={}), page))
    monkeypatch.setattr(pipeline, "examine", lambda *_, **__: None)
    monkeypatch.setattr(pipeline, "lint", lambda *_: [])
    return Press(settings(root), NOW, cast("Any", None), fonts=cast("Any", SimpleNamespace(digest="f" * 64)))


def test_the_same_edition_filed_by_two_builds_at_once_is_no_failure(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one build renders, another files the same content: what the first wanted is there."""
    assert command(project, "-q", "ingest") == 0
    press = press_of(project, monkeypatch)
    task = Task("tourism", "riverton", languages=("en",))
    plain, others = pipeline._render, list[Built]()

    def other_first(*given: Any) -> Any:
        monkeypatch.setattr(pipeline, "_render", plain)
        others.extend(pipeline.build(press, task))
        return plain(*given)

    monkeypatch.setattr(pipeline, "_render", other_first)
    (built,) = pipeline.build(press, task)
    assert [(b.outcome, b.edition) for b in (*others, built)] == [
        ("built", "tourism/riverton/2026-10/en/r1"),
        ("unchanged", "tourism/riverton/2026-10/en/r1"),
    ]
    assert len(list(press.archive.editions())) == 1


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("manifest.json", b"{", "the edition is damaged, restore its folder"),
        ("manifest.json", b"{}", "manifest.json: edition, theme, place, period, language, revision, content"),
        ("manifest.json", b"[]", "manifest.json: edition, theme, place, period, language, revision, content"),
        ("manifest.json", None, "manifest.json: No such file or directory; the edition is damaged"),
        ("briefing.pdf", b"z", "briefing.pdf was altered since it was filed; restore it from a copy"),
        ("briefing.pdf", None, "briefing.pdf: No such file or directory; the edition is damaged"),
    ],
)
def test_a_damaged_edition_costs_only_itself(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    content: bytes | None,
    reason: str,
) -> None:
    assert command(project, "-q", "ingest") == 0
    press = press_of(project, monkeypatch)
    task = Task("tourism", "riverton", languages=("en", "zh"))
    damaged, sound = pipeline.build(press, task)
    path = project / "data/editions" / damaged.edition / file
    path.unlink() if content is None else path.write_bytes(content)
    english, chinese = pipeline.build(press, task)
    assert (english.outcome, chinese.outcome) == ("failed", "unchanged")
    assert reason in english.reason
    capsys.readouterr()
    assert command(project, "editions", "list") == (1 if file == "manifest.json" else 0)
    assert sound.edition in capsys.readouterr().out
    assert command(project, "editions", "show", sound.edition) == 0
    assert command(project, "editions", "show", damaged.edition) == 1


def test_the_briefing_before_is_read_in_the_language_that_is_whole(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command(project, "-q", "ingest") == 0
    press = press_of(project, monkeypatch)
    folder = project / "data/editions/tourism/riverton/2026-09"
    told = survey.brief(press, Task("tourism", "riverton", "2026-09")).to_json().encode()
    page = Rendered({"briefing.json": told}, 1, 1, cast("Any", None))
    monkeypatch.setattr(pipeline, "_render", lambda *_: (SimpleNamespace(title="T", sentences={}), page))
    pipeline.build(press, Task("tourism", "riverton", "2026-09", languages=("en", "zh")))
    (folder / "en/r1/briefing.json").write_text("{")
    assert survey.brief(press, Task("tourism", "riverton", "2026-10")).previous == "2026-09"
    (folder / "zh/r1/briefing.json").write_text("{")
    (built,) = pipeline.build(press, Task("tourism", "riverton", "2026-10", languages=("en",)))
    assert built.outcome == "failed"
    assert "briefing.json was altered since it was filed" in built.reason


def test_where_nothing_can_be_filed_nothing_is_drawn(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(project, "-q", "ingest") == 0
    (project / "data/editions").touch()
    assert command(project, "build") == 1
    assert "data/editions: File exists; no edition can be filed, make room or allow writing" in capsys.readouterr().err
    assert command(project, "build", "--dry-run") == 0


def test_files_that_cannot_be_written_are_a_wrong_request(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "taken").touch()
    assert command(project, "schema", "--to", str(project / "taken" / "x")) == 2
    assert "Not a directory; name a folder that can be written." in capsys.readouterr().err
    assert command(project, "init", str(project / "taken" / "x")) == 2


def test_rejects_that_cannot_be_written_down_cost_no_row(project: Path) -> None:
    table = project / "data/inputs/tourism.csv"
    table.write_text(table.read_text() + "2026-10,Nowhere,1,2\n")
    (project / "data/rejects").touch()
    result = ingest(settings(project), "tourism", now=NOW)
    assert (result.new, result.rejected, result.error) == (368, 1, "")
    assert "the rejected rows cannot be written down" in result.failed[0]


OWN_PHRASES = """
findings:
  level:
    moved:
      - "{subject} reached a height of {level}[ {when}], {up_by} {growth:size} {basis}"
"""
OWN_LEXICON = """
constructions:
  - 'reached a height of {level}'
"""


@pytest.mark.slow
def test_words_of_a_projects_own_are_filed_once_the_reader_was_taught_them(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("phrases", "lexicon"):
        (project / "templates" / name).mkdir(parents=True)
    (project / "templates/phrases/en.yaml").write_text(OWN_PHRASES)
    assert command(project, "-q", "ingest") == 0
    assert command(project, "build", "--language", "en") == 1
    told = capsys.readouterr().err
    assert "reached a height of" in told
    assert "a sentence that a reader understands" in told
    assert command(project, "preview", "tourism", "--language", "en", "--to", str(project / "pages")) == 1
    assert "2026-10/en: written, but `briefings build` would not file it: " in capsys.readouterr().err
    (project / "templates/lexicon/en.yaml").write_text(OWN_LEXICON)
    assert command(project, "preview", "tourism", "--language", "en", "--to", str(project / "pages")) == 0
    assert command(project, "build", "--language", "en") == 0
    page = next(project.glob("data/editions/**/briefing.html")).read_text("utf-8")
    assert "reached a height of" in page
