"""Configuration files: YAML text to models, and every mistake with its file, line and column.

`reading` makes a `Document` of a file: `yaml_tree` takes the text apart, a `Model` says what it should hold,
`translation` complains of what does not fit, `wording` finds the words. `project` (with `house`), `sources`,
`decisions` and `remarks` are the models of the files of these names; other modules bring their own. `recipients` and
`channels` are those of one file; `secrets` never stand in any. `commentary` is what people write beside the figures, in
`markdown`, with no numbers `typed` by hand. Which texts editions print is told in `printed`.
"""

from .channels import ChannelSettings
from .commentary import Commentary, read_commentary
from .corrections import Correction, CorrectionsFile
from .decisions import Decision, DecisionsFile
from .documents import Complaint, Document, Key, gather, raise_complaints
from .house import HouseStyle, Series
from .intervals import Interval, IntervalText
from .markdown import Block, Span
from .models import HAN, Count, Day, Identifier, Language, Model, Names, OneOrMore, Text, about
from .origins import DOCUMENTS, JSON, TABLES, Pages, Query, Request
from .printed import printed
from .project import Contact, Project
from .reading import read, read_plain
from .recipients import ALL, Recipient, RecipientsFile, Subscription
from .remarks import Remark, RemarksFile
from .reviews import Review, ReviewsFile, append_review
from .schemas import schema
from .secrets import MASK, Revealed, Secret, masked
from .sources import DEFAULT_MISSING, Published, Source, SourcesFile, ValueColumn
from .whereabouts import Status
from .wording import ConcealedError, PlacedError, one_of, suggest, unknown_key
from .yaml_tree import Mark

__all__ = [
    "ALL",
    "DEFAULT_MISSING",
    "DOCUMENTS",
    "HAN",
    "JSON",
    "MASK",
    "TABLES",
    "Block",
    "ChannelSettings",
    "Commentary",
    "Complaint",
    "ConcealedError",
    "Contact",
    "Correction",
    "CorrectionsFile",
    "Count",
    "Day",
    "Decision",
    "DecisionsFile",
    "Document",
    "HouseStyle",
    "Identifier",
    "Interval",
    "IntervalText",
    "Key",
    "Language",
    "Mark",
    "Model",
    "Names",
    "OneOrMore",
    "Pages",
    "PlacedError",
    "Project",
    "Published",
    "Query",
    "Recipient",
    "RecipientsFile",
    "Remark",
    "RemarksFile",
    "Request",
    "Revealed",
    "Review",
    "ReviewsFile",
    "Secret",
    "Series",
    "Source",
    "SourcesFile",
    "Span",
    "Status",
    "Subscription",
    "Text",
    "ValueColumn",
    "about",
    "append_review",
    "gather",
    "masked",
    "one_of",
    "printed",
    "raise_complaints",
    "read",
    "read_commentary",
    "read_plain",
    "schema",
    "suggest",
    "unknown_key",
]
