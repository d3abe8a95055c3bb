"""A finished picture, read back: of which kind it is, its marks, its texts and its rules, with their places.

In: the root of an SVG. Out: a `Picture`. All places are in pixels of the plot, whose left upper corner is the origin.
The rules that are held against it stand next door, in `marks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from briefings.colours import GRID, PAPER

#: What an alternative text begins with -> the kind of chart.
KINDS = {
    "band": r"Line chart over a band|折线与区间图",
    "line": r"Line chart:|折线图：",
    "column": r"Column chart:|柱形图：",
    "tier bar": r"Bar chart of nested|分档堆叠条形图",
    "stacked bar": r"Stacked bar|堆叠条形图",
    "bar": r"Bar chart:|条形图：",
    "dot plot": r"Dot plot:|点图：",
    "small multiples": r"Small line charts|并列小图",
    "heat map": r"Heat map|热力图",
    "rank bump": r"Chart of ranks|位次变动图",
    "dumbbell": r"Dumbbell|哑铃图",
    "bullet": r"Bullet|子弹图",
    "slope": r"Slope|斜率图",
    "waterfall": r"Waterfall|瀑布图",
}
#: Kinds with lines that run to a label at their end; kinds with bars of one variable; kinds in which colour is a scale.
LINES = frozenset({"line", "band", "slope", "rank bump"})
BARS = frozenset({"column", "bar", "waterfall"})
SCALED = frozenset({"heat map", "tier bar"})
#: Series that have no point and no colour of their own: the edges of a band.
EDGES = frozenset({"highest", "lowest", "upper quartile", "lower quartile"})
_MOVED = re.compile(r"translate\(\s*(-?[\d.e+-]+)[ ,]+(-?[\d.e+-]+)\s*\)")
_VERTEX = re.compile(r"[ML](-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)")
_NUMBER = re.compile(r"[\u2212+-]?[\d,]+(?:\.\d+)?%?")


@dataclass(frozen=True, slots=True)
class Shape:
    """A path, circle, rectangle or line: `series` where it is a mark of one. `paint` is its ink, `edge` its rim;
    `points` are the vertices of a path, the ends of a line, the corners of a rectangle, the middle of a circle."""

    tag: str
    series: str
    paint: str
    edge: str
    width: float
    dashed: bool
    points: tuple[tuple[float, float], ...]

    @property
    def left(self) -> float:
        return min(x for x, _ in self.points)

    @property
    def right(self) -> float:
        return max(x for x, _ in self.points)


@dataclass(frozen=True, slots=True)
class Word:
    """A text: where it stands, at which of its ends, its size in pixels, its ink."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    ink: str

    @property
    def number(self) -> float | None:
        """What it is where it is nothing but a number."""
        if not _NUMBER.fullmatch(self.text):
            return None
        return float(self.text.rstrip("%").replace(",", "").replace("\N{MINUS SIGN}", "-"))


class Picture:
    """One picture that stands alone, under its name (the id of its chart)."""

    def __init__(self, name: str, root: Any) -> None:
        self.name = name
        self.root = root
        self.alternative: str = root.findtext("{*}title") or ""
        self.kind = next((kind for kind, begins in KINDS.items() if re.match(begins, self.alternative)), "")

    def __str__(self) -> str:
        return f"the picture {self.name}"

    @cached_property
    def _body(self) -> list[tuple[Any, float, float]]:
        """The elements of the plot with their places."""
        plot = self.root.find("{*}g/{*}g")
        return list(_placed(plot, 0.0, 0.0)) if plot is not None else []

    @cached_property
    def shapes(self) -> list[Shape]:
        return [_shape(element, x, y) for element, x, y in self._body if _tag(element) in _POINTS]

    @cached_property
    def marks(self) -> list[Shape]:
        """The shapes that are marks of series."""
        return [shape for shape in self.shapes if shape.series]

    @cached_property
    def series(self) -> dict[str, list[Shape]]:
        found: dict[str, list[Shape]] = {}
        for mark in self.marks:
            found.setdefault(mark.series, []).append(mark)
        return found

    @cached_property
    def words(self) -> list[Word]:
        """The texts of the plot; one of several lines at its first."""
        return [_word(element, x, y) for element, x, y in self._body if _tag(element) == "text"]

    @cached_property
    def around(self) -> list[Word]:
        """The lines above and below the plot: title, subtitle, source."""
        return [_word(element, 0.0, 0.0) for element in self.root.iterfind("{*}text")]

    @cached_property
    def grid(self) -> list[Shape]:
        return [shape for shape in self.shapes if shape.tag == "line" and shape.paint == GRID]

    @property
    def right(self) -> float:
        """Where the marks end at the right."""
        return max((mark.right for mark in self.marks), default=0.0)

    def beside(self) -> list[Word]:
        """The words at the right of all marks."""
        return [word for word in self.words if word.x > self.right and word.anchor == "start"]

    def scale(self) -> list[Word]:
        """The numbers at the left axis of values, at the heights of their lines."""
        heights = [shape.points[0][1] for shape in self.grid]
        numbers = [word for word in self.words if word.number is not None and word.anchor == "end" and word.x < 0]
        return [word for word in numbers if any(abs(word.y - 3 - height) < 4 for height in heights)]


def _tag(element: Any) -> str:
    return str(etree.QName(element).localname) if isinstance(element.tag, str) else ""


def _placed(element: Any, x: float, y: float) -> Iterator[tuple[Any, float, float]]:
    for child in element:
        moved = _MOVED.search(child.get("transform", ""))
        at = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        yield child, *at
        yield from _placed(child, *at)


def _number(element: Any, name: str) -> float:
    return float(element.get(name, 0) or 0)


def _corners(element: Any) -> list[tuple[float, float]]:
    left, top = _number(element, "x"), _number(element, "y")
    return [(left, top), (left + _number(element, "width"), top + _number(element, "height"))]


_POINTS: dict[str, Callable[[Any], list[tuple[float, float]]]] = {
    "path": lambda element: [(float(x), float(y)) for x, y in _VERTEX.findall(element.get("d", ""))] or [(0.0, 0.0)],
    "circle": lambda element: [(0.0, 0.0)],
    "rect": _corners,
    "line": lambda element: [(0.0, 0.0), (_number(element, "x2"), _number(element, "y2"))],
}


def _shape(element: Any, x: float, y: float) -> Shape:
    fill, stroke = (element.get(name, "").upper() for name in ("fill", "stroke"))
    tag = _tag(element)
    inked = fill if fill.startswith("#") and fill != PAPER and tag != "line" else stroke
    return Shape(
        tag,
        element.get("data-series", ""),
        inked if inked.startswith("#") else fill,
        stroke,
        _number(element, "stroke-width"),
        bool(element.get("stroke-dasharray")),
        tuple((x + dx, y + dy) for dx, dy in _POINTS[tag](element)),
    )


def _word(element: Any, x: float, y: float) -> Word:
    said = " ".join("".join(element.itertext()).split())
    x, y = x + _number(element, "x"), y + _number(element, "y")
    size = float(element.get("font-size", "0").removesuffix("px"))
    return Word(said, x, y, element.get("text-anchor", "start"), size, element.get("fill", "#000000").upper())
