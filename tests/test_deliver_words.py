"""What delivery says beside the edition: corrections, notices; and that no secret is ever shown."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from contextlib import closing
from email import message_from_string
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from briefings.briefing import Briefing
from briefings.deliver import Notice, open_channel, tell
from briefings.deliver.content import content
from briefings.deliver.corrections import MOST_TOLD
from briefings.errors import ArchiveError
from briefings.faults import POINTS
from tests.deliveries import NOW, delivery, file_edition, http_server, mail_server, project, send

SHELF = """
channels:
  shelf: {kind: folder, path: out}
owner: desk
recipients:
  desk: {name: Desk, languages: zh, by: shelf}
"""
GOLDEN = Path(__file__).parent / "golden"


OF_DEPOSITS = {"unit": "CNY", "nature": "stock", "growth_class": "nominal", "direction": "higher"}


def figure(indicator: str, value: float, place: str = "riverton", **more: Any) -> dict[str, Any]:
    told = {"id": f"f{indicator}{len(more)}", "kind": "level", "indicator": indicator, "place": place, "unit": "CNY"}
    return told | {"period": "2026-06", "value": value, "inputs": []} | more


def briefing(figures: Sequence[dict[str, Any]] = ()) -> bytes:
    """A briefing that tells these figures in one finding."""
    names = {each["indicator"]: {"en": "Deposits", "zh": "存款余额"} for each in figures}
    finding = {"id": "f", "kind": "level", "indicator": "deposits", "place": "riverton", "period": "2026-06"}
    whole = Briefing.model_validate(
        {
            **{"theme": "tourism", "title": {"zh": "简报"}, "place": "riverton", "period": "2026-06"},
            **{"cadence": "monthly", "cut_off": "2026-07-01", "languages": ["zh"], "summary": None},
            **{"headline": [finding | {"figures": {each["id"]: each["id"] for each in figures}}]},
            **{"sections": [], "notes": [], "sources": [], "house": {"publisher": {"zh": "局"}}},
            "figures": {each["id"]: each for each in figures},
            "names": {
                "indicators": {key: {"name": name, **OF_DEPOSITS} for key, name in names.items()},
                "places": {"riverton": {"name": {"en": "Riverton", "zh": "河城市"}, "kind": "city"}},
            },
        }
    )
    return whole.to_json().encode()


def remarks(folder: Path, before: list[Any], after: list[Any]) -> tuple[str, ...]:
    """What the correction of an edition with some figures by one with others says."""
    settings = project(folder, SHELF)
    one, two = (
        file_edition(
            settings,
            revision=number,
            figures_dot_json=json.dumps([{"id": each["id"], "printed": [{"text": "1"}]} for each in figures]).encode(),
            briefing_dot_json=briefing(figures),
        )
        for number, figures in ((1, before), (2, after))
    )
    return content(delivery(two, "desk", "shelf", corrects=one.id)).remarks


def test_a_correction_names_the_figures_that_changed(tmp_path: Path) -> None:
    told = remarks(
        tmp_path,
        [figure("deposits", 1.26e9), figure("loans", 9.1e8), figure("gone", 1)],
        [figure("deposits", 1.27e9), figure("loans", 9.1e8), figure("new", 2)],
    )
    assert told == (
        "本版更正您此前收到的 tourism/riverton/2026-06/zh/r1，请以本版为准。",
        "有变动的数据：河城市存款余额（2026年6月）：12.7亿元（原为12.6亿元）",
    )


def test_a_correction_of_many_figures_names_the_first(tmp_path: Path) -> None:
    count = MOST_TOLD + 3
    before, after = ([figure(f"i{n}", n + more, basis=f"b{n}") for n in range(count)] for more in (1, 5000))
    told = remarks(tmp_path, before, after)[1]
    assert told.count("原为") == MOST_TOLD
    assert told.endswith("；另有3处")


def test_what_has_no_name_is_counted_and_stops_no_correction(tmp_path: Path) -> None:
    before, after = (
        [figure("deposits", value), figure("deposits", value, breakdown="sector=raw_material")] for value in (2e8, 3e8)
    )
    told = remarks(tmp_path, before, after)[1]
    assert told == "有变动的数据：河城市存款余额（2026年6月）：3亿元（原为2亿元）；另有1处"


def test_a_briefing_of_another_form_is_a_damaged_edition(tmp_path: Path) -> None:
    edition = file_edition(project(tmp_path, SHELF), briefing_dot_json=b"{}")
    with pytest.raises(ArchiveError, match="no briefing that this version reads"):
        edition.briefing()


def test_a_correction_of_words_alone_names_no_figures(tmp_path: Path) -> None:
    assert len(remarks(tmp_path, [figure("deposits", 1)], [figure("deposits", 1)])) == 1


@pytest.mark.parametrize(
    ("lacking", "says", "subject", "told"),
    [
        ([], None, "补全版：河城市", "本版补全您此前收到的部分数据版 tourism/riverton/2026-06/zh/r1，请以本版为准。"),
        ([], "tourism/riverton/2026-06/zh/r1", "补全版：河城市", None),
        (["deposits"], None, "更正：河城市", "本版更正您此前收到的 tourism/riverton/2026-06/zh/r1，请以本版为准。"),
    ],
    ids=["whole", "whole, and its pages say so", "partial still"],
)
def test_the_whole_edition_after_a_partial_one_says_so(
    lacking: list[str], says: str | None, subject: str, told: str | None, tmp_path: Path
) -> None:
    settings = project(tmp_path, SHELF)
    files = {"briefing_dot_json": briefing()}
    one = file_edition(settings, facts={"partial": ["deposits", "loans"]}, **files)
    facts = {"partial": lacking, **({"completes": says} if says else {})}
    two = file_edition(settings, revision=2, facts=facts, **files)
    said = content(delivery(two, "desk", "shelf", corrects=one.id))
    assert said.subject.startswith(subject)
    assert ("（部分数据）" in said.subject) == bool(lacking)
    assert said.remarks == ((told,) if told else ())


def test_of_one_edition_each_reader_gets_his_own_subject(tmp_path: Path) -> None:
    """Who received the partial edition hears that it is whole now; who receives it first hears nothing of that."""
    with mail_server("proper", tmp_path) as server:
        post = "{kind: mail, host: 127.0.0.1, port: PORT, security: none, sender: {email: b@example.org}}"
        settings = project(tmp_path, SHELF.replace("{kind: folder, path: out}", post.replace("PORT", str(server.port)))
                           .replace("Desk,", "Desk, email: d@example.org,"))  # fmt: skip
        one = file_edition(settings, facts={"partial": ["deposits"]})
        two = file_edition(settings, revision=2, facts={"partial": [], "completes": one.id})
        with closing(open_channel(settings, "shelf", {})) as channel:
            for corrects in (one.id, ""):
                assert send(channel, delivery(two, "desk", "shelf", corrects=corrects)).outcome == "sent"
        subjects = [str(message_from_string(each["content"], policy=default)["Subject"]) for each in server.taken()]
    assert [subject.startswith("补全版：") for subject in subjects] == [True, False]


# Notices.

NOTICE = Notice(
    "held/tourism", "2026-06 waits for deposits", NOW, "It is held.", "Run `briefings ingest`.", theme="tourism"
)


def test_an_owner_hears_what_since_when_what_was_done_and_what_to_do(tmp_path: Path) -> None:
    settings = project(tmp_path, SHELF)
    for mended in (False, True):
        notice = Notice(**{**vars(NOTICE), "mended": mended})
        assert tell(settings, notice, {}, now=lambda: NOW).outcome == "sent"
    told = sorted(path.read_text("utf-8") for path in (tmp_path / "project/out/notices").iterdir())
    assert [text.splitlines()[0] for text in told] == [
        "已恢复：[tourism] 2026-06 waits for deposits",
        "待处理：[tourism] 2026-06 waits for deposits",
    ]
    assert told[1].splitlines()[3:] == [
        *(
            "主题：tourism",
            "",
            "情况：2026-06 waits for deposits",
            "",
            "开始时间：2026-07-20 16:00 (Asia/Shanghai)",
            "",
        ),
        *("已采取的措施：It is held.", "", "需要您做的：Run `briefings ingest`."),
    ]


def test_where_nobody_is_the_owner_nobody_hears(tmp_path: Path) -> None:
    receipt = tell(project(tmp_path, SHELF.replace("owner: desk\n", "")), NOTICE, {}, now=lambda: NOW)
    assert receipt.reason == "nobody is named as owner; add `owner:` to config/recipients.yaml"


def test_an_owner_is_told_by_the_next_channel_where_the_first_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    text = SHELF.replace("out}", "out}\n  broken: {kind: folder, path: ../file}").replace(
        "by: shelf", "by: [broken, shelf]"
    )
    assert tell(project(tmp_path, text), NOTICE, {}, now=lambda: NOW).outcome == "sent"


# Secrets and fault points.


def test_a_canary_is_found_in_no_receipt_log_or_payload(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """F58: whatever happens on the way, what the environment holds is shown nowhere."""
    canary = "canary-9e2b"
    caplog.set_level(logging.DEBUG)
    environ = {"PASSWORD": canary, "KEY": canary}
    with (
        http_server(tmp_path, script=[500], answer=f"you sent {canary}") as web,
        mail_server("proper", tmp_path, replies={"RCPT": f"550 5.7.1 {canary}"}) as post,
    ):
        environ["ROOM"] = f"json://127.0.0.1:{web.port}/{canary}"
        settings = project(
            tmp_path,
            f"""
