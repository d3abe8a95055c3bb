"""The sample editions, all of them: every number leads back, nothing is built twice, both languages tell the same."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import outloud
import pdfua
import pytest

from briefings import configuration, quantities
from briefings.archive import Archive, Edition
from briefings.briefing import Briefing, ChartKind
from briefings.cli.main import run
from briefings.narrative import foreign_labels, narrate, pattern_shares, plain
from briefings.sources import resolve
from briefings.store import Store
from briefings.workspace import builtin

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample project, ingested and built in a folder of its own."""
    root = tmp_path_factory.mktemp("demo")
    shutil.copytree(ROOT / "config", root / "config")
    shutil.copytree(ROOT / "data/inputs", root / "data/inputs")
    for folder in ("seeds",):
        if (ROOT / folder).is_dir():
            shutil.copytree(ROOT / folder, root / folder)
    at = ["--project", str(root), "--now", "2026-11-21T08:00+08:00", "-q"]
    assert run([*at, "ingest"]) == 0
    assert run([*at, "build", "--jobs", "2"]) == 0
    return root


@pytest.fixture(scope="module")
def editions(project: Path) -> list[Edition]:
    found = list(Archive(project / "data/editions").editions())
    assert len(found) >= 8
    return found


@pytest.fixture(scope="module")
def briefings(editions: list[Edition]) -> Mapping[str, Briefing]:
    """Edition id -> briefing."""
    return {edition.id: edition.briefing() for edition in editions}


def value_of(text: str) -> float:
    """The number of a cell, or of the words of a document (66.975 billion yuan) in base units."""
    try:
        return float(text)
    except ValueError:
        return quantities.read(text).value


#: Grain is told in jin, and kept in tonnes.
JIN = 0.0005


def test_every_locator_resolves_and_every_level_is_recomputed(project: Path, editions: list[Edition]) -> None:
    store = Store(project / "data/observations", project / "data/snapshots")
    snapshots: dict[str, tuple[bytes, dict[str, Any]]] = {}
    read: dict[tuple[str, str], str] = {}
    levels = 0
    for edition in editions:
        for figure in edition.figures():
            for item in figure["inputs"]:
                sha, locator = item["snapshot"], item["locator"]
                if (sha, locator) not in read:
                    snapshots.setdefault(sha, store.snapshot(sha))
                    read[sha, locator] = resolve(locator, *snapshots[sha])
                if locator.startswith("char="):  # the quote is the sentence around the words
                    assert read[sha, locator] in item["quote"], (edition.id, figure["id"])
                elif "char=" not in locator:  # else the quote is what was read in the document beside the table
                    assert read[sha, locator] == item["quote"], (edition.id, figure["id"])
            if figure["kind"] == "level" and not figure["computed"]:
                (item,) = figure["inputs"]
                told = value_of(read[item["snapshot"], item["locator"]])
                assert figure["value"] in (told, told * JIN if figure["unit"] == "tonne" else told)
                levels += 1
    assert levels > 1000


def test_every_growth_follows_from_its_inputs(editions: list[Edition]) -> None:
    checked = 0
    for edition in editions:
        for figure in edition.figures():
            if figure["kind"] == "growth" and figure["formula"] == "(a / b - 1) * 100":
                now, before = (item["value"] for item in figure["inputs"])
                assert figure["value"] == pytest.approx((now / before - 1) * 100, rel=1e-12)
                checked += 1
    assert checked > 500


def test_both_languages_hold_the_same_facts(briefings: Mapping[str, Briefing]) -> None:
    for identifier, briefing in briefings.items():
        if "/en/" in identifier:
            assert briefing == briefings[identifier.replace("/en/", "/zh/")]


def test_no_language_holds_labels_of_the_other(briefings: Mapping[str, Briefing]) -> None:
    for identifier, briefing in briefings.items():
        language = identifier.split("/")[3]
        phrases = configuration.read_plain(builtin("templates") / "phrases" / f"{language}.yaml")
        narrative = narrate(briefing, language, phrases)
        sentences = [*narrative.sentences.values(), *narrative.notes, narrative.summary]
        graded = ("国家4A级", "国家3A级") if language == "zh" else ()  # what the grades of sights are called in Chinese
        for sentence in sentences:
            assert not foreign_labels(plain(sentence), language, graded), (identifier, plain(sentence))


def test_no_sentence_pattern_takes_more_than_a_fifth(briefings: Mapping[str, Briefing]) -> None:
    for identifier, briefing in briefings.items():
        language = identifier.split("/")[3]
        phrases = configuration.read_plain(builtin("templates") / "phrases" / f"{language}.yaml")
        narrative = narrate(briefing, language, phrases)
        if len(narrative.sentences) >= 10:
            assert max(pattern_shares(narrative).values()) <= 0.2, identifier


def test_every_kind_of_chart_is_used(briefings: Mapping[str, Briefing]) -> None:
    used = {chart.kind for b in briefings.values() for section in b.sections for chart in section.charts}
    assert used == set(get_args(ChartKind))


def test_page_one_has_three_to_six_findings(briefings: Mapping[str, Briefing]) -> None:
    """What is held and what is lacking is said after them; a place of which sources tell little has fewer."""
    for identifier, briefing in briefings.items():
        told = [finding for finding in briefing.headline if finding.kind not in ("held", "absent")]
        published = all(finding.kind in ("account", "remark", "composition", "tiers") for finding in told)
        assert (1 if published else 3) <= len(told) <= 6, identifier
    long = [briefings[f"development/{place}/2020/en/r1"] for place in ("hohhot", "xincheng")]
    assert all("adverse" in {finding.tone for finding in briefing.headline} for briefing in long)


def test_a_second_build_a_day_later_builds_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--project", str(project), "--now", "2026-11-22T08:00+08:00"]
    assert run([*at, "ingest"]) == 0
    assert " 0 revised" in capsys.readouterr().err
    before = sorted(path for path in (project / "data").rglob("*") if path.is_file())
    assert run([*at, "build"]) == 0
    assert "Nothing to build" in capsys.readouterr().err
    assert sorted(path for path in (project / "data").rglob("*") if path.is_file()) == before


#: What a checker of accessibility warns of, and why it stays.
WARNINGS = {
    "FIG-012": "counts words by the spaces between them, of which a Chinese text has none",
    "PAG-001": "takes the heads and sources of tables that go over several pages for running heads",
    "ORD-001": "WeasyPrint paints the numbers of a list behind the text that they stand before; the tags are in order",
}


def test_a_screen_reader_can_follow_every_pdf(editions: list[Edition]) -> None:
    """`outloud` and `pdfua`, which read the tags of a PDF each in its own way, find no error."""
    found = {edition.id: outloud.check(str(edition.folder / "briefing.pdf")) for edition in editions}
    assert not [(name, each) for name, told in found.items() for each in told.findings if each.severity == "error"]
    assert {each.rule for told in found.values() for each in told.findings} <= set(WARNINGS)
    reports = {edition.id: pdfua.validate(edition.folder / "briefing.pdf") for edition in editions}
    assert not [(name, each.rule_id) for name, report in reports.items() for each in report.findings]
