"""Write down what the finished files of an edition must say.

In: the contexts of page and mail, the drawings, the rows of the annex. Out: a `Script`. It follows the order of the
templates (`templates/briefing.html` and its parts, `mail.html`, `mail.txt`), and takes each text from the values that
they are given, not from what becomes of them. A template that prints another number, or a number elsewhere, makes the
audit fail: what a template adds to these lines must be added here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest

from briefings.briefing import Briefing
from briefings.narrative import Narrative, Sentence
from briefings.render.contexts import (
    BriefingPage,
    Chart,
    Fact,
    FigureGroup,
    FigureSeries,
    Paragraph,
    Piece,
    Section,
    Table,
    TableHead,
)
from briefings.render.contexts import Line as PageLine
from briefings.render.drawings import Drawing, Said
from briefings.render.mail import preview, subject
from briefings.script import Furniture, Line, Lines, Run, Script

Cells = tuple[str | float | None, ...]
#: What stands between the cells of a row, and between texts that are set apart.
_APART = Run(" ")


def script(
    briefing: Briefing,
    narrative: Narrative,
    drawings: Mapping[str, Drawing],
    *,
    screen: BriefingPage,
    printed: BriefingPage,
    word: BriefingPage,
    rows: Sequence[Cells],
    sheets: Mapping[str, Sequence[Sequence[str | float | None]]],
) -> Script:
    """The script of an edition. `printed`: the page that the PDF was set from, with its list of contents where it has
    one; `word`: the page that the Word edition was made of. `rows`, `sheets`: those of `data.csv` and
    `data.xlsx`, heads included."""
    writer = _Writer(briefing, narrative, drawings)
    files = {
        "briefing.html": writer.page(screen),
        "briefing.html hints": writer.hints(screen),
        "briefing.html tips": tuple(chain.from_iterable(writer.tips(_id(chart)) for chart in _charts(screen))),
        "briefing.pdf": writer.page(printed),
        "briefing.docx": tuple(line for line in writer.page(word) if line.where != "colophon/data"),
        "briefing.docx hints": writer.word_hints(word),
        "mail.html": writer.mail(screen),
        "mail.txt": writer.plain_mail(screen),
    }
    for identifier in drawings:
        files[f"charts/{identifier}.svg"] = writer.alone(identifier)
    return Script(
        files=files,
        pictures=tuple(writer.picture(_id(chart), writer.shown(chart)) for chart in _charts(printed)),
        rows=tuple(rows),
        sheets={name: tuple(tuple(row) for row in found) for name, found in sheets.items()},
        title=screen.heading,
        alternatives=tuple(writer.alternatives(printed)),
        listed=tuple(_listed(printed)),
        footer=_foot(screen.house.footer) + narrative.furniture["page of pages"],
        running=" ".join(screen.running),
        logo=screen.house.logo.alternative if screen.house.logo else "",
    )


def _foot(footer: str) -> str:
    """The line at the foot of a page, before its number; braces in it are its own."""
    return footer.replace("{", "{{").replace("}", "}}") + " " if footer else ""


def _listed(page: BriefingPage) -> Iterator[str]:
    """The numbers that the lists of a page bear: those of a commentary, the notes, the sources."""
    for part in page.commentary:
        yield from (str(n) for n in range(1, len(part.lines) + 1) if part.kind == "number")
    yield from (str(n) for n in range(1, len(page.notes) + 1))
    yield from (str(source.number) for source in page.sources)


def _charts(page: BriefingPage) -> list[Chart]:
    """A page's charts, in order of reading."""
    blocks = chain.from_iterable(section.blocks for section in page.sections)
    return [block for block in blocks if isinstance(block, Chart)]


def _id(block: Chart | Table) -> str:
    """The id of the request that a chart or a table was asked for by."""
    return block.id.partition("-")[2]


def _line(where: str, *runs: Run) -> Line:
    return Line(where, tuple(run for run in runs if run.text))


def _text(where: str, text: str, furniture: Furniture = "") -> Line:
    return _line(where, Run(text, furniture=furniture))


def _pieces(line: PageLine) -> Iterator[Run]:
    return (Run(piece.text, piece.figure) for piece in line)


