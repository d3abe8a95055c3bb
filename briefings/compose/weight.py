"""How much a finding weighs: its kind, in the order that the theme states, and how unusual it is.

In: the kind of a finding and the size of the movement against its own history. Out: a number, only compared with others
of one briefing. The rules are those a person reads in the theme: `page_one.order` and `notable`.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, stdev

from briefings.briefing import Tone
from briefings.catalogue import Indicator
from briefings.themes import ORDER, FindingWord, Theme

#: The word of the theme's `order` under which each kind of finding counts.
WORDS: dict[str, FindingWord] = {
    "level": "level",
    "growth": "growth",
    "change_in_growth": "growth",
    "sign_change": "sign change",
    "crossing": "sign change",
    "record": "record",
    "streak": "streak",
    "movers": "largest moves",
    "breadth": "largest moves",
    "extremes": "level",
    "rank": "rank moved",
    "rank_moves": "rank moved",
    "top_share": "level",
    "share": "level",
    "average_growth": "growth",
    "gap": "gap moved",
    "volatility": "volatility",
    "since": "growth",
    "ratio": "level",
    "per_head": "level",
    "index": "level",
    "rolling": "level",
    "attainment": "target at risk",
    "contribution": "growth",
    "revision": "revision",
    "first": "first figure",
    "flat": "level",
    "missing": "missing",
    "quiet": "level",
    "account": "level",
    "commitments": "level",
    "remark": "level",
    "absent": "missing",
    "held": "missing",
    "composition": "level",
    "tiers": "level",
    "pairs": "level",
    "completions": "target at risk",
}

#: A movement so many standard deviations from the usual weighs as much as the step between two kinds.
STEP = 10.0
SHORTEST_HISTORY = 8
LONGEST_HISTORY = 60


def weigh(theme: Theme, kind: str, *, unusual: float = 0.0, routine: bool = False) -> float:
    """The weight of a finding: STEP for each kind that the theme puts below its own, 4 for each standard deviation
    beyond the first (ten at most), and two steps less for what is routine: a record after a record, a rank held."""
    order = [*theme.page_one.order, *(word for word in ORDER if word not in theme.page_one.order)]
    word = WORDS[kind]
    place = order.index(word) if word in order else len(order)
    weight = STEP * (len(order) + 1 - place) + 4.0 * min(max(unusual - 1.0, 0.0), 10.0)
    return round(weight - (2 * STEP if routine else 0.0), 6)


def deviations(value: float, history: Sequence[float]) -> float:
    """How many sample standard deviations `value` lies from the mean of its history (the last 60 values at most).

    0.0 where the history is shorter than eight values or does not vary: nothing can be said of what is usual then.
    """
    recent = list(history[-LONGEST_HISTORY:])
    if len(recent) < SHORTEST_HISTORY:
        return 0.0
    spread = stdev(recent)
    return abs(value - fmean(recent)) / spread if spread > 1e-12 else 0.0


def tone(indicator: Indicator, direction: str) -> Tone:
    """Whether a movement is good news, by the indicator's direction."""
    if indicator.direction == "neither" or direction not in ("up", "down"):
        return "neutral"
    return "favourable" if (direction == "up") == (indicator.direction == "higher") else "adverse"
