"""What a reader must know beside the figures, and what they are called.

In: the desk after composing. Out: notes (what was held, refused, missing; the methods used), names in every language,
and the sources actually used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from briefings.briefing import Changes, Figure, IndicatorNames, Names, Note, PlaceNames, SourceNote
from briefings.compose.desk import Desk
from briefings.configuration import Names as ConfiguredNames
from briefings.configuration import Source
from briefings.measures import Derived
from briefings.measures.results import as_told, decimals_of
from briefings.observations import Observation
from briefings.periods import Language, Period
from briefings.quantities import write
from briefings.reconcile import Held, Implied

#: A figure held so many years ago or less is noted even where nothing of that time is shown.
RECENT = 5
#: The basis of a published rate -> as measures call it.
BASES = {"yoy": "on year", "mom": "on previous period", "cagr": ""}
#: Measure of a figure -> the method that the notes explain where it was computed.
METHODS = {
    "growth": "computed_growth",
    "average annual growth": "average_annual_growth",
    "volatility": "volatility",
    "share": "share",
    "rank": "rank",
    "streak": "streak",
    "rolling average": "rolling_average",
    "index": "index",
    "contribution": "contribution",
}


def notes(desk: Desk, held: Sequence[Held], printed: Set[str]) -> tuple[Note, ...]:
    """Held figures first, then what sources tell otherwise, refusals, breaks that the charts cross, and the methods of
    the figures `printed`; each once."""
    return (*_held(desk, held), *_conflicts(desk), *_refusals(desk), *_breaks(desk), *_methods(desk, printed))


def _conflicts(desk: Desk) -> Iterator[Note]:
    """Figures of which another source tells another value: both are given."""
    noted: set[tuple[int, int]] = set()
    for rows in list(desk.made_of.values()):
        for row, other in desk.told_otherwise(rows):
            if (id(row), id(other)) not in noted:
                noted.add((id(row), id(other)))
                yield Note(
                    kind="conflict",
                    reason="sources",
                    indicator=row.indicator,
                    place=row.place,
                    period=str(row.period),
                    figures={"value": desk.enter(told_by_source(row)), "before": desk.enter(told_by_source(other))},
                )


def _held(desk: Desk, held: Sequence[Held]) -> Iterator[Note]:
    """The figures held out of what this briefing shows: of its indicators and places, as far back as it shows them, and
    five years back at least; of its own place also where the figure was all that there is of its indicator."""
    recent = desk.period.year_earlier(RECENT)
    earliest: dict[tuple[str, str], Period] = {}
    for figure in desk.figures.values():
        key, period = (figure.indicator, figure.place), Period.parse(figure.period)
        earliest[key] = min(earliest.get(key, recent), period)
    for item in held:
        own = item.place == desk.place and item.indicator in desk.indicators
        first = earliest.get((item.indicator, item.place), recent if own else None)
        if first is not None and first <= item.period <= desk.period:
            told = {role: told_by_source(row) for role, row in zip(item.roles, item.observations, strict=False)}
            follows = {role: implied_by_others(item, role, implied) for role, implied in item.implied.items()}
            figures = {role: desk.enter(derived) for role, derived in (told | follows).items()}
            yield Note(
                kind="held",
                reason=item.reason,
                indicator=item.indicator,
                place=item.place,
                period=str(item.period),
                facts={key: str(value) for key, value in item.facts.items()},
                figures=figures,
            )


def _measure_of(row: Observation) -> tuple[str, str]:
    """Measure and basis of what a source published."""
    if row.kind == "growth" and row.basis == "cagr":
        return "average annual growth", ""
    if row.kind == "gap":
        return ("gap in growth" if row.of == "growth" else "gap"), ""
    if row.basis.startswith("vs:"):
        return row.kind, f"since {row.basis.removeprefix('vs:')}"
    if row.kind in ("gap", "rank"):
        return "gap in growth" if row.kind == "gap" and row.of == "growth" else row.kind, ""
    return row.kind, BASES.get(row.basis, row.basis)


def implied_by_others(item: Held, role: str, implied: Implied) -> Derived:
    """What would follow from the figures that one held contradicts."""
    row = item.observations[0]
    measure, basis = _measure_of(row) if role == "implied" else (role, "")
    return Derived(
        measure=measure,
        indicator=item.indicator,
        place=item.place,
        breakdown=row.breakdown,
        period=item.period,
        value=implied.value,
        unit=implied.unit,
        basis=basis,
        formula=implied.formula,
        inputs=implied.inputs,
        computed=True,
        decimals=implied.decimals,
        status=row.status,
    )


def told_by_source(row: Observation) -> Derived:
    """The figure that a source told, as a note tells it."""
    measure, basis = _measure_of(row)
    decimals = None if row.kind == "level" else decimals_of(row)
    return as_told(row, measure, basis, unit=row.unit, decimals=decimals)


def _refusals(desk: Desk) -> Iterator[Note]:
    """One note for each measure of an indicator refused for one reason; the place only where it is one."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    facts: dict[tuple[str, str, str], Mapping[str, str]] = {}
    for refusal in desk.refusals.values():
        key = (refusal.indicator, refusal.measure, refusal.reason)
        grouped.setdefault(key, []).append(refusal.place)
        facts.setdefault(key, refusal.facts)
    for (indicator, measure, reason), places in sorted(grouped.items()):
        yield Note(
            kind="refusal",
            reason=reason,
            indicator=indicator,
            place=places[0] if len(set(places)) == 1 else "",
            period=str(desk.period),
            facts={**{k: str(v) for k, v in facts[(indicator, measure, reason)].items()}, "measure": measure},
        )


