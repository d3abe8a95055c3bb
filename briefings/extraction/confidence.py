"""How sure a statement is: 1 less what had to be assumed.

In comes a finished draft; out goes a number between 0 and 1. At 0.9 and above a statement is meant to be a right fact
97 times in a hundred; `benchmarks/extraction.py` measures it.
"""

from __future__ import annotations

from briefings.extraction.drafts import Draft

#: What each assumption costs.
COSTS = {
    "no word of its kind": 0.0,
    "basis assumed": 0.02,
    "reporting period": 0.03,
    "carried over": 0.08,
    "state or deed": 0.14,
    "from a year before": 0.12,
    "to the reporting period": 0.03,
}


def confidence(draft: Draft) -> float:
    """Between 0.05 and 0.99, rounded to hundredths."""
    sure = 0.97 - sum(COSTS[doubt] for doubt in draft.doubts)
    return round(max(0.05, min(0.99, sure * draft.mention.certainty)), 2)
