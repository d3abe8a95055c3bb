"""Periods: text pairs (`cases/periods.txt`), and the laws of their arithmetic on random periods."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import AmbiguousPeriodError, PeriodError
from briefings.observations import Observation
from briefings.periods import Frequency, Period, Shape, latest_ended, parse_cell, span, write_range
from briefings.periods.shapes import SHAPE_OF

CASES = Path(__file__).parent / "cases" / "periods.txt"
FREQUENCIES = {str(frequency) for frequency in Frequency}

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
regular = st.builds(Period.of, days, st.sampled_from(Frequency))
cumulated_months = st.builds(
    lambda year, first, length: Period.cumulated(year, first).step(length - 1),
    st.integers(1950, 2100),
    st.just(1),
    st.integers(1, 12),
)
fiscal = st.builds(
    lambda year, first, length: Period.cumulated(year, first, first).step(length),
    st.integers(1950, 2100),
    st.integers(2, 12),
    st.integers(0, 10),
)
cumulated_years = st.builds(
    lambda year, length: Period.parse(f"{year}/{year + length}"), st.integers(1950, 2100), st.integers(1, 10)
)
to_date = days.map(lambda day: Period(date(day.year, 1, 1), day, Shape.TO_DATE))
periods = st.one_of(regular, cumulated_months, fiscal, cumulated_years, to_date)
# 29 February has no twin in most years: stepping a year to date by years, there and back, ends on the 28th.
steppable = periods.filter(lambda p: not (p.shape is Shape.TO_DATE and (p.end.month, p.end.day) == (2, 29)))


def law(test):  # type: ignore[no-untyped-def]
    return settings(max_examples=100, deadline=None)(test)


def pairs() -> list[tuple[str, str]]:
    lines = [line for line in CASES.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(zip(lines[::2], lines[1::2], strict=True))


def answer(command: str, *arguments: str) -> str:
    verb, *options = command.split()
    try:
        if verb == "read":
            means = [Frequency(option) for option in options if option in FREQUENCIES]
            formats = [option for option in options if option not in FREQUENCIES]
            return str(parse_cell(arguments[0], means=(means or [None])[0], format=(formats or [None])[0]))
        if "range" in options:
            ends = (Period.parse(argument) for argument in arguments)
            return write_range(*ends, verb, style="short" if "short" in options else "long")
        style = next((option for option in options if option in ("short", "months")), "long")
        case = "in" if "in" in options else "name"
        return Period.parse(arguments[0]).write(verb, style, case, plan="plan" in options)
    except PeriodError as error:
        return f"error: {error}"


@pytest.mark.parametrize(("question", "expected"), pairs(), ids=[question for question, _ in pairs()])
def test_case(question: str, expected: str) -> None:
    found = answer(*(part.strip() for part in question.split("|")))
    if expected.startswith("error: "):
        assert found[: len(expected)] == expected
    else:
        assert found == expected


# Text


@law
@given(periods)
def test_canonical_text_is_read_back(period: Period) -> None:
    assert Period.parse(str(period)) == period
    assert "/" not in period.folder


@law
@given(periods, st.sampled_from(["en", "zh"]), st.sampled_from(["long", "short"]), st.booleans())
def test_words_are_read_back(period: Period, language: str, style: str, plan: bool) -> None:
    single_month = period.shape is Shape.CUMULATED_MONTHS and period.start.month == period.end.month
    back = parse_cell(period.write(language, style, plan=plan))
    assert (back.start, back.end) == (period.start, period.end)
    assert single_month or back == period  # January alone is called January


@law
@given(periods)
def test_a_cell_may_hold_canonical_text(period: Period) -> None:
    assert parse_cell(str(period)) == period


@law
@given(periods, st.sampled_from(["long", "short", "months"]))
def test_each_language_keeps_to_its_own_letters(period: Period, style: str) -> None:
    assert all(letter.isascii() or letter == "–" for letter in period.write("en", style, plan=True))
    assert not any(letter.isascii() and letter.isalpha() for letter in period.write("zh", style, plan=True))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "25",
            "02025",
            "2025-1",
            "2025-13",
            "2025-00",
            "2025-Q5",
            "2025-H3",
            "2025-10-T4",
            "2025-W00",
            "2025-W53",
        ),
        *("2025-02-29", "2025-10/2025-01", "2025-01/2026-01", "2025/2021", "2025/2025", "2025-05-01/2025-07-03"),
        *(" 2025", "2025-10 ", "２０２５", "2025-q3", "0000"),
    ],
)
def test_only_canonical_text_is_parsed(text: str) -> None:
    with pytest.raises(PeriodError) as complaint:
        Period.parse(text)
    assert str(complaint.value).startswith(f"{text!r} is no period: ")


def test_what_is_no_period_says_what_is() -> None:
    with pytest.raises(PeriodError) as complaint:
        Period.parse("October")
    assert str(complaint.value) == (
        "'October' is no period: write one of: 2025, 2025-H1, 2025-Q3, 2025-10, 2025-10-T1 (the first ten days), "
        "2025-W07, 2025-10-31, 2025-01/2025-10 (cumulated months), 2023-01-01/2023-07-03 (to date), "
        "2021/2025 (cumulated years)."
    )


def test_ends_that_do_not_have_the_shape_are_refused() -> None:
    with pytest.raises(PeriodError, match="2025-10-02 to 2025-10-31 is no month"):
        Period(date(2025, 10, 2), date(2025, 10, 31), Shape.MONTH)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(PeriodError, match="'fr' is no language of this program"):
        Period.parse("2025").write("fr")  # type: ignore[arg-type]


def test_ambiguous_cells_are_told_apart_from_wrong_ones() -> None:
    with pytest.raises(AmbiguousPeriodError):
        parse_cell("01/02/2026")
    with pytest.raises(PeriodError) as complaint:
        parse_cell("1/2/26")
    assert not isinstance(complaint.value, AmbiguousPeriodError)


# Order and steps


@law
@given(periods, periods)
def test_periods_have_one_order(one: Period, other: Period) -> None:
    assert (one < other) + (one == other) + (other < one) == 1
    if one.end < other.end:
        assert one < other


def test_order_is_by_end_then_start_then_shape() -> None:
    texts = ["2025-09-30", "2025-Q3", "2025-01/2025-09", "2025-10-01", "2025-10", "2025-12", "2025"]
    ordered = sorted(map(Period.parse, texts))
    assert list(map(str, ordered)) == [
        *("2025-01/2025-09", "2025-Q3", "2025-09-30", "2025-10-01", "2025-10", "2025", "2025-12")
    ]


@law
@given(steppable, st.integers(-30, 30))
def test_steps_lead_there_and_back(period: Period, n: int) -> None:
    there = period.step(n)
    assert there.step(-n) == period
    assert there.shape is period.shape
    assert there.distance(period) == n
    assert (n > 0) == (there > period)


@law
@given(regular)
def test_regular_periods_follow_without_gap_or_overlap(period: Period) -> None:
    assert period.step().start == period.end + timedelta(days=1)
    assert period.step(-1).end == period.start - timedelta(days=1)


@law
@given(st.integers(1950, 2100), st.integers(2, 12), st.integers(-30, 30))
def test_without_a_separate_january_a_year_has_eleven_releases(year: int, month: int, n: int) -> None:
    period = Period.cumulated(year, month)
    there = period.step(n, january_apart=False)
    assert there.end.month >= 2
    assert there.step(-n, january_apart=False) == period
    assert there.distance(period, january_apart=False) == n
    assert period.step(11, january_apart=False) == period.year_earlier(-1)


def test_cumulated_months_begin_anew_after_their_year() -> None:
    december = Period.parse("2025-01/2025-12")
    assert str(december.step()) == "2026-01/2026-01"
    assert str(december.step(january_apart=False)) == "2026-01/2026-02"
    assert str(Period.parse("2025-02/2025-12").step()) == "2026-02/2026-02"
    assert str(Period.parse("2024-04/2025-03").step()) == "2025-04/2025-04"
    with pytest.raises(PeriodError, match="January alone"):
        Period.parse("2025-01/2025-01").step(january_apart=False)


def test_plan_periods_step_by_their_length_and_move_by_years() -> None:
    plan = Period.parse("2021/2025")
    assert str(plan.step(-1)) == "2016/2020"
    assert str(plan.year_earlier()) == "2020/2024"


@pytest.mark.parametrize(
    ("one", "other"),
    [("2025-10", "2025-01/2025-10"), ("2025-01/2025-10", "2025-02/2025-10"), ("2021/2025", "2020/2024")],
)
def test_there_is_no_distance_between_unlike_periods(one: str, other: str) -> None:
    with pytest.raises(PeriodError, match="are not steps of one series"):
        Period.parse(one).distance(Period.parse(other))


def test_the_calendar_has_an_end() -> None:
    for text, n in (("9999", 1), ("0001-01-01", -1), ("9999-12", 1), ("0001", -1), ("9999-W52", 1)):
        with pytest.raises(PeriodError):
            Period.parse(text).step(n)


# A year earlier


@law
@given(periods, st.integers(1, 5))
def test_a_year_earlier_and_back(period: Period, years: int) -> None:
    earlier = period.year_earlier(years)
    assert earlier.shape is period.shape
    assert earlier.year == period.year - years
    irregular = str(period).endswith("-W53") or (period.end.month, period.end.day) == (2, 29)
    if not irregular:
        assert earlier.year_earlier(-years) == period


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        ("2025-10", "2024-10"),
        ("2025-Q3", "2024-Q3"),
        ("2025-01/2025-10", "2024-01/2024-10"),
        ("2025-01/2025-02", "2024-01/2024-02"),
        ("2024-02", "2023-02"),
        ("2024-02-T3", "2023-02-T3"),
        ("2024-02-29", "2023-02-28"),
        ("2020-W53", "2019-W52"),
        ("2021-W52", "2020-W52"),
        ("2023-01-01/2023-07-03", "2022-01-01/2022-07-03"),
        ("2024-01-01/2024-02-29", "2023-01-01/2023-02-28"),
        ("2024-04/2025-03", "2023-04/2024-03"),
    ],
)
def test_the_same_period_of_the_year_before(period: str, earlier: str) -> None:
    assert str(Period.parse(period).year_earlier()) == earlier


# Alignment


@law
@given(days, st.sampled_from(Frequency))
def test_every_day_lies_in_one_period_of_each_frequency(day: date, frequency: Frequency) -> None:
    period = Period.of(day, frequency)
    assert period.start <= day <= period.end
    assert period.frequency is frequency
    assert Period.of(period.start, frequency) == Period.of(period.end, frequency) == period


@law
@given(days)
def test_longer_periods_are_made_of_whole_shorter_ones(day: date) -> None:
    nested = [Frequency.ANNUAL, Frequency.HALF_YEARLY, Frequency.QUARTERLY, Frequency.MONTHLY, Frequency.TEN_DAY]
    for longer, shorter in pairwise(nested):
        whole = Period.of(day, longer)
        parts = span(Period.of(whole.start, shorter), Period.of(whole.end, shorter))
        assert (parts[0].start, parts[-1].end) == (whole.start, whole.end)
        assert all(whole.contains(part) and not part.contains(whole) for part in parts)


def test_cumulated_months_are_monthly_and_runs_of_years_have_no_frequency() -> None:
    assert Period.parse("2025-01/2025-10").frequency is Frequency.MONTHLY
    assert Period.parse("2021/2025").frequency is None
    assert set(SHAPE_OF) == set(Frequency)


@law
@given(days, st.sampled_from(Frequency))
def test_the_latest_ended_period_is_over_and_the_next_is_not(today: date, frequency: Frequency) -> None:
    latest = latest_ended(frequency, today)
    assert latest.end < today <= latest.step().end


def test_a_span_holds_both_its_ends() -> None:
    months = span(Period.parse("2025-11"), Period.parse("2026-02"))
    assert list(map(str, months)) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    releases = span(Period.parse("2025-01/2025-11"), Period.parse("2026-01/2026-03"), january_apart=False)
    assert list(map(str, releases)) == ["2025-01/2025-11", "2025-01/2025-12", "2026-01/2026-02", "2026-01/2026-03"]
    with pytest.raises(PeriodError, match="2025-10 lies before 2025-11"):
        span(Period.parse("2025-11"), Period.parse("2025-10"))


# To date


@pytest.mark.parametrize(
    ("period", "published", "to_date"),
    [
        ("2023", date(2023, 7, 3), True),
        ("2023", date(2023, 11, 30), True),
        ("2023", date(2023, 12, 1), False),  # what is told in December is about the year
        ("2023", date(2023, 12, 31), False),
        ("2023", date(2024, 1, 20), False),
        ("2023", date(2022, 12, 27), False),  # a year that has not begun is no year to date
        ("2021/2025", date(2023, 7, 3), True),
        ("2023-H1", date(2023, 6, 20), False),
    ],
)
def test_a_year_is_to_date_while_it_lasts(period: str, published: date, to_date: bool) -> None:
    assert Period.parse(period).is_to_date(published) is to_date


@pytest.mark.parametrize(
    ("period", "published", "standing"),
    [
        ("2018", date(2018, 11, 30), "actual"),  # to date
        ("2018", date(2018, 12, 27), "estimate"),
        ("2018", date(2018, 12, 31), "actual"),
        ("2018", date(2019, 1, 7), "preliminary"),
        ("2018", date(2019, 1, 15), "preliminary"),
        ("2018", date(2019, 1, 16), "actual"),
        ("2021/2025", date(2025, 12, 20), "estimate"),
        ("2021/2025", date(2026, 1, 7), "preliminary"),
        ("2025-12", date(2026, 1, 7), "actual"),
        ("2025-12-31", date(2026, 1, 7), "actual"),
    ],
)
def test_how_an_actual_stands_by_the_day_it_was_told(period: str, published: date, standing: str) -> None:
    row = Observation("wuhai", "gdp", Period.parse(period), 1.0, "CNY", "report", published, "", "")
    assert row.standing == standing
    assert not row.is_to_date or standing == "actual"
    for status, target in (("estimate", False), ("final", False), ("target", True)):
        other = replace(row, status=status, target=target)
        assert (other.standing, other.is_to_date) == (status, False)


def test_a_year_cut_off_at_a_day() -> None:
    assert str(Period.parse("2023").until(date(2023, 7, 3))) == "2023-01-01/2023-07-03"


@pytest.mark.parametrize(
    ("text", "year"), [("2025-W01", 2025), ("2021/2025", 2025), ("2024-04/2025-03", 2025), ("2025-10-31", 2025)]
)
def test_the_year_of_a_period(text: str, year: int) -> None:
    assert Period.parse(text).year == year


def test_periods_travel_between_processes() -> None:
    period = Period.parse("2025-01/2025-10")
    assert pickle.loads(pickle.dumps(period)) == period
