"""What things are called: indicators, places, currencies and breakdowns, as a sentence, a list or a table names them.

In: the names that travel with a briefing, and a phrase book for what they leave open. Out: texts. A name that is
lacking in the edition's language is an error that says which and where to add it: no id is ever printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from briefings import quantities
from briefings.briefing import Briefing, IndicatorNames, PlaceNames
from briefings.errors import RenderError
from briefings.narrative.model import HAN
from briefings.narrative.phrases import PhraseBook
from briefings.periods import Language

HOLE = re.compile(r"\{(\w*)\}")
#: More places than these are not listed in a heading.
FEW = 4


@dataclass(frozen=True)
class Names:
    """The names of one briefing in one language. Every method raises `RenderError` where a name is lacking."""

    briefing: Briefing
    book: PhraseBook

    @property
    def language(self) -> Language:
        return self.book.language

    def title(self) -> str:
        """The theme's title, with the place in it where it asks for one."""
        text = self._said(self.briefing.title, f"theme {self.briefing.theme!r}", "title", "its file in config/themes")
        return text.replace("{place}", self.place(self.briefing.place, in_text=True)) if "{place}" in text else text

    def indicator(self, indicator: str, *, short: bool = False) -> str:
        """The name as it stands in a table; the short one if asked for and there."""
        item = self._indicator(indicator)
        if short and item.short.get(self.language):
            return item.short[self.language]
        return self._said(item.name, f"indicator {indicator!r}", "name", "config/indicators")

    def place(self, place: str, *, in_text: bool = False) -> str:
        """The name as it stands in a table, or in running text (the Netherlands)."""
        item = self._place(place)
        if in_text and item.in_text.get(self.language):
            return item.in_text[self.language]
        return self._said(item.name, f"place {place!r}", "name", "config/places")

    def breakdown(self, breakdown: str) -> str:
        """`industry=mining;sex=female` in words: the name of the whole, else those of its parts."""
        names = self.briefing.names.breakdowns
        if self.language in names.get(breakdown, {}):
            return names[breakdown][self.language]
        return self.book.punctuation["list"].join(self._part(part) for part in breakdown.split(";"))

    def _part(self, part: str) -> str:
        """The name of one part of a breakdown; a value that a source tells in this language is its own name."""
        named = self.briefing.names.breakdowns.get(part, {}).get(self.language)
        value = part.rpartition("=")[2]
        foreign = not HAN.search(value) if self.language == "zh" else bool(HAN.search(value))
        if named is None and (foreign or "_" in value):
            raise RenderError(
                f"The breakdown {part!r} has no name in {self.language!r}, in which this edition is written; "
                "map it to one under `breakdown: {names: ...}` of its source."
            )
        return named or value

    def group(self, group: str) -> str:
        names = self.briefing.names.groups.get(group, {})
        return self._said(names, f"peer group {group!r}", "name", "config/places")

    def source(self, source: str) -> str:
        for item in self.briefing.sources:
            if item.id == source:
                return self._said(item.title, f"source {source!r}", "title", "config/sources")
        raise RenderError(f"Source {source!r} is cited, but not among the briefing's sources.")

    def subject(self, indicator: str, place: str, breakdown: str = "") -> tuple[str, bool]:
        """What a sentence is about, and whether it may stand within a sentence as it is.

        A subject that is written out by the author may; one made of a table's name ("Retail sales in Jixi") may not
        where its capital letter is only that of a beginning: whether it is a proper name, nobody can tell.
        """
        item = self._indicator(indicator)
        own = item.subject.get(self.language)
        patterns = self.book.subject
        template = own or patterns["breakdown" if breakdown and "breakdown" in patterns else "default"]
        text = self._filled(template, indicator, [place], breakdown)
        if own and breakdown:
            text = patterns["added"].replace("{subject}", text).replace("{breakdown}", self.breakdown(breakdown))
        return text, bool(own) or stands_within(text, self.language)

    def thing(self, indicator: str, place: str, breakdown: str = "") -> str:
        """What a sentence is about without the place, as it stands within a sentence: green loans, the rank in the
        evaluation. A subject from which the place cannot be taken is told whole."""
        own = self._indicator(indicator).subject.get(self.language)
        if own is None:
            text = self.within(self.indicator(indicator))
        else:
            text = self._filled(_placeless(own, self.language), indicator, [place])
        return self._with_part(_counted(text), breakdown)

    def told(self, indicator: str, place: str, breakdown: str = "") -> str:
        """What a sentence is about, as it stands within one: green loans in Wuhai."""
        own = self._indicator(indicator).subject.get(self.language)
        if own is not None:
            return self._with_part(_counted(self._filled(own, indicator, [place])), breakdown)
        thing, where = self.thing(indicator, place, breakdown), self.place(place, in_text=True)
        return self.book.subject["default"].replace("{indicator}", thing).replace("{place}", where)

    def _with_part(self, text: str, breakdown: str) -> str:
        if not breakdown:
            return text
        return self.book.subject["added"].replace("{subject}", text).replace("{breakdown}", self.breakdown(breakdown))

    def within(self, name: str) -> str:
        """A name as it stands within a sentence: its first letter small, save in an acronym or a place's name."""
        places = {item.name.get(self.language, "").split(" ")[0] for item in self.briefing.names.places.values()}
        first = re.split(r"['’ ]", name, maxsplit=1)[0]
        text = name if first in places else uncapitalised(name, self.language)
        if self.language == "en" and ARTICLE.search(PREPOSITION.split(text, maxsplit=1)[0]):
            return f"the {text}"
        return text

    def plural(self, indicator: str, place: str) -> bool:
        """Whether the indicator's name is the plural of what is counted: high-tech enterprises, not new employment.

        English alone asks; the noun stands before the first preposition or participle of place.
        """
        head = PREPOSITION.split(self.thing(indicator, place), maxsplit=1)[0]
        return _many(head)

    def role(self, place: str, of: str) -> str:
        """A place as the one that holds another calls it, where that is not in doubt: the nation, the province (全省).

        An autonomous region goes by its name: 全区 may be the region or one of its districts. So does a province, on
        the page of another place than the briefing's own.
        """
        item = self._place(place)
        own = self._place(of)
        if item.kind == "country" and own.kind != "country":
            return self.book.roles["country"]
        if item.kind == "province" and of == self.briefing.place and item.name.get("zh", "").endswith("省"):
            return self.book.roles["province"]
        return self.place(place, in_text=True)

    def home(self, place: str) -> str:
        """The place as its own page calls it: the city, 全市; empty for kinds that have no such word."""
        return self.book.roles.get(self._place(place).kind, "") if self._place(place).kind in ("city", "county") else ""

    def sort(self, indicator: str, unit: str, place: str) -> str:
        """How a level is spoken of: as a count of things, an amount, a stock at a date, a rate."""
        item = self._indicator(indicator)
        parsed, _ = quantities.Unit.parse(unit)
        own = parsed.row is not None and parsed.row.nature == "time" and self._names_unit(indicator, place, parsed)
        if parsed.is_count or own:
            return "count" if self.language == "zh" or self.plural(indicator, place) else "amount"
        lasts = parsed.row is not None and parsed.row.nature == "time"
        if (
            lasts
            or parsed.is_rate
            or item.nature in ("rate", "share", "index", "rank")
            or MEAN in item.name.get("zh", "")
        ):
            return "rate"
        return "stock" if item.nature == "stock" else "amount"

    def _names_unit(self, indicator: str, place: str, unit: quantities.Unit) -> bool:
        """Whether the name is that of what its unit counts: days with good air quality, in days."""
        return unit.row is not None and unit.row.many in self.thing(indicator, place).lower().split()

    def whole(self, key: str) -> str | None:
        """What a share is of, as it stands within a sentence; None where nobody has named it."""
        named = self.briefing.names.wholes.get(key, {}).get(self.language)
        if named:
            return named
        return self.within(self.indicator(key)) if key in self.briefing.names.indicators else None

    def entity(self, indicator: str, place: str, breakdown: str = "") -> str:
        """How a member of a list of this indicator is called: a place, a currency, a breakdown."""
        if breakdown:
            return self.breakdown(breakdown)
        return self._filled(self._indicator(indicator).entity.get(self.language, "{place}"), indicator, [place])

    def has_entity(self, indicator: str) -> bool:
        return self.language in self._indicator(indicator).entity

    def entities(self, indicator: str, places: Sequence[str]) -> str:
        """The word for the members of a list, in Chinese with its measure word: currencies, 种货币."""
        own = self._indicator(indicator).entities.get(self.language)
        kinds = {self._place(place).kind for place in places}
        return own or self.book.entities.get(kinds.pop() if len(kinds) == 1 else "other", self.book.entities["other"])

    def meaning(self, indicator: str, places: Sequence[str], direction: str) -> str | None:
        """What a rise or a fall means, where the catalogue says so: the yuan weakened, the currencies weakened."""
        item = self._indicator(indicator)
        template = {"up": item.rise, "down": item.fall}.get(direction, {}).get(self.language)
        if not template or not places:
            return None
        if len(places) > 1:
            group = self.book.ranking["these"].replace("{group}", self.entities(indicator, places))
            return template.replace("{currency}", group).replace("{place}", group)
        return self._filled(template, indicator, places)

    def predicate(self, indicator: str, direction: str) -> str | None:
        """What a rise or a fall means, without who it happens to: weakened, 走弱. None where the catalogue's text does
        not begin with who."""
        item = self._indicator(indicator)
        template = {"up": item.rise, "down": item.fall}[direction].get(self.language, "")
        whose = re.match(r"(?:the )?\{(?:currency|place)\} ?", template)
        rest = template[whose.end() :] if whose else ""
        return rest if rest and not HOLE.search(rest) else None

    def label(self, indicator: str, places: Sequence[str], *, short: bool = False) -> str:
        """An indicator and its places as a heading names them: Retail sales, Jixi and Hohhot. Where they are many, the
        word for them; where the indicator knows no places (the price of Brent), none."""
        name = self.indicator(indicator, short=short)
        if not places or self.placeless(indicator):
            return name
        return self.book.subject["label"].replace("{indicator}", name).replace("{place}", self.those(indicator, places))

    def those(self, indicator: str, places: Sequence[str]) -> str:
        """Places by name while they are few, else the word for them."""
        places = list(dict.fromkeys(places))
        if len(places) > FEW:
            return self.book.ranking["all of them"].replace("{group}", self.entities(indicator, places))
        return self.listed([self.place(place) for place in places])

    def placeless(self, indicator: str) -> bool:
        """Whether the indicator's own subject names no place: its figures are everybody's."""
        subject = self._indicator(indicator).subject.get(self.language, "{place}")
        return not {"place", "currency"} & set(HOLE.findall(subject))

    def stock(self, indicator: str) -> bool:
        """Whether the indicator's figures stand at a date."""
        return self._indicator(indicator).nature == "stock"

    def manner(self, indicator: str) -> str:
        """Which verbs of movement fit: those of an amount (增长), a price (上涨), a rate (上升), a time (缩短)."""
        item = self._indicator(indicator)
        numerator, _, denominator = item.unit.partition(" per ")
        if denominator and item.nature in ("rate", "share", "index"):
            both = re.fullmatch("[A-Z]{3}", denominator) and re.fullmatch("[A-Z]{3}", numerator)
            return "rate" if both else "price"
        if item.nature == "rate" and TIME.search(item.name.get("zh", "")):
            return "time"
        unit = quantities.Unit.parse(item.unit)[0]
        sized = unit.is_currency or (unit.row is not None and unit.row.nature == "amount")
        measured = item.nature == "rate" and sized  # a standard in yuan, an average area: it grows
        return "rate" if item.nature in ("rate", "share", "index", "rank") and not measured else "amount"

    def listed(self, items: Sequence[str]) -> str:
        """A, B and C."""
        if len(items) < 2:
            return "".join(items)
        marks = self.book.punctuation
        return marks["list"].join(items[:-1]) + marks["and"] + items[-1]

    def allowed(self) -> list[str]:
        """Every proper name of the briefing in this language: they may be in another script."""
        names = self.briefing.names
        texts = [item.name for item in names.places.values()] + [item.in_text for item in names.places.values()]
        texts += [text for item in names.indicators.values() for text in (item.name, item.short, item.subject)]
        texts += [*names.breakdowns.values(), *names.groups.values()]
        texts += [text for item in self.briefing.sources for text in (item.title, item.publisher)]
        return [text[self.language] for text in texts if self.language in text]

    def _filled(self, template: str, indicator: str, places: Sequence[str], breakdown: str = "") -> str:
        holes: dict[str, str] = {}
        for hole in HOLE.findall(template):
            if hole == "place":
                holes[hole] = self.listed([self.place(place, in_text=True) for place in places])
            elif hole == "currency":
                holes[hole] = self.listed([self._currency(place) for place in places])
            elif hole == "indicator":
                holes[hole] = self.indicator(indicator)
            elif hole == "breakdown":
                holes[hole] = self.breakdown(breakdown)
            else:
                raise RenderError(
                    f"A text of indicator {indicator!r} in {self.language} holds {{{hole}}}; "
                    "it may hold {place}, {currency} and {indicator}."
                )
        return HOLE.sub(lambda match: holes[match[1]], template)

    def _currency(self, place: str) -> str:
        code = self._place(place).currency
        if not code:
            raise RenderError(
                f"A text speaks of the currency of {place!r}, which has none; "
                "give the place a `currency:` in config/places."
            )
        return quantities.currency_name(code, self.language)

    def _indicator(self, indicator: str) -> IndicatorNames:
        if indicator not in self.briefing.names.indicators:
            raise RenderError(f"Indicator {indicator!r} stands in the briefing without its names.")
        return self.briefing.names.indicators[indicator]

    def _place(self, place: str) -> PlaceNames:
        if place not in self.briefing.names.places:
            raise RenderError(f"Place {place!r} stands in the briefing without its names.")
        return self.briefing.names.places[place]

    def _said(self, names: Mapping[str, str], what: str, key: str, where: str) -> str:
        if not names.get(self.language):
            raise RenderError(
                f"The {what} has no {key} in {self.language!r}, in which this edition is written; "
                f"add `{key}: {{{self.language}: ...}}` to it ({where})."
            )
        return names[self.language]


