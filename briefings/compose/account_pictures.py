"""Which charts a section of accounts gets: compositions, tiers, pairs of levels, completions.

In: the desk, a section and its accounts. Out: chart requests with the findings that title them. Two values make a
sentence or a table, no chart. Which accounts belong together is said in `composites`; charts of series with a history
are next door, in `pictures`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from briefings.briefing import ChartKind, ChartRequest, Finding, PlottedSeries, Point, figure_id
from briefings.compose.account import Account
from briefings.compose.composites import Together, above, completions, compositions, pairs, threshold, tiers
from briefings.compose.desk import Desk
from briefings.compose.pictures import FEWEST_MARKS
from briefings.measures import Derived
from briefings.periods import Period
from briefings.themes import Section


class AccountPictures:
    """The charts of one section's accounts. `told` holds the findings made for their titles."""

    def __init__(self, desk: Desk, section: Section, accounts: Sequence[Account]) -> None:
        self.desk = desk
        self.section = section
        self.accounts = [a for a in accounts if not (a.target and a.period.start > desk.period.end)]
        self.told: list[Finding] = []

    def requests(self) -> tuple[ChartRequest, ...]:
        """The charts that the section names, or all that its accounts make, if it says auto."""
        words = self.section.charts
        kinds = [kind for kind in MAKERS if kind in words or "auto" in words]
        return () if "none" in words else tuple(request for kind in kinds for request in MAKERS[kind](self))

    def stacked_bar(self) -> Iterator[ChartRequest]:
        for found in compositions(self.desk, self.accounts):
            period = found.accounts[0].period
            series = [
                self._series(account, mark, row=str(period))
                for account, mark in zip(found.accounts, found.marks, strict=True)
            ]
            yield from self._request("stacked bar", "share", (period,), series, [found])

    def tier_bar(self) -> Iterator[ChartRequest]:
        """One bar a family, all in one chart; its total is that of the lowest tier, which holds the others."""
        found = [each for each in tiers(self.desk, self.accounts) if each.accounts[0].place == self.desk.place]
        series = [
            self._series(account, mark, row=each.accounts[0].indicator, breakdown=tier)
            for each in found
            for account, mark, tier in zip(each.accounts, each.marks, self._tiers(each), strict=True)
        ]
        series += [
            self._series(each.accounts[0], each.accounts[0].figures["level"], row=each.accounts[0].indicator)
            for each in found
        ]
        if found:
            yield from self._request("tier bar", "increment", (found[0].accounts[0].period,), series, found)

    def _tiers(self, found: Together) -> list[str]:
        """The keys of the tiers' names: what lies between one threshold and the next, and above the last."""
        bounds = [threshold(self.desk, account) for account in found.accounts]
        return [*(above(*both) for both in pairwise(bounds)), above(bounds[-1])]

    def dumbbell(self) -> Iterator[ChartRequest]:
        for found in pairs(self.desk, self.accounts):
            axis = (Period.parse(found.finding.facts["from"]), found.accounts[0].period)
            count = len(found.accounts)
            ends = zip(found.marks[:count], found.marks[count:], strict=True)
            series = [self._series(account, *both) for account, both in zip(found.accounts, ends, strict=True)]
            yield from self._request("dumbbell", "level", axis, series, [found])

    def bullet(self) -> Iterator[ChartRequest]:
        for found in completions(self.desk, self.accounts, named="bullet" in self.section.charts):
            series = [self._series(*pair) for pair in zip(found.accounts, found.marks, strict=True)]
            yield from self._request("bullet", "attainment", (found.accounts[0].period,), series, [found])

    # -- how they are made -------------------------------------------------------------------------------------------

    def _series(self, account: Account, *marks: Derived, row: str = "", breakdown: str = "") -> PlottedSeries:
        return PlottedSeries(
            indicator=account.indicator,
            place=account.place,
            breakdown=breakdown or account.breakdown,
            row=row,
            points=tuple(Point(period=str(mark.period), figure=self.desk.enter(mark)) for mark in marks),
        )

    def _request(
        self,
        kind: ChartKind,
        measure: str,
        axis: Sequence[Period],
        series: Sequence[PlottedSeries],
        found: Sequence[Together],
    ) -> Iterator[ChartRequest]:
        """A chart under the title of the first of what it shows; that finding is told in the section. Rates that are
        no completions have no sentence of their own: their chart is named by what it shows. Two or three values are
        that sentence alone."""
        finding, marks = found[0].finding, [mark for each in found for mark in each.marks]
        title = finding if finding.entries else None
        self.told += [title] if title else []
        if sum(len(one.points) for one in series) < FEWEST_MARKS:
            return
        yield ChartRequest(
            id="c" + figure_id(self.section.title, kind, finding.id)[1:],
            kind=kind,
            measure=measure,
            unit=marks[0].unit,
            indicator=series[0].indicator,
            periods=tuple(str(period) for period in axis),
            series=tuple(series),
            finding=title.id if title else None,
            sources=tuple(sorted({row.source for mark in marks for row in mark.inputs})),
        )


MAKERS: dict[str, Callable[[AccountPictures], Iterator[ChartRequest]]] = {
    "stacked bar": AccountPictures.stacked_bar,
    "tier bar": AccountPictures.tier_bar,
    "dumbbell": AccountPictures.dumbbell,
    "bullet": AccountPictures.bullet,
}
