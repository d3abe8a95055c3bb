"""Documents to observations: what is known of them, which figures are taken, and what people decide."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from briefings.configuration import Review
from briefings.errors import SourceError, StoreError
from briefings.sources import documents, resolve
from briefings.sources.reviewing import locate
from briefings.store import Store
from tests.documents import Kept, docx_of, reading, stated, write

DATED = "Report\n\n15 January 2026\n\n"
PLACED = "{path: releases, place: riverton, published: 2026-01-15}"


@pytest.fixture(autouse=True)
def _figures_found_simply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "extract", stated)


def told(folder: Path, source: str = PLACED, **more: Any) -> dict[str, Any]:
    """The single observation of a source."""
    rows = reading(folder, source, **more).frame.to_dict("records")
    assert len(rows) == 1
    return rows[0]


def reasons(folder: Path, source: str = PLACED) -> list[str]:
    return [each.reason for each in reading(folder, source).open]


# Observations.


def test_a_statement_becomes_an_observation_with_its_sentence(tmp_path: Path) -> None:
    kept = Kept()
    row = told(write(tmp_path, r__txt="One. In all turnover=5200[qualifier=over] was told. Three."), kept=kept)
    expected = {
        **{"place": "riverton", "indicator": "turnover", "period": "2025", "value": 5200.0, "unit": "CNY"},
        **{"kind": "level", "basis": "", "of": "", "counted_from": "", "target": False, "status": "actual"},
        **{"qualifier": "over", "confidence": 0.95, "published": date(2026, 1, 15), "source": "releases"},
        **{"locator": "char=21:25", "quote": "In all turnover=5200[qualifier=over] was told.", "breakdown": ""},
    }
    assert {key: row[key] for key in expected} == expected
    assert resolve(row["locator"], *kept[row["snapshot"]]) == "5200"


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("turnover=6.9%[kind=growth basis=yoy]", {"kind": "growth", "basis": "yoy", "unit": "percent", "value": 6.9}),
        ("turnover=2[kind=gap unit=percentage_point basis=province]", {"kind": "gap", "of": "growth"}),
        ("unemployment=2[kind=gap unit=percentage_point basis=province]", {"kind": "gap", "of": "level"}),
        (
            "turnover=2[kind=rank unit=rank counted_from=bottom basis=province]",
            {"of": "level", "counted_from": "bottom"},
        ),
        ("unemployment=5%[kind=share basis=labour_force]", {"kind": "level", "basis": "", "value": 5.0}),
        ("turnover=9[status=target period=2026]", {"target": True, "status": "target", "period": "2026"}),
        ("turnover=9[place=Riverland]", {"place": "riverland"}),
        ("turnover=9[place=河城]", {"place": "riverton"}),
        ("visitors=900[unit=item]", {"unit": "person"}),
    ],
)
def test_what_a_statement_says_is_kept_as_facts_are(tmp_path: Path, said: str, fields: Mapping[str, Any]) -> None:
    row = told(write(tmp_path, r__txt=f"{said} was told"))
    assert {key: row[key] for key in fields} == fields


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("profit=5", "no indicator of the catalogue is named"),
        ("turnover=5[place=Atlantis]", "unknown place 'Atlantis'; allowed: riverland, riverton."),
        ("turnover=5[period=]", "nothing says of which period it is"),
        ("turnover=5[confidence=0.5]", "its confidence, 0.50, is under 0.9"),
        ("turnover=5%", "unit: the text says 'percent', and level of turnover is kept in CNY"),
        ("turnover=5[basis=yoy kind=growth unit=hour]", "unit: the text says 'hour', and growth of turnover"),
        ("turnover=1[kind=rank unit=rank]", "counted_from: a rank is counted from the top or the bottom; write which"),
    ],
)
def test_what_cannot_be_taken_is_open_with_its_reason(tmp_path: Path, said: str, reason: str) -> None:
    found = reading(write(tmp_path, r__txt=f"{said} was told"), PLACED)
    assert found.frame.empty
    assert found.open[0].reason.startswith(reason)
    assert found.open[0].sentence == f"{said} was told"


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        ("", [5.0]),
        (", confidence: 0.6", [5.0, 6.0]),
        (", accept: all", [5.0, 6.0, 7.0]),
        (", accept: confirmed", []),
    ],
)
def test_a_source_says_what_is_taken_without_a_review(tmp_path: Path, accept: str, taken: list[float]) -> None:
    text = "turnover=5[period=2023] turnover=6[period=2024 confidence=0.7] turnover=7[confidence=0.4] profit=8"
    found = reading(write(tmp_path, r__txt=text), PLACED.replace("}", f"{accept}}}"))
    assert found.frame["value"].tolist() == taken
    assert len(found.open) == 4 - len(taken)


def test_equal_figures_are_one_and_different_ones_are_none(tmp_path: Path) -> None:
    text = "turnover=5 and again turnover=5, but turnover=7[period=2024] and turnover=8[period=2024]"
    found = reading(write(tmp_path, r__txt=text), PLACED)
    assert found.frame["value"].tolist() == [5.0]
    assert found.duplicates == 1
    told = "turnover level of riverton in 2024 is told 2 times: 7 CNY in “turnover=5 and again"
    assert str(found.conflicts[0]).startswith(told)


# Files.


def test_raw_bytes_and_the_text_read_out_of_them_are_kept(tmp_path: Path) -> None:
    content, kept = docx_of([("Normal", "First."), ("Normal", "Here turnover=5200 is told.")]), Kept()
    row = told(write(tmp_path, r__docx=content), kept=kept)
    text, dialect = kept[row["snapshot"]]
    assert text == b"First.\nHere turnover=5200 is told.\n"
    assert kept[dialect["made_from"]][0] == content
    assert resolve(row["locator"], text, dialect) == "5200"


def test_a_folder_holds_documents_beside_other_files(tmp_path: Path) -> None:
    write(
        tmp_path, b__txt="turnover=5[period=2024]", a__md="turnover=6", notes__yaml="turnover: 7", c__csv="turnover=8"
    )
    assert reading(tmp_path, PLACED).files == ("releases/a.md", "releases/b.txt")
    assert reading(tmp_path, PLACED.replace("releases", "releases/*.txt")).files == ("releases/b.txt",)


def test_a_file_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    found = reading(write(tmp_path, a__txt="turnover=6", b__txt="", c__pdf=b"%PDF-1.7 no"), PLACED)
    assert found.frame["value"].tolist() == [6.0]
    assert [message.partition(":")[0] for message in found.failed] == ["releases/b.txt", "releases/c.pdf"]


@pytest.mark.parametrize(
    ("files", "path", "message"),
    [
        ({"a__txt": ""}, "releases", "releases/a.txt: the file is empty."),
        ({"a__csv": "1"}, "releases", "releases: there is no document in it; documents end in .txt, .md"),
        ({"a__txt": "1"}, "relaeses", "relaeses: no such file. Did you mean 'releases'?"),
        ({"a__txt": "1"}, "releases/*.pdf", "releases/*.pdf: no file fits."),
    ],
)
def test_without_any_document_the_source_fails(tmp_path: Path, files: Any, path: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        reading(write(tmp_path, **files), PLACED.replace("releases", path))
    assert str(caught.value).startswith(message)


# What is known of a document.


@pytest.mark.parametrize(
    ("source", "name", "text", "place", "published"),
    [
        ("{place: riverton, published: 2026-02-03}", "a.txt", DATED, "riverton", "2026-02-03"),
        ("{place: {is: riverton}, published: on ingest}", "a.txt", DATED, "riverton", "2026-07-20"),
        ("{file_name: '{place}.{published}'}", "riverton.2026-02-03.txt", DATED, "riverton", "2026-02-03"),
        ("{file_name: '*-{published}_{place}'}", "x-20260203_河城市.txt", DATED, "riverton", "2026-02-03"),
        ("{place: riverton}", "a.txt", DATED, "riverton", "2026-01-15"),
        ("{place: riverton}", "a.txt", "Report\n\nIt rose.\n\nBureau, January 15, 2026\n", "riverton", "2026-01-15"),
        ("{place: riverton}", "a.txt", "河城简报\n发布时间：2026年1月15日\n", "riverton", "2026-01-15"),
        ("{published: on ingest}", "a.txt", "Riverton and Riverland in 2025\n\nIt rose.\n", "riverton", "2026-07-20"),
        ("{published: on ingest}", "a.txt", "河州经济简报\n\n河城增长。\n", "riverland", "2026-07-20"),
    ],
)
def test_place_and_day_are_declared_or_told(
    tmp_path: Path, source: str, name: str, text: str, place: str, published: str
) -> None:
    write(tmp_path)
    (tmp_path / "releases" / name).write_text(text + "\nNow turnover=5 is told.")
    row = told(tmp_path, source.replace("{", "{path: releases, ", 1))
    assert (row["place"], str(row["published"])) == (place, published)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{published: on ingest}", "its title names no place of the catalogue; add `place: ID` to the source."),
        ("{place: riverton}", "nothing says when it was published; add `published: DAY` to the source, or put the day"),
        ("{file_name: '{place}.{published}'}", "its name does not fit `file_name: {place}.{published}`; rename it"),
        ("{file_name: '{place}', published: on ingest}", "unknown place 'a'; allowed: riverland, riverton."),
    ],
)
def test_what_nobody_tells_is_asked_for(tmp_path: Path, source: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        reading(write(tmp_path, a__txt="turnover=5"), source.replace("{", "{path: releases, ", 1))
    assert str(caught.value).startswith(f"releases/a.txt: {message}")


def test_period_and_language_are_handed_to_extraction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(documents, "extract", lambda document, catalogue: seen.append(document) or [])
    write(tmp_path, **{"2025_en__txt": "Turnover rose", "2025-01_2025-10_zh__txt": "河城成交额增长"})
    reading(tmp_path, "{path: releases, place: riverton, published: on ingest, file_name: '{period}_{language}'}")
    reading(tmp_path, "{path: releases/2025_en.txt, place: riverton, published: on ingest, period: 2024, language: zh}")
    reading(tmp_path, "{path: releases, place: riverton, published: on ingest}")
    assert [(str(document.period), document.language, document.place) for document in seen] == [
        ("2025-01/2025-10", "zh", "河城市"),
        ("2025", "en", "Riverton"),
        ("2024", "zh", "河城市"),
        ("None", "zh", "河城市"),
        ("None", "en", "Riverton"),
    ]


# Decisions of people.


def decision(text: str, number: str, word: str = "accept", **said: str) -> Review:
    start = text.index(number)
    fields = {
        **{"decision": word, "source": "releases", "file": "releases/r.txt", "char": f"{start}:{start + len(number)}"},
        **{"quote": number, "sentence": text.strip(), "who": "Desk", "when": "2026-07-20", "why": "asked"},
    }
    return Review.model_validate(fields | said)


def test_a_decision_takes_what_was_open(tmp_path: Path) -> None:
    text = "profit=5200[confidence=0.3 period=2024]"
    review = decision(text, "5200", "correct", indicator="turnover", period="2025", value="52", status="estimate")
    row = told(write(tmp_path, r__txt=text), reviews=[review])
    fields = ("indicator", "period", "value", "status", "confidence", "unit")
    assert [row[name] for name in fields] == ["turnover", "2025", 52.0, "estimate", 1.0, "CNY"]


def test_confirmed_figures_are_all_that_a_strict_source_takes(tmp_path: Path) -> None:
    text = "turnover=5 was told and visitors=6 as well"
    found = reading(write(tmp_path, r__txt=text), PLACED.replace("}", ", accept: confirmed}"), [decision(text, "6")])
    assert found.frame[["indicator", "confidence"]].values.tolist() == [["visitors", 1.0]]
    assert [each.reason for each in found.open] == ["the source asks for every figure to be confirmed"]


def test_what_is_rejected_is_neither_taken_nor_open(tmp_path: Path) -> None:
    text = "turnover=5 was told and profit=6 as well"
    reviews = [decision(text, "5", "reject"), decision(text, "6", "reject")]
    found = reading(write(tmp_path, r__txt=text), PLACED, reviews)
    assert found.frame.empty
    assert not found.open
    assert found.rejected == 2


def test_the_last_decision_on_a_figure_counts(tmp_path: Path) -> None:
    text = "turnover=5[confidence=0.1]"
    found = reading(
        write(tmp_path, r__txt=text), PLACED, [decision(text, "5", "reject"), decision(text, "5", "accept")]
    )
    assert found.frame["value"].tolist() == [5.0]
    assert found.rejected == 0


def test_a_decision_follows_its_sentence_and_lapses_with_it(tmp_path: Path) -> None:
    text = "turnover=5[confidence=0.1] is told here"
    review = decision(text, "5")
    moved = f"A new head.\n\nAnd more. {text}\n"
    found = reading(write(tmp_path, r__txt=moved), PLACED, [review])
    assert (found.frame["value"].tolist(), found.lapsed) == ([5.0], ())
    found = reading(write(tmp_path, r__txt=text.replace("here", "there")), PLACED, [review])
    assert found.frame.empty
    assert found.lapsed == (f"releases/r.txt: '5' in {text!r}",)


def test_a_figure_that_was_not_found_can_be_told(tmp_path: Path) -> None:
    text = "Five thousand came."
    said = {"indicator": "visitors", "period": "2025", "value": "5000", "unit": "person"}
    row = told(write(tmp_path, r__txt=text), reviews=[decision(text, "Five thousand", "correct", **said)])
    assert (row["value"], row["locator"], row["place"]) == (5000.0, "char=0:13", "riverton")


def test_a_decision_that_cannot_be_taken_leaves_the_figure_open(tmp_path: Path) -> None:
    text = "turnover=5"
    found = reading(write(tmp_path, r__txt=text), PLACED, [decision(text, "5", "correct", unit="hour")])
    assert found.frame.empty
    assert found.open[0].reason.startswith("unit: the text says 'hour'")


@examples(max_examples=80, deadline=None)
@given(st.text(alphabet="ab5 \n。", max_size=30), st.text(alphabet="ab5 \n。", max_size=30))
def test_a_sentence_is_found_wherever_it_stands(before: str, after: str) -> None:
    review = decision("it has 12 of them", "12")
    found = locate(review, f"{before}it  has\n12 of them{after}")
    assert found == (len(before) + 8, len(before) + 10)


# What is taken back.


class Project:
    """A store, and a folder of releases that is ingested again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hour = folder, 0
        self.store = Store(folder / "observations", folder / "snapshots")

    def ingest(self, text: str, *reviews: Review, source: str = PLACED) -> int:
        """How many rows are withdrawn after it."""
        found = reading(write(self.folder, r__txt=text), source, reviews, kept=self.store)
        self.hour += 1
        self.store.add("releases", found.frame, datetime(2026, 7, 20, self.hour, tzinfo=UTC))
        return self.store.withdraw("releases", found.frame, found.texts)

    def values(self) -> list[float]:
        values: list[float] = self.store.as_of(None)["value"].tolist()
        return values


