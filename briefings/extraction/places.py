"""Which place a figure is about, where the text names another than the document's own.

In come the drafts of one sentence and the places of a catalogue; they are completed in place. Only a place that opens a
clause before the figure counts (`Baotou completed ...`, 包头市完成…): one that is compared with, or that holds the
document's own place, does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefings.catalogue import Catalogue, index_of_names
from briefings.extraction.drafts import Draft
from briefings.extraction.lexicon import lexicon
from briefings.periods import Language

_SHORTEST = {"en": 4, "zh": 2}


class Places:
    """The names of a catalogue's places in one language, but for the document's own and those that hold it."""

    def __init__(self, catalogue: Catalogue | None, language: Language, own: str | None) -> None:
        self.catalogue = catalogue
        self.names: dict[str, str] = {}
        self.pattern: re.Pattern[str] | None = None
        if catalogue is None:
            return
        index = index_of_names(catalogue.places)
        home = index.get(own.casefold()) if own else None
        skipped = {home, *catalogue.ancestors(home)} if home else {None}
        for text, key in index.items():
            chinese = bool(re.search("[\u4e00-\u9fff]", text))
            if key not in skipped and chinese == (language == "zh") and len(text) >= _SHORTEST[language]:
                self.names[text] = key
        if self.names:
            words = "|".join(re.escape(text) for text in sorted(self.names, key=len, reverse=True))
            edge = r"\b" if language == "en" else ""
            opens = lexicon(language).text("opens_clause")
            self.pattern = re.compile(rf"{opens}(?P<place>{words}){edge}", re.IGNORECASE)

    def tell(self, drafts: Sequence[Draft], plain: str) -> None:
        """Give the drafts of a sentence that are about another place its name, in English as the surface has it."""
        if self.pattern is None or self.catalogue is None or not drafts:
            return
        begin = drafts[0].setting.start
        sentence = plain[begin : drafts[-1].mention.lead]
        found = [(begin + match.start("place"), match["place"]) for match in self.pattern.finditer(sentence)]
        for draft in drafts:
            before = [text for start, text in found if draft.segment <= start < draft.mention.lead]
            if before:
                name = self.catalogue.places[self.names[before[-1].casefold()]].name
                draft.place = name.get("en") or name.get("zh")
