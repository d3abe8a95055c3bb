"""What tests of documents share: a small catalogue, documents of every form made on the spot, figures found simply."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import docx
import yaml

from briefings import sources
from briefings.catalogue import Catalogue, Indicator, Place
from briefings.configuration import Review, Source
from briefings.extraction import Document, Statement
from briefings.sources import Reading

TODAY = date(2026, 7, 20)
INDICATORS = {
    "turnover": {"name": {"en": "Turnover", "zh": "成交额"}, "unit": "CNY", "nature": "flow"},
    "visitors": {"name": {"en": "Visitors", "zh": "游客"}, "unit": "person", "nature": "flow"},
    "unemployment": {"name": {"en": "Unemployment rate", "zh": "失业率"}, "unit": "percent", "nature": "rate"},
}
PLACES = {
    "riverland": {"name": {"en": "Riverland", "zh": "河州"}, "currency": "CNY", "kind": "province"},
    "riverton": {"name": {"en": "Riverton", "zh": "河城市"}, "currency": "CNY", "aliases": ["河城"]},
}
CATALOGUE = Catalogue(
    {key: Indicator.model_validate(value) for key, value in INDICATORS.items()},
    {key: Place.model_validate(value) for key, value in PLACES.items()},
    {},
)
#: A figure of these tests: `turnover=5 million`, with what is said of it in brackets.
FIGURE = re.compile(r"(?P<name>[a-z_]+)=(?P<quote>(?P<number>-?[0-9.]+)(?P<sign>%)?)(?:\[(?P<said>[^\]]*)\])?")


def stated(document: Document, catalogue: Catalogue | None, span: tuple[int, int] | None = None) -> list[Statement]:
    """In place of extraction: `turnover=5` states a turnover of CNY 5, `turnover=5[kind=growth period=2024]` more."""
    found = []
    for match in FIGURE.finditer(document.text):
        fields: dict[str, Any] = {
            **{"kind": "level", "rank_of": None, "counted_from": None, "basis": None, "period": "2025"},
            **{"status": "actual", "qualifier": "exact", "place": document.place, "confidence": 0.95},
            "unit": "percent" if match["sign"] else "person" if match["name"] == "visitors" else "CNY",
            "indicator": match["name"] if catalogue and match["name"] in catalogue.indicators else None,
        }
        for word in (match["said"] or "").split():
            key, _, value = word.partition("=")
            fields[key] = float(value) if key == "confidence" else value or None
        spans = {"start": match.start("quote"), "end": match.end("quote"), "clause": match.span()}
        found.append(
            Statement(**spans, quote=match["quote"], value=float(match["number"]), subject=match["name"], **fields)
        )
    return found


class Kept(dict[str, tuple[bytes, dict[str, Any]]]):
    """A store of snapshots in memory."""

    def keep(self, content: bytes, dialect: dict[str, Any]) -> str:
        sha = sha256(content).hexdigest()
        self[sha] = (content, dict(dialect))
        return sha


def source_of(text: str) -> Source:
    return Source.model_validate({"kind": "documents"} | yaml.load(text, Loader=yaml.BaseLoader))


def reading(
    folder: Path, source: str = "{path: releases, place: riverton}", reviews: Sequence[Review] = (), kept: Any = None
) -> Reading:
    keep: Callable[..., str] = (kept if kept is not None else Kept()).keep
    given = {"catalogue": CATALOGUE, "root": folder, "keep": keep, "today": TODAY, "reviews": reviews}
    return sources.read("releases", source_of(source), **given)


def write(folder: Path, **files: str | bytes) -> Path:
    """Files of `releases/`; the double underscore of a name stands for its point."""
    (folder / "releases").mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / "releases" / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def docx_of(paragraphs: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A DOCX of paragraphs (style, text), then a table."""
    document = docx.Document()
    for style, text in paragraphs:
        document.add_paragraph(text, style=style)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_of(html: str) -> bytes:
    """A PDF of a page of HTML."""
    import weasyprint

    made: bytes = weasyprint.HTML(string=html).write_pdf()
    return made


def stumble(content: bytes, shown: str) -> None:
    """A library that meets what it never met."""
    raise KeyError("word/styles.xml")


def never(content: bytes, shown: str) -> None:
    """A library that does not come back from a file."""
    while True:
        time.sleep(1)
