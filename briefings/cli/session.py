"""What every command is given: where the project is, what time it is, how to speak.

In: the global options. Out: messages on stderr (text or JSON), results on stdout, settings read once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.columns import columns

if TYPE_CHECKING:
    from briefings.settings import Settings
    from briefings.workspace import Workspace


class Steps:
    """Progress of a long piece of work: one call a step."""

    def __init__(self, session: Session, total: int, bar: object | None) -> None:
        self._session = session
        self._total = total
        self._bar = bar
        self._done = 0

    def step(self, text: str, *, failed: bool = False) -> None:
        """One step is done; `text` says which and what became of it."""
        self._done += 1
        if self._bar is not None:
            self._bar.console.print(text, style="red" if failed else None, highlight=False, markup=False)  # type: ignore[attr-defined]
            self._bar.advance(0)  # type: ignore[attr-defined]
        else:
            self._session.say(f"[{self._done}/{self._total}] {text}", important=failed)


@dataclass
class Session:
    """One run of one command."""

    root: Path
    now: datetime
    verbose: int
    quiet: bool
    as_json: bool

    @cached_property
    def workspace(self) -> Workspace:
        from briefings.workspace import Workspace

        return Workspace.find(self.root)

    @cached_property
    def settings(self) -> Settings:
        from briefings.settings import load

        return load(self.workspace)

    def say(self, text: str, *, important: bool = False, **facts: object) -> None:
        """A message on stderr; with `-q` only the important ones."""
        if self.quiet and not important:
            return
        if self.as_json:
            record = {"at": self.now.isoformat(), "level": "error" if important else "info", "message": text, **facts}
            text = json.dumps(record, ensure_ascii=False, default=str)
        click.echo(_visible(text), err=True)

    def result(self, text: str) -> None:
        """A result on stdout."""
        click.echo(_visible(text))

    def table(self, heads: tuple[str, ...], rows: list[tuple[object, ...]], *, right: tuple[int, ...] = ()) -> None:
        """A short table on stdout; columns of which the index is in `right` are aligned right."""
        cells = [heads, *(tuple("" if cell is None else str(cell) for cell in row) for row in rows)]
        widths = [max(columns(row[i]) for row in cells) for i in range(len(heads))]
        for number, row in enumerate(cells):
            padded = (
                (" " * (w - columns(cell)) + cell) if i in right else (cell + " " * (w - columns(cell)))
                for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            )
            self.result("  ".join(padded).rstrip())
            if number == 0:
                self.result("  ".join("-" * w for w in widths))

    @contextmanager
    def progress(self, total: int, what: str) -> Iterator[Steps]:
        """A progress bar on a terminal; plain lines elsewhere."""
        import sys

        if self.quiet or self.as_json or not sys.stderr.isatty() or total == 0:
            yield Steps(self, total, None)
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            bar.add_task(what, total=total)
            steps = Steps(self, total, _Bar(bar))
            yield steps


class _Bar:
    """One task of a progress bar."""

    def __init__(self, bar: object) -> None:
        self._bar = bar
        self.console = bar.console  # type: ignore[attr-defined]

    def advance(self, task: int) -> None:
        self._bar.advance(self._bar.task_ids[task])  # type: ignore[attr-defined]


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files that are no part of the project's data. Raises `RequestError` where they cannot be written."""
    from briefings.errors import RequestError

    for name, content in files.items():
        try:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        except OSError as error:
            raise RequestError(f"{folder / name}: {error.strerror}; name a folder that can be written.") from error


def _visible(text: str) -> str:
    """Text of sources may hold what a terminal obeys: control characters are shown as they are written in code, and
    lone surrogates, which no terminal can show."""
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or not _obeyed(c) else c.encode("unicode_escape").decode() for c in text)


def _obeyed(character: str) -> bool:
    import unicodedata

    return unicodedata.category(character) in ("Cc", "Cs") or character in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
