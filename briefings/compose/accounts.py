"""Accounts: all that sources tell of one indicator in one period, side by side.

In: the desk, the indicators and the periods that a section asks for. Out: `Account`s with their figures by role, and
the findings that tell them. What follows from what is told is worked out in `implied`. The seeds are accounts: a work
report tells a level, its growth, its rank, once. Series with a history are next door, in `single`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from briefings.briefing import Finding, Tone, figure_id
from briefings.compose.account import BASES, MEASURES, RATES, ROLES, Account, Key, role_of, told_as
from briefings.compose.desk import Desk
from briefings.compose.implied import Implications
from briefings.compose.weight import STEP, tone, weigh
from briefings.compose.window import as_printed, belongs
from briefings.measures import Derived, is_whole
from briefings.observations import Observation
from briefings.periods import Period, Shape
from briefings.quantities import Unit
from briefings.themes import PUBLISHED, MeasureRequest, WindowWord

#: What makes an account worth more than a bare level, in weight.
WORTH = {"rank": 8.0, "growth": 6.0, "gap": 6.0, "completion": 6.0, "average": 4.0, "since": 4.0, "multiple": 4.0}
#: Growth over more years than this tells little of today.
FAR = 15


@dataclass
class Accounts:
    """The accounts of a briefing's place, and of the places within it that have no briefing of their own."""

    desk: Desk
    _rows: dict[str, list[Observation]] = field(default_factory=dict)
    _held: dict[int, str] = field(default_factory=dict)
    _places: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._order = {key: number for number, key in enumerate(self.desk.theme.indicators(self.desk.catalogue))}
        self._places = (self.desk.place, *within(self.desk))
        rows: defaultdict[str, list[Observation]] = defaultdict(list)
        for item in self.desk.checked.held:
            kept_out = item.observations if item.reason == "conflict" else item.observations[:1]
            for row in kept_out:
                self._held[id(row)] = item.reason
                rows[row.indicator].append(row)
        for series in self.desk.panel:
            rows[series.indicator].extend(series)
        self._rows = {key: [row for row in found if row.place in self._places] for key, found in rows.items()}
        self._implied = Implications(self.desk, self._rows, self._held)

    def of(self, indicators: Iterable[str], words: Sequence[WindowWord]) -> list[Account]:
        """The accounts of these indicators in the periods that `words` name, in the order of the indicators; of each
        the briefing's own place and period first."""
        return [account for indicator in indicators for account in self._of(indicator, words)]

    def latest(self, indicator: str, place: str) -> Account | None:
        """The latest account of an indicator in a place that tells its level, up to the briefing's period."""
        told = [a for a in self._of(indicator, ("own", "plan", "latest")) if a.place == place and not a.target]
        levels = [a for a in told if "level" in a.figures and a.period.end <= self.desk.period.end]
        return max(levels, key=lambda a: (a.period.shape is Shape.YEAR, a.period.end), default=None)

    def _of(self, indicator: str, words: Sequence[WindowWord]) -> list[Account]:
        rows = self._rows.get(indicator, [])
        shown = [row for row in rows if belongs(row, self.desk.period, words)]
        if "latest" in words:
            shown += self._latest(rows, shown)
        grouped: dict[tuple[Key, int], list[Observation]] = defaultdict(list)
        for row in sorted(shown, key=_order):
            turn = 0
            while any(role_of(other) == role_of(row) for other in grouped[self._key(row), turn]):
                turn += 1  # two ranks of one indicator are two accounts
            grouped[self._key(row), turn].append(row)
        made = [self._account(key, told) for (key, _), told in grouped.items() if told]
        return sorted(made, key=lambda a: (self._places.index(a.place), a.breakdown, self._far(a.period), a.target))

    def _latest(self, rows: Sequence[Observation], shown: Sequence[Observation]) -> list[Observation]:
        """Of each place and breakdown of which nothing is shown, what was told of the latest period before; and of
        what is shown, what was told of the two before: what it is compared with."""
        there = {(row.place, row.breakdown) for row in shown}
        past = [row for row in rows if row.period.end <= self.desk.period.end and row not in shown and not row.target]
        found = []
        for place, breakdown in dict.fromkeys((row.place, row.breakdown) for row in past):
            mine = [row for row in past if (row.place, row.breakdown) == (place, breakdown)]
            ends = sorted({row.period.end for row in mine}, reverse=True)
            wanted = ends[: 2 if (place, breakdown) in there else 3]
            found += [row for row in mine if row.period.end in wanted]
        return found

    def _far(self, period: Period) -> tuple[int, int]:
        """The briefing's own period first, then those that end latest, of these the shortest."""
        own = period == self.desk.period
        return (0 if own else 1, -period.end.toordinal())

    def _key(self, row: Observation) -> Key:
        return row.indicator, row.place, row.breakdown, as_printed(row), row.target

    def _account(self, key: Key, rows: Sequence[Observation]) -> Account:
        indicator, place, breakdown, period, target = key
        figures: dict[str, Derived] = {}
        contradicted: dict[str, Derived] = {}
        facts: dict[str, str] = {}
        for row in rows:
            role = role_of(row)
            held = id(row) in self._held
            (contradicted if held else figures)[role] = told_as(row, role, period)
            facts |= self._facts(row, role)
        status = next((row.status for row in rows), "actual")
        account = Account(indicator, place, breakdown, period, target, status, figures, facts, contradicted)
        if not target:
            self._implied.add(account)
        return account

    def _facts(self, row: Observation, role: str) -> dict[str, str]:
        """What is no number about a figure: what a share is of, whom a gap is to, among whom and of what a rank is."""
        base = self._base(row)
        # A source that does not say since when tells no change on the year.
        changed = BASES.get(RATES[row.basis], "") if row.basis in RATES and row.basis else ""
        facts: dict[str, dict[str, str]] = {
            "share": {"share_of": row.basis},
            "since": {"since_base": base},
            "multiple": {"multiple_base": base} if base != row.basis else {},
            "change": {"change_basis": f"since {base}" if base != row.basis else changed},
            "gap": {"gap_to": self._comparator(row), "gap_of": _gap_of(row)},
            "rank": {
                "rank_among": self._comparator(row),
                "rank_of": row.of or "level",
                "counted_from": row.counted_from or "top",
            },
        }
        return facts.get(role, {})

    def _base(self, row: Observation) -> str:
        """The period since which a figure grew; of a stock, the end of a span: 177% on the end of the plan before."""
        base = row.basis.removeprefix("vs:")
        if base == row.basis or self.desk.indicator(row.indicator).nature != "stock":
            return base
        period = Period.parse(base)
        return str(period.end.year) if period.shape is Shape.CUMULATED_YEARS else base

    def _comparator(self, row: Observation) -> str:
        """The place or the peer group by which a source ranks or compares, its own word where that is neither."""
        return self.desk.catalogue.comparator(row.basis, row.place) or row.basis

    # -- findings ----------------------------------------------------------------------------------------------------

    def finding(self, account: Account, extra: Sequence[MeasureRequest] = (), *, lead: float = 0.0) -> Finding | None:
        """The account as a finding; `extra`: measures that the theme asks for beside what is published; `lead`: what
        it weighs more for standing in the headline. None where all its figures are held."""
        figures = dict(account.figures)
        silent = {
            key for role in account.contradicted for key in self._facts(account.contradicted[role].inputs[0], role)
        }
        facts = {"status": account.status} | {k: v for k, v in account.facts.items() if k not in silent}
        for request in extra:
            if request.measure == PUBLISHED or account.period != self.desk.period:
                continue
            answer = self.desk.want(request, account.indicator, account.place, breakdown=account.breakdown)
            if answer is not None and request.measure == "ratio":
                figures["ratio"] = answer
                facts["ratio_to"] = request.to or ""
        if not figures.keys() & set(MEASURES):
            return None
        if "since" in figures and self._is_far(account) and len(figures.keys() & set(MEASURES)) > 1:
            del figures["since"]  # the table has it
            facts.pop("since_base", None)
        moved = next((figures[role] for role in ("growth", "since", "average", "change") if role in figures), None)
        direction = "" if moved is None else "up" if moved.value > 0 else "down" if moved.value < 0 else "flat"
        told = "|".join(sorted(f"{role}={figures[role].basis}" for role in figures if role in MEASURES))
        return Finding(
            id=figure_id("finding", "account", *account.key, told),
            kind="account",
            indicator=account.indicator,
            place=account.place,
            breakdown=account.breakdown,
            period=str(account.period),
            figures={role: self.desk.enter(derived) for role, derived in figures.items()},
            facts={key: value for key, value in (facts | {"direction": direction}).items() if value},
            weight=round(self._weight(account, figures) + lead, 6),
            tone=self._tone(account, figures, direction),
        )

    def _weight(self, account: Account, figures: dict[str, Derived]) -> float:
        """More for a rank, a growth, a gap, a completion; less for what is another place's, another period's or a
        target; nought and a hundred percent are no news."""
        weight = weigh(self.desk.theme, "account") + sum(WORTH.get(role, 0.0) for role in figures)
        weight -= 0.001 * self._order[account.indicator]
        if "level" in figures and Unit.parse(figures["level"].unit)[0].is_currency:
            weight += 2.0
        rank = figures.get("rank")
        if rank is not None and rank.value <= 3:
            weight += 4.0
        if account.target:
            weight -= STEP
        if account.place != self.desk.place or account.period.end < self.desk.period.start:
            weight -= STEP / 2
        if self._trivial(figures):
            weight -= 2 * STEP
        if "since" in figures and self._is_far(account):
            weight -= WORTH["since"] + STEP / 2
        return weight

    def _is_far(self, account: Account) -> bool:
        """Whether a growth is since a time that few remember: forty years make every figure large."""
        base = account.facts["since_base"]
        return not base or account.period.year - Period.parse(base).year > FAR

    def _trivial(self, figures: dict[str, Derived]) -> bool:
        level = figures.get("level") or figures.get("share")
        return level is not None and (level.value == 0 or (level.unit == "percent" and level.value == 100.0))

    def _tone(self, account: Account, figures: dict[str, Derived], direction: str) -> Tone:
        """Good news or bad: a rank from the bottom, a target missed, a lag behind, a movement against the wanted
        direction."""
        item = self.desk.indicator(account.indicator)
        if account.target or self._trivial(figures):
            return "neutral"
        if "rank" in figures:
            bottom = account.facts["counted_from"] == "bottom"
            return "adverse" if bottom else "favourable" if figures["rank"].value <= 3 else "neutral"
        if "completion" in figures:
            judged = item.direction != "lower" and is_whole(figures["completion"].inputs[0])
            return "neutral" if not judged else "favourable" if figures["completion"].value >= 100 else "adverse"
        if "gap" in figures and item.direction != "neither":
            return "favourable" if (figures["gap"].value > 0) == (item.direction == "higher") else "adverse"
        return tone(item, direction)


