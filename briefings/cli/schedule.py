"""`due`, `run`, `approve`, `reject`: on the day, to every reader.

In: the clock, an edition's id. Out: what is due and why not, editions sent and accounted for, decisions in the ledger.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from briefings.cli.session import Session
from briefings.columns import shortened

if TYPE_CHECKING:
    from briefings.ledger import Ledger
    from briefings.schedule import Desk, Tick
    from briefings.schedule.daemon import Stop

#: The variable that names a database for several machines; without it the ledger is a file.
LEDGER = "BRIEFINGS_LEDGER"
#: Seconds between two ticks of the daemon.
EVERY = 30


@click.command()
@click.option("--next", "count", type=click.IntRange(1, 100), default=1, help="So many releases of each cadence.")
@click.pass_obj
def due(session: Session, count: int) -> int:
    """Show what is due, what is next, what is held and why, each in its theme's zone."""
    from briefings.schedule import overview
    from briefings.settings import load

    settings = load(session.workspace)
    with opened(session) as ledger:
        lines = overview(settings, ledger, session.now, count=count)
    if not lines:
        session.say("No theme has a schedule; write `schedule:` into one.")
        return 0
    heads = ("theme", "cadence", "period", "at", "state", "why")
    rows: list[tuple[object, ...]] = [
        (line.theme, line.cadence, line.period, line.at, line.state, shortened(line.reason, 100)) for line in lines
    ]
    session.table(heads, rows)
    return 0


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end: for cron, systemd timers and Airflow.")
@click.option("--adopt", is_flag=True, help="Begin a new ledger; what was due until now is entered as skipped.")
@click.option("--every", type=click.FloatRange(1, 3600), default=EVERY, help="Seconds between two looks at the clock.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, help="So many briefings are built side by side.")
@click.option(
    "--metrics",
    metavar="HOST:PORT",
    envvar="BRIEFINGS_METRICS",
    help="Answer Prometheus there, at /metrics; a port alone is bound to this machine.",
)
@click.option("--ingest/--no-ingest", default=True, help="Read the sources that are needed, or leave them to others.")
@click.pass_context
def run(
    context: click.Context, once: bool, adopt: bool, every: float, jobs: int, metrics: str | None, ingest: bool
) -> int:
    """Read the sources of what is due, build it and send it, until stopped; with --once, what is due now.

    What happened is kept in the ledger: data/ledger.sqlite, or the database that BRIEFINGS_LEDGER names.
    """
    from briefings import deliver
    from briefings.archive import Archive
    from briefings.ledger import hold
    from briefings.schedule import Desk, Gathering
    from briefings.schedule.daemon import Stop
    from briefings.schedule.events import facts_of
    from briefings.schedule.metrics import address
    from briefings.settings import load

    session: Session = context.obj
    fixed = context.find_root().params.get("now") is not None
    if metrics is not None:
        address(metrics)  # a bad one is a bad request, with --once too
    settings = load(session.workspace)
    deliver.check(settings, os.environ)
    stop, folder = Stop(), session.workspace.root / "data"
    with ExitStack() as stack:
        if LEDGER not in os.environ:
            stack.enter_context(hold(folder))
        Archive(session.workspace.editions).check_writable()
        ledger = stack.enter_context(made(session, adopt=adopt))

        def clock() -> datetime:
            return session.now if fixed else datetime.now().astimezone()

        def speak(message: str, *, important: bool = False) -> None:
            facts = facts_of(message, important=important)
            session.say(message, important=facts["level"] == "warning", at=clock().isoformat(), **facts)

        desk = Desk(
            settings,
            ledger,
            clock=clock,
            environ=os.environ,
            say=speak,
            stopping=stop,
            jobs=jobs,
            adopt=adopt,
            gathering=Gathering(environ=os.environ) if ingest else None,
        )
        stop.listen()
        if once:
            return 1 if _told(speak, desk.tick()) else 0
        _go_on(desk, stop, speak, every=every, metrics=metrics)
    return 0


def _go_on(desk: Desk, stop: Stop, speak: Callable[..., None], *, every: float, metrics: str | None) -> None:
    """Tick after tick until stopped: with the settings as they stand then, and with numbers for Prometheus at the
    address `metrics`."""
    from briefings.schedule.daemon import run as run_daemon
    from briefings.schedule.metrics import Numbers, serving
    from briefings.schedule.outage import Outage
    from briefings.schedule.watching import Watched

    def warn(text: str) -> None:
        speak(text, important=True)

    watched = Watched(desk.settings, warn)
    outage = Outage(lambda: watched.settings, os.environ, desk.clock, warn)
    numbers = Numbers(desk.ledger, desk.clock)

    def tick() -> None:
        desk.use(watched.current())
        _told(speak, desk.tick())
        numbers.ticked = desk.clock()

    with ExitStack() as stack:
        if metrics is not None:
            speak(f"Numbers for Prometheus: http://{stack.enter_context(serving(metrics, numbers))}/metrics")
        speak(f"Looking every {every:g} seconds; the ledger is {desk.ledger.where}.")
        run_daemon(lambda: outage.guarded(tick), seconds=every, stop=stop)
        speak("Stopped.")


def _told(speak: Callable[..., None], tick: Tick) -> bool:
    """Say what a tick did; whether something went wrong."""
    from briefings.schedule.events import Event

    for message in tick.unsaid():
        speak(message, important=tick.broken)
    if tick.counts:
        counts = {state: str(number) for state, number in sorted(tick.counts.items())}
        speak(Event(", ".join(f"{number} {state}" for state, number in counts.items()) + ".", "tick", **counts))
    return tick.broken


@click.command()
@click.argument("edition")
@click.option("--by", "person", help="Who decides; left out: the user of this machine.")
@click.pass_obj
def approve(session: Session, edition: str, person: str | None) -> int:
    """Let an EDITION that awaits approval go out."""
    return _decide(session, edition, "approved", person, "")


@click.command()
@click.argument("edition")
@click.option("--reason", required=True, help="Why it must not go out.")
@click.option("--by", "person", help="Who decides; left out: the user of this machine.")
@click.pass_obj
def reject(session: Session, edition: str, reason: str, person: str | None) -> int:
    """Keep back an EDITION that awaits approval, with the reason."""
    return _decide(session, edition, "rejected", person, reason)


def _decide(session: Session, edition: str, decision: str, person: str | None, reason: str) -> int:
    from briefings.archive import Archive
    from briefings.errors import RequestError

    found = Archive(session.workspace.editions).find(edition)
    with opened(session) as ledger:
        waiting = {row.edition for row in ledger.in_states("awaiting approval")} if ledger else set()
        if ledger is None or found.id not in waiting:
            there = "these do: " + ", ".join(sorted(waiting)) if waiting else "none does"
            raise RequestError(f"{found.id} does not await approval; {there}")
        found.check()
        rows = ledger.decide(found.id, decision, person or getpass.getuser(), reason, session.now)
        ledger.mend(f"approval:{found.id}", session.now)
    readers = "1 reader" if len(rows) == 1 else f"{len(rows)} readers"
    after = "goes out with the next tick" if decision == "approved" else "is kept back"
    session.say(f"{found.id} is {decision}; it {after} ({readers}).")
    return 0


@contextmanager
def made(session: Session, *, adopt: bool = False) -> Iterator[Ledger]:
    """The ledger of the project, made where there is none. `adopt`: also where editions are filed already."""
    from briefings.archive import Archive
    from briefings.ledger import open_ledger

    editions = any(Archive(session.workspace.editions).editions([]))
    folder = session.workspace.root / "data"
    with closing(open_ledger(folder, os.environ.get(LEDGER), archive_has_editions=editions, adopt=adopt)) as ledger:
        yield ledger


@contextmanager
def opened(session: Session) -> Iterator[Ledger | None]:
    """The ledger of the project; None where there is none."""
    from briefings.ledger import open_ledger

    url, folder = os.environ.get(LEDGER), session.workspace.root / "data"
    if not (url or (folder / "ledger.sqlite").exists()):
        yield None
        return
    with closing(open_ledger(folder, url, archive_has_editions=False)) as ledger:
        yield ledger
