"""A PostgreSQL server for tests: Debian's package, its own user, a free port of loopback, a folder that goes away.

Where it is not installed the tests that need it are skipped; in continuous integration they fail: `.ci/run`
installs it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa


def programs() -> Path | None:
    """The folder of initdb and pg_ctl."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    beside = shutil.which("pg_ctl")
    return found[-1].parent if found else Path(beside).parent if beside else None


#: Seconds that a program of the server may take.
PATIENCE = 240


@contextmanager
def server() -> Iterator[str]:
    """A server without databases but its own; yields its URL."""
    bin_ = programs()
    if bin_ is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is not installed; .ci/postgresql installs it")
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="briefings-postgresql-"))
    user = _user()
    if user:
        shutil.chown(folder, user)

    def call(program: str, *words: str, must: bool = True) -> bool:
        own = ["runuser", "-u", user, "--"] if user else []
        done = subprocess.run(
            [*own, str(bin_ / program), *words], cwd="/", capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        assert done.returncode == 0 or not must, done.stdout + done.stderr
        return done.returncode == 0

    data, log = str(folder / "data"), folder / "log"
    call("initdb", "-D", data, "-A", "trust", "-U", "briefings", "-E", "UTF8", "--locale", "C")
    for last in (False, False, True):  # a port that was free may be another's by now
        port = _free_port()
        settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
        if call("pg_ctl", "-D", data, "-l", str(log), "-o", settings, "-t", "200", "-w", "start", must=last):
            break
    try:
        yield f"postgresql://briefings@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def database(server_url: str, name: str) -> str:
    """A new database of the server; its URL."""
    address = sa.make_url(server_url)
    engine = sa.create_engine(address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return address.set(database=name).render_as_string(hide_password=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _user() -> str:
    """The user that runs the server: root may not."""
    if os.getuid() != 0:
        return ""
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return ""
