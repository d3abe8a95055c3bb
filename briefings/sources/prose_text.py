"""Plain text and Markdown: bytes to text in the encoding that fits them.

In: bytes. Out: `Prose`, with the blocks that the lines make. A text names no encoding, so the few that press releases
come in are tried in order: what a byte order mark says, UTF-8, then GB18030 (it holds GBK and GB2312), or Windows-1252
where the bytes are plainly Western. Markdown keeps its marks, so that offsets count in the file as it is.
"""

from __future__ import annotations

import codecs
import re
from itertools import pairwise

from briefings.configuration import HAN
from briefings.errors import SourceError
from briefings.extraction import blocks_of

from .prose import Prose

#: The longest mark first: that of UTF-32 begins like that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Control characters that no text has; tabs, line ends, form feeds and the end of file of DOS are none of them.
CONTROL = re.compile("[\0-\x08\x0e-\x19\x1c-\x1f\x7f]")
CHARSETS = re.compile(r"utf-?(8|16|16[lb]e)|gb18030|big5|iso-8859-([1-9]|1[0-6])|(windows-|cp)125[0-8]|us-ascii|koi8-r")
LOST = "\ufffd"  # stands for what cannot be decoded
#: One in so many characters may be a stray control character; more of them mean bytes that are no text.
STRAY = 1000
#: Lines that are set by hand have so many characters at most; a text of shorter ones is a list.
NARROWEST, WIDEST = 50, 100
#: The part of its lines that are full where a text is set in narrow lines.
MOST = 0.6
#: What begins a line of its own: an item, a heading or a table of Markdown, an indent.
MARK = re.compile(r"\s|[-*•#|>]|[(\[]?[0-9]{1,2}[.)\]]\s")
ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
BEYOND = re.compile(rb"[\x80-\xff]+")


def read(content: bytes, shown: str) -> Prose:
    """The text of a plain file. Raises `SourceError` where the bytes are no text."""
    text = plain(decode(content, shown))
    if len(CONTROL.findall(text)) > len(text) / STRAY:
        raise SourceError(f"{shown}: these bytes are no text; give a text, HTML, PDF or DOCX file.")
    text = unwrapped(text)
    return Prose(text, blocks_of(text))


def unwrapped(text: str) -> str:
    """The text with a space for each line end that is mere typesetting, so that offsets stay as they are.

    A text of Latin letters is set in narrow lines where most of its lines end only because the next word would have
    been too much; where a line had room for it, it is the last of its paragraph.
    """
    lines = text.split("\n")
    width = max(map(len, lines))
    if not NARROWEST <= width <= WIDEST or HAN.search(text):
        return text
    pairs = [number for number, (one, other) in enumerate(pairwise(lines)) if one.strip() and other.strip()]
    full = {
        number
        for number in pairs
        if len(lines[number]) + 1 + len(lines[number + 1].split()[0]) > width and not MARK.match(lines[number + 1])
    }
    if len(full) < 3 or len(full) < MOST * len(pairs):
        return text
    return "".join(line + (" " if number in full else "\n") for number, line in enumerate(lines))[:-1]


def plain(text: str) -> str:
    """With line feeds alone at the ends of lines, as `str.splitlines` and editors count them."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(content: bytes, shown: str, declared: str | None = None) -> str:
    """Bytes to text, in the encoding that is `declared` (an HTML page says its own) where it fits.

    Of a text that declares one, a few broken bytes are let pass, as browsers do.

    Raises `SourceError` where none fits.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding) or _refused(content, shown)
    known = _known(declared or "")
    for encoding in dict.fromkeys(filter(None, ("utf-8", known, "cp1252" if _is_western(content) else "gb18030"))):
        text = _decoded(content, encoding)
        if text is not None and "\0" not in text:
            return text
    if declared is not None:
        text = content.decode(known or "utf-8", "replace")
        if text.count(LOST) <= len(text) / STRAY:
            return text
    return _refused(content, shown)


def _known(declared: str) -> str | None:
    """The codec of an encoding that pages declare. One that says GB2312 means GBK; GB18030 holds both."""
    name = declared.lower()
    return "gb18030" if re.fullmatch("gb2312|gbk|x-gbk", name) else name if CHARSETS.fullmatch(name) else None


def _is_western(content: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone, as pound signs and curly quotes of Windows-1252 do; those of Chinese come
    in pairs."""
    alone, runs = len(ALONE.findall(content)), len(BEYOND.findall(content))
    return alone > runs / 2


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _refused(content: bytes, shown: str) -> str:
    if b"\0" in content:
        raise SourceError(f"{shown}: these bytes are no text; give a text, HTML, PDF or DOCX file.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = f" (line {line}: the byte 0x{content[error.start]:02X})"
    raise SourceError(f"{shown}: the text is neither UTF-8 nor GB18030{where}. Save it as UTF-8.")
