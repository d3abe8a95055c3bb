"""What the finished files of an edition must say, in order of reading.

In: nothing. Out: the frozen values that `render` fills from what it is about to set, and that `audit` holds against the
finished files. A script is no copy of a file: it is written down before any template is filled or any page is set, from
the values that the templates are given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Furniture = Literal[
    "",
    "list number",
    "page number",
    "label",
    "period",
    "name",
    "edition",
    "address",
    "scale",
    "locator",
    "quote",
    "unit",
    "data",
]
"""What a run is that holds numbers and prints no figure; why each is allowed stands in `audit.furniture`. `data` is
text for programs, which must be the very same; plain words have no kind, and may hold no number but those of a period
or a name."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is set alike.

    `figure`: the id of the figure that it prints, or empty. `furniture`: what it is where it holds numbers and prints
    no figure. `unit`: the unit of a bare number (a cell, a label), as the head of its column or the axis names it.
    """

    text: str
    figure: str = ""
    furniture: Furniture = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What is read in one go: a sentence, a caption, a row of a table. `where` as in `figures.json`."""

    where: str
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Script:
    """What each file must say: name of the file -> its lines in order of reading.

    `briefing.html`, `mail.html`, `mail.txt`, `briefing.pdf`, `briefing.docx`, `charts/<id>.svg` hold what is shown; a
    name followed by ` hints` what shows on pointing (and what programs read there), by ` tips` what shows on pointing
    at the marks of charts. `pictures`: what the charts of the PDF say, in order: a page's charts are read behind its
    text. `rows` and `sheets` hold the cells of `data.csv` and `data.xlsx`. `title` is that of the documents;
    `alternatives` the alternative texts of the PDF's pictures but the logo, in order; `listed` the numbers that lists
    of the PDF bear, in order; `footer` the line of page numbers with `{page}` and `{pages}` in it; `running` the head
    of every page but the first; `logo` the alternative text of a logo, or empty: there is none.
    """

    files: Mapping[str, Lines]
    pictures: tuple[Lines, ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    sheets: Mapping[str, tuple[tuple[str | float | None, ...], ...]]
    title: str
    alternatives: Lines
    listed: tuple[str, ...]
    footer: str
    running: str
    logo: str = ""
