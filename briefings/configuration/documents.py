"""A file that was read, and all that is wrong with it, each complaint at its line and column.

Comes in: text and tree from `reading`, and complaints: about the YAML, about what does not fit the model, and from
later checks (a theme against the catalogue). Goes out: their places and messages, all of all files at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from briefings.columns import columns
from briefings.errors import ConfigurationError

from .models import Model
from .wording import dotted
from .yaml_tree import Mark, Node, PlacedList, PlacedMapping, PlacedText, lines_of

Key: TypeAlias = tuple[str | int, ...]
"""The way to a node, from the root of the file."""
Side: TypeAlias = Literal["key", "value"]
M = TypeVar("M", bound=Model)

WIDEST_LINE = 110
"""Characters of a source line that are shown with a complaint."""
MOST_TOLD = 100
"""Mistakes that are told of one file: whoever makes more of them made one mistake a hundred times."""


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
        line = self.source_line[first : first + WIDEST_LINE]
        line = "".join(character if character.isprintable() else " " for character in line)
        before = line[: self.mark.column - 1 - first]
        left, right = "..." if first else "", "..." if first + WIDEST_LINE < len(self.source_line) else ""
        return f"\n{left}{line}{right}\n{' ' * (len(left) + columns(before))}^"


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
        self._lines: list[str] | None = None
        self._ways: dict[int, tuple[Key, Side]] | None = None
        self._concealed: set[int] = set()

    @property
    def complaints(self) -> list[Complaint]:
        """In the order of the file; what an alias repeats is told once."""
        first = {(each.mark, each.message): each for each in reversed(self._complaints)}
        concealed = self._concealed
        return sorted(replace(e, source_line="") if e.mark.line in concealed else e for e in first.values())

    def conceal(self, key: Key) -> None:
        """No complaint shows the lines of a node: a secret stands there."""
        last = max(_lines_under(self._node(self.existing(key))), default=0)
        first = self.mark(key, of="key" if key else "value").line
        self._concealed.update(range(first, max(first, last) + 1))

    def mark(self, key: Key, *, of: Side = "value") -> Mark:
        """Where a node stands, or its key; of the longest part of `key` that the file has."""
        key = self.existing(key)
        if not key:
            return self.tree.mark if of == "value" and self.tree is not None else Mark(1, 1)
        parent = self._node(key[:-1])
        value = parent[key[-1]]
        stands: Mark = parent.marks[key[-1]]
        return value.mark if of == "value" and value is not None and isinstance(parent, PlacedMapping) else stands

    def commented(self, key: Key) -> bool:
        """Whether nothing but a comment stands on the line behind a key."""
        line = lines_of(self.text)[self.mark(key, of="key").line - 1] if key else ""
        return re.search(r": +#", line) is not None

    def complain(self, key: Key, message: str, *, of: Side = "value") -> None:
        """File a complaint about a node, or about its key. The message says what was found and what is allowed."""
        self.complain_at(self.mark(key, of=of), message, self.existing(key)[:-1] if of == "key" else self.existing(key))

    def said(self, key: Key, message: str, *, of: Side = "value") -> str:
        """One line about a node that is no mistake: where it stands, and the message."""
        place, way = self.mark(key, of=of), self.existing(key)[:-1] if of == "key" else self.existing(key)
        return f"{self.path.as_posix()}:{place.line}:{place.column}: {dotted(way)}: {message}"

    def complain_at(self, mark: Mark, message: str, key: Key = ()) -> None:
        """File a complaint about a place that is no node: wrong YAML."""
        if self._lines is None:
            self._lines = lines_of(self.text)
        line = self._lines[mark.line - 1] if mark.line <= len(self._lines) else ""
        self._complaints.append(Complaint(self.path.as_posix(), mark, message, dotted(key), line))

    def existing(self, key: Key) -> Key:
        """The longest part of the way that the file has: a shorthand ends before the model does, and an item alone, in
        place of its list, has no number."""
        node: Any = self.tree
        found: list[str | int] = []
        for step in key:
            if isinstance(node, PlacedMapping) and step in node:
                node = node[str(step)]
            elif isinstance(node, PlacedList) and isinstance(step, int) and 0 <= step < len(node):
                node = node[step]
            elif step == 0 and isinstance(node, PlacedMapping):
                continue
            else:
                break
            found.append(step)
        return tuple(found)

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
        existing = self.existing(key)
        if existing == key and (self._node(key) is culprit or id(culprit) not in self._index()):
            return key, "value"
        return self._index().get(id(culprit), (existing, "value"))

    def _index(self) -> dict[int, tuple[Key, Side]]:
        if self._ways is None:
            self._ways = {}
            for node, key, side in walk(self.tree, ()):
                self._ways.setdefault(id(node), (key, side))
        return self._ways


def walk(node: Any, key: Key) -> Iterator[tuple[Node, Key, Side]]:
    if node is not None:
        yield node, key, "value"
    if isinstance(node, PlacedMapping):
        for name, value in node.items():
            if isinstance(name, PlacedText):
                yield name, (*key, str(name)), "key"
            yield from walk(value, (*key, str(name)))
    elif isinstance(node, PlacedList):
        for number, value in enumerate(node):
            yield from walk(value, (*key, number))


def _lines_under(node: Any) -> Iterator[int]:
    """The lines on which a node and what it holds begin; a text of several lines ends further below."""
    for each, _, _ in walk(node, ()):
        if isinstance(each, PlacedText):
            yield each.mark.line + str(each).count("\n")
        elif each is not None:
            yield each.mark.line


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


def raise_complaints(documents: Iterable[Document[Any]]) -> None:
    """Raise `ConfigurationError` with the complaints of all files, by file and place; nothing where there are none."""
    complaints = sorted(complaint for document in documents for complaint in document.complaints)
    if complaints:
        raise ConfigurationError([str(complaint) for complaint in complaints])
