"""Sentences to pieces: what links to the list of figures, what stays on one line, where Han and Latin stand apart.

In: narrative's sentences. Out: lines of `contexts.Piece`. WeasyPrint knows no `text-autospace`, and a space character
would stand in copied text, so the gap between Han and Latin is a margin behind the run before it (class `g`): behind,
because a margin at the end of a line cannot be seen, and one at its start can.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from briefings.narrative import Run
from briefings.narrative.model import tidy
from briefings.render.contexts import Line, Piece

_HAN = r"\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_LATIN = r"A-Za-z0-9\u00c0-\u024f+\u2212%$\u20ac\u00a3"

#: Between a Han character and a Latin letter or digit, but not inside dates, ordinals and counts (2025年10月, 第1位).
_GAP = re.compile(
    rf"(?<=[{_HAN}])(?<![年月第图表])(?=[{_LATIN}])|(?<=[{_LATIN}])(?=[{_HAN}])(?!(?<=[0-9])[年月日号周季旬位个项])"
)

#: A number and the character that counts it, which a line end must not part.
_KEPT = re.compile(r"第?[0-9][0-9.,]*(?:[—–][0-9]+)?(?:[年月日号周季旬位个项家期页]|[万亿]元)|[图表][0-9]+")

#: So many characters are no paragraph: they may be parted anywhere.
SHORT = 6

#: A sentence of so many letters is longer than a line of print; its last two words are kept together up to so many.
LONG, KEPT = 70, 24
#: The same of a title.
LONG_TITLE, KEPT_TITLE = 50, 16

#: An amount in a name: its currency, number and scale; a month and its year.
_AMOUNT = re.compile(
    r"(?:[A-Z]{3} )?[0-9][0-9,.]* (?:thousand|million|billion|trillion)"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December) [0-9]{4}\b"
)

Hint = Callable[[str], str]
"""What to show for a figure's id on hovering."""


def no_hint(_figure: str) -> str:
    return ""


def set_line(runs: Iterable[Run], language: str, hint: Hint = no_hint) -> Line:
    """A sentence as pieces. In Chinese, runs are cut where Han and Latin meet and a last line of one character is
    prevented; in English a piece is a run, the space before a number is a piece of its own, and so are the last two
    words of a sentence that is longer than a line, which stay together."""
    line = [
        Piece(run.text, run.figure or "", hint(run.figure) if run.figure else "", _tag(run.language), style=run.style)
        for run in runs
    ]
    return _space(line) if language == "zh" else _keep_end(_part_spaces(line))


def _keep_amounts(piece: Piece) -> Line:
    """Cut plain text so that an amount that a name holds (over CNY 500 million), and a month, stay on one line."""
    parts: Line = []
    end = 0
    for match in _AMOUNT.finditer(piece.text):
        parts.append(replace(piece, text=piece.text[end : match.start()]))
        parts.append(replace(piece, text=match.group(), tag="k"))
        end = match.end()
    return [part for part in (*parts, replace(piece, text=piece.text[end:])) if part.text]


def _part_spaces(line: Line) -> Line:
    """Cut off the space before a number. WeasyPrint, where a line is full but for that space, goes back to the first
    word of the text that ends in it and breaks there: a line of one word."""
    parted: Line = []
    line = [part for piece in line for part in ([piece] if piece.figure or piece.tag else _keep_amounts(piece))]
    for piece, after in zip(line, [*line[1:], Piece("")], strict=False):
        if after.figure and not piece.figure and piece.text.endswith(" ") and piece.text != " ":
            parted += [replace(piece, text=piece.text[:-1]), Piece(" ", tag="s")]
        else:
            parted.append(piece)
    return parted


def _keep_end(line: Line) -> Line:
    """Keep the last two short words of a long sentence or title on one line: a last line of one word looks like a
    slip."""
    last = line[-1] if line else Piece("")
    before, _, word = last.text.rpartition(" ")
    before, _, one = before.rpartition(" ")
    kept = f"{one} {word}"
    long, most = (LONG, KEPT) if word.endswith(".") else (LONG_TITLE, KEPT_TITLE)
    if last.figure or last.tag or not before or len(kept) > most or sum(len(piece.text) for piece in line) <= long:
        return line
    return [*line[:-1], replace(last, text=before), Piece(" ", tag="s"), replace(last, text=kept, tag="k")]


def of_findings(line: Line, told: Iterable[tuple[str, int]]) -> Line:
    """The pieces, each with the finding whose sentence it is part of. `told`: for each sentence in order, the id of its
    finding, or empty, and how many characters it has."""
    marked: Line = []
    sentences = iter(told)
    finding, left = next(sentences, ("", 0))
    for piece in line:
        while left <= 0 and (following := next(sentences, None)) is not None:
            finding, left = following[0], left + following[1]
        marked.append(replace(piece, finding=finding) if finding else piece)
        left -= len(piece.text)
    return marked


def set_text(text: str, language: str) -> Line:
    """Plain text as pieces; words in the other language's script are marked."""
    return set_line(tidy([Run(text)], language), language) if text else []


def _tag(language: str | None) -> str:
    return {"zh": "zh-CN", None: ""}.get(language, language or "")


def _space(line: Line) -> Line:
    """Cut plain pieces at gaps and counted numbers, mark pieces that end at a gap, keep the end together."""
    text = "".join(piece.text for piece in line)
    gaps = {match.start() for match in _GAP.finditer(text)}
    spaced: Line = []
    start = 0
    for index, piece in enumerate(line):
        last = index == len(line) - 1
        together = last and len(text) > SHORT
        spaced.extend([_mark(piece, start, gaps)] if piece.figure else _cut(piece, start, gaps, together=together))
        start += len(piece.text)
    return spaced


def _mark(piece: Piece, start: int, gaps: set[int], tag: str = "") -> Piece:
    gap = "g" if start + len(piece.text) in gaps else ""
    return replace(piece, tag=f"{tag} {gap}".strip())


def _cut(piece: Piece, start: int, gaps: set[int], *, together: bool) -> Line:
    """Cut one plain piece. `start` is where it begins in the line; `together`: its last three
    characters stay on one line, and what one of them is kept with (图1）。)."""
    length = len(piece.text)
    kept = {match.start(): match.end() for match in _KEPT.finditer(piece.text) if match.end() - match.start() > 1}
    if together and length > 3:
        tail = min([length - 3, *(a for a, b in kept.items() if b > length - 3)])
        kept = {a: b for a, b in kept.items() if b <= tail} | {tail: length}
    cuts = {0, length, *kept, *kept.values(), *(gap - start for gap in gaps if 0 < gap - start < length)}
    inside = {at for a, b in kept.items() for at in range(a + 1, b)}
    edges = sorted(cuts - inside)
    pieces = []
    for begin, end in pairwise(edges):
        part = replace(piece, text=piece.text[begin:end])
        pieces.append(_mark(part, start + begin, gaps, "k" if begin in kept else ""))
    return pieces
