"""Coverage: what the documents of the seeds tell stands in an edition of its place, outside the annex."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from briefings import configuration, reconcile, sources
from briefings.briefing import Briefing, TableRequest
from briefings.catalogue import index_of_names
from briefings.compose import compose
from briefings.errors import CompositionError
from briefings.narrative import narrate, plain
from briefings.observations import Panel
from briefings.periods import Period
from briefings.settings import Settings, load
from briefings.workspace import Workspace, builtin

ROOT = Path(__file__).parent.parent
SEEDS = sorted(path.stem for path in (ROOT / "seeds").glob("*.csv"))
#: Why a figure may stand in no edition of its place.
REASONS = ("told twice", "of a period of which its place has no edition of this topic")

#: Where a figure stands: its source and the row of its file.
Where = tuple[str, str]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(Workspace.find(ROOT))


@pytest.fixture(scope="module")
def panel(settings: Settings) -> Panel:
    def keep(content: bytes, dialect: dict[str, Any]) -> str:
        return sha256(content).hexdigest()

    def frame(key: str) -> pd.DataFrame:
        source = settings.sources[key]
        told = sources.read(key, source, catalogue=settings.catalogue, root=ROOT, keep=keep, today=date(2026, 7, 20))
        return told.frame

    return Panel.of_frame(pd.concat([frame(key) for key in SEEDS]))


@pytest.fixture(scope="module")
def briefings(settings: Settings, panel: Panel) -> Mapping[tuple[str, str, str], Briefing]:
    """Theme, place and period -> briefing, of every theme on published figures; what has no figures is left out."""
    checked = reconcile.check(panel, settings.catalogue, decided=settings.decided)
    found = {}
    for key, theme in settings.themes.items():
        for place, period in ((place, period) for place, many in theme.period.of.items() for period in many):
            try:
                found[key, place, str(period)] = compose(
                    theme,
                    place,
                    period,
                    checked,
                    catalogue=settings.catalogue,
                    project=settings.project,
                    sources=settings.sources,
                    remarks=settings.remarks,
                )
            except CompositionError:
                continue
    return found


def shown(briefing: Briefing) -> set[Where]:
    """The cells from which the figures of sentences, tables and charts came."""
    tables = [*([briefing.summary] if briefing.summary else []), *of_sections(briefing)]
    ids = {cell.figure for table in tables for row in table.rows for cell in row.cells if cell.figure}
    for finding in briefing.every_finding():
        ids |= {*finding.figures.values(), *(key for entry in finding.entries for key in entry.figures.values())}
    return {(item.source, item.locator.partition(",")[0]) for key in ids for item in briefing.figures[key].inputs}


def of_sections(briefing: Briefing) -> list[TableRequest]:
    return [table for section in briefing.sections for table in section.tables]


def figures(source: str) -> Iterator[tuple[Where, dict[str, str]]]:
    with (ROOT / "seeds" / f"{source}.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            yield (source, f"row={number}"), row


def told_twice(row: Mapping[str, str], rows: list[dict[str, str]]) -> bool:
    telling = ("place", "indicator", "breakdown", "value", "unit", "kind", "basis", "of", "period", "status")
    return sum(1 for other in rows if all(other[key] == row[key] for key in telling)) > 1


def test_the_editions_of_a_place_hold_what_its_documents_tell(
    settings: Settings, briefings: Mapping[tuple[str, str, str], Briefing]
) -> None:
    stands = set().union(*(shown(briefing) for briefing in briefings.values()))
    built = {(place, period) for _, place, period in briefings}
    places = {name: key for key, place in settings.catalogue.places.items() for name in place.name.texts.values()}
    ids = index_of_names(settings.catalogue.indicators)
    wanted, lacking = 0, Counter[str]()
    for source in SEEDS:
        everything = [row for _, row in figures(source)]
        for where, row in figures(source):
            topic = settings.catalogue.indicators[ids[row["indicator"].casefold()]].topic
            if row["optional"] == "1" or topic is None:
                continue
            wanted += 1
            if where in stands:
                continue
            period, place = Period.parse(row["period"]), places[row["place"]]
            if told_twice(row, everything):
                lacking["told twice"] += 1
            elif not any(Period.parse(each).contains(period) for at, each in built if at == place):
                lacking[REASONS[1]] += 1
            else:
                lacking[f"without a reason: {row}"] += 1
    assert wanted > 700
    assert set(lacking) <= set(REASONS)
    assert lacking.total() <= 0.05 * wanted


def test_the_reports_of_two_places_are_long_and_a_few_figures_make_a_page(
    briefings: Mapping[tuple[str, str, str], Briefing],
) -> None:
    def rows(key: tuple[str, str, str]) -> int:
        return sum(len(table.rows) for table in of_sections(briefings[key]))

    assert rows(("development", "hohhot", "2020")) > 200
    assert rows(("development", "xincheng", "2020")) > 200
    for few in (("industry", "jixi", "2023-01/2023-04"), ("finance", "changde", "2018")):
        summary = briefings[few].summary
        assert summary is not None
        assert 4 <= len(summary.rows) <= 9
        assert not of_sections(briefings[few])


def test_what_the_audit_holds_is_marked_and_noted_in_the_editions_of_its_place(
    briefings: Mapping[tuple[str, str, str], Briefing],
) -> None:
    def held(key: tuple[str, str, str]) -> dict[float, set[str]]:
        briefing = briefings[key]
        rows = (row for table in of_sections(briefing) for row in table.rows)
        marked = (cell.figure for row in rows for cell in row.cells if "x" in cell.flags and cell.figure)
        noted = {figure for note in briefing.notes if note.kind == "held" for figure in note.figures.values()}
        told = {figure for finding in briefing.every_finding() for figure in finding.figures.values()}
        return {
            briefing.figures[figure].value: {
                word for word, where in (("noted", noted), ("told", told)) if figure in where
            }
            for figure in marked
        }

    assert held(("finance", "wuhai", "2025")) == {11.67: {"noted"}, 12.34: {"noted"}, 5: {"noted"}}


#: What the first page of an edition says, word for word: theme, place, period, language -> sentence.
SAID = {
    ("industry", "jixi", "2023-01/2023-04", "zh"): (
        "1—4月，鸡西市规上工业增加值同比增长19.2%，高于全国15.6个百分点（据此推算全国为3.6%），增速居全省第1位。"
    ),
    ("industry", "jixi", "2023-01/2023-04", "en"): (
        "Industrial value added of enterprises above designated size in Jixi rose 19.2% on the year from January to "
        "April, 15.6 points above the nation (implied 3.6%), first in the province."
    ),
    ("finance", "qingshuihe", "2018", "zh"): (
        "清水河县2018年一般公共预算收入预计完成4.4亿元，比上年增长67.18%，为年初任务的157.14%。"
    ),
    ("finance", "qingshuihe", "2018", "en"): (
        "Qingshuihe expects general public budget revenue of CNY 440 million for 2018, up 67.18% on the year, "
        "157.14% of the target."
    ),
}


@pytest.mark.parametrize("key", SAID)
def test_page_one_says_what_an_economist_would(
    key: tuple[str, str, str, str], briefings: Mapping[tuple[str, str, str], Briefing]
) -> None:
    theme, place, period, language = key
    briefing = briefings[theme, place, period]
    phrases = configuration.read_plain(builtin("templates") / "phrases" / f"{language}.yaml")
    told = narrate(briefing, language, phrases)
    assert SAID[key] in [plain(told.sentences[finding.id]) for finding in briefing.headline]
