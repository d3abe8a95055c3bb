"""I. What a reader who cannot see, or sees little, needs.

In: finished files; the tags of the PDF. Out: remarks under I1 to I10. The tags are read whole by other programs as well
(docs/publication.md says which).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from briefings.colours import contrast
from briefings.lint.finished import Finished, text
from briefings.lint.model import rule

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COLOUR = re.compile(r"(?<![-\w])color:\s*(#[0-9a-fA-F]{3,6})")
_PROPERTY = re.compile(r"(--[a-z-]+)\s*:\s*([^;}]+?)\s*[;}]")


def _root(built: Finished) -> Any:
    import pikepdf

    return pikepdf.open(io.BytesIO(built["briefing.pdf"]))


@rule("I1", "A picture's words are more than its title: kind, span, first, last, extremes.")
def alternative(built: Finished) -> Iterator[str]:
    for figure in built.page.xpath("//figure[@class='chart']"):
        name = figure.get("id").removeprefix("chart-")
        picture, title = built.charts.get(name), figure.xpath(".//figcaption/span[@class='title']")
        said = (picture.findtext("{*}title") or "") if picture is not None else ""
        if not said:
            yield f"{figure.get('id')} has no alternative text"
        elif title and said.strip() == text(title[0]):
            yield f"the alternative text of {figure.get('id')} only repeats its title"
        elif len(re.findall(r"\d", said)) < 2 or len(said) < 40:
            yield f"the alternative text of {figure.get('id')} tells no values: {said[:60]!r}"


@rule("I2", "A drawing has its words inside, and is called a picture.")
def titled(built: Finished) -> Iterator[str]:
    for svg in built.page.xpath("//main//*[local-name()='svg']"):
        named = svg.get("aria-labelledby") or svg.get("aria-label") or svg.get("aria-hidden") == "true"
        if not named or (svg.get("role") != "img" and svg.get("aria-hidden") != "true"):
            yield f"a drawing in {svg.getparent().getparent().get('id')!r} has no role or no name"


@rule("I3", "The PDF is tagged, shows its title, and says its language.")
def tagged(built: Finished) -> Iterator[str]:
    with _root(built) as pdf:
        root = pdf.Root
        if "/StructTreeRoot" not in root or not bool(root.get("/MarkInfo", {}).get("/Marked", False)):
            yield "the PDF is not tagged"
        if not bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
            yield "the PDF shows the name of its file in place of its title"
        if str(root.get("/Lang", "")) != str(built.page.get("lang")):
            yield f"the PDF says its language is {str(root.get('/Lang', ''))!r}, the page {built.page.get('lang')!r}"
        if str(pdf.docinfo.get("/Title", "")) != (built.page.findtext(".//title") or ""):
            yield "the PDF and the page have different titles"


@rule("I4", "There is one heading of the first rank, and no rank is left out.")
def ranks(built: Finished) -> Iterator[str]:
    found = [int(each.tag[1]) for each in built.page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    if found.count(1) != 1:
        yield f"the page has {found.count(1)} headings of the first rank"
    for before, after in pairwise(found):
        if after > before + 1:
            yield f"a heading of rank {after} follows one of rank {before}"


#: Lines of a heading, at most.
_MOST_LINES = 20


def _stands(wanted: str, lines: Sequence[str]) -> bool:
    """Whether a heading stands in the first of these lines, or goes on in those behind it."""
    said = ""
    for line in lines:
        said += line
        if said == wanted or not wanted.startswith(said):
            break
    return said == wanted


@rule("I5", "The PDF tells its parts in the order of the page.", "warning")
def same_order(built: Finished) -> Iterator[str]:
    lines = [re.sub(r"\s", "", line) for leaf in built.paper.leaves for line in leaf.texts()]
    at = -1
    for heading in built.page.xpath("//main/section[not(@id='findings')]/h2"):
        wanted = re.sub(r"\s", "", text(heading))
        places = [place for place in range(len(lines)) if _stands(wanted, lines[place : place + _MOST_LINES])]
        if not places:
            yield f"the heading {text(heading)!r} does not stand in the PDF"
        elif max(places) < at:
            yield f"the heading {text(heading)!r} stands elsewhere in the PDF than on the page"
        else:
            at = max(places)


@rule("I6", "A link says where it leads.", "warning")
def links(built: Finished) -> Iterator[str]:
    for link in built.page.xpath("//a[@href]"):
        if not text(link) and not link.get("aria-label"):
            yield f"the link to {link.get('href')!r} has no words"
        elif text(link).lower() in ("here", "click here", "more", "link", "这里", "点击", "更多"):
            yield f"the link {text(link)!r} does not say where it leads"
    with _root(built) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            for each in page.get("/Annots", ()):
                said = str(each.get("/Contents", ""))
                if each.get("/Subtype") == "/Link" and (not said or said == str(each.get("/Dest", ""))):
                    yield f"a link on page {number} of the PDF says {said!r}"


@rule("I7", "Text is told from its ground by 4.5 to 1 in contrast, in the light and in the dark.", "warning")
def read_easily(built: Finished) -> Iterator[str]:
    for scheme, style in _schemes("".join(built.page.xpath("//style/text()"))).items():
        paper = next(iter(re.findall(r"html\s*\{[^}]*background:\s*(#[0-9a-fA-F]{3,6})", style)), "#FFFFFF")
        for selector, declared in _RULE.findall(style):
            ground = re.search(r"background(?:-color)?:\s*(#[0-9a-fA-F]{3,6})", declared)
            for paint in _COLOUR.findall(declared):
                against = ground.group(1) if ground else paper
                if contrast(paint, against) < 4.5:
                    found = f"{paint} on {against}: {contrast(paint, against):.1f} to 1"
                    yield f"{selector.strip()!r} writes in {found}, in the {scheme}"
    for element in built.mail.xpath("//*[@style]"):
        for paint in _COLOUR.findall(element.get("style")):
            if contrast(paint, "#FFFFFF") < 4.5:
                yield f"the mail writes {text(element)[:20]!r} in {paint}"


def _schemes(style: str) -> dict[str, str]:
    """The style sheet on the screen, its custom properties in place: in the light, and in the dark where it has one."""
    style = _parted(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL), "@supports")[0]
    style = _parted(style, "@media[^{]*print")[0]
    light, dark = _parted(style, "@media[^{]*dark")
    properties = dict(_PROPERTY.findall(light))
    schemes = {"light": _painted(light, properties)}
    return schemes | ({"dark": _painted(light, properties | dict(_PROPERTY.findall(dark)))} if dark else {})


def _parted(style: str, begin: str) -> tuple[str, str]:
    """A style sheet without the blocks that begin so, and what stands in those."""
    without, within, at = "", "", 0
    for match in re.finditer(begin + r"[^{]*\{", style):
        if match.start() < at:
            continue
        end, depth = match.end(), 1
        while depth and end < len(style):
            depth += {"{": 1, "}": -1}.get(style[end], 0)
            end += 1
        without, within, at = without + style[at : match.start()], within + style[match.end() : end - 1], end
    return without + style[at:], within


def _painted(style: str, properties: Mapping[str, str]) -> str:
    """A style sheet with its custom properties in place; one may stand for another."""
    for _ in range(2):
        style = re.sub(r"var\((--[a-z-]+)\)", lambda match: properties.get(match.group(1), match.group()), style)
    return style


@rule("I8", "The edition is there as a page as well as on paper.")
def both_forms(built: Finished) -> Iterator[str]:
    for name in ("briefing.html", "briefing.pdf", "mail.html", "mail.txt"):
        if not built.files.get(name):
            yield f"{name} is lacking or empty"


@rule("I10", "What is claimed is what the file carries.")
def claimed(built: Finished) -> Iterator[str]:
    with _root(built) as pdf:
        said = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""
        if "pdfuaid" in said and "/StructTreeRoot" not in pdf.Root:
            yield "the PDF claims PDF/UA and is not tagged"
        if "pdfaid" in said and "/OutputIntents" not in pdf.Root:
            yield "the PDF claims PDF/A and has no colour profile"
        if "pdfuaid" not in said or "pdfaid" not in said:
            yield "the PDF does not say that it is PDF/UA and PDF/A"
