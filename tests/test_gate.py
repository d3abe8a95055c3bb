"""The number gate: what it lets pass, what it stops, and what it says then."""

from __future__ import annotations

import csv
import dataclasses
import io
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import NamedTuple

import openpyxl
import pytest

from briefings import fanout, pipeline, render, survey
from briefings.audit import alignment, furniture, gate, numerals, paper, texts
from briefings.audit.model import Objection, told
from briefings.audit.tokens import tokens
from briefings.briefing import Briefing, Figure
from briefings.errors import AuditError
from briefings.ingest import ingest
from briefings.press import Press
from briefings.script import Line, Run
from briefings.settings import load
from briefings.workspace import Workspace
from tests import mutations, samples

# Small parts


def figure(value: float, unit: str, **others: object) -> Figure:
    shape = {"id": "f0123456789", "kind": "level", "indicator": "gdp", "place": "china", "period": "2025", "inputs": ()}
    return Figure.model_validate(shape | {"value": value, "unit": unit} | others)


@pytest.mark.parametrize(
    ("text", "value", "unit", "head"),
    [
        ("CNY 59.56 billion", 59_557_000_000, "CNY", ""),
        ("595.57亿元", 59_557_000_000, "CNY", ""),
        ("59.56", 59_557_000_000, "CNY", "CNY billion"),
        ("−0.4", -0.35, "percent", "percent"),
        ("4.8%", -4.8, "percent", ""),
        ("0.4个百分点", 0.4, "percentage point", ""),
        ("0.4 points", 0.4, "percentage point", ""),
        ("第23位", 23, "rank", ""),
        ("first", 1, "rank", ""),
        ("23rd", 23, "rank", ""),
        ("seven", 7, "month", ""),
        ("680 times", 68_000, "percent", ""),
        ("13,000 mu (867 hectares)", 13_000, "mu", ""),
        ("6.7758元/美元", 6.7758, "CNY per USD", ""),
        ("233场", 233, "item", ""),
    ],
)
def test_the_gate_reads_what_is_printed(text: str, value: float, unit: str, head: str) -> None:
    assert numerals.wrong(text, figure(value, unit), head=head, signed=False, counters={"场"}) == ""


@pytest.mark.parametrize(
    ("text", "value", "unit", "head", "expected"),
    [
        ("CNY 59.57 billion", 59_557_000_000, "CNY", "", "59.56"),
        ("CNY 59.56 million", 59_557_000_000, "CNY", "", "59,557.00"),
        ("USD 59.56 billion", 59_557_000_000, "CNY", "", "a number of CNY"),
        ("4.8%", 4.8, "percentage point", "", "a number of percentage point"),
        ("0.4", -0.35, "percent", "percent", "−0.4, with its sign"),
        ("59.56", 59_557_000_000, "CNY", "CNY million", "59,557.00"),
        ("third", 1, "rank", "", "1"),
        (">5", 5, "item", "", "no > before it: the figure is exact"),
        ("many", 5, "item", "", "a number"),
        ("13,000 mu (967 hectares)", 13_000, "mu", "", "about 867 hectare"),
    ],
)
def test_the_gate_says_what_had_to_be_printed(text: str, value: float, unit: str, head: str, expected: str) -> None:
    assert numerals.wrong(text, figure(value, unit), head=head, signed=bool(head), counters=()) == expected


def lines(*said: str) -> alignment.Expected:
    return alignment.Expected(tuple(Line(f"finding/{n}", (Run(text),)) for n, text in enumerate(said, start=1)))


SAID = lines("GDP rose 5.2% to CNY 3 billion.", "No number here.", "Loans fell 0.3%.")


@pytest.mark.parametrize(
    "text",
    [
        "GDP rose 5.2% to\nCNY\u00a03 billion. No number here. Loans fell 0.3%.",
        "A word of welcome. GDP rose 5.2% to CNY 3 billion. Loans fell 0.3%.",
        "GDP rose ５.２% to CNY 3 billion. No number here. Loans fell 0.3%. Ask us.",
    ],
    ids=["spaces and line ends", "words without numbers come and go", "full width"],
)
def test_what_templates_may_do(text: str) -> None:
    assert alignment.objections("mail.txt", SAID, text) == ([], set())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "GDP rose 5.3% to CNY 3 billion. No number here. Loans fell 0.3%.",
            "mail.txt, finding/1: found “GDP rose [ 5.3] % to CNY”, expected “GDP rose [ 5.2] % to CNY”",
        ),
        (
            "GDP fell 5.2% to CNY 3 billion. No number here. Loans fell 0.3%.",
            "mail.txt, finding/1: found “GDP [ fell] 5.2% to”, expected “GDP [ rose] 5.2% to”",
        ),
        (
            "GDP rose 5.2% to CNY 3 billion. No 7 number here. Loans fell 0.3%.",
            "mail.txt, after finding/2: found “3 billion. No [ 7] number here.”, "
            "expected “3 billion. No [ ] number here.”",
        ),
        (
            "GDP rose 5.2% to CNY 3 billion. No number here.",
            "mail.txt, finding/3: found “No number here. [ ]”, expected “No number here. [ Loans fell 0.3%.]”",
        ),
    ],
    ids=["digit", "direction", "orphan", "left out"],
)
def test_what_the_gate_says(text: str, message: str) -> None:
    (objection,), _ = alignment.objections("mail.txt", SAID, text)
    assert str(objection) == message


