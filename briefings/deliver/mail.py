"""Mail: one message a recipient, with a plain text that stands alone, HTML, charts by content id, and files.

In: a delivery. Out: the bytes of its message, the same at every try, and a receipt. The connection is next door, in
`smtp`; what the texts say, in `content`.
"""

from __future__ import annotations

import hashlib
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from briefings.configuration import ChannelSettings
from briefings.deliver.content import FILES, Content, content
from briefings.deliver.model import Delivery, Note, Receipt
from briefings.deliver.opening import Opening
from briefings.deliver.smtp import MailConnection, Server
from briefings.errors import DeliveryError, RequestError

MEGABYTE = 1_000_000
#: Characters of a subject.
LONGEST_SUBJECT = 150
#: Bytes of bodies that are kept for the next reader of the same edition.
MOST_KEPT = 32 * MEGABYTE
#: Lines that any server takes, whatever it says of 8-bit text; headers of one word are never broken.
POLICY = SMTP.clone(cte_type="7bit")


class Mail:
    """The channel of kind mail."""

    kind = "mail"

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._settings = opening.channel
        self.on_ambiguous = self._settings.on_ambiguous
        self._connection = MailConnection(_server(self._settings, opening))
        self._bodies: dict[tuple[object, ...], bytes] = {}
        self._contents: dict[tuple[object, ...], Content] = {}

    def freeze(self, delivery: Delivery) -> bytes:
        """The message: whole where it fits, else with links in place of files. Raises `DeliveryError` otherwise."""
        told = self._content(delivery)
        recipient = self._opening.recipient(delivery.recipient)
        pictures = tuple(chart.name for chart in told.charts)
        names = told.files(recipient.formats)
        printed = tuple(name for name in names if name == FILES["pdf"][0])
        size = 0
        # Of what is too large, data goes first, then pictures, then the PDF.
        for files, shown in ((names, pictures), (printed, pictures), (printed, ()), ((), ())):
            linked = files != names
            if linked and self._settings.link is None:
                continue
            message = self._message(delivery, told, files, shown, linked=linked)
            if len(message) <= self._settings.largest * MEGABYTE:
                return message
            size = size or len(message)
        raise DeliveryError(
            f"the mail has {size / MEGABYTE:.1f} MB, {self._settings.largest} MB are allowed; "
            "raise `largest` of the channel, or give it a `link:` under which readers find editions"
        )

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        try:
            to = self._address(delivery.recipient)
        except DeliveryError as error:
            return Receipt("refused", str(error))
        return self._connection.hand_over(self._sender, to, delivery.payload, handing_over)

    def note(self, recipient: str, note: Note) -> Receipt:
        """Send a text of its own: a notice to an owner, or a test."""
        language = self._opening.recipient(recipient).languages[0]
        message = EmailMessage(POLICY)
        self._head(message, recipient, note.key, note.dated)
        self._head_for_all(message, language, note.subject)
        message.set_content(note.text)
        return self._connection.hand_over(self._sender, self._address(recipient), message.as_bytes(), lambda: None)

    def close(self) -> None:
        self._connection.close()

    def _content(self, delivery: Delivery) -> Content:
        """What is told to every reader alike: read from the archive once for all of a batch."""
        due = delivery.due if delivery.late else None
        said = (delivery.edition, delivery.folder, delivery.language, delivery.corrects, delivery.partial, due)
        if said not in self._contents:
            self._contents = {said: content(delivery)}
        return self._contents[said]

    def _message(
        self, delivery: Delivery, told: Content, files: Sequence[str], pictures: Sequence[str], *, linked: bool
    ) -> bytes:
        """The headers of one reader, and the body that all readers of the edition share."""
        heading = EmailMessage(POLICY)
        self._head(heading, delivery.recipient, delivery.message_id, delivery.dated)
        said = (told.edition.id, told.subject, told.remarks, tuple(files), tuple(pictures), linked)
        if said not in self._bodies:
            if sum(map(len, self._bodies.values())) > MOST_KEPT:
                self._bodies.clear()
            self._bodies[said] = self._body(told, files, pictures, linked=linked)
        return heading.as_bytes().removesuffix(b"\r\n") + self._bodies[said]

    def _body(self, told: Content, files: Sequence[str], pictures: Sequence[str], *, linked: bool) -> bytes:
        """All that is not of one reader: headers, plain text, HTML with its charts, files."""
        message = EmailMessage(POLICY)
        self._head_for_all(message, told.delivery.language, told.subject)
        message["List-Id"] = f"<{told.edition.key.theme}.{self._domain}>"
        digest = hashlib.sha256(f"{told.edition.id}\n{told.edition.content}".encode()).hexdigest()[:32]
        link = told.words.linked.format(url=self._link(told)) if linked else ""
        attached = bool(set(files) & {FILES[word][0] for word in ("pdf", "html", "docx")})
        message.set_content(told.text(link, attached=attached))
        charts = [chart for chart in told.charts if chart.name in pictures]
        cids = [f"{number}.{digest}@{self._domain}" for number, _ in enumerate(charts, 1)]
        message.add_alternative(told.html(charts, cids, link, attached=attached), subtype="html")
        page = message.get_payload()[1]  # type: ignore[index]
        if not isinstance(page, EmailMessage):
            raise TypeError(type(page).__name__)
        for number, (chart, cid) in enumerate(zip(charts, cids, strict=True), 1):
            page.add_related(
                told.read(chart.name), "image", "png", cid=f"<{cid}>", filename=f"{number}.png", disposition="inline"
            )
        if charts:
            page.set_param("type", "text/html")  # RFC 2387: what the related parts belong to
        types = dict(FILES.values())
        for name in files:
            kind, _, subkind = types[name].partition("/")
            message.add_attachment(told.read(name), kind, subkind, filename=told.file_name(name))
        language = told.delivery.language
        message["Content-Language"] = "zh-CN" if language == "zh" else language
        _bound(message, digest)
        return message.as_bytes()

    def _head(self, message: EmailMessage, recipient: str, key: str, dated: datetime) -> None:
        """The headers of one reader alone, the same whenever they are made."""
        to = self._opening.recipient(recipient)
        message["Message-ID"] = f"<{key[:32]}@{self._domain}>"
        message["Date"] = format_datetime(dated)
        message["To"] = Address(_display(to.name), addr_spec=self._address(recipient))
        message["List-Unsubscribe"] = f"<{self._leave(recipient)}>"

    def _head_for_all(self, message: EmailMessage, language: str, subject: str) -> None:
        """The headers that are the same for every reader."""
        message["From"] = Address(self._name(language), addr_spec=self._sender)
        message["Reply-To"] = self._answers
        message["Subject"] = _subject(subject)
        message["Auto-Submitted"] = "auto-generated"

    def _address(self, recipient: str) -> str:
        email = self._opening.recipient(recipient).email
        if email is None:
            raise DeliveryError(f"{recipient!r} has no address; add `email: ADDRESS`")
        return email

    def _name(self, language: str) -> str:
        sender = self._settings.sender
        own = sender.name if sender is not None else None
        return _display((own or self._opening.project.publisher).either(language))

    @property
    def _sender(self) -> str:
        if self._settings.sender is None:
            raise RequestError(f"the channel {self._opening.name!r} has no sender; add `sender: {{email: ADDRESS}}`")
        return self._settings.sender.email

    @property
    def _domain(self) -> str:
        return self._sender.partition("@")[2]

    @property
    def _answers(self) -> str:
        return self._settings.reply_to or self._sender

    def _leave(self, recipient: str) -> str:
        return self._settings.unsubscribe or f"mailto:{self._answers}?subject={quote(f'leave {recipient}')}"

    def _link(self, told: Content) -> str:
        return f"{(self._settings.link or '').rstrip('/')}/{quote(told.edition.id)}/briefing.html"


