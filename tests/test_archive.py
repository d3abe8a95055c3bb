"""The archive: editions are whole or not there, never changed, found by id, and numbered."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefings import archive as module
from briefings.archive import Archive, BuiltFrom, Edition, EditionKey
from briefings.errors import ArchiveError, RequestError

KEY = EditionKey("markets", "china", "2026-01/2026-06", "en")
BUILT_FROM = BuiltFrom(theme="t", templates="p", fonts="f", data="d", program="1")
NOW = datetime(2026, 7, 3, 8, tzinfo=UTC)


def save(archive: Archive, revision: int = 1, **files: bytes) -> Edition:
    content = {"briefing.html": b"<p>1</p>", "charts/c1.svg": b"<svg/>"} | files
    return archive.save(
        KEY, content, revision=revision, built_from=BUILT_FROM, as_of=None, built_at=NOW, facts={"title": "Markets"}
    )


def test_an_edition_lies_where_its_id_says(tmp_path: Path) -> None:
    edition = save(Archive(tmp_path))
    assert edition.id == "markets/china/2026-01_2026-06/en/r1"
    assert edition.folder == tmp_path / edition.id
    assert edition.key == KEY
    assert edition.read("charts/c1.svg") == b"<svg/>"
    assert edition.manifest["built_at"] == "2026-07-03T08:00:00+00:00"


def test_a_next_revision_supersedes_the_last(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    save(archive)
    second = save(archive, 2)
    assert second.manifest["supersedes"] == "markets/china/2026-01_2026-06/en/r1"
    latest = archive.latest(KEY)
    assert latest is not None
    assert latest.revision == 2
    assert [edition.id for edition in archive.editions()] == [f"{second.id[:-1]}1", second.id]


def test_a_filed_revision_is_never_written_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    before = save(archive).read("briefing.html")
    with pytest.raises(ArchiveError, match="is there already; another build filed it, run the build again"):
        save(archive, 1)
    latest = archive.latest(KEY)
    assert latest is not None
    assert latest.read("briefing.html") == before


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    edition = save(Archive(tmp_path))
    (edition.folder / "briefing.html").write_bytes(b"<p>2</p>")
    with pytest.raises(ArchiveError, match=r"briefing\.html was altered since it was filed; restore it from a copy"):
        edition.read("briefing.html")


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    edition = save(Archive(tmp_path))
    (edition.folder / "briefing.html").unlink()
    with pytest.raises(ArchiveError, match="No such file or directory; the edition is damaged, restore its folder"):
        edition.read("briefing.html")


@pytest.mark.parametrize("fails_at", range(1, 12))
def test_what_fails_while_writing_leaves_nothing(
    fails_at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any sync or the rename itself fails: no edition, no remains; or, past the rename, the whole edition."""
    calls = 0
    real = os.fsync

    def failing(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(module.os, "fsync", failing)
    archive = Archive(tmp_path)
    with contextlib.suppress(ArchiveError):
        save(archive)
    found = list(archive.editions())
    assert len(found) in (0, 1)
    for edition in found:
        assert edition.read("briefing.html") == b"<p>1</p>"
    assert not list(tmp_path.rglob(".r*"))
    if calls < fails_at:
        assert len(found) == 1


def test_what_a_killed_build_left_is_swept_away(tmp_path: Path) -> None:
    beside = tmp_path / "markets" / "china" / "2026-01_2026-06" / "en"
    for name in (".r1.4711", ".r1.host-1", ".r2.host-1"):
        (beside / name).mkdir(parents=True)
    save(Archive(tmp_path))
    assert sorted(path.name for path in beside.iterdir()) == [".lock", ".r2.host-1", "r1"]


def test_a_build_under_way_is_waited_for_wherever_it_runs(tmp_path: Path) -> None:
    """Its process number says nothing in another container, nor on another machine with the same `data/`."""
    beside = tmp_path / "markets" / "china" / "2026-01_2026-06" / "en"
    other = beside / ".r1.host-1"
    other.mkdir(parents=True)
    with (beside / ".lock").open("a") as lock, ThreadPoolExecutor(1) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        saving = pool.submit(save, Archive(tmp_path))
        with pytest.raises(TimeoutError):
            saving.result(0.3)
        assert other.is_dir()
        other.rename(beside / "r1")
        fcntl.flock(lock, fcntl.LOCK_UN)
        with pytest.raises(ArchiveError, match="is there already; another build filed it"):
            saving.result(30)


def test_without_locks_nothing_is_swept_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "markets" / "china" / "2026-01_2026-06" / "en" / ".r1.host-1"
    other.mkdir(parents=True)

    def none(*words: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    save(Archive(tmp_path))
    assert other.is_dir()


def test_a_revision_filed_in_the_very_moment_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another build renames its folder into place between the look and the rename."""
    archive = Archive(tmp_path)
    real = Path.rename

    def other_first(path: Path, target: Path) -> Path:
        shutil.copytree(path, target)
        return real(path, target)

    monkeypatch.setattr(Path, "rename", other_first)
    with pytest.raises(ArchiveError, match="is there already; another build filed it"):
        save(archive)
    assert len(list(archive.editions())) == 1


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(ArchiveError, match="No space left on device; nothing was filed, make room or allow writing"):
        save(Archive(tmp_path))


def test_find_by_id_with_or_without_revision(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    save(archive)
    save(archive, 2)
    assert archive.find("markets/china/2026-01_2026-06/en/r1").revision == 1
    assert archive.find("markets/china/2026-01_2026-06/en").revision == 2
    with pytest.raises(
        RequestError, match="No edition 'markets/japan'; there are: markets/china/2026-01_2026-06/en/r1"
    ):
        archive.find("markets/japan")
    with pytest.raises(RequestError, match="the archive is empty; run `briefings build`"):
        Archive(tmp_path / "other").find("markets")


def test_the_content_hash_knows_nothing_of_revision_or_time() -> None:
    assert BUILT_FROM.content("en") == BuiltFrom("other theme file", "p", "f", "d", "1").content("en")
    assert BUILT_FROM.content("en") != BUILT_FROM.content("zh")
    assert BUILT_FROM.content("en") != BuiltFrom("t", "p", "f", "d2", "1").content("en")


def test_previous_is_the_last_earlier_period_of_the_same_shape(tmp_path: Path) -> None:
    from tests.test_compose import briefing, quiet_months, rows

    archive = Archive(tmp_path)
    for period in ("2025-10", "2025-11", "2025"):
        made = briefing(rows(quiet_months(), last=period if period != "2025" else "2025-12"))
        key = EditionKey("trade", "north", period, "en")
        files = {"briefing.json": made.to_json().encode()}
        archive.save(key, files, revision=1, built_from=BUILT_FROM, as_of=None, built_at=NOW, facts={})
    found = archive.before(EditionKey("trade", "north", "2025-12", "en"), None)
    assert found is not None
    assert archive.previous(found).briefing.period == "2025-11"
    assert archive.before(EditionKey("trade", "north", "2025-10", "en"), None) is None
    assert archive.before(EditionKey("trade", "north", "2025-12", "zh"), None) is None


def test_a_damaged_manifest_is_named(tmp_path: Path) -> None:
    edition = save(Archive(tmp_path))
    (edition.folder / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ArchiveError, match=r"manifest\.json: .*; the edition is damaged, restore its folder"):
        list(Archive(tmp_path).editions())


def test_the_manifest_holds_a_checksum_of_every_file(tmp_path: Path) -> None:
    edition = save(Archive(tmp_path), **{"data.csv": b"a"})
    manifest = json.loads((edition.folder / "manifest.json").read_text("utf-8"))
    there = {p.relative_to(edition.folder).as_posix() for p in edition.folder.rglob("*") if p.is_file()}
    assert set(manifest["files"]) | {"manifest.json"} == there