def _breaks(desk: Desk) -> Iterator[Note]:
    shown = {(figure.indicator, figure.place) for figure in desk.figures.values()}
    for indicator, place in sorted(shown):
        for item in desk.indicator(indicator).breaks:
            if item.place in (None, place) and item.from_ <= desk.period:
                yield Note(
                    kind="break",
                    reason="declared",
                    indicator=indicator,
                    place=place,
                    period=str(item.from_),
                    facts={"reason": item.reason},
                )


def _methods(desk: Desk, printed: Set[str]) -> Iterator[Note]:
    used: dict[tuple[str, str], None] = {}
    growing: set[str] = set()
    for figure in (desk.figures[key] for key in sorted(printed)):
        word = desk.indicator(figure.indicator).growth
        if figure.computed and figure.kind in METHODS and figure.formula not in DIFFERENCES:
            used[(METHODS[figure.kind], "")] = None
        if figure.kind in ("growth", "average annual growth") and word == "nominal":
            used[("nominal", figure.indicator)] = None
        if figure.computed and figure.kind in OVER_TIME and _of_two_sources(desk, figure):
            used[("two_sources", figure.indicator)] = None
        if figure.kind == "growth" and figure.status != "target" and word in AS_PUBLISHED:
            growing.add(figure.indicator)
            used[("totals" if figure.id in desk.of_totals else word.replace(" ", "_"), figure.indicator)] = None
    levels = {desk.figures[key].indicator for key in printed if desk.figures[key].kind == "level"}
    for indicator in levels - growing:
        if desk.indicator(indicator).growth == "constant prices":
            used[("current_prices", indicator)] = None
    for reason, indicator in sorted(used):
        yield Note(kind="method", reason=reason, indicator=indicator, period=str(desk.period))
    yield Note(kind="method", reason="rounding", period=str(desk.period))


def _of_two_sources(desk: Desk, figure: Figure) -> bool:
    """Whether a figure sets against each other what two sources tell of one thing, of which no source tells all alike:
    they may count differently."""
    own = (figure.indicator, figure.place, figure.breakdown)
    rows = [row for row in desk.made_of.get(figure.id, ()) if (row.indicator, row.place, row.breakdown) == own]
    if len({row.source for row in rows}) < 2:
        return False
    telling = ({row.source, *(other.source for other in desk.told_alike([row]))} for row in rows)
    return not set.intersection(*telling)


#: Measures that set the periods of one series against each other.
OVER_TIME = frozenset({"growth", "change", "average annual growth", "index", "contribution", "rolling average"})
#: Classes of growth that no source's reader works out.
AS_PUBLISHED = ("constant prices", "comparable scope")
#: What follows from a published gap is no rate worked out from levels.
DIFFERENCES = ("a - b",)


