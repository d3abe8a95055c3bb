"""`due`, `run`, `approve`, `reject` and the readers of `editions show`, as a person types them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from briefings.cli.main import run
from briefings.ledger import hold, open_ledger
from tests.daemons import ending
from tests.desks import RECIPIENTS, stage, world
from tests.test_ledger import flipped, newer

NOW = ["--now", "2026-11-20T09:00+08:00"]
MONTHLY = "schedule: {release: 20th, at: 08:30, zone: Asia/Shanghai}\n"

DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:6000]),
    "overwritten": flipped,
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_text("no database"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "of a newer version": newer,
}


def briefings(folder: Path, *words: str, now: bool = True) -> int:
    return run(["--project", str(folder), *(NOW if now else []), *words])


def test_due_before_the_first_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path, MONTHLY)
    assert briefings(tmp_path, "due", "--next", "2") == 0
    assert capsys.readouterr().out == (
        "theme    cadence  period   at                              state  why\n"
        "-------  -------  -------  ------------------------------  -----  ----\n"
        "tourism  monthly  2026-10  2026-11-20 08:30 Asia/Shanghai  due\n"
        "tourism  monthly  2026-11  2026-12-20 08:30 Asia/Shanghai  next   20th\n"
        "tourism  monthly  2026-12  2027-01-20 08:30 Asia/Shanghai  next   20th\n"
    )
    assert not (tmp_path / "data/ledger.sqlite").exists()


@pytest.mark.parametrize(
    ("cron", "words", "days"),
    [
        ("0 8 * * 1", "at 08:00 on Mondays", ["11-23", "11-30", "12-07", "12-14", "12-21"]),
        ("0 8 * * 7", "at 08:00 on Sundays", ["11-22", "11-29", "12-06", "12-13", "12-20"]),
        ("0 8 * * 0", "at 08:00 on Sundays", ["11-22", "11-29", "12-06", "12-13", "12-20"]),
        ("0 8 1 * 1", "at 08:00 on the 1st and on Mondays", ["11-23", "11-30", "12-07", "12-14", "12-21"]),
    ],
)
def test_cron_is_shown_back_in_words(
    cron: str, words: str, days: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world(tmp_path, f"schedule: {{cadence: weekly, release: 'cron {cron}', zone: Asia/Shanghai}}\n")
    assert briefings(tmp_path, "due", "--next", "5") == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if "  next  " in line]
    assert [line.split()[3] for line in lines] == [f"2026-{day}" for day in days]
    assert all(line.endswith(words) for line in lines)


def test_a_period_that_is_none_is_a_bad_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path, MONTHLY)
    assert briefings(tmp_path, "data", "history", "overnight_stays", "riverton", "2026-13") == 2
    assert "2026-13 is no month: months run from 01 to 12" in capsys.readouterr().err


def test_no_schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path, "")
    assert briefings(tmp_path, "due") == 0
    assert capsys.readouterr().err == "No theme has a schedule; write `schedule:` into one.\n"


def test_a_calendar_without_the_year_stops_its_theme_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theme = tmp_path / "config/themes/tourism.yaml"
    world(tmp_path, MONTHLY)
    theme.write_text(theme.read_text("utf-8").replace("zone: Asia/Shanghai}", "shift: next working day, holidays: CN}"))
    assert run(["--project", str(tmp_path), "--now", "2099-01-01", "run", "--once"]) == 1
    told = capsys.readouterr().err
    assert "tourism: the calendar of CN does not have the year 209" in told
    (note,) = (tmp_path / "data/shelf").rglob("*.txt")
    assert "the calendar of CN does not have the year 209" in note.read_text("utf-8")
    assert run(["--project", str(tmp_path), "--now", "2099-01-01", "due"]) == 0
    assert "no calendar" in capsys.readouterr().out


def test_a_second_one_names_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path, MONTHLY)
    with hold(tmp_path / "data") as holding:
        assert briefings(tmp_path, "run", "--once") == 1
    assert f"{holding.name} runs on this state folder; one may at a time" in capsys.readouterr().err


def test_a_ledger_that_is_gone_and_a_new_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T09:00+08:00")
    one.tick()
    one.ledger.close()
    for path in (tmp_path / "data").glob("ledger*"):
        path.unlink()
    assert briefings(tmp_path, "run", "--once") == 1
    assert "the ledger is not there, but the archive holds editions" in capsys.readouterr().err
    assert briefings(tmp_path, "run", "--once", "--adopt") == 0
    assert capsys.readouterr().err == "2 skipped.\n"
    assert briefings(tmp_path, "run", "--once") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("damage", DAMAGES, ids=list(DAMAGES))
def test_a_ledger_that_cannot_be_trusted_sends_nothing(
    damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world(tmp_path, MONTHLY)
    path = tmp_path / "data/ledger.sqlite"
    open_ledger(tmp_path / "data", None, archive_has_editions=False).close()
    DAMAGES[damage](path)
    left = path.read_bytes() if path.is_file() else b""
    assert briefings(tmp_path, "run", "--once") == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{path}: the ledger is ")
    assert "nothing is sent. Move it away and restore the ledger from a copy" in told or "Update the program" in told
    assert (path.read_bytes() if path.is_file() else b"") == left
    assert briefings(tmp_path, "due") == 1
    assert not (tmp_path / "data/shelf").exists()
    assert not (tmp_path / "data/editions/tourism").exists()


def test_readers_decisions_and_what_became_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, approval: required}\n", "2026-11-20T08:10+08:00")
    one.tick()
    edition = "tourism/riverton/2026-10/en/r1"
    assert briefings(tmp_path, "approve", edition, "--by", "Li Na") == 0
    assert capsys.readouterr().err == f"{edition} is approved; it goes out with the next tick (1 reader).\n"
    assert briefings(tmp_path, "approve", edition) == 2
    assert capsys.readouterr().err == (f"{edition} does not await approval; these do: tourism/riverton/2026-10/zh/r1\n")
    assert briefings(tmp_path, "reject", "tourism/riverton/2026-10/zh", "--reason", "the title", "--by", "Li Na") == 0
    assert "is rejected; it is kept back (1 reader)" in capsys.readouterr().err
    one.tick(minutes=1)
    one.ledger.close()
    briefings(tmp_path, "editions", "show", edition)
    shown = capsys.readouterr().out.splitlines()[-3:]
    assert shown[0].split() == ["reader", "channel", "state", "at", "tries", "what", "became", "of", "it"]
    assert shown[2] == "desk    shelf    sent   2026-11-20T00:11:00+00:00      1  250 OK"
    briefings(tmp_path, "editions", "show", "tourism/riverton/2026-10/zh")
    assert "rejected by Li Na: the title" in capsys.readouterr().out


def test_a_secret_that_is_lacking_stops_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    hook = "{kind: webhook, url: 'https://hooks.example.org/x', secret: {env: HOOK_SECRET}}"
    world(tmp_path, MONTHLY, RECIPIENTS.replace("{kind: folder, path: data/shelf}", hook))
    assert briefings(tmp_path, "run", "--once") == 2
    assert "HOOK_SECRET" in capsys.readouterr().err
    assert not (tmp_path / "data/ledger.sqlite").exists()


def test_the_daemon_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    world(tmp_path, "schedule: {release: 28 February, cadence: annual, within: 1 day}\n")
    command = [sys.executable, "-c", "from briefings.cli import main; main()", "--project", str(tmp_path), *NOW, "run"]
    daemon = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ})
    with ending(daemon):
        assert daemon.stderr is not None
        assert daemon.stderr.readline().startswith("Looking every 30 seconds; the ledger is ")
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(25) == 0  # before it would have looked again
        assert daemon.stderr.read() == "Stopped.\n"


def test_quiet_says_what_went_wrong_and_that_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One reader's folder is none, the other's is written; the steps of a day are no news."""
    more = "  none: {kind: folder, path: config/project.yaml}\nowner: desk"
    readers = RECIPIENTS.replace("owner: desk", more).replace("[en, zh]", "en")
    readers += "  bank: {name: Bank, languages: en, by: none, receives: [{themes: all, places: all}]}\n"
    one = stage(
        tmp_path, "schedule: {release: 20th, approval: required}\n", "2026-11-20T08:10+08:00", recipients=readers
    )
    one.tick()
    one.ledger.decide("tourism/riverton/2026-10/en/r1", "approved", "Li Na", "", one.now)
    one.ledger.close()
    assert briefings(tmp_path, "-q", "run", "--once", "--no-ingest") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("failed tourism/riverton/2026-10/en to bank by none: ")


@pytest.mark.slow
def test_from_a_table_to_the_reader(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path, "schedule: {release: 20th, requires: overnight_stays, zone: Asia/Shanghai}\n")
    now = ["--project", str(tmp_path), "--now", "2026-10-20T09:30+08:00"]
    assert run([*now, "-q", "ingest"]) == 0
    assert run([*now, "run", "--once"]) == 0
    told = capsys.readouterr().err
    assert told.endswith("2 built, 2 planned, 2 sent.\n")
    files = {path.name for path in (tmp_path / "data/shelf").rglob("*.pdf")}
    assert files == {"briefing.pdf"}
    assert run([*now, "run", "--once"]) == 0
    assert capsys.readouterr().err == ""
