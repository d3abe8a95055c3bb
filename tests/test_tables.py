"""Tables: scale, precision, names, marks, legends."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.briefing import Cell, Column, Figure, Row, TableRequest
from briefings.tables import MOST_ROWS, SetTable, measure_name, period_name, set_table
from tests import samples

WORDS = {language: samples.furniture(language) for language in ("en", "zh")}


def figure(identifier: str, value: float, unit: str = "CNY", decimals: int | None = None) -> Figure:
    return Figure(
        id=identifier,
        value=value,
        unit=unit,
        kind="level",
        indicator="exchange_rate",
        place="china",
        period="2025-12",
        decimals=decimals,
        inputs=(),
    )


def table(
    columns: Sequence[Sequence[Figure | Cell]], *, language: str = "en", rows_are: str = "places", **changes: object
) -> SetTable:
    """A table of these columns; rows are the sample's places."""
    figures = {cell.id: cell for column in columns for cell in column if isinstance(cell, Figure)}
    briefing = samples.briefing(figures=figures)
    cells = zip(*columns, strict=True)
    fields = {
        "id": "t",
        "rows_are": rows_are,
        "columns": tuple(
            Column(id=str(n), indicator="exchange_rate", measure="level", unit="CNY") for n in range(len(columns))
        ),
        "rows": tuple(
            Row(
                place=place,
                cells=tuple(cell if isinstance(cell, Cell) else Cell(figure=cell.id) for cell in row),
            )
            for place, row in zip(samples.PLACES, cells, strict=False)
        ),
        "sources": (),
    }
    return set_table(TableRequest.model_validate(fields | changes), briefing, language, WORDS[language])


def texts(done: SetTable, column: int = 0) -> list[str]:
    return [row.cells[column].text for row in done.rows]


def test_a_column_has_one_scale_and_one_precision_and_its_unit_stands_in_the_head() -> None:
    column = [figure("a", 59_557_000_000), figure("b", 3_200_000_000), figure("c", 812_500_000)]
    done = table([column])
    assert done.heads[1].unit == "CNY billion"
    assert texts(done) == ["59.56", "3.20", "0.81"]
    assert done.heads[1].align == "right"
    assert done.heads[0].align == "left"


def test_chinese_counts_in_yi() -> None:
    done = table([[figure("a", 59_557_000_000), figure("b", 3_200_000_000)]], language="zh")
    assert (done.heads[1].unit, texts(done)) == ("亿元", ["595.57", "32.00"])


def test_percent_has_one_place_and_halves_are_rounded_away_from_zero_and_zero_has_no_sign() -> None:
    column = [figure("a", 2.25, "percent"), figure("b", -0.04, "percent"), figure("c", -2.25, "percent")]
    assert texts(table([column])) == ["2.3", "0.0", "−2.3"]


def test_the_precision_of_the_figures_counts_where_nothing_is_scaled() -> None:
    assert texts(table([[figure("a", 7.1, "percent", 2), figure("b", 6.0, "percent", 1)]])) == ["7.10", "6.00"]


def test_where_a_column_mixes_units_the_rows_carry_them() -> None:
    done = table([[figure("a", 7.05, "CNY per USD"), figure("b", 155.86, "JPY per USD")]])
    assert done.heads[1].unit == ""
    assert [(row.unit, row.cells[0].text) for row in done.rows] == [
        ("CNY per US dollar", "7.05"),
        ("JPY per US dollar", "155.86"),
    ]


def test_every_absence_has_its_mark_and_the_legend_explains_those_in_use() -> None:
    column = [Cell(absence="not available"), Cell(absence="held"), Cell(absence="zero"), figure("a", 1.0, "percent")]
    done = table([column])
    assert texts(done) == [":", "×", "–", "1"]
    assert done.marks == (": not available; × left out until checked; – zero",)


def test_flags_stand_behind_the_number_and_are_explained() -> None:
    cells = [Cell(figure="a", flags=("p",)), Cell(figure="a", flags=("r", "b"))]
    request = TableRequest(
        id="t",
        rows_are="places",
        columns=(Column(id="x", indicator="exchange_rate", measure="level", unit="percent"),),
        rows=tuple(Row(place="china", cells=(cell,)) for cell in cells),
        sources=(),
    )
    done = set_table(request, samples.briefing(figures={"a": figure("a", 1.5, "percent")}), "en", WORDS["en"])
    assert [row.cells[0].flags for row in done.rows] == [("p",), ("r", "b")]
    assert done.marks == ("b break in series; p preliminary; r revised",)


