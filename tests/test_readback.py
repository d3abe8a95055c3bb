"""Finished sentences are read back: what they say equals the facts; a phrase that says otherwise stops a build."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings.audit.readback import Readback, differences, read_back
from briefings.audit.readback.checking import Checker
from briefings.audit.readback.marks import Marked, sentences
from briefings.audit.readback.reading import Reader
from briefings.briefing import Briefing
from briefings.errors import ConfigurationError
from briefings.narrative import PhraseBook, narrate, plain
from tests.narratives import BOOKS, World, book
from tests.random_briefings import briefing

CASES = Path(__file__).parent / "cases" / "readback"
LANGUAGES = ("en", "zh")
QUICK, SLOW = 200, 10_000


def pages(made: Briefing, language: str, phrases: PhraseBook | None = None) -> list[Marked]:
    """The sentences of an edition, in order of reading."""
    told = narrate(made, language, phrases or BOOKS[language]).sentences
    order = [(finding.id, 1) for finding in made.headline]
    order += [(finding.id, 2 + part) for part, section in enumerate(made.sections) for finding in section.findings]
    return [Marked(finding, plain(told[finding]), part) for finding, part in order]


def said(made: Briefing, language: str, phrases: PhraseBook | None = None) -> Readback:
    return read_back(pages(made, language, phrases), made, language)


# -- cases -------------------------------------------------------------------------------------------------------------


def cases() -> Iterator[Any]:
    for language in LANGUAGES:
        for case in yaml.safe_load((CASES / f"{language}.yaml").read_text(encoding="utf-8")):
            yield pytest.param(language, case["finding"], case["right"], "", id=case["right"])
            for wrong in case["wrong"]:
                yield pytest.param(language, case["finding"], wrong["says"], wrong["told"], id=wrong["says"])


@pytest.mark.parametrize(("language", "line", "sentence", "told"), list(cases()))
def test_a_sentence_says_what_the_facts_say(language: str, line: str, sentence: str, told: str) -> None:
    world = World()
    finding = world.finding(line)
    made = world.briefing(finding, period=finding.period, place=finding.place)
    objections = read_back([Marked(finding.id, sentence, 1)], made, language).objections
    assert [told in objection.expected for objection in objections][:1] == ([True] if told else []), objections


# -- random briefings --------------------------------------------------------------------------------------------------


def no_false_alarm(seeds: range) -> None:
    for seed in seeds:
        made = briefing(seed, size=4)
        read = [said(made, language) for language in LANGUAGES]
        objections = [objection for one in read for objection in one.objections] + differences(*read)
        assert not objections, f"seed {seed}: {objections[0]}"


@pytest.mark.parametrize(
    ("way", "objected"),
    [("down from 10 in 2019", ""), ("up from 10 in 2019", "down"), ("down from 10 in 2018", "of 2019")],
)
def test_which_way_a_level_went_is_held_against_both(way: str, objected: str) -> None:
    world = World()
    finding = world.finding("account certificates hohhot 2020: level=7, earlier=10, earlier_period=2019")
    made = world.briefing(finding, period="2020", place="hohhot")
    key = finding.figures["earlier"]
    then = made.figures[key].model_copy(update={"period": "2019"})
    made = made.model_copy(update={"figures": {**made.figures, key: then}})
    said = f"Certificates and proofs abolished in Hohhot numbered 7 in 2020, {way}."
    objections = read_back([Marked(finding.id, said, 1)], made, "en").objections
    assert [objected in objection.expected for objection in objections][:1] == ([True] if objected else []), objections


def test_random_briefings_are_read_without_a_false_alarm() -> None:
    no_false_alarm(range(QUICK))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK, SLOW, 980))
def test_many_random_briefings_are_read_without_a_false_alarm(first: int) -> None:
    no_false_alarm(range(first, min(first + 980, SLOW)))


# -- what is altered ---------------------------------------------------------------------------------------------------

#: Kind of alteration -> by language, words and what stands in their place.
ALTERED: dict[str, dict[str, list[tuple[str, str]]]] = {
    "direction": {
        "en": [(" rose ", " fell "), (" up ", " down "), ("a rise of", "a fall of"), (" higher ", " lower ")],
        "zh": [("同比增长", "同比下降"), ("下降", "增长"), ("增至", "降至"), ("增幅", "降幅")],
    },
    "basis": {
        "en": [("on the year", "on the previous month"), ("than a year earlier", "than in the previous month")],
        "zh": [("同比", "环比"), ("比上年同期", "比上月"), ("环比", "同比")],
    },
    "unit": {
        "en": [("%", " percentage points"), (" billion", " million"), (" percentage points", "%")],
        "zh": [("%", "个百分点"), ("亿元", "万元"), ("个百分点", "%")],
    },
    "comparator": {"en": [(" above ", " below "), (" below ", " above ")], "zh": [("高于", "低于"), ("低于", "高于")]},
    "comparator named": {"en": [("the nation", "the province")], "zh": [("全省", "全国"), ("全国", "全省")]},
    "rank ends": {"en": [(" from the bottom", "")], "zh": [("倒数第", "第")]},
    "record": {
        "en": [("the highest", "the lowest"), ("the lowest", "the highest")],
        "zh": [("新高", "新低"), ("最低", "最高")],
    },
    "negation": {"en": [("not met", "met"), ("no more than", "at least")], "zh": [("未达到", "达到"), ("不到", "超")]},
    "period": {"en": [("2025", "2024"), ("June", "May")], "zh": [("2025年", "2024年"), ("6月", "5月")]},
    "place": {"en": [("Hohhot", "Hebi"), ("Wuhai", "Hebi")], "zh": [("呼和浩特市", "鹤壁市"), ("乌海市", "鹤壁市")]},
    "indicator": {"en": [("etail sales", "overnment debt resolved")], "zh": [("社会消费品零售总额", "化解政府性债务")]},
}
AIM = 0.99


def altered(
    sentence: str, numbers: list[tuple[int, int]], language: str, chance: random.Random
) -> Iterator[tuple[str, str]]:
    """Kinds of alteration, each with a sentence that it makes."""
    for start, end in numbers:
        digits = [at for at in range(start, end) if sentence[at].isdigit()]
        if digits:
            at = chance.choice(digits)
            other = str((int(sentence[at]) + chance.randint(1, 8)) % 10)
            yield "value", sentence[:at] + other + sentence[at + 1 :]
    for kind, words in ALTERED.items():
        for word, instead in words[language]:
            for found in re.finditer(re.escape(word), sentence):
                yield kind, sentence[: found.start()] + instead + sentence[found.end() :]


def caught(seeds: range) -> tuple[Counter[str], Counter[str]]:
    """How many alterations there were of each kind, and how many were objected to."""
    every, found, chance = Counter[str](), Counter[str](), random.Random(6)
    for seed in seeds:
        made = briefing(seed, size=6)
        findings = {finding.id: finding for finding in made.every_finding()}
        for language in LANGUAGES:
            reader = Reader.of(made, language)
            for one in pages(made, language):
                finding = findings[one.finding]
                if finding.kind in ("remark", "absent"):
                    continue
                numbers = [(claim.start, claim.end) for claim in reader.read(one.text).claims]
                for kind, text in altered(one.text, numbers, language, chance):
                    checker = Checker(made, frozenset(reader.vocabulary.placeless))
                    every[kind] += 1
                    found[kind] += bool(checker.check(reader.read(text), finding)[0])
    return every, found


def hold_rates(seeds: range) -> None:
    every, found = caught(seeds)
    for kind, count in sorted(every.items()):
        print(f"{kind:12} {found[kind]:6} of {count:6} caught, {100 * found[kind] / count:.2f}%")
    total = sum(found.values()) / sum(every.values())
    assert total >= AIM, f"{total:.2%} of all alterations are caught"
    assert all(found[kind] >= 0.95 * count for kind, count in every.items()), (every, found)


def test_alterations_are_caught() -> None:
    hold_rates(range(60))


@pytest.mark.slow
def test_many_alterations_are_caught() -> None:
    hold_rates(range(1500))


# -- the phrase books --------------------------------------------------------------------------------------------------

#: Where in a phrase book a word is edited, and what it reads then.
EDITS = [
    ("en", ("words", "direction", "rose", "up"), "fell"),
    ("en", ("words", "direction", "up_by", "down"), "up"),
    ("en", ("words", "direction", "higher", "up"), "lower"),
    ("en", ("words", "direction", "above", "above"), "below"),
    ("en", ("words", "extreme", "highest", "low"), "the highest"),
    ("en", ("words", "moved", "widened", "widened"), "narrowed"),
    ("en", ("words", "met", "met", "no"), "met"),
    ("en", ("own", "verb", "down"), "rose {n}"),
    ("en", ("own", "moved", "up"), "down {n}"),
    ("en", ("basis", "on year", "other", "plain"), "on the previous month"),
    ("en", ("basis", "on previous period", "month", "plain"), "on the year"),
    ("en", ("ranking", "from bottom"), "{n}"),
    ("en", ("qualifiers", "over"), "less than {n}"),
    ("en", ("qualifiers", "target over"), "no more than {n}"),
    ("en", ("status", "preliminary"), "final"),
    ("en", ("roles", "computed"), "published"),
    ("en", ("findings", "missing", "none", 1), "{subject}: a figure is available for {period}"),
    ("en", ("findings", "level", "alone", 0), "{subject} soared to {level}[ {when}]"),
    ("zh", ("words", "direction", "增长", "up", "amount"), "下降"),
    ("zh", ("words", "direction", "高于", "above"), "低于"),
    ("zh", ("words", "moved", "扩大", "narrowed"), "扩大"),
    ("zh", ("words", "pace", "快于", "behind"), "快于"),
    ("zh", ("words", "met", "达到", "no"), "达到"),
    ("zh", ("own", "verb", "up", "amount"), "下降{n}"),
    ("zh", ("basis", "on year", "other", "plain"), "环比"),
    ("zh", ("basis", "on previous period", "month", "plain"), "同比"),
    ("zh", ("ranking", "from bottom"), "{n}"),
    ("zh", ("qualifiers", "under"), "超{n}"),
    ("zh", ("qualifiers", "target over"), "{n}以内"),
    ("zh", ("roles", "computed"), "公布值"),
    ("zh", ("findings", "missing", "none", 0), "{subject}已有{period}数据"),
]
EXAMPLES = range(160)


@pytest.fixture(scope="module")
def examples() -> list[Briefing]:
    return [briefing(seed, size=6) for seed in EXAMPLES]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "where", "text"), EDITS)
def test_an_edited_phrase_is_objected_to(
    language: str, where: tuple[str | int, ...], text: str, examples: list[Briefing]
) -> None:
    """Of the briefings whose sentences the edit changes, each such sentence is objected to."""
    tree: Any = book(language)
    *way, last = where
    part = tree
    for step in way:
        part = part[step]
    assert part[last] != text
    part[last] = text
    edited = PhraseBook.load(tree)
    for made in examples:
        before, after = pages(made, language), pages(made, language, edited)
        if before != after and read_back(after, made, language).objections:
            return
    pytest.fail("no sentence that the edit changed was objected to")


# -- the page ----------------------------------------------------------------------------------------------------------


def test_sentences_are_taken_from_their_marks_in_order_of_reading() -> None:
    page = (
        '<section><li><span data-finding="f1">GDP <a href="#n">rose&nbsp;5%</a>.</span></li></section>'
        '<section><p><span data-finding="f2">Sales rose <b>3%</b> (Figure\u00a01).</span> <span data-finding="f3">Up'
        "<br>.</span></p></section>"
    )
    assert sentences(page) == [
        Marked("f1", "GDP rose\u00a05%.", 1),
        Marked("f2", "Sales rose 3%.", 2),
        Marked("f3", "Up.", 2),
    ]


def test_a_finding_without_a_sentence_is_missed() -> None:
    world = World()
    finding = world.finding("level retail_sales jixi 2025-10: level=595.57e8", "f7")
    made = world.briefing(finding, period="2025-10", place="jixi")
    (objection,) = read_back(sentences("<p>Nothing.</p>"), made, "en").objections
    assert "no sentence of the finding f7" in str(objection)


def test_the_message_names_sentence_reading_and_facts() -> None:
    world = World()
    finding = world.finding("level retail_sales jixi 2025-10: level=595.57e8, growth=2.9 on year", "f7")
    made = world.briefing(finding, period="2025-10", place="jixi")
    text = "Retail sales in Jixi stood at CNY 59.557 billion in October 2025, down 2.9% on the year."
    marked = sentences(f'<span data-finding="f7">{text}</span>')
    (objection,) = read_back(marked, made, "en").objections
    for part in (text, "“2.9%” as moved (basis on year, direction down)", "growth 2.9 percent: a rise"):
        assert part in str(objection)


# -- what a project adds -----------------------------------------------------------------------------------------------

SOLD = "level retail_sales jixi 2025-10: level=595.57e8, growth=2.9 on year"
OWN: dict[str, Any] = {
    "constructions": [
        " and hit {level}",
        {"read": "a preliminary {level}", "say": {"status": "preliminary"}},
    ],
    "classes": {"rose": {"up": "climbed", "down": "receded"}},
}


def told_by(own: dict[str, Any] | None, sentence: str) -> list[str]:
    world = World()
    finding = world.finding(SOLD)
    made = world.briefing(finding, period=finding.period, place=finding.place)
    return [one.expected for one in read_back([Marked(finding.id, sentence, 1)], made, "en", own).objections]


def test_a_project_teaches_its_own_words() -> None:
    said = "Retail sales in Jixi climbed 2.9% on the year and hit CNY 59.557 billion in October 2025."
    assert "a sentence that a reader understands" in told_by(None, said)[0]
    assert told_by(OWN, said) == []
    assert "a rise" in told_by(OWN, said.replace("climbed", "receded"))[0]
    assert "on year" in told_by(OWN, said.replace("on the year", "on the previous month"))[0]


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"phrases": []}, "unknown key 'phrases'; allowed here: language, classes, constructions"),
        ({"constructions": ["{subj} hit {leval}"]}, "has a hole {leval} that nothing stands in"),
        ({"constructions": ["{subj} hit ({level}"]}, "brackets do not close"),
        ({"constructions": [3]}, "3 stands among the constructions; a construction is a line of words"),
        ({"constructions": [{"read": "fine", "say": {"mood": "good"}}]}, "says 'mood', which is held against nothing"),
        ({"classes": {"rise_of": {"up": "x"}}}, "words are added to meanings that are known; classes: a_high, a_run"),
        (
            {"classes": {"rose": {"sideways": "x"}}},
            "words are added to meanings that are known; values of rose: up, down",
        ),
    ],
)
def test_what_no_lexicon_may_hold_is_told(own: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)) as raised:
        told_by(own, "Retail sales rose.")
    assert str(raised.value).startswith("lexicon/en.yaml: ")
