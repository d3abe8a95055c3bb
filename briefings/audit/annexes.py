"""The data files of an edition, cell by cell: `data.csv`, `data.xlsx`, `figures.json`, `briefing.json`.

In: what `texts` read from them, the script, the briefing. Out: objections. Every cell must be the script's; and what a
row says of a figure must be what the briefing says of it, whatever the script says.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from briefings.audit.model import Objection
from briefings.audit.texts import Cell, Texts
from briefings.briefing import Briefing, Figure, TableRequest
from briefings.script import Script

#: Columns of the data that the briefing's figure answers for, by themselves.
_OWN = ("indicator", "place", "breakdown", "period", "kind", "basis", "value", "unit", "status", "formula")
_BROKEN = re.compile("[\ud800-\udfff\x00-\x1f\x7f\ufffd?]+")


def objections(texts: Texts, files: Mapping[str, bytes], script: Script, briefing: Briefing) -> Iterator[Objection]:
    """What the data files say otherwise than they must."""
    yield from _grid("data.csv", texts.rows, script.rows)
    yield from _figures("data.csv", texts.rows, briefing)
    names = list(script.sheets)
    if list(texts.sheets) != names:
        yield Objection("data.xlsx", f"sheets {', '.join(texts.sheets)}", f"sheets {', '.join(names)}")
        return
    for name, wanted in script.sheets.items():
        yield from _grid(f"data.xlsx, {name}", texts.sheets[name], wanted)
    if names:
        yield from _figures(f"data.xlsx, {names[-1]}", texts.sheets[names[-1]], briefing)
    for name, request in zip(names[1:-1], briefing.every_table(), strict=False):
        yield from _table(f"data.xlsx, {name}", texts.sheets[name], request, briefing)
    ranked = [request for request in briefing.every_table() if request.ranking]
    for name, request in zip(names[-1 - len(ranked) : -1], ranked, strict=True):
        yield from _ranking(f"data.xlsx, {name}", texts.sheets[name], request, briefing)
    yield from _json(files, briefing)


def _grid(where: str, found: Sequence[Sequence[Cell]], wanted: Sequence[Sequence[Cell]]) -> Iterator[Objection]:
    if len(_trimmed(found)) != len(_trimmed(wanted)):
        yield Objection(where, f"{len(found)} rows", f"{len(wanted)} rows")
    for n, (row, expected) in enumerate(zip(found, wanted, strict=False), start=1):
        for m in range(max(len(row), len(expected))):
            cell = row[m] if m < len(row) else None
            due = expected[m] if m < len(expected) else None
            if not _same(cell, due):
                yield Objection(f"{where}, row {n}, column {m + 1}", _told(cell), _told(due), _figure_of(expected))


def _trimmed(rows: Sequence[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Rows without the empty ones at the end, which no reader of workbooks keeps."""
    kept = list(rows)
    while kept and not any(cell not in (None, "") for cell in kept[-1]):
        kept.pop()
    return kept


def _same(cell: Cell, due: Cell) -> bool:
    """A number is the very number (a workbook keeps 16 digits of it), a text the very text; guards against formulas
    and broken characters apart."""
    if isinstance(due, str) and cell == due:
        return True
    if isinstance(due, (int, float)) and not isinstance(due, bool):
        try:
            return cell is not None and _alike(float(cell), float(due), isinstance(cell, str))
        except ValueError:
            return False
    if due in (None, ""):
        return cell in (None, "")
    return isinstance(cell, str) and _bare(cell) == _bare(str(due))


def _alike(found: float, due: float, exact: bool) -> bool:
    return found == due if exact else math.isclose(found, due, rel_tol=1e-14)


def _bare(text: str) -> str:
    return " ".join(_BROKEN.sub(" ", text).removeprefix("'").split())[:32000]


def _told(cell: Cell) -> str:
    return "nothing" if cell in (None, "") else f"“{str(cell)[:80]}”"


def _figure_of(row: Sequence[Cell]) -> str:
    first = row[0] if row else None
    return first if isinstance(first, str) and re.fullmatch(r"f[0-9a-f]{10}", first) else ""


# What rows say of figures


def _figures(where: str, rows: Sequence[Sequence[Cell]], briefing: Briefing) -> Iterator[Objection]:
    """Every figure of the briefing has a row, and its row says what the briefing says."""
    if not rows:
        yield Objection(where, "nothing", "a row for each figure")
        return
    heads = [str(cell) for cell in rows[0]]
    met: set[str] = set()
    for n, row in enumerate(rows[1:], start=2):
        told = dict(zip(heads, row, strict=False))
        identifier = str(told.get("figure") or "")
        figure = briefing.figures.get(identifier)
        if figure is None or identifier in met:
            yield Objection(f"{where}, row {n}", f"figure “{identifier}”", "each figure of the briefing once")
            continue
        met.add(identifier)
        for name in _OWN:
            if not _same(told.get(name), getattr(figure, name)):
                due = _told(getattr(figure, name))
                yield Objection(f"{where}, row {n}, {name}", _told(told.get(name)), due, identifier)
        yield from _way_back(f"{where}, row {n}", told, figure)
    if lacking := set(briefing.figures) - met:
        yield Objection(where, f"{len(met)} figures", f"{len(briefing.figures)} figures", min(lacking))


