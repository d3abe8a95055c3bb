"""Turn a theme and its measures into a briefing: choose, order, and say what is missing.

In: a theme, a place, a period and the checked observations. Out: a `Briefing`. The rules are those that a person reads
in the theme. Which observations are held was decided in `reconcile`; the sentences are made in `narrative`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from briefings import briefing as model
from briefings.briefing import Briefing, Finding, House, Previous
from briefings.briefing.identity import printed
from briefings.catalogue import Catalogue
from briefings.compose import commentaries, decisions
from briefings.compose import notes as notes_of
from briefings.compose.account import Account
from briefings.compose.account_pictures import AccountPictures
from briefings.compose.cells import Cells
from briefings.compose.changes import Since, figures_in, firsts, marked, marked_sections
from briefings.compose.decisions import Decisions, choose, is_of
from briefings.compose.desk import Desk
from briefings.compose.members import in_turn
from briefings.compose.numbering import numbers
from briefings.compose.page_one import by_weight, is_echo, once, page_one
from briefings.compose.parts import places_of
from briefings.compose.period import latest_period
from briefings.compose.pictures import Pictures
from briefings.compose.published import Published, about, tells
from briefings.compose.several import Group
from briefings.compose.side_by_side import SideBySide
from briefings.compose.single import TOLD, Subject
from briefings.compose.used import mentioned, parts_of, used
from briefings.compose.weight import STEP
from briefings.configuration import Commentary, Project, Source
from briefings.configuration.remarks import Remark
from briefings.errors import CompositionError
from briefings.measures import VintageKey
from briefings.observations import Observation
from briefings.periods import Period
from briefings.reconcile import Checked
from briefings.themes import Section, Theme

__all__ = ["Decisions", "choose", "compose", "is_of", "latest_period"]

#: Nobody decided anything.
NOTHING = Decisions()

#: A section tells so many findings at most; the table holds the rest.
LONGEST_SECTION = 8
#: Kinds of finding for measures that a theme asks for by name.
ASKED = frozenset(kind for kind, _, _ in TOLD.values())


def compose(
    theme: Theme,
    place: str,
    period: Period,
    checked: Checked,
    *,
    catalogue: Catalogue,
    project: Project,
    sources: Mapping[str, Source],
    remarks: Sequence[Remark] = (),
    previous: Previous | None = None,
    earlier: Mapping[VintageKey, Observation] | None = None,
    others: Mapping[VintageKey, Sequence[Observation]] | None = None,
    commentary: Commentary | None = None,
    decided: Decisions = NOTHING,
    logo: Mapping[str, str] | None = None,
) -> Briefing:
    """The briefing of `theme` for `place` in `period`.

    `remarks` are what sources say without a figure. `previous` is the last edition of the same theme, place and
    language, for what changed since; `earlier` holds the vintages told before, for a theme that asks for revisions;
    `others` what further sources told of the same figures, which is printed beside them, or noted where it differs;
    `commentary` what a person says in one language; `decided` what persons decided on figures; `logo`: language ->
    SHA-256 of the house's picture. Raises `ConfigurationError` for a number that the commentary names and there is none
    of, and `CompositionError` where nothing that page one is about was observed: no empty edition is made.
    """
    desk = Desk(theme, catalogue, checked, place, period, earlier or {}, others or {})
    published = Published(desk, remarks, tuple(theme.languages or project.languages))
    headline, summary, sections = _chosen(desk, published, previous.briefing if previous else None)
    shown = printed(headline, sections, summary)
    said = commentaries.told(desk, commentary, shown) if commentary else {}
    shown |= commentaries.figures_of(said)
    changes = Since(desk, previous, frozenset(shown), headline).changes() if previous else None
    sections, summary = _marked(sections, summary, changes)
    of_persons, of_desk = decisions.notes(desk, decided, shown), notes_of.notes(desk, checked.held, shown)
    all_notes = (*of_persons, *of_desk, *published.notes())
    figures = used(desk, shown | figures_in(changes), all_notes)
    used_sources = notes_of.sources(figures, sources, previous.briefing.sources if previous else ())
    named = mentioned(desk, headline, sections, summary, all_notes)
    before = previous.briefing.names if previous else None
    names = notes_of.names(desk, named, *parts_of(headline, sections, summary), changes=changes, before=before)
    return Briefing(
        theme=theme.theme,
        title=theme.title.texts,
        place=place,
        period=str(period),
        cadence=theme.cadence.value,
        cut_off=max(note.published for note in used_sources),
        languages=tuple(theme.languages or project.languages),
        headline=headline,
        summary=summary,
        sections=sections,
        notes=all_notes,
        figures=figures,
        sources=used_sources,
        names=names,
        house=_house(project, theme, period, logo or {}),
        held=sum(1 for note in all_notes if note.kind == "held"),
        commentary=said,
        previous=previous.briefing.period if previous else "",
        changes=changes,
    )


def _chosen(
    desk: Desk, published: Published, before: Briefing | None
) -> tuple[tuple[Finding, ...], model.TableRequest | None, tuple[model.Section, ...]]:
    """What is worth saying: the findings and the table of page one, and the sections. `before`: the last edition's."""
    theme = desk.theme
    findings = published.of_headline() if about(theme) else _headline_findings(desk)
    drafts = [_draft(desk, published, section) for section in theme.sections]
    if not any(desk.figures.values()) or all(finding.kind in ("missing", "remark") for finding in findings):
        raise CompositionError(_nothing(desk))
    headline, summary = _front(desk, published, findings, drafts, before)
    told, made = list(headline), list[model.Section]()
    for draft in drafts:
        section = _section(desk, published, draft, told)
        section = _beside(section, summary) if section else None
        if section is not None:
            made.append(section)
            told += section.findings
    sections = _distinct(made)
    return headline, summary, sections


