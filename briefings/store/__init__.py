"""All that was ever told, with vintages: append-only Parquet, read by DuckDB.

In: checked frames of observations, one a source and ingest; raw bytes. Out: what was known on a day, the history of a
figure, the bytes behind it. Nothing is overwritten: an ingest writes one immutable file with what is new or revised, or
none. `snapshots` keeps bytes, `vintages` asks the questions, `withdrawals` takes misreadings back, `contradictions`
keeps what a source tells twice, `files` writes without halves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import readings, snapshots

if TYPE_CHECKING:
    import pandas as pd

    from briefings.periods import Period

    from .slips import Slip

__all__ = ["Ingest", "Store"]


@dataclass(frozen=True, slots=True)
class Ingest:
    """What became of the rows that a source told.

    `new`: the key was never told by this source; `revised`: told before with another value, unit or status, not
    confirmed by a person then, or only for a later day of publication; `unchanged`: told before just so. `file` holds
    the new and the revised, if any.
    """

    new: int
    revised: int
    unchanged: int
    file: Path | None


class Store:
    """The observations and snapshots of a project."""

    def __init__(self, observations: Path, snapshots: Path) -> None:
        self.observations, self.snapshots = observations, snapshots

    # Snapshots

    def keep(self, content: bytes, dialect: dict[str, Any]) -> str:
        """Keep raw bytes and how to understand them; return their SHA-256. Keeping them again changes nothing.

        Sets `dialect["first_seen"]` to the day when its `source` first kept these bytes. Raises `StoreError`.
        """
        return snapshots.keep(self.snapshots, content, dialect)

    def snapshot(self, sha: str, source: str | None = None) -> tuple[bytes, dict[str, Any]]:
        """The bytes with this SHA-256, and the dialect of `source` or of the first in order. Raises `StoreError`."""
        return snapshots.load(self.snapshots, sha, source)

    # Observations

    def add(self, source: str, frame: pd.DataFrame, recorded_at: datetime, *, revised_on: date | None = None) -> Ingest:
        """Add what a source tells: its rows that are new or revised, in one file, whole or not at all.

        `frame` has the columns of an observation (`recorded_at` is set here). A row is unchanged when the source told
        the same value, unit and status of the key as of the day of publication. `recorded_at` has a time zone; where
        the clock stands behind an earlier ingest of the source, the rows are recorded just after that one, so that the
        last told stays last. `revised_on` is the earliest day of publication of a row that revises what was told
        before, for a source that has only a rule for it: a correction is not dated back to the first telling. Raises
        `ObservationError` for rows that are no observations, `StoreError` where they cannot be written.
        """
        from . import adding

        return adding.add(self.observations, source, frame, recorded_at, revised_on)

    def withdraw(self, source: str, frame: pd.DataFrame, texts: Iterable[str]) -> int:
        """Take back what the source told of these texts (SHA-256 of snapshots) and `frame` does not tell any more.

        For documents alone: what a text was misread to say was never told by it. The rows are kept, and no question
        sees them; told again, they are seen again. Returns how many are withdrawn. Raises `StoreError`.
        """
        from . import adding

        return adding.withdraw(self.observations, source, frame, texts)

    def contradict(
        self,
        source: str,
        frame: pd.DataFrame,
        recorded_at: datetime,
        *,
        revised_on: date | None = None,
        partly: bool = False,
    ) -> None:
        """Keep the rows in which the source contradicts itself, in place of those of its ingest before; none: it is
        mended. `partly`: not all of the source could be read, and what contradicted itself before still stands.
        `revised_on` as for `add`. Raises `StoreError`.
        """
        from . import contradictions

        contradictions.keep(self.observations, source, frame, recorded_at, revised_on=revised_on, partly=partly)

    def contradictions(
        self,
        day: date | None,
        *,
        indicators: Iterable[str] | None = None,
        places: Iterable[str] | None = None,
        sources: Iterable[str] | None = None,
        confirmed: bool = False,
    ) -> pd.DataFrame:
        """The rows in which sources contradict themselves now, published by a day (None: all). A figure that its source
        both tells and withholds has one row, without a value."""
        from . import contradictions

        return contradictions.known(
            self.observations, day, confirmed=confirmed, indicators=indicators, places=places, sources=sources
        )

    def as_of(
        self,
        day: date | None,
        *,
        indicators: Iterable[str] | None = None,
        places: Iterable[str] | None = None,
        sources: Iterable[str] | None = None,
        by: Literal["published", "recorded_at"] = "published",
        confirmed: bool = False,
    ) -> pd.DataFrame:
        """What was known on a day (None: all that is known now), one row a key, in order of the key.

        Of each source the last told counts: by day of publication, then by the time of recording. Where several sources
        tell a key, the latest published counts, then the one that tells most of the place, then the first in
        order of source id; the column `alternatives` says
        how many others tell another value on that same day, and `alternatives()` gives them. `by="recorded_at"` asks
        what this store held at the end of the day (UTC) instead; `confirmed` leaves out what was read out of a text and
        nobody confirmed. `published` is a date, `recorded_at` UTC without
        zone. Raises `StoreError` that names a damaged file.
        """
        from . import vintages

        return vintages.as_of(
            self.observations,
            vintages.Scope.of(day, by=by, confirmed=confirmed, indicators=indicators, places=places, sources=sources),
        )

    def alternatives(
        self,
        day: date | None,
        *,
        indicators: Iterable[str] | None = None,
        places: Iterable[str] | None = None,
        by: Literal["published", "recorded_at"] = "published",
    ) -> pd.DataFrame:
        """The last told of every source, for keys that several sources tell with different values or units."""
        from . import vintages

        return vintages.alternatives(
            self.observations, vintages.Scope.of(day, by=by, indicators=indicators, places=places, sources=None)
        )

    def others(
        self,
        day: date | None,
        *,
        indicators: Iterable[str] | None = None,
        places: Iterable[str] | None = None,
        confirmed: bool = False,
    ) -> pd.DataFrame:
        """What sources told of figures for which `as_of` takes another source's word: alike or not."""
        from . import vintages

        scope = vintages.Scope.of(day, confirmed=confirmed, indicators=indicators, places=places)
        return vintages.others(self.observations, scope)

    def as_of_and_others(
        self,
        day: date | None,
        *,
        indicators: Iterable[str] | None = None,
        places: Iterable[str] | None = None,
        confirmed: bool = False,
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """`as_of` and `others` of one question, read once; and the rows of figures that every source withholds."""
        from . import vintages

        scope = vintages.Scope.of(day, confirmed=confirmed, indicators=indicators, places=places, sources=None)
        return vintages.as_of_and_others(self.observations, scope)

    def history(self, indicator: str, place: str, period: Period | None = None) -> pd.DataFrame:
        """Every vintage of an indicator at a place, in order of key, source, publication and recording.

        The column `previous` is the value that the same source told before, NaN for the first.
        """
        from . import vintages

        return vintages.history(self.observations, indicator, place, str(period) if period else None)

    def summary(self) -> pd.DataFrame:
        """What there is, a row for each source, indicator and kind.

        Columns: source, indicator, kind, places, observations (keys), vintages (rows), first and last (periods),
        published.
        """
        from . import vintages

        return vintages.summary(self.observations)

    def lacking(
        self, indicators: Iterable[str], place: str, period: Period, day: date | None = None
    ) -> tuple[str, ...]:
        """The indicators of which nothing was told by a day (None: until now) for a period: of the period itself, or of
        the year up to its end (January to October, for October). Targets do not count, nor what was estimated before
        the period was over."""
        from briefings.observations import rows_of

        wanted = tuple(indicators)
        if not wanted:
            return ()
        rows = rows_of(self.as_of(day, indicators=wanted, places=[place]))
        told = {
            row.indicator
            for row in rows
            if row.period in (period, period.months_so_far)
            and not row.target
            and not (row.status == "estimate" and row.published <= period.end)
        }
        return tuple(indicator for indicator in wanted if indicator not in told)

    def spread(self, source: str, factor: float) -> tuple[tuple[str, str], ...]:
        """The indicators and places of a source whose largest value, of whatever vintage, is at least `factor`
        times the smallest, zeros apart, or of which a level is below zero: those in which a jump or what cannot be
        can hide."""
        from . import vintages

        return vintages.spread(self.observations, source, factor)

    def slips(self, source: str, since: datetime) -> tuple[Slip, ...]:
        """Figures told since an instant of about ten times, or a tenth, of what the source told of them before, or of
        the same months a year earlier."""
        from . import slips

        return slips.slips(self.observations, source, since)

    def remember(self, source: str, at: datetime, state: str) -> None:
        """Keep that a source was read at an instant, and in which state its files were. Raises `StoreError`."""
        readings.remember(self.observations, source, at, state)

    def remembered(self, source: str) -> tuple[datetime, str] | None:
        """When a source was read last, and the state of its files then; None where that is not known."""
        return readings.remembered(self.observations, source)

    def files(self) -> tuple[str, ...]:
        """The names of the files that hold what was told, in the order in which they were written. A name holds the
        digest of its file: the same names are the same observations."""
        return tuple(sorted(path.name for path in self.observations.glob("*.parquet")))

    def told_in(self, names: Iterable[str]) -> frozenset[tuple[str, str]]:
        """Indicator and place of all that some of the files tell. Raises `StoreError` that names a damaged file."""
        from . import vintages

        return vintages.told_in(self.observations, names)

    def withdrawn(self) -> str:
        """A digest of what was taken back, and of what sources contradict themselves in: what does not count though a
        file holds it."""
        from . import contradictions, withdrawals

        return withdrawals.state(self.observations) + contradictions.state(self.observations)

    def verify(self) -> tuple[str, ...]:
        """What is wrong with the files of the store, a message each: unreadable, or altered since they were written."""
        from . import vintages

        return vintages.verify(self.observations)
