"""Ranks in words: second, 23rd, joint 2nd from the bottom, 倒数第2位.

In: the words. Out: the rank as a number, and from which end it is counted, whether it is shared, whether it is one of
the first so many.
"""

from __future__ import annotations

import re
from decimal import Decimal

from briefings.audit.readback.model import Number

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def rank(text: str) -> tuple[Number, dict[str, str]]:
    """The rank that words tell, with `ends` (top, bottom), `tie` (yes) and `within` (yes)."""
    lowered = text.lower()
    says = {"ends": "bottom" if "bottom" in lowered or "倒数" in text else "top"}
    if "joint" in lowered or "并列" in text:
        says["tie"] = "yes"
    if "among the first" in lowered or "前" in text:
        says["within"] = "yes"
    digits = re.search(r"\d[\d,]*", text)
    if digits:
        value = int(digits.group().replace(",", ""))
    elif "last" in lowered:
        value, says["ends"] = 1, "bottom"
    else:
        value = next((place for place, word in enumerate(_ORDINALS, 1) if word in lowered), 0)
    return Number(text, Decimal(value), Decimal(1), frozenset({"rank"})), says
