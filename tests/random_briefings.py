# ruff: noqa: E501
"""Random briefings whose facts are true: findings of every kind, with units, bases, directions, places, parts, periods,
statuses and qualifiers that vary, for the read-back.

`briefing(seed)` always gives the same one for a seed. Figures have the periods, bases and units that `compose` gives
them; names are those of the narrative's cases.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from briefings.briefing import Briefing, Entry, Figure, Finding, Input, Names
from briefings.periods import Period, Shape
from briefings.quantities import Unit
from tests.narratives import World, names

PERIODS = (
    "2025",
    "2025-H1",
    "2025-Q3",
    "2026-06",
    "2025-01/2025-10",
    "2025-01/2025-09",
    "2026-W07",
    "2026-10-T2",
    "2026-02-28",
)
OF_YEARS = ("2025", "2018", "2021/2025", "2016/2020")
CITIES = ("wuhai", "hohhot", "jixi", "changde", "qingshuihe", "xincheng")
COUNTRIES = ("china", "india", "brazil", "norway", "united_states", "germany", "japan")
SERIES = (
    "retail_sales",
    "gdp",
    "value_added",
    "visitors",
    "loans",
    "deposits",
    "unemployment",
    "exchange_rate",
    "brent",
)
TARGETED = ("budget", "retail", "trade", "turnover", "special_bonds", "green_coverage", "smart", "platforms", "gaokao")
STATUSES = ("actual",) * 6 + ("preliminary", "flash", "estimate")


class Maker:
    """Makes findings with their figures, all from one source of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.names: Names = names()
        self.figures: dict[str, Figure] = {}
        self.own = self.chance.choice(CITIES)
        self.period = Period.parse(self.chance.choice(PERIODS))
        self.count = 0

    # Figures

    def figure(self, kind: str, value: float, unit: str, indicator: str, place: str, period: Any, **more: Any) -> str:
        self.count += 1
        identifier = f"f{self.count:010}"
        decimals = more.pop("decimals", 1 if unit in ("percent", "percentage point") else None)
        if decimals is not None:
            value = round(value, decimals)
        self.figures[identifier] = Figure(
            id=identifier, value=value, unit=unit, kind=kind, indicator=indicator, place=place, period=str(period),
            decimals=decimals,
            inputs=(
                Input(
                    value=value, unit=unit, indicator=indicator, place=place, period=str(period), source="sample",
                    published="2026-12-01", snapshot="0" * 64, locator="row=2,column=Value",
                ),
            ),
            **more,
        )  # fmt: skip
        return identifier

    def unit(self, indicator: str, place: str) -> str:
        return self.names.indicators[indicator].unit.replace("LCU", self.names.places[place].currency or "CNY")

    def level(self, indicator: str, place: str, period: Any, factor: float = 1.0, **more: Any) -> str:
        """A level in the indicator's unit, as exact as its source tells it."""
        unit = self.unit(indicator, place)
        known = Unit.parse(unit)[0]
        if unit == "percent":
            return self.figure("level", self.chance.uniform(1, 99), unit, indicator, place, period, **more)
        if known.is_count or unit in ("workday", "day"):
            value = float(self.chance.choice((self.chance.randint(2, 99), self.chance.randint(1000, 90_000_000))))
        else:
            value = round(self.chance.uniform(1, 10) * 10 ** self.chance.randint(0, 11), self.chance.choice((0, 2)))
        return self.figure("level", round(value * factor, 2) or 1.0, unit, indicator, place, period, **more)

    def rate(self, indicator: str, place: str, period: Any, basis: str, *, kind: str = "growth", sign: int = 0) -> str:
        """A growth, or a change in points where the indicator is itself a percentage."""
        unit = "percentage point" if self.names.indicators[indicator].unit == "percent" else "percent"
        value = self.chance.uniform(0.1, 40.0) * (sign or self.chance.choice((1, -1)))
        return self.figure(kind, value, unit, indicator, place, period, basis=basis)

    def value(self, identifier: str) -> float:
        return self.figures[identifier].value

    # What findings are about

    def series(self) -> tuple[str, str]:
        indicator = self.chance.choice(SERIES)
        places = COUNTRIES if indicator in ("gdp", "exchange_rate") else CITIES
        return indicator, "world" if indicator == "brent" else self.chance.choice(
            (self.own, self.chance.choice(places))
        )

    def finding(self, kind: str, indicator: str, place: str, period: Any, /, **parts: Any) -> Finding:
        self.count += 1
        figures = {role: item for role, item in parts.pop("figures", {}).items() if item}
        facts = {key: item for key, item in parts.pop("facts", {}).items() if item}
        return Finding(
            id=f"x{self.count}", kind=kind, indicator=indicator, place=place, period=str(period), figures=figures,
            facts=facts, **parts,
        )  # fmt: skip

    def basis(self) -> str:
        cumulated = self.period.shape in (Shape.CUMULATED_MONTHS, Shape.TO_DATE)
        return "on year" if cumulated else self.chance.choice(("on year", "on previous period"))

    def direction(self, identifier: str) -> str:
        return "up" if self.value(identifier) > 0 else "down"

    def step(self) -> Period:
        """The briefing's period, where figures of it follow upon one another; else a month."""
        return Period.parse("2026-06") if self.period.shape is Shape.CUMULATED_MONTHS else self.period

    def maybe(self, make: Callable[[], Any], likely: float = 0.5) -> Any:
        return make() if self.chance.random() < likely else None

    def reach(self) -> dict[str, str]:
        """How far back a record reaches."""
        early = str(self.period.year_earlier(9))
        way = self.chance.choice(("since", "ever", "unbroken"))
        facts = {"extreme": self.chance.choice(("high", "low")), "gap": "no" if way == "ever" else "yes"}
        return facts | ({"since": early} if way == "since" else {"span_from": early})

    def figures_of_level(self, indicator: str, place: str, **more: Any) -> dict[str, Any]:
        return {"level": self.level(indicator, place, self.period, **more)}


