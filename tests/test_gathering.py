"""The desk reads sources by itself, and what readers have is set right when other figures are known."""

from __future__ import annotations

import csv
import dataclasses
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from briefings.ingest import Ingested, ingest, open_store
from briefings.schedule.gathering import Gathering, may_tell
from briefings.settings import Settings, load
from briefings.workspace import Workspace
from tests.desks import RECIPIENTS, Stage, stage, world

ONE = RECIPIENTS.replace("[en, zh]", "en")
WAITING = "schedule: {release: 20th, requires: overnight_stays, wait_until: 3 days, then: hold}\n"


class Reader:
    """Reads sources, and says which were read when; `broken` fail."""

    def __init__(self) -> None:
        self.read: list[tuple[str, datetime]] = []
        self.broken: set[str] = set()

    def __call__(self, settings: Settings, key: str, *, now: datetime, environ: Mapping[str, str]) -> Ingested:
        self.read.append((key, now))
        if key in self.broken:
            raise RuntimeError("out of order")
        return ingest(settings, key, now=now, environ=environ)


def gathering(one: Stage) -> Reader:
    reader = Reader()
    one.desk.gathering = Gathering(reader)
    return reader


def table(one: Stage) -> Path:
    return one.settings.workspace.root / "data/inputs/tourism.csv"


def touched(path: Path, text: str, seconds: int) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1_700_000_000 + seconds, 1_700_000_000 + seconds))


def test_sources_are_read_before_the_gate_judges(tmp_path: Path) -> None:
    one = stage(tmp_path, WAITING, "2026-10-20T08:01+08:00", recipients=ONE)
    reader = gathering(one)
    assert one.tick() == {"planned": 1, "built": 1, "sent": 1}
    assert [key for key, _ in reader.read] == ["tourism"]
    assert one.messages[0].startswith("ingested tourism: ")


def test_nothing_is_read_where_nothing_is_due(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, within: 1 day}\n", "2026-10-10T08:00+08:00", recipients=ONE)
    reader = gathering(one)
    assert one.tick() == {}
    assert reader.read == []


def test_what_waits_goes_out_in_the_tick_that_brings_its_figures(tmp_path: Path) -> None:
    one = stage(tmp_path, WAITING, "2026-10-20T08:01+08:00", recipients=ONE)
    reader = gathering(one)
    whole = table(one).read_text("utf-8")
    touched(table(one), "".join(line for line in whole.splitlines(True) if "2026-09" not in line), 1)
    assert one.tick() == {"planned": 1}
    touched(table(one), whole, 2)
    assert one.tick(minutes=5) == {}  # read at most every ten minutes
    assert one.tick(minutes=5) == {"built": 1, "sent": 1}
    assert len(reader.read) == 2


def test_files_that_are_as_they_were_are_not_read_again(tmp_path: Path) -> None:
    one = stage(tmp_path, WAITING.replace("requires", "trigger: data, requires"), "2026-10-20T08:01+08:00")
    reader = gathering(one)
    one.tick()
    for _ in range(5):
        one.tick(hours=1)
    assert len(reader.read) == 1
    one.ledger.close()
    again = stage(tmp_path, WAITING, "2026-11-20T08:01+08:00")  # writes the configuration anew: what it says may differ
    second = gathering(again)
    again.tick()
    again.tick(hours=1)
    assert len(second.read) == 1


@pytest.mark.parametrize(("own", "hours"), [("", 1), ("    refresh: 3 hours\n", 3)])
def test_how_often_at_most(own: str, hours: int, tmp_path: Path) -> None:
    one = stage(tmp_path, WAITING, "2026-11-20T08:01+08:00", recipients=ONE)
    sources = tmp_path / "config/sources.yaml"
    sources.write_text(sources.read_text("utf-8") + own, encoding="utf-8")
    project = tmp_path / "config/project.yaml"
    project.write_text(project.read_text("utf-8") + "refresh: 1 hour\n", encoding="utf-8")
    from briefings.settings import load

    one.desk.use(load(one.settings.workspace))
    reader = gathering(one)
    start = one.now
    for number in range(12):
        touched(table(one), table(one).read_text("utf-8"), number)
        one.tick(minutes=20)
    assert {round((at - start).total_seconds() / 60) - 20 for _, at in reader.read} == set(range(0, 240, hours * 60))


def test_a_source_that_fails_stops_no_other_and_is_told_once(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th}\n", "2026-10-20T08:01+08:00", recipients=ONE)
    source = one.settings.sources["tourism"]
    two = dataclasses.replace(one.settings, sources={"broken": source, "tourism": source})
    one.desk.use(two)
    reader = gathering(one)
    reader.broken = {"broken"}
    assert one.tick()["sent"] == 1
    assert [key for key, _ in reader.read] == ["broken", "tourism"]
    assert one.tick(hours=1) == {}
    (note,) = one.inbox.notes
    assert "an error that this program did not foresee: RuntimeError: out of order" in note.text
    reader.broken = set()
    one.tick(hours=1)
    one.tick(hours=1)
    assert [note.subject[:8] for note in one.inbox.notes] == ["Needs yo", "Mended: "]


