"""Mail: what a message holds, and what becomes of it with servers that refuse, stall, drop, or cannot be trusted."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from briefings.configuration import read_plain
from briefings.deliver import Channel, open_channel
from briefings.deliver.content import content
from briefings.deliver.wording import WORDINGS
from briefings.errors import DeliveryError, RequestError
from briefings.settings import Settings
from briefings.workspace import builtin
from tests.deliveries import (
    KEY,
    PATIENCE,
    PDF,
    PNG,
    TEXT_ZH,
    Sent,
    Server,
    delivery,
    file_edition,
    mail_server,
    nobody,
    project,
    send,
)

SECRET = "canary-7d1f"
RECIPIENTS = """
channels:
  post:
    kind: mail
    host: {host}
    port: {port}
    security: {security}
    timeout: {timeout}
    sender: {{name: {{en: Research office, zh: 研究室}}, email: briefings@example.org}}
    reply_to: desk@example.org
{more}
recipients:
  office:
    name: 市长办公室
    email: office@例子.example
    languages: zh
    by: post
    formats: [{formats}]
    receives: {{themes: all, places: all}}
  bank:
    name: Bank
    email: bank@example.org
    languages: [zh, en]
    by: post
    receives: {{themes: all, places: all}}
"""


def settings_of(
    folder: Path,
    port: int,
    *,
    host: str = "127.0.0.1",
    security: str = "none",
    more: str = "",
    formats: str = "pdf",
    timeout: int = PATIENCE,
) -> Settings:
    filled = RECIPIENTS.format(host=host, port=port, security=security, more=more, formats=formats, timeout=timeout)
    return project(folder, filled)


def opened(settings: Settings) -> Channel:
    return open_channel(settings, "post", {"SMTP_PASSWORD": SECRET})


def message_of(
    folder: Path, *, formats: str = "pdf", more: str = "", language: str = "zh", **changed: Any
) -> EmailMessage:
    """The frozen message, parsed again."""
    settings = settings_of(folder, 25, formats=formats, more=more)
    edition = file_edition(settings, language=language)
    frozen = opened(settings).freeze(delivery(edition, "office", "post", **changed))
    return parse(frozen)


def body(message: EmailMessage, kind: str) -> str:
    """The text of the plain or HTML part, with lines as Python ends them."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def parse(frozen: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(frozen, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


# The message.


def test_the_headers_are_of_one_reader_alone_and_deterministic(tmp_path: Path) -> None:
    message = message_of(tmp_path)
    assert dict(message.items()) == {
        "Message-ID": f"<{KEY[:32]}@example.org>",
        "Date": "Mon, 20 Jul 2026 08:00:00 +0000",
        "From": "研究室 <briefings@example.org>",
        "To": "市长办公室 <office@xn--fsqu00a.example>",
        "Reply-To": "desk@example.org",
        "Subject": "河城市旅游经济简报（2026年6月）",
        "List-Unsubscribe": "<mailto:desk@example.org?subject=leave%20office>",
        "List-Id": "<tourism.example.org>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "zh-CN",
        "MIME-Version": "1.0",
        "Content-Type": message["Content-Type"],
    }


def test_the_parts_are_plain_text_html_with_charts_and_files(tmp_path: Path) -> None:
    message = message_of(tmp_path, formats="pdf, xlsx")
    kinds = [part.get_content_type() for part in message.walk()]
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert kinds == [
        *("multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"),
        *("application/pdf", sheet),
    ]
    assert body(message, "plain") == TEXT_ZH
    digest = re.search(
        r'<img src="cid:1\.([0-9a-f]{32})@example\.org" alt="折线图，&quot;过夜游客&quot;"', body(message, "html")
    )
    assert digest
    parts = list(message.walk())
    assert parts[5]["Content-ID"] == f"<1.{digest[1]}@example.org>"
    assert parts[5].get_content() == PNG
    assert [part.get_filename() for part in parts[6:]] == [
        "河城市旅游经济简报（2026年6月）.pdf",
        "河城市旅游经济简报（2026年6月）.xlsx",
    ]
    assert parts[6].get_content() == PDF


def test_a_mail_shows_all_charts_of_an_edition(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25)
    more = {f"charts__c{number}_dot_png": PNG for number in range(2, 12)}
    with closing(opened(settings)) as channel:
        message = parse(channel.freeze(delivery(file_edition(settings, **more), "office", "post")))
    assert body(message, "html").count("<img ") == 11
    (related,) = (part for part in message.walk() if part.get_content_type() == "multipart/related")
    assert related.get_param("type") == "text/html"


