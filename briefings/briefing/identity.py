"""Which figures of two briefings are the same figure, and which of them are told otherwise.

In: figures, briefings. Out: what a figure is in the words of a request, keys by which figures of two briefings meet (of
the same period, or in the same role: that of the briefing's own period, then and now), pairs, and `Amendment`s. All
that sets two editions side by side asks here: the changes since the last edition, corrections and their notices,
`editions diff` and `editions verify`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from briefings.briefing.figures import Figure
from briefings.briefing.findings import Finding
from briefings.briefing.shown import Section, TableRequest
from briefings.periods import Period
from briefings.quantities import Language, write

if TYPE_CHECKING:
    from briefings.briefing import Briefing

LANGUAGES: tuple[Language, ...] = ("en", "zh")
#: Figures that only serve others, or that come and go with what is found: they are neither new nor revised.
SERVING = frozenset({"count", "streak", "record", "revision", "threshold", "previous", "increment"})
#: Figures that are no statement of their own: what others are made of, or how far others moved.
BESIDE = frozenset({"count", "revision", "threshold", "previous", "increment", "elapsed"})
#: The order in which the figures of one indicator are read; others follow.
READ_FIRST = ("level", "growth on year", "change on year", "growth on previous period", "change on previous period")
#: Two values closer than this, relative to the greater, are one: what binary fractions make of decimals.
SAME = 1e-12

Key = tuple[Hashable, ...]


# What a figure is


def measure_of(figure: Figure) -> str:
    """What a figure is, in the words of a theme's request: `growth on year`, `gap to ningwan`, `share of donghai`,
    `rank by growth from bottom`. Of what is worked out its formula and inputs say so."""
    if figure.measure:
        return figure.measure
    say = _SAID.get(figure.kind)
    return say(figure) if say is not None else f"{figure.kind} {figure.basis}".strip()


def _rank(figure: Figure) -> str:
    by = " by growth" if figure.basis == "growth" else ""
    return f"rank{by} from bottom" if figure.formula.startswith("rank_from_bottom(") else f"rank{by}"


def _to(figure: Figure) -> str:
    """A gap, a contribution: to the one other place among the inputs, or to the total of which it is a part; that of
    all places but some is made of theirs."""
    places = {item.place for item in figure.inputs} - {figure.place}
    if len(places) == 1 and "-" in figure.formula and len(figure.inputs) < 5:
        return f"{figure.kind} to {places.pop()}"
    if figure.kind != "contribution":
        return figure.kind
    return "contribution of others" if places else "contribution to total"


def _share(figure: Figure) -> str:
    if figure.basis.endswith(" largest"):
        return f"share held by {figure.basis}"
    return f"share of {figure.basis}" if figure.basis else "share"


def _ratio(figure: Figure) -> str:
    others = {item.indicator for item in figure.inputs} - {figure.indicator}
    return f"ratio to {others.pop()}" if len(others) == 1 else "ratio"


def _attainment(figure: Figure) -> str:
    """In percent of the target, or so far from it."""
    return "attainment" if figure.unit == "percent" else "distance from target"


def _index(figure: Figure) -> str:
    return f"index from {figure.basis.removesuffix(' = 100')}"


_SAID: Mapping[str, Callable[[Figure], str]] = {
    "rank": _rank,
    "gap": _to,
    "gap in growth": _to,
    "contribution": _to,
    "share": _share,
    "ratio": _ratio,
    "attainment": _attainment,
    "index": _index,
}


# Keys


def subject(figure: Figure) -> Key:
    """What a figure is of, but for its period: indicator, place, breakdown, measure, unit, whether it is a target, and
    whom it is set against."""
    own = (figure.indicator, figure.place)
    others = frozenset((item.indicator, item.place) for item in figure.inputs) - {own}
    target = figure.status == "target"
    return *own, figure.breakdown, measure_of(figure), figure.unit, target, others


def of_period(figure: Figure) -> Key:
    """The identity of a figure: two of one identity tell the same thing, as it was known on two days."""
    return *subject(figure), figure.period, figure.computed


def _told_anyhow(figure: Figure) -> Key:
    """The same, whether published or worked out, and of whichever inputs: of two sources, of more or fewer peers."""
    target = figure.status == "target"
    return figure.indicator, figure.place, figure.breakdown, measure_of(figure), figure.unit, target, figure.period


def in_role(figure: Figure, own: Period) -> Key:
    """What a figure is in a briefing of the period `own`: of its own period, of that of a year before ..."""
    return *subject(figure), period_role(Period.parse(figure.period), own)


def period_role(period: Period, own: Period) -> Key:
    """The role of a period in a briefing of another: its shape, and by how much it ends earlier, in months where both
    end with one, else in days."""
    if period == own:
        return (period.shape.value, 0)
    months = (period.end.year - own.end.year) * 12 + period.end.month - own.end.month
    return (period.shape.value, months, period.end.day - own.end.day if period.end.day < 28 else 0)


def by_key(figures: Iterable[tuple[Key, Figure]]) -> dict[Key, Figure]:
    """Figures by a key of theirs; keys that several figures of different values have tell nothing and are left out."""
    found: dict[Key, Figure] = {}
    doubtful: set[Key] = set()
    for key, figure in figures:
        if found.setdefault(key, figure).value != figure.value:
            doubtful.add(key)
    return {key: figure for key, figure in found.items() if key not in doubtful}


def pairs(before: Iterable[Figure], after: Iterable[Figure]) -> list[tuple[Figure, Figure]]:
    """Each figure of the one with the same figure of the other, in the order of the first: by id and identity, which
    tells all apart; what is left by identity alone, then as told by whomever, where no two are alike."""
    left, right = list(before), list(after)
    order = {figure.id: number for number, figure in enumerate(left)}
    found: list[tuple[Figure, Figure]] = []
    keys: tuple[Callable[[Figure], Key], ...] = (_same_id, of_period, _told_anyhow)
    for key in keys:
        there = by_key((key(figure), figure) for figure in right)
        mine = by_key((key(figure), figure) for figure in left)
        met = [(figure, there[each]) for each, figure in mine.items() if each in there]
        found += met
        done = {key(figure) for figure, _ in met}
        left, right = ([figure for figure in rest if key(figure) not in done] for rest in (left, right))
    return sorted(found, key=lambda pair: order[pair[0].id])


def _same_id(figure: Figure) -> Key:
    """A figure may be told in another unit than before; an id alone may be that of an actual and of a target."""
    return figure.id, measure_of(figure), figure.status == "target"


def reads_otherwise(one: Figure, other: Figure) -> bool:
    """Whether two figures differ in print, in any language."""
    if (one.value, one.unit, one.qualifier) == (other.value, other.unit, other.qualifier):
        return False
    texts = ([write(f.value, f.unit, language, decimals=f.decimals) for language in LANGUAGES] for f in (one, other))
    return one.qualifier != other.qualifier or next(texts) != next(texts)


# What a briefing shows


def figures_of(finding: Finding) -> tuple[str, ...]:
    """The figures that a finding and its entries hold."""
    return (*finding.figures.values(), *(figure for entry in finding.entries for figure in entry.figures.values()))


def printed(headline: Sequence[Finding], sections: Sequence[Section], summary: TableRequest | None) -> set[str]:
    """The figures that findings, charts and tables hold."""
    told = [*headline, *(finding for section in sections for finding in section.findings)]
    ids = {figure for finding in told for figure in figures_of(finding)}
    tables = [table for section in sections for table in section.tables] + ([summary] if summary else [])
    ids |= {cell.figure for table in tables for row in table.rows for cell in row.cells if cell.figure}
    ids |= {point.figure for table in tables for row in table.rows for point in row.trend if point.figure}
    charts = [chart for section in sections for chart in section.charts]
    return ids | {
        point.figure for chart in charts for series in chart.series for point in series.points if point.figure
    }


def standing(briefing: Briefing) -> dict[str, Figure]:
    """The figures that a briefing shows as they stand, by id: without those that were told before and are revised, and
    those that notes alone hold."""
    ids = printed(briefing.headline, briefing.sections, briefing.summary)
    before = {key for f in briefing.every_finding() if f.kind == "revision" for key in (f.figures.get("old"),)}
    return {key: briefing.figures[key] for key in sorted(ids - before)}


def only(figures: Mapping[str, Figure], ids: Iterable[str | None]) -> dict[str, Figure]:
    """Those of the figures that can be compared with another edition's."""
    return {key: figures[key] for key in sorted(filter(None, ids)) if figures[key].kind not in SERVING}


