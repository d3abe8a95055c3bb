"""E. Tables: heads, figures in columns, marks and what they mean.

In: finished files. Out: remarks under E1 to E13, and F12, which is about what stands in tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from briefings.lint.finished import Finished, text
from briefings.lint.model import rule

#: In place of a number: not available, not applicable, confidential, left out until checked, not compared, zero.
MARKS = {":", "·", "c", "×", "†", "–"}
#: Behind a number (Eurostat's letters, and three of this house: corrected, target, contradicted).
FLAGS = frozenset("bcefkprutzxs*")
#: So many of its rows on a page show that a table goes over it.
ROWS_THAT_SHOW_IT = 5
_NUMBER = re.compile(r"^[<>≤≥≈~]?\s*[+\u2212-]?\d[\d,]*(?:\.(\d+))?%?$")
_ROUND = {"en": re.compile(r"rounding"), "zh": re.compile(r"四舍五入|合计与分项")}


def _name(figure: Any) -> str:
    label = figure.xpath(".//figcaption/span[@class='label']")
    return text(label[0]) if label else str(figure.get("id"))


def _caption(figure: Any) -> str:
    return _bare(text(figure.xpath(".//figcaption")[0]))


def _under(figure: Any) -> str:
    return " ".join(text(line) for line in figure.xpath(".//p[@class='under']"))


@rule("E1", "A table is a table, not a picture.")
def real(built: Finished) -> Iterator[str]:
    for figure in built.tables:
        if not figure.xpath(".//table") or figure.xpath(".//img"):
            yield f"{_name(figure)} is no table"


@rule("E2", "Figures stand to the right, in figures of one width.", "warning")
def right(built: Finished) -> Iterator[str]:
    style = "".join(built.page.xpath("//style/text()"))
    if "tabular-nums" not in style:
        yield "the style sheet does not ask for figures of one width in tables (font-variant-numeric: tabular-nums)"
    for figure in built.tables:
        for cell in figure.xpath(".//td[contains(concat(' ', @class, ' '), ' l ')]"):
            if _NUMBER.match(text(cell)):
                yield f"{_name(figure)}: the figure {text(cell)!r} stands to the left"


@rule("E3", "A column has one number of decimals.", "warning")
def decimals(built: Finished) -> Iterator[str]:
    for figure in built.tables:
        if "accounts" in figure.get("class", "") or figure.xpath(".//th[@scope='row']/span[@class='unit']"):
            continue  # each row has a unit, and so a precision, of its own
        columns: dict[int, set[int]] = {}
        for row in figure.xpath(".//tbody/tr"):
            for at, cell in enumerate(row.xpath("./td")):
                match = _NUMBER.match(re.sub(r"[a-z*]+$", "", text(cell)))
                if match:
                    columns.setdefault(at, set()).add(len(match.group(1) or ""))
        for at, found in columns.items():
            if len(found) > 1:
                yield f"{_name(figure)}: column {at + 2} has {' and '.join(map(str, sorted(found)))} decimals"


_ORDERED = re.compile(r"In order of (?P<en>.+?), the largest first\.|按(?P<zh>.+?)由高到低排列。")
_BY_TIME = re.compile(r"The latest period first\.|按时期由近及远排列。")


def _requests(built: Finished) -> dict[str, dict[str, Any]]:
    """The tables of the sections as they were asked for, by the id of their figure on the page."""
    sections = built.briefing["sections"]
    return {f"table-{table['id']}": table for section in sections for table in section["tables"]}


@rule("E4", "Time runs down a table in one direction, and the table says in which.", "warning")
def time_runs(built: Finished) -> Iterator[str]:
    asked = _requests(built)
    for figure in built.tables:
        request = asked.get(figure.get("id"))
        if request is None or request["order"] != "time" or len(request["rows"]) < 3:
            continue
        if not _BY_TIME.search(_under(figure)):
            yield f"{_name(figure)} is ordered by time and does not say so"
        years = [found.group() for row in figure.xpath(".//tbody/tr/th") if (found := _YEAR.search(text(row)))]
        if years not in (sorted(years), sorted(years, reverse=True)):
            yield f"the periods of {_name(figure)} are in no order"


_YEAR = re.compile(r"(?:19|20)\d\d")


def _whole(request: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a row is the whole, which stands below the members of a breakdown and takes no place in their order."""
    return bool(request["rows_are"] == "breakdowns" and not row["breakdown"])


