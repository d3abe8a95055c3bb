"""The data behind an edition: `data.csv` and `data.xlsx`.

In: the figures of a briefing, the register of what was printed, its tables. Out: bytes. Both hold the same figures, one
a row, unrounded, with their way back to the source. Text that a spreadsheet would take for a formula is guarded by an
apostrophe (OWASP, CSV injection); numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from briefings.briefing import Briefing, Figure, TableRequest
from briefings.errors import RenderError
from briefings.narrative import Narrative, plain
from briefings.quantities import unit_label
from briefings.render.contexts import Fact
from briefings.render.figures import Register
from briefings.tables import (
    SetTable,
    account_measure,
    breakdown_name,
    counting_word,
    in_language,
    indicator_name,
    period_name,
    place_name,
    set_table,
)

COLUMNS = (
    "figure", "indicator", "indicator_name", "place", "place_name", "breakdown", "period", "kind", "basis", "value",
    "unit", "printed", "status", "computed", "formula", "source", "publisher", "published", "locator", "quote",
)  # fmt: skip

#: Inputs of a figure that its row names; figures.json holds all.
MOST_INPUTS = 8

Value = str | float | None

#: What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
_BEGINS = frozenset("=+-@\t\r\n")


def guarded(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would read a formula."""
    return f"'{text}" if text[:1] in _BEGINS else text


def clean(text: str) -> str:
    """Guarded, on one line, without control characters and lone surrogates; at most what a workbook's cell can hold."""
    if text.isprintable() and text[:1] not in _BEGINS and len(text) < 32767:
        return text
    one_line = re.sub(r"[\x00-\x1f\x7f]+", " ", guarded(text))
    return one_line.encode("utf-8", "replace").decode()[:32767]


def rows(briefing: Briefing, register: Register, language: str) -> list[tuple[Value, ...]]:
    """One row a figure, ordered by indicator, place, breakdown, period and kind; columns as in `COLUMNS`."""
    publishers = {source.id: in_language(source.publisher, language) for source in briefing.sources}
    ordered = sorted(
        briefing.figures.values(), key=lambda f: (f.indicator, f.place, f.breakdown, f.period, f.kind, f.basis, f.id)
    )
    return [_row(briefing, figure, register, language, publishers) for figure in ordered]


def _row(
    briefing: Briefing, figure: Figure, register: Register, language: str, publishers: dict[str, str]
) -> tuple[Value, ...]:
    inputs = figure.inputs[:MOST_INPUTS]
    return (
        figure.id,
        figure.indicator,
        indicator_name(briefing, figure.indicator, language),
        figure.place,
        place_name(briefing, figure.place, language),
        figure.breakdown,
        figure.period,
        figure.kind,
        figure.basis,
        figure.value,
        figure.unit,
        " | ".join(dict.fromkeys(text for text, _ in register.printed(figure.id))),
        figure.status,
        "yes" if figure.computed else "no",
        figure.formula,
        _joined(given.source for given in inputs),
        _joined(publishers.get(given.source, "") for given in inputs),
        _joined(given.published for given in inputs),
        " | ".join(given.locator for given in inputs),
        " | ".join(given.quote for given in inputs),
    )


def _joined(texts: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(text for text in texts if text))


def data_csv(found: Sequence[tuple[Value, ...]]) -> bytes:
    """UTF-8 with a byte order mark, without which spreadsheets misread Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow([clean(value) if isinstance(value, str) else repr(value) for value in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook: its name as asked for, its rows, the widths of its columns, the row of its heads."""

    name: str
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]
    head: int | None


def sheets(
    briefing: Briefing, narrative: Narrative, found: Sequence[tuple[Value, ...]], facts: Sequence[Fact]
) -> dict[str, Sheet]:
    """The sheets of the workbook, by the names that they bear: one that says what it is, one for each table of the
    edition, unrounded, one with every row of each table that shows but some, one of all figures."""
    words = narrative.furniture
    about = [[narrative.title], *([fact.label, fact.text] for fact in facts), [], [words["data attached"]]]
    asked = [Sheet(words["about"], about, (24, 60), None)]
    for n, request in enumerate(briefing.every_table(), start=1):
        rows = _table(briefing, narrative, request)
        asked.append(Sheet(words["table"].format(n=n), rows, (28, *[16] * 12), 2))
    for n, request in enumerate(briefing.every_table(), start=1):
        if request.ranking:
            name = words["all rows"].format(table=words["table"].format(n=n))
            asked.append(Sheet(name, _ranking(briefing, narrative, request), (28, *[16] * 12), 2))
    asked.append(Sheet(words["figures"], [COLUMNS, *found], (13, 20, 28, 16, 18), 0))
    return dict(zip(_fit_names(asked), asked, strict=True))


