"""The data behind an edition: what a spreadsheet or a program reads from it."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.briefing import Briefing
from briefings.errors import RenderError
from briefings.render.annex import COLUMNS, data_csv, data_xlsx, guarded, rows, sheets
from briefings.render.contexts import Fact
from briefings.render.figures import Register
from tests import account_tables, samples

FACTS = [Fact("Published by", "Office"), Fact("Data up to", "=1+1")]


def register(briefing: Briefing) -> Register:
    made = Register(briefing)
    made.add("growth_china", "3.3%", "finding/1")
    made.add("growth_china", "−3.3", "table/summary/row/1/column/2")
    return made


def read_csv(briefing: Briefing, language: str = "en") -> list[dict[str, str]]:
    content = data_csv(rows(briefing, register(briefing), language))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def book(briefing: Briefing, language: str = "en", **changes: Any) -> openpyxl.Workbook:
    narrative = samples.narrative(language, **changes)
    found = rows(briefing, register(briefing), language)
    content = data_xlsx(briefing, narrative, sheets(briefing, narrative, found, FACTS))
    return openpyxl.load_workbook(io.BytesIO(content))


def with_place_named(name: str) -> Briefing:
    names = samples.briefing().names
    china = names.places["china"].model_copy(update={"name": {"en": name, "zh": name}})
    return samples.briefing(names=names.model_copy(update={"places": names.places | {"china": china}}))


def test_every_figure_is_a_row_unrounded_with_its_way_back() -> None:
    found = {row["figure"]: row for row in read_csv(samples.briefing())}
    assert set(found) == set(samples.briefing().figures)
    growth = found["growth_china"]
    assert float(growth["value"]) == samples.briefing().figures["growth_china"].value
    assert (growth["computed"], growth["formula"], growth["printed"]) == ("yes", "(a / b - 1) * 100", "3.3% | −3.3")
    assert (growth["indicator_name"], growth["place_name"]) == ("Exchange rate against the US dollar", "China")
    assert (growth["publisher"], growth["published"]) == ("Federal Reserve", "2026-01-05")
    assert growth["locator"] == "row=13,column=Exchange rate | row=2,column=Exchange rate"


def test_names_are_in_the_language_of_the_edition() -> None:
    assert {row["publisher"] for row in read_csv(samples.briefing(), "zh")} == {"美联储"}


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-cmd", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_text_that_begins_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"
    names = {row["place_name"] for row in read_csv(with_place_named(text)) if row["place"] == "china"}
    assert names == {f"'{text}".replace("\t", " ").replace("\r", " ").replace("\n", " ")}


def test_numbers_stay_numbers_also_negative_ones() -> None:
    sheet = book(with_place_named("=HYPERLINK(1)"))["Figures"]
    column = COLUMNS.index("value") + 1
    name = COLUMNS.index("place_name") + 1
    cells = [sheet.cell(row, column) for row in range(2, sheet.max_row + 1)]
    assert {cell.data_type for cell in cells} == {"n"}
    assert min(cell.value for cell in cells) < 0  # type: ignore[type-var]
    held = [sheet.cell(row, name) for row in range(2, sheet.max_row + 1)]
    assert {cell.data_type for cell in held} == {"s"}
    assert "'=HYPERLINK(1)" in {cell.value for cell in held}


def test_the_workbook_holds_about_tables_and_figures() -> None:
    made = book(samples.briefing())
    assert made.sheetnames == ["About", "Table 1", "Table 2", "Figures"]
    assert made["About"]["A1"].value == "Markets briefing"
    assert made["About"]["B3"].value == "'=1+1"
    table = made["Table 1"]
    assert [cell.value for cell in table[3]] == [
        "Place",
        "Exchange rate, LCU per USD",
        "Growth since Jan 2025, percent",
    ]
    assert [cell.value for cell in table[4]] == ["China", 7.05, samples.briefing().figures["growth_china"].value]
    assert [cell.value for cell in table[10]] == ["Venezuela", None, None]


def test_accounts_are_a_list_that_can_be_sorted() -> None:
    briefing = account_tables.briefing()
    found = rows(briefing, Register(briefing), "en")
    narrative = samples.narrative("en", tables={})
    content = data_xlsx(briefing, narrative, sheets(briefing, narrative, found, FACTS))
    made = openpyxl.load_workbook(io.BytesIO(content))
    sheet = [[cell.value for cell in row] for row in made["Table 2"].iter_rows(min_row=3)]
    assert sheet[0] == ["Indicator", "Place", "Item", "Measure", "Period", "Value", "Unit"]
    assert sheet[2] == ["General public budget revenue", "Ridge", None, "Growth on year", "2018", 67.18, "percent"]
    assert ["Loans", "Ridge", "small and micro enterprises", "Level", "2018", 9_131_000_000, "CNY"] in sheet
    assert ["Beds in homes for the elderly", "Ridge", None, "Level", "2018", 12_628, "beds"] in sheet
    places = [[cell.value for cell in row] for row in made["Table 3"].iter_rows(min_row=3)]
    assert places[0][:2] == ["Place", "Period"]
    assert places[2] == ["Old Town", "Jan–Jun 2023", 3_100_000_000, 4.2]


def test_the_chinese_workbook_has_chinese_sheets() -> None:
    assert book(samples.briefing(), "zh").sheetnames == ["说明", "表1", "表2", "数据"]


def test_its_dates_are_those_of_the_data() -> None:
    made = book(samples.briefing())
    assert made.properties.created == datetime(2026, 1, 5)  # noqa: DTZ001  # workbooks know no zones
    narrative = samples.narrative("en")
    found = rows(samples.briefing(), register(samples.briefing()), "en")
    asked = sheets(samples.briefing(), narrative, found, FACTS)
    assert data_xlsx(samples.briefing(), narrative, asked) == data_xlsx(samples.briefing(), narrative, asked)


def test_a_cut_off_that_is_no_day_is_an_error() -> None:
    with pytest.raises(RenderError, match="cut_off is 'lately'; it must be a day, as 2026-07-03"):
        book(samples.briefing(cut_off="lately"))


def test_sheet_names_are_made_fit_and_unique() -> None:
    words = samples.furniture("en") | {"about": "A[b]:c*?/\\ " + "x" * 40, "figures": "Abc " + "x" * 40}
    first, *_, last = book(samples.briefing(), furniture=words).sheetnames
    assert first == "Abc " + "x" * 27
    assert last == "Abc " + "x" * 23 + " 2"


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12))
def test_any_name_survives_both_files(name: str) -> None:
    briefing = with_place_named(name)
    briefing = briefing.model_copy(update={"figures": {"level_china_1": briefing.figures["level_china_1"]}})
    briefing = briefing.model_copy(update={"summary": None, "sections": ()})
    made = Register(briefing)
    found = rows(briefing, made, "en")
    (row,) = csv.DictReader(io.StringIO(data_csv(found).decode("utf-8-sig"), newline=""))
    asked = sheets(briefing, samples.narrative("en"), found, FACTS)
    sheet = openpyxl.load_workbook(io.BytesIO(data_xlsx(briefing, samples.narrative("en"), asked)))["Figures"]
    wanted = guarded(name)
    assert row["place_name"] == wanted
    assert sheet.cell(2, COLUMNS.index("place_name") + 1).value == wanted
