"""Turn a briefing into the files of an edition.

In: a `Briefing`, its `Narrative`, a stamp, templates, workers and fonts. Out: `Rendered`: every file of the edition's
folder but the manifest. Steps: draw the charts, fill the contexts, fill the templates, set the PDF, write the annex.
Next door: `archive` files what comes out, `audit` reads it against the facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from briefings.briefing import Briefing
from briefings.errors import RenderError
from briefings.narrative import Narrative
from briefings.render import annex, html
from briefings.render.contexts import BriefingPage, Chart, Table, plain
from briefings.render.drawings import Drawing, Runner, draw_all
from briefings.render.figures import Register, figures_json
from briefings.render.mail import mail_body
from briefings.render.page import Medium, Stamp, briefing_page, cover_facts

__all__ = ["Rendered", "Stamp", "render"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of an edition by name, the number of pages of its PDF, and how many distinct figures are printed.

    `remarks`: what had to be mended on the way (a broken character replaced), for the builder to report.
    """

    files: dict[str, bytes]
    pages: int
    figures_printed: int
    remarks: tuple[str, ...] = ()


class Fonts(Protocol):
    """What render needs of `fonts.FontSet`: the folder of the font files and their paths."""

    @property
    def folder(self) -> Path: ...

    @property
    def files(self) -> Sequence[Path]: ...


def render(
    briefing: Briefing,
    language: str,
    *,
    narrative: Narrative,
    stamp: Stamp,
    templates: tuple[Path, ...],
    workers: Runner,
    fonts: Fonts,
) -> Rendered:
    """Render one edition. The same arguments give the same bytes.

    Raises `RenderError` (a template, a glyph, a chart, a warning of WeasyPrint) and `WorkerError`.
    """
    remarks: tuple[str, ...] = ()
    drawings = draw_all(briefing, narrative, workers, fonts.folder)
    register = Register(briefing)
    styles = {
        "screen": _style(templates, "screen.css"),
        "print": _numbered(_style(templates, "print.css"), narrative.furniture),
    }

    def page(medium: Medium, *, contents: bool = False) -> BriefingPage:
        return briefing_page(
            briefing, narrative, register, drawings, stamp,
            medium=medium, style=styles[medium], policy=html.POLICY, contents=contents,
        )  # fmt: skip

    screen = page("screen")
    texts = _fill(workers, templates, screen, page("print"), page("print", contents=True))
    found = annex.rows(briefing, register, language)
    files = {
        "briefing.html": html.with_script(texts["screen"]).encode(),
        "mail.html": texts["mail.html"].encode(),
        "mail.txt": texts["mail.txt"].encode(),
        "briefing.json": briefing.to_json().encode(),
        "figures.json": figures_json(briefing, register, language),
        "data.csv": annex.data_csv(found),
        "data.xlsx": annex.data_xlsx(briefing, narrative, found, cover_facts(briefing, narrative)),
    }
    for identifier, drawing in drawings.items():
        files[f"charts/{identifier}.svg"] = drawing.alone_svg
        files[f"charts/{identifier}.png"] = drawing.alone_png
    printed = workers.run("briefings.render.pdf:write", _pdf_payload(texts, screen, drawings, files, fonts, briefing))
    files["briefing.pdf"] = printed["pdf"]
    return Rendered(files, printed["pages"], len(register), remarks)


def _style(templates: Sequence[Path], name: str) -> str:
    """A style sheet: the project's own, or the program's. Raises `RenderError` where none is, or it would end its element."""
    path = next((folder / name for folder in templates if (folder / name).is_file()), None)
    if path is None:
        raise RenderError(f"no template {name} in {', '.join(str(folder) for folder in templates)}")
    text = path.read_text(encoding="utf-8")
    if "</" in text:
        raise RenderError(f"{path}: '</' may not stand in a style sheet, it would end the element that holds it")
    return text


def _numbered(style: str, words: Mapping[str, str]) -> str:
    """The print style with "page x of y" in the words of the language, at the foot of each page."""
    text = "".join(f"{part} " for part in _page_numbers(words["page of pages"]))
    return f"{style}@page {{ @bottom-right {{ content: {text}}} }}\n"


def _page_numbers(template: str) -> Iterator[str]:
    """`Page {page} of {pages}` as parts of a CSS content value."""
    for part in re.split(r"(\{pages?\})", template):
        if part in ("{page}", "{pages}"):
            yield f"counter({part[1:-1]})"
        elif part:
            escaped = "".join(char if char.isalnum() or char == " " else f"\\{ord(char):x} " for char in part)
            yield f'"{escaped}"'


def _fill(
    workers: Runner, templates: Sequence[Path], screen: BriefingPage, brief: BriefingPage, long: BriefingPage
) -> dict[str, str]:
    mail = plain(mail_body(screen))
    pages = {
        "screen": ("briefing.html", plain(screen)),
        "print": ("briefing.html", plain(brief)),
        "print with contents": ("briefing.html", plain(long)),
        "mail.html": ("mail.html", mail),
        "mail.txt": ("mail.txt", mail),
    }
    filled: dict[str, str] = workers.run(
        "briefings.render.html:fill", {"folders": [str(folder) for folder in templates], "pages": pages}
    )
    return filled


def _pdf_payload(
    texts: Mapping[str, str],
    screen: BriefingPage,
    drawings: Mapping[str, Drawing],
    files: Mapping[str, bytes],
    fonts: Fonts,
    briefing: Briefing,
) -> dict[str, Any]:
    words = screen.words
    attached = (("data.csv", words["figures"]), ("figures.json", words["sources and figures"]))
    return {
        "html": texts["print"],
        "html_with_contents": texts["print with contents"],
        "long": looks_long(screen),
        "pictures": {f"{identifier}.svg": drawing.wide for identifier, drawing in drawings.items()},
        "attachments": [
            {"name": name, "description": description, "content": files[name], "day": briefing.cut_off}
            for name, description in attached
        ],
        "fonts": [str(path) for path in fonts.files],
    }


def looks_long(page: BriefingPage) -> bool:
    """A guess whether the PDF has more than three pages, so that it need not be laid out twice; in thirds of a page."""
    blocks = [block for section in page.sections for block in section.blocks]
    tables = [block for block in blocks if isinstance(block, Table)] + ([page.table] if page.table else [])
    charts = sum(isinstance(block, Chart) for block in blocks)
    rows = sum(len(table.rows) + 5 for table in tables)
    lines = (
        2 * len(page.findings)
        + 2 * (len(blocks) - charts)
        + len(page.notes)
        + sum(len(g.entries) for g in page.groups) // 2
    )
    return charts + rows / 16 + lines / 18 + 0.6 > 9
