"""`ingest`, `build`, `preview`: the work itself.

In: a session and what is asked for. Out: lines for each source and edition, a short table, an exit code.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.session import Session, write_files

if TYPE_CHECKING:
    from briefings.ingest import Ingested
    from briefings.press import Built


#: So many figures that changed tenfold are named one by one.
MOST_SLIPS = 10


class Day(click.ParamType[date]):
    """A day, ISO 8601."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write 2026-07-20", param, ctx)


@click.command()
@click.argument("source", required=False)
@click.pass_obj
def ingest(session: Session, source: str | None) -> int:
    """Read the sources, or one SOURCE, into the store.

    Says of each what is new, revised, unchanged, rejected and held. A source that fails costs only itself.
    """
    from briefings.configuration import one_of
    from briefings.errors import RequestError
    from briefings.ingest import ingest as ingest_source

    settings = session.settings
    if source is not None and source not in settings.sources:
        raise RequestError(one_of(source, settings.sources, "source of this project"))
    chosen = [source] if source else list(settings.sources)
    results = []
    with session.progress(len(chosen), "ingest") as steps:
        for identifier in chosen:
            result = ingest_source(settings, identifier, now=session.now)
            results.append(result)
            steps.step(_ingest_line(result), failed=bool(result.error or result.failed))
            for line in _ingest_details(result):
                session.say(line, important=True)
    if not chosen:
        session.say("No sources are declared; add one to config/sources.yaml.")
    return 1 if any(result.error or result.failed for result in results) else 0


def _ingest_line(result: Ingested) -> str:
    if result.error:
        return f"{result.source}: failed"
    counts = {
        "new": result.new,
        "revised": result.revised,
        "unchanged": result.unchanged,
        "rejected": result.rejected,
        "held": len(result.held),
        "without a value": result.missing,
        "skipped": result.skipped,
        "in conflict": len(result.conflicts),
        "for review": result.open,
        "rejected in review": result.dismissed,
        "withdrawn": result.withdrawn,
        "files failed": len(result.failed),
    }
    always = ("new", "revised", "unchanged", "rejected", "held")
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count or what in always)
    return f"{result.source}: {told}"


def _ingest_details(result: Ingested) -> list[str]:
    """What a person has to look at: why a source failed, what was rejected, held or contradicts itself."""
    lines = [f"  {line}" for told in (result.error, *result.failed) for line in told.splitlines()]
    if result.rejects_file is not None:
        lines.append(f"  rejected rows with their reasons: {result.rejects_file}")
    lines += [f"  held: {_held_line(held)}" for held in result.held]
    lines += [f"  conflict, both kept out: {conflict}" for conflict in result.conflicts]
    lines += [f"  to look at, not held: {slip}" for slip in result.slips[:MOST_SLIPS]]
    if len(result.slips) > MOST_SLIPS:
        lines.append(f"  to look at, not held: {len(result.slips) - MOST_SLIPS} more of a factor of about ten")
    lines += [f"  a decision lapsed, its sentence stands nowhere any more: {lapsed}" for lapsed in result.lapsed]
    if result.open:
        lines.append(f"  figures that wait for a person: briefings review {result.source}")
    lines += [f"  {remark}" for remark in result.remarks]
    if result.unread:
        lines.append(f"  columns that the source does not name: {', '.join(result.unread)}")
    return lines


def _held_line(held: object) -> str:
    from briefings.reconcile import Held

    if not isinstance(held, Held):
        raise TypeError(type(held).__name__)
    if held.reason == "negative":
        return (
            f"{held.indicator} of {held.place} in {held.period}: {held.observations[0].value:,.12g} "
            f"{held.observations[0].unit}, which a count cannot be; mend the source"
        )
    if held.reason != "jump":
        against = ", ".join(f"{row.value:g}" for row in held.observations[1:])
        return (
            f"{held.indicator} of {held.place} in {held.period}: {held.observations[0].value:g} contradicts "
            f"{against or 'itself'} ({held.reason.replace('_', ' ')}); if it is true, say so in config/decisions.yaml"
        )
    values = " after ".join(f"{row.value:,.12g} {row.unit}" for row in held.observations)
    return (
        f"{held.indicator} of {held.place} in {held.period}: {values}, a jump of a factor of a hundred or more; "
        f"if it is true, add to the source: accept_jumps: [{{place: {held.place}, period: {held.period}, reason: ...}}]"
    )


