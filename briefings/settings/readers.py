"""The readers of a project, held against its themes and places: `config/recipients.yaml`.

In: the files of recipients as they were read, the catalogue, the themes. Out: complaints on the files. Next door,
`references` holds all other files against one another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from briefings.catalogue import Catalogue, unknown
from briefings.configuration import (
    ALL,
    ChannelSettings,
    Document,
    Key,
    Recipient,
    RecipientsFile,
    Subscription,
    gather,
    one_of,
)
from briefings.themes import Theme


def check_recipients(
    catalogue: Catalogue,
    documents: Sequence[Document[RecipientsFile]],
    themes: Sequence[Document[Theme]],
    languages: Sequence[str],
) -> None:
    """Complain of channels, recipients, themes and places that are none, and of one address in two entries."""
    channels = gather(documents, "channels")
    recipients = gather(documents, "recipients")
    made = dict(_made(document, languages) for document in themes)
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


@dataclass(frozen=True)
class Made:
    """What a theme makes editions of: in which languages, at which cadences. Nothing is known of a theme whose file, or
    the project's, has mistakes: that is said there."""

    languages: Sequence[str] = ()
    cadences: Sequence[str] = ()


def _made(document: Document[Theme], languages: Sequence[str]) -> tuple[str, Made]:
    """A theme by its name, and what it makes."""
    theme = document.model
    if theme is not None:
        cadences = [str(entry.cadence or theme.cadence.value) for entry in theme.schedule]
        return theme.theme, Made(theme.languages or languages, list(dict.fromkeys([theme.cadence.value, *cadences])))
    named = document.tree.get("theme") if isinstance(document.tree, dict) else None
    return named if isinstance(named, str) else document.path.stem, Made()


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


def _check_wanted(
    document: Document[RecipientsFile], at: Key, wanted: Sequence[str], made: Sequence[Sequence[str]], what: str
) -> None:
    """Complain of a cadence or a language in which none of the themes meant makes editions; not where one of them has
    mistakes."""
    if not made or not all(made):
        return
    known = list(dict.fromkeys(word for words in made for word in words))
    for number, word in enumerate(wanted):
        if word not in known:
            told = f"none of its themes makes editions of the {what} {word!r}; they make: {', '.join(known)}"
            document.complain((*at, number), told)


def _check_subscription(
    document: Document[RecipientsFile],
    at: Key,
    item: Subscription,
    recipient: Recipient,
    catalogue: Catalogue,
    themes: Mapping[str, Made],
) -> None:
    for number, theme in enumerate(item.themes):
        if theme != ALL and theme not in themes:
            document.complain((*at, "themes", number), one_of(theme, [*themes, ALL], "theme"))
        for language in item.languages or recipient.languages if theme in themes else ():
            made = themes[theme].languages
            if made and language not in made:
                told = f"{theme!r} makes no editions in {language!r}; its languages: {', '.join(made)}"
                document.complain((*at, "themes", number), told)
    meant = list(themes.values()) if ALL in item.themes else [themes[each] for each in item.themes if each in themes]
    _check_wanted(document, (*at, "cadence"), item.cadence, [made.cadences for made in meant], "cadence")
    if ALL in item.themes:
        where: Key = (*at, "languages") if item.languages else (*at[:2], "languages")
        wanted = item.languages or recipient.languages
        _check_wanted(document, where, wanted, [made.languages for made in meant], "language")
    for number, place in enumerate(item.places):
        if place != ALL and not catalogue.resolve([place]):
            words = [*catalogue.places, *catalogue.groups, ALL]
            told = unknown(place, catalogue.places, "place, peer group or kind of places", words)
            document.complain((*at, "places", number), told)
