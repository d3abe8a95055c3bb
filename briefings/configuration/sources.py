"""`config/sources.yaml`: where observations come from, and how a table is to be understood.

Comes in: the file's tree. Goes out: `Source` models. Which indicators and places there are is declared in the
catalogue; the tables themselves are read in `briefings.sources`.

A table has its periods, places, indicators and breakdowns in columns, in the headers of its columns, or nowhere because
they are the same throughout. Hence one grammar for all of them: `period: Date` (a column), `period: headers`,
`place: {is: china}`, in `whereabouts`. A file of facts (`kind: facts`) names its columns as an observation does and
needs none of it. Of documents (`kind: documents`) only what their text and their names leave open is said.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic_core import CoreSchema

from .intervals import IntervalText
from .models import Count, Day, Identifier, Language, Model, Names, Number, OneOrMore, Text, about
from .origins import TEXT_TABLES, WORKBOOKS, Origin
from .whereabouts import WhereBreakdown, WhereIndicator, WherePeriod, WherePlace, WhereStatus, WhereUnit
from .wording import PlacedError, one_of, quoted, suggest

FigureKind = Literal["level", "growth", "change", "share", "gap", "rank", "multiple"]

DEFAULT_MISSING = frozenset({"", "-", "--", "—", "——", "…", "……", "...", "NA", "N/A", "n/a", "空", "null", "none"})
"""What stands for "no value" in every table; a source's `missing` adds to it."""
IN_NAMES = ("place", "published", "period", "language")
"""What the names of documents may tell."""
DELIMITERS = {",": ",", ";": ";", "|": "|", "tab": "\t"}


