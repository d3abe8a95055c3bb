"""The tables of the ledger.

`deliveries` has one row for each due (theme, place, period, language, recipient, channel; corrections apart); `outbox`
the frozen bytes of those that are not settled; `events` every change of state, append-only; `decisions` who approved or
rejected an edition; `notices` what owners were told; `meta` the rest: when a theme was first seen, the highest clock.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()


class Instant(sa.TypeDecorator[datetime]):
    """An instant, kept as text in UTC to the microsecond: it sorts, and is the same in every database."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: str | None, dialect: Any) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("theme", sa.String(64), nullable=False),
    sa.Column("cadence", sa.String(16), nullable=False),
    sa.Column("place", sa.String(64), nullable=False),
    sa.Column("period", sa.String(32), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("recipient", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("corrects", sa.String(255), nullable=False, default=""),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("send_from", Instant, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("late", sa.Boolean, nullable=False, default=False),
    sa.Column("partial", sa.Text, nullable=False, default="[]"),
    sa.Column("edition", sa.String(255), nullable=False, default=""),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_try", Instant),
    sa.Column("dated", Instant),
    sa.Column("handed", sa.Boolean, nullable=False, default=False),
    sa.Column("again", sa.Boolean, nullable=False, default=False),
    sa.Column("reply", sa.Text, nullable=False, default=""),
    sa.Column("payload_sha256", sa.String(64), nullable=False, default=""),
    sa.Column("holder", sa.String(255), nullable=False, default=""),
    sa.Column("lease_until", Instant),
    sa.Column("fence", sa.Integer, nullable=False, default=0),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.UniqueConstraint(
        "theme", "place", "period", "language", "recipient", "channel", "corrects", name="uq_deliveries_due"
    ),
    sa.Index("ix_deliveries_state", "state"),
    sa.Index("ix_deliveries_edition", "edition"),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("delivery", sa.Integer, sa.ForeignKey("deliveries.id"), primary_key=True, autoincrement=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("delivery", sa.Integer, sa.ForeignKey("deliveries.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("from_state", sa.String(20), nullable=False),
    sa.Column("to_state", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("holder", sa.String(255), nullable=False),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("edition", sa.String(255), nullable=False, index=True),
    sa.Column("decision", sa.String(16), nullable=False),
    sa.Column("person", sa.String(255), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Instant, nullable=False),
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("theme", sa.String(64), nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("done", sa.Text, nullable=False),
    sa.Column("to_do", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("told_at", Instant),
    sa.Column("mended_at", Instant),
    sa.Column("mended_told_at", Instant),
)

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
