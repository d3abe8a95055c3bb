"""Turn a theme and its measures into a briefing: choose, order, and say what is missing.

In: a theme, a place, a period and the checked observations. Out: a `Briefing`. The rules are those that a person reads
in the theme. Which observations are held was decided in `reconcile`; the sentences are made in `narrative`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from briefings import briefing as model
from briefings.briefing import Briefing, Finding, House
from briefings.catalogue import Catalogue
from briefings.compose import notes as notes_of
from briefings.compose.account_pictures import AccountPictures
from briefings.compose.accounts import Account
from briefings.compose.cells import Cells
from briefings.compose.changes import firsts, revisions
from briefings.compose.desk import Desk
from briefings.compose.period import latest_period
from briefings.compose.pictures import Pictures
from briefings.compose.published import Published, about, tells
from briefings.compose.several import Group
from briefings.compose.side_by_side import SideBySide
from briefings.compose.single import TOLD, Subject
from briefings.compose.weight import STEP, WORDS, weigh
from briefings.configuration import Project, Source
from briefings.configuration.remarks import Remark
from briefings.errors import CompositionError
from briefings.measures import VintageKey
from briefings.observations import Observation
from briefings.periods import Period
from briefings.reconcile import Checked
from briefings.themes import Section, Theme

__all__ = ["compose", "latest_period"]

#: A section tells so many findings at most; the table holds the rest.
LONGEST_SECTION = 8
#: Of several indicators in the headline, one takes at most so many points of page one.
MOST_OF_ONE = 3
#: Lists of other places (who moved most) take at most so many points of a page about one place; how many of them rose
#: is told beside.
MOST_LISTS = 1
#: Kinds of finding for measures that a theme asks for by name.
ASKED = frozenset(kind for kind, _, _ in TOLD.values())
#: Kinds that tell how an indicator stands.
STATUS = frozenset({"first", "level", "flat", "growth", "record", "streak", "sign_change", "crossing"})
#: Kinds that say something happened; where there is none of them, the briefing says that it was quiet.
EVENTS = frozenset(
    {"sign change", "record", "streak", "largest moves", "rank moved", "gap moved", "target at risk", "revision"}
)


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
    previous: Briefing | None = None,
    earlier: Mapping[VintageKey, Observation] | None = None,
    others: Mapping[VintageKey, Sequence[Observation]] | None = None,
) -> Briefing:
    """The briefing of `theme` for `place` in `period`.

    `remarks` are what sources say without a figure. `previous` is the last edition's briefing of the same theme and
    place, for what was revised since; `earlier` holds the vintages told before, for a theme that asks for revisions;
    `others` what further sources told of the same figures, which is printed beside them, or noted where it differs.
    Raises `CompositionError` where nothing that page one is about was observed: no empty edition is made.
    """
    desk = Desk(theme, catalogue, checked, place, period, earlier or {}, others or {})
    published = Published(desk, remarks, tuple(theme.languages or project.languages))
    findings = published.of_headline() if about(theme) else _headline_findings(desk)
    drafts = [_draft(desk, published, section) for section in theme.sections]
    if not any(desk.figures.values()) or all(finding.kind in ("missing", "remark") for finding in findings):
        raise CompositionError(_nothing(desk))
    if about(theme):
        headline = published.page_one(findings)
        summary = published.summary(headline, [draft.accounts for draft in drafts if draft.accounts])
    else:
        headline = _page_one(desk, _with_changes(desk, findings, previous), [f for d in drafts for f in d.findings])
        summary = Cells(desk).summary(theme.headline)
    on_page_one = {finding.id for finding in headline}
    made = (_section(desk, published, draft, on_page_one) for draft in drafts)
    sections = _distinct(section for each in made if each and (section := _beside(each, summary)) is not None)
    printed = _printed(headline, sections, summary)
    all_notes = (*notes_of.notes(desk, checked.held, printed), *published.notes())
    figures = _used(desk, printed, all_notes)
    used_sources = notes_of.sources(figures, sources)
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
        names=notes_of.names(
            desk, _mentioned(desk, headline, sections, summary, all_notes), *_parts(headline, sections, summary)
        ),
        house=House(
            publisher=project.publisher.texts,
            contact=_contact(project),
            disclaimer=notes_of.texts(project.disclaimer),
            zone=str(project.zone),
        ),
        held=sum(1 for note in all_notes if note.kind == "held"),
        previous=previous.period if previous else "",
    )


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
    """The headline's findings with what is new or was revised since the last edition."""
    if previous is None:
        return findings
    new = {finding.indicator: finding for finding in firsts(desk, previous)}
    kept = [f for f in findings if f.indicator not in new or f.kind not in ("level", "flat")]
    return [*kept, *new.values(), *revisions(desk, previous)]


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
    return Draft(section, _by_weight(_once(found)), accounts)


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
    """The places of a section, the briefing's own among them; just that one where the section names none."""
    theme, words = desk.theme.places, section.places
    named: list[str] = []
    for word in words:
        own = {"each": theme.each, "beside": theme.beside, "benchmarks": theme.benchmarks}
        named += own.get(word, (word,))
    return tuple(dict.fromkeys((desk.place, *desk.catalogue.resolve(named, around=desk.place))))


