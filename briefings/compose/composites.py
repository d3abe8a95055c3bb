"""Accounts told together: shares that make up a whole, nested tiers, levels at the same two ends, completion rates.

In: the desk and accounts. Out: `Together`s: the accounts, the figures that are drawn, and the finding that tells them.
What is told of one account alone is said in `accounts`; how a group is drawn in `account_pictures`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from briefings.briefing import Entry, Finding, figure_id
from briefings.compose.account import Account
from briefings.compose.desk import Desk
from briefings.compose.weight import STEP, weigh
from briefings.measures import Derived, is_whole
from briefings.periods import Period
from briefings.quantities import Unit

#: Shares that make up a whole may miss a hundred by their rounding.
SLACK = 0.15
#: A composition has so many parts.
PARTS = (3, 8)
FEWEST_PAIRS, MOST_PAIRS = 2, 12
FEWEST_COMPLETIONS = 3
#: Two tiers are a sentence of their own; a bar needs three.
FEWEST_TIERS = 3


@dataclass(frozen=True)
class Together:
    """Accounts that are told in one sentence, with the figure of each that is drawn."""

    accounts: tuple[Account, ...]
    marks: tuple[Derived, ...]
    finding: Finding


def compositions(desk: Desk, accounts: Iterable[Account]) -> Iterator[Together]:
    """Shares of one place and period, neighbours in the catalogue, that add up to a hundred percent."""
    shares: dict[tuple[str, Period, bool], list[Account]] = defaultdict(list)
    for account in accounts:
        nature = desk.indicator(account.indicator).nature
        share = share_of(account)
        if share is not None and nature == "share" and not account.breakdown:
            shares[account.place, account.period, account.target].append(account)
    for members in shares.values():
        for parts in _wholes(members):
            marks = tuple(share for a in parts if (share := share_of(a)) is not None)
            entries = tuple(_entry(desk, a, {"share": mark}) for a, mark in zip(parts, marks, strict=True))
            wholes = {desk.indicator(a.indicator).share_of or "" for a in parts}
            whole = wholes.pop() if len(wholes) == 1 else ""
            yield Together(tuple(parts), marks, _finding(desk, "composition", parts, entries, share_of=whole))


def tiers(desk: Desk, accounts: Iterable[Account]) -> Iterator[Together]:
    """Nested tiers of one family, place and period, told as what each adds to the next: 236 over 100 million, 84 of
    them over 500 million and 47 over a billion are 152, 37 and 47."""
    families: dict[tuple[str, Period, str, bool], list[Account]] = defaultdict(list)
    for account in accounts:
        tier = desk.indicator(account.indicator).tier
        if tier is not None and "level" in account.figures:
            families[str(tier.of.texts), account.period, account.place, account.target].append(account)
    for members in families.values():
        family = sorted(members, key=lambda a: threshold(desk, a))
        levels = [account.figures["level"] for account in family]
        if len(family) < FEWEST_TIERS or any(lower.value < upper.value for lower, upper in pairwise(levels)):
            continue
        steps = (*(_less(lower, upper) for lower, upper in pairwise(levels)), levels[-1])
        entries = tuple(
            _entry(desk, a, {"level": level, "increment": step}, tier=above(threshold(desk, a)))
            for a, level, step in zip(family, levels, steps, strict=True)
        )
        yield Together(tuple(family), steps, _finding(desk, "tiers", family, entries))


def pairs(desk: Desk, accounts: Iterable[Account]) -> Iterator[Together]:
    """Levels of one unit at the same two ends: deposits and loans, 2020 and 2025. `marks` are the earlier levels, then
    the later ones."""
    ends: dict[tuple[str, str, str], list[Account]] = defaultdict(list)
    for account in accounts:
        if {"level", "earlier"} <= account.figures.keys() and account.place == desk.place and not account.target:
            unit = account.figures["level"].unit
            ends[unit, account.facts["earlier_period"], str(account.period)].append(account)
    for (unit, before, now), members in ends.items():
        if not FEWEST_PAIRS <= len(members) <= MOST_PAIRS or not Unit.parse(unit)[0].takes_scale:
            continue
        entries = tuple(_entry(desk, a, _ends(a)) for a in members)
        finding = _finding(desk, "pairs", members, entries, **{"from": before, "to": now})
        marks = tuple(a.figures[role] for role in ("earlier", "level") for a in members)
        yield Together(tuple(members), marks, finding)


def completions(desk: Desk, accounts: Iterable[Account], *, named: bool) -> Iterator[Together]:
    """Completion rates that sources publish, three or more of one period; `named`: every rate among the accounts, for
    a section that asks for it: such rates are of no target, and no sentence counts how many were reached; nor of those
    of a part of the year."""
    found: dict[Period, list[Account]] = defaultdict(list)
    for account in accounts:
        rate = share_of(account)
        if rate is None or account.place != desk.place or account.target:
            continue
        if named or desk.indicator(account.indicator).completes is not None:
            found[account.period].append(account)
    for members in found.values():
        if len(members) >= FEWEST_COMPLETIONS:
            marks = tuple(rate for a in members if (rate := share_of(a)) is not None)
            whole = all(is_whole(mark.inputs[0]) for mark in marks)
            rated = whole and all(desk.indicator(a.indicator).completes for a in members)
            told = zip(members, marks, strict=True) if rated else ()
            entries = tuple(_entry(desk, a, {"completion": mark}) for a, mark in told)
            yield Together(tuple(members), marks, _finding(desk, "completions", members, entries))


def share_of(account: Account) -> Derived | None:
    """The percentage that an account tells, as a level or as a share."""
    told = account.figures.get("level") or account.figures.get("share")
    return told if told is not None and told.unit == "percent" else None


def threshold(desk: Desk, account: Account) -> float:
    """Above which amount a tier counts, in base units; 0 for what is no tier."""
    tier = desk.indicator(account.indicator).tier
    return tier.over if tier is not None else 0.0


def _ends(account: Account) -> dict[str, Derived]:
    figures = account.figures
    change = {"change": figures["since_earlier"]} if "since_earlier" in figures else {}
    return {"from": figures["earlier"], "to": figures["level"]} | change


def above(low: float, high: float | None = None) -> str:
    """The key of a tier's name: what lies above a threshold, or between it and the next."""
    return f"tier={low:g}" if high is None else f"tier={low:g}:{high:g}"