def data_xlsx(briefing: Briefing, narrative: Narrative, asked: Mapping[str, Sheet]) -> bytes:
    """A workbook of these sheets.

    All dates inside are those of the data, so that the same edition gives the same bytes.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    publisher = in_language(briefing.house.publisher, narrative.language)
    book.set_properties(
        {"title": clean(narrative.title), "author": clean(publisher), "created": _day(briefing.cut_off)}
    )
    bold = book.add_format({"bold": True})
    for name, sheet in asked.items():
        _write_sheet(book.add_worksheet(name), sheet, bold)
    book.close()
    return stream.getvalue()


def _table(briefing: Briefing, narrative: Narrative, request: TableRequest) -> list[Sequence[Value]]:
    """A table unrounded: caption, empty line, heads with base units, all rows (also those that the page leaves out)."""
    language, words = narrative.language, narrative.furniture
    caption = plain(narrative.tables.get(request.id, ())) or words["summary"]
    if request.rows_are == "accounts":
        return [[caption], [], *_accounts(briefing, narrative, request)]
    if request.rows_are == "revisions":
        return [[caption], [], *_revisions(briefing, narrative, request)]
    setting = set_table(request, briefing, language, words)
    first = [head.text for head in setting.heads[: 1 + setting.dated]]
    columns = _heads(setting, request)
    body: list[Sequence[Value]] = []
    for row in request.rows:
        name = {
            "places": place_name(briefing, row.place, language),
            "indicators": indicator_name(briefing, row.indicator, language),
            "periods": period_name(row.period, language),
            "breakdowns": breakdown_name(briefing, row.breakdown, language) or words["total row"],
        }[request.rows_are]
        period = [period_name(row.period, language)] if setting.dated else []
        values = (briefing.figures[cell.figure].value if cell.figure else None for cell in row.cells)
        body.append([name, *period, *values])
    return [[caption], [], [*first, *columns], *body]


def _heads(setting: SetTable, request: TableRequest) -> list[str]:
    """The heads of a table's columns of figures, with their base units."""
    heads = setting.heads[1 + setting.dated :]
    return [
        ", ".join(part for part in (head.text, column.unit, head.period) if part)
        for head, column in zip(heads, request.columns, strict=True)
    ]


#: What a row of a whole ranking says beside its name and its values; named as in the sheet of figures.
RANKING = ("place", "period", "unit", "status", "source", "published", "locator")


def _ranking(briefing: Briefing, narrative: Narrative, request: TableRequest) -> list[Sequence[Value]]:
    """All rows of a table that shows but some of them, in its order: unrounded, each with its way back."""
    language, words = narrative.language, narrative.furniture
    caption = plain(narrative.tables.get(request.id, ())) or words["summary"]
    setting = set_table(request, briefing, language, words)
    heads = (setting.heads[0].text, *_heads(setting, request), *RANKING)
    body = (
        (in_language(row.name, language), *row.values, *(str(getattr(row, name)) for name in RANKING))
        for row in request.ranking
    )
    return [[caption], [], heads, *body]


def _accounts(briefing: Briefing, narrative: Narrative, request: TableRequest) -> Iterator[Sequence[Value]]:
    """Accounts as a list that can be sorted and filtered: every row says all of what its figure is."""
    language, words = narrative.language, narrative.furniture
    keys = ("rows indicators", "place", "rows breakdowns", "measure", "period", "value", "unit")
    yield [words[key] for key in keys]
    for row in request.rows:
        figure = briefing.figures.get(row.cells[0].figure or "")
        counter = counting_word(briefing, row.indicator, language)
        yield [
            indicator_name(briefing, row.indicator, language),
            place_name(briefing, row.place, language) if row.place else None,
            breakdown_name(briefing, row.breakdown, language) if row.breakdown else None,
            account_measure(briefing, row, language, words),
            period_name(row.period, language),
            figure.value if figure else None,
            unit_label(figure.unit, "zh" if language == "zh" else "en", counter=counter) if figure else None,
        ]


def _revisions(briefing: Briefing, narrative: Narrative, request: TableRequest) -> Iterator[Sequence[Value]]:
    """Revisions as a list, unrounded, with the unit of each figure."""
    language, words = narrative.language, narrative.furniture
    keys = ("rows indicators", "place", "rows breakdowns", "measure", "period", "previously", "now", "difference")
    yield [*(words[key] for key in keys), words["unit"], words["published head"]]
    for row in request.rows:
        old, new, change = (briefing.figures.get(cell.figure or "") for cell in row.cells)
        yield [
            indicator_name(briefing, row.indicator, language),
            place_name(briefing, row.place, language),
            breakdown_name(briefing, row.breakdown, language) if row.breakdown else None,
            account_measure(briefing, row, language, words),
            period_name(row.period, language),
            *(figure.value if figure else None for figure in (old, new, change)),
            unit_label(new.unit, "zh" if language == "zh" else "en") if new else None,
            row.published,
        ]


def _day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise RenderError(f"the briefing's cut_off is {text!r}; it must be a day, as 2026-07-03") from error


def _write_sheet(page: Any, sheet: Sheet, bold: Any) -> None:
    for n, width in enumerate(sheet.widths):
        page.set_column(n, n, width)
    for n, row in enumerate(sheet.rows):
        for m, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(n, m, clean(value), bold if n == sheet.head else None)
            elif value is not None:
                page.write_number(n, m, value)
    if sheet.head is not None:
        page.freeze_panes(sheet.head + 1, 1)


def _fit_names(asked: Iterable[Sheet]) -> list[str]:
    """Names as sheets can bear them: at most 31 characters, none of []:*?/\\, each once."""
    names: list[str] = []
    for sheet in asked:
        fit = "".join(char for char in sheet.name if char not in "[]:*?/\\").strip("'")[:31] or "Sheet"
        n = 1
        while fit.casefold() in {name.casefold() for name in names}:
            n += 1
            fit = f"{fit[:27]} {n}"
        names.append(fit)
    return names
