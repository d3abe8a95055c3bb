"""`config/remarks.yaml`, or any file in `config/remarks/`: what sources say without a figure.

Comes in: the file's tree. Goes out: `RemarksFile`. A remark stands in a briefing as it was written here, in this
project's own words: that a report calls a problem serious, that officials were held to account. Whether places, periods
and sources are known is checked in `settings`; where remarks stand is decided in `compose`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator

from .models import Day, Identifier, Model, Names, OneOrMore, Text, about
from .wording import quoted

Tone = Literal["adverse", "favourable", "neutral"]


def _no_digits(value: Names) -> Names:
    for text in value.values():
        if found := re.search(r"\d+", text):
            raise ValueError(
                f"{quoted(found[0])} stands in the text; a remark holds no figures, for they could not be followed to "
                "their source: enter them as observations"
            )
    return value


def _both(value: Names) -> Names:
    if value.languages != ("en", "zh"):
        raise ValueError("the text stands in one language alone; write en and zh")
    return value


def _span(value: str) -> str:
    found = re.fullmatch(r"char=([0-9]+):([0-9]+)", value)
    if not found or int(found[1]) >= int(found[2]):
        raise ValueError(f"{quoted(value)} is no span; write its first and last character, for example char=120:185")
    return value


class Remark(Model):
    """What a source says of a place in words alone."""

    place: Annotated[Identifier, about("the place", examples=["hohhot"], bad=["Hohhot"])]
    period: Annotated[Text, about("the period that it is about", examples=["2020", "2021/2025"], bad=[""])]
    topic: Annotated[Identifier, about("the subject that it belongs to", examples=["finance"], bad=["Public finance"])]
    tone: Annotated[Tone, about("adverse: a reader should worry", examples=["adverse"], bad=["bad"])] = "neutral"
    source: Annotated[Identifier, about("the source that says so", examples=["hohhot"], bad=["Work report"])]
    published: Annotated[Day, about("the day on which it was published", examples=["2021-02-22"], bad=["2021"])]
    locator: Annotated[
        Text,
        AfterValidator(_span),
        about("the span of characters in the document", examples=["char=120:185"], bad=["page 3", "char=185:120"]),
    ]
    text: Annotated[
        Names,
        AfterValidator(_no_digits),
        AfterValidator(_both),
        about(
            "what is said, as it shall be printed: a sentence of your own in each language, without figures",
            examples=[{"en": "The report calls approvals slow.", "zh": "报告指出审批偏慢。"}],
            bad=[{"en": "Approvals take 30 days.", "zh": "审批需30天。"}, {"en": "The report calls approvals slow."}],
        ),
    ]


class RemarksFile(Model):
    """`config/remarks.yaml`, or any file in `config/remarks/`: what sources say without a figure."""

    remarks: Annotated[
        OneOrMore[Remark],
        about(
            "the remarks",
            examples=[
                [
                    {
                        **{"place": "hohhot", "period": "2020", "topic": "business_environment", "tone": "adverse"},
                        **{"source": "hohhot", "published": "2021-02-22", "locator": "char=120:185"},
                        "text": {"en": "The report calls approvals slow.", "zh": "报告指出审批偏慢。"},
                    }
                ]
            ],
            bad=[[{"place": "hohhot"}]],
        ),
    ]
