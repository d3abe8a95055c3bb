"""What the briefings of a theme, place and period are composed of, and which edition they are compared with.

In: what a build is asked for, the store, the archive. Out: `Ground`: observations, corrected, decided upon and held
against one another, from which it composes a briefing for each edition that one may be compared with. How observations
came into the store is told in `ingest`; what is worth saying of them is decided in `compose`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from briefings import corrections
from briefings.archive import Edition, EditionKey
from briefings.briefing import Briefing, Release
from briefings.compose import Decisions, choose, compose, latest_period
from briefings.configuration import Commentary
from briefings.errors import ArchiveError, CompositionError
from briefings.ingest import audited, open_store, with_contradictions
from briefings.measures import VintageKey, vintage_key
from briefings.observations import Observation, Panel, rows_of
from briefings.periods import Period, Shape
from briefings.press import Press, Task
from briefings.reconcile import Checked
from briefings.settings import Settings, commentary_of
from briefings.store import Store
from briefings.themes import Theme
from briefings.timetable import releases

if TYPE_CHECKING:
    import pandas as pd

#: What a day may stand for, by the cadence of a theme.
MEANS = {"monthly": "month", "quarterly": "quarter", "annual": "year", "half-yearly": "half-year"}


@dataclass
class Ground:
    """What the briefings of one theme, place and period are composed of, whatever edition they are compared with."""

    press: Press
    theme: Theme
    task: Task
    period: Period
    checked: Checked
    others: Mapping[VintageKey, Sequence[Observation]]
    earlier: dict[VintageKey, Observation]
    decided: Decisions
    _composed: dict[tuple[object, ...], Briefing] = field(default_factory=dict)

    def key(self, language: str) -> EditionKey:
        return EditionKey(self.theme.theme, self.task.place, str(self.period), language)

    def briefing(self, since: Edition | None, commentary: Commentary | None = None) -> Briefing:
        """The briefing compared with an edition, or with none, and with what a person says beside it; worked out once
        for languages of which both are the same."""
        previous = self.press.archive.previous(since) if since is not None else None
        base = (previous.edition, previous.day, previous.briefing.digest) if previous is not None else ()
        told = (*base, commentary.key if commentary is not None else None)
        if told not in self._composed:
            settings = self.press.settings
            composed = compose(
                self.theme,
                self.task.place,
                self.period,
                self.checked,
                catalogue=settings.catalogue,
                project=settings.project,
                sources=settings.sources,
                remarks=settings.remarks,
                others=self.others,
                earlier=self.earlier,
                previous=previous,
                commentary=commentary,
                decided=self.decided,
                logo={language: logo.digest for language, logo in settings.house.logos.items()},
            )
            composed = composed.model_copy(update={"release": self._release()})
            self._composed[told] = _lacking(composed, self.task)
        return self._composed[told]

    def _release(self) -> Release | None:
        """When the theme's schedule releases the period, and when the next one."""
        theme, zone = self.theme, self.press.settings.project.zone
        found = releases(theme.schedule, self.period, cadence=theme.cadence.value, zone=zone)
        if found is None:
            return None
        at, following, after = found
        told = {"next": after.isoformat(timespec="minutes"), "next_period": str(following)} if after else {}
        return Release(at=at.isoformat(timespec="minutes"), zone=str(at.tzinfo), **told)

    def compared(self, language: str, commentary: Commentary | None = None) -> tuple[Briefing, Edition | None]:
        """The briefing of a language and the edition that it is compared with: the last that was known.

        Where an edition of this period is filed, the one that it was compared with, as long as the data are the same:
        a rebuild tells what the filed edition tells, also where a commentary was added, changed or taken back. Where
        they are not, the filed edition itself.
        """
        archive, key = self.press.archive, self.key(language)
        filed = archive.last(key, self.task.as_of)
        since = archive.compared_with(filed) if filed is not None else archive.before(key, self.task.as_of)
        briefing = self.briefing(since, commentary)
        if filed is None or filed.manifest["built_from"]["data"] == briefing.digest:
            return briefing, since
        if self.briefing(since).tells_as(archive.previous(filed).briefing):
            return briefing, since  # a person said something else beside the same figures
        return self.briefing(filed, commentary), filed

    def commented(self, language: str) -> tuple[Briefing, Edition | None]:
        """The same with what a person says in this language. Raises `ConfigurationError` for mistakes in that."""
        key = self.key(language)
        told = (key.theme, key.place, key.period, language)
        return self.compared(language, commentary_of(self.press.settings, told, self.task.as_of))


