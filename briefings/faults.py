"""Fault points: named places where a test may kill the process, so that what follows a crash can be proven.

In: a name, and two environment variables. Out: nothing; or SIGKILL. Points stand beside every commit, write, rename and
step of a delivery; `POINTS` says of each which end state must follow once the program was started again.

`BRIEFINGS_FAULT_AT=7` kills the process at the seventh point that it meets, `=ledger.before_commit:2` at the second of
that name. `BRIEFINGS_FAULT_TRACE=FILE` writes the name of each point met to a file, a line each.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

#: The transactions of the ledger: what follows a crash right before, and right after, each commit.
COMMITS: dict[str, tuple[str, str]] = {
    "enter": ("nothing of the period was entered: entered at the next start", "all of it is planned: it is built"),
    "claim_building": ("planned: built at the next start", "building: planned again, then built"),
    "claim_built": ("ambiguous: a person decides again", "built: sent once more"),
    "settle_built": ("building: planned again; the edition, if it was filed, is found unchanged", "built: sent"),
    "settle_awaiting_approval": ("building: planned again", "awaiting approval"),
    "settle_failed": ("as it was before: tried again", "failed: tried again when its time comes"),
    "settle_skipped": ("as it was before: skipped at the next start", "skipped"),
    "settle_held": ("as it was before: held at the next start", "held"),
    "claim_sending": ("built: sent at the next start", "sending, nothing handed over: sent at the next start"),
    "handing_over": ("sending, nothing handed over: sent at the next start", "ambiguous: sent once more, or parked"),
    "settle_sent": ("ambiguous: sent once more with the same key, or parked", "sent"),
    "settle_refused": ("sending or ambiguous: tried again", "refused"),
    "settle_ambiguous": ("ambiguous: found so at the next start", "marked again: sent once more; or parked"),
    "recover": ("as the dead process left it: recovered at the next start", "recovered"),
    "decide": ("awaiting approval: decide again", "decided"),
    "say": ("the old reason", "the new reason"),
    "keep": ("the old mark of the clock", "the new mark of the clock"),
    "notify": ("the owner hears at the next start", "the owner hears at the next tick"),
    "mend": ("open: mended at the next start", "mended: the owner hears"),
    "told": ("the owner may hear twice", "the owner has heard"),
}

#: Every point, and what must follow a crash there.
POINTS: dict[str, str] = {
    # archive
    "archive.before_rename": "nothing was filed, only a hidden folder: swept, and built again",
    "archive.after_rename": "filed: building is planned again, and finds it unchanged",
    # schedule
    **{f"ledger.{name}.before_commit": told[0] for name, told in COMMITS.items()},
    **{f"ledger.{name}.after_commit": told[1] for name, told in COMMITS.items()},
    # deliver
    "mail.connect": "nothing was handed over: tried again",
    "mail.sender": "nothing was handed over: tried again",
    "mail.recipient": "nothing was handed over: tried again",
    "mail.data": "nothing was handed over: tried again",
    "mail.body": "the message is not whole: the server drops it, tried again",
    "mail.before_dot": "ambiguous, though the server drops it: sent once more, or parked",
    "mail.after_dot": "ambiguous: sent once more with the same Message-ID, or parked",
    "mail.after_reply": "ambiguous: sent once more with the same Message-ID, or parked",
    "folder.write": "only a hidden folder was written: tried again, and swept",
    "folder.before_rename": "ambiguous: the same files are put there once more",
    "folder.after_rename": "ambiguous: the same files are found there",
    "webhook.connect": "nothing was handed over: tried again",
    "webhook.before_request": "ambiguous: posted once more with the same idempotency key, or parked",
    "webhook.after_request": "ambiguous: posted once more with the same idempotency key, or parked",
    "chat.before_request": "ambiguous: posted once more, or parked",
    "chat.after_request": "ambiguous: posted once more, or parked",
    "feed.write": "no feed names the edition yet: tried again",
    "feed.before_entry": "ambiguous: the same entry is written once more",
    "feed.after_entry": "ambiguous: the feeds are made again from all entries",
}

_met: Counter[str] = Counter()


def fault_point(name: str) -> None:
    """Nothing; or, where a test asked for it, the end of this process. Raises `KeyError` for a name not in `POINTS`."""
    wanted = os.environ.get("BRIEFINGS_FAULT_AT")
    trace = os.environ.get("BRIEFINGS_FAULT_TRACE")
    if wanted is None and trace is None:
        return
    if name not in POINTS:
        raise KeyError(f"{name!r} is no fault point; add it to POINTS with what must follow")
    if trace is not None:
        with Path(trace).open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
    _met[name] += 1
    if wanted is not None and _is_meant(name, wanted):
        os.kill(os.getpid(), signal.SIGKILL)


def _is_meant(name: str, wanted: str) -> bool:
    """Whether this meeting is the one that was asked for."""
    if wanted.isdigit():
        return _met.total() == int(wanted)
    asked, _, number = wanted.partition(":")
    return name == asked and _met[name] == int(number or 1)
