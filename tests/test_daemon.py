"""`briefings run` as a process of its own, and what may befall one: clocks, signals, full disks, other processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from briefings.ledger import Row, open_ledger
from briefings.schedule import daemon as daemon_module
from tests.daemons import PATIENCE, Clock, Daemon, NotedPress, daily, ended
from tests.deliveries import mail_server
from tests.desks import RECIPIENTS, stage, world
from tests.jobs import children
from tests.mail_servers import SLOW

pytestmark = pytest.mark.slow
DAILY = "schedule: {cadence: daily, release: every day, at: 08:30, catch_up: all}\n"
#: One period is due whatever the day: a month has fewer than forty.
MONTHLY = "schedule: {release: 20th, at: 08:30, within: 40 days}\n"
ONE = RECIPIENTS.replace("[en, zh]", "en")


def rows_of(folder: Path) -> list[Row]:
    """What stands in the ledger, which a daemon begins."""
    if not (folder / "data/ledger.sqlite").exists():
        return []
    ledger = open_ledger(folder / "data", None, archive_has_editions=False)
    rows = ledger.rows()
    ledger.close()
    return rows


def shelf(folder: Path) -> list[str]:
    """The periods that arrived, in order."""
    return sorted(path.parts[-4] for path in (folder / "data/shelf").glob("*/*/*/*/r*/delivery.json"))


def arrived(folder: Path, *periods: str) -> Callable[[], bool]:
    """Whether just these periods arrived, and the ledger says so."""

    def there() -> bool:
        entered = sorted(row.period for row in rows_of(folder) if row.state == "sent")
        return shelf(folder) == entered == sorted(periods)

    return there


# The clock.


def test_the_clock_jumps_forward_while_it_runs(tmp_path: Path) -> None:
    clock = Clock(tmp_path, "2026-11-20T08:00+08:00")
    world(folder := tmp_path / "project", DAILY, ONE)
    with Daemon(folder, clock=clock) as daemon:
        daemon.until(arrived(folder, "2026-11-18"), "the edition of the 18th")
        before = daemon.ticks
        clock.jump(minutes=65)
        daemon.until(arrived(folder, "2026-11-18", "2026-11-19"), "the edition of the 19th")
        daemon.ticked(3)
        assert daemon.ticks - before < 60  # a tick that was missed is not made up for
        assert daemon.stop() == 0
    assert {(row.state, row.late) for row in rows_of(folder) if row.period == "2026-11-19"} == {("sent", False)}


@pytest.mark.parametrize("by", [{"hours": -1}, {"days": -1}])
def test_the_clock_is_set_back_while_it_runs(by: dict[str, float], tmp_path: Path) -> None:
    clock = Clock(tmp_path, "2026-11-20T08:31+08:00")
    world(folder := tmp_path / "project", DAILY, ONE)
    with Daemon(folder, clock=clock) as daemon:
        daemon.until(arrived(folder, "2026-11-19"), "the edition of the 19th")
        clock.jump(**by)
        daemon.says("The clock was set back: it says ")
        daemon.ticked(3)  # it goes on looking: the scheduler's own clock would sleep until the old time comes again
        assert daemon.said.count("The clock was set back: it says ") == 1
        assert shelf(folder) == ["2026-11-19"]
        clock.set("2026-11-21T08:30:01+08:00")
        daemon.until(arrived(folder, "2026-11-19", "2026-11-20"), "the edition of the 20th")
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


# A press that is slow, one that is killed, and signals.


def test_an_edition_still_being_built_at_the_next_tick_delays_the_next_one_and_loses_none(tmp_path: Path) -> None:
    """A day goes by in a third of a second, a briefing takes a second: ticks come due while one is at work."""
    never_too_late = DAILY.replace("}", ", within: 365 days}")
    one = stage(tmp_path, never_too_late, "2026-11-01T09:00+08:00", recipients=ONE)
    began, start = time.monotonic(), one.now
    one.desk.clock = lambda: start + timedelta(days=3 * (time.monotonic() - began))
    one.desk.builder = NotedPress(seconds=1)
    stop = daemon_module.Stop()

    def tick() -> None:
        one.desk.tick()
        if len(one.inbox.arrived) >= 12:
            stop.ask()

    daemon_module.run(tick, seconds=0.3, stop=stop)
    lines = [line.split()[1:] for line in (tmp_path / "press.txt").read_text("utf-8").splitlines()]
    assert [how for how, _ in lines] == ["begins", "ends"] * (len(lines) // 2)  # never two at a time
    arrived = [message["edition"].split("/")[2] for message in one.inbox.arrived]
    first = datetime.fromisoformat("2026-10-31")
    assert arrived == [f"{first + timedelta(days=day):%Y-%m-%d}" for day in range(len(arrived))]


def test_asked_to_stop_within_a_message_it_finishes_that_message_and_begins_no_other(tmp_path: Path) -> None:
    readers = """
channels:
  post: {{kind: mail, host: 127.0.0.1, port: {port}, security: none, sender: {{email: briefings@example.org}}}}
