"""Colours of pictures: whether one is a grey. How contrast is reckoned is told in `colours`."""

from __future__ import annotations

from briefings.colours import channels

#: What a grey may have of a hue: the cool greys of the house are bluish.
GREYISH = 0x30


def is_grey(colour: str) -> bool:
    """Whether its channels are close together."""
    return max(channels(colour)) - min(channels(colour)) <= GREYISH
