"""Colours: those of the program, contrast, how far apart two are to any eye, and the nearest that can be read.

In: colours as `#RRGGBB`. Out: numbers and colours. Contrast is reckoned after WCAG 2.2 (relative luminance, 1.4.3);
distance in Oklab, which is uniform to the eye, as the worst of normal sight, protanopia and deuteranopia (the matrices
of Machado, Oliveira and Fernandes, 2009). Who uses which colour is decided in `charts`, `render` and the style sheets;
what more than one of them must know stands here, and a test holds the style sheets and the page's script against it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

#: The program's own accent; the same for text on a ground light or dark; what stands behind the own row; the paper.
ACCENT, MIDDLE, PALE, PAPER = "#12436D", "#3A78AD", "#E3ECF4", "#FFFFFF"
#: Of pictures: words, second words, grid.
INK, QUIET, GRID = "#222222", "#555F66", "#E3E6E8"
#: What text needs against its ground.
READABLE = 4.5
#: What a line or a mark needs, and a dark ground that it may stand on.
TOLD, NIGHT = 3.0, "#1a1a1a"
#: Two colours nearer than this look alike where they do not touch (black and white are 100 apart).
APART = 5.0
#: The greys of charts that a highlight must be told from.
SLATE, GREY = GREYS = ("#5B6B7A", "#9AA5AF")

Rgb = tuple[float, float, float]
_SIGHTS: tuple[tuple[Rgb, Rgb, Rgb], ...] = (
    ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255, of `#RRGGBB` or `#RGB`."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """A colour with a share (0 to 1) of another."""
    parts = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in parts)


def apart(one: str, other: str) -> float:
    """How far two colours are apart to the eye that tells them apart worst; black and white are 100 apart."""
    return min(_distance(_seen(one, sight), _seen(other, sight)) for sight in _SIGHTS)


def told_apart(colour: str, others: tuple[str, ...]) -> bool:
    """Whether every eye tells a colour from each of the others."""
    return all(apart(colour, other) >= APART for other in others)


def unlike(one: str, other: str) -> float:
    """How far two colours are apart to normal sight; black and white are 100 apart."""
    return _distance(_seen(one, _SIGHTS[0]), _seen(other, _SIGHTS[0]))


def chroma(colour: str) -> float:
    """How far a colour is from the grey of its lightness: black and white are 100 apart."""
    _, green_red, blue_yellow = _seen(colour, _SIGHTS[0])
    return 100.0 * math.hypot(green_red, blue_yellow)


def toward(colour: str, other: str) -> Iterator[str]:
    """A colour and what lies on its way to another, in steps of a fiftieth."""
    yield from (mixed(colour, other, step / 50) for step in range(51))


def readable(colour: str, ground: str = PAPER) -> bool:
    """Whether text in this colour can be read on a ground."""
    return contrast(colour, ground) >= READABLE


def between(colour: str) -> str:
    """The colour, or the first on its way to white that is told from a dark ground as from a white one: 3 to 1."""
    return next((each for each in toward(colour, PAPER) if contrast(each, NIGHT) >= TOLD), colour)


def _linear(colour: str) -> Rgb:
    red, green, blue = (each / 255 for each in channels(colour))
    return _light(red), _light(green), _light(blue)


def _light(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _seen(colour: str, sight: tuple[Rgb, Rgb, Rgb]) -> Rgb:
    """A colour in Oklab (Björn Ottosson, 2020), as a sight has it."""
    given = _linear(colour)
    red, green, blue = (min(1.0, max(0.0, _dot(row, given))) for row in sight)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _dot(one: Rgb, other: Rgb) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _distance(one: Rgb, other: Rgb) -> float:
    return 100.0 * math.dist(one, other)
