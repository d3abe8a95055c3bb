"""Sources are read by the desk itself: those of a theme that is due, that waits, or that new data may set going.

In: settings, the themes that want their sources, an instant. Out: observations in the store, and a line a source. A
source whose files are as they were is not read again; one that fails costs only itself, and its owner hears once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from briefings import sources
from briefings.configuration import Source
from briefings.deliver import owner_of
from briefings.errors import StoreError, reason_of
from briefings.ingest import Ingested, ingest, open_store
from briefings.press import program
from briefings.settings import Settings

from .events import Event
from .owners import Owners
from .planning import Service
from .watching import look

Ingester = Callable[..., Ingested]


def may_tell(source: Source, indicators: frozenset[str]) -> bool:
    """Whether a source may tell one of the indicators; it may where the configuration does not say what it tells."""
    if source.values:
        return any(column.indicator in indicators for column in source.values.values())
    declared = source.indicator.is_ if source.indicator is not None else None
    return declared is None or declared in indicators


def wanted_by(service: Service, settings: Settings) -> frozenset[str]:
    """The sources that may tell what a theme shows or requires."""
    theme = settings.themes[service.theme]
    indicators = frozenset((*theme.indicators(settings.catalogue), *service.entry.requires))
    return frozenset(key for key, source in settings.sources.items() if may_tell(source, indicators))


@dataclass
class Gathering:
    """Reads sources when that is due. `stopping` is asked between two of them; `ingester` is what a test replaces;
    `environ` holds the secrets of databases and services."""

    ingester: Ingester = ingest
    environ: Mapping[str, str] = field(default_factory=dict)
    _looked: dict[str, datetime] = field(default_factory=dict, init=False)

    def gather(
        self,
        settings: Settings,
        wants: Mapping[str, tuple[Service, datetime]],
        owners: Owners,
        now: datetime,
        stopping: Callable[[], bool],
    ) -> tuple[list[str], bool]:
        """Read what is wanted: service -> (itself, since when its last reading is too old). Returns what a person
        should hear, and whether a source failed."""
        told: list[str] = []
        failed = False
        since: dict[str, datetime] = {}
        themes: dict[str, list[str]] = {}
        for service, release in wants.values():
            for key in wanted_by(service, settings):
                since[key] = max(release, since.get(key, release))
                themes.setdefault(key, []).append(service.theme)
        configured = look(settings.workspace) if since else frozenset()
        for key in sorted(since):
            if stopping():
                break
            if self._is_time(settings, key, since[key], now):
                result = self._read(settings, key, repr(sorted(configured)), now)
                if result is not None:
                    failed = _account(result, themes[key], settings, owners) or failed
                    told += _lines(result)
        return told, failed

    def _is_time(self, settings: Settings, key: str, since: datetime, now: datetime) -> bool:
        """Whether a source was not looked at since a release, or not for as long as its `refresh` says."""
        if key not in self._looked:
            remembered = open_store(settings).remembered(key)
            if remembered is None:
                return True
            self._looked[key] = remembered[0]
        refresh = (settings.sources[key].refresh or settings.project.refresh).length
        last = self._looked[key]
        return last < since or now - last >= refresh or now < last

    def _read(self, settings: Settings, key: str, configured: str, now: datetime) -> Ingested | None:
        """Read a source; None where its files, and what is said of them, are as they were at the last time."""
        store = open_store(settings)
        source = settings.sources[key]
        self._looked[key] = now
        try:
            found = sources.state(settings.workspace.root, source)
            told = f"{program()}{configured}{found}"
            state = hashlib.sha256(told.encode()).hexdigest() if found is not None else ""
            remembered = store.remembered(key)
            if state and remembered is not None and remembered[1] == state:
                return None
            result = self.ingester(settings, key, now=now, environ=self.environ)
            store.remember(key, now, "" if result.error or result.failed else state)
        except StoreError as error:
            return Ingested(key, error=str(error))
        except Exception as error:  # an error of a reader that nobody foresaw costs this source alone
            return Ingested(key, error=reason_of(error))
        return result


def _account(result: Ingested, themes: Iterable[str], settings: Settings, owners: Owners) -> bool:
    """Let the owners of the themes hear of a source that fails, and of one that is mended; whether it failed."""
    begin = f"source:{result.source}:"
    problem = result.error or "; ".join(result.failed)
    if not problem:
        owners.mended_all(begin)
        return False
    first: dict[str, str] = {}
    for theme in sorted(themes):
        first.setdefault(owner_of(settings, theme) or "", theme)
    for owner, theme in first.items():
        what = f"The source {result.source} could not be read: {problem}"
        done = "The store keeps what it had; other sources are read. It is tried again by itself."
        owners.hear(f"{begin}{owner}", theme, what, done, "Mend the file, or its entry in config/sources.")
    return True


def _lines(result: Ingested) -> list[str]:
    """What a person hears of a reading: nothing where it brought nothing."""
    if result.error:
        return [Event(f"source {result.source} failed: {result.error}", "source failed", source=result.source)]
    counts = {"new": result.new, "revised": result.revised, "withdrawn": result.withdrawn, "rejected": result.rejected}
    brought = [f"{number} {name}" for name, number in counts.items() if number]
    text = f"ingested {result.source}: {', '.join(brought)}"
    lines: list[str] = [Event(text, "ingested", source=result.source)] if brought else []
    failed = (Event(f"source {result.source}: {each}", "source failed", source=result.source) for each in result.failed)
    return [*lines, *failed]
