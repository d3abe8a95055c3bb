"""What a daemon tells to programs: numbers for Prometheus over HTTP, and events as JSON."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from briefings.cli.main import run
from briefings.deliver import Receipt
from briefings.errors import RequestError
from briefings.schedule.metrics import Numbers, address, serving, written
from tests.daemons import PATIENCE, ending
from tests.desks import RECIPIENTS, Stage, stage, world

MONTHLY = "schedule: {release: 20th, at: 08:00}\n"
ONE = RECIPIENTS.replace("[en, zh]", "en")
TWO = (
    ONE
    + "  bank: {name: Bank, email: bank@example.org, languages: en, by: shelf,\n"
    + "    receives: [{themes: all, places: all}]}\n"
)


def scraped(where: str) -> tuple[dict[str, float], str]:
    """Each sample as name{labels}, and the text."""
    with urllib.request.urlopen(f"http://{where}/metrics", timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        text = answer.read().decode()
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items(), reverse=True)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }, text


def numbers_of(one: Stage) -> tuple[dict[str, float], str]:
    with serving("127.0.0.1:0", Numbers(one.ledger, lambda: one.now)) as where:
        return scraped(where)


def test_the_numbers_are_those_of_the_ledger(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T08:30+08:00", recipients=TWO)
    one.inbox.script = [Receipt("refused", "550 <bank@example.org>: no such user")]
    one.tick()
    found, text = numbers_of(one)
    assert found["briefings_deliveries tourism sent"] == 1
    assert found["briefings_deliveries tourism refused"] == 1
    assert found["briefings_deliveries_entered_total tourism built"] == 2
    assert found["briefings_editions_built_total tourism"] == 1
    assert found["briefings_lateness_seconds tourism"] == 1800
    assert found["briefings_ledger_up"] == 1
    assert found["briefings_notices_open"] == 1
    assert found["briefings_last_tick_timestamp_seconds"] == one.now.timestamp()
    assert not re.search("@|Bank|bank|desk", text)


def test_a_restart_keeps_them(tmp_path: Path) -> None:
    first = stage(tmp_path, MONTHLY, "2026-11-20T08:30+08:00", recipients=TWO)
    first.inbox.script = [Receipt("failed", "no route"), Receipt("ambiguous", "dropped")]
    first.inbox.on_ambiguous = "park"
    first.tick()
    before, _ = numbers_of(first)
    assert before["briefings_deliveries tourism failed"] == before["briefings_deliveries tourism ambiguous"] == 1
    assert before["briefings_overdue_seconds tourism"] == 1800
    first.ledger.close()
    again = stage(tmp_path, MONTHLY, "2026-11-20T08:30+08:00", recipients=TWO)
    assert numbers_of(again)[0] == before


def test_a_ledger_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T08:30+08:00", recipients=ONE)
    with one.ledger.engine.begin() as connection:
        connection.exec_driver_sql("alter table events rename to gone")
    found, _ = numbers_of(one)
    assert found["briefings_ledger_up"] == 0
    assert "briefings_notices_open" not in found


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9188", ("127.0.0.1", 9188)), ("0.0.0.0:80", ("0.0.0.0", 80)), ("[::1]:9188", ("::1", 9188))],
)
def test_addresses(text: str, expected: tuple[str, int]) -> None:
    assert address(text) == expected


def test_an_address_of_ipv6_is_told_in_brackets() -> None:
    assert [written(*address(text)) for text in ("[::1]:9188", "9188")] == ["[::1]:9188", "127.0.0.1:9188"]


@pytest.mark.parametrize("text", ["", "localhost", "localhost:http", "127.0.0.1:99999"])
def test_addresses_that_are_none(text: str) -> None:
    with pytest.raises(RequestError, match="write a port, or HOST:PORT, for example 9188"):
        address(text)


def test_an_address_that_is_none_is_a_bad_request_with_once_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world(tmp_path, "schedule: {release: 28 February, cadence: annual, within: 1 day}\n")
    assert run(["--project", str(tmp_path), "run", "--once", "--metrics", "localhost"]) == 2
    assert "--metrics 'localhost': write a port, or HOST:PORT" in capsys.readouterr().err
    assert not (tmp_path / "data/ledger.sqlite").exists()


def test_an_address_that_is_taken(tmp_path: Path) -> None:
    one = stage(tmp_path, MONTHLY, "2026-11-20T08:30+08:00", recipients=ONE)
    numbers = Numbers(one.ledger, lambda: one.now)
    with serving("127.0.0.1:0", numbers) as where:
        taken = pytest.raises(RequestError, match=f"--metrics {where}: .*; name another address")
        with taken, serving(where, numbers):
            pass
        assert scraped(where)[0]["briefings_ledger_up"] == 1


def test_a_daemon_answers_and_its_log_is_json(tmp_path: Path) -> None:
    world(tmp_path, "schedule: {release: 28 February, cadence: annual, within: 1 day}\n")
    now = ["--now", "2026-11-20T09:00+08:00"]
    words = ["--project", str(tmp_path), *now, "--log-format", "json", "run", "--metrics", "0"]
    command = [sys.executable, "-c", "from briefings.cli import main; main()", *words]
    daemon = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ})
    with ending(daemon):
        assert daemon.stderr is not None
        told = json.loads(daemon.stderr.readline())
        where = told["message"].removeprefix("Numbers for Prometheus: http://").removesuffix("/metrics")
        assert where.startswith("127.0.0.1:")
        assert json.loads(daemon.stderr.readline())["event"] == "message"
        assert scraped(where)[0]["briefings_ledger_up"] == 1
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(PATIENCE) == 0
        rest = [json.loads(line) for line in daemon.stderr]
        assert rest[-1]["message"] == "Stopped."
        assert all(line["at"] and line["level"] == "info" for line in rest)


def test_events_say_what_they_are_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, approval: required}\n", "2026-11-20T08:10+08:00", recipients=ONE)
    one.tick()
    edition = "tourism/riverton/2026-10/en/r1"
    one.ledger.decide(edition, "approved", "Li Na", "", one.now)
    one.ledger.close()
    now = ["--project", str(tmp_path), "--now", "2026-11-20T09:00+08:00", "--log-format", "json"]
    assert run([*now, "run", "--once", "--no-ingest"]) == 0
    sent, tick = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert sent == {
        "at": "2026-11-20T09:00:00+08:00",
        "level": "info",
        "message": "sent tourism/riverton/2026-10/en to desk by shelf",
        "event": "sent",
        "theme": "tourism",
        "cadence": "monthly",
        "place": "riverton",
        "period": "2026-10",
        "language": "en",
        "recipient": "desk",
        "channel": "shelf",
        "edition": edition,
    }
    assert (tick["event"], tick["sent"], tick["message"]) == ("tick", "1", "1 sent.")


def test_what_needs_a_person_is_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schedule = "schedule: {release: 20th, requires: overnight_stays, wait_until: 1 hour, then: hold}\n"
    world(tmp_path, schedule, ONE)
    now = ["--project", str(tmp_path), "--now", "2026-11-20T11:00+08:00", "--log-format", "json"]
    assert run([*now, "run", "--once", "--no-ingest"]) == 0
    held, *_ = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (held["event"], held["level"], held["theme"], held["period"]) == ("held", "warning", "tourism", "2026-10")
