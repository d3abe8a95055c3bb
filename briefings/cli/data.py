"""`data`: what the store holds.

In: an indicator, a place. Out: tables on stdout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from briefings.cli.session import Session

if TYPE_CHECKING:
    from briefings.store import Store


@click.group()
def data() -> None:
    """List and show observations."""


@data.command("list")
@click.pass_obj
def list_(session: Session) -> int:
    """List what the store holds: each indicator of each source, with its places and span."""
    rows = [tuple(row) for row in _store(session).summary().itertuples(index=False)]
    if not rows:
        session.say("The store is empty; run `briefings ingest`.")
        return 0
    session.table(tuple(_store(session).summary().columns), rows)
    return 0


@data.command()
@click.argument("indicator")
@click.argument("place")
@click.option("--last", type=click.IntRange(1), default=24, show_default=True, help="How many periods.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="As known on this day.")
@click.pass_obj
def show(session: Session, indicator: str, place: str, last: int, as_of: object) -> int:
    """Show the latest observations of an INDICATOR in a PLACE; of a figure that its source tells twice, both."""
    from datetime import datetime

    from briefings import reconcile
    from briefings.ingest import with_contradictions
    from briefings.observations import Panel

    _known(session, indicator, place)
    day = as_of.date() if isinstance(as_of, datetime) else None
    store = _store(session)
    twice = store.contradictions(day, indicators=(indicator,), places=(place,))
    panel, _ = with_contradictions(Panel.of_frame(store.as_of(day, indicators=(indicator,), places=(place,))), twice)
    rows = [row for series in panel for row in series]
    found = sorted(rows, key=lambda row: (row.breakdown, row.kind, row.period))[-last:]
    if not found:
        session.say(f"No observation of {indicator} for {place}; `briefings data list` says what there is.")
        return 1
    held = reconcile.conflicts(panel, session.settings.catalogue, frozenset()).held
    status = {id(row): "in conflict" for item in held for row in item.observations}
    columns = ("period", "breakdown", "kind", "value", "unit", "status", "published", "source", "locator")
    table: list[tuple[object, ...]] = [
        (
            *(r.period, r.breakdown, r.kind, f"{r.value:.12g}"),
            *(r.unit, status.get(id(r), r.status), r.published, r.source, r.locator),
        )
        for r in found
    ]
    session.table(columns, table, right=(3,))
    return 0


@data.command()
@click.argument("indicator")
@click.argument("place")
@click.argument("period", required=False)
@click.pass_obj
def history(session: Session, indicator: str, place: str, period: str | None) -> int:
    """Show every vintage of an INDICATOR in a PLACE (and PERIOD): what was told when and by whom, and by how much it
    was revised."""
    from briefings.errors import PeriodError, RequestError
    from briefings.periods import Period

    _known(session, indicator, place)
    try:
        wanted = Period.parse(period) if period else None
    except PeriodError as error:
        raise RequestError(str(error)) from error
    frame = _store(session).history(indicator, place, wanted)
    if frame.empty:
        session.say(f"No observation of {indicator} for {place}{' in ' + period if period else ''}.")
        return 1
    known = (name for name in ("breakdown", "kind") if frame[name].nunique() > 1)
    columns = ("period", *known, "published", "value", "change", "unit", "status", "source", "recorded_at", "locator")
    told = zip(frame["value"], frame["previous"], strict=True)
    frame["change"] = ["" if before != before else _moved(value - before) for value, before in told]  # noqa: PLR0124
    frame["value"] = [f"{value:.15g}" for value in frame["value"]]
    frame["recorded_at"] = frame["recorded_at"].dt.floor("s")
    right = (columns.index("value"), columns.index("change"))
    session.table(columns, [tuple(row) for row in frame[list(columns)].itertuples(index=False)], right=right)
    return 0


def _moved(change: float) -> str:
    """By how much a figure was revised, with its sign; `=` where another word of it changed alone."""
    return f"{change:+.15g}" if change else "="


def _known(session: Session, indicator: str, place: str) -> None:
    """Raise `RequestError` for an indicator or place that the project has not."""
    from briefings.configuration import one_of
    from briefings.errors import RequestError

    catalogue = session.settings.catalogue
    for found, allowed, what in ((indicator, catalogue.indicators, "indicator"), (place, catalogue.places, "place")):
        if found not in allowed:
            raise RequestError(one_of(found, allowed, what))


def _store(session: Session) -> Store:
    from briefings.store import Store

    return Store(session.workspace.observations, session.workspace.snapshots)