class Published(Model):
    """When figures were published: on a day, as a column says, days after their period, or when first ingested."""

    shorthand: ClassVar[dict[str, Any] | None] = {
        "type": "string",
        "description": "a day (2026-07-03), `15 days after period`, or `on ingest` (the day the bytes were first seen)",
        "examples": ["2026-07-03", "15 days after period", "on ingest"],
    }

    day: Annotated[Day | None, about("the day", examples=["2026-07-03"], bad=["July 2026"])] = None
    column: Annotated[Text | None, about("the header of the column of days", examples=["Released"])] = None
    days_after_period: Annotated[Count | None, about("days after the period's last", examples=[15])] = None
    on_ingest: Annotated[bool, about("the day on which the file was first ingested", examples=["true"])] = False

    @model_validator(mode="before")
    @classmethod
    def _a_rule_alone(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value == "on ingest":
            return {"on_ingest": "true"}
        if rule := re.fullmatch(r"([0-9]{1,4}) days? after period", value):
            return {"days_after_period": rule[1]}
        if re.fullmatch(r"[0-9]+[-/.][0-9]+[-/.][0-9]+", value):
            return {"day": value}
        allowed = "a day (2026-07-03), '15 days after period', 'on ingest' or {column: NAME}"
        meant = suggest(re.sub("[0-9]+", "15", value), ["on ingest", "15 days after period"])
        meant = meant and re.sub("15", (re.findall("[0-9]+", value) or ["15"])[0], meant)
        hint = f" Did you mean '{meant}'?" if meant else ""
        raise ValueError(f"{quoted(value)} does not say when figures were published; allowed: {allowed}.{hint}")

    @model_validator(mode="after")
    def _one_rule(self) -> Published:
        told = {name: getattr(self, name) for name in type(self).model_fields}
        written = [name for name, value in told.items() if value is not None and value is not False]
        if not written:
            raise ValueError("nothing says when figures were published; write a day, a column or a rule")
        if len(written) > 1:
            raise PlacedError(f"'{written[1]}' and '{written[0]}' exclude each other; keep one", written[1], of="key")
        return self

    def on(self, *, period_end: date, first_seen: date) -> date | None:
        """The day for a period; None where a column of the table tells it."""
        if self.days_after_period is not None:
            return period_end + timedelta(days=self.days_after_period)
        return first_seen if self.on_ingest else self.day


def _check_basis(figure: str, basis: str | None) -> None:
    """Growth and change need the basis of the comparison; other figures than rank, gap and share have none."""
    allowed = ["yoy", "mom", "cagr", "vs:PERIOD"]
    if figure in {"growth", "change"}:
        if basis is None:
            what = f"a {figure} is compared with something; add its basis: {', '.join(allowed)}"
            raise PlacedError(what, "figure", of="key")
        if basis not in allowed[:3] and not re.fullmatch(r"vs:[0-9]{4}\S*", basis):
            raise PlacedError(one_of(basis, allowed, "basis"), "basis")
    elif figure in {"level", "multiple"} and basis is not None:
        raise PlacedError(f"a {figure} has no basis; delete it, or write `figure: growth`", "basis", of="key")


Figure = Annotated[FigureKind, about("what the values are", examples=["growth"], bad=["rate"])]
Basis = Annotated[
    Text | None,
    about(
        "what growth or change is against: `yoy` (a year earlier), `mom` (the period before), `cagr` (average a year), "
        "`vs:PERIOD`; of a rank or gap, among whom or from whom; of a share, of what",
        examples=["yoy", "mom", "cagr", "vs:2020"],
    ),
]


class ValueColumn(Model):
    """What one column of values is. A text alone is the indicator."""

    shorthand: ClassVar[dict[str, Any] | None] = {"type": "string", "description": "the id of the indicator"}

    indicator: Annotated[Identifier, about("the id of the indicator", examples=["turnover"])]
    unit: Annotated[Text | None, about("its unit; left out: the indicator's own", examples=["亿元"])] = None
    breakdown: Annotated[
        dict[Identifier, Text], about("dimension -> member that the column is about", examples=[{"sex": "female"}])
    ] = Field(default_factory=dict)
    figure: Figure = "level"
    basis: Basis = None

    @model_validator(mode="before")
    @classmethod
    def _a_text_alone(cls, value: Any) -> Any:
        return {"indicator": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _basis_fits(self) -> ValueColumn:
        _check_basis(self.figure, self.basis)
        return self


class AcceptedJump(Model):
    """A jump of a factor of a hundred or more that is true."""

    period: Annotated[Text, about("the period of the first figure after it", examples=["2018-02"])]
    reason: Annotated[Text, about("why it is true", examples=["redenomination"])]
    place: Annotated[Identifier | None, about("the place; left out: all", examples=["venezuela"])] = None
    indicator: Annotated[Identifier | None, about("the indicator; left out: all", examples=["exchange_rate"])] = None


def _file_name(value: str) -> str:
    parts = re.findall(r"\{([^{}]*)\}", value)
    for part in parts:
        if part not in IN_NAMES:
            raise ValueError(one_of(part, IN_NAMES, "part of a file's name"))
    if not parts or len(set(parts)) < len(parts) or re.search(r"[{}/]", re.sub(r"\{[^{}]*\}", "", value)):
        raise ValueError(f"{quoted(value)} is no pattern of file names; write for example '{{place}}.{{published}}'")
    return value


def _delimiter(value: str) -> str:
    value = "tab" if value in {"\t", "\\t"} else value
    if value not in DELIMITERS:
        raise ValueError(one_of(value, DELIMITERS, "delimiter"))
    return DELIMITERS[value]


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?", value) or re.search(r"[\"<>\\^`{|}]", value):
        raise ValueError(f"{quoted(value)} is no address; write one that begins with https:// or http://")
    return value


def _null(value: Any) -> Any:
    return "null" if value is None else value


MissingMark = Annotated[str, BeforeValidator(_null), WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "null"}]})]
"""What stands for no value. `missing: [null]` means the text null, which YAML takes for an empty value."""


def _mark(value: Any) -> Any:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and (not text or re.fullmatch(r"[-+]?[0-9.,]+%?", text)):
        told = "nothing" if not text else f"a number ({text})"
        raise ValueError(f"{told} is no mark of a withheld value; write what stands in its place, such as c or (c)")
    return value


ConfidentialMark = Annotated[str, BeforeValidator(_mark), WithJsonSchema({"type": "string"})]
"""What stands in place of a value that its source withholds."""


