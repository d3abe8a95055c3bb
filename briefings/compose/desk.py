"""The desk at which a briefing is composed: asks measures, keeps the figures they give and the refusals they meet.

In: a theme, a place, a period and the panel of observations. Out: `Figure`s with ids, and the results behind them. What
is worth saying of them is decided next door, in `single` and `several`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from briefings.briefing import Figure, Input, Qualifier, figure_id
from briefings.catalogue import Catalogue, Indicator
from briefings.measures import Derived, Question, Refusal, VintageKey, derive, ranks, vintage_key
from briefings.measures.results import decimals_of
from briefings.observations import Observation, Panel
from briefings.periods import Period
from briefings.quantities import Unit
from briefings.reconcile import Checked
from briefings.themes import MeasureRequest, Theme

LEVEL = MeasureRequest("level")
ON_YEAR = MeasureRequest("growth")
ON_PREVIOUS = MeasureRequest("growth", basis="on previous period")
#: The numbers of colours of the house theme: the own place's, the benchmark's, those of two other places.
OWN, BENCHMARK, OTHERS = 0, 2, (1, 3)


@dataclass
class Desk:
    """Theme, place and period with everything known of them; figures are entered as they are asked for.

    `figures` holds what was put into the briefing; `refusals` what the theme asked for and could not have; `of_totals`
    the published rates that are nothing but the ratio of two published totals, at current prices; `made_of` the
    observations behind each figure.
    """

    theme: Theme
    catalogue: Catalogue
    checked: Checked
    place: str
    period: Period
    earlier: Mapping[VintageKey, Observation] = field(default_factory=dict)
    others: Mapping[VintageKey, Sequence[Observation]] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    refusals: dict[tuple[str, str, str, str], Refusal] = field(default_factory=dict)
    of_totals: set[str] = field(default_factory=set)
    made_of: dict[str, tuple[Observation, ...]] = field(default_factory=dict)
    _asked: dict[tuple[object, ...], Derived | Refusal] = field(default_factory=dict)
    _entered: dict[int, tuple[Derived, str]] = field(default_factory=dict)
    _written: dict[int, tuple[tuple[Observation, ...], str]] = field(default_factory=dict)
    _memo: dict[Any, Any] = field(default_factory=dict)
    _periods: dict[str, Period] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._withheld = self.checked.withheld

    def indicator(self, indicator: str) -> Indicator:
        return self.catalogue.indicators[indicator]

    @cached_property
    def indicators(self) -> frozenset[str]:
        """Every indicator that the theme may show."""
        return frozenset(self.theme.indicators(self.catalogue))

    def where(self, indicator: str) -> str:
        """The place whose figure of an indicator stands for the briefing's own: itself, or the nearest that holds it
        and has one (the oil price of the world in a briefing on a country)."""
        for place in (self.place, *self.catalogue.ancestors(self.place)):
            if self.observed(indicator, place):
                return place
        return self.place

    def period_of(self, indicator: str) -> Period:
        """The period of which an indicator is told in this briefing: the briefing's own, or, where only figures that
        add up over the year are, January to its end. One for all places, so that they compare."""
        if indicator not in self._periods:
            place = self.where(indicator)
            to_date = self.period.months_so_far
            series = [each for each in self.panel if (each.indicator, each.place) == (indicator, place)]
            told = {row.period for each in series if not each.target for row in each}
            alone = to_date is not None and to_date in told and self.period not in told
            self._periods[indicator] = to_date if alone and to_date is not None else self.period
        return self._periods[indicator]

    def back_from(self, indicator: str, length: int) -> list[Period]:
        """The periods of so many briefings, this one and those before it, as an indicator is told of them: from the
        latest to the earliest."""
        steps = [self.period.step(-back) for back in range(length)]
        if self.period_of(indicator) == self.period:
            return steps
        return [to_date for period in steps if (to_date := period.months_so_far) is not None]

    @property
    def panel(self) -> Panel:
        return self.checked.panel

    @property
    def benchmarks(self) -> frozenset[str]:
        """The places shown for comparison: never ranked, never among the movers, since they hold the others."""
        return frozenset(self.catalogue.resolve(self.theme.places.benchmarks, around=self.place)) - {self.place}

    @cached_property
    def colours(self) -> Mapping[str, int]:
        """The places that have a colour of the house theme, with its number: the briefing's own, the first benchmark
        of the theme, and the first two of those beside, in the order of the theme. It depends on nothing that an
        edition measures, so that a place has one colour in all of them."""
        theme, resolve = self.theme.places, self.catalogue.resolve
        benchmarks = [place for place in resolve(theme.benchmarks, around=self.place) if place != self.place]
        known = {self.place: OWN} | dict.fromkeys(benchmarks[:1], BENCHMARK)
        others = [place for place in resolve((*theme.each, *theme.beside), around=self.place) if place not in known]
        return known | dict(zip(others, OTHERS, strict=False))

    def observed(self, indicator: str, place: str, breakdown: str = "") -> bool:
        return any(self.panel.series(indicator, place, breakdown, kind=kind, basis=basis) for kind, basis in PUBLISHED)

    def ask(
        self,
        request: MeasureRequest,
        indicator: str,
        place: str,
        period: Period | None = None,
        *,
        breakdown: str = "",
        peers: tuple[str, ...] = (),
    ) -> Derived | Refusal:
        """The measure, or why there is none; each is worked out once."""
        period = period or self.period_of(indicator)
        request = self.suited(request, indicator)
        key = (request, indicator, place, period, breakdown, peers)
        to = self._target(request, place)
        if key not in self._asked and request.to is not None and to is None:
            self._asked[key] = Refusal(request.measure, indicator, place, period, _lacking(request))
        if key not in self._asked:
            self._asked[key] = derive(self._question(request, indicator, place, period, breakdown, peers, to))
        return self._asked[key]

    def ranks(self, request: MeasureRequest, indicator: str, peers: tuple[str, ...]) -> Mapping[str, int]:
        """The rank of each of these places that has one, without the figures that `ask` makes of every rank."""
        if not peers:
            return {}
        return ranks(self._question(self.suited(request, indicator), indicator, peers[0], self.period, "", peers, None))

    def _question(
        self,
        request: MeasureRequest,
        indicator: str,
        place: str,
        period: Period,
        breakdown: str,
        peers: tuple[str, ...],
        to: str | None,
    ) -> Question:
        return Question(
            measure=request.measure,
            indicator=indicator,
            place=place,
            period=period,
            panel=self.panel,
            catalogue=self.catalogue,
            breakdown=breakdown,
            basis=request.basis,
            over=request.over,
            to=to,
            since=request.since,
            by=request.by,
            counted_from=request.counted_from,
            peers=peers,
            barriers=self.checked.barriers,
            held=self._withheld,
            earlier=self.earlier,
            memo=self._memo,
        )

    def suited(self, request: MeasureRequest, indicator: str) -> MeasureRequest:
        """Growth of what is itself in percent is a change in points."""
        if request.measure == "growth" and self.in_percent(indicator):
            return MeasureRequest("change", basis=request.basis, since=request.since)
        return request

    def in_percent(self, indicator: str) -> bool:
        return self.indicator(indicator).unit in ("percent", "percentage point")

    def _target(self, request: MeasureRequest, place: str) -> str | None:
        """The one place that `to nation` or `of world` means around a place, None where no nation holds it; an
        indicator's id stays as it is."""
        if request.to is None or request.to == "total" or request.measure in ("ratio", "per head"):
            return request.to
        resolved = self.catalogue.resolve((request.to,), around=place)
        return resolved[0] if resolved else None

    def get(
        self, request: MeasureRequest, indicator: str, place: str, period: Period | None = None, **more: object
    ) -> Derived | None:
        """The measure, or None where it was refused; refusals are not noted (they were not asked for by the theme)."""
        answer = self.ask(request, indicator, place, period, **more)  # type: ignore[arg-type]
        return answer if isinstance(answer, Derived) else None

    def want(
        self, request: MeasureRequest, indicator: str, place: str, period: Period | None = None, **more: object
    ) -> Derived | None:
        """As `get`, for what the theme asks for: a refusal is noted with its reason, under the measure as the theme
        words it (`ratio to loans`: the ratio to what is what a reader asks)."""
        answer = self.ask(request, indicator, place, period, **more)  # type: ignore[arg-type]
        if isinstance(answer, Refusal):
            measure = str(replace(self.suited(request, indicator), to=self._target(request, place) or request.to))
            noted = replace(answer, measure=measure)
            self.refusals.setdefault((measure, answer.indicator, answer.place, answer.reason), noted)
            return None
        return answer

    def enter(self, derived: Derived) -> str:
        """Put a measure into the briefing as a figure; returns its id. The same measure is one figure; so is the count
        of those ranked, whichever of them asked for its rank first."""
        if id(derived) not in self._entered:
            self._entered[id(derived)] = derived, self._enter(derived)
        return self._entered[id(derived)][1]

    def _enter(self, derived: Derived) -> str:
        of_all = derived.measure == "count" and derived.unit == "place"
        key = figure_id(
            derived.measure,
            derived.indicator,
            "" if of_all else derived.place,
            derived.breakdown,
            derived.period,
            derived.basis,
            derived.formula,
            *self._of_inputs(derived.inputs),
            *filter(None, (measure := self._measure(derived),)),
        )
        if key in self.figures and self.figures[key].value != derived.value:
            key = figure_id(key, derived.value)  # another vintage of the same figure
        if key not in self.figures:
            formula, inputs = self._made_of(derived)
            self.made_of[key] = inputs
            self.figures[key] = Figure(
                id=key,
                value=derived.value,
                unit=self._unit(derived.unit, derived.place, derived.period),
                kind=derived.measure,
                indicator=derived.indicator,
                place=derived.place,
                breakdown=derived.breakdown,
                period=str(derived.period),
                basis=derived.basis,
                status=derived.status,
                computed=derived.computed,
                decimals=self._decimals(derived),
                qualifier=_qualifier(derived),
                formula=formula,
                inputs=tuple(self._input(row) for row in inputs),
                also=() if derived.computed else tuple(self._input(row) for row in self.told_alike(inputs)),
                measure=measure,
            )
        return key

    def _measure(self, derived: Derived) -> str:
        """What a source published, in the words of a request, where neither formula nor inputs of the figure say so: a
        gap to whom, a rank of what, from which end and among whom."""
        row = derived.inputs[0] if derived.inputs else None
        if row is None or row.kind not in ("gap", "rank") or derived.measure not in ("gap", "gap in growth", "rank"):
            return ""
        whom = self.catalogue.comparator(row.basis, row.place) or row.basis
        if derived.measure != "rank":
            return f"{derived.measure} to {whom}" if whom else derived.measure
        by = " by growth" if row.of == "growth" else ""
        asked = derived.facts.get("counted_from", row.counted_from)
        end = " from bottom" if asked == "bottom" else ""
        return f"rank{by}{end} among {whom}" if whom else f"rank{by}{end}"

    def _of_inputs(self, inputs: tuple[Observation, ...]) -> Iterator[str]:
        """What tells these observations from others, written once for all figures that share them: the ranks of
        thousands of places."""
        if id(inputs) not in self._written:
            keys = (f"{row.indicator}@{row.place}@{row.breakdown}@{row.period}@{row.source}" for row in inputs)
            self._written[id(inputs)] = inputs, "|".join(keys)
        if inputs:
            yield self._written[id(inputs)][1]

    def told_alike(self, rows: Iterable[Observation]) -> Iterator[Observation]:
        """What other sources told of these figures with the same value."""
        for row in rows:
            told = self.others.get(vintage_key(row), ())
            yield from (other for other in told if (other.value, other.unit) == (row.value, row.unit))

    def told_otherwise(self, rows: Iterable[Observation]) -> Iterator[tuple[Observation, Observation]]:
        """Each of these figures with what another source told of it in its stead."""
        for row in rows:
            told = self.others.get(vintage_key(row), ())
            yield from ((row, other) for other in told if (other.value, other.unit) != (row.value, row.unit))

    def _made_of(self, derived: Derived) -> tuple[str, tuple[Observation, ...]]:
        """Formula and inputs as they are kept. A rank refers to the figure that counts those ranked, whose inputs are
        all of them: two hundred places ranked in twenty periods would otherwise repeat each other's figures."""
        if derived.measure == "rank" and derived.computed and "out_of" in derived.parts:
            function = derived.formula.partition("(")[0]
            own = derived.parts["own"]
            return f"{function}({own.formula}, {self.enter(derived.parts['out_of'])})", own.inputs
        return derived.formula, derived.inputs

    def parts(self, derived: Derived, *roles: str) -> dict[str, str]:
        """The figures of those parts of a measure that it has, by role."""
        return {role: self.enter(derived.parts[role]) for role in roles if role in derived.parts}

    def _decimals(self, derived: Derived) -> int | None:
        """The precision in which a figure is printed: its own, or for a level that is printed unscaled (a price, a rate
        of exchange, a percentage) the finest that its source has told lately: 85.4 beside 107.14 is 85.40. What was
        read in running text keeps the precision of its sentence: a target of 2% beside 0.94% is no 2.00%."""
        unit = Unit.parse(derived.unit)[0]
        series = self.panel.series(derived.indicator, derived.place, derived.breakdown)
        if derived.computed or derived.measure != "level" or series is None:
            return derived.decimals
        if (unit.takes_scale and not unit.is_compound) or "char=" in derived.inputs[0].locator:
            return derived.decimals
        lately = (*series.until(derived.period)[-LATELY:], *derived.inputs)
        return max(min(decimals_of(row), MOST_PLACES) for row in lately)

    def unit(self, derived: Derived) -> str:
        """The unit in which a measure is printed."""
        return self._unit(derived.unit, derived.place, derived.period)

    def _unit(self, unit: str, place: str, period: Period) -> str:
        """`LCU` is the currency of the place at that time."""
        if "LCU" not in unit:
            return unit
        item = self.catalogue.places[place]
        former = item.former_currency
        currency = former.code if former and period <= former.until else item.currency
        return Unit.parse(unit)[0].at(currency).code if currency else unit

    def _input(self, row: Observation) -> Input:
        return Input(
            value=row.value,
            unit=self._unit(row.unit, row.place, row.period),
            indicator=row.indicator,
            place=row.place,
            breakdown=row.breakdown,
            period=str(row.period),
            source=row.source,
            published=row.published.isoformat(),
            snapshot=row.snapshot,
            locator=row.locator,
            quote=row.quote,
            corrected_from=row.corrected_from,
            correction=row.correction,
        )


def _qualifier(derived: Derived) -> Qualifier:
    """The source's own word for a figure that it told; what is worked out of a figure that is not exact is about."""
    words = {row.qualifier for row in derived.inputs}
    if words <= {"exact"}:
        return "exact"
    return "about" if derived.computed else QUALIFIERS[words.pop()]


QUALIFIERS: dict[str, Qualifier] = {"exact": "exact", "over": "over", "under": "under", "about": "about"}


def _lacking(request: MeasureRequest) -> str:
    """The reason of a refusal where the place to compare with is none."""
    return "whole_missing" if request.measure in ("share", "contribution") else "benchmark_missing"


#: So many of the latest values show the precision of a source.
LATELY = 24
#: More places than this are noise of a computation, not precision.
MOST_PLACES = 4

#: The kinds of observation that make an indicator one that is observed at a place.
PUBLISHED = (("level", ""), ("growth", "yoy"), ("growth", "mom"), ("rank", ""), ("share", ""))
