"""Templates of a project's own: which of the program's they stand for, and whether they still fit.

In: the folders of templates, the project's own first, and the fixed words. Out: `Override`s, one a file, for `briefings
doctor`. A template is held against the contexts of today, not against the file that it was once copied from: it is read
for names that no context has, filled with a page of everything and with one of next to nothing (`specimen`), and what
the program's own prints and it does not is told. A style sheet is held against the program's custom properties and
classes, and sets that page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from briefings.configuration import one_of
from briefings.errors import BriefingsError
from briefings.render import contexts
from briefings.render.contexts import BriefingPage, MailBody
from briefings.render.html import names_used
from briefings.render.specimen import specimen
from briefings.render.styles import print_style, screen_script, screen_style
from briefings.workers import Workers

#: The templates that are filled, and with what.
ENTRIES: dict[str, type] = {"briefing.html": BriefingPage, "mail.html": MailBody, "mail.txt": MailBody}
#: Files of a project's own that are put over the program's, and are looked at elsewhere.
_BOOKS = re.compile(r"(?:phrases|lexicon)/[a-z]{2}\.yaml")
_PROPERTY = re.compile(r"(--[a-z-]+)\s*:")
_USED = re.compile(r"var\((--[a-z-]+)")
_CLASS = re.compile(r"\.([a-z][a-z-]*)(?=[\s.,:{>+~\[)])")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Override:
    """A file of a project's templates: whether it fits, and what is to be said of it."""

    name: str
    state: Literal["fits", "leaves out", "does not fit", "is used by nothing"]
    told: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.state}" + (f": {self.told}" if self.told else "")


def overrides(folders: Sequence[Path], words: Mapping[str, str], workers: Workers) -> list[Override]:
    """What is to be said of each file of the project's own templates; nothing where it has none."""
    if len(folders) < 2:
        return []
    own, packaged = folders[0], folders[-1]
    names = [name for name in _files(own) if not _BOOKS.fullmatch(name)]
    known = [name for name in _files(packaged) if not name.startswith("starter/")]
    needed = {name for entry in ENTRIES if (own / entry).is_file() for name in _closure(folders, entry)}
    found = [_unused(name, known) for name in names if name not in known and name not in needed]
    found += [_sheet(name, own, packaged) for name in names if name in known and name.endswith(".css")]
    found += [Override(name, "fits") for name in names if name in known and name.endswith(".js")]
    found += [_template(name, folders) for name in names if name in known and name.endswith((".html", ".txt"))]
    if any(name in known for name in names):
        faulty = {each.name for each in found if each.state == "does not fit"}
        found += _filled(folders, words, workers, faulty)
    return [each for each in found if each.state != "fits" or _once(each.name, found)]


def _once(name: str, found: Sequence[Override]) -> bool:
    return sum(each.name == name for each in found) == 1


def strange_words(own: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The fixed words of a project's phrase book that the program has none of, as `part.key`."""
    return [
        f"{part}.{key}"
        for part, words in own.items()
        if isinstance(words, dict) and _are_texts(theirs.get(part))
        for key in words
        if key not in theirs[part]
    ]


def _are_texts(part: object) -> bool:
    return isinstance(part, dict) and all(isinstance(each, str) for each in part.values())


def _files(folder: Path) -> list[str]:
    """The files of a folder by their paths in it, without those that editors hide."""
    paths = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)]


def _unused(name: str, known: Sequence[str]) -> Override:
    meant = get_close_matches(name, known, n=1, cutoff=0.8)
    return Override(name, "is used by nothing", f"did you mean {meant[0]}?" if meant else "take it away")


# Templates


def _template(name: str, folders: Sequence[Path]) -> Override:
    """What a template alone tells: names that are none, and what it leaves out of what the program's own prints."""
    try:
        own, theirs = names_used(folders[:1], name), names_used(folders[-1:], name)
    except BriefingsError as error:
        return Override(name, "does not fit", str(error))
    context = ENTRIES.get(name)
    if context is not None:
        known = {each.name for each in fields(context)}
        strange = sorted(own.free - known - theirs.free)
        if strange:
            told = one_of(strange[0], sorted(known), f"name for {name}")
            return Override(name, "does not fit", f"{told} It stands in line {own.lines[strange[0]]}.")
    lost = sorted(theirs.macros - own.macros)
    if lost:
        return Override(name, "does not fit", f"lacks the macro {', '.join(lost)}, which other templates call")
    left = sorted((theirs.every - own.every) & _vocabulary())
    return Override(name, "leaves out" if left else "fits", ", ".join(left))


def _vocabulary() -> set[str]:
    """Every name of a field of a context."""
    classes = (each for each in vars(contexts).values() if hasattr(each, "__dataclass_fields__"))
    return {each.name for one in classes for each in fields(one)}


def _closure(folders: Sequence[Path], entry: str) -> set[str]:
    """A template and all that it includes and imports, where they can be read."""
    found, waiting = set[str](), [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        try:
            waiting += names_used(folders, name).templates
        except BriefingsError:
            continue  # told of the template itself
    return found


def _filled(
    folders: Sequence[Path], words: Mapping[str, str], workers: Workers, faulty: Collection[str]
) -> Iterator[Override]:
    """Fill every template and set the page; what goes wrong there. `faulty`: templates of which it is known already."""
    try:
        styles = {"print": print_style(folders, words), "screen": screen_style(folders)}
        screen_script(folders)
    except BriefingsError as error:
        yield Override("a style sheet or script", "does not fit", str(error))
        return
    told = set(faulty)
    for name, context in _pages(styles, words):
        if name not in told:
            try:
                _set(name, context, folders, workers)
            except BriefingsError as error:
                told.add(name)
                yield Override(name, "does not fit", str(error))


def _set(name: str, context: Mapping[str, Any], folders: Sequence[Path], workers: Workers) -> None:
    """Fill one template, and set it where it is for print."""
    payload = {"folders": [str(folder) for folder in folders], "pages": {name: (name, dict(context))}}
    filled: dict[str, str] = workers.call("briefings.render.html:fill", payload, what=f"{name} of the project")
    if context.get("medium") == "print":
        texts = {"html": filled[name], "html_with_contents": filled[name], "long": False}
        nothing: dict[str, Any] = {"pictures": {}, "attachments": [], "phrases": {}}
        workers.call("briefings.render.pdf:write", {**texts, **nothing}, what="print.css of the project")


def _pages(styles: Mapping[str, str], words: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The templates with what they are filled with: all that may be there, then as little as may be."""
    for full in (True, False):
        for medium, style in styles.items():
            given = {"medium": medium, "style": style, "running": ["heading", "publisher"]}
            yield "briefing.html", specimen(BriefingPage, words, given, full=full)
        for name in ("mail.html", "mail.txt"):
            yield name, specimen(MailBody, words, {}, full=full)


# Style sheets


def _sheet(name: str, own: Path, packaged: Path) -> Override:
    """What a style sheet alone tells: properties that nobody declares, and classes that it says nothing of."""
    mine, theirs = (_COMMENT.sub("", (folder / name).read_text(encoding="utf-8")) for folder in (own, packaged))
    unknown = sorted(set(_USED.findall(mine)) - set(_PROPERTY.findall(mine)))
    if unknown:
        return Override(name, "does not fit", f"{', '.join(unknown)} is declared nowhere in it; add it to :root")
    left = _said(set(_CLASS.findall(theirs)) - set(_CLASS.findall(mine)))
    return Override(name, "leaves out" if left else "fits", left)


def _said(classes: Iterable[str]) -> str:
    return ", ".join(f".{name}" for name in sorted(classes))
