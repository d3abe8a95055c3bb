"""Indicators and places: what a figure is of, how it may be compared, and what it is called in each language.

In: `config/indicators.yaml` (or `indicators/*.yaml`) and `config/places.yaml` (or `places/*.yaml`). Out: a `Catalogue`
with every reference checked. What was observed is kept in `store`; which comparisons are worked out is asked in
`themes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema

from briefings.configuration import Document, Identifier, Model, Names, Text, one_of
from briefings.errors import UnitError
from briefings.periods import Frequency, Period
from briefings.quantities import LOCAL, Unit, is_currency


def _unit(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        unit, scale = Unit.parse(value)
    except UnitError as error:
        raise ValueError(str(error)) from error
    if scale != 1:
        raise ValueError(f"{value!r} is a scale for display; an indicator's unit is a base unit, here {unit.code!r}")
    return unit.code


UnitCode = Annotated[str, BeforeValidator(_unit), Field(examples=["CNY", "percent", "person", "USD per barrel"])]


def _period(value: Any) -> Period:
    if not isinstance(value, str):
        raise ValueError("a period is a text such as 2025, 2025-Q3, 2025-10")
    return Period.parse(value)


PeriodText = Annotated[
    Period, PlainValidator(_period), WithJsonSchema({"type": "string", "examples": ["2025", "2025-Q3", "2025-10"]})
]

Nature = Literal["flow", "stock", "rate", "share", "index", "count", "rank"]
GrowthClass = Literal["constant prices", "comparable scope", "from levels", "nominal", "none"]
GoodDirection = Literal["higher", "lower", "neither"]
Accumulation = Literal["period", "year to date"]
PlaceKind = Literal[
    "world", "aggregate", "country", "region", "province", "city", "district", "county", "zone", "other"
]


class Reading(Model):
    """What a movement of the figure means, where that does not go without saying."""

    rise: Names | None = Field(
        None,
        description="what a rise means; may hold {place} and {currency}",
        examples=[{"en": "the {currency} weakened", "zh": "{currency}走弱"}],
    )
    fall: Names | None = Field(None, description="what a fall means; may hold {place} and {currency}")


class Break(Model):
    """A break in a series: no comparison crosses it."""

    printed: ClassVar = ("reason",)

    from_: PeriodText = Field(alias="from", description="the first period after the break", examples=["2018-08"])
    reason: str = Field(description="why: a new definition, a merged district, a redenomination, a census revision")
    place: Identifier | None = Field(None, description="the place concerned; left out where all are")


class Tier(Model):
    """One of several counts above rising thresholds, of which each holds the next: projects over 100 million, over 500
    million, over a billion. They are told as steps, never added."""

    of: Names = Field(
        description="what is counted, named alike in every tier of the family",
        examples=[{"en": "Projects landed", "zh": "签约落地项目"}],
    )
    over: float = Field(
        gt=0,
        description="the threshold, in base units",
        examples=[100_000_000],
        json_schema_extra={"examples_bad": [0]},
    )


class Indicator(Model):
    """One indicator: what is measured, in which unit, and how it may be compared."""

    name: Names = Field(
        description="the name in each language, as it stands in a table",
        examples=[{"en": "Retail sales", "zh": "社会消费品零售总额"}],
    )
    short: Names | None = Field(None, description="a shorter name for charts and table heads")
    unit: UnitCode = Field(
        description="the base unit in which values are kept, without a scale: CNY, not 亿元",
        json_schema_extra={"examples_bad": ["亿元", "CNY million"]},
    )
    nature: Nature = Field(description="flows add over time, stocks do not; rates, shares and indices never add")
    growth: GrowthClass = Field(
        "from levels",
        description="whether growth may be worked out from levels: never for constant prices and comparable scope; "
        "for nominal it is marked as nominal; none where growth has no meaning",
    )
    frequency: Frequency | None = Field(None, description="how often it is observed; taken from the data if left out")
    accumulation: Accumulation = Field("period", description="whether a value covers its period or the year to date")
    topic: Identifier | None = Field(None, description="the subject it belongs to: economy, finance, industry ...")
    direction: GoodDirection = Field("neither", description="whether higher is better, lower is better, or neither")
    breakdown: Identifier | None = Field(None, description="the dimension that it is broken down by, if it is")
    subject: Names | None = Field(
        None, description="what a sentence is about; may hold {place}, {currency}, {indicator}"
    )
    entity: Names | None = Field(
        None, description="how a place is called in a list of this indicator; may hold {place}, {currency}"
    )
    entities: Names | None = Field(None, description="what the members of such a list are called: currencies, 种货币")
    reading: Reading | None = Field(
        None, description="what a rise or a fall means, where it does not go without saying"
    )
    counter: Names | None = Field(
        None,
        description="the word after a count of it, in place of the unit's own: 家, 场",
        examples=[{"zh": "场"}, {"en": "bed|beds", "zh": "张"}],
    )
    tier: Tier | None = Field(None, description="the family of nested counts that it belongs to, and its threshold")
    share_of: Identifier | None = Field(
        None, description="for a share: the indicator whose parts it tells", examples=["gdp"]
    )
    ratios: dict[Identifier, Names] = Field(
        {},
        description="what its ratio to another indicator is called",
        examples=[{"deposits": {"en": "loan-to-deposit ratio", "zh": "存贷比"}}],
    )
    completes: Identifier | None = Field(
        None, description="the indicator whose target it tells the completion of, in percent"
    )
    comparable: bool = Field(
        True, description="false where places count it each in a way of their own: it is never set beside another place"
    )
    note: Names | None = Field(None, description="a definition or caution for the notes of an edition")
    breaks: tuple[Break, ...] = Field((), description="breaks that no comparison crosses")
    aliases: tuple[str, ...] = Field((), description="other names by which sources know it")


def _currency(value: str) -> str:
    if is_currency(value) and value != LOCAL:
        return value
    try:
        meant, _ = Unit.parse(value)
    except UnitError:
        meant = None
    known = meant.code if meant and is_currency(meant.code) else "its three capital letters, for example CNY"
    raise ValueError(f"{value!r} is no code of a currency (ISO 4217); write {known}")


Currency = Annotated[str, AfterValidator(_currency), Field(json_schema_extra={"pattern": "^[A-Z]{3}$"})]


class FormerCurrency(Model):
    """The currency that a place had before its present one."""

    code: Currency = Field(description="ISO 4217 code", examples=["DEM"])
    until: PeriodText = Field(description="the last period whose figures are in it", examples=["2001-12"])


class Place(Model):
    """One place: a reference area with its names."""

    name: Names = Field(description="the name in each language", examples=[{"en": "Netherlands", "zh": "荷兰"}])
    in_text: Names | None = Field(None, description="the name in running text where it differs: the Netherlands")
    kind: PlaceKind = Field(
        "other", description="what kind of place; aggregates are never ranked with the places they hold"
    )
    within: Identifier | None = Field(None, description="the place that holds it", examples=["china"])
    currency: Currency | None = Field(None, description="ISO 4217 code of its currency", examples=["CNY"])
    former_currency: FormerCurrency | None = Field(None, description="the currency before, where old figures are in it")
    peers: Identifier | None = Field(
        None, description="the peer group that it is ranked among unless a theme says otherwise"
    )
    aliases: tuple[str, ...] = Field((), description="other names by which sources know it")


class PeerGroup(Model):
    """Places to rank among."""

    name: Names = Field(description="what the group is called in running text: the 27 provincial capitals")
    members: tuple[Identifier, ...] = Field(min_length=2, description="ids of places")


def _part(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}=[^=;]*[^=;\s]", value):
        raise ValueError(f"{value!r} is no part of a breakdown; write dimension=member, for example sex=female")
    return value


PartText = Annotated[str, AfterValidator(_part), Field(examples=["sex=female"])]


class IndicatorsFile(Model):
    """`config/indicators.yaml`: the indicators by id, and what shares are of."""

    indicators: dict[Identifier, Indicator] = Field({}, description="id -> indicator")
    wholes: dict[Text, Names] = Field(
        {},
        description="what published shares are of, or ranks among, by the words of the source",
        examples=[{"rural population": {"en": "the rural population", "zh": "农村人口"}}],
    )
    breakdowns: dict[PartText, Names] = Field(
        {},
        description="members of breakdowns, by dimension=member",
        examples=[{"sex=female": {"en": "women", "zh": "女性"}}],
    )


class PlacesFile(Model):
    """`config/places.yaml`: the places by id, and the groups they are ranked in."""

    places: dict[Identifier, Place] = Field({}, description="id -> place")
    peer_groups: dict[Identifier, PeerGroup] = Field({}, description="id -> group of places")


@dataclass(frozen=True)
class Catalogue:
    """All indicators and places of a project; the names of what shares are of (`wholes`, by the words of the source)
    and of members of breakdowns (by `dimension=member`)."""

    indicators: Mapping[str, Indicator]
    places: Mapping[str, Place]
    groups: Mapping[str, PeerGroup]
    wholes: Mapping[str, Names] = field(default_factory=dict)
    breakdowns: Mapping[str, Names] = field(default_factory=dict)

    def ancestors(self, place: str) -> Iterator[str]:
        """The places that hold `place`, the nearest first."""
        seen = {place}
        parent = self.places[place].within
        while parent is not None and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self.places[parent].within

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """The places of one kind, in the order of the file."""
        return tuple(key for key, place in self.places.items() if place.kind == kind)

    def resolve(self, words: Iterable[str], *, around: str | None = None) -> tuple[str, ...]:
        """Places for what a theme names, in order and without repetition: ids, peer groups, kinds in the plural
        (`countries`), and, `around` a place, `peers` and the kinds of its ancestors (`nation` for a country)."""
        found: dict[str, None] = {}
        for word in words:
            for place in self._places_of(word, around):
                found[place] = None
        return tuple(found)

    def _places_of(self, word: str, around: str | None) -> tuple[str, ...]:
        if word in self.places:
            return (word,)
        if word in self.groups:
            return self.groups[word].members
        if word in PLURALS:
            return self.of_kind(PLURALS[word])
        if around is not None:
            if word == "peers":
                group = self.places[around].peers
                return self.groups[group].members if group else ()
            kind = "country" if word == "nation" else word
            return tuple(place for place in self.ancestors(around) if self.places[place].kind == kind)[:1]
        return ()

    def comparator(self, word: str, around: str) -> str | None:
        """What a source means that ranks a place, or compares it, by `word` (its basis): the id of a peer group or of a
        place. None where it is neither: an annual plan, the county schools of a city.

        Words are ids, names and aliases of places, ids of peer groups, and kinds of what holds `around`: nation,
        province (autonomous region, municipality), city, global.
        """
        if word in self.places or word in self.groups:
            return word
        plain = word.casefold().removeprefix("the ")
        kind = HOLDERS.get(plain, plain)
        held_by = next((place for place in self.ancestors(around) if self.places[place].kind == kind), None)
        return held_by or self._places_by_name.get(plain)

    @cached_property
    def _places_by_name(self) -> Mapping[str, str]:
        return index_of_names(self.places)

    def unit(self, indicator: str, place: str, period: Period | None = None) -> str:
        """The unit of an indicator at a place (in a period): LCU is the place's own currency, of that time."""
        unit, _ = Unit.parse(self.indicators[indicator].unit)
        item = self.places[place]
        former = item.former_currency
        currency = former.code if former and period and period <= former.until else item.currency
        return unit.at(currency).code if currency else unit.code

    def crossed(self, indicator: str, place: str, earlier: Period, later: Period) -> Break | None:
        """The break between two periods, if any: it begins after `earlier` and not after `later`."""
        for item in self.indicators[indicator].breaks:
            if item.place in (None, place) and earlier.start < item.from_.start <= later.end:
                return item
        return None


