"""The sparkline: small, whole, with words."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.charts.sparkline import SPARK_HEIGHT, SPARK_WIDTH, sparkline
from briefings.charts.theme import HIGHLIGHT
from briefings.errors import RenderError

SVG = "{http://www.w3.org/2000/svg}"


def path(svg: str) -> str:
    return ET.fromstring(svg).find(f"{SVG}path").get("d")  # type: ignore[union-attr, return-value]


def test_the_last_point_is_marked_and_the_line_runs_from_the_lowest_to_the_highest() -> None:
    svg = sparkline([1, 3, 2, 2], "GDP, 2022 to 2025", "s1")
    assert path(svg) == "M2.5,13.5L24.8,2.5L47.2,8.0L69.5,8.0"
    assert '<circle cx="69.5" cy="8.0"' in svg
    assert len(svg) < 600
    assert f'fill="{HIGHLIGHT}"' in svg
    assert 'fill="#7a1f3d"' in sparkline([1, 3, 2, 2], "x", "s1", "#7a1f3d")


def test_a_gap_stays_a_gap_and_a_lone_value_is_a_dot() -> None:
    assert path(sparkline([1, 2, None, 2, None, 1, 1], "x", "s1")).count("M") == 3
    assert "M36.0,2.5L36.0,2.5" in path(sparkline([1, 2, None, 2, None, 1, 1], "x", "s1"))


def test_its_words_are_its_title_whatever_they_hold() -> None:
    root = ET.fromstring(sparkline([1, 2, 3, 4], 'A "b" <c> & d', "s1"))
    assert root.findtext(f"{SVG}title") == 'A "b" <c> & d'
    assert root.get("aria-labelledby") == "s1-title"
    assert root.get("role") == "img"


def test_three_values_are_no_course() -> None:
    with pytest.raises(RenderError, match=r"^A sparkline needs at least 4 values; s1 has 3\.$"):
        sparkline([1, 2, None, 3], "x", "s1")


@given(st.lists(st.floats(-1e15, 1e15), min_size=4, max_size=60))
@settings(max_examples=40, deadline=None)
def test_it_stays_inside_its_size(values: list[float]) -> None:
    numbers = re.findall(r"(-?[\d.]+),(-?[\d.]+)", path(sparkline(values, "x", "s1")))
    assert all(0 <= float(x) <= SPARK_WIDTH and 0 <= float(y) <= SPARK_HEIGHT for x, y in numbers)
