"""What a source is read from when it is no file: a query of a database, or a request to a web service.

Comes in: what `query` or `request` of a source says. Goes out: `Query` and `Request`. What stands where in the answer
is said with the same words as of a file, next door in `sources`; both are carried out in `briefings.sources`.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from .models import Count, Model, Text, about
from .secrets import Secret
from .wording import ConcealedError, PlacedError, one_of, quoted

TEXT_TABLES = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xls", ".ods")
PARQUET = (".parquet",)
TABLES = (*TEXT_TABLES, *WORKBOOKS, *PARQUET)
JSON = ".json"
"""Of web services alone."""
DOCUMENTS = (".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx")
FORMATS = {
    "csv": ".csv",
    "sdmx-csv": ".csv",
    "tsv": ".tsv",
    "xlsx": ".xlsx",
    "xls": ".xls",
    "ods": ".ods",
    "parquet": ".parquet",
    "json": ".json",
    "html": ".html",
    "pdf": ".pdf",
    "docx": ".docx",
    "txt": ".txt",
}
"""The format of an answer -> the ending that a file of that format has."""
Format = Literal["csv", "sdmx-csv", "tsv", "xlsx", "xls", "ods", "parquet", "json", "html", "pdf", "docx", "txt"]
_SECRETIVE = re.compile(r"authori[sz]ation|cookie|api.?key|token|secret|password", re.IGNORECASE)
"""Names of headers and parameters that hold secrets."""


def inside(value: str) -> str:
    """A path inside the project: relative, with slashes, without a way out."""
    if "\\" in value:
        raise ValueError(f"{quoted(value)} has backslashes; write the path with /")
    path = PurePosixPath(value)
    if path.is_absolute() or value.startswith("~") or re.match("[A-Za-z]:", value):
        raise ValueError(f"{quoted(value)} lies outside the project; copy the file to data/inputs/ and write that path")
    if ".." in path.parts:
        raise ValueError(f"{quoted(value)} leads out of the project by `..`; copy the file to data/inputs/")
    return value


def _service(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, user = parts.hostname, parts.username or parts.password
    except ValueError:
        host, user = None, None
    if not host or parts.scheme not in ("http", "https") or re.search(r"[^!-~]|[\"<>\\^`{|}]", value):
        raise ValueError(f"{quoted(value)} is no address of a service; write one that begins with https://")
    if user:
        raise ConcealedError("a user or password stands in the address; write them under `secret_headers`")
    if parts.fragment:
        raise ValueError(f"{quoted(value)} ends in #{parts.fragment}, which no service is told; delete it")
    for name in re.findall(r"(?:^|&)([^=&]+)=", parts.query):
        if _SECRETIVE.search(name):
            raise ConcealedError(_told_openly(name, "secret_parameters"))
    return value


def _told_openly(name: str, elsewhere: str) -> str:
    return f"{quoted(name)} is a secret, which never stands in a file of the project; write it under `{elsewhere}`"


def _pointer(value: str) -> str:
    """RFC 6901."""
    if not re.fullmatch(r"(/([^~/]|~[01])*)+", value):
        raise ValueError(f"{quoted(value)} is no JSON pointer; write each key behind a /, for example /data/items")
    return value


Pointer = Annotated[str, AfterValidator(_pointer)]
"""Where something stands in JSON: `/data/0/value` (RFC 6901)."""


class Query(Model):
    """One question to a database, in SQL. The database is only read."""

    sqlite: Annotated[
        Annotated[str, AfterValidator(inside)] | None,
        about(
            "a database that is a file of SQLite, relative to the project",
            examples=["data/inputs/tourism.sqlite"],
            bad=["/home/li/tourism.sqlite"],
        ),
    ] = None
    database: Annotated[
        Secret | None,
        about(
            "where the URL of a PostgreSQL database is kept (`postgresql://user:password@host/name`); its user should "
            "be allowed to read alone",
            examples=[{"env": "WAREHOUSE"}],
            bad=["postgresql://li:hunter2@db.example.org/statistics"],
        ),
    ] = None
    sql: Annotated[
        Text,
        about(
            "one SELECT; the names of its columns are the headers",
            examples=["SELECT month, city, stays FROM tourism"],
            bad=[""],
        ),
    ]
    rows: Annotated[
        Count, about("rows that the answer has at most", examples=[1_000_000], bad=[0], ge=1, le=10_000_000)
    ] = 1_000_000
    seconds: Annotated[Count, about("how long it may take", examples=[60], bad=[0], ge=1, le=3600)] = 60

    @model_validator(mode="after")
    def _one_database(self) -> Query:
        if self.sqlite is None and self.database is None:
            raise ValueError("no database is named; add `sqlite: PATH` or `database: {env: NAME}`")
        if self.sqlite is not None and self.database is not None:
            raise PlacedError("'database' and 'sqlite' exclude each other; keep one", "database", of="key")
        return self


class Pages(Model):
    """How a service that answers in pages is asked for the next one."""

    next: Annotated[
        Pointer | None,
        about(
            "where in an answer the address of the next page stands; there is none in the last",
            examples=["/next"],
            bad=["next"],
        ),
    ] = None
    parameter: Annotated[
        Text | None,
        about(
            "the parameter that counts pages or rows; a page without rows is behind the last",
            examples=["page"],
            bad=[""],
        ),
    ] = None
    first: Annotated[Count, about("what the parameter begins with", examples=[1, 0], bad=["first"])] = 1
    step: Annotated[Count, about("by how much it grows", examples=[1, 1000], bad=[0], ge=1)] = 1
    most: Annotated[Count, about("pages at most", examples=[200], bad=[0], ge=1, le=10_000)] = 200

    @model_validator(mode="after")
    def _one_way(self) -> Pages:
        if (self.next is None) == (self.parameter is None):
            raise ValueError("the next page is asked for in one way; write either `next` or `parameter`")
        return self


class Request(Model):
    """One request to a web service, by GET."""

    url: Annotated[
        Annotated[Text, AfterValidator(_service)],
        about(
            "the address, without secrets",
            examples=["https://statistics.example.org/api/gdp.csv"],
            bad=["statistics.example.org/gdp", "https://li:hunter2@example.org/", "https://example.org/?api_key=1"],
        ),
    ]
    format: Annotated[
        Format | None,
        about(
            "what is answered; left out: told by the address or by the answer. `sdmx-csv` asks an SDMX service for CSV",
            examples=["json", "sdmx-csv"],
            bad=["xml"],
        ),
    ] = None
    parameters: Annotated[
        dict[Text, Text],
        about("parameter of the address -> value", examples=[{"startPeriod": "2015"}], bad=["startPeriod=2015"]),
    ] = Field(default_factory=dict)
    headers: Annotated[
        dict[Text, Text],
        about("header of the request -> value", examples=[{"Accept-Language": "zh"}], bad=["Accept-Language: zh"]),
    ] = Field(default_factory=dict)
    secret_parameters: Annotated[
        dict[Text, Secret],
        about(
            "parameter -> where its secret is kept", examples=[{"key": {"env": "STATISTICS_KEY"}}], bad=[{"key": "x1"}]
        ),
    ] = Field(default_factory=dict)
    secret_headers: Annotated[
        dict[Text, Secret],
        about(
            "header -> where its secret is kept",
            examples=[{"Authorization": {"env": "STATISTICS_TOKEN"}}],
            bad=[{"Authorization": "Bearer x1"}],
        ),
    ] = Field(default_factory=dict)
    rows: Annotated[
        Pointer | None,
        about(
            "json: where the list of rows stands, as a pointer (RFC 6901); left out: the answer is that list",
            examples=["/1", "/data/items"],
            bad=["data.items", "1"],
        ),
    ] = None
    pages: Annotated[
        Pages | None, about("json: how the next page is asked for", examples=[{"parameter": "page"}], bad=["page"])
    ] = None
    seconds: Annotated[Count, about("how long all of it may take", examples=[120], bad=[0], ge=1, le=3600)] = 120
    internal: Annotated[
        bool,
        about(
            "the service stands in one's own network: private addresses and http are allowed",
            examples=["true"],
            bad=["maybe"],
        ),
    ] = False

    @model_validator(mode="after")
    def _safe(self) -> Request:
        if not self.internal and not self.url.startswith("https://"):
            raise PlacedError("http can be read and altered on its way; write https, or `internal: true`", "url")
        for key, told in (("parameters", self.parameters), ("headers", self.headers)):
            for name, value in told.items():
                if _SECRETIVE.search(name):
                    raise ConcealedError(_told_openly(name, f"secret_{key}"), key, name)
                if re.search(r"[\r\n]", name + value):
                    raise PlacedError(f"{quoted(name)} goes over several lines; write it on one", key, name)
        return self

    @model_validator(mode="after")
    def _json_alone(self) -> Request:
        for key in ("rows", "pages"):
            if getattr(self, key) is not None and self.format != "json":
                raise PlacedError(f"'{key}' is for JSON; delete it, or write `format: json`", key, of="key")
        return self

    @property
    def ending(self) -> str:
        """The ending of a file with this answer; "" where the answer tells."""
        if self.format is not None:
            return FORMATS[self.format]
        found = re.search(r"\.[a-z]{3,7}$", urlsplit(self.url).path.lower())
        return found[0] if found and found[0] in FORMATS.values() else ""


def _ends(path: str, endings: tuple[str, ...], what: str) -> None:
    """Complain of a path with another ending than these."""
    ending = PurePosixPath(path).suffix.lower()
    if ending not in endings:
        found = quoted(PurePosixPath(path).suffix) if ending else "no ending"
        raise PlacedError(f"{quoted(path)} has {found}; {what} that can be read end in {', '.join(endings)}", "path")


class Origin(Model):
    """What is read: files, a query or a request; and whether it is a table, facts or documents."""

    path: Annotated[
        Annotated[str, AfterValidator(inside)] | None,
        about(
            "the file, relative to the project; `*` stands for any text, so that several files make one source; "
            "of documents it may be a folder",
            examples=["data/inputs/turnover.csv", "data/inputs/gdp-*.xlsx", "data/releases"],
            bad=["/home/li/turnover.csv", "../turnover.csv"],
        ),
    ] = None
    query: Annotated[
        Query | None,
        about(
            "in place of a file, a question to a database",
            examples=[{"database": {"env": "WAREHOUSE"}, "sql": "SELECT month, city, stays FROM tourism"}],
            bad=["SELECT month, city, stays FROM tourism", {"sql": "SELECT month, city, stays FROM tourism"}],
        ),
    ] = None
    request: Annotated[
        Request | None,
        about(
            "in place of a file, a request to a web service",
            examples=[{"url": "https://statistics.example.org/api/gdp", "format": "csv"}],
            bad=["https://statistics.example.org/api/gdp", {"url": "http://statistics.example.org/api/gdp"}],
        ),
    ] = None
    kind: Annotated[
        Literal["table", "facts", "documents"],
        about(
            "what kind of source: a `table` as described here; `facts`, whose columns are named as those of an "
            "observation are; or `documents`, the running text of releases and reports",
            examples=["table", "facts", "documents"],
            bad=["csv"],
        ),
    ] = "table"

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        """A file, a query or a request; a query answers with a table, a request with what fits the kind of source."""
        told = [key for key in ("path", "query", "request") if getattr(self, key) is not None]
        if not told:
            raise ValueError("nothing says what is read; write `path: FILE`, or a `query` or a `request`")
        if len(told) > 1:
            raise PlacedError(f"'{told[1]}' and '{told[0]}' exclude each other; keep one", told[1], of="key")
        if self.query is not None and self.kind == "documents":
            raise PlacedError("a database answers with a table; write `kind: table`", "query", of="key")
        what, endings = ("documents", DOCUMENTS) if self.kind == "documents" else ("tables", TABLES)
        if self.path is not None and not (self.kind == "documents" and self.ending in ("", ".*")):
            _ends(self.path, endings, what)
        if self.request is not None and self.request.format is not None:
            allowed = [
                name for name, ending in FORMATS.items() if ending in endings or (ending, what) == (JSON, "tables")
            ]
            if self.request.format not in allowed:
                raise PlacedError(one_of(self.request.format, allowed, f"format of {what}"), "request", "format")
        return self

    @property
    def ending(self) -> str:
        """The ending of what is read: of the file, or as a file with that answer would have it; "" where it tells."""
        if self.request is not None:
            return self.request.ending
        return ".sql" if self.query is not None else PurePosixPath(self.path or "").suffix.lower()
