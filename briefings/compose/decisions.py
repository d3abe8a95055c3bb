"""What persons decided on figures: which of two sources counts, what is true though it contradicts others, what a
document says; and the notes that tell it.

In: decisions and reviews, the panel, what further sources told; the desk after composing. Out: the panel as decided,
and a note for each decision on a figure that is shown: who, when and why. What the audit would hold without them is
said by `reconcile`; reviews were applied when the document was read, in `sources`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from briefings.briefing import Figure, Input, Note
from briefings.compose.desk import Desk
from briefings.compose.notes import implied_by_others, told_by_source
from briefings.configuration import Decision, Review
from briefings.corrections import Written
from briefings.errors import QuantityError
from briefings.measures import VintageKey, vintage_key
from briefings.observations import Observation, Panel
from briefings.periods import Period
from briefings.quantities import read

Others = Mapping[VintageKey, Sequence[Observation]]


@dataclass(frozen=True)
class Choice:
    """Of what several sources tell of one figure, what a person took, and what was left."""

    decision: Decision
    taken: Observation
    left: tuple[Observation, ...]


@dataclass(frozen=True)
class Decisions:
    """What was decided by the day that a briefing is as of. `chosen` is what `choose` made of the decisions to take;
    `corrections` stand in place of what sources told."""

    decisions: Sequence[Decision] = ()
    reviews: Sequence[Review] = ()
    chosen: Sequence[Choice] = ()
    corrections: Sequence[Written] = ()


def choose(panel: Panel, others: Others, decisions: Iterable[Decision]) -> tuple[Panel, Others, tuple[Choice, ...]]:
    """The panel in which the sources count that persons took, and what the others tell alike; a choice for each figure
    of which another source tells another value."""
    taking = [decision for decision in decisions if decision.decision == "take"]
    if not taking:
        return panel, others, ()
    rows: list[Observation] = []
    left = dict(others)
    chosen: list[Choice] = []
    for row in (row for series in panel for row in series):
        told = (row, *others.get(vintage_key(row), ()))
        decision = next((each for each in taking if is_of(each, row)), None)
        taken = next((each for each in told if decision and each.source == decision.source), None)
        if decision is None or taken is None:
            rows.append(row)
            continue
        rows.append(taken)
        alike = (each for each in told if (each.value, each.unit) == (taken.value, taken.unit))
        left[vintage_key(row)] = tuple(each for each in alike if each is not taken)
        if differing := tuple(each for each in told if (each.value, each.unit) != (taken.value, taken.unit)):
            chosen.append(Choice(decision, taken, differing))
    return Panel.of_rows(rows), left, tuple(chosen)


def is_of(decision: Decision, row: Observation) -> bool:
    """Whether a decision is on this figure."""
    asked = (decision.indicator, decision.place, Period.parse(decision.period))
    return asked == (row.indicator, row.place, row.period) and decision.kind in (None, row.kind)


def notes(desk: Desk, decided: Decisions, shown: Set[str]) -> Iterator[Note]:
    """A note for each decision on the figures `shown`, in the order of the decisions."""
    rows = {id(row) for key in shown for row in desk.made_of.get(key, ())}
    for choice in decided.chosen:
        if id(choice.taken) in rows:
            yield _note(
                "take",
                choice.taken,
                choice.decision,
                {
                    "value": desk.enter(told_by_source(choice.taken)),
                    "before": desk.enter(told_by_source(choice.left[0])),
                },
                source=choice.taken.source,
            )
    for item in desk.checked.released:
        row = item.observations[0]
        decision = next((each for each in decided.decisions if each.decision == "accept" and is_of(each, row)), None)
        if decision is not None and id(row) in rows:
            figures = {"value": desk.enter(told_by_source(row))}
            figures |= {
                role: desk.enter(implied_by_others(item, role, implied))
                for role, implied in item.implied.items()
                if role == "implied"
            }
            yield _note("accept", row, decision, figures)
    yield from _of_corrections(desk, decided.corrections, shown)
    yield from _of_reviews(desk, decided.reviews, shown)


def _note(reason: str, row: Observation, decision: Decision, figures: dict[str, str], source: str = "") -> Note:
    facts = _facts(decision) | ({"source": source} if source else {})
    return Note(
        kind="decision",
        reason=reason,
        indicator=row.indicator,
        place=row.place,
        period=str(row.period),
        facts=facts,
        figures=figures,
    )


def _facts(decision: Decision | Review) -> dict[str, str]:
    return {"who": decision.who, "day": decision.when.isoformat(), "why": decision.why}


# Corrections


def _of_corrections(desk: Desk, corrections: Sequence[Written], shown: Set[str]) -> Iterator[Note]:
    """A note for each correction of a figure that is shown, or that others are worked out of: the right value, what the
    source says, who says otherwise, when and why."""
    used = (row for key in sorted(shown) for row in desk.made_of.get(key, ()) if row.corrected_from is not None)
    for row in {id(row): row for row in used}.values():
        for written in corrections:
            if written.is_of(row) and row.corrected_from is not None:
                asked = written.correction
                as_told = replace(row, value=row.corrected_from, corrected_from=None, correction="")
                figures = {"value": desk.enter(told_by_source(row)), "before": desk.enter(told_by_source(as_told))}
                yield Note(
                    kind="decision",
                    reason="correction",
                    indicator=row.indicator,
                    place=row.place,
                    period=str(row.period),
                    facts={"who": asked.provider, "day": asked.when.isoformat(), "why": asked.reason},
                    figures=figures,
                )


# Reviews


def _of_reviews(desk: Desk, reviews: Sequence[Review], shown: Set[str]) -> Iterator[Note]:
    """A note for each review of a figure that is shown as its source told it, or that others are worked out of."""
    if not reviews:
        return
    told: dict[int, None] = {}
    for figure in (desk.figures[key] for key in sorted(shown)):
        for given, row in zip(figure.inputs, desk.made_of.get(figure.id, ()), strict=False):
            review = next((each for each in reversed(reviews) if is_reviewed(each, given)), None)
            if review is not None and review.decision != "reject" and id(review) not in told:
                told[id(review)] = None
                yield Note(
                    kind="decision",
                    reason="confirmed" if review.decision == "accept" else "corrected",
                    indicator=row.indicator,
                    place=row.place,
                    period=str(row.period),
                    facts=_facts(review),
                    figures={"value": _own(desk, figure, row)},
                )


def _own(desk: Desk, figure: Figure, row: Observation) -> str:
    """The figure that a row is by itself: the one that shows it, or one beside it."""
    return desk.enter(told_by_source(row)) if figure.computed else figure.id


def is_reviewed(review: Review, given: Input) -> bool:
    """Whether a review is on the figure that an input was read from: the words of the one stand in those of the other,
    at the same place of the text, or, where the text has moved since, with the same value."""
    if given.source != review.source or review.said.get("indicator", given.indicator) != given.indicator:
        return False
    span = re.match(r"char=(\d+):(\d+)$", given.locator)
    if span is None:
        return False
    words, sentence = _plain(given.quote), _plain(review.sentence)
    if sentence not in words and words not in sentence:
        return False
    return (int(span[1]), int(span[2])) == review.span or _value(review) == given.value


def _value(review: Review) -> float | None:
    """The value that a review says, or that its words do."""
    if "value" in review.said:
        return float(review.said["value"])
    try:
        return read(review.quote).value
    except QuantityError:
        return None


def _plain(text: str) -> str:
    return " ".join(text.split())
