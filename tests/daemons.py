"""`briefings run` in a process of its own: as it is, but for a press that files editions of a few bytes.

`Daemon` starts one and sees to its end. The press may be slow (`seconds`) and its editions large (`size`, bytes); it
notes when it begins and ends a briefing in `press.txt` beside the project, and each look at the clock in `ticks.txt`.
`Clock` is a clock that a test may set while the process runs (libfaketime).
"""

from __future__ import annotations

import functools
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from briefings.press import Built, Task
from briefings.settings import Settings
from tests.desks import Press

ROOT = Path(__file__).parent.parent
#: How long a test waits for what must come, in seconds; no test asserts that it comes sooner.
PATIENCE = 240
#: Root without the right to pass over mode bits. (Another user could not read an interpreter in root's home.)
BOUND = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--")
Found = TypeVar("Found")


class Daemon(AbstractContextManager["Daemon"]):
    """`briefings run` on a project. `bound`: by the mode bits of files, as root is not."""

    def __init__(
        self,
        folder: Path,
        *words: str,
        clock: Clock | None = None,
        environ: Mapping[str, str] | None = None,
        press: bool = True,
        bound: bool = False,
        **how: Any,
    ) -> None:
        self.folder = folder
        code = ["-m", "tests.daemons"] if press else ["-c", "from briefings.cli import main; main()"]
        own = {"PYTHONPATH": str(ROOT), "BRIEFINGS_TEST_PRESS": json.dumps(how), "PYTHONDONTWRITEBYTECODE": "1"}
        self._log = Path(f"{folder}.{len(list(folder.parent.glob('*.stderr')))}.stderr")
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *(BOUND if bound and os.getuid() == 0 else ()),
                    sys.executable,
                    *code,
                    "--project",
                    str(folder),
                    *(words or ("run", "--every", "1", "--no-ingest")),
                ],
                stderr=log,
                stdout=log,
                cwd="/",
                env={**os.environ, **own, **(clock.environ if clock else {}), **(environ or {})},
            )

    @property
    def said(self) -> str:
        """All that it wrote until now."""
        return self._log.read_text("utf-8")

    @property
    def ticks(self) -> int:
        path = self.folder / "ticks.txt"
        return len(path.read_text("utf-8").splitlines()) if path.exists() else 0

    def until(self, there: Callable[[], Found], what: str) -> Found:
        """Wait until something is there, and return it; the daemon must not end before."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            if found := there():
                return found
            assert self.process.poll() is None, f"it ended ({self.process.returncode}) before {what}:\n{self.said}"
            time.sleep(0.1)
        pytest.fail(f"{what} did not come in {PATIENCE} seconds:\n{self.said}")

    def says(self, *words: str) -> None:
        """Wait until it has said all of these."""
        self.until(lambda: all(each in self.said for each in words), f"{words}")

    def ticked(self, times: int = 2) -> None:
        """Wait for so many more looks at the clock; with two, one of them was begun and ended meanwhile."""
        before = self.ticks
        self.until(lambda: self.ticks >= before + times, f"{times} more ticks")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        for left in Path("/dev/shm").glob(f"*faketime_*_{self.process.pid}"):
            left.unlink(missing_ok=True)  # what libfaketime leaves where a process is killed


@contextmanager
def ending(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> Iterator[None]:
    """Leaves no process behind, nor its pipe, whatever a test finds."""
    try:
        yield
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def daily() -> str:
    """A schedule whose hour is half a day away: no period becomes due while a test lives by the machine's own clock."""
    noon = datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(hours=12)
    return f"schedule: {{cadence: daily, release: every day, at: {noon:%H:%M}, catch_up: all}}\n"


def ended(folder: Path, *words: str, **how: Any) -> tuple[int, str]:
    """Run a command to its end; its exit code and what it wrote."""
    with Daemon(folder, *words, **how) as daemon:
        return daemon.process.wait(PATIENCE), daemon.said


class Clock:
    """A clock of processes that is set by hand and goes on from there."""

    def __init__(self, folder: Path, at: str) -> None:
        library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
        if library is None:
            if os.environ.get("CI"):
                pytest.fail("libfaketime is not installed; .ci/libfaketime installs it")
            pytest.skip("libfaketime is not installed (Debian: apt-get install libfaketime)")
        self.path = folder / "clock.txt"
        self.set(at)
        self.environ = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self.path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def set(self, at: str) -> None:
        self._write(datetime.fromisoformat(at) - datetime.now(UTC))

    def jump(self, **by: float) -> None:
        self._write(timedelta(seconds=float(self.path.read_text())) + timedelta(**by))

    def _write(self, offset: timedelta) -> None:
        beside = self.path.with_suffix(".new")
        beside.write_text(f"{offset.total_seconds():+.0f}")
        beside.replace(self.path)


# What runs in the process.


class NotedPress(Press):
    """A press that notes what it does, and may be slow. `side_by_side`: none of so many processes ends its first
    briefing before each of them has begun one."""

    def __init__(self, seconds: float = 0, size: int = 0, side_by_side: int = 1, **_: Any) -> None:
        super().__init__(size=size)
        self.seconds = seconds
        self.side_by_side = side_by_side

    def __call__(self, settings: Settings, tasks: Sequence[Task], *, now: datetime, jobs: int) -> Iterator[list[Built]]:
        for task in tasks:
            _note(settings, "press.txt", f"begins {task.period}")
            while len(at_work(settings.workspace.root)) < self.side_by_side:
                threading.Event().wait(0.1)
            threading.Event().wait(self.seconds)  # time.sleep fails under libfaketime
            yield from super().__call__(settings, [task], now=now, jobs=jobs)
            _note(settings, "press.txt", f"ends {task.period}")


def at_work(folder: Path) -> set[int]:
    """The processes that have begun a briefing."""
    path = folder / "press.txt"
    return {int(line.split()[0]) for line in path.read_text("utf-8").splitlines()} if path.exists() else set()


def _note(settings: Settings, name: str, line: str) -> None:
    with (settings.workspace.root / name).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()} {line}\n")


def run_with_press(how: dict[str, Any]) -> None:
    """The command line, with this press in place of the real one."""
    from briefings import cli, schedule
    from briefings.schedule import desk, sending

    if "largest_file" in how:
        resource.setrlimit(resource.RLIMIT_FSIZE, (how["largest_file"],) * 2)
    if "lease" in how:
        desk.LEASE = sending.LEASE = timedelta(seconds=how["lease"])

    class NotedDesk(schedule.Desk):
        def tick(self) -> schedule.Tick:
            told = super().tick()
            _note(self.settings, "ticks.txt", self.clock().isoformat())
            return told

    schedule.Desk = functools.partial(NotedDesk, builder=NotedPress(**how))  # type: ignore[misc,assignment]
    cli.main()


if __name__ == "__main__":
    run_with_press(json.loads(os.environ["BRIEFINGS_TEST_PRESS"]))
