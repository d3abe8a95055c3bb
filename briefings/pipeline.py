"""One edition, from theme to archive: the order of the stages, one line each.

In: a press and a task. Out: editions in the archive. What is asked for, and what becomes of it, is told in `press`, the
way from the store to a briefing in `survey`, whether a build is needless in `standing`. How observations came into the
store is told in `ingest`; many editions side by side are the business of `fanout`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from briefings.archive import BuiltFrom, Edition, EditionKey, EditionThereError
from briefings.audit import examine
from briefings.audit.readback import Readback
from briefings.briefing import Briefing
from briefings.compose.undrawn import undrawn
from briefings.errors import AuditError, BriefingsError, CompositionError, LintError
from briefings.lint import Remark, lint
from briefings.narrative import Narrative, narrate, sentence_digests
from briefings.press import Built, Press, Task, program
from briefings.render import Rendered, Stamp, render
from briefings.standing import filed_with, standing
from briefings.survey import Ground, survey
from briefings.workers import Workers, seldom_collected

#: What the editions said that are compared with the same one, in their languages, by the id of that.
Said = dict[str, list[Readback]]


def build(press: Press, task: Task) -> list[Built]:
    """One briefing and its editions. What goes wrong with one is its own outcome, never the others'."""
    with seldom_collected():
        return _build(press, task)


def _build(press: Press, task: Task) -> list[Built]:
    told = (press.settings.themes[task.theme].theme, task.place, task.period or "")
    try:
        ground = survey(press, task)
        said: Said = defaultdict(list)
        return [_edition(press, task, ground, language, said) for language in task.languages]
    except CompositionError as error:
        return [Built("skipped", *told, "", reason=str(error))]
    except BriefingsError as error:
        return [Built("failed", *told, "", reason=str(error))]


def _edition(press: Press, task: Task, ground: Ground, language: str, said: Said) -> Built:
    """The edition of one language: the one that stands, or a new one."""
    key = ground.key(language)
    told = (key.theme, key.place, key.period, language)
    try:
        briefing, since = ground.commented(language)
        built_from = _built_from(press, key, briefing)
        filed = standing(press, task, key, built_from.content(language), briefing)
        if filed is not None:
            return Built("unchanged", *told, **_facts(filed))
        if task.dry_run:
            return Built("would build", *told, held=briefing.held)
        edition, remarks = _made(press, task, key, briefing, since, built_from, said)
    except EditionThereError as error:
        meanwhile = filed_with(press.archive, key, built_from.content(language), task.as_of)
        if meanwhile is not None:
            return Built("unchanged", *told, **_facts(meanwhile))  # another build, side by side, filed the very same
        return Built("failed", *told, reason=str(error))
    except CompositionError:
        raise  # there is nothing to brief on, in whatever language
    except BriefingsError as error:
        return Built("failed", *told, reason=str(error))
    missed = undrawn(ground.theme, briefing, press.settings.catalogue)
    return Built("built", *told, remarks=(*missed, *remarks), **_facts(edition))


def _made(
    press: Press,
    task: Task,
    key: EditionKey,
    briefing: Briefing,
    since: Edition | None,
    built_from: BuiltFrom,
    said: Said,
) -> tuple[Edition, tuple[str, ...]]:
    """From the briefing to the archive: sentences and pages, audit, rules of publication, filing. Also the rules that
    are not quite kept."""
    revision = press.archive.next_revision(key)
    completed = _completed(press, task, key, briefing)
    stamp = _stamp(press, task, key, revision, built_from.content(key.language), completed)
    narrative, rendered = _render(press, briefing, key.language, stamp)
    others = said[briefing.changes.since if briefing.changes else ""]
    others.append(_examined(press, rendered, briefing, key.language, others, stamp.edition))
    remarks = (*rendered.remarks, *_kept(rendered.files, press.workers))
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
            **({"completes": completed.id} if completed is not None else {}),
            "logo": briefing.house.logo.get(key.language),
            **_compared(narrative, since),
        },
    )
    return edition, remarks


def _built_from(press: Press, key: EditionKey, briefing: Briefing) -> BuiltFrom:
    return BuiltFrom(
        theme=press.settings.digests[key.theme],
        templates=press.templates_digest,
        fonts=press.fonts.digest,
        data=briefing.digest,
        program=program(),
    )


