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
from tests import account_tables, samples

#: The name of a row and its cell, or nothing to look at.
Said = tuple[str, str] | None
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
    assert texts(done) == ["59.557", "3.200", "0.813"]
    assert done.heads[1].align == "right"
    assert done.heads[0].align == "left"


def test_chinese_counts_in_yi() -> None:
    done = table([[figure("a", 59_557_000_000), figure("b", 3_200_000_000)]], language="zh")
    assert (done.heads[1].unit, texts(done)) == ("亿元", ["595.57", "32.00"])


def test_a_figure_keeps_the_digits_of_its_source() -> None:
    """359.8 million dollars are 3.598亿, as in the sentence beside the table."""
    assert texts(table([[figure("a", 359_800_000, "USD"), figure("b", 353_000_000, "USD")]], language="zh")) == [
        "3.598",
        "3.530",
    ]
    assert texts(table([[figure("a", 318_700_000_000)]])) == ["318.7"]
    assert texts(table([[figure("a", 318_712_345_678)]])) == ["318.71"]


@pytest.mark.parametrize(
    ("level", "gap", "units", "shown"),
    [
        (92_060_000, -131_000_000, ["万元", "万元"], ["9206", "−13100"]),
        (252_920_000_000, -50_000_000, ["亿元", "万元"], ["2529.2", "−5000"]),
        (252_920_000_000, -152_740_000_000, ["亿元", "亿元"], ["2529.2", "−1527.4"]),
    ],
)
def test_columns_of_one_unit_share_a_scale_where_their_numbers_stay_short(
    level: float, gap: float, units: list[str], shown: list[str]
) -> None:
    done = table([[figure("a", level)], [figure("b", gap)]], language="zh")
    assert [head.unit for head in done.heads[1:]] == units
    assert [texts(done, column)[0] for column in (0, 1)] == shown


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


def test_five_marks_are_kept_apart() -> None:
    """Not available, not applicable, confidential, zero, and less than half of the unit shown."""
    cells = [Cell(absence="not available"), Cell(absence="not applicable"), Cell(absence="confidential")]
    done = table([[*cells, figure("a", 0.0), figure("b", 0.02, "percent"), figure("c", 7.1, "percent")][:5]])
    assert texts(done)[:3] == [":", "·", "c"]
    column = [figure("a", 0.0, "percent", 1), figure("b", 0.02, "percent", 1), figure("c", -0.04, "percent", 1)]
    done = table([column])
    assert texts(done) == ["–", "0.0", "0.0"]
    assert done.marks == ("– zero", "0.0 less than half of the last digit shown, and not zero")
    assert table([column], language="zh").marks == ("– 零", "0.0 不足所列末位数的一半，但不为零")


@pytest.mark.parametrize(
    ("values", "order", "said"),
    [
        ((9.0, 5.0, 2.0), "ranked", ("In order of exchange rate, the largest first.",)),
        ((9.0, 2.0, 5.0), "ranked", ()),
        ((9.0, 5.0), "ranked", ()),
        ((9.0, 5.0, 2.0), "given", ()),
    ],
)
def test_an_order_is_said_where_the_rows_stand_in_it(values: tuple[float, ...], order: str, said: object) -> None:
    done = table([[figure(f"f{n}", value) for n, value in enumerate(values)]], order=order)
    assert done.marks == said


def test_an_abbreviation_keeps_its_capitals_in_the_line_on_order() -> None:
    names = samples.briefing().names
    gdp = names.indicators["exchange_rate"].model_copy(update={"name": {"en": "GDP"}, "short": {}})
    column = [figure(f"f{n}", value) for n, value in enumerate((9.0, 5.0, 2.0))]
    told = samples.briefing(
        figures={each.id: each for each in column},
        names=names.model_copy(update={"indicators": names.indicators | {"exchange_rate": gdp}}),
    )
    rows = tuple(Row(place="china", cells=(Cell(figure=each.id),)) for each in column)
    columns = (Column(id="0", indicator="exchange_rate", measure="level", unit="CNY"),)
    request = TableRequest(id="t", rows_are="places", columns=columns, rows=rows, order="ranked", sources=())
    assert set_table(request, told, "en", WORDS["en"]).marks == ("In order of GDP, the largest first.",)


def test_rows_by_time_say_which_comes_first() -> None:
    rows = tuple(Row(period=f"202{n}", cells=(Cell(figure="a"),)) for n in (5, 4, 3))
    done = table([[figure("a", 1.0)]], rows=rows, rows_are="periods", order="time", language="zh")
    assert done.marks == ("按时期由近及远排列。",)


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
    assert table([[figure("a", 1.0)]], of=23).showing == "Showing 1 of 23; all rows are in data.xlsx"
    assert table([[figure("a", 1.0)]], of=1).showing == ""