PLURALS = {
    "countries": "country",
    "regions": "region",
    "provinces": "province",
    "cities": "city",
    "districts": "district",
    "counties": "county",
    "zones": "zone",
    "aggregates": "aggregate",
}

#: How sources call what holds a place, with the kind that it has here.
HOLDERS = {
    "nation": "country",
    "state": "country",
    "autonomous region": "province",
    "municipality": "province",
    "global": "world",
}

#: What a theme may say of the surroundings of a place.
ROLES = ("peers", "nation", "province", "region", "city")


def place_words(catalogue: Catalogue) -> tuple[str, ...]:
    """Every word by which a theme may name places."""
    return (*catalogue.places, *catalogue.groups, *PLURALS, *ROLES)


def build(
    indicator_files: Iterable[Document[IndicatorsFile]], place_files: Iterable[Document[PlacesFile]]
) -> Catalogue:
    """The catalogue of these files; what does not fit together becomes a complaint of the file it stands in.

    Complained of: an id that two files declare, a place within an unknown place or within itself, an unknown peer group
    or member, a completion rate of no indicator, a short name in fewer languages than the name, an alias that names two
    places or two indicators.
    """
    indicators: dict[str, Indicator] = {}
    places: dict[str, Place] = {}
    groups: dict[str, PeerGroup] = {}
    wholes: dict[str, Names] = {}
    breakdowns: dict[str, Names] = {}
    place_files, indicator_files = tuple(place_files), tuple(indicator_files)
    for file in indicator_files:
        if file.model is not None:
            _gather(indicators, file.model.indicators, file, "indicators")
            _gather(wholes, file.model.wholes, file, "wholes")
            _gather(breakdowns, file.model.breakdowns, file, "breakdowns")
    for document in place_files:
        if document.model is not None:
            _gather(places, document.model.places, document, "places")
            _gather(groups, document.model.peer_groups, document, "peer_groups")
    catalogue = Catalogue(indicators, places, groups, wholes, breakdowns)
    for document in place_files:
        if document.model is not None:
            _check_places(catalogue, document.model, document)
    for file in indicator_files:
        if file.model is not None:
            _check_indicators(catalogue, file.model, file)
    _check_aliases([(d, "indicators", d.model.indicators) for d in indicator_files if d.model is not None])
    _check_aliases([(d, "places", d.model.places) for d in place_files if d.model is not None])
    return catalogue


