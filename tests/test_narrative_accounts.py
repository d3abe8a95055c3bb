"""Accounts and the lists on them: all that is told of an indicator in one good sentence, in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.briefing import Briefing, Finding, Note
from briefings.errors import RenderError
from briefings.narrative import Narrative, foreign_labels, narrate, pattern_shares, plain
from briefings.narrative.accounts import AccountTeller
from briefings.narrative.kinds import CLAUSES, KINDS
from briefings.narrative.listings import LISTINGS
from briefings.narrative.names import Names
from briefings.narrative.sentences import LONGEST_SENTENCE, Writer
from briefings.periods import Period
from tests.narratives import BOOKS, CASES, World

LANGUAGES = ("en", "zh")


def cases() -> Iterator[tuple[str, dict[str, str]]]:
    """A finding and its sentence in each language, from tests/cases/narrative/accounts.txt. `@2025` before a finding is
    the period of the briefing in which it stands, where that is another than its own."""
    text = (CASES / "accounts.txt").read_text(encoding="utf-8")
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            yield lines[0], {line.strip()[:2]: line.strip()[4:] for line in lines[1:]}


CASE_LINES = [finding for finding, _ in cases()]


def briefing_of(line: str) -> tuple[Briefing, Finding]:
    period, _, rest = line.partition(" ") if line.startswith("@") else ("", "", line)
    world = World()
    finding = world.finding(rest)
    own = period.removeprefix("@") or finding.period
    return world.briefing(finding, place=finding.place, period=own), finding


def told(line: str, language: str) -> str:
    briefing, finding = briefing_of(line)
    return plain(narrate(briefing, language, BOOKS[language]).sentences[finding.id])


@pytest.mark.parametrize(("finding", "sentences"), list(cases()))
def test_an_account_is_told_as_the_case_says(finding: str, sentences: dict[str, str]) -> None:
    assert {language: told(finding, language) for language in LANGUAGES} == sentences


def test_every_variant_has_a_case() -> None:
    seen: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    clauses: set[str] = set()
    for line in CASE_LINES:
        briefing, finding = briefing_of(line)
        for language in LANGUAGES:
            writer = Writer(Names(briefing, BOOKS[language]))
            teller = writer.teller(finding)
            seen[language].add(f"{finding.kind}.{teller.variant}")
            if isinstance(teller, AccountTeller):
                clauses |= set(teller.clauses(frozenset({teller.lead})))
    kinds = {name: KINDS[name] for name in ("account", *LISTINGS)}
    wanted = {f"{name}.{variant}" for name, kind in kinds.items() for variant in kind.variants}
    assert {language: wanted - found for language, found in seen.items()} == {"en": set(), "zh": set()}
    assert set(CLAUSES) - clauses == set()
    assert len(CASE_LINES) >= 120


# -- laws --------------------------------------------------------------------------------------------------------------

EDITIONS = st.lists(st.sampled_from(CASE_LINES), min_size=1, max_size=12)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"


def edition(*lines: str, place: str = "wuhai", period: str = "2025", headline: int | None = 0) -> Briefing:
    world = World()
    findings = [world.finding(line.rpartition("@2025 ")[2], f"n{number}") for number, line in enumerate(lines)]
    return world.briefing(*findings, place=place, period=period, headline=headline)


def everything(narrative: Narrative) -> list[Any]:
    return [*narrative.sentences.values(), narrative.summary, *(c.title for c in narrative.charts.values())]


@given(EDITIONS, st.sampled_from(LANGUAGES), st.sampled_from([0, 2]))
@settings(max_examples=60, deadline=None)
def test_every_number_is_a_run_of_its_figure(lines: list[str], language: str, headline: int) -> None:
    """What is no figure holds no digit but those of periods, names and the thresholds of tiers."""
    briefing = edition(*lines, headline=headline)
    for sentence in everything(narrate(briefing, language, BOOKS[language])):
        for run in sentence:
            if run.figure is None:
                assert not re.search(r"\d", _without_names(run.text, language)), plain(sentence)
            else:
                assert run.figure in briefing.figures


def _without_names(text: str, language: str) -> str:
    names = [name[language] for name in World().names.groups.values()]
    names += [item.name[language] for item in World().names.indicators.values()]
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "").replace(name[0].lower() + name[1:], "")
    text = re.sub(r"CNY [\d.]+ (?:million|billion)|\d+亿元以上", "", text)
    if language == "zh":
        text = re.sub(r"\d{4}(?:[—至]\d{4})?年", "", text)
        return re.sub(r"\d+(?:—\d+)?月(?:\d+日)?|上半年", "", text)
    text = re.sub(r"\d+(?:st|nd|rd|th) Five-Year Plan period \(\d{4}–\d{4}\)", "", text)
    text = re.sub(rf"\b\d{{1,2}}(?: to \d{{1,2}})? (?={MONTHS})", "", text)
    return re.sub(r"\b(?:19|20)\d\d\b", "", text)


@given(EDITIONS)
@settings(max_examples=60, deadline=None)
def test_every_figure_of_an_account_is_told(lines: list[str]) -> None:
    """Nothing that the finding holds is left out (save a number of peers that their name holds, and rates of days)."""
    briefing = edition(*lines)
    for language in LANGUAGES:
        sentences = narrate(briefing, language, BOOKS[language]).sentences
        for finding in briefing.every_finding():
            told_of = {run.figure for run in sentences[finding.id] if run.figure}
            teller = Writer(Names(briefing, BOOKS[language])).teller(finding)
            untold = {"out_of", *(teller.untold() if isinstance(teller, AccountTeller) else ())}
            wanted = {figure for role, figure in finding.figures.items() if role not in untold}
            assert wanted <= told_of, plain(sentences[finding.id])


@given(EDITIONS, st.sampled_from(LANGUAGES))
@settings(max_examples=40, deadline=None)
def test_sentences_are_set_as_the_language_sets_them(lines: list[str], language: str) -> None:
    narrative = narrate(edition(*lines), language, BOOKS[language])
    for sentence in narrative.sentences.values():
        text = plain(sentence)
        assert text.endswith("." if language == "en" else "。")
        assert foreign_labels(text, language, ["R&D"]) == []
        if language == "en":
            assert text[0].isupper()
            assert not re.search(r"  | [,.;:)]|\( |\.\.|,,|\[|\]|\{|\}|\| |\b(?:down|fell|fall of) −", text), text
        else:
            assert not re.search(r"[,;:()\[\]{}|]| (?!R&D)|，，|，。|^，|（）|的的|为超|为不到|(?:下降|减少)−", text), (
                text
            )


@given(EDITIONS, st.sampled_from(LANGUAGES))
@settings(max_examples=40, deadline=None)
def test_the_line_under_the_title_is_short(lines: list[str], language: str) -> None:
    text = plain(narrate(edition(*lines, headline=1), language, BOOKS[language]).summary)
    assert 0 < len(text) <= {"en": 160, "zh": 80}[language]


@pytest.mark.parametrize("line", CASE_LINES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_an_account_is_long(line: str, language: str) -> None:
    """An account that grows long is told in two sentences; a head alone may be as long as its names."""
    text = told(line, language)
    if " account " in f" {line}":
        parts = text.rstrip("。").split("。") if language == "zh" else re.split(r"(?<=[a-z)])\. (?=[A-Z])", text)
        assert len(parts) <= 2
        writer = Writer(Names(briefing_of(line)[0], BOOKS[language]))
        assert all(writer.length(part) <= LONGEST_SENTENCE[language] for part in parts), parts


@pytest.mark.parametrize("line", CASE_LINES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_are_short(line: str, language: str) -> None:
    briefing, finding = briefing_of(line)
    writer = Writer(Names(briefing, BOOKS[language]))
    title = plain(writer.title(finding))
    shortest = writer.length(writer.names.thing(finding.indicator, finding.place)) if finding.indicator else 0
    if finding.kind in ("account", "completions") and shortest <= (4 if language == "en" else 12):
        assert writer.length(title) <= (12 if language == "en" else 25), title
    assert not title.endswith((".", "。"))


# -- an edition of a hundred plain accounts ----------------------------------------------------------------------------

PLAIN = {
    "counts": [f"account certificates wuhai 2025: level={n}" for n in range(100, 200)],
    "amounts": [f"account credit wuhai 2025: level={n}e7" for n in range(100, 200)],
    "stocks": [f"account loans_green wuhai 2025: level={n}e7" for n in range(100, 200)],
    "rates": [f"account counters wuhai 2025: level={n / 2}" for n in range(100, 200)],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sort", PLAIN)
@pytest.mark.parametrize("headline", [0, 100])
def test_no_pattern_makes_up_more_than_a_fifth_of_an_edition(language: str, sort: str, headline: int) -> None:
    narrative = narrate(edition(*PLAIN[sort], headline=headline), language, BOOKS[language])
    assert max(pattern_shares(narrative).values()) <= 0.2


# -- where and when ----------------------------------------------------------------------------------------------------


def section(language: str, *lines: str, **more: Any) -> list[str]:
    return [plain(s) for s in narrate(edition(*lines, **more), language, BOOKS[language]).sentences.values()]


def test_a_section_names_its_place_and_period_once() -> None:
    lines = [
        "account loans_rmb wuhai 2025: level=66975e6, ratio=50.0 computed percent, ratio_to=deposits_rmb",
        "account loans_small wuhai 2025: level=9131e6, growth=18.38 on year",
        "account loans_green hohhot 2025: level=9674e6",
        "account loans_green wuhai 2025: level=9674e6",
    ]
    assert section("en", *lines) == [
        "RMB loans in Wuhai stood at CNY 66.975 billion at the end of 2025, "
        "a loan-to-deposit ratio of 50.0% (computed).",
        "Inclusive loans to small and micro enterprises came to CNY 9.131 billion, up 18.38% on the year.",
        "Green loans in Hohhot stood at CNY 9.674 billion.",
        "Wuhai had green loans of CNY 9.674 billion.",
    ]
    assert section("zh", *lines) == [
        "2025年末，乌海市人民币贷款余额669.75亿元，存贷比50.0%（计算值）。",
        "普惠小微贷款余额为91.31亿元，比上年末增长18.38%。",
        "呼和浩特市绿色贷款余额为96.74亿元。",
        "乌海市绿色贷款余额96.74亿元。",
    ]


def test_a_province_that_is_in_doubt_goes_by_its_name() -> None:
    """全区 may be the autonomous region or a district; the province of another place is not the reader's own."""
    line = "account income {place} 2025: level=54200, rank=2, rank_among={province}, rank_of=level, counted_from=top"
    for place, own, province, words in (
        ("jixi", "jixi", "heilongjiang", ("second in the province", "居全省第2位")),
        ("jixi", "wuhai", "heilongjiang", ("second in Heilongjiang", "居黑龙江省第2位")),
        ("wuhai", "wuhai", "inner_mongolia", ("second in Inner Mongolia", "居内蒙古自治区第2位")),
    ):
        for language, wanted in zip(LANGUAGES, words, strict=True):
            (sentence,) = section(language, line.format(place=place, province=province), place=own)
            assert wanted in sentence