def test_a_lost_file_is_a_failure_that_is_mended(tmp_path: Path) -> None:
    one = stage(tmp_path, WAITING, "2026-10-20T08:01+08:00", recipients=ONE)
    gathering(one)
    away = table(one).rename(tmp_path / "away.csv")
    assert one.tick() == {"planned": 1}
    assert "data/inputs/tourism.csv: no such file." in one.inbox.notes[0].text
    away.rename(table(one))
    assert one.tick(hours=1) == {"built": 1, "sent": 1}
    assert [note.subject[:8] for note in one.inbox.notes] == ["Needs yo", "Mended: "]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"values": {}, "indicator": None, "kind": "facts"}, True),
        ({}, False),
    ],
)
def test_which_sources_may_tell(changes: dict[str, Any], told: bool, tmp_path: Path) -> None:
    one = stage(tmp_path, WAITING, "2026-10-20T08:01+08:00")
    source = one.settings.sources["tourism"].model_copy(update=changes)
    assert may_tell(source, frozenset({"overnight_stays"}))
    assert may_tell(source, frozenset({"exports"})) is told


# What readers have is set right.


@pytest.mark.parametrize(("revise", "sent"), [("errors", 1), ("all", 1), ("none", 0)])
def test_new_figures_bring_a_correction_where_the_theme_says_so(revise: str, sent: int, tmp_path: Path) -> None:
    one = stage(tmp_path, f"schedule: {{release: 20th, revise: {revise}}}\n", "2026-10-20T08:01+08:00", recipients=ONE)
    gathering(one)
    assert one.tick()["sent"] == 1
    touched(table(one), table(one).read_text("utf-8") + "\n", 5)
    one.press.value = 2.0
    assert one.tick(hours=1).get("sent", 0) == 0  # the file differs, what it tells does not
    (tmp_path / "config/decisions.yaml").write_text("decisions: []\n", "utf-8")
    assert one.tick(hours=1).get("sent", 0) == sent
    assert [task.revises for task in one.press.tasks[1:]] == [revise] * sent
    if sent:
        assert one.inbox.arrived[-1]["corrects"] == "tourism/riverton/2026-09/en/r1"
    assert one.tick(hours=1) == {}


def test_a_rejected_edition_awaits_approval_again_when_a_better_one_is_filed(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, approval: required}\n", "2026-11-20T08:01+08:00", recipients=ONE)
    one.tick()
    one.ledger.decide("tourism/riverton/2026-10/en/r1", "rejected", "Li Na", "the title", one.now)
    one.ledger.mend("approval:tourism/riverton/2026-10/en/r1", one.now)
    assert one.tick(hours=1) == {}
    one.press.value = 2.0
    list(one.press(one.settings, [one.press.tasks[0]], now=one.now, jobs=1))
    assert one.tick(hours=1) == {"renewed": 1}
    (row,) = one.ledger.rows()
    assert (row.state, row.edition) == ("awaiting approval", "tourism/riverton/2026-10/en/r2")
    assert row.reason == "in place of tourism/riverton/2026-10/en/r1, rejected by Li Na: the title"
    assert one.inbox.notes[-1].subject == (
        "Needs you: [tourism] tourism/riverton/2026-10/en/r2 awaits approval, in place of "
        "tourism/riverton/2026-10/en/r1, rejected by Li Na: the title"
    )
    one.ledger.decide("tourism/riverton/2026-10/en/r2", "approved", "Li Na", "", one.now)
    assert one.tick(hours=1) == {"sent": 1}
    assert [m["edition"][-2:] for m in one.inbox.arrived] == ["r2"]


def test_a_rejected_edition_is_made_anew_when_data_change(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, approval: required}\n", "2026-11-20T08:01+08:00", recipients=ONE)
    one.tick()
    one.ledger.decide("tourism/riverton/2026-10/en/r1", "rejected", "Li Na", "it looks wrong", one.now)
    one.press.value = 2.0
    assert not ingest(one.settings, "tourism", now=one.now).error
    assert one.tick(hours=1) == {"revised": 1, "renewed": 1}
    assert one.press.tasks[-1].revises == "all"


def test_what_waits_for_the_end_of_the_embargo_leaves_as_it_is_known_then(tmp_path: Path) -> None:
    schedule = "schedule: {release: 20th, at: 08:00, embargo: 10:00}\n"
    one = stage(tmp_path, schedule, "2026-11-20T08:01+08:00", recipients=ONE)
    one.tick()
    one.press.value = 2.0
    assert not ingest(one.settings, "tourism", now=one.now).error
    assert one.tick(hours=1) == {"revised": 1, "renewed": 1}
    assert one.tick(hours=1) == {"sent": 1}
    assert [m["edition"][-2:] for m in one.inbox.arrived] == ["r2"]


# A partial edition is followed by the whole one.

PARTIAL = "schedule: {{release: 20th, requires: [overnight_stays, room_revenue], wait_until: 1 hour, {more}}}\n"