def _section(desk: Desk, published: Published, draft: Draft, told: set[str]) -> model.Section | None:
    """A section that says something, or None; what page one said is not said again, its charts and tables are."""
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
    found = _once([*draft.findings, *titles])
    titled = {chart.finding for chart in charts}
    fresh = [finding for finding in found if finding.id not in told]
    findings = tuple(f for i, f in enumerate(fresh) if i < LONGEST_SECTION or f.id in titled)
    if not (findings or charts or tables):
        return None
    key = "s" + model.figure_id(section.title)[1:]
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


# -- page one ----------------------------------------------------------------------------------------------------------


def _page_one(desk: Desk, own: Sequence[Finding], others: Sequence[Finding]) -> tuple[Finding, ...]:
    """Three to five findings, the weightiest first. How each indicator of the headline stands is told, the first of
    them always, and as many adverse findings as the theme wants; no two say the same figures."""
    points = desk.theme.page_one.points
    candidates = sorted(_once([*others, *own]), key=lambda f: (-f.weight + (STEP if _of_others(f) else 0.0), f.id))
    if not any(WORDS[finding.kind] in EVENTS for finding in candidates):
        candidates = [_quiet(desk, candidates), *candidates]
    first = next((f for f in own if f.kind in ("level", "flat", "growth")), None)
    adverse = [f for f in candidates if f.tone == "adverse"][: desk.theme.page_one.adverse]
    reserved = _once([f for f in (first, *adverse, *_levels(own, first)) if f is not None])[:points]
    most = points if len({f.indicator for f in own}) == 1 else MOST_OF_ONE
    chosen: list[Finding] = []
    for finding in candidates:
        room = points - len(chosen) - sum(1 for f in reserved if f not in chosen)
        if finding in reserved or (room > 0 and _says_more(finding, chosen, most)):
            chosen.append(finding)
    chosen = _without_echoes(chosen[:points])
    for finding in candidates:
        if len(chosen) < points and finding not in chosen and _says_more(finding, chosen, most):
            chosen.append(finding)
    return _status_early(chosen, first)


def _without_echoes(chosen: Sequence[Finding]) -> list[Finding]:
    """Without the plain statements whose every figure another point about the same subject tells: an unusual fall
    names the level that it led to."""
    kept = []
    for finding in chosen:
        others = [
            o for o in chosen if o is not finding and (o.indicator, o.place) == (finding.indicator, finding.place)
        ]
        said = {figure for other in others for figure in _figures_of(other)}
        if finding.kind not in ("level", "flat") or not set(_figures_of(finding)) <= said:
            kept.append(finding)
    return kept


def _levels(own: Sequence[Finding], first: Finding | None) -> list[Finding]:
    """For each further indicator of the headline the weightiest finding that tells its level or its growth."""
    found: dict[str, Finding] = {}
    for finding in _by_weight(own):
        if finding.kind in STATUS and (first is None or finding.indicator != first.indicator):
            found.setdefault(finding.indicator, finding)
    return list(found.values())


def _status_early(chosen: list[Finding], first: Finding | None) -> tuple[Finding, ...]:
    """How the first indicator stands leads, or comes second where something happened: the rest is read against it."""
    if first is not None and first in chosen:
        happened = chosen[0].kind == "quiet" or (chosen[0].place == first.place and _moved(chosen[0]))
        place = 1 if happened and chosen[0] is not first else 0
        chosen.remove(first)
        chosen.insert(place, first)
    return tuple(chosen)


def _moved(finding: Finding) -> bool:
    """Whether a finding tells an event, an unusual movement among them: no list of others, no rank held."""
    if WORDS[finding.kind] not in EVENTS and finding.facts.get("size") != "unusual":
        return False
    return not _of_others(finding) and finding.facts.get("direction") != "held"


def _of_others(finding: Finding) -> bool:
    """Whether a finding tells of many places at once: on the page of one it weighs a step less."""
    return bool(finding.entries) or finding.kind == "breadth"


def _says_more(finding: Finding, chosen: Sequence[Finding], most: int) -> bool:
    """Whether a finding adds a figure, and neither its subject nor lists of other places fill the page already."""
    if finding.kind in ("missing", "extremes"):
        return False
    said = {figure for other in chosen for figure in _figures_of(other)}
    if set(_figures_of(finding)) <= said:
        return False
    if finding.entries:
        lists = [other for other in chosen if other.entries]
        return len(lists) < MOST_LISTS and all(other.kind != finding.kind for other in lists)
    same = [o for o in chosen if not o.entries and (o.indicator, o.place) == (finding.indicator, finding.place)]
    return len(same) < most


