"""Sources that are a request to a web service: what it tells, and all that a service may do instead."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings import sources
from briefings.configuration import Request, Source
from briefings.errors import SourceError
from briefings.sources import Reading, web
from tests.services import Service, answer, pages
from tests.test_tabular import CATALOGUE, TODAY, Kept, told

CSV = b"month,city,price\n2026-01,Beijing,83.25\n2026-02,China,0.1\n"
COLUMNS = "{published: on ingest, period: month, place: city, values: {price: price}}"


class Read:
    """Reads a source of a service; pauses are noted, not waited for."""

    def __init__(self, service: Service, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service, self.root, self.kept, self.pauses = service, root, Kept(), [0.0][:0]
        plain = web.fetch

        def fetch(request: Request, root: Path, environ: Mapping[str, str]) -> web.Answers:
            return plain(request, root, environ, pause=self.pauses.append)

        monkeypatch.setattr(web, "fetch", fetch)

    def __call__(self, source: str = COLUMNS, path: str = "/data", **request: Any) -> Reading:
        """Ask the service; every locator must lead to its value."""
        declared = yaml.load(source, yaml.BaseLoader)
        declared |= {"request": {"url": self.service.url + path, "internal": "true", **request}}
        reading = sources.read(
            "src",
            Source.model_validate(declared),
            catalogue=CATALOGUE,
            root=self.root,
            keep=self.kept.keep,
            today=TODAY,
            environ={"KEY": "hunter2&more"},
        )
        for row in reading.frame.itertuples():
            assert sources.resolve(row.locator, *self.kept[row.snapshot]) in row.quote
        return reading

    def refused(self, **request: Any) -> str:
        """What is said, without the address of the service."""
        with pytest.raises(SourceError) as caught:
            self(**request)
        assert "hunter2" not in str(caught.value)
        return str(caught.value).replace(self.service.url, "")


@pytest.fixture(autouse=True)
def directly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Services on loopback are asked without the proxy that this machine may have."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def service() -> Iterator[Service]:
    found = Service()
    yield found
    found.close()


@pytest.fixture
def read(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    return Read(service, tmp_path, monkeypatch)


# What it tells.


def test_a_table_is_read_as_a_file_is(service: Service, read: Read) -> None:
    service.answers = [answer(CSV)]
    reading = read(parameters={"from": "2026-01", "name": "汇率"}, headers={"Accept-Language": "zh"})
    assert told(reading) == {("price", "beijing", "2026-01"): 83.25, ("price", "china", "2026-02"): 0.1}
    ((path, headers),) = service.asked
    assert path == "/data?from=2026-01&name=%E6%B1%87%E7%8E%87"
    assert headers["Accept-Language"] == "zh"
    ((content, dialect),) = read.kept.values()
    assert content == CSV
    assert dialect["address"] == f"{service.url}{path}"


def test_what_is_compressed_is_kept_as_it_reads(service: Service, read: Read) -> None:
    service.answers = [answer(gzip.compress(CSV), Content_Encoding="gzip")]
    read()
    assert [content for content, _ in read.kept.values()] == [CSV]


def test_secrets_go_to_the_service_and_nowhere_else(service: Service, read: Read) -> None:
    service.answers = [answer(CSV)]
    reading = read(secret_headers={"X-Key": {"env": "KEY"}}, secret_parameters={"key": {"env": "KEY"}})
    ((path, headers),) = service.asked
    assert path == "/data?key=hunter2%26more"
    assert headers["X-Key"] == "hunter2&more"
    assert "hunter2" not in repr((read.kept, reading.files, reading.remarks))


def test_a_redirection_to_another_host_is_not_told_the_secret(service: Service, read: Read) -> None:
    other = Service()
    other.answers = [answer(CSV)]
    service.answers = [answer(b"", 302, Location=f"{other.url}/moved")]
    read(secret_headers={"X-Key": {"env": "KEY"}}, secret_parameters={"key": {"env": "KEY"}})
    ((path, headers),) = other.asked
    other.close()
    assert path == "/moved"
    assert "X-Key" not in headers


OBJECTS = [
    {"month": "2026-01", "city": {"id": 1, "name": "Beijing"}, "price": 83.250},
    {"month": "2026-02", "city": {"id": 2, "name": "China"}, "price": None},
    {"month": "2026-03", "city": {"id": 2, "name": "China"}, "price": "1,200.5"},
]
NESTED = "{published: on ingest, period: month, place: city/name, values: {price: price}}"


@pytest.mark.parametrize(
    ("body", "rows", "locator"),
    [
        (OBJECTS, None, "json=/0/price"),
        ([{"pages": 1}, OBJECTS], "/1", "json=/1/0/price"),
        ({"data": {"a/b": OBJECTS}}, "/data/a~1b", "json=/data/a~1b/0/price"),
    ],
)
def test_rows_of_json(body: Any, rows: str | None, locator: str, service: Service, read: Read) -> None:
    service.answers = [answer(json.dumps(body).replace("83.25", "83.250").encode(), media="application/json")]
    reading = read(NESTED, format="json", **({"rows": rows} if rows else {}))
    assert told(reading) == {("price", "beijing", "2026-01"): 83.25, ("price", "china", "2026-03"): 1200.5}
    assert reading.missing == 1
    assert reading.frame["locator"][0] == locator
    assert reading.frame["quote"][0] == "83.250"
    assert reading.columns_unread == ("city/id",)


def test_rows_of_json_that_are_lists_have_their_headers_first(service: Service, read: Read) -> None:
    rows = [["month", "city", "price"], ["2026-01", "Beijing", 83.25]]
    service.answers = [answer(json.dumps({"rows": rows}).encode())]
    reading = read(format="json", rows="/rows")
    assert told(reading) == {("price", "beijing", "2026-01"): 83.25}
    assert list(reading.frame["locator"]) == ["json=/rows/1/2"]


def page(*months: str, **beside: Any) -> dict[str, Any]:
    return {"rows": [{"month": month, "city": "China", "price": 1} for month in months], **beside}


def test_pages_that_are_counted(service: Service, read: Read) -> None:
    service.answers = [pages({"1": page("2026-01"), "2": page("2026-02"), "3": page()}, "page")]
    reading = read(format="json", rows="/rows", pages={"parameter": "page"})
    assert sorted(reading.frame["period"]) == ["2026-01", "2026-02"]
    assert [path for path, _ in service.asked] == ["/data?page=1", "/data?page=2", "/data?page=3"]
    assert len(read.kept) == 2


def test_pages_that_are_counted_by_rows(service: Service, read: Read) -> None:
    service.answers = [pages({"0": page("2026-01", "2026-02"), "2": page("2026-03"), "4": {"rows": None}}, "offset")]
    reading = read(format="json", rows="/rows", pages={"parameter": "offset", "first": "0", "step": "2"})
    assert len(reading.frame) == 3


def test_pages_that_lead_to_one_another(service: Service, read: Read) -> None:
    first = page("2026-01", next="/data?cursor=b")
    service.answers = [answer(json.dumps(first).encode()), answer(json.dumps(page("2026-02", next=None)).encode())]
    reading = read(format="json", rows="/rows", pages={"next": "/next"}, parameters={"limit": "1"})
    assert sorted(reading.frame["period"]) == ["2026-01", "2026-02"]
    assert [path for path, _ in service.asked] == ["/data?limit=1", "/data?cursor=b"]


def test_sdmx_is_asked_for_csv(service: Service, read: Read) -> None:
    table = (
        b"DATAFLOW,FREQ,REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        b"X:CPI(1.0),M,CN,2026-01,1.5,A\nX:CPI(1.0),M,CN,2026-02,1.25,P\n"
    )
    service.answers = [answer(table, media="application/vnd.sdmx.data+csv; version=1.0.0; charset=utf-8")]
    source = """
        {published: on ingest, period: TIME_PERIOD, place: {column: REF_AREA, names: {CN: china}},
         indicator: {is: price}, value: OBS_VALUE,
         status: {column: OBS_STATUS, names: {A: actual, P: preliminary}}}
    """
    reading = read(source, path="/data/X,CPI,1.0/M.CN", format="sdmx-csv")
    assert list(reading.frame["status"]) == ["actual", "preliminary"]
    assert service.asked[0][1]["Accept"].startswith("application/vnd.sdmx.data+csv;version=1.0.0")


def test_a_release_on_the_web_is_a_document(service: Service, read: Read) -> None:
    text = "<!doctype html><title>Turnover</title><h1>Turnover</h1><p>In 2025, turnover was 12.5 billion yuan.</p>"
    service.answers = [answer(text.encode(), media="text/html; charset=utf-8")]
    source = "{kind: documents, place: beijing, published: 2026-01-20, language: en, accept: all}"
    reading = read(source, path="/releases/17")
    assert told(reading) == {("turnover", "beijing", "2025"): 12_500_000_000}


# What it may do instead.


def test_a_service_that_is_busy_is_asked_again_and_that_is_noted(service: Service, read: Read) -> None:
    service.answers = [answer(b"", 500), answer(b"", 429, Retry_After="7"), answer(CSV)]
    reading = read()
    assert len(reading.frame) == 2
    assert read.pauses == [1.0, 7.0]
    assert [remark.removeprefix(service.url) for remark in reading.remarks] == [
        "/data: the service answers 500 Internal Server Error; asked again after 1 s",
        "/data: the service answers 429 Too Many Requests; asked again after 7 s",
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (answer(b"", 503), "/data: the service answers 503 Service Unavailable, 3 times; try again later."),
        (answer(b"", 304), "/data: the service answers 304 Not Modified, not 200; correct the request, or ask the "),
        (answer(b"", 404), "/data: the service answers 404 Not Found, not 200; correct the address."),
        (answer(b"", 401), "/data: the service answers 401 Unauthorized, not 200; look at its secrets, and whether"),
        (answer(b""), "/data: the answer is empty."),
        (answer(b" \n"), "/data: the answer is empty."),
        (answer(CSV, media="application/xml"), "/data: the answer is application/xml; say what it is by `format`."),
        (answer(CSV, Content_Length="900"), "/data: the answer breaks off after 57 bytes (ProtocolError), 3 times;"),
        (answer(b"", 302, Location="/data"), "/data: more than 5 redirections; correct the address."),
        (answer(b"", 302, Location="file:///etc/passwd"), "it leads to file:///etc/passwd, which is no https; a serv"),
    ],
)
def test_an_answer_that_tells_nothing(given: Any, expected: str, service: Service, read: Read) -> None:
    service.answers = [given]
    assert expected in read.refused()
    assert not read.kept


def test_a_web_page_in_place_of_a_table(service: Service, read: Read) -> None:
    service.answers = [answer(b"<!DOCTYPE html><p>Sorry</p>", media="text/html")]
    assert "this is a web page or XML, not a table" in read.refused(format="csv")
    assert read.refused() == (
        "/data: the answer is .html, and tables are .csv, .tsv, .txt, .xlsx, .xls, .ods, .parquet, .json; "
        "correct the request, or say by `format` what it is."
    )
    assert read.refused(format="json") == (
        "/data: the answer is no JSON; it begins with '<!DOCTYPE html><p>Sorry</p>'. Correct the request, or `format`."
    )


@pytest.mark.parametrize(
    ("body", "request_", "expected"),
    [
        (
            {"meta": 1, "data": {"x": []}},
            {},
            "/data: no list of rows stands at the top; lists stand at /data/x. Set `rows`.",
        ),
        ({"a": 1}, {"rows": "/a"}, "/data: no list of rows stands at /a; lists stand at nowhere. Set `rows`."),
        ({"a": []}, {"rows": "/a"}, "/data: there are no rows at /a; correct `rows`, or the request."),
        ([1, 2], {}, "/data: the rows at the top are neither objects nor lists alone."),
        ([{"month": "2026-01"}], {}, "/data: the columns 'city', 'price' are lacking; found: 'month'."),
    ],
)
def test_json_that_is_not_what_was_declared(
    body: Any, request_: dict[str, str], expected: str, service: Service, read: Read
) -> None:
    service.answers = [answer(json.dumps(body).encode())]
    assert read.refused(format="json", **request_).startswith(expected)


def test_json_nested_without_end(service: Service, read: Read) -> None:
    service.answers = [answer(b"[" * 100_000)]
    assert "the answer is no JSON; " in read.refused(format="json")


def test_pages_without_end(service: Service, read: Read) -> None:
    service.answers = [answer(json.dumps(page("2026-01", next="/data")).encode())]
    asked = {"format": "json", "rows": "/rows"}
    assert read.refused(**asked, pages={"next": "/next"}).endswith(
        "/data: this page was there before; the service leads in a circle."
    )
    assert "more than 3 pages; ask for less, or raise `most`." in read.refused(
        **asked, pages={"parameter": "page", "most": "3"}
    )


def test_an_answer_that_drips(service: Service, read: Read) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b"1")
                time.sleep(0.02)
        except OSError:
            pass  # it was left

    service.answers = [drip]
    assert read.refused(seconds="1") == "/data: the service takes more than 1 s; ask for less, or raise `seconds`."


def test_an_answer_that_swells(service: Service, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "LARGEST", 2**20)
    service.answers = [answer(gzip.compress(b"0" * 2**22), Content_Encoding="gzip")]
    assert read.refused() == "/data: the answer is larger than 1 MB; ask for less."


def test_nobody_there(service: Service, read: Read) -> None:
    service.close()
    assert "the service cannot be reached (NewConnectionError), 3 times; try again later." in read.refused()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://127.0.0.1/x",
            "127.0.0.1 is 127.0.0.1, an address of one's own network; if that is meant, write `int",
        ),
        ("https://[::1]/x", "::1 is ::1, an address of one's own network; if that is meant, write `internal: true`."),
        ("https://169.254.169.254/x", "169.254.169.254 is 169.254.169.254, an address of one's own network"),
        ("https://localhost/x", "localhost is "),
    ],
)
def test_ones_own_network_is_asked_only_where_that_is_meant(url: str, expected: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        web.fetch(Request.model_validate({"url": url}), tmp_path, {})
    assert str(caught.value).startswith(f"{url}: {expected}")