def shown(briefing: Briefing) -> dict[str, Figure]:
    """The figures of a briefing that can be compared with another edition's."""
    return only(briefing.figures, standing(briefing))


# What is told otherwise


@dataclass(frozen=True)
class Amendment:
    """A figure that an edition printed and that a later one tells otherwise, or has taken back: then `now` is None."""

    was: Figure
    now: Figure | None


def amendments(before: Briefing, after: Briefing, told: Collection[str] | None = None) -> list[Amendment]:
    """What a later edition of one theme, place and period tells otherwise: the figures that read otherwise, and those
    that are missing or held now. `told`: the ids that the first one prints (None: all that it shows). In order of
    reading: the headline, the own place and period, the level before what follows from it.

    A figure that is neither there nor said to be missing was told for another reason, and is not taken back.
    """
    was, now = standing(before), standing(after)
    both = {one.id: other for one, other in pairs(was.values(), now.values())}
    withdrawn = _withdrawn(before, after)
    found = [
        Amendment(figure, both.get(key))
        for key, figure in was.items()
        if (told is None or key in told) and figure.kind not in BESIDE
        if (_differ(figure, both[key]) if key in both else withdrawn(figure))
    ]
    leading = _leading(before)
    return sorted(found, key=lambda each: _order(each.was, before, leading))


