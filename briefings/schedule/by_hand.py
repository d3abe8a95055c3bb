"""One edition sent because a person asked: to whoever may have it, entered in the ledger like any other.

In: an edition, the ledger. Out: what may be done for each reader and why not, and the rows that were sent. Who received
it already receives it no second time; who received an earlier revision receives a correction. Who is named gets also
what was refused or skipped, of which nothing arrived, and what may have arrived.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from briefings.archive import Edition
from briefings.calendar import Cadence
from briefings.configuration import one_of
from briefings.deliver import Reader, open_channel, readers
from briefings.deliver.corrections import follows
from briefings.errors import RequestError
from briefings.ledger import Due, Ledger, LostLeaseError, Row, State
from briefings.periods import Period, Shape
from briefings.settings import Settings

from .planning import Service, services
from .sending import Sender, trouble

#: How long a row is this command's while it is made ready.
LEASE = timedelta(minutes=10)
#: A try that failed may be tried again within so long, by a daemon.
GIVE_UP = timedelta(days=1)


@dataclass(frozen=True)
class Choice:
    """What would be done for a reader: `sends` or not, and why. `row` is the ledger's, where it has one; `corrects`
    is the edition that the reader received before."""

    reader: Reader
    sends: bool
    reason: str
    row: Row | None = None
    corrects: str = ""


def choices(settings: Settings, edition: Edition, ledger: Ledger | None, to: str | None, now: datetime) -> list[Choice]:
    """What would be done for each reader who may have the edition, or for recipient `to` alone.

    Raises `RequestError` for a recipient that is none or may not have it, and for an edition that awaits approval, was
    rejected, or is under embargo.
    """
    _check_embargo(settings, edition, now)
    key = edition.key
    cadence = cadence_of(edition)
    may = [r for r in readers(settings, key.theme, key.place, cadence) if r.language == key.language]
    if to is not None:
        if to not in settings.recipients.recipients:
            raise RequestError(one_of(to, settings.recipients.recipients, "recipient"))
        may = [reader for reader in may if reader.recipient == to]
    if not may:
        whom = f"{to!r} may not have it" if to else "nobody may have it"
        raise RequestError(
            f"{edition.id}: {whom}; say in config/recipients.yaml who receives {key.theme} ({cadence.value}) "
            f"of {key.place} in {key.language}"
        )
    decision, told = _decided(ledger, edition)
    if decision == "awaits":
        raise RequestError(f"{edition.id} awaits approval; run `briefings approve {edition.id}`")
    if decision == "rejected":
        raise RequestError(f"{edition.id} was {told}; build a better one, it is not sent")
    rows = _rows(ledger, edition)
    return [_choice(reader, edition, [r for r in rows if _of(r, reader)], asked=to is not None) for reader in may]


def cadence_of(edition: Edition) -> Cadence:
    """The cadence that an edition is of. A theme has none of its own for plan periods: only its schedule has."""
    if Period.parse(edition.key.period).shape is Shape.CUMULATED_YEARS:
        return Cadence.PLAN
    return Cadence(edition.briefing().cadence)


def _service(settings: Settings, edition: Edition) -> Service | None:
    """The entry of its theme's schedule that an edition falls under, where there is one."""
    cadence = cadence_of(edition)
    of_theme = (service for service in services(settings) if service.theme == edition.key.theme)
    return next((service for service in of_theme if service.cadence == cadence), None)


def _check_embargo(settings: Settings, edition: Edition, now: datetime) -> None:
    service = _service(settings, edition)
    released = service.release.due_at(Period.parse(edition.key.period)) if service is not None else None
    if service is None or released is None or service.entry.embargo is None:
        return
    until = service.send_from(released)
    if now < until:
        raise RequestError(f"{edition.id} is under embargo until {until:%Y-%m-%d %H:%M} ({service.release.zone}); wait")


def _decided(ledger: Ledger | None, edition: Edition) -> tuple[str, str]:
    """What a person decided last on an edition (approved, rejected), or that it awaits that; and in which words."""
    rows = ledger.of_edition(edition.id) if ledger is not None else []
    if any(row.state == "awaiting approval" for row in rows):
        return "awaits", ""
    found = [
        (at, "approved" if to == "built" else "rejected", reason)
        for row in rows
        for at, before, to, reason in (ledger.events_of(row.id) if ledger is not None else [])
        if before == "awaiting approval" and to in ("built", "held")
    ]
    _, decision, reason = max(found, default=(None, "", ""))
    return decision, reason


def _rows(ledger: Ledger | None, edition: Edition) -> list[Row]:
    """What the ledger has of the edition's theme, place, period and language, in the order of entry."""
    if ledger is None:
        return []
    from briefings.ledger.tables import deliveries

    key, columns = edition.key, deliveries.c
    same = (columns.theme == key.theme, columns.place == key.place, columns.period == key.period)
    return sorted(ledger.rows(*same, columns.language == key.language), key=lambda row: row.id)