def survey(press: Press, task: Task) -> Ground:
    """From the store to what can be composed: observations, and the audit of them."""
    settings = press.settings
    theme = settings.themes[task.theme]
    places = places_of(settings, theme, task.place)
    store = open_store(settings)
    indicators = theme.indicators(settings.catalogue)
    confirmed = theme.accept == "confirmed"
    rows, told, withheld = store.as_of_and_others(task.as_of, indicators=indicators, places=places, confirmed=confirmed)
    decided = settings.decided_by(task.as_of)
    known = corrections.of(settings.corrections, indicators, places, task.as_of)
    counting, beside = corrections.apply(rows_of(rows), known, rows_of(told), every=not confirmed)
    panel, others, chosen = choose(Panel.of_rows(counting), _others(beside), decided)
    twice = store.contradictions(task.as_of, indicators=indicators, places=places, confirmed=confirmed)
    whole, hidden = with_contradictions(panel, twice)
    checked = replace(audited(settings, whole, task.as_of), confidential=_confidential(withheld) | hidden)
    period = _period(settings, theme, task, checked.panel)
    return Ground(
        press,
        theme,
        _still_partial(press, theme, task, period, store),
        period,
        checked,
        others=others,
        earlier=_earlier(store, theme, panel, task.as_of),
        decided=Decisions(decided, settings.reviews, chosen, known),
    )


def _lacking(briefing: Briefing, task: Task) -> Briefing:
    """The briefing, which says what it lacks. What is still awaited is not called dropped since the last edition."""
    if not task.partial or task.waited_until is None:
        return briefing
    told: dict[str, object] = {"partial": task.partial, "waited_until": task.waited_until.isoformat()}
    if briefing.changes is not None:
        awaited = {(indicator, task.place) for indicator in task.partial}
        dropped = tuple(c for c in briefing.changes.dropped if (c.indicator, c.place) not in awaited)
        told["changes"] = briefing.changes.model_copy(update={"dropped": dropped})
    return briefing.model_copy(update=told)


def _still_partial(press: Press, theme: Theme, task: Task, period: Period, store: Store) -> Task:
    """The task, which lacks what a partial edition that is filed lacked and nobody has told yet: built by hand, where
    nothing is waited for, the next revision says so too."""
    if task.partial or task.as_of is not None:
        return task
    for language in task.languages or theme.languages or press.settings.project.languages:
        try:
            filed = press.archive.latest(EditionKey(theme.theme, task.place, str(period), language))
            lacked = filed.manifest.get("partial", ()) if filed is not None else ()
            known = [indicator for indicator in lacked if indicator in press.settings.catalogue.indicators]
            lacking = store.lacking(known, task.place, period)
            if filed is not None and lacking:
                return replace(task, partial=lacking, waited_until=date.fromisoformat(filed.briefing().waited_until))
        except ArchiveError:
            continue  # a damaged edition costs only itself: it is told of where its language is built
    return task


def brief(press: Press, task: Task, commentary: Commentary | None = None) -> Briefing:
    """The briefing as an edition in the first of the task's languages, or of the theme's, would hold it."""
    theme = press.settings.themes[task.theme]
    languages = task.languages or theme.languages or press.settings.project.languages
    return survey(press, task).compared(languages[0], commentary)[0]


