"""The house theme: colours, type, sizes. One look for every chart of every edition.

What comes in is nothing; what goes out are constants, the sizes of a chart (`Frame`), the Altair theme (`house`) and
what becomes of a chart in the colour and fonts of a project (`branded`).
The kinds of charts, which are laid out next door, are listed in `KINDS` of `charts`.

Sizes are in CSS pixels. A chart is 644 pixels wide and stands 170 mm wide in print, so that a pixel is three quarters
of a point: title 12 pt, subtitle 9.5, labels and axes 8.5, source 8.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, log
from typing import Any

from briefings import colours
from briefings.colours import apart, contrast, mixed, readable, told_apart, toward
from briefings.periods import Language

#: The highlight; and the colours of marks where several series are highlighted, in this order. They can be told apart
#: with every kind of colour blindness (palette of the UK's Analysis Function). Only the first and the third are dark
#: enough for text.
COLOURS = (colours.ACCENT, "#28A197", "#801650", "#F46A25")
HIGHLIGHT = COLOURS[0]
#: Parts of a whole side by side: one more than series have.
PARTS = (*COLOURS, "#3D3D3D")
#: What takes the place of a colour that a house's own cannot be told from: three for dark ones, one for light ones.
#: Whatever the accent, one of them is told from all that stays (tests try).
SPARE = (HIGHLIGHT, "#5A3A00", "#0A0A0A", "#4A90E2")
PALE = "#8FA6BD"  # the highlight, paler: columns before the last
SLATE = colours.SLATE  # lines in panels of their own
GREY = colours.GREY  # marks in the background; 2.5:1 on white, told apart by their labels, not by colour
INK, GRID, PAPER = colours.INK, colours.GRID, colours.PAPER
QUIET = colours.QUIET  # secondary text; 6.5:1 on white
ZERO = "#5F686E"
BAND = "#DCE6EF"  # a range behind a line
#: Steps of scales. Below zero orange, above it blue: far apart with every kind of colour blindness. Of tiers,
#: from the lowest to the highest, the last.
BELOW = ("#FBDCC8", "#F7AE82", "#E0763A", "#A84A14")
ABOVE = (BAND, "#A9C1D8", "#4874A0", HIGHLIGHT)
TIERS = ("#EEF3F7", *ABOVE)
#: How far the two sides of a house's scale are apart at least, in parts of how far the program's are.
SIDES = 0.7

#: As on the pages: English in Noto Sans, Chinese all in Noto Sans SC, whose Latin letters and digits suit its Han.
FONTS = {"en": "Noto Sans, Noto Sans SC, sans-serif", "zh": "Noto Sans SC, Noto Sans, sans-serif"}
TITLE, SUBTITLE, TEXT, SOURCE = 16.0, 12.7, 11.3, 10.7
TICK = 10.0  # labels inside panels and cells
LINE_HEIGHT = 1.25

WIDTH, NARROW = 644, 344


@dataclass(frozen=True, slots=True)
class Frame:
    """The sizes of one chart: the whole width, the height of the plot, and the margins around the plot."""

    total: int = WIDTH
    height: float = 230
    left: float = 0
    right: float = 0
    top: float = 26
    bottom: float = 24

    @property
    def width(self) -> float:
        """The width of the plot."""
        return self.total - self.left - self.right

    @property
    def narrow(self) -> bool:
        return self.total < (WIDTH + NARROW) / 2

    def with_margins(self, **margins: float) -> Frame:
        """Margins (and height) in whole pixels, so that rules fall on them."""
        return replace(self, **{name: float(ceil(margin)) for name, margin in margins.items()})  # type: ignore[arg-type]


def branded(specification: dict[str, Any], accent: str, family: str, *, scaled: bool = False) -> dict[str, Any]:
    """A chart in the colour and the fonts of a house; either may be empty. The colour takes the place of the highlight,
    and what every eye tells from it that of a colour too near (`palette`). Of a chart whose colours are a scale
    (`scaled`), it is that of words, and the scale has steps of its hue (`scale`).
    """
    made: dict[str, Any] = specification
    if accent:
        words = palette(accent)
        made = _recoloured(specification, scale(accent, specification) if scaled else words, words)
    if not family:
        return made
    config, about = made["config"], made["usermeta"]
    stack = f"'{family}', {config['font']}"  # in quotation marks: a family may begin with a digit
    return made | {"config": config | {"font": stack}, "usermeta": about | {"font": stack}}


@lru_cache(maxsize=8)
def palette(accent: str) -> Mapping[str, str]:
    """The program's colour -> that which stands in its place, where an accent is the highlight. Parts that are too near
    to it give way to the spare colour, as dark or as light as they, that is farthest from all others."""
    stays = [accent, *(part for part in PARTS[1:] if told_apart(part, (accent,)))]
    made = {HIGHLIGHT: accent, PALE: mixed(accent, PAPER, 0.53), BAND: mixed(accent, PAPER, 0.85)}
    for part in PARTS[1:]:
        if part not in stays:
            alike = (spare for spare in SPARE if readable(spare) == readable(part))
            made[part] = max(alike, key=lambda spare: min(apart(spare, other) for other in stays))
            stays.append(made[part])
    return made


def scale(accent: str, specification: dict[str, Any]) -> Mapping[str, str]:
    """The steps of the program's scale -> those of a house's: of its hue, each as light as the one in whose place it
    stands. Where a chart has two sides, and some eye would take the house's for the other one, its scale stays."""
    made = {step: _toned(accent, step) for step in TIERS}
    pairs = list(zip(ABOVE, BELOW, strict=True))
    parted = all(apart(made[above], below) >= SIDES * apart(above, below) for above, below in pairs)
    return made if parted or not _holds(specification, BELOW) else {}


