"""The words around charts that are told row by row, around bands, and over tables of accounts."""

from __future__ import annotations

from typing import Any

import pytest

from briefings.briefing import Section
from briefings.narrative import narrate, plain
from tests import account_tables
from tests.narratives import BOOKS
from tests.plots import EVERY_KIND, chart, parts

TWO_YEARS = parts("stacked bar", {"2020": {"first": 5.1, "third": 94.9}, "2025": {"first": 4.6, "third": 95.4}})
SHIFTED = parts("stacked bar", {"2020": {"first": 60.0, "third": 40.0}, "2025": {"first": 4.6, "third": 95.4}})
HALVES = {"first": 50.0, "third": 50.0}
ENDS = ["2015", "2025"]
ONE_BAR = parts("tier bar", {"landed": {"low": 152, "high": 84, "": 236}}, unit="project", decimals=0)

WORDS = {
    ("dumbbell", "en"): (
        "Output, CNY billion; Harbour, The Plain and its Twelve Villages, Ridge and Delta, 2020 and 2025",
        "Harbour: CNY 96.2 billion (2020), CNY 133.9 billion (2025). ",
        "Delta: CNY 3 billion.",
    ),
    ("dumbbell", "zh"): (
        "港市、平原及所辖十二个村、岭市和三角洲产出，单位：亿元，2020年和2025年",
        "港市：2020年为962亿元，2025年为1339亿元。",
        "三角洲为30亿元。",
    ),
    ("bullet", "en"): (
        "Rates, percent; the line marks the full measure; Harbour, The Plain and its Twelve Villages, Delta and Ridge, "
        "2018",
        "with a mark at one hundred percent",
        "Harbour: 157.14%. ",
    ),
    ("bullet", "zh"): (
        "港市、平原及所辖十二个村、三角洲和岭市各项比率，单位：%，标线为百分之百，2018年",
        "标线为百分之百",
        "港市为157.14%。",
    ),
    ("stacked bar", "en"): (
        "Share, percent; Ridge, 2020 and 2025",
        "Stacked bar chart, the parts of each whole: share, percent; Ridge, 2020 and 2025. ",
        "2025, Tertiary: 95.4%.",
    ),
    ("stacked bar", "zh"): (
        "岭市，占比，单位：%，2020年和2025年",
        "堆叠条形图，各段为构成部分：",
        "2025年，第三产业为95.4%。",
    ),
    ("tier bar", "en"): (
        "Projects landed, projects; Ridge, 2025",
        "CNY 100 to 500 million: 152 projects. Over CNY 1 billion: 84 projects. ",
        "Projects landed: 236 projects in all.",
    ),
    ("slope", "en"): (
        "Output, growth on the previous year, percent; Ridge, Harbour, The Plain and its Twelve Villages and Delta, "
        "2015 and 2025",
        "Slope chart, a line from then to now for each: ",
        "Ridge: 4.0% (2015), 6.5% (2025). ",
    ),
    ("slope", "zh"): (
        "岭市、港市、平原及所辖十二个村和三角洲产出，比上年增速，单位：%，2015年和2025年",
        "斜率图，每条线连接前后两期：",
        "岭市：2015年为4.0%，2025年为6.5%。",
    ),
    ("waterfall", "en"): (
        "Output, contribution to the growth of Harbour, percentage points; Ridge, The Plain and its Twelve Villages "
        "and Delta, 2025",
        "Waterfall chart, contributions one after the other up to the total: ",
        "All others: 0.0 percentage points. Harbour: 1.0 percentage point.",
    ),
    ("waterfall", "zh"): (
        "岭市、平原及所辖十二个村和三角洲产出，对港市增长的拉动，单位：个百分点，2025年",
        "瀑布图，各项拉动依次累加至总计：",
        "其他合计为0.0个百分点。港市为1.0个百分点。",
    ),
    ("band", "en"): (
        "Output, growth on the previous year, percent; Ridge, 2018 to 2025; "
        "the band runs from the lowest to the highest of the others",
        "Line chart over a band, which runs from the lowest to the highest of the others: ",
        "At its end the band runs from 1.0% to 8.5%, with the median at 5.0%.",
    ),
    ("band", "zh"): (
        "岭市产出，比上年增速，单位：%，2018—2025年；色带为其余各项最低至最高区间",
        "折线与区间图，色带为其余各项最低至最高区间：",
        "末期色带由1.0%至8.5%，中位数为5.0%。",
    ),
    ("tier bar", "zh"): (
        "岭市落地项目，单位：个，2025年",
        "1亿—5亿元为152个。10亿元以上为84个。",
        "落地项目共236个。",
    ),
}


