"""Themes: what a briefing on a subject holds, asked for in one YAML file.

In: `config/themes/*.yaml`. Out: `Theme` models whose every reference is known to the catalogue, or complaints with
file, line and column. The words that a theme may use for measures stand here (`MEASURE_WORDS`); the functions behind
them stand in `measures`, and a test holds the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from briefings.catalogue import ROLES, Catalogue, PeriodText, place_words
from briefings.configuration import Document, Identifier, Key, Language, Model, Names, OneOrMore, one_of, suggest
from briefings.periods import Frequency, Period
from briefings.timetable import Schedule
from briefings.timetable import check as check_schedule

#: Every measure that a theme may ask for, with what may follow it.
MEASURE_WORDS: dict[str, str] = {
    "level": "",
    "change": "[on previous period | since PERIOD]",
    "growth": "[on previous period | since PERIOD]",
    "change in growth": "[on previous period]",
    "average annual growth": "[over N years | since PERIOD]",
    "share": "of PLACE | of total",
    "per head": "[of INDICATOR]",
    "ratio": "to INDICATOR",
    "index": "from PERIOD",
    "gap": "to PLACE",
    "gap in growth": "to PLACE",
    "rank": "[by growth] [from bottom]",
    "attainment": "",
    "contribution": "to PLACE",
    "rolling average": "over N periods",
    "volatility": "[over N periods]",
    "streak": "",
    "record": "",
    "revision": "",
}

#: All that sources tell of an indicator: level, growth, share, gap, rank, completion. No measure is worked out for it.
PUBLISHED = "published"

#: How many years or periods may follow `over`.
SPANS = {"average annual growth": (1, 100), "rolling average": (2, 400), "volatility": (3, 400)}

#: What measures are called elsewhere, for a helpful answer.
OTHER_WORDS = {
    "yoy": "growth",
    "y/y": "growth",
    "year on year": "growth",
    "同比": "growth",
    "mom": "growth on previous period",
    "qoq": "growth on previous period",
    "m/m": "growth on previous period",
    "环比": "growth on previous period",
    "cagr": "average annual growth",
    "年均增长": "average annual growth",
    "占比": "share",
    "位次": "rank",
    "moving average": "rolling average",
    "value": "level",
}

FindingWord = Literal[
    "target at risk",
    "sign change",
    "record",
    "streak",
    "rank moved",
    "gap moved",
    "largest moves",
    "growth",
    "level",
    "volatility",
    "revision",
    "first figure",
    "missing",
]

ORDER: tuple[FindingWord, ...] = (
    "target at risk",
    "sign change",
    "record",
    "revision",
    "rank moved",
    "largest moves",
    "streak",
    "gap moved",
    "growth",
    "level",
)


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """One measure asked for: the word and what follows it.

    `basis` is `on year` or `on previous period` for change and growth; `over` a number of years (average annual growth)
    or periods (volatility, rolling average); `to` a place, `total` or an indicator; `since` the base
    period; `by` what a rank is of.
    """

    measure: str
    basis: Literal["on year", "on previous period", "since"] = "on year"
    over: int | None = None
    to: str | None = None
    since: Period | None = None
    by: Literal["level", "growth"] = "level"
    counted_from: Literal["top", "bottom"] = "top"

    @classmethod
    def parse(cls, text: str) -> MeasureRequest:
        """Read `average annual growth over 5 years` and the like.

        Raises `ValueError` that names the words allowed.
        """
        if not isinstance(text, str):
            raise ValueError("a measure is a text such as `growth on previous period`")
        text = " ".join(text.split())
        if text == PUBLISHED:
            return cls(PUBLISHED)
        word = next((w for w in sorted(MEASURE_WORDS, key=len, reverse=True) if re.match(rf"{w}(?: |$)", text)), None)
        if word is None:
            other = OTHER_WORDS.get(text.casefold())
            said = f"{text!r} is no measure; the word for it here is '{other}'" if other else ""
            raise ValueError(said or one_of(text, (PUBLISHED, *MEASURE_WORDS), "measure"))
        rest = text.removeprefix(word).strip()
        request = _tail(word, rest)
        if request is None:
            wanted = MEASURE_WORDS[word]
            may = f"after {word!r} may stand: {wanted}" if wanted else f"nothing may stand after {word!r}"
            hint = suggest(rest, re.findall(r"[a-z]+(?: [a-z]+)*", wanted))
            raise ValueError(f"{text!r} is no measure: {may}" + (f". Did you mean '{word} {hint}'?" if hint else ""))
        return request

    def __str__(self) -> str:
        parts = [self.measure]
        if self.by == "growth":
            parts.append("by growth")
        if self.counted_from == "bottom":
            parts.append("from bottom")
        if self.basis == "on previous period":
            parts.append("on previous period")
        if self.to is not None:
            parts.append({"share": "of ", "per head": "of "}.get(self.measure, "to ") + self.to)
        if self.over is not None:
            parts.append(f"over {self.over} {'years' if self.measure == 'average annual growth' else 'periods'}")
        if self.since is not None:
            parts.append(f"{'from' if self.measure == 'index' else 'since'} {self.since}")
        return " ".join(parts)


def _tail(word: str, rest: str) -> MeasureRequest | None:
    """The request for `word` followed by `rest`, or None where that may not follow."""
    patterns = {
        "change": r"(?P<previous>on previous period)?|since (?P<since>\S+)",
        "growth": r"(?P<previous>on previous period)?|since (?P<since>\S+)",
        "change in growth": r"(?P<previous>on previous period)?",
        "average annual growth": r"|over (?P<over>\d+) years|since (?P<since>\S+)",
        "share": r"of (?P<to>\w+)",
        "per head": r"|of (?P<to>\w+)",
        "ratio": r"to (?P<to>\w+)",
        "index": r"from (?P<since>\S+)",
        "gap": r"to (?P<to>\w+)",
        "gap in growth": r"to (?P<to>\w+)",
        "rank": r"(?P<growth>by growth)? ?(?P<bottom>from bottom)?",
        "contribution": r"to (?P<to>\w+)",
        "rolling average": r"over (?P<over>\d+) periods",
        "volatility": r"|over (?P<over>\d+) periods",
    }
    match = re.fullmatch(patterns.get(word, ""), rest)
    if match is None:
        return None
    found = match.groupdict()
    since = found.get("since")
    return MeasureRequest(
        measure=word,
        basis="on previous period"
        if found.get("previous")
        else "since"
        if since and word in ("change", "growth")
        else "on year",
        over=int(found["over"]) if found.get("over") else None,
        to=found.get("to"),
        since=Period.parse(since) if since else None,
        by="growth" if found.get("growth") else "level",
        counted_from="bottom" if found.get("bottom") else "top",
    )


MeasureText = Annotated[
    MeasureRequest,
    PlainValidator(MeasureRequest.parse),
    WithJsonSchema(
        {
            "type": "string",
            "description": "a measure: "
            + "; ".join(f"{word} {tail}".strip() for word, tail in MEASURE_WORDS.items())
            + "; or published: all that sources tell of the indicator",
            "examples": [
                "level",
                "growth",
                "growth on previous period",
                "rank by growth",
                "gap to nation",
                "share of world",
            ],
            "examples_bad": ["yoy", "rank first"],
            "pattern": "^(published$|(" + "|".join(sorted(MEASURE_WORDS, key=len, reverse=True)) + ")( .*)?$)",
        }
    ),
]

Show = Annotated[dict[Identifier, Annotated[OneOrMore[MeasureText], Field(min_length=1)]], Field(min_length=1)]
"""Indicator -> the measures shown of it."""


class Places(Model):
    """Which places a theme makes briefings of, and which it sets beside them."""

    each: OneOrMore[str] = Field(
        min_length=1,
        description="a briefing each: ids of places, peer groups, or a kind in the plural (cities)",
        examples=[["china"], ["cities"]],
    )
    beside: OneOrMore[str] = Field(
        (), description="places to compare with: ids, groups, kinds, or peers, nation, province, region"
    )
    benchmarks: OneOrMore[str] = Field(
        (), description="aggregates shown for comparison, never ranked: ids of places or groups"
    )


class WhichPeriod(Model):
    """Which periods are built where none is asked for: the latest, unless a place has periods of its own here."""

    latest: Literal["shared", "any"] = Field(
        "any",
        description="shared: the latest that all current series of the headline have; any: the latest of any of them",
    )
    current: int = Field(
        2, ge=1, description="a series is current if it reaches within this many years of the newest one"
    )
    of: dict[Identifier, Annotated[OneOrMore[PeriodText], Field(min_length=1)]] = Field(
        {},
        description="place -> the periods built for it in place of the latest",
        examples=[{"jixi": "2023-01/2023-04"}],
    )


class PageOne(Model):
    """The top of page one: three to five findings, chosen by rules."""

    points: int = Field(5, ge=1, le=6, description="how many findings at most")
    order: tuple[FindingWord, ...] = Field(
        ORDER, description="which kinds weigh more, the weightiest first; kinds left out follow"
    )
    adverse: int = Field(0, ge=0, le=5, description="at least so many adverse findings, where there are any")


class Notable(Model):
    """From which size on a movement is worth a sentence of its own."""

    growth: float = Field(
        1.0,
        ge=0,
        allow_inf_nan=False,
        description="percent (for percentages: points): smaller movements are little changed",
    )
    deviations: float = Field(
        2.0,
        ge=0,
        allow_inf_nan=False,
        description="how many standard deviations of its own history make a movement unusual",
    )
    rank: int = Field(1, ge=1, description="places in a ranking")
    gap: float = Field(0.5, ge=0, allow_inf_nan=False, description="percentage points")
    streak: int = Field(3, ge=2, description="periods in one direction")
    record: int = Field(3, ge=1, description="years that a record must reach back")


ChartWord = Literal[
    "auto",
    "none",
    "line",
    "column",
    "bar",
    "dot plot",
    "small multiples",
    "heat map",
    "rank bump",
    "dumbbell",
    "bullet",
    "stacked bar",
    "tier bar",
]

WindowWord = Literal["own", "plan", "targets", "latest"]

#: What a reader may ask of an indicator: its level, its growth, the single month, a target, a rank.
AskedWord = Literal["level", "growth", "month", "target", "rank"]


class Section(Model):
    """One section: indicators with their measures, for the place itself or for several places; or all that sources
    tell of some topics."""

    title: Names = Field(description="heading in each language")
    show: dict[Identifier, Annotated[OneOrMore[MeasureText], Field(min_length=1)]] = Field(
        {}, description="indicator -> measures", examples=[{"retail_sales": ["level", "growth", "rank"]}]
    )
    topics: OneOrMore[Identifier] = Field(
        (), description="all that sources tell of these topics and no section before has shown", examples=[["finance"]]
    )
    periods: OneOrMore[WindowWord] = Field(
        ("own", "plan", "latest"),
        description="of published figures, those of: own: the period, periods inside it and to date; plan: the plan "
        "period that ends in it, holds it or follows it; targets: later periods' targets; latest: the latest before it",
    )
    places: OneOrMore[str] = Field(
        (), description="whom it shows: as under `beside`; left out: the briefing's own place"
    )
    charts: OneOrMore[ChartWord] = Field(("auto",), description="kinds of chart, chosen by the data if auto")
    table: Literal["auto", "none", "latest", "history"] = Field(
        "auto", description="latest: a row a place or indicator; history: a row a period; auto: by the data"
    )
    over: int | None = Field(None, ge=2, le=240, description="how many periods charts and tables of history reach back")
    split: Identifier | None = Field(None, description="dimension by which to break the indicators down (industry)")
    top: int = Field(10, ge=1, le=100, description="how many rows a ranked table or chart shows from the top")
    bottom: int = Field(0, ge=0, le=100, description="and how many from the bottom")
    pick: Literal["all", "adverse", "favourable"] = Field("all", description="which findings the section tells")

    @model_validator(mode="after")
    def _shows_something(self) -> Section:
        if not self.show and not self.topics:
            raise ValueError("a section shows something: write `show:` (indicator -> measures) or `topics:`")
        return self


class Theme(Model):
    """`config/themes/<theme>.yaml`: what a briefing on a subject holds."""

    theme: Identifier = Field(description="its id, the same as the file's name")
    title: Names = Field(description="title in each language; may hold {place}")
    places: Places = Field(description="which places")
    cadence: Frequency = Field(description="how often: the frequency of its periods")
    languages: OneOrMore[Language] | None = Field(
        None, min_length=1, description="languages; left out: those of the project"
    )
    period: WhichPeriod = Field(WhichPeriod(), description="which period is the latest")
    headline: OneOrMore[Show] = Field((), description="what page one is about, the most important first")
    topics: OneOrMore[Identifier] = Field(
        (), description="topics all of whose published figures may stand on page one", examples=[["finance"]]
    )
    expected: dict[Identifier, Annotated[OneOrMore[AskedWord], Field(min_length=1)]] = Field(
        {},
        description="what a reader would ask first: indicator -> level, growth, month, target or rank; page one says "
        "which of them the sources lack",
        examples=[{"non_performing_loan_ratio": "level"}],
    )
    accept: Literal["all", "confirmed"] = Field(
        "all",
        description="confirmed: without figures that were read out of a text and that nobody confirmed by a review",
    )
    page_one: PageOne = Field(PageOne(), description="the top of page one")
    notable: Notable = Field(Notable(), description="what is worth saying")
    sections: tuple[Section, ...] = Field((), description="the sections that follow page one")
    schedule: Schedule = Field((), description="when it is released; left out: only when asked for")

    @model_validator(mode="after")
    def _is_about_something(self) -> Theme:
        if not self.headline and not self.topics:
            raise ValueError("page one is about something: write `headline:` (indicator -> measures) or `topics:`")
        return self

    def requests(self) -> Iterator[tuple[Key, str, tuple[MeasureRequest, ...]]]:
        """Every indicator with its measures, and where in the file it is asked for."""
        for number, show in enumerate(self.headline):
            for indicator, measures in show.items():
                yield ("headline", number, indicator), indicator, measures
        for number, section in enumerate(self.sections):
            for indicator, measures in section.show.items():
                yield ("sections", number, "show", indicator), indicator, measures

    @property
    def named(self) -> tuple[str, ...]:
        """Every indicator that it names, in order, those included that measures refer to."""
        found: dict[str, None] = {}
        for _, indicator, measures in self.requests():
            found[indicator] = None
            for request in measures:
                if request.measure in ("ratio", "per head") and request.to:
                    found[request.to] = None
        return tuple(found | dict.fromkeys(self.expected))

    def indicators(self, catalogue: Catalogue) -> tuple[str, ...]:
        """Every indicator that it may show: those it names, then those of its topics in the catalogue's order."""
        topics = {topic for section in self.sections for topic in section.topics} | set(self.topics)
        of_topics = (key for key, item in catalogue.indicators.items() if item.topic in topics)
        return tuple(dict.fromkeys((*self.named, *of_topics)))


