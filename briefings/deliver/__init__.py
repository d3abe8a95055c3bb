"""Sending: an edition into the hands of one reader, by mail, folder, webhook, chat or feed.

In: settings, and deliveries that somebody else decided on (`schedule`, and the command `send`). Out: receipts.
`recipients.yaml` says who gets what (`readers`); `opening` reads secrets; each channel is a file. `CHANNELS` maps the
kinds of the configuration to what makes a channel of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from briefings.deliver.chat import Chat
from briefings.deliver.feed import Feed
from briefings.deliver.folder import Folder
from briefings.deliver.mail import Mail
from briefings.deliver.model import Channel, Delivery, Note, Outcome, Receipt
from briefings.deliver.notices import Notice
from briefings.deliver.notices import tell as tell_owner
from briefings.deliver.opening import Clock, Opening, check, opening
from briefings.deliver.readers import Reader, allowed, owner_of, readers
from briefings.deliver.webhook import Webhook
from briefings.settings import Settings

__all__ = [
    "CHANNELS",
    "Channel",
    "Delivery",
    "Note",
    "Notice",
    "Outcome",
    "Reader",
    "Receipt",
    "allowed",
    "check",
    "open_channel",
    "owner_of",
    "readers",
    "tell",
]

#: Kind of channel -> what opens one.
CHANNELS: dict[str, Callable[[Opening], Channel]] = {
    "mail": Mail,
    "folder": Folder,
    "webhook": Webhook,
    "chat": Chat,
    "feed": Feed,
}


def _now() -> datetime:
    return datetime.now(UTC)


def open_channel(settings: Settings, name: str, environ: Mapping[str, str], *, now: Clock = _now) -> Channel:
    """A channel of `recipients.yaml`, with its secrets read. `now` stamps the tries of protocols that want it.

    Raises `RequestError` for a channel that is none, a secret that is lacking, or settings that cannot be used.
    """
    told = opening(settings, name, environ, now)
    return CHANNELS[told.channel.kind](told)


def tell(settings: Settings, notice: Notice, environ: Mapping[str, str], *, now: Clock = _now) -> Receipt:
    """Send a notice to the owner of its theme. Raises `RequestError` where the owner's channel cannot be opened."""
    return tell_owner(settings, notice, environ, open_channel=open_channel, now=now)
