"""Finding to sentence, in English and in Chinese: all the words of an edition.

In: a `Briefing` and the phrase book of a language. Out: a `Narrative`, whose every number is a run with the id of its
figure. `phrases` checks the book, `telling` says what a slot holds, `sentences` chooses and writes; `captions` and
`notes` write what stands with charts and tables and at the end, `commentaries` what a person says beside them. What is
worth saying was decided in `compose`; what the words look like is decided in `render`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from briefings.briefing import Briefing
from briefings.errors import RenderError
from briefings.narrative.captions import charts, tables
from briefings.narrative.changes import since, with_marks
from briefings.narrative.commentaries import commentary
from briefings.narrative.model import (
    Caption,
    Narrative,
    Run,
    Sentence,
    Since,
    foreign_labels,
    pattern_shares,
    plain,
    sentence_digests,
)
from briefings.narrative.names import Names, uncapitalised
from briefings.narrative.notes import notes
from briefings.narrative.numbers import basis_words
from briefings.narrative.phrases import PhraseBook
from briefings.narrative.sentences import Writer
from briefings.periods import Period, Shape

#: Kinds whose sentences name neither their period nor their place.
UNDATED = ("remark", "absent", "held", "commitments")

__all__ = [
    "Caption",
    "Narrative",
    "PhraseBook",
    "Run",
    "Sentence",
    "Since",
    "foreign_labels",
    "narrate",
    "pattern_shares",
    "plain",
    "sentence_digests",
]


def narrate(briefing: Briefing, language: str, phrases: Mapping[str, Any] | PhraseBook) -> Narrative:
    """All the words of the briefing's edition in one language; the same briefing always gives the same words.

    `phrases` is the tree of `templates/phrases/<language>.yaml`, or the checked book. Raises `ConfigurationError` for a
    faulty book, `RenderError` where a name is lacking in the language or a finding cannot be said.
    """
    book = phrases if isinstance(phrases, PhraseBook) else PhraseBook.load(phrases)
    if book.language != language:
        raise RenderError(f"An edition in {language!r} needs its own phrase book; this one is in {book.language!r}.")
    names = Names(briefing, book)
    writer = Writer(names)
    sentences, patterns = _sentences(briefing, writer)
    return Narrative(
        language=book.language,
        title=names.title(),
        period=_period(briefing, names),
        kind=_kind(briefing, names),
        lead=writer.title(briefing.headline[0]) if briefing.headline else (),
        summary=writer.summary(briefing.headline[0]) if briefing.headline else (),
        sentences={key: with_marks(sentence, names) for key, sentence in sentences.items()},
        charts=charts(briefing, writer),
        tables=tables(briefing, names),
        notes=notes(briefing, names),
        furniture=_furniture(briefing, names),
        partial=_partial(briefing, names),
        patterns=patterns,
        commentary=commentary(briefing, names),
        since=since(briefing, names),
    )


def _sentences(briefing: Briefing, writer: Writer) -> tuple[dict[str, Sentence], dict[str, str]]:
    """Every finding as a sentence, in order of reading. A point of page one says its period, for it stands alone; in a
    section the first sentence does, and each whose period is not the one said before, or reads otherwise: at the end
    of 2025, in the 14th Five-Year Plan period."""
    sentences: dict[str, Sentence] = {}
    patterns: dict[str, str] = {}
    for finding in briefing.headline:
        sentences[finding.id], patterns[finding.id] = writer.sentence(finding, page_one=True)
    for section in briefing.sections:
        writer.part()
        said, place = "", ""
        for finding in section.findings:
            if finding.id not in sentences:
                understood, at_home = writer.dating(finding) == said, finding.place == place == briefing.place
                sentences[finding.id], patterns[finding.id] = writer.sentence(
                    finding, understood=understood, at_home=at_home
                )
            if finding.kind not in UNDATED:
                said, place = writer.dating(finding), finding.place
    return sentences, patterns


def _period(briefing: Briefing, names: Names) -> str:
    """The period of the title, quarters by their months; behind it that the figures are preliminary, where those of
    the first finding are (2025年，初步核算)."""
    words = names.book.furniture
    told = Period.parse(briefing.period).write(names.language, style="months")
    if not briefing.headline:
        return told
    first = briefing.headline[0]
    figures = (briefing.figures[key] for key in first.figures.values())
    if not any(each.status in ("preliminary", "flash") and each.period == briefing.period for each in figures):
        return told
    known = briefing.names.indicators.get(first.indicator)
    accounts = known is not None and known.growth_class == "constant prices"
    return words["preliminary accounts" if accounts else "preliminary edition"].format(period=told)


def _kind(briefing: Briefing, names: Names) -> str:
    """What a briefing of this cadence is called: a monthly bulletin, 月报; nothing for a period of no cadence."""
    period = Period.parse(briefing.period)
    by_month = period.shape is Shape.CUMULATED_MONTHS and briefing.cadence == "monthly"
    cadence = briefing.cadence if by_month else CADENCES.get(period.shape, "")
    return names.book.furniture[f"kind {cadence}"] if cadence else ""


#: What a period of each shape is released as.
CADENCES = {
    Shape.YEAR: "annual",
    Shape.HALF_YEAR: "half-yearly",
    Shape.QUARTER: "quarterly",
    Shape.MONTH: "monthly",
    Shape.TEN_DAYS: "ten-day",
    Shape.WEEK: "weekly",
    Shape.DAY: "daily",
}


def _partial(briefing: Briefing, names: Names) -> str:
    """What is lacking in a partial edition, in one sentence."""
    if not briefing.partial:
        return ""
    lacking = names.listed([uncapitalised(names.indicator(key), names.language) for key in briefing.partial])
    day = Period.parse(briefing.waited_until).write(names.language)
    return names.book.furniture["partial edition"].format(names=lacking, day=day)


def _furniture(briefing: Briefing, names: Names) -> dict[str, str]:
    """The fixed words of the pages, with what a rate compares with in briefings of this period (on the previous year,
    同比). Where the theme's title names the place, the heading does not name it again."""
    period = Period.parse(briefing.period)
    on_year, on_previous = (basis_words(names.book, basis, period) for basis in ("on year", "on previous period"))
    words = dict(names.book.furniture)
    for measure, head in names.book.heads.items():
        words[f"measure {measure}"] = head.replace("{on_year}", on_year).replace("{on_previous}", on_previous)
    if "{place}" in briefing.title.get(names.language, ""):
        words["heading"] = words["heading without place"]
    return words