def _quiet(desk: Desk, candidates: Sequence[Finding]) -> Finding:
    """Nothing stands out: said in so many words, with how many figures were looked at."""
    first = candidates[0]
    figure = desk.figures[next(iter(_figures_of(first)))]
    looked_at = {f.figures["level"] for f in candidates if "level" in f.figures} or {figure.id}
    count = figure.model_copy(
        update={
            "id": model.figure_id("quiet", desk.place, desk.period, *sorted(looked_at)),
            "value": float(len(looked_at)),
            "unit": "item",
            "kind": "count",
            "basis": "looked at",
            "formula": "count of figures looked at",
            "computed": True,
            "decimals": 0,
            "inputs": tuple(item for key in sorted(looked_at) for item in desk.figures[key].inputs),
        }
    )
    desk.figures[count.id] = count
    return Finding(
        id=model.figure_id("finding", "quiet", desk.place, desk.period),
        kind="quiet",
        indicator=first.indicator,
        place=first.place,
        period=str(desk.period),
        figures={"count": count.id},
        facts={"basis": first.facts.get("basis", "on year")},
        weight=weigh(desk.theme, "quiet", unusual=11.0),
    )


def _by_weight(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (-finding.weight, finding.id))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    return list({finding.id: finding for finding in findings}.values())


# -- what is used ------------------------------------------------------------------------------------------------------


def _figures_of(finding: Finding) -> tuple[str, ...]:
    return (*finding.figures.values(), *(figure for entry in finding.entries for figure in entry.figures.values()))


#: A figure that another's formula names: the count of those among whom a rank is.
FIGURE_ID = re.compile(r"\bf[0-9a-f]{10}\b")


def _printed(
    headline: Sequence[Finding], sections: Sequence[model.Section], summary: model.TableRequest | None
) -> set[str]:
    """The figures that findings, charts and tables hold."""
    told = [*headline, *(finding for section in sections for finding in section.findings)]
    ids = {figure for finding in told for figure in _figures_of(finding)}
    tables = [table for section in sections for table in section.tables] + ([summary] if summary else [])
    ids |= {cell.figure for table in tables for row in table.rows for cell in row.cells if cell.figure}
    charts = [chart for section in sections for chart in section.charts]
    return ids | {
        point.figure for chart in charts for series in chart.series for point in series.points if point.figure
    }


def _used(desk: Desk, printed: set[str], notes: Sequence[model.Note]) -> dict[str, model.Figure]:
    """The figures printed, those of the notes, and those that formulas name; what was asked only to judge others stays
    behind."""
    ids = printed | {figure for note in notes for figure in note.figures.values()}
    ids |= {named for key in ids for named in FIGURE_ID.findall(desk.figures[key].formula)}
    return {key: desk.figures[key] for key in sorted(ids)}


def _mentioned(
    desk: Desk,
    headline: Sequence[Finding],
    sections: Sequence[model.Section],
    summary: model.TableRequest | None,
    notes: Sequence[model.Note],
) -> tuple[str, ...]:
    """The places that sentences name without a figure of their own."""
    told = [*headline, *(finding for section in sections for finding in section.findings)]
    facts = ("to", "of", "gap_to", "rank_among")
    places = {fact for finding in told for key, fact in finding.facts.items() if key in facts}
    tables = [table for section in sections for table in section.tables] + ([summary] if summary else [])
    rows = (row for table in tables for row in table.rows)
    places |= {word for row in rows for word in row.measure.split()}
    places |= {note.place for note in notes if note.place} | {finding.place for finding in told}
    places |= {word for note in notes for word in note.facts.get("measure", "").split()}
    return tuple(sorted(places & set(desk.catalogue.places)))


def _parts(
    headline: Sequence[Finding], sections: Sequence[model.Section], summary: model.TableRequest | None
) -> tuple[set[str], set[str]]:
    """The breakdowns that stand in findings, tables and charts, and what published shares are of."""
    told = [*headline, *(finding for section in sections for finding in section.findings)]
    tables = [table for section in sections for table in section.tables] + ([summary] if summary else [])
    rows = [row for table in tables for row in table.rows]
    series = [line for section in sections for chart in section.charts for line in chart.series]
    breakdowns = {item.breakdown for found in (told, rows, series) for item in found}
    entries = [entry for finding in told for entry in finding.entries]
    breakdowns |= {entry.breakdown for entry in entries} | {entry.facts.get("tier", "") for entry in entries}
    known = ("share_of", "gap_to", "rank_among")
    wholes = {item.facts[key] for found in (told, entries) for item in found for key in known if key in item.facts}
    wholes |= {row.measure.partition(word)[2] for row in rows for word in (" of ", " to ", " among ")}
    return breakdowns - {""}, wholes


def _contact(project: Project) -> dict[str, str]:
    return {key: value for key, value in (project.contact.model_dump() if project.contact else {}).items() if value}


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
