# ruff: noqa: S608 - the SQL is put together of names of columns alone; whatever a user says is a parameter
"""Figures in which a decimal point may have slipped: about ten times, or a tenth, of what they were.

In: the files of observations, a source, the instant since which it told. Out: what a person should look at; nothing is
held for it, because things do grow tenfold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from briefings.observations import CONFIDENTIAL

from .vintages import KEYS, ask

#: About ten times, between these.
LEAST, MOST = 8, 12
#: Rates below this come and go by themselves: 0.4% after 4%.
HIGH_RATE = 50

#: A step is from one figure to the next, too: what grew to tenfold within a year has not slipped.
FACTOR = "greatest(abs(value), abs(other)) / least(abs(value), abs(other))"
HIGH = f"greatest(abs(value), abs(other)) >= {HIGH_RATE}"
SERIES = 'place, indicator, breakdown, kind, basis, "of", counted_from, target, unit'
SLIPS = f"""
    with told as (
        select {SERIES}, "period", value, recorded_at,
            lag(value) over (partition by {KEYS}, unit order by published, recorded_at) as before,
            row_number() over (partition by {KEYS} order by published desc, recorded_at desc) as turn
        from read_parquet($files) where source = $source and status <> '{CONFIDENTIAL}'
    ),
    last as (
        select *, try_cast("period"[:4] as integer) as year, "period"[5:] as rest,
            lag(value) over (partition by {SERIES}, length("period") order by "period") as just_before
        from told where turn = 1
    ),
    found as (
        select {SERIES}, "period", value, before as other, true as revised from last where recorded_at >= $since
        union all
        select {SERIES}, later."period", later.value, earlier.value, false
        from last later join last earlier using ({SERIES}, rest)
        where later.recorded_at >= $since and earlier.year = later.year - 1 and kind = 'level' and rest not like '%/%'
            and abs(ln(abs(nullif(later.value, 0) / nullif(later.just_before, 0)))) > ln({LEAST / 2})
    ),
    factors as (select *, {FACTOR} as factor from found where value * other > 0)
    select indicator, place, breakdown, "period", kind, unit, value, other, revised from factors
    where factor between {LEAST} and {MOST} and (kind = 'level' or {HIGH})
        or factor between {10 * LEAST} and {10 * MOST} and kind <> 'level' and {HIGH}
    qualify row_number() over (partition by {SERIES}, "period" order by revised desc) = 1
    order by indicator, place, breakdown, "period", kind, revised desc
"""


@dataclass(frozen=True, slots=True)
class Slip:
    """A figure about ten times, or a tenth, of what the source told of it before (`revised`), or of a year earlier."""

    indicator: str
    place: str
    breakdown: str
    period: str
    kind: str
    unit: str
    value: float
    other: float
    revised: bool

    def __str__(self) -> str:
        subject = " ".join(part for part in (self.indicator, self.breakdown, self.kind) if part)
        factor = max(abs(self.value / self.other), abs(self.other / self.value))
        against = "told before as" if self.revised else "after, a year earlier,"
        return (
            f"{subject} of {self.place} in {self.period}: {self.value:,.15g} {self.unit}, {against} {self.other:,.15g}"
            f": a factor of {factor:.3g}; has a decimal point slipped?"
        )


def slips(folder: Path, source: str, since: datetime) -> tuple[Slip, ...]:
    """See `Store.slips`."""
    found = ask(folder, SLIPS, {"source": source, "since": since.astimezone(UTC).replace(tzinfo=None)})
    return () if found is None else tuple(Slip(*row) for row in found.itertuples(index=False))