def test_parts_of_a_year_go_without_it_in_a_briefing_of_that_year_alone() -> None:
    line = "account trade wuhai 2025-01/2025-10: level=1470e6"
    assert "from January to October." in section("en", line, period="2025")[0]
    assert section("zh", line, period="2025")[0].startswith("1—10月，")
    assert "from January to October 2025." in section("en", line, period="2021/2025")[0]
    assert section("zh", line, period="2021/2025")[0].startswith("2025年1—10月，")


@pytest.mark.parametrize("period", ["2025-Q3", "2025-H1", "2025-06", "2025-01/2025-09"])
def test_every_part_of_a_year_reads_well_without_it(period: str) -> None:
    for language in LANGUAGES:
        own = Period.parse(period).write(language)  # type: ignore[arg-type]
        (sentence,) = section(language, f"account trade wuhai {period}: level=1470e6", period="2025")
        assert "2025" in own
        assert "2025" not in sentence


# -- words -------------------------------------------------------------------------------------------------------------


def test_an_absolute_change_is_added_or_taken_away_in_chinese_not_grown() -> None:
    line = (
        "account inspections wuhai 2025: level=12628, change=-4026 item on year, "
        "growth=-24.17 on year, change_basis=on year"
    )
    assert "比上年减少4026次，下降24.17%" in told(line, "zh")
    level = World()
    finding = level.finding("level visitors jixi 2026-06: level=35000, change=500 person on year")
    assert plain(narrate(level.briefing(finding), "zh", BOOKS["zh"]).sentences["x"]) == (
        "2026年6月，鸡西市游客人数为3.5万人，同比增加500人。"
    )


