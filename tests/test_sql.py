"""Sources that are a question to a database: what it tells, and what it may never be asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from briefings import sources
from briefings.configuration import Source
from briefings.errors import SourceError
from briefings.sources import Reading
from tests import postgres
from tests.test_tabular import CATALOGUE, TODAY, Kept, reasons, told

SOURCE = "{published: on ingest, period: month, place: city, values: {price: price, deals: patents}}"
TABLE = """
CREATE TABLE market (month TEXT, city TEXT, price REAL, deals INTEGER);
INSERT INTO market VALUES
    ('2026-02', 'Beijing', 83.25, 2), ('2026-01', 'Beijing', NULL, 1), ('2026-03', 'China', 0.1, 3);
"""
ALL = "SELECT month, city, price, deals FROM market"


class Asked:
    """A database and the source that asks it."""

    def __init__(self, query: Mapping[str, object], root: Path, environ: Mapping[str, str]) -> None:
        self.query, self.root, self.environ, self.kept = query, root, environ, Kept()

    def __call__(self, sql: str, source: str = SOURCE, **query: object) -> Reading:
        """Ask it; every locator must lead to its value."""
        declared = yaml.load(source, yaml.BaseLoader) | {"query": {**self.query, "sql": sql, **query}}
        reading = sources.read(
            "src",
            Source.model_validate(declared),
            catalogue=CATALOGUE,
            root=self.root,
            keep=self.kept.keep,
            today=TODAY,
            environ=self.environ,
        )
        for row in reading.frame.itertuples():
            assert sources.resolve(row.locator, *self.kept[row.snapshot]) == row.quote
        return reading

    def refused(self, sql: str, **query: object) -> str:
        with pytest.raises(SourceError) as caught:
            self(sql, **query)
        return str(caught.value)


@pytest.fixture
def sqlite(tmp_path: Path) -> Asked:
    with closing(sqlite3.connect(tmp_path / "market.sqlite")) as connection:
        connection.executescript(TABLE)
    return Asked({"sqlite": "market.sqlite"}, tmp_path, {})


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


@pytest.fixture
def postgresql(server: str, tmp_path: Path) -> Asked:
    engine = sa.create_engine(server.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS market")
        for statement in filter(str.strip, TABLE.split(";")):
            connection.exec_driver_sql(statement)
    return Asked({"database": {"env": "WAREHOUSE"}}, tmp_path, {"WAREHOUSE": server})


#: The same behaviour of every database; PostgreSQL takes seconds to start.
EVERY = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.slow)]


@pytest.fixture
def asked(request: pytest.FixtureRequest) -> Asked:
    found: Asked = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("asked", EVERY, indirect=True)
def test_an_answer_is_a_table_whose_rows_are_in_order(asked: Asked) -> None:
    reading = asked(ALL)
    assert told(reading) == {
        ("patents", "beijing", "2026-01"): 1,
        ("patents", "beijing", "2026-02"): 2,
        ("patents", "china", "2026-03"): 3,
        ("price", "beijing", "2026-02"): 83.25,
        ("price", "china", "2026-03"): 0.1,
    }
    assert reading.missing == 1
    (snapshot,) = asked.kept
    content, dialect = asked.kept[snapshot]
    assert content.decode() == (
        "month,city,price,deals\n2026-01,Beijing,,1\n2026-02,Beijing,83.25,2\n2026-03,China,0.1,3\n"
    )
    assert dialect["query"] == ALL
    assert "hunter2" not in str(dialect)


@pytest.mark.parametrize("asked", EVERY, indirect=True)
def test_another_order_is_the_same_snapshot(asked: Asked) -> None:
    asked(ALL + " ORDER BY month")
    asked(ALL + " ORDER BY month DESC")
    assert len(asked.kept) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM market",
        "DELETE FROM market RETURNING month, city, price, deals",
        "DROP TABLE market",
        f"{ALL}; DROP TABLE market",
        "COMMIT; DROP TABLE market",
        "UPDATE market SET price = 1",
        "CREATE TABLE other AS " + ALL,
        "INSERT INTO market VALUES ('2026-04', 'China', 1, 1)",
    ],
)
@pytest.mark.parametrize("asked", EVERY, indirect=True)
def test_a_database_is_only_read(asked: Asked, sql: str) -> None:
    assert asked.refused(sql).endswith("Write one SELECT.")
    assert len(asked(ALL).frame) == 5
    assert len(asked.kept) == 1


@pytest.mark.parametrize("sql", ["ATTACH 'new.db' AS other", "PRAGMA user_version = 7", "SELECT load_extension('x')"])
def test_sqlite_does_nothing_but_select(sqlite: Asked, sql: str) -> None:
    assert sqlite.refused(sql).endswith("Write one SELECT.")
    assert [path.name for path in sqlite.root.iterdir()] == ["market.sqlite"]


@pytest.mark.parametrize("sql", ["SELECT pg_read_file('/etc/passwd') AS month", "COPY market TO PROGRAM 'true'"])
@pytest.mark.slow
def test_postgresql_does_nothing_for_one_who_may_only_read(server: str, postgresql: Asked, sql: str) -> None:
    engine = sa.create_engine(server.replace("postgresql:", "postgresql+psycopg:"), poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS reader")
        connection.exec_driver_sql("CREATE ROLE reader LOGIN")
    told = Asked(postgresql.query, postgresql.root, {"WAREHOUSE": server.replace("briefings@", "reader@")}).refused(sql)
    assert "permission denied" in told or "syntax error" in told


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) AS month FROM n"


@pytest.mark.parametrize(
    "asked", [pytest.param(each.values[0], marks=pytest.mark.slow) for each in EVERY], indirect=True
)
def test_an_endless_question_is_stopped(asked: Asked) -> None:
    assert asked.refused(ENDLESS, seconds="1").endswith(
        "the answer takes more than 1 s; ask for less, or raise `seconds`."
    )


@pytest.mark.parametrize(
    ("sql", "query", "expected"),
    [
        ("SELECT a FROM nowhere", {}, "(query): the database does not take the question: "),
        (ALL, {"rows": "2"}, "(query): the answer has more than 2 rows; ask for less, or raise `rows`."),
        (ALL + " WHERE 1 = 0", {}, "(query): the answer has no rows; look at the conditions of the SELECT."),
        (
            "SELECT month, price, deals FROM market",
            {},
            "the column 'city' is lacking; found: 'month', 'price', 'deals'.",
        ),
        ("SELECT 1 AS month, 2 AS month", {}, "the header 'month' stands twice, in columns 1 and 2; rename one."),
    ],
)
@pytest.mark.parametrize("asked", EVERY, indirect=True)
def test_an_answer_that_is_not_what_was_declared(asked: Asked, sql: str, query: dict[str, str], expected: str) -> None:
    assert expected in asked.refused(sql, **query)


@pytest.mark.slow
def test_types_of_postgresql_become_text(postgresql: Asked) -> None:
    reading = postgresql(
        "SELECT date_trunc('month', DATE '2026-02-14') AS month, 'China' AS city, "
        "12345678901234567890.10::numeric AS price, true AS deals"
    )
    ((_, (content, _)),) = postgresql.kept.items()
    assert content.decode() == "month,city,price,deals\n2026-02-01,China,12345678901234567890.10,true\n"
    assert reasons(reading) == [
        ("row=2,column=deals", "'true' is no number; if it stands for no value, add it to `missing`")
    ]


def test_what_has_no_text_is_refused(sqlite: Asked) -> None:
    assert sqlite.refused("SELECT x'00' AS month, city, price, deals FROM market") == (
        "market.sqlite (query): the column 'month' holds bytes, which cannot be read; "
        "have the SELECT cast it to text, a number or a day."
    )


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "table.sqlite").write_text("month,city\n")
    asked = Asked({"sqlite": "market.sqlite"}, tmp_path, {})
    assert asked.refused(ALL) == "market.sqlite: no such file. Put the database there, or correct `sqlite`."
    assert asked.refused(ALL, sqlite="table.sqlite") == (
        "table.sqlite (query): the file is no database of SQLite; correct `sqlite`."
    )
    away = Asked({"database": {"env": "WAREHOUSE"}}, tmp_path, {})
    assert away.refused(ALL) == (
        "the database's URL is lacking: the environment variable WAREHOUSE is not set; set it to the secret."
    )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("no url", "the secret of `database` is no URL of a database; write postgresql://user@host:5432/name."),
        (
            "mysql://li:hunter2@db/s",
            "databases of mysql cannot be asked; PostgreSQL can, and files of SQLite by `sqlite:`.",
        ),
        ("postgresql://li:hunter2@127.0.0.1:1/s", "s on 127.0.0.1 (query): the database cannot be reached: "),
    ],
)
def test_a_database_that_cannot_be_asked_and_its_password_is_not_told(tmp_path: Path, url: str, expected: str) -> None:
    said = Asked({"database": {"env": "WAREHOUSE"}}, tmp_path, {"WAREHOUSE": url}).refused(ALL)
    assert said.startswith(expected)
    assert "hunter2" not in said


def test_first_seen_is_kept_while_the_answer_is_the_same(sqlite: Asked) -> None:
    sqlite.kept.first = date(2026, 5, 1)
    assert set(sqlite(ALL).frame["published"]) == {date(2026, 5, 1)}
