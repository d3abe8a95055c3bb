"""What goes wrong with one row, one edition or one theme costs that alone: the tick goes on with all others.

In: a piece of work, and the key under which an owner hears of it. Out: the work done; or why it was not, told, and the
owner heard. What the ledger cannot enter is passed on: nothing can be done without it. Whole ticks are guarded next
door, in `outage`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from briefings.errors import LedgerError, reason_of

from .events import Event
from .owners import Owners
from .tick import Tick

#: What an owner does of whom nothing else can be asked.
LOOK = "Do what the message says; it goes on by itself then."


@contextmanager
def alone(
    told: Tick, owners: Owners, key: str, theme: str, what: str, done: str = "", to_do: str = LOOK
) -> Iterator[None]:
    """Whatever goes wrong within ends the work within, and nothing else; `what` begins the message. The owner of the
    theme hears under `key`, once, and once more when it went well."""
    try:
        yield
    except LedgerError:
        raise
    except Exception as error:
        text = f"{what}: {reason_of(error)}"
        told.broken = True
        told.messages.append(Event(text, "failed", theme=theme))
        owners.hear(key, theme, text, done, to_do)
    else:
        owners.mended(key)
