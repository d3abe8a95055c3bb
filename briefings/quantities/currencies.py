"""Currencies: every ISO 4217 code is a unit.

In come codes, symbols and names as people write them; out go ISO codes, and names that fit into a sentence. The names
are Babel's (CLDR), save a few that a briefing writes otherwise. "LCU" is the local currency of whichever place a figure
is about.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from briefings.errors import UnitError

Language = Literal["en", "zh"]

LOCAL = "LCU"
_OWN_NAMES: dict[tuple[str, Language], tuple[str, str]] = {
    ("CNY", "en"): ("yuan", "yuan"),
    ("GBP", "en"): ("pound sterling", "pounds sterling"),
    (LOCAL, "en"): ("unit of local currency", "units of local currency"),
    (LOCAL, "zh"): ("本币", "本币"),
}
# Symbols and everyday names. In these documents ¥ and 元 are the yuan, $ is the US dollar.
_EVERYDAY = {
    "CNY": "yuan|renminbi|rmb|rmb yuan|chinese yuan|¥|cn¥|元|人民币|人民币元|元人民币",
    "USD": "$|us$|dollar|dollars|us dollar|us dollars|u.s. dollar|u.s. dollars|美元|美金",
    "EUR": "€|euro|euros|欧元",
    "GBP": "£|pound|pounds|pound sterling|pounds sterling|sterling|英镑",
    "JPY": "jp¥|yen|日元|日圆",
    "HKD": "hk$|港元|港币",
    "KRW": "₩|won|韩元",
    "INR": "₹|卢比",
    "RUB": "₽|卢布|俄罗斯卢布",
    "AUD": "a$|au$|澳元",
    "CAD": "c$|ca$|加元",
    "NZD": "nz$|新西兰元",
    "SGD": "s$|新元",
    "TWD": "nt$|台币",
    "BRL": "r$",
    "MXN": "mx$",
    "MOP": "mop$|澳门元",
    LOCAL: "lcu|local currency|local currency unit|local currency units|unit of local currency|units of local currency"
    "|national currency|本币|本国货币",
}
_CODES = {name: code for code, names in _EVERYDAY.items() for name in names.split("|")}


@lru_cache(maxsize=1024)
def is_currency(code: str) -> bool:
    """Whether this is an ISO 4217 code, of today or of the past, or LCU."""
    if code == LOCAL:
        return True
    if not re.fullmatch("[A-Z]{3}", code) or code in ("XXX", "XTS"):  # ISO's "no currency" and "for testing"
        return False
    from babel.numbers import list_currencies

    return code in list_currencies()


@lru_cache(maxsize=1024)
def currency_of(text: str) -> str | None:
    """The code that a code (in capitals), a symbol or a name stands for; None where it is no currency."""
    if is_currency(text):
        return text
    return _CODES.get(text.casefold()) or _babel_names().get(text.casefold())


@lru_cache(maxsize=1024)
def currency_name(code: str, language: Language, *, count: int = 1) -> str:
    """The name as it stands in a sentence: yuan, US dollar, pound sterling; 人民币, 美元, 英镑.

    `count` chooses the English plural (US dollars). Raises `UnitError` for what is no currency.
    """
    if not is_currency(code):
        raise UnitError(f"{code!r} is no currency. Write its ISO 4217 code in capitals, as CNY or USD.")
    if own := _OWN_NAMES.get((code, language)):
        return own[0 if count == 1 else 1]
    return _babel_name(code, "en" if language == "en" else "zh_Hans", count)


def currency_suffix(code: str) -> str:
    """What follows a Chinese number: 元 for the yuan, else the currency's name."""
    return "元" if code == "CNY" else currency_name(code, "zh")


def _babel_name(code: str, locale: str, count: int) -> str:
    """Babel's name without the years that it gives to currencies of the past."""
    from babel.numbers import get_currency_name

    return re.sub(r" ?[(（].*[)）]$", "", get_currency_name(code, count=count, locale=locale))


@lru_cache(maxsize=1)
def _babel_names() -> dict[str, str]:
    """Every name of every currency in both languages; a name that Babel gives without years is of the one in use."""
    from babel.numbers import get_currency_name, list_currencies

    in_use = sorted(list_currencies(), key=lambda code: ("(" in get_currency_name(code, locale="en"), code))
    names: dict[str, str] = {}
    for code in in_use:
        for locale, count in (("en", 1), ("en", 2), ("zh_Hans", 1)):
            names.setdefault(_babel_name(code, locale, count).casefold(), code)
    return names
