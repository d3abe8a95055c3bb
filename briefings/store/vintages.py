# ruff: noqa: S608 - the SQL is put together of names of columns alone; whatever a user says is a parameter
"""Questions to the Parquet files of observations: what was known on a day, the history of a figure, what there is.

In: the folder and a scope. Out: frames. DuckDB stands behind this door and that of `adding`. Files are sorted by
indicator and place, so that a theme's question touches a few row groups of many.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from briefings.errors import StoreError
from briefings.observations import COLUMNS, CONFIDENTIAL, KEY
from briefings.periods import Period

from . import withdrawals

if TYPE_CHECKING:
    import pandas as pd

MEMORY = "1GB"  # for a question; a theme's takes some 50 MB of it
THREADS = 2
TYPES = {
    "string": pa.string(),
    "bool": pa.bool_(),
    "double": pa.float64(),
    "date32": pa.date32(),
    "timestamp": pa.timestamp("us"),
}
SCHEMA = pa.schema([(name, TYPES[kind]) for name, kind in COLUMNS.items()])
KEYS = ", ".join(f'"{name}"' for name in KEY)
ALL = ", ".join(f'"{name}"' for name in COLUMNS)
ORDER = 'indicator, place, breakdown, "period", kind, basis, "of", counted_from, target'

#: Keys of which more was told than once: these alone have vintages and sources to choose between. They are a small part
#: of a large store, and to order the rest by day and source would cost more than to read it.
AGAIN = f"select hash({KEYS}) as told_again from asked group by told_again having count(*) > 1"
#: What each source told last; `fuller` is how much it has told of the place by then: of several sources that tell a
#: figure on one day, the one counts that tells most beside it, so that figures told together stay together. What else
#: is asked for has no say: two themes that show a figure show one value.
LAST_TOLD = f"""
    select * from asked where hash({KEYS}) in (select told_again from again)
    qualify row_number() over (partition by {KEYS}, source order by published desc, recorded_at desc) = 1
"""
FULLNESS = """
    select source, place, count(*) as fuller from read_parquet($files)
    where {known} and (source, place) in (select (source, place) from told) group by source, place
"""
RANKED = f"""
    select *,
        row_number() over several as turn,
        first_value(published) over several as top_published,
        first_value(value) over several as top_value,
        first_value(unit) over several as top_unit
    from told join fullness using (source, place)
    window several as (partition by {KEYS} order by status = '{CONFIDENTIAL}', published desc, fuller desc, source)
"""
TURN = f"case when status = '{CONFIDENTIAL}' then 0 else turn end"
SEVERAL = f"""
    with asked as materialized (select * from read_parquet($files) where {{where}}),
        again as ({AGAIN}), told as materialized ({LAST_TOLD}), fullness as ({FULLNESS}), ranked as ({RANKED})
"""
#: Every row that a source told last: the rows of a key together, the one that counts first. What a source withholds
#: never counts before what another one tells; where all do, its `turn` is 0.
EVERY_TOLD = f"""
    {SEVERAL}
    select {ALL}, (count(*) filter (
        status <> '{CONFIDENTIAL}' and published = top_published and (value <> top_value or unit <> top_unit)
    ) over (partition by {KEYS}))::integer as alternatives, {TURN} as turn
    from ranked
    union all
    select {ALL}, 0, {TURN} from (select *, 1 as turn from asked)
    where hash({KEYS}) not in (select told_again from again)
    order by {ORDER}, turn > 1, source
"""
AS_OF = f"select * exclude (turn) from ({EVERY_TOLD}) where turn = 1 order by {ORDER}"
ALTERNATIVES = f"""
    {SEVERAL}
    select {ALL} from ranked
    where status <> '{CONFIDENTIAL}'
    qualify count(*) filter (value <> top_value or unit <> top_unit) over (partition by {KEYS}) > 0
    order by {ORDER}, source
"""
OTHERS = f"{SEVERAL} select {ALL} from ranked where {TURN} > 1 order by {ORDER}, source"
HISTORY = f"""
    select {ALL}, lag(value) over (partition by {KEYS}, source order by published, recorded_at) as previous
    from read_parquet($files) where {{where}} and status <> '{CONFIDENTIAL}'
    order by {ORDER}, source, published, recorded_at