@rule("E5", "A ranked table says by what, and is in that order.", "warning")
def ranked(built: Finished) -> Iterator[str]:
    asked = _requests(built)
    for figure in built.tables:
        request = asked.get(figure.get("id"))
        said = _ORDERED.search(_under(figure))
        if said is None:
            others = (
                [row for row in request["rows"] if not (row["benchmark"] or _whole(request, row))] if request else []
            )
            if request and request["order"] == "ranked" and len(others) >= 3:
                yield f"{_name(figure)} is ranked and does not say by what"
            continue
        wanted = (said["en"] or said["zh"]).casefold()
        heads = [text(head).casefold() for head in figure.xpath(".//thead//th")]
        at = next((n for n, head in enumerate(heads) if n and head.startswith(wanted)), None)
        if at is None:
            yield f"{_name(figure)} is in the order of {wanted!r}, which is none of its columns"
            continue
        rows = figure.xpath(".//tbody/tr[not(contains(@class, 'beside'))]")
        rows = rows[:-1] if request and _whole(request, request["rows"][-1]) else rows
        cells = (re.sub(r"[a-z*]+$", "", text(row.xpath("./th | ./td")[at])) for row in rows)
        values = [float(cell.replace(",", "").replace("\u2212", "-")) for cell in cells if _NUMBER.match(cell)]
        if values != sorted(values, reverse=True):
            yield f"{_name(figure)} says that it is in the order of {wanted!r}, and is not"


@rule("E10", "What is marked as revised has its old value in the table of revisions.", "warning")
def old_values(built: Finished) -> Iterator[str]:
    listed = built.page.xpath("//section[@id='revisions']//tbody/tr")
    for figure in built.tables:
        revised = [each for each in figure.xpath(".//td/sup") if "r" in text(each)]
        if revised and not listed:
            yield f"{_name(figure)} has {len(revised)} revised figures, and no table lists what they were"


@rule("F12", "Where forecasts stand beside other figures, a note says that they are less exact.", "warning")
def forecasts(built: Finished) -> Iterator[str]:
    for figure in built.tables:
        foreseen = any("f" in text(each) for each in figure.xpath(".//td/sup"))
        if foreseen and not re.search(r"less exact|准确程度", _under(figure)):
            yield f"{_name(figure)} has forecasts, and no note says that they are less exact"


@rule("E6", "No upright lines stand in tables.", "warning")
def no_upright_lines(built: Finished) -> Iterator[str]:
    style = "".join(built.page.xpath("//style/text()"))
    for match in re.finditer(r"(?:^|[}\s,])((?:td|th|table|tr)[^{}]*)\{([^}]*border-(?:left|right)[^}]*)\}", style):
        yield f"the style sheet draws upright lines at {match.group(1).strip()!r}"


@rule("E8", "No cell is empty, and the marks in cells are explained under the table.")
def marks(built: Finished) -> Iterator[str]:
    for figure in built.tables:
        under, used = _under(figure), set()
        for cell in figure.xpath(".//tbody//td[not(@class='when' or @class='course')]"):
            said = text(cell)
            if not said:
                yield f"{_name(figure)} has an empty cell"
            used |= {said} & MARKS
        for mark in sorted(used):
            if f"{mark} " not in under and f"{mark}：" not in under and f"{mark}=" not in under:
                yield f"{_name(figure)} has the mark {mark!r} and does not explain it"


