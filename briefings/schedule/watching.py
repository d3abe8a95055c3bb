"""The configuration while a daemon runs: read again when a file changes; the last good one is kept where it is broken.

In: a workspace. Out: `Settings`, and what to say of a change that was not taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from briefings.errors import BriefingsError
from briefings.settings import Settings, load
from briefings.workspace import Workspace

Seen = frozenset[tuple[str, int, int]]


@dataclass
class Watched:
    """Settings that follow their files. `say` hears of each change once."""

    settings: Settings
    say: Callable[[str], None]
    _seen: Seen = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self._look()

    def current(self) -> Settings:
        """The settings as the files say, or the last good ones: a file that is half-written or gone changes nothing."""
        seen = self._look()
        if seen == self._seen:
            return self.settings
        self._seen = seen
        try:
            read = load(self.settings.workspace)
        except (BriefingsError, OSError) as error:
            self.say(f"The configuration was changed and has mistakes; the last good one is kept:\n{error}")
            return self.settings
        gone = [theme for theme in self.settings.themes if theme not in read.themes]
        if gone:
            self.say(f"The file of {', '.join(gone)} is gone; the last good one is kept. To end it, start anew.")
            return self.settings
        self.say("The configuration was changed and read again.")
        self.settings = read
        return read

    def _look(self) -> Seen:
        return look(self.settings.workspace)


def look(workspace: Workspace) -> Seen:
    """Each file of `config/` with its size and time of change."""
    return frozenset(_state(path) for path in (workspace.root / "config").rglob("*.yaml"))


def _state(path: Path) -> tuple[str, int, int]:
    try:
        told = path.stat()
    except OSError:
        return str(path), 0, 0
    return str(path), told.st_mtime_ns, told.st_size
