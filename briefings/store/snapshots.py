"""The raw bytes of every file that was ever read, under their SHA-256.

In: bytes, and the dialect in which they are to be understood. Out: the same bytes, years later. Beside `<sha256>` lies
`<sha256>.json`: for each source that read these bytes its dialect, with `first_seen`, the day of the first time.
"""

from __future__ import annotations

import hashlib
import json
from io import BufferedRandom
from pathlib import Path
from typing import Any

from briefings.errors import StoreError

from .files import locked, write_whole

Dialect = dict[str, Any]


def keep(folder: Path, content: bytes, dialect: Dialect) -> str:
    """Keep these bytes and return their SHA-256.

    Where the dialect's `source` kept the same bytes before, `dialect["first_seen"]` is set to the day of that time.
    """
    sha = hashlib.sha256(content).hexdigest()
    source = str(dialect.get("source", ""))
    with locked(folder):
        path = folder / sha
        if not path.exists() or path.stat().st_size != len(content):
            _write(folder, sha, content)
        dialects = _dialects(folder, sha)
        if source in dialects and "first_seen" in dialects[source]:
            dialect["first_seen"] = dialects[source]["first_seen"]
        if dialects.get(source) != dialect:
            text = json.dumps(dialects | {source: dialect}, ensure_ascii=False, indent=1, sort_keys=True)
            _write(folder, f"{sha}.json", text.encode())
    return sha


def load(folder: Path, sha: str, source: str | None) -> tuple[bytes, Dialect]:
    """The bytes and the dialect of `source`, or of the source that comes first. Raises `StoreError`."""
    try:
        content = (folder / sha).read_bytes()
    except OSError as error:
        what = f"the snapshot cannot be read: {error.strerror}"
        raise StoreError(f"{folder / sha}: {what}. Restore it from a backup.") from error
    if hashlib.sha256(content).hexdigest() != sha:
        raise StoreError(f"{folder / sha}: the snapshot was altered since it was kept. Restore it from a backup.")
    dialects = _dialects(folder, sha)
    if not dialects:
        raise StoreError(f"{folder / sha}.json: the description is lacking. Run `briefings ingest` again.")
    chosen = source if source in dialects else min(dialects)
    return content, dialects[chosen]


def _write(folder: Path, name: str, content: bytes) -> None:
    def write(file: BufferedRandom) -> str:
        file.write(content)
        return name

    write_whole(folder, write)


def _dialects(folder: Path, sha: str) -> dict[str, Dialect]:
    path = folder / f"{sha}.json"
    try:
        found: dict[str, Dialect] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StoreError(f"{path}: the description is damaged ({error}). Restore it from a backup.") from error
    return found
