"""The work of one tick: enter what is due, build what may go, send what is built, tell owners.

In: settings, a ledger, and what a test replaces: the builder, the channels, the clock, chance. Out: rows of the ledger,
and `Tick`, which counts them. What goes wrong with one edition or one reader is a row of its own, never the others'.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from briefings import fanout
from briefings.archive import Archive
from briefings.deliver import Channel, Reader, open_channel
from briefings.errors import ArchiveError, BriefingsError, LedgerError, RequestError, ScheduleError, reason_of
from briefings.ledger import Due, Ledger, LostLeaseError, Row, State
from briefings.periods import Period
from briefings.press import Built, Task
from briefings.settings import Settings

from . import archived, corrections, gate, planning
from .alone import alone
from .events import Event, of_group, of_row
from .gathering import Gathering
from .owners import Owners
from .planning import Service, service_name
from .revising import Builder, Renewal
from .sending import Sender, late, pause, trouble
from .tick import Tick

Opener = Callable[[Settings, str, Mapping[str, str]], Channel]
#: How many briefings are claimed and built at a time, and for how long they are this holder's.
BATCH, LEASE = 8, timedelta(minutes=60)
MARKED = timedelta(minutes=10)  # between two marks of the clock in the ledger
#: A clock that stands so far behind the ledger, or so far after it, is wrong.
BEHIND, AHEAD = timedelta(hours=36), timedelta(days=5 * 366)
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2150, 1, 1, tzinfo=UTC)


@dataclass
class Desk:
    """Does what is due. `say` is told each step as it is done, `stopping` is asked between two deliveries; without a
    `gathering` it reads no sources."""

    settings: Settings
    ledger: Ledger
    clock: Callable[[], datetime]
    environ: Mapping[str, str] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)
    builder: Builder = fanout.run
    opener: Opener = open_channel
    say: Callable[[str], None] = lambda text: None
    stopping: Callable[[], bool] = lambda: False
    jobs: int = 1
    adopt: bool = False
    gathering: Gathering | None = None

    def __post_init__(self) -> None:
        self._folders: dict[str, Path] = {}
        self._allowed: dict[tuple[str, str], frozenset[Reader]] = {}
        self._behind = False
        self.use(self.settings)

    def use(self, settings: Settings) -> None:
        """Go on with these settings, read anew."""
        self.settings = settings
        self.archive = Archive(settings.workspace.editions)
        self._services = {service.name: service for service in planning.services(settings)}
        self._owners = Owners(settings, self.ledger, self.environ, self.opener, self.clock)
        self._renewal = Renewal(
            settings,
            self.ledger,
            self.archive,
            self._services,
            self._owners,
            clock=self.clock,
            builder=self.builder,
            stopping=self.stopping,
            jobs=self.jobs,
        )

    def tick(self) -> Tick:
        """Once through everything. Raises `LedgerError` where the ledger fails, `ScheduleError` for a wrong clock."""
        told = Tick()
        self._folders.clear()
        self._allowed.clear()
        self._check_clock()
        archived.check(self.ledger, self.archive, self.clock())
        for row in self.ledger.recover(self.clock(), self._resends):
            told.counts["recovered"] += 1
            told.messages.append(of_row(f"{row}: {row.reason}", "recovered", row))
        self._enter(told)
        self._gather(told)
        self._trigger(told)
        self._build(told)
        self._renewal.renew(told)
        self._correct(told)
        self._send(told)
        if self._renewal.revise(told):
            self._renewal.renew(told)
            self._correct(told)
            self._send(told)
        self._owners.tell(told.messages)
        self.adopt = False
        return told

    def _check_clock(self) -> None:
        """Raise `ScheduleError` for a clock that cannot be right; warn of one that was set back."""
        now, mark = self.clock(), self.ledger.note("clock")
        if not EARLIEST <= now <= LATEST:
            raise ScheduleError(f"the clock says {now:%Y-%m-%d %H:%M}, which cannot be; set it, nothing was done")
        last = datetime.fromisoformat(mark) if mark else now
        if now < last - BEHIND or now > last + AHEAD:
            raise ScheduleError(
                f"the clock says {now:%Y-%m-%d %H:%M}, the ledger was last written at {last:%Y-%m-%d %H:%M} (UTC); "
                "set the clock, nothing was done"
            )
        behind, self._behind = self._behind, now < last - MARKED
        if self._behind and not behind:
            said = last.astimezone(now.tzinfo)
            self.say(f"The clock was set back: it says {now:%Y-%m-%d %H:%M}, and said {said:%Y-%m-%d %H:%M} before.")
        elif not self._behind and (mark is None or now - last > MARKED):
            self.ledger.keep("clock", now.astimezone(UTC).isoformat())

    def _resends(self, row: Row) -> bool:
        """Whether an ambiguous delivery is sent once more: the channel's word, and not twice."""
        channel = self.settings.recipients.channels.get(row.channel)
        return channel is not None and channel.on_ambiguous == "resend" and not row.again

    # -- entering ------------------------------------------------------------------------------------------------------

    def _enter(self, told: Tick) -> None:
        """Enter what is due and was not entered yet."""
        for service in self._services.values():
            now = self.clock()
            key = f"calendar:{service.name}"
            try:
                dues = planning.plan(service, self.settings, self.ledger, now, adopt=self.adopt)
            except ScheduleError as error:
                told.broken = True
                told.messages.append(Event(f"{service.theme}: {error}", "failed", theme=service.theme))
                self._owners.hear(key, service.theme, str(error), "Nothing of this theme is entered.", "Mend the file.")
                continue
            self._look_ahead(key, service, now)
            self._enter_dues(dues, told)
            mark = self.ledger.note(f"mark:{service.name}")
            if mark is None or now - datetime.fromisoformat(mark) > timedelta(days=1):
                self.ledger.keep(f"mark:{service.name}", now.isoformat())

    def _look_ahead(self, key: str, service: Service, now: datetime) -> None:
        """The owner hears before a theme stops that the calendar does not have the year of its next release."""
        try:
            service.release.next(now)
        except ScheduleError as error:
            self._owners.hear(key, service.theme, str(error), "What is due until then goes out.", "Mend the file.")
        else:
            self._owners.mended(key)

    def _enter_dues(self, dues: Sequence[Due], told: Tick) -> None:
        if dues:
            self.ledger.enter(dues, self.clock())
            told.counts.update(due.state for due in dues)

    def _trigger(self, told: Tick) -> None:
        """Enter what new data bring before its day."""
        for service in self._services.values():
            what = f"{service.theme}: whether its data are in cannot be told"
            with (
                alone(told, self._owners, f"trigger:{service.name}", service.theme, what, "Its release day stands."),
                suppress(ScheduleError),  # told when it was to be entered
            ):
                dues = planning.triggered(service, self.settings, self.ledger, self.clock(), self._is_in(service))
                self._enter_dues(dues, told)

    def _is_in(self, service: Service) -> Callable[[str, Period], bool]:
        return lambda place, period: not gate.lacking(service, self.settings, place, period)

    # -- gathering -----------------------------------------------------------------------------------------------------

    def _gather(self, told: Tick) -> None:
        """Read the sources of what is due, waits, or may be set going or set right by data."""
        if self.gathering is None:
            return
        wants = self._wants()
        lines, failed = self.gathering.gather(self.settings, wants, self._owners, self.clock(), self.stopping)
        told.messages += lines
        told.broken = told.broken or failed

    def _wants(self) -> dict[str, tuple[Service, datetime]]:
        """Service -> itself, and the release that its sources must have been read after."""
        wants: dict[str, tuple[Service, datetime]] = {}
        waiting = [row for rows in self._unbuilt() for row in rows]
        waiting += [row for row in self.ledger.in_states("awaiting approval", "held") if row.edition]
        for row in waiting:
            service = self._services.get(service_name(row))
            if service is not None:
                before = wants.get(service.name, (service, EARLIEST))[1]
                wants[service.name] = (service, before if row.edition else max(before, row.due_at))
        received = self.ledger.editions_sent(self.clock() - corrections.CORRECTED_WITHIN)
        themes = {edition.partition("/")[0] for edition in received}
        for service in self._services.values():
            if service.entry.trigger == "data" or (service.entry.revise != "none" and service.theme in themes):
                wants.setdefault(service.name, (service, EARLIEST))
        return wants

    # -- building ------------------------------------------------------------------------------------------------------

    def _build(self, told: Tick) -> None:
        """Build what may go, batch by batch; what waits says so."""
        ready: dict[str, list[tuple[gate.Verdict, list[Row]]]] = {}
        for rows in self._unbuilt():
            verdict = self._judged(rows, told)
            if verdict is not None:
                ready.setdefault(service_name(rows[0]), []).append((verdict, rows))
        for name, groups in ready.items():
            for first in range(0, len(groups), BATCH):
                if self.stopping():
                    return
                self._build_batch(self._services[name], groups[first : first + BATCH], told)

    def _unbuilt(self) -> list[list[Row]]:
        """Rows without an edition that may be built now, those of one briefing together."""
        groups: dict[tuple[str, ...], list[Row]] = {}
        now = self.clock()
        for row in self.ledger.in_states("planned", "held", "failed"):
            if not row.edition and (row.state != "failed" or (row.next_try is not None and row.next_try <= now)):
                groups.setdefault(row.group, []).append(row)
        return list(groups.values())

    def _judged(self, rows: list[Row], told: Tick) -> gate.Verdict | None:
        """What the gate says, where it says go; else the rows say what they wait for, are held or skipped."""
        service, now, one = self._services.get(service_name(rows[0])), self.clock(), rows[0]
        if service is None:
            self._rest(rows, "held", "the theme has no such cadence any more; put it back, or leave it held", told)
            return None
        try:
            verdict = gate.judge(service, self.settings, one.place, Period.parse(one.period), one.due_at, now)
        except BriefingsError as error:
            self._failed(rows, service, str(error), told)
            return None
        if verdict.word == "go":
            self._owners.mended(_key("held", one))
            return verdict
        if verdict.word == "wait":
            self.ledger.say(rows, verdict.reason, now)
        else:
            self._rest(rows, "held" if verdict.word == "hold" else "skipped", verdict.reason, told)
        return None

    def _rest(self, rows: list[Row], state: State, reason: str, told: Tick) -> None:
        """Hold or skip rows; the owner of what is held hears what it waits for, once."""
        moving = [row for row in rows if row.state != state]
        self.ledger.say([row for row in rows if row.state == state], reason, self.clock())
        if moving:
            try:
                self.ledger.settle_all(moving, state, reason, self.clock())
            except LostLeaseError:
                return  # another holder has them
            told.counts[state] += len(moving)
            told.messages.append(of_group(f"{_named(rows[0])} {state}: {reason}", state, rows[0]))
        if state == "held":
            todo = "Ingest what is lacking; it goes out by itself then. Or change `then:` in the theme's schedule."
            self._owners.hear(_key("held", rows[0]), rows[0].theme, f"{_named(rows[0])} is held: {reason}", "", todo)

    def _build_batch(self, service: Service, groups: Sequence[tuple[gate.Verdict, list[Row]]], told: Tick) -> None:
        claimed: dict[tuple[str, str], tuple[gate.Verdict, list[Row]]] = {}
        for verdict, rows in groups:
            states: tuple[State, ...] = ("planned", "held", "failed")
            taken = self.ledger.claim([r.id for r in rows], states, "building", self.clock(), LEASE, "building")
            if taken:
                own = [claim.row for claim in taken]
                claimed[own[0].place, own[0].period] = (verdict, own)
        tasks = [
            Task(
                service.theme,
                place,
                period,
                tuple(dict.fromkeys(row.language for row in rows)),
                partial=verdict.lacking,
                waited_until=verdict.until,
                due=late(service, rows[0], self.clock()),
            )
            for (place, period), (verdict, rows) in claimed.items()
        ]
        if not tasks:
            return
        settings = service.settings_for(self.settings)
        try:
            for results in self.builder(settings, tasks, now=self.clock(), jobs=self.jobs):
                built = (results[0].place, results[0].period)
                self._enter_results(service, *claimed[built], results, told)
                del claimed[built]
        except LedgerError:
            raise
        except Exception as error:  # whatever it is, it costs these editions alone
            reason = reason_of(error)
            for _, rows in claimed.values():
                self._failed(rows, service, reason, told)

    def _enter_results(
        self, service: Service, verdict: gate.Verdict, rows: list[Row], results: Sequence[Built], told: Tick
    ) -> None:
        """Enter what became of a briefing's editions, language by language."""
        for result in results:
            own = [row for row in rows if result.language in ("", row.language)]
            if not own:
                continue
            if result.outcome not in ("built", "unchanged"):
                self._failed(own, service, result.reason or f"it was not built ({result.outcome})", told)
                continue
            state: State = "awaiting approval" if service.entry.approval else "built"
            reason = verdict.reason or ("" if own[0].recipient else "filed; nobody receives it")
            partial = gate.names(self.settings, verdict.lacking, result.language)
            facts = {"edition": result.edition, "partial": partial, "attempts": 0, "next_try": None}
            try:
                self.ledger.settle_all(own, state, reason, self.clock(), **facts)
            except LostLeaseError as error:
                told.messages.append(str(error))
                continue
            told.counts[state] += len(own)
            text = f"{state} {result.edition}" + (f" ({reason})" if reason else "")
            told.messages.append(Event(text, state, theme=service.theme, edition=result.edition))
            self._owners.mended(_key("build", own[0]))
            if state == "awaiting approval":
                self._owners.ask(service.theme, result.edition)

    def _failed(self, rows: list[Row], service: Service, reason: str, told: Tick) -> None:
        """What could not be built is tried again later, until it would be too late."""
        now, one = self.clock(), rows[0]
        again: datetime | None = now + pause(one.attempts + 1, self.chance)
        if again is not None and again > service.give_up(one.due_at):
            again, reason = None, f"{reason}; not tried again, it is too late"
        try:
            self.ledger.settle_all(rows, "failed", reason, now, next_try=again, attempts=one.attempts + 1)
        except LostLeaseError:
            return  # another holder has them
        told.counts["failed"] += len(rows)
        told.broken = True
        told.messages.append(of_group(f"failed {_named(one)}: {reason}", "failed", one))
        done = "It is not tried again." if again is None else "It is tried again by itself."
        self._owners.hear(_key("build", one), one.theme, f"{_named(one)} could not be built: {reason}", done, "")

    # -- correcting ----------------------------------------------------------------------------------------------------

    def _correct(self, told: Tick) -> None:
        """Enter a correction for exactly those who received an edition that a later revision sets right."""
        dues: list[Due] = []
        for edition in self.ledger.editions_sent(self.clock() - corrections.CORRECTED_WITHIN):
            what, theme = f"whether {edition} is to be corrected cannot be told", edition.partition("/")[0]
            with alone(told, self._owners, f"correct:{edition}", theme, what, "The others go out."):
                dues += corrections.due(self.ledger, self.archive, self._services, edition, self.clock())
        if dues:
            self.ledger.enter(dues, self.clock())
            told.counts["corrections"] += len(dues)
        for asked in {due.edition: due for due in dues if due.state == "awaiting approval"}.values():
            text = f"{asked.state} {asked.edition} ({asked.reason})"
            told.messages.append(Event(text, asked.state, theme=asked.theme, edition=asked.edition))
            self._owners.ask(asked.theme, asked.edition, f", {asked.reason}")

    # -- sending -------------------------------------------------------------------------------------------------------

    def _send(self, told: Tick) -> None:
        """Send what is built and due, channel by channel: a connection serves a batch."""
        by_channel: dict[str, list[Row]] = {}
        for row in self.ledger.in_states("built", "failed"):
            if row.edition and row.recipient and self._is_time(row):
                by_channel.setdefault(row.channel, []).append(row)
        for name, rows in by_channel.items():
            if self.stopping():
                return
            try:
                channel = self.opener(self.settings, name, self.environ)
            except Exception as error:  # whatever it is, it costs this channel alone; its words may hold a secret
                kind = f"{type(error).__name__}, which this program did not foresee"
                reason = str(error) if isinstance(error, BriefingsError) else kind
                told.broken = True
                told.messages.append(Event(f"channel {name}: {reason}", "channel failed", channel=name))
                self.ledger.say(rows, f"the channel {name!r} cannot be opened: {reason}", self.clock())
                self._owners.hear(f"channel:{name}", rows[0].theme, reason, "Nothing is sent by it.", "Mend it.")
                continue
            with closing(channel):
                self._send_by(channel, name, rows, told)

    def _is_time(self, row: Row) -> bool:
        now = self.clock()
        if row.state == "failed":
            return row.next_try is not None and row.next_try <= now
        return row.send_from <= now

    def _send_by(self, channel: Channel, name: str, rows: Sequence[Row], told: Tick) -> None:
        sender = Sender(self.ledger, channel, self.clock, self.chance)
        waiting = list(rows)
        while waiting and not self.stopping():
            row = waiting.pop(0)
            with alone(told, self._owners, f"send:{row.key}", row.theme, f"{row} could not be sent"):
                waiting += self._send_one(sender, row, name, told)

    def _send_one(self, sender: Sender, row: Row, name: str, told: Tick) -> list[Row]:
        """Send one; returns it where it is to be sent once more at once."""
        service = self._services.get(service_name(row))
        if service is None or not self._may_have(row, service, told):
            return []
        folder = self._folder(row, told)
        if folder is None or not self._is_new(row, service, told):
            return []
        try:
            done = sender.send(row, folder, service.release.zone, service.give_up(row.due_at))
        except LostLeaseError as error:
            told.messages.append(str(error))
            return []
        if done is not None and done.state == "built":  # ambiguous, and by the channel's word sent once more
            told.counts["ambiguous"] += 1
            return [done]
        if done is not None:
            self._sent(done, name, told)
        return []

    def _sent(self, row: Row, name: str, told: Tick) -> None:
        """Say what became of a delivery, after all that came before it, and let the owner hear what went wrong."""
        told.counts[row.state] += 1
        for message in told.unsaid():
            self.say(message)
        self.say(of_row(f"{row.state} {row}" + (f": {row.reason}" if row.reason else ""), row.state, row))
        if row.state == "sent":
            for key in (f"channel:{name}", trouble("refused", row), trouble("ambiguous", row)):
                self._owners.mended(key)
            return
        told.broken = True
        what = f"{row} {row.state}: {row.reason}"
        if row.state == "failed":
            done = "It is tried again by itself." if row.next_try else "It is not tried again."
            self._owners.hear(
                f"channel:{name}", row.theme, what, done, "Look at the channel; `briefings due` lists all."
            )
        else:
            todo = "Correct the address." if row.state == "refused" else "Ask whether it arrived."
            latest = row.edition.rpartition("/")[0]  # whichever revision that is by then
            todo += f" Then run `briefings send {latest} --to {row.recipient}`."
            self._owners.hear(trouble(row.state, row), row.theme, what, "It is not sent again by itself.", todo)

    def _may_have(self, row: Row, service: Service, told: Tick) -> bool:
        """Asked right before sending: may this reader have it."""
        may = Reader(row.recipient, row.channel, row.language) in self._readers_of(service, row.place)
        if not may:
            self._rest([row], "skipped", "config/recipients.yaml does not allow it to this reader any more", told)
        return may

    def _is_new(self, row: Row, service: Service, told: Tick) -> bool:
        """Whether an edition is new to its reader, where that is asked. Where it cannot be told it is sent: twice the
        same is better than never."""
        asked = service.entry.only_if == "changed" and row.attempts == 0 and not row.corrects
        last = self.ledger.last_sent(row) if asked else None
        if last is None:
            return True
        try:
            new = corrections.changed(self.archive, last.edition, row.edition)
        except (ArchiveError, RequestError) as error:
            told.broken = True
            what = f"whether a figure has changed since {last.edition} cannot be told: {error}"
            told.messages.append(of_row(what, "failed", row))
            self._owners.hear(
                f"changed:{last.edition}", row.theme, what, "The new one is sent.", "Restore it from a copy."
            )
            return True
        if not new:
            self._rest([row], "skipped", f"no figure has changed since {last.edition}", told)
        return new

    def _readers_of(self, service: Service, place: str) -> frozenset[Reader]:
        """Who may have a cadence for a place, as the settings of this tick stand."""
        key = (service.name, place)
        if key not in self._allowed:
            self._allowed[key] = frozenset(service.readers(self.settings, place))
        return self._allowed[key]

    def _folder(self, row: Row, told: Tick) -> Path | None:
        """The folder of an edition; None where its files are not as they were filed: the row waits, its owner hears."""
        key = f"damaged:{row.edition}"
        if row.edition not in self._folders:
            try:
                self._folders[row.edition] = archived.folder(row, self.ledger, self.archive)
            except ArchiveError as error:
                told.broken = True
                told.messages.append(of_row(f"{row}: {error}", "failed", row))
                self.ledger.say([row], str(error), self.clock())
                self._owners.hear(key, row.theme, f"{row.edition} cannot be sent: {error}", "It waits.", "Restore it.")
                return None
            self._owners.mended(key)
        return self._folders[row.edition]


def _named(row: Row) -> str:
    return f"{row.theme}/{row.place}/{row.period}"


def _key(what: str, row: Row) -> str:
    return f"{what}:{':'.join(row.group)}"
