"""The sparkline: the course of a series as small as a word, for a cell of a table.

In: the values of a series, and its words for those who cannot see it. Out: an SVG as text, a few hundred bytes, drawn
here without Vega: a line in slate with its last point marked, no scale and no number. Its cell or its row tells the
numbers; the charts with axes stand in the modules next door.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from briefings.charts.theme import HIGHLIGHT, SLATE
from briefings.errors import RenderError

#: The size of a sparkline, in CSS pixels: five letters wide, as high as the line of text that it stands in.
SPARK_WIDTH, SPARK_HEIGHT = 72, 16
FEWEST_POINTS = 4
_EDGE = 2.5  # pixels left free around the line: half the dot of the last point


def sparkline(values: Sequence[float | None], alternative: str, identifier: str, accent: str = "") -> str:
    """An `<svg>` of these values, the oldest first, None where there is a gap; `alternative` becomes its `<title>`,
    `identifier` begins its ids (letters, digits and hyphens, unique on the page); `accent` is a house's own highlight.

    The line runs from the lowest to the highest value, whatever they are: a sparkline shows a course, no sizes. Gaps
    stay gaps; a value between two of them is a dot. Raises `RenderError` where there are fewer than four values: they
    are numbers in a table, not a course.
    """
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_POINTS:
        raise RenderError(f"A sparkline needs at least {FEWEST_POINTS} values; {identifier} has {len(known)}.")
    low, high = min(known), max(known)
    points = [
        None if value is None else _place(step, value, len(values), low, high) for step, value in enumerate(values)
    ]
    x, y = next(point for point in reversed(points) if point is not None)
    about = f'class="sparkline" role="img" aria-labelledby="{identifier}-title"'
    size = f'width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}"'
    line = 'fill="none" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {about} {size}>'
        f'<title id="{identifier}-title">{escape(alternative, quote=False)}</title>'
        f'<path {line} stroke="{SLATE}" d="{_path(points)}"/>'
        f'<circle cx="{x}" cy="{y}" r="2.2" fill="{accent or HIGHLIGHT}"/></svg>'
    )


_Point = tuple[str, str]


def _place(step: int, value: float, count: int, low: float, high: float) -> _Point:
    """Where a value stands in the picture, in tenths of pixels; all at half height where they are equal."""
    share = (value - low) / (high - low) if high > low else 0.5
    x = _EDGE + step / max(1, count - 1) * (SPARK_WIDTH - 2 * _EDGE)
    y = _EDGE + (1 - share) * (SPARK_HEIGHT - 2 * _EDGE)
    return f"{x:.1f}", f"{y:.1f}"


def _path(points: Sequence[_Point | None]) -> str:
    """A stretch from gap to gap is one line; one of a single point is drawn to itself, a dot by its round ends."""
    stretches = (list(stretch) for known, stretch in groupby(points, key=lambda point: point is not None) if known)
    drawn = []
    for stretch in stretches:
        places = [",".join(point) for point in stretch if point is not None]
        drawn.append("M" + "L".join(places if len(places) > 1 else places * 2))
    return "".join(drawn)
