"""A PDF that a reader holds: which edition it is, whether it is as it was filed, what supersedes it.

In: its bytes, nothing else, and the archive. Out: `Statement`s, as for an edition (`verified`). A file that is not byte
for byte the one filed is taken apart (`received_pdf`) and held against the filed one: text and looks of each page, what
is attached; so that a copy that another program saved again can be told from one that was altered. Where the edition is
not in this archive, the PDF can only be held against what it carries itself, and nothing says who made it.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from briefings.archive import Archive, Edition
from briefings.audit.verified import Statement, superseded
from briefings.errors import ArchiveError, RequestError, WorkerError

PDF = "briefing.pdf"
#: What every edition's PDF has attached.
ATTACHED = ("figures.json", "data.csv")

NO_LONGER = "is no longer attached"

#: So many of the texts in which a figure is printed stand in the list of sources and figures.
IN_LIST = 3

_ID = re.compile(r"[a-z0-9_-]+/[a-z0-9_-]+/[0-9A-Za-z_.-]+/[a-z]{2}/r[1-9][0-9]*")

TakeApart = Callable[[bytes], Mapping[str, Any]]
"""`received_pdf.take_apart`, in a worker; raises `WorkerError`."""


@dataclass(frozen=True, slots=True)
class _Received:
    """The PDF in question. `error`: why it cannot be taken apart, or empty."""

    content: bytes
    pages: Sequence[Mapping[str, str]] = ()
    info: Mapping[str, str] | None = None
    attached: Mapping[str, bytes] | None = None
    error: str = ""

    @property
    def calls_itself(self) -> str:
        """The id that it gives in its document information, or prints at its end."""
        told = (self.info or {}).get("Edition", "")
        if _ID.fullmatch(told):
            return told
        printed = [found for page in self.pages[-2:] for found in _ID.findall(page["text"])]
        return printed[-1] if printed else ""


def verify_pdf(content: bytes, archive: Archive, take_apart: TakeApart) -> list[Statement]:
    """All that can be said of a PDF."""
    digest = hashlib.sha256(content).hexdigest()
    filed = next((e for e in _editions(archive) if e.manifest["files"].get(PDF) == digest), None)
    if filed is not None:
        told = f"authentic: byte for byte the PDF of {filed.id}, filed on {_day(filed)}"
        return [Statement("file", True, told), superseded(filed, archive)]
    received = _taken(content, take_apart)
    if (cut := _cut_off(content, archive)) is not None:
        return [*_damaged(received, *cut), superseded(cut[0], archive)]
    if received.error:
        return [Statement("file", False, f"nothing is proven: {received.error}; and its bytes are of no edition here")]
    edition = _of(received, archive)
    if edition is not None:
        return [*_against_filed(received, edition, take_apart), superseded(edition, archive)]
    if not received.calls_itself:
        why = "it names no edition, and neither its bytes nor what is attached are of an edition here"
        return [Statement("file", False, f"not ours, as far as can be told: {why}")]
    return _by_itself(received)


def _editions(archive: Archive) -> Iterator[Edition]:
    """Those that can be read; a damaged one is no reason not to find the others."""
    return archive.editions(damaged=[])


def _taken(content: bytes, take_apart: TakeApart) -> _Received:
    try:
        return _Received(content, **take_apart(content))
    except WorkerError as error:
        return _Received(content, error=f"it cannot be read ({error})")


def _day(edition: Edition) -> str:
    return str(edition.manifest.get("built_at", "an unknown day"))[:10]


# Which edition


def _cut_off(content: bytes, archive: Archive) -> tuple[Edition, bytes] | None:
    """The edition whose PDF begins with these bytes, or these with it, and that PDF's bytes."""
    for edition in _editions(archive):
        try:
            with (edition.folder / PDF).open("rb") as file:
                first = file.read(len(content[:65536]))
                if not first or not content.startswith(first):
                    continue
                whole = first + file.read()
        except OSError:
            continue  # a damaged edition is no reason not to find the others
        if len(content) > 1024 and (whole.startswith(content) or content.startswith(whole)):
            return edition, whole
    return None


