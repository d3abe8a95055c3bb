"""The store: vintages, idempotence, the last told, and kills at every file operation."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefings.errors import ObservationError, StoreError
from briefings.observations import COLUMNS, KEY, Panel
from briefings.periods import Period
from briefings.store import Store, files, vintages

ROW = {
    "place": "china", "indicator": "gdp", "breakdown": "", "period": "2024", "kind": "level", "basis": "", "of": "",
    "counted_from": "", "target": False, "value": 1.0, "unit": "CNY", "status": "actual", "qualifier": "exact",
    "confidence": 1.0, "published": date(2025, 1, 17), "source": "src",
    "snapshot": "0" * 64, "locator": "row=2,column=V", "quote": "1",
}  # fmt: skip


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([ROW | row for row in rows])


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 7, day, hour, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "observations", tmp_path / "snapshots")


def counts(store: Store, rows: pd.DataFrame, when: datetime, source: str = "src") -> tuple[int, int, int]:
    told = store.add(source, rows, when)
    return told.new, told.revised, told.unchanged


def known(store: Store, day: date | None = None, **asked: Any) -> dict[str, float]:
    """Period -> value, as known on a day."""
    found = store.as_of(day, **asked)
    return dict(zip(found["period"], found["value"], strict=True))


# Adding --------------------------------------------------------------------------------------------------------------


def test_an_empty_store(store: Store) -> None:
    assert list(store.as_of(None).columns) == [*COLUMNS, "alternatives"]
    assert len(store.as_of(date(2026, 1, 1), indicators=["gdp"])) == 0
    assert len(store.alternatives(None)) == len(store.history("gdp", "china")) == len(store.summary()) == 0
    assert store.verify() == ()
    assert not store.observations.exists(), "reading makes nothing"


def test_what_is_told_is_kept_as_it_was_told(store: Store) -> None:
    store.add("src", frame({}), at(1))
    (row,) = store.as_of(None).to_dict("records")
    assert row == ROW | {"recorded_at": pd.Timestamp("2026-07-01 08:00"), "alternatives": 0}
    series = Panel.of_frame(store.as_of(None)).series("gdp", "china")
    assert series is not None
    assert series.observations[0].published == date(2025, 1, 17)


def test_new_revised_unchanged(store: Store) -> None:
    first = frame({}, {"period": "2023", "value": 5.0})
    assert counts(store, first, at(1)) == (2, 0, 0)
    assert counts(store, first, at(2)) == (0, 0, 2)
    later = frame({"value": 2.0}, {"period": "2023", "value": 5.0}, {"period": "2025"})
    assert counts(store, later, at(3)) == (1, 1, 1)
    assert known(store) == {"2023": 5.0, "2024": 2.0, "2025": 1.0}
    assert len(list(store.observations.glob("*.parquet"))) == 2


def test_nothing_new_writes_nothing(store: Store) -> None:
    written = store.add("src", frame({}), at(1)).file
    assert written is not None
    assert written.name.startswith("000001-src-")
    before = sorted(store.observations.iterdir())
    assert store.add("src", frame({"published": date(2025, 3, 1), "locator": "row=9,column=V"}), at(2)).file is None
    assert sorted(store.observations.iterdir()) == before


@pytest.mark.parametrize("change", [{"value": 1.5}, {"unit": "USD"}, {"status": "final"}, {"qualifier": "about"}])
def test_what_makes_a_revision(store: Store, change: dict[str, Any]) -> None:
    store.add("src", frame({}), at(1))
    assert counts(store, frame(change), at(2)) == (0, 1, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"place": "us"}, {"indicator": "cpi"}, {"breakdown": "sex=male"}, {"period": "2025"}, {"kind": "growth"},
        {"basis": "yoy"}, {"of": "level"}, {"counted_from": "top"}, {"target": True},
    ],
)  # fmt: skip
def test_what_makes_another_key(store: Store, change: dict[str, Any]) -> None:
    assert set(change) <= set(KEY)
    store.add("src", frame({}), at(1))
    assert counts(store, frame(change), at(2)) == (1, 0, 0)
    assert len(store.as_of(None)) == 2


def test_a_correction_taken_back_is_told_again(store: Store) -> None:
    for day, value in enumerate((1.0, 2.0, 1.0), 1):
        store.add("src", frame({"value": value}), at(day))
    assert known(store) == {"2024": 1.0}
    assert store.history("gdp", "china")["value"].tolist() == [1.0, 2.0, 1.0]


def test_several_vintages_in_one_file(store: Store) -> None:
    rows = frame(
        {},
        {"published": date(2025, 3, 1), "value": 1.0},
        {"published": date(2025, 12, 1), "value": 1.2},
    )
    assert counts(store, rows, at(1)) == (1, 1, 1)
    assert counts(store, rows, at(2)) == (0, 0, 3)
    assert [known(store, date(2025, month, 2)) for month in (1, 2, 6, 12)] == [
        {},
        {"2024": 1.0},
        {"2024": 1.0},
        {"2024": 1.2},
    ]


def test_an_earlier_day_of_publication_is_news(store: Store) -> None:
    store.add("src", frame({}), at(1))
    assert counts(store, frame({"published": date(2025, 1, 10)}), at(2)) == (0, 1, 0)
    assert known(store, date(2025, 1, 12)) == {"2024": 1.0}


def test_a_clock_set_back_does_not_bring_old_figures_back(store: Store) -> None:
    store.add("src", frame({"value": 1.0}), at(5))
    store.add("src", frame({"value": 2.0}), at(1))
    assert known(store) == {"2024": 2.0}


def test_rows_that_are_no_observations_change_nothing(store: Store) -> None:
    with pytest.raises(ObservationError, match="kind 'levle' is not one of"):
        store.add("src", frame({"kind": "levle"}), at(1))
    with pytest.raises(ObservationError, match="the value is no finite number"):
        store.add("src", frame({"value": float("inf")}), at(1))
    with pytest.raises(ObservationError, match="share the key"):
        store.add("src", frame({}, {"value": 2.0}), at(1))
    with pytest.raises(ObservationError, match="rows of the source 'other' among those of 'src'"):
        store.add("src", frame({"source": "other"}), at(1))
    with pytest.raises(ValueError, match="recorded_at needs a time zone"):
        store.add("src", frame({}), datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point
    assert len(store.as_of(None)) == 0


# Asking --------------------------------------------------------------------------------------------------------------


def test_as_of_knows_only_what_was_published(store: Store) -> None:
    store.add("src", frame({}), at(1))
    store.add("src", frame({"value": 2.0, "published": date(2025, 12, 20)}), at(2))
    assert known(store, date(2025, 1, 16)) == {}
    assert known(store, date(2025, 1, 17)) == {"2024": 1.0}
    assert known(store, date(2025, 12, 20)) == {"2024": 2.0}
    assert known(store, date(2026, 7, 1), by="recorded_at") == {"2024": 1.0}
    assert known(store, date(2026, 6, 30), by="recorded_at") == {}


def test_as_of_asks_for_what_is_needed(store: Store) -> None:
    rows = [
        {"place": place, "indicator": indicator} for place in ("china", "us", "x'y") for indicator in ("gdp", "cpi")
    ]
    store.add("src", frame(*rows), at(1))
    found = store.as_of(None, indicators=["gdp"], places=("us", "x'y"))
    assert found[["indicator", "place"]].values.tolist() == [["gdp", "us"], ["gdp", "x'y"]]
    assert len(store.as_of(None, places=[])) == 0
    assert len(store.as_of(None, sources=["src"])) == 6
    assert len(store.as_of(None, sources=["other"])) == 0


def test_of_several_sources_the_latest_published_counts(store: Store) -> None:
    store.add("a", frame({"source": "a", "value": 1.0}), at(1))
    store.add("b", frame({"source": "b", "value": 2.0}), at(2))
    (row,) = store.as_of(None).to_dict("records")
    assert (row["source"], row["value"], row["alternatives"]) == ("a", 1.0, 1)
    assert store.alternatives(None)[["source", "value"]].values.tolist() == [["a", 1.0], ["b", 2.0]]

    store.add("b", frame({"source": "b", "value": 3.0, "published": date(2025, 2, 1)}), at(3))
    (row,) = store.as_of(None).to_dict("records")
    assert (row["source"], row["value"], row["alternatives"]) == ("b", 3.0, 0)
    assert known(store, date(2025, 1, 31)) == {"2024": 1.0}


def test_what_else_is_asked_for_does_not_choose_between_sources(store: Store) -> None:
    """Two themes that show one figure show one value."""
    store.add("a", frame({"source": "a", "value": 1.0}), at(1))
    store.add("b", frame({"source": "b", "value": 2.0}, {"source": "b", "indicator": "population"}), at(2))
    for indicators in (["gdp"], ["gdp", "population"], None):
        row, *_ = store.as_of(None, indicators=indicators).to_dict("records")
        assert (row["indicator"], row["source"], row["value"]) == ("gdp", "b", 2.0)


def test_sources_that_agree_are_no_alternatives(store: Store) -> None:
    for source in ("a", "b"):
        store.add(source, frame({"source": source}), at(1))
    assert store.as_of(None)["alternatives"].tolist() == [0]
    assert len(store.alternatives(None)) == 0


def test_what_counts_and_what_others_told_are_read_in_one_question(store: Store) -> None:
    found = store.as_of_and_others(None)
    assert [list(each.columns) for each in found] == [[*COLUMNS, "alternatives"], [*COLUMNS], [*COLUMNS]]
    for number, source in enumerate(("c", "a", "b"), 1):
        rows = [{"value": float(number), "period": period} for period in ("2023", "2024")[: 4 - number]]
        store.add(source, frame(*({**row, "source": source} for row in rows)), at(number))
    *both, withheld = store.as_of_and_others(None, indicators=["gdp"])
    assert [len(each) for each in (*both, withheld)] == [2, 3, 0]
    for each, alone in zip(both, (store.as_of(None), store.others(None)), strict=True):
        pd.testing.assert_frame_equal(each, alone)


def test_history_and_summary(store: Store) -> None:
    store.add("src", frame({}, {"period": "2024-Q4"}, {"period": "2025-01/2025-02", "place": "us"}), at(1))
    store.add("src", frame({"value": 2.0, "published": date(2025, 12, 20)}), at(2))
    history = store.history("gdp", "china", Period.parse("2024"))
    assert history["value"].tolist() == [1.0, 2.0]
    assert history["previous"].tolist()[1:] == [1.0]
    assert len(store.history("gdp", "china")) == 3
    assert store.summary().to_dict("records") == [
        {
            "source": "src", "indicator": "gdp", "kind": "level", "places": 2, "observations": 3, "vintages": 4,
            "first": "2024", "last": "2025-01/2025-02", "published": date(2025, 12, 20),
        }
    ]  # fmt: skip


vintage = st.fixed_dictionaries(
    {
        "place": st.sampled_from(("china", "us")),
        "period": st.sampled_from(("2023", "2024")),
        "published": st.dates(date(2025, 1, 1), date(2025, 1, 9)),
        "value": st.sampled_from((1.0, 2.0, 3.0)),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(vintage, min_size=1, max_size=4), min_size=1, max_size=4),
    st.dates(date(2025, 1, 1), date(2025, 1, 9)),
)
def test_pandas_agrees_on_what_was_known(tmp_path: Path, ingests: list[list[dict[str, Any]]], day: date) -> None:
    """Each ingest is published after the one before; the last row told by the day is what is known."""
    shutil.rmtree(tmp_path / "o", ignore_errors=True)
    store = Store(tmp_path / "o", tmp_path / "s")
    everything = []
    ordered = sorted((row for rows in ingests for row in rows), key=lambda row: row["published"])
    for number, row in enumerate(ordered, 1):
        store.add("src", frame(row), at(number))
        everything.append(row)
    told = pd.DataFrame(everything)
    told = told[told["published"] <= day].groupby(["place", "period"])["value"].last()
    found = store.as_of(day)
    assert dict(zip(zip(found["place"], found["period"], strict=True), found["value"], strict=True)) == told.to_dict()


# Snapshots -----------------------------------------------------------------------------------------------------------

DIALECT = {"source": "src", "suffix": ".csv", "first_seen": "2026-07-01"}


def test_snapshots_are_kept_once_with_the_first_day(store: Store) -> None:
    sha = store.keep(b"a,b\n", dict(DIALECT))
    later = DIALECT | {"first_seen": "2026-07-09", "suffix": ".txt"}
    assert store.keep(b"a,b\n", later) == sha
    assert later["first_seen"] == "2026-07-01"
    assert store.snapshot(sha) == (b"a,b\n", DIALECT | {"suffix": ".txt"})

    other = DIALECT | {"source": "other", "first_seen": "2026-07-09"}
    store.keep(b"a,b\n", other)
    assert other["first_seen"] == "2026-07-09"
    assert store.snapshot(sha, "src")[1]["suffix"] == ".txt"
    assert store.snapshot(sha, "other")[1] == other
    assert sorted(path.name for path in store.snapshots.iterdir()) == [".lock", sha, f"{sha}.json"]


def test_a_snapshot_that_was_altered_or_is_gone(store: Store) -> None:
    sha = store.keep(b"a,b\n", dict(DIALECT))
    (store.snapshots / sha).write_bytes(b"a,c\n")
    with pytest.raises(StoreError, match=f"{sha}: the snapshot was altered since it was kept"):
        store.snapshot(sha)
    with pytest.raises(StoreError, match=r"f{64}: the snapshot cannot be read: No such file or directory"):
        store.snapshot("f" * 64)
    (store.snapshots / f"{sha}.json").write_text("{")
    with pytest.raises(StoreError, match=rf"{sha}\.json: the description is damaged"):
        store.keep(b"a,b\n", dict(DIALECT))


# Faults --------------------------------------------------------------------------------------------------------------

KILLER = """
import io, os, shutil, signal, sys
from pathlib import Path