"""
SUMMARY = f"""
    select source, indicator, kind, count(distinct place) as places, count(distinct hash({KEYS})) as observations,
        count(*) as vintages, list(distinct "period") as periods, max(published) as published
    from read_parquet($files) group by source, indicator, kind order by source, indicator, kind
"""
SPREAD = f"""
    select indicator, place from read_parquet($files)
    where source = $source and value <> 0 and status <> '{CONFIDENTIAL}'
    group by indicator, place, breakdown, kind
    having max(abs(value)) >= $factor * min(abs(value)) or (kind = 'level' and min(value) < 0)
    order by indicator, place
"""


ALTERED = "the file was altered since it was written"
REMEDY = "Restore it from a backup, or move it away and run `briefings ingest` again."


@dataclass(frozen=True)
class Scope:
    """Which rows a question is about: a condition in SQL and its parameters; `known`: what was told by then."""

    where: str
    parameters: dict[str, Any]
    known: str = "true"

    def put(self, query: str) -> str:
        """A question about these rows."""
        return query.format(where=self.where, known=self.known)

    @classmethod
    def of(
        cls, day: date | None, *, by: str = "published", confirmed: bool = False, **among: Iterable[str] | None
    ) -> Scope:
        """Rows told by `day`, and of these `indicators`, `places`, `sources`, `periods` where they are given;
        `confirmed`: without what was read out of a text and nobody confirmed."""
        conditions, parameters = ["true"], dict[str, Any]()
        if day is not None:
            conditions.append(f"{'published' if by == 'published' else 'recorded_at::date'} <= $day")
            parameters["day"] = day
        known = conditions[-1]
        if confirmed:
            conditions.append("confidence >= 1")
        for name, values in among.items():
            if values is not None:
                conditions.append(f'"{name.removesuffix("s")}" in (select unnest($%s))' % name)
                parameters[name] = list(values)
        return cls(" and ".join(conditions), parameters, known)


def files(folder: Path) -> list[str]:
    """The files of observations, oldest first. Raises `StoreError` where something else than a folder stands there."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder}: not a folder; move it away, the observations are kept in one of that name.")
    return sorted(str(path) for path in folder.glob("*.parquet"))


def sound(folder: Path) -> list[str]:
    """The files, each held against the digest in its name: a byte that changed may be another value and no error.

    A file is read through once a process, as long as its size and time stay. Raises `StoreError`.
    """
    found = files(folder)
    for name in found:
        try:
            as_written = _as_written(Path(name))
        except OSError as error:
            raise blame(found, error) from error
        if not as_written:
            raise StoreError(f"{name}: {damage(Path(name)) or ALTERED}. {REMEDY}")
    return found


def _as_written(path: Path) -> bool:
    """Whether a file has the digest that its name says."""
    status = path.stat()
    return _digest(path, status.st_size, status.st_mtime_ns) == path.stem.rpartition("-")[2]


@lru_cache(maxsize=4096)
def _digest(path: Path, size: int, modified_ns: int) -> str:
    """The digest of a file; its size and time set the answers of this memory apart."""
    with path.open("rb") as file:
        return digest(file)


