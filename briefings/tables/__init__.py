"""Set a table request: texts, alignment, one scale and one precision a column, marks and their legend.

In: a `TableRequest` of a `Briefing`, a language, and the fixed words of the pages (`furniture`, from narrative's phrase
books). Out: a `SetTable` of plain texts, which render puts into HTML, mail and workbook. Which rows and columns are
worth setting is decided in `compose`; how a number is written is decided in `quantities`.

Most tables have a unit a column. A table of accounts has one column of figures, each with its own unit in the cell: the
first row of an account names the indicator, those below say which other figure of it they hold. A table of revisions
writes its figures likewise, in three columns, and the day of publication behind them.

Keys of `furniture` read here: `rows <rows_are>`, `total row`, `absence <absence>`, `flag <letter>`, `mark <mark>`,
`figure alone`, `period`, `previously`, `now`, `difference`, `published head`, `showing`, `rounding`, `below half`,
`ordered by size`, `ordered by time`, `benchmarks`, `colon`, `list separator`; in `names`: `measure <measure>`,
`in place`, `among group`, `growth alone`, `change alone`; those of `trends` are named there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Literal

from briefings.briefing import Absence, Briefing, Cell, Column, Figure, Row, TableRequest
from briefings.quantities import (
    Language,
    Scale,
    common_scale,
    qualifier_mark,
    round_half_away,
    scale_for,
    write,
    write_manifold,
    write_number,
)
from briefings.tables.model import Head, SetCell, SetRow, SetTable
from briefings.tables.names import (
    account_measure,
    account_name,
    breakdown_name,
    counting_word,
    in_language,
    indicator_name,
    indicator_row,
    measure_name,
    period_key,
    period_name,
    place_name,
    tongue,
    without_sign,
)
from briefings.tables.trends import course, trend_head

__all__ = [
    "MARKS",
    "MOST_ROWS",
    "Head",
    "SetCell",
    "SetRow",
    "SetTable",
    "account_measure",
    "breakdown_name",
    "counting_word",
    "in_language",
    "indicator_name",
    "measure_name",
    "period_key",
    "period_name",
    "place_name",
    "set_table",
    "shown_rows",
]

#: The mark that stands in a cell without a figure; each is explained under the table that uses it. `:` is Eurostat's.
MARKS: dict[Absence, str] = {
    "not available": ":",
    "not applicable": "·",
    "confidential": "c",
    "held": "×",
    "refused": "†",
    "zero": "–",
}

#: What stands before a number that its source leaves open, in the order of the legend.
QUALIFIERS = (">", "<", "≥", "≤", "≈")

#: More rows than this are not set: the page says "showing n of m", and the annex holds them all. Accounts are all set:
#: what an edition tells of stands in it.
MOST_ROWS = 150

#: Fewer rows are in no order that needs telling.
FEWEST_ORDERED = 3

_ALL_ZEROS = re.compile(r"0(?:\.0+)?")

#: Measures of which the parts make up the whole.
ADD_UP = ("level", "share", "contribution")

#: Units that need no word beside a number.
_UNITLESS = frozenset({"index", "ratio", "number"})

#: Units that are read as they stand: no place after the point beyond this one.
_ONE_PLACE = frozenset({"percent", "percentage point"})

#: Digits that the middle figure of a scaled column keeps, where its source gives them; so many places at most.
DIGITS, MOST_PLACES = 4, 4

#: Below this, numbers of a table are read without counting their digits.
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class _Setting:
    """What every step needs: the request, its briefing, the language and the words."""

    request: TableRequest
    briefing: Briefing
    language: str
    words: Mapping[str, str]
    rows: tuple[Row, ...] = field(default=())

    @property
    def accounts(self) -> bool:
        return self.request.rows_are == "accounts"

    @property
    def dated(self) -> bool:
        """Whether the rows have a column of periods: places and indicators where they have one, accounts where one is
        not the briefing's own, revisions always."""
        if self.request.rows_are == "revisions":
            return True
        periods = {row.period for row in self.request.rows} - {""}
        if self.accounts:
            return bool(periods - {self.briefing.period})
        return self.request.rows_are in ("places", "indicators") and bool(periods)

    def figure(self, cell: Cell) -> Figure | None:
        return None if cell.figure is None else self.briefing.figures[cell.figure]

    def column(self, index: int) -> list[Figure]:
        """The figures of a column, top to bottom."""
        found = (self.figure(row.cells[index]) for row in self.rows)
        return [figure for figure in found if figure is not None]


