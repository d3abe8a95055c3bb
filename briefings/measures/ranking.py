"""Places in order: the rank among peers, and how it moved.

In: a `Question` with its peers. Out: a `Derived` or a `Refusal`. A single place to compare with is in `comparison`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from briefings.measures.growth import growth_of, must_agree
from briefings.measures.inputs import (
    Measure,
    Refused,
    close,
    must_match,
    must_not_cross,
    observed,
    refusing,
    release_before,
)
from briefings.measures.model import Derived, Question
from briefings.measures.results import combine, listed, result, told
from briefings.observations import Observation
from briefings.periods import Period

FEWEST = 3
AGGREGATES = ("world", "aggregate")


@refusing
def rank(q: Question) -> Derived:
    """The place among its peers by level or by growth, the highest first: `from top` 1 is the highest value, `from
    bottom` 1 the lowest. Whether high is good is the indicator's `direction`, and the phrase book's affair.

    Ties share a place and the next one is left free (standard competition ranking: 1, 2, 2, 4). Aggregates are never
    ranked with places that they hold. Peers without a figure are counted in `missing_peers`; with more than a third
    of them missing, or fewer than three places left, there is no rank. A published rank is told only where the place's
    own figure is lacking, since its source ranked among peers that are not known here.

    `previous_rank` is that of the release before; it is told only where the same peers had a figure then, or where
    those without one do not bear on the place's rank now: both ranks are then ranks among the same places.
    """
    peers = _peers(q)
    try:
        own = _value(q)
    except Refused:
        row = _published(q)
        if row is None:
            raise
        return told(q, row, measure="rank", basis=q.by, facts={"of": q.by, "counted_from": q.counted_from})
    found = {q.place: own} | _values(q, peers)
    _must_be_enough(found, peers)
    return _with_movement(q, _ranked(q, found, len(peers) + 1 - len(found)), found)


def _peers(q: Question) -> list[str]:
    """The others to rank among. An aggregate, or a place that holds one of the others, is no peer."""
    places = q.catalogue.places
    group = places[q.place].peers
    named = q.peers or (q.catalogue.groups[group].members if group else ())
    holders = {holder for place in {q.place, *named} for holder in q.catalogue.ancestors(place)}
    if places[q.place].kind in AGGREGATES or q.place in holders:
        raise Refused("aggregate_ranked")
    others = [place for place in dict.fromkeys(named) if place != q.place]
    return [place for place in others if places[place].kind not in AGGREGATES and place not in holders]


def _value(q: Question) -> Derived:
    return growth_of(q) if q.by == "growth" else told(q, observed(q))


def _values(q: Question, peers: Sequence[str]) -> dict[str, Derived]:
    found = {}
    for place in peers:
        try:
            found[place] = _value(replace(q, place=place))
        except Refused:
            continue
    return found


def _must_be_enough(found: Mapping[str, Derived], peers: Sequence[str]) -> None:
    missing = len(peers) + 1 - len(found)
    if len(found) < FEWEST:
        raise Refused("peers_too_few", ranked=len(found), missing=missing)
    if missing * 3 > len(peers):
        raise Refused("peers_missing", ranked=len(found), missing=missing)


def _ranked(q: Question, found: Mapping[str, Derived], missing: int) -> Derived:
    """The rank of the question's place among those found."""
    own, others = found[q.place], [figure for place, figure in found.items() if place != q.place]
    if q.by == "growth":
        must_agree(q, [own, *others])
    else:
        for other in others:
            must_match(q, own.inputs[0], other.inputs[0])
    function = "rank" if q.counted_from == "top" else "rank_from_bottom"
    formula, inputs = combine(f"{function}({', '.join(['{}'] * len(found))})", [own, *others])
    counted = [figure.inputs[0] for figure in found.values()]
    facts = {
        "of": q.by,
        "counted_from": q.counted_from,
        "tie": "yes" if any(_equal(q, own, other) for other in others) else "no",
        "missing_peers": str(missing),
    }
    out_of = result(
        replace(q, measure="count"), len(found), "place", f"count({listed(counted)})", counted, decimals=0, basis=q.by
    )
    parts = {"own": own, "out_of": out_of}
    place = _place(q, own, others)
    return result(q, place, "rank", formula, inputs, decimals=0, basis=q.by, facts=facts, parts=parts)


def _place(q: Question, own: Derived, others: Sequence[Derived]) -> int:
    sign = 1 if q.counted_from == "top" else -1
    return 1 + sum(sign * (other.value - own.value) > 0 and not _equal(q, own, other) for other in others)


def _equal(q: Question, own: Derived, other: Derived) -> bool:
    return close(own.value, other.value, points=q.by == "growth")


def _with_movement(q: Question, now: Derived, found: Mapping[str, Derived]) -> Derived:
    """The rank with that of the release before, among the places that had a figure both times."""
    before_it = release_before(q, of_growth=q.by == "growth")
    then = replace(q, period=before_it)
    before = {place: figure for place, figure in _values(then, list(found)).items() if _reaches(q, place, before_it)}
    if len(before) < FEWEST:
        return now
    if q.place not in before:
        return replace(now, facts={**now.facts, "direction": "new", "previous": str(before_it)})
    others = [figure for place, figure in found.items() if place in before and place != q.place]
    if _place(q, found[q.place], others) != now.value:
        return now
    previous = _ranked(then, before, len(found) - len(before))
    moved = (previous.value - now.value) * (1 if q.counted_from == "top" else -1)
    direction = "improved" if moved > 0 else "slipped" if moved < 0 else "held"
    facts = {**now.facts, "direction": direction, "previous": str(before_it)}
    return replace(now, facts=facts, parts={**now.parts, "previous_rank": previous})


def _reaches(q: Question, place: str, period: Period) -> bool:
    """Whether the figures of a place compare with those of the period before."""
    try:
        must_not_cross(replace(q, place=place), period)
    except Refused:
        return False
    return True


def _published(q: Question) -> Observation | None:
    """A rank of the same thing, counted from the same end, whomever its source ranked it among."""
    for series in q.panel:
        if (
            (series.indicator, series.place, series.breakdown) == (q.indicator, q.place, q.breakdown)
            and (series.kind, series.of, series.counted_from) == ("rank", q.by, q.counted_from)
            and (row := series.at(q.period)) is not None
        ):
            return row
    return None


MEASURES: dict[str, Measure] = {"rank": rank}
