"""The fonts of a project: what its folder `fonts/` holds, and whether they can set what the project writes.

In: the folder, the names of families asked for, the letters that the project writes in a language. Out: `Faces`, what
is to be added to the fonts of the program (`fonts`). Type that is asked for is held against what editions need of it:
files that are fonts, static ones, an upright regular (and for text a bold), figures of one width, letters no wider than
charts reserve room for, a glyph for every letter of the language that the project's own words have.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from briefings.configuration import HAN, one_of
from briefings.errors import HouseError
from briefings.fonts import BOLD, ORIGINS, REGULAR
from briefings.house.files import read_inside

FOLDER = "fonts"
LARGEST = 30_000_000
#: The families that come with the program.
PROGRAM_FONTS = tuple(origin.family for origin in ORIGINS)
LATIN_ALONE = PROGRAM_FONTS[0]
_BEGINNINGS = (b"\x00\x01\x00\x00", b"OTTO", b"true")
#: The mean width of a to z and 0 to 9 in Noto Sans, by weight, in parts of the size. Charts reserve room by its widths
#: (`charts.labels`), 3 in 100 more, and leave some pixels; a face wider than this much of it would overrun them.
_MEAN = {REGULAR: 0.542, BOLD: 0.569}
WIDEST = 1.06
_SAMPLE = "abcdefghijklmnopqrstuvwxyz0123456789"
#: Letters, figures and signs that every Latin face must have.
_LATIN = frozenset(map(chr, range(0x21, 0x7F))) | set("–—−’“”·%")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. family, stated (its weight, 100 to 900): as it names itself; codes: what it has glyphs for; wide:
    the mean width of small letters and figures, in parts of the size; 0 where it lacks one."""

    name: str
    content: bytes
    family: str
    stated: int
    upright: bool
    codes: frozenset[int]
    even_figures: bool
    wide: float

    @property
    def weight(self) -> int:
        """What it is set as: regular (400) or bold (700)."""
        return BOLD if self.stated >= 600 else REGULAR

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts of a project that its house asks for: of a family one regular and one bold. unread: what is wrong with
    the other files; spare: those that nearer weights of their family leave no use for."""

    faces: tuple[Face, ...] = ()
    unread: tuple[str, ...] = ()
    spare: tuple[Face, ...] = ()

    def weights(self, family: str) -> frozenset[int]:
        """The weights of a family; both, of the program's own."""
        if family in PROGRAM_FONTS:
            return frozenset({REGULAR, BOLD})
        return frozenset(face.weight for face in self.faces if face.family == family)


def find_faces(root: Path) -> Faces:
    """The upright fonts in `fonts/` of a project: of a family and weight, that nearest to 400 or 700."""
    read: list[Face] = []
    unread: list[str] = []
    for path in sorted(path for path in (root / FOLDER).glob("*") if path.suffix.lower() in (".ttf", ".otf")):
        try:
            read.append(_face(path.name, read_inside(root, f"{FOLDER}/{path.name}", LARGEST)))
        except HouseError as error:
            unread.append(str(error))
    upright = sorted((face for face in read if face.upright), key=_order)
    chosen = [next(alike) for _, alike in groupby(upright, key=lambda face: (face.family, face.weight))]
    return Faces(tuple(chosen), tuple(unread), tuple(face for face in upright if face not in chosen))


def _order(face: Face) -> tuple[str, int, int, str]:
    return face.family, face.weight, abs(face.stated - face.weight), face.name


