"""Facts to observations: what a row may say of its figure, and what bad input gets."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefings import sources
from briefings.catalogue import Catalogue, Indicator, PeerGroup, Place
from briefings.configuration import Source
from briefings.errors import SourceError
from briefings.sources import Reading

CASES = Path(__file__).parent / "cases" / "facts.txt"
TODAY = date(2026, 7, 20)
INDICATORS = {
    "turnover": {"name": {"en": "Turnover", "zh": "成交额"}, "unit": "CNY", "nature": "flow", "aliases": ["Sales"]},
    "grain": {"name": {"en": "Grain output", "zh": "粮食产量"}, "unit": "tonne", "nature": "flow"},
    "patents": {"name": {"en": "Valid patents", "zh": "有效专利"}, "unit": "patent", "nature": "stock"},
    "unemployment": {"name": {"en": "Unemployment rate", "zh": "失业率"}, "unit": "percent", "nature": "rate"},
    "evaluation": {"name": {"en": "Rank in the evaluation", "zh": "评价排名"}, "unit": "rank", "nature": "rank"},
}
PLACES = {
    "riverland": {"name": {"en": "Riverland", "zh": "河州"}, "currency": "CNY", "kind": "province"},
    "riverton": {"name": {"en": "Riverton", "zh": "河城市"}, "within": "riverland", "aliases": ["河城"]},
}
CATALOGUE = Catalogue(
    {key: Indicator.model_validate(value) for key, value in INDICATORS.items()},
    {key: Place.model_validate(value) for key, value in PLACES.items()},
    {"both": PeerGroup.model_validate({"name": "both", "members": ["riverland", "riverton"]})},
)
SOURCE = "{path: facts.csv, kind: facts, published: {column: published}}"
#: A row that is right; the tests change one cell of it or another.
RIGHT = {
    "place": "Riverton",
    "indicator": "turnover",
    "breakdown": "",
    "value": "4400000",
    "unit": "CNY",
    "kind": "level",
    "basis": "",
    "of": "",
    "counted_from": "",
    "out_of": "",
    "period": "2025",
    "status": "actual",
    "qualifier": "exact",
    "published": "2026-01-15",
    "document": "",
    "start": "",
    "end": "",
    "quote": "",
}

#: The words of a figure in its document.
WORDS = "4.4 million yuan"

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read rows, each a few cells of `RIGHT` changed, or the text of a file; every locator must resolve."""
    kept: dict[str, tuple[bytes, dict[str, Any]]] = {}

    def keep(content: bytes, dialect: dict[str, Any]) -> str:
        sha = sha256(content).hexdigest()
        kept[sha] = (content, dialect)
        return sha

    def read(*rows: dict[str, str] | str, source: str = SOURCE, name: str = "facts.csv") -> Reading:
        text = rows[0] if isinstance(rows[0], str) else written([RIGHT | row for row in rows])  # type: ignore[operator]
        (tmp_path / name).write_text(text, encoding="utf-8")
        declared = Source.model_validate(yaml.load(source, yaml.BaseLoader))
        reading = sources.read("report", declared, catalogue=CATALOGUE, root=tmp_path, keep=keep, today=TODAY)
        for row in reading.frame.itertuples():
            cell = sources.resolve(row.locator, *kept[row.snapshot])
            assert row.quote in (cell, WORDS)
            assert cell == str(sources.resolve(row.locator.partition(",document")[0], *kept[row.snapshot]))
        return reading

    return read


