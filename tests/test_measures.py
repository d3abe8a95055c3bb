"""Measures: the traps of `cases/measures`, and the laws that hold for all of them.

A case needs no Python. It gives figures, asks for a measure in the words of a theme, and says what must come out:

    - trap: what goes wrong where one is not careful
      given:
        revenue, wuhai: {2024-10: 100, 2025-10: 112}              # indicator, place (both of world.yaml): period: value
        growth yoy, revenue, wuhai: {2025-10: 9.5}                # a growth that the source publishes
        target about, revenue, wuhai: {2025: 120}                 # a target; over, under, about, of=ceiling ...
        revenue, wuhai, industry=coal, preliminary: {2025-01 .. 2025-04: 1 2 _ 4}       # a run of periods, _ is a gap
      ask: growth | revenue, wuhai, 2025-10                       # ... | peers hohhot baotou
      answer: 9.5 percent; published; direction up; part base 100     # or  refused: base_zero; base 2024-10

After the value and its unit stand `computed` or `published`, `decimals N`, `basis ...`, `status ...`, `part ROLE
VALUE`, facts by name, and `no FACT`, `no part ROLE` for what must not be there. `jump: deposits, wuhai, 2025-04` puts a
barrier, `held:` names figures that are kept out, `told before:` gives an earlier vintage.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefings.measures import MEASURES, REASONS, Derived, Question, Refusal, derive
from briefings.measures.history import COUNTED_IN
from briefings.observations import Panel
from briefings.periods import Period, Shape
from briefings.quantities import Unit
from briefings.themes import MEASURE_WORDS
from tests.measure_cases import Case, cases, observations, recomputed, world

WORLD = world()
CASES = list(cases(WORLD))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_trap(case: Case) -> None:
    result = derive(case.question)
    if case.refused:
        assert isinstance(result, Refusal), result
        assert told_of(result, case.refused) == list(case.refused)
    else:
        assert isinstance(result, Derived), result
        assert told_of(result, case.answer) == list(case.answer)


def told_of(result: Derived | Refusal, expected: tuple[str, ...]) -> list[str]:
    """What a result says to each of the words expected, in the same form, so that a difference reads well."""
    first, *more = expected
    if isinstance(result, Refusal):
        return [result.reason, *(fact(result.facts, word) for word in more)]
    value = first.split()[0]
    return [f"{value if close(result.value, value) else result.value} {result.unit}", *(said(result, w) for w in more)]


def said(result: Derived, word: str) -> str:
    name, _, value = word.partition(" ")
    if word in ("computed", "published"):
        return "computed" if result.computed else "published"
    if word.startswith("no part "):
        return word if word.removeprefix("no part ") not in result.parts else f"part {word.removeprefix('no part ')}"
    if name == "part":
        role, _, expected = value.partition(" ")
        part = result.parts.get(role)
        if part is None:
            return f"no part {role}"
        return f"part {role} {expected if close(part.value, expected) else part.value}"
    if name in ("decimals", "basis", "status"):
        return f"{name} {getattr(result, name)}"
    return fact(result.facts, word)


def fact(facts: object, word: str) -> str:
    assert isinstance(facts, dict)
    name = word.removeprefix("no ").partition(" ")[0]
    return f"{name} {facts[name]}" if facts.get(name) else f"no {name}"


def close(value: float, expected: str) -> bool:
    """Equal to as many places as the case writes (six at the least)."""
    return value == pytest.approx(float(expected), abs=5e-7, rel=1e-9)


def test_there_are_traps_enough() -> None:
    assert len(CASES) >= 60
    assert {case.question.measure for case in CASES} == set(MEASURES)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.answer])
def test_formula_gives_the_value_from_the_inputs(case: Case) -> None:
    """What a reader works out by hand from formula and inputs is what is printed; of every part as well."""
    result = derive(case.question)
    assert isinstance(result, Derived)
    for figure in (result, *result.parts.values()):
        assert recomputed(figure) == pytest.approx(figure.value, rel=1e-9, abs=1e-9), figure.formula
        assert Unit(figure.unit)


def test_measures_are_the_words_of_themes() -> None:
    assert set(MEASURES) == set(MEASURE_WORDS)


def test_every_reason_of_a_refusal_is_known_and_every_known_reason_is_met() -> None:
    met = {result.reason for case in CASES if isinstance(result := derive(case.question), Refusal)}
    assert met == set(REASONS)


def test_streaks_are_counted_in_units_that_can_be_written() -> None:
    assert set(COUNTED_IN) == set(Shape)
    for unit in COUNTED_IN.values():
        assert Unit(unit).code == unit


@pytest.mark.parametrize("measure", MEASURES)
def test_nothing_observed_is_refused_by_every_measure(measure: str) -> None:
    question = Question(
        measure=measure,
        indicator="deposits",
        place="wuhai",
        period=Period.parse("2025-10"),
        panel=Panel({}),
        catalogue=WORLD,
        over=3,
        to={"ratio": "loans", "per head": "population"}.get(measure, "inner_mongolia"),
        since=Period.parse("2024-10"),
    )
    result = derive(question)
    assert isinstance(result, Refusal)
    assert result.reason == ("no_target" if measure == "attainment" else "no_observation")
    assert (result.measure, result.indicator, result.place) == (measure, "deposits", "wuhai")


def test_a_measure_that_there_is_not() -> None:
    question = replace(CASES[0].question, measure="yoy")
    with pytest.raises(ValueError, match=r"^'yoy' is no measure; there are level, change, growth, "):
        derive(question)


def test_a_figure_counts_once_in_a_formula() -> None:
    """Growth of one month and of the next share no input, but a volatility of three months has four levels, not six."""
    case = next(case for case in CASES if case.name.endswith("volatility is a sample's standard deviation of growth"))
    result = derive(case.question)
    assert isinstance(result, Derived)
    assert [str(row.period) for row in result.inputs] == ["2025-10", "2025-09", "2025-08", "2025-07"]
    assert result.formula == "stdev(((a / b - 1) * 100), ((b / c - 1) * 100), ((c / d - 1) * 100))"


def test_formulas_over_more_inputs_than_the_alphabet_has_letters() -> None:
    """Fifty days: the names go on with a1, and none of them is a word of the formula's own."""
    days = {f"2025-0{1 + n // 28}-{1 + n % 28:02}": f"{100 + (n * 37) % 11}" for n in range(28)}
    rows = list(observations({"oil, world": days}, WORLD))
    panel = Panel.of_rows([*rows, *(replace(row, period=row.period.step(28)) for row in rows)])
    question = Question("volatility", "oil", "world", Period.parse("2025-02-25"), panel, WORLD, over=50)
    result = derive(question)
    assert isinstance(result, Derived)
    assert len(result.inputs) == 51
    assert result.formula.endswith("((w1 / x1 - 1) * 100), ((x1 / y1 - 1) * 100))")
    assert recomputed(result) == pytest.approx(result.value, rel=1e-12)
