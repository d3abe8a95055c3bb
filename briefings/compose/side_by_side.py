"""Places side by side, each with the latest figure there is of it: no ranking across years, charts within one year.

In: the desk, a section that names several places, the accounts of all of them. Out: a table for each indicator that
two places or more tell alike, the period in its own column; a chart where four places tell one period. What does not
compare (a sum of five years beside a year, a rate since a plan period beside one on the year) is left out, and noted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from briefings.briefing import Cell, ChartRequest, Column, PlottedSeries, Point, Row, TableRequest, figure_id
from briefings.compose.account import Account
from briefings.compose.accounts import Accounts
from briefings.compose.composites import Together, compositions
from briefings.compose.desk import Desk
from briefings.compose.published import of_topics
from briefings.measures import Derived, Refusal
from briefings.periods import Shape
from briefings.themes import Section

#: Fewer places are a row of a table, no chart.
FEWEST_BARS = 4
FEWEST_PLACES = 2
#: The columns: role of an account -> the measure of the column.
COLUMNS = {"level": "level", "growth": "growth on year"}
FLAGS = {"estimate": "e", "flash": "p", "preliminary": "p"}


class SideBySide:
    """The tables and charts of one section over several places."""

    def __init__(self, desk: Desk, accounts: Accounts, section: Section, places: Sequence[str]) -> None:
        self.desk = desk
        self.section = section
        indicators = dict.fromkeys((*section.show, *of_topics(desk.catalogue, section.topics)))
        self.rows = {key: self._comparable(key, accounts, places) for key in indicators}

    def _comparable(self, indicator: str, accounts: Accounts, places: Sequence[str]) -> list[Account]:
        """The latest account of each place, of the shape of period that most of them have."""
        if not self.desk.indicator(indicator).comparable:
            return []
        latest = [
            account for place in places if (account := accounts.latest(indicator, place)) and "level" in account.figures
        ]
        if len(latest) < FEWEST_PLACES:
            return []
        shapes = Counter(account.period.shape for account in latest)
        usual = Shape.YEAR if shapes[Shape.YEAR] else shapes.most_common(1)[0][0]
        for account in latest:
            if account.period.shape is not usual:
                refusal = Refusal("level", indicator, account.place, account.period, "shapes_differ")
                self.desk.refusals.setdefault(("level", indicator, account.place, "shapes_differ"), refusal)
        return [account for account in latest if account.period.shape is usual]

    def tables(self) -> tuple[TableRequest, ...]:
        if self.section.table == "none":
            return ()
        made = (self._table(key, rows) for key, rows in self.rows.items() if len(rows) >= FEWEST_PLACES)
        return tuple(made)

    def _table(self, indicator: str, accounts: Sequence[Account]) -> TableRequest:
        roles = [role for role in COLUMNS if any(_told(account, role) for account in accounts)]
        used = [derived for account in accounts for role in roles if (derived := _told(account, role))]
        rows = tuple(
            Row(
                place=account.place,
                indicator=indicator,
                period=str(account.period),
                cells=tuple(self._cell(_told(account, role)) for role in roles),
            )
            for account in accounts
        )
        return TableRequest(
            id="t" + figure_id(self.section.title, indicator, "side by side")[1:],
            rows_are="places",
            columns=tuple(
                Column(
                    id=role,
                    indicator=indicator,
                    measure=COLUMNS[role],
                    unit=used[0].unit if role == "level" else "percent",
                )
                for role in roles
            ),
            rows=rows,
            sources=tuple(sorted({row.source for derived in used for row in derived.inputs})),
        )

    def _cell(self, derived: Derived | None) -> Cell:
        if derived is None:
            return Cell(absence="not available")
        flag = FLAGS.get(derived.status)
        return Cell(figure=self.desk.enter(derived), flags=(flag,) if flag else ())

    def charts(self) -> tuple[ChartRequest, ...]:
        """Bars for the period that most places tell, where four do; stacked bars of shares that make up a whole, where
        two places tell them of one period."""
        if "none" in self.section.charts:
            return ()
        found = list(self._stacks())
        for indicator, accounts in self.rows.items():
            years = Counter(account.period for account in accounts)
            period, times = years.most_common(1)[0] if years else (self.desk.period, 0)
            if times < FEWEST_BARS:
                continue
            bars = sorted(
                (a for a in accounts if a.period == period), key=lambda a: (-a.figures["level"].value, a.place)
            )
            found.append(
                ChartRequest(
                    id="c" + figure_id(self.section.title, indicator, "side by side", period)[1:],
                    kind="bar",
                    measure="level",
                    unit=bars[0].figures["level"].unit,
                    indicator=indicator,
                    periods=(str(period),),
                    series=tuple(
                        PlottedSeries(
                            indicator=indicator,
                            place=account.place,
                            points=(Point(period=str(period), figure=self.desk.enter(account.figures["level"])),),
                        )
                        for account in bars
                    ),
                    sources=tuple(sorted({r.source for a in bars for r in a.figures["level"].inputs})),
                )
            )
        return tuple(found)

    def _stacks(self) -> Iterator[ChartRequest]:
        alike: dict[tuple[str, ...], list[Together]] = defaultdict(list)
        for found in compositions(self.desk, (account for rows in self.rows.values() for account in rows)):
            first = found.accounts[0]
            alike[(str(first.period), *(account.indicator for account in found.accounts))].append(found)
        for (period, first_part, *_), group in alike.items():
            if len(group) < FEWEST_PLACES:
                continue
            marks = [(account, mark) for each in group for account, mark in zip(each.accounts, each.marks, strict=True)]
            yield ChartRequest(
                id="c" + figure_id(self.section.title, "stacked", period, first_part)[1:],
                kind="stacked bar",
                measure=f"share of {whole}" if (whole := group[0].finding.facts.get("share_of")) else "share",
                unit="percent",
                indicator=first_part,
                periods=(period,),
                series=tuple(
                    PlottedSeries(
                        indicator=account.indicator,
                        place=account.place,
                        row=account.place,
                        points=(Point(period=period, figure=self.desk.enter(mark)),),
                    )
                    for account, mark in marks
                ),
                sources=tuple(sorted({row.source for _, mark in marks for row in mark.inputs})),
            )


def _told(account: Account, role: str) -> Derived | None:
    """The figure of a column; a growth only on the year: rates on other bases do not stand beside it."""
    derived = account.figures.get(role)
    return derived if derived is not None and (role != "growth" or derived.basis == "on year") else None
