"""Letters that no edition can show, told where they are written: emoji, scripts that the fonts lack, Arabic, Hebrew.

In: documents as they were read, the fonts that a house adds. Out: complaints on the documents. The rule is that of the
built edition (`fonts.unprintable`, asked once more in `render` of what tables brought); no font is made for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from briefings import fonts
from briefings.configuration import Commentary, Document, Span, printed
from briefings.fonts import Coverage, Static

#: Characters of one text that a complaint names.
MOST_NAMED = 3


def check_glyphs(
    documents: Iterable[Document[Any]], commentaries: Sequence[Commentary], added: Sequence[Static]
) -> None:
    """Complain of every text of the configuration, and of every commentary, that holds such a letter. Raises
    `RenderError` where a package of fonts is missing."""
    documents = list(documents)
    coverage = fonts.own_coverage() + fonts.coverage_of(added)
    if not _doubtful([*documents, *(each.document for each in commentaries)], coverage):
        return
    texts = [(document, key, text) for document in documents for key, text in printed(document.model)]
    texts += [(each.document, ("author",), each.author) for each in commentaries]
    spans = [(each.document, span) for each in commentaries for span in each.spans() if span.kind != "live"]
    for document, key, text in texts:
        if lacking := fonts.unprintable(text, coverage):
            document.complain(key, _told(lacking))
    for document, span in spans:
        if lacking := fonts.unprintable(span.text, coverage):
            document.complain_at(span.mark(_first(span, coverage)), _told(lacking))


def _doubtful(documents: Sequence[Document[Any]], coverage: Coverage) -> bool:
    """Whether files hold such a letter anywhere, or write one by its number: what is printed of them is looked at only
    then."""
    letters = set().union(*(document.text for document in documents))
    numbered = any(re.search(r"\\[uUx]", document.text) for document in documents)
    return numbered or bool(fonts.unprintable("".join(letters), coverage))


def _first(span: Span, coverage: Coverage) -> int:
    """Where in a span the first such letter stands."""
    return next((at for at, letter in enumerate(span.text) if fonts.unprintable(letter, coverage)), 0)


def _told(lacking: Sequence[str]) -> str:
    return (
        f"no edition can show {fonts.named(lacking, MOST_NAMED)}; write the text without: letters of Latin, Greek, "
        "Cyrillic and Chinese can be set, no emoji and no script that is written from the right"
    )
