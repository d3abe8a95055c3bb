"""`config/reviews.yaml`, or any file in `config/reviews/`: what a person decided on figures read out of documents.

Comes in: the file's tree. Goes out: `ReviewsFile`. `briefings review SOURCE` writes these files, one a source, and
people may write them as well. Where a figure stands is found again in `sources.reviewing`; what `decisions` hold, next
door, is about figures that contradict one another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, WithJsonSchema, model_validator

from briefings.errors import RequestError

from .models import Day, Identifier, Model, OneOrMore, Text, about
from .reading import read
from .sources import FigureKind
from .whereabouts import Status
from .wording import PlacedError, quoted


def _span(value: str) -> str:
    found = re.fullmatch("([0-9]{1,9}):([0-9]{1,9})", value)
    if not found or int(found[1]) >= int(found[2]):
        raise ValueError(f"{quoted(value)} is no span of characters; write START:END, for example 120:135")
    return value


def _number(value: str) -> str:
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", value):
        raise ValueError(f"{quoted(value)} is no plain number; write base units, for example 59557000000")
    return value


class Review(Model):
    """What was decided on one figure of a document, by whom, when and why.

    `file`, `char`, `quote` and `sentence` say which figure. The fields behind them say what it is; those left out are
    as they were read.
    """

    printed: ClassVar = ("who", "why")

    decision: Annotated[
        Literal["accept", "correct", "reject"],
        about(
            "accept: the figure is true as it is told here; correct: it is, and was read otherwise; reject: it is none",
            examples=["accept", "correct", "reject"],
            bad=["yes"],
        ),
    ]
    source: Annotated[Identifier, about("the source of documents", examples=["bulletins"], bad=["The bulletins"])]
    file: Annotated[Text, about("the file, as the source names it", examples=["seeds/bulletins/wuhai.txt"], bad=[""])]
    char: Annotated[
        str,
        AfterValidator(_span),
        about("where the number stands in the text: START:END", examples=["120:135"], bad=["120", "135:120"]),
    ]
    quote: Annotated[
        Text, about("the number with its unit, as it stands there", examples=["59.6 billion yuan"], bad=[""])
    ]
    sentence: Annotated[
        Text,
        about(
            "the words around it; the decision holds as long as they stand in the file",
            examples=["GDP reached 59.6 billion yuan in 2025"],
            bad=[""],
        ),
    ]
    indicator: Annotated[Identifier | None, about("the indicator", examples=["gdp"], bad=["GDP"])] = None
    place: Annotated[Identifier | None, about("the place", examples=["wuhai"], bad=["Wuhai"])] = None
    period: Annotated[Text | None, about("the period", examples=["2025", "2025-01/2025-10"], bad=[""])] = None
    value: Annotated[
        Annotated[str, AfterValidator(_number), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}]})]
        | None,
        about("the value in base units, a decline negative", examples=["59600000000", "-1.5"], bad=["59.6 billion"]),
    ] = None
    unit: Annotated[Text | None, about("the unit, without a scale", examples=["CNY", "percent"], bad=[""])] = None
    kind: Annotated[FigureKind | None, about("which kind of figure", examples=["growth"], bad=["rate"])] = None
    basis: Annotated[
        str | None,
        about("what it is against, of what or among whom; empty: nothing", examples=["yoy", ""], bad=[["yoy"]]),
    ] = None
    of: Annotated[str | None, about("what a rank or a gap is of", examples=["level", "growth"], bad=[["level"]])] = None
    counted_from: Annotated[
        Literal["top", "bottom", ""] | None,
        about("the end that a rank is counted from", examples=["top"], bad=["left"]),
    ] = None
    status: Annotated[Status | None, about("what it is", examples=["actual", "target"], bad=["ok"])] = None
    qualifier: Annotated[
        Literal["exact", "over", "under", "about"] | None, about("how exact it is", examples=["over"], bad=["more"])
    ] = None
    who: Annotated[Text, about("who decided", examples=["Statistics desk"], bad=[""])]
    when: Annotated[Day, about("the day of the decision", examples=["2026-07-20"], bad=["July 2026"])]
    why: Annotated[Text, about("the reason", examples=["the table of the yearbook says the same"], bad=[""])]

    @model_validator(mode="after")
    def _fits(self) -> Review:
        if self.quote not in self.sentence:
            raise PlacedError(f"the quote {quoted(self.quote)} does not stand in the sentence", "sentence")
        if self.decision == "correct" and not self.said:
            raise PlacedError("nothing is corrected; add what is right, for example `indicator: gdp`", "decision")
        return self

    @property
    def span(self) -> tuple[int, int]:
        """Start and end of the number in the text."""
        start, _, end = self.char.partition(":")
        return int(start), int(end)

    @property
    def said(self) -> dict[str, str]:
        """What the decision says of the figure, field by field, as text; fields left out are lacking."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


FIELDS = (
    *("indicator", "place", "period", "value", "unit", "kind", "basis", "of", "counted_from", "status", "qualifier"),
)
"""What a decision may say of a figure."""


class ReviewsFile(Model):
    """`config/reviews.yaml`, or any file in `config/reviews/`: decisions on figures of documents."""

    reviews: Annotated[
        OneOrMore[Review],
        about(
            "the decisions",
            examples=[
                [
                    {
                        **{"decision": "accept", "source": "bulletins", "file": "seeds/bulletins/wuhai.txt"},
                        **{"char": "16:33", "quote": "59.6 billion yuan"},
                        **{"sentence": "GDP reached 59.6 billion yuan in 2025", "indicator": "gdp"},
                        **{"who": "Statistics desk", "when": "2026-07-20", "why": "as in the yearbook"},
                    }
                ]
            ],
            bad=[[{"decision": "accept", "source": "bulletins"}]],
        ),
    ]


HEAD = "# yaml-language-server: $schema=../schemas/reviews.json\nreviews:\n"
"""How a file of decisions begins that the program writes."""


def append_review(path: Path, decision: Mapping[str, str]) -> None:
    """Write one more decision at the end of a file; what stands there stays as it is, comments too.

    `decision` has the keys of a `Review`, as text. The file is written beside and put in place whole. Raises
    `RequestError` where the file would not hold decisions then, and changes nothing.
    """
    before = path.read_text("utf-8") if path.exists() else HEAD
    lines = [f"{key}: {_scalar(value)}" for key, value in decision.items()]
    item = "  - " + "\n    ".join(lines) + "\n"
    beside = path.with_suffix(".writing")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(before.rstrip("\n") + "\n" + item, "utf-8")
        if complaints := read(beside, ReviewsFile, root=path.parent).complaints:
            told = "\n\n".join(map(str, complaints)).replace(beside.name, path.name)
            raise RequestError(f"{path}: a decision cannot be added at its end; nothing was written.\n\n{told}")
        beside.replace(path)
    except OSError as error:
        raise RequestError(f"{path}: {error.strerror}; the decision was not written.") from error
    finally:
        beside.unlink(missing_ok=True)


def _scalar(text: str) -> str:
    """A text as YAML: as it is where nothing else can be meant, else in quotation marks."""
    if re.fullmatch("[a-z][a-z_]*[a-z]", text) and text not in ("null", "true", "false", "yes", "no", "on", "off"):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return quoted if quoted.isprintable() else json.dumps(text)
