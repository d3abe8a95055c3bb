"""The files of a project, held against one another: every name is that of something, every period and unit can be read.

In: documents as they were read, the catalogue. Out: complaints on the documents. The readers are checked next door, in
`readers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import datetime
from pathlib import Path
from typing import Any

from briefings import themes as themes_of
from briefings import timetable
from briefings.catalogue import Catalogue, IndicatorsFile, PlacesFile, unknown
from briefings.configuration import (
    Correction,
    CorrectionsFile,
    Decision,
    DecisionsFile,
    Document,
    Key,
    Remark,
    RemarksFile,
    Review,
    ReviewsFile,
    Source,
    SourcesFile,
    one_of,
)
from briefings.errors import PeriodError, UnitError
from briefings.periods import Period
from briefings.quantities import Unit, convert
from briefings.themes import Theme


def check_sources_and_themes(
    catalogue: Catalogue,
    sources: Sequence[Document[SourcesFile]],
    themes: Sequence[Document[Theme]],
    languages: Sequence[str],
) -> None:
    for document in themes:
        themes_of.check(document, catalogue, languages)
    declared: dict[str, Path] = {}
    for file in sources:
        if file.model is None:
            continue
        for key, source in file.model.sources.items():
            if key in declared:
                file.complain(("sources", key), f"{key!r} is declared in {declared[key]} too; keep one", of="key")
            declared[key] = file.path
            _check_source(file, key, source, catalogue)


def check_calendars(themes: Sequence[Document[Theme]], now: datetime) -> None:
    """Complain of every calendar that does not have the year of the next release."""
    for document in themes:
        theme = document.model
        if theme is not None and not document.complaints:
            timetable.check_calendars(document, theme.schedule, cadence=theme.cadence, now=now)


def check_names(
    catalogue: Catalogue,
    themes: Sequence[Document[Theme]],
    languages: Sequence[str],
    indicator_files: Sequence[Document[IndicatorsFile]],
    place_files: Sequence[Document[PlacesFile]],
) -> None:
    """Complain of every indicator and place that a theme names and that has no name in one of its languages."""
    wanted: dict[tuple[str, str], str] = {}
    for theme in (document.model for document in themes if document.model):
        for language in theme.languages or languages:
            for key in (*theme.named, *catalogue.resolve(theme.places.each)):
                wanted.setdefault((key, language), theme.theme)
    for what, files in (("indicators", indicator_files), ("places", place_files)):
        for document in files:
            for (key, language), theme_id in wanted.items():
                item = getattr(document.model, what).get(key)
                if item is not None and item.name.get(language) is None:
                    told = f"no name in {language!r}, in which the theme {theme_id!r} makes editions; add it"
                    document.complain((what, key, "name"), told)


def unnamed(
    catalogue: Catalogue,
    themes: Sequence[Document[Theme]],
    languages: Sequence[str],
    files: Sequence[Document[IndicatorsFile]],
) -> tuple[str, ...]:
    """What is said of indicators of a theme's topics that lack a name in one of its languages: the figures of those
    alone are left out of its editions."""
    found: dict[str, None] = {}
    for theme in (document.model for document in themes if document.model):
        for key in set(theme.indicators(catalogue)) - set(theme.named):
            for language in theme.languages or languages:
                if catalogue.indicators[key].name.get(language) is None:
                    document = next(file for file in files if file.model and key in file.model.indicators)
                    told = f"no name in {language!r}; its figures are left out of {theme.theme!r}; add it"
                    found[document.said(("indicators", key, "name"), told)] = None
    return tuple(sorted(found))


def _check_named(
    document: Document[Any],
    at: Key,
    item: Decision | Correction | Remark | Review,
    catalogue: Catalogue,
    sources: Set[str],
    kind_of_source: str = "source",
) -> None:
    """Complain of the indicator, the place and the source that an item names, where there is none of that name."""
    for name, items in (("indicator", catalogue.indicators), ("place", catalogue.places)):
        word = getattr(item, name, None)
        if word is not None and word not in items:
            document.complain((*at, name), unknown(word, items, name))
    word = getattr(item, "source", None)
    if word is not None and word not in sources:
        document.complain((*at, "source"), one_of(word, sources, kind_of_source))


def check_decisions(catalogue: Catalogue, documents: Sequence[Document[DecisionsFile]], sources: Set[str]) -> None:
    """Complain of indicators, places and sources that are none, and of periods that cannot be read."""
    for document in documents:
        for number, item in enumerate(document.model.decisions if document.model else ()):
            at: Key = ("decisions", number)
            _check_named(document, at, item, catalogue, sources)
            _check_period(document, (*at, "period"), item.period)


def check_corrections(catalogue: Catalogue, documents: Sequence[Document[CorrectionsFile]], sources: Set[str]) -> None:
    """Complain of names that are none, of periods and units that cannot be read, and of a value corrected twice."""
    first: dict[Correction, str] = {}
    for document in documents:
        for number, item in enumerate(document.model.corrections if document.model else ()):
            at: Key = ("corrections", number)
            told = item.model_copy(update=dict.fromkeys(("value", "reason", "provider", "when", "status")))
            if told in first:
                document.complain(at, f"the same value is corrected at {first[told]} too; keep one of the two")
            first.setdefault(told, f"{document.path.as_posix()}:{document.mark(at).line}")
            _check_named(document, at, item, catalogue, sources)
            known = catalogue.indicators.get(item.indicator)
            _check_period(document, (*at, "period"), item.period)
            _check_unit(document, (*at, "unit"), item.unit, known.unit if known and item.kind == "level" else None)


def check_remarks(catalogue: Catalogue, documents: Sequence[Document[RemarksFile]], sources: Set[str]) -> None:
    """Complain of places, topics and sources that are none, and of periods that cannot be read."""
    topics = {item.topic for item in catalogue.indicators.values() if item.topic is not None}
    for document in documents:
        for number, item in enumerate(document.model.remarks if document.model else ()):
            at: Key = ("remarks", number)
            if item.topic not in topics:
                document.complain((*at, "topic"), one_of(item.topic, topics, "topic of an indicator"))
            _check_named(document, at, item, catalogue, sources)
            _check_period(document, (*at, "period"), item.period)


def check_reviews(catalogue: Catalogue, documents: Sequence[Document[ReviewsFile]], sources: Set[str]) -> None:
    """Complain of sources, indicators and places that are none, and of periods and units that cannot be read."""
    for document in documents:
        for number, item in enumerate(document.model.reviews if document.model else ()):
            at: Key = ("reviews", number)
            _check_named(document, at, item, catalogue, sources, "source of documents")
            if item.period is not None:
                _check_period(document, (*at, "period"), item.period)
            _check_unit(document, (*at, "unit"), item.unit, None)


def _check_period(document: Document[Any], key: Key, text: str) -> None:
    try:
        Period.parse(text)
    except PeriodError as error:
        document.complain(key, str(error))


def _check_source(document: Document[SourcesFile], key: str, source: Source, catalogue: Catalogue) -> None:
    at: Key = ("sources", key)
    for where, place in _places_named(source):
        if place not in catalogue.places:
            document.complain((*at, *where), unknown(place, catalogue.places, "place"))
    for where, indicator in indicators_named(source):
        if indicator not in catalogue.indicators:
            document.complain((*at, *where), unknown(indicator, catalogue.indicators, "indicator"))
    for header, column in source.values.items():
        unit = catalogue.indicators[column.indicator].unit if column.indicator in catalogue.indicators else None
        _check_unit(document, (*at, "values", header, "unit"), column.unit, unit if column.figure == "level" else None)
    if source.kind == "documents" and source.period.is_:
        _check_period(document, (*at, "period"), source.period.is_)
    if source.unit and source.unit.is_:
        one = catalogue.indicators.get(source.indicator.is_ or "") if source.indicator else None
        unit = one.unit if one and source.figure == "level" else None
        _check_unit(document, (*at, "unit"), source.unit.is_, unit)
    for number, jump in enumerate(source.accept_jumps):
        _check_period(document, (*at, "accept_jumps", number, "period"), jump.period)


def _places_named(source: Source) -> Iterator[tuple[Key, str]]:
    if source.place.is_:
        yield ("place", "is"), source.place.is_
    for name, place in source.place.names.items():
        yield ("place", "names", name), place
    for number, jump in enumerate(source.accept_jumps):
        if jump.place:
            yield ("accept_jumps", number, "place"), jump.place


def indicators_named(source: Source) -> Iterator[tuple[Key, str]]:
    """The indicators that a source names in its file, each with the way to it."""
    if source.indicator is not None:
        if source.indicator.is_:
            yield ("indicator", "is"), source.indicator.is_
        for name, indicator in source.indicator.names.items():
            yield ("indicator", "names", name), indicator
    for header, column in source.values.items():
        yield ("values", header, "indicator"), column.indicator
    for number, jump in enumerate(source.accept_jumps):
        if jump.indicator:
            yield ("accept_jumps", number, "indicator"), jump.indicator


def _check_unit(document: Document[Any], key: Key, text: str | None, wanted: str | None) -> None:
    """Complain of a unit that is not known, or that cannot be converted into the indicator's."""
    if text is None:
        return
    try:
        unit, _ = Unit.parse(text)
        if wanted is not None:
            convert(1.0, unit, Unit.parse(wanted)[0])
    except UnitError as error:
        document.complain(key, str(error))
