"""Files of a source: found, read whole, and decoded.

In: the project's folder and the path that a source declares. Out: bytes and text, or a `SourceError` that says what was
found and what to do. What stands in the files is understood next door, in `grids`.
"""

from __future__ import annotations

import io
import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

from briefings.configuration import Source, suggest
from briefings.errors import SourceError

LARGEST = 1 << 30  # bytes
PIECE = 1 << 20
CODECS = {"utf-8": "utf-8-sig", "gb18030": "gb18030", "utf-16": "utf-16"}
MAGIC = {
    b"PK\x03\x04": "a workbook (.xlsx or .ods) or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls)",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed by gzip",
}


def find(root: Path, pattern: str) -> list[Path]:
    """The files that a source's path names, in order of name; at least one."""
    if not any(sign in pattern for sign in "*?["):
        path = root / pattern
        if not path.exists():
            if path.is_symlink():
                raise SourceError(
                    f"{pattern}: a link that leads nowhere ({path.readlink()}). Put the file itself there."
                )
            raise SourceError(f"{pattern}: no such file.{_near(path)} Put it there, or correct `path`.")
        return [path]
    # Office programs leave ~$name.xlsx beside a file that is open.
    found = sorted(path for path in root.glob(pattern) if not path.name.startswith(("~$", ".")))
    if not found:
        raise SourceError(f"{pattern}: no file fits. Put one there, or correct `path`.")
    return found


def state(root: Path, source: Source) -> list[tuple[str, int, int]] | None:
    """Each file that a source names, with its time of change and its size: what is alike was not changed. None where
    there is none, or one cannot be looked at: reading says why; and where it is a query or a request, whose answer is
    known by asking alone."""
    if source.path is None:
        return None
    try:
        named = find(root, source.path)
        files = [file for path in named for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
        found = [(file.relative_to(root).as_posix(), file.stat()) for file in files]
    except (OSError, SourceError):
        return None
    return [(name, told.st_mtime_ns, told.st_size) for name, told in found]


def _near(path: Path) -> str:
    if not path.parent.is_dir():
        return f" The folder {path.parent.name}/ does not exist either."
    names = [each.name for each in path.parent.iterdir()]
    close = suggest(path.name, names)
    return f" Did you mean '{close}'?" if close else ""


def read_bytes(path: Path, shown: str) -> bytes:
    """The whole file. Pipes, devices and folders are refused, and what is larger than a gigabyte or empty."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # opening a pipe would wait for its writer
    except OSError as error:
        what = "locked or not readable for this user" if isinstance(error, PermissionError) else error.strerror
        raise SourceError(
            f"{shown}: cannot be opened: {what}. Close it elsewhere, or change its permissions."
        ) from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{shown}: not a regular file; a source is a file of at most 1 GB.")
        if status.st_size > LARGEST:
            size = f"{status.st_size / LARGEST:.1f} GB"
            raise SourceError(f"{shown}: {size} is more than 1 GB; split it into several files with a `*` in `path`.")
        with open(handle, "rb", closefd=False) as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SourceError(f"{shown}: cannot be read: {error.strerror}.") from error
    finally:
        os.close(handle)
    if not content or content.isspace():
        raise SourceError(f"{shown}: the file is empty.")
    return content


def check_text(content: bytes, encoding: str, shown: str) -> None:
    """That these bytes are text in the declared encoding.

    Raises `SourceError` that names the line and the encoding that would fit. GB18030 reads most of UTF-8 as wrong
    characters without complaint, so a file that is UTF-8 is refused under that name.
    """
    text = open_text(content, encoding)
    for magic, what in MAGIC.items():
        if content.startswith(magic):
            raise SourceError(f"{shown}: this is {what}, not a text; rename it so that its ending tells what it is.")
    try:
        for _ in iter(lambda: text.read(PIECE), ""):
            pass
    except UnicodeError:
        raise SourceError(f"{shown}: {_where(content, encoding)}not {encoding}.{_hint(content, encoding)}") from None
    if encoding != "utf-16" and b"\0" in content:
        raise SourceError(f"{shown}: there are NUL bytes in it, so it is not {encoding}.{_hint(content, encoding)}")
    if encoding == "gb18030" and not content.isascii() and _fits(content, "utf-8"):
        raise SourceError(f"{shown}: declared gb18030, but the file is UTF-8; set `encoding: utf-8`.")
    if content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        raise SourceError(f"{shown}: this is a web page or XML, not a table; save the data itself and try again.")


def _where(content: bytes, encoding: str) -> str:
    try:
        content.decode(CODECS[encoding])
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return f"line {line}: the byte 0x{content[error.start]:02X} is "
    return "the text is "


def _hint(content: bytes, declared: str) -> str:
    for encoding in ("utf-16", "utf-8", "gb18030"):
        if encoding != declared and _fits(content, encoding):
            return f" It can be read as {encoding}: set `encoding: {encoding}`."
    return " Save it as UTF-8."


def _fits(content: bytes, encoding: str) -> bool:
    if encoding == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return False
    try:
        return "\0" not in content.decode(CODECS[encoding])
    except UnicodeError:
        return False


def open_text(content: bytes, encoding: str) -> io.TextIOWrapper:
    """The text line by line, line ends as they are; decoded as it is read, so that no second copy is held."""
    return io.TextIOWrapper(io.BytesIO(content), CODECS[encoding], newline="")


def dialect_of(identifier: str, source: Source, suffix: str, shown: str, today: date) -> dict[str, Any]:
    """How the bytes of a file are to be understood; lies beside the snapshot, so that locators resolve, and what stands
    there is read to its value, without more. `units` holds what is declared of a column of values by its header, under
    "" what is declared of all; `unit_column` is the header of the column that tells the unit of each row."""
    return {
        "source": identifier,
        "file": shown,
        "suffix": suffix,
        "encoding": source.encoding,
        "delimiter": source.delimiter,
        "header": source.header,
        "header_rows": source.header_rows,
        "footer": source.footer,
        "sheet": source.sheet,
        "decimal": source.decimal,
        "units": _units(source),
        "unit_column": _unit_column(source),
        "first_seen": today.isoformat(),
    }


def _units(source: Source) -> dict[str, str]:
    named = {" ".join(header.split()): value.unit or "" for header, value in source.values.items()}
    of_all = source.unit.is_ if source.unit else None
    return {header: unit for header, unit in {"": of_all or "", **named}.items() if unit}


def _unit_column(source: Source) -> str:
    if source.kind == "facts":
        return "unit"
    return " ".join(source.unit.column.split()) if source.unit and source.unit.column else ""
