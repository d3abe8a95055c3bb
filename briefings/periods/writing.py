"""Periods in words, in English and in Chinese.

In come a period, a language and a style; out goes the phrase that stands in a sentence, on an axis or in a table head.
Which phrase a sentence needs is decided in `narrative`. Ranges are written with "to" in English prose (a number range
is never hyphenated there) and with a dash in Chinese.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Literal

from briefings.errors import PeriodError
from briefings.periods.shapes import Language, Shape

if TYPE_CHECKING:
    from briefings.periods.period import Period

Style = Literal["long", "short", "months"]
Case = Literal["in", "name"]

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ORDINALS = ("first", "second", "third", "fourth")
HAN_DIGITS = "〇一二三四五六七八九"
# The sixth Five-Year Plan began in 1981; since then every plan has run for five calendar years.
FIRST_REGULAR_PLAN, ITS_FIRST_YEAR = 6, 1981


def write(period: Period, language: Language, style: Style, case: Case, *, plan: bool) -> str:
    """See `Period.write`."""
    if language not in ("en", "zh"):
        raise PeriodError(f"{language!r} is no language of this program; write periods in 'en' or 'zh'.")
    if language == "zh":
        return _chinese(period, style, plan=plan)
    preposition, name = _english(period, style, plan=plan)
    return f"{preposition} {name}" if case == "in" else name


def write_range(first: Period, last: Period, language: Language, *, style: Style = "long") -> str:
    """A row of periods, as in the subtitle of a chart: January 2021 to June 2026, 2021年1月—2026年6月.

    Equal ends are written once. Raises `PeriodError` where the last period lies before the first.
    """
    if last < first:
        raise PeriodError(f"{last} lies before {first}; give the earlier period first.")
    if first == last:
        return first.write(language, style)
    same_year = first.start.year == last.end.year
    if language == "zh":
        if first.shape is last.shape is Shape.YEAR:
            return f"{first.year}—{last.year}年"
        if first.shape is last.shape is Shape.MONTH and same_year:
            return f"{first.year}年{first.start.month}—{last.start.month}月"
        pair = first.write(language, style), last.write(language, style)
        # A dash between two dashes cannot be read.
        return ("至" if any("—" in text for text in pair) else "—").join(pair)
    if first.shape is last.shape is Shape.MONTH and same_year:
        return f"{_month(first.start, style)} to {_month(last.start, style)} {last.year}"
    if first.shape not in (Shape.YEAR, Shape.HALF_YEAR, Shape.QUARTER, Shape.MONTH, Shape.DAY):
        style = "short"  # "January to May 2025 to January to June 2026" would be no range at all
    return f"{first.write(language, style)} to {last.write(language, style)}"


def plan_number(period: Period) -> int | None:
    """Which of China's Five-Year Plans the period is, from the sixth (1981-1985) on; None where it is none."""
    plans, offset = divmod(period.start.year - ITS_FIRST_YEAR, 5)
    is_plan = period.shape is Shape.CUMULATED_YEARS and period.end.year - period.start.year == 4
    return FIRST_REGULAR_PLAN + plans if is_plan and offset == 0 and plans >= 0 else None