@contextmanager
def connection(memory: str = MEMORY) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own, with bounds, that fetches nothing from anywhere and spills to a scratch folder."""
    with tempfile.TemporaryDirectory(prefix="briefings-") as scratch:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "threads": THREADS,
            "temp_directory": scratch,
            "preserve_insertion_order": False,  # every question says its own order
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(config=settings) as opened:
            yield opened


def ask(folder: Path, query: str, parameters: dict[str, Any]) -> pd.DataFrame | None:
    """The answer to a question; None where the store is empty. Raises `StoreError` that names a damaged file."""
    found = sound(folder)
    if not found:
        return None
    if withdrawn := withdrawals.parameters(folder):
        query, parameters = query.replace("read_parquet($files)", withdrawals.STANDING), parameters | withdrawn
    with connection() as opened:
        try:
            table: Any = opened.sql(query, params={"files": found, **parameters}).to_arrow_table()
        except duckdb.Error as error:
            raise blame(found, error) from error
    frame: pd.DataFrame = table.to_pandas()
    return frame


def blame(found: list[str], error: Exception) -> StoreError:
    """Which file is to blame for an error of DuckDB, and what to do."""
    for name in found:
        if reason := damage(Path(name)):
            return StoreError(f"{name}: {reason}. {REMEDY}")
    return StoreError(f"the observations cannot be read: {error}")


def damage(path: Path) -> str:
    """What is wrong with a file of observations, or nothing."""
    try:
        if not path.is_file():
            return "not a file"
        with pq.ParquetFile(path) as file:
            lacking = [name for name in COLUMNS if name not in file.schema_arrow.names]
            if lacking:
                return f"not a file of observations: the columns {', '.join(lacking)} are lacking"
            for group in range(file.num_row_groups):
                file.read_row_group(group)
    except (pa.ArrowException, OSError) as error:
        return f"the file is damaged ({str(error).splitlines()[0]})"
    return ""


def as_of(folder: Path, scope: Scope) -> pd.DataFrame:
    found = ask(folder, scope.put(AS_OF), scope.parameters)
    return _empty("alternatives") if found is None else found


def alternatives(folder: Path, scope: Scope) -> pd.DataFrame:
    found = ask(folder, scope.put(ALTERNATIVES), scope.parameters)
    return _empty() if found is None else found


def others(folder: Path, scope: Scope) -> pd.DataFrame:
    found = ask(folder, scope.put(OTHERS), scope.parameters)
    return _empty() if found is None else found


def as_of_and_others(folder: Path, scope: Scope) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    found = ask(folder, scope.put(EVERY_TOLD), scope.parameters)
    if found is None:
        return _empty("alternatives"), _empty(), _empty()
    turn = found.pop("turn")
    counts, others, withheld = (found[which].reset_index(drop=True) for which in (turn == 1, turn > 1, turn == 0))
    return counts, others[list(COLUMNS)], withheld[list(COLUMNS)]


def history(folder: Path, indicator: str, place: str, period: str | None) -> pd.DataFrame:
    scope = Scope.of(None, indicators=[indicator], places=[place], periods=[period] if period else None)
    found = ask(folder, scope.put(HISTORY), scope.parameters)
    return _empty("previous") if found is None else found


def summary(folder: Path) -> pd.DataFrame:
    import pandas as pd

    columns = ["source", "indicator", "kind", "places", "observations", "vintages", "first", "last", "published"]
    found = ask(folder, SUMMARY, {})
    if found is None:
        return pd.DataFrame(columns=columns)
    periods = [sorted(map(Period.parse, texts)) for texts in found["periods"]]
    found["first"] = [str(each[0]) for each in periods]
    found["last"] = [str(each[-1]) for each in periods]
    return found[columns]


def spread(folder: Path, source: str, factor: float) -> tuple[tuple[str, str], ...]:
    found = ask(folder, SPREAD, {"source": source, "factor": factor})
    if found is None:
        return ()
    return tuple(dict.fromkeys(zip(found["indicator"], found["place"], strict=True)))


def told_in(folder: Path, names: Iterable[str]) -> frozenset[tuple[str, str]]:
    """Indicator and place of all that some of the files tell."""
    wanted = [str(folder / name) for name in names]
    if not wanted:
        return frozenset()
    sound(folder)
    with connection() as opened:
        try:
            rows = opened.execute("select distinct indicator, place from read_parquet($files)", {"files": wanted})
            return frozenset(rows.fetchall())
        except duckdb.Error as error:
            raise blame(wanted, error) from error


def verify(folder: Path) -> tuple[str, ...]:
    """Each file is read and held against the digest in its name."""
    problems = []
    for name in files(folder):
        reason = damage(Path(name))
        if not reason:
            reason = "" if _as_written(Path(name)) else ALTERED
        if reason:
            problems.append(f"{name}: {reason}")
    return tuple(problems)


def digest(file: BufferedIOBase) -> str:
    """The first 16 digits of a file's SHA-256, as they stand in its name."""
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _empty(*more: str) -> pd.DataFrame:
    frame: pd.DataFrame = SCHEMA.empty_table().to_pandas()
    for name in more:
        frame[name] = 0
    return frame
