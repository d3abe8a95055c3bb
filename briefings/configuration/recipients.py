"""`config/recipients.yaml`, or any file in `config/recipients/`: who gets what, in which language, by which channel.

Comes in: the file's tree. Goes out: `RecipientsFile`. Whether themes, places and channels are known, and whether every
secret is there, is checked in `settings`; how a channel works is told next door, in `channels`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .channels import Address, ChannelSettings
from .models import Identifier, Language, Model, OneOrMore, Text, about
from .wording import PlacedError, quoted

#: The cadences, as `briefings.calendar.Cadence` names them.
Cadence = Literal["plan", "annual", "half-yearly", "quarterly", "monthly", "ten-day", "weekly", "daily"]
Format = Literal["pdf", "html", "docx", "csv", "xlsx"]
ALL = "all"


def _one_line(value: str) -> str:
    if not value.isprintable():
        raise ValueError(f"{quoted(value)} holds a line break or another control character; write one line")
    return value


Line = Annotated[Text, AfterValidator(_one_line)]
"""A text that may stand in the header of a mail."""


def _each_once(value: tuple[str, ...]) -> tuple[str, ...]:
    for number, word in enumerate(value):
        if word in value[:number]:
            raise PlacedError(f"{quoted(word)} stands here twice; write it once", number)
    return value


class Subscription(Model):
    """What a recipient gets: every edition of these themes, for these places."""

    themes: Annotated[
        OneOrMore[Identifier],
        AfterValidator(_each_once),
        about("the themes, or all", examples=["industry", ["industry", "finance"], "all"], bad=[[]], min_length=1),
    ]
    places: Annotated[
        OneOrMore[Identifier],
        AfterValidator(_each_once),
        about(
            "the places that the recipient may see: ids, peer groups, kinds in the plural, or all",
            examples=["wuhai", ["wuhai", "hohhot"], "all"],
            bad=[[], "Wuhai"],
            min_length=1,
        ),
    ]
    cadence: Annotated[
        OneOrMore[Cadence],
        AfterValidator(_each_once),
        about("which of the theme's cadences; left out: every one", examples=["monthly"], bad=["every month"]),
    ] = ()
    languages: Annotated[
        OneOrMore[Language],
        AfterValidator(_each_once),
        about("in which languages, in place of the recipient's", examples=["zh", ["zh", "en"]], bad=["chinese"]),
    ] = ()
    by: Annotated[
        OneOrMore[Identifier],
        AfterValidator(_each_once),
        about("by which channels, in place of the recipient's", examples=["post", ["post", "shelf"]], bad=["E-mail"]),
    ] = ()


class Recipient(Model):
    """A reader, and what the reader gets."""

    name: Annotated[Line, about("a person, an office or a system", examples=["Mayor's office"], bad=[""])]
    email: Annotated[
        Address | None,
        about(
            "one address; for channels of kind mail",
            examples=["office@example.org"],
            bad=["office", "a@example.org, b@example.org", "a@example.org\nBcc: b@example.org"],
        ),
    ] = None
    languages: Annotated[
        OneOrMore[Language],
        AfterValidator(_each_once),
        about("in which languages", examples=["zh", ["zh", "en"]], bad=["chinese", []], min_length=1),
    ]
    by: Annotated[
        OneOrMore[Identifier],
        AfterValidator(_each_once),
        about("by which channels", examples=["post", ["post", "shelf"]], bad=["E-mail", []], min_length=1),
    ]
    formats: Annotated[
        OneOrMore[Format],
        AfterValidator(_each_once),
        about("what comes with it: the edition, and its data on request", examples=[["pdf", "xlsx"]], bad=["word"]),
    ] = ("pdf",)
    receives: Annotated[
        OneOrMore[Subscription],
        about(
            "what the recipient gets; left out: nothing but notices, where it owns a theme",
            examples=[[{"themes": "industry", "places": "wuhai"}]],
            bad=[[{"themes": "industry"}]],
        ),
    ] = ()


class RecipientsFile(Model):
    """`config/recipients.yaml`, or any file in `config/recipients/`: channels, recipients, owners."""

    channels: Annotated[
        dict[Identifier, ChannelSettings],
        about(
            "id -> a channel",
            examples=[{"shelf": {"kind": "folder", "path": "data/shelf"}}],
            bad=[{"shelf": {"kind": "folder"}}],
        ),
    ] = Field(default_factory=dict)
    recipients: Annotated[
        dict[Identifier, Recipient],
        about(
            "id -> a recipient",
            examples=[{"library": {"name": "Library", "languages": "zh", "by": "shelf"}}],
            bad=[{"library": {"name": "Library"}}],
        ),
    ] = Field(default_factory=dict)
    owner: Annotated[
        Identifier | None,
        about("the recipient that hears when something is held or fails", examples=["desk"], bad=["The desk"]),
    ] = None
    owners: Annotated[
        dict[Identifier, Identifier],
        about(
            "theme -> the recipient that hears of it, in place of `owner`",
            examples=[{"finance": "bank_desk"}],
            bad=[{"finance": "The bank"}],
        ),
    ] = Field(default_factory=dict)
