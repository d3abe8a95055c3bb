"""The number gate: every number of the finished files is a figure of the briefing, in its place.

In: the texts of the finished files (`texts`), the script that they follow, the briefing. Out: objections. Three steps,
none of which trusts the one before: the files say what the script says, in its order (`alignment`, `pages`, `annexes`);
each number of the script is its figure's, and stands where the briefing has that figure (`record`); what holds a number
and prints no figure is furniture that is allowed (`furniture`). What the gate does not prove: that a sentence means
what the facts say (the read-back does), that marks of a chart stand at the height of their values, that the PNG
pictures, drawn from the same SVG, show the same text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from briefings.audit import annexes, furniture, pages, record
from briefings.audit.alignment import Expected, objections, part_of
from briefings.audit.model import Objection
from briefings.audit.texts import Texts
from briefings.audit.tokens import tokens
from briefings.briefing import Briefing
from briefings.script import Line, Lines, Script

_PDF = "briefing.pdf"
_PAGE = "briefing.html"
#: Files made by templates, where a house's own may leave a part out whole, and the one made for further editing.
_TEMPLATED = frozenset({_PAGE, f"{_PAGE} hints", f"{_PAGE} tips", "mail.html", "mail.txt", "briefing.docx"})


def check(
    texts: Texts, files: Mapping[str, bytes], script: Script, briefing: Briefing, language: str
) -> list[Objection]:
    """What the finished files of an edition say that the briefing does not; nothing where all is well."""
    return [
        *against_script(texts, script),
        *annexes.objections(texts, files, script, briefing),
        *record.objections(script, briefing, language),
        *furniture.objections(script, briefing),
    ]


def against_script(texts: Texts, script: Script) -> list[Objection]:
    """What the files show otherwise than their script says."""
    left_out: set[str] = set()
    found: list[Objection] = []
    for name, lines in script.files.items():
        if name == _PDF:
            continue
        told, absent = shown(name, texts.shown.get(name, ""), lines)
        found += told
        left_out |= absent if name == _PAGE else set()
    found += data(texts, script.files[f"{_PAGE} hints"])
    found += paper(texts, script, left_out)
    return found


def shown(name: str, text: str, lines: Lines) -> tuple[list[Objection], set[str]]:
    """One file against its lines, the data for programs apart; and the parts that its template leaves out."""
    return objections(name, expected(lines), text, lenient=name in _TEMPLATED)


def expected(lines: Lines) -> Expected:
    return Expected(tuple(line for line in lines if not _is_data(line)))


def _is_data(line: Line) -> bool:
    return any(run.furniture == "data" for run in line.runs)


def data(texts: Texts, lines: Lines) -> list[Objection]:
    """What programs read inside the page is the very text of the script: tips of charts, their values."""
    wanted = [line for line in lines if _is_data(line)]
    if not texts.data or len(texts.data) != len(wanted):
        missing = bool(texts.data)
        return [Objection(_PAGE, f"{len(texts.data)} charts", f"{len(wanted)} charts")] if missing else []
    return [
        Objection(f"{_PAGE}, {line.where}", f"“{_differing(text, line.text)}”", f"“{_differing(line.text, text)}”")
        for text, line in zip(texts.data, wanted, strict=True)
        if text != line.text
    ]


def _differing(text: str, other: str) -> str:
    """A few characters from where two texts part."""
    at = next((n for n, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    return text[max(0, at - 20) : at + 20]


# The PDF


def paper(texts: Texts, script: Script, left_out: set[str]) -> list[Objection]:
    """The PDF against its lines. A part may be lacking where `briefing.html`, of the same template, leaves it out."""
    lines = tuple(line for line in script.files[_PDF] if part_of(line.where) not in left_out)
    found = pages.unfold(texts, script)
    heads = [tokens(line.text) for line in lines if line.where.endswith("/head")]
    told, _ = objections(
        _PDF,
        expected(lines),
        found.text,
        repeated=heads,
        explained=lambda words: pages.list_number(found, words),
    )
    pages.check_list_numbers(found, script)
    return [*told, *found.objections, *_alternatives(texts, script), *_title(texts, script)]


def _alternatives(texts: Texts, script: Script) -> Iterator[Objection]:
    """The alternative texts of the PDF's pictures, in their order; that of a logo stands first."""
    wanted = script.alternatives
    told = list(texts.alternatives)
    if script.logo and len(told) == len(wanted) + 1 and tokens(told[0]) == tokens(script.logo):
        del told[0]
    if len(told) != len(wanted):
        yield Objection(_PDF, f"{len(told)} alternative texts", f"{len(wanted)}, one a picture")
    for text, line in zip(told, wanted, strict=False):
        found, _ = objections(f"{_PDF}, alternative text", Expected((line,)), text)
        yield from found


def _title(texts: Texts, script: Script) -> Iterator[Objection]:
    if tokens(texts.title) != tokens(script.title):
        yield Objection(f"{_PDF}, title of the document", f"“{texts.title}”", f"“{script.title}”")
    named = tokens(script.title)
    for bookmark, _ in texts.outline[:1]:  # the others are the headings themselves
        if any(each not in named for each in tokens(bookmark) if any(map(str.isdigit, each))):
            yield Objection(f"{_PDF}, first bookmark", f"“{bookmark}”", f"“{script.title}”")
