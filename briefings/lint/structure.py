"""A. The first page and the order of what follows.

In: finished files. Out: remarks under A1 to A12. A10 (nothing stale) needs the edition before: `editions diff` tells.
A9 is held as this house orders its parts; A7 as the design has it: a number links to its note, and nothing else links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefings.lint.finished import Finished, text
from briefings.lint.model import rule

LONGEST_SUMMARY = {"en": 160, "zh": 90}
#: Six points, and two that tell what went badly, where a theme asks for them (`page_one: {points, adverse}`).
MOST_FINDINGS = 8
_LEFT_OVER = re.compile(
    r"\b(?:nan|NaN|NaT|null|undefined|TODO|XXX)\b|\{\{|\}\}|\{%|(?<![.\w] )(?<!^)\bNone\b(?! [a-z])"
)
_DIGIT = re.compile(
    r"\d|[一二三四五六七八九十百千万亿两半]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|half)\b"
)
_MONTH_NAMES = r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_TIME = {
    "en": re.compile(r"\b(?:19|20)\d\d\b|Five-Year Plan|\btime\b|\bhalf\b|\bquarter\b|" + _MONTH_NAMES),
    "zh": re.compile(r"(?:19|20)\d\d年|“?十[一二三四五]五”?|时期|截至|\d+月|上半年|季度"),
}
_QUARTER = re.compile(r"\bQ[1-4]\b|\b(?:first|second|third|fourth) quarter\b")
_MONTHS = re.compile(_MONTH_NAMES)


@rule("A1", "The title names the subject, the place and the period.")
def title(built: Finished) -> Iterator[str]:
    heading = built.page.findtext(".//title") or ""
    for path, what in (("//h1/span[@class='title']", "subject"), ("//h1/span[@class='where']", "place and period")):
        found = built.one(path)
        if found is None or not text(found):
            yield f"the heading of page one has no {what}"
    where = built.one("//h1/span[@class='where']")
    for part in text(where).split(" · ")[:2] if where is not None else ():
        if part and part not in heading:
            yield f"the document's title {heading!r} lacks {part!r}, which stands in the heading"


@rule("A2", "Where page one tells what is preliminary, it says so.", "warning")
def preliminary(built: Finished) -> Iterator[str]:
    of = {each["id"]: each["status"] for each in built.figures}
    weak = [f for f in built.findings if any(of.get(h[3:]) in ("preliminary", "flash") for h in f.xpath(".//a/@href"))]
    said = text(built.one("//body")) if built.one("//body") is not None else ""
    if weak and not re.search({"en": "preliminary|flash", "zh": "初步|快报"}[built.language], said):
        yield f"{len(weak)} of the main findings tell preliminary figures, and nothing says so"
    if built.language == "en":
        yield from untitled(built)


def untitled(built: Finished) -> Iterator[str]:
    """Where the first finding tells a preliminary figure of the edition's own period, its title says so (A2, G9)."""
    own = {each["id"] for each in built.figures if each["period"] == built.briefing["period"]}
    weak = {each["id"] for each in built.figures if each["status"] in ("preliminary", "flash")}
    first = {href[3:] for finding in built.findings[:1] for href in finding.xpath(".//a/@href")}
    heading = built.page.findtext(".//title") or ""
    if first & own & weak and not re.search("preliminary|flash|初步|快报", heading):
        yield f"the first finding is of preliminary figures, and the title does not say so: {heading!r}"


@rule("A3", "A quarter is written with its months where it is first named.", "warning", language="en")
def quarters(built: Finished) -> Iterator[str]:
    heading = built.page.findtext(".//title") or ""
    if _QUARTER.search(heading) and not _MONTHS.search(heading):
        yield f"the title {heading!r} names a quarter without its months"


@rule("A4", "The line under the title is short, and says what happened.", "warning")
def summary(built: Finished) -> Iterator[str]:
    found = built.one("//p[@class='summary']")
    if found is None:
        yield "page one has no line under its title"
        return
    said, most = text(found), LONGEST_SUMMARY[built.language]
    if len(said) > most:
        yield f"the line under the title has {len(said)} characters, at most {most} are read"
    if re.match(r"(?:This|The) (?:bulletin|briefing|edition|report) |本(?:期|简报|报告)", said):
        yield f"the line under the title speaks of the briefing itself: {said[:40]!r}"


@rule("A5", "One to eight main findings stand before all else.", "warning")
def main_findings(built: Finished) -> Iterator[str]:
    count = len(built.findings)
    if not 1 <= count <= MOST_FINDINGS:
        yield f"page one has {count} main findings, one to {MOST_FINDINGS} are asked for"
    first = built.one("//main/*[1]")
    if first is None or first.get("id") != "findings":
        yield "something stands before the main findings"


