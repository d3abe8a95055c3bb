"""One edition, from theme to archive: the order of the stages, one line each.

In: the settings of a project and what is asked for. Out: observations in the store, editions in the archive. Many
editions side by side are the business of `fanout`.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from briefings import __version__, configuration, reconcile, sources
from briefings.archive import Archive, BuiltFrom, Edition, EditionKey, EditionThereError
from briefings.briefing import Briefing
from briefings.compose import compose, latest_period
from briefings.errors import BriefingsError, CompositionError, RequestError, SourceError
from briefings.fonts import FontSet, ensure_fonts
from briefings.narrative import Narrative, narrate
from briefings.observations import Panel
from briefings.periods import Period
from briefings.render import Rendered, Stamp, render
from briefings.render.annex import clean
from briefings.settings import Settings
from briefings.store import Store
from briefings.themes import Theme
from briefings.workers import Workers

# -- ingest ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ingested:
    """What became of a source's rows; `error` where it could not be read (the store keeps what it had), `failed` where
    some of its files could not."""

    source: str
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    rejected: int = 0
    skipped: int = 0
    missing: int = 0
    held: tuple[reconcile.Held, ...] = ()
    conflicts: tuple[sources.Conflict, ...] = ()
    unread: tuple[str, ...] = ()
    rejects_file: Path | None = None
    failed: tuple[str, ...] = ()
    error: str = ""


def ingest(settings: Settings, identifier: str, *, now: datetime) -> Ingested:
    """Read one source into the store. A source that cannot be read costs only itself."""
    store = open_store(settings)
    source = settings.sources[identifier]
    try:
        reading = sources.read(
            identifier,
            source,
            catalogue=settings.catalogue,
            root=settings.workspace.root,
            keep=store.keep,
            today=now.date(),
        )
        told = store.add(identifier, reading.frame, now)
    except (SourceError, BriefingsError) as error:
        return Ingested(identifier, error=str(error))
    failed = reading.failed
    try:
        rejects = _write_rejects(settings, identifier, reading)
    except OSError as error:
        rejects = None
        failed += (f"{settings.workspace.rejects}: the rejected rows cannot be written down: {error.strerror}.",)
    return Ingested(
        identifier,
        new=told.new,
        revised=told.revised,
        unchanged=told.unchanged,
        rejected=len(reading.rejects),
        skipped=reading.skipped,
        missing=reading.missing,
        held=_held(settings, store, identifier),
        conflicts=reading.conflicts,
        unread=reading.columns_unread,
        rejects_file=rejects,
        failed=failed,
    )


def _held(settings: Settings, store: Store, source: str) -> tuple[reconcile.Held, ...]:
    """What the audit holds of the figures that a source told, accepted jumps apart: looked for where a jump can hide,
    so that a source of a million rows costs no more memory than its few that vary by a factor of a hundred."""
    suspects = store.spread(source, reconcile.FACTOR)
    held: list[reconcile.Held] = []
    for indicator in dict.fromkeys(indicator for indicator, _ in suspects):
        places = [place for of, place in suspects if of == indicator]
        for start in range(0, len(places), CHUNK):
            chunk = places[start : start + CHUNK]
            rows = store.as_of(None, sources=(source,), indicators=(indicator,), places=chunk)
            panel = Panel.of_frame(rows)
            held += _checked(settings, panel).held
    return tuple(held)


def _checked(settings: Settings, panel: Panel) -> reconcile.Checked:
    """The audit of a panel, with all that was decided."""
    return reconcile.check(panel, settings.catalogue, accepted=settings.accepted_jumps, decided=settings.decided)


def _write_rejects(settings: Settings, identifier: str, reading: sources.Reading) -> Path | None:
    """The rows that could not be taken, with their reasons, for a person to mend; the file of the last ingest."""
    path = settings.workspace.rejects / f"{identifier}.csv"
    if not reading.rejects:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".writing")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "locator", "reason", "text"))
        writer.writerows(map(clean, (r.file, r.locator, r.reason, r.text)) for r in reading.rejects)
    beside.replace(path)
    return path


#: So many places are looked through at a time.
CHUNK = 50


def open_store(settings: Settings) -> Store:
    return Store(settings.workspace.observations, settings.workspace.snapshots)


# -- build -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """One briefing to build: an edition in each of the languages."""

    theme: str
    place: str
    period: str | None = None
    languages: tuple[str, ...] = ()
    as_of: date | None = None
    force: bool = False
    dry_run: bool = False


#: Years that a briefing may be of: the periods before and after it must be in the calendar too.
FIRST_YEAR, LAST_YEAR = 1000, 9000

Outcome = Literal["built", "unchanged", "skipped", "failed", "would build"]


@dataclass(frozen=True)
class Built:
    """What became of one edition; `reason` for what was not built."""

    outcome: Outcome
    theme: str
    place: str
    period: str
    language: str
    edition: str = ""
    pdf: Path | None = None
    pages: int = 0
    figures: int = 0
    held: int = 0
    reason: str = ""


@dataclass
class Press:
    """What many editions share: the settings, the child processes, the fonts."""

    settings: Settings
    now: datetime
    workers: Workers
    fonts: FontSet = field(default_factory=ensure_fonts)

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.settings.workspace.editions)

    @cached_property
    def phrases(self) -> dict[str, dict[str, object]]:
        """Language -> phrase book; the project's own comes before the program's."""
        found: dict[str, dict[str, object]] = {}
        for folder in reversed(self.settings.workspace.template_folders):
            for path in sorted((folder / "phrases").glob("*.yaml")):
                found[path.stem] = configuration.read_plain(path)
        return found

    @cached_property
    def templates_digest(self) -> str:
        """SHA-256 over the templates and phrase books in use."""
        digest = hashlib.sha256()
        for folder in self.settings.workspace.template_folders:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()


def tasks(
    settings: Settings,
    *,
    theme: str | None = None,
    place: str | None = None,
    period: str | None = None,
    language: str | None = None,
    as_of: date | None = None,
    force: bool = False,
    dry_run: bool = False,
) -> Iterator[Task]:
    """The briefings asked for. Raises `RequestError` for a theme, place, period or language that is not there."""
    if theme is not None and theme not in settings.themes:
        raise RequestError(configuration.one_of(theme, settings.themes, "theme of this project"))
    if place is not None and place not in settings.catalogue.places:
        raise RequestError(configuration.one_of(place, settings.catalogue.places, "place of this project"))
    if period is not None:
        try:
            year = Period.parse(period).year
        except ValueError as error:
            raise RequestError(str(error)) from error
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise RequestError(f"{period!r}: periods from {FIRST_YEAR} to {LAST_YEAR} are built.")
    every = dict.fromkeys(word for t in settings.themes.values() for word in t.languages or settings.project.languages)
    if language is not None and language not in every:
        raise RequestError(configuration.one_of(language, every, "language of this project"))
    for each in (settings.themes[theme],) if theme else settings.themes.values():
        languages = tuple(dict.fromkeys(each.languages or settings.project.languages))
        if language is not None and language not in languages:
            if theme is not None:
                raise RequestError(configuration.one_of(language, languages, f"language of the theme {theme}"))
            continue
        for key in (place,) if place else settings.catalogue.resolve(each.places.each):
            chosen = (language,) if language else tuple(languages)
            yield Task(each.theme, key, period, chosen, as_of, force, dry_run)


def build(press: Press, task: Task) -> list[Built]:
    """One briefing and its editions. What goes wrong with one is its own outcome, never the others'."""
    theme = press.settings.themes[task.theme]
    try:
        briefing = brief(press, task)
    except CompositionError as error:
        return [Built("skipped", theme.theme, task.place, task.period or "", "", reason=str(error))]
    except BriefingsError as error:
        return [Built("failed", theme.theme, task.place, task.period or "", "", reason=str(error))]
    return [_edition(press, task, briefing, language) for language in task.languages]


