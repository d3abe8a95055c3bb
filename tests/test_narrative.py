"""Findings become sentences, native in each language, whose every number is a run with the id of its figure."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.briefing import (
    Briefing,
    Cell,
    ChartRequest,
    Column,
    Finding,
    Note,
    PlottedSeries,
    Point,
    Row,
    TableRequest,
)
from briefings.errors import ConfigurationError, RenderError
from briefings.measures import REASONS
from briefings.narrative import Narrative, PhraseBook, Run, foreign_labels, narrate, pattern_shares, plain
from briefings.narrative.kinds import KINDS
from briefings.narrative.listings import LISTINGS
from briefings.narrative.names import Names
from briefings.narrative.sentences import reads_badly
from briefings.narrative.vocabulary import NOTES
from tests import samples
from tests.narratives import BOOKS, CASES, World, book

LANGUAGES = ("en", "zh")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


# -- cases -------------------------------------------------------------------------------------------------------------


def cases() -> Iterator[tuple[str, str, list[str]]]:
    """Finding, language, and the sentences of its tellings, from tests/cases/narrative/findings.txt."""
    text = (CASES / "findings.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        for language in LANGUAGES:
            told = [
                line.strip().removeprefix(f"{language}: ") for line in lines[1:] if line.startswith(f"  {language}: ")
            ]
            if told:
                yield lines[0], language, told


CASE_LINES = list(dict.fromkeys(finding for finding, _, _ in cases()))


def edition(*lines: str, headline: int | None = None, **more: Any) -> Briefing:
    world = World()
    return world.briefing(*(world.finding(line, f"n{n}") for n, line in enumerate(lines)), headline=headline, **more)


def told(language: str, *lines: str, **more: Any) -> list[str]:
    """The sentences of an edition of these findings."""
    return [plain(s) for s in narrate(edition(*lines, **more), language, BOOKS[language]).sentences.values()]


@pytest.mark.parametrize(("finding", "language", "sentences"), list(cases()))
def test_a_finding_is_told_as_the_case_says(finding: str, language: str, sentences: list[str]) -> None:
    assert told(language, *[finding] * len(sentences)) == sentences


def test_there_are_cases_for_every_kind_and_variant_in_both_languages() -> None:
    """At least 120 findings in each language; no kind and no variant of one is without a case."""
    seen: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    count = dict.fromkeys(LANGUAGES, 0)
    for finding, language, _ in cases():
        count[language] += 1
        world = World()
        seen[language].add(_variant(world.finding(finding), world, language))
    told_of = {name: kind for name, kind in KINDS.items() if name not in ("account", *LISTINGS)}
    wanted = {f"{name}.{variant}" for name, kind in told_of.items() for variant in kind.variants}
    assert {language: wanted - found for language, found in seen.items()} == {"en": set(), "zh": set()}
    assert min(count.values()) >= 120


def _variant(finding: Finding, world: World, language: str) -> str:
    from briefings.narrative.telling import Teller

    return f"{finding.kind}.{Teller(finding, Names(world.briefing(finding), BOOKS[language])).variant}"


# -- laws of every edition ---------------------------------------------------------------------------------------------

EDITIONS = st.lists(st.sampled_from(CASE_LINES), min_size=1, max_size=12)


def everything(narrative: Narrative) -> list[tuple[Run, ...]]:
    """Every text that the narrative hands on, furniture aside."""
    captions = [part for c in narrative.charts.values() for part in (c.title, c.subtitle, c.alternative)]
    return [*narrative.sentences.values(), narrative.summary, *captions, *narrative.tables.values(), *narrative.notes]


@given(EDITIONS, st.sampled_from(LANGUAGES), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_every_number_is_a_run_of_its_figure(lines: list[str], language: str, headline: int) -> None:
    """What is no figure holds no digit but those of periods and names."""
    briefing = edition(*lines, headline=headline)
    for sentence in everything(narrate(briefing, language, BOOKS[language])):
        for run in sentence:
            if run.figure is None:
                assert not re.search(r"\d", _without_periods(run.text, language)), plain(sentence)
            else:
                assert run.figure in briefing.figures
                assert re.search(r"\d|zero|one|two|three|four|five|six|seven|eight|nine", run.text.lower())


def _without_periods(text: str, language: str) -> str:
    text = text.replace("27 provincial capitals", "").replace("27个省会城市", "")
    if language == "zh":
        text = re.sub(r"\d{4}(?:年第\d+周|[—至]\d{4}年|年)", "", text)
        return re.sub(r"\d+(?:—\d+)?月(?:\d+日)?", "", text)
    text = re.sub(rf"\b\d{{1,2}}(?: to \d{{1,2}})? (?={MONTHS})", "", text)
    return re.sub(r"\b(?:19|20)\d\d\b", "", text)


@given(EDITIONS, st.sampled_from(LANGUAGES))
@settings(max_examples=40, deadline=None)
def test_no_words_of_the_other_language(lines: list[str], language: str) -> None:
    for sentence in everything(narrate(edition(*lines), language, BOOKS[language])):
        assert foreign_labels(plain(sentence), language) == []


@given(EDITIONS)
@settings(max_examples=40, deadline=None)
def test_english_is_set_as_english(lines: list[str]) -> None:
    """A capital at the beginning, never a numeral; a full stop at the end; no stray spaces or double marks."""
    for sentence in narrate(edition(*lines), "en", BOOKS["en"]).sentences.values():
        text = plain(sentence)
        assert text[0].isupper()
        assert text.endswith(".")
        assert not re.search(r"  | [,.;:)]|\( |\.\.|,,|\[|\]|\{|\}|\| ", text), text
        assert not re.search(r"\b(?:fell|down|a fall of|decreased by) −", text), text


@given(EDITIONS)
@settings(max_examples=40, deadline=None)
def test_chinese_is_set_as_chinese(lines: list[str]) -> None:
    """Full-width marks, no spaces, 。 at the end; 同比 or another basis wherever something rose or fell in percent."""
    for sentence in narrate(edition(*lines), "zh", BOOKS["zh"]).sentences.values():
        text = plain(sentence)
        assert text.endswith("。")
        assert not re.search(r"[,;:()\[\]{}| ]|，，|，。|^，|（）|的的", text), text
        assert not re.search(r"(?:下降|下跌|降幅为)−", text), text


@given(EDITIONS, st.sampled_from(LANGUAGES))
@settings(max_examples=20, deadline=None)
def test_the_same_briefing_gives_the_same_words(lines: list[str], language: str) -> None:
    first = narrate(edition(*lines), language, BOOKS[language])
    again = narrate(edition(*lines), language, PhraseBook.load(book(language)))
    assert first == again


@given(EDITIONS, st.sampled_from(LANGUAGES))
@settings(max_examples=40, deadline=None)
def test_the_line_under_the_title_is_short(lines: list[str], language: str) -> None:
    text = plain(narrate(edition(*lines), language, BOOKS[language]).summary)
    assert 0 < len(text) <= {"en": 160, "zh": 80}[language]


SYNTHETIC = [
    f"level retail_sales {place} 2026-06: level={n}.5e8, growth={n}.3 on year"
    for n, place in enumerate(("jixi", "hohhot", "china", "norway", "brazil", "india", "japan"), start=2)
] + [
    f"growth exchange_rate {place} 2026-06: growth=-{n}.1, level=7.{n}, basis=on previous period"
    for n, place in enumerate(("china", "japan", "norway", "brazil", "india", "euro_area"), start=1)
] + [
    f"streak gdp {place} 2026-06: length={n}, growth={n}.5, direction=up, from=2025-12"
    for n, place in enumerate(("china", "japan", "norway", "brazil", "india"), start=3)
] + [
    "record brent world 2026-06: level=122.71, extreme=high, since=2014-08",
    "record gdp india 2026-06: level=3.55e12, extreme=high, since=1999-08",
    "flat visitors jixi 2026-06: level=35000, growth=0.3, basis=on previous period",
    "flat visitors hohhot 2026-06: level=36000, growth=0.2, basis=on previous period",
    "movers gdp china 2026-06: count=9, direction=up, basis=on year + india growth=8.1 + japan growth=6.3",
    "rank gdp china 2026-06: rank=2, previous_rank=4, out_of=185, direction=improved, of=level",
    "rank gdp japan 2026-06: rank=4, previous_rank=3, out_of=185, direction=slipped, of=level",
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("headline", [0, 5, 25])
def test_no_pattern_makes_up_more_than_a_fifth_of_an_edition(language: str, headline: int) -> None:
    assert len(SYNTHETIC) == 25
    shares = pattern_shares(narrate(edition(*SYNTHETIC, headline=headline), language, BOOKS[language]))
    assert abs(sum(shares.values()) - 1) < 1e-9
    assert max(shares.values()) <= 0.2


@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_findings_of_one_kind_are_told_in_several_ways(language: str) -> None:
    lines = [f"level retail_sales jixi 2026-06: level={n}.5e8, growth={n}.3 on year" for n in range(1, 11)]
    assert max(pattern_shares(narrate(edition(*lines), language, BOOKS[language])).values()) <= 0.2


# -- what is said, and what is not -------------------------------------------------------------------------------------

DRAMA = {
    "en": r"soar|plung|surg|tumbl|skyrocket|slump|dramatic|sharpl|massive|huge|remarkabl|impressive|alarming",
    "zh": r"暴跌|暴涨|飙升|猛增|惊人|可喜|喜人|骄人|大幅|急剧|迅猛|强劲|亮眼",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_of_drama(language: str) -> None:
    assert re.findall(DRAMA[language], str(book(language)), re.IGNORECASE) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_verb_of_growth_on_a_target(language: str) -> None:
    """But of a growth that is set against its target."""
    variants = book(language)["findings"]["attainment"]
    phrases = str([told for name, told in variants.items() if "growth" not in name])
    assert not re.search(r"rose|grew|growth|increase|增长|上升|提高", phrases)


@pytest.mark.parametrize(("language", "opening"), [("en", "In June 2026"), ("zh", "2026年6月")])
def test_a_section_says_its_period_once(language: str, opening: str) -> None:
    lines = ["level visitors jixi 2026-06: level=35000", "level visitors hohhot 2026-06: level=36000"]
    period = opening.removeprefix("In ")
    assert [period in text for text in told(language, *lines, headline=2)] == [True, True]
    assert [period in text for text in told(language, *lines, headline=0)] == [True, False]


def test_a_section_names_another_period_again() -> None:
    lines = ["level visitors jixi 2026-06: level=35000", "level visitors hohhot 2026-05: level=36000"]
    assert told("en", *lines, headline=0) == [
        "Visitors in Jixi stood at 35,000 people in June 2026.",
        "Visitors in Hohhot came to 36,000 people in May 2026.",
    ]


def test_a_finding_of_page_one_is_told_once() -> None:
    world = World()
    finding = world.finding("level visitors jixi 2026-06: level=35000", "same")
    other = world.finding("level visitors hohhot 2026-06: level=36000", "other")
    briefing = world.briefing(finding, other, finding, headline=1)
    assert list(narrate(briefing, "en", BOOKS["en"]).sentences) == ["same", "other"]


def test_a_name_in_the_other_script_is_marked() -> None:
    world = World()
    world.names.places["jixi"].name["en"] = "鸡西"
    briefing = world.briefing(world.finding("level visitors jixi 2026-06: level=35000"))
    runs = narrate(briefing, "en", BOOKS["en"]).sentences["x"]
    assert Run("鸡西", language="zh") in runs
    assert plain(runs) == "Visitors in 鸡西 stood at 35,000 people in June 2026."


def test_foreign_labels_leave_names_alone() -> None:
    assert foreign_labels("Visitors in 鸡西", "en") == ["鸡西"]
    assert foreign_labels("Visitors in 鸡西", "en", ["鸡西"]) == []
    assert foreign_labels("鸡西市GDP同比增长3%", "zh") == ["GDP"]
    assert foreign_labels("鸡西市GDP同比增长3%", "zh", ["GDP"]) == []


# -- what cannot be said -----------------------------------------------------------------------------------------------


def _refused(change: Any, line: str, language: str = "zh") -> str:
    world = World()
    change(world)
    with pytest.raises(RenderError) as caught:
        narrate(world.briefing(world.finding(line)), language, BOOKS[language])
    return str(caught.value)


def test_a_missing_name_is_named() -> None:
    line = "level visitors jixi 2026-06: level=35000"
    assert _refused(lambda world: world.names.indicators["visitors"].name.pop("zh"), line) == (
        "The indicator 'visitors' has no name in 'zh', in which this edition is written; "
        "add `name: {zh: ...}` to it (config/indicators)."
    )
    assert _refused(lambda world: world.names.places["jixi"].name.pop("zh"), line) == (
        "The place 'jixi' has no name in 'zh', in which this edition is written; "
        "add `name: {zh: ...}` to it (config/places)."
    )
    assert _refused(lambda world: world.names.places.pop("jixi"), line) == (
        "Place 'jixi' stands in the briefing without its names."
    )
    assert _refused(
        lambda world: world.names.indicators.pop("balance"), "level visitors jixi/fishing 2026-06: level=3"
    ) == (
        "The breakdown 'industry=fishing' has no name in 'zh', in which this edition is written; "
        "map it to one under `breakdown: {names: ...}` of its source."
    )


def test_a_currency_that_a_text_wants_is_asked_for() -> None:
    assert _refused(lambda world: None, "growth exchange_rate world 2026-06: growth=1.0, basis=on year") == (
        "A text speaks of the currency of 'world', which has none; give the place a `currency:` in config/places."
    )


def test_a_text_with_an_unknown_hole_is_refused() -> None:
    def change(world: World) -> None:
        world.names.indicators["visitors"].subject["zh"] = "{city}游客"

    assert _refused(change, "level visitors jixi 2026-06: level=35000") == (
        "A text of indicator 'visitors' in zh holds {city}; it may hold {place}, {currency} and {indicator}."
    )


def test_an_unknown_kind_is_refused() -> None:
    message = _refused(lambda world: None, "boom visitors jixi 2026-06: level=35000")
    assert message.startswith("'boom' is no kind of finding; allowed are: level, growth, flat,")


def test_a_finding_without_its_figures_cannot_be_told() -> None:
    assert _refused(lambda world: None, "record visitors jixi 2026-06: extreme=high, since=2020-01", "en") == (
        "No phrase of 'en' for a finding of kind 'record', 'since', fits its figures (none) and facts "
        "(extreme, since); add one to the phrase book, or what it wants to the finding."
    )


def test_a_book_of_the_other_language_is_refused() -> None:
    with pytest.raises(RenderError, match="An edition in 'en' needs its own phrase book; this one is in 'zh'"):
        narrate(edition(CASE_LINES[0]), "en", BOOKS["zh"])


# -- phrase books ------------------------------------------------------------------------------------------------------


def _complaints(language: str, *path: str | int, value: Any = None) -> list[str]:
    """What the check of a book says of one change: the value at a path, or the key taken out where it is None."""
    tree = copy.deepcopy(book(language))
    *way, last = path
    node: Any = tree
    for key in way:
        node = node[key]
    if value is None:
        del node[last]
    else:
        node[last] = value
    with pytest.raises(ConfigurationError) as caught:
        PhraseBook.load(tree)
    return caught.value.complaints


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("findings", "growth", "moved", 0),
            "{subjekt} rose",
            "phrases/en.yaml: findings.growth.moved[0]: {subjekt} is not known here. Did you mean {subject}?",
        ),
        (
            ("findings", "growth", "moved", 0),
            "{subject} rose {growth:big}",
            "phrases/en.yaml: findings.growth.moved[0]: {growth:big} has no form 'big'; "
            "allowed are: bare, count, is, moved, number, ordinal, periods, place, points, signed, size, verb, word",
        ),
        (
            ("findings", "growth", "moved", 0),
            "{subject} rose [ {when}",
            "phrases/en.yaml: findings.growth.moved[0]: an optional part is not closed: write `[ ... ]`: "
            "'{subject} rose [ {when}'",
        ),
        (
            ("findings", "growth", "moved", 0),
            "{subject} rose] by",
            "phrases/en.yaml: findings.growth.moved[0]: ']' at column 15 opens or closes nothing: '{subject} rose] by'",
        ),
        (
            ("findings", "growth", "moved", 0),
            "{subject} rose {when}",
            "phrases/en.yaml: findings.growth.moved[0]: {when} is left unsaid where it is understood; "
            "write [ {when}], or {period:in}",
        ),
        (
            ("findings", "growth", "moved"),
            ["{subject} rose {growth}"] * 2,
            "phrases/en.yaml: findings.growth.moved: says the same phrase twice",
        ),
        (
            ("findings", "growth", "moved"),
            "{subject} rose",
            "phrases/en.yaml: findings.growth.moved: is no list of phrases; "
            "give at least one, each beginning with `- `",
        ),
        (
            ("findings", "growth", "flat"),
            None,
            "phrases/en.yaml: findings.growth: 'flat' is lacking; every book has it",
        ),
        (("findings", "movers", "entry"), None, "phrases/en.yaml: findings.movers.entry: '' is no phrase"),
        (
            ("findings", "grwth"),
            {},
            "phrases/en.yaml: findings: 'grwth' is not known. Did you mean 'growth'?",
        ),
        (("notes", "held", "jump"), None, "phrases/en.yaml: notes.held: 'jump' is lacking; every book has it"),
        (
            ("notes", "held", "jump"),
            "{what} {level}",
            "phrases/en.yaml: notes.held.jump: {level} is not known here; "
            "it may be one of: base, before, before_period, count, day, fits, from, from_period, implied, latest, "
            "measure, new, note, old, period, reason, source, to, to_period, value, what, who, why",
        ),
        (("furniture", "contents"), None, "phrases/en.yaml: furniture: 'contents' is lacking; every book has it"),
        (("furniture", "contents"), ["x"], "phrases/en.yaml: furniture.contents: ['x'] is no text"),
        (("language",), "fr", "phrases/fr.yaml: language: 'fr' is not one of en, zh"),
        (
            ("words", "direction", "growth"),
            {"up": "x"},
            "phrases/en.yaml: words.direction: 'growth' is the name of a slot; give the word another",
        ),
    ],
)
def test_a_faulty_book_is_refused(path: tuple[str | int, ...], value: Any, message: str) -> None:
    assert message in _complaints("en", *path, value=value)


def test_all_that_is_wrong_is_said_at_once() -> None:
    tree = book("zh")
    del tree["titles"]["rank"], tree["furniture"]["notes"]
    tree["nonsense"] = {}
    with pytest.raises(ConfigurationError) as caught:
        PhraseBook.load(tree)
    assert len(caught.value.complaints) == 7
    assert caught.value.complaints[0].startswith("phrases/zh.yaml: 'nonsense' is not known. Did you mean 'nouns'?")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_stands_twice(language: str) -> None:
    """A phrase that two variants of one kind share would count as one pattern."""
    for kind, variants in BOOKS[language].findings.items():
        for variant, templates in variants.items():
            assert len({template.source for template in templates}) == len(templates), (kind, variant)


# -- charts and tables -------------------------------------------------------------------------------------------------


def chart(
    world: World, kind: str, measure: str, indicator: str, values: dict[str, list[float | None]], **more: Any
) -> Any:
    """A request for a chart of monthly values to June 2026, a series a place; the first is highlighted."""
    length = len(next(iter(values.values())))
    periods = [f"2026-{month:02}" for month in range(7 - length, 7)]
    role = "level" if measure == "level" else "rank" if measure == "rank" else "growth"
    series = []
    for place, row in values.items():
        marks = [
            Point(period=p, figure=None if v is None else world.figure(role, str(v), indicator, place, p))
            for p, v in zip(periods, row, strict=True)
        ]
        series.append(PlottedSeries(indicator=indicator, place=place, highlight=not series, points=tuple(marks)))
    return ChartRequest(
        id="c",
        kind=kind,  # type: ignore[arg-type]
        measure=measure,
        unit=world.unit(role, indicator, next(iter(values))),
        indicator=indicator,
        periods=tuple(periods),
        series=tuple(series),
        sources=("sample",),
        **more,
    )


def captioned(language: str, kind: str, measure: str, indicator: str, values: Any, finding: str = "") -> list[str]:
    """Title, subtitle and alternative text of a chart."""
    world = World()
    findings = (
        [world.finding(finding, "f")] if finding else [world.finding("level visitors jixi 2026-06: level=3", "other")]
    )
    request = chart(world, kind, measure, indicator, values, finding="f" if finding else None)
    caption = narrate(world.briefing(*findings, charts=(request,)), language, BOOKS[language]).charts["c"]
    return [plain(caption.title), plain(caption.subtitle), plain(caption.alternative)]


def test_a_line_chart_says_its_finding() -> None:
    streak = "streak exchange_rate china 2026-06: length=5, growth=-5.0, level=6.8, direction=down, from=2026-02"
    values = {"china": [7.2, 7.1, None, 6.9, 6.8]}
    assert captioned("en", "line", "level", "exchange_rate", values, streak) == [
        "The yuan strengthened for five months in a row",
        "Exchange rate against the US dollar, CNY per US dollar; China, February to June 2026",
        "Line chart: Exchange rate against the US dollar, CNY per US dollar; China, February to June 2026. "
        "The yuan: first CNY 7.2 per US dollar (February 2026), last CNY 6.8 per US dollar (June 2026), "
        "highest CNY 7.2 per US dollar (February 2026), lowest CNY 6.8 per US dollar (June 2026). "
        "The yuan's rate against the US dollar fell for five months in a row to June 2026, by 5.0% in all, "
        "and stood at CNY 6.8 per US dollar: the yuan strengthened.",
    ]
    assert captioned("zh", "line", "level", "exchange_rate", values, streak) == [
        "人民币对美元汇率连续5个月下降",
        "中国对美元汇率，单位：元/美元，2026年2—6月",
        "折线图：中国对美元汇率，单位：元/美元，2026年2—6月。"
        "人民币：首期为7.2元/美元（2026年2月），末期为6.8元/美元（2026年6月），最高为7.2元/美元（2026年2月），"
        "最低为6.8元/美元（2026年6月）。"
        "截至2026年6月，人民币对美元汇率连续5个月下降，累计下降5.0%，降至6.8元/美元，人民币走强。",
    ]


def test_the_title_tells_only_what_is_plotted() -> None:
    """A chart of monthly changes says what the figure did on the month; it cannot show a streak of levels."""
    level = "level brent world 2026-06: level=85.4, growth=19.5 on year, growth_previous=-20.3 on previous period"
    values = {"world": [1.0, 2.0, -3.0, -20.3]}
    title, subtitle, _ = captioned("en", "column", "growth on previous period", "brent", values, level)
    assert title == "The price of Brent crude oil fell 20.3% on the previous month" or len(title.split()) <= 10
    assert "20.3%" in title
    assert subtitle == "Brent crude oil price, change on the previous month, percent, March to June 2026"
    record = "record brent world 2026-06: level=85.4, extreme=high, since=2020-01"
    title, _, alternative = captioned("en", "column", "growth on previous period", "brent", values, record)
    assert title == "Brent crude oil price"
    assert "highest since" not in alternative


@pytest.mark.parametrize(
    ("language", "title", "subtitle", "course"),
    [
        (
            "en",
            "GDP in current dollars, China, Japan and India",
            "GDP in current dollars, USD billion; China, Japan and India, May to June 2026",
            "China: first USD 10 billion (May 2026), last USD 20 billion (June 2026), "
            "highest USD 20 billion (June 2026), "
            "lowest USD 10 billion (May 2026). The other series are shown for comparison.",
        ),
        (
            "zh",
            "中国、日本和印度国内生产总值（现价美元）",
            "中国、日本和印度国内生产总值（现价美元），单位：亿美元，2026年5—6月",
            "中国：首期为100亿美元（2026年5月），末期为200亿美元（2026年6月），最高为200亿美元（2026年6月），"
            "最低为100亿美元（2026年5月）。其余各项供对比。",
        ),
    ],
)
def test_a_chart_without_a_finding_is_described(language: str, title: str, subtitle: str, course: str) -> None:
    values = {"china": [10e9, 20e9], "japan": [5e9, 6e9], "india": [3e9, 4e9]}
    found = captioned(language, "small multiples", "level", "gdp", values)
    assert found[:2] == [title, subtitle]
    assert found[2].endswith(course)


def test_bars_tell_the_highest_and_the_lowest_place() -> None:
    values = {"china": [1.5], "japan": [-2.0], "brazil": [4.0], "norway": [0.5], "india": [0.1]}
    movers = "movers exchange_rate china 2026-06: count=5, direction=up, basis=on year + brazil growth=4.0"
    title, subtitle, alternative = captioned("en", "bar", "growth on year", "exchange_rate", values, movers)
    assert title == "The Brazilian real's rate against the US dollar rose most"
    assert subtitle == "Exchange rate against the US dollar, change on the year, percent; currencies, June 2026"
    assert (
        "First listed: the yuan (1.5%); highest: the Brazilian real (4.0%); lowest: the Japanese yen (−2.0%)."
        in alternative
    )
    assert captioned("zh", "bar", "growth on year", "exchange_rate", values)[1] == (
        "各种货币对美元汇率，同比变动率，单位：%，2026年6月"
    )


def test_the_first_rank_stands_highest() -> None:
    found = captioned("en", "rank bump", "rank", "gdp", {"china": [3, 1, 2], "japan": [1, 2, 1]})
    assert "highest 1st (May 2026), lowest 3rd (April 2026)" in found[2]
    assert found[1] == "GDP in current dollars, rank; China and Japan, April to June 2026"


@pytest.mark.parametrize("line", CASE_LINES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_short(line: str, language: str) -> None:
    """At most ten words, or 25 characters: every kind has a title that fits, as far as the names allow."""
    from briefings.narrative.sentences import Writer

    world = World()
    finding = world.finding(line)
    title = plain(Writer(Names(world.briefing(finding), BOOKS[language])).title(finding))
    long_names = {"en": ("Exchange rate against", "rate against the US dollar", "General public budget revenue")}
    if not any(name in title for name in long_names.get(language, ())):
        assert len(title.split()) <= 10 if language == "en" else len(title) <= 25, title
    assert not title.endswith((".", "。"))


def table(rows_are: str, rows: list[Row], *columns: Column) -> TableRequest:
    return TableRequest(id="t", rows_are=rows_are, columns=columns, rows=tuple(rows), sources=())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "en", "zh"),
    [
        (
            table(
                "places",
                [Row(place="china", cells=(Cell(),)), Row(place="japan", cells=(Cell(),))],
                Column(id="a", indicator="gdp", measure="level", unit="USD"),
            ),
            "GDP in current dollars, June 2026",
            "2026年6月国内生产总值（现价美元）",
        ),
        (
            table(
                "indicators",
                [
                    Row(indicator="visitors", place="jixi", cells=(Cell(),)),
                    Row(indicator="brent", place="world", cells=(Cell(),)),
                ],
                Column(id="a", indicator="", measure="level", unit=""),
            ),
            "Main indicators, Jixi, June 2026",
            "2026年6月鸡西市主要指标",
        ),
        (
            table(
                "periods",
                [Row(period="2026-05", cells=(Cell(),)), Row(period="2026-06", cells=(Cell(),))],
                Column(id="a", indicator="exchange_rate", measure="level", unit="CNY per USD"),
            ),
            "Exchange rate against the US dollar, China, May to June 2026",
            "中国对美元汇率（2026年5—6月）",
        ),
    ],
)  # fmt: skip
def test_tables_have_captions(request_: TableRequest, en: str, zh: str) -> None:
    world = World()
    briefing = world.briefing(world.finding("level visitors jixi 2026-06: level=3"), tables=(request_,))
    assert plain(narrate(briefing, "en", BOOKS["en"]).tables["t"]) == en
    assert plain(narrate(briefing, "zh", BOOKS["zh"]).tables["t"]) == zh


# -- notes and furniture -----------------------------------------------------------------------------------------------


def noted(language: str, *notes: Note, world: World | None = None) -> list[str]:
    world = world or World()
    briefing = world.briefing(world.finding("level visitors jixi 2026-06: level=3"), notes=notes)
    return [plain(note) for note in narrate(briefing, language, BOOKS[language]).notes]


def test_every_refusal_has_its_sentence() -> None:
    assert set(REASONS) == set(NOTES["refusal"])


#: Notes that need a text, or both figures; they are told of by themselves.
WITH_MORE = {("method", "definition"), ("revision", "changed")}
PLAIN_NOTES = [
    (kind, reason) for kind, reasons in NOTES.items() for reason in reasons if (kind, reason) not in WITH_MORE
]


@pytest.mark.parametrize(("kind", "reason"), PLAIN_NOTES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_can_be_said_with_little(kind: str, reason: str, language: str) -> None:
    (text,) = noted(language, Note(kind=kind, reason=reason, indicator="gdp", place="china", period="2026-06"))
    assert text.endswith("." if language == "en" else "。")
    assert foreign_labels(text, language) == []


def test_a_refusal_names_what_is_not_given_and_why() -> None:
    note = Note(
        kind="refusal", reason="base_zero", indicator="visitors", place="jixi", period="2026-06",
        facts={"measure": "growth"},
    )  # fmt: skip
    assert noted("en", note) == [
        "Visitors, Jixi: no growth on the year is given for June 2026, because the figure to compare with is zero."
    ]
    assert noted("zh", note) == ["鸡西市游客人数：对比期数值为零，2026年6月不列示同比增速。"]


def test_notes_that_differ_in_their_place_alone_are_told_in_one() -> None:
    notes = [
        Note(kind="refusal", reason="peers_too_few", indicator="visitors", place=place, period="2026-06",
             facts={"measure": "rank"})
        for place in ("jixi", "hohhot")
    ]  # fmt: skip
    assert noted("en", *notes) == [
        "Visitors, Jixi and Hohhot: no rank is given for June 2026, because too few places have a figure."
    ]
    assert noted("zh", *notes) == ["鸡西市和呼和浩特市游客人数：有数据的地区过少，2026年6月不列示位次。"]


def test_a_held_figure_is_told_with_both_numbers() -> None:
    world = World()
    figures = {
        "value": world.figure("level", "61.5", "exchange_rate", "brazil", "2018-09"),
        "before": world.figure("level", "2490000", "exchange_rate", "brazil", "2018-08"),
    }
    note = Note(
        kind="held", reason="jump", indicator="exchange_rate", place="brazil", period="2018-09", figures=figures
    )
    briefing = world.briefing(world.finding("level visitors jixi 2026-06: level=3"), notes=(note,))
    (runs,) = narrate(briefing, "en", BOOKS["en"]).notes
    assert plain(runs) == (
        "Exchange rate against the US dollar, Brazil, September 2018: the figure, BRL 61.5 per US dollar, differs "
        "from the one before (BRL 2.49 million per US dollar) by a factor of a hundred or more; "
        "it is used in no finding or chart until it is checked."
    )
    assert [run.figure for run in runs if run.figure] == [figures["value"], figures["before"]]


def test_a_revision_is_told_with_both_figures() -> None:
    world = World()
    figures = {
        role: world.figure("level", value, "visitors", "jixi", "2026-05")
        for role, value in (("old", "8"), ("new", "9"))
    }
    note = Note(
        kind="revision", reason="changed", indicator="visitors", place="jixi", period="2026-05", figures=figures
    )
    assert noted("en", note, world=world) == ["Visitors, Jixi, May 2026: revised from 8 people to 9 people."]
    assert noted("zh", note, world=world) == ["鸡西市游客人数：2026年5月数据由8人修订为9人。"]


def test_a_definition_is_told_of_what_is_shown() -> None:
    world = World()
    world.names.indicators["visitors"].note.update({"en": "People who stay overnight.", "zh": "过夜游客。"})
    world.names.indicators["gdp"].note["en"] = "Not shown here."
    assert noted("en", world=world) == ["Visitors: People who stay overnight."]
    assert noted("zh", world=world) == ["游客人数：过夜游客。"]


def test_an_unknown_reason_is_refused() -> None:
    with pytest.raises(RenderError, match="The note held/because has no sentence in 'en'; add it under `notes: held:`"):
        noted("en", Note(kind="held", reason="because", indicator="visitors", period="2026-06"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_period_and_heading(language: str) -> None:
    narrative = narrate(edition("level visitors jixi 2026-Q2: level=3", period="2026-Q2"), language, BOOKS[language])
    assert (narrative.title, narrative.period) == {
        "en": ("Sample briefing", "April to June 2026"),
        "zh": ("样例简报", "2026年4—6月"),
    }[language]
    assert "{place}" in narrative.furniture["heading"]


def test_a_title_that_names_the_place_is_not_followed_by_it() -> None:
    briefing = edition(
        "level visitors jixi 2026-06: level=3", title={"en": "Industry in {place}", "zh": "{place}工业简报"}
    )
    english, chinese = (narrate(briefing, language, BOOKS[language]) for language in LANGUAGES)
    assert (english.title, english.furniture["heading"]) == ("Industry in China", "{title}: {period}")
    assert (chinese.title, chinese.furniture["heading"]) == ("中国工业简报", "{title}（{period}）")


@pytest.mark.parametrize("language", LANGUAGES)
def test_furniture_is_in_its_own_language(language: str) -> None:
    for key, text in BOOKS[language].furniture.items():
        bare = re.sub(r"\{\w+\}", "", text)
        assert foreign_labels(bare, language, ["data.csv", "data.xlsx", "figures.json"]) == [], key


def test_both_books_have_the_same_furniture_with_the_same_blanks() -> None:
    english, chinese = (BOOKS[language].furniture for language in LANGUAGES)
    assert english.keys() == chinese.keys()
    for key in english:
        assert sorted(re.findall(r"\{(\w+)\}", english[key])) == sorted(re.findall(r"\{(\w+)\}", chinese[key])), key


def test_the_templates_folder_holds_a_book_for_each_language() -> None:
    folder = Path(__file__).parent.parent / "templates" / "phrases"
    assert sorted(path.stem for path in folder.glob("*.yaml")) == list(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "The price of Brent crude oil stood at USD 85.4 per barrel in June 2026, up 5.2% on the year.",
                "The price of Brent crude oil rose for three months in a row to June 2026, by 12.0% in all.",
                "The price of Brent crude oil stood at USD 85.4 per barrel in June 2026, "
                "the highest since August 2014.",
            ],
        ),
        (
            "zh",
            [
                "2026年6月，布伦特原油价格为85.4美元/桶，同比上涨5.2%。",
                "截至2026年6月，布伦特原油价格连续3个月上涨，累计上涨12.0%。",
                "2026年6月，布伦特原油价格为85.4美元/桶，为2014年8月以来最高。",
            ],
        ),
    ],
)
def test_a_level_told_just_before_is_not_told_beside_another_number(language: str, sentences: list[str]) -> None:
    world = World()
    level = world.finding("level brent world 2026-06: level=85.4, growth=5.2 on year", "a")
    streak = world.finding("streak brent world 2026-06: length=3, growth=12.0, direction=up, from=2026-04", "b")
    record = world.finding("record brent world 2026-06: extreme=high, since=2014-08", "c")
    same = {"level": level.figures["level"]}
    later = [f.model_copy(update={"figures": f.figures | same}) for f in (streak, record)]
    told_together = narrate(world.briefing(level, *later), language, BOOKS[language]).sentences.values()
    assert [plain(sentence) for sentence in told_together] == sentences


@pytest.mark.parametrize(
    ("period", "english", "chinese"),
    [
        ("2026-06", ("Growth on the year", "Growth on the previous month"), ("同比增长", "环比增长")),
        ("2023", ("Growth on the previous year", "Growth on the previous year"), ("比上年增长", "比上年增长")),
    ],
)
def test_heads_name_what_a_rate_compares_with(period: str, english: tuple[str, str], chinese: tuple[str, str]) -> None:
    briefing = edition(f"level visitors jixi {period}: level=3", period=period)
    for language, heads in (("en", english), ("zh", chinese)):
        words = narrate(briefing, language, BOOKS[language]).furniture
        assert (words["measure growth"], words["measure growth on previous period"]) == heads


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Partial edition: {} had not been published by 22 November 2026."),
        ("zh", "本期为部分数据版：截至2026年11月22日，{}尚未公布，本期暂缺。"),
    ],
)
def test_a_partial_edition_names_what_is_lacking(language: str, expected: str) -> None:
    briefing = samples.briefing()
    key, names = next(iter(briefing.names.indicators.items()))
    partial = briefing.model_copy(update={"partial": (key,), "waited_until": "2026-11-22"})
    name = names.name[language]
    assert narrate(partial, language, BOOKS[language]).partial.casefold() == expected.format(name).casefold()
    assert narrate(briefing, language, BOOKS[language]).partial == ""


@pytest.mark.parametrize(
    ("language", "text", "badly"),
    [
        ("en", "5 of 23 currencies rose.", True),
        ("en", "There were 3 3A-grade areas.", True),
        ("en", "In 2020, 5 fell on 4 August 2023.", False),
        ("zh", "2026年6月23种货币走弱。", True),
        ("zh", "2020年5000万元以上项目3个。", True),
        ("zh", "2020年6月30日，2020年1—4月，上月11亿元。", False),
    ],
)
def test_numbers_that_read_as_one_are_kept_apart(language: str, text: str, badly: bool) -> None:
    assert reads_badly(text, language) == badly