channels:
  hook: {{kind: webhook, url: 'http://127.0.0.1:{web.port}', secret: {{env: KEY}}}}
  room: {{kind: chat, service: {{env: ROOM}}}}
  post:
    {{kind: mail, host: 127.0.0.1, port: {post.port}, security: starttls, user: me, password: {{env: PASSWORD}},
     sender: {{email: b@example.org}}}}
recipients:
  desk: {{name: Desk, email: d@example.org, languages: zh, by: [hook, room, post]}}
""",
        )
        edition = file_edition(settings)
        for name in ("hook", "room", "post"):
            with closing(open_channel(settings, name, environ)) as channel:
                what = delivery(edition, "desk", name)
                assert canary.encode() not in channel.freeze(what)
                sent = send(channel, what)
                assert sent.outcome == "failed"
                assert canary not in f"{sent!r} {channel!r} {vars(channel)!r}"
    assert canary not in repr(settings)
    assert canary not in "".join(
        record.getMessage() for record in caplog.records if record.name != "urllib3.connectionpool"
    )


def test_each_step_of_a_delivery_is_a_fault_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = tmp_path / "trace"
    monkeypatch.setenv("BRIEFINGS_FAULT_TRACE", str(trace))
    with http_server(tmp_path) as web, mail_server("proper", tmp_path) as post:
        settings = project(
            tmp_path,
            f"""
channels:
  hook: {{kind: webhook, url: 'http://127.0.0.1:{web.port}', secret: {{env: KEY}}}}
  room: {{kind: chat, service: {{env: ROOM}}}}
  post: {{kind: mail, host: 127.0.0.1, port: {post.port}, security: none, sender: {{email: b@example.org}}}}
  shelf: {{kind: folder, path: shelf}}
  feeds: {{kind: feed, path: feeds}}
recipients:
  desk: {{name: Desk, email: d@example.org, languages: zh, by: [hook, room, post, shelf, feeds]}}
""",
        )
        environ = {"KEY": "k", "ROOM": f"json://127.0.0.1:{web.port}"}
        edition = file_edition(settings)
        for name in settings.recipients.channels:
            with closing(open_channel(settings, name, environ)) as channel:
                assert send(channel, delivery(edition, "desk", name)).outcome == "sent"
    kinds = ("archive.", "mail.", "folder.", "webhook.", "chat.", "feed.")
    assert set(trace.read_text().split()) == {name for name in POINTS if name.startswith(kinds)}
