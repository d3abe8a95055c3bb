"""Many places: each one's rank is what a plain count of the others gives, however the ranking is worked out; and what
a table of the first and the last leaves out stands in the workbook."""

from __future__ import annotations

import csv
import random
import re
import zipfile
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest

from briefings.audit import annexes
from briefings.briefing import Briefing, Column, RankedRow, TableRequest
from briefings.catalogue import Catalogue, Indicator, PeerGroup, Place
from briefings.measures import Derived, Question, Refusal, derive
from briefings.observations import Observation, Panel
from briefings.periods import Period
from tests import samples
from tests.odd_projects import MONTHS, Project, rows

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


TOWNS = {f"town_{letter}": f"Town {letter.upper()}" for letter in "abcdefghijkl"}


def project() -> Project:
    """Twelve towns, of which a table shows the first three, the last one and the briefing's own."""
    towns = list(TOWNS.values())
    made = Project(rows=rows([*towns[:5], "riverton", *towns[5:]], MONTHS[-14:]))
    made.places = {
        "riverland": made.places["riverland"],
        "riverton": made.places["riverton"],
        **{
            key: {"name": {"en": name, "zh": f"{name[-1]}镇"}, "kind": "city", "within": "riverland"}
            for key, name in TOWNS.items()
        },
    }
    made.theme["sections"] = [{**made.theme["sections"][1], "top": 3, "bottom": 1, "charts": "none"}]
    return made


@pytest.mark.slow
def test_what_top_and_bottom_leave_out_is_in_the_workbook_with_its_way_back(tmp_path: Path) -> None:
    made = project()
    for edition in made.build(tmp_path):
        language = edition.key.language
        page = re.sub("<[^>]+>", "", (edition.folder / "briefing.html").read_text("utf-8"))
        word = zipfile.ZipFile(edition.folder / "briefing.docx").read("word/document.xml").decode()
        said = {"en": "Showing 5 of 13; all rows are in data.xlsx", "zh": "共13项，列出5项，全部见"}[language]
        assert said in page
        assert said in re.sub("<[^>]+>", "", word)
        book = openpyxl.load_workbook(edition.folder / "data.xlsx")
        name = {"en": "Table 2, all rows", "zh": "表2（全部）"}[language]
        _, _, heads, *body = [list(row) for row in book[name].iter_rows(values_only=True)]
        found = [dict(zip(heads[-7:], row[-7:], strict=True)) | {"values": row[1:-7]} for row in body]
        table = list(csv.reader((tmp_path / "data/inputs/stays.csv").read_text("utf-8").splitlines()))
        assert len(found) == 13
        for at, row in enumerate(found):
            line = int(re.findall("row=([0-9]+),column=Stays", row["locator"])[0])
            assert float(table[line - 1][2]) == row["values"][0], row
            assert row["values"][2] == at + 1
            assert (row["period"], row["status"], row["source"]) == (MONTHS[-1], "actual", "tourism")


def ranking() -> tuple[Briefing, TableRequest]:
    """The sample briefing with a table that shows one place of two."""
    briefing = samples.briefing()
    table = next(each for each in briefing.every_table() if each.rows_are == "places")
    shown = [briefing.figures[cell.figure or ""].value for cell in table.rows[0].cells]
    told = {
        "period": "2025",
        "unit": "CNY",
        "status": "actual",
        "source": "s",
        "published": "2026-01-05",
        "locator": "row=2",
    }
    all_rows = tuple(
        RankedRow(place=place, name={"en": place.title(), "zh": "某地"}, values=tuple(values), **told)
        for place, values in ((table.rows[0].place, shown), ("elsewhere", [1.5 for _ in shown]))
    )
    return briefing, table.model_copy(update={"rows": table.rows[:1], "ranking": all_rows, "of": 2})


def test_the_gate_sees_a_row_of_the_whole_ranking_that_says_otherwise() -> None:
    briefing, table = ranking()
    sheet: list[list[str | float | None]] = [
        ["Caption"],
        [],
        ["Place"],
        *([row.place, *row.values] for row in table.ranking),
    ]
    assert not list(annexes._ranking("sheet", sheet, table, briefing))
    for n in (3, 4):
        wrong = [list(row) for row in sheet]
        wrong[n][1] = 99.0
        assert list(annexes._ranking("sheet", wrong, table, briefing))
    assert list(annexes._ranking("sheet", sheet[:-1], table, briefing))


def test_the_gate_sees_ranks_that_are_not_in_the_order_of_their_values() -> None:
    _, table = ranking()
    columns = tuple(Column(id=m, indicator="stays", measure=m, unit="") for m in ("level", "rank"))
    one = table.ranking[0]
    for ranks, right in (((1, 2, 2, 4), True), ((1, 2, 3, 4), False), ((1, 3, 3, 2), False), ((1, None, 2, 3), True)):
        told = tuple(
            one.model_copy(update={"values": (value, rank)})
            for value, rank in zip((9.0, 7.0, 7.0, -1.0), ranks, strict=True)
        )
        asked = table.model_copy(update={"columns": columns, "ranking": told})
        assert (not list(annexes._in_order("sheet", asked))) == right, ranks
