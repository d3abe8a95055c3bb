"""Each cadence from YAML to the reader: a table of its own periods, a theme, an edition in the reader's folder."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from briefings.archive import Archive
from briefings.cli.main import run
from briefings.ledger import open_ledger
from briefings.schedule.by_hand import choices
from briefings.settings import load
from briefings.workspace import Workspace

STARTER = Path(__file__).parent.parent / "templates" / "starter"
#: Cadence -> the periods of its table, when it is released, when the clock says so, the period that follows.
CADENCES = {
    "daily": ([str(date(2026, 10, 1) + timedelta(n)) for n in range(50)], "every day", "2026-11-20", "2026-11-19"),
    "weekly": ([f"2026-W{n:02}" for n in range(20, 47)], "monday", "2026-11-16", "2026-W46"),
    "ten-day": (
        [f"2026-{month:02}-T{part}" for month in range(3, 12) for part in (1, 2, 3)][:26],
        "last day, of: current",
        "2026-11-20",
        "2026-11-T2",
    ),
    "monthly": ([f"{2024 + n // 12}-{n % 12 + 1:02}" for n in range(34)], "20th", "2026-11-20", "2026-10"),
    "quarterly": ([f"{2022 + n // 4}-Q{n % 4 + 1}" for n in range(19)], "20th of 2nd month", "2026-11-20", "2026-Q3"),
    "half-yearly": ([f"{2020 + n // 2}-H{n % 2 + 1}" for n in range(13)], "20th of 5th month", "2026-11-20", "2026-H1"),
    "annual": ([str(year) for year in range(2010, 2026)], "20 November", "2026-11-20", "2025"),
    "plan": (["2006/2010", "2011/2015", "2016/2020", "2021/2025"], "20 November", "2026-11-20", "2021/2025"),
}
#: How far a series moves, in percent, from one period to the next.
STEPS = (1.4, -0.6, 2.2, 3.1, -1.7, 0.4, 2.9)


def project(folder: Path, cadence: str) -> None:
    """A project of one theme of this cadence; a reader of it and one of another cadence."""
    periods, release, _, _ = CADENCES[cadence]
    shutil.copytree(STARTER / "config", folder / "config")
    (folder / "data/inputs").mkdir(parents=True)
    rows, value = ["Period,City,Stays,Revenue"], 1000.0
    for number, period in enumerate(periods):
        value *= 1 + STEPS[number % len(STEPS)] / 100
        rows += [
            f"{period},{city},{value * k:.0f},{value * k * 31:.0f}" for city, k in (("Riverton", 1), ("Lakeside", 2))
        ]
    (folder / "data/inputs/stays.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    source = "title: {en: Stays, zh: 游客统计}, publisher: {en: Bureau, zh: 文旅局}, published: 0 days after period"
    columns = "period: Period, place: City, values: {Stays: overnight_stays, Revenue: room_revenue}"
    sources = f"sources:\n  stays: {{path: data/inputs/stays.csv, {source}, {columns}}}\n"
    (folder / "config/sources.yaml").write_text(sources, encoding="utf-8")
    shows = "overnight_stays: [level, growth on previous period], room_revenue: level"
    theme = f"""theme: tourism
title: {{en: Tourism, zh: 旅游经济简报}}
places: {{each: riverton}}
cadence: {"annual" if cadence == "plan" else cadence}
headline: {{{shows}}}
sections: [{{title: {{en: Stays, zh: 过夜游客}}, show: {{{shows}}}, charts: line}}]
schedule: {{cadence: {cadence}, release: {release}, at: 08:00, requires: overnight_stays, then: hold}}
"""
    (folder / "config/themes/tourism.yaml").write_text(theme, encoding="utf-8")
    other = "weekly" if cadence != "weekly" else "daily"
    by_hand = theme.partition("schedule:")[0].replace("theme: tourism", "theme: visits")
    by_hand = by_hand.replace(f"cadence: {'annual' if cadence == 'plan' else cadence}\n", f"cadence: {other}\n")
    (folder / "config/themes/visits.yaml").write_text(by_hand, encoding="utf-8")
    recipients = "channels: {shelf: {kind: folder, path: data/shelf}}\nowner: desk\nrecipients:\n"
    for key, themes, word in (("desk", "tourism", cadence), ("bank", "[tourism, visits]", other)):
        gets = f"[{{themes: {themes}, places: all, cadence: {word}}}]"
        recipients += f"  {key}: {{name: {key}, languages: [en, zh], by: shelf, receives: {gets}}}\n"
    (folder / "config/recipients.yaml").write_text(recipients, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("cadence", CADENCES)
def test_a_cadence_reaches_its_reader(cadence: str, tmp_path: Path) -> None:
    project(tmp_path, cadence)
    _, _, day, period = CADENCES[cadence]
    assert run(["--project", str(tmp_path), "-q", "--now", f"{day}T08:10+08:00", "run", "--once"]) == 0
    ledger = open_ledger(tmp_path / "data", None, archive_has_editions=True)
    rows = [(row.cadence, row.period, row.language, row.recipient, row.state) for row in ledger.rows()]
    ledger.close()
    assert rows == [(cadence, period, language, "desk", "sent") for language in ("en", "zh")]
    found = sorted((tmp_path / "data/shelf").rglob("briefing.pdf"))
    assert len(found) == 2
    edition = Archive(tmp_path / "data/editions").find(f"tourism/riverton/{period.replace('/', '_')}/zh/r1")
    assert edition.briefing().period == period
    settings = load(Workspace.find(tmp_path))
    (choice,) = choices(settings, edition, None, None, datetime.fromisoformat(f"{day}T09:00+08:00"))
    assert choice.reader.recipient == "desk"  # by hand, too, it is of its own cadence
