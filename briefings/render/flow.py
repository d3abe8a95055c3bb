"""Let charts float in print: no page is left half empty because the next chart does not fit.

In: the sections of a page for print. Out: the same blocks; where a chart does not fit on what is left of a page, the
sentences and tables behind it in its section stand before it; where it lacks little, it is set a little smaller. Charts
keep their order, and so do sentences and tables.
WeasyPrint has no such floats: heights are estimated from the style sheet's sizes (`templates/print.css`); an estimate
that is off costs white space, nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from briefings.columns import columns
from briefings.render.contexts import BriefingPage, Chart, Line, Paragraph, Section, Table

#: Millimetres: height and width of the text area of A4 with the margins of print.css.
PAGE, WIDTH = 256.0, 170.0

HEADING, CAPTION, CHART_WORDS, ROW, SUB_ROW, COURSE_ROW, SMALL_LINE = 11.0, 7.0, 19.0, 5.92, 4.95, 6.5, 4.8

#: So much more the words of a chart take in Chinese.
HAN_WORDS = 2.5

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

#: Orders that are followed further at each step: the cheapest so far need not be the cheapest in the end.
TRIED = 6

Block = Paragraph | Chart | Table


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
    table = height(page.table) if page.table else 0.0
    commentary = sum(_text(line) + 2 for part in page.commentary for line in part.lines)
    commentary += HEADING + LINE if page.commentary else 0.0
    return 64 + HEADING + findings + commentary + since + table + contents


@dataclass(frozen=True, slots=True)
class _Order:
    """Blocks placed so far: the white space they leave, with penalties (mm), and how full the last page is (mm)."""

    cost: float
    used: float
    placed: tuple[Block, ...] = ()

    def then(self, block: Block, passed: int) -> _Order:
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


def _start(block: Block) -> float:
    """What must find room on a page, or all goes to the next: a whole chart, a short table, the head of a long one."""
    if isinstance(block, Table) and len(block.rows) >= 2 * ROWS_TOGETHER:
        return min(height(block), CAPTION + _head(block) + ROWS_TOGETHER * ROW)
    return min(height(block), 3 * LINE) if isinstance(block, Paragraph) else height(block)


def _rest(block: Block, end: float) -> float:
    """How full the last page is where a block ends so far behind the top of its first page; heads are repeated."""
    pages, rest = divmod(end, PAGE)
    return rest + (_head(block) * pages if isinstance(block, Table) else 0)


def _fill(section: Section, used: float) -> tuple[float, list[Block]]:
    """The blocks of a section in a good order, and how full the last page then is. `used`: of the page it begins on.

    The good orders of so many charts and so many others are those of one block fewer, with one more.
    """
    charts = [block for block in section.blocks if isinstance(block, Chart)]
    others = [block for block in section.blocks if not isinstance(block, Chart)]
    before = [section.blocks.index(chart) - n for n, chart in enumerate(charts)]
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
    return chosen.used, list(chosen.placed)


def height(block: Block) -> float:
    """Estimated height of a block in millimetres."""
    if isinstance(block, Chart):
        return WIDTH * block.scale / 100 * block.height / block.width + _words(block)
    if isinstance(block, Table):
        rows = sum(SUB_ROW if row.sub else COURSE_ROW if row.trend else ROW for row in block.rows)
        return CAPTION + _head(block) + rows + SMALL_LINE * len(block.lines) + 5
    return _text(block.line) + 2.5


def _words(chart: Chart) -> float:
    """Height of what stands above and below a picture."""
    title = "".join(piece.text for piece in chart.title)
    return CHART_WORDS + (HAN_WORDS if columns(title) > len(title) else 0)


def _head(table: Table) -> float:
    lines = (1 + bool(head.unit) + bool(head.period) + columns(head.text) // 15 for head in table.heads)
    return 2 + 4 * max(lines, default=1)


def _text(line: Line) -> float:
    text = "".join(piece.text for piece in line)
    wide = columns(text)
    return (HAN_LINE if wide > len(text) else LINE) * max(1, ceil(wide / MEASURE))
