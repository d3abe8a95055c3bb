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
WHITE = 0.88


def imprint(house: Imprint, language: str, logo: Logo | None) -> House:
    """What a page shows of its house. Raises `RenderError` where the logo is not the one that the briefing names."""
    wanted = house.logo.get(language, "")
    if wanted != (logo.digest if logo else ""):
        found = f"that with the hash {logo.digest[:12]}" if logo else "none"
        raise RenderError(f"the briefing names the logo {wanted[:12] or 'of nobody'} and was handed {found}")
    accent = house.accent or colours.ACCENT
    middle = colours.between(house.accent) if house.accent else colours.MIDDLE
    return House(
        logo=_picture(logo, in_language(house.publisher, language)) if logo else None,
        number=house.number.get(language, ""),
        footer=house.footer.get(language, ""),
        accent=accent,
        pale=colours.mixed(accent, colours.PAPER, WHITE) if house.accent else colours.PALE,
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
    rules = [*_colours(house.accent), *_fonts(house, language, fonts)]
    footer = house.footer.get(language, "")
    if footer and medium == "print":
        rules.append(f"@page {{ @bottom-left {{ content: {css_text(footer)} }} }}")
    return "".join(f"{rule}\n" for rule in rules)


def _colours(accent: str) -> list[str]:
    if not accent:
        return []
    return [f":root {{ --accent: {accent}; --pale: {colours.mixed(accent, colours.PAPER, WHITE)}; }}"]


def _fonts(house: Imprint, language: str, fonts: FontSet) -> list[str]:
    """Text and headings; the style sheet's own fonts (`--own`) stand behind the house's, for letters that it lacks."""
    rules = []
    if text := house.text_font.get(language):
        rules.append(f':root {{ --text: "{text}", var(--own); }}')
    if heading := house.heading_font.get(language):
        rules.append(f':root {{ --head: "{heading}", var(--own); }}')
        if heading in _families(fonts) and (heading, BOLD) not in fonts.paths:
            rules.append("h1, h2, h3 { font-weight: 400; }")
    return rules


def _families(fonts: FontSet) -> Mapping[str, object]:
    return dict.fromkeys(family for family, _ in fonts.paths)
