"""Whether the archive that this process sees is the one that the ledger speaks of.

In: a ledger, an archive. Out: nothing, or an error. Several machines with one ledger (PostgreSQL) must share `data/`:
what one of them builds another may have to send.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from briefings.archive import Archive
from briefings.errors import ArchiveError, ScheduleError
from briefings.ledger import Ledger, Row, State

#: Rows that name an edition which is still to be sent.
WAITING: tuple[State, ...] = ("built", "awaiting approval", "sending", "ambiguous")
#: Editions that were sent within so long are asked for too: one that is lost must not stop all the others.
ASKED_WITHIN = timedelta(days=92)
MEND = "Machines with one ledger share one `data/`: mount it, or restore the archive from a copy; it is sent then"


def check(ledger: Ledger, archive: Archive, now: datetime) -> None:
    """Raise `ScheduleError` where the archive holds none of the editions that the ledger is to send, or sent lately."""
    waiting = dict.fromkeys(row.edition for row in ledger.in_states(*WAITING) if row.edition)
    if not waiting or any((archive.root / edition).is_dir() for edition in waiting):
        return
    if not any((archive.root / edition).is_dir() for edition in ledger.editions_sent(now - ASKED_WITHIN)):
        raise ScheduleError(
            f"the ledger {ledger.where} is to send {next(iter(waiting))}, and neither that nor any other edition that "
            f"it names is in {archive.root}. {MEND}. Nothing was done"
        )


def folder(row: Row, ledger: Ledger, archive: Archive) -> Path:
    """The folder of an edition whose files are as they were filed. Raises `ArchiveError` for one that is not there or
    damaged: the row waits until it is mended."""
    if not (archive.root / row.edition).is_dir():
        raise ArchiveError(f"{row.edition} was filed, says {ledger.where}, and is not in {archive.root}. {MEND}")
    edition = archive.find(row.edition)
    edition.check()
    return edition.folder