here, folder = sys.argv[1:]
sys.path.insert(0, here)
import duckdb, pandas, pyarrow.parquet  # no threads yet: they would not survive a fork
from tests.test_store import DIALECT, Store, at, frame

operations = 0
deadly = 0

def counted(function):
    def call(*given, **named):
        global operations
        operations += 1
        if operations == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return call

class Raw(io.FileIO):
    "A file whose every write to the system is two operations."

    def write(self, content):
        content = bytes(content)
        for part in (content[: len(content) // 2], content[len(content) // 2 :]):
            counted(super().write)(part)
        return len(content)

def struck(deadly_operation):
    global deadly
    deadly = deadly_operation
    whole = Path.open
    Path.open = lambda self, mode="r", *given: (
        io.BufferedRandom(counted(Raw)(self, "w+")) if "w" in mode else whole(self, mode, *given)
    )
    for name in ("open", "fsync", "replace", "unlink", "mkdir", "close"):
        setattr(os, name, counted(getattr(os, name)))
    store = Store(Path(f"{folder}/{deadly}/observations"), Path(f"{folder}/{deadly}/snapshots"))
    store.keep(b"second", dict(DIALECT))
    store.add("src", frame({"value": 2.0}, {"period": "2025"}), at(2))
    os._exit(0)

for number in range(1, 500):
    shutil.copytree(f"{folder}/before", f"{folder}/{number}")
    child = os.fork()
    if child == 0:
        struck(number)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(number, ended, flush=True)
    if ended != -signal.SIGKILL:
        sys.exit(ended)
"""


@pytest.mark.slow
def test_a_kill_at_any_file_operation_leaves_the_store_as_before_or_as_after(tmp_path: Path) -> None:
    """The n-th file operation kills the process, for n from 1 until a run comes through."""
    before, after = {"2024": 1.0}, {"2024": 2.0, "2025": 1.0}
    store = Store(tmp_path / "before" / "observations", tmp_path / "before" / "snapshots")
    store.keep(b"first", dict(DIALECT))
    store.add("src", frame({}), at(1))
    script = tmp_path / "killer.py"
    script.write_text(KILLER)
    here = str(Path(__file__).parent.parent)
    done = subprocess.run([sys.executable, script, here, tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    struck = len(done.stdout.splitlines()) - 1
    assert struck > 15, "every write, fsync and rename is an operation"
    seen = []
    for number in range(1, struck + 1):
        store = Store(tmp_path / str(number) / "observations", tmp_path / str(number) / "snapshots")
        assert known(store) in (before, after)
        assert store.verify() == ()
        seen.append(known(store))
        for path in store.snapshots.glob("*.json"):
            store.snapshot(path.stem)
        mended = counts(store, frame({"value": 2.0}, {"period": "2025"}), at(3))
        assert mended == ((1, 1, 0) if seen[-1] == before else (0, 0, 2))
        store.snapshot(store.keep(b"second", dict(DIALECT)))
        assert not list(store.observations.parent.rglob(f"*{files.TEMPORARY}")), "leftovers are swept away"
    assert [before, after] == [state for position, state in enumerate(seen) if state not in seen[:position]]


@pytest.mark.parametrize("damage", [b"", b"PAR1 nonsense PAR1", None])
def test_a_damaged_file_is_named(store: Store, damage: bytes | None) -> None:
    store.add("src", frame({}), at(1))
    path = store.add("src", frame({"value": 2.0}), at(2)).file
    assert path is not None
    if damage is None:
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(damage)
    ask = (lambda: store.as_of(None), store.summary, lambda: store.add("src", frame({"value": 3.0}), at(3)))
    for question in ask:
        with pytest.raises(StoreError, match=rf"{path.name}: .*\. Restore it from a backup, or move it away"):
            question()
    assert [problem.partition(": ")[0] for problem in store.verify()] == [str(path)]


def test_a_file_of_something_else_is_named(store: Store) -> None:
    store.add("src", frame({}), at(1))
    pd.DataFrame({"a": [1]}).to_parquet(store.observations / "000002-x-y.parquet")
    with pytest.raises(StoreError, match=r"000002-x-y\.parquet: not a file of observations: the columns place, indic"):
        store.as_of(None)


def test_a_flipped_byte_is_found(store: Store) -> None:
    path = store.add("src", frame({}), at(1)).file
    assert path is not None
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)
    assert len(store.verify()) == 1
    for question in (lambda: store.as_of(None), store.summary, lambda: store.add("src", frame({"value": 3.0}), at(3))):
        with pytest.raises(StoreError, match=rf"{path.name}: the file .*\. Restore it from a backup, or move it away"):
            question()


def test_another_value_in_a_file_that_can_be_read_is_found(store: Store) -> None:
    first, second = (store.add("src", frame({"value": value}), at(day)).file for day, value in enumerate((1.0, 2.0), 1))
    assert first is not None
    assert second is not None
    first.write_bytes(second.read_bytes())
    with pytest.raises(StoreError, match=rf"{first.name}: the file was altered since it was written\. Restore it"):
        store.as_of(None)


def test_a_file_in_place_of_the_folder_is_named(store: Store) -> None:
    store.observations.parent.mkdir(parents=True, exist_ok=True)
    store.observations.touch()
    with pytest.raises(StoreError, match="observations: not a folder; move it away"):
        store.summary()


def test_a_folder_that_cannot_be_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add("src", frame({}), at(1))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = sorted(store.observations.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", full)
        with pytest.raises(StoreError) as error:
            store.add("src", frame({"value": 2.0}), at(2))
        assert str(error.value) == (
            f"{store.observations}: cannot be written: No space left on device. "
            "Nothing was changed; make room or allow it, and try again."
        )
        with pytest.raises(StoreError, match="No space left on device"):
            store.keep(b"a", dict(DIALECT))
    assert sorted(store.observations.iterdir()) == before
    assert [path.name for path in store.snapshots.iterdir()] == [".lock"]

    (store.observations.parent / "file").touch()
    blocked = Store(store.observations.parent / "file" / "observations", store.snapshots)
    with pytest.raises(StoreError, match="observations: cannot be written: Not a directory"):
        blocked.add("src", frame({}), at(1))


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another user, and root alone can become one")
def test_a_read_only_folder(store: Store) -> None:
    store.add("src", frame({}), at(1))
    child = os.fork()
    if child == 0:
        os._exit(_as_nobody(store))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _as_nobody(store: Store) -> int:
    """What a user who may not write is told; 0 when it is as it should be."""
    for folder in (store.observations, *store.observations.parents[:3]):
        folder.chmod(0o555)
    os.setuid(65534)
    try:
        files.locked(store.observations).__enter__()
    except StoreError as error:
        return 0 if "cannot be written: Permission denied" in str(error) else 1
    return 2


def test_two_writers_do_not_mix(store: Store) -> None:
    with files.locked(store.observations):
        code = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
        other = subprocess.run(
            [sys.executable, "-c", code, store.observations / files.LOCK], capture_output=True, check=False
        )
    assert b"BlockingIOError" in other.stderr


def test_a_question_is_bounded(store: Store) -> None:
    """DuckDB is given a limit of memory and two threads, and no way to fetch extensions."""
    with vintages.connection() as opened:
        names = ("threads", "autoinstall_known_extensions", "autoload_known_extensions")
        found = [opened.execute(f"select current_setting('{name}')").fetchall()[0][0] for name in names]
    assert found == [2, False, False]


def test_what_nobody_confirmed_can_be_left_out(store: Store) -> None:
    store.add("src", frame({"value": 5.0, "confidence": 0.95}), at(1))
    assert len(store.as_of(None)) == 1
    assert len(store.as_of(None, confirmed=True)) == 0
    store.add("src", frame({"value": 5.0, "confidence": 1.0}), at(2))
    assert list(store.as_of(None, confirmed=True)["value"]) == [5.0]
