"""Subjects to the indicators of the catalogue, through their names and aliases."""

from __future__ import annotations

from briefings.catalogue import Catalogue
from briefings.extraction.drafts import Draft
from briefings.extraction.text import Prepared
from briefings.periods import Language


class Matcher:
    """Names of a catalogue in one language, ready to be found."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def indicator(self, draft: Draft, prepared: Prepared) -> str | None:
        """The indicator whose name stands in the subject; None where none or more than one does."""
        return None


def matcher(catalogue: Catalogue | None, language: Language) -> Matcher:
    """The matcher of a catalogue; one that finds nothing where there is none."""
    return Matcher({})