def _face(name: str, content: bytes) -> Face:
    """A font from its bytes. Raises `HouseError`."""
    from fontTools.ttLib import TTFont, TTLibError

    path = f"{FOLDER}/{name}"
    if not content.startswith(_BEGINNINGS):
        raise HouseError(f"'{path}' is no TrueType or OpenType font, whatever its name says; take it away")
    try:
        font: Any = TTFont(io.BytesIO(content), lazy=True)
        if "fvar" in font:
            raise HouseError(
                f"'{path}' is a variable font, which costs seconds a PDF; put its static fonts there (Regular, Bold)"
            )
        names, glyphs = font["name"], font.getBestCmap() or {}
        codes = frozenset(glyphs)
        family = names.getDebugName(16) or names.getDebugName(1) or ""
        upright = not font["OS/2"].fsSelection & 0b1 and not font["post"].italicAngle
        advances = {each: font["hmtx"][glyphs[ord(each)]][0] for each in _SAMPLE if ord(each) in codes}
        tabular = len({advances.get(digit) for digit in "0123456789"}) == 1 or _has_feature(font, "tnum")
        whole = len(advances) == len(_SAMPLE)
        wide = sum(advances.values()) / len(_SAMPLE) / font["head"].unitsPerEm if whole else 0.0
        stated = font["OS/2"].usWeightClass
    except (TTLibError, KeyError, AttributeError, ValueError, IndexError, OSError, TypeError) as error:
        raise HouseError(f"'{path}' is a font that cannot be read ({error}); put a whole one there") from error
    if not family or not codes:
        raise HouseError(f"'{path}' names no family or has no glyph; put another font there")
    return Face(name, content, family, stated, upright, codes, tabular, wide)


def _has_feature(font: Any, tag: str) -> bool:
    table = font["GSUB"].table if "GSUB" in font else None
    features = table.FeatureList.FeatureRecord if table is not None and table.FeatureList else ()
    return any(record.FeatureTag == tag for record in features)


def objections(faces: Faces, family: str, language: str, written: str, *, bold: bool) -> Iterator[str]:
    """What a family lacks to set a language. `written`: what the project writes in it; `bold`: whether text is set in
    it, which needs a bold and figures of one width."""
    known = (*dict.fromkeys(face.family for face in faces.faces), *PROGRAM_FONTS)
    if family not in known:
        yield f"{one_of(family, known, 'family of fonts')} Put its files (.ttf, .otf) into {FOLDER}/ of the project."
        return
    if family == LATIN_ALONE and language == "zh":
        yield f"the family '{family}' has no Chinese letter; take {PROGRAM_FONTS[1]}, or a family of your own"
    own = [face for face in faces.faces if face.family == family]
    weights = faces.weights(family)
    if REGULAR not in weights and (bold or not weights):
        yield f"the family '{family}' has no regular font in {FOLDER}/; put it there"
    if bold and BOLD not in weights:
        yield f"the family '{family}' has no bold font in {FOLDER}/, which text needs; put it there"
    if bold and not all(face.even_figures for face in own):
        yield f"the figures of '{family}' differ in width, so that columns of them do not stand; take another family"
    broad = max((face.wide / _MEAN[face.weight] for face in own), default=0.0)
    if bold and broad > WIDEST:
        yield (
            f"the letters of '{family}' are {broad:.2f} times as wide as those of {LATIN_ALONE}, by which charts "
            f"reserve room; at most {WIDEST} times will do. Take a narrower family for text; headings may be in this "
            "one"
        )
    for face in own:
        lacking = sorted(_needed(language, written) - {chr(code) for code in face.codes})
        if lacking:
            yield _without(face, language, lacking)
            return


def _without(face: Face, language: str, lacking: list[str]) -> str:
    named = ", ".join(f"'{each}' (U+{ord(each):04X})" for each in lacking[:5])
    more = f" and {len(lacking) - 5:,} more" if len(lacking) > 5 else ""
    spoken = {"zh": "Chinese", "en": "English"}[language]
    return (
        f"{FOLDER}/{face.name} has no glyph for {named}{more}, which this project writes in {spoken}; "
        f"take a family that has them, or leave {language!r} out here"
    )


def _needed(language: str, written: Iterable[str]) -> set[str]:
    """The letters that a face of a language must have: of Chinese the Han letters and marks, of English the Latin."""
    letters = {each for each in written if each.isprintable() and not each.isspace()}
    if language == "zh":
        return {each for each in letters if HAN.match(each) or each in "，。、；：！？（）“”《》"}
    return {each for each in letters if unicodedata.name(each, "").startswith("LATIN")} | _LATIN


def letters_of(texts: Iterable[object]) -> str:
    """All letters of texts, and of mappings and lists of them; each once, in order."""
    found: set[str] = set()
    for each in texts:
        if isinstance(each, str):
            found.update(each)
        elif isinstance(each, Mapping):
            found.update(letters_of(each.values()))
        elif isinstance(each, Iterable):
            found.update(letters_of(each))
    return "".join(sorted(found))