def _way_back(where: str, told: Mapping[str, Cell], figure: Figure) -> Iterator[Objection]:
    """Locators and quotes are those of the figure's first inputs, in their order."""
    for name in ("locator", "quote"):
        cell, due = str(told.get(name) or ""), " | ".join(getattr(each, name) for each in figure.inputs)
        if cell == due:
            continue
        cell, due = _bare(cell), _bare(due)
        if not due.startswith(cell) or (bool(cell) != bool(due.strip(" |")) and due.strip(" |")):
            yield Objection(f"{where}, {name}", _told(cell), _told(due), figure.id)


def _table(
    where: str, rows: Sequence[Sequence[Cell]], request: TableRequest, briefing: Briefing
) -> Iterator[Objection]:
    """A sheet of a table holds the briefing's values, unrounded, in its rows and columns."""
    for n, row in enumerate(request.rows):
        found = list(rows[n + 3]) if n + 3 < len(rows) else []
        figures = [cell.figure for cell in row.cells]
        if request.rows_are == "accounts":
            values = found[5:6]
        elif request.rows_are == "revisions":
            values = found[5:8]
        else:
            first = len(rows[2]) - len(_strip(rows[2])) if len(rows) > 2 else 0
            width = len(rows[2]) - first if len(rows) > 2 else 0
            values = found[width - len(figures) : width]
        for identifier, value in zip(figures, values or [None] * len(figures), strict=False):
            due = briefing.figures[identifier].value if identifier else None
            if not _same(value, due):
                yield Objection(f"{where}, row {n + 4}", _told(value), _told(due), identifier or "")


def _ranking(
    where: str, rows: Sequence[Sequence[Cell]], request: TableRequest, briefing: Briefing
) -> Iterator[Objection]:
    """A sheet of a whole ranking holds the briefing's values, and of the rows that are printed those of their figures;
    its ranks are in the order of what they rank."""
    if len(_trimmed(rows)) - 3 != len(request.ranking):
        yield Objection(where, f"{len(rows) - 3} rows", f"{len(request.ranking)} rows")
        return
    printed = {row.place: row for row in request.rows}
    for n, (row, due) in enumerate(zip(rows[3:], request.ranking, strict=False), start=4):
        cells = printed[due.place].cells if due.place in printed else ()
        figures = [briefing.figures[cell.figure].value if cell.figure else None for cell in cells] or due.values
        for value, own, figure in zip(row[1:], due.values, figures, strict=False):
            if not _same(value, own) or not _same(value, figure):
                yield Objection(f"{where}, row {n}", _told(value), _told(own if own == figure else figure))
    yield from _in_order(where, request)


def _in_order(where: str, request: TableRequest) -> Iterator[Objection]:
    """Of two places, the one that is ranked nearer to the top has not the lower value of the column that is ranked."""
    measures = [column.measure for column in request.columns]
    for at, measure in enumerate(measures):
        if not measure.startswith("rank") or (of := _ranked_by(measures, "by growth" in measure)) is None:
            continue
        sign = -1 if "from bottom" in measure else 1
        known = [
            (rank, sign * value) for row in request.ranking if (rank := row.values[at]) and (value := row.values[of])
        ]
        known.sort(key=lambda pair: (pair[0], -pair[1]))
        for (rank, value), (after, following) in pairwise(known):
            if (rank == after) != math.isclose(value, following, rel_tol=1e-12, abs_tol=1e-10) or value < following:
                yield Objection(where, f"rank {after:g} behind rank {rank:g}", "ranks in the order of their values")
                return


def _ranked_by(measures: Sequence[str], growth: bool) -> int | None:
    """The column of what a column of ranks ranks, if the table has it."""
    return next((n for n, measure in enumerate(measures) if measure.startswith("growth" if growth else "level")), None)


def _strip(row: Sequence[Cell]) -> list[Cell]:
    kept = list(row)
    while kept and kept[-1] in (None, ""):
        kept.pop()
    return kept


# JSON


def _json(files: Mapping[str, bytes], briefing: Briefing) -> Iterator[Objection]:
    """`briefing.json` is the briefing; `figures.json` says of each figure what the briefing says."""
    if files.get("briefing.json") != briefing.to_json().encode():
        yield Objection("briefing.json", "another briefing", "the briefing that the edition is made of")
    try:
        rows: list[dict[str, Any]] = json.loads(files["figures.json"])
    except (KeyError, ValueError):
        yield Objection("figures.json", "nothing that can be read", "a list of figures")
        return
    if [row.get("id") for row in rows] != sorted(briefing.figures):
        yield Objection("figures.json", f"{len(rows)} figures", f"the briefing's {len(briefing.figures)}, by their ids")
        return
    for row in rows:
        figure = briefing.figures[row["id"]]
        due = figure.model_dump(mode="json", exclude={"inputs", "also"})
        for name in sorted(key for key in due if row.get(key) != due[key]):
            yield Objection(f"figures.json, {name}", f"{row.get(name)!r}", f"{due[name]!r}", figure.id)
        given = [{key: each.get(key) for key in ("value", "unit", "period", "locator")} for each in row["inputs"]]
        wanted = [{key: getattr(each, key) for key in ("value", "unit", "period", "locator")} for each in figure.inputs]
        if given != wanted:
            yield Objection("figures.json, inputs", f"{given!r:.80}", f"{wanted!r:.80}", figure.id)
