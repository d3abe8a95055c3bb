"""Recomputation: what stands at a locator, the number it tells, formulas as SQL, and verdicts."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from statistics import stdev
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from briefings.audit import recompute_sql as sql
from briefings.audit.recompute import Verdict, by_kind, recompute
from briefings.audit.recompute_cells import Cell, CellError, Snapshot
from briefings.audit.recompute_numbers import NumberError, reading
from briefings.errors import StoreError
from briefings.measures import results

Told = dict[str, Any]
CSV: Told = {"suffix": ".csv", "units": {}, "unit_column": ""}
TABLE = b'Date,Place,"Loans,\n billion"\n2024,China,10\n\n2025,"Inner\nMongolia",12.5\n2026,China,13\n'


# What stands at a locator


@pytest.mark.parametrize(
    ("locator", "text"),
    [
        ("row=3,column=Place", "China"),
        ("row=5,column=Loans, billion", "12.5"),
        ("row=5,column=Place", "Inner\nMongolia"),
        ("row=7,column=Loans, billion,document=report,char=120:135", "13"),
    ],
)
def test_a_cell_of_a_delimited_text(locator: str, text: str) -> None:
    assert Snapshot(TABLE, CSV).cell(locator).text == text


@pytest.mark.parametrize(
    ("locator", "reason"),
    [
        ("row=3,column=Deposits", "there is no column 'Deposits'"),
        ("row=12,column=Place", "there is no row 12"),
        ("row=4,column=Place", "there is no row 4"),
        ("row=6,column=Place", "row 6 has 2 fields, and the header has 3"),
        ("cell B7", "'cell B7' is no locator that can be resolved"),
        ("json=/a", "the snapshot is no JSON"),
        ("char=5:9999", "the text is shorter than that"),
        ("sheet=GDP,cell=B7", "the snapshot cannot be read as a workbook"),
    ],
)
def test_nothing_stands_there(locator: str, reason: str) -> None:
    with pytest.raises(CellError) as caught:
        Snapshot(TABLE, CSV).cell(locator)
    assert str(caught.value).startswith(reason)


def test_a_table_in_another_encoding_with_lines_above_its_headers() -> None:
    content = "甲表\n年份;贷款\n2025;12,5\n".encode("gb18030")
    dialect = CSV | {"encoding": "gb18030", "delimiter": ";", "header": 2, "decimal": ","}
    snapshot = Snapshot(content, dialect)
    cell = snapshot.cell("row=3,column=贷款")
    assert cell.text == "12,5"
    assert reading(cell, dialect, {"value": 12.5, "unit": "CNY"}).number == 12.5


def test_parquet_workbook_and_json() -> None:
    table = io.BytesIO()
    pq.write_table(pa.table({"Year": [2024, 2025], "GDP ": [1.5, None]}), table)
    parquet = Snapshot(table.getvalue(), {"suffix": ".parquet"})
    assert [parquet.cell(f"row={row},column=GDP").text for row in (1, 2)] == ["1.5", ""]
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet("A, B")
        sheet.write_row(0, 0, ["Year", "Rate"])
        sheet.write_row(1, 0, [2025, 0.1 + 0.2])
    snapshot = Snapshot(book.getvalue(), {"suffix": ".xlsx"})
    assert snapshot.cell("sheet=A, B,cell=B2") == Cell("0.3", "Rate", {"Year": "2025", "Rate": "0.3"})
    with pytest.raises(CellError, match="there is no cell C2"):
        snapshot.cell("sheet=A, B,cell=C2")
    stored = Snapshot(b'{"data": [{"a/b": 4.80}, {"v": "4.9"}]}', {"suffix": ".json"})
    assert [stored.cell(f"json={path}").text for path in ("/data/0/a~1b", "/data/1/v")] == ["4.80", "4.9"]
    with pytest.raises(CellError, match="nothing stands there"):
        stored.cell("json=/data/7")


def test_json_knows_the_header_and_the_row_of_a_cell() -> None:
    objects = Snapshot(b'[{}, [{"at": {"name": "Riverton"}, "v": 4.80}]]', {"suffix": ".json", "rows": "/1"})
    row = {"at/name": "Riverton", "v": "4.80"}
    assert objects.cell("json=/1/0/v") == Cell("4.80", "v", row)
    assert objects.cell("json=/1/0/at/name") == Cell("Riverton", "at/name", row)
    lists = Snapshot(b'{"rows": [["Year", "GDP"], [2025, 1.5]]}', {"suffix": ".json", "rows": "/rows"})
    assert lists.cell("json=/rows/1/1") == Cell("1.5", "GDP", {"Year": "2025", "GDP": "1.5"})


# The number that it tells


def cases() -> list[list[str]]:
    lines = (Path(__file__).parent / "cases/recomputed.txt").read_text("utf-8").splitlines()
    return [[part.strip() for part in line.split(" | ")] for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("case", cases(), ids="|".join)
def test_a_number_and_its_scale(case: list[str]) -> None:
    text, declared, unit, expected = case
    cell = Cell(text, "Value")
    if "[" in text and "]" in text and not text[0].isdigit():
        start, end = text.index("["), text.index("]") - 1
        plain = text.replace("[", "").replace("]", "")
        cell = Snapshot(plain.encode(), {"suffix": ".txt"}).cell(f"char={start}:{end}")
    dialect = CSV | {"units": {} if declared == "-" else {"Value": declared}}
    found = reading(cell, dialect, {"value": float(expected), "unit": unit})
    assert float(found.number) * float(found.scale) == pytest.approx(float(expected), rel=1e-12)


def test_a_row_of_facts_declares_its_own_unit() -> None:
    content = b"place,value,unit\nwuhai,595.57,100 million yuan\n"
    for dialect in (CSV | {"unit_column": "unit"}, {"suffix": ".csv"}):
        snapshot = Snapshot(content, dialect)
        found = reading(snapshot.cell("row=2,column=value"), dialect, {"value": 0, "unit": "CNY"})
        assert found.number * found.scale == 59557000000


def test_a_workbook_shows_a_share_as_a_percentage() -> None:
    dialect = {"suffix": ".xlsx", "units": {}, "unit_column": ""}
    told = {"value": 6.9, "unit": "percent", "quote": "6.9%"}
    assert float(reading(Cell("0.069", "Rate"), dialect, told).number) == pytest.approx(6.9)


@pytest.mark.parametrize(
    ("cell", "unit", "reason"),
    [
        ("n/a", "CNY", "'n/a' is no number"),
        ("6.9%", "CNY", "'6.9%' is a percentage, and the edition keeps CNY"),
        ("5吨", "CNY", "the source tells 'tonne', and the edition keeps CNY"),
    ],
)
def test_what_is_no_value_of_the_unit(cell: str, unit: str, reason: str) -> None:
    with pytest.raises(NumberError) as caught:
        reading(Cell(cell, "Value"), CSV, {"value": 1.0, "unit": unit})
    assert str(caught.value).startswith(reason)


# Formulas


def figure(
    formula: str, value: float, inputs: int, *, kind: str = "growth", key: str = "f0000000000"
) -> dict[str, Any]:
    items = [{} for _ in range(inputs)]
    return {"id": key, "kind": kind, "unit": "number", "formula": formula, "value": value, "inputs": items}


def work(formula: str, values: list[float], told: float = 0.0, kind: str = "growth") -> sql.Worked | None:
    one = figure(formula, told, len(values), kind=kind)
    return sql.worked_out({one["id"]: one}, {one["id"]: values}).get(one["id"])


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("a", [4.8], 4.8),
        ("(a / b - 1) * 100", [110.0, 100.0], 10.000000000000009),
        ("((a / b) ** (1 / 5) - 1) * 100", [200.0, 100.0], (2 ** (1 / 5) - 1) * 100),
        ("a - b - c", [10.0, 3.0, 2.0], 5.0),
        ("-a + 2 * -b", [1.0, 3.0], -7.0),
        ("28 - a", [2.0], 26.0),
        ("2 ** 3 ** 2", [], 512.0),
        ("(a + b + c) / 3", [1.0, 2.0, 6.0], 3.0),
        ("stdev(a, (b - c), c)", [1.0, 5.0, 3.0], stdev([1.0, 2.0, 3.0])),
        ("log(b / a) / log(1 + c / 100)", [100.0, 121.0, 10.0], math.log(1.21) / math.log(1.1)),
        ("count(a, b, (c / d))", [1.0, 1.0, 1.0, 2.0], 3.0),
        ("rises(a, b, (c - d))", [1.0, -1.0, 5.0, 2.0], 2.0),
        ("falls(a, b, (c - d))", [1.0, -1.0, 5.0, 2.0], 1.0),
        ("rank(b, a, c, d)", [9.0, 7.0, 7.0 + 1e-13, 1.0], 2.0),
        ("rank_from_bottom(b, a, c, d)", [9.0, 7.0, 7.0, 1.0], 2.0),
    ],
)
def test_formulas_are_worked_out(formula: str, values: list[float], expected: float) -> None:
    worked = work(formula, values, expected)
    assert worked is not None
    assert worked.value == pytest.approx(expected, rel=1e-12)
    assert worked.equal
    other = work(formula, values, expected * 1.0001 + 0.001)
    assert other is not None
    assert not other.equal


def test_a_streak_is_one_of_moves_in_one_direction() -> None:
    up = work("count((a - b), (b - c))", [3.0, 2.0, 1.0], 2.0, "streak")
    turns = work("count((a - b), (b - c))", [3.0, 2.0, 4.0], 2.0, "streak")
    assert up == sql.Worked(2.0, equal=True)
    assert turns == sql.Worked(None, equal=False)


def test_a_division_by_zero_gives_no_value() -> None:
    assert work("a / b", [1.0, 0.0], 0.0) == sql.Worked(None, equal=False)
    assert work("log(a)", [-1.0], 0.0) == sql.Worked(None, equal=False)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("count of rises", "is told in words"),
        ("a + c", "names input c, and there are 2"),
        ("a; DROP TABLE x", "is not understood"),
        ("read_text(a)", "is told in words"),
        ("(a", "a bracket is not closed"),
        ("a +", "ends too early"),
        ("a b", "is not understood"),
        ("rank(a, fabcdefabcd)", "names figure fabcdefabcd, which the edition does not hold"),
    ],
)
def test_what_is_no_formula_is_not_worked_out(formula: str, why: str) -> None:
    one = figure(formula, 1.0, 2)
    assert sql.worked_out({one["id"]: one}, {one["id"]: [1.0, 2.0]}) == {}
    assert why in sql.understood(one, {one["id"]: one})


@pytest.mark.parametrize("number", [0, 25, 26, 51, 52, 200])
def test_inputs_have_the_names_that_measures_give(number: int) -> None:
    values = [float(n) for n in range(number + 1)]
    worked = work(results.name(number), values, float(number))
    assert worked is not None
    assert worked.equal


# Verdicts


def item(value: float, row: int, **more: Any) -> dict[str, Any]:
    where = {"source": "loans", "snapshot": "s", "locator": f"row={row},column=Value", "quote": "", "publisher": ""}
    return {"value": value, "unit": "CNY", "indicator": "loans", "period": "2025"} | where | more


def told(
    formula: str, value: float, *inputs: Mapping[str, Any], kind: str = "level", key: str = "f1"
) -> dict[str, Any]:
    beside = {"indicator": "loans", "place": "x", "period": "2025", "also": [], "printed": []}
    base = {"id": key, "kind": kind, "unit": "CNY", "formula": formula, "value": value, "inputs": list(inputs)}
    return base | beside


def load(sha: str, source: str) -> tuple[bytes, Mapping[str, Any]]:
    if sha != "s":
        raise StoreError(f"{sha}: the snapshot cannot be read: No such file or directory. Restore it from a backup.")
    return b"Place,Value\nx,110\ny,100\nz,90\n", CSV


def test_figures_that_follow_from_the_snapshot_are_proven() -> None:
    counted = told("count(a, b, c)", 3.0, item(110, 2), item(100, 3), item(90, 4), kind="count", key="f00000000aa")
    figures = [
        told("a", 110.0, item(110, 2)),
        told("(a / b - 1) * 100", (110 / 100 - 1) * 100, item(110, 2), item(100, 3), kind="growth", key="f2"),
        told("rank(a, f00000000aa)", 2.0, item(100, 3), kind="rank", key="f3"),
        counted,
    ]
    verdicts = recompute(figures, load)
    assert {verdict.state for verdict in verdicts} == {"proven"}
    assert by_kind(verdicts) == [("count", 1, 1), ("growth", 1, 1), ("level", 1, 1), ("rank", 1, 1)]


@pytest.mark.parametrize(
    ("figure", "state", "why"),
    [
        (
            told("a", 111.0, item(111, 2)),
            "differs",
            "loans, row=2,column=Value: the snapshot says 110.0 CNY, the edition uses 111.0 CNY",
        ),
        (
            told("(a / b - 1) * 100", 11.0, item(110, 2), item(100, 3)),
            "differs",
            "(a / b - 1) * 100 gives 10.000000000000009, the edition says 11.0",
        ),
        (told("a", 110.0, item(110, 9)), "not provable", "loans, row=9,column=Value: there is no row 9"),
        (
            told("a", 110.0, item(110, 2, snapshot="t")),
            "not provable",
            "t: the snapshot cannot be read: No such file or directory. Restore it from a backup.",
        ),
        (told("count of rises", 1.0, item(110, 2)), "not provable", "formula 'count of rises' is told in words"),
        (told("a", 110.0, item(110, 2)) | {"also": [item(110, 3)]}, "differs", "loans, row=3,column=Value: the "),
    ],
)
def test_what_is_not_proven_says_why(figure: dict[str, Any], state: str, why: str) -> None:
    (verdict,) = recompute([figure], load)
    assert verdict.state == state
    assert verdict.why.startswith(why)


def test_a_rank_among_what_is_not_proven_is_not_proven() -> None:
    counted = told("count(a, b)", 2.0, item(110, 2), item(101, 3), kind="count", key="f00000000aa")
    rank = told("rank(a, f00000000aa)", 1.0, item(110, 2), kind="rank", key="f3")
    found = recompute([rank, counted], load)
    assert [verdict.state for verdict in found] == ["not provable", "differs"]
    assert found[0].why.startswith("it is among those of f00000000aa, which is not proven: loans, row=3")


def test_a_correction_is_held_against_what_the_snapshot_says() -> None:
    corrected = told("a", 115.0, item(115, 2, corrected_from=110.0))
    repaired = told("a", 115.0, item(115, 2, corrected_from=109.0))
    assert [recompute([each], load)[0].state for each in (corrected, repaired)] == ["proven", "differs"]


def test_a_unit_that_is_not_known_is_no_difference() -> None:
    def old(sha: str, source: str) -> tuple[bytes, Mapping[str, Any]]:
        return b"Place,Value\nx,110\n", {"suffix": ".csv"}

    (verdict,) = recompute([told("a", 110e8, item(110e8, 2))], old)
    assert verdict.state == "not provable"
    assert verdict.why.endswith("run `briefings ingest` once")


def test_verdicts_are_told_in_the_order_of_the_figures() -> None:
    figures = [told("a", 110.0, item(110, 2), key=f"f{n}") for n in (3, 1, 2)]
    assert [verdict.figure for verdict in recompute(figures, load)] == ["f3", "f1", "f2"]
    assert recompute([], load) == ()
    assert json.dumps(Verdict("f1", "level", "proven").why) == '""'
