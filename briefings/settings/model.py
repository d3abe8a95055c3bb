"""What the files of a project say, once every reference in them is known.

In: nothing; `files` reads, `references` and `readers` check. Out: `Settings`, and what is asked of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from briefings.catalogue import Catalogue
from briefings.configuration import (
    Commentary,
    Decision,
    Project,
    RecipientsFile,
    Remark,
    Review,
    Source,
    raise_complaints,
)
from briefings.corrections import Written
from briefings.house import HouseFiles
from briefings.periods import Period
from briefings.themes import Theme
from briefings.workspace import Workspace


@dataclass(frozen=True)
class Settings:
    """What the files of `config/` say. `digests` holds the SHA-256 of each theme's file. `commentaries` are as they
    were read, those with mistakes too, which cost only their own edition. `advice` is what every build tells,
    `hints` what `check` alone does."""

    workspace: Workspace
    project: Project
    catalogue: Catalogue
    sources: Mapping[str, Source]
    themes: Mapping[str, Theme]
    digests: Mapping[str, str]
    decisions: tuple[Decision, ...] = ()
    corrections: tuple[Written, ...] = ()
    remarks: tuple[Remark, ...] = ()
    advice: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    recipients: RecipientsFile = field(default_factory=RecipientsFile)
    commentaries: tuple[Commentary, ...] = ()
    decisions_at: tuple[str, ...] = ()
    house: HouseFiles = field(default_factory=HouseFiles)

    def today(self, now: datetime) -> date:
        """The day of an instant in the project's zone, whatever the machine's is."""
        return now.astimezone(ZoneInfo(self.project.zone)).date()

    @property
    def accepted_jumps(self) -> frozenset[tuple[str | None, str | None, Period]]:
        """Jumps that a person accepted for good: indicator (None: all), place (None: all), period."""
        jumps = (jump for source in self.sources.values() for jump in source.accept_jumps)
        return frozenset((jump.indicator, jump.place, Period.parse(jump.period)) for jump in jumps)

    @property
    def decided(self) -> frozenset[tuple[str, str, Period, str | None]]:
        """Figures that a person accepted as they stand: indicator, place, period, kind (None: all)."""
        return accepted(self.decisions)

    def decided_by(self, day: date | None) -> tuple[Decision, ...]:
        """The decisions that had been made by a day (None: all): an edition as of a day before one does not know it."""
        return tuple(item for item in self.decisions if day is None or item.when <= day)


def accepted(decisions: Iterable[Decision]) -> frozenset[tuple[str, str, Period, str | None]]:
    """The figures that decisions accept as they stand: indicator, place, period, kind (None: all)."""
    return frozenset(
        (item.indicator, item.place, Period.parse(item.period), item.kind)
        for item in decisions
        if item.decision == "accept"
    )


def commentary_of(settings: Settings, key: tuple[str, str, str, str], as_of: date | None) -> Commentary | None:
    """What a person says beside the briefing of a theme, place and period in a language, None where nothing was said by
    the day `as_of`. Raises `ConfigurationError` for a commentary with mistakes."""
    found = next((each for each in settings.commentaries if each.key == key), None)
    if found is None or (as_of is not None and found.date > as_of):
        return None
    raise_complaints([found.document])
    return found
