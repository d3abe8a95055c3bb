"""The `schedule:` of a theme: what is allowed, and what is complained of, at its line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from briefings.configuration import Document, read
from briefings.periods import Period
from briefings.themes import Theme
from briefings.timetable import Entry, Span, check, check_calendars, releases

HEAD = """theme: credit
title: Credit
places: {each: china}
cadence: monthly
headline: {loans: level}
sections:
  - {title: Loans, show: {loans: level}}
"""


def document(tmp_path: Path, schedule: str) -> Document[Theme]:
    path = tmp_path / "credit.yaml"
    path.write_text(HEAD + schedule, encoding="utf-8")
    return read(path, Theme, root=tmp_path)


def complaints(tmp_path: Path, schedule: str) -> list[str]:
    """The first line of each complaint, without the file's name."""
    found = document(tmp_path, schedule)
    if found.model is not None:
        check(found, found.model.schedule, cadence="monthly", indicators={"loans"}, titles={"Loans"})
    return [str(complaint).partition("\n")[0].partition(":")[2] for complaint in found.complaints]


@pytest.mark.parametrize(
    ("schedule", "told"),
    [
        ("schedule: {release: 20th, at: 08:30, zone: Asia/Shanghai, holidays: CN, requires: loans}", []),
        ("schedule: {release: last day, embargo: 10:00, approval: required, wait_until: 2 days, requires: loans}", []),
        (
            "schedule: {release: 31st}",
            ["8:21: schedule.release: `31st`: 2023-01 would have no release, its window has no such day; "
             "write 'last day'"],
        ),
        (
            "schedule: {release: 30th}",
            ["8:21: schedule.release: `30th`: 2023-01 would have no release, its window has no such day; "
             "write 'last day'"],
        ),
        (
            "schedule: {release: 29 February, cadence: annual}",
            ["8:21: schedule.release: `29 February`: 2024 would have no release, its window has no such day; "
             "write 'last day'"],
        ),
        (
            "schedule: {release: every day}",
            ["8:21: schedule.release: `every day` is for the cadence daily, this one is monthly"],
        ),
        (
            "schedule: {release: 20th, requires: loan, sections: Loan}",
            [
                "8:37: schedule.requires: unknown indicator 'loan'. Did you mean 'loans'?",
                "8:53: schedule.sections: unknown title of a section of this theme 'Loan'. Did you mean 'Loans'?",
            ],
        ),
        (
            "schedule:\n  - {release: 20th}\n  - {release: 25th, cadence: monthly}",
            ["10:30: schedule[1].cadence: the cadence monthly has an entry already; its readers get the same edition: "
             "keep one"],
        ),
        (
            "schedule: {release: 20th, at: 08:30, embargo: 08:00}",
            ["8:47: schedule.embargo: the embargo ends at 08:00, before the release at 08:30; leave it out"],
        ),
        (
            "schedule: {release: cron 0 9 20 * *, at: 08:30}",
            ["8:42: schedule.at: cron brings its own time (09:00); leave `at` out"],
        ),
        (
            "schedule: {release: 20th, wait_until: 2 days, trigger: data}",
            [
                "8:39: schedule.wait_until: nothing is waited for; name indicators under `requires`",
                "8:56: schedule.trigger: no data can trigger it; name indicators under `requires`",
            ],
        ),
        (
            "schedule: {release: 20th, wait_until: Friday}",
            ["8:39: schedule.wait_until: 'Friday' is no stretch of time; write for example '36 hours', '2 days' or "
             "'5 working days'"],
        ),
        (
            "schedule: {release: 20th, at: 8.30}",
            ["8:31: schedule.at: '8.30' is no time of day; write hours and minutes, for example 08:30"],
        ),
        (
            "schedule: {release: 20th, zone: Asia/Shangai}",
            ["8:33: schedule.zone: unknown time zone (IANA name) 'Asia/Shangai'; allowed: Asia/Shanghai, "
             "Asia/Khandyga, Asia/Kashgar, Asia/Dhaka, Asia/Ashgabat ... (599 in all). Did you mean 'Asia/Shanghai'?"],
        ),
        (
            "schedule: {release: 20th, holidays: {country: AU, part: NWS}}",
            ["8:37: schedule.holidays: unknown part of AU with a calendar 'NWS'; allowed: ACT, NSW, NT, QLD, SA, TAS, "
             "VIC, WA, NSW Western. Did you mean 'NSW'?"],
        ),
    ],
)  # fmt: skip
def test_schedules(schedule: str, told: list[str], tmp_path: Path) -> None:
    found = (
        line.replace("; allowed: loans", "").replace("; allowed: Loans", "") for line in complaints(tmp_path, schedule)
    )
    assert list(found) == told


