"""`extract`: the figures of one document, as a table, JSON lines or CSV.

In: a file, and what is known of it. Out: one figure a row on stdout; fields as the surface of extraction has them. It
needs no project: within one, its catalogue names the indicators.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefings.cli.session import Session
from briefings.cli.work import Day
from briefings.columns import shortened

if TYPE_CHECKING:
    from datetime import date

    from briefings.catalogue import Catalogue
    from briefings.extraction import Statement
    from briefings.periods import Period

#: Columns of a table that would fill a line are cut, at so many columns of the terminal.
LONGEST = {"what": 36, "clause": 64}
MANY = 1_000_000  # characters from which one is told that it takes a while
HEADS = ("what", "indicator", "value", "unit", "kind", "period", "status", "confidence", "clause")


class Span(click.ParamType[tuple[int, int]]):
    """A part of a text, START:END in characters, the end not included; either may be left out."""

    name = "start:end"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        found = re.fullmatch("([0-9]{0,12}):([0-9]{0,12})", str(value))
        start, end = (int(found[1] or 0), int(found[2] or 10**12)) if found else (0, 0)
        if not start < end:
            self.fail(f"{value!r} is no span; write START:END in characters, for example 0:17224", param, ctx)
        return start, end


class PeriodText(click.ParamType["Period"]):
    """A period in its canonical form."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        from briefings.errors import PeriodError
        from briefings.periods import Period

        try:
            return Period.parse(str(value))
        except PeriodError as error:
            self.fail(str(error), param, ctx)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--span", type=Span(), help="Only this part of the text: START:END in characters.")
@click.option("--place", help="The place that the document is about.")
@click.option("--published", type=Day(), help="The day on which it was published; left out: its date line.")
@click.option("--period", type=PeriodText(), help="The period that it reports on; left out: worked out.")
@click.option("--language", type=click.Choice(["en", "zh"]), help="Its language; left out: told by its letters.")
@click.option(
    "--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", help="How figures are printed."
)
@click.pass_obj
def extract(
    session: Session,
    file: Path,
    span: tuple[int, int] | None,
    place: str | None,
    published: date | None,
    period: Period | None,
    language: str | None,
    form: str,
) -> int:
    """Show the figures that a document states: FILE is text, Markdown, HTML, PDF or DOCX.

    Offsets count characters of the text, from 0. Nothing is stored; declare a source of documents for that.
    """
    from briefings.errors import RequestError
    from briefings.extraction import Document
    from briefings.extraction import extract as statements_of
    from briefings.sources.files import read_bytes
    from briefings.sources.prose import ProseReader
    from briefings.sources.registration import dateline, language_of

    if not file.exists():
        raise RequestError(f"{file}: no such file.")
    with ProseReader() as reader:
        prose = reader.read(read_bytes(file, str(file)), str(file))
    text = prose.text
    if span is not None and span[0] >= len(text):
        raise RequestError(f"--span {span[0]}:{span[1]} begins behind the text, which has {len(text):,} characters.")
    if len(text) > MANY:
        session.say(f"{file}: {len(text):,} characters; a million take about ten seconds.")
    known = "zh" if language == "zh" else "en" if language == "en" else language_of(text)
    document = Document(text, known, place, published or prose.published or dateline(prose), period, prose.blocks)
    found = statements_of(document, _catalogue(session), span)
    PRINTERS[form](session, found, text)
    if not found:
        session.say(f"{file}: no figure was found in it.", important=True)
        return 1
    session.say(f"{len(found)} figure{'' if len(found) == 1 else 's'}.")
    return 0


def _catalogue(session: Session) -> Catalogue | None:
    """The catalogue of the project; None outside of one."""
    if not (session.root / "config" / "project.yaml").is_file():
        return None
    return session.settings.catalogue


def _jsonl(session: Session, found: list[Statement], text: str) -> None:
    from briefings.extraction import to_json

    for statement in found:
        # Characters that a terminal obeys are escapes in JSON, so that the text comes back as it was.
        click.echo(json.dumps(to_json(statement), ensure_ascii=False).encode("utf-8", "backslashreplace").decode())


def _csv(session: Session, found: list[Statement], text: str) -> None:
    """As the JSON lines, and the words of the clause in place of its span."""
    from briefings.extraction import to_json

    rows: list[dict[str, Any]] = []
    for statement in found:
        row = to_json(statement)
        row["clause"] = _clause(statement, text)
        rows.append({key: _cell(value) for key, value in row.items()})
    written = io.StringIO()
    writer = csv.DictWriter(written, rows[0], lineterminator="\n") if rows else None
    if writer is not None:
        writer.writeheader()
        writer.writerows(rows)
    click.echo(written.getvalue(), nl=False)


def _cell(value: object) -> object:
    """A text for a cell, such that no spreadsheet takes it for a formula."""
    from briefings.render.annex import clean

    return "" if value is None else clean(value) if isinstance(value, str) else value


def _table(session: Session, found: list[Statement], text: str) -> None:
    if not found:
        return
    rows: list[tuple[object, ...]] = [
        (
            shortened(statement.subject or "", LONGEST["what"]),
            statement.indicator or "",
            f"{statement.value:,.12g}",
            statement.unit,
            " ".join(filter(None, (statement.kind, statement.basis))),
            statement.period or "",
            statement.status,
            f"{statement.confidence:.2f}",
            shortened(_clause(statement, text), LONGEST["clause"]),
        )
        for statement in found
    ]
    session.table(HEADS, rows, right=(2, 7))


def _clause(statement: Statement, text: str) -> str:
    return " ".join(text[slice(*statement.clause)].split())


PRINTERS = {"table": _table, "jsonl": _jsonl, "csv": _csv}
