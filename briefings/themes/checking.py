"""A theme held against the catalogue: every indicator, place, topic and measure that it names.

In: a document with a theme. Out: complaints in that document, each at its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefings.catalogue import ROLES, Catalogue, place_words, unknown
from briefings.configuration import Document, Key, Names, one_of
from briefings.house import check_since
from briefings.themes.grammar import Theme
from briefings.themes.requests import SPANS, MeasureRequest
from briefings.timetable import check as check_schedule


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
            told = unknown(indicator, catalogue.indicators, "indicator")
            document.complain(("expected", indicator), told, of="key")
    for indicator in theme.notable.thresholds:
        if indicator not in catalogue.indicators:
            told = unknown(indicator, catalogue.indicators, "indicator")
            document.complain(("notable", "thresholds", indicator), told, of="key")
    titles = [title for section in theme.sections for title in section.title.values()]
    check_schedule(document, theme.schedule, cadence=theme.cadence, indicators=catalogue.indicators, titles=titles)
    if theme.series is not None:
        check_since(document, ("series", "since"), theme.series)
    for key, indicator, measures in theme.requests():
        if indicator not in catalogue.indicators:
            document.complain(key, unknown(indicator, catalogue.indicators, "indicator"), of="key")
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
                document.complain(
                    (*key, number), unknown(word, catalogue.places, "place, peer group or kind of place", words)
                )
    for number, word in enumerate(theme.places.each):
        if word in words and not catalogue.resolve([word]):
            document.complain(("places", "each", number), f"{word!r} names no place here; {_each(word)}")
    for place in theme.period.of:
        if place not in catalogue.places:
            document.complain(("period", "of", place), unknown(place, catalogue.places, "place"), of="key")


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
            document.complain(key, unknown(request.to, catalogue.indicators, "indicator"))
    elif request.to != "total" and request.to not in (one := (*catalogue.places, *ROLES[1:])):
        several = request.to in place_words(catalogue)
        message = f"{request.to!r} may be several places; a {request.measure} is with one: name it"
        document.complain(key, message if several else one_of(request.to, one, "place"))