def _differ(one: Figure, other: Figure) -> bool:
    alike = (one.unit, one.qualifier) == (other.unit, other.qualifier)
    close = abs(one.value - other.value) <= SAME * max(abs(one.value), abs(other.value))
    return not (alike and close) and reads_otherwise(one, other)


def _withdrawn(before: Briefing, after: Briefing) -> Callable[[Figure], bool]:
    """Whether the later briefing says of a figure that it is missing: where it stood in a table, or of all of them."""
    gone = _missing(after) - _missing(before)
    empty = {key for key, figure in _cells(after) if figure is None}
    stood = {figure for key, figure in _cells(before) if key in empty}

    def withdrawn(figure: Figure) -> bool:
        own = (figure.indicator, figure.place)
        return figure.kind not in SERVING and (
            figure.id in stood or (*own, figure.period) in gone or (*own, "") in gone
        )

    return withdrawn


def _cells(briefing: Briefing) -> Iterator[tuple[Key, str | None]]:
    """Each cell of the tables: which it is, and its figure. What is told of accounts has no cell of its own."""
    tables = [table for section in briefing.sections for table in section.tables]
    for table in (*tables, *((briefing.summary,) if briefing.summary else ())):
        for row in table.rows if table.rows_are not in ("accounts", "revisions") else ():
            for column, cell in zip(table.columns, row.cells, strict=False):
                of = (row.place, row.indicator or column.indicator, row.breakdown)
                yield (table.rows_are, *of, row.period or column.period, column.measure), cell.figure


def _missing(briefing: Briefing) -> set[Key]:
    """What a briefing says is held or missing: indicator, place, period (none: its own, whichever)."""
    found: set[Key] = {(n.indicator, n.place, n.period) for n in briefing.notes if n.kind in ("held", "missing")}
    for finding in briefing.every_finding():
        if finding.kind == "missing":
            found.add((finding.indicator, finding.place, briefing.period))
        elif finding.kind == "absent":
            found |= {(entry.indicator, entry.place, briefing.period) for entry in finding.entries}
    return found


def _leading(briefing: Briefing) -> dict[tuple[str, str], int]:
    """Indicators and places in the order in which page one tells of them."""
    told = [briefing.figures[key] for finding in briefing.headline for key in figures_of(finding)]
    subjects = dict.fromkeys((figure.indicator, figure.place) for figure in told)
    return {key: number for number, key in enumerate(subjects)}


def _order(figure: Figure, briefing: Briefing, leading: Mapping[tuple[str, str], int]) -> Key:
    first = leading.get((figure.indicator, figure.place), len(leading))
    last = -Period.parse(figure.period).end.toordinal()
    of = (figure.place != briefing.place, figure.indicator, figure.place, figure.breakdown)
    measure = measure_of(figure)
    turn = READ_FIRST.index(measure) if measure in READ_FIRST else len(READ_FIRST)
    return first, *of, last, turn, measure, figure.id
