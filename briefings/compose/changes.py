"""What changed since the last edition: figures that are new, revised, dropped, beyond a threshold, moved in rank or no
longer missing; and first figures, which are findings.

In: the desk, what the briefing shows, and the previous edition. Out: `Changes`, whose every number is a figure, and
findings of the kind `first`. Which edition is the previous one is decided in `archive`; when two figures are the same
figure, in `briefing.identity`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from briefings.briefing import (
    Briefing,
    Cell,
    Change,
    Changes,
    Column,
    Figure,
    Finding,
    Previous,
    Row,
    Section,
    TableRequest,
    figure_id,
)
from briefings.briefing.identity import (
    by_key,
    figures_of,
    in_role,
    measure_of,
    of_period,
    only,
    reads_otherwise,
    shown,
    subject,
)
from briefings.compose.desk import LEVEL, ON_PREVIOUS, ON_YEAR, Desk
from briefings.compose.used import FIGURE_ID
from briefings.compose.weight import weigh
from briefings.measures.results import name
from briefings.periods import Period
from briefings.quantities import round_half_away

#: Figures of these measures have a difference that says something.
DIFFERENT = frozenset(
    {
        *("level", "growth", "change", "share", "average annual growth", "gap", "gap in growth", "ratio", "per head"),
        *("attainment", "change in growth", "contribution", "index", "rolling average", "volatility"),
    }
)
#: Measures whose sign is news.
SIGNED = frozenset({"level", "growth", "change"})
#: The requests under which a figure that the last edition told is asked for again.
ASKED = {
    ("level", ""): LEVEL,
    ("growth", "on year"): ON_YEAR,
    ("change", "on year"): ON_YEAR,
    ("growth", "on previous period"): ON_PREVIOUS,
    ("change", "on previous period"): ON_PREVIOUS,
}
#: So many revisions stand in the table; all of them are facts.
LONGEST_TABLE = 60
_LETTER = re.compile(r"\b[a-z][0-9]*\b")


def firsts(desk: Desk, previous: Briefing) -> Iterator[Finding]:
    """A finding for each indicator of the headline whose first figure has come since the previous edition."""
    told = {(old.indicator, old.place) for old in previous.figures.values()}
    for indicator in dict.fromkeys(indicator for show in desk.theme.headline for indicator in show):
        place = desk.where(indicator)
        series = desk.panel.series(indicator, place)
        level = desk.get(LEVEL, indicator, place)
        if level is not None and series is not None and len(series) == 1 and (indicator, place) not in told:
            yield Finding(
                id=figure_id("finding", "first", indicator, place, desk.period),
                kind="first",
                indicator=indicator,
                place=place,
                period=str(desk.period),
                figures={"level": desk.enter(level)},
                weight=weigh(desk.theme, "first"),
            )


@dataclass
class Since:
    """The briefing at the desk against the last edition's. `ids` are the figures that it shows."""

    desk: Desk
    previous: Previous
    ids: frozenset[str]
    headline: Sequence[Finding]

    @cached_property
    def still_missing(self) -> set[tuple[str, str]]:
        """What page one says that the sources lack, an aim that came for it or not."""
        entries = (entry for finding in self.headline if finding.kind == "absent" for entry in finding.entries)
        return {(entry.indicator, entry.place) for entry in entries}

    @cached_property
    def now(self) -> dict[str, Figure]:
        return only(self.desk.figures, self.ids)

    @cached_property
    def then(self) -> dict[str, Figure]:
        return shown(self.previous.briefing)

    @cached_property
    def own_then(self) -> Period:
        return Period.parse(self.previous.briefing.period)

    @cached_property
    def leading(self) -> dict[str, int]:
        """The figures of the headline, in order of reading."""
        told = [figure for finding in self.headline for figure in figures_of(finding)]
        return {figure: number for number, figure in reversed(list(enumerate(told)))}

    @cached_property
    def pairs(self) -> list[tuple[Figure, Figure]]:
        """Each figure with the one that the last edition showed in its role: of its own period, as a rule."""
        before = by_key((in_role(figure, self.own_then), figure) for figure in self.then.values())
        now = by_key((in_role(figure, self.desk.period), figure) for figure in self.now.values())
        return [(figure, before[key]) for key, figure in now.items() if key in before]

    def changes(self) -> Changes:
        """All that changed, the weightiest first."""
        revised = self._revised()
        returned, new = self._arrived()
        return Changes(
            since=self.previous.edition,
            period=self.previous.briefing.period,
            revision=self.previous.revision,
            day=self.previous.day,
            new=new,
            revised=revised,
            dropped=self._dropped(),
            crossed=tuple(self._crossed()),
            moved=tuple(self._moved()),
            returned=returned,
            table=self._table(revised),
        )

    # Revised

    def _revised(self) -> tuple[Change, ...]:
        """Figures of the same period that read otherwise than the last edition said; a published one before what was
        worked out of it, the headline's before all."""
        before = by_key((of_period(figure), figure) for figure in self.then.values())
        now = by_key((of_period(figure), figure) for figure in {**self.now, **self._still()}.values())
        both = ((figure, before[key]) for key, figure in now.items() if key in before)
        found = [(new, old) for new, old in both if reads_otherwise(new, old)]
        found.sort(key=lambda pair: self._order(pair[0]))
        return tuple(self._revision(new, old) for new, old in found)

    def _still(self) -> dict[str, Figure]:
        """What the last edition told of its own period on page one, as it is known now."""
        told = {figure for finding in self.previous.briefing.headline for figure in figures_of(finding)}
        found: dict[str, Figure] = {}
        for old in (self.then[key] for key in sorted(told & set(self.then))):
            request = ASKED.get((old.kind, old.basis))
            known = old.indicator in self.desk.catalogue.indicators and old.place in self.desk.catalogue.places
            if request is None or not known or old.status == "target":
                continue
            period = Period.parse(old.period)
            new = self.desk.get(request, old.indicator, old.place, period, breakdown=old.breakdown)
            if new is not None and (figure := self.desk.figures[self.desk.enter(new)]).kind == old.kind:
                found[figure.id] = figure
        return found

    def _order(self, figure: Figure) -> tuple[Hashable, ...]:
        """What weighs more stands first: the headline, the own place, the own period, what a source published."""
        first = self.leading.get(figure.id, len(self.leading))
        own = figure.place == self.desk.place
        last = -Period.parse(figure.period).end.toordinal()
        return first, not own, figure.computed, last, figure.indicator, figure.place, figure.breakdown, figure.id

    def _revision(self, new: Figure, old: Figure) -> Change:
        figures = {"new": new.id, "old": self._told_before(old)}
        if new.kind in DIFFERENT:
            figures["change"] = self._difference(new, old)
        cause = "corrected" if _by_hand(new) and not _by_hand(old) else ""
        return _change(new, figures, published=_published(new), was_published=_published(old), cause=cause)

    def _told_before(self, old: Figure) -> str:
        """A figure of the last edition as one of this, with the count of those among whom it was a rank."""
        for named in FIGURE_ID.findall(old.formula):
            self.desk.figures.setdefault(named, self.previous.briefing.figures[named])
        told = old.model_copy(update={"id": figure_id("told before", old.id, old.value)})
        self.desk.figures[told.id] = told
        return told.id

    def _difference(self, new: Figure, old: Figure) -> str:
        """By how much a figure was revised, over the inputs of both."""
        shift = len(new.inputs)
        names = {name(number): name(number + shift) for number in range(len(old.inputs))}
        formula = _LETTER.sub(lambda found: names[found[0]], old.formula)
        places = [figure.decimals for figure in (new, old) if figure.decimals is not None]
        made = new.model_copy(
            update={
                "id": figure_id("revision", new.id, old.id, old.value),
                "value": new.value - old.value,
                "unit": "percentage point" if new.unit == "percent" else new.unit,
                "kind": "revision",
                "basis": "",
                "computed": True,
                "decimals": max(places) if len(places) == 2 else finer(new, old),
                "qualifier": "exact" if new.qualifier == old.qualifier == "exact" else "about",
                "formula": f"{_bracketed(new.formula)} - {_bracketed(formula)}",
                "inputs": (*new.inputs, *old.inputs),
                "also": (),
            }
        )
        self.desk.figures[made.id] = made
        return made.id

    def _table(self, revised: Sequence[Change]) -> TableRequest | None:
        """Figure, period, previously, now, difference, published: a row each."""
        if not revised:
            return None
        rows = tuple(
            Row(
                place=change.place,
                breakdown=change.breakdown,
                indicator=change.indicator,
                period=change.period,
                measure=change.measure,
                published=change.facts["published"],
                cells=tuple(
                    Cell(figure=change.figures.get(role), absence=None if role in change.figures else "not applicable")
                    for role in ("old", "new", "change")
                ),
            )
            for change in revised[:LONGEST_TABLE]
        )
        used = [self.desk.figures[change.figures["new"]] for change in revised[:LONGEST_TABLE]]
        return TableRequest(
            id="t" + figure_id("revisions", self.previous.edition)[1:],
            rows_are="revisions",
            columns=tuple(Column(id=role, indicator="", measure=role, unit="") for role in ("old", "new", "change")),
            rows=rows,
            of=len(revised) if len(revised) > LONGEST_TABLE else None,
            sources=tuple(sorted({item.source for figure in used for item in figure.inputs})),
        )

    # New, dropped, no longer missing

    def _arrived(self) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        """Published figures that the last edition had in no period: those that it missed, and the others."""
        missed = _missed(self.previous.briefing) - self.still_missing
        known = {key for figure in self.then.values() for key in self._keys(figure, self.own_then)}
        found: dict[tuple[str, str, str], Figure] = {}
        for figure in sorted(self._published_here(self.now), key=self._order):
            subject_ = (figure.indicator, figure.place, figure.breakdown)
            own = figure.period == str(self.desk.period) and figure.status != "target"
            missing = (figure.indicator, figure.place) in missed and own
            if missing or not known & set(self._keys(figure, self.desk.period)):
                found.setdefault(subject_, figure)
        back = tuple(_change(f, {"new": f.id}) for f in found.values() if (f.indicator, f.place) in missed)
        new = tuple(_change(f, {"new": f.id}) for f in found.values() if (f.indicator, f.place) not in missed)
        return back, new

    def _dropped(self) -> tuple[Change, ...]:
        """Published figures of the last edition that this one has in no period."""
        known = {key for figure in self.now.values() for key in self._keys(figure, self.desk.period)}
        gone: dict[tuple[str, str, str], Figure] = {}
        for figure in sorted(self._published_here(self.then), key=self._order):
            if not known & set(self._keys(figure, self.own_then)):
                gone.setdefault((figure.indicator, figure.place, figure.breakdown), figure)
        return tuple(_change(figure, {}) for figure in gone.values())

    def _published_here(self, figures: Mapping[str, Figure]) -> Iterator[Figure]:
        """The published figures of the briefing's own place; of places side by side those of all."""
        compares = self.desk.catalogue.places[self.desk.place].kind == "aggregate"
        for figure in figures.values():
            if not figure.computed and (compares or figure.place == self.desk.place):
                yield figure

    def _keys(self, figure: Figure, own: Period) -> Iterator[tuple[Hashable, ...]]:
        yield in_role(figure, own)
        yield (*subject(figure), figure.period)

    # Thresholds and ranks

    def _crossed(self) -> Iterator[Change]:
        """Figures of the own period that changed their sign, reached or missed their target, or passed a round value
        that the theme names; what a point of page one tells is not told again."""
        told = {(f.indicator, f.place) for f in self.headline if f.kind in ("sign_change", "crossing")}
        for new, old in sorted(self.pairs, key=lambda pair: self._order(pair[0])):
            if not self._is_own(new) or new.value == old.value:
                continue
            direction = "up" if new.value > old.value else "down"
            for what, threshold in self._thresholds(new, old):
                if what == "sign" and (new.indicator, new.place) in told:
                    continue
                figures = {"new": new.id, "old": self._told_before(old)}
                if what == "round":
                    figures["threshold"] = self._threshold(new, threshold)
                yield _change(new, figures, of=what, direction=direction, before=old.period)

    def _thresholds(self, new: Figure, old: Figure) -> Iterator[tuple[str, float]]:
        """The thresholds that lie between two values: below it before and at or above it now, or the other way."""
        low, high = sorted((old.value, new.value))
        notable = self.desk.theme.notable
        sizeable = new.kind == "level" or min(abs(old.value), abs(new.value)) >= notable.growth
        if new.kind in SIGNED and new.basis in ("", "on year") and low < 0 < high and sizeable:
            yield "sign", 0.0
        if new.kind == "attainment" and low < 100.0 <= high:
            yield "target", 100.0
        if new.kind == "level":
            yield from (("round", value) for value in notable.thresholds.get(new.indicator, ()) if low < value <= high)

    def _threshold(self, figure: Figure, value: float) -> str:
        """A threshold that the theme names, as a figure: a constant beside the figure that passed it."""
        made = figure.model_copy(
            update={
                "id": figure_id("threshold", figure.indicator, value),
                "value": value,
                "kind": "threshold",
                "computed": True,
                "decimals": None,
                "qualifier": "exact",
                "formula": repr(value),
                "also": (),
            }
        )
        self.desk.figures[made.id] = made
        return made.id

    def _moved(self) -> Iterator[Change]:
        """Ranks of the own period that are others than the last edition's; not those that page one tells."""
        moved = (finding for finding in self.headline if "previous_rank" in finding.figures)
        told = {figure for finding in moved for figure in figures_of(finding)}
        for new, old in sorted(self.pairs, key=lambda pair: self._order(pair[0])):
            if new.kind == "rank" and self._is_own(new) and new.value != old.value and new.id not in told:
                figures = {"new": new.id, "old": self._told_before(old)}
                yield _change(new, figures, before=old.period)

    def _is_own(self, figure: Figure) -> bool:
        here = (self.desk.place, self.desk.where(figure.indicator))
        return figure.period == str(self.desk.period) and figure.place in here


