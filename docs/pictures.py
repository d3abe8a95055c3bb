"""Pages of the sample editions as pictures: one PNG a page, and the two pictures of the README.

In: the editions that `make demo` filed. Out: `<folder>/<theme>-<place>-<language>-<page>.png`, and the pages of `SHOWN`
in `docs/pictures/`, in few colours so that they stay small. Needs `pdftoppm` (poppler); nothing of this is needed at
run time. Run: python docs/pictures.py FOLDER [DPI]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

from briefings.archive import Archive, Edition

ROOT = Path(__file__).resolve().parent.parent
#: What the README shows: theme, place, language and page of a picture.
SHOWN = {
    "page-en.png": ("markets", "china", "en", 1),
    "page-zh.png": ("markets", "china", "zh", 2),
}
SHOWN_DPI = 100
COLOURS = 64


def main() -> None:
    folder = Path(sys.argv[1])
    dpi = sys.argv[2] if len(sys.argv) > 2 else "80"
    if shutil.which("pdftoppm") is None:
        raise SystemExit("pdftoppm is lacking; install poppler-utils (Debian) or poppler (brew)")
    folder.mkdir(parents=True, exist_ok=True)
    latest = {(e.key.theme, e.key.place, e.key.language): e for e in Archive(ROOT / "data/editions").editions()}
    if not latest:
        raise SystemExit("there are no editions to take pictures of; run `make demo` first")
    for names, edition in latest.items():
        _draw(edition, "-r", dpi, to=folder / "-".join(names))
        print("-".join(names))
    for name, (theme, place, language, page) in SHOWN.items():
        path = ROOT / "docs/pictures" / name
        path.parent.mkdir(exist_ok=True)
        one = ("-r", str(SHOWN_DPI), "-f", str(page), "-l", str(page), "-singlefile")
        _draw(latest[theme, place, language], *one, to=path.with_suffix(""))
        Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(path.relative_to(ROOT))


def _draw(edition: Edition, *options: str, to: Path) -> None:
    subprocess.run(["pdftoppm", *options, "-png", str(edition.folder / "briefing.pdf"), str(to)], check=True)


if __name__ == "__main__":
    main()
