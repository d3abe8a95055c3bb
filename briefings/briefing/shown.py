"""What a section holds: charts and tables that are asked for, with their figures."""

from __future__ import annotations

from typing import Literal

from briefings.briefing.figures import Text, Value
from briefings.briefing.findings import Finding


class Point(Value):
    """One mark: a period and the figure plotted there; `figure` is None where the series has a gap."""

    period: str
    figure: str | None


class PlottedSeries(Value):
    """One line, one set of bars, one row of a heat map: a place (or breakdown), highlighted or grey.

    `row`: which of several bars a part belongs to, in a chart of stacked parts: an indicator's id, a place or a period;
    in a waterfall or a band what it is beside a place: `total`, `others`, `highest`, `lower quartile` ... `colour`: the
    number of its colour in the house theme, the same in every chart and edition; None: grey among others.
    """

    indicator: str
    place: str
    breakdown: str = ""
    row: str = ""
    highlight: bool = False
    colour: int | None = None
    points: tuple[Point, ...]


ChartKind = Literal[
    "line",
    "column",
    "bar",
    "dot plot",
    "small multiples",
    "heat map",
    "rank bump",
    "dumbbell",
    "bullet",
    "stacked bar",
    "tier bar",
    "slope",
    "waterfall",
    "band",
]


class ChartRequest(Value):
    """What is to be drawn. The marks are figures of the briefing; the title says `finding`.

    `measure` is what is plotted (level, growth, growth on previous period, rank, share ...), in `unit`. Series stand in
    the order in which they are drawn or listed. `periods` are all steps of the axis, gaps included.
    """

    id: str
    kind: ChartKind
    measure: str
    unit: str
    indicator: str
    periods: tuple[str, ...]
    series: tuple[PlottedSeries, ...]
    finding: str | None = None
    sources: tuple[str, ...]
    height: Literal["normal", "tall"] = "normal"
    breaks: tuple[str, ...] = ()


class Column(Value):
    """A column of figures: one measure of one indicator in one period, in `unit`."""

    id: str
    indicator: str
    measure: str
    unit: str
    period: str = ""
    decimals: int | None = None


Absence = Literal["not available", "not applicable", "confidential", "held", "refused", "zero"]


class Cell(Value):
    """A figure, or why there is none. `flags` are Eurostat's letters (b break, e estimated, f forecast, p provisional,
    r revised) and three of this house's: k corrected by a person, t target, x contradicted by other figures and held
    until a person decides."""

    figure: str | None = None
    absence: Absence | None = None
    flags: tuple[str, ...] = ()


class Row(Value):
    """A row: a place, a breakdown of it, an indicator or a period. `measure` says which of an indicator's figures
    stands in a row of accounts (level, growth, rank ...) or of revisions; `main` is the first row of an account, under
    which the others are indented; `published` is the day on which a revision was published. `trend` is the course of
    the row's indicator, drawn as a sparkline: empty where none is asked for, or too little is known."""

    place: str = ""
    breakdown: str = ""
    indicator: str = ""
    period: str = ""
    measure: str = ""
    main: bool = True
    published: str = ""
    cells: tuple[Cell, ...]
    highlight: bool = False
    benchmark: bool = False
    trend: tuple[Point, ...] = ()


class RankedRow(Value):
    """A place of a table that shows the first and the last of many: what the workbook alone holds of it.

    `values`: those of the table's columns, unrounded, None where there is none. The rest is of the measure by which the
    table is ordered: its period, unit and status, and where the figures that it was made of stand; `name`: the
    place's, in each language. No figure is made of it, for no page prints it.
    """

    place: str
    name: Text
    values: tuple[float | None, ...]
    period: str
    unit: str
    status: str
    source: str
    published: str
    locator: str


class TableRequest(Value):
    """What is to be set as a table: rows by place (ranked), indicator or period; a column a measure.

    `rows_are` says what the first column names. A table of accounts has one column of figures, each in its own unit,
    and a row for each figure told of an indicator; one of revisions has what a figure was, what it is now and the
    difference, and the day on which the revision was published. Where rows of places or accounts differ in period, the
    period has a column of its own. `of` is how many rows there were when only `len(rows)` are shown; `ranking` holds
    them all then, those shown too, in their order.
    """

    id: str
    rows_are: Literal["places", "indicators", "periods", "breakdowns", "accounts", "revisions"]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    order: Literal["given", "ranked", "time"] = "given"
    of: int | None = None
    ranking: tuple[RankedRow, ...] = ()
    sources: tuple[str, ...]


class Section(Value):
    """One section: title, findings in order of weight, charts, tables. Never empty."""

    id: str
    title: Text
    findings: tuple[Finding, ...] = ()
    charts: tuple[ChartRequest, ...] = ()
    tables: tuple[TableRequest, ...] = ()
