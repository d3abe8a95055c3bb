"""What the rows and columns of a table are called: places, indicators, breakdowns, periods, measures.

In: the names that travel with a briefing, a language, and the fixed words of the pages. Out: texts, which fall back on
another language or on the key itself where a name is lacking: a page never fails for one. How a table is set stands
next door, in `tables` itself; what things are called in sentences is known to `narrative`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from briefings.briefing import Briefing, Figure, Row, Text
from briefings.errors import PeriodError
from briefings.periods import Period
from briefings.quantities import Language

#: Kinds of place on whose pages their country is the nation, 全国.
WITHIN_A_COUNTRY = ("province", "city", "district", "county")


def in_language(texts: Text, language: str) -> str:
    """The text in the language, else in the first there is (names that exist in one script only), else nothing."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


def place_name(briefing: Briefing, place: str, language: str) -> str:
    known = briefing.names.places.get(place)
    return in_language(known.name, language) if known else place


def indicator_name(briefing: Briefing, indicator: str, language: str, *, short: bool = False) -> str:
    known = briefing.names.indicators.get(indicator)
    if known is None:
        return indicator
    return (known.short.get(language) if short else None) or in_language(known.name, language)


def breakdown_name(briefing: Briefing, breakdown: str, language: str) -> str:
    """`industry=coal;sex=female` in words: the name of the whole, else those of its parts."""
    names = briefing.names.breakdowns
    if breakdown in names:
        return in_language(names[breakdown], language)
    parts = (
        in_language(names[part], language) if part in names else part.split("=")[-1] for part in breakdown.split(";")
    )
    return ("、" if language == "zh" else ", ").join(part for part in parts if part)


def period_name(period: str, language: str, *, short: bool = True) -> str:
    """A canonical period text as written in the language; other text stays as it is."""
    try:
        return Period.parse(period).write(tongue(language), style="short" if short else "long")
    except PeriodError:
        return period


def period_key(period: str) -> tuple[int, Period | str]:
    """To sort canonical period texts by time; other texts stand last, by themselves."""
    try:
        return 0, Period.parse(period)
    except PeriodError:
        return 1, period


def measure_name(measure: str, briefing: Briefing, language: str, furniture: Mapping[str, str]) -> str:
    """`average annual growth over 5 years` in words: the phrase of the longest known beginning, its blanks filled.

    A gap or a ratio of which nobody says to what has words of its own. Raises `KeyError` when the phrase books know no
    beginning of the measure.
    """
    if f"bare {measure}" in furniture:
        return furniture[f"bare {measure}"]
    words = measure.split()
    for length in range(len(words), 0, -1):
        key = "measure " + " ".join(words[:length])
        if key in furniture:
            return _fill(furniture[key], " ".join(words[length:]), briefing, language, furniture)
    raise KeyError(f"measure {measure}")


def _fill(phrase: str, rest: str, briefing: Briefing, language: str, furniture: Mapping[str, str]) -> str:
    name = re.sub(r"^(of|to|from|since|over) ", "", rest)
    number = re.search(r"\d+", rest)
    blanks = {
        "n": number.group() if number else "",
        "place": _in_text(briefing, name, language, furniture),
        "indicator": indicator_name(briefing, name, language, short=True),
        "period": period_name(name, language),
        "among": _among(briefing, rest, language, furniture),
    }
    return phrase.format(**blanks).strip()


def _among(briefing: Briefing, name: str, language: str, furniture: Mapping[str, str]) -> str:
    """In a place, or among a group of places; nothing for what is neither."""
    if name in briefing.names.places:
        return furniture["in place"].format(place=_in_text(briefing, name, language, furniture))
    group = in_language(briefing.names.groups.get(name, {}), language)
    return furniture["among group"].format(group=group) if group else ""


