"""B. What a reader finds on every edition: days, contact, page numbers, edition.

In: finished files. Out: remarks under B1 to B8. B7 (the same hour each period) is the ledger's to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefings.lint.finished import Finished, text
from briefings.lint.model import rule

_DAY = {
    "en": re.compile(r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|"
                     r"December) (?:19|20)\d\d\b"),
    "zh": re.compile(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日"),
}  # fmt: skip
_PAGE = {"en": re.compile(r"Page (\d+) of (\d+)"), "zh": re.compile(r"第(\d+)页，共(\d+)页")}
_CONTENT = re.compile(r"\b[0-9a-f]{12,64}\b")


def facts(built: Finished) -> str:
    """The labelled lines of page one."""
    found = built.one("//dl[@class='facts']")
    return text(found) if found is not None else ""


_CLOCK = re.compile(r"\d{1,2}:\d{2}\s?(?:\([^)]+\)|（[^）]+）)")


def _fact(built: Finished, *labels: str) -> str:
    """The labelled line of page one that bears one of these labels."""
    for each in built.page.xpath("//dl[@class='facts']/div"):
        if text(each.find("dt")) in labels:
            return text(each.find("dd"))
    return ""


@rule(
    "B1", "Where the theme has a schedule, page one says when the edition is released: day, time and zone.", "warning"
)
def released(built: Finished) -> Iterator[str]:
    if not built.briefing.get("release"):
        return
    said = _fact(built, "Release", "发布时间")
    if not _DAY[built.language].search(said) or not _CLOCK.search(said):
        yield f"page one does not say on which day, at what time and in which zone it is released: {said!r}"


@rule(
    "B2",
    "Where the theme has a schedule, page one says when the next edition is released, and that is later.",
    "warning",
)
def next_release(built: Finished) -> Iterator[str]:
    release = built.briefing.get("release")
    if not release or not release["next"]:
        return
    said = _fact(built, "Next release", "下期发布")
    if not _DAY[built.language].search(said) or not _CLOCK.search(said):
        yield f"page one does not say when the next edition is released: {said!r}"
    elif said == _fact(built, "Release", "发布时间") or release["next"] <= release["at"]:
        yield f"the next release, {said!r}, is no later than this one"


@rule("B3", "Page one says whom to ask.", "warning")
def contact(built: Finished) -> Iterator[str]:
    if not built.page.xpath("//dl[@class='facts']//a[starts-with(@href, 'mailto:') or starts-with(@href, 'tel:')]"):
        yield "page one names no address and no telephone number; write `contact:` in config/project.yaml"


@rule("B4", "Every page has its number and how many there are; from the second on, the title and the publisher.")
def running(built: Finished) -> Iterator[str]:
    leaves = built.paper.leaves
    publisher = built.one("//p[@class='publisher']")
    for number, leaf in enumerate(leaves, 1):
        said = [match.groups() for line in leaf.texts() for match in [_PAGE[built.language].search(line)] if match]
        if (str(number), str(len(leaves))) not in said:
            yield f"page {number} does not say that it is page {number} of {len(leaves)}"
        head = " ".join(leaf.texts()[:1])
        name = text(publisher) if publisher is not None else ""
        if number > 1 and (name[:12] if "…" in head else name) not in head:  # a long one runs shortened
            yield f"page {number} has no running head with the publisher"


@rule("B5", "Page one says up to which day the data go.", "warning")
def cut_off(built: Finished) -> Iterator[str]:
    if not _DAY[built.language].search(facts(built)):
        yield "no day stands among the facts of page one"


@rule("B6", "The colophon names the edition, its revision and its content hash.")
def colophon(built: Finished) -> Iterator[str]:
    found = built.one("//footer[@class='colophon']")
    said = text(found) if found is not None else ""
    for what, pattern in (("id", r"[\w-]+/[\w-]+/[\w-]+/\w+"), ("revision", r"\b\d+\b"), ("content hash", _CONTENT)):
        if not re.search(pattern, said):
            yield f"the colophon has no {what}"


@rule("B8", "Each picture names its source, so that a copy still does.", "warning")
def picture_source(built: Finished) -> Iterator[str]:
    word = {"en": "Source", "zh": "来源"}[built.language]
    for name, picture in built.charts.items():
        if word not in "".join(picture.itertext()):
            yield f"the picture {name} does not name its source"
