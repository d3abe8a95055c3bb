"""Turn a briefing into the files of an edition.

In: a `Briefing`, its `Narrative`, a stamp, templates, workers and fonts. Out: `Rendered`: every file of the edition's
folder but the manifest. The steps: draw the charts (`drawings`), fill the contexts (`page`, `mail`), fill the templates
(`html`), write the annex (`annex`, `figures`) and the Word edition (`docx`), set the PDF (`pdf`), and write down what
the files must say (`script`). Next door, `archive` files what comes out, and `audit` reads it against the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefings.briefing import Briefing
from briefings.errors import RenderError
from briefings.fonts import FontSet
from briefings.house import Logo
from briefings.narrative import Narrative
from briefings.render import annex, pdf
from briefings.render.contexts import BriefingPage, Line, Medium, Piece, plain
from briefings.render.docx import word_edition
from briefings.render.drawings import Drawing, draw_all
from briefings.render.figures import Register, figures_json
from briefings.render.flow import float_charts
from briefings.render.glyphs import check_glyphs
from briefings.render.imprint import BOX, house_style
from briefings.render.mail import mail_body
from briefings.render.page import Stamp, briefing_page, courses, with_contents, without_courses
from briefings.render.script import script
from briefings.render.styles import print_style, screen_script, screen_style
from briefings.render.webfonts import with_fonts
from briefings.script import Script
from briefings.workers import Workers

__all__ = ["Rendered", "Stamp", "render"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of an edition by name, the number of pages of its PDF, how many distinct figures are printed, and what
    the files must say (`script`), for `audit`.

    `remarks`: what had to be mended on the way (a broken character that was replaced), for the builder to report.
    """

    files: dict[str, bytes]
    pages: int
    figures_printed: int
    script: Script
    remarks: tuple[str, ...] = ()


def render(
    briefing: Briefing,
    language: str,
    *,
    narrative: Narrative,
    stamp: Stamp,
    templates: tuple[Path, ...],
    workers: Workers,
    fonts: FontSet,
    logo: Logo | None = None,
) -> Rendered:
    """Render one edition. The same arguments give the same bytes.

    `templates`: folders, the project's own first. `logo`: the picture whose hash the briefing names. Raises
    `RenderError` (a template, a missing glyph, a chart without its marks, a warning of WeasyPrint) and `WorkerError`.
    """
    if narrative.language != language:
        raise RenderError(f"the narrative is in {narrative.language!r}, the edition in {language!r}: narrate it again")
    drawings = draw_all(briefing, narrative, workers, fonts.folder)
    register = Register(briefing)
    pages = _pages(briefing, narrative, register, drawings, stamp, templates, fonts, logo)
    remarks: list[str] = []
    texts = _fill(workers, templates, pages, _lead(narrative, register), remarks)
    found = annex.rows(briefing, register, language)
    sheets = annex.sheets(briefing, narrative, found, pages["screen"].facts)
    files = {
        "briefing.html": with_fonts(texts["screen"], briefing.house, language, fonts).encode(),
        "mail.html": texts["mail.html"].encode(),
        "mail.txt": texts["mail.txt"].encode(),
        "briefing.json": briefing.to_json().encode(),
        "figures.json": figures_json(briefing, register, language),
        "data.csv": annex.data_csv(found),
        "data.xlsx": annex.data_xlsx(briefing, narrative, sheets),
    }
    word = without_courses(pages["print"])
    files["briefing.docx"] = word_edition(word, drawings, briefing.cut_off, _bitmap(logo, workers))
    for identifier, drawing in drawings.items():
        files[f"charts/{identifier}.svg"] = drawing.alone_svg
        files[f"charts/{identifier}.png"] = drawing.alone_png
    check_glyphs(_shown(texts["print with contents"], drawings) + pages["print"].house.footer, fonts, briefing)
    payload = _pdf_payload(texts, pages["print with contents"], drawings, files, briefing.cut_off)
    payload["information"] = {"Edition": stamp.edition, "Content": stamp.content}
    printed = workers.call("briefings.render.pdf:write", payload, what=stamp.edition)
    files["briefing.pdf"] = printed["pdf"]
    said = script(
        briefing, narrative, drawings,
        screen=pages["screen"], printed=pages["print with contents" if printed["contents"] else "print"],
        word=word,
        rows=(annex.COLUMNS, *found), sheets={name: sheet.rows for name, sheet in sheets.items()},
    )  # fmt: skip
    return Rendered(files, printed["pages"], len(register), said, tuple(dict.fromkeys(remarks)))