def written(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def only(reading: Reading) -> dict[str, Any]:
    """The one observation of a reading."""
    assert (len(reading.frame), reading.rejects, reading.conflicts) == (1, (), ())
    return reading.frame.iloc[0].to_dict()


# What a row says


def test_a_row_is_an_observation(read: Read) -> None:
    row = only(
        read(
            {
                "place": "河城",
                "indicator": "Sales",
                "breakdown": "sex=female;industry=coal",
                "value": "-4.5",
                "unit": "percent",
                "kind": "growth",
                "basis": "vs:2016/2020",
                "of": "ceiling",
                "period": "2021/2025",
                "status": "target",
                "qualifier": "about",
            }
        )
    )
    assert row == {
        "place": "riverton",
        "indicator": "turnover",
        "breakdown": "industry=coal;sex=female",
        "period": "2021/2025",
        "kind": "growth",
        "basis": "vs:2016/2020",
        "of": "ceiling",
        "counted_from": "",
        "target": True,
        "value": -4.5,
        "unit": "percent",
        "status": "target",
        "qualifier": "about",
        "confidence": 1.0,
        "published": date(2026, 1, 15),
        "source": "report",
        "snapshot": row["snapshot"],
        "locator": "row=2,column=value",
        "quote": "-4.5",
    }


def test_columns_left_out_and_empty_cells_mean_the_plainest(read: Read) -> None:
    source = "{path: facts.csv, kind: facts, published: 10 days after period}"
    least = only(read("place,indicator,period,value\nRiverton,turnover,2025,5\n", source=source))
    empty = only(
        read({name: "" for name in RIGHT if name not in ("place", "indicator", "period", "value", "published")})
    )
    for row in (least, empty):
        plain = {key: row[key] for key in ("kind", "basis", "of", "counted_from", "unit", "status", "qualifier")}
        assert plain == {
            "kind": "level",
            "basis": "",
            "of": "",
            "counted_from": "",
            "unit": "CNY",
            "status": "actual",
            "qualifier": "exact",
        }
        assert not row["target"]
        assert row["confidence"] == 1.0
    assert least["published"] == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("changed", "value", "unit"),
    [
        ({"indicator": "grain", "value": "3480000000", "unit": "jin"}, 1_740_000, "tonne"),
        ({"indicator": "grain", "value": "104000", "unit": "tonne"}, 104_000, "tonne"),
        ({"value": "4.4", "unit": "亿元"}, 440_000_000, "CNY"),
        ({"value": "595.57亿元", "unit": ""}, 59_557_000_000, "CNY"),
        ({"indicator": "patents", "value": "391", "unit": "item"}, 391, "patent"),
        ({"value": "6.9%", "unit": "percent", "kind": "growth", "basis": "yoy"}, 6.9, "percent"),
        ({"value": "2", "unit": "times", "kind": "multiple", "basis": "yoy"}, 2, "multiple"),
        ({"value": "15.6", "unit": "percentage_point", "kind": "gap", "of": "growth"}, 15.6, "percentage point"),
        ({"value": "-93", "unit": "percent", "kind": "growth"}, -93, "percent"),
        (
            {"indicator": "unemployment", "unit": "percentage_point", "kind": "change", "value": "1"},
            1,
            "percentage point",
        ),
    ],
    ids=lambda each: "-".join(each.values()) if isinstance(each, dict) else "",
)
def test_units_are_brought_to_those_of_the_catalogue(
    read: Read, changed: dict[str, str], value: float, unit: str
) -> None:
    row = only(read(changed))
    assert (row["value"], row["unit"]) == (value, unit)


@pytest.mark.parametrize(
    ("origin", "locator"),
    [
        ({"document": "report", "start": "0", "end": "16"}, "row=2,column=value,document=report,char=0:16"),
        ({"start": "120", "end": "136"}, "row=2,column=value,char=120:136"),
        ({"document": "report"}, "row=2,column=value"),
    ],
)
def test_a_locator_leads_to_the_row_and_on_to_the_document(read: Read, origin: dict[str, str], locator: str) -> None:
    row = only(read(origin | {"quote": WORDS}))
    assert (row["locator"], row["quote"], row["value"]) == (locator, WORDS, 4_400_000)


