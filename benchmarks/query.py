"""A theme's question to ten million stored observations. Prints one line of JSON.

The store is made in a temporary folder from a fixed seed: 100 indicators, 300 places, a period a month, in ten files of
one source each. Asked for, in a process of its own: 4 indicators of 30 places, as of today and as of a day long past.
Run: python benchmarks/query.py [ROWS]
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path

INDICATORS, PLACES, SOURCES = 100, 300, 10
ASKED_INDICATORS, ASKED_PLACES = 4, 30


def make(root: Path, rows: int) -> int:
    """Fill a store, a source at a time, and return the number of observations."""
    import numpy as np
    import pandas as pd

    from briefings.store import Store

    numbers = np.random.default_rng(1)
    each = INDICATORS // SOURCES
    months = max(1, rows // (INDICATORS * PLACES))
    size = each * PLACES * months
    position = np.arange(size)

    def coded(codes: object, texts: list[str]) -> pd.Categorical:
        return pd.Categorical.from_codes(codes, categories=pd.Index(texts, dtype="str"))

    def constant(text: str) -> pd.Categorical:
        return coded(np.zeros(size, dtype=np.int8), [text])

    periods = [f"{1990 + month // 12:04}-{month % 12 + 1:02}" for month in range(months)]
    days = np.array([date(1990 + (month + 1) // 12, (month + 1) % 12 + 1, 15) for month in range(months)], dtype=object)
    store = Store(root / "observations", root / "snapshots")
    for number in range(SOURCES):
        frame = pd.DataFrame(
            {
                "place": coded(position // months % PLACES, [f"place_{n:03}" for n in range(PLACES)]),
                "indicator": coded(
                    position // (months * PLACES), [f"indicator_{number * each + n:03}" for n in range(each)]
                ),
                "period": coded(position % months, periods),
                "value": numbers.uniform(1, 10_000, size).round(2),
                "target": False,
                "confidence": 1.0,
                "published": days[position % months],
                "locator": pd.Series(position).astype("str").radd("row=").add(",column=Value"),
                "quote": "1234.56",
                **{name: constant("") for name in ("breakdown", "basis", "of", "counted_from")},
                "kind": constant("level"),
                "unit": constant("CNY"),
                "status": constant("actual"),
                "qualifier": constant("exact"),
                "source": constant(f"source_{number}"),
                "snapshot": constant("0" * 64),
            }
        )
        store.add(f"source_{number}", frame, datetime(2026, 11, 1 + number, tzinfo=UTC))
    return size * SOURCES


def ask(root: Path, day: date | None) -> dict[str, float]:
    """One question, as building an edition asks it; what importing the libraries takes is told apart."""
    start = time.process_time()
    import pandas as pd  # noqa: F401 - which the first question would import

    from briefings.store import Store, vintages  # noqa: F401 - as well

    imported = time.process_time()
    indicators = [f"indicator_{n * 23 % INDICATORS:03}" for n in range(ASKED_INDICATORS)]
    places = [f"place_{n * 7 % PLACES:03}" for n in range(ASKED_PLACES)]
    store = Store(root / "observations", root / "snapshots")
    frame = store.as_of(day, indicators=indicators, places=places)
    return {
        "rows": len(frame),
        "import_cpu_seconds": round(imported - start, 2),
        "cpu_seconds": round(time.process_time() - imported, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    result: dict[str, object] = {"benchmark": "query"}
    with tempfile.TemporaryDirectory() as folder:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            result["stored"] = process.submit(make, Path(folder), rows).result()
        for name, day in (("now", None), ("as of 2005", date(2005, 6, 30))):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                result[name] = process.submit(ask, Path(folder), day).result()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
