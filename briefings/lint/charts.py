"""C and D. Charts: their words, and what is asked of every picture whatever it shows.

In: finished files; the pictures as they stand alone. Out: remarks under C1 to D21. The marks, axes and colours of
charts are next door in `marks`; C4 (what an eye sees) is named in docs/publication.md with how a person looks at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from briefings.colours import contrast
from briefings.lint.colour import is_neutral, standing_out
from briefings.lint.finished import Finished, text
from briefings.lint.model import rule
from briefings.lint.pictures import KINDS, SCALED

#: A title is read at a glance. In characters: two lines of a chart's width.
LONGEST_TITLE = {"en": 110, "zh": 48}
LONGEST_LABEL = 50
MOST_COLOURS = 4
_WORDS = re.compile(
    r"\b(?:soar|plunge|skyrocket|crash|slump|surge|tumble|collaps)\w*|暴涨|暴跌|飙升|狂跌|井喷|腰斩", re.I
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = {"en": re.compile(r","), "zh": re.compile(r"单位|，")}
_SOURCE = {"en": re.compile(r"^Sources?: \S"), "zh": re.compile(r"^来源：\S")}
_LABEL = {"en": re.compile(r"^(?:Figure|Table) (\d+)$"), "zh": re.compile(r"^[图表](\d+)$")}
_ROTATED = re.compile(r"rotate\(\s*(-?[\d.]+)")


def _captions(built: Finished) -> Iterator[tuple[Any, str, str, str]]:
    """Each chart on the page: the figure, its label, its title, its subtitle."""
    for figure in built.page.xpath("//figure[@class='chart']"):
        parts = [figure.xpath(f".//figcaption/span[@class='{name}']") for name in ("label", "title", "subtitle")]
        label, title, subtitle = (text(found[0]) if found else "" for found in parts)
        yield figure, label, title, subtitle


@rule("C1", "A chart's title says what happened, in few words.", "warning")
def short_title(built: Finished) -> Iterator[str]:
    for _, label, title, _ in _captions(built):
        if not title:
            yield f"{label} has no title"
        elif len(title) > LONGEST_TITLE[built.language]:
            most = LONGEST_TITLE[built.language]
            yield f"the title of {label} has {len(title)} characters, at most {most} are asked for"


@rule("C2", "A chart's title is a sentence: no capitals throughout, no full stop.", "warning")
def sentence_case(built: Finished) -> Iterator[str]:
    for _, label, title, _ in _captions(built):
        if title.endswith((".", "。")):
            yield f"the title of {label} ends with a full stop"
        if len(title) > 12 and title.isupper():
            yield f"the title of {label} is in capitals"


@rule("C3", "The line under a chart's title says what is drawn, in which unit, and when.", "warning")
def subtitle(built: Finished) -> Iterator[str]:
    for _, label, _, said in _captions(built):
        if not said:
            yield f"{label} has no line under its title"
        elif not _UNIT[built.language].search(said):
            yield f"the line under the title of {label} has no unit: {said!r}"
        elif not _YEAR.search(said) and "Plan" not in said and "时期" not in said:
            yield f"the line under the title of {label} has no period: {said!r}"


@rule("C5", "Charts and tables are numbered in the order in which they stand.")
def numbered(built: Finished) -> Iterator[str]:
    for kind in ("chart", "table"):
        figures = built.page.xpath(f"//figure[contains(concat(' ', @class, ' '), ' {kind} ')]")
        for wanted, figure in enumerate(figures, 1):
            found = figure.xpath(".//figcaption/span[@class='label']")
            match = _LABEL[built.language].match(text(found[0])) if found else None
            if match is None or int(match.group(1)) != wanted:
                called = text(found[0]) if found else ""
                yield f"the {kind} {figure.get('id')!r} is number {wanted} and is called {called!r}"


@rule("C6", "Under each chart stands its source, and who publishes it.")
def source(built: Finished) -> Iterator[str]:
    for figure, label, _, _ in _captions(built):
        lines = [text(line) for line in figure.xpath(".//p[@class='under']")]
        if not any(_SOURCE[built.language].match(line) for line in lines):
            yield f"no source stands under {label}"


@rule("C7", "The source stands in the smallest type of the page's text.", "warning")
def small_source(built: Finished) -> Iterator[str]:
    word = {"en": "Source:", "zh": "来源："}[built.language]
    for number, leaf in enumerate(built.paper.leaves, 1):
        for run in leaf.runs:
            if run.text.startswith(word) and not 7 <= run.size <= 8.5:
                yield f"page {number}: a source stands in {run.size:g} points, 7 to 8.5 are asked for"


@rule("C9", "What a chart's title tells is told in its alternative text as well.", "warning")
def title_is_told(built: Finished) -> Iterator[str]:
    for figure, label, _, _ in _captions(built):
        picture = built.charts.get(figure.get("id").removeprefix("chart-"))
        told = picture.findtext("{*}title") if picture is not None else ""
        if re.match(r"Dumbbell|哑铃", told or ""):
            continue  # tells both ends of each pair, of which the title tells the growth
        for number in figure.xpath(".//figcaption/span[@class='title']//a"):
            if _digits(text(number)) not in _digits(told or ""):
                yield f"{label}: {text(number)!r} of the title does not stand in the alternative text"


def _digits(said: str) -> str:
    return said.replace("\N{MINUS SIGN}", "").replace(" ", "")


@rule("C10", "Words stay calm: nothing soars or plunges.", "warning")
def calm(built: Finished) -> Iterator[str]:
    titles = [title for _, _, title, _ in _captions(built)]
    for said in (*titles, *built.prose):
        for match in _WORDS.finditer(said):
            yield f"{match.group()!r} stands in {said[:60]!r}"


@rule("D1", "A picture says of which kind it is: lines and bars first of all, others where the data call for them.")
def kind_told(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if not picture.kind:
            yield f"the alternative text of {picture.name} does not begin with a kind of chart: {', '.join(KINDS)}"


@rule("D3", "A picture has at most four colours beside greys.", "warning")
def few_colours(built: Finished) -> Iterator[str]:
    for picture in built.pictures:
        if picture.kind in SCALED:
            continue
        used = {paint for element in picture.root.iter() for paint in _paints(element)}
        colours = standing_out(paint for paint in used if not is_neutral(paint))
        if len(colours) > MOST_COLOURS:
            yield f"{picture} has {len(colours)} colours: {', '.join(sorted(colours))}"


def _paints(element: Any) -> Iterator[str]:
    for name in ("fill", "stroke"):
        paint = element.get(name, "")
        if paint.startswith("#"):
            yield paint.upper()


def _tag(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


@rule("D6", "Text in a picture is told from what lies under it by 4.5 to 1 in contrast.", "warning")
def labels_read(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        for element in picture.iter("{*}text"):
            paint = element.get("fill", "#000000").upper()
            # White text stands on a mark, whose colour only the eye finds: the marks that are dark enough are few.
            if paint not in ("#FFFFFF", "NONE") and contrast(paint, "#FFFFFF") < 4.5:
                yield f"the picture {name} writes {''.join(element.itertext())[:20]!r} in {paint}"


@rule("D11", "No pie, nothing in three dimensions.")
def no_pie(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        slices = [each for each in picture.iter("{*}path") if re.search(r"[Aa]\s*[\d.]+[ ,]", each.get("d", ""))]
        if any("L0,0" in each.get("d", "").replace(" ", "") for each in slices):
            yield f"the picture {name} has slices of a pie"


@rule("D12", "Text in a picture is level, and whole.")
def level_text(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        for element in picture.iter("{*}text", "{*}g"):
            match = _ROTATED.search(element.get("transform", ""))
            if match and float(match.group(1)) % 360:
                yield f"the picture {name} turns text by {match.group(1)} degrees"
        for element in picture.iter("{*}text"):
            said = "".join(element.itertext()).strip()
            if said.endswith(("…", "...")):
                yield f"the picture {name} cuts the label {said!r}"


@rule("C8", "A label in a picture is short.", "warning")
def short_labels(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        inside = picture.findall("{*}g")
        for element in inside[0].iter("{*}text") if inside else ():
            said = "".join(element.itertext()).strip()
            if len(said) > LONGEST_LABEL:
                yield f"the picture {name} has a label of {len(said)} characters: {said[:40]!r}"


@rule("D21", "Pictures are drawn, with real text: no pixels.")
def drawn(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        if list(picture.iter("{*}image")):
            yield f"the picture {name} holds a picture of pixels"
        if not list(picture.iter("{*}text")):
            yield f"the picture {name} has no text"
    for figure in built.page.xpath("//figure[@class='chart']"):
        if not figure.xpath(".//*[local-name()='svg']"):
            yield f"{figure.get('id')} shows no drawing"
