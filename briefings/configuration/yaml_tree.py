"""YAML text to a tree of plain values that know their place in the file.

Comes in: the bytes of one file. Goes out: a tree of `PlacedMapping`, `PlacedList`, `PlacedText` and None, which are
dict, list and str to everyone else, and the slips found on the way. Every scalar stays text (`8:30`, `no` and `012` are
not touched); only an empty value, `null` or `~` is None. `documents` next door turns the tree into a model and the
slips into messages. The events of PyYAML are read one by one, not composed: so nesting, aliases and size are bounded
before anything is built, and repeated keys are seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import yaml

LARGEST_FILE = 1_000_000
"""Bytes a configuration file may have."""
DEEPEST = 50
"""Levels of nesting."""
MOST_ALIASES = 100
"""Aliases (`*name`) a file may have."""
MOST_EXPANDED = 10_000
"""Nodes that aliases may add, counted as if each were written out."""
MOST_NODES = 50_000
"""Nodes of a file in all, aliases written out."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
# What YAML calls printable, less the line ends that editors do not count (U+0085, U+2028, U+2029): with them every line
# number after would be wrong.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What nobody sees, and what turns the order of the text behind it.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_LINE_END = re.compile("\r\n|\r|\n")


class Mark(NamedTuple):
    """A place in a file; both count from 1, columns in characters."""

    line: int
    column: int


class Slip(NamedTuple):
    """A mistake in the YAML itself: where, what, and the dotted way to it where one is known."""

    mark: Mark
    message: str


class PlacedText(str):
    """A scalar and where it stands."""

    __slots__ = ("mark",)
    mark: Mark


class PlacedList(list[Any]):
    """A sequence, where it stands, and where its items stand (an empty item, at the list)."""

    __slots__ = ("mark", "marks")
    mark: Mark
    marks: list[Mark]


class PlacedMapping(dict[str, Any]):
    """A mapping, where it stands, and where its keys stand."""

    __slots__ = ("mark", "marks")
    mark: Mark
    marks: dict[str, Mark]


Node: TypeAlias = PlacedText | PlacedList | PlacedMapping | None


class UnreadableError(Exception):
    """The text cannot be read as one YAML document; `slip` says where and why. Stays inside this package."""

    def __init__(self, mark: Mark, message: str) -> None:
        self.slip = Slip(mark, message)
        super().__init__(message)


def decode(data: bytes) -> str:
    """The bytes of a file as text: UTF-8, with or without a byte order mark.

    Raises `UnreadableError` for another encoding, for control characters and for a file beyond `LARGEST_FILE`.
    """
    if len(data) > LARGEST_FILE:
        raise too_large(len(data))
    if wide := _wide_encoding(data):
        raise UnreadableError(Mark(1, 1), f"the file is {wide}; save it as UTF-8")
    if what := _no_text(data):
        raise UnreadableError(Mark(1, 1), f"this is {what}, no text; a YAML file is expected here")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        raise UnreadableError(mark_at(before, len(before)), _wrong_encoding(data, data[error.start])) from None
    if found := _UNPRINTABLE.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise UnreadableError(mark_at(text, found.start()), f"the character {code} is not allowed here; delete it")
    return text