#: What the Chinese name of a time ends with: it grows longer or shorter.
TIME = re.compile("(?:时间|时限|时长)$")
#: What the Chinese name of an amount per head holds: it adds up to nothing.
MEAN = "人均"
#: Nouns that no English sentence names without an article.
ARTICLE = re.compile(
    r"\b(?:share|rate|ratio|rank|number|index|proportion|place|limit|fund|value|amount|total|area|time|turnover|burden|run)"
    r"(?: \w+(?:ed|ilt))?$"
)
#: What ends the noun of an English name.
PREPOSITION = re.compile(
    r" (?:of|in|for|by|at|on|with|to|whose|that|under|from|per|between|without|through|needed|held)\b"
)
PLURAL = re.compile(r"(?:[^isu\W]s|people|children|staff|personnel|women|men)$", re.IGNORECASE)


def _placeless(template: str, language: Language) -> str:
    """A subject without its place: loans in {place} are loans, {place}'s rank is the rank."""
    if language == "zh":
        return template.removeprefix("{place}")
    bare = re.sub(r" (?:in|of|for|at|to|from|by|within) \{place\}$", "", template)
    bare = re.sub(r"^\{place\}(?:'s|’s) ", "the ", bare)
    needed = ARTICLE.search(PREPOSITION.split(bare, maxsplit=1)[0])
    return bare if needed else bare.removeprefix("the ")


def _counted(text: str) -> str:
    """Things are counted as what they are: high-tech enterprises, not the number of them."""
    return text.removeprefix("the number of ")


def _many(noun: str) -> bool:
    return any(PLURAL.search(word.strip(",")) for word in noun.split())


def stands_within(text: str, language: Language) -> bool:
    """Whether a text that begins like a sentence may stand within one: GDP of China may, Retail sales may not."""
    word = text.split(" ", 1)[0]
    return (
        language != "en" or not text[:1].isupper() or sum(letter.isupper() or letter.isdigit() for letter in word) > 1
    )


def indefinite(text: str, language: Language) -> str:
    """The thing as one that may come to one figure or another: a turnover, an unemployment rate."""
    if language != "en" or not text.startswith("the ") or _many(PREPOSITION.split(text, maxsplit=1)[0]):
        return text.removeprefix("the ") if language == "en" else text
    bare = text.removeprefix("the ")
    return f"an {bare}" if bare[:1].lower() in "aeiou" else f"a {bare}"


def uncapitalised(text: str, language: Language) -> str:
    """The text as it may stand within a sentence: a capital letter at its beginning made small, save in an acronym."""
    return text if stands_within(text, language) else text[0].lower() + text[1:]