@pytest.mark.parametrize("status", ["estimate", "target"])
def test_what_is_to_come_may_be_expected_or_aimed_at(read: Read, status: str) -> None:
    assert only(read({"period": "2027", "status": status}))["period"] == "2027"


def test_an_outcome_may_be_told_while_its_year_lasts(read: Read) -> None:
    assert only(read({"period": "2026"}))["status"] == "actual"


def test_one_bad_file_of_several_costs_only_itself(read: Read, tmp_path: Path) -> None:
    (tmp_path / "facts-a.csv").write_text("place,indicator,value\nRiverton,turnover,5\n", encoding="utf-8")
    (tmp_path / "facts-b.csv").write_bytes(b"\xff\xfe\x00")
    reading = read({}, source=SOURCE.replace("facts.csv", "facts-*.csv"), name="facts-c.csv")
    assert (len(reading.frame), reading.files) == (1, ("facts-c.csv",))
    assert reading.failed == (
        "facts-a.csv, row 1: the columns 'period', 'published' are lacking; found: 'place', 'indicator', 'value'.",
        "facts-b.csv: line 1: the byte 0xFF is not utf-8. Save it as UTF-8.",
    )


def test_where_no_file_can_be_read_all_say_why(read: Read, tmp_path: Path) -> None:
    (tmp_path / "facts-a.csv").write_text("place,indicator,value\nRiverton,turnover,5\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read("place,indicator,value\n", source=SOURCE.replace("facts.csv", "facts-*.csv"), name="facts-b.csv")
    assert [line.partition(",")[0] for line in str(caught.value).splitlines()] == ["facts-a.csv", "facts-b.csv"]


def test_ranks_say_of_what_and_from_which_end(read: Read) -> None:
    rank = {"indicator": "evaluation", "unit": "rank", "kind": "rank", "basis": "province", "of": "level"}
    reading = read(
        rank | {"value": "1", "counted_from": "bottom", "period": "2024"},
        rank | {"value": "2", "counted_from": "top", "out_of": "12"},
    )
    told = [(r.value, r.unit, r.counted_from, r.of, r.basis) for r in reading.frame.itertuples()]
    assert told == [(1, "rank", "bottom", "level", "province"), (2, "rank", "top", "level", "province")]


def test_a_share_is_the_level_of_an_indicator_in_percent(read: Read) -> None:
    share = {"kind": "share", "unit": "percent", "value": "4.5", "basis": "labour force"}
    rate, part = (read(share | {"indicator": key}).frame.iloc[0] for key in ("unemployment", "turnover"))
    assert (rate["kind"], rate["basis"], rate["value"]) == ("level", "", 4.5)
    assert (part["kind"], part["basis"], part["value"]) == ("share", "labour force", 4.5)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023-01/2023-04", "2023-01/2023-04"),
        ("2023-H1", "2023-H1"),
        ("2016/2020", "2016/2020"),
        ("2020-12-31", "2020-12-31"),
        ("2023年1-4月", "2023-01/2023-04"),
        ("2025年", "2025"),
    ],
)
def test_periods(read: Read, text: str, period: str) -> None:
    assert only(read({"period": text}))["period"] == period


# What bad input gets


