"""The chat services that people use, each played by a web server on loopback: apprise is told to ask there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.deliveries import Server, http_server

#: Service -> its room, as apprise writes it.
ROOMS = {
    "slack": "slack://xoxb-1234-1234-abcdefghij/#general",
    "slack_webhook": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7",
    "teams": "workflows://127.0.0.1:PORT/643e69f83c8944/canary4wcR7Cp0Ynz",
    "wecom": "wecombot://0123456789abcdef0123456789abcdef",
    "dingtalk": "dingtalk://0123456789abcdef0123456789abcdef",
    "feishu": "feishu://0123456789abcdef",
    "lark": "lark://0123456789abcdef",
}
#: An answer that each of them takes for a yes.
ANSWER = {
    **{"ok": True, "channel": "C1", "errcode": 0, "code": 0, "tenant_access_token": "t-1"},
    **{"file_id": "F1", "upload_url": "http://127.0.0.1:PORT/upload", "files": [{"id": "F1"}]},
    "data": {"image_key": "img_1"},
}


@contextmanager
def room(name: str, folder: Path, **options: Any) -> Iterator[tuple[Server, str]]:
    """The server, and the room's address."""
    import apprise  # noqa: F401  the plugins are there once it is
    from apprise.plugins import dingtalk, feishu, lark, slack, wecombot, workflows

    if name == "slack_webhook":
        options.setdefault("answer", "ok")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "rooms.pem"))
    if name == "teams":
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(folder / "own.pem"))
        options["certificate"] = str(folder / "own.pem")
    with (
        http_server(folder, **{"answer": json.dumps(ANSWER), **options}) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        base = f"http://127.0.0.1:{server.port}"
        patch.setenv("REQUESTS_CA_BUNDLE", str(folder / "rooms.pem"))
        patch.setattr(slack.NotifySlack, "api_url", f"{base}/api/{{}}")
        patch.setattr(slack.NotifySlack, "webhook_url", f"{base}/services")
        patch.setattr(wecombot.NotifyWeComBot, "notify_url", f"{base}/send?key={{key}}")
        patch.setattr(dingtalk.NotifyDingTalk, "notify_url", f"{base}/robot?access_token={{token}}")
        patch.setattr(feishu.NotifyFeishu, "notify_url", f"{base}/open-apis/bot/v2/hook/{{token}}/")
        patch.setattr(lark.NotifyLark, "notify_url", f"{base}/open-apis/bot/v2/hook/")
        for plugin in (
            slack.NotifySlack,
            wecombot.NotifyWeComBot,
            dingtalk.NotifyDingTalk,
            feishu.NotifyFeishu,
            lark.NotifyLark,
            workflows.NotifyWorkflows,
        ):
            patch.setattr(plugin, "request_rate_per_sec", 0)
        yield server, ROOMS[name].replace("PORT", str(server.port))


def texts(taken: list[dict[str, Any]]) -> list[str]:
    """The messages of text among what a server took, in the service's own form."""
    found = []
    for each in taken:
        try:
            told = json.loads(each["body"])
        except ValueError:
            continue  # a file that is uploaded
        if told.keys() & {"text", "markdown", "attachments"} or told.get("msg_type") == "text":
            found.append(json.dumps(told, ensure_ascii=False))
    return found