@click.command()
@click.argument("theme", required=False)
@click.option("--place", help="Only this place.")
@click.option("--period", help="This period (2026-06, 2026-Q2, 2025); left out: the latest.")
@click.option("--language", help="Only this language.")
@click.option("--as-of", type=Day(), help="With what had been published by this day.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Editions side by side.")
@click.option("--force", is_flag=True, help="Build editions whose content is filed already, as a next revision.")
@click.option("--dry-run", is_flag=True, help="Say what would be built, build nothing.")
@click.pass_obj
def build(
    session: Session,
    theme: str | None,
    place: str | None,
    period: str | None,
    language: str | None,
    as_of: date | None,
    jobs: int,
    force: bool,
    dry_run: bool,
) -> int:
    """Build the editions of all themes, or of one THEME, whose content is not filed yet."""
    from briefings import fanout
    from briefings.ingest import idle_decisions

    tasks = list(
        fanout.tasks(
            session.settings,
            theme=theme,
            place=place,
            period=period,
            language=language,
            as_of=as_of,
            force=force,
            dry_run=dry_run,
        )
    )
    for line in session.settings.advice:
        session.say(line, important=True)
    if session.verbose:
        for line in idle_decisions(session.settings):
            session.say(line)
    results: list[Built] = []
    with session.progress(len(tasks), "build") as steps:
        for built in fanout.run(session.settings, tasks, now=session.now, jobs=jobs):
            results += built
            steps.step(_build_line(built), failed=any(b.outcome == "failed" for b in built))
            for each in built:
                if each.outcome == "failed":
                    session.say("\n".join(f"  {line}" for line in each.reason.splitlines()), important=True)
                elif each.outcome == "skipped":
                    session.say(f"  {each.reason}")
                elif session.verbose and each.repeated is not None:
                    session.say(f"  {each.edition}: {each.repeated:.0%} of its sentences stand in the last edition too")
                for remark in each.remarks:
                    session.say(f"  {each.edition}: {remark}")
    _report(session, results)
    return 1 if any(built.outcome == "failed" for built in results) else 0


def _build_line(built: list[Built]) -> str:
    first = built[0]
    what = " ".join(part for part in (first.theme, first.place, first.period) if part)
    return f"{what}: " + ", ".join(f"{b.language} {b.outcome}".strip() for b in built)


def _report(session: Session, results: list[Built]) -> None:
    """The short table at the end, and one line that counts."""
    filed = [b for b in results if b.edition]
    if filed:
        rows: list[tuple[object, ...]] = [
            (b.edition, b.outcome, b.pages, b.figures, b.held, _short(b.pdf)) for b in filed
        ]
        session.table(("edition", "outcome", "pages", "figures", "held", "pdf"), rows, right=(2, 3, 4))
    counted = Counter(b.outcome for b in results)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counted.items()))
    if set(counted) <= {"unchanged", "skipped"}:
        session.say(f"Nothing to build: {told or 'no theme'}.")
    else:
        session.say(f"{told[0].upper()}{told[1:]}.")


def _short(path: Path | None) -> str:
    if path is None:
        return ""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@click.command()
@click.argument("theme")
@click.option("--place", help="Only this place.")
@click.option("--period", help="This period; left out: the latest.")
@click.option("--language", help="Only this language.")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="preview",
    show_default=True,
    help="Where the pages are written.",
)
@click.pass_obj
def preview(
    session: Session, theme: str, place: str | None, period: str | None, language: str | None, folder: Path
) -> int:
    """Write the pages of a THEME into a folder, without filing an edition; says what would keep `build` from filing."""
    from briefings import fanout

    tasks = list(fanout.tasks(session.settings, theme=theme, place=place, period=period, language=language))
    failed = False
    with session.progress(len(tasks), "preview") as steps:
        for name, files, reason in fanout.preview(session.settings, tasks, now=session.now):
            failed = failed or bool(reason)
            write_files(folder / name, files)
            told = (
                f"written, but `briefings build` would not file it: {reason}"
                if files and reason
                else reason or "written"
            )
            steps.step(f"{name}: {told}", failed=bool(reason))
    session.result(str(folder))
    return 1 if failed else 0