def cases() -> list[tuple[dict[str, str], str, str]]:
    """From tests/cases/facts.txt: the cells that are wrong, the column that is to blame, the reason."""
    lines = [line for line in CASES.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    found = []
    for wrong, told in zip(lines[::2], lines[1::2], strict=True):
        column, _, reason = told.strip().partition(": ")
        found.append((dict(cell.split("=", 1) for cell in wrong.split(" | ")), column, reason))
    return found


@pytest.mark.parametrize(
    ("changed", "column", "reason"), cases(), ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_row_that_cannot_be_taken_is_rejected_with_its_reason_and_costs_no_other(
    read: Read, changed: dict[str, str], column: str, reason: str
) -> None:
    reading = read({"period": "2024"}, changed, {"period": "2023"})
    assert sorted(reading.frame["period"]) == ["2023", "2024"]
    [reject] = reading.rejects
    assert (reject.locator, reject.file) == (f"row=3,column={column}", "facts.csv")
    assert (reject.text, reject.reason) == ((RIGHT | changed)[column], reason)


def test_equal_figures_are_one_and_different_ones_a_conflict(read: Read) -> None:
    reading = read({}, {"value": "4400000.0"}, {"period": "2024"}, {"period": "2024", "value": "5"})
    assert list(reading.frame["period"]) == ["2025"]
    assert reading.duplicates == 1
    [conflict] = reading.conflicts
    assert str(conflict) == (
        "turnover level of riverton in 2024 is told 2 times: "
        "4400000 (facts.csv row=4,column=value); 5 (facts.csv row=5,column=value)"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "target"},
        {"breakdown": "industry=coal"},
        {"kind": "rank", "unit": "rank", "of": "level", "counted_from": "top", "value": "1"},
        {"published": "2026-02-15"},
        {"period": "2024"},
        {"place": "Riverland"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_differs_in_its_key_or_its_day_is_another_figure(read: Read, changed: dict[str, str]) -> None:
    reading = read({}, changed)
    assert (len(reading.frame), reading.conflicts) == (2, ())


def test_marks_for_no_value_are_counted_and_unknown_columns_told(read: Read) -> None:
    row = RIGHT | {"topic": "economy", "start": "10", "end": "14", "optional": "0", "remark": "x"}
    reading = read(row, row | {"period": "2024", "value": "…"})
    assert (len(reading.frame), reading.missing, reading.columns_unread) == (1, 1, ("remark",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("place,indicator,value,published\n", "the column 'period' is lacking"),
        ("place,indicator,period,value\nRiverton,turnover,2025,5\n", "the column 'published' is lacking"),
        ("place,indicator,period,value,published\n", "there are headers, and no rows below them"),
        (
            "place,indicator,period,value,published\nRiverton,turnover,2025,-,2026-01-15\n",
            "facts.csv: no observation; 1 cells hold marks for no value.",
        ),
        (
            "place,indicator,period,value,published\nNowhere,turnover,2025,5,2026-01-15\n",
            "facts.csv: no observation; 1 rows were rejected. 1 times: unknown place 'Nowhere'.",
        ),
    ],
)
def test_files_that_are_no_facts(read: Read, text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(text)
    assert message in str(caught.value)


# Laws

figures = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["riverton", "riverland"]),
        "indicator": st.sampled_from(["turnover", "grain", "patents"]),
        "period": st.sampled_from(["2023", "2024", "2025-H1", "2025-01/2025-04", "2021/2025"]),
        "value": st.integers(-(10**12), 10**12).map(str) | st.decimals(-1000, 1000, places=2).map(str),
        "unit": st.just(""),
        "status": st.sampled_from(["actual", "estimate", "target"]),
    }
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(figures, min_size=1, max_size=12))
def test_every_row_is_an_observation_a_repetition_or_in_conflict(read: Read, rows: list[dict[str, str]]) -> None:
    by_key: dict[tuple[str, ...], set[float]] = {}
    for row in rows:
        key = (row["place"], row["indicator"], row["period"], str(row["status"] == "target"))
        by_key.setdefault(key, set()).add(float(row["value"]))
    agreed = {key: min(values) for key, values in by_key.items() if len(values) == 1}
    if not agreed:
        rows = [*rows, {"period": "1999"}]
        agreed = {("riverton", "turnover", "1999", "False"): 4_400_000.0}
    reading = read(*rows)
    told = {(r.place, r.indicator, r.period, str(r.target)): r.value for r in reading.frame.itertuples()}
    assert told == agreed
    in_conflict = sum(len(conflict.told) for conflict in reading.conflicts)
    assert len(reading.frame) + reading.duplicates + in_conflict == len(rows)
    assert not reading.rejects