def brief(press: Press, task: Task) -> Briefing:
    """From the store to the briefing: observations, measures, audit, composition."""
    settings = press.settings
    theme = settings.themes[task.theme]
    places = _places(settings, theme, task.place)
    rows = open_store(settings).as_of(task.as_of, indicators=theme.indicators, places=places)
    checked = _checked(settings, Panel.of_frame(rows))
    period = _period(settings, theme, task, checked.panel)
    return compose(
        theme,
        task.place,
        period,
        checked,
        catalogue=settings.catalogue,
        project=settings.project,
        sources=settings.sources,
        previous=press.archive.previous(theme.theme, task.place, period),
    )


def _period(settings: Settings, theme: Theme, task: Task, panel: Panel) -> Period:
    if task.period is not None:
        return Period.parse(task.period)
    latest = latest_period(theme, task.place, panel, settings.catalogue)
    if latest is None:
        asked = ", ".join(indicator for show in theme.headline for indicator in show)
        if task.as_of is not None:
            raise CompositionError(
                f"No observation of {asked} for {task.place} had been published by {task.as_of}; name a later day."
            )
        raise CompositionError(f"No observation of {asked} for {task.place}. Run `briefings ingest` first.")
    return latest


def _places(settings: Settings, theme: Theme, place: str) -> tuple[str, ...]:
    """Every place whose observations a briefing may need."""
    words = [*theme.places.beside, *theme.places.benchmarks]
    words += [word for section in theme.sections for word in section.places]
    words += [request.to for _, _, measures in theme.requests() for request in measures if request.to]
    named = settings.catalogue.resolve(words, around=place)
    group = settings.catalogue.places[place].peers
    peers = settings.catalogue.groups[group].members if group else ()
    return tuple(dict.fromkeys((place, *settings.catalogue.ancestors(place), *named, *peers)))


