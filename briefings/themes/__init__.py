"""Themes: what a briefing on a subject holds, asked for in one YAML file.

In: `config/themes/*.yaml`. Out: `Theme` models whose every reference is known to the catalogue, or complaints with
file, line and column. `requests` reads measures, `grammar` holds the models, `checking` holds them against the
catalogue. `references` reads the names of numbers in commentaries, which `commentaries` holds against the themes.
"""

from briefings.themes.checking import check
from briefings.themes.commentaries import check_commentaries
from briefings.themes.grammar import (
    ORDER,
    ChartWord,
    FindingWord,
    Section,
    Show,
    Theme,
    WindowWord,
)
from briefings.themes.references import Reference
from briefings.themes.requests import MEASURE_WORDS, PUBLISHED, SPANS, MeasureRequest

__all__ = [
    "MEASURE_WORDS",
    "ORDER",
    "PUBLISHED",
    "SPANS",
    "ChartWord",
    "FindingWord",
    "MeasureRequest",
    "Reference",
    "Section",
    "Show",
    "Theme",
    "WindowWord",
    "check",
    "check_commentaries",
]
