"""M. The mail as a reader meets it: in a list of mails, on a light ground or a dark one, without pictures.

In: finished files. Out: remarks under M5 to M10; those on size and safety (M1 to M4) stand in `layout`. What delivery
adds to a mail (pictures, a banner) is tested there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefings.lint.finished import Finished, text
from briefings.lint.model import rule

_OPAQUE = re.compile(r"background(?:-color)?:\s*(?:#[0-9a-f]{3,6}|white|black)", re.I)
_INK = re.compile(r"(?<![-\w])color:")
#: A preview may be as long as a finding; the subject is told by its side.
FEWEST_WORDS = 10


def _bare(said: str) -> str:
    return re.sub(r"[\s\u00a0\u034f\u200c.。]+", "", said).casefold()


def _title(built: Finished) -> str:
    return built.mail.findtext(".//title") or ""


@rule("M5", "The subject has the title, and in few words the first finding.", "warning")
def subject(built: Finished) -> Iterator[str]:
    heading = built.mail.xpath("//h1")
    named = _bare(text(heading[0])) if heading else ""
    told = _bare(re.sub("^【[^】]*】", "", _title(built)))
    if not named or named not in told:
        yield f"the subject {_title(built)!r} does not have the heading of the mail"
    elif built.findings and len(told) < len(named) + 4:
        yield f"the subject {_title(built)!r} tells nothing of the first finding"


@rule(
    "M6",
    "What an inbox shows beside the subject is a finding, hidden in the mail, and not the subject again.",
    "warning",
)
def preview(built: Finished) -> Iterator[str]:
    first = built.mail.xpath("//body/*[1]")
    if not first or "display:none" not in (first[0].get("style") or ""):
        yield "the mail does not begin with a hidden line for the list of mails"
        return
    said = re.sub(r"[\u034f\u200c\u00a0]+", " ", text(first[0])).strip()
    findings = [_bare(text(each)) for each in built.mail.xpath("//li | //h1/following-sibling::p[1]")]
    if len(said) < FEWEST_WORDS or not any(_bare(said) in finding for finding in findings):
        yield f"the hidden line of the mail tells none of its findings: {said[:60]!r}"
    elif _bare(said) in _bare(_title(built)):
        yield "the hidden line of the mail repeats its subject"


@rule("M7", "The mail is read on a dark ground as on a light one.", "warning")
def either_ground(built: Finished) -> Iterator[str]:
    schemes = built.mail.xpath("//meta[@name='color-scheme']/@content")
    if not schemes or not {"light", "dark"} <= set(schemes[0].split()):
        yield "the mail does not say that it is for light and dark grounds (color-scheme)"
    for element in built.mail.xpath("//*[@style]"):
        style = element.get("style")
        if bool(_OPAQUE.search(style)) != bool(_INK.search(style)):
            kind = "a ground without its ink" if _OPAQUE.search(style) else "ink without its ground"
            yield f"the mail names {kind} at {text(element)[:30]!r}: it may vanish on another ground"


@rule("M8", "The plain mail has all that the other has.", "warning")
def whole_in_plain_text(built: Finished) -> Iterator[str]:
    plain = _bare(built.mail_text)
    for row in built.mail.xpath("//table[@role='table']//tr"):
        for cell in row.xpath("./td"):
            if _bare(text(cell)) not in plain:
                yield f"the plain mail lacks the cell {text(cell)!r} of the table"
    for each in built.mail.xpath("//h1 | //li"):
        said = re.sub(r"^[-\d. ]+", "", text(each))
        if _bare(said) not in plain:
            yield f"the plain mail lacks {said[:60]!r}"


@rule("M9", "No figure of the mail is taken for a telephone number.", "warning")
def no_telephone(built: Finished) -> Iterator[str]:
    said = " ".join(built.mail.xpath("//meta[@name='format-detection']/@content"))
    if "telephone=no" not in said.replace(" ", ""):
        yield "the mail does not ask its reader to leave numbers alone (format-detection)"


@rule("M10", "The mail needs no picture.", "warning")
def no_pictures(built: Finished) -> Iterator[str]:
    for picture in built.mail.xpath("//img | //*[contains(@style, 'url(')]"):
        yield f"a picture stands in the mail: {(picture.get('src') or picture.get('style'))[:60]!r}"
