"""`briefings run` as a process of its own, and what may befall one: clocks, signals, full disks, other processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.ledger import Row, open_ledger
from tests.daemons import Clock, Daemon, ended
from tests.desks import RECIPIENTS, world

pytestmark = pytest.mark.slow
DAILY = "schedule: {cadence: daily, release: every day, at: 08:30, catch_up: all}\n"
ONE = RECIPIENTS.replace("[en, zh]", "en")


def rows_of(folder: Path) -> list[Row]:
    ledger = open_ledger(folder / "data", None, archive_has_editions=False)
    rows = ledger.rows()
    ledger.close()
    return rows


def shelf(folder: Path) -> list[str]:
    """The periods that arrived, in order."""
    return sorted(path.parts[-4] for path in (folder / "data/shelf").rglob("delivery.json"))


# The clock.


def test_the_clock_jumps_forward_while_it_runs(tmp_path: Path) -> None:
    clock = Clock(tmp_path, "2026-11-20T08:00+08:00")
    world(folder := tmp_path / "project", DAILY, ONE)
    with Daemon(folder, clock=clock) as daemon:
        daemon.ticked()
        assert shelf(folder) == ["2026-11-18"]
        before = daemon.ticks
        clock.jump(minutes=65)
        daemon.until(lambda: shelf(folder) == ["2026-11-18", "2026-11-19"], "the edition of the 19th")
        daemon.ticked(3)
        assert daemon.ticks - before < 60  # a tick that was missed is not made up for
        assert daemon.stop() == 0
    assert {(row.state, row.late) for row in rows_of(folder) if row.period == "2026-11-19"} == {("sent", False)}


@pytest.mark.parametrize("by", [{"hours": -1}, {"days": -1}])
def test_the_clock_is_set_back_while_it_runs(by: dict[str, float], tmp_path: Path) -> None:
    clock = Clock(tmp_path, "2026-11-20T08:31+08:00")
    world(folder := tmp_path / "project", DAILY, ONE)
    with Daemon(folder, clock=clock) as daemon:
        daemon.until(lambda: shelf(folder) == ["2026-11-19"], "the edition of the 19th")
        clock.jump(**by)
        daemon.ticked(3)  # it goes on looking: the scheduler's own clock would sleep until the old time comes again
        assert daemon.said.count("The clock was set back: it says ") == 1
        assert shelf(folder) == ["2026-11-19"]
        clock.set("2026-11-21T08:30:01+08:00")
        daemon.until(lambda: shelf(folder) == ["2026-11-19", "2026-11-20"], "the edition of the 20th")
        assert daemon.stop() == 0
    assert {(row.state, row.late, row.attempts) for row in rows_of(folder)} == {("sent", False, 1)}


@pytest.mark.parametrize("at", ["1970-01-02T00:00+00:00", "2200-01-01T00:00+00:00"])
def test_it_does_not_begin_at_a_time_that_cannot_be(at: str, tmp_path: Path) -> None:
    world(folder := tmp_path / "project", DAILY, ONE)
    code, said = ended(folder, "run", "--once", clock=Clock(tmp_path, at))
    assert code == 1
    assert f"the clock says {at[:4]}-" in said
    assert "which cannot be; set it, nothing was done" in said
    assert shelf(folder) == []
