"""Commands and channels: secrets are asked for before anything is done, and shown by none of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from briefings.cli.main import run
from tests.deliveries import NOW, file_edition, http_server, mail_server, project
from tests.test_deliver_words import briefing

CANARY = "canary-44f0"
LIST = """
channels:
  hook: {{kind: webhook, url: 'http://127.0.0.1:{web}', secret: {{env: KEY}}}}
  room: {{kind: chat, service: {{env: ROOM}}}}
  post: {{kind: mail, host: 127.0.0.1, port: {post}, user: me, password: {{env: KEY}}, sender: {{email: b@e.org}}}}
  shelf: {{kind: folder, path: data/shelf}}
owner: desk
recipients:
  desk:
    name: Desk
    email: d@example.org
    languages: zh
    by: [hook, room, post, shelf]
    receives: {{themes: all, places: all}}
"""
#: Channels that nobody receives by; the doctor opens them.
UNUSED = """\
  feishu: {kind: chat, service: {env: FEISHU}, app: cli_1, app_secret: {env: KEY}}
  cloud: {kind: feed, path: 'memory://feeds', options: {token: {env: KEY}}}
"""


def begun(folder: Path, web: int = 1, post: int = 1) -> str:
    """The id of an edition in a project with four channels."""
    settings = project(folder, LIST.format(web=web, post=post))
    return file_edition(settings, briefing_dot_json=briefing()).id


@pytest.mark.parametrize("command", ["check", "send"])
def test_a_secret_that_is_lacking_is_told_at_its_place_and_nothing_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    edition = begun(tmp_path)
    monkeypatch.setenv("ROOM", "json://127.0.0.1:1")
    monkeypatch.delenv("KEY", raising=False)
    words = [command, edition, "--adopt"] if command == "send" else [command]
    assert run(["--project", str(tmp_path / "project"), *words]) == 2
    told = capsys.readouterr().err
    assert "config/recipients.yaml:3:60: channels.hook.secret: the environment variable KEY is not set" in told
    assert "config/recipients.yaml:5:68: channels.post.password: the environment variable KEY is not set" in told
    assert not (tmp_path / "project/data/shelf").exists()


def test_the_doctor_sends_a_test_by_each_channel_to_the_owner_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_server(tmp_path) as web, mail_server("proper", tmp_path) as post:
        begun(tmp_path, web.port, post.port)
        monkeypatch.setenv("KEY", CANARY)
        monkeypatch.setenv("ROOM", f"json://127.0.0.1:{web.port}/{CANARY}")
        for words in (["doctor"], ["doctor", "--send"]):
            run(["--project", str(tmp_path / "project"), "--now", NOW.isoformat(), *words])
        told = capsys.readouterr().out
        assert len(web.taken()) == 2
    assert told.count("ok      channels: hook, room, post, shelf\n") == 2
    assert "ok      test by hook: to desk, 200 OK taken\n" in told
    assert "ok      test by room: to desk, 200 taken\n" in told
    assert f"FAILED  test by post: failed: 127.0.0.1:{post.port} offers no STARTTLS" in told
    assert told.count("test by") == 4
    assert CANARY not in told


@pytest.mark.slow
def test_a_canary_in_the_environment_is_found_in_no_output_and_no_file(tmp_path: Path) -> None:
    """F58: all commands that touch channels, as loud as they can be."""
    with http_server(tmp_path, script=[500], answer=CANARY) as web, mail_server("proper", tmp_path) as post:
        edition = begun(tmp_path, web.port, post.port)
        listed = tmp_path / "project/config/recipients.yaml"
        listed.write_text(listed.read_text("utf-8").replace("channels:\n", f"channels:\n{UNUSED}"), encoding="utf-8")
        environ = {**os.environ, "KEY": CANARY, "ROOM": f"json://127.0.0.1:{web.port}/{CANARY}"}
        environ["FEISHU"] = f"feishu://{CANARY}"
        program = [sys.executable, "-c", "from briefings.cli import main; main()"]
        program += [
            "--project",
            str(tmp_path / "project"),
            "--now",
            NOW.isoformat(),
            "-v",
            "-v",
            "--log-format",
            "json",
        ]
        outputs = [
            subprocess.run([*program, *words], env=environ, capture_output=True, check=False)
            for words in (
                *(["check"], ["doctor", "--send"], ["send", edition, "--adopt"], ["send", edition], ["due"]),
                *(["send", edition, "--to", "desk"], ["run", "--once"], ["editions", "show", edition]),
            )
        ]
    assert b"desk" in b"".join(done.stderr for done in outputs)
    assert [done.args for done in outputs if CANARY.encode() in done.stdout + done.stderr] == []
    files = [path for path in (tmp_path / "project").rglob("*") if path.is_file()]
    assert any(path.name == "ledger.sqlite" for path in files)
    assert [path for path in files if CANARY.encode() in path.read_bytes()] == []
