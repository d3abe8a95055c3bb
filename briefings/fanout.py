"""Many editions: one after another, or side by side in several processes.

In: what is asked for. Out: tasks, and what became of each as it is done. How one edition is made is said in `pipeline`.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from datetime import date, datetime

from briefings import configuration
from briefings.archive import Archive
from briefings.errors import BriefingsError, RequestError, reason_of
from briefings.fonts import FontSet, ensure_fonts, fontconfig_file
from briefings.periods import Period
from briefings.pipeline import build
from briefings.pipeline import preview as preview_of
from briefings.press import Built, Press, Task, fonts_of
from briefings.settings import Settings
from briefings.workers import Workers

#: What a child that draws charts and sets PDFs may use; a page of 24 small multiples stays well below.
MEMORY_BYTES = 3 * 1024**3
DEADLINE_SECONDS = 120.0
#: Years that a briefing may be of: the periods before and after it must be in the calendar too.
FIRST_YEAR, LAST_YEAR = 1000, 9000


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
            periods = (period,) if period else [str(item) for item in sorted(each.period.of.get(key, ()))] or (None,)
            for wanted in periods:
                yield Task(each.theme, key, wanted, chosen, as_of, force, dry_run)


def run(settings: Settings, tasks: Sequence[Task], *, now: datetime, jobs: int = 1) -> Iterator[list[Built]]:
    """What became of each task's editions, in the order in which they are done.

    Raises `ArchiveError` before any work where no edition could be filed.
    """
    if not all(task.dry_run for task in tasks):
        Archive(settings.workspace.editions).check_writable()
    if jobs == 1 or len(tasks) < 2:
        fonts = fonts_of(settings)
        with workers(fonts) as children:
            press = Press(settings, now, children, fonts)
            for task in tasks:
                yield attempt(press, task)
        return
    left = yield from _side_by_side(settings, tasks, now, jobs)
    for task in left:  # again, each alone, so that one that is killed once more costs itself
        if not (yield from _side_by_side(settings, [task], now, 1)):
            continue
        reason = "the process that built it was killed, twice; look in the system's log for who ended it, or build "
        reason += "with fewer --jobs"
        yield [Built("failed", task.theme, task.place, task.period or "", "", reason=reason)]


def _side_by_side(
    settings: Settings, tasks: Sequence[Task], now: datetime, jobs: int
) -> Generator[list[Built], None, list[Task]]:
    """What became of each task's editions; returns the tasks that are left undone where a process was killed: the pool
    ends with it, and takes down what the others had under way. The periods of one theme and place are built one after
    another: each edition knows the one before."""
    left: list[Task] = []
    rows: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        rows.setdefault((task.theme, task.place), []).append(task)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(rows)), mp_context=context) as pool:
        waiting: dict[Future[list[list[Built]]], list[Task]] = {}
        for row in rows.values():
            try:
                waiting[pool.submit(_build_alone, settings, row, now)] = row
            except BrokenProcessPool:
                left += row
        for done in as_completed(waiting):
            try:
                yield from done.result()
            except BrokenProcessPool:
                left += waiting[done]
    return left


def preview(
    settings: Settings, tasks: Sequence[Task], *, now: datetime
) -> Iterator[tuple[str, Mapping[str, bytes], str]]:
    """The files of each edition, without filing them: name, files, and why there are none or why `build` would not file
    them."""
    fonts = fonts_of(settings)
    with workers(fonts) as children:
        press = Press(settings, now, children, fonts)
        for task in tasks:
            try:
                for name, _, files, objections in preview_of(press, task):
                    yield name, files, objections
            except BriefingsError as error:
                yield f"{task.theme}/{task.place}", {}, str(error)


def attempt(press: Press, task: Task) -> list[Built]:
    """`build`, where an error that nobody foresaw costs this briefing alone: the others are built."""
    try:
        return build(press, task)
    except Exception as error:
        return [Built("failed", task.theme, task.place, task.period or "", "", reason=reason_of(error))]


_press: Press | None = None


def _build_alone(settings: Settings, tasks: Sequence[Task], now: datetime) -> list[list[Built]]:
    """Build tasks in a process of the pool; its press, and the children behind it, live as long as the process."""
    global _press  # noqa: PLW0603 - one press a process, made when the first task comes
    if _press is None:
        fonts = fonts_of(settings)
        _press = Press(settings, now, workers(fonts), fonts)
    return [attempt(_press, task) for task in tasks]


def workers(fonts: FontSet | None = None) -> Workers:
    """The child processes of one press: one, started when the first chart is drawn, ended with the block. `fonts`: all
    that they can set; the program's own where none are given."""
    environment = {"FONTCONFIG_FILE": str(fontconfig_file(fonts or ensure_fonts()))}
    return Workers(1, memory_bytes=MEMORY_BYTES, deadline_seconds=DEADLINE_SECONDS, environment=environment)


def examine_workers() -> str:
    """Start a child and set a page of one line in it, as `briefings doctor` does. Raises what goes wrong."""
    with workers() as children:
        return str(children.call("briefings.render.pdf:examine", {}))
