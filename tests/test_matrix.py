"""Whatever a series briefing can say is read back, and altered it is refused: measures x shapes of period x natures x
places and members x courses of values x languages x all phrases of the book.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from briefings.audit.readback.checking import Checker
from briefings.audit.readback.model import Span
from briefings.audit.readback.reading import Reader
from briefings.briefing import Briefing, Finding
from briefings.narrative.kinds import KINDS
from briefings.periods import Period
from briefings.themes.requests import MEASURE_WORDS
from tests.matrix import COURSES, INDICATORS, SHAPES, Cell, briefing, cells, measures, told
from tests.test_readback import altered

LANGUAGES = ("en", "zh")
#: Kinds of findings that tell of published figures, of what persons say, or of another edition: they are drawn at
#: random in `random_briefings`.
OTHERS = {
    *("account", "commitments", "remark", "absent", "held", "composition", "tiers", "pairs", "completions"),
    *("first", "since", "quiet"),
}
#: Of all alterations so many are refused.
AIM = 0.98

#: Each shape, each indicator and each course once at least.
QUICK = [
    Cell(tuple(INDICATORS)[(5 * number) % len(INDICATORS)], shape, tuple(COURSES)[(3 * number) % len(COURSES)])
    for number, shape in enumerate(SHAPES)
] + [Cell("balance", "month", "overtaken"), Cell("sales", "quarter", "overtaken")]


def slow(shape: str) -> Iterator[Cell]:
    """Each indicator in one shape, with three courses; over the shapes each indicator meets every course."""
    there = {(cell.indicator, cell.course): cell for cell in cells() if cell.shape == shape}
    turn = tuple(SHAPES).index(shape)
    for number, indicator in enumerate(INDICATORS):
        for step in range(3):
            course = tuple(COURSES)[(number + 3 * turn + step) % len(COURSES)]
            if cell := there.get((indicator, course)):
                yield cell


def read(made: Briefing, language: str, met: set[tuple[str, ...]]) -> Iterator[tuple[Reader, Finding, str]]:
    """Every sentence that is not, but for its figures, as one before."""
    reader = Reader.of(made, language)
    for finding, text in told(made, language):
        pattern = (language, finding.kind, finding.breakdown, re.sub(r"[\d.,]+", "#", text))
        if pattern not in met:
            met.add(pattern)
            yield reader, finding, text


def mismatches(reader: Reader, made: Briefing, finding: Finding, text: str) -> list[str]:
    """What is objected to, behind a sentence that said the finding's period."""
    checker, period = Checker(made, frozenset(reader.vocabulary.placeless)), Period.parse(finding.period)
    checker.said = Span(period.start, period.end)
    return [f"{one.read}, where the facts are {one.facts}" for one in checker.check(reader.read(text), finding)[0]]


def objections(some: Iterable[Cell]) -> tuple[list[str], set[str]]:
    """What is objected to in true sentences, and the kinds of finding that there were."""
    found, kinds, met = list[str](), set[str](), set[tuple[str, ...]]()
    for cell in some:
        made = briefing(cell)
        kinds |= {finding.kind for finding in made.every_finding()}
        for language in LANGUAGES:
            for reader, finding, text in read(made, language, met):
                found += [f"[{cell}] {text}: {wrong}" for wrong in mismatches(reader, made, finding, text)]
    return found, kinds


def hold_altered(some: Iterable[Cell], each: int) -> None:
    """Of each kind of finding and phrase some sentences are altered."""
    every, caught, missed, chance, met = Counter[str](), Counter[str](), list[str](), random.Random(8), Counter[str]()
    for cell in some:
        made = briefing(cell)
        for language in LANGUAGES:
            for reader, finding, text in read(made, language, set()):
                met[f"{language} {finding.kind}"] += 1
                if met[f"{language} {finding.kind}"] > each:
                    continue
                numbers = [(claim.start, claim.end) for claim in reader.read(text).claims]
                for kind, other in altered(text, numbers, language, chance):
                    every[kind] += 1
                    caught[kind] += bool(mismatches(reader, made, finding, other))
                    if not mismatches(reader, made, finding, other):
                        missed.append(f"{kind}: {text} -> {other}")
    rates = {kind: f"{caught[kind]} of {count}" for kind, count in sorted(every.items())}
    assert sum(caught.values()) >= AIM * sum(every.values()), (rates, missed[:20])


def test_every_measure_of_the_grammar_is_asked_for() -> None:
    asked = {word for text in measures(QUICK[0]) for word in MEASURE_WORDS if text.startswith(word)}
    assert asked == set(MEASURE_WORDS)


def test_all_that_series_say_is_read_back() -> None:
    found, kinds = objections(QUICK)
    assert found == []
    assert set(KINDS) - kinds - OTHERS == set()


def test_what_series_say_is_refused_where_it_is_altered() -> None:
    hold_altered(QUICK[::4], each=6)


#: Shapes of period that are swept whole; the quick part draws from all of them.
SWEPT = ("month", "to January", "to February", "to March")


@pytest.mark.slow
@pytest.mark.parametrize("shape", SWEPT)
def test_much_that_series_say_is_read_back(shape: str) -> None:
    assert objections(slow(shape))[0] == []
