"""Chat rooms through apprise (Slack, Teams, WeCom, DingTalk, Feishu): key findings as text, page one as a picture.

In: a delivery. Out: a message in the room that the channel's secret address names. Apprise itself says only whether a
message went out; what the service answered, and whether anything was handed over, is read from the requests it makes,
for some services answer 200 and refuse in the body.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote

from briefings.configuration import Revealed, masked
from briefings.deliver.content import FILES, Content, content
from briefings.deliver.folder import frozen
from briefings.deliver.model import Delivery, Note, Receipt
from briefings.deliver.opening import Opening
from briefings.errors import RequestError
from briefings.faults import fault_point

#: Pixels of a point of the page: 1.5 makes A4 893 by 1263.
SCALE = 1.5
#: Members of a JSON answer that hold a code; anything but 0 is a refusal (WeCom and DingTalk, Feishu).
CODES = ("errcode", "code", "StatusCode")


class Chat:
    """The channel of kind chat."""

    kind = "chat"

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.on_ambiguous = opening.channel.on_ambiguous
        self._service = _service(opening)

    def freeze(self, delivery: Delivery) -> bytes:
        """Text and picture, in JSON. Of the findings as many as the service takes in one message."""
        told = content(delivery)
        picture = ""
        if self._service.attachment_support and FILES["pdf"][0] in told.edition.manifest["files"]:
            picture = base64.b64encode(page_one(told.read(FILES["pdf"][0]))).decode()
        return frozen(
            {"title": told.subject, "text": self._text(told), "picture": picture, "name": told.file_name("p.png")}
        )

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        told = json.loads(delivery.payload)
        picture = base64.b64decode(told["picture"])
        return self._post(told["title"], told["text"], picture, told["name"], handing_over)

    def note(self, recipient: str, note: Note) -> Receipt:
        return self._post(note.subject, note.text, b"", "", lambda: None)

    def close(self) -> None:
        """Nothing is kept open."""

    def _text(self, told: Content) -> str:
        """Remarks, then findings as bullets, then where to read on, within what the service takes."""
        link = self._opening.channel.link
        end = [told.words.read.format(url=f"{link.rstrip('/')}/{quote(told.edition.id)}/briefing.html")] if link else []
        lines = [*told.remarks, *(f"• {finding}" for finding in told.findings or (told.summary,))]
        title = 0 if self._service.title_maxlen else len(told.subject.encode()) + 2
        while len(lines) > 1 and len("\n".join([*lines, *end]).encode()) + title > self._service.body_maxlen:
            lines.pop()
        return "\n".join([*lines, *end])

    def _post(self, title: str, text: str, picture: bytes, name: str, handing_over: Callable[[], None]) -> Receipt:
        from apprise import AppriseAttachment
        from apprise.attachment.memory import AttachMemory

        attached = AppriseAttachment()
        if picture:
            memory: Any = AttachMemory
            attached.add(memory(content=picture, name=name, mimetype="image/png"))
        handing_over()
        with _observed() as seen:
            fault_point("chat.before_request")
            went = self._service.notify(body=text, title=title, attach=attached or None, body_format="text")
            fault_point("chat.after_request")
        return _receipt(bool(went), seen, _tokens(self._opening.secrets[("service",)]), self._named)

    @property
    def _named(self) -> str:
        return str(self._service.service_name or "the chat")


def page_one(pdf: bytes) -> bytes:
    """The first page of a PDF as a PNG, made without any clock. Raises `DeliveryError` for what is no PDF."""
    import pypdfium2

    from briefings.errors import DeliveryError

    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            image = document[0].render(scale=SCALE).to_pil()
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise DeliveryError(f"no picture can be made of page one: {error}") from error
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _service(opening: Opening) -> Any:
    """What apprise makes of the address. Raises `RequestError` where it knows no such service."""
    import warnings

    address = opening.secrets[("service",)].expose()
    with _quiet(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # apprise asks for imghdr, which a later Python lacks
        import apprise

        found = apprise.Apprise.instantiate(address, suppress_exceptions=True)
    if found is None:
        raise RequestError(
            f"the channel {opening.name!r}: what its secret holds is no address that apprise knows, "
            "for example slack://TokenA/TokenB/TokenC; look the service up in apprise's manual"
        )
    found.socket_connect_timeout = found.socket_read_timeout = float(opening.channel.timeout)
    return found


def _tokens(address: Revealed) -> tuple[Revealed, ...]:
    """The address, and each part of it that could be a token: answers may repeat one."""
    parts = re.split(r"[/:@?&=#]+", address.expose())
    return (address, *(Revealed(part) for part in parts if len(part) >= 8))


@contextmanager
def _quiet() -> Iterator[None]:
    """Apprise writes addresses, tokens and all, into its log: it is not let."""
    import logging

    logger = logging.getLogger("apprise")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


# What the service answered.


@dataclass
class _Seen:
    """The requests of one message: answers, and the error that ended them."""

    answers: list[tuple[int, bytes, str]] = field(default_factory=list)
    error: Exception | None = None


_seeing: ContextVar[_Seen | None] = ContextVar("seeing", default=None)


@contextmanager
def _observed() -> Iterator[_Seen]:
    """What is requested within, as requests tells it."""
    _watch()
    seen = _Seen()
    token = _seeing.set(seen)
    try:
        with _quiet():
            yield seen
    finally:
        _seeing.reset(token)


@cache
def _watch() -> None:
    """Have every session of requests tell what it was answered; where nobody looks, nothing is kept."""
    import requests

    plain = requests.Session.send

    def send(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        seen = _seeing.get()
        try:
            answer = plain(self, request, **options)
        except requests.RequestException as error:
            if seen is not None:
                seen.error = error
            raise
        if seen is not None:
            seen.answers.append((answer.status_code, answer.content[:2_000], answer.headers.get("Retry-After", "")))
        return answer

    requests.Session.send = send  # type: ignore[method-assign]


def _receipt(went: bool, seen: _Seen, secrets: tuple[Revealed, ...], named: str) -> Receipt:
    """The first answer is that of the text; where only the picture failed, the message is there."""
    text = seen.answers[0] if seen.answers else None
    if text is None:
        return _unanswered(seen.error, named)
    status, body, later = text
    reply = masked(f"{status} {' '.join(body.decode('utf-8', 'replace').split())[:200]}", secrets)
    if 200 <= status < 300 and not _refused_within(body):
        whole = went and seen.error is None
        return Receipt("sent", "" if whole else "the text was taken, the picture was not", reply)
    if status in (408, 425, 429) or status >= 500:
        wait = float(later) if later.isdigit() else None
        return Receipt("failed", f"{named} does not take it now: {reply}", reply, wait)
    return Receipt("refused", f"{named} refuses it for good: {reply}", reply)


def _unanswered(error: Exception | None, named: str) -> Receipt:
    import requests
    from urllib3.exceptions import NewConnectionError

    if error is None:
        return Receipt("refused", f"{named} was not even asked: apprise refuses the message or the address")
    cause: Any = error.args[0] if error.args else None
    cause = getattr(cause, "reason", cause)
    before = isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or isinstance(
        cause, NewConnectionError
    )
    if before:
        return Receipt("failed", f"{named} cannot be reached ({type(cause or error).__name__}); nothing was sent")
    return Receipt("ambiguous", f"{named} ended the connection before it answered ({type(error).__name__})")


def _refused_within(body: bytes) -> bool:
    """Whether an answer of 200 says no all the same."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    if not isinstance(told, dict):
        return False
    return told.get("ok") is False or any(told.get(name, 0) not in (0, "0", None) for name in CODES)
