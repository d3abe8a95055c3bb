"""Many editions side by side: a process that is killed costs no edition, or is told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from briefings import fanout
from briefings.press import Built, Task

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TASKS = [Task("tourism", place) for place in ("riverton", "hillford", "lakeside", "marshby")]


def _killed_once(settings: Any, tasks: Sequence[Task], now: datetime) -> list[list[Built]]:
    """Builds; the first to build lakeside is killed."""
    mark = Path(settings.mark)
    if tasks[0].place == "lakeside" and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return _built(tasks)


def _killed_always(settings: Any, tasks: Sequence[Task], now: datetime) -> list[list[Built]]:
    if tasks[0].place == "lakeside":
        os.kill(os.getpid(), signal.SIGKILL)
    return _built(tasks)


def _built(tasks: Sequence[Task]) -> list[list[Built]]:
    return [[Built("built", task.theme, task.place, task.period or "2026-10", "en")] for task in tasks]


def _in_one_go(settings: Any, tasks: Sequence[Task], now: datetime) -> list[list[Built]]:
    """Builds; the reason says what was built in the same go before."""
    periods = [task.period or "" for task in tasks]
    return [
        [Built("built", task.theme, task.place, periods[n], "en", reason=" ".join(periods[:n]))]
        for n, task in enumerate(tasks)
    ]


def test_the_periods_of_a_place_are_built_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "_build_alone", _in_one_go)
    settings = SimpleNamespace(workspace=SimpleNamespace(editions=tmp_path / "editions"))
    tasks = [Task("tourism", place, period) for place in ("riverton", "hillford") for period in ("2020", "2021")]
    found = [built for (built,) in fanout.run(cast("Any", settings), tasks, now=NOW, jobs=2)]
    assert {(built.period, built.reason) for built in found} == {("2020", ""), ("2021", "2020")}
    assert len(found) == 4


def outcomes(
    build: Callable[..., list[list[Built]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
