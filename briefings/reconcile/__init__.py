"""The audit: figures checked against one another before they are composed; which are held, and why.

In: the panel of a theme and the catalogue. Out: `Checked`: the panel without the figures that are held, those figures
with their reasons, and the barriers that no comparison crosses. What is held stays out of findings and charts until a
person decides; `compose` puts it into the notes.

The rules stand a family a module: `jumps` (a figure against its own series), `rates` (growth against levels), `wholes`
(parts, shares, gaps, completion), `spans` (a part of a year against a whole one), `tiers` (what cannot be more than
another), `quotes` (what a figure's own words say), `doubts` (what is doubtful by itself, and what falls with a figure
held). Each asks `printed` how exact figures are: they contradict one another only where no values that round to what
was printed agree. `checking` applies them in order.
"""

from briefings.reconcile.checking import RULES, check
from briefings.reconcile.jumps import FACTOR, PERCENTAGES, conflicts, contradicted, jumps
from briefings.reconcile.model import (
    Accepted,
    Barrier,
    Barriers,
    Checked,
    Decided,
    Decision,
    Held,
    Implied,
    Rule,
    Verdict,
)

__all__ = [
    "FACTOR",
    "PERCENTAGES",
    "RULES",
    "Accepted",
    "Barrier",
    "Barriers",
    "Checked",
    "Decided",
    "Decision",
    "Held",
    "Implied",
    "Rule",
    "Verdict",
    "check",
    "conflicts",
    "contradicted",
    "jumps",
]
