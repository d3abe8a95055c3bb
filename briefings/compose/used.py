"""What a briefing holds: the figures that are printed, and the places, breakdowns and wholes that need a name.

In: findings, sections, tables and notes as composed. Out: ids and keys. Their names are given in `notes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefings import briefing as model
from briefings.briefing import Finding
from briefings.compose.desk import Desk

#: A figure that another's formula names: the count of those among whom a rank is.
FIGURE_ID = re.compile(r"\bf[0-9a-f]{10}\b")


def used(desk: Desk, printed: set[str], notes: Sequence[model.Note]) -> dict[str, model.Figure]:
    """The figures printed, those of the notes, and those that formulas name; what was asked only to judge others stays
    behind."""
    ids = printed | {figure for note in notes for figure in note.figures.values()}
    ids |= {named for key in ids for named in FIGURE_ID.findall(desk.figures[key].formula)}
    return {key: desk.figures[key] for key in sorted(ids)}


def mentioned(
    desk: Desk,
    headline: Sequence[Finding],
    sections: Sequence[model.Section],
    summary: model.TableRequest | None,
    notes: Sequence[model.Note],
) -> tuple[str, ...]:
    """The places that sentences and rows name without a figure of their own."""
    told = [*headline, *(finding for section in sections for finding in section.findings)]
    facts = ("to", "of", "gap_to", "rank_among")
    places = {fact for finding in told for key, fact in finding.facts.items() if key in facts}
    tables = [table for section in sections for table in section.tables] + ([summary] if summary else [])
    rows = [row for table in tables for row in table.rows]
    places |= {word for row in rows for word in row.measure.split()} | {row.place for row in rows}
    places |= {note.place for note in notes if note.place} | {finding.place for finding in told}
    places |= {word for note in notes for word in note.facts.get("measure", "").split()}
    return tuple(sorted(places & set(desk.catalogue.places)))


def parts_of(
    headline: Sequence[Finding], sections: Sequence[model.Section], summary: model.TableRequest | None
) -> tuple[set[str], set[str]]:
    """The breakdowns that stand in findings, tables and charts, and what published shares are of."""
    told = [*headline, *(finding for section in sections for finding in section.findings)]
    tables = [table for section in sections for table in section.tables] + ([summary] if summary else [])
    rows = [row for table in tables for row in table.rows]
    charts = [chart for section in sections for chart in section.charts]
    series = [line for chart in charts for line in chart.series]
    breakdowns = {item.breakdown for found in (told, rows, series) for item in found}
    entries = [entry for finding in told for entry in finding.entries]
    breakdowns |= {entry.breakdown for entry in entries} | {entry.facts.get("tier", "") for entry in entries}
    known = ("share_of", "gap_to", "rank_among")
    wholes = {item.facts[key] for found in (told, entries) for item in found for key in known if key in item.facts}
    measures = [item.measure for shown in (rows, charts) for item in shown]
    wholes |= {measure.partition(word)[2] for measure in measures for word in (" of ", " to ", " among ")}
    return breakdowns - {""}, wholes