def _edition(press: Press, task: Task, briefing: Briefing, language: str) -> Built:
    """From the briefing to the archive: sentences, pages, checks, filing."""
    key = EditionKey(briefing.theme, briefing.place, briefing.period, language)
    told = (briefing.theme, briefing.place, briefing.period, language)
    built_from = BuiltFrom(
        theme=press.settings.digests[briefing.theme],
        templates=press.templates_digest,
        fonts=press.fonts.digest,
        data=hashlib.sha256(briefing.to_json().encode()).hexdigest(),
        program=__version__,
    )
    latest: Edition | None = None
    try:
        latest = press.archive.latest(key)
        if latest is not None and latest.content == built_from.content(language) and not task.force:
            latest.check()
            return Built("unchanged", *told, **_facts(latest))
        if task.dry_run:
            return Built("would build", *told, held=briefing.held)
        revision = latest.revision + 1 if latest else 1
        stamp = Stamp(f"{key.folder.as_posix()}/r{revision}", revision, built_from.content(language))
        narrative, rendered = _render(press, briefing, language, stamp)
        edition = press.archive.save(
            key,
            rendered.files,
            revision=revision,
            built_from=built_from,
            as_of=task.as_of,
            built_at=press.now,
            facts={
                "title": narrative.title,
                "pages": rendered.pages,
                "figures": rendered.figures_printed,
                "held": briefing.held,
            },
        )
    except EditionThereError as error:
        meanwhile = press.archive.latest(key)
        if meanwhile is not None and meanwhile.content == built_from.content(language):
            return Built("unchanged", *told, **_facts(meanwhile))  # another build, side by side, filed the very same
        return Built("failed", *told, reason=str(error))
    except BriefingsError as error:
        return Built("failed", *told, reason=str(error))
    return Built("built", *told, **_facts(edition))


def preview(press: Press, task: Task) -> Iterator[tuple[str, str, dict[str, bytes]]]:
    """The files of each language of a briefing, without filing them: folder, language, files."""
    briefing = brief(press, task)
    for language in task.languages:
        key = EditionKey(briefing.theme, briefing.place, briefing.period, language)
        _, rendered = _render(press, briefing, language, Stamp(f"{key.folder.as_posix()}/preview", 0, ""))
        yield key.folder.as_posix(), language, dict(rendered.files)


def _render(press: Press, briefing: Briefing, language: str, stamp: Stamp) -> tuple[Narrative, Rendered]:
    """From the briefing to files: sentences first, then pages."""
    narrative = narrate(briefing, language, press.phrases[language])
    rendered = render(
        briefing,
        language,
        narrative=narrative,
        stamp=stamp,
        templates=press.settings.workspace.template_folders,
        workers=press.workers,
        fonts=press.fonts,
    )
    return narrative, rendered


def _facts(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition.id,
        "pdf": edition.folder / "briefing.pdf",
        "pages": int(edition.manifest["pages"]),
        "figures": int(edition.manifest["figures"]),
        "held": int(edition.manifest["held"]),
    }
