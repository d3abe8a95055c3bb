"""The sample bulletins: what is read out of them, against figures read by hand and against the seeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from briefings import sources
from briefings.observations import KEY
from briefings.quantities import Unit
from briefings.settings import Settings, load
from briefings.sources import Open, Reading, resolve
from briefings.workspace import Workspace
from tests.documents import Kept

CASES = Path(__file__).parent / "cases" / "bulletins.txt"
TODAY = date(2026, 7, 20)


@dataclass(frozen=True)
class Gold:
    """A figure as a person reads it."""

    file: str
    quote: str
    value: float
    unit: str
    kind: str
    period: str
    status: str
    indicator: str


def gold() -> Iterator[Gold]:
    file = ""
    for line in CASES.read_text("utf-8").splitlines():
        if line.startswith("==="):
            file = f"seeds/bulletins/{line.removeprefix('===').strip()}"
        elif not line.startswith("#"):
            quote, quantity, kind, period, status, indicator = (part.strip() for part in line.split("|"))
            value, _, unit = quantity.partition(" ")
            yield Gold(file, quote, float(value), unit, kind.split()[0], period, status.split()[0], indicator)


@pytest.fixture(scope="module")
def settings(root: Path) -> Settings:
    return load(Workspace(root))


@pytest.fixture(scope="module")
def kept() -> Kept:
    return Kept()


@pytest.fixture(scope="module")
def found(settings: Settings, kept: Kept) -> Reading:
    return read(settings, "bulletins", kept)


@pytest.fixture(scope="module")
def all_open(settings: Settings) -> Sequence[Open]:
    """Every figure of the bulletins as it is read before anybody decides."""
    strict = settings.sources["bulletins"].model_copy(update={"accept": "confirmed"})
    given: dict[str, Any] = {"catalogue": settings.catalogue, "root": settings.workspace.root, "today": TODAY}
    return sources.read("bulletins", strict, keep=Kept().keep, **given).open


def read(settings: Settings, name: str, kept: Kept) -> Reading:
    given: dict[str, Any] = {"catalogue": settings.catalogue, "root": settings.workspace.root, "today": TODAY}
    return sources.read(name, settings.sources[name], keep=kept.keep, reviews=settings.reviews, **given)


def is_figure(each: Open, one: Gold) -> bool:
    same = each.file == one.file and one.quote in each.quote and each.told["value"] == pytest.approx(one.value)
    mine, theirs = Unit.parse(each.told["unit"])[0], Unit.parse(one.unit)[0]
    return same and (mine == theirs or (mine.is_count and theirs.is_count))


def pairs(read_: Sequence[Open], wanted: Sequence[Gold]) -> list[tuple[Open, Gold]]:
    """Each figure of the gold with the first reading of it that is not taken yet."""
    free, made = list(read_), []
    for one in wanted:
        each = next((each for each in free if is_figure(each, one)), None)
        if each is not None:
            free.remove(each)
            made.append((each, one))
    return made


def f1(hits: int, read_: int, wanted: int) -> float:
    return 2 * hits / (read_ + wanted)


def test_figures_are_read_as_a_person_reads_them(all_open: Sequence[Open]) -> None:
    wanted = list(gold())
    together = pairs(all_open, wanted)
    facts = [
        (each, one)
        for each, one in together
        if (each.told["kind"], each.told["period"], each.told["status"]) == (one.kind, one.period, one.status)
    ]
    named = [(each, one) for each, one in together if each.told["indicator"]]
    assert f1(len(together), len(all_open), len(wanted)) >= 0.97
    assert f1(len(facts), len(all_open), len(wanted)) >= 0.9
    assert sum(each.told["indicator"] == one.indicator for each, one in named) >= 0.9 * len(named)
    assert len(named) >= len(wanted) / 2


def test_every_form_of_document_is_among_them(found: Reading) -> None:
    assert {Path(name).suffix for name in found.files} == {".html", ".docx", ".pdf", ".md", ".txt"}
    assert not found.failed
    assert not found.lapsed
    assert not found.conflicts


def test_bulletins_say_nothing_that_the_seeds_do_not_say(settings: Settings, found: Reading) -> None:
    seeds = [read(settings, name, Kept()).frame for name, each in settings.sources.items() if each.kind == "facts"]
    columns = [*KEY, "value", "unit", "status", "qualifier", "published"]
    told = set(pd.concat(seeds)[columns].astype(object).itertuples(index=False, name=None))
    new = [row for row in found.frame[columns].astype(object).itertuples(index=False, name=None) if row not in told]
    assert new == []
    assert len(found.frame) >= 40


def test_every_observation_leads_back_to_its_words(found: Reading, kept: Kept) -> None:
    rows: list[Mapping[Any, Any]] = found.frame.to_dict("records")
    for row in rows:
        content, dialect = kept[row["snapshot"]]
        number = resolve(row["locator"], content, dialect)
        assert " ".join(number.split()) in row["quote"]
        assert any(character.isdigit() for character in number)
