"""Tables to observations: layouts, encodings, formats, and what bad input gets."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefings import sources
from briefings.catalogue import Catalogue, Indicator, Place
from briefings.configuration import Source
from briefings.errors import SourceError
from briefings.observations import COLUMNS
from briefings.sources import Reading, archives, biff, files, grids

TODAY = date(2026, 7, 20)
INDICATORS = {
    "rate": {"name": {"en": "Exchange rate", "zh": "汇率"}, "unit": "LCU per USD", "nature": "rate"},
    "price": {"name": "Price", "unit": "USD per barrel", "nature": "rate", "frequency": "monthly"},
    "turnover": {"name": {"en": "Turnover", "zh": "成交额"}, "unit": "CNY", "nature": "flow"},
    "patents": {"name": {"en": "Patents", "zh": "专利"}, "unit": "item", "nature": "flow"},
    "unemployment": {"name": "Unemployment rate", "unit": "percent", "nature": "rate"},
}
PLACES = {
    "china": {"name": {"en": "China", "zh": "中国"}, "currency": "CNY", "aliases": ["全国"]},
    "namibia": {"name": "Namibia", "currency": "NAD", "aliases": ["NA"]},
    "beijing": {"name": {"en": "Beijing", "zh": "北京"}, "currency": "CNY", "aliases": ["000001"]},
    "georgia": {"name": "Georgia"},
    "georgia_us": {"name": "Georgia"},
}
CATALOGUE = Catalogue(
    {key: Indicator.model_validate(value) for key, value in INDICATORS.items()},
    {key: Place.model_validate(value) for key, value in PLACES.items()},
    {},
)
LONG = "{path: t.csv, published: 2026-07-03, period: Date, place: Place, indicator: {is: turnover}, value: Value}"
ONE_PLACE = "{path: t.csv, published: 2026-07-03, period: Month, place: {is: china}, values: {Turnover: turnover}}"


class Kept(dict[str, tuple[bytes, dict[str, Any]]]):
    """A store of snapshots in memory, on whose first day everything was seen."""

    first: date | None = None

    def keep(self, content: bytes, dialect: dict[str, Any]) -> str:
        if self.first is not None:
            dialect["first_seen"] = self.first.isoformat()
        sha = sha256(content).hexdigest()
        self[sha] = (content, dialect)
        return sha


Read = Callable[..., Reading]


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def read(tmp_path: Path, kept: Kept) -> Read:
    """Read a table (text or bytes of t.csv, or files already there) by a source in YAML; every locator must resolve."""

    def read(source: str, content: str | bytes | None = None, *, name: str = "t.csv", **changes: Any) -> Reading:
        if content is not None:
            (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        declared = yaml.load(source, yaml.BaseLoader) | {"path": name} | changes
        reading = sources.read(
            "src", Source.model_validate(declared), catalogue=CATALOGUE, root=tmp_path, keep=kept.keep, today=TODAY
        )
        for row in reading.frame.itertuples():
            assert sources.resolve(row.locator, *kept[row.snapshot]) == row.quote
        return reading

    return read


def told(reading: Reading) -> dict[tuple[str, str, str], float]:
    """(indicator, place, period) -> value, with the breakdown behind the indicator."""
    rows = reading.frame.itertuples()
    return {(f"{r.indicator} {r.breakdown}".strip(), r.place, r.period): r.value for r in rows}


def values(reading: Reading) -> dict[str, float]:
    return dict(zip(reading.frame["period"], reading.frame["value"], strict=True))


def reasons(reading: Reading) -> list[tuple[str, str]]:
    return [(reject.locator, reject.reason) for reject in reading.rejects]


def workbook(rows: list[list[object]], *, sheet: str = "GDP", **formats: str) -> bytes:
    """An .xlsx with these rows; `formats` gives a column (A, B ...) a number format."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet(sheet)
        for column, form in formats.items():
            page.set_column(f"{column}:{column}", None, book.add_format({"num_format": form}))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                form = formats.get(chr(ord("A") + column))
                style = book.add_format({"num_format": form}) if form and not isinstance(cell, str) else None
                page.write(number, column, cell, style)
    return file.getvalue()


ODS_ROWS = (
    '<table:table-row table:number-rows-repeated="%d"%s><table:table-cell table:number-columns-repeated="%d" %s/>'
    "</table:table-row>"
)


def ods(rows: list[list[object]], *, kind: str = "float", more: str = "") -> bytes:
    """A minimal .ods with these rows; its numbers are of a kind, and further XML may stand below them."""

    def cell(value: object) -> str:
        if isinstance(value, float | int):
            return f'<table:table-cell office:value-type="{kind}" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="GDP">{body}{more}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return file.getvalue()


# Layouts ------------------------------------------------------------------------------------------------------------


def test_a_long_table(read: Read) -> None:
    source = "{published: 2026-07-03, period: Date, place: Country, indicator: {is: rate}, value: Rate}"
    reading = read(source, "Date,Country,Rate,Note\n2025-10,China,7.12,a\n2025-10,Namibia,17.3,\n")
    row = reading.frame.iloc[0].to_dict()
    sha = sha256(b"Date,Country,Rate,Note\n2025-10,China,7.12,a\n2025-10,Namibia,17.3,\n").hexdigest()
    assert row == {
        "place": "china", "indicator": "rate", "breakdown": "", "period": "2025-10", "kind": "level", "basis": "",
        "of": "", "counted_from": "", "target": False, "value": 7.12, "unit": "CNY per USD", "status": "actual",
        "qualifier": "exact", "confidence": 1.0, "published": date(2026, 7, 3), "source": "src", "snapshot": sha,
        "locator": "row=2,column=Rate", "quote": "7.12",
    }  # fmt: skip
    assert list(reading.frame.columns) == [name for name in COLUMNS if name != "recorded_at"]
    assert reading.frame["unit"].tolist() == ["CNY per USD", "NAD per USD"]
    assert reading.columns_unread == ("Note",)
    assert reading.files == ("t.csv",)


