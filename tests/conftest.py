"""What several tests need: the sample project, and small projects of their own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

# By hand property tests look for new examples each time; where a verdict is due they try the same ones.
settings.register_profile("verdict", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("verdict")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout, which is the sample project too."""
    return ROOT


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    """A project as `briefings init` begins it."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT / "templates" / "starter", folder)
    return folder


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder in memory, where there is such: for tests that write much, and prove nothing about power cuts."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)
