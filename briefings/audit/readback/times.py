"""Periods in a sentence: in January to October 2025, 2025年1—10月, 一季度.

In: a text, a position, the year of the edition. Out: the longest period that begins there, as its first and last day.
A period without a year is one of the edition's own year. What a sentence compares with (a year earlier, 上月) is no
period but a word of the lexicon.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from briefings.audit.readback.model import Span
from briefings.periods import MONTH_NAMES

_MONTH = "|".join(MONTH_NAMES)
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_PLAN = r"the (?P<plan>\d{1,2})(?:st|nd|rd|th) Five-Year Plan period(?: \((?P<plan_from>\d{4})–(?P<plan_to>\d{4})\))?"
_EN_ONE = (
    _PLAN,
    r"the (?P<three>first three quarters)(?: of (?P<year>\d{4}))?",
    r"the (?P<quarter>first|second|third|fourth) quarter(?: of (?P<year>\d{4}))?",
    r"Q(?P<quarter>[1-4]) (?P<year>\d{4})",
    r"the (?P<half>first|second) half(?: of (?P<year>\d{4}))?",
    rf"(?P<day>\d{{1,2}}) (?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?",
    rf"(?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?",
    r"(?P<year>\d{4})",
    r"(?P<day>\d{1,2})(?= to \d{1,2} )",
)
_ZH_YEAR = r"(?:(?P<year>\d{4})年)?"
_ZH_ONE = (
    r"“(?P<plan>[一二三四五六七八九十]+)五”时期",
    _ZH_YEAR + r"(?P<three>前三季度)",
    _ZH_YEAR + r"(?P<quarter>[一二三四])季度",
    _ZH_YEAR + r"(?P<half>[上下])半年",
    _ZH_YEAR + r"(?P<month>\d{1,2})月(?P<third>[上中下])旬",
    _ZH_YEAR + r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
    _ZH_YEAR + r"第(?P<week>\d{1,2})周",
    _ZH_YEAR + r"(?P<month>\d{1,2})月",
    r"(?P<year>\d{4})年",
    _ZH_YEAR + r"(?P<month>\d{1,2})(?=(?:—|至)(?:\d{4}年)?\d{1,2}月)",
    r"(?P<year>\d{4})(?=—\d{4}年)",
)
_PATTERNS = {
    "en": [re.compile(pattern + r"(?![\w,]\d|\w)") for pattern in _EN_ONE],
    "zh": [re.compile(pattern) for pattern in _ZH_ONE],
}
_TO = {"en": re.compile(r"(?: up)? to (?:the week of )?|–"), "zh": re.compile("至|—")}
_TO_DATE = re.compile(r"(?P<year>\d{4})年(?:以来（)?截至(?P<month>\d{1,2})月(?P<day>\d{1,2})日）?")
_WEEK_OF = re.compile("the week of ")
_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
#: The sixth Five-Year Plan began in 1981; every plan since has run for five years.
_SIXTH = 1981


def find(text: str, position: int, language: str, year: int) -> tuple[int, Span] | None:
    """The longest period that begins at a position: where it ends, and what it is."""
    if language == "zh" and (told := _TO_DATE.match(text, position)):
        last = _day(int(told["year"]), int(told["month"]), int(told["day"]))
        return (told.end(), Span(date(int(told["year"]), 1, 1), last)) if last else None
    led = _WEEK_OF.match(text, position) if language == "en" else None
    first = _one(text, led.end() if led else position, language)
    if first is None:
        return None
    end, parts = first
    joint = _TO[language].match(text, end)
    second = _one(text, joint.end(), language) if joint else None
    if second is not None and (span := _range(parts, second[1], year)):
        return second[0], span
    single = None if led or set(parts) == {"day"} else _span(parts, year)
    if single is not None and language == "zh" and text.startswith("末", end):
        return end + 1, replace(single, at_end=True)
    return (end, single) if single is not None else None


def _one(text: str, position: int, language: str) -> tuple[int, dict[str, str]] | None:
    found = [match for pattern in _PATTERNS[language] if (match := pattern.match(text, position))]
    if not found:
        return None
    match = max(found, key=lambda one: one.end())
    return match.end(), {key: value for key, value in match.groupdict().items() if value}


def _range(first: dict[str, str], second: dict[str, str], year: int) -> Span | None:
    """From the one to the other; what the first leaves out it has from the second, in Chinese also the other way."""
    if "year" not in second and "plan" not in second and "year" in first:
        second = {"year": first["year"], **second}
    inherited: dict[str, str] = {key: second[key] for key in ("year", "month") if key in second and key not in first}
    if "month" in first or not {"day"} & set(first):
        inherited.pop("month", None)
    begin, end = _span({**inherited, **first}, year), _span(second, year)
    if begin is None or end is None or end.end < begin.start:
        return None
    return Span(begin.start, end.end, yearless=end.yearless)


def _span(parts: dict[str, str], year: int) -> Span | None:
    if "plan" in parts:
        return _plan(parts)
    yearless = "year" not in parts
    of = int(parts.get("year", year))
    if not 1000 <= of <= 9998:
        return None
    found = _within(parts, of)
    return replace(found, yearless=yearless) if found else None


def _within(parts: dict[str, str], year: int) -> Span | None:
    """A year or a part of it."""
    if "three" in parts:
        return _months(year, 1, 9)
    if word := parts.get("quarter"):
        number = _ORDINAL.get(word) or _HAN.get(word) or int(word)
        return _months(year, 3 * number - 2, 3 * number)
    if word := parts.get("half"):
        return _months(year, 1, 6) if word in ("first", "上") else _months(year, 7, 12)
    if "week" in parts:
        return _week(year, int(parts["week"]))
    return _of_month(parts, year) if "month" in parts else _months(year, 1, 12)


def _of_month(parts: dict[str, str], year: int) -> Span | None:
    """A month, ten days of it or a day."""
    month = int(parts["month"]) if parts["month"].isdigit() else MONTH_NAMES.index(parts["month"]) + 1
    whole = _months(year, month, month)
    if whole is not None and "third" in parts:
        begin = {"上": 1, "中": 11, "下": 21}[parts["third"]]
        return Span(whole.start.replace(day=begin), whole.end if begin == 21 else whole.end.replace(day=begin + 9))
    if "day" in parts:
        day = _day(year, month, int(parts["day"]))
        return Span(day, day) if day else None
    return whole


def _week(year: int, week: int) -> Span | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return Span(monday, monday + timedelta(days=6))


def _plan(parts: dict[str, str]) -> Span | None:
    """A Five-Year Plan by its number, which must agree with the years beside it."""
    word = parts["plan"]
    number = int(word) if word.isdigit() else _han(word)
    start = _SIXTH + 5 * (number - 6)
    years = (int(parts.get("plan_from", start)), int(parts.get("plan_to", start + 4)))
    return Span(date(start, 1, 1), date(start + 4, 12, 31)) if years == (start, start + 4) else None


def _han(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    return (10 * _HAN.get(tens, 1) if ten else 0) + _HAN.get(ones, 0)


def _months(year: int, first: int, last: int) -> Span | None:
    if not 1 <= first <= last <= 12:
        return None
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
