"""Find the style sheets, and say page numbers in the words of a language.

In: the folders of templates and the fixed words. Out: CSS texts to stand inside a page. What they look like is decided
in `templates/screen.css` and `templates/print.css`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from briefings.errors import RenderError


def screen_style(templates: Sequence[Path]) -> str:
    return _read(templates, "screen.css")


def print_style(templates: Sequence[Path], words: Mapping[str, str]) -> str:
    """The print style, with "page x of y" at the foot of each page."""
    content = " ".join(_page_numbers(words["page of pages"]))
    return f"{_read(templates, 'print.css')}@page {{ @bottom-right {{ content: {content} }} }}\n"


def _read(templates: Sequence[Path], name: str) -> str:
    """The project's own style sheet, or the program's. Raises `RenderError` where none is, or where it would end the
    element that holds it."""
    path = next((folder / name for folder in templates if (folder / name).is_file()), None)
    if path is None:
        raise RenderError(f"no template {name} in {', '.join(str(folder) for folder in templates)}")
    text = path.read_text(encoding="utf-8")
    if "</" in text:
        raise RenderError(
            f"template {name}: '</' may not stand in a style sheet, it would end the element that holds it"
        )
    return text


def _page_numbers(template: str) -> Iterator[str]:
    """`Page {page} of {pages}` as the parts of a CSS content value."""
    for part in re.split(r"(\{pages?\})", template):
        if part in ("{page}", "{pages}"):
            yield f"counter({part[1:-1]})"
        elif part:
            escaped = "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in part)
            yield f'"{escaped}"'
