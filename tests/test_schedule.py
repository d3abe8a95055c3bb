"""On the day, to every reader: ticks of the desk against a real ledger and archive, with a fake press and channel."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from briefings.deliver import Receipt
from briefings.errors import LedgerError, ScheduleError
from briefings.ingest import ingest
from briefings.ledger import FINAL
from briefings.schedule import overview
from briefings.schedule.sending import pause
from briefings.schedule.watching import Watched
from tests.desks import RECIPIENTS, Stage, stage

MONTHLY = "schedule: {release: 20th, at: 08:30}\n"
ONE = RECIPIENTS.replace("[en, zh]", "en")


def test_a_release_is_built_and_sent_once(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-19T08:00+08:00")
    assert one.tick() == {"planned": 2, "built": 2, "sent": 2}  # the release of 20 October is found first
    assert one.tick("2026-11-20T08:29+08:00") == {}
    assert one.tick("2026-11-20T08:30+08:00") == {"planned": 2, "built": 2, "sent": 2}
    assert one.tick(minutes=1) == {}
    assert [(m["edition"], m["late"]) for m in one.inbox.arrived[2:]] == [
        ("tourism/riverton/2026-10/en/r1", False),
        ("tourism/riverton/2026-10/zh/r1", False),
    ]


def test_a_restart_forgets_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    first = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00")
    first.tick()
    first.ledger.close()
    again = stage(tmp_path, MONTHLY, "2026-11-20T09:01+08:00")
    assert again.tick() == {}
    assert len(again.inbox.arrived) == 2


@pytest.mark.parametrize(
    ("catch_up", "expected"),
    [
        ("all", {"2026-07": "sent", "2026-08": "sent", "2026-09": "sent"}),
        ("latest", {"2026-07": "skipped", "2026-08": "skipped", "2026-09": "sent"}),
        ("none", {"2026-07": "skipped", "2026-08": "skipped", "2026-09": "skipped"}),
    ],
)
def test_down_over_three_periods(catch_up: str, expected: dict[str, str], tmp_path: Path) -> None:
    schedule = f"schedule: {{release: 20th, catch_up: {catch_up}, within: 100 days}}\n"
    one = stage(tmp_path, schedule, "2026-07-20T08:00+08:00", recipients=ONE)
    one.tick()
    one.tick("2026-10-25T08:00+08:00")
    states = {period: state for period, _, state in one.states() if period > "2026-06"}
    assert states == expected
    late = [m for m in one.inbox.arrived if m["edition"].split("/")[2] > "2026-06"]
    assert all(m["late"] for m in late)
    assert [m["edition"] for m in late] == sorted(m["edition"] for m in late)
    assert all(row.reason for row in one.ledger.rows() if row.state == "skipped")


def test_down_longer_than_may_be_late(tmp_path: Path) -> None:
    one = stage(
        tmp_path,
        "schedule: {release: every day, cadence: daily, within: 3 days, catch_up: all}\n",
        "2025-01-01T09:00+08:00",
        recipients=ONE,
    )
    one.tick()
    one.tick("2026-02-05T09:00+08:00")
    counts = Counter(state for _, _, state in one.states())
    assert counts == {"sent": 1 + 3, "skipped": 397}
    assert {row.reason.partition(":")[0] for row in one.ledger.rows() if row.state == "skipped"} == {
        "too late, more than 3 days"
    }


def test_the_clock_jumps_forward_and_back(tmp_path: Path) -> None:
    one = stage(
        tmp_path,
        "schedule: {release: every day, cadence: daily, at: 08:30}\n",
        "2026-11-01T08:00+08:00",
        recipients=ONE,
    )
    one.tick("2026-11-10T08:31+08:00")
    assert one.tick("2026-11-09T08:31+08:00") == {}  # a day back: nothing twice
    back = "The clock was set back: it says 2026-11-09 08:31, and said 2026-11-10 08:31 before."
    assert one.said == [
        "built tourism/riverton/2026-11-09/en/r1",
        "sent tourism/riverton/2026-11-09/en to desk by shelf",
        back,
    ]
    assert one.tick("2026-11-11T08:31+08:00")["sent"] == 1
    assert [m["edition"].split("/")[2] for m in one.inbox.arrived] == ["2026-11-09", "2026-11-10"]


@pytest.mark.parametrize("year", [1970, 2200, 2034, 2025])
def test_a_clock_that_cannot_be_right_stops_everything(year: int, tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00")
    one.tick()
    with pytest.raises(ScheduleError, match=f"the clock says {year}-03-01 00:00, .*nothing was done"):
        one.tick(f"{year}-03-01T00:00+00:00")
    assert len(one.ledger.rows()) == 2


def test_embargo(tmp_path: Path) -> None:
    one = stage(
        tmp_path, "schedule: {release: 20th, at: 08:00, embargo: 10:00}\n", "2026-11-20T08:01+08:00", recipients=ONE
    )
    assert one.tick() == {"planned": 1, "built": 1}
    assert one.tick("2026-11-20T09:59+08:00") == {}
    assert one.tick("2026-11-20T10:00+08:00") == {"sent": 1}
    assert not one.inbox.arrived[0]["late"]


@pytest.mark.parametrize(
    ("then", "counts", "state"),
    [
        ("partial", {"built": 1, "sent": 1}, "sent"),
        ("skip", {"skipped": 1}, "skipped"),
        ("hold", {"held": 1}, "held"),
    ],
)
def test_the_gate(then: str, counts: dict[str, int], state: str, tmp_path: Path) -> None:
    schedule = f"schedule: {{release: 20th, requires: overnight_stays, wait_until: 2 days, then: {then}}}\n"
    one = stage(tmp_path, schedule, "2026-11-20T08:01+08:00", recipients=ONE)
    assert one.tick() == {"planned": 1}
    (row,) = one.ledger.rows()
    assert row.reason == "waits for Overnight stays, until 2026-11-22 08:00 (Asia/Shanghai)"
    assert one.tick("2026-11-22T07:59+08:00") == {}
    assert one.tick("2026-11-22T08:00+08:00") == counts
    (row,) = one.ledger.rows()
    assert row.state == state
    assert "Overnight stays not in by 2026-11-22 08:00 (Asia/Shanghai)" in (row.reason or one.messages[0])
    assert len(one.inbox.notes) == (then == "hold")
    if then == "partial":
        assert one.inbox.arrived[0]["partial"] == ["Overnight stays"]
        assert one.inbox.arrived[0]["late"]


def ingested(one: Stage) -> None:
    for source in one.settings.sources:
        assert not ingest(one.settings, source, now=one.now).error


def test_held_until_the_data_are_in(tmp_path: Path) -> None:
    schedule = "schedule: {release: 20th, requires: overnight_stays, wait_until: 1 hour, then: hold}\n"
    one = stage(tmp_path, schedule, "2026-10-20T09:01+08:00", recipients=ONE)
    assert one.tick() == {"planned": 1, "held": 1}
    assert one.tick(days=1) == {}
    (note,) = one.inbox.notes
    assert "tourism/riverton/2026-09 is held: Overnight stays not in by" in note.text
    ingested(one)
    assert one.tick(days=1) == {"built": 1, "sent": 1}
    assert [note.subject[:7] for note in one.inbox.notes] == ["Needs y", "Mended:"]


def test_data_trigger_a_release_before_its_day(tmp_path: Path) -> None:
    schedule = "schedule: {release: 20th, requires: overnight_stays, trigger: data}\n"
    one = stage(tmp_path, schedule, "2026-10-05T09:01+08:00", recipients=ONE)
    assert one.tick() == {"planned": 1}  # that of August waits
    ingested(one)
    one.tick(minutes=1)
    assert ("2026-09", "en", "sent") in one.states()
    assert one.tick("2026-10-20T08:00+08:00") == {}


def test_approval(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, approval: required}\n", "2026-11-20T08:01+08:00")
    assert one.tick() == {"planned": 2, "awaiting approval": 2}
    one.ledger.decide("tourism/riverton/2026-10/en/r1", "approved", "Li Na", "", one.now)
    one.ledger.decide("tourism/riverton/2026-10/zh/r1", "rejected", "Li Na", "the title", one.now)
    assert one.tick(minutes=1) == {"sent": 1}
    assert one.states() == [("2026-10", "en", "sent"), ("2026-10", "zh", "held")]
    assert one.tick(days=2) == {}


def test_only_if_changed(tmp_path: Path) -> None:
    one = stage(
        tmp_path,
        "schedule: {release: every day, cadence: daily, only_if: changed}\n",
        "2026-11-20T09:00+08:00",
        recipients=ONE,
    )
    one.tick()
    assert one.tick(days=1) == {"planned": 1, "built": 1, "skipped": 1}
    assert one.ledger.rows()[1].reason == "no figure has changed since tourism/riverton/2026-11-19/en/r1"
    one.press.value = 2.0
    assert one.tick(days=1)["sent"] == 1


def test_a_corrected_edition_goes_to_exactly_those_who_have_the_wrong_one(tmp_path: Path) -> None:
    two = ONE + "  bank: {name: Bank, languages: en, by: shelf, receives: [{themes: tourism, places: all}]}\n"
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=two)
    one.inbox.script = [Receipt("refused", "no such user")]
    assert one.tick()["sent"] == 1
    one.press.value = 2.0
    list(one.press(one.settings, [one.press.tasks[0]], now=one.now, jobs=1))
    assert one.tick(minutes=1) == {"corrections": 1, "sent": 1}
    assert one.inbox.arrived[-1]["corrects"] == "tourism/riverton/2026-10/en/r1"
    assert one.inbox.arrived[-1]["to"] == "desk"
    assert one.tick(minutes=1) == {}


def test_the_owner_hears_that_a_correction_awaits_approval(tmp_path: Path) -> None:
    settings = "schedule: {release: 20th, approval: required}\n"
    one = stage(tmp_path, settings, "2026-11-20T09:00+08:00", recipients=ONE)
    one.tick()
    assert "/data/editions/tourism/riverton/2026-10/en/r1/briefing.pdf), then run" in one.inbox.notes[-1].text
    one.ledger.decide("tourism/riverton/2026-10/en/r1", "approved", "Li Na", "", one.now)
    one.ledger.mend("approval:tourism/riverton/2026-10/en/r1", one.now)
    assert one.tick(minutes=1) == {"sent": 1}
    settled = "Settled: [tourism] tourism/riverton/2026-10/en/r1 was approved by Li Na"
    assert one.inbox.notes[-1].subject == settled
    one.press.value = 2.0
    list(one.press(one.settings, [one.press.tasks[0]], now=one.now, jobs=1))
    assert one.tick(minutes=1) == {"corrections": 1}
    waits = "tourism/riverton/2026-10/en/r2 awaits approval, corrects tourism/riverton/2026-10/en/r1"
    assert one.inbox.notes[-1].subject == f"Needs you: [tourism] {waits}"
    assert one.tick(minutes=1) == {}


def test_what_fails_is_tried_again_with_the_same_bytes(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=ONE)
    one.inbox.script = [Receipt("failed", "no route"), Receipt("failed", "no route")]
    assert one.tick()["failed"] == 1
    assert one.tick(seconds=10) == {}
    assert one.tick(minutes=2) == {"failed": 1}
    assert one.tick(minutes=4) == {"sent": 1}
    assert len({(d.key, d.payload, d.dated) for d in one.inbox.deliveries}) == 1
    assert [note.subject[:7] for note in one.inbox.notes] == ["Needs y", "Mended:"]


def test_what_fails_for_too_long_is_given_up_and_said(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, within: 2 days}\n", "2026-11-20T09:00+08:00", recipients=ONE)
    one.inbox.script = [Receipt("failed", "no route")] * 100
    for _ in range(60):
        one.tick(hours=1)
    (row,) = one.ledger.rows()
    assert (row.state, row.next_try, row.reason) == ("failed", None, "no route; not tried again, it is too late")


def test_refused_is_not_tried_again(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00")
    one.inbox.script = [Receipt("refused", "550 no such user")]
    assert one.tick() == {"planned": 2, "built": 2, "refused": 1, "sent": 1}
    assert one.tick(days=1) == {}
    assert one.ledger.rows()[0].reason == "550 no such user"


def test_of_one_language_refused_the_owner_hears_though_the_other_arrived(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00")
    one.inbox.script = [Receipt("refused", "550 no such user")]
    assert one.tick() == {"planned": 2, "built": 2, "refused": 1, "sent": 1}
    (note,) = one.inbox.notes
    assert note.subject.startswith("Needs you: [tourism]")
    assert "550 no such user" in note.text


@pytest.mark.parametrize(("policy", "state", "mails"), [("resend", "sent", 2), ("park", "ambiguous", 1)])
def test_ambiguous(policy: str, state: str, mails: int, tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=ONE)
    assert policy in ("resend", "park")
    one.inbox.on_ambiguous = policy  # type: ignore[assignment]
    one.inbox.script = [Receipt("ambiguous", "dropped after the final dot")]
    one.tick()
    (row,) = one.ledger.rows()
    assert (row.state, row.again) == (state, policy == "resend")
    assert len(one.inbox.arrived) == mails
    assert len({m["key"] for m in one.inbox.arrived}) == 1


def test_ambiguous_twice_is_parked(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=ONE)
    one.inbox.script = [Receipt("ambiguous", "dropped")] * 5
    one.tick()
    one.tick(days=1)
    assert one.ledger.rows()[0].state == "ambiguous"
    assert len(one.inbox.arrived) == 2


def test_a_press_that_fails_costs_its_own_edition(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=ONE)
    one.press.failing = "no page could be set"
    assert one.tick()["failed"] == 1
    one.press.failing = ""
    assert one.tick(minutes=5) == {"built": 1, "sent": 1}


def test_an_altered_edition_is_not_sent(tmp_path: Path) -> None:
    one = stage(
        tmp_path, "schedule: {release: 20th, at: 08:00, embargo: 10:00}\n", "2026-11-20T08:01+08:00", recipients=ONE
    )
    one.tick()
    (tmp_path / "data/editions/tourism/riverton/2026-10/en/r1/briefing.pdf").write_bytes(b"altered")
    assert one.tick(hours=3) == {}
    assert "was altered since it was filed" in one.ledger.rows()[0].reason
    assert one.inbox.arrived == []


EMBARGO = "schedule: {release: 20th, at: 08:00, embargo: 10:00}\n"


def test_an_archive_that_is_not_the_ledgers_stops_everything(tmp_path: Path) -> None:
    one = stage(tmp_path, EMBARGO, "2026-11-20T08:01+08:00", recipients=ONE)
    one.tick()
    (tmp_path / "data/editions").rename(tmp_path / "elsewhere")
    with pytest.raises(ScheduleError, match="neither that nor any other edition that it names is in"):
        one.tick(hours=3)
    assert [row.state for row in one.ledger.rows()] == ["built"]
    (tmp_path / "elsewhere").rename(tmp_path / "data/editions")
    assert one.tick() == {"sent": 1}


def test_an_edition_that_is_not_there_waits_for_it(tmp_path: Path) -> None:
    one = stage(tmp_path, EMBARGO, "2026-11-20T08:01+08:00")
    one.tick()
    lost = tmp_path / "data/editions/tourism/riverton/2026-10/en/r1"
    lost.rename(tmp_path / "elsewhere")
    assert set(one.tick(hours=3)) == {"sent"}
    (waiting,) = (row for row in one.ledger.rows() if row.state == "built")
    assert "Machines with one ledger share one `data/`" in waiting.reason
    (tmp_path / "elsewhere").rename(lost)
    assert one.tick(hours=1) == {"sent": 1}


def test_who_lost_the_right_to_it_gets_nothing(tmp_path: Path) -> None:
    one = stage(
        tmp_path, "schedule: {release: 20th, at: 08:00, embargo: 10:00}\n", "2026-11-20T08:01+08:00", recipients=ONE
    )
    one.tick()
    one.ledger.close()
    other = ONE.replace("places: all", "places: hillford")
    again = stage(
        tmp_path, "schedule: {release: 20th, at: 08:00, embargo: 10:00}\n", "2026-11-20T10:01+08:00", recipients=other
    )
    assert again.tick() == {"skipped": 1}
    assert again.ledger.rows()[0].reason == "config/recipients.yaml does not allow it to this reader any more"


def test_an_edit_sends_nothing_again(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=ONE)
    one.tick()
    one.ledger.close()
    more = RECIPIENTS + "  bank: {name: Bank, languages: en, by: shelf, receives: [{themes: tourism, places: all}]}\n"
    again = stage(tmp_path, "schedule: {release: 21st, at: 09:30}\n", "2026-11-21T10:00+08:00", recipients=more)
    assert again.tick() == {}
    assert len(again.inbox.arrived) == 1


def test_cadences_go_to_their_own_readers(tmp_path: Path) -> None:
    readers = """
