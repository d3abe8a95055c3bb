"""All configuration of a project, read and held together: every mistake of every file at once.

In: a workspace. Out: `Settings`, in which every reference is known. What each file may hold is said in `configuration`,
`catalogue` and `themes`; here the files are checked against one another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from briefings import catalogue as catalogues
from briefings import themes as themes_of
from briefings.catalogue import Catalogue, IndicatorsFile, PlacesFile
from briefings.configuration import (
    ALL,
    ChannelSettings,
    Commentary,
    Correction,
    CorrectionsFile,
    Decision,
    DecisionsFile,
    Document,
    Key,
    Model,
    Project,
    Recipient,
    RecipientsFile,
    Remark,
    RemarksFile,
    Review,
    ReviewsFile,
    Source,
    SourcesFile,
    Subscription,
    gather,
    one_of,
    raise_complaints,
    read,
    read_commentary,
)
from briefings.corrections import Written
from briefings.errors import PeriodError, UnitError
from briefings.periods import Period
from briefings.quantities import Unit, convert
from briefings.themes import Theme, check_commentaries
from briefings.timetable import check_calendars
from briefings.workspace import Workspace

#: Where each kind of file stands, and the model it fits.
MODELS: dict[str, type[Model]] = {
    "project": Project,
    "recipients": RecipientsFile,
    "indicators": IndicatorsFile,
    "places": PlacesFile,
    "sources": SourcesFile,
    "decisions": DecisionsFile,
    "corrections": CorrectionsFile,
    "remarks": RemarksFile,
    "reviews": ReviewsFile,
    "themes": Theme,
}


@dataclass(frozen=True)
class Settings:
    """What the files of `config/` say. `digests` holds the SHA-256 of each theme's file. `commentaries` are as they
    were read, those with mistakes too, which cost only their own edition."""

    workspace: Workspace
    project: Project
    catalogue: Catalogue
    sources: Mapping[str, Source]
    themes: Mapping[str, Theme]
    digests: Mapping[str, str]
    decisions: tuple[Decision, ...] = ()
    corrections: tuple[Written, ...] = ()
    remarks: tuple[Remark, ...] = ()
    advice: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = ()
    recipients: RecipientsFile = field(default_factory=RecipientsFile)
    commentaries: tuple[Commentary, ...] = ()
    decisions_at: tuple[str, ...] = ()

    @property
    def accepted_jumps(self) -> frozenset[tuple[str | None, str | None, Period]]:
        """Jumps that a person accepted for good: indicator (None: all), place (None: all), period."""
        jumps = (jump for source in self.sources.values() for jump in source.accept_jumps)
        return frozenset((jump.indicator, jump.place, Period.parse(jump.period)) for jump in jumps)

    @property
    def decided(self) -> frozenset[tuple[str, str, Period, str | None]]:
        """Figures that a person accepted as they stand: indicator, place, period, kind (None: all)."""
        return accepted(self.decisions)

    def decided_by(self, day: date | None) -> tuple[Decision, ...]:
        """The decisions that had been made by a day (None: all): an edition as of a day before one does not know it."""
        return tuple(item for item in self.decisions if day is None or item.when <= day)


def accepted(decisions: Iterable[Decision]) -> frozenset[tuple[str, str, Period, str | None]]:
    """The figures that decisions accept as they stand: indicator, place, period, kind (None: all)."""
    return frozenset(
        (item.indicator, item.place, Period.parse(item.period), item.kind)
        for item in decisions
        if item.decision == "accept"
    )


def commentary_of(settings: Settings, key: tuple[str, str, str, str], as_of: date | None) -> Commentary | None:
    """What a person says beside the briefing of a theme, place and period in a language, None where nothing was said by
    the day `as_of`. Raises `ConfigurationError` for a commentary with mistakes."""
    found = next((each for each in settings.commentaries if each.key == key), None)
    if found is None or (as_of is not None and found.date > as_of):
        return None
    raise_complaints([found.document])
    return found


def load(workspace: Workspace, *, now: datetime | None = None) -> Settings:
    """Read and check all files; with `now`, also whether the calendars have the year of the next release. Raises
    `ConfigurationError` with every complaint of every file."""
    root = workspace.root
    project = read(workspace.project_file, Project, root=root)
    indicators = [read(path, IndicatorsFile, root=root) for path in workspace.indicator_files]
    places = [read(path, PlacesFile, root=root) for path in workspace.place_files]
    sources = [read(path, SourcesFile, root=root) for path in workspace.source_files]
    decisions = [read(path, DecisionsFile, root=root) for path in workspace.decision_files]
    corrections = [read(path, CorrectionsFile, root=root) for path in workspace.correction_files]
    remarks = [read(path, RemarksFile, root=root) for path in workspace.remark_files]
    reviews = [read(path, ReviewsFile, root=root) for path in workspace.review_files]
    recipients = [read(path, RecipientsFile, root=root) for path in workspace.recipient_files]
    themes = [read(path, Theme, root=root) for path in workspace.theme_files]
    commentaries = [read_commentary(path, root=root) for path in workspace.commentary_files]
    catalogue = catalogues.build(indicators, places)
    unnamed: tuple[str, ...] = ()
    whole = all(file.model for file in indicators) and all(file.model for file in places)
    if whole:
        languages = project.model.languages if project.model else ()
        _check_references(catalogue, sources, themes, languages)
        _check_names(catalogue, themes, languages, indicators, places)
        unnamed = _unnamed(catalogue, themes, languages, indicators)
        known = {document.model.theme: document.model for document in themes if document.model}
        unnamed += check_commentaries(commentaries, catalogue, known, languages)
        declared = {key: source for file in sources if file.model for key, source in file.model.sources.items()}
        _check_decisions(catalogue, decisions, declared.keys())
        _check_corrections(catalogue, corrections, declared.keys())
        _check_remarks(catalogue, remarks, declared.keys())
        _check_reviews(catalogue, reviews, {key for key, source in declared.items() if source.kind == "documents"})
        _check_recipients(catalogue, recipients, themes, languages)
        if now is not None:
            _check_calendars(themes, now)
    documents: list[Document[Any]] = [project, *indicators, *places, *sources, *decisions, *remarks, *reviews]
    documents += [*corrections, *recipients, *themes]
    raise_complaints(documents)
    if project.model is None:
        raise_complaints([project])
        raise AssertionError("a document without a model has complaints")
    return Settings(
        workspace=workspace,
        project=project.model,
        catalogue=catalogue,
        sources={
            key: source for document in sources if document.model for key, source in document.model.sources.items()
        },
        themes={document.model.theme: document.model for document in themes if document.model},
        decisions=tuple(item for document in decisions if document.model for item in document.model.decisions),
        corrections=tuple(each for document in corrections for each in _written(document)),
        remarks=tuple(item for document in remarks if document.model for item in document.model.remarks),
        reviews=tuple(item for document in reviews if document.model for item in document.model.reviews),
        recipients=merged(recipients),
        advice=unnamed,
        commentaries=tuple(commentaries),
        decisions_at=tuple(place for document in decisions for place in _places_of_decisions(document)),
        digests={d.model.theme: hashlib.sha256(d.text.encode()).hexdigest() for d in themes if d.model},
    )


def _check_references(
    catalogue: Catalogue,
    sources: list[Document[SourcesFile]],
    themes: list[Document[Theme]],
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


def _check_calendars(themes: Sequence[Document[Theme]], now: datetime) -> None:
    """Complain of every calendar that does not have the year of the next release."""
    for document in themes:
        theme = document.model
        if theme is not None and not document.complaints:
            check_calendars(document, theme.schedule, cadence=theme.cadence, now=now)


def _check_names(
    catalogue: Catalogue,
    themes: list[Document[Theme]],
    languages: Sequence[str],
    indicator_files: list[Document[IndicatorsFile]],
    place_files: list[Document[PlacesFile]],
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


def _unnamed(
    catalogue: Catalogue,
    themes: list[Document[Theme]],
    languages: Sequence[str],
    files: list[Document[IndicatorsFile]],
) -> tuple[str, ...]:
    """What is said of indicators of a theme's topics that lack a name in one of its languages: the figures of those
    alone are left out of its editions."""
    found: dict[str, None] = {}
    for theme in (document.model for document in themes if document.model):
        for key in set(theme.indicators(catalogue)) - set(theme.named):
            for language in theme.languages or languages:
                if catalogue.indicators[key].name.get(language) is None:
                    document = next(file for file in files if file.model and key in file.model.indicators)
                    mark = document.mark(("indicators", key, "name"))
                    where = f"{document.path}:{mark.line}:{mark.column}: indicators.{key}.name"
                    found[f"{where}: no name in {language!r}; its figures are left out of {theme.theme!r}; add it"] = (
                        None
                    )
    return tuple(sorted(found))


def _places_of_decisions(document: Document[DecisionsFile]) -> Iterator[str]:
    """Where each decision of a file stands."""
    for number in range(len(document.model.decisions) if document.model else 0):
        mark = document.mark(("decisions", number))
        yield f"{document.path.as_posix()}:{mark.line}:{mark.column}"


def _check_named(
    document: Document[Any],
    at: Key,
    item: Decision | Correction | Remark | Review,
    catalogue: Catalogue,
    sources: Set[str],
    kind_of_source: str = "source",
) -> None:
    """Complain of the indicator, the place and the source that an item names, where there is none of that name."""
    for name, known, what in (
        ("indicator", catalogue.indicators.keys(), "indicator"),
        ("place", catalogue.places.keys(), "place"),
        ("source", sources, kind_of_source),
    ):
        word = getattr(item, name, None)
        if word is not None and word not in known:
            document.complain((*at, name), one_of(word, known, what))


def _check_decisions(catalogue: Catalogue, documents: Sequence[Document[DecisionsFile]], sources: Set[str]) -> None:
    """Complain of indicators, places and sources that are none, and of periods that cannot be read."""
    for document in documents:
        for number, item in enumerate(document.model.decisions if document.model else ()):
            at: Key = ("decisions", number)
            _check_named(document, at, item, catalogue, sources)
            _check_period(document, (*at, "period"), item.period)


def _written(document: Document[CorrectionsFile]) -> Iterator[Written]:
    """The corrections of a file, each with the place where it stands."""
    for number, item in enumerate(document.model.corrections if document.model else ()):
        mark = document.mark(("corrections", number))
        yield Written(item, f"{document.path.as_posix()}:{mark.line}:{mark.column}")


def _check_corrections(catalogue: Catalogue, documents: Sequence[Document[CorrectionsFile]], sources: Set[str]) -> None:
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


def _check_remarks(catalogue: Catalogue, documents: Sequence[Document[RemarksFile]], sources: Set[str]) -> None:
    """Complain of places, topics and sources that are none, and of periods that cannot be read."""
    topics = {item.topic for item in catalogue.indicators.values() if item.topic is not None}
    for document in documents:
        for number, item in enumerate(document.model.remarks if document.model else ()):
            at: Key = ("remarks", number)
            if item.topic not in topics:
                document.complain((*at, "topic"), one_of(item.topic, topics, "topic of an indicator"))
            _check_named(document, at, item, catalogue, sources)
            _check_period(document, (*at, "period"), item.period)


def _check_reviews(catalogue: Catalogue, documents: Sequence[Document[ReviewsFile]], sources: Set[str]) -> None:
    """Complain of sources, indicators and places that are none, and of periods and units that cannot be read."""
    for document in documents:
        for number, item in enumerate(document.model.reviews if document.model else ()):
            at: Key = ("reviews", number)
            _check_named(document, at, item, catalogue, sources, "source of documents")
            if item.period is not None:
                _check_period(document, (*at, "period"), item.period)
            _check_unit(document, (*at, "unit"), item.unit, None)


def merged(documents: Sequence[Document[RecipientsFile]]) -> RecipientsFile:
    """What all files say of recipients, as one."""
    files = [document.model for document in documents if document.model]
    return RecipientsFile(
        channels={key: item for file in files for key, item in file.channels.items()},
        recipients={key: item for file in files for key, item in file.recipients.items()},
        owner=next((file.owner for file in files if file.owner), None),
        owners={key: item for file in files for key, item in file.owners.items()},
    )


def _check_recipients(
    catalogue: Catalogue,
    documents: Sequence[Document[RecipientsFile]],
    themes: Sequence[Document[Theme]],
    languages: Sequence[str],
) -> None:
    """Complain of channels, recipients, themes and places that are none, and of one address in two entries."""
    channels = gather(documents, "channels")
    recipients = gather(documents, "recipients")
    made = dict(_languages_made(document, languages) for document in themes)
    addresses: dict[str, str] = {}
    owners: list[str] = []
    for document in documents:
        for key, recipient in document.model.recipients.items() if document.model else ():
            _check_recipient(document, key, recipient, channels, addresses)
            for number, item in enumerate(recipient.receives):
                at: Key = ("recipients", key, "receives", number)
                _check_subscription(document, at, item, recipient, catalogue, made)
        for way, owner in _owners_named(document.model):
            if owner not in recipients:
                document.complain(way, one_of(owner, recipients, "recipient"))
            if way == ("owner",):
                owners.append(owner)
                if len(owners) > 1:
                    document.complain(way, "another file names an owner too; keep one of the two", of="key")
        for theme in document.model.owners if document.model else ():
            if theme not in made:
                document.complain(("owners", theme), one_of(theme, made, "theme"), of="key")


def _languages_made(document: Document[Theme], languages: Sequence[str]) -> tuple[str, Sequence[str]]:
    """A theme and the languages of its editions; none where its file, or the project's, has mistakes: that is said."""
    if document.model is not None:
        return document.model.theme, document.model.languages or languages
    named = document.tree.get("theme") if isinstance(document.tree, dict) else None
    return named if isinstance(named, str) else document.path.stem, ()


