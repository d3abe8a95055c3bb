"""What several tests need: the sample project, and small projects of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


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
