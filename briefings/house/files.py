"""Read a file of the project that is a file, lies in it, and is not too large: known before a byte is read.

In: the project's folder and a path in it. Out: bytes. Pipes and devices are never opened.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from briefings.errors import HouseError


def read_inside(root: Path, path: str, most: int) -> bytes:
    """The bytes of a file of the project, at most `most` of them. Raises `HouseError`."""
    file = root / path
    try:
        real = file.resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            raise HouseError(f"'{path}' leads out of the project; copy the file there")
        about = os.lstat(real)
        if not stat.S_ISREG(about.st_mode):
            raise HouseError(f"'{path}' is {_kind(about.st_mode)}, no file; name a file")
        if about.st_size > most:
            raise HouseError(f"'{path}' has {_size(about.st_size)}; at most {_size(most)} are allowed")
        with real.open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise HouseError(f"there is no file '{path}' in the project; copy it there, or mend the path") from None
    except OSError as error:
        raise HouseError(f"'{path}' cannot be read: {error.strerror or error}") from error


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "a socket"


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB".replace(".0 ", " ")
