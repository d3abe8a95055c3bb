# ruff: noqa: S608 - the SQL is put together of names of columns alone; whatever a user says is a parameter
"""What a source tells, against what it told before: the new and the revised rows become one file.

In: a frame of observations. Out: an `Ingest`, and a Parquet file sorted by indicator and place. Questions to the files
are asked in `vintages`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BufferedRandom
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from briefings.errors import ObservationError
from briefings.observations import KEY, validate

from . import Ingest
from .files import locked, write_whole
from .vintages import ALL, KEYS, ORDER, SCHEMA, blame, connection, digest, files

if TYPE_CHECKING:
    import pandas as pd

ROW_GROUP = 32_768
SAID = ("value", "unit", "status", "qualifier")

BEFORE = "select count(*), max(recorded_at) from read_parquet($files) where source = $source"
#: Each row told now beside what the source had told of its key as of that day of publication.
COMPARED = f"""
    with told as (
        select {KEYS}, published, recorded_at, {", ".join(SAID)}, -1 as number from read_parquet($files)
        where source = $source and indicator in (select distinct indicator from incoming)
        union all
        select {KEYS}, published, $now, {", ".join(SAID)}, number from incoming
    )
    select number,
        lag(number) over w is not null
            and {" and ".join(f"lag({name}) over w is not distinct from {name}" for name in SAID)} as same,
        lag(number) over w is not null or min(number) over (partition by {KEYS}) < 0 as known
    from told window w as (partition by {KEYS} order by published, recorded_at, number)
    qualify number >= 0
"""
SORTED = f"select {ALL} from incoming where taken order by {ORDER}, published"


def add(folder: Path, source: str, frame: pd.DataFrame, recorded_at: datetime) -> Ingest:
    """See `Store.add`."""
    if recorded_at.tzinfo is None:
        raise ValueError("recorded_at needs a time zone")
    now = recorded_at.astimezone(UTC).replace(tzinfo=None)
    frame = validate(frame.assign(recorded_at=now))
    strangers = set(frame["source"].unique()) - {source}
    if strangers:
        raise ObservationError([f"rows of the source {name!r} among those of {source!r}" for name in sorted(strangers)])
    with locked(folder), connection() as opened:
        try:
            return _add(opened, folder, source, frame, now)
        except duckdb.Error as error:
            raise blame(files(folder), error) from error


def _add(opened: duckdb.DuckDBPyConnection, folder: Path, source: str, frame: pd.DataFrame, now: datetime) -> Ingest:
    found = files(folder)
    told, latest = _before(opened, found, source)
    if latest is not None and latest >= now:
        now = latest + timedelta(microseconds=1)
    table = pa.Table.from_pandas(frame.drop(columns="recorded_at"), preserve_index=False)
    rows = table.num_rows
    table = table.append_column("recorded_at", pa.repeat(pa.scalar(now, pa.timestamp("us")), rows))
    same, known = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    if told or frame.duplicated(list(KEY)).any():
        opened.register("incoming", table.append_column("number", pa.array(np.arange(rows))))
        answer = opened.execute(COMPARED, {"files": found, "source": source, "now": now}).fetchnumpy()
        same[answer["number"]], known[answer["number"]] = answer["same"], answer["known"]
        opened.unregister("incoming")
    new, revised = int((~same & ~known).sum()), int((~same & known).sum())
    if not new + revised:
        return Ingest(0, 0, rows, None)
    opened.register("incoming", table.append_column("taken", pa.array(~same)))
    number = int(Path(found[-1]).name.partition("-")[0]) + 1 if found else 1
    path = write_whole(folder, lambda file: _write(opened, file, f"{number:06d}-{source}"))
    return Ingest(new, revised, rows - new - revised, path)


def _before(opened: duckdb.DuckDBPyConnection, found: list[str], source: str) -> tuple[int, datetime | None]:
    """How many rows the source told so far, and when the last."""
    if not found:
        return 0, None
    answer: list[Any] = opened.execute(BEFORE, {"files": found, "source": source}).fetchall()
    count, latest = answer[0]
    return count, latest


def _write(opened: duckdb.DuckDBPyConnection, file: BufferedRandom, name: str) -> str:
    """Write the rows taken, in order, and return the name of the file: its number, its source, its digest."""
    batches: Any = opened.sql(SORTED).to_arrow_reader(ROW_GROUP)
    with pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer:
        for batch in batches:
            writer.write_table(pa.Table.from_batches([batch]).cast(SCHEMA), row_group_size=ROW_GROUP)
    return f"{name}-{digest(file)}.parquet"
