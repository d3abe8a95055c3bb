"""A stranger's walk: a table of one's own, a few lines of YAML, and a briefing in both languages.

Nothing here touches the sample project: each test writes its own files, runs the commands, and reads what they left.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from briefings.archive import Archive, Edition
from briefings.cli.main import run
from briefings.sources import resolve
from briefings.store import Store
from tests.services import Service, pages

pytestmark = pytest.mark.slow

PROJECT = """\
title: {en: Port briefings, zh: 港口简报}
publisher: {en: Port Office, zh: 港口办公室}
"""
PLACES = """\
places:
  seaport: {name: {en: Seaport, zh: 海港}, kind: city}
"""
INDICATORS = """\
indicators:
  throughput:
    name: {en: Cargo throughput, zh: 货物吞吐量}
    unit: tonne
    nature: flow
    direction: higher
  balance:
    name: {en: Trade balance, zh: 贸易差额}
    unit: CNY
    nature: flow
"""
THEME = """\
theme: port
title: {en: Port briefing, zh: 港口运行简报}
places: {each: seaport}
cadence: CADENCE
headline:
  - throughput: [level, growth, growth on previous period]
  - balance: [level, change]
sections:
  - title: {en: Throughput, zh: 吞吐量}
    show: {throughput: [level, growth]}
    charts: [line, column]
    table: history
  - title: {en: Balance, zh: 差额}
    show: {balance: [level, change]}
"""


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def walk(root: Path, files: Mapping[str, str]) -> list[Edition]:
    """check, ingest, build; the editions that stand in the archive afterwards."""
    write(root, files)
    for command in ("check", "ingest", "build"):
        assert run(["--project", str(root), "--now", "2026-11-21T08:00+08:00", command]) == 0, command
    return list(Archive(root / "data/editions").editions())


def every_number_leads_back(root: Path, edition: Edition) -> int:
    """Resolve every locator in its snapshot, and read each level again there; how many inputs that were."""
    store = Store(root / "data/observations", root / "data/snapshots")
    inputs = 0
    for figure in edition.figures():
        for item in figure["inputs"]:
            raw = resolve(item["locator"], *store.snapshot(item["snapshot"]))
            assert raw == item["quote"]
            inputs += 1
        if figure["kind"] == "level":
            (item,) = figure["inputs"]
            assert figure["value"] == item["value"]
    return inputs


def text_of(edition: Edition) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(edition.folder / "briefing.pdf").pages)


def test_a_monthly_table_with_gaps_zeros_and_a_negative_stretch(tmp_path: Path) -> None:
    rows = ["Month;Throughput (万吨);Balance (10k CNY)"]
    for month in range(48):
        year, number = 2022 + (month + 10) // 12, (month + 10) % 12 + 1
        tonnes = "0" if month == 20 else f"{100 + month * 1.5 + (month % 12) * 2:.1f}"
        balance = f"{-40 + month * 1.1:.1f}"
        if month != 30:
            rows.append(f"{year}年{number}月;{tonnes};{balance}")
    source = """\
sources:
  port:
    path: data/inputs/port.csv
    publisher: {en: Port Office, zh: 港口办公室}
    published: 20 days after period
    delimiter: ;
    missing: ["0"]
    period: Month
    place: {is: seaport}
    values:
      Throughput (万吨): {indicator: throughput, unit: 万吨}
      Balance (10k CNY): {indicator: balance, unit: 万元}
"""
    editions = walk(
        tmp_path,
        {
            "config/project.yaml": PROJECT,
            "config/places.yaml": PLACES,
            "config/indicators.yaml": INDICATORS,
            "config/sources.yaml": source,
            "config/themes/port.yaml": THEME.replace("CADENCE", "monthly"),
            "data/inputs/port.csv": "\n".join(rows) + "\n",
        },
    )
    assert [edition.id for edition in editions] == ["port/seaport/2026-10/en/r1", "port/seaport/2026-10/zh/r1"]
    english, chinese = editions
    assert every_number_leads_back(tmp_path, english) > 40
    assert english.figures() != chinese.figures()  # the printed texts differ, the values do not
    values = [{figure["id"]: figure["value"] for figure in edition.figures()} for edition in editions]
    assert values[0] == values[1]
    kinds = {finding.kind for finding in english.briefing().every_finding()}
    assert "record" in kinds or "streak" in kinds
    assert "Cargo throughput" in text_of(english)
    assert "货物吞吐量" in re.sub(r"\s", "", text_of(chinese))
    no_growth = [
        figure for figure in english.figures() if figure["kind"] == "growth" and figure["indicator"] == "balance"
    ]
    assert not [figure for figure in no_growth if any(item["value"] <= 0 for item in figure["inputs"])]


def test_a_quarterly_table_wide_by_period(tmp_path: Path) -> None:
    quarters = [f"{2021 + n // 4}年{'一二三四'[n % 4]}季度" for n in range(22)]
    throughput = ",".join(f"{80 + n * 2 + (n % 4) * 3:.1f}" for n in range(22))
    balance = ",".join(f"{12 - n:.1f}" for n in range(22))
    table = f"指标,{','.join(quarters)}\n吞吐量,{throughput}\n差额,{balance}\n"
    source = """\
