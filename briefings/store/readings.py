"""What was read last of each source: when, and in which state its files were.

In: a source, an instant, a text that says the state. Out: the same, later. It lies beside the observations that came of
it, so that a store that is restored, or begun anew, knows no more than it holds.
"""

from __future__ import annotations

import json
from datetime import datetime
from io import BufferedRandom
from pathlib import Path

from .files import locked, write_whole

FOLDER = "read"


def remember(folder: Path, source: str, at: datetime, state: str) -> None:
    """Keep when a source was read, and its state then. Raises `StoreError`."""
    text = json.dumps({"at": at.isoformat(), "state": state})

    def write(file: BufferedRandom) -> str:
        file.write(text.encode())
        return f"{source}.json"

    with locked(folder / FOLDER):
        write_whole(folder / FOLDER, write)


def remembered(folder: Path, source: str) -> tuple[datetime, str] | None:
    """When a source was read last, and its state then; None where that is not known: it is read again."""
    try:
        told = json.loads((folder / FOLDER / f"{source}.json").read_bytes())
        return datetime.fromisoformat(told["at"]), str(told["state"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
