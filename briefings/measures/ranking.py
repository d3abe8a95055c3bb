"""Places in order: the rank among peers, and how it moved.

In: a `Question` with its peers. Out: a `Derived` or a `Refusal`. A single place to compare with is in `comparison`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

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
    unit_of,
    weakest,
)
from briefings.measures.model import Derived, Question
from briefings.measures.results import expressions, result, told
from briefings.observations import Observation
from briefings.periods import Period

FEWEST = 3
AGGREGATES = ("world", "aggregate")


@dataclass(frozen=True, eq=False)
class Among:
    """The places that are ranked, in order of place, and those named that are not, since they hold others."""

    places: tuple[str, ...]
    holders: frozenset[str]


@dataclass(frozen=True, eq=False)
class Table:
    """The figures that are ranked, by place, in order of place: each with its formula over the inputs of all.

    Whatever is the same for every place that asks for its rank is worked out once, so that the ranks of thousands of
    places cost one sorting. `points`: the figures are rates, and closer than a ten-thousand-millionth they are equal.
    `alike`: all are of whole periods or all to date, and in one unit.
    """

    figures: dict[str, Derived]
    formulas: dict[str, str]
    inputs: tuple[Observation, ...]
    points: bool
    alike: bool

    @cached_property
    def order(self) -> Order:
        return Order(sorted(figure.value for figure in self.figures.values()), self.points)

    @cached_property
    def status(self) -> str:
        return weakest([row.standing for row in self.inputs])

    @cached_property
    def count(self) -> str:
        return f"count({', '.join(self.formulas.values())})"

    @cached_property
    def computed(self) -> frozenset[bool]:
        return frozenset(figure.computed for figure in self.figures.values())


@dataclass(frozen=True, slots=True)
class Order:
    """Values from the lowest to the highest, among which a value takes its place."""

    values: Sequence[float]
    points: bool

    def above(self, value: float) -> int:
        """How many are higher: not those that are equal but for what binary fractions make of decimals."""
        at = bisect_right(self.values, value)
        while at < len(self.values) and close(self.values[at], value, points=self.points):
            at += 1
        return len(self.values) - at

    def below(self, value: float) -> int:
        """How many are lower."""
        at = bisect_left(self.values, value)
        while at and close(self.values[at - 1], value, points=self.points):
            at -= 1
        return at

    def place(self, value: float, counted_from: str) -> int:
        """Standard competition ranking, 1, 2, 2, 4; whether `value` is among the values is no matter."""
        return 1 + (self.above(value) if counted_from == "top" else self.below(value))

    def ties(self, value: float) -> int:
        """How many are equal to it."""
        return len(self.values) - self.above(value) - self.below(value)


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
    among = _among(q)
    _value(q)
    table, missing = _ranking(q, among)
    return _with_movement(q, _ranked(q, table, missing), table)


def ranks(q: Question) -> dict[str, int]:
    """The rank of every place among the question's peers that has one, by place; empty where there is no ranking.

    What `rank` tells of each, without its formula and its movement: a table of thousands of places has them at the cost
    of one."""
    try:
        table, _ = _ranking(q, _group(q))
        _must_compare(q, table, next(iter(table.figures.values())))
    except Refused:
        return {}
    return {place: table.order.place(figure.value, q.counted_from) for place, figure in table.figures.items()}


def _ranking(q: Question, among: Among) -> tuple[Table, int]:
    """The figures to rank, and how many of the peers have none; refused where these are too many."""
    must_be_alike(q)
    if indicator_of(q).nature == "rank":
        raise Refused("rank_of_ranks")
    table = _table(q, among)
    missing = len(among.places) - len(table.figures)
    if len(table.figures) < FEWEST:
        raise Refused("peers_too_few", ranked=len(table.figures), missing=missing)
    if missing * 3 > len(among.places) - 1:
        raise Refused("peers_missing", ranked=len(table.figures), missing=missing)
    return table, missing


def _among(q: Question) -> Among:
    """Those to rank among, the place itself too. An aggregate, or a place that holds one of the others, is none."""
    among = _group(q)
    if q.catalogue.places[q.place].kind in AGGREGATES or q.place in among.holders:
        raise Refused("aggregate_ranked")
    return among


def _group(q: Question) -> Among:
    """The question's place and its peers, less those that hold others."""
    group = q.catalogue.places[q.place].peers
    named = q.peers or (q.catalogue.groups[group].members if group else ())
    key = ("among", named, "" if q.place in named else q.place)
    if key not in q.memo:
        q.memo[key] = _peers(q, {q.place, *named})
    among: Among = q.memo[key]
    return among


