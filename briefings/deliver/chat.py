"""Chat rooms through apprise (Slack, Teams, WeCom, DingTalk, Feishu): key findings as text, page one as a picture.

In: a delivery. Out: a message in the room that the channel's secret address names. How each service takes the picture
is told in `rooms`, what it answered in `answers`.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from briefings.configuration import Revealed
from briefings.deliver.answers import observed, quiet, receipt, taken
from briefings.deliver.content import FILES, Content, content
from briefings.deliver.filesystem import Place
from briefings.deliver.folder import frozen, open_place
from briefings.deliver.model import Delivery, Note, Receipt
from briefings.deliver.opening import Opening
from briefings.deliver.rooms import COUNT_BYTES, App, Message, page_one, post, post_apart, schema, shows_addresses, way
from briefings.errors import RequestError
from briefings.faults import fault_point

#: The picture of page one beside an edition's folder of readers.
PICTURE = "page-1.png"


class Chat:
    """The channel of kind chat."""

    kind = "chat"

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.on_ambiguous = opening.channel.on_ambiguous
        self._service = _service(opening)
        self._app = _app(opening)
        self._way = way(self._service, self._app)
        self._place = _place(opening)
        self._pictures: dict[str, bytes] = {}

    def freeze(self, delivery: Delivery) -> bytes:
        """Text and picture, in JSON. Of the findings as many as the service takes in one message."""
        told = content(delivery)
        picture, address = b"", ""
        if (self._way != "addressed" or self._place is not None) and FILES["pdf"][0] in told.edition.manifest["files"]:
            picture = self._page_one(told)
            address = self._address(told, PICTURE) if self._way == "addressed" else ""
        return frozen(
            {
                "title": told.subject,
                "text": self._text(told, address),
                "picture": base64.b64encode(picture).decode(),
                "name": told.file_name(PICTURE),
                "address": address,
            }
        )

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        told = json.loads(delivery.payload)
        message = Message(**{**told, "picture": base64.b64decode(told["picture"])})
        if message.address and self._place is not None:
            name = f"{delivery.edition}/{PICTURE}"
            try:
                self._place.put(name, message.picture)
            except OSError as error:
                return Receipt("failed", f"{self._place.shown(name)}: {error.strerror or error}")
        return self._post(message, handing_over)

    def note(self, recipient: str, note: Note) -> Receipt:
        return self._post(Message(note.subject, note.text), lambda: None)

    def close(self) -> None:
        """Nothing is kept open."""

    def _page_one(self, told: Content) -> bytes:
        """Page one of an edition, drawn once for all its rooms; the file is checked each time."""
        pdf = told.read(FILES["pdf"][0])
        if told.edition.id not in self._pictures:
            self._pictures = {told.edition.id: page_one(pdf)}
        return self._pictures[told.edition.id]

    def _text(self, told: Content, picture: str) -> str:
        """Remarks, then findings as bullets, then where to read on, within what the service takes."""
        end = [told.words.read.format(url=self._address(told, FILES["html"][0]))] if self._opening.channel.link else []
        if picture and not shows_addresses(self._service):
            end.append(told.words.page_one.format(url=picture))
        lines = [*told.remarks, *(f"• {finding}" for finding in told.findings or (told.summary,))]
        room = self._service.body_maxlen - (0 if self._service.title_maxlen else self._length(told.subject) + 2)
        while len(lines) > 1 and self._length("\n".join([*lines, *end])) > room:
            lines.pop()
        return "\n".join([*lines, *end])

    def _length(self, text: str) -> int:
        return len(text.encode()) if schema(self._service) in COUNT_BYTES else len(text)

    def _address(self, told: Content, name: str) -> str:
        return f"{(self._opening.channel.link or '').rstrip('/')}/{quote(told.edition.id)}/{name}"

    def _post(self, message: Message, handing_over: Callable[[], None]) -> Receipt:
        handing_over()
        with observed() as seen:
            fault_point("chat.before_request")
            went = post(self._service, message, self._way)
            if message.picture and self._way == "apart" and taken(seen):
                try:
                    post_apart(self._service, message, self._app, self._opening.channel.timeout)
                except OSError as error:  # as requests raises it; the text is there
                    seen.error = error
            fault_point("chat.after_request")
        return receipt(went, seen, _tokens(self._opening.secrets.values()), self._named)

    @property
    def _named(self) -> str:
        return str(self._service.service_name or "the chat")


def _service(opening: Opening) -> Any:
    """What apprise makes of the address. Raises `RequestError` where it knows no such service."""
    import warnings

    address = opening.secrets[("service",)].expose()
    with quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # apprise asks for imghdr, which a later Python lacks
        import apprise

        # In the name of this program, and without pictures from apprise's own site.
        asset = apprise.AppriseAsset(
            app_id="briefings", app_desc="briefings", app_url="", image_url_mask="", image_url_logo=""
        )
        found = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if found is None:
        raise RequestError(
            f"the channel {opening.name!r}: what its secret holds is no address that apprise knows, "
            "for example slack://TokenA/TokenB/TokenC; look the service up in apprise's manual"
        )
    found.socket_connect_timeout = found.socket_read_timeout = float(opening.channel.timeout)
    return found


def _app(opening: Opening) -> App | None:
    secret, identifier = opening.secrets.get(("app_secret",)), opening.channel.app
    return App(identifier, secret) if identifier is not None and secret is not None else None


def _place(opening: Opening) -> Place | None:
    """Where pictures are put for rooms that are told a web address. Raises `RequestError` for the archive itself."""
    path = opening.channel.path
    if path is None:
        return None
    archive = (opening.root / "data/editions").resolve()
    if "://" not in path and Path(opening.root, path).resolve().is_relative_to(archive):
        raise RequestError(
            f"the channel {opening.name!r}: pictures are not put into the archive, where a finished edition is "
            "never changed; name another folder as its path"
        )
    return open_place(opening)


def _tokens(secrets: Collection[Revealed]) -> tuple[Revealed, ...]:
    """The secrets, and each part of an address that could be a token: answers may repeat one."""
    parts = (part for secret in secrets for part in re.split(r"[/:@?&=#]+", secret.expose()))
    return (*secrets, *(Revealed(part) for part in parts if len(part) >= 8))