def test_charts_stand_in_the_order_of_the_pages(tmp_path: Path) -> None:
    drawn = '<svg xmlns="http://www.w3.org/2000/svg"><title>{}</title></svg>'
    page = '<nav><a href="#chart-c1">1</a></nav><figure id="chart-c2"></figure><figure id="chart-c1"></figure>'
    pictures = {f"charts__c{n}_dot_png": PNG for n in (1, 2)}
    titles = {f"charts__c{n}_dot_svg": drawn.format(f"{n} &lt; 3").encode() for n in (1, 2)}
    edition = file_edition(settings_of(tmp_path, 25), briefing_dot_html=page.encode(), **pictures, **titles)
    charts = content(delivery(edition, "office", "post")).charts
    assert [(chart.name, chart.alternative) for chart in charts] == [
        ("charts/c2.png", "2 < 3"),
        ("charts/c1.png", "1 < 3"),
    ]


def test_a_template_has_places_for_what_is_said_above_it_and_for_charts(tmp_path: Path) -> None:
    lines = body(message_of(tmp_path, late=True), "html").splitlines()
    (banner,) = (n for n, line in enumerate(lines) if line.startswith('<div class="banner">'))
    (picture,) = (n for n, line in enumerate(lines) if "<img" in line)
    assert lines[banner - 1] == '<body style="margin:0">'
    assert lines[picture - 1] == "</ul>"
    assert "banner" not in body(message_of(tmp_path / "in time"), "html")


def test_a_template_without_those_places_is_told_above_and_below(tmp_path: Path) -> None:
    page = b"<html><head><title>T</title></head><body><p>One</p></body></html>"
    edition = file_edition(settings_of(tmp_path, 25), mail_dot_html=page)
    told = content(delivery(edition, "office", "post", late=True))
    shown = told.html(told.charts, ["1"])
    assert re.search(r"<body><p>[^<]+</p>\n<p>One</p><p [^>]*><img [^>]*>\n*</p>\n</body></html>$", shown)


def test_the_same_delivery_gives_the_same_bytes(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25)
    what = delivery(file_edition(settings), "office", "post")
    assert opened(settings).freeze(what) == opened(settings).freeze(what)


def test_the_bytes_are_ascii_in_lines_that_every_server_takes(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25, more=f"    unsubscribe: https://example.org/{'leave/' * 30}")
    edition = file_edition(settings, mail_dot_txt=("乌海" * 4000 + "\n" + "x" * 3000).encode())
    frozen = opened(settings).freeze(delivery(edition, "office", "post"))
    assert frozen.isascii()
    assert max(map(len, frozen.split(b"\r\n"))) <= 998
    assert b"\n" not in frozen.replace(b"\r\n", b"")
    parsed = parse(frozen)
    assert body(parsed, "plain") == "乌海" * 4000 + "\n" + "x" * 3000 + "\n"
    assert parsed["List-Unsubscribe"] == f"<https://example.org/{'leave/' * 30}>"


def test_late_partial_and_corrected_editions_say_so(tmp_path: Path) -> None:
    due = datetime(2026, 7, 18, 9, 30, tzinfo=UTC)
    message = message_of(tmp_path, late=True, partial=("酒店收入",), corrects="tourism/riverton/2026-06/zh/r0", due=due)
    assert message["Subject"] == "更正：河城市旅游经济简报（2026年6月）（迟发）（部分数据）"
    told = [
        "本版更正您此前收到的 tourism/riverton/2026-06/zh/r0，请以本版为准。",
        "本期原定于2026年7月18日09:30发送，现延迟送达。",
        "截至发布时限尚未取得、本期暂缺：酒店收入。",
    ]
    assert body(message, "plain").splitlines()[:3] == told
    assert "<br>".join(told) in body(message, "html")


def test_an_english_reader_is_told_in_english(tmp_path: Path) -> None:
    message = message_of(tmp_path, language="en", late=True)
    assert message["Subject"] == "Riverton tourism briefing, June 2026 (late)"
    assert message["From"] == "Research office <briefings@example.org>"
    assert body(message, "plain").startswith("It was due on 20 July 2026 08:00, and is late.\n")