def _in_text(briefing: Briefing, place: str, language: str, furniture: Mapping[str, str]) -> str:
    """A place as running text names it, or another whole: share of the world, of investment. The country is the nation
    on the page of a place within it."""
    if place in briefing.names.wholes:
        return in_language(briefing.names.wholes[place], language)
    if place in briefing.names.indicators:
        return indicator_name(briefing, place, language)
    known = briefing.names.places.get(place)
    own = briefing.names.places.get(briefing.place)
    if known and own and known.kind == "country" and own.kind in WITHIN_A_COUNTRY:
        return furniture["the nation"]
    text = known.in_text.get(language) if known else None
    return text or place_name(briefing, place, language)


def tongue(language: str) -> Language:
    return "zh" if language == "zh" else "en"


# Rows


def indicator_row(briefing: Briefing, row: Row, language: str) -> str:
    """An indicator's name; with the place where it is not the briefing's own (the oil price of the world)."""
    name = indicator_name(briefing, row.indicator, language)
    if row.place in ("", briefing.place) or _placeless(briefing, row.indicator, language):
        return name
    place = place_name(briefing, row.place, language)
    return f"{name}（{place}）" if language == "zh" else f"{name} ({place})"


def _placeless(briefing: Briefing, indicator: str, language: str) -> bool:
    """Whether the indicator's own subject names no place: the price of Brent is everybody's."""
    known = briefing.names.indicators.get(indicator)
    subject = in_language(known.subject, language) if known else ""
    return bool(subject) and not ("{place}" in subject or "{currency}" in subject)


def counting_word(briefing: Briefing, indicator: str, language: str) -> str:
    """The word that stands after a count of the indicator, where it has one of its own."""
    known = briefing.names.indicators.get(indicator)
    return known.counter.get(language, "") if known else ""


def account_name(briefing: Briefing, row: Row, language: str, furniture: Mapping[str, str]) -> str:
    """What a row of accounts holds: the indicator in the first row (with its place where that is another, and with the
    measure where it is no level), the measure in those below."""
    measure = account_measure(briefing, row, language, furniture)
    if not row.main:
        return measure
    name = indicator_row(briefing, row, language)
    if row.breakdown:
        name += furniture["colon"] + breakdown_name(briefing, row.breakdown, language)
    plain = row.measure in ("", "level", "share")
    return name if plain else f"{name}{furniture['colon']}{measure[:1].lower()}{measure[1:]}"


def account_measure(briefing: Briefing, row: Row, language: str, furniture: Mapping[str, str]) -> str:
    """The measure of a row of accounts in words. Growth and change alone are those of which the source does not say
    what they compare with. A gap is one above or below; what fell did not grow, and where its source tells of more or
    less than so much, it is a reduction of that size (`without_sign`). A revision keeps its signs."""
    figure = account_figure(briefing, row)
    word, _, whole = row.measure.partition(" to " if row.measure.startswith("gap") else " of ")
    if word in ("gap", "gap in growth") and whole and figure and not row.published:
        side = "above" if figure.value >= 0 else "below"
        return furniture[side + word.removeprefix("gap")].format(place=_in_text(briefing, whole, language, furniture))
    if word == "share" and not _is_known(briefing, whole):
        return furniture["measure share"]
    alone = furniture.get(f"{row.measure} alone")
    name = alone or measure_name(row.measure or "level", briefing, language, furniture)
    if figure is None or figure.value >= 0 or row.published:
        return name
    if without_sign(row, figure):
        return furniture["taken away" if row.measure.startswith("change") else "fallen"]
    word, moved = furniture["growth word"], furniture["moved word"]
    return name.replace(word, moved).replace(word.capitalize(), moved.capitalize())


def account_figure(briefing: Briefing, row: Row) -> Figure | None:
    """The figure that a row of accounts holds."""
    held = row.cells[0].figure if row.cells else None
    return briefing.figures.get(held) if held else None


def without_sign(row: Row, figure: Figure) -> bool:
    """Whether the name of a row says the sign of its figure: above or below another, a reduction of more than 250."""
    if row.measure.startswith("gap"):
        return " to " in row.measure
    moved = row.measure.startswith(("change", "growth", "average annual growth"))
    return moved and figure.value < 0 and figure.qualifier in ("over", "under")


def _is_known(briefing: Briefing, key: str) -> bool:
    names = briefing.names
    return key in names.wholes or key in names.places or key in names.indicators
