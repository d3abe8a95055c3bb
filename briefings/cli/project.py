"""`init`, `check`, `schema`, `doctor`: a project before its first edition.

In: a folder. Out: files of a new project, complaints about its configuration, JSON Schemas, the state of the machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from briefings.cli.session import Session, write_files

if TYPE_CHECKING:
    from briefings.settings import Settings


@click.command()
@click.argument("name", metavar="FOLDER")
@click.pass_obj
def init(session: Session, name: str) -> int:
    """Begin a project in FOLDER: a small one that works, to be edited. Nothing that exists is overwritten."""
    from briefings.errors import RequestError
    from briefings.workspace import builtin

    if not name.strip() or not name.isprintable():
        raise RequestError(f"{name!r} is no name of a folder; write one on one line, or . for this one.")
    folder = Path(name)
    starter = builtin("templates") / "starter"
    files = {path.relative_to(starter): path.read_bytes() for path in sorted(starter.rglob("*")) if path.is_file()}
    files |= {Path("config/schemas") / name: text.encode() for name, text in _schemas()}
    taken = [str(folder / name) for name in files if (folder / name).exists()]
    if taken:
        raise RequestError(f"{folder}: nothing was written, {taken[0]} is there already; name a folder of its own.")
    write_files(folder, {name.as_posix(): content for name, content in files.items()})
    here = folder == Path()
    session.say(f"Wrote {len(files)} files to {'this folder' if here else folder}. Next:")
    go = "" if here else f"  cd {folder}\n"
    session.say(f"{go}  briefings check\n  briefings ingest\n  briefings build")
    session.say("Then put a table of your own into data/inputs/ and edit the files of config/.")
    return 0


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True), required=False)
@click.pass_obj
def check(session: Session, path: Path | None) -> int:
    """Check all configuration of the project, or the file or project at PATH: every mistake at its line and column."""
    import os

    from briefings.configuration import raise_complaints
    from briefings.deliver import check as check_secrets
    from briefings.errors import ConfigurationError, RequestError
    from briefings.ingest import idle_corrections, idle_decisions
    from briefings.settings import load
    from briefings.workspace import Workspace

    root = _project_of(path) if path is not None else session.root
    workspace = Workspace.find(root)
    if path is not None and path.is_file() and not path.resolve().is_relative_to(workspace.root / "config"):
        raise RequestError(f"{path} is no file of config/, which `briefings check` reads; name one of those, or none.")
    try:
        settings = load(workspace, now=session.now)
        check_secrets(settings, os.environ)
        raise_complaints([each.document for each in settings.commentaries])
    except ConfigurationError as error:
        shown = _complaints_of(error.complaints, path, workspace.root)
        if not shown:
            session.say(f"No mistake found in {path}; others have some that may hide more here: run `briefings check`.")
            return 0
        session.say("\n\n".join(shown), important=True)
        session.say(f"\n{len(shown)} mistake{'s' if len(shown) > 1 else ''}. Nothing else was done.", important=True)
        return 2
    counts = ", ".join(
        f"{len(found)} {what}{'' if len(found) == 1 else 's'}"
        for what, found in (
            ("theme", settings.themes),
            ("source", settings.sources),
            ("indicator", settings.catalogue.indicators),
            ("place", settings.catalogue.places),
            ("recipient", settings.recipients.recipients),
        )
        if found or what != "recipient"
    )
    session.say(f"The configuration is right: {counts}.")
    told = (
        *settings.advice,
        *settings.hints,
        *_unfiled(settings),
        *idle_decisions(settings),
        *idle_corrections(settings),
    )
    for line in told:
        session.say(line)
    return 0


def _unfiled(settings: Settings) -> Iterator[str]:
    """A line for each commentary to an edition that is not there: it waits for it, or its path is misspelt."""
    from briefings.archive import Archive, EditionKey

    archive = Archive(settings.workspace.editions)
    for each in settings.commentaries:
        path, key = each.document.path.as_posix(), EditionKey(*each.key)
        if archive.latest(key) is None and not any(line.startswith(f"{path}:") for line in settings.advice):
            yield f"{path}: no edition {key.folder.as_posix()} is filed yet; the commentary waits for it"


def _project_of(path: Path) -> Path:
    """The project's folder for a path to it or to a file in it."""
    here = path.resolve()
    for folder in (here, *here.parents):
        if (folder / "config" / "project.yaml").is_file():
            return folder
    return path if path.is_dir() else path.parent


def _complaints_of(complaints: list[str], path: Path | None, root: Path) -> list[str]:
    if path is None or path.is_dir():
        return complaints
    name = path.resolve().relative_to(root).as_posix()
    return [complaint for complaint in complaints if complaint.startswith(f"{name}:")]


@click.command()
@click.argument("kind", required=False)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), help="Write all of them there.")
@click.pass_obj
def schema(session: Session, kind: str | None, folder: Path | None) -> int:
    """Print the JSON Schema of a KIND of file (project, indicators, places, themes, corrections ...), or of all."""
    from briefings.configuration import one_of
    from briefings.errors import RequestError

    schemas = dict(_schemas())
    if kind is not None and f"{kind}.json" not in schemas:
        raise RequestError(one_of(kind, [name.removesuffix(".json") for name in schemas], "kind of file"))
    if folder is not None:
        write_files(folder, {name: text.encode() for name, text in schemas.items()})
        session.say(f"Wrote {len(schemas)} schemas to {folder}.")
        return 0
    if kind is not None:
        session.result(schemas[f"{kind}.json"].rstrip())
    else:
        whole = {name.removesuffix(".json"): json.loads(text) for name, text in schemas.items()}
        session.result(json.dumps(whole, ensure_ascii=False, indent=2))
    return 0


