"""`send`: one edition to its readers, now.

In: an edition's id. Out: a line a reader; what became of it is entered in the ledger, as for all that is sent.
"""

from __future__ import annotations

import os
import random
from contextlib import ExitStack
from datetime import datetime

import click

from briefings.cli.schedule import LEDGER, made, opened
from briefings.cli.session import Session
from briefings.columns import shortened

#: States in which nothing went wrong.
GOOD = ("sent", "awaiting approval")


@click.command()
@click.argument("edition")
@click.option("--to", help="Only to this recipient.")
@click.option("--dry-run", is_flag=True, help="Say who would get it, send nothing.")
@click.option("--adopt", is_flag=True, help="Begin a new ledger where there is none beside filed editions.")
@click.pass_context
def send(context: click.Context, edition: str, to: str | None, dry_run: bool, adopt: bool) -> int:
    """Send an EDITION to everybody who may have it, or to one recipient.

    Who received it already receives it no second time; who received an earlier revision receives a correction.
    What was refused or skipped, or may have arrived, is sent again to a recipient who is named.
    """
    from briefings import deliver
    from briefings.archive import Archive
    from briefings.ledger import hold
    from briefings.schedule import by_hand

    session: Session = context.obj
    settings = session.settings
    deliver.check(settings, os.environ)
    found = Archive(session.workspace.editions).find(edition)
    found.check()
    with ExitStack() as stack:
        if not dry_run and LEDGER not in os.environ:
            stack.enter_context(hold(session.workspace.root / "data"))
        ledger = stack.enter_context(opened(session) if dry_run else made(session, adopt=adopt))
        chosen = by_hand.choices(settings, found, ledger, to, session.now)
        if dry_run or ledger is None:
            session.table(("recipient", "channel", "sends", "why"), [_line(choice) for choice in chosen])
            return 0
        for choice in chosen:
            if not choice.sends:
                session.say(f"not sent to {choice.reader.recipient} by {choice.reader.channel}: {choice.reason}")
        fixed = context.find_root().params.get("now") is not None
        outcomes = []
        sending = by_hand.send(
            settings,
            found,
            ledger,
            chosen,
            clock=lambda: session.now if fixed else datetime.now().astimezone(),
            environ=os.environ,
            chance=random.SystemRandom(),
        )
        for row in sending:
            outcomes.append(row.state)
            told = row.reply if row.state == "sent" else row.reason
            session.say(f"{row.state} to {row.recipient} by {row.channel}: {told}", important=row.state not in GOOD)
    if "awaiting approval" in outcomes:
        session.say(f"It goes out after `briefings approve {found.id}`, with the next run or `briefings send`.")
    counted = ", ".join(f"{outcomes.count(state)} {state}" for state in sorted(set(outcomes)))
    session.say(f"{counted or 'Nothing sent'}.")
    return 0 if set(outcomes) <= set(GOOD) else 1


def _line(choice: object) -> tuple[object, ...]:
    from briefings.schedule.by_hand import Choice

    if not isinstance(choice, Choice):
        raise TypeError(type(choice).__name__)
    reader = choice.reader
    return reader.recipient, reader.channel, "yes" if choice.sends else "no", shortened(choice.reason, 90)
