"""The read-back: the finished sentences of an edition, read by a reader that knows no phrase book.

In: the HTML of an edition and its briefing. Out: objections where a sentence says what the facts do not, and the
figures that each sentence told. The way of a sentence: `marks` takes it out of the page, `names`, `times`, `numbers`
and `ranks` find what stands in it, `grammar` covers the rest with the constructions of `lexicon/<language>.yaml`,
`reading` makes claims and statements of them, `checking` and `statements` hold these against `facts`. What nobody can
read is an objection too, so that no phrase goes unread. Next door, the gate holds every number against its figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from briefings.audit.model import Objection
from briefings.audit.readback.checking import Checker
from briefings.audit.readback.grammar import Lexicon
from briefings.audit.readback.marks import Marked, sentences
from briefings.audit.readback.model import Claim, Read
from briefings.audit.readback.reading import Reader
from briefings.audit.readback.revised import without
from briefings.briefing import Briefing, Finding

__all__ = ["Readback", "differences", "read_back", "sentences"]


@dataclass
class Readback:
    """What a page said. `told`: finding id -> role and figure id -> the claim that told it."""

    language: str
    told: dict[str, dict[str, Claim]] = field(default_factory=dict)
    read: dict[str, Read] = field(default_factory=dict)
    objections: list[Objection] = field(default_factory=list)


def read_back(marked: Iterable[Marked], briefing: Briefing, language: str, own: Lexicon | None = None) -> Readback:
    """Every sentence of a page, read and held against its finding's facts, in order of reading. `own`: what a project
    adds to the lexicon (`grammar`).

    A finding without a sentence on the page, and a sentence of no finding, are objections.
    """
    findings = {finding.id: finding for finding in briefing.every_finding()}
    reader = Reader.of(briefing, language, own)
    alone = {finding.id for finding in briefing.headline}  # a point of page one says its own period
    checker = Checker(briefing, frozenset(reader.vocabulary.placeless))
    result, part = Readback(language), -1
    for one in marked:
        if one.part != part or one.finding in alone:
            checker.part()
            part = one.part
        where = f"briefing.html, finding {one.finding}, “{one.text}”"
        finding = findings.get(one.finding)
        if finding is None:
            result.objections.append(Objection(where, "a sentence of no finding", "findings of this briefing"))
            continue
        text, wrong = without(one.text, briefing, finding, language, where)
        result.objections += wrong
        read = reader.read(text)
        found, told = checker.check(read, finding)
        result.objections += [Objection(where, item.read, item.facts, item.figure) for item in found]
        result.told[one.finding], result.read[one.finding] = told, read
    result.objections += _unsaid(findings.values(), result)
    return result


def _unsaid(findings: Iterable[Finding], result: Readback) -> list[Objection]:
    return [
        Objection("briefing.html", f"no sentence of the finding {finding.id}", f"one that tells of {finding.kind}")
        for finding in findings
        if finding.id not in result.read
    ]


#: Roles that a wording of one language may leave out: what stands beside another figure, and a count of nobody (无一).
BESIDE = ("previous_share", "previous_rank", "benchmark", "level", "up", "down")


def differences(one: Readback, other: Readback) -> list[Objection]:
    """What two languages tell differently of one finding: a figure that only one of them tells, another direction,
    another basis of comparison."""
    found = []
    for finding, told in one.told.items():
        beside = other.told.get(finding, {})
        for key in sorted(told.keys() ^ beside.keys()):
            if key.partition(":")[0] not in BESIDE:
                has, lacks = (one, other) if key in told else (other, one)
                role, _, figure = key.partition(":")
                found.append(
                    Objection(f"finding {finding}", f"{lacks.language}: no {role}", f"as in {has.language}", figure)
                )
        for key in told.keys() & beside.keys():
            mine, theirs = told[key], beside[key]
            for name in ("direction", "side", "basis", "ends"):
                values = mine.attributes.get(name), theirs.attributes.get(name)
                if None not in values and not _alike(name, *map(str, values)):
                    where = f"finding {finding}"
                    found.append(
                        Objection(
                            where, f"{one.language}: {name} {values[0]}", f"{other.language}: {name} {values[1]}", key
                        )
                    )
    return found


def _alike(name: str, mine: str, theirs: str) -> bool:
    """Whether two words of two languages may mean the same: 环比 is on whatever period was the previous one."""
    return mine == theirs or (name == "basis" and all(word != "span" for word in (mine, theirs)))