@pytest.mark.parametrize(
    ("qualifier", "english", "chinese"),
    [
        ("over", "came to more than CNY 600 million", ("超6亿元", "超过6亿元")),
        ("under", "came to less than CNY 600 million", ("不到6亿元", "不到6亿元")),
        ("about", "came to about CNY 600 million", ("约6亿元", "约为6亿元")),
        ("target over", "of at least CNY 600 million", ("6亿元以上", "为6亿元以上")),
        ("target under", "of no more than CNY 600 million", ("6亿元以内", "为6亿元以内")),
        ("target about", "of about CNY 600 million", ("6亿元左右", "为6亿元左右")),
    ],
)
def test_what_a_source_says_of_a_number_stands_in_words(qualifier: str, english: str, chinese: tuple[str, str]) -> None:
    status = ", status=target" if "target" in qualifier else ""
    line = f"account credit wuhai 2025: level=600e6 {qualifier}{status}"
    first, second = section("zh", line, line, headline=2)
    assert english in told(line, "en")
    assert chinese[1 if status else 0] in first
    assert chinese[1] in second


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_verb_of_growth_on_a_target(language: str) -> None:
    """A target may be one of growth, but nothing has grown."""
    phrases = str([BOOKS[language].findings["account"][f"targeted{end}"] for end in ("", " growth")])
    assert not re.search(r"\brose\b|\bgrew\b|\bincreased\b|增至|升至", phrases)


