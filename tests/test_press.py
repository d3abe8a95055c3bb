"""The version of the program is known by its files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import briefings
from briefings.press import program

PACKAGE = Path(briefings.__file__).parent


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The package as it lies where it is installed: with the templates in it, and compiled."""
    folder = tmp_path / "site-packages/briefings"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "_builtin/templates/phrases").mkdir(parents=True)
    (folder / "_builtin/templates/phrases/en.yaml").write_text("a: b")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/press.cpython-311.pyc").write_bytes(b"x")
    return folder


def test_the_same_files_are_the_same_program_wherever_they_lie(copied: Path) -> None:
    assert program() == program(copied)
    assert program().startswith(f"{briefings.__version__}+")


@pytest.mark.parametrize("name", ["render/page.py", "measures/growth.py", "audit/readback/lexicon/en.yaml"])
def test_what_makes_editions_makes_another_program(name: str, copied: Path) -> None:
    with (copied / name).open("a") as file:
        file.write("\n# mended\n")
    assert program() != program(copied)


def test_what_sends_them_does_not(copied: Path) -> None:
    with (copied / "schedule/desk.py").open("a") as file:
        file.write("\n# mended\n")
    assert program() == program(copied)
