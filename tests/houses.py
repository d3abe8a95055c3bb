"""A house of one's own for tests: a logo, fonts that are renamed copies of the program's, and a project that has both.

`make(folder)` writes the starter project with all that `house:` can hold.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

from briefings.fonts import BOLD, REGULAR, STYLES, ensure_fonts

STARTER = Path(__file__).parents[1] / "templates" / "starter"
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 60"><rect width="60" height="60" rx="8" fill="#7a1f3d"/>'
    '<path d="M12 44 L24 20 L34 34 L48 12" fill="none" stroke="#fff" stroke-width="5"/>'
    '<path d="M76 16h24v6H76zM76 30h150v6H76zM76 44h120v6H76z" fill="#1b2733"/></svg>'
)
HOUSE = """
house:
  logo: brand/logo.svg
  colours: {accent: "#7a1f3d"}
  fonts:
    text: {en: House Sans}
    headings: {en: House Sans, zh: 宏观黑体}
  footer: {en: For internal use, zh: 内部资料，注意保存}
  series: {number: yearly, since: 2024-01}
"""


def font(family: str, weight: int, *, han: bool = False, text: str = "", stated: int = 0) -> bytes:
    """A static font of this name: the program's own, of the characters of `text` alone where any are given; `stated`:
    the weight that it says it has."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    source = ensure_fonts().paths["Noto Sans SC" if han else "Noto Sans", weight]
    made: Any = TTFont(source, recalcTimestamp=False)
    if text:
        worker = subset.Subsetter(subset.Options(layout_features=["tnum", "kern"], name_IDs=["*"]))
        worker.populate(text=text)
        worker.subset(made)
    compact = family.replace(" ", "") if family.isascii() else "HouseHan"
    names = {1: family, 2: STYLES[weight], 4: f"{family} {STYLES[weight]}", 6: f"{compact}-{STYLES[weight]}"}
    for number, name in ({16: family, 17: STYLES[weight]} | names).items():
        made["name"].setName(name, number, 3, 1, 0x409)
    made["OS/2"].usWeightClass = stated or weight
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def make(folder: Path, house: str = HOUSE) -> Path:
    """The starter project with a house of its own."""
    shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    (folder / "brand").mkdir()
    (folder / "brand" / "logo.svg").write_text(LOGO, encoding="utf-8")
    (folder / "fonts").mkdir()
    for weight in (REGULAR, BOLD):
        (folder / "fonts" / f"HouseSans-{STYLES[weight]}.ttf").write_bytes(font("House Sans", weight))
    (folder / "fonts" / "hei.otf").write_bytes(font("宏观黑体", BOLD, han=True))
    project = folder / "config" / "project.yaml"
    project.write_text(project.read_text(encoding="utf-8").rstrip() + house, encoding="utf-8")
    return folder
