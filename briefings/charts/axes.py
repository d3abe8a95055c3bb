"""Axes: round ticks for values, sparse ticks for time.

What comes in are the values or periods of a chart; what goes out is where its axis begins and ends and what stands at
its ticks, as text, written by `quantities` and `periods` in the language of the edition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Literal

from briefings.charts.labels import text_width
from briefings.periods import Language, Period, Shape
from briefings.quantities import write_number

Zero = Literal["always", "near", "never"]
MOST_TICKS, FEWEST_TICKS = 6, 3
_APART = 6.0  # pixels, at least, between the labels of a level axis


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """From `low` to `high`, with ticks at round values; `decimals` are those that the ticks need, `sign` stands behind
    each of them (%)."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int
    sign: str = ""

    def labels(self, language: Language) -> tuple[str, ...]:
        return tuple(write_number(tick, language, decimals=self.decimals) + self.sign for tick in self.ticks)

    def share(self, value: float) -> float:
        """Where the value stands on the axis: 0 at its low end, 1 at its high one."""
        return (value - self.low) / (self.high - self.low)

    def pixel(self, value: float, length: float) -> float:
        """How far below the top of an upright axis of this length (in pixels) the value stands."""
        return (1 - self.share(value)) * length


def value_axis(values: Sequence[float], *, zero: Zero = "near", most: int = MOST_TICKS, sign: str = "") -> ValueAxis:
    """An axis for these values, with three to `most` ticks at steps of 1, 2, 2.5 or 5 times a power of ten.

    `zero`: "always" for bars, which start there; "never" for positions alone; "near" for lines, which start at zero
    unless that would leave much of the plot empty. A line that does not start at zero leaves about a third of the plot
    free below it, so that nobody takes its foot for zero (The Economist).
    """
    low, high = min(values), max(values)
    if low == high:
        low, high = (low - abs(low) / 10, high + abs(high) / 10) if low else (-1.0, 1.0)
    if zero == "always" or (zero == "near" and _near_zero(low, high)):
        low, high = min(low, 0.0), max(high, 0.0)
    elif zero == "near" and low > 0:
        low = max(0.0, low - (high - low) / 2)
    return replace(_with_ticks(Decimal(repr(low)), Decimal(repr(high)), most), sign=sign)


def level_axis(
    values: Sequence[float], length: float, language: Language, *, most: int = MOST_TICKS, sign: str = ""
) -> ValueAxis:
    """An axis that lies level, `length` pixels long: of those with `most` ticks or fewer the first whose labels stand
    apart."""
    axis = value_axis(values, most=most, sign=sign)
    pitch = length / (len(axis.ticks) - 1)
    if most <= FEWEST_TICKS or max(map(text_width, axis.labels(language))) + _APART <= pitch:
        return axis
    return level_axis(values, length, language, most=most - 1, sign=sign)


def _near_zero(low: float, high: float) -> bool:
    return (low >= 0 and low - (high - low) / 2 <= 0) or (high <= 0 and high + (high - low) / 2 >= 0)


def _with_ticks(low: Decimal, high: Decimal, most: int) -> ValueAxis:
    """The steps that waste least of the axis; of equals, the one with more ticks."""
    best: tuple[Decimal, int, Decimal, Decimal, Decimal] | None = None
    for step in round_steps((high - low) / most):
        first = (low / step).to_integral_value(ROUND_FLOOR)
        last = (high / step).to_integral_value(ROUND_CEILING)
        count = int(last - first) + 1
        if min(FEWEST_TICKS, most) <= count <= most:
            candidate = ((last - first) * step, -count, step, first, last)
            best = min(best, candidate) if best else candidate
    if best is None:  # two ticks, far apart: the axis is hardly longer than its smallest step
        return ValueAxis(float(low), float(high), (float(low), float(high)), _decimals(high - low))
    _, _, step, first, last = best
    ticks = tuple(float((first + number) * step) for number in range(int(last - first) + 1))
    return ValueAxis(ticks[0], ticks[-1], ticks, _decimals(step))


def round_steps(size: Decimal) -> list[Decimal]:
    """Round steps around a size, the smallest first: 1, 2, 2.5 and 5 times powers of ten."""
    power = Decimal(1).scaleb(size.adjusted())
    return [power * factor for factor in map(Decimal, ("0.5", "1", "2", "2.5", "5", "10", "20", "25", "50"))]


def _decimals(step: Decimal) -> int:
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def decimals_of(values: Sequence[float]) -> int:
    """The places after the point that these values need."""
    return max(_decimals(Decimal(repr(value))) for value in values)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A tick at the `step`-th period of a chart."""

    step: int
    text: str


_BY_YEAR = 3  # from so many years on, ticks stand at the beginnings of years


def time_ticks(periods: Sequence[Period], language: Language, width: float, *, banded: bool = False) -> list[TimeTick]:
    """Ticks for an axis of these periods, `width` pixels long, so sparse that they never touch.

    Years stand at their first period, at round intervals (2000, 2005 ...); shorter spans have every so many periods,
    counted from the last. The last period has its label wherever there is room. `banded`: a period is a band and not
    a point, so that the outer ticks stand half a band inside.
    """
    pitch = width / len(periods) if banded else width / max(1, len(periods) - 1)
    years = _years(periods)
    last = TimeTick(len(periods) - 1, periods[-1].write(language, "short"))
    if len(years) >= _BY_YEAR:
        ticks = _sparse_years(years, language, pitch)
        if _fits([*ticks, last], pitch):
            return [*ticks, last] if ticks[-1].step != last.step else ticks
        shorter = [tick for tick in ticks[:-1] if tick.step != last.step]
        return [*shorter, last] if periods[0].shape is not Shape.YEAR and _fits([*shorter, last], pitch) else ticks
    return _every(periods, language, pitch)


def _years(periods: Sequence[Period]) -> list[tuple[int, int]]:
    """Every whole year with the step at which it begins."""
    firsts: dict[int, int] = {}
    for step, period in enumerate(periods):
        firsts.setdefault(period.year, step)
    started_late = periods[0].shape is not Shape.YEAR and periods[0].start.month > 1
    return list(firsts.items())[1 if started_late else 0 :]


def _sparse_years(years: list[tuple[int, int]], language: Language, pitch: float) -> list[TimeTick]:
    ticks: list[TimeTick] = []
    for interval in (1, 2, 5, 10, 20, 25, 50, 100):
        begin = years[-1][0] if interval == 2 else 0  # every second year: so that the last one is named
        chosen = [item for item in years if (item[0] - begin) % interval == 0] or years[:1]
        ticks = [TimeTick(step, Period.parse(f"{year:04d}").write(language, "short")) for year, step in chosen]
        if _fits(ticks, pitch):
            break
    return ticks


def _every(periods: Sequence[Period], language: Language, pitch: float) -> list[TimeTick]:
    last = len(periods) - 1
    ticks: list[TimeTick] = []
    for stride in (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024):
        ticks = [TimeTick(step, periods[step].write(language, "short")) for step in range(last, -1, -stride)][::-1]
        if _fits(ticks, pitch):
            break
    return ticks


def _fits(ticks: Sequence[TimeTick], pitch: float) -> bool:
    return all(
        (after.step - before.step) * pitch >= (text_width(before.text) + text_width(after.text)) / 2 + 12
        for before, after in pairwise(ticks)
        if before.step != after.step
    )
