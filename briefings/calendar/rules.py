"""Release rules: `3rd working day after 15th`, `last day`, `monday`, `cron 0 8 * * 1` to a day in a window.

In: the rule's text, a window (the stretch of time in which a release falls) and working days. Out: the day, or None
where the window has no such day. Which period is released in which window is said next door, in `releases`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from briefings.periods import MONTH_NAMES, Frequency, Period

from .cadences import Cadence
from .cron import DAYS, Cron, ordinal
from .working import WorkingDays

EXAMPLES = ("20th", "last day", "3rd working day after 15th", "last working day", "monday", "28 February", "every day")
Unit = Literal["day", "working day", "weekday", "every day", "every working day", "cron"]
_MONTH = "|".join(MONTH_NAMES)
_RULE = re.compile(
    r"(?P<nth>last|[0-9]{1,3}(?:st|nd|rd|th)(?P<from_end> last)?)?"
    rf"(?:(?:^| )(?P<unit>day|working day|{'|'.join(DAYS)}))?"
    r"(?: (?P<side>after|before) (?:the )?(?P<anchor>[0-9]{1,2})(?:st|nd|rd|th)?)?"
    rf"(?: of (?:the )?(?:(?P<month>[0-9]{{1,2}})(?:st|nd|rd|th) month|(?P<named>{_MONTH})))?",
    re.IGNORECASE,
)
_DATE = re.compile(rf"(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<named>{_MONTH})", re.IGNORECASE)
#: The furthest month of a window's own start in which a release may fall.
FURTHEST_MONTH = 12
MOST_WORKING_DAYS = 23


@dataclass(frozen=True)
class Rule:
    """One rule. `nth` counts from the start where positive, from the end where negative; `anchor` is a day of the month
    after (or before) which is counted; `month` the k-th month from the window's start, `named` a month of the year."""

    text: str
    unit: Unit
    nth: int = 1
    weekday: int = 0
    side: Literal["", "after", "before"] = ""
    anchor: int = 0
    month: int = 0
    named: int = 0
    cron: Cron | None = None

    def words(self) -> str:
        """The rule as a person says it; that of cron in words."""
        return self.cron.words() if self.cron else self.text

    def day(self, window: Period, working: WorkingDays, *, at_end: bool) -> date | None:
        """The day of the release that falls in a window; None where it has no such day.

        `at_end`: in a window of several months the last month counts where the rule names none, else the first; of
        several days of cron the last, else the first. Raises `ScheduleError` where the calendar lacks the year.
        """
        if self.unit == "every day":
            return window.start
        if self.unit == "every working day":
            return window.start if working.is_working(window.start) else None
        if self.cron is not None:
            return self._of_cron(window, at_end=at_end)
        span = self._span(window, at_end=at_end)
        return self._counted(*span, working) if span else None

    def _of_cron(self, window: Period, *, at_end: bool) -> date | None:
        days = [window.start + timedelta(days=n) for n in range((window.end - window.start).days + 1)]
        ordered = reversed(days) if at_end else iter(days)
        return next((day for day in ordered if self.cron is not None and self.cron.fires_on(day)), None)

    def _span(self, window: Period, *, at_end: bool) -> tuple[date, date] | None:
        """The first and last day among which the rule counts: a month, or the whole of a shorter window."""
        if window.frequency in (Frequency.DAILY, Frequency.WEEKLY, Frequency.TEN_DAY):
            return window.start, window.end
        start = window.start
        if self.named:
            start = date(start.year + (self.named < start.month), self.named, 1)
            if start > window.end:
                return None
        elif self.month:
            start = _months_on(start, self.month - 1)
        elif at_end:
            start = window.end.replace(day=1)
        return start, _months_on(start, 1) - timedelta(days=1)

    def _counted(self, first: date, last: date, working: WorkingDays) -> date | None:
        if self.anchor:
            if self.anchor > (last - first).days + 1:
                return None
            anchor = first + timedelta(days=self.anchor - 1)
            if self.side == "after" and self.unit == "working day":
                return working.after(anchor, self.nth)
            first, last = (anchor + timedelta(days=1), last) if self.side == "after" else (first, anchor - timedelta(1))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if self.unit == "working day":
            days = [day for day in days if working.is_working(day)]
        elif self.unit == "weekday":
            days = [day for day in days if day.weekday() == self.weekday]
        index = self.nth - 1 if self.nth > 0 else len(days) + self.nth
        return days[index] if 0 <= index < len(days) else None


