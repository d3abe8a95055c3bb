"""Is it true: an edition's finished files are read, and held against the briefing's facts.

In: the files as a reader receives them, the briefing they were made from, the day's store and snapshots. Out:
objections (`model.Objection`), each with what was found and what had to stand there. Nothing here asks `measures`,
`narrative` or `render` anything, so that a mistake of theirs cannot excuse itself; the import contract says so. Next
door, `pipeline` asks before `archive` files an edition.

`gate` binds every printed number to its figure: `texts` and `paper` take the text out of the finished files, `pages`
puts that of a PDF in order, `alignment` holds it against the script, `annexes` and `record` against the briefing;
`numerals` reads printed numbers, `furniture` says what else may hold a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from briefings.audit.model import Objection, told
from briefings.errors import AuditError

if TYPE_CHECKING:
    from briefings.audit.readback import Readback
    from briefings.audit.readback.grammar import Lexicon
    from briefings.briefing import Briefing
    from briefings.script import Script
    from briefings.workers import Workers

__all__ = ["Objection", "examine"]


def examine(
    files: Mapping[str, bytes],
    script: Script,
    briefing: Briefing,
    language: str,
    workers: Workers,
    *,
    others: Sequence[Readback] = (),
    lexicon: Lexicon | None = None,
    what: str = "",
) -> Readback:
    """Hold an edition's finished files against its briefing: every number in its place, every sentence by its meaning.

    `script`: what the files must say. `others`: what the editions of the same briefing in other languages said, which
    this one must say too. `lexicon`: constructions of the project's own, for its own phrases. `what`: the edition, for
    messages of workers. Raises `AuditError` with all objections: nothing is filed then.
    """
    from briefings.audit import gate, texts
    from briefings.audit.readback import differences, read_back, sentences

    paper = workers.call("briefings.audit.paper:read", files.get("briefing.pdf", b""), what=what)
    found = gate.check(texts.take(files, paper), files, script, briefing, language)
    page = read_back(sentences(files["briefing.html"].decode()), briefing, language, lexicon)
    found += page.objections
    found += [objection for other in others for objection in differences(page, other)]
    if found:
        raise AuditError(told(found))
    return page