sources:
  port:
    path: data/inputs/port.csv
    publisher: 港口办公室
    published: 2026-08-15
    period: headers
    place: {is: seaport}
    indicator: {column: 指标, names: {吞吐量: throughput, 差额: balance}}
"""
    editions = walk(
        tmp_path,
        {
            "config/project.yaml": PROJECT,
            "config/places.yaml": PLACES,
            "config/indicators.yaml": INDICATORS,
            "config/sources.yaml": source.replace(
                "publisher: 港口办公室", "publisher: {en: Port Office, zh: 港口办公室}"
            ),
            "config/themes/port.yaml": THEME.replace("CADENCE", "quarterly"),
            "data/inputs/port.csv": table,
        },
    )
    assert [edition.id for edition in editions] == ["port/seaport/2026-Q2/en/r1", "port/seaport/2026-Q2/zh/r1"]
    assert every_number_leads_back(tmp_path, editions[0]) > 40
    assert "second quarter of 2026" in text_of(editions[0])


def test_the_starter_project_builds_and_a_second_build_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "mine"
    assert run(["init", str(root)]) == 0
    for command in ("check", "ingest", "build"):
        assert run(["--project", str(root), "--now", "2026-11-21", command]) == 0
    capsys.readouterr()
    assert run(["--project", str(root), "--now", "2026-11-22", "ingest"]) == 0
    assert "0 new, 0 revised, 368 unchanged" in capsys.readouterr().err
    assert run(["--project", str(root), "--now", "2026-11-22", "build"]) == 0
    assert "Nothing to build: 2 unchanged." in capsys.readouterr().err
    assert len(list(Archive(root / "data/editions").editions())) == 2


def test_a_revised_figure_makes_the_next_revision(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    run(["init", str(root)])
    at = ["--project", str(root), "--now", "2026-11-21"]
    assert run([*at, "ingest"]) == 0
    assert run([*at, "build", "--language", "en"]) == 0
    table = root / "data/inputs/tourism.csv"
    lines = table.read_text("utf-8").splitlines()
    lines[-4] = lines[-4].replace(lines[-4].split(",")[2], "99999")
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run([*at, "ingest"]) == 0
    assert run([*at, "build", "--language", "en"]) == 0
    found = list(Archive(root / "data/editions").editions())
    assert [edition.revision for edition in found] == [1, 2]
    assert found[1].manifest["supersedes"] == found[0].id


def test_trace_leads_from_a_printed_number_to_its_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "mine"
    run(["init", str(root)])
    at = ["--project", str(root), "--now", "2026-11-21"]
    assert run([*at, "ingest"]) == 0
    assert run([*at, "build", "--language", "zh"]) == 0
    (edition,) = Archive(root / "data/editions").editions()
    figure: dict[str, Any] = next(f for f in edition.figures() if f["kind"] == "growth" and f["printed"])
    capsys.readouterr()
    assert run([*at, "trace", edition.id, figure["id"]]) == 0
    told = capsys.readouterr().out
    for item in figure["inputs"]:
        assert item["locator"] in told
        assert json.dumps(item["quote"], ensure_ascii=False) in told
    assert run([*at, "trace", edition.id, "f0"]) == 2
    assert "has no figure 'f0'" in capsys.readouterr().err


def test_a_broken_source_costs_only_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "mine"
    run(["init", str(root)])
    sources = root / "config/sources.yaml"
    more = """\
  other:
    path: data/inputs/other.csv
    published: on ingest
    period: Month
    place: {is: riverton}
    values: {Stays: overnight_stays}
