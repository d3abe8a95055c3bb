"""Hundreds of places: each one's rank is what a plain count of the others gives, however the ranking is worked out."""

from __future__ import annotations

import random
from collections.abc import Hashable
from datetime import date
from typing import Any, Literal

import pytest

from briefings.catalogue import Catalogue, Indicator, PeerGroup, Place
from briefings.measures import Derived, Question, Refusal, derive
from briefings.observations import Observation, Panel
from briefings.periods import Period

NOW, BEFORE, YEAR_AGO = (Period.parse(text) for text in ("2025-10", "2025-09", "2024-10"))
COUNTIES = [f"county_{n}" for n in range(300)]
NEW, GONE = "county_17", "county_40"


def catalogue() -> Catalogue:
    """300 counties in ten cities; the cities hold them, so none is ranked among them."""
    cities = {f"city_{n}": place(kind="city", within="province") for n in range(10)}
    counties = {
        key: place(kind="county", within=f"city_{n % 10}", peers=f"of_city_{n % 10}") for n, key in enumerate(COUNTIES)
    }
    places = {"province": place(kind="province"), **cities, **counties}
    siblings = {
        f"of_city_{n}": PeerGroup.model_validate({"name": {"en": "siblings"}, "members": COUNTIES[n::10]})
        for n in range(10)
    }
    indicators = {"population": ("person", "stock"), "profit": ("CNY", "flow"), "price": ("CNY", "rate")}
    return Catalogue(
        {
            key: Indicator.model_validate({"name": {"en": key}, "unit": unit, "nature": nature})
            for key, (unit, nature) in indicators.items()
        },
        places,
        siblings,
    )


def place(**more: str) -> Place:
    return Place.model_validate({"name": {"en": "x"}, **more})


def observation(indicator: str, where: str, period: Period, value: float) -> Observation:
    return Observation(where, indicator, period, value, "CNY", "source", date(2025, 11, 12), "0" * 64, "row=1,column=A")


def panel() -> Panel:
    """Whole numbers with many ties; profits below zero too; prices whose ties binary fractions hide; every twentieth
    county tells nothing, one is new this month, and one told nothing the month before."""
    numbers = random.Random(7)
    rows = []
    for period in (NOW, BEFORE, YEAR_AGO):
        for n, county in enumerate([*COUNTIES, "city_1", "province"]):
            if n % 20 == 3 or (county in (NEW, GONE) and period == BEFORE):
                continue
            tenths = numbers.randint(1, 40)
            values = {
                "population": 1000 * numbers.randint(1, 60),
                "profit": numbers.randint(-50, 50),
                "price": tenths * 0.1 if n % 2 else tenths / 10,
            }
            rows += [observation(key, county, period, float(value)) for key, value in values.items()]
    return Panel.of_rows(rows)


def counted(values: dict[str, float], where: str, sign: int) -> int:
    """The place by counting: one more than those that are ahead."""
    return 1 + sum(sign * (other - values[where]) > 1e-9 for other in values.values())


def figures(told: Panel, indicator: str, by: str, period: Period, among: list[str]) -> dict[str, float]:
    """What is ranked, of those that have it: the level, or the growth on a year before above zero."""
    found = {}
    for where in among:
        series = told.series(indicator, where)
        row = series.at(period) if series else None
        base = series.at(period.year_earlier()) if series else None
        if by == "level" and row is not None:
            found[where] = row.value
        elif by == "growth" and row is not None and base is not None and base.value > 0 and row.value >= 0:
            found[where] = (row.value / base.value - 1) * 100
    return found


@pytest.mark.parametrize("counted_from", ["top", "bottom"])
@pytest.mark.parametrize(
    ("indicator", "by"), [("population", "level"), ("profit", "level"), ("price", "level"), ("population", "growth")]
)
def test_every_rank_is_what_counting_the_others_gives(
    indicator: str, by: Literal["level", "growth"], counted_from: Literal["top", "bottom"]
) -> None:
    told, known, sign = panel(), catalogue(), 1 if counted_from == "top" else -1
    peers, memo = (*COUNTIES, "city_1", "province"), dict[Hashable, Any]()
    now = figures(told, indicator, by, NOW, COUNTIES)
    before = figures(told, indicator, by, BEFORE, list(now)) if by == "level" else {}
    both = {where: value for where, value in now.items() if where in before}
    assert 250 < len(now) < 300
    assert len(set(now.values())) < len(now)
    for where in COUNTIES:
        answer = derive(
            Question(
                "rank", indicator, where, NOW, told, known, by=by, counted_from=counted_from, peers=peers, memo=memo
            )
        )
        if where not in now:
            assert isinstance(answer, Refusal), where
            continue
        assert isinstance(answer, Derived), (where, answer)
        assert answer.value == counted(now, where, sign), where
        assert answer.parts["out_of"].value == len(now)
        assert answer.facts["missing_peers"] == str(len(COUNTIES) - len(now))
        assert answer.facts["tie"] == ("yes" if sum(abs(v - now[where]) < 1e-9 for v in now.values()) > 1 else "no")
        previous = answer.parts.get("previous_rank")
        told_before = where in before and counted(both, where, sign) == answer.value
        assert (previous.value if previous else None) == (counted(before, where, sign) if told_before else None), where


def test_siblings_are_ranked_among_themselves() -> None:
    """Half the counties of the third city tell nothing: too few for a rank."""
    told, known, memo = panel(), catalogue(), dict[Hashable, Any]()
    for n, where in enumerate(COUNTIES[:40]):
        now = figures(told, "population", "level", NOW, COUNTIES[n % 10 :: 10])
        answer = derive(Question("rank", "population", where, NOW, told, known, memo=memo))
        if n % 10 == 3:
            assert isinstance(answer, Refusal)
            assert answer.reason in ("no_observation", "peers_missing")
        else:
            assert isinstance(answer, Derived)
            assert (answer.value, answer.parts["out_of"].value) == (counted(now, where, 1), len(now)), where


def test_one_unit_among_hundreds_refuses_every_rank() -> None:
    """The figure in another unit is compared with none, and whoever asks is told so."""
    rows = [observation("profit", county, NOW, 5.0) for county in COUNTIES]
    odd = Observation("county_0", "profit", NOW, 5.0, "USD", "source", date(2025, 11, 12), "0" * 64, "row=1,column=A")
    told, known = Panel.of_rows([odd, *rows[1:]]), catalogue()
    for where in ("county_0", "county_299"):
        answer = derive(Question("rank", "profit", where, NOW, told, known, peers=tuple(COUNTIES)))
        assert isinstance(answer, Refusal)
        assert answer.reason == "units_differ"
