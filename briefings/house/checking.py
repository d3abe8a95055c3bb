"""Hold what a project says of its house against the files that it names.

In: the document of `config/project.yaml`, the project's folder, the letters that it writes. Out: `HouseFiles`, or
complaints of the document, each at its line and column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefings.configuration import Document, Key, Language, Project, Series
from briefings.errors import HouseError, PeriodError
from briefings.house.faces import FOLDER, Face, Faces, find_faces, objections
from briefings.house.logo import Logo, read_logo
from briefings.periods import Period

#: A theme may be in other languages than its project.
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass(frozen=True)
class HouseFiles:
    """The files of a house: a logo by language, and the fonts that it asks for; and advice on its files."""

    logos: Mapping[str, Logo] = field(default_factory=dict)
    faces: Faces = field(default_factory=Faces)
    advice: tuple[str, ...] = ()


def check(document: Document[Project], root: Path, written: Callable[[Language], str]) -> HouseFiles:
    """The files of a project's house. Complains of those that cannot be used. `written`: the letters that a project
    writes in a language; asked for where it has fonts of its own."""
    project = document.model
    if project is None:
        return HouseFiles()
    if project.house.series is not None:
        check_since(document, ("house", "series", "since"), project.house.series)
    faces = _faces(document, project, root, written)
    return HouseFiles(_logos(document, project, root), faces, tuple(map(_left_out, faces.spare)))


def check_since(document: Document[Any], at: Key, series: Series) -> None:
    """Complain of a first issue whose period cannot be read."""
    if series.since is not None:
        try:
            Period.parse(series.since)
        except PeriodError as error:
            document.complain(at, str(error))


def _logos(document: Document[Project], project: Project, root: Path) -> dict[str, Logo]:
    found: dict[str, Logo] = {}
    for language in LANGUAGES:
        path = project.house.logo.get(language) if project.house.logo else None
        try:
            if path is not None:
                found[language] = read_logo(root, path)
        except HouseError as error:
            document.complain(("house", "logo", language), str(error))
    return found


def _faces(document: Document[Project], project: Project, root: Path, written: Callable[[Language], str]) -> Faces:
    """The files of the families that are asked for. Files that are no fonts matter where a family is not whole."""
    fonts = project.house.fonts
    asked = [
        (("house", "fonts", part, language), language, family, part == "text")
        for part, families in (("text", fonts.text), ("headings", fonts.headings))
        for language in LANGUAGES
        if (family := families.get(language)) is not None
    ]
    if not asked:
        return Faces()
    faces, whole = find_faces(root), True
    for at, language, family, bold in asked:
        for objection in objections(faces, family, language, written(language), bold=bold):
            document.complain(at, objection)
            whole = False
    for told in faces.unread if not whole else ():
        document.complain(("house", "fonts"), told)
    wanted = {family for _, _, family, _ in asked}
    chosen, spare = (tuple(face for face in some if face.family in wanted) for some in (faces.faces, faces.spare))
    return Faces(chosen, faces.unread, spare)


def _left_out(face: Face) -> str:
    """What is said of a font that is not used, since its family has one nearer to regular or bold."""
    return (
        f"{FOLDER}/{face.name}: '{face.family}' has a font nearer to the weight {face.weight} than this one "
        f"({face.stated}), which is not used; take it away"
    )
