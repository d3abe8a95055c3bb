"""`lint`: the rules of publication, held against the finished files of an edition.

In: ids of editions. Out: remarks on stdout, each with the number of its rule (docs/publication.md lists them).
"""

from __future__ import annotations

import click

from briefings.cli.session import Session


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
    from briefings.lint import lint as hold_against_rules

    if list_rules:
        session.table(("rule", "severity", "what it asks"), [(r.number, r.severity, r.asks) for r in RULES.values()])
        return 0
    if not editions:
        raise RequestError("Which edition? `briefings editions list` lists them; --rules lists the rules.")
    archive = Archive(session.workspace.editions)
    found = [archive.find(each) for each in editions]
    broken = 0
    with workers() as press:
        for edition in found:
            remarks = hold_against_rules({name: edition.read(name) for name in edition.manifest["files"]}, press)
            for remark in remarks:
                session.result(f"{edition.id}: {remark.severity} {remark}")
            broken += sum(remark.severity == "error" for remark in remarks)
            if not remarks:
                session.say(f"{edition.id} keeps all {len(RULES)} rules.")
    return 1 if broken else 0
