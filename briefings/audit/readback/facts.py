"""What a finding holds, as facts that a sentence's claims can be held against.

In: a finding and its briefing. Out: a `Fact` for each figure that the finding names, with what may be said of it; and
what may be said of the finding without a number. A role of the briefing (`previous_growth`) becomes the kind of number
that a reader finds in a sentence (`previous`: a movement or a level of an earlier time).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from briefings.briefing import Briefing, Entry, Figure, Finding
from briefings.periods import Frequency, Period, Shape

#: Role -> the kinds of number that a sentence may tell it as.
KINDS: Mapping[str, frozenset[str]] = {
    role: frozenset(kinds.split())
    for role, kinds in {
        "level": "level increment any",
        "growth": "moved any",
        "growth_previous": "moved",
        "beside": "moved",
        "since": "moved any",
        "since_earlier": "moved",
        "change": "moved size any",
        "change_previous": "moved",
        "previous_growth": "previous earlier any",
        "average": "average any",
        "computed_average": "average",
        "share": "share level any",
        "previous_share": "previous any",
        "gap": "gap size",
        "previous_gap": "previous_gap",
        "own": "level moved",
        "benchmark": "benchmark implied",
        "multiple": "multiple",
        "rank": "rank",
        "previous_rank": "previous_rank",
        "out_of": "members",
        "count": "members",
        "up": "risen any",
        "down": "fallen any",
        "completion": "completion level",
        "ratio": "ratio share",
        "target": "target level moved average multiple share",
        "earlier": "earlier previous",
        "previous": "previous earlier",
        "first": "earlier",
        "last": "level",
        "length": "length",
        "lasted": "lasted",
        "volatility": "volatility any",
        "value": "level share ratio index rolling completion distance size contribution any",
        "new": "level",
        "old": "earlier",
        "base": "earlier",
        "previous_record": "earlier",
        "increment": "increment level",
        "from": "earlier",
        "to": "level",
        "index": "level any",
    }.items()
}
#: Roles by which the members of a list are put in order: their words say by what, not those beside the number.
LISTED = ("level", "growth", "average", "share", "volatility", "value")
#: Roles that are not of the finding's own period.
EARLIER = frozenset(
    {
        *("previous_growth", "previous_share", "previous_gap", "previous_rank", "earlier", "previous", "first"),
        *("old", "base", "previous_record", "from", "benchmark"),
    }
)
#: Roles whose value is the movement that a finding tells of.
#: Words for the period before -> the shapes of periods of which they are said.
SHAPES = {
    "previous year": {Shape.YEAR},
    "previous half-year": {Shape.HALF_YEAR},
    "previous quarter": {Shape.QUARTER},
    "previous month": {Shape.MONTH},
    "previous ten-day period": {Shape.TEN_DAYS},
    "previous week": {Shape.WEEK},
    "previous day": {Shape.DAY},
}

MOVEMENTS = ("growth", "change", "since", "since_earlier", "average", "computed_average", "change_previous")


@dataclass(frozen=True)
class Fact:
    """A figure in its role: what it may be told as, of what, of where and compared with what."""

    role: str
    figure: Figure
    finding: Finding
    entry: Entry | None = None

    @property
    def kinds(self) -> frozenset[str]:
        known = KINDS.get(self.role, frozenset({self.role, "any"}))
        return known | {"any", "level"} if self.entry and self.role in LISTED else known

    @property
    def indicators(self) -> frozenset[str]:
        own = {self.entry.indicator} if self.entry and self.entry.indicator else {self.finding.indicator}
        return frozenset({*own, self.figure.indicator} - {""})

    @property
    def place(self) -> str:
        return self.entry.place if self.entry else self.finding.place

    @property
    def breakdown(self) -> str:
        return self.entry.breakdown if self.entry else self.finding.breakdown

    @property
    def basis(self) -> str:
        """What a rate compares with; where the figure does not know it, as the finding tells it."""
        told = self.figure.basis
        known = {"yoy": "on year", "mom": "on previous period"}
        if told in known or told.startswith(("on ", "since ")):
            return known.get(told, told)
        facts = self.finding.facts
        if self.role == "change" and self.finding.kind == "account":
            return facts.get("change_basis", "")
        if self.role in ("growth", "length", "up", "down", "count") and self.finding.kind != "account":
            return facts.get("basis", "")
        return facts.get("basis", "") if self.role == "own" else ""

    def fact(self, name: str) -> str:
        return (self.entry.facts.get(name) if self.entry else None) or self.finding.facts.get(name, "")


def facts_of(finding: Finding, briefing: Briefing) -> list[Fact]:
    """A fact for each figure that the finding or one of its members names, in their order."""
    members = [(entry, entry.figures) for entry in finding.entries]
    return [
        Fact(role, briefing.figures[identifier], finding, entry)
        for entry, figures in chain([(None, finding.figures)], members)
        for role, identifier in figures.items()
    ]


def sign(figure: Figure) -> int:
    """1, -1, or 0 where it is printed as zero."""
    if figure.decimals is not None and abs(figure.value) < 0.5 * 10**-figure.decimals:
        return 0
    return (figure.value > 0) - (figure.value < 0)


def released(period: Period) -> Period:
    """The month that cumulated months lead to, by which their release is called; another period is itself."""
    return Period.of(period.end, Frequency.MONTHLY) if period.shape is Shape.CUMULATED_MONTHS else period


WORDS = {1: "up", -1: "down", 0: "flat"}


def moved(entry: Entry, briefing: Briefing) -> str:
    """Which way a member of a list went: from one level to another; empty where it tells no two."""
    if not {"from", "to"} <= set(entry.figures):
        return ""
    before, after = (briefing.figures[entry.figures[role]].value for role in ("from", "to"))
    return WORDS[(after > before) - (after < before)]


def movement(finding: Finding, briefing: Briefing) -> frozenset[str]:
    """Up, down or flat: every direction that the finding's figures and facts give a movement."""
    figures = {role: briefing.figures[identifier] for role, identifier in finding.figures.items()}
    found = {WORDS[sign(figures[role])] for role in MOVEMENTS if role in figures}
    if finding.kind in ("average_growth", "change_in_growth", "sign_change", "level"):
        found |= {WORDS[sign(figures[role])] for role in ("growth_previous",) if role in figures}
    if finding.kind == "gap" and "own" in figures:
        found.add(WORDS[sign(figures["own"])])
    if told := finding.facts.get("direction"):
        found |= {{"improved": "up", "slipped": "down"}.get(told, told)}
    if extreme := finding.facts.get("extreme"):
        found.add({"high": "up", "low": "down"}[extreme])
    for entry in finding.entries:
        for role in ("growth", "change"):
            if role in entry.figures:
                found.add(WORDS[sign(briefing.figures[entry.figures[role]])])
        found |= {moved(entry, briefing)} - {""}
    if {"first", "last"} <= set(figures):
        before, after = figures["first"].value, figures["last"].value
        found.add(WORDS[(after > before) - (after < before)])
    return frozenset(found)
