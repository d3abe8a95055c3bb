"""Places in order: the rank among peers, and how it moved.

In: a `Question` with its peers. Out: a `Derived` or a `Refusal`. A single place to compare with is in `comparison`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from briefings.measures.growth import growth_of, must_agree
from briefings.measures.inputs import (
    Measure,
    Refused,
    close,
    indicator_of,
    must_be_alike,
    must_match,
    must_not_cross,
    observed,
    refusing,
    release_before,
    told_on_any_basis,
)
from briefings.measures.model import Derived, Question
from briefings.measures.results import expressions, result, told
from briefings.observations import Observation
from briefings.periods import Period

FEWEST = 3
AGGREGATES = ("world", "aggregate")


@dataclass(frozen=True, slots=True)
class Table:
    """The figures that are ranked, by place, in order of place: each with its formula over the inputs of all."""

    figures: dict[str, Derived]
    formulas: dict[str, str]
    inputs: tuple[Observation, ...]


@refusing
def rank(q: Question) -> Derived:
    """The place among its peers by level or by growth, the highest first: `from top` 1 is the highest value, `from
    bottom` 1 the lowest. Whether high is good is the indicator's `direction`, and the phrase book's affair.

    Ties share a place and the next one is left free (standard competition ranking: 1, 2, 2, 4). Aggregates are never
    ranked with places that they hold. Peers without a figure are counted in `missing_peers`; with more than a third
    of them missing, or fewer than three places left, there is no rank. A published rank is told only where none can be
    worked out, since its source ranked among peers that are not known here (`among`: a place, a peer group, or the
    word of the source).

    `previous_rank` is that of the release before; it is told only where the same peers had a figure then, or where
    those without one do not bear on the place's rank now: both ranks are then ranks among the same places.
    """
    try:
        return _worked_out(q)
    except Refused:
        found = _published(q, q.period)
        if found is None:
            raise
        return _as_published(q, *found)


def _worked_out(q: Question) -> Derived:
    """The rank by the figures of the place and its peers."""
    peers = _peers(q)
    _value(q)
    must_be_alike(q)
    if indicator_of(q).nature == "rank":
        raise Refused("rank_of_ranks")
    table = _table(q, (q.place, *peers))
    missing = len(peers) + 1 - len(table.figures)
    if len(table.figures) < FEWEST:
        raise Refused("peers_too_few", ranked=len(table.figures), missing=missing)
    if missing * 3 > len(peers):
        raise Refused("peers_missing", ranked=len(table.figures), missing=missing)
    return _with_movement(q, _ranked(q, table, missing), table)


def _peers(q: Question) -> list[str]:
    """The others to rank among. An aggregate, or a place that holds one of the others, is no peer."""
    places = q.catalogue.places
    group = places[q.place].peers
    named = q.peers or (q.catalogue.groups[group].members if group else ())
    among = {q.place, *named}
    # A place named that holds another one named: seen from below, through the ancestors of each.
    holders = {holder for place in among for holder in q.catalogue.ancestors(place) if holder in among}
    if places[q.place].kind in AGGREGATES or q.place in holders:
        raise Refused("aggregate_ranked")
    return [p for p in sorted(among - {q.place}) if places[p].kind not in AGGREGATES and p not in holders]


def _value(q: Question) -> Derived:
    return growth_of(q) if q.by == "growth" else told(q, observed(q))


def _table(q: Question, places: Iterable[str], reaching: Period | None = None) -> Table:
    """The figures of those places that have one; `reaching`: one that compares with that later period. Worked out
    once for all places that ask for their rank among the same."""
    among = tuple(sorted(places))
    key = ("to rank", q.indicator, q.breakdown, q.period, q.by, q.basis, q.since, reaching, among)
    if key not in q.memo:
        figures = {}
        for place in among:
            asked = replace(q, place=place)
            try:
                if reaching is not None:
                    must_not_cross(replace(asked, period=reaching), q.period)
                figures[place] = _value(asked)
            except Refused:
                continue
        written, inputs = expressions(list(figures.values()))
        q.memo[key] = Table(figures, dict(zip(figures, written, strict=True)), inputs)
    table: Table = q.memo[key]
    return table


def _ranked(q: Question, table: Table, missing: int) -> Derived:
    """The rank of the question's place in a table that holds it."""
    own = table.figures[q.place]
    others = [figure for place, figure in table.figures.items() if place != q.place]
    if q.by == "growth":
        must_agree(q, [own, *others])
    else:
        for other in others:
            must_match(q, own.inputs[0], other.inputs[0])
    function = "rank" if q.counted_from == "top" else "rank_from_bottom"
    formulas = [table.formulas[q.place], *(text for place, text in table.formulas.items() if place != q.place)]
    facts = {
        "of": q.by,
        "counted_from": q.counted_from,
        "tie": "yes" if any(_equal(q, own, other) for other in others) else "no",
        "missing_peers": str(missing),
    }
    out_of = result(
        replace(q, measure="count"),
        len(table.figures),
        "place",
        f"count({', '.join(table.formulas.values())})",
        table.inputs,
        decimals=0,
        basis=q.by,
    )
    return result(
        q,
        _place(q, own, others),
        "rank",
        f"{function}({', '.join(formulas)})",
        table.inputs,
        decimals=0,
        basis=q.by,
        facts=facts,
        parts={"own": own, "out_of": out_of},
    )


