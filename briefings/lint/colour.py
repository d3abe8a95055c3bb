"""Colours of pictures: which of them a reader sees as such. How they are reckoned is told in `colours`."""

from __future__ import annotations

from collections.abc import Iterable

from briefings.colours import APART, GREYS, PAPER, channels, chroma, toward, unlike

#: What an ink, a rule or a ground may have of a hue: those of the house are bluish.
GREYISH = 3.5
#: A tint is a step on the way to paper, each channel within so much.
ROUNDED = 3


def standing_out(paints: Iterable[str]) -> list[str]:
    """Those of the colours of marks that stand out: no grey of charts, no paler step of another."""
    colours = [paint for paint in dict.fromkeys(paints) if all(unlike(paint, grey) >= APART for grey in GREYS)]
    return [paint for paint in colours if not any(_is_tint(paint, of) for of in colours if of != paint)]


def is_neutral(colour: str) -> bool:
    """Whether it has next to no hue: as the inks, rules and grounds of a picture."""
    return chroma(colour) < GREYISH


def _is_tint(pale: str, colour: str) -> bool:
    return any(
        all(abs(one - two) <= ROUNDED for one, two in zip(channels(pale), channels(step), strict=True))
        for step in toward(colour, PAPER)
    )
