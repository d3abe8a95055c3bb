"""Many editions side by side: a process that is killed costs no edition, or is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from briefings import fanout
from briefings.pipeline import Built, Task

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TASKS = [Task("tourism", place) for place in ("riverton", "hillford", "lakeside", "marshby")]


def _killed_once(settings: Any, task: Task, now: datetime) -> list[Built]:
    """Builds; the first to build lakeside is killed."""
    mark = Path(settings.mark)
    if task.place == "lakeside" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return [Built("built", task.theme, task.place, "2026-10", "en")]


def _killed_always(settings: Any, task: Task, now: datetime) -> list[Built]:
    if task.place == "lakeside":
        os.kill(os.getpid(), signal.SIGKILL)
    return [Built("built", task.theme, task.place, "2026-10", "en")]


def outcomes(
    build: Callable[..., list[Built]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, tuple[str, str]]:
    """Place -> outcome and reason."""
    monkeypatch.setattr(fanout, "_build_alone", build)
    settings = SimpleNamespace(mark=str(tmp_path / "mark"), workspace=SimpleNamespace(editions=tmp_path / "editions"))
    found = list(fanout.run(cast("Any", settings), TASKS, now=NOW, jobs=2))
    assert sorted(built.place for (built,) in found) == sorted(task.place for task in TASKS)
    return {built.place: (built.outcome, built.reason) for (built,) in found}


def test_a_process_that_is_killed_costs_no_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(outcomes(_killed_once, tmp_path, monkeypatch).values()) == {("built", "")}


def test_a_process_that_is_killed_twice_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = outcomes(_killed_always, tmp_path, monkeypatch)
    outcome, reason = found.pop("lakeside")
    assert outcome == "failed"
    assert set(found.values()) == {("built", "")}
    assert reason.startswith("the process that built it was killed, twice; look in the system's log")
