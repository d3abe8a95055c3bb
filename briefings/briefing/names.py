"""Names of indicators and places in every language, and the house that publishes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from briefings.briefing.figures import Text, Value


class IndicatorNames(Value):
    """What the pages need to know of an indicator. Texts may hold {place}, {currency}, {indicator}.

    `subject` is what a sentence is about ("the {currency}'s rate against the US dollar"); `entity` how a place is
    called in a list of this indicator ("the {currency}"); `entities` the counting word of such a list ("currencies",
    种货币); `rise` and `fall` say what a movement means ("the {currency} weakened"); `counter` is the word that stands
    after a count of it in place of the unit's own (场, 家); `ratios` what its ratio to another indicator is called.
    """

    name: Text
    short: Text = {}
    subject: Text = {}
    entity: Text = {}
    entities: Text = {}
    rise: Text = {}
    fall: Text = {}
    unit: str
    nature: str
    growth_class: str
    direction: str
    note: Text = {}
    counter: Text = {}
    ratios: dict[str, Text] = {}


class PlaceNames(Value):
    """A place's name in tables, in running text (with its article), and its currency (ISO 4217)."""

    name: Text
    in_text: Text = {}
    kind: str
    currency: str = ""


class Names(Value):
    indicators: dict[str, IndicatorNames]
    places: dict[str, PlaceNames]
    breakdowns: dict[str, Text] = {}
    groups: dict[str, Text] = {}
    wholes: dict[str, Text] = {}


Family = Annotated[str, Field(pattern=r"^[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff ._-]*$")]
"""The name of a family of type: it stands in style sheets."""


class House(Value):
    """House style and imprint: who publishes, whom to ask; and what is a project's own, by language where it is a text.

    `contact` has a name (in each language; in briefings of before, one text), an email address, a phone number. `logo`
    is the SHA-256 of the picture, whose bytes are handed to whoever renders; `accent` a colour as `#rrggbb`;
    `text_font` and `heading_font` families of type; `footer` a line at the foot of pages; `number` the edition's number
    in its series. What is empty is the program's own, or is not there.
    """

    publisher: Text
    contact: dict[str, str | Text] = {}
    disclaimer: Text = {}
    zone: str = "UTC"
    logo: Text = {}
    accent: str = Field("", pattern="^(#[0-9a-f]{6})?$")
    text_font: dict[str, Family] = {}
    heading_font: dict[str, Family] = {}
    footer: Text = {}
    number: Text = {}