def level(m: Maker) -> Finding:
    indicator, place = m.series()
    basis = m.basis()
    rate = "change" if m.names.indicators[indicator].unit == "percent" else "growth"
    figures = m.figures_of_level(indicator, place, status=m.chance.choice(STATUSES))
    if m.chance.random() < 0.8:
        figures[rate] = m.rate(indicator, place, m.period, basis, kind=rate)
        if basis == "on year" and m.chance.random() < 0.5 and m.period.shape is not Shape.CUMULATED_MONTHS:
            figures[f"{rate}_previous"] = m.rate(indicator, place, m.period, "on previous period", kind=rate)
    facts = m.reach() if m.chance.random() < 0.3 and rate in figures else {}
    return m.finding("level", indicator, place, m.period, figures=figures, facts=facts)


def flat(m: Maker) -> Finding:
    indicator, place = m.series()
    basis = m.basis()
    unit = "percentage point" if m.names.indicators[indicator].unit == "percent" else "percent"
    growth = m.figure("growth", m.chance.choice((0.1, -0.1, 0.2, 0.0)), unit, indicator, place, m.period, basis=basis)
    figures = m.figures_of_level(indicator, place) | {"growth": growth}
    return m.finding("flat", indicator, place, m.period, figures=figures, facts={"basis": basis})


def growth(m: Maker) -> Finding:
    indicator, place = m.series()
    basis = m.basis()
    figures = {
        "growth": m.rate(indicator, place, m.period, basis),
        "level": m.maybe(lambda: m.level(indicator, place, m.period)),
    }
    if m.period.shape is not Shape.CUMULATED_MONTHS and m.chance.random() < 0.4:
        other = "on previous period" if basis == "on year" else "on year"
        figures["beside"] = m.rate(indicator, place, m.period, other)
    return m.finding("growth", indicator, place, m.period, figures=figures, facts={"basis": basis})


def change_in_growth(m: Maker) -> Finding:
    indicator, place = m.chance.choice(("retail_sales", "value_added", "visitors")), m.chance.choice(CITIES)
    now, before = (m.rate(indicator, place, period, "on year") for period in (m.period, m.period.step(-1)))
    if m.value(now) == m.value(before):
        before = m.rate(indicator, place, m.period.step(-1), "on year", sign=-1)
    change = m.figure(
        "change in growth", m.value(now) - m.value(before), "percentage point", indicator, place, m.period
    )
    figures = {"growth": now, "previous_growth": before, "change": change}
    return m.finding("change_in_growth", indicator, place, m.period, figures=figures, facts={"basis": "on year"})


def sign_change(m: Maker) -> Finding:
    indicator, place = m.chance.choice(("retail_sales", "visitors", "gdp")), m.own
    sign = m.chance.choice((1, -1))
    figures = {
        "growth": m.rate(indicator, place, m.period, "on year", sign=sign),
        "previous_growth": m.rate(indicator, place, m.period.step(-1), "on year", sign=-sign),
        "level": m.maybe(lambda: m.level(indicator, place, m.period)),
        "lasted": m.maybe(lambda: m.figure("streak", m.chance.randint(2, 20), "month", indicator, place, m.period)),
    }
    return m.finding("sign_change", indicator, place, m.period, figures=figures, facts={"basis": "on year"})


