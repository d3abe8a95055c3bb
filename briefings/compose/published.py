"""Sections and page one of a briefing on published figures: which accounts are told, and the tables that hold them all.

In: the desk, the theme's sections and headline, remarks. Out: accounts and findings of sections, tables, the points of
page one, what a reader would ask for and the sources lack. What an account is, is said in `accounts`; the charts of
accounts are next door, in `account_pictures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from briefings.briefing import Cell, Column, Entry, Finding, Note, Row, TableRequest, figure_id
from briefings.catalogue import Catalogue
from briefings.compose.account import MEASURES, ROLES, Account, Key
from briefings.compose.accounts import Accounts
from briefings.compose.composites import Together, compositions, tiers
from briefings.compose.desk import Desk
from briefings.compose.weight import STEP, weigh
from briefings.compose.window import is_plan_around
from briefings.configuration.remarks import Remark
from briefings.measures import Derived
from briefings.periods import Period, Shape
from briefings.themes import PUBLISHED, MeasureRequest, Section, Theme

#: So many figures stand in one table on page one; more are told section by section.
ONE_TABLE = 12
#: A sentence names so many targets at most.
TARGETS_TOLD = 4
#: A section tells so many sentences of targets; the table holds them all.
MOST_OF_TARGETS = 3
#: What stands in the headline weighs so much more than other accounts: the first of it most, the next a step less.
LEAD = 12 * STEP
#: A total of the plan period weighs so much less than a figure of the period itself: more than the next place.
OF_A_PLAN = 1.5 * STEP
FLAGS = {"estimate": "e", "flash": "p", "preliminary": "p", "target": "t"}
#: Roles of an account that are figures of other accounts: they are told in its sentence, not in its rows.
BESIDE = frozenset({"earlier", "since_earlier", "previous_rank", "completion", "computed_average"})


def tells(section: Section) -> bool:
    """Whether a section is one of published figures."""
    return bool(section.topics) or any(_published(measures) for measures in section.show.values())


def about(theme: Theme) -> bool:
    """Whether a theme's page one is of published figures."""
    return bool(theme.topics) or any(_published(m) for show in theme.headline for m in show.values())


def _published(measures: Sequence[MeasureRequest]) -> bool:
    return any(request.measure == PUBLISHED for request in measures)