def _sentence(sentence: Sentence) -> tuple[Run, ...]:
    return tuple(Run(run.text, run.figure or "") for run in sentence)


def _spaced(runs: Iterable[Run]) -> Iterator[Run]:
    for run in runs:
        yield run
        yield _APART


class _Writer:
    """Writes down the lines of each file."""

    def __init__(self, briefing: Briefing, narrative: Narrative, drawings: Mapping[str, Drawing]) -> None:
        self._briefing = briefing
        self._narrative = narrative
        self._drawings = drawings

    # The page

    def page(self, page: BriefingPage) -> Lines:
        """What `briefing.html` shows, on screen or in print."""
        words = page.words
        contents = [_line(f"contents/{n}", *_pieces(entry.title)) for n, entry in enumerate(page.contents, start=1)]
        title = () if page.medium == "print" else (_text("title", page.heading, "name"),)
        lines = [
            *title,
            _text("cover/publisher", page.publisher, "name"),
            _text("number", page.house.number, "name"),
            _line("cover/title", *_spaced(self._cover(page))),
            *self._marks(page),
            _line("summary", *_pieces(page.summary)),
            *self._facts("cover", page.facts),
            *(contents if page.medium == "screen" else ()),
            *self._findings(page),
            *self._commentary(page),
            *self._since(page),
            *(self._table(page.table) if page.table else ()),
            *(contents if page.medium == "print" else ()),
            *chain.from_iterable(self._section(section) for section in page.sections),
            *(self._table(page.revisions) if page.revisions else ()),
            *(_line(f"note/{n}", *_pieces(note)) for n, note in enumerate(page.notes, start=1)),
            *self._sources(page),
            *self._groups(page.groups),
            _text("sources/series", words["figures in tables and charts"] if page.series else ""),
            *self._series(page.series),
            _text("footer", page.house.footer if page.medium == "screen" else "", "name"),
            _text("colophon/disclaimer", page.disclaimer, "name"),
            _text("colophon/data", words["data attached"]),
            *self._facts("colophon", page.colophon),
        ]
        return tuple(line for line in lines if line.runs)

    def _cover(self, page: BriefingPage) -> Iterator[Run]:
        yield from (Run(page.title), Run(page.place), Run("·"), Run(page.period))
        if page.kind:
            yield from (Run("·"), Run(page.kind, furniture="name"))

    def _facts(self, where: str, facts: Sequence[Fact]) -> Iterator[Line]:
        furniture: Furniture = "edition" if where == "colophon" else "name"
        for n, fact in enumerate(facts, start=1):
            yield _line(f"{where}/fact/{n}", Run(fact.label), _APART, Run(fact.text, furniture=furniture))

    def _findings(self, page: BriefingPage) -> Iterator[Line]:
        for n, finding in enumerate(page.findings, start=1):
            yield _line(f"finding/{n}", *_pieces(finding))

    def _since(self, page: BriefingPage) -> Iterator[Line]:
        """What changed since the last edition."""
        if page.since is not None:
            yield _text("change/title", page.since.heading, "name")
            for n, line in enumerate(page.since.lines, start=1):
                yield _line(f"change/{n}", *_pieces(line))

    def _marks(self, page: BriefingPage) -> Iterator[Line]:
        for n, mark in enumerate(page.marks, start=1):
            yield _line(f"mark/{n}", *_pieces(mark))

    def _commentary(self, page: BriefingPage, *, numbered: bool = False) -> Iterator[Line]:
        """What a person says; `numbered`: with the numbers of its lists, where no list bears them by itself."""
        at = 0
        for part in page.commentary:
            for n, item in enumerate(part.lines, start=1):
                at += 1
                number = f"{n}. " if numbered and part.kind == "number" else ""
                yield _line(f"commentary/{at}", Run(number, furniture="list number"), *_pieces(item))
        yield _text("commentary/byline", page.byline, "name")

    def _section(self, section: Section) -> Iterator[Line]:
        yield _line(f"{section.id.replace('-', '/', 1)}/title", *_pieces(section.title))
        for n, block in enumerate(section.blocks, start=1):
            if isinstance(block, Paragraph):
                yield _line(f"{section.id.replace('-', '/', 1)}/paragraph/{n}", *_pieces(block.line))
            elif isinstance(block, Chart):
                yield from self._chart(block)
            else:
                yield from self._table(block)

    def _table(self, table: Table) -> Iterator[Line]:
        where = f"table/{_id(table)}"
        yield _line(f"{where}/caption", Run(table.label, furniture="label"), _APART, *_pieces(table.caption))
        heads = [*table.heads, *([table.trend] if table.trend else [])]
        yield _line(f"{where}/head", *chain.from_iterable(self._head(head) for head in heads))
        yield from self._rows(where, table)
        for n, line in enumerate(table.lines, start=1):
            yield _line(f"{where}/line/{n}", *_pieces(line))

    def _head(self, head: TableHead) -> Iterator[Run]:
        return _spaced((Run(head.text), Run(head.period), Run(head.unit, furniture="unit")))

    def _rows(self, where: str, table: Table) -> Iterator[Line]:
        units = [head.unit for head in table.heads[1 + table.dated :]]
        for n, row in enumerate(table.rows, start=1):
            runs = [*_pieces(row.name), _APART, Run(row.unit, furniture="unit"), _APART]
            runs += [Run(row.period), _APART] if table.dated else []
            for cell, unit in zip(row.cells, units, strict=True):
                alone = "" if table.accounts else unit or row.unit
                runs += [Run(cell.text, cell.figure, unit=alone), _APART, Run(cell.flags), _APART]
            if table.trend and not row.trend:
                runs.append(Run(":"))
            yield _line(f"{where}/row/{n}", *runs)
            if row.trend and not row.trend.address:
                yield _line(f"{where}/row/{n}/course", Run(row.trend.words, furniture="period"))

    def _chart(self, chart: Chart) -> Iterator[Line]:
        identifier = _id(chart)
        where, drawing = f"chart/{identifier}", self._drawings[identifier]
        yield _line(f"{where}/title", Run(chart.label, furniture="label"), _APART, *_pieces(chart.title))
        yield _line(f"{where}/subtitle", *_pieces(chart.subtitle))
        if not chart.address:
            for said in (drawing.said_wide, drawing.said_narrow):
                yield from self._described(identifier)
                yield from self.picture(identifier, said)
        yield _line(f"{where}/source", *_pieces(chart.source))

    def _described(self, chart: str) -> Iterator[Line]:
        """The alternative text and the description of a picture."""
        caption, where = self._narrative.charts[chart], f"chart/{chart}"
        source = " ".join(self._drawings[chart].said_around[1])
        yield _line(f"{where}/alternative", *_sentence(caption.alternative))
        words = (*_sentence(caption.title), _APART, *_sentence(caption.subtitle), _APART, Run(source))
        yield _line(f"{where}/description", *words)

    def alternatives(self, page: BriefingPage) -> Iterator[Line]:
        """The alternative texts of a page's pictures, in order: those of charts and of courses in tables."""
        for block in chain.from_iterable(section.blocks for section in page.sections):
            if isinstance(block, Chart):
                yield next(self._described(_id(block)))
            elif isinstance(block, Table):
                for n, row in enumerate(block.rows, start=1):
                    if row.trend:
                        yield _text(f"table/{_id(block)}/row/{n}/course", row.trend.words, "period")

    def shown(self, chart: Chart) -> Sequence[Said]:
        """What the picture of a chart in print says, whole or in half the width."""
        drawing = self._drawings[_id(chart)]
        return drawing.said_narrow if chart.side else drawing.said_wide

    def picture(self, chart: str, said: Sequence[Said]) -> Lines:
        """The texts inside a picture."""
        return tuple(
            _line(f"chart/{chart}/text/{n}", Run(text, figure, furniture, unit))  # type: ignore[arg-type]
            for n, (text, figure, furniture, unit) in enumerate(said, start=1)
            if text
        )

    def alone(self, chart: str) -> Lines:
        """A picture that stands alone: title, subtitle and source around it."""
        caption, (_, below) = self._narrative.charts[chart], self._drawings[chart].said_around
        around = (_sentence(caption.title), _sentence(caption.subtitle), (Run(" ".join(below)),))
        return (
            *self._described(chart),
            *self.picture(chart, self._drawings[chart].said_wide),
            *(_line(f"chart/{chart}/around/{n}", *runs) for n, runs in enumerate(around, start=1)),
        )

    # Sources and figures

    def _sources(self, page: BriefingPage) -> Iterator[Line]:
        for source in page.sources:
            yield _line(
                f"source/{source.number}",
                *(Run(piece.text, furniture="name") for piece in source.line),
                _APART,
                Run(source.href, furniture="address"),
            )
        yield _text("sources/lead", page.words["sources and figures lead"])

    def _groups(self, groups: Sequence[FigureGroup]) -> Iterator[Line]:
        for group in groups:
            where = f"figures/{group.entries[0].id}" if group.entries else "figures"
            yield _line(f"{where}/title", Run(group.title, furniture="name"), _APART, _locator(group.common))
            for entry in group.entries:
                runs = _spaced((Run(entry.text, entry.id), Run(entry.what, furniture="name"), _locator(entry.origin)))
                yield _line(f"figures/{entry.id}", *runs)

    def _series(self, series: Sequence[FigureSeries]) -> Iterator[Line]:
        for n, one in enumerate(series, start=1):
            yield _line(f"series/{n}/title", Run(one.title, furniture="name"), _APART, _locator(one.common))
            for m, item in enumerate(one.places, start=1):
                yield _line(f"series/{n}/{m}", _locator(item.text))

    # What shows on pointing

    def hints(self, page: BriefingPage) -> Lines:
        """Attributes of `briefing.html`, in order: description, heading, hints of numbers and of absences, numbers of
        the sources, and the charts as programs read them."""
        lines = [
            _text("hint/author", page.publisher, "name"),
            _line("hint/description", *_pieces(page.summary)),
            _text("logo/hint", page.house.logo.alternative if page.house.logo else "", "name"),
            _text("hint/heading", page.heading, "name"),
            *(hint for mark in page.marks for hint in self._hints_of("mark", mark)),
            *self._hints_of("summary", page.summary),
        ]
        for n, finding in enumerate(page.findings, start=1):
            lines += self._hints_of(f"finding/{n}", finding)
        for part in page.commentary:
            for item in part.lines:
                lines += self._hints_of("commentary", item)
        for n, change in enumerate(page.since.lines if page.since else (), start=1):
            lines += self._hints_of(f"change/{n}", change)
        lines += self._table_hints(page.table) if page.table else []
        for section in page.sections:
            for block in section.blocks:
                if isinstance(block, Paragraph):
                    lines += self._hints_of(section.id.replace("-", "/", 1), block.line)
                elif isinstance(block, Table):
                    lines += self._table_hints(block)
                else:
                    lines += self._hints_of(f"chart/{_id(block)}", [*block.title, *block.subtitle])
                    lines.append(_text(f"chart/{_id(block)}/data", block.points, "data"))
        lines += self._table_hints(page.revisions) if page.revisions else []
        for n, note in enumerate(page.notes, start=1):
            lines += self._hints_of(f"note/{n}", note)
        lines += [_text(f"source/{source.number}/number", str(source.number), "list number") for source in page.sources]
        return tuple(line for line in lines if line.runs)

    def tips(self, chart: str) -> Iterator[Line]:
        """What comes up on pointing at the marks of a chart."""
        for n, (name, period, value, status, figure) in enumerate(self._drawings[chart].tips, start=1):
            runs = (Run(name, furniture="name"), Run(period, furniture="period"), Run(value, figure), Run(status))
            yield _line(f"chart/{chart}/mark/{n}", *_spaced(runs))

    def word_hints(self, page: BriefingPage) -> Lines:
        """Attributes of `briefing.docx`: the captions of tables, the alternative texts of pictures, which Word keeps
        twice."""
        logo = page.house.logo
        lines = [_text("logo/hint", logo.alternative, "name")] * 2 if logo else []
        lines += self._captioned(page.table) if page.table else []
        for block in chain.from_iterable(section.blocks for section in page.sections):
            if isinstance(block, Table):
                lines += self._captioned(block)
            elif isinstance(block, Chart):
                alternative, _ = self._described(_id(block))
                lines += [alternative, alternative]
        lines += self._captioned(page.revisions) if page.revisions else []
        return tuple(line for line in lines if line.runs)

    def _captioned(self, table: Table) -> list[Line]:
        return [_line(f"table/{_id(table)}/caption", *_pieces(table.caption))]

    def _hints_of(self, where: str, line: PageLine) -> list[Line]:
        return [_line(f"{where}/hint", _locator(piece.hint)) for piece in line if piece.figure and piece.hint]

    def _table_hints(self, table: Table) -> list[Line]:
        where = f"table/{_id(table)}"
        lines = self._hints_of(where, table.caption)
        for n, row in enumerate(table.rows, start=1):
            lines += [_line(f"{where}/row/{n}/hint", _locator(cell.hint or cell.absence)) for cell in row.cells]
        return lines

    # Mail

    def mail(self, page: BriefingPage) -> Lines:
        """What `mail.html` shows."""
        table = self._mailed(page.table) if page.table else ()
        lines = [
            _line("title", *_pieces(subject(page, self._lead()))),
            *self._preview(page),
            self._publisher(page),
            _text("number", page.house.number, "name"),
            _text("cover/title", page.heading, "name"),
            *self._marks(page),
            _line("summary", *_pieces(page.summary)),
            *self._findings(page),
            *self._commentary(page),
            *self._since(page),
            *table,
            *self._imprint(page),
        ]
        return tuple(line for line in lines if line.runs)

    def _publisher(self, page: BriefingPage) -> Line:
        parts = [part for part in (page.publisher, page.kind) if part]
        return _text("cover/publisher", " · ".join(parts), "name")

    def _lead(self) -> PageLine:
        """The first finding in few words."""
        return [Piece(run.text, run.figure or "") for run in self._narrative.lead]

    def _preview(self, page: BriefingPage) -> Iterator[Line]:
        """What an inbox shows beside the subject."""
        yield _line("preview", *_pieces(preview(page, self._lead())))

    def _mailed(self, table: Table) -> Iterator[Line]:
        where = f"table/{_id(table)}"
        yield _line(f"{where}/caption", *_pieces(table.caption))
        yield from list(self._table(table))[1:]

    def _imprint(self, page: BriefingPage) -> Iterator[Line]:
        yield _text("colophon/data", page.words["in full"])
        yield from self._facts("cover", page.facts)
        yield from self._facts("colophon", page.colophon)
        yield _text("footer", page.house.footer, "name")
        yield _text("colophon/disclaimer", page.disclaimer, "name")

    def plain_mail(self, page: BriefingPage) -> Lines:
        """What `mail.txt` shows: heads of a table by lines, over all columns."""
        lines = [
            _text("cover/title", page.heading, "name"),
            self._publisher(page),
            _text("number", page.house.number, "name"),
            *self._marks(page),
            _line("summary", *_pieces(page.summary)),
            *self._findings(page),
            *self._commentary(page, numbered=True),
            *self._since(page),
            *(self._aligned(page.table) if page.table else ()),
            *self._imprint(page),
        ]
        return tuple(line for line in lines if line.runs)

    def _aligned(self, table: Table) -> Iterator[Line]:
        caption, _, *others = self._table(table)
        yield caption
        heads = [
            [part for part in (head.text, f"({head.unit})" if head.unit else "", head.period) if part]
            for head in table.heads
        ]
        depth = max(len(parts) for parts in heads)
        filled = [[""] * (depth - len(parts)) + parts for parts in heads]
        for n, parts in enumerate(zip_longest(*filled, fillvalue=""), start=1):
            yield _line(f"table/{_id(table)}/head/{n}", *_spaced(Run(part, furniture="unit") for part in parts))
        rows = iter(table.rows)
        for line in others:
            if "/row/" not in line.where or not next(rows).unit:
                yield line
                continue
            yield Line(line.where, tuple(_bracketed(run) for run in line.runs))


def _bracketed(run: Run) -> Run:
    return Run(f"({run.text})", furniture="unit") if run.furniture == "unit" else run


def _locator(text: str) -> Run:
    return Run(text, furniture="locator")
