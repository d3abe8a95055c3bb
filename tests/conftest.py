"""What several tests need: the sample project, and small projects of their own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from briefings.archive import Archive, Edition
from briefings.cli.main import run

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


@pytest.fixture(scope="session")
def golden_editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edition]:
    """Language -> edition of the starter project, as `make golden` keeps it."""
    folder = tmp_path_factory.mktemp("golden")
    shutil.copytree(ROOT / "templates" / "starter", folder, dirs_exist_ok=True)
    at = ["--project", str(folder), "--now", "2026-11-21T08:00+08:00", "-q"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("briefings.pipeline.program", lambda: "0.1.0")  # they tell what changed, not that something did
        for command in ("ingest", "build"):
            assert run([*at, command]) == 0
    return {edition.key.language: edition for edition in Archive(folder / "data/editions").editions()}


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder in memory, where there is such: for tests that write much, and prove nothing about power cuts."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)