def han_number(n: int) -> str:
    """A number from 1 to 99 in Chinese numerals: 14 is 十四."""
    tens, ones = divmod(n, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{HAN_DIGITS[tens]}十"
    return ten + (HAN_DIGITS[ones] if ones else "")


def english_ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


# English


def _english(period: Period, style: Style, *, plan: bool) -> tuple[str, str]:
    """Preposition and name."""
    start, end, shape = period.start, period.end, period.shape
    number = plan_number(period) if plan else None
    if number is not None:
        return "in", f"the {english_ordinal(number)} Five-Year Plan period ({start.year}–{end.year})"
    if shape is Shape.CUMULATED_MONTHS or (style == "months" and shape in (Shape.HALF_YEAR, Shape.QUARTER)):
        return _english_months(start, end, style)
    if shape is Shape.TO_DATE and start.year == end.year:
        return "in", f"{start.year} to {end.day} {_month(end, style)}"
    preposition = {Shape.DAY: "on", Shape.TEN_DAYS: "from", Shape.TO_DATE: "from", Shape.CUMULATED_YEARS: "from"}
    return preposition.get(shape, "in"), _ENGLISH[shape](start, end, style)


def _english_part(start: date, months: int, noun: str, style: Style) -> str:
    number = (start.month - 1) // months
    if style == "short":
        return f"{noun[0].upper()}{number + 1} {start.year}"
    return f"the {ORDINALS[number]} {noun} of {start.year}"


def _english_week(start: date, end: date, style: Style) -> str:
    if style == "short":
        return f"week {start.isocalendar().week}, {start.isocalendar().year}"
    return f"the week of {_days(start, end, style)}"


def _english_months(start: date, end: date, style: Style) -> tuple[str, str]:
    if start.year != end.year:
        return "from", f"{_month(start, style)} {start.year}{_to(style)}{_month(end, style)} {end.year}"
    if start.month == end.month:
        return "in", f"{_month(start, style)} {start.year}"
    if (start.month, end.month) == (1, 9) and style == "long":
        return "in", f"the first three quarters of {start.year}"
    return "from", f"{_month(start, style)}{_to(style)}{_month(end, style)} {start.year}"


def _month(day: date, style: Style) -> str:
    name = MONTH_NAMES[day.month - 1]
    return name[:3] if style == "short" else name


def _date(day: date, style: Style) -> str:
    return f"{day.day} {_month(day, style)} {day.year}"


def _days(start: date, end: date, style: Style) -> str:
    """A run of days, saying month and year as seldom as it can: 30 March to 5 April 2026."""
    first = f"{start.day}"
    if start.month != end.month:
        first += f" {_month(start, style)}"
    if start.year != end.year:
        first += f" {start.year}"
    dash = "–" if style == "short" and first.isdigit() else " to "
    return f"{first}{dash}{_date(end, style)}"


def _to(style: Style) -> str:
    return "–" if style == "short" else " to "


_ENGLISH: dict[Shape, Callable[[date, date, Style], str]] = {
    Shape.YEAR: lambda start, end, style: f"{start.year}",
    Shape.HALF_YEAR: lambda start, end, style: _english_part(start, 6, "half", style),
    Shape.QUARTER: lambda start, end, style: _english_part(start, 3, "quarter", style),
    Shape.MONTH: lambda start, end, style: f"{_month(start, style)} {start.year}",
    Shape.TEN_DAYS: _days,
    Shape.WEEK: _english_week,
    Shape.DAY: lambda start, end, style: _date(start, style),
    Shape.TO_DATE: lambda start, end, style: f"{start.year} to {_date(end, style)}",
    Shape.CUMULATED_YEARS: lambda start, end, style: f"{start.year}{_to(style)}{end.year}",
}


# Chinese


def _chinese(period: Period, style: Style, *, plan: bool) -> str:
    start, end, shape = period.start, period.end, period.shape
    number = plan_number(period) if plan else None
    if number is not None:
        return f"“{_plan_name(number)}”时期"
    if shape is Shape.CUMULATED_MONTHS or (style == "months" and shape in (Shape.HALF_YEAR, Shape.QUARTER)):
        return f"{start.year}年{_chinese_months(start, end, style)}"
    if shape is Shape.TO_DATE and start.year != end.year:
        return f"{start.year}年至{end.year}年{end.month}月{end.day}日"
    if shape is Shape.CUMULATED_YEARS:
        return f"{start.year}—{end.year}年"
    return f"{period.year}年{_CHINESE[shape](start, end)}"


_CHINESE: dict[Shape, Callable[[date, date], str]] = {
    Shape.YEAR: lambda start, end: "",
    Shape.HALF_YEAR: lambda start, end: "上半年" if start.month == 1 else "下半年",
    Shape.QUARTER: lambda start, end: f"{HAN_DIGITS[start.month // 3 + 1]}季度",
    Shape.MONTH: lambda start, end: f"{start.month}月",
    Shape.TEN_DAYS: lambda start, end: f"{start.month}月{'上中下'[start.day // 10]}旬",
    Shape.WEEK: lambda start, end: f"第{start.isocalendar().week}周",
    Shape.DAY: lambda start, end: f"{start.month}月{start.day}日",
    Shape.TO_DATE: lambda start, end: f"截至{end.month}月{end.day}日",
}


def _chinese_months(start: date, end: date, style: Style) -> str:
    if start.year != end.year:
        return f"{start.month}月—{end.year}年{end.month}月"
    if start.month == end.month:
        return f"{start.month}月"
    if (start.month, end.month) == (1, 9) and style == "long":
        return "前三季度"
    return f"{start.month}—{end.month}月"


def _plan_name(number: int) -> str:
    """六五 to 九五, 十五, 十一五 ... 十五五: the plan's number and 五 for five years."""
    return f"{han_number(number)}五"
