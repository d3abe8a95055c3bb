"""A period as a person writes it in a table.

In comes the text of one cell (and what the source declares about it); out goes a `Period`, or a complaint that says how
to settle the matter. Nothing is guessed: 01/02/2026 is an error until the source says which comes first. Which column
holds the period, and footnote marks around it, are for `sources.tabular`.

`PATTERNS` is the grammar, one way of writing a line: it names the parts it finds, and the set of names decides what is
built.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from briefings.errors import AmbiguousPeriodError, PeriodError
from briefings.periods.period import Period, build
from briefings.periods.shapes import Frequency, Shape
from briefings.periods.writing import FIRST_REGULAR_PLAN, HAN_DIGITS, ITS_FIRST_YEAR, MONTH_NAMES, ORDINALS

FORMATS = ("day/month/year", "month/day/year", "excel")
EXAMPLES = (
    "2025, 2025年, 2025H1, 2025Q3, 2025年三季度, 2025-10, 202510, 2025年10月, Oct 2025, "
    "2025年1-10月, 2025-10-31, 2021-2025"
)
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(10_000, 109_575)  # May 1927 to the end of 2199; four digits are a year

# Not NFKC: that would read the footnote mark of 2025-1² as December.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_NAMED = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTH_NAMES) + "|Sept"
_PIECES = {
    "Y": r"(?P<year>\d{4})",
    "Y2": r"(?P<year2>\d{4})",
    "M": r"(?P<month>0?[1-9]|1[0-2])",
    "M2": r"(?P<month2>0?[1-9]|1[0-2])",
    "D": r"(?P<day>\d{1,2})",
    "D2": r"(?P<day2>\d{1,2})",
    "N": rf"(?P<month>{_NAMED})\.?",
    "N2": rf"(?P<month2>{_NAMED})\.?",
    "Q": r"(?P<quarter>[1-4一二三四])",
    "FIRST": rf"(?P<quarter>{'|'.join(ORDINALS)})",
    "H": r"(?P<half>[12])",
    "W": r"(?P<week>\d{1,2})",
}
PATTERNS = (
    # years, and runs of years
    r"{Y}(?:\.0)?",
    r"{Y}年(?:度|末|底|全年)?",
    r"{Y}年?-{Y2}年?",
    r"“?(?P<plan>[一二三四五六七八九十]+)五”?(?:时期|期间)?",
    r"(?:the )?(?P<plan>\d+)(?:st|nd|rd|th) Five-Year Plan(?: period)?(?: ?\(\d{{4}}-\d{{4}}\))?",
    # halves and quarters
    r"{Y}[- ]?[HS]{H}",
    r"[HS]{H}[-/ ]?{Y}",
    r"{H}H[- ]?{Y}",
    r"{Y}年(?P<half>[上下])半年",
    r"(?:the )?(?P<half>first|second) half of {Y}",
    r"{Y}[- ]?Q{Q}",
    r"Q{Q}[-/ ]?{Y}",
    r"{Q}Q[- ]?{Y}",
    r"{Y}年第?{Q}季度?",
    r"(?:the )?{FIRST} quarter of {Y}",
    # months
    r"{Y}[-/.]{M}",
    r"{Y}-?M{M}",
    r"{Y}(?P<month>\d\d)(?:\.0)?",
    r"{M}[-/.]{Y}",
    r"{Y}年{M}月(?:份|末|底)?",
    r"{N}[- ,]*{Y}",
    r"{Y}[- ]?{N}",
    # cumulated months
    r"{Y}年(?:前三|1-3|一-三)(?P<nine_months>季度)",
    r"(?:the )?first (?P<nine_months>three quarters) of {Y}",
    r"{Y}年{M}月?-{M2}月份?",
    r"{Y}年{M}月-{Y2}年{M2}月",
    r"{Y}[-/.]{M}[-/]{Y2}[-/.]{M2}",
    r"{N}-{N2} {Y}",
    r"{N} {Y}-{N2} {Y2}",
    # to date
    r"{Y}年截至{M2}月{D2}日",
    r"{Y}年-{Y2}年{M2}月{D2}日",
    r"{Y}-{D2} {N2}",
    r"{Y}-{D2} {N2} {Y2}",
    # ten days and weeks
    r"{Y}年{M}月(?P<third>[上中下])旬",
    r"{D}-{D2} {N2} {Y2}",
    r"{Y}[- ]?W{W}",
    r"{Y}年第{W}周",
    r"week {W},? {Y}",
    r"the week of (?P<week_from>.+)-{D2} {N2} {Y2}",
    # days
    r"{Y}[-/.]{M}[-/.]{D}",
    r"{Y}(?P<month>\d\d)(?P<day>\d\d)(?:\.0)?",
    r"{Y}年{M}月{D}日",
    r"{D}[- ]?{N}[- ,]+{Y}",
    r"{N} {D},? {Y}",
)
_COMPILED = [re.compile(pattern.format(**_PIECES), re.IGNORECASE) for pattern in PATTERNS]
_DIGITS_WITH_SLASHES = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
# What else people write, and why it cannot be read; asked in this order.
_REASONS: tuple[tuple[str, type[PeriodError], str], ...] = (
    (
        r"FY.*|\d{4}/\d{2}|.*财年.*|.*fiscal.*",
        AmbiguousPeriodError,
        "it does not say in which month its fiscal year begins. Write the months: 2024-04/2025-03.",
    ),
    (
        r"\d{4}-?\d{2}",
        PeriodError,
        "its last two digits are no month (01 to 12), and a year is written with four digits.",
    ),
    (
        r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}|\d{1,2}[-/]\d{1,2}|'?\d{2}年.*|Q[1-4][- ']*\d{2}|[1-4]Q[- ']*\d{2}"
        rf"|(?:\d{{1,2}}[- ])?(?:{_NAMED})\.?[- ]*'?\d{{2}}|\d{{2}}[- ](?:{_NAMED})",
        PeriodError,
        "its year has two digits. Write four: 2025, not 25.",
    ),
    (
        rf"\d{{1,2}}月?-\d{{1,2}}月份?|\d{{1,2}}月(?:份|\d{{1,2}}日)?|(?:{_NAMED})\.?(?:-(?:{_NAMED})\.?)?"
        r"|Q[1-4]|[1-4]Q|第?[一二三四1-4]季度|前三季度|[上下]半年|H[12]",
        PeriodError,
        "it has no year. Write the year with it: 2025年1-10月, Oct 2025, 2025-Q3.",
    ),
)


def parse_cell(text: str, *, means: Frequency | None = None, format: str | None = None) -> Period:
    """Read a period as it stands in a table.

    `means`: the frequency of the series; a date then stands for the period that holds it (2025-10-15 is October 2025 in
    a monthly series), and a period of another kind is an error. `format`: one of `FORMATS`, where the source declares
    it; "excel" reads serial numbers of Excel's 1900 calendar.

    Raises `AmbiguousPeriodError` where the text could be several periods (01/02/2026, 2025.1, FY2025), and
    `PeriodError` where it is none, has no year (1-10月) or a year of two digits.
    """
    if format is not None and format not in FORMATS:
        raise PeriodError(f"{format!r} is no format of a period. Set one of: {', '.join(FORMATS)}.")
    return _read(text, means, format)


@lru_cache(maxsize=8192)
def _read(text: str, means: Frequency | None, declared: str | None) -> Period:
    plain = _normalise(text)
    try:
        period = _declared(plain, declared) or _canonical(plain) or _ordered(plain) or _written(plain)
        if period is None:
            raise _complaint(plain)
        return period if means is None else _as(period, means)
    except AmbiguousPeriodError as error:
        raise AmbiguousPeriodError(f"{text!r} is ambiguous: {error}") from None
    except PeriodError as error:
        raise PeriodError(f"{text!r} is no period here: {error}") from None


def _normalise(text: str) -> str:
    """One kind of digit, dash and space; a time of midnight, which spreadsheets add to days, is dropped."""
    plain = text.translate(_HALF_WIDTH).strip()
    plain = re.sub(r"[T ]00:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?$", "", plain)
    plain = re.sub(r"\s*(?:[‐‑‒–—―−~～]+|(?<!截)至|(?<=\s)to(?=\s))\s*", "-", plain)
    plain = re.sub(r"\s+", " ", plain)
    return re.sub(r"(?<=[年月日第季度半]) | (?=[年月日第季度半上下中旬周])", "", plain)


def _canonical(plain: str) -> Period | None:
    try:
        return Period.parse(plain)
    except PeriodError:
        return None  # The patterns are wider, and their complaints are about what the cell holds.


def _declared(plain: str, declared: str | None) -> Period | None:
    """What the declared format makes of the text; None where the text is not of that form."""
    if declared == "excel":
        serial = re.fullmatch(r"(\d+)(?:\.0+)?", plain)
        if serial and int(serial[1]) in EXCEL_SERIALS:
            return Period.of(EXCEL_EPOCH + timedelta(days=int(serial[1])), Frequency.DAILY)
    elif declared and (found := _DIGITS_WITH_SLASHES.fullmatch(plain)):
        day, month, year = (int(part) for part in found.groups())
        if declared.startswith("month"):
            day, month = month, day
        return build(f"{year:04}-{month:02}-{day:02}")
    return None


def _ordered(plain: str) -> Period | None:
    """A date that ends in its year: read where only one order makes a date, refused where both do."""
    found = _DIGITS_WITH_SLASHES.fullmatch(plain)
    if not found:
        return None
    first, second, year = (int(part) for part in found.groups())
    if first <= 12 and second <= 12 and first != second:
        raise AmbiguousPeriodError(
            f"it is {first} {MONTH_NAMES[second - 1]} or {second} {MONTH_NAMES[first - 1]}. "
            "Write in the source `period: {column: ..., format: day/month/year}`, or month/day/year."
        )
    day, month = (first, second) if second <= 12 else (second, first)
    return build(f"{year:04}-{month:02}-{day:02}")


def _written(plain: str) -> Period | None:
    if re.fullmatch(r"\d{4}\.1", plain):
        raise AmbiguousPeriodError(
            "it is January or October, whose zero a spreadsheet drops. Write the months as text: 2025-10."
        )
    for pattern in _COMPILED:
        if found := pattern.fullmatch(plain):
            return _assemble({name: value for name, value in found.groupdict().items() if value is not None})
    return None


def _number(text: str) -> int:
    """A part of a period as a number: 10, October, 三, third, 上."""
    if text.isdecimal():
        return int(text)
    lower = text.lower()
    for names in ([name.lower()[:3] for name in MONTH_NAMES], HAN_DIGITS[1:], "上中下", ORDINALS):
        for position, name in enumerate(names, 1):
            if lower == name or (len(name) == 3 and lower.startswith(name)):
                return position
    raise PeriodError(f"{text!r} is no number.")


def _assemble(parts: dict[str, str]) -> Period:
    """The period whose parts a pattern found."""
    names = frozenset(parts)
    if names == {"plan"}:
        return _plan(parts["plan"])
    if "week_from" in names:
        return _week_of(parts)
    if names == {"year", "half"} and parts["half"] == "下":
        parts["half"] = "2"
    number = {name: _number(value) for name, value in parts.items() if name != "nine_months"}
    year = number.get("year", number.get("year2", 0))
    if "nine_months" in names:
        return Period.cumulated(year, 9)
    if names == {"day", "day2", "month2", "year2"}:
        return _ten_days(year, number["month2"], number["day"], number["day2"])
    return build(_FORMS[names].format(**{"year2": year, **number}))


_FORMS: dict[frozenset[str], str] = {
    frozenset(names.split()): form
    for names, form in {
        "year": "{year:04}",
        "year year2": "{year:04}/{year2:04}",
        "year half": "{year:04}-H{half}",
        "year quarter": "{year:04}-Q{quarter}",
        "year month": "{year:04}-{month:02}",
        "year month third": "{year:04}-{month:02}-T{third}",
        "year week": "{year:04}-W{week:02}",
        "year month day": "{year:04}-{month:02}-{day:02}",
        "year month month2": "{year:04}-{month:02}/{year:04}-{month2:02}",
        "year month year2 month2": "{year:04}-{month:02}/{year2:04}-{month2:02}",
        "year month2 day2": "{year:04}-01-01/{year:04}-{month2:02}-{day2:02}",
        "year year2 month2 day2": "{year:04}-01-01/{year2:04}-{month2:02}-{day2:02}",
    }.items()
}


def _plan(text: str) -> Period:
    """China's Five-Year Plan of this number, in Chinese (十四) or in digits."""
    tens, ten, ones = text.rpartition("十")
    number = (
        int(text) if text.isdecimal() else (_number(tens or "一") * 10 if ten else 0) + (_number(ones) if ones else 0)
    )
    if number < FIRST_REGULAR_PLAN:
        raise PeriodError(f"the plans before 1981 were of uneven length; write the years. This is plan {number}.")
    first = ITS_FIRST_YEAR + 5 * (number - FIRST_REGULAR_PLAN)
    return build(f"{first}/{first + 4}")


