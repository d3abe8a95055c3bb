"""The `schedule:` of a theme: when it is released, what must be in, and what happens where it is not.

In: the YAML of a theme. Out: `Entry` models, each of which makes a `calendar.Release`, or complaints at their lines.
How rules become days is said in `calendar`; what is due now, and what became of it, in `schedule`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, PlainValidator, WithJsonSchema, model_validator

from briefings.calendar import Cadence, Release, Rule, WorkingDays, countries, parse_rule
from briefings.calendar.rules import EXAMPLES, fits
from briefings.configuration import Day, Document, Identifier, Key, Model, OneOrMore, Text, about, one_of
from briefings.configuration.project import Zone
from briefings.errors import ScheduleError
from briefings.periods import Period, Shape

#: Years over which a rule is tried when it is checked; they hold a leap year and every length of a month.
TRIED_FROM, TRIED_WINDOWS = date(2023, 1, 1), 60
#: How many windows are tried, by cadence: a plan period is long.
_WINDOWS = {Cadence.DAILY: 0, Cadence.PLAN: 3, Cadence.ANNUAL: 8}


CadenceWord = Annotated[Cadence, WithJsonSchema({"enum": [cadence.value for cadence in Cadence]})]


def _rule(value: Any) -> Rule:
    if isinstance(value, Rule):
        return value
    if not isinstance(value, str):
        raise ValueError(f"a release is a text such as {', '.join(map(repr, EXAMPLES[:4]))}")
    return parse_rule(value)


RuleText = Annotated[Rule, PlainValidator(_rule), WithJsonSchema({"type": "string", "minLength": 3})]


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9]", value):
        hours, minutes = map(int, value.split(":"))
        return time(hours, minutes)
    raise ValueError(f"{value!r} is no time of day; write hours and minutes, for example 08:30")


Clock = Annotated[
    time, PlainValidator(_clock), WithJsonSchema({"type": "string", "pattern": "^([01]?[0-9]|2[0-3]):[0-5][0-9]$"})
]


@dataclass(frozen=True)
class Span:
    """A stretch of time in words: `36 hours`, `2 days`, `5 working days`."""

    count: int
    unit: Literal["hours", "days", "working days"]

    def after(self, at: datetime, release: Release) -> datetime:
        """The instant so long after another; days keep the time of the clock in the release's zone."""
        if self.unit == "hours":
            return (at.astimezone(UTC) + timedelta(hours=self.count)).astimezone(at.tzinfo)
        if self.unit == "working days":
            return release.instant(release.working.after(at.date(), self.count), at.time())
        return release.instant(at.date() + timedelta(days=self.count), at.time())

    def __str__(self) -> str:
        return f"{self.count} {self.unit if self.count != 1 else self.unit.removesuffix('s')}"


def _span(value: Any) -> Span:
    if isinstance(value, Span):
        return value
    found = re.fullmatch(r"([0-9]{1,4}) (hour|day|working day)s?", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value!r} is no stretch of time; write for example '36 hours', '2 days' or '5 working days'")
    unit: Literal["hours", "days", "working days"] = (
        "hours" if found[2] == "hour" else "days" if found[2] == "day" else "working days"
    )
    return Span(int(found[1]), unit)


SpanText = Annotated[
    Span,
    PlainValidator(_span),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,4} (hour|day|working day)s?$"}),
]


def _country(value: str) -> str:
    if value not in countries():
        from babel import Locale

        named = {name.casefold(): code for code, name in Locale("en").territories.items()}
        if (code := named.get(value.casefold())) in countries():
            raise ValueError(f"{value!r} stands here; write the country's two letters (ISO 3166): {code}")
        raise ValueError(one_of(value, sorted(countries()), "country with a calendar (two letters, ISO 3166)"))
    return value


