"""Corrections: who received an edition that a later revision sets right or completes, and whether figures changed.

In: the ledger, the archive. Out: dues of correction notices, to exactly those who received the wrong edition, or the
partial one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from briefings.archive import Archive
from briefings.deliver.corrections import completes
from briefings.errors import ArchiveError, RequestError
from briefings.ledger import Due, Ledger, Row
from briefings.ledger.tables import deliveries

from .planning import Service

#: An edition is corrected to its readers within so long after it was sent.
CORRECTED_WITHIN = timedelta(days=92)
#: What makes a figure the same in both editions.
IDENTITY = ("kind", "indicator", "breakdown", "place", "period", "basis", "unit")


def due(ledger: Ledger, archive: Archive, services: Mapping[str, Service], now: datetime) -> list[Due]:
    """The corrections that the ledger does not have yet: the last edition that a reader received has a later revision
    in which a figure that was printed has another value, or was partial, and that one is whole."""
    dues: list[Due] = []
    for edition in ledger.editions_sent(now - CORRECTED_WITHIN):
        right, does = _following(archive, edition)
        for row in _last_received(ledger, edition) if right else []:
            service = services.get(f"{row.theme}:{row.cadence}")
            if service is not None:
                dues.append(_of(row, right, does, service, now))
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


def _following(archive: Archive, edition: str) -> tuple[str, str]:
    """The latest revision of an edition, where it completes it, or corrects it: gives another value for a figure that
    was printed. Also which of both; empty where it does neither."""
    try:
        was = archive.find(edition)
        latest = archive.latest(was.key)
        if latest is None or latest.revision <= was.revision:
            return "", ""
        if completes(was, latest):
            return latest.id, "completes"
        before, after = _values(was.figures()), _values(latest.figures())
    except (ArchiveError, RequestError):
        return "", ""  # a damaged edition is told of when it is to be sent
    wrong = any(after.get(key, value) != value for key, value in before.items())
    return (latest.id, "corrects") if wrong else ("", "")


def changed(archive: Archive, before: str, after: str) -> bool:
    """Whether an edition gives a figure that another does not give, or otherwise."""
    return _values(archive.find(before).figures()) != _values(archive.find(after).figures())


def _values(figures: list[dict[str, Any]]) -> dict[tuple[Any, ...], Any]:
    return {tuple(figure.get(name) for name in IDENTITY): figure.get("value") for figure in figures}
