"""2017 to 2026, every cadence in six zones, through the daemon's own loop: each period once.

The loop, the desk, the ledger and the archive are the real ones; the clock goes on at each wake, and the press files a
few bytes. The daemon wakes every few days at odd hours, and often around each change of the clocks.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from briefings.calendar import Cadence
from briefings.schedule import corrections, daemon, planning
from tests.desks import RECIPIENTS, Stage, stage

START, END = datetime(2017, 1, 1, 12, tzinfo=UTC), datetime(2026, 12, 31, 12, tzinfo=UTC)
#: Zone -> the time of releases, which some days there do not have or have twice; and whose holidays count.
ZONES = {
    "Europe/Helsinki": ("03:30", "FI"),
    "America/New_York": ("01:30", "US"),
    "America/Havana": ("00:00", "CU"),
    "Australia/Lord_Howe": ("02:15", "AU"),
    "Asia/Shanghai": ("08:30", "CN"),
    "Asia/Kolkata": ("08:30", "IN"),
}
RULES = {
    "daily": "every day",
    "weekly": "monday",
    "ten-day": "last day",
    "monthly": "3rd working day after 15th",
    "quarterly": "20th",
    "half-yearly": "last working day of 2nd month",
    "annual": "28 February",
    "plan": "20th of March",
}


class Wakes(daemon.Stop):
    """In place of waiting, the clock goes on to the next instant; after the last one the daemon is asked to stop."""

    def __init__(self, one: Stage, instants: Iterator[datetime]) -> None:
        super().__init__()
        self.one, self.instants = one, instants

    def tick(self) -> None:
        self.one.desk.tick()

    def wait(self, seconds: float) -> None:
        if self.one.now >= END:
            self.ask()
        self.one.now = next(self.instants, END)


def changes(zone: str) -> list[datetime]:
    """The hours in which the clocks of a zone change."""
    hours = (START + timedelta(hours=number) for number in range(int((END - START) / timedelta(hours=1))))
    offsets = [(hour, hour.astimezone(ZoneInfo(zone)).utcoffset()) for hour in hours]
    return [later for (_, before), (later, after) in pairwise(offsets) if before != after]


def wakes(zone: str) -> Iterator[datetime]:
    """When the daemon looks at the clock."""
    chance, instants, at = random.Random(zone), set[datetime](), START
    while at < END:
        instants.add(at := at + timedelta(days=chance.choice((2, 9, 30, 60)), minutes=chance.randrange(1440)))
    for change in changes(zone):
        instants |= {change + timedelta(minutes=minutes) for minutes in (-90, -30, 0, 30, 90)}
    yield from (instant for instant in sorted(instants) if instant < END)


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_ten_years_through_the_daemon(zone: str, in_memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "LOOK_BACK", timedelta(days=100))  # longer than `within`; each look is quicker so
    monkeypatch.setattr(corrections, "CORRECTED_WITHIN", timedelta(days=3))  # nothing is corrected here
    at, country = ZONES[zone]
    more = f"at: {at}, holidays: {country}, catch_up: all, within: 90 days"
    entries = "".join(f"  - {{cadence: {cadence}, release: {rule}, {more}}}\n" for cadence, rule in RULES.items())
    one = stage(
        in_memory,
        f"schedule:\n{entries}",
        START.isoformat(),
        recipients=RECIPIENTS.replace("[en, zh]", "en"),
        zone=zone,
    )
    clock = Wakes(one, wakes(zone))
    daemon.run(clock.tick, seconds=3600, stop=clock)
    rows, sent = one.ledger.rows(), Counter(message["edition"] for message in one.inbox.arrived)
    one.ledger.close()
    assert {row.state for row in rows} == {"sent"}
    assert sent == Counter(row.edition for row in rows)
    assert set(sent.values()) == {1}
    assert {row.cadence for row in rows} == set(RULES) == set(Cadence)
    for service in one.desk._services.values():
        found = [row for row in rows if row.cadence == service.cadence]
        due = service.release.between(min(row.due_at for row in found) - timedelta(seconds=1), one.now)
        expected = [(str(each.period), each.at.astimezone(UTC)) for each in due]
        assert sorted((row.period, row.due_at) for row in found) == sorted(expected)