def _wide_encoding(data: bytes) -> str:
    """UTF-32 or UTF-16, by its mark, or else by the zeros beside the letters of ASCII."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    begins = data[:40]
    halves = begins[::2], begins[1::2]
    one_zero = any(not half.strip(b"\0") for half in halves) and any(half.isascii() and all(half) for half in halves)
    return "UTF-16" if one_zero and len(begins) > 1 else ""


_BEGINNINGS = {
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"PK\x03\x04": "a workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls) or Word document",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed by gzip",
}


def _no_text(data: bytes) -> str:
    """What a file is that holds no text: known by its beginning, or full of control characters."""
    known = next((what for begins, what in _BEGINNINGS.items() if data.startswith(begins)), "")
    odd = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data[:4096]))
    return known or ("a binary file" if odd > max(8, len(data[:4096]) // 50) else "")


def too_large(size: int) -> UnreadableError:
    return UnreadableError(
        Mark(1, 1), f"the file has {size:,} bytes; at most {LARGEST_FILE:,} are allowed: split it into several files"
    )


def _wrong_encoding(data: bytes, byte: int) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return f"the byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"
    return f"the byte 0x{byte:02X} is not UTF-8 (the file reads as GBK, that is GB18030); save it as UTF-8"


def mark_at(text: str, offset: int) -> Mark:
    """The place of a character."""
    line, start = 1, 0
    for end in _LINE_END.finditer(text, 0, offset):
        line, start = line + 1, end.end()
    return Mark(line, offset - start + 1)


def lines_of(text: str) -> list[str]:
    """The lines of a text, as its editor counts them."""
    return _LINE_END.split(text)


def parse(text: str) -> tuple[Node, list[Slip]]:
    """The tree of one YAML document, and the slips that do not keep it from being read (repeated keys, tags ...).

    Raises `UnreadableError` for what cannot be read on from: wrong syntax, an empty file, a second document,
    nesting, aliases or size out of bounds.
    """
    composer = _Composer(yaml.parse(text, Loader=_Loader))
    try:
        return composer.document(), composer.slips
    except yaml.MarkedYAMLError as error:
        raise _explain(error, lines_of(text)) from None


@dataclass(slots=True)
class _Anchor:
    node: Node
    size: int
    open: bool


class _Composer:
    """Builds the tree from events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.slips: list[Slip] = []
        self.anchors: dict[str, _Anchor] = {}
        self.aliases = self.nodes = self.expanded = 0

    def document(self) -> Node:
        next(self.events)  # the stream's start
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            raise UnreadableError(Mark(1, 1), "the file is empty")
        root = self.node(next(self.events), 0)
        next(self.events)  # the document's end
        event = next(self.events)
        if isinstance(event, yaml.DocumentStartEvent):
            raise UnreadableError(_mark(event), "a second document begins here (`---`); a file holds one")
        if root is None:
            raise UnreadableError(Mark(1, 1), "the file is empty")
        return root

    def node(self, event: Any, depth: int) -> Node:
        if depth > DEEPEST:
            raise UnreadableError(_mark(event), f"nested more than {DEEPEST} levels deep")
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self.alias(event)
        self.count(event)
        if event.tag is not None:
            self.slip(event, f"the tag '{_written(event.tag)}' is not allowed; write the value alone")
        if event.anchor:
            self.anchors[event.anchor] = _Anchor(None, 0, open=True)
        before = self.nodes
        node: Node
        if kind is yaml.ScalarEvent:
            node = self.scalar(event)
        elif kind is yaml.MappingStartEvent:
            node = self.mapping(event, depth)
        else:
            node = self.sequence(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = _Anchor(node, self.nodes - before + 1, open=False)
        return node

    def count(self, event: Any, added: int = 1) -> None:
        self.nodes += added
        if self.nodes > MOST_NODES:
            raise UnreadableError(_mark(event), f"more than {MOST_NODES:,} values; split the file into several")

    def slip(self, event: Any, message: str) -> None:
        self.slips.append(Slip(_mark(event), message))

    def alias(self, event: Any) -> Node:
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            raise UnreadableError(
                _mark(event),
                f"no anchor &{event.anchor} stands above this alias; a text that begins with * must be quoted",
            )
        if anchor.open:
            raise UnreadableError(_mark(event), f"the alias *{event.anchor} stands inside of what it names")
        self.aliases += 1
        self.expanded += anchor.size
        if self.aliases > MOST_ALIASES:
            raise UnreadableError(_mark(event), f"more than {MOST_ALIASES} aliases; write the values out")
        if self.expanded > MOST_EXPANDED:
            raise UnreadableError(
                _mark(event), f"aliases stand for more than {MOST_EXPANDED:,} values; write out what is needed"
            )
        self.count(event, anchor.size)
        return anchor.node

    def scalar(self, event: Any) -> PlacedText | None:
        value: str = event.value
        if not event.style and value in _NULLS:
            return None
        if found := _CONTROL.search(value):
            self.slip(event, f"the text holds the control character U+{ord(found[0]):04X}; delete it")
        elif found := _UNSEEN.search(value):
            name = unicodedata.name(found[0], "half a character")
            self.slip(event, f"the text holds U+{ord(found[0]):04X} ({name}), which nobody sees; delete it")
        text = PlacedText(value)
        text.mark = _mark(event)
        return text

    def sequence(self, event: Any, depth: int) -> PlacedList:
        items = PlacedList()
        items.mark, items.marks = _mark(event), []
        while type(item := next(self.events)) is not yaml.SequenceEndEvent:
            node = self.node(item, depth + 1)
            items.append(node)
            items.marks.append(items.mark if node is None and not getattr(item, "value", "~") else _mark(item))
        return items

    def mapping(self, event: Any, depth: int) -> PlacedMapping:
        entries = PlacedMapping()
        entries.mark, entries.marks = _mark(event), {}
        while type(item := next(self.events)) is not yaml.MappingEndEvent:
            key = self.key(item, depth)
            value = self.node(next(self.events), depth + 1)
            if key is None:
                continue
            if key in entries.marks:
                first = entries.marks[key]
                self.slip(item, f"the key '{key}' stands here twice; it stood first on line {first.line}")
                continue
            entries[key] = value
            entries.marks[key] = key.mark
        return entries

    def key(self, event: Any, depth: int) -> PlacedText | None:
        """A mapping's key: text, even where a value would be None; None where it is no key (a slip says so)."""
        if type(event) is yaml.AliasEvent:
            self.slip(event, f"the alias *{event.anchor} cannot be a key; write it out")
            return None
        if type(event) is not yaml.ScalarEvent:
            self.slip(event, "a list or a mapping cannot be a key; quote a key that begins with [ or {")
            self.node(event, depth + 1)
            return None
        if event.value == "<<" and not event.style:
            self.slip(event, "merge keys (`<<`) are not allowed; write the keys out, or use an alias for a whole value")
            return None
        node = self.node(event, depth + 1)
        if node is None and not event.value:
            self.slip(event, "a key is missing before the colon")
            return None
        key = PlacedText(event.value)
        key.mark = _mark(event)
        return key


def _mark(event: Any) -> Mark:
    mark = event.start_mark
    return Mark(mark.line + 1, mark.column + 1)


def _written(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


MOST_LINES = 20
"""Lines above an error that are looked at for a sign that explains it."""
TAB = "the line is indented with a tab; use spaces"
# What the parser says, and what it means to the person who wrote the file.
_MEANINGS: tuple[tuple[str, str], ...] = (
    ("violates indentation", TAB),
    ("unexpected end of stream", "a quote that is opened {begun} is never closed"),
    ("mapping values are not allowed", "a second `: ` on one line; quote a text that holds `: `"),
    ("could not find expected ':'", "a key without its colon, or a text that is not indented enough"),
    ("did not find expected ',' or ']'", "a list that is opened with [ {begun} is not closed before this"),
    ("did not find expected ',' or '}'", "a mapping that is opened with {{ {begun} is not closed before this"),
    ("did not find expected '-'", "a list item or the end of the list that begins {begun} is expected here"),
    ("did not find expected key", "a key of the mapping that begins {begun} is expected: check indentation and quotes"),
    ("did not find expected node content", "a key or a value is missing here, or the wrong bracket closes"),
    ("did not find expected <document start>", "nothing may follow here: a bracket or a quote too many"),
    ("found unexpected ':'", "a colon with no space after it, or a text that holds one: quote it"),
    ("unknown escape", 'no such escape; write \\\\ for a backslash, or use single quotes'),
    ("expected alphabetic or numeric", "a text that begins with * or & must be quoted"),
    ("expected comment or line break", "a text that begins with | or > must be quoted"),
)  # fmt: skip


def _explain(error: yaml.MarkedYAMLError, lines: list[str]) -> UnreadableError:
    """What the parser found, in words that say what to do."""
    problem, place = error.problem or "the text cannot be read", error.problem_mark or error.context_mark
    mark = Mark(place.line + 1, place.column + 1) if place else Mark(1, 1)
    first = error.context_mark.line + 1 if error.context_mark else mark.line
    slip = (
        _unmerged(lines)
        or _full_width_colon(lines, mark)
        or _odd_sign(lines, first, mark.line)
        or _in_brackets(problem, mark, lines)
        or _by_the_line(problem, mark, lines)
        or _indented(problem, mark, lines)
    )
    if slip is not None:
        return UnreadableError(*slip)
    begun = f"on line {first}" if error.context_mark else "above"
    meaning = next((meaning for said, meaning in _MEANINGS if said in problem), problem)
    return UnreadableError(_opening(error) or mark, "this is not YAML: " + meaning.format(begun=begun))


def _unmerged(lines: list[str]) -> Slip | None:
    """The marks of a merge that was not finished."""
    found = next((n for n, line in enumerate(lines, 1) if re.match(r"(<{7}|>{7}) ", line)), None)
    told = "a merge was not finished here: keep one of the two versions, and delete the lines <<<<<<<, =======, >>>>>>>"
    return Slip(Mark(found, 1), told) if found else None


_SPACES = "\u00a0\u2000-\u200a\u202f\u3000"
_ODD_SIGNS = (
    (re.compile(rf" *([{_SPACES}])"), "the line is indented with {name}; use plain spaces"),
    (re.compile(rf"[^#'\"]*?:([{_SPACES}])"), "behind this colon stands {name}; write a plain space"),
    (
        re.compile(r"\s*([\u2010-\u2015\u2212\uff0d\u2022\u00b7])\s"),
        "a list item begins with - and a space; here stands {name}",
    ),
    (re.compile(r"\s*(-)[^\s-][^'\"]*: "), "a space is missing behind the hyphen"),
    (re.compile(r"\s*(?:- )?[^\s:'\"#{\[]+(:)[^\s:/\\][^:]*$"), "a space is missing behind the colon"),
    (
        re.compile(r"[^'\"]*[{\[][^'\"]*?([\uff1a\uff0c\u3001\uff5b\uff5d\uff3b\uff3d])"),
        "{name} stands here, which YAML takes for a letter; write the plain sign, and a space behind , and :",
    ),
)


def _odd_sign(lines: list[str], first: int, last: int) -> Slip | None:
    """A sign that looks like one of YAML's, on the line of an error or above it, the nearest first."""
    for number in range(min(last, len(lines)), max(first, last - MOST_LINES, 1) - 1, -1):
        for form, told in _ODD_SIGNS:
            if found := form.match(lines[number - 1]):
                sign = found[1]
                name = f"U+{ord(sign):04X} ({unicodedata.name(sign, 'without a name')})"
                return Slip(Mark(number, found.start(1) + 1), told.format(name=name))
    return None


def _indented(problem: str, mark: Mark, lines: list[str]) -> Slip | None:
    """A line that begins where nothing above it does that it could belong to."""
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    indent = len(line) - len(line.lstrip(" "))
    if not ("expected key" in problem or "expected '-'" in problem) or mark.column != indent + 1:
        return None
    begun: list[int] = []
    for above in lines[: mark.line - 1]:
        if found := re.match(r"( *)((?:- +)*)[^\s#]", above):
            columns = [len(found[1]), *(len(found[1]) + end.end() for end in re.finditer("- +", found[2]))]
            begun = [each for each in begun if each < columns[0]] + columns
    if indent in begun or not begun:
        return None
    fitting = " or ".join(map(str, begun))
    told = (
        f"the line is indented by {indent} space{'' if indent == 1 else 's'}; by {fitting} it belongs to what is above"
    )
    return Slip(mark, told)


def _by_the_line(problem: str, mark: Mark, lines: list[str]) -> Slip | None:
    """What can be told better by a look at the line itself than by what the parser says."""
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    before, after = line[: mark.column - 1], line[mark.column - 1 :]
    if "cannot start any token" in problem:
        tab = after.startswith("\t")
        return Slip(mark, TAB if tab else f"a text cannot begin with '{after[:1]}'; put it in quotes")
    if "mapping values are not allowed" in problem and ": " not in before:
        key = before.strip().lstrip("- ")
        start = Mark(mark.line, len(before) - len(before.lstrip()) + 1)
        return Slip(start, f"the key '{key}' does not fit here: check its indentation, and the line above")
    if "expected key" in problem and before.rstrip().endswith(("'", '"')):
        return Slip(mark, "a quoted text ends before this; a quote inside of single quotes is written twice")
    return None


def _in_brackets(problem: str, mark: Mark, lines: list[str]) -> Slip | None:
    """What stands within brackets, or closes them, and is taken otherwise than it is meant."""
    if not ("expected ',' or" in problem or "node content" in problem):
        return None
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    before, after = line[: mark.column - 1], line[mark.column - 1 :]
    kept, sign, comment = lines[mark.line - 2].partition(" #") if mark.line > 1 else ("", "", "")
    if sign and set("]}") & set(comment):
        start = Mark(mark.line - 1, len(kept) + 2)
        return Slip(start, "what follows this # is a comment, a closing bracket too; put a colour in quotation marks")
    if after.startswith(":") and re.search(r"[{,]\s*[^:,{}]+: [^,{}]*$", before):
        return Slip(mark, "a second `: ` in one entry; quote a text that holds `: `")
    if after[:1] in ("{", "[") and re.search(r": *[^\s{\[\"'][^,]*$", before):
        return Slip(mark, "a text that holds { or [ is put in quotation marks where brackets stand around it")
    return None


def _opening(error: yaml.MarkedYAMLError) -> Mark | None:
    """An open quote, and a key without its colon, are best shown where they begin: the parser notices further below."""
    late = "unexpected end of stream" in str(error.problem) or "could not find expected ':'" in str(error.problem)
    if late and error.context_mark:
        return Mark(error.context_mark.line + 1, error.context_mark.column + 1)
    return None


def _full_width_colon(lines: list[str], mark: Mark) -> Slip | None:
    """A key followed by '：' on the line of an error or on the one before."""
    for number in (mark.line - 1, mark.line):
        if 1 <= number <= len(lines):
            found = re.match(r"[\s-]*[^\s:'\"：#]+(：)", lines[number - 1])
            line = lines[number - 1]
            if found and (": " not in line or line[found.end() : found.end() + 1] in ("{", "[")):
                where = Mark(number, found.start(1) + 1)
                return Slip(where, "a full-width colon '：' after the key; YAML wants ': ', a colon and a space")
    return None
