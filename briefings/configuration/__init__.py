"""Configuration files: YAML text to models, and every mistake with its file, line and column.

`yaml_tree` takes the text apart, `models` says what files are made of, `documents` brings the two together and
complains, `wording` finds the words.
"""

from .documents import Complaint, Document, Key, raise_complaints, read
from .models import HAN, Count, Day, Identifier, Language, Model, Names, OneOrMore, Text, about
from .wording import PlacedError, one_of, suggest, unknown_key
from .yaml_tree import Mark

__all__ = [
    "HAN",
    "Complaint",
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
    "Text",
    "about",
    "one_of",
    "raise_complaints",
    "read",
    "suggest",
    "unknown_key",
]