def crossing(m: Maker) -> Finding:
    sign = m.chance.choice((1, -1))
    now, before = (
        m.figure("level", way * m.chance.randint(1, 900) * 1e8, "CNY", "balance", m.own, period)
        for way, period in ((sign, m.period), (-sign, m.period.step(-1)))
    )
    return m.finding("crossing", "balance", m.own, m.period, figures={"level": now, "previous": before})


def record(m: Maker) -> Finding:
    indicator, place = m.series()
    return m.finding(
        "record", indicator, place, m.period, figures=m.figures_of_level(indicator, place), facts=m.reach()
    )


def streak(m: Maker) -> Finding:
    period = m.step()
    indicator, place = m.series()
    length = m.chance.randint(3, 30)
    way = m.chance.choice(("up", "down", "flat"))
    basis = "on year" if way != "flat" and m.chance.random() < 0.4 else "on previous period"
    nouns = {
        Shape.YEAR: "year",
        Shape.HALF_YEAR: "half-year",
        Shape.QUARTER: "quarter",
        Shape.MONTH: "month",
        Shape.WEEK: "week",
    }
    noun = nouns.get(period.shape, "times")
    start = period.step(-2)
    run = m.figure("streak", length, noun, indicator, place, period, basis=basis)
    figures: dict[str, Any] = {"length": run, "level": m.maybe(lambda: m.level(indicator, place, period))}
    if basis != "on year" and way != "flat" and m.chance.random() < 0.6:
        sign = 1 if way == "up" else -1
        figures["growth"] = m.rate(indicator, place, period, f"since {start.step(-1)}", sign=sign)
    facts = {"direction": way, "from": str(start), "basis": basis}
    return m.finding("streak", indicator, place, period, figures=figures, facts=facts)


def movers(m: Maker) -> Finding:
    indicator, places = members(m)
    basis, sign = m.basis(), m.chance.choice((1, -1))
    rates = sorted((abs(m.value(m.rate(indicator, place, m.period, basis))) for place in places), reverse=True)
    entries = tuple(
        Entry(
            place=place,
            figures={"growth": m.figure("growth", sign * rate, "percent", indicator, place, m.period, basis=basis)},
        )
        for place, rate in zip(places, rates, strict=True)
    )
    facts = {"direction": "up" if sign > 0 else "down", "basis": basis, "among": m.maybe(lambda: "largest", 0.2) or ""}
    return m.finding(
        "movers", indicator, m.own, m.period, entries=entries, facts=facts, figures={"count": counted(m, indicator)}
    )


def members(m: Maker) -> tuple[str, list[str]]:
    indicator = m.chance.choice(("visitors", "retail_sales", "exchange_rate", "gdp"))
    known = COUNTRIES if indicator in ("exchange_rate", "gdp") else CITIES[:4]
    return indicator, m.chance.sample(known, 3)


def counted(m: Maker, indicator: str) -> str:
    return m.figure("count", m.chance.randint(4, 185), "place", indicator, m.own, m.period)


def breadth(m: Maker) -> Finding:
    indicator, _ = members(m)
    total = m.chance.randint(3, 40)
    up = m.chance.choice((0, total, m.chance.randint(0, total)))
    down = total - up if m.chance.random() < 0.7 or not up else m.chance.randint(0, total - up)
    place = m.chance.choice(COUNTRIES if indicator in ("exchange_rate", "gdp") else CITIES[:4])
    figures = {
        role: m.figure("count", value, "place", indicator, place, m.period)
        for role, value in (("up", up), ("down", down), ("count", total))
    }
    return m.finding("breadth", indicator, place, m.period, figures=figures, facts={"basis": m.basis()})


def extremes(m: Maker) -> Finding:
    indicator, places = members(m)
    measure = m.chance.choice(("level", "volatility", "average annual growth"))
    role = {"level": "level", "volatility": "volatility", "average annual growth": "average"}[measure]
    unit = {"volatility": "percentage point", "average": "percent"}.get(role, "CNY")
    values = sorted((m.chance.uniform(1, 50) for _ in places), reverse=True)
    entries = tuple(
        Entry(place=place, figures={role: m.figure(measure, round(value, 1), unit, indicator, place, m.period)})
        for place, value in zip(places, values, strict=True)
    )
    figures = {"count": m.maybe(lambda: counted(m, indicator))}
    return m.finding(
        "extremes", indicator, m.own, m.period, entries=entries, facts={"measure": measure}, figures=figures
    )


