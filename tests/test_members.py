"""A section with `split`: its table, bars and sentences are of the members, the largest first, and the total below."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from briefings.briefing import Briefing, TableRequest
from briefings.narrative import narrate, plain
from briefings.tables import set_table
from tests.narratives import BOOKS
from tests.odd_projects import Project
from tests.odd_projects import rows as told
from tests.test_compose import briefing, rows, theme
from tests.test_statements import member, rising
from tests.test_tables import WORDS

SIZES = {"a": 100.0, "b": 500.0, "c": 250.0, "d": 50.0, "e": 150.0}
MEASURES = ["level", "share of total", "growth"]


def split(sizes: dict[str, float] = SIZES, **more: Any) -> Briefing:
    """A briefing on sales by origin: members of these sizes, each growing at a rate of its own, and their total."""
    parts = {key: rising(0.2 * n, level=size) for n, (key, size) in enumerate(sizes.items(), start=1)}
    total = [sum(values) for values in zip(*parts.values(), strict=True)]
    observations = [*rows(total), *(o for key, values in parts.items() for o in member(rows(values), f"origin={key}"))]
    asked = {"title": {"en": "By origin", "zh": "分来源"}, "show": {"sales": MEASURES}, "split": "origin"}
    return briefing(observations, theme(sections=[asked | more]))


def table(found: Briefing) -> TableRequest:
    (request,) = found.sections[0].tables
    return request


def members(found: Briefing) -> str:
    return "".join(row.breakdown.removeprefix("origin=") or "T" for row in table(found).rows)


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ({}, "bceadT"),
        ({"table": "latest"}, "bceadT"),
        ({"show": {"sales": ["growth", "level"]}}, "edcbaT"),
        ({"top": 2}, "bcT"),
        ({"top": 2, "bottom": 1}, "bcdT"),
    ],
)
def test_members_stand_by_the_first_measure_above_the_total(asked: dict[str, Any], order: str) -> None:
    found = split(**asked)
    assert members(found) == order
    assert [row.highlight for row in table(found).rows] == [part == "T" for part in order]
    assert table(found).of == (5 if len(order) < 6 else None)


def test_the_total_has_its_figures_and_no_share_of_itself() -> None:
    found = split()
    *parts, total = table(found).rows
    levels = [found.figures[row.cells[0].figure or ""].value for row in (*parts, total)]
    assert sum(levels[:-1]) == pytest.approx(levels[-1])
    assert total.cells[1].absence == "not applicable"
    assert all(cell.figure for row in parts for cell in row.cells)


@pytest.mark.parametrize(
    ("language", "last", "line"), [("en", "Total", "In order of retail sales"), ("zh", "合计", "按零售额")]
)
def test_it_says_its_order_and_names_the_total(language: str, last: str, line: str) -> None:
    found = split()
    done = set_table(table(found), found, language, WORDS[language])
    assert done.rows[-1].name == last
    assert any(mark.startswith(line) for mark in done.marks)
    limited = split(top=2)
    done = set_table(table(limited), limited, language, WORDS[language])
    assert "2" in done.showing
    assert "5" in done.showing


def test_history_and_none_are_as_without_split() -> None:
    assert table(split(table="history")).rows_are == "periods"
    assert not split(table="none").sections[0].tables


@pytest.mark.parametrize("charts", ["auto", "bar"])
def test_bars_are_of_the_members_and_say_nothing_of_one(charts: str) -> None:
    found = split(charts=charts)
    (chart,) = found.sections[0].charts
    assert (chart.kind, chart.measure, chart.finding) == ("bar", "level", None)
    assert [series.breakdown for series in chart.series] == [f"origin={key}" for key in "bcead"]
    assert not any(series.highlight for series in chart.series)
    caption = narrate(found, "en", BOOKS["en"]).charts[chart.id]
    assert "highest: b" in plain(caption.alternative)


def test_few_members_have_a_table_and_the_line_of_the_total() -> None:
    found = split({"a": 100.0, "b": 500.0})
    assert members(found) == "baT"
    assert [chart.kind for chart in found.sections[0].charts] == ["line"]


def test_crossed_dimensions_are_no_members() -> None:
    crossed = member(rows(rising(1.0)), "origin=a;sex=female")
    parts = [o for key in "abcd" for o in member(rows(rising(1.0)), f"origin={key}")]
    section = {"title": {"en": "O", "zh": "来"}, "show": {"sales": ["level"]}, "split": "origin"}
    assert members(briefing([*rows(rising(1.0)), *parts, *crossed], theme(sections=[section]))) == "abcdT"


def test_sentences_name_the_largest_first_and_each_before_any_twice() -> None:
    found = split(sizes={key: 100.0 - 3 * n for n, key in enumerate("jihgfedcba")}, top=20)
    named = [finding.breakdown for finding in found.sections[0].findings]
    said = [finding.breakdown for finding in found.headline]
    assert len(named) == 8
    assert named == sorted(named, key=[row.breakdown for row in table(found).rows].index)
    assert len(set(named)) == 8 or set(said) & set(named)


@pytest.mark.slow
def test_an_edition_shows_the_members_in_both_languages(tmp_path: Path) -> None:
    project = Project()
    head, *data = told()
    project.rows = [[*head, "Origin"], *([*row, ""] for row in data)]
    names = {"north": "北方", "south": "南方", "east": "东方", "west": "西方"}
    for n, key in enumerate(names, start=6):
        project.rows += [[r[0], r[1], int(str(r[2])) // n, "", key] for r in data if r[1] == "riverton"]
    project.source["breakdown"] = {"column": "Origin", "dimension": "origin", "names": {"": "total"}}
    project.breakdowns = {f"origin={key}": {"en": key.title(), "zh": zh} for key, zh in names.items()}
    project.theme["sections"] = [
        {"title": {"en": "By origin", "zh": "分来源"}, "show": {"stays": MEASURES}, "split": "origin"}
    ]
    for edition in project.build(tmp_path):
        found = edition.briefing()
        (section,) = found.sections
        assert [row.breakdown for row in section.tables[0].rows] == [*(f"origin={key}" for key in names), ""]
        assert section.charts[0].kind == "bar"
