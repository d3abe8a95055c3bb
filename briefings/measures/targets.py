"""Outcomes beside targets: attainment, and the pace of what is under way.

In: a `Question`; targets are observations with `target=True`. Out: a `Derived` or a `Refusal`. What a missed target is
worth is decided in `compose`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from briefings.measures.growth import growth
from briefings.measures.inputs import (
    PERCENTAGES,
    Measure,
    Refused,
    in_percent,
    indicator_of,
    is_cumulated,
    must_match,
    need,
    observed,
    published,
    refusing,
)
from briefings.measures.model import Derived, Question
from briefings.measures.results import combine, decimals_of, precision, result, told
from briefings.observations import Observation, Series
from briefings.periods import Frequency, Period, Shape

#: How far an outcome may lie from a target of "about" (左右): this house's reading, in points and in percent of the
#: target.
ABOUT_POINTS, ABOUT_PERCENT = 0.2, 2.0

#: What a target demands: `of` where the source declares it, else what its qualifier says (over 以上, under 以内).
TYPES = ("level", "ceiling", "floor", "hold")
BY_QUALIFIER = {"over": "floor", "under": "ceiling"}


@dataclass(frozen=True, slots=True)
class Target:
    """A target, what it demands (`ceiling`, `floor`, `hold`, or `level`: reach it) and how far off still meets it."""

    row: Observation
    type: str
    tolerance: float

    def is_met(self, outcome: float) -> bool:
        # A ten-thousand-millionth: what binary fractions make of decimals.
        slack = self.tolerance + 1e-10 * max(1.0, abs(self.row.value))
        low, high = outcome >= self.row.value - slack, outcome <= self.row.value + slack
        return {"ceiling": high, "hold": low and high}.get(self.type, low)


@refusing
def attainment(q: Question) -> Derived:
    """The outcome against the target of its own period.

    As sure as the outcome: that a target is one makes no forecast of it. Amounts to be reached or exceeded: in percent
    of the target. Ceilings, targets to hold, and whatever is in percent
    (growth too): the distance from the target, in the unit or in points. `met` says yes or no. A year under way is
    paced instead: see `_pace`. A completion rate that the source publishes wins; of a part of the year, and where less
    is better, it is told without a verdict.
    """
    row = published(q, "share", "annual target", "target")
    if row is not None:
        facts = {"type": "level"}
        if is_whole(row) and indicator_of(q).direction != "lower":
            facts["met"] = "yes" if row.value >= 100 else "no"
        return told(q, row, measure=q.measure, facts=facts)
    targets = _targets(q)
    target = next((_target(q, found) for series in targets if (found := series.at(q.period))), None)
    if target is not None:
        return _outcome(q, target)
    return _pace(q, _annual(q, targets))


def is_whole(row: Observation) -> bool:
    """Whether a completion rate is of the whole of what its target is set for: a year that was over, or years."""
    return row.period.shape in (Shape.YEAR, Shape.CUMULATED_YEARS) and not row.is_to_date


def _targets(q: Question) -> list[Series]:
    """Every series of targets of the indicator, place and breakdown."""
    subject = (q.indicator, q.place, q.breakdown)
    found = [s for s in q.panel if s.target and (s.indicator, s.place, s.breakdown) == subject]
    if not found:
        raise Refused("no_target")
    return found


def _target(q: Question, row: Observation) -> Target:
    """What the target demands. Where lower is better, or a decline is the aim, an amount to reach is a ceiling."""
    kind = row.of if row.of in TYPES else BY_QUALIFIER.get(row.qualifier, "level")
    if kind == "level" and (indicator_of(q).direction == "lower" or (row.kind == "growth" and row.value < 0)):
        kind = "ceiling"
    if row.qualifier != "about" and kind != "hold":
        return Target(row, kind, 0.0)
    points = row.kind == "growth" or row.unit in PERCENTAGES
    return Target(row, kind, ABOUT_POINTS if points else abs(row.value) * ABOUT_PERCENT / 100)


def _outcome(q: Question, target: Target) -> Derived:
    if target.row.kind == "growth":
        actual = need(growth(replace(q, measure="growth", basis="on year")))
        if actual.inputs[0].is_to_date:
            raise Refused("to_date_against_whole", period=actual.period, other=target.row.period)
    else:
        row = _observed_like(q, target.row)
        must_match(q, row, target.row)
        actual = told(q, row)
    facts = {"type": target.type, "met": "yes" if target.is_met(actual.value) else "no"}
    if target.row.kind == "growth":
        facts |= {"of": "growth", "basis": "on year"}
    if target.tolerance:
        facts["tolerance"] = f"{target.tolerance:g}"
    parts = {"growth" if target.row.kind == "growth" else "level": actual, "target": told(q, target.row)}
    in_points = target.row.kind == "growth" or in_percent(q)
    if target.type in ("level", "floor") and not in_points:
        return _in_percent_of_target(q, actual, target, facts, parts)
    formula, inputs = combine("{} - {}", [actual, told(q, target.row)])
    return result(
        q,
        actual.value - target.row.value,
        "percentage point" if in_points else actual.unit,
        formula,
        inputs,
        decimals=max(1, actual.decimals or 0, decimals_of(target.row)) if in_points else precision(inputs),
        facts=facts,
        parts=parts,
        status=actual.status,
    )


def _observed_like(q: Question, target: Observation) -> Observation:
    """The outcome of the kind that the target speaks of: a level, or the share of the same whole."""
    series = q.panel.series(q.indicator, q.place, q.breakdown, kind=target.kind, basis=target.basis)
    row = series.at(q.period) if series else None
    return row or observed(q)


def _in_percent_of_target(
    q: Question, actual: Derived, target: Target, facts: dict[str, str], parts: dict[str, Derived]
) -> Derived:
    if target.row.value <= 0:
        raise Refused("base_zero" if target.row.value == 0 else "base_negative", base=target.row.period)
    return result(
        q,
        actual.value / target.row.value * 100,
        "percent",
        "a / b * 100",
        (*actual.inputs, target.row),
        decimals=1,
        facts=facts,
        parts=parts,
        status=actual.status,
    )


# Pacing.


def _annual(q: Question, targets: list[Series]) -> Target:
    """The target of the year that the question's period is a part of, if that can be paced."""
    rows = [row for series in targets for row in series]
    around = [row for row in rows if row.period.shape is Shape.YEAR and row.period.contains(q.period)]
    if not around:
        raise Refused("target_period_differs", target=rows[-1].period)
    amounts = [row for row in around if row.kind == "level"]
    if not amounts or indicator_of(q).nature not in ("flow", "count") or in_percent(q):
        raise Refused("pacing_not_additive", target=around[0].period)
    if not is_cumulated(q):
        raise Refused("year_to_date_against_month", target=around[0].period)
    return _target(q, amounts[0])


