"""What a person says beside the figures, its numbers written as everywhere else.

In: the commentary of a briefing in the edition's language. Out: lines of runs. Their words are left as they are; which
figures the names in them mean was found in `compose.commentaries`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from briefings.briefing import Briefing, CommentaryRun
from briefings.narrative.model import Remarked, Run, tidy
from briefings.narrative.names import Names
from briefings.narrative.numbers import Numbers


def commentary(briefing: Briefing, names: Names) -> Remarked | None:
    """The commentary in the language of the edition, None where there is none."""
    said = briefing.commentary.get(names.language)
    if said is None:
        return None
    numbers = Numbers(names)
    blocks = (
        (block.kind, tidy((run for part in block.runs for run in _runs(part, numbers)), names.language))
        for block in said.blocks
    )
    return Remarked(said.author, said.date, tuple(blocks))


def _runs(part: CommentaryRun, numbers: Numbers) -> Iterator[Run]:
    """Words as they stand; a figure with its unit and with what its source says of it (about, more than)."""
    style = " ".join(word for word, is_set in (("strong", part.strong), ("emphasis", part.emphasis)) if is_set)
    if not part.figure:
        yield Run(part.text, style=style)
    else:
        for run in numbers.fill(part.figure, "size" if part.size else "").runs:
            yield replace(run, style=style)
