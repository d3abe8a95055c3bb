"""Fill the context of `briefing.html`: a briefing and its narrative as lines, tables, charts and lists.

In: briefing, narrative, drawings, stamp. Out: `BriefingPage`, and every printed number entered in the register. What is
worth saying was decided in `compose`, its words in `narrative`; how it looks stands in the templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from briefings.briefing import Briefing, ChartRequest, House, TableRequest
from briefings.briefing import Section as BriefingSection
from briefings.charts.sparkline import sparkline
from briefings.columns import columns, shortened
from briefings.house import Logo
from briefings.narrative import Narrative, Run, Sentence, plain
from briefings.periods import Period, Shape
from briefings.render.contexts import (
    BriefingPage,
    Chart,
    ContentsEntry,
    Fact,
    Line,
    Medium,
    Paragraph,
    Part,
    Piece,
    Remarks,
    Section,
    Since,
    Table,
    TableCell,
    TableHead,
    TableRow,
    Trend,
)
from briefings.render.drawings import Drawing, size
from briefings.render.figures import Register
from briefings.render.imprint import imprint
from briefings.render.notes import Notes
from briefings.render.pieces import of_findings, set_line, set_text
from briefings.render.styles import policy
from briefings.render.webfonts import own_families
from briefings.tables import MARKS, SetTable, in_language, period_name, place_name, set_table

LANGUAGE_TAGS = {"en": "en", "zh": "zh-CN"}

#: Sentences of a paragraph, where no chart or table parts them.
PARAGRAPH = 4


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an edition is known by: its id, its revision and the hash of its content, stamped on after hashing. Of one
    that is late, when it was `due` and when it was `issued`, both in the zone of its release. `completes`: the day of
    the partial edition that it is the whole one of."""

    edition: str
    revision: int
    content: str
    due: datetime | None = None
    issued: datetime | None = None
    completes: date | None = None


