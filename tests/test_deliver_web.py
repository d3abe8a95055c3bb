"""Webhooks, chat rooms and feeds: what is special to each, with servers in processes of their own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import trustme

from briefings.deliver import Channel, open_channel
from briefings.deliver.model import asked_to_wait
from briefings.deliver.rooms import page_one
from briefings.errors import DeliveryError, RequestError
from tests.deliveries import KEY, NOW, PATIENCE, PDF, Sent, Server, delivery, file_edition, http_server, project, send

SECRET = "canary-51aa"
HEADING = "河城市旅游经济简报（2026年6月）"
OFFICE = "  office: {name: Office, email: o@example.org, languages: [zh, en], by: way, formats: [pdf, html]}\n"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def opened(folder: Path, way: str, secret: str = SECRET) -> tuple[Any, Channel]:
    """Settings with one channel, and that channel."""
    settings = project(folder, f"channels:\n  way: {way}\nrecipients:\n{OFFICE}")
    return settings, open_channel(settings, "way", {"SECRET": secret}, now=lambda: NOW)


def sent_by(folder: Path, way: str, secret: str = SECRET, **changed: Any) -> Sent:
    settings, channel = opened(folder, way, secret)
    with closing(channel):
        return send(channel, delivery(file_edition(settings), "office", "way", **changed))


# Webhooks.


def hook(server: Server, more: str = "", timeout: int = PATIENCE) -> str:
    url = f"http://127.0.0.1:{server.port}/in?a=1"
    return f"{{kind: webhook, url: '{url}', secret: {{env: SECRET}}, timeout: {timeout}{more}}}"


def test_a_webhook_is_signed_json_with_an_idempotency_key(tmp_path: Path) -> None:
    with http_server(tmp_path) as server:
        sent = sent_by(tmp_path, hook(server), "whsec_" + base64.b64encode(SECRET.encode()).decode())
        (taken,) = server.taken()
    assert sent.receipt.reply == "200 OK taken"
    headers, body = taken["headers"], taken["body"]
    signed = f"{KEY}.{int(NOW.timestamp())}.{body}".encode()
    mark = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert taken["path"] == "/in?a=1"
    assert (headers["Idempotency-Key"], headers["webhook-id"]) == (KEY, KEY)
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["webhook-signature"] == f"v1,{mark}"
    told = json.loads(body)
    assert (told["type"], told["title"], told["place"], told["period"]) == ("edition", HEADING, "riverton", "2026-06")
    assert told["findings"] == ["6月，河城市过夜游客增长3.1%。", "酒店入住率低于上年，<需关注>。"]
    assert base64.b64decode(told["files"][0]["base64"]) == PDF
    assert told["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(
    ("act", "again", "outcome", "reason"),
    [
        (204, False, "sent", ""),
        (302, False, "refused", "127.0.0.1 refuses it for good: 302 Found taken"),
        (404, False, "refused", "127.0.0.1 refuses it for good: 404 Not Found taken"),
        (409, False, "refused", "127.0.0.1 refuses it for good: 409 Conflict taken"),
        (409, True, "sent", ""),
        (429, False, "failed", "127.0.0.1 does not take it now: 429 Too Many Requests taken"),
        (503, False, "failed", "127.0.0.1 does not take it now: 503 Service Unavailable taken"),
        ("drop", False, "ambiguous", "127.0.0.1 ended the connection before it answered: "),
        pytest.param(
            *("silent", False, "ambiguous"),
            "127.0.0.1 ended the connection before it answered: no answer within 3 seconds",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_an_answer_to_a_webhook_means(
    tmp_path: Path, act: int | str, again: bool, outcome: str, reason: str
) -> None:
    with http_server(tmp_path, script=[act], headers={"Retry-After": "120"}) as server:
        sent = sent_by(tmp_path, hook(server, timeout=3 if act == "silent" else PATIENCE), again=again)
    assert (sent.outcome, sent.handed) == (outcome, 1)
    assert sent.receipt.reason.startswith(reason)
    assert sent.receipt.retry_after == (120 if outcome == "failed" else None)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        ("99999999999999999", 1e17),
        ("Fri, 20 Nov 2026 10:05:00 GMT", 300),
        ("Fri, 20 Nov 2026 09:00:00 GMT", 0),
        ("Fri, 20 Nov 2026 10:05:00", None),
        ("soon", None),
        ("²", None),
        ("", None),
    ],
)
def test_how_long_an_answer_asks_to_wait(told: str, seconds: float | None) -> None:
    assert asked_to_wait(told, "Fri, 20 Nov 2026 10:00:00 GMT") == seconds


def test_an_answer_that_shows_the_secret_is_masked(tmp_path: Path) -> None:
    with http_server(tmp_path, script=[500], answer=f"bad key {SECRET}") as server:
        sent = sent_by(tmp_path, hook(server))
    assert sent.receipt.reply == "500 Internal Server Error bad key ***"


@pytest.mark.parametrize("host", ["127.0.0.1", "other.example.org"])
def test_a_webhook_checks_certificates(tmp_path: Path, host: str) -> None:
    authority, past = trustme.CA(), datetime.now(UTC) - timedelta(days=1)
    expired = {"not_after": past} if host == "127.0.0.1" else {}
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert(host, **expired).private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "own.pem"))
    with http_server(tmp_path, certificate=str(tmp_path / "own.pem")) as server:
        way = hook(server, f", certificates: {tmp_path / 'ca.pem'}").replace("http:", "https:")
        sent = sent_by(tmp_path, way)
        assert server.taken() == []
    assert (sent.outcome, sent.handed) == ("failed", 0)
    assert sent.receipt.reason.startswith("the certificate of 127.0.0.1 is not to be trusted (")


def test_a_signing_key_that_is_none_is_told_when_the_channel_is_opened(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="begins with whsec_, and no Base64 follows"):
        opened(tmp_path, "{kind: webhook, url: 'https://example.org', secret: {env: SECRET}}", "whsec_!")


# Chat.

ROOM = f"{{kind: chat, service: {{env: SECRET}}, timeout: {PATIENCE}, link: https://example.org/editions}}"


def test_a_chat_gets_key_findings_and_a_picture_of_page_one(tmp_path: Path) -> None:
    with http_server(tmp_path) as server:
        sent = sent_by(tmp_path, ROOM, f"json://127.0.0.1:{server.port}/{SECRET}", late=True)
        (taken,) = server.taken()
    assert sent.outcome == "sent"
    told = json.loads(taken["body"])
    assert told["title"] == f"{HEADING}（迟发）"
    assert told["message"].splitlines() == [
        "本期原定于2026年7月20日08:00发送，现延迟送达。",
        "• 6月，河城市过夜游客增长3.1%。",
        "• 酒店入住率低于上年，<需关注>。",
        "完整版：https://example.org/editions/tourism/riverton/2026-06/zh/r1/briefing.html",
    ]
    (picture,) = told["attachments"]
    assert base64.b64decode(picture["base64"]) == page_one(PDF)
    assert (picture["mimetype"], picture["filename"]) == ("image/png", f"{HEADING}.png")


def test_the_picture_of_page_one_is_a_png_and_always_the_same() -> None:
    assert page_one(PDF)[:8] == b"\x89PNG\r\n\x1a\n"
    assert page_one(PDF) == page_one(PDF)
    with pytest.raises(DeliveryError, match="no picture can be made of page one"):
        page_one(b"none")


def test_a_room_that_takes_little_gets_the_first_findings(tmp_path: Path) -> None:
    # WeCom takes 2,048 bytes.
    settings, channel = opened(tmp_path, ROOM, "wecombot://0123456789abcdef0123456789abcdef")
    many = "".join(f"<li>{'旅' * 100}{number}</li>" for number in range(20))
    edition = file_edition(settings, mail_dot_html=f"<h1>x</h1><ul>{many}</ul>".encode())
    with closing(channel):
        told = json.loads(channel.freeze(delivery(edition, "office", "way")))
    lines = told["text"].splitlines()
    assert len(told["text"].encode()) + len(HEADING.encode()) + 2 <= 2048
    assert lines[0] == f"• {'旅' * 100}0"
    assert lines[-1].startswith("完整版：https://")


@pytest.mark.parametrize(
    ("act", "answer", "outcome", "reason"),
    [
        (200, '{"errcode": 0}', "sent", ""),
        (200, '{"errcode": 310000, "errmsg": "keywords not in content"}', "refused", "JSON refuses it for good: 200 "),
        (200, '{"ok": false, "error": "channel_not_found"}', "refused", "JSON refuses it for good: 200 "),
        (429, "slow down", "failed", "JSON does not take it now: 429 slow down"),
        (502, "", "failed", "JSON does not take it now: 502"),
        (403, f"no {SECRET}", "refused", "JSON refuses it for good: 403 no"),
        ("drop", "", "ambiguous", "JSON ended the connection before it answered (ConnectionError)"),
        pytest.param(
            *("silent", "", "ambiguous", "JSON ended the connection before it answered (ReadTimeout)"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_an_answer_of_a_chat_means(tmp_path: Path, act: int | str, answer: str, outcome: str, reason: str) -> None:
    room = ROOM.replace(str(PATIENCE), "3") if act == "silent" else ROOM
    with http_server(tmp_path, script=[act], answer=answer) as server:
        sent = sent_by(tmp_path, room, f"json://127.0.0.1:{server.port}/room")
    assert (sent.outcome, sent.handed) == (outcome, 1)
    assert sent.receipt.reason.startswith(reason)


def test_apprise_writes_no_token_into_a_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("apprise").setLevel(logging.DEBUG)
    with http_server(tmp_path, script=[500]) as server:
        sent = sent_by(tmp_path, ROOM, f"json://127.0.0.1:{server.port}/{SECRET}")
    assert sent.outcome == "failed"
    assert SECRET not in "".join(record.getMessage() for record in caplog.records if record.name == "apprise")


def test_an_address_that_is_none_is_told_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="what its secret holds is no address that apprise knows") as caught:
        opened(tmp_path, ROOM, f"slak://{SECRET}")
    assert SECRET not in str(caught.value)


# Feeds.


def feed_of(folder: Path, path: str) -> ElementTree.Element:
    """A feed, which must be well-formed."""
    return ElementTree.fromstring((folder / "feeds" / path).read_bytes())


def text(node: ElementTree.Element, way: str) -> str:
    return node.findtext(way, "", ATOM)


def test_an_edition_stands_in_the_feeds_of_its_theme_and_its_place(tmp_path: Path) -> None:
    settings, channel = opened(tmp_path, f"{{kind: feed, path: {tmp_path / 'feeds'}}}")
    with closing(channel):
        for language in ("zh", "en"):
            edition = file_edition(settings, language=language)
            assert send(channel, delivery(edition, "office", "way")).outcome == "sent"
    for path in ("themes/tourism.zh.xml", "places/riverton.zh.xml", "all/all.zh.xml"):
        (entry,) = feed_of(tmp_path, path).findall("a:entry", ATOM)
        assert text(entry, "a:title") == HEADING
        links = {link.get("rel"): link.get("href") for link in entry.findall("a:link", ATOM)}
        where = "../editions/tourism/riverton/2026-06/zh/r1"
        assert links == {"enclosure": f"{where}/briefing.pdf", "alternate": f"{where}/briefing.html"}
        assert (tmp_path / "feeds" / path).parent.joinpath(f"{where}/briefing.pdf").read_bytes() == PDF
    (english,) = feed_of(tmp_path, "themes/tourism.en.xml").findall("a:entry", ATOM)
    assert text(english, "a:title") == "Riverton tourism briefing, June 2026"


def test_feeds_and_entries_have_what_atom_requires(tmp_path: Path) -> None:
    sent_by(tmp_path, f"{{kind: feed, path: {tmp_path / 'feeds'}, link: 'https://example.org/editions/'}}")
    feed = feed_of(tmp_path, "themes/tourism.zh.xml")
    for node in (feed, *feed.findall("a:entry", ATOM)):
        assert text(node, "a:id").startswith("urn:uuid:")
        assert text(node, "a:title")
        assert datetime.fromisoformat(text(node, "a:updated")) == NOW
    assert text(feed, "a:author/a:name")
    link = feed.find("a:entry/a:link[@rel='alternate']", ATOM)
    assert link is not None
    assert link.get("href") == "https://example.org/editions/tourism/riverton/2026-06/zh/r1/briefing.html"
    assert not (tmp_path / "feeds/editions").exists()


def test_a_correction_takes_the_place_of_what_it_corrects(tmp_path: Path) -> None:
    settings, channel = opened(tmp_path, f"{{kind: feed, path: {tmp_path / 'feeds'}}}")
    first, second = file_edition(settings), file_edition(settings, revision=2)
    later = NOW + timedelta(days=1)
    with closing(channel):
        send(channel, delivery(first, "office", "way"))
        before = text(feed_of(tmp_path, "themes/tourism.zh.xml"), "a:entry/a:id")
        send(channel, delivery(second, "office", "way", dated=later, corrects=first.id))
        send(channel, delivery(first, "office", "way"))  # sent again after the correction: it stays corrected
    (entry,) = feed_of(tmp_path, "themes/tourism.zh.xml").findall("a:entry", ATOM)
    assert text(entry, "a:id") == before
    assert text(entry, "a:title") == f"更正：{HEADING}"
    assert text(entry, "a:content").startswith(f"本版更正您此前收到的 {first.id}，请以本版为准。")
    assert datetime.fromisoformat(text(entry, "a:updated")) == later
    assert datetime.fromisoformat(text(entry, "a:published")) == NOW


def test_a_text_of_data_is_no_markup_in_a_feed(tmp_path: Path) -> None:
    settings, channel = opened(tmp_path, f"{{kind: feed, path: {tmp_path / 'feeds'}}}")
    page = "<h1>x</h1><p>&lt;/summary&gt;&lt;script&gt;\x08 &amp;</p><ul><li>]]&gt;</li></ul>"
    with closing(channel):
        send(channel, delivery(file_edition(settings, mail_dot_html=page.encode()), "office", "way"))
    assert text(feed_of(tmp_path, "all/all.zh.xml"), "a:entry/a:summary") == "</summary><script> &"


def test_a_feed_names_what_other_processes_entered(tmp_path: Path) -> None:
    settings, one = opened(tmp_path, f"{{kind: feed, path: {tmp_path / 'feeds'}}}")
    _, two = opened(tmp_path, f"{{kind: feed, path: {tmp_path / 'feeds'}}}")
    edition = file_edition(settings)
    what = delivery(edition, "office", "way")
    other = json.loads(two.freeze(what)) | {"place": "lakeside", "id": "urn:uuid:other"}
    with closing(one), closing(two):
        send(one, what)
        send(two, replace(what, payload=json.dumps(other).encode()))
    assert len(feed_of(tmp_path, "themes/tourism.zh.xml").findall("a:entry", ATOM)) == 2


def fed(folder: Path, count: int) -> tuple[Channel, Any]:
    """A feed that has `count` entries of other places already, and a delivery."""
    settings, channel = opened(folder, f"{{kind: feed, path: {folder / 'feeds'}}}")
    what = delivery(file_edition(settings), "office", "way")
    told = json.loads(channel.freeze(what))
    (folder / "feeds/entries").mkdir(parents=True)
    for number in range(count):
        dated = (NOW - timedelta(days=count - number)).isoformat()
        other = told | {"place": f"p{number}", "id": f"urn:{number:04}", "dated": dated, "published": dated}
        (folder / f"feeds/entries/tourism-p{number}-2026-06-zh.json").write_text(json.dumps(other), encoding="utf-8")
    return channel, what


def reads(channel: Any, what: Any) -> int:
    """How many files a send reads."""
    place, met = channel._place, Counter[str]()
    read = place.read

    def counted(name: str) -> bytes | None:
        met[name] += 1
        return read(name)  # type: ignore[no-any-return]

    place.read = counted
    assert send(channel, what).outcome == "sent"
    place.read = read
    return met.total()


def test_a_feed_does_not_read_all_its_entries_at_each_send(tmp_path: Path) -> None:
    channel, what = fed(tmp_path, 400)
    assert reads(channel, what) > 400  # the index is made
    assert reads(channel, what) <= 2 * 100 + 10
    feed = feed_of(tmp_path, "themes/tourism.zh.xml")
    days = [text(entry, "a:updated") for entry in feed.findall("a:entry", ATOM)]
    assert len(days) == 100
    assert days == sorted(days, reverse=True)
    assert len(feed_of(tmp_path, "places/p7.zh.xml").findall("a:entry", ATOM)) == 1


@pytest.mark.parametrize("spoilt", [b"", b"{", b'{"tourism-p3-2026-06-zh.json": {"theme": "tourism"}}', b"[]"])
def test_an_index_that_is_spoilt_is_made_again(tmp_path: Path, spoilt: bytes) -> None:
    channel, what = fed(tmp_path, 5)
    assert send(channel, what).outcome == "sent"
    before = (tmp_path / "feeds/index.json").read_bytes()
    (tmp_path / "feeds/index.json").write_bytes(spoilt)
    assert send(channel, what).outcome == "sent"
    assert (tmp_path / "feeds/index.json").read_bytes() == before
    assert len(feed_of(tmp_path, "themes/tourism.zh.xml").findall("a:entry", ATOM)) == 6


def test_an_entry_that_came_in_while_feeds_were_made_stands_in_them(tmp_path: Path) -> None:
    """As two processes do it where nobody can be held off: the other enters right before this one writes its feed."""
    channel, what = fed(tmp_path, 3)
    place: Any = channel._place  # type: ignore[attr-defined]
    put = place.put
    late = (tmp_path / "feeds/entries/tourism-p1-2026-06-zh.json").read_bytes().replace(b"p1", b"p9")

    def put_late(name: str, content: bytes) -> None:
        if name.startswith("themes/"):
            (tmp_path / "feeds/entries/tourism-p9-2026-06-zh.json").write_bytes(late)
        put(name, content)

    place.put = put_late
    assert send(channel, what).outcome == "sent"
    assert len(feed_of(tmp_path, "themes/tourism.zh.xml").findall("a:entry", ATOM)) == 5
    assert len(feed_of(tmp_path, "places/p9.zh.xml").findall("a:entry", ATOM)) == 1
