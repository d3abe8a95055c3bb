"""What a daemon lives through: a ledger that cannot be written, a clock that cannot be right, and what nobody
foresaw.

In: a tick. Out: the same tick, that ends no daemon where it fails so: the disk gets room again, the database comes
back. Such a failure cannot be entered in the ledger, so it is remembered here, and the owner is told straight: once,
and once more when it is over. What fails at the first tick ends the program, with its message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from briefings.deliver import Channel, open_channel
from briefings.deliver.notices import Notice, tell
from briefings.errors import reason_of
from briefings.settings import Settings

TO_DO = "Do what the message says; the daemon goes on by itself then, and whatever became due is caught up with."


@dataclass
class Outage:
    """Guards the ticks of a daemon. `say` hears each step, `settings` says who the owner is."""

    settings: Callable[[], Settings]
    environ: Mapping[str, str]
    clock: Callable[[], datetime]
    say: Callable[[str], None]
    opener: Callable[[Settings, str, Mapping[str, str]], Channel] = open_channel
    _what: str = field(default="", init=False)
    _since: datetime | None = field(default=None, init=False)
    _begun: bool = field(default=False, init=False)

    def guarded(self, tick: Callable[[], None]) -> None:
        """One tick. Raises what it raises only where no tick succeeded yet."""
        try:
            tick()
        except Exception as error:  # whatever it is: a daemon that ends and begins anew meets it again
            if not self._begun:
                raise
            if self._since is None:
                self._since, self._what = self.clock(), reason_of(error)
                self.say(f"{self._what}\nNothing is done until this is mended; the daemon goes on looking.")
                self._tell(mended=False)
            return
        self._begun = True
        if self._since is not None:
            self.say("Mended; the daemon goes on.")
            self._tell(mended=True)
            self._since = None

    def _tell(self, *, mended: bool) -> None:
        since = self._since or self.clock()
        key = f"outage:{since.isoformat()}"
        notice = Notice(key, self._what, since, "Nothing is done.", "" if mended else TO_DO, mended)
        try:
            receipt = tell(self.settings(), notice, self.environ, open_channel=self.opener, now=self.clock)
        except Exception as error:
            self.say(f"the owner could not be told: {reason_of(error)}")
            return
        if receipt.outcome in ("failed", "refused"):
            self.say(f"the owner was not told: {receipt.reason}")
