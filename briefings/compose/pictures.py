"""Which charts a section gets, and what they show.

In: the desk, a section and its findings. Out: chart requests whose every mark is a figure. A chart needs at least four
values; two or three make a sentence or a table. How a chart looks is decided in `charts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from briefings.briefing import ChartKind, ChartRequest, Finding, PlottedSeries, Point, figure_id
from briefings.compose.desk import BENCHMARK, LEVEL, ON_YEAR, OWN, Desk
from briefings.compose.further_pictures import Series, contributions, in_range
from briefings.compose.members import lead_of, members, shown
from briefings.compose.several import largest
from briefings.compose.single import Subject
from briefings.measures import Derived
from briefings.periods import Frequency, Period
from briefings.themes import MeasureRequest, Section

FEWEST_MARKS = 4
#: Kinds whose marks have a length from zero on.
FROM_ZERO = frozenset({"bar", "column", "stacked bar", "waterfall"})
#: A contribution of fewer percentage points is no title.
FEWEST_POINTS = 0.05
#: How many periods a chart of history shows unless the section says otherwise: three to five years, or twenty years.
WINDOW = {
    Frequency.ANNUAL: 20,
    Frequency.HALF_YEARLY: 12,
    Frequency.QUARTERLY: 20,
    Frequency.MONTHLY: 36,
    Frequency.TEN_DAY: 36,
    Frequency.WEEKLY: 52,
    Frequency.DAILY: 60,
}
#: How many places each kind of chart can show and still be read.
MOST_PLACES: dict[str, int] = {
    "line": 6,
    "small multiples": 24,
    "heat map": 24,
    "rank bump": 12,
    "bar": 24,
    "dot plot": 20,
    "column": 1,
    "slope": 12,
    "waterfall": 8,
    "band": 200,
}
#: How many periods a heat map or a bump chart can show.
MOST_COLUMNS = {"heat map": 12, "rank bump": 12}
COMPARED = ("growth", "change")


class Pictures:
    """The charts of one section. `told` holds the findings that were made for their titles."""

    def __init__(self, desk: Desk, section: Section, places: Sequence[str], findings: Sequence[Finding]) -> None:
        self.desk = desk
        self.section = section
        self.places = tuple(places)
        self.findings = tuple(findings)
        self.told: list[Finding] = []

    def requests(self) -> tuple[ChartRequest, ...]:
        made: dict[str, ChartRequest] = {}
        for indicator, measures in self.section.show.items():
            for kind in self._kinds(indicator, measures):
                request = MAKERS[kind](self, indicator, measures)
                if request is not None:
                    made.setdefault(request.id, request)
        return tuple(made.values())

    def _kinds(self, indicator: str, measures: Sequence[MeasureRequest]) -> tuple[str, ...]:
        """The kinds that the section names, or what the data call for: a line for the history of one place, or columns
        where only its growth is known; of several places bars for one period, a waterfall where contributions are
        asked for, and with `over` their history: lines while they can be told apart, else a panel each, ranks where
        ranks alone are asked for. Bars of the members of a breakdown, where the section splits by four or more."""
        if "none" in self.section.charts:
            return ()
        kinds: list[str] = []
        for word in self.section.charts:
            if word != "auto":
                kinds.append(word)
            elif len(self._members(indicator)) >= FEWEST_MARKS:
                kinds.append("bar")
            elif any(m.measure == "contribution" for m in measures):
                kinds.append("waterfall")
            elif len(self.places) > 1:
                kinds.append(self._of_several(measures) if self.section.over else "bar")
            else:
                kinds.append("line" if self.desk.get(LEVEL, indicator, self.desk.where(indicator)) else "column")
        return tuple(dict.fromkeys(kinds))

    def _of_several(self, measures: Sequence[MeasureRequest]) -> str:
        if {m.measure for m in measures} == {"rank"}:
            return "rank bump"
        return "line" if len(self.places) <= MOST_PLACES["line"] else "small multiples"

    # -- kinds -------------------------------------------------------------------------------------------------------

    def line(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """Levels over time: of the place alone, or of several whose units agree; growth where they do not."""
        places = self._shown(indicator, "line")
        shown = {m.measure for m in measures}
        levels = self._one_unit(indicator, places) and (len(places) == 1 or "level" in shown or not shown & {*COMPARED})
        own = ("record", "streak", "crossing", "level", "average_growth")
        return self._history(
            "line",
            indicator,
            LEVEL if levels else _rate(measures),
            places,
            kinds=own if len(places) == 1 else ("extremes", "movers", "breadth"),
        )

    def column(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """Growth over time, period by period, of one place."""
        place = self._shown(indicator, "column")
        return self._history(
            "column",
            indicator,
            _rate(measures),
            place,
            kinds=("growth", "sign_change", "change_in_growth", "level", "flat"),
        )

    def small_multiples(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """Levels over time, a panel a place."""
        return self._history(
            "small multiples", indicator, LEVEL, self._shown(indicator, "small multiples"), kinds=("breadth",)
        )

    def heat_map(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """Growth, place by period."""
        places = self._shown(indicator, "heat map")
        return self._history("heat map", indicator, _rate(measures), places, kinds=("breadth",))

    def rank_bump(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """Ranks over time among the places shown."""
        request = next((m for m in measures if m.measure == "rank"), MeasureRequest("rank"))
        return self._history(
            "rank bump", indicator, request, self._ranked_places(indicator), kinds=("rank_moves", "rank")
        )

    def bar(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """One measure in one period, the places from the highest to the lowest; in a section that splits its indicators
        the members, under no finding: each is about one of them."""
        if parts := self._members(indicator):
            return self._of_members(indicator, lead_of(measures), parts)
        return self._comparison(
            "bar", indicator, measures, (self.desk.period_of(indicator),), kinds=("movers", "extremes", "top_share")
        )

    def dot_plot(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """One measure now and a year earlier, a row a place: a rate, where the section shows one."""
        own = self.desk.period_of(indicator)
        both = (own.year_earlier(), own)
        rates = tuple(m for m in measures if m.measure in COMPARED) or measures
        return self._comparison("dot plot", indicator, rates, both, kinds=("movers", "extremes"))

    def slope(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """One measure in two periods, `over` periods apart (a year, where the section does not say), a line a place."""
        back = self.section.over
        own = self.desk.period_of(indicator)
        first = self.desk.back_from(indicator, back + 1)[-1] if back else own.year_earlier()
        # What is told of one period is no title for two: the caption says what the ends of a line say.
        return self._comparison("slope", indicator, measures, (first, own), kinds=())

    def waterfall(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """What the places contribute to the growth of the whole that the section names, up to that growth."""
        request = next((m for m in measures if m.measure == "contribution"), None)
        if request is None:
            return None
        most = min(self.section.top, MOST_PLACES["waterfall"])
        rows = contributions(self.desk, indicator, request, self.places, most)
        told = self._told_by_one(indicator, request, [row.place for row in rows if not row.role])
        axis = (self.desk.period_of(indicator),)
        return self._request("waterfall", indicator, request, axis, rows, kinds=(), finding=told)

    def band(self, indicator: str, measures: Sequence[MeasureRequest]) -> ChartRequest | None:
        """One rate of the briefing's own place over time, before the range of the others."""
        request = next((m for m in measures if m.measure in COMPARED and m.basis in ("", "on year")), _rate(measures))
        axis = self._axis("band", indicator)
        rows = in_range(self.desk, indicator, request, self._shown(indicator, "band"), axis)
        axis, rows = _begun(axis, rows)
        told = self._told_by_one(indicator, request, [self.desk.where(indicator)])
        return self._request("band", indicator, request, axis, rows, kinds=(), finding=told)

    # -- how they are made -------------------------------------------------------------------------------------------

    def _members(self, indicator: str) -> tuple[str, ...]:
        """The members that the section splits its own place's figure into, the largest first."""
        if self.section.split is None or len(self.places) > 1:
            return ()
        return members(self.desk, indicator, self.section)

    def _of_members(self, indicator: str, request: MeasureRequest, parts: Sequence[str]) -> ChartRequest | None:
        place = self.desk.place
        marks = {part: self.desk.get(request, indicator, place, breakdown=part) for part in parts}
        kept = shown([part for part in parts if marks[part] is not None], self.section)
        rows = [Series(place, (marks[part],), breakdown=part) for part in kept[: MOST_PLACES["bar"]]]
        return self._request("bar", indicator, request, (self.desk.period_of(indicator),), rows, kinds=())

    def _history(
        self, kind: ChartKind, indicator: str, request: MeasureRequest, places: Sequence[str], *, kinds: tuple[str, ...]
    ) -> ChartRequest | None:
        axis = self._axis(kind, indicator)
        peers = tuple(places) if request.measure == "rank" else ()
        rows = [
            Series(place, tuple(self.desk.get(request, indicator, place, period, peers=peers) for period in axis))
            for place in places
        ]
        axis, rows = _begun(axis, [row for row in rows if any(mark is not None for mark in row.marks)])
        return self._request(kind, indicator, request, axis, rows, kinds=kinds)

    def _axis(self, kind: str, indicator: str) -> tuple[Period, ...]:
        """The periods of a chart of history, up to the briefing's own."""
        length = self.section.over or WINDOW[self.desk.theme.cadence]
        length = min(length, MOST_COLUMNS.get(kind, length))
        return tuple(self.desk.back_from(indicator, length)[::-1])

    def _comparison(
        self,
        kind: ChartKind,
        indicator: str,
        measures: Sequence[MeasureRequest],
        axis: Sequence[Period],
        *,
        kinds: tuple[str, ...],
    ) -> ChartRequest | None:
        request = self._compared(indicator, measures)
        rows = []
        for place in self._compared_places(indicator):
            marks = tuple(self.desk.get(request, indicator, place, period) for period in axis)
            if marks[-1] is not None:
                rows.append(Series(place, marks))
        rows.sort(key=lambda row: (-_value(row.marks[-1]), row.place))
        most = min(self.section.top + self.section.bottom, MOST_PLACES[kind])
        own = [row for row in rows if row.place == self.desk.place]
        kept = (
            rows if len(rows) <= most else rows[: most - self.section.bottom] + rows[len(rows) - self.section.bottom :]
        )
        kept += [row for row in own if row not in kept]
        return self._request(kind, indicator, request, axis, kept, kinds=kinds)

    def _request(
        self,
        kind: ChartKind,
        indicator: str,
        request: MeasureRequest,
        axis: Sequence[Period],
        rows: Sequence[Series],
        *,
        kinds: tuple[str, ...],
        finding: Finding | None = None,
    ) -> ChartRequest | None:
        """The chart, or None where it has too few values; its title says `finding`, else the weightiest of `kinds`."""
        marks = [mark for row in rows for mark in row.marks if mark is not None]
        if len(marks) < FEWEST_MARKS or (kind in ("line", "column", "band") and len(axis) < FEWEST_MARKS):
            return None
        if kind in FROM_ZERO and not any(mark.value for mark in marks):
            return None  # bars of no length: an empty chart
        self.told += [finding] if finding else []
        series = self._series(indicator, axis, rows)
        units = {self.desk.figures[p.figure].unit for s in series for p in s.points if p.figure}
        return ChartRequest(
            id="c" + figure_id(self.section.title, kind, indicator, request)[1:],
            kind=kind,
            measure=_measure_name(marks[0], request),
            unit=units.pop() if len(units) == 1 else _common(units) or self.desk.indicator(indicator).unit,
            indicator=indicator,
            periods=tuple(str(period) for period in axis),
            series=series,
            finding=(finding.id if finding else None)
            or self._said(indicator, kinds, _measure_name(marks[0]), len(axis), {row.place for row in rows})
            or self._since(kind, indicator, request, series),
            sources=_sources(marks),
            height="tall"
            if kind in ("bar", "heat map", "small multiples", "dot plot") and len(series) > 10
            else "normal",
            breaks=self._breaks(indicator, axis),
        )

    def _series(self, indicator: str, axis: Sequence[Period], rows: Sequence[Series]) -> tuple[PlottedSeries, ...]:
        """The rows as series, each in its colour: the own place and the benchmark in theirs; where neither is drawn,
        the first places of the theme in theirs; the others grey."""
        own, drawn = self.desk.where(indicator), {row.place for row in rows}
        return tuple(
            PlottedSeries(
                indicator=indicator,
                place=row.place,
                breakdown=row.breakdown,
                row=row.role,
                highlight=row.place == own and not (row.role or row.breakdown),
                colour=None if row.role or row.breakdown else self._colour(row.place, own, drawn),
                points=tuple(
                    Point(period=str(period), figure=None if mark is None else self.desk.enter(mark))
                    for period, mark in zip(axis, row.marks, strict=True)
                ),
            )
            for row in rows
        )

    def _colour(self, place: str, own: str, drawn: set[str]) -> int | None:
        colours = self.desk.colours
        stands_out = {own, *(known for known, number in colours.items() if number in (OWN, BENCHMARK))}
        if place == own:
            return OWN
        return colours.get(place) if place in stands_out or not stands_out & drawn else None

    def _told_by_one(self, indicator: str, request: MeasureRequest, places: Sequence[str]) -> Finding | None:
        """What is told of this measure in the briefing's own place, or of the first where that is nothing to boast of:
        a growth that the chart shows, a contribution that is one."""
        own = self.desk.where(indicator)
        for place in dict.fromkeys((own, *places)):
            mark = self.desk.get(request, indicator, place) if place in places else None
            if mark is None or (request.measure == "contribution" and mark.value < FEWEST_POINTS):
                continue
            kinds = (
                ("contribution",) if request.measure == "contribution" else ("growth", "sign_change", "level", "flat")
            )
            found = [f for f in Subject(self.desk, indicator, place, (request,)).findings() if f.kind in kinds]
            if found:
                return max(found, key=lambda one: (one.weight, one.id))
        return None

    def _said(self, indicator: str, kinds: tuple[str, ...], measure: str, periods: int, drawn: set[str]) -> str | None:
        """The finding that the title says: the weightiest of the kinds that the chart shows, of its own basis, about
        places that are drawn; none about a member of a breakdown, since the whole is drawn."""
        fitting = [
            finding
            for finding in self.findings
            if finding.indicator == indicator
            and not finding.breakdown
            and finding.kind in kinds
            and _shows(measure, finding, periods)
            and {finding.place, *(entry.place for entry in finding.entries)} - {self.desk.place} <= drawn
        ]
        return max(fitting, key=lambda finding: (finding.weight, finding.id)).id if fitting else None

    def _since(
        self, kind: ChartKind, indicator: str, request: MeasureRequest, series: Sequence[PlottedSeries]
    ) -> str | None:
        """For a line of one place that no finding fits: how far the level has come since the line begins."""
        first = next((point.period for point in series[0].points if point.figure), None)
        if kind != "line" or len(series) > 1 or request.measure != "level" or first is None:
            return None
        since = MeasureRequest("growth", basis="since", since=Period.parse(first))
        come = self.desk.get(since, indicator, series[0].place)
        if come is None or abs(come.value) < self.desk.theme.notable.growth:
            return None
        found = Subject(self.desk, indicator, series[0].place, (since,)).since(come, first)
        self.told.append(found)
        return found.id

    def _breaks(self, indicator: str, axis: Sequence[Period]) -> tuple[str, ...]:
        barriers = self.desk.checked.barriers.get((indicator, self.desk.place), ())
        return tuple(str(barrier.period) for barrier in barriers if axis[0] < barrier.period <= axis[-1])

    def _shown(self, indicator: str, kind: str, *, most: int | None = None) -> tuple[str, ...]:
        """The places of the chart: the briefing's own first, then the section's, as many as can be read."""
        own = self.desk.where(indicator)
        places = tuple(dict.fromkeys((own, *self.places))) if len(self.places) > 1 else (own,)
        return places[: most or MOST_PLACES[kind]]

    def _compared_places(self, indicator: str) -> tuple[str, ...]:
        """The places of a comparison: those that the section's table and sentences name. Benchmarks, which dwarf their
        members, only where there is nobody else."""
        places = self._shown(indicator, "bar", most=1000)
        members = tuple(place for place in places if place not in self.desk.benchmarks)
        if len(members) < 2:
            return places
        listed = {self.desk.place, *largest(self.desk, indicator, members, self.section.top)}
        return tuple(place for place in members if place in listed)

    def _ranked_places(self, indicator: str) -> tuple[str, ...]:
        """The places at the top of the latest ranking, and the briefing's own."""
        places = [p for p in self._shown(indicator, "rank bump", most=1000) if p not in self.desk.benchmarks]
        levels = [(place, self.desk.get(LEVEL, indicator, place)) for place in places]
        known = sorted(((p, d.value) for p, d in levels if d is not None), key=lambda item: (-item[1], item[0]))
        top = [place for place, _ in known[: MOST_PLACES["rank bump"]]]
        return tuple(top if self.desk.place in top else [*top[:-1], self.desk.place])

    def _one_unit(self, indicator: str, places: Iterable[str]) -> bool:
        return len({self.desk.catalogue.unit(indicator, place) for place in places}) == 1

    def _compared(self, indicator: str, measures: Sequence[MeasureRequest]) -> MeasureRequest:
        """The measure to compare places by: the first that the section shows and that is comparable between them."""
        if self._one_unit(indicator, self.places):
            return next((m for m in measures if m.measure != "rank"), LEVEL)
        return next((m for m in measures if m.measure in (*COMPARED, "volatility", "average annual growth")), ON_YEAR)