def _gather(into: dict[str, Any], found: Mapping[str, Any], document: Document[Any], what: str) -> None:
    for key, value in found.items():
        if key in into:
            document.complain((what, key), f"{key!r} is declared in another file too; keep one of the two", of="key")
        else:
            into[key] = value


def _check_places(catalogue: Catalogue, file: PlacesFile, document: Document[PlacesFile]) -> None:
    for key, place in file.places.items():
        if place.within is not None and place.within not in catalogue.places:
            document.complain(("places", key, "within"), unknown(place.within, catalogue.places, "place"))
        elif (ring := _ring(catalogue, key)) is not None:
            told = f"{key!r} lies within itself{ring}; name the place that holds it"
            document.complain(("places", key, "within"), told)
        if place.peers is not None and place.peers not in catalogue.groups:
            document.complain(("places", key, "peers"), one_of(place.peers, catalogue.groups, "peer group"))
    for key, group in file.peer_groups.items():
        for number, member in enumerate(group.members):
            if member not in catalogue.places:
                document.complain(("peer_groups", key, "members", number), unknown(member, catalogue.places, "place"))


def _ring(catalogue: Catalogue, place: str) -> str | None:
    """How a place comes to lie within itself, "" where it says so itself; None where it does not."""
    way = [place, *catalogue.ancestors(place)]
    if catalogue.places[way[-1]].within != place:
        return None
    return f" ({', '.join([*way, place])})" if len(way) > 1 else ""


