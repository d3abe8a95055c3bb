"""Find the style sheets and the script of the page, and say page numbers in the words of a language.

In: the folders of templates and the fixed words. Out: texts to stand inside a page, and the policy that
lets this script run and nothing else. What they do is decided in `templates/screen.css`, `print.css`, `screen.js`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from briefings.errors import RenderError


def screen_style(templates: Sequence[Path]) -> str:
    return _read(templates, "screen.css")


def screen_script(templates: Sequence[Path]) -> str:
    """What runs in the page: it adds to it, and nothing needs it."""
    return _read(templates, "screen.js")


def policy(script: str, *, fonts: bool = False) -> str:
    """What the HTML edition may do: use its own styles and pictures (and `fonts`, where it has some), run this one
    script; nothing from outside."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"{'font-src data:; ' if fonts else ''}script-src 'sha256-{digest}'"
    )


def print_style(templates: Sequence[Path], words: Mapping[str, str]) -> str:
    """The print style, with "page x of y" at the foot of each page."""
    content = " ".join(_page_numbers(words["page of pages"]))
    return f"{_read(templates, 'print.css')}@page {{ @bottom-right {{ content: {content} }} }}\n"


def _read(templates: Sequence[Path], name: str) -> str:
    """The project's own file, or the program's. Raises `RenderError` where none is, or where it would end the element
    that holds it."""
    path = next((folder / name for folder in templates if (folder / name).is_file()), None)
    if path is None:
        raise RenderError(f"no template {name} in {', '.join(str(folder) for folder in templates)}")
    text = path.read_text(encoding="utf-8")
    if "</" in text:
        raise RenderError(
            f"template {name}: '</' may not stand in a style sheet or a script, it would end the element that holds it"
        )
    return text


def css_text(text: str) -> str:
    """A text as a string of CSS, whatever stands in it."""
    escaped = "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in text)
    return f'"{escaped}"'


def _page_numbers(template: str) -> Iterator[str]:
    """`Page {page} of {pages}` as the parts of a CSS content value."""
    for part in re.split(r"(\{pages?\})", template):
        if part in ("{page}", "{pages}"):
            yield f"counter({part[1:-1]})"
        elif part:
            yield css_text(part)
