"""`config/decisions.yaml`, or any file in `config/decisions/`: what a person decided on figures that the audit holds,
or that sources tell differently.

Comes in: the file's tree. Goes out: `DecisionsFile`. Whether indicators, places, periods and sources are known is
checked in `settings`; what is held, and why, is said by `reconcile`; what an edition prints of a decision, by
`compose`. Jumps may also be accepted beside their source, in `sources`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import model_validator

from .models import Day, Identifier, Model, OneOrMore, Text, about
from .wording import PlacedError

Kind = Literal["level", "growth", "change", "share", "gap"]


class Decision(Model):
    """What was decided on one figure, by whom, when and why."""

    printed: ClassVar = ("who", "why")

    decision: Annotated[
        Literal["accept", "take"],
        about(
            "accept: the figure is true as it stands, whatever it contradicts; take: of several sources this counts",
            examples=["accept", "take"],
            bad=["yes"],
        ),
    ]
    indicator: Annotated[Identifier, about("the indicator", examples=["deposits_rmb"], bad=["RMB deposits"])]
    place: Annotated[Identifier, about("the place", examples=["wuhai"], bad=["Wuhai"])]
    period: Annotated[Text, about("the period of the figure", examples=["2021/2025"], bad=[""])]
    kind: Annotated[
        Kind | None, about("which kind of figure; left out: every kind", examples=["growth"], bad=["rate"])
    ] = None
    source: Annotated[
        Identifier | None,
        about("take: the source whose value counts", examples=["bulletins"], bad=["The bulletins"]),
    ] = None
    who: Annotated[Text, about("who decided", examples=["Statistics desk"], bad=[""])]
    when: Annotated[Day, about("the day of the decision", examples=["2026-07-20"], bad=["July 2026"])]
    why: Annotated[Text, about("the reason", examples=["the bank counts from 2022; asked by telephone"], bad=[""])]

    @model_validator(mode="after")
    def _names_a_source(self) -> Decision:
        if self.decision == "take" and self.source is None:
            raise PlacedError("which source is taken is not said; add `source: ID`", "decision")
        if self.decision == "accept" and self.source is not None:
            raise PlacedError("`source` is for `decision: take`; delete it", "source", of="key")
        return self


class DecisionsFile(Model):
    """`config/decisions.yaml`, or any file in `config/decisions/`: decisions on figures that are held."""

    decisions: Annotated[
        OneOrMore[Decision],
        about(
            "the decisions",
            examples=[
                [
                    {
                        **{"decision": "accept", "indicator": "deposits_rmb", "place": "wuhai", "period": "2021/2025"},
                        **{"kind": "growth", "who": "Statistics desk", "when": "2026-07-20"},
                        "why": "the bank counts from 2022",
                    }
                ]
            ],
            bad=[[{"decision": "accept", "indicator": "deposits_rmb"}]],
        ),
    ]
