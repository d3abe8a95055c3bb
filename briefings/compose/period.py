"""Which period is the latest, which series count for that, and which figures are of a period that is another's end.

In: a theme, a place and the panel. Out: a period, or None where nothing was observed.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefings.catalogue import Catalogue
from briefings.observations import Panel, Series
from briefings.periods import Frequency, Period, Shape
from briefings.themes import Theme

#: Cadences whose periods end with a month, so that the year to date is told of them.
OF_MONTHS = (Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.HALF_YEARLY, Frequency.ANNUAL)


def latest_period(theme: Theme, place: str, panel: Panel, catalogue: Catalogue) -> Period | None:
    """The latest period of the theme's cadence that its headline has.

    With `latest: any` that of any of its series; with `latest: shared` the latest that all *current* series have: those
    of the headline's indicators in the place and the places beside it that reach within `current` years of the newest.
    A series that ended long ago (a currency that the euro replaced) holds nobody back.

    Figures that add up over the year are of the period that they end with, where that is what the theme is asked for:
    January to September of the third quarter, always; January to October of October, where a schedule releases October.
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
    found = (_as_asked(row.period, theme) for row in reversed(series.observations))
    return next((period for period in found if period is not None), None)


def _as_asked(told: Period, theme: Theme) -> Period | None:
    """The period of the theme's cadence that a figure of this one is of; None where there is none."""
    asked = theme.cadence in OF_MONTHS and (theme.cadence is not Frequency.MONTHLY or theme.schedule)
    if asked and told.shape is Shape.CUMULATED_MONTHS and told.start.month == 1:
        ends_with = Period.of(told.end, theme.cadence)
        return ends_with if ends_with.end == told.end else None
    return told if told.frequency == theme.cadence else None
