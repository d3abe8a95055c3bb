"""Children that hang, eat memory, get killed, raise, print and return much; and what becomes of the parent."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefings.errors import ConfigurationError, WorkerError
from briefings.workers import LEAST_FOR_CHARTS, Workers, seldom_collected
from tests import jobs

MIB = 1024**2
#: Seconds that a test waits for what must come.
PATIENCE = 60
linux = pytest.mark.skipif(sys.platform != "linux", reason="the memory limit holds on Linux alone")


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(deadline_seconds=PATIENCE) as given:
        yield given


def gone(process: int) -> bool:
    """Whether the process ends. A zombie that nobody waits for has ended."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{process}/stat").exists() and " Z " in Path(f"/proc/{process}/stat").read_text():
                return True
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def there(path: Path) -> None:
    """Wait for a file."""
    until = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not come"
        time.sleep(0.01)


# Jobs


def test_a_function_is_named_or_given(workers: Workers) -> None:
    assert workers.call("tests.jobs:double", 21) == 42
    assert workers.call(jobs.double, 4) == 8
    assert workers.call(jobs.add, 1, 2) == 3
    assert workers.call("os.path:join", "a", "b") == "a/b"


@pytest.mark.parametrize(
    "function", ["double", "tests.jobs:", ":double", "tests.jobs:double()", "__main__:f", lambda: None]
)
def test_a_function_no_child_could_find_is_refused(workers: Workers, function: str) -> None:
    with pytest.raises(ValueError, match="name one as 'module:function'"):
        workers.call(function)


def test_nothing_starts_before_the_first_job() -> None:
    before = jobs.children(os.getpid())
    with Workers(count=2):
        assert len(jobs.children(os.getpid())) == len(before)


def test_a_child_is_used_again(workers: Workers) -> None:
    first = workers.call(jobs.process_id)
    assert first != os.getpid()
    assert workers.call(jobs.process_id) == first


def test_what_is_printed_does_not_get_between_the_answers(workers: Workers, capfd: pytest.CaptureFixture[str]) -> None:
    assert workers.call(jobs.chat, "x" * 100_000) == "x" * 100_000
    assert workers.call(jobs.double, 1) == 2
    assert capfd.readouterr() == ("", "")


def test_fifty_megabytes_travel_both_ways(workers: Workers) -> None:
    assert workers.call(jobs.big, 50 * MIB) == b"x" * (50 * MIB)
    assert workers.call("builtins:len", b"x" * (50 * MIB)) == 50 * MIB


def test_the_environment_is_the_parents_and_what_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFINGS_TEST_OLD", "old")
    with Workers(environment={"FONTCONFIG_FILE": "/fonts.conf"}) as workers:
        assert workers.call(jobs.environment, "FONTCONFIG_FILE") == "/fonts.conf"
        assert workers.call(jobs.environment, "BRIEFINGS_TEST_OLD") == "old"


def test_the_working_folder_is_not_imported_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "calendar.py").write_text("raise RuntimeError('not the standard library')")
    monkeypatch.chdir(tmp_path)
    with Workers() as workers:
        assert workers.call("calendar:isleap", 2024) is True


def test_map_keeps_the_order_and_uses_all_children(tmp_path: Path) -> None:
    with Workers(count=2) as workers:
        assert workers.map(jobs.slowly, [(0.3, "a"), (0.0, "b"), (0.0, "c")]) == ["a", "b", "c"]
        assert len(set(workers.map(jobs.process_id_of_two, [str(tmp_path), str(tmp_path)]))) == 2


def test_map_raises_the_first_error() -> None:
    with Workers(count=2) as workers, pytest.raises(ConfigurationError, match="one"):
        workers.map(jobs.complain, ["one", "two", "three"])


