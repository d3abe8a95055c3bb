"""One edition in Chinese, cold (a process of its own) and warm (again in one process). Prints one line of JSON.

The edition is the sample theme `markets`, from the store to the files of the edition: its pages and charts are counted
in the result, and stand beside those of the edition that the aim is of. `warm` is the median, `least` the smallest of
the warm runs: on a machine that does other things as well, a run costs up to a half more. CPU seconds are those of the
process and of the children that draw charts and set the PDF; peak memory is that of the largest of them. `stages` says
where the warm seconds go (`other` is what no stage is charged with: mostly what children do after they have answered),
`bytes` how large the files are; beside both stand the aims. What it costs to read the finished edition again (number
gate and read-back) is told as a share of the rest of the build.
Run: python benchmarks/edition.py [RUNS]
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
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

from briefings import fanout, pipeline, render
from briefings.ingest import ingest
from briefings.press import Press
from briefings.render import annex, pdf
from briefings.settings import load
from briefings.survey import Ground
from briefings.workers import Workers
from briefings.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 21, tzinfo=UTC)
#: CPU seconds, warm, of a finished edition of eight pages and eight charts; and bytes of its files, at most.
AIM_SECONDS = 1.2
AIM_OF = {"pages": 8, "charts": 8}
AIMS = {"briefing.pdf": 1_000_000, "briefing.html": 1_500_000, "mail.html": 102_400}
#: Stage -> the functions that it consists of, by the module or class that calls them.
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "brief": ((pipeline, "survey"), (Ground, "commented")),
    "sentences": ((pipeline, "narrate"),),
    "charts": ((render, "draw_all"),),
    "templates": ((render, "_pages"), (render, "_fill")),
    "annex": ((annex, "rows"), (annex, "sheets"), (annex, "data_csv"), (annex, "data_xlsx"), (render, "figures_json")),
    "word": ((render, "word_edition"),),
    "audit": ((pipeline, "examine"),),
    "lint": ((pipeline, "lint"),),
}


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


def timed(function: Callable[..., Any], stage: str, seconds: dict[str, float]) -> Callable[..., Any]:
    """The function, its CPU seconds charged to a stage."""

    @wraps(function)
    def measured(*arguments: Any, **options: Any) -> Any:
        before = spent()
        try:
            return function(*arguments, **options)
        finally:
            seconds[stage] += spent() - before

    return measured


def watch(seconds: dict[str, float]) -> None:
    """Charge every stage with its CPU seconds from here on; the PDF by the job that children are given."""
    for stage, functions in STAGES.items():
        for owner, name in functions:
            setattr(owner, name, timed(getattr(owner, name), stage, seconds))
    call = Workers.call
    setting = timed(call, "pdf", seconds)

    def told(self: Workers, function: Any, *arguments: Any, **options: Any) -> Any:
        of_pdf = function == f"{pdf.__name__}:write"
        return (setting if of_pdf else call)(self, function, *arguments, **options)

    Workers.call = told  # type: ignore[method-assign]


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
        seconds: dict[str, float] = defaultdict(float)
        watch(seconds)
        with fanout.workers() as workers:
            press = Press(settings, NOW, workers)
            times, stages = [], []
            for _ in range(runs + 1):
                seconds.clear()
                before = spent()
                (built,) = pipeline.build(press, task)
                times.append(spent() - before)
                stages.append({**seconds, "other": times[-1] - sum(seconds.values())})
                if built.outcome != "built":
                    raise SystemExit(f"{built.outcome}: {built.reason}")
            warm = statistics.median(times[1:])
            medians = {stage: statistics.median(each[stage] for each in stages[1:]) for stage in stages[0]}
            result |= {
                "cold_cpu_seconds": round(times[0], 2),
                "warm_cpu_seconds": round(warm, 2),
                "least_cpu_seconds": round(min(times[1:]), 2),
                "aim_cpu_seconds": AIM_SECONDS,
                "aim_of": AIM_OF,
                "stages": {stage: round(median, 2) for stage, median in medians.items()},
                "audit_cpu_seconds": round(medians["audit"], 2),
                "audit_share": round(medians["audit"] / (warm - medians["audit"]), 3),
                "peak_mb": peak_mb(),
                "pages": built.pages,
                "figures": built.figures,
            }
            edition = next(project.glob("data/editions/*/*/*/*/r1"))
            result["charts"] = len(list(edition.glob("charts/*.svg")))
            names = ("briefing.pdf", "briefing.html", "mail.html", "briefing.docx", "figures.json", "data.xlsx")
            result["bytes"] = {name: (edition / name).stat().st_size for name in names}
            result["aim_bytes"] = AIMS
    print(json.dumps(result))


if __name__ == "__main__":
    main()
