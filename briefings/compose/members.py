"""The members of a breakdown as the rows of a section with `split`: which there are, in what order, how many it shows.

In: the desk, an indicator and a section. Out: breakdowns (`origin=korea`), the largest first. Sentences, tables
(`cells`) and bars (`pictures`) follow one order, so that who is named first stands first.
"""

from __future__ import annotations

from collections.abc import Sequence

from briefings.briefing import Finding
from briefings.compose.desk import LEVEL, Desk
from briefings.measures import Derived
from briefings.themes import MeasureRequest, Section


def members(desk: Desk, indicator: str, section: Section) -> tuple[str, ...]:
    """The members that have a figure of the briefing's period, or one that its source withholds: by the section's first
    measure that is no rank, the largest first, those without it last. Crossings with further dimensions (industry by
    sex) would count a member twice."""
    lead = lead_of(section.show[indicator])
    period = desk.period_of(indicator)
    order = {}
    for breakdown in desk.panel.breakdowns(indicator, desk.place):
        if not breakdown.startswith(f"{section.split}=") or ";" in breakdown:
            continue
        answer = desk.ask(lead, indicator, desk.place, breakdown=breakdown)
        if isinstance(answer, Derived):
            order[breakdown] = answer.value
        elif (indicator, desk.place, breakdown, period) in desk.checked.confidential or desk.get(
            LEVEL, indicator, desk.place, breakdown=breakdown
        ):
            order[breakdown] = float("-inf")
    return tuple(sorted(order, key=lambda breakdown: (-order[breakdown], breakdown)))


def lead_of(measures: Sequence[MeasureRequest]) -> MeasureRequest:
    """The measure by which members and places are ordered."""
    return next((m for m in measures if m.measure != "rank"), LEVEL)


def shown(found: Sequence[str], section: Section) -> tuple[str, ...]:
    """The first and the last of them, as many as the section shows of places."""
    if len(found) <= section.top + section.bottom:
        return tuple(found)
    return (*found[: section.top], *found[len(found) - section.bottom :])


def in_turn(findings: Sequence[Finding], desk: Desk, section: Section, most: int) -> list[Finding]:
    """At most so many findings of a section with `split`, by member, the largest first. Each member is told of once
    before any is told of twice: `findings` come by weight, and what is weightiest of each is told."""
    position = {
        (indicator, breakdown): number
        for indicator in section.show
        for number, breakdown in enumerate(members(desk, indicator, section))
    }
    indicators = list(section.show)

    def place(finding: Finding) -> tuple[int, int]:
        known = position.get((finding.indicator, finding.breakdown), len(position))
        return known, indicators.index(finding.indicator)

    times: dict[tuple[str, str], int] = {}
    turns = []
    for finding in findings:
        subject = (finding.indicator, finding.breakdown)
        times[subject] = times.get(subject, 0) + 1
        turns.append((times[subject], place(finding), finding))
    kept = sorted(turns, key=lambda turn: turn[:2])[:most]
    return [finding for _, _, finding in sorted(kept, key=lambda turn: (turn[1], turn[0]))]