@pytest.mark.parametrize(("kind", "language"), WORDS)
def test_charts_of_rows_and_parts_are_told_row_by_row(kind: str, language: str) -> None:
    request, briefing = {"stacked bar": TWO_YEARS, "tier bar": ONE_BAR}.get(kind, EVERY_KIND[kind])
    briefing = briefing.model_copy(update={"sections": (Section(id="s", title={"en": "S"}, charts=(request,)),)})
    caption = narrate(briefing, language, BOOKS[language]).charts[request.id]
    subtitle, *told = WORDS[kind, language]
    assert plain(caption.subtitle) == subtitle
    assert all(words in plain(caption.alternative) for words in told), plain(caption.alternative)
    numbers = {run.figure for run in caption.alternative if run.figure}
    plotted = {point.figure for series in request.series for point in series.points if point.figure}
    # Of a line with a band behind it, its course; of rows, all of them.
    assert numbers < plotted if kind == "band" else numbers == plotted


RANKS = {"unit": "rank", "measure": "rank", "decimals": 0}
TITLES = [
    (
        chart("slope", {"ridge": [4.0, 6.5], "delta": [1.0, 9.0]}, ENDS),
        "Ridge rose from 4.0% to 6.5%", "岭市由4.0%升至6.5%",
    ),
    (chart("slope", {"ridge": [4.0, -0.5]}, ENDS), "Ridge fell from 4.0% to −0.5%", "岭市由4.0%降至−0.5%"),
    (chart("slope", {"ridge": [4.01, 4.04]}, ENDS), "Ridge held at 4.0%", "岭市保持在4.0%"),
    (chart("slope", {"ridge": [3, 1]}, ENDS, **RANKS), "Ridge rose from 3rd to 1st", "岭市由第3位升至第1位"),
    # Where the own place is known at one end alone, that which has come furthest.
    (
        chart("slope", {"ridge": [None, 6.5], "delta": [9.0, 1.0]}, ENDS),
        "Delta fell from 9.0% to 1.0%", "三角洲由9.0%降至1.0%",
    ),
    (TWO_YEARS, "Largest throughout: tertiary", "第三产业均居首位"),
    (parts("stacked bar", {"2020": HALVES, "2025": HALVES}), "Composition, Ridge", "岭市构成"),
    (SHIFTED, "Composition, Ridge", "岭市构成"),
    (parts("stacked bar", {"2025": {"first": 4.6, "third": 95.4}}), "Composition, Ridge", "岭市构成"),
]  # fmt: skip


@pytest.mark.parametrize(("plotted", "english", "chinese"), TITLES)
def test_a_chart_without_a_finding_is_titled_by_its_figures(plotted: Any, english: str, chinese: str) -> None:
    request, briefing = plotted
    briefing = briefing.model_copy(update={"sections": (Section(id="s", title={"en": "S"}, charts=(request,)),)})
    for language, title in (("en", english), ("zh", chinese)):
        assert plain(narrate(briefing, language, BOOKS[language]).charts[request.id].title) == title


@pytest.mark.parametrize(
    ("language", "captions"),
    [
        ("en", ["All figures: figures in detail, Ridge, 2018", "General public budget revenue, latest available"]),
        ("zh", ["全部数据：2018年岭市各项数据", "一般公共预算收入（最新数据）"]),
    ],
)
def test_tables_of_published_figures_have_captions(language: str, captions: list[str]) -> None:
    briefing = account_tables.briefing().model_copy(update={"headline": ()})
    told = narrate(briefing, language, BOOKS[language])
    assert [plain(told.tables[table.id]) for table in briefing.sections[0].tables] == captions
