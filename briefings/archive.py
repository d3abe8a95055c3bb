"""Editions: rendered briefings, filed for good.

In: the files of a rendered briefing. Out: an immutable folder `<theme>/<place>/<period>/<language>/r<N>` with a
manifest that says what it was built from and the checksum of every file. What is rendered is decided in `render`.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefings import durable
from briefings.errors import ArchiveError, RequestError
from briefings.faults import fault_point

if TYPE_CHECKING:
    from briefings.briefing import Briefing, Previous

MANIFEST = "manifest.json"
#: Held while an edition is written beside it.
LOCK = ".lock"
#: What every manifest says.
REQUIRED = ("edition", "theme", "place", "period", "language", "revision", "content", "built_from", "files")
_REVISION = re.compile("r[1-9][0-9]*")


class EditionThereError(ArchiveError):
    """The revision was filed by another build in the meantime."""


@dataclass(frozen=True)
class EditionKey:
    """What an edition is of; several revisions of it may be filed."""

    theme: str
    place: str
    period: str
    language: str

    @property
    def folder(self) -> Path:
        return Path(self.theme) / self.place / self.period.replace("/", "_") / self.language


@dataclass(frozen=True)
class Edition:
    """A filed edition: its id, its folder and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.manifest["edition"])

    @property
    def key(self) -> EditionKey:
        return EditionKey(*(str(self.manifest[name]) for name in ("theme", "place", "period", "language")))

    @property
    def revision(self) -> int:
        return int(self.manifest["revision"])

    @property
    def content(self) -> str:
        return str(self.manifest["content"])

    @property
    def known(self) -> date:
        """The day of which it tells what was known: that of `--as-of`, else the one on which it was built."""
        as_of = self.manifest.get("as_of")
        return date.fromisoformat(as_of) if as_of else datetime.fromisoformat(self.manifest["built_at"]).date()

    def check(self) -> None:
        """Raise `ArchiveError` where one of its files is gone or altered."""
        for name in self.manifest["files"]:
            self.read(name)

    def briefing(self) -> Briefing:
        """The briefing that the edition was rendered from. Raises `ArchiveError` where its file is gone, altered, or of
        a form that this version does not read."""
        from briefings.briefing import Briefing

        content = self.read("briefing.json").decode()
        try:
            return Briefing.from_json(content)
        except ValueError as error:
            first = str(error).splitlines()[0]
            raise ArchiveError(
                f"{self.folder / 'briefing.json'}: no briefing that this version reads ({first}); build it anew"
            ) from error

    def figures(self) -> list[dict[str, Any]]:
        """`figures.json`: every printed number with the way back to its source."""
        return list(json.loads(self.read("figures.json")))

    def printed(self) -> frozenset[str]:
        """The ids of the figures that its files print."""
        return frozenset(str(figure["id"]) for figure in self.figures() if figure.get("printed"))

    def read(self, name: str) -> bytes:
        """The bytes of one of its files, held against the manifest's checksum."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            raise ArchiveError(
                f"{self.folder / name}: {error.strerror}; the edition is damaged, restore its folder"
            ) from error
        if hashlib.sha256(content).hexdigest() != self.manifest["files"].get(name):
            raise ArchiveError(f"{self.folder / name} was altered since it was filed; restore it from a copy")
        return content


@dataclass(frozen=True)
class BuiltFrom:
    """What an edition was built from, by hash (SHA-256) and version."""

    theme: str
    templates: str
    fonts: str
    data: str
    program: str

    def content(self, language: str) -> str:
        """The content hash: taken before edition number, revision and wall-clock times are stamped on."""
        parts = (self.templates, self.fonts, self.data, self.program, language)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class Archive:
    """The editions under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def check_writable(self) -> None:
        """Raise `ArchiveError` where no edition could be filed: to be asked before the work begins."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.root, prefix=".probe-"):
                pass
        except OSError as error:
            raise ArchiveError(
                f"{self.root}: {error.strerror}; no edition can be filed, make room or allow writing and build again"
            ) from error

    def latest(self, key: EditionKey) -> Edition | None:
        """The latest revision of an edition, or None. One made as of an earlier day is the latest only where there is
        no other: it tells what was known then, and supersedes nothing."""
        found = [self._open(folder) for folder in self._revisions(self.root / key.folder).values()]
        current = [edition for edition in found if edition.manifest["as_of"] is None]
        return max(current or found, key=lambda edition: edition.revision, default=None)

    def filed(self, key: EditionKey, content: str) -> Edition | None:
        """The last revision with this content, or None."""
        found = [self._open(folder) for folder in self._revisions(self.root / key.folder).values()]
        return next((edition for edition in reversed(found) if edition.content == content), None)

    def next_revision(self, key: EditionKey) -> int:
        return max(self._revisions(self.root / key.folder), default=0) + 1

    def editions(self, damaged: list[str] | None = None) -> Iterator[Edition]:
        """Every filed edition, in order of id. One that is damaged is told in `damaged`, the others are still found.

        Raises `ArchiveError` for a damaged one where no list is given.
        """
        for folder in sorted(path for path in self.root.glob("*/*/*/*/r*") if _REVISION.fullmatch(path.name)):
            try:
                yield self._open(folder)
            except ArchiveError as error:
                if damaged is None:
                    raise
                damaged.append(str(error))

    def find(self, identifier: str) -> Edition:
        """The edition of an id; without `/rN` its latest revision.

        Raises `RequestError` that names those that are there where there is none.
        """
        wanted = identifier.strip("/").removeprefix(str(self.root)).strip("/")
        parts = wanted.split("/")
        if len(parts) == 5 and ".." not in parts and (self.root / wanted).is_dir():
            return self._open(self.root / wanted)
        if len(parts) == 4 and ".." not in parts:
            latest = self.latest(EditionKey(parts[0], parts[1], parts[2].replace("_", "/"), parts[3]))
            if latest is not None:
                return latest
        known = [edition.id for edition in self.editions(damaged=[])]
        there = "the archive is empty; run `briefings build`" if not known else "there are: " + ", ".join(known[:12])
        raise RequestError(f"No edition {identifier!r}; {there}{' ...' if len(known) > 12 else ''}")

    # What an edition is compared with

    def last(self, key: EditionKey, as_of: date | None) -> Edition | None:
        """The last revision that was known: for a build as of a day, known on that day (made as of it or of an earlier
        one, or built by then); else the last of those that tell all that was known when they were built."""
        found = [self._open(folder) for folder in self._revisions(self.root / key.folder).values()]
        if as_of is None:
            known = [edition for edition in found if edition.manifest["as_of"] is None]
        else:
            known = [edition for edition in found if edition.known <= as_of]
        return max(known, key=lambda edition: (edition.known, edition.revision), default=None)

    def before(self, key: EditionKey, as_of: date | None) -> Edition | None:
        """The last edition that was known of the latest earlier period of the same shape, in the same language."""
        from briefings.periods import Period

        period = Period.parse(key.period)
        earlier: list[Period] = []
        for folder in (self.root / key.theme / key.place).glob("*"):
            try:
                found = Period.parse(folder.name.replace("_", "/"))
            except ValueError:
                continue  # no folder of an edition
            if found.shape == period.shape and found < period:
                earlier.append(found)
        editions = (self.last(replace(key, period=str(each)), as_of) for each in sorted(earlier, reverse=True))
        return next((edition for edition in editions if edition is not None), None)

    def compared_with(self, edition: Edition) -> Edition | None:
        """The edition that this one was compared with; None where there was none, or it is not in the archive now."""
        identifier = edition.manifest.get("compared_with")
        folder = self.root / str(identifier)
        return self._open(folder) if identifier and folder.is_dir() else None

    def previous(self, edition: Edition) -> Previous:
        """An edition as one to compare with. Where its briefing is damaged, that of another language serves that was
        rendered from the very same. Raises `ArchiveError` where none is whole."""
        theme, place, period, _, revision = edition.id.split("/")
        try:
            briefing = edition.briefing()
        except ArchiveError:
            twin = self._twin(edition)
            if twin is None:
                raise
            briefing = twin.briefing()
        from briefings.briefing import Previous

        day = edition.known.isoformat()
        return Previous(f"{theme}/{place}/{period}/{revision}", edition.revision, day, briefing)

    def _twin(self, edition: Edition) -> Edition | None:
        """An edition in another language that was rendered from the same bytes of a briefing."""
        digest = edition.manifest["files"].get("briefing.json")
        for folder in sorted(edition.folder.parent.parent.glob(f"*/{edition.folder.name}")):
            if (
                folder != edition.folder
                and (found := self._open(folder)).manifest["files"].get("briefing.json") == digest
            ):
                return found
        return None

    def save(
        self,
        key: EditionKey,
        files: Mapping[str, bytes],
        *,
        revision: int,
        built_from: BuiltFrom,
        as_of: date | None,
        built_at: datetime,
        facts: Mapping[str, Any],
    ) -> Edition:
        """File an edition as `revision`, whole or not at all: written beside, synced, renamed.

        Raises `ArchiveError` where the revision is taken or the folder cannot be written; nothing is left half-written.
        """
        folder = self.root / key.folder / f"r{revision}"
        latest = self.latest(key) if as_of is None else None
        supersedes = latest.id if latest is not None and latest.manifest["as_of"] is None else None
        manifest: dict[str, Any] = {
            "edition": f"{key.folder.as_posix()}/r{revision}",
            "theme": key.theme,
            "place": key.place,
            "period": key.period,
            "language": key.language,
            "revision": revision,
            "supersedes": supersedes,
            "content": built_from.content(key.language),
            "built_from": vars(built_from),
            "as_of": as_of.isoformat() if as_of else None,
            "built_at": built_at.isoformat(),
            **facts,
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        try:
            _write_whole(folder, {**files, MANIFEST: text.encode()})
        except FileExistsError as error:
            told = f"{folder} is there already; another build filed it, run the build again"
            raise EditionThereError(told) from error
        except OSError as error:
            raise ArchiveError(
                f"{folder}: {error.strerror}; nothing was filed, make room or allow writing and build again"
            ) from error
        return self._open(folder)

    def opened(self, folder: Path) -> Edition:
        """The edition that lies in a folder. Raises `ArchiveError` where its manifest is gone or damaged."""
        return self._open(folder)

    def _open(self, folder: Path) -> Edition:
        path = folder / MANIFEST
        try:
            manifest = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror}; the edition is damaged, restore its folder") from error
        except ValueError as error:
            raise ArchiveError(f"{path}: {error}; the edition is damaged, restore its folder") from error
        lacking = [name for name in REQUIRED if name not in manifest] if isinstance(manifest, dict) else REQUIRED
        if lacking:
            raise ArchiveError(f"{path}: {', '.join(lacking)} lacking; the edition is damaged, restore its folder")
        return Edition(folder, manifest)

    @staticmethod
    def _revisions(folder: Path) -> dict[int, Path]:
        """Revision -> its folder; one without a manifest is a damaged edition, and no room for another."""
        found = {int(path.name[1:]): path for path in folder.glob("r*") if _REVISION.fullmatch(path.name)}
        return dict(sorted(found.items()))


def _write_whole(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder beside `folder`, sync them, then rename it: a reader sees all of it or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _held(folder.parent) as held:
        if folder.exists():
            raise FileExistsError(folder)
        if held:  # what lies there was left by a build that was killed
            for left in folder.parent.glob(f".{folder.name}.*"):
                shutil.rmtree(left, ignore_errors=True)
        _write_beside(folder, files)


def _write_beside(folder: Path, files: Mapping[str, bytes]) -> None:
    beside = folder.parent / f".{folder.name}.{socket.gethostname()}-{os.getpid()}"
    try:
        for name, content in files.items():
            path = beside / name
            path.parent.mkdir(parents=True, exist_ok=True)
            durable.write(path, content)
        for each in (*(path for path in beside.rglob("*") if path.is_dir()), beside):
            durable.sync(each)
        fault_point("archive.before_rename")
        try:
            beside.rename(folder)
        except OSError as error:
            raise FileExistsError(folder) if error.errno in (errno.ENOTEMPTY, errno.EEXIST) else error from error
        fault_point("archive.after_rename")
        durable.sync(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Wait until nobody else writes into a folder, in whatever process, container or machine that shares it; the kernel
    lets it go where a process dies. False where the file system has no locks: others may be writing then."""
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            held = True
        except OSError:
            held = False
        yield held
