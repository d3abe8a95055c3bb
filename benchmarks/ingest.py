"""Ingest of a million rows of CSV: read, hash, check, store. Prints one line of JSON.

The table is long (period, place, value), made in a temporary folder from a fixed seed: 250 places, 4,000 days. `again`
is a second ingest of the same file, which stores nothing. Run: python benchmarks/ingest.py [ROWS]
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from briefings import sources
from briefings.catalogue import Catalogue, Indicator, Place
from briefings.configuration import Source
from briefings.store import Store

PLACES = 250
SOURCE: dict[str, Any] = {
    "path": "rates.csv",
    "published": "15 days after period",
    "period": "Date",
    "place": "Place",
    "indicator": {"is": "rate"},
    "value": "Value",
}


def make(path: Path, rows: int) -> None:
    """Write a table of so many rows with as many distinct values as a walk gives."""
    numbers = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("Date,Place,Value\n")
        for row in range(rows):
            day = date(1990, 1, 1) + timedelta(days=row // PLACES)
            file.write(f"{day},Place {row % PLACES},{numbers.uniform(1, 10_000):.4f}\n")


def ingest(root: Path) -> dict[str, float]:
    """One ingest of the table, as a command would do it; what it told and what it took."""
    places = {f"place_{n}": Place.model_validate({"name": {"en": f"Place {n}"}}) for n in range(PLACES)}
    rate = Indicator.model_validate({"name": {"en": "Rate"}, "unit": "USD", "nature": "rate"})
    catalogue, source = Catalogue({"rate": rate}, places, {}), Source.model_validate(SOURCE)
    store = Store(root / "observations", root / "snapshots")
    start = time.process_time()
    reading = sources.read("rates", source, catalogue=catalogue, root=root, keep=store.keep, today=date(2026, 11, 21))
    read = time.process_time()
    told = store.add("rates", reading.frame, datetime(2026, 11, 21, tzinfo=UTC))
    return {
        "new": told.new,
        "unchanged": told.unchanged,
        "read_cpu_seconds": round(read - start, 2),
        "cpu_seconds": round(time.process_time() - start, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder) / SOURCE["path"], rows)
        result = {}
        for name in ("first", "again"):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                result[name] = process.submit(ingest, Path(folder)).result()
    if result["first"]["new"] != rows or result["again"]["unchanged"] != rows:
        raise SystemExit(f"not all of {rows} rows were stored: {result}")
    print(json.dumps({"benchmark": "ingest", "rows": rows, **result}))


if __name__ == "__main__":
    main()