def _entry(desk: Desk, account: Account, figures: dict[str, Derived], **facts: str) -> Entry:
    return Entry(
        place=account.place,
        indicator=account.indicator,
        breakdown=account.breakdown,
        figures={role: desk.enter(derived) for role, derived in figures.items()},
        facts=facts,
    )


def _finding(desk: Desk, kind: str, members: Sequence[Account], entries: tuple[Entry, ...], **facts: str) -> Finding:
    return Finding(
        id=figure_id("finding", kind, *(account.key for account in members)),
        kind=kind,
        indicator=members[0].indicator,
        place=members[0].place,
        period=str(members[0].period),
        facts={key: value for key, value in facts.items() if value},
        entries=entries,
        weight=weigh(desk.theme, kind) + STEP / 2,
    )


def _wholes(members: Sequence[Account]) -> Iterator[Sequence[Account]]:
    """The runs of neighbours that add up to a hundred, none of them twice."""
    start = 0
    while start < len(members):
        for length in range(PARTS[1], PARTS[0] - 1, -1):
            run = members[start : start + length]
            total = sum(share.value for a in run if (share := share_of(a)) is not None)
            if len(run) == length and abs(total - 100.0) <= SLACK:
                yield run
                start += length
                break
        else:
            start += 1


def _less(lower: Derived, upper: Derived) -> Derived:
    """What a tier holds that the next one above does not."""
    return Derived(
        measure="increment",
        indicator=lower.indicator,
        place=lower.place,
        breakdown=lower.breakdown,
        period=lower.period,
        value=lower.value - upper.value,
        unit=lower.unit,
        basis="",
        formula="a - b",
        inputs=(*lower.inputs, *upper.inputs),
        computed=True,
        decimals=lower.decimals,
        status=lower.status,
    )
