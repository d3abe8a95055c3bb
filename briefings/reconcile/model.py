"""What the audit answers: figures held, barriers, and the panel that is left.

In: nothing but the words. Out: the values that rules make and `compose` reads. The rules themselves are next door.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from briefings.catalogue import Catalogue
from briefings.observations import Observation, Panel
from briefings.periods import Period

Accepted = frozenset[tuple[str | None, str | None, Period]]
"""Jumps that a person has accepted: indicator and place (None: any) and period."""

Decision = tuple[str, str, Period, str | None]
"""A figure that a person has accepted as it stands: indicator, place, period and kind (None: any)."""

Decided = frozenset[Decision]


@dataclass(frozen=True, slots=True)
class Barrier:
    """The first period from which figures no longer compare with those before.

    `jump`: unexplained, not declared. `breakdown`: the one concerned, None where all are.
    """

    period: Period
    reason: str
    jump: bool = False
    breakdown: str | None = None


@dataclass(frozen=True, slots=True)
class Implied:
    """What would follow from other figures: a value with the formula over its inputs (a, b, c ... in their order)."""

    value: float
    unit: str
    formula: str
    inputs: tuple[Observation, ...]
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A figure kept out. `observations` begin with the figure itself; then stands what it contradicts.

    `roles` name the observations in the order in which a note may tell them: `value`, then `before` (the figure before
    it), or `from` and `to`. `implied` is what would follow, by the name under which a note tells it (`implied`, and
    `fits`: the years over which a rate would be right). `facts` hold what is no number.
    """

    indicator: str
    place: str
    period: Period
    reason: str
    observations: tuple[Observation, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ("value", "before")
    implied: Mapping[str, Implied] = field(default_factory=dict)


Barriers = dict[tuple[str, str], tuple[Barrier, ...]]


@dataclass(frozen=True)
class Checked:
    """What may be compared, and what not. `released` would be held, had no person accepted it; `confidential`: the
    levels that their sources withhold, by indicator, place, breakdown and period."""

    panel: Panel
    held: tuple[Held, ...]
    barriers: Barriers
    released: tuple[Held, ...] = ()
    confidential: frozenset[tuple[str, str, str, Period]] = frozenset()

    @property
    def withheld(self) -> dict[tuple[str, str, str, Period], str]:
        """The levels held or confidential, by indicator, place, breakdown and period, with the reason: `Question.held`.

        A refusal tells a jump and two values from one source; every other reason is a contradiction, and its note says
        which.
        """
        return dict.fromkeys(self.confidential, "confidential") | {
            (item.indicator, item.place, item.observations[0].breakdown, item.period): (
                item.reason if item.reason in ("jump", "conflict") else "contradiction"
            )
            for item in self.held
            if item.observations[0].kind == "level" and not item.observations[0].target
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule finds: the figures to hold, and the periods that nothing crosses, by indicator and place."""

    held: tuple[Held, ...] = ()
    barriers: tuple[tuple[tuple[str, str], Barrier], ...] = ()


Rule = Callable[[Panel, Catalogue, Accepted], Verdict]