def test_threads_share_the_children() -> None:
    found: list[int] = []
    with Workers(count=1) as workers:
        threads = [threading.Thread(target=lambda n=n: found.append(workers.call(jobs.double, n))) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [0, 2, 4, 6, 8, 10, 12, 14]


# Errors of the function


def test_an_error_comes_back_as_itself_and_is_not_tried_again(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        workers.call(jobs.complain, "first")
    assert caught.value.complaints == ["first", "second"]
    assert "in complain" in caught.value.__notes__[0]

    mark = tmp_path / "mark"
    with pytest.raises(ValueError, match="no"):
        workers.call(jobs.count_and_complain, str(mark))
    assert mark.read_text() == "x"


def test_an_error_does_not_cost_the_child(workers: Workers) -> None:
    first = workers.call(jobs.process_id)
    with pytest.raises(ConfigurationError):
        workers.call(jobs.complain, "first")
    assert workers.call(jobs.process_id) == first


def test_an_unknown_function_is_the_childs_own_error(workers: Workers) -> None:
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        workers.call("nowhere:f")
    with pytest.raises(AttributeError, match="nothing"):
        workers.call("tests.jobs:nothing")


def test_an_error_that_cannot_travel_is_quoted(workers: Workers) -> None:
    with pytest.raises(WorkerError, match=r"^tests\.jobs\.OddError: one"):
        workers.call(jobs.fail_oddly)


def test_a_result_that_cannot_travel_is_an_error(workers: Workers) -> None:
    with pytest.raises(AttributeError, match="pickle"):
        workers.call(jobs.unpicklable)
    assert workers.call(jobs.double, 1) == 2


# Deaths, deadlines, memory


def test_a_killed_child_is_replaced_once(workers: Workers, tmp_path: Path) -> None:
    assert workers.call(jobs.die_once, str(tmp_path / "mark")) == "alive"


def test_a_child_killed_twice_is_a_failure_that_says_so(workers: Workers, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with pytest.raises(WorkerError) as caught:
        workers.call(jobs.die, str(mark), what="industry/jixi/en")
    assert mark.read_text() == "xx"
    assert re.sub(r"\d+\.\d s\b", "0.1 s", str(caught.value)) == (
        "tests.jobs:die (industry/jixi/en): the worker process was killed by signal 9 (SIGKILL) after 0.1 s; again: "
        "was killed by signal 9 (SIGKILL) after 0.1 s. A worker has 2.0 GiB of memory and 60 seconds a job. "
        "Build the edition again; if it happens again, look in the system's log for who ended the process."
    )
    assert workers.call(jobs.double, 1) == 2


def test_an_idle_child_that_was_killed_is_replaced_without_a_word(workers: Workers) -> None:
    first = workers.call(jobs.process_id)
    os.kill(first, signal.SIGKILL)
    assert workers.call(jobs.process_id) != first


def test_a_child_that_exits_is_a_failure(workers: Workers) -> None:
    with pytest.raises(WorkerError, match=r"exited with code 3 after .* Its last words: 'going now'\."):
        workers.call(jobs.leave, 3)


@pytest.mark.parametrize("function", [jobs.hang, jobs.hold_the_lock])
def test_a_child_that_hangs_is_stopped_twice_and_the_parent_goes_on(function: object) -> None:
    beats = []
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(0.02):
            beats.append(time.monotonic())

    heart = threading.Thread(target=beat)
    with Workers(deadline_seconds=0.7) as workers:
        heart.start()
        with pytest.raises(
            WorkerError, match=r"passed its deadline and was stopped after \d+\.\d s; again: passed its deadline"
        ):
            workers.call(function, None)
        stop.set()
        heart.join()
        workers.deadline_seconds = PATIENCE
        assert workers.call(jobs.double, 1) == 2
    assert len(beats) > 10  # of seventy; one that waited with the lock held would have had two


@pytest.mark.slow
def test_a_child_that_takes_no_more_input_is_stopped() -> None:
    with Workers(deadline_seconds=PATIENCE) as workers:
        os.kill(workers.call(jobs.process_id), signal.SIGSTOP)
        workers.deadline_seconds = 5  # a fresh one must start and answer within
        assert workers.call("builtins:len", b"x" * (8 * MIB)) == 8 * MIB


@linux
def test_memory_has_a_limit() -> None:
    with Workers(memory_bytes=200 * MIB, deadline_seconds=PATIENCE) as workers:
        with pytest.raises(WorkerError) as caught:
            workers.call(jobs.eat)
        assert re.sub(r"\d+\.\d s\b", "0.1 s", str(caught.value)) == (
            "tests.jobs:eat: the worker process ran out of memory after 0.1 s; again: ran out of memory after 0.1 s. "
            "A worker has 0.2 GiB of memory and 60 seconds a job. Give it less to do: fewer points in a chart, "
            "fewer rows in a table; or give the workers more memory."
        )
        assert workers.call(jobs.double, 1) == 2


def test_an_abort_for_memory_is_told_by_its_last_words(workers: Workers) -> None:
    with pytest.raises(WorkerError, match=r"ran out of memory and was killed by signal 6 \(SIGABRT\)") as caught:
        workers.call(jobs.abort_for_memory)
    assert "Its last words: 'Fatal process out of memory: Failed to reserve'." in str(caught.value)


@linux
@pytest.mark.slow
def test_a_chart_of_too_many_points_dies_alone() -> None:
    with Workers(memory_bytes=LEAST_FOR_CHARTS + 100 * MIB, deadline_seconds=60) as workers:
        assert workers.call(jobs.draw_points, 100) > 1000
        with pytest.raises(WorkerError, match="ran out of memory and was killed by signal"):
            workers.call(jobs.draw_points, 300_000)
        assert workers.call(jobs.draw_points, 100) > 1000


# Renewal


def test_a_child_is_renewed_after_so_many_jobs() -> None:
    with Workers(renew_after=2) as workers:
        seen = [workers.call(jobs.process_id) for _ in range(4)]
    assert seen[0] == seen[1] != seen[2] == seen[3]


@linux
def test_a_fat_child_is_renewed() -> None:
    with Workers(renew_above_bytes=100 * MIB) as workers:
        first = workers.call(jobs.process_id)
        assert workers.call(jobs.fatten, 200 * MIB) == first
        assert workers.call(jobs.process_id) != first


# The end


def test_closing_leaves_no_process_behind() -> None:
    with Workers(count=2) as workers:
        used = set(workers.map(jobs.process_id, range(6)))
    for child in used:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)
    workers.close()
    with pytest.raises(WorkerError, match="closed"):
        workers.call(jobs.double, 1)


def test_workers_that_are_never_closed_leave_no_process_behind() -> None:
    workers = Workers()
    child = workers.call(jobs.process_id)
    del workers
    assert gone(child)


def test_closing_ends_a_job_under_way(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    errors: list[BaseException] = []

    def wait(workers: Workers) -> None:
        try:
            workers.call(jobs.count_and_hang, str(mark))
        except WorkerError as error:
            errors.append(error)

    with Workers() as workers:
        thread = threading.Thread(target=wait, args=(workers,))
        thread.start()
        there(mark)
    thread.join(PATIENCE)
    assert [str(error) for error in errors] == ["The workers are closed: no job can be given to them any more."]


def test_an_interrupted_wait_does_not_mix_up_the_answers(workers: Workers, tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def wait() -> None:
        there(mark)
        os.kill(os.getpid(), signal.SIGALRM)

    waiter = threading.Thread(target=wait)
    before = signal.signal(signal.SIGALRM, interrupt)
    waiter.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            workers.call(jobs.count_and_hang, str(mark))
    finally:
        waiter.join()
        signal.signal(signal.SIGALRM, before)
    assert workers.call(jobs.slowly, (0.0, "next")) == "next"


PARENT = textwrap.dedent(
    """
    import os, sys, threading, time
    from briefings.workers import Workers
    workers = Workers(deadline_seconds=60)
    print(workers.call("tests.jobs:process_id"), flush=True)
    if sys.argv[1] == "busy":
        job = ("tests.jobs:hold_the_lock", sys.argv[3])
        threading.Thread(target=lambda: workers.call(*job), daemon=True).start()
        while not os.path.exists(sys.argv[3]):
            time.sleep(0.01)
    print("ready", flush=True)
    time.sleep(60 if sys.argv[2] == "kill" else 0)
    """
)


@pytest.mark.parametrize("state", ["idle", "busy"])
@pytest.mark.parametrize("end", ["kill", "leave"])
def test_the_children_end_with_their_parent(state: str, end: str, tmp_path: Path) -> None:
    if state == "busy" and sys.platform != "linux":
        pytest.skip("elsewhere a busy child ends at its deadline")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-W", "error", "-c", PARENT, state, end, str(tmp_path / "mark")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        child = int(parent.stdout.readline())
        assert parent.stdout.readline() == "ready\n"
        if end == "kill":
            parent.kill()
        if state == "idle":
            assert parent.stderr.read() == ""
    assert gone(child)


def test_a_process_looks_for_cycles_at_its_own_pace_again_when_the_last_is_done() -> None:
    pace = gc.get_threshold()
    one, other = seldom_collected(), seldom_collected()
    with one:
        other.__enter__()
        slower = gc.get_threshold()
    assert slower > pace
    assert gc.get_threshold() == slower
    other.__exit__(None, None, None)
    assert gc.get_threshold() == pace
