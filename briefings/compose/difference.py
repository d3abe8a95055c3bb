"""Two briefings told apart in facts: figures, findings and notes.

In: the briefings of two editions, of whatever languages. Out: `Difference`s, in order of reading. A figure is the same
figure by what it is of (`identity`), not by its id; what changed since the last edition is no fact of an edition's own
and is left out. What an edition prints of its own changes is told next door, in `changes`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from briefings.briefing import Briefing, Figure, Finding, Note
from briefings.briefing.identity import measure_of, pairs, shown


@dataclass(frozen=True)
class Difference:
    """One difference. `what`: figure, finding, note. `differs`: new, dropped, changed; of a finding appeared, vanished
    or moved. `was`, `is_`: values in base units, or where in the text a finding stands; `by`: the difference."""

    what: str
    differs: str
    indicator: str
    place: str
    period: str
    measure: str
    was: str = ""
    is_: str = ""
    by: str = ""

    @property
    def row(self) -> tuple[str, ...]:
        own = (self.what, self.differs, self.indicator, self.place, self.period, self.measure)
        return (*own, self.was, self.is_, self.by)


def differences(one: Briefing, other: Briefing) -> list[Difference]:
    """What the second briefing tells otherwise than the first; empty where both tell the same facts."""
    return [*_of_figures(one, other), *_of_findings(one, other), *_of_notes(one, other)]


def _of_figures(one: Briefing, other: Briefing) -> Iterator[Difference]:
    before, after = shown(one), shown(other)
    both = {was.id: now for was, now in pairs(before.values(), after.values())}
    met = {now.id for now in both.values()}
    for was in sorted(before.values(), key=_order):
        now = both.get(was.id)
        if now is None:
            yield _figure("dropped", was, was=_value(was))
        elif (was.value, was.unit) != (now.value, now.unit):
            by = f"{now.value - was.value:+.15g}" if now.unit == was.unit else ""
            yield _figure("changed", now, was=_value(was), is_=_value(now), by=by)
    for now in sorted(after.values(), key=_order):
        if now.id not in met:
            yield _figure("new", now, is_=_value(now))


def _order(figure: Figure) -> tuple[str, ...]:
    return figure.indicator, figure.place, figure.breakdown, measure_of(figure), figure.period, figure.id


def _figure(differs: str, figure: Figure, was: str = "", is_: str = "", by: str = "") -> Difference:
    breakdown = f" {figure.breakdown}" if figure.breakdown else ""
    target = "target of " if figure.status == "target" and figure.kind != "attainment" else ""
    measure = f"{target}{measure_of(figure)}{breakdown}"
    return Difference("figure", differs, figure.indicator, figure.place, figure.period, measure, was, is_, by)


def _value(figure: Figure) -> str:
    return f"{figure.value:.15g} {figure.unit}"


def _of_findings(one: Briefing, other: Briefing) -> Iterator[Difference]:
    before, after = _placed(one), _placed(other)
    for key in dict.fromkeys((*before, *after)):
        finding, was = before.get(key, (None, ""))
        now_finding, now = after.get(key, (None, ""))
        told = now_finding or finding
        if told is None or was == now:
            continue
        differs = "appeared" if not was else "vanished" if not now else "moved"
        yield Difference("finding", differs, told.indicator, told.place, told.period, told.kind, was, now)


def _placed(briefing: Briefing) -> dict[Hashable, tuple[Finding, str]]:
    """Each finding with where it stands: page one and its number, or the section."""
    found: dict[Hashable, tuple[Finding, str]] = {}
    for number, finding in enumerate(briefing.headline, start=1):
        found.setdefault(finding.id, (finding, f"page one, {number}"))
    for number, section in enumerate(briefing.sections, start=1):
        for finding in section.findings:
            found.setdefault(finding.id, (finding, f"section {number}"))
    return found


def _of_notes(one: Briefing, other: Briefing) -> Iterator[Difference]:
    before, after = ({_note_key(note): note for note in each.notes} for each in (one, other))
    for key in dict.fromkeys((*before, *after)):
        if (key in before) == (key in after):
            continue
        note, differs = (after[key], "new") if key in after else (before[key], "dropped")
        measure = f"{note.kind}: {note.reason}"
        yield Difference("note", differs, note.indicator, note.place, note.period, measure)


def _note_key(note: Note) -> Hashable:
    facts = tuple(sorted(note.facts.items()))
    return note.kind, note.reason, note.indicator, note.place, note.period, facts