def set_table(request: TableRequest, briefing: Briefing, language: str, furniture: Mapping[str, str]) -> SetTable:
    """Set one table. Numbers of a column share scale and precision; where a column mixes units (a row an indicator),
    its rows carry the unit instead."""
    shown = request.rows if request.rows_are in ("accounts", "revisions") else shown_rows(request.rows)
    setting = _Setting(request, briefing, language, furniture, shown)
    names = [Head(furniture[f"rows {request.rows_are}"], align="left")]
    names += [Head(furniture["period"], align="left")] if setting.dated else []
    if request.rows_are == "revisions":
        heads = (*names, *(Head(furniture[key]) for key in ("previously", "now", "difference", "published head")))
        return SetTable(heads, _set_revisions(setting), _legend(setting), _showing(setting), setting.dated)
    if setting.accounts:
        heads = (*names, *(Head(furniture["figure alone"]) for _ in request.columns))
        return SetTable(heads, _set_accounts(setting), _legend(setting), _showing(setting), setting.dated)
    measured = _measured(setting)
    rows = tuple(_set_row(setting, row, measured) for row in setting.rows)
    heads = (*names, *(_head(setting, index, scale) for index, (scale, _) in enumerate(measured)))
    marks = (
        *_order(setting, [head.text for head in heads[1 + setting.dated :]]),
        *_legend(setting, rows),
        *_below_half(setting, rows),
        *_rounding(setting, measured),
        *_emphasis(setting),
    )
    return SetTable(heads, rows, marks, _showing(setting), setting.dated, trend_head(request, language, furniture))


def shown_rows(rows: Sequence[Row], most: int = MOST_ROWS) -> tuple[Row, ...]:
    """The first rows, at most `most`; highlighted and benchmark rows are never left out."""
    if len(rows) <= most:
        return tuple(rows)
    kept = [row for row in rows if row.highlight or row.benchmark]
    room = most - len(kept)
    others = [row for row in rows if not (row.highlight or row.benchmark)][:room]
    chosen = {id(row) for row in (*kept, *others)}
    return tuple(row for row in rows if id(row) in chosen)


# Scale, precision, cells


def _measured(setting: _Setting) -> list[tuple[Scale | None, int]]:
    """The scale and precision of each column; no scale where its figures are of several units.

    Columns of one unit (a level, its change, a gap) are compared with each other: they share the smallest scale that
    any of them takes, as long as no number in it is too long to read.
    """
    language = tongue(setting.language)
    of_column = [setting.column(index) for index in range(len(setting.request.columns))]
    values: dict[str, list[list[float]]] = {}
    for figures in of_column:
        if len({figure.unit for figure in figures}) == 1:
            values.setdefault(figures[0].unit, []).append([figure.value for figure in figures])
    shared = {unit: _shared(columns, unit, language) for unit, columns in values.items()}
    found: list[tuple[Scale | None, int]] = []
    for figures, column in zip(of_column, setting.request.columns, strict=True):
        unit = figures[0].unit if figures else column.unit
        if len({figure.unit for figure in figures}) > 1:
            found.append((None, 0))
            continue
        scale = shared.get(unit) or scale_for([figure.value for figure in figures], unit, language)
        found.append((scale, _places(figures, unit, scale, column)))
    return found


def _shared(columns: Sequence[Sequence[float]], unit: str, language: Language) -> Scale | None:
    """The scale of all columns of a unit; None where each had better have its own."""
    smallest = min((scale_for(values, unit, language) for values in columns), key=lambda scale: scale.factor)
    largest = max(abs(value) for values in columns for value in values)
    return smallest if len(columns) == 1 or _scaled(largest, smallest) < LONGEST else None