def test_five_thousand_rows_are_cut_to_what_a_page_can_hold_and_the_own_place_stays() -> None:
    rows = tuple(Row(place=f"p{n}", cells=(Cell(figure="a"),), highlight=n == 4_999) for n in range(5_000))
    begun = time.process_time()
    done = table([[figure("a", 1.0)]], rows=rows)
    assert time.process_time() - begun < 5
    assert (len(done.rows), done.rows[-1].name) == (MOST_ROWS, "p4999")
    assert done.showing == f"Showing {MOST_ROWS} of 5000; all rows are in data.xlsx"


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
    read = list(zip(values, texts(done), strict=True))
    assert all(text == "–" for value, text in read if value == 0)
    values, printed = [value for value, _ in read if value], [text for value, text in read if value] or ["0"]
    assert len({len(text.partition(".")[2]) for text in printed}) == 1
    places = len(printed[0].partition(".")[2])
    for value, text in zip(values, printed, strict=False):
        told = float(text.replace(",", "").replace("−", "-")) * factor
        assert abs(told - value) <= 0.5 * factor * 10**-places * (1 + 1e-9) + abs(value) * 1e-12


def _factor(unit: str) -> float:
    words = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "万亿": 1e12, "亿": 1e8, "万": 1e4}
    return next((factor for word, factor in words.items() if re.search(word, unit)), 1.0)


def test_a_short_name_in_another_language_heads_no_column() -> None:
    briefing = account_tables.briefing()
    revenue = briefing.names.indicators["revenue"].model_copy(update={"short": {"zh": "财政收入"}})
    names = briefing.names.model_copy(update={"indicators": briefing.names.indicators | {"revenue": revenue}})
    heads = {
        language: set_table(
            account_tables.places_table(), briefing.model_copy(update={"names": names}), language, WORDS[language]
        )
        .heads[2]
        .text
        for language in ("en", "zh")
    }
    assert heads == {"en": "General public budget revenue", "zh": "财政收入"}


# Accounts


def accounts(language: str = "en", repeated: int = 1) -> SetTable:
    briefing = account_tables.briefing(repeated)
    return set_table(briefing.sections[0].tables[0], briefing, language, WORDS[language])


def test_each_cell_of_an_account_has_its_own_unit() -> None:
    assert texts(accounts())[:8] == [
        "CNY 440 million", "67.18%", "1st", "19.2%", "15.6 percentage points", "3.6%", "1st", "CNY 133.934 billion",
    ]  # fmt: skip
    assert texts(accounts("zh"))[:5] == ["4.4亿元", "67.18%", "第1位", "19.2%", "15.6个百分点"]
    assert [(head.text, head.unit) for head in accounts().heads] == [("Indicator", ""), ("Period", ""), ("Figure", "")]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "en",
            {
                "General public budget revenue": ["Growth on year", "Rank by growth in the Highlands"],
                "Value added of industry above designated size: growth on year": [
                    *(
                        "Growth above that of the nation",
                        "Growth implied for the nation",
                        "Rank by growth in the Highlands",
                    ),
                ],
                "Deposits": ["Average annual growth", "Share of deposits in the Highlands"],
                "Loans: small and micro enterprises": ["Growth (base not stated)"],
                "Projects of over CNY 1 billion completed": [],
                "Beds in homes for the elderly": ["Change", "Multiple of the figure for 2015"],
                "Government services handled at all-purpose counters (Old Town)": [],
                "Evaluation of the business environment: rank among 35 large cities": ["Rank from the bottom"],
                "Fixed asset investment": ["Share"],
            },
        ),
        (
            "zh",
            {
                "一般公共预算收入": ["同比增长", "高原省增速位次"],
                "规模以上工业增加值：同比增长": ["增速高于全国", "全国增速（推算值）", "高原省增速位次"],
                "存款余额": ["年均增长", "占全省存款比重"],
                "贷款余额：小微企业": ["增长（来源未说明基期）"],
                "竣工10亿元以上项目": [],
                "养老床位": ["增减", "为2015年的倍数"],
                "综合窗口办理政务服务事项（老城区）": [],
                "营商环境评价：35个大中城市位次": ["倒数位次"],
                "固定资产投资": ["占比"],
            },
        ),
    ],
)
def test_the_first_row_of_an_account_names_it_and_those_below_say_what_they_hold(
    language: str, names: dict[str, list[str]]
) -> None:
    found: dict[str, list[str]] = {}
    for row in accounts(language).rows:
        if row.sub:
            list(found.values())[-1].append(row.name)
        else:
            found.setdefault(row.name, [])
    assert found == names


