"""The seeds: every figure reads into an observation that can be named in both languages."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings import sources
from briefings.catalogue import Indicator, index_of_names
from briefings.configuration import HAN
from briefings.settings import Settings, load
from briefings.sources import Reading
from briefings.workspace import Workspace

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "seeds").glob("*.csv"))
#: Figures that a document tells more than once with the same value: one of them is kept.
REPETITIONS = {"hohhot": 2, "qingshuihe": 4, "changde": 1, "hohhot_articles": 1}
#: Figures that are of another thing than the others of their id, and have an id of their own here.
RENAMED = {
    ("wuhai", "business_registration_time"): "business_registration_approval_time",
    ("wuhai", "provincial_specialized_enterprises"): "specialized_enterprises_recognized",
    ("hohhot", "projects_signed"): "projects_signed_and_landed",
    ("hohhot", "business_environment_measures"): "enterprise_convenience_measures",
    ("hohhot", "disposable_income_per_capita"): "disposable_income_per_capita_urban_and_rural",
    ("xincheng", "projects_signed", "2016/2020"): "projects_signed_and_landed",
}
#: Indicators that belong to another topic here than the documents have them in.
MOVED = {"masters_introduced": "science"}
#: A peer group in words, where the seeds have its id.
GROUPS = {
    "27 provincial capitals": "provincial_capitals",
    "35 large and medium-sized cities": "thirty_five_cities",
}
SHARED = os.environ.get("BRIEFINGS_SHARED")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(Workspace.find(ROOT))


@pytest.fixture(scope="module")
def readings(settings: Settings) -> dict[str, Reading]:
    def keep(content: bytes, dialect: dict[str, Any]) -> str:
        return sha256(content).hexdigest()

    return {
        path.stem: sources.read(
            path.stem,
            settings.sources[path.stem],
            catalogue=settings.catalogue,
            root=ROOT,
            keep=keep,
            today=date(2026, 7, 20),
        )
        for path in FILES
    }


def indicator_of(settings: Settings, identifier: str) -> Indicator:
    """The indicator of an id of the seeds: some ids mean one thing, and are aliases of another."""
    indicators = settings.catalogue.indicators
    return indicators[index_of_names(indicators)[identifier]]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_there_are_eight_files_with_their_origin(settings: Settings) -> None:
    assert len(FILES) == 8
    for path in FILES:
        origin = yaml.safe_load(path.with_suffix(".origin.yaml").read_text("utf-8"))
        assert set(origin) >= {"title", "publisher", "published", "language", "is", "holds", "made"}
        assert {row["published"] for row in rows(path)} == {origin["published"].isoformat()}
        source = settings.sources[path.stem]
        assert (source.kind, source.path) == ("facts", f"seeds/{path.name}")
        assert source.title is not None
        assert source.title.languages == ("en", "zh")


def test_every_row_is_an_observation(readings: dict[str, Reading]) -> None:
    assert sum(len(rows(path)) for path in FILES) == 875
    for path in FILES:
        reading = readings[path.stem]
        assert [str(reject) for reject in reading.rejects] == []
        assert reading.conflicts == ()
        assert reading.columns_unread == ()
        assert reading.duplicates == REPETITIONS.get(path.stem, 0)
        assert len(reading.frame) + reading.duplicates == len(rows(path))


def test_values_are_those_of_the_files(readings: dict[str, Reading]) -> None:
    for path in FILES:
        by_line = dict(enumerate(rows(path), 2))
        for row in readings[path.stem].frame.itertuples():
            found = re.fullmatch(r"row=(\d+),column=value,char=(\d+):(\d+)", row.locator)
            assert found
            told = by_line[int(found[1])]
            assert (row.quote, found[2], found[3]) == (told["quote"], told["start"], told["end"])
            jin = 2000 if told["unit"] == "jin" else 1
            assert row.value * jin == float(told["value"])
            assert row.target == (told["status"] == "target")
            assert str(row.published) == told["published"]


def test_spans_are_short_and_hold_a_figure_once() -> None:
    """One span may hold two figures, where a document says of two rates that both are the same. Quotes are figures with
    their units, and no sentences."""
    for path in FILES:
        assert all(0 < len(row["quote"]) < 40 for row in rows(path))
        assert not any(re.search(r"[，。；,;.:：](?![0-9])", row["quote"]) for row in rows(path))
        spans = [(int(row["start"]), int(row["end"]), row["indicator"]) for row in rows(path)]
        assert all(0 <= start < end <= start + 80 for start, end, _ in spans)
        assert len(set(spans)) == len(spans)


def test_everything_has_a_name_in_both_languages(settings: Settings) -> None:
    catalogue = settings.catalogue
    lacking = set()
    for path in FILES:
        for row in rows(path):
            indicator = indicator_of(settings, row["indicator"])
            texts = [text for text in (indicator.name, indicator.short, indicator.subject, indicator.note) if text]
            lacking |= {row["indicator"]} if indicator.name.languages != ("en", "zh") else set()
            for text in texts:
                assert not HAN.search(text.en or ""), row["indicator"]
                assert text.zh is None or HAN.search(text.zh), row["indicator"]
    assert not lacking
    named = {row["place"] for path in FILES for row in rows(path)}
    places = [place for place in catalogue.places.values() if place.name.en in named]
    assert {place.name.en for place in places} == named
    assert all(place.name.languages == ("en", "zh") for place in places)


def test_no_two_indicators_share_a_name(settings: Settings) -> None:
    for language in ("en", "zh"):
        names = Counter((item.name.get(language) or "").casefold() for item in settings.catalogue.indicators.values())
        assert [name for name, times in names.items() if times > 1] == []


def test_topics_are_those_of_the_figures(settings: Settings) -> None:
    """What only says what another figure covers (thresholds, terms) belongs to no topic."""
    for path in FILES:
        for row in rows(path):
            topic = indicator_of(settings, row["indicator"]).topic
            wanted = MOVED.get(row["indicator"], row["topic"])
            assert topic == wanted or (topic is None and row["optional"] == "1"), row["indicator"]


def test_peer_groups_are_complete(settings: Settings) -> None:
    groups, places = settings.catalogue.groups, settings.catalogue.places
    capitals, cities = groups["provincial_capitals"].members, groups["thirty_five_cities"].members
    assert (len(set(capitals)), len(set(cities))) == (27, 35)
    assert len({places[capital].within for capital in capitals}) == 27
    assert set(capitals) - set(cities) == {"lhasa"}
    for path in FILES:
        for row in rows(path):
            if row["basis"] in groups:
                assert int(row["out_of"]) == len(groups[row["basis"]].members)
    assert all(list(settings.catalogue.ancestors(city))[-2:] == ["china", "world"] for city in (*capitals, *cities))


@pytest.mark.skipif(not SHARED, reason="BRIEFINGS_SHARED names no folder that holds seeds/facts.csv")
def test_the_seeds_are_the_facts_that_were_handed_in() -> None:
    facts = rows(Path(SHARED or "") / "seeds" / "facts.csv")
    seeds = {(path.stem, row["start"], row["end"], row["indicator"]): row for path in FILES for row in rows(path)}
    assert len(facts) == len(seeds) == 875
    same = ("place", "topic", "value", "unit", "kind", "counted_from", "out_of", "period", "status")
    for fact in facts:
        told = (fact["document"], fact["indicator"])
        indicator = RENAMED.get(told) or RENAMED.get((*told, fact["period"]), fact["indicator"])
        seed = seeds[fact["document"], fact["start"], fact["end"], indicator]
        for column in (*same, "qualifier", "optional", "published", "quote"):
            assert seed[column] == fact[column], (fact, column)
        assert seed["basis"] == GROUPS.get(fact["basis"], fact["basis"])
        assert seed["of"] == fact["rank_of"] or fact["kind"] == "gap"
