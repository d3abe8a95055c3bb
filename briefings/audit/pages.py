"""The text of a PDF in the order of its script: without running heads and feet, pictures apart.

In: the pages as `paper` reads them, and the script of the edition. Out: one text to be aligned with the script, and
objections to what stands around it: page numbers, running heads, the numbers of lists, the pages named in the contents,
what stands in the pictures. WeasyPrint paints on each page its text, then its pictures, then the numbers of its lists,
then its running head and its foot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefings.audit.model import Objection
from briefings.audit.texts import Texts
from briefings.audit.tokens import says_number, tokens
from briefings.script import Lines, Script

_NAME = "briefing.pdf"
#: Labels that stand on one height, at most.
_MOST_ON_ONE_HEIGHT = 12
_LEADER = re.compile(r"\s*\.{4,}\s*([0-9]+)")
_LIST_NUMBER = re.compile(r"([0-9]{1,3})\.")


@dataclass
class Paper:
    """The text of a PDF as it is to be aligned, the numbers of its lists, and what was objected to on the way."""

    text: str = ""
    numbers: list[str] = field(default_factory=list)
    objections: list[Objection] = field(default_factory=list)

    def object(self, where: str, found: str, expected: str) -> None:
        self.objections.append(Objection(f"{_NAME}, {where}", found, expected))


def unfold(texts: Texts, script: Script) -> Paper:
    """The pages as one text, what stands around it checked and taken away."""
    paper = Paper()
    bodies: list[list[str]] = []
    drawn = 0
    for number, page in enumerate(texts.pages, start=1):
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        _take_margins(lines, script, number, len(texts.pages), paper)
        paper.numbers += _list_numbers(lines, script.listed)
        drawn += _take_pictures(lines, script.pictures[drawn:])
        bodies.append(lines)
    if drawn < len(script.pictures):
        _object_to_picture(script.pictures[drawn], paper)
    _check_contents(bodies, texts.outline, paper)
    paper.text = "\n".join(line for lines in bodies for line in lines)
    return paper


def _take_margins(lines: list[str], script: Script, number: int, pages: int, paper: Paper) -> None:
    """The foot with the number of the page, and from the second page on the running head."""
    foot = script.footer.format(page=number, pages=pages)
    wanted = [foot] if number == 1 else [script.running, foot]
    words = [token for line in wanted for token in tokens(line)]
    at, read = len(lines), 0
    while at and read < len(words):
        at -= 1
        read += len(tokens(lines[at]))
    found = lines[at:]
    if [token for line in found for token in tokens(line)] != words:
        paper.object(f"page {number}, head and foot", f"“{' | '.join(found)}”", f"“{' | '.join(wanted)}”")
    del lines[at:]


def _list_numbers(lines: list[str], listed: Sequence[str]) -> list[str]:
    """The numbers of lists at the end of a page, taken away: as far back as they are a part of the lists' own, so that
    a sentence that ends in `40.` keeps its number."""
    found: list[str] = []
    before = len(listed)
    while lines and (number := _LIST_NUMBER.fullmatch(lines[-1])):
        before = next((n for n in range(before - 1, -1, -1) if listed[n] == number[1]), -1)
        if before < 0:
            break
        found.insert(0, number[1])
        lines.pop()
    return found


def _take_pictures(lines: list[str], waiting: Sequence[Lines]) -> int:
    """How many of the pictures that wait stand at the end of a page; they are taken away."""
    written = [tokens(line) for line in lines]
    for count in range(len(waiting), 0, -1):
        labels = [tokens(line.text) for picture in waiting[:count] for line in picture]
        due, at, length = sum(map(len, labels)), len(written), 0
        while at and length < due:
            at -= 1
            length += len(written[at])
        if due and _shows([token for line in written[at:] for token in line], labels):
            del lines[at:]
            return count
    return 0


def _shows(found: Sequence[str], labels: Sequence[Sequence[str]]) -> bool:
    """Whether words are these labels in their order. PDFium reads what stands on one height from left to right: where
    labels were painted from right to left, a stretch of them is read backwards."""
    at = n = 0
    while n < len(labels):
        for last in range(n, min(n + _MOST_ON_ONE_HEIGHT, len(labels))):
            stretch = [token for label in reversed(labels[n : last + 1]) for token in label]
            if list(found[at : at + len(stretch)]) == stretch:
                at, n = at + len(stretch), last + 1
                break
        else:
            return False
    return at == len(found)


def _object_to_picture(picture: Lines, paper: Paper) -> None:
    where = picture[0].where.rpartition("/text/")[0] if picture else "a picture"
    labels = ", ".join(line.text for line in picture[:12])
    paper.object(
        where, "other texts in the picture, or in another order", f"“{labels}{' ...' if picture[12:] else ''}”"
    )


def list_number(paper: Paper, words: Sequence[str]) -> bool:
    """Whether words that stand between two lines are numbers of lists, which a page may show beside their items and not
    at its end; they are kept with the others."""
    numbers = [word for word in words if any(char.isdigit() for char in word)]
    if not all(number.isdecimal() and len(number) < 4 for number in numbers) or words.count(".") < len(numbers):
        return False
    if says_number([word for word in words if word not in numbers]):
        return False
    paper.numbers += numbers
    return True


def check_list_numbers(paper: Paper, script: Script) -> None:
    """Every number of the lists was met."""
    wanted = script.listed
    if sorted(paper.numbers) != sorted(wanted):
        paper.object("the numbers of notes and sources", f"“{' '.join(paper.numbers)}”", f"“{' '.join(wanted)}”")


def _check_contents(bodies: Sequence[list[str]], outline: Sequence[tuple[str, int]], paper: Paper) -> None:
    """Each entry of the contents names the page that the bookmark of its heading leads to; the numbers are taken
    away."""
    marks = list(outline)
    for lines in bodies:
        for n, line in enumerate(lines):
            if not (entry := _LEADER.search(line)):
                continue
            lines[n] = line[: entry.start()]
            title = "".join(tokens(lines[n]))
            at = next((k for k, (heading, _) in enumerate(marks) if "".join(tokens(heading)).endswith(title)), None)
            page = marks[at][1] if at is not None else 0
            del marks[: 0 if at is None else at + 1]
            if str(page) != entry[1]:
                paper.object(f"contents, {lines[n]}", f"page {entry[1]}", f"page {page}" if page else "no such heading")