def test_the_period_of_an_account_stands_once_and_says_what_is_a_target() -> None:
    done = accounts()
    assert done.dated
    assert [row.period for row in done.rows if not row.sub] == [
        *("2018", "Jan–Apr 2018", "2018", "2018", "2018", "2021, target", "2018", "2018", "2017", "2016–2020, target"),
    ]
    assert not [row for row in done.rows if row.sub and row.period]
    assert [row.period for row in accounts("zh").rows][-2] == "2016—2020年（目标）"


def test_accounts_of_one_period_have_no_column_of_periods_and_flag_their_targets() -> None:
    briefing = account_tables.briefing()
    rows = [row for row in briefing.sections[0].tables[0].rows if row.period == "2021"]
    request = account_tables.table("t", rows)
    done = set_table(request, briefing.model_copy(update={"period": "2021"}), "en", WORDS["en"])
    assert not done.dated
    assert [head.text for head in done.heads] == ["Indicator", "Figure"]
    assert done.rows[0].cells[0].flags == ("t",)
    assert done.marks == ("≥ at least; t target",)


def test_what_a_source_leaves_open_and_what_is_contradicted_is_marked_and_explained() -> None:
    by_name = {row.name: row.cells[0] for row in accounts().rows}
    assert by_name["Average annual growth"].flags == ("x",)
    assert by_name["Government services handled at all-purpose counters (Old Town)"].text == "≈1.35 million"
    assert {">98 projects", "≥120 projects", "≤CNY 1.23 trillion"} <= set(texts(accounts()))
    assert accounts().marks == (
        "> more than; ≥ at least; ≤ at most; ≈ about; e expected; x contradicts other figures, held until checked",
    )
    assert accounts("zh").marks == ("> 超过；≥ 不低于；≤ 不高于；≈ 约；e 预计数；x 与其他数据矛盾，待核实",)


def test_all_accounts_of_an_edition_are_set() -> None:
    done = accounts(repeated=20)
    assert len(done.rows) == len(accounts().rows) * 20 > MOST_ROWS
    assert done.showing == ""


def test_an_indicator_counts_with_its_own_word() -> None:
    assert "12,628 beds" in texts(accounts())
    assert {"12628张", "1张", "≈135万项"} <= set(texts(accounts("zh")))


@pytest.mark.parametrize(
    ("language", "periods"), [("en", ["2018", "Jan–Jun 2023", "2020"]), ("zh", ["2018年", "2023年1—6月", "2020年"])]
)
def test_places_with_their_latest_figures_say_of_which_period_they_are(language: str, periods: list[str]) -> None:
    briefing = account_tables.briefing()
    done = set_table(account_tables.places_table(), briefing, language, WORDS[language])
    assert [row.period for row in done.rows] == periods
    assert texts(done, 1) == [":", "4.2", "3.0"]
    assert done.heads[2].unit == {"en": "CNY billion", "zh": "亿元"}[language]


@pytest.mark.parametrize(
    ("measure", "value", "unit", "qualifier", "english", "chinese"),
    [
        ("growth", -44, "percent", "exact", ("Change (base not stated)", "−44%"), ("变动（来源未说明基期）", "−44%")),
        ("growth since 2011/2015", -32.5, "percent", "exact", ("Change since 2011–2015", "−32.5%"), None),
        ("change", -25e9, "CNY", "over", ("Reduction", ">CNY 25 billion"), ("减少额", ">250亿元")),
        ("growth on year", -30, "percent", "over", ("Fall", ">30%"), ("降幅", ">30%")),
        ("gap to highlands", 6900, "household", "over", ("Above the Highlands", ">6,900 households"), None),
        ("gap in growth to highlands", -5, "percentage point", "exact", None, ("增速低于高原省", "5个百分点")),
        ("growth since 1978", 20_000, "percent", "over", None, ("较1978年增长", ">200倍")),
    ],
)
def test_a_row_says_what_fell_and_what_is_above_another(
    measure: str, value: float, unit: str, qualifier: str, english: Said, chinese: Said
) -> None:
    for language, wanted in (("en", english), ("zh", chinese)):
        briefing = account_tables.briefing()
        held = figure("fallen", value, unit=unit).model_copy(update={"qualifier": qualifier, "decimals": None})
        briefing = briefing.model_copy(update={"figures": {**briefing.figures, "fallen": held}})
        asked = briefing.sections[0].tables[0]
        row = asked.rows[0].model_copy(update={"measure": measure, "main": False, "cells": (Cell(figure="fallen"),)})
        done = set_table(asked.model_copy(update={"rows": (row,)}), briefing, language, WORDS[language])
        assert wanted is None or (done.rows[0].name, done.rows[0].cells[0].text) == wanted