def test_wide_by_indicator(read: Read) -> None:
    source = """
        published: 2026-07-03
        period: {column: 月份, means: month}
        place: 地区
        values: {成交额（亿元）: {indicator: turnover, unit: 亿元}, 专利: patents}
    """
    reading = read(source, "月份,地区,成交额（亿元）,专利\n2025年10月,全国,595.57,12\n2025年10月,北 京,1.1,3\n")
    assert told(reading) == {
        ("turnover", "china", "2025-10"): 59557000000.0,
        ("turnover", "beijing", "2025-10"): 110000000.0,
        ("patents", "china", "2025-10"): 12.0,
        ("patents", "beijing", "2025-10"): 3.0,
    }


def test_wide_by_period(read: Read) -> None:
    source = "{published: 2026-07-03, period: headers, place: Place, indicator: {is: patents}}"
    reading = read(source, "Place,Code,2023,2024,Note\nChina,1,5,6,x\nBeijing,2,-,8,y\n")
    assert told(reading) == {
        ("patents", "china", "2023"): 5.0,
        ("patents", "china", "2024"): 6.0,
        ("patents", "beijing", "2024"): 8.0,
    }
    assert reading.columns_unread == ("Code", "Note")
    assert reading.missing == 1
    assert reading.frame["locator"].tolist()[0] == "row=2,column=2023"


def test_wide_by_place(read: Read) -> None:
    source = """
        published: 2026-07-03
        period: Year
        place: {headers: true, names: {Mainland: china}}
        indicator: {is: patents}
    """
    reading = read(source, "Year,Mainland,Beijing,Atlantis\n2024,5,6,7\n")
    assert told(reading) == {("patents", "china", "2024"): 5.0, ("patents", "beijing", "2024"): 6.0}
    assert reading.columns_unread == ("Atlantis",)


def test_wide_by_indicator_names_in_the_headers(read: Read) -> None:
    source = "{published: 2026-07-03, period: Year, place: {is: china}, indicator: headers}"
    reading = read(source, "Year,成交额,Patents\n2024,5,6\n")
    assert told(reading) == {("turnover", "china", "2024"): 5.0, ("patents", "china", "2024"): 6.0}


def test_indicators_units_and_statuses_in_columns(read: Read) -> None:
    source = """
        published: {column: Released}
        period: Year
        place: {is: china}
        indicator: {column: Series, names: {T1: turnover}}
        unit: {column: Unit}
        status: {column: Status, names: {p: preliminary}}
        value: Value
    """
    table = (
        "Series,Year,Unit,Status,Released,Value\nT1,2024,万元,p,2025-01-20,3\n"
        "Patents,2024,件,Final,2025/2/3,4\nT1,2023,bananas,final,2025-02-03,5\n"
    )
    reading = read(source, table)
    frame = reading.frame
    assert frame["value"].tolist() == [30000.0, 4.0]
    assert frame["unit"].tolist() == ["CNY", "item"]
    assert frame["status"].tolist() == ["preliminary", "final"]
    assert frame["published"].tolist() == [date(2025, 1, 20), date(2025, 2, 3)]
    assert [locator for locator, _ in reasons(reading)] == ["row=4,column=Value"]
    assert "bananas" in reading.rejects[0].reason


def test_breakdowns(read: Read) -> None:
    source = """
        published: 2026-07-03
        period: Year
        place: {is: china}
        indicator: {is: patents}
        breakdown: [{column: Sex, dimension: sex}, {column: 行业, dimension: industry, names: {合计: total, C: making}}]
        value: N
    """
    reading = read(source, "Year,Sex,行业,N\n2024,female,C,1\n2024,female,合计,2\n2024,male,采矿业①,3\n2024,,C,4\n")
    assert told(reading) == {
        ("patents industry=making;sex=female", "china", "2024"): 1.0,
        ("patents sex=female", "china", "2024"): 2.0,
        ("patents industry=采矿业;sex=male", "china", "2024"): 3.0,
    }
    assert reasons(reading) == [
        ("row=5,column=Sex", "no sex stands here; if the row is the total, map it: `names: {'': total}`")
    ]


def test_a_breakdown_in_the_headers(read: Read) -> None:
    source = """
        published: 2026-07-03
        period: Year
        place: {is: china}
        indicator: {is: patents}
        breakdown: {headers: true, dimension: sex, names: {F: female, M: male}}
    """
    reading = read(source, "Year,F,M,Remark\n2024,1,2,x\n")
    assert list(told(reading)) == [("patents sex=female", "china", "2024"), ("patents sex=male", "china", "2024")]
    assert reading.columns_unread == ("Remark",)


def test_growth_and_ranks_have_units_of_their_own(read: Read) -> None:
    source = """
        published: 2026-07-03
        period: Year
        place: {is: china}
        values:
          Growth: {indicator: turnover, figure: growth, basis: yoy}
          Rank: {indicator: turnover, figure: rank}
          Points: {indicator: unemployment, figure: change, basis: yoy}
    """
    frame = read(source, "Year,Growth,Rank,Points\n2024,6.9%,3,-0.2\n").frame
    columns = ["kind", "basis", "counted_from", "value", "unit"]
    assert frame[columns].values.tolist() == [
        ["growth", "yoy", "", 6.9, "percent"],
        ["rank", "", "top", 3.0, "rank"],
        ["change", "yoy", "", -0.2, "percentage point"],
    ]


