"""Findings: what is worth saying, as facts and figures."""

from __future__ import annotations

from typing import Literal

from briefings.briefing.figures import Value

Tone = Literal["favourable", "adverse", "neutral"]


class Entry(Value):
    """One member of a finding that lists several: a place (or a breakdown of it) with its figures by role; an
    indicator, where the list is one of indicators."""

    place: str
    breakdown: str = ""
    indicator: str = ""
    figures: dict[str, str] = {}
    facts: dict[str, str] = {}


class Finding(Value):
    """Something worth saying: facts alone; the sentence is made from them, in each language, by a phrase book.

    `kind` names the phrases (see docs: findings). `figures` maps a role (`level`, `growth`, `previous_rank` ...) to the
    id of a Figure. `facts` holds what is not a number: directions, periods, places in order. `entries` are the
    members of a list, each with its own place and roles (the largest movers, the largest shares).
    """

    id: str
    kind: str
    indicator: str
    place: str
    breakdown: str = ""
    period: str
    figures: dict[str, str] = {}
    facts: dict[str, str] = {}
    entries: tuple[Entry, ...] = ()
    weight: float = 0.0
    tone: Tone = "neutral"
