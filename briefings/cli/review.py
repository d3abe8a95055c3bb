"""`review`: figures of documents that wait for a person, one after the other; the decisions go to YAML.

In: a source of documents and, on a terminal, a person. Out: the list of what is open; or `config/reviews/<source>.yaml`
with each decision, written as it is taken, so that one may stop at any time. The next `ingest` goes by it.
"""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from briefings.cli.session import Session
from briefings.columns import shortened

if TYPE_CHECKING:
    from briefings.sources import Open

#: What a key does, in the order in which the keys are named.
ACTIONS = {
    "a": "accept",
    "c": "correct",
    "r": "reject",
    "s": "skip",
    "q": "quit",
}
#: What is asked when a figure is corrected; `told` holds them too.
ASKED = ("indicator", "place", "period", "value", "unit", "kind", "basis", "of", "counted_from", "status", "qualifier")
TAKEN_ALREADY = "nobody has looked at it yet"
HEADS = ("what", "indicator", "value", "unit", "kind", "period", "status", "confidence", "why open", "sentence", "file")


@click.command()
@click.argument("source")
@click.option("--who", help="Who decides; left out: the user of this machine.")
@click.option("--all", "taken_too", is_flag=True, help="Also the figures that were taken without a review.")
@click.option("--list", "only_list", is_flag=True, help="Only list what is open; so it is where no terminal is.")
@click.pass_obj
def review(session: Session, source: str, who: str | None, taken_too: bool, only_list: bool) -> int:
    """Walk through the figures of a SOURCE of documents that wait for a person, those without an indicator first.

    Accept, correct or reject each, with a reason; quit at any time. Decisions are written to
    config/reviews/SOURCE.yaml, and the next ingest goes by them.
    """
    waiting, failed = _open(session, source, taken_too)
    for line in failed:
        session.say(line, important=True)
    if not waiting:
        session.say(f"{source}: nothing waits for a review.")
    elif only_list or not _on_a_terminal():
        session.table(HEADS, [_row(each) for each in waiting], right=(2, 7))
        session.say(f"{source}: {len(waiting)} open. On a terminal `briefings review {source}` decides on them.")
    else:
        _walk(session, waiting, source, who or _user())
    return 1 if failed else 0


def _user() -> str:
    from briefings.errors import RequestError

    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise RequestError("This machine does not know who you are; say it with --who NAME.") from error


def _on_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _open(session: Session, source: str, taken_too: bool) -> tuple[list[Open], tuple[str, ...]]:
    """What waits, those without an indicator first, and the files that could not be read."""
    from dataclasses import replace

    from briefings import sources
    from briefings.configuration import one_of
    from briefings.errors import RequestError
    from briefings.ingest import open_store

    settings = session.settings
    declared = {key: each for key, each in settings.sources.items() if each.kind == "documents"}
    if source not in declared:
        raise RequestError(one_of(source, declared, "source of documents"))
    strict = declared[source].model_copy(update={"accept": "confirmed"})
    reading = sources.read(
        source,
        strict if taken_too else declared[source],
        catalogue=settings.catalogue,
        root=settings.workspace.root,
        keep=open_store(settings).keep,
        today=settings.today(session.now),
        reviews=settings.reviews,
        environ=os.environ,
    )
    waiting = reading.open
    if taken_too and declared[source].accept != "confirmed":
        asked = sources.UNCONFIRMED
        waiting = tuple(replace(each, reason=TAKEN_ALREADY) if each.reason == asked else each for each in waiting)
    return sorted(waiting, key=lambda each: bool(each.told["indicator"])), reading.failed


def _row(each: Open) -> tuple[object, ...]:
    told = each.told
    return (
        shortened(told["subject"], 30),
        told["indicator"],
        f"{told['value']:,.12g}",
        told["unit"],
        " ".join(filter(None, (told["kind"], told["basis"]))),
        told["period"],
        told["status"],
        f"{told['confidence']:.2f}",
        shortened(each.reason, 40),
        shortened(each.sentence, 60),
        each.file,
    )


