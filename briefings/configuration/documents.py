"""A file read into a model, and all that is wrong with it, each complaint at its line and column.

Comes in: a path and the model that the file should fit. Goes out: a `Document` with the model, or with complaints;
later checks (a theme against the catalogue) file theirs on the same document, `raise_complaints` raises all
at once. The text is taken apart in `yaml_tree`; how a mistake is worded stands in `wording`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from briefings.errors import ConfigurationError

from .models import Model
from .wording import PlacedError, dotted, found, quoted, suggest, unknown_key, worded
from .yaml_tree import (
    LARGEST_FILE,
    Mark,
    Node,
    PlacedList,
    PlacedMapping,
    PlacedText,
    UnreadableError,
    decode,
    lines_of,
    parse,
    too_large,
)

Key: TypeAlias = tuple[str | int, ...]
"""The way to a node, from the root of the file."""
Side: TypeAlias = Literal["key", "value"]
M = TypeVar("M", bound=Model)

WIDEST_LINE = 110
"""Characters of a source line that are shown with a complaint."""


@dataclass(frozen=True, order=True)
class Complaint:
    """One mistake. Its text is what a person reads."""

    path: str
    mark: Mark
    message: str
    key: str = ""
    source_line: str = ""

    def __str__(self) -> str:
        way = f"{self.key}: " if self.key else ""
        return f"{self.path}:{self.mark.line}:{self.mark.column}: {way}{self.message}" + self._shown()

    def _shown(self) -> str:
        """The source line and a caret below the column; a long line is cut around it."""
        if not self.source_line.strip():
            return ""
        first = max(0, self.mark.column - 1 - WIDEST_LINE // 2) if len(self.source_line) > WIDEST_LINE else 0
        line = self.source_line[first : first + WIDEST_LINE].replace("\t", " ")
        before = line[: self.mark.column - 1 - first]
        left, right = "..." if first else "", "..." if first + WIDEST_LINE < len(self.source_line) else ""
        return f"\n{left}{line}{right}\n{' ' * (len(left) + _width(before))}^"


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: Han and full-width characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class Document(Generic[M]):
    """One file, read.

    `path` is relative to the project, `tree` plain dict, list, str and None (all scalars are text), `model` None
    as long as the file itself has mistakes.
    """

    def __init__(self, path: Path, text: str = "", tree: Node = None) -> None:
        self.path = path
        self.text = text
        self.tree: Any = tree
        self.model: M | None = None
        self._complaints: list[Complaint] = []
        self._ways: dict[int, tuple[Key, Side]] | None = None

    @property
    def complaints(self) -> list[Complaint]:
        """In the order of the file; what an alias repeats is told once."""
        first = {(each.mark, each.message): each for each in reversed(self._complaints)}
        return sorted(first.values())

    def mark(self, key: Key, *, of: Side = "value") -> Mark:
        """Where a node stands, or its key; of the longest part of `key` that the file has."""
        key = self._existing(key)
        if not key:
            return self.tree.mark if of == "value" and self.tree is not None else Mark(1, 1)
        parent = self._node(key[:-1])
        value = parent[key[-1]]
        stands: Mark = parent.marks[key[-1]]
        return value.mark if of == "value" and value is not None and isinstance(parent, PlacedMapping) else stands

    def complain(self, key: Key, message: str, *, of: Side = "value") -> None:
        """File a complaint about a node, or about its key. The message says what was found and what is allowed."""
        self._file(self.mark(key, of=of), message, self._existing(key)[:-1] if of == "key" else self._existing(key))

    def _file(self, mark: Mark, message: str, key: Key = ()) -> None:
        lines = lines_of(self.text)
        line = lines[mark.line - 1] if mark.line <= len(lines) else ""
        self._complaints.append(Complaint(self.path.as_posix(), mark, message, dotted(key), line))

    def _existing(self, key: Key) -> Key:
        node: Any = self.tree
        for depth, step in enumerate(key):
            if isinstance(node, PlacedMapping) and step in node:
                node = node[str(step)]
            elif isinstance(node, PlacedList) and isinstance(step, int) and 0 <= step < len(node):
                node = node[step]
            else:
                return key[:depth]
        return key

    def _node(self, key: Key) -> Any:
        node: Any = self.tree
        for step in key:
            node = node[step]
        return node

    def place(self, key: Key, culprit: object) -> tuple[Key, Side]:
        """Where a value that a model refused stands.

        `key` is the way in the model. Where a shorthand was written it leads past the file; then the value
        itself, which is the very object of the tree, tells where it came from.
        """
        existing = self._existing(key)
        if existing == key and (self._node(key) is culprit or id(culprit) not in self._index()):
            return key, "value"
        return self._index().get(id(culprit), (existing, "value"))

    def _index(self) -> dict[int, tuple[Key, Side]]:
        if self._ways is None:
            self._ways = {}
            for node, key, side in _walk(self.tree, ()):
                self._ways.setdefault(id(node), (key, side))
        return self._ways


def _walk(node: Any, key: Key) -> Iterator[tuple[Node, Key, Side]]:
    if node is not None:
        yield node, key, "value"
    if isinstance(node, PlacedMapping):
        for name, value in node.items():
            if isinstance(name, PlacedText):
                yield name, (*key, str(name)), "key"
            yield from _walk(value, (*key, str(name)))
    elif isinstance(node, PlacedList):
        for number, value in enumerate(node):
            yield from _walk(value, (*key, number))


def read(path: Path, model: type[M], *, root: Path, context: Any = None) -> Document[M]:
    """Read one file into a model. Never raises for a mistake in the file: all are complaints of the document."""
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    document: Document[M] = Document(shown)
    if not _read_tree(document, path):
        return document
    try:
        checked = model.model_validate(document.tree, context=context)
    except ValidationError as error:
        _translate(document, model, error)
    else:
        document.model = None if document.complaints else checked
    return document


def _read_tree(document: Document[Any], path: Path) -> bool:
    """Fill in text and tree; whether there is a tree to go on with."""
    try:
        document.text = decode(_bytes(path))
        document.tree, slips = parse(document.text)
    except OSError as error:
        document._file(Mark(1, 1), f"the file cannot be read: {error.strerror or error}")
        return False
    except UnreadableError as error:
        document.text = document.text or _readable(path)
        document._file(*error.slip)
        return False
    for slip in slips:
        document._file(*slip)
    return True


def _bytes(path: Path) -> bytes:
    """At most one byte more than is allowed is read: the size is known before anything is parsed."""
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise too_large(path.stat().st_size)
    return data


def _readable(path: Path) -> str:
    """What can be shown of a file in a wrong encoding: nothing of UTF-16 and of files too large."""
    data = _bytes(path) if path.stat().st_size <= LARGEST_FILE else b""
    return "" if b"\0" in data else data.decode("utf-8-sig", errors="replace")


def gather(documents: Iterable[Document[Any]], section: str) -> dict[str, Any]:
    """What the files declare in a section (`sources`), by id; an id that two files declare is complained of."""
    declared: dict[str, Any] = {}
    origin: dict[str, str] = {}
    for document in documents:
        for identifier, item in getattr(document.model, section, {}).items():
            if identifier in declared:
                message = f"'{identifier}' is declared in {origin[identifier]} too; keep one of the two"
                document.complain((section, identifier), message, of="key")
            else:
                declared[identifier], origin[identifier] = item, document.path.as_posix()
    return declared


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


def raise_complaints(documents: Iterable[Document[Any]]) -> None:
    """Raise `ConfigurationError` with the complaints of all files, by file and place; nothing where there are none."""
    complaints = sorted(complaint for document in documents for complaint in document.complaints)
    if complaints:
        raise ConfigurationError([str(complaint) for complaint in complaints])


def _translate(document: Document[Any], model: type[Model], error: ValidationError) -> None:
    """File the errors of pydantic. A required key that is missing is not told where a key misspelt it."""
    errors: list[Any] = error.errors(include_url=False)
    missing = {tuple(each["loc"]) for each in errors if each["type"] == "missing"}
    misspelt: set[Key] = set()
    for each in errors:
        if each["type"] == "extra_forbidden":
            misspelt |= _unknown_key(document, model, each, missing)
    for each in errors:
        loc = tuple(each["loc"])
        if each["type"] == "missing":
            if loc not in misspelt:
                _missing(document, model, each)
        elif each["type"] != "extra_forbidden":
            _wrong_value(document, model, each)


def _unknown_key(document: Document[Any], model: type[Model], error: Any, missing: set[Key]) -> set[Key]:
    """Complain of a key; return the missing one that was meant by it, if any."""
    *parent, name = error["loc"]
    key, _ = document.place(tuple(error["loc"]), error["input"])
    allowed = _keys(_annotation(model, parent))
    document.complain(key, unknown_key(str(key[-1] if key else name), allowed), of="key")
    lacking = {str(loc[-1]): loc for loc in missing if list(loc[:-1]) == parent}
    meant = suggest(str(name), allowed)
    return {lacking[meant]} if meant in lacking else set()


def _missing(document: Document[Any], model: type[Model], error: Any) -> None:
    *parent, name = error["loc"]
    key, _ = document.place(tuple(parent), error["input"])
    expected = _keys(_annotation(model, parent))
    example = _example(_annotation(model, parent), str(name))
    shown = f", for example `{name}: {example}`" if example else ""
    others = [word for word in expected if word not in (error["input"] or ())]
    more = "" if shown or len(others) < 2 else f"; not written so far: {', '.join(others)}"
    document.complain(key, f"the key {quoted(str(name))} is missing; add it{shown}{more}", of="key" if key else "value")


def _wrong_value(document: Document[Any], model: type[Model], error: Any) -> None:
    loc: Key = tuple(error["loc"])
    of_key = bool(loc) and loc[-1] == "[key]"
    loc = loc[:-1] if of_key else loc
    key, side = document.place(loc, error["input"])
    if of_key:
        side = "key"
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, PlacedError):
        key, side = document._existing((*key, *cause.at)), "key" if cause.of == "key" else "value"
    annotation = _key_annotation(model, loc) if of_key else _annotation(model, loc)
    what = "key" if of_key else _field(model, loc)
    message = worded(error, _words(annotation), _keys(annotation), what)
    document.complain(key, message, of=side)


def _key_annotation(model: Any, way: Key) -> Any:
    """The annotation of the keys of the mapping that a place lies in."""
    mapping = _annotation(model, way[:-1])
    return get_args(mapping)[0] if get_origin(mapping) is dict else None


def _annotation(model: Any, way: Iterable[str | int]) -> Any:
    """The annotation that a place in a model has; None where it cannot be told."""
    current: Any = model
    for step in way:
        current = _plain(current)
        arguments = get_args(current)
        if isinstance(current, type) and issubclass(current, BaseModel):
            fields = current.model_fields
            named = {field.alias or name: field for name, field in fields.items()}
            current = named[str(step)].annotation if step in named else None
        elif get_origin(current) is dict:
            current = arguments[1]
        elif get_origin(current) in {list, tuple, set, frozenset}:
            current = arguments[0]
        else:
            return None
    return _plain(current)


def _field(model: type[Model], way: Key) -> str:
    """What to call a word at a place: the name of the field (`status: {is: ...}` is a status), or else a word."""
    while way and way[-1] == "is":
        way = way[:-1]
    return str(way[-1]).replace("_", " ") if way and str(way[-1]) in _keys(_annotation(model, way[:-1])) else "word"


def _plain(annotation: Any) -> Any:
    """An annotation without its metadata, and without None."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in {Union, UnionType}:
            others = [each for each in get_args(annotation) if each is not NoneType]
            if len(others) != 1:
                return None
            annotation = others[0]
        else:
            return annotation


def _keys(annotation: Any) -> list[str]:
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return []
    return [field.alias or name for name, field in annotation.model_fields.items()]


def _words(annotation: Any) -> list[str]:
    annotation = _plain(annotation)
    if get_origin(annotation) is Literal:
        return [str(word) for word in get_args(annotation)]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return []


def _example(annotation: Any, name: str) -> str | None:
    """The first example of a field, as it could be written."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return None
    field = next((field for key, field in annotation.model_fields.items() if (field.alias or key) == name), None)
    example = field.examples[0] if field and field.examples else None
    return _flow(example) if example is not None else None


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return str(value)
