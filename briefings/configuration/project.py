"""`config/project.yaml`: who publishes, in which languages, on whose clock.

Comes in: the file's tree. Goes out: `Project`. The sources that the project reads are next door, in `sources`.
"""

from __future__ import annotations

import re
import zoneinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from .house import HouseStyle
from .intervals import Interval, IntervalText
from .models import Language, Model, Names, OneOrMore, about
from .wording import PlacedError, one_of, quoted


def _zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = sorted(zoneinfo.available_timezones())
        if not known:
            raise ValueError("no time zones are installed here; install the package tzdata") from None
        raise ValueError(one_of(value, known, "time zone (IANA name)")) from None
    return value


Zone = Annotated[str, AfterValidator(_zone)]
"""The IANA name of a time zone."""


def _email(value: str) -> str:
    if not re.fullmatch(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]{2,}", value):
        raise ValueError(f"{quoted(value)} is no e-mail address; write one address, for example desk@example.org")
    return value


def _phone(value: str) -> str:
    if not re.fullmatch(r"[0-9+()./ -]{3,40}", value):
        raise ValueError(f"{quoted(value)} is no telephone number; write digits, spaces and + ( ) - alone")
    return value


class Contact(Model):
    """Whom a reader may ask."""

    name: Annotated[
        Names | None,
        about(
            "a person or a desk",
            examples=[{"en": "Regional statistics desk", "zh": "区域统计室"}, "Regional statistics desk"],
        ),
    ] = None
    email: Annotated[
        Annotated[str, AfterValidator(_email)] | None,
        about("one address", examples=["desk@example.org"], bad=["desk", "a@example.org, b@example.org"]),
    ] = None
    phone: Annotated[
        Annotated[str, AfterValidator(_phone)] | None,
        about("a number as it is dialled", examples=["+86 471 000 0000"], bad=["ask Li"]),
    ] = None

    @model_validator(mode="after")
    def _something(self) -> Contact:
        if self.name is None and self.email is None and self.phone is None:
            raise ValueError("the contact is empty; write name, email or phone")
        return self


def _each_once(value: tuple[Language, ...]) -> tuple[Language, ...]:
    for number, language in enumerate(value):
        if language in value[:number]:
            raise PlacedError(f"the language '{language}' stands here twice; write it once", number)
    return value


class Project(Model):
    """What holds for all briefings of a project."""

    title: Annotated[
        Names,
        about("the name of the series of briefings", examples=[{"en": "Regional briefings", "zh": "区域经济简报"}]),
    ]
    publisher: Annotated[
        Names, about("who is responsible", examples=[{"en": "Policy Research Office", "zh": "政策研究室"}])
    ]
    contact: Annotated[
        Contact | None, about("whom a reader may ask", examples=[{"name": "Desk", "email": "desk@example.org"}])
    ] = None
    languages: Annotated[
        OneOrMore[Language],
        AfterValidator(_each_once),
        about("the languages of all editions", examples=[["en", "zh"], "zh"], bad=[["english"], []], min_length=1),
    ] = ("en", "zh")
    zone: Annotated[
        Zone,
        about("the time zone of days and releases", examples=["Asia/Shanghai", "UTC"], bad=["Beijing", "GMT+8"]),
    ] = "UTC"
    disclaimer: Annotated[
        Names | None, about("a sentence at the end of each edition", examples=[{"en": "Figures may be revised."}])
    ] = None
    house: Annotated[
        HouseStyle,
        about("logo, colour, fonts, footer and series number", examples=[{"colours": {"accent": "#7a1f3d"}}]),
    ] = HouseStyle()
    paper: Annotated[Literal["A4"], about("the paper of the PDF", examples=["A4"], bad=["Letter"])] = "A4"
    refresh: Annotated[
        IntervalText,
        about(
            "how often at most `briefings run` reads a source while something waits for it or may be revised by it; "
            "a release reads its sources first, in any case",
            examples=["10 minutes", "1 hour"],
            bad=["hourly", "0 minutes"],
        ),
    ] = Interval(10, "minutes")