def test_a_remark_needs_its_text() -> None:
    world = World()
    finding = world.finding("remark - hohhot 2020: en=The report names problems., source=report")
    with pytest.raises(RenderError) as caught:
        narrate(world.briefing(finding), "zh", BOOKS["zh"])
    assert str(caught.value) == (
        "A remark of 'report' has no text in 'zh', in which this edition is written; write it in config/remarks."
    )


def test_title_and_heading_of_an_edition() -> None:
    briefing = edition(
        "account loans_rmb wuhai 2025: level=66975e6, ratio=50.0 computed percent, ratio_to=deposits_rmb", headline=1
    ).model_copy(update={"title": {"en": "Finance briefing", "zh": "金融运行简报"}})
    english, chinese = (narrate(briefing, language, BOOKS[language]) for language in LANGUAGES)
    assert english.furniture["heading"].format(title=english.title, place="Wuhai", period=english.period) == (
        "Finance briefing: Wuhai, 2025"
    )
    assert chinese.furniture["heading"].format(title=chinese.title, place="乌海市", period=chinese.period) == (
        "乌海市金融运行简报（2025年）"
    )
    assert plain(english.summary) == (
        "RMB loans in Wuhai stood at CNY 66.975 billion at the end of 2025, "
        "a loan-to-deposit ratio of 50.0% (computed)."
    )
    assert plain(chinese.summary) == "2025年末，乌海市人民币贷款余额669.75亿元，存贷比50.0%（计算值）。"


@pytest.mark.parametrize(
    ("kind", "english", "chinese"),
    [
        (
            "tiers",
            "Of 236 landed projects over CNY 100 million, 84 exceed CNY 500 million and 47 CNY 1 billion",
            "1亿元以上的签约落地项目236个，其中5亿元以上的84个，10亿元以上的47个",
        ),
        (
            "composition",
            "The primary, secondary and tertiary industries made up 4.5%, 29.1% and 66.4% of GDP",
            "第一、第二和第三产业占地区生产总值4.5%、29.1%和66.4%",
        ),
        ("pairs", "RMB deposits and RMB loans, 2020 and 2025", "乌海市人民币存款余额和人民币贷款余额：2020年与2025年"),
        ("completions", "Two of two annual targets exceeded", "两项年度目标均超额完成"),
    ],
)
def test_titles_of_charts_of_accounts(kind: str, english: str, chinese: str) -> None:
    line = next(line for line in CASE_LINES if line.startswith(kind))
    briefing, finding = briefing_of(line)
    for language, wanted in zip(LANGUAGES, (english, chinese), strict=True):
        writer = Writer(Names(briefing, BOOKS[language]))
        writer.sentence(finding)
        assert plain(writer.title(finding)) == wanted


