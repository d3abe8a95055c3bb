"""J, and M for the mail. Pages and files: sizes, margins, what is kept on one page, what must not be fetched.

In: finished files; the lines of the PDF. Out: remarks under J1 to J11 and M1 to M4. J10 (the same bytes) is proven by
building twice.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

from briefings.lint.finished import Finished, text
from briefings.lint.model import rule
from briefings.lint.paper import Run

#: A4 in points, and the least margin.
PAPER, MARGIN = (595.3, 841.9), 30.0
LARGEST_PDF, LARGEST_PAGE, LARGEST_MAIL = 1_000_000, 1_500_000, 102_000
FULL = 1 / 3
#: A page holds at least so many lines, or a picture.
FEWEST_LINES = 3
BODY = (9.5, 11.5)
#: In widths of a letter of the size: a Latin letter takes half of one.
LONGEST_LINE = 46


@rule("J1", "Every page is A4, and nothing stands in its margins.")
def paper_size(built: Finished) -> Iterator[str]:
    for number, leaf in enumerate(built.paper.leaves, 1):
        if abs(leaf.width - PAPER[0]) > 1 or abs(leaf.height - PAPER[1]) > 1:
            yield f"page {number} measures {leaf.width:.0f} by {leaf.height:.0f} points, and is not A4"
        for run in leaf.runs:
            if run.text.strip() and (run.left < MARGIN or run.right > leaf.width - MARGIN):
                yield f"page {number}: {run.text.strip()[:20]!r} stands in the margin"


@rule("J2", "A chart, its title and its source are on one page.", "warning")
def one_page(built: Finished) -> Iterator[str]:
    word = {"en": "Source:", "zh": "来源："}[built.language]
    pages = [leaf.parts() for leaf in built.paper.leaves]
    for label in built.page.xpath("//figure[@class='chart']//span[@class='label']"):
        begun = next(((n, at) for n, lines in enumerate(pages) for at, line in enumerate(lines)
                      if re.match(rf"{re.escape(text(label))}(?!\d)", line)), None)  # fmt: skip
        if begun is None:
            yield f"{text(label)} does not stand in the PDF"
        elif not any(line.startswith(word) for line in pages[begun[0]][begun[1] :]):
            yield f"{text(label)} stands on page {begun[0] + 1}, and its source does not"


@rule("J3", "No heading is the last line of a page.", "warning")
def no_last_heading(built: Finished) -> Iterator[str]:
    headings = {re.sub(r"\s", "", text(each)) for each in built.page.xpath("//main//h2")}
    for number, leaf in enumerate(built.paper.leaves[:-1], 1):
        body = [line for line in leaf.lines() if line[0].foot > 60]
        pictures = min((foot for _, foot, _, _ in leaf.pictures), default=leaf.height)
        if not body:
            continue
        last = body[-1]
        if re.sub(r"\s", "", "".join(run.text for run in last)) in headings and last[0].foot < pictures:
            yield f"page {number} ends with the heading {''.join(run.text for run in last).strip()!r}"


def _said(line: list[Run]) -> str:
    """What a line says, without white space and the number of an item."""
    return re.sub(r"^\d+\.(?!\d)|\s", "", "".join(run.text for run in line).strip())


@rule("J4", "No line of a paragraph stands alone on a page, nor does one item of a list.", "warning")
def no_line_alone(built: Finished) -> Iterator[str]:
    notes = "".join(text(each) for each in built.page.xpath("//section[@id='notes']//li"))
    told = [re.sub(r"\s", "", said) for said in (*built.prose, notes)]
    for number, (leaf, following) in enumerate(pairwise(built.paper.leaves), 1):
        last, first = (_said(line) for line in ((leaf.body() or [[]])[-1], (following.body() or [[]])[0]))
        if not last or not first:
            continue
        for said in told:
            if said.endswith(first) and said[: -len(first)].endswith(last) and len(said) > len(first):
                yield f"page {number + 1} begins with the last line of a paragraph or list: {first[:30]!r}"
            elif said.startswith(last) and said[len(last) :].startswith(first):
                yield f"page {number} ends with the first line of a paragraph or list: {last[:30]!r}"


@rule("J5", "Every page but the last is at least a third full; none has a line or two.", "warning")
def full_pages(built: Finished) -> Iterator[str]:
    colophon = re.sub(r"\s", "", "".join(text(each) for each in built.page.xpath("//footer[@class='colophon']")))
    for number, leaf in enumerate(built.paper.leaves, 1):
        body = leaf.body()
        lowest = min(
            [*(line[0].foot for line in body), *(foot for _, foot, _, _ in leaf.pictures)], default=leaf.height
        )
        if number < len(built.paper.leaves) and (leaf.height - lowest) / leaf.height < FULL:
            yield f"page {number} is filled to {(leaf.height - lowest) / leaf.height:.0%}"
        lines = [line for line in body if _said(line) not in colophon]
        if len(lines) < FEWEST_LINES and not leaf.pictures:
            yield f"page {number} has {len(lines)} line(s)"


@rule("J6", "Text stands in 9.5 to 11.5 points, in lines that can be followed.", "warning")
def body_size(built: Finished) -> Iterator[str]:
    written = [run for leaf in built.paper.leaves for run in leaf.runs]
    body = [run for run in written if BODY[0] <= run.size <= BODY[1]]
    if not body:
        yield f"no text stands in {BODY[0]:g} to {BODY[1]:g} points"
    smallest = min((run for run in written if run.text.strip()), key=lambda run: run.size, default=None)
    if smallest is not None and smallest.size < 5.5:
        yield f"{smallest.text.strip()[:20]!r} stands in {smallest.size:g} points"
    for number, leaf in enumerate(built.paper.leaves, 1):
        for line in leaf.lines():
            wide = (line[-1].right - line[0].left) / line[0].size
            if all(BODY[0] <= run.size < 10.5 for run in line) and wide > LONGEST_LINE:
                said = "".join(run.text for run in line)
                yield f"page {number}: a line is {wide:.0f} letters wide: {said[:30]!r}"


@rule("J7", "Fonts are in the PDF, as far as they are used.")
def embedded(built: Finished) -> Iterator[str]:
    import pikepdf

    with pikepdf.open(io.BytesIO(built["briefing.pdf"])) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor":
                name = str(each.get("/FontName", ""))
                if not any(key in each for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                    yield f"the font {name} is not in the PDF"
                elif "+" not in name:
                    yield f"the font {name} is in the PDF as a whole"


@rule("J8", "Two families at most, in few sizes.", "warning")
def few_sizes(built: Finished) -> Iterator[str]:
    families = {re.sub(r"-(?:Bold|Medium|SemiBold|Regular)$", "", font) for font in built.paper.fonts}
    if len(families - {*built.own_families}) > 2:
        yield f"the PDF uses {len(families)} families: {', '.join(sorted(families))}"
    sizes = {round(run.size * 2) / 2 for leaf in built.paper.leaves for run in leaf.runs if run.text.strip()}
    if len(sizes) > 10:
        yield f"the PDF uses {len(sizes)} sizes of type"


@rule("J9", "Nothing is fetched.")
def whole(built: Finished) -> Iterator[str]:
    fetched = (
        "//script/@src | //link/@href | //img/@src | //*[local-name()='image']/@href | //iframe/@src | //object/@data"
    )
    for name, page in (("briefing.html", built.page), ("mail.html", built.mail)):
        for address in page.xpath(fetched):
            if not address.startswith(("data:", "#", "cid:")):
                yield f"{name} fetches {address!r}"
    for match in re.finditer(r"@import|url\(\s*['\"]?(?!data:|#)", "".join(built.page.xpath("//style/text()"))):
        yield f"the style sheet fetches something: {match.group()!r}"


@rule("J11", "Files are small enough to be sent and opened on the way.", "warning")
def small(built: Finished) -> Iterator[str]:
    for name, most in (("briefing.pdf", LARGEST_PDF), ("briefing.html", LARGEST_PAGE)):
        if len(built[name]) > most:
            yield f"{name} has {len(built[name]):,} bytes, at most {most:,} are asked for"


@rule("M1", "The mail is small enough for every reader of mail to show it whole.", "warning")
def small_mail(built: Finished) -> Iterator[str]:
    if len(built["mail.html"]) > LARGEST_MAIL:
        yield f"mail.html has {len(built['mail.html']):,} bytes, at most {LARGEST_MAIL:,} are shown"


@rule("M2", "The mail has no script, no style sheet and no form.")
def plain_mail(built: Finished) -> Iterator[str]:
    for element in built.mail.xpath("//script | //link | //form | //iframe | //object"):
        yield f"mail.html holds <{element.tag}>"


@rule("M3", "The mail tells the main findings, in both of its forms.")
def mail_findings(built: Finished) -> Iterator[str]:
    html_said = re.sub(r"\s", "", text(built.mail))
    text_said = re.sub(r"\s", "", built.mail_text)
    for number, finding in enumerate(built.findings, 1):
        said = re.sub(r"\s", "", text(finding))
        for name, told in (("mail.html", html_said), ("mail.txt", text_said)):
            if said not in told:
                yield f"{name} does not tell main finding {number}"


@rule("M4", "The mail says its language and its title.")
def mail_language(built: Finished) -> Iterator[str]:
    if built.mail.get("lang") != built.page.get("lang"):
        yield f"mail.html says its language is {built.mail.get('lang')!r}"
    if not (built.mail.findtext(".//title") or "").strip():
        yield "mail.html has no title"
