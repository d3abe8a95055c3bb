"""Editions made anew because what is known has changed: those that readers have, and those that wait to be sent.

In: the ledger, the archive, what the store and the configuration hold now. Out: next revisions, each filed only where a
figure that was printed has another value, or what a partial one lacked is in, and rows that take them. Which editions a
change concerns is told next door, in `knowledge`; who then receives a correction, in `corrections`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from briefings.archive import Archive, Edition, EditionKey
from briefings.ledger import Ledger, LostLeaseError, Row, State
from briefings.ledger.tables import deliveries
from briefings.periods import Period
from briefings.press import Built, Revises, Task
from briefings.settings import Settings

from . import gate
from .alone import alone
from .corrections import CORRECTED_WITHIN
from .events import Event
from .knowledge import Knowledge, Mark
from .owners import Owners
from .planning import Service, service_name
from .tick import Tick

Builder = Callable[..., Iterable[list[Built]]]
#: How many briefings are looked at between two questions whether to stop.
BATCH = 8


def tasks_of(
    service: Service, settings: Settings, ledger: Ledger, now: datetime, concerns: Callable[[str], bool]
) -> list[Task]:
    """What of a service is to be looked at anew: a task for each place that a change concerns, and period; also for
    each that could not be made anew when it was looked at last."""
    columns = deliveries.c
    failed = {notice.key for notice in ledger.notices_open()}
    concerned: dict[str, bool] = {}
    own = (columns.theme == service.theme, columns.cadence == service.cadence.value)
    languages: dict[tuple[str, str, Revises], dict[str, None]] = {}
    released: dict[tuple[str, str], datetime] = {}
    for row in ledger.rows(*own, columns.edition != "", columns.changed_at > now - CORRECTED_WITHIN):
        rule = _rule(row, service)
        if row.place not in concerned:
            concerned[row.place] = concerns(row.place)
        if rule and (concerned[row.place] or _key(row.theme, row.place, row.period) in failed):
            languages.setdefault((row.place, row.period, rule), {})[row.language] = None
            released[row.place, row.period] = row.due_at
    lacking = {of: gate.lacking(service, settings, of[0], Period.parse(of[1])) for of in released}
    return [
        Task(
            service.theme,
            place,
            period,
            tuple(found),
            revises=rule,
            partial=lacking[place, period],
            waited_until=gate.deadline(service, at).date() if lacking[place, period] else None,
        )
        for (place, period, rule), found in languages.items()
        for at in (released[place, period],)
    ]


def _key(theme: str, place: str, period: str) -> str:
    """Under which an owner hears that an edition could not be made anew."""
    return f"revise:{theme}/{place}/{period}"


def _rule(row: Row, service: Service) -> Revises:
    """When a row's edition is made anew: what a reader has, as its theme says; what nobody has yet, always."""
    if row.state in ("awaiting approval", "held") or (row.state == "built" and row.recipient):
        return "all"
    if row.state in ("sent", "built"):
        return "" if service.entry.revise == "none" else service.entry.revise
    return ""


@dataclass
class Renewal:
    """Makes editions anew, and lets what waits take them."""

    settings: Settings
    ledger: Ledger
    archive: Archive
    services: Mapping[str, Service]
    owners: Owners
    clock: Callable[[], datetime]
    builder: Builder
    stopping: Callable[[], bool]
    jobs: int

    def revise(self, told: Tick) -> bool:
        """Make anew what other figures are known of than were printed; whether anything was made."""
        made = 0
        known = Knowledge(self.settings)
        for service in self.services.values():
            if self.stopping():
                break
            what = f"what readers have of {service.theme} could not be looked at anew"
            with alone(told, self.owners, f"revising:{service.name}", service.theme, what):
                made += self._revise(service, known, told)
        return made > 0

    def _revise(self, service: Service, known: Knowledge, told: Tick) -> int:
        """How many editions of a service were filed."""
        made = 0
        before = self.ledger.note(f"revised:{service.name}")
        concerns = known.concerns(service, Mark.of(before))
        if concerns is None:
            return made
        tasks = tasks_of(service, self.settings, self.ledger, self.clock(), concerns) if before else []
        for first in range(0, len(tasks), BATCH):
            if self.stopping():
                return made
            made += self._make_anew(service, tasks[first : first + BATCH], told)
        self.ledger.keep(f"revised:{service.name}", str(known.mark(service)))
        return made

    def _make_anew(self, service: Service, tasks: Sequence[Task], told: Tick) -> int:
        """How many editions were filed; an owner hears of one that could not be made."""
        made = 0
        for results in self.builder(service.settings_for(self.settings), tasks, now=self.clock(), jobs=self.jobs):
            for result in results:
                what = f"{service.theme}/{result.place}/{result.period}"
                key = _key(service.theme, result.place, result.period)
                if result.outcome == "built":
                    made += 1
                    told.counts["revised"] += 1
                    told.messages.append(
                        Event(f"revised {result.edition}", "revised", theme=service.theme, edition=result.edition)
                    )
                if result.outcome in ("built", "unchanged"):
                    self.owners.mended(key)
                    continue
                told.broken = True
                told.messages.append(Event(f"failed {what}: {result.reason}", "failed", theme=service.theme))
                todo = "Build it by hand (`briefings build`); what readers have may be wrong."
                self.owners.hear(
                    key,
                    service.theme,
                    f"{what} could not be made anew: {result.reason}",
                    "It is not tried again.",
                    todo,
                )
        return made

    def renew(self, told: Tick) -> None:
        """What waits with an edition takes the latest revision of it, which awaits approval where that is asked for:
        so does an edition that was rejected, and then made better."""
        waiting: dict[str, list[Row]] = {}
        for row in self.ledger.in_states("awaiting approval", "held", "built"):
            if row.edition and not row.payload_sha256 and (row.recipient or row.state != "built"):
                waiting.setdefault(row.edition, []).append(row)
        for edition, rows in waiting.items():
            what = f"{edition} waits, and whether there is a later revision cannot be told"
            with alone(told, self.owners, f"renew:{edition}", rows[0].theme, what, "The others go out."):
                self._renew(rows, told)

    def _renew(self, rows: list[Row], told: Tick) -> None:
        one = rows[0]
        service = self.services.get(service_name(one))
        latest = self.archive.latest(EditionKey(one.theme, one.place, one.period, one.language))
        if service is not None and latest is not None and latest.revision > int(one.edition.rpartition("/r")[2]):
            self._take(service, rows, latest, told)

    def _take(self, service: Service, rows: list[Row], latest: Edition, told: Tick) -> None:
        state: State = "awaiting approval" if service.entry.approval else "built"
        partial = gate.names(self.settings, tuple(latest.manifest.get("partial", ())), latest.key.language)
        reason = f"in place of {rows[0].edition}"
        if rows[0].state == "held":
            reason = f"{reason}, {rows[0].reason}"
        try:
            self.ledger.settle_all(rows, state, reason, self.clock(), edition=latest.id, partial=partial)
        except LostLeaseError as error:
            told.messages.append(str(error))
            return
        told.counts["renewed"] += len(rows)
        told.messages.append(Event(f"{state} {latest.id} ({reason})", state, theme=service.theme, edition=latest.id))
        self.owners.mended(f"approval:{rows[0].edition}")
        if state == "awaiting approval":
            self.owners.ask(service.theme, latest.id, f", {reason}")
