"""Tracebacks of errors that cost one edition, source or row alone: shown with `-v -v`, and kept in a JSON log.

In: what the package logs at debug. Out: messages of the session.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from briefings.cli.session import Session


class Traces(logging.Handler):
    """Hands what is logged to a session."""

    def __init__(self, session: Session) -> None:
        super().__init__(logging.DEBUG)
        self._session = session

    def emit(self, record: logging.LogRecord) -> None:
        self._session.say(self.format(record), level="debug", event="traceback")


@contextmanager
def traced(session: Session) -> Iterator[None]:
    """Within, the session tells tracebacks."""
    logger, handler = logging.getLogger("briefings"), Traces(session)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
