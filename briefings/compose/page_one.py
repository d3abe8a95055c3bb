"""The top of page one of a briefing on series: three to five findings, no two of which say the same.

In: the desk, the findings of the headline and of the sections. Out: the points of page one, in order. How page one of
published figures is chosen is told in `published`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from briefings import briefing as model
from briefings.briefing import Finding
from briefings.briefing.identity import figures_of
from briefings.compose.desk import LEVEL, Desk
from briefings.compose.weight import STEP, WORDS, weigh
from briefings.measures.results import name

#: Of several indicators in the headline, one takes at most so many points of page one.
MOST_OF_ONE = 3
#: Lists of other places (who moved most) take at most so many points of a page about one place; how many of them rose
#: is told beside.
MOST_LISTS = 1
#: Kinds that tell how an indicator stands.
STATUS = frozenset({"first", "level", "flat", "growth", "record", "streak", "sign_change", "crossing"})
#: Kinds that say something happened; where there is none of them, the briefing says that it was quiet;
#: not of one figure alone, of which it says how it stands.
EVENTS = frozenset(
    {"sign change", "record", "streak", "largest moves", "rank moved", "gap moved", "target at risk", "revision"}
)


def page_one(desk: Desk, own: Sequence[Finding], others: Sequence[Finding]) -> tuple[Finding, ...]:
    """Three to five findings, the weightiest first. How each indicator of the headline stands is told, the first of
    them always, and as many adverse findings as the theme wants; no two say the same figures."""
    points = desk.theme.page_one.points
    candidates = sorted(once([*others, *own]), key=lambda f: (-f.weight + (STEP if _of_others(f) else 0.0), f.id))
    followed = {finding.figures["level"] for finding in candidates if "level" in finding.figures}
    if len(followed) > 1 and not _something_happened(desk, candidates):
        candidates = [_quiet(desk, candidates), *candidates]
    first = next((f for f in own if f.kind in ("level", "flat", "growth")), None)
    adverse = [f for f in candidates if f.tone == "adverse"][: desk.theme.page_one.adverse]
    reserved = once([f for f in (first, *adverse, *_levels(own, first)) if f is not None])[:points]
    most = points if len({f.indicator for f in own}) == 1 else MOST_OF_ONE
    chosen: list[Finding] = []
    for finding in candidates:
        room = points - len(chosen) - sum(1 for f in reserved if f not in chosen)
        if finding in reserved or (room > 0 and _says_more(finding, chosen, most)):
            chosen.append(finding)
    chosen = _without_echoes(chosen[:points])
    for finding in candidates:
        if len(chosen) < points and finding not in chosen and _says_more(finding, chosen, most):
            chosen.append(finding)
    return _status_early(chosen, first)


def _something_happened(desk: Desk, candidates: Sequence[Finding]) -> bool:
    """Whether there is an event or an unusual movement, or a figure passed a round value that the theme names."""
    if any(WORDS[f.kind] in EVENTS or f.facts.get("size") == "unusual" for f in candidates):
        return True
    for indicator, thresholds in desk.theme.notable.thresholds.items():
        place, period = desk.where(indicator), desk.period_of(indicator)
        now, before = (desk.get(LEVEL, indicator, place, each) for each in (period, period.step(-1)))
        if now and before and any((before.value < value) != (now.value < value) for value in thresholds):
            return True
    return False


def _without_echoes(chosen: Sequence[Finding]) -> list[Finding]:
    """Without the plain statements whose every figure another point about the same subject tells: an unusual fall
    names the level that it led to."""
    return [finding for finding in chosen if not is_echo(finding, chosen)]


def is_echo(finding: Finding, chosen: Iterable[Finding]) -> bool:
    """Whether a finding says plainly how its subject stands, and others of `chosen` tell its every figure."""
    subject = (finding.indicator, finding.place, finding.breakdown)
    others = [o for o in chosen if o.id != finding.id and (o.indicator, o.place, o.breakdown) == subject]
    said = {figure for other in others for figure in figures_of(other)}
    return finding.kind in ("level", "flat") and set(figures_of(finding)) <= said


def _levels(own: Sequence[Finding], first: Finding | None) -> list[Finding]:
    """For each further indicator of the headline the weightiest finding that tells its level or its growth."""
    found: dict[str, Finding] = {}
    for finding in by_weight(own):
        if finding.kind in STATUS and (first is None or finding.indicator != first.indicator):
            found.setdefault(finding.indicator, finding)
    return list(found.values())


def _status_early(chosen: list[Finding], first: Finding | None) -> tuple[Finding, ...]:
    """How the first indicator stands leads, or comes second where something happened: the rest is read against it."""
    if first is not None and first in chosen:
        happened = chosen[0].kind == "quiet" or (chosen[0].place == first.place and _moved(chosen[0]))
        place = 1 if happened and chosen[0] is not first else 0
        chosen.remove(first)
        chosen.insert(place, first)
    return tuple(chosen)


def _moved(finding: Finding) -> bool:
    """Whether a finding tells an event, an unusual movement among them: no list of others, no rank held."""
    if WORDS[finding.kind] not in EVENTS and finding.facts.get("size") != "unusual":
        return False
    return not _of_others(finding) and finding.facts.get("direction") != "held"


def _of_others(finding: Finding) -> bool:
    """Whether a finding tells of many places at once: on the page of one it weighs a step less."""
    return bool(finding.entries) or finding.kind == "breadth"


def _says_more(finding: Finding, chosen: Sequence[Finding], most: int) -> bool:
    """Whether a finding adds a figure, and neither its subject nor lists of other places fill the page already."""
    if finding.kind in ("missing", "extremes"):
        return False
    said = {figure for other in chosen for figure in figures_of(other)}
    if set(figures_of(finding)) <= said:
        return False
    if finding.entries:
        lists = [other for other in chosen if other.entries]
        return len(lists) < MOST_LISTS and all(other.kind != finding.kind for other in lists)
    same = [o for o in chosen if not o.entries and (o.indicator, o.place) == (finding.indicator, finding.place)]
    return len(same) < most


def _quiet(desk: Desk, candidates: Sequence[Finding]) -> Finding:
    """Nothing stands out: said in so many words, with how many figures were looked at."""
    first = candidates[0]
    figure = desk.figures[next(iter(figures_of(first)))]
    looked_at = {f.figures["level"] for f in candidates if "level" in f.figures} or {figure.id}
    count = figure.model_copy(
        update={
            "id": model.figure_id("quiet", desk.place, desk.period, *sorted(looked_at)),
            "value": float(len(looked_at)),
            "unit": "item",
            "kind": "count",
            "basis": "looked at",
            "formula": f"count({', '.join(name(number) for number in range(len(looked_at)))})",
            "computed": True,
            "decimals": 0,
            "inputs": tuple(desk.figures[key].inputs[0] for key in sorted(looked_at)),
        }
    )
    desk.figures[count.id] = count
    return Finding(
        id=model.figure_id("finding", "quiet", desk.place, desk.period),
        kind="quiet",
        indicator=first.indicator,
        place=first.place,
        period=str(desk.period),
        figures={"count": count.id},
        facts={"basis": first.facts.get("basis", "on year")},
        weight=weigh(desk.theme, "quiet", unusual=11.0),
    )


def by_weight(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (-finding.weight, finding.id))


def once(findings: Iterable[Finding]) -> list[Finding]:
    return list({finding.id: finding for finding in findings}.values())
