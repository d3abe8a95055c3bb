"""Numbers that a person typed into running text, in digits or in words; days and periods are none.

Comes in: a text in one language. Goes out: where such numbers stand. What is figures and what is not is decided here by
form alone: `commentary` next door asks, for a number typed by hand cannot be followed to its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_YEAR = r"(?:19|20)[0-9]{2}"
_DASH = "[-\u2010\u2013\u2014~]"
_NO_MORE = r"(?![0-9]|[.,][0-9]|\s?[%‰]|\s?(?:percent|per cent|million|billion|trillion|yuan|people)\b)"

#: Days and periods in English, the longest first; a bare year stands behind a word that says so.
_DATES_EN = (
    rf"\b[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}})? {_MONTH}\b\.?(?: {_YEAR}{_NO_MORE})?",
    rf"\b{_MONTH}\b\.? [0-9]{{1,2}}(?:, {_YEAR}{_NO_MORE}|(?![0-9]))",
    rf"\b{_MONTH}\b\.?(?: ?(?:{_DASH}|to|and) ?{_MONTH}\b\.?)? {_YEAR}{_NO_MORE}",
    rf"\b{_YEAR}-[0-9]{{2}}(?:-[0-9]{{2}})?\b",
    rf"\b(?:[QH][1-4][ -]?{_YEAR}|{_YEAR}[ -]?[QH][1-4]|[QH][1-4])\b",
    r"\b(?:first|second|third|fourth|last) (?:quarter|half)\b",
    r"\bfirst (?:two|three|four|five|six|seven|eight|nine|ten|eleven) months\b",
    r"\b[0-9]{1,2}th Five-Year Plan\b",
    rf"\b{_YEAR} ?(?:{_DASH}|to) ?{_YEAR}{_NO_MORE}",
    rf"(?<=\bin )(?:early |late |mid-)?{_YEAR}{_NO_MORE}",
    rf"\b(?:of|since|from|to|until|till|by|before|after|during|through|throughout|for|and|or|between|than|end|end-|early|"
    rf"late|mid|mid-|the|fiscal|year|with|on) ?{_YEAR}{_NO_MORE}",
    rf"(?<=\(){_YEAR}(?=\))",
    rf"\b{_YEAR}(?='s\b|’s\b)",
)
_PERIOD_ZH = r"(?:第?[一二三四1-4]季度|前[二三]季度|上半年|下半年|年[末底初中])"
_DATES_ZH = (
    rf"[0-9]{{1,2}}(?:{_DASH}[0-9]{{1,2}})?月(?:份|[0-9]{{1,2}}日|[上中下]旬|[末底初中])?",
    rf"{_YEAR}(?:{_DASH}{_YEAR})?年(?:{_PERIOD_ZH}|[末底初中])?",
    r"(?<=月)[0-9]{1,2}日",
    _PERIOD_ZH,
    r"[“\"]?十[一二三四五六]五[”\"]?(?=规划|时期|期间|以来|末|目标|[，。、；])",
    r"第[一二三]产业",
    r"[一二]季度",
)

_ONES = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_WORDS_EN = (
    rf"\b(?:(?:{_TENS})(?:-\w+)?|{_ONES})\b",
    r"\b(?:hundred|thousand|million|billion|trillion|dozen)s?\b",
    r"\b(?:one|a|two|three)[ -](?:half|third|quarter|fifth|tenth)s?\b|\bhalf (?:of|the|a)\b",
    r"\b(?:doubl|tripl|quadrupl|halv)(?:e|es|ed|ing)\b|\b(?:twice|thrice|\w+fold)\b",
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    r"\brank(?:s|ed|ing)? first\b",
)
_HAN = "〇零一二两三四五六七八九十百千万亿半"
_WORDS_ZH = (
    rf"百分之[{_HAN}]+|[{_HAN}]+分之[{_HAN}]+|第[{_HAN}]+",
    rf"[{_HAN}]+(?:成(?!果|效|为|立|本|长|就|功)|倍|番(?!茄)|个百分点|个基点|亿|万元|亿元|元|家|项|人次|名|位|吨|公里|公顷|亩)",
    "[两三四五六七八九十]个(?!五年|季度)|[二三四五六七八九]?十[一二三四五六七八九](?!五规划)|[二三四五六七八九]十|[一二三四五六七八九]百",
    "翻番|翻倍|减半|过半|近半|半数",
)

_DATES = {"en": re.compile("|".join(_DATES_EN)), "zh": re.compile("|".join((*_DATES_ZH, *_DATES_EN[3:5])))}
_NUMBERS = {
    language: re.compile(
        r"(?:[-+\u2212](?=\d))?\d+(?:[.,．，]\d+)*(?:\s?[%％‰])?|[½⅓⅔¼¾①-⑳Ⅰ-Ⅻ]|" + "|".join(words), re.IGNORECASE
    )
    for language, words in (("en", _WORDS_EN), ("zh", _WORDS_ZH))
}


def typed_numbers(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Every number typed into a text that is no day and no period: where it begins, and how it reads.

    >>> list(typed_numbers("In October 2025 sales grew by 5.2%, twice as fast.", "en"))
    [(30, '5.2%'), (36, 'twice')]
    >>> list(typed_numbers("2025年1—10月增长5.2%，翻了一番。", "zh"))
    [(12, '5.2%'), (19, '一番')]
    """
    without = _DATES[language].sub(lambda found: "\0" * len(found[0]), text)
    for found in _NUMBERS[language].finditer(without):
        yield found.start(), found[0]
