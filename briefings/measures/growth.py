"""Levels and how they move: level, change, growth, change in growth, average annual growth.

In: a `Question`. Out: a `Derived` or a `Refusal`. What the source publishes wins over what could be computed. How far
back a movement reaches is told next door, in `history`; who moved more, in `ranking`.
"""

from __future__ import annotations

from dataclasses import replace

from briefings.measures.inputs import (
    Measure,
    Refused,
    base_period,
    comparable,
    direction,
    in_percent,
    indicator_of,
    must_be_positive,
    must_compare_levels,
    must_grow,
    need,
    observed,
    previous_release,
    published,
    refusing,
    shape_conflict,
    unit_of,
    year_before,
)
from briefings.measures.model import Derived, Question
from briefings.measures.results import combine, precision, result, told
from briefings.periods import Period, Shape

DEFAULT_YEARS = 5


@refusing
def level(q: Question) -> Derived:
    """The observation itself."""
    return told(q, observed(q), measure=q.measure)


@refusing
def change(q: Question) -> Derived:
    """The level less that of the base; of percentages in percentage points. A published change wins."""
    q = _since_years_before(q)
    row = published(q, "change", *_bases(q))
    if row is not None:
        return told(q, row, measure=q.measure, basis=_basis(q), facts={"direction": direction(row.value, 0.0)})
    if indicator_of(q).nature == "rank":
        raise Refused("growth_not_defined")
    must_compare_levels(q)
    own, base = comparable(q, base_period(q))
    return result(
        q,
        own.value - base.value,
        "percentage point" if in_percent(q) else unit_of(q, own),
        "a - b",
        (own, base),
        decimals=precision((own, base)),
        basis=_basis(q),
        facts={"direction": direction(own.value, base.value), "base": str(base.period)},
        parts={"level": told(q, own), "base": told(q, base)},
    )


@refusing
def growth(q: Question) -> Derived:
    """The rate of growth in percent: on the same period of the previous year, on the previous period, or since a base.

    OECD Glossary of Statistical Terms: growth rates of year on year and period on period. A published rate wins, also
    over a break, since the statistical office compares like with like. A rate from a base of zero or less, or
    to a negative value, says nothing and is refused; `change` tells it in the unit. Years together (a plan period) are
    set against as many years before them: their growth is never one on the year.
    """
    q = _since_years_before(q)
    row = None if in_percent(q) else published(q, "growth", *_bases(q))
    if row is not None:
        facts = {"direction": direction(row.value, 0.0)}
        return told(q, row, measure=q.measure, basis=_basis(q), facts=facts, parts=_ends(q))
    must_grow(q)
    own, base = comparable(q, base_period(q))
    must_be_positive(base)
    if own.value < 0:
        raise Refused("value_negative", value=own.period, base=base.period)
    return result(
        q,
        (own.value / base.value - 1) * 100,
        "percent",
        "(a / b - 1) * 100",
        (own, base),
        decimals=1,
        basis=_basis(q),
        facts={"direction": direction(own.value, base.value), "base": str(base.period)} | prices(q),
        parts={"level": told(q, own), "base": told(q, base)},
    )


def growth_of(q: Question, period: Period | None = None) -> Derived:
    """The growth, or for percentages the change in points, of another period of the question: raises `Refused`."""
    name = "change" if in_percent(q) else "growth"
    return need((change if in_percent(q) else growth)(replace(q, measure=name, period=period or q.period)))


@refusing
def change_in_growth(q: Question) -> Derived:
    """Growth less that of the release before, in percentage points: up is faster, down is slower, never a fall."""
    if in_percent(q):
        raise Refused("percent_of_percent")
    now = growth_of(q)
    before = growth_of(q, previous_release(q))
    must_agree(q, [now, before])
    return points_between(
        q, now, before, basis=_basis(q), facts={"previous": str(before.period)}, parts=("growth", "previous_growth")
    )


@refusing
def average_annual_growth(q: Question) -> Derived:
    """The constant yearly rate that leads from the base to the value: `((a / b) ** (1 / N) - 1) * 100` percent.

    The geometric mean of OECD's Glossary (compound annual growth rate). N is `over` (five where nothing is said), the
    whole years since `since`, or of cumulated years their number: 2021/2025 is five years from 2020. Both ends are
    positive; what lies between them does not matter.
    """
    own_period, base, years = _whole_years(q)
    if in_percent(q):
        raise Refused("percent_of_percent")
    facts = {"from": str(base), "to": str(own_period), "years": str(years)}
    span = _years_between(own_period, base)
    row = published(replace(q, period=span), "growth", "cagr") if span else None
    if row is not None:
        facts["direction"] = direction(row.value, 0.0)
        return replace(told(q, row, measure=q.measure, facts=facts), period=q.period)
    ends = replace(q, period=own_period)
    must_grow(ends)
    own, before = comparable(ends, base)
    must_be_positive(before)
    if own.value <= 0:
        raise Refused("value_not_positive", value=own.period, base=before.period)
    return result(
        q,
        ((own.value / before.value) ** (1 / years) - 1) * 100,
        "percent",
        f"((a / b) ** (1 / {years}) - 1) * 100",
        (own, before),
        decimals=1,
        basis=f"since {base}",
        facts=facts | {"direction": direction(own.value, before.value)} | prices(q),
        parts={"first": told(q, before), "last": told(q, own)},
    )


