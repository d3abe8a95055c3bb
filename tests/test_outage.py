"""A daemon lives through what ends a tick, once one tick was good; the owner hears of it once, and of the end."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings.cli.session import Session
from briefings.cli.traces import traced
from briefings.errors import LedgerError, reason_of
from briefings.schedule.outage import Outage
from tests.desks import stage

FULL = LedgerError("data/ledger.sqlite: database or disk is full; nothing was entered. Make room, then run again")


def test_an_owner_hears_once_and_when_it_is_over(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th}\n", "2026-11-20T09:00+08:00")
    outage = Outage(lambda: one.settings, {}, lambda: one.now, one.said.append, opener=one._open)
    failing: list[LedgerError] = []

    def tick() -> None:
        for error in failing:
            raise error

    outage.guarded(tick)
    failing.append(FULL)
    outage.guarded(tick)
    outage.guarded(tick)
    assert one.said == [f"{FULL}\nNothing is done until this is mended; the daemon goes on looking."]
    failing.clear()
    outage.guarded(tick)
    outage.guarded(tick)
    assert one.said[1:] == ["Mended; the daemon goes on."]
    assert [note.subject for note in one.inbox.notes] == [f"Needs you: {FULL}", f"Mended: {FULL}"]


def test_what_fails_at_the_first_tick_ends_the_program(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th}\n", "2026-11-20T09:00+08:00")
    outage = Outage(lambda: one.settings, {}, lambda: one.now, one.said.append, opener=one._open)

    def tick() -> None:
        raise FULL

    with pytest.raises(LedgerError, match="disk is full"):
        outage.guarded(tick)
    assert one.inbox.notes == []


def test_what_nobody_foresaw_ends_no_daemon(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th}\n", "2026-11-20T09:00+08:00")
    outage = Outage(lambda: one.settings, {}, lambda: one.now, one.said.append, opener=one._open)

    def broken() -> None:
        raise KeyError("row")

    outage.guarded(lambda: None)
    outage.guarded(broken)
    outage.guarded(lambda: None)
    assert one.said[0].startswith(
        "an error that this program did not foresee: KeyError: 'row'\nIt arose in test_outage.py"
    )
    assert one.said[1:] == ["Mended; the daemon goes on."]
    assert len(one.inbox.notes) == 2


def test_the_traceback_of_what_nobody_foresaw_stands_in_the_json_log(capsys: pytest.CaptureFixture[str]) -> None:
    with traced(Session(Path(), datetime(2026, 11, 20, tzinfo=UTC), 0, False, as_json=True)):
        try:
            {}["row"]
        except KeyError as error:
            reason_of(error)
    told = json.loads(capsys.readouterr().err)
    assert (told["level"], told["event"]) == ("debug", "traceback")
    assert "Traceback (most recent call last)" in told["message"]