@rule("E9", "The letters behind figures are those of the list, and explained under the table.", "warning")
def flags(built: Finished) -> Iterator[str]:
    for figure in built.tables:
        under = _under(figure)
        used = {letter for each in figure.xpath(".//td/sup") for letter in text(each).replace(" ", "")}
        for letter in sorted(used):
            if letter not in FLAGS:
                yield f"{_name(figure)} has the letter {letter!r} behind a figure, which is none of the list"
            elif not re.search(rf"(?<![A-Za-z]){re.escape(letter)}(?![A-Za-z])", under):
                yield f"{_name(figure)} has the letter {letter!r} behind a figure and does not explain it"


@rule("E7", "What is under another row is set in.", "warning")
def hierarchy(built: Finished) -> Iterator[str]:
    style = "".join(built.page.xpath("//style/text()"))
    if built.page.xpath("//tr[contains(@class, 'sub')]") and not re.search(r"\.sub[^{}]*\{[^}]*padding-left", style):
        yield "rows under another row are not set in by the style sheet"


@rule("E11", "Where parts may not add up to their total, a note says so.", "warning")
def rounding(built: Finished) -> Iterator[str]:
    shares = any(figure["kind"] == "share" for figure in built.figures if figure["printed"])
    said = " ".join(_under(figure) for figure in built.tables) + " ".join(built.prose)
    if shares and not _ROUND[built.language].search(said):
        yield "shares are printed, and no note says that parts may not add up because of rounding"


@rule("E12", "The head of a table stands again on each page that it goes over.", "warning")
def repeated_heads(built: Finished) -> Iterator[str]:
    pages = [_bare("".join(leaf.texts())) for leaf in built.paper.leaves]
    for figure in built.tables:
        rows = [
            "".join(text(cell) for cell in (*row.xpath("./th"), *row.xpath("./td")[:2]))  # one cell a chart has as well
            for row in figure.xpath(".//tbody/tr[th and td]")
        ]
        heads = [text(head) for head in figure.xpath(".//thead//th")]
        caption = _caption(figure)
        if len(rows) < ROWS_THAT_SHOW_IT or not heads:
            continue
        begun = next((at for at, page in enumerate(pages) if caption in page), None)
        if begun is None:
            yield f"the caption of {_name(figure)} does not stand in the PDF"
            continue
        others = [_caption(other) for other in built.tables if other is not figure]
        for at in range(begun + 1, len(pages)):
            since = "".join(pages[begun : at + 1]).partition(caption)[2]
            if any(other in since for other in others):
                break  # rows on this page may be those of a table that began since
            # the list of sources names the same things, in smaller type
            set_here = [line for line in built.paper.leaves[at].lines() if line[0].size >= 8]
            lines = [_bare("".join(run.text for run in line)) for line in set_here]
            if sum(any(line.startswith(_bare(row)) for line in lines) for row in rows) < ROWS_THAT_SHOW_IT:
                break
            if not any(_bare(heads[0]) in line for line in lines):
                yield f"{_name(figure)} goes on to page {at + 1} without its head"


def _bare(said: str) -> str:
    return re.sub(r"\s+", "", said)


@rule("E13", "A table has a caption, heads that say what they head, and no merged cells.")
def heads(built: Finished) -> Iterator[str]:
    for figure in built.tables:
        title = figure.xpath(".//figcaption/span[@class='title']")
        if not title or not text(title[0]):
            yield f"{_name(figure)} has no caption"
        for head in figure.xpath(".//th[not(@scope='col' or @scope='row')]"):
            yield f"{_name(figure)}: the head {text(head)!r} does not say what it heads (scope)"
        for cell in figure.xpath(".//*[@colspan or @rowspan]"):
            yield f"{_name(figure)}: the cell {text(cell)!r} spans several"
        widths = {len(row.xpath("./th | ./td")) for row in figure.xpath(".//tr")}
        if len(widths) > 1:
            yield f"{_name(figure)} has rows of {' and '.join(map(str, sorted(widths)))} cells"