def test_several_files_make_one_source(read: Read, tmp_path: Path) -> None:
    (tmp_path / "t-2023.csv").write_text("Date,Place,Value\n2023,China,1\n")
    (tmp_path / "t-2024.csv").write_text("Date,Place,Value\n2024,China,2\n")
    (tmp_path / "~$t-2024.csv").write_text("an office program leaves this beside an open file")
    reading = read(LONG, name="*t-*.csv")
    assert values(reading) == {"2023": 1.0, "2024": 2.0}
    assert reading.files == ("t-2023.csv", "t-2024.csv")


def typed(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_parquet_in_its_many_types(read: Read) -> None:
    months = [datetime(2025, 1, 31), datetime(2025, 2, 28)]  # noqa: DTZ001 - a column without a zone
    instants = [datetime(2024, 12, 31, 16, tzinfo=UTC), datetime(2025, 2, 28, 3, tzinfo=UTC)]
    expected = {"2025-01": 1.5, "2025-02": -2.0}
    period = {"column": "Month", "means": "month"}
    for column in (
        pa.array(months, pa.timestamp("ns")),
        pa.array(months, pa.date32()),
        pa.array(instants, pa.timestamp("ms", "Asia/Shanghai")),
        pa.array([b"2025-01", b"2025-02"], pa.binary()),
        pa.array(["2025-01", "2025-02"]).dictionary_encode(),
    ):
        for values_of in (pa.array([1.5, -2.0], pa.float32()), pa.array([Decimal("1.50"), Decimal(-2)])):
            table = typed(Month=column, Turnover=values_of, Beside=pa.array([[1], [2]]))
            assert values(read(ONE_PLACE, table, name="t.parquet", period=period)) == expected


@pytest.mark.parametrize(
    ("column", "what"),
    [
        (pa.array([[1], [2]]), "list<element: int64>"),
        (pa.array([{"a": 1}, {"a": 2}]), "struct<a: int64>"),
        (pa.array([b"\xff", b"\xfe"]), "binary"),
    ],
)
def test_a_parquet_column_that_holds_no_values_is_named(read: Read, column: pa.Array, what: str) -> None:
    with pytest.raises(SourceError) as error:
        read(ONE_PLACE, typed(Month=["2025-01", "2025-02"], Turnover=column), name="t.parquet")
    assert str(error.value).startswith(f"t.parquet: the column 'Turnover' holds {what}, which cannot be read (")


def test_of_several_files_a_bad_one_costs_only_itself(read: Read, tmp_path: Path, kept: Kept) -> None:
    (tmp_path / "t-2023.csv").write_text("Date,Place,Value\n2023,China,1\n")
    (tmp_path / "t-2024.csv").write_text("")
    (tmp_path / "t-2025.csv").write_text("Date,Place,Value\n2022,Nowhere,1\n01/02/2025,China,2\n")
    (tmp_path / "t-2026.csv").write_text("Date,Place,Value\n2025,China,3\n")
    reading = read(LONG, name="t-*.csv")
    assert values(reading) == {"2023": 1.0, "2025": 3.0}
    assert reading.files == ("t-2023.csv", "t-2026.csv")
    assert reading.rejects == ()
    assert reading.failed == (
        "t-2024.csv: the file is empty.",
        "t-2025.csv, row=3,column=Date: '01/02/2025' is ambiguous: it is 1 February or 2 January. "
        "Write in the source `period: {column: ..., format: day/month/year}`, or month/day/year.",
    )
    for good in ("t-2023.csv", "t-2026.csv"):
        (tmp_path / good).unlink()
    with pytest.raises(SourceError) as error:
        read(LONG, name="t-*.csv")
    assert str(error.value) == "\n".join(reading.failed)


# Formats and encodings ----------------------------------------------------------------------------------------------

TABLE: list[list[object]] = [["地区", "时期", "数值"], ["中国", "2025-10", 595.57], ["北京", "2025-11", -3]]
XLS = Path(__file__).parent / "cases" / "table.xls"  # the same table, in the format of Excel 97
CSV = "地区,时期,数值\n中国,2025-10,595.57\n北京,2025-11,-3\n"
SAME = {("turnover", "china", "2025-10"): 59557000000.0, ("turnover", "beijing", "2025-11"): -300000000.0}
MADE = {"published": "2026-07-03", "period": "时期", "place": "地区", "value": "数值", "unit": "亿元"}


def parquet() -> bytes:
    file = io.BytesIO()
    pd.DataFrame(TABLE[1:], columns=TABLE[0]).to_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "changes", "locator"),
    [
        ("t.csv", CSV.encode(), {}, "row=2,column=数值"),
        ("t.csv", CSV.encode("utf-8-sig"), {}, "row=2,column=数值"),
        ("t.csv", CSV.replace("\n", "\r\n").encode(), {}, "row=2,column=数值"),
        ("t.csv", CSV.encode("gb18030"), {"encoding": "gb18030"}, "row=2,column=数值"),
        ("t.csv", CSV.encode("utf-16"), {"encoding": "utf-16"}, "row=2,column=数值"),
        ("t.tsv", CSV.replace(",", "\t").encode(), {}, "row=2,column=数值"),
        (
            "t.csv",
            CSV.replace(",", ";").replace(".", ",").encode(),
            {"delimiter": ";", "decimal": ","},
            "row=2,column=数值",
        ),
        ("t.csv", CSV.replace("595.57", '"595.57"').encode(), {}, "row=2,column=数值"),
        ("t.xlsx", workbook(TABLE), {}, "sheet=GDP,cell=C2"),
        ("t.xlsx", workbook(TABLE), {"sheet": "GDP"}, "sheet=GDP,cell=C2"),
        ("t.ods", ods(TABLE), {}, "sheet=GDP,cell=C2"),
        ("t.xls", XLS.read_bytes(), {}, "sheet=GDP,cell=C2"),
        ("t.parquet", parquet(), {}, "row=1,column=数值"),
    ],
)
def test_the_same_table_in_every_dress(
    read: Read, name: str, content: bytes, changes: dict[str, str], locator: str
) -> None:
    reading = read("{indicator: {is: turnover}}", content, name=name, **MADE, **changes)
    assert told(reading) == SAME
    assert reading.frame["locator"].tolist()[0] == locator
    assert not reading.rejects


