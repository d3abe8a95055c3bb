"""Run functions in child processes that have a memory limit and a deadline.

In: the name of a function and plain data. Out: what it returns, or the error it raises. Charts and PDFs are made here:
vl-convert holds the interpreter lock and can abort its process, WeasyPrint keeps memory, a template may never end. None
of them can hold up or take down the process that asked. What is run is decided in `charts` and `render`.

A child is a fresh interpreter (`python -m briefings.workers`), so it inherits no thread, lock or open file. It starts
with the first job, is used again, and is renewed after a number of jobs or when it has grown fat. Jobs and answers
travel pickled over a socket of their own; what a function prints cannot get between them.

A child ends with its parent: Linux kills it (PR_SET_PDEATHSIG); elsewhere an idle child sees the end of its socket, and
a busy one ends at its deadline, which it has set itself as well. The memory limit holds on Linux alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import pickle
import queue
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from briefings.errors import WorkerError

GIB = 1024**3

#: What V8 sets aside when vl-convert is imported: 0.6 GB of writable addresses, hardly any of them used. A limit below
#: it draws no chart.
LEAST_FOR_CHARTS = 700 * 1024**2

#: Seconds after which a child ends itself, past the deadline that its parent keeps.
_GRACE = 2.0

_PR_SET_PDEATHSIG = 1

#: How seldom a child looks for cycles. A job makes a million objects that live until its end: at Python's own pace the
#: collector would go through them again and again, a tenth of the time of a PDF, and find nothing.
_COLLECTION = (100_000, 50, 1000)

_looking_seldom = threading.Lock()
_seldom: list[tuple[int, int, int]] = []  # the pace before, once for each that wants it slower now


@contextlib.contextmanager
def seldom_collected() -> Iterator[None]:
    """This process too looks for cycles as seldom as a child, until the last of the threads that ask for it is done."""
    with _looking_seldom:
        _seldom.append(_seldom[0] if _seldom else gc.get_threshold())
        gc.set_threshold(*_COLLECTION)
    try:
        yield
    finally:
        with _looking_seldom:
            before = _seldom.pop()
            if not _seldom:
                gc.set_threshold(*before)


class Workers:
    """Children to run functions in, `count` at a time. Use it as a context manager; threads may share it.

    memory_bytes: what one child may have in writable memory (RLIMIT_DATA: V8 reserves far too many addresses for a
    limit on all of them, RLIMIT_AS). deadline_seconds: for one job, a child's start included. renew_after: jobs that a
    child does before a fresh one takes its place. renew_above_bytes: resident memory that a child may keep between
    jobs. environment: variables set in the children besides the parent's, such as FONTCONFIG_FILE.
    """

    def __init__(
        self,
        count: int = 1,
        *,
        memory_bytes: int = 2 * GIB,
        deadline_seconds: float = 60.0,
        renew_after: int = 200,
        renew_above_bytes: int = GIB // 2,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        if count < 1 or memory_bytes <= 0 or deadline_seconds <= 0 or renew_after < 1 or renew_above_bytes <= 0:
            raise ValueError("count, memory_bytes, deadline_seconds, renew_after and renew_above_bytes are above zero")
        self.count = count
        self.memory_bytes = memory_bytes
        self.deadline_seconds = deadline_seconds
        self.renew_after = renew_after
        self.renew_above_bytes = renew_above_bytes
        self.environment = dict(environment or {})
        self._places: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(count):
            self._places.put(None)
        self._children: set[_Child] = set()
        self._lock = threading.Lock()
        self._closed = False
        # PR_SET_PDEATHSIG strikes when the thread that started the child ends: one long-lived thread starts them all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="workers-starter")
        # For those that are never closed: at the latest when the interpreter ends, no child is left.
        weakref.finalize(self, _end_all, self._children)

    def call(self, function: str | Callable[..., Any], *arguments: Any, what: str = "") -> Any:
        """What `function(*arguments)` returns, worked out in a child; waits while all children are busy.

        function: `module:function`, or a function that stands in a module. what: said in messages beside its name, such
        as the edition. Arguments and result must be picklable.

        An error that the function raises comes back as itself, the child's traceback in its notes. A child that dies,
        runs out of memory or passes the deadline is replaced and the job done once more; the second time it is
        `WorkerError`. `MemoryError` counts as running out of memory, whoever raises it.
        """
        name = _name(function)
        job = pickle.dumps((name, arguments, self.deadline_seconds), protocol=pickle.HIGHEST_PROTOCOL)
        child = self._places.get()
        try:
            failures: list[_Failure] = []
            while len(failures) < 2:
                child = self._ready(child)
                answer = child.do(job, self.deadline_seconds)
                if isinstance(answer, _Answer):
                    return answer.unpack()
                failures.append(answer)
            raise WorkerError(self._explain(f"{name} ({what})" if what else name, failures))
        finally:
            self._places.put(child)

    def map(self, function: str | Callable[..., Any], payloads: Iterable[Any], *, what: str = "") -> list[Any]:
        """`call` for each payload, `count` at a time; the results in the order of the payloads.

        Raises the first error, in that order; what has not begun by then is not begun.
        """
        with ThreadPoolExecutor(self.count, thread_name_prefix="workers-map") as threads:
            return list(threads.map(lambda payload: self.call(function, payload, what=what), payloads))

    def close(self) -> None:
        """End all children, busy ones too: a job that is under way in another thread raises `WorkerError` there."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            for child in self._children:
                child.process.kill()
        places = [self._places.get() for _ in range(self.count)]
        _end_all(self._children)
        self._starter.shutdown()
        for _ in places:
            self._places.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ready(self, child: _Child | None) -> _Child:
        """A child that may take a job: this one, or a fresh one where it is dead or worn out."""
        with self._lock:
            if self._closed:
                raise WorkerError("The workers are closed: no job can be given to them any more.")
            if child is not None:
                worn = child.jobs >= self.renew_after or child.resident > self.renew_above_bytes
                if not worn and child.process.poll() is None:
                    return child
                self._children.discard(child)
                child.end()
            fresh = self._starter.submit(_Child, self.memory_bytes, self.environment).result()
            self._children.add(fresh)
            return fresh

    def _explain(self, name: str, failures: Sequence[_Failure]) -> str:
        limits = f"{self.memory_bytes / GIB:.1f} GiB of memory and {self.deadline_seconds:g} seconds a job"
        told = "; again: ".join(f"{failure.reason} after {failure.seconds:.1f} s" for failure in failures)
        last = failures[-1]
        words = f" Its last words: {last.words!r}." if last.words else ""
        return f"{name}: the worker process {told}. A worker has {limits}.{words} {last.remedy}"


