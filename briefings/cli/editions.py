"""`editions` and `trace`: the archive, and the way back from a printed number.

In: an edition's id, a figure's id. Out: tables and the way back on stdout.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from briefings.cli.session import Session
from briefings.columns import shortened

if TYPE_CHECKING:
    from briefings.archive import Archive, Edition
    from briefings.audit.recompute_cells import Snapshot
    from briefings.audit.verified import Statement
    from briefings.store import Store

#: What stands before a statement that does not hold.
NOT_PROVEN = "NOT PROVEN"

#: What `editions show` prints of a manifest.
SHOWN = (
    *("edition", "title", "period", "supersedes", "as_of", "built_at", "compared_with", "repeated"),
    *("pages", "figures", "held", "content"),
)


@click.group()
def editions() -> None:
    """List and show filed editions."""


@editions.command("list")
@click.option("--theme", help="Only this theme.")
@click.option("--place", help="Only this place.")
@click.pass_obj
def list_(session: Session, theme: str | None, place: str | None) -> int:
    """List the editions in the archive."""
    from briefings.archive import Archive

    damaged: list[str] = []
    found = [
        edition
        for edition in Archive(session.workspace.editions).editions(damaged)
        if theme in (None, edition.key.theme) and place in (None, edition.key.place)
    ]
    columns = ("title", "pages", "figures", "built_at")
    rows: list[tuple[object, ...]] = [
        (e.id, *(str(e.manifest[name])[:60] for name in columns[:-1]), _to_the_second(e.manifest["built_at"]))
        for e in found
    ]
    if rows:
        session.table(("edition", *columns), rows, right=(2, 3))
    elif not damaged:
        session.say(_nothing_filed(theme, place))
    for line in damaged:
        session.say(line, important=True)
    return 1 if damaged else 0


def _nothing_filed(theme: str | None, place: str | None) -> str:
    asked = [f"{what} {word!r}" for what, word in (("theme", theme), ("place", place)) if word is not None]
    if asked:
        return f"No edition of {' and '.join(asked)} is filed; `briefings editions list` lists all there are."
    return "No editions filed yet; run `briefings build`."


def _to_the_second(instant: str) -> str:
    return datetime.fromisoformat(instant).isoformat(timespec="seconds")


@editions.command()
@click.argument("one")
@click.argument("other")
@click.pass_obj
def diff(session: Session, one: str, other: str) -> int:
    """Tell edition ONE from the OTHER in facts: figures, findings and notes, whatever their languages.

    Exit 0 where they tell the same facts, 1 where they differ.
    """
    from briefings.archive import Archive
    from briefings.compose.difference import differences

    archive = Archive(session.workspace.editions)
    found = [archive.find(identifier) for identifier in (one, other)]
    rows: list[tuple[object, ...]] = [each.row for each in differences(*(each.briefing() for each in found))]
    if not rows:
        session.say(f"{found[0].id} and {found[1].id} tell the same facts.")
        return 0
    heads = ("what", "differs", "indicator", "place", "period", "measure", "was", "is", "by")
    session.table(heads, rows, right=(6, 7, 8))
    return 1


@editions.command()
@click.argument("edition")
@click.pass_obj
def show(session: Session, edition: str) -> int:
    """Show an EDITION: what it was built from, its files, whether they are as they were filed, and its readers."""
    from briefings.archive import Archive
    from briefings.errors import ArchiveError

    found = Archive(session.workspace.editions).find(edition)
    manifest = found.manifest
    for name in SHOWN:
        told = manifest.get(name)
        session.result(f"{name:12} {told if told is not None else '-'}")
    for name, digest in manifest["built_from"].items():
        session.result(f"{'from ' + name:14} {digest}")
    altered = 0
    for name in manifest["files"]:
        try:
            size = f"{len(found.read(name)):>10,}"
        except ArchiveError:
            size, altered = "   ALTERED", altered + 1
        session.result(f"{size}  {found.folder / name}")
    _readers(session, found.id)
    if altered:
        files = "1 file is gone or differs" if altered == 1 else f"{altered} files are gone or differ"
        session.say(f"{files} from what was filed; restore the folder.", important=True)
    return 1 if altered else 0


def _readers(session: Session, edition: str) -> None:
    """Each reader, and what became of the edition for him."""
    from briefings.cli.schedule import opened

    with opened(session) as ledger:
        rows = [row for row in ledger.of_edition(edition) if row.recipient] if ledger is not None else []
    if rows:
        session.result("")
        heads = ("reader", "channel", "state", "at", "tries", "what became of it")
        marks = {"late": "late", "again": "sent once more after an ambiguous try", "corrects": "a correction"}
        lines: list[tuple[object, ...]] = []
        for row in rows:
            told = [words for name, words in marks.items() if getattr(row, name)]
            told += [text for text in (row.reason, row.reply) if text]
            at = row.changed_at.isoformat(timespec="seconds")
            lines.append((row.recipient, row.channel, row.state, at, row.attempts, shortened("; ".join(told), 100)))
        session.table(heads, lines, right=(4,))


@editions.command()
@click.argument("what", nargs=-1, metavar="[EDITION|FOLDER|PDF]...")
@click.option("--all", "all_", is_flag=True, help="Every edition in the archive.")
@click.pass_obj
def verify(session: Session, what: tuple[str, ...], all_: bool) -> int:
    """Prove what can be proven of editions: their files, their snapshots, and every figure, worked out again.

    EDITION is an id; FOLDER one that holds an edition, wherever it lies; PDF a file that a reader received: whether it
    is authentic, and what supersedes it. Nothing is written. Exit 0 only where all is proven.
    """
    from briefings.archive import Archive
    from briefings.errors import RequestError

    if bool(what) == all_:
        raise RequestError("Name what is to be verified: editions, folders, PDFs, or --all.")
    archive = Archive(session.workspace.editions)
    damaged: list[str] = []
    sound = True
    for name in what or [edition.id for edition in archive.editions(damaged)]:
        received = Path(name).is_file()
        if not received and Path(name).suffix.lower() == ".pdf":
            raise RequestError(f"{name}: there is no such file; name a PDF that can be read, or the id of an edition.")
        sound = (_received if received else _verified)(session, name, archive) and sound
    for line in damaged:
        session.say(line, important=True)
    if not all_ and all(Path(name).is_file() for name in what):
        return 0 if sound else 1
    return 0 if sound and not damaged and not _store_damaged(session) else 1


def _received(session: Session, name: str, archive: Archive) -> bool:
    """Print what is proven of a PDF that a reader received; whether all is. It is taken apart in a worker."""
    from briefings.audit import received, verified
    from briefings.errors import RequestError
    from briefings.workers import Workers

    try:
        content = Path(name).read_bytes()
    except OSError as error:
        raise RequestError(f"{name}: {error.strerror}; name a file that can be read.") from error
    with Workers(deadline_seconds=120) as workers:
        statements = received.verify_pdf(
            content, archive, lambda pdf: workers.call("briefings.audit.received_pdf:take_apart", pdf, what=name)
        )
    _print_statements(session, name, statements)
    return verified.all_hold(statements)


def _verified(session: Session, name: str, archive: Archive) -> bool:
    """Print what is proven of one edition; whether all is."""
    from briefings.audit import verified
    from briefings.errors import ArchiveError
    from briefings.store import Store

    try:
        folder = Path(name)
        edition = verified.edition_in(folder) if (folder / "manifest.json").is_file() else archive.find(name)
    except ArchiveError as error:
        session.result(f"{name}\n{NOT_PROVEN:12}{error}")
        return False
    store = Store(session.workspace.observations, session.workspace.snapshots)
    statements = verified.verify_edition(edition, archive, store.snapshot)
    _print_statements(session, edition.id, statements)
    return verified.all_hold(statements)


def _print_statements(session: Session, subject: str, statements: Sequence[Statement]) -> None:
    from briefings.audit.verified import MOST_TOLD

    session.result(subject)
    for statement in statements:
        mark = {True: "proven", False: NOT_PROVEN, None: ""}[statement.holds]
        session.result(f"{mark:12}{statement.subject:14}{statement.text}")
        for line in statement.details[:MOST_TOLD]:
            session.result(f"{'':26}{line}")
        if len(statement.details) > MOST_TOLD:
            session.result(f"{'':26}and {len(statement.details) - MOST_TOLD} more")


def _store_damaged(session: Session) -> bool:
    """Say which files of the store are damaged: what is filed is proven without them, and no build is the same."""
    from briefings.store import Store

    problems = Store(session.workspace.observations, session.workspace.snapshots).verify()
    for problem in problems:
        session.say(f"{problem} Editions are proven without it; as-of builds are not what they were.", important=True)
    return bool(problems)


@click.command()
@click.argument("edition")
@click.argument("figure", required=False)
@click.option("--find", help="List the figures that are printed with this text in them.")
@click.pass_obj
def trace(session: Session, edition: str, figure: str | None, find: str | None) -> int:
    """Print the way back from a FIGURE of an EDITION to the rows of its sources.

    FIGURE is an id (it stands behind every number of the HTML edition); --find lists ids by what is printed.
    """
    from briefings.archive import Archive
    from briefings.errors import RequestError

    found = Archive(session.workspace.editions).find(edition)
    told, damaged = _figures(found)
    if damaged:
        session.say(f"{damaged} What follows is told by briefing.json.", important=True)
    figures = {each["id"]: each for each in told}
    if figure is None:
        of = ("kind", "indicator", "place", "period")
        rows: list[tuple[object, ...]] = []
        for each in figures.values():
            texts = [p["text"] for p in each.get("printed", ()) if find is None or _typed(find) in _typed(p["text"])]
            if texts or find is None:
                printed = texts[0] if find is None and texts else min(texts, key=len, default="")
                rows.append((each["id"], printed, *(each[name] for name in of)))
        if not rows and damaged:
            raise RequestError(f"What {found.id} printed stood in figures.json; leave --find out to list its figures.")
        if not rows:
            raise RequestError(f"No number of {found.id} is printed as {find!r}; leave --find out to list them all.")
        session.table(("figure", "printed", *of), rows)
        return 0
    if figure not in figures:
        raise RequestError(f"{found.id} has no figure {figure!r}; `briefings trace {found.id}` lists them.")
    return 0 if _way_back(session, figures[figure]) and not damaged else 1


def _figures(edition: Edition) -> tuple[Sequence[Mapping[str, Any]], str]:
    """The figures of an edition, and what is wrong with its `figures.json` where they are those of its briefing."""
    from briefings.errors import ArchiveError

    try:
        return edition.figures(), ""
    except ArchiveError as error:
        from briefings.audit.verified import figures_of

        found = figures_of(edition)
        if isinstance(found, str):
            raise
        return found, f"{str(error).rstrip('.')}."


def _typed(text: str) -> str:
    """A printed text as a keyboard writes it: with a hyphen for the minus sign."""
    return text.replace("\N{MINUS SIGN}", "-")


def _way_back(session: Session, figure: Mapping[str, Any]) -> bool:
    """Print the way back from a figure; whether it leads to the bytes of every input."""
    from briefings.store import Store

    store = Store(session.workspace.observations, session.workspace.snapshots)
    for printed in figure.get("printed", ()):
        session.result(f"printed    {printed['text']}   ({printed['where']})")
    session.result(f"value      {figure['value']!r} {figure['unit']}, {figure['status']}")
    session.result(f"of         {figure['kind']}, {figure['indicator']}, {figure['place']}, {figure['period']}")
    session.result(f"formula    {figure['formula']}")
    letters = [f"{letter} =" for letter in "abcdefghijklmnopqrstuvwxyz"]
    told = [*zip(letters, figure["inputs"], strict=False), *(("also", item) for item in figure.get("also", ()))]
    opened: dict[tuple[str, str], Snapshot | str] = {}
    sound = True
    for name, item in told:
        session.result("")
        session.result(f"{name:<11}{item['value']!r} {item['unit']}")
        by = (item["source"], item.get("publisher", ""), f"published {item['published']}")
        session.result(f"source     {', '.join(part for part in by if part)}")
        session.result(f"of         {item['indicator']}, {item['place']}, {item['period']}")
        session.result(f"locator    {item['locator']}")
        sound = _snapshot_of(session, item, store, opened) and sound
    more = len(figure["inputs"]) - len(letters)
    if more > 0:
        session.result(f"... and {more} more inputs, in figures.json")
    return sound


def _snapshot_of(
    session: Session, item: Mapping[str, Any], store: Store, opened: dict[tuple[str, str], Snapshot | str]
) -> bool:
    """Print the snapshot of an input and what stands in it there; whether that can be read."""
    from briefings.audit.recompute_cells import CellError, Snapshot
    from briefings.errors import StoreError

    key = (item["snapshot"], item["source"])
    if key not in opened:
        try:
            opened[key] = Snapshot(*store.snapshot(*key))
        except StoreError as error:
            opened[key] = str(error)
    snapshot = opened[key]
    file = "" if isinstance(snapshot, str) else f" ({snapshot.dialect.get('file', '')})"
    session.result(f"snapshot   {item['snapshot']}{file}")
    reads, faults = "", ""
    try:
        reads, faults = ("", snapshot) if isinstance(snapshot, str) else (snapshot.cell(item["locator"]).text, "")
    except CellError as error:
        faults = str(error)
    if faults:
        session.result(f"reads      NOTHING: {faults} What the edition quotes: {_quoted(item['quote'])}")
        return False
    session.result(f"reads      {_quoted(reads)}")
    if item["quote"] != reads:  # of a document the sentence, of a row of facts the words that it was read from
        session.result(f"{'sentence' if item['locator'].startswith('char=') else 'quote':11}{_quoted(item['quote'])}")
    if item.get("corrected_from") is not None:
        session.result(f"corrected  from {item['corrected_from']!r}: {item.get('correction', '')}")
    return True


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
