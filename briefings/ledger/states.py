"""The states of a due delivery, and which may follow which.

In: a state. Out: those that may follow. Every change is one transaction, with its reason.
"""

from __future__ import annotations

from typing import Literal, get_args

State = Literal[
    "planned",
    "building",
    "built",
    "awaiting approval",
    "sending",
    "sent",
    "refused",
    "failed",
    "ambiguous",
    "held",
    "skipped",
]
STATES: tuple[State, ...] = get_args(State)

#: What may follow. From `failed`, `held` and `ambiguous` a delivery may go on: data come in, a server is back, a person
#: decides. `planned` after `building`, and `built` after `sending`: the process died before anything was handed over.
#: `building` after `refused` and `skipped`: a person sends it after all, nothing of it arrived.
#: What waits with an edition may take a later revision of it, which may need approval (again).
FOLLOWING: dict[State, tuple[State, ...]] = {
    "planned": ("building", "held", "skipped", "failed"),
    "building": ("planned", "built", "awaiting approval", "failed", "skipped", "held"),
    "built": ("built", "awaiting approval", "sending", "skipped", "refused", "failed", "held", "sent"),
    "awaiting approval": ("awaiting approval", "built", "held", "skipped"),
    "sending": ("sent", "refused", "failed", "ambiguous", "built"),
    "sent": (),
    "refused": ("building",),
    "failed": ("building", "built", "sending", "failed", "held", "skipped"),
    "ambiguous": ("built", "sent"),
    "held": ("planned", "building", "built", "awaiting approval", "failed", "skipped"),
    "skipped": ("building",),
}
#: Nothing follows by itself.
FINAL: frozenset[State] = frozenset({"sent", "refused", "skipped"})
