"""The first tables: deliveries, their frozen bytes, events, decisions, notices, and what else is kept.

What stands here never changes; how the tables are now is told in `ledger.tables`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER, TEXT, YES_OR_NO = sa.Integer(), sa.Text(), sa.Boolean()
#: An instant in UTC, as text.
INSTANT = sa.String(27)


def upgrade() -> None:
    """Make them; those that others refer to first."""
    _decisions()
    _deliveries()
    _meta()
    _notices()
    _events()
    _outbox()


def _told(**kinds: Any) -> list[sa.Column[Any]]:
    """Columns that always hold something."""
    return [sa.Column(name, kind, nullable=False) for name, kind in kinds.items()]


def _open(**kinds: Any) -> list[sa.Column[Any]]:
    """Columns that may hold nothing yet."""
    return [sa.Column(name, kind, nullable=True) for name, kind in kinds.items()]


def _decisions() -> None:
    columns = _told(id=NUMBER, edition=sa.String(255), decision=sa.String(16), person=sa.String(255))
    columns += _told(reason=TEXT, at=INSTANT)
    op.create_table("decisions", *columns, sa.PrimaryKeyConstraint("id"))
    op.create_index("ix_decisions_edition", "decisions", ["edition"])


def _deliveries() -> None:
    columns = _told(id=NUMBER, theme=sa.String(64), cadence=sa.String(16), place=sa.String(64), period=sa.String(32))
    columns += _told(language=sa.String(8), recipient=sa.String(64), channel=sa.String(64), corrects=sa.String(255))
    columns += _told(due_at=INSTANT, send_from=INSTANT, state=sa.String(20), reason=TEXT)
    columns += _told(late=YES_OR_NO, partial=TEXT, edition=sa.String(255), attempts=NUMBER)
    columns += _open(next_try=INSTANT, dated=INSTANT)
    columns += _told(handed=YES_OR_NO, again=YES_OR_NO, reply=TEXT, payload_sha256=sa.String(64))
    columns += _told(holder=sa.String(255)) + _open(lease_until=INSTANT) + _told(fence=NUMBER)
    columns += _told(created_at=INSTANT, changed_at=INSTANT)
    due = ("theme", "place", "period", "language", "recipient", "channel", "corrects")
    once = sa.UniqueConstraint(*due, name="uq_deliveries_due")
    op.create_table("deliveries", *columns, sa.PrimaryKeyConstraint("id"), once)
    op.create_index("ix_deliveries_edition", "deliveries", ["edition"])
    op.create_index("ix_deliveries_state", "deliveries", ["state"])


def _meta() -> None:
    op.create_table("meta", *_told(key=sa.String(255), value=TEXT), sa.PrimaryKeyConstraint("key"))


def _notices() -> None:
    columns = _told(key=sa.String(255), theme=sa.String(64), what=TEXT, done=TEXT, to_do=TEXT, since=INSTANT)
    columns += _open(told_at=INSTANT, mended_at=INSTANT, mended_told_at=INSTANT)
    op.create_table("notices", *columns, sa.PrimaryKeyConstraint("key"))


def _events() -> None:
    columns = _told(id=NUMBER, delivery=NUMBER, at=INSTANT, from_state=sa.String(20), to_state=sa.String(20))
    columns += _told(reason=TEXT, holder=sa.String(255))
    of_one = sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"])
    op.create_table("events", *columns, of_one, sa.PrimaryKeyConstraint("id"))
    op.create_index("ix_events_delivery", "events", ["delivery"])


def _outbox() -> None:
    delivery = sa.Column("delivery", NUMBER, autoincrement=False, nullable=False)
    of_one = sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"])
    op.create_table("outbox", delivery, *_told(payload=sa.LargeBinary()), of_one, sa.PrimaryKeyConstraint("delivery"))
