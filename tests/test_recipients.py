"""Recipients: who gets what, and every mistake in their file at its line and column, without showing a secret."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from briefings import calendar
from briefings.configuration import ALL, Secret
from briefings.configuration.recipients import Cadence
from briefings.deliver import Reader, allowed, check, open_channel, owner_of, readers
from briefings.errors import ConfigurationError, RequestError
from briefings.periods import Frequency
from briefings.settings import Settings
from tests.deliveries import project

POST = "channels:\n  post: {kind: mail, host: smtp.example.org, sender: {email: b@example.org}}\n"
SHELF = "channels:\n  shelf: {kind: folder, path: out}\n"
OFFICE = "recipients:\n  office: {name: Office, email: o@example.org, languages: zh, by: post"


def told(folder: Path, text: str) -> list[str]:
    """The first line of each complaint."""
    with pytest.raises(ConfigurationError) as caught:
        project(folder, text)
    return [complaint.splitlines()[0] for complaint in caught.value.complaints]


def cases() -> list[tuple[str, list[str]]]:
    """The pairs of `cases/recipients.txt`: a file, and what is said of it."""
    text = (Path(__file__).parent / "cases/recipients.txt").read_text("utf-8")
    text = text.partition("\n\n")[2].replace("$POST\n", POST).replace("$OFFICE", OFFICE)
    pairs = (block.split("\n->\n") for block in text.strip().split("\n\n"))
    return [(f"{written}\n", said.splitlines()) for written, said in pairs]


@pytest.mark.parametrize(("text", "complaints"), cases(), ids=[said[0][:60] for _, said in cases()])
def test_a_mistake_is_told_at_its_place(tmp_path: Path, text: str, complaints: list[str]) -> None:
    assert told(tmp_path, text) == [f"config/recipients.yaml:{complaint}" for complaint in complaints]


@pytest.mark.parametrize(
    "text",
    [
        "channels:\n  post: {kind: mail, host: h.org, sender: {email: b@c.org}, user: me, password: hunter2}\n",
        "channels:\n  post:\n    kind: mail\n    host: h.org\n    sender: {email: b@c.org}\n    user: me\n"
        "    password: {value: hunter2}\n",
        "channels:\n  post: {kind: mail, host: h.org, sender: {email: b@c.org}, user: me, password: {env: hunter2}}\n",
        "channels:\n  room: {kind: chat, service: slack://hunter2/B/C}\n",
        "channels:\n  shelf: {kind: folder, path: 's3://me:hunter2@bucket/x'}\n",
        "channels:\n  shelf: {kind: folder, path: 's3://bucket/x', options: {key: hunter2}}\n",
        "channels:\n  hook: {kind: webhook, url: 'https://me:hunter2@example.org/x', secret: {env: KEY}}\n",
        "channels:\n  hook: {kind: webhook, url: 'https://example.org', secret: |\n    hunter2\n    hunter2\n   }\n",
    ],
)
def test_a_secret_in_clear_is_a_mistake_that_is_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        project(tmp_path, text)
    assert "hunter2" not in str(caught.value)
    assert "config/recipients.yaml:" in str(caught.value)


def test_a_domain_in_other_letters_is_written_in_punycode(tmp_path: Path) -> None:
    settings = project(tmp_path, POST + OFFICE.replace("o@example.org", "o@例子.example") + "}\n")
    assert settings.recipients.recipients["office"].email == "o@xn--fsqu00a.example"


# Secrets.


@pytest.mark.parametrize(
    ("reference", "complaint"),
    [
        ("{env: KEY}", "the environment variable KEY is not set; set it to the secret"),
        ("{file: none.txt}", "the file none.txt cannot be read (No such file or directory); put the secret there"),
        ("{file: config/project.yaml}", "the file config/project.yaml holds no secret on one line; put it there"),
    ],
)
def test_a_channel_without_its_secret_is_told_before_anything_is_built(
    tmp_path: Path, reference: str, complaint: str
) -> None:
    text = f"channels:\n  hook: {{kind: webhook, url: 'https://example.org', secret: {reference}}}\n"
    settings = project(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        check(settings, {})
    first = str(caught.value).splitlines()[0]
    assert first == f"config/recipients.yaml:2:61: channels.hook.secret: {complaint}"
    with pytest.raises(RequestError) as again:
        open_channel(settings, "hook", {})
    assert str(again.value) == f"the channel 'hook' lacks its secret: {complaint}"


def test_a_secret_is_read_from_the_environment_or_a_file_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hunter2\n")
    found = [Secret(file="key").reveal({}, tmp_path), Secret(env="KEY").reveal({"KEY": "hunter2"}, tmp_path)]
    assert [secret.expose() for secret in found] == ["hunter2", "hunter2"]
    assert [f"{secret} {secret!r}" for secret in found] == ["*** ***", "*** ***"]
    assert "hunter2" not in repr(found)


# Readers.

LIST = """
channels:
  shelf: {kind: folder, path: out}
  post: {kind: mail, host: smtp.example.org, sender: {email: b@example.org}}
