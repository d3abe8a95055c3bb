"""What the narrative hands on: sentences made of runs, captions, and all the words of one edition.

In: nothing. Out: the frozen values that `render` sets and `audit` reads. A run that is a number carries the id of its
figure; how runs become markup is decided in `render`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from briefings.periods import Language

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]+")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:[ '’.-][A-Za-z\u00c0-\u024f]+)*")
FOREIGN = {"en": HAN, "zh": LATIN}
OTHER = {"en": "zh", "zh": "en"}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a sentence: plain text, or one printed number with the id of its figure.

    `language` is set where the run is not in the edition's language (a proper name that has no other form). `style`:
    `strong`, `emphasis`, both or neither, in what a person wrote.
    """

    text: str
    figure: str | None = None
    language: str | None = None
    style: str = ""


Sentence = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a chart: its finding, what is plotted, and what a reader who cannot see it must know."""

    title: Sentence
    subtitle: Sentence
    alternative: Sentence


@dataclass(frozen=True, slots=True)
class Remarked:
    """What a person says beside the figures: author, day, and blocks (`paragraph`, `bullet`, `number`), each a line."""

    author: str
    day: str
    blocks: tuple[tuple[str, Sentence], ...]


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since the last edition, for page one: which edition that was, and a few lines."""

    heading: str
    lines: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Narrative:
    """All the words of one edition. `sentences` is keyed by finding id, `charts` and `tables` by the request's id.

    `period` is that of the title, `kind` what a briefing of its cadence is called (月报), `lead` the first finding in
    few words, for the subject of a mail. `partial` says what is lacking in a partial edition. `patterns` holds each
    sentence with numbers, names and periods masked: what `pattern_shares` counts.
    """

    language: Language
    title: str
    period: str
    summary: Sentence
    sentences: dict[str, Sentence]
    charts: dict[str, Caption]
    tables: dict[str, Sentence]
    notes: tuple[Sentence, ...]
    furniture: dict[str, str]
    partial: str = ""
    kind: str = ""
    lead: Sentence = ()
    patterns: dict[str, str] = field(default_factory=dict)
    commentary: Remarked | None = None
    since: Since | None = None


def plain(sentence: Iterable[Run]) -> str:
    """The sentence as bare text."""
    return "".join(run.text for run in sentence)


def pattern_shares(narrative: Narrative) -> dict[str, float]:
    """How large a part of the edition's sentences each masked pattern makes up, the most frequent first."""
    counted = Counter(narrative.patterns.values())
    return {pattern: count / counted.total() for pattern, count in counted.most_common()}


def sentence_digests(narrative: Narrative) -> list[str]:
    """A short digest of each sentence told of a finding, in order of reading: what two editions say alike."""
    texts = (plain(sentence) for sentence in narrative.sentences.values())
    return [hashlib.sha256(text.encode()).hexdigest()[:12] for text in texts]


def foreign_labels(text: str, language: str, allowed: Iterable[str] = ()) -> list[str]:
    """What stands in `text` in the script of the other language and is none of the `allowed` (names, units' symbols).

    Han characters in an English edition, Latin letters in a Chinese one.
    """
    for word in sorted((word for word in allowed if word), key=len, reverse=True):
        text = text.replace(word, "\0")
    return FOREIGN[language].findall(text)


def tidy(runs: Iterable[Run], language: str) -> Sentence:
    """Join neighbouring plain runs, and set words in the other language's script apart, so that they are marked."""
    joined: list[Run] = []
    for run in runs:
        if joined and _alike(joined[-1], run):
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    plain_runs = (run.figure is None and run.language is None for run in joined)
    return tuple(
        part
        for run, bare in zip(joined, plain_runs, strict=True)
        for part in (_apart(run, language) if bare else (run,))
    )


def _alike(one: Run, other: Run) -> bool:
    """Whether two runs are one stretch of plain text."""
    plain_text = one.figure is None and other.figure is None
    return plain_text and (one.style, one.language) == (other.style, other.language)


def _apart(run: Run, language: str) -> Iterable[Run]:
    end = 0
    for match in FOREIGN[language].finditer(run.text):
        if match.start() > end:
            yield replace(run, text=run.text[end : match.start()])
        yield replace(run, text=match.group(), language=OTHER[language])
        end = match.end()
    if end < len(run.text):
        yield replace(run, text=run.text[end:])
