"""Remarks: what a file of them may hold, and those of the seeds."""

from __future__ import annotations

import csv
import os
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from briefings.configuration import HAN, Remark
from briefings.errors import ConfigurationError
from briefings.settings import Settings, load
from briefings.workspace import Workspace

ROOT = Path(__file__).parent.parent
SHARED = os.environ.get("BRIEFINGS_SHARED")
#: The documents of the seeds; five reports in Chinese stand in one text.
DOCUMENTS = {"wuhai": "000_", "changde": "002_", "hebi": "003_", "jixi": "004_"}
RIGHT = """\
remarks:
  - place: hohhot
    period: 2020
    topic: finance
    tone: adverse
    source: hohhot
    published: 2021-02-22
    locator: char=120:185
    text: {en: The report calls approvals slow., zh: 报告指出审批偏慢。}
"""


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(Workspace.find(ROOT))


def project(folder: Path, text: str) -> Workspace:
    """A project with the configuration of this one, and these remarks."""
    (folder / "config").mkdir()
    for path in (ROOT / "config").iterdir():
        if path.stem not in ("remarks", "decisions", "reviews"):
            (folder / "config" / path.name).symlink_to(path)
    (folder / "config" / "remarks.yaml").write_text(text, encoding="utf-8")
    return Workspace(folder)


def test_remarks_are_read(tmp_path: Path) -> None:
    (remark,) = load(project(tmp_path, RIGHT)).remarks
    assert (remark.place, remark.period, remark.topic, remark.tone) == ("hohhot", "2020", "finance", "adverse")
    assert (remark.source, remark.published.isoformat(), remark.locator) == ("hohhot", "2021-02-22", "char=120:185")
    assert remark.text.texts == {"en": "The report calls approvals slow.", "zh": "报告指出审批偏慢。"}


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("place: hohhot", "place: hohot", ":2:12: remarks[0].place: unknown place 'hohot'"),
        ("period: 2020", "period: lately", ":3:13: remarks[0].period: 'lately' is no period"),
        ("topic: finance", "topic: finances", ":4:12: remarks[0].topic: unknown topic of an indicator 'finances'"),
        ("tone: adverse", "tone: bad", ":5:11: remarks[0].tone: unknown tone 'bad'"),
        ("source: hohhot", "source: report", ":6:13: remarks[0].source: unknown source 'report'"),
        ("2021-02-22", "2021-02-30", ":7:16: remarks[0].published: '2021-02-30' is no day of the calendar"),
        ("char=120:185", "char=185:120", ":8:14: remarks[0].locator: 'char=185:120' is no span; write its first"),
        ("calls approvals slow.", "tells of 30 days.", ":9:11: remarks[0].text: '30' stands in the text; a remark"),
        ("审批偏慢", "需３０天", ":9:11: remarks[0].text: '３０' stands in the text; a remark holds no figures"),
        (", zh: 报告指出审批偏慢。", "", ":9:11: remarks[0].text: the text stands in one language alone"),
        ("    tone: adverse\n", "    mood: adverse\n", ":5:5: remarks[0]: unknown key 'mood'"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(tmp_path: Path, right: str, wrong: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(project(tmp_path, RIGHT.replace(right, wrong)))
    assert f"config/remarks.yaml{complaint}" in str(caught.value)


# Those of the seeds


def test_each_document_of_the_seeds_has_a_few_the_adverse_first(settings: Settings) -> None:
    of_source: dict[str, list[Remark]] = {}
    for remark in settings.remarks:
        of_source.setdefault(remark.source, []).append(remark)
    assert set(of_source) == {path.stem for path in (ROOT / "seeds").glob("*.csv")}
    for source, remarks in of_source.items():
        assert 2 <= len(remarks) <= 8 or source == "hohhot_articles"
        with (ROOT / "seeds" / f"{source}.csv").open(encoding="utf-8", newline="") as file:
            published = {row["published"] for row in csv.DictReader(file)}
        assert {remark.published.isoformat() for remark in remarks} == published
    adverse = Counter(remark.place for remark in settings.remarks if remark.tone == "adverse")
    assert set(adverse) == {"wuhai", "hohhot", "xincheng", "qingshuihe", "changde", "hebi", "jixi"}


def test_each_language_keeps_to_itself(settings: Settings) -> None:
    for remark in settings.remarks:
        assert not HAN.search(remark.text.en or "")
        assert not any(letter.isascii() and letter.isalpha() for letter in remark.text.zh or "")
        assert (remark.text.en or "").endswith(".")
        assert (remark.text.zh or "").endswith("。")


@pytest.mark.skipif(not SHARED, reason="BRIEFINGS_SHARED names no folder that holds the texts of the seeds")
def test_they_are_in_words_of_our_own(settings: Settings) -> None:
    texts = {path.name[:4]: path.read_text("utf-8") for path in (Path(SHARED or "") / "seeds" / "text").glob("*.txt")}
    for remark in settings.remarks:
        start, end = map(int, remark.locator.removeprefix("char=").split(":"))
        whole = texts[DOCUMENTS.get(remark.source, "001_")]
        assert end <= len(whole)
        for language, most in (("zh", 12), ("en", 45)):
            ours = remark.text.get(language) or ""
            assert SequenceMatcher(None, ours, whole[start:end], autojunk=False).find_longest_match().size < most
