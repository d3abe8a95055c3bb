"""The golden editions as pictures: a person looked at these pages once, and what was good is held.

The pictures that are kept stand in `golden/pictures`; `make golden` writes them anew, to be looked at. That the
comparison can fail is shown by faults put into a page, one at a time.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageOps

from briefings.archive import Edition
from tests import pictures

pytestmark = pytest.mark.slow

KEPT = Path(__file__).parent / "golden" / "pictures"
#: A kept picture is small: it stands in the repository.
LARGEST = 30_000
#: The page into which faults are put: two charts, the head of a table.
PAGE = 2
#: Pixels of four millimetres.
FOUR_MM = round(4 * pictures.DPI / 25.4)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_look_as_they_did(language: str, golden_editions: dict[str, Edition], tmp_path: Path) -> None:
    found = list(pictures.pages(golden_editions[language].read("briefing.pdf")))
    if os.environ.get("BRIEFINGS_GOLDEN") == "write":
        for old in KEPT.glob(f"tourism-{language}-*.png"):
            old.unlink()
        for number, page in enumerate(found, 1):
            pictures.keep(page, KEPT / f"tourism-{language}-{number}.png")
    kept = sorted(KEPT.glob(f"tourism-{language}-*.png"))
    assert len(found) == len(kept)
    for page, path in zip(found, kept, strict=True):
        with Image.open(path) as before:
            part = pictures.differing(page, before)
        page.save(tmp_path / path.name)
        assert part <= pictures.ALLOWED, (
            f"{part:.1%} of {path.name} looks otherwise than before (now: {tmp_path / path.name}); "
            "if that is meant, look at the page, run `make golden`, and look at the picture"
        )


def test_kept_pictures_are_small() -> None:
    kept = sorted(KEPT.glob("*.png"))
    assert kept
    assert {path.name: path.stat().st_size for path in kept if path.stat().st_size > LARGEST} == {}


# Faults: in the operators of a page, or in its picture


def of_operators(change: Callable[[list[Any], str], list[Any] | None]) -> Callable[[bytes], Image.Image]:
    """A page of which each operator is changed, or left out where None comes back."""

    def picture(pdf: bytes) -> Image.Image:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            page = document.pages[PAGE - 1]
            told = [(list(each.operands), str(each.operator)) for each in pikepdf.parse_content_stream(page)]
            changed = [(change(operands, operator), operator) for operands, operator in told]
            written = [(operands, pikepdf.Operator(name)) for operands, name in changed if operands is not None]
            page.Contents = document.make_stream(pikepdf.unparse_content_stream(written))
            saved = io.BytesIO()
            document.save(saved)
        return list(pictures.pages(saved.getvalue()))[PAGE - 1]

    return picture


def of_picture(change: Callable[[Image.Image], Image.Image]) -> Callable[[bytes], Image.Image]:
    return lambda pdf: change(list(pictures.pages(pdf))[PAGE - 1])


def larger_type(operands: list[Any], operator: str) -> list[Any]:
    return [operands[0], Decimal(str(operands[1])) * Decimal("1.1")] if operator == "Tf" else operands


def without_marks(operands: list[Any], operator: str) -> list[Any] | None:
    return None if operator in ("S", "f") else operands


def another_colour(operands: list[Any], operator: str) -> list[Any]:
    dark_blue = operator in ("rg", "RG") and [round(float(each), 2) for each in operands] == [0.07, 0.26, 0.43]
    return [Decimal("0.55"), Decimal("0.1"), Decimal("0.1")] if dark_blue else operands


class AnotherFont:
    """The second font of the page in place of its first."""

    def __init__(self) -> None:
        self.fonts: list[Any] = []

    def __call__(self, operands: list[Any], operator: str) -> list[Any]:
        if operator != "Tf":
            return operands
        if operands[0] not in self.fonts:
            self.fonts.append(operands[0])
        return [self.fonts[0], *operands[1:]] if len(self.fonts) < 2 else [self.fonts[1], *operands[1:]]


def block(picture: Image.Image) -> tuple[tuple[int, int, int, int], Image.Image]:
    """The middle third of a page, over its whole width: its box and its picture."""
    box = (0, picture.height // 3, picture.width, 2 * picture.height // 3)
    return box, picture.crop(box)


def moved(down: int) -> Callable[[Image.Image], Image.Image]:
    def change(picture: Image.Image) -> Image.Image:
        box, part = block(picture)
        picture.paste((255, 255, 255), box)
        picture.paste(part, (0, box[1] + down))
        return picture

    return change


def overlapping(picture: Image.Image) -> Image.Image:
    box, part = block(picture)
    over = picture.crop(box)
    picture.paste(ImageChops.multiply(over, ImageChops.offset(part, 0, part.height // 2)), box)
    return picture


def without_chart(picture: Image.Image) -> Image.Image:
    box, _ = block(picture)
    picture.paste((255, 255, 255), box)
    return picture


FAULTS: dict[str, Callable[[bytes], Image.Image]] = {
    "a block stands 4 mm lower": of_picture(moved(FOUR_MM)),
    "a block stands 4 mm higher": of_picture(moved(-FOUR_MM)),
    "type is a tenth larger": of_operators(larger_type),
    "another font": of_operators(AnotherFont()),
    "lines and bars are lacking": of_operators(without_marks),
    "a chart is lacking": of_picture(without_chart),
    "another colour": of_operators(another_colour),
    "colours are inverted": of_picture(ImageOps.invert),
    "blocks stand upon one another": of_picture(overlapping),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(fault: str, golden_editions: dict[str, Edition]) -> None:
    pdf = golden_editions["en"].read("briefing.pdf")
    part = pictures.differing(FAULTS[fault](pdf), list(pictures.pages(pdf))[PAGE - 1])
    print(f"{part:6.1%}  {fault}")
    assert part > 2 * pictures.ALLOWED


def test_what_no_reader_sees_is_no_fault(golden_editions: dict[str, Edition]) -> None:
    page = next(pictures.pages(golden_editions["zh"].read("briefing.pdf")))
    paler = ImageChops.add(page, Image.new("RGB", page.size, (4, 4, 4)))
    for same in (page, moved(0)(page.copy()), ImageChops.offset(page, 1, 0), paler):
        assert pictures.alike(same, page)
