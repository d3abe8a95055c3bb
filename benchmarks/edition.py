"""One edition in Chinese, cold (a process of its own) and warm (again in one process). Prints one line of JSON.

The edition is the sample theme `markets`, from the store to the files of the edition: its pages and charts are counted
in the result. CPU seconds are those of the process and of the children that draw charts and set the PDF; peak memory is
that of the largest of them. What it costs to read the finished edition again (number gate and read-back) is told as a
share of the rest of the build. Run: python benchmarks/edition.py [RUNS]
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from briefings import fanout, pipeline
from briefings.ingest import ingest
from briefings.press import Press
from briefings.settings import load
from briefings.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 21, tzinfo=UTC)


def seconds_of(pid: int) -> float:
    """CPU seconds that a living process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children() -> list[int]:
    """The living children, whichever thread started them."""
    return [int(pid) for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()]


def spent() -> float:
    """CPU seconds of this process and of its living children."""
    return time.process_time() + sum(seconds_of(pid) for pid in children())


def peak_mb() -> int:
    """The largest resident set of this process or a living child."""
    peaks = [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024]
    for pid in children():
        line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
        peaks.append(int(line.split()[1]) // 1024)
    return max(peaks)


def timed_audit() -> list[float]:
    """CPU seconds of every audit from here on."""
    examine, found = pipeline.examine, []

    def timed(*arguments: Any, **options: Any) -> Any:
        before = spent()
        try:
            return examine(*arguments, **options)
        finally:
            found.append(spent() - before)

    pipeline.examine = timed
    return found


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(ROOT / "config", project / "config")
        for part in ("data/inputs", "seeds"):
            shutil.copytree(ROOT / part, project / part)
        settings = load(Workspace.find(project))
        for source in settings.sources:
            ingest(settings, source, now=NOW)
        task = next(fanout.tasks(settings, theme="markets", place="china", language="zh", force=True))
        result: dict[str, Any] = {"benchmark": "edition", "runs": runs}
        with fanout.workers() as workers:
            press = Press(settings, NOW, workers)
            times, audits = [], timed_audit()
            for _ in range(runs + 1):
                before = spent()
                (built,) = pipeline.build(press, task)
                times.append(spent() - before)
                if built.outcome != "built":
                    raise SystemExit(f"{built.outcome}: {built.reason}")
            result |= {
                "cold_cpu_seconds": round(times[0], 2),
                "warm_cpu_seconds": round(statistics.median(times[1:]), 2),
            }
            audit = statistics.median(audits[1:])
            rest = statistics.median(times[1:]) - audit
            result |= {"audit_cpu_seconds": round(audit, 2), "audit_share": round(audit / rest, 3)}
            result |= {"peak_mb": peak_mb(), "pages": built.pages, "figures": built.figures}
            result["charts"] = len(list(project.glob("data/editions/*/*/*/*/r1/charts/*.svg")))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