def _place(q: Question, own: Derived, others: Iterable[Derived]) -> int:
    sign = 1 if q.counted_from == "top" else -1
    return 1 + sum(sign * (other.value - own.value) > 0 and not _equal(q, own, other) for other in others)


def _equal(q: Question, own: Derived, other: Derived) -> bool:
    return close(own.value, other.value, points=q.by == "growth")


def _with_movement(q: Question, now: Derived, table: Table) -> Derived:
    """The rank with that of the release before, among the places that had a figure both times."""
    before_it = release_before(q, of_growth=q.by == "growth")
    then = replace(q, period=before_it)
    before = _table(then, table.figures, reaching=q.period)
    if len(before.figures) < FEWEST:
        return now
    if q.place not in before.figures:
        return replace(now, facts={**now.facts, "direction": "new", "previous": str(before_it)})
    both = (figure for place, figure in table.figures.items() if place in before.figures and place != q.place)
    if _place(q, table.figures[q.place], both) != now.value:
        return now
    previous = _ranked(then, before, len(table.figures) - len(before.figures))
    return _moved(now, previous)


def _moved(now: Derived, previous: Derived) -> Derived:
    """A rank beside an earlier one of the same thing, counted from the same end: improved is nearer to the top."""
    moved = (previous.value - now.value) * (1 if now.facts["counted_from"] == "top" else -1)
    direction = "improved" if moved > 0 else "slipped" if moved < 0 else "held"
    facts = {**now.facts, "direction": direction, "previous": str(previous.period)}
    return replace(now, facts=facts, parts={**now.parts, "previous_rank": previous})


def _published(
    q: Question, period: Period, counted_from: str = "", among: str | None = None
) -> tuple[Observation, str] | None:
    """A published rank of the same thing, counted from the same end, and among whom (`among`; whomever, where empty):
    a place or a peer group, the word of the source where it is neither."""
    for series in told_on_any_basis(q, "rank", q.by):
        row = series.at(period) if series.counted_from == (counted_from or q.counted_from) else None
        peers = q.catalogue.comparator(series.basis, q.place) or series.basis
        if row is not None and among in (None, peers):
            return row, peers
    return None


def _as_published(q: Question, row: Observation, among: str) -> Derived:
    """The rank that a source tells, with its earlier one among the same peers."""
    facts = {"of": q.by, "counted_from": q.counted_from, "among": among}
    now = told(q, row, measure="rank", basis=q.by, facts=facts)
    before = q.period.step(-1)
    if earlier := _published(q, before, among=among):
        return _moved(now, told(q, earlier[0], measure="rank", basis=q.by, facts=facts))
    other_end = "bottom" if q.counted_from == "top" else "top"
    group = q.catalogue.groups.get(among)
    if group is not None and (earlier := _published(q, before, other_end, among)):
        return _moved(now, _from_other_end(q, earlier[0], len(group.members), facts))
    return now


def _from_other_end(q: Question, row: Observation, places: int, facts: dict[str, str]) -> Derived:
    """The last but one of 27 is the 26th: worked out only where it is known among how many."""
    value, formula = places + 1 - row.value, f"{places + 1} - a"
    then = replace(q, period=row.period, measure="rank")
    return result(then, value, "rank", formula, (row,), decimals=0, basis=q.by, facts=facts)


MEASURES: dict[str, Measure] = {"rank": rank}
