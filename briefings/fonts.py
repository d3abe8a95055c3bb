"""The fonts of the house: static instances of Noto Sans and Noto Sans SC, regular and bold, made once a machine.

In: the variable fonts of two pinned packages, and a cache folder. Out: a `FontSet`, the `fonts.conf` that confines
WeasyPrint and vl-convert to it, and the characters it has no glyph for. Why static: WeasyPrint instantiates a variable
font anew for each PDF, which costs 9 s with this CJK font and 0.1 s with the static ones. Next door, `charts` and
`render` use the fonts inside workers; how type is set is decided in the style sheets.

The same packages give the same bytes on every machine: HarfBuzz makes the instances, times are fixed, and the folder's
name is a digest of all that goes in. The fonts are under the SIL Open Font License, whose texts lie beside them; the
name it reserves ("Source") is not used.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import tempfile
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, Protocol
from xml.sax.saxutils import escape

from briefings import durable
from briefings.errors import RenderError

REGULAR, BOLD = 400, 700
STYLES = {REGULAR: "Regular", BOLD: "Bold"}

#: Raised whenever what is made from the same packages changes; part of the digest.
RECIPE = "1"

#: 2026-01-01 in seconds since 1904, as fonts count time.
MADE = 3_850_070_400

_MANIFEST = "fonts.json"

#: Hangul is left out: no edition is in Korean, and its 11,000 glyphs would make every PDF 50 kB larger.
_HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))

#: For vertical text, for other regions' forms of Han (locl; the face has the forms of the mainland), and for Hangul.
_FEATURES_DROPPED = (
    "valt", "vchw", "vert", "vhal", "vkrn", "vpal", "vrt2", "locl", "ljmo", "tjmo", "vjmo",
)  # fmt: skip
_FEATURES_ADDED = ("lnum", "tnum", "subs", "sups")
_TABLES_DROPPED = ("BASE", "DSIG", "STAT", "VORG", "vhea", "vmtx")

#: Never drawn, whatever font is in use: space, the white space of HTML, and Unicode's default ignorable characters.
_UNDRAWN = frozenset(
    code
    for first, last in (
        (0x20, 0x20),
        (0x9, 0xA),
        (0xC, 0xD),
        (0xAD, 0xAD),
        (0x34F, 0x34F),
        (0x61C, 0x61C),
        (0x200B, 0x200F),
        (0x2028, 0x202E),
        (0x2060, 0x206F),
        (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF),
        (0xE0000, 0xE0FFF),
    )
    for code in range(first, last + 1)
)


#: Ascending code points as runs, first and last inclusive; and those of each family.
Ranges = tuple[tuple[int, int], ...]
Coverage = tuple[tuple[str, Ranges], ...]

#: The classes of letters that are written from the right: Hebrew, Arabic, Arabic figures.
_FROM_RIGHT = frozenset({"R", "AL", "AN"})


@dataclass(frozen=True, slots=True)
class Origin:
    """A variable font: its family's name here, the distribution and file it comes from, its face and fixed axes."""

    family: str
    distribution: str
    package: str
    file: str
    face: int
    axes: tuple[tuple[str, float], ...]
    suffix: str


ORIGINS = (
    Origin(
        family="Noto Sans",
        distribution="fontpkg-noto-sans",
        package="fontpkg_noto_sans",
        file="files/NotoSans[wdth,wght].ttf",
        face=0,
        axes=(("wdth", 100),),
        suffix=".ttf",
    ),
    Origin(
        family="Noto Sans SC",
        distribution="manimgx-fonts-cjk",
        package="manimgx_fonts_cjk",
        file="NotoSansCJK-VF.otf.ttc",
        face=2,  # Simplified Chinese, after Japanese and Korean
        axes=(),
        suffix=".otf",
    ),
)


class Static(Protocol):
    """A static font that a house adds to the set: its file's name and bytes, how it names itself, its code points."""

    @property
    def name(self) -> str: ...
    @property
    def content(self) -> bytes: ...
    @property
    def family(self) -> str: ...
    @property
    def weight(self) -> int: ...
    @property
    def codes(self) -> frozenset[int]: ...


@dataclass(frozen=True, slots=True)
class FontSet:
    """The fonts of the house. `folder` holds nothing but them, their licences and a manifest.

    digest: of all they were made from. coverage: family -> the ranges of code points it has glyphs for, first and last
    inclusive, ascending.
    """

    folder: Path
    digest: str
    names: tuple[tuple[str, int, str], ...]
    coverage: Coverage

    @property
    def paths(self) -> Mapping[tuple[str, int], Path]:
        """Family and weight (400, 700) -> file."""
        return {(family, weight): self.folder / name for family, weight, name in self.names}

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self.paths.values())