def told(one: Stage, *columns: str) -> None:
    """The table tells these columns of October beside its months before, and is read."""
    folder = one.settings.workspace.root
    before = ("Month", "City", *columns)
    rows = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))
    with table(one).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="", extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            writer.writerow({key: row[key] for key in before} if row["Month"] == "2026-10" else row)
    settings = load(Workspace.find(folder))
    assert not ingest(settings, "tourism", now=one.now).error


TABLE = Path(__file__).parent.parent / "templates/starter/data/inputs/tourism.csv"


def partial_one(folder: Path, more: str) -> Stage:
    """A partial edition was sent."""
    one = stage(folder, PARTIAL.format(more=more), "2026-11-20T08:01+08:00", recipients=ONE)
    told(one, "Overnight stays")
    assert one.tick() == {"planned": 1}
    assert one.tick(hours=1) == {"built": 1, "sent": 1}
    assert one.inbox.arrived[-1]["partial"] == ["Room revenue"]
    return one


@pytest.mark.parametrize(("revise", "followed"), [("errors", 1), ("all", 1), ("none", 0)])
def test_a_partial_edition_is_followed_by_the_whole_one_once(revise: str, followed: int, tmp_path: Path) -> None:
    one = partial_one(tmp_path, f"revise: {revise}")
    assert one.tick(hours=1) == {}
    told(one, "Overnight stays", "Room revenue (10k CNY)")
    assert one.tick(hours=1) == ({"revised": 1, "corrections": 1, "sent": 1} if followed else {})
    told(one, *csv.DictReader(TABLE.read_text("utf-8").splitlines()).fieldnames or ())
    assert one.tick(hours=1) == {}
    assert len(one.inbox.arrived) == 1 + followed
    if followed:
        assert one.ledger.rows()[-1].reason == ""
        (_, _, state, reason), *_ = one.ledger.events_of(one.ledger.rows()[-1].id)
        assert (state, reason) == ("built", "completes tourism/riverton/2026-10/en/r1")
        assert (one.inbox.arrived[-1]["corrects"], one.inbox.arrived[-1]["partial"]) == (
            "tourism/riverton/2026-10/en/r1",
            [],
        )


def test_a_part_of_what_was_lacking_is_not_followed(tmp_path: Path) -> None:
    one = stage(tmp_path, PARTIAL.format(more="then: partial"), "2026-11-20T08:01+08:00", recipients=ONE)
    told(one)
    one.tick()
    assert one.tick(hours=1) == {"built": 1, "sent": 1}
    told(one, "Overnight stays")
    one.tick(hours=1)
    assert len(one.inbox.arrived) == 1
    told(one, "Overnight stays", "Room revenue (10k CNY)")
    one.tick(hours=1)
    assert [message["corrects"][-2:] for message in one.inbox.arrived] == ["", "r1"]


def test_the_whole_edition_awaits_approval_where_that_is_asked_for(tmp_path: Path) -> None:
    one = stage(tmp_path, PARTIAL.format(more="approval: required"), "2026-11-20T08:01+08:00", recipients=ONE)
    told(one, "Overnight stays")
    one.tick()
    one.tick(hours=1)
    one.ledger.decide("tourism/riverton/2026-10/en/r1", "approved", "Li Na", "", one.now)
    assert one.tick(hours=1) == {"sent": 1}
    told(one, "Overnight stays", "Room revenue (10k CNY)")
    assert one.tick(hours=1) == {"revised": 1, "corrections": 1}
    assert one.inbox.notes[-1].subject == (
        "Needs you: [tourism] tourism/riverton/2026-10/en/r2 awaits approval, completes tourism/riverton/2026-10/en/r1"
    )


# What a partial or late edition says of itself.


def test_a_partial_edition_says_so_when_it_is_built(tmp_path: Path) -> None:
    schedule = "schedule: {release: 20th, requires: overnight_stays, wait_until: 2 days}\n"
    one = stage(tmp_path, schedule, "2026-11-20T08:01+08:00", recipients=ONE)
    one.tick()
    one.tick("2026-11-22T08:00+08:00")
    (task,) = one.press.tasks
    assert (task.partial, task.waited_until) == (("overnight_stays",), date(2026, 11, 22))
    assert task.due == datetime.fromisoformat("2026-11-20T08:00+08:00")


def test_an_edition_on_time_is_not_late(tmp_path: Path) -> None:
    one = stage(tmp_path, "schedule: {release: 20th, embargo: 10:00}\n", "2026-11-20T10:30+08:00", recipients=ONE)
    one.tick()
    (task,) = one.press.tasks
    assert (task.partial, task.due) == ((), None)


def test_the_day_of_reading_is_that_of_the_project_wherever_the_machine_stands(tmp_path: Path) -> None:
    world(tmp_path, WAITING)
    sources = tmp_path / "config/sources.yaml"
    sources.write_text(sources.read_text("utf-8").replace("12 days after period", "on ingest"), encoding="utf-8")
    settings = load(Workspace.find(tmp_path))
    ingest(settings, "tourism", now=datetime.fromisoformat("2026-10-20T23:30+00:00"))
    assert set(open_store(settings).as_of(None)["published"]) == {date(2026, 10, 21)}
