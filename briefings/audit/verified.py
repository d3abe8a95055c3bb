"""What can be proven of a filed edition, and what no longer can.

In: an edition's folder, the archive, the snapshots. Out: `Statement`s, each with whether it holds: its files are as
filed, its content hash is that of what it was made from, its snapshots are there and unaltered, its figures follow from
them (`recompute`), which edition supersedes it. Nothing is written. A PDF that a reader holds is examined next door, in
`received`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefings.archive import MANIFEST, Archive, BuiltFrom, Edition
from briefings.audit.recompute import CLAIMS, Load, Verdict, by_kind, recompute
from briefings.briefing import Figure
from briefings.briefing.identity import Amendment, amendments, measure_of, pairs, standing
from briefings.errors import ArchiveError, StoreError
from briefings.quantities import qualifier_mark, write

#: Of so many files, figures, snapshots that fail each is told; the rest are counted.
MOST_TOLD = 12

#: What `figures.json` tells of a figure beside what `briefing.json` holds, of it and of each of its inputs.
_BESIDE = ("printed", "publisher")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that was looked at. `holds`: True where it is proven, False where it is not, None where it is told for
    information alone. `details` name what fails."""

    subject: str
    holds: bool | None
    text: str
    details: tuple[str, ...] = ()


def all_hold(statements: Sequence[Statement]) -> bool:
    return all(statement.holds is not False for statement in statements)


def verify_edition(edition: Edition, archive: Archive, load: Load) -> list[Statement]:
    """All that an edition is held against. `load` gives bytes and dialect of a snapshot, and raises `StoreError`."""
    kept: dict[tuple[str, str], tuple[bytes, Mapping[str, Any]] | StoreError] = {}

    def once(sha: str, source: str) -> tuple[bytes, Mapping[str, Any]]:
        if (sha, source) not in kept:
            try:
                kept[sha, source] = load(sha, source)
            except StoreError as error:
                kept[sha, source] = error
        found = kept[sha, source]
        if isinstance(found, StoreError):
            raise found
        return found

    statements = [_files(edition), _content(edition)]
    figures = figures_of(edition)
    if not isinstance(figures, str):
        statements += _same_figures(edition, figures)
    if isinstance(figures, str):
        statements.append(Statement("figures", False, f"none can be recomputed: {figures}"))
    else:
        statements += [_snapshots(figures, once), recomputed(recompute(figures, once))]
    return [*statements, superseded(edition, archive)]


def _files(edition: Edition) -> Statement:
    """Whether every file of the manifest is as it was filed, and none lies there that it does not name."""
    names = list(edition.manifest["files"])
    faults = []
    for name in names:
        try:
            edition.read(name)
        except ArchiveError:
            there = (edition.folder / name).is_file()
            faults.append(f"{name} {'was altered since it was filed' if there else 'is gone'}")
    lie = {path.relative_to(edition.folder).as_posix() for path in edition.folder.rglob("*") if path.is_file()}
    faults += [f"{name} was never filed with it" for name in sorted(lie - {*names, MANIFEST})]
    if not faults:
        return Statement("files", True, f"{len(names)} are as they were filed")
    sound = sum((edition.folder / name).is_file() for name in names) - sum("altered" in fault for fault in faults)
    return Statement("files", False, f"{sound} of {len(names)} are as they were filed", tuple(faults))


def _content(edition: Edition) -> Statement:
    """Whether the content hash follows from what the manifest says that the edition was built from."""
    manifest = edition.manifest
    try:
        built_from = BuiltFrom(**manifest["built_from"])
        data = hashlib.sha256(edition.read("briefing.json")).hexdigest()
    except (TypeError, ArchiveError) as error:
        return Statement("content", False, f"the content hash cannot be worked out: {error}")
    if data != built_from.data or built_from.content(edition.key.language) != edition.content:
        return Statement("content", False, "the content hash is not that of its briefing; the manifest was altered")
    if edition.id != f"{edition.key.folder.as_posix()}/r{edition.revision}":
        return Statement("content", False, f"the manifest calls it {edition.id}, and its parts say otherwise")
    return Statement("content", True, f"{edition.content[:16]}... is the hash of its briefing, templates and fonts")


def figures_of(edition: Edition) -> list[dict[str, Any]] | str:
    """The figures, of `figures.json` where that is sound, else of `briefing.json`, which does not know where they are
    printed; or why there are none."""
    try:
        return edition.figures()
    except (ArchiveError, ValueError) as error:
        try:
            held = json.loads(edition.read("briefing.json"))["figures"]
            return [dict(figure) for figure in held.values()]
        except (ArchiveError, ValueError, LookupError, AttributeError):
            return str(error)


