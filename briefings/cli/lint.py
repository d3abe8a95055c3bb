"""`lint`: the rules of publication, held against the finished files of an edition.

In: ids of editions. Out: remarks on stdout, each with the number of its rule (docs/publication.md lists them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from briefings.cli.session import Session

if TYPE_CHECKING:
    from briefings.archive import Archive, Edition
    from briefings.workers import Workers


@click.command()
@click.argument("editions", nargs=-1, metavar="EDITION...")
@click.option("--rules", "list_rules", is_flag=True, help="List the rules.")
@click.pass_obj
def lint(session: Session, editions: tuple[str, ...], list_rules: bool) -> int:
    """Hold the finished files of an EDITION against the rules of publication.

    Ends with 1 where a rule is broken that no edition may break; the others are warnings.
    """
    from briefings.archive import Archive
    from briefings.errors import RequestError
    from briefings.fanout import workers
    from briefings.lint import RULES

    if list_rules:
        session.table(("rule", "severity", "what it asks"), [(r.number, r.severity, r.asks) for r in RULES.values()])
        return 0
    if not editions:
        raise RequestError("Which edition? `briefings editions list` lists them; --rules lists the rules.")
    archive = Archive(session.workspace.editions)
    found = [_found(session, archive, each) for each in editions]
    with workers() as press:
        kept = [edition is not None and _keeps_rules(session, edition, press) for edition in found]
    return 0 if all(kept) else 1


def _found(session: Session, archive: Archive, name: str) -> Edition | None:
    """An edition; None, and said, for one that is damaged. Raises `RequestError` where there is none."""
    from briefings.errors import ArchiveError

    try:
        return archive.find(name)
    except ArchiveError as error:
        session.say(str(error), important=True)
        return None


def _keeps_rules(session: Session, edition: Edition, press: Workers) -> bool:
    """Print what is to be said of an edition; whether it keeps the rules that none may break. One that cannot be read
    keeps none, and does not cost the others."""
    from briefings.errors import ArchiveError, LintError, WorkerError
    from briefings.lint import RULES, lint

    try:
        remarks = lint({file: edition.read(file) for file in edition.manifest["files"]}, press)
    except (ArchiveError, LintError, WorkerError) as error:
        session.say(f"{edition.id}: {error}", important=True)
        return False
    for remark in remarks:
        session.result(f"{edition.id}: {remark.severity} {remark}")
    if not remarks:
        session.say(f"{edition.id} keeps all {len(RULES)} rules.")
    return not any(remark.severity == "error" for remark in remarks)
