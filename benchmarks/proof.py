"""Proof and the way back: `trace`, and `editions verify` of an edition and of a PDF. Prints one line of JSON.

Each command is a process of its own, over a project: the one that is named, or the starter, ingested and built in a
temporary folder. Of so many runs the median counts, in wall-clock and CPU seconds. Asked of the edition with the most
figures.
Run: python benchmarks/proof.py [PROJECT]
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from briefings.archive import Archive, Edition
from briefings.workspace import builtin

RUNS = 9


def main() -> None:
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        shutil.copytree(builtin("templates") / "starter", root)
        for command in ("ingest", "build"):
            briefings(root, command)
        measure(root)


def measure(root: Path) -> None:
    edition = max(Archive(root / "data/editions").editions(damaged=[]), key=lambda each: int(each.manifest["figures"]))
    computed = [figure["id"] for figure in edition.figures() if figure["computed"] and figure["printed"]]
    print(
        json.dumps(
            {
                "benchmark": "proof",
                "edition": edition.id,
                "figures": len(edition.figures()),
                "trace": median(root, "trace", edition.id, computed[0]),
                "verify": median(root, "editions", "verify", edition.id),
                "verify_pdf": median(root, "editions", "verify", str(pdf(edition))),
            }
        )
    )


def pdf(edition: Edition) -> Path:
    return edition.folder / "briefing.pdf"


def median(root: Path, *command: str) -> dict[str, float]:
    """Seconds of a command: wall clock and CPU, each the median of all runs."""
    runs = [briefings(root, *command) for _ in range(RUNS)]
    wall, cpu = (round(statistics.median(times), 3) for times in zip(*runs, strict=True))
    return {"wall_seconds": wall, "cpu_seconds": cpu}


def briefings(root: Path, *command: str) -> tuple[float, float]:
    before, start = os.times(), time.perf_counter()
    program = [sys.executable, "-c", "from briefings.cli import main; main()", "-q", "--project", str(root), *command]
    subprocess.run(program, check=False, capture_output=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu


if __name__ == "__main__":
    main()