def test_what_is_too_large_is_linked_to(tmp_path: Path) -> None:
    more = "    largest: 1\n    link: https://example.org/editions/"
    settings = settings_of(tmp_path, 25, more=more, formats="pdf, xlsx")
    edition = file_edition(settings, data_dot_xlsx=bytes(2_000_000))
    told = parse(opened(settings).freeze(delivery(edition, "office", "post")))
    files = [part.get_filename() for part in told.walk() if part.get_content_disposition() == "attachment"]
    assert files == ["河城市旅游经济简报（2026年6月）.pdf"]
    url = "https://example.org/editions/tourism/riverton/2026-06/zh/r1/briefing.html"
    assert body(told, "plain").startswith(f"文件过大，不便以附件发送，请在此查看：{url}\n")


def test_a_mail_that_links_to_the_edition_does_not_say_that_it_is_attached(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25, more="    largest: 1\n    link: https://example.org/editions")
    edition = file_edition(settings, briefing_dot_pdf=bytes(2_000_000))
    told = parse(opened(settings).freeze(delivery(edition, "office", "post")))
    url = "https://example.org/editions/tourism/riverton/2026-06/zh/r1/briefing.html"
    for kind in ("plain", "html"):
        assert "完整版见附件。" not in body(told, kind)
        assert body(told, kind).count(url) == 1
    assert [part for part in told.walk() if part.get_content_disposition() == "attachment"] == []


def test_the_words_that_say_so_are_those_of_the_phrase_books() -> None:
    for language, words in WORDINGS.items():
        book = read_plain(builtin("templates") / f"phrases/{language}.yaml")
        assert any(part.get("in full") == words.attached for part in book.values() if isinstance(part, dict))


def test_what_is_too_large_and_has_no_link_is_refused_before_the_first_try(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25, more="    largest: 1")
    edition = file_edition(settings, briefing_dot_pdf=bytes(2_000_000))
    with pytest.raises(DeliveryError, match=r"the mail has 2\.7 MB, 1 MB are allowed; raise `largest` of the channel"):
        opened(settings).freeze(delivery(edition, "office", "post"))


def test_no_text_of_an_edition_becomes_a_header(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25)
    edition = file_edition(settings, mail_dot_txt=b"Title\r\nBcc: all@example.org\r\n\r\nText\r\n")
    told = email.message_from_bytes(opened(settings).freeze(delivery(edition, "office", "post")))
    assert told["Subject"] == "Title"
    assert told["Bcc"] is None


@pytest.mark.parametrize(
    "name", ["Li, evil@x.org, and a very long name that must be folded into the next line", "李明, a@b.c <d@e.f> " * 9]
)
def test_a_long_name_with_signs_of_a_header_is_one_reader(tmp_path: Path, name: str) -> None:
    """Python's email folds a long name in quotation marks without them."""
    settings = settings_of(tmp_path, 25)
    office = settings.recipients.recipients["office"].model_copy(update={"name": name})
    recipients = settings.recipients.model_copy(update={"recipients": {"office": office}})
    post = opened(replace(settings, recipients=recipients))
    told = parse(post.freeze(delivery(file_edition(settings), "office", "post")))
    (address,) = told["To"].addresses
    assert address.addr_spec == "office@xn--fsqu00a.example"
    assert address.display_name.startswith(("Li evil", "李明 a b c"))


def test_a_subject_that_is_too_long_is_shortened(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25)
    edition = file_edition(settings, mail_dot_txt=b"word " * 60 + b"\n\nText\n")
    told = parse(opened(settings).freeze(delivery(edition, "office", "post")))
    assert len(told["Subject"]) <= 150
    assert str(told["Subject"]).endswith("word...")


def test_an_altered_edition_is_not_sent(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25)
    edition = file_edition(settings)
    (edition.folder / "briefing.pdf").write_bytes(b"another")
    with pytest.raises(DeliveryError, match=r"briefing\.pdf was altered since it was filed"):
        opened(settings).freeze(delivery(edition, "office", "post"))


# A server as it should be.


def try_with(settings: Settings, *recipients: str, channel: Channel | None = None) -> list[Sent]:
    """Send one edition to recipients, in one batch."""
    edition = file_edition(settings)
    with closing(channel or opened(settings)) as post:
        return [send(post, delivery(edition, recipient, "post")) for recipient in recipients]


@pytest.fixture
def proper(tmp_path: Path) -> Iterator[Server]:
    with mail_server("proper", tmp_path) as server:
        yield server


