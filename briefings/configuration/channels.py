"""Channels of `config/recipients.yaml`: by which way editions travel.

Comes in: the file's tree. Goes out: `ChannelSettings`, whose keys fit its kind. Who receives by a channel is next door,
in `recipients`; how each kind sends is in `briefings.deliver`.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated, ClassVar, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from .models import Count, Model, Names, Text, about
from .secrets import Secret
from .wording import ConcealedError, PlacedError, quoted

Kind = Literal["mail", "folder", "webhook", "chat", "feed"]

#: Kind -> the keys that it needs, and those that it may have beside them.
KEYS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "mail": (
        ("host", "sender"),
        ("port", "security", "user", "password", "certificates", "reply_to", "unsubscribe", "largest", "link"),
    ),
    "folder": (("path",), ("options",)),
    "webhook": (("url", "secret"), ("security", "certificates")),
    "chat": (("service",), ("link", "path", "options", "app", "app_secret")),
    "feed": (("path",), ("options", "link")),
}
COMMON: Final = ("kind", "timeout", "on_ambiguous")

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def _address(value: str) -> str:
    """One ASCII addr-spec (RFC 5321); a domain in other letters is written in Punycode."""
    if not value.isprintable():
        raise ValueError(f"{quoted(value)} holds a line break or another control character; write one address")
    if value.count("@") > 1 or re.search(r"[,;]", value):
        raise ValueError(f"{quoted(value)} is more than one address; write one, and a recipient for each other one")
    local, at, domain = value.rpartition("@")
    if not local.isascii():
        raise ValueError(
            f"{quoted(value)}: mail servers take only ASCII before the @; write the reader's ASCII address"
        )
    plain = _punycode(domain)
    labels = plain.split(".")
    whole = at and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if not whole or not _LOCAL.fullmatch(local) or len(local) > 64 or len(plain) > 253:
        raise ValueError(f"{quoted(value)} is no e-mail address; write one address, for example desk@example.org")
    return f"{local}@{plain}"


def _punycode(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


Address = Annotated[str, AfterValidator(_address)]
"""One e-mail address."""


def _host(value: str) -> str:
    labels = _punycode(value).split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) and not _is_number(value):
        raise ValueError(f"{quoted(value)} is no host; write its name alone, for example smtp.example.org")
    return value


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _url(value: str) -> str:
    parts = _split(value)
    if parts is None or parts[0] not in ("http", "https") or not parts[1] or re.search(r"[^!-~]", value):
        raise ValueError(f"{quoted(value)} is no web address; write https://...")
    if parts[2]:
        raise ConcealedError(
            "a user or password stands in the web address; a secret never stands in a file of the project"
        )
    return value


def _split(value: str) -> tuple[str, str, bool] | None:
    """Scheme, host and whether a user is named; None where it is no URL."""
    try:
        parts = urlsplit(value)
        return parts.scheme, parts.hostname or "", parts.username is not None or parts.password is not None
    except ValueError:
        return None


def _leave(value: str) -> str:
    if value.startswith("mailto:"):
        _address(value.removeprefix("mailto:").partition("?")[0])
        if re.search(r"[^!-~]|[<>,]", value):
            raise ValueError(f"{quoted(value)} holds a character that no address has")
        return value
    if not value.startswith("https://"):
        raise ValueError(f"{quoted(value)} is no way out; write mailto:ADDRESS or https://...")
    return _url(value)


def _way(value: str) -> str:
    if not value.isprintable():
        raise ValueError(f"{quoted(value)} holds a control character; write a folder, or the URL of one")
    if "://" in value and (parts := _split(value)) is not None and parts[2]:
        raise ConcealedError("a user or password stands in the URL; write them under `options`, by reference")
    return value


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


class Sender(Model):
    """Whom a mail is from."""

    name: Annotated[
        Names | None,
        about(
            "as readers see it; left out: the publisher", examples=[{"en": "Research office", "zh": "研究室"}], bad=[""]
        ),
    ] = None
    email: Annotated[
        Address,
        about("one address", examples=["briefings@example.org"], bad=["briefings", "a@example.org b@example.org"]),
    ]


class ChannelSettings(Model):
    """A way by which editions travel. Its kind says which of the other keys it has."""

    #: What is not said.
    PORTS: ClassVar[dict[str, int]] = {"starttls": 587, "tls": 465, "none": 25}

    kind: Annotated[Kind, about("how editions travel", examples=["mail", "folder"], bad=["fax"])]
    timeout: Annotated[
        Count, about("seconds without an answer after which a try ends", examples=[30], bad=[0], ge=1, le=600)
    ] = 60
    on_ambiguous: Annotated[
        Literal["resend", "park"],
        about(
            "what follows where nobody can know whether it arrived: the same bytes once more, or a person decides",
            examples=["resend", "park"],
            bad=["ignore"],
        ),
    ] = "resend"

    host: Annotated[
        Annotated[Text, AfterValidator(_host)] | None,
        about("mail: the server", examples=["smtp.example.org"], bad=["smtp.example.org:587", "https://example.org"]),
    ] = None
    port: Annotated[
        Count | None,
        about(
            "mail: its port; left out: 587, with tls 465, with none 25", examples=[587], bad=[0, 70000], ge=1, le=65535
        ),
    ] = None
    security: Annotated[
        Literal["starttls", "tls", "none"] | None,
        about(
            "mail: starttls (where it is left out), tls or none; webhook: tls (where it is left out) or none. There is "
            "no fall-back, and certificates are checked",
            examples=["starttls", "tls"],
            bad=["ssl"],
        ),
    ] = None
    certificates: Annotated[
        Text | None,
        about("a file of certificates (PEM) to trust in place of the machine's", examples=["config/ca.pem"], bad=[""]),
    ] = None
    user: Annotated[Text | None, about("mail: who logs in", examples=["briefings"], bad=[""])] = None
    password: Annotated[
        Secret | None, about("mail: where the password is kept", examples=[{"env": "SMTP_PASSWORD"}], bad=["hunter2"])
    ] = None
    sender: Annotated[
        Sender | None,
        about("mail: whom it is from", examples=[{"email": "briefings@example.org"}], bad=[{"name": "Office"}]),
    ] = None
    reply_to: Annotated[
        Address | None,
        about("mail: where answers go; left out: to the sender", examples=["desk@example.org"], bad=["desk"]),
    ] = None
    unsubscribe: Annotated[
        Annotated[Text, AfterValidator(_leave)] | None,
        about(
            "mail: where a reader asks to be left out; left out: a mail to where answers go",
            examples=["mailto:desk@example.org?subject=leave", "https://example.org/leave"],
            bad=["desk", "http://example.org/leave"],
        ),
    ] = None
    largest: Annotated[
        Count,
        about("mail: the largest message, in MB; beyond it files are linked to", examples=[10], bad=[0], ge=1, le=150),
    ] = 20
    link: Annotated[
        Annotated[Text, AfterValidator(_url)] | None,
        about(
            "mail, chat, feed: the web address under which readers find the folders of editions",
            examples=["https://briefings.example.org/editions"],
            bad=["briefings.example.org"],
        ),
    ] = None
    path: Annotated[
        Annotated[Text, AfterValidator(_way)] | None,
        about(
            "folder, feed: a folder, relative to the project, or any URL that fsspec knows; chat: one for pictures of "
            "page one, which readers find under `link`",
            examples=["data/shelf", "s3://bucket/briefings"],
            bad=["", "ftp://user:word@example.org/x"],
        ),
    ] = None
    options: Annotated[
        dict[Text, Secret],
        about(
            "folder, feed, chat: name of an option of fsspec -> where its secret is kept",
            examples=[{"key": {"env": "S3_KEY"}}],
            bad=[{"key": "AKIA"}],
        ),
    ] = Field(default_factory=dict)
    url: Annotated[
        Annotated[Text, AfterValidator(_url)] | None,
        about("webhook: where editions are posted", examples=["https://example.org/hook"], bad=["example.org/hook"]),
    ] = None
    secret: Annotated[
        Secret | None, about("webhook: the key of the signature", examples=[{"env": "HOOK_KEY"}], bad=["hunter2"])
    ] = None
    service: Annotated[
        Secret | None,
        about(
            "chat: the address of the room as apprise writes it, which holds its token",
            examples=[{"env": "CHAT_URL"}],
            bad=["slack://A/B/C"],
        ),
    ] = None
    app: Annotated[
        Text | None,
        about("chat: the id of an app of Feishu or Lark that hands in pictures", examples=["cli_a1"], bad=[""]),
    ] = None
    app_secret: Annotated[
        Secret | None,
        about("chat: where the secret of that app is kept", examples=[{"env": "FEISHU_APP_SECRET"}], bad=["hunter2"]),
    ] = None

    @model_validator(mode="after")
    def _keys_of_its_kind(self) -> ChannelSettings:
        needed, possible = KEYS[self.kind]
        for name in type(self).model_fields:
            if name in self.model_fields_set and name not in (*needed, *possible, *COMMON):
                kinds = " and ".join(kind for kind, keys in KEYS.items() if name in keys[0] + keys[1])
                raise PlacedError(f"{quoted(name)} is for channels of kind {kinds}; delete it", name, of="key")
        for name in needed:
            if getattr(self, name) is None:
                raise ValueError(f"a channel of kind {self.kind} needs the key {quoted(name)}; add it")
        return self

    @model_validator(mode="after")
    def _guarded(self) -> ChannelSettings:
        for one, other in (("user", "password"), ("app", "app_secret")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                lacking, there = (other, one) if getattr(self, other) is None else (one, other)
                raise PlacedError(
                    f"{quoted(there)} stands without {quoted(lacking)}; write both or none", there, of="key"
                )
        if self.kind == "chat" and self.path is not None and self.link is None:
            raise PlacedError("pictures are put there, and no `link` leads to them; add `link:`", "path")
        if self.kind == "mail" and self.security == "none" and self.password is not None:
            raise PlacedError(
                "a password would travel in clear; write starttls or tls, or leave the user out", "security"
            )
        if self.url is not None:
            self._check_url(self.url)
        return self

    def _check_url(self, url: str) -> None:
        """Whoever sends in clear to another machine says so."""
        scheme, host, _ = _split(url) or ("", "", False)
        if self.security == "starttls":
            raise PlacedError("starttls is for mail; write tls or none", "security")
        if scheme == "http" and self.security != "none" and not is_loopback(host):
            raise PlacedError("the edition would travel in clear; write https://, or `security: none` with it", "url")

    def secrets(self) -> dict[tuple[str, ...], Secret]:
        """Its secrets, by the way to them in the file."""
        named: dict[tuple[str, ...], Secret | None] = {
            (name,): getattr(self, name) for name in ("password", "secret", "service", "app_secret")
        }
        named |= {("options", name): secret for name, secret in self.options.items()}
        return {way: secret for way, secret in named.items() if secret is not None}
