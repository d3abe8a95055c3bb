"""Figures from running text: how fast, and where the folder named by BRIEFINGS_SHARED holds the gold, how right.

Prints one line of JSON: seconds and peak megabytes for a report of one megabyte in each language, made of the case
files of the tests, and of half of it (the time is to grow with the length); then the scores by document. Run:
python benchmarks/extraction.py
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from briefings.extraction import Document, extract
from briefings.periods import Language, Period

ROOT = Path(__file__).parent.parent
MEGABYTE = 10**6


def report(language: Language, size: int) -> str:
    """Sentences of the case files, over and over, in paragraphs, up to so many bytes."""
    sentences = [
        line
        for path in sorted((ROOT / "tests" / "cases" / "figures").glob(f"*_{language}.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line and not line.startswith((" ", "#"))
    ]
    page = "\n".join(sentences) + "\n"
    text = page * (size // len(page.encode()) + 1)
    return text.encode()[:size].decode(errors="ignore")


def seconds(language: Language, size: int) -> tuple[float, int]:
    """How long a report of this size takes, and how many figures it has."""
    document = Document(report(language, size), language, "Rivertown", date(2023, 1, 18), Period.parse("2022"))
    begin = time.perf_counter()
    found = extract(document, None)
    return round(time.perf_counter() - begin, 2), len(found)


def scored() -> dict[str, Any]:
    """The scores of the gold by document, if it is there."""
    if "BRIEFINGS_SHARED" not in os.environ:
        return {}
    sys.path.insert(0, str(ROOT))
    from tests.test_extraction_gold import GOLD, scores

    with tempfile.TemporaryDirectory() as folder:
        result = scores(Path(folder), list(GOLD))
        without = scores(Path(folder), list(GOLD), registered=False)
    documents = {
        name: {"figure": row["figure"]["f1"], "fact": row["fact"]["f1"], "basis": row["fields"]["basis"]}
        for name, row in result["documents"].items()
    }
    return {**result, "documents": documents, "fact without period": without["fact"]["f1"]}


def main() -> None:
    row: dict[str, Any] = {"benchmark": "extraction"}
    for language in ("zh", "en"):
        seconds(language, MEGABYTE // 100)  # patterns are compiled on first use
        half, _ = seconds(language, MEGABYTE // 2)
        whole, figures = seconds(language, MEGABYTE)
        row[language] = {"seconds for 0.5 MB": half, "seconds for 1 MB": whole, "figures": figures}
    row["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({**row, "scores": scored()}))


if __name__ == "__main__":
    main()
