"""One account: all that is told of one indicator in one period, each figure in its role.

In: observations. Out: `Account`s as values, and the figure that an observation is in its role. How accounts are
gathered is told next door, in `accounts`; what follows from them, in `implied`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from briefings.measures import Derived
from briefings.measures.results import as_told, decimals_of, precision
from briefings.observations import Observation
from briefings.periods import Period

#: What a rate compares with, as sources write it -> the role that it plays.
RATES = {"yoy": "growth", "": "growth", "mom": "growth_previous", "cagr": "average"}
#: Role -> the measure under which its figure is known.
MEASURES = {
    "level": "level",
    "share": "share",
    "growth": "growth",
    "growth_previous": "growth",
    "average": "average annual growth",
    "since": "growth",
    "change": "change",
    "gap": "gap",
    "rank": "rank",
    "multiple": "multiple",
}
BASES = {"growth": "on year", "growth_previous": "on previous period"}
#: The order in which the figures of an account are read, and in which they stand in a table.
ROLES = (*MEASURES, "completion", "ratio")


Key = tuple[str, str, str, Period, bool]
"""Indicator, place, breakdown, period as printed, target."""


@dataclass(frozen=True)
class Account:
    """What is told of one indicator (or a breakdown of it) in one place and period.

    `figures` maps a role to what was told or worked out; `facts` hold what is no number (what a share is of, among
    whom a rank is). `contradicted` are figures that the audit holds: shown with a mark, told of nowhere.
    """

    indicator: str
    place: str
    breakdown: str
    period: Period
    target: bool
    status: str
    figures: dict[str, Derived] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    contradicted: dict[str, Derived] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return self.indicator, self.place, self.breakdown, self.period, self.target


def role_of(row: Observation) -> str:
    """The role that a published figure plays in its account."""
    if row.kind == "growth":
        return "since" if row.basis.startswith("vs:") else RATES[row.basis]
    return row.kind


def told_as(row: Observation, role: str, period: Period) -> Derived:
    """What a source told, in its role, under the period as it is printed (2023 to 3 July for 2023 told in July)."""
    measure = MEASURES[role]
    if role == "gap" and row.of == "growth":
        measure = "gap in growth"
    basis = f"since {row.basis.removeprefix('vs:')}" if role == "since" else BASES.get(role, "")
    if role == "growth" and not row.basis:
        basis = ""
    if measure in ("change", "level") and row.kind != "growth":
        decimals = precision([row])
    else:
        decimals = 0 if role == "rank" else decimals_of(row)
    derived = as_told(row, measure, basis, unit=row.unit, decimals=decimals)
    return derived if derived.period == period else replace(derived, period=period)
