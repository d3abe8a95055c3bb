"""Briefings for the narrative's tests, made from findings in a few words.

`growth exchange_rate china 2026-06: growth=1.2 on year, level=7.17` is a finding: kind, indicator, place (and, behind a
slash, a breakdown), period. Roles that are numbers become figures, all else facts; `+ japan growth=3.1` adds an entry.
Units follow the role: a level has the indicator's, growth is in percent; another one may stand behind the number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from briefings.briefing import (
    Briefing,
    ChartRequest,
    Entry,
    Figure,
    Finding,
    House,
    Input,
    Names,
    Note,
    Qualifier,
    Section,
    SourceNote,
    TableRequest,
)
from briefings.narrative import PhraseBook
from briefings.narrative.kinds import KINDS

CASES = Path(__file__).parent / "cases" / "narrative"
TEMPLATES = Path(__file__).parent.parent / "templates" / "phrases"

LEVELS = {
    "level", "base", "previous_record", "first", "last", "new", "old", "target", "previous", "value", "own",
    "benchmark", "earlier", "from", "to", "increment",
}  # fmt: skip
PERCENT = {
    "since", "since_earlier", "computed_average", "completion", "ratio",
    "growth", "growth_previous", "beside", "previous_growth", "average", "share", "previous_share", "volatility",
}  # fmt: skip
POINTS = {"change", "change_previous"}
COUNTS = {"count": "item", "up": "place", "down": "place", "out_of": "place", "length": "month", "lasted": "month"}
RANKS = {"rank", "previous_rank"}
ROLES = LEVELS | PERCENT | POINTS | RANKS | COUNTS.keys() | {"gap", "previous_gap", "multiple"}
NUMBER = re.compile(r"(?P<value>[+-]?[\d.]+(?:e\d+)?)(?: (?P<more>.*))?")
BASES = ("on year", "on previous period")
STATUSES = ("estimate", "flash", "preliminary", "final", "target")
QUALIFIERS: tuple[Qualifier, ...] = ("over", "under", "about")


@cache
def _text(path: Path) -> str:
    return json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")))


def book(language: str) -> dict[str, Any]:
    """The tree of a phrase book, to be changed at will."""
    tree: dict[str, Any] = json.loads(_text(TEMPLATES / f"{language}.yaml"))
    return tree


BOOKS = {language: PhraseBook.load(book(language)) for language in ("en", "zh")}


def names() -> Names:
    """The names of the cases' world."""
    return Names.model_validate_json(_text(CASES / "names.yaml"))