def rank(m: Maker) -> Finding:
    indicator, place = m.chance.choice(("gdp", "retail_sales", "visitors", "value_added")), m.own
    direction = m.chance.choice(("improved", "slipped", "held", "new"))
    now = m.chance.randint(2, 12)
    before = {"improved": now + m.chance.randint(1, 9), "slipped": now - 1, "held": now}.get(direction)
    bottom = direction == "new" and m.chance.random() < 0.4
    figures = {
        "rank": m.figure("rank", now, "rank", indicator, place, m.period),
        "out_of": m.figure("count", 27 if m.chance.random() < 0.5 else 23, "place", indicator, place, m.period),
        "previous_rank": before and m.figure("rank", before, "rank", indicator, place, m.period.step(-1)),
    }
    group = m.chance.choice(("", "heilongjiang_cities", "capitals"))
    if group == "capitals":
        figures["out_of"] = m.figure("count", 27, "place", indicator, place, m.period)
    facts = {
        "direction": direction, "of": m.chance.choice(("level", "growth")), "group": group,
        "previous": str(m.period.step(-1)) if before else "", "counted_from": "bottom" if bottom else "",
        "tie": "yes" if m.chance.random() < 0.2 else "",
    }  # fmt: skip
    return m.finding("rank", indicator, place, m.period, figures=figures, facts=facts)


def rank_moves(m: Maker) -> Finding:
    indicator, places = members(m)
    up = m.chance.random() < 0.5
    entries = []
    for place in places[: m.chance.randint(1, 3)]:
        low = m.chance.randint(2, 9)
        now, before = (low, low + m.chance.randint(1, 5)) if up else (low + m.chance.randint(1, 5), low)
        entries.append(
            Entry(
                place=place,
                figures={
                    "rank": m.figure("rank", now, "rank", indicator, place, m.period),
                    "previous_rank": m.figure("rank", before, "rank", indicator, place, m.period.step(-1)),
                },
            )
        )
    facts = {"direction": "improved" if up else "slipped"}
    figures = {"count": m.maybe(lambda: counted(m, indicator))}
    return m.finding("rank_moves", indicator, m.own, m.period, entries=tuple(entries), facts=facts, figures=figures)


def top_share(m: Maker) -> Finding:
    entries = tuple(
        Entry(
            place=place,
            figures={"share": m.figure("share", m.chance.uniform(1, 30), "percent", "gdp", place, m.period)},
        )
        for place in m.chance.sample(COUNTRIES, 3)
    )
    figures = {
        "share": m.figure("share", m.chance.uniform(40, 90), "percent", "gdp", m.own, m.period),
        "count": m.figure("count", 3, "place", "gdp", m.own, m.period),
    }
    facts = {"of": m.chance.choice(("world", "total"))}
    return m.finding("top_share", "gdp", m.own, m.period, entries=entries, figures=figures, facts=facts)


def share(m: Maker) -> Finding:
    indicator, place = m.chance.choice(("gdp", "retail_sales", "loans")), m.chance.choice((m.own, *CITIES))
    year = m.period.year_earlier()
    change = m.chance.choice((0.0, m.chance.uniform(0.2, 5), -m.chance.uniform(0.2, 5)))
    figures: dict[str, Any] = {
        "share": m.figure("share", m.chance.uniform(6, 60), "percent", indicator, place, m.period)
    }
    if m.chance.random() < 0.8:
        figures["change"] = m.figure("change", change, "percentage point", indicator, place, m.period, basis="on year")
        if figures["change"] and m.value(figures["change"]):
            before = m.value(figures["share"]) - m.value(figures["change"])
            figures["previous_share"] = m.figure("share", before, "percent", indicator, place, year)
    facts = {"of": m.chance.choice(("world", "total", "nation"))}
    return m.finding("share", indicator, place, m.period, figures=figures, facts=facts)


def average_growth(m: Maker) -> Finding:
    start, end = Period.parse("2015"), Period.parse("2025")
    indicator, place = m.chance.choice(("gdp", "visitors", "retail_sales")), m.own
    sign = m.chance.choice((1, -1))
    average = m.rate(indicator, place, end, f"since {start}", kind="average annual growth", sign=sign)
    figures: dict[str, Any] = {"average": average}
    if m.chance.random() < 0.6:
        first = m.level(indicator, place, start)
        grown = m.value(first) * (1 + m.value(average) / 100) ** 10
        figures |= {
            "first": first,
            "last": m.figure("level", float(round(grown)) or 1.0, m.unit(indicator, place), indicator, place, end),
        }
        if (m.value(figures["last"]) > m.value(first)) != (sign > 0):
            del figures["first"], figures["last"]
    return m.finding(
        "average_growth", indicator, place, end, figures=figures, facts={"from": str(start), "to": str(end)}
    )


