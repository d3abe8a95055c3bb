"""What a source is read from: its files, the answer of a database, the answers of a web service.

In: a `Source`, the project's folder, the environment with its secrets. Out: a `Raw` each, whose bytes are still to
be read or already in hand. What a file is, `files` knows, a database `sql`, a service `web`; what the bytes say is
understood by the readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from briefings.configuration import DOCUMENTS, JSON, TABLES, Source
from briefings.errors import SourceError

from .files import find, read_bytes


@dataclass(frozen=True)
class Raw:
    """Something to read. `shown` is what messages call it, `suffix` the ending of a file with these bytes, `dialect`
    what has to be known besides to understand them; `read` raises `SourceError`."""

    shown: str
    suffix: str
    read: Callable[[], bytes]
    dialect: dict[str, Any] = field(default_factory=dict)


def obtain(
    source: Source, root: Path, environ: Mapping[str, str], *, within: Sequence[str] = ()
) -> tuple[list[Raw], tuple[str, ...]]:
    """All that a source consists of, and what a person should know of how it was had.

    `within` are the endings that are taken of a folder; without any a folder is no source. Raises `SourceError` where
    there is nothing, or a database or a service does not answer.
    """
    if source.query is not None:
        from .sql import ask

        return [_in_hand(*ask(source.query, root, environ))], ()
    if source.request is not None:
        from .web import fetch

        answers = fetch(source.request, root, environ)
        for each in answers.pages:
            _fits(source, each.shown, each.suffix)
        found = [_in_hand(each.shown, each.suffix, each.content, each.dialect) for each in answers.pages]
        return found, answers.remarks
    return [_of_file(path, root) for path in _files(root, source.path or "", within)], ()


def _fits(source: Source, shown: str, suffix: str) -> None:
    """That a service answers with what the kind of source is made of."""
    what, allowed = ("documents", DOCUMENTS) if source.kind == "documents" else ("tables", (*TABLES, JSON))
    if suffix not in allowed:
        told = f"the answer is {suffix}, and {what} are {', '.join(allowed)}"
        raise SourceError(f"{shown}: {told}; correct the request, or say by `format` what it is.")


def _in_hand(shown: str, suffix: str, content: bytes, dialect: dict[str, Any]) -> Raw:
    return Raw(shown, suffix, lambda: content, dialect)


def _of_file(path: Path, root: Path) -> Raw:
    shown = path.relative_to(root).as_posix()
    return Raw(shown, path.suffix.lower(), partial(read_bytes, path, shown))


def _files(root: Path, pattern: str, within: Sequence[str]) -> list[Path]:
    """The files that a source's path names; of a folder, and of what fits a `*`, those with one of the endings."""
    if not within:
        return find(root, pattern)
    found = []
    for path in find(root, pattern):
        if path.is_dir():
            members = (each for each in path.iterdir() if each.suffix.lower() in within)
            found += sorted(each for each in members if each.is_file() and not each.name.startswith(("~$", ".")))
        elif "*" not in pattern or path.suffix.lower() in within:
            found.append(path)
    if not found:
        raise SourceError(f"{pattern}: there is no document in it; documents end in {', '.join(within)}.")
    return found
