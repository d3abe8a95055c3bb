"""Parts and totals, shares and wholes, gaps and benchmarks, completion and targets.

In: the panel and the catalogue. Out: the totals, shares, gaps and completion rates that do not follow from the levels
beside them. A share, a gap and a completion rate are held alone: the levels stand. Tiers of which one holds the other
are no parts; they are next door, in `tiers`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add

from briefings.catalogue import Catalogue
from briefings.observations import Observation, Panel, Series
from briefings.periods import Period
from briefings.reconcile.jumps import PERCENTAGES
from briefings.reconcile.model import Accepted, Held, Implied, Verdict
from briefings.reconcile.printed import Range, last_digit, places, printed, ratio
from briefings.reconcile.rates import is_open, told_together
from briefings.reconcile.tiers import TIER

#: Members that by themselves make up a whole.
COMPLETE = (
    frozenset({"male", "female"}),
    frozenset({"urban", "rural"}),
    frozenset({"primary", "secondary", "tertiary"}),
    frozenset({"export", "import"}),
    frozenset({"exports", "imports"}),
)
#: A member by which a list of parts is complete.
REST = frozenset({"other", "others", "rest", "remainder", "unknown", "not_stated"})
#: Words for what a completion rate is a rate of.
TARGETS = ("annual target", "target", "annual plan", "plan")
#: The most letters that name the inputs of a formula.
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Members = Mapping[Period, Sequence[Observation]]


# Parts and total.


def parts(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A part above its total is held; and a total that is not the sum of its parts.

    Parts above the total in sum contradict it always. Parts below it do so only where they are known to be all: they
    make up a whole by their names (urban and rural, a rest), or the same parts added up to the total in another period.
    Only figures that add are asked, of one dimension, told in one release; nested tiers are not parts. Where a part was
    revised or told elsewhere since, those of the total's own release are not all, and lacking one is no contradiction.
    """
    return Verdict(tuple(item for total, members in _partitions(panel, catalogue) for item in _sums(total, members)))


def _partitions(panel: Panel, catalogue: Catalogue) -> Iterator[tuple[Series, Members]]:
    """Each total with its parts by one dimension."""
    found: dict[tuple[str, str, str], list[Series]] = defaultdict(list)
    for series in panel:
        if series.breakdown and series.kind == "level" and not series.target and ";" not in series.breakdown:
            dimension = series.breakdown.partition("=")[0]
            if dimension not in TIER and _adds(catalogue, series.indicator):
                found[(series.indicator, series.place, dimension)].append(series)
    for (indicator, place, _), several in found.items():
        total = panel.series(indicator, place)
        if total is not None:
            members: dict[Period, list[Observation]] = defaultdict(list)
            for row in (row for series in several for row in series):
                members[row.period].append(row)
            yield total, members


def _adds(catalogue: Catalogue, indicator: str) -> bool:
    item = catalogue.indicators[indicator]
    return item.nature in ("flow", "stock", "count") and item.unit not in PERCENTAGES


def _sums(total: Series, members: Members) -> Iterator[Held]:
    found = list(_set_against(total, members))
    adding = {_names(rows) for row, rows, _ in found if len(rows) > 1 and printed(row).meets(_sum(rows))}
    above = Counter(_names(rows) for row, rows, _ in found if printed(row).below(_sum(rows)))
    for row, rows, every in found:
        whole, together, names = printed(row), _sum(rows), _names(rows)
        larger = [part for part in rows if whole.below(printed(part))]
        if larger:
            yield from (_held(part, "part", (row,), ("value", "to")) for part in larger)
        elif whole.below(together) and (names in adding or above[names] == 1):
            # Above the total time and again, the parts overlap (an industry and one within it).
            yield _held(row, "parts", rows, ("value",), _together(row, rows))
        elif every and together.below(whole) and (names in adding or _is_complete(names)):
            yield _held(row, "parts", rows, ("value",), _together(row, rows))


def _set_against(total: Series, members: Members) -> Iterator[tuple[Observation, list[Observation], bool]]:
    """Each total with its parts of one release, none of them negative, and whether these are all that are known."""
    for row in total:
        known = members.get(row.period, ())
        rows = [part for part in known if part.unit == row.unit and told_together(part, row)]
        if rows and all(part.value >= 0 for part in rows):
            yield row, rows, len(rows) == len(known)


def _names(rows: Sequence[Observation]) -> frozenset[str]:
    return frozenset(row.breakdown.partition("=")[2] for row in rows)


def _is_complete(names: frozenset[str]) -> bool:
    return names in COMPLETE or bool(names & REST)


def _sum(rows: Sequence[Observation]) -> Range:
    return reduce(add, (printed(row) for row in rows))


def _together(total: Observation, rows: Sequence[Observation]) -> dict[str, Implied]:
    """The sum of the parts, where there are letters for all of them."""
    if len(rows) > len(LETTERS):
        return {}
    formula = " + ".join(LETTERS[: len(rows)])
    return {"implied": Implied(sum(row.value for row in rows), total.unit, formula, tuple(rows))}