class Holidays(Model):
    """Which days are not worked. The country's code may stand alone: `holidays: CN`."""

    shorthand: ClassVar[dict[str, Any] | None] = {"type": "string", "description": "the country's code alone: CN"}

    country: Annotated[
        Annotated[str, AfterValidator(_country)],
        about("two letters (ISO 3166); CN knows the make-up working days (调休)", examples=["CN", "FI"], bad=["China"]),
    ]
    part: Annotated[
        Text | None, about("part of the country with holidays of its own (ISO 3166-2)", examples=["NSW"])
    ] = None
    free: Annotated[
        OneOrMore[Day], about("further days that are not worked", examples=[["2027-02-08"]], bad=["spring"])
    ] = ()
    working: Annotated[
        OneOrMore[Day], about("further days that are worked", examples=[["2027-02-14"]], bad=["Sunday"])
    ] = ()

    @model_validator(mode="before")
    @classmethod
    def _code_alone(cls, value: Any) -> Any:
        return {"country": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _part_of_country(self) -> Holidays:
        if self.part is not None:
            from holidays import list_supported_countries

            parts = list_supported_countries()[self.country]
            if self.part not in parts:
                raise ValueError(one_of(self.part, parts, f"part of {self.country} with a calendar"))
        return self

    def working_days(self) -> WorkingDays:
        return WorkingDays(self.country, self.part or "", frozenset(self.free), frozenset(self.working))


class Entry(Model):
    """One cadence of a theme: when its periods are released, what must be in, and which sections it has."""

    release: Annotated[
        RuleText,
        about(
            "the day, in words or as cron; counted in the period's window",
            examples=["20th", "3rd working day after 15th", "last working day", "monday", "cron 0 8 * * 1"],
            bad=["32nd", "0 8 * * 1", "soon"],
        ),
    ]
    cadence: Annotated[
        CadenceWord | None,
        about("how often; left out: the theme's", examples=["ten-day", "monthly", "plan"], bad=["decadal"]),
    ] = None
    of: Annotated[
        Literal["previous", "current"] | None,
        about(
            "which period a release is of: the one before it, or the one that it falls in; left out: previous, for "
            "ten-day current",
            examples=["previous", "current"],
            bad=["next"],
        ),
    ] = None
    at: Annotated[Clock, about("time of day", examples=["08:30"], bad=["8.30", "24:00"])] = time(8)
    zone: Annotated[
        Zone | None, about("time zone; left out: the project's", examples=["Asia/Shanghai"], bad=["Beijing"])
    ] = None
    holidays: Annotated[
        Holidays | None, about("whose holidays count; left out: working days are Monday to Friday", examples=["CN"])
    ] = None
    shift: Annotated[
        Literal["next working day", "previous working day"] | None,
        about("where to, if the day is not worked", examples=["next working day"], bad=["monday"]),
    ] = None
    sections: Annotated[
        OneOrMore[Text],
        about("titles of the sections that this cadence has; left out: all", examples=[["Industry", "Trade"]]),
    ] = ()
    requires: Annotated[
        OneOrMore[Identifier],
        about("indicators that must be in for the period", examples=[["retail_sales"]], bad=["Retail Sales"]),
    ] = ()
    wait_until: Annotated[
        SpanText | None,
        about(
            "how long after the release it waits for them; left out: as long as it may be late",
            examples=["36 hours", "5 working days"],
            bad=["Friday"],
        ),
    ] = None
    then: Annotated[
        Literal["partial", "skip", "hold"],
        about("what follows: sent and marked partial, not sent, or kept until they are in", examples=["hold"]),
    ] = "partial"
    trigger: Annotated[
        Literal["day", "data"],
        about("data: sent before the day, as soon as all that it requires is in", examples=["data"], bad=["news"]),
    ] = "day"
    only_if: Annotated[
        Literal["changed"] | None,
        about("changed: sent only if a figure differs from the last one sent", examples=["changed"], bad=["new"]),
    ] = None
    approval: Annotated[
        Literal["required"] | None,
        about("required: kept until a person approves it", examples=["required"], bad=["yes"]),
    ] = None
    embargo: Annotated[
        Clock | None, about("time of the release day before which nothing is sent", examples=["10:00"], bad=["10"])
    ] = None
    catch_up: Annotated[
        Literal["latest", "all", "none"],
        about("which of several missed periods are sent", examples=["all"], bad=["some"]),
    ] = "latest"
    revise: Annotated[
        Literal["errors", "all", "none"],
        about(
            "when an edition that was sent is made anew and sent as a correction: where a figure was wrong on the day "
            "of the edition, wherever one was revised since, or only by hand",
            examples=["all", "none"],
            bad=["yes"],
        ),
    ] = "errors"
    within: Annotated[
        SpanText, about("how late a missed period may still be sent", examples=["30 days"], bad=["a month"])
    ] = Span(30, "days")

    def release_for(self, cadence: str, zone: str) -> Release:
        """The release; `cadence` and `zone` hold where the entry names none."""
        own = self.cadence or Cadence(cadence)
        return Release(
            cadence=own,
            rule=self.release,
            at=self.at,
            zone=self.zone or zone,
            working=self.holidays.working_days() if self.holidays else WorkingDays(),
            current=(self.of or ("current" if own is Cadence.TEN_DAY else "previous")) == "current",
            shift=self.shift or "",
        )


Schedule = OneOrMore[Entry]

#: Periods that are looked at for the next release: every working day skips a rest of a fortnight at most.
MOST_SKIPPED = 40


def releases(
    schedule: Sequence[Entry], period: Period, *, cadence: str, zone: str
) -> tuple[datetime, Period, datetime | None] | None:
    """When a period is released, which period is the next, and when that is; in the zone of the release, the embargo
    counted in. None for a period that no entry of the schedule is of; no next instant where the calendar ends before.

    A pure function of schedule and period: an edition that is late says so elsewhere. `cadence`, `zone` as of
    `Entry.release_for`.
    """
    for entry in schedule:
        release = entry.release_for(cadence, zone)
        own = release.cadence.period(period.end)
        cumulated = period.shape is Shape.CUMULATED_MONTHS and own.end == period.end and release.cadence.months <= 1
        if own != period and not cumulated:
            continue
        try:
            at = _released(entry, release, own)
        except ScheduleError:
            at = None
        if at is not None:
            step, after = _next(entry, release, own)
            return at, period.step(step), after
    return None


def _next(entry: Entry, release: Release, period: Period) -> tuple[int, datetime | None]:
    """After how many periods the next release comes, and when; (1, None) where that is not known."""
    for step in range(1, MOST_SKIPPED):
        try:
            at = _released(entry, release, period.step(step))
        except ScheduleError:
            break
        if at is not None:
            return step, at
    return 1, None


def _released(entry: Entry, release: Release, period: Period) -> datetime | None:
    at = release.due_at(period)
    if at is None or entry.embargo is None:
        return at
    return max(at, release.instant(at.date(), entry.embargo))


def check(
    document: Document[Any],
    entries: Sequence[Entry],
    *,
    cadence: str,
    indicators: Collection[str],
    titles: Collection[str],
) -> None:
    """Complain of what cannot be: a rule that does not go with its cadence, a day that some months lack, an indicator
    or section that is none, two entries of one cadence."""
    seen: dict[Cadence, int] = {}
    for number, entry in enumerate(entries):
        at: Key = ("schedule", number) if isinstance(document.tree.get("schedule"), list) else ("schedule",)
        release = entry.release_for(cadence, "UTC")
        if release.cadence in seen:
            told = f"the cadence {release.cadence} has an entry already; its readers get the same edition: keep one"
            document.complain((*at, "cadence"), told)
        seen[release.cadence] = number
        if told := fits(entry.release, release.cadence) or _lacking(release):
            document.complain((*at, "release"), told)
        for place, name in enumerate(entry.requires):
            if name not in indicators:
                document.complain((*at, "requires", place), one_of(name, indicators, "indicator"))
        for place, title in enumerate(entry.sections):
            if title not in titles:
                document.complain((*at, "sections", place), one_of(title, titles, "title of a section of this theme"))
        _check_times(document, at, entry)


def _check_times(document: Document[Any], at: Key, entry: Entry) -> None:
    if entry.release.cron is not None and "at" in entry.model_fields_set:
        document.complain((*at, "at"), f"cron brings its own time ({entry.release.cron.at:%H:%M}); leave `at` out")
    due = entry.release.cron.at if entry.release.cron else entry.at
    if entry.embargo is not None and entry.embargo < due:
        told = f"the embargo ends at {entry.embargo:%H:%M}, before the release at {due:%H:%M}; leave it out"
        document.complain((*at, "embargo"), told)
    if entry.wait_until is not None and not entry.requires:
        document.complain((*at, "wait_until"), "nothing is waited for; name indicators under `requires`")
    if entry.trigger == "data" and not entry.requires:
        document.complain((*at, "trigger"), "no data can trigger it; name indicators under `requires`")


def _lacking(release: Release) -> str:
    """What a rule lacks in some period; nothing where every period has its day (holidays are not asked here)."""
    plain = Release(release.cadence, release.rule, release.at, "UTC", WorkingDays(), release.current)
    periods = release.cadence.periods(TRIED_FROM)
    for _ in range(_WINDOWS.get(release.cadence, TRIED_WINDOWS)):
        period = next(periods)
        if plain.day(period) is None:
            better = "; write 'last day'" if release.rule.unit == "day" and release.rule.nth > 28 else ""
            return f"`{release.rule.text}`: {period} would have no release, its window has no such day{better}"
    return ""


def check_calendars(document: Document[Any], entries: Sequence[Entry], *, cadence: str, now: datetime) -> None:
    """Complain of every calendar that lacks the year of the next release."""
    for number, entry in enumerate(entries):
        at: Key = ("schedule", number) if isinstance(document.tree.get("schedule"), list) else ("schedule",)
        try:
            entry.release_for(cadence, "UTC").next(now)
        except ScheduleError as error:
            document.complain((*at, "holidays"), str(error))
