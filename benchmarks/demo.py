"""The sample editions, as `make demo` builds them after set-up. Prints one line of JSON.

Run: python benchmarks/demo.py
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    command = str(Path(sys.executable).with_name("briefings"))
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(ROOT / "config", project / "config")
        for part in ("data/inputs", "seeds"):
            shutil.copytree(ROOT / part, project / part)
        start = time.monotonic()
        for step in ("ingest", "build"):
            subprocess.run([command, "--project", folder, "-q", step], check=True, stdout=subprocess.DEVNULL)
        wall = time.monotonic() - start
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        editions = len(list(project.glob("data/editions/*/*/*/*/r1")))
    result = {
        "benchmark": "demo",
        "editions": editions,
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "wall_seconds": round(wall, 1),
        "peak_mb": usage.ru_maxrss // 1024,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