class Source(Origin):
    """One source: what observations come from - files, a query or a request - and what stands where in it."""

    published: Annotated[
        Published,
        about(
            "when its figures were published",
            examples=["2026-07-03", {"column": "Released"}, "15 days after period", "on ingest"],
            bad=["July 2026", "after 15 days"],
        ),
    ]
    period: Annotated[
        WherePeriod,
        about(
            "where the periods stand",
            examples=["Date", "headers", {"column": "Date", "means": "month", "format": "year-month-day"}],
            bad=[{"column": "Date", "means": "monthly"}],
        ),
    ]
    place: Annotated[
        WherePlace,
        about(
            "where the places stand",
            examples=["Country", {"is": "china"}, {"column": "Country", "names": {"Euro": "euro_area"}}],
            bad=[{"is": "China"}],
        ),
    ]
    indicator: Annotated[
        WhereIndicator | None,
        about("where the indicators stand, unless `values` names them", examples=[{"is": "exchange_rate"}, "Series"]),
    ] = None
    value: Annotated[
        Text | None, about("the header of the one column of values (a long table)", examples=["Exchange rate"])
    ] = None
    values: Annotated[
        dict[str, ValueColumn],
        about(
            "header of a column of values -> indicator (a column an indicator)",
            examples=[{"Price": "brent_price", "成交额（亿元）": {"indicator": "turnover", "unit": "亿元"}}],
        ),
    ] = Field(default_factory=dict)
    breakdown: Annotated[
        OneOrMore[WhereBreakdown],
        about("where further dimensions stand", examples=["Industry", [{"column": "行业", "dimension": "industry"}]]),
    ] = ()
    unit: Annotated[
        WhereUnit | None,
        about("the unit of the values; left out: the indicator's own", examples=["亿元", {"column": "Unit"}]),
    ] = None
    figure: Figure = "level"
    basis: Basis = None
    status: Annotated[
        WhereStatus,
        about("what the figures are", examples=["final", {"column": "Status", "names": {"p": "preliminary"}}]),
    ] = Field(default_factory=lambda: WhereStatus.model_validate("actual"))

    title: Annotated[Names | None, about("its name; left out: from its id", examples=[{"en": "Exchange rates"}])] = None
    publisher: Annotated[
        Names | None, about("who published it", examples=["Federal Reserve", {"en": "Federal Reserve", "zh": "美联储"}])
    ] = None
    licence: Annotated[Text | None, about("under which licence", examples=["ODC-PDDL-1.0"])] = None
    url: Annotated[
        Annotated[str, AfterValidator(_url)] | None,
        about("where it can be found", examples=["https://example.org/rates"], bad=["file:///etc/passwd", "rates"]),
    ] = None
    sheet: Annotated[Text | None, about("the sheet of a workbook; left out: the first", examples=["GDP"])] = None
    header: Annotated[Count, about("the row of the headers, from 1", examples=[1, 3], bad=[0, "first"], ge=1)] = 1
    header_rows: Annotated[
        Count,
        about(
            "how many rows the headers take, from `header` on: below a merged 2025 stand Q1 to Q4, and the headers are "
            "`2025 Q1` to `2025 Q4`",
            examples=[2],
            bad=[0],
            ge=1,
            le=5,
        ),
    ] = 1
    footer: Annotated[Count, about("rows at the end to leave out", examples=[0, 2], bad=[-1])] = 0
    encoding: Annotated[
        Literal["utf-8", "gb18030", "utf-16"],
        about("how the text is encoded; gb18030 holds GBK and GB2312", examples=["gb18030"], bad=["ansi"]),
    ] = "utf-8"
    delimiter: Annotated[
        Annotated[str, AfterValidator(_delimiter)] | None,
        about("what stands between cells; left out: by the ending", examples=[";", "tab"], bad=["comma"]),
    ] = None
    decimal: Annotated[Literal[".", ","], about("the decimal mark", examples=[",", "."], bad=["point"])] = "."
    missing: Annotated[
        OneOrMore[MissingMark],
        about("what stands for no value, beside - … NA 空; 0 where it does", examples=[["0", "x"], "暂无"]),
    ] = ()
    confidential: Annotated[
        OneOrMore[ConfidentialMark],
        about("what stands in place of a value that the source withholds", examples=["c", ["(c)", "x"]], bad=["0"]),
    ] = ()
    skip: Annotated[
        dict[str, OneOrMore[str]],
        about("header of a column -> cells whose rows are left out", examples=[{"Country": ["World ex-US"]}]),
    ] = Field(default_factory=dict)
    file_name: Annotated[
        Annotated[str, AfterValidator(_file_name)] | None,
        about(
            "documents: what their names tell, up to the ending: {place}, {published}, {period}, {language}; `*` is "
            "for any text",
            examples=["{place}.{published}", "*_{published}_{language}"],
            bad=["{place}/{published}", "{town}.{published}", "releases"],
        ),
    ] = None
    language: Annotated[
        Language | None,
        about("documents: their language; left out: told by their letters", examples=["zh"], bad=["de"]),
    ] = None
    accept: Annotated[
        Literal["all", "confident", "confirmed"],
        about(
            "documents: which figures are taken without a review: `all` that have an indicator, those read with "
            "`confidence`, or none but those that a person `confirmed`",
            examples=["confident", "confirmed"],
            bad=["none"],
        ),
    ] = "confident"
    confidence: Annotated[
        Number, about("documents: from which confidence on, 0 to 1", examples=[0.9, 0.8], bad=[90, "high"], ge=0, le=1)
    ] = 0.9
    accept_jumps: Annotated[
        OneOrMore[AcceptedJump],
        about(
            "jumps of a factor of a hundred or more that are true",
            examples=[[{"place": "venezuela", "period": "2018-02", "reason": "redenomination"}]],
        ),
    ] = ()
    refresh: Annotated[
        IntervalText | None,
        about(
            "how often at most `briefings run` reads it; left out: the project's", examples=["1 hour"], bad=["hourly"]
        ),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _others_say_it_themselves(cls, value: Any) -> Any:
        """Where periods and places stand in facts and documents goes without saying; a misspelt kind is told alone."""
        if not isinstance(value, dict) or value.get("kind", "table") == "table":
            return value
        if value["kind"] != "documents":
            return _OF_FACTS | value
        # One word is the place or the period itself: a document has no columns.
        alone = {key: {"is": value[key]} for key in _OF_FACTS if isinstance(value.get(key), str)}
        return _OF_DOCUMENTS | value | alone

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = super().__get_pydantic_json_schema__(core_schema, handler)
        schema["required"] = [key for key in schema["required"] if key not in _OF_FACTS]
        schema["required"].remove("published")
        told = [
            {"if": _schema_if(kind), "else": {"required": list(keys)}}
            for kind, keys in ((["facts", "documents"], _OF_FACTS), (["documents"], ["published"]))
        ]
        return schema | {"allOf": told}

    @model_validator(mode="after")
    def _facts_fit(self) -> Source:
        """What describes the layout of a table is a mistake beside facts, whose columns have their names."""
        written = self.model_fields_set - _WITH_FACTS if self.kind == "facts" else set()
        wrong = sorted(key for key in written if key not in _OF_FACTS or getattr(self, key).column != _OF_FACTS[key])
        if wrong:
            them = ", ".join(f"'{key}'" for key in wrong)
            says, it = ("say", "them") if len(wrong) > 1 else ("says", "it")
            what = f"{them} {says} where things stand in a table, and the columns of facts have fixed names"
            raise PlacedError(f"{what}; delete {it}, or write `kind: table`", wrong[0], of="key")
        return self

    @model_validator(mode="after")
    def _documents_fit(self) -> Source:
        """What describes a table is a mistake beside documents, and the other way round."""
        if self.kind != "documents":
            for key in sorted(self.model_fields_set & _OF_DOCUMENTS_ALONE):
                raise PlacedError(f"'{key}' is for documents; delete it, or write `kind: documents`", key, of="key")
            return self
        for key in sorted(self.model_fields_set - _WITH_DOCUMENTS):
            raise PlacedError(f"'{key}' is for tables; delete it, or write `kind: table`", key, of="key")
        for key, found in (("place", self.place), ("period", self.period)):
            if found.is_ is None and getattr(found, "column", None) != IN_DOCUMENTS:
                raise PlacedError(f"a document has no columns; write the {key} itself, or leave '{key}' out", key)
        if self.published.days_after_period is not None:
            raise PlacedError("a document has one day of publication; write it, or leave 'published' out", "published")
        if self.published.column not in (None, IN_DOCUMENTS):
            raise PlacedError("a document has no columns; write the day, or leave 'published' out", "published")
        return self

    @model_validator(mode="after")
    def _layout_fits(self) -> Source:
        """A table is long, or wide by one of: indicator, period, place, breakdown."""
        if self.kind != "table":
            return self
        wide = [key for key in ("period", "place", "indicator") if getattr(getattr(self, key), "headers", False)]
        wide += ["breakdown"] * sum(each.headers for each in self.breakdown)
        if len(wide) > 1:
            raise PlacedError(f"'{wide[0]}' stands in the headers already; give '{wide[1]}' a column", wide[1])
        if self.values:
            self._columns_fit(wide)
        elif self.indicator is None:
            ways = "`values: {COLUMN: ID}`, `indicator: {is: ID}` or `indicator: COLUMN`"
            raise ValueError(f"no indicator is named; add {ways}")
        elif wide and self.value is not None:
            raise PlacedError(f"the values stand below the headers of '{wide[0]}'; delete 'value'", "value", of="key")
        elif not wide and self.value is None:
            raise ValueError("no column of values is named; add `value: COLUMN`")
        return self

    def _columns_fit(self, wide: list[str]) -> None:
        """With `values` each column says its own indicator and figure."""
        for key in ("indicator", "value", "figure", "basis"):
            if key in self.model_fields_set:
                raise PlacedError(f"'{key}' and 'values' exclude each other; say it in `values`", key, of="key")
        if wide:
            raise PlacedError(f"`values` names the headers, so '{wide[0]}' stands in a column; which?", wide[0])

    @model_validator(mode="after")
    def _file_fits(self) -> Source:
        """Keys that make sense for another kind of file are mistakes, not noise."""
        for key, endings in _MEANT_FOR.items():
            if key in self.model_fields_set and self.ending and self.ending not in endings:
                what = f"'{key}' is for {', '.join(endings)}, not for '{self.ending}'"
                raise PlacedError(f"{what}; delete it", key, of="key")
        _check_basis(self.figure, self.basis)
        return self

    @property
    def missing_marks(self) -> frozenset[str]:
        """All that stands for no value."""
        return DEFAULT_MISSING | frozenset(self.missing)


_OF_FACTS = {"period": "period", "place": "place"}
"""What must be said of a table, and stands in the column of that name in a file of facts."""
_ABOUT_ALL = {*("path", "request", "kind", "title", "publisher", "licence", "url", "accept_jumps", "refresh")}
"""What may be said of every source."""
_WITH_FACTS = _ABOUT_ALL | {
    *("query", "published", "sheet", "header", "header_rows", "footer", "encoding", "delimiter", "decimal", "missing")
}
"""What may be said of a file of facts: about the source, and about the file as such."""
IN_DOCUMENTS = "in the document"
"""Where place, period and day of publication stand that a source of documents does not declare."""
_OF_DOCUMENTS: dict[str, Any] = {key: {"column": IN_DOCUMENTS} for key in ("period", "place", "published")}
_OF_DOCUMENTS_ALONE = {"file_name", "language", "accept", "confidence"}
_WITH_DOCUMENTS = _OF_DOCUMENTS_ALONE | set(_OF_DOCUMENTS) | _ABOUT_ALL


def _schema_if(kinds: list[str]) -> dict[str, Any]:
    return {"properties": {"kind": {"enum": kinds}}, "required": ["kind"]}


_MEANT_FOR = {
    "sheet": WORKBOOKS,
    "encoding": TEXT_TABLES,
    "delimiter": TEXT_TABLES,
    "header": (*TEXT_TABLES, *WORKBOOKS),
    "header_rows": (*TEXT_TABLES, *WORKBOOKS),
    "footer": (*TEXT_TABLES, *WORKBOOKS),
}


class SourcesFile(Model):
    """`config/sources.yaml`, or any file in `config/sources/`: the sources by id."""

    sources: Annotated[
        dict[Identifier, Source],
        about(
            "id -> source",
            examples=[
                {
                    "turnover": {
                        "path": "data/inputs/turnover.csv",
                        "published": "on ingest",
                        "period": "Month",
                        "place": {"is": "china"},
                        "values": {"Turnover": "turnover"},
                    }
                }
            ],
        ),
    ]
