"""What one tick did: counted, and told.

In: what each step did. Out: `Tick`, for the one who asked for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Tick:
    """What one tick did: how many rows came into each state, and what a person should hear."""

    counts: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    broken: bool = False
    _said: int = 0

    def unsaid(self) -> Iterator[str]:
        """The messages that were not said yet; they are now."""
        while self._said < len(self.messages):
            self._said += 1
            yield self.messages[self._said - 1]
