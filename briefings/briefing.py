"""The briefing as a value: theme x place x period, worked out; no sentences, no pixels.

In: what `compose` chose. Out: frozen models that narrative, charts, tables and render read, to JSON and back without
loss. An edition is a pure function of this value, the templates and the fonts, so all that they may need to know about
indicators, places and sources travels along in `names`, in every language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Text = dict[str, str]
"""One text in several languages: language -> text."""


class Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(Value):
    """One observation that a figure was made of. `value` in base units of `unit`.

    Where a person's correction stands in place of what the source tells, `corrected_from` is what its snapshot holds,
    in the same unit, and `correction` says why, by whom and when.
    """

    value: float
    unit: str
    indicator: str
    place: str
    breakdown: str = ""
    period: str
    source: str
    published: str
    snapshot: str
    locator: str
    quote: str = ""
    corrected_from: float | None = None
    correction: str = ""


Qualifier = Literal["exact", "over", "under", "about"]


class Figure(Value):
    """A number that is printed, with the way back to what it was made of.

    `value` is in base units of `unit` (growth and share in percent: 6.9 means +6.9%; a gap of rates in percentage
    points). `decimals` is the precision in which it is printed everywhere, or None: that of the source. `formula` is
    written over the inputs in order, a, b, c ...: `a`, `(a / b - 1) * 100`. `status` is that of its weakest input.
    `qualifier` is the source's own: more than, less than, about. `also` is what further sources tell of it alike.
    """

    id: str
    value: float
    unit: str
    kind: str
    indicator: str
    place: str
    breakdown: str = ""
    period: str
    basis: str = ""
    status: str = "actual"
    computed: bool = False
    decimals: int | None = None
    qualifier: Qualifier = "exact"
    formula: str = "a"
    inputs: tuple[Input, ...]
    also: tuple[Input, ...] = ()


def figure_id(*parts: object) -> str:
    """An id made of what a figure is (kind, indicator, place, period, basis ...): the same in every rebuild."""
    digest = hashlib.sha256("|".join(str(part) for part in parts).encode()).hexdigest()
    return f"f{digest[:10]}"


def section_id(title: object) -> str:
    """The id of a section, made of its title; a second section of the same title has another."""
    return "s" + figure_id(title)[1:]


Tone = Literal["favourable", "adverse", "neutral"]


class Finding(Value):
    """Something worth saying: facts alone; the sentence is made from them, in each language, by a phrase book.

    `kind` names the phrases (see docs: findings). `figures` maps a role (`level`, `growth`, `previous_rank` ...) to the
    id of a Figure. `facts` holds what is not a number: directions, periods, places in order. `entries` are the
    members of a list, each with its own place and roles (the largest movers, the largest shares).
    """

    id: str
    kind: str
    indicator: str
    place: str
    breakdown: str = ""
    period: str
    figures: dict[str, str] = {}
    facts: dict[str, str] = {}
    entries: tuple[Entry, ...] = ()
    weight: float = 0.0
    tone: Tone = "neutral"


class Entry(Value):
    """One member of a finding that lists several: a place (or a breakdown of it) with its figures by role; an
    indicator, where the list is one of indicators."""

    place: str
    breakdown: str = ""
    indicator: str = ""
    figures: dict[str, str] = {}
    facts: dict[str, str] = {}


class Point(Value):
    """One mark: a period and the figure plotted there; `figure` is None where the series has a gap."""

    period: str
    figure: str | None


class PlottedSeries(Value):
    """One line, one set of bars, one row of a heat map: a place (or breakdown), highlighted or grey.

    `row`: which of several bars a part belongs to, in a chart of stacked parts: an indicator's id, a place or a period;
    in a waterfall or a band what it is beside a place: `total`, `others`, `highest`, `lower quartile` ... `colour`: the
    number of its colour in the house theme, the same in every chart and edition; None: grey among others.
    """

    indicator: str
    place: str
    breakdown: str = ""
    row: str = ""
    highlight: bool = False
    colour: int | None = None
    points: tuple[Point, ...]


ChartKind = Literal[
    "line",
    "column",
    "bar",
    "dot plot",
    "small multiples",
    "heat map",
    "rank bump",
    "dumbbell",
    "bullet",
    "stacked bar",
    "tier bar",
    "slope",
    "waterfall",
    "band",
]


class ChartRequest(Value):
    """What is to be drawn. The marks are figures of the briefing; the title says `finding`.

    `measure` is what is plotted (level, growth, growth on previous period, rank, share ...), in `unit`. Series stand in
    the order in which they are drawn or listed. `periods` are all steps of the axis, gaps included.
    """

    id: str
    kind: ChartKind
    measure: str
    unit: str
    indicator: str
    periods: tuple[str, ...]
    series: tuple[PlottedSeries, ...]
    finding: str | None = None
    sources: tuple[str, ...]
    height: Literal["normal", "tall"] = "normal"
    breaks: tuple[str, ...] = ()


class Column(Value):
    """A column of figures: one measure of one indicator in one period, in `unit`."""

    id: str
    indicator: str
    measure: str
    unit: str
    period: str = ""
    decimals: int | None = None


Absence = Literal["not available", "not applicable", "confidential", "held", "refused", "zero"]


class Cell(Value):
    """A figure, or why there is none. `flags` are Eurostat's letters (b break, e estimated, f forecast, p provisional,
    r revised) and three of this house's: k corrected by a person, t target, x contradicted by other figures and held
    until a person decides."""

    figure: str | None = None
    absence: Absence | None = None
    flags: tuple[str, ...] = ()


class Row(Value):
    """A row: a place, a breakdown of it, an indicator or a period. `measure` says which of an indicator's figures
    stands in a row of accounts (level, growth, rank ...) or of revisions; `main` is the first row of an account, under
    which the others are indented; `published` is the day on which a revision was published. `trend` is the course of
    the row's indicator, drawn as a sparkline: empty where none is asked for, or too little is known."""

    place: str = ""
    breakdown: str = ""
    indicator: str = ""
    period: str = ""
    measure: str = ""
    main: bool = True
    published: str = ""
    cells: tuple[Cell, ...]
    highlight: bool = False
    benchmark: bool = False
    trend: tuple[Point, ...] = ()


