"""All configuration of a project, read and held together: every mistake of every file at once.

In: a workspace. Out: `Settings`, in which every reference is known. What each file may hold is said in `configuration`,
`catalogue` and `themes`; `files` reads them, `references` and `readers` hold them against one another, and `glyphs`
against the fonts; `idle` finds what has no effect, `titles` what page one has no room for.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from briefings import catalogue as catalogues
from briefings import house as houses
from briefings.catalogue import Catalogue
from briefings.configuration import raise_complaints
from briefings.settings import references
from briefings.settings.files import MODELS, Files, letters, merged, places_of_decisions, written
from briefings.settings.glyphs import check_glyphs
from briefings.settings.idle import idle
from briefings.settings.model import Settings, accepted, commentary_of
from briefings.settings.readers import check_recipients
from briefings.settings.titles import titles
from briefings.themes import check_commentaries
from briefings.workspace import Workspace

__all__ = ["MODELS", "Settings", "accepted", "commentary_of", "load", "merged"]


def load(workspace: Workspace, *, now: datetime | None = None) -> Settings:
    """Read and check all files; with `now`, also whether the calendars have the year of the next release, and what is
    no mistake and may be meant otherwise. Raises `ConfigurationError` with every complaint of every file."""
    files = Files.of(workspace)
    catalogue = catalogues.build(files.indicators, files.places)
    advice = _check(files, catalogue, now) if files.catalogued else ()
    house = houses.check(files.project, workspace.root, lambda language: letters(files, workspace, language))
    printed = [file for file in files.documents if file not in files.recipients]
    check_glyphs(printed, files.commentaries, house.faces.faces)
    raise_complaints(files.documents)
    if files.project.model is None:
        raise AssertionError("a document without a model has complaints")
    return Settings(
        workspace=workspace,
        project=files.project.model,
        catalogue=catalogue,
        sources=files.declared,
        themes=files.known_themes,
        decisions=tuple(item for document in files.decisions if document.model for item in document.model.decisions),
        corrections=tuple(each for document in files.corrections for each in written(document)),
        remarks=tuple(item for document in files.remarks if document.model for item in document.model.remarks),
        reviews=tuple(item for document in files.reviews if document.model for item in document.model.reviews),
        recipients=merged(files.recipients),
        advice=(*advice, *house.advice),
        hints=_hints(files, catalogue, workspace) if now is not None else (),
        commentaries=tuple(files.commentaries),
        house=house,
        decisions_at=tuple(place for document in files.decisions for place in places_of_decisions(document)),
        digests={d.model.theme: hashlib.sha256(d.text.encode()).hexdigest() for d in files.themes if d.model},
    )


def _hints(files: Files, catalogue: Catalogue, workspace: Workspace) -> tuple[str, ...]:
    """What is no mistake, and may be meant otherwise."""
    return (*titles(files.project, files.themes, catalogue), *idle(files, catalogue, workspace.root))


def _check(files: Files, catalogue: Catalogue, now: datetime | None) -> tuple[str, ...]:
    """Hold the files against one another: complaints stay with the documents, advice goes out."""
    themes, languages, declared = files.themes, files.languages, files.declared
    references.check_sources_and_themes(catalogue, files.sources, themes, languages)
    references.check_names(catalogue, themes, languages, files.indicators, files.places)
    advice = references.unnamed(catalogue, themes, languages, files.indicators)
    advice += check_commentaries(files.commentaries, catalogue, files.known_themes, languages)
    references.check_decisions(catalogue, files.decisions, declared.keys())
    references.check_corrections(catalogue, files.corrections, declared.keys())
    references.check_remarks(catalogue, files.remarks, declared.keys())
    of_documents = {key for key, source in declared.items() if source.kind == "documents"}
    references.check_reviews(catalogue, files.reviews, of_documents)
    check_recipients(catalogue, files.recipients, themes, languages)
    if now is not None:
        references.check_calendars(themes, now)
    return advice
