"""Measures: values derived from observations, one pure function each.

In: a `Question`, which holds the panel of observations and the catalogue. Out: a `Derived` with its value, formula and
inputs, or a `Refusal` with its reason; nothing is guessed, and nothing is rounded. The words by which themes ask for
measures stand in `themes`; which measures are worth telling is decided in `compose`.

`growth`, `structure`, `comparison`, `ranking`, `targets` and `history` hold the families; `inputs` the rules by which
figures compare, `model` the words of questions and answers, `results` how answers are made.
"""

from __future__ import annotations

from briefings.measures import comparison, growth, history, ranking, structure, targets
from briefings.measures.inputs import Measure
from briefings.measures.model import REASONS, Barrier, Derived, Question, Refusal, VintageKey, vintage_key
from briefings.measures.ranking import ranks
from briefings.measures.targets import is_whole

__all__ = [
    "MEASURES",
    "REASONS",
    "Barrier",
    "Derived",
    "Question",
    "Refusal",
    "VintageKey",
    "derive",
    "is_whole",
    "ranks",
    "vintage_key",
]

MEASURES: dict[str, Measure] = {
    **growth.MEASURES,
    **structure.MEASURES,
    **comparison.MEASURES,
    **ranking.MEASURES,
    **targets.MEASURES,
    **history.MEASURES,
}


def derive(question: Question) -> Derived | Refusal:
    """Answer a question. Raises `ValueError` for a measure that there is not, or one that lacks its `to` or `since`."""
    try:
        measure = MEASURES[question.measure]
    except KeyError:
        known = ", ".join(MEASURES)
        raise ValueError(f"{question.measure!r} is no measure; there are {known}") from None
    return measure(question)