class Setter:
    """Sets the parts of one edition for one medium, in order of reading; numbers charts and tables as it goes."""

    def __init__(
        self,
        briefing: Briefing,
        narrative: Narrative,
        register: Register,
        drawings: Mapping[str, Drawing],
        medium: Medium,
    ) -> None:
        self.briefing = briefing
        self.narrative = narrative
        self.register = register
        self.drawings = drawings
        self.medium = medium
        self.language = narrative.language
        self.words = narrative.furniture
        self.notes = Notes(briefing, self.language, self.words)
        self._tables = 0
        self._charts = {chart.id: n for n, chart in enumerate(_all_charts(briefing), start=1)}

    def line(self, sentence: Iterable[Run], where: str) -> Line:
        """A sentence as pieces, its numbers entered."""
        runs = tuple(sentence)
        for run in runs:
            if run.figure:
                self.register.add(run.figure, run.text, where)
        return set_line(runs, self.language, self.hint)

    def hint(self, figure: str) -> str:
        """Where a figure comes from, for hovering; print has no use for it."""
        return self.notes.hint(figure) if self.medium == "screen" else ""

    def text(self, text: str) -> Line:
        return set_text(text, self.language)

    # Commentary

    def commentary(self) -> list[Remarks]:
        """What a person says beside the findings; the items of a list together."""
        said = self.narrative.commentary
        parts: list[Remarks] = []
        for n, (kind, sentence) in enumerate(said.blocks if said else (), start=1):
            line = self.line(sentence, f"commentary/{n}")
            if parts and kind == parts[-1].kind != "paragraph":
                parts[-1].lines.append(line)
            else:
                parts.append(Remarks(kind, [line]))
        return parts

    def byline(self) -> str:
        said = self.narrative.commentary
        if said is None:
            return ""
        day = period_name(said.day, self.language, short=False)
        return self.words["byline"].format(author=said.author, day=day)

    def since(self) -> Since | None:
        """What changed since the last edition; None where nothing is said of it."""
        said = self.narrative.since
        if said is None:
            return None
        lines = [self.line(sentence, f"change/{n}") for n, sentence in enumerate(said.lines, start=1)]
        return Since(said.heading, lines)

    # Sections

    def section(self, section: BriefingSection) -> Section:
        """Sentences in paragraphs; a chart follows the sentence it pictures, which names it; then the other charts,
        then the tables."""
        blocks: list[Paragraph | Chart | Table] = []
        waiting: list[tuple[str, Sentence]] = []
        for n, finding in enumerate(section.findings, start=1):
            charts = [chart for chart in section.charts if chart.finding == finding.id]
            sentence = self.narrative.sentences[finding.id]
            where = f"section/{section.id}/finding/{n}"
            self._enter(sentence, where)
            waiting.append((finding.id, self._referring(sentence, charts)))
            if charts or len(waiting) == PARAGRAPH:
                blocks.append(self._paragraph(waiting))
                waiting = []
            blocks += [self.chart(chart) for chart in charts]
        if waiting:
            blocks.append(self._paragraph(waiting))
        placed = {block.id for block in blocks if isinstance(block, Chart)}
        blocks += [self.chart(chart) for chart in section.charts if f"chart-{chart.id}" not in placed]
        blocks += [self.table(table) for table in section.tables]
        return Section(f"section-{section.id}", self.text(in_language(section.title, self.language)), blocks)

    def _enter(self, sentence: Sentence, where: str) -> None:
        for run in sentence:
            if run.figure:
                self.register.add(run.figure, run.text, where)

    def _paragraph(self, sentences: Sequence[tuple[str, Sentence]]) -> Paragraph:
        """Sentences one behind the other, each marked with its finding."""
        runs, told = list[Run](), list[tuple[str, int]]()
        for finding, sentence in sentences:
            if runs and self.language == "en":
                runs.append(Run(" "))
                told.append(("", 1))
            runs += sentence
            told.append((finding, len(plain(sentence))))
        return Paragraph(self._marked(set_line(runs, self.language, self.hint), told))

    def finding(self, finding: str, where: str) -> Line:
        """The sentence of a finding on page one."""
        sentence = self.narrative.sentences[finding]
        return self._marked(self.line(sentence, where), [(finding, len(plain(sentence)))])

    def _marked(self, line: Line, told: Sequence[tuple[str, int]]) -> Line:
        """On the screen, what is told of which finding is marked, so that it can be read back."""
        return of_findings(line, told) if self.medium == "screen" else line

    def _referring(self, sentence: Sentence, charts: Sequence[ChartRequest]) -> Sentence:
        """The sentence with "(Figure 1)" before its full stop, where charts picture it."""
        if not charts or not sentence:
            return sentence
        names = [self.words["figure"].format(n=self._charts[chart.id]).replace(" ", "\u00a0") for chart in charts]
        joined = self.words["list separator"].join(names)
        reference = f"（{joined}）" if self.language == "zh" else f" ({joined})"
        *head, last = sentence
        if last.figure is None and last.text[-1:] in (".", "。"):
            return (*head, replace(last, text=last.text[:-1] + reference + last.text[-1]))
        return (*sentence, Run(reference))

    # Charts and tables

    def chart(self, request: ChartRequest) -> Chart:
        caption = self.narrative.charts[request.id]
        drawing = self.drawings[request.id]
        for figure, text, where in drawing.printed:
            self.register.add(figure, text, where)
        return Chart(
            id=f"chart-{request.id}",
            label=self.words["figure"].format(n=self._charts[request.id]),
            title=self.line(caption.title, f"chart/{request.id}/title"),
            subtitle=self.line(caption.subtitle, f"chart/{request.id}/subtitle"),
            alternative=plain(caption.alternative),
            address=f"chart:{request.id}.svg" if self.medium == "print" else "",
            wide=drawing.wide if self.medium == "screen" else "",
            narrow=drawing.narrow if self.medium == "screen" else "",
            width=drawing.size[0],
            height=drawing.size[1],
            points=drawing.points if self.medium == "screen" else "",
            source=self.text(self.notes.source_line(request.sources)),
            half=size(drawing.narrow)[1] if self.medium == "print" and _is_plain(request) and drawing.narrow else 0,
        )

    def table(self, request: TableRequest) -> Table:
        self._tables += 1
        setting = set_table(request, self.briefing, self.language, self.words)
        caption = self.narrative.tables.get(request.id) or (Run(self.words["summary"]),)
        lines = [self.text(text) for text in (*setting.marks, setting.showing) if text]
        lines.append(self.text(self.notes.source_line(request.sources)))
        return Table(
            id=f"table-{request.id}",
            label=self.words["table"].format(n=self._tables),
            caption=self.line(caption, f"table/{request.id}/caption"),
            heads=[TableHead(head.text, head.unit, head.period, head.align == "left") for head in setting.heads],
            rows=self._rows(request, setting),
            lines=lines,
            dated=setting.dated,
            accounts=request.rows_are == "accounts",
            mixed=request.rows_are in ("accounts", "revisions") or len({row.unit for row in setting.rows}) > 1,
            trend=TableHead(setting.trend.text, "", setting.trend.period, True) if setting.trend else None,
        )

    def _rows(self, request: TableRequest, setting: SetTable) -> list[TableRow]:
        rows = []
        explained = {mark: self.words[f"absence {absence}"] for absence, mark in MARKS.items()}
        before = None
        for n, row in enumerate(setting.rows, start=1):
            cells = []
            for m, cell in enumerate(row.cells, start=1):
                if cell.figure:
                    self.register.add(cell.figure, cell.text, f"table/{request.id}/row/{n}/column/{m}")
                absence = explained[cell.text] if cell.absence else ""
                hint = self.hint(cell.figure) if cell.figure else ""
                cells.append(TableCell(cell.text, cell.figure or "", hint, absence, " ".join(cell.flags)))
            rule = row.benchmark and before is not None and not before.benchmark
            name = self._row_name(request, row.name)
            trend = self._trend(f"{request.id}-{n}", row.trend) if row.trend else None
            rows.append(TableRow(name, row.unit, row.period, cells, row.highlight, row.benchmark, rule, row.sub, trend))
            before = row
        return rows

    def _trend(self, key: str, trend: tuple[tuple[float | None, ...], str]) -> Trend:
        values, words = trend
        name = f"course-{key}"
        return Trend(
            words,
            sparkline(values, words, name, self.briefing.house.accent),
            f"chart:{name}.svg" if self.medium == "print" else "",
        )

    def _row_name(self, request: TableRequest, name: str) -> Line:
        """The name of a row; a period stays on one line."""
        return [Piece(name, tag="k")] if request.rows_are == "periods" else self.text(name)