def test_the_title_of_a_chart_of_pairs_says_what_moved() -> None:
    line = (
        "pairs gdp_cny xincheng 2016/2020: from=2011/2015, to=2016/2020 "
        "+ @retail from=108780e6, to=137480e6, change={} percent + @investment from=109930e6, to=74200e6"
    )
    moved = f"{line.format(26.4)}, change=-32.5 percent"
    for language, wanted, plainly in (
        (
            "en",
            "Retail sales of consumer goods rose 26.4%, fixed asset investment fell 32.5%",
            "Retail sales of consumer goods and fixed asset investment",
        ),
        ("zh", "社会消费品零售总额增长26.4%，固定资产投资下降32.5%", "新城区社会消费品零售总额和固定资产投资"),
    ):
        for told_of, title in ((moved, wanted), (line.format(26.4), plainly)):
            briefing, finding = briefing_of(told_of)
            assert plain(Writer(Names(briefing, BOOKS[language])).title(finding)).startswith(title)


@pytest.mark.parametrize(
    ("language", "totals", "others"),
    [
        ("en", "GDP, Xincheng District: only totals of several years are available", "GDP, Hebi: the figures in the"),
        ("zh", "新城区地区生产总值：来源仅有多年累计数", "鹤壁市地区生产总值：来源数据所属时段长短不一"),
    ],
)
def test_a_place_left_out_of_a_table_of_places_says_why(language: str, totals: str, others: str) -> None:
    world = World()
    finding = world.finding("account gdp_cny xincheng 2016/2020: level=274270e6")
    notes = tuple(
        Note(kind="refusal", reason="shapes_differ", indicator="gdp_cny", place=place, period="2025", facts=LEVEL)
        for place in ("xincheng", "hebi")
    )
    narrative = narrate(world.briefing(finding, notes=notes, place="wuhai", period="2025"), language, BOOKS[language])
    first, second = (plain(note) for note in narrative.notes[:2])
    assert first.startswith(totals)
    assert second.startswith(others)


LEVEL = {"measure": "level"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_one_says_what_is_preliminary_by_its_date(language: str) -> None:
    """The words of the source say nothing of it; in a section the table does."""
    line = "account gdp_cny wuhai 2025: level=59557e6 preliminary, status=actual"
    word = {"en": "CNY 59.557 billion (preliminary)", "zh": "595.57亿元（初步数）"}[language]
    assert word in section(language, line, headline=1)[0]
    assert word.rpartition("（" if language == "zh" else " (")[2] not in section(language, line)[0]


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        (
            "account gdp_cny xincheng 2016/2020: level=274270e6, since=5.9, since_base=2011/2015, earlier=258880e6, "
            "earlier_period=2011/2015",
            "GDP of Xincheng District totalled CNY 274.27 billion in the 13th Five-Year Plan period (2016–2020), "
            "up 5.9% at current prices on the plan period before.",
            "“十三五”时期，新城区地区生产总值累计2742.7亿元，按现价计算，比“十二五”时期的2588.8亿元增长5.9%。",
        ),
        (
            "@2023 account association hebi 2023-06: level=70 over",
            "Members of the procurement association in Hebi numbered more than 70 at the end of June 2023.",
            "2023年6月末，鹤壁市政府采购协会会员超70家。",
        ),
    ],
)
def test_the_line_under_the_title_stands_alone(line: str, english: str, chinese: str) -> None:
    """It says against what, if need be without the earlier figure, and the year of a month."""
    briefing, _ = briefing_of(line)
    said = {language: plain(narrate(briefing, language, BOOKS[language]).summary) for language in LANGUAGES}
    assert said == {"en": english, "zh": chinese}