def test_a_chinese_table_below_its_title(read: Read) -> None:
    table = (
        '表1 成交额"与专利\n单位：亿元,,\n\n时期,成交额,专利授权量\n2025年1-10月,"1,234.5*",１２\n'
        "2025年1-11月,1 300.0①,…\n注：本表数据为快报数。,,\n*口径调整。,,\n"
    )
    source = """
        published: 15 days after period
        period: 时期
        place: {is: china}
        header: 4
        footer: 2
        encoding: gb18030
        values: {成交额: {indicator: turnover, unit: 亿元}, 专利授权量: patents}
    """
    reading = read(source, table.encode("gb18030"))
    assert told(reading) == {
        ("turnover", "china", "2025-01/2025-10"): 123450000000.0,
        ("turnover", "china", "2025-01/2025-11"): 130000000000.0,
        ("patents", "china", "2025-01/2025-10"): 12.0,
    }
    assert reading.frame["locator"].tolist()[0] == "row=5,column=成交额"
    assert reading.frame["quote"].tolist()[0] == "1,234.5*"
    assert reading.frame["published"].tolist()[:2] == [date(2025, 11, 15), date(2025, 12, 15)]
    assert (reading.rejects, reading.missing) == ((), 1)


def test_without_footer_the_notes_are_rejected_and_cost_nothing(read: Read) -> None:
    reading = read(LONG, "Date,Place,Value\n2024,China,5\n注：本表为快报数,,\n")
    assert values(reading) == {"2024": 5.0}
    assert reading.rejects[0].locator == "row=3,column=Date"


def test_a_workbook_as_people_make_them(read: Read) -> None:
    rows: list[list[object]] = [
        ["Table 1"],
        ["Year", "Month", "Value", "Share"],
        ["2025", date(2025, 10, 1), 1234.5, 0.069],
        ["", date(2025, 11, 1), 0.1 + 0.2, 0.5],
        ["", "2025年12月", 202512, "x"],
    ]
    source = """
        published: 2026-07-03
        period: {column: Month, means: month}
        place: {is: china}
        header: 2
        values: {Value: patents, Share: unemployment}
    """
    reading = read(source, workbook(rows, D="0.0%"), name="t.xlsx")
    assert told(reading) == {
        ("patents", "china", "2025-10"): 1234.5,
        ("patents", "china", "2025-11"): 0.3,
        ("patents", "china", "2025-12"): 202512.0,
        ("unemployment", "china", "2025-10"): 6.9,
        ("unemployment", "china", "2025-11"): 50.0,
    }
    assert dict(zip(reading.frame["locator"], reading.frame["quote"], strict=True))["sheet=GDP,cell=D3"] == "6.9%"
    assert reasons(reading) == [
        ("sheet=GDP,cell=D5", "'x' is no number; if it stands for no value, add it to `missing`")
    ]


def test_a_percentage_in_an_open_document(read: Read) -> None:
    source = "{published: 2026-07-03, period: Year, place: {is: china}, values: {U: unemployment}}"
    content = ods([["Year", "U"], ["2023", 0.052], ["2024", 0.05]], kind="percentage")
    reading = read(source, content, name="t.ods")
    assert values(reading) == {"2023": 5.2, "2024": 5.0}
    assert reading.frame["quote"].tolist() == ["5.2%", "5%"]


def test_a_percentage_in_an_old_workbook(read: Read) -> None:
    """Of the rates, two are formatted as percentages, one has a percent sign as mere text, one is plain."""
    source = "{published: 2026-07-03, period: Year, place: {is: china}, values: {U: unemployment}}"
    reading = read(source, XLS.read_bytes(), name="t.xls", sheet="就业 rates")
    assert values(reading) == {"2021": 5.2, "2022": 5.0, "2024": 5.1, "2025": 5.0}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8000), st.integers(0, 255)), max_size=6), st.integers(0, 8000))
def test_a_mangled_old_workbook_is_read_or_refused(flips: list[tuple[int, int]], length: int) -> None:
    content = bytearray(XLS.read_bytes())
    for position, value in flips:
        content[position % len(content)] = value
    assert isinstance(biff.percentages(bytes(content)), dict)
    assert isinstance(biff.percentages(bytes(content[:length])), dict)