def gap(m: Maker) -> Finding:
    growing = m.chance.random() < 0.5
    indicator, place = ("value_added" if growing else "unemployment"), m.own
    basis = "on year" if growing else ""
    own, benchmark = (round(m.chance.uniform(1, 20), 1) for _ in range(2))
    distance = 0.0 if m.chance.random() < 0.15 else round(own - benchmark, 1)
    kind = "growth" if growing else "level"
    figures: dict[str, Any] = {
        "gap": m.figure(
            "gap in growth" if growing else "gap", distance, "percentage point", indicator, place, m.period
        ),
        "own": m.figure(kind, own, "percent", indicator, place, m.period, basis=basis),
        "benchmark": distance and m.figure(kind, benchmark, "percent", indicator, "nation", m.period, basis=basis),
    }
    facts = {
        "to": "nation",
        "of": kind,
        "basis": basis,
        "direction": "above" if distance > 0 else "below" if distance else "level",
    }
    if distance and m.chance.random() < 0.5:
        wider = m.chance.random() < 0.5
        before = distance * (0.5 if wider else 2)
        if round(before, 1) not in (0, distance):
            figures["previous_gap"] = m.figure("gap", before, "percentage point", indicator, place, m.period.step(-1))
            facts["moved"] = "widened" if wider else "narrowed"
    return m.finding("gap", indicator, place, m.period, figures=figures, facts=facts)


def volatility(m: Maker) -> Finding:
    period = m.step()
    indicator, place = m.series()
    spread = m.chance.uniform(0.2, 9), m.chance.uniform(0.2, 9)
    now, before = (m.figure("volatility", value, "percentage point", indicator, place, period) for value in spread)
    figures = {"volatility": now, "previous": m.maybe(lambda: before)}
    facts = {"from": m.maybe(lambda: str(period.step(-1))) or ""}
    return m.finding("volatility", indicator, place, period, figures=figures, facts=facts)


def since(m: Maker) -> Finding:
    indicator, place = m.series()
    base = m.period.year_earlier(5)
    flat_ = m.chance.random() < 0.2
    growth_ = m.figure(
        "growth", 0.0 if flat_ else m.chance.choice((1, -1)) * m.chance.uniform(1, 80), "percent", indicator, place,
        m.period, basis=f"since {base}",
    )  # fmt: skip
    figures = {"growth": growth_, "level": m.maybe(lambda: m.level(indicator, place, m.period))}
    return m.finding("since", indicator, place, m.period, figures=figures, facts={"from": str(base)})


def ratio(m: Maker) -> Finding:
    percent = m.chance.random() < 0.5
    values = (m.chance.uniform(1, 90), m.chance.uniform(1, 90))
    unit = "percent" if percent else "ratio"
    now, before = (
        m.figure("ratio", round(value, 1), unit, "loans", m.own, period)
        for value, period in zip(values, (m.period, m.period.year_earlier()), strict=True)
    )
    figures = {"value": now, "previous": m.maybe(lambda: before)}
    return m.finding("ratio", "loans", m.own, m.period, figures=figures, facts={"to": "deposits"})


def per_head(m: Maker) -> Finding:
    now, before = (m.level("retail_sales", m.own, period) for period in (m.period, m.period.year_earlier()))
    return m.finding(
        "per_head", "retail_sales", m.own, m.period, figures={"value": now, "previous": m.maybe(lambda: before)}
    )


def index(m: Maker) -> Finding:
    now = m.figure("index", m.chance.uniform(50, 300), "ratio", "visitors", m.own, m.period, decimals=1)
    facts = {"base": str(m.period.year_earlier(5)) if m.chance.random() < 0.7 else ""}
    return m.finding("index", "visitors", m.own, m.period, figures={"value": now}, facts=facts)


def rolling(m: Maker) -> Finding:
    period = m.step()
    now, before = (m.level("visitors", m.own, period) for period in (period, period.step(-1)))
    facts = {"from": str(period.step(-1)) if m.chance.random() < 0.5 else ""}
    figures = {"value": now, "previous": m.maybe(lambda: before)}
    return m.finding("rolling", "visitors", m.own, period, figures=figures, facts=facts)