MAKERS: dict[str, Callable[[Pictures, str, Sequence[MeasureRequest]], ChartRequest | None]] = {
    "line": Pictures.line,
    "column": Pictures.column,
    "bar": Pictures.bar,
    "dot plot": Pictures.dot_plot,
    "small multiples": Pictures.small_multiples,
    "heat map": Pictures.heat_map,
    "rank bump": Pictures.rank_bump,
    "slope": Pictures.slope,
    "waterfall": Pictures.waterfall,
    "band": Pictures.band,
}


def _rate(measures: Sequence[MeasureRequest]) -> MeasureRequest:
    """The first rate of change among the measures asked for; growth on the year where none is."""
    return next((m for m in measures if m.measure in COMPARED and m.basis != "since"), ON_YEAR)


def _measure_name(derived: Derived, request: MeasureRequest | None = None) -> str:
    if derived.measure == "share" and request is not None and derived.basis and request.to != "total":
        return f"share of {derived.basis}"
    if derived.measure == "contribution" and request is not None:
        return f"{derived.measure} {derived.facts.get('to') or request.to}"
    if derived.measure == "rank":
        return _ranked(derived)
    return f"{derived.measure} {derived.basis}".strip() if derived.measure in COMPARED else derived.measure


def _ranked(derived: Derived) -> str:
    """A rank by what it is counted, and from which end: of growth or of levels."""
    by = " by growth" if derived.facts.get("of") == "growth" else ""
    return f"rank{by} from bottom" if derived.facts.get("counted_from") == "bottom" else f"rank{by}"