@rule(
    "A6", "Each main finding that tells a figure has its number and, unless it is the edition's, its period.", "warning"
)
def finding_has_number(built: Finished) -> Iterator[str]:
    of = {each["id"]: each["period"] for each in built.figures}
    for number, finding in enumerate(built.findings, 1):
        told = [href.removeprefix("#n-") for href in finding.xpath(".//a/@href")]
        said = text(finding)
        if told and not _DIGIT.search(said):
            yield f"main finding {number} has no number: {said[:60]!r}"
        elsewhen = {of[each] for each in told if each in of} - {built.briefing["period"]}
        if elsewhen and not _TIME[built.language].search(said):
            yield f"main finding {number} tells of {', '.join(sorted(elsewhen))} and does not say so: {said[:60]!r}"


@rule("A7", "Main findings link to the notes of their numbers, and nowhere else.")
def finding_links(built: Finished) -> Iterator[str]:
    notes = set(built.page.xpath("//@id"))
    for number, finding in enumerate(built.findings, 1):
        for href in finding.xpath(".//a/@href"):
            if not href.startswith("#n-"):
                yield f"main finding {number} links to {href!r}"
            elif href[1:] not in notes:
                yield f"main finding {number} links to {href!r}, which is not there"


@rule("A8", "The figures of the main findings stand below as well, printed alike.", "warning")
def expanded(built: Finished) -> Iterator[str]:
    below = built.page.xpath("//figure//a/@href | //main/section[starts-with(@id, 'section-')]//a/@href")
    in_charts = {each["id"] for each in built.figures if any(p["where"].startswith("chart") for p in each["printed"])}
    there = set(below) | {f"#n-{each}" for each in in_charts} | {f"#{each}" for each in built.page.xpath("//@id")}
    for number, finding in enumerate(built.findings, 1):
        for href in finding.xpath(".//a/@href"):
            if href not in there:
                yield f"main finding {number} has the figure {href!r}, which stands nowhere below"


@rule("A9", "The parts stand in one order: findings, summary, contents, sections, notes, sources.")
def order(built: Finished) -> Iterator[str]:
    rank = {"findings": 0, "contents": 2, "revisions": 4, "notes": 5, "sources": 6}
    found = list(built.page.xpath("//main/*[@id]"))
    body = "section-"  # what else stands on page one comes before the contents
    places = [rank.get(each.get("id"), 3 if each.get("id").startswith(body) else 1) for each in found]
    for before, after, element in zip(places, places[1:], found[1:], strict=False):
        if after < before:
            yield f"{element.get('id')!r} stands behind a part that comes after it"
    if "sources" not in {each.get("id") for each in found}:
        yield "the list of sources and figures is lacking"


@rule("A11", "The data are attached, and are the figures that are printed.")
def data_attached(built: Finished) -> Iterator[str]:
    for name in ("data.csv", "figures.json"):
        if name not in built.paper.attachments:
            yield f"{name} is not attached to the PDF"
    told = {row["figure"]: row["value"] for row in built.data}
    for figure in built.figures:
        if figure["printed"] and figure["id"] not in told:
            yield f"data.csv lacks the figure {figure['id']}, which is printed as {figure['printed'][0]['text']!r}"
        elif figure["printed"] and float(told[figure["id"]]) != figure["value"]:
            yield f"data.csv says {told[figure['id']]} for {figure['id']}, the edition {figure['value']!r}"


@rule("A12", "No part is empty, no heading stands alone, nothing is left over from a template.")
def nothing_empty(built: Finished) -> Iterator[str]:
    for section in built.page.xpath("//main/section"):
        body = [each for each in section if each.tag not in ("h2", "h3") and text(each)]
        if not body:
            yield f"the section {section.get('id')!r} has a heading and nothing under it"
    for each in built.page.xpath("//h1 | //h2 | //h3 | //figcaption | //main//p | //main//li | //main//table"):
        if not text(each):
            yield f"a <{each.tag}> is empty"
    for figure in built.page.xpath("//figure[not(.//table | .//img | .//*[local-name()='svg'])]"):
        yield f"{figure.get('id')!r} has a title, and neither a picture nor a table"
    for table in built.page.xpath("//table[not(./tbody/tr)]"):
        yield f"{table.xpath('ancestor::figure/@id')} has a head and no row"
    shown = {"briefing.html": text(built.page), "mail.html": text(built.mail), "mail.txt": built.mail_text}
    shown["briefing.pdf"] = " ".join(line for leaf in built.paper.leaves for line in leaf.texts())
    for name, said in shown.items():
        for match in _LEFT_OVER.finditer(said):
            yield f"{name} says {said[max(0, match.start() - 20) : match.end() + 20]!r}"
