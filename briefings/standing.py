"""Whether an edition that is filed already makes a build needless.

In: what a build is asked for, the briefing worked out, the hash of its content. Out: the edition that stands, or None
where one is to be made. What was filed is known by `archive`; what is then made is told in `pipeline`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from briefings.archive import Archive, Edition, EditionKey
from briefings.briefing import Briefing
from briefings.briefing.identity import amendments
from briefings.press import Press, Task
from briefings.survey import brief


def standing(press: Press, task: Task, key: EditionKey, content: str, briefing: Briefing) -> Edition | None:
    """The edition that makes a build needless. Raises `ArchiveError` where it is damaged."""
    filed = filed_with(press.archive, key, content, task.as_of)
    if filed is not None and not task.force:
        filed.check()
        return filed
    latest = press.archive.latest(key) if task.revises else None
    return latest if latest is not None and not _told_otherwise(press, task, latest, briefing) else None


def _told_otherwise(press: Press, task: Task, edition: Edition, briefing: Briefing) -> bool:
    """Whether what a partial edition lacked is in now, or a figure that an edition prints reads otherwise or is taken
    back; for `errors`, did on the day on which the edition was built: its source set it right since, without publishing
    it anew."""
    if edition.manifest.get("partial") and not briefing.partial:
        return True
    if task.revises == "errors":
        built_on = datetime.fromisoformat(edition.manifest["built_at"]).date()
        briefing = brief(press, replace(task, as_of=built_on))
    return bool(amendments(edition.briefing(), briefing, edition.printed()))


def filed_with(archive: Archive, key: EditionKey, content: str, as_of: date | None) -> Edition | None:
    """The edition that makes a build needless: the latest, if it has this content (figures that were revised and then
    set right again make a new revision); for what was known on an earlier day, any revision with this content."""
    if as_of is not None:
        return archive.filed(key, content)
    latest = archive.latest(key)
    return latest if latest is not None and latest.content == content else None