class World:
    """Collects the figures of findings written in a few words."""

    def __init__(self) -> None:
        self.names = names()
        self.figures: dict[str, Figure] = {}

    def figure(self, role: str, text: str, indicator: str, place: str, period: str) -> str:
        """A figure for a role from `3.2`, `3.2 on year`, `440e6 estimate`, `15.6 percentage point`; its id."""
        match = NUMBER.fullmatch(text)
        assert match is not None, f"{role}={text} is no number"
        words = match["more"] or ""
        status = next((status for status in STATUSES if status in words.split()), "actual")
        words = words.replace(status, "").strip() if status != "actual" else words
        qualifier = next((word for word in QUALIFIERS if word in words.split()), "exact")
        computed = "computed" in words.split()
        words = " ".join(word for word in words.split() if word not in (*QUALIFIERS, "computed"))
        basis = next((basis for basis in BASES if basis in words), "")
        unit = words.replace(basis, "").strip() or self.unit(role, indicator, place)
        identifier = f"f{len(self.figures)}"
        digits = match["value"].partition(".")[2]
        self.figures[identifier] = Figure(
            id=identifier,
            value=float(match["value"]),
            unit=unit,
            kind=role,
            indicator=indicator,
            place=place,
            period=period,
            basis=basis,
            status=status,
            qualifier=cast(Qualifier, qualifier),
            computed=computed,
            decimals=len(digits) if unit in ("percent", "percentage point") else None,
            inputs=(
                Input(
                    value=1.0, unit=unit, indicator=indicator, place=place, period=period, source="sample",
                    published="2026-07-01", snapshot="0" * 64, locator="row=2,column=Value",
                ),
            ),
        )  # fmt: skip
        return identifier

    def unit(self, role: str, indicator: str, place: str) -> str:
        if role in PERCENT:
            return "percent"
        if role == "multiple":
            return "multiple"
        if role in POINTS:
            return "percentage point"
        if role in RANKS:
            return "rank"
        if role in COUNTS:
            return COUNTS[role]
        item = self.names.indicators.get(indicator)
        currency = self.names.places[place].currency if place in self.names.places else ""
        return item.unit.replace("LCU", currency or "LCU") if item else "item"

    def finding(self, text: str, identifier: str = "x") -> Finding:
        """The finding that a line tells."""
        head, _, tail = text.partition(":")
        kind, indicator, place, period = head.split()
        indicator = "" if indicator == "-" else indicator
        place, _, breakdown = place.partition("/")
        own, *members = tail.split(" + ")
        roles = ROLES & ({*KINDS[kind].roles, "change", "change_previous"} if kind in KINDS else ROLES)
        figures, facts = self._parts(own, indicator, place, period, roles)
        entries = []
        for member in members:
            entries.append(self._entry(member.strip(), indicator, place, period))
        return Finding(
            id=identifier,
            kind=kind,
            indicator=indicator,
            place=place,
            breakdown=f"industry={breakdown}" if breakdown else "",
            period=period,
            figures=figures,
            facts=facts,
            entries=tuple(entries),
        )

    def _entry(self, text: str, indicator: str, place: str, period: str) -> Entry:
        """`japan growth=3.1`: another place; `@deposits from=3`: another indicator (`@deposits/mining`: of a part)."""
        name, _, rest = text.partition(" ")
        other, at, own = name.partition("@")
        own, _, breakdown = own.partition("/")
        where, what = (other or place, own or indicator) if at else (name, indicator)
        figures, facts = self._parts(rest, what, where, period, ROLES)
        return Entry(
            place=where,
            indicator=what if at else "",
            breakdown=f"industry={breakdown}" if breakdown else "",
            figures=figures,
            facts=facts,
        )

    def _parts(
        self, text: str, indicator: str, place: str, period: str, roles: Collection[str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        figures: dict[str, str] = {}
        facts: dict[str, str] = {}
        for part in filter(None, (piece.strip() for piece in text.split(", "))):
            key, _, value = part.partition("=")
            if key in roles:
                figures[key] = self.figure(key, value, indicator, place, period)
            else:
                facts[key] = value
        return figures, facts

    def briefing(
        self,
        *findings: Finding,
        period: str = "2026-06",
        place: str = "china",
        charts: tuple[ChartRequest, ...] = (),
        tables: tuple[TableRequest, ...] = (),
        notes: tuple[Note, ...] = (),
        headline: int | None = None,
        **more: Any,
    ) -> Briefing:
        """A briefing of these findings: the first `headline` of them on page one, the rest in one section."""
        cut = len(findings) if headline is None else headline
        section = Section(
            id="s", title={"en": "Section", "zh": "正文"}, findings=findings[cut:], charts=charts, tables=tables
        )
        return Briefing(
            **{
                "theme": "sample",
                "title": {"en": "Sample briefing", "zh": "样例简报"},
                "place": place,
                "period": period,
                "cadence": "monthly",
                "cut_off": "2026-07-01",
                "languages": ("en", "zh"),
                "headline": findings[:cut],
                "summary": None,
                "sections": (section,) if findings[cut:] or charts or tables else (),
                "notes": notes,
                "figures": self.figures,
                "sources": (
                    SourceNote(
                        id="sample", title={"en": "Sample", "zh": "样例"}, publisher={"en": "Office", "zh": "统计局"},
                        published="2026-07-01", snapshots=("0" * 64,),
                    ),
                ),
                "names": self.names,
                "house": House(publisher={"en": "Office", "zh": "统计局"}),
                **more,
            }
        )  # fmt: skip
