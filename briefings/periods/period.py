"""A period as a value: parse, order, step, the year before.

In comes canonical text or a day; out goes a `Period`. Cells of tables are read next door in `cells`, sentences are made
in `writing`. Nothing here knows today's date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache, total_ordering

from briefings.errors import PeriodError
from briefings.periods.shapes import FREQUENCY_OF, MONTHS_IN, SHAPE_OF, Frequency, Language, Shape
from briefings.periods.writing import Case, Style, write

CANONICAL = (
    "2025, 2025-H1, 2025-Q3, 2025-10, 2025-10-T1 (the first ten days), 2025-W07, 2025-10-31, "
    "2025-01/2025-10 (cumulated months), 2023-01-01/2023-07-03 (to date), 2021/2025 (cumulated years)"
)
_SHAPES = {shape: place for place, shape in enumerate(Shape)}
#: Figures of a year that come out so soon after it are preliminary: its accounts are not closed.
EARLY_JANUARY = timedelta(days=15)


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time with a shape; both ends are days that belong to it.

    Periods are ordered by their end, then by their start, then by shape. `str(period)` is the canonical text and
    `Period.parse` its inverse. A stock at a date is a day. A ten-day period (旬) runs from the 1st to the 10th,
    the 11th to the 20th, or the 21st to the end of its month. Weeks are ISO weeks. Cumulated months are at
    most twelve and begin anew with the calendar year, save those that start later than February: a fiscal year's.
    Raises `PeriodError` where start and end do not have the shape.
    """

    start: date
    end: date
    shape: Shape

    def __post_init__(self) -> None:
        if not _fits(self.start, self.end, self.shape):
            raise PeriodError(f"{self.start} to {self.end} is no {self.shape}. Write a period as one of: {CANONICAL}.")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read canonical text, nothing else; cells of tables are for `parse_cell`. Raises `PeriodError`."""
        return _parse(text)

    @classmethod
    def of(cls, day: date, frequency: Frequency) -> Period:
        """The period of this frequency that holds the day."""
        shape = SHAPE_OF[frequency]
        return _nth(shape, _index(day, shape))

    @classmethod
    def cumulated(cls, year: int, month: int, first: int = 1) -> Period:
        """The months of a year from `first` to `month`, both included: 1—10月 is `cumulated(2025, 10)`."""
        return cls(_day(year, first, 1), _month_end(_month_number(year, month)), Shape.CUMULATED_MONTHS)

    def __str__(self) -> str:
        return _text(self)

    def __lt__(self, other: object) -> bool:
        return self.place_in_time < other.place_in_time if isinstance(other, Period) else NotImplemented

    @property
    def place_in_time(self) -> tuple[date, date, int]:
        """By what periods are ordered; many are sorted faster by this."""
        return self.end, self.start, _SHAPES[self.shape]

    @property
    def folder(self) -> str:
        """The canonical text as the name of a folder."""
        return str(self).replace("/", "_")

    @property
    def frequency(self) -> Frequency | None:
        """How often such periods are released; None for a year to date and for cumulated years."""
        return FREQUENCY_OF.get(self.shape)

    @property
    def year(self) -> int:
        """The calendar year that the period ends in; the ISO year of a week."""
        return self.end.isocalendar().year if self.shape is Shape.WEEK else self.end.year

    def step(self, n: int = 1, *, january_apart: bool = True) -> Period:
        """The n-th next period of the same shape, or the n-th before where n is negative.

        Cumulated months start anew after their year: 2025-01/2025-12 is followed by 2026-01/2026-01, or by
        2026-01/2026-02 where `january_apart` is False because January has no release of its own (as in much of China's
        statistics). Cumulated years step by their length (the next plan period), a year to date by whole years.
        """
        if self.shape is Shape.CUMULATED_MONTHS:
            place, releases = self._release(january_apart)
            turn, position = divmod(place + n, releases)
            start = _month_number(self.start.year, self.start.month) + 12 * turn
            length = position + (2 if self.start.month == 1 and not january_apart else 1)
            return Period(_month_start(start), _month_end(start + length - 1), self.shape)
        if self.shape is Shape.CUMULATED_YEARS:
            return self.year_earlier(-n * (self.end.year - self.start.year + 1))
        if self.shape is Shape.TO_DATE:
            return self.year_earlier(-n)
        return _nth(self.shape, _index(self.start, self.shape) + n)

    def _release(self, january_apart: bool) -> tuple[int, int]:
        """Of cumulated months: which release of its year this is (from 0), and how many a year has."""
        length = _month_number(self.end.year, self.end.month) - _month_number(self.start.year, self.start.month)
        if self.start.month == 1 and not january_apart:
            if length == 0:
                raise PeriodError(f"{self} is January alone, and here January has no release of its own.")
            return length - 1, 11
        return length, 11 if self.start.month == 2 else 12

    def year_earlier(self, years: int = 1) -> Period:
        """The same period `years` before.

        29 February becomes the 28th, and week 53 becomes week 52 where the earlier year has no week 53.
        Cumulated years move by single years: 2021/2025 becomes 2020/2024; the plan period before it is `step(-1)`.
        """
        if self.shape is Shape.WEEK:
            week = self.start.isocalendar()
            return _week(week.year - years, min(week.week, _weeks_in(week.year - years)))
        if self.shape in (Shape.DAY, Shape.TO_DATE):
            return Period(_years_before(self.start, years), _years_before(self.end, years), self.shape)
        start = _day(self.start.year - years, self.start.month, self.start.day)
        if self.shape is Shape.TEN_DAYS or self.shape in MONTHS_IN:
            return _nth(self.shape, _index(start, self.shape))
        return Period(start, _month_end(_month_number(self.end.year - years, self.end.month)), self.shape)

    def distance(self, other: Period, *, january_apart: bool = True) -> int:
        """How many steps lead from `other` to this period; negative where this one is the earlier.

        Raises `PeriodError` (a ValueError) where no number of steps does: the shapes or the lengths differ.
        """
        if self.shape is other.shape:
            if self.shape is Shape.CUMULATED_MONTHS:
                years = self.start.year - other.start.year
                (here, releases), (there, _) = self._release(january_apart), other._release(january_apart)
                steps = years * releases + here - there
            elif self.shape is Shape.CUMULATED_YEARS:
                steps = (self.end.year - other.end.year) // (other.end.year - other.start.year + 1)
            elif self.shape is Shape.TO_DATE:
                steps = self.year - other.year
            else:
                return _index(self.start, self.shape) - _index(other.start, self.shape)
            if other.step(steps, january_apart=january_apart) == self:
                return steps
        raise PeriodError(f"{other} ({other.shape}) and {self} ({self.shape}) are not steps of one series.")

    @property
    def months_so_far(self) -> Period | None:
        """The months of a year up to the end of a month, a quarter, a half-year or the year: January to September of
        September, and of the third quarter. None for periods that are not made of months."""
        made_of_months = self.shape in MONTHS_IN
        return Period.cumulated(self.end.year, self.end.month) if made_of_months else None

    def contains(self, other: Period) -> bool:
        """Whether every day of the other period is a day of this one."""
        return self.start <= other.start and other.end <= self.end

    def is_to_date(self, published: date) -> bool:
        """Whether a figure for this year or run of years, published on this day, covers only the days so far.

        What is told in its last December is about the whole of it: see `is_ending`.
        """
        return self._is_years and self.start <= published < self.end.replace(day=1)

    def is_ending(self, published: date) -> bool:
        """Whether a figure for this year or run of years was published in its last December: it is an estimate."""
        return self._is_years and self.end.replace(day=1) <= published < self.end

    def is_just_over(self, published: date) -> bool:
        """Whether a figure for this year or run of years was published in early January after it: a preliminary one."""
        return self._is_years and self.end < published <= self.end + EARLY_JANUARY

    @property
    def _is_years(self) -> bool:
        return self.shape in (Shape.YEAR, Shape.CUMULATED_YEARS)

    def until(self, day: date) -> Period:
        """This year, or run of years, to date: from its first day to the given one."""
        return Period(self.start, day, Shape.TO_DATE)

    def write(self, language: Language, style: Style = "long", case: Case = "name", *, plan: bool = False) -> str:
        """The period in words.

        `style`: "long" for prose (the third quarter of 2025, 2025年三季度), "months" the same with quarters and
        half-years as months (July to September 2025), "short" for axes and table heads (Q3 2025).
        `case`: "in" puts the English preposition before it (in October 2025, on 31 October 2025, from January to
        October 2025); Chinese has none. `plan`: call 2021/2025 the 14th Five-Year Plan period, “十四五”时期.
        """
        return write(self, language, style, case, plan=plan)


def latest_ended(frequency: Frequency, today: date) -> Period:
    """The latest period of this frequency that was over when the day began."""
    return Period.of(today, frequency).step(-1)


def span(first: Period, last: Period, *, january_apart: bool = True) -> list[Period]:
    """All periods from the first to the last, both included. Raises `PeriodError` where no steps lead there."""
    steps = last.distance(first, january_apart=january_apart)
    if steps < 0:
        raise PeriodError(f"{last} lies before {first}; give the earlier period first.")
    return [first.step(n, january_apart=january_apart) for n in range(steps + 1)]


# Days and months, counted. Every period of a regular shape has a number: its place in the row of all such periods.


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise PeriodError(f"{year}-{month:02}-{day:02} is no day: {error}.") from None


def _month_number(year: int, month: int) -> int:
    if not 1 <= month <= 12:
        raise PeriodError(f"{year:04}-{month:02} is no month: months run from 01 to 12.")
    return year * 12 + month - 1


def _month_start(number: int) -> date:
    return _day(number // 12, number % 12 + 1, 1)


def _month_end(number: int) -> date:
    if number == 9999 * 12 + 11:
        return date.max
    return _month_start(number + 1) - timedelta(days=1)


def _index(day: date, shape: Shape) -> int:
    """The number of the period of a regular shape that holds the day."""
    if shape is Shape.DAY:
        return day.toordinal()
    if shape is Shape.WEEK:  # 0001-01-01 was a Monday
        return (day.toordinal() - 1) // 7
    month = _month_number(day.year, day.month)
    if shape is Shape.TEN_DAYS:
        return month * 3 + min((day.day - 1) // 10, 2)
    return month // MONTHS_IN[shape]


def _bounds(shape: Shape, index: int) -> tuple[date, date]:
    """First and last day of the period with this number."""
    if shape in (Shape.DAY, Shape.WEEK):
        first, last = (index, index) if shape is Shape.DAY else (index * 7 + 1, index * 7 + 7)
        if first < 1 or last > date.max.toordinal():
            raise PeriodError("The calendar of this program runs from the year 1 to the year 9999.")
        return date.fromordinal(first), date.fromordinal(last)
    if shape is Shape.TEN_DAYS:
        month, third = divmod(index, 3)
        start = _month_start(month) + timedelta(days=10 * third)
        return start, (start + timedelta(days=9) if third < 2 else _month_end(month))
    months = MONTHS_IN[shape]
    return _month_start(index * months), _month_end(index * months + months - 1)


@lru_cache(maxsize=8192)
def _nth(shape: Shape, index: int) -> Period:
    return Period(*_bounds(shape, index), shape)


def _fits(start: date, end: date, shape: Shape) -> bool:
    if start > end:
        return False
    starts_year = (start.month, start.day) == (1, 1)
    if shape is Shape.TO_DATE:
        return starts_year
    if shape is Shape.CUMULATED_YEARS:
        return starts_year and (end.month, end.day) == (12, 31) and start.year < end.year
    if shape is Shape.CUMULATED_MONTHS:
        last = _month_number(end.year, end.month)
        fiscal = start.month > 2 and last - _month_number(start.year, start.month) < 12
        return start.day == 1 and end == _month_end(last) and (start.year == end.year or fiscal)
    return (start, end) == _bounds(shape, _index(start, shape))


def _weeks_in(year: int) -> int:
    return _day(year, 12, 28).isocalendar().week


def _week(year: int, week: int) -> Period:
    weeks = _weeks_in(year)
    if not 1 <= week <= weeks:
        raise PeriodError(f"{year:04}-W{week:02} is no week: {year} has the weeks 01 to {weeks}.")
    return _nth(Shape.WEEK, _index(date.fromisocalendar(year, week, 1), Shape.WEEK))


def _years_before(day: date, years: int) -> date:
    last = _month_end(_month_number(day.year - years, day.month))
    return last.replace(day=min(day.day, last.day))


# Canonical text, both ways.


def _part_text(letter: str) -> Callable[[Period], str]:
    def text(period: Period) -> str:
        part = (period.start.month - 1) // MONTHS_IN[period.shape] + 1
        return f"{period.start.year:04}-{letter}{part}"

    return text


def _month_text(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


_TEXT: dict[Shape, Callable[[Period], str]] = {
    Shape.YEAR: lambda p: f"{p.start.year:04}",
    Shape.HALF_YEAR: _part_text("H"),
    Shape.QUARTER: _part_text("Q"),
    Shape.MONTH: lambda p: _month_text(p.start),
    Shape.TEN_DAYS: lambda p: f"{_month_text(p.start)}-T{p.start.day // 10 + 1}",
    Shape.WEEK: lambda p: f"{p.year:04}-W{p.start.isocalendar().week:02}",
    Shape.DAY: lambda p: p.start.isoformat(),
    Shape.CUMULATED_MONTHS: lambda p: f"{_month_text(p.start)}/{_month_text(p.end)}",
    Shape.TO_DATE: lambda p: f"{p.start.isoformat()}/{p.end.isoformat()}",
    Shape.CUMULATED_YEARS: lambda p: f"{p.start.year:04}/{p.end.year:04}",
}


@lru_cache(maxsize=8192)
def _text(period: Period) -> str:
    return _TEXT[period.shape](period)


def _year(year: int) -> Period:
    return _nth(Shape.YEAR, _index(_day(year, 1, 1), Shape.YEAR))


def _part(shape: Shape) -> Callable[..., Period]:
    def make(year: int, part: int) -> Period:
        return _nth(shape, _month_number(year, (part - 1) * MONTHS_IN[shape] + 1) // MONTHS_IN[shape])

    return make


def _ten_days(year: int, month: int, third: int) -> Period:
    return _nth(Shape.TEN_DAYS, _month_number(year, month) * 3 + third - 1)


def _single_day(year: int, month: int, day: int) -> Period:
    return _nth(Shape.DAY, _day(year, month, day).toordinal())


def _months(year: int, month: int, last_year: int, last_month: int) -> Period:
    last = _month_end(_month_number(last_year, last_month))
    return Period(_day(year, month, 1), last, Shape.CUMULATED_MONTHS)


def _to_date(year: int, last_year: int, last_month: int, last_day: int) -> Period:
    return Period(_day(year, 1, 1), _day(last_year, last_month, last_day), Shape.TO_DATE)


def _years(year: int, last_year: int) -> Period:
    return Period(_day(year, 1, 1), _day(last_year, 12, 31), Shape.CUMULATED_YEARS)


_Y, _M, _D = "([0-9]{4})", "([0-9]{2})", "([0-9]{2})"
_FORMS: list[tuple[re.Pattern[str], Callable[..., Period]]] = [
    (re.compile(pattern), make)
    for pattern, make in (
        (_Y, _year),
        (f"{_Y}-H([12])", _part(Shape.HALF_YEAR)),
        (f"{_Y}-Q([1-4])", _part(Shape.QUARTER)),
        (f"{_Y}-{_M}", _part(Shape.MONTH)),
        (f"{_Y}-{_M}-T([1-3])", _ten_days),
        (f"{_Y}-W([0-9]{{2}})", _week),
        (f"{_Y}-{_M}-{_D}", _single_day),
        (f"{_Y}-{_M}/{_Y}-{_M}", _months),
        (f"{_Y}-01-01/{_Y}-{_M}-{_D}", _to_date),
        (f"{_Y}/{_Y}", _years),
    )
]


def build(text: str) -> Period:
    """The period of a canonical text. Raises `PeriodError` with the bare reason, which the caller puts into words."""
    for pattern, make in _FORMS:
        if found := pattern.fullmatch(text):
            return make(*map(int, found.groups()))
    raise PeriodError(f"write one of: {CANONICAL}.")


@lru_cache(maxsize=8192)
def _parse(text: str) -> Period:
    try:
        return build(text)
    except PeriodError as error:
        raise PeriodError(f"{text!r} is no period: {error}") from None
