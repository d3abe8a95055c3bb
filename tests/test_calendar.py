"""When something is due: rules to days, days to instants, each period once."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.calendar import Cadence, Release, WorkingDays, countries, parse_rule
from briefings.calendar.releases import Shift
from briefings.calendar.rules import fits
from briefings.errors import ScheduleError
from briefings.periods import Period

CASES = Path(__file__).parent / "cases" / "releases.txt"
ZONES = {
    "Europe/Helsinki": "FI",
    "America/New_York": "US",
    "America/Havana": "CU",
    "Australia/Lord_Howe": "AU",
    "Asia/Shanghai": "CN",
    "Asia/Kolkata": "IN",
}
RULES = [
    ("daily", "every day", False),
    ("daily", "every working day", False),
    ("weekly", "monday", False),
    ("weekly", "cron 0 8 * * 7", True),
    ("ten-day", "last day", True),
    ("monthly", "3rd working day after 15th", False),
    ("monthly", "last working day", False),
    ("quarterly", "20th", False),
    ("half-yearly", "last working day of 2nd month", False),
    ("annual", "28 February", False),
    ("plan", "20th of March", False),
]


def release(
    cadence: str, rule: str, *, zone: str = "UTC", country: str = "", current: bool = False, shift: Shift = "", at: str
) -> Release:
    return Release(
        Cadence(cadence), parse_rule(rule), time.fromisoformat(at), zone, WorkingDays(country), current, shift
    )


@pytest.mark.parametrize("line", [x for x in CASES.read_text("utf-8").splitlines() if x and x[0] != "#"])
def test_releases(line: str) -> None:
    cadence, rule, of, zone, country, shift, told = (part.strip() for part in line.split("|"))
    period, _, expected = told.partition(" -> ")
    assert shift in ("", "next working day", "previous working day")
    found = release(
        cadence, rule, zone=zone, country=country, current=of == "current", shift=shift or "", at="08:30"
    ).due_at(Period.parse(period))
    assert ("none" if found is None else f"{found:%Y-%m-%d %H:%M}") == expected


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("cron 0 8 * * 1", "at 08:00 on Mondays"),
        ("cron 0 8 * * 0", "at 08:00 on Sundays"),
        ("cron 0 8 * * 7", "at 08:00 on Sundays"),
        ("cron 30 9 * * 1-5", "at 09:30 from Monday to Friday"),
        ("cron 0 8 * * *", "at 08:00 every day"),
        ("cron 0 8 10,20 * *", "at 08:00 on the 10th and 20th"),
        ("cron 0 8 1 * 1", "at 08:00 on the 1st and on Mondays"),
        ("cron 0 8 1 1,7 *", "at 08:00 on the 1st in January and July"),
        ("cron 0 8 * * fri-sun", "at 08:00 on Fridays, Saturdays and Sundays"),
        ("last  day", "last day"),
    ],
)
def test_rules_in_words(rule: str, words: str) -> None:
    assert parse_rule(rule).words() == words


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "soon",
            "'soon' is no release; write for example '20th', 'last day', '3rd working day after 15th', "
            "'last working day', 'monday', '28 February', 'every day', or cron",
        ),
        ("32nd", "'32nd': no month has a 32nd day"),
        ("24th working day", "'24th working day': no month has a 24th working day"),
        ("0 8 * * 1", "'0 8 * * 1' looks like cron; write `cron 0 8 * * 1`"),
        (
            "cron 0 8 * *",
            "cron has five fields (minute, hour, day of the month, month, day of the week), 4 stand here; "
            "for example `cron 0 8 * * 1`",
        ),
        ("cron 0 8 * * 8", "'8' is no day of the week of cron; from 0 to 7 are allowed"),
        ("cron 0 25 * * 1", "'25' is no hour of cron; from 0 to 23 are allowed"),
        ("cron 0 8 5-1 * *", "'5-1' is an empty range of the day of the month of cron"),
        ("day", "'day' does not say which day; write '20th', 'last day' or 'every day'"),
        (
            "3rd working day before 20th",
            "'3rd working day before 20th': write `last working day before 20th` or `3rd working day after 15th`",
        ),
        (
            "3rd day after 15th",
            "'3rd day after 15th': days after a day are working days or weekdays; write the day itself",
        ),
        ("3rd of 13th month", "'3rd of 13th month': the months are counted from 1st to 12th"),
    ],
)
def test_rules_that_are_none(rule: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message) + "$"):
        parse_rule(rule)


@pytest.mark.parametrize(
    ("cadence", "rule", "message"),
    [
        ("monthly", "every day", "`every day` is for the cadence daily, this one is monthly"),
        ("daily", "20th", "a daily release is `every day`, `every working day` or cron, not `20th`"),
        ("weekly", "20th of 2nd month", "`20th of 2nd month` counts in a month, this cadence is weekly"),
        ("monthly", "20th", ""),
    ],
)
def test_rules_and_cadences(cadence: str, rule: str, message: str) -> None:
    assert fits(parse_rule(rule), Cadence(cadence)) == message


def test_chinese_make_up_days_are_worked() -> None:
    china = WorkingDays("CN")
    assert china.is_working(date(2026, 2, 28))  # a Saturday worked for the Spring Festival
    assert not china.is_working(date(2026, 10, 5))
    assert china.next_working(date(2026, 10, 1)) == date(2026, 10, 8)
    assert china.previous_working(date(2026, 10, 3)) == date(2026, 9, 30)


def test_a_calendar_without_the_year_is_an_error() -> None:
    with pytest.raises(ScheduleError) as caught:
        WorkingDays("CN").is_working(date(2099, 1, 4))
    told = WorkingDays("CN").reach
    assert str(caught.value) == (
        f"the calendar of CN does not have the year 2099; it has {told}. Update the package `chinesecalendar`, "
        "or write the days of 2099 under `free:` and `working:`"
    )


def test_days_by_hand_make_a_year_known() -> None:
    by_hand = WorkingDays("CN", free=frozenset({date(2099, 1, 1)}), working=frozenset({date(2099, 1, 3)}))
    assert not by_hand.is_working(date(2099, 1, 1))
    assert by_hand.is_working(date(2099, 1, 3))  # a Saturday
    assert by_hand.is_working(date(2099, 1, 5))


def test_what_is_not_due_yet_asks_nothing_of_next_year() -> None:
    monthly = release("monthly", "last working day", zone="Asia/Shanghai", country="CN", at="08:30")
    last = WorkingDays("CN").reach[-4:]
    found = monthly.between(
        datetime.fromisoformat(f"{last}-11-01T00:00Z"), datetime.fromisoformat(f"{last}-12-20T00:00Z")
    )
    assert [str(due.period) for due in found] == [f"{last}-10"]


def test_all_zones_of_the_simulation_have_a_calendar() -> None:
    assert set(ZONES.values()) <= countries()


@pytest.mark.parametrize(
    ("zone", "at", "day", "instant"),
    [
        ("Europe/Helsinki", "03:30", date(2026, 3, 29), "2026-03-29T04:30:00+03:00"),
        ("America/Havana", "00:00", date(2026, 3, 8), "2026-03-08T01:00:00-04:00"),
        ("Australia/Lord_Howe", "02:15", date(2026, 10, 4), "2026-10-04T02:45:00+11:00"),
        ("Europe/Helsinki", "03:30", date(2026, 10, 25), "2026-10-25T03:30:00+03:00"),
        ("America/New_York", "01:30", date(2026, 11, 1), "2026-11-01T01:30:00-04:00"),
    ],
)
def test_clocks_that_change(zone: str, at: str, day: date, instant: str) -> None:
    daily = release("daily", "every day", zone=zone, at=at)
    assert daily.instant(day, daily.at).isoformat() == instant
    midnight = datetime.combine(day, time(12), tzinfo=UTC)
    found = daily.between(midnight - timedelta(days=3), midnight + timedelta(days=3))
    assert Counter(str(due.period) for due in found).most_common(1)[0][1] == 1
    assert len(found) == 6


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("cadence", "rule", "current"), RULES)
def test_ten_years_each_period_once(cadence: str, rule: str, current: bool, zone: str) -> None:
    """From tick to tick through 2017-2026, ticks of uneven length: every period once, in order."""
    at = {"Europe/Helsinki": "03:30", "America/Havana": "00:00", "America/New_York": "01:30"}.get(zone, "02:15")
    one = release(cadence, rule, zone=zone, country=ZONES[zone], current=current, at=at)
    tick, end, number = datetime(2017, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), 0
    seen: list[Period] = []
    while tick < end:
        after, number = tick, number + 1
        tick = min(after + timedelta(days=40 + number * 7919 % 100, hours=number % 24), end)
        seen += [due.period for due in one.between(after, tick)]
    expected = [period for period in _row(seen[0], seen[-1]) if one.due_at(period) is not None]
    assert seen == expected


@pytest.mark.parametrize(
    ("period", "due", "after"), [("2020-W53", "2021-01-04", "2021-W01"), ("2026-W53", "2027-01-04", "2027-W01")]
)
def test_week_53(period: str, due: str, after: str) -> None:
    monday = release("weekly", "monday", at="08:00")
    assert monday.day(Period.parse(period)) == date.fromisoformat(due)
    assert str(Period.parse(period).step(1)) == after
    begin = datetime.fromisoformat(f"{due}T00:00Z")
    assert [str(each.period) for each in monday.between(begin, begin + timedelta(days=8))] == [period, after]


def _row(first: Period, last: Period) -> list[Period]:
    return [first.step(n) for n in range(last.distance(first) + 1)]


@given(
    rule=st.sampled_from(RULES),
    zone=st.sampled_from(sorted(ZONES)),
    start=st.integers(0, 7300).map(lambda days: datetime(2005, 1, 1, tzinfo=UTC) + timedelta(days=days)),
    hours=st.lists(st.integers(1, 4000), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_ticks_share_the_releases_among_them(
    rule: tuple[str, str, bool], zone: str, start: datetime, hours: list[int]
) -> None:
    """However time is cut into ticks, together they find what one long tick finds."""
    one = release(rule[0], rule[1], zone=zone, country=ZONES[zone], current=rule[2], at="00:30")
    begin = tick = start
    found = []
    for length in hours:
        after, tick = tick, min(tick + timedelta(hours=length), datetime(2026, 6, 1, tzinfo=UTC))
        found += one.between(after, tick)
    assert found == one.between(begin, tick)


@given(st.integers(1, 31), st.sampled_from([*range(1, 13)]))
def test_a_day_of_the_month_is_that_day_or_none(number: int, month: int) -> None:
    one = release("monthly", f"{number}th", at="08:00")
    found = one.day(Period.parse(f"2025-{month:02}"))
    assert found is None or (found.day == number and found > Period.parse(f"2025-{month:02}").end)