def test_a_calendar_without_the_year_of_the_next_release_is_a_mistake(tmp_path: Path) -> None:
    found = document(tmp_path, "schedule: {release: last working day, holidays: CN}")
    assert found.model is not None
    check_calendars(found, found.model.schedule, cadence="monthly", now=datetime(2026, 6, 1, tzinfo=UTC))
    assert found.complaints == []
    check_calendars(found, found.model.schedule, cadence="monthly", now=datetime(2099, 6, 1, tzinfo=UTC))
    (complaint,) = found.complaints
    assert "8:49: schedule.holidays: the calendar of CN does not have the year 2099" in str(complaint)


@pytest.mark.parametrize(
    ("span", "after"),
    [
        (Span(36, "hours"), "2026-03-30T15:30:00+03:00"),
        (Span(1, "days"), "2026-03-30T02:30:00+03:00"),
        (Span(1, "working days"), "2026-03-30T02:30:00+03:00"),
        (Span(5, "working days"), "2026-04-07T02:30:00+03:00"),  # Easter
    ],
)
def test_spans_keep_the_time_of_the_clock(span: Span, after: str, tmp_path: Path) -> None:
    schedule = "schedule: {release: every day, cadence: daily, at: 02:30, zone: Europe/Helsinki, holidays: FI}"
    found = document(tmp_path, schedule)
    assert found.model is not None
    release = found.model.schedule[0].release_for("daily", "UTC")
    start = release.instant(date(2026, 3, 29), release.at)
    assert span.after(start, release).isoformat() == after


def test_a_period_knows_its_release_and_the_next_one() -> None:
    """The instants of the schedule, whatever day it is; an embargo holds a release back."""
    monthly = Entry.model_validate({"release": "10th", "at": "08:30", "holidays": "CN", "shift": "next working day"})
    told = releases([monthly], Period.parse("2026-01"), cadence="monthly", zone="Asia/Shanghai")
    assert told is not None
    at, following, after = told
    assert at.isoformat() == "2026-02-10T08:30:00+08:00"
    assert (str(following), after and after.isoformat()) == ("2026-02", "2026-03-10T08:30:00+08:00")
    assert releases([monthly], Period.parse("2026-01/2026-10"), cadence="monthly", zone="UTC") is not None
    assert releases([monthly], Period.parse("2026"), cadence="monthly", zone="UTC") is None
    held_back = monthly.model_copy(update={"embargo": time(10)})
    told = releases([held_back], Period.parse("2026-01"), cadence="monthly", zone="Asia/Shanghai")
    assert told is not None
    assert told[0].isoformat() == "2026-02-10T10:00:00+08:00"


def test_a_calendar_that_ends_leaves_the_next_release_open() -> None:
    entry = Entry.model_validate({"release": "3rd working day", "holidays": "CN"})
    last = entry.release_for("annual", "UTC").working.reach[-4:]
    told = releases([entry], Period.parse(str(int(last) - 1)), cadence="annual", zone="Asia/Shanghai")
    assert told is not None
    assert told[2] is None
