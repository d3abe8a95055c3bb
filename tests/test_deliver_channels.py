"""One contract over all channels, each against a real server or folder on loopback."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import fsspec
import pytest

from briefings import faults
from briefings.configuration import ChannelSettings
from briefings.deliver import CHANNELS, Channel, Delivery, Note, open_channel
from briefings.errors import DeliveryError, RequestError
from briefings.settings import Settings
from tests.deliveries import KEY, NOW, PATIENCE, delivery, file_edition, http_server, mail_server, nobody, project, send
from tests.rooms import ROOMS, room, texts

SECRET = "canary-0c55"
HEADING = "河城市旅游经济简报（2026年6月）"
KINDS = ("mail", "folder", "remote", "webhook", "chat", *ROOMS, "feed")
RECIPIENT = """
recipients:
  office:
    name: 市长办公室
    email: office@example.org
    languages: zh
    by: way
    formats: [pdf, html]
    receives: {themes: all, places: all}
"""


def configured(kind: str, port: int, folder: Path) -> str:
    """A channel of a kind, to a server at a port or into a folder."""
    timeout = f"timeout: {PATIENCE}"
    told = {
        "mail": f"{{kind: mail, host: 127.0.0.1, port: {port}, security: none, sender: {{email: b@example.org}}}}",
        "folder": f"{{kind: folder, path: {folder}}}",
        "remote": f"{{kind: folder, path: 'file://{folder}'}}",
        "webhook": f"{{kind: webhook, url: 'http://127.0.0.1:{port}/hook', secret: {{env: SECRET}}, {timeout}}}",
        "chat": f"{{kind: chat, service: {{env: ROOM}}, {timeout}}}",
        "feed": f"{{kind: feed, path: {folder}}}",
    }
    return f"channels:\n  way: {told[kind]}\n{RECIPIENT}"


class Rig:
    """A channel, and the eyes to see what arrived."""

    def __init__(
        self, kind: str, tmp_path: Path, port: int, taken: Callable[[], list[dict[str, Any]]], address: str = ""
    ) -> None:
        self.kind, self.target, self._taken = "chat" if kind in ROOMS else kind, tmp_path / "target", taken
        self.room = kind in ROOMS
        self.settings: Settings = project(tmp_path, configured(self.kind, port, self.target))
        self.environ = {"SECRET": SECRET, "ROOM": address or f"json://127.0.0.1:{port}/{SECRET}"}

    def open(self) -> Channel:
        return open_channel(self.settings, "way", self.environ, now=lambda: NOW)

    def arrived(self) -> list[str]:
        """The identities of what arrived, one an arrival; files that were replaced are one."""
        if self.kind == "mail":
            return [each["content"].partition("Message-ID: <")[2].partition("@")[0] for each in self._taken()]
        if self.kind == "webhook":
            return [each["headers"]["Idempotency-Key"][:32] for each in self._taken()]
        if self.room:
            return [HEADING for text in texts(self._taken()) if HEADING in text]
        if self.kind == "chat":
            return [json.loads(each["body"])["title"] for each in self._taken()]
        pattern = "entries/*.json" if self.kind == "feed" else "*/*/*/*/r*/delivery.json"
        return [json.loads(path.read_text("utf-8"))["key"][:32] for path in sorted(self.target.glob(pattern))]


@contextmanager
def rig_of(kind: str, tmp_path: Path) -> Iterator[Rig]:
    if kind == "mail":
        with mail_server("proper", tmp_path) as server:
            yield Rig(kind, tmp_path, server.port, server.taken)
    elif kind in ("webhook", "chat"):
        with http_server(tmp_path) as server:
            yield Rig(kind, tmp_path, server.port, server.taken)
    elif kind in ROOMS:
        with room(kind, tmp_path) as (server, address):
            yield Rig(kind, tmp_path, server.port, server.taken, address)
    else:
        yield Rig(kind, tmp_path, 0, list)


@pytest.fixture(params=KINDS)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    with rig_of(request.param, tmp_path) as made:
        yield made


def test_every_kind_of_the_configuration_has_its_channel() -> None:
    assert set(CHANNELS) == set(get_args(ChannelSettings.model_fields["kind"].annotation))


def test_what_is_sent_arrives_once_and_handing_over_is_told_once(rig: Rig) -> None:
    with closing(rig.open()) as channel:
        sent = send(channel, delivery(file_edition(rig.settings), "office", "way"))
    assert (sent.outcome, sent.handed) == ("sent", 1), sent.receipt
    assert sent.receipt.reply
    assert rig.arrived() == [HEADING if rig.kind == "chat" else KEY[:32]]


def test_the_frozen_bytes_are_the_same_whenever_they_are_made(rig: Rig) -> None:
    what = delivery(file_edition(rig.settings), "office", "way", late=True, partial=("酒店收入",))
    with closing(rig.open()) as one, closing(rig.open()) as two:
        assert one.freeze(what) == two.freeze(what)
    assert rig.arrived() == []


def test_a_resend_is_the_same_to_whoever_receives_it(rig: Rig) -> None:
    with closing(rig.open()) as channel:
        what = delivery(file_edition(rig.settings), "office", "way")
        frozen = replace(what, payload=channel.freeze(what))
        assert send(channel, frozen).outcome == "sent"
        assert send(channel, replace(frozen, again=True)).outcome == "sent"
    assert len(set(rig.arrived())) == 1


def test_a_channel_that_was_closed_can_be_used_again(rig: Rig) -> None:
    channel = rig.open()
    what = delivery(file_edition(rig.settings), "office", "way")
    assert send(channel, what).outcome == "sent"
    channel.close()
    channel.close()
    assert send(channel, what).outcome == "sent"
    channel.close()


def test_an_altered_edition_is_refused_before_the_first_try(rig: Rig) -> None:
    edition = file_edition(rig.settings)
    (edition.folder / "briefing.pdf").write_bytes(b"another")
    if rig.kind == "chat":  # which sends a picture of it; this service takes none of the file itself
        (edition.folder / "mail.html").write_bytes(b"another")
    with closing(rig.open()) as channel, pytest.raises(DeliveryError, match="was altered since it was filed"):
        channel.freeze(delivery(edition, "office", "way"))


class LeaseLostError(Exception):
    """As a ledger would say it."""


def test_where_handing_over_is_forbidden_nothing_arrives(rig: Rig) -> None:
    def forbidden() -> None:
        raise LeaseLostError

    with closing(rig.open()) as channel:
        what = delivery(file_edition(rig.settings), "office", "way")
        frozen = replace(what, payload=channel.freeze(what))
        with pytest.raises(LeaseLostError):
            channel.send(frozen, forbidden)
    assert rig.arrived() == []


def test_a_text_that_is_no_edition(rig: Rig) -> None:
    with closing(rig.open()) as channel:
        assert channel.note("office", Note(KEY, "测试", "一行。", NOW)).outcome == "sent"


@pytest.mark.parametrize("kind", ["mail", "webhook", "chat"])
def test_nobody_there_is_a_failure(kind: str, tmp_path: Path) -> None:
    with nobody() as port:
        rig = Rig(kind, tmp_path, port, list)
        with closing(rig.open()) as channel:
            sent = send(channel, delivery(file_edition(rig.settings), "office", "way"))
    assert sent.outcome == "failed"
    assert "cannot be reached" in sent.receipt.reason
    assert SECRET not in repr(sent)


@pytest.mark.parametrize("kind", ["folder", "remote", "feed"])
def test_a_folder_that_cannot_be_written_is_a_failure_that_names_it(kind: str, tmp_path: Path) -> None:
    rig = Rig(kind, tmp_path, 0, list)
    rig.target.write_text("a file stands where the folder should be")
    with closing(rig.open()) as channel:
        sent = send(channel, delivery(file_edition(rig.settings), "office", "way"))
    assert sent.outcome == "failed"
    assert str(rig.target) in sent.receipt.reason


def test_no_channel_shows_its_secret(rig: Rig) -> None:
    with closing(rig.open()) as channel:
        assert SECRET not in repr(vars(channel))
        assert SECRET.encode() not in channel.freeze(delivery(file_edition(rig.settings), "office", "way"))


# What is special to each.


def test_a_folder_holds_the_formats_asked_for_and_what_it_is(tmp_path: Path) -> None:
    with rig_of("folder", tmp_path) as rig, closing(rig.open()) as channel:
        edition = file_edition(rig.settings)
        send(channel, delivery(edition, "office", "way", late=True))
        folder = rig.target / edition.id
        assert sorted(path.name for path in folder.iterdir()) == ["briefing.html", "briefing.pdf", "delivery.json"]
        assert (folder / "briefing.pdf").read_bytes() == edition.read("briefing.pdf")
        told = json.loads((folder / "delivery.json").read_text("utf-8"))
        assert (told["title"], told["late"], told["files"]["briefing.pdf"]) == (
            HEADING,
            True,
            edition.manifest["files"]["briefing.pdf"],
        )
        assert [path.name for path in rig.target.rglob(".*")] == []


def test_a_folder_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    with rig_of("folder", tmp_path) as rig, closing(rig.open()) as channel:
        edition = file_edition(rig.settings)
        seen: list[bool] = []
        what = delivery(edition, "office", "way")
        frozen = replace(what, payload=channel.freeze(what))
        channel.send(frozen, lambda: seen.append((rig.target / edition.id).exists()))
        assert seen == [False]


def test_a_folder_whose_edition_was_altered_since_it_was_frozen_is_refused(tmp_path: Path) -> None:
    with rig_of("folder", tmp_path) as rig, closing(rig.open()) as channel:
        edition = file_edition(rig.settings)
        what = delivery(edition, "office", "way")
        frozen = replace(what, payload=channel.freeze(what))
        shutil.rmtree(edition.folder)
        sent = send(channel, frozen)
        assert (sent.outcome, sent.handed) == ("refused", 0)
        assert rig.arrived() == []


# Killed at every step.


def points() -> list[tuple[str, str]]:
    """Kind of channel and name of each of its fault points."""
    kinds = ("mail", "folder", "webhook", "chat", "feed")
    return [(name.partition(".")[0], name) for name in faults.POINTS if name.partition(".")[0] in kinds]


def killed(channel: Channel, what: Delivery, point: str, mark: Path) -> bool:
    """Send in a child that is killed at a fault point; whether handing over was told before."""
    child = os.fork()
    if child == 0:
        os.environ["BRIEFINGS_FAULT_AT"] = point
        faults._met.clear()
        try:
            channel.send(what, mark.touch)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    return mark.exists()


@pytest.mark.parametrize(("kind", "point"), points(), ids=[point for _, point in points()])
def test_a_process_killed_at_any_step_leaves_what_the_register_says(tmp_path: Path, kind: str, point: str) -> None:
    with rig_of(kind, tmp_path) as rig:
        what = delivery(file_edition(rig.settings), "office", "way")
        with closing(rig.open()) as channel:
            what = replace(what, payload=channel.freeze(what))
        handed = killed(rig.open(), what, point, tmp_path / "handed")
        assert handed == faults.POINTS[point].startswith("ambiguous")
        before = len(rig.arrived())
        assert before == 0 or handed
        with closing(rig.open()) as channel:
            assert send(channel, replace(what, again=handed)).outcome == "sent"
        arrived = rig.arrived()
        assert len(arrived) - before == 1 or kind in ("folder", "feed")
        assert len(set(arrived)) == 1
        assert [path.name for path in rig.target.rglob(".*") if path.name != ".lock"] == []


def test_a_folder_by_url_is_written_by_what_fsspec_opens(tmp_path: Path) -> None:
    """Not on this machine: in the memory of fsspec, which has no renames of folders."""
    where = f"memory://shelf-{tmp_path.name}"
    text = f"channels:\n  way: {{kind: folder, path: '{where}'}}\n  news: {{kind: feed, path: '{where}'}}\n{RECIPIENT}"
    settings = project(tmp_path, text)
    edition = file_edition(settings)
    for name in ("way", "news", "way"):
        with closing(open_channel(settings, name, {})) as channel:
            sent = send(channel, delivery(edition, "office", name))
            assert (sent.outcome, sent.handed) == ("sent", 1)
            assert sent.receipt.reply.startswith(where)
    system, root = fsspec.core.url_to_fs(where)
    found = sorted(path.removeprefix(root) for path in system.find(root))
    shelf = f"/{edition.id}"
    assert [path for path in found if path.startswith(shelf)] == [
        f"{shelf}/{name}" for name in ("briefing.html", "briefing.pdf", "delivery.json")
    ]
    assert f"{root}/themes/tourism.zh.xml" in system.find(root)
    assert not [path for path in found if ".part" in path]


def test_a_url_that_nothing_opens_is_told_when_the_channel_is_opened(tmp_path: Path) -> None:
    settings = project(tmp_path, f"channels:\n  way: {{kind: folder, path: 'gopher://x/y'}}\n{RECIPIENT}")
    with pytest.raises(RequestError, match="gopher:// cannot be opened: "):
        open_channel(settings, "way", {})
