"""Reading the cases of `cases/measures`: a world, figures given in words, a question, and what the answer must be."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from briefings.catalogue import Catalogue, IndicatorsFile, PlacesFile
from briefings.measures import Derived, Question, vintage_key
from briefings.observations import KINDS, STATUSES, Observation, Panel
from briefings.periods import Period, span
from briefings.reconcile import Barrier
from briefings.themes import MeasureRequest

FOLDER = Path(__file__).parent / "cases" / "measures"
UNITS = {"growth": "percent", "share": "percent", "gap": "percentage point", "rank": "rank", "multiple": "times"}
QUALIFIERS = ("over", "under", "about")


@dataclass(frozen=True)
class Case:
    """One trap: what is given and asked, and the answer or the reason of the refusal, each as its words."""

    name: str
    given: Mapping[str, Any]
    question: Question
    answer: tuple[str, ...]
    refused: tuple[str, ...]


def load(path: Path) -> Any:
    """A YAML file in which every scalar is text: 2025 and 5.10 stay as they were written."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def world() -> Catalogue:
    told = load(FOLDER / "world.yaml")
    places = PlacesFile.model_validate({"places": told["places"], "peer_groups": told["peer_groups"]})
    indicators = IndicatorsFile.model_validate({"indicators": told["indicators"]})
    return Catalogue(indicators.indicators, places.places, places.peer_groups)


def cases(catalogue: Catalogue) -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem != "world":
            for told in load(path):
                yield read(told, catalogue, f"{path.stem}: {told['trap']}")


def read(told: Mapping[str, Any], catalogue: Catalogue, name: str) -> Case:
    given = list(observations(told["given"], catalogue))
    earlier = {vintage_key(row): row for row in observations(told.get("told before", {}), catalogue)}
    held = {subject(key, catalogue): reason for key, reason in told.get("held", {}).items()}
    jumps = [subject(key, catalogue) for key in [told["jump"]]] if "jump" in told else []
    measure, about, *more = (part.strip() for part in told["ask"].split("|"))
    request = MeasureRequest.parse(measure)
    indicator, place, breakdown, period = subject(about, catalogue)
    question = Question(
        measure=request.measure,
        indicator=indicator,
        place=place,
        period=period,
        panel=Panel.of_rows(given),
        catalogue=catalogue,
        breakdown=breakdown,
        basis=request.basis,
        over=request.over,
        to=request.to,
        since=request.since,
        by=request.by,
        counted_from=request.counted_from,
        peers=tuple(more[0].split()[1:]) if more else (),
        barriers={(i, p): (Barrier(at, "jump", jump=True, breakdown=b),) for i, p, b, at in jumps},
        held=held,
        earlier=earlier,
    )
    return Case(name, told["given"], question, words(told.get("answer", "")), words(told.get("refused", "")))


def words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";")) if text else ()


def subject(text: str, catalogue: Catalogue) -> tuple[str, str, str, Period]:
    """`revenue, wuhai, industry=coal, 2025` as indicator, place, breakdown and period."""
    indicator, place, *breakdown, period = (part.strip() for part in text.split(","))
    assert indicator in catalogue.indicators, indicator
    assert place in catalogue.places, place
    return indicator, place, breakdown[0] if breakdown else "", Period.parse(period)


def observations(given: Mapping[str, Mapping[str, str]], catalogue: Catalogue) -> Iterator[Observation]:
    for key, figures in given.items():
        fields = head(key, catalogue)
        for period, quote in values(figures):
            yield Observation(period=period, value=float(quote), quote=quote, locator=f"row={period}", **fields)


def head(text: str, catalogue: Catalogue) -> dict[str, Any]:
    """What the rows of `growth yoy, gdp, wuhai, published 2026-01-20` have in common."""
    parts = [part.strip() for part in text.split(",")]
    at = next(number for number, part in enumerate(parts) if part in catalogue.indicators)
    fields: dict[str, Any] = {
        "indicator": parts[at],
        "place": parts[at + 1],
        "source": "given",
        "snapshot": "",
        "published": date(2026, 11, 1),
        "kind": "level",
    }
    for word in parts[0].split() if at else ():
        name, _, value = word.partition("=")
        if word in KINDS:
            fields["kind"] = word
        elif word == "target":
            fields |= {"target": True, "status": "target"}
        elif word in QUALIFIERS:
            fields["qualifier"] = word
        elif value:
            fields[{"of": "of", "from": "counted_from"}[name]] = value
        else:
            fields["basis"] = word.replace("_", " ")
    fields["unit"] = UNITS.get(fields["kind"], catalogue.indicators[parts[at]].unit)
    for part in parts[at + 2 :]:
        name, _, value = part.partition(" ")
        if "=" in part:
            fields["breakdown"] = part
        elif part in STATUSES:
            fields["status"] = part
        elif name == "published":
            fields["published"] = date.fromisoformat(value)
        else:
            assert name == "in", part
            fields["unit"] = value
    return fields


def values(figures: Mapping[str, str]) -> Iterator[tuple[Period, str]]:
    """`2025-10: 4.1`, or several at once: `2025-05 .. 2025-10: 60 61 _ 64 65 66`, where _ is a gap."""
    for key, text in figures.items():
        first, dots, last = key.partition(" .. ")
        if not dots:
            yield Period.parse(key), text
            continue
        periods, quotes = span(Period.parse(first), Period.parse(last)), text.split()
        assert len(periods) == len(quotes), key
        yield from ((period, quote) for period, quote in zip(periods, quotes, strict=True) if quote != "_")


def recomputed(derived: Derived) -> float:
    """The formula of a derived value, worked out over its inputs by Python itself."""
    names = dict(zip(input_names(len(derived.inputs)), (row.value for row in derived.inputs), strict=True))
    functions = {
        "stdev": lambda *numbers: statistics.stdev(numbers),
        "count": lambda *things: len(things),
        "rank": lambda own, *others: 1 + sum(x > own and abs(x - own) > 1e-9 * abs(own) for x in others),
        "rank_from_bottom": lambda own, *others: 1 + sum(x < own and abs(x - own) > 1e-9 * abs(own) for x in others),
    }
    return float(eval(derived.formula, {"__builtins__": {}}, {**functions, **names}))


def input_names(count: int) -> list[str]:
    """a to z, then a1 to z1, and so on."""
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    turns = ["", *(str(turn) for turn in range(1, count // 26 + 1))]
    return [letter + turn for turn in turns for letter in letters][:count]