def test_a_part_of_the_rows_says_so() -> None:
    assert table([[figure("a", 1.0)]], of=23).showing == "Showing 1 of 23"
    assert table([[figure("a", 1.0)]], of=1).showing == ""


def test_five_thousand_rows_are_cut_to_what_a_page_can_hold_and_the_own_place_stays() -> None:
    rows = tuple(Row(place=f"p{n}", cells=(Cell(figure="a"),), highlight=n == 4_999) for n in range(5_000))
    begun = time.process_time()
    done = table([[figure("a", 1.0)]], rows=rows)
    assert time.process_time() - begun < 2
    assert (len(done.rows), done.rows[-1].name) == (MOST_ROWS, "p4999")
    assert done.showing == f"Showing {MOST_ROWS} of 5000"


@pytest.mark.parametrize(("parts", "noted"), [((33.34, 33.33, 33.33), True), ((33.3, 33.3, 33.4), False)])
def test_parts_that_do_not_add_up_as_printed_are_noted(parts: tuple[float, ...], noted: bool) -> None:
    total = figure("total", 100.0, "percent", 1)
    column = [total, *(figure(f"p{n}", part, "percent", 1) for n, part in enumerate(parts))]
    rows = tuple(Row(breakdown="" if n == 0 else f"i={n}", cells=(Cell(figure=f.id),)) for n, f in enumerate(column))
    done = table([column], rows_are="breakdowns", rows=rows)
    assert (WORDS["en"]["rounding"] in done.marks) is noted


def test_an_indicator_of_another_place_names_it() -> None:
    rows = (
        Row(indicator="exchange_rate", place="china", cells=(Cell(figure="a"),)),
        Row(indicator="exchange_rate", place="japan", cells=(Cell(figure="a"),)),
    )
    names = [row.name for row in table([[figure("a", 1.0)]], rows_are="indicators", rows=rows).rows]
    assert names == ["Exchange rate against the US dollar", "Exchange rate against the US dollar (Japan)"]


@pytest.mark.parametrize(
    ("measure", "en", "zh"),
    [
        ("growth", "Growth on year", "同比增长"),
        ("average annual growth over 5 years", "Average annual growth over 5 years", "近5年年均增长"),
        ("share of japan", "Share of Japan", "占日本比重"),
        ("growth since 2025-01", "Growth since Jan 2025", "较2025年1月增长"),
        ("rank by growth", "Rank by growth", "增速位次"),
    ],
)
def test_measures_in_words(measure: str, en: str, zh: str) -> None:
    briefing = samples.briefing()
    assert measure_name(measure, briefing, "en", WORDS["en"]) == en
    assert measure_name(measure, briefing, "zh", WORDS["zh"]) == zh


def test_a_measure_without_a_phrase_is_an_error() -> None:
    with pytest.raises(KeyError, match="measure wobble"):
        measure_name("wobble", samples.briefing(), "en", WORDS["en"])


def test_a_period_is_written_and_other_text_stays() -> None:
    assert period_name("2025-01/2025-10", "zh") == "2025年1—10月"
    assert period_name("see below", "en") == "see below"


def test_the_own_place_is_highlighted_and_benchmarks_are_explained() -> None:
    done = set_table(samples.briefing().summary, samples.briefing(), "en", WORDS["en"])  # type: ignore[arg-type]
    assert [row.name for row in done.rows if row.highlight] == ["China"]
    assert [row.name for row in done.rows if row.benchmark] == ["Euro area"]
    assert WORDS["en"]["benchmarks"] in done.marks


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e13, 1e13, allow_nan=False), min_size=1, max_size=6), st.sampled_from(["en", "zh"]))
def test_a_cell_reads_back_within_half_of_its_last_place(values: list[float], language: str) -> None:
    done = table([[figure(f"f{n}", value) for n, value in enumerate(values)]], language=language)
    factor = _factor(done.heads[1].unit)
    printed = texts(done)
    assert len({len(text.partition(".")[2]) for text in printed}) == 1
    places = len(printed[0].partition(".")[2])
    for value, text in zip(values, printed, strict=True):
        read = float(text.replace(",", "").replace("−", "-")) * factor
        assert abs(read - value) <= 0.5 * factor * 10**-places * (1 + 1e-9) + abs(value) * 1e-12


def _factor(unit: str) -> float:
    words = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "万亿": 1e12, "亿": 1e8, "万": 1e4}
    return next((factor for word, factor in words.items() if re.search(word, unit)), 1.0)
