"""The fonts of a house in the page: each cut down to the letters that the page shows, as WOFF2, in its style sheet.

In: the page as it was filled, the house of a briefing, the fonts at hand. Out: the page with its fonts in it, as far as
they are small. The program's own families are named alone: a reader's machine has some of that kind. Which families a
house asks for is told in `house`; the PDF takes whole fonts from the same set, next door in `pdf`.
"""

from __future__ import annotations

import base64
import html
import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from briefings.briefing import House
from briefings.fonts import ORIGINS, FontSet

#: Characters that all fonts of a page may take in it, written in base64: what does not fit is left out, text first.
MOST = 150_000
_PROGRAM_FONTS = frozenset(origin.family for origin in ORIGINS)
_NOT_TEXT = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_HEADING = re.compile(r"<h([1-3])\b.*?</h\1>", re.DOTALL)
#: A licence that lets a font be embedded nowhere (OS/2, fsType).
_RESTRICTED = 0x2


def own_families(house: House, language: str) -> tuple[str, ...]:
    """The families of a house's own that an edition is set in: that of headings, that of text."""
    asked = (house.heading_font.get(language, ""), house.text_font.get(language, ""))
    return tuple(dict.fromkeys(family for family in asked if family and family not in _PROGRAM_FONTS))


def with_fonts(page: str, house: House, language: str, fonts: FontSet) -> str:
    """The page with the fonts of its house in it. A family for headings alone has their letters, one for text all that
    stand in the page. Fonts whose licence lets nobody embed them stay out, and so does what is too large."""
    told = _NOT_TEXT.sub("", page)
    headings = "".join(found[0] for found in _HEADING.finditer(told))
    rules, left = "", MOST
    for family in own_families(house, language):
        letters = "".join(sorted(set(html.unescape(told if family == house.text_font.get(language) else headings))))
        faces = {weight: path for (name, weight), path in fonts.paths.items() if name == family}
        made = "".join(_face(family, weight, path, letters) for weight, path in sorted(faces.items()))
        if len(made) <= left:
            rules, left = rules + made, left - len(made)
    return page.replace("<style>", f"<style>{rules}", 1) if rules else page


def _face(family: str, weight: int, path: Path, letters: str) -> str:
    content = _cut(path, letters)
    if not content:
        return ""
    source = f"data:font/woff2;base64,{base64.b64encode(content).decode()}"
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url({source}) format("woff2"); }}\n'


@lru_cache(maxsize=8)
def _cut(path: Path, letters: str) -> bytes:
    """A font of these letters alone, as WOFF2; nothing where its licence forbids to embed it. Some 0.05 s for Latin
    letters, 0.3 s for 400 Han."""
    import uharfbuzz as hb
    from fontTools.ttLib import TTFont

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, letters))
    wanted.layout_feature_tag_set.update(int.from_bytes(tag) for tag in (b"lnum", b"tnum"))
    subset = hb.subset(hb.Face(hb.Blob.from_file_path(str(path))), wanted)
    font: Any = TTFont(io.BytesIO(bytes(subset.blob.data)), recalcTimestamp=False)
    if font["OS/2"].fsType & _RESTRICTED:
        return b""
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
