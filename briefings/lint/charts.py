"""C and D. Charts: their words, their marks, their axes, their colours.

In: finished files; the pictures as they stand alone. Out: remarks under C1 to D21. C4 (what an eye sees), D2, D7, D14,
D16, D17, D22 and D23 are named in docs/publication.md with how a person looks at them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from briefings.colours import contrast
from briefings.lint.colour import is_grey
from briefings.lint.finished import Finished, text
from briefings.lint.model import rule

#: A title is read at a glance. In characters: two lines of a chart's width.
LONGEST_TITLE = {"en": 110, "zh": 48}
LONGEST_LABEL = 50
MOST_COLOURS = 4
TICKS = range(3, 9)
GRID = "#E3E6E8"
_WORDS = re.compile(
    r"\b(?:soar|plunge|skyrocket|crash|slump|surge|tumble|collaps)\w*|暴涨|暴跌|飙升|狂跌|井喷|腰斩", re.I
)
_NUMBER = re.compile(r"^[\u2212-]?[\d,.]+%?$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNIT = {"en": re.compile(r","), "zh": re.compile(r"单位|，")}
_SOURCE = {"en": re.compile(r"^Sources?: \S"), "zh": re.compile(r"^来源：\S")}
_LABEL = {"en": re.compile(r"^(?:Figure|Table) (\d+)$"), "zh": re.compile(r"^[图表](\d+)$")}
_ROTATED = re.compile(r"rotate\(\s*(-?[\d.]+)")
#: Kinds in which colour is a scale, and kinds in which it tells parts of a whole apart.
_SCALED = re.compile(r"^(?:Heat map|热力图|Stacked|堆积|Bar chart of nested|嵌套|层级)", re.I)


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


@rule("D1", "A picture says of which kind it is.")
def kind_told(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        if not re.match(r"[^:：,，]{2,40}[:：,，]", picture.findtext("{*}title") or ""):
            yield f"the alternative text of {name} does not begin with the kind of chart"


@rule("D3", "A picture has at most four colours beside greys.", "warning")
def few_colours(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        if _SCALED.match(picture.findtext("{*}title") or ""):
            continue
        used = {paint for element in picture.iter() for paint in _paints(element)}
        colours = {paint for paint in used if not is_grey(paint)}
        if len(colours) > MOST_COLOURS:
            yield f"the picture {name} has {len(colours)} colours: {', '.join(sorted(colours))}"


def _paints(element: Any) -> Iterator[str]:
    for name in ("fill", "stroke"):
        paint = element.get(name, "")
        if paint.startswith("#"):
            yield paint.upper()


def _tag(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


@rule("D5", "A line is told from the paper by 3 to 1 in contrast, a grey one by 2 to 1.", "warning")
def marks_seen(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        for element in picture.iter():
            paint = element.get("stroke", "")
            if _tag(element) == "path" and paint.startswith("#"):
                least = 2.0 if is_grey(paint) else 3.0
                if contrast(paint, "#FFFFFF") < least:
                    yield f"the picture {name} draws a line in {paint}, {contrast(paint, '#FFFFFF'):.1f} to 1 on white"


@rule("D6", "Text in a picture is told from what lies under it by 4.5 to 1 in contrast.", "warning")
def labels_read(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        for element in picture.iter("{*}text"):
            paint = element.get("fill", "#000000").upper()
            # White text stands on a mark, whose colour only the eye finds: the marks that are dark enough are few.
            if paint not in ("#FFFFFF", "NONE") and contrast(paint, "#FFFFFF") < 4.5:
                yield f"the picture {name} writes {''.join(element.itertext())[:20]!r} in {paint}"


@rule("D9", "Bars begin at zero.", "warning")
def from_zero(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        if not re.match(r"(?:Column chart|柱形图)", picture.findtext("{*}title") or ""):
            continue
        labels = {"".join(element.itertext()).strip() for element in picture.iter("{*}text")}
        bare = not any(each.get("stroke") == GRID for each in picture.iter("{*}line"))  # each bar bears its value
        if not bare and not labels & {"0", "0.0", "0%", "0.00"}:
            yield f"the axis of the bars in {name} has no zero"


@rule("D10", "A picture has one axis of values.", "warning")
def one_axis(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        for group in picture.iter("{*}g"):
            ticks = [each for each in group if _tag(each) == "text" and _NUMBER.match("".join(each.itertext()))]
            left = [each for each in ticks if each.get("text-anchor") == "end" and _x(each) < 0]
            right = [each for each in ticks if each.get("text-anchor") == "start" and _x(each) > 300]
            if len(left) > 2 and len(right) > 2:
                yield f"the picture {name} has an axis of values on both sides"


def _x(element: Any) -> float:
    match = re.match(r"translate\(\s*(-?[\d.]+)", element.get("transform", ""))
    return float(match.group(1)) if match else 0.0


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


@rule("D13", "An axis of values has three to eight lines.", "warning")
def few_ticks(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        if not re.match(r"(?:Line chart|折线图|Column chart|柱形图)", picture.findtext("{*}title") or ""):
            continue
        lines = sum(1 for each in picture.iter("{*}line") if each.get("stroke") == GRID)
        if lines and lines not in TICKS:
            yield f"the picture {name} has {lines} lines of its grid, {TICKS.start} to {TICKS.stop - 1} are asked for"


@rule("D18", "The grid is of level lines alone.", "warning")
def level_grid(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        if not re.match(r"(?:Line chart|折线图|Column chart|柱形图)", picture.findtext("{*}title") or ""):
            continue
        upright = [each for each in picture.iter("{*}line") if each.get("stroke") == GRID and each.get("y2") != "0"]
        if upright:
            yield f"the picture {name} has {len(upright)} upright lines in its grid"


@rule("C8", "A label in a picture is short.", "warning")
def short_labels(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        inside = picture.findall("{*}g")
        for element in inside[0].iter("{*}text") if inside else ():
            said = "".join(element.itertext()).strip()
            if len(said) > LONGEST_LABEL:
                yield f"the picture {name} has a label of {len(said)} characters: {said[:40]!r}"


@rule("D15", "The last value of a line is marked and written beside it.", "warning")
def last_value(built: Finished) -> Iterator[str]:
    for name, picture in built.charts.items():
        if re.match(r"(?:Line chart|折线图)", picture.findtext("{*}title") or "") and not list(
            picture.iter("{*}circle")
        ):
            yield f"the picture {name} does not mark the last point of its line"


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