def test_a_rejected_figure_is_taken_back_and_comes_again(tmp_path: Path) -> None:
    project, text = Project(tmp_path), "turnover=5 was told and visitors=6 as well"
    assert project.ingest(text) == 0
    assert project.values() == [5.0, 6.0]
    assert project.ingest(text, decision(text, "5", "reject")) == 1
    assert project.values() == [6.0]
    assert project.store.history("turnover", "riverton").empty
    assert project.ingest(text) == 0
    assert project.values() == [5.0, 6.0]


def test_a_corrected_figure_replaces_what_was_read(tmp_path: Path) -> None:
    project, text = Project(tmp_path), "turnover=5 was told"
    project.ingest(text)
    assert project.ingest(text, decision(text, "5", "correct", period="2024", value="50")) == 1
    told = project.store.as_of(None)
    assert told[["period", "value", "confidence"]].values.tolist() == [["2024", 50.0, 1.0]]


def test_a_confirmed_figure_is_confirmed_in_the_store(tmp_path: Path) -> None:
    project, text = Project(tmp_path), "turnover=5 was told"
    project.ingest(text)
    project.ingest(text, decision(text, "5"))
    assert project.store.as_of(None)["confidence"].tolist() == [1.0]


def test_a_source_that_becomes_stricter_takes_back_what_it_told(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.ingest("turnover=5 was told")
    assert project.ingest("turnover=5 was told", source=PLACED.replace("}", ", accept: confirmed}")) == 1
    assert project.values() == []


def test_what_another_version_of_a_document_said_stays(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.ingest("turnover=5 was told")
    assert project.ingest("turnover=7[period=2024] was told instead") == 0
    assert project.values() == [7.0, 5.0]


def test_a_damaged_list_of_what_was_taken_back_is_told(tmp_path: Path) -> None:
    project, text = Project(tmp_path), "turnover=5 was told"
    project.ingest(text)
    project.ingest(text, decision(text, "5", "reject"))
    (tmp_path / "observations" / "withdrawn" / "releases.json").write_text("[{}]")
    with pytest.raises(StoreError, match="the file is damaged"):
        project.values()


# Several sources that disagree.


def test_two_documents_that_disagree_are_both_kept(tmp_path: Path) -> None:
    write(tmp_path, a__txt="turnover=5", b__txt="turnover=6")
    store = Store(tmp_path / "observations", tmp_path / "snapshots")
    for name in ("a", "b"):
        frame = reading(tmp_path, PLACED.replace("releases", f"releases/{name}.txt"), kept=store).frame
        store.add(name, frame.assign(source=name), datetime(2026, 7, 20, tzinfo=UTC))
    assert store.as_of(None)[["value", "alternatives"]].values.tolist() == [[5.0, 1]]
    assert store.alternatives(None)["value"].tolist() == [5.0, 6.0]
