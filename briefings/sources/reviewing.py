"""Decisions of a person on figures of documents: found again in the text, and applied.

In: the reviews of one source, and the figures of one document. Out: the figures as they are decided, those rejected
left out, and the decisions that no text bears out any more. A decision is bound to its words: it holds wherever its
sentence stands in the file, and lapses when the sentence is changed. How decisions are written is in
`configuration.reviews`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from briefings.configuration import Review

from .registration import Registration
from .statements import CONFIRMED, Figure, decided

#: What a decision must say of a figure that the text states and extraction did not find.
NEEDED = ("indicator", "period", "value", "unit")


@dataclass(frozen=True)
class Reviewed:
    """The figures of a document after the decisions on them, without the `rejected`; `lapsed` decisions fit nothing."""

    figures: tuple[Figure, ...]
    rejected: tuple[Figure, ...] = ()
    lapsed: tuple[Review, ...] = ()


def apply(figures: Sequence[Figure], reviews: Iterable[Review], text: str, known: Registration) -> Reviewed:
    """The figures of one document with the decisions on them; the last decision on a figure counts."""
    by_span = {(figure.start, figure.end): figure for figure in figures}
    rejected: dict[tuple[int, int], Figure] = {}
    lapsed = []
    for review in reviews:
        span = locate(review, text)
        figure = by_span.get(span) or rejected.get(span) if span else None
        if span and figure is None and review.decision != "reject" and all(name in review.said for name in NEEDED):
            figure = _told_by(review, span, known)
        if span is None or figure is None:
            lapsed.append(review)
        elif review.decision == "reject":
            by_span.pop(span, None)
            rejected[span] = figure
        else:
            rejected.pop(span, None)
            by_span[span] = decided(figure, review.said)
    ordered = tuple(by_span[span] for span in sorted(by_span))
    return Reviewed(ordered, tuple(rejected[span] for span in sorted(rejected)), tuple(lapsed))


def locate(review: Review, text: str) -> tuple[int, int] | None:
    """Where the number of a decision stands in the text now; None where its sentence does not stand there any more.

    White space counts as one space, however long. A sentence that stands there several times, or a number that its
    sentence has several times, is told apart by where it stood: the nearest counts.
    """
    sentence, quote = (r"\s+".join(map(re.escape, words.split())) for words in (review.sentence, review.quote))
    start = review.span[0]
    places = [
        (found.start() + number.start(), found.start() + number.end())
        for found in re.finditer(sentence, text)
        for number in re.finditer(quote, found[0])
    ]
    return min(places, key=lambda span: abs(span[0] - start), default=None)


def _told_by(review: Review, span: tuple[int, int], known: Registration) -> Figure:
    """A figure that a person told, and that was not found in the text."""
    empty = Figure(
        *span,
        quote=review.quote,
        sentence=review.sentence,
        subject="",
        indicator="",
        place=known.place,
        period="",
        value=0.0,
        unit="",
        kind="level",
        basis="",
        of="",
        counted_from="",
        status="actual",
        qualifier="exact",
        confidence=CONFIRMED,
    )
    return decided(empty, review.said)
