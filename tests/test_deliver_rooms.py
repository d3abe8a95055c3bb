"""What each chat service gets: key findings as text, and page one as a picture, in the form that it takes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Any

import pytest

from briefings.deliver import open_channel
from briefings.deliver.rooms import page_one
from briefings.errors import RequestError
from tests.deliveries import NOW, PDF, Sent, delivery, file_edition, project, send
from tests.rooms import ANSWER, ROOMS, room, texts

OFFICE = "recipients:\n  office: {name: Office, email: o@example.org, languages: zh, by: way}\n"
PLAIN = "{kind: chat, service: {env: ROOM}, timeout: 60}"
LINKED = "{kind: chat, service: {env: ROOM}, timeout: 60, link: https://example.org/e, path: pictures}"
WITH_APP = "{kind: chat, service: {env: ROOM}, timeout: 60, app: cli_1, app_secret: {env: APP}}"
EDITION = "tourism/riverton/2026-06/zh/r1"
ADDRESS = f"https://example.org/e/{EDITION}/page-1.png"
FINDING = "6月，河城市过夜游客增长3.1%。"
PICTURE = page_one(PDF)


def sent_to(folder: Path, address: str, way: str) -> Sent:
    settings = project(folder, f"channels:\n  way: {way}\n{OFFICE}")
    environ = {"ROOM": address, "APP": "canary-app"}
    with closing(open_channel(settings, "way", environ, now=lambda: NOW)) as channel:
        return send(channel, delivery(file_edition(settings), "office", "way"))


def told_to(name: str, folder: Path, way: str, **options: Any) -> tuple[Sent, list[dict[str, Any]]]:
    """What became of an edition that a service was sent, and what its server took."""
    with room(name, folder, **options) as (server, address):
        sent = sent_to(folder, address, way)
        return sent, server.taken()


@pytest.fixture(params=ROOMS)
def named(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_service_gets_the_findings_and_a_link(named: str, tmp_path: Path) -> None:
    sent, taken = told_to(named, tmp_path, LINKED)
    assert (sent.outcome, sent.receipt.reason, sent.handed) == ("sent", "", 1), sent.receipt
    (text,) = texts(taken)
    assert FINDING in text
    assert f"https://example.org/e/{EDITION}/briefing.html" in text
    assert "github.com" not in text


def test_every_service_gets_the_findings_where_no_picture_can_be_had(named: str, tmp_path: Path) -> None:
    sent, taken = told_to(named, tmp_path, PLAIN)
    assert (sent.outcome, sent.receipt.reason) == ("sent", "")
    assert len(texts(taken)) == 1
    assert "page-1.png" not in texts(taken)[0]


CALLS = '<!channel> <@U1> <at user_id="all">all</at> [x](http://evil.example)'


def test_no_text_of_data_calls_a_room_or_makes_a_link(named: str, tmp_path: Path) -> None:
    """F41: what Slack, Feishu and Teams take for a call of everybody, or for a link with other words."""
    page = f"<h1>{escape(CALLS)}</h1><p>x</p><ul><li>{escape(CALLS)}</li></ul>"
    with room(named, tmp_path) as (server, address):
        settings = project(tmp_path, f"channels:\n  way: {PLAIN}\n{OFFICE}")
        environ = {"ROOM": address, "APP": "canary-app"}
        with closing(open_channel(settings, "way", environ, now=lambda: NOW)) as channel:
            edition = file_edition(settings, mail_dot_html=page.encode())
            assert send(channel, delivery(edition, "office", "way")).outcome == "sent"
        (text,) = texts(server.taken())
    said = json.dumps(json.loads(text), ensure_ascii=False)
    calls = {"slack": ["<!", "<@"], "feishu": ["<at"], "lark": ["<at"], "teams": ["[x]", "<at"]}
    for call in calls.get(named.partition("_")[0], []):
        assert call not in re.sub(r"\\\\.", "", said), call


def test_slack_with_a_bot_takes_the_picture_as_a_file(tmp_path: Path) -> None:
    _, taken = told_to("slack", tmp_path, PLAIN)
    paths = [each["path"].partition("?")[0] for each in taken]
    assert paths == [
        "/api/chat.postMessage",
        "/api/files.getUploadURLExternal",
        "/upload",
        "/api/files.completeUploadExternal",
    ]
    assert "PNG" in taken[2]["body"]


def test_wecom_takes_the_picture_as_a_message_of_its_own(tmp_path: Path) -> None:
    _, taken = told_to("wecom", tmp_path, PLAIN)
    text, picture = (json.loads(each["body"]) for each in taken)
    assert text["msgtype"] == "text"
    assert picture == {
        "msgtype": "image",
        "image": {"base64": base64.b64encode(PICTURE).decode(), "md5": hashlib.md5(PICTURE).hexdigest()},
    }


@pytest.mark.parametrize("name", ["feishu", "lark"])
def test_feishu_takes_the_picture_under_a_key_that_an_app_is_given(name: str, tmp_path: Path) -> None:
    sent, taken = told_to(name, tmp_path, WITH_APP)
    assert sent.receipt.reason == ""
    hook = "/open-apis/bot/v2/hook/0123456789abcdef"
    paths = [each["path"].rstrip("/") for each in taken]
    assert paths == [hook, "/open-apis/auth/v3/tenant_access_token/internal", "/open-apis/im/v1/images", hook]
    assert json.loads(taken[1]["body"]) == {"app_id": "cli_1", "app_secret": "canary-app"}
    assert taken[2]["headers"]["Authorization"] == "Bearer t-1"
    assert json.loads(taken[3]["body"]) == {"msg_type": "image", "content": {"image_key": "img_1"}}


def test_dingtalk_shows_the_picture_at_its_address(tmp_path: Path) -> None:
    _, taken = told_to("dingtalk", tmp_path, LINKED)
    told = json.loads(taken[0]["body"])
    assert told["msgtype"] == "markdown"
    assert told["markdown"]["text"].endswith(f"\n\n![]({ADDRESS})")
    assert r"\<需关注\>" in told["markdown"]["text"]


def test_teams_shows_the_picture_at_its_address(tmp_path: Path) -> None:
    _, taken = told_to("teams", tmp_path, LINKED)
    body = json.loads(taken[0]["body"])["attachments"][0]["content"]["body"]
    page = f"https://example.org/e/{EDITION}/briefing.html"
    assert body[1]["text"].split("\n\n") == [
        f"• {FINDING}",
        r"• 酒店入住率低于上年，\<需关注\>。",
        f"完整版：[{page}]({page})",
    ]
    assert [(each["type"], each.get("url")) for each in body if each["type"] == "Image"] == [("Image", ADDRESS)]


@pytest.mark.parametrize("name", ["slack_webhook", "feishu", "lark"])
def test_the_others_get_a_line_that_leads_to_the_picture(name: str, tmp_path: Path) -> None:
    _, taken = told_to(name, tmp_path, LINKED)
    assert f"首页图片：{ADDRESS}" in texts(taken)[0]


def test_the_picture_is_at_its_address_before_the_room_hears_of_it(tmp_path: Path) -> None:
    with room("dingtalk", tmp_path, script=[503]) as (_, address):
        assert sent_to(tmp_path, address, LINKED).outcome == "failed"
    assert (tmp_path / f"project/pictures/{EDITION}/page-1.png").read_bytes() == PICTURE


def test_pictures_are_not_put_into_the_archive(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="pictures are not put into the archive"):
        sent_to(tmp_path, ROOMS["dingtalk"], LINKED.replace("pictures", "data/editions"))


@pytest.mark.parametrize(
    ("name", "way", "script", "answer"),
    [
        ("wecom", PLAIN, [200, 500], ANSWER),
        ("wecom", PLAIN, [200, "drop"], ANSWER),
        ("slack", PLAIN, [200, 500], ANSWER),
        ("feishu", WITH_APP, [200, 200, 403], ANSWER),
        ("feishu", WITH_APP, [200], ANSWER | {"tenant_access_token": None}),
    ],
)
def test_where_the_picture_alone_fails_the_message_is_there(
    tmp_path: Path, name: str, way: str, script: list[Any], answer: dict[str, Any]
) -> None:
    sent, taken = told_to(name, tmp_path, way, script=script, answer=json.dumps(answer))
    assert (sent.outcome, sent.receipt.reason) == ("sent", "the text was taken, the picture was not")
    assert len(texts(taken)) == 1
    assert "canary" not in repr(sent)


@pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
def test_a_refusal_within_an_answer_of_200_sends_no_picture_after_it(name: str, tmp_path: Path) -> None:
    way = WITH_APP if name == "feishu" else PLAIN
    sent, taken = told_to(name, tmp_path, way, answer='{"errcode": 93000, "code": 19021, "errmsg": "no"}')
    assert sent.outcome == "refused"
    assert len(taken) == 1