def test_a_batch_goes_over_one_connection_a_message_a_reader(tmp_path: Path, proper: Server) -> None:
    sent = try_with(settings_of(tmp_path, proper.port), "office", "bank")
    assert [(each.outcome, each.handed, each.receipt.reply) for each in sent] == [
        ("sent", 1, "250 2.0.0 OK queued"),
        ("sent", 1, "250 2.0.0 OK queued"),
    ]
    taken = proper.taken()
    assert [(each["to"], each["connection"]) for each in taken] == [
        (["office@xn--fsqu00a.example"], 1),
        (["bank@example.org"], 1),
    ]
    for each, own in zip(taken, ("office@", "bank@"), strict=True):
        told = email.message_from_string(each["content"], policy=email.policy.default)
        assert [str(address.addr_spec).partition("@")[0] + "@" for address in told["To"].addresses] == [own]
        assert told["Cc"] is None
        assert told["Bcc"] is None


def test_a_message_arrives_as_it_was_frozen(tmp_path: Path, proper: Server) -> None:
    settings = settings_of(tmp_path, proper.port)
    what = delivery(file_edition(settings), "office", "post")
    with closing(opened(settings)) as post:
        payload = post.freeze(what)
        assert send(post, replace(what, payload=payload)).outcome == "sent"
    assert proper.taken()[0]["content"].encode("latin-1") == payload


@pytest.mark.parametrize(
    ("replies", "outcome", "handed", "reason"),
    [
        ({"MAIL": "451 4.3.0 later"}, "failed", 0, "does not take MAIL now: 451 4.3.0 later"),
        ({"MAIL": "550 5.7.1 no"}, "refused", 0, "refuses MAIL for good: 550 5.7.1 no"),
        ({"RCPT": "450 4.2.0 greylisted"}, "failed", 0, "does not take RCPT now: 450 4.2.0 greylisted"),
        ({"RCPT": "550 5.1.1 unknown"}, "refused", 0, "refuses RCPT for good: 550 5.1.1 unknown"),
        ({"DATA": "452 4.3.1 full"}, "failed", 1, "does not take the message now: 452 4.3.1 full"),
        ({"DATA": "554 5.6.0 spam"}, "refused", 1, "refuses the message for good: 554 5.6.0 spam"),
    ],
)
def test_what_an_answer_means(tmp_path: Path, replies: dict[str, str], outcome: str, handed: int, reason: str) -> None:
    with mail_server("proper", tmp_path, replies=replies) as server:
        (sent,) = try_with(settings_of(tmp_path, server.port), "office")
    assert (sent.outcome, sent.handed) == (outcome, handed)
    assert sent.receipt.reason == f"127.0.0.1:{server.port} {reason}"
    assert server.taken() == []


def test_a_refused_reader_costs_the_others_nothing(tmp_path: Path) -> None:
    replies = {"RCPT bank@example.org": "550 5.1.1 unknown"}
    with mail_server("proper", tmp_path, replies=replies) as server:
        sent = try_with(settings_of(tmp_path, server.port), "office", "bank", "office")
    assert [each.outcome for each in sent] == ["sent", "refused", "sent"]
    assert [each["connection"] for each in server.taken()] == [1, 1]


def test_a_message_beyond_the_servers_size_is_not_even_begun(tmp_path: Path) -> None:
    with mail_server("proper", tmp_path, size=1000) as server:
        (sent,) = try_with(settings_of(tmp_path, server.port), "office")
    assert (sent.outcome, sent.handed) == ("refused", 0)
    assert "the server takes 1,000; lower `largest` of the channel" in sent.receipt.reason


# Certificates and passwords.


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def certificate(authority: trustme.CA, folder: Path, host: str = "127.0.0.1", **options: Any) -> str:
    """A file with a certificate for a host and its key; the authority's own beside it."""
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    path = folder / f"{host}.pem"
    authority.issue_cert(host, **options).private_key_and_cert_chain_pem.write_to_path(str(path))
    return str(path)


LOGIN = "    user: briefings\n    password: {env: SMTP_PASSWORD}\n    certificates: "


def test_a_login_over_starttls(tmp_path: Path, authority: trustme.CA) -> None:
    own = certificate(authority, tmp_path)
    with mail_server("proper", tmp_path, certificate=own, user="briefings", password=SECRET) as server:
        settings = settings_of(tmp_path, server.port, security="starttls", more=f"{LOGIN}{tmp_path / 'ca.pem'}")
        (sent,) = try_with(settings, "office")
    assert sent.receipt.outcome == "sent", sent.receipt
    assert len(server.taken()) == 1


