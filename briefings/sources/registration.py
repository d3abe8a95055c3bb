"""What is known of a document before it is read: place, day of publication, reporting period, language.

In: what a source declares, the name of the file, its text. Out: a `Registration`. What is declared counts first, then
what the name of the file tells, then the document itself: its page, its title, its dateline. Nothing is guessed: where
place or day are told by none of them, the document is refused, with what to add.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from briefings.catalogue import Catalogue, index_of_names
from briefings.configuration import HAN, Language, Source, one_of
from briefings.errors import PeriodError, SourceError
from briefings.periods import MONTH_NAMES, Period

from .prose import Prose

#: How each part of a file's name is written; a period with _ for the / that no name can hold.
PARTS = {
    "place": r".+?",
    "published": r"\d{4}-\d{2}-\d{2}|\d{8}",
    "period": r"\d{4}(?:[-_][0-9A-Za-z]+)*?",
    "language": r"en|zh",
}
MONTHS = tuple(name.lower() for name in MONTH_NAMES)
MONTH = "|".join(MONTHS)
#: A whole date as the head of a document has it.
DATE = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})(?!\d)"
    rf"|(?P<month>{MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<month2>{MONTH})\s+(?P<year2>\d{{4}})",
    re.IGNORECASE,
)
#: A dateline is short, and stands among the first blocks or the last.
DATELINE = 60  # characters
HEAD, FOOT = 6, 3  # blocks
#: Part of the letters from which a text is Chinese.
CHINESE = 0.2


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of a document; `period` is None where it is to be worked out from its text."""

    place: str
    published: date
    language: Language
    period: Period | None = None


def register(source: Source, file: str, prose: Prose, catalogue: Catalogue, first_seen: date) -> Registration:
    """What is known of a document. Raises `SourceError` that says what is lacking and where to write it."""
    told = _told_by_name(source.file_name, file)
    return Registration(
        place=_place(source, file, told, prose, catalogue),
        published=_published(source, file, told, prose, first_seen),
        language=source.language or _word(told.get("language")) or language_of(prose.text),
        period=_period(source, file, told),
    )


def language_of(text: str) -> Language:
    """The language of a text, by its letters."""
    head = text[:20_000]
    letters = sum(character.isalpha() for character in head)
    return "zh" if len(HAN.findall(head)) > CHINESE * letters else "en"


def _word(text: str | None) -> Language | None:
    return "zh" if text == "zh" else "en" if text == "en" else None


def _told_by_name(pattern: str | None, file: str) -> Mapping[str, str]:
    """The parts of a file's name by the pattern that the source declares."""
    if pattern is None:
        return {}
    pieces = re.split(r"(\{[a-z]+\}|\*)", pattern)
    written = "".join(_piece(piece) for piece in pieces)
    found = re.fullmatch(written, PurePosixPath(file).stem)
    if not found:
        raise SourceError(f"{file}: its name does not fit `file_name: {pattern}`; rename it, or correct the pattern.")
    return found.groupdict()


def _piece(piece: str) -> str:
    if piece == "*":
        return ".*?"
    name = piece[1:-1]
    return f"(?P<{name}>{PARTS[name]})" if piece.startswith("{") and name in PARTS else re.escape(piece)


def _place(source: Source, file: str, told: Mapping[str, str], prose: Prose, catalogue: Catalogue) -> str:
    if source.place.is_ is not None:
        return source.place.is_
    names = index_of_names(catalogue.places)
    if "place" in told:
        found = names.get(told["place"].casefold()) or names.get(told["place"].replace("_", " ").casefold())
        if found is None:
            raise SourceError(f"{file}: {one_of(told['place'], catalogue.places, 'place')}")
        return found
    title = " ".join([prose.title, *(_text_of_blocks(prose, headings=True))])
    found = next(named_places(title, names), None)
    if found is None:
        raise SourceError(f"{file}: its title names no place of the catalogue; add `place: ID` to the source.")
    return found


def named_places(text: str, names: Mapping[str, str]) -> Iterator[str]:
    """The places that a text names, in its order; a longer name before a shorter one that it begins with."""
    folded = text.casefold()
    found = []
    for name, place in names.items():
        if len(name) > 1 and name in folded:
            pattern = rf"\b{re.escape(name)}\b" if name.isascii() else re.escape(name)
            found += [(match.start(), -len(name), place) for match in re.finditer(pattern, folded)]
    yield from (place for _, _, place in sorted(found))


def _text_of_blocks(prose: Prose, *, headings: bool) -> list[str]:
    """The texts of the first blocks; of headings alone where asked for, or of the very first."""
    blocks = [block for block in prose.blocks[:HEAD] if not headings or block.kind == "heading"] or prose.blocks[:1]
    return [prose.text[block.start : block.end] for block in blocks]


def _published(source: Source, file: str, told: Mapping[str, str], prose: Prose, first_seen: date) -> date:
    if source.published.on_ingest:
        return first_seen
    if source.published.day is not None:
        return source.published.day
    if "published" in told:
        digits = told["published"].replace("-", "")
        try:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            raise SourceError(f"{file}: {told['published']!r} in its name is no day of the calendar.") from None
    day = prose.published or dateline(prose)
    if day is None:
        raise SourceError(
            f"{file}: nothing says when it was published; add `published: DAY` to the source, or put the day into the "
            "name of the file and add `file_name: '*{published}'`."
        )
    return day


def dateline(prose: Prose) -> date | None:
    """The first whole date among the short blocks at the head of a document, or at its foot."""
    for block in (*prose.blocks[:HEAD], *prose.blocks[-FOOT:]):
        text = prose.text[block.start : block.end]
        if len(text) <= DATELINE and (found := DATE.search(text)):
            return _date(found)
    return None


def _date(found: re.Match[str]) -> date | None:
    month = (found["month"] or found["month2"] or "").lower()
    year, day = found["y"] or found["year"] or found["year2"], found["d"] or found["day"] or found["day2"]
    try:
        return date(int(year), MONTHS.index(month) + 1 if month else int(found["m"]), int(day))
    except ValueError:
        return None


def _period(source: Source, file: str, told: Mapping[str, str]) -> Period | None:
    text = source.period.is_ or told.get("period", "").replace("_", "/")
    try:
        return Period.parse(text) if text else None
    except PeriodError as error:
        raise SourceError(f"{file}: {error}") from error
