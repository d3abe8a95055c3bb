"""Webhooks: an edition posted as signed JSON, with an idempotency key.

In: a delivery. Out: one POST. It is signed as Standard Webhooks has it (`webhook-id`, `webhook-timestamp`,
`webhook-signature: v1,` and HMAC-SHA256 of `id.timestamp.body` in Base64), so that receivers have libraries to check
it. The body is frozen; only the timestamp is of the try. Redirects are not followed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from briefings.configuration import Revealed, masked
from briefings.deliver.content import FILES, content
from briefings.deliver.folder import about, frozen
from briefings.deliver.mail import trust
from briefings.deliver.model import Delivery, Note, Receipt, asked_to_wait
from briefings.deliver.opening import Opening
from briefings.errors import RequestError
from briefings.faults import fault_point

#: Bytes of an answer that are read: it is for a person.
LONGEST_ANSWER = 2_000
#: Answers after which the same request may be taken later (RFC 9110, RFC 8470, RFC 6585), beside all of 5xx.
LATER = frozenset({408, 425, 429})


class Webhook:
    """The channel of kind webhook."""

    kind = "webhook"

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.on_ambiguous = opening.channel.on_ambiguous
        parts = urlsplit(opening.channel.url or "")
        self._host, self._port = parts.hostname or "", parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        signing_key(self._secret)  # a secret that cannot be used is told now
        self._trust = trust(opening.channel.certificates, opening.root) if parts.scheme == "https" else None

    def freeze(self, delivery: Delivery) -> bytes:
        """The body: what the edition is and says, and the files that the recipient asked for, in Base64."""
        told = content(delivery)
        types = dict(FILES.values())
        files = []
        for name in told.files(self._opening.recipient(delivery.recipient).formats):
            data = told.read(name)
            files.append(
                {
                    "name": name,
                    "type": types[name],
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "base64": base64.b64encode(data).decode(),
                }
            )
        said = {"remarks": list(told.remarks), "summary": told.summary, "findings": list(told.findings)}
        return frozen({"type": "edition", **about(told), **said, "files": files})

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        return self._post(delivery.key, delivery.payload, handing_over, again=delivery.again)

    def note(self, recipient: str, note: Note) -> Receipt:
        """A text of type `note`."""
        told: dict[str, Any] = {"type": "note", "version": 1, "key": note.key, "recipient": recipient}
        told |= {"title": note.subject, "text": note.text, "dated": note.dated.isoformat()}
        return self._post(note.key, frozen(told), lambda: None, again=False)

    def close(self) -> None:
        """Nothing is kept open."""

    def _post(self, key: str, body: bytes, handing_over: Callable[[], None], *, again: bool) -> Receipt:
        """One request a connection: a kept one may end just when the next request is on its way."""
        fault_point("webhook.connect")
        connection = self._connection()
        try:
            try:
                connection.connect()
            except OSError as error:
                return Receipt("failed", self._why_not_connected(error))
            headers = self._headers(key, body)
            handing_over()
            try:
                fault_point("webhook.before_request")
                connection.request("POST", self._path, body, headers)
                answer = connection.getresponse()
                told = answer.read(LONGEST_ANSWER)
                fault_point("webhook.after_request")
            except (OSError, http.client.HTTPException) as error:
                why = self._told(error)
                return Receipt("ambiguous", f"{self._host} ended the connection before it answered: {why}")
        finally:
            connection.close()
        wait = asked_to_wait(answer.getheader("retry-after") or "", answer.getheader("date") or "")
        return self._receipt(answer.status, wait, told, again=again)

    def _connection(self) -> http.client.HTTPConnection:
        timeout = self._opening.channel.timeout
        if self._trust is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        return http.client.HTTPSConnection(self._host, self._port, timeout=timeout, context=self._trust)

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        stamp = str(int(self._opening.now().timestamp()))
        signed = f"{key}.{stamp}.".encode() + body
        signature = hmac.new(signing_key(self._secret), signed, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "briefings",
            "Idempotency-Key": key,
            "webhook-id": key,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
        }

    def _receipt(self, status: int, wait: float | None, told: bytes, *, again: bool) -> Receipt:
        """2xx is taken, so is 409 (there already) of what was sent again; 5xx and a few others may be tried later."""
        text = " ".join(told.decode("utf-8", "replace").split())[:200]
        reply = masked(f"{status} {http.client.responses.get(status, '')} {text}".strip(), (self._secret,))
        if 200 <= status < 300 or (again and status == 409):
            return Receipt("sent", reply=reply)
        if status in LATER or status >= 500:
            return Receipt("failed", f"{self._host} does not take it now: {reply}", reply, wait)
        return Receipt("refused", f"{self._host} refuses it for good: {reply}", reply)

    @property
    def _secret(self) -> Revealed:
        return self._opening.secrets[("secret",)]

    def _why_not_connected(self, error: OSError) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"the certificate of {self._host} is not to be trusted ({error.verify_message}); nothing was sent"
        return f"{self._host} cannot be reached: {self._told(error)}"

    def _told(self, error: Exception) -> str:
        if isinstance(error, TimeoutError):
            return f"no answer within {self._opening.channel.timeout} seconds"
        return masked(getattr(error, "strerror", None) or str(error) or type(error).__name__, (self._secret,))


def signing_key(secret: Revealed) -> bytes:
    """The key: what follows `whsec_` in Base64, as Standard Webhooks writes it; another text as it stands.

    Raises `RequestError` for a secret that begins so and is no Base64.
    """
    text = secret.expose()
    if not text.startswith("whsec_"):
        return text.encode()
    try:
        return base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except ValueError:
        raise RequestError(
            "the secret of the webhook begins with whsec_, and no Base64 follows; copy it again"
        ) from None
