"""The ledger: one row a due, one holder at a time, and no ledger on a guess."""

from __future__ import annotations

import multiprocessing
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from briefings.errors import LedgerError
from briefings.faults import COMMITS
from briefings.ledger import FINAL, STATES, Due, Ledger, LostLeaseError, Row, hold, open_ledger
from briefings.ledger import ledger as ledger_module
from briefings.ledger.states import FOLLOWING
from briefings.ledger.tables import metadata
from tests import postgres

NOW = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
LEASE = timedelta(minutes=5)
LATER = NOW + timedelta(minutes=6)
NUMBERS = count()


def due(recipient: str = "mayor", **changes: str) -> Due:
    told = {
        "theme": "industry",
        "cadence": "monthly",
        "place": "wuhai",
        "period": "2026-10",
        "language": "zh",
    } | changes
    return Due(**told, recipient=recipient, channel="post", due_at=NOW, send_from=NOW)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger in SQLite, and then in PostgreSQL."""
    url = None
    if request.param == "postgresql":
        url = postgres.database(request.getfixturevalue("server"), f"ledger{next(NUMBERS)}")
    opened = open_ledger(tmp_path, url, archive_has_editions=False)
    yield opened
    opened.close()


def other(ledger: Ledger, name: str = "other:1", *, alone: bool = False) -> Ledger:
    """Another process on the same tables."""
    return Ledger(ledger.engine, name, alone=alone, where=ledger.where)


def sending(ledger: Ledger, *, handed: bool = False) -> Row:
    """A row that is being sent."""
    ledger.enter([due()], NOW)
    (claim,) = ledger.claim([1], ("planned",), "building", NOW, LEASE, "")
    row = ledger.settle(claim.row, "built", "", NOW, edition="industry/wuhai/2026-10/zh/r1")
    taken = ledger.claim_to_send(row, NOW, LEASE, lambda _: (b"bytes", {"dated": NOW}))
    assert taken is not None
    if handed:
        ledger.handing_over(taken[0].row, NOW)
    return ledger.row(1)


def begun(folder: Path, name: str) -> None:
    """In a process of its own: open the ledger, which may not be there, and leave a note."""
    opened = open_ledger(folder, None, archive_has_editions=False)
    opened.keep(name, "was here")
    opened.close()


def test_processes_that_begin_a_ledger_at_once_begin_one(tmp_path: Path) -> None:
    forking = multiprocessing.get_context("fork")
    names = [f"process {number}" for number in range(4)]
    processes = [forking.Process(target=begun, args=(tmp_path, name)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    opened = open_ledger(tmp_path, None, archive_has_editions=False)
    assert [opened.note(name) for name in names] == ["was here"] * 4
    opened.close()


def test_a_due_is_entered_once(ledger: Ledger) -> None:
    assert ledger.enter([due(), due("bank")], NOW) == 2
    assert ledger.enter([due(), due("port")], LATER) == 1
    assert [row.recipient for row in ledger.rows()] == ["mayor", "bank", "port"]
    assert ledger.known("industry", "monthly") == {("wuhai", "2026-10")}


def test_two_holders_never_have_one_row(ledger: Ledger) -> None:
    ledger.enter([due(), due("bank")], NOW)
    second = other(ledger)
    assert len(ledger.claim([1], ("planned",), "building", NOW, LEASE, "")) == 1
    assert [claim.row.id for claim in second.claim([1, 2], ("planned", "building"), "building", NOW, LEASE, "")] == [2]


def test_who_lost_the_lease_enters_nothing(ledger: Ledger) -> None:
    row = sending(ledger)
    back = other(ledger).recover(LATER, lambda _: True)
    assert [each.state for each in back] == ["built"]
    with pytest.raises(LostLeaseError, match="another holder took it in the meantime; nothing was entered"):
        ledger.settle(row, "sent", "", LATER)
    assert ledger.row(1).state == "built"


def test_a_living_holder_is_left_alone(ledger: Ledger) -> None:
    sending(ledger, handed=True)
    assert other(ledger).recover(NOW + timedelta(minutes=1), lambda _: True) == []


def test_alone_on_the_folder_the_dead_are_known_at_once(ledger: Ledger) -> None:
    sending(ledger)
    (row,) = other(ledger, alone=True).recover(NOW, lambda _: True)
    assert (row.state, row.reason) == (
        "built",
        f"{ledger.holder} died while sending it; nothing was handed over",
    )


@pytest.mark.parametrize(("resend", "state", "again"), [(True, "built", True), (False, "ambiguous", False)])
def test_what_may_have_been_handed_over_is_ambiguous(resend: bool, state: str, again: bool, ledger: Ledger) -> None:
    sending(ledger, handed=True)
    (row,) = other(ledger).recover(LATER, lambda _: resend)
    assert (row.state, row.again) == (state, again)
    assert [each[2] for each in ledger.events_of(1)][:5] == ["planned", "building", "built", "sending", "ambiguous"]


def test_the_bytes_are_frozen_once(ledger: Ledger) -> None:
    row = sending(ledger)
    row = ledger.settle(row, "failed", "no server", NOW, next_try=LATER)
    taken = ledger.claim_to_send(row, LATER, LEASE, lambda _: (b"other bytes", {"dated": LATER}))
    assert taken is not None
    claim, content = taken
    assert (content, claim.row.dated, claim.row.attempts, claim.row.key) == (b"bytes", NOW, 2, row.key)


def test_altered_bytes_are_not_sent(ledger: Ledger) -> None:
    row = ledger.settle(sending(ledger), "failed", "no server", NOW)
    with ledger.engine.begin() as connection:
        connection.execute(sa.update(metadata.tables["outbox"]).values(payload=b"altered"))
    with pytest.raises(
        LedgerError, match="the frozen bytes of industry/wuhai/2026-10/zh to mayor by post were altered"
    ):
        ledger.claim_to_send(row, LATER, LEASE, lambda _: (b"", {}))
    assert ledger.row(1).state == "failed"


def test_what_is_settled_keeps_no_bytes(ledger: Ledger) -> None:
    ledger.settle(sending(ledger), "sent", "", NOW, reply="250 OK")
    with ledger.engine.connect() as connection:
        assert connection.execute(sa.select(metadata.tables["outbox"])).all() == []
    assert ledger.row(1).payload_sha256 != ""


def test_a_state_that_cannot_follow_is_refused(ledger: Ledger) -> None:
    row = ledger.settle(sending(ledger), "sent", "", NOW)
    with pytest.raises(LedgerError, match="'built' cannot follow 'sent'"):
        ledger.settle(row, "built", "", NOW)


def test_every_state_has_its_place() -> None:
    assert set(FOLLOWING) == set(STATES)
    assert {state for state, following in FOLLOWING.items() if set(following) <= {"building"}} == FINAL
    reachable = {"planned"} | {state for following in FOLLOWING.values() for state in following}
    assert reachable == set(STATES)


def test_a_decision_is_entered_with_its_person(ledger: Ledger) -> None:
    ledger.enter([due(), due("bank")], NOW)
    claims = ledger.claim([1, 2], ("planned",), "building", NOW, LEASE, "")
    ledger.settle_all([claim.row for claim in claims], "awaiting approval", "", NOW, edition="e/r1")
    decided = ledger.decide("e/r1", "rejected", "Li Na", "the rank is wrong", LATER)
    assert {(row.state, row.reason) for row in decided} == {("held", "rejected by Li Na: the rank is wrong")}
    assert ledger.decide("e/r1", "approved", "Li Na", "", LATER) == []


def test_an_owner_hears_once_and_again_when_it_is_mended(ledger: Ledger) -> None:
    assert ledger.notify("k", "industry", "held", "nothing", "wait", NOW)
    assert not ledger.notify("k", "industry", "held", "nothing", "wait", LATER)
    assert [each.since for each in ledger.notices_untold()] == [NOW]
    ledger.told("k", LATER, mended=False)
    assert ledger.notices_untold() == []
    ledger.mend("k", LATER)
    assert [each.key for each in ledger.notices_untold()] == ["k"]
    ledger.told("k", LATER, mended=True)
    assert ledger.notices_untold() == []
    assert ledger.notify("k", "industry", "held", "nothing", "wait", LATER)


def test_the_migrations_make_the_tables_of_the_program(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_sqlite_loses_nothing_when_the_power_goes(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path, None, archive_has_editions=False)
    with ledger.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    assert Path(ledger.where).stat().st_mode & 0o077 == 0
    ledger.close()


# A ledger that cannot be trusted.


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:8192] = bytes(4096)
    path.write_bytes(content)


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


LEFT = "It is left as it is, and nothing is sent. Move it away and restore the ledger from a copy"


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_bytes(b""), f": the ledger is empty. {LEFT}"),
        (lambda path: path.write_text("no database"), f": the ledger is no SQLite database. {LEFT}"),
        (lambda path: (path.unlink(), path.mkdir()), f": the ledger is a folder. {LEFT}"),
        (lambda path: path.write_bytes(path.read_bytes()[:6000]), ": the ledger is corrupt ("),
        (flipped, ": the ledger is corrupt ("),
        (
            newer,
            ": the ledger is from a newer version of briefings (its tables are 9999, this program knows up to 0001). "
            "Update the program; nothing was changed",
        ),
        (
            lambda path: path.unlink(),
            ": the ledger is not there, but the archive holds editions. Who received them is not known, so nothing is "
            "sent. Restore the ledger from a copy; or, if nothing was ever sent by schedule here, begin a new one with "
            "`briefings run --adopt`: what was due until now is then entered as skipped",
        ),
    ],
    ids=["empty", "no database", "folder", "truncated", "flipped", "newer", "gone"],
)
def test_no_ledger_on_a_guess(damage: Callable[[Path], object], message: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    open_ledger(tmp_path, None, archive_has_editions=True, adopt=True).close()
    damage(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(LedgerError) as caught:
        open_ledger(tmp_path, None, archive_has_editions=True)
    assert str(caught.value).startswith(f"{path}{message}")
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_database_that_is_not_sqlite_or_postgresql_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="the ledger is kept in SQLite or PostgreSQL, not in mysql"):
        open_ledger(tmp_path, "mysql://someone@127.0.0.1/x", archive_has_editions=False)


def test_a_second_daemon_names_the_holder(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from briefings.ledger import hold
from briefings.errors import LedgerError
try:
    with hold(Path({str(tmp_path)!r})):
        print("held")
except LedgerError as error:
    print(error)
"""
    with hold(tmp_path) as holding:
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        assert told == (
            f"{tmp_path}: {holding.name} runs on this state folder; one may at a time. "
            "Stop it first, or let it do the work\n"
        )
        assert str(os.getpid()) in told
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "held\n"


def test_every_transaction_has_its_fault_points() -> None:
    text = Path(ledger_module.__file__).read_text("utf-8")
    found = set(re.findall(r'_commit\("(\w+)"\)', text))
    settled = {f"settle_{state.replace(' ', '_')}" for state in FOLLOWING["building"] + FOLLOWING["sending"]}
    claimed = {"claim_building", "claim_built"}
    assert found | settled - {"settle_planned"} | claimed == set(COMMITS)  # planned again by `recover`
