"""Commentaries held against the catalogue and the themes: every number told by name, and the edition they belong to.

In: commentaries as they were read. Out: complaints in their documents, and a line for each that no edition will show.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from briefings.catalogue import Catalogue
from briefings.configuration import Commentary, one_of
from briefings.errors import PeriodError
from briefings.periods import Period
from briefings.themes.grammar import Theme
from briefings.themes.references import Reference

#: Below the project's folder.
FOLDER = "config/commentary"
DEPTH = 5


def check_commentaries(
    commentaries: Iterable[Commentary], catalogue: Catalogue, themes: Mapping[str, Theme], languages: Sequence[str]
) -> tuple[str, ...]:
    """Complain, in each document, of the names of numbers that are not known; what is told of commentaries to editions
    that do not exist (`languages` are the project's)."""
    told = []
    for commentary in commentaries:
        for span in commentary.spans():
            if span.kind == "live":
                try:
                    _check_shown(Reference.parse(span.text, catalogue), themes.get(commentary.theme), catalogue)
                except ValueError as error:
                    commentary.document.complain_at(span.mark(), str(error))
        wrong = next(_of_no_edition(commentary, catalogue, themes, languages), "")
        if wrong:
            told.append(f"{commentary.document.path.as_posix()}: no edition shows this commentary: {wrong}")
    return tuple(told)


def _check_shown(asked: Reference, theme: Theme | None, catalogue: Catalogue) -> None:
    """Raise `ValueError` for an indicator of which the theme's editions read nothing."""
    if theme is not None and asked.indicator not in (shown := theme.indicators(catalogue)):
        raise ValueError(one_of(asked.indicator, shown, f"indicator of the theme {theme.theme!r}"))


def _of_no_edition(
    commentary: Commentary, catalogue: Catalogue, themes: Mapping[str, Theme], languages: Sequence[str]
) -> Iterator[str]:
    """Why there is no edition that a path names."""
    if len(commentary.document.path.parts) != DEPTH:
        yield f"write it as {FOLDER}/THEME/PLACE/PERIOD.LANGUAGE.md, for example {FOLDER}/economy/wuhai/2025.en.md"
        return
    theme = themes.get(commentary.theme)
    if theme is None:
        yield one_of(commentary.theme, themes, "theme")
        return
    places = catalogue.resolve(theme.places.each)
    if commentary.place not in places:
        yield one_of(commentary.place, places, f"place of the theme {theme.theme!r}")
    if commentary.language not in (made := theme.languages or languages):
        yield one_of(commentary.language, made, f"language of the theme {theme.theme!r}")
    try:
        period = Period.parse(commentary.period)
    except PeriodError as error:
        yield str(error)
        return
    if str(period) != commentary.period:
        yield f"the period {commentary.period!r} is written {str(period).replace('/', '_')!r} in the path"
    if period.frequency not in (None, theme.cadence) and period not in theme.period.of.get(commentary.place, ()):
        yield f"the period {commentary.period!r} is not of the theme's cadence, {theme.cadence.value}"
