"""Titles and names of the house that page one shows otherwise than may be meant: too long, or in another language.

In: the files as they were read, the catalogue. Out: a line each, with file, line and column. None is a mistake: a long
title wraps, and a text in one language stands in the editions of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.catalogue import Catalogue
from briefings.columns import columns
from briefings.configuration import Document, Key, Names, Project
from briefings.themes import Theme

#: Columns of a line on 170 mm: of the title, set in 22 points, and of a section's, in 12.5; a Han character takes two.
TITLE, HEADING = 40, 68
#: Lines of a title beyond which a page has less room for what it tells than that needs.
MOST_LINES = 3


def titles(project: Document[Project], themes: Sequence[Document[Theme]], catalogue: Catalogue) -> Iterator[str]:
    """A line for each title that is too long, and for each text of the house that lacks a language of editions."""
    languages = project.model.languages if project.model else ()
    for document in themes:
        if document.model is not None:
            languages = tuple(dict.fromkeys((*languages, *(document.model.languages or ()))))
            yield from _long(document, document.model, catalogue)
    yield from _in_another_language(project, languages)


def _long(document: Document[Theme], theme: Theme, catalogue: Catalogue) -> Iterator[str]:
    titles: list[tuple[Key, Names, int]] = [(("title",), theme.title, TITLE)]
    titles += [(("sections", n, "title"), section.title, HEADING) for n, section in enumerate(theme.sections)]
    places = [catalogue.places[place].name for place in catalogue.resolve(theme.places.each)]
    for key, title, line in titles:
        for language, text in title.texts.items():
            longest = max((name.either(language) for name in places), key=columns, default="")
            wide = columns(text.replace("{place}", longest))
            if wide > MOST_LINES * line:
                told = (
                    f"this title has {wide} columns (a Han character takes two) and {-(-wide // line)} lines; at most "
                    f"{MOST_LINES} lines, {MOST_LINES * line} columns, leave its page room: shorten it"
                )
                yield document.said((*key, language), told)


def _in_another_language(document: Document[Project], languages: Sequence[str]) -> Iterator[str]:
    project = document.model
    if project is None:
        return
    for key, names in (("publisher", project.publisher), ("disclaimer", project.disclaimer)):
        for language in languages:
            if names is not None and names.get(language) is None:
                told = f"no text in {language!r}; editions in it show that of the other language"
                yield document.said((key,), told)
