"""Whole documents in our own words, each with its gold: the figures are marked up where they stand.

The first line of a file says how it is registered. `{{quote|value unit kind period status [basis]}}` is a figure,
`{{quote|opt}}` one that need not be found. The numbers and places are made up. The documents were written after the
rules, to see what those miss; the rules were mended since, so these tests keep what was won and measure nothing new.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from briefings.extraction import Document, Statement, extract
from briefings.extraction.mentions import COUNTED
from briefings.periods import Period

FILES = sorted((Path(__file__).parent / "cases" / "figures" / "documents").glob("*.txt"))
MARK = re.compile(r"\{\{([^{}|]*)\|([^{}]*)\}\}")
FIGURES, FACTS = 0.97, 0.80  # F1 of a document


@dataclass(frozen=True)
class Figure:
    """One figure of the gold; `told` is empty where it is optional."""

    start: int
    end: int
    told: tuple[str, ...]

    def is_found(self, statement: Statement) -> bool:
        value, unit = float(self.told[0]), self.told[1]
        counts = unit in COUNTED and statement.unit in COUNTED
        overlap = min(self.end, statement.end) > max(self.start, statement.start)
        return overlap and statement.value == pytest.approx(value) and (unit == statement.unit or counts)

    def is_fact(self, statement: Statement) -> bool:
        return self.is_found(statement) and self.told[2:5] == (statement.kind, statement.period, statement.status)


def read(path: Path) -> tuple[Document, list[Figure]]:
    head, _, marked = path.read_text("utf-8").partition("\n")
    meta: dict[str, Any] = dict(part.split("=") for part in head.split())
    text, figures, at = "", [], 0
    for mark in MARK.finditer(marked):
        text += marked[at : mark.start()]
        told = () if mark[2] == "opt" else tuple(mark[2].split())
        figures.append(Figure(len(text), len(text) + len(mark[1]), told))
        text, at = text + mark[1], mark.end()
    text += marked[at:]
    document = Document(text, meta["lang"], "P", date.fromisoformat(meta["published"]), Period.parse(meta["period"]))
    return document, figures


def f1(hits: int, guesses: int, golds: int) -> float:
    return 2 * hits / (guesses + golds)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_document(path: Path) -> None:
    document, figures = read(path)
    optional = [figure for figure in figures if not figure.told]
    wanted = [figure for figure in figures if figure.told]
    statements = [
        statement
        for statement in extract(document, None)
        if not any(figure.start < statement.end and statement.start < figure.end for figure in optional)
    ]
    found = sum(any(figure.is_found(statement) for statement in statements) for figure in wanted)
    facts = sum(any(figure.is_fact(statement) for statement in statements) for figure in wanted)
    assert f1(found, len(statements), len(wanted)) >= FIGURES
    assert f1(facts, len(statements), len(wanted)) >= FACTS


def test_all_documents_together() -> None:
    golds = guesses = facts = 0
    for path in FILES:
        document, figures = read(path)
        statements = extract(document, None)
        wanted = [figure for figure in figures if figure.told]
        golds += len(wanted)
        guesses += len(statements) - sum(not figure.told for figure in figures)
        facts += sum(any(figure.is_fact(statement) for statement in statements) for figure in wanted)
    assert golds > 400
    assert f1(facts, max(guesses, golds), golds) >= 0.95