def figures_in(changes: Changes | None) -> set[str]:
    """The figures that changes tell and their table holds."""
    return {figure for change in changes.every for figure in change.figures.values()} if changes else set()


def marked(tables: Iterable[TableRequest], changes: Changes) -> tuple[TableRequest, ...]:
    """Tables with the flag r behind each figure that was revised since the last edition."""
    revised = {change.figures["new"] for change in changes.revised}
    return tuple(
        table.model_copy(
            update={
                "rows": tuple(
                    row.model_copy(update={"cells": tuple(_flagged(cell, revised) for cell in row.cells)})
                    for row in table.rows
                )
            }
        )
        for table in tables
    )


def marked_sections(sections: Iterable[Section], changes: Changes) -> tuple[Section, ...]:
    """The sections with their tables marked."""
    return tuple(section.model_copy(update={"tables": marked(section.tables, changes)}) for section in sections)


def _flagged(cell: Cell, revised: set[str]) -> Cell:
    return cell.model_copy(update={"flags": (*cell.flags, "r")}) if cell.figure in revised else cell


def _missed(briefing: Briefing) -> set[tuple[str, str]]:
    """What the last edition said was missing: indicator and place."""
    found = {(f.indicator, f.place) for f in briefing.every_finding() if f.kind == "missing"}
    found |= {(indicator, briefing.place) for indicator in briefing.partial}
    absent = (entry for f in briefing.every_finding() if f.kind == "absent" for entry in f.entries)
    return found | {(entry.indicator, entry.place) for entry in absent}


def finer(new: Figure, old: Figure) -> int | None:
    """Places of the difference of two rates: one more than they have where the difference of what is printed would be
    another than the printed difference (1.7% to 2.4% is no +0.8); None, the usual, elsewhere."""
    if new.unit != "percent":
        return None
    places = max(1 if figure.decimals is None else figure.decimals for figure in (new, old))
    printed = round_half_away(new.value, places) - round_half_away(old.value, places)
    return None if printed == round_half_away(new.value - old.value, places) else places + 1


def _change(figure: Figure, figures: dict[str, str], **facts: str) -> Change:
    return Change(
        indicator=figure.indicator,
        place=figure.place,
        breakdown=figure.breakdown,
        period=figure.period,
        measure=measure_of(figure),
        figures=figures,
        facts={key: value for key, value in facts.items() if value},
    )


def _bracketed(formula: str) -> str:
    return formula if _LETTER.fullmatch(formula) else f"({formula})"


def _by_hand(figure: Figure) -> bool:
    """Whether a person's correction is among what a figure was made of."""
    return any(item.corrected_from is not None for item in figure.inputs)


def _published(figure: Figure) -> str:
    return max(item.published for item in figure.inputs)
