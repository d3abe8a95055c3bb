"""A house of one's own on the page: its logo, colour, fonts, foot and number.

In: the house of a briefing, the bytes of its logo, the fonts at hand. Out: the context `House`, and the rules that
stand behind a style sheet and put the house's colour and fonts in place of the program's. Colours and families fit the
patterns of the briefing's model: nothing else of a configuration stands in a style sheet, but for the foot, escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from briefings import colours
from briefings.briefing import House as Imprint
from briefings.errors import RenderError
from briefings.fonts import BOLD, FontSet
from briefings.house import Logo
from briefings.render.contexts import House, Medium, Picture
from briefings.render.styles import css_text
from briefings.tables import in_language

#: The box that a logo fits into, CSS pixels: 60 by 16 millimetres.
BOX = (227.0, 60.0)
#: How much of the paper's white is in what stands behind the own row.
PALE = 0.88
_SCREEN = (
    'system-ui, -apple-system, "Segoe UI", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif'
)
_PRINT = {"en": '"Noto Sans", "Noto Sans SC"', "zh": '"Noto Sans SC", "Noto Sans"'}


def imprint(house: Imprint, language: str, logo: Logo | None) -> House:
    """What a page shows of its house. Raises `RenderError` where the logo is not the one that the briefing names."""
    wanted = house.logo.get(language, "")
    if wanted != (logo.digest if logo else ""):
        found = f"that with the hash {logo.digest[:12]}" if logo else "none"
        raise RenderError(f"the briefing names the logo {wanted[:12] or 'of nobody'} and was handed {found}")
    accent = house.accent or colours.ACCENT
    middle = colours.between(house.accent) if house.accent else "#3a78ad"
    return House(
        logo=_picture(logo, in_language(house.publisher, language)) if logo else None,
        number=house.number.get(language, ""),
        footer=house.footer.get(language, ""),
        accent=accent,
        pale=colours.mixed(accent, colours.PAPER, PALE) if house.accent else "#e3ecf4",
        middle=middle,
        tint=f"rgba({','.join(map(str, colours.channels(middle)))},.18)",
        text_font=house.text_font.get(language, ""),
        heading_font=house.heading_font.get(language, ""),
    )


def _picture(logo: Logo, publisher: str) -> Picture:
    width, height = logo.within(*BOX)
    content = base64.b64encode(logo.content).decode()
    return Picture(f"data:{logo.kind};base64,{content}", publisher, round(width), max(1, round(height)))


def house_style(house: Imprint, language: str, medium: Medium, fonts: FontSet) -> str:
    """What stands behind a style sheet: nothing where a house has nothing of its own."""
    rules = [*_colours(house.accent), *_fonts(house, language, medium, fonts)]
    footer = house.footer.get(language, "")
    if footer and medium == "print":
        rules.append(f"@page {{ @bottom-left {{ content: {css_text(footer)} }} }}")
    return "".join(f"{rule}\n" for rule in rules)


def _colours(accent: str) -> list[str]:
    if not accent:
        return []
    return [f":root {{ --accent: {accent}; --pale: {colours.mixed(accent, colours.PAPER, PALE)}; }}"]


def _fonts(house: Imprint, language: str, medium: Medium, fonts: FontSet) -> list[str]:
    """Rules for text and headings; the program's own fonts stand behind the house's, for letters that it lacks."""
    behind = _SCREEN if medium == "screen" else _PRINT[language]
    rules = []
    if text := house.text_font.get(language):
        stack = f'font-family: "{text}", {behind}'
        rules.append(f"html:lang({language}) {{ {stack}; }}")
        rules += [f"@page {{ {stack}; }}"] if medium == "print" else []
    if heading := house.heading_font.get(language):
        bold = heading not in _families(fonts) or (heading, BOLD) in fonts.paths
        weight = "" if bold else " font-weight: 400;"
        rules.append(f'h1, h2, h3 {{ font-family: "{heading}", {behind};{weight} }}')
        under = f'"{text}", {behind}' if text else behind
        rules.append(f"h1 .where {{ font-family: {under}; }}")
    return rules


def _families(fonts: FontSet) -> Mapping[str, object]:
    return dict.fromkeys(family for family, _ in fonts.paths)
