"""What cannot be more than another: a higher tier than a lower one, what was completed than what was started.

In: the panel. Out: the counts that contradict another. Tiers are nested: 47 projects over a billion are among the 84
over half a billion. Stage and tier stand in the breakdown (`stage=completed;tier=over_1bn`), or are words of an
indicator's id (`projects_completed_over_1bn`): two figures are compared where nothing else tells them apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from briefings.catalogue import Catalogue
from briefings.observations import Panel, Series
from briefings.reconcile.model import Accepted, Held, Verdict
from briefings.reconcile.printed import printed
from briefings.reconcile.rates import told_together

#: Dimensions whose members hold one another.
TIER = ("tier", "size", "threshold")
STAGE = "stage"
#: The stages of a project in their order, with the words for them.
STARTED = frozenset({"new", "started", "begun", "commenced", "launched"})
COMPLETED = frozenset({"completed", "finished", "commissioned"})
STAGES = STARTED | COMPLETED

_TIER = re.compile(r"(?:over|above)_(?P<number>[0-9]+(?:_[0-9]+)?)_?(?P<scale>k|m|bn|tn)?(?=_|$)")
_SCALES = {None: 1.0, "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}


@dataclass(frozen=True, slots=True)
class Rung:
    """Where a series of counts stands: what it counts, at which stage, above which threshold (None: no tier)."""

    subject: tuple[str, ...]
    stage: str
    above: float | None

    @classmethod
    def of(cls, series: Series) -> Rung:
        told = dict(part.split("=", 1) for part in series.breakdown.split(";") if part)
        stage = told.pop(STAGE, "")
        tier = next((told.pop(name) for name in TIER if name in told), "")
        text = series.indicator if tier else _TIER.sub("", series.indicator)
        words = [word for word in text.split("_") if word]
        if not stage:
            stage = next((word for word in words if word in STAGES), "")
            words = [word for word in words if word not in STAGES]
        rest = (f"{name}={member}" for name, member in sorted(told.items()))
        return cls((series.place, *words, *rest), stage, _threshold(tier or series.indicator))


def _threshold(text: str) -> float | None:
    found = _TIER.search(text)
    return float(found["number"].replace("_", ".")) * _SCALES[found["scale"]] if found else None


Rungs = dict[tuple[str, ...], list[tuple[Rung, Series]]]


def tiers(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A count above a threshold that is more than the count above a lower one, of the same thing at the same stage."""
    found = []
    for several in _rungs(panel, catalogue).values():
        stages: dict[str, list[tuple[float, Series]]] = defaultdict(list)
        for rung, series in several:
            if rung.above is not None:
                stages[rung.stage].append((rung.above, series))
        for ladder in stages.values():
            ladder.sort(key=lambda step: step[0])
            for (low, wider), (high, narrower) in pairwise(ladder):
                if low < high:
                    found += list(_more(narrower, wider, "tiers"))
    return Verdict(tuple(found))


def stages(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """More completed than started in one tier and period.

    Only of a tier: of all projects, those completed in a year were mostly started before it.
    """
    found = []
    for several in _rungs(panel, catalogue).values():
        started = {rung.above: series for rung, series in several if rung.stage in STARTED}
        for rung, series in several:
            if rung.stage in COMPLETED and rung.above is not None and rung.above in started:
                found += list(_more(series, started[rung.above], "stages"))
    return Verdict(tuple(found))


def _rungs(panel: Panel, catalogue: Catalogue) -> Rungs:
    """The counts of a stage or a tier, by what they count."""
    found: Rungs = defaultdict(list)
    for series in panel:
        nature = catalogue.indicators[series.indicator].nature
        if series.kind == "level" and not series.target and nature in ("count", "flow", "stock"):
            rung = Rung.of(series)
            if rung.stage or rung.above is not None:
                found[rung.subject].append((rung, series))
    return found


def _more(series: Series, bound: Series, reason: str) -> Iterator[Held]:
    """The figures that are more than those of the other series."""
    for row in series:
        other = bound.at(row.period)
        if other is None or other.unit != row.unit or not told_together(row, other):
            continue
        if printed(other).below(printed(row)):
            yield Held(row.indicator, row.place, row.period, reason, (row, other), roles=("value", "from"))