def names(
    desk: Desk,
    mentioned: Sequence[str],
    breakdowns: Iterable[str],
    wholes: set[str],
    *,
    changes: Changes | None = None,
    before: Names | None = None,
) -> Names:
    """The names of every indicator and place that figures or findings speak of, of the places `mentioned`, of the
    members of `breakdowns` and of what shares are of; `before` has those of the last edition, for what it told and the
    catalogue does not know any more."""
    catalogue = desk.catalogue
    changed = changes.every if changes else ()
    indicators = {figure.indicator for figure in desk.figures.values()} | set(desk.theme.named)
    indicators |= {key for entry in desk.theme.schedule for key in entry.requires}
    places = {figure.place for figure in desk.figures.values()} | {desk.place, *mentioned}
    places |= {item.place for figure in desk.figures.values() for item in figure.inputs}
    indicators |= {item.indicator for figure in desk.figures.values() for item in figure.inputs}
    indicators |= {change.indicator for change in changed}
    places |= {change.place for change in changed}
    former = before or Names(indicators={}, places={})
    gone = {key: former.indicators[key] for key in indicators - set(catalogue.indicators) if key in former.indicators}
    left = {key: former.places[key] for key in places - set(catalogue.places) if key in former.places}
    indicators, places = indicators & set(catalogue.indicators), places & set(catalogue.places)
    named = [desk.indicator(key) for key in indicators]
    indicators |= {other for item in named for other in (item.share_of, *item.ratios) if other}
    return Names(
        indicators={key: _indicator_names(desk, key) for key in sorted(indicators)} | gone,
        places={
            key: PlaceNames(
                name=catalogue.places[key].name.texts,
                in_text=texts(catalogue.places[key].in_text),
                kind=catalogue.places[key].kind,
                currency=catalogue.places[key].currency or "",
            )
            for key in sorted(places)
        }
        | left,
        groups={key: group.name.texts for key, group in sorted(catalogue.groups.items())},
        breakdowns=_breakdown_names(desk, {*breakdowns, *(change.breakdown for change in changed)}),
        wholes={key: catalogue.wholes[key].texts for key in sorted(wholes & set(catalogue.wholes))},
    )


def _breakdown_names(desk: Desk, used: Iterable[str]) -> dict[str, dict[str, str]]:
    """The names of the members that stand in breakdowns, and of tiers by their thresholds."""
    members = {part for breakdown in used for part in breakdown.split(";") if part}
    known = {key: names.texts for key, names in desk.catalogue.breakdowns.items() if key in members}
    return known | {key: _tier_name(key) for key in members if key.startswith("tier=") and key not in known}


def _tier_name(key: str) -> dict[str, str]:
    """A tier by its thresholds, in the currency of the amounts that it is told in: over 100 million, to 500 million."""
    above, _, below = key.removeprefix("tier=").partition(":")
    words: dict[str, str] = {}
    for language, (over, between) in TIER_WORDS.items():
        low = write(float(above), "CNY", language)
        words[language] = between.format(low, write(float(below), "CNY", language)) if below else over.format(low)
    return words


#: How a tier is called: above its threshold, or between it and the next.
TIER_WORDS: dict[Language, tuple[str, str]] = {
    "en": ("over {}", "{} to {}"),
    "zh": ("{}以上", "{}至{}"),
}


def texts(names: ConfiguredNames | None) -> dict[str, str]:
    """The texts of a name that may be left out."""
    return names.texts if names else {}


def _indicator_names(desk: Desk, key: str) -> IndicatorNames:
    item = desk.indicator(key)
    reading = item.reading
    return IndicatorNames(
        name=item.name.texts,
        short=texts(item.short),
        subject=texts(item.subject),
        entity=texts(item.entity),
        entities=texts(item.entities),
        rise=texts(reading.rise if reading else None),
        fall=texts(reading.fall if reading else None),
        unit=item.unit,
        nature=item.nature,
        growth_class=item.growth,
        direction=item.direction,
        note=texts(item.note),
        counter=texts(item.counter),
        ratios={other: names.texts for other, names in item.ratios.items()},
    )


def sources(
    figures: Mapping[str, Figure], declared: Mapping[str, Source], before: Sequence[SourceNote] = ()
) -> tuple[SourceNote, ...]:
    """The sources that the figures were made of, with the latest day that each was published; of one that is not
    declared any more, what the last edition said of it (`before`)."""
    former = {note.id: note for note in before}
    used: dict[str, tuple[str, set[str]]] = {}
    for figure in figures.values():
        for item in (*figure.inputs, *figure.also):
            day, snapshots = used.get(item.source, ("", set()))
            used[item.source] = (max(day, item.published), snapshots | {item.snapshot})
    return tuple(
        _source_note(key, day, snapshots, declared[key])
        if key in declared
        else former[key].model_copy(update={"published": day, "snapshots": tuple(sorted(snapshots))})
        for key, (day, snapshots) in sorted(used.items())
    )


def _source_note(key: str, day: str, snapshots: set[str], source: Source) -> SourceNote:
    return SourceNote(
        id=key,
        title=texts(source.title) or dict.fromkeys(("en", "zh"), key.replace("_", " ").capitalize()),
        publisher=texts(source.publisher),
        url=source.url or "",
        licence=source.licence or "",
        published=day,
        snapshots=tuple(sorted(snapshots)),
    )