def within(desk: Desk) -> tuple[str, ...]:
    """The places that the briefing's own holds and that have no briefing of their own in this theme; for an aggregate
    those that the theme sets beside it."""
    if desk.catalogue.places[desk.place].kind == "aggregate":
        return desk.catalogue.resolve(desk.theme.places.beside)
    each = set(desk.catalogue.resolve(desk.theme.places.each))
    if desk.catalogue.places[desk.place].kind not in PARTS_SHOWN:
        return ()
    return tuple(
        key
        for key in desk.catalogue.places
        if key not in each and desk.place in desk.catalogue.ancestors(key) and not each & set(_between(desk, key))
    )


#: Kinds of place whose small parts (a county, a zone) are told of with them.
PARTS_SHOWN = frozenset({"city", "district", "county"})


def _between(desk: Desk, place: str) -> Iterator[str]:
    """The places that hold `place` below the briefing's own."""
    for holder in desk.catalogue.ancestors(place):
        if holder == desk.place:
            return
        yield holder


def _gap_of(row: Observation) -> str:
    """What a gap is a gap of; over several years growth is average annual growth."""
    return "average" if row.of == "growth" and row.period.shape is Shape.CUMULATED_YEARS else row.of or "level"


def _order(row: Observation) -> tuple[int, str, str]:
    return ROLES.index(role_of(row)), row.basis, row.source
