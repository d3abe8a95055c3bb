"""Files that are there whole or not at all.

In: a path and a way to write. Out: the file under its name, on the disk. A kill at any moment leaves what was there
before, and at most a temporary file that nobody reads and the next writer sweeps away. What is written is decided in
`snapshots` and `vintages`.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path

from briefings import durable
from briefings.errors import StoreError

LOCK = ".lock"
TEMPORARY = ".writing"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The one writer of a folder, which is made where it is lacking; temporary files of killed writers are removed.

    The lock goes with the process that holds it, however that ends. Raises `StoreError` where nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            for leftover in folder.glob(f".*{TEMPORARY}"):
                leftover.unlink()
        except OSError as error:
            raise unwritable(folder, error) from error
        yield
    finally:
        os.close(lock)


def write_whole(folder: Path, write: Callable[[BufferedRandom], str]) -> Path:
    """Write a file beside its place, bring it to the disk, then give it the name that `write` returns.

    To be called by the one writer of the folder (`locked`). Raises `StoreError`.
    """
    temporary = folder / f".new{TEMPORARY}"
    try:
        with temporary.open("w+b") as file:
            name = write(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / name)
        durable.sync(folder)
    except OSError as error:
        _remove(temporary)
        raise unwritable(folder, error) from error
    except BaseException:
        _remove(temporary)
        raise
    return folder / name


def unwritable(folder: Path, error: OSError) -> StoreError:
    """The complaint about a folder that is read-only, or on a disk that is full."""
    what = error.strerror or str(error)
    return StoreError(
        f"{folder}: cannot be written: {what}. Nothing was changed; make room or allow it, and try again."
    )


def _remove(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return  # On a failing disk the first error is the one to tell; the next writer sweeps.
