"""What an audit says: objections.

In: nothing. Out: `Objection`, and objections told as one message. Everything in `audit` speaks in these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: Objections that a message tells; the rest are counted.
MOST_TOLD = 12


@dataclass(frozen=True, slots=True)
class Objection:
    """Something that a finished file says and the facts do not.

    `where`: file and part of it (`briefing.html, finding f1a2b3c4d5`). `found`: what stands there. `expected`: what has
    to stand there. `figure`: the id of the figure in question, where there is one.
    """

    where: str
    found: str
    expected: str
    figure: str = ""

    def __str__(self) -> str:
        of = f" (figure {self.figure})" if self.figure else ""
        return f"{self.where}: found {self.found}, expected {self.expected}{of}"


def told(objections: Sequence[Objection]) -> str:
    """Objections as one message, a line each, the first of many."""
    lines = [f"  {objection}" for objection in objections[:MOST_TOLD]]
    if len(objections) > MOST_TOLD:
        lines.append(f"  and {len(objections) - MOST_TOLD} more")
    count = "1 statement" if len(objections) == 1 else f"{len(objections)} statements"
    return "\n".join([f"the finished files make {count} that the facts do not; nothing was filed:", *lines])
