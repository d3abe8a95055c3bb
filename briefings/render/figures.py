"""The register of printed numbers, and `figures.json`.

In: each number that the pages, the tables and the charts print, with the place where it stands. Out: `figures.json`,
every figure of the briefing with `printed`, a list of `{text, where}`, and the way back to its source. A figure that is
a mark of a chart without a label has an empty `printed`.

`where` is one of `summary`, `finding/<n>` (main findings), `commentary/<n>` (paragraphs and items of lists),
`change/<n>` (since the last edition), `section/<id>/finding/<n>`, `note/<n>`, `table/<id>/row/<n>/column/<n>`,
`table/<id>/caption`, `chart/<id>/title`, `chart/<id>/subtitle`, and for a label in a chart what `charts.printed` says;
n counts from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from briefings.briefing import Briefing, Input, SourceNote
from briefings.tables import in_language


class Register:
    """What was printed where, in order of reading: figure id -> [(text, where), ...]."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._printed: dict[str, list[tuple[str, str]]] = {}

    def add(self, figure: str, text: str, where: str) -> None:
        """Enter a number. Raises `KeyError` when the briefing has no such figure."""
        if figure not in self._briefing.figures:
            raise KeyError(figure)
        entries = self._printed.setdefault(figure, [])
        if (text, where) not in entries:
            entries.append((text, where))

    def printed(self, figure: str) -> list[tuple[str, str]]:
        return self._printed.get(figure, [])

    def in_text(self, figure: str) -> bool:
        """Whether a sentence or a title prints it, and not only a table or the labels of a chart."""
        return any(
            not where.startswith(("table", "chart")) or where.endswith(("/title", "/subtitle"))
            for _, where in self.printed(figure)
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._printed)

    def __len__(self) -> int:
        """How many distinct figures are printed."""
        return len(self._printed)


def figures_json(briefing: Briefing, register: Register, language: str) -> bytes:
    """`figures.json` as in the design, sorted by id, one a line: the same briefing gives the same bytes."""
    sources = {source.id: source for source in briefing.sources}
    rows = []
    for identifier in sorted(briefing.figures):
        figure = briefing.figures[identifier]
        row = figure.model_dump(mode="json", exclude={"inputs", "also"})
        row["printed"] = [{"text": text, "where": where} for text, where in register.printed(identifier)]
        row["inputs"] = [_input(given, sources.get(given.source), language) for given in figure.inputs]
        row["also"] = [_input(given, sources.get(given.source), language) for given in figure.also]
        rows.append(row)
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode("utf-8", "replace")


def _input(given: Input, source: SourceNote | None, language: str) -> dict[str, Any]:
    return given.model_dump(mode="json") | {"publisher": in_language(source.publisher, language) if source else ""}