def default_cache() -> Path:
    """`$XDG_CACHE_HOME/briefings`, or `~/.cache/briefings`."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "briefings"


def ensure_fonts(cache: Path | None = None, added: Sequence[Static] = ()) -> FontSet:
    """The font set, from `cache` (`default_cache()` where none is given); made there first if it is lacking or damaged.
    With the fonts that a house `added`, it is a set of its own, beside the program's.

    Making takes about 4 s and 0.4 GB. Processes that ask at once wait for the one that makes it; a process killed at
    it leaves nothing that the next one would take for a font. Raises `RenderError`: a font package is missing or is
    not what it should be, the cache cannot be written.
    """
    base = cache or default_cache()
    digest = _digest(added)
    folder = base / f"fonts-{digest[:16]}"
    found = _load(folder)
    if found is None:
        try:
            with _alone(base, folder.name):
                found = _load(folder) or _install(folder, _extended(cache, added, digest) if added else _make(digest))
        except OSError as error:
            raise RenderError(
                f"The fonts cannot be kept in {base}: {error.strerror or error}. "
                "Make the folder writable, free some space (20 MB), or set XDG_CACHE_HOME to another folder."
            ) from error
    return found


@lru_cache(maxsize=8)
def files_in(folder: str) -> Mapping[tuple[str, int], Path]:
    """Family and weight -> file, of a set's folder: for those in whose process the set is known by its place alone."""
    manifest = json.loads((Path(folder) / _MANIFEST).read_text(encoding="utf-8"))
    return {(family, weight): Path(folder) / name for family, weight, name in manifest["fonts"]}


def fontconfig_file(fonts: FontSet, folder: Path | None = None) -> Path:
    """Write `fonts.conf` into `folder` (where none is given, one beside the fonts) and return its path.

    Set as FONTCONFIG_FILE in the environment of a process before WeasyPrint or vl-convert is imported there, it hides
    every font of the system (on macOS from WeasyPrint alone). The families of CSS (sans-serif ...) mean the house's.
    Raises `RenderError` where it cannot be written.
    """
    folder = folder or fonts.folder.with_name(f"{fonts.folder.name}.fontconfig")
    families = "".join(f"<family>{escape(family)}</family>" for family, _ in fonts.coverage)
    aliases = "".join(
        f"  <alias binding='same'><family>{generic}</family><prefer>{families}</prefer></alias>\n"
        for generic in ("sans-serif", "serif", "monospace", "system-ui")
    )
    text = (
        "<?xml version='1.0'?>\n<!DOCTYPE fontconfig SYSTEM 'fonts.dtd'>\n<fontconfig>\n"
        f"  <dir>{escape(str(fonts.folder.resolve()))}</dir>\n"
        f"  <cachedir>{escape(str(folder.resolve() / 'cache'))}</cachedir>\n{aliases}</fontconfig>\n"
    )
    path = folder / "fonts.conf"
    try:
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".fonts-", delete=False) as beside:
                beside.write(text.encode())
            Path(beside.name).replace(path)
    except OSError as error:
        raise RenderError(f"{path} cannot be written: {error.strerror or error}. Make its folder writable.") from error
    return path


def missing_glyphs(text: str, coverage: Coverage) -> set[str]:
    """The characters of `text` that would be printed as an empty box: no font has a glyph for them.

    White space and characters that are never drawn (joiners, variation selectors) are not counted.
    """
    lines = [_ranges(ranges) for _, ranges in coverage]
    return {char for char in set(text) if ord(char) not in _UNDRAWN and not _has_glyph(ord(char), lines)}


def unprintable(text: str, coverage: Coverage) -> list[str]:
    """The characters of `text` that no edition can show, ascending: those that no font has a glyph for, marks that
    stand on no letter of the fonts, letters that are written from the right, for which no page or chart is set."""
    drawn = {each for each in unicodedata.normalize("NFC", text) if ord(each) not in _UNDRAWN}
    odd = {each for each in drawn if unicodedata.combining(each) or unicodedata.bidirectional(each) in _FROM_RIGHT}
    return sorted(odd | missing_glyphs("".join(drawn), coverage))


