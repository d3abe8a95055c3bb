"""Pages of the sample editions as pictures: one PNG a page.

In: the editions that `make demo` filed. Out: `<folder>/<theme>-<place>-<language>-<page>.png`. Needs `pdftoppm`
(poppler) for the pages; nothing of this is needed at run time. Run: python docs/pictures.py FOLDER [DPI]
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from briefings.archive import Archive

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    folder = Path(sys.argv[1])
    dpi = sys.argv[2] if len(sys.argv) > 2 else "80"
    if shutil.which("pdftoppm") is None:
        raise SystemExit("pdftoppm is lacking; install poppler-utils (Debian) or poppler (brew)")
    folder.mkdir(parents=True, exist_ok=True)
    for edition in Archive(ROOT / "data/editions").editions():
        key = edition.key
        name = f"{key.theme}-{key.place}-{key.language}"
        subprocess.run(
            ["pdftoppm", "-r", dpi, "-png", str(edition.folder / "briefing.pdf"), str(folder / name)], check=True
        )
        print(name)


if __name__ == "__main__":
    main()
