"""A change of what is known makes the editions anew that it may concern, and no others: counted in briefings built."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.ingest import ingest
from briefings.schedule.knowledge import Mark
from briefings.settings import load
from briefings.workspace import Workspace
from tests.desks import RECIPIENTS, Stage, stage, world

ONE = RECIPIENTS.replace("[en, zh]", "en")
MONTHLY = "schedule: {release: 20th, at: 08:00, requires: overnight_stays}\n"
SOURCE = """  {name}:
    path: data/inputs/{name}.csv
    title: {{en: Table}}
    publisher: {{en: Bureau}}
    published: 12 days after period
    period: Month
    place: Place
    values: {{Value: {indicator}}}
"""


@pytest.fixture
def one(tmp_path: Path) -> Stage:
    """An edition of Riverton was sent. It shows overnight stays, and reads those of the other cities, but not those of
    Farville, nor the rain."""
    world(tmp_path, MONTHLY, ONE)
    config = tmp_path / "config"
    with (config / "indicators.yaml").open("a") as file:
        file.write("  rainfall: {name: {en: Rainfall}, unit: percent, nature: rate, direction: neither}\n")
    with (config / "places.yaml").open("a") as file:
        file.write("  farville: {name: {en: Farville}, kind: county}\n")
    with (config / "sources.yaml").open("a") as file:
        for name, indicator in (("rain", "rainfall"), ("stays", "overnight_stays")):
            file.write(SOURCE.format(name=name, indicator=indicator))
    one = stage(tmp_path, MONTHLY, "2026-11-20T08:01+08:00", recipients=ONE)
    tell(one, "tourism")
    assert one.tick()["sent"] == 1
    tell(one, "rain", "Riverton", 1)
    one.tick(hours=1)
    one.press.tasks.clear()
    return one


def tell(one: Stage, source: str, place: str = "", value: int = 0) -> None:
    """A source tells, and is read."""
    if place:
        table = one.settings.workspace.root / f"data/inputs/{source}.csv"
        table.write_text(f"Month,Place,Value\n2026-10,{place},{value}\n", encoding="utf-8")
    told = ingest(one.settings, source, now=one.now)
    assert (told.error, told.rejected) == ("", 0)
    assert told.new + told.revised > 0


def built(one: Stage) -> list[str]:
    """The periods that the next tick looks at anew; the tick after it, nothing."""
    one.tick(hours=1)
    found = [task.period or "" for task in one.press.tasks]
    one.press.tasks.clear()
    one.tick(hours=1)
    assert one.press.tasks == []
    return found


@pytest.mark.parametrize(
    ("source", "place", "expected"),
    [
        ("stays", "Riverton", ["2026-10"]),
        ("stays", "Hillford", ["2026-10"]),  # it is ranked among them
        ("stays", "Farville", []),
        ("rain", "Riverton", []),
    ],
)
def test_what_is_told_concerns_those_who_read_it(source: str, place: str, expected: list[str], one: Stage) -> None:
    tell(one, source, place, 2)
    assert built(one) == expected


def test_several_readings_are_looked_at_together(one: Stage) -> None:
    tell(one, "rain", "Riverton", 2)
    tell(one, "stays", "Riverton", 2)
    tell(one, "rain", "Riverton", 3)
    assert built(one) == ["2026-10"]


def test_what_the_configuration_says_of_figures_concerns_all(one: Stage) -> None:
    (one.settings.workspace.root / "config/decisions.yaml").write_text("decisions: []\n", "utf-8")
    assert built(one) == ["2026-10"]


def test_a_theme_that_was_edited_sends_nothing_but_leaves_nothing_out(one: Stage) -> None:
    theme = one.settings.workspace.root / "config/themes/tourism.yaml"
    theme.write_text(theme.read_text("utf-8").replace("en: Tourism briefing", "en: Stays"), "utf-8")
    one.desk.use(load(Workspace.find(one.settings.workspace.root)))
    assert built(one) == []
    tell(one, "rain", "Riverton", 2)
    assert built(one) == ["2026-10"]


def test_a_file_that_is_gone_or_taken_back_concerns_all(one: Stage) -> None:
    observations = one.settings.workspace.root / "data/observations"
    tell(one, "rain", "Riverton", 2)
    sorted(observations.glob("*.parquet"))[0].rename(observations / "000000-moved.parquet.away")
    assert built(one) == ["2026-10"]
    (observations / "withdrawn").mkdir()
    (observations / "withdrawn/rain.json").write_text("[\n\n]\n", "utf-8")
    assert built(one) == ["2026-10"]


def test_a_damaged_file_concerns_all(one: Stage) -> None:
    tell(one, "rain", "Riverton", 2)
    newest = sorted((one.settings.workspace.root / "data/observations").glob("*.parquet"))[-1]
    newest.write_bytes(newest.read_bytes()[:-1] + b"x")
    one.tick(hours=1)
    assert [message for message in one.messages if "altered since it was written" in message or "damaged" in message]


def test_a_mark_of_an_earlier_version_concerns_all(one: Stage) -> None:
    assert Mark.of("0123abcd") is None
    one.ledger.keep("revised:tourism:monthly", "0123abcd")
    assert built(one) == ["2026-10"]


def test_what_could_not_be_made_anew_is_tried_at_the_next_change_whatever_it_is(one: Stage) -> None:
    one.press.failing = "no page"
    tell(one, "stays", "Riverton", 2)
    one.tick(hours=1)
    one.press.failing, one.press.value = "", 2.0
    one.press.tasks.clear()
    tell(one, "rain", "Riverton", 2)
    assert one.tick(hours=1) == {"revised": 1, "corrections": 1, "sent": 1}
    tell(one, "rain", "Riverton", 3)
    one.press.tasks.clear()
    assert built(one) == []


def test_a_mark_reads_as_it_was_written() -> None:
    mark = Mark("said", 12, "told", "asked")
    assert Mark.of(str(mark)) == mark
    assert Mark.of(None) is None