def _server(settings: ChannelSettings, opening: Opening) -> Server:
    security = settings.security or "starttls"
    return Server(
        host=settings.host or "",
        port=settings.port or settings.PORTS[security],
        security=security,
        timeout=settings.timeout,
        trust=trust(settings.certificates, opening.root),
        user=settings.user,
        password=opening.secrets.get(("password",)),
    )


def trust(certificates: str | None, root: Path) -> ssl.SSLContext:
    """Whom to trust: the machine's certificates, or those of a file. Raises `RequestError` where that is none."""
    try:
        context = ssl.create_default_context(cafile=str(root / certificates) if certificates else None)
    except (OSError, ssl.SSLError) as error:
        told = error.strerror or str(error)
        raise RequestError(f"{certificates}: {told}; name a file of certificates in PEM") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _bound(message: EmailMessage, digest: str) -> None:
    """Boundaries that are the same whenever the message is made."""
    parts: Mapping[int, EmailMessage] = dict(enumerate(p for p in message.walk() if p.is_multipart()))
    for number, part in parts.items():
        part.set_boundary(f"={number}={digest}=")


#: What ends or parts addresses in a header where it stands outside of quotation marks (RFC 5322, 3.2.3).
_SPECIALS = re.compile(r"""[()<>\[\]:;@\\,".=?]+""")
#: Characters of a quoted name that stand on one line.
_ON_ONE_LINE = 60


def _display(name: str) -> str:
    """A name as it stands beside its address. Python's `email` folds a long one without its quotation marks, so that a
    comma in it would begin another address: such a name goes without signs that mean something there."""
    name = _valid(" ".join(name.split()))
    if len(name) <= _ON_ONE_LINE:
        return name
    return " ".join(_SPECIALS.sub(" ", name).split())


def _subject(text: str) -> str:
    """A subject on one line, shortened where it is longer than any list of mails shows, before a word."""
    line = _valid(" ".join(text.split()))
    if len(line) <= LONGEST_SUBJECT:
        return line
    kept, _, word = line[: LONGEST_SUBJECT - 2].rpartition(" ")
    whole = kept if len(word) < _LONGEST_WORD and kept else line[: LONGEST_SUBJECT - 3]
    return whole.rstrip() + ("..." if line.isascii() else "…")


#: Letters of a word that is left out rather than cut.
_LONGEST_WORD = 20


def _valid(text: str) -> str:
    """A text without lone surrogates, which no mail can hold."""
    return text.encode("utf-8", "replace").decode()
