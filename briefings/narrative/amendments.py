"""A figure that a later edition tells otherwise, as a notice names it: what it is of, what it was, what it is now.

In: an `Amendment`, the names of the edition that a reader has. Out: the parts of a line: values with unit and sign,
written from the figures themselves, for what a sentence prints leaves the sign to its verb; the measure in words. How
the line is put together, and to whom it goes, is known to `deliver`.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefings.briefing import Figure
from briefings.briefing.identity import Amendment, measure_of
from briefings.narrative.names import Names, uncapitalised
from briefings.narrative.numbers import measure_words
from briefings.periods import Period
from briefings.quantities import common_scale, write


@dataclass(frozen=True)
class Line:
    """The parts of a line. `measure` is empty for a level; `after` where the figure is told no longer."""

    indicator: str
    place: str
    period: str
    measure: str
    target: bool
    before: str
    after: str


def line(amended: Amendment, names: Names) -> Line:
    """The line of a figure that is told otherwise. Raises `RenderError` where a name is lacking."""
    was, now = amended.was, amended.now
    indicator = names.indicator(was.indicator)
    if was.breakdown:
        added = names.book.subject["added"]
        indicator = added.replace("{subject}", indicator).replace("{breakdown}", names.breakdown(was.breakdown))
    alike = now is not None and now.unit == was.unit
    told = [was] if now is None or not alike else [was, now]
    return Line(
        indicator=indicator,
        place=names.place(was.place),
        period=Period.parse(was.period).write(names.language, plan=True),
        measure=_measure(was, names),
        target=was.status == "target",
        before=_written(was, told, names),
        after="" if now is None else _written(now, told if alike else [now], names),
    )


def _measure(figure: Figure, names: Names) -> str:
    measure = measure_of(figure)
    if measure == "level":
        return ""
    if f"bare {measure}" in names.book.furniture:  # a gap of which nobody says to whom
        return uncapitalised(names.book.furniture[f"bare {measure}"], names.language)
    return measure_words(measure, names, figure.indicator, figure.period)


def _written(figure: Figure, beside: list[Figure], names: Names) -> str:
    """A figure with unit and sign, in one scale with the one beside it, and what its source says of it: about."""
    item = names.briefing.names.indicators.get(figure.indicator)
    counter = item.counter.get(names.language, "") if item else ""
    scale = common_scale([each.value for each in beside], figure.unit, names.language)
    text = write(figure.value, figure.unit, names.language, decimals=figure.decimals, scale=scale, counter=counter)
    use = "target " if figure.status == "target" else ""
    return names.book.qualifiers[use + figure.qualifier].replace("{n}", text)
