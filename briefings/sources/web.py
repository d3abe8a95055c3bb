"""A request to a web service to the bytes of its answer, page by page.

In: a `Request`, the project's folder, the environment that holds its secrets. Out: `Answers`. A service may be slow,
silent, endless, broken or hostile: there is one deadline for all of it, a limit on what is taken, whether compressed or
not; redirections are followed by hand, so that each address is looked at before it is asked; a service that is busy is
asked again, and that is noted. What answers with anything but 200 told nothing. What the bytes mean is decided in the
readers; no error shows a secret.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urljoin, urlsplit

from briefings.configuration import Pages, Request, Revealed, masked
from briefings.errors import SourceError

from .json_rows import at, decoded, rows_at

if TYPE_CHECKING:
    import requests

LARGEST = 256 * 2**20  # bytes of all pages, decompressed
PIECE = 2**16
TRIES = 3
FIRST_WAIT = 1.0  # seconds before the second try; four times as long before each further one
LONGEST_WAIT = 60.0  # what a service may ask for
MOST_REDIRECTIONS = 5
TIMEOUT = (10.0, 30.0)  # seconds to connect, and between two bytes
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
AGENT = "briefings (periodic statistical briefings)"
ACCEPT = {
    "csv": "text/csv, */*;q=0.1",
    "sdmx-csv": "application/vnd.sdmx.data+csv;version=1.0.0, application/vnd.sdmx.data+csv;q=0.9, text/csv;q=0.5",
    "json": "application/json, */*;q=0.1",
}
#: Media type of an answer -> the ending of a file with it (IANA; SDMX 3.0, section 7).
MEDIA = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "application/vnd.sdmx.data+csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.apache.parquet": ".parquet",
    "application/json": ".json",
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/plain": ".txt",
}


@dataclass(frozen=True)
class Page:
    """One answer: what messages call it (its address, without secrets), the ending of a file with these bytes, the
    bytes, and what has to be known besides to understand them."""

    shown: str
    suffix: str
    content: bytes
    dialect: dict[str, Any]


@dataclass(frozen=True)
class Answers:
    """All pages in order, and what a person should know of how they were had."""

    pages: tuple[Page, ...]
    remarks: tuple[str, ...] = ()


def fetch(
    request: Request,
    root: Path,
    environ: Mapping[str, str],
    *,
    pause: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Answers:
    """What the service answers, all pages or none. `clock` counts seconds, `pause` waits for some.

    Raises `SourceError` where it cannot be reached, answers with anything but 200, is too slow, says too much, or leads
    to where nobody should go.
    """
    try:
        headers = {name: secret.reveal(environ, root) for name, secret in request.secret_headers.items()}
        parameters = {name: secret.reveal(environ, root) for name, secret in request.secret_parameters.items()}
    except LookupError as error:
        raise SourceError(f"{request.url}: {error}.") from None
    client = _Client(request, headers, parameters, pause, clock)
    with client.session:
        pages = tuple(client.pages())
    return Answers(pages, tuple(client.remarks))


class _BusyError(Exception):
    """The service may answer later; `wait` is how many seconds it asks for, if it says."""

    def __init__(self, what: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(what)


@dataclass
class _Client:
    """One reading of a service: its secrets, its deadline, what it said so far."""

    request: Request
    secret_headers: Mapping[str, Revealed]
    secret_parameters: Mapping[str, Revealed]
    pause: Callable[[float], None]
    clock: Callable[[], float]
    taken: int = 0
    remarks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        import requests

        self.session: requests.Session = requests.Session()
        self.session.headers["User-Agent"] = AGENT
        self.until = self.clock() + self.request.seconds

    def pages(self) -> Iterator[Page]:
        """The answer, or all of its pages."""
        pages = self.request.pages
        if pages is None:
            yield self._page(self.request.url, self.request.parameters)
        elif pages.next is not None:
            yield from self._linked(pages.next, pages.most)
        else:
            yield from self._counted(pages)

    def _linked(self, pointer: str, most: int) -> Iterator[Page]:
        """Each page says where the next one is."""
        address, parameters = self.request.url, self.request.parameters
        seen: set[str] = set()
        while True:
            if address in seen:
                raise SourceError(f"{self._shown(address)}: this page was there before; the service leads in a circle.")
            if len(seen) == most:
                raise SourceError(f"{self._shown(address)}: more than {most} pages; ask for less, or raise `most`.")
            seen.add(address)
            page = self._page(address, parameters)
            yield page
            following = at(decoded(page.content, page.shown), pointer)
            if not isinstance(following, str) or not following:
                return
            address, parameters = urljoin(address, following), {}

    def _counted(self, pages: Pages) -> Iterator[Page]:
        """A parameter counts pages or rows; the first page without rows is behind the last."""
        for number in range(pages.most + 1):
            count = str(pages.first + number * pages.step)
            page = self._page(self.request.url, {**self.request.parameters, pages.parameter or "": count})
            if not rows_at(decoded(page.content, page.shown), self.request.rows, page.shown) and number:
                return
            if number == pages.most:
                raise SourceError(f"{page.shown}: more than {pages.most} pages; ask for less, or raise `most`.")
            yield page

    def _page(self, address: str, parameters: Mapping[str, str]) -> Page:
        """One page, after as many tries as it takes; what went wrong before is noted."""
        shown = self._shown(address, parameters)
        wait = FIRST_WAIT
        for attempt in range(1, TRIES + 1):
            try:
                media, content = self._asked(address, parameters, shown)
            except _BusyError as busy:
                if attempt == TRIES:
                    raise SourceError(f"{shown}: {busy}, {TRIES} times; try again later.") from None
                pause = min(wait if busy.wait is None else busy.wait, LONGEST_WAIT)
                if self.clock() + pause > self.until:
                    raise SourceError(f"{shown}: {busy}, and there is no time to ask again; {self._slow()}") from None
                self.remarks.append(f"{shown}: {busy}; asked again after {pause:g} s")
                self.pause(pause)
                wait *= 4
            else:
                suffix = self.request.ending or MEDIA.get(media, "")
                if not suffix:
                    what = f"the answer is {media or 'of no type that it tells'}"
                    raise SourceError(f"{shown}: {what}; say what it is by `format`.")
                return Page(shown, suffix, content, {"address": shown, "rows": self.request.rows})
        raise AssertionError("a try ends in a page or in an error")

    def _asked(self, address: str, parameters: Mapping[str, str], shown: str) -> tuple[str, bytes]:
        """The media type and the bytes of one answer, wherever it was redirected to."""
        import requests

        secrets: Mapping[str, Revealed] = self.secret_headers
        given = {**parameters, **{name: secret.expose() for name, secret in self.secret_parameters.items()}}
        host = urlsplit(address).netloc
        for _ in range(MOST_REDIRECTIONS + 1):
            self._allowed(address, shown)
            if urlsplit(address).netloc != host:  # a secret is for the service that was named
                secrets = {}
            try:
                with self.session.get(
                    address,
                    params=given,
                    headers=self._headers(secrets),
                    stream=True,
                    allow_redirects=False,
                    timeout=TIMEOUT,
                ) as response:
                    if response.is_redirect or response.is_permanent_redirect:
                        address, given = urljoin(response.url, response.headers["Location"]), {}
                        continue
                    return _media(response), self._body(response, shown)
            except requests.RequestException as error:
                raise _BusyError(f"the service cannot be reached ({_named(error)})") from None
        raise SourceError(f"{shown}: more than {MOST_REDIRECTIONS} redirections; correct the address.")

    def _headers(self, secrets: Mapping[str, Revealed]) -> dict[str, str]:
        accept = ACCEPT.get(self.request.format or "")
        told = {**({"Accept": accept} if accept else {}), **self.request.headers}
        return told | {name: secret.expose() for name, secret in secrets.items()}

    def _allowed(self, address: str, shown: str) -> None:
        """That an address may be asked. What a host is called now may be called otherwise when it is asked: whoever
        rules its names could still lead into one's own network, but never to a service that speaks HTTPS as it."""
        import requests

        parts = urlsplit(address)
        host = parts.hostname or ""
        where = f"{shown}: it leads to {masked(address, self._secrets)}" if shown != address else shown
        if self.request.internal and parts.scheme in ("http", "https"):
            return
        if parts.scheme != "https":
            raise SourceError(f"{where}, which is no https; a service in one's own network needs `internal: true`.")
        proxied = requests.utils.select_proxy(address, requests.utils.get_environ_proxies(address, no_proxy=None))
        try:
            found = socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)
        except OSError as error:
            if proxied:  # behind a proxy, which alone knows the names outside
                return
            raise _BusyError(f"{host} has no address ({error.strerror or error})") from None
        for address_ in sorted({str(entry[4][0]).partition("%")[0] for entry in found}):
            if not ipaddress.ip_address(address_).is_global:
                what = f"{host} is {address_}, an address of one's own network"
                raise SourceError(f"{shown}: {what}; if that is meant, write `internal: true`.")

    def _body(self, response: requests.Response, shown: str) -> bytes:
        """The bytes of an answer of 200, decompressed, as long as there is time and room."""
        from urllib3.exceptions import HTTPError

        told = f"{response.status_code} {response.reason or ''}".strip()
        if response.status_code in BUSY:
            raise _BusyError(f"the service answers {told}", _asked_for(response))
        if response.status_code != 200:
            raise SourceError(f"{shown}: the service answers {told}, not 200; {_advice(response.status_code)}.")
        pieces: list[bytes] = []
        try:
            while piece := response.raw.read1(PIECE, decode_content=True):
                pieces.append(piece)
                self.taken += len(piece)
                if self.taken > LARGEST:
                    raise SourceError(f"{shown}: the answer is larger than {LARGEST // 2**20} MB; ask for less.")
                if self.clock() > self.until:
                    raise SourceError(f"{shown}: {self._slow()}")
        except (HTTPError, OSError) as error:
            raise _BusyError(f"the answer breaks off after {sum(map(len, pieces)):,} bytes ({_named(error)})") from None
        content = b"".join(pieces)
        if not content or content.isspace():
            raise SourceError(f"{shown}: the answer is empty.")
        return content

    def _slow(self) -> str:
        return f"the service takes more than {self.request.seconds} s; ask for less, or raise `seconds`."

    def _shown(self, address: str, parameters: Mapping[str, str] | None = None) -> str:
        """An address as messages show it, without secrets."""
        told = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in (parameters or {}).items())
        join = "&" if urlsplit(address).query else "?"
        return masked(f"{address}{join}{told}" if told else address, self._secrets)

    @property
    def _secrets(self) -> tuple[Revealed, ...]:
        """The secrets, as they are and as an address holds them."""
        given = (*self.secret_headers.values(), *self.secret_parameters.values())
        ways = {
            way for secret in given for way in (secret.expose(), quote(secret.expose()), quote_plus(secret.expose()))
        }
        return tuple(Revealed(way) for way in sorted(ways, key=len, reverse=True))


def _media(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _asked_for(response: requests.Response) -> float | None:
    """The seconds that a service asks to be left alone for; a date is not understood (RFC 9110, 10.2.3)."""
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else None


def _advice(status: int) -> str:
    if status in (401, 403):
        return "look at its secrets, and whether they are still good"
    if status in (404, 410):
        return "correct the address"
    return "correct the request, or ask the service what it wants"


def _named(error: BaseException) -> str:
    """What went wrong, without an address that may hold secrets."""
    cause: Any = error.args[0] if error.args else None
    return type(getattr(cause, "reason", None) or error).__name__
