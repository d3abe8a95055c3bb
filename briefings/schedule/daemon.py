"""The clock around the desk: APScheduler, in memory, one tick.

In: a tick, how often it comes. Out: ticks until it is asked to stop. Nothing is kept in the scheduler: what is due is
computed at each tick, so that a tick that was missed costs nothing but time. Where the machine's clock is set back the
scheduler is silent until the old time comes again; the wait for it ends by itself.
"""

from __future__ import annotations

import queue
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

#: Seconds that the scheduler may be late before the wait for it ends.
GRACE = 1.0


class Stop:
    """Asked for by SIGTERM and SIGINT: what is under way is finished, nothing new is begun.

    A signal is answered between any two steps of the main thread, also between those of a wait: an event has a lock
    that its own setter would wait for then, for ever. `SimpleQueue.put` may be called anywhere.
    """

    def __init__(self) -> None:
        self._asked = False
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()

    def __call__(self) -> bool:
        """Whether it was asked for."""
        return self._asked

    def listen(self) -> None:
        """Listen to both signals; only the main thread may."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.ask()

    def ask(self) -> None:
        """Ask for it."""
        self._asked = True
        self._wake.put(None)

    def wake(self) -> None:
        """End a wait."""
        self._wake.put(None)

    def wait(self, seconds: float) -> None:
        """Wait until woken, by the clock or by a signal; at most so many seconds, whatever the clock says. However
        often it was woken meanwhile, it has waited once."""
        with suppress(queue.Empty):
            self._wake.get(timeout=seconds)
            while True:
                self._wake.get_nowait()


def run(tick: Callable[[], None], *, seconds: float, stop: Stop) -> None:
    """Call `tick` now and every so many seconds, one at a time, until asked to stop. What a tick raises ends it."""
    clock = BackgroundScheduler(timezone=UTC, daemon=True)
    clock.add_job(stop.wake, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True, max_instances=1)
    clock.start()
    try:
        while not stop():
            tick()
            stop.wait(seconds + GRACE)
    finally:
        clock.shutdown(wait=False)
