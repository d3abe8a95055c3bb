"""The catalogue: what a source means by whom it compares with, and what does not fit together."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings import catalogue as catalogues
from briefings.catalogue import Catalogue, IndicatorsFile, PlacesFile
from briefings.configuration import raise_complaints, read
from briefings.errors import ConfigurationError
from briefings.settings import load
from briefings.workspace import Workspace

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(Workspace.find(ROOT)).catalogue


# Whom a source compares with


@pytest.mark.parametrize(
    ("word", "around", "meant"),
    [
        ("autonomous region", "wuhai", "inner_mongolia"),
        ("Autonomous Region", "qingshuihe", "inner_mongolia"),
        ("province", "jixi", "heilongjiang"),
        ("the province", "hebi", "henan"),
        ("municipality", "beijing", None),  # it is one itself, and nothing is compared with itself
        ("nation", "xincheng", "china"),
        ("country", "hohhot", "china"),
        ("global", "hohhot", "world"),
        ("world", "hohhot", "world"),
        ("city", "xincheng", "hohhot"),
        ("Hohhot", "xincheng", "hohhot"),
        ("河南", "hebi", "henan"),
        ("inner_mongolia", "wuhai", "inner_mongolia"),
        ("provincial_capitals", "hohhot", "provincial_capitals"),
        ("thirty_five_cities", "hohhot", "thirty_five_cities"),
        ("annual plan", "xincheng", None),
        ("global dairy", "hohhot", None),
        ("", "hohhot", None),
    ],
)
def test_whom_a_source_means(catalogue: Catalogue, word: str, around: str, meant: str | None) -> None:
    assert catalogue.comparator(word, around) == meant


def test_what_is_no_place_has_a_name_of_its_own(catalogue: Catalogue) -> None:
    for word in ("annual plan", "global dairy", "county schools of Hohhot", "total number of emerging industries"):
        assert catalogue.wholes[word].languages == ("en", "zh")


# What does not fit together

RIGHT = """\
indicators:
  revenue: {name: Revenue, unit: CNY, nature: flow}
  completion: {name: Completion, unit: percent, nature: share, completes: revenue}
  large: {name: Large projects, unit: project, nature: count, tier: {of: Projects, over: 100000000}, counter: 个}
  measures: {name: Measures, unit: item, nature: count, comparable: false}
wholes:
  rural population: {en: the rural population, zh: 农村人口}
breakdowns:
  sex=female: {en: women, zh: 女性}
"""


def built(folder: Path, *texts: str) -> Catalogue:
    for number, text in enumerate(texts):
        (folder / f"indicators-{number}.yaml").write_text(text, encoding="utf-8")
    files = [read(path, IndicatorsFile, root=folder) for path in sorted(folder.glob("*.yaml"))]
    places = folder / "places.yml"
    places.write_text("places:\n  wuhai: {name: Wuhai}\n", encoding="utf-8")
    found = catalogues.build(files, [read(places, PlacesFile, root=folder)])
    raise_complaints(files)
    return found


def test_what_is_right_is_read(tmp_path: Path) -> None:
    found = built(tmp_path, RIGHT)
    large = found.indicators["large"]
    assert large.tier is not None
    assert (large.tier.over, large.tier.of.en) == (100_000_000, "Projects")
    assert large.counter is not None
    assert large.counter.texts == {"zh": "个"}
    assert found.indicators["completion"].completes == "revenue"
    assert [key for key, item in found.indicators.items() if not item.comparable] == ["measures"]
    assert found.wholes["rural population"].zh == "农村人口"
    assert found.breakdowns["sex=female"].en == "women"


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        (
            "completes: revenue",
            "completes: revenu",
            ":3:75: indicators.completion.completes: unknown indicator 'revenu'",
        ),
        ("completes: revenue", "completes: completion", ":3:75: indicators.completion.completes: unknown indicator"),
        (
            "unit: percent",
            "unit: CNY",
            ":3:40: indicators.completion.unit: a completion rate is in percent, and the unit of 'completion' is 'CNY'",
        ),
        (
            "over: 100000000",
            "over: 0",
            ":4:90: indicators.large.tier.over: '0' is out of bounds; more than 0.0 is allowed",
        ),
        (
            "{name: Measures,",
            "{name: {en: Measures, zh: 措施}, short: {en: Steps},",
            ":5:51: indicators.measures.short: the short name of 'measures' lacks zh, which its name has",
        ),
        ("sex=female", "female", ":9:3: breakdowns: 'female' is no part of a breakdown; write dimension=member"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(tmp_path: Path, right: str, wrong: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        built(tmp_path, RIGHT.replace(right, wrong, 1))
    assert f"indicators-0.yaml{complaint}" in str(caught.value)


def test_a_whole_is_named_in_one_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        built(tmp_path, RIGHT, "wholes:\n  rural population: country people\n")
    told = "wholes: 'rural population' is declared in another file too; keep one of the two"
    assert f"indicators-1.yaml:2:3: {told}" in str(caught.value)
