"""What changed since the last edition in words: the heading, a few lines for page one, and the mark in a sentence.

In: the changes of a briefing. Out: `Since`, and sentences with "(revised from 4.8%)" behind a figure that was revised.
What changed was found in `compose`, the weightiest first; the table of revisions is set in `tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from briefings.briefing import Briefing, Change
from briefings.narrative.model import Run, Sentence, Since, tidy
from briefings.narrative.names import Names
from briefings.narrative.numbers import Numbers, dated, measure_words
from briefings.narrative.templates import Fill, Slot
from briefings.periods import Period
from briefings.quantities import common_scale, write

#: So many lines stand on page one, and so many of one kind.
MOST_LINES = 5
MOST_OF_KIND = {"revised": 3, "crossed": 2, "moved": 1}
#: A line names so many figures at most.
MOST_NAMED = 4
#: Measures that a line can name; the table holds what was revised of others.
NAMED = frozenset(
    {
        *("level", "growth on year", "growth on previous period", "change on year", "change on previous period"),
        *("share", "average annual growth", "attainment"),
    }
)


def since(briefing: Briefing, names: Names) -> Since | None:
    """The block of page one; None where there is nothing to say."""
    changes = briefing.changes
    if changes is None:
        return None
    lines = tuple(_lines(briefing, names))[:MOST_LINES]
    if not lines:
        return None
    language = names.language
    heading = names.book.furniture["since last edition"].format(
        period=Period.parse(changes.period).write(language, style="months"),
        revision=changes.revision,
        day=Period.parse(changes.day).write(language),
    )
    return Since(heading=heading, lines=lines)


def _lines(briefing: Briefing, names: Names) -> Iterator[Sentence]:
    changes = briefing.changes
    if changes is None:
        return
    named = [change for change in changes.revised if change.measure in NAMED]
    revised = _one_each(named, {c.figures["new"]: briefing.figures[c.figures["new"]].computed for c in named})
    for change in revised[: MOST_OF_KIND["revised"]]:
        yield _Line(change, names).said(change.facts.get("cause", "revised"))
    for change in [c for c in changes.crossed if c.measure in NAMED][: MOST_OF_KIND["crossed"]]:
        yield _Line(change, names).said(f"{change.facts['of']} {change.facts['direction']}")
    for change in changes.moved[: MOST_OF_KIND["moved"]]:
        yield _Line(change, names).said("moved")
    for kind, found in (("returned", changes.returned), ("new", changes.new), ("dropped", changes.dropped)):
        if found:
            yield _listed(kind, found, names)


def _one_each(changes: Sequence[Change], computed: Mapping[str, bool]) -> list[Change]:
    """One revision of each subject and period, in the order of the weightiest of each: what a source published before
    what was worked out of it, which stands in the table. `computed`: figure -> whether it was worked out."""
    found: dict[tuple[str, ...], Change] = {}
    for change in changes:
        key = (change.indicator, change.place, change.breakdown, change.period)
        kept = found.setdefault(key, change)
        if computed[kept.figures["new"]] and not computed[change.figures["new"]]:
            found[key] = change
    return list(found.values())


def _listed(kind: str, changes: Sequence[Change], names: Names) -> Sentence:
    """A few figures by name, and that there are others."""
    things = list(dict.fromkeys(_called(change, names) for change in changes))
    more = [names.book.furniture["other figures"]] if len(things) > MOST_NAMED else []
    text = names.listed([*things[:MOST_NAMED], *more])
    filled = names.book.changes[kind].fill(lambda slot, _: Fill((Run(text),), "@") if slot.name == "list" else None)
    return tidy(filled.runs, names.language) if filled else ()


def _called(change: Change, names: Names) -> str:
    """A figure by name as a sentence says it; with its place where that is not the briefing's own."""
    said = names.thing if change.place == names.briefing.place else names.told
    return said(change.indicator, change.place, change.breakdown)


class _Line:
    """One change as a sentence."""

    def __init__(self, change: Change, names: Names) -> None:
        self.change = change
        self.names = names
        self.numbers = Numbers(names)

    def said(self, kind: str) -> Sentence:
        filled = self.names.book.changes[kind].fill(self._fill)
        if filled is None or not filled.runs:
            return ()
        first, *rest = filled.runs
        return tidy((Run(first.text[:1].upper() + first.text[1:], first.figure), *rest), self.names.language)

    def _fill(self, slot: Slot, _opening: bool) -> Fill | None:
        change, name = self.change, slot.name
        if name in change.figures:
            return self._number(name, slot.form)
        if name in ("period", "then"):
            text = change.period if name == "period" else change.facts.get("before", "")
            return dated(Period.parse(text), self.names.language, slot.form) if text else None
        text = {"what": self._what, "measure": self._measure}.get(name, str)()
        return Fill((Run(text),), "@") if text else None

    def _number(self, role: str, form: str) -> Fill:
        """A figure of the change; what it was and what it is are written in one scale."""
        figure = self.numbers.figure(self.change.figures[role])
        both = [
            self.numbers.figure(self.change.figures[each]) for each in ("old", "new") if each in self.change.figures
        ]
        if form or role not in ("old", "new") or figure.qualifier != "exact" or figure.status == "target":
            return self.numbers.fill(figure.id, form)
        language = self.names.language
        item = self.names.briefing.names.indicators[figure.indicator]
        scale = common_scale([each.value for each in both], figure.unit, language)
        counter = item.counter.get(language, "")
        text = write(figure.value, figure.unit, language, decimals=figure.decimals, scale=scale, counter=counter)
        return Fill((Run(text, figure.id),), "#")

    def _what(self) -> str:
        return _called(self.change, self.names)

    def _measure(self) -> str:
        if self.change.measure in ("level", "rank"):
            return ""
        return measure_words(self.change.measure, self.names, self.change.indicator, self.change.period)


def with_marks(sentence: Sentence, names: Names) -> Sentence:
    """A sentence with what the first revised figure that it tells was before, in brackets behind it."""
    changes = names.briefing.changes
    was = {c.figures["new"]: c.figures["old"] for c in changes.revised} if changes else {}
    told = {run.figure for run in sentence}
    for number, run in enumerate(sentence):
        if run.figure in was and was[run.figure] not in told:
            new, old = (names.briefing.figures[key] for key in (run.figure, was[run.figure]))
            form = "size" if new.value < 0 and old.value < 0 and "−" not in run.text and "-" not in run.text else ""
            before, _, after = names.book.furniture["revised from"].partition("{old}")
            filled = Numbers(names).fill(old.id, form)
            behind = (Run(before), *filled.runs, Run(after))
            return tidy((*sentence[: number + 1], *behind, *sentence[number + 1 :]), names.language)
    return sentence