@lru_cache(maxsize=64)
def _toned(accent: str, like: str) -> str:
    """A colour lighter or darker, until its contrast with the paper is that of another."""
    wanted = contrast(like, PAPER)
    ways = (*toward(accent, PAPER), *toward(accent, "#000000"))
    return min(ways, key=lambda each: abs(log(contrast(each, PAPER) / wanted)))


def _holds(node: Any, colours: Collection[str]) -> bool:
    if isinstance(node, dict):
        return any(_holds(value, colours) for value in node.values())
    if isinstance(node, list | tuple):
        return any(_holds(value, colours) for value in node)
    return isinstance(node, str) and node in colours


def _recoloured(node: Any, marks: Mapping[str, str], words: Mapping[str, str], key: str = "") -> Any:
    """A specification with other colours of its marks, and of its words (`ink`)."""
    if isinstance(node, str):
        return (words if key == "ink" else marks).get(node, node)
    if isinstance(node, dict):
        return {name: _recoloured(value, marks, words, name) for name, value in node.items()}
    if isinstance(node, list | tuple):
        return type(node)(_recoloured(value, marks, words, key) for value in node)
    return node


def house(language: Language) -> dict[str, Any]:
    """The Altair theme: horizontal text, light horizontal grid, no box, no legend."""
    axis = {
        "domain": False,
        "ticks": False,
        "title": None,
        "labelAngle": 0,
        "labelColor": QUIET,
        "labelFontSize": TEXT,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "labelLimit": 0,
        "labelPadding": 6,
        "tickRound": False,  # grid and marks are placed alike
        "translate": 0,
        "gridColor": GRID,
        "gridWidth": 1,
    }
    return {
        "config": {
            "aria": False,
            "background": PAPER,
            "font": FONTS[language],
            "view": {"stroke": None},
            "axis": axis,
            "axisX": {"grid": False},
            "axisY": {"grid": True},
            "legend": {"disable": True},
            "line": {"strokeCap": "round", "strokeJoin": "round"},
            "text": {"fontSize": TEXT, "color": INK, "lineHeight": round(TEXT * LINE_HEIGHT, 2)},
        }
    }