def test_merged_cells_tell_their_text_to_all_rows(read: Read) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Place", "Year", "Value"])
        page.merge_range("A2:A3", "China")
        page.write_row(1, 1, ["2023", 5])
        page.write_row(2, 1, ["2024", 6])
    source = "{published: 2026-07-03, period: Year, place: Place, indicator: {is: patents}, value: Value}"
    assert values(read(source, file.getvalue(), name="t.xlsx")) == {"2023": 5.0, "2024": 6.0}


# Text stays text ----------------------------------------------------------------------------------------------------


def test_na_is_namibia_and_leading_zeros_stay(read: Read) -> None:
    reading = read(LONG, "Date,Place,Value\n2024,NA,NA\n2025,NA,1\n2024,000001,2\n")
    assert told(reading) == {("turnover", "namibia", "2025"): 1.0, ("turnover", "beijing", "2024"): 2.0}
    assert reading.missing == 1


def test_zeros_are_missing_only_where_declared(read: Read) -> None:
    table = "Month,Turnover\n2025-01,5\n2025-02,0\n2025-03,0.0\n2025-05,-3.5\n"
    assert values(read(ONE_PLACE, table)) == {"2025-01": 5.0, "2025-02": 0.0, "2025-03": 0.0, "2025-05": -3.5}
    reading = read(ONE_PLACE, table, missing="0")
    assert (values(reading), reading.missing) == ({"2025-01": 5.0, "2025-05": -3.5}, 2)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("595.57亿元", None, 59557000000.0), ("595.57", "亿元", 59557000000.0), ("0.1", "万亿元", 100000000000.0)],
)
def test_scales_are_exact(read: Read, text: str, unit: str | None, expected: float) -> None:
    changes = {"unit": unit} if unit else {}
    assert values(read(ONE_PLACE, f"Month,Turnover\n2025-01,{text}\n", **changes)) == {"2025-01": expected}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("6.9%", "'6.9%' is a percentage, and the values are kept in CNY"),
        ("12人", "'12人' is in person, and the values are kept in CNY"),
        ("9" * 400, f"{'9' * 40!r} is too large to be a figure"),
        ("(5)", "'(5)' may be a negative number or a note; write it with a minus sign"),
    ],
)
def test_values_that_do_not_fit_are_rejected(read: Read, text: str, reason: str) -> None:
    reading = read(ONE_PLACE, f"Month,Turnover\n2025-01,{text}\n2025-02,1\n")
    assert values(reading) == {"2025-02": 1.0}
    assert reasons(reading) == [("row=2,column=Turnover", reason)]


def test_a_ratio_becomes_percent(read: Read) -> None:
    source = (
        "{published: 2026-07-03, period: Year, place: {is: china}, values: {U: {indicator: unemployment, unit: ratio}}}"
    )
    assert values(read(source, "Year,U\n2024,0.052\n")) == {"2024": 5.2}


def test_a_unit_that_does_not_fit_the_indicator_fails_the_source(read: Read) -> None:
    with pytest.raises(SourceError, match=r"t\.csv: the table declares 'USD', and level of turnover is kept in CNY"):
        read(ONE_PLACE, "Month,Turnover\n2025-01,5\n", unit="USD")


# Periods and days of publication ------------------------------------------------------------------------------------


def test_a_date_stands_for_the_period_of_the_indicator(read: Read) -> None:
    source = "{published: 2026-07-03, period: Date, place: {is: china}, values: {Price: price}}"
    assert values(read(source, "Date,Price\n1987-05-15,18.58\n")) == {"1987-05": 18.58}


def test_quarters(read: Read) -> None:
    table = "Month,Turnover\n2025Q1,1\n2025年二季度,2\nQ3 2025,3\n2025-Q4,4\n"
    assert list(values(read(ONE_PLACE, table))) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]


def test_an_ambiguous_date_fails_the_source_and_says_how_to_settle_it(read: Read) -> None:
    table = "Month,Turnover\n13/01/2026,1\n01/02/2026,2\n"
    with pytest.raises(SourceError) as error:
        read(ONE_PLACE, table)
    assert str(error.value) == (
        "t.csv, row=3,column=Month: '01/02/2026' is ambiguous: it is 1 February or 2 January. "
        "Write in the source `period: {column: ..., format: day/month/year}`, or month/day/year."
    )
    settled = read(ONE_PLACE, table, period={"column": "Month", "means": "month", "format": "day/month/year"})
    assert values(settled) == {"2026-01": 1.0, "2026-02": 2.0}


def test_days_after_the_period_never_lie_behind_the_day_of_ingest(read: Read, kept: Kept) -> None:
    kept.first = date(2026, 7, 10)
    table = "Month,Turnover\n2026-05,1\n2026-06,2\n2026-07,3\n"
    frame = read(ONE_PLACE, table, published="9 days after period").frame
    assert frame["published"].tolist() == [date(2026, 6, 9), date(2026, 7, 9), date(2026, 7, 10)]


def test_on_ingest_is_the_day_when_the_bytes_were_first_seen(read: Read, kept: Kept) -> None:
    assert set(read(ONE_PLACE, "Month,Turnover\n2025-01,1\n", published="on ingest").frame["published"]) == {TODAY}
    kept.first = date(2026, 1, 2)
    frame = read(ONE_PLACE, "Month,Turnover\n2025-01,1\n", published="on ingest").frame
    assert set(frame["published"]) == {date(2026, 1, 2)}


