"""Charts: layout by rule, pictures that show their data, words in their language, nothing that breaks out of a page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings import charts
from briefings.briefing import Briefing, ChartKind, ChartRequest
from briefings.charts import axes, heat, labels, panels, parts_of_whole, plotting, theme
from briefings.charts import svg as pictures
from briefings.errors import RenderError
from briefings.fonts import ensure_fonts
from briefings.lint import pictures as seen
from briefings.periods import Period
from briefings.themes import ChartWord
from tests.plots import EVERY_KIND, MONTHS, TEXTS, YEARS, chart, parts

HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")
KINDS = sorted(EVERY_KIND)
LANGUAGES: tuple[Any, ...] = ("en", "zh")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="session")
def fonts() -> str:
    return str(ensure_fonts().folder)


@cache
def drawn(kind: str, fonts: str, language: Any = "en", **options: Any) -> dict[str, Any]:
    request, briefing = EVERY_KIND[kind]
    specification = charts.specification(request, briefing, language, TEXTS[language], **options)
    return charts.draw({"specification": specification, "fonts": fonts, "png_scale": 0})


def texts(svg: str) -> list[str]:
    """What a picture prints: its texts without title and description."""
    root = ET.fromstring(svg)
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


# Labels


@given(st.text("Bosnia and Herzegovina 12,345.67% (2025) 亿元同比", min_size=1, max_size=40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_widths_are_those_of_the_font_or_a_little_more(text: str, bold: bool) -> None:
    metrics = _metrics(bold)
    real = sum(metrics.get(letter, 1000) for letter in text) * 11 / 1000
    assert real * 0.97 <= labels.text_width(text, 11, bold=bold) <= real * 1.25 + 1


def _metrics(bold: bool) -> dict[str, int]:
    from fontTools.ttLib import TTFont

    if bold not in _METRICS:
        font = TTFont(ensure_fonts().paths["Noto Sans", 700 if bold else 400])
        names, widths = font.getBestCmap(), font["hmtx"]
        _METRICS[bold] = {chr(code): widths[name][0] for code, name in names.items() if code < 0x250}
    return _METRICS[bold]


_METRICS: dict[bool, dict[str, int]] = {}


@given(st.text("ab cd 国内生产总值，（）。", max_size=60), st.floats(20, 200))
@settings(max_examples=80, deadline=None)
def test_wrapping_keeps_every_letter(text: str, width: float) -> None:
    assert "".join("".join(labels.wrap(text, width)).split()) == "".join(text.split())


@given(st.text("国内生产总值，）。", max_size=60), st.floats(20, 200))
@settings(max_examples=80, deadline=None)
def test_no_line_begins_with_a_closing_mark(text: str, width: float) -> None:
    assert not [line for line in labels.wrap(text, width)[1:] if line[0] in "，）。"]


def test_a_line_breaks_where_it_must() -> None:
    assert labels.wrap("Bosnia and Herzegovina 3.34", 90) == ["Bosnia and", "Herzegovina", "3.34"]
    assert labels.wrap("国内生产总值，现价", 50, 10) == ["国内生产总", "值，现价"]


@given(
    st.lists(st.tuples(st.floats(-50, 350), st.sampled_from([14.0, 28.0])), min_size=1, max_size=12),
)
@settings(max_examples=100, deadline=None)
def test_labels_never_overlap_and_keep_their_order(wishes: list[tuple[float, float]]) -> None:
    wanted, heights = [wish for wish, _ in wishes], [height for _, height in wishes]
    places = labels.spread(wanted, heights, 0, 400)
    order = sorted(range(len(wishes)), key=lambda index: (wanted[index], index))
    for before, after in pairwise(order):
        assert places[after] - places[before] >= (heights[before] + heights[after]) / 2 - 1e-6
    assert all(
        height / 2 - 1e-6 <= place <= 400 - height / 2 + 1e-6 for place, height in zip(places, heights, strict=True)
    )


def test_labels_that_do_not_collide_stay_where_they_are() -> None:
    assert labels.spread([200, 20, 60], [14, 14, 14], 0, 300) == [200, 20, 60]


# Axes


@given(
    st.lists(st.floats(-1e12, 1e12, allow_subnormal=False), min_size=1, max_size=8), st.sampled_from(["always", "near"])
)
@settings(max_examples=100, deadline=None)
def test_an_axis_has_three_to_six_round_ticks_around_its_values(values: list[float], zero: Any) -> None:
    axis = axes.value_axis(values, zero=zero)
    assert axis.low <= min(values) <= max(values) <= axis.high
    assert 3 <= len(axis.ticks) <= 6
    steps = {round((after - before) / (axis.ticks[1] - axis.ticks[0]), 6) for before, after in pairwise(axis.ticks)}
    assert steps == {1.0}
    assert zero != "always" or axis.low <= 0 <= axis.high


def test_ticks_are_round() -> None:
    assert axes.value_axis([6.34, 7.31]).ticks == (5.5, 6.0, 6.5, 7.0, 7.5)
    assert axes.value_axis([0.2, 27.4]).ticks == (0.0, 10.0, 20.0, 30.0)
    assert axes.value_axis([-19, 30]).labels("en") == ("−20", "−10", "0", "10", "20", "30")
    assert axes.value_axis([1200, 5400], zero="always").labels("en") == ("0", "2,000", "4,000", "6,000")
    assert axes.value_axis([1200, 5400], zero="always").labels("zh") == ("0", "2000", "4000", "6000")


def test_a_line_that_does_not_start_at_zero_leaves_a_third_of_the_plot_free() -> None:
    axis = axes.value_axis([100, 110])
    assert (100 - axis.low) / (110 - axis.low) >= 1 / 3


@pytest.mark.parametrize(
    ("first", "count", "width"),
    [("2000", 24, 600), ("2025-01", 8, 300), ("2021-01", 66, 580), ("2023-Q2", 12, 250), ("2025-01/2025-02", 30, 600),
     ("2026-W03", 52, 580), ("1971-01", 660, 240), ("2020-H1", 12, 580), ("2026-05-01", 60, 580)],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_time_labels_never_touch_and_there_are_at_least_two(
    first: str, count: int, width: float, language: Any
) -> None:
    periods = [Period.parse(first)]
    while len(periods) < count:
        periods.append(periods[-1].step())
    ticks = axes.time_ticks(periods, language, width)
    pitch = width / (count - 1)
    assert len(ticks) >= 2
    for before, after in pairwise(ticks):
        room = (after.step - before.step) * pitch
        assert room >= (labels.text_width(before.text) + labels.text_width(after.text)) / 2 + 4


def test_years_stand_at_their_january_and_the_last_month_is_named() -> None:
    periods = [Period.parse(text) for text in MONTHS]
    assert [(tick.step, tick.text) for tick in axes.time_ticks(periods, "en", 500)] == [
        (0, "2023"),
        (12, "2024"),
        (24, "2025"),
        (35, "Dec 2025"),
    ]
    assert [tick.text for tick in axes.time_ticks(periods, "zh", 500)] == ["2023年", "2024年", "2025年", "2025年12月"]


def test_every_second_year_is_named_so_that_the_last_one_is() -> None:
    periods = [Period.parse(str(year)) for year in range(2004, 2024)]
    assert [tick.text for tick in axes.time_ticks(periods, "en", 560)][-2:] == ["2021", "2023"]
    assert [tick.text for tick in axes.time_ticks(periods, "zh", 300)] == ["2005年", "2010年", "2015年", "2020年"]


# Every kind


def test_the_rules_of_publication_know_the_charts_as_they_are() -> None:
    assert set(seen.KINDS) == set(charts.KINDS)
    assert seen.SCALED == charts.SCALED
    assert seen.EDGES == plotting.EDGES <= set(plotting.ROLES)


def test_every_kind_of_chart_can_be_drawn() -> None:
    assert set(charts.KINDS) == set(get_args(ChartKind)) == set(EVERY_KIND)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_altair_accepts_and_the_picture_shows_every_mark(kind: str, language: Any, fonts: str) -> None:
    request, briefing = EVERY_KIND[kind]
    specification = charts.specification(request, briefing, language, TEXTS[language], checked=True)
    result = charts.draw({"specification": specification, "fonts": fonts, "png_scale": 0})
    parts = [series for series in request.series if series.breakdown or kind != "tier bar"]  # a total is no mark
    plotted = sum(point.figure is not None for series in parts for point in series.points)
    assert result["marks"] >= plotted
    assert specification["width"] + sum(specification["padding"][side] for side in ("left", "right")) == charts.WIDTH


@pytest.mark.parametrize("kind", KINDS)
def test_each_language_keeps_to_its_script(kind: str, fonts: str) -> None:
    english, chinese = texts(drawn(kind, fonts, "en")["svg"]), texts(drawn(kind, fonts, "zh")["svg"])
    assert not [text for text in english if HAN.search(text)]
    assert not [text for text in chinese if LATIN.search(text) and "script" not in text]


def beside(request: ChartRequest, briefing: Briefing, language: Any, *, width: int = charts.WIDTH) -> Any:
    """The numbers that a chart prints beside its marks."""
    return charts.printed(plotting.plot(request, briefing, language), width)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_to_be_printed_is_printed(kind: str, language: Any, fonts: str) -> None:
    request, briefing = EVERY_KIND[kind]
    printed = beside(request, briefing, language)
    shown = " ".join(texts(drawn(kind, fonts, language)["svg"]))
    assert printed
    assert {figure for figure, _, _ in printed} <= set(briefing.figures)
    assert [text for _, text, _ in printed if text not in shown] == []
    assert all(where.startswith(f"chart {request.id}: ") for _, _, where in printed)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_has_the_texts_that_a_chart_says_it_has(kind: str, language: Any, fonts: str) -> None:
    request, briefing = EVERY_KIND[kind]
    made = charts.draw_chart(charts.job(request, briefing, language, TEXTS[language], fonts))
    for form, width in (("wide", charts.WIDTH), ("narrow", charts.NARROW)):
        said = "".join(text for text, *_ in made["said"][width])
        assert "".join(texts(made[form])).replace(" ", "") == said.replace(" ", "")


def test_labels_of_a_level_axis_stand_apart() -> None:
    values = [-1_512_000.0, 4_870_000.0]
    for length in (438.0, 200.0, 150.0):
        axis = axes.level_axis(values, length, "en")
        assert len(axis.ticks) >= axes.FEWEST_TICKS
        widest = max(labels.text_width(label) for label in axis.labels("en"))
        assert len(axis.ticks) == axes.FEWEST_TICKS or widest < length / (len(axis.ticks) - 1)
    assert axes.level_axis([1.0, 9.0], 438, "en") == axes.value_axis([1.0, 9.0])


@pytest.mark.parametrize("kind", KINDS)
def test_text_stays_text_and_horizontal_and_nothing_is_fetched(kind: str, fonts: str) -> None:
    svg = re.sub(r">[^<]+<", "><", drawn(kind, fonts)["svg"])
    assert "<text" in svg
    assert "rotate(" not in svg
    assert not re.findall(r"(?:href|src)=|url\((?!#)|<image|<style|<script|<foreignObject", svg)


@pytest.mark.parametrize("kind", KINDS)
def test_texts_lie_inside_the_picture(kind: str, fonts: str) -> None:
    for width in (charts.WIDTH, charts.NARROW):
        root = ET.fromstring(drawn(kind, fonts, width=width)["svg"])
        for left, right, y in _boxes(root, 0, 0):
            assert left >= -3
            assert right <= width + 3
            assert 0 <= y <= float(root.get("height", 0))


def _boxes(element: ET.Element, x: float, y: float) -> list[tuple[float, float, float]]:
    """Left, right and base line of every text."""
    found = []
    for child in element:
        move = re.match(r"translate\((-?[\d.]+),(-?[\d.]+)\)", child.get("transform", ""))
        dx, dy = (x + float(move[1]), y + float(move[2])) if move else (x, y)
        if child.tag == f"{SVG}text":
            size = float(child.get("font-size", "11px").removesuffix("px"))
            lines = [line.text or "" for line in child] or [child.text or ""]
            width = max(labels.text_width(line, size) for line in lines) * 0.92
            start = dx - width * {"middle": 0.5, "end": 1.0}.get(child.get("text-anchor", "start"), 0.0)
            found.append((start, start + width, dy))
        found += _boxes(child, dx, dy)
    return found


_VALUES = st.lists(
    st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda value: round(value, 2))), min_size=8, max_size=8
)


#: Kinds whose values are not just any: ranks, and parts of a whole.
PARTICULAR = {"rank bump", "stacked bar", "tier bar"}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in PARTICULAR])
@given(
    rows=st.lists(_VALUES, min_size=1, max_size=4), unit=st.sampled_from(["percent", "CNY", "LCU per USD", "person"])
)
@settings(max_examples=6, deadline=None)
def test_whatever_the_values_are_all_of_them_are_drawn(kind: Any, fonts: str, rows: Any, unit: str) -> None:
    rows = rows[:1] if kind == "column" else rows
    rows[0][0] = 1.0
    values = dict(zip(("ridge", "harbour", "plain", "delta"), rows, strict=False))
    request, briefing = chart(kind, values, YEARS, unit=unit, decimals=None)
    for language in LANGUAGES:
        specification = charts.specification(request, briefing, language, TEXTS[language])
        assert charts.draw({"specification": specification, "fonts": fonts, "png_scale": 0})["marks"] > 0


# What is particular to a kind


def layer(specification: dict[str, Any], name: str) -> dict[str, Any]:
    return next(layer for layer in specification["layer"] if layer.get("name") == name)


def specified(kind: Any, values: Any, periods: Any, language: Any = "en", **options: Any) -> dict[str, Any]:
    request, briefing = chart(kind, values, periods, **options)
    return charts.specification(request, briefing, language, TEXTS[language])


def test_a_gap_is_a_gap_and_a_lone_point_a_dot(fonts: str) -> None:
    specification = specified("line", {"ridge": [1, 2, None, 4, None, 6, 5, 4]}, YEARS)
    runs = {row["run"] for row in specification["datasets"]["lines"]}
    assert len(runs) == 3
    assert [row["step"] for row in specification["datasets"]["alone"]] == [3]


def test_nothing_joins_the_periods_around_a_break() -> None:
    specification = specified("line", {"ridge": [1, 2, 3, 4, 5, 6, 7, 8]}, YEARS, breaks=("2021",))
    steps: dict[str, list[int]] = {}
    for row in specification["datasets"]["lines"]:
        steps.setdefault(row["run"], []).append(row["step"])
    assert sorted(steps.values()) == [[0, 1, 2], [3, 4, 5, 6, 7]]
    assert "break in series" in [row["text"] for row in specification["datasets"]["unit"]]


def test_a_tentative_stretch_is_dashed_from_the_last_firm_figure_on_and_named() -> None:
    values = {"ridge": [1, 2, 3, 4, 5, 6, 7, 8]}
    specification = specified("line", values, YEARS, "zh", status={"2024": "flash", "2025": "flash"})
    dashed = [row["step"] for row in specification["datasets"]["lines"] if row["dash"]]
    assert dashed == [5, 6, 7]
    assert [row["text"] for row in specification["datasets"]["unit"]] == ["- - -  快报"]


def test_the_highlight_is_dark_blue_on_top_and_the_others_are_grey() -> None:
    specification = specified("line", {"ridge": [1, 2, 3, 4], "harbour": [2, 3, 4, 5]}, YEARS[:4])
    colours = [row["colour"] for row in specification["datasets"]["lines"]]
    assert colours == [theme.GREY] * 4 + [theme.HIGHLIGHT] * 4
    assert [row["text"] for row in specification["datasets"]["values"]] == [["Ridge 4.0%"], ["Harbour 5.0%"]]


def test_a_single_line_needs_no_name_and_an_early_end_says_when() -> None:
    specification = specified("line", {"ridge": [1, 2, 3, None]}, YEARS[:4])
    assert [row["text"] for row in specification["datasets"]["values"]] == [["3.0% (2020)"]]


def test_the_own_place_and_the_benchmark_have_their_colours_whatever_their_rank() -> None:
    for values in (
        {"ridge": [1.0] * 4, "harbour": [2.0] * 4, "plain": [3.0] * 4},
        {"plain": [1.0] * 4, "ridge": [2.0] * 4},
    ):
        request, briefing = chart("line", values, YEARS[:4])
        numbers = {"ridge": 0, "harbour": 2}
        series = tuple(one.model_copy(update={"colour": numbers.get(one.place)}) for one in request.series)
        plotted = plotting.plot(request.model_copy(update={"series": series}), briefing, "en")
        wanted = {"ridge": theme.HIGHLIGHT, "harbour": theme.COLOURS[2], "plain": theme.GREY}
        assert {one.key: one.colour for one in plotted.series} == {key: wanted[key] for key in values}


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"heat map"}))
def test_every_mark_says_its_series(kind: str, fonts: str) -> None:
    request, _ = EVERY_KIND[kind]
    root = ET.fromstring(drawn(kind, fonts)["svg"])
    said = {element.get("data-series") for element in root.iter()} - {None}
    roles = {one.row for one in request.series if kind in ("waterfall", "band")} - {""}
    parts = {one.breakdown for one in request.series} - {""}
    assert said == (parts or roles | {one.place for one in request.series if one.row not in roles})


def test_a_preliminary_column_is_an_outline_and_named() -> None:
    made = specified("column", {"ridge": [1, 2, 3, 4]}, YEARS[:4], status={"2021": "preliminary"})
    assert [row["fill"] == theme.PAPER for row in made["datasets"]["bars"]] == [False, False, False, True]
    assert [row["text"] for row in made["datasets"]["unit"]] == ["- - -  preliminary"]


def test_a_preliminary_stretch_of_a_panel_is_dashed_and_named() -> None:
    values = {"ridge": [1, 2, 3, 4], "harbour": [2, 3, 4, 5]}
    made = specified("small multiples", values, YEARS[:4], status={"2021": "estimate"})
    assert [row["x"] for row in made["datasets"]["lines"] if row["dash"]].__len__() == 4
    assert "- - -  estimate" in [row["text"] for row in made["datasets"]["unit"]]


def test_a_slope_shows_both_ends_of_every_line_and_ranks_from_the_top() -> None:
    made = specified(
        "slope", {"ridge": [3, 1], "harbour": [1, 2]}, ["2015", "2025"], unit="rank", measure="rank", decimals=0
    )
    rows = {(row["key"], row["x"] > 0): row["y"] for row in made["datasets"]["points"]}
    assert rows["ridge", True] == rows["harbour", False] < rows["harbour", True] < rows["ridge", False]
    assert {" ".join(row["text"]) for row in made["datasets"]["values"]} == {
        "Ridge 3",
        "Ridge 1",
        "Harbour 1",
        "Harbour 2",
    }


def test_a_waterfall_hangs_each_bar_on_the_one_before_and_ends_at_the_total() -> None:
    request, briefing = EVERY_KIND["waterfall"]
    made = charts.specification(request, briefing, "en", TEXTS["en"])
    ridge, plain, delta, others, total = made["datasets"]["bars"]
    assert ridge["x2"] == plain["x"]
    assert delta["x2"] == plain["x2"]
    assert others["x"] == pytest.approx(total["x2"], abs=0.02)
    assert total["x"] == ridge["x"]
    assert [row["text"] for row in made["datasets"]["values"]] == ["+1.5", "+0.4", "\N{MINUS SIGN}0.9", "0.0", "1.0"]
    assert [row["text"] for row in made["datasets"]["names"]][-2:] == [["Others"], ["Harbour"]]


def test_a_band_is_open_where_an_edge_is_lacking() -> None:
    request, briefing = EVERY_KIND["band"]
    made = charts.specification(request, briefing, "zh", TEXTS["zh"])
    assert [(row["step"], row["run"]) for row in made["datasets"]["band"]] == [
        (0, 0), (1, 0), (2, 0), (4, 1), (5, 1), (6, 1), (7, 1),
    ]  # fmt: skip
    ends = [" ".join(row["text"]) for row in made["datasets"]["values"]]
    assert ends == ["岭市 4.0%", "最高 8.5%", "最低 1.0%", "中位数 5.0%"]


@pytest.mark.parametrize("width", [charts.WIDTH, charts.NARROW])
@given(last=st.lists(st.floats(99, 101), min_size=6, max_size=6))
@settings(max_examples=15, deadline=None)
def test_labels_of_close_lines_stand_below_each_other(width: int, last: list[float]) -> None:
    places = ("ridge", "harbour", "plain", "delta", "script", "ford")
    request, briefing = chart(
        "line", {place: [90, 95, 100, end] for place, end in zip(places, last, strict=True)}, YEARS[:4]
    )
    made = charts.specification(request, briefing, "en", TEXTS["en"], width=width)
    blocks = sorted((row["y"], len(row["text"]) * labels.line_height()) for row in made["datasets"]["values"])
    assert len(blocks) == len(places)
    for (before, tall), (after, high) in pairwise(blocks):
        assert after - before >= (tall + high) / 2 - 0.05


def test_columns_and_bars_start_at_zero() -> None:
    column = specified("column", {"ridge": [105, 104, 103, 102]}, YEARS[:4])
    assert layer(column, "bars")["encoding"]["y"]["scale"]["domain"][0] == 0
    bars = specified("bar", {"ridge": [105], "harbour": [-4]}, ["2025"])
    assert layer(bars, "bars")["encoding"]["x"]["scale"]["domain"] == [-4, 105]


def test_few_columns_carry_their_values_and_need_no_axis() -> None:
    few = specified("column", {"ridge": [1, 2, -3, 4]}, YEARS[:4])
    assert [row["text"] for row in few["datasets"]["values"]] == ["1.0%", "2.0%", "−3.0%", "4.0%"]
    assert layer(few, "bars")["encoding"]["y"]["axis"] is None
    many = specified("column", {"ridge": [float(n) for n in range(36)]}, MONTHS)
    assert [row["text"] for row in many["datasets"]["values"]] == ["35.0%"]
    assert len(layer(many, "bars")["encoding"]["y"]["axis"]["values"]) >= 3


def test_only_the_last_column_is_dark() -> None:
    rows = specified("column", {"ridge": [1, 2, 3, 4]}, YEARS[:4])["datasets"]["bars"]
    assert [row["colour"] for row in rows] == [theme.PALE] * 3 + [theme.HIGHLIGHT]


def test_one_scale_serves_axis_and_labels() -> None:
    specification = specified("bar", {"ridge": [2.736e13], "harbour": [2.2e12]}, ["2025"], unit="USD", decimals=None)
    assert [row["text"] for row in specification["datasets"]["values"]] == ["27.36", "2.20"]
    assert [row["text"] for row in specification["datasets"]["unit"]] == ["USD trillion"]


@pytest.mark.parametrize("kind", ["line", "bar", "heat map"])
def test_a_unit_that_the_line_under_the_title_names_is_not_said_twice(kind: Any) -> None:
    request, briefing = chart(kind, {"ridge": [2.736e13, 1e13, 3e13]}, YEARS[:3], unit="USD", decimals=None)
    said = []
    for subtitle in ("GDP; Ridge", "GDP, USD trillion; Ridge"):
        made = charts.specification(request, briefing, "en", replace(TEXTS["en"], subtitle=subtitle))
        said.append([row["text"] for row in made["datasets"].get("unit", [])])
    assert said == [["USD trillion"], []]


def test_the_last_line_of_a_panels_name_stands_beside_its_value() -> None:
    request, briefing = chart("small multiples", {"ridge": [7.8, 7.9, 7.8]}, YEARS[:3], decimals=4)
    plotted = plotting.plot(request, briefing, "en")
    label = panels.small_multiples_labels(plotted)[0]
    named = [replace(plotted.series[0], name=name) for name in ("Ridge", "Hong Kong, China", "香港特别行政区")]
    assert [panels._name(series, label, 109) for series in named[:2]] == [["Ridge"], ["Hong Kong,", "China"]]
    assert "".join(panels._name(named[2], label, 109)) == "香港特别行政区"


def test_panels_share_a_scale_only_where_none_is_flattened() -> None:
    alike = {"ridge": [1, 2, 3, 4], "harbour": [2, 3, 4, 5]}
    apart = {"ridge": [1, 2, 3, 4], "harbour": [1500, 1510, 1520, 1510]}
    notes = [
        [row["text"] for row in specified("small multiples", values, YEARS[:4])["datasets"]["unit"]][-1]
        for values in (alike, apart)
    ]
    assert notes == ["same scale in all panels", "each panel has its own scale"]


def test_two_dots_are_hollow_and_filled_and_the_key_says_which() -> None:
    data = specified("dot plot", {"ridge": [5, 7.5], "harbour": [3, 2]}, ["2020", "2025"])["datasets"]
    assert [row["fill"] == theme.PAPER for row in data["dots"]] == [True, False, True, False]
    assert [row["text"] for row in data["unit"]] == ["2025", "●", "2020", "○"]
    sides = {row["text"]: row["align"] for row in data["values"]}
    assert sides == {"5.0%": "right", "7.5%": "left", "3.0%": "left", "2.0%": "right"}


@given(
    st.lists(st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=40), st.sampled_from(["level", "growth"])
)
@settings(max_examples=100, deadline=None)
def test_heat_has_rising_steps_that_part_at_zero(values: list[float], measure: str) -> None:
    periods = [str(1900 + number) for number in range(len(values))]
    request, briefing = chart("heat map", {"ridge": values}, periods, unit="index", measure=measure)
    steps = heat.steps_for(plotting.plot(request, briefing, "en"))
    assert list(steps.bounds) == sorted(set(steps.bounds))
    assert len(steps.colours) == len(steps.bounds) + 1
    if measure == "growth":
        assert steps.bounds[len(steps.bounds) // 2] == 0
        assert steps.colour(-1e-12) in heat.BELOW
        assert steps.colour(1e-12) in heat.ABOVE


def test_cells_carry_values_only_if_all_of_them_fit() -> None:
    few = specified("heat map", {"ridge": [1.0, 2.0, 3.0, -4.0]}, YEARS[:4])
    assert [row["text"] for row in few["datasets"]["values"]] == ["1.0", "2.0", "3.0", "−4.0"]
    many = specified("heat map", {"ridge": [float(n) for n in range(36)]}, MONTHS)
    assert "values" not in many["datasets"]


def test_ranks_count_from_the_top() -> None:
    request, briefing = EVERY_KIND["rank bump"]
    specification = charts.specification(request, briefing, "en", TEXTS["en"])
    assert layer(specification, "lines")["encoding"]["y"]["scale"]["reverse"] is True
    assert {row["lane"] for row in specification["datasets"]["points"]} == {0, 1, 2}


# Pairs and parts


def test_a_short_name_in_another_language_names_nothing() -> None:
    request, briefing = parts("tier bar", {"landed": {"low": 152}}, unit="project")
    landed = briefing.names.indicators["landed"].model_copy(update={"short": {"zh": "落地"}})
    names = briefing.names.model_copy(update={"indicators": briefing.names.indicators | {"landed": landed}})
    briefing = briefing.model_copy(update={"names": names})
    found = {language: beside(request, briefing, language)[0][2] for language in LANGUAGES}
    assert found == {
        "en": "chart c1: Projects landed: CNY 100 to 500 million, 2025",
        "zh": "chart c1: 落地: 1亿—5亿元, 2025",
    }


def test_the_earlier_end_of_a_dumbbell_is_hollow_also_where_it_stands_alone() -> None:
    made = specified("dumbbell", {"ridge": [2.0, 3.0], "harbour": [4.0, None], "plain": [None, 5.0]}, ["2020", "2025"])
    dots = [(dot["value"], dot["fill"] == theme.PAPER) for dot in made["datasets"]["dots"]]
    assert dots == [(2.0, True), (3.0, False), (4.0, True), (5.0, False)]
    assert len(made["datasets"]["joins"]) == 1


def test_the_key_of_a_dumbbell_says_what_is_no_actual() -> None:
    made = specified("dumbbell", {"ridge": [2.0, 3.0]}, ["2020", "2025"], status={"2025": "preliminary"})
    words = [row["text"] for row in made["datasets"]["unit"]]
    assert words == ["2025 (preliminary)", "●", "2020", "○"]


def test_a_bullet_starts_at_zero_and_marks_the_target_even_where_nothing_reaches_it() -> None:
    made = specified("bullet", {"ridge": [12.5], "harbour": [60.0]}, ["2018"], measure="attainment")
    assert layer(made, "bars")["encoding"]["x"]["scale"]["domain"] == [0, 100]
    assert [row["value"] for row in made["datasets"]["at target"]] == [100, 100]
    assert [row["value"] for row in made["datasets"]["values"]] == [100, 100]  # beyond the target, not on it
    assert made["datasets"]["ticks"][0]["text"] == "100%"


def test_a_bullet_speaks_of_targets_where_a_finding_does() -> None:
    request, briefing = chart("bullet", {"ridge": [12.5], "harbour": [60.0]}, ["2018"], measure="attainment")
    made = charts.specification(request.model_copy(update={"finding": "f"}), briefing, "en", TEXTS["en"])
    assert made["datasets"]["ticks"][0]["text"] == "target = 100%"


def test_completions_keep_the_precision_of_their_sources() -> None:
    request, briefing = chart("bullet", {"ridge": [157.14], "harbour": [98.0]}, ["2018"], measure="attainment")
    figures = dict(briefing.figures)
    for key, decimals in (("ridge 2018", 2), ("harbour 2018", 0)):
        figures[key] = figures[key].model_copy(update={"decimals": decimals})
    printed = beside(request, briefing.model_copy(update={"figures": figures}), "en")
    assert [text for _, text, _ in printed] == ["157.14%", "98%"]


def test_parts_stand_end_to_end_and_total_is_no_part() -> None:
    request, briefing = EVERY_KIND["tier bar"]
    made = charts.specification(request, briefing, "en", TEXTS["en"])
    boxes = made["datasets"]["bars"]
    assert boxes[0]["x"] == boxes[3]["x"] == 0
    assert [after["x"] for after in boxes[1:3]] == [before["x2"] for before in boxes[:2]]
    scale = boxes[2]["x2"] / 236
    assert boxes[5]["x2"] == pytest.approx(65 * scale, abs=0.02)
    assert [text for _, text, _ in beside(request, briefing, "en")][-2:] == ["236", "65"]


@pytest.mark.parametrize("width", [charts.WIDTH, charts.NARROW])
def test_a_bar_that_stands_alone_tells_the_value_of_every_part(width: int) -> None:
    shares = {"first": 1.2, "second": 29.7, "third": 45.7, "low": 2.1, "middle": 3.0, "other": 18.3}
    request, briefing = parts("stacked bar", {"2025": shares})
    texts = {text for _, text, _ in beside(request, briefing, "en", width=width)}
    assert texts == {f"{value}%" for value in shares.values()}
    made = charts.specification(request, briefing, "en", TEXTS["en"], width=width)
    assert texts <= {row["text"] for row in made["datasets"]["heads"]}


def test_each_part_has_the_precision_of_its_own_column() -> None:
    """24.5% beside 30.37% has two places, 75.5% beside 69.6% one, as in the columns of a table."""
    request, made = parts(
        "stacked bar", {"2020": {"first": 24.5, "third": 75.5}, "2025": {"first": 30.37, "third": 69.6}}
    )
    places = {"2025 first": 2}
    figures = {key: one.model_copy(update={"decimals": places.get(key, 1)}) for key, one in made.figures.items()}
    told = {text for _, text, _ in beside(request, made.model_copy(update={"figures": figures}), "en")}
    assert told == {"24.50%", "30.37%", "75.5%", "69.6%"}


def test_what_is_lacking_to_the_whole_is_seen() -> None:
    made = charts.specification(*parts("stacked bar", {"2025": {"first": 30.0, "second": 40.0}}), "en", TEXTS["en"])
    assert [(round(row["x"] / made["width"], 3), row["x2"]) for row in made["datasets"]["rest"]] == [
        (0.7, made["width"])
    ]
    rounded = parts("stacked bar", {"2025": {"first": 33.3, "second": 33.3, "third": 33.3}})
    assert "rest" not in charts.specification(*rounded, "en", TEXTS["en"])["datasets"]


def test_parts_of_several_bars_keep_one_colour_and_the_order_of_each_bar() -> None:
    request, briefing = parts(
        "stacked bar", {"2020": {"first": 20.0, "third": 80.0}, "2025": {"first": 10.0, "second": 30.0, "third": 60.0}}
    )
    made = charts.specification(request, briefing, "en", TEXTS["en"])
    colours = [row["colour"] for row in made["datasets"]["bars"]]
    assert colours == [colours[0], colours[1], colours[0], colours[3], colours[1]]
    assert len({*colours}) == 3
    assert [row["text"] for row in made["datasets"]["heads"]] == ["Primary", "Secondary", "Tertiary"]


def test_no_part_is_below_zero() -> None:
    with pytest.raises(RenderError) as caught:
        charts.specification(*parts("stacked bar", {"2025": {"first": -1.0, "second": 101.0}}), "en", TEXTS["en"])
    assert str(caught.value) == "Chart c1 stacks figure 2025 first, which is below zero; parts are not."


@given(
    values=st.lists(st.floats(0, 1e6).map(lambda value: round(value, 2)), min_size=1, max_size=7).filter(any),
    bars=st.integers(1, 4),
    kind=st.sampled_from(["stacked bar", "tier bar"]),
    width=st.sampled_from([charts.WIDTH, charts.NARROW]),
)
@settings(max_examples=25, deadline=None)
def test_whatever_the_parts_are_all_of_them_are_drawn(
    fonts: str, values: list[float], bars: int, kind: Any, width: int
) -> None:
    names = ("first", "second", "third", "low", "middle", "high", "other")
    given = {str(2020 + bar): dict(zip(names, values, strict=False)) for bar in range(bars)}
    request, briefing = parts(kind, given, unit="CNY", decimals=None)
    specification = charts.specification(request, briefing, "en", TEXTS["en"], width=width)
    drawn = charts.draw({"specification": specification, "fonts": fonts, "png_scale": 0})
    assert drawn["marks"] == len(values) * bars
    assert all(0 <= row["x"] <= row["x2"] <= specification["width"] + 0.01 for row in specification["datasets"]["bars"])


@pytest.mark.parametrize(
    ("qualifier", "status", "label"),
    [("over", "actual", ">98"), ("over", "target", "≥98"), ("under", "actual", "<98"), ("about", "estimate", "≈98")],
)
def test_what_a_source_leaves_open_is_seen_at_the_mark(qualifier: Any, status: str, label: str) -> None:
    request, briefing = chart("bar", {"ridge": [98.0]}, ["2025"], unit="project", measure="level", decimals=0)
    figure = briefing.figures["ridge 2025"].model_copy(update={"qualifier": qualifier, "status": status})
    briefing = briefing.model_copy(update={"figures": {figure.id: figure}})
    assert beside(request, briefing, "en")[0][1] == label
    made = charts.specification(request, briefing, "en", TEXTS["en"])
    assert f"{label} projects" in made["datasets"]["bars"][0]["tip"]


@pytest.mark.parametrize("ink", [theme.INK, theme.QUIET, theme.HIGHLIGHT, theme.COLOURS[2]])
def test_text_can_be_read(ink: str) -> None:
    assert _contrast(ink, theme.PAPER) >= 4.5


def test_text_in_cells_can_be_read() -> None:
    for colour in (*heat.BELOW, *heat.ABOVE):
        assert _contrast(theme.PAPER if colour in heat.DARK else theme.INK, colour) >= 4.5, colour
    for colour in (*parts_of_whole.PARTS, *theme.TIERS, theme.GREY):
        assert _contrast(theme.PAPER if colour in parts_of_whole.DARK_PARTS else theme.INK, colour) >= 4.5, colour


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Pictures


def test_title_and_source_are_drawn_only_where_a_picture_stands_alone(fonts: str) -> None:
    page, alone = texts(drawn("line", fonts)["svg"]), texts(drawn("line", fonts, titled=True)["svg"])
    assert [text for text in alone if text not in page] == [
        "Ridge fell behind",
        "Output, %, 2020 to 2025",
        "Source: own.",
    ]


def test_the_alternative_text_is_the_title_of_the_picture(fonts: str) -> None:
    root = ET.fromstring(drawn("line", fonts)["svg"])
    assert root.findtext(f"{SVG}title") == "Output of Ridge fell."
    assert root.findtext(f"{SVG}desc") == "Ridge fell behind Output, %, 2020 to 2025 Source: own."
    assert root.get("aria-labelledby") == (root.find(f"{SVG}title") or ET.Element("")).get("id", "line-title")


def test_ids_of_all_pictures_of_a_page_differ(fonts: str) -> None:
    pictures = [drawn(kind, fonts, width=width)["svg"] for kind in KINDS for width in (charts.WIDTH, charts.NARROW)]
    ids = [identifier for svg in pictures for identifier in re.findall(r'\bid="([^"]+)"', svg)]
    assert len(ids) == len(set(ids)) == 2 * len(pictures)


def test_clip_paths_get_ids_of_their_own() -> None:
    from briefings.charts import svg

    root = svg.parse(
        '<svg xmlns="http://www.w3.org/2000/svg"><g clip-path="url(#clip7)"><text>1</text></g>'
        '<defs><clipPath id="clip7"><rect/></clipPath></defs></svg>'
    )
    svg.clean(root, "c1")
    assert 'clip-path="url(#c1-1)"' in svg.write(root)
    assert 'id="c1-1"' in svg.write(root)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ('d="M3.162,0A3.162,3.162,0,1,1,-3.162,0A3.162,3.162,0,1,1,3.162,0"', '<circle fill="#fff" r="3.162" />'),
        ('d="M-3,58.25h18v14e-2h-18Z"', '<rect fill="#fff" x="-3" y="58.25" width="18" height="14e-2" />'),
        ('d="M3,58h18v-14h-18Z"', '<path fill="#fff" d="M3,58h18v-14h-18Z" />'),
        ('d="M0,0L5,5"', '<path fill="#fff" d="M0,0L5,5" />'),
    ],
)
def test_circles_and_rectangles_are_written_as_such(written: str, kept: str) -> None:
    from briefings.charts import svg

    root = svg.parse(f'<svg xmlns="http://www.w3.org/2000/svg"><g><path opacity="1" fill="#fff" {written}/></g></svg>')
    svg.clean(root, "c1")
    assert svg.write(root) == f'<svg xmlns="http://www.w3.org/2000/svg">{kept}</svg>'


def test_the_same_chart_has_the_same_bytes_whatever_was_drawn_before(fonts: str) -> None:
    first = drawn("heat map", fonts)
    drawn.cache_clear()
    drawn("line", fonts)
    assert drawn("heat map", fonts) == first


def test_marks_that_are_lost_are_an_error(fonts: str) -> None:
    request, briefing = EVERY_KIND["bar"]
    specification = charts.specification(request, briefing, "en", TEXTS["en"])
    specification["datasets"]["bars"] = specification["datasets"]["bars"][:3]
    with pytest.raises(RenderError, match=r"^Chart bar does not show its data: drawn were 3 of 4 in bars\.$"):
        charts.draw({"specification": specification, "fonts": fonts})


def test_a_chart_that_vega_refuses_is_an_error(fonts: str) -> None:
    request, briefing = EVERY_KIND["bar"]
    specification = charts.specification(request, briefing, "en", TEXTS["en"])
    specification["layer"][0]["mark"]["type"] = "pie"
    with pytest.raises(RenderError, match=r"^Chart bar could not be drawn: "):
        charts.draw({"specification": specification, "fonts": fonts})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "CNY"}, "Chart c1 is in 'CNY'; its figure ridge 2018 is in 'percent'."),
        ({"periods": ("2018", "2019", "2020")}, "Chart c1 has points outside its axis: 2021."),
        ({"series": ()}, "Chart c1 has no figure to plot; compose should have left it out."),
    ],
)
def test_a_request_that_contradicts_its_figures_is_refused(change: dict[str, Any], message: str) -> None:
    request, briefing = chart("line", {"ridge": [1, 2, 3, 4]}, YEARS[:4])
    with pytest.raises(RenderError) as caught:
        beside(request.model_copy(update=change), briefing, "en")
    assert str(caught.value) == message


def test_a_figure_that_the_briefing_lacks_is_refused() -> None:
    request, briefing = chart("line", {"ridge": [1, 2, 3, 4]}, YEARS[:4])
    with pytest.raises(RenderError, match="Chart c1 plots figure ridge 2018, which the briefing does not hold"):
        beside(request, briefing.model_copy(update={"figures": {}}), "en")


def test_a_job_draws_a_chart_in_every_form(fonts: str) -> None:
    request, briefing = EVERY_KIND["column"]
    payload = json.loads(json.dumps(charts.job(request, briefing, "en", TEXTS["en"], fonts)))
    result = charts.draw_chart(payload)
    assert result["wide"] == drawn("column", fonts)["svg"]
    assert result["narrow"] == drawn("column", fonts, width=charts.NARROW)["svg"]
    assert result["alone_svg"] == drawn("column", fonts, titled=True)["svg"]
    assert result["alone_png"].startswith(b"\x89PNG")
    assert result["printed"] == beside(request, briefing, "en")


def test_what_a_chart_prints_can_be_asked_without_altair() -> None:
    code = "import sys, briefings.charts; print([name for name in ('altair', 'vl_convert') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


# On pointing


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_of_a_picture_says_its_figure_where_it_stands(fonts: str, kind: ChartKind) -> None:
    request, briefing = EVERY_KIND[kind]
    made = charts.draw_chart(charts.job(request, briefing, "en", TEXTS["en"], fonts))
    data = json.loads(made["points"])
    figures = [briefing.figures[figure] for *_, figure in made["tips"]]
    assert {label[0] for label in made["printed"]} & {figure.id for figure in figures}
    assert len(data["marks"]) == len(figures)
    for (series, step, value, status, number, *boxes), figure, tip in zip(
        data["marks"], figures, made["tips"], strict=True
    ):
        assert (number, data["units"][series], data["periods"][step]) == (figure.value, figure.unit, figure.period)
        assert (data["names"][series], data["times"][step], value, status) == tip[:4]
        for (left, top, *size), picture in zip(boxes, (made["wide"], made["narrow"]), strict=True):
            width, height = (float(size) for size in re.findall(r'viewBox="0 0 (\S+) (\S+)"', picture)[0])
            across, down = size or (0, 0)
            assert 0 <= left <= left + across <= width + 1
            assert 0 <= top <= top + down <= height + 1


def test_pictures_keep_nothing_of_what_they_say_on_pointing(fonts: str) -> None:
    request, briefing = EVERY_KIND["line"]
    made = charts.draw_chart(charts.job(request, briefing, "en", TEXTS["en"], fonts))
    for picture in ("wide", "narrow", "alone_svg"):
        assert "aria-label=" not in made[picture]


def test_no_label_can_end_the_script_it_stands_in(fonts: str) -> None:
    request, briefing = EVERY_KIND["small multiples"]
    points = charts.draw_chart(charts.job(request, briefing, "en", TEXTS["en"], fonts))["points"]
    assert not re.search("[<>&\u2028\u2029]", points)
    assert "</script><img src=x onerror=alert(1)>" in json.loads(points)["names"]


def test_the_tip_says_name_period_and_value_with_its_unit() -> None:
    options: dict[str, Any] = {"unit": "CNY", "decimals": 1, "status": {"2021": "preliminary"}}
    for language, tip in (
        ("en", "Ridge, 2021: CNY 4.0 billion (preliminary)"),
        ("zh", "岭市，2021年：40.0亿元（初步）"),
    ):
        about = specified("line", {"ridge": [1e9, 2e9, 3e9, 4e9]}, YEARS[:4], language, **options)["usermeta"]
        assert about["points"][-1]["tip"] == tip


@pytest.mark.slow
def test_other_processes_draw_the_same_bytes(fonts: str, tmp_path: Path) -> None:
    code = (
        "import sys, hashlib\nfrom briefings import charts\nfrom tests.plots import EVERY_KIND, TEXTS\n"
        "for kind in sorted(EVERY_KIND, reverse=sys.argv[2] == '1'):\n"
        "    drawn = charts.draw_chart(charts.job(*EVERY_KIND[kind], 'zh', TEXTS['zh'], sys.argv[1]))\n"
        "    print(kind, hashlib.sha256(repr(sorted(drawn.items())).encode()).hexdigest())"
    )
    found = []
    for seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": seed, "PATH": "", "HOME": str(tmp_path), "TZ": f"UTC+{seed}"}
        run = [sys.executable, "-c", code, fonts, seed]
        result = subprocess.run(
            run, capture_output=True, text=True, check=True, env=environment, cwd=Path(__file__).parents[1]
        )
        found.append(sorted(result.stdout.splitlines()))
    assert found[0] == found[1]


def test_a_theme_may_ask_for_every_kind_of_chart_and_no_other() -> None:
    assert set(get_args(ChartWord)) - {"auto", "none"} == set(get_args(ChartKind))


def test_words_are_written_into_the_elements_that_were_drawn_for_them() -> None:
    axis = '<g class="mark-text role-axis-label"><text /></g>'
    drawn = '<g class="mark-text role-mark values_marks"><text /><text><tspan /><tspan /></text></g>'
    root = pictures.parse(f'<svg xmlns="http://www.w3.org/2000/svg">{axis}{drawn}</svg>')
    pictures.put_labels(root, ["2025"], [["12.5", ["two", "lines"]]])
    written = [list(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert written == [["2025"], ["12.5"], ["two", "lines"]]
    for others in ([["12.5"]], [], [["12.5", ["one line"]]], [["12.5", ["two", "lines"]], ["7"]]):
        with pytest.raises(ValueError, match="argument"):
            pictures.put_labels(root, ["2025"], others)
    with pytest.raises(ValueError, match="argument"):
        pictures.put_labels(root, [], [["12.5", ["two", "lines"]]])
