"""Quantities: text pairs (`cases/quantities.txt`), and the laws that reading, writing and converting keep."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import QuantityError, UnitError
from briefings.quantities import (
    Unit,
    beside,
    convert,
    currency_name,
    qualifier_mark,
    read,
    round_half_away,
    scale_for,
    unit_label,
    write,
    write_count,
    write_manifold,
    write_number,
    write_ordinal,
)
from briefings.quantities.table import ROWS

CASES = Path(__file__).parent / "cases" / "quantities.txt"
CURRENCIES = ["CNY", "USD", "EUR", "GBP", "JPY", "HKD", "INR", "KRW", "BRL", "SEK", "VES", "LKR", "TWD", "ZAR", "LCU"]
COMPOUNDS = [
    "CNY per USD",
    "LCU per USD",
    "USD per barrel",
    "CNY per person",
    "CNY per mu",
    "person per square kilometre",
]
UNITS = [row.code for row in ROWS if row.code != "rank"] + CURRENCIES + COMPOUNDS
HAN = re.compile("[一-鿿]")
LATIN = re.compile("[A-Za-z]")

units = st.sampled_from(UNITS).map(Unit)
languages = st.sampled_from(["en", "zh"])
values = st.one_of(
    st.floats(-1e14, 1e14, allow_nan=False),
    st.floats(-1e3, 1e3, allow_nan=False),
    st.integers(-(10**13), 10**13).map(float),
    st.decimals(-(10**9), 10**9, places=2).map(float),
)
places = st.one_of(st.none(), st.integers(0, 4))


def law(test):  # type: ignore[no-untyped-def]
    return settings(max_examples=100, deadline=None)(test)


def pairs() -> list[tuple[str, str]]:
    lines = [line for line in CASES.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return list(zip(lines[::2], lines[1::2], strict=True))


def plain(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else repr(value)


def written(value_and_unit: str, options: str, language: str) -> str:
    value, _, unit = value_and_unit.partition(" ")
    named = dict(option.split("=") for option in options.split() if "=" in option)
    scale = Decimal(named["scale"]) if "scale" in named else "none" if "none" in options.split() else "auto"
    decimals = int(named["decimals"]) if "decimals" in named else None
    style = "short" if "short" in options.split() else "long"
    return write(float(value), unit, language, decimals=decimals, scale=scale, sign="+" in options, style=style)


def answer(command: str, subject: str, more: str = "") -> str:
    verb, _, language = command.partition(" ")
    try:
        if verb == "read":
            quantity = read(subject, language or None)
            return f"{plain(quantity.value)} {quantity.unit}"
        if verb == "unit":
            unit, scale = Unit.parse(subject)
            return str(unit) if scale == 1 else f"{unit}, in {scale.normalize():f}"
        if verb == "label":
            return unit_label(subject, language, Decimal(more or 1))
        if verb == "ordinal":
            return write_ordinal(int(subject), language)
        if verb == "count":
            number, _, noun = subject.partition(" ")
            return write_count(int(number), language, noun or None)
        if verb == "name":
            return currency_name(subject, language, count=int(more or 1))
        return written(subject, more, verb)
    except QuantityError as error:
        return f"error: {error}"


@pytest.mark.parametrize(("question", "expected"), pairs(), ids=[question for question, _ in pairs()])
def test_case(question: str, expected: str) -> None:
    found = answer(*(part.strip() for part in question.split("|")))
    if expected.startswith("error: "):
        assert found[: len(expected)] == expected
    else:
        assert found == expected


# Reading is the inverse of writing


def same_unit(found: Unit, meant: Unit) -> bool:
    """The same, or as near as the language tells: 个 counts many things, an index is a bare number."""
    bare = meant.code in ("index", "ratio") and found.code == "number"
    return found == meant or (found.is_count and meant.is_count) or found.slug == meant.slug or bare


@law
@given(values, units, languages, places, st.booleans())
def test_what_is_written_is_read_back(
    value: float, unit: Unit, language: str, decimals: int | None, sign: bool
) -> None:
    text = write(value, unit, language, decimals=decimals, sign=sign)
    back = read(text, language)
    assert same_unit(back.unit, unit)
    step = back.scale.scaleb(-(back.decimals or 0))
    assert abs(Decimal(repr(value)) - Decimal(repr(back.value))) <= step / 2 + abs(Decimal(repr(value))) * Decimal(
        "1e-15"
    )
    assert decimals is None or back.decimals == decimals


@law
@given(values, units, places)
def test_both_languages_say_the_same_number(value: float, unit: Unit, decimals: int | None) -> None:
    texts = [write(value, unit, language, decimals=decimals) for language in ("en", "zh")]
    one, other = (read(text) for text in texts)
    steps = sum(quantity.scale.scaleb(-(quantity.decimals or 0)) for quantity in (one, other))
    assert abs(Decimal(repr(one.value)) - Decimal(repr(other.value))) <= steps / 2 * Decimal("1.000001")


@pytest.mark.parametrize("code", UNITS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_unit_is_written_in_its_language_and_read_back(code: str, language: str) -> None:
    for value in (1.0, 2.0, 3.5, 12345678.0):
        text = write(value, code, language)
        assert same_unit(read(text, language).unit, Unit(code))
        assert not (HAN if language == "en" else LATIN).search(text)


@law
@given(st.integers(1, 10**6), languages)
def test_ranks_are_read_back(place: int, language: str) -> None:
    back = read(write(float(place), "rank", language).replace(",", ""))
    assert (back.value, back.unit.code) == (place, "rank")


@law
@given(st.integers(0, 9999), st.sampled_from(["month", "place", "enterprise"]), languages)
def test_counts_are_read_back(n: int, noun: str, language: str) -> None:
    back = read(write_count(n, language, noun), language)
    assert back.value == n
    assert same_unit(back.unit, Unit(noun))


@law
@given(values, languages, places, st.sampled_from(["CNY", "number", "percent"]))
def test_the_short_form_is_read_back(value: float, language: str, decimals: int | None, unit: str) -> None:
    back = read(write(value, unit, language, decimals=decimals, style="short"))
    step = back.scale.scaleb(-(back.decimals or 0))
    assert abs(Decimal(repr(value)) - Decimal(repr(back.value))) <= step / 2 * Decimal("1.000001")


# Rounding and signs


@law
@given(values, st.integers(0, 6))
def test_halves_are_rounded_away_from_zero(value: float, decimals: int) -> None:
    exact = Fraction(Decimal(repr(value))) * 10**decimals
    expected = int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
    assert round_half_away(value, decimals) == Decimal(expected).scaleb(-decimals)


@law
@given(st.floats(-1, 1), units, languages, st.integers(0, 3), st.booleans())
def test_no_zero_has_a_sign(value: float, unit: Unit, language: str, decimals: int, sign: bool) -> None:
    text = write(value, unit, language, decimals=decimals, sign=sign)
    assert "-" not in text
    assert not re.search(r"[−+]\D*0(?:\.0+)?(?![.0-9])", text)


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [(1234.5, "1,234.50", "1234.50"), (-0.001, "0.00", "0.00"), (-9999.995, "−10,000.00", "−10000.00")],
)
def test_bare_numbers_are_grouped_in_english_alone(value: float, en: str, zh: str) -> None:
    assert write_number(value, "en", decimals=2) == en
    assert write_number(value, "zh", decimals=2) == zh


def test_bare_numbers_may_show_their_sign() -> None:
    assert [write_number(value, "en", decimals=1, sign=True) for value in (1.0, 0.0, -1.0)] == ["+1.0", "0.0", "−1.0"]


# Reading keeps what the text had


def test_a_quantity_knows_how_precisely_it_was_written() -> None:
    quantity = read("595.570亿元")
    assert (quantity.value, quantity.decimals, quantity.scale) == (59557000000.0, 3, Decimal(10**8))
    assert quantity.text == "595.570亿元"


def test_a_word_of_direction_gives_the_sign() -> None:
    assert read("下降32.5%").value == -32.5
    assert read("rose by 1.5%").value == 1.5


# Units


def test_names_belong_to_one_unit_each_unless_they_are_shared_counters() -> None:
    for row in ROWS:
        for name in (row.code, *filter(None, row.also.split("|"))):
            assert Unit.parse(name)[0].code == row.code


@pytest.mark.parametrize("code", [*UNITS, "rank"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_column_head_is_a_unit_that_is_read(code: str, language: str) -> None:
    unit, scale = Unit.parse(unit_label(code, language))
    assert same_unit(unit, Unit(code))
    assert scale == 1


@law
@given(st.lists(values, max_size=6), units, languages)
def test_one_scale_for_a_column(column: list[float], unit: Unit, language: str) -> None:
    scale = scale_for([*column, float("nan")], unit, language)
    assert scale.label == unit_label(unit, language, scale.factor)
    head, factor = Unit.parse(scale.label)
    assert same_unit(head, unit)
    assert factor == scale.factor
    sizes = sorted(abs(value) for value in column if value)
    if scale.factor > 1:
        assert sizes[-1] >= max(scale.factor, 10**5 if language == "zh" else 10**6)


def test_the_middle_value_decides_the_scale() -> None:
    assert scale_for([832_000, 917_000], "tonne", "zh").label == "万吨"
    assert scale_for([832_000, 917_000], "tonne", "en").label == "tonnes"
    assert scale_for([5e9, 6e9, 1e8], "CNY", "en").label == "CNY billion"
    assert scale_for([5e9, 6e9, 1e8], "CNY", "zh").label == "亿元"
    assert scale_for([5e9, 2e6, 1e6], "CNY", "zh").label == "万元"
    assert scale_for([54200.0, 61000.0], "CNY", "zh").label == "元"
    assert scale_for([], "person", "zh").label == "人"
    assert scale_for([2e9], "percent", "en") == scale_for([], "percent", "en")


def test_marks_stand_for_what_a_source_leaves_open() -> None:
    assert [qualifier_mark(word) for word in ("exact", "over", "under", "about")] == ["", ">", "<", "≈"]
    assert [qualifier_mark(word, target=True) for word in ("exact", "over", "under", "about")] == ["", "≥", "≤", "≈"]


def test_an_indicator_may_count_with_a_word_of_its_own() -> None:
    assert write(14, "item", "zh", counter="场") == "14场"
    assert write(12_000_000, "item", "zh", counter="张") == "1200万张"
    assert write(1, "item", "en", counter="bed|beds") == "1 bed"
    assert write(12_628, "item", "en", counter="bed|beds") == "12,628 beds"
    assert write(2_500_000, "item", "en", counter="bed|beds") == "2.5 million beds"
    assert write(5.2, "percent", "en", counter="bed|beds") == "5.2%"
    assert scale_for([832_000, 917_000], "item", "zh", counter="张").label == "万张"
    assert scale_for([832, 917], "item", "en", counter="bed|beds").label == "beds"
    assert scale_for([8_320_000, 9_170_000], "item", "en", counter="bed|beds").label == "million beds"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (13_000, "mu", "870 hectares"),
        (6_717_000, "mu", "447,800 hectares"),
        (200, "mu", "13 hectares"),
        (15, "mu", "1 hectare"),
        (-490_000, "mu", "−33,000 hectares"),
        (30_000_000, "mu", "2 million hectares"),
        (3_480_000_000, "jin", "1.74 million tonnes"),
        (0, "mu", ""),
        (5, "hectare", ""),
        (5, "CNY per mu", ""),
    ],
)
def test_what_english_readers_know_stands_beside(value: float, unit: str, text: str) -> None:
    assert beside(value, unit, "en") == text
    assert beside(value, unit, "zh") == ""


@pytest.mark.parametrize(
    ("code", "additive", "rate", "currency"),
    [
        ("CNY", True, False, True),
        ("LCU", True, False, True),
        ("person", True, False, False),
        ("tonne", True, False, False),
        ("percent", False, True, False),
        ("percentage point", False, True, False),
        ("index", False, True, False),
        ("rank", False, True, False),
        ("celsius", False, False, False),
        ("LCU per USD", False, True, False),
    ],
)
def test_what_may_be_done_with_a_unit(code: str, additive: bool, rate: bool, currency: bool) -> None:
    unit = Unit(code)
    assert (unit.additive, unit.is_rate, unit.is_currency) == (additive, rate, currency)


def test_the_local_currency_is_put_in() -> None:
    assert Unit("LCU per USD").at("CNY") == Unit("CNY per USD")
    assert Unit("LCU").at("JPY") == Unit("JPY")
    assert Unit("USD per barrel").at("CNY") == Unit("USD per barrel")


def test_codes_are_not_names() -> None:
    with pytest.raises(UnitError, match="'亿元' is no unit that is known"):
        Unit("亿元")


@pytest.mark.parametrize(
    ("value", "one", "other", "expected"),
    [
        (3, "mu", "hectare", 0.2),
        (2, "jin", "kilogram", 1.0),
        (0.052, "ratio", "percent", 5.2),
        (5.2, "percent", "ratio", 0.052),
        (1.38, "multiple", "percent", 138.0),
        (25, "basis point", "percentage point", 0.25),
        (600, "CNY per mu", "CNY per hectare", 9000.0),
        (1, "barrel", "litre", 158.987294928),
        (5, "CNY", "CNY", 5.0),
    ],
)
def test_conversion(value: float, one: str, other: str, expected: float) -> None:
    assert convert(value, Unit(one), Unit(other)) == expected


@law
@given(st.floats(-1e9, 1e9), st.sampled_from(ROWS), st.sampled_from(ROWS))
def test_conversion_there_and_back(value: float, one, other) -> None:  # type: ignore[no-untyped-def]
    if one.code == other.code or (one.base and one.base == other.base):
        back = convert(convert(value, Unit(one.code), Unit(other.code)), Unit(other.code), Unit(one.code))
        assert back == pytest.approx(value, rel=1e-12, abs=1e-300)
    else:
        with pytest.raises(UnitError):
            convert(value, Unit(one.code), Unit(other.code))


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ("CNY", "USD", "CNY cannot be converted into USD: that takes an exchange rate, and the day it is of."),
        (
            "percent",
            "percentage point",
            "percent cannot be converted into percentage point: "
            "a growth or a share is not a difference of two of them.",
        ),
        ("person", "household", "person cannot be converted into household: they measure different things."),
        ("month", "day", "month cannot be converted into day: they measure different things."),
    ],
)
def test_what_cannot_be_converted(one: str, other: str, message: str) -> None:
    with pytest.raises(UnitError) as complaint:
        convert(1, Unit(one), Unit(other))
    assert str(complaint.value) == message


def test_the_units_of_extracted_figures_are_all_known() -> None:
    """The vocabulary in which figures are extracted: each is a unit, and gives its own name again."""
    vocabulary = (
        "percent percentage_point permille basis_point rank times point mu hectare square_metre square_kilometre "
        "cubic_metre metre km jin kilogram tonne litre celsius watt kilowatt megawatt gigawatt kilowatt_hour kilovolt "
        "steam_tonne steam_tonne_per_hour gigabyte terabyte year month week day workday hour minute second item "
        "person person_time household enterprise project head case city county village community country dwelling "
        "housing_unit school hospital vehicle batch flight job contract patent document share unit "
        "CNY USD EUR GBP INR JPY HKD AUD CAD KRW RUB BRL ZAR SGD CHF SEK"
    )
    for word in vocabulary.split():
        unit, scale = Unit.parse(word)
        assert (unit.slug, scale) == (word, 1)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(QuantityError, match="'fr' is no language of this program"):
        write(1.0, "CNY", "fr")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (13.815e9, "CNY", "CNY 13.815 billion", "138.15亿元"),
        (13_366_900, "CNY", "CNY 13.3669 million", "1336.69万元"),
        (17_794_781_986_104, "USD", "USD 17.79 trillion", "17.79万亿美元"),
        (4_715_000, "person time", "4.715 million visits", "471.5万人次"),
    ],
)
def test_what_a_source_tells_in_few_digits_is_not_rounded(value: float, unit: str, english: str, chinese: str) -> None:
    assert (write(value, unit, "en"), write(value, unit, "zh")) == (english, chinese)


def test_a_growth_of_ten_times_is_told_in_multiples() -> None:
    assert [write_manifold(68_000, "percent", language) for language in ("en", "zh")] == ["680 times", "680倍"]
    assert write_manifold(380, "percent", "zh") == write_manifold(2000, "permille", "zh") == ""


def test_a_percentage_under_another_may_reach_it() -> None:
    assert (qualifier_mark("under", unit="percent"), qualifier_mark("under", unit="minute")) == ("≤", "<")
