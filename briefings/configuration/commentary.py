"""`config/commentary/<theme>/<place>/<period>.<language>.md`: what a person says beside the figures of one edition.

Comes in: a Markdown file with a head. Goes out: a `Commentary`: author, date, blocks of spans, and what is wrong with
it. Numbers in it are told by name (`{growth of gdp}`); one that is typed by hand is a mistake. What the names may be is
told in `themes.references`; they become figures in `compose`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationError

from .documents import Document
from .markdown import Block, Span, blocks
from .models import Day, Model, Text, about
from .reading import read_bytes
from .translation import translate
from .typed import typed_numbers
from .wording import quoted
from .yaml_tree import Mark, Slip, UnreadableError, decode, lines_of, parse


def _nameless_numbers(value: str) -> str:
    if found := re.search(r"\d+", value):
        raise ValueError(f"{quoted(found[0])} stands in the name; write it without digits")
    return value


class FrontMatter(Model):
    """What stands at the head of a commentary, between two lines of `---`."""

    author: Annotated[
        Text,
        AfterValidator(_nameless_numbers),
        about("who wrote it, as it is printed", examples=["Li Wei, Research Desk"], bad=["", "Desk 7"]),
    ]
    date: Annotated[Day, about("the day on which it was written", examples=["2026-07-25"], bad=["July 2026"])]


@dataclass(frozen=True)
class Commentary:
    """One file. `theme`, `place`, `period` and `language` are told by its path; `blocks` are empty, and the author too,
    where `document` has complaints of the head."""

    document: Document[FrontMatter]
    theme: str
    place: str
    period: str
    language: str
    author: str = ""
    date: date = date.min
    blocks: tuple[Block, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.theme, self.place, self.period, self.language

    def spans(self) -> Iterator[Span]:
        """All stretches of text, in order of reading."""
        for block in self.blocks:
            yield from block.spans


def read_commentary(path: Path, *, root: Path) -> Commentary:
    """Read `.../<theme>/<place>/<period>.<language>.md`. Never raises for a mistake in it: all are complaints."""
    document: Document[FrontMatter] = Document(path.relative_to(root) if path.is_relative_to(root) else path)
    period, _, language = path.name.removesuffix(".md").rpartition(".")
    told = (path.parent.parent.name, path.parent.name, period.replace("_", "/"), language)
    try:
        document.text = decode(read_bytes(path))
    except OSError as error:
        document.complain_at(Mark(1, 1), f"the file cannot be read: {error.strerror or error}")
    except UnreadableError as error:
        document.complain_at(*error.slip)
    if document.complaints:
        return Commentary(document, *told)
    lines = lines_of(document.text)
    slips: list[Slip] = []
    found = tuple(blocks(lines, _head(document, lines), slips))
    for slip in (*slips, *_typed(found, language)):
        document.complain_at(*slip)
    front = document.model
    if front is None:
        return Commentary(document, *told)
    if not found:
        document.complain_at(Mark(len(lines), 1), "the commentary has no text; write some below the second `---`")
    return Commentary(document, *told, front.author, front.date, found)


def _head(document: Document[FrontMatter], lines: Sequence[str]) -> int:
    """Read the head into the document's model; the number of lines that it takes."""
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        document.complain_at(Mark(1, 1), HEAD)
        return 0
    try:
        document.tree, slips = parse("\n" + "\n".join(lines[1:end]))
        for slip in slips:
            document.complain_at(*slip)
        document.model = FrontMatter.model_validate(document.tree)
    except UnreadableError as error:
        document.complain_at(*error.slip)
    except ValidationError as error:
        translate(document, FrontMatter, error)
    return end + 1


HEAD = (
    "a commentary begins with its author and day between two lines of `---`: "
    "`---`, `author: Li Wei`, `date: 2026-07-25`, `---`"
)


def _typed(found: Sequence[Block], language: str) -> Iterator[Slip]:
    """A slip for every number that is typed by hand."""
    for block in found:
        letters = [(span, at) for span in block.spans for at in range(len(span.text))]
        text = "".join(span.text[at] if span.kind == "words" else "\ufffc" for span, at in letters)
        for start, number in typed_numbers(text, "zh" if language == "zh" else "en"):
            span, at = letters[start]
            yield Slip(span.mark(at), TYPED.format(number=quoted(number)))


TYPED = (
    "the number {number} is typed by hand: nobody could follow it to its source. Tell it by name, for example "
    '{{growth of retail_sales}} or {{level of gdp in wuhai 2025}}; where it is no figure, quote it: {{"G20"}}. Days, '
    "months, quarters, years and Five-Year Plans may stand as they are"
)
