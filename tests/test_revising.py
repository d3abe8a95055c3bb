"""What an edition says against what is known now: an error is no revision."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from briefings import fanout
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
