"""What there is in a ledger, in numbers: for whoever watches it.

In: a ledger, an instant. Out: `Tally`. The numbers are those of the ledger as it stands, so that a restart loses none.
Who shows them is told in `schedule`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from .ledger import Ledger
from .states import State
from .tables import deliveries, events, notices

#: What is still to be done, by somebody.
OPEN: tuple[State, ...] = ("planned", "building", "awaiting approval", "sending", "failed", "ambiguous", "held")


@dataclass(frozen=True)
class Tally:
    """`standing`: rows by theme and state now; `entered`: how often a row came into a state, by theme and state;
    `editions`: distinct editions by theme; `overdue`: seconds since the oldest release of a theme that is not settled;
    `lateness`: seconds between the time when the delivery sent last was to leave and when it was sent; `notices`: what
    owners heard of and is not mended."""

    standing: Mapping[tuple[str, str], int]
    entered: Mapping[tuple[str, str], int]
    editions: Mapping[str, int]
    overdue: Mapping[str, float]
    lateness: Mapping[str, float]
    notices: int


def tally(ledger: Ledger, now: datetime) -> Tally:
    """The numbers of a ledger. Raises `LedgerError` where it cannot be read."""
    columns, number = deliveries.c, sa.func.count()
    by_state = sa.select(columns.theme, columns.state, number).group_by(columns.theme, columns.state)
    joined = sa.select(columns.theme, events.c.to_state, number).join(events, events.c.delivery == columns.id)
    editions = sa.select(columns.theme, sa.func.count(columns.edition.distinct())).where(columns.edition != "")
    waiting = columns.state.in_(OPEN) | ((columns.state == "built") & (columns.recipient != ""))
    oldest = sa.select(columns.theme, sa.func.min(columns.send_from)).where(waiting).group_by(columns.theme)
    last = sa.select(sa.func.max(columns.changed_at)).where(columns.state == "sent").group_by(columns.theme)
    sent = sa.select(columns.theme, columns.send_from, columns.changed_at).where(
        columns.state == "sent", columns.changed_at.in_(last)
    )
    return Tally(
        standing={(theme, state): count for theme, state, count in ledger.select(by_state)},
        entered={
            (theme, state): count
            for theme, state, count in ledger.select(joined.group_by(columns.theme, events.c.to_state))
        },
        editions=dict(ledger.select(editions.group_by(columns.theme))),
        overdue={theme: max(0.0, (now - at).total_seconds()) for theme, at in ledger.select(oldest)},
        lateness={
            theme: max(0.0, (changed - send_from).total_seconds()) for theme, send_from, changed in ledger.select(sent)
        },
        notices=sum(1 for _ in ledger.select(sa.select(notices.c.key).where(notices.c.mended_at.is_(None)))),
    )
