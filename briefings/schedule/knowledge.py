"""What figures are made of, and whom it concerns where that has changed.

In: settings, the store, the mark that a service left in the ledger when its editions were last held against what was
known. Out: the next mark; and of a place, whether an edition of it may print another figure now. What is new in the
store concerns the briefings that read its indicators at its places; any other change concerns them all, and so does
whatever is not certain. Editions are then made anew next door, in `revising`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from briefings.errors import StoreError
from briefings.ingest import open_store
from briefings.press import program
from briefings.settings import Settings

from .planning import Service
from .watching import look

#: What of the configuration changes no figure that was printed.
OTHERS = ("themes", "recipients", "schemas")
#: Indicator and place of what was told.
Told = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Mark:
    """What a service knew. `said`: digest of what the configuration says of figures, and of what was taken back;
    `files`, `told`: how many files of observations there were, and the digest of their names, in which theirs are;
    `asked`: digest of what the theme asks for, and the program: it makes nothing be looked at by itself, but nothing
    be left out when something else does."""

    said: str
    files: int
    told: str
    asked: str

    @classmethod
    def of(cls, text: str | None) -> Mark | None:
        """A mark as it stands in the ledger; None for one that cannot be read, such as that of an earlier version."""
        parts = text.split() if text is not None else []
        return cls(parts[0], int(parts[1]), *parts[2:]) if len(parts) == 4 and parts[1].isdecimal() else None

    def __str__(self) -> str:
        return f"{self.said} {self.files} {self.told} {self.asked}"


class Knowledge:
    """What is known now. It is looked at once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._store = open_store(settings)
        self._files = self._store.files()
        self._new: dict[int, Told] = {}

    @cached_property
    def _said(self) -> str:
        config = self.settings.workspace.root / "config"
        said = sorted(seen for seen in look(self.settings.workspace) if _first(seen[0], str(config)) not in OTHERS)
        return _digest([*map(repr, said), self._store.withdrawn()])

    def mark(self, service: Service) -> Mark:
        """What a service knows once it has looked at all that is known."""
        asked = _digest([self.settings.digests[service.theme], program()])
        return Mark(self._said, len(self._files), _digest(self._files), asked)

    def concerns(self, service: Service, before: Mark | None) -> Callable[[str], bool] | None:
        """Whether what came since a mark concerns a place; None where nothing has changed that could."""
        now = self.mark(service)
        if before is not None and (before.said, before.told) == (now.said, now.told):
            return None
        new = self._since(before, now)
        return (lambda place: self._reads(service, place, new)) if new is not None else lambda place: True

    def _since(self, before: Mark | None, now: Mark) -> Told | None:
        """What was told since, where nothing else has changed and each file of then is still there; else None."""
        if before is None or (before.said, before.asked) != (now.said, now.asked):
            return None
        if _digest(self._files[: before.files]) != before.told:
            return None
        if before.files not in self._new:
            try:
                self._new[before.files] = self._store.told_in(self._files[before.files :])
            except StoreError:
                return None  # the builds say which file is damaged
        return self._new[before.files]

    def _reads(self, service: Service, place: str, new: Told) -> bool:
        """Whether a briefing of a place reads, or waits for, any of what is new."""
        from briefings.survey import places_of

        if place not in self.settings.catalogue.places:
            return True
        theme = self.settings.themes[service.theme]
        indicators = {*theme.indicators(self.settings.catalogue), *service.entry.requires}
        places = {place, *places_of(self.settings, theme, place)}
        return any(indicator in indicators and at in places for indicator, at in new)


def _first(path: str, config: str) -> str:
    """The folder or file of `config/` that a path leads to, without its ending."""
    return path.removeprefix(config).lstrip("/").partition("/")[0].removesuffix(".yaml")


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