def named(characters: Sequence[str], most: int = 10) -> str:
    """Characters with their code points and names, the first few of them."""
    names = [f"{char!r} (U+{ord(char):04X} {unicodedata.name(char, 'without a name')})" for char in characters[:most]]
    more = f" and {len(characters) - most} more" if len(characters) > most else ""
    return ", ".join(names) + more


def own_coverage() -> Coverage:
    """What the program's own set has glyphs for, read from the packages: known before the set is made, in some 10 ms.
    Raises `RenderError` where a package is missing."""
    return tuple((origin.family, _spans(_codes(_face(origin)))) for origin in ORIGINS)


def coverage_of(added: Sequence[Static]) -> Coverage:
    """The same of the fonts that a house adds."""
    return tuple((font.family, _spans(sorted(font.codes))) for font in added)


@lru_cache(maxsize=8)
def _ranges(ranges: Ranges) -> tuple[list[int], list[int]]:
    return [first for first, _ in ranges], [last for _, last in ranges]


def _has_glyph(code: int, lines: list[tuple[list[int], list[int]]]) -> bool:
    return any((at := bisect_right(firsts, code) - 1) >= 0 and code <= lasts[at] for firsts, lasts in lines)


# The cache


def _digest(added: Sequence[Static] = ()) -> str:
    """Of the recipe, the makers' versions and the source files: whatever the fonts' bytes depend on."""
    state = hashlib.sha256(RECIPE.encode())
    for maker in ("uharfbuzz", "fonttools"):
        state.update(f"{maker} {metadata.version(maker)}\n".encode())
    for origin in ORIGINS:
        with _source(origin).open("rb") as file:
            state.update(hashlib.file_digest(file, "sha256").digest())
    for font in added:
        state.update(hashlib.sha256(font.content).digest())
    return state.hexdigest()


def _source(origin: Origin) -> Path:
    """The variable font in its package. Raises `RenderError` where it is not installed."""
    try:
        package = import_module(origin.package).__file__
    except ModuleNotFoundError:
        package = None
    path = Path(package or "").parent / origin.file
    if package is None or not path.is_file():
        raise RenderError(
            f"The font {origin.family} is missing: {origin.file} of the package {origin.distribution} was not found. "
            f"Run `pip install {origin.distribution}`."
        )
    return path


def _load(folder: Path) -> FontSet | None:
    """The set in `folder`; None where there is none or a file is not what the manifest says."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        for name, checksum in manifest["checksums"].items():
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != checksum:
                    return None
        names = tuple((family, weight, name) for family, weight, name in manifest["fonts"])
        coverage = tuple(
            (family, tuple((first, last) for first, last in ranges)) for family, ranges in manifest["coverage"].items()
        )
        return FontSet(folder, manifest["digest"], names, coverage)
    except (OSError, ValueError, KeyError):
        return None


@contextmanager
def _alone(base: Path, name: str) -> Iterator[None]:
    """One process at a time. The lock goes with the process that holds it, however that ends."""
    base.mkdir(parents=True, exist_ok=True)
    with (base / f"{name}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(folder: Path, files: Mapping[str, bytes]) -> FontSet:
    """Write the set beside `folder`, then move it there in one step."""
    for left in folder.parent.glob(f"{folder.name}.part-*"):
        shutil.rmtree(left)
    beside = Path(tempfile.mkdtemp(prefix=f"{folder.name}.part-", dir=folder.parent))
    try:
        for name, content in files.items():
            durable.write(beside / name, content)
        beside.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    durable.sync(folder.parent)
    found = _load(folder)
    if found is None:
        raise OSError("the files just written cannot be read back")
    return found


# The recipe


def _make(digest: str) -> dict[str, bytes]:
    """Every file of the folder by name, the manifest last."""
    files: dict[str, bytes] = {}
    fonts: list[tuple[str, int, str]] = []
    coverage: dict[str, Ranges] = {}
    for origin in ORIGINS:
        stem = origin.family.replace(" ", "")
        files[f"OFL-{stem}.txt"] = _licence(origin).encode()
        for weight, style in STYLES.items():
            content, codes = _instance(origin, weight)
            name = f"{stem}-{style}{origin.suffix}"
            files[name] = _named(content, origin.family, weight)
            fonts.append((origin.family, weight, name))
            coverage[origin.family] = _spans(codes)
    return {**files, _MANIFEST: _manifest(digest, files, fonts, coverage)}


def _extended(cache: Path | None, added: Sequence[Static], digest: str) -> dict[str, bytes]:
    """The program's own set and the fonts of a house: name of the file -> content."""
    own = ensure_fonts(cache)
    files = {path.name: path.read_bytes() for path in own.folder.iterdir() if path.name != _MANIFEST}
    fonts, coverage = list(own.names), dict(own.coverage)
    for font in added:
        name = f"house-{hashlib.sha256(font.content).hexdigest()[:16]}{Path(font.name).suffix.lower()}"
        files[name] = font.content
        fonts.append((font.family, font.weight, name))
        coverage[font.family] = tuple(_spans(sorted(font.codes)))
    return {**files, _MANIFEST: _manifest(digest, files, fonts, coverage)}


