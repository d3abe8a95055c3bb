"""What is asked of a build, what builds share, and what became of each edition.

In: the settings of a project. Out: `Task`, one briefing to build; `Press`, what many editions are made with; `Built`,
what became of one. How an edition is made is told in `pipeline`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

from briefings import __version__, configuration
from briefings.archive import Archive
from briefings.fonts import FontSet, ensure_fonts
from briefings.narrative.phrases import PhraseBook
from briefings.settings import Settings
from briefings.workers import Workers

#: When an edition that is filed already is followed by a next revision: always where its content is another (""), only
#: where a figure that it prints was wrong on the day it was built, or only where one has another value now. One that is
#: partial is followed by the whole one in any case.
Revises = Literal["", "errors", "all"]


@dataclass(frozen=True)
class Task:
    """One briefing to build: an edition in each of the languages. `partial`: indicators that were waited for in vain
    until the day `waited_until`; `due`: when it should have been there, in the zone of its release, where it is late.
    """

    theme: str
    place: str
    period: str | None = None
    languages: tuple[str, ...] = ()
    as_of: date | None = None
    force: bool = False
    dry_run: bool = False
    partial: tuple[str, ...] = ()
    waited_until: date | None = None
    due: datetime | None = None
    revises: Revises = ""


Outcome = Literal["built", "unchanged", "skipped", "failed", "would build"]


@dataclass(frozen=True)
class Built:
    """What became of one edition; `reason` for what was not built, `remarks`: the rules of publication that it does not
    quite keep."""

    outcome: Outcome
    theme: str
    place: str
    period: str
    language: str
    edition: str = ""
    pdf: Path | None = None
    pages: int = 0
    figures: int = 0
    held: int = 0
    reason: str = ""
    repeated: float | None = None
    remarks: tuple[str, ...] = ()


#: Parts of the package that no edition is made by: what is made is sent, and asked for, by them.
OUTSIDE = ("_builtin", "cli", "deliver", "ledger", "schedule")


@cache
def program(package: Path = Path(__file__).parent) -> str:
    """The version of the program by what makes editions of it: a renderer or a measure that was mended makes another
    edition, also where nobody gave it another number. The same files tell the same, in a checkout and where they are
    installed; the templates that come with them are told by `templates_digest`. Asked once a process."""
    digest = hashlib.sha256()
    files = ((path.relative_to(package), path) for path in package.rglob("*") if path.suffix in (".py", ".yaml"))
    for name, path in sorted((name.as_posix(), path) for name, path in files if name.parts[0] not in OUTSIDE):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{__version__}+{digest.hexdigest()[:16]}"


def fonts_of(settings: Settings) -> FontSet:
    """The program's fonts, and those of the house."""
    return ensure_fonts(added=settings.house.faces.faces)


@dataclass
class Press:
    """What many editions share: the settings, the child processes, the fonts."""

    settings: Settings
    now: datetime
    workers: Workers
    fonts: FontSet = field(default_factory=ensure_fonts)
    _books: dict[str, PhraseBook] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.settings.workspace.editions)

    @cached_property
    def phrases(self) -> dict[str, dict[str, Any]]:
        """Language -> phrase book: the program's, with what the project words otherwise put over it."""
        return phrase_books(self.settings.workspace.template_folders)

    def book(self, language: str) -> PhraseBook:
        """The phrase book of a language, checked once. Raises `ConfigurationError` with every mistake in it."""
        if language not in self._books:
            self._books[language] = PhraseBook.load(self.phrases[language])
        return self._books[language]

    @cached_property
    def lexicons(self) -> dict[str, dict[str, Any]]:
        """Language -> the constructions that the project adds to those of the read-back, for phrases of its own."""
        return {
            path.stem: configuration.read_plain(path)
            for folder in reversed(self.settings.workspace.template_folders)
            for path in sorted((folder / "lexicon").glob("*.yaml"))
        }

    @cached_property
    def templates_digest(self) -> str:
        """SHA-256 over the templates and phrase books in use."""
        digest = hashlib.sha256()
        for folder in self.settings.workspace.template_folders:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()


def phrase_books(folders: Sequence[Path]) -> dict[str, dict[str, Any]]:
    """Language -> phrase book: the program's, with what a project words otherwise put over it."""
    found: dict[str, dict[str, Any]] = {}
    for folder in reversed(folders):
        for path in sorted((folder / "phrases").glob("*.yaml")):
            found[path.stem] = _over(found.get(path.stem, {}), configuration.read_plain(path))
    return found


def _over(book: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping with another put over it, key by key; texts and lists are replaced whole."""
    both = {
        key: _over(book[key], value) if isinstance(value, dict) and isinstance(book.get(key), dict) else value
        for key, value in own.items()
    }
    return {**book, **both}
