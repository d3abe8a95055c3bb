"""What a corrected edition says otherwise than the one before, and whether it completes a partial one.

In: two editions. Out: sentences that name the figures that changed, for the notice that goes to exactly those who
received the wrong one; who they are is known to the ledger.
"""

from __future__ import annotations

from typing import Any, Literal

from briefings.archive import Archive, Edition
from briefings.briefing import Names
from briefings.deliver.wording import Wording
from briefings.errors import ArchiveError, RequestError

#: What makes a figure the same in both editions.
IDENTITY = ("kind", "indicator", "breakdown", "place", "period", "basis", "unit")
#: Figures that a notice names; of the others it says how many they are.
MOST_TOLD = 8


def completes(before: Edition, after: Edition) -> bool:
    """Whether an edition is the whole one after one that was partial."""
    return bool(before.manifest.get("partial")) and not after.manifest.get("partial")


def follows(before: str, after: Edition) -> Literal["corrects", "completes"]:
    """What an edition does to one that a reader received; of one that is gone it is the correction."""
    try:
        was = Archive(after.folder.parents[4]).find(before)
    except (ArchiveError, RequestError):
        return "corrects"
    return "completes" if completes(was, after) else "corrects"


def changes(before: Edition, after: Edition, words: Wording) -> list[str]:
    """One line that names the figures printed otherwise now, in the order of the edition; none where none changed."""
    printed = {_identity(figure): _text(figure) for figure in before.figures()}
    names = after.briefing().names
    told: dict[str, None] = {}
    for figure in after.figures():
        was, now = printed.get(_identity(figure)), _text(figure)
        if was and now and was != now:
            name = _name(figure, names, words)
            told[words.value.format(name=name, after=now, before=was)] = None
    shown = list(told)[:MOST_TOLD]
    if len(told) > MOST_TOLD:
        shown.append(words.more.format(count=len(told) - MOST_TOLD))
    return [words.changed.format(figures=words.comma.join(shown))] if shown else []


def _name(figure: dict[str, Any], names: Names, words: Wording) -> str:
    """What a figure is of, in the reader's language."""
    indicator, place = figure["indicator"], figure["place"]
    return words.figure.format(
        indicator=names.indicators[indicator].name.get(words.language, indicator)
        if indicator in names.indicators
        else indicator,
        place=names.places[place].name.get(words.language, place) if place in names.places else place,
        period=words.period(figure["period"]),
    )


def _identity(figure: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(figure.get(name) for name in IDENTITY)


def _text(figure: dict[str, Any]) -> str:
    """A figure as it is printed first."""
    return str(figure["printed"][0]["text"]) if figure["printed"] else ""
