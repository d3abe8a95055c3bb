"""Which figures of two editions are the same figure, and how a notice names those that are told otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings.briefing import Briefing, Figure
from briefings.briefing.identity import amendments, measure_of, pairs
from briefings.deliver.corrections import book
from briefings.deliver.wording import wording
from briefings.narrative.amendments import line
from briefings.narrative.names import Names
from tests import test_compose as composed

CASES = yaml.safe_load((Path(__file__).parent / "cases/amendments.yaml").read_text("utf-8"))
NAMES = {
    "indicators": {
        "exports": {"name": {"en": "Exports", "zh": "出口额"}},
        "sales": {"name": {"en": "Retail sales", "zh": "零售额"}},
    },
    "places": {
        key: {"name": {"en": key.title(), "zh": name}, "kind": kind}
        for key, name, kind in (
            ("jinhai", "金海市", "city"),
            ("ningwan", "宁湾市", "city"),
            ("luhe", "鹭河市", "city"),
            ("donghai", "东海省", "province"),
        )
    },
    "breakdowns": {"partner=asia": {"en": "Asia", "zh": "亚洲"}},
}
KIND = {"unit": "USD", "nature": "flow", "growth_class": "nominal", "direction": "higher"}
TOLD_BESIDE = ("about", "was", "now", "now in", "en", "zh", "of")


def given(place: str, period: str) -> dict[str, Any]:
    """An input: of a place, or of another indicator in Jinhai."""
    indicator, where = ("sales", "jinhai") if place == "sales" else ("exports", place)
    told = {"source": "a", "published": "2026-12-10", "snapshot": "0" * 64, "locator": "row=2,column=x"}
    return told | {"value": 1.0, "unit": "USD", "indicator": indicator, "place": where, "period": period}


def figure(case: dict[str, Any], number: int, value: str) -> Figure:
    """The figure of a case as the one or the other edition holds it."""
    told = {"unit": "percent", "place": "jinhai", "period": "2026-11", "computed": "formula" in case}
    told |= {key: each for key, each in case.items() if key not in TOLD_BESIDE}
    if value == "now" and "now in" in case:
        told["unit"] = case["now in"]
    decimals = None if told["unit"] in ("USD", "CNY") else 0 if told["unit"] == "rank" else 1
    inputs = [given(place, told["period"]) for place in case.get("of", [told["place"]])]
    own = {"id": f"f{number:02}", "indicator": "exports", "value": case[value], "decimals": decimals}
    return Figure.model_validate(told | own | {"inputs": inputs})


def briefing(figures: list[Figure], /, **more: Any) -> Briefing:
    """A briefing that tells these figures on page one."""
    finding = {"id": "f", "kind": "level", "indicator": "exports", "place": "jinhai", "period": "2026-11"}
    names = NAMES | {"indicators": {key: name | KIND for key, name in NAMES["indicators"].items()}}
    return Briefing.model_validate(
        {
            **{"theme": "trade", "title": {"en": "x"}, "place": "jinhai", "period": "2026-11", "cadence": "monthly"},
            **{"cut_off": "2026-12-10", "languages": ["en", "zh"], "summary": None, "sections": [], "notes": []},
            **{"headline": [finding | {"figures": {each.id: each.id for each in figures}}]},
            **{"figures": {each.id: each for each in figures}, "sources": []},
            **{"names": names, "house": {"publisher": {"en": "x"}}},
        }
        | more
    )


def edition(value: str) -> Briefing:
    return briefing([figure(case, number, value) for number, case in enumerate(CASES)])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[case["about"] for case in CASES])
def test_a_line_names_the_measure_with_value_unit_and_sign(number: int, case: dict[str, Any], language: str) -> None:
    before = edition("was")
    found = [each for each in amendments(before, edition("now")) if each.was.id == f"f{number:02}"]
    words = wording(language)
    told = [words.line(line(each, Names(before, book(language)))) for each in found]
    assert told == ([case[language]] if case[language] else [])


def test_figures_meet_whatever_their_ids_and_their_order() -> None:
    before = [figure(case, number, "was") for number, case in enumerate(CASES)]
    after = [figure(case, 40 - number, "now") for number, case in enumerate(CASES) if "now in" not in case]
    met = {(one.id, other.id) for one, other in pairs(before, after)}
    assert met == {(f"f{number:02}", f"f{40 - number:02}") for number, case in enumerate(CASES) if "now in" not in case}


def test_a_figure_published_now_and_worked_out_before_is_the_same() -> None:
    before = figure(CASES[2], 1, "was")
    after = before.model_copy(update={"id": "f2", "computed": False, "formula": "a", "inputs": before.inputs[:1]})
    assert pairs([before], [after]) == [(before, after)]
    assert measure_of(after) == "growth on year"


def test_what_was_told_before_of_a_revised_figure_is_no_figure_of_its_own() -> None:
    """The level, and what a finding says that it was revised from."""
    now, old = (figure(CASES[0], number, value) for number, value in ((1, "now"), (2, "was")))
    revision = {"id": "r", "kind": "revision", "indicator": "exports", "place": "jinhai", "period": "2026-11"}
    first = briefing([now])
    told = revision | {"figures": {"new": now.id, "old": old.id}}
    second = briefing([now], figures={now.id: now, old.id: old}, headline=[*first.headline, told])
    assert amendments(first, second) == []
    assert amendments(second, first) == []


def test_a_figure_that_is_held_now_is_withdrawn_and_one_that_is_not_told_of_is_not() -> None:
    before = edition("was")
    held = {"kind": "held", "reason": "jump", "indicator": "exports", "place": "luhe", "period": "2026-11"}
    rest = [each for each in before.figures.values() if each.place != "luhe"]
    (silent, said) = (briefing(rest, notes=notes) for notes in ([], [held]))
    assert amendments(before, silent) == []
    withdrawn = amendments(before, said)
    assert [(each.was.place, each.now) for each in withdrawn] == [("luhe", None)] * 2
    told = [wording("en").line(line(each, Names(before, book("en")))) for each in withdrawn]
    assert told == [
        "Exports, Luhe, November 2026, growth on the year: withdrawn (was 5.0%)",
        "Exports, Luhe, November 2026, rank: withdrawn (was 5th)",
    ]
    assert wording("zh").line(line(withdrawn[1], Names(before, book("zh")))) == (
        "鹭河市出口额（2026年11月）位次：已撤回（原为第5位）"
    )


# From the observations on: what is composed, and composed again after one of them was revised.

ASKED = ("level", "growth", "growth on previous period", "share of land", "contribution to land", "gap to south")
RANKS = ("rank", "rank by growth", "rank from bottom")
LEVELS = {"north": 300.0, "south": 400.0, "east": 200.0, "west": 100.0, "centre": 500.0, "land": 1500.0}
TOLD = {
    "en": """Retail sales, North, December 2025: CNY 250 (was CNY 330)
