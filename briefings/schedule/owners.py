"""Owners hear of what is held or failed, once, and when it is mended.

In: what happened, under a key. Out: notices in the ledger, and messages to the owner. How a notice reads is said in
`deliver.notices`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from briefings.deliver import Channel
from briefings.deliver.notices import Notice, tell
from briefings.errors import BriefingsError
from briefings.ledger import Ledger
from briefings.settings import Settings

from .events import Event

#: Keys of notices that ask for approval begin so.
APPROVAL = "approval:"


@dataclass
class Owners:
    """Enters notices and sends them. Whether one was told before is known to the ledger."""

    settings: Settings
    ledger: Ledger
    environ: Mapping[str, str]
    opener: Callable[[Settings, str, Mapping[str, str]], Channel]
    clock: Callable[[], datetime]
    _open: set[str] | None = field(default=None, init=False)

    def hear(self, key: str, theme: str, what: str, done: str, to_do: str) -> None:
        """The owner of a theme is to hear of something; once, however often it is said."""
        if key not in self._known():
            self.ledger.notify(key, theme, what, done, to_do, self.clock())
            self._known().add(key)

    def ask(self, theme: str, edition: str, why: str = "") -> None:
        """The owner hears that an edition awaits approval."""
        pdf = self.settings.workspace.editions / edition / "briefing.pdf"
        todo = f"Read it ({pdf}), then run `briefings approve {edition}` or `briefings reject {edition} --reason WHY`."
        self.hear(f"{APPROVAL}{edition}", theme, f"{edition} awaits approval{why}", "", todo)

    def mended(self, key: str) -> None:
        """What the owner heard of is mended; nothing where there was nothing."""
        if key in self._known():
            self.ledger.mend(key, self.clock())
            self._known().discard(key)

    def mended_all(self, begin: str) -> None:
        """All that the owners heard of under keys that begin so is mended."""
        for key in [key for key in self._known() if key.startswith(begin)]:
            self.mended(key)

    def tell(self, messages: list[str]) -> None:
        """Send what is not told yet; what cannot be sent is tried again at the next tick."""
        for found in self.ledger.notices_untold():
            mended = found.mended_at is not None
            asked = found.key.startswith(APPROVAL)
            notice = Notice(
                key=found.key,
                what=self._decided(found.key.removeprefix(APPROVAL)) if asked and mended else found.what,
                since=found.since,
                done=found.done,
                to_do="" if mended else found.to_do,
                mended=mended,
                theme=found.theme,
                asked=asked,
            )
            try:
                receipt = tell(self.settings, notice, self.environ, open_channel=self.opener, now=self.clock)
            except BriefingsError as error:
                messages.append(_untold(found.theme, f"could not be told: {error}"))
                continue
            if receipt.outcome != "failed":
                self.ledger.told(found.key, self.clock(), mended=mended)
            if receipt.outcome in ("failed", "refused"):
                messages.append(_untold(found.theme, f"was not told: {receipt.reason}"))

    def _decided(self, edition: str) -> str:
        """What a person decided on an edition, or that a later revision is asked about instead."""
        events = [event for row in self.ledger.of_edition(edition) for event in self.ledger.events_of(row.id)]
        decided = [(at, reason) for at, before, _, reason in events if before == "awaiting approval"]
        return f"{edition} was {max(decided)[1]}" if decided else f"{edition} awaits approval no more"

    def _known(self) -> set[str]:
        if self._open is None:
            self._open = {found.key for found in self.ledger.notices_open()}
        return self._open


def _untold(theme: str, what: str) -> Event:
    return Event(f"the owner of {theme} {what}", "owner not told", theme=theme)
