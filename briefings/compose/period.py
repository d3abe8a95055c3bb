"""Which period is the latest, and which series count for that.

In: a theme, a place and the panel. Out: a period, or None where nothing was observed.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefings.catalogue import Catalogue
from briefings.observations import Panel, Series
from briefings.periods import Period
from briefings.themes import Theme


def latest_period(theme: Theme, place: str, panel: Panel, catalogue: Catalogue) -> Period | None:
    """The latest period of the theme's cadence that its headline has.

    With `latest: any` that of any of its series; with `latest: shared` the latest that all *current* series have: those
    of the headline's indicators in the place and the places beside it that reach within `current` years of the newest.
    A series that ended long ago (a currency that the euro replaced) holds nobody back.
    """
    ends = [end for end in (_last(series, theme) for series in _headline(theme, place, panel, catalogue)) if end]
    if not ends:
        return None
    newest = max(ends)
    if theme.period.latest == "any":
        return newest
    bound = newest.year_earlier(theme.period.current)
    return min(end for end in ends if end > bound)


def _headline(theme: Theme, place: str, panel: Panel, catalogue: Catalogue) -> Iterator[Series]:
    indicators = {indicator for show in theme.headline for indicator in show}
    indicators |= {key for key, item in catalogue.indicators.items() if item.topic in theme.topics}
    beside = catalogue.resolve((*theme.places.beside, *theme.places.benchmarks), around=place)
    wanted = {place, *catalogue.ancestors(place)} | (set(beside) if theme.period.latest == "shared" else set())
    return (
        series for series in panel if series.indicator in indicators and series.place in wanted and not series.target
    )


def _last(series: Series, theme: Theme) -> Period | None:
    """The last period of the theme's cadence in a series."""
    return next((row.period for row in reversed(series.observations) if row.period.frequency == theme.cadence), None)
