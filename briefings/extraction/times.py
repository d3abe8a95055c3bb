"""Time expressions in a text: where they stand, and which period they name once the year in question is known.

In comes a sentence; out go `TimeMention`s; `resolve` turns one into a `Period`, given the years that words such as
this year or the first half refer to. Which figure a time belongs to is decided in `scopes`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce

from briefings.errors import PeriodError, QuantityError
from briefings.extraction.lexicon import Lexicon, lexicon
from briefings.periods import Language, Period, Shape
from briefings.periods.writing import FIRST_REGULAR_PLAN, ITS_FIRST_YEAR
from briefings.quantities.reading import han_number


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression text[start:end].

    form      which form of the lexicon it has
    parts     the named parts that were read
    compared  it is what a figure is compared with (比2015年末), not when it was true
    preposition  what it begins with, where that is part of it (from January to April)
    """

    start: int
    end: int
    form: str
    parts: tuple[tuple[str, str], ...]
    compared: bool = False
    preposition: str = ""

    @property
    def leads(self) -> str:
        """What may stand for the preposition before it: one that is part of it (`from January to April`), or `in ` for
        years that need none (`next year`)."""
        relative = self.form == "year_ago" or any(name == "rel" for name, _ in self.parts)
        return "in " if relative else self.preposition

    @property
    def names_year(self) -> bool:
        """Whether it says its year itself, in digits or as a plan."""
        return any(name in ("year", "plan", "plan2", "plan3") for name, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Clock:
    """The years that relative words refer to.

    this_year  of 今年, this year
    scope      of 全年, the whole year
    months     of months without a year
    recent     the last part of a year that the text named, of 当月 and 去年同期
    """

    this_year: int
    scope: Period
    months: int
    published: date | None = None
    recent: Period | None = None


@lru_cache(maxsize=2)
def _forms(language: Language) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """All forms as one pattern; each form's groups carry its name, for a name may stand once in a pattern."""
    words = lexicon(language)
    year, month = words.text("time", "year"), words.text("time", "month")
    pieces = {
        "{year}": year,
        "{month}": month,
        "{yearx}": year.replace("?P<year>", "?:").replace("?P<rel>", "?:"),
        "{month2}": month.replace("<month>", "<month2>"),
    }
    parts, groups = [], {}
    for form, written in words.table("time", "forms").items():
        pattern = reduce(lambda text, piece: text.replace(*piece), pieces.items(), str(written))
        groups[form] = tuple(re.findall(r"\(\?P<(\w+)>", pattern))
        named = re.sub(r"\(\?P<(\w+)>", rf"(?P<{form}__\1>", pattern)
        parts.append(f"(?P<{form}>{named})")
    return re.compile("|".join(parts), re.IGNORECASE if language == "en" else 0), groups


@lru_cache(maxsize=2)
def _surroundings(language: Language) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """What says that a time is compared with, that a run of times begins; the prepositions of times."""
    words = lexicon(language)
    patterns = (words.text("time", "compared"), words.text("run_from"), words.text("prepositions") + " ")
    compared, run_from, leads = (re.compile(pattern, re.IGNORECASE) for pattern in patterns)
    return compared, run_from, leads


_RUNS = ("years", "months")


def find(plain: str, start: int, end: int, words: Lexicon) -> list[TimeMention]:
    """The time expressions between two offsets."""
    pattern, groups = _forms(words.language)
    compared, run_from, leads = _surroundings(words.language)
    found = []
    for match in pattern.finditer(plain, start, end):
        form = match.lastgroup if match.lastgroup in groups else None
        if form is None:
            form = next(name for name in groups if match[name] is not None)
        if match.start() > start and plain[match.start() - 1].isdigit() and match.group()[0].isdigit():
            continue
        parts = tuple((name, match[f"{form}__{name}"]) for name in groups[form] if match[f"{form}__{name}"])
        left = plain[max(start, match.start() - 24) : match.start()]
        if form in _RUNS and run_from.search(left):
            left = ""  # from 2018 to 2022 compares nothing
        first = leads.match(match.group())
        preposition = first.group() if first else ""
        found.append(TimeMention(match.start(), match.end(), form, parts, bool(compared.search(left)), preposition))
    return found


def resolve(mention: TimeMention, clock: Clock, words: Lexicon) -> Period | None:
    """The period that a time expression names; None where it names none (a thirteenth month, a plan before 1981)."""
    parts = dict(mention.parts)
    try:
        year = _year(parts, clock, words)
        return _BUILDERS[mention.form.rstrip("0123456789")](parts, year, clock, words)
    except (PeriodError, QuantityError, KeyError, ValueError):
        return None


def _year(parts: dict[str, str], clock: Clock, words: Lexicon) -> int | None:
    if "year" in parts:
        return int(parts["year"])
    if "rel" in parts:
        key = re.sub(r"\s+", " ", parts["rel"].lower())
        if key in (of_scope := words.table("time", "of_scope")):
            return clock.scope.end.year + int(of_scope[key])
        return clock.this_year + int(words.table("time", "relative")[key])
    return None


def small_number(text: str, words: Lexicon) -> int:
    """A number of a few units, in digits, numerals or words. Raises `QuantityError`, `KeyError`."""
    if text.isdecimal():
        return int(text)
    if words.language == "zh":
        return int(han_number(text))
    return int(words.table("numbers")[text.lower()])


def _month(text: str, words: Lexicon) -> int:
    if text.isdecimal():
        return int(text)
    names = words.words("time", "months")
    return next(number for number, name in enumerate(names, 1) if text.lower().startswith(name))


def _build_years(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return Period.parse(f"{int(parts['year']):04}/{int(parts['year2']):04}")


def _build_since(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return years_period(int(parts["year"]), clock.scope.end.year)


def year_period(year: int) -> Period:
    """The period of a calendar year; years that a date cannot have become the nearest that it can."""
    return Period.parse(f"{min(max(year, 1), 9999):04}")


def years_period(first: int, last: int) -> Period:
    """Cumulated years, or one year where both are the same (or in the wrong order)."""
    return Period.parse(f"{first:04}/{last:04}") if 0 < first < last <= 9999 else year_period(last)


def plan(number: int) -> Period:
    """China's Five-Year Plan of this number. Raises `PeriodError` for those before the sixth."""
    if not FIRST_REGULAR_PLAN <= number <= 40:
        raise PeriodError(f"{number} is no plan of five calendar years.")
    first = ITS_FIRST_YEAR + 5 * (number - FIRST_REGULAR_PLAN)
    return Period.parse(f"{first}/{first + 4}")


def _plan_of(parts: dict[str, str], words: Lexicon) -> Period:
    return plan(small_number(next(parts[name] for name in ("plan", "plan2", "plan3") if name in parts), words))


def _build_plan(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return _plan_of(parts, words)


def _build_plan_end(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return year_period(_plan_of(parts, words).end.year)


def _build_past_years(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    last = clock.scope.end.year
    return years_period(last - small_number(parts["past"], words) + 1, last)


def _build_next_years(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return years_period(clock.this_year, clock.this_year + small_number(parts["next"], words) - 1)


def _build_this_one(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return year_period(clock.scope.end.year)


def _build_months(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    first, last = _month(parts["month"], words), _month(parts["month2"], words)
    return Period.cumulated(year or clock.months, last, first)


def _build_first_months(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return Period.cumulated(year or clock.months, small_number(parts["first"], words))


def _build_nine_months(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return Period.cumulated(year or clock.months, 9)


def _build_half(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    number = int(words.table("time", "halves")[parts["half"].lower()])
    return Period.parse(f"{year or clock.months:04}-H{number}")


def _build_quarter(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    number = int(words.table("time", "quarters")[parts["quarter"].lower()])
    return Period.parse(f"{year or clock.months:04}-Q{number}")


def _build_date(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    month = _month(parts["month"], words)
    return Period.parse(f"{year or clock.months:04}-{month:02}-{int(parts['day']):02}")


def _build_month_of(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return Period.parse(f"{year or clock.months:04}-{_month(parts['month'], words):02}")


def _build_month_end(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    number, month = year or clock.months, _month(parts["month"], words)
    return Period.parse(f"{number:04}-{month:02}-{calendar.monthrange(number, month)[1]:02}")


def _build_range_days(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return _build_month_of(parts, year, clock, words)


def _build_year_of(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    if year is None:
        raise PeriodError("no year is named.")
    return year_period(year)


def _build_same_period(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    return (clock.recent or clock.scope).year_earlier()


def _build_this_month(parts: dict[str, str], year: int | None, clock: Clock, words: Lexicon) -> Period:
    period = clock.recent or clock.scope
    if period.shape is Shape.YEAR:
        raise PeriodError("no month is named.")
    return Period.parse(f"{period.end.year:04}-{period.end.month:02}")


_BUILDERS: dict[str, Callable[[dict[str, str], int | None, Clock, Lexicon], Period]] = {
    "years": _build_years,
    "since": _build_since,
    "plan": _build_plan,
    "plan_end": _build_plan_end,
    "past_years": _build_past_years,
    "past_years_named": _build_past_years,
    "next_years": _build_next_years,
    "this_one": _build_this_one,
    "months": _build_months,
    "first_months": _build_first_months,
    "nine_months": _build_nine_months,
    "half": _build_half,
    "quarter": _build_quarter,
    "date": _build_date,
    "date_en": _build_date,
    "range_days": _build_range_days,
    "month_of": _build_month_of,
    "month_end": _build_month_end,
    "year_of": _build_year_of,
    "whole_year": _build_this_one,
    "same_period": _build_same_period,
    "year_ago": _build_same_period,
    "this_month": _build_this_month,
}
