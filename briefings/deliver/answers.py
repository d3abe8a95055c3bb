"""What a chat service answered, read from the requests that apprise makes.

In: the requests within a context. Out: a receipt. Apprise itself says only whether a message went out; some services
answer 200 and refuse in the body. What is sent is told next door, in `chat` and `rooms`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from briefings.configuration import Revealed, masked
from briefings.deliver.model import Receipt, asked_to_wait

#: Members of a JSON answer that hold a code; anything but 0 is a refusal (WeCom and DingTalk, Feishu).
CODES = ("errcode", "code", "StatusCode")


@contextmanager
def quiet() -> Iterator[None]:
    """Apprise writes addresses, tokens and all, into its log, and what it posts by writes paths: they are not let."""
    import logging

    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3.connectionpool")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was


Answer = tuple[int, bytes, float | None]


@dataclass
class Seen:
    """The requests of one message: answers (status, body, seconds to wait), and the error that ended them."""

    answers: list[Answer] = field(default_factory=list)
    error: Exception | None = None


_seeing: ContextVar[Seen | None] = ContextVar("seeing", default=None)


@contextmanager
def observed() -> Iterator[Seen]:
    """What is requested within, as requests tells it."""
    _watch()
    seen = Seen()
    token = _seeing.set(seen)
    try:
        with quiet():
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
            wait = asked_to_wait(answer.headers.get("Retry-After", ""), answer.headers.get("Date", ""))
            seen.answers.append((answer.status_code, answer.content[:2_000], wait))
        return answer

    requests.Session.send = send  # type: ignore[method-assign]


def receipt(went: bool, seen: Seen, secrets: tuple[Revealed, ...], named: str) -> Receipt:
    """The first answer is that of the text; where only the picture failed, the message is there."""
    text = seen.answers[0] if seen.answers else None
    if text is None:
        return _unanswered(seen.error, named)
    status, body, wait = text
    reply = masked(f"{status} {' '.join(body.decode('utf-8', 'replace').split())[:200]}", secrets)
    if _taken(text):
        whole = went and seen.error is None and all(_taken(answer) for answer in seen.answers)
        return Receipt("sent", "" if whole else "the text was taken, the picture was not", reply)
    if status in (408, 425, 429) or status >= 500:
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


def taken(seen: Seen) -> bool:
    """Whether the text was taken: what follows it may be handed over."""
    return bool(seen.answers) and seen.error is None and _taken(seen.answers[0])


def _taken(answer: Answer) -> bool:
    status, body, _ = answer
    return 200 <= status < 300 and not _refused_within(body)


def _refused_within(body: bytes) -> bool:
    """Whether an answer of 200 says no all the same."""
    try:
        told = json.loads(body)
    except ValueError:
        return False
    if not isinstance(told, dict):
        return False
    return told.get("ok") is False or any(told.get(name, 0) not in (0, "0", None) for name in CODES)
