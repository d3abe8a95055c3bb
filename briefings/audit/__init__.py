"""Is it true: an edition's finished files are read, and held against the briefing's facts.

In: the files as a reader receives them, the briefing they were made from, the day's store and snapshots. Out:
objections (`model.Objection`), each with what was found and what had to stand there. Nothing here asks `measures`,
`narrative` or `render` anything, so that a mistake of theirs cannot excuse itself; the import contract says so. Next
door, `pipeline` asks before `archive` files an edition.
"""

from __future__ import annotations

from briefings.audit.model import Objection

__all__ = ["Objection"]