def _marked(
    sections: tuple[model.Section, ...], summary: model.TableRequest | None, changes: model.Changes | None
) -> tuple[tuple[model.Section, ...], model.TableRequest | None]:
    """The sections and the table of page one, with the mark of what was revised since the last edition."""
    if changes is None:
        return sections, summary
    return marked_sections(sections, changes), next(iter(marked([summary], changes))) if summary else None


def _house(project: Project, theme: Theme, period: Period, logo: Mapping[str, str]) -> House:
    """Who publishes, whom to ask, and what the house's editions look like and bear."""
    style, languages = project.house, tuple(theme.languages or project.languages)
    fonts = style.fonts
    return House(
        publisher=project.publisher.texts,
        contact=_contact(project),
        disclaimer=notes_of.texts(project.disclaimer),
        zone=str(project.zone),
        logo={language: digest for language, digest in logo.items() if language in languages},
        accent=style.colours.accent if style.colours else "",
        text_font={language: family for language in languages if (family := fonts.text.get(language))},
        heading_font={language: family for language in languages if (family := fonts.headings.get(language))},
        footer=notes_of.texts(style.footer),
        number=numbers(theme.series or style.series, theme.cadence, period, languages),
    )


def _front(
    desk: Desk, published: Published, findings: list[Finding], drafts: Sequence[Draft], previous: Briefing | None
) -> tuple[tuple[Finding, ...], model.TableRequest | None]:
    """The points of page one and its table: of published figures, or of series."""
    if about(desk.theme):
        headline = published.page_one(findings)
        return headline, published.summary(headline, [draft.accounts for draft in drafts if draft.accounts])
    told = [finding for draft in drafts for finding in draft.findings]
    return page_one(desk, _with_changes(desk, findings, previous), told), Cells(desk).summary(desk.theme.headline)


def _headline_findings(desk: Desk) -> list[Finding]:
    """What the headline asks for by name weighs a step and a half more than elsewhere, unless it stood still."""
    found: list[Finding] = []
    for show in desk.theme.headline:
        for indicator, measures in show.items():
            for finding in Subject(desk, indicator, desk.where(indicator), measures).findings():
                still = finding.facts.get("direction") in ("held", "flat")
                asked = 1.5 * STEP if finding.kind in ASKED and not still else 0.0
                found.append(finding.model_copy(update={"weight": finding.weight + asked}))
    return found


def _with_changes(desk: Desk, findings: list[Finding], previous: Briefing | None) -> list[Finding]:
    """The headline's findings with the first figures that came since the last edition; what was revised is told below
    them, and in the sentences themselves."""
    if previous is None:
        return findings
    new = {finding.indicator: finding for finding in firsts(desk, previous)}
    kept = [f for f in findings if f.indicator not in new or f.kind not in ("level", "flat")]
    return [*kept, *new.values()]


@dataclass(frozen=True)
class Draft:
    """A section with what is worth saying in it, the weightiest first; of published figures, the accounts it shows."""

    section: Section
    findings: list[Finding]
    accounts: list[Account] | None = None

    @property
    def compares(self) -> bool:
        """Whether it sets several places side by side, each with its latest published figure."""
        return tells(self.section) and bool(self.section.places)


def _draft(desk: Desk, published: Published, section: Section) -> Draft:
    accounts: list[Account] | None = None
    if tells(section) and section.places:
        return Draft(section, [])
    if tells(section):
        accounts, found = published.of_section(section)
    else:
        found = _of_series(desk, section)
    if section.pick != "all":
        found = [finding for finding in found if finding.tone == section.pick]
    return Draft(section, by_weight(once(found)), accounts)


