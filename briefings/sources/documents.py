"""Documents to observations: the figures that releases and reports state in running text.

In: a `Source` of kind documents, the catalogue, the files, the decisions of people on them. Out: a `Reading`. The raw
bytes are kept, and beside them the text that was read out of them, in which every locator (`char=120:135`) leads to the
number and every quote is its sentence. A file is read by `prose`, what is known of it by `registration`, its text by
`extraction`; `statements` makes observations, `reviewing` applies decisions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from briefings.catalogue import Catalogue
from briefings.configuration import Review, Source
from briefings.errors import SourceError
from briefings.extraction import Document, extract
from briefings.observations import COLUMNS

from .frames import settle
from .prose import Prose, ProseReader, ending_of
from .raw import Raw
from .reading import Keep, Open, Reading
from .registration import Registration, register
from .reviewing import apply
from .statements import Figure, Interpreter, opened


def read(
    identifier: str,
    source: Source,
    *,
    catalogue: Catalogue,
    raw: Sequence[Raw],
    keep: Keep,
    today: date,
    reviews: Sequence[Review] = (),
) -> Reading:
    """What the documents of a source say.

    A figure is taken that has an indicator, a place and a period of the catalogue and a unit that fits, and is sure
    enough for the source (`accept`, `confidence`) or confirmed by a person; all others are `open`. A file that cannot
    be read costs only itself. Raises `SourceError` where none can be read.
    """
    reader = _Reader(identifier, source, catalogue, keep, today, reviews)
    with ProseReader() as prose:
        for each in raw:
            reader.read(each, prose)
    return reader.reading()


class _Reader:
    """One source: what was gathered from its documents so far."""

    def __init__(
        self, identifier: str, source: Source, catalogue: Catalogue, keep: Keep, today: date, reviews: Sequence[Review]
    ) -> None:
        self.identifier, self.source, self.catalogue = identifier, source, catalogue
        self.keep, self.today, self.reviews = keep, today, reviews
        self.interpreter = Interpreter(source, catalogue)
        self.rows: list[dict[str, Any]] = []
        self.open: list[Open] = []
        self.files: list[str] = []
        self.failed: list[str] = []
        self.texts: list[str] = []
        self.rejected = 0
        self.lapsed: list[Review] = []

    def read(self, raw: Raw, prose: ProseReader) -> None:
        """One document: its figures, or why there are none."""
        shown = raw.shown
        try:
            snapshot, text, known = self._registered(raw.read(), raw, prose)
        except SourceError as error:
            self.failed.append(str(error))
            return
        self.files.append(shown)
        self.texts.append(snapshot)
        place = self.interpreter.name_of(known)
        document = Document(text.text, known.language, place, known.published, known.period, text.blocks)
        figures = [self.interpreter.figure(each, text, known) for each in extract(document, self.catalogue)]
        own = [review for review in self.reviews if review.file == shown]
        reviewed = apply(figures, own, text.text, known)
        self.rejected += len(reviewed.rejected)
        self.lapsed += reviewed.lapsed
        for figure in reviewed.figures:
            self._take(figure, shown, snapshot, known)

    def _registered(self, content: bytes, raw: Raw, prose: ProseReader) -> tuple[str, Prose, Registration]:
        """Keep the bytes and the text, and say what is known of it: the text's SHA-256, the text, its registration."""
        shown = raw.shown
        dialect = {
            **raw.dialect,
            "source": self.identifier,
            "file": shown,
            "suffix": ending_of(content, shown),
            "first_seen": self.today.isoformat(),
        }
        kept = self.keep(content, dialect)
        first_seen = date.fromisoformat(dialect["first_seen"])
        found = prose.read(content, shown)
        known = register(self.source, shown, found, self.catalogue, first_seen)
        text = found.text.encode("utf-8", "surrogatepass")
        if text == content:
            return kept, found, known
        return self.keep(text, dialect | {"suffix": ".txt", "encoding": "utf-8", "made_from": kept}), found, known

    def _take(self, figure: Figure, shown: str, snapshot: str, known: Registration) -> None:
        taken = self.interpreter.take(figure)
        if isinstance(taken, str):
            self.open.append(opened(figure, taken, shown, snapshot, known))
            return
        about = {"source": self.identifier, "snapshot": snapshot, "published": known.published, "file": shown}
        self.rows.append(dict(taken) | about)

    def reading(self) -> Reading:
        """All that was read. Raises `SourceError` where no document could be."""
        if not self.files:
            raise SourceError("\n".join(self.failed))
        names = [*(name for name in COLUMNS if name != "recorded_at"), "file"]
        settled = settle(pd.DataFrame(self.rows, columns=names))
        read = set(self.files)
        gone = [review for review in self.reviews if review.file not in read]
        return Reading(
            frame=settled.frame,
            conflicts=settled.conflicts,
            contradicting=settled.contradicting,
            files=tuple(self.files),
            duplicates=settled.duplicates,
            failed=tuple(self.failed),
            open=tuple(self.open),
            texts=tuple(self.texts),
            rejected=self.rejected,
            lapsed=tuple(f"{review.file}: {review.quote!r} in {review.sentence!r}" for review in (*self.lapsed, *gone)),
        )
