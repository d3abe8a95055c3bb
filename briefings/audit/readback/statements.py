"""What a sentence says without a number, held against the finding's facts: a record, a target met, a gap that widened.

In: what was read, the finding and its briefing. Out: mismatches. A topic that the finding knows nothing of is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from briefings.audit.readback.facts import SHAPES, WORDS, movement, released, sign
from briefings.audit.readback.model import Mismatch, Read, Span, Statement
from briefings.briefing import Briefing, Finding
from briefings.periods import Period, Shape

OPPOSITE = {"up": "down", "down": "up", "flat": "flat"}


def mismatches(read: Read, finding: Finding, briefing: Briefing) -> Iterator[Mismatch]:
    """What the statements of a sentence say that the facts do not."""
    yield from _of_what(read, finding)
    yield from _unsaid(read, finding, briefing)
    for statement in read.statements:
        if statement.topic in STEERING:
            continue
        facts = ALLOWED.get(statement.topic, _unknown)(statement, finding, briefing)
        if facts is not None and statement.value not in facts:
            told = " or ".join(sorted(facts)) or "nothing of the kind"
            yield Mismatch(f"“{statement.text}” as {statement.topic} {statement.value}", told)


#: Topics that steer how the rest is read, and say nothing by themselves.
STEERING = frozenset({"at_end", "holder", "home", "lacks", "link", "of_rate"})
#: Facts that name something else than the finding's own indicator, of which a sentence may speak.
OTHERS = ("ratio_to", "share_of", "of", "to", "gap_to")
#: Statuses that a sentence about one has to say -> the word that says them.
SAID = {"estimate": "expected", "target": "target", "preliminary": "preliminary", "flash": "flash"}


def _of_what(read: Read, finding: Finding) -> Iterator[Mismatch]:
    """Every subject of the sentence is one that the finding knows."""
    known = {finding.indicator, *(entry.indicator for entry in finding.entries)}
    known |= {finding.facts.get(name, "") for name in OTHERS}
    for subject in read.subjects:
        if finding.indicator and subject.indicators and not subject.indicators & known:
            yield Mismatch(f"a sentence about {' or '.join(sorted(subject.indicators))}", f"{finding.indicator}")


def _unsaid(read: Read, finding: Finding, briefing: Briefing) -> Iterator[Mismatch]:
    """What an account must say and does not: that a figure is expected, aimed at or worked out."""
    if finding.kind != "account":
        return
    wanted = SAID.get(finding.facts.get("status", ""))
    said = {claim.attributes.get("status") for claim in read.claims}
    said |= {statement.value for statement in read.statements if statement.topic in ("status", "stated")}
    if wanted and wanted not in said:
        yield Mismatch("a figure without its status", f"a figure that is {wanted}")
    marks = [statement.at for statement in read.statements if statement.topic == "computed"]
    for claim in read.claims:
        marked = claim.kind in ("implied", "benchmark") or claim.start < max(marks, default=-1)
        if claim.computed and not marked:
            yield Mismatch(f"“{claim.text}” without a mark", "a figure that was worked out")


Allowed = Callable[[Statement, Finding, Briefing], "frozenset[str] | set[str] | None"]


def _unknown(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """A topic that the lexicon names and nobody holds against anything: no fact makes it true."""
    return set()


def _time(statement: Statement, finding: Finding, briefing: Briefing) -> set[str] | None:
    """Against when it is the same (much the same as a year earlier): as the finding's changes are."""
    bases = {briefing.figures[figure].basis for figure in finding.figures.values()} | {finding.facts.get("basis", "")}
    if bases <= {""}:
        return None
    period = Period.parse(finding.period)
    if earlier := finding.figures.get("previous_growth"):
        # As the rate before, which is the one of the release before.
        bases |= {"on previous period" if Period.parse(briefing.figures[earlier].period) == period.step(-1) else ""}
    allowed = {"on year"} if "on year" in bases else set()
    if "on year" in bases and period.shape is Shape.YEAR:
        allowed.add("previous year")
    if "on previous period" in bases:
        allowed |= {"previous", *(word for word, shapes in SHAPES.items() if period.shape in shapes)}
    return allowed


def _same(span: Span, text: str) -> bool:
    period = Period.parse(text)
    return (span.start, span.end) == (period.start, period.end)