def test_what_is_told_as_observed_before_its_period_began_is_rejected(read: Read) -> None:
    table = "Date,Place,Status,Value\n2026,China,actual,1\n2027,China,actual,2\n2027,Beijing,target,3\n"
    reading = read(LONG, table, status={"column": "Status"})
    assert told(reading) == {("turnover", "china", "2026"): 1.0, ("turnover", "beijing", "2027"): 3.0}
    assert reasons(reading) == [
        (
            "row=3,column=Value",
            "its period had not begun on the day of publication; correct the period or `published`, or declare what "
            "is foreseen: `status: estimate` or `status: target`",
        )
    ]


def test_bytes_seen_before_their_period_began_were_seen_by_a_wrong_clock(read: Read, kept: Kept) -> None:
    kept.first = date(2025, 1, 2)
    for rule in ("9 days after period", "on ingest"):
        frame = read(ONE_PLACE, "Month,Turnover\n2024-11,1\n2026-07,3\n", published=rule).frame
        assert frame["published"].tolist()[1] == TODAY


# Rows that cannot be taken ------------------------------------------------------------------------------------------


def test_unknown_places_say_how_to_map_them(read: Read) -> None:
    reading = read(LONG, "Date,Place,Value\n2024,Chnia,1\n2024,China*,2\n2024,Georgia,3\n2024,,4\n")
    assert told(reading) == {("turnover", "china", "2024"): 2.0}
    skip = "or leave it out: `skip: {Place: ['%s']}`"
    assert reasons(reading) == [
        (
            "row=2,column=Place",
            "unknown place 'Chnia'. Did you mean 'china'? "
            "Map it: `place: {column: Place, names: {'Chnia': china}}`, " + skip % "Chnia",
        ),
        (
            "row=4,column=Place",
            "unknown place 'Georgia', which names georgia and georgia_us. "
            "Map it: `place: {column: Place, names: {'Georgia': georgia}}`, " + skip % "Georgia",
        ),
        ("row=5,column=Place", "no place stands here"),
    ]


def test_a_name_in_full_width_or_with_marks_apart_is_found(read: Read) -> None:
    reading = read(LONG, "Date,Place,Value\n2024,Ｃｈｉｎａ,1\n2025,\ufeffChina\u200b,2\n")
    assert told(reading) == {("turnover", "china", "2024"): 1.0, ("turnover", "china", "2025"): 2.0}


def test_an_endless_name_is_cut(read: Read) -> None:
    reading = read(LONG, f"Date,Place,Value\n2024,{'A' * 300},1\n2025,China,2\n")
    assert reasons(reading) == [
        ("row=2,column=Place", f"unknown place {'A' * 200!r} ..., which is too long for a name")
    ]


def test_skipped_rows_are_counted(read: Read) -> None:
    reading = read(LONG, "Date,Place,Value\n2024,China,1\n2024,World ex-US,2\n", skip={"Place": "World ex-US"})
    assert (len(reading.frame), reading.skipped, reading.rejects) == (1, 1, ())


def test_rows_of_another_width_are_refused_with_their_number(read: Read) -> None:
    reading = read(LONG, "Date,Place,Value\n2023,China,1\n0,2024,China,2\n\n2025,China\n2026,China,3\n")
    assert values(reading) == {"2023": 1.0, "2026": 3.0}
    assert reasons(reading) == [
        ("row=3", "it has 4 fields, and the header has 3"),
        ("row=5", "it has 2 fields, and the header has 3"),
    ]
    with pytest.raises(SourceError, match=r"no observation; 1 row or cell was rejected\. Once at t\.csv, row=2"):
        read(LONG, "Date,Place,Value\n0,2024,China,2\n")


def test_an_unclosed_quotation_mark_costs_its_own_row(read: Read) -> None:
    table = 'Date,Place,Value\n2021,China,1\n2022,"China,2\n2023,China,3\n2024,"Chi"na,4\n2025,China,5\n2026,"China,6\n'
    reading = read(LONG, table)
    assert values(reading) == {"2021": 1.0, "2023": 3.0, "2025": 5.0}
    assert [(r.locator, r.text) for r in reading.rejects] == [
        ("row=3", '2022,"China,2'),
        ("row=5", '2024,"Chi"na,4'),
        ("row=7", '2026,"China,6'),
    ]


def test_a_cell_may_hold_line_ends(read: Read) -> None:
    reading = read(LONG, 'Date,Place,Note,Value\n2023,China,"two\nlines",1\n2024,China,x,2\n')
    assert reading.frame["locator"].tolist() == ["row=2,column=Value", "row=4,column=Value"]


def test_two_values_on_one_key_are_a_conflict_and_both_kept_out(read: Read) -> None:
    table = "Date,Place,Value\n2023,China,1\n2024,China,2\n2024,中国,3\n2025,China,4.0\n2025,China,4\n"
    reading = read(LONG, table)
    assert values(reading) == {"2023": 1.0, "2025": 4.0}
    assert reading.duplicates == 1
    assert [str(conflict) for conflict in reading.conflicts] == [
        "turnover level of china in 2024 is told 2 times: 2 (t.csv row=3,column=Value); 3 (t.csv row=4,column=Value)"
    ]


