"""One edition, from theme to archive: the order of the stages, one line each.

In: the settings of a project and a task. Out: editions in the archive. How observations came into the store is told in
`ingest`; many editions side by side are the business of `fanout`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from briefings import __version__, configuration, corrections
from briefings.archive import Archive, BuiltFrom, Edition, EditionKey, EditionThereError
from briefings.audit import examine
from briefings.audit.readback import Readback
from briefings.briefing import Briefing
from briefings.compose import Decisions, choose, compose, latest_period
from briefings.configuration import Commentary
from briefings.errors import BriefingsError, CompositionError, LintError
from briefings.fonts import FontSet, ensure_fonts
from briefings.ingest import audited, open_store
from briefings.lint import lint
from briefings.measures import VintageKey, vintage_key
from briefings.narrative import Narrative, narrate, sentence_digests
from briefings.observations import Observation, Panel, rows_of
from briefings.periods import Period, Shape
from briefings.reconcile import Checked
from briefings.render import Rendered, Stamp, render
from briefings.settings import Settings, commentary_of
from briefings.store import Store
from briefings.themes import Theme
from briefings.workers import Workers

#: When an edition that is filed already is followed by a next revision: always where its content is another (""), only
#: where a figure that it prints was wrong on the day it was built, or only where one has another value now.
Revises = Literal["", "errors", "all"]


@dataclass(frozen=True)
class Task:
    """One briefing to build: an edition in each of the languages. `partial`: indicators that were waited for in vain
    until the day `waited_until`; `due`: when it should have been there, in the zone of its release, where it is late.
    """

    theme: str
    place: str
    period: str | None = None
    languages: tuple[str, ...] = ()
    as_of: date | None = None
    force: bool = False
    dry_run: bool = False
    partial: tuple[str, ...] = ()
    waited_until: date | None = None
    due: datetime | None = None
    revises: Revises = ""


Outcome = Literal["built", "unchanged", "skipped", "failed", "would build"]


@dataclass(frozen=True)
class Built:
    """What became of one edition; `reason` for what was not built, `remarks`: the rules of publication that it does not
    quite keep."""

    outcome: Outcome
    theme: str
    place: str
    period: str
    language: str
    edition: str = ""
    pdf: Path | None = None
    pages: int = 0
    figures: int = 0
    held: int = 0
    reason: str = ""
    repeated: float | None = None
    remarks: tuple[str, ...] = ()


@dataclass
class Press:
    """What many editions share: the settings, the child processes, the fonts."""

    settings: Settings
    now: datetime
    workers: Workers
    fonts: FontSet = field(default_factory=ensure_fonts)

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.settings.workspace.editions)

    @cached_property
    def phrases(self) -> dict[str, dict[str, object]]:
        """Language -> phrase book; the project's own comes before the program's."""
        found: dict[str, dict[str, object]] = {}
        for folder in reversed(self.settings.workspace.template_folders):
            for path in sorted((folder / "phrases").glob("*.yaml")):
                found[path.stem] = configuration.read_plain(path)
        return found

    @cached_property
    def templates_digest(self) -> str:
        """SHA-256 over the templates and phrase books in use."""
        digest = hashlib.sha256()
        for folder in self.settings.workspace.template_folders:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()


def build(press: Press, task: Task) -> list[Built]:
    """One briefing and its editions. What goes wrong with one is its own outcome, never the others'."""
    told = (press.settings.themes[task.theme].theme, task.place, task.period or "")
    try:
        ground = survey(press, task)
        return [_edition(press, task, ground, language) for language in task.languages]
    except CompositionError as error:
        return [Built("skipped", *told, "", reason=str(error))]
    except BriefingsError as error:
        return [Built("failed", *told, "", reason=str(error))]


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
    _read: dict[str, list[Readback]] = field(default_factory=dict)
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
            )
            if self.task.partial and self.task.waited_until is not None:
                lacking = {"partial": self.task.partial, "waited_until": self.task.waited_until.isoformat()}
                composed = composed.model_copy(update=lacking)
            self._composed[told] = composed
        return self._composed[told]

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

    def read(self, briefing: Briefing) -> list[Readback]:
        """What the editions said that are compared with the same one, in their languages."""
        return self._read.setdefault(briefing.changes.since if briefing.changes else "", [])

    def commented(self, language: str) -> tuple[Briefing, Edition | None]:
        """The same with what a person says in this language. Raises `ConfigurationError` for mistakes in that."""
        key = self.key(language)
        told = (key.theme, key.place, key.period, language)
        return self.compared(language, commentary_of(self.press.settings, told, self.task.as_of))