def _ten_days(year: int, month: int, first: int, last: int) -> Period:
    start = build(f"{year:04}-{month:02}-{first:02}").start
    end = build(f"{year:04}-{month:02}-{last:02}").end
    return Period(start, end, Shape.TEN_DAYS)


def _week_of(parts: dict[str, str]) -> Period:
    """The week of 30 March to 5 April 2026: the last day decides, the first must be its Monday."""
    end = build("{:04}-{:02}-{:02}".format(*(_number(parts[name]) for name in ("year2", "month2", "day2"))))
    week = Period.of(end.end, Frequency.WEEKLY)
    if week.end != end.end or parts["week_from"].split()[0] != str(week.start.day):
        raise PeriodError(f"a week runs from Monday to Sunday; this day lies in {week.write('en')}.")
    return week


def _as(period: Period, means: Frequency) -> Period:
    """The period of the declared frequency that a date stands for; a date is a day, or a month in longer periods."""
    if period.frequency is means:
        return period
    holder = Period.of(period.end, means)
    if period.shape in (Shape.DAY, Shape.MONTH) and holder.contains(period):
        return holder
    raise PeriodError(f"{period} is of the shape {period.shape}, and the source is declared {means}.")


def _complaint(plain: str) -> PeriodError:
    """Why nothing fits, as exactly as can be said."""
    if (serial := re.fullmatch(r"(\d{5})(?:\.0+)?", plain)) and int(serial[1]) in EXCEL_SERIALS:
        day = EXCEL_EPOCH + timedelta(days=int(serial[1]))
        return AmbiguousPeriodError(
            f"if it is Excel's number for {day}, write `period: {{column: ..., format: excel}}`."
        )
    for pattern, kind, reason in _REASONS:
        if re.fullmatch(pattern, plain, re.IGNORECASE):
            return kind(reason)
    return PeriodError(f"write it like one of these: {EXAMPLES}.")
