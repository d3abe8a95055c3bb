"""The score on documents whose figures were found by hand, where the folder with them is named by BRIEFINGS_SHARED."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from briefings.extraction import Document, extract, to_json
from briefings.periods import Language, Period
from briefings.settings import load
from briefings.workspace import Workspace

ROOT = Path(__file__).parent.parent
SHARED = os.environ.get("BRIEFINGS_SHARED")
pytestmark = pytest.mark.skipif(SHARED is None, reason="BRIEFINGS_SHARED names no folder with the gold")


class Gold(NamedTuple):
    """A document of the gold as it is registered; `text` begins its file's name, `span` is a part of the file."""

    text: str
    language: Language
    place: str
    published: str
    period: str | None
    span: tuple[int, int] | None = None


GOLD = {
    "wuhai": Gold("000_", "en", "Wuhai", "2026-01-07", "2021/2025"),
    "changde": Gold("002_", "en", "Changde", "2019-04-09", "2018"),
    "hebi": Gold("003_", "en", "Hebi", "2023-08-04", "2023"),
    "jixi": Gold("004_", "en", "Jixi", "2023-07-03", "2023"),
    "xincheng": Gold("001_", "zh", "Xincheng District", "2021-02-07", "2020", (0, 17224)),
    "hohhot": Gold("001_", "zh", "Hohhot", "2021-02-22", "2020", (17224, 31986)),
    "qingshuihe": Gold("001_", "zh", "Qingshuihe County", "2018-12-27", "2018", (31986, 37121)),
    "hohhot_articles": Gold("001_", "zh", "Hohhot", "2025-07-07", None, (37121, 10**9)),
}
LARGE = 20  # a document of so many figures is asked for its own score


def scores(folder: Path, names: list[str], *, registered: bool = True) -> dict[str, Any]:
    """The scorer's answer on these documents, read with or without their reporting period."""
    shared = Path(SHARED or "")
    indicators = load(Workspace.find(ROOT)).catalogue
    pairs: list[str] = []
    texts: list[str] = []
    for name in names:
        gold = GOLD[name]
        (path,) = (shared / "seeds" / "text").glob(f"{gold.text}*")
        text = path.read_text("utf-8")
        period = Period.parse(gold.period) if gold.period and registered else None
        document = Document(text, gold.language, gold.place, date.fromisoformat(gold.published), period)
        rows = [json.dumps(to_json(s), ensure_ascii=False) for s in extract(document, indicators, gold.span)]
        out = folder / f"{name}.jsonl"
        out.write_text("\n".join(rows) + "\n", "utf-8")
        pairs += [str(shared / "extraction" / "gold" / f"{name}.csv"), str(out)]
        texts += ["--text", str(path)]
    ids = folder / "ids.txt"
    ids.write_text("\n".join(indicators.indicators), "utf-8")
    command = [
        sys.executable,
        str(shared / "extraction" / "score.py"),
        *pairs,
        *texts,
        "--catalogue",
        str(ids),
        "--json",
    ]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(answer.stdout))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_score_of_a_language(language: str, tmp_path: Path) -> None:
    result = scores(tmp_path, [name for name, gold in GOLD.items() if gold.language == language])
    assert result["figure"]["f1"] >= 0.97
    assert result["fact"]["f1"] >= 0.95
    assert result["fields"]["basis"] >= 0.85
    for name, document in result["documents"].items():
        if document["gold"] >= LARGE:
            assert document["figure"]["f1"] >= 0.97, name
            assert document["fact"]["f1"] >= 0.88, name


def test_score_of_all(tmp_path: Path) -> None:
    result = scores(tmp_path, list(GOLD))
    assert result["indicator"]["right"] >= 0.9
    assert result["indicator"]["named"] >= 0.5
    assert result["sure"]["right"] >= 0.97
    assert result["sure"]["part"] >= 0.6


def test_without_the_reporting_period_little_is_lost(tmp_path: Path) -> None:
    told = scores(tmp_path, list(GOLD))["fact"]["f1"]
    assert scores(tmp_path, list(GOLD), registered=False)["fact"]["f1"] >= told - 0.05
