"""What a corrected edition says otherwise than the one before, and whether it completes a partial one.

In: two editions. Out: sentences that name the figures that changed, for the notice that goes to exactly those who
received the wrong one; who they are is known to the ledger, which figures are told otherwise to `briefing.identity`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from briefings.archive import Archive, Edition
from briefings.briefing.identity import amendments
from briefings.deliver.wording import Wording
from briefings.errors import ArchiveError, RenderError, RequestError
from briefings.narrative.amendments import line
from briefings.narrative.names import Names
from briefings.narrative.phrases import PhraseBook
from briefings.press import phrase_books
from briefings.workspace import builtin

#: Figures that a notice names; of the others it says how many they are.
MOST_TOLD = 8


def completes(before: Edition, after: Edition) -> bool:
    """Whether an edition is the whole one after one that was partial."""
    return bool(before.manifest.get("partial")) and not after.manifest.get("partial")


def follows(before: str, after: Edition) -> Literal["corrects", "completes"]:
    """What an edition does to one that a reader received; of one that is gone it is the correction."""
    try:
        was = Archive(after.folder.parents[4]).find(before)
    except (ArchiveError, RequestError):
        return "corrects"
    return "completes" if completes(was, after) else "corrects"


def changes(before: Edition, after: Edition, words: Wording) -> list[str]:
    """One line that names the figures that the first edition printed and that are told otherwise now, in order of
    reading; none where none is. Raises `ArchiveError` where an edition is damaged."""
    was = before.briefing()
    names = Names(was, book(words.language))
    told: dict[str, None] = {}
    nameless = 0
    for each in amendments(was, after.briefing(), before.printed()):
        try:
            told[words.line(line(each, names))] = None
        except RenderError:  # a phrase book of the project's own may name what this one does not; the pages tell it
            nameless += 1
    shown = list(told)[:MOST_TOLD]
    more = len(told) - len(shown) + nameless
    figures = [*shown, *([words.more.format(count=more)] if more and shown else [])]
    return [words.changed.format(figures=words.comma.join(figures))] if figures else []


@lru_cache(maxsize=2)
def book(language: str) -> PhraseBook:
    """The program's phrase book: what a project words otherwise is known where its editions are made."""
    return PhraseBook.load(phrase_books([builtin("templates")])[language])
