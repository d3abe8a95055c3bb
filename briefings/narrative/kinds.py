"""What can be said: every kind of finding with its roles, its variants and the slots that its phrases may use.

In: nothing. Out: `KINDS` (findings), `NOTES` (what stands under notes), the words a phrase book must hold. `phrases`
checks each book against this page; `compose` makes findings of these kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from briefings.briefing import Finding


@dataclass(frozen=True)
class View:
    """What a variant is chosen by: the finding, its direction as printed, its figures by role, its basis; `sort`: how
    its level is spoken of (a count, an amount, a stock, a rate); `members`: the first figure of each entry."""

    finding: Finding
    direction: str
    values: Mapping[str, float]
    units: Mapping[str, str]
    basis: str
    sort: str = "amount"
    members: tuple[float, ...] = ()


Variant = Callable[[View], str]


#: Roles that stand in for others: where an indicator is in percent, a change in points is told as growth is; where no
#: rate on the year is told, the one on the previous period is the first to be told.
INSTEAD = {
    "growth": ("change", "growth_previous", "change_previous"),
    "growth_previous": ("change_previous",),
}


@dataclass(frozen=True)
class Kind:
    """One kind of finding.

    `roles` are the figures that its phrases may print, `told` those that a sentence should not leave out where they are
    there; `periods` and `names` the facts that are written as periods and as places; `entry` the roles of entries.
    `decides` is the role whose sign, as it is printed, is the direction; without one the fact `direction` is.
    `meaning`: what a rise or a fall means may be added. `own`: slots that this kind alone has. `instead`: roles that
    stand in for others.
    """

    variants: tuple[str, ...]
    roles: tuple[str, ...]
    told: tuple[str, ...] = ()
    choose: Variant = field(default=lambda view: "said")
    decides: str = ""
    periods: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    entry: tuple[str, ...] = ()
    meaning: bool = False
    own: tuple[str, ...] = ()
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: INSTEAD)

    @property
    def slots(self) -> frozenset[str]:
        extra = {"meaning", *self.own} if self.meaning else set(self.own)
        if self.entry:
            extra |= {"leader", "among", *LISTS, *MEMBERS}
            extra |= {f"{member}_{role}" for member in MEMBERS for role in ("value", *self.entry)}
        if {"of", "to"} & set(self.names):
            extra |= {"whole"}
        return COMMON | extra | frozenset((*self.roles, *self.periods, *self.names, *self.entry))


#: Slots of every phrase; the words of a book (by direction and the like) come on top.
COMMON = frozenset(
    {"subject", "name", "entities", "period", "until", "when", "basis", "other_basis", "on_year", "on_previous"}
)

#: What those did that rose, and those that fell, in the catalogue's own words: weakened, strengthened.
READINGS = ("risen", "fallen")

#: Slots that list members, and that name one.
LISTS = ("entries", "rest")
MEMBERS = ("first", "last")

#: Forms in which a slot may be wanted, by what fills it.
NUMBER_FORMS = frozenset(
    {
        *("", "size", "signed", "count", "number", "periods", "ordinal", "place", "verb", "moved"),
        *("bare", "is", "points", "word"),
    }
)
PERIOD_FORMS = frozenset({"", "in", "name"})
BASIS_FORMS = frozenset({"", "short", "points", "level", "annual", "than", "from", "with", "at"})
ENTRY_FORMS = frozenset({"", "in"})


def _moved(view: View) -> str:
    return "flat" if view.direction == "flat" else "moved"


def _moved_if(*roles: str) -> Variant:
    """Moved or flat where one of the roles tells of a movement, else `alone`."""
    return lambda view: _moved(view) if set(roles) & set(view.values) else "alone"


def _fact(name: str, *values: str) -> Variant:
    """The variant that a fact names; the last one where it names none."""

    def choose(view: View) -> str:
        found = view.finding.facts.get(name, "")
        return found if found in values else values[-1]

    return choose


def _growth(view: View) -> str:
    """Growth that changed: of two rises, of two falls, or of one of each, or from nothing or to nothing; a slower fall
    is no faster growth."""
    rates = [view.values[role] for role in ("growth", "previous_growth") if role in view.values]
    if view.direction == "flat":
        return "flat"
    if 0 in rates or len({rate > 0 for rate in rates}) > 1:
        return "turned"
    return "negative" if rates and rates[0] < 0 else "moved"


def _gap(view: View) -> str:
    """A distance that is printed as zero is none."""
    if not view.values.get("gap") or view.finding.facts.get("direction") in ("level", "flat"):
        return "even"
    return "growth" if view.finding.facts.get("of") == "growth" else "level"


def _breadth(view: View) -> str:
    up, down, count = (view.values.get(role, 0.0) for role in ("up", "down", "count"))
    if up and down:
        return "both"
    everywhere = "all_" if max(up, down) == count else ""
    return everywhere + ("up" if up else "down")


def _streak(view: View) -> str:
    """A run of months each above the one before, or each above the same month a year earlier."""
    moved = "on_year" if view.basis == "on year" else "moved"
    return "flat" if view.direction == "flat" else moved


def _record(view: View) -> str:
    """Since an earlier one; since the series began, where that is known; else as far back as the figures compare."""
    facts = view.finding.facts
    return "since" if facts.get("since") else "ever" if facts.get("gap") == "no" else "unbroken"


def _attainment(view: View) -> str:
    """In percent of the target, of the annual target so far, or the distance from a target in points or a ceiling."""
    if view.finding.facts.get("of") == "growth":
        return "even growth" if view.direction == "flat" else "growth"
    if view.units.get("value") != "percent":
        return "even" if view.direction == "flat" else "distance"
    if "target" not in view.values:
        return "bare"
    return "pace" if view.finding.facts.get("pace") else "known"


def _contribution(view: View) -> str:
    """Points of a growth, or of a change: what fell, or adds to a fall, contributes to no growth. What is printed as
    zero moved nothing either way."""
    if view.values.get("value") == 0:
        return "said"
    return "change" if view.direction == "down" or view.finding.facts.get("whole") == "down" else "said"


def _ratio(view: View) -> str:
    """A part of another amount, or so much for each of it."""
    return "percent" if view.units.get("value") == "percent" else "said"


def _if_fact(name: str, there: str, lacking: str) -> Variant:
    return lambda view: there if view.finding.facts.get(name) else lacking


def _measured(view: View) -> str:
    return "level" if view.finding.facts.get("measure", "level") == "level" else "measure"


#: How a target is spoken of in a list of several, by what its figure is.
TARGETS = (
    "growth_target",
    "average_target",
    "decline_target",
    "multiple_target",
    "change_target",
    "count_target",
    "level_target",
)


def _completions(view: View) -> str:
    """All of the targets listed were exceeded or reached, some of them or none."""
    reached = {value >= 100 for value in view.members}
    if all(value > 100 for value in view.members):
        return "exceeded"
    return "some" if len(reached) > 1 else "all" if reached == {True} else "none"


#: What an account may lead with, the first that is there; a share alone is spoken of as a level where its name says of
#: what it is.
LEADS = ("level", "share", "growth", "average", "since", "change", "multiple", "gap", "rank")
#: What a target may be told of as one; others are told as they are, with the word behind them.
AIMED = ("level", "share", "growth", "average", "change", "multiple")
#: How the level of an account is spoken of.
SORTS = ("count", "amount", "stock", "rate")


def lead(finding: Finding) -> str:
    """The role that an account begins with."""
    return next((role for role in LEADS if role in finding.figures), "")


def _account(view: View) -> str:
    """By what leads; a level by its sort, and by its status: what is expected or aimed at is not told as done."""
    first, status = lead(view.finding), view.finding.facts.get("status", "")
    if first == "share" and not view.finding.facts.get("share_of"):
        first = "level"
    if status == "target" and first in AIMED:
        counted = first == "level" and view.sort == "count"
        return "targeted growth" if first in ("growth", "average") else "targeted count" if counted else "targeted"
    if status == "estimate" and first in ("level", "growth"):
        done = " done" if first == "level" and "completion" in view.values else ""
        return "expected growth" if first == "growth" else f"expected{done}"
    if first == "rank":
        return _account_rank(view)
    if first == "growth" and view.direction == "flat":
        return "unchanged"
    if first == "gap" and view.finding.facts.get("gap_of", "level") != "level":
        return "gap in growth"
    return view.sort if first == "level" else first


def _account_rank(view: View) -> str:
    """Up or down on a rank counted from the same end; counted from the other, only leaving the last place is known to
    be a rise, and coming to it a fall."""
    facts, now, before = view.finding.facts, view.values["rank"], view.values.get("previous_rank")
    if before is None:
        return "rank"
    end, was = facts.get("counted_from", "top"), facts.get("previous_counted_from", facts.get("counted_from", "top"))
    if end == was:
        better = before - now if end == "top" else now - before
        return "rank risen" if better > 0 else "rank fallen" if better < 0 else "rank held"
    if was == "bottom" and before == 1:
        return "rank risen"
    return "rank fallen" if end == "bottom" and now == 1 else "rank moved"


MOVED = ("moved", "flat")
#: How far back a record reaches: to an earlier one, or as far as the figures compare.
REACH = ("since", "span_from")

KINDS: dict[str, Kind] = {
    "level": Kind(
        ("alone", *MOVED),
        ("level", "growth", "growth_previous"),
        told=("growth", "growth_previous"),
        choose=_moved_if("growth", "change", "growth_previous", "change_previous"),
        decides="growth",
        periods=REACH,
        meaning=True,
    ),
    "growth": Kind(MOVED, ("growth", "level", "base", "beside"), ("level", "beside"), _moved, "growth", meaning=True),
    "flat": Kind(("said",), ("level", "growth"), ("level", "growth"), decides="growth", periods=REACH),
    "change_in_growth": Kind(
        ("moved", "negative", "turned", "flat"),
        ("growth", "previous_growth", "change"),
        choose=_growth,
        decides="change",
    ),
    "sign_change": Kind(
        ("said",), ("growth", "previous_growth", "level", "lasted"), ("level", "lasted"), decides="growth", meaning=True
    ),
    "crossing": Kind(("said",), ("level", "previous"), decides="level"),
    "record": Kind(
        ("since", "ever", "unbroken"),
        ("level", "previous_record", "growth", "growth_previous"),
        told=("growth", "growth_previous"),
        choose=_record,
        periods=REACH,
        meaning=True,
    ),
    "streak": Kind(
        ("on_year", *MOVED),
        ("length", "growth", "level"),
        ("growth", "level"),
        _streak,
        periods=("from",),
        meaning=True,
    ),
    "movers": Kind(("said",), ("count",), entry=("growth",), meaning=True),
    "breadth": Kind(
        ("both", "up", "down", "all_up", "all_down"), ("up", "down", "count"), choose=_breadth, names=READINGS
    ),
    "extremes": Kind(("level", "measure"), ("count",), choose=_measured, names=("measure",), entry=("value",)),
    "rank": Kind(
        ("improved", "slipped", "held", "new"),
        ("rank", "previous_rank", "out_of"),
        ("previous_rank",),
        _fact("direction", "improved", "slipped", "held", "new"),
        periods=("previous",),
        names=("field", "by_growth"),
    ),
    "rank_moves": Kind(
        ("improved", "slipped"),
        ("count",),
        choose=_fact("direction", "improved", "slipped"),
        entry=("rank", "previous_rank"),
    ),
    "top_share": Kind(("said",), ("share", "count"), names=("of",), entry=("share",)),
    "share": Kind(
        ("alone", *MOVED),
        ("share", "previous_share", "change"),
        ("change",),
        _moved_if("change"),
        "change",
        names=("of",),
    ),
    "average_growth": Kind(MOVED, ("average", "first", "last"), (), _moved, "average", periods=("from", "to")),
    "gap": Kind(
        ("level", "growth", "even"),
        ("gap", "own", "benchmark", "previous_gap"),
        ("own", "previous_gap"),
        _gap,
        names=("to",),
    ),
    "volatility": Kind(("said",), ("volatility", "previous"), ("previous",), periods=("from",)),
    "since": Kind(MOVED, ("growth", "level", "base"), ("level",), _moved, "growth", periods=("from",), meaning=True),
    "ratio": Kind(("percent", "said"), ("value", "previous", "level"), ("previous",), _ratio, names=("to",)),
    "per_head": Kind(("said",), ("value", "previous", "level"), ("previous",)),
    "index": Kind(("said",), ("value", "previous", "level"), ("previous",), periods=("base",)),
    "rolling": Kind(("said",), ("value", "previous", "level"), ("previous",), periods=("from",)),
    "attainment": Kind(
        ("known", "pace", "distance", "even", "growth", "even growth", "bare"),
        ("value", "target", "level", "growth", "previous"),
        ("level",),
        _attainment,
        "value",
    ),
    "contribution": Kind(
        ("said", "change"),
        ("value", "previous", "level"),
        ("previous",),
        _contribution,
        "value",
        names=("to", "whose"),
    ),
    "revision": Kind(("said",), ("new", "old", "change"), ("change",), periods=("published", "was_published")),
    "first": Kind(("said",), ("level",)),
    "missing": Kind(("earlier", "none"), (), choose=_if_fact("latest", "earlier", "none"), periods=("latest",)),
    "quiet": Kind(("said",), ("count",)),
    "account": Kind(
        (
            *SORTS,
            *("share", "growth", "unchanged", "average", "since", "change", "multiple", "gap", "gap in growth"),
            *("rank", "rank risen", "rank fallen", "rank held", "rank moved"),
            *("expected", "expected done", "expected growth", "targeted", "targeted count", "targeted growth"),
        ),
        (
            *("level", "share", "growth", "growth_previous", "change", "average", "computed_average", "since"),
            *("multiple", "earlier", "since_earlier", "gap", "benchmark", "rank", "out_of", "previous_rank"),
            *("completion", "ratio", "target"),
        ),
        choose=_account,
        periods=("since_base", "multiple_base", "earlier_period", "previous_rank_period"),
        names=("share_of", "gap_to", "ratio_to"),
        own=(
            *(
                "place",
                "at",
                "here",
                "home",
                "thing",
                "things",
                "a_thing",
                "such_thing",
                "ranked",
                "due",
                "yearly",
                "monthly",
                "changed_on",
            ),
            *(
                "noun",
                "deed",
                "tallied",
                "several",
                "behind_rate",
                "alone",
                "straight",
                "aside",
                "cumulated",
                "came_to",
                "at_prices",
            ),
            *("implied", "published", "ratio_name", "among_place", "among_group", "rank_by", "gap_by"),
        ),
        instead={},
    ),
    "commitments": Kind(
        ("said",),
        (),
        entry=("target", "thing", "a_thing", *TARGETS),
        periods=("for_period",),
        own=("place",),
    ),
    "remark": Kind(("said",), (), own=("remark",)),
    "absent": Kind(("said",), (), own=("absences",)),
    "held": Kind(("said",), (), own=("absences",)),
    "composition": Kind(("said",), (), names=("share_of",), entry=("share", "thing"), own=("place", "parts", "shares")),
    "tiers": Kind(
        ("said",),
        (),
        entry=("level", "increment", "threshold", "thing", "exceed"),
        own=("place", "family", "threshold"),
    ),
    "pairs": Kind(
        ("said",),
        (),
        entry=("from", "to", "change", "went", "thing", "totals"),
        periods=("from", "to"),
        own=("place", "parts", "things", "moves"),
    ),
    "completions": Kind(
        ("exceeded", "all", "some", "none"),
        (),
        choose=_completions,
        entry=("completion", "thing"),
        own=("place", "number", "achieved"),
    ),
}

#: The clauses of an account, in the order in which they follow its head -> the figures that each tells. The first that
#: can be told is taken.
CLAUSES: dict[str, tuple[str, ...]] = {
    "change and growth": ("change", "growth"),
    "growth": ("growth",),
    "growth unchanged": ("growth",),
    "growth on previous": ("growth_previous",),
    "change and since": ("change", "since"),
    "since and earlier": ("since", "earlier"),
    "change": ("change",),
    "average": ("average",),
    "since": ("since",),
    "multiple": ("multiple",),
    "earlier, growth and average": ("since_earlier", "earlier", "computed_average"),
    "earlier and growth": ("since_earlier", "earlier"),
    "growth on earlier": ("since_earlier",),
    "computed average": ("computed_average",),
    "completion": ("completion",),
    "target": ("target",),
    "share": ("share",),
    "gap": ("gap",),
    "rank moved": ("rank", "previous_rank"),
    "rank": ("rank",),
    "earlier": ("earlier",),
    "ratio": ("ratio",),
}
