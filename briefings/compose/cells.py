"""Which tables a section gets, and what stands in them.

In: the desk, a section. Out: table requests whose every number is a figure, or a stated absence. How a table is set is
decided in `tables`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from briefings.briefing import Absence, Cell, Column, Point, RankedRow, Row, TableRequest, figure_id
from briefings.compose.desk import LEVEL, Desk
from briefings.compose.members import lead_of, members, shown
from briefings.compose.pictures import WINDOW
from briefings.compose.single import peers_of
from briefings.measures import Derived, Refusal
from briefings.periods import Period, Shape
from briefings.themes import MeasureRequest, Section, Show

#: Measures that fill a column; records and streaks are told in sentences.
IN_COLUMNS = frozenset(
    {
        "level",
        "change",
        "growth",
        "change in growth",
        "average annual growth",
        "share",
        "per head",
        "ratio",
        "index",
        "gap",
        "gap in growth",
        "rank",
        "attainment",
        "contribution",
        "rolling average",
        "volatility",
    }
)
#: Fewer values are no course.
FEWEST_POINTS = 4
#: A table of history shows so many periods at most: the page is for reading, the annex holds the rest.
LONGEST = 24
FLAGS = {"estimate": "e", "flash": "p", "preliminary": "p", "target": "f"}


class Cells:
    """Tables at the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def summary(self, shows: Sequence[Show]) -> TableRequest | None:
        """The table of page one: a row an indicator of the headline, a column a measure."""
        show: dict[str, tuple[MeasureRequest, ...]] = {}
        for item in shows:
            for indicator, measures in item.items():
                show[indicator] = show.get(indicator, ()) + measures
        return self._by_indicator("summary", show)

    def of_section(self, section: Section, places: Sequence[str]) -> tuple[TableRequest, ...]:
        """Rows by place where the section shows several, by member where it splits its indicators, by indicator or by
        period where it shows one."""
        if section.table == "none":
            return ()
        key = str(section.title)
        if len(places) > 1:
            made = [self._by_place(key, indicator, m, places, section) for indicator, m in section.show.items()]
        elif section.split is not None and section.table != "history" and self._split(section):
            made = [self._by_member(key, indicator, m, section) for indicator, m in section.show.items()]
        elif section.table == "history" or (section.table == "auto" and len(section.show) == 1):
            made = [self._by_period(key, indicator, m, section) for indicator, m in section.show.items()]
        else:
            made = [self._by_indicator(key, section.show, section)]
        return tuple(table for table in made if table is not None)

    def _by_indicator(self, key: str, show: Show, section: Section | None = None) -> TableRequest | None:
        wanted = list(dict.fromkeys(m for measures in show.values() for m in measures if m.measure in IN_COLUMNS))
        rows, used = [], []
        dated = self._dated(show)
        for indicator, measures in show.items():
            place = self.desk.where(indicator)
            answers = [
                self.desk.ask(m, indicator, place, peers=self._peers(m, (place,))) if m in measures else None
                for m in wanted
            ]
            if any(isinstance(answer, Derived) for answer in answers):
                cells = tuple(self._cell(answer) for answer in answers)
                trend = self._trend(section, indicator, place)
                rows.append(
                    Row(indicator=indicator, place=place, period=dated.get(indicator, ""), cells=cells, trend=trend)
                )
                used.append(answers)
        columns = [
            Column(id=str(m), indicator="", measure=_named(m, used, i, self.desk), unit=_unit(used, i, self.desk))
            for i, m in enumerate(wanted)
        ]
        return self._table(f"{key} indicators", "indicators", columns, rows, used)

    def _dated(self, indicators: Iterable[str]) -> dict[str, str]:
        """The periods of the rows of a table, where one of them is not the briefing's own."""
        told = {indicator: self.desk.period_of(indicator) for indicator in indicators}
        if set(told.values()) <= {self.desk.period}:
            return {}
        return {indicator: str(period) for indicator, period in told.items()}

    def _by_place(
        self, key: str, indicator: str, measures: Sequence[MeasureRequest], places: Sequence[str], section: Section
    ) -> TableRequest | None:
        wanted = [m for m in dict.fromkeys(measures) if m.measure in IN_COLUMNS]
        benchmarks = self.desk.benchmarks & set(places)
        named = [p for p in dict.fromkeys((self.desk.place, *places)) if self.desk.observed(indicator, p)]
        ranked = tuple(p for p in named if p not in benchmarks)
        lead = lead_of(wanted)
        order = {place: _number(self.desk.ask(lead, indicator, place)) for place in named}
        told = [p for p in ranked if order[p] > float("-inf") or p == self.desk.place or self._withheld(indicator, p)]
        ordered = sorted(told, key=lambda p: (-order[p], p))
        kept, of = self._limited(ordered, section)
        ranking = self._ranking(indicator, lead, wanted, ordered, ranked) if of else ()
        kept += sorted(benchmarks & set(named), key=lambda p: (-order[p], p))
        answers = {
            place: [self._of_place(m, indicator, place, ranked if place in ranked else ()) for m in wanted]
            for place in kept
        }
        dated = self._dated([indicator])
        rows = [
            Row(
                place=place,
                indicator=indicator,
                period=dated.get(indicator, ""),
                cells=tuple(self._cell(answer) for answer in answers[place]),
                highlight=place == self.desk.place,
                benchmark=place in benchmarks,
                trend=self._trend(section, indicator, place),
            )
            for place in kept
            if any(isinstance(answer, Derived) for answer in answers[place]) or self._withheld(indicator, place)
        ]
        used = [answers[row.place] for row in rows]
        columns = [
            Column(
                id=str(m), indicator=indicator, measure=_named(m, used, i, self.desk), unit=_unit(used, i, self.desk)
            )
            for i, m in enumerate(wanted)
        ]
        name = f"{key} {indicator} places"
        return self._table(name, "places", columns, rows, used, order="ranked", of=of, ranking=ranking)

    def _split(self, section: Section) -> bool:
        """Whether any indicator of the section has members."""
        return any(members(self.desk, indicator, section) for indicator in section.show)

    def _by_member(
        self, key: str, indicator: str, measures: Sequence[MeasureRequest], section: Section
    ) -> TableRequest | None:
        """A row a member of the breakdown, the largest first, and the whole, emphasised, below them."""
        wanted = [m for m in dict.fromkeys(measures) if m.measure in IN_COLUMNS]
        place = self.desk.place
        found = members(self.desk, indicator, section)
        kept = shown(found, section)
        answers = {part: [self._of_member(m, indicator, part) for m in wanted] for part in (*kept, "")}
        dated = self._dated([indicator])
        rows = [
            Row(
                place=place,
                breakdown=part,
                indicator=indicator,
                period=dated.get(indicator, ""),
                cells=tuple(self._cell(answer) for answer in answers[part]),
                highlight=not part,
                trend=self._trend(section, indicator, place, part),
            )
            for part in answers
            if part in kept or any(isinstance(answer, Derived) for answer in answers[part])
        ]
        used = [answers[row.breakdown] for row in rows]
        columns = [
            Column(
                id=str(m), indicator=indicator, measure=_named(m, used, i, self.desk), unit=_unit(used, i, self.desk)
            )
            for i, m in enumerate(wanted)
        ]
        of = len(found) if len(kept) < len(found) else None
        name = f"{key} {indicator} {section.split}"
        return self._table(name, "breakdowns", columns, rows, used, order="ranked", of=of)

    def _of_member(self, m: MeasureRequest, indicator: str, part: str) -> Derived | Refusal | None:
        """The measure of a member, or of the whole: that has no share of itself."""
        if not part and m.to == "total":
            return None
        peers = self._peers(m, (self.desk.place,))
        return self.desk.ask(m, indicator, self.desk.place, breakdown=part, peers=peers)

    def _ranking(
        self,
        indicator: str,
        lead: MeasureRequest,
        wanted: Sequence[MeasureRequest],
        places: Sequence[str],
        ranked: tuple[str, ...],
    ) -> tuple[RankedRow, ...]:
        """Every place of a table that shows but some, with its values and its way back, for the workbook alone: as
        figures, each with its inputs and formula, thousands of rows would weigh more than the edition."""
        columns = [self._in_each(m, indicator, places, ranked) for m in wanted]
        found = []
        for at, place in enumerate(places):
            answer = self.desk.ask(lead, indicator, place)
            if isinstance(answer, Derived):
                inputs = answer.inputs
                row = RankedRow(
                    place=place,
                    name=self.desk.catalogue.places[place].name.texts,
                    values=tuple(column[at] for column in columns),
                    period=str(answer.period),
                    unit=self.desk.unit(answer),
                    status=answer.status,
                    source=" | ".join(dict.fromkeys(each.source for each in inputs)),
                    published=max(each.published for each in inputs).isoformat(),
                    locator=" | ".join(each.locator for each in inputs),
                )
                found.append(row)
        return tuple(found)

    def _in_each(
        self, m: MeasureRequest, indicator: str, places: Sequence[str], ranked: tuple[str, ...]
    ) -> list[float | None]:
        """The values of one measure in these places."""
        if m.measure == "rank":
            ranks = self.desk.ranks(m, indicator, ranked)
            return [ranks.get(place) for place in places]
        answers = (self._of_place(m, indicator, place, ()) for place in places)
        return [answer.value if isinstance(answer, Derived) else None for answer in answers]

    def _withheld(self, indicator: str, place: str) -> bool:
        """Whether the source withholds the place's figure: it has a row, which says so."""
        return (indicator, place, "", self.desk.period) in self.desk.checked.confidential

    def _of_place(
        self, m: MeasureRequest, indicator: str, place: str, peers: tuple[str, ...]
    ) -> Derived | Refusal | None:
        """The measure of a row; a benchmark has no rank among the places it holds, and nothing a share of itself."""
        whole = self.desk.catalogue.resolve((m.to,), around=place) if m.measure == "share" and m.to else ()
        if (m.measure == "rank" and not peers) or place in whole:
            return None
        return self.desk.ask(m, indicator, place, peers=peers if m.measure == "rank" else ())

    def _limited(self, places: list[str], section: Section) -> tuple[list[str], int | None]:
        """The top and the bottom of the ranked places, and the briefing's own; how many there were, if not all."""
        most = section.top + section.bottom
        if len(places) <= most:
            return places, None
        cut = len(places) - section.bottom
        return [p for i, p in enumerate(places) if i < section.top or i >= cut or p == self.desk.place], len(places)

    def _by_period(
        self, key: str, indicator: str, measures: Sequence[MeasureRequest], section: Section
    ) -> TableRequest | None:
        wanted = [
            m
            for m in dict.fromkeys(measures)
            if m.measure in IN_COLUMNS and m.measure not in ("volatility", "average annual growth")
        ]
        place = self.desk.where(indicator)
        length = min(section.over or WINDOW[self.desk.theme.cadence], LONGEST)
        axis = self._told(indicator, place, self.desk.back_from(indicator, length))
        found: list[tuple[Period, list[Derived | Refusal | None]]] = [
            (period, [self.desk.ask(m, indicator, place, period, peers=self._peers(m, (place,))) for m in wanted])
            for period in axis
        ]
        while found and not any(isinstance(answer, Derived) for answer in found[-1][1]):
            found.pop()
        declared = self.desk.checked.barriers.get((indicator, place), ())
        broken = {each.period for each in declared if not each.jump and each.breakdown is None}
        rows = [
            Row(
                place=place,
                indicator=indicator,
                period=str(period),
                cells=tuple(_marked(self._cell(a), "b" if period in broken else "") for a in answers),
                highlight=period == axis[0],
            )
            for period, answers in found
        ]
        used = [answers for _, answers in found]
        columns = [
            Column(
                id=str(m), indicator=indicator, measure=_named(m, used, i, self.desk), unit=_unit(used, i, self.desk)
            )
            for i, m in enumerate(wanted)
        ]
        return self._table(f"{key} {indicator} periods", "periods", columns, rows, used, order="time")

    def _trend(self, section: Section | None, indicator: str, place: str, breakdown: str = "") -> tuple[Point, ...]:
        """The levels of the periods that a section's charts reach back, the oldest first, for a sparkline; nothing
        where it asks for none, or too few are known."""
        if section is None or not section.sparkline:
            return ()
        length = section.over or WINDOW[self.desk.theme.cadence]
        axis = self.desk.back_from(indicator, length)[::-1]
        told = [(period, self.desk.ask(LEVEL, indicator, place, period, breakdown=breakdown)) for period in axis]
        while told and not isinstance(told[0][1], Derived):
            told.pop(0)
        if sum(isinstance(answer, Derived) for _, answer in told) < FEWEST_POINTS:
            return ()
        return tuple(
            Point(period=str(period), figure=self.desk.enter(answer) if isinstance(answer, Derived) else None)
            for period, answer in told
        )

    def _told(self, indicator: str, place: str, axis: list[Period]) -> list[Period]:
        """The periods without January alone, where the year to date is never told of it."""
        series = [each for each in self.desk.panel if (each.indicator, each.place) == (indicator, place)]
        told = {row.period for each in series for row in each}
        january = any(_is_january(period) for period in told)
        return [period for period in axis if january or not _is_january(period)]

    def _peers(self, m: MeasureRequest, fallback: tuple[str, ...]) -> tuple[str, ...]:
        if m.measure != "rank":
            return ()
        return peers_of(self.desk, self.desk.place) or fallback

    def _cell(self, answer: Derived | Refusal | None) -> Cell:
        if answer is None:
            return Cell(absence="not applicable")
        if isinstance(answer, Refusal):
            absence: Absence = "refused" if answer.reason not in ABSENT else "not available"
            return Cell(absence=ABSENT.get(answer.reason, absence))
        flags = (FLAGS.get(answer.status, ""), "k" if any(row.correction for row in answer.inputs[:1]) else "")
        return Cell(figure=self.desk.enter(answer), flags=tuple(filter(None, flags)))

    def _table(
        self,
        key: str,
        rows_are: str,
        columns: list[Column],
        rows: list[Row],
        used: list[list[Derived | Refusal | None]],
        *,
        order: str = "given",
        of: int | None = None,
        ranking: tuple[RankedRow, ...] = (),
    ) -> TableRequest | None:
        filled = [i for i in range(len(columns)) if any(isinstance(row[i], Derived) for row in used)]
        if not filled or not rows:
            return None
        return TableRequest(
            id="t" + figure_id(key)[1:],
            rows_are=rows_are,
            columns=tuple(columns[i] for i in filled),
            rows=tuple(row.model_copy(update={"cells": tuple(row.cells[i] for i in filled)}) for row in rows),
            order=order,
            of=of,
            ranking=tuple(row.model_copy(update={"values": tuple(row.values[i] for i in filled)}) for row in ranking)
            if len(filled) < len(columns)
            else ranking,
            sources=tuple(sorted({o.source for row in used for a in row if isinstance(a, Derived) for o in a.inputs})),
        )