# Files that cannot be read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "t.csv: the file is empty."),
        (b" \n\n", "t.csv: the file is empty."),
        (b"Date,Place,Value\n", "t.csv: there are headers, and no rows below them."),
        (
            "Date,Place,Value\n2024,中国,1\n".encode("gb18030"),
            "t.csv: line 2: the byte 0xD6 is not utf-8. It can be read as gb18030: set `encoding: gb18030`.",
        ),
        (
            "Date,Place,Value\n".encode("utf-16"),
            "t.csv: line 1: the byte 0xFF is not utf-8. It can be read as utf-16: set `encoding: utf-16`.",
        ),
        (
            b"Date,Place,Value\n2024,Ch\0ina,1\n",
            "t.csv: there are NUL bytes in it, so it is not utf-8. Save it as UTF-8.",
        ),
        (
            b"<!DOCTYPE html><p>Not found",
            "t.csv: this is a web page or XML, not a table; save the data itself and try again.",
        ),
        (
            workbook(TABLE),
            "t.csv: this is a workbook (.xlsx or .ods) or another zip archive, not a text; "
            "rename it so that its ending tells what it is.",
        ),
        (
            b"date,Country,Value\n2024,China,1\n",
            "t.csv, row 1: the columns 'Date', 'Place' are lacking; found: 'date', 'Country', 'Value'. "
            "Did you mean 'date' for 'Date'?",
        ),
        (
            b"Table 1\nin millions\nDate,Place,Value\n2024,China,1\n",
            "t.csv, row 1: the columns 'Date', 'Place', 'Value' are lacking; found: 'Table 1'. "
            "Row 3 has them: set `header: 3`.",
        ),
        (
            b"Date;Place;Value\n2024;China;1\n",
            "t.csv, row 1: the columns 'Date', 'Place', 'Value' are lacking; found: 'Date;Place;Value'. "
            "Parted by ';' they are there: set `delimiter: ';'`.",
        ),
        (
            b"Date,Place,Value,Value\n2024,China,1,2\n",
            "t.csv, row 1: the header 'Value' stands twice, in columns 3 and 4; rename one.",
        ),
        (
            b"Date,Place,Value\n2024,China,-\n",
            "t.csv: no observation: 1 cells hold marks for no value, 0 rows are skipped.",
        ),
    ],
)
def test_a_file_that_is_not_what_it_should_be(read: Read, kept: Kept, content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as error:
        read(LONG, content)
    assert str(error.value) == message
    assert bool(kept) == bool(content.strip()), "what has any content is kept before it is read"


def test_utf8_declared_gb18030_is_refused(read: Read) -> None:
    with pytest.raises(SourceError, match="declared gb18030, but the file is UTF-8; set `encoding: utf-8`"):
        read(LONG, "Date,Place,Value\n2024,中国,1\n", encoding="gb18030")


def test_a_missing_file(read: Read, tmp_path: Path) -> None:
    (tmp_path / "turnover.csv").touch()
    with pytest.raises(SourceError) as error:
        read(LONG, name="turnovr.csv")
    assert str(error.value) == (
        "turnovr.csv: no such file. Did you mean 'turnover.csv'? Put it there, or correct `path`."
    )
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with pytest.raises(SourceError, match=r"loop\.csv: a link that leads nowhere \(loop\.csv\)"):
        read(LONG, name="loop.csv")
    with pytest.raises(SourceError, match=r"no-\*\.csv: no file fits\. Put one there, or correct `path`\."):
        read(LONG, name="no-*.csv")


def test_pipes_devices_folders_and_huge_files_are_refused(read: Read, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "folder.csv").mkdir()
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(5 << 30)
    for name, message in {
        "pipe.csv": "pipe.csv: not a regular file; a source is a file of at most 1 GB.",
        "zero.csv": "zero.csv: not a regular file; a source is a file of at most 1 GB.",
        "folder.csv": "folder.csv: not a regular file; a source is a file of at most 1 GB.",
        "huge.csv": "huge.csv: 5.0 GB is more than 1 GB; split it into several files with a `*` in `path`.",
    }.items():
        with pytest.raises(SourceError) as error:
            read(LONG, name=name)
        assert str(error.value) == message


def test_a_locked_file(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    read(LONG, "Date,Place,Value\n2024,China,1\n")
    monkeypatch.setattr(files.os, "open", refuse)
    with pytest.raises(SourceError, match=r"t\.csv: cannot be opened: locked or not readable for this user\."):
        read(LONG)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 and nothing more", r"t\.xlsx: not a workbook that can be opened"),
        (workbook(TABLE)[:-200], r"t\.xlsx: not a workbook that can be opened"),
        (workbook(TABLE, sheet="Gdp"), r"t\.xlsx: unknown sheet 'GDP'; allowed: Gdp\. Did you mean 'Gdp'\?"),
    ],
)
def test_a_workbook_that_cannot_be_opened(read: Read, content: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(LONG, content, name="t.xlsx", sheet="GDP")


def test_a_small_archive_that_unpacks_to_much_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1 << 20)
    file = io.BytesIO(workbook(TABLE))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * (1 << 21))
    honest = file.getvalue()
    lying = honest.replace((1 << 21).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    for content in (honest, lying):
        with pytest.raises(SourceError, match=r"t\.xlsx: unpacked it is larger than 1 MB; split the workbook"):
            read(LONG, content, name="t.xlsx")


def test_a_sheet_with_one_cell_far_away_is_refused(read: Read) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write("A1", "Date")
        page.write("XFD1048576", "far")
    with pytest.raises(SourceError, match="a sheet of 1048576 rows and 16384 columns is too large"):
        read(LONG, file.getvalue(), name="t.xlsx")


def test_cells_that_repeat_without_end_are_refused(read: Read) -> None:
    with pytest.raises(SourceError, match="a sheet of 1000002 rows and 1000 columns is too large"):
        read(
            LONG,
            ods(TABLE[:2], more=ODS_ROWS % (10**6, "", 1000, 'office:value-type="float" office:value="1"')),
            name="t.ods",
        )


def test_empty_cells_at_the_end_of_a_sheet_are_nothing(read: Read) -> None:
    content = ods(TABLE, more=ODS_ROWS % (10**6, "", 16384, ""))
    assert told(read("{indicator: {is: turnover}}", content, name="t.ods", **MADE)) == SAME


def test_ids_that_the_catalogue_does_not_know(read: Read) -> None:
    with pytest.raises(SourceError, match=r"src: unknown indicator 'turnovr'.*Did you mean 'turnover'"):
        read(ONE_PLACE, "Month,Turnover\n2025,1\n", values={"Turnover": "turnovr"})


# Locators -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locator", ["row=9,column=Value", "row=2,column=Nothing", "row=1,column=Value", "cell 5"])
def test_a_locator_that_leads_nowhere(locator: str) -> None:
    dialect = {"suffix": ".csv", "encoding": "utf-8", "delimiter": None, "header": 1, "sheet": None}
    with pytest.raises(SourceError):
        sources.resolve(locator, b"Date,Place,Value\n2024,China,1\n", dialect)


cells = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cells, st.integers(-(10**9), 10**9)), min_size=1, max_size=8))
def test_whatever_stands_beside_it_a_value_is_found_again(read: Read, notes: list[tuple[str, int]]) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["Note", "Date", "Place", "Value"])
    for number, (note, value) in enumerate(notes):
        writer.writerow([note, 2000 + number, "China", value])
    reading = read(LONG, file.getvalue().encode())
    assert list(values(reading).values()) == [float(value) for _, value in notes]


