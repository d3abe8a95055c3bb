"""Pages of the sample editions as pictures: every page, the two pictures of the README, a contact sheet a language.

In: the editions that `make demo` filed, the latest of each. Out: `<folder>/<theme>-<place>-<language>-<page>.png`, and
in `docs/pictures/` the pages of `SHOWN` and the sheets, in few colours so that they stay small. Pages are drawn by
PDFium: the same editions give the same pictures. Run: python docs/pictures.py FOLDER [DPI]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from briefings.archive import Archive, Edition

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/pictures"
#: What the README shows: theme, place, language and page of a picture.
SHOWN = {
    "page-en.png": ("markets", "china", "en", 1),
    "page-zh.png": ("markets", "china", "zh", 2),
}
#: What a contact sheet shows, a row each: the first pages of a theme's edition.
ROWS = (
    ("markets", "china"), ("world_economy", "china"), ("economy", "xincheng"), ("finance", "wuhai"),
    ("industry", "hohhot"), ("business_environment", "wuhai"), ("development", "wuhai"), ("compare", "seven_places"),
)  # fmt: skip
PAGES_OF_A_ROW = 6
SHOWN_DPI, SHEET_DPI = 100, 30
COLOURS = 64
#: Pixels between the pages of a sheet, and above each row for its words.
GAP, WORDS = 8, 16
GROUND, INK = "#e6eaee", "#1b2733"
#: A picture in the repository has no more bytes.
LARGEST = 500_000


def main() -> None:
    folder = Path(sys.argv[1])
    dpi = int(sys.argv[2]) if len(sys.argv) > 2 else 80
    latest = {(e.key.theme, e.key.place, e.key.language): e for e in Archive(ROOT / "data/editions").editions()}
    if not latest:
        raise SystemExit("there are no editions to take pictures of; run `make demo` first")
    for path in (folder, PICTURES):
        path.mkdir(parents=True, exist_ok=True)
    for names, edition in latest.items():
        for number, page in enumerate(_pages(edition, dpi), 1):
            page.save(folder / f"{'-'.join(names)}-{number:02}.png")
        print("-".join(names))
    for name, (theme, place, language, number) in SHOWN.items():
        shown = next(page for n, page in enumerate(_pages(latest[theme, place, language], SHOWN_DPI), 1) if n == number)
        _keep(shown, name)
    for language in ("en", "zh"):
        rows = [latest[theme, place, language] for theme, place in ROWS if (theme, place, language) in latest]
        _keep(sheet(rows), f"contact-sheet-{language}.png")


def sheet(editions: list[Edition]) -> Image.Image:
    """The first pages of each edition in a row, under its theme, place and period."""
    rows = [(edition.key, [page for _, page in zip(range(PAGES_OF_A_ROW), _pages(edition, SHEET_DPI), strict=False)])
            for edition in editions]  # fmt: skip
    width, height = rows[0][1][0].size
    whole = (PAGES_OF_A_ROW * (width + GAP) + GAP, len(rows) * (height + GAP + WORDS) + GAP)
    found = Image.new("RGB", whole, GROUND)
    draw = ImageDraw.Draw(found)
    for n, (key, pages) in enumerate(rows):
        top = GAP + n * (height + GAP + WORDS)
        draw.text((GAP, top), f"{key.theme} / {key.place} / {key.period}", fill=INK)
        for m, page in enumerate(pages):
            found.paste(page, (GAP + m * (width + GAP), top + WORDS))
    return found


def _pages(edition: Edition, dpi: int) -> Iterator[Image.Image]:
    document = pdfium.PdfDocument(edition.read("briefing.pdf"))
    try:
        for page in document:
            yield page.render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def _keep(picture: Image.Image, name: str) -> None:
    path = PICTURES / name
    picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{name} has {path.stat().st_size:,} bytes, at most {LARGEST:,} may stand in the repository")
    print(path.relative_to(ROOT), f"{path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