def _manifest(
    digest: str, files: Mapping[str, bytes], fonts: Sequence[tuple[str, int, str]], coverage: Mapping[str, Ranges]
) -> bytes:
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"digest": digest, "fonts": fonts, "checksums": checksums, "coverage": coverage}
    return json.dumps(manifest, separators=(",", ":"), ensure_ascii=True).encode()


def _licence(origin: Origin) -> str:
    text = metadata.distribution(origin.distribution).read_text("licenses/LICENSE")
    if text is None or "OPEN FONT LICENSE" not in text.upper():
        raise RenderError(
            f"The package {origin.distribution} holds no SIL Open Font License, which must stay with its font. Install "
            f"the version that constraints.txt names: `pip install -c constraints.txt {origin.distribution}`."
        )
    return text


def _instance(origin: Origin, weight: int) -> tuple[bytes, list[int]]:
    """The static font of one weight, and the code points it has glyphs for, ascending."""
    import uharfbuzz as hb

    face = _face(origin)
    wanted = hb.SubsetInput()
    codes = _codes(face)
    wanted.unicode_set.update(codes)
    wanted.layout_feature_tag_set.update(map(_tag, _FEATURES_ADDED))
    for feature in _FEATURES_DROPPED:
        wanted.layout_feature_tag_set.discard(_tag(feature))
    wanted.drop_table_tag_set.update(map(_tag, _TABLES_DROPPED))
    wanted.name_id_set.update([0, 5, 7, 13, 14])
    # PDF takes CFF, not CFF2.
    wanted.flags = hb.SubsetFlags.DOWNGRADE_CFF2 | hb.SubsetFlags.NOTDEF_OUTLINE
    pinned = [wanted.pin_axis_location(face, axis, value) for axis, value in (("wght", weight), *origin.axes)]
    made = hb.subset(face, wanted)
    if not all(pinned) or not codes or made is None:
        raise RenderError(
            f"{_source(origin)} is not the variable font it should be. Install the version of {origin.distribution} "
            f"that constraints.txt names: `pip install --force-reinstall -c constraints.txt {origin.distribution}`."
        )
    return bytes(made.blob.data), codes


def _face(origin: Origin) -> Any:
    """The variable font, opened by HarfBuzz."""
    import uharfbuzz as hb

    return hb.Face(hb.Blob.from_file_path(str(_source(origin))), origin.face)


def _codes(face: Any) -> list[int]:
    """The code points that an instance of a face has glyphs for, ascending."""
    return sorted(set(face.unicodes).difference(*(range(first, last + 1) for first, last in _HANGUL)))


def _tag(text: str) -> int:
    return int.from_bytes(text.encode("ascii"))


def _named(content: bytes, family: str, weight: int) -> bytes:
    """The font with its names, weight and times set; the copyright, version and licence entries stay."""
    from fontTools.ttLib import TTFont

    style, bold = STYLES[weight], weight == BOLD
    compact = f"{family.replace(' ', '')}-{style}"
    font: Any = TTFont(io.BytesIO(content), recalcTimestamp=False)
    names = font["name"]
    version = names.getDebugName(5) or ""
    own = {1: family, 2: style, 3: f"{version};{compact}", 4: f"{family} {style}", 6: compact, 16: family, 17: style}
    names.names = [record for record in names.names if record.nameID not in {*own, 25}]
    for number, text in own.items():
        names.setName(text, number, 3, 1, 0x409)
    font["head"].created = font["head"].modified = MADE
    font["head"].macStyle = 1 if bold else 0
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0b110_0001 | (0b10_0000 if bold else 0b100_0000)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _spans(codes: Sequence[int]) -> Ranges:
    """Ascending numbers as runs, first and last inclusive."""
    spans: list[tuple[int, int]] = []
    for code in codes:
        if spans and code == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], code)
        else:
            spans.append((code, code))
    return tuple(spans)