def _before(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """That the rate before was next to nothing; of which period it was, where that is named."""
    earlier = finding.figures.get("previous_growth")
    if earlier is None or sign(briefing.figures[earlier]) != 0:
        return set()
    of = briefing.figures[earlier].period
    return {"flat"} if statement.span is None or _same(statement.span, of) else {f"of {of}"}


def _value(finding: Finding, briefing: Briefing, *roles: str) -> list[float]:
    return [briefing.figures[finding.figures[role]].value for role in roles if role in finding.figures]


def _run(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """The direction of a run; the run that a sign change ended went the other way."""
    moved = set(movement(finding, briefing))
    return {OPPOSITE[one] for one in moved} if finding.kind == "sign_change" else moved


def _change(statement: Statement, finding: Finding, briefing: Briefing) -> set[str] | None:
    if "change" not in finding.figures:
        return None
    return {WORDS[sign(briefing.figures[finding.figures["change"]])]}


def _same_rate(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """That a rate is the same as that of the release before, by its name where it is named."""
    earlier = finding.figures.get("previous_growth")
    if statement.span is not None and earlier and not _same(statement.span, briefing.figures[earlier].period):
        return {f"as that of {briefing.figures[earlier].period}"}
    return {"rate"} if _change(statement, finding, briefing) == {"flat"} else set()


def _sign(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    figures = [briefing.figures[finding.figures[role]] for role in ("growth", "level") if role in finding.figures]
    return {{1: "positive", -1: "negative", 0: ""}[sign(figures[0])]} if figures else set()


def _rank_moved(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """Up, down or held; held since the period that is named."""
    facts = finding.facts
    known = facts.get("previous") or facts.get("previous_rank_period", "")
    if statement.span is not None and known and not _same(statement.span, known):
        return {f"the rank of {known}"}
    if told := facts.get("direction"):
        word = {"improved": "up", "slipped": "down", "held": "same", "new": ""}.get(told, told)
        if finding.kind in ("rank", "rank_moves"):
            return {word}
    values = _value(finding, briefing, "rank", "previous_rank")
    if len(values) < 2:
        return set()
    now, before = values
    end, was = facts.get("counted_from", "top"), facts.get("previous_counted_from", facts.get("counted_from", "top"))
    if end == was:
        better = before - now if end == "top" else now - before
        return {"up" if better > 0 else "down" if better < 0 else "same"}
    return {"up"} if was == "bottom" and before == 1 else {"down"} if end == "bottom" and now == 1 else set()


def _flat(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """Little changed: a finding that says so, or a movement that is printed as zero; against a period that its figures
    were worked out from, where one is named."""
    if statement.span is not None:
        figures = [briefing.figures[one] for one in finding.figures.values()]
        bases = {item.period for figure in figures for item in figure.inputs} | set(finding.facts.values())
        if not any(base[:1].isdigit() and _same(statement.span, base) for base in bases):
            return {"against another period"}
    if finding.kind == "flat":
        return {"little"}
    moved = movement(finding, briefing)
    return {"little", "still"} if "flat" in moved or (finding.kind == "share" and "flat" in moved) else set()


def _extreme(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    return {finding.facts["extreme"]} if "extreme" in finding.facts else set()


def _reach(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    facts = finding.facts
    allowed = set()
    if facts.get("since"):
        allowed = {"since", "any time"}
        known = facts["since"]
    elif facts.get("gap") == "no":
        allowed, known = {"ever", "at least", "any time"}, facts.get("span_from", "")
    else:
        allowed, known = {"at least", "any time"}, facts.get("span_from", "")
    if statement.span is not None and known:
        period = Period.parse(known)
        if (period.start, period.end) != (statement.span.start, statement.span.end):
            return {f"since {known}"}
    return allowed


def _begins(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    known = finding.facts.get("span_from", "")
    if statement.span is None or not known:
        return set()
    period = Period.parse(known)
    return {"yes"} if (period.start, period.end) == (statement.span.start, statement.span.end) else {f"in {known}"}


def _latest(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    known = finding.facts.get("latest", "")
    if statement.span is None or not known:
        return set()
    period = Period.parse(known)
    return {"yes"} if (period.start, period.end) == (statement.span.start, statement.span.end) else {f"of {known}"}


def _period(statement: Statement, finding: Finding, briefing: Briefing) -> set[str] | None:
    """A period that a sentence names beside its own: the one that something began in."""
    if statement.span is None:
        return None
    known = [value for value in finding.facts.values() if value[:4].isdigit()] + [finding.period]
    for text in known:
        try:
            period = Period.parse(text)
        except ValueError:
            continue  # a fact that begins with digits and is no period
        if finding.kind == "streak" and _same(statement.span, str(released(period))):
            return None  # a run of cumulated months, by the month to which they lead
        if statement.span.start == period.start or (statement.span.at_end and statement.span.end == period.end):
            return None
    return {"no other period"}


def _computed(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    every = [*finding.figures.values(), *(f for entry in finding.entries for f in entry.figures.values())]
    computed = sum(briefing.figures[one].computed for one in every)
    return {"one", "both"} if computed > 1 else {"one"} if computed else set()


def _went(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """Which way the level has gone since what it was."""
    now, then = (_value(finding, briefing, role) for role in ("level", "earlier"))
    return {"up" if now > then else "down" if now < then else "flat"} if now and then else set()


def _base(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """That the source does not say what a rate compares with: so it is where the figure has no basis."""
    growth = finding.figures.get("growth")
    return {"unstated"} if growth and not briefing.figures[growth].basis else set()


def _status(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    known = {"estimate": "expected", "flash": "flash", "preliminary": "preliminary", "target": "target"}
    every = [*finding.figures.values(), *(f for entry in finding.entries for f in entry.figures.values())]
    statuses = {briefing.figures[one].status for one in every} | {finding.facts.get("status", "")}
    return {known[status] for status in statuses if status in known}


def _meaning(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    indicators = {finding.indicator, *(entry.indicator for entry in finding.entries)}
    if not any(name.key in indicators for name in statement.names):
        return set()
    places = {finding.place, "*", "", *(entry.place for entry in finding.entries)}
    if not any(name.place in places for name in statement.names):
        return set()
    return set(movement(finding, briefing))


def _reached(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    values = [
        briefing.figures[entry.figures["completion"]].value
        for entry in finding.entries
        if "completion" in entry.figures
    ]
    reached = [value >= 100 for value in values]
    if values and all(value > 100 for value in values):
        return {"exceeded", "all"}
    return {"all"} if values and all(reached) else {"some"} if any(reached) else {"none"}


def _every(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    values = {role: _value(finding, briefing, role) for role in ("up", "down", "count")}
    found = {role for role in ("up", "down") if values[role] and values[role] == values["count"]}
    words = {name.word for name in statement.names if name.sort == "predicate"}
    return {"predicate"} if statement.value == "predicate" and words <= found else found


def _none(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """That nobody rose, or fell."""
    word = next((name.word for name in statement.names if name.sort == "predicate"), statement.value)
    return {statement.value} if _value(finding, briefing, word) == [0] else set()


def _places(statement: Statement, finding: Finding, briefing: Briefing) -> set[str] | None:
    """The word for the places of a list: that of their kind, where they have one kind, else another."""
    keys = [entry.place for entry in finding.entries] or [finding.place]
    kinds = {briefing.names.places[key].kind for key in keys if key in briefing.names.places}
    return None if len(kinds) != 1 else {*kinds, "other"}


def _measure(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """By what the members of a list were put in order."""
    facts = finding.facts
    if finding.kind != "extremes":
        return {facts.get("rank_of") or facts.get("gap_of") or facts.get("of", "level")}
    told = facts.get("measure", "level")
    words = {word: word for word in ("average", "volatility", "growth", "share", "level", "per head")}
    words["change"] = "growth"
    return {words[word] for word in words if told.startswith(word)}


def _kind(*kinds: str) -> Allowed:
    """A statement that only findings of certain kinds make."""
    return lambda statement, finding, briefing: {statement.value} if finding.kind in kinds else set()


def _fact(name: str, default: str = "") -> Allowed:
    return lambda statement, finding, briefing: {finding.facts.get(name, default)} - {""}


def _moves(statement: Statement, finding: Finding, briefing: Briefing) -> frozenset[str] | set[str] | None:
    return movement(finding, briefing) or None


def _list(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    """What a list is one of: targets, figures that are held, figures that the sources lack."""
    return {{"commitments": "targets"}.get(finding.kind, finding.kind)}


def _met(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    return {finding.facts["met"]} if "met" in finding.facts else set()


def _even(statement: Statement, finding: Finding, briefing: Briefing) -> set[str]:
    figures = [briefing.figures[finding.figures[role]] for role in ("gap", "value") if role in finding.figures]
    return (
        {"even"}
        if figures and (sign(figures[0]) == 0 or finding.facts.get("direction") in ("level", "flat"))
        else set()
    )


ALLOWED: Mapping[str, Allowed] = {
    "direction": _moves,
    "run": _run,
    "extreme": _extreme,
    "reach": _reach,
    "begins": _begins,
    "gap_moved": _fact("moved"),
    "pace": _fact("pace"),
    "against": _fact("against"),
    "met": _met,
    "sign": _sign,
    "largest": _moves,
    "change": _change,
    "rank_moved": _rank_moved,
    "flat": _flat,
    "rate_before": _before,
    "same": _same_rate,
    "side": _even,
    "missing": _kind("missing"),
    "list": _list,
    "latest": _latest,
    "quiet": _kind("quiet"),
    "remark": lambda statement, finding, briefing: {statement.value} if finding.kind == "remark" else set(),
    "meaning": _meaning,
    "predicate": lambda statement, finding, briefing: None,
    "reached": _reached,
    "first_figure": _kind("first"),
    "computed": _computed,
    "base": _base,
    "went": _went,
    "status": _status,
    "stated": _status,
    "period": _period,
    "every": _every,
    "time": _time,
    "none": _none,
    "places": _places,
    "index": _kind("index"),
    "measure": _measure,
}
