"""`briefings send`: one edition to its readers, entered in the ledger, nobody twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from briefings.archive import Edition
from briefings.cli.main import run
from briefings.ledger import Due, open_ledger
from briefings.ledger.tables import deliveries
from briefings.settings import Settings
from tests.deliveries import NOW, file_edition, mail_server, project
from tests.test_deliver_words import briefing, figure

LIST = """
channels:
  shelf: {kind: folder, path: out}
  post: {kind: mail, host: 127.0.0.1, port: PORT, security: none, sender: {email: b@example.org}, on_ambiguous: WORD,
    timeout: 60}
recipients:
  desk: {name: Desk, languages: [en, zh], by: shelf, receives: {themes: all, places: all}}
  office: {name: Office, email: o@example.org, languages: zh, by: post, receives: {themes: tourism, places: riverton}}
  other: {name: Other, languages: zh, by: shelf, receives: {themes: tourism, places: lakeside}}
"""


def begun(folder: Path, *, port: int = 1, word: str = "resend", revision: int = 1, printed: str = "1") -> Edition:
    """A project with a filed edition of Riverton in Chinese."""
    settings = project(folder, LIST.replace("PORT", str(port)).replace("WORD", word))
    figures = json.dumps([figure("deposits", printed)]).encode()
    return file_edition(settings, revision=revision, briefing_dot_json=briefing(), figures_dot_json=figures)


def send(folder: Path, *words: str) -> int:
    return run(["--project", str(folder / "project"), "--now", NOW.isoformat(), "send", *words])


def states(folder: Path) -> list[tuple[str, str, str, str]]:
    """Recipient, state, edition and what it corrects of every row of the ledger."""
    ledger = open_ledger(folder / "project/data", None, archive_has_editions=True)
    rows = ledger.rows(deliveries.c.id > 0)
    ledger.close()
    return sorted((row.recipient, row.state, row.edition.rpartition("/")[2], row.corrects) for row in rows)


def test_a_dry_run_says_who_would_get_it_and_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edition = begun(tmp_path)
    assert send(tmp_path, edition.id, "--dry-run") == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[2:]] == [
        ["desk", "shelf", "yes", "first", "time"],
        ["office", "post", "yes", "first", "time"],
    ]
    assert not (tmp_path / "project/out").exists()
    assert not (tmp_path / "project/data/ledger.sqlite").exists()


def test_an_edition_goes_to_each_reader_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server("proper", tmp_path) as server:
        edition = begun(tmp_path, port=server.port)
        assert send(tmp_path, edition.id, "--adopt") == 0
        assert send(tmp_path, edition.id) == 0
        assert [each["to"] for each in server.taken()] == [["o@example.org"]]
    assert states(tmp_path) == [("desk", "sent", "r1", ""), ("office", "sent", "r1", "")]
    told = capsys.readouterr().err
    assert "sent to office by post: 250 2.0.0 OK queued" in told
    assert "not sent to office by post: was sent on 2026-07-20 08:00 UTC" in told
    assert told.endswith("Nothing sent.\n")


def test_an_edition_without_a_ledger_is_sent_on_no_guess(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edition = begun(tmp_path)
    assert send(tmp_path, edition.id) == 1
    assert "the ledger is not there, but the archive holds editions" in capsys.readouterr().err
    assert not (tmp_path / "project/out").exists()


def test_one_recipient_alone(tmp_path: Path) -> None:
    edition = begun(tmp_path)
    assert send(tmp_path, edition.id, "--to", "desk", "--adopt") == 0
    assert states(tmp_path) == [("desk", "sent", "r1", "")]


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("dsk", "unknown recipient 'dsk'; allowed: desk, office, other. Did you mean 'desk'?"),
        (
            "other",
            "'other' may not have it; say in config/recipients.yaml who receives tourism (monthly) of riverton in zh",
        ),
    ],
)
def test_who_may_not_have_it_does_not_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], to: str, told: str
) -> None:
    assert send(tmp_path, begun(tmp_path).id, "--to", to, "--adopt") == 2
    assert told in capsys.readouterr().err


def test_who_received_the_wrong_one_receives_a_correction(tmp_path: Path) -> None:
    with mail_server("proper", tmp_path) as server:
        first = begun(tmp_path, port=server.port)
        assert send(tmp_path, first.id, "--adopt", "--to", "office") == 0
        second = begun(tmp_path, port=server.port, revision=2, printed="2")
        assert send(tmp_path, second.id) == 0
        assert send(tmp_path, second.id) == 0
        assert send(tmp_path, first.id, "--to", "office") == 0
        subjects = [each["content"].partition("Subject: ")[2].partition("\r\nList-")[0] for each in server.taken()]
    assert states(tmp_path) == [
        ("desk", "sent", "r2", ""),
        ("office", "sent", "r1", ""),
        ("office", "sent", "r2", first.id),
    ]
    assert len(subjects) == 2
    assert len(set(subjects)) == 2


def test_a_reader_who_is_refused_costs_the_others_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server("proper", tmp_path, replies={"RCPT": "550 5.1.1 unknown"}) as server:
        edition = begun(tmp_path, port=server.port)
        assert send(tmp_path, edition.id, "--adopt") == 1
    assert states(tmp_path) == [("desk", "sent", "r1", ""), ("office", "refused", "r1", "")]
    assert "1 refused, 1 sent." in capsys.readouterr().err


def test_a_mended_address_gets_what_was_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server("proper", tmp_path, replies={"RCPT o@example.org": "550 5.1.1 unknown"}) as server:
        edition = begun(tmp_path, port=server.port)
        assert send(tmp_path, edition.id, "--to", "office", "--adopt") == 1
        mended = LIST.replace("PORT", str(server.port)).replace("WORD", "resend").replace("o@", "office@")
        project(tmp_path, mended)
        assert send(tmp_path, edition.id) == 0
        told = "not sent to office by post: was refused: 127.0.0.1:"
        assert told in capsys.readouterr().err
        assert server.taken() == []
        assert send(tmp_path, edition.id, "--to", "office") == 0
        assert send(tmp_path, edition.id, "--to", "office") == 0
        assert [each["to"] for each in server.taken()] == [["office@example.org"]]
    assert states(tmp_path) == [("desk", "sent", "r1", ""), ("office", "sent", "r1", "")]
    ledger = open_ledger(tmp_path / "project/data", None, archive_has_editions=True)
    (office,) = (row for row in ledger.of_edition(edition.id) if row.recipient == "office")
    told_of = [(after, reason) for _, _, after, reason in ledger.events_of(office.id)]
    ledger.close()
    assert [after for after, _ in told_of] == ["built", "sending", "refused", "building", "built", "sending", "sent"]
    assert told_of[3][1].startswith("sent by hand, was refused: 127.0.0.1:")


def test_a_reader_who_was_skipped_gets_it_when_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edition = begun(tmp_path)
    assert send(tmp_path, edition.id, "--to", "desk", "--adopt", "--dry-run") == 0
    ledger = open_ledger(tmp_path / "project/data", None, archive_has_editions=False)
    told = {"theme": "tourism", "cadence": "monthly", "place": "riverton", "period": "2026-06", "language": "zh"}
    due = Due(**told, recipient="desk", channel="shelf", due_at=NOW, send_from=NOW, state="skipped", reason="too late")
    ledger.enter([due], NOW)
    ledger.close()
    assert send(tmp_path, edition.id, "--dry-run") == 0
    assert "was skipped: too late; name the reader with --to to send it" in capsys.readouterr().out
    assert send(tmp_path, edition.id, "--to", "desk") == 0
    assert states(tmp_path) == [("desk", "sent", "r1", "")]


def test_an_owner_who_heard_of_a_refusal_hears_that_it_is_mended(tmp_path: Path) -> None:
    edition = begun(tmp_path)
    ledger = open_ledger(tmp_path / "project/data", None, archive_has_editions=False)
    ledger.notify("refused:tourism:riverton:2026-06:zh:desk:shelf", "tourism", "refused", "", "", NOW)
    ledger.close()
    assert send(tmp_path, edition.id, "--to", "desk", "--adopt") == 0
    ledger = open_ledger(tmp_path / "project/data", None, archive_has_editions=True)
    assert ledger.notices_open() == []
    ledger.close()


def test_what_failed_is_sent_once_the_server_is_back(tmp_path: Path) -> None:
    edition = begun(tmp_path)
    assert send(tmp_path, edition.id, "--adopt") == 1
    assert states(tmp_path) == [("desk", "sent", "r1", ""), ("office", "failed", "r1", "")]
    with mail_server("proper", tmp_path) as server:
        begin_again = project(tmp_path, LIST.replace("PORT", str(server.port)).replace("WORD", "resend"))
        assert isinstance(begin_again, Settings)
        assert send(tmp_path, edition.id) == 0
        assert len(server.taken()) == 1
    assert states(tmp_path) == [("desk", "sent", "r1", ""), ("office", "sent", "r1", "")]


def test_an_ambiguous_delivery_is_sent_once_more_with_the_same_message_id(tmp_path: Path) -> None:
    with mail_server("raw", tmp_path, script=["drop_after_dot", "accept"]) as server:
        edition = begun(tmp_path, port=server.port)
        assert send(tmp_path, edition.id, "--to", "office", "--adopt") == 0
        one, two = server.taken()
    assert one["content"] == two["content"]
    assert states(tmp_path) == [("office", "sent", "r1", "")]


def test_an_ambiguous_delivery_that_is_parked_waits_for_a_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mail_server("raw", tmp_path, script=["drop_after_dot", "accept"]) as server:
        edition = begun(tmp_path, port=server.port, word="park")
        assert send(tmp_path, edition.id, "--to", "office", "--adopt") == 1
        assert states(tmp_path) == [("office", "ambiguous", "r1", "")]
        assert send(tmp_path, edition.id) == 0
        assert "name the reader with --to to send it again" in capsys.readouterr().err
        assert len(server.taken()) == 1
        assert send(tmp_path, edition.id, "--to", "office") == 0
        one, two = server.taken()
    assert one["content"] == two["content"]
    assert ("office", "sent", "r1", "") in states(tmp_path)


def test_an_edition_that_was_altered_is_not_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edition = begun(tmp_path)
    (edition.folder / "briefing.pdf").write_bytes(b"another")
    assert send(tmp_path, edition.id, "--adopt") == 1
    assert "briefing.pdf was altered since it was filed" in capsys.readouterr().err


# Approval and embargo.

SCHEDULE = "schedule: {release: 20th, at: 08:30, zone: Asia/Shanghai, %s}\n"


def with_schedule(folder: Path, more: str) -> Edition:
    """As `begun`, for the desk alone, with an entry of a schedule."""
    edition = begun(folder)
    theme = folder / "project/config/themes/tourism.yaml"
    theme.write_text(theme.read_text("utf-8") + SCHEDULE % more, encoding="utf-8")
    return edition


def test_what_needs_approval_goes_out_after_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edition = with_schedule(tmp_path, "approval: required")
    project_options = ["--project", str(tmp_path / "project"), "--now", NOW.isoformat()]
    assert send(tmp_path, edition.id, "--to", "desk", "--adopt") == 0
    assert states(tmp_path) == [("desk", "awaiting approval", "r1", "")]
    assert not (tmp_path / "project/out").exists()
    assert send(tmp_path, edition.id) == 2
    assert f"{edition.id} awaits approval; run `briefings approve {edition.id}`" in capsys.readouterr().err
    assert run([*project_options, "approve", edition.id, "--by", "Li"]) == 0
    assert send(tmp_path, edition.id, "--to", "desk") == 0
    assert states(tmp_path) == [("desk", "sent", "r1", "")]


def test_what_was_rejected_is_not_sent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edition = with_schedule(tmp_path, "approval: required")
    assert send(tmp_path, edition.id, "--to", "desk", "--adopt") == 0
    options = ["--project", str(tmp_path / "project"), "--now", NOW.isoformat()]
    assert run([*options, "reject", edition.id, "--by", "Li", "--reason", "a wrong unit"]) == 0
    assert send(tmp_path, edition.id) == 2
    assert f"{edition.id} was rejected by Li: a wrong unit; build a better one" in capsys.readouterr().err
    assert not (tmp_path / "project/out").exists()


def test_an_embargo_holds_by_hand_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edition = with_schedule(tmp_path, "embargo: '18:00'")
    assert send(tmp_path, edition.id, "--dry-run") == 2
    told = f"{edition.id} is under embargo until 2026-07-20 18:00 (Asia/Shanghai); wait"
    assert told in capsys.readouterr().err
