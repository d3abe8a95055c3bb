"""Formulas of figures as SQL, and DuckDB that works them out.

In: the values as they were read in the snapshots, the figures of an edition with their formulas. Out: for each figure
the value that follows. This is the audit's own door to DuckDB: behind that of the store lie the observations, and what
is recomputed here must not depend on them. The grammar of formulas is that of `Derived` (`measures.model`); what is not
in it is not worked out, and nothing of a formula reaches DuckDB but numbers, positions and these operators.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Floating point alone may differ: summed or raised to a power in another order, the last bits do. Of rates, which may
#: be nothing but the rest of a subtraction, a thousand-millionth of a point besides.
RELATIVE = POINTS = 1e-9
#: What are equal in a rank or a streak: less than this apart, in proportion or in points.
_TIE, _TIE_POINTS = 1e-12, 1e-10

_TOKEN = re.compile(
    r"\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(f[0-9a-f]{10}\b)|([a-z]\d*\b)|([a-z_]{2,})|(\*\*|[-+*/(),]))"
)
_MOST_TOKENS = 200_000


class FormulaError(Exception):
    """A formula that cannot be worked out; the text says why."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A figure as it follows from its inputs: its value, None where the formula gives none (a division by zero, a
    streak that turns), and whether it equals what the edition holds."""

    value: float | None
    equal: bool


def compared(readings: Sequence[tuple[int, str, str, float]]) -> list[tuple[int, float, bool]]:
    """Numbers as they were read against what an edition holds: (key, number, scale, told) to (key, value, equal)."""
    if not readings:
        return []
    query = f"""
        SELECT key, value, abs(value - told) <= {RELATIVE} * greatest(abs(value), abs(told))
        FROM (SELECT key, number::DOUBLE * scale::DOUBLE AS value, told FROM given)
        ORDER BY key
    """  # noqa: S608 - made of the constant alone
    with _database() as database:
        _fill(database, ("key", "number", "scale", "told"), readings)
        return list(database.execute(query).fetchall())


def worked_out(figures: Mapping[str, Mapping[str, Any]], values: Mapping[str, Sequence[float]]) -> dict[str, Worked]:
    """Each figure of `values` (its inputs as they were read) worked out by its formula.

    `figures`: all of the edition's by id, since a rank names the figure that counts those ranked; where that one is
    not among `values`, the rank is not worked out either. Figures whose formula is not understood are left out.
    """
    by_query: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for key, own in values.items():
        try:
            expression, among = _expression(figures[key], figures)
        except FormulaError:
            continue  # `understood` says why
        if not among or among in values:
            slack = POINTS if figures[key]["unit"] in ("percent", "percentage point") else 0.0
            told = float(figures[key]["value"])
            by_query[expression].append((key, told, slack, list(own), list(values[among]) if among else []))
    found: dict[str, Worked] = {}
    with _database() as database:
        for expression, rows in by_query.items():
            _fill(database, ("key", "told", "slack", "v", "w"), rows)
            query = f"""
                SELECT key, value, coalesce(isfinite(value)
                    AND abs(value - told) <= greatest(slack, {RELATIVE} * greatest(abs(value), abs(told))), false)
                FROM (SELECT key, told, slack, ({expression})::DOUBLE AS value FROM given)
            """  # noqa: S608 - made of numbers, positions and operators by `_Parser`
            found |= {key: Worked(value, equal) for key, value, equal in database.execute(query).fetchall()}
    return found


def understood(figure: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> str:
    """Why a formula cannot be worked out; "" where it can."""
    try:
        _expression(figure, figures)
    except FormulaError as error:
        return str(error)
    return ""


def named(formula: str) -> set[str]:
    """The figures that a formula names: whom a rank is among."""
    return set(re.findall(r"\bf[0-9a-f]{10}\b", formula))


# Grammar: sum := product (+|- product)*; product := factor (*|/ factor)*; factor := sign? atom (** factor)?


def _expression(figure: Mapping[str, Any], figures: Mapping[str, Mapping[str, Any]]) -> tuple[str, str]:
    """The formula as SQL over `v`, and the id of the figure whose inputs are `w`, or ""."""
    parser = _Parser(str(figure["formula"]), "v", len(figure["inputs"]), figures, str(figure["kind"]))
    expression = parser.sum()
    if parser.next() is not None:
        raise FormulaError(f"formula {str(figure['formula'])[:60]!r} is not understood")
    return expression, parser.among


class _Parser:
    """One formula, read from left to right."""

    def __init__(
        self, text: str, column: str, inputs: int, figures: Mapping[str, Mapping[str, Any]], kind: str
    ) -> None:
        self.text, self.column, self.inputs, self.figures, self.kind = text, column, inputs, figures, kind
        self.tokens = list(_tokens(text))
        self.position = 0
        self.among = ""

    def next(self) -> re.Match[str] | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def _takes(self, *signs: str) -> str:
        token = self.next()
        if token is not None and token[5] in signs:
            self.position += 1
            return str(token[5])
        return ""

    def sum(self) -> str:
        left = self._product()
        while sign := self._takes("+", "-"):
            left = f"({left} {sign} {self._product()})"
        return left

    def _product(self) -> str:
        left = self._factor()
        while sign := self._takes("*", "/"):
            right = self._factor()
            left = f"({left} * {right})" if sign == "*" else f"({left} / nullif({right}, 0))"
        return left

    def _factor(self) -> str:
        if self._takes("-"):
            return f"(-{self._factor()})"
        base = self._atom()
        return f"pow({base}, {self._factor()})" if self._takes("**") else base

    def _atom(self) -> str:
        token = self.next()
        if token is None:
            raise FormulaError(f"formula {self.text[:60]!r} ends too early")
        self.position += 1
        if token[1]:
            return f"{token[1]}::DOUBLE"
        if token[3]:
            return f"{self.column}[{self._number_of(token[3])}]"
        if token[4]:
            return self._call(token[4])
        if token[5] == "(":
            inside = self.sum()
            self._must_close()
            return inside
        raise FormulaError(f"formula {self.text[:60]!r} is not understood")

    def _number_of(self, name: str) -> int:
        """The position of an input from 1: a, b ... z, a1, b1 ..."""
        number = ord(name[0]) - ord("a") + 26 * int(name[1:] or 0)
        if number >= self.inputs:
            raise FormulaError(f"formula {self.text[:60]!r} names input {name}, and there are {self.inputs}")
        return number + 1

    def _must_close(self) -> None:
        if not self._takes(")"):
            raise FormulaError(f"formula {self.text[:60]!r}: a bracket is not closed")

    def _call(self, function: str) -> str:
        if function not in _FUNCTIONS or not self._takes("("):
            raise FormulaError(f"formula {self.text[:60]!r} is told in words")
        arguments = [self._argument()]
        while self._takes(","):
            arguments.append(self._argument())
        self._must_close()
        return str(_FUNCTIONS[function](self.kind, [text for each in arguments for text in each]))

    def _argument(self) -> list[str]:
        """An argument; of a figure that is named, all that it counts."""
        token = self.next()
        if token is None or not token[2]:
            return [self.sum()]
        self.position += 1
        other = self.figures.get(token[2])
        if other is None:
            raise FormulaError(f"formula {self.text[:60]!r} names figure {token[2]}, which the edition does not hold")
        counted = _COUNT.fullmatch(str(other["formula"]))
        if counted is None or self.among:
            raise FormulaError(f"formula {self.text[:60]!r}: figure {token[2]} counts nothing that can be listed")
        self.among = token[2]
        inner = _Parser(counted[1], "w", len(other["inputs"]), {}, self.kind)
        found = [inner.sum()]
        while inner._takes(","):
            found.append(inner.sum())
        if inner.next() is not None:
            raise FormulaError(f"formula {inner.text[:60]!r} is not understood")
        return found


_COUNT = re.compile(r"count\((.*)\)", re.DOTALL)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    for _ in range(_MOST_TOKENS):
        if position >= len(text.rstrip()):
            return
        found = _TOKEN.match(text, position)
        if found is None:
            raise FormulaError(f"formula {text[:60]!r} is not understood")
        yield found
        position = found.end()
    raise FormulaError(f"formula {text[:60]!r} is too long")


# Functions, over their arguments as SQL.


def _rank(sign: str, arguments: Sequence[str]) -> str:
    """Standard competition ranking: one more than those beyond the first argument. What floating point alone parts is
    a tie. The place itself, which stands among those ranked, is never beyond itself."""
    own, *others = arguments
    beyond = f"x {sign} own AND abs(x - own) > greatest({_TIE} * greatest(abs(x), abs(own)), {_TIE_POINTS})"
    return f"(SELECT 1 + len([x for x in others if {beyond}]) FROM (SELECT {own} AS own, {_list(others)} AS others))"  # noqa: S608


def _count(kind: str, arguments: Sequence[str]) -> str:
    """How many; of a streak, only where all of them move in one direction."""
    if kind != "streak":
        return str(len(arguments))
    moves = _list(arguments)
    signs = f"list_distinct([CASE WHEN abs(x) <= {_TIE_POINTS} THEN 0 ELSE sign(x) END for x in {moves}])"
    return f"(CASE WHEN len({signs}) = 1 THEN {len(arguments)} END)"


def _with(condition: str, arguments: Sequence[str]) -> str:
    return f"len([x for x in {_list(arguments)} if {condition}])"


def _list(arguments: Iterable[str]) -> str:
    return f"[{', '.join(arguments)}]::DOUBLE[]"


def _log(arguments: Sequence[str]) -> str:
    if len(arguments) != 1:
        raise FormulaError("log takes one argument")
    return f"(CASE WHEN {arguments[0]} > 0 THEN ln({arguments[0]}) END)"


_FUNCTIONS: dict[str, Any] = {
    "stdev": lambda kind, given: f"list_aggregate({_list(given)}, 'stddev_samp')",
    "count": _count,
    "rises": lambda kind, given: _with("x > 0", given),
    "falls": lambda kind, given: _with("x < 0", given),
    "rank": lambda kind, given: _rank(">", given),
    "rank_from_bottom": lambda kind, given: _rank("<", given),
    "log": lambda kind, given: _log(given),
}


def _database() -> Any:
    """A database in memory that can reach neither files nor the network."""
    import duckdb

    return duckdb.connect(config={"enable_external_access": "false", "threads": "1"})


def _fill(database: Any, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """These rows as the table `given`."""
    import pyarrow as pa

    types = {"v": pa.list_(pa.float64()), "w": pa.list_(pa.float64())}
    arrays = [pa.array([row[n] for row in rows], types.get(name)) for n, name in enumerate(columns)]
    database.register("given", pa.table(dict(zip(columns, arrays, strict=True))))
