"""Let charts float in print: no page is left half empty because the next chart does not fit.

In: the sections of a page for print. Out: the same blocks; two plain charts that follow each other stand side by side;
where a chart does not fit on what is left of a page, the sentences and tables behind it in its section stand before it;
where it lacks little, it is set a little smaller. Charts keep their order, and so do sentences and tables.
WeasyPrint has no such floats: heights are estimated from the style sheet's sizes (`templates/print.css`); an estimate
that is off costs white space, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from briefings.charts import NARROW
from briefings.charts.labels import wrap
from briefings.columns import columns
from briefings.render.contexts import BriefingPage, Chart, Line, Paragraph, Section, Table

#: Millimetres: height and width of the text area of A4 with the margins of print.css.
PAGE, WIDTH = 256.0, 170.0

HEADING, CAPTION, CHART_WORDS, ROW, SUB_ROW, COURSE_ROW, SMALL_LINE = 14.7, 7.0, 20.5, 5.92, 4.95, 6.5, 4.8

#: So much higher is a row of the key figures on page one.
KEY = 2.5

#: So much more the words of a chart or table take in Chinese.
HAN_WORDS = 3.5

#: The list of contents: its heading, and a line of its two columns.
CONTENTS, ENTRY = 12.0, 4.35

#: A table is parted into at least so many rows on either side.
ROWS_TOGETHER = 5

#: Of a line of text, English and Chinese.
LINE, HAN_LINE = 5.3, 6.0

#: Columns of a line of text: a Han character takes two.
MEASURE = 76

#: A chart is taken to fit only with so much to spare.
SPARE = 3.0

#: A chart may be set so small (percent), where that spares a page with a hole: its type of 8.5 points is then 7.7.
SMALLEST = 90

#: What that costs, in millimetres of white space, for each percent.
SHRINKING = 2.0

#: What it costs, in millimetres of white space, that a sentence or table passes by a chart, or that a table is parted.
PASSING, PARTING = 3.0, 12.0

#: Of two charts side by side: the width of each, a point (mm); the sizes of their words (points).
HALF, POINT, TITLE, SUBTITLE, SOURCE = 82.0, 25.4 / 72, 10.0, 8.5, 7.5

#: The width of words is measured on the safe side (`charts.labels`): a line holds so much more.
HOLDS = 1.04

#: So many blocks of text or tables at most stand between two charts that are set side by side: they tell of one thing.
APART = 1

#: Two charts side by side are no higher than so much of a page: those with longer words stand alone.
PAIRED = PAGE * 2 / 3

#: Orders that are followed further at each step: the cheapest so far need not be the cheapest in the end.
TRIED = 6

Block = Paragraph | Chart | Table


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two charts side by side."""

    charts: tuple[Chart, Chart]


_Unit = Block | _Pair


def float_charts(page: BriefingPage) -> BriefingPage:
    """The page with the blocks of each section in the order in which they fill its pages best."""
    used = _cover(page)
    sections = []
    for section in page.sections:
        used, blocks = _fill(section, used)
        sections.append(replace(section, blocks=blocks))
    return replace(page, sections=sections)


def _cover(page: BriefingPage) -> float:
    """Height of what stands before the first section."""
    findings = sum(_text(line) + 2 for line in page.findings)
    since = SMALL_LINE * 2 + sum(_text(line) + 1 for line in page.since.lines) if page.since else 0.0
    contents = CONTENTS + ENTRY * ceil(len(page.contents) / 2) if page.contents else 0.0
    table = height(page.table) + KEY * (len(page.table.rows) if len(page.table.rows) <= 2 else 0) if page.table else 0.0
    commentary = sum(_text(line) + 2 for part in page.commentary for line in part.lines)
    commentary += HEADING + LINE if page.commentary else 0.0
    return 64 + HEADING + findings + commentary + since + table + contents


@dataclass(frozen=True, slots=True)
class _Order:
    """Blocks placed so far: the white space they leave, with penalties (mm), and how full the last page is (mm)."""

    cost: float
    used: float
    placed: tuple[_Unit, ...] = ()

    def then(self, block: _Unit, passed: int) -> _Order:
        """With one more block, that passes by so many charts which stood before it."""
        cost = self.cost + PASSING * passed
        if isinstance(block, Chart) and (scale := _scale(block, PAGE - self.used - SPARE)) < block.scale:
            cost += SHRINKING * (block.scale - scale)
            block = replace(block, scale=scale)
        whole = height(block)
        placed = (*self.placed, block)
        if self.used + _start(block) + SPARE > PAGE:
            return _Order(cost + PAGE - self.used, _rest(block, whole), placed)
        if self.used + whole > PAGE and isinstance(block, Table):
            return _Order(cost + PARTING, _rest(block, self.used + whole), placed)
        return _Order(cost, (self.used + whole) % PAGE, placed)


def _scale(chart: Chart, room: float) -> int:
    """How large a chart is set (percent) so that it stands in so many millimetres; as it is where it cannot."""
    if height(chart) <= room:
        return chart.scale
    scale = int((room - _words(chart)) / (WIDTH * chart.height / chart.width) * 100)
    return scale if scale >= SMALLEST else chart.scale


def _start(block: _Unit) -> float:
    """What must find room on a page, or all goes to the next: a whole chart, a short table, the head of a long one."""
    if isinstance(block, Table) and len(block.rows) >= 2 * ROWS_TOGETHER:
        return min(height(block), CAPTION + _head(block) + ROWS_TOGETHER * ROW)
    return min(height(block), 3 * LINE) if isinstance(block, Paragraph) else height(block)


