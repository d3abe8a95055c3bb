"""What tests of delivery share: a project with recipients, a filed edition, servers in processes of their own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from briefings.archive import Archive, BuiltFrom, Edition, EditionKey
from briefings.deliver import Channel, Delivery, Receipt
from briefings.settings import Settings, load
from briefings.workspace import Workspace, builtin

HERE = Path(__file__).parent
NOW = datetime(2026, 7, 20, 8, tzinfo=UTC)
GOLDEN = HERE / "golden"
KEY = "0123456789abcdef" * 4
#: How long a test waits for what must come, in seconds; and a channel for an answer, where silence is not the matter.
PATIENCE = 60
#: The least that is a PDF of one page.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 60 80]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)

MAIL_ZH = """<!DOCTYPE html>
<html lang="zh-CN"><head><title>河城市旅游经济简报（2026年6月）</title></head>
<body style="margin:0">
<!-- banner <div class="banner">…</div> -->
<div>
<p>文旅局</p>
<h1>河城市旅游经济简报（2026年6月）</h1>
<p>6月，河城市过夜游客增长3.1%。</p>
<ul>
<li>6月，河城市过夜游客增长3.1%。</li>
<li>酒店入住率低于上年，&lt;需关注&gt;。</li>
</ul>
<!-- charts -->
<p>完整版见附件。</p>
<p>发布单位：文旅局</p>
</div></body></html>
"""
TEXT_ZH = "河城市旅游经济简报（2026年6月）\n文旅局\n\n6月，河城市过夜游客增长3.1%。\n.一行以点开头\n\n完整版见附件。\n"


def project(folder: Path, recipients: str) -> Settings:
    """The project that `briefings init` begins, with these recipients."""
    root = folder / "project"
    if not root.exists():
        shutil.copytree(builtin("templates") / "starter", root)
    (root / "config/recipients.yaml").write_text(recipients, encoding="utf-8")
    return load(Workspace.find(root))


def file_edition(
    settings: Settings,
    *,
    language: str = "zh",
    revision: int = 1,
    facts: Mapping[str, object] | None = None,
    **files: bytes,
) -> Edition:
    """A filed edition, small, with a chart; its manifest says `facts` beside its title."""
    heading = "河城市旅游经济简报（2026年6月）" if language == "zh" else "Riverton tourism briefing, June 2026"
    content = {
        "briefing.html": b'<a href="#chart-c1"></a><figure id="chart-c1"><svg></svg></figure>',
        "briefing.pdf": PDF,
        "data.csv": "指标,数值\n".encode(),
        "data.xlsx": b"PK\x03\x04",
        "mail.html": MAIL_ZH.replace("河城市旅游经济简报（2026年6月）", heading).encode(),
        "mail.txt": TEXT_ZH.replace("河城市旅游经济简报（2026年6月）", heading).encode(),
        "figures.json": b"[]",
        "charts/c1.png": PNG,
        "charts/c1.svg": '<svg><title id="c1-title">折线图，"过夜游客"</title></svg>'.encode(),
    } | {name.replace("__", "/").replace("_dot_", "."): value for name, value in files.items()}
    return Archive(settings.workspace.editions).save(
        EditionKey("tourism", "riverton", "2026-06", language),
        content,
        revision=revision,
        built_from=BuiltFrom(theme="t", templates="p", fonts="f", data=f"d{revision}", program="1"),
        as_of=None,
        built_at=NOW,
        facts={"title": heading, **(facts or {})},
    )


def delivery(edition: Edition, recipient: str, channel: str, **changed: Any) -> Delivery:
    """A delivery of an edition, not frozen yet."""
    told = Delivery(
        key=KEY,
        message_id=KEY[:32],
        recipient=recipient,
        channel=channel,
        language=edition.key.language,
        edition=edition.id,
        folder=edition.folder,
        dated=NOW,
        due=NOW,
    )
    return replace(told, **changed)


@dataclass
class Sent:
    """A receipt, and how often handing over was told."""

    receipt: Receipt
    handed: int

    @property
    def outcome(self) -> str:
        return self.receipt.outcome


def send(channel: Channel, what: Delivery) -> Sent:
    """Freeze (where that was not done) and send, counting how often handing over begins."""
    handed: list[None] = []
    frozen = what if what.payload else replace(what, payload=channel.freeze(what))
    return Sent(channel.send(frozen, lambda: handed.append(None)), len(handed))


@dataclass(frozen=True)
class Server:
    port: int
    spool: Path

    def taken(self) -> list[dict[str, Any]]:
        """What the server took, in order. What stands after the last line's end is being written."""
        whole, _, _ = self.spool.read_text().rpartition("\n") if self.spool.exists() else ("", "", "")
        return [json.loads(line) for line in whole.splitlines()]

    def took(self, number: int) -> list[dict[str, Any]]:
        """What the server took, waited for: it may write it down after its other side gave up."""
        for _ in range(PATIENCE * 50):
            if len(self.taken()) >= number:
                break
            time.sleep(0.02)
        return self.taken()


@contextmanager
def nobody() -> Iterator[int]:
    """A port of loopback at which nobody listens, nor will while the block lasts."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextmanager
def _process(folder: Path, script: list[str], options: dict[str, Any]) -> Iterator[Server]:
    spool = folder / f"spool-{len(list(folder.glob('spool-*')))}.jsonl"
    spool.touch()
    told = [sys.executable, *script, json.dumps({"spool": str(spool), **options})]
    with subprocess.Popen(told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield Server(int(process.stdout.readline()), spool)
        finally:
            process.kill()


def mail_server(kind: str, folder: Path, **options: Any) -> AbstractContextManager[Server]:
    """A server of `mail_servers`, in a process of its own."""
    return _process(folder, [str(HERE / "mail_servers.py"), kind], options)


def http_server(folder: Path, **options: Any) -> AbstractContextManager[Server]:
    """A server of `http_servers`, in a process of its own."""
    return _process(folder, [str(HERE / "http_servers.py")], options)
