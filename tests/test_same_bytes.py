"""The same briefing, templates, fonts and versions give the same bytes: in another process, zone, locale, folder, on
another day, with another hash seed. That an earlier version gave them too is what the golden editions say."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefings.cli.main import run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
#: What differs between the two builds beside their folders: the day on which they run, and their environment.
BUILDS = {
    "here": ("2026-11-21T08:00+08:00", {"TZ": "Asia/Shanghai", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}),
    "a folder, elsewhere/年鉴": (
        "2027-03-02T23:30-05:00",
        {
            "TZ": "Pacific/Apia",
            "LANG": "de_DE.UTF-8",
            "LC_ALL": "tr_TR.UTF-8",
            "PYTHONHASHSEED": "4711",
            "COLUMNS": "40",
        },
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """The files of each build of the starter project by path, both languages; the data were read once."""
    root = tmp_path_factory.mktemp("same")
    first = root / "ingested"
    shutil.copytree(ROOT / "templates/starter", first)
    assert run(["--project", str(first), "--now", "2026-11-21T08:00+08:00", "-q", "ingest"]) == 0
    found = []
    for name, (now, environment) in BUILDS.items():
        project = root / name
        shutil.copytree(first, project)
        command = [sys.executable, "-c", "from briefings.cli import main; main()", "--project", ".", "--now", now]
        subprocess.run(
            [*command, "-q", "build"], cwd=project, env=os.environ | environment, check=True, capture_output=True
        )
        editions = project / "data/editions"
        files = (path for path in sorted(editions.rglob("*")) if path.is_file())
        found.append({path.relative_to(editions).as_posix(): path.read_bytes() for path in files})
    return found


def test_every_file_is_the_same_byte_for_byte(built: list[dict[str, bytes]]) -> None:
    here, there = ({name: hashlib.sha256(content).hexdigest() for name, content in files.items()} for files in built)
    endings = {name.rpartition(".")[2] for name in here}
    assert endings >= {"html", "pdf", "json", "csv", "xlsx", "txt", "svg", "png"}
    assert {name for name in here if here[name] != there.get(name)} == {
        f"tourism/riverton/2026-10/{language}/r1/manifest.json" for language in ("en", "zh")
    }
    assert here.keys() == there.keys()


def test_the_manifests_differ_in_the_day_of_the_build_alone(built: list[dict[str, bytes]]) -> None:
    for name in (name for name in built[0] if name.endswith("manifest.json")):
        here, there = (json.loads(files[name]) for files in built)
        assert here.pop("built_at") == "2026-11-21T08:00:00+08:00"
        assert there.pop("built_at") != "2026-11-21T08:00:00+08:00"
        assert here == there


def test_no_path_of_this_machine_stands_in_an_edition(built: list[dict[str, bytes]]) -> None:
    for name, content in built[1].items():
        assert b"elsewhere" not in content, name
        assert str(ROOT).encode() not in content, name
