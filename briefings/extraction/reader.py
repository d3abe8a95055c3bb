"""From a document to its statements: the order of the steps.

text       one kind of digit; sentences, clauses, names        (`text`)
mentions   numbers with their units                             (`chinese`, `english`)
scopes     sections, and the times that sentences name          (`scopes`, `times`)
drafts     kinds, periods, statuses, bases                      (`kinds`, `dating`)
subjects   what is measured, and its indicator                  (`subjects`, `matching`)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from briefings.catalogue import Catalogue
from briefings.extraction import chinese, english
from briefings.extraction.blocks import blocks_of
from briefings.extraction.confidence import confidence
from briefings.extraction.dating import tell_periods, tell_statuses
from briefings.extraction.drafts import Draft, Marks, draft_sentence
from briefings.extraction.kinds import tell_bases, tell_kinds
from briefings.extraction.lexicon import Lexicon, lexicon
from briefings.extraction.matching import Matcher, matcher
from briefings.extraction.mentions import Mention
from briefings.extraction.model import Document, Statement
from briefings.extraction.places import Places
from briefings.extraction.scopes import NO_YEAR, Scopes
from briefings.extraction.subjects import tell_subjects
from briefings.extraction.text import Prepared, prepare

_HEAD = 40  # characters of a sentence that say whether it points back
READERS = {"en": english.find, "zh": chinese.find}


def extract(document: Document, catalogue: Catalogue | None, span: tuple[int, int] | None = None) -> list[Statement]:
    """The figures that a document states, in the order of its text.

    `span` names a part of the text; offsets of statements always count from the start of the whole. `catalogue` names
    indicators; without it, or without a match, `indicator` is None. Nothing is raised for what a text may hold.
    """
    begin, end = _inside(span, len(document.text))
    if not document.text[begin:end].strip():
        return []
    words = lexicon(document.language)
    blocks = document.blocks or blocks_of(document.text)
    prepared = prepare(document.text, blocks, (begin, end), words)
    match = matcher(catalogue, document.language)
    return [
        _statement(draft, document, match, prepared)
        for drafts in _sentences(document, prepared, words, catalogue)
        for draft in drafts
    ]


def _inside(span: tuple[int, int] | None, length: int) -> tuple[int, int]:
    begin, end = span or (0, length)
    return max(0, begin), max(0, min(end, length))


def _sentences(
    document: Document, prepared: Prepared, words: Lexicon, catalogue: Catalogue | None
) -> Iterator[list[Draft]]:
    by_sentence: dict[int, list[Mention]] = defaultdict(list)
    for mention in READERS[document.language](prepared, 0, len(prepared.plain)):
        by_sentence[prepared.sentence_at(mention.start)].append(mention)
    marks, places = Marks(words), Places(catalogue, document.language, document.place)
    last: Draft | None = None
    for number, setting in enumerate(Scopes(document, prepared, words).settings(set(by_sentence))):
        if number not in by_sentence:
            continue
        dates = [(dated.start, dated.end) for dated in setting.times]
        mentions = [m for m in by_sentence[number] if not any(a < m.number[1] and m.number[0] < b for a, b in dates)]
        drafts = draft_sentence(prepared.plain, setting, mentions, marks, document.language)
        tell_kinds(drafts, words)
        before = last if last and _together(prepared, last, setting.start) else None
        tell_periods(drafts, words, before, prepared.plain[setting.start : setting.start + _HEAD])
        tell_statuses(drafts, prepared.plain, words)
        tell_bases(drafts, words)
        tell_subjects(drafts, prepared, words)
        places.tell(drafts, prepared.plain)
        last = drafts[-1] if drafts else last
        yield drafts


def _together(prepared: Prepared, draft: Draft, position: int) -> bool:
    """Whether a sentence follows that of a draft in the same paragraph."""
    number = prepared.sentence_at(position)
    block = prepared.block_at(position)
    return prepared.sentence_at(draft.mention.start) == number - 1 and block is prepared.block_at(draft.mention.start)


def _period(draft: Draft) -> str | None:
    """Canonical text; None where neither the text nor its registration names a year."""
    period = draft.period
    return None if period is None or period.start.year == NO_YEAR else str(period)


def _statement(draft: Draft, document: Document, match: Matcher, prepared: Prepared) -> Statement:
    mention = draft.mention
    start, end = prepared.back(mention.start, mention.end)
    return Statement(
        start=start,
        end=end,
        quote=document.text[start:end],
        value=draft.value,
        unit=draft.unit,
        kind=draft.kind,
        rank_of=draft.rank_of,
        counted_from=draft.counted_from,
        basis=draft.basis,
        period=_period(draft),
        status=draft.status,
        qualifier=mention.qualifier,
        place=draft.place or document.place,
        subject=draft.subject,
        indicator=match.indicator(draft, prepared),
        confidence=confidence(draft),
        clause=prepared.back(*draft.clause),
    )