def _places(figures: Sequence[Figure], unit: str, scale: Scale, column: Column | None = None) -> int:
    """Places after the point: as asked for, else the finest that any figure needs, within what a reader can use.

    A figure's own precision counts where nothing is scaled. Otherwise: at most one place for percent; where a scale
    has been divided out two, or as many as leave the middle figure four digits (3.598亿, not 3.60亿, of 359.8 million);
    four for rates and indices.
    """
    if column is not None and column.decimals is not None:
        return column.decimals
    stated = [figure.decimals for figure in figures]
    if stated and scale.factor == 1 and all(decimals is not None for decimals in stated):
        return max(decimals for decimals in stated if decimals is not None)
    most = 1 if unit in _ONE_PLACE else 4 if scale.factor == 1 else _most_places(figures, scale)
    return max((min(_needed(figure.value, scale), most) for figure in figures), default=0)


def _most_places(figures: Sequence[Figure], scale: Scale) -> int:
    sizes = [abs(Decimal(repr(figure.value)) / scale.factor) for figure in figures if figure.value]
    return min(MOST_PLACES, max(2, DIGITS - 1 - median(sizes).adjusted())) if sizes else 2


def _needed(value: float, scale: Scale) -> int:
    """Places after the point of the shortest writing of a value in a scale."""
    exponent = (Decimal(repr(value)) / scale.factor).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _scaled(value: float, scale: Scale) -> float:
    return float(Decimal(repr(value)) / scale.factor)


def _set_row(setting: _Setting, row: Row, measured: Sequence[tuple[Scale | None, int]]) -> SetRow:
    mixed = [setting.figure(cell) for cell, (scale, _) in zip(row.cells, measured, strict=True) if scale is None]
    own = [figure for figure in mixed if figure is not None]
    scale = scale_for([figure.value for figure in own], own[0].unit, tongue(setting.language)) if own else None
    places = _places(own, own[0].unit, scale) if scale else 0
    cells = []
    for cell, (of_column, its_places) in zip(row.cells, measured, strict=True):
        figure = setting.figure(cell)
        chosen, precision = (of_column, its_places) if of_column is not None else (scale, places)
        cells.append(_set_cell(cell, figure, chosen, precision, setting.language))
    name = _row_name(setting, row)
    unit = scale.label if scale and own[0].unit not in _UNITLESS else ""
    period = period_name(row.period, setting.language) if setting.dated and row.period else ""
    trend = course(row, setting.briefing, setting.language, setting.words) if row.trend else None
    return SetRow(name, tuple(cells), row.highlight, row.benchmark, unit, period, trend=trend)


def _set_cell(cell: Cell, figure: Figure | None, scale: Scale | None, places: int, language: str) -> SetCell:
    if figure is None or scale is None:
        absence: Absence = cell.absence or "not available"
        return SetCell(MARKS[absence], None, absence, cell.flags)
    if figure.value == 0 and figure.qualifier == "exact":
        return SetCell(MARKS["zero"], None, "zero", cell.flags)
    text = write_number(_scaled(figure.value, scale), tongue(language), decimals=places)
    return SetCell(_mark(figure) + text, figure.id, None, cell.flags)


def _mark(figure: Figure) -> str:
    return qualifier_mark(figure.qualifier, target=figure.status == "target", unit=figure.unit)


def _row_name(setting: _Setting, row: Row) -> str:
    briefing, language = setting.briefing, setting.language
    match setting.request.rows_are:
        case "places":
            return place_name(briefing, row.place, language)
        case "indicators":
            return indicator_row(briefing, row, language)
        case "periods":
            return period_name(row.period, language)
        case "breakdowns":
            return breakdown_name(briefing, row.breakdown, language) or setting.words["total row"]
        case "accounts" | "revisions":
            return account_name(setting.briefing, row, language, setting.words)


# Accounts


def _set_accounts(setting: _Setting) -> tuple[SetRow, ...]:
    """The rows of accounts; the period of an account stands in its first row."""
    rows, said = [], ""
    for row in setting.rows:
        flags = {flag for cell in row.cells for flag in cell.flags}
        shown = setting.dated and (row.main or row.period != said)
        period = _account_period(setting, row.period, target="t" in flags) if shown and row.period else ""
        said = row.period
        cells = tuple(_account_cell(setting, row, cell) for cell in row.cells)
        name = account_name(setting.briefing, row, setting.language, setting.words)
        rows.append(SetRow(name, cells, row.highlight, row.benchmark, "", period, not row.main))
    return tuple(rows)


