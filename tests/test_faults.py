"""Killed anywhere, nothing is lost and nothing is sent twice without being listed.

Each run happens in a process of its own that is killed with SIGKILL at its n-th fault point, n from 1 until a run
passes untouched; then the same work is begun again, as a daemon that is started anew would. Then kills at random
moments.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import alembic.command  # noqa: F401 - what each child would import anew
import pandas  # noqa: F401
import pytest

import briefings.store.vintages  # noqa: F401
from briefings import faults
from briefings.deliver import Delivery, Receipt
from briefings.faults import COMMITS, POINTS, fault_point
from briefings.ledger import FINAL, Row, open_ledger
from briefings.settings import load
from briefings.workspace import Workspace
from tests.desks import RECIPIENTS, Inbox, Press, Stage, world

START = datetime.fromisoformat("2026-11-20T08:31+08:00")
#: Kills at random moments; set BRIEFINGS_KILLS for more.
KILLS = int(os.environ.get("BRIEFINGS_KILLS", "200"))
#: Where alone a death may leave a delivery ambiguous: between the point of no return and the ledger's commit.
AMBIGUOUS = {
    "ledger.handing_over.after_commit",
    "webhook.before_request",
    "webhook.after_request",
    "ledger.settle_sent.before_commit",
}
ENDS = {"good": "sent", "gone": "refused", "lost": "sent", "slow": "sent"}
MONTHLY = "themes: tourism, places: all, cadence: monthly"
PLAIN = "schedule: {release: 20th, at: 08:30}\n"
SEVERAL = """schedule:
  - {cadence: monthly, release: 20th, at: 08:30}
  - {cadence: ten-day, release: last day, requires: overnight_stays, wait_until: 2 hours, then: hold}
  - {cadence: quarterly, release: 20th of 2nd month, requires: overnight_stays, wait_until: 1 hour, then: skip}
  - {cadence: half-yearly, release: 20th of 5th month, approval: required}
"""
READERS = """
channels: {post: {kind: folder, path: data/shelf}}
owner: good
recipients:
  good: {name: Good, languages: en, by: post, receives: [{themes: tourism, places: all}]}
""" + "".join(
    f"  {name}: {{name: {name}, languages: en, by: post, receives: [{{{MONTHLY}}}]}}\n"
    for name in ("gone", "lost", "slow")
)


class Posted(Inbox):
    """The inbox as a web service: with the fault points of one, and readers that make trouble by their names."""

    now: Callable[[], datetime]

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        fault_point("webhook.connect")
        if delivery.recipient == "gone":
            return Receipt("refused", "550 no such user")
        if delivery.recipient == "slow" and self.now() < START + timedelta(minutes=3):
            return Receipt("failed", "no route")
        handing_over()
        fault_point("webhook.before_request")
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{delivery.key} {delivery.payload.decode()}\n")
        fault_point("webhook.after_request")
        if delivery.recipient == "lost" and not delivery.again:
            return Receipt("ambiguous", "no answer")
        return Receipt("sent", reply="200")


class Day:
    """A project that is made once, with a ledger in which nothing stands, and put there anew for each run."""

    def __init__(self, folder: Path, schedule: str, recipients: str) -> None:
        self.folder, self._whole = folder / "day", folder / "whole"
        self.trouble = schedule == SEVERAL
        world(self._whole, schedule, recipients)
        open_ledger(self._whole / "data", None, archive_has_editions=False).close()
        self.anew()
        self.settings = load(Workspace.find(self.folder))

    def anew(self) -> Path:
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._whole, self.folder)
        return self.folder


def work(day: Day, *, anew: bool) -> None:
    """Ticks at several instants, as a daemon would; one that is begun anew begins later."""
    one = Stage(day.settings, START, Press(), inbox := Posted(day.folder / "inbox.txt"))
    inbox.now = lambda: one.now
    for minutes in (20, 21, 200) if anew else (0, 1, 5, 20, 200):
        one.now = START + timedelta(minutes=minutes)
        one.press.failing = "no page" if minutes == 0 and day.trouble else ""
        one.desk.tick()
        if minutes == 20:
            decided(one)
    one.ledger.close()


def decided(one: Stage) -> None:
    for row in one.ledger.in_states("awaiting approval"):
        one.ledger.decide(row.edition, "approved", "Li Na", "", one.now)


def killed(day: Day, at: str = "", after: float = 0.0) -> bool:
    """Do the work in a process of its own; whether it was killed. With `after`, killed after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            os.environ.pop("BRIEFINGS_FAULT_AT", None)
            if at:
                os.environ["BRIEFINGS_FAULT_AT"] = at
            os.environ["BRIEFINGS_FAULT_TRACE"] = str(day.folder / "trace.txt")
            faults._met.clear()
            work(day, anew=not at and not after)
            os._exit(0)
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
    if after:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, "the work failed"
    return status != 0


