"""What is worth saying of one indicator in one place.

In: the desk and the measures that the theme asks for. Out: findings with their weights. Records, streaks, changes of
sign and unusual movements are looked for whether asked or not; what the theme asks for is told even when it is quiet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from briefings.briefing import Finding, figure_id
from briefings.compose.desk import LEVEL, ON_PREVIOUS, ON_YEAR, Desk
from briefings.compose.weight import LONGEST_HISTORY, STEP, deviations, tone, weigh
from briefings.measures import Derived
from briefings.periods import Frequency, Period
from briefings.themes import MeasureRequest

#: Cadences whose previous period is not simply the year before.
WITHIN_YEAR = frozenset(set(Frequency) - {Frequency.ANNUAL})


class Subject:
    """One indicator (or one breakdown of it) in one place, at the desk."""

    def __init__(
        self, desk: Desk, indicator: str, place: str, requests: Sequence[MeasureRequest], breakdown: str = ""
    ) -> None:
        self.desk = desk
        self.indicator = indicator
        self.place = place
        self.requests = tuple(requests)
        self.breakdown = breakdown
        self.period = desk.period_of(indicator)

    def findings(self) -> Iterator[Finding]:
        """Everything worth saying, in no order."""
        level = self.desk.get(LEVEL, self.indicator, self.place, breakdown=self.breakdown)
        rates = tuple(rate for rate in (self._rate(ON_YEAR), self._rate(ON_PREVIOUS)) if rate is not None)
        if level is None and not rates:
            yield from self._missing()
            return
        record = self._reaching_back(self.period) if level is not None else None
        again = record is not None and self._follows(record)
        yield from self._status(level, record if again else None)
        for rate in rates:
            beside = next((other for other in rates if other is not rate and self._asked_on(other.basis)), None)
            yield from self._movement(rate, level, beside)
        yield from self._crossing(level)
        if record is not None and not again:
            yield self._record(record, level)
        yield from self._streak(level)
        for request in self.requests:
            if request.measure in TOLD:
                yield from self._told(request)

    def finding(
        self,
        kind: str,
        figures: dict[str, str],
        *,
        weight: float,
        direction: str = "",
        told: str = "",
        **facts: str,
    ) -> Finding:
        """A finding about this subject; `told` sets apart two of one kind."""
        known = {key: value for key, value in {"direction": direction, **facts}.items() if value}
        return Finding(
            id=figure_id("finding", kind, self.indicator, self.place, self.breakdown, self.period, told),
            kind=kind,
            indicator=self.indicator,
            place=self.place,
            breakdown=self.breakdown,
            period=str(self.period),
            figures=figures,
            facts=known,
            weight=weight,
            tone=tone(self.desk.indicator(self.indicator), direction),
        )

    def _rate(self, request: MeasureRequest) -> Derived | None:
        """Growth on the year or on the previous period (for percentages a change in points), where it is defined."""
        if request is ON_PREVIOUS and self.desk.theme.cadence not in WITHIN_YEAR:
            return None
        return self.desk.get(request, self.indicator, self.place, breakdown=self.breakdown)

    def _asked_on(self, basis: str) -> bool:
        """Whether the theme shows a rate on this basis."""
        return any(r.measure in ("growth", "change") and (r.basis or "on year") == basis for r in self.requests)

    def _asked(self, measure: str) -> bool:
        return any(request.measure == measure for request in self.requests)

    def _missing(self) -> Iterator[Finding]:
        for request in self.requests:
            self.desk.want(request, self.indicator, self.place, breakdown=self.breakdown)
        series = self.desk.panel.series(self.indicator, self.place, self.breakdown)
        before = [row.period for row in series if row.period < self.period] if series else []
        latest = str(before[-1]) if before else ""
        yield self.finding("missing", {}, weight=weigh(self.desk.theme, "missing"), latest=latest)

    # -- the figure itself -------------------------------------------------------------------------------------------

    def _status(self, level: Derived | None, record: Derived | None = None) -> Iterator[Finding]:
        """Level with the rates that the theme asks for; `flat` where none of them is worth a verb. A record that only
        follows another is no event: it is told here."""
        figures = {"level": self.desk.enter(level)} if level is not None else {}
        rates = self._asked_rates()
        figures |= {_role(rate): self.desk.enter(rate) for rate in rates}
        if level is None:
            yield from (self._growth_alone(rate) for rate in rates)
            return
        direction = _direction(rates[0].value) if rates else ""
        reach = {key: record.facts.get(key, "") for key in ("extreme", "since", "span_from")} if record else {}
        if rates and all(abs(rate.value) < self.desk.theme.notable.growth for rate in rates):
            role = _role(rates[0])
            yield self.finding(
                "flat",
                {"level": figures["level"], role.replace("change", "growth").replace("_previous", ""): figures[role]},
                weight=weigh(self.desk.theme, "flat", routine=True),
                basis=rates[0].basis,
                **reach,
            )
        else:
            usual = max((self.unusual(rate) for rate in rates), default=0.0)
            yield self.finding(
                "level", figures, weight=weigh(self.desk.theme, "level", unusual=usual), direction=direction, **reach
            )

    def _asked_rates(self) -> list[Derived]:
        """The growth and the changes that the theme asks for and that are defined, in its order."""
        asked = [r for r in self.requests if r.measure in ("growth", "change") and r.basis != "since"]
        found = (self.desk.want(r, self.indicator, self.place, breakdown=self.breakdown) for r in asked)
        return [rate for rate in found if rate is not None]

    def _growth_alone(self, rate: Derived) -> Finding:
        usual = self.unusual(rate)
        return self.finding(
            "growth",
            {"growth": self.desk.enter(rate)},
            weight=weigh(self.desk.theme, "growth", unusual=usual),
            direction=_direction(rate.value),
            told=rate.basis,
            basis=rate.basis,
        )

    # -- movements ---------------------------------------------------------------------------------------------------

    def _movement(self, rate: Derived, level: Derived | None, beside: Derived | None) -> Iterator[Finding]:
        """An unusual movement, or a rate that changed its sign. `beside` is the rate on the other basis: a fall on the
        month reads otherwise where the level still stands above that of a year ago."""
        unusual = self.unusual(rate)
        figures = {"growth": self.desk.enter(rate)} | ({"level": self.desk.enter(level)} if level else {})
        notable = self.desk.theme.notable
        if unusual >= notable.deviations and abs(rate.value) >= notable.growth:
            yield self.finding(
                "growth",
                figures | self.desk.parts(rate, "base") | ({"beside": self.desk.enter(beside)} if beside else {}),
                weight=weigh(self.desk.theme, "movers", unusual=unusual),
                direction=_direction(rate.value),
                told=f"unusual {rate.basis}",
                basis=rate.basis,
                size="unusual",
            )
        if rate.basis == "on year":
            yield from self._sign_change(rate, figures, unusual)

    def _sign_change(self, rate: Derived, figures: dict[str, str], unusual: float) -> Iterator[Finding]:
        history = self._history(rate)
        if not history:
            return
        previous = history[-1]
        both = min(abs(rate.value), abs(previous.value)) >= self.desk.theme.notable.growth
        if previous.period != self.period.step(-1) or rate.value * previous.value >= 0 or not both:
            return
        yield self.finding(
            "sign_change",
            figures | {"previous_growth": self.desk.enter(previous)},
            weight=weigh(self.desk.theme, "sign_change", unusual=unusual),
            direction=_direction(rate.value),
            basis=rate.basis,
        )

    def _crossing(self, level: Derived | None) -> Iterator[Finding]:
        if level is None:
            return
        previous = self.desk.get(LEVEL, self.indicator, self.place, self.period.step(-1), breakdown=self.breakdown)
        if previous is not None and level.value * previous.value < 0:
            yield self.finding(
                "crossing",
                {"level": self.desk.enter(level), "previous": self.desk.enter(previous)},
                weight=weigh(self.desk.theme, "crossing", unusual=2.0),
                direction=_direction(level.value),
            )

    def _history(self, rate: Derived) -> list[Derived]:
        """The same rate in the periods before, oldest first, as far back as a judgement of what is usual reaches."""
        request = MeasureRequest(
            "growth", basis="on previous period" if rate.basis == "on previous period" else "on year"
        )
        series = self.desk.panel.series(self.indicator, self.place, self.breakdown)
        if series is None:
            return []
        periods = [row.period for row in series.until(self.period.step(-1))][-LONGEST_HISTORY:]
        answers = (self.desk.get(request, self.indicator, self.place, p, breakdown=self.breakdown) for p in periods)
        return [answer for answer in answers if answer is not None]

    def unusual(self, rate: Derived) -> float:
        """How many standard deviations a rate lies from what is usual for this subject."""
        return deviations(rate.value, [before.value for before in self._history(rate)])

    def since(self, come: Derived, first: str) -> Finding:
        """How far the level has come since `first`, a period."""
        level = self.desk.get(LEVEL, self.indicator, self.place, breakdown=self.breakdown)
        figures = {"growth": self.desk.enter(come)} | ({"level": self.desk.enter(level)} if level else {})
        return self.finding(
            "since",
            figures | self.desk.parts(come, "base"),
            weight=weigh(self.desk.theme, "since", routine=True),
            direction=_direction(come.value),
            told=first,
            **{"from": first},
        )

    # -- the long view -----------------------------------------------------------------------------------------------

    def _record(self, record: Derived, level: Derived | None) -> Finding:
        """The highest or lowest for as many years as the theme calls a record, and not so the period before; with the
        rates that the theme asks for, so that page one tells of the figure once."""
        extreme = record.facts["extreme"]
        rates = self._asked_rates()
        figures = {"level": self.desk.enter(level)} if level else {}
        return self.finding(
            "record",
            figures | self.desk.parts(record, "previous_record") | {_role(r): self.desk.enter(r) for r in rates},
            basis=min((rate.basis for rate in rates), key=lambda basis: basis != "on year", default=""),
            weight=weigh(self.desk.theme, "record"),
            direction="up" if extreme == "high" else "down",
            extreme=extreme,
            since=record.facts.get("since", ""),
            span_from=record.facts.get("span_from", ""),
            gap=record.facts.get("gap", ""),
        )

    def _follows(self, record: Derived) -> bool:
        """Whether the period before was a record of the same kind."""
        before = self._reaching_back(self.period.step(-1))
        return before is not None and before.facts["extreme"] == record.facts["extreme"]

    def _reaching_back(self, period: Period) -> Derived | None:
        """The record of a period if it reaches back as far as the theme wants, else None."""
        record = self.desk.get(MeasureRequest("record"), self.indicator, self.place, period, breakdown=self.breakdown)
        if record is None:
            return None
        since = record.facts.get("since") or record.facts["span_from"]
        years = (period.end - Period.parse(since).end).days / 365.25
        return record if years >= self.desk.theme.notable.record else None

    def _streak(self, level: Derived | None) -> Iterator[Finding]:
        streak = self.desk.get(MeasureRequest("streak"), self.indicator, self.place, breakdown=self.breakdown)
        if streak is None or streak.facts["direction"] == "flat" or streak.value < self.desk.theme.notable.streak:
            return
        # What is not known ever to have been otherwise (deposits rise) is no news.
        ever = streak.facts.get("ended_by", "turn") != "turn"
        figures = {"length": self.desk.enter(streak)} | self.desk.parts(streak, "growth")
        if level is not None:
            figures["level"] = self.desk.enter(level)
        yield self.finding(
            "streak",
            figures,
            weight=weigh(self.desk.theme, "streak", routine=True) - 2 * STEP
            if ever
            else weigh(self.desk.theme, "streak", unusual=1.0 + min(streak.value, 24.0) / 4.0),
            direction=streak.facts["direction"],
            **{"from": streak.facts["from"]},
        )

    # -- what the theme asks for by name -----------------------------------------------------------------------------

    def _told(self, request: MeasureRequest) -> Iterator[Finding]:
        """A finding for a measure that has a kind of its own: rank, share, gap, average annual growth ..."""
        kind, role, parts = TOLD[request.measure]
        peers = peers_of(self.desk, self.place) if request.measure == "rank" else ()
        derived = self.desk.want(request, self.indicator, self.place, breakdown=self.breakdown, peers=peers)
        if derived is None:
            return
        figures = {role: self.desk.enter(derived)} | self.desk.parts(derived, *parts)
        facts = {key: str(value) for key, value in derived.facts.items()}
        if request.to and request.measure in ("gap", "gap in growth", "share", "contribution"):
            facts["to" if kind in ("gap", "contribution") else "of"] = self._named(request)
        if kind == "gap":
            facts["of"] = "growth" if request.measure == "gap in growth" else "level"
        direction = facts.pop("direction", "")
        still = direction in ("", "held", "flat") or (kind == "gap" and not self._gap_moved(derived))
        weight = weigh(self.desk.theme, kind, routine=still)
        yield self.finding(kind, figures, weight=weight, direction=direction, told=str(request), **facts)

    def _gap_moved(self, gap: Derived) -> bool:
        """Whether a gap widened or narrowed by what the theme finds notable."""
        previous = gap.parts.get("previous_gap")
        return previous is not None and abs(gap.value - previous.value) >= self.desk.theme.notable.gap

    def _named(self, request: MeasureRequest) -> str:
        if request.to == "total":
            return "total"
        return self.desk.catalogue.resolve((request.to or "",), around=self.place)[0]


def peers_of(desk: Desk, place: str) -> tuple[str, ...]:
    """Whom a place is ranked among: its own peer group, or those that the theme sets beside it; all of its kind."""
    catalogue = desk.catalogue
    group = catalogue.places[place].peers
    beside = catalogue.resolve(desk.theme.places.beside, around=place)
    peers = catalogue.groups[group].members if group else beside
    kind = catalogue.places[place].kind
    return tuple(p for p in dict.fromkeys((place, *peers)) if catalogue.places[p].kind == kind)


#: Measure -> kind of finding, the role of its own figure, and its parts by role.
TOLD: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "rank": ("rank", "rank", ("previous_rank", "out_of")),
    "share": ("share", "share", ("previous_share", "change")),
    "average annual growth": ("average_growth", "average", ("first", "last")),
    "gap": ("gap", "gap", ("own", "benchmark", "previous_gap")),
    "gap in growth": ("gap", "gap", ("own", "benchmark", "previous_gap")),
    "volatility": ("volatility", "volatility", ("previous",)),
    "ratio": ("ratio", "value", ("previous",)),
    "per head": ("per_head", "value", ("previous",)),
    "index": ("index", "value", ("previous",)),
    "rolling average": ("rolling", "value", ("previous",)),
    "attainment": ("attainment", "value", ("level", "growth", "target")),
    "contribution": ("contribution", "value", ()),
    "revision": ("revision", "change", ("new", "old")),
    "change in growth": ("change_in_growth", "change", ("growth", "previous_growth")),
}


def _role(rate: Derived) -> str:
    base = "change" if rate.measure == "change" else "growth"
    return base + ("_previous" if rate.basis == "on previous period" else "")


def _direction(value: float) -> str:
    return "up" if value > 0 else "down" if value < 0 else "flat"
