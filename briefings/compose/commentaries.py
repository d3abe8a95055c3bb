"""What a person says beside the figures: numbers told by name become figures of the briefing.

In: a commentary as it was read, and the desk. Out: its words by language, with the ids of figures; the desk holds those
that only the commentary tells. How they are written is decided in `narrative`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from briefings.briefing import Commentary, CommentaryBlock, CommentaryRun, Figure
from briefings.compose.desk import Desk
from briefings.configuration import Commentary as CommentaryFile
from briefings.configuration import Document, Span, raise_complaints
from briefings.measures import REASONS, Derived
from briefings.periods import Period
from briefings.themes import Reference

#: So many figures are named where one is not there.
MOST_NAMED = 6


def told(desk: Desk, file: CommentaryFile, printed: Set[str]) -> dict[str, Commentary]:
    """The commentary by its language. `printed` are the figures that the briefing shows: of two that a name may mean
    these come first. Raises `ConfigurationError` for each number that there is none of, with file, line and column."""
    document: Document[Any] = Document(file.document.path, file.document.text)
    blocks = tuple(
        CommentaryBlock(kind=block.kind, runs=tuple(_run(desk, document, span, printed) for span in block.spans))
        for block in file.blocks
    )
    raise_complaints([document])
    return {file.language: Commentary(author=file.author, date=file.date.isoformat(), blocks=blocks)}


def figures_of(said: Mapping[str, Commentary]) -> set[str]:
    """The figures that commentaries tell."""
    blocks = (block for commentary in said.values() for block in commentary.blocks)
    return {run.figure for block in blocks for run in block.runs if run.figure}


def _run(desk: Desk, document: Document[Any], span: Span, printed: Set[str]) -> CommentaryRun:
    if span.kind != "live":
        return CommentaryRun(text=span.text, quoted=span.kind == "quoted", strong=span.strong, emphasis=span.emphasis)
    try:
        reference = Reference.parse(span.text, desk.catalogue)
        figure = _found(desk, reference, printed)
        _check_direction(figure, reference)
    except ValueError as error:
        document.complain_at(span.mark(), str(error))
        return CommentaryRun(text="?")
    return CommentaryRun(figure=figure.id, size=bool(reference.direction), strong=span.strong, emphasis=span.emphasis)


def _found(desk: Desk, asked: Reference, printed: Set[str]) -> Figure:
    """The figure that a name means: one that the briefing has, else one that is worked out for it. Raises `ValueError`
    where there is none: why, and which there are."""
    place = asked.place or desk.where(asked.indicator)
    period = asked.period or desk.period
    had = [figure for figure in desk.figures.values() if _is_meant(desk, figure, asked, place, str(period))]
    if had:
        return min(had, key=lambda figure: (figure.id not in printed, figure.computed, figure.id))
    reason = "no source tells it"
    if asked.request is not None:
        answer = desk.ask(asked.request, asked.indicator, place, period)
        if isinstance(answer, Derived):
            return desk.figures[desk.enter(answer)]
        reason = REASONS[answer.reason]
    raise ValueError(
        f"there is no {asked.word} of {asked.indicator} in {place} for {period}: {reason}."
        + _there_are(desk, asked, place)
    )


def _is_meant(desk: Desk, figure: Figure, asked: Reference, place: str, period: str) -> bool:
    if (figure.indicator, figure.place, figure.period, figure.breakdown) != (asked.indicator, place, period, ""):
        return False
    if asked.word == "target":
        return figure.status == "target" and figure.kind == "level"
    if figure.status == "target":
        return False
    request = desk.suited(asked.request, asked.indicator) if asked.request else None
    if request is None:
        return figure.kind == asked.word
    if request.to or request.over or request.by != "level" or request.counted_from != "top":
        return False
    basis = f"since {request.since}" if request.since else request.basis
    return figure.kind == request.measure and figure.basis in ("", basis if request.measure in BASED else "")


#: Measures that look back to another period.
BASED = ("growth", "change", "change in growth", "average annual growth")


def _check_direction(figure: Figure, asked: Reference) -> None:
    """Raise `ValueError` where the sentence says that a figure rose (fell) and it did not."""
    if asked.direction and (figure.value > 0) != (asked.direction == "up"):
        word = asked.word.split(" ")[0]
        other = "did not move" if figure.value == 0 else "fell" if figure.value < 0 else "rose"
        raise ValueError(
            f"{asked.indicator} in {figure.place} {other} in {figure.period} ({figure.value:+.4g} {figure.unit}): "
            f"`{word}` would tell otherwise; mend the sentence, or write {{growth of {asked.indicator}}}"
        )


def _there_are(desk: Desk, asked: Reference, place: str) -> str:
    """The figures of the indicator that a commentary may name instead, those of the place and the latest first."""
    figures = [figure for figure in desk.figures.values() if figure.indicator == asked.indicator]
    figures = [figure for figure in figures if not figure.breakdown and figure.kind in NAMED]
    ordered = sorted(figures, key=lambda f: (f.place == place, Period.parse(f.period).end, f.id), reverse=True)
    names = list(dict.fromkeys(_name(figure) for figure in ordered))[:MOST_NAMED]
    return f" The briefing has: {', '.join(names)}" if names else ""


#: Kinds of figures that a name without more words means.
NAMED = ("level", "growth", "change", "share", "gap", "multiple", "rank")


def _name(figure: Figure) -> str:
    word = "target" if figure.status == "target" and figure.kind == "level" else figure.kind
    more = " on previous period" if figure.basis == "on previous period" else ""
    return f"{{{word}{more} of {figure.indicator} in {figure.place} {figure.period}}}"
