"""One delivery, from the ledger to the channel and back.

In: a row that is built, a channel. Out: the row with what became of it. The order is the proof: the row and its frozen
bytes are `sending` before the first byte leaves, `handed` right before the point of no return, and settled after the
answer; what dies in between is told apart by what was committed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from briefings.deliver import Channel, Delivery, Receipt
from briefings.errors import BriefingsError, DeliveryError
from briefings.ledger import Ledger, Row, State

from .planning import Service

#: An edition that leaves so much after its time is late, and says so.
LATE = timedelta(hours=1)
#: The first pause after a try that failed, and the longest.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
#: The other side may ask for a longer one, and for no longer than this.
LONGEST_ASKED = timedelta(days=1)
#: How long a row is one holder's while it is being sent; channels give up long before.
LEASE = timedelta(minutes=10)


def trouble(state: State, row: Row) -> str:
    """The key under which an owner hears that a delivery was refused, or is ambiguous: of one edition, for another of
    the same day that arrives mends nothing of it."""
    of = (row.theme, row.place, row.period, row.language, row.recipient, row.channel)
    return ":".join((state, *of))


def pause(attempts: int, chance: random.Random, asked: float | None = None) -> timedelta:
    """How long to wait after so many tries: twice as long each time, give or take a half, at most the longest; at
    least what the other side asked for, within a day."""
    doubled = min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
    return max(doubled * chance.uniform(0.5, 1.5), timedelta(seconds=min(asked or 0, LONGEST_ASKED.total_seconds())))


def late(service: Service, row: Row, now: datetime) -> datetime | None:
    """When an edition was due, in the zone of its release, where it is late by now."""
    return row.due_at.astimezone(ZoneInfo(service.release.zone)) if now - row.send_from > LATE else None


@dataclass
class Sender:
    """Sends rows by one channel. `clock` is asked for every entry, `chance` for the pauses between tries."""

    ledger: Ledger
    channel: Channel
    clock: Callable[[], datetime]
    chance: random.Random

    def send(self, row: Row, folder: Path, zone: str, give_up: datetime) -> Row | None:
        """Try once. Returns the row as it was entered; None where another holder has it."""
        try:
            taken = self.ledger.claim_to_send(row, self.clock(), LEASE, lambda own: self._freeze(own, folder, zone))
        except DeliveryError as error:
            return self._refused(row, str(error))
        if taken is None:
            return None
        claim, content = taken
        delivery = replace(_delivery(claim.row, folder, zone), payload=content)
        handed: list[datetime] = []

        def handing_over() -> None:
            self.ledger.handing_over(claim.row, self.clock())
            handed.append(self.clock())

        try:
            receipt = self.channel.send(delivery, handing_over)
        except BriefingsError as error:
            receipt = Receipt("ambiguous" if handed else "failed", str(error).splitlines()[0])
        except Exception as error:  # an error of a channel that nobody foresaw costs this delivery alone
            receipt = Receipt("ambiguous" if handed else "failed", f"{type(error).__name__} in the channel")
        return self._enter(claim.row, receipt, give_up)

    def _freeze(self, row: Row, folder: Path, zone: str) -> tuple[bytes, dict[str, Any]]:
        now = self.clock()
        late = now - row.send_from > LATE
        dated = replace(row, dated=now, late=late)
        return self.channel.freeze(_delivery(dated, folder, zone)), {"dated": now, "late": late}

    def _refused(self, row: Row, reason: str) -> Row | None:
        """What cannot be made into what the channel sends is never tried."""
        states: tuple[State, ...] = ("built", "failed")
        for claim in self.ledger.claim([row.id], states, "sending", self.clock(), LEASE, "cannot be made"):
            return self.ledger.settle(claim.row, "refused", reason, self.clock())
        return None

    def _enter(self, row: Row, receipt: Receipt, give_up: datetime) -> Row:
        now = self.clock()
        if receipt.outcome in ("sent", "refused"):
            return self.ledger.settle(row, receipt.outcome, receipt.reason, now, reply=receipt.reply, next_try=None)
        if receipt.outcome == "ambiguous":
            resend = self.channel.on_ambiguous == "resend" and not row.again
            return self.ledger.doubt(row, receipt.reason, now, resend=resend, reply=receipt.reply, next_try=None)
        again = now + pause(row.attempts, self.chance, receipt.retry_after)
        reason = receipt.reason
        if again > give_up:
            return self.ledger.settle(row, "failed", f"{reason}; not tried again, it is too late", now, next_try=None)
        return self.ledger.settle(row, "failed", reason, now, reply=receipt.reply, next_try=again)


def _delivery(row: Row, folder: Path, zone: str) -> Delivery:
    """What a channel is told of a row."""
    return Delivery(
        key=row.key,
        message_id=row.key[:32],
        recipient=row.recipient,
        channel=row.channel,
        language=row.language,
        edition=row.edition,
        folder=folder,
        dated=row.dated or row.changed_at,
        due=row.due_at.astimezone(ZoneInfo(zone)),
        late=row.late,
        partial=row.partial,
        corrects=row.corrects,
        again=row.again,
    )