def _pages(
    briefing: Briefing,
    narrative: Narrative,
    register: Register,
    drawings: Mapping[str, Drawing],
    stamp: Stamp,
    templates: tuple[Path, ...],
    fonts: FontSet,
    logo: Logo | None,
) -> dict[str, BriefingPage]:
    """The page for the screen, and for print without and with its list of contents."""
    styles: dict[Medium, str] = {
        "screen": screen_style(templates),
        "print": print_style(templates, narrative.furniture),
    }

    def page(medium: Medium) -> BriefingPage:
        style = styles[medium] + house_style(briefing.house, narrative.language, medium, fonts)
        return briefing_page(
            briefing, narrative, register, drawings, stamp, medium=medium, style=style, logo=logo,
            script=screen_script(templates) if medium == "screen" else "",
        )  # fmt: skip

    printed = page("print")
    return {
        "screen": with_contents(page("screen")),
        "print": float_charts(printed),
        "print with contents": float_charts(with_contents(printed)),
    }


def _lead(narrative: Narrative, register: Register) -> Line:
    """The first finding in few words, for the subject of the mail; its numbers entered."""
    for run in narrative.lead:
        if run.figure:
            register.add(run.figure, run.text, "subject")
    return [Piece(run.text, run.figure or "") for run in narrative.lead]


def _bitmap(logo: Logo | None, workers: Workers) -> bytes:
    """A logo as PNG, for Word, which takes no other picture everywhere."""
    if logo is None or logo.kind == "image/png":
        return logo.content if logo else b""
    width, height = (max(1, round(4 * side)) for side in logo.within(*BOX))
    drawn: bytes = workers.call("briefings.charts.drawing:raster", {"svg": logo.drawn_at(width, height)})
    return drawn


def _fill(
    workers: Workers, templates: tuple[Path, ...], pages: Mapping[str, BriefingPage], lead: Line, remarks: list[str]
) -> dict[str, str]:
    """The templates of pages and mail, filled in a worker. Characters that are none are replaced, with a remark."""
    wanted = {name: ("briefing.html", plain(page, remarks)) for name, page in pages.items()}
    mail = plain(mail_body(pages["screen"], lead), remarks)
    wanted |= {name: (name, mail) for name in ("mail.html", "mail.txt")}
    folders = [str(folder) for folder in templates]
    filled: dict[str, str] = workers.call("briefings.render.html:fill", {"folders": folders, "pages": wanted})
    return filled


def _shown(text: str, drawings: Mapping[str, Drawing]) -> str:
    """What page and pictures show."""
    return pdf.shown_text(text) + "".join(pdf.shown_text(drawing.wide) for drawing in drawings.values())


def _pictures(drawings: Mapping[str, Drawing]) -> dict[str, str]:
    """The pictures that a page in print may show: each as wide as the page, and in half its width (`flow`)."""
    wide = {f"{identifier}.svg": drawing.wide for identifier, drawing in drawings.items()}
    return wide | {f"{identifier}.half.svg": drawing.narrow for identifier, drawing in drawings.items()}


def _pdf_payload(
    texts: Mapping[str, str],
    page: BriefingPage,
    drawings: Mapping[str, Drawing],
    files: Mapping[str, bytes],
    day: str,
) -> dict[str, Any]:
    attached = (("data.csv", page.words["figures"]), ("figures.json", page.words["sources and figures"]))
    return {
        "html": texts["print"],
        "html_with_contents": texts["print with contents"],
        "long": pdf.looks_long(page),
        "pictures": _pictures(drawings) | courses(page),
        "attachments": [
            {"name": name, "description": description, "content": files[name], "day": day}
            for name, description in attached
        ],
        "phrases": pdf.link_phrases(page),
    }