def survey(press: Press, task: Task) -> Ground:
    """From the store to what can be composed: observations, and the audit of them."""
    settings = press.settings
    theme = settings.themes[task.theme]
    places = _places(settings, theme, task.place)
    store = open_store(settings)
    indicators = theme.indicators(settings.catalogue)
    confirmed = theme.accept == "confirmed"
    rows = store.as_of(task.as_of, indicators=indicators, places=places, confirmed=confirmed)
    decided = settings.decided_by(task.as_of)
    others = _others(store, theme, settings, places, task.as_of)
    known = corrections.of(settings.corrections, indicators, places, task.as_of)
    panel = Panel.of_rows(corrections.apply(rows_of(rows), known))
    panel, others, chosen = choose(panel, others, decided)
    checked = audited(settings, panel, task.as_of)
    return Ground(
        press,
        theme,
        task,
        _period(settings, theme, task, checked.panel),
        checked,
        others=others,
        earlier=_earlier(store, theme, places, task.as_of),
        decided=Decisions(decided, settings.reviews, chosen, known),
    )


def brief(press: Press, task: Task, commentary: Commentary | None = None) -> Briefing:
    """The briefing as an edition in the first of the task's languages, or of the theme's, would hold it."""
    theme = press.settings.themes[task.theme]
    languages = task.languages or theme.languages or press.settings.project.languages
    return survey(press, task).compared(languages[0], commentary)[0]


def _others(
    store: Store, theme: Theme, settings: Settings, places: tuple[str, ...], as_of: date | None
) -> Mapping[VintageKey, Sequence[Observation]]:
    """What other sources told of the figures that count, by figure."""
    found: dict[VintageKey, tuple[Observation, ...]] = {}
    told = store.others(
        as_of,
        indicators=theme.indicators(settings.catalogue),
        places=places,
        confirmed=theme.accept == "confirmed",
    )
    for row in rows_of(told):
        found[vintage_key(row)] = (*found.get(vintage_key(row), ()), row)
    return found


def _earlier(store: Store, theme: Theme, places: tuple[str, ...], as_of: date | None) -> dict[VintageKey, Observation]:
    """What was told of each figure before the vintage that counts, for the indicators whose revision a theme shows."""
    found: dict[VintageKey, Observation] = {}
    for _, indicator, measures in theme.requests():
        if not any(request.measure == "revision" for request in measures):
            continue
        for place in places:
            told: dict[VintageKey, Observation] = {}
            for row in rows_of(store.history(indicator, place)):
                if as_of is not None and row.published > as_of:
                    continue
                key = vintage_key(row)
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


#: What a day may stand for, by the cadence of a theme.
MEANS = {"monthly": "month", "quarterly": "quarter", "annual": "year", "half-yearly": "half-year"}


def _places(settings: Settings, theme: Theme, place: str) -> tuple[str, ...]:
    """Every place whose observations a briefing may need."""
    words = [*theme.places.beside, *theme.places.benchmarks]
    words += [word for section in theme.sections for word in section.places]
    words += [request.to for _, _, measures in theme.requests() for request in measures if request.to]
    named = settings.catalogue.resolve(words, around=place)
    parts = (key for key in settings.catalogue.places if place in settings.catalogue.ancestors(key))
    group = settings.catalogue.places[place].peers
    peers = settings.catalogue.groups[group].members if group else ()
    return tuple(dict.fromkeys((place, *settings.catalogue.ancestors(place), *named, *peers, *parts)))


def _edition(press: Press, task: Task, ground: Ground, language: str) -> Built:
    """From the briefing to the archive: sentences, pages, checks, filing."""
    key = ground.key(language)
    told = (key.theme, key.place, key.period, language)
    try:
        briefing, since = ground.commented(language)
        built_from = BuiltFrom(
            theme=press.settings.digests[key.theme],
            templates=press.templates_digest,
            fonts=press.fonts.digest,
            data=briefing.digest,
            program=__version__,
        )
        standing = _standing(press, task, key, built_from.content(language), briefing)
        if standing is not None:
            return Built("unchanged", *told, **_facts(standing))
        if task.dry_run:
            return Built("would build", *told, held=briefing.held)
        revision = press.archive.next_revision(key)
        stamp = _stamp(press, task, key, revision, built_from.content(language))
        narrative, rendered = _render(press, briefing, language, stamp)
        read, files, script = ground.read(briefing), rendered.files, rendered.script
        read.append(examine(files, script, briefing, language, press.workers, others=read, what=stamp.edition))
        remarks = _kept(files, press.workers)
        edition = press.archive.save(
            key,
            rendered.files,
            revision=revision,
            built_from=built_from,
            as_of=task.as_of,
            built_at=press.now,
            facts={
                "title": narrative.title,
                "pages": rendered.pages,
                "figures": rendered.figures_printed,
                "held": briefing.held,
                "partial": list(briefing.partial),
                "due": task.due.isoformat() if task.due else None,
                **_compared(narrative, since),
            },
        )
    except EditionThereError as error:
        meanwhile = _filed(press.archive, key, built_from.content(language), task.as_of)
        if meanwhile is not None:
            return Built("unchanged", *told, **_facts(meanwhile))  # another build, side by side, filed the very same
        return Built("failed", *told, reason=str(error))
    except CompositionError:
        raise  # there is nothing to brief on, in whatever language
    except BriefingsError as error:
        return Built("failed", *told, reason=str(error))
    return Built("built", *told, remarks=remarks, **_facts(edition))


