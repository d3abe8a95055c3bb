"""Right values in place of those that sources tell wrongly, after the store is read and before anything is measured.

In: what was known on a day, corrections with the place where each is written. Out: the same observations, the corrected
ones with what the source said (`corrected_from`) and why. A correction is an assertion about its source: where that
tells another value than expected, it was repaired, and where it tells none, the correction is of nothing; both raise.
One whose source was repaired is closed (`until`) and kept: what was known on an earlier day is told as it was then.
The store and the snapshots keep what the source said. Next door, `compose` notes who corrected what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from briefings.configuration import Correction
from briefings.errors import CorrectionError
from briefings.observations import Observation
from briefings.periods import Period
from briefings.quantities import Unit, convert

#: Two values closer than this, relative to the greater, are the same.
SAME = 1e-9


@dataclass(frozen=True)
class Written:
    """A correction and where it is written: file, line, column."""

    correction: Correction
    where: str

    def is_of(self, row: Observation) -> bool:
        """Whether an observation is the figure that it corrects; targets are none."""
        asked = self.correction
        return (
            (asked.indicator, asked.place) == (row.indicator, row.place)
            and (asked.kind, asked.breakdown) == (row.kind, row.breakdown)
            and Period.parse(asked.period) == row.period
            and asked.source in (None, row.source)
            and not row.target
        )


def of(written: Iterable[Written], indicators: Iterable[str], places: Iterable[str], day: date | None) -> list[Written]:
    """The corrections of these indicators and places that stood on a day (None: now): known by then, and not closed."""
    wanted, there = set(indicators), set(places)
    return [
        each
        for each in written
        if each.correction.indicator in wanted
        and each.correction.place in there
        and (day is None or each.correction.when <= day)
        and (each.correction.until is None or (day is not None and day < each.correction.until))
    ]


def apply(
    rows: Iterable[Observation],
    written: Sequence[Written],
    others: Iterable[Observation] = (),
    *,
    every: bool = True,
) -> tuple[list[Observation], list[Observation]]:
    """The observations that count, and what other sources told of them, with the right values in them: before anybody
    chooses between the sources. A correction that names no source is of the one that counts.

    Raises `CorrectionError` for a correction whose source tells another value than is expected; and, where these are
    `every` observation that there is and not those alone that a person confirmed, for one that is of none.
    """
    counting = _with(rows, written)
    beside = _with(others, [each for each in written if each.correction.source is not None])
    for each in written if every else ():
        if not any(each.is_of(row) for row in (*counting, *beside)):
            raise CorrectionError(
                f"{each.where}: the correction of {_named(each.correction)} matches no observation; "
                "mend what it names, or delete it."
            )
    return counting, beside


def _with(rows: Iterable[Observation], written: Sequence[Written]) -> list[Observation]:
    """The observations with what is written of them, in turn."""
    of_key: dict[tuple[str, str], list[Written]] = {}
    for each in written:
        of_key.setdefault((each.correction.indicator, each.correction.place), []).append(each)
    found = []
    for row in rows:
        for each in of_key.get((row.indicator, row.place), ()):
            if each.is_of(row):
                row = _corrected(row, each)  # noqa: PLW2901 - the row as it stands now
        found.append(row)
    return found


def _corrected(row: Observation, written: Written) -> Observation:
    asked = written.correction
    expected, value = _in_unit(asked.expected, asked.unit, row), _in_unit(asked.value, asked.unit, row)
    if abs(row.value - expected) > SAME * max(abs(row.value), abs(expected)):
        raise CorrectionError(
            f"{written.where}: the correction of {_named(asked)} expects {expected:.12g} {row.unit}, and {row.source} "
            f"tells {row.value:.12g} (published {row.published}); the source may have been repaired: write under "
            "`until` the day on which it was, or what it is to tell under `expected`."
        )
    why = f"{asked.reason} ({asked.provider}, {asked.when}, {asked.status})"
    return replace(row, value=value, corrected_from=row.value, correction=why, confidence=1.0)


def _in_unit(value: float, unit: str | None, row: Observation) -> float:
    """A value in the unit of the observation; scaled as decimals are, so that 1331.4 亿元 are CNY 133,140,000,000."""
    if unit is None:
        return value
    parsed, scale = Unit.parse(unit)
    return convert(float(Decimal(repr(value)) * scale), parsed, Unit.parse(row.unit)[0])


def _named(asked: Correction) -> str:
    of_part = f" ({asked.breakdown})" if asked.breakdown else ""
    of_source = f" as told by {asked.source}" if asked.source else ""
    return f"the {asked.kind} of {asked.indicator}{of_part} for {asked.place} in {asked.period}{of_source}"
