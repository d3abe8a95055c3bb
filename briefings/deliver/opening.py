"""What a channel is made of: its settings, its secrets, and who may receive by it.

In: settings, the id of a channel, the environment. Out: `Opening`. This is the one place where secrets are read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from briefings.configuration import (
    ChannelSettings,
    Document,
    Project,
    Recipient,
    RecipientsFile,
    Revealed,
    one_of,
    raise_complaints,
    read,
)
from briefings.errors import DeliveryError, RequestError
from briefings.settings import Settings

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Opening:
    """A channel about to be opened. `now` is asked only where a protocol wants the instant of a try."""

    name: str
    channel: ChannelSettings
    project: Project
    recipients: Mapping[str, Recipient]
    root: Path
    now: Clock
    secrets: Mapping[tuple[str, ...], Revealed] = field(default_factory=dict, repr=False)

    def recipient(self, identifier: str) -> Recipient:
        """Raises `DeliveryError` where the entry is gone."""
        if identifier not in self.recipients:
            raise DeliveryError(f"{identifier!r} is no recipient any more; nothing is sent to it")
        return self.recipients[identifier]


def opening(settings: Settings, name: str, environ: Mapping[str, str], now: Clock) -> Opening:
    """Raises `RequestError` for a channel that is none, and for a secret that is lacking."""
    file = settings.recipients
    if name not in file.channels:
        raise RequestError(one_of(name, file.channels, "channel"))
    channel, root = file.channels[name], settings.workspace.root
    secrets = {}
    for way, secret in channel.secrets().items():
        try:
            secrets[way] = secret.reveal(environ, root)
        except LookupError as error:
            raise RequestError(f"the channel {name!r} lacks its {' '.join(way)}: {error.args[0]}") from None
    return Opening(name, channel, settings.project, file.recipients, root, now, secrets)


def check(settings: Settings, environ: Mapping[str, str]) -> None:
    """Raise `ConfigurationError` with a complaint for every secret that is lacking, at its place in its file."""
    root = settings.workspace.root
    documents: list[Document[Any]] = []
    for path in settings.workspace.recipient_files:
        document = read(path, RecipientsFile, root=root)
        documents.append(document)
        for name, channel in document.model.channels.items() if document.model else ():
            for way, secret in channel.secrets().items():
                try:
                    secret.reveal(environ, root)
                except LookupError as error:
                    document.complain(("channels", name, *way), str(error.args[0]))
    raise_complaints(documents)
