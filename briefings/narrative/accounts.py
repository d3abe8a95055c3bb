"""Accounts: all that sources tell of one indicator in one period, put into one sentence, or two where it grows long.

In: a finding of kind `account`. Out: a head (what leads: a level, a growth, a rank) and clauses that tell every other
figure that is there, each from small phrases of the book. Lists of targets, parts and tiers are next door, in
`listings`; which head is taken, and when a sentence is too long, is decided in `sentences`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from briefings import quantities
from briefings.briefing import Figure
from briefings.narrative.kinds import CLAUSES, lead
from briefings.narrative.model import Run
from briefings.narrative.names import indefinite
from briefings.narrative.numbers import basis_words, chosen, dated, named, said
from briefings.narrative.telling import Teller
from briefings.narrative.templates import Fill, Slot
from briefings.periods import Frequency, Period, Shape

#: Shapes of period that go without their year on the pages of a briefing of that year.
PARTS_OF_YEAR = (Shape.CUMULATED_MONTHS, Shape.MONTH, Shape.QUARTER, Shape.HALF_YEAR)
#: What a comparison is of -> the roles that must be told before it for the thing compared to be plain.
COMPARED = {"growth": ("growth",), "average": ("average", "computed_average"), "level": ("level", "share")}
#: Rates over a span of years, behind which the average a year is the same once more.
GROWN = frozenset({"since", "since_earlier"})
RATES = frozenset({"growth", "average", "computed_average", "since", "since_earlier"})
#: Names that cannot bear an amount behind `of`: farmland built, coverage of insurance.
WITHOUT_OF = re.compile(r"\bof\b|(?:ed|ilt|ught|sent|held|won|met|made|done|paid|spent)$")
#: What a Chinese name that tells a deed begins with; such a name is told without 为, its number of things not as 共计.
DEED = re.compile(
    "化解|清偿|办理|举办|设立|建成|创建|新?创建|培育|孵化|改造|打通|新建|排查|移送|查处|挽回|发放|争取|引进|盘活|处置|供应|"
    "获评|出具|帮助|公开|执结|消除|审查|审理|整治|完成|解决|办结|关停|淘汰|参与|取消|问责|成立|清除|购置|编制|落实|侦破|处罚|评选|"
    "减免|减税|统筹|接待|暂缓|开工|竣工|选派|派出|安置|清理|拆除|清查|新落户|新开通|新增|实施|支援|压减|推送|备案|展会签订|修复"
)
#: What makes a noun of it all the same.
A_NOUN = re.compile(
    "的|(?:额|额度|数|数量|量|率|面积|总值|价值|产值|余额|批次|宗数|时间|时限|比重|占比|规模|收入|投资|支出|里程|长度)$"
)
#: What lasts so many years: 粮食连续丰收.
LASTING = re.compile("连续")
#: English names of a place in an order, which is first and does not rank first.
A_PLACE = re.compile(r"\b(?:place|rank|ranking|position)\b")
#: Names that say themselves that they are a number.
TALLY = re.compile("(?:数|数量|总数|批次|合计)$")
#: Names that are of one year, or say themselves that they are a total.
YEARLY = re.compile("年均|人均|累计")
#: Of fewer things than these, and of days, no rate is worked out: 10 parks and 7 parks.
FEW_THINGS = 30
#: Classes of growth that is published otherwise than from levels: where it is, of totals, the sentence says so.
NOT_FROM_LEVELS = ("constant prices", "comparable scope")
WORKED_OUT = ("since_earlier", "computed_average")
#: What stands in a clause of its own and says itself that it was worked out.
SAYS_SO = ("benchmark",)


@dataclass(frozen=True)
class AccountTeller(Teller):
    """Fills the slots of one account.

    `at_home`: the place goes without saying. `decided`: the role whose sign gives the direction, in a clause. `before`:
    the roles told before in the same sentence or the one before it. `dated_status`: a figure that its date makes
    preliminary or expected is told with that word, as on page one. `lone`: the sentence stands by itself, as the
    headline does in a mail, so that its period has its year.
    """

    at_home: bool = False
    dated_status: bool = False
    decided: str = ""
    before: tuple[str, ...] = ()
    lone: bool = False

    # -- head and clauses --------------------------------------------------------------------------------------------

    @property
    def lead(self) -> str:
        return lead(self.finding)

    def clause(self, name: str, before: tuple[str, ...]) -> AccountTeller:
        """The teller of one clause, whose direction is that of its own first figure."""
        return replace(self, decided=CLAUSES[name][0], before=before)

    def clauses(self, told: frozenset[str]) -> Iterator[str]:
        """The clauses that tell what the head does not, in their order."""
        told = told | self.untold()
        left = [role for role in self.kind.roles if role in self.finding.figures and role not in told]
        for name, roles in CLAUSES.items():
            if set(roles) <= set(left) and self._fits(name):
                left = [role for role in left if role not in roles]
                yield name

    def _fits(self, name: str) -> bool:
        """Whether a clause's figures belong together: a change and a growth on one basis, a growth that is none."""
        facts = self.finding.facts
        growth = self._figure("growth")
        flat = growth is not None and self.numbers.direction(growth) == "flat"
        match name:
            case "change and growth":
                return facts.get("change_basis") == "on year" and not flat
            case "change and since":
                return facts.get("change_basis") == f"since {facts.get('since_base')}"
            case "since and earlier":
                return facts.get("since_base") == facts.get("earlier_period")
            case "growth":
                return not flat
            case "rank moved":
                return facts.get("previous_rank_period", "") != ""
            case _:
                return True

    def untold(self) -> frozenset[str]:
        """The computed rates of an account of days, or of a few things, which two numbers tell better."""
        now, then = self._figure("level"), self._figure("earlier")
        if now is None or then is None:
            return frozenset()
        few = quantities.Unit.parse(now.unit)[0].is_count and max(abs(now.value), abs(then.value)) < FEW_THINGS
        rates = [role for role in WORKED_OUT if (figure := self._figure(role)) is not None and figure.computed]
        return frozenset(rates) if few or now.unit == "day" else frozenset()

    # -- slots -------------------------------------------------------------------------------------------------------

    @cached_property
    def direction(self) -> str:
        if self.decided == "earlier":
            return self._from_earlier()
        figure = self._figure(self.decided or self.lead)
        return self.numbers.direction(figure) if figure else "flat"

    def _decider(self) -> str:
        return self.decided or self.lead

    def _from_earlier(self) -> str:
        """Whether what leads stands above or below what it was."""
        now, then = self._figure(self.lead), self._figure("earlier")
        if now is None or then is None or now.value == then.value:
            return "flat"
        return "up" if now.value > then.value else "down"

    def fill(self, slot: Slot, opening: bool) -> Fill | None:
        if slot.name == "multiple_base" and not self.finding.facts.get(slot.name, "")[:1].isdigit():
            return None  # a basis that is no period: the same time of the year before
        found = self._account(slot)
        return found if found is not None else super().fill(slot, opening)

    def _account(self, slot: Slot) -> Fill | None:
        """The slots that accounts alone have."""
        makers: dict[str, Callable[[str], Fill | None]] = {
            **dict.fromkeys(
                ("thing", "things", "a_thing", "such_thing", "place", "at", "here", "home", "ranked"), self._called
            ),
            "due": lambda name: None if self.understood else self._due(),
            "yearly": lambda name: self._basis_of(name, slot.form or "annual"),
            "monthly": lambda name: self._basis_of(name, slot.form or "plain"),
            "changed_on": lambda name: self._changed_on(),
            **dict.fromkeys(("noun", "deed", "tallied"), self._sort_of_name),
            **dict.fromkeys(("several", "behind_rate", "alone", "straight", "aside"), self._suits),
            **dict.fromkeys(("cumulated", "came_to", "at_prices"), self._of_years),
            **dict.fromkeys(("since_base", "earlier_period"), lambda name: self._plan_before(name, slot.form)),
            **dict.fromkeys(("implied", "published"), self._benchmark),
            **dict.fromkeys(("share_of", "gap_to", "ratio_to", "ratio_name"), self._compared_with),
            **dict.fromkeys(("among_place", "among_group", "rank_by", "gap_by"), self._ranked),
        }
        return makers[slot.name](slot.name) if slot.name in makers else None

    def _called(self, name: str) -> Fill | None:
        """What the account is about, and where, apart."""
        finding = self.finding
        if name in ("thing", "things", "a_thing", "such_thing"):
            thing = self.names.thing(finding.indicator, finding.place, finding.breakdown)
            figure = self._figure(self.lead)
            if (name == "things" and figure and (figure.value == 1 or self._status(self.lead, figure))) or (
                name == "such_thing" and WITHOUT_OF.search(thing)
            ):
                return None
            return named(thing if name in ("thing", "things") else indefinite(thing, self.book.language))
        if name == "ranked":
            thing = self.names.thing(finding.indicator, finding.place)
            return said(self.book.roles["rank was" if A_PLACE.search(thing) else "came"])
        if name in ("place", "at", "here"):
            silent = (name == "at" and self.at_home) or (name == "here" and not self.at_home)
            return None if silent else named(self.names.place(finding.place, in_text=True))
        home = self.names.home(finding.place) if self.at_home else ""
        return said(home) if home else None

    def _sort_of_name(self, name: str) -> Fill | None:
        """Nothing to print: whether a phrase suits a name that says what was done (发放补贴), one that does not, one
        that does not say itself that it is a number (户数)."""
        thing = self.names.thing(self.finding.indicator, self.finding.place)
        deed = self.book.language == "zh" and bool(DEED.match(thing)) and not A_NOUN.search(thing)
        if LASTING.search(thing):
            return None  # a harvest for the 17th year in a row is neither done nor counted
        fits = {"deed": deed, "noun": not deed, "tallied": not deed and not TALLY.search(thing)}[name]
        return said("") if fits else None

    def _suits(self, name: str) -> Fill | None:
        """Nothing to print: whether a phrase suits more things than one; whether a rate over the years was told before,
        or nothing but what leads."""
        figure, before = self._figure(self.lead), set(self.before)
        fits = {
            "several": figure is None or figure.value != 1,
            "behind_rate": bool(GROWN & before),
            "alone": not GROWN & before,
            "straight": before <= {self.lead},
            "aside": not before <= {self.lead},
        }
        return said("") if fits[name] else None

    @cached_property
    def _cumulated(self) -> bool:
        """Whether the level is what a flow added up to over several years."""
        item = self.names.briefing.names.indicators[self.finding.indicator]
        return (
            self.period.shape is Shape.CUMULATED_YEARS
            and self.lead == "level"
            and item.nature == "flow"
            and not YEARLY.search(item.name.get("zh", ""))
        )

    def _of_years(self, name: str) -> Fill | None:
        """The words for a total of several years; its published growth is one at current prices."""
        words = self.book.roles
        if name == "came_to":
            return said(words["totalled" if self._cumulated else "came to"])
        if name == "cumulated":
            return said(words[name]) if self._cumulated and words[name] else None
        level, growth = self._figure("level"), self._figure("since_earlier") or self._figure("since")
        base = self.finding.facts.get("since_base" if "since" in self.finding.figures else "earlier_period", "")
        if not self._cumulated or level is None or growth is None or growth.computed:
            return None
        if not base or Period.parse(base).shape is not Shape.CUMULATED_YEARS:
            return None
        grown = self.names.briefing.names.indicators[self.finding.indicator].growth_class
        return said(words["at prices"]) if grown in NOT_FROM_LEVELS else None

    def _named_subject(self, name: str) -> tuple[str, bool] | None:
        finding = self.finding
        if name == "subject":
            tell = self.names.thing if self.at_home else self.names.told
            return tell(finding.indicator, finding.place, finding.breakdown), True
        return super()._named_subject(name)

    def _when(self) -> Fill:
        """As elsewhere; without its year where the briefing is of that year; a stock to date stands at that day."""
        period = self.period
        if period.shape is Shape.TO_DATE and period.start.year == period.end.year:
            day = Period.of(period.end, Frequency.DAILY)
            if self.names.stock(self.finding.indicator):
                return self._with_period("by day", day.write(self.book.language))
            pattern = self.book.subject["to date"].replace("{day}", self._yearless(day.write(self.book.language)))
            return Fill((Run(pattern.replace("{year}", str(period.start.year))),), self.book.subject["to date"])
        growth = self._figure("growth") if self.lead == "growth" else None
        from_end = growth is not None and growth.basis != "" and self._stands_at_the_end()
        of_end = self.lead in ("level", "share") or from_end
        if not of_end or period.shape is Shape.CUMULATED_YEARS:
            fill = dated(period, self.book.language, "in")  # what is told of years is not known to stand at their end
        else:
            fill = super()._when()
        return replace(fill, runs=tuple(replace(run, text=self._yearless(run.text)) for run in fill.runs))

    def _due(self) -> Fill:
        """The period that something is expected or aimed at for."""
        return self._with_period("due", self._yearless(self.period.write(self.book.language, plan=True)))

    def _with_period(self, key: str, name: str) -> Fill:
        """A period behind its words: for 2018, since 2015, 截至8月4日."""
        pattern = self.book.subject[key]
        return Fill((Run(pattern.replace("{period}", name)),), pattern.replace("{period}", "@"))

    def _yearless(self, text: str) -> str:
        """The part of a year without its year, where the briefing is of that year; not in a line that stands alone."""
        period, own = self.period, Period.parse(self.names.briefing.period)
        years = {period.start.year, period.end.year}
        to_date = period.shape is Shape.TO_DATE and len(years) == 1  # the words before it have the year
        if not to_date and (self.lone or period.shape not in PARTS_OF_YEAR or years != {own.start.year, own.end.year}):
            return text
        if self.book.language == "zh":
            return text.removeprefix(f"{period.end.year}年")
        return text.removesuffix(f" {period.end.year}").removesuffix(" of")

    # -- numbers -----------------------------------------------------------------------------------------------------

    def _identifier(self, role: str) -> str | None:
        figures = self.finding.figures
        if role == "level" and self.lead == "share" and not self.finding.facts.get("share_of"):
            return figures["share"]
        return figures.get(role)

    def _number(self, slot: Slot, opening: bool) -> Fill | None:
        """The number in its form, with its status where it leads."""
        identifier = self._identifier(slot.name) if slot.name in self.kind.roles else None
        if identifier is None or (slot.name == "out_of" and self._says_how_many()):
            return None
        figure = self.numbers.figure(identifier)
        facts = self.finding.facts
        if slot.name == "previous_rank":
            end = facts.get("previous_counted_from", facts.get("counted_from", "top"))
            facts = {"counted_from": end}
        fill = self.numbers.fill(identifier, slot.form, facts=facts)
        word, marks = self._status(slot.name, figure), self.book.punctuation
        return Fill((*fill.runs, Run(marks["open"] + word + marks["close"])), fill.mask) if word else fill

    def mark(self, used: frozenset[str]) -> str:
        """The mark of a head or a clause that tells, in these slots, what was worked out and not published, or a rate
        of which its source does not say what it compares with."""
        roles = (role for role in used if role in self.kind.roles and role not in SAYS_SO)
        figures = [figure for role in roles if (figure := self._figure(role)) is not None and figure.computed]
        growth = self._figure("growth") if "growth" in used else None
        unstated = growth is not None and not growth.basis and growth.status != "target"
        key = "both computed" if len(figures) > 1 else "computed" if figures else "base unstated" if unstated else ""
        marks = self.book.punctuation
        if key == "base unstated":
            return self.book.roles[key]
        return marks["open"] + self.book.roles[key] + marks["close"] if key else ""

    def _says_how_many(self) -> bool:
        """Whether the name of a peer group holds its number: the 27 provincial capitals."""
        groups = self.names.briefing.names.groups.get(self.finding.facts.get("rank_among", ""), {})
        return any(letter.isdigit() for letter in groups.get(self.book.language, ""))

    def _status(self, role: str, figure: Figure) -> str:
        """The word of a status that the head's verb does not say: preliminary, a flash; an estimate of a rank."""
        status = self.finding.facts.get("status", figure.status)
        if role != self.lead or self.variant.startswith(("expected", "targeted")):
            return ""
        if self.dated_status and role in ("level", "share"):
            status = status if status in self.book.status else figure.status
        return self.book.status.get(status, "")

    def _basis_of(self, name: str, form: str) -> Fill | None:
        """On the year, 同比: where the rate compares with the year before; nothing where its source names no basis."""
        role = "growth_previous" if name == "monthly" else "growth"
        figure = self._figure(role) or (self._figure("change") if name == "yearly" else None)
        if figure is None or not figure.basis:
            return None
        basis = "on previous period" if name == "monthly" else "on year"
        if name == "yearly" and form in ("annual", "than") and self._stands_at_the_end():
            form = "ending"
        return said(basis_words(self.book, basis, self.period, form))

    def _stands_at_the_end(self) -> bool:
        """Whether the figure is a balance at the end of a year, whose growth Chinese counts from the end before."""
        ending = "ending" in self.book.basis["on year"]["year"]
        return ending and self.period.shape is Shape.YEAR and self.names.stock(self.finding.indicator)

    def _plan_before(self, name: str, form: str) -> Fill | None:
        """The plan period right before the account's, as a line that stands alone calls it."""
        word, base = self.book.subject["before"], self.finding.facts.get(name, "")
        if not (self.lone and word and base) or form:
            return None
        before, own = Period.parse(base), self.period
        follows = before.end.toordinal() + 1 == own.start.toordinal()
        plans = before.shape is own.shape is Shape.CUMULATED_YEARS
        return said(word) if plans and follows else None

    def _changed_on(self) -> Fill | None:
        """What an absolute change compares with: on the year, on 2015; None where its source does not say."""
        basis = self.finding.facts.get("change_basis", "")
        told = {"on year": "growth", f"since {self.finding.facts.get('since_base')}": "since"}.get(basis)
        if told in self.before:
            return None
        if basis == "on year":
            return said(basis_words(self.book, basis, self.period, "annual"))
        if not basis:
            return None
        base = Period.parse(basis.removeprefix("since "))
        return self._with_period("since", base.write(self.book.language, plan=True))

    # -- comparisons -------------------------------------------------------------------------------------------------

    def _benchmark(self, name: str) -> Fill | None:
        """The figure of the place compared with, as it was published or as the gap implies it."""
        figure = self._figure("benchmark")
        return self.numbers.fill(figure.id) if figure and figure.computed == (name == "implied") else None

    def _compared_with(self, name: str) -> Fill | None:
        facts, names = self.finding.facts, self.names
        if name == "share_of":
            whole = names.whole(facts.get("share_of", ""))
            return named(whole) if whole else None
        if name == "gap_to":
            return self._whom(facts.get("gap_to", ""))
        other = facts.get("ratio_to", "")
        if name == "ratio_name":
            own = names.briefing.names.indicators[self.finding.indicator].ratios.get(other, {})
            return named(own[self.book.language]) if self.book.language in own else None
        return named(names.thing(other, self.finding.place)) if other else None

    def _whom(self, key: str) -> Fill | None:
        """A place, by the word of its role where it holds the other; what else a source compares with by its name."""
        names = self.names
        if key in names.briefing.names.places:
            return named(names.role(key, self.finding.place))
        if key in names.briefing.names.groups:
            return named(names.group(key))
        whole = names.whole(key)
        return named(whole) if whole else None

    def _ranked(self, name: str) -> Fill | None:
        facts, names = self.finding.facts, self.names
        among = facts.get("rank_among", "")
        if name == "among_group":
            if among in names.briefing.names.groups:
                return named(names.group(among))
            whole = None if among in names.briefing.names.places else names.whole(among)
            thing = self.names.thing(self.finding.indicator, self.finding.place)
            return named(whole) if whole and whole not in thing else None
        if name == "among_place":
            return None if among not in names.briefing.names.places or self._says_nation(among) else self._whom(among)
        if name == "gap_by":
            return self._by(facts.get("gap_of", "level"), gap=True)
        return self._by(facts.get("rank_of", "level"))

    def _says_nation(self, among: str) -> bool:
        """Whether the indicator's name already says that it ranks in the nation: its national rank, 全国排名."""
        thing = self.names.thing(self.finding.indicator, self.finding.place)
        nation = self.names.briefing.names.places[among].kind == "country"
        return nation and any(word in thing for word in ("national", "全国"))

    def _by(self, what: str, *, gap: bool = False) -> Fill | None:
        """By what a place is ranked or compared; None where what was told before makes it plain. Chinese names the
        growth of which a rank is even behind a growth (增速居全省第1位)."""
        told = self.before or (self.lead,)
        if gap and told[-1] in COMPARED.get(what, ()):
            return None
        if what == "level" and not RATES & set(told):
            return None
        if not gap and what == "growth" and told[0] == "growth" and self.book.language == "en":
            return None
        manner = self.names.manner(self.finding.indicator)
        key = f"by {what} {manner}" if what == "level" else f"by {what}"
        if key not in self.book.roles:
            return None
        return said(self.book.roles[key].replace("{pace}", chosen(self.book.words["manner"]["pace"], manner)))