def _rest(block: _Unit, end: float) -> float:
    """How full the last page is where a block ends so far behind the top of its first page; heads are repeated."""
    pages, rest = divmod(end, PAGE)
    return rest + (_head(block) * pages if isinstance(block, Table) else 0)


def _fill(section: Section, used: float) -> tuple[float, list[Block]]:
    """The blocks of a section in a good order, and how full the last page then is. `used`: of the page it begins on.

    The good orders of so many charts and so many others are those of one block fewer, with one more.
    """
    others = [block for block in section.blocks if not isinstance(block, Chart)]
    units = _paired(section.blocks)
    charts, before = [unit for unit, _ in units], [behind for _, behind in units]
    good: dict[tuple[int, int], list[_Order]] = {(0, 0): [_Order(0.0, (used + HEADING) % PAGE)]}
    for i in range(len(charts) + 1):
        for j in range(len(others) + 1):
            passed = sum(n < j for n in before[i:])
            found = [order.then(others[j - 1], passed) for order in good.get((i, j - 1), [])]
            if i and j >= before[i - 1]:
                found += [order.then(charts[i - 1], 0) for order in good.get((i - 1, j), [])]
            if found:
                good[i, j] = sorted(found, key=lambda order: order.cost)[:TRIED]
    chosen = good[len(charts), len(others)][0]
    return chosen.used, [block for unit in chosen.placed for block in _apart(unit)]


def _paired(blocks: Sequence[Block]) -> list[tuple[Chart | _Pair, int]]:
    """The charts of a section in order, two that may stand side by side as one; each with the number of sentences and
    tables that stand before it."""
    charts = [block for block in blocks if isinstance(block, Chart)]
    waiting = [(chart, blocks.index(chart) - n) for n, chart in enumerate(charts)]
    found: list[tuple[Chart | _Pair, int]] = []
    while waiting:
        (chart, behind), *waiting = waiting
        if waiting and waiting[0][1] - behind <= APART and _fits_beside(chart, waiting[0][0]):
            (following, behind), *waiting = waiting
            found.append((_Pair((chart, following)), behind))
        else:
            found.append((chart, behind))
    return found


def _fits_beside(chart: Chart, following: Chart) -> bool:
    return bool(chart.half and following.half) and height(_Pair((chart, following))) <= PAIRED


def _apart(unit: _Unit) -> Iterator[Block]:
    """The blocks of a unit, each as it is set."""
    if not isinstance(unit, _Pair):
        yield unit
        return
    head = round(max(_caption(chart) for chart in unit.charts), 1)
    sides: tuple[Literal["left", "right"], ...] = ("left", "right")
    for chart, side in zip(unit.charts, sides, strict=True):
        address = chart.address.removesuffix(".svg") + ".half.svg"
        yield replace(chart, address=address, width=NARROW, height=chart.half, side=side, head=head)


def _caption(chart: Chart) -> float:
    """Height of the caption of one of two charts side by side; on the safe side."""
    title, subtitle = (_plain(line) for line in (chart.title, chart.subtitle))
    width = HALF / POINT * HOLDS
    heads = len(wrap(f"{chart.label}  {title}", width, TITLE, bold=True)) * TITLE
    return (heads + len(wrap(subtitle, width, SUBTITLE)) * SUBTITLE) * 1.35 * POINT


def _plain(line: Line) -> str:
    return "".join(piece.text for piece in line)


def height(block: _Unit) -> float:
    """Estimated height of a block in millimetres."""
    if isinstance(block, _Pair):
        pictures = max(HALF * chart.half / NARROW for chart in block.charts)
        under = max(len(wrap(_plain(chart.source), HALF / POINT, SOURCE)) for chart in block.charts)
        return max(_caption(chart) for chart in block.charts) + pictures + under * SOURCE * 1.4 * POINT + 7.5
    if isinstance(block, Chart):
        return WIDTH * block.scale / 100 * block.height / block.width + _words(block)
    if isinstance(block, Table):
        rows = sum(SUB_ROW if row.sub else COURSE_ROW if row.trend else ROW for row in block.rows)
        return CAPTION + _head(block) + rows + SMALL_LINE * len(block.lines) + 5 + _han(block.caption)
    return _text(block.line) + 2.5


def _words(chart: Chart) -> float:
    """Height of what stands above and below a picture as wide as the page: a line each, and what is more."""
    texts = ((f"{chart.label}  {_plain(chart.title)}", TITLE), (_plain(chart.subtitle), SUBTITLE))
    more = sum((len(wrap(text, WIDTH / POINT * HOLDS, size)) - 1) * size * 1.5 * POINT for text, size in texts)
    return CHART_WORDS + more + _han(chart.title)


def _han(title: Line) -> float:
    return HAN_WORDS if columns(_plain(title)) > len(_plain(title)) else 0.0


def _head(table: Table) -> float:
    lines = (1 + bool(head.unit) + bool(head.period) + columns(head.text) // 15 for head in table.heads)
    return 2 + 4 * max(lines, default=1)


def _text(line: Line) -> float:
    text = "".join(piece.text for piece in line)
    wide = columns(text)
    return (HAN_LINE if wide > len(text) else LINE) * max(1, ceil(wide / MEASURE))