def _pace(q: Question, target: Target) -> Derived:
    """The year to date in percent of the annual target, beside the share of the year gone by (`elapsed`) and beside
    what the same months of last year were of that year's total (`usual`): `pace` is ahead, behind or level with the
    latter, or with the calendar where it is lacking. What prints alike to one decimal is level."""
    row = observed(q)
    must_match(q, row, target.row)
    if target.type == "ceiling":
        raise Refused("pacing_ceiling", target=target.row.period)
    if target.row.value <= 0:
        raise Refused("base_zero" if target.row.value == 0 else "base_negative", base=target.row.period)
    parts = {"level": told(q, row), "target": told(q, target.row), "elapsed": _elapsed(q)}
    usual = _usual(q, target.row.period)
    if usual is not None:
        parts["usual"] = usual
    expected = (usual or parts["elapsed"]).value
    done = row.value / target.row.value * 100
    pace = "level" if abs(done - expected) < 0.05 else "ahead" if done > expected else "behind"
    facts = {"type": target.type, "pace": pace, "against": "last year" if usual else "calendar"}
    inputs = (row, target.row)
    return result(q, done, "percent", "a / b * 100", inputs, decimals=1, facts=facts, parts=parts, status=row.status)


def _elapsed(q: Question) -> Derived:
    """The share of the year that is over at the period's end, in months where it ends one, else in days."""
    end = q.period.end
    if end == Period.of(end, Frequency.MONTHLY).end:
        gone, all_of_it = end.month, 12
    else:
        gone, all_of_it = end.timetuple().tm_yday, date(end.year, 12, 31).timetuple().tm_yday
    asked = replace(q, measure="elapsed")
    return result(asked, gone / all_of_it * 100, "percent", f"{gone} / {all_of_it} * 100", (), decimals=1)


def _usual(q: Question, year: Period) -> Derived | None:
    """What the same part of the year before was of that year's total."""
    before = replace(q, measure="share", period=q.period.year_earlier())
    total = replace(before, period=year.step(-1))
    try:
        part, whole = observed(before), observed(total)
        must_match(q, part, whole)
    except Refused:
        return None
    if whole.value <= 0:
        return None
    return result(before, part.value / whole.value * 100, "percent", "a / b * 100", (part, whole), decimals=1)


MEASURES: dict[str, Measure] = {"attainment": attainment}
