"""What changed since the last edition: figures told before that now read otherwise.

In: the desk and the previous briefing of the same theme and place. Out: findings of the kinds `revision` and `first`.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefings.briefing import Briefing, Figure, Finding, figure_id
from briefings.compose.desk import LEVEL, Desk
from briefings.compose.weight import weigh
from briefings.periods import Period

#: Two values closer than this, relative to the old one, are the same.
SAME = 1e-12


def revisions(desk: Desk, previous: Briefing) -> Iterator[Finding]:
    """A finding for each level of the headline's indicators that the previous edition told for its own period, and
    that was revised since."""
    wanted = {indicator for show in desk.theme.headline for indicator in show}
    for old in previous.figures.values():
        told = old.kind == "level" and old.period == previous.period
        if not told or old.indicator not in wanted or old.place != desk.where(old.indicator):
            continue
        new = desk.get(LEVEL, old.indicator, old.place, Period.parse(old.period), breakdown=old.breakdown)
        if new is not None and abs(new.value - old.value) > SAME * abs(old.value):
            yield _revision(desk, old, desk.enter(new), new.inputs[0].published.isoformat())


def firsts(desk: Desk, previous: Briefing) -> Iterator[Finding]:
    """A finding for each indicator of the headline whose first figure has come since the previous edition."""
    told = {(old.indicator, old.place) for old in previous.figures.values()}
    for indicator in dict.fromkeys(indicator for show in desk.theme.headline for indicator in show):
        place = desk.where(indicator)
        series = desk.panel.series(indicator, place)
        level = desk.get(LEVEL, indicator, place)
        if level is not None and series is not None and len(series) == 1 and (indicator, place) not in told:
            yield Finding(
                id=figure_id("finding", "first", indicator, place, desk.period),
                kind="first",
                indicator=indicator,
                place=place,
                period=str(desk.period),
                figures={"level": desk.enter(level)},
                weight=weigh(desk.theme, "first"),
            )


def _revision(desk: Desk, old: Figure, new: str, published: str) -> Finding:
    told = old.model_copy(update={"id": figure_id("told before", old.id, old.value)})
    desk.figures[told.id] = told
    return Finding(
        id=figure_id("finding", "revision", old.indicator, old.place, old.breakdown, old.period),
        kind="revision",
        indicator=old.indicator,
        place=old.place,
        breakdown=old.breakdown,
        period=old.period,
        figures={"new": new, "old": told.id},
        facts={"published": published, "was_published": old.inputs[0].published},
        weight=weigh(desk.theme, "revision"),
    )
