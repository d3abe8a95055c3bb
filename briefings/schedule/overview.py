"""What a person asks: what is due, what is next, what is held and why, each in the theme's own zone.

In: settings, a ledger or none, an instant. Out: `Upcoming` rows for `briefings due`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from briefings.errors import ScheduleError
from briefings.ledger import Ledger, Row
from briefings.settings import Settings

from .planning import LOOK_BACK, Service, plan, services, too_late


@dataclass(frozen=True)
class Upcoming:
    """One line: the cadence of a theme, a period, when (in the theme's zone), its state, and why."""

    theme: str
    cadence: str
    period: str
    at: str
    state: str
    reason: str = ""


#: States that a person may want to do something about, or wait for.
OPEN = ("planned", "building", "built", "awaiting approval", "sending", "failed", "ambiguous", "held")


def overview(settings: Settings, ledger: Ledger | None, now: datetime, *, count: int = 1) -> list[Upcoming]:
    """What is open, then what is due and not entered yet, then the next releases of each cadence."""
    lines: list[Upcoming] = []
    for service in services(settings):
        lines += _open(service, ledger) if ledger is not None else []
        try:
            lines += _missing(service, settings, ledger, now) if ledger is not None else _first(service, now)
            lines += _next(service, now, count)
        except ScheduleError as error:
            lines.append(Upcoming(service.theme, service.cadence, "", "", "no calendar", str(error)))
    return lines


def _open(service: Service, ledger: Ledger) -> list[Upcoming]:
    """Rows that are not settled, those of one period and state together."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in ledger.in_states(*OPEN):  # type: ignore[arg-type]
        settled = row.state == "built" and not row.recipient
        if (row.theme, row.cadence) == (service.theme, service.cadence.value) and not settled:
            groups.setdefault((row.period, row.state, row.reason), []).append(row)
    return [_line(service, period, state, reason, rows) for (period, state, reason), rows in groups.items()]


def _line(service: Service, period: str, state: str, reason: str, rows: list[Row]) -> Upcoming:
    places = ", ".join(dict.fromkeys(row.place for row in rows))
    readers = len({(row.recipient, row.channel) for row in rows if row.recipient})
    who = f"{places}; {readers} reader{'s' if readers != 1 else ''}"
    again = min((row.next_try for row in rows if row.next_try), default=None)
    parts = [reason, who]
    if again is not None:
        parts.insert(0, f"tried again {again.astimezone(ZoneInfo(service.release.zone)):%Y-%m-%d %H:%M}")
    elif state == "failed":
        parts.append("not tried again")
    return Upcoming(
        service.theme, service.cadence, period, _local(service, rows[0].due_at), state, "; ".join(p for p in parts if p)
    )


def _missing(service: Service, settings: Settings, ledger: Ledger, now: datetime) -> list[Upcoming]:
    """What `run` would enter now."""
    found: dict[tuple[str, str, datetime], int] = {}
    for due in plan(service, settings, ledger, now, keep=False):
        key = (due.period, "due" if due.state == "planned" else due.state, due.due_at)
        found[key] = found.get(key, 0) + 1
    return [
        Upcoming(service.theme, service.cadence, period, _local(service, at), state) for (period, state, at) in found
    ]


def _first(service: Service, now: datetime) -> list[Upcoming]:
    """What the first run, which begins the ledger, would enter: the latest release, if it is not too late."""
    released = service.release.between(now - LOOK_BACK, now)[-1:]
    return [
        Upcoming(service.theme, service.cadence, str(due.period), _local(service, due.at), "due")
        for due in released
        if not too_late(service, due, now)
    ]


def _next(service: Service, now: datetime, count: int) -> list[Upcoming]:
    words = service.release.rule.words()
    return [
        Upcoming(service.theme, service.cadence, str(due.period), _local(service, due.at), "next", words)
        for due in service.release.next(now, count)
    ]


def _local(service: Service, instant: datetime) -> str:
    return f"{instant.astimezone(ZoneInfo(service.release.zone)):%Y-%m-%d %H:%M} {service.release.zone}"
