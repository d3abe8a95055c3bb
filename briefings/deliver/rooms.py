"""How each chat service takes a picture of page one.

In: a service as apprise opened it, and a message. Out: the requests that carry it. Most services take the picture with
the text, and apprise carries it. WeCom, and Feishu and Lark with the secret of an app, take it as a message of its own,
which apprise does not know; the others show it where it has a web address: DingTalk and Teams in the message, the rest
as a link. The channel itself is next door, in `chat`, and what was answered in `answers`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from briefings.configuration import Revealed
from briefings.errors import DeliveryError

Way = Literal["attached", "apart", "addressed"]
"""attached: apprise carries it with the text. apart: a message of its own follows the text. addressed: it lies at a web
address, and the message names that."""
#: Pixels of a point of the page: 1.5 makes A4 893 by 1263. A page that is too large in bytes is made smaller.
SCALES = (1.5, 1.0, 0.7)
#: Bytes of a picture: what WeCom takes, which takes least.
LARGEST = 2_000_000
#: Services that count the length of a text in bytes; the others count characters.
COUNT_BYTES = frozenset({"wecombot", "dingtalk", "feishu", "lark"})
#: Those that take a picture only under a key, which an app of the same organisation is given when it hands it in.
KEYED = frozenset({"feishu", "lark"})
_MARKS = re.compile(r"([\\`*_\[\]<>])")
_CALL = re.compile(r"<(?=\s*/?\s*at\b)", re.IGNORECASE)
_ADDRESS = re.compile(r"(https?://[^\s()<>]+)")


@dataclass(frozen=True)
class App:
    """An app of Feishu or Lark that may hand in pictures."""

    identifier: str
    secret: Revealed


@dataclass(frozen=True)
class Message:
    """What a room is told; `address` is where the picture lies, for services that are told so."""

    title: str
    text: str
    picture: bytes = b""
    name: str = ""
    address: str = ""


def schema(service: Any) -> str:
    """The name of a service in apprise's addresses."""
    names = service.secure_protocol or service.protocol or ""
    return str(names if isinstance(names, str) else names[0])


def way(service: Any, app: App | None) -> Way:
    """How a service takes a picture."""
    named = schema(service)
    if named == "wecombot" or (named in KEYED and app is not None):
        return "apart"
    # A webhook of Slack takes no files; apprise would drop the picture and call it sent.
    webhook = named == "slack" and getattr(service, "mode", "") != "bot"
    return "attached" if service.attachment_support and not webhook else "addressed"


def shows_addresses(service: Any) -> bool:
    """Whether a service shows the picture at an address within the message, and needs no line that leads there."""
    return schema(service) in ("dingtalk", "workflow")


def page_one(pdf: bytes) -> bytes:
    """The first page of a PDF as a PNG, made without any clock. Raises `DeliveryError` for what is no PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            for scale in SCALES:
                written = io.BytesIO()
                document[0].render(scale=scale).to_pil().save(written, "PNG", optimize=True)
                if written.tell() <= LARGEST:
                    break
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise DeliveryError(f"no picture can be made of page one: {error}") from error
    return written.getvalue()


def post(service: Any, message: Message, taken_by: Way) -> bool:
    """Hand a text over, with its picture where apprise carries that; whether apprise says that it went."""
    from apprise import AppriseAttachment
    from apprise.attachment.memory import AttachMemory

    attached = AppriseAttachment()
    if message.picture and taken_by == "attached":
        memory: Any = AttachMemory
        attached.add(memory(content=message.picture, name=message.name, mimetype="image/png"))
    title, body, format_ = message.title, message.text, "text"
    if schema(service) in KEYED:  # whose texts may call the whole room: <at user_id="all">
        title, body = (_CALL.sub("\uff1c", text) for text in (title, body))
    if schema(service) == "dingtalk" and message.address:
        body, format_ = f"{_markdown(message.text)}\n\n![]({message.address})", "markdown"
    if schema(service) == "workflow":  # whose cards take markdown alone; what apprise makes of a text breaks addresses
        title, body, format_ = _markdown(title), _markdown(message.text), "markdown"
        _show_in_card(service, message)
    return bool(service.notify(body=body, title=title, attach=attached or None, body_format=format_))


def _markdown(text: str) -> str:
    """A text whose letters mean nothing, line by line, and whose addresses are links."""
    parts = (_ADDRESS.split(line) for line in text.splitlines())
    return "\n\n".join(
        "".join(f"[{part}]({part})" if number % 2 else _MARKS.sub(r"\\\1", part) for number, part in enumerate(line))
        for line in parts
    )


def _show_in_card(service: Any, message: Message) -> None:
    """Have the card that a service of Teams makes of a text end with the picture."""
    if not message.address:
        return
    plain = type(service).gen_payload

    def gen_payload(**told: Any) -> Any:
        payload = plain(service, **told)
        if payload and not service.template:
            image = {"type": "Image", "url": message.address, "altText": message.title, "size": "Stretch"}
            payload["attachments"][0]["content"]["body"].append(image)
        return payload

    service.gen_payload = gen_payload


def post_apart(service: Any, message: Message, app: App | None, timeout: float) -> None:
    """Hand the picture over as a message of its own. Raises `OSError` (as requests does) where that fails."""
    import requests

    if schema(service) == "wecombot":
        encoded = base64.b64encode(message.picture).decode()
        digest = hashlib.md5(message.picture, usedforsecurity=False).hexdigest()
        image: dict[str, Any] = {"msgtype": "image", "image": {"base64": encoded, "md5": digest}}
        requests.post(service.api_url, json=image, timeout=timeout, allow_redirects=False)
        return
    if app is None:
        raise DeliveryError(f"{schema(service)} takes no picture without an app")
    room = service.notify_url.format(token=service.token) if schema(service) == "feishu" else service.webhook_url
    key = _handed_in(room, message, app, timeout)
    told: dict[str, Any] = {"msg_type": "image", "content": {"image_key": key}}
    requests.post(room, json=told, timeout=timeout, allow_redirects=False).raise_for_status()


def _handed_in(room: str, message: Message, app: App, timeout: float) -> str:
    """The key under which Feishu keeps a picture."""
    import requests

    base = "{0.scheme}://{0.netloc}/open-apis".format(urlsplit(room))
    asked = {"app_id": app.identifier, "app_secret": app.secret.expose()}
    login = requests.post(
        f"{base}/auth/v3/tenant_access_token/internal", json=asked, timeout=timeout, allow_redirects=False
    )
    token = _member(login, "tenant_access_token")
    files = {"image": ("page-1.png", message.picture, "image/png")}
    handed = requests.post(
        f"{base}/im/v1/images",
        data={"image_type": "message"},
        files=files,
        headers={"Authorization": f"Bearer {token}"},
        timeout=timeout,
        allow_redirects=False,
    )
    return _member(handed, "data", "image_key")


def _member(answer: Any, *way: str) -> str:
    """A member of a JSON answer. Raises `OSError` where it lacks that."""
    answer.raise_for_status()
    told: Any = answer.json()
    for name in way:
        told = told.get(name, {}) if isinstance(told, dict) else {}
    if not isinstance(told, str):
        raise OSError(f"the answer holds no {way[-1]}")
    return told