def _set_revisions(setting: _Setting) -> tuple[SetRow, ...]:
    """The rows of revisions: what a figure was, what it is, the difference with its sign, when it was published."""
    rows = []
    for row in setting.rows:
        name = account_name(setting.briefing, row, setting.language, setting.words)
        told = [figure for cell in row.cells[:2] if (figure := setting.figure(cell)) is not None]
        scale = common_scale([figure.value for figure in told], told[0].unit, tongue(setting.language))
        values = (_revision_cell(setting, cell, scale) for cell in row.cells[:2])
        difference = _revision_cell(setting, row.cells[2], None)
        day = SetCell(period_name(row.published, setting.language))
        period = period_name(row.period, setting.language)
        rows.append(SetRow(name, (*values, difference, day), period=period))
    return tuple(rows)


def _revision_cell(setting: _Setting, cell: Cell, scale: Decimal | None) -> SetCell:
    """A figure in a scale; a difference in one of its own, with its sign."""
    figure = setting.figure(cell)
    if figure is None:
        return SetCell(MARKS["not applicable"], None, "not applicable")
    language = tongue(setting.language)
    counter = counting_word(setting.briefing, figure.indicator, language)
    chosen: Literal["auto"] | Decimal = "auto" if scale is None else scale
    text = write(
        figure.value,
        figure.unit,
        language,
        decimals=figure.decimals,
        scale=chosen,
        sign=scale is None,
        counter=counter,
    )
    return SetCell(_mark(figure) + text, figure.id)


def _account_period(setting: _Setting, period: str, *, target: bool) -> str:
    """A period, and that its figures are targets: 2021, target."""
    name = period_name(period, setting.language)
    if not target:
        return name
    word = setting.words["flag t"]
    return f"{name}（{word}）" if setting.language == "zh" else f"{name}, {word}"


def _account_cell(setting: _Setting, row: Row, cell: Cell) -> SetCell:
    """A figure with its unit, written as in a sentence: without a sign that its row's name says; a growth of ten times
    and more in multiples. That it is a target, the column of periods says."""
    figure = setting.figure(cell)
    if figure is None:
        absence: Absence = cell.absence or "not available"
        return SetCell(MARKS[absence], None, absence, cell.flags)
    language = tongue(setting.language)
    counter = counting_word(setting.briefing, figure.indicator, language)
    value = abs(figure.value) if without_sign(row, figure) else figure.value
    grown = write_manifold(value, figure.unit, language) if row.measure.startswith("growth") else ""
    text = grown or write(value, figure.unit, language, decimals=figure.decimals, counter=counter)
    flags = tuple(flag for flag in cell.flags if not (flag == "t" and setting.dated))
    return SetCell(_mark(figure) + text, figure.id, None, flags)


# Heads


def _head(setting: _Setting, index: int, scale: Scale | None) -> Head:
    columns = setting.request.columns
    column = columns[index]
    periods = {other.period for other in columns}
    period = period_name(column.period, setting.language) if len(periods) > 1 and column.period else ""
    bare = column.measure.startswith("rank") or column.unit in _UNITLESS
    unit = "" if scale is None or bare else scale.label
    return Head(_head_text(setting, column), unit, "right", period)


def _head_text(setting: _Setting, column: Column) -> str:
    """What a column holds: its measure, its indicator, or both; no word that all columns would repeat."""
    briefing, language, words = setting.briefing, setting.language, setting.words
    measure = measure_name(column.measure, briefing, language, words)
    if setting.request.rows_are == "indicators":
        return measure
    indicator = indicator_name(briefing, column.indicator, language, short=True)
    if column.measure == "level":
        return indicator
    if len({other.indicator for other in setting.request.columns}) == 1:
        return measure
    return f"{indicator}{words['colon']}{measure}"


# Under the table


def _order(setting: _Setting, heads: Sequence[str]) -> tuple[str, ...]:
    """In which order the rows stand, where they stand in one that a reader can use: ranked by a column, or by time."""
    rows = [row for row in setting.rows if not (row.benchmark or _is_total(setting.request, row))]
    if len(rows) < FEWEST_ORDERED:
        return ()
    if setting.request.order == "time":
        keys = [period_key(row.period) for row in rows]
        return (setting.words["ordered by time"],) if keys == sorted(keys, reverse=True) else ()
    if setting.request.order != "ranked":
        return ()
    for at, column in enumerate(setting.request.columns):
        figures = [setting.figure(row.cells[at]) for row in rows]
        values = [figure.value for figure in figures if figure is not None]
        if not column.measure.startswith("rank") and values == sorted(values, reverse=True):
            head = heads[at][:1].lower() + heads[at][1:] if heads[at][1:2].islower() else heads[at]  # not gDP
            return (setting.words["ordered by size"].format(column=head),)
    return ()


