"""Is it true: an edition's finished files are read, and held against the briefing's facts.

In: the files as a reader receives them, the briefing they were made from, the day's store and snapshots. Out:
objections (`model.Objection`), each with what was found and what had to stand there. Nothing here asks `measures`,
`narrative` or `render` anything, so that a mistake of theirs cannot excuse itself; the import contract says so. Next
door, `pipeline` asks before `archive` files an edition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from briefings.audit.model import Objection, told
from briefings.audit.readback import Readback, differences, read_back, sentences
from briefings.briefing import Briefing
from briefings.errors import AuditError

__all__ = ["Objection", "Readback", "examine"]


def examine(
    files: Mapping[str, bytes], briefing: Briefing, language: str, *, others: Sequence[Readback] = ()
) -> Readback:
    """Hold an edition's files against its briefing; raises `AuditError` with all objections: nothing is filed then.

    `others`: what the editions of the same briefing in other languages said, which this one must say too.
    """
    page = read_back(sentences(files["briefing.html"].decode()), briefing, language)
    objections = page.objections + [found for other in others for found in differences(page, other)]
    if objections:
        raise AuditError(told(objections))
    return page