def _owners_named(file: RecipientsFile | None) -> Iterator[tuple[Key, str]]:
    if file is not None and file.owner is not None:
        yield ("owner",), file.owner
    for theme, owner in file.owners.items() if file is not None else ():
        yield ("owners", theme), owner


def _check_recipient(
    document: Document[RecipientsFile],
    key: str,
    recipient: Recipient,
    channels: Mapping[str, ChannelSettings],
    addresses: dict[str, str],
) -> None:
    at: Key = ("recipients", key)
    ways = [(*at, "by", number) for number in range(len(recipient.by))]
    used = list(zip(ways, recipient.by, strict=True))
    for number, item in enumerate(recipient.receives):
        used += [((*at, "receives", number, "by", n), channel) for n, channel in enumerate(item.by)]
    for way, channel in used:
        if channel not in channels:
            document.complain(way, one_of(channel, channels, "channel"))
        elif channels[channel].kind == "mail" and recipient.email is None:
            document.complain(
                way, f"{channel!r} is a channel of mail, and {key!r} has no address; add `email: ADDRESS`"
            )
    by_mail = any(channels[channel].kind == "mail" for _, channel in used if channel in channels)
    if by_mail and not {"pdf", "html", "docx"} & set(recipient.formats):
        document.complain((*at, "formats"), "a mail says that the edition is attached; add pdf, html or docx")
    if recipient.email is not None:
        first = addresses.setdefault(recipient.email.casefold(), key)
        if first != key:
            document.complain((*at, "email"), f"{first!r} has this address too; write one recipient, who receives both")


