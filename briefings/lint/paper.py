"""What stands on the pages of a PDF: its lines with their places, its fonts.

In: the bytes of a PDF. Out: `Paper`. Lengths are points, from the lower left corner of the page. A run is what was set
in one go; runs on one height are a line.
"""

from __future__ import annotations

from dataclasses import dataclass

from briefings.errors import LintError

#: Runs whose feet differ by no more are on one line: a superior letter stands a little higher.
SAME_LINE = 3.5
#: What stands side by side is at least so far apart (points).
SIDE_BY_SIDE = 12.0
#: From the upper and the lower edge of the paper: where running heads and page numbers stand.
EDGE = 57.0


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text set alike. left, foot, right, head: its box; size: of its font."""

    text: str
    left: float
    foot: float
    right: float
    head: float
    size: float
    font: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page. pictures: their boxes (left, foot, right, head)."""

    width: float
    height: float
    runs: tuple[Run, ...]
    pictures: tuple[tuple[float, float, float, float], ...]

    def lines(self) -> list[list[Run]]:
        """Runs on one height, from the head of the page down, each line from left to right."""
        found: list[list[Run]] = []
        for run in sorted(self.runs, key=lambda run: (-run.foot, run.left)):
            if found and abs(found[-1][0].foot - run.foot) < SAME_LINE:
                found[-1].append(run)
            else:
                found.append([run])
        return [sorted(line, key=lambda run: run.left) for line in found]

    def body(self) -> list[list[Run]]:
        """The lines between the running head and the page number."""
        return [line for line in self.lines() if EDGE < line[0].foot < self.height - EDGE]

    def parts(self) -> list[str]:
        """The texts of each line, parted where it leaves a gap: what stands side by side is told apart."""
        found: list[str] = []
        for line in self.lines():
            right = -SIDE_BY_SIDE
            for run in line:
                if run.left - right >= SIDE_BY_SIDE:
                    found.append("")
                found[-1] += run.text
                right = run.right
        return [text.strip() for text in found]

    def texts(self) -> list[str]:
        """The text of each line."""
        return ["".join(run.text for run in line).strip() for line in self.lines()]


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF. attachments: names of the files in it."""

    leaves: tuple[Leaf, ...]
    fonts: frozenset[str]
    attachments: tuple[str, ...]


def read(content: bytes) -> Paper:
    """Read a PDF. Raises `LintError` where it is none."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        raise LintError(f"briefing.pdf cannot be read: {error}") from error
    try:
        leaves = tuple(_leaf(document[number]) for number in range(len(document)))
        names = tuple(document.get_attachment(n).get_name() for n in range(document.count_attachments()))
    finally:
        document.close()
    return Paper(leaves, frozenset(run.font for leaf in leaves for run in leaf.runs), names)


def _leaf(page: object) -> Leaf:
    from pypdfium2 import raw

    runs, pictures = [], []
    texts = page.get_textpage()  # type: ignore[attr-defined]
    wanted = (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM, raw.FPDF_PAGEOBJ_IMAGE)
    for found in page.get_objects(filter=wanted, max_depth=1, textpage=texts):  # type: ignore[attr-defined]
        left, foot, right, head = found.get_bounds()
        if found.type != raw.FPDF_PAGEOBJ_TEXT:
            pictures.append((left, foot, right, head))
            continue
        text = found.extract().replace("\r", "").replace("\n", "")
        if text:
            matrix = found.get_matrix()
            size = found.get_font_size() * abs(matrix.d)
            name = found.get_font().get_base_name().partition("+")[2]
            runs.append(Run(text, left, foot, right, head, round(size, 2), name))
    width, height = page.get_size()  # type: ignore[attr-defined]
    return Leaf(width, height, tuple(runs), tuple(pictures))