def _is_plain(request: ChartRequest) -> bool:
    """Whether a chart tells as much in half the width: one series over time."""
    return request.kind in ("line", "column") and len(request.series) == 1


def _all_charts(briefing: Briefing) -> list[ChartRequest]:
    """All charts in the order in which `Setter.section` places them."""
    ordered: list[ChartRequest] = []
    for section in briefing.sections:
        finding_order = {finding.id: n for n, finding in enumerate(section.findings)}
        last = len(finding_order)
        ordered += sorted(section.charts, key=lambda chart: finding_order.get(chart.finding or "", last))
    return ordered


def briefing_page(
    briefing: Briefing,
    narrative: Narrative,
    register: Register,
    drawings: Mapping[str, Drawing],
    stamp: Stamp,
    *,
    medium: Medium,
    style: str,
    script: str = "",
    logo: Logo | None = None,
) -> BriefingPage:
    """The whole edition for one medium, without a list of contents."""
    setter = Setter(briefing, narrative, register, drawings, medium)
    words, language = narrative.furniture, narrative.language
    summary = setter.line(narrative.summary, "summary")
    findings = [setter.finding(finding.id, f"finding/{n}") for n, finding in enumerate(briefing.headline, start=1)]
    commentary = setter.commentary()
    since = setter.since()
    table = setter.table(briefing.summary) if briefing.summary else None
    sections = [setter.section(section) for section in briefing.sections]
    revisions = setter.table(briefing.changes.table) if briefing.changes and briefing.changes.table else None
    notes = [setter.line(note, f"note/{n}") for n, note in enumerate(narrative.notes, start=1)]
    return BriefingPage(
        medium=medium,
        lang=LANGUAGE_TAGS[language],
        heading=heading(briefing, narrative),
        running=running(briefing, narrative),
        title=narrative.title,
        place=place_name(briefing, briefing.place, language),
        period=narrative.period,
        kind=narrative.kind,
        publisher=in_language(briefing.house.publisher, language),
        marks=[setter.text(text) for text in marks(narrative, stamp)],
        summary=summary,
        facts=cover_facts(briefing, narrative),
        findings=findings,
        commentary=commentary,
        byline=setter.byline(),
        since=since,
        table=table,
        contents=[],
        sections=sections,
        revisions=revisions,
        notes=notes,
        sources=setter.notes.sources(),
        groups=setter.notes.groups(register),
        series=setter.notes.series(register),
        colophon=colophon(stamp, words),
        disclaimer=in_language(briefing.house.disclaimer, language),
        house=imprint(briefing.house, language, logo),
        style=style,
        policy=policy(script, fonts=bool(own_families(briefing.house, language))) if script else "",
        script=script,
        words=dict(words),
    )


