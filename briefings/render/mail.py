"""Fill the context of `mail.html` and `mail.txt`: the main findings and the summary table, without the edition.

In: the page's context. Out: `MailBody`. How a mail is sent is decided in `deliver`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from briefings.columns import columns
from briefings.render.contexts import BriefingPage, Line, MailBody, Piece, Remarks, Table

#: Columns of a plain mail; a Han character takes two.
WIDTH = 76
#: What is left for the names of rows at least, however wide the numbers are.
LEAST_NAME = 24


def mail_body(page: BriefingPage, lead: Line | None = None) -> MailBody:
    """The mail that goes with a page; `lead`, the first finding in few words, stands in its subject."""
    lead = lead or []
    findings = [_kept(line) for line in page.findings]
    summary = _kept(page.summary)
    since = [page.since.heading, *map(_kept, page.since.lines)] if page.since else []
    return MailBody(
        lang=page.lang,
        subject=_plain(subject(page, lead)),
        preview=_plain(preview(page, lead)),
        heading=page.heading,
        kind=page.kind,
        publisher=page.publisher,
        marks=[_plain(line) for line in page.marks],
        summary=page.summary,
        facts=page.facts,
        findings=page.findings,
        commentary=page.commentary,
        byline=page.byline,
        since=[[Piece(page.since.heading)], *page.since.lines] if page.since else [],
        table=page.table,
        text_findings=[wrap(text, WIDTH - 3) for text in findings],
        text_marks=[wrap(_plain(line), WIDTH) for line in page.marks],
        text_since=[wrap(text, WIDTH - 3) for text in since],
        text_summary=wrap(summary, WIDTH),
        text_commentary=[lines for part in page.commentary for lines in _remarks(part)],
        text_table=text_table(page.table) if page.table else [],
        colophon=page.colophon,
        disclaimer=page.disclaimer,
        house=page.house,
        words=page.words,
    )


def subject(page: BriefingPage, lead: Line) -> Line:
    """The heading and the first finding in few words; what a reader sees of a mail before opening it. In Chinese the
    kind of briefing stands before them (【月报】); in English it would take the room of the finding."""
    before = f"【{page.kind}】" if page.kind and page.lang == "zh-CN" else ""
    heading = [Piece(f"{before}{page.heading}")]
    return [*heading, Piece(page.words["subject separator"]), *lead] if lead else heading


def preview(page: BriefingPage, lead: Line) -> Line:
    """What an inbox shows beside the subject: the first finding whole, or the second where the subject tells all of
    the first."""
    told = _plain(lead).rstrip(".。").casefold()
    lines = [line for line in (page.summary, *page.findings) if line]
    fresh = (line for line in lines if _plain(line).rstrip(".。").casefold() != told)
    return next(fresh, [])


def _remarks(part: Remarks) -> Iterator[list[str]]:
    """A paragraph or the items of a list as wrapped lines, an empty one behind each paragraph and each list."""
    for n, line in enumerate(part.lines, start=1):
        mark = {"bullet": "- ", "number": f"{n}. "}.get(part.kind, "")
        first, *others = wrap(_kept(line), WIDTH - len(mark))
        last = [""] if n == len(part.lines) else []
        yield [mark + first, *(" " * len(mark) + other for other in others), *last]


def _plain(line: Line) -> str:
    return "".join(piece.text for piece in line)


def _kept(line: Line) -> str:
    """A sentence whose numbers stay on one line with their units."""
    return "".join(piece.text.replace(" ", "\u00a0") if piece.figure else piece.text for piece in line)


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns; Latin words stay whole, and no line begins with closing punctuation."""
    if all(columns(char) == 1 for char in text):
        return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    lines, current = [], ""
    for unit in _units(text):
        if current and columns(current + unit.rstrip()) > width:
            lines.append(current.rstrip())
            current = unit.lstrip()
        else:
            current += unit
    return [*lines, current.rstrip()] if current.strip() else lines


def _units(text: str) -> Iterable[str]:
    """What a line may end after: a Han character, or a run of others; closing punctuation stays with what it closes."""
    unit = ""
    for char in text:
        wide = columns(char) == 2
        closing = char in "，。；：！？、）》”’％"
        if unit and not closing and (wide or columns(unit[-1]) == 2 or unit[-1] == " ") and unit[-1] not in "（《“‘":
            yield unit
            unit = ""
        unit += char
    if unit:
        yield unit


def text_table(table: Table) -> list[str]:
    """The table as aligned lines: names on the left, numbers on the right, a rule under the heads.

    A head takes as many lines as it needs (text, unit, period).
    """
    heads = [
        [part for part in (head.text, f"({head.unit})" if head.unit else "", head.period) if part]
        for head in table.heads
    ]
    depth = max(len(parts) for parts in heads)
    rows = [[""] * (depth - len(parts)) + parts for parts in heads]
    above = [list(cells) for cells in zip(*rows, strict=True)]
    body = [
        [
            ("  " if row.sub else "") + _plain(row.name) + (f" ({row.unit})" if row.unit else ""),
            *([row.period] if table.dated else []),
            *(cell.text + (f" {cell.flags}" if cell.flags else "") for cell in row.cells),
        ]
        for row in table.rows
    ]
    widths = [max(columns(row[n]) for row in [*above, *body]) for n in range(len(table.heads))]
    widths[0] = min(widths[0], max(LEAST_NAME, WIDTH - sum(widths[1:]) - 2 * (len(widths) - 1)))
    body = [line for row in body for line in _broken(row, widths[0])]
    left = 2 if table.dated else 1
    lines = [_aligned(row, widths, left) for row in above] + ["-" * (sum(widths) + 2 * (len(widths) - 1))]
    lines += [_aligned(row, widths, left) for row in body]
    return [*lines, *(text for line in table.lines for text in wrap(_plain(line), WIDTH))]


def _broken(row: list[str], width: int) -> list[list[str]]:
    """A row whose name is too long as several lines; its cells stand in the first."""
    name, *cells = row
    indent = "  " if name.startswith(" ") else ""
    if columns(name) <= width:
        return [row]
    first, *others = wrap(name.strip(), width - columns(indent) - 2) or [""]
    return [[indent + first, *cells], *([f"{indent}  {line}", *("" for _ in cells)] for line in others)]


def _aligned(cells: list[str], widths: list[int], left: int) -> str:
    """Cells at their widths, the first `left` of them flush left, the rest flush right."""
    spaces = [" " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    padded = (cell + space for cell, space in zip(cells[:left], spaces[:left], strict=True))
    pushed = (space + cell for cell, space in zip(cells[left:], spaces[left:], strict=True))
    return "  ".join((*padded, *pushed)).rstrip()