def _below_half(setting: _Setting, rows: Sequence[SetRow]) -> tuple[str, ...]:
    """What 0.0 means where some figure printed so is more than nothing: less than half of the last digit shown."""
    printed = {
        cell.text
        for row in rows
        for cell in row.cells
        if cell.figure and _ALL_ZEROS.fullmatch(cell.text) and setting.briefing.figures[cell.figure].value != 0
    }
    return tuple(setting.words["below half"].format(mark=text) for text in sorted(printed))


def _legend(setting: _Setting, rows: Sequence[SetRow] = ()) -> tuple[str, ...]:
    """One line that explains the marks and flags in use, in the order of `MARKS`, of `QUALIFIERS` and of the
    alphabet."""
    cells = [cell for row in setting.rows for cell in row.cells]
    absences = {cell.absence or "not available" for cell in cells if cell.figure is None}
    absences |= {"not available"} if 0 < sum(bool(row.trend) for row in setting.rows) < len(setting.rows) else set()
    absences |= {"zero"} if any(cell.absence == "zero" for row in rows for cell in row.cells) else set()
    flags = {flag for cell in cells for flag in cell.flags}
    flags -= {"t"} if setting.accounts and setting.dated else set()
    qualified = {_mark(figure) for cell in cells if (figure := setting.figure(cell)) is not None}
    entries = [
        f"{mark} {setting.words[f'absence {absence}']}" for absence, mark in MARKS.items() if absence in absences
    ]
    entries += [f"{mark} {setting.words[f'mark {mark}']}" for mark in QUALIFIERS if mark in qualified]
    entries += [f"{flag} {setting.words[f'flag {flag}']}" for flag in sorted(flags)]
    legend = (setting.words["list separator"].join(entries),) if entries else ()
    return (*legend, setting.words["forecasts"]) if "f" in flags else legend


def _rounding(setting: _Setting, measured: Sequence[tuple[Scale | None, int]]) -> tuple[str, ...]:
    """A line where a total row stands and the printed parts of some column do not add up to the printed total."""
    if setting.request.rows_are != "breakdowns":
        return ()
    totals = [row for row in setting.rows if not row.breakdown]
    parts = [row for row in setting.rows if row.breakdown]
    if len(totals) != 1 or not parts or setting.request.of:
        return ()
    columns = (
        (scale, places, [setting.figure(row.cells[index]) for row in (totals[0], *parts)])
        for index, (scale, places) in enumerate(measured)
        if setting.request.columns[index].measure.startswith(ADD_UP)
    )
    off = any(scale is not None and _off_by_rounding(figures, scale, places) for scale, places, figures in columns)
    return (setting.words["rounding"],) if off else ()


def _off_by_rounding(figures: Sequence[Figure | None], scale: Scale, places: int) -> bool:
    """Whether total (first) and parts differ as printed, by no more than rounding each of them can explain."""
    known = [figure for figure in figures if figure is not None]
    if len(known) != len(figures):
        return False
    total, *parts = (round_half_away(_scaled(figure.value, scale), places) for figure in known)
    difference = abs(total - sum(parts, Decimal(0)))
    return 0 < difference <= Decimal(len(known)) / 2 * Decimal(1).scaleb(-places)


def _emphasis(setting: _Setting) -> tuple[str, ...]:
    return (setting.words["benchmarks"],) if any(row.benchmark for row in setting.rows) else ()


def _is_total(request: TableRequest, row: Row) -> bool:
    """Whether a row is the whole below its parts: it takes no place in their order, and is none of them."""
    return request.rows_are == "breakdowns" and not row.breakdown


def _showing(setting: _Setting) -> str:
    compared = sum(1 for row in setting.rows if row.benchmark or _is_total(setting.request, row))
    of = max(setting.request.of or 0, len(setting.request.rows) - compared)
    shown = len(setting.rows) - compared
    return setting.words["showing"].format(shown=shown, of=of) if shown < of else ""
