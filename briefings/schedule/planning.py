"""What is due: computed from themes and ledger with the clock passed in.

In: settings, a ledger, an instant. Out: dues that the ledger does not have yet. Nothing is remembered between two ticks
but what the ledger holds: restarts, missed ticks, changed themes, machines that slept and clocks that jumped lose
nothing and double nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from briefings.calendar import Cadence, Release
from briefings.calendar.releases import Due as Released
from briefings.deliver import Reader, readers
from briefings.errors import ScheduleError
from briefings.ledger import Due, Ledger, Row, State
from briefings.periods import Frequency, Period
from briefings.settings import Settings
from briefings.timetable import Entry

#: A period that was released earlier than this before the last tick is entered already, or was never wanted.
LOOK_BACK = timedelta(days=400)
#: A tick that comes so much after a release is no miss.
PUNCTUAL = timedelta(hours=1)
#: Windows that are looked at for data that trigger a release before its day.
AHEAD = 2
#: An edition is never too late before this.
NEVER = datetime.max.replace(tzinfo=UTC)
ADOPTED = "due before this ledger began; whether it was sent is not known here"


@dataclass(frozen=True)
class Service:
    """One cadence of a theme: its entry in the schedule, and the release that follows from it."""

    theme: str
    entry: Entry
    release: Release
    places: tuple[str, ...]

    @property
    def cadence(self) -> Cadence:
        return self.release.cadence

    @property
    def name(self) -> str:
        return f"{self.theme}:{self.cadence}"

    def settings_for(self, settings: Settings) -> Settings:
        """The settings with which this cadence is built: its own frequency and sections."""
        theme = settings.themes[self.theme]
        wanted = set(self.entry.sections)
        sections = [s for s in theme.sections if not wanted or wanted & set(s.title.values())]
        changes: dict[str, object] = {"sections": tuple(sections)}
        if self.cadence is not Cadence.PLAN:
            changes["cadence"] = Frequency(self.cadence.value)
        own = theme.model_copy(update=changes)
        return replace(settings, themes={**settings.themes, self.theme: own})

    def readers(self, settings: Settings, place: str) -> tuple[Reader, ...]:
        """Who receives this cadence for a place."""
        return readers(settings, self.theme, place, self.cadence)

    def give_up(self, at: datetime) -> datetime:
        """The instant after which an edition of a release is too late. Where the calendar does not have the year, no
        edition is, until it has."""
        try:
            return self.entry.within.after(at, self.release)
        except ScheduleError:
            return NEVER

    def send_from(self, at: datetime) -> datetime:
        """The end of the embargo on a release."""
        if self.entry.embargo is None:
            return at
        return max(at, self.release.instant(at.date(), self.entry.embargo))


def service_name(row: Row) -> str:
    """The name of the service that a row is of."""
    return f"{row.theme}:{row.cadence}"


def services(settings: Settings) -> list[Service]:
    """Every cadence of every theme that has a schedule."""
    found = []
    for theme in settings.themes.values():
        places = settings.catalogue.resolve(theme.places.each)
        for entry in theme.schedule:
            release = entry.release_for(theme.cadence.value, settings.project.zone)
            found.append(Service(theme.theme, entry, release, places))
    return found


def plan(
    service: Service, settings: Settings, ledger: Ledger, now: datetime, *, adopt: bool = False, keep: bool = True
) -> list[Due]:
    """The dues of a service that the ledger does not have yet, each with its state: planned, or skipped and why.

    A place is served from its latest release on that is not too late; earlier ones were never due. `keep`:
    the ledger keeps which one that is. Raises `ScheduleError` where the calendar lacks a year.
    """
    mark = ledger.note(f"mark:{service.name}")
    begin = datetime.fromisoformat(mark) - LOOK_BACK if mark else now - LOOK_BACK
    released = service.release.between(begin, now)
    known = ledger.known(service.theme, service.cadence)
    dues: list[Due] = []
    for place in service.places:
        since = _since(service, place, ledger, released, now, keep=keep)
        missed = [due for due in released if due.at >= since and (place, str(due.period)) not in known]
        for due, state, reason in _judged(service, missed, now):
            judged: tuple[State, str] = ("skipped", ADOPTED) if adopt else (state, reason)
            dues += entered(service, settings, place, due, *judged)
    return dues


def _since(
    service: Service, place: str, ledger: Ledger, released: Sequence[Released], now: datetime, *, keep: bool
) -> datetime:
    """From which release on a place is served; kept in the ledger when it is first seen."""
    key = f"since:{service.name}:{place}"
    kept = ledger.note(key)
    if kept is not None:
        return datetime.fromisoformat(kept)
    since = released[-1].at if released and not too_late(service, released[-1], now) else now
    if keep:
        ledger.keep(key, since.isoformat())
    return since


def too_late(service: Service, due: Released, now: datetime) -> bool:
    return service.give_up(due.at) < now


def _judged(service: Service, missed: Sequence[Released], now: datetime) -> Iterator[tuple[Released, State, str]]:
    """What becomes of each period that is due and was not entered yet, by the rule of catching up."""
    recent = [due for due in missed if not too_late(service, due, now)]
    for due in missed:
        late = f"released {due.at:%Y-%m-%d %H:%M}, found {now.astimezone(due.at.tzinfo):%Y-%m-%d %H:%M}"
        if due not in recent:
            yield due, "skipped", f"too late, more than {service.entry.within}: {late}"
        elif service.entry.catch_up == "none" and now - due.at > PUNCTUAL:
            yield due, "skipped", f"missed, and not caught up with (catch_up: none): {late}"
        elif service.entry.catch_up == "latest" and due is not recent[-1]:
            yield due, "skipped", f"missed, superseded by {recent[-1].period} (catch_up: latest): {late}"
        else:
            yield due, "planned", ""


def entered(
    service: Service, settings: Settings, place: str, due: Released, state: State = "planned", reason: str = ""
) -> list[Due]:
    """The dues of one period and place: one a reader, or one a language where nobody receives it."""
    theme = settings.themes[service.theme]
    found = service.readers(settings, place)
    languages = dict.fromkeys(theme.languages or settings.project.languages)
    return [
        Due(
            theme=service.theme,
            cadence=service.cadence.value,
            place=place,
            period=str(due.period),
            language=reader.language,
            recipient=reader.recipient,
            channel=reader.channel,
            due_at=due.at,
            send_from=service.send_from(due.at),
            state=state,
            reason=reason,
        )
        for reader in found or [Reader("", "", language) for language in languages]
    ]


def triggered(
    service: Service, settings: Settings, ledger: Ledger, now: datetime, is_in: Callable[[str, Period], bool]
) -> list[Due]:
    """The dues that new data bring before their day: periods that are over, and all that they require is in."""
    if service.entry.trigger != "data":
        return []
    today = now.astimezone(ZoneInfo(service.release.zone)).date()
    known = ledger.known(service.theme, service.cadence)
    dues: list[Due] = []
    for due in service.release.next(now, AHEAD):
        if due.period.end < today:
            for place in service.places:
                if (place, str(due.period)) not in known and is_in(place, due.period):
                    early = replace(due, at=now.astimezone(ZoneInfo(service.release.zone)))
                    dues += entered(service, settings, place, early, "planned", f"data are in before {due.at:%Y-%m-%d}")
    return dues