def _common(units: set[str]) -> str:
    """Contributions are points of a growth in percent."""
    return "percentage point" if units == {"percent", "percentage point"} else ""


def _begun(axis: Sequence[Period], rows: Sequence[Series]) -> tuple[tuple[Period, ...], list[Series]]:
    """Without the periods before the first mark of any."""
    first = min((n for row in rows for n, mark in enumerate(row.marks) if mark is not None), default=len(axis))
    return tuple(axis[first:]), [replace(row, marks=row.marks[first:]) for row in rows]


def _shows(measure: str, finding: Finding, periods: int) -> bool:
    """Whether a chart of a measure over so many periods shows what a finding tells: of rates, those on its own basis;
    how many rose, where levels are drawn for several periods."""
    basis = finding.facts.get("basis", "")
    if finding.kind == "extremes":
        return finding.facts.get("measure", "level") == measure
    if finding.kind in ("rank", "rank_moves"):
        by = " by growth" if finding.facts.get("of") == "growth" else ""
        end = " from bottom" if finding.facts.get("counted_from") == "bottom" else ""
        return measure == f"rank{by}{end}"
    if finding.kind == "breadth" and measure == "level":
        return basis == "on year" and periods > 1
    return finding.kind not in ("growth", "sign_change", "movers", "breadth") or measure in (
        f"growth {basis}".strip(),
        f"change {basis}".strip(),
    )


def _value(derived: Derived | None) -> float:
    return derived.value if derived is not None else float("-inf")


def _sources(marks: Iterable[Derived]) -> tuple[str, ...]:
    return tuple(sorted({row.source for mark in marks for row in mark.inputs}))
