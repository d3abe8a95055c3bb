"""Several daemons on one PostgreSQL: none does a thing twice, and what one that died had is taken over."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from briefings import faults
from briefings.ledger import Row, open_ledger
from briefings.settings import Settings
from tests import postgres
from tests.daemons import PATIENCE, Daemon, at_work, daily
from tests.deliveries import mail_server
from tests.desks import RECIPIENTS, Inbox, Press, Stage, world

pytestmark = pytest.mark.slow
START = datetime.fromisoformat("2026-01-01T09:00+08:00")
SCHEDULE = """schedule:
  - {cadence: weekly, release: monday, catch_up: all, within: 60 days}
  - {cadence: ten-day, release: last day, catch_up: all, within: 60 days}
  - {cadence: monthly, release: 20th, catch_up: all, within: 60 days}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


def daemon(
    settings: Settings, url: str, ticks: list[datetime], fault: str = "", together: Barrier | None = None
) -> int:
    """A daemon in a process of its own, that ticks at these instants, `together` with others: they have one time; its
    process id."""
    child = os.fork()
    if child == 0:
        try:
            if fault:
                os.environ["BRIEFINGS_FAULT_AT"] = fault
                faults._met.clear()
            one = Stage(settings, ticks[0], Press(), Inbox(settings.workspace.root / "inbox.txt"), url=url)
            for at in ticks:
                if together is not None:
                    together.wait(PATIENCE)
                one.now = at
                one.desk.tick()
                time.sleep(0.01)
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    return child


def rows_of(settings: Settings, url: str, look: Callable[[Row], bool] = lambda row: True) -> list[Row]:
    ledger = open_ledger(settings.workspace.root / "data", url, archive_has_editions=False)
    rows = [row for row in ledger.rows() if look(row)]
    ledger.close()
    return rows


def test_two_daemons_share_the_work(server: str, tmp_path: Path) -> None:
    url, settings = postgres.database(server, "shared"), world(tmp_path, SCHEDULE, RECIPIENTS)
    open_ledger(tmp_path / "data", url, archive_has_editions=False).close()
    ticks = [START + timedelta(days=day) for day in range(0, 90, 3)]
    both = multiprocessing.Barrier(2)
    children = [daemon(settings, url, ticks, together=both) for _ in range(2)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    rows = rows_of(settings, url)
    assert {row.state for row in rows} == {"sent"}
    arrived = Counter(message["key"] for message in Inbox(tmp_path / "inbox.txt").arrived)
    assert arrived == Counter(row.key for row in rows)
    periods = {row.period for row in rows if row.cadence == "ten-day"}
    assert periods == {"2025-12-T3", *(f"2026-{month:02}-T{third}" for month in (1, 2, 3) for third in (1, 2, 3))} - {
        "2026-03-T3"
    }


@pytest.mark.parametrize(
    ("fault", "mails", "again"),
    [("ledger.claim_sending.after_commit", 1, False), ("ledger.settle_sent.before_commit", 2, True)],
)
def test_another_takes_over_when_the_lease_ends(
    fault: str, mails: int, again: bool, server: str, tmp_path: Path
) -> None:
    url = postgres.database(server, fault)
    settings = world(tmp_path, "schedule: {release: 20th}\n", RECIPIENTS.replace("[en, zh]", "en"))
    start = datetime.fromisoformat("2026-11-20T08:00+08:00")
    status = os.waitpid(daemon(settings, url, [start], fault), 0)[1]
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert os.waitpid(daemon(settings, url, [start + timedelta(minutes=5)]), 0)[1] == 0
    assert [row.state for row in rows_of(settings, url)] == ["sending"]  # the lease still runs
    assert os.waitpid(daemon(settings, url, [start + timedelta(minutes=11)]), 0)[1] == 0
    (row,) = rows_of(settings, url)
    assert (row.state, row.again) == ("sent", again)
    assert [message["key"] for message in Inbox(tmp_path / "inbox.txt").arrived] == [row.key] * mails


READERS = """
channels:
  post: {{kind: mail, host: 127.0.0.1, port: {port}, security: none, sender: {{email: b@example.org}}}}
recipients:
  office: {{name: Office, email: office@example.org, languages: en, by: post,
           receives: [{{themes: tourism, places: all}}]}}
  bank: {{name: Bank, email: bank@example.org, languages: en, by: post, receives: [{{themes: tourism, places: all}}]}}
"""


@pytest.mark.parametrize("killed", [False, True], ids=["both live", "one is killed"])
def test_two_daemons_as_processes_share_the_work(killed: bool, server: str, tmp_path: Path) -> None:
    """`briefings run` twice on one ledger that is three weeks behind; one of them may be killed at work."""
    url, readers = postgres.database(server, f"processes{killed}"), READERS
    how: dict[str, Any] = {"environ": {"BRIEFINGS_LEDGER": url}, "seconds": 1, "lease": 15 if killed else 600}
    with mail_server("proper", tmp_path) as post:
        settings = world(folder := tmp_path / "project", daily(), readers.format(port=post.port))
        begun = Stage(settings, datetime.now(UTC) - timedelta(days=21), Press(), Inbox(tmp_path / "inbox.txt"), url=url)
        begun.desk.tick()
        begun.ledger.close()
        with Daemon(folder, side_by_side=2, **how) as one, Daemon(folder, side_by_side=2, **how) as two:
            both = {one.process.pid, two.process.pid}
            two.until(lambda: at_work(folder) == both, "work of both")
            if killed:
                one.stop(signal.SIGKILL)
            two.until(lambda: len([row for row in rows_of(settings, url) if row.state == "sent"]) >= 44, "all")
            assert two.stop() == 0
            assert killed or one.stop() == 0
        arrived = Counter((message["to"][0], subject(message["content"])) for message in post.taken())
    rows = rows_of(settings, url)
    assert {row.state for row in rows} == {"sent"}
    assert len(rows) == 2 * 22
    assert len(arrived) == 2 * 21  # the first day arrived before
    assert sum(arrived.values()) == 2 * 21 + sum(row.again for row in rows)


def subject(content: str) -> str:
    return next(line for line in content.splitlines() if line.startswith("Subject: "))
