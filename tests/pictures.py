"""Pages as small pictures, and how far two of them differ.

Pages are drawn at `DPI` by PDFium. Two pictures are compared field by field: a field is a square of `FIELD` pixels
(about 4 mm), of which the mean colour counts, so that the edges of letters, which every rasteriser smooths in its own
way, do not: pages drawn by Poppler differ from these in no field. The fonts are pinned: text is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageChops

DPI, FIELD = 48, 8
#: Pages are drawn so many times as large, and reduced: a hairline is then as pale as it is thin.
FINER = 3
#: Colours of a kept picture: few, so that the file stays small; enough to tell the palette of the house.
COLOURS = 32
#: Of 255: by so much a field may differ in any of red, green and blue.
TOLERANCE = 12
#: So large a part of the fields may differ: the content hash in the colophon does, and a rounding here and there.
ALLOWED = 0.0015

Pixels = np.ndarray[Any, np.dtype[np.float64]]


def pages(pdf: bytes) -> Iterator[Image.Image]:
    """The pages of a PDF, one after the other."""
    document = pdfium.PdfDocument(pdf)
    try:
        for page in document:
            yield page.render(scale=FINER * DPI / 72).to_pil().convert("RGB").reduce(FINER)
    finally:
        document.close()


def keep(picture: Image.Image, path: Path) -> None:
    """Write a picture as a small file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def fields(picture: Image.Image) -> Pixels:
    """The mean colour of each field: rows x columns x 3. The page is filled up with white to whole fields."""
    pixels = np.asarray(picture.convert("RGB"), dtype=float)
    height, width, _ = pixels.shape
    pixels = np.pad(pixels, ((0, -height % FIELD), (0, -width % FIELD), (0, 0)), constant_values=255.0)
    rows, columns = pixels.shape[0] // FIELD, pixels.shape[1] // FIELD
    means: Pixels = pixels.reshape(rows, FIELD, columns, FIELD, 3).mean(axis=(1, 3))
    return means


def differing(found: Image.Image, kept: Image.Image) -> float:
    """Which part of the fields differs, wherever the picture is laid within one pixel; 1.0 where the sizes differ."""
    if found.size != kept.size:
        return 1.0
    theirs = fields(kept)
    laid = (fields(ImageChops.offset(found, right, down)) for right in (-1, 0, 1) for down in (-1, 0, 1))
    least = np.min([np.abs(ours - theirs).max(axis=2) for ours in laid], axis=0)
    return float((least > TOLERANCE).mean())


def alike(found: Image.Image, kept: Image.Image) -> bool:
    """Whether a person would call two pictures the same."""
    return differing(found, kept) <= ALLOWED
