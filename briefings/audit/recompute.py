"""Every figure of an edition worked out again from the raw bytes of its sources.

In: `figures.json` of an edition, the snapshots. Out: a `Verdict` a figure: proven, or why not. Each input is looked
up where its locator leads (`recompute_cells`), read as a number (`recompute_numbers`) and held against the value of
the edition; then the formula is worked out over what was read (`recompute_sql`). Neither the observations of the
store, nor the code that read the sources and derived the measures, is asked. What else an edition proves is said
next door, in `verified`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from briefings.audit import recompute_sql as sql
from briefings.audit.recompute_cells import CellError, Snapshot
from briefings.audit.recompute_numbers import NumberError, Reading, reading
from briefings.errors import StoreError

State = Literal["proven", "differs", "not provable"]

#: What a figure of these kinds claims beyond its value, which no snapshot is asked for.
CLAIMS = {"record": "the value is; that none before was beyond it rests on the rows between, which it does not list"}

Load = Callable[[str, str], tuple[bytes, Mapping[str, Any]]]
"""The bytes and the dialect of a snapshot, by its SHA-256 and the source that read it; raises `StoreError`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one figure. `differs`: the snapshot, or the formula over it, gives another value. `not provable`:
    a snapshot is gone or altered, or what stands in it cannot be read. `why` says which and where."""

    figure: str
    kind: str
    state: State
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Told:
    """One input as the edition tells it."""

    figure: str
    position: int
    item: Mapping[str, Any]
    alike: bool

    @property
    def expected(self) -> float:
        """The value that the snapshot has to hold: that of before a person's correction, where there is one."""
        before = self.item.get("corrected_from")
        return float(self.item["value"] if before is None else before)

    @property
    def where(self) -> str:
        return f"{self.item['source']}, {self.item['locator']}"


def recompute(figures: Sequence[Mapping[str, Any]], load: Load) -> tuple[Verdict, ...]:
    """A verdict for each figure, in their order.

    Equal is what differs by floating point alone: 1e-9 of the value, of rates 1e-9 of a point. The inputs of `also`
    (what other sources told alike) are read and compared too.
    """
    by_id = {str(figure["id"]): figure for figure in figures}
    told = list(_inputs(figures))
    read, faults = _read(told, load)
    values: dict[str, list[float]] = {}
    for key, figure in by_id.items():
        if key not in faults:
            values[key] = [read[key, n] for n in range(len(figure["inputs"]))]
    worked = sql.worked_out(by_id, values)
    return tuple(_verdict(figure, by_id, faults, worked) for figure in figures)


def by_kind(verdicts: Sequence[Verdict]) -> list[tuple[str, int, int]]:
    """(kind, how many are proven, how many there are), in order of kind."""
    there = Counter(verdict.kind for verdict in verdicts)
    proven = Counter(verdict.kind for verdict in verdicts if verdict.state == "proven")
    return [(kind, proven[kind], there[kind]) for kind in sorted(there)]


def _inputs(figures: Sequence[Mapping[str, Any]]) -> Iterator[_Told]:
    for figure in figures:
        for alike in (False, True):
            for position, item in enumerate(figure.get("also", ()) if alike else figure["inputs"]):
                yield _Told(str(figure["id"]), position, item, alike)


def _read(told: Sequence[_Told], load: Load) -> tuple[dict[tuple[str, int], float], dict[str, tuple[State, str]]]:
    """The values of inputs as the edition has to use them, by figure and position; and for figures with an input that
    is not proven, the first reason."""
    snapshots: dict[tuple[str, str], Snapshot | str] = {}
    faults: dict[str, tuple[State, str]] = {}
    readings: dict[int, Reading] = {}
    for number, each in enumerate(told):
        key = (str(each.item["snapshot"]), str(each.item["source"]))
        if key not in snapshots:
            snapshots[key] = _opened(key, load)
        found = _number(each, snapshots[key])
        if isinstance(found, Reading):
            readings[number] = found
        else:
            faults.setdefault(each.figure, ("not provable", found))
    rows = [(n, str(r.number), str(r.scale), told[n].expected) for n, r in readings.items()]
    values: dict[tuple[str, int], float] = {}
    for number, value, equal in sql.compared(rows):
        each = told[number]
        if not equal:
            faults.setdefault(each.figure, _differs(each, value, readings[number]))
        elif not each.alike:
            corrected = each.item.get("corrected_from") is not None
            values[each.figure, each.position] = float(each.item["value"]) if corrected else value
    return values, faults


def _opened(key: tuple[str, str], load: Load) -> Snapshot | str:
    try:
        return Snapshot(*load(*key))
    except StoreError as error:
        return str(error).split("\n", maxsplit=1)[0]


def _number(told: _Told, snapshot: Snapshot | str) -> Reading | str:
    """The number where the locator leads; or why there is none."""
    if isinstance(snapshot, str):
        return snapshot
    try:
        return reading(snapshot.cell(str(told.item["locator"])), snapshot.dialect, told.item)
    except (CellError, NumberError) as error:
        return f"{told.where}: {error}"


def _differs(told: _Told, value: float, found: Reading) -> tuple[State, str]:
    if not found.certain:
        unknown = "its snapshot was kept before units were noted beside it; run `briefings ingest` once"
        return "not provable", f"{told.where}: {value!r} stands there in a unit that is not known: {unknown}"
    used = f"{told.expected!r} {told.item['unit']}"
    return "differs", f"{told.where}: the snapshot says {value!r} {told.item['unit']}, the edition uses {used}"


def _verdict(
    figure: Mapping[str, Any],
    figures: Mapping[str, Mapping[str, Any]],
    faults: Mapping[str, tuple[State, str]],
    worked: Mapping[str, sql.Worked],
) -> Verdict:
    key, kind, formula = str(figure["id"]), str(figure["kind"]), str(figure["formula"])
    if key in faults:
        return Verdict(key, kind, *faults[key])
    if key in worked:
        result = worked[key]
        if result.equal:
            return Verdict(key, kind, "proven")
        gives = "no value" if result.value is None else repr(result.value)
        return Verdict(key, kind, "differs", f"{formula[:80]} gives {gives}, the edition says {figure['value']!r}")
    why = sql.understood(figure, figures)
    if not why:
        others = [name for name in sorted(sql.named(formula)) if name in faults]
        why = f"it is among those of {', '.join(others)}, which is not proven: {faults[others[0]][1]}" if others else ""
    return Verdict(key, kind, "not provable", why or f"formula {formula[:80]!r} is not worked out")