def test_tls_from_the_first_byte(tmp_path: Path, authority: trustme.CA) -> None:
    with mail_server("proper", tmp_path, certificate=certificate(authority, tmp_path), tls="implicit") as server:
        settings = settings_of(tmp_path, server.port, security="tls", more=f"    certificates: {tmp_path / 'ca.pem'}")
        (sent,) = try_with(settings, "office")
    assert sent.receipt.outcome == "sent", sent.receipt


def test_a_wrong_password_is_a_failure_that_names_no_password(tmp_path: Path, authority: trustme.CA) -> None:
    own = certificate(authority, tmp_path)
    with mail_server("proper", tmp_path, certificate=own, user="briefings", password="another") as server:
        settings = settings_of(tmp_path, server.port, security="starttls", more=f"{LOGIN}{tmp_path / 'ca.pem'}")
        (sent,) = try_with(settings, "office")
    assert (sent.outcome, sent.handed) == ("failed", 0)
    assert sent.receipt.reason == (f"127.0.0.1:{server.port} refuses the login of 'briefings' (535); nothing was sent")
    assert SECRET not in repr(sent)
    assert server.taken() == []


@pytest.mark.parametrize(("security", "tls"), [("starttls", "starttls"), ("tls", "implicit")])
@pytest.mark.parametrize(
    ("host", "expired", "trusted", "reason"),
    [
        ("mail.example.org", False, True, "IP address mismatch"),
        ("127.0.0.1", True, True, "certificate has expired"),
        ("127.0.0.1", False, False, "unable to get local issuer certificate"),
    ],
    ids=["another host", "expired", "unknown authority"],
)
def test_a_bad_certificate_ends_the_try_before_anything_is_sent(
    tmp_path: Path,
    authority: trustme.CA,
    security: str,
    tls: str,
    host: str,
    expired: bool,
    trusted: bool,
    reason: str,
) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    own = certificate(authority, tmp_path, host, **({"not_after": past} if expired else {}))
    more = f"    certificates: {tmp_path / 'ca.pem'}" if trusted else ""
    with mail_server("proper", tmp_path, certificate=own, tls=tls) as server:
        (sent,) = try_with(settings_of(tmp_path, server.port, security=security, more=more), "office")
    assert (sent.outcome, sent.handed) == ("failed", 0)
    assert f"the certificate of 127.0.0.1:{server.port} is not to be trusted" in sent.receipt.reason
    assert reason in sent.receipt.reason
    assert server.taken() == []


def test_a_server_without_starttls_gets_nothing_in_clear(tmp_path: Path, proper: Server) -> None:
    (sent,) = try_with(settings_of(tmp_path, proper.port, security="starttls"), "office")
    assert (sent.outcome, sent.handed) == ("failed", 0)
    assert sent.receipt.reason == f"127.0.0.1:{proper.port} offers no STARTTLS or no login; nothing was sent in clear"
    assert proper.taken() == []


def test_certificates_that_are_none_are_told_when_the_channel_is_opened(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25, security="tls", more="    certificates: config/none.pem")
    with pytest.raises(RequestError, match=r"config/none\.pem: No such file or directory; name a file of certificates"):
        opened(settings)


# A server that is not as it should be.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "outcome", "handed", "taken", "reason"),
    [
        ("silent", "failed", 0, 0, "cannot be reached: no answer within 3 seconds"),
        ("silent_after_rcpt", "failed", 0, 0, "broke off before the message was whole: no answer within 3 seconds"),
        ("silent_after_dot", "ambiguous", 1, 1, "ended the connection before it answered: no answer within 3 seconds"),
        (
            "drop_after_dot",
            "ambiguous",
            1,
            1,
            "ended the connection before it answered: Connection unexpectedly closed",
        ),
    ],
)
def test_what_silence_means(tmp_path: Path, act: str, outcome: str, handed: int, taken: int, reason: str) -> None:
    with mail_server("raw", tmp_path, script=[act]) as server:
        (sent,) = try_with(settings_of(tmp_path, server.port, timeout=3), "office")
        assert (sent.outcome, sent.handed, len(server.took(taken))) == (outcome, handed, taken)
    assert sent.receipt.reason == f"127.0.0.1:{server.port} {reason}"


def test_a_connection_that_dies_within_the_message_hands_nothing_over(tmp_path: Path) -> None:
    with mail_server("raw", tmp_path, script=["drop_before_dot"]) as server:
        settings = settings_of(tmp_path, server.port)
        edition = file_edition(settings, briefing_dot_pdf=bytes(8_000_000))
        with closing(opened(settings)) as post:
            sent = send(post, delivery(edition, "office", "post"))
        assert (sent.outcome, sent.handed, server.taken()) == ("failed", 0, [])
    assert "broke off before the message was whole" in sent.receipt.reason