def check(document: Document[Theme], catalogue: Catalogue, languages: Sequence[str] = ()) -> None:
    """Complain, in `document`, of every reference that the catalogue does not know, and of every title that lacks one
    of the theme's languages (`languages` are the project's, for a theme that names none)."""
    theme = document.model
    if theme is None:
        return
    _check_titles(document, theme, theme.languages or languages)
    if document.path.stem != theme.theme:
        document.complain(("theme",), f"{theme.theme!r} differs from the file's name; rename one: {document.path.name}")
    _check_places(document, theme, catalogue)
    _check_topics(document, theme, catalogue)
    for indicator in theme.expected:
        if indicator not in catalogue.indicators:
            told = one_of(indicator, catalogue.indicators, "indicator")
            document.complain(("expected", indicator), told, of="key")
    titles = [title for section in theme.sections for title in section.title.values()]
    check_schedule(document, theme.schedule, cadence=theme.cadence, indicators=catalogue.indicators, titles=titles)
    for key, indicator, measures in theme.requests():
        if indicator not in catalogue.indicators:
            document.complain(key, one_of(indicator, catalogue.indicators, "indicator"), of="key")
        for number, request in enumerate(measures):
            _check_measure(document, (*key, number), request, catalogue)


def _check_places(document: Document[Theme], theme: Theme, catalogue: Catalogue) -> None:
    words = place_words(catalogue)
    named: list[tuple[Key, tuple[str, ...]]] = [
        (("places", "each"), theme.places.each),
        (("places", "beside"), theme.places.beside),
        (("places", "benchmarks"), theme.places.benchmarks),
    ]
    named += [(("sections", number, "places"), section.places) for number, section in enumerate(theme.sections)]
    for key, places in named:
        for number, word in enumerate(places):
            if word not in words and not (key[0] == "sections" and word in SECTION_PLACES):
                document.complain((*key, number), one_of(word, words, "place, peer group or kind of place"))
    for number, word in enumerate(theme.places.each):
        if word in words and not catalogue.resolve([word]):
            document.complain(("places", "each", number), f"{word!r} names no place here; {_each(word)}")
    for place in theme.period.of:
        if place not in catalogue.places:
            document.complain(("period", "of", place), one_of(place, catalogue.places, "place"), of="key")


