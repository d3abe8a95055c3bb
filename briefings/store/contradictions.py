"""Where a source contradicts itself: several values of one figure told on one day, of which none counts.

In: the rows in which it does. Out: `contradictions/<source>.parquet` beside the observations, replaced by each ingest
of the source and gone when it is mended; the same rows, later. `reconcile` holds their figures, so that a reader is
told of both values and neither is printed as known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from io import BufferedRandom
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from briefings.errors import StoreError
from briefings.observations import CONFIDENTIAL, KEY

from .files import locked, unwritable, write_whole
from .vintages import SCHEMA

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "contradictions"
#: Rows that agree in all of these say the same.
SAID = (*KEY, "value", "unit", "status")


def keep(
    folder: Path,
    source: str,
    frame: pd.DataFrame,
    recorded_at: datetime,
    *,
    revised_on: date | None = None,
    partly: bool = False,
) -> None:
    """See `Store.contradict`."""
    path = folder / FOLDER / f"{source}.parquet"
    before = {_said(row): row for row in _read(path).to_pylist()} if path.exists() else {}
    told = dict(before) if partly else {}
    for row in _rows(frame, recorded_at):
        if revised_on is not None and row["published"] < revised_on:
            row["published"] = before.get(_said(row), {"published": revised_on})["published"]
        told[_said(row)] = row
    if not told:
        _remove(path)
        return
    table = pa.Table.from_pylist(list(told.values()), schema=SCHEMA)

    def write(file: BufferedRandom) -> str:
        pq.write_table(table, file)
        return path.name

    with locked(path.parent):
        write_whole(path.parent, write)


def known(folder: Path, day: date | None, *, confirmed: bool, **among: Iterable[str] | None) -> pd.DataFrame:
    """See `Store.contradictions`."""
    tables = [_read(path) for path in sorted((folder / FOLDER).glob("*.parquet"))]
    table = pa.concat_tables(tables) if tables else SCHEMA.empty_table()
    if day is not None:
        table = table.filter(pc.less_equal(table["published"], pa.scalar(day, pa.date32())))
    if confirmed:
        table = table.filter(pc.greater_equal(table["confidence"], 1.0))
    for name, values in among.items():
        if values is not None:
            wanted = pa.array(list(values), pa.string())
            table = table.filter(pc.is_in(table[name.removesuffix("s")], value_set=wanted))
    found: pd.DataFrame = table.to_pandas()
    return found


def state(folder: Path) -> str:
    """A digest of what sources contradict themselves in; questions say of a file that cannot be read what it is."""
    digest = hashlib.sha256()
    for path in sorted((folder / FOLDER).glob("*.parquet")):
        digest.update(path.name.encode() + b"\0")
        with suppress(OSError):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _rows(frame: pd.DataFrame, recorded_at: datetime) -> list[dict[str, Any]]:
    """The rows as they are kept. Of a figure that its source both tells and withholds, the value is not kept."""
    now = recorded_at.astimezone(UTC).replace(tzinfo=None)
    rows: list[dict[Any, Any]] = frame.assign(recorded_at=now).to_dict("records")
    withheld = {_key(row) for row in rows if row["status"] == CONFIDENTIAL}
    open_ = [row for row in rows if _key(row) not in withheld]
    return open_ + [row | {"value": None} for row in rows if row["status"] == CONFIDENTIAL]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in (*KEY, "published"))


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in SAID)


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path, schema=SCHEMA)
    except (pa.ArrowException, OSError) as error:
        source = path.stem
        raise StoreError(
            f"{path}: the file is damaged ({str(error).splitlines()[0]}); move it away, and run "
            f"`briefings ingest {source}` again."
        ) from error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(path.parent, error) from error
