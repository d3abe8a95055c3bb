"""Files to documents.

Comes in: a path, and the model that the file should fit. Goes out: a `Document` with the model, or with complaints. The
text is taken apart in `yaml_tree`; what does not fit the model is complained of in `translation`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from .documents import MOST_TOLD, Document, raise_complaints
from .models import Model
from .translation import translate
from .wording import found
from .yaml_tree import LARGEST_FILE, Mark, UnreadableError, decode, parse, too_large

M = TypeVar("M", bound=Model)


def read(path: Path, model: type[M], *, root: Path, context: Any = None) -> Document[M]:
    """Read one file into a model. Never raises for a mistake in the file: all are complaints of the document."""
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    document: Document[M] = Document(shown)
    if not _read_tree(document, path):
        return document
    try:
        checked = model.model_validate(document.tree, context=context)
    except ValidationError as error:
        translate(document, model, error)
    else:
        document.model = None if document.complaints else checked
    return document


def _read_tree(document: Document[Any], path: Path) -> bool:
    """Fill in text and tree; whether there is a tree to go on with."""
    try:
        document.text = decode(read_bytes(path))
        document.tree, slips = parse(document.text)
    except OSError as error:
        document.complain_at(Mark(1, 1), f"the file cannot be read: {error.strerror or error}{_instead(error)}")
        return False
    except UnreadableError as error:
        document.text = document.text or _readable(path)
        document.complain_at(*error.slip)
        return False
    for slip in slips[:MOST_TOLD]:
        document.complain_at(*slip)
    return True


def _instead(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "; write it, or copy it from a project that `briefings init DIR` begins"
    return "; put a file there" if isinstance(error, IsADirectoryError) else "; allow it to be read"


def read_bytes(path: Path) -> bytes:
    """At most one byte more than is allowed is read: the size is known before anything is parsed."""
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise too_large(path.stat().st_size)
    return data


def _readable(path: Path) -> str:
    """What can be shown of a file in a wrong encoding: nothing of UTF-16 and of files too large."""
    data = read_bytes(path) if path.stat().st_size <= LARGEST_FILE else b""
    return "" if b"\0" in data else data.decode("utf-8-sig", errors="replace")


def read_plain(path: Path) -> dict[str, Any]:
    """A YAML mapping without a model, as plain dict, list, str and None: phrase books, lexicons.

    Raises `ConfigurationError` for a file that is no such mapping.
    """
    document: Document[Any] = Document(path)
    _read_tree(document, path)
    if not document.complaints and not isinstance(document.tree, dict):
        document.complain((), f"{found(document.tree)} stands here; a mapping (`key: value`) is expected")
    raise_complaints([document])
    return dict(_without_places(document.tree))


def _without_places(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): _without_places(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_without_places(item) for item in node]
    return node if node is None else str(node)