def _check_indicators(catalogue: Catalogue, file: IndicatorsFile, document: Document[IndicatorsFile]) -> None:
    for key, indicator in file.indicators.items():
        if indicator.share_of is not None and indicator.share_of not in catalogue.indicators:
            told = one_of(indicator.share_of, catalogue.indicators, "indicator")
            document.complain(("indicators", key, "share_of"), told)
        for other in indicator.ratios:
            if other not in catalogue.indicators:
                told = unknown(other, catalogue.indicators, "indicator")
                document.complain(("indicators", key, "ratios", other), told, of="key")
        if indicator.completes is not None:
            _check_completes(catalogue, key, indicator, document)
        if indicator.short is not None:
            _check_short(key, indicator, indicator.short, document)
        for number, item in enumerate(indicator.breaks):
            if item.place is not None and item.place not in catalogue.places:
                where = ("indicators", key, "breaks", number, "place")
                document.complain(where, unknown(item.place, catalogue.places, "place"))


def _check_short(key: str, indicator: Indicator, short: Names, document: Document[IndicatorsFile]) -> None:
    """A short name speaks every language that the name speaks: a chart or table head in a language of which the short
    name has nothing would take it from another."""
    lacking = [language for language in indicator.name.languages if language not in short.languages]
    if lacking:
        told = f"the short name of {key!r} lacks {' and '.join(lacking)}, which its name has; write it there too"
        document.complain(("indicators", key, "short"), f"{told}, or leave `short` out")


