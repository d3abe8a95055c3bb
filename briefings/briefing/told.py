"""What stands beside sections: sources, notes, a person's commentary, the release, what changed since the last one."""

from __future__ import annotations

from typing import Literal

from briefings.briefing.figures import Text, Value
from briefings.briefing.shown import TableRequest


class SourceNote(Value):
    """A source that the briefing used: which files, published when, under which licence."""

    id: str
    title: Text
    publisher: Text
    url: str = ""
    licence: str = ""
    published: str
    snapshots: tuple[str, ...]


class Note(Value):
    """What a reader must know beside the figures: refusals, held and missing figures, breaks, methods.

    `kind` is `decision`, `refusal`, `held`, `missing`, `rejected`, `conflict`, `break`, `method`, `revision`;
    `reason` a code of the phrase books; `facts` and `figures` fill the sentence.
    """

    kind: str
    reason: str
    indicator: str = ""
    place: str = ""
    period: str = ""
    facts: dict[str, str] = {}
    figures: dict[str, str] = {}


class CommentaryRun(Value):
    """A stretch of a commentary: words, or a figure (`size`: without its sign, for the sentence tells the direction).
    `quoted`: words in which numbers are no figures; `strong`, `emphasis`: how it is set."""

    text: str = ""
    figure: str = ""
    size: bool = False
    quoted: bool = False
    strong: bool = False
    emphasis: bool = False


class CommentaryBlock(Value):
    """A paragraph, or one item of a list."""

    kind: Literal["paragraph", "bullet", "number"]
    runs: tuple[CommentaryRun, ...]


class Commentary(Value):
    """What a person says in one language beside the figures: in their own words, numbers told by name."""

    author: str
    date: str
    blocks: tuple[CommentaryBlock, ...]


class Change(Value):
    """How one figure differs from the last edition's. `measure` is the kind of the figure, with its basis.

    `figures` by role: `new` and `old` (as the last edition printed it), `change` from one to the other where it has a
    sense, `threshold` where a round one was crossed. `facts`: `published` and `was_published`, the days of both;
    `before`, the period of the old figure where it is another; `cause`, `corrected` where a person put the new value in
    place of the source's; of a crossing `of` (sign, target, round) and
    `direction` (up, down).
    """

    indicator: str
    place: str
    breakdown: str = ""
    period: str
    measure: str = "level"
    figures: dict[str, str] = {}
    facts: dict[str, str] = {}


class Release(Value):
    """When the schedule of a theme releases a briefing, and when the next one: instants in the zone of the release
    (ISO 8601), that zone by its name, the next one's period. `next` is empty where no calendar reaches so far."""

    at: str
    zone: str
    next: str = ""
    next_period: str = ""


class Changes(Value):
    """What changed since the last edition of the same theme, place and language: the figures that are new, revised,
    dropped, that crossed a threshold or moved in rank, and those that are no longer missing.

    `since` is that edition's id without its language, so that two languages with the same last edition hold the same
    briefing; `period`, `revision` and `day` (on which it was known) say which it was. The weightiest stand first.
    `table` lists the revisions; None where there are none.
    """

    since: str
    period: str
    revision: int
    day: str
    new: tuple[Change, ...] = ()
    revised: tuple[Change, ...] = ()
    dropped: tuple[Change, ...] = ()
    crossed: tuple[Change, ...] = ()
    moved: tuple[Change, ...] = ()
    returned: tuple[Change, ...] = ()
    table: TableRequest | None = None

    @property
    def every(self) -> tuple[Change, ...]:
        return (*self.revised, *self.crossed, *self.moved, *self.returned, *self.new, *self.dropped)