def _check_subscription(
    document: Document[RecipientsFile],
    at: Key,
    item: Subscription,
    recipient: Recipient,
    catalogue: Catalogue,
    themes: Mapping[str, Sequence[str]],
) -> None:
    for number, theme in enumerate(item.themes):
        if theme != ALL and theme not in themes:
            document.complain((*at, "themes", number), one_of(theme, [*themes, ALL], "theme"))
        for language in item.languages or recipient.languages if theme in themes else ():
            if themes[theme] and language not in themes[theme]:
                told = f"{theme!r} makes no editions in {language!r}; its languages: {', '.join(themes[theme])}"
                document.complain((*at, "themes", number), told)
    for number, place in enumerate(item.places):
        if place != ALL and not catalogue.resolve([place]):
            told = one_of(place, [*catalogue.places, *catalogue.groups, ALL], "place, peer group or kind of places")
            document.complain((*at, "places", number), told)


def _check_period(document: Document[Any], key: Key, text: str) -> None:
    try:
        Period.parse(text)
    except PeriodError as error:
        document.complain(key, str(error))


def _check_source(document: Document[SourcesFile], key: str, source: Source, catalogue: Catalogue) -> None:
    at: Key = ("sources", key)
    for where, place in _places_named(source):
        if place not in catalogue.places:
            document.complain((*at, *where), one_of(place, catalogue.places, "place"))
    for where, indicator in _indicators_named(source):
        if indicator not in catalogue.indicators:
            document.complain((*at, *where), one_of(indicator, catalogue.indicators, "indicator"))
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


def _indicators_named(source: Source) -> Iterator[tuple[Key, str]]:
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
