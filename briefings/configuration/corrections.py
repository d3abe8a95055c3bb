"""`config/corrections.yaml`, or any file in `config/corrections/`: what a source tells wrongly, and the right values.

Comes in: the file's tree. Goes out: `CorrectionsFile`. Whether indicators, places, periods, sources and units are known
is checked in `settings`; the store keeps what the source said, and the right value takes its place in `corrections`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from .models import Day, Identifier, Model, Number, OneOrMore, Text, about


class Correction(Model):
    """A figure that its source tells wrongly: which, what it is expected to say, what is right, who says so."""

    printed: ClassVar = ("reason", "provider")

    indicator: Annotated[Identifier, about("the indicator", examples=["gdp_growth"], bad=["GDP growth"])]
    place: Annotated[Identifier, about("the place", examples=["wuhai"], bad=["Wuhai"])]
    period: Annotated[Text, about("the period of the figure", examples=["2025-01/2025-10"], bad=[""])]
    kind: Annotated[
        Literal["level", "growth", "change", "share", "gap", "rank", "multiple"],
        about("which kind of figure", examples=["level", "growth"], bad=["rate"]),
    ] = "level"
    breakdown: Annotated[
        str, about("the part of the indicator; left out: the whole", examples=["industry=coal"], bad=[["coal"]])
    ] = ""
    source: Annotated[
        Identifier | None,
        about("the source that tells it wrongly; left out: whichever counts", examples=["bulletins"], bad=["A b"]),
    ] = None
    expected: Annotated[Number, about("the wrong value, as the source tells it", examples=[48, 4.8], bad=["4,8"])]
    value: Annotated[Number, about("the right value", examples=[4.8], bad=["4.8%"])]
    unit: Annotated[
        Text | None,
        about("the unit of both; left out: that in which the figure is kept", examples=["percent", "亿元"], bad=[""]),
    ] = None
    reason: Annotated[Text, about("what is wrong with it", examples=["a decimal point is lacking"], bad=[""])]
    provider: Annotated[Text, about("who says what is right", examples=["Statistics bureau, by telephone"], bad=[""])]
    when: Annotated[
        Day,
        about("the day on which that was said; as of an earlier one nobody knew", examples=["2026-07-20"], bad=["May"]),
    ]
    until: Annotated[
        Day | None,
        about(
            "the day on which its source had repaired it: from then on the correction is closed; left out: it stands",
            examples=["2026-09-01"],
            bad=["May"],
        ),
    ] = None
    status: Annotated[
        Literal["reported", "acknowledged", "unreported"],
        about(
            "reported: the source was told of it; acknowledged: it agrees; unreported: nobody told it",
            examples=["reported"],
            bad=["open"],
        ),
    ] = "unreported"


class CorrectionsFile(Model):
    """`config/corrections.yaml`, or any file in `config/corrections/`: figures that sources tell wrongly."""

    corrections: Annotated[
        OneOrMore[Correction],
        about(
            "the corrections",
            examples=[
                [
                    {
                        **{"indicator": "gdp_growth", "place": "wuhai", "period": "2025", "kind": "growth"},
                        **{"expected": 48, "value": 4.8, "reason": "a decimal point is lacking"},
                        **{"provider": "Statistics bureau", "when": "2026-07-20", "status": "reported"},
                    }
                ]
            ],
            bad=[[{"indicator": "gdp_growth", "value": 4.8}]],
        ),
    ]