def _same_figures(edition: Edition, figures: Sequence[Mapping[str, Any]]) -> list[Statement]:
    """Where `figures.json` tells other figures than the briefing: nothing to say where they are the same."""
    try:
        held = json.loads(edition.read("briefing.json"))["figures"]
    except (ArchiveError, ValueError, LookupError):
        return []
    told = {str(figure["id"]): _bare(figure) for figure in figures}
    differ = sorted(key for key in held.keys() | told.keys() if held.get(key) != told.get(key))
    text = "figures.json and briefing.json tell different figures"
    return [Statement("figures", False, text, tuple(differ))] if differ else []


def _bare(figure: Mapping[str, Any]) -> dict[str, Any]:
    inputs = {name: [_bare(item) for item in figure[name]] for name in ("inputs", "also") if name in figure}
    return {key: value for key, value in figure.items() if key not in _BESIDE} | inputs


def _snapshots(figures: Sequence[Mapping[str, Any]], load: Load) -> Statement:
    """Whether the raw bytes behind the figures are there and unaltered."""
    behind: dict[str, tuple[str, set[str]]] = {}
    for figure in figures:
        for item in (*figure["inputs"], *figure.get("also", ())):
            behind.setdefault(str(item["snapshot"]), (str(item["source"]), set()))[1].add(str(figure["id"]))
    faults = []
    for sha, (source, resting) in behind.items():
        try:
            load(sha, source)
        except StoreError as error:
            rest = "1 figure rests" if len(resting) == 1 else f"{len(resting)} figures rest"
            faults.append(f"{_first_line(error)} {rest} on it.")
    sound = len(behind) - len(faults)
    there = "there and unaltered"
    if not faults:
        return Statement("snapshots", True, f"{sound} {'is' if sound == 1 else 'are'} {there}")
    return Statement("snapshots", False, f"{sound} of {len(behind)} {there}", tuple(faults))


def recomputed(verdicts: Sequence[Verdict]) -> Statement:
    """How many figures follow from the snapshots, kind by kind, and why the others do not."""
    faults = [
        f"{verdict.figure} ({verdict.kind}) {verdict.state.upper()}: {verdict.why}"
        for verdict in sorted(verdicts, key=lambda verdict: verdict.state != "differs")
        if verdict.state != "proven"
    ]
    kinds = [
        f"{kind} {proven}" if proven == there else f"{kind} {proven} of {there}"
        for kind, proven, there in by_kind(verdicts)
    ]
    sound = len(verdicts) - len(faults)
    among = f" ({', '.join(kinds)})" if kinds else ""
    beyond = [f"{kind}: {CLAIMS[kind]}" for kind, _, _ in by_kind(verdicts) if kind in CLAIMS]
    text = f"{sound} of {len(verdicts)} follow from the snapshots{among}"
    return Statement("figures", not faults, text, (*faults, *beyond))


def superseded(edition: Edition, archive: Archive) -> Statement:
    """Which edition takes the place of this one, if any, and what changed in short."""
    as_of = edition.manifest.get("as_of")
    if as_of is not None:
        return Statement("latest", None, f"made as of {as_of}: nothing supersedes what was known then")
    try:
        latest = archive.latest(edition.key)
    except ArchiveError as error:
        return Statement("latest", False, f"whether a later one supersedes it cannot be told: {error}")
    if latest is None or latest.id == edition.id:
        return Statement("latest", None, "no later revision of it is filed here")
    built = str(latest.manifest.get("built_at"))[:10]
    text = f"superseded by {latest.id}, built on {built}"
    try:
        changed = changes(edition, latest)
    except (ArchiveError, ValueError) as error:
        return Statement("latest", None, f"{text}; what changed cannot be told: {error}")
    return Statement("latest", None, text, tuple(changed))


def changes(old: Edition, new: Edition) -> list[str]:
    """What the figures of one edition say otherwise than those that another prints, a line each, in order of reading;
    and how many are printed in the one alone."""
    before, after = old.briefing(), new.briefing()
    told = [_told(each) for each in amendments(before, after, old.printed())]
    was, now = standing(before), standing(after)
    both = pairs(was.values(), now.values())
    counts = [
        f"{number} {'figure is' if number == 1 else 'figures are'} {word}"
        for number, word in ((len(now) - len(both), "new"), (len(was) - len(both), "no longer told"))
        if number
    ]
    return told + counts or ["every figure is the same"]


def _told(amended: Amendment) -> str:
    """A figure that is told otherwise, written from its values: what a sentence prints leaves the sign to its verb."""
    was, now = amended.was, amended.now
    target = "target, " if was.status == "target" else ""
    part = f" {was.breakdown}" if was.breakdown else ""
    of = f"{target}{measure_of(was)} of {was.indicator}{part}, {was.place}, {was.period}"
    if now is None:
        return f"{of}: withdrawn (was {_written(was)})"
    return f"{of}: {_written(now)} (was {_written(was)})"


def _written(figure: Figure) -> str:
    return qualifier_mark(figure.qualifier) + write(figure.value, figure.unit, "en", decimals=figure.decimals)


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0]


def edition_in(folder: Path) -> Edition:
    """The edition of a folder, wherever it lies. Raises `ArchiveError`."""
    return Archive(folder.parent).opened(folder)
