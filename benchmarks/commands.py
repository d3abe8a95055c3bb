"""`--help`, and `check` of a project with a hundred themes. Prints one line of JSON: CPU seconds and peak memory.

Each command is a process of its own, run five times; the figures are medians. Run: python benchmarks/commands.py
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5


def measured(arguments: list[str]) -> tuple[float, float]:
    """CPU seconds and peak megabytes of one run of a command and its children."""
    command = [str(Path(sys.executable).with_name("briefings")), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def medians(arguments: list[str]) -> dict[str, float]:
    runs = [measured(arguments) for _ in range(RUNS)]
    return {
        "cpu_seconds": round(statistics.median(cpu for cpu, _ in runs), 2),
        "peak_mb": round(statistics.median(peak for _, peak in runs)),
    }


def with_themes(folder: Path, count: int) -> Path:
    """The sample project with copies of one theme."""
    project = folder / "project"
    shutil.copytree(ROOT / "config", project / "config")
    text = (ROOT / "config/themes/markets.yaml").read_text("utf-8")
    for number in range(count - 2):
        name = f"markets_{number}"
        copy = text.replace("theme: markets", f"theme: {name}")
        (project / f"config/themes/{name}.yaml").write_text(copy, encoding="utf-8")
    return project


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = with_themes(Path(folder), 100)
        result = {"help": medians(["--help"]), "check_100_themes": medians(["--project", str(project), "check"])}
    print(json.dumps({"benchmark": "commands", **result}))


if __name__ == "__main__":
    main()
