"""Sources to observations: one reader a kind of source.

In: a `Source` of the configuration, the catalogue, the files of the project. Out: a `Reading`; the raw bytes were kept
first. `raw` has what is read: files, a database's answer (`sql`), a web service's (`web`). `tabular` reads tables,
`facts` figures that say themselves what they are, `documents` the running text of releases and reports; `locators`
finds a value again in the bytes; what becomes of the rows is decided in `store`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from briefings.catalogue import Catalogue
from briefings.configuration import Review, Source
from briefings.errors import SourceError

from .files import state
from .reading import UNCONFIRMED, Conflict, Keep, Open, Reading, Reject, Told

__all__ = [
    "READERS",
    "UNCONFIRMED",
    "Conflict",
    "Keep",
    "Open",
    "Reading",
    "Reject",
    "Told",
    "problem_of",
    "read",
    "resolve",
    "state",
]


def read(
    identifier: str,
    source: Source,
    *,
    catalogue: Catalogue,
    root: Path,
    keep: Keep,
    today: date,
    reviews: Sequence[Review] = (),
    environ: Mapping[str, str] = MappingProxyType({}),
) -> Reading:
    """What the source says as of now; `root` is the project's folder, `today` the day of this ingest, `reviews` what
    people decided on figures of its documents, `environ` holds the secrets of databases and services.

    Raises `SourceError` where the source cannot be read or is not what it is declared to be.
    """
    from .raw import obtain

    if source.kind not in READERS:
        raise SourceError(
            f"{identifier}: no reader for sources of kind {source.kind!r}; there are {', '.join(READERS)}."
        )
    found, remarks = obtain(source, root, environ, within=_endings(source))
    given: dict[str, Any] = {"catalogue": catalogue, "raw": found, "keep": keep, "today": today}
    if source.kind == "documents":
        given["reviews"] = tuple(review for review in reviews if review.source == identifier)
    reading: Reading = READERS[source.kind](identifier, source, **given)
    return replace(reading, remarks=remarks) if remarks else reading


def _endings(source: Source) -> tuple[str, ...]:
    """The endings of what is taken out of a folder; of tables, whose path names files, none."""
    if source.kind != "documents":
        return ()
    from .prose import READERS as OF_DOCUMENTS

    return tuple(OF_DOCUMENTS)


def resolve(locator: str, content: bytes, dialect: dict[str, Any]) -> str:
    """The raw text at a locator in the bytes of a snapshot, understood as `dialect` says. Raises `SourceError`."""
    from .locators import resolve

    return resolve(locator, content, dialect)


def problem_of(figure: Open, said: Mapping[str, str], *, source: Source, catalogue: Catalogue) -> str:
    """Why a figure that waits for a person cannot be taken as the person says; "" where it can."""
    from .statements import Interpreter, decided, figure_of

    taken = Interpreter(source, catalogue).take(decided(figure_of(figure), said))
    return taken if isinstance(taken, str) else ""


def _table(identifier: str, source: Source, **given: Any) -> Reading:
    from .tabular import read  # pandas, pyarrow: not before a table is read

    return read(identifier, source, **given)


def _facts(identifier: str, source: Source, **given: Any) -> Reading:
    from .facts import read

    return read(identifier, source, **given)


def _documents(identifier: str, source: Source, **given: Any) -> Reading:
    from .documents import read

    return read(identifier, source, **given)


READERS: dict[str, Callable[..., Reading]] = {"table": _table, "facts": _facts, "documents": _documents}
