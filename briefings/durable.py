"""Bytes and names that outlast a power cut: written, and brought to the disk before anybody builds on them.

In: a path and its content. Out: the file, synced. Whoever writes beside a place and renames syncs the folder after, for
a name is kept in its folder (POSIX, fsync: a file's own sync does not bring its name). Which steps a writer takes, and
what it says where it fails, is its own affair.
"""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file whole and bring its bytes to the disk. Raises `OSError`."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Bring what stands in a file, or the names in a folder, to the disk. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
