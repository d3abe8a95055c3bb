"""Which colours of a picture stand out: whatever the accent of a house, and nothing but it."""

from __future__ import annotations

import pytest

from briefings.charts.theme import COLOURS, GREY, GRID, INK, PALE, QUIET, SLATE, ZERO, palette
from briefings.lint.colour import is_neutral, standing_out


@pytest.mark.parametrize("accent", [COLOURS[0], "#2c3e50", "#1f3d2b", "#222222", "#c00000", "#7a1f3d"])
def test_an_accent_stands_out_of_greys_and_of_its_own_tints(accent: str) -> None:
    pale = palette(accent)[PALE]
    assert standing_out([GREY, SLATE, PALE, pale, accent]) == [accent]


def test_colours_of_several_series_all_stand_out() -> None:
    assert standing_out([GREY, *COLOURS]) == list(COLOURS)


def test_inks_and_rules_are_neutral_and_colours_of_series_are_not() -> None:
    assert all(is_neutral(colour) for colour in (INK, QUIET, GRID, ZERO, GREY, SLATE))
    assert not any(is_neutral(colour) for colour in (*COLOURS, "#2c3e50", "#1f3d2b"))