def _of(row: Row, reader: Reader) -> bool:
    return (row.recipient, row.channel, row.language) == (reader.recipient, reader.channel, reader.language)


def _choice(reader: Reader, edition: Edition, rows: Sequence[Row], *, asked: bool) -> Choice:
    """What a reader's last row allows."""
    if not rows:
        return Choice(reader, True, "first time")
    last = rows[-1]
    against = _against(last, edition, asked=asked)
    if against:
        return Choice(reader, False, against, last)
    if last.state == "sent":
        return Choice(reader, True, f"{follows(last.edition, edition)} {last.edition}", None, last.edition)
    return Choice(reader, True, f"was {last.state}: {last.reason}" if last.reason else f"was {last.state}", last)


def _against(last: Row, edition: Edition, *, asked: bool) -> str:
    """Why an edition is not sent to the reader whose last row this is; empty where it may be."""
    same = last.edition == edition.id
    if last.state == "sent":
        later = int(last.edition.rpartition("/r")[2]) > edition.revision
        when = f"was sent on {last.changed_at:%Y-%m-%d %H:%M} UTC"
        return when if same else f"has a later revision: {last.edition}" if later else ""
    if last.state in ("refused", "skipped"):
        told = f"was {last.state}: {last.reason}"
        return "" if asked else f"{told}; name the reader with --to to send it"
    if last.state in ("building", "sending") or (last.edition and not same):
        return f"is {last.state} with {last.edition or 'what is being built'}: {last.reason}"
    if last.state == "ambiguous" and not asked:
        return f"may have arrived: {last.reason}; name the reader with --to to send it again"
    return ""


def send(
    settings: Settings,
    edition: Edition,
    ledger: Ledger,
    chosen: Sequence[Choice],
    *,
    clock: Callable[[], datetime],
    environ: Mapping[str, str],
    chance: random.Random,
) -> Iterator[Row]:
    """Send to those who are to have it, channel by channel; each row as it was entered at the end.

    Raises `RequestError` where a channel cannot be opened, before anything is sent by it.
    """
    service = _service(settings, edition)
    if service is not None and service.entry.approval and _decided(ledger, edition)[0] != "approved":
        for choice in chosen:
            if choice.sends:
                yield _ready(edition, ledger, choice, clock(), "awaiting approval")
        return
    by_channel: dict[str, list[Choice]] = {}
    for choice in chosen:
        if choice.sends:
            by_channel.setdefault(choice.reader.channel, []).append(choice)
    for name, of_channel in by_channel.items():
        with closing(open_channel(settings, name, environ)) as channel:
            sender = Sender(ledger, channel, clock, chance)
            for choice in of_channel:
                row = _ready(edition, ledger, choice, clock(), "built")
                done = sender.send(row, edition.folder, settings.project.zone, clock() + GIVE_UP)
                if done is not None and done.state == "built":  # ambiguous, and by the channel's word sent once more
                    done = sender.send(done, edition.folder, settings.project.zone, clock() + GIVE_UP)
                if done is not None:
                    if done.state == "sent":  # its owner hears that it is mended
                        ledger.mend(trouble("refused", done), clock())
                        ledger.mend(trouble("ambiguous", done), clock())
                    yield done


def _ready(edition: Edition, ledger: Ledger, choice: Choice, now: datetime, state: State) -> Row:
    """The reader's row in the state wanted, built or awaiting approval: a new one, or the one that waits."""
    row = choice.row
    if row is None:
        ledger.enter([_due(edition, choice, now, state)], now)
        return next(r for r in reversed(_rows(ledger, edition)) if _of(r, choice.reader))
    if row.state == "ambiguous":
        # The same bytes under the same key; the lease ends at once, for the sender takes the row as any other.
        return _claimed(ledger, row, "built", now, timedelta(0), f"sent once more by hand: {row.reason}")
    if row.state in ("built", "failed") and row.edition == edition.id:
        return row
    reason = f"sent by hand, was {row.state}" + (f": {row.reason}" if row.reason else "")
    claimed = _claimed(ledger, row, "building", now, LEASE, reason)
    return ledger.settle(claimed, state, reason, now, edition=edition.id)


def _claimed(ledger: Ledger, row: Row, to: State, now: datetime, lease: timedelta, reason: str) -> Row:
    """The row, taken. Raises `LostLeaseError` where another holder has it, or it has changed since it was read."""
    for claim in ledger.claim([row.id], (row.state,), to, now, lease, reason):
        return claim.row
    raise LostLeaseError(f"{row}: another holder took it in the meantime; look again in a while")


def _due(edition: Edition, choice: Choice, now: datetime, state: State) -> Due:
    key, reader = edition.key, choice.reader
    return Due(
        theme=key.theme,
        cadence=cadence_of(edition).value,
        place=key.place,
        period=key.period,
        language=key.language,
        recipient=reader.recipient,
        channel=reader.channel,
        due_at=now,
        send_from=now,
        state=state,
        reason="sent by hand",
        corrects=choice.corrects,
        edition=edition.id,
    )
