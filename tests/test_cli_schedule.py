"""`due`, `run`, `approve`, `reject` and the readers of `editions show`, as a person types them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefings.cli.main import run
from briefings.ledger import hold
from tests.desks import RECIPIENTS, stage, world

NOW = ["--now", "2026-11-20T09:00+08:00"]
MONTHLY = "schedule: {release: 20th, at: 08:30, zone: Asia/Shanghai}\n"


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


def test_no_schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world(tmp_path, "")
    assert briefings(tmp_path, "due") == 0
    assert capsys.readouterr().err == "No theme has a schedule; write `schedule:` into one.\n"


def test_a_calendar_without_the_year_stops_before_anything_is_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theme = tmp_path / "config/themes/tourism.yaml"
    world(tmp_path, MONTHLY)
    theme.write_text(theme.read_text("utf-8").replace("zone: Asia/Shanghai}", "shift: next working day, holidays: CN}"))
    assert run(["--project", str(tmp_path), "--now", "2099-01-01", "run", "--once"]) == 2
    told = capsys.readouterr().err
    assert "config/themes/tourism.yaml:" in told
    assert "schedule.holidays: the calendar of CN does not have the year 209" in told
    assert not (tmp_path / "data/ledger.sqlite").exists()


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
    command = [sys.executable, "-c", "from briefings.cli import main; main()", "--project", str(tmp_path), "run"]
    daemon = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert daemon.stderr is not None
    assert daemon.stderr.readline().startswith("Looking every 30 seconds; the ledger is ")
    time.sleep(0.5)
    asked = time.monotonic()
    daemon.send_signal(signal.SIGTERM)
    assert daemon.wait(10) == 0
    assert time.monotonic() - asked < 10
    assert daemon.stderr.read() == "Stopped.\n"
    daemon.stderr.close()


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
