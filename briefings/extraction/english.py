"""Quantities in English text: digits and words, scales, currencies before and behind, units, counts, ranks.

In comes a `Prepared` text; out go `Mention`s. What each is about is decided in `kinds` and `dating`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from briefings.extraction import ratios
from briefings.extraction.lexicon import Lexicon, alternatives, lexicon
from briefings.extraction.mentions import Mention, without_overlaps
from briefings.extraction.model import Qualifier
from briefings.extraction.text import Prepared

_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{2,3}){1,6}(?![0-9])|[0-9]{1,15})(?:\.[0-9]{1,12})?(?![0-9])"
_NOT_YEARS = "(?!(?:19|20)[0-9]{2} to )"  # 2021 to 2025 is no range of things
_NOUN_WINDOW = 80  # characters behind a number in which the noun that it counts is looked for
_NOUN_WORDS = 7
_FARTHEST_PLURAL = 10
_LONGEST_BARE = 6  # digits of a number without commas
_YEARS = range(1900, 2101)


@lru_cache(maxsize=1)
def _words() -> Lexicon:
    return lexicon("en")


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@lru_cache(maxsize=1)
def _quantity() -> re.Pattern[str]:
    words = _words()
    scales = alternatives(words.table("scales"))
    units = alternatives(text for texts in words.table("units").values() for text in texts)
    over = alternatives(text for texts in words.table("qualifiers", "before").values() for text in texts)
    number = "|".join(words.table("numbers"))
    below_hundred = rf"(?:{number})(?:[- ](?:{number}))?"
    half = rf"{words.text('half_of_one')}(?= {units})"
    spelled = rf"{half}|(?:{words.text('article')}|{below_hundred}) (?:{scales})|{below_hundred}"
    return _compile(
        rf"(?P<currency>(?<![A-Za-z]){alternatives(words.table('currency_before'))}) ?(?:{over} )?(?P<money>{_DIGITS})"
        rf"(?:[ -]?(?P<mscale>{scales}|(?<=[0-9])[mkb](?![A-Za-z])))?(?:[ -](?P<munit>{units})(?![A-Za-z]))?"
        rf"|(?<![A-Za-z0-9])(?P<number>{_NOT_YEARS}{_DIGITS})"
        rf"(?:(?:-|–| to )(?P<last>{_DIGITS})(?= ?(?:{scales}|{units})))?"
        rf"(?P<gap>[ -]?)(?:(?P<scale>{scales})(?![A-Za-z]))?(?P<slip> [0-9]{{1,3}} (?:{scales})(?![A-Za-z]))?"
        rf"(?:[ -]?(?P<unit>{units})(?![A-Za-z0-9²³]))?"
        rf"|(?<![A-Za-z0-9-])(?P<spelled>{spelled})(?![A-Za-z-])(?: (?P<sunit>{units})(?![A-Za-z]))?"
    )


@lru_cache(maxsize=1)
def _slugs() -> list[tuple[re.Pattern[str], str]]:
    return [(_compile(alternatives(texts)), slug) for slug, texts in _words().table("units").items() if texts]


@lru_cache(maxsize=4096)
def _slug_of(unit: str) -> str:
    return next(slug for pattern, slug in _slugs() if pattern.fullmatch(unit))


@lru_cache(maxsize=256)
def _currency_of(sign: str) -> str:
    table = _words().table("currency_before")
    return str(next(code for text, code in table.items() if _compile(text).match(sign + "0")))


def find(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """The quantities between two offsets."""
    found = [
        *ratios.find(prepared, start, end, _words()),
        *_quantities(prepared, start, end),
        *_ranks(prepared, start, end),
        *_multiples(prepared, start, end),
    ]
    return [m for m in without_overlaps(found) if not prepared.in_name(m.start, m.end)]


def _quantities(prepared: Prepared, start: int, end: int) -> list[Mention]:
    found: list[Mention] = []
    for match in _quantity().finditer(prepared.plain, start, end):
        mention = _money(prepared, match) or _spelled(prepared, match) or _in_digits(prepared, match, end)
        if mention is None:
            continue
        if match["last"] and _pattern("from").search(prepared.plain[max(start, match.start() - 10) : match.start()]):
            found.append(_apart(prepared, match, mention))
        found.append(mention)
    return found


def _apart(prepared: Prepared, match: re.Match[str], mention: Mention) -> Mention:
    """`from 5.2 to 6.1 percent` is a pair, not a range: the mention becomes the later end, the earlier is returned."""
    earlier = replace(mention, end=match.end("number"), qualifier="exact", notes=set(mention.notes))
    scale = mention.value / float(match["number"].replace(",", "") or 1) if mention.value else 1.0
    mention.value = float(match["last"].replace(",", "")) * scale
    mention.start, mention.lead, mention.number = match.start("last"), match.start("last"), match.span("last")
    mention.qualifier = "exact"
    return earlier


def _power(word: str | None) -> Decimal:
    if not word:
        return Decimal(1)
    words = _words()
    table = {**words.table("scales"), **words.table("close_scales")}
    return Decimal(10) ** int(table[re.sub(r"\s+", " ", word.lower())])


def _money(prepared: Prepared, match: re.Match[str]) -> Mention | None:
    if not match["currency"]:
        return None
    value = Decimal(match["money"].replace(",", "")) * _power(match["mscale"])
    unit = _currency_of(match["currency"].lower())
    if match["munit"] and _slug_of(match["munit"]).isupper():
        unit = _slug_of(match["munit"])
    lead, qualifier = _qualified(prepared.plain, match.start(), match.end())
    inside, start = prepared.plain[match.end("currency") : match.start("money")], match.start()
    if inside.strip():
        qualifier, start = _qualified(inside, len(inside), len(inside))[1], match.start("money")
    return Mention(start, match.end(), match.span("money"), float(value), unit, lead, qualifier)


def _in_digits(prepared: Prepared, match: re.Match[str], end: int) -> Mention | None:
    plain, text = prepared.plain, match["number"]
    if text is None or _is_name(plain, match):
        return None
    value = Decimal(text.replace(",", "")) * _power(match["scale"])
    if match["unit"] and _slug_of(match["unit"]) in ("week", "month") and not _lasts(plain, match):
        return None
    if match["unit"]:
        if "-" in plain[match.end("number") : match.start("unit")] and _slug_of(match["unit"]) not in _HYPHENATED:
            return None
        return _mention(prepared, match, value, _slug_of(match["unit"]), match.end())
    stop = match.end("scale") if match["scale"] else match.end("number")
    borrowed = _borrowed(plain, stop, end)
    if borrowed is not None:
        return _mention(prepared, match, value * (borrowed[1] if not match["scale"] else 1), borrowed[0], stop)
    return _count(prepared, match, value, stop)


def _lasts(plain: str, match: re.Match[str]) -> bool:
    """Whether weeks and months are a length that was measured; else they name a stretch of time."""
    return (
        "." in match["number"]
        or _pattern("lasting").search(plain[max(0, match.start() - 20) : match.start()]) is not None
    )


_HYPHENATED = {"percent", "percentage_point", "basis_point", "multiple", "CNY", "USD", "EUR", "GBP", "INR"}


def _is_name(plain: str, match: re.Match[str]) -> bool:
    """Whether a number is part of a name: No. 5, COVID-19, 5G, 22nd, 10:30."""
    before = plain[max(0, match.start() - 14) : match.start()]
    if _pattern("no_count_before_alone").search(before) and not before.endswith(("-", "–")):
        return True
    if before.endswith(("-", "–")) and before[-2:-1].isalnum():
        return True
    if match["unit"] or match["scale"]:
        return False
    return bool(_pattern("no_count_before").search(before) and not _pattern("counted_before").search(before)) or bool(
        _pattern("no_count_after").search(plain[match.end("number") : match.end("number") + 16])
    )


@lru_cache(maxsize=32)
def _pattern(name: str) -> re.Pattern[str]:
    return _compile(_words().text(name))


@lru_cache(maxsize=1)
def _lender() -> re.Pattern[str]:
    words = _words()
    units = alternatives(text for texts in words.table("units").values() for text in texts)
    scales = alternatives(words.table("scales"))
    return _compile(
        rf",? (?:and|to|or|,) (?:nearly |about |over )?{_DIGITS} ?(?P<scale>{scales})? ?(?P<unit>{units})(?![A-Za-z])"
    )


def _borrowed(plain: str, stop: int, end: int) -> tuple[str, Decimal] | None:
    """The unit of the next number, where this one stands in a list or a pair with it: 5.2 and 6.1 percent."""
    match = _lender().match(plain, stop, end)
    if not match:
        return None
    return _slug_of(match["unit"]), _power(match["scale"])


def _count(prepared: Prepared, match: re.Match[str], value: Decimal, stop: int) -> Mention | None:
    """A count of things: a whole number before a noun, or where a noun is understood."""
    plain = prepared.plain
    behind, before = plain[stop : stop + _NOUN_WINDOW], plain[max(0, match.start() - 16) : match.start()]
    if ("." in match["number"] and not match["scale"]) or _pattern("not_quantities").search(behind):
        return None
    noun = re.match(r"\s[A-Za-z\"“]", behind)
    if not (noun or _pattern("counted_before").search(before)) or not _pattern("number_like").search(behind):
        return None
    unit, length = _thing(behind)
    bare = match["number"].isdecimal() and not match["scale"]
    if bare and len(match["number"]) > _LONGEST_BARE:
        return None  # a telephone number: counts of that size have commas
    if bare and int(match["number"]) in _YEARS and not (unit != "item" and length <= 14):
        return None
    return _mention(prepared, match, value, unit, stop + (length if 0 < length <= 12 else 0))


@lru_cache(maxsize=1)
def _things() -> list[tuple[re.Pattern[str], str]]:
    return [
        (_compile(rf"{alternatives(texts)}(?![A-Za-z])"), slug)
        for slug, texts in _words().table("things").items()
        if texts
    ]


def _thing(behind: str) -> tuple[str, int]:
    """The unit of what is counted, and how far behind the number its noun ends where it follows at once."""
    clause = re.match(r"[^.,;:()]*", behind)
    text, ends = clause.group() if clause else "", _words().words("noun_ends")
    at = 0
    for _ in range(_NOUN_WORDS):
        word = re.compile(r"\s+[\"“]?").match(text, at)
        if not word:
            break
        for pattern, slug in _things():
            if found := pattern.match(text, word.end()):
                return slug, found.end() if at == 0 else 0
        step = re.compile(r"\s+[^\s]+").match(text, at)
        if step is None or step.group().strip().lower() in ends:
            break
        at = step.end()
    return "item", 0


def _spelled(prepared: Prepared, match: re.Match[str]) -> Mention | None:
    """A number in words, with a unit or before a plural; `the four industries` refers to known ones and counts none."""
    if not match["spelled"]:
        return None
    plain = prepared.plain
    half = _pattern("half_of_one").fullmatch(match["spelled"]) is not None
    value = Decimal("0.5") if half else _in_words(match["spelled"])
    behind, before = plain[match.end() : match.end() + _NOUN_WINDOW], plain[max(0, match.start() - 14) : match.start()]
    if (value < 2 and not half) or _pattern("not_quantities").search(
        plain[match.end("spelled") : match.end("spelled") + 30]
    ):
        return None
    if match["spelled"][0].isupper() and not _begins(prepared, match.start()):
        return None
    if match["sunit"] and _slug_of(match["sunit"]) in ("week", "month"):
        return None
    if match["sunit"]:
        mention = _mention(prepared, match, value, _slug_of(match["sunit"]), match.end(), "spelled")
    else:
        if _pattern("known_ones").search(before) or not _plural(behind):
            return None
        unit, length = _thing(behind)
        mention = _mention(prepared, match, value, unit, match.end() + (length if 0 < length <= 12 else 0), "spelled")
    mention.notes.add("numeral")
    mention.certainty = 0.93
    return mention


def _begins(prepared: Prepared, position: int) -> bool:
    sentence = prepared.sentences[prepared.sentence_at(position)]
    return not prepared.plain[sentence[0] : position].strip(' "“*-•')


def _plural(behind: str) -> bool:
    """Whether a plural noun follows within a few words, before the clause ends."""
    irregular = _words().words("irregular_plurals")
    for number, word in enumerate(re.findall(r"[^\s]+", behind)):
        plain = word.strip("\"“”'().,;:").lower()
        if number > _FARTHEST_PLURAL or plain in _words().words("plural_ends"):
            return False
        if plain in irregular or (plain.endswith("s") and not plain.endswith(("ss", "'s", "us", "is"))):
            return True
        if word[-1] in ".,;:":
            return False
    return False


def _in_words(text: str) -> Decimal:
    """twenty-four, ten thousand, a million."""
    words = _words()
    numbers, scales = words.table("numbers"), words.table("scales")
    total = Decimal(0)
    for word in re.split(r"[- ]", text.lower()):
        if word in scales:
            total = (total or Decimal(1)) * Decimal(10) ** int(scales[word])
        elif word != words.text("article"):
            total += int(numbers[word])
    return total


def _mention(
    prepared: Prepared, match: re.Match[str], value: Decimal, unit: str, stop: int, group: str = "number"
) -> Mention:
    lead, qualifier = _qualified(prepared.plain, match.start(), stop)
    if group == "number" and match["last"]:
        qualifier = "over"
    return Mention(match.start(), stop, match.span(group), float(value), unit, lead, qualifier)


@lru_cache(maxsize=1)
def _qualifiers() -> tuple[list[tuple[str, re.Pattern[str]]], list[tuple[str, re.Pattern[str]]]]:
    table = _words().table("qualifiers")
    before = [(name, _compile(rf"\b{alternatives(texts)}\s+(?:a |an )?$")) for name, texts in table["before"].items()]
    after = [(name, _compile(rf" ?{alternatives(texts)}")) for name, texts in table["after"].items()]
    return before, after


def _qualified(plain: str, start: int, end: int) -> tuple[int, Qualifier]:
    before, after = _qualifiers()
    left = plain[max(0, start - 20) : start]
    lead, found = start, "exact"
    for name, pattern in before:
        if (match := pattern.search(left)) and start - (len(left) - match.start()) < lead:
            lead, found = start - (len(left) - match.start()), name
    for name, pattern in after:
        if pattern.match(plain[end : end + 16]):
            found = name
            break
    return lead, found  # type: ignore[return-value]


@lru_cache(maxsize=1)
def _rank() -> re.Pattern[str]:
    words = _words()
    return _compile(words.text("rank", "found").replace("{ordinal}", "|".join(words.table("ordinals"))))


def _ranks(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """Places in a ranking: ranked second, fifth largest; a bare ordinal is none."""
    rank = _words().table("rank")
    not_behind = _compile(rank["not_behind"])
    found = []
    for match in _rank().finditer(prepared.plain, start, end):
        noun = (match["noun"] or "").lower()
        if not (match["verb"] or noun) or (
            not noun and not_behind.search(prepared.plain[match.end() : match.end() + 20])
        ):
            continue
        value = _ordinal(match["rank"])
        if value:
            stop = match.end("noun") if noun in rank["up"] and len(noun) < 10 else match.end("rank")
            mention = Mention(match.start("rank"), stop, match.span("rank"), float(value), "rank", match.start("rank"))
            mention.bottom = noun in rank["bottom"]
            found.append(mention)
    return found


def _ordinal(text: str) -> int:
    digits = re.search(r"[0-9]+", text)
    return int(digits.group()) if digits else int(_words().table("ordinals")[text.lower()])


def _multiples(prepared: Prepared, start: int, end: int) -> list[Mention]:
    """doubled, tripled: new over old."""
    table = _words().table("doubled")
    found = []
    for match in _compile(rf"\b{alternatives(table)}\b").finditer(prepared.plain, start, end):
        lead, qualifier = _qualified(prepared.plain, match.start(), match.end())
        value = float(table[match.group().lower()])
        mention = Mention(match.start(), match.end(), match.span(), value, "multiple", lead, qualifier)
        mention.notes.add("doubling")
        mention.certainty = 0.7
        found.append(mention)
    return found