def _of(received: _Received, archive: Archive) -> Edition | None:
    """The edition that it calls itself, or else one with the same attachments."""
    if received.calls_itself:
        try:
            return archive.find(received.calls_itself)
        except (ArchiveError, RequestError):
            pass  # it is not here, or damaged: another may have the same attachments
    digests = {name: hashlib.sha256(found).hexdigest() for name, found in (received.attached or {}).items()}
    if "figures.json" not in digests:
        return None
    same = (e for e in _editions(archive) if e.manifest["files"].get("figures.json") == digests["figures.json"])
    return next(same, None)


# What is proven of it


def _damaged(received: _Received, edition: Edition, whole: bytes) -> list[Statement]:
    content = received.content
    if len(content) < len(whole):
        told = f"cut off: the first {len(content):,} of the {len(whole):,} bytes of the PDF of {edition.id}"
        return [Statement("file", False, f"{told}; what is there is as filed, the rest is missing")]
    added = len(content) - len(whole)
    told = f"the PDF of {edition.id}, filed on {_day(edition)}, with {added:,} bytes added behind it"
    return [
        Statement("file", False, f"{told}: another program saved into it; what they change is not proven"),
        Statement("within", True, f"the first {len(whole):,} bytes are those that were filed"),
    ]


def _against_filed(received: _Received, edition: Edition, take_apart: TakeApart) -> list[Statement]:
    """A PDF that says which edition it is, and is not the file: what of it still says what was filed."""
    statements = [_attachment(received, name, edition) for name in ATTACHED]
    if received.info is not None and received.info.get("Content") not in ("", None, edition.content):
        told = f"it gives {received.info['Content'][:16]}..., and {edition.id} was filed with {edition.content[:16]}..."
        statements.append(Statement("content", False, told))
    try:
        filed = _taken(edition.read(PDF), take_apart)
    except ArchiveError as error:
        statements.append(Statement("pages", False, f"nothing to hold them against: {error}"))
        program = "another program"
    else:
        statements += _pages(received, filed)
        named = (received.info or {}).get("Producer", "")
        program = named if named and named != (filed.info or {}).get("Producer") else "another program"
    head = f"not the file of {edition.id}, filed on {_day(edition)}: {_became(statements, program)}"
    return [Statement("file", False, head), *statements]


def _became(statements: Sequence[Statement], program: str) -> str:
    """What became of a PDF that is not the file: altered, or saved again with or without loss."""
    failing = [statement for statement in statements if not statement.holds]
    if not failing:
        return f"saved again by {program}; all that was filed still stands in it"
    if all(statement.text == NO_LONGER for statement in failing):
        return f"saved again by {program}; its pages are as filed, what was attached is gone"
    return "altered"


def _attachment(received: _Received, name: str, edition: Edition) -> Statement:
    found = (received.attached or {}).get(name)
    if found is None:
        return Statement(name, False, NO_LONGER)
    if hashlib.sha256(found).hexdigest() != edition.manifest["files"].get(name):
        return Statement(name, False, "what is attached is not what was filed")
    return Statement(name, True, "what is attached is what was filed")


def _pages(received: _Received, filed: _Received) -> list[Statement]:
    """Text and looks, page by page."""
    if len(received.pages) != len(filed.pages):
        told = f"it has {len(received.pages)} pages, and {len(filed.pages)} were filed"
        return [Statement("text", False, told, tuple(_differing(_text(filed), _text(received))))]
    pairs = list(zip(filed.pages, received.pages, strict=True))
    texts = [n for n, (one, other) in enumerate(pairs, 1) if _lines(one["text"]) != _lines(other["text"])]
    looks = [n for n, (one, other) in enumerate(pairs, 1) if one["looks"] != other["looks"]]
    differing: list[str] = []
    for n in texts:
        one, other = pairs[n - 1]
        differing += _differing(_lines(one["text"]), _lines(other["text"]), n)
    return [
        Statement("text", not texts, _told(texts, len(pairs)), tuple(differing)),
        Statement("looks", not looks, _told(looks, len(pairs))),
    ]


