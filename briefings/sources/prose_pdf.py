"""PDF to prose: the lines of its pages, joined to paragraphs again.

In: the bytes of a file. Out: `Prose`. A PDF knows where characters stand and nothing of paragraphs: a line goes on in
the next where it is full, of one size with it, and not followed by an indent or a gap. Lines that stand on every page
at the same height (titles, page numbers) are left out. pypdfium2 reads the characters; headings are told by their size,
and by their words in `extraction.blocks_of`.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from briefings.errors import SourceError
from briefings.extraction import blocks_of

from .prose import Prose, compose

#: A heading is so much larger than the running text.
LARGER = 1.12
#: The parts of a page's height at its top and foot where running titles and page numbers stand.
MARGIN = 0.1
#: Pages from which a line that stands on most of them is no part of the text.
REPEATED = 3
PAGE_NUMBER = re.compile(
    r"[-—–·.\s]*(?:第\s*)?(?:page\s*)?\d{1,4}(?:\s*(?:页|/|of|共)[\s\d共/页]*)?[-—–·.\s]*", re.IGNORECASE
)
WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")
#: What PDFium writes for a hyphen at the end of a line that is no part of the word.
SOFT = "\x02\ufffe\xad\u2010"
#: What begins like this begins a line of its own.
ITEM = re.compile(r"[-*•·●▪◦]\s|[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）、]\s*(?![0-9])")
#: What ends like this is told to its end.
TOLD = re.compile(r"[。！？；.!?;:：]$")
#: Between the cells of a table stands more than so many times the size of the letters; more than the second stands
#: between words of no justified line.
GAP, WIDE_GAP = 2.0, 6.0
#: Lines that begin within so many points belong to one column.
COLUMN = 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, where it stands, in points from the lower left corner of its
    page, and the size of its letters."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    page: int

    @property
    def em(self) -> float:
        return self.size or 1.0


def read(content: bytes, shown: str) -> Prose:
    """The text of a PDF. Raises `SourceError` for one that is encrypted, damaged, or has no text."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise SourceError(f"{shown}: this PDF is encrypted; save a copy without a password.") from error
        raise SourceError(f"{shown}: this PDF is damaged ({error}); save it anew.") from error
    try:
        heights: list[float] = []
        lines: list[Line] = []
        for number in range(len(document)):
            page = document[number]
            heights.append(page.get_height())
            lines += _lines(page, number)
        title = str(document.get_metadata_dict().get("Title", ""))
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"{shown}: page {number + 1} of this PDF is damaged ({error}); save it anew.") from error
    finally:
        document.close()
    kept = _without_furniture(lines, heights)
    if not kept:
        pages = f"{len(heights)} page{'' if len(heights) == 1 else 's'}"
        raise SourceError(
            f"{shown}: a PDF of {pages} without text, pictures of paper perhaps."
            " Recognise its text first (OCR) and save it together with the text."
        )
    return _prose(kept, title)


def _lines(page: pypdfium2.PdfPage, number: int) -> Iterator[Line]:
    """The lines of a page as PDFium puts its characters together."""
    text_page = page.get_textpage()
    start = 0
    for raw in text_page.get_text_range(errors="replace").split("\n"):
        text = raw.rstrip("\r")
        found = [start + offset for offset, character in enumerate(text) if not character.isspace()]
        # A bullet that stands alone was drawn apart from its item.
        if any(character.isalnum() for character in text):
            yield _line(text_page, text, found, number)
        start += len(raw) + 1
    text_page.close()


