"""One source into the store: read, add, say what is new, revised, unchanged, rejected and held.

In: the settings of a project and the id of a source. Out: observations in the store, a file of rejected rows, and
`Ingested`. What becomes of the observations is the business of `pipeline`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from briefings import corrections, reconcile, sources
from briefings.compose import is_of
from briefings.errors import BriefingsError, CorrectionError
from briefings.observations import CONFIDENTIAL, Panel, rows_of
from briefings.periods import Period
from briefings.render.annex import clean
from briefings.settings import Settings, accepted
from briefings.store import Store

if TYPE_CHECKING:
    import pandas as pd

#: So many places are looked through at a time.
CHUNK = 50


@dataclass(frozen=True)
class Ingested:
    """What became of a source's rows; `error` where it could not be read (the store keeps what it had), `failed` where
    some of its files could not. Of documents, `open` counts the figures that wait for a person, `dismissed` those that
    a person rejected, `withdrawn` those that the same texts were once read to tell, and `lapsed` tells decisions whose
    sentence stands nowhere any more. `slips` are figures ten times what they were; `remarks` tell of a service that did
    not answer at once."""

    source: str
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    missing: int = 0
    held: tuple[reconcile.Held, ...] = ()
    conflicts: tuple[sources.Conflict, ...] = ()
    slips: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    rejects_file: Path | None = None
    failed: tuple[str, ...] = ()
    open: int = 0
    dismissed: int = 0
    withdrawn: int = 0
    lapsed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    error: str = ""


def ingest(
    settings: Settings, identifier: str, *, now: datetime, environ: Mapping[str, str] = MappingProxyType({})
) -> Ingested:
    """Read one source into the store; `environ` holds the secrets of databases and services. A source that cannot be
    read costs only itself."""
    store = open_store(settings)
    source = settings.sources[identifier]
    today = settings.today(now)
    try:
        reading = sources.read(
            identifier,
            source,
            catalogue=settings.catalogue,
            root=settings.workspace.root,
            keep=store.keep,
            today=today,
            reviews=settings.reviews,
            environ=environ,
        )
        ruled = source.published.days_after_period is not None
        revised_on = today if ruled else None
        told = store.add(identifier, reading.frame, now, revised_on=revised_on)
        if reading.contradicting is not None:
            twice, partly = reading.contradicting, bool(reading.failed)
            store.contradict(identifier, twice, now, revised_on=revised_on, partly=partly)
        slips = tuple(map(str, store.slips(identifier, now))) if told.new + told.revised else ()
        withdrawn = store.withdraw(identifier, reading.frame, reading.texts) if reading.texts else 0
    except BriefingsError as error:
        return Ingested(identifier, error=str(error))
    failed = reading.failed
    try:
        rejects = _write_rejects(settings, identifier, reading)
    except OSError as error:
        rejects = None
        failed += (f"{settings.workspace.rejects}: the rejected rows cannot be written down: {error.strerror}.",)
    return Ingested(
        identifier,
        new=told.new,
        revised=told.revised,
        unchanged=told.unchanged,
        rejected=len(reading.rejects),
        skipped=reading.skipped,
        missing=reading.missing,
        held=_held(settings, store, identifier),
        conflicts=reading.conflicts,
        slips=slips,
        unread=reading.columns_unread,
        rejects_file=rejects,
        failed=failed,
        open=len(reading.open),
        dismissed=reading.rejected,
        withdrawn=withdrawn,
        lapsed=reading.lapsed,
        remarks=reading.remarks,
    )


def _held(settings: Settings, store: Store, source: str) -> tuple[reconcile.Held, ...]:
    """What the audit holds of the figures that a source told, accepted jumps apart: looked for where a jump can hide,
    so that a source of a million rows costs no more memory than its few that vary by a factor of a hundred."""
    suspects = store.spread(source, reconcile.FACTOR)
    held: list[reconcile.Held] = []
    for indicator in dict.fromkeys(indicator for indicator, _ in suspects):
        places = [place for of, place in suspects if of == indicator]
        for start in range(0, len(places), CHUNK):
            chunk = places[start : start + CHUNK]
            rows = store.as_of(None, sources=(source,), indicators=(indicator,), places=chunk)
            twice = store.contradictions(None, sources=(source,), indicators=(indicator,), places=chunk)
            panel, _ = with_contradictions(Panel.of_frame(rows), twice)
            held += audited(settings, panel).held
    return tuple(item for item in held if item.reason != "conflict")  # `Ingested.conflicts` tells all of these


Levels = frozenset[tuple[str, str, str, Period]]


def with_contradictions(panel: Panel, told: pd.DataFrame) -> tuple[Panel, Levels]:
    """The panel with all that sources contradict themselves in (`Store.contradictions`), for the audit to hold; and the
    levels, by indicator, place, breakdown and period, that a source both tells and withholds: these are withheld."""
    if told.empty:
        return panel, frozenset()
    rows = [row for series in reconcile.contradicted(panel, tuple(rows_of(told))) for row in series]
    withheld = [row for row in rows if row.status == CONFIDENTIAL]
    levels = (row for row in withheld if row.kind == "level" and not row.target)
    found = frozenset((row.indicator, row.place, row.breakdown, row.period) for row in levels)
    return Panel.of_rows(row for row in rows if row.status != CONFIDENTIAL), found


def audited(settings: Settings, panel: Panel, as_of: date | None = None) -> reconcile.Checked:
    """The audit of a panel, with all that had been decided by a day (None: all)."""
    decided = accepted(settings.decided_by(as_of))
    return reconcile.check(panel, settings.catalogue, accepted=settings.accepted_jumps, decided=decided)


def idle_decisions(settings: Settings) -> tuple[str, ...]:
    """A line for each decision that touches no figure any more: it contradicts nothing now, or no source that it takes
    tells it. Nothing is told while the store is empty."""
    store = open_store(settings)
    named = {item.place for item in settings.decisions}
    places = {*named, *(key for place in named for key in settings.catalogue.ancestors(place))}
    rows = store.as_of(None, places=sorted(places)) if named else None
    if rows is None or rows.empty:
        return ()
    panel = Panel.of_frame(rows)
    released = [item.observations[0] for item in audited(settings, panel).released]
    told = [*(row for series in panel for row in series), *rows_of(store.others(None, places=sorted(named)))]
    lines = []
    for item, where in zip(settings.decisions, settings.decisions_at, strict=True):
        touched = released if item.decision == "accept" else [row for row in told if row.source == item.source]
        if not any(is_of(item, row) for row in touched):
            why = "the figure contradicts no other" if item.decision == "accept" else f"{item.source} does not tell it"
            what = f"{item.decision}, {item.indicator} of {item.place} in {item.period}"
            lines.append(f"{where}: the decision ({what}) touches nothing: {why}, or its figure is gone; delete it")
    return tuple(lines)


def idle_corrections(settings: Settings) -> tuple[str, ...]:
    """A line for each correction with which no edition can be built as the store stands: it is of no observation, or
    its source tells another value than is expected. Nothing is told before its source was read (where it names none,
    any)."""
    if not settings.corrections:
        return ()
    store = open_store(settings)
    open_ = [each for each in settings.corrections if each.correction.until is None]
    asked = [each.correction for each in open_]
    indicators, places = sorted({each.indicator for each in asked}), sorted({each.place for each in asked})
    counting, beside, _ = store.as_of_and_others(None, indicators=indicators, places=places)
    rows, others = tuple(rows_of(counting)), tuple(rows_of(beside))
    lines = []
    for each in open_:
        try:
            corrections.apply(rows, [each], others)
        except CorrectionError as error:
            lines.append((each.correction.source, f"{error} No edition with this figure can be built."))
    read = set(store.summary()["source"]) if lines else set()
    return tuple(line for source, line in lines if (source in read if source else read))


def _write_rejects(settings: Settings, identifier: str, reading: sources.Reading) -> Path | None:
    """The rows that could not be taken, with their reasons, for a person to mend; the file of the last ingest."""
    path = settings.workspace.rejects / f"{identifier}.csv"
    if not reading.rejects:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".writing")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "locator", "reason", "text"))
        writer.writerows(map(clean, (r.file, r.locator, r.reason, r.text)) for r in reading.rejects)
    beside.replace(path)
    return path


def open_store(settings: Settings) -> Store:
    return Store(settings.workspace.observations, settings.workspace.snapshots)
