"""Rows of the ledger as values: a due that is entered, a row that is read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from .states import State


@dataclass(frozen=True)
class Due:
    """What is due to one reader. A due without recipient and channel is an edition that nobody receives: it is built
    and filed. `send_from` is the end of the embargo, or the release itself."""

    theme: str
    cadence: str
    place: str
    period: str
    language: str
    recipient: str
    channel: str
    due_at: datetime
    send_from: datetime
    state: State = "planned"
    reason: str = ""
    corrects: str = ""
    edition: str = ""


@dataclass(frozen=True)
class Row:
    """One row of `deliveries`; instants are aware, in UTC."""

    id: int
    theme: str
    cadence: str
    place: str
    period: str
    language: str
    recipient: str
    channel: str
    corrects: str
    due_at: datetime
    send_from: datetime
    state: State
    reason: str
    late: bool
    partial: tuple[str, ...]
    edition: str
    attempts: int
    next_try: datetime | None
    dated: datetime | None
    handed: bool
    again: bool
    reply: str
    payload_sha256: str
    holder: str
    lease_until: datetime | None
    fence: int
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, found: Any) -> Row:
        """A row as SQLAlchemy gives it."""
        told = {field.name: getattr(found, field.name) for field in fields(cls)}
        return cls(**{**told, "partial": tuple(json.loads(told["partial"]))})

    @property
    def key(self) -> str:
        """The idempotency key: of the due and the edition, the same at every try (64 hexadecimal digits)."""
        parts = (self.theme, self.place, self.period, self.language, self.recipient, self.channel, self.edition)
        return hashlib.sha256("\0".join((*parts, self.corrects)).encode()).hexdigest()

    @property
    def group(self) -> tuple[str, str, str, str]:
        """What is built together: theme, cadence, place, period."""
        return self.theme, self.cadence, self.place, self.period

    def __str__(self) -> str:
        reader = f"{self.recipient} by {self.channel}" if self.recipient else "the archive"
        return f"{self.theme}/{self.place}/{self.period}/{self.language} to {reader}"
