"""Figures in running text: constructions as text pairs, whole documents, and what no input may do to the extractor."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.catalogue import Catalogue, Indicator, Place
from briefings.extraction import Block, Document, Statement, blocks_of, extract, to_json
from briefings.extraction.lexicon import lexicon
from briefings.periods import Language, Period

CASES = Path(__file__).parent / "cases" / "figures"
FILES = sorted(CASES.glob("*_??.txt"))
PUBLISHED, REPORT = date(2023, 1, 18), Period.parse("2022")
CONSTRUCTIONS = (
    "pairs",
    "lists",
    "measures",
    "movements",
    "bases",
    "ranks",
    "approximations",
    "plans",
    "cumulated",
    "times",
    "quantities",
)


def told(text: str, language: Language, catalogue: Catalogue | None = None) -> list[Statement]:
    return extract(Document(text, language, "Rivertown", PUBLISHED, REPORT), catalogue)


def only(text: str, language: Language, catalogue: Catalogue | None = None) -> Statement:
    (statement,) = told(text, language, catalogue)
    return statement


def written(statement: Statement) -> str:
    """A statement as a line of the case files."""
    value = to_json(statement)["value"]
    parts = [f"{value:.10g}" if isinstance(value, float) else str(value), statement.unit, statement.kind]
    parts += [str(statement.period), statement.status]
    if statement.basis:
        parts.append(statement.basis.replace(" ", "_"))
    if statement.rank_of:
        parts.append(f"of {statement.rank_of} from {statement.counted_from}")
    if statement.qualifier != "exact":
        parts.append(statement.qualifier)
    return f"    {statement.quote} = {' '.join(parts)}"


def cases(path: Path) -> list[tuple[str, list[str]]]:
    blocks = [block.splitlines() for block in path.read_text("utf-8").split("\n\n")[1:]]
    return [(lines[0], lines[1:]) for lines in blocks]


ALL = [(path.stem, *case) for path in FILES for case in cases(path)]


@pytest.mark.parametrize(("name", "sentence", "figures"), ALL, ids=[f"{name}-{n}" for n, (name, *_) in enumerate(ALL)])
def test_sentence(name: str, sentence: str, figures: list[str]) -> None:
    language: Language = "zh" if name.endswith("zh") else "en"
    assert [written(statement) for statement in told(sentence, language)] == figures


def test_there_are_many_cases_of_every_construction() -> None:
    masked = {re.sub(r"[0-9]+(?:[.,][0-9]+)*", "#", sentence) for _, sentence, _ in ALL}
    assert len(masked) >= 400
    for construction in CONSTRUCTIONS:
        assert sum(name.rpartition("_")[0] == construction for name, *_ in ALL) >= 30, construction
    assert {name.rpartition("_")[0] for name, *_ in ALL} == set(CONSTRUCTIONS)


# What is no figure


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("会议于2021年3月5日召开。", "zh"),
        ("贯彻党的十九届五中全会精神。", "zh"),
        ("第十三届人民代表大会第四次会议审议了报告。", "zh"),
        ("国道210线、省道103线和G7高速全线通车。", "zh"),
        ("开通12345热线。", "zh"),
        ("推进“三重一大”和“五个一批”。", "zh"),
        ("坚持“一区多园”，落实两手抓。", "zh"),
        ("加快5G应用和AES256加密。", "zh"),
        ("地铁3号线开工。", "zh"),
        ("《关于印发2022年30项措施的通知》已发布。", "zh"),
        ("一是加强领导，二是压实责任。", "zh"),
        ("The meeting was held on 5 March 2021.", "en"),
        ("The 14th Five-Year Plan sets the course.", "en"),
        ("COVID-19 tests, 5G masts and the A4 motorway.", "en"),
        ("See Section 3, Table 12 and Article 45.", "en"),
        ("The office opens at 10:30 and closes at 5 p.m.", "en"),
        ("It adopted the “Three Lines and Five Rules” approach.", "en"),
        ("The two-way link is one of the best.", "en"),
        ("Version 3.0 was released.", "en"),
        ("Over the past two years the town has changed.", "en"),
        ("Call 555-0134 for details.", "en"),
        ("the first phase of the new school", "en"),
    ],
)
def test_names_dates_and_numbering_are_no_figures(text: str, language: Language) -> None:
    assert told(text, language) == []


# Sections and paragraphs

REPORT_ZH = """2023年政府工作报告
一、2022年工作回顾
全市生产总值增长5.2%。新建学校12所。
五年来，我们坚持实干为先，办成了许多大事。
累计新建公路320公里，年末市场主体总数达到8.6万户。
二、今后五年的主要目标任务
今后五年，我们要实现更大发展。新增就业20万人，森林覆盖率达到40%。
三、2023年重点工作
新建学校8所，一般公共预算收入增长6%左右。
"""


def test_sections_give_their_figures_period_and_status() -> None:
    found = [(s.quote, s.period, s.status) for s in told(REPORT_ZH, "zh")]
    assert found == [
        ("5.2%", "2022", "actual"),
        ("12所", "2022", "actual"),
        ("320公里", "2018/2022", "actual"),
        ("8.6万户", "2022", "actual"),
        ("20万人", "2023/2027", "target"),
        ("40%", "2027", "target"),
        ("8所", "2023", "target"),
        ("6%", "2023", "target"),
    ]


def test_a_lead_over_several_years_rules_deeds_and_leaves_states_to_its_last_year() -> None:
    text = (
        'During the "13th Five-Year Plan" period, Rivertown kept improving its services.\n\n'
        "The council built 42 clinics. The number of doctors reached 1,310.\n\n"
        "In 2019, 16 schools were repaired."
    )
    found = [(s.quote, s.period) for s in told(text, "en")]
    assert found == [("42", "2016/2020"), ("1,310", "2020"), ("16 schools", "2019")]


def test_a_time_carries_over_within_its_paragraph_alone() -> None:
    text = "In the first half of 2022, exports grew 4 percent. Imports fell 2 percent.\n\nTourism grew 9 percent."
    assert [s.period for s in told(text, "en")] == ["2022-H1", "2022-H1", "2022"]
    text = "上半年，出口增长4%。进口下降2%。其中，6月份增长1%。\n旅游收入增长9%。"
    assert [s.period for s in told(text, "zh")] == ["2022-H1", "2022-H1", "2022-06", "2022"]


def test_without_a_registered_period_the_text_and_its_day_decide() -> None:
    review = "一、2021年工作回顾\n新建学校12所。"
    assert extract(Document(review, "zh", None, date(2022, 2, 1)), None)[0].period == "2021"
    assert extract(Document("新建学校12所。", "zh", None, date(2022, 2, 1)), None)[0].period == "2021"
    assert extract(Document("新建学校12所。", "zh", None, date(2022, 9, 1)), None)[0].period == "2022"
    assert extract(Document("新建学校12所。", "zh"), None)[0].period is None
    title = "上半年外贸增长较快\n出口86亿元，增长4%。"
    assert extract(Document(title, "zh", None, date(2022, 7, 20)), None)[0].period == "2022-H1"
    title = "2022年政府工作报告\n新建学校12所。"
    assert extract(Document(title, "zh", None, date(2022, 2, 1)), None)[0].period == "2021"


def test_headings_of_the_caller_count() -> None:
    text = "Targets for 2023 We will build 9 bridges."
    blocks = (Block(0, 16, "heading", 2), Block(17, len(text)))
    (statement,) = extract(Document(text, "en", None, PUBLISHED, REPORT, blocks), None)
    assert (statement.period, statement.status) == ("2023", "target")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "一、工作回顾\n\n全年新建学校3所。\n1. 教育\n# Title\n甲\t乙",
            ["heading", "paragraph", "item", "heading", "cell"],
        ),
        ("A short title\nA full sentence ends in a stop.", ["heading", "paragraph"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_plain_text_has_a_block_a_line(text: str, kinds: list[str]) -> None:
    blocks = blocks_of(text)
    assert [block.kind for block in blocks] == kinds
    assert all(text[block.start : block.end].strip() == text[block.start : block.end] for block in blocks)


@pytest.mark.parametrize(
    "text",
    [
        "一季度 ， 全市 生产总值 860 亿元 ， 同比 增长 6.2 % 。",
        "一季度，全市生产总值 860 亿 元，同比增长 6.2%。",
        "一季度，全市抓项目、稳投资、促消费，经济运行平稳开局，全市生产总值\n860亿元，同比增长6.2%。",
        "一季度，全市抓项目、稳投资、促消费，经济运行平稳开局，生产总值860亿元，同比增长\n6.2%。",
        "一季度,全市生产总值860亿元,同比增长6.2％。",
    ],
)
def test_blanks_and_broken_lines_of_chinese_mean_nothing(text: str) -> None:
    found = [(s.value, s.unit, s.kind, s.period, s.basis) for s in told(text, "zh")]
    assert found == [(86e9, "CNY", "level", "2022-Q1", None), (6.2, "percent", "growth", "2022-Q1", "yoy")]


def test_broken_lines_of_english_are_one_sentence() -> None:
    text = (
        "In the first quarter of 2022, the city's exports, which had been falling for years, grew\n"
        "6.2 percent year on year to 860 million yuan, and the number of firms that sell abroad rose\n"
        "to 1,240."
    )
    assert [(s.value, s.period) for s in told(text, "en")] == [(6.2, "2022-Q1"), (860e6, "2022-Q1"), (1240, "2022-Q1")]


def test_a_title_right_above_a_paragraph_stays_a_title() -> None:
    blocks = blocks_of(
        "全市集中签约重大项目总投资再创新高推动多元产业发展格局加快形成\n" + "本次签约的项目覆盖多个领域。" * 12
    )
    assert [block.kind for block in blocks] == ["heading", "paragraph"]


# Subjects, places and indicators


def catalogue() -> Catalogue:
    def indicator(en: str, zh: str, unit: str, *aliases: str) -> Indicator:
        return Indicator.model_validate(
            {"name": {"en": en, "zh": zh}, "unit": unit, "nature": "flow", "aliases": list(aliases)}
        )

    def place(en: str, zh: str, kind: str, within: str | None = None) -> Place:
        return Place.model_validate({"name": {"en": en, "zh": zh}, "kind": kind, "within": within})

    return Catalogue(
        {
            "sales": indicator("Retail sales", "社会消费品零售总额", "CNY", "社零总额"),
            "income_urban": indicator("Urban income per head", "城镇居民人均可支配收入", "CNY"),
            "income_rural": indicator("Rural income per head", "农村居民人均可支配收入", "CNY"),
            "clinics": indicator("Clinics built", "新建诊所", "item"),
            "coverage": indicator("Forest coverage", "森林覆盖率", "percent"),
        },
        {
            "rivertown": place("Rivertown", "河城市", "city"),
            "hillside": place("Hillside", "山城市", "city"),
        },
        {},
    )


@pytest.mark.parametrize(
    ("text", "language", "indicators"),
    [
        ("社会消费品零售总额完成86亿元，同比增长4%。", "zh", ["sales", "sales"]),
        ("社零总额增长4%，森林覆盖率达到41%。", "zh", ["sales", "coverage"]),
        ("城乡居民人均可支配收入分别达到41000元和18000元，增长5%和7%。", "zh", ["income_urban", "income_rural"] * 2),
        ("新建诊所14个、学校3所。", "zh", ["clinics", None]),
        ("森林覆盖率提高到每户86元。", "zh", [None]),
        ("Retail sales reached 8.6 billion yuan, up 4%.", "en", ["sales", "sales"]),
        ("Forest coverage rose to 41%.", "en", ["coverage"]),
        ("The weather cost 86 million yuan.", "en", [None]),
    ],
)
def test_indicators_are_named_by_their_names_and_never_guessed(
    text: str, language: Language, indicators: list[str | None]
) -> None:
    assert [s.indicator for s in told(text, language, catalogue())] == indicators
    assert {s.indicator for s in told(text, language)} == {None}


def named(text: str, language: Language, *names: tuple[str, str]) -> list[str | None]:
    """The indicators of the figures of a text, where a catalogue has the one with this name and unit."""
    indicators = {
        str(number): Indicator.model_validate({"name": {language: name}, "unit": unit, "nature": "flow"})
        for number, (name, unit) in enumerate(names)
    }
    return [statement.indicator for statement in told(text, language, Catalogue(indicators, {}, {}))]


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("第二产业对经济增长的贡献率为45.3%。", "服务业对经济增长的贡献率", "percent"),
        ("出口总额12亿元，增长5%。", "进出口总额", "CNY"),
        ("进口总额12亿元。", "出口总额", "CNY"),
        ("外币存款余额12亿元。", "人民币存款余额", "CNY"),
        ("农业贷款余额12亿元。", "民营企业贷款余额", "CNY"),
        ("新增规下工业企业120家。", "新增规上工业企业", "enterprise"),
        ("规下工业增加值增长5.5%。", "规模以上工业增加值", "CNY"),
        ("不良贷款余额12亿元。", "贷款余额", "CNY"),
        ("女性户籍人口12万人。", "户籍人口", "person"),
        ("人均地区生产总值12万元。", "地区生产总值", "CNY"),
        ("退出规上工业企业12家。", "新增规上工业企业", "enterprise"),
        ("Imports of goods reached 12 billion yuan.", "Exports of goods", "CNY"),
        ("The value added of the primary sector was 12 billion yuan.", "Value added of the tertiary sector", "CNY"),
        ("Foreign-currency deposits stood at 12 billion yuan.", "Renminbi deposits", "CNY"),
        ("The disposable income per capita of rural residents was 18,000 yuan.",
         "Disposable income per capita of urban residents", "CNY"),
    ],
)  # fmt: skip
def test_what_is_much_alike_and_another_thing_is_not_named(text: str, name: str, unit: str) -> None:
    language: Language = "en" if text.isascii() else "zh"
    assert named(text, language, (name, unit))[0] is None


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("第三产业对经济增长的贡献率为45.3%。", "服务业对经济增长的贡献率", "percent"),
        ("进出口总额12亿元。", "外贸进出口总额", "CNY"),
        ("外币存款余额12亿元。", "外币存款余额", "CNY"),
        ("规模以上工业增加值增长5.5%。", "规上工业增加值（规模以上）", "CNY"),
        ("Imports of goods reached 12 billion yuan.", "Imports of goods", "CNY"),
    ],
)
def test_what_is_the_same_in_other_words_is_named(text: str, name: str, unit: str) -> None:
    language: Language = "en" if text.isascii() else "zh"
    assert named(text, language, (name, unit))[0] == "0"


def test_two_indicators_of_one_name_name_none() -> None:
    both = catalogue()
    twin = replace(both, indicators={**both.indicators, "twin": both.indicators["sales"]})
    assert only("社会消费品零售总额完成86亿元。", "zh", twin).indicator is None


def test_another_place_that_opens_a_clause_is_the_figures_place() -> None:
    text = "全市新建学校3所。山城市新建学校5所。"
    assert [s.place for s in told(text, "zh", catalogue())] == ["Rivertown", "Hillside"]
    assert [s.place for s in told(text, "zh")] == ["Rivertown", "Rivertown"]


def test_subjects_are_the_documents_words() -> None:
    assert only("全年固定资产投资完成120亿元。", "zh").subject == "固定资产投资"
    assert only("引进78家高新技术企业。", "zh").subject == "高新技术企业"
    assert only("The green loan balance stood at 9.6 billion yuan.", "en").subject == "green loan balance"


def test_the_catalogue_changes_nothing_but_indicator_and_place() -> None:
    with_names = [replace(s, indicator=None, place=None) for s in told(REPORT_ZH, "zh", catalogue())]
    assert with_names == [replace(s, place=None) for s in told(REPORT_ZH, "zh")]


# The surface


def test_a_statement_is_one_json_object_with_the_fields_of_the_surface() -> None:
    row = json.loads(json.dumps(to_json(only("Exports exceeded 4.5 billion yuan, we hear.", "en"))))
    assert row == {
        "start": 17,
        "end": 33,
        "quote": "4.5 billion yuan",
        "value": 4500000000,
        "unit": "CNY",
        "kind": "level",
        "rank_of": None,
        "counted_from": None,
        "basis": None,
        "period": "2022",
        "status": "actual",
        "qualifier": "over",
        "place": "Rivertown",
        "subject": "Exports",
        "indicator": None,
        "confidence": row["confidence"],
        "clause": [0, 33],
    }
    assert isinstance(row["value"], int)


def test_a_span_reads_a_part_and_counts_from_the_start() -> None:
    text = "新建学校3所。新建医院4所。新建公园5处。"
    document = Document(text, "zh", None, PUBLISHED, REPORT)
    (statement,) = extract(document, None, (7, 14))
    assert (statement.quote, statement.start) == ("4所", 11)
    assert extract(document, None, (3, 3)) == []
    assert len(extract(document, None, (-5, 500))) == 3


def test_both_lexicons_have_the_same_words_to_offer() -> None:
    shared = {
        "bases", "clause_end", "estimate", "from", "kinds", "list_mark", "no_basis", "qualifiers", "quotes", "rank",
        "refers_back", "scales", "sections", "sentence_end", "stock", "subject", "target_strong", "things",
        "time", "units",
    }  # fmt: skip
    for language in ("en", "zh"):
        tree = lexicon(language).tree
        assert shared <= set(tree), language
        assert {"before", "after", "kind", "sign", "units"} >= {key for rule in tree["kinds"] for key in rule}


def test_numerals_go_with_units_of_the_lexicon_alone() -> None:
    words = lexicon("zh")
    units = [text for texts in words.table("units").values() for text in texts]
    for word in (*words.words("numeral_units"), *words.words("numeral_set_units")):
        assert any(re.fullmatch(unit, word) for unit in units), word


@pytest.mark.parametrize(
    "text",
    ["倒数第十三五", "两半百家", "半亿万户", "百分之点五", "第一二三位", "十分之零", "2021年13月", "2021年2月30日"],
)
def test_rows_of_numerals_that_are_no_number_are_left_alone(text: str) -> None:
    for statement in told(text, "zh"):
        assert statement.quote in text


# What no input may do

PIECES = [
    "2021年",
    "十三五",
    "“十四五”",
    "增长",
    "下降",
    "分别",
    "从",
    "到",
    "由",
    "至",
    "第",
    "位",
    "亿元",
    "万",
    "%",
    "个百分点",
    "倍",
    "和",
    "、",
    "，",
    "。",
    "；",
    "五年来",
    "预计",
    "力争",
    "倒数第",
    "一季度",
    "1-10月",
    "比",
    "同比",
    "12.5",
    "3",
    "1,234",
    "0.37:12.03:87.6",
    "半",
    "两",
    "千",
    "百亿",
    "人次",
    "家",
    "(",
    ")",
    "《",
    "》",
    "“",
    "”",
    "from",
    "to",
    "grew",
    "by",
    "percent",
    "million",
    "yuan",
    "RMB",
    "US$",
    "first",
    "ranked",
    "second",
    "in",
    "the",
    "province",
    "In",
    "2020",
    "year-on-year",
    "and",
    ",",
    ".",
    ";",
    "14th",
    "Five-Year",
    "Plan",
    "twenty-four",
    "ten",
    "thousand",
    "doubled",
    "points",
    "higher",
    "than",
    "₹",
    "lakh",
    "crore",
    "１２．５％",
    "\x00",
    "😀",
    "\u2028",
    "\n",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=40),
    st.sampled_from(["", " "]),
    st.sampled_from(["en", "zh"]),
    st.booleans(),
)
def test_no_text_breaks_it_and_quotes_are_the_text(
    pieces: list[str], glue: str, language: Language, dated: bool
) -> None:
    text = glue.join(pieces)
    document = Document(text, language, None, PUBLISHED if dated else None)
    statements = extract(document, None)
    for statement in statements:
        assert text[statement.start : statement.end] == statement.quote != ""
        assert statement.clause[0] <= statement.start < statement.end <= statement.clause[1]
        assert 0 <= statement.confidence <= 1
        assert statement.period is None or str(Period.parse(statement.period)) == statement.period
        assert json.loads(json.dumps(to_json(statement), allow_nan=False))["quote"] == statement.quote
    spans = [(s.start, s.end) for s in statements]
    assert spans == sorted(spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert statements == extract(document, None)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 99_999), st.sampled_from(["亿元", "万人", "家", "公里", "吨"]))
def test_another_number_is_read_alike(number: int, unit: str) -> None:
    first, second = only(f"全市累计完成7{unit}。", "zh"), only(f"全市累计完成{number}{unit}。", "zh")
    assert second.value == pytest.approx(first.value / 7 * number)
    assert (first.kind, first.unit, first.period, first.status) == (
        second.kind,
        second.unit,
        second.period,
        second.status,
    )


ODD = {
    "empty": "",
    "blank": " ",
    "lines": "\n" * 5000,
    "digits": "1 2 3 4 " * 20_000,
    "one number": "9" * 100_000,
    "no stop": "增长1%,2020年" * 4_000,
    "quotes": "“" * 50_000,
    "from": "from " * 20_000,
    "one word": "a" * 200_000,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_odd_inputs_are_read_in_no_time(text: str, language: Language) -> None:
    for statement in told(text, language):
        assert text[statement.start : statement.end] == statement.quote