class _Failure:
    """Why a child gave no answer. `reason` completes "the worker process ..."."""

    def __init__(self, reason: str, remedy: str, seconds: float, words: str = "") -> None:
        self.reason = reason
        self.remedy = remedy
        self.seconds = seconds
        self.words = words


class _Answer:
    """A child's answer: the pickled result, or the pickled error."""

    def __init__(self, raised: bool, content: bytes) -> None:
        self.raised = raised
        self.content = content

    def unpack(self) -> Any:
        """The result. Raises the error."""
        value = pickle.loads(self.content)  # noqa: S301 - written by our own child
        if self.raised:
            raise value
        return value


_SMALLER = "Give it less to do: fewer points in a chart, fewer rows in a table"
_REMEDIES = {
    "deadline": f"{_SMALLER}; look for a template that never ends; or give the workers a later deadline.",
    "memory": f"{_SMALLER}; or give the workers more memory.",
    "death": "Build the edition again; if it happens again, look in the system's log for who ended the process.",
}


class _Child:
    """The parent's side of one child process."""

    def __init__(self, memory_bytes: int, environment: Mapping[str, str]) -> None:
        self.connection, theirs = Pipe()
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the child
        self.jobs = 0
        self.resident = 0
        # The child imports what the parent can import, but -P keeps the working folder out: a project's `calendar.py`
        # is not the standard library's.
        paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)  # noqa: PTH100 - keeps symlinks
        settings = (theirs.fileno(), os.getpid(), memory_bytes)
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "briefings.workers", *map(str, settings)],
                stdin=subprocess.DEVNULL,
                stdout=self.log,
                stderr=self.log,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": paths, **environment},
                process_group=0,  # Ctrl-C is the parent's to answer
            )
        except OSError as error:
            self.connection.close()
            self.log.close()
            raise WorkerError(
                f"No worker process can be started ({error.strerror or error}). End some processes and try again."
            ) from error
        finally:
            theirs.close()

    def do(self, job: bytes, deadline_seconds: float) -> _Answer | _Failure:
        """Send a job and wait for its answer, at most until the deadline; a child that gives none is dead after it."""
        began = time.monotonic()
        overdue = threading.Event()

        def strike() -> None:
            overdue.set()
            self.process.kill()

        timer = threading.Timer(deadline_seconds, strike)
        timer.daemon = True
        timer.start()
        try:
            head, content = self._exchange(job)
        except BaseException:
            self._kill()
            raise
        finally:
            timer.cancel()
            timer.join()
        self.jobs += 1
        if head in ("returned", "raised") and not overdue.is_set():
            return _Answer(head == "raised", content)
        self._kill()
        seconds = time.monotonic() - began
        if overdue.is_set():
            return _Failure("passed its deadline and was stopped", _REMEDIES["deadline"], seconds)
        if head == "memory":
            return _Failure("ran out of memory", _REMEDIES["memory"], seconds)
        return self._post_mortem(seconds)

    def _exchange(self, job: bytes) -> tuple[str, bytes]:
        """What `_perform` answered in the child, or `death`."""
        try:
            self.connection.send_bytes(job)
            head, self.resident = pickle.loads(self.connection.recv_bytes())  # noqa: S301 - written by our own child
            return head, self.connection.recv_bytes()
        except (EOFError, OSError):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(1)  # the socket closes a little before the process has ended
            return "death", b""

    def _kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _post_mortem(self, seconds: float) -> _Failure:
        """Why the child died: by which signal, or for want of memory, as its last words tell."""
        code = self.process.returncode
        words = self._last_words()
        how = f"exited with code {code}" if code >= 0 else f"was killed by signal {-code} ({_signal_name(-code)})"
        if "memory" in words.lower():
            return _Failure(f"ran out of memory and {how}", _REMEDIES["memory"], seconds, words)
        return _Failure(how, _REMEDIES["death"], seconds, words)

    def _last_words(self) -> str:
        """The line of what it printed that speaks of memory, else the last one; at most 200 characters."""
        size = self.log.seek(0, os.SEEK_END)
        self.log.seek(max(0, size - 65536))
        lines = [line.strip(" #\t") for line in self.log.read().decode(errors="replace").splitlines()]
        lines = [line for line in lines if line]
        told = [line for line in lines if "memory" in line.lower()] or lines[-1:]
        return told[-1][:200] if told else ""

    def end(self) -> None:
        """Kill it and leave nothing behind."""
        self._kill()
        self.connection.close()
        self.log.close()