def _check_completes(catalogue: Catalogue, key: str, indicator: Indicator, document: Document[IndicatorsFile]) -> None:
    other = indicator.completes or ""
    if other not in catalogue.indicators or other == key:
        known = [each for each in catalogue.indicators if each != key]
        document.complain(("indicators", key, "completes"), one_of(other, known, "indicator"))
    elif indicator.unit != "percent":
        told = f"a completion rate is in percent, and the unit of {key!r} is {indicator.unit!r}"
        document.complain(("indicators", key, "unit"), told)


def _check_aliases(parts: Iterable[tuple[Document[Any], str, Mapping[str, Indicator] | Mapping[str, Place]]]) -> None:
    owner: dict[str, str] = {}
    for document, what, declared in parts:
        for key, item in declared.items():
            for number, alias in enumerate(item.aliases):
                first = owner.setdefault(alias.casefold(), key)
                if first != key:
                    where = (what, key, "aliases", number)
                    document.complain(where, f"the alias {alias!r} already names {first!r}; an alias names one thing")


def unknown(
    word: str, items: Mapping[str, Indicator] | Mapping[str, Place], what: str, allowed: Iterable[str] = ()
) -> str:
    """The wording for a word that is no id of an indicator or a place, nor another of the words `allowed`; a name in
    place of an id is known as one."""
    key = index_of_names(items).get(word.casefold())
    meant = f" It is a name of '{key}'; write that id." if key is not None and key != word.casefold() else ""
    return one_of(word, allowed or items, what) + meant


def index_of_names(items: Mapping[str, Indicator] | Mapping[str, Place]) -> dict[str, str]:
    """Every id, name and alias, case folded, with the id it names: how cells of a table are matched.

    A name that two items share is left out: it is matched only when a source maps it.
    """
    found: dict[str, set[str]] = {}
    for key, item in items.items():
        for text in (key, *item.name.values(), *item.aliases):
            found.setdefault(text.casefold(), set()).add(key)
    return {text: next(iter(keys)) for text, keys in found.items() if len(keys) == 1}