def parse_rule(text: str) -> Rule:
    """Read a rule. Raises `ValueError` that says what may be written."""
    text = " ".join(str(text).split())
    if text in ("every day", "every working day"):
        return Rule(text, "every day" if text == "every day" else "every working day")
    if text.startswith("cron "):
        return Rule(text, "cron", cron=Cron.parse(text.removeprefix("cron ")))
    if re.fullmatch(r"(?:[-\w*/,]+ ){4}[-\w*/,]+", text) and re.match(r"[0-9*]", text) and not _RULE.fullmatch(text):
        raise ValueError(f"{text!r} looks like cron; write `cron {text}`")
    if found := _DATE.fullmatch(text):
        return _checked(Rule(text, "day", nth=int(found["day"]), named=_number(found["named"])))
    found = _RULE.fullmatch(text)
    if found is None or not (found["nth"] or found["unit"]):
        raise ValueError(f"{text!r} is no release; write for example {', '.join(map(repr, EXAMPLES))}, or cron")
    return _checked(_of_match(text, found))


def _of_match(text: str, found: re.Match[str]) -> Rule:
    unit = (found["unit"] or "day").lower()
    nth = 1 if found["nth"] is None else -1 if found["nth"].lower() == "last" else int(re.sub(r"\D", "", found["nth"]))
    if unit == "day" and found["nth"] is None:
        raise ValueError(f"{text!r} does not say which day; write '20th', 'last day' or 'every day'")
    weekday = [day.lower() for day in DAYS].index(unit) if unit.title() in DAYS else 0
    return Rule(
        text,
        "weekday" if unit.title() in DAYS else "working day" if unit == "working day" else "day",
        nth=-nth if found["from_end"] else nth,
        weekday=weekday,
        side="after" if found["side"] == "after" else "before" if found["side"] else "",
        anchor=int(found["anchor"] or 0),
        month=int(found["month"] or 0),
        named=_number(found["named"]) if found["named"] else 0,
    )


def _checked(rule: Rule) -> Rule:
    most = MOST_WORKING_DAYS if rule.unit == "working day" else 31 if rule.unit == "day" else 5
    if not 1 <= abs(rule.nth) <= most or rule.anchor > 31:
        raise ValueError(f"{rule.text!r}: no month has a {ordinal(max(abs(rule.nth), rule.anchor))} {rule.unit}")
    if rule.anchor and rule.unit == "day":
        raise ValueError(f"{rule.text!r}: days after a day are working days or weekdays; write the day itself")
    if (rule.side == "before" and rule.nth > 0) or (rule.side == "after" and rule.nth < 0):
        raise ValueError(f"{rule.text!r}: write `last working day before 20th` or `3rd working day after 15th`")
    if rule.month > FURTHEST_MONTH or (rule.month == 0 and "0th month" in rule.text):
        raise ValueError(f"{rule.text!r}: the months are counted from 1st to {ordinal(FURTHEST_MONTH)}")
    return rule


def fits(rule: Rule, cadence: Cadence) -> str:
    """Why a rule does not go with a cadence; nothing where it does."""
    if rule.unit in ("every day", "every working day") and cadence is not Cadence.DAILY:
        return f"`{rule.text}` is for the cadence daily, this one is {cadence}"
    if cadence is Cadence.DAILY and rule.unit not in ("every day", "every working day", "cron"):
        return f"a daily release is `every day`, `every working day` or cron, not `{rule.text}`"
    if cadence.months == 0 and (rule.anchor or rule.month or rule.named):
        return f"`{rule.text}` counts in a month, this cadence is {cadence}"
    return ""


def _number(name: str) -> int:
    return [month.lower() for month in MONTH_NAMES].index(name.lower()) + 1


def _months_on(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
