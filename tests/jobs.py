"""Functions that the workers' tests run in children: well-behaved ones, and every kind that is not."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from briefings.errors import ConfigurationError


class OddError(Exception):
    """An error that does not survive pickling: it needs two arguments and keeps one."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first)


def double(number: int) -> int:
    return number * 2


def add(first: int, second: int) -> int:
    return first + second


def process_id(_: Any = None) -> int:
    return os.getpid()


def process_id_of_two(folder: str) -> int:
    """Returns when two processes have met in a folder, or a minute after."""
    (Path(folder) / str(os.getpid())).touch()
    until = time.monotonic() + 60
    while len(list(Path(folder).iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    return os.getpid()


def environment(name: str) -> str | None:
    return os.environ.get(name)


def slowly(payload: tuple[float, Any]) -> Any:
    time.sleep(payload[0])
    return payload[1]


def big(size: int) -> bytes:
    return b"x" * size


def chat(text: str) -> str:
    print(text)
    print(text, file=sys.stderr)
    os.write(1, b"\x00\x80\x04 from C")
    sys.stdout.flush()
    return text


def complain(text: str) -> None:
    raise ConfigurationError([text, "second"])


def fail_oddly() -> None:
    raise OddError("one", "two")


def unpicklable() -> object:
    return lambda: None


def leave(code: int) -> None:
    print("going now", file=sys.stderr)
    raise SystemExit(code)


def hang(_: Any = None) -> None:
    while True:
        time.sleep(60)


def hold_the_lock(mark: str | None = None) -> None:
    """Hang as vl-convert does, with the interpreter lock held; the file `mark` says so."""
    if mark:
        Path(mark).touch()
    ctypes.PyDLL(None).sleep(60)


def eat() -> int:
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def abort_for_memory() -> None:
    """Die as V8 does."""
    os.write(2, b"\n#\n# Fatal process out of memory: Failed to reserve\n#\n  frame one\n")
    os.abort()


def fatten(size: int) -> int:
    globals()["_kept"] = b"x" * size
    return os.getpid()


def die_once(mark: str) -> str:
    """Get SIGKILLed the first time, that is until the file `mark` is there."""
    path = Path(mark)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def die(mark: str) -> None:
    """Get SIGKILLed every time, and count the times in the file `mark`."""
    with Path(mark).open("a") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


def count_and_hang(mark: str) -> None:
    with Path(mark).open("a") as file:
        file.write("x")
    hang()


def count_and_complain(mark: str) -> None:
    with Path(mark).open("a") as file:
        file.write("x")
    raise ValueError("no")


def draw_points(number: int) -> int:
    """A scatter chart of so many points; the length of its SVG."""
    import vl_convert

    values = [{"a": place % 1000, "b": place} for place in range(number)]
    channels = {axis: {"field": field, "type": "quantitative"} for axis, field in (("x", "a"), ("y", "b"))}
    specification = {"data": {"values": values}, "mark": "point", "encoding": channels}
    return len(vl_convert.vegalite_to_svg(specification, vl_version="6.1"))


def children(parent: int) -> list[int]:
    """The processes whose parent is `parent`, zombies included; from /proc where there is one."""
    if Path("/proc/self/stat").exists():
        parents = {path.parent.name: path for path in Path("/proc").glob("[0-9]*/stat")}
        return [int(child) for child, path in parents.items() if _parent(path) == parent]
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(child) for child, of in pairs if int(of) == parent]


def _parent(stat: Path) -> int:
    """The parent of a process, 0 where it has ended meanwhile. See proc(5): what follows the name in parentheses."""
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def set_page(text: str) -> bytes:
    """A PDF of the HTML."""
    import weasyprint

    content: bytes = weasyprint.HTML(string=text).write_pdf()
    return content


def draw_words(fonts: str) -> bytes:
    """A PNG of a chart that is mostly words, drawn with the fonts of a folder."""
    import vl_convert

    vl_convert.register_font_directory(fonts)
    values = [{"a": "一月 January", "b": 3}, {"a": "二月 February", "b": 5}]
    channels = {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}}
    title = {"text": "工业增加值 Industrial output", "font": "Noto Sans, Noto Sans SC", "fontSize": 24}
    config = {"font": "Noto Sans, Noto Sans SC"}
    specification = {"data": {"values": values}, "mark": "bar", "encoding": channels, "title": title, "config": config}
    content: bytes = vl_convert.vegalite_to_png(specification, vl_version="6.1")
    return content