def test_nobody_there(tmp_path: Path) -> None:
    with nobody() as port:
        (sent,) = try_with(settings_of(tmp_path, port), "office")
    assert (sent.outcome, sent.handed) == ("failed", 0)
    assert sent.receipt.reason == f"127.0.0.1:{port} cannot be reached: Connection refused"


def test_a_host_that_is_none(tmp_path: Path) -> None:
    (sent,) = try_with(settings_of(tmp_path, 25, host="mail.invalid"), "office")
    assert (sent.outcome, sent.handed) == ("failed", 0)
    assert sent.receipt.reason.startswith("mail.invalid:25 cannot be reached: ")


def test_a_resend_carries_the_same_message_id_so_that_servers_can_tell(tmp_path: Path) -> None:
    with mail_server("raw", tmp_path, script=["drop_after_dot", "accept"]) as server:
        settings = settings_of(tmp_path, server.port)
        what = delivery(file_edition(settings), "office", "post")
        with closing(opened(settings)) as post:
            first = replace(what, payload=post.freeze(what))
            outcomes = [send(post, first).outcome, send(post, replace(first, again=True)).outcome]
        one, two = server.taken()
    assert outcomes == ["ambiguous", "sent"]
    assert one["content"] == two["content"]
    assert f"Message-ID: <{KEY[:32]}@example.org>" in one["content"]


def test_a_kept_connection_that_ended_is_opened_anew(tmp_path: Path) -> None:
    with mail_server("raw", tmp_path, script=["accept_one"]) as server:
        sent = try_with(settings_of(tmp_path, server.port), "office", "bank", "office")
        assert [(each.outcome, each.handed) for each in sent] == [("sent", 1)] * 3
        assert [each["connection"] for each in server.taken()] == [1, 2, 3]


def test_what_stops_the_ledger_before_the_dot_completes_no_message(tmp_path: Path) -> None:
    """Where handing over cannot be entered, the connection is dropped within the message, and not used again."""
    with mail_server("raw", tmp_path, script=["accept"]) as server:
        settings = settings_of(tmp_path, server.port)
        what = delivery(file_edition(settings), "office", "post")

        def no_room() -> None:
            raise OSError("database or disk is full")

        with closing(opened(settings)) as post:
            frozen = replace(what, payload=post.freeze(what))
            with pytest.raises(OSError, match="disk is full"):
                post.send(frozen, no_room)
            assert server.taken() == []
            assert post.send(frozen, lambda: None).outcome == "sent"
        assert [each["connection"] for each in server.taken()] == [2]


def test_a_recipient_that_is_gone_is_refused(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 25)
    with pytest.raises(DeliveryError, match="'mayor' is no recipient any more"):
        opened(settings).freeze(delivery(file_edition(settings), "mayor", "post"))


HEADERS = {
    *("Message-ID", "Date", "From", "To", "Reply-To", "Subject", "List-Unsubscribe", "Auto-Submitted", "List-Id"),
    *("MIME-Version", "Content-Type", "Content-Language"),
}


@settings_of_hypothesis(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), name=st.text(min_size=1, max_size=60))
def test_whatever_a_text_holds_the_message_can_be_read_back(tmp_path: Path, text: str, name: str) -> None:
    """F25, F27, F63: no header but ours, each once, no line too long, the text as it was."""
    settings = settings_of(tmp_path, 25)
    if (settings.workspace.editions).exists():
        shutil.rmtree(settings.workspace.editions)
    edition = file_edition(settings, mail_dot_txt=text.encode("utf-8", "replace"))
    recipients = settings.recipients
    if name.strip() and name.isprintable():
        office = recipients.recipients["office"].model_copy(update={"name": name})
        recipients = recipients.model_copy(update={"recipients": {**recipients.recipients, "office": office}})
    post = opened(replace(settings, recipients=recipients))
    frozen = post.freeze(delivery(edition, "office", "post"))
    told = parse(frozen)
    assert frozen.isascii()
    assert max(map(len, frozen.split(b"\r\n"))) <= 998
    assert set(told.keys()) == HEADERS
    assert len(told.keys()) == len(HEADERS)
    assert [address.addr_spec for address in told["To"].addresses] == ["office@xn--fsqu00a.example"]
    assert str(told["Subject"]).isprintable()