@dataclass
class Published:
    """The published figures of one briefing, each told in one section."""

    desk: Desk
    remarks: Sequence[Remark] = ()
    languages: Sequence[str] = ()
    shown: dict[Key, None] = field(default_factory=dict)
    said: list[Remark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.accounts = Accounts(self.desk)

    # -- sections ----------------------------------------------------------------------------------------------------

    def of_section(self, section: Section) -> tuple[list[Account], list[Finding]]:
        """The accounts of a section that none before it has shown, and what is told of them, the weightiest first."""
        named = {indicator: measures for indicator, measures in section.show.items() if _published(measures)}
        indicators = dict.fromkeys((*named, *self._of_topics(section.topics)))
        accounts = [a for a in self.accounts.of(indicators, section.periods) if a.key not in self.shown]
        self.shown |= dict.fromkeys(account.key for account in accounts)
        targets = [account for account in accounts if account.period.start > self.desk.period.end and account.target]
        others = [account for account in accounts if account not in targets and not _is_base(account, accounts)]
        together = [*compositions(self.desk, others), *tiers(self.desk, others)]
        alone = self._untold(_without(others, together))
        found = [self.accounts.finding(account, named.get(account.indicator, ())) for account in alone]
        told = [finding for finding in found if finding is not None] + [each.finding for each in together]
        told += self._commitments(targets)
        if "own" in section.periods:
            told += [self._remark(item) for item in self._remarks(section.topics) if item not in self.said]
            self.said += self._remarks(section.topics)
        return accounts, told

    def _of_topics(self, topics: Iterable[str]) -> list[str]:
        """The indicators of these topics that have a name in every language of the editions."""
        names = ((key, self.desk.indicator(key).name) for key in of_topics(self.desk.catalogue, topics))
        return [key for key, name in names if all(name.get(language) for language in self.languages)]

    def _untold(self, accounts: Sequence[Account]) -> list[Account]:
        """Without the completion rates that are told beside their outcomes."""
        outcomes = self.accounts.of(
            {item.completes for a in accounts if (item := self.desk.indicator(a.indicator)).completes}, ("own", "plan")
        )
        told = {(a.indicator, a.place, a.breakdown) for a in outcomes if "completion" in a.figures}
        return [
            account
            for account in accounts
            if (self.desk.indicator(account.indicator).completes, account.place, account.breakdown) not in told
        ]

    def _commitments(self, targets: Sequence[Account]) -> Iterator[Finding]:
        """What is aimed at in later periods, a few targets in a sentence, the amounts and rates before plain counts."""
        by_period: dict[Period, list[Account]] = {}
        for account in sorted(targets, key=_plainness):
            by_period.setdefault(account.period, []).append(account)
        for period, accounts in by_period.items():
            for start in range(0, min(len(accounts), TARGETS_TOLD * MOST_OF_TARGETS), TARGETS_TOLD):
                some = accounts[start : start + TARGETS_TOLD]
                entries = tuple(
                    Entry(
                        place=account.place,
                        indicator=account.indicator,
                        breakdown=account.breakdown,
                        figures={"target": self.desk.enter(_first(account.figures))},
                        facts={"role": next(role for role in ROLES if role in account.figures)},
                    )
                    for account in some
                    if account.figures
                )
                if entries:
                    yield Finding(
                        id=figure_id("finding", "commitments", period, *(a.key for a in some)),
                        kind="commitments",
                        indicator=entries[0].indicator,
                        place=self.desk.place,
                        period=str(self.desk.period),
                        facts={"for_period": str(period)},
                        entries=entries,
                        weight=weigh(self.desk.theme, "commitments") - STEP - start / 10,
                    )

    def _remarks(self, topics: Iterable[str]) -> Iterator[Remark]:
        """What sources say without a figure, of these topics, in the briefing's period or a plan period around it."""
        for item in self.remarks:
            period = Period.parse(item.period)
            near = self.desk.period.contains(period) or period.contains(self.desk.period)
            around = near or is_plan_around(period, self.desk.period)
            if item.place == self.desk.place and item.topic in set(topics) and around:
                yield item

    def _remark(self, item: Remark) -> Finding:
        return Finding(
            id=figure_id("finding", "remark", item.place, item.period, item.topic, item.source, item.locator),
            kind="remark",
            indicator="",
            place=item.place,
            period=item.period,
            facts={**item.text.texts, "source": item.source, "topic": item.topic},
            weight=weigh(self.desk.theme, "remark") - STEP / 2,
            tone=item.tone,
        )

    # -- page one ----------------------------------------------------------------------------------------------------

    def of_headline(self) -> list[Finding]:
        """The accounts that page one is about, of the briefing's own period, and those of the theme's topics: what
        the headline names weighs more, the first most."""
        named: dict[str, Sequence[MeasureRequest]] = {
            indicator: measures for show in self.desk.theme.headline for indicator, measures in show.items()
        }
        topics = self._of_topics(self.desk.theme.topics)
        accounts = [a for a in self._for_page_one(dict.fromkeys((*named, *topics))) if not a.target]
        together = [*compositions(self.desk, accounts), *tiers(self.desk, accounts)]
        order = list(named)
        found: list[Finding] = [each.finding for each in together]
        for account in self._untold(_without(accounts, together)):
            asked = account.indicator in named
            lead = LEAD - order.index(account.indicator) * STEP if asked else 0.0
            if not self.desk.period.contains(account.period):
                lead -= OF_A_PLAN if asked else STEP / 2
            finding = self.accounts.finding(account, named.get(account.indicator, ()), lead=lead)
            if finding is not None:
                found.append(finding)
        return [*found, *(self._remark(item) for item in self._remarks(self.desk.theme.topics))]

    @property
    def _compares(self) -> bool:
        """Whether the briefing sets places side by side."""
        return self.desk.catalogue.places[self.desk.place].kind == "aggregate"

    def _for_page_one(self, indicators: Iterable[str]) -> list[Account]:
        """The accounts of the briefing's own period; of places side by side the latest of each."""
        if not self._compares:
            return self.accounts.of(indicators, ("own", "plan"))
        places = self.desk.catalogue.resolve(self.desk.theme.places.beside)
        latest = (self.accounts.latest(key, place) for key in indicators for place in places)
        return [account for account in latest if account is not None]

    def page_one(self, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """The weightiest points, one of each indicator; at least as many adverse ones as the theme wants, where there
        are any; last, what is held, and what a reader would ask first and the sources lack."""
        points, wanted = self.desk.theme.page_one.points, self.desk.theme.page_one.adverse
        ranked = list({f.id: f for f in found}.values())
        if not self._compares:  # places side by side stand in the theme's order: none of them weighs more
            ranked.sort(key=lambda f: (-f.weight, f.id))
        adverse = self._adverse(ranked)[:wanted]
        chosen: list[Finding] = []
        for finding in ranked:
            room = points - len(chosen) - sum(1 for f in adverse if f not in chosen)
            subject = (finding.indicator, finding.place, finding.breakdown)
            told = any((f.indicator, f.place, f.breakdown) == subject for f in chosen if f.kind == "account")
            if finding in adverse or (room > 0 and not told and finding.kind != "remark"):
                chosen.append(finding)
        last = (self._held(), self._absent())
        return (*chosen[:points], *(finding for finding in last if finding is not None))

    def _adverse(self, ranked: Sequence[Finding]) -> list[Finding]:
        """The adverse findings, a figure and a remark by turns; of remarks first those on what page one praises, a high
        rank before all."""
        praised = {rank: set[str | None]() for rank in (True, False)}
        for finding in ranked:
            if finding.tone == "favourable" and finding.kind == "account":
                praised["rank" in finding.figures].add(self.desk.indicator(finding.indicator).topic)

        def apart(finding: Finding) -> int:
            topic = finding.facts.get("topic")
            return 0 if topic in praised[True] else 1 if topic in praised[False] else 2

        figures = [f for f in ranked if f.tone == "adverse" and f.kind != "remark"]
        remarks = sorted((f for f in ranked if f.tone == "adverse" and f.kind == "remark"), key=apart)
        pairs = zip_longest(figures, remarks)
        return [finding for pair in pairs for finding in pair if finding is not None]

    def _held(self) -> Finding | None:
        """The figures of the headline and of the theme's topics that the audit holds."""
        named = (indicator for show in self.desk.theme.headline for indicator in show)
        indicators = dict.fromkeys((*named, *self._of_topics(self.desk.theme.topics)))
        entries = tuple(
            Entry(place=account.place, indicator=account.indicator, breakdown=account.breakdown, facts={"what": role})
            for account in self.accounts.of(indicators, ("own", "plan"))
            for role in account.contradicted
        )
        return self._listed("held", entries)

    def _listed(self, kind: str, entries: tuple[Entry, ...]) -> Finding | None:
        """A finding that lists indicators, told last on page one."""
        if not entries:
            return None
        return Finding(
            id=figure_id("finding", kind, self.desk.theme.theme, self.desk.place, self.desk.period),
            kind=kind,
            indicator=entries[0].indicator,
            place=self.desk.place,
            period=str(self.desk.period),
            entries=entries,
        )

    def _absent(self) -> Finding | None:
        """What the theme expects and no source tells for the period."""
        entries = tuple(
            Entry(place=self.desk.place, indicator=indicator, facts={"what": what})
            for indicator, asked in self.desk.theme.expected.items()
            for what in self._lacking(indicator, asked)
        )
        return self._listed("absent", entries)

    def _lacking(self, indicator: str, asked: Sequence[str]) -> Iterator[str]:
        accounts = self.accounts.of([indicator], ("own",))
        own = [a for a in accounts if a.place == self.desk.place and self._is_whole(a.period)]
        told = {role for account in own if not account.target for role in account.figures}
        there = {
            "level": bool(told & {"level", "share"}),
            "growth": bool(told & {"growth", "average", "since"}),
            "rank": "rank" in told,
            "target": any(account.target for account in own),
            "month": self.desk.period.shape is not Shape.CUMULATED_MONTHS
            or any(account.period.shape is Shape.MONTH for account in accounts),
        }
        yield from (word for word in asked if not there[word])

    def _is_whole(self, period: Period) -> bool:
        """Whether a figure of a period answers for the briefing's: the same, or as much of it as there was to date."""
        return period == self.desk.period or (period.shape is Shape.TO_DATE and period.year == self.desk.period.year)

    def notes(self) -> Iterator[Note]:
        """Of places side by side: which of them have nothing to compare, and which lie within one another."""
        if not self._compares:
            return
        places = self.desk.catalogue.resolve(self.desk.theme.places.beside)
        shown = {figure.place for figure in self.desk.figures.values()}
        period = str(self.desk.period)
        for place in places:
            if place not in shown:
                yield Note(kind="missing", reason="nothing_to_compare", place=place, period=period)
            if set(self.desk.catalogue.ancestors(place)) & set(places):
                yield Note(kind="method", reason="within", place=place, period=period)

    # -- tables ------------------------------------------------------------------------------------------------------

    def tables(self, key: str, accounts: Sequence[Account]) -> tuple[TableRequest, ...]:
        """All figures of these accounts, a row each; none where there are no figures."""
        rows = tuple(row for account in accounts for row in self._rows(account))
        return (self._table(key, rows),) if rows else ()

    def _table(self, key: str, rows: tuple[Row, ...]) -> TableRequest:
        used = [self.desk.figures[cell.figure] for row in rows for cell in row.cells if cell.figure]
        return TableRequest(
            id="t" + figure_id(key, "accounts")[1:],
            rows_are="accounts",
            columns=(Column(id="figure", indicator="", measure="figure", unit=""),),
            rows=rows,
            sources=tuple(sorted({item.source for figure in used for item in figure.inputs})),
        )

    def summary(self, findings: Sequence[Finding], sections: Sequence[Sequence[Account]]) -> TableRequest | None:
        """The accounts of page one, in its order; where the whole briefing has few figures, all of them."""
        every = [account for accounts in sections for account in accounts]
        if sum(len(list(self._rows(account))) for account in every) <= ONE_TABLE:
            return next(iter(self.tables("summary", every)), None)
        accounted = [f for f in findings if f.kind == "account"]
        told = {(f.indicator, f.place, f.breakdown, f.period): n for n, f in enumerate(accounted)}
        accounts = [
            account
            for account in self._for_page_one(dict.fromkeys(f.indicator for f in accounted))
            if (account.indicator, account.place, account.breakdown, str(account.period)) in told and not account.target
        ]
        order = {a.key: told[a.indicator, a.place, a.breakdown, str(a.period)] for a in accounts}
        return next(iter(self.tables("summary", sorted(accounts, key=lambda a: order[a.key]))), None)

    def _rows(self, account: Account) -> Iterator[Row]:
        figures = account.figures | account.contradicted
        main = True
        for role in (*ROLES, "benchmark"):
            derived = figures.get(role)
            if derived is None or role in BESIDE:
                continue
            flags = [FLAGS[derived.status]] if derived.status in FLAGS else []
            flags += ["x"] if role in account.contradicted else []
            flags += ["k"] if any(row.correction for row in derived.inputs[:1]) else []
            yield Row(
                indicator=account.indicator,
                place=account.place,
                breakdown=account.breakdown,
                period=str(account.period),
                measure=_measure(role, derived, account.facts),
                main=main,
                cells=(Cell(figure=self.desk.enter(derived), flags=tuple(flags)),),
            )
            main = False


def of_topics(catalogue: Catalogue, topics: Iterable[str]) -> tuple[str, ...]:
    """The indicators of these topics, topic by topic, in the catalogue's order."""
    return tuple(key for topic in topics for key, item in catalogue.indicators.items() if item.topic == topic)


def _is_base(account: Account, accounts: Sequence[Account]) -> bool:
    """Whether an account is of a period before another one of the same subject, whose sentence tells it."""
    return any(
        (other.indicator, other.place, other.breakdown) == (account.indicator, account.place, account.breakdown)
        and account.period.end < other.period.start
        for other in accounts
    )


def _without(accounts: Sequence[Account], together: Iterable[Together]) -> list[Account]:
    """The accounts that are not told together with others."""
    keys = {account.key for each in together for account in each.accounts}
    return [account for account in accounts if account.key not in keys]


def _first(figures: Mapping[str, Derived]) -> Derived:
    return next(figures[role] for role in MEASURES if role in figures)


def _plainness(account: Account) -> tuple[int, int]:
    """Amounts and rates of growth before rates, before counts."""
    figures = account.figures
    derived = _first(figures) if figures else None
    rate = derived is not None and derived.measure != "level"
    amount = derived is not None and len(derived.unit) == 3 and derived.unit.isupper()
    return (0 if amount or rate else 1, 0)


def _measure(role: str, derived: Derived, facts: Mapping[str, str]) -> str:
    """Which of an account's figures a row holds, in words that the phrase books know."""
    match role:
        case "rank":
            by = " by growth" if facts["rank_of"] == "growth" else ""
            end = " from bottom" if facts["counted_from"] == "bottom" else ""
            said = f"rank{by}{end} among {facts['rank_among']}"
        case "gap":
            said = f"{derived.measure} to {facts['gap_to']}"
        case "share" if facts.get("share_of"):
            said = f"share of {facts['share_of']}"
        case "multiple" if facts.get("multiple_base"):
            said = f"multiple of {facts['multiple_base']}"
        case "change" if facts.get("change_basis"):
            said = f"change {facts['change_basis']}"
        case "benchmark":
            said = f"implied {derived.measure} in {derived.place}"
        case _:
            said = f"{derived.measure} {derived.basis}".strip()
    return said
