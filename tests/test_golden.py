"""Golden editions: the starter project, whole, in both languages. `make golden` writes them anew; read the diff then.

Text files are compared line by line, so that a difference can be read; of the others (PDF, HTML with its script,
workbook, pictures) the checksums are compared: the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from pypdf import PdfReader

from briefings.archive import Edition

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent / "golden"
#: Files of an edition that are kept as they are.
READABLE = ("mail.txt", "mail.html", "data.csv")


def golden_files(edition: Edition) -> dict[str, str]:
    """What is kept of an edition: name -> text."""
    files = {name: edition.read(name).decode() for name in READABLE}
    pages = PdfReader(edition.folder / "briefing.pdf").pages
    files["pages.txt"] = "\n\f\n".join(page.extract_text() for page in pages) + "\n"
    names = sorted(name for name in edition.manifest["files"] if name not in READABLE)
    checksums = ((hashlib.sha256(edition.read(name)).hexdigest(), name) for name in names)
    files["checksums.txt"] = "".join(f"{digest}  {name}\n" for digest, name in checksums)
    return files


@pytest.mark.parametrize("language", ["en", "zh"])
def test_golden(language: str, golden_editions: dict[str, Edition]) -> None:
    folder = GOLDEN / f"tourism-{language}"
    found = golden_files(golden_editions[language])
    if os.environ.get("BRIEFINGS_GOLDEN") == "write":
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for name, text in found.items():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            kept = file.read()
        assert text == kept, f"{name} differs; if that is meant, run `make golden` and read the difference"