def last_point(folder: Path) -> str:
    return (folder / "trace.txt").read_text("utf-8").splitlines()[-1]


def rows_of(folder: Path) -> tuple[list[Row], dict[int, list[str]]]:
    """The rows, and the states that each went through."""
    ledger = open_ledger(folder / "data", None, archive_has_editions=False)
    rows = ledger.rows()
    ways = {row.id: [state for _, _, state, _ in ledger.events_of(row.id)] for row in rows}
    ledger.close()
    return rows, ways


def accounted(folder: Path, expected: dict[str, str]) -> set[str]:
    """Check that everything is accounted for; returns the readers whose delivery was ambiguous once."""
    rows, ways = rows_of(folder)
    sent = Counter(m["key"] for m in Inbox(folder / "inbox.txt").arrived)
    for row in rows:
        if row.state == "sent":
            assert 1 <= sent[row.key] <= 1 + row.again, f"{row}: {sent[row.key]} arrived"
            assert ("ambiguous" in ways[row.id]) == row.again
        elif row.state == "ambiguous":  # twice: it was sent once more, and is left to a person now
            assert ways[row.id].count("ambiguous") == 2
            assert sent[row.key] <= 2
        else:
            assert sent[row.key] == 0, f"{row} is {row.state}, and arrived"
    assert sum(sent.values()) == sum(sent[row.key] for row in rows)
    found = {f"{row.cadence} {row.recipient} {row.language}": row.state for row in rows}
    parked = {reader: "sent" for reader, state in found.items() if state == "ambiguous"}
    assert found | parked == expected
    return {row.recipient for row in rows if row.again}


def expected_plain() -> dict[str, str]:
    return {"monthly desk en": "sent", "monthly desk zh": "sent"}


def expected_several() -> dict[str, str]:
    found = {f"monthly {name} en": state for name, state in ENDS.items()}
    found |= {"half-yearly good en": "sent", "ten-day good en": "held", "quarterly good en": "skipped"}
    return found


@pytest.mark.slow
def test_killed_at_every_point_of_a_plain_day(in_memory: Path) -> None:
    number, day = 0, Day(in_memory, PLAIN, RECIPIENTS)
    while True:
        number += 1
        folder = day.anew()
        dead = killed(day, str(number))
        point = last_point(folder)
        assert not killed(day)
        twice = accounted(folder, expected_plain())
        assert bool(twice) <= (point in AMBIGUOUS), f"ambiguous after {point}"
        if not dead:
            break
        assert bool(twice) == (point in AMBIGUOUS), f"{POINTS[point]} after {point}"
    assert number > 20


@pytest.mark.slow
def test_killed_at_every_point_of_a_day_full_of_trouble(in_memory: Path) -> None:
    number, seen, day = 0, set[str](), Day(in_memory, SEVERAL, READERS)
    while True:
        number += 1
        folder = day.anew()
        dead = killed(day, str(number))
        point = last_point(folder)
        assert not killed(day)
        twice = accounted(folder, expected_several()) - {"lost"}
        assert bool(twice) <= (point in AMBIGUOUS), f"ambiguous after {point}"
        parked = [row for row in rows_of(folder)[0] if row.state == "ambiguous"]
        assert bool(parked) <= (point in AMBIGUOUS), f"parked after {point}"
        seen |= set((folder / "trace.txt").read_text("utf-8").splitlines())
        if not dead:
            break
    by_hand = {"claim_built"}
    ours = {f"ledger.{name}.{side}_commit" for name in set(COMMITS) - by_hand for side in ("before", "after")}
    assert {point for point in seen if point.startswith("ledger.")} == ours


@pytest.mark.slow
def test_killed_at_random_moments(in_memory: Path) -> None:
    chance, kills, day = random.Random(2026), 0, Day(in_memory, SEVERAL, READERS)
    began = time.monotonic()
    assert not killed(day, "1000000")
    length = time.monotonic() - began  # of a day that nobody kills
    while kills < KILLS:
        folder = day.anew()
        for _ in range(10):
            if not killed(day, after=chance.uniform(0.02, 1.0) * length):
                break
            kills += 1
        assert not killed(day)
        accounted(folder, expected_several())


def test_a_name_that_is_not_registered_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fault_point("nowhere")
    monkeypatch.setenv("BRIEFINGS_FAULT_TRACE", str(tmp_path / "trace"))
    with pytest.raises(KeyError, match="'nowhere' is no fault point; add it to POINTS with what must follow"):
        fault_point("nowhere")


def test_every_state_that_ends_a_delivery_is_met() -> None:
    assert {"sent", "refused", "skipped"} == FINAL
    assert set(expected_several().values()) == {*FINAL, "held"}
