"""Killed anywhere, nothing is lost and nothing is sent twice without being listed.

Each run happens in a process of its own that is killed with SIGKILL at its n-th fault point, n from 1 until a run
passes untouched; then the same work is begun again, as a daemon that is started anew would. Then kills at random
moments.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from briefings import faults
from briefings.deliver import Delivery, Receipt
from briefings.faults import COMMITS, POINTS, fault_point
from briefings.ledger import FINAL, Row, open_ledger
from tests.desks import RECIPIENTS, Inbox, Stage, stage

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


def work(folder: Path, schedule: str, recipients: str, *, anew: bool) -> None:
    """Ticks at several instants, as a daemon would; one that is begun anew begins later."""
    one = stage(folder, schedule, START.isoformat(), recipients=recipients)
    inbox = Posted(one.inbox.path)
    inbox.now = lambda: one.now
    one.inbox = inbox
    for minutes in (20, 21, 200) if anew else (0, 1, 5, 20, 200):
        one.now = START + timedelta(minutes=minutes)
        one.press.failing = "no page" if minutes == 0 and "several" in str(folder) else ""
        one.desk.tick()
        if minutes == 20:
            decided(one)
    one.ledger.close()


def decided(one: Stage) -> None:
    for row in one.ledger.in_states("awaiting approval"):
        one.ledger.decide(row.edition, "approved", "Li Na", "", one.now)


def killed(at: str, folder: Path, schedule: str, recipients: str, after: float = 0.0) -> bool:
    """Do the work in a process of its own; whether it was killed. With `after`, killed after so many seconds."""
    child = os.fork()
    if child == 0:
        try:
            os.environ.pop("BRIEFINGS_FAULT_AT", None)
            if at:
                os.environ["BRIEFINGS_FAULT_AT"] = at
            os.environ["BRIEFINGS_FAULT_TRACE"] = str(folder / "trace.txt")
            faults._met.clear()
            work(folder, schedule, recipients, anew=not at and not after)
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
def test_killed_at_every_point_of_a_plain_day(tmp_path: Path) -> None:
    number = 0
    while True:
        number += 1
        folder = tmp_path / f"plain{number}"
        dead = killed(str(number), folder, PLAIN, RECIPIENTS)
        point = last_point(folder)
        assert not killed("", folder, PLAIN, RECIPIENTS)
        twice = accounted(folder, expected_plain())
        assert bool(twice) <= (point in AMBIGUOUS), f"ambiguous after {point}"
        if not dead:
            break
        assert bool(twice) == (point in AMBIGUOUS), f"{POINTS[point]} after {point}"
    assert number > 20


@pytest.mark.slow
def test_killed_at_every_point_of_a_day_full_of_trouble(tmp_path: Path) -> None:
    number, seen = 0, set[str]()
    while True:
        number += 1
        folder = tmp_path / f"several{number}"
        dead = killed(str(number), folder, SEVERAL, READERS)
        point = last_point(folder)
        assert not killed("", folder, SEVERAL, READERS)
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
def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance, kills, number = random.Random(2026), 0, 0
    while kills < KILLS:
        number += 1
        folder = tmp_path / f"random{number}"
        for _ in range(10):
            if not killed("", folder, SEVERAL, READERS, after=chance.uniform(0.02, 1.0)):
                break
            kills += 1
        assert not killed("", folder, SEVERAL, READERS)
        accounted(folder, expected_several())


def test_a_name_that_is_not_registered_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fault_point("nowhere")
    monkeypatch.setenv("BRIEFINGS_FAULT_TRACE", str(tmp_path / "trace"))
    with pytest.raises(KeyError, match="'nowhere' is no fault point; add it to POINTS with what must follow"):
        fault_point("nowhere")


def test_every_state_that_ends_a_delivery_is_met() -> None:
    assert {"sent", "refused", "skipped"} == FINAL
    assert set(expected_several().values()) == {*FINAL, "held"}
