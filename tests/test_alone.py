"""What goes wrong with one row, one edition or one theme costs that alone, and its owner hears."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from briefings.deliver import Delivery
from briefings.errors import BriefingsError, RenderError, StoreError
from briefings.press import Task
from briefings.settings import Settings
from tests.desks import Inbox, Stage, stage

MONTHLY = "schedule: {release: 20th, at: 08:00}\n"
APPROVED = "schedule: {release: 20th, at: 08:00, approval: required}\n"
CHANGED = "schedule: {release: 20th, at: 08:00, only_if: changed}\n"
ONCE = "2026-11-20T08:05+08:00"
RIVERTON = "data/editions/tourism/riverton"


def subjects(one: Stage) -> list[str]:
    return [note.subject for note in one.inbox.notes]


def test_a_damaged_manifest_of_an_edition_that_waits(tmp_path: Path) -> None:
    one = stage(tmp_path, APPROVED, ONCE)
    one.tick()
    manifest = tmp_path / RIVERTON / "2026-10/en/r1/manifest.json"
    whole = manifest.read_bytes()
    manifest.write_bytes(b"{")
    one.inbox.notes.clear()
    one.press.value = 2.0
    assert one.tick("2026-12-20T08:05+08:00") == {"planned": 2, "awaiting approval": 2}
    said = "tourism/riverton/2026-10/en/r1 waits, and whether there is a later revision cannot be told: "
    assert [message for message in one.messages if said in message]
    assert [subject for subject in subjects(one) if said in subject]
    manifest.write_bytes(whole)
    one.inbox.notes.clear()
    one.tick(minutes=1)
    assert [subject for subject in subjects(one) if subject.startswith(f"Mended: [tourism] {said}")]


@pytest.mark.parametrize("gone", [False, True], ids=["damaged", "gone"])
def test_the_last_edition_is_damaged_or_gone_where_only_what_changed_is_sent(gone: bool, tmp_path: Path) -> None:
    one = stage(tmp_path, CHANGED, ONCE)
    one.tick()
    last = tmp_path / RIVERTON / "2026-10/en/r1"
    shutil.rmtree(last) if gone else (last / "briefing.json").write_text("{}")
    assert one.tick("2026-12-20T08:05+08:00") == {"planned": 2, "built": 2, "sent": 1, "skipped": 1}
    assert [row.state for row in one.ledger.rows() if row.period == "2026-11"] == ["sent", "skipped"]
    said = "whether a figure has changed since tourism/riverton/2026-10/en/r1 cannot be told: "
    assert any(said in message for message in one.messages)
    assert any(said in subject for subject in subjects(one))


def test_an_edition_that_cannot_be_read_by_this_version(tmp_path: Path) -> None:
    one = stage(tmp_path, CHANGED, ONCE)
    one.tick()
    for path in (tmp_path / RIVERTON).rglob("manifest.json"):
        other = path.with_name("briefing.json")
        was = one.desk.archive.opened(path.parent).manifest["files"]["briefing.json"]
        other.write_text('{"theme": 1}')
        path.write_text(path.read_text().replace(was, hashlib.sha256(other.read_bytes()).hexdigest()))
    assert one.tick("2026-12-20T08:05+08:00") == {"planned": 2, "built": 2, "sent": 2}
    assert any("no briefing that this version reads" in message for message in one.messages)


def test_a_damaged_file_of_the_store_and_a_theme_that_data_set_going(tmp_path: Path) -> None:
    schedule = "schedule: {release: 20th, at: 08:00, trigger: data, requires: [overnight_stays], then: partial}\n"
    one = stage(tmp_path, schedule, "2026-12-05T10:00+08:00")
    (tmp_path / "data/observations").mkdir(parents=True)
    (tmp_path / "data/observations/000001-x-abc.parquet").write_bytes(b"PAR1junk")
    one.tick()
    assert any("tourism: whether its data are in cannot be told: " in message for message in one.messages)
    assert any("the file is damaged" in subject for subject in subjects(one))


@pytest.mark.parametrize("error", [RenderError("no room for the fonts"), StoreError("damaged"), KeyError("x")])
def test_a_press_that_cannot_begin_costs_its_editions_alone(error: Exception, tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, ONCE)

    def broken(*words: Any, **named: Any) -> Any:
        raise error

    one.desk.builder = broken
    assert one.tick() == {"planned": 2, "failed": 2}
    (row, _) = one.ledger.rows()
    expected = (
        str(error) if isinstance(error, BriefingsError) else "an error that this program did not foresee: KeyError"
    )
    assert row.reason.startswith(expected)
    one.desk.builder = one.press
    assert one.tick(minutes=5) == {"built": 2, "sent": 2}


def test_a_channel_that_cannot_be_opened_for_a_reason_nobody_foresaw(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, ONCE)

    def opener(settings: Settings, name: str, environ: Mapping[str, str]) -> Inbox:
        raise PermissionError(13, "Permission denied", "ca.pem")

    one.desk.opener = opener
    assert one.tick() == {"planned": 2, "built": 2}
    assert (
        "the channel 'shelf' cannot be opened: PermissionError, which this program did not foresee"
        in one.ledger.rows()[0].reason
    )
    one.desk.opener = one._open
    assert one.tick(minutes=1) == {"sent": 2}


def test_a_message_that_cannot_be_made_costs_the_others_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = stage(tmp_path, MONTHLY, ONCE)
    plain = Inbox.freeze

    def freeze(self: Inbox, delivery: Delivery) -> bytes:
        if delivery.language == "en":
            raise KeyError("title")
        return plain(self, delivery)

    with monkeypatch.context() as patch:
        patch.setattr(Inbox, "freeze", freeze)
        assert one.tick() == {"planned": 2, "built": 2, "sent": 1}
    assert any(
        "could not be sent: an error that this program did not foresee: KeyError: 'title'" in m for m in one.messages
    )
    assert one.tick(minutes=1) == {"sent": 1}


def test_a_calendar_that_ends_before_the_next_release(tmp_path: Path) -> None:
    within = "shift: next working day, holidays: CN, within: 9 working days"
    one = stage(tmp_path, f"schedule: {{release: 28th, at: 08:00, {within}}}\n", "2026-11-28T08:05+08:00")
    last = one.settings.themes["tourism"].schedule[0].release_for("monthly", "UTC").working
    year = next(year for year in range(2026, 2100) if not last.has(year))
    one.tick(f"{year - 1}-12-31T08:05+08:00")
    assert [row.state for row in one.ledger.rows() if row.period == f"{year - 1}-11"] == ["sent", "sent"]
    (told,) = (note for note in one.inbox.notes if f"does not have the year {year}" in note.subject)
    assert "What is due until then goes out" in told.text
    one.press.value = 2.0
    rows = one.ledger.rows()
    one.press(one.settings, [Task("tourism", "riverton", rows[-1].period, ("en",))], now=one.now, jobs=1).__next__()
    assert one.tick(days=2)["sent"] == 1  # the correction
    one.tick(f"{year}-02-15T08:05+08:00")
    assert any(f"tourism: the calendar of CN does not have the year {year}" in message for message in one.messages)