def marks(narrative: Narrative, stamp: Stamp) -> list[str]:
    """What a reader must know before reading on: that the edition is partial, the whole one after a partial one, or
    late; a sentence each."""
    told = [narrative.partial] if narrative.partial else []
    if stamp.completes is not None:
        day = Period.parse(stamp.completes.isoformat()).write(narrative.language)
        told.append(narrative.furniture["completing edition"].format(day=day))
    if stamp.due is not None and stamp.issued is not None:
        days = (Period.parse(each.date().isoformat()) for each in (stamp.due, stamp.issued))
        due, issued = (day.write(narrative.language) for day in days)
        phrase = "late edition" if due != issued else "late on the day"
        times = {"due_time": f"{stamp.due:%H:%M}", "issued_time": f"{stamp.issued:%H:%M}"}
        told.append(narrative.furniture[phrase].format(due=due, issued=issued, **times))
    return told


def heading(briefing: Briefing, narrative: Narrative) -> str:
    """Title, place and period in one text: the document's title."""
    place = place_name(briefing, briefing.place, narrative.language)
    template = narrative.furniture["heading"]
    return template.format(title=narrative.title, place=place, period=narrative.period)


#: Columns of the running head: of both its sides together, which stand on one line, of capitals too; and of the left
#: side at least.
RUNNING, HEADING = 96, 64


def running(briefing: Briefing, narrative: Narrative) -> list[str]:
    """What runs at the head of each page: heading and publisher, shortened so that they stand on one line; a short one
    leaves its room to the other."""
    told = heading(briefing, narrative), in_language(briefing.house.publisher, narrative.language)
    head, publisher = (" ".join(text.split()) for text in told)
    publisher = shortened(publisher, RUNNING - min(HEADING, columns(head)))
    return [shortened(head, RUNNING - columns(publisher)), publisher]


def cover_facts(briefing: Briefing, narrative: Narrative) -> list[Fact]:
    """Release, next release, data up to, publisher, contact: the labelled lines of the cover."""
    words, language = narrative.furniture, narrative.language
    facts = [
        *releases(briefing, words, language),
        Fact(words["data up to"], period_name(briefing.cut_off, language, short=False)),
        Fact(words["published by"], in_language(briefing.house.publisher, language)),
    ]
    whom = _contact(briefing.house, language)
    href = next((part.href for part in whom if part.href), "")
    facts.append(Fact(words["contact"], "".join(part.text for part in whom), href, whom))
    return [fact for fact in facts if fact.text]


def _contact(house: House, language: str) -> list[Part]:
    """Whom to ask: name, address and telephone number, each with its own link."""
    name, email, phone = (house.contact.get(key) or "" for key in ("name", "email", "phone"))
    said = in_language(name, language) if isinstance(name, dict) else name
    told = [Part(said), Part(str(email), _mailto(str(email))), Part(str(phone), _tel(str(phone)))]
    between = Part(", " if language == "en" else "，")
    return [each for part in told if part.text for each in (between, part)][1:]


def releases(briefing: Briefing, words: Mapping[str, str], language: str) -> list[Fact]:
    """When the briefing is released and when the next one, by its schedule; without one, which period comes next."""
    release = briefing.release
    if release is None:
        return [Fact(words["next period"], next_period(briefing, language))]
    at, after = (_instant(each, release.zone, words, language) for each in (release.at, release.next))
    following = words["next instant"].format(period=period_name(release.next_period, language, short=False), at=after)
    return [Fact(words["released"], at), Fact(words["next release"], following if after else "")]


