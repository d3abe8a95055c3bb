"""What a theme asks of an indicator: the words for measures, and what may follow them.

In: texts such as `average annual growth over 5 years`. Out: `MeasureRequest`s, or a `ValueError` that names the words
allowed. The functions behind the words stand in `measures`; a test holds the two against each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import PlainValidator, WithJsonSchema

from briefings.configuration import one_of, suggest
from briefings.periods import Period

#: Every measure that a theme may ask for, with what may follow it.
MEASURE_WORDS: dict[str, str] = {
    "level": "",
    "change": "[on previous period | since PERIOD]",
    "growth": "[on previous period | since PERIOD]",
    "change in growth": "[on previous period]",
    "average annual growth": "[over N years | since PERIOD]",
    "share": "of PLACE | of total",
    "per head": "[of INDICATOR]",
    "ratio": "to INDICATOR",
    "index": "from PERIOD",
    "gap": "to PLACE",
    "gap in growth": "to PLACE",
    "rank": "[by growth] [from bottom]",
    "attainment": "",
    "contribution": "to PLACE",
    "rolling average": "over N periods",
    "volatility": "[over N periods]",
    "streak": "",
    "record": "",
    "revision": "",
}

#: All that sources tell of an indicator: level, growth, share, gap, rank, completion. No measure is worked out for it.
PUBLISHED = "published"

#: How many years or periods may follow `over`.
SPANS = {"average annual growth": (1, 100), "rolling average": (2, 400), "volatility": (3, 400)}

#: What measures are called elsewhere, for a helpful answer.
OTHER_WORDS = {
    "yoy": "growth",
    "y/y": "growth",
    "year on year": "growth",
    "同比": "growth",
    "mom": "growth on previous period",
    "qoq": "growth on previous period",
    "m/m": "growth on previous period",
    "环比": "growth on previous period",
    "cagr": "average annual growth",
    "年均增长": "average annual growth",
    "占比": "share",
    "位次": "rank",
    "moving average": "rolling average",
    "value": "level",
}


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """One measure asked for: the word and what follows it.

    `basis` is `on year` or `on previous period` for change and growth; `over` a number of years (average annual growth)
    or periods (volatility, rolling average); `to` a place, `total` or an indicator; `since` the base
    period; `by` what a rank is of.
    """

    measure: str
    basis: Literal["on year", "on previous period", "since"] = "on year"
    over: int | None = None
    to: str | None = None
    since: Period | None = None
    by: Literal["level", "growth"] = "level"
    counted_from: Literal["top", "bottom"] = "top"

    @classmethod
    def parse(cls, text: str) -> MeasureRequest:
        """Read `average annual growth over 5 years` and the like.

        Raises `ValueError` that names the words allowed.
        """
        if not isinstance(text, str):
            raise ValueError("a measure is a text such as `growth on previous period`")
        text = " ".join(text.split())
        if text == PUBLISHED:
            return cls(PUBLISHED)
        word = next((w for w in sorted(MEASURE_WORDS, key=len, reverse=True) if re.match(rf"{w}(?: |$)", text)), None)
        if word is None:
            other = OTHER_WORDS.get(text.casefold())
            said = f"{text!r} is no measure; the word for it here is '{other}'" if other else ""
            raise ValueError(said or one_of(text, (PUBLISHED, *MEASURE_WORDS), "measure"))
        rest = text.removeprefix(word).strip()
        request = _tail(word, rest)
        if request is None:
            wanted = MEASURE_WORDS[word]
            may = f"after {word!r} may stand: {wanted}" if wanted else f"nothing may stand after {word!r}"
            hint = suggest(rest, re.findall(r"[a-z]+(?: [a-z]+)*", wanted))
            raise ValueError(f"{text!r} is no measure: {may}" + (f". Did you mean '{word} {hint}'?" if hint else ""))
        return request

    def __str__(self) -> str:
        parts = [self.measure]
        if self.by == "growth":
            parts.append("by growth")
        if self.counted_from == "bottom":
            parts.append("from bottom")
        if self.basis == "on previous period":
            parts.append("on previous period")
        if self.to is not None:
            parts.append({"share": "of ", "per head": "of "}.get(self.measure, "to ") + self.to)
        if self.over is not None:
            parts.append(f"over {self.over} {'years' if self.measure == 'average annual growth' else 'periods'}")
        if self.since is not None:
            parts.append(f"{'from' if self.measure == 'index' else 'since'} {self.since}")
        return " ".join(parts)


def _tail(word: str, rest: str) -> MeasureRequest | None:
    """The request for `word` followed by `rest`, or None where that may not follow."""
    patterns = {
        "change": r"(?P<previous>on previous period)?|since (?P<since>\S+)",
        "growth": r"(?P<previous>on previous period)?|since (?P<since>\S+)",
        "change in growth": r"(?P<previous>on previous period)?",
        "average annual growth": r"|over (?P<over>\d+) years|since (?P<since>\S+)",
        "share": r"of (?P<to>\w+)",
        "per head": r"|of (?P<to>\w+)",
        "ratio": r"to (?P<to>\w+)",
        "index": r"from (?P<since>\S+)",
        "gap": r"to (?P<to>\w+)",
        "gap in growth": r"to (?P<to>\w+)",
        "rank": r"(?P<growth>by growth)? ?(?P<bottom>from bottom)?",
        "contribution": r"to (?P<to>\w+)",
        "rolling average": r"over (?P<over>\d+) periods",
        "volatility": r"|over (?P<over>\d+) periods",
    }
    match = re.fullmatch(patterns.get(word, ""), rest)
    if match is None:
        return None
    found = match.groupdict()
    since = found.get("since")
    return MeasureRequest(
        measure=word,
        basis="on previous period"
        if found.get("previous")
        else "since"
        if since and word in ("change", "growth")
        else "on year",
        over=int(found["over"]) if found.get("over") else None,
        to=found.get("to"),
        since=Period.parse(since) if since else None,
        by="growth" if found.get("growth") else "level",
        counted_from="bottom" if found.get("bottom") else "top",
    )


MeasureText = Annotated[
    MeasureRequest,
    PlainValidator(MeasureRequest.parse),
    WithJsonSchema(
        {
            "type": "string",
            "description": "a measure: "
            + "; ".join(f"{word} {tail}".strip() for word, tail in MEASURE_WORDS.items())
            + "; or published: all that sources tell of the indicator",
            "examples": [
                "level",
                "growth",
                "growth on previous period",
                "rank by growth",
                "gap to nation",
                "share of world",
            ],
            "examples_bad": ["yoy", "rank first"],
            "pattern": "^(published$|(" + "|".join(sorted(MEASURE_WORDS, key=len, reverse=True)) + ")( .*)?$)",
        }
    ),
]