def attainment(m: Maker) -> Finding:
    way = m.chance.choice(("known", "pace", "distance", "bare"))
    if way == "distance":
        target, distance = (
            round(m.chance.uniform(2, 9), 1),
            round(m.chance.choice((1, -1)) * m.chance.uniform(0.2, 1.5), 1),
        )
        figures = {
            "value": m.figure("attainment", distance, "percentage point", "unemployment", m.own, m.period),
            "target": m.figure("level", target, "percent", "unemployment", m.own, m.period, status="target"),
            "level": m.figure("level", target + distance, "percent", "unemployment", m.own, m.period),
        }
        facts = {"met": m.chance.choice(("yes", "no"))}
        return m.finding("attainment", "unemployment", m.own, m.period, figures=figures, facts=facts)
    figures = {
        "value": m.figure("attainment", m.chance.uniform(20, 140), "percent", "revenue", m.own, m.period),
        "level": m.level("revenue", m.own, m.period),
        "target": "" if way == "bare" else m.level("revenue", m.own, m.period, status="target"),
    }
    pace = {
        "pace": m.chance.choice(("ahead", "behind", "level")),
        "against": m.chance.choice(("last year", "calendar")),
    }
    return m.finding("attainment", "revenue", m.own, m.period, figures=figures, facts=pace if way == "pace" else {})


def contribution(m: Maker) -> Finding:
    now, before = (
        m.figure("contribution", m.chance.uniform(0.1, 6), "percentage point", "value_added", m.own, period)
        for period in (m.period, m.period.step(-1))
    )
    figures = {"value": now, "previous": m.maybe(lambda: before)}
    return m.finding("contribution", "value_added", m.own, m.period, figures=figures, facts={"to": "nation"})


def revision(m: Maker) -> Finding:
    indicator, place = m.chance.choice(("retail_sales", "visitors", "gdp")), m.own
    old = m.level(indicator, place, m.period)
    new = m.figure("level", float(round(m.value(old) * 1.25)) + 1, m.unit(indicator, place), indicator, place, m.period)
    figures = {"new": new, "old": old}
    facts = {"published": "2026-11-20", "was_published": "2026-10-20"}
    return m.finding("revision", indicator, place, m.period, figures=figures, facts=facts)


def first(m: Maker) -> Finding:
    indicator, place = m.series()
    return m.finding("first", indicator, place, m.period, figures=m.figures_of_level(indicator, place))


def missing(m: Maker) -> Finding:
    indicator, place = m.series()
    facts = {"latest": str(m.period.step(-1)) if m.chance.random() < 0.6 else ""}
    return m.finding("missing", indicator, place, m.period, facts=facts)


def quiet(m: Maker) -> Finding:
    figures = {"count": m.figure("count", m.chance.randint(3, 60), "item", "gdp", m.own, m.period)}
    return m.finding("quiet", "gdp", m.own, m.period, figures=figures, facts={"basis": m.basis()})


# -- accounts and the lists on them ------------------------------------------------------------------------------------

AMOUNTS = ("budget", "retail", "trade", "deposits_rmb", "loans_green", "fines", "land_revitalised", "sown", "tax_cuts")
COUNTS = (
    "inspections",
    "patents",
    "entities",
    "job_fairs",
    "masters",
    "certificates",
    "high_tech",
    "good_air",
    "villages",
)
RATES = ("mediation", "counters", "procurement", "gaokao", "forest", "npl")


def account(m: Maker) -> Finding:
    period = Period.parse(m.chance.choice(OF_YEARS)) if m.chance.random() < 0.7 else m.period
    period = period if period.shape not in (Shape.DAY, Shape.WEEK, Shape.TEN_DAYS) else Period.parse("2025")
    place = m.chance.choice((m.own, m.own, m.chance.choice(CITIES)))
    made = m.chance.choice((_levels, _levels, _growing, _averaging, _ranked, _aimed))
    return made(m, period, place)


def _counted_from_source(m: Maker, indicator: str, place: str, period: Period, **more: Any) -> str:
    """A level as a source words it: more than, less than, about."""
    return m.level(
        indicator, place, period, qualifier=m.chance.choice(("exact",) * 5 + ("over", "under", "about")), **more
    )


def _levels(m: Maker, period: Period, place: str) -> Finding:
    indicator = m.chance.choice(AMOUNTS + COUNTS + RATES)
    figures: dict[str, Any] = {"level": _counted_from_source(m, indicator, place, period)}
    facts = {"status": m.chance.choice(("actual",) * 4 + ("preliminary", "estimate"))}
    percent = m.names.indicators[indicator].unit == "percent"
    if not percent and m.chance.random() < 0.6:
        figures["growth"] = m.rate(indicator, place, period, m.chance.choice(("on year", "on year", "")))
    elif not percent and period.shape is Shape.YEAR and m.chance.random() < 0.6:
        base = Period.parse("2015")
        facts["earlier_period"] = str(base)
        figures["earlier"] = m.level(indicator, place, base)
        figures["since_earlier"] = m.figure(
            "growth", m.value(figures["level"]) / m.value(figures["earlier"]) * 100 - 100, "percent", indicator, place,
            period, basis=f"since {base}", computed=True,
        )  # fmt: skip
    if percent and m.chance.random() < 0.5:
        distance = m.chance.choice((1, -1)) * round(m.chance.uniform(0.3, 9), 1)
        figures["gap"] = m.figure("gap", distance, "percentage point", indicator, place, period)
        facts |= {"gap_to": "nation", "gap_of": "level"}
        figures["benchmark"] = m.maybe(
            lambda: m.figure(
                "level", m.value(figures["level"]) - distance, "percent", indicator, "nation", period, computed=True
            )
        )
    return m.finding("account", indicator, place, period, figures=figures, facts=facts)


