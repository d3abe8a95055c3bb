"""The files of `config/`, each read into the model that it fits.

In: a workspace. Out: `Files`, the documents as they were read, mistakes and all; what they say is gathered here, and
held against one another next door, in `references` and `readers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from briefings.catalogue import IndicatorsFile, PlacesFile
from briefings.configuration import (
    Commentary,
    CorrectionsFile,
    DecisionsFile,
    Document,
    Model,
    Project,
    RecipientsFile,
    RemarksFile,
    ReviewsFile,
    Source,
    SourcesFile,
    read,
    read_commentary,
    read_plain,
)
from briefings.corrections import Written
from briefings.house import letters_of
from briefings.themes import Theme
from briefings.workspace import Workspace

M = TypeVar("M", bound=Model)

#: Where each kind of file stands, and the model it fits.
MODELS: dict[str, type[Model]] = {
    "project": Project,
    "recipients": RecipientsFile,
    "indicators": IndicatorsFile,
    "places": PlacesFile,
    "sources": SourcesFile,
    "decisions": DecisionsFile,
    "corrections": CorrectionsFile,
    "remarks": RemarksFile,
    "reviews": ReviewsFile,
    "themes": Theme,
}


@dataclass(frozen=True)
class Files:
    """The documents of a project, in the order in which complaints are told."""

    project: Document[Project]
    indicators: Sequence[Document[IndicatorsFile]]
    places: Sequence[Document[PlacesFile]]
    sources: Sequence[Document[SourcesFile]]
    decisions: Sequence[Document[DecisionsFile]]
    remarks: Sequence[Document[RemarksFile]]
    reviews: Sequence[Document[ReviewsFile]]
    corrections: Sequence[Document[CorrectionsFile]]
    recipients: Sequence[Document[RecipientsFile]]
    themes: Sequence[Document[Theme]]
    commentaries: Sequence[Commentary]

    @classmethod
    def of(cls, workspace: Workspace) -> Files:
        """Read all files. Mistakes stay with the documents."""
        root = workspace.root

        def each(paths: Sequence[Path], model: type[M]) -> list[Document[M]]:
            return [read(path, model, root=root) for path in paths]

        return cls(
            project=read(workspace.project_file, Project, root=root),
            indicators=each(workspace.indicator_files, IndicatorsFile),
            places=each(workspace.place_files, PlacesFile),
            sources=each(workspace.source_files, SourcesFile),
            decisions=each(workspace.decision_files, DecisionsFile),
            remarks=each(workspace.remark_files, RemarksFile),
            reviews=each(workspace.review_files, ReviewsFile),
            corrections=each(workspace.correction_files, CorrectionsFile),
            recipients=each(workspace.recipient_files, RecipientsFile),
            themes=each(workspace.theme_files, Theme),
            commentaries=[read_commentary(path, root=root) for path in workspace.commentary_files],
        )

    @property
    def documents(self) -> list[Document[Any]]:
        """All of them but the commentaries, whose mistakes cost only their own edition."""
        files = (self.indicators, self.places, self.sources, self.decisions, self.remarks, self.reviews)
        return [
            self.project,
            *(file for kind in (*files, self.corrections, self.recipients, self.themes) for file in kind),
        ]

    @property
    def catalogued(self) -> bool:
        """Whether indicators and places are without mistakes, so that names can be held against them."""
        return all(file.model for file in self.indicators) and all(file.model for file in self.places)

    @property
    def languages(self) -> Sequence[str]:
        """The languages of the project; none where its file has mistakes."""
        return self.project.model.languages if self.project.model else ()

    @property
    def declared(self) -> dict[str, Source]:
        """The sources of all files."""
        return {key: source for file in self.sources if file.model for key, source in file.model.sources.items()}

    @property
    def known_themes(self) -> dict[str, Theme]:
        """The themes without mistakes."""
        return {document.model.theme: document.model for document in self.themes if document.model}


def places_of_decisions(document: Document[DecisionsFile]) -> Iterator[str]:
    """Where each decision of a file stands."""
    for number in range(len(document.model.decisions) if document.model else 0):
        mark = document.mark(("decisions", number))
        yield f"{document.path.as_posix()}:{mark.line}:{mark.column}"


def written(document: Document[CorrectionsFile]) -> Iterator[Written]:
    """The corrections of a file, each with the place where it stands."""
    for number, item in enumerate(document.model.corrections if document.model else ()):
        mark = document.mark(("corrections", number))
        yield Written(item, f"{document.path.as_posix()}:{mark.line}:{mark.column}")


def merged(documents: Sequence[Document[RecipientsFile]]) -> RecipientsFile:
    """What all files say of recipients, as one."""
    files = [document.model for document in documents if document.model]
    return RecipientsFile(
        channels={key: item for file in files for key, item in file.channels.items()},
        recipients={key: item for file in files for key, item in file.recipients.items()},
        owner=next((file.owner for file in files if file.owner), None),
        owners={key: item for file in files for key, item in file.owners.items()},
    )


def letters(files: Files, workspace: Workspace, language: str) -> str:
    """The letters of a language's fixed words, and of a project's names and titles."""
    books = (folder / "phrases" / f"{language}.yaml" for folder in workspace.template_folders)
    documents: list[Document[Any]] = [files.project, *files.indicators, *files.places, *files.themes]
    return letters_of([*(read_plain(path) for path in books if path.is_file()), *(each.tree for each in documents)])