channels:
  shelf: {kind: folder, path: data/shelf}
recipients:
  ten: {name: Ten days, languages: zh, by: shelf, receives: [{themes: tourism, places: all, cadence: ten-day}]}
  month: {name: Month, languages: zh, by: shelf, receives: [{themes: tourism, places: all, cadence: monthly}]}
"""
    ten_day = "{cadence: ten-day, release: last day, sections: Overnight stays}"
    schedule = f"schedule:\n  - {ten_day}\n  - {{cadence: monthly, release: 20th}}\n"
    one = stage(tmp_path, schedule, "2026-11-20T09:00+08:00", recipients=readers)
    one.tick()
    sent = {(m["to"], m["edition"].split("/")[2]) for m in one.inbox.arrived}
    assert sent == {("ten", "2026-11-T2"), ("month", "2026-10")}
    service = one.desk._services["tourism:ten-day"]
    assert [s.title.en for s in service.settings_for(one.settings).themes["tourism"].sections] == ["Overnight stays"]


def test_a_theme_that_nobody_receives_is_filed(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients="recipients: {}\nchannels: {}\n")
    assert one.tick() == {"planned": 2, "built": 2}
    assert one.tick(days=1) == {}
    assert {row.reason for row in one.ledger.rows()} == {"filed; nobody receives it"}


def test_what_is_due_is_shown(tmp_path: Path) -> None:
    schedule = "schedule: {release: cron 30 8 20 * *, requires: overnight_stays, then: hold, wait_until: 3 days}\n"
    one = stage(tmp_path, schedule, "2026-11-20T09:00+08:00", recipients=ONE)
    shown = [(u.period, u.at, u.state, u.reason) for u in overview(one.settings, one.ledger, one.now)]
    assert shown == [
        ("2026-10", "2026-11-20 08:30 Asia/Shanghai", "due", ""),
        ("2026-11", "2026-12-20 08:30 Asia/Shanghai", "next", "at 08:30 on the 20th"),
    ]
    one.tick()
    first = overview(one.settings, one.ledger, one.now)[0]
    assert (first.state, first.reason) == (
        "planned",
        "waits for Overnight stays, until 2026-11-23 08:30 (Asia/Shanghai); riverton; 1 reader",
    )


def test_pauses_double_and_differ() -> None:
    chance = random.Random(1)
    pauses = [pause(attempt, chance) for attempt in range(1, 12)]
    assert all(timedelta(seconds=30) <= p <= timedelta(minutes=90) for p in pauses)
    assert pauses[5] > pauses[0]
    assert pause(1, chance, asked=7200) == timedelta(hours=2)


@pytest.mark.parametrize("asked", [1e17, float("inf")])
def test_a_server_that_asks_to_wait_for_ever_is_asked_again_after_a_day(asked: float, tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00")
    one.inbox.script = [Receipt("failed", "503", "503", asked)]
    assert one.tick() == {"planned": 2, "built": 2, "failed": 1, "sent": 1}
    assert one.tick(hours=23) == {}
    assert one.tick(hours=1) == {"sent": 1}


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=ONE)
    with one.ledger.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    @sa.event.listens_for(one.ledger.engine, "checkout")
    def full(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    def months() -> None:
        for _ in range(200):
            one.tick(days=20)

    with pytest.raises(LedgerError, match="database or disk is full; nothing was entered"):
        months()
    sa.event.remove(one.ledger.engine, "checkout", full)
    rows = one.ledger.rows()
    assert all(row.state in FINAL | {"planned", "building", "built", "sending"} for row in rows)


def test_a_file_that_is_changed_while_the_daemon_runs(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00", recipients=ONE.replace("themes: tourism", "themes: all"))
    watched, theme = Watched(one.settings, one.said.append), tmp_path / "config/themes/tourism.yaml"
    text = theme.read_text("utf-8")
    theme.write_text(text[: len(text) // 2] + "\n  - [", encoding="utf-8")
    assert watched.current() is one.settings
    assert one.said[0].startswith("The configuration was changed and has mistakes; the last good one is kept:\n")
    assert watched.current() is one.settings
    theme.unlink()
    assert watched.current() is one.settings
    theme.write_text(text.replace("release: 20th", "release: 25th"), encoding="utf-8")
    assert watched.current().themes["tourism"].schedule[0].release.text == "25th"
    assert [line.partition(";")[0].partition(".")[0] for line in one.said] == [
        "The configuration was changed and has mistakes",
        "The file of tourism is gone",
        "The configuration was changed and read again",
    ]


def test_asked_to_stop_it_finishes_the_delivery_and_begins_no_other(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00")
    one.desk.stopping = lambda: bool(one.inbox.deliveries)
    assert one.tick() == {"planned": 2, "built": 2, "sent": 1}
    one.desk.stopping = lambda: False
    assert one.tick(seconds=1) == {"sent": 1}
