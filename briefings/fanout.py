"""Many editions: one after another, or side by side in several processes.

In: tasks. Out: what became of each, as it is done. How one edition is made is said in `pipeline`.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import datetime
from pathlib import Path

from briefings.errors import BriefingsError
from briefings.fonts import ensure_fonts, fontconfig_file
from briefings.pipeline import Built, Press, Task, build
from briefings.pipeline import preview as preview_of
from briefings.settings import Settings
from briefings.workers import Workers

#: What a child that draws charts and sets PDFs may use; a page of 24 small multiples stays well below.
MEMORY_BYTES = 3 * 1024**3
DEADLINE_SECONDS = 120.0


def run(settings: Settings, tasks: Sequence[Task], *, now: datetime, jobs: int = 1) -> Iterator[list[Built]]:
    """What became of each task's editions, in the order in which they are done."""
    if jobs == 1 or len(tasks) < 2:
        with workers() as children:
            press = Press(settings, now, children)
            for task in tasks:
                yield attempt(press, task)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=context) as pool:
        waiting = [pool.submit(_build_alone, settings, task, now) for task in tasks]
        for done in as_completed(waiting):
            yield done.result()


def preview(
    settings: Settings, tasks: Sequence[Task], *, now: datetime
) -> Iterator[tuple[str, Mapping[str, bytes], str]]:
    """The files of each edition, without filing them: name, files, and why there are none."""
    with workers() as children:
        press = Press(settings, now, children)
        for task in tasks:
            try:
                for name, _, files in preview_of(press, task):
                    yield name, files, ""
            except BriefingsError as error:
                yield f"{task.theme}/{task.place}", {}, str(error)


def attempt(press: Press, task: Task) -> list[Built]:
    """`build`, where an error that nobody foresaw costs this briefing alone: the others are built."""
    try:
        return build(press, task)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"an error that this program did not foresee: {type(error).__name__}: {error}\n"
        reason += f"It arose in {Path(where.filename).name}, line {where.lineno}, {where.name}; please report it."
        return [Built("failed", task.theme, task.place, task.period or "", "", reason=reason)]


_press: Press | None = None


def _build_alone(settings: Settings, task: Task, now: datetime) -> list[Built]:
    """Build one task in a process of the pool; its press, and the children behind it, live as long as the process."""
    global _press  # noqa: PLW0603 - one press a process, made when the first task comes
    if _press is None:
        _press = Press(settings, now, workers())
    return attempt(_press, task)


def workers() -> Workers:
    """The child processes of one press: one, started when the first chart is drawn, ended with the block."""
    fonts = fontconfig_file(ensure_fonts())
    environment = {"FONTCONFIG_FILE": str(fonts)}
    return Workers(1, memory_bytes=MEMORY_BYTES, deadline_seconds=DEADLINE_SECONDS, environment=environment)


def examine_workers() -> str:
    """Start a child and set a page of one line in it, as `briefings doctor` does. Raises what goes wrong."""
    with workers() as children:
        return str(children.call("briefings.render.pdf:examine", {}))