#: Refusals that are plain absences rather than comparisons that make no sense.
ABSENT: dict[str, Absence] = {
    "no_observation": "not available",
    "base_missing": "not available",
    "too_short": "not available",
    "gap_inside": "not available",
    "benchmark_missing": "not available",
    "peers_missing": "not available",
    "benchmark_is_itself": "not applicable",
    "held_jump": "held",
    "confidential": "confidential",
}


def _is_january(period: Period) -> bool:
    return period.shape is Shape.CUMULATED_MONTHS and period.start.month == period.end.month == 1


def _marked(cell: Cell, flag: str) -> Cell:
    """A cell with a further letter behind its figure, where it holds one."""
    return cell.model_copy(update={"flags": (*cell.flags, flag)}) if flag and cell.figure else cell


def _named(m: MeasureRequest, used: list[list[Derived | Refusal | None]], i: int, desk: Desk) -> str:
    """The measure of a column, by what was worked out: change where growth was asked of percentages, or of prices,
    rates and indices alone."""
    found = [row[i] for row in used if isinstance(row[i], Derived)]
    if m.to and m.to not in ("total", *desk.catalogue.indicators):
        return _of_one(m, found, desk)
    rates = [answer for answer in found if isinstance(answer, Derived) and answer.measure in ("growth", "change")]
    if not rates or m.basis == "since":
        return str(m)
    moving = all(desk.indicator(rate.indicator).nature in ("rate", "share", "index") for rate in rates)
    return f"{'change' if moving else rates[0].measure} {rates[0].basis}".strip()


def _of_one(m: MeasureRequest, found: Sequence[Derived | Refusal | None], desk: Desk) -> str:
    """The measure with the place that `province` or `nation` means in every row; as it is where these are several."""
    places = {answer.place for answer in found if isinstance(answer, Derived)} or {desk.place}
    resolved = {desk.catalogue.resolve((str(m.to),), around=place)[:1] for place in places}
    one = resolved.pop() if len(resolved) == 1 else ()
    return str(replace(m, to=one[0])) if one else str(m)


def _unit(used: list[list[Derived | Refusal | None]], i: int, desk: Desk) -> str:
    """The unit of a column, or nothing where its cells have several and carry their own."""
    units = {desk.figures[desk.enter(row[i])].unit for row in used if isinstance(row[i], Derived)}  # type: ignore[arg-type]
    return units.pop() if len(units) == 1 else ""


def _number(answer: Derived | Refusal | None) -> float:
    return answer.value if isinstance(answer, Derived) else float("-inf")
