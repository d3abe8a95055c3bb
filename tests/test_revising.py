"""What an edition says against what is known now: an error is no revision."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from briefings import fanout
from briefings.archive import Archive
from briefings.ingest import ingest
from briefings.press import Built, Press, Revises, Task
from briefings.settings import Settings, load
from briefings.workspace import Workspace

STARTER = Path(__file__).parent.parent / "templates" / "starter"
THEN, NOW = datetime.fromisoformat("2026-11-20T09:00+08:00"), datetime.fromisoformat("2026-12-05T09:00+08:00")
LAST = "2026-10,Riverton,"


def known(root: Path, change: float, *, dated: bool, at: datetime) -> Settings:
    """The project when a figure of Riverton is told `change` higher; `dated`: the table says when it was published."""
    table = root / "data/inputs/tourism.csv"
    rows = (STARTER / "data/inputs/tourism.csv").read_text("utf-8").splitlines()
    told = [f"{row},Published" if row.startswith("Month") else f"{row},2026-11-12" for row in rows]
    for number, row in enumerate(told):
        if row.startswith(LAST):
            month, city, stays, *rest = row.split(",")
            told[number] = ",".join([month, city, str(int(stays) + int(change)), *rest])
    table.write_text("\n".join([*told, ""]), encoding="utf-8")
    sources = root / "config/sources.yaml"
    text = (STARTER / "config/sources.yaml").read_text("utf-8")
    sources.write_text(text.replace("12 days after period", "{column: Published}") if dated else text, "utf-8")
    settings = load(Workspace.find(root))
    assert not ingest(settings, "tourism", now=at).error
    return settings


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dated", "revises", "outcome"),
    [(True, "errors", "built"), (False, "errors", "unchanged"), (False, "all", "built")],
)
def test_an_error_is_corrected_and_a_revision_only_where_that_is_asked_for(
    dated: bool, revises: Revises, outcome: str, tmp_path: Path
) -> None:
    shutil.copytree(STARTER, tmp_path, dirs_exist_ok=True)
    task = Task("tourism", "riverton", "2026-10", ("en",))
    with fanout.workers() as children:

        def built(settings: Settings, wanted: Task, at: datetime) -> Iterator[Built]:
            yield from fanout.attempt(Press(settings, at, children), wanted)

        (first,) = built(known(tmp_path, 0, dated=dated, at=THEN), task, THEN)
        assert first.outcome == "built", first.reason
        anew = Task(task.theme, task.place, task.period, task.languages, revises=revises)
        (same,) = built(known(tmp_path, 0, dated=dated, at=NOW), anew, NOW)
        assert same.outcome == "unchanged"
        (second,) = built(known(tmp_path, 1000, dated=dated, at=NOW), anew, NOW)
        assert second.outcome == outcome, second.reason


def told(root: Path, *, revenue: bool, at: datetime) -> Settings:
    """The project where the revenue of October in Riverton is told, or not yet."""
    rows = (STARTER / "data/inputs/tourism.csv").read_text("utf-8").splitlines()
    cut = [row.rpartition(",")[0] + "," if row.startswith(LAST) and not revenue else row for row in rows]
    (root / "data/inputs/tourism.csv").write_text("\n".join([*cut, ""]), encoding="utf-8")
    settings = load(Workspace.find(root))
    assert not ingest(settings, "tourism", now=at).error
    return settings


def plain(content: bytes) -> str:
    """A text without its tags and spaces."""
    return "".join(re.sub("<[^>]*>", "", content.decode()).split())


@pytest.mark.slow
def test_the_whole_edition_after_a_partial_one_says_so_and_is_made_once(tmp_path: Path) -> None:
    shutil.copytree(STARTER, tmp_path, dirs_exist_ok=True)
    by_hand = Task("tourism", "riverton", "2026-10", ("en", "zh"))
    waited = replace(by_hand, partial=("room_revenue",), waited_until=THEN.date())
    anew = replace(by_hand, revises="errors")
    with fanout.workers() as children:

        def built(task: Task, *, revenue: bool, at: datetime) -> list[tuple[str, str]]:
            settings = told(tmp_path, revenue=revenue, at=at)
            return [(each.outcome, each.edition[-2:]) for each in fanout.attempt(Press(settings, at, children), task)]

        assert built(replace(by_hand, period="2026-09"), revenue=False, at=THEN) == [("built", "r1")] * 2
        assert built(waited, revenue=False, at=THEN) == [("built", "r1")] * 2
        assert built(by_hand, revenue=False, at=NOW) == [("unchanged", "r1")] * 2  # it lacks the same
        assert built(anew, revenue=False, at=NOW) == [("unchanged", "r1")] * 2
        assert built(anew, revenue=True, at=NOW) == [("built", "r2")] * 2
        assert built(anew, revenue=True, at=NOW) == [("unchanged", "r2")] * 2
    archive = Archive(tmp_path / "data/editions")
    for language, partial, whole in (
        ("en", "Partial edition: room revenue", "Complete edition: it completes the partial one of 20 November 2026."),
        ("zh", "本期为部分数据版：", "本版补全2026年11月20日发布的部分数据版。"),
    ):
        before, after = (archive.find(f"tourism/riverton/2026-10/{language}/r{number}") for number in (1, 2))
        for file in ("briefing.html", "mail.txt", "mail.html"):
            pages = [plain(edition.read(file)) for edition in (before, after)]
            assert [plain(partial.encode()) in page for page in pages] == [True, False], file
            assert [plain(whole.encode()) in page for page in pages] == [False, True], file
        # Since the last edition: what is awaited is not dropped.
        assert "No longer reported" not in before.read("mail.txt").decode()
        assert "不再" not in before.read("mail.txt").decode()
        assert (after.manifest["partial"], after.manifest["completes"]) == ([], before.id)
