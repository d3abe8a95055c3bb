"""The grammar of a theme: every key of `config/themes/*.yaml` as a model.

In: the tree of one file. Out: a `Theme`, or complaints by pydantic, which `configuration` brings to line and column.
What a measure is asked by is read in `requests`; whether the references are known, in `checking`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from briefings.catalogue import Catalogue, PeriodText
from briefings.configuration import Identifier, Key, Language, Model, Names, OneOrMore, PlacedError, Series
from briefings.periods import Frequency
from briefings.themes.requests import MeasureRequest, MeasureText
from briefings.timetable import Schedule

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


Threshold = Annotated[float, Field(allow_inf_nan=False)]


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
    thresholds: dict[Identifier, OneOrMore[Threshold]] = Field(
        {},
        description="indicator -> round values, in its unit, whose passing since the last edition is told",
        examples=[{"purchasing_managers_index": [50]}],
    )


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
    "slope",
    "waterfall",
    "band",
]

#: Kinds of chart that draw figures as sources publish them; what is worked out from them has its own.
OF_PUBLISHED = ("stacked bar", "tier bar", "dumbbell", "bullet")

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
        "auto", description="latest: a row a place, member or indicator; history: a row a period; auto: by the data"
    )
    sparkline: bool = Field(
        False,
        description="whether each row of a table by places or indicators ends with its course, drawn small",
    )
    over: int | None = Field(None, ge=2, le=240, description="how many periods charts and tables of history reach back")
    split: Identifier | None = Field(None, description="dimension whose members the section shows (industry)")
    top: int = Field(10, ge=1, le=100, description="how many rows a ranked table or chart shows from the top")
    bottom: int = Field(0, ge=0, le=100, description="and how many from the bottom")
    pick: Literal["all", "adverse", "favourable"] = Field("all", description="which findings the section tells")

    @model_validator(mode="after")
    def _shows_something(self) -> Section:
        if not self.show and not self.topics:
            raise ValueError("a section shows something: write `show:` (indicator -> measures) or `topics:`")
        return self

    @model_validator(mode="after")
    def _waterfall_has_parts(self) -> Section:
        asked = (request for requests in self.show.values() for request in requests)
        if "waterfall" in self.charts and not any(request.measure == "contribution" for request in asked):
            raise ValueError("a waterfall draws contributions; ask for one under `show:`: `contribution to PLACE`")
        return self

    @model_validator(mode="after")
    def _published_figures_have_their_charts(self) -> Section:
        measures = {request.measure for requests in self.show.values() for request in requests}
        for number, kind in enumerate(self.charts):
            if kind in OF_PUBLISHED and self.show and "published" not in measures:
                what = f"a {kind} draws figures as sources publish them"
                raise PlacedError(f"{what}; it is for sections of `topics:`, or of `published`", "charts", number)
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
    series: Series | None = Field(None, description="which number its editions bear; left out: as the project says")

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