Retail sales, North, December 2025, growth on the year: −16.7% (was 10.0%)
Retail sales, North, December 2025, growth on the previous month: −16.7% (was 10.0%)
Retail sales, North, December 2025, contribution to the growth of The land: −3.3 percentage points (was 2.0 percentage points)
Retail sales, North, December 2025, gap to South: −CNY 150 (was −CNY 70)
Retail sales, North, December 2025, rank by growth: 5th (was 1st)
Retail sales, North, December 2025, share held by the 3 largest: 76.7% (was 82.0%)
Retail sales, North, December 2025, share of The land: 16.7% (was 22.0%)""",  # noqa: E501
    "zh": """north零售额（2025年12月）：250元（原为330元）
north零售额（2025年12月）同比增速：−16.7%（原为10.0%）
north零售额（2025年12月）环比增速：−16.7%（原为10.0%）
north零售额（2025年12月）对全境增长的拉动：−3.3个百分点（原为2.0个百分点）
north零售额（2025年12月）与south之差：−150元（原为−70元）
north零售额（2025年12月）增速位次：第5位（原为第1位）
north零售额（2025年12月）前3位合计占比：76.7%（原为82.0%）
north零售额（2025年12月）占全境比重：16.7%（原为22.0%）""",
}


def composed_with(last: float) -> Briefing:
    """A briefing on North, whose last figure is this one; its rank is the third of five from either end."""
    observations = [
        row
        for place, level in LEVELS.items()
        for row in composed.rows([level] * 47 + [last if place == "north" else level], place=place)
    ]
    show = {"sales": [*ASKED, *RANKS]}
    section = {"title": {"en": "C", "zh": "市"}, "show": show, "places": ["all"]}
    return composed.briefing(observations, composed.theme(headline=[show], sections=[section]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_of_a_figure_revised_all_that_follows_and_nothing_else_is_told(language: str) -> None:
    """The ranks by level, from either end, stay what they were."""
    before, after = composed_with(330.0), composed_with(250.0)
    of_north = [each for each in before.figures.values() if (each.place, each.period) == ("north", "2025-12")]
    ranks = {measure_of(each): each.value for each in of_north if each.kind == "rank"}
    assert {key: ranks[key] for key in ("rank", "rank from bottom")} == {"rank": 3.0, "rank from bottom": 3.0}
    names = Names(before, book(language))
    own = [each for each in amendments(before, after) if each.was.place == "north"]
    assert "\n".join(wording(language).line(line(each, names)) for each in own) == TOLD[language]
