"""Everything that is measured, one line of JSON a benchmark. Run: python benchmarks/run.py [NAME ...]"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = ("commands", "ingest", "query", "vintages", "extraction", "edition", "demo", "proof", "send", "places")


def main() -> None:
    for name in sys.argv[1:] or BENCHMARKS:
        subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py"))], check=True)


if __name__ == "__main__":
    main()
