# ruff: noqa: S608 - the SQL is put together of names of columns alone; whatever a user says is a parameter
"""What a source tells, against what it told before: the new and the revised rows become one file.

In: a frame of observations. Out: an `Ingest`, and a Parquet file sorted by indicator and place. Questions to the files
are asked in `vintages`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from io import BufferedRandom
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from briefings.errors import ObservationError
from briefings.observations import COLUMNS, KEY, validate

from . import Ingest, withdrawals
from .files import locked, write_whole
from .vintages import KEYS, SCHEMA, blame, connection, digest, files, sound

ROW_GROUP = 32_768
MEMORY = "128MB"  # beside the frame itself; what takes more is spilled to a scratch folder

BEFORE = "select count(*), max(recorded_at) from read_parquet($files) where source = $source"
#: Each row told now beside what the source had told of its key as of that day of publication. Keys are compared by MD5,
#: what is said of them by a hash: the rows of a large source are many, and their texts would not fit into memory.
KEY_DIGEST = f"md5_number(concat_ws(chr(31), {KEYS}))"
SAID_DIGEST = "hash(value, unit, status, qualifier, confidence >= 1)"
COMPARED = f"""
    with told as (
        select {KEY_DIGEST} as key, {SAID_DIGEST} as said, published, recorded_at, -1 as number
        from stored
        where source = $source and indicator in (select distinct indicator from incoming)
        union all
        select {KEY_DIGEST}, {SAID_DIGEST}, published, $now, number from incoming
    )
    select number, lag(said) over w is not distinct from said as same, min(number) over (partition by key) < 0
        or lag(number) over w is not null as known
    from told window w as (partition by key order by published, recorded_at, number)
    qualify number >= 0
"""
SORTED_BY = ("indicator", "place", "breakdown", "period", "kind", "published")


def add(
    folder: Path, source: str, frame: pd.DataFrame, recorded_at: datetime, revised_on: date | None = None
) -> Ingest:
    """See `Store.add`."""
    if recorded_at.tzinfo is None:
        raise ValueError("recorded_at needs a time zone")
    now = recorded_at.astimezone(UTC).replace(tzinfo=None)
    frame = validate(frame.assign(recorded_at=now))
    strangers = set(frame["source"].unique()) - {source}
    if strangers:
        raise ObservationError([f"rows of the source {name!r} among those of {source!r}" for name in sorted(strangers)])
    with locked(folder), connection(MEMORY) as opened:
        try:
            return _add(opened, folder, source, frame, now, revised_on)
        except duckdb.Error as error:
            raise blame(files(folder), error) from error


def withdraw(folder: Path, source: str, frame: pd.DataFrame, texts: Iterable[str]) -> int:
    """See `Store.withdraw`."""
    columns = [*withdrawals.SAID, "confidence"]
    schema = pa.schema([SCHEMA.field(name) for name in columns])
    told = pa.Table.from_pandas(frame[columns].astype(object), schema=schema, preserve_index=False)
    with locked(folder), connection(MEMORY) as opened:
        try:
            return withdrawals.withdraw(opened, folder, sound(folder), source, told, list(texts))
        except duckdb.Error as error:
            raise blame(files(folder), error) from error


def _add(
    opened: duckdb.DuckDBPyConnection,
    folder: Path,
    source: str,
    frame: pd.DataFrame,
    now: datetime,
    revised_on: date | None,
) -> Ingest:
    found = sound(folder)
    told, latest = _before(opened, found, source)
    if latest is not None and latest >= now:
        now = latest + timedelta(microseconds=1)
    table = pa.Table.from_pandas(frame.drop(columns="recorded_at"), preserve_index=False)
    rows = table.num_rows
    table = table.append_column("recorded_at", pa.repeat(pa.scalar(now, pa.timestamp("us")), rows))
    same, known = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    if told or frame.duplicated(list(KEY)).any():
        dated = _dated(table, np.ones(rows, dtype=bool), revised_on)
        opened.register("incoming", dated.append_column("number", pa.array(np.arange(rows))))
        opened.register("stored", opened.read_parquet(found) if found else SCHEMA.empty_table())
        answer = opened.execute(COMPARED, {"source": source, "now": now}).fetchnumpy()
        same[answer["number"]], known[answer["number"]] = answer["same"], answer["known"]
        opened.unregister("incoming")
    new, revised = int((~same & ~known).sum()), int((~same & known).sum())
    if not new + revised:
        return Ingest(0, 0, rows, None)
    table = _dated(table, known & ~same, revised_on)
    order = _order(frame)
    order = order[~same[order]]
    number = int(Path(found[-1]).name.partition("-")[0]) + 1 if found else 1
    path = write_whole(folder, lambda file: _write(file, table, order, f"{number:06d}-{source}"))
    return Ingest(new, revised, rows - new - revised, path)


def _dated(table: pa.Table, which: npt.NDArray[np.bool_], day: date | None) -> pa.Table:
    """The table with some of its rows published on `day` at the earliest; as it is where there is no day."""
    if day is None:
        return table
    column = table.schema.get_field_index("published")
    published = table.column(column).cast(pa.date32())
    later = pc.and_(pa.array(which), pc.less(published, pa.scalar(day, pa.date32())))
    return table.set_column(column, "published", pc.if_else(later, pa.scalar(day, pa.date32()), published))


def _before(opened: duckdb.DuckDBPyConnection, found: list[str], source: str) -> tuple[int, datetime | None]:
    """How many rows the source told so far, and when the last."""
    if not found:
        return 0, None
    answer: list[Any] = opened.execute(BEFORE, {"files": found, "source": source}).fetchall()
    count, latest = answer[0]
    return count, latest


def _order(frame: pd.DataFrame) -> npt.NDArray[np.intp]:
    """The rows in the order in which they are written: what is asked for together stands together."""
    columns = [pd.Categorical(frame[name]) for name in SORTED_BY]
    ranks = [np.argsort(np.argsort(column.categories))[column.codes] for column in columns]
    return np.lexsort(ranks[::-1])


def _write(file: BufferedRandom, table: pa.Table, order: npt.NDArray[np.intp], name: str) -> str:
    """Write the rows in this order and return the name of the file: its number, its source, its digest."""
    with pq.ParquetWriter(file, SCHEMA, compression="zstd") as writer:
        for start in range(0, len(order), ROW_GROUP):
            rows = table.take(pa.array(order[start : start + ROW_GROUP])).select(list(COLUMNS))
            writer.write_table(rows.cast(SCHEMA), row_group_size=ROW_GROUP)
    return f"{name}-{digest(file)}.parquet"
