"""Cells to numbers: text pairs (`cases/cells.txt`), and laws on random numbers."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.configuration import DEFAULT_MISSING
from briefings.sources.cells import CellReader, Missing, bare

CASES = Path(__file__).parent / "cases" / "cells.txt"
MARKS = ("", "*", "①", " (p)", "[2]", "²", "（预计）", "†")


def pairs() -> list[tuple[str, str]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("# ")]
    lines = [line for line in lines if not line.startswith("#   ")]
    return list(zip(lines[::2], lines[1::2], strict=True))


def read(text: str, *, decimal: str = ".", missing: tuple[str, ...] = ()) -> str:
    try:
        number = CellReader(DEFAULT_MISSING | frozenset(missing), decimal).read(text)
    except ValueError as error:
        return f"error: {error}"
    if isinstance(number, Missing):
        return "missing"
    return f"{number.value:f}".replace("-0", "0" if number.value == 0 else "-0") + ("%" if number.percent else "")


@pytest.mark.parametrize(("case", "expected"), pairs())
def test_cell(case: str, expected: str) -> None:
    text, _, option = case.partition(" | ")
    name, _, value = option.partition("=")
    options = {"decimal": {"decimal": value}, "missing": {"missing": tuple(value.split(","))}}
    assert read(text, **options.get(name, {})) == expected


numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4)


@settings(max_examples=100, deadline=None)
@given(numbers, st.sampled_from(MARKS), st.booleans())
def test_a_number_with_separators_and_marks_is_read_exactly(number: Decimal, mark: str, wide: bool) -> None:
    text = f"{number:,.4f}"
    if wide:
        text = text.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    assert Decimal(read(text + mark)) == number


@settings(max_examples=100, deadline=None)
@given(numbers)
def test_a_decimal_comma_is_read_exactly(number: Decimal) -> None:
    text = f"{number:,.4f}".translate({ord(","): ".", ord("."): ","})
    assert Decimal(read(text, decimal=",")) == number


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_number_missing_or_has_a_reason(text: str) -> None:
    assert read(text) != ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("北京①", "北京"), (" China* ", "China"), ("*", "*"), ("全市(1)", "全市"), ("Korea, Rep.", "Korea, Rep.")],
)
def test_names_lose_their_footnote_marks(text: str, expected: str) -> None:
    assert bare(text) == expected
