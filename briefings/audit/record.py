"""Is the script itself true: each number that it holds, against the briefing.

In: a script and the briefing it was written for. Out: objections. A finished file that says what its script says proves
no more than the templates; here the script is held against the facts. Which figure stands in which cell follows from
the briefing's own tables, which may stand in a sentence from its findings, which are labels of a chart from its
request; and each printed text is read by the audit's own reader (`numerals`) and must be the figure's value, rounded to
the places printed, in its unit. Whether a sentence tells its figures in the right roles is the read-back's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from briefings.audit import numerals
from briefings.audit.model import Objection
from briefings.briefing import Briefing, ChartRequest, Figure, Finding, Row, TableRequest
from briefings.errors import PeriodError
from briefings.periods import Language, Period
from briefings.script import Line, Run, Script

_ROW = re.compile(r"table/(?P<table>[^/]+)/row/(?P<row>[0-9]+)")


def objections(script: Script, briefing: Briefing, language: str) -> list[Objection]:
    """What a script says that the briefing does not."""
    record = _Record(script, briefing, language)
    return [*record.numbers(), *record.tables(), *record.places()]


class _Record:
    def __init__(self, script: Script, briefing: Briefing, language: str) -> None:
        self.script = script
        self.briefing = briefing
        self.language = language
        self._judged: dict[tuple[str, str, str, bool, bool], str] = {}

    # Each number

    def numbers(self) -> Iterator[Objection]:
        """Each printed text is its figure's value in its unit."""
        for name, lines in self.script.files.items():
            for line in lines:
                for n, run in enumerate(line.runs):
                    if run.figure:
                        yield from self._number(name, line, n, run)

    def _number(self, name: str, line: Line, n: int, run: Run) -> Iterator[Objection]:
        figure = self.briefing.figures.get(run.figure)
        if figure is None:
            yield Objection(f"{name}, {line.where}", f"“{run.text}”", "a figure of the briefing", run.figure)
            return
        if line.where.startswith("figures/"):
            if strange := set(run.text.split(" / ")) - self._printed[run.figure]:
                yield Objection(f"{name}, {line.where}", f"“{strange.pop()}”", "as it is printed elsewhere", run.figure)
            return
        signed = ("/row/" in line.where and not self._accounts(line.where)) or "/text/" in line.where
        signed = signed or "/mark/" in line.where
        expected = self._wrong(run, figure, line, n, signed=signed)
        if expected:
            yield Objection(f"{name}, {line.where}", f"“{run.text}”", expected, run.figure)

    def _wrong(self, run: Run, figure: Figure, line: Line, n: int, *, signed: bool) -> str:
        after = line.runs[n + 1].text[:24] if n + 1 < len(line.runs) and not run.unit else ""
        key = (run.text, run.figure, run.unit or after, signed, bool(run.unit))
        if key not in self._judged:
            self._judged[key] = numerals.wrong(
                run.text, figure, head=run.unit, after=after, signed=signed, counters=self._counters(figure)
            )
        return self._judged[key]

    def _counters(self, figure: Figure) -> frozenset[str]:
        """The words that count what a figure counts, as the catalogue names them."""
        known = self.briefing.names.indicators.get(figure.indicator)
        words = known.counter.values() if known else ()
        return frozenset(form for word in words for form in word.split("|") if form)

    @cached_property
    def _printed(self) -> dict[str, set[str]]:
        """Figure -> the texts that print it, outside the list of figures."""
        found: dict[str, set[str]] = {key: set() for key in self.briefing.figures}
        for lines in self.script.files.values():
            for line in lines:
                if not line.where.startswith("figures/"):
                    for run in line.runs:
                        if run.figure in found:
                            found[run.figure].add(run.text)
        return found

    # Tables

    @cached_property
    def _requests(self) -> dict[str, TableRequest]:
        return {table.id: table for table in self.briefing.every_table()}

    def _accounts(self, where: str) -> bool:
        found = _ROW.match(where)
        request = self._requests.get(found["table"]) if found else None
        return request is not None and request.rows_are == "accounts"

    def tables(self) -> Iterator[Objection]:
        """Each cell prints the figure that the briefing has in that row and column; rows are named after what they are
        of."""
        for name, lines in self.script.files.items():
            waiting: dict[str, Iterator[Row]] = {}
            for line in lines:
                if not (found := _ROW.fullmatch(line.where)):
                    continue
                request = self._requests.get(found["table"])
                if request is None:
                    yield Objection(f"{name}, {line.where}", "a table that the briefing does not ask for", "none")
                    continue
                rows = waiting.setdefault(request.id, iter(request.rows))
                yield from self._row(f"{name}, {line.where}", line, rows, request)

    def _is_more(self, figure: str) -> bool:
        """Whether a figure is other than zero: a table has a mark for that, which is no number."""
        return figure not in self.briefing.figures or self.briefing.figures[figure].value != 0

    def _row(self, where: str, line: Line, rows: Iterator[Row], request: TableRequest) -> Iterator[Objection]:
        """`rows`: those of the request from here on; a page may leave rows out, but not change their order."""
        printed = [run.figure for run in line.runs if run.figure and self._is_more(run.figure)]
        for row in rows:
            if [
                cell.figure for cell in row.cells if cell.figure and self._is_more(cell.figure)
            ] == printed and self._is_named(row, line, request):
                return
        yield Objection(
            where,
            f"“{line.text.strip()}”",
            f"the rows of the briefing's table {request.id} in their order, each cell with its own figure",
            printed[0] if printed else "",
        )

    def _is_named(self, row: Row, line: Line, request: TableRequest) -> bool:
        """Whether a row bears a name of what it is of; where nobody has named that, its place alone counts."""
        names = {
            "places": self._names_of_place(row.place),
            "periods": self._names_of_period(row.period),
            "indicators": self._names_of_indicator(row.indicator),
            "breakdowns": frozenset(filter(None, self.briefing.names.breakdowns.get(row.breakdown, {}).values())),
        }.get(request.rows_are, frozenset())
        return not names or any(name in line.text for name in names)

    def _names_of_place(self, place: str) -> frozenset[str]:
        known = self.briefing.names.places.get(place)
        return frozenset(text for text in known.name.values() if text) if known else frozenset()

    def _names_of_indicator(self, indicator: str) -> frozenset[str]:
        known = self.briefing.names.indicators.get(indicator)
        return (
            frozenset(text for texts in (known.name, known.short) for text in texts.values() if text)
            if known
            else frozenset()
        )

    def _names_of_period(self, period: str) -> frozenset[str]:
        try:
            known = Period.parse(period)
        except PeriodError:
            return frozenset()
        tongue: Language = "zh" if self.language == "zh" else "en"
        return frozenset((known.write(tongue, "short"), known.write(tongue, "long")))

    # Sentences and charts

    def places(self) -> Iterator[Objection]:
        """A sentence prints figures of its finding alone, a chart those of its marks and of what it pictures."""
        allowed = dict(self._allowed())
        everywhere = frozenset(self.briefing.figures)
        for name, lines in self.script.files.items():
            for line in lines:
                here = next((allowed[key] for key in _keys(line.where) if key in allowed), everywhere)
                for run in line.runs:
                    if run.figure and run.figure not in here:
                        expected = "a figure of what this place tells of"
                        yield Objection(f"{name}, {line.where}", f"“{run.text}”", expected, run.figure)

    def _allowed(self) -> Iterator[tuple[str, frozenset[str]]]:
        for n, finding in enumerate(self.briefing.headline, start=1):
            yield f"finding/{n}", self._with_former(_figures(finding))
        changes = self.briefing.changes.every if self.briefing.changes else ()
        yield "change", frozenset(figure for change in changes for figure in change.figures.values())
        yield "note", frozenset(figure for note in self.briefing.notes for figure in note.figures.values())
        for section in self.briefing.sections:
            told = self._with_former(figure for finding in section.findings for figure in _figures(finding))
            yield f"section/{section.id}", told
            for chart in section.charts:
                plotted = frozenset(_plotted(chart))
                yield f"chart/{chart.id}/text", plotted
                yield f"chart/{chart.id}/mark", plotted
                yield f"chart/{chart.id}", plotted | told | self._pictured(chart) | self._of_series(chart)

    def _with_former(self, figures: Iterable[str]) -> frozenset[str]:
        """Figures with what those of them were that have been revised since the last edition."""
        revised = self.briefing.changes.revised if self.briefing.changes else ()
        was = {change.figures["new"]: change.figures["old"] for change in revised}
        own = frozenset(figures)
        return own | {was[figure] for figure in own & was.keys()}

    def _pictured(self, chart: ChartRequest) -> frozenset[str]:
        """The figures of the finding that a chart pictures."""
        findings = (finding for finding in self.briefing.every_finding() if finding.id == chart.finding)
        return frozenset(figure for finding in findings for figure in _figures(finding))

    def _of_series(self, chart: ChartRequest) -> frozenset[str]:
        """What else is known of what a chart plots: its title may say how much it grew."""
        plotted = {(series.indicator, series.place, series.breakdown) for series in chart.series}
        every = self.briefing.figures.values()
        return frozenset(figure.id for figure in every if (figure.indicator, figure.place, figure.breakdown) in plotted)


def _keys(where: str) -> Iterator[str]:
    """`chart/c1/text/3`, `chart/c1/text`, `chart/c1`, `chart`: the places that a line stands in, from within."""
    while where:
        yield where
        where = where.rpartition("/")[0]


def _figures(finding: Finding) -> Iterator[str]:
    yield from finding.figures.values()
    for entry in finding.entries:
        yield from entry.figures.values()


def _plotted(chart: ChartRequest) -> Iterator[str]:
    return (point.figure for series in chart.series for point in series.points if point.figure)