def _confidential(withheld: pd.DataFrame) -> frozenset[tuple[str, str, str, Period]]:
    """The levels that every source withholds, by indicator, place, breakdown and period."""
    levels = withheld[(withheld["kind"] == "level") & ~withheld["target"]]
    columns = [levels[name].tolist() for name in ("indicator", "place", "breakdown", "period")]
    return frozenset((*key, Period.parse(period)) for *key, period in zip(*columns, strict=True))


def _others(told: Iterable[Observation]) -> Mapping[VintageKey, Sequence[Observation]]:
    """What other sources told of the figures that count, by figure."""
    found: dict[VintageKey, tuple[Observation, ...]] = {}
    for row in told:
        found[vintage_key(row)] = (*found.get(vintage_key(row), ()), row)
    return found


def _earlier(store: Store, theme: Theme, panel: Panel, as_of: date | None) -> dict[VintageKey, Observation]:
    """What the source that counts had told of each figure before, for the indicators whose revision a theme shows: what
    another source told is no vintage of it. Without what nobody confirmed, where the theme takes no other; and of no
    figure that a person corrected, which its source did not revise."""
    found: dict[VintageKey, Observation] = {}
    shown = {i for _, i, measures in theme.requests() if any(request.measure == "revision" for request in measures)}
    counting = {
        vintage_key(row): row.source
        for series in panel
        if series.indicator in shown
        for row in series
        if row.corrected_from is None
    }
    for indicator, place in sorted({(key[1], key[0]) for key in counting}):
        told: dict[VintageKey, Observation] = {}
        for row in rows_of(store.history(indicator, place)):
            key = vintage_key(row)
            unknown = as_of is not None and row.published > as_of
            unsure = theme.accept == "confirmed" and row.confidence < 1
            if unknown or unsure or counting.get(key) != row.source:
                continue
            if key in told:
                found[key] = told[key]
            told[key] = row
    return found


def _period(settings: Settings, theme: Theme, task: Task, panel: Panel) -> Period:
    if task.period is not None:
        return Period.parse(task.period)
    latest = latest_period(theme, task.place, panel, settings.catalogue)
    if latest is None:
        asked = ", ".join(indicator for show in theme.headline for indicator in show) or ", ".join(theme.topics)
        if task.as_of is not None:
            raise CompositionError(
                f"No observation of {asked} for {task.place} had been published by {task.as_of}; name a later day."
            )
        raise CompositionError(_of_other_periods(theme, task.place, asked, panel))
    return latest


def _of_other_periods(theme: Theme, place: str, asked: str, panel: Panel) -> str:
    """Why a theme finds no period: nothing was told, or only of periods that are not of its cadence."""
    wanted = {indicator for show in theme.headline for indicator in show}
    periods = sorted(row.period for series in panel if series.indicator in wanted for row in series)
    if not periods:
        return f"No observation of {asked} for {place}. Run `briefings ingest` first."
    first, last, cadence = periods[0], periods[-1], theme.cadence.value
    found = "day" if last.shape is Shape.DAY else f"periods such as {last}"
    told = f"No {cadence} observation of {asked} for {place}: they are told by {found}, {first} to {last}."
    means = MEANS.get(cadence)
    if last.shape is Shape.DAY and means:
        return f"{told} If a day stands for its {means}, write `period: {{column: ..., means: {means}}}` in the source."
    return f"{told} Write the theme's `cadence:` as the source has it."


def places_of(settings: Settings, theme: Theme, place: str) -> tuple[str, ...]:
    """Every place whose observations a briefing may need."""
    words = [*theme.places.beside, *theme.places.benchmarks]
    words += [word for section in theme.sections for word in section.places]
    words += [request.to for _, _, measures in theme.requests() for request in measures if request.to]
    named = settings.catalogue.resolve(words, around=place)
    parts = (key for key in settings.catalogue.places if place in settings.catalogue.ancestors(key))
    group = settings.catalogue.places[place].peers
    peers = settings.catalogue.groups[group].members if group else ()
    return tuple(dict.fromkeys((place, *settings.catalogue.ancestors(place), *named, *peers, *parts)))
