"""A figure beside its own past: rolling average, volatility, streak, record, revision.

In: a `Question`. Out: a `Derived` or a `Refusal`. A gap is never bridged: what needs an unbroken row of periods ends,
or is refused, where one is missing. How long a streak must be to be worth a sentence is decided in `compose`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import fsum
from statistics import stdev

from briefings.measures.growth import change, growth, growth_of, must_agree
from briefings.measures.inputs import (
    Measure,
    Refused,
    close,
    comparable,
    direction,
    in_percent,
    indicator_of,
    is_cumulated,
    levels,
    must_compare_levels,
    must_match,
    must_not_cross,
    need,
    observed,
    previous_release,
    refusing,
    releases,
    told_by_quarters,
    unit_of,
)
from briefings.measures.model import Basis, Derived, Question, Refusal, vintage_key
from briefings.measures.results import combine, listed, precision, result, told
from briefings.observations import Observation
from briefings.periods import Frequency, Period, Shape

#: How many periods volatility looks back over unless told: a year or two of them, ten years of annual figures.
WINDOWS = {
    Frequency.ANNUAL: 10,
    Frequency.HALF_YEARLY: 8,
    Frequency.QUARTERLY: 8,
    Frequency.MONTHLY: 12,
    Frequency.TEN_DAY: 36,
    Frequency.WEEKLY: 52,
    Frequency.DAILY: 60,
}

#: The unit in which a streak of releases is counted; releases that no unit measures are counted as times.
COUNTED_IN = {
    Shape.YEAR: "year",
    Shape.HALF_YEAR: "times",
    Shape.QUARTER: "quarter",
    Shape.MONTH: "month",
    Shape.CUMULATED_MONTHS: "month",
    Shape.TEN_DAYS: "times",
    Shape.WEEK: "week",
    Shape.DAY: "day",
    Shape.TO_DATE: "year",
    Shape.CUMULATED_YEARS: "times",
}


# Windows.


@refusing
def rolling_average(q: Question) -> Derived:
    """The mean of the last `over` levels, the period itself included; refused over a gap or a break."""
    answer = _rolling(q)
    try:
        before = _rolling(replace(q, period=q.period.step(-1)))
    except Refused:
        return answer
    facts = {**answer.facts, "direction": direction(answer.value, before.value)}
    return replace(answer, facts=facts, parts={**answer.parts, "previous": before})


def _rolling(q: Question) -> Derived:
    if is_cumulated(q):
        raise Refused("cumulated_on_previous")
    must_compare_levels(q)
    own = observed(q)
    periods = _window(q, _size(q))
    rows = [own, *(_inside(q, period) for period in periods[1:])]
    if periods[1:]:
        must_not_cross(q, periods[-1])
    for row in rows:
        must_match(q, own, row)
    return result(
        q,
        fsum(row.value for row in rows) / len(rows),
        unit_of(q, own),
        f"({listed(rows, ' + ')}) / {len(rows)}",
        rows,
        decimals=precision(rows),
        basis=f"over {len(rows)} periods",
        facts={"over": str(len(rows)), "from": str(periods[-1])},
        parts={"level": told(q, own)},
    )


@refusing
def volatility(q: Question) -> Derived:
    """The standard deviation (of a sample) of the growth on the previous period over the last `over` periods, in
    percentage points: twelve months, eight quarters or ten years unless told. Of percentages, that of their changes."""
    size = _size(q)
    answer = _volatility(q, size)
    try:
        before = _volatility(replace(q, period=q.period.step(-size)), size)
    except Refused:
        return answer
    facts = {**answer.facts, "direction": direction(answer.value, before.value, points=True)}
    return replace(answer, facts=facts, parts={"previous": before})


def _volatility(q: Question, size: int) -> Derived:
    if size < 2:
        raise Refused("window_too_small", over=size)
    moves = []
    for period in _window(q, size):
        try:
            moves.append(growth_of(replace(q, basis="on previous period"), period))
        except Refused as refused:
            missing = Period.parse(refused.facts.get("period", str(q.period)))
            if missing != q.period and refused.reason in ("no_observation", "base_missing"):
                _refuse_window(q, missing)
            raise
    must_agree(q, moves)
    formula, inputs = combine(f"stdev({', '.join(['{}'] * size)})", moves)
    return result(
        q,
        stdev(move.value for move in moves),
        "percentage point",
        formula,
        inputs,
        decimals=1,
        basis=f"over {size} periods",
        facts={"over": str(size), "from": str(q.period.step(1 - size))},
    )


def _size(q: Question) -> int:
    frequency = q.period.frequency
    size = q.over if q.over is not None else WINDOWS[frequency] if frequency else 0
    if size < 1:
        raise Refused("window_too_small", over=size)
    return size


def _window(q: Question, size: int) -> list[Period]:
    """The last so many periods, the latest first."""
    return [q.period.step(-n) for n in range(size)]


def _inside(q: Question, period: Period) -> Observation:
    try:
        return observed(replace(q, period=period))
    except Refused as refused:
        if refused.reason == "no_observation":
            _refuse_window(q, period)
        raise


def _refuse_window(q: Question, period: Period) -> None:
    """Say of a period missing in a window if the series begins later or has a gap."""
    raise Refused("gap_inside" if _told_before(q, period) else "too_short", missing=period)


def _told_before(q: Question, period: Period) -> bool:
    return any(told_period.shape is period.shape and told_period < period for told_period in releases(q))


# Runs.

#: What growth is refused for where only the source could tell it, and did not.
CLASSES = ("constant_prices", "comparable_scope")


@refusing
def streak(q: Question) -> Derived:
    """How many releases in a row the figure moved in one direction, this one included.

    What moves is the level on the previous period. Where that would count seasons or nothing at all, it is the
    growth on the year: of flows within the year, of cumulated figures, of what grows at constant prices or on a
    comparable scope, and wherever the source publishes that growth. `basis` says which. A gap, a break or the
    beginning of the series ends the streak; `ended_by` tells (turn, gap, break, start), so that "at least" can be said.
    """
    rule = replace(q, basis=_basis_of_runs(q))
    first = _move(rule)
    moves, ended_by = _run(rule, first)
    parts = {"level": told(q, row)} if (row := _level(q)) else {}
    if rule.basis == "on previous period":
        parts |= _over_the_run(q, moves)
    facts = {"direction": first.facts["direction"], "from": str(moves[-1].period), "ended_by": ended_by}
    formula, inputs = combine(f"count({', '.join(['{}'] * len(moves))})", moves)
    return result(
        q,
        len(moves),
        "quarter" if told_by_quarters(q) else COUNTED_IN[q.period.shape],
        formula,
        inputs,
        decimals=0,
        basis=rule.basis,
        facts=facts,
        parts=parts,
    )


def _basis_of_runs(q: Question) -> Basis:
    item = indicator_of(q)
    if q.basis == "on previous period" and not is_cumulated(q):
        return q.basis
    if in_percent(q):
        return "on previous period"
    yoy = q.panel.series(q.indicator, q.place, q.breakdown, kind="growth", basis="yoy")
    seasonal = item.nature == "flow" and q.period.shape not in (Shape.YEAR, Shape.CUMULATED_YEARS)
    real = item.growth in ("constant prices", "comparable scope")
    return "on year" if (yoy and yoy.at(q.period)) or seasonal or real or is_cumulated(q) else "on previous period"


def _move(q: Question) -> Derived:
    """The growth; where a rate says nothing (a base of zero or less) or does not exist, the change in the unit."""
    if in_percent(q):
        return growth_of(q)
    answer = growth(replace(q, measure="growth"))
    if isinstance(answer, Refusal) and answer.reason in _CHANGE_INSTEAD:
        answer = change(replace(q, measure="change"))
    return need(answer)


_CHANGE_INSTEAD = ("base_zero", "base_negative", "value_negative", "growth_not_defined")


def _run(q: Question, first: Derived) -> tuple[list[Derived], str]:
    """The movements in one direction, the latest first, and what ended them."""
    moves, home = [first], q.period.shape
    while True:
        before = previous_release(replace(q, period=moves[-1].period), home)
        try:
            move = _move(replace(q, period=before))
        except Refused as refused:
            return moves, _ending(q, before, refused)
        if move.inputs[0].is_to_date != first.inputs[0].is_to_date:
            return moves, "break"
        if move.facts["direction"] != first.facts["direction"]:
            return moves, "turn"
        moves.append(move)


def _ending(q: Question, period: Period, refused: Refused) -> str:
    """What a refusal says of the end of a run: a figure is lacking (gap or beginning) or does not compare."""
    lacking = refused.reason in ("no_observation", "base_missing", *CLASSES) or refused.reason.startswith("held_")
    if not lacking:
        return "break"
    missing = Period.parse(refused.facts.get("period", str(period)))
    return "gap" if _told_before(q, missing) else "start"


def _over_the_run(q: Question, moves: list[Derived]) -> dict[str, Derived]:
    """The growth (of percentages the change) from before the run to now."""
    base = moves[-1].facts.get("base")
    if base is None:
        return {}
    since = replace(q, basis="since", since=Period.parse(base))
    try:
        return {"growth": growth_of(since)}
    except Refused:
        return {}


def _level(q: Question) -> Observation | None:
    series = levels(q)
    return series.at(q.period) if series else None


# Records.


@refusing
def record(q: Question) -> Derived:
    """The level as the highest or lowest since it was last at or beyond this one.

    `since` is that last period, empty where the figures never were there. `span_from` is where looking back ended:
    at that period, or at the first of the unbroken row of figures, since a claim reaches back only as far as they do;
    `gap` is yes where older figures lie beyond a gap or a break.
    Cumulated figures are compared with the same months of earlier years. How
    many years make a record, the theme says.
    """
    must_compare_levels(q)
    own = observed(q)
    way, past, reached = _look_back(q, own)
    sign = 1 if way == "up" else -1
    previous = past[-1] if reached else max(past, key=lambda row: (sign * row.value, row.period))
    first = past[-1].period
    older = any(row.period < first for row in levels(q) or () if row.period.shape is q.period.shape)
    return replace(
        told(q, own, measure=q.measure),
        computed=True,
        facts={
            "extreme": "high" if way == "up" else "low",
            "since": str(first) if reached else "",
            "span_from": str(first),
            "gap": "yes" if older and not reached else "no",
        },
        parts={"previous_record": told(q, previous)},
    )


def _look_back(q: Question, own: Observation) -> tuple[str, list[Observation], bool]:
    """Which way the figure moved, and the figures before it, the latest first, up to one at or beyond it; whether that
    was reached."""
    past: list[Observation] = []
    way = ""
    for row in _unbroken(q):
        way = way or direction(own.value, row.value)
        past.append(row)
        if direction(own.value, row.value) != way or way == "flat":
            break
    if not past:
        raise Refused("too_short", period=own.period)
    if way == "flat":
        raise Refused("not_a_record", period=own.period)
    return way, past, direction(own.value, past[-1].value) != way


def _unbroken(q: Question) -> Iterator[Observation]:
    """The levels before this one, the latest first, as far as they compare and none is missing."""
    period = q.period
    while True:
        period = period.year_earlier() if is_cumulated(q) else period.step(-1)
        try:
            yield comparable(q, period)[1]
        except Refused:
            return


# Vintages.


@refusing
def revision(q: Question) -> Derived:
    """The figure less what was told of it before: `earlier` holds that vintage, by `vintage_key`."""
    new = observed(q)
    old = q.earlier.get(vintage_key(new))
    if old is None or close(old.value, new.value):
        raise Refused("not_revised")
    must_match(q, new, old)
    return result(
        q,
        new.value - old.value,
        "percentage point" if in_percent(q) else unit_of(q, new),
        "a - b",
        (new, old),
        decimals=precision((new, old)),
        facts={
            "direction": direction(new.value, old.value),
            "published": new.published.isoformat(),
            "was_published": old.published.isoformat(),
        },
        parts={"new": told(q, new), "old": told(q, old)},
    )


MEASURES: dict[str, Measure] = {
    "rolling average": rolling_average,
    "volatility": volatility,
    "streak": streak,
    "record": record,
    "revision": revision,
}
