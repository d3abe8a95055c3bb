"""One place beside another: the gap to a benchmark, in levels and in growth.

In: a `Question` with `to`, a place. Out: a `Derived` or a `Refusal`. Places in order are next door, in `ranking`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

from briefings.measures.growth import growth_of, must_agree, points_between
from briefings.measures.inputs import (
    Measure,
    Refused,
    close,
    in_percent,
    must_be_alike,
    must_match,
    must_not_cross,
    observed,
    refusing,
    release_before,
    told_on_any_basis,
    unit_of,
)
from briefings.measures.model import Derived, Question
from briefings.measures.results import precision, result, told
from briefings.observations import Observation


def _gap(q: Question) -> Derived:
    """The level less that of a place to compare with; of percentages in points. A published gap wins."""
    row = _published(q, of="level")
    if row is not None:
        return told(q, row, measure=q.measure, facts=_side(row.value, 0.0) | {"of": "level"})
    beside = _benchmark(q)
    own, benchmark = observed(q), observed(beside, "benchmark_missing")
    must_match(q, own, benchmark)
    return result(
        q,
        own.value - benchmark.value,
        "percentage point" if in_percent(q) else unit_of(q, own),
        "a - b",
        (own, benchmark),
        decimals=precision((own, benchmark)),
        facts=_side(own.value, benchmark.value) | {"of": "level"},
        parts={"own": told(q, own), "benchmark": told(beside, benchmark)},
    )


def _gap_in_growth(q: Question) -> Derived:
    """The growth less that of a place to compare with, in percentage points. A published gap wins."""
    if in_percent(q):
        raise Refused("percent_of_percent")
    row = _published(q, of="growth")
    if row is not None:
        return told(q, row, measure=q.measure, facts=_side(row.value, 0.0) | {"of": "growth"})
    own = growth_of(q)
    try:
        benchmark = growth_of(_benchmark(q))
    except Refused as refused:
        lacking = refused.reason in ("no_observation", "base_missing")
        raise Refused("benchmark_missing" if lacking else refused.reason, **refused.facts) from None
    must_agree(q, [own, benchmark])
    answer = points_between(q, own, benchmark, basis=q.basis, facts={}, parts=("own", "benchmark"))
    return replace(answer, facts=_side(own.value, benchmark.value, points=True) | {"of": "growth"})


def _benchmark(q: Question) -> Question:
    if q.to is None:
        raise ValueError(f"{q.measure} needs `to`: the place to compare with")
    if q.to == q.place:
        raise Refused("benchmark_is_itself", to=q.to)
    must_be_alike(q)
    return replace(q, place=q.to)


def _published(q: Question, of: str) -> Observation | None:
    """The gap to that place that a source tells, by whatever name it calls the place: nation, autonomous region."""
    for series in told_on_any_basis(q, "gap", of):
        row = series.at(q.period)
        if row is not None and q.to is not None and q.catalogue.comparator(series.basis, q.place) == q.to:
            return row
    return None


def _side(own: float, benchmark: float, *, points: bool = False) -> dict[str, str]:
    if close(own, benchmark, points=points):
        return {"direction": "level"}
    return {"direction": "above" if own > benchmark else "below"}


def _with_release_before(plain: Callable[[Question], Derived]) -> Measure:
    """The gap, with that of the release before where there is one: `moved` says if it widened or narrowed."""

    @refusing
    @functools.wraps(plain)
    def gap(q: Question) -> Derived:
        answer = plain(q)
        answer = replace(answer, facts={**answer.facts, "to": q.to or ""})
        before_it = release_before(q, of_growth=answer.facts.get("of") == "growth")
        try:
            for place in (q.place, q.to or q.place):
                must_not_cross(replace(q, place=place), before_it)
            before = plain(replace(q, period=before_it))
        except Refused:
            return answer
        size, size_before = abs(answer.value), abs(before.value)
        moved = "widened" if size > size_before else "narrowed"
        if close(size, size_before, points=True):
            moved = ""
        facts = {**answer.facts, "previous": str(before_it), "moved": moved}
        return replace(answer, facts=facts, parts={**answer.parts, "previous_gap": before})

    return gap


gap = _with_release_before(_gap)
gap_in_growth = _with_release_before(_gap_in_growth)

MEASURES: dict[str, Measure] = {"gap": gap, "gap in growth": gap_in_growth}
