"""Numbers of a daemon for Prometheus, over HTTP.

In: a ledger, a clock. Out: a small server that answers each scrape out of the ledger, so that a restart loses nothing.
Labels are ids of themes and names of states: no address, no secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from briefings import __version__
from briefings.errors import LedgerError, RequestError
from briefings.ledger import Ledger, Tally, tally

LOOPBACK = "127.0.0.1"


class Numbers(Collector):
    """The numbers of a ledger, read when they are asked for; `ticked` is when the last tick ended, here."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self.clock = clock
        self.ticked: datetime | None = None

    def collect(self) -> Iterator[Metric]:
        """Every metric. A ledger that cannot be read gives `briefings_ledger_up 0` alone."""
        about = GaugeMetricFamily("briefings_info", "The program.", labels=["version"])
        about.add_metric([__version__], 1)
        yield about
        up = GaugeMetricFamily("briefings_ledger_up", "Whether the ledger can be read.")
        try:
            told, last = tally(self.ledger, self.clock()), self._last_tick()
        except LedgerError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        if last is not None:
            yield _gauge("briefings_last_tick_timestamp_seconds", "When the daemon last looked.", last.timestamp())
        yield from _of_tally(told)

    def _last_tick(self) -> datetime | None:
        if self.ticked is not None:
            return self.ticked
        mark = self.ledger.note("clock")
        return datetime.fromisoformat(mark) if mark else None


def _of_tally(told: Tally) -> Iterator[Metric]:
    standing = GaugeMetricFamily("briefings_deliveries", "Deliveries by their state now.", labels=["theme", "state"])
    for (theme, state), number in sorted(told.standing.items()):
        standing.add_metric([theme, state], number)
    yield standing
    entered = CounterMetricFamily(
        "briefings_deliveries_entered", "How often a delivery came into a state.", labels=["theme", "state"]
    )
    for (theme, state), number in sorted(told.entered.items()):
        entered.add_metric([theme, state], number)
    yield entered
    editions = CounterMetricFamily("briefings_editions_built", "Editions that were built.", labels=["theme"])
    for theme, number in sorted(told.editions.items()):
        editions.add_metric([theme], number)
    yield editions
    overdue = GaugeMetricFamily("briefings_overdue_seconds", "Age of the oldest open release.", labels=["theme"])
    for theme, seconds in sorted(told.overdue.items()):
        overdue.add_metric([theme], seconds)
    yield overdue
    lateness = GaugeMetricFamily("briefings_lateness_seconds", "How late the delivery sent last was.", labels=["theme"])
    for theme, seconds in sorted(told.lateness.items()):
        lateness.add_metric([theme], seconds)
    yield lateness
    yield _gauge("briefings_notices_open", "What owners heard of and is not mended.", told.notices)


def _gauge(name: str, help_text: str, value: float) -> Metric:
    found = GaugeMetricFamily(name, help_text)
    found.add_metric([], value)
    return found


def address(text: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`, or of a port alone, which is bound to loopback. Raises `RequestError`."""
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise RequestError(f"--metrics {text!r}: write a port, or HOST:PORT, for example 9188 or 127.0.0.1:9188")
    return host.strip("[]") or LOOPBACK, int(port)


def written(host: str, port: int) -> str:
    """`HOST:PORT` as it stands in a URL: an address of IPv6 in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


@contextmanager
def serving(text: str, numbers: Numbers) -> Iterator[str]:
    """Answer at an address as long as the block lasts; gives the address. Raises `RequestError` where it is taken."""
    host, port = address(text)
    registry = CollectorRegistry()
    registry.register(numbers)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        raise RequestError(f"--metrics {text}: {error.strerror}; name another address") from error
    try:
        yield written(host, server.server_port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