def _end_all(children: set[_Child]) -> None:
    while children:
        children.pop().end()


def _name(function: str | Callable[..., Any]) -> str:
    """`module:function`, by which a child finds it. Raises `ValueError` for what no other process could find."""
    name = function if isinstance(function, str) else f"{function.__module__}:{function.__qualname__}"
    module, _, path = name.partition(":")
    if (
        not module
        or module == "__main__"
        or not all(part.isidentifier() for part in (*module.split("."), *path.split(".")))
    ):
        raise ValueError(f"{name!r} is no function that a worker could find: name one as 'module:function'")
    return name


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


# The child's side


def main(arguments: Sequence[str]) -> None:
    """Answer jobs until the connection is closed. `arguments`: its descriptor, the parent's id, the memory limit."""
    descriptor, parent, memory_bytes = map(int, arguments)
    _end_with(parent)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    gc.set_threshold(*_COLLECTION)
    with Connection(descriptor) as connection, contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            name, parameters, deadline_seconds = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our parent
            signal.setitimer(signal.ITIMER_REAL, deadline_seconds + _GRACE)
            head, content = _perform(name, parameters)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send_bytes(pickle.dumps((head, _resident_bytes())))
            connection.send_bytes(content)
            del parameters, content
            _tidy()


def _tidy() -> None:
    """After a large job, let go of what it left behind; what is there then (modules, caches) is there to stay, and is
    not looked at again."""
    if any(gc.get_count()[1:]):
        gc.collect()
        gc.freeze()


def _end_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before this was set
        raise SystemExit(0)


def _perform(name: str, parameters: tuple[Any, ...]) -> tuple[str, bytes]:
    """`returned`, `raised` or `memory`, and the pickled result or error."""
    try:
        module, _, path = name.partition(":")
        function: Any = importlib.import_module(module)
        for part in path.split("."):
            function = getattr(function, part)
        return "returned", pickle.dumps(function(*parameters), protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        return "memory", b""
    except Exception as error:
        return "raised", _pickled(error)


def _pickled(error: Exception) -> bytes:
    """The error, its traceback in its notes; a `WorkerError` that quotes it where it does not survive pickling."""
    trace = traceback.format_exc().rstrip()
    error.add_note(f"In the worker process:\n{trace}")
    try:
        content = pickle.dumps(error)
        if type(pickle.loads(content)) is type(error):  # noqa: S301 - our own bytes
            return content
    except Exception:  # noqa: S110 - whatever it is, the next lines tell it
        pass
    stand_in = WorkerError(f"{type(error).__module__}.{type(error).__qualname__}: {error}")
    stand_in.add_note(f"In the worker process:\n{trace}")
    return pickle.dumps(stand_in)


def _resident_bytes() -> int:
    """Resident memory now; where the system does not tell (macOS), the most there has been."""
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(sys.argv[1:])