def _instant(text: str, zone: str, words: Mapping[str, str], language: str) -> str:
    """An ISO instant in words, its zone by name where the phrase book has one, else by its distance from UTC."""
    if not text:
        return ""
    at = datetime.fromisoformat(text)
    place = words.get(f"zone {zone}") or at.tzname() or zone
    return words["instant"].format(
        day=period_name(at.date().isoformat(), language, short=False), time=f"{at:%H:%M}", zone=place
    )


def next_period(briefing: Briefing, language: str) -> str:
    """The period that the next briefing is about, within the year: a reader of April waits for May."""
    period = Period.parse(briefing.period)
    if period.shape not in WITHIN_YEAR:
        return ""
    return period.step(1).write("zh" if language == "zh" else "en", style="months")


#: Periods after which the next one is soon waited for.
WITHIN_YEAR = (Shape.CUMULATED_MONTHS, Shape.MONTH, Shape.QUARTER, Shape.HALF_YEAR, Shape.TEN_DAYS, Shape.WEEK)


def _mailto(address: str) -> str:
    """The link to an address that can stand behind `mailto:`: one @, and nothing that would begin a header or another
    recipient. Empty for others."""
    name, at, host = address.partition("@")
    fits = name and at and host and not any(char in "@,;:?&%<>\"' \r\n\t" for char in name + host)
    return f"mailto:{address}" if fits else ""


def _tel(number: str) -> str:
    """The link that dials a number (RFC 3966): its digits, at most 15 (E.164); behind a country's code without a (0).
    Empty for what may be two numbers."""
    plain = re.sub(r"[ .()-]", "", number.replace("(0)", "") if number.startswith("+") else number)
    return f"tel:{plain}" if re.fullmatch(r"\+?[0-9]{3,15}", plain) else ""


def colophon(stamp: Stamp, words: Mapping[str, str]) -> list[Fact]:
    facts = [
        Fact(words["edition"], stamp.edition),
        Fact(words["revision"], str(stamp.revision) if stamp.revision else ""),
        Fact(words["content hash"], stamp.content[:16]),
    ]
    return [fact for fact in facts if fact.text]


def courses(page: BriefingPage) -> dict[str, str]:
    """The sparklines of a page for print: name of the picture -> SVG."""
    found = (row.trend for table in _tables(page) for row in table.rows)
    return {trend.address.removeprefix("chart:"): trend.svg for trend in found if trend}


def without_courses(page: BriefingPage) -> BriefingPage:
    """The page for Word, which has no sparklines: the figures that they draw stand in the data."""
    sections = [
        replace(section, blocks=[_without_courses(block) for block in section.blocks]) for section in page.sections
    ]
    return replace(page, sections=sections)


def _without_courses(block: Paragraph | Chart | Table) -> Paragraph | Chart | Table:
    if not isinstance(block, Table) or block.trend is None:
        return block
    return replace(block, trend=None, rows=[replace(row, trend=None) for row in block.rows])


def _tables(page: BriefingPage) -> Iterator[Table]:
    for section in page.sections:
        yield from (block for block in section.blocks if isinstance(block, Table))


def with_contents(page: BriefingPage) -> BriefingPage:
    """The page with a list of its sections, notes and sources; on screen, where it stands before all else, of the main
    findings too."""
    language = "zh" if page.lang == LANGUAGE_TAGS["zh"] else "en"
    entries = [ContentsEntry(section.id, section.title) for section in page.sections]
    if page.findings and page.medium == "screen":
        entries.insert(0, ContentsEntry("findings", set_text(page.words["findings"], language)))
    if page.revisions:
        entries.append(ContentsEntry("revisions", set_text(page.words["revisions"], language)))
    if page.notes:
        entries.append(ContentsEntry("notes", set_text(page.words["notes"], language)))
    entries.append(ContentsEntry("sources", set_text(page.words["sources and figures"], language)))
    return replace(page, contents=entries)
