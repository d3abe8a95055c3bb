"""Files of running text to the text itself: releases, reports, articles, as text, Markdown, HTML, PDF or DOCX.

In: the bytes of a file and its name. Out: `Prose`: the text that offsets count in, its blocks (headings, paragraphs,
items, cells) and what the file says of itself. Each form has a reader next door (`prose_text`, `prose_html`,
`prose_pdf`, `prose_docx`); all but plain text are read in a child process with a memory limit and a deadline, because a
small file may unpack to a large one and a library may meet what it never met. What a text says is for `extraction`,
which documents there are and whose they are for `documents`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from types import TracebackType
from typing import TYPE_CHECKING, Self

from briefings.errors import SourceError, WorkerError
from briefings.extraction import Block

if TYPE_CHECKING:
    from briefings.workers import Workers

#: Ending -> the function that reads such a file, `module:function`. Plain text needs no child.
READERS = {
    ".txt": "briefings.sources.prose_text:read",
    ".md": "briefings.sources.prose_text:read",
    ".markdown": "briefings.sources.prose_text:read",
    ".text": "briefings.sources.prose_text:read",
    ".html": "briefings.sources.prose_html:read",
    ".htm": "briefings.sources.prose_html:read",
    ".xhtml": "briefings.sources.prose_html:read",
    ".pdf": "briefings.sources.prose_pdf:read",
    ".docx": "briefings.sources.prose_docx:read",
}
#: What begins like this is such a file, whatever its name says.
MAGIC = ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".docx"))
#: What cannot be read, and what to do about it.
OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Office file or an encrypted one", "Save it as .docx or PDF, without a password"),
    (b"{\\rtf", "rich text (RTF)", "Save it as .docx or PDF"),
    (b"\x1f\x8b", "compressed by gzip", "Unpack it"),
    (b"Rar!", "a RAR archive", "Unpack it"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it"),
    (b"\x89PNG", "a picture", "Recognise its text first (OCR) and give that"),
    (b"\xff\xd8\xff", "a picture", "Recognise its text first (OCR) and give that"),
    (b"GIF8", "a picture", "Recognise its text first (OCR) and give that"),
    (b"II*\x00", "a picture", "Recognise its text first (OCR) and give that"),
    (b"MM\x00*", "a picture", "Recognise its text first (OCR) and give that"),
    (b"PAR1", "a Parquet file", "It is a table: declare it as a source of `kind: table`"),
)
#: Where a sentence ends, and where a very long one may be cut; a point does so before a space and a capital alone.
STOPS = re.compile(r"[。！？!?]+[”’」』）)]*|\.[\"”’)]*(?=\s+[^a-z\s])")
PAUSES = re.compile(r"[；;]")
LONGEST = 240  # characters
NEAR = 600  # characters around a number in which its sentence is looked for

#: A report to a people's congress takes a few MB; what is larger than this is no document.
LARGEST = 100 << 20  # bytes
MEMORY = 2 << 30  # bytes of a child
DEADLINE = 90.0  # seconds for one file


@dataclass(frozen=True, slots=True)
class Prose:
    """The text of a document.

    text       without a byte order mark, lines ended by a line feed alone; what offsets count in
    blocks     its headings, paragraphs, items and cells, in order
    title      what it calls itself, or ""
    published  the day on which it says it was published, where the file has a place for that (HTML, DOCX)
    """

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    published: date | None = None

    def sentence(self, start: int, end: int) -> str:
        """The sentence around text[start:end], on one line; of a very long one the part between semicolons."""
        place = bisect_right(self.blocks, start, key=lambda block: block.start) - 1
        block = self.blocks[place] if place >= 0 else None
        low, high = (block.start, max(block.end, end)) if block else (start, end)
        low, high = max(low, start - NEAR), min(high, end + NEAR)
        for stops in (STOPS, PAUSES):
            ends = [found.end() for found in stops.finditer(self.text, low, high)]
            low = max((each for each in ends if each <= start), default=low)
            high = min((each for each in ends if each >= end), default=high)
            if high - low <= LONGEST:
                break
        return " ".join(self.text[low:high].split())


class ProseReader:
    """Reads documents, as a context manager: its child process starts with the first that needs one."""

    def __init__(self) -> None:
        self._workers: Workers | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._workers is not None:
            self._workers.close()

    def read(self, content: bytes, shown: str) -> Prose:
        """The text of a file that holds these bytes; `shown` is its name, in messages and for its ending.

        Raises `SourceError` with the reason where there is none: empty, binary, encrypted, a scan, damaged.
        """
        ending = ending_of(content, shown)
        if not content.strip():
            raise SourceError(f"{shown}: the file is empty.")
        if len(content) > LARGEST:
            raise SourceError(f"{shown}: {len(content) >> 20} MB are more than a document has; split it at 100 MB.")
        if ending in {".txt", ".text", ".md", ".markdown"}:
            from .prose_text import read

            prose = read(content, shown)
        else:
            prose = self._in_child(READERS[ending], content, shown)
        if not prose.blocks:
            raise SourceError(f"{shown}: there is no text in it.")
        return prose

    def _in_child(self, function: str, content: bytes, shown: str) -> Prose:
        if self._workers is None:
            from briefings.workers import Workers

            self._workers = Workers(memory_bytes=MEMORY, deadline_seconds=DEADLINE)
        try:
            prose: Prose = self._workers.call(function, content, shown, what=shown)
        except WorkerError as error:
            raise SourceError(
                f"{shown}: it cannot be read within {DEADLINE:.0f} seconds and {MEMORY >> 30} GB of memory ({error})."
                " Save it anew, as PDF or plain text, or split it."
            ) from error
        except SourceError:
            raise
        except Exception as error:  # whatever a library meets in a file that was damaged or made to hurt
            told = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            raise SourceError(f"{shown}: this file is damaged ({told}); save it anew.") from error
        return prose


def ending_of(content: bytes, shown: str) -> str:
    """What kind of file this is, by its first bytes, then by its name. Raises `SourceError` for one that is none."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, ending in MAGIC:
        if content.startswith(magic):
            return ending
    for magic, what, todo in OTHERS:
        if content.startswith(magic):
            raise SourceError(f"{shown}: this is {what}, not a text. {todo}.")
    if head[:9].lower().startswith((b"<!doctype", b"<html")):
        return ".html"
    ending = PurePosixPath(shown).suffix.lower()
    if ending in {".pdf", ".docx"}:
        raise SourceError(f"{shown}: its name says {ending[1:].upper()}, and it does not begin like one; save it anew.")
    return ending if ending in READERS else ".txt"


def compose(parts: Sequence[tuple[str, str, int]], *, title: str = "", published: date | None = None) -> Prose:
    """Prose of parts (text, kind of block, level of heading), each a line of its own; empty ones are left out."""
    lines: list[str] = []
    blocks: list[Block] = []
    position = 0
    for text, kind, level in parts:
        line = text.strip()
        if line:
            blocks.append(Block(position, position + len(line), kind, level))  # type: ignore[arg-type]
            lines.append(line)
            position += len(line) + 1
    return Prose("".join(line + "\n" for line in lines), tuple(blocks), title.strip(), published)
