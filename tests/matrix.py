"""The matrix of what a series briefing can say: small worlds of made-up figures, composed as any other.

A `Cell` is an indicator (its nature and unit), a shape of period and a course of values; its briefing asks for every
measure of the grammar, of one place, of several places and of the members of a breakdown. `told` gives every sentence
that the phrase book can make of it, not only the one that would be drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from briefings import reconcile
from briefings.audit.readback.marks import Marked
from briefings.briefing import Briefing, Finding
from briefings.catalogue import Catalogue, Indicator, PeerGroup, Place
from briefings.compose import compose
from briefings.configuration import Names as Named
from briefings.configuration import Project, Source
from briefings.measures import vintage_key
from briefings.narrative import plain
from briefings.narrative.names import Names
from briefings.narrative.sentences import Writer
from briefings.observations import Observation, Panel
from briefings.periods import Frequency, Period
from briefings.themes import Theme
from tests.narratives import BOOKS

# -- where -------------------------------------------------------------------------------------------------------------

LAND, PROVINCE, HOME = "land", "upland", "brook"
CITIES = ("brook", "marsh", "delta", "lakes", "ferry", "mills")
PLACES: Mapping[str, dict[str, Any]] = {
    LAND: {"name": {"en": "Farland", "zh": "远国"}, "kind": "country", "currency": "CNY"},
    PROVINCE: {"name": {"en": "Upland", "zh": "高原省"}, "kind": "province", "within": LAND, "currency": "CNY"},
    "brook": {"name": {"en": "Brookside", "zh": "溪边市"}, "peers": "six", "currency": "JPY"},
    "marsh": {"name": {"en": "Marsh End", "zh": "泽尾市"}, "currency": "INR"},
    "delta": {"name": {"en": "Delta", "zh": "三角洲市"}, "currency": "BRL"},
    "lakes": {"name": {"en": "Lakes", "zh": "湖区"}, "in_text": {"en": "the Lakes", "zh": "湖区"}, "currency": "NOK"},
    "ferry": {"name": {"en": "Old Ferry", "zh": "古渡市"}, "currency": "KRW"},
    "mills": {"name": {"en": "Mills", "zh": "磨坊市"}, "currency": "MXN"},
}
MEMBERS = {
    "origin=united_states": {"en": "the United States", "zh": "美国"},
    "origin=japan": {"en": "Japan", "zh": "日本"},
    "origin=others": {"en": "other origins", "zh": "其他来源地"},
}

# -- what --------------------------------------------------------------------------------------------------------------

#: Indicator -> what it is, and the value that its courses begin with.
INDICATORS: Mapping[str, tuple[dict[str, Any], float]] = {
    "sales": ({"name": {"en": "Retail sales", "zh": "零售额"}, "unit": "CNY", "nature": "flow"}, 4.1234e9),
    "fdi": ({"name": {"en": "FDI used", "zh": "实际使用外资"}, "unit": "USD", "nature": "flow"}, 3.598e8),
    "output": (
        {
            "name": {"en": "Industrial value added", "zh": "工业增加值"},
            "unit": "CNY",
            "nature": "flow",
            "growth": "constant prices",
        },
        8.77e9,
    ),
    "headcount": (
        {"name": {"en": "Resident population", "zh": "常住人口"}, "unit": "person", "nature": "stock"},
        4.6e6,
    ),
    "deposits": ({"name": {"en": "Deposits", "zh": "存款余额"}, "unit": "CNY", "nature": "stock"}, 6.82e11),
    "jobless": ({"name": {"en": "Unemployment rate", "zh": "失业率"}, "unit": "percent", "nature": "rate"}, 5.3),
    "prices": (
        {"name": {"en": "Consumer price index", "zh": "居民消费价格指数"}, "unit": "index", "nature": "index"},
        102.3,
    ),
    "pork": ({"name": {"en": "Pork price", "zh": "猪肉价格"}, "unit": "CNY per kg", "nature": "rate"}, 21.45),
    "projects": ({"name": {"en": "Projects signed", "zh": "签约项目数"}, "unit": "project", "nature": "count"}, 640.0),
    "visitors": ({"name": {"en": "Visitors", "zh": "游客人数"}, "unit": "person time", "nature": "flow"}, 1.3e6),
    "balance": ({"name": {"en": "Fiscal balance", "zh": "财政差额"}, "unit": "CNY", "nature": "flow"}, -3.2e8),
    "rate": (
        {
            "name": {"en": "Exchange rate", "zh": "汇率"},
            "unit": "LCU per USD",
            "nature": "rate",
            "subject": {"en": "the {currency}'s rate", "zh": "{currency}汇率"},
            "entity": {"en": "the {currency}", "zh": "{currency}"},
            "entities": {"en": "currencies", "zh": "种货币"},
            "reading": {
                "rise": {"en": "the {currency} weakened", "zh": "{currency}走弱"},
                "fall": {"en": "the {currency} strengthened", "zh": "{currency}走强"},
            },
        },
        7.1234,
    ),
}
OTHER = {
    "population": ({"name": {"en": "Population", "zh": "人口"}, "unit": "person", "nature": "stock"}, 5.1e6),
    "loans": ({"name": {"en": "Loans", "zh": "贷款余额"}, "unit": "CNY", "nature": "stock"}, 5.5e11),
}

# -- when --------------------------------------------------------------------------------------------------------------

FIRST_YEAR, YEAR = 2021, 2026
HALVES, THIRDS = ("H1", "H2"), ("T1", "T2", "T3")


def _cumulated(first: int, *months: int) -> Callable[[int], list[str]]:
    return lambda year: [str(Period.cumulated(year, month)) for month in months if month >= first]


def _of_year(*parts: str) -> Callable[[int], list[str]]:
    return lambda year: [f"{year}{part}" for part in parts]


MONTHS = tuple(f"-{month:02}" for month in range(1, 13))
#: Shape -> its cadence, the periods of one year, and which of them is told last in the last year.
SHAPES: Mapping[str, tuple[str, Callable[[int], list[str]], int]] = {
    "month": ("monthly", _of_year(*MONTHS), 6),
    "January": ("monthly", _of_year(*MONTHS), 1),
    "to January": ("monthly", _cumulated(1, *range(1, 13)), 1),
    "to February": ("monthly", _cumulated(2, *range(1, 13)), 1),
    "to March": ("monthly", _cumulated(2, *range(1, 13)), 2),
    "to September": ("monthly", _cumulated(1, *range(1, 13)), 9),
    "to October": ("monthly", _cumulated(2, *range(1, 13)), 9),
    "to December": ("monthly", _cumulated(2, *range(1, 13)), 11),
    "quarter": ("quarterly", _of_year("-Q1", "-Q2", "-Q3", "-Q4"), 3),
    "three quarters": ("monthly", _cumulated(1, 3, 6, 9, 12), 3),
    "half-year": ("half-yearly", _of_year("-H1", "-H2"), 1),
    "year": ("annual", _of_year(""), 1),
    "ten days": ("ten-day", _of_year(*(f"{month}-{third}" for month in MONTHS for third in THIRDS)), 17),
    "week": ("weekly", _of_year(*(f"-W{week:02}" for week in range(1, 53))), 7),
    "day": ("daily", _of_year(*(f"-06-{day:02}" for day in range(1, 31))), 30),
    "month's end": ("monthly", _of_year("-01-31", "-02-28", "-03-31", "-04-30", "-05-31", "-06-30"), 6),
}

# -- how it went -------------------------------------------------------------------------------------------------------

#: Course -> growth on the year of the period so many periods back, in percent, of a place of this number.
COURSES: Mapping[str, Callable[[int, int], float]] = {
    "rise": lambda back, place: 4.0 + 0.37 * ((back * 7) % 5) - 2.5 * place + (0.4 if back == 0 else 0),
    "fall": lambda back, place: -5.0 - 0.41 * ((back * 7) % 5) + 2.2 * place,
    "unchanged": lambda back, place: 0.0,
    "to zero": lambda back, place: 0.004 if back == 0 else 3.1 + back % 3 + place,
    "from zero": lambda back, place: 0.02 if back == 1 else 0.7 + (back % 2) - 0.9 * place,
    "turned up": lambda back, place: 3.3 + place if back == 0 else -2.4 - back % 2,
    "turned down": lambda back, place: -3.3 - place if back == 0 else 2.4 + back % 2,
    "same rate": lambda back, place: 5.04 - back * 0.01 + place,
    "one point lower": lambda back, place: 4.0 - place if back == 0 else 5.0,
    "slower fall": lambda back, place: -2.0 - 0.3 * place if back == 0 else -7.0,
    "tiny": lambda back, place: 0.03 * (-1) ** (back + place),
    "manifold": lambda back, place: 1340.0 + 100 * place if back == 0 else 2.0,
    "overtaken": lambda back, place: (70.0 if place == 1 else 8.0) if back == 0 else 0.2,
    "half gone": lambda back, place: -62.5 - place if back == 0 else 1.0,
}


@dataclass(frozen=True)
class Cell:
    """One indicator in one shape of period with one course of values."""

    indicator: str
    shape: str
    course: str
    status: str = "actual"

    def __str__(self) -> str:
        return f"{self.indicator}, {self.shape}, {self.course}" + (f", {self.status}" * (self.status != "actual"))


def periods(shape: str) -> list[list[Period]]:
    """The periods told, a list a year."""
    _, of_year, last = SHAPES[shape]
    years = [[Period.parse(text) for text in of_year(year)] for year in range(FIRST_YEAR, YEAR + 1)]
    return [*years[:-1], years[-1][:last]]


def rows(cell: Cell, indicator: str, place: str, number: int, breakdown: str = "") -> Iterator[Observation]:
    """The levels of an indicator in a place; of what grows at constant prices, the growth that is published too."""
    item, base = {**INDICATORS, **OTHER}[indicator]
    every = [period for year in periods(cell.shape) for period in year]
    course, before = COURSES[cell.course], dict[Period, float]()
    unit = catalogue().unit(indicator, place)
    for back, period in zip(range(len(every) - 1, -1, -1), every, strict=True):
        growth = course(back, number)
        earlier = before.get(period.year_earlier())
        part = period.end.month / 12 if "/" in str(period) and item["nature"] in ("flow", "count") else 1.0
        if earlier is None:
            wave = 1 + 0.01 * ((period.end.month + number) % 4)
            value = base * (1 + 0.31 * number) * wave * part
        elif unit == "percent":
            value = earlier + min(growth, 30) / 10
        else:
            value = earlier * (1 + growth / 100) if base > 0 else earlier + abs(base) * growth / 4
        before[period] = value
        value = _as_told(value, unit)
        told = {"published": period.end + timedelta(days=40), "snapshot": "0" * 64, "breakdown": breakdown}
        where = f"row={back},column={indicator}{place}{breakdown}"
        status = cell.status if back == 0 else "actual"
        yield Observation(place, indicator, period, value, unit, "a", locator=where, status=status, **told)  # type: ignore[arg-type]
        if item.get("growth") == "constant prices" and earlier is not None:
            yield Observation(
                place, indicator, period, round(growth, 1), "percent", "a", kind="growth", basis="yoy",
                locator=f"{where}g", status=status, **told,
            )  # type: ignore[arg-type]  # fmt: skip


def _as_told(value: float, unit: str) -> float:
    """As exact as a source tells it."""
    if unit in ("percent", "index"):
        return round(value, 1)
    if " per " in unit:
        return round(value, 2)
    return float(round(value)) if unit in ("project",) else float(round(value, -3))


# -- asked -------------------------------------------------------------------------------------------------------------


def measures(cell: Cell) -> list[str]:
    """Every measure of the grammar, with what may follow it."""
    base = str(periods(cell.shape)[1][-1])
    same = str(periods(cell.shape)[1][len(periods(cell.shape)[-1]) - 1])
    return [
        "level", "change", "change on previous period", f"change since {same}", "growth", "growth on previous period",
        f"growth since {same}", f"growth since {base}", "change in growth", "change in growth on previous period",
        "average annual growth over 3 years", f"average annual growth since {same}", "share of upland",
        "share of nation", "per head", "ratio to loans", "ratio to population", f"index from {same}",
        "gap to province", "gap to marsh", "gap in growth to province", "rank", "rank from bottom", "rank by growth",
        "rank by growth from bottom", "attainment", "contribution to province", "contribution to nation",
        "rolling average over 3 periods", "volatility", "volatility over 4 periods", "streak", "record", "revision",
    ]  # fmt: skip


OF_MEMBERS = (
    "level", "growth", "growth on previous period", "change in growth", "share of total", "contribution to total",
    "streak", "record", "average annual growth over 3 years",
)  # fmt: skip
OF_PLACES = (
    "level", "growth", "growth on previous period", "change", "rank", "rank by growth", "share of upland",
    "volatility over 4 periods", "average annual growth over 3 years", "per head",
)  # fmt: skip


def theme(cell: Cell, *, many: bool) -> Theme:
    cadence, indicator = SHAPES[cell.shape][0], cell.indicator
    sections: list[dict[str, Any]] = []
    for number, measure in enumerate(dict.fromkeys(measures(cell))):
        sections.append({"show": {indicator: [measure]}, "title": _both(f"One {number}")})
    if many:
        for number, measure in enumerate(OF_PLACES):
            shown = {"show": {indicator: [measure]}, "places": ["six"], "title": _both(f"Places {number}")}
            sections += [shown, {**shown, "top": 4, "title": _both(f"Some {number}")}]
        for number, measure in enumerate(OF_MEMBERS):
            sections.append({"show": {indicator: [measure]}, "split": "origin", "title": _both(f"Parts {number}")})
    quiet = {"charts": "none", "table": "none"}
    return Theme.model_validate(
        {
            "theme": "matrix",
            "title": _both("Matrix"),
            "cadence": cadence,
            "places": {"each": [HOME], "beside": ["six"], "benchmarks": [PROVINCE]},
            "headline": [{indicator: ["level", "growth"]}],
            "sections": [{**quiet, **section} for section in sections],
            "notable": {"record": 1},
        }
    )


def _both(text: str) -> dict[str, str]:
    return {"en": text, "zh": text}


@cache
def catalogue() -> Catalogue:
    every = {**INDICATORS, **OTHER}
    group = PeerGroup.model_validate({"name": {"en": "the cities of Upland", "zh": "高原省各市"}, "members": CITIES})
    return Catalogue(
        indicators={key: Indicator.model_validate(item) for key, (item, _) in every.items()},
        places={
            key: Place.model_validate({"kind": "city", "within": PROVINCE, "currency": "CNY", **item})
            for key, item in PLACES.items()
        },
        groups={"six": group},
        breakdowns={key: Named.model_validate(name) for key, name in MEMBERS.items()},
    )


PROJECT = Project.model_validate({"title": {"en": "B", "zh": "简报"}, "publisher": {"en": "Desk", "zh": "室"}})
SOURCE = Source.model_validate(
    {
        "path": "data/inputs/a.csv",
        "publisher": "Desk",
        "published": "10 days after period",
        "period": "Month",
        "place": "City",
        "values": {"Sales": "sales"},
    }
)


def observations(cell: Cell, *, many: bool) -> Iterator[Observation]:
    places = (*CITIES, PROVINCE, LAND) if many else (HOME, PROVINCE)
    for number, place in enumerate(places):
        wider = {PROVINCE: 20, LAND: 200}.get(place, number)
        for row in rows(cell, cell.indicator, place, number):
            factor = (
                wider
                if place in (PROVINCE, LAND)
                and row.kind == "level"
                and row.unit not in RATES
                and " per " not in row.unit
                else 1
            )
            yield Observation(**{**_fields(row), "value": row.value * factor})
        yield from rows(Cell("population", cell.shape, "rise"), "population", place, number)
    yield from rows(Cell("loans", cell.shape, "rise"), "loans", HOME, 0)
    if many:
        for number, member in enumerate(MEMBERS):
            yield from rows(cell, cell.indicator, HOME, number, member)
    yield from _targets(cell)


RATES = ("percent", "index")


def _fields(row: Observation) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Observation.__dataclass_fields__}


def _targets(cell: Cell) -> Iterator[Observation]:
    """A target for the period, or for the year that it is a part of."""
    own = list(rows(cell, cell.indicator, HOME, 0))
    last = [row for row in own if row.kind == "level"][-1]
    cumulated = "/" in str(last.period)
    period = Period.parse(str(last.period.year)) if cumulated else last.period
    value = _as_told(last.value * (1.4 if cumulated else 0.97), last.unit)
    yield Observation(
        **{**_fields(last), "period": period, "value": value, "target": True, "status": "target", "locator": "row=t"}
    )


def briefing(cell: Cell, *, many: bool = True) -> Briefing:
    """What is composed of a cell: one place with every measure; `many`: also places side by side, and members."""
    told = list(observations(cell, many=many))
    last = periods(cell.shape)[-1][-1]
    checked = reconcile.check(Panel.of_rows(told), catalogue())
    was = next(
        row for row in told if (row.place, row.period, row.kind, row.indicator) == (HOME, last, "level", cell.indicator)
    )
    earlier = Observation(
        **{
            **_fields(was),
            "value": _as_told(was.value * 1.02, was.unit),
            "published": was.published - timedelta(days=20),
        }
    )
    return compose(
        theme(cell, many=many), HOME, last, checked, catalogue=catalogue(), project=PROJECT, sources={"a": SOURCE},
        earlier={vintage_key(was): earlier},
    )  # fmt: skip


def cells() -> Iterator[Cell]:
    for indicator in INDICATORS:
        for shape in SHAPES:
            if INDICATORS[indicator][0]["nature"] == "stock" and "/" in str(periods(shape)[-1][-1]):
                continue  # a stock is told at a date
            for course in COURSES:
                if (indicator, course) == ("balance", "manifold"):
                    continue  # a jump, which is held
                yield Cell(indicator, shape, course)


# -- told --------------------------------------------------------------------------------------------------------------


def told(made: Briefing, language: str) -> Iterator[tuple[Finding, str]]:
    """Every sentence that the phrase book can make of each finding: with its period and, where it is understood,
    without."""
    writer = Writer(Names(made, BOOKS[language]))
    for finding in made.every_finding():
        for ways in ({}, {"understood": True}, {"said": frozenset(finding.figures.values())}):
            for sentence in writer.every(finding, **ways):
                yield finding, plain(sentence)


def marked(finding: Finding, *sentences: str) -> list[Marked]:
    return [Marked(finding.id, sentence, 1) for sentence in sentences]


__all__ = ["COURSES", "INDICATORS", "SHAPES", "Cell", "Frequency", "briefing", "cells", "marked", "told"]
