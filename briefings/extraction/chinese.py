"""Quantities in Chinese text: digits and numerals, scales, units and counters, ranks, ratios, fractions.

In comes a `Prepared` text; out go `Mention`s. What each is about is decided in `kinds` and `times`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from briefings.errors import QuantityError
from briefings.extraction import ratios
from briefings.extraction.lexicon import Lexicon, alternatives, lexicon
from briefings.extraction.mentions import Mention, without_overlaps
from briefings.extraction.model import Qualifier
from briefings.extraction.text import Prepared
from briefings.quantities.reading import han_number

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,15})(?:\.[0-9]{1,12})?(?![0-9])"
_WINDOW = 16  # characters around a number in which its qualifiers and things are looked for


@lru_cache(maxsize=1)
def _words() -> Lexicon:
    return lexicon("zh")


@lru_cache(maxsize=1)
def _units() -> dict[str, str]:
    """Every text of a unit with its slug."""
    return {text: slug for slug, texts in _words().table("units").items() for text in texts}


@lru_cache(maxsize=1)
def _quantity() -> re.Pattern[str]:
    words = _words()
    scales = alternatives(words.table("scales"))
    more = alternatives(words.words("more"))
    between, behind = words.text("range"), words.text("not_behind_range")
    scaled = alternatives(unit for unit in _units() if unit[0] in words.table("scales"))  # 千米 is no 千 of 米
    return re.compile(
        rf"(?P<currency>{alternatives(words.table('currency_before'))} ?)?"
        rf"(?P<number>(?<![0-9])[-+]?{_DIGITS})(?:{between}(?P<last>{_DIGITS})(?={behind}))? ?"
        rf"(?P<more>{more}?)(?P<scale>(?:(?!{scaled}){scales})?)(?P<more2>{more}?) ?(?P<unit>{alternatives(_units())}|)"
    )


@lru_cache(maxsize=1)
def _numeral() -> re.Pattern[str]:
    words = _words()
    always = alternatives(words.words("numeral_units"))
    large = alternatives(words.words("numeral_set_units"))
    more = alternatives(words.words("more"))
    return re.compile(
        rf"(?<!{words.text('before_numeral')})(?P<number>{words.text('numeral')}{{1,8}})(?P<more>{more}?)"
        rf"(?P<more2>)(?:(?P<unit>{always})|(?P<set>{large}))"
    )


def find(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """The quantities between two offsets."""
    found = [
        *ratios.find(prepared, start, end, _words()),
        *_ranks(prepared, start, end),
        *_in_digits(prepared, start, end),
        *_in_numerals(prepared, start, end),
        *_fractions(prepared, start, end),
        *_doublings(prepared, start, end),
    ]
    return [m for m in without_overlaps(found) if not prepared.in_name(m.start, m.end)]


def _in_digits(prepared: Prepared, start: int, end: int) -> list[Mention]:
    plain, words = prepared.plain, _words()
    is_name = re.compile(alternatives(words.words("not_before")) + r"\s?$")
    not_after = re.compile(alternatives(words.words("not_after")))
    found = []
    for match in _quantity().finditer(plain, start, end):
        unit, scale = match["unit"], match["scale"]
        before = plain[max(start, match.start() - 6) : match.start()]
        if before[-1:].isdigit() or (before[-1:] in ".," and before[-2:-1].isdigit()):
            continue
        if is_name.search(before):
            continue
        behind = plain[match.end() : match.end() + 6]
        slug = _slug(match, plain, unit)
        if slug is None or (not_after.match(behind) and not _stands(unit, behind)):
            continue
        value = Decimal(match["number"].replace(",", "")) * 10 ** int(words.table("scales").get(scale, "0"))
        mention = _mention(prepared, match, float(value), _exact(slug, unit, before, behind))
        if match["last"] or match["more"] or match["more2"]:
            mention.qualifier = "over"
        found.append(mention)
    return found


def _exact(slug: str, unit: str, before: str, behind: str) -> str:
    """户 of market entities are no households; 个, 项 and 家 are of what stands beside them."""
    if unit == _words().text("entity_counter") and re.search(
        alternatives(_words().words("things", "enterprise")), before + behind
    ):
        return "enterprise"
    if slug == "enterprise" and unit in _words().words("units", "enterprise"):
        return "item" if re.search(alternatives(_words().words("no_enterprises")), before + behind) else slug
    if slug == "item":
        for thing, nouns in _words().table("things").items():
            if re.match(rf"[^，,。；;、]{{0,4}}{alternatives(nouns)}", behind) or re.search(
                alternatives(nouns) + "$", before
            ):
                return str(thing)
    return slug


def _stands(unit: str, behind: str) -> bool:
    """Whether a unit holds its own before what looks like the tail of a name: 5个后备干部, 3%级."""
    return bool(unit) and behind[:1] not in _words().words("name_tail")


def _slug(match: re.Match[str], plain: str, unit: str) -> str | None:
    """The unit; a scaled number without one is money or a count of what follows; a bare number is no quantity."""
    if match["currency"]:
        table = _words().table("currency_before")
        return next((code for sign, code in table.items() if re.fullmatch(sign, match["currency"].strip())), None)
    if unit:
        return _slug_of(unit)
    if not match["scale"] or match["scale"] in _words().words("scales_with_unit"):
        return None
    return _slug_of_scaled(match, plain)


def _slug_of_scaled(match: re.Match[str], plain: str) -> str | None:
    before = plain[max(0, match.start() - _WINDOW) : match.start()]
    behind = plain[match.end() : match.end() + 6]
    if re.search(alternatives(_words().words("money_nouns")) + r"\D{0,6}$", before):
        return "CNY"
    if re.match(r"\s|[,，。;；)]|$", behind):
        return "CNY" if _words().text("money_scale") in match["scale"] else None
    for slug, nouns in _words().table("things").items():
        if re.match(alternatives(nouns), behind):
            return str(slug)
    return "item" if re.match(r"[\u4e00-\u9fff]", behind) else None


def _slug_of(unit: str) -> str:
    known = _units()
    if unit in known:
        return known[unit]
    return next(slug for text, slug in known.items() if re.fullmatch(text, unit))


def _mention(prepared: Prepared, match: re.Match[str], value: float, slug: str) -> Mention:
    """The mention with its qualifier, from the words before and behind it."""
    plain = prepared.plain
    lead, qualifier = _qualified(plain, match.start(), match.end())
    number = (match.start("number"), match.end("number"))
    return Mention(match.start(), match.end(), number, value, slug, lead, qualifier)


@lru_cache(maxsize=1)
def _qualifiers() -> tuple[list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    table, ending = _words().table("qualifiers"), _words().text("after_qualifier")
    before = [(name, re.compile(alternatives(texts) + ending)) for name, texts in table["before"].items()]
    after = [(name, re.compile(alternatives(texts))) for name, texts in table["after"].items()]
    return before, after


def _qualified(plain: str, start: int, end: int) -> tuple[int, Qualifier]:
    before, after = _qualifiers()
    left = plain[max(0, start - 8) : start]
    behind = plain[end : end + 4]
    lead, found = start, "exact"
    for name, pattern in before:
        if (match := pattern.search(left)) and start - (len(left) - match.start()) < lead:
            lead, found = start - (len(left) - match.start()), name
    for name, pattern in after:
        if pattern.match(behind):
            found = name
            break
    return lead, found  # type: ignore[return-value]


def _in_numerals(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """Numbers in letters, with counters that do not make set phrases of them."""
    plain = prepared.plain
    words = _words()
    sessions = re.compile(words.text("sessions"))
    found = []
    for match in _numeral().finditer(plain, start, end):
        value = _in_letters(match["number"])
        if value is None:
            continue
        unit = match["unit"] or match["set"]
        behind = plain[match.end() : match.end() + 2]
        if not set(match["number"]) - set(words.text("scale_letters")):
            continue
        if (
            value == 0
            or (value == 1 and _slug_of(unit) != "multiple")
            or (match["set"] and value < 10)
            or behind[:1] in words.words("circle")
        ):
            continue
        if unit == words.text("session") and (value > 9 or sessions.match(plain[match.end() : match.end() + 8])):
            continue
        mention = _mention(prepared, match, float(value), _slug_of(unit))
        mention.notes.add("numeral")
        mention.certainty = 0.7
        found.append(mention)
    return found


@lru_cache(maxsize=1)
def _rank_patterns() -> tuple[re.Pattern[str], ...]:
    words = _words()
    return (
        re.compile(words.text("rank", "found")),
        re.compile(words.text("rank", "alone")),
        re.compile(words.text("rank", "never_after")),
        re.compile(alternatives(words.table("rank", "words"))),
    )


def _ranks(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """Places in a ranking: 第8位, 倒数第二名; 第一 alone only behind a word of ranking."""
    plain = prepared.plain
    pattern, alone, never, special = _rank_patterns()
    found = []
    for match in pattern.finditer(plain, start, end):
        behind = plain[match.end() : match.end() + 5]
        before = plain[max(start, match.start() - 8) : match.start()]
        if not match["noun"] and (never.match(behind) or not (alone.search(before) or match["bottom"])):
            continue
        value = _whole(match["rank"])
        if value:
            rank = Mention(match.start(), match.end(), match.span("rank"), float(value), "rank", match.start())
            rank.bottom = bool(match["bottom"])
            found.append(rank)
    for match in special.finditer(plain, start, end):
        value = int(_words().table("rank", "words")[match.group()])
        found.append(Mention(match.start(), match.end(), match.span(), float(value), "rank", match.start()))
    return found


def _whole(text: str) -> int:
    """A place in digits or numerals; 0 for a row of numerals that is no number."""
    return int(text) if text.isdecimal() else int(_in_letters(text) or 0)


def _fractions(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """百分之五 and 三分之二 as percent; 七成."""
    plain, words = prepared.plain, _words()
    found = []
    numeral, point = words.text("numeral"), words.text("point")
    number = rf"(?:{_DIGITS}|{numeral}{{1,5}}(?:{point}{numeral}{{1,3}})?)"
    for match in re.compile(rf"({numeral}{{1,5}}){words.text('fraction')}({number})").finditer(plain, start, end):
        under, over = _in_letters(match[1]), _spoken(match[2])
        if under is not None and over is not None and under > 1:
            share = float(over / under * 100)
            found.append(_mention_of(prepared, match, round(share, 6), "percent"))
    for match in re.compile(rf"(?<!{numeral}){words.text('tenths_of')}").finditer(plain, start, end):
        value = float(han_number(match["tenths"]) * 10 + (5 if match["half"] else 0))
        found.append(_mention_of(prepared, match, value, "percent"))
    return found


def _mention_of(prepared: Prepared, match: re.Match[str], value: float, unit: str) -> Mention:
    lead, qualifier = _qualified(prepared.plain, match.start(), match.end())
    return Mention(match.start(), match.end(), match.span(), value, unit, lead, qualifier, certainty=0.8)


def _spoken(text: str) -> Decimal | None:
    """A number in digits or in letters, with 点 for the point: 五点六; None where it is none."""
    if text[0].isdecimal():
        return Decimal(text.replace(",", ""))
    whole, point, behind = text.partition(_words().text("point"))
    value, places = _in_letters(whole), [_in_letters(letter) for letter in behind]
    if value is None or any(place is None or place > 9 for place in places):
        return None
    return value + Decimal("0." + "".join(f"{place:.0f}" for place in places)) if point else value


def _in_letters(text: str) -> Decimal | None:
    """A number in numerals, 半 alone being a half; None for a row of numerals that is no number."""
    half = _words().text("half")
    if half in text and text != half:
        return None
    try:
        return han_number(text)
    except QuantityError:
        return None


def _doublings(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """翻一番 is twice, 翻两番 four times: multiples, new over old."""
    table = _words().table("double")
    found = []
    for match in re.compile(alternatives(table)).finditer(prepared.plain, start, end):
        mention = _mention_of(prepared, match, float(table[match.group()]), "multiple")
        mention.notes.add("doubling")
        found.append(mention)
    return found