def _line(text_page: pypdfium2.PdfTextPage, text: str, found: Sequence[int], number: int) -> Line:
    """A line of which these characters are no white space."""
    last = text_page.count_chars() - 1
    at = [min(index, last) for index in (found[0], found[len(found) // 2], found[-1])]
    boxes = [text_page.get_charbox(index, loose=True) for index in at]
    size = round(median(_size(text_page, index) for index in at), 1)
    return Line(
        text=_with_cells(text_page, text, found, size),
        left=boxes[0][0],
        right=boxes[-1][2],
        bottom=min(box[1] for box in boxes),
        size=size,
        page=number,
    )


def _with_cells(text_page: pypdfium2.PdfTextPage, text: str, found: Sequence[int], size: float) -> str:
    """The text of a line, with a tab for every gap where a new cell of a table begins.

    Such a gap is wider than spaces are, and than others of its line: where all are alike the line is justified.
    """
    first, last = found[0] - len(text) + len(text.lstrip()), text_page.count_chars() - 1
    gaps: dict[int, float] = {}
    for before, after in pairwise(found):
        if after > before + 1:
            left, right = (text_page.get_charbox(min(index, last), loose=True) for index in (before, after))
            gaps[before] = right[0] - left[2]
    least = min(gaps.values(), default=0.0)
    cells = {at for at, gap in gaps.items() if gap > GAP * size and (gap > 2 * least or gap > WIDE_GAP * size)}
    joints = {at: "\t" if at in cells else " " for at in gaps}
    return "".join(text[index - first] + joints.get(index, "") for index in found).replace("\0", " ")


def _size(text_page: pypdfium2.PdfTextPage, index: int) -> float:
    """The size of a character on paper, in points: that of its font, as the page magnifies it."""
    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(text_page, index))
    found = pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    return size * math.hypot(matrix.b, matrix.d) if found else size


def _without_furniture(lines: Sequence[Line], heights: Sequence[float]) -> list[Line]:
    """The lines without page numbers and without what stands at the top or foot of most pages."""

    def is_marginal(line: Line) -> bool:
        height = heights[line.page]
        return not MARGIN * height <= line.bottom <= (1 - MARGIN) * height

    def masked(line: Line) -> tuple[str, int]:
        return re.sub("[0-9]+", "0", line.text), round(line.bottom / line.em)

    times = Counter(masked(line) for line in lines if is_marginal(line))
    most = max(REPEATED, len(heights) / 2)
    return [
        line
        for line in lines
        if not (is_marginal(line) and (PAGE_NUMBER.fullmatch(line.text) or times[masked(line)] >= most))
    ]


def _prose(lines: Sequence[Line], title: str) -> Prose:
    """Paragraphs of lines, their headings by size or by their words."""
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    usual = letters.most_common(1)[0][0]
    larger = sorted({line.size for line in lines if line.size > LARGER * usual}, reverse=True)
    parts = []
    for paragraph in _paragraphs(lines):
        text, size = _joined(paragraph), paragraph[0].size
        if size in larger:
            parts.append((text, "heading", larger.index(size) + 1))
        else:
            kind = next(iter(blocks_of(text)), None)
            parts.append((text, kind.kind, kind.level) if kind else (text, "paragraph", 0))
    heading = next((text for text, kind, _ in parts if kind == "heading"), "")
    return compose(parts, title=heading or title)


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    edges = _edges(lines)
    steps = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page and a.bottom > b.bottom]
    step = median(steps) if steps else 0.0
    paragraph: list[Line] = []
    for number, line in enumerate(lines):
        if paragraph and not _goes_on(paragraph, line, edges[number - 1], step):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _edges(lines: Sequence[Line]) -> list[float]:
    """How far to the right the column of each line goes: as far as the longest line of its page that begins about where
    it does, and not into what stands beside it."""
    by_page: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    edges = []
    for line in lines:
        page = by_page[line.page]
        longest = max(each.right for each in page if abs(each.left - line.left) <= COLUMN)
        beside = (each.left for each in page if each.left > line.right and abs(each.bottom - line.bottom) < line.em)
        edges.append(min([longest, *(left - line.em for left in beside)]))
    return edges


def _goes_on(paragraph: Sequence[Line], line: Line, edge: float, step: float) -> bool:
    """Whether a line goes on with the paragraph before it."""
    last = paragraph[-1]
    if abs(last.size - line.size) > 0.08 * last.em or ITEM.match(line.text) or "\t" in last.text + line.text:
        return False
    if last.text[-1] in SOFT:
        return True
    if last.page == line.page and not 0 < last.bottom - line.bottom <= max(1.4 * step, 1.5 * last.em):
        return False
    if last.page != line.page and TOLD.search(last.text):
        return False
    indented = line.left > min(each.left for each in paragraph) + 0.8 * line.em
    if indented and last.page == line.page and not ITEM.match(paragraph[0].text):
        return False
    return edge - last.right < _room(line)


def _room(line: Line) -> float:
    """What the first word of a line would have needed at the end of the line before it, in points.

    Chinese breaks anywhere but before closing punctuation, which may take one or two characters along.
    """
    if WIDE.match(line.text[0]):
        return 2.6 * line.em
    word = re.match(r"[^\s\u2e80-\uffff]+", line.text)
    return (0.55 * len(word[0] if word else "") + 1.6) * line.em


def _joined(paragraph: Sequence[Line]) -> str:
    """The text of a paragraph: a space where a line of Latin letters ends, none between Chinese characters."""
    text = paragraph[0].text
    for line in paragraph[1:]:
        if text[-1] in SOFT:
            text = text[:-1] + line.text
        elif WIDE.match(text[-1]) or WIDE.match(line.text[0]) or text[-1] in "-–—":
            text += line.text
        else:
            text += f" {line.text}"
    return text.translate(dict.fromkeys(map(ord, SOFT), "-"))
