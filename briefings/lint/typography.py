"""H. Setting: what stands at the ends of lines, what is kept together, which letters are used.

In: finished files; the lines of the PDF. Out: remarks under H1 to H12. The rules are those of the W3C's
Requirements for Chinese Text Layout (clreq) where no other is named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from briefings.lint.finished import Finished, text
from briefings.lint.model import rule
from briefings.lint.paper import Leaf, Run

HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff"
#: Families of the house, as a PDF names them. A family of its own brings its own list.
FAMILIES = ("Noto-Sans", "Noto-Sans-SC")
#: Points between runs of a line from which on they stand in columns.
COLUMNS = 20.0
#: Of what they ask for: the least and the most that Han characters take of a line; and what a Latin one asks for.
EVEN, LATIN = (0.92, 1.03), 0.7
#: In so few characters spacing is not measured.
FEW = 6
_NOT_FIRST = "，。；：！？、）》」』】”’％"
_NOT_LAST = "（《「『【“‘"
_UNIT = re.compile(
    r"^(?:万亿|千亿|百亿|亿|万|千)?(?:元|美元|吨|公顷|亩|人(?!民)|户|家|个百分点|平方米|公里|千瓦|立方米|"
    r"%|％|‰|percentage points?|billion|million|trillion)"
)
#: A year, after which no unit is waited for: the line under a chart's title, above the unit of its axis.
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d$")
_HALF_WIDTH = re.compile(rf"[{HAN}][,;:!?](?!\d)|[{HAN}]\.(?!\d)|\([{HAN}]|[{HAN}]\)")
_WIDE = re.compile(rf"[{HAN}\u3000-\u303f\uff00-\uff5e“”‘’—…·×]")
_SPACED = re.compile(rf"[{HAN}] [A-Za-z0-9]|[A-Za-z0-9%] [{HAN}]")


def _blocks(leaf: Leaf) -> Iterator[tuple[list[Run], list[Run]]]:
    """Lines of running text on a page with the line under each: alike in size, at the same left edge; the upper one is
    full, and no row of a table."""
    lines = leaf.lines()
    for above, under in pairwise(lines):
        close = 0 < above[0].foot - under[0].foot < 2.4 * above[0].size
        alike = abs(above[0].left - under[0].left) < 2 and abs(above[0].size - under[0].size) < 0.2
        apart = max((right.left - left.right for left, right in pairwise(above)), default=0.0)
        if close and alike and apart < COLUMNS and above[-1].right > 0.55 * leaf.width:
            yield above, under


def _said(line: list[Run]) -> str:
    return "".join(run.text for run in line).strip()


@rule("H1", "Punctuation in Chinese text is full-width.", language="zh")
def full_width(built: Finished) -> Iterator[str]:
    for said in [*built.prose, *(text(each) for each in built.page.xpath("//figcaption"))]:
        for match in _HALF_WIDTH.finditer(said):
            yield f"{match.group()!r} stands in {said[max(0, match.start() - 15) : match.end() + 10]!r}"


@rule("H2", "Han and Latin stand apart by a gap of the style sheet, not by a space.", "warning", language="zh")
def gap(built: Finished) -> Iterator[str]:
    for said in built.prose:
        for match in _SPACED.finditer(said):
            yield f"a space stands in {said[max(0, match.start() - 15) : match.end() + 10]!r}"


@rule("H3", "No line begins with a closing mark, none ends with an opening one.", "warning")
def line_ends(built: Finished) -> Iterator[str]:
    for number, leaf in enumerate(built.paper.leaves, 1):
        for above, under in _blocks(leaf):
            if _said(under)[:1] in tuple(_NOT_FIRST):
                yield f"page {number}: a line begins with {_said(under)[:12]!r}"
            if _said(above)[-1:] in tuple(_NOT_LAST):
                yield f"page {number}: a line ends with {_said(above)[-12:]!r}"


@rule("H4", "A dash or an ellipsis of two signs is not parted.", "warning")
def unbroken(built: Finished) -> Iterator[str]:
    for number, leaf in enumerate(built.paper.leaves, 1):
        for above, under in _blocks(leaf):
            for sign in "—…":
                if _said(above).endswith(sign) and _said(under).startswith(sign):
                    yield f"page {number}: {2 * sign!r} is parted by the end of a line"


@rule("H5", "No paragraph ends in a line of one character, and no page holds a line alone.", "warning")
def orphan(built: Finished) -> Iterator[str]:
    for number, leaf in enumerate(built.paper.leaves, 1):
        if len(alone := leaf.body()) == 1 and not leaf.pictures:
            yield f"page {number} holds one line: {_said(alone[0])[:20]!r}"
        for above, under in _blocks(leaf):
            if above[0].size < 9:
                continue  # the list of sources is set as densely as it can be
            said = re.sub(r"[，。；：！？、）》”]", "", _said(under))
            if len(said) == 1 and re.match(f"[{HAN}]", said) and len(_said(above)) > 12:
                yield f"page {number}: the line {_said(under)!r} stands alone under {_said(above)[-15:]!r}"


@rule("H6", "Chinese lines stand at least 1.35 times their size apart.", "warning", language="zh")
def leading(built: Finished) -> Iterator[str]:
    for number, leaf in enumerate(built.paper.leaves, 1):
        for above, under in _blocks(leaf):
            han = re.compile(f"[{HAN}]{{8}}")
            if above[0].size >= 9.5 and han.search(_said(above)) and han.search(_said(under)):
                apart = (above[0].foot - under[0].foot) / above[0].size
                if apart < 1.35:
                    yield f"page {number}: lines stand {apart:.2f} times their size apart at {_said(above)[:12]!r}"


@rule("H7", "A number and its unit are on one line.", "warning")
def kept_together(built: Finished) -> Iterator[str]:
    for number, leaf in enumerate(built.paper.leaves, 1):
        for above, under in _blocks(leaf):
            number_at_end = re.search(r"\d$", _said(above)) and not _YEAR.search(_said(above))
            if number_at_end and _UNIT.match(_said(under)) and above[-1].size >= 8:
                yield f"page {number}: {_said(above)[-10:]!r} is parted from {_said(under)[:8]!r}"


@rule("H8", "A word is not broken without a hyphen.", "warning")
def whole_words(built: Finished) -> Iterator[str]:
    spoken = set(re.findall(r"[A-Za-z]{4,}", " ".join([*built.prose, text(built.page)])))
    for number, leaf in enumerate(built.paper.leaves, 1):
        for above, under in _blocks(leaf):
            end, begin = re.search(r"[A-Za-z]+$", _said(above)), re.match(r"[A-Za-z]+", _said(under))
            if end and begin and end.group() + begin.group() in spoken and end.group() not in spoken:
                yield f"page {number}: {end.group() + begin.group()!r} is broken over two lines"


@rule("H9", "Only the families of the house are used: no stray letter of another.")
def families(built: Finished) -> Iterator[str]:
    known = (*built.own_families, *FAMILIES)
    for font in sorted(built.paper.fonts):
        if re.sub(r"-(?:Bold|Medium|SemiBold|Regular|Light)$", "", font) not in known:
            yield f"the PDF uses the font {font!r}; the house has {' and '.join(known)}"


@rule("H10", "The document says its language, and so do words in another one.", "warning")
def languages(built: Finished) -> Iterator[str]:
    lang = str(built.page.get("lang", ""))
    if not re.fullmatch(r"[a-z]{2}(?:-[A-Z]{2})?", lang):
        yield f"the page says its language is {lang!r}"
    if built.language == "zh" and lang != "zh-CN":
        yield f"a Chinese page says its language is {lang!r}, not 'zh-CN'"
    foreign = re.compile(f"[{HAN}]{{2}}") if built.language == "en" else re.compile(r"[A-Za-z]{4,} [A-Za-z]{4,}")
    for element in built.page.xpath("//main//*[not(@lang)]"):
        if not foreign.search(element.text or "") or element.tag in ("script", "style"):
            continue
        if _of_the_page(element) and element.getparent().get("id") != "sources" and _outside(element):
            yield f"{(element.text or '').strip()[:30]!r} stands in another language and does not say so"


def _of_the_page(element: object) -> bool:
    """Whether an element is in the language of the page, and in no drawing."""
    return not element.xpath("ancestor::*[@lang and not(self::html)] | ancestor::*[local-name()='svg']")  # type: ignore[attr-defined]


def _outside(element: object) -> bool:
    """Whether an element is outside the list of sources, whose locators hold names of columns."""
    return not element.xpath("ancestor-or-self::section[@id='sources']")  # type: ignore[attr-defined]


@rule("H11", "Bold is a bold font, and no Han letter slants.", "warning")
def real_bold(built: Finished) -> Iterator[str]:
    if not any("Bold" in font for font in built.paper.fonts):
        yield "the PDF has no bold font; headings are bold by other means, or not at all"
    for font in sorted(built.paper.fonts):
        if re.search("Italic|Oblique", font):
            yield f"the PDF slants letters: {font!r}"


@rule(
    "H12",
    "Han characters stand evenly: neither pulled apart to fill a line, nor pushed together.",
    "warning",
    language="zh",
)
def even(built: Finished) -> Iterator[str]:
    """A Han character takes the width of its size, of which its ink is a little less; a Latin one takes two thirds."""
    for number, leaf in enumerate(built.paper.leaves, 1):
        for run in leaf.runs:
            said = re.sub(r"\s", "", run.text)
            wide = len(_WIDE.findall(said))
            ink = (run.right - run.left) / run.size
            asked = wide + LATIN * (len(said) - wide)
            pushed = re.fullmatch(f"[{HAN}]+", said) and ink < EVEN[0] * wide
            if wide >= FEW and (pushed or ink > EVEN[1] * asked):
                yield f"page {number}: {len(said)} characters take {ink:.1f} times their size: {said[:12]!r}"
