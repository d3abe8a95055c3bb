"""Corrections: who received an edition that a later revision sets right or completes, and whether figures changed.

In: the ledger, the archive. Out: dues of correction notices, to exactly those who received the wrong edition, or the
partial one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from briefings.archive import Archive, Edition
from briefings.briefing.identity import amendments, pairs, reads_otherwise, standing
from briefings.deliver.corrections import completes
from briefings.errors import ArchiveError, RequestError
from briefings.ledger import Due, Ledger, Row
from briefings.ledger.tables import deliveries

from .planning import Service

#: An edition is corrected to its readers within so long after it was sent.
CORRECTED_WITHIN = timedelta(days=92)


def due(ledger: Ledger, archive: Archive, services: Mapping[str, Service], edition: str, now: datetime) -> list[Due]:
    """The corrections of an edition that the ledger does not have yet: the edition is the last that a reader received,
    and has a later revision in which a figure that was printed reads otherwise or is taken back; or it was partial, and
    that one is whole."""
    both = _following(archive, edition)
    received = _last_received(ledger, edition) if both else []
    if not both or not received:
        return []
    try:
        does = _does(*(each.folder for each in both))
    except ArchiveError:
        return []  # a damaged edition is told of when it is to be sent
    dues: list[Due] = []
    for row in received if does else []:
        service = services.get(f"{row.theme}:{row.cadence}")
        if service is not None:
            dues.append(_of(row, both[1].id, does, service, now))
    return dues


def _last_received(ledger: Ledger, edition: str) -> list[Row]:
    """The rows of those who received an edition, and of its theme, place, period and language nothing after it."""
    received = [row for row in ledger.of_edition(edition) if row.state == "sent" and row.recipient]
    if not received:
        return []
    one = received[0]
    same = [getattr(deliveries.c, name) == getattr(one, name) for name in ("theme", "place", "period", "language")]
    last: dict[tuple[str, str], int] = {}
    for row in ledger.rows(*same):
        reader = (row.recipient, row.channel)
        last[reader] = max(row.id, last.get(reader, 0))
    return [row for row in received if last[row.recipient, row.channel] == row.id]


def _of(row: Row, right: str, does: str, service: Service, now: datetime) -> Due:
    return Due(
        theme=row.theme,
        cadence=row.cadence,
        place=row.place,
        period=row.period,
        language=row.language,
        recipient=row.recipient,
        channel=row.channel,
        due_at=now,
        send_from=now,
        state="awaiting approval" if service.entry.approval else "built",
        reason=f"{does} {row.edition}",
        corrects=row.edition,
        edition=right,
    )


def _following(archive: Archive, edition: str) -> tuple[Edition, Edition] | None:
    """An edition and its latest revision; None where there is no later one, or one of them is damaged: that is told of
    when it is to be sent."""
    try:
        was = archive.find(edition)
        latest = archive.latest(was.key)
    except (ArchiveError, RequestError):
        return None
    return (was, latest) if latest is not None and latest.revision > was.revision else None


@lru_cache(maxsize=1024)
def _does(before: Path, after: Path) -> Literal["completes", "corrects", ""]:
    """What a later revision does to an edition, by the folders of both: it completes it, or corrects it: tells a figure
    that was printed otherwise, or takes it back; or neither. Editions never change. Raises `ArchiveError`."""
    was, latest = (Archive(folder.parent).opened(folder) for folder in (before, after))
    if completes(was, latest):
        return "completes"
    return "corrects" if amendments(was.briefing(), latest.briefing(), was.printed()) else ""


def changed(archive: Archive, before: str, after: str) -> bool:
    """Whether an edition tells a figure that another does not tell, or otherwise."""
    one, other = (standing(archive.find(edition).briefing()) for edition in (before, after))
    both = pairs(one.values(), other.values())
    return len(both) < max(len(one), len(other)) or any(reads_otherwise(was, now) for was, now in both)
