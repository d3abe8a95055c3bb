"""Which figures of two briefings are the same figure: what makes its identity, whatever its id and value.

In: figures. Out: keys by which the figures of two briefings meet: of the same period, or in the same role (that of the
briefing's own period, then and now). What is made of the difference is told in `changes`, next door.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from briefings.briefing import Briefing, Figure
from briefings.compose.used import printed
from briefings.periods import Period
from briefings.quantities import Language, write

LANGUAGES: tuple[Language, ...] = ("en", "zh")
#: Figures that only serve others, or that come and go with what is found: they are neither new nor revised.
SERVING = frozenset(
    {
        *("count", "streak", "record", "volatility", "rolling average", "index", "contribution"),
        *("revision", "threshold", "previous", "increment"),
    }
)


def subject(figure: Figure) -> tuple[Hashable, ...]:
    """What a figure is of, but for its period: indicator, place, breakdown, measure, basis, unit, whether it is a
    target, and whom it is set against."""
    own = (figure.indicator, figure.place)
    others = frozenset((item.indicator, item.place) for item in figure.inputs) - {own}
    target = figure.status == "target"
    return *own, figure.breakdown, figure.kind, figure.basis, figure.unit, target, others


def of_period(figure: Figure) -> tuple[Hashable, ...]:
    """The identity of a figure: two of one identity tell the same thing, as it was known on two days."""
    return *subject(figure), figure.period, figure.computed


def in_role(figure: Figure, own: Period) -> tuple[Hashable, ...]:
    """What a figure is in a briefing of the period `own`: of its own period, of that of a year before ..."""
    return *subject(figure), period_role(Period.parse(figure.period), own)


def period_role(period: Period, own: Period) -> tuple[Hashable, ...]:
    """The role of a period in a briefing of another: its shape, and by how much it ends earlier, in months where both
    end with one, else in days."""
    if period == own:
        return (period.shape.value, 0)
    months = (period.end.year - own.end.year) * 12 + period.end.month - own.end.month
    return (period.shape.value, months, period.end.day - own.end.day if period.end.day < 28 else 0)


def shown(briefing: Briefing) -> dict[str, Figure]:
    """The figures that findings, tables and charts of a briefing show as they stand: by id, without those that were
    told before and are revised."""
    ids = printed(briefing.headline, briefing.sections, briefing.summary)
    before = {key for f in briefing.every_finding() if f.kind == "revision" for key in (f.figures.get("old"),)}
    return only(briefing.figures, ids - before)


def only(figures: Mapping[str, Figure], ids: Iterable[str | None]) -> dict[str, Figure]:
    """Those of the figures that can be compared with another edition's."""
    return {key: figures[key] for key in sorted(filter(None, ids)) if figures[key].kind not in SERVING}


def by_key(figures: Iterable[tuple[tuple[Hashable, ...], Figure]]) -> dict[tuple[Hashable, ...], Figure]:
    """Figures by a key of theirs; keys that several figures of different values have tell nothing and are left out."""
    found: dict[tuple[Hashable, ...], Figure] = {}
    doubtful: set[tuple[Hashable, ...]] = set()
    for key, figure in figures:
        if found.setdefault(key, figure).value != figure.value:
            doubtful.add(key)
    return {key: figure for key, figure in found.items() if key not in doubtful}


def reads_otherwise(one: Figure, other: Figure) -> bool:
    """Whether two figures differ in print, in any language."""
    if one.value == other.value and one.qualifier == other.qualifier:
        return False
    texts = ([write(f.value, f.unit, language, decimals=f.decimals) for language in LANGUAGES] for f in (one, other))
    return one.qualifier != other.qualifier or next(texts) != next(texts)
