"""What is known and has no effect: a source that no theme shows or whose file is not there, a channel that nobody is
reached by, a place that a reader may see and nobody writes of. None of it is a mistake; `check` tells it, since it may
be meant otherwise.

In: the files as they were read, the catalogue. Out: a line each, with file, line and column. What is unknown is a
mistake, complained of by `references` and `readers` next door. Indicators may lie idle: a catalogue is larger than what
its themes show today.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from briefings.catalogue import PLURALS, ROLES, Catalogue
from briefings.configuration import ALL, Document, Key, RecipientsFile, SourcesFile, Subscription
from briefings.errors import SourceError
from briefings.settings.files import Files
from briefings.settings.references import indicators_named
from briefings.themes import Theme


def idle(files: Files, catalogue: Catalogue, root: Path) -> tuple[str, ...]:
    """A line for each. Asked where all files are without mistakes; `root` is the project's folder."""
    themes = [document for document in files.themes if document.model]
    return (
        *_files(files.sources, root),
        *_sources(files.sources, [document.model for document in themes if document.model], catalogue),
        *(line for document in themes for line in _of_theme(document, catalogue)),
        *_readers(files.recipients, files.known_themes, catalogue),
    )


def _files(files: Sequence[Document[SourcesFile]], root: Path) -> Iterator[str]:
    """Sources whose files are not there: they may come, or their path is misspelt."""
    if not any(file.model and file.model.sources for file in files):
        return
    from briefings.sources.files import find

    for file in files:
        for key, source in file.model.sources.items() if file.model else ():
            try:
                find(root, source.path or ".")
            except SourceError as error:
                yield file.said(("sources", key, "path"), str(error))


def _sources(files: Sequence[Document[SourcesFile]], themes: Sequence[Theme], catalogue: Catalogue) -> Iterator[str]:
    """Sources of which no theme shows an indicator. Of those whose tables name indicators themselves nothing is known
    before they are read."""
    shown = {indicator for theme in themes for indicator in theme.indicators(catalogue)}
    shown |= {name for theme in themes for entry in theme.schedule for name in entry.requires}
    for file in files:
        for key, source in file.model.sources.items() if file.model else ():
            named = {indicator for way, indicator in indicators_named(source) if way[0] != "accept_jumps"}
            all_named = bool(source.values) or (source.indicator is not None and source.indicator.is_ is not None)
            if all_named and not named & shown:
                told = f"no theme shows anything of this source ({', '.join(sorted(named))})"
                yield file.said(("sources", key), told, of="key")


def _of_theme(document: Document[Theme], catalogue: Catalogue) -> Iterator[str]:
    theme = document.model
    if theme is None:
        return
    each = catalogue.resolve(theme.places.each)
    for way, word in _words_of_places(theme):
        around = [place for place in each if catalogue.resolve([word], around=place)]
        if word in (*PLURALS, *ROLES) and not around:
            yield document.said(way, f"{word!r} stands for no place here: {_lacking(word)}")
    for place in theme.period.of:
        if place not in each:
            told = f"this theme makes no briefing of {place!r}; its periods are never built"
            yield document.said(("period", "of", place), told, of="key")
    shown = theme.indicators(catalogue)
    for indicator in theme.notable.thresholds:
        if indicator not in shown:
            told = f"this theme shows no {indicator!r}; its thresholds are never passed"
            yield document.said(("notable", "thresholds", indicator), told, of="key")


def _words_of_places(theme: Theme) -> Iterator[tuple[Key, str]]:
    for number, word in enumerate(theme.places.beside):
        yield ("places", "beside", number), word
    for number, word in enumerate(theme.places.benchmarks):
        yield ("places", "benchmarks", number), word
    for at, section in enumerate(theme.sections):
        for number, word in enumerate(section.places):
            yield ("sections", at, "places", number), word


def _lacking(word: str) -> str:
    if word == "peers":
        return "no place of the theme has `peers:` in the places' file"
    if word in ROLES:
        return f"no place of the theme lies `within:` one of this kind ({'country' if word == 'nation' else word})"
    return f"no place is of the kind {PLURALS[word]!r}"


def _readers(
    files: Sequence[Document[RecipientsFile]], themes: dict[str, Theme], catalogue: Catalogue
) -> Iterator[str]:
    """Channels that nobody is reached by, recipients that get nothing, places that no theme writes of."""
    models = [file.model for file in files if file.model]
    recipients = [each for model in models for each in model.recipients.values()]
    used = {way for each in recipients for ways in (each.by, *(item.by for item in each.receives)) for way in ways}
    owners = {model.owner for model in models} | {owner for model in models for owner in model.owners.values()}
    for file in files:
        for name in file.model.channels if file.model else ():
            if name not in used:
                yield file.said(("channels", name), "no recipient is reached by this channel", of="key")
        for name, recipient in file.model.recipients.items() if file.model else ():
            if not recipient.receives and name not in owners:
                told = "this recipient gets nothing: it has no `receives:`, and owns no theme"
                yield file.said(("recipients", name), told, of="key")
            for number, item in enumerate(recipient.receives):
                yield from _places(file, ("recipients", name, "receives", number), item, themes, catalogue)


def _places(
    file: Document[RecipientsFile], at: Key, item: Subscription, themes: dict[str, Theme], catalogue: Catalogue
) -> Iterator[str]:
    meant = themes if ALL in item.themes else [theme for theme in item.themes if theme in themes]
    made = {place for theme in meant for place in catalogue.resolve(themes[theme].places.each)}
    for number, word in enumerate(item.places):
        if word != ALL and not made.intersection(catalogue.resolve([word])):
            written = ", ".join(catalogue.resolve([place for theme in meant for place in themes[theme].places.each]))
            told = f"none of these themes makes a briefing of {word!r}; they make them of {_short(written)}"
            yield file.said((*at, "places", number), told)


def _short(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[:most].rpartition(', ')[0]} ..."
