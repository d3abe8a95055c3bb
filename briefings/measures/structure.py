"""What a figure is beside other figures of its period: share, per head, ratio, index, contribution.

In: a `Question`. Out: a `Derived` or a `Refusal`. Figures of other places are set beside it in `comparison`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

from briefings.measures.growth import points_between, prices
from briefings.measures.inputs import (
    Measure,
    Refused,
    base_period,
    close,
    comparable,
    direction,
    in_percent,
    must_add_up,
    must_be_positive,
    must_grow,
    must_match,
    must_not_cross,
    observed,
    published,
    refusing,
    unit_of,
    year_before,
)
from briefings.measures.model import Derived, Question
from briefings.measures.results import name, quotient_decimals, result, told
from briefings.observations import Observation
from briefings.quantities import Unit

POPULATION = "population"
GROUPS = ("world", "aggregate")


def _share(q: Question) -> Derived:
    """The part in percent of the whole: of a place that holds it, or of the total over all breakdowns (where the
    question has one) or over the peers. Like with like alone: one unit, one period, amounts that add up."""
    row = published(q, "share", q.to or "", of=q.to or "") or published(q, "share", q.to or "")
    if row is None and q.to == "total":
        row = published(q, "share", "")
    if row is not None:
        return told(q, row, measure=q.measure, basis=q.to or "")
    must_add_up(q)
    part, members = observed(q), whole(q)
    total = _total(q, part, members)
    if part.value < 0:
        raise Refused("value_negative", value=part.period)
    if part.value > total and not close(part.value, total):
        raise Refused("part_exceeds_whole", whole=q.to)
    return result(
        q,
        part.value / total * 100,
        "percent",
        f"a / {_sum_of(members)} * 100",
        (part, *members),
        decimals=1,
        basis=q.to or "",
        facts={"to": q.to or ""},
        parts={"own": told(q, part)} | ({"whole": told(q, members[0])} if len(members) == 1 else {}),
    )


def whole(q: Question) -> tuple[Observation, ...]:
    """What a part belongs to: the figure of one place, or of the same place without breakdown, or all peers' figures
    where `total` is asked of a place without breakdown."""
    if q.to in ("total", q.place):
        if q.breakdown:
            return (observed(replace(q, breakdown=""), "whole_missing"),)
        if q.to == "total" and q.peers:
            members = dict.fromkeys((q.place, *q.peers))
            return tuple(observed(replace(q, place=place), "peers_missing") for place in members)
        raise Refused("whole_missing", to=q.to)
    if q.to is None:
        raise ValueError(f"{q.measure} needs `to`: a place or total")
    _must_hold(q, q.to)
    return (observed(replace(q, place=q.to), "whole_missing"),)


def _must_hold(q: Question, holder: str) -> None:
    """Refuse a whole that lies within the part, or stands beside it (two countries): that would be a ratio."""
    places = q.catalogue.places
    beside = places[holder].kind == places[q.place].kind and places[holder].kind not in (*GROUPS, "other")
    if q.place in q.catalogue.ancestors(holder) or (beside and holder not in q.catalogue.ancestors(q.place)):
        raise Refused("not_part_of_whole", to=holder)


def _total(q: Question, part: Observation, members: tuple[Observation, ...]) -> float:
    for member in members:
        must_match(q, part, member)
        if member.value < 0:
            raise Refused("base_negative", base=member.period)
    total = sum(member.value for member in members)
    if total == 0:
        raise Refused("base_zero", base=part.period)
    return total


def _sum_of(members: tuple[Observation, ...], first: int = 1) -> str:
    names = [name(number) for number in range(first, len(members) + first)]
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


def _per_head(q: Question) -> Derived:
    """The amount a person: divided by the population of exactly the same place, breakdown and period.

    SNA 2008, chapter 19. Whether the catalogue's population is the average of the period or that at its end, one of
    another period is never taken.
    """
    must_add_up(q)
    own = observed(q)
    if own.unit == "person":
        raise Refused("per_head_of_heads")
    population = q.to or POPULATION
    if population not in q.catalogue.indicators:
        raise Refused("population_missing", indicator=population)
    people = observed(replace(q, indicator=population), "population_missing")
    if people.unit != "person":
        raise Refused("units_differ", unit="person", other=people.unit)
    must_be_positive(people)
    value = own.value / people.value
    return result(
        q,
        value,
        f"{unit_of(q, own)} per person",
        "a / b",
        (own, people),
        decimals=quotient_decimals(value, (own, people)),
        facts={"to": population},
        parts={"level": told(q, own), "population": told(replace(q, indicator=population), people)},
    )


def _ratio(q: Question) -> Derived:
    """One indicator over another of the same place and period: in percent where they share a unit (loans to
    deposits), in `A per B` where they do not; never of percentages or of two currencies."""
    if q.to is None:
        raise ValueError("a ratio needs `to`: the other indicator")
    beside = replace(q, indicator=q.to)
    if in_percent(q) or in_percent(beside):
        raise Refused("percent_of_percent")
    own, other = observed(q), observed(beside, "other_missing")
    must_be_positive(other)
    units = unit_of(q, own), unit_of(beside, other)
    alike = units[0] == units[1]
    if not alike and (any(" per " in unit for unit in units) or all(Unit(unit).is_currency for unit in units)):
        raise Refused("units_differ", unit=units[0], other=units[1])
    return result(
        q,
        own.value / other.value * (100 if alike else 1),
        "percent" if alike else f"{units[0]} per {units[1]}",
        "a / b * 100" if alike else "a / b",
        (own, other),
        decimals=1 if alike else quotient_decimals(own.value / other.value, (own, other)),
        facts={"to": q.to},
        parts={"level": told(q, own), "other": told(beside, other)},
    )


@refusing
def index(q: Question) -> Derived:
    """The level with that of a base period as 100; refused wherever growth since then would be."""
    must_grow(q)
    own, base = comparable(q, base_period(replace(q, basis="since")))
    must_be_positive(base)
    if own.value < 0:
        raise Refused("value_negative", value=own.period, base=base.period)
    return result(
        q,
        own.value / base.value * 100,
        "index",
        "a / b * 100",
        (own, base),
        decimals=1,
        basis=f"{base.period} = 100",
        facts={"direction": direction(own.value, base.value), "base": str(base.period)} | prices(q),
        parts={"level": told(q, own), "base": told(q, base)},
    )


@refusing
def contribution(q: Question) -> Derived:
    """How many points of the whole's growth come from the part: `(part - part before) / whole before * 100` (拉动).

    IMF, Quarterly National Accounts Manual, chapter 8: contributions of chained volumes do not add up, so only
    amounts whose growth follows from levels have one here. The per cent of growth (贡献率) is another figure.
    """
    must_add_up(q)
    must_grow(q)
    base = base_period(q)
    part, part_before = comparable(q, base)
    members = whole(replace(q, period=base))
    for member in members:
        must_not_cross(replace(q, place=member.place, breakdown=member.breakdown), base)
    before = _total(q, part, members)
    return result(
        q,
        (part.value - part_before.value) / before * 100,
        "percentage point",
        f"(a - b) / {_sum_of(members, first=2)} * 100",
        (part, part_before, *members),
        decimals=1,
        basis=q.basis,
        facts={"direction": direction(part.value, part_before.value), "to": q.to or "", "base": str(base)}
        | _whole_moved(q, part, before)
        | prices(q),
        parts={"level": told(q, part), "base": told(q, part_before)},
    )


def _whole_moved(q: Question, part: Observation, before: float) -> dict[str, str]:
    """Whether the whole rose or fell: what adds to a fall contributes to no growth. Nothing where it is not known."""
    try:
        return {"whole": direction(_total(q, part, whole(q)), before)}
    except Refused:
        return {}


def _with_year_before(plain: Callable[[Question], Derived], role: str) -> Measure:
    """The measure, with its value of a year earlier as a part where there is one and nothing breaks in between."""

    @refusing
    @functools.wraps(plain)
    def measure(q: Question) -> Derived:
        answer = plain(q)
        base = year_before(q)
        try:
            for row in answer.inputs:
                must_not_cross(replace(q, indicator=row.indicator, place=row.place, breakdown=row.breakdown), base)
            before = plain(replace(q, period=base))
        except Refused:
            return answer
        moved = direction(answer.value, before.value, points=answer.unit == "percent")
        parts = {**answer.parts, role: before}
        if answer.unit == "percent":
            parts["change"] = points_between(
                replace(q, measure="change"), answer, before, basis="on year", facts={}, parts=("own", "base")
            )
        return replace(answer, facts={**answer.facts, "direction": moved, "previous": str(base)}, parts=parts)

    return measure


share = _with_year_before(_share, "previous_share")
per_head = _with_year_before(_per_head, "previous")
ratio = _with_year_before(_ratio, "previous")

MEASURES: dict[str, Measure] = {
    "share": share,
    "per head": per_head,
    "ratio": ratio,
    "index": index,
    "contribution": contribution,
}