def _peers(q: Question, named: set[str]) -> Among:
    places = q.catalogue.places
    # A place named that holds another one named: seen from below, through the ancestors of each.
    holders = frozenset(holder for place in named for holder in q.catalogue.ancestors(place) if holder in named)
    return Among(tuple(p for p in sorted(named) if places[p].kind not in AGGREGATES and p not in holders), holders)


def _value(q: Question) -> Derived:
    return growth_of(q) if q.by == "growth" else told(q, observed(q))


def _table(q: Question, among: Among | Table, reaching: Period | None = None) -> Table:
    """The figures of those places that have one; `reaching`: one that compares with that later period. Worked out
    once for all places that ask for their rank among the same."""
    key = ("to rank", q.indicator, q.breakdown, q.period, q.by, q.basis, q.since, reaching, among)
    if key not in q.memo:
        figures = {}
        for place in among.places if isinstance(among, Among) else among.figures:
            asked = replace(q, place=place)
            try:
                if reaching is not None:
                    must_not_cross(replace(asked, period=reaching), q.period)
                figures[place] = _value(asked)
            except Refused:
                continue
        written, inputs = expressions(list(figures.values()))
        alike = len({(row.is_to_date, unit_of(q, row)) for row in (each.inputs[0] for each in figures.values())}) < 2
        q.memo[key] = Table(figures, dict(zip(figures, written, strict=True)), inputs, q.by == "growth", alike)
    table: Table = q.memo[key]
    return table


def _ranked(q: Question, table: Table, missing: int) -> Derived:
    """The rank of the question's place in a table that holds it."""
    own = table.figures[q.place]
    _must_compare(q, table, own)
    function = "rank" if q.counted_from == "top" else "rank_from_bottom"
    formulas = [table.formulas[q.place], *(text for place, text in table.formulas.items() if place != q.place)]
    facts = {
        "of": q.by,
        "counted_from": q.counted_from,
        "tie": "yes" if table.order.ties(own.value) > 1 else "no",
        "missing_peers": str(missing),
    }
    out_of = result(
        replace(q, measure="count"),
        len(table.figures),
        "place",
        table.count,
        table.inputs,
        decimals=0,
        basis=q.by,
        status=table.status,
    )
    return result(
        q,
        table.order.place(own.value, q.counted_from),
        "rank",
        f"{function}({', '.join(formulas)})",
        table.inputs,
        decimals=0,
        basis=q.by,
        facts=facts,
        parts={"own": own, "out_of": out_of},
        status=table.status,
    )


def _must_compare(q: Question, table: Table, own: Derived) -> None:
    """Refuse to rank figures in different units, of a year so far and a whole one, or published rates beside computed
    ones."""
    others = (figure for figure in table.figures.values() if figure is not own)
    if q.by == "growth":
        if len(table.computed) > 1 or not table.alike:
            must_agree(q, [own, *others])
    elif not table.alike:
        for other in others:
            must_match(q, own.inputs[0], other.inputs[0])


def _with_movement(q: Question, now: Derived, table: Table) -> Derived:
    """The rank with that of the release before, among the places that had a figure both times."""
    before_it = release_before(q, of_growth=q.by == "growth")
    then = replace(q, period=before_it)
    before = _table(then, table, reaching=q.period)
    if len(before.figures) < FEWEST:
        return now
    if q.place not in before.figures:
        return replace(now, facts={**now.facts, "direction": "new", "previous": str(before_it)})
    if _both(q, table, before).place(table.figures[q.place].value, q.counted_from) != now.value:
        return now
    previous = _ranked(then, before, len(table.figures) - len(before.figures))
    return _moved(now, previous)


def _both(q: Question, table: Table, before: Table) -> Order:
    """The order now of those places alone that had a figure both times."""
    if len(before.figures) == len(table.figures):
        return table.order
    key = ("both times", table, before)
    if key not in q.memo:
        values = sorted(figure.value for place, figure in table.figures.items() if place in before.figures)
        q.memo[key] = Order(values, table.points)
    order: Order = q.memo[key]
    return order


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