owner: desk
owners: {tourism: office}
recipients:
  desk: {name: Desk, languages: [en, zh], by: shelf, receives: {themes: all, places: all}}
  office:
    name: Office
    email: o@example.org
    languages: zh
    by: [post, shelf]
    receives:
      - {themes: tourism, places: riverton, cadence: monthly}
      - {themes: tourism, places: [riverton, lakeside], cadence: quarterly, languages: en, by: post}
  silent: {name: Silent, languages: zh, by: shelf}
"""


def listed(folder: Path, text: str = LIST) -> Settings:
    """A project with these readers, whose theme is made each month and each quarter."""
    project(folder, SHELF)
    theme = folder / "project/config/themes/tourism.yaml"
    if "schedule:" not in theme.read_text("utf-8"):
        schedule = "schedule: [{release: 20th}, {release: 20th, cadence: quarterly}]\n"
        theme.write_text(theme.read_text("utf-8") + schedule, encoding="utf-8")
    return project(folder, text)


def test_a_reader_gets_what_the_entry_allows(tmp_path: Path) -> None:
    settings = listed(tmp_path)
    desk = (Reader("desk", "shelf", "en"), Reader("desk", "shelf", "zh"))
    office = (Reader("office", "post", "zh"), Reader("office", "shelf", "zh"))
    assert readers(settings, "tourism", "riverton", Frequency.MONTHLY) == (*desk, *office)
    assert readers(settings, "tourism", "lakeside", Frequency.MONTHLY) == desk
    assert readers(settings, "tourism", "lakeside", Frequency.QUARTERLY) == (*desk, Reader("office", "post", "en"))
    assert readers(settings, "none", "riverton", Frequency.MONTHLY) == ()


def test_what_is_allowed_is_asked_again_of_the_entry_as_it_stands(tmp_path: Path) -> None:
    office = Reader("office", "post", "zh")
    assert allowed(listed(tmp_path), office, "tourism", "riverton", Frequency.MONTHLY)
    narrowed = listed(
        tmp_path, LIST.replace("places: riverton, cadence: monthly", "places: lakeside, cadence: monthly")
    )
    assert not allowed(narrowed, office, "tourism", "riverton", Frequency.MONTHLY)


def test_entries_that_overlap_give_one_edition(tmp_path: Path) -> None:
    text = LIST.replace("cadence: monthly}", "cadence: monthly}\n      - {themes: all, places: all, languages: zh}")
    found = readers(listed(tmp_path, text), "tourism", "riverton", Frequency.MONTHLY)
    assert [reader for reader in found if reader.recipient == "office"] == [
        Reader("office", "post", "zh"),
        Reader("office", "shelf", "zh"),
    ]


def test_owners(tmp_path: Path) -> None:
    settings = listed(tmp_path)
    assert (owner_of(settings, "tourism"), owner_of(settings, "another")) == ("office", "desk")
    assert owner_of(project(tmp_path, SHELF), "tourism") is None


def test_the_cadences_of_recipients_are_those_of_the_calendar() -> None:
    assert get_args(Cadence) == tuple(cadence.value for cadence in calendar.Cadence)
    assert ALL == "all"