recipients:
  office: {{name: Office, email: office@example.org, languages: [en, zh], by: post,
           receives: [{{themes: tourism, places: all}}]}}
"""
    with mail_server("raw", tmp_path, script=["slow_after_dot"]) as server:
        world(folder := tmp_path / "project", daily(), readers.format(port=server.port))
        with Daemon(folder) as daemon:
            daemon.until(server.taken, "the first message")
            asked = time.monotonic()
            assert daemon.stop(signal.SIGTERM) == 0
            assert time.monotonic() - asked < SLOW + 10
            assert daemon.said.endswith("Stopped.\n")
        assert len(server.taken()) == 1
    assert sorted((row.state, row.reply[:9]) for row in rows_of(folder)) == [("built", ""), ("sent", "250 2.0.0")]


def kill_renderers(daemon: Daemon) -> int:
    """Kill the processes that draw charts and set pages for a daemon; how many."""
    killed = 0
    for child in children(daemon.process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            if b"briefings.workers" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
                killed += 1
    return killed


@contextmanager
def no_renderer_lives(daemon: Daemon) -> Iterator[list[int]]:
    """While the block lasts, every one that comes is killed at once; yields how many, each time some came."""
    killed: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            if number := kill_renderers(daemon):
                killed.append(number)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield killed
    finally:
        over.set()
        watcher.join()


def test_a_renderer_that_is_killed_is_tried_once_more_and_then_the_edition_failed(tmp_path: Path) -> None:
    """With the real press: a child that is killed costs nothing, every child that comes costs the edition a try."""
    world(folder := tmp_path / "project", MONTHLY, ONE)
    assert ended(folder, "-q", "ingest", press=False)[0] == 0
    with Daemon(folder, press=False) as daemon:
        with no_renderer_lives(daemon) as killed:
            failed = daemon.until(lambda: [row for row in rows_of(folder) if row.state == "failed"], "a failure")
        assert sum(killed) >= 2
        assert "was killed by signal 9 (SIGKILL) after" in failed[0].reason
        assert "; again: was killed by signal 9 (SIGKILL)" in failed[0].reason
        assert failed[0].next_try is not None
        assert daemon.stop() == 0
    later = (failed[0].next_try + timedelta(seconds=1)).isoformat()
    with Daemon(folder, "--now", later, "run", "--once", press=False) as again:
        again.until(lambda: kill_renderers(again), "a renderer")
        assert again.process.wait(PATIENCE) == 0, again.said
    assert [(row.state, row.attempts) for row in rows_of(folder)] == [("sent", 1)]


# Two at once.


@pytest.mark.parametrize("words", [("run", "--every", "1"), ("run", "--once")])
def test_beside_a_daemon_no_other_runs(words: tuple[str, ...], tmp_path: Path) -> None:
    world(folder := tmp_path / "project", daily(), ONE)
    with Daemon(folder, seconds=3) as daemon:
        daemon.until((folder / "press.txt").exists, "the first briefing")
        code, said = ended(folder, *words)
        assert code == 1
        assert f":{daemon.process.pid} runs on this state folder; one may at a time. Stop it first, or let it" in said
        daemon.until(lambda: [row for row in rows_of(folder) if row.state == "sent"], "the edition")
        assert ended(folder, *words)[0] == 1
        assert daemon.stop() == 0
    assert [(row.state, row.attempts) for row in rows_of(folder)] == [("sent", 1)]
    assert ended(folder, "run", "--once", "--no-ingest") == (0, "")


# Disks.


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """A file system of its own at a folder, with so much room."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False)
    if done.returncode != 0:
        pytest.skip("only root may mount a small disk here; test_a_file_that_may_not_grow shows the same without")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write until there is no room."""
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def notices(folder: Path) -> list[str]:
    """The first lines of what owners were told on their shelf."""
    return sorted(path.read_text("utf-8").splitlines()[0] for path in (folder / "shelf").rglob("*.txt"))


SHELF = ONE.replace("data/shelf", "shelf")


def whole(path: Path) -> bool:
    with sqlite3.connect(path) as connection:
        (told,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return bool(told == "ok")


def test_a_disk_that_is_full_while_building(tmp_path: Path) -> None:
    world(folder := tmp_path / "project", daily(), SHELF)
    editions = folder / "data/editions"
    with small_disk(editions, "256k"), Daemon(folder, size=400_000, lease=1) as daemon:
        (row,) = daemon.until(lambda: [row for row in rows_of(folder) if row.state == "failed"], "a failure")
        assert "No space left on device; nothing was filed, make room or allow writing" in row.reason
        assert list(editions.rglob("r1")) == []
        daemon.until(lambda: notices(folder), "a word to the owner")
        assert daemon.stop() == 0
        subprocess.run(["mount", "-o", "remount,size=4m", str(editions)], check=True)
        (row,) = rows_of(folder)
        assert row.next_try is not None
        later = (row.next_try + timedelta(seconds=1)).isoformat()
        assert ended(folder, "--now", later, "run", "--once", size=400_000)[0] == 0
        assert [row.state for row in rows_of(folder)] == ["sent"]
        assert len(notices(folder)) == 2  # needs you; mended


def test_a_disk_that_is_full_while_committing(tmp_path: Path) -> None:
    clock = Clock(tmp_path, "2026-11-20T08:00+08:00")
    world(folder := tmp_path / "project", DAILY, SHELF)
    data = folder / "data"
    with small_disk(data, "8m"), Daemon(folder, clock=clock) as daemon:
        daemon.ticked()
        filler = data / "filler"
        with pytest.raises(OSError, match="No space left on device"):
            fill(filler)
        clock.set("2026-11-20T08:31+08:00")
        daemon.says(
            "ledger.sqlite: database or disk is full; nothing was entered. Make room",
            "Nothing is done until this is mended",
        )
        assert whole(data / "ledger.sqlite")
        daemon.until(lambda: any(line.startswith("Needs you: ") for line in notices(folder)), "a word to the owner")
        filler.unlink()
        daemon.until(lambda: "2026-11-19" in [row.period for row in rows_of(folder) if row.state == "sent"], "19th")
        daemon.says("Mended; the daemon goes on.")
        assert daemon.stop() == 0
        assert whole(data / "ledger.sqlite")
        assert {(row.state, row.again) for row in rows_of(folder)} == {("sent", False)}


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """The same without a disk of one's own: no file may be larger than 300 kB."""
    world(folder := tmp_path / "project", DAILY, SHELF)
    now = ["--now", "2027-01-04T09:00+08:00", "run", "--once"]
    assert ended(folder, *now, "--adopt")[0] == 0
    now[1] = "2027-01-05T09:00+08:00"
    assert ended(folder, *now, size=400_000, largest_file=300_000)[0] == 1
    (row,) = [row for row in rows_of(folder) if row.state == "failed"]
    assert "File too large; nothing was filed" in row.reason
    assert list((folder / "data/editions").rglob("r1")) == []
    now[1] = "2027-01-05T09:05+08:00"
    assert ended(folder, *now, size=400_000)[0] == 0
    assert [row.state for row in rows_of(folder) if row.period == "2027-01-04"] == ["sent"]


