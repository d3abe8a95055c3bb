"""Opening a ledger, or saying why not: gone, corrupt, newer than the program, another's.

In: the project's folder, a URL (PostgreSQL) or none (SQLite at `data/ledger.sqlite`), whether the archive holds
editions. Out: a `Ledger` with the tables of this version. Nothing is ever sent on a guess: a ledger that is not there
while editions are is not begun anew, unless a person says so.
"""

from __future__ import annotations

import fcntl
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from briefings import durable
from briefings.errors import LedgerError

from .ledger import Ledger
from .tables import metadata

#: Seconds that a writer waits for another.
PATIENCE = 30
HEAD = b"SQLite format 3\0"


@dataclass(frozen=True)
class Holding:
    """The state folder, held by this process alone."""

    name: str


def holder_name() -> str:
    """What this process is called in the ledger."""
    return f"{socket.gethostname()}:{os.getpid()}"


@contextmanager
def hold(folder: Path) -> Iterator[Holding]:
    """Hold the state folder until the block ends or the process dies; the kernel gives it back then.

    Raises `LedgerError` that names the holder where another process has it. Not for network file systems.
    """
    path = folder / "ledger.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}; allow writing to the folder {folder}, then run again") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise LedgerError(
                f"{folder}: {file.read().strip() or 'another process'} runs on this state folder; one may at a time. "
                "Stop it first, or let it do the work"
            ) from error
        file.truncate(0)
        file.write(holder_name())
        file.flush()
        yield Holding(holder_name())


def open_ledger(folder: Path, url: str | None, *, archive_has_editions: bool, adopt: bool = False) -> Ledger:
    """Open the ledger of a project, or begin one.

    `folder` is the state folder. `adopt`: begin a new ledger although the archive holds editions.
    Raises `LedgerError` for one that is gone, corrupt, not a ledger, or from a newer version.
    """
    if url:
        return _of_postgresql(url, archive_has_editions=archive_has_editions, adopt=adopt)
    path = folder / "ledger.sqlite"
    if not path.exists():
        if archive_has_editions and not adopt:
            raise LedgerError(_gone(str(path)))
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"{folder}: {error.strerror}; allow writing to it, then run again") from error
        _begin_file(path)
    else:
        _check_file(path)
    engine = _engine(path)
    _migrate(engine, str(path))
    return Ledger(engine, holder_name(), alone=True, where=str(path))


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": PATIENCE})
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _begin_file(path: Path) -> None:
    """Begin a ledger beside its place, whole, and put it there in one step: a process that dies meanwhile leaves no
    empty file, which the next one would have to take for a ledger that lost its rows. Of two that begin it at once the
    second takes what the first has made: put in its place, it would leave that one with a file that has no name."""
    with _alone_in(path.parent):
        if not path.exists():
            _begin_anew(path)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder against others that ask so, until the block ends or the process dies."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _begin_anew(path: Path) -> None:
    beside = path.with_suffix(".beginning")
    for left in (beside, *(beside.with_name(beside.name + ending) for ending in ("-wal", "-shm", "-journal"))):
        left.unlink(missing_ok=True)
    engine = _engine(beside)
    _migrate(engine, str(beside))
    engine.dispose()  # the last connection writes what stood in the log of changes into the file
    beside.chmod(0o600)
    durable.sync(beside)
    beside.replace(path)
    durable.sync(path.parent)


def _of_postgresql(url: str, *, archive_has_editions: bool, adopt: bool) -> Ledger:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise LedgerError(
            "BRIEFINGS_LEDGER is no URL of a database; write postgresql://user@host:5432/name, or unset it for SQLite"
        ) from None
    if address.get_backend_name() != "postgresql":
        raise LedgerError(f"the ledger is kept in SQLite or PostgreSQL, not in {address.get_backend_name()}")
    where = address.set(drivername="postgresql").render_as_string(hide_password=True)
    engine = sa.create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            empty = not sa.inspect(connection).has_table("deliveries")
    except sa.exc.OperationalError as error:
        raise LedgerError(f"{where}: {str(error.orig).strip()}; start the database or mend BRIEFINGS_LEDGER") from None
    if empty and archive_has_editions and not adopt:
        raise LedgerError(_gone(where))
    _migrate(engine, where)
    return Ledger(engine, holder_name(), alone=False, where=where)


def _gone(where: str) -> str:
    return (
        f"{where}: the ledger is not there, but the archive holds editions. Who received them is not known, so nothing "
        "is sent. Restore the ledger from a copy; or, if nothing was ever sent by schedule here, begin a new one with "
        "`briefings run --adopt`: what was due until now is then entered as skipped"
    )


def _check_file(path: Path) -> None:
    """Raise `LedgerError` for what is no whole SQLite database; it is left as it is."""
    keep = "It is left as it is, and nothing is sent. Move it away and restore the ledger from a copy"
    try:
        head = b""
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(len(HEAD))
    except OSError as error:
        raise LedgerError(f"{path}: {error.strerror}; allow reading it, then run again") from error
    if head != HEAD:
        what = "a folder" if path.is_dir() else "empty" if not head else "no SQLite database"
        raise LedgerError(f"{path}: the ledger is {what}. {keep}")
    try:
        connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=PATIENCE)
        try:
            (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        told = str(error)
    if told != "ok":
        raise LedgerError(f"{path}: the ledger is corrupt ({told}). {keep}")


def _set_up(connection: Any, record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _migrate(engine: sa.Engine, where: str) -> None:
    """Bring the tables to this version. Raises `LedgerError` for a ledger of a newer one, or a database of another."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305)")
            found = MigrationContext.configure(connection).get_current_revision()
            if found is not None and found not in known:
                raise LedgerError(
                    f"{where}: the ledger is from a newer version of briefings (its tables are {found}, this program "
                    f"knows up to {script.get_current_head()}). Update the program; nothing was changed"
                )
            tables = set(sa.inspect(connection).get_table_names())
            if found is None and tables & set(metadata.tables):
                raise LedgerError(f"{where}: there are tables of another program; name a database of its own")
            if found != script.get_current_head():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
    except sa.exc.DBAPIError as error:
        raise LedgerError(f"{where}: {error.orig}; the ledger cannot be opened, nothing is sent") from error
