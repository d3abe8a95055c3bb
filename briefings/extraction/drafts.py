"""A figure while it is being understood: the mention, its surroundings, and what has been decided so far."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from briefings.extraction.lexicon import Lexicon
from briefings.extraction.mentions import Mention
from briefings.extraction.model import Kind, Status
from briefings.extraction.scopes import Setting
from briefings.periods import Language, Period

_WINDOW = 120  # characters of a sentence before and behind a figure that its rules may look at


@dataclass(slots=True)
class Draft:
    """One figure of a sentence.

    before    the sentence from the previous figure to this one, at most `_WINDOW` characters, without its qualifiers
    after     from the figure to the next one
    left      the sentence before the figure, previous figures included, at most twice the window
    previous  the figure before it in the sentence
    joined    it continues a list with the figure before it: 23%、9.8%
    doubts    what had to be assumed; confidence is worked out from it
    """

    mention: Mention
    setting: Setting
    language: Language
    before: str
    after: str
    left: str
    clause: tuple[int, int]
    text: str
    offset: int
    segment: int
    previous: Draft | None = None
    following: Draft | None = None
    joined: bool = False
    kind: Kind = "level"
    sign: int = 1
    basis: str | None = None
    rank_of: str | None = None
    counted_from: str | None = None
    period: Period | None = None
    status: Status = "actual"
    place: str | None = None
    subject: str | None = None
    phrases: tuple[str, ...] = ()
    behind: str = ""
    inherits: bool = False
    from_figure: Draft | None = None
    to_figure: Draft | None = None
    explicit: bool = False
    referred: Period | None = None
    doubts: set[str] = field(default_factory=set)

    @property
    def clause_before(self) -> str:
        """The words of the figure's own clause before it, its qualifiers included; not those of a figure before."""
        end = self.mention.start
        begin = max(self.clause[0], self.previous.mention.end if self.previous else 0)
        return self.text[begin - self.offset : end - self.offset] if begin < end else ""

    @property
    def clause_after(self) -> str:
        """The words of the figure's own clause behind it, further figures included."""
        return self.text[self.mention.end - self.offset : max(self.clause[1], self.mention.end) - self.offset]

    @property
    def value(self) -> float:
        """The value with its sign; growth by so many times is percent."""
        value = self.mention.value
        if self.kind == "growth" and self.mention.unit == "multiple":
            value = round(value * 100, 6)
        return value * self.sign

    @property
    def unit(self) -> str:
        """The unit in the vocabulary of the surface."""
        if self.mention.unit == "multiple":
            return "percent" if self.kind == "growth" else "times"
        return self.mention.unit


def draft_sentence(
    plain: str, setting: Setting, mentions: Sequence[Mention], marks: Marks, language: Language
) -> list[Draft]:
    """The drafts of one sentence, linked to one another."""
    drafts: list[Draft] = []
    for number, mention in enumerate(mentions):
        previous = drafts[-1] if drafts else None
        begin = previous.mention.end if previous else setting.start
        following = mentions[number + 1].lead if number + 1 < len(mentions) else setting.end
        segment = marks.segment_start(plain, setting.start, mention.lead)
        before = plain[max(begin, segment, mention.lead - _WINDOW) : mention.lead]
        draft = Draft(
            mention,
            setting,
            language,
            before,
            plain[mention.end : min(max(following, mention.end), mention.end + _WINDOW)],
            plain[max(segment, mention.lead - 2 * _WINDOW) : mention.lead],
            marks.clause(plain, setting.start, setting.end, mention.start, mention.end),
            plain[max(setting.start, mention.start - 2 * _WINDOW) : mention.end + _WINDOW],
            max(setting.start, mention.start - 2 * _WINDOW),
            segment,
            previous,
        )
        if previous is not None:
            previous.following = draft
            between = plain[previous.mention.end : mention.lead]
            draft.joined = marks.joins(
                _without_times(plain, setting, previous.mention.end, mention.lead, marks.preposition)
            ) and not ("," in between and marks.begins(draft.after))
        drafts.append(draft)
    return drafts


def _without_times(plain: str, setting: Setting, begin: int, end: int, words: re.Pattern[str]) -> str:
    """A stretch of the sentence less the times in it and the prepositions before them: 1.1% in 2023 and 1.8%."""
    text, at = "", begin
    for dated in setting.times:
        if begin <= dated.start and dated.end <= end:
            text += words.sub("", plain[at : dated.start])
            at = dated.end
    return text + plain[at:end]


class Marks:
    """Where segments and clauses of a sentence end, and what joins figures to a list."""

    def __init__(self, words: Lexicon) -> None:
        segment_end, clause_end, list_mark, trailing = (
            words.text(key) for key in ("segment_end", "clause_end", "list_mark", "trailing")
        )
        self.preposition = re.compile(words.text("prepositions") + r"\s+$", re.IGNORECASE)
        self._begins = re.compile(words.text("begins_anew"), re.IGNORECASE)
        self._segment = re.compile(segment_end)
        self._clause = re.compile(clause_end)
        self._joins = re.compile(rf"\s*(?:{trailing})?\s*{list_mark}\s*", re.IGNORECASE)

    def segment_start(self, plain: str, start: int, position: int) -> int:
        """Where the segment (up to a semicolon) of a position begins."""
        begin = max(start, position - 4 * _WINDOW)
        ends = [match.end() for match in self._segment.finditer(plain, begin, position)]
        return ends[-1] if ends else start

    def clause(self, plain: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
        """The clause around a figure, at most `_WINDOW` characters to either side."""
        begin = max(start, first - _WINDOW)
        ends = [match.end() for match in self._clause.finditer(plain, begin, first)]
        stop = self._clause.search(plain, last, min(end, last + _WINDOW))
        left = ends[-1] if ends else begin
        right = stop.start() if stop else min(end, last + _WINDOW)
        while left < first and plain[left].isspace():
            left += 1
        return left, max(right, last)

    def begins(self, after: str) -> bool:
        """Whether what follows a figure gives it a whole of its own: 30%, and 100% of the staff."""
        return self._begins.match(after) is not None

    def joins(self, between: str) -> bool:
        """Whether what stands between two figures makes a list of them."""
        return len(between) <= 24 and self._joins.fullmatch(between) is not None