def _of_series(desk: Desk, section: Section) -> list[Finding]:
    found: list[Finding] = []
    places = _places(desk, section)
    for indicator, measures in section.show.items():
        if len(places) > 1:
            found += Group(desk, indicator, places, section).findings()
        elif section.split is not None:
            for breakdown in desk.panel.breakdowns(indicator, desk.place):
                if breakdown.startswith(f"{section.split}="):
                    found += Subject(desk, indicator, desk.place, measures, breakdown).findings()
        else:
            found += Subject(desk, indicator, desk.where(indicator), measures).findings()
    return found


def _places(desk: Desk, section: Section) -> tuple[str, ...]:
    return places_of(desk.theme, section, desk.catalogue, desk.place)


def _section(desk: Desk, published: Published, draft: Draft, told: Sequence[Finding]) -> model.Section | None:
    """A section that says something, or None; what page one and the sections before said (`told`) is not said again,
    its charts and tables are. A plain echo of it stands only where a chart bears it as its title."""
    section = draft.section
    beside = SideBySide(desk, published.accounts, section, _places(desk, section)) if draft.compares else None
    if beside is not None:
        charts, tables, titles = beside.charts(), beside.tables(), []
    elif draft.accounts is not None:
        of_accounts = AccountPictures(desk, section, draft.accounts)
        charts, titles = of_accounts.requests(), of_accounts.told
        tables = () if section.table == "none" else published.tables(str(section.title), draft.accounts)
    else:
        places = _places(desk, section)
        pictures = Pictures(desk, section, places, draft.findings)
        charts, titles = pictures.requests(), pictures.told
        tables = Cells(desk).of_section(section, places)
    found = once([*draft.findings, *titles])
    titled = {chart.finding for chart in charts}
    said = {finding.id for finding in told}
    fresh = [f for f in found if f.id not in said and (f.id in titled or not is_echo(f, told))]
    if section.split is not None and not tells(section) and len(_places(desk, section)) == 1:
        bare = [finding for finding in fresh if finding.id not in titled]
        fresh = in_turn(bare, desk, section, LONGEST_SECTION) + [f for f in fresh if f.id in titled]
    findings = tuple(f for i, f in enumerate(fresh) if i < LONGEST_SECTION or f.id in titled)
    if not (findings or charts or tables):
        return None
    key = model.section_id(section.title)
    return model.Section(id=key, title=section.title.texts, findings=findings, charts=charts, tables=tables)


def _beside(section: model.Section, summary: model.TableRequest | None) -> model.Section | None:
    """The section without the tables of accounts that page one's table holds whole: nine figures make one page. None
    where nothing is left of it."""
    shown = {cell.figure for row in summary.rows for cell in row.cells} if summary else set()
    tables = tuple(
        table
        for table in section.tables
        if table.rows_are != "accounts" or any(cell.figure not in shown for row in table.rows for cell in row.cells)
    )
    return section.model_copy(update={"tables": tables}) if section.findings or section.charts or tables else None


def _distinct(sections: Iterable[model.Section]) -> tuple[model.Section, ...]:
    """The sections with an id for each of them, their charts and tables: two sections may have one title, or show the
    same, and links lead to one place each."""
    times: Counter[str] = Counter()

    def own(key: str) -> str:
        times[key] += 1
        return key if times[key] == 1 else key[0] + model.figure_id(key, times[key])[1:]

    return tuple(
        section.model_copy(
            update={
                "id": own(section.id),
                "charts": tuple(chart.model_copy(update={"id": own(chart.id)}) for chart in section.charts),
                "tables": tuple(table.model_copy(update={"id": own(table.id)}) for table in section.tables),
            }
        )
        for section in sections
    )


def _contact(project: Project) -> dict[str, str | dict[str, str]]:
    told = project.contact
    if told is None:
        return {}
    name = told.name.texts if told.name else ""
    return {key: value for key, value in (("name", name), ("email", told.email), ("phone", told.phone)) if value}


def _nothing(desk: Desk) -> str:
    """The line a person reads where there is nothing to brief on."""
    asked = [indicator for show in desk.theme.headline for indicator in show]
    asked += [f"any indicator of {topic}" for topic in desk.theme.topics]
    latest = latest_period(desk.theme, desk.place, desk.panel, desk.catalogue)
    there = f"the latest is {latest}" if latest else "nothing was ever observed"
    return (
        f"No observation of {', '.join(asked)} for {desk.place} in {desk.period}; {there}. "
        "Run `briefings ingest`, or ask for another --period."
    )
