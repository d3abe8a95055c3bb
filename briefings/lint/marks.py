"""D and I9. Charts: their marks, axes and colours, as they were drawn.

In: finished files; the pictures that stand alone, each mark with its series. Out: remarks under D2 to D23 and I9. The
words of charts are next door in `charts`; C4, whether a chart is understood without the text, is left to the eye.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from briefings.colours import GRID, PAPER, contrast
from briefings.lint.colour import is_neutral, standing_out
from briefings.lint.finished import Finished
from briefings.lint.model import rule
from briefings.lint.pictures import BARS, EDGES, LINES, SCALED, Picture, Shape

#: A dashed stretch is named with this at its beginning, in every language.
DASHES = "- - -"
TENTATIVE = frozenset({"estimate", "flash", "preliminary", "target"})
#: Of a plot whose axis does not begin at zero, at least this part is free below its lines ("about a third").
FREE = 0.25
FEW_BARS = 10
FEWEST_VALUES = 4
#: Points of type: pixels of a chart that is 170 mm wide, times three quarters.
POINT = 0.75
TITLE, SUBTITLE, AXIS, SOURCE = 12.0, 9.5, 8.5, 8.0
_KEYS = ("■", "●")


def _lines(picture: Picture) -> list[Shape]:
    return [mark for mark in picture.marks if mark.tag == "path"]


@rule("D2", "Lines are labelled at their ends, in place of a legend.", "warning")
def labelled_at_ends(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind not in LINES:
            continue
        labels = [word for word in picture.beside() if word.text]
        if len(labels) < len(picture.series):
            yield f"{picture} has {len(picture.series)} lines and {len(labels)} labels at their ends"
        if any(word.text.startswith(_KEYS) for word in picture.words):
            yield f"{picture} has a legend"


@rule("D4", "A line is told by where its name stands, not by its colour alone.", "warning")
def led_to_names(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind not in ("line", "band", "slope"):
            continue
        labels = picture.beside()
        leaders = [shape for shape in picture.shapes if shape.tag == "line" and not shape.series]
        for series, marks in picture.series.items():
            ends = [mark for mark in marks if mark.tag == "circle"]
            if not ends:
                continue
            x, y = max(end.points[0] for end in ends)
            near = any(abs(word.y - 3 - y) <= 10 for word in labels)
            led = any(abs(line.points[0][0] - x) < 8 and abs(line.points[0][1] - y) < 2 for line in leaders)
            if not near and not led:
                yield f"{picture} has no name where the line of {series!r} ends"


@rule(
    "D5",
    "A mark is told from the paper by 3 to 1 in contrast, a grey one by 2 to 1; from its neighbour by 3 to 1.",
    "warning",
)
def marks_seen(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind in SCALED:
            continue  # the colour is a scale, and the values stand in it
        paints = dict.fromkeys(mark.paint for mark in picture.marks if mark.paint.startswith("#"))
        strong = standing_out(paints)
        for paint in paints:
            least = 3.0 if paint in strong else 2.0
            if contrast(paint, PAPER) < least:
                yield f"{picture} draws in {paint}, {contrast(paint, PAPER):.1f} to 1 on white"
        for one, other in _neighbours(picture):
            parted = PAPER in (one.edge, other.edge)
            if not parted and contrast(one.paint, other.paint) < 3:
                yield f"{picture} sets {one.paint} beside {other.paint}, with nothing between"


def _neighbours(picture: Picture) -> Iterator[tuple[Shape, Shape]]:
    """Segments of a bar that touch."""
    boxes = [mark for mark in picture.marks if mark.tag == "rect"] if picture.kind == "stacked bar" else []
    for one, other in pairwise(boxes):
        if abs(one.right - other.left) < 1 and one.points[0][1] == other.points[0][1]:
            yield one, other


@rule(
    "I9",
    "A picture can be read in grey: what differs by colour differs in lightness or bears its name or value.",
    "warning",
)
def read_in_grey(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind in LINES:
            colours = standing_out(marks[0].paint for marks in picture.series.values())
            alike = any(contrast(one, other) < 1.25 for one in colours for other in colours if one < other)
            if alike and len(picture.beside()) < len(picture.series):
                yield f"{picture} has colours of one lightness, and lines without names"
        elif picture.kind == "heat map":
            values = sum(word.number is not None for word in picture.words)
            cells = [shape for shape in picture.shapes if shape.tag == "rect" and shape.edge == PAPER]
            colours = [paint for paint in {cell.paint for cell in cells} if not is_neutral(paint)]
            alike = any(contrast(one, other) < 1.25 for one in colours for other in colours if one < other)
            if alike and values < 0.9 * len(cells):
                yield f"{picture} has colours of one lightness, and cells without values"
        elif any(
            contrast(one.paint, other.paint) < 1.25 and PAPER not in (one.edge, other.edge)
            for one, other in _neighbours(picture)
        ):
            yield f"{picture} has neighbours of one lightness, with nothing between"


@rule("D7", "A series has one colour in all charts.", "warning")
def one_colour(built: Finished) -> Iterator[str]:
    colours: dict[str, dict[str, str]] = {}
    for picture in built.pictures:
        if picture.kind in SCALED:
            continue
        for mark in picture.marks:
            if mark.paint.startswith("#"):
                colours.setdefault(mark.series, {}).setdefault(mark.paint, picture.name)
    for series, found in colours.items():
        if len(several := standing_out(found)) > 1:
            told = ", ".join(f"{paint} in {found[paint]}" for paint in several)
            yield f"the series {series!r} has several colours: {told}"


@rule("D8", "Bars of one variable have one colour; one of them may stand out of greys.", "warning")
def one_stands_out(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind not in BARS:
            continue
        paints = Counter(mark.paint for mark in picture.marks)
        colours = standing_out(paints)
        # The benchmark and the own place stand out among others; no more.
        if len(colours) > 2:
            yield f"{picture} has bars in {len(colours)} colours"
        if len(colours) == 2 and len(picture.marks) == paints[colours[0]] + paints[colours[1]]:
            yield f"{picture} has bars in two colours, and none in grey"
        if picture.marks and not colours:
            yield f"{picture} has nothing but grey bars"


@rule("D9", "Bars begin at zero.", "warning")
def from_zero(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        boxes = [mark for mark in picture.marks if mark.tag == "rect"]
        if picture.kind == "column" and picture.grid and 0 not in {word.number for word in picture.scale()}:
            yield f"the axis of the bars in {picture.name} has no zero"
        if picture.kind == "bar" and boxes:
            ends = Counter(round(end) for box in boxes for end in {box.left, box.right})
            if ends.most_common(1)[0][1] < len(boxes):
                yield f"{picture} has bars that do not begin at one place"


@rule("D10", "A picture has one axis of values.", "warning")
def one_axis(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        heights = [shape.points[0][1] for shape in picture.grid]
        bare = [word for word in picture.beside() if word.number is not None]
        level = [word for word in bare if any(abs(word.y - 3 - height) < 4 for height in heights)]
        if len(level) > max(2, len(picture.series)) and len(picture.scale()) > 2:
            yield f"{picture} has an axis of values on both sides"


@rule("D13", "An axis of values has three to six lines.", "warning")
def few_ticks(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        lines = len(picture.grid)
        if picture.kind in ("line", "band", "column") and lines and not 3 <= lines <= 6:
            yield f"{picture} has {lines} lines of its grid, 3 to 6 are asked for"


@rule("D14", "Periods are written alike on all axes.", "warning")
def time_alike(built: Finished) -> Iterator[str]:
    shapes: dict[str, dict[str, str]] = {}
    for picture in built.pictures:
        if picture.kind not in ("line", "band", "column", "rank bump"):
            continue
        rows = Counter(word.y for word in picture.words if word.anchor == "middle")
        foot = max(rows, key=lambda y: (rows[y] > 1, y), default=0.0)
        for word in picture.words:
            if word.anchor == "middle" and word.y == foot:
                kind = "within a year" if re.search(r"[A-Za-z]|[月季旬周日半]|[-/]", word.text) else "year"
                shapes.setdefault(kind, {}).setdefault(_written(word.text), f"{word.text!r} in {picture.name}")
    for kind, found in shapes.items():
        if len(found) > 1 and kind == "year":
            yield f"years are written in {len(found)} ways: {', '.join(found.values())}"
        elif len({shape for shape in found if "A" in shape or "月" in shape or "-" in shape}) > 2:
            yield f"periods are written in {len(found)} ways: {', '.join(found.values())}"


def _written(text: str) -> str:
    """How a period is written: every number a 9, every word an A."""
    return re.sub(r"[A-Za-z]+", "A", re.sub(r"\d+", "9", text))


@rule("D16", "What is preliminary, estimated or aimed at is dashed, and the dashes are named.", "warning")
def dashes_named(built: Finished) -> Iterator[str]:
    statuses = {figure["id"]: figure["status"] for figure in built.figures}
    asked = {chart["id"]: chart for section in built.briefing["sections"] for chart in section["charts"]}
    for picture in built.pictures:
        if picture.kind not in ("line", "band", "column", "bar", "small multiples"):
            continue
        dashed = any(mark.dashed for mark in picture.marks)
        if dashed and not any(word.text.startswith(DASHES) for word in picture.words):
            yield f"{picture} has dashes that are not named"
        points = [
            point["figure"] for one in asked[picture.name]["series"] for point in one["points"] if point["figure"]
        ]
        if not dashed and any(statuses.get(figure) in TENTATIVE for figure in points):
            yield f"{picture} shows figures that are not final, without dashes"


@rule("D17", "A line whose axis does not begin at zero leaves about a third of the plot free below.", "warning")
def free_below(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        numbers = [word.number for word in picture.scale() if word.number is not None]
        if picture.kind not in ("line", "band") or not numbers or min(numbers) <= 0:
            continue
        heights = [shape.points[0][1] for shape in picture.grid]
        top, foot = min(heights), max(heights)
        lowest = max((y for mark in _lines(picture) for _, y in mark.points), default=foot)
        free = (foot - lowest) / (foot - top) if foot > top else 1.0
        if free < FREE:
            yield f"{picture} begins at {min(numbers):g} and leaves {free:.0%} free below its line"


@rule("D18", "The grid is of light level lines alone; the line at zero is heavier; no box.", "warning")
def level_grid(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind not in ("line", "band", "column"):
            continue
        if upright := [shape for shape in picture.grid if shape.points[0][1] != shape.points[1][1]]:
            yield f"{picture} has {len(upright)} upright lines in its grid"
        if any(shape.tag == "rect" and not shape.series and shape.edge not in ("", PAPER) for shape in picture.shapes):
            yield f"{picture} has a box"
        zero = next((word.y - 3 for word in picture.scale() if word.number == 0), None)
        drawn = [s for s in picture.shapes if s.tag == "line" and s.paint != GRID and s.width > 1]
        if zero is not None and not any(abs(shape.points[0][1] - zero) < 4 for shape in drawn):
            yield f"{picture} has no heavier line at zero"


@rule("D19", "A gap in the data stays a gap.", "warning")
def gaps(built: Finished) -> Iterator[str]:
    asked = {chart["id"]: chart for section in built.briefing["sections"] for chart in section["charts"]}
    for picture in built.pictures:
        if picture.kind not in ("line", "band"):
            continue
        steps = len(asked[picture.name]["periods"]) - 1
        grid = [shape for shape in picture.grid if shape.points[0][1] == shape.points[1][1]]
        pitch = max((shape.right - shape.left for shape in grid), default=0.0) / max(1, steps)
        for mark in _lines(picture):
            if any(after[0] - before[0] > 1.5 * pitch for before, after in pairwise(mark.points)):
                yield f"{picture} joins points of {mark.series!r} across a gap"
                break


@rule("D20", "Fewer than ten bars bear their values, and need no grid.", "warning")
def few_bars(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        bars = [mark for mark in picture.marks if mark.tag in ("rect", "path")]
        if picture.kind not in BARS or not 0 < len(bars) < FEW_BARS:
            continue
        values = sum(bool(re.search(r"\d", word.text)) for word in picture.words)
        if picture.grid or values < len(bars):
            yield f"{picture} has {len(bars)} bars, and a grid in place of their values"


@rule("D22", "Type has its sizes: title 12 points, line under it 9.5, axes and labels 8.5, source 8.", "warning")
def sizes(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        wanted = (TITLE, SUBTITLE, SOURCE)
        for word in picture.around:
            if not any(abs(word.size * POINT - size) <= 0.3 for size in wanted):
                yield f"{picture} sets {word.text[:30]!r} in {word.size * POINT:.1f} points"
        found = {word.size * POINT for word in picture.words}
        if wrong := [size for size in found if not 7.0 <= size <= AXIS + 0.3]:
            yield f"{picture} has labels in {', '.join(f'{size:.1f}' for size in sorted(wrong))} points"


@rule("D23", "Two or three values are a sentence, no chart.", "warning")
def enough_values(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        lines = sum(len(mark.points) for mark in _lines(picture))
        numbers = sum(word.number is not None for word in picture.words)  # the total of a bar is no mark
        values = lines or max(len(picture.marks), numbers)
        if picture.marks and values < FEWEST_VALUES:
            yield f"{picture} shows {values} values"


@rule("D15", "The last value of a line is marked and written beside it.", "warning")
def last_value(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind not in ("line", "band"):
            continue
        for series, marks in picture.series.items():
            if series not in EDGES and not any(mark.tag == "circle" for mark in marks):
                yield f"{picture} does not mark the last point of {series!r}"