def _kept(files: Mapping[str, bytes], workers: Workers) -> tuple[str, ...]:
    """The rules of publication that are not quite kept. Raises `LintError` where one is broken that no edition may
    break."""
    remarks = lint(files, workers)
    broken = _told([remark for remark in remarks if remark.severity == "error"])
    if broken:
        lines = (f"  {line}" for line in broken)
        raise LintError("\n".join(["the finished files break rules of publication; nothing was filed:", *lines]))
    return tuple(_told(remarks))


#: How often a rule is told of one edition; `briefings lint` tells all.
MOST_TOLD = 3


def _told(remarks: Sequence[Remark]) -> list[str]:
    """The first remarks of each rule, in order, and how many more there are."""
    met = Counter(remark.rule for remark in remarks)
    told: list[str] = []
    seen: Counter[str] = Counter()
    for remark in remarks:
        seen[remark.rule] += 1
        if seen[remark.rule] <= MOST_TOLD:
            more = met[remark.rule] - MOST_TOLD if seen[remark.rule] == MOST_TOLD else 0
            told.append(f"{remark}" + (f" (and {more} more of {remark.rule})" if more > 0 else ""))
    return told


def _completed(press: Press, task: Task, key: EditionKey, briefing: Briefing) -> Edition | None:
    """The partial edition that this one is the whole one of: the revision before it."""
    before = press.archive.latest(key) if task.as_of is None and not briefing.partial else None
    return before if before is not None and before.manifest.get("partial") else None


def _stamp(press: Press, task: Task, key: EditionKey, revision: int, content: str, completed: Edition | None) -> Stamp:
    issued = press.now.astimezone(task.due.tzinfo) if task.due else None
    day = None
    if completed is not None:
        zone = ZoneInfo(press.settings.project.zone)
        day = datetime.fromisoformat(completed.manifest["built_at"]).astimezone(zone).date()
    return Stamp(f"{key.folder.as_posix()}/r{revision}", revision, content, task.due, issued, day)


def _compared(narrative: Narrative, since: Edition | None) -> dict[str, Any]:
    """What the manifest says of the edition that this one is compared with: its id, and the share of sentences that
    it had too. `sentences` are their digests, for the next edition."""
    own = sentence_digests(narrative)
    before = set(since.manifest.get("sentences", ())) if since is not None else set()
    repeated = round(sum(digest in before for digest in own) / len(own), 4) if before and own else None
    return {"compared_with": since.id if since else None, "repeated": repeated, "sentences": own}


def preview(press: Press, task: Task) -> Iterator[tuple[str, str, dict[str, bytes], str]]:
    """The files of each language of a briefing, without filing them: folder, language, files, and what the audit
    objects to, for which `build` would not file them."""
    ground = survey(press, task)
    said: list[Readback] = []
    for language in task.languages:
        key, (briefing, _) = ground.key(language), ground.commented(language)
        _, rendered = _render(press, briefing, language, Stamp(f"{key.folder.as_posix()}/preview", 0, ""))
        objections = ""
        try:
            said.append(_examined(press, rendered, briefing, language, said, key.folder.as_posix()))
        except AuditError as error:
            objections = str(error)
        yield key.folder.as_posix(), language, dict(rendered.files), objections


def _examined(
    press: Press, rendered: Rendered, briefing: Briefing, language: str, others: Sequence[Readback], what: str
) -> Readback:
    """What the finished page says. Raises `AuditError` where it is not what the facts say."""
    lexicon = press.lexicons.get(language)
    return examine(
        rendered.files, rendered.script, briefing, language, press.workers, others=others, lexicon=lexicon, what=what
    )


def _render(press: Press, briefing: Briefing, language: str, stamp: Stamp) -> tuple[Narrative, Rendered]:
    """From the briefing to files: sentences first, then pages."""
    narrative = narrate(briefing, language, press.book(language))
    rendered = render(
        briefing,
        language,
        narrative=narrative,
        stamp=stamp,
        templates=press.settings.workspace.template_folders,
        workers=press.workers,
        fonts=press.fonts,
        logo=press.settings.house.logos.get(language),
    )
    return narrative, rendered


def _facts(edition: Edition) -> dict[str, Any]:
    """What a build tells of an edition that is filed."""
    return {
        "edition": edition.id,
        "pdf": edition.folder / "briefing.pdf",
        "pages": int(edition.manifest["pages"]),
        "figures": int(edition.manifest["figures"]),
        "held": int(edition.manifest["held"]),
        "repeated": edition.manifest.get("repeated"),
    }