class TableRequest(Value):
    """What is to be set as a table: rows by place (ranked), indicator or period; a column a measure.

    `rows_are` says what the first column names. A table of accounts has one column of figures, each in its own unit,
    and a row for each figure told of an indicator; one of revisions has what a figure was, what it is now and the
    difference, and the day on which the revision was published. Where rows of places or accounts differ in period, the
    period has a column of its own. `of` is how many rows there were when only `len(rows)` are shown.
    """

    id: str
    rows_are: Literal["places", "indicators", "periods", "breakdowns", "accounts", "revisions"]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    order: Literal["given", "ranked", "time"] = "given"
    of: int | None = None
    sources: tuple[str, ...]


class Section(Value):
    """One section: title, findings in order of weight, charts, tables. Never empty."""

    id: str
    title: Text
    findings: tuple[Finding, ...] = ()
    charts: tuple[ChartRequest, ...] = ()
    tables: tuple[TableRequest, ...] = ()


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


class IndicatorNames(Value):
    """What the pages need to know of an indicator. Texts may hold {place}, {currency}, {indicator}.

    `subject` is what a sentence is about ("the {currency}'s rate against the US dollar"); `entity` how a place is
    called in a list of this indicator ("the {currency}"); `entities` the counting word of such a list ("currencies",
    种货币); `rise` and `fall` say what a movement means ("the {currency} weakened"); `counter` is the word that stands
    after a count of it in place of the unit's own (场, 家); `ratios` what its ratio to another indicator is called.
    """

    name: Text
    short: Text = {}
    subject: Text = {}
    entity: Text = {}
    entities: Text = {}
    rise: Text = {}
    fall: Text = {}
    unit: str
    nature: str
    growth_class: str
    direction: str
    note: Text = {}
    counter: Text = {}
    ratios: dict[str, Text] = {}


class PlaceNames(Value):
    """A place's name in tables, in running text (with its article), and its currency (ISO 4217)."""

    name: Text
    in_text: Text = {}
    kind: str
    currency: str = ""