# Shared with the families next door.


def must_agree(q: Question, rates: list[Derived]) -> None:
    """Refuse to set a published rate beside one computed from levels, unless the indicator's growth follows from
    its levels: the published one may be real, or on another scope; and a rate of a year so far beside one of a whole
    year."""
    to_date = {rate.inputs[0].is_to_date: rate.period for rate in rates}
    if len(to_date) > 1:
        raise Refused("to_date_against_whole", period=to_date[True], other=to_date[False])
    if indicator_of(q).growth != "from levels" and len({rate.computed for rate in rates}) > 1:
        raise Refused("counted_differently")


def points_between(
    q: Question, one: Derived, other: Derived, *, basis: str, facts: dict[str, str], parts: tuple[str, str]
) -> Derived:
    """The difference of two rates in percentage points, as precise as the finer of them."""
    formula, inputs = combine("{} - {}", [one, other])
    return result(
        q,
        one.value - other.value,
        "percentage point",
        formula,
        inputs,
        decimals=max(one.decimals or 0, other.decimals or 0),
        basis=basis,
        facts={"direction": direction(one.value, other.value, points=True)} | facts,
        parts=dict(zip(parts, (one, other), strict=True)),
    )


def prices(q: Question) -> dict[str, str]:
    """What the notes say of a computed rate: that it is nominal."""
    return {"prices": "nominal"} if indicator_of(q).growth == "nominal" else {}


# Bases.


def _since_years_before(q: Question) -> Question:
    if q.period.shape is Shape.CUMULATED_YEARS and q.basis != "since":
        return replace(q, basis="since", since=q.period.step(-1))
    return q


def _basis(q: Question) -> str:
    return f"since {q.since}" if q.basis == "since" else q.basis


def _bases(q: Question) -> tuple[str, ...]:
    """The bases of published rates that look back as far as the question, in the vocabulary of observations."""
    year, before = q.period.year_earlier(), q.period.step(-1)
    base = {"on year": year, "on previous period": before, "since": q.since}[q.basis]
    # Of an annual figure the previous period is the year before.
    named = [name for name, period in (("yoy", year), ("mom", before)) if period == base]
    return (*named, f"vs:{base}")


def _ends(q: Question) -> dict[str, Derived]:
    """The levels beside a published rate, as far as they were observed and may stand beside it."""
    if indicator_of(q).growth in ("constant prices", "comparable scope"):
        return {}
    try:
        own, base = comparable(q, base_period(q))
    except Refused:
        return {}
    return {"level": told(q, own), "base": told(q, base)}


def _whole_years(q: Question) -> tuple[Period, Period, int]:
    """The last period, the first, and how many years lie between them."""
    if q.period.shape is Shape.CUMULATED_YEARS:
        last, first = (Period.parse(f"{year:04}") for year in (q.period.end.year, q.period.start.year - 1))
        return last, first, last.year - first.year
    if q.since is None:
        years = DEFAULT_YEARS if q.over is None else q.over
        if years < 1:
            raise Refused("window_too_small", over=years)
        base = year_before(q) if years == 1 else q.period.year_earlier(years)
        return q.period, base, years
    if q.since.shape is not q.period.shape:
        raise Refused(shape_conflict(q.period, q.since), base=q.since)
    years = q.period.year - q.since.year
    if q.since >= q.period:
        raise Refused("since_not_earlier", base=q.since)
    if q.period.year_earlier(years) != q.since:
        raise Refused("not_whole_years", base=q.since)
    return q.period, q.since, years


def _years_between(last: Period, first: Period) -> Period | None:
    """The cumulated years of a published average rate: growth from 2020 to 2025 is that of 2021/2025."""
    if last.year - first.year < 2 or last.shape is not Shape.YEAR:
        return None
    return Period.parse(f"{first.year + 1:04}/{last.year:04}")


MEASURES: dict[str, Measure] = {
    "level": level,
    "change": change,
    "growth": growth,
    "change in growth": change_in_growth,
    "average annual growth": average_annual_growth,
}
