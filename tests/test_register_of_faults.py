"""The register of faults (docs/reliability.md) is whole, and each of its rows names tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROW = re.compile(r"^\| (F\d\d): (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = ROW.findall((HERE.parent / "docs/reliability.md").read_text("utf-8"))


@cache
def names_in(file: str) -> set[str]:
    """The names of the tests of a file that are not skipped whatever happens."""
    tree = ast.parse((HERE / file).read_text("utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    marks = {node.name: [ast.unparse(mark) for mark in node.decorator_list] for node in functions}
    return {name for name, told in marks.items() if not any(re.search(r"mark\.(skip|xfail)\b", t) for t in told)}


def test_every_fault_is_there_once() -> None:
    numbers = (*range(1, 31), *range(40, 64))
    assert [row[0] for row in ROWS] == [f"F{number:02}" for number in numbers]


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_fault_has_its_tests(row: tuple[str, ...]) -> None:
    named = row[4].split("<br>")
    assert named
    for name in named:
        found = re.fullmatch(r"`(test_\w+\.py)::(test_\w+)`", name)
        assert found, f"{name} names no test"
        assert found[2] in names_in(found[1]), f"{name} is not there"