# Headers of several rows

QUARTERS = [
    ["Actually utilised, billion yuan", "", "", "", "", ""],
    ["Origin", "2025", "", "", "", "2026"],
    ["", "Q1", "Q2", "Q3", "Q4", "Q1"],
    ["Beijing", 1, 2, 3, 4, 5],
]
BY_QUARTER = """
{path: t.xlsx, header: 2, published: 2026-07-03, period: headers, place: Origin, indicator: {is: turnover},
 unit: billion CNY}
"""


def test_headers_below_merged_ones_are_read_with_them(read: Read) -> None:
    reading = read(BY_QUARTER, workbook(QUARTERS), name="t.xlsx", header_rows="2")
    assert values(reading) == {
        "2025-Q1": 1e9, "2025-Q2": 2e9, "2025-Q3": 3e9, "2025-Q4": 4e9, "2026-Q1": 5e9,
    }  # fmt: skip
    assert list(reading.frame["locator"])[:2] == ["sheet=GDP,cell=B4", "sheet=GDP,cell=C4"]


def test_a_csv_may_have_headers_of_two_rows(read: Read) -> None:
    text = "Place,2025,,2026\n,Q1,Q2,Q1\nBeijing,1,2,3\n"
    source = BY_QUARTER.replace("t.xlsx, header: 2", "t.csv, header_rows: 2").replace("Origin", "Place")
    assert values(read(source, text)) == {"2025-Q1": 1e9, "2025-Q2": 2e9, "2026-Q1": 3e9}


def test_values_below_no_header_are_no_values_of_the_header_beside_them(read: Read) -> None:
    with pytest.raises(SourceError) as caught:
        read(BY_QUARTER, workbook(QUARTERS), name="t.xlsx")
    assert str(caught.value) == (
        "t.xlsx: columns C, D, E have no header, and something stands below. Where the headers take two rows (2025 "
        "over Q1 to Q4), write `header_rows: 2`; else give them a header, or delete them."
    )


# Bombs that are written otherwise


@pytest.mark.parametrize("cell", ["r='XFD1048576'", 'r = "XFD1048576"', "r= 'XFD1048576' t='n'"])
def test_a_far_cell_is_seen_however_it_is_written(cell: str, read: Read) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(QUARTERS))) as plain, zipfile.ZipFile(content, "w") as written:
        for member in plain.infolist():
            text = plain.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                text = text.replace(
                    b"</sheetData>", f"<row r='1048576'><c {cell}><v>1</v></c></row></sheetData>".encode()
                )
            written.writestr(member, text)
    with pytest.raises(SourceError, match="a sheet of 1048576 rows and 16384 columns is too large"):
        read(BY_QUARTER, content.getvalue(), name="t.xlsx")


def test_a_text_said_a_thousand_times_by_parquet_is_too_large(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grids, "MOST_BYTES", 1 << 20)
    content = io.BytesIO()
    pq.write_table(pa.table({"Date": ["2026-01" + "0" * 10_000] * 1000, "Value": [1.0] * 1000}), content)
    assert len(content.getvalue()) < 20_000
    with pytest.raises(SourceError, match=r"its texts come to 9 MB \(at most 1\); split the file"):
        read(LONG.replace("t.csv", "t.parquet"), content.getvalue(), name="t.parquet")


@pytest.mark.parametrize("whole", ["total", "Total", "TOTAL", "合计", "总 计"])
def test_the_whole_of_a_breakdown_goes_by_several_names(whole: str, read: Read) -> None:
    source = LONG.replace("Value}", "Value, breakdown: {column: Origin, dimension: origin}}")
    reading = read(source, f"Date,Place,Origin,Value\n2026-01,Beijing,{whole},3\n2026-01,Beijing,Korea,1\n")
    assert told(reading) == {("turnover", "beijing", "2026-01"): 3, ("turnover origin=Korea", "beijing", "2026-01"): 1}
