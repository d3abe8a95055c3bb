"""What the desk tells: a message that knows what it is about.

In: words, and the row or edition they are about. Out: `Event`, which is its words, and has facts for logs that
programs read.
"""

from __future__ import annotations

from collections.abc import Mapping

from briefings.ledger import Row

#: Kinds of event that a person should look at.
TROUBLE = frozenset({"failed", "refused", "ambiguous", "held", "source failed", "channel failed", "owner not told"})


class Event(str):
    """A message with its facts: `event` names its kind, the others what it is about. Addresses stand in none."""

    facts: Mapping[str, str]

    def __new__(cls, text: str, event: str, **facts: str) -> Event:
        made = super().__new__(cls, text)
        made.facts = {"event": event} | {name: value for name, value in facts.items() if value}
        return made


def of_row(text: str, event: str, row: Row) -> Event:
    """A message about a row of the ledger: its theme, place, period and language, recipient and channel, edition."""
    names = ("theme", "cadence", "place", "period", "language", "recipient", "channel", "edition", "corrects")
    return Event(text, event, **{name: str(getattr(row, name)) for name in names})


def of_group(text: str, event: str, row: Row) -> Event:
    """A message about all rows of one theme, place and period."""
    return Event(text, event, theme=row.theme, cadence=row.cadence, place=row.place, period=row.period)


def facts_of(message: str, *, important: bool = False) -> dict[str, str]:
    """The facts of a message, with its level: `warning` where a person should look at it."""
    facts = dict(message.facts) if isinstance(message, Event) else {"event": "message"}
    warns = facts["event"] in TROUBLE or (important and facts["event"] == "message")
    return facts | {"level": "warning" if warns else "info"}