def _growing(m: Maker, period: Period, place: str) -> Finding:
    indicator = m.chance.choice(AMOUNTS + COUNTS)
    figures: dict[str, Any] = {"growth": m.rate(indicator, place, period, "on year")}
    facts = {"status": m.chance.choice(("actual", "actual", "preliminary", "estimate"))}
    if m.chance.random() < 0.5:
        distance = m.chance.choice((1, -1)) * round(m.chance.uniform(0.3, 9), 1)
        figures["gap"] = m.figure("gap in growth", distance, "percentage point", indicator, place, period)
        figures["benchmark"] = m.figure(
            "growth", m.value(figures["growth"]) - distance, "percent", indicator, "nation", period, computed=True,
            basis="on year",
        )  # fmt: skip
        facts |= {"gap_to": m.chance.choice(("nation",)), "gap_of": "growth"}
    if facts["status"] == "actual" and m.chance.random() < 0.4:
        figures["rank"] = m.figure("rank", m.chance.randint(1, 14), "rank", indicator, place, period)
        facts |= {"rank_among": m.chance.choice(("heilongjiang", "inner_mongolia")), "rank_of": "growth"}
        facts["counted_from"] = m.chance.choice(("top", "bottom"))
    return m.finding("account", indicator, place, period, figures=figures, facts=facts)


def _averaging(m: Maker, period: Period, place: str) -> Finding:
    indicator = m.chance.choice(AMOUNTS)
    kind = m.chance.choice(("average", "since", "change", "multiple"))
    facts = {"status": "actual"}
    if kind == "average":
        figures = {kind: m.rate(indicator, place, period, "", kind="average annual growth")}
    elif kind == "since":
        facts["since_base"] = "2011"
        figures = {kind: m.rate(indicator, place, period, "since 2011")}
    elif kind == "change":
        facts["change_basis"] = m.chance.choice(("on year", ""))
        value = m.chance.choice((1, -1)) * m.value(m.level(indicator, place, period))
        figures = {kind: m.figure("change", value, m.unit(indicator, place), indicator, place, period)}
    else:
        facts["multiple_base"] = m.chance.choice(("2011", ""))
        figures = {kind: m.figure("multiple", m.chance.randint(2, 9), "multiple", indicator, place, period)}
    return m.finding("account", indicator, place, period, figures=figures, facts=facts)


def _ranked(m: Maker, period: Period, place: str) -> Finding:
    indicator = m.chance.choice(("budget", "retail", "turnover_rank", "index_rank"))
    figures = {"rank": m.figure("rank", m.chance.randint(1, 12), "rank", indicator, place, period)}
    among = m.chance.choice(("heilongjiang", "inner_mongolia", "thirty_five_cities"))
    facts = {
        "status": "actual",
        "rank_among": among,
        "rank_of": "level",
        "counted_from": m.chance.choice(("top", "bottom")),
    }
    if m.chance.random() < 0.5:
        figures["previous_rank"] = m.figure("rank", m.chance.randint(1, 12), "rank", indicator, place, "2014")
        facts |= {"previous_rank_period": "2014", "previous_counted_from": m.chance.choice(("top", "bottom"))}
    return m.finding("account", indicator, place, period, figures=figures, facts=facts)


def _aimed(m: Maker, period: Period, place: str) -> Finding:
    """A target: a level, a growth, an average."""
    indicator, due = m.chance.choice(TARGETED), m.chance.choice(("2027", "2026/2030"))
    wording = m.chance.choice(("exact", "over", "about", "under"))
    if m.names.indicators[indicator].unit == "percent" or m.chance.random() < 0.6:
        figures = {"level": m.level(indicator, place, due, status="target", qualifier=wording)}
    else:
        role = m.chance.choice(("growth", "average"))
        kind = "growth" if role == "growth" else "average annual growth"
        value = m.chance.choice((1, 1, -1)) * m.chance.uniform(1, 20)
        basis = "on year" if role == "growth" else ""
        figures = {
            role: m.figure(
                kind, value, "percent", indicator, place, due, basis=basis, status="target", qualifier=wording
            )
        }
    return m.finding("account", indicator, place, due, figures=figures, facts={"status": "target"})


