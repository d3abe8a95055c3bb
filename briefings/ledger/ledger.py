"""The ledger itself: every change of a delivery is one transaction, guarded by a lease and its fence.

In: an engine, the name of the holder, instants that the caller passes. Out: rows. A claim takes rows for a time; each
claim raises the row's fence, and what a holder enters counts only as long as the fence is his: one who was thought dead
and comes back changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from briefings.errors import LedgerError
from briefings.faults import fault_point

from .rows import Due, Row
from .states import FINAL, FOLLOWING, State
from .tables import decisions, deliveries, events, meta, notices, outbox

#: What is executed several times a delivery is made once: a row that is still as it was read, changed; an event.
CHANGE = sa.update(deliveries).where(
    deliveries.c.id == sa.bindparam("of_id"),
    deliveries.c.fence == sa.bindparam("of_fence"),
    deliveries.c.state == sa.bindparam("of_state"),
)
LOG = sa.insert(events)


class LostLeaseError(LedgerError):
    """Another holder took the row in the meantime; what was to be entered counts no more."""


@dataclass(frozen=True)
class Claim:
    """A row that this holder has until the lease ends; `row.fence` is the claim's."""

    row: Row
    until: datetime


class Ledger:
    """The deliveries of a project. `holder` names this process; `alone`: no other process works on this ledger."""

    def __init__(self, engine: sa.Engine, holder: str, *, alone: bool, where: str) -> None:
        self.engine = engine
        self._reading = engine.execution_options(reading=True)
        self.holder = holder
        self.alone = alone
        self.where = where

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _commit(self, point: str) -> Iterator[sa.Connection]:
        """One transaction, with a fault point on either side of its commit. Raises `LedgerError` where it fails."""
        try:
            with self.engine.begin() as connection:
                yield connection
                fault_point(f"ledger.{point}.before_commit")
        except sa.exc.DBAPIError as error:
            raise LedgerError(
                f"{self.where}: {error.orig}; nothing was entered. Make room or mend the database, then run again"
            ) from error
        fault_point(f"ledger.{point}.after_commit")

    @contextmanager
    def _look(self) -> Iterator[sa.Connection]:
        """A connection to read by. Raises `LedgerError` where reading fails."""
        try:
            with self._reading.connect() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise LedgerError(f"{self.where}: {error.orig}; mend or start the database, then run again") from error

    # -- what is known -------------------------------------------------------------------------------------------------

    def rows(self, *conditions: sa.ColumnElement[bool]) -> list[Row]:
        """All rows for which the conditions hold, in the order of release."""
        query = sa.select(deliveries).where(*conditions).order_by(deliveries.c.due_at, deliveries.c.id)
        with self._look() as connection:
            return [Row.of(found) for found in connection.execute(query)]

    def select(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """What a question about the tables gives. Raises `LedgerError` where they cannot be read."""
        try:
            with self._reading.connect() as connection:
                return [tuple(found) for found in connection.execute(query)]
        except sa.exc.DBAPIError as error:
            raise LedgerError(f"{self.where}: {error.orig}; it cannot be read") from error

    def row(self, number: int) -> Row:
        (found,) = self.rows(deliveries.c.id == number)
        return found

    def in_states(self, *states: State) -> list[Row]:
        return self.rows(deliveries.c.state.in_(states))

    def editions_sent(self, since: datetime) -> list[str]:
        """The editions that somebody received since an instant."""
        sent = (deliveries.c.state == "sent", deliveries.c.changed_at > since)
        with self._look() as connection:
            return list(connection.execute(sa.select(deliveries.c.edition).where(*sent).distinct()).scalars())

    def of_edition(self, edition: str) -> list[Row]:
        return self.rows(deliveries.c.edition == edition)

    def known(self, theme: str, cadence: str) -> set[tuple[str, str]]:
        """Place and period of everything that was entered for a cadence of a theme."""
        query = sa.select(deliveries.c.place, deliveries.c.period).distinct()
        query = query.where(deliveries.c.theme == theme, deliveries.c.cadence == cadence, deliveries.c.corrects == "")
        with self._look() as connection:
            return {(found.place, found.period) for found in connection.execute(query)}

    def last_sent(self, row: Row) -> Row | None:
        """What this reader was sent last of the same theme and place, before this row."""
        same = [getattr(deliveries.c, name) == getattr(row, name) for name in SAME_READER]
        found = self.rows(*same, deliveries.c.state == "sent", deliveries.c.id != row.id)
        return max(found, key=lambda each: each.changed_at, default=None)

    def events_of(self, number: int) -> list[tuple[datetime, str, str, str]]:
        """Every change of a row: when, from, to, why."""
        query = sa.select(events).where(events.c.delivery == number).order_by(events.c.id)
        with self._look() as connection:
            return [(e.at, e.from_state, e.to_state, e.reason) for e in connection.execute(query)]

    def counts(self) -> dict[str, int]:
        """State -> number of rows."""
        query = sa.select(deliveries.c.state, sa.func.count()).group_by(deliveries.c.state)
        with self._look() as connection:
            return {state: int(number) for state, number in connection.execute(query)}

    def note(self, key: str) -> str | None:
        """What `meta` keeps under a key."""
        with self._look() as connection:
            return connection.execute(sa.select(meta.c.value).where(meta.c.key == key)).scalar()

    def keep(self, key: str, value: str) -> None:
        """Keep a value in `meta`, in place of what stood there."""
        with self._commit("keep") as connection:
            put = _insert(connection)(meta).values(key=key, value=value)
            connection.execute(put.on_conflict_do_update(index_elements=[meta.c.key], set_={"value": value}))

    # -- entering ------------------------------------------------------------------------------------------------------

    def enter(self, dues: Sequence[Due], now: datetime) -> int:
        """Enter dues, all or none; those that are there already stay as they are. Returns how many were new."""
        new = 0
        with self._commit("enter") as connection:
            for due in dues:
                if self._enter(connection, due, now):
                    new += 1
        return new

    def _enter(self, connection: sa.Connection, due: Due, now: datetime) -> bool:
        values = {**vars(due), "created_at": now, "changed_at": now}
        insert = _insert(connection)(deliveries).values(values).on_conflict_do_nothing()
        number = connection.execute(insert.returning(deliveries.c.id)).scalar()
        if number is None:
            return False
        self._log(connection, number, "", due.state, due.reason, now)
        return True

    # -- claiming ------------------------------------------------------------------------------------------------------

    def claim(
        self, numbers: Iterable[int], states: tuple[State, ...], to: State, now: datetime, lease: timedelta, reason: str
    ) -> list[Claim]:
        """Take those of the rows that are in one of the states and nobody's, or of a holder whose lease is over."""
        with self._commit(f"claim_{to}") as connection:
            return self._claim(connection, numbers, states, to, now, lease, reason)

    def _claim(
        self,
        connection: sa.Connection,
        numbers: Iterable[int],
        states: tuple[State, ...],
        to: State,
        now: datetime,
        lease: timedelta,
        reason: str,
    ) -> list[Claim]:
        free = sa.or_(deliveries.c.lease_until.is_(None), deliveries.c.lease_until <= now)
        wanted = sa.select(deliveries).where(deliveries.c.id.in_(list(numbers)), deliveries.c.state.in_(states), free)
        taken = []
        for found in connection.execute(wanted.order_by(deliveries.c.id).with_for_update()).all():
            row = Row.of(found)
            values = {"holder": self.holder, "lease_until": now + lease, "fence": row.fence + 1}
            taken.append(Claim(self._change(connection, row, to, reason, now, **values), now + lease))
        return taken

    def claim_to_send(
        self, row: Row, now: datetime, lease: timedelta, freeze: Callable[[Row], tuple[bytes, dict[str, Any]]]
    ) -> tuple[Claim, bytes] | None:
        """Take a row for sending, with its bytes: those frozen at the first try, or what `freeze` makes now.

        The bytes, their hash and the state are one transaction: whatever is `sending` has its bytes. None where another
        holder has the row.
        """
        with self._commit("claim_sending") as connection:
            taken = self._claim(
                connection, [row.id], ("built", "failed"), "sending", now, lease, f"try {row.attempts + 1}"
            )
            if not taken:
                return None
            claimed = taken[0].row
            kept = connection.execute(sa.select(outbox.c.payload).where(outbox.c.delivery == row.id)).scalar()
            values: dict[str, Any] = {"attempts": claimed.attempts + 1, "handed": False}
            if kept is None:
                kept, facts = freeze(claimed)
                connection.execute(sa.insert(outbox).values(delivery=row.id, payload=kept))
                values |= {**facts, "payload_sha256": hashlib.sha256(kept).hexdigest()}
            elif hashlib.sha256(kept).hexdigest() != claimed.payload_sha256:
                raise LedgerError(f"{self.where}: the frozen bytes of {row} were altered; nothing is sent of them")
            claimed = self._set(connection, claimed, now, **values)
        return Claim(claimed, taken[0].until), bytes(kept)

    def handing_over(self, row: Row, now: datetime) -> None:
        """From here on nobody can know, without an answer, whether it arrived."""
        with self._commit("handing_over") as connection:
            self._set(connection, row, now, handed=True)

    # -- changing ------------------------------------------------------------------------------------------------------

    def settle(self, row: Row, to: State, reason: str, now: datetime, **values: Any) -> Row:
        """Enter what became of a claimed row, and give it back. Raises `LostLeaseError` where it is another's."""
        return self.settle_all([row], to, reason, now, **values)[0]

    def settle_all(self, rows: Sequence[Row], to: State, reason: str, now: datetime, **values: Any) -> list[Row]:
        """Enter what became of several claimed rows, all or none."""
        free = {"holder": "", "lease_until": None}
        with self._commit(f"settle_{to.replace(' ', '_')}") as connection:
            changed = [self._change(connection, row, to, reason, now, **{**free, **values}) for row in rows]
            if to in FINAL:
                connection.execute(sa.delete(outbox).where(outbox.c.delivery.in_([row.id for row in rows])))
        return changed

    def say(self, rows: Sequence[Row], reason: str, now: datetime) -> None:
        """Enter a new reason for rows that stay in their state, and that nobody holds."""
        new = [row.id for row in rows if row.reason != reason]
        if new:
            with self._commit("say") as connection:
                same = (deliveries.c.id.in_(new), deliveries.c.holder == "")
                connection.execute(sa.update(deliveries).where(*same).values(reason=reason, changed_at=now))

    def recover(self, now: datetime, resend: Callable[[Row], bool]) -> list[Row]:
        """Take back what dead holders had: those whose lease is over, and, for a holder that is alone, all others. What
        this holder itself could not enter is taken back too: nothing of it is under way when this is asked.

        What was building is planned again; what was sending and not handed over is built; what may have been handed
        over is ambiguous, and by the channel's word (`resend`) sent once more.
        """
        gone = sa.or_(deliveries.c.lease_until <= now, deliveries.c.holder == self.holder, sa.literal(self.alone))
        busy = deliveries.c.state.in_(("building", "sending"))
        if not self.rows(busy, gone):
            return []
        back = []
        with self._commit("recover") as connection:
            query = sa.select(deliveries).where(busy, gone).order_by(deliveries.c.id).with_for_update()
            for found in connection.execute(query).all():
                row = Row.of(found)
                free = {"holder": "", "lease_until": None, "fence": row.fence + 1}
                how = "could not enter what became of it" if row.holder == self.holder else "died"
                died = f"{row.holder} {how} while {row.state} it"
                if row.state == "building":
                    back.append(self._change(connection, row, "planned", died, now, **free))
                elif not row.handed:
                    back.append(self._change(connection, row, "built", f"{died}; nothing was handed over", now, **free))
                else:
                    lost = f"{died}, after handing over began and before the answer was entered"
                    row = self._change(connection, row, "ambiguous", lost, now, **free)
                    back.append(self._once_more(connection, row, now) if resend(row) else row)
        return back

    def doubt(self, row: Row, reason: str, now: datetime, *, resend: bool, **values: Any) -> Row:
        """Enter that nobody can know whether it arrived; with `resend` it is sent again, the same bytes under the same
        key, once: all in one transaction, so that no death leaves it between the two."""
        free = {"holder": "", "lease_until": None}
        with self._commit("settle_ambiguous") as connection:
            row = self._change(connection, row, "ambiguous", reason, now, **{**free, **values})
            return self._once_more(connection, row, now) if resend else row

    def _once_more(self, connection: sa.Connection, row: Row, now: datetime) -> Row:
        return self._change(connection, row, "built", f"sent once more: {row.reason}", now, again=True)

    def decide(self, edition: str, decision: str, person: str, reason: str, now: datetime) -> list[Row]:
        """Enter who approved or rejected an edition: its rows go on, or are held. Returns the rows concerned."""
        to: State = "built" if decision == "approved" else "held"
        told = f"{decision} by {person}" + (f": {reason}" if reason else "")
        with self._commit("decide") as connection:
            query = sa.select(deliveries).where(
                deliveries.c.edition == edition, deliveries.c.state == "awaiting approval"
            )
            rows = [Row.of(found) for found in connection.execute(query.with_for_update()).all()]
            if rows:
                connection.execute(
                    sa.insert(decisions).values(
                        edition=edition, decision=decision, person=person, reason=reason, at=now
                    )
                )
            return [self._change(connection, row, to, told, now) for row in rows]

    def _change(self, connection: sa.Connection, row: Row, to: State, reason: str, now: datetime, **values: Any) -> Row:
        """Change the state of a row that is still as it was read; the change is logged."""
        if to not in FOLLOWING[row.state]:
            raise LedgerError(f"{row}: {to!r} cannot follow {row.state!r}; report this")
        changed = self._set(connection, row, now, state=to, reason=reason, **values)
        self._log(connection, row.id, row.state, to, reason, now)
        return changed

    def _set(self, connection: sa.Connection, row: Row, now: datetime, **values: Any) -> Row:
        stored = {**values, "changed_at": now}
        if "partial" in stored:
            stored["partial"] = json.dumps(list(stored["partial"]), ensure_ascii=False)
        done = connection.execute(CHANGE, {**stored, "of_id": row.id, "of_fence": row.fence, "of_state": row.state})
        if done.rowcount != 1:
            raise LostLeaseError(f"{row}: another holder took it in the meantime; nothing was entered")
        return replace(row, **{**values, "changed_at": now})

    def _log(self, connection: sa.Connection, number: int, before: str, after: str, reason: str, now: datetime) -> None:
        told = {"delivery": number, "at": now, "from_state": before, "to_state": after, "reason": reason}
        connection.execute(LOG, {**told, "holder": self.holder})

    # -- notices -------------------------------------------------------------------------------------------------------

    def notify(self, key: str, theme: str, what: str, done: str, to_do: str, now: datetime) -> bool:
        """Enter that an owner must hear of something; False where that was entered before and is not mended."""
        told = {"theme": theme, "what": what, "done": done, "to_do": to_do, "since": now}
        told |= {"told_at": None, "mended_at": None, "mended_told_at": None}
        with self._commit("notify") as connection:
            put = _insert(connection)(notices).values(key=key, **told)
            put = put.on_conflict_do_update(
                index_elements=[notices.c.key], set_=told, where=notices.c.mended_at.is_not(None)
            )
            return connection.execute(put.returning(notices.c.key)).first() is not None

    def mend(self, key: str, now: datetime) -> None:
        """Enter that it is mended; nothing where it was not broken."""
        if any(found.key == key for found in self.notices_open()):
            with self._commit("mend") as connection:
                connection.execute(sa.update(notices).where(notices.c.key == key).values(mended_at=now))

    def notices_open(self) -> list[Any]:
        """Notices that are not mended."""
        with self._look() as connection:
            return list(connection.execute(sa.select(notices).where(notices.c.mended_at.is_(None))))

    def notices_untold(self) -> list[Any]:
        """Notices that the owner has not heard of, and mendings of those that he has."""
        untold = sa.or_(
            sa.and_(notices.c.told_at.is_(None), notices.c.mended_at.is_(None)),
            sa.and_(
                notices.c.told_at.is_not(None), notices.c.mended_at.is_not(None), notices.c.mended_told_at.is_(None)
            ),
        )
        with self._look() as connection:
            return list(connection.execute(sa.select(notices).where(untold).order_by(notices.c.since)))

    def told(self, key: str, now: datetime, *, mended: bool) -> None:
        """Enter that the owner has heard."""
        with self._commit("told") as connection:
            column = {"mended_told_at": now} if mended else {"told_at": now}
            connection.execute(sa.update(notices).where(notices.c.key == key).values(column))


#: What makes two rows those of one reader of one theme and place.
SAME_READER = ("theme", "cadence", "place", "language", "recipient", "channel")


def _insert(connection: sa.Connection) -> Any:
    """The INSERT of this database that can leave alone what is there already."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as of_postgresql

        return of_postgresql
    from sqlalchemy.dialects.sqlite import insert as of_sqlite

    return of_sqlite
