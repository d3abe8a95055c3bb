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

#: Every point, and what must follow a crash there.
POINTS: dict[str, str] = {
    # schedule
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