def _told(differ: Sequence[int], pages: int) -> str:
    if not differ:
        return f"as filed, on {pages} pages"
    return f"other than filed on {len(differ)} of {pages} pages: {', '.join(map(str, differ))}"


def _text(received: _Received) -> list[str]:
    return [line for page in received.pages for line in _lines(page["text"])]


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _differing(filed: Sequence[str], received: Sequence[str], page: int = 0) -> Iterator[str]:
    """What stood there and what stands there, of lines that differ."""
    where = f"page {page}: " if page else ""
    for tag, a, b, c, d in difflib.SequenceMatcher(None, filed, received, autojunk=False).get_opcodes():
        if tag != "equal":
            was, now = (" / ".join(lines)[:160] for lines in (filed[a:b], received[c:d]))
            yield f"{where}filed {was!r}, here {now!r}"


# Without the edition


def _by_itself(received: _Received) -> list[Statement]:
    """A PDF of an edition that is not here: whether its pages print what its own `figures.json` says."""
    info = received.info or {}
    content = f", content hash {info['Content'][:16]}..." if info.get("Content") else ""
    unknown = f"calls itself {received.calls_itself}{content}; that edition is not in this archive"
    statements = [Statement("file", False, f"{unknown}: nothing proves who made it")]
    attached = (received.attached or {}).get("figures.json")
    if attached is None:
        return [*statements, Statement("figures", False, "no figures.json is attached: its numbers lead nowhere")]
    try:
        lacking = list(_not_printed(json.loads(attached), received))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return [*statements, Statement("figures", False, f"figures.json is damaged ({error})")]
    if lacking:
        told = "its pages do not print all that its own figures.json says"
        return [*statements, Statement("figures", False, told, tuple(lacking))]
    told = "its pages print every number of its own figures.json, as often as that says"
    return [*statements, Statement("figures", True, told)]


def _not_printed(figures: Sequence[Mapping[str, Any]], received: _Received) -> Iterator[str]:
    """Texts of numbers that the pages print less often than `figures.json` says; labels of charts apart."""
    wanted: Counter[str] = Counter()
    of: dict[str, str] = {}
    for figure in figures:
        on_pages = [p for p in figure["printed"] if not _is_label(str(p["where"]))]
        listed = dict.fromkeys(str(p["text"]) for p in figure["printed"]) if any(map(_in_text, on_pages)) else {}
        for text in (*(str(p["text"]) for p in on_pages), *list(listed)[:IN_LIST]):
            packed = re.sub(r"\s+", "", _plain(text))
            wanted[packed] += 1
            of.setdefault(packed, f"{text} ({figure['id']})")
    pages = _plain("\n".join(page["text"] for page in received.pages))
    for text, times in wanted.items():
        spaced = r"\s?".join(map(re.escape, text))  # a PDF breaks lines and sets spaces as it likes
        found = len(re.findall(rf"(?<![0-9]){spaced}(?![0-9])", pages))
        if found < times:
            yield f"{of[text]}: {found} of {times} times"


def _is_label(where: str) -> bool:
    """Whether it is the label of a mark, which a chart may draw in any form."""
    return where.startswith("chart") and not where.endswith(("/title", "/subtitle"))


def _in_text(printed: Mapping[str, Any]) -> bool:
    """Whether a sentence prints it: then the list of sources and figures does too."""
    return not str(printed["where"]).startswith("table")


def _plain(text: str) -> str:
    """In one width, with one minus sign, without the hyphens of line ends."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
    return re.sub(r"[\u00ad\ufffe\x02]+", "", plain)
