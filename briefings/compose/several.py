"""What is worth saying of one indicator in several places, side by side.

In: the desk, the places of a section and the measures asked for. Out: findings that list places: the largest movers,
how many rose and fell, the highest and the lowest, who moved in rank, what the largest hold together. They weigh less
than what happened in the briefing's own place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.briefing import Entry, Finding, figure_id
from briefings.compose.desk import LEVEL, Desk
from briefings.compose.parts import counted_twice
from briefings.compose.single import Subject
from briefings.compose.weight import weigh
from briefings.measures import Derived
from briefings.measures.results import combine, listed
from briefings.themes import MeasureRequest, Section

#: A list in a sentence names so many places at most.
LISTED = 3
#: Measures by which a place is set against its benchmarks.
RATES = ("growth", "change", "average annual growth")
#: Fewer places than this make no list worth a sentence.
FEWEST = 4


class Group:
    """One indicator in several places, at the desk. Aggregates among the places are left out: they hold the others."""

    def __init__(self, desk: Desk, indicator: str, places: Sequence[str], section: Section) -> None:
        self.desk = desk
        self.indicator = indicator
        self.all = tuple(places)
        self.places = tuple(place for place in places if place not in desk.benchmarks)
        self.requests = tuple(section.show[indicator])
        self.listed = frozenset(largest(desk, indicator, self.places, section.top)) | {desk.place}

    def findings(self) -> Iterator[Finding]:
        """Everything worth saying, in no order."""
        if len(self.places) < FEWEST:
            yield from self._against_benchmarks()
            return
        for request in self.requests:
            if request.measure in ("growth", "change"):
                yield from self._movements(request)
            elif request.measure == "level" and self._comparable():
                yield from self._extremes(request)
            elif request.measure == "rank":
                yield from self._rank_moves(request)
            elif request.measure == "share":
                yield from self._top_share(request)
            elif request.measure in ("volatility", "average annual growth", "per head"):
                yield from self._extremes(request)

    def measured(self, request: MeasureRequest) -> list[Derived]:
        """The measure in every place that has it, the highest first; ties in order of the places' ids."""
        return self._measured(request, self.places)

    def named(self, request: MeasureRequest) -> list[Derived]:
        """As `measured`, of the places that the section shows: a reader finds whoever a sentence names in the table."""
        return self._measured(request, tuple(place for place in self.places if place in self.listed))

    def _measured(self, request: MeasureRequest, places: Sequence[str]) -> list[Derived]:
        peers = self.places if request.measure == "rank" else ()
        found = [self.desk.get(request, self.indicator, place, peers=peers) for place in places]
        return sorted((d for d in found if d is not None), key=lambda d: (-d.value, d.place))

    def _movements(self, request: MeasureRequest) -> Iterator[Finding]:
        rates = self.measured(request)
        notable = self.desk.theme.notable.growth
        named = self.named(request)
        risers = [rate for rate in named if rate.value >= notable]
        fallers = [rate for rate in reversed(named) if rate.value <= -notable]
        for direction, movers in (("up", risers), ("down", fallers)):
            if movers:
                yield self._list(
                    "movers", movers[:LISTED], "growth", of=named, direction=direction, basis=rates[0].basis
                )
        if len(rates) >= FEWEST:
            yield self._breadth(rates)

    def _breadth(self, rates: list[Derived]) -> Finding:
        up = [rate for rate in rates if rate.value > 0]
        down = [rate for rate in rates if rate.value < 0]
        figures = {
            "up": self.desk.enter(_count(up, rates, "rises")),
            "down": self.desk.enter(_count(down, rates, "falls")),
            "count": self.desk.enter(_count(rates, rates, "places")),
        }
        direction = "up" if len(up) > len(down) else "down" if len(down) > len(up) else "flat"
        one_sided = abs(len(up) - len(down)) / len(rates)
        return self._finding(
            "breadth",
            figures,
            (),
            weight=weigh(self.desk.theme, "breadth", unusual=1 + one_sided, routine=True),
            direction=direction,
            basis=rates[0].basis,
        )

    def _extremes(self, request: MeasureRequest) -> Iterator[Finding]:
        values = self.named(request)
        if len(values) < FEWEST or not _apart(values):
            return
        yield self._list("extremes", [values[0], values[-1]], "level", of=values, measure=_worded(values[0]))

    def _comparable(self) -> bool:
        """Whether levels can be set side by side: all of them shown, and in one unit."""
        units = {self.desk.catalogue.unit(self.indicator, place) for place in self.places}
        return len(units) == 1 and self.listed >= set(self.places)

    def _against_benchmarks(self) -> Iterator[Finding]:
        """Of a place with its benchmarks alone: where each rate is highest and lowest."""
        places = (*self.places, *(place for place in self.all if place in self.desk.benchmarks))
        for request in self.requests:
            values = self._measured(request, places) if request.measure in RATES else []
            if len(values) >= FEWEST and _apart(values):
                yield self._list("extremes", [values[0], values[-1]], "level", measure=_worded(values[0]))

    def _rank_moves(self, request: MeasureRequest) -> Iterator[Finding]:
        """Who moved most in rank by level, where one moved further than the rest: several that moved alike are no
        largest move, and ranks by growth change hands every time."""
        if request.by == "growth":
            return
        ranks = self.named(request)
        moved: dict[str, list[Derived]] = {"improved": [], "slipped": []}
        for rank in ranks:
            if rank.facts.get("direction") in moved and _step(rank) >= self.desk.theme.notable.rank:
                moved[rank.facts["direction"]].append(rank)
        for direction, found in moved.items():
            if found:
                found.sort(key=lambda rank: (-_step(rank), rank.value, rank.place))
            if found and (len(found) == 1 or _step(found[0]) > _step(found[1])):
                yield self._list("rank_moves", found[:LISTED], "rank", "previous_rank", of=ranks, direction=direction)

    def _top_share(self, request: MeasureRequest) -> Iterator[Finding]:
        """What the largest hold together: the sum of shares of one whole."""
        shares = self.measured(request)[:LISTED]
        if len(shares) < LISTED or counted_twice(self.desk.catalogue, [share.place for share in shares]):
            return
        together = Derived(
            measure="share",
            indicator=self.indicator,
            place=self.desk.place,
            breakdown="",
            period=self.desk.period_of(self.indicator),
            value=sum(share.value for share in shares),
            unit="percent",
            basis=f"{len(shares)} largest",
            formula="({}) / {} * 100".format(" + ".join("abc"[: len(shares)]), "d"),
            inputs=(*(share.inputs[0] for share in shares), shares[0].inputs[1]),
            computed=True,
            decimals=1,
            status=shares[0].status,
        )
        count = _count(shares, shares, "largest")
        figures = {"share": self.desk.enter(together), "count": self.desk.enter(count)}
        whole = self.desk.catalogue.resolve((request.to or "",), around=self.desk.place)
        yield self._finding(
            "top_share",
            figures,
            self._entries(shares, "share"),
            weight=weigh(self.desk.theme, "top_share"),
            of=whole[0] if whole else "total",
        )

    def _list(
        self,
        kind: str,
        members: list[Derived],
        role: str,
        *parts: str,
        of: Sequence[Derived] = (),
        **facts: str,
    ) -> Finding:
        """A list of some `of` the places; how many these are is told, and that they are the largest where others are
        left out. Movers weigh by how unusual they are for themselves: a currency that always falls is no news."""
        unusual = max(self._unusual(member) for member in members) if kind == "movers" else 0.0
        entries = self._entries(members, role, *parts)
        weight = weigh(self.desk.theme, kind, unusual=min(unusual, 3.0), routine=True)
        count = {"count": self.desk.enter(_count(of, of, "places"))} if of else {}
        among = {} if not of or self.listed >= set(self.places) else {"among": "largest"}
        return self._finding(kind, count, entries, weight=weight, **facts, **among)

    def _unusual(self, rate: Derived) -> float:
        return Subject(self.desk, self.indicator, rate.place, (), rate.breakdown).unusual(rate)

    def _entries(self, members: Sequence[Derived], role: str, *parts: str) -> tuple[Entry, ...]:
        return tuple(
            Entry(place=m.place, breakdown=m.breakdown, figures={role: self.desk.enter(m)} | self.desk.parts(m, *parts))
            for m in members
        )

    def _finding(
        self, kind: str, figures: dict[str, str], entries: tuple[Entry, ...], *, weight: float, **facts: str
    ) -> Finding:
        return Finding(
            id=figure_id(
                "finding",
                kind,
                self.indicator,
                self.desk.place,
                self.desk.period_of(self.indicator),
                *sorted(facts.items()),
            ),
            kind=kind,
            indicator=self.indicator,
            place=self.desk.place,
            period=str(self.desk.period_of(self.indicator)),
            figures=figures,
            facts=facts,
            entries=entries,
            weight=weight,
        )


