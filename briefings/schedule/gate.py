"""The release gate: is what a briefing requires in; and, if not, what follows.

In: settings, a service, a place, a period, an instant. Out: go, wait, hold or skip, with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from briefings.ingest import open_store
from briefings.periods import Period
from briefings.settings import Settings

from .planning import Service

Word = Literal["go", "wait", "hold", "skip"]


@dataclass(frozen=True)
class Verdict:
    """What the gate says; `lacking` holds the ids of indicators that are not in, where it goes without them; `until`:
    the day until which they were waited for."""

    word: Word
    reason: str = ""
    lacking: tuple[str, ...] = ()
    until: date | None = None


def lacking(service: Service, settings: Settings, place: str, period: Period) -> tuple[str, ...]:
    """The required indicators that no source has told yet for the period."""
    return open_store(settings).lacking(service.entry.requires, place, period)


def judge(service: Service, settings: Settings, place: str, period: Period, due_at: datetime, now: datetime) -> Verdict:
    """Whether an edition may be built now."""
    absent = lacking(service, settings, place, period)
    if not absent:
        return Verdict("go")
    names = ", ".join(_name(settings, indicator) for indicator in absent)
    entry, release = service.entry, service.release
    until = deadline(service, due_at)
    if now < until:
        return Verdict("wait", f"waits for {names}, until {until:%Y-%m-%d %H:%M} ({release.zone})", absent)
    ended = f"{names} not in by {until:%Y-%m-%d %H:%M} ({release.zone})"
    if entry.then == "partial":
        return Verdict("go", f"partial: {ended}", absent, until.date())
    return Verdict("hold" if entry.then == "hold" else "skip", ended, absent)


def deadline(service: Service, due_at: datetime) -> datetime:
    """Until when a release waits for what it requires, in its zone."""
    release = service.release
    return (service.entry.wait_until or service.entry.within).after(due_at.astimezone(ZoneInfo(release.zone)), release)


def _name(settings: Settings, indicator: str) -> str:
    return settings.catalogue.indicators[indicator].name.either("en")


def names(settings: Settings, indicators: tuple[str, ...], language: str) -> tuple[str, ...]:
    """What indicators are called in a reader's language."""
    return tuple(settings.catalogue.indicators[key].name.either(language) for key in indicators)
