"""What passes between whoever sends and a channel: a delivery goes in, a receipt comes out.

One delivery is one edition for one recipient by one channel. `freeze` makes its bytes once, `send` hands them over, as
often as it takes. When something is sent, and what became of it, is kept next door, in `schedule` and `ledger`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal, Protocol

Outcome = Literal["sent", "refused", "failed", "ambiguous"]
"""sent: taken by the other side. refused: for good, this recipient alone. failed: nothing was handed over, it may be
tried again. ambiguous: the connection ended after handing over began and before the answer (RFC 1047)."""


@dataclass(frozen=True)
class Receipt:
    """What became of one try. `reason` is one line for a person, `reply` the answer of the other side (or where the
    files lie), `retry_after` the seconds that the other side asked for, however many. None of them ever holds a
    secret."""

    outcome: Outcome
    reason: str = ""
    reply: str = ""
    retry_after: float | None = None


def asked_to_wait(told: str, answered: str) -> float | None:
    """The seconds that `Retry-After` asks to wait, a number or a date (RFC 9110, 10.2.3), which is counted from that of
    the answer, by the clock of the other side. None where it asks for nothing that can be read."""
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - parsedate_to_datetime(answered)).total_seconds())
    except (ValueError, TypeError):  # no dates, or one of them without a zone
        return None


@dataclass(frozen=True)
class Delivery:
    """An edition for a recipient. `key` (64 hexadecimal digits) is the same at every try, so are `dated` (aware: when
    the bytes were frozen) and `payload` (what `freeze` returned; empty when it is called).

    `folder` is the edition's; its checksums were verified before. `due` is aware, in the theme's zone. `partial` names
    what was not in, in the reader's language. `corrects` is the id of the edition that the reader has wrongly.
    """

    key: str
    message_id: str
    recipient: str
    channel: str
    language: str
    edition: str
    folder: Path
    dated: datetime
    due: datetime
    late: bool = False
    partial: tuple[str, ...] = ()
    corrects: str = ""
    again: bool = False
    payload: bytes = b""


@dataclass(frozen=True)
class Note:
    """A text that is no edition: a notice to an owner, a test. `key` is hexadecimal, at least 32 digits."""

    key: str
    subject: str
    text: str
    dated: datetime


class Channel(Protocol):
    """One way to recipients, opened. One thread uses it; connections are kept until `close`."""

    kind: str
    on_ambiguous: Literal["resend", "park"]

    def freeze(self, delivery: Delivery) -> bytes:
        """The bytes of a delivery: pure, no clock, no network. Raises `DeliveryError` where it cannot be sent."""

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        """Hand `delivery.payload` over. `handing_over` is called exactly once, right before the point of no return:
        from there on nobody can know, without an answer, whether it arrived. Never raises for what the other side does.
        """

    def note(self, recipient: str, note: Note) -> Receipt:
        """Hand over a text that is no edition, at once; like `send` it does not raise for what the other side does."""

    def close(self) -> None:
        """End what was kept open between deliveries."""