def largest(desk: Desk, indicator: str, places: Sequence[str], most: int) -> tuple[str, ...]:
    """The `most` largest by level, where there are more and their units agree; all of them otherwise."""
    if len(places) <= most or len({desk.catalogue.unit(indicator, place) for place in places}) > 1:
        return tuple(places)
    levels = [(place, desk.get(LEVEL, indicator, place)) for place in places]
    known = sorted(((-level.value, place) for place, level in levels if level is not None))
    return tuple(place for _, place in known[:most])


def _worded(derived: Derived) -> str:
    """The measure with its basis, as a sentence names it."""
    return f"{derived.measure} {derived.basis}" if derived.measure in ("growth", "change") else derived.measure


def _step(rank: Derived) -> float:
    previous = rank.parts.get("previous_rank")
    return abs(rank.value - previous.value) if previous else 0.0


def _apart(values: Sequence[Derived]) -> bool:
    """Whether one alone is the highest, and one alone the lowest."""
    return values[0].value > values[1].value and values[-2].value > values[-1].value


def _count(counted: Sequence[Derived], among: Sequence[Derived], what: str) -> Derived:
    """How many of those that it is `among`: a figure like any other, with a formula that can be worked out. Rises and
    falls are counted among all rates; places are listed, each with the figure that it was taken for."""
    first = among[0]
    if what in ("rises", "falls"):
        formula, inputs = combine(f"{what}({', '.join(['{}'] * len(among))})", among)
    else:
        inputs = tuple(item.parts.get("own", item).inputs[0] for item in among)
        formula = f"count({listed(inputs)})"
    return Derived(
        measure="count",
        indicator=first.indicator,
        place=first.place,
        breakdown="",
        period=first.period,
        value=float(len(counted)),
        unit="place",
        basis=f"{what} {first.basis}".strip(),
        formula=formula,
        inputs=inputs,
        computed=True,
        decimals=0,
        status="actual",
    )