# Share x whole.


def shares(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A share that the part and the whole do not bear out.

    The whole is what the share is of: another indicator, or the indicator itself without its breakdown.
    """
    found = []
    for series in panel:
        if series.kind != "share" or series.target or series.basis in TARGETS:
            continue
        part = panel.series(series.indicator, series.place, series.breakdown)
        whole = panel.series(series.basis or series.of or series.indicator, series.place)
        if series.basis in ("total", series.place):
            whole = panel.series(series.indicator, series.place)
        if part is not None and whole is not None and part is not whole:
            found += [item for row in series if (item := _rate(row, part, whole, "share"))]
    return Verdict(tuple(found))


def _rate(row: Observation, over: Series, under: Series, reason: str) -> Held | None:
    """The rate, where it is not the one level in percent of the other."""
    one, other = over.at(row.period), under.at(row.period)
    if one is None or other is None or one.unit != other.unit or not told_together(row, one, other):
        return None
    if not other.value or is_open(one) != is_open(other):
        return None
    share = ratio(printed(one), printed(other))
    if printed(row).meets(Range(share.low * 100, share.high * 100)):
        return None
    decimals = places(last_digit(row))
    implied = {"implied": Implied(one.value / other.value * 100, row.unit, "a / b * 100", (one, other), decimals)}
    return _held(row, reason, (one, other), ("value", "from", "to"), implied)


# Completion x target.


def attainment(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A completion rate that the outcome and its target do not bear out.

    The rate is a share of the indicator's target, or the level of an indicator that the catalogue says `completes` it.
    """
    found = []
    for series in panel:
        indicator = series.indicator
        completed = catalogue.indicators[indicator].completes
        if series.kind == "level" and completed is not None:
            indicator = completed
        elif series.kind != "share" or series.basis not in TARGETS:
            continue
        outcome = panel.series(indicator, series.place, series.breakdown)
        target = panel.series(indicator, series.place, series.breakdown, target=True)
        if outcome is None or target is None or series.target:
            continue
        found += [item for row in series if (item := _completion(row, outcome, target))]
    return Verdict(tuple(found))


def _completion(row: Observation, outcome: Series, target: Series) -> Held | None:
    one, other = outcome.at(row.period), target.at(row.period)
    if one is None or other is None or one.unit != other.unit or not other.value:
        return None
    # The target was told a year before, the outcome together with its rate.
    if not told_together(row, one) or other.published > row.published:
        return None
    share = ratio(printed(one), printed(other))
    if printed(row).meets(Range(share.low * 100, share.high * 100)):
        return None
    decimals = places(last_digit(row))
    implied = {"implied": Implied(one.value / other.value * 100, row.unit, "a / b * 100", (one, other), decimals)}
    return _held(row, "attainment", (one, other), ("value", "from", "to"), implied)


# Benchmark + gap.


def gaps(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A gap that is not the figure less that of the place, or of the target, that it is a gap to."""
    return Verdict(tuple(item for item in _gaps(panel, catalogue)))


def _gaps(panel: Panel, catalogue: Catalogue) -> Iterator[Held]:
    for series in (series for series in panel if series.kind == "gap" and not series.target):
        kind = "growth" if series.of == "growth" else "level"
        for own, other in _compared(panel, catalogue, series, kind):
            for row in series:
                one, benchmark = own.at(row.period), other.at(row.period)
                if one is None or benchmark is None or one.unit != benchmark.unit:
                    continue
                fresh = one.source == row.source and max(one.published, benchmark.published) <= row.published
                if fresh and not printed(row).meets(printed(one) - printed(benchmark)):
                    value, decimals = one.value - benchmark.value, places(last_digit(row))
                    implied = {"implied": Implied(value, row.unit, "a - b", (one, benchmark), decimals)}
                    yield _held(row, "gap", (one, benchmark), ("value", "from", "to"), implied)


def _compared(panel: Panel, catalogue: Catalogue, series: Series, kind: str) -> Iterator[tuple[Series, Series]]:
    """The series of the place and of its benchmark that a gap lies between; growth on the bases that both have."""
    targeted = series.basis in TARGETS
    place = series.place if targeted else catalogue.comparator(series.basis, series.place)
    if place is None:
        return
    bases = ("",) if kind == "level" else ("yoy", "cagr", "mom")
    for basis in bases:
        own = panel.series(series.indicator, series.place, series.breakdown, kind=kind, basis=basis)
        other = panel.series(series.indicator, place, series.breakdown, kind=kind, basis=basis, target=targeted)
        if own is not None and other is not None:
            yield own, other


def _held(
    row: Observation,
    reason: str,
    others: Sequence[Observation],
    roles: tuple[str, ...],
    implied: dict[str, Implied] | None = None,
) -> Held:
    return Held(row.indicator, row.place, row.period, reason, (row, *others), {}, roles, implied or {})