def test_what_comes_up_on_pointing_is_read_and_bound() -> None:
    data = '{"names":["Ridge"],"times":["2021"],"marks":[[0,0,"4.0%","preliminary",4.0,[1,2],[1,2]]]}'
    (said,) = texts.tips([data])
    runs = (
        Run("Ridge ", furniture="name"),
        Run("2021 ", furniture="period"),
        Run("4.0%", "ridge"),
        Run(" preliminary"),
    )
    lines = (Line("chart/c1/mark/1", runs),)
    assert gate.shown("briefing.html tips", said, lines) == ([], set())
    found, _ = gate.shown("briefing.html tips", said.replace("4.0%", "5.0%"), lines)
    assert [objection.figure for objection in found] == ["ridge"]
    with pytest.raises(AuditError, match="cannot be read again"):
        list(texts.tips(["{}"]))


def test_objections_are_told_together() -> None:
    many = [Objection(f"mail.txt, note/{n}", "“1”", "“2”", "f1") for n in range(20)]
    lines_told = told(many).splitlines()
    assert lines_told[0] == "the finished files make 20 statements that the facts do not; nothing was filed:"
    assert lines_told[1] == "  mail.txt, note/0: found “1”, expected “2” (figure f1)"
    assert lines_told[-1] == "  and 8 more"


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("In October 2025, ", ""),
        ("“十四五”时期（2025—2026年）", ""),
        (" (Figure 12)", ""),
        ("In October 1998, ", "1998"),
        (" among 45 places", "45"),
        ("，较上年翻番", "翻番"),
        (" more than doubled", "doubled"),
    ],
)
def test_numbers_in_plain_words_are_dates_and_names(text: str, strange: str) -> None:
    known = furniture._Known(samples.briefing())
    assert known.strange(text) == strange


# Editions


class Made(NamedTuple):
    """An edition as rendered, and what is read from it."""

    briefing: Briefing
    language: str
    rendered: render.Rendered
    texts: texts.Texts

    def objections(self, read: texts.Texts) -> list[Objection]:
        return gate.check(read, self.rendered.files, self.rendered.script, self.briefing, self.language)


WANTED = (("economy", "hohhot"), ("finance", "wuhai"), ("economy", "xincheng"), ("markets", "china"))


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """The sample project, ingested."""
    root = Path(__file__).parent.parent
    project = tmp_path_factory.mktemp("gate")
    for folder in ("config", "data/inputs", "seeds"):
        shutil.copytree(root / folder, project / folder)
    now = datetime(2026, 11, 21, tzinfo=UTC)
    settings = load(Workspace.find(project))
    for source in settings.sources:
        ingest(settings, source, now=now)
    with fanout.workers() as workers:
        yield Press(settings, now, workers)


@pytest.fixture(scope="module")
def editions(press: Press) -> list[Made]:
    """Some sample editions in both languages, read once."""
    made = []
    for task in fanout.tasks(press.settings):
        if (task.theme, task.place) in WANTED:
            briefing = survey.brief(press, task)
            for language in task.languages:
                stamp = render.Stamp(f"{task.theme}/{task.place}/{briefing.period}/{language}/r1", 1, "a1b2c3d4")
                _, rendered = pipeline._render(press, briefing, language, stamp)
                read = texts.take(rendered.files, paper.read(rendered.files["briefing.pdf"]))
                made.append(Made(briefing, language, rendered, read))
    return made


@pytest.mark.slow
def test_sample_editions_pass(editions: list[Made]) -> None:
    """That all of them pass, `test_demo` shows: it builds them through the gate."""
    assert len(editions) >= 8
    for made in editions:
        assert made.objections(made.texts) == [], (made.briefing.theme, made.briefing.place, made.language)


