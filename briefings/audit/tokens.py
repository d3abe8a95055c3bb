"""Text as tokens: numbers, words, signs; and which of them say a number.

In: text in English or Chinese, as a script has it or a finished file. Out: tokens that can be compared: white space,
line ends and the kind of a space are gone, full-width digits are plain ones. A number with its separators is one token,
a Latin word is one, every other character one of its own.
"""

from __future__ import annotations

import re
import unicodedata

#: What is no character, and what stands in its place on a page (`render.contexts`).
_BROKEN = r"\x00-\x1f\x7f\ufffd-\uffff\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TOKEN = re.compile(rf"[0-9]+(?:[.,][0-9]+)*|[^\W\d_\u2e80-\U0002fa1f]+|[^\s\u200b\ufeff{_BROKEN}]")
#: What templates set between a label and its text, and between items; it says nothing.
_DECOR = frozenset(":：·•\u00ad")
#: Full-width digits, letters, percent and signs; commas stay, since they part words and group no digits.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，．：；！？（）"}

#: Signs that belong to a number.
SIGNS = frozenset("+−-±%‰$€£¥₹₩₽≥≤<>≈~×/")

#: Words that say a number, a part or a multiple, in English.
_ENGLISH = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands
million millions billion billions trillion dozen dozens first second third fourth fifth sixth seventh eighth ninth tenth
half halves halved quarter quarters thirds double doubled doubles doubling twice triple tripled trebled thrice fold
percent percentage last"""
ENGLISH_NUMBERS = frozenset(_ENGLISH.split())

#: The same in Chinese. A numeral by itself is part of many words (统一, 十分), so that it counts with what it counts.
_HAN = "零〇一二三四五六七八九十百千万亿两"
CHINESE_NUMBERS = re.compile(
    rf"第[{_HAN}]+|翻[{_HAN}]*番|[{_HAN}]+成(?:[{_HAN}]|半|以上|左右)?|百分之[{_HAN}点]+|[{_HAN}]+分之[{_HAN}]+"
    rf"|[{_HAN}]*倍|[{_HAN}]+(?:个|家|项|位|名|年|个月|季度|次|人|元|万|亿)|[过近一]半|半数|首位|榜首|减半|个百分点"
)
_DIGIT = re.compile("[0-9]")


def plain(text: str) -> str:
    """One width of digits and letters, composed characters."""
    return unicodedata.normalize("NFC", text).translate(_FULL_WIDTH)


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    return [token for token in _TOKEN.findall(plain(text)) if token not in _DECOR]


def says_number(found: list[str]) -> bool:
    """Whether tokens hold digits, a sign, a unit of rates, or a number in words."""
    if any(_DIGIT.search(token) or token in SIGNS or token.casefold() in ENGLISH_NUMBERS for token in found):
        return True
    return CHINESE_NUMBERS.search("".join(found)) is not None