def commitments(m: Maker) -> Finding:
    entries = []
    for indicator in m.chance.sample(TARGETED, 3):
        grows = m.names.indicators[indicator].unit != "percent" and m.chance.random() < 0.5
        value = m.chance.choice((1, 1, -1)) * m.chance.uniform(1, 20)
        target = (
            m.figure("growth", value, "percent", indicator, m.own, "2027", basis="on year", status="target")
            if grows
            else m.level(
                indicator, m.own, "2027", status="target", qualifier=m.chance.choice(("exact", "over", "about"))
            )
        )
        role = {"role": "growth" if grows else "level"}
        entries.append(Entry(place=m.own, indicator=indicator, figures={"target": target}, facts=role))
    return m.finding(
        "commitments", entries[0].indicator, m.own, m.period, entries=tuple(entries), facts={"for_period": "2027"}
    )


def composition(m: Maker) -> Finding:
    entries = tuple(
        Entry(
            place=m.own, indicator=part,
            figures={"share": m.figure("level", m.chance.uniform(1, 60), "percent", part, m.own, "2025")},
        )
        for part in ("primary", "secondary", "tertiary")
    )  # fmt: skip
    facts = {"share_of": m.chance.choice(("gdp", ""))}
    return m.finding("composition", "primary", m.own, "2025", entries=entries, facts=facts)


def tiers(m: Maker) -> Finding:
    tall = sorted((m.chance.randint(5, 400) for _ in range(3)), reverse=True)
    keys = (("landed", "tier=1e+08"), ("landed_500", "tier=5e+08"), ("landed_1bn", "tier=1e+09"))
    entries = tuple(
        Entry(
            place=m.own, indicator=indicator, facts={"tier": tier},
            figures={"level": m.figure("level", value, "project", indicator, m.own, "2025")},
        )
        for (indicator, tier), value in zip(keys, tall, strict=True)
    )  # fmt: skip
    return m.finding("tiers", "landed", m.own, "2025", entries=entries)


def pairs(m: Maker) -> Finding:
    entries = tuple(
        Entry(
            place=m.own, indicator=indicator,
            figures={"from": m.level(indicator, m.own, "2020"), "to": m.level(indicator, m.own, "2025")},
        )
        for indicator in m.chance.sample(("deposits_rmb", "loans_rmb", "budget", "retail"), 2)
    )  # fmt: skip
    facts = {"from": "2020", "to": "2025"}
    return m.finding("pairs", entries[0].indicator, m.own, "2025", entries=entries, facts=facts)


def completions(m: Maker) -> Finding:
    entries = tuple(
        Entry(
            place=m.own, indicator=indicator,
            figures={"completion": m.figure("level", m.chance.choice((80.5, 96.0, 104.0, 100.0)), "percent", indicator, m.own, "2025")},
        )
        for indicator in ("budget", "retail", "trade")
    )  # fmt: skip
    return m.finding("completions", "budget", m.own, "2025", entries=entries)


def remark(m: Maker) -> Finding:
    facts = {"en": "The report says so.", "zh": "报告如是说。"}
    return m.finding("remark", "", m.own, m.period, facts=facts)


def absent(m: Maker) -> Finding:
    kinds = m.chance.sample(("growth", "level", "share", "gap", "rank"), 2)
    entries = tuple(Entry(place=m.own, indicator=m.chance.choice(AMOUNTS), facts={"what": kind}) for kind in kinds)
    return m.finding("absent", "budget", m.own, m.period, entries=entries)


MAKERS: tuple[Callable[[Maker], Finding], ...] = (
    level, flat, growth, change_in_growth, sign_change, crossing, record, streak, movers, breadth, extremes, rank,
    rank_moves, top_share, share, average_growth, gap, volatility, since, ratio, per_head, index, rolling, attainment,
    contribution, revision, first, missing, quiet, account, account, account, account, account, commitments,
    composition, tiers, pairs, completions, remark, absent,
)  # fmt: skip


def briefing(seed: int, size: int = 9) -> Briefing:
    """A briefing of `size` findings of random kinds, three of them on page one."""
    maker = Maker(seed)
    found: list[Finding] = []
    for make in maker.chance.choices(MAKERS, k=size):
        found.append(make(maker))
    world = World()
    world.figures = maker.figures
    return world.briefing(*found, period=str(maker.period), place=maker.own, headline=min(3, size))


def briefings(count: int, size: int = 9) -> Iterator[Briefing]:
    for seed in range(count):
        yield briefing(seed, size)