def _check_topics(document: Document[Theme], theme: Theme, catalogue: Catalogue) -> None:
    topics = dict.fromkeys(item.topic for item in catalogue.indicators.values() if item.topic)
    asked: list[tuple[Key, str]] = [(("topics", n), topic) for n, topic in enumerate(theme.topics)]
    for number, section in enumerate(theme.sections):
        asked += [(("sections", number, "topics", n), topic) for n, topic in enumerate(section.topics)]
    for key, topic in asked:
        if topic not in topics:
            document.complain(key, one_of(topic, topics, "topic of any indicator"))


def _check_titles(document: Document[Theme], theme: Theme, languages: Sequence[str]) -> None:
    titles: list[tuple[Key, Names]] = [(("title",), theme.title)]
    titles += [(("sections", number, "title"), section.title) for number, section in enumerate(theme.sections)]
    for key, title in titles:
        for language in languages:
            if title.get(language) is None:
                document.complain(key, f"no title in {language!r}, in which the theme's editions are written; add it")
    for language, text in theme.title.texts.items():
        for found in re.findall(r"\{[^{}]*\}?|\}", text.replace("{place}", "")):
            document.complain(
                ("title", language), f"{found!r} stands for nothing in a title; {{place}} alone may stand"
            )


def _each(word: str) -> str:
    """What to write in place of a word that stands for no place by itself."""
    if word in ROLES:
        return "it is said around a place: write the id of a place, a peer group, or a kind in the plural (cities)"
    return "declare one of that kind in config/places.yaml, or name others"


#: What a section may say besides: the theme's own places.
SECTION_PLACES = ("each", "beside", "benchmarks")


def _check_measure(document: Document[Theme], key: Key, request: MeasureRequest, catalogue: Catalogue) -> None:
    if request.over is not None:
        least, most = SPANS[request.measure]
        if not least <= request.over <= most:
            told = f"'{request}': {request.over} is out of bounds; from {least} to {most} are allowed"
            document.complain(key, told)
    if request.to is None:
        return
    if request.measure in ("ratio", "per head"):
        if request.to not in catalogue.indicators:
            document.complain(key, one_of(request.to, catalogue.indicators, "indicator"))
    elif request.to != "total" and request.to not in (one := (*catalogue.places, *ROLES[1:])):
        several = request.to in place_words(catalogue)
        message = f"{request.to!r} may be several places; a {request.measure} is with one: name it"
        document.complain(key, message if several else one_of(request.to, one, "place"))