def _schemas() -> Iterator[tuple[str, str]]:
    """File name and text of every JSON Schema."""
    from briefings.configuration import schema as schema_of
    from briefings.settings import MODELS

    for kind, model in MODELS.items():
        found = schema_of(model, identifier=f"urn:briefings:schema:{kind}")
        yield f"{kind}.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n"


@click.command()
@click.option("--send", is_flag=True, help="Send a test by every channel to the owner.")
@click.pass_obj
def doctor(session: Session, send: bool) -> int:
    """Check this machine and this project: libraries, fonts, child processes, folders, configuration, channels."""
    failed = 0
    met: dict[str, str] = {}
    for name, examine in (EXAMINATIONS | (_test_sends(session) if send else {})).items():
        try:
            told = examine(session)
        except Exception as error:  # the doctor reports whatever it meets, and goes on
            failed += 1
            said = str(error) or type(error).__name__
            first = met.setdefault(said, name)
            session.result(f"FAILED  {name}: {said if first == name else f'as for {first}'}")
        else:
            session.result(f"ok      {name}: {told}")
    return 1 if failed else 0


#: The oldest versions that are safe to use: WeasyPrint before 70.0 ignores our fetcher in places (CVE-2026-55073).
FLOORS = {"weasyprint": (70, 0), "vl-convert-python": (1, 9), "jinja2": (3, 1), "pyyaml": (6, 0)}


def _libraries(session: Session) -> str:
    from importlib.metadata import version

    told = []
    for name, floor in FLOORS.items():
        found = version(name)
        numbers = tuple(int(part) for part in found.split(".")[:2] if part.isdigit())
        if numbers < floor:
            wanted = ".".join(map(str, floor))
            raise RuntimeError(f"{name} {found} is too old; pip install '{name}>={wanted}'")
        told.append(f"{name} {found}")
    return ", ".join(told)


def _fonts(session: Session) -> str:
    from briefings.fonts import ensure_fonts

    return f"ready, {ensure_fonts().digest[:12]}"


def _children(session: Session) -> str:
    from briefings.fanout import examine_workers

    return examine_workers()


def _configuration(session: Session) -> str:
    settings = session.settings
    counts = (("theme", len(settings.themes)), ("source", len(settings.sources)))
    return ", ".join(f"{count} {what}{'' if count == 1 else 's'}" for what, count in counts)


def _folders(session: Session) -> str:
    import os

    data = session.workspace.root / "data"
    probe = data if data.exists() else session.workspace.root
    if not os.access(probe, os.W_OK):
        raise RuntimeError(f"{probe} cannot be written; allow writing, or run as its owner")
    return f"{probe} can be written"


def _store(session: Session) -> str:
    from briefings.store import Store

    store = Store(session.workspace.observations, session.workspace.snapshots)
    if problems := store.verify():
        raise RuntimeError("\n  ".join(problems))
    return f"{len(store.summary())} indicators of sources"


def _templates(session: Session) -> str:
    """The project's own templates and phrase books: which there are, and whether they fit."""
    from briefings.fanout import workers
    from briefings.narrative.phrases import PhraseBook
    from briefings.press import fonts_of, phrase_books
    from briefings.render.overrides import overrides, strange_words

    folders = session.workspace.template_folders
    books = phrase_books(folders)
    for book in books.values():
        PhraseBook.load(book)
    with workers(fonts_of(session.settings)) as children:
        found = overrides(folders, books["en"]["furniture"], children)
    lines = [str(each) for each in found]
    theirs = phrase_books(folders[-1:])
    strange = {language: strange_words(book, theirs.get(language, {})) for language, book in books.items()}
    lines += [
        f"phrases/{language}.yaml: {word} is used by nothing" for language in strange for word in strange[language]
    ]
    said = "\n  ".join(lines)
    if any(each.state not in ("fits", "leaves out") for each in found) or any(strange.values()):
        raise RuntimeError(f"{said}\n  the program's own are in {folders[-1]}")
    return said or f"all are the program's own, in {folders[-1]}"


def _channels(session: Session) -> str:
    """That every channel can be opened; nothing is sent."""
    import os

    from briefings.deliver import open_channel

    for name in session.settings.recipients.channels:
        open_channel(session.settings, name, os.environ).close()
    return ", ".join(session.settings.recipients.channels) or "none are declared"


def _test_sends(session: Session) -> dict[str, Callable[[Session], str]]:
    """An examination a channel: a test to the owner by it."""
    from functools import partial

    return {f"test by {name}": partial(_test_send, name) for name in session.settings.recipients.channels}


def _test_send(name: str, session: Session) -> str:
    import hashlib
    import os
    from contextlib import closing

    from briefings.deliver import Note, open_channel

    owner = session.settings.recipients.owner
    if owner is None:
        raise RuntimeError("nobody is named as owner; add `owner:` to config/recipients.yaml")
    key = hashlib.sha256(f"doctor {name} {session.now.isoformat()}".encode()).hexdigest()
    note = Note(key, f"Test of the channel {name}", "This is a test, sent by `briefings doctor --send`.", session.now)
    with closing(open_channel(session.settings, name, os.environ)) as channel:
        receipt = channel.note(owner, note)
    if receipt.outcome != "sent":
        raise RuntimeError(f"{receipt.outcome}: {receipt.reason}")
    return f"to {owner}, {receipt.reply}"


EXAMINATIONS: dict[str, Callable[[Session], str]] = {
    "libraries": _libraries,
    "fonts": _fonts,
    "child processes": _children,
    "configuration": _configuration,
    "folders": _folders,
    "store": _store,
    "templates": _templates,
    "channels": _channels,
}
