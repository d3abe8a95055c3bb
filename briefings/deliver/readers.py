"""Who gets what: recipients and what their entries allow, asked before an edition is made and again before it is sent.

In: settings, a theme, a place, a cadence. Out: `Reader`s. When something is due is told in `schedule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from briefings.calendar import Cadence
from briefings.catalogue import Catalogue
from briefings.configuration import ALL, Recipient, Subscription
from briefings.periods import Frequency
from briefings.settings import Settings


@dataclass(frozen=True, order=True)
class Reader:
    """A recipient by one channel, in one language."""

    recipient: str
    channel: str
    language: str


def readers(settings: Settings, theme: str, place: str, cadence: Cadence | Frequency) -> tuple[Reader, ...]:
    """Who gets the editions of this theme, place and cadence: each once, sorted.

    One address is one reader, whatever the case of its letters; the first entry counts.
    """
    made = settings.themes[theme].languages or settings.project.languages if theme in settings.themes else ()
    first: dict[tuple[str, str, str], Reader] = {}
    for key, recipient in settings.recipients.recipients.items():
        for reader in _receiving(key, recipient, theme, place, cadence, settings.catalogue):
            if reader.language in made:
                address = (recipient.email or key).casefold()
                first.setdefault((address, reader.channel, reader.language), reader)
    return tuple(sorted(set(first.values())))


def allowed(settings: Settings, reader: Reader, theme: str, place: str, cadence: Cadence | Frequency) -> bool:
    """Whether a reader may have it: asked of the entry as it stands now."""
    return reader in readers(settings, theme, place, cadence)


def owner_of(settings: Settings, theme: str) -> str | None:
    """The recipient that hears when something of a theme is held or fails."""
    return settings.recipients.owners.get(theme, settings.recipients.owner)


def _receiving(
    key: str, recipient: Recipient, theme: str, place: str, cadence: Cadence | Frequency, catalogue: Catalogue
) -> Iterator[Reader]:
    for item in recipient.receives:
        if _covers(item, theme, place, cadence, catalogue):
            for channel in item.by or recipient.by:
                for language in item.languages or recipient.languages:
                    yield Reader(key, channel, language)


def _covers(item: Subscription, theme: str, place: str, cadence: Cadence | Frequency, catalogue: Catalogue) -> bool:
    return (
        (ALL in item.themes or theme in item.themes)
        and (not item.cadence or cadence.value in item.cadence)
        and (ALL in item.places or place in catalogue.resolve(item.places))
    )
