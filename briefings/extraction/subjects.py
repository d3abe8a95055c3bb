"""What a figure measures: the noun phrase beside it."""

from __future__ import annotations

from collections.abc import Sequence

from briefings.extraction.drafts import Draft
from briefings.extraction.lexicon import Lexicon
from briefings.extraction.text import Prepared


def tell_subjects(drafts: Sequence[Draft], prepared: Prepared, words: Lexicon) -> None:
    """Give every draft its subject, in the document's words."""
    for draft in drafts:
        draft.subject = draft.before.strip() or None