# Folders that may not be written, by somebody whom mode bits bind.


@pytest.mark.parametrize(
    ("forbidden", "told"),
    [
        ("data", "data/ledger.lock: Permission denied; allow writing to the folder "),
        ("data/editions", "data/editions: Permission denied; no edition can be filed, make room or allow writing"),
        ("data/ledger.sqlite", "data/ledger.sqlite: attempt to write a readonly database; nothing was entered."),
    ],
)
def test_a_folder_that_may_not_be_written_is_told_before_anything_is_fetched_or_sent(
    forbidden: str, told: str, tmp_path: Path
) -> None:
    world(folder := tmp_path / "project", DAILY, ONE)
    if forbidden == "data/ledger.sqlite":
        assert ended(folder, "--now", "2027-01-04T09:00+08:00", "run", "--once", "--adopt")[0] == 0
    path = folder / forbidden
    if not path.exists():
        path.mkdir()
    path.chmod(0o555 if path.is_dir() else 0o444)
    code, said = ended(folder, "--now", "2027-01-05T09:00+08:00", "run", "--once", bound=True)
    path.chmod(0o755)
    assert code == 1
    assert told in said
    assert "Traceback" not in said
    assert not list((folder / "data").rglob("briefing.pdf"))
    assert not (folder / "press.txt").exists()
    assert not (folder / "data/snapshots").exists()


# The configuration, edited while it runs.


def test_a_file_that_is_half_written_while_it_runs(tmp_path: Path) -> None:
    clock = Clock(tmp_path, "2026-11-20T09:00+08:00")
    world(folder := tmp_path / "project", DAILY, ONE.replace("themes: tourism", "themes: all"))
    theme = folder / "config/themes/tourism.yaml"
    text = theme.read_text("utf-8")
    with Daemon(folder, clock=clock) as daemon:
        daemon.until(arrived(folder, "2026-11-19"), "the edition of the 19th")
        theme.write_text(text[: len(text) // 2] + "\n  - [", encoding="utf-8")
        daemon.says("has mistakes; the last good one is kept", "config/themes/tourism.yaml:")
        daemon.ticked()  # it has read all of it
        clock.set("2026-11-21T08:31+08:00")  # the last good one still says when
        daemon.until(arrived(folder, "2026-11-19", "2026-11-20"), "the edition of the 20th")
        theme.unlink()
        daemon.says("The file of tourism is gone; the last good one is kept")
        theme.write_text(text.replace("at: 08:30", "at: 07:00"), encoding="utf-8")
        daemon.says("was changed and read again")
        daemon.ticked(3)
        assert shelf(folder) == ["2026-11-19", "2026-11-20"]  # an edit sends nothing again
        clock.set("2026-11-22T07:01+08:00")
        daemon.until(
            arrived(folder, "2026-11-19", "2026-11-20", "2026-11-21"), "the edition of the 21st, at its new time"
        )
        assert daemon.stop() == 0
    assert {(row.state, row.attempts) for row in rows_of(folder)} == {("sent", 1)}
