"""Files put where others read them: whole or not at all, on this machine or by any URL that fsspec knows.

In: names and bytes. Out: files. On this machine a file is written beside, synced and renamed; elsewhere it is written
beside and moved, and what says that all is there (`delivery.json`, a feed) is written last.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from briefings import durable
from briefings.errors import RequestError


class Place(Protocol):
    """A folder somewhere. Names are relative, with `/`."""

    def put(self, name: str, content: bytes) -> None:
        """Write a file, whole or not at all. Raises `OSError`."""

    def put_folder(self, name: str, files: Mapping[str, bytes], last: str, before_rename: Callable[[], None]) -> None:
        """Write a folder of files, `last` of them last; `before_rename` comes before the first can be seen."""

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none. Raises `OSError`."""

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder, sorted; none where it is not there. Raises `OSError`."""

    def held(self) -> Any:
        """A context in which nobody else who asks writes here."""

    def shown(self, name: str) -> str:
        """Where a file is, for a person."""


def place(path: str, root: Path, options: Mapping[str, str]) -> Place:
    """The folder that a channel names. Raises `RequestError` for a URL that fsspec cannot open."""
    if "://" not in path:
        return LocalPlace(root / path)
    import fsspec

    try:
        system, folder = fsspec.core.url_to_fs(path, **options)
    except (ImportError, ValueError) as error:
        raise RequestError(f"{path.partition('://')[0]}:// cannot be opened: {error}") from error
    return RemotePlace(system, str(folder), path)


class LocalPlace:
    """A folder on this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes) -> None:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        durable.write(beside, content)
        beside.replace(path)
        durable.sync(path.parent)

    def put_folder(self, name: str, files: Mapping[str, bytes], last: str, before_rename: Callable[[], None]) -> None:
        folder = self._root / name
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Named by what is put there: what a process that was killed left is swept by whoever tries again.
        beside = folder.with_name(f".{folder.name}.{hashlib.sha256(files[last]).hexdigest()[:16]}")
        shutil.rmtree(beside, ignore_errors=True)
        try:
            beside.mkdir()
            for each, content in files.items():
                durable.write(beside / each, content)
            durable.sync(beside)
            before_rename()
            if folder.exists():
                for each in sorted(files, key=lambda each: each == last):
                    (beside / each).replace(folder / each)
                durable.sync(folder)
            else:
                beside.rename(folder)
            durable.sync(folder.parent)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def read(self, name: str) -> bytes | None:
        try:
            return (self._root / name).read_bytes()
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        found = self._root / folder
        return sorted(path.name for path in found.iterdir() if path.name[0] != ".") if found.is_dir() else []

    @contextmanager
    def held(self) -> Iterator[None]:
        import fcntl

        self._root.mkdir(parents=True, exist_ok=True)
        with (self._root / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def shown(self, name: str) -> str:
        return str(self._root / name)


class RemotePlace:
    """A folder that fsspec opened."""

    def __init__(self, system: Any, folder: str, shown: str) -> None:
        self._system = system
        self._folder = folder.rstrip("/")
        self._shown = shown.rstrip("/")

    def put(self, name: str, content: bytes) -> None:
        path = f"{self._folder}/{name}"
        parent, _, base = path.rpartition("/")
        beside = f"{parent}/.{base}.part"
        self._system.makedirs(parent, exist_ok=True)
        self._system.pipe_file(beside, content)
        self._system.mv(beside, path)

    def put_folder(self, name: str, files: Mapping[str, bytes], last: str, before_rename: Callable[[], None]) -> None:
        before_rename()
        for each in sorted(files, key=lambda each: each == last):
            self.put(f"{name}/{each}", files[each])

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self._system.cat_file(f"{self._folder}/{name}"))
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        path = f"{self._folder}/{folder}"
        try:
            self._system.invalidate_cache(path)
            found = [str(each).rstrip("/").rpartition("/")[2] for each in self._system.ls(path, detail=False)]
        except FileNotFoundError:
            return []
        return sorted(name for name in found if name and name[0] != ".")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Elsewhere nobody can be held off: a feed is made from its entries, and made again where they changed."""
        yield

    def shown(self, name: str) -> str:
        return f"{self._shown}/{name}"
