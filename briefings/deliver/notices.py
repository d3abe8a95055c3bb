"""Notices: one page of text to the owner of a theme, that something is held or failed, and that it is mended.

In: a notice. Out: a receipt. Whether it was told before is known to the ledger; here it is put into words and
sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from briefings.deliver.model import Channel, Note, Receipt
from briefings.deliver.opening import Clock
from briefings.deliver.readers import owner_of
from briefings.settings import Settings

Opener = Callable[[Settings, str, Mapping[str, str]], Channel]


@dataclass(frozen=True)
class Notice:
    """What an owner hears: what happened, since when (aware), what the program did, what a person can do. Where a
    person was `asked` to decide, what was decided is not mended but settled."""

    key: str
    what: str
    since: datetime
    done: str
    to_do: str
    mended: bool = False
    theme: str = ""
    asked: bool = False


SETTLED = {"en": "Settled: ", "zh": "已办结："}
LABELS = {
    "en": ("Needs you: ", "Mended: ", "What", "Since", "Done so far", "To do", "Theme"),
    "zh": ("待处理：", "已恢复：", "情况", "开始时间", "已采取的措施", "需要您做的", "主题"),
}


def text(notice: Notice, language: str, zone: str) -> tuple[str, str]:
    """Subject and text of a notice."""
    from zoneinfo import ZoneInfo

    needs, mended, what, since, done, to_do, theme = LABELS[language]
    first = notice.what.strip().splitlines()[0]
    about = f"[{notice.theme}] " if notice.theme else ""
    lines = [(theme, notice.theme), (what, notice.what)]
    lines += [(since, f"{notice.since.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})")]
    lines += [(done, notice.done), (to_do, notice.to_do)]
    colon = "：" if language == "zh" else ": "
    told = "\n\n".join(f"{label}{colon}{value.strip()}" for label, value in lines if value.strip())
    over = SETTLED[language] if notice.asked else mended
    return f"{over if notice.mended else needs}{about}{first}", told


def tell(
    settings: Settings,
    notice: Notice,
    environ: Mapping[str, str],
    *,
    open_channel: Opener,
    now: Clock = lambda: datetime.now(UTC),
) -> Receipt:
    """Send a notice to the owner of its theme, by the first channel of the owner's that takes it."""
    owner = owner_of(settings, notice.theme)
    if owner is None:
        return Receipt("refused", "nobody is named as owner; add `owner:` to config/recipients.yaml")
    recipient = settings.recipients.recipients[owner]
    subject, told = text(notice, recipient.languages[0], settings.project.zone)
    key = hashlib.sha256(f"{notice.key}\n{notice.mended}".encode()).hexdigest()
    receipt = Receipt("failed", f"{owner!r} has no channel")
    for name in recipient.by:
        with closing(open_channel(settings, name, environ)) as channel:
            receipt = channel.note(owner, Note(key, subject, told, now()))
        if receipt.outcome in ("sent", "ambiguous"):
            break
    return receipt