"""
    sources.write_text(sources.read_text("utf-8") + more, encoding="utf-8")
    assert run(["--project", str(root), "ingest"]) == 1
    told = capsys.readouterr().err
    assert "other: failed" in told
    assert "data/inputs/other.csv" in told
    assert "tourism: 368 new" in told
    assert run(["--project", str(root), "build", "--language", "en"]) == 0


def test_no_observation_makes_no_edition_and_a_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "mine"
    run(["init", str(root)])
    assert run(["--project", str(root), "build"]) == 0
    told = capsys.readouterr().err
    assert "No observation of overnight_stays, room_revenue for riverton. Run `briefings ingest` first." in told
    assert not list((root / "data/editions").rglob("*"))


def test_an_edition_as_of_an_earlier_day_is_neither_latest_nor_built_twice(tmp_path: Path) -> None:
    root = tmp_path / "mine"
    run(["init", str(root)])
    sources = root / "config/sources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("12 days after period", "on ingest"), encoding="utf-8")
    table = root / "data/inputs/tourism.csv"

    def at(day: str, *arguments: str) -> int:
        return run(["--project", str(root), "--now", day, "-q", *arguments])

    assert at("2026-11-10", "ingest") == 0
    assert at("2026-11-10", "build", "--language", "en") == 0
    lines = table.read_text("utf-8").splitlines()
    lines[-4] = lines[-4].replace(lines[-4].split(",")[2], "99999")
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert at("2026-11-20", "ingest") == 0
    for _ in range(2):
        assert at("2026-11-20", "build", "--language", "en", "--period", "2026-10") == 0
        assert at("2026-11-20", "build", "--language", "en", "--period", "2026-10", "--as-of", "2026-11-12") == 0
    archive = Archive(root / "data/editions")
    assert [edition.revision for edition in archive.editions()] == [1, 2]
    assert archive.find("tourism/riverton/2026-10/en").revision == 2


def test_a_correction_is_not_dated_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "mine"
    run(["init", str(root)])
    table = root / "data/inputs/tourism.csv"
    assert run(["--project", str(root), "--now", "2026-11-21", "ingest"]) == 0
    lines = table.read_text("utf-8").splitlines()
    lines[1] = lines[1].replace(lines[1].split(",")[2], "12345")
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for _ in range(2):
        assert run(["--project", str(root), "--now", "2026-12-05", "ingest"]) == 0
    capsys.readouterr()
    assert run(["--project", str(root), "data", "history", "overnight_stays", "riverton", "2023-01"]) == 0
    told = [line.split() for line in capsys.readouterr().out.splitlines()[2:]]
    assert [(line[2].replace(",", ""), "2026-12-05" in line) for line in told] == [
        (told[0][2].replace(",", ""), False),
        ("12345", True),
    ]


def test_days_where_a_theme_is_monthly_are_told_with_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "mine"
    run(["init", str(root)])
    table = root / "data/inputs/tourism.csv"
    lines = table.read_text("utf-8").splitlines()
    dated = [line.replace(",", "-01,", 1) for line in lines[1:]]
    table.write_text("\n".join([lines[0], *dated]) + "\n", encoding="utf-8")
    assert run(["--project", str(root), "--now", "2026-11-21", "ingest"]) == 0
    assert run(["--project", str(root), "--now", "2026-11-21", "build"]) == 0
    assert (
        "No monthly observation of overnight_stays, room_revenue for riverton: they are told by day, 2023-01-01 to "
        "2026-10-01. If a day stands for its month, write `period: {column: ..., means: month}` in the source."
    ) in capsys.readouterr().err


def test_a_database_and_a_web_service(tmp_path: Path) -> None:
    months = [f"{2024 + n // 12}-{n % 12 + 1:02}" for n in range(34)]
    (tmp_path / "data/inputs").mkdir(parents=True)
    with closing(sqlite3.connect(tmp_path / "data/inputs/port.sqlite")) as database, database:
        database.execute("CREATE TABLE calls (month TEXT, tonnes REAL)")
        rows = [(month, 900_000 + 10_000.5 * n) for n, month in enumerate(months) for _ in range(2)]
        database.executemany("INSERT INTO calls VALUES (?, ?)", rows)
    told = [{"month": month, "where": {"name": "海港"}, "balance": -40 + 1.5 * n} for n, month in enumerate(months)]
    service = Service()
    service.answers = [pages({"1": [{}, told[:20]], "2": [{}, told[20:]], "3": [{}, None]}, "page")]
    source = f"""\
sources:
  calls:
    query: {{sqlite: data/inputs/port.sqlite, sql: "SELECT month, sum(tonnes) AS tonnes FROM calls GROUP BY month"}}
    publisher: {{en: Port Office, zh: 港口办公室}}
    published: 20 days after period
    period: month
    place: {{is: seaport}}
    values: {{tonnes: throughput}}
  customs:
    request: {{url: {service.url}/balance, format: json, rows: /1, pages: {{parameter: page}}, internal: true}}
    publisher: {{en: Customs Office, zh: 海关}}
    published: 20 days after period
    period: month
    place: where/name
    values: {{balance: {{indicator: balance, unit: 万元}}}}
"""
    editions = walk(
        tmp_path,
        {
            "config/project.yaml": PROJECT,
            "config/places.yaml": PLACES,
            "config/indicators.yaml": INDICATORS,
            "config/sources.yaml": source,
            "config/themes/port.yaml": THEME.replace("CADENCE", "monthly"),
        },
    )
    service.close()
    assert [edition.id for edition in editions] == ["port/seaport/2026-10/en/r1", "port/seaport/2026-10/zh/r1"]
    for edition in editions:
        assert every_number_leads_back(tmp_path, edition) > 40
        assert run(["--project", str(tmp_path), "editions", "verify", edition.id]) == 0
        locators = {item["locator"].partition("=")[0] for figure in edition.figures() for item in figure["inputs"]}
        assert locators == {"row", "json"}
