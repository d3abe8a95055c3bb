"""Configuration files: YAML text to models, and every mistake with its file, line and column.

`yaml_tree` takes the text apart, `models` says what files are made of, `documents` brings the two together and
complains, `wording` finds the words. `project` and `sources` are the models of the two files of these names.
"""

from .documents import Complaint, Document, Key, gather, raise_complaints, read, read_plain
from .models import HAN, Count, Day, Identifier, Language, Model, Names, OneOrMore, Text, about
from .project import Contact, Project
from .schemas import schema
from .sources import DEFAULT_MISSING, Published, Source, SourcesFile, Status, ValueColumn
from .wording import PlacedError, one_of, suggest, unknown_key
from .yaml_tree import Mark

__all__ = [
    "DEFAULT_MISSING",
    "HAN",
    "Complaint",
    "Contact",
    "Count",
    "Day",
    "Document",
    "Identifier",
    "Key",
    "Language",
    "Mark",
    "Model",
    "Names",
    "OneOrMore",
    "PlacedError",
    "Project",
    "Published",
    "Source",
    "SourcesFile",
    "Status",
    "Text",
    "ValueColumn",
    "about",
    "gather",
    "one_of",
    "raise_complaints",
    "read",
    "read_plain",
    "schema",
    "suggest",
    "unknown_key",
]