class Names(Value):
    indicators: dict[str, IndicatorNames]
    places: dict[str, PlaceNames]
    breakdowns: dict[str, Text] = {}
    groups: dict[str, Text] = {}
    wholes: dict[str, Text] = {}


Family = Annotated[str, Field(pattern=r"^[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff ._-]*$")]
"""The name of a family of type: it stands in style sheets."""


class House(Value):
    """House style and imprint: who publishes, whom to ask; and what is a project's own, by language where it is a text.

    `logo` is the SHA-256 of the picture, whose bytes are handed to whoever renders; `accent` a colour as `#rrggbb`;
    `text_font` and `heading_font` families of type; `footer` a line at the foot of pages; `number` the edition's number
    in its series. What is empty is the program's own, or is not there.
    """

    publisher: Text
    contact: dict[str, str] = {}
    disclaimer: Text = {}
    zone: str = "UTC"
    logo: Text = {}
    accent: str = Field("", pattern="^(#[0-9a-f]{6})?$")
    text_font: dict[str, Family] = {}
    heading_font: dict[str, Family] = {}
    footer: Text = {}
    number: Text = {}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


class Briefing(Value):
    """Theme x place x period, worked out. `cut_off` is the latest day on which any observation used was published; the
    day on which it was built, or as of which, changes nothing here and stands in the edition's manifest. `commentary`
    is kept by language: that of the edition alone. `previous` is the period of the edition that it is compared with,
    `changes` what changed since. `partial`: indicators that the theme requires, and that nobody had told by the day
    `waited_until`; `release`: when its schedule releases it, None for a theme without one."""

    theme: str
    title: Text
    place: str
    period: str
    cadence: str
    cut_off: str
    languages: tuple[str, ...]
    headline: tuple[Finding, ...]
    summary: TableRequest | None
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    figures: dict[str, Figure]
    sources: tuple[SourceNote, ...]
    names: Names
    house: House
    held: int = 0
    previous: str = ""
    commentary: dict[str, Commentary] = {}
    partial: tuple[str, ...] = ()
    waited_until: str = ""
    changes: Changes | None = None
    release: Release | None = None

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, a line a member and a line a figure; the same briefing gives the same bytes."""
        return self._canonical

    @cached_property
    def _canonical(self) -> str:
        """Worked out once: a build hashes it, files it and holds it against the file, and it may have 1.5 MB."""
        whole = self.model_dump(mode="json")
        figures = ",\n".join(f"  {_json(key)}: {_json(figure)}" for key, figure in sorted(whole["figures"].items()))
        lines = [f" {_json(key)}: {_json(value)}" for key, value in sorted(whole.items()) if key != "figures"]
        lines.append(f' "figures": {{\n{figures}\n }}')
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def from_json(cls, text: str) -> Briefing:
        return cls.model_validate_json(text)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's, which would hand a copy with other members the JSON of this one."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("_canonical", None)
        return copied

    @property
    def digest(self) -> str:
        """SHA-256 of its JSON."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def tells_as(self, other: Briefing) -> bool:
        """Whether two briefings tell the same but for what a person says beside it, the figures of that alone, and the
        looks of the house."""
        beside = {"commentary", "figures", "names", "sources", "cut_off", "house"}
        figures = all(other.figures.get(key) == figure for key, figure in self.figures.items())
        return figures and self.model_dump(exclude=beside) == other.model_dump(exclude=beside)

    def every_finding(self) -> tuple[Finding, ...]:
        """The headline's and the sections' findings, in order of reading."""
        return self.headline + tuple(finding for section in self.sections for finding in section.findings)

    def every_table(self) -> tuple[TableRequest, ...]:
        """Page one's table, the sections', and that of revisions, in the order in which the pages number them."""
        first = (self.summary,) if self.summary else ()
        last = (self.changes.table,) if self.changes and self.changes.table else ()
        return (*first, *(table for section in self.sections for table in section.tables), *last)


@dataclass(frozen=True)
class Previous:
    """The edition that a briefing is compared with: its id without the language, revision, the day on which it was
    known, and the briefing that it was rendered from."""

    edition: str
    revision: int
    day: str
    briefing: Briefing


Finding.model_rebuild()
