"""What was known on a day, of ten million stored observations with twelve vintages each. Prints one line of JSON.

The store is made in a temporary folder from a fixed seed: 100 indicators, 300 places, a period a month, every figure
told twelve times, a month apart, the last six with other values; a file a vintage. Asked for, each in a process of its
own: 4 indicators of 30 places, as known now and on a day between two vintages; and the history of one figure. The aim
is 1 s of CPU and 500 MB.
Run: python benchmarks/vintages.py [ROWS]
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

INDICATORS, PLACES, VINTAGES = 100, 300, 12
ASKED_INDICATORS, ASKED_PLACES = 4, 30
FIRST = date(2020, 1, 15)


def make(root: Path, rows: int) -> int:
    """Write the files of a store, one a vintage, and return the number of rows."""
    import numpy as np
    import pyarrow as pa

    from briefings.store.adding import _write
    from briefings.store.files import locked, write_whole
    from briefings.store.vintages import SCHEMA

    numbers = np.random.default_rng(1)
    months = max(1, rows // (INDICATORS * PLACES * VINTAGES))
    size = INDICATORS * PLACES * months
    position = np.arange(size)

    def chosen(codes: object, texts: list[str]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(texts)).cast(pa.string())

    def constant(value: object, kind: pa.DataType) -> pa.Array:
        return pa.repeat(pa.scalar(value, kind), size)

    columns = {
        "place": chosen(position // months % PLACES, [f"place_{n:03}" for n in range(PLACES)]),
        "indicator": chosen(position // (months * PLACES), [f"indicator_{n:03}" for n in range(INDICATORS)]),
        "period": chosen(position % months, [f"{2015 + m // 12:04}-{m % 12 + 1:02}" for m in range(months)]),
        "locator": pa.array([f"row={n + 2},column=Value" for n in range(size)]),
        **{name: constant("", pa.string()) for name in ("breakdown", "basis", "of", "counted_from")},
        **{"kind": constant("level", pa.string()), "unit": constant("CNY", pa.string())},
        **{"status": constant("actual", pa.string()), "qualifier": constant("exact", pa.string())},
        **{"source": constant("office", pa.string()), "snapshot": constant("0" * 64, pa.string())},
        **{"quote": constant("1234.56", pa.string()), "target": constant(False, pa.bool_())},
        "confidence": constant(1.0, pa.float64()),
    }
    values = numbers.uniform(1, 10_000, size).round(2)
    folder = root / "observations"
    with locked(folder):
        for number in range(VINTAGES):
            day = FIRST + timedelta(days=30 * number)
            told = values if number < VINTAGES // 2 else (values * numbers.uniform(0.98, 1.02, size)).round(2)
            own = {
                "value": pa.array(told),
                "published": constant(day, pa.date32()),
                "recorded_at": constant(datetime(day.year, day.month, day.day, 8), pa.timestamp("us")),  # noqa: DTZ001 - UTC, as stored
            }
            table = pa.table({name: (columns | own)[name] for name in SCHEMA.names})
            write_whole(folder, lambda file, t=table, n=number: _write(file, t, position, f"{n + 1:06d}-office"))
    return size * VINTAGES


def ask(root: Path, day: date | None, *, history: bool = False) -> dict[str, float]:
    """One question, and what it cost; the imports of the first one are told apart."""
    start = time.process_time()
    import pandas as pd
    import pyarrow.pandas_compat  # noqa: F401 - what the first question would import

    from briefings.periods import Period
    from briefings.store import Store, vintages  # noqa: F401 - as well

    imported, began = time.process_time(), time.perf_counter()
    store = Store(root / "observations", root / "snapshots")
    if history:
        frame: pd.DataFrame = store.history("indicator_042", "place_007", Period.parse("2016-03"))
    else:
        indicators = [f"indicator_{n * 23 % INDICATORS:03}" for n in range(ASKED_INDICATORS)]
        places = [f"place_{n * 7 % PLACES:03}" for n in range(ASKED_PLACES)]
        frame = store.as_of(day, indicators=indicators, places=places)
    return {
        "rows": len(frame),
        "import_cpu_seconds": round(imported - start, 2),
        "cpu_seconds": round(time.process_time() - imported, 2),
        "wall_seconds": round(time.perf_counter() - began, 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    result: dict[str, object] = {"benchmark": "vintages", "vintages": VINTAGES}
    asked = {"now": (None, False), "as of 2020-08-01": (date(2020, 8, 1), False), "history": (None, True)}
    with tempfile.TemporaryDirectory() as folder:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            result["stored"] = process.submit(make, Path(folder), rows).result()
        for name, (day, history) in asked.items():
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                result[name] = process.submit(ask, Path(folder), day, history=history).result()
    print(json.dumps(result))


if __name__ == "__main__":
    main()