def _kept(files: Mapping[str, bytes], workers: Workers) -> tuple[str, ...]:
    """The rules of publication that are not quite kept. Raises `LintError` where one is broken that no edition may
    break."""
    remarks = lint(files, workers)
    broken = [f"  {remark}" for remark in remarks if remark.severity == "error"]
    if broken:
        raise LintError("\n".join(["the finished files break rules of publication; nothing was filed:", *broken]))
    return tuple(str(remark) for remark in remarks)


def _stamp(press: Press, task: Task, key: EditionKey, revision: int, content: str) -> Stamp:
    issued = press.now.astimezone(task.due.tzinfo) if task.due else None
    return Stamp(f"{key.folder.as_posix()}/r{revision}", revision, content, task.due, issued)


def _standing(press: Press, task: Task, key: EditionKey, content: str, briefing: Briefing) -> Edition | None:
    """The edition that makes a build needless. Raises `ArchiveError` where it is damaged."""
    filed = _filed(press.archive, key, content, task.as_of)
    if filed is not None and not task.force:
        filed.check()
        return filed
    latest = press.archive.latest(key) if task.revises else None
    return latest if latest is not None and not _told_otherwise(press, task, latest, briefing) else None


def _told_otherwise(press: Press, task: Task, edition: Edition, briefing: Briefing) -> bool:
    """Whether a figure that an edition prints has another value now; for `errors`, had another on the day on which the
    edition was built: its source set it right since, without publishing it anew."""
    if task.revises == "errors":
        built_on = datetime.fromisoformat(edition.manifest["built_at"]).date()
        briefing = brief(press, replace(task, as_of=built_on))
    now = briefing.figures
    return any(told["id"] in now and now[told["id"]].value != told["value"] for told in edition.figures())


def _compared(narrative: Narrative, since: Edition | None) -> dict[str, Any]:
    """What the manifest says of the edition that this one is compared with: its id, and the share of sentences that
    it had too. `sentences` are their digests, for the next edition."""
    own = sentence_digests(narrative)
    before = set(since.manifest.get("sentences", ())) if since is not None else set()
    repeated = round(sum(digest in before for digest in own) / len(own), 4) if before and own else None
    return {"compared_with": since.id if since else None, "repeated": repeated, "sentences": own}


def _filed(archive: Archive, key: EditionKey, content: str, as_of: date | None) -> Edition | None:
    """The edition that makes a build needless: the latest, if it has this content (figures that were revised and then
    set right again make a new revision); for what was known on an earlier day, any revision with this content."""
    if as_of is not None:
        return archive.filed(key, content)
    latest = archive.latest(key)
    return latest if latest is not None and latest.content == content else None


def preview(press: Press, task: Task) -> Iterator[tuple[str, str, dict[str, bytes]]]:
    """The files of each language of a briefing, without filing them: folder, language, files."""
    ground = survey(press, task)
    for language in task.languages:
        key, (briefing, _) = ground.key(language), ground.commented(language)
        _, rendered = _render(press, briefing, language, Stamp(f"{key.folder.as_posix()}/preview", 0, ""))
        yield key.folder.as_posix(), language, dict(rendered.files)


def _render(press: Press, briefing: Briefing, language: str, stamp: Stamp) -> tuple[Narrative, Rendered]:
    """From the briefing to files: sentences first, then pages."""
    narrative = narrate(briefing, language, press.phrases[language])
    rendered = render(
        briefing,
        language,
        narrative=narrative,
        stamp=stamp,
        templates=press.settings.workspace.template_folders,
        workers=press.workers,
        fonts=press.fonts,
    )
    return narrative, rendered


def _facts(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition.id,
        "pdf": edition.folder / "briefing.pdf",
        "pages": int(edition.manifest["pages"]),
        "figures": int(edition.manifest["figures"]),
        "held": int(edition.manifest["held"]),
        "repeated": edition.manifest.get("repeated"),
    }
