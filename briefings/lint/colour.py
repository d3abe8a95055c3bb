"""Colours: how far two are apart to the eye, and whether one is a grey.

In: colours as `#RRGGBB`. Out: numbers. WCAG 2.2 says how contrast is reckoned (relative luminance, 1.4.3).
"""

from __future__ import annotations

#: What a grey may have of a hue: the cool greys of the house are bluish.
GREYISH = 0x30


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255, of `#RRGGBB` or `#RGB`."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
    return red, green, blue


def is_grey(colour: str) -> bool:
    """Whether its channels are close together."""
    return max(channels(colour)) - min(channels(colour)) <= GREYISH


def luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    parts = [each / 255 for each in channels(colour)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
