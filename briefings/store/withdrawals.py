# ruff: noqa: S608 - the SQL is put together of names of columns alone; whatever a user says is a parameter
"""Misreadings taken back: rows that a text was once read to say, and is not any more.

In: what a source of documents says now of the texts that it read. Out: `withdrawn/<source>.json`, a list of the rows
that earlier readings of the same texts told and this one does not, because a person rejected or corrected them or the
reading has improved. Nothing is deleted: the rows stay in their files, and no question sees them. What another version
of a document said is no misreading, and stays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from io import BufferedRandom
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from briefings.errors import StoreError
from briefings.observations import KEY

from .files import locked, write_whole

FOLDER = "withdrawn"
SAID = ("source", "snapshot", *KEY, "value", "unit", "status")
#: A row by what it says: equal for the same words read the same way, confirmed by a person or not.
ROW = "md5(concat_ws(chr(31), {}, confidence >= 1))".format(", ".join(f'"{name}"' for name in SAID))
#: Only rows of texts that something was withdrawn from are looked at twice.
STANDING = f"""(
    select * from read_parquet($files)
    where not (snapshot in (select unnest($withdrawn_texts)) and {ROW} in (select unnest($withdrawn)))
)"""
MISREAD = f"""
    select distinct {ROW} as digest, snapshot, locator, place, indicator, "period", kind, value
    from read_parquet($files)
    where source = $source and snapshot in (select unnest($texts)) and {ROW} not in (select {ROW} from told)
    order by snapshot, locator, digest
"""


def withdraw(
    opened: duckdb.DuckDBPyConnection,
    folder: Path,
    found: list[str],
    source: str,
    told: pa.Table,
    texts: list[str],
) -> int:
    """Write down which rows of these texts the source does not tell any more; how many there are.

    `told` has the columns `SAID` and `confidence` of what it tells now.
    """
    opened.register("told", told)
    rows: list[dict[str, Any]] = []
    if found:
        asked = opened.execute(MISREAD, {"files": found, "source": source, "texts": texts})
        names = [column[0] for column in asked.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in asked.fetchall()]
    # What was withdrawn from texts that are not read now stays withdrawn.
    rows += [row for row in _of(folder, source) if row["snapshot"] not in texts]
    if rows or _path(folder, source).exists():
        with locked(folder / FOLDER):
            text = "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"
            write_whole(folder / FOLDER, lambda file: _write(file, text, source))
    return sum(row["snapshot"] in texts for row in rows)


def parameters(folder: Path) -> dict[str, Any]:
    """The parameters of `STANDING`; empty where nothing was withdrawn. Raises `StoreError` for a damaged file."""
    names = sorted(path.stem for path in (folder / FOLDER).glob("*.json"))
    rows = [row for name in names for row in _of(folder, name)]
    if not rows:
        return {}
    return {
        "withdrawn_texts": sorted({row["snapshot"] for row in rows}),
        "withdrawn": sorted({row["digest"] for row in rows}),
    }


def state(folder: Path) -> str:
    """A digest of all that was taken back; a file that cannot be read counts by its name: questions say what it is."""
    digest = hashlib.sha256()
    for path in sorted((folder / FOLDER).glob("*.json")):
        digest.update(path.name.encode() + b"\0")
        with suppress(OSError):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _path(folder: Path, source: str) -> Path:
    return folder / FOLDER / f"{source}.json"


def _of(folder: Path, source: str) -> Iterable[dict[str, Any]]:
    path = _path(folder, source)
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_bytes())
        if not all(isinstance(row["digest"], str) and isinstance(row["snapshot"], str) for row in rows):
            raise ValueError("a row without a digest")
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path}: the file is damaged ({error}); move it away, and run `briefings ingest {source}` again."
        ) from error
    return rows


def _write(file: BufferedRandom, text: str, source: str) -> str:
    file.write(text.encode())
    return f"{source}.json"