class Gate:
    """The gate for one edition whose lines are tokens already: thousands of mutations are to be read."""

    def __init__(self, made: Made) -> None:
        self.made = made
        script = made.rendered.script
        self.expected = {name: gate.expected(found) for name, found in script.files.items() if name != "briefing.pdf"}

    def stops(self, name: str, text: str) -> bool:
        found, _ = alignment.objections(name, self.expected[name], text, lenient=name in gate._TEMPLATED)
        return bool(found)

    def stops_page(self, number: int, text: str) -> bool:
        pages = list(self.made.texts.pages)
        pages[number] = text
        read = dataclasses.replace(self.made.texts, pages=tuple(pages))
        return bool(gate.paper(read, self.made.rendered.script, set()))

    def stops_alternative(self, number: int, text: str) -> bool:
        alternatives = list(self.made.texts.alternatives)
        alternatives[number] = text
        read = dataclasses.replace(self.made.texts, alternatives=tuple(alternatives))
        return bool(gate.paper(read, self.made.rendered.script, set()))


#: Mutations of each kind, and how many of them are made in a PDF's pages, which take longer to read.
EACH, IN_PAGES = 400, 60


@pytest.mark.slow
def test_mutations_are_caught(editions: list[Made], capsys: pytest.CaptureFixture[str]) -> None:
    random = Random(20261122)
    gates = [Gate(made) for made in editions]
    tried: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)

    def count(kind: str, stopped: bool, where: str) -> None:
        tried[kind] += 1
        caught[kind] += stopped
        if not stopped:
            missed[kind].append(where)

    for kind in mutations.KINDS:
        attempts = 0
        while tried[kind] < EACH and attempts < 5 * EACH:
            attempts += 1
            one = random.choice(gates)
            if attempts % (EACH // IN_PAGES) == 0:
                number = random.randrange(len(one.made.texts.pages))
                if (text := mutations.mutated(one.made.texts.pages[number], kind, random)) is not None:
                    count(kind, one.stops_page(number, text), f"page {number + 1}")
                continue
            name = random.choice(list(one.expected))
            if (text := mutations.mutated(one.made.texts.shown[name], kind, random)) is not None:
                count(kind, one.stops(name, text), f"{one.made.briefing.theme} {name}")
    for kind, tables in (("cell of data.csv changed", False), ("cell of data.xlsx changed", True)):
        for _ in range(EACH // 4):
            made = random.choice(editions)
            count(kind, bool(_cell_changed(made, random, workbook=tables)), kind)
    for _ in range(EACH // 4):
        one = random.choice([each for each in gates if each.made.texts.alternatives])
        number = random.randrange(len(one.made.texts.alternatives))
        kind = random.choice(("digit changed", "number deleted", "two numbers swapped"))
        if (text := mutations.mutated(one.made.texts.alternatives[number], kind, random)) is not None:
            count("alternative text of the PDF changed", one.stops_alternative(number, text), "alternative")
    with capsys.disabled():
        print("\nnumber gate: mutations of finished texts")
        for kind in tried:
            print(f"  {kind:36} {caught[kind]:5} of {tried[kind]:5}  {caught[kind] / tried[kind]:7.2%}")
        share = caught.total() / tried.total()
        print(f"  {'all':36} {caught.total():5} of {tried.total():5}  {share:7.2%}")
    assert tried.total() >= 5_000
    assert share >= 0.99, {kind: where[:5] for kind, where in missed.items()}


def _cell_changed(made: Made, random: Random, *, workbook: bool) -> list[Objection]:
    """What the gate says of one changed number in the data files."""
    read, name = made.texts, ""
    rows: list[list[texts.Cell]] = [list(row) for row in read.rows]
    if workbook:
        name = random.choice([sheet for sheet, found in read.sheets.items() if len(found) > 4])
        rows = [list(row) for row in read.sheets[name]]
    places = [
        (n, m) for n, row in enumerate(rows) for m, cell in enumerate(row) if any(map(str.isdigit, str(cell or "")))
    ]
    n, m = random.choice(places)
    cell = rows[n][m]
    changed = None if isinstance(cell, bool) else mutations.mutated(str(cell), "digit changed", random)
    if changed is None:
        return [Objection("", "", "")]  # nothing to change: a code made of letters and digits
    rows[n][m] = float(changed) if isinstance(cell, float) else changed
    frozen = tuple(tuple(row) for row in rows)
    if workbook:
        read = dataclasses.replace(read, sheets={**read.sheets, name: frozen})
    else:
        read = dataclasses.replace(read, rows=tuple(tuple(str(cell) for cell in row) for row in frozen))
    return list(gate.annexes.objections(read, made.rendered.files, made.rendered.script, made.briefing))


@pytest.mark.slow
def test_changes_in_the_files_themselves_are_seen(editions: list[Made]) -> None:
    """The files are written anew, read again, and stopped: HTML, mail, charts, their data, CSV, workbook."""
    made = next(each for each in editions if each.briefing.theme == "economy" and each.briefing.place == "xincheng")
    files = made.rendered.files
    chart = next(name for name in files if name.endswith(".svg"))
    for name in ("briefing.html", "mail.html", "mail.txt", chart, "data.csv", "data.xlsx"):
        changed = dict(files)
        if name == "data.xlsx":
            changed[name] = _workbook_changed(files[name])
        elif name == "data.csv":
            changed[name] = _csv_changed(files[name])
        else:
            old = next(
                text for text in _printed(made) if f">{text}<".encode() in files[name] or text.encode() in files[name]
            )
            new = mutations.digit_changed(old, Random(7))
            assert new is not None
            changed[name] = files[name].replace(old.encode(), new.encode(), 1)
        assert changed[name] != files[name]
        read = texts.take(changed, paper.read(files["briefing.pdf"]))
        found = gate.check(read, changed, made.rendered.script, made.briefing, made.language)
        assert any(objection.where.startswith(name) for objection in found), name


def _printed(made: Made) -> list[str]:
    """Texts that print figures, the longest first, so that one is found in each file."""
    script = made.rendered.script
    said = {run.text for found in script.files.values() for line in found for run in line.runs if run.figure}
    return sorted((text for text in said if "." in text), key=len, reverse=True)


def _workbook_changed(content: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[-1]
    column = [cell.value for cell in sheet[1]].index("value") + 1
    sheet.cell(2, column).value = float(sheet.cell(2, column).value) + 1
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def _csv_changed(content: bytes) -> bytes:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    column = rows[0].index("value")
    rows[1][column], rows[2][column] = rows[2][column], rows[1][column]
    changed = io.StringIO()
    csv.writer(changed, lineterminator="\n").writerows(rows)
    return b"\xef\xbb\xbf" + changed.getvalue().encode()


@pytest.mark.slow
def test_a_page_that_was_set_otherwise_is_seen(
    editions: list[Made], press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page is set again with one number changed, two rows swapped, a date changed: the PDF itself says so."""
    made = next(each for each in editions if each.briefing.theme == "finance" and each.language == "zh")
    fill = render._fill
    changes = (("133", "131"), ("亿元", "万元"), ("2025年", "2024年"), ("%", "个百分点"))
    for old, new in changes:

        def changed(*arguments: object, old: str = old, new: str = new) -> dict[str, str]:
            filled = fill(*arguments)  # type: ignore[arg-type]
            for name in ("print", "print with contents"):
                head, body, rest = filled[name].partition("<body")
                filled[name] = head + body + rest.replace(old, new, 1)
            return filled

        monkeypatch.setattr(render, "_fill", changed)
        stamp = render.Stamp("finance/wuhai/2025/zh/r1", 1, "a1b2c3d4")
        _, rendered = pipeline._render(press, made.briefing, made.language, stamp)
        monkeypatch.setattr(render, "_fill", fill)
        read = texts.take(rendered.files, paper.read(rendered.files["briefing.pdf"]))
        found = gate.check(read, rendered.files, rendered.script, made.briefing, made.language)
        assert found, (old, new)
        assert all(objection.where.startswith("briefing.pdf") for objection in found)


@pytest.mark.slow
def test_a_script_that_the_briefing_does_not_bear_out_is_stopped(editions: list[Made]) -> None:
    """Files and script may agree and both be wrong: the script is held against the briefing's own tables and values."""
    made = next(each for each in editions if each.briefing.theme == "markets" and each.language == "en")
    script, name = made.rendered.script, "briefing.html"
    rows = [n for n, line in enumerate(script.files[name]) if "/row/" in line.where]
    first, second = rows[3], rows[4]
    swapped = list(script.files[name])
    swapped[first] = dataclasses.replace(swapped[first], runs=script.files[name][second].runs)
    swapped[second] = dataclasses.replace(swapped[second], runs=script.files[name][first].runs)
    wrong = dataclasses.replace(script, files={**script.files, name: tuple(swapped)})
    found = gate.record.objections(wrong, made.briefing, made.language)
    assert found
    assert "in their order, each cell with its own figure" in found[0].expected
    assert tokens("−0.4") == ["−", "0.4"]
