"""A question to a database to a table of text.

In: a `Query`, the project's folder, the environment that holds the database's URL. Out: the answer as CSV in UTF-8,
whose rows are in order: the same answer is the same bytes, whatever order the database gave. The database is read and
never changed: SQLite is opened read-only behind an authorizer that lets a SELECT pass and nothing else, PostgreSQL in a
session of read-only transactions with a cursor, which takes one statement. What the columns mean is decided in
`tabular`.
"""

from __future__ import annotations

import csv
import io
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from datetime import time as clock_time
from decimal import Decimal
from pathlib import Path
from typing import Any

from briefings.configuration import Query, Secret
from briefings.errors import SourceError

Rows = Iterable[Sequence[Any]]
Answer = tuple[str, list[str], list[Sequence[Any]]]
"""What messages call the database, headers, rows."""

STEPS = 10_000  # instructions of SQLite's machine between two looks at the clock
#: What a SELECT needs of SQLite. ATTACH, PRAGMA, writes and the loading of extensions are not among it.
ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_MIDNIGHT = clock_time()


def ask(query: Query, root: Path, environ: Mapping[str, str]) -> tuple[str, str, bytes, dict[str, Any]]:
    """The answer: what messages call it, the ending of its format, its bytes, and `query`, what was asked.

    Raises `SourceError` where the database cannot be reached or does not take the question, where the answer takes too
    long, has too many rows, or is none.
    """
    if query.database is not None:
        shown, headers, rows = _of_server(query, query.database, root, environ)
    else:
        shown, headers, rows = _of_sqlite(query, query.sqlite or "", root)
    if not headers:
        raise SourceError(f"{shown}: the statement answers with no table; write one SELECT.")
    if not rows:
        raise SourceError(f"{shown}: the answer has no rows; look at the conditions of the SELECT.")
    return shown, ".csv", _written(headers, rows, shown), {"query": query.sql}


def _of_sqlite(query: Query, file: str, root: Path) -> Answer:
    path = root / file
    shown = f"{file} (query)"
    if not path.is_file():
        raise SourceError(f"{file}: no such file. Put the database there, or correct `sqlite`.")
    until = time.monotonic() + query.seconds
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.set_authorizer(_authorized)
            connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
            cursor = connection.execute(query.sql)
            headers = [column[0] for column in cursor.description or ()]
            return shown, headers, _at_most(query, cursor, shown) if headers else []
    except sqlite3.Error as error:
        raise SourceError(f"{shown}: {_why(error, query)}") from None
    except sqlite3.Warning as error:  # several statements, in older versions of Python
        raise SourceError(f"{shown}: {error} Write one SELECT.") from None


def _authorized(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    denied = action not in ALLOWED or (action == sqlite3.SQLITE_FUNCTION and second == "load_extension")
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


def _why(error: sqlite3.Error, query: Query) -> str:
    text = str(error)
    if text == "interrupted":
        return _too_long(query)
    if "not authorized" in text or "prohibited" in text or "readonly" in text:
        return f"{text}: a source is only read. Write one SELECT."
    if "one statement" in text:
        return f"{text} Write one SELECT."
    if "not a database" in text:
        return "the file is no database of SQLite; correct `sqlite`."
    return f"the database does not take the question: {text}. Correct `sql`."


def _too_long(query: Query) -> str:
    return f"the answer takes more than {query.seconds} s; ask for less, or raise `seconds`."


def _of_server(query: Query, database: Secret, root: Path, environ: Mapping[str, str]) -> Answer:
    import sqlalchemy as sa

    with _connected(query, database, root, environ) as (connection, shown):
        try:
            with connection.execution_options(stream_results=True).exec_driver_sql(query.sql) as answer:
                return shown, list(answer.keys()), _at_most(query, (tuple(row) for row in answer), shown)
        except sa.exc.DBAPIError as error:
            raise SourceError(f"{shown}: {_told(error.orig, query)}") from None


@contextmanager
def _connected(query: Query, database: Secret, root: Path, environ: Mapping[str, str]) -> Iterator[tuple[Any, str]]:
    """A connection to PostgreSQL that reads alone, and what messages call the database: never its password."""
    import sqlalchemy as sa

    try:
        url = sa.make_url(database.reveal(environ, root).expose())
    except LookupError as error:
        raise SourceError(f"the database's URL is lacking: {error}.") from None
    except sa.exc.ArgumentError:
        raise SourceError(
            "the secret of `database` is no URL of a database; write postgresql://user@host:5432/name."
        ) from None
    if url.get_backend_name() != "postgresql":
        raise SourceError(
            f"databases of {url.get_backend_name()} cannot be asked; PostgreSQL can, and files of SQLite by `sqlite:`."
        )
    shown = f"{url.database} on {url.host or 'localhost'} (query)"
    options = f"-c default_transaction_read_only=on -c statement_timeout={query.seconds * 1000} -c DateStyle=ISO"
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=sa.pool.NullPool,
            connect_args={"connect_timeout": 10, "options": options},
        )
        with engine.connect() as connection:
            yield connection, shown
    except ModuleNotFoundError:
        raise SourceError(f"{shown}: the driver is not installed; run `pip install 'briefings[postgresql]'`.") from None
    except sa.exc.OperationalError as error:
        raise SourceError(f"{shown}: the database cannot be reached: {_first_line(error.orig)}.") from None


def _told(error: Any, query: Query) -> str:
    """What PostgreSQL says, by the class of its error (appendix A of its manual)."""
    state = str(getattr(error, "sqlstate", "") or "")
    if state == "57014":
        return _too_long(query)
    text = _first_line(error)
    if state in ("25006", "42501"):
        return f"{text}: a source is only read. Write one SELECT."
    if state == "42601":  # what is no SELECT, or more than one, is wrong after DECLARE ... CURSOR FOR
        return f"the database does not take the question: {text}. Write one SELECT."
    return f"the database does not take the question: {text}. Correct `sql`."


def _first_line(error: Any) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _at_most(query: Query, rows: Rows, shown: str) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for row in rows:
        if len(found) == query.rows:
            raise SourceError(f"{shown}: the answer has more than {query.rows:,} rows; ask for less, or raise `rows`.")
        found.append(row)
    return found


def _written(headers: list[str], rows: list[Sequence[Any]], shown: str) -> bytes:
    columns = [_column(name, values, shown) for name, values in zip(headers, zip(*rows, strict=True), strict=True)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows(sorted(zip(*columns, strict=True)))
    return text.getvalue().encode("utf-8", "surrogatepass")


def _column(name: str, values: Sequence[Any], shown: str) -> list[str]:
    """The values of a column as text; instants that are all at midnight as days, as `date_trunc` gives months."""
    instants = [value for value in values if isinstance(value, datetime)]
    days = bool(instants) and all(value.time() == _MIDNIGHT for value in instants)
    return [_text(value.date() if days and isinstance(value, datetime) else value, name, shown) for value in values]


def _text(value: Any, name: str, shown: str) -> str:
    if value is None or value != value:  # noqa: PLR0124  not a number
        return ""
    for kind, write in _WRITERS.items():
        if isinstance(value, kind):
            return write(value)
    what = f"the column {name!r} holds {type(value).__name__}, which cannot be read"
    raise SourceError(f"{shown}: {what}; have the SELECT cast it to text, a number or a day.")


#: How a value is written, by its type; a truth value is an integer too, and comes first.
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: str(value).lower(),
    int: str,
    float: repr,
    Decimal: lambda value: format(value, "f"),
    datetime: lambda value: value.isoformat(" "),
    date: date.isoformat,
}
