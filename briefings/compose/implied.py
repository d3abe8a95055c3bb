"""What follows from an account: the figure that a gap implies, the level before and the growth since, an earlier rank,
the completion rate that a source tells under an indicator of its own.

In: an account and the observations around it. Out: further roles of the account, marked as computed where they are.
Nothing is worked out that the growth class of the indicator forbids: the measures are asked.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from briefings.compose.account import Account, role_of, told_as
from briefings.compose.desk import Desk
from briefings.compose.window import as_printed
from briefings.measures import Derived
from briefings.observations import Observation
from briefings.periods import Period, Shape
from briefings.quantities import Unit
from briefings.themes import MeasureRequest

#: What the levels' own rounding may add to the difference between a published rate and their ratio, in points.
ROUNDING = 0.05


@dataclass(frozen=True)
class Implications:
    """`rows` are the observations of the places shown, by indicator; `held` the ids of those that the audit holds."""

    desk: Desk
    rows: Mapping[str, Sequence[Observation]]
    held: Container[int]

    def add(self, account: Account) -> None:
        """Put what follows beside what is told."""
        self._add_benchmark(account)
        self._add_earlier(account)
        self._add_previous_rank(account)
        self._add_completion(account)

    def _add_benchmark(self, account: Account) -> None:
        """What the gap implies for the place compared with: own figure less gap."""
        gap, facts = account.figures.get("gap"), account.facts
        own = account.figures.get(facts.get("gap_of", ""))
        if gap is None or own is None or facts["gap_to"] not in self.desk.catalogue.places:
            return
        if own.unit not in ("percent", gap.unit):
            return
        account.figures["benchmark"] = Derived(
            measure=own.measure,
            indicator=account.indicator,
            place=facts["gap_to"],
            breakdown=account.breakdown,
            period=account.period,
            value=round(own.value - gap.value, 10),
            unit=own.unit,
            basis=own.basis,
            formula="a - b",
            inputs=(*own.inputs, *gap.inputs),
            computed=True,
            decimals=max(own.decimals or 0, gap.decimals or 0) if own.decimals is not None else None,
            status=own.status,
        )

    def _add_earlier(self, account: Account) -> None:
        """The latest level before, of the same kind of period, with the growth between the two where levels tell it."""
        level = account.figures.get("level")
        if level is None or account.period.shape in (Shape.TO_DATE, Shape.DAY):
            return
        before = [
            row
            for row in self.rows[account.indicator]
            if (row.place, row.breakdown, row.kind, row.target) == (account.place, account.breakdown, "level", False)
            and row.period < account.period
            and _alike(row.period, account.period)
            and id(row) not in self.held
        ]
        if not before:
            return
        row = max(before, key=lambda row: row.period)
        account.figures["earlier"] = told_as(row, "level", row.period)
        account.facts["earlier_period"] = str(row.period)
        self._add_growth_between(account, level, row)

    def _add_growth_between(self, account: Account, level: Derived, row: Observation) -> None:
        """The growth from an earlier level, and a year on average, where levels tell it and the source does not."""
        if _is_small(level, row):
            return
        point = (account.indicator, account.place, account.period)
        published = account.figures.get("since") if account.facts.get("since_base") == str(row.period) else None
        if published is not None and _follows(published, level, row):
            self.desk.of_totals.add(self.desk.enter(published))
        asked = MeasureRequest("growth", basis="since", since=row.period)
        come = self.desk.get(asked, *point, breakdown=account.breakdown)
        if come is not None and published is None and "growth" not in account.figures:
            account.figures["since_earlier"] = come
        asked = MeasureRequest("average annual growth", since=row.period)
        average = self.desk.get(asked, *point, breakdown=account.breakdown)
        if average is not None and account.period.year - row.period.year > 1 and "average" not in account.figures:
            account.figures["computed_average"] = average

    def _add_previous_rank(self, account: Account) -> None:
        """The rank that the source tells of an earlier period, of the same thing among the same places."""
        rank = account.figures.get("rank")
        if rank is None:
            return
        now = rank.inputs[0]
        before = [
            row
            for row in self.rows[account.indicator]
            if (row.kind, row.place, row.breakdown, row.basis, row.of)
            == ("rank", now.place, now.breakdown, now.basis, now.of)
            and row.period < now.period
            and id(row) not in self.held
        ]
        if before:
            row = max(before, key=lambda row: row.period)
            account.figures["previous_rank"] = told_as(row, "rank", row.period)
            account.facts["previous_rank_period"] = str(row.period)
            account.facts["previous_counted_from"] = row.counted_from or "top"

    def _add_completion(self, account: Account) -> None:
        """The completion rate that the source tells under an indicator of its own, beside the outcome it is of."""
        for key, item in self.desk.catalogue.indicators.items():
            if item.completes != account.indicator:
                continue
            for row in self.rows.get(key, ()):
                same = (row.place, row.breakdown, as_printed(row)) == (
                    account.place,
                    account.breakdown,
                    account.period,
                )
                if same and id(row) not in self.held:
                    account.figures["completion"] = told_as(row, role_of(row), account.period)


def _follows(rate: Derived, level: Derived, earlier: Observation) -> bool:
    """Whether a published rate is, within rounding, the ratio of two published levels."""
    if earlier.value <= 0:
        return False
    ratio = (level.value / earlier.value - 1) * 100
    return abs(ratio - rate.value) <= 0.5 * 10.0 ** -(rate.decimals or 0) + ROUNDING


def _alike(one: Period, other: Period) -> bool:
    """Whether two periods are of one shape and, where they span years, of one length."""
    spans = (period.end.year - period.start.year for period in (one, other))
    return one.shape is other.shape and len(set(spans)) == 1


def _is_small(level: Derived, earlier: Observation) -> bool:
    """Whether two counts are so small, or count days, that a rate between them says less than they do: ten industrial
    parks made seven."""
    unit = Unit.parse(level.unit)[0]
    few = unit.is_count and max(level.value, earlier.value) < FEW
    return few or level.unit in ("day", "workday", "year", "month")


#: Counts below this are told as they are.
FEW = 30