@dataclass
class _Person:
    """Who decides, and what was decided so far."""

    session: Session
    source: str
    who: str
    decided: int = 0

    def decide(self, each: Open, decision: str, said: Mapping[str, Any], why: str) -> None:
        """Write a decision down."""
        from briefings.configuration import append_review

        start_end = each.locator.removeprefix("char=")
        append_review(
            self.session.workspace.review_file(self.source),
            {
                **{"decision": decision, "source": self.source, "file": each.file, "char": start_end},
                **{"quote": each.quote, "sentence": each.sentence},
                **{name: _text(value) for name, value in said.items()},
                **{"who": self.who, "when": self.session.now.date().isoformat(), "why": why},
            },
        )
        self.decided += 1


def _text(value: object) -> str:
    """A field as it is written down: whole numbers without a point."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _walk(session: Session, waiting: list[Open], source: str, who: str) -> None:
    person = _Person(session, source, who)
    for number, each in enumerate(waiting, 1):
        session.say(f"\n[{number}/{len(waiting)}] {_shown(each)}")
        if not _decided(person, each):
            break
    left = len(waiting) - person.decided
    where = session.workspace.review_file(source)
    session.say(f"\n{person.decided} decided, {left} left open.")
    if person.decided:
        session.say(f"They stand in {where}; `briefings ingest {source}` goes by them.")


def _shown(each: Open) -> str:
    told = each.told
    said = {name: told[name] for name in ("subject", *ASKED) if told[name] not in ("", "exact")}
    lines = [f"{each.file}, {each.locator}, published {each.published}", f"  {each.sentence}"]
    lines += [f"  {name}: {_text(value)}" for name, value in said.items()]
    lines.append(f"  open, because {each.reason}")
    return "\n".join(lines)


def _decided(person: _Person, each: Open) -> bool:
    """Ask until a decision is taken or the figure is skipped; False to stop altogether."""
    keys = ", ".join(f"{word} ({key})" for key, word in ACTIONS.items())
    while True:
        answer = click.prompt(f"{keys}", default="s", show_default=False, err=True).strip().lower()[:1]
        action = ACTIONS.get(answer)
        if action == "quit":
            return False
        if action == "skip":
            return True
        if action is not None and TAKEN[action](person, each):
            return True


def _accept(person: _Person, each: Open) -> bool:
    """As it was read; every field is written down, so that the decision says what was accepted."""
    if not each.told["indicator"] or not each.told["period"]:
        person.session.say("It has no indicator or no period; correct it, or reject it.", important=True)
        return False
    said = {name: each.told[name] for name in ASKED}
    return _checked(person, each, "accept", said)


def _correct(person: _Person, each: Open) -> bool:
    person.session.say("Enter keeps what stands in brackets.")
    said = {}
    for name in ASKED:
        said[name] = click.prompt(f"  {name}", default=_text(each.told[name]), show_default=True, err=True).strip()
    return _checked(person, each, "correct", said)


def _reject(person: _Person, each: Open) -> bool:
    person.decide(each, "reject", {}, _why())
    return True


def _checked(person: _Person, each: Open, decision: str, said: Mapping[str, Any]) -> bool:
    """Whether the figure can be taken so; it is said what stands against it, and nothing is written then."""
    from briefings.sources import problem_of

    settings = person.session.settings
    source = settings.sources[person.source]
    told = {name: _text(value) for name, value in said.items()}
    problem = problem_of(each, told, source=source, catalogue=settings.catalogue)
    if problem:
        person.session.say(f"It cannot be taken so: {problem.rstrip('.')}.", important=True)
        return False
    person.decide(each, decision, told, _why())
    return True


def _why() -> str:
    return str(click.prompt("  why", err=True)).strip()


TAKEN: dict[str, Callable[[_Person, Open], bool]] = {"accept": _accept, "correct": _correct, "reject": _reject}
