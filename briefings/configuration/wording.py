"""How a mistake is put into words: what was found, what is allowed, did you mean.

Comes in: a word and the words allowed, or an error of pydantic and the annotation it is about. Goes out: one sentence.
Where the mistake stands in the file is found next door, in `documents`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

MOST_NAMED = 16
"""With more words allowed than this, only the closest are named."""
CLOSEST = 5
SCHEMA = "; `briefings schema` lists them"


class PlacedError(ValueError):
    """A mistake that a validator of a model found below its own place.

    `at` is the way from the validator's value to the culprit, `of` whether its key or its value is meant:
    `raise PlacedError("'sheet' is for workbooks; delete it", "sheet", of="key")`.
    """

    def __init__(self, message: str, *at: str | int, of: str = "value") -> None:
        self.at, self.of = at, of
        super().__init__(message)


class ConcealedError(PlacedError):
    """A mistake about a secret: the complaint does not show what stands in the file."""


def suggest(found: str, allowed: Iterable[str]) -> str | None:
    """The word that was probably meant: equal but for case, spaces, underscores and hyphens, or else the most alike."""
    words = list(allowed)
    folded: dict[str, str] = {}
    for word in words:
        folded.setdefault(_fold(word), word)
    if (same := folded.get(_fold(found))) is not None:
        return same
    close = difflib.get_close_matches(_fold(found), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def _fold(word: str) -> str:
    return re.sub(r"[\s_-]+", "", word).casefold()


def one_of(found: str, allowed: Iterable[str], what: str, *, where: str = "") -> str:
    """The one wording for a word that is not among those allowed; `what` is the kind of word, in the singular.

    `where` says what lists the words where they are too many to name.

    >>> one_of("yoyy", ["yoy", "mom"], "basis")
    "unknown basis 'yoyy'; allowed: yoy, mom. Did you mean 'yoy'?"
    """
    words = list(allowed)
    if not words:
        return f"unknown {what} {quoted(found)}; none is declared"
    meant = did_you_mean(found, words) or _full_width(found)
    return f"unknown {what} {quoted(found)}; allowed: {listed(words, found, where)}.{meant}"


def unknown_key(found: str, allowed: Iterable[str]) -> str:
    """The wording for a key that has no meaning where it stands."""
    words = list(allowed)
    hint = _full_width(found)
    if ":" in found:
        hint = " A colon needs a space after it."
    elif found.strip() != found:
        hint = " A space that YAML takes for a letter stands at its end or beginning; write plain spaces."
    elif re.fullmatch("[0-9]+", found):
        hint = " Decimals stand behind a point: 1.5."
    return (
        f"unknown key {quoted(found)}; allowed here: {listed(words, found, SCHEMA)}.{did_you_mean(found, words)}{hint}"
    )


def _full_width(found: str) -> str:
    """What to do where a full-width sign stands in place of one of YAML's."""
    sign = re.search("[：，、［］｛｝]", found)
    return f" {quoted(sign[0])} is a letter to YAML; write the plain sign, and a space behind , and :" if sign else ""


def listed(words: Sequence[str], found: str, where: str = "") -> str:
    """All words, or where they are many the closest to what was found and how many there are."""
    if any(re.fullmatch(r"\W+", word) for word in words):
        words = [f"'{word}'" for word in words]
    if len(words) <= MOST_NAMED:
        return ", ".join(words)
    likeness = {word: difflib.SequenceMatcher(None, _fold(found), _fold(word)).ratio() for word in words}
    closest = sorted(words, key=lambda word: -likeness[word])[:CLOSEST]
    return f"{', '.join(closest)} ... ({len(words)} in all{where})"


def did_you_mean(found: str, allowed: Iterable[str]) -> str:
    meant = suggest(found, allowed)
    return f" Did you mean '{meant}'?" if meant else ""


def quoted(text: str, longest: int = 60) -> str:
    """A text as found, cut where it is long, on one line."""
    short = text if len(text) <= longest else text[: longest - 3] + "..."
    visible = (each if each.isprintable() else each.encode("unicode_escape").decode() for each in short)
    return f"'{''.join(visible)}'"


def found(value: Any) -> str:
    """What stands there, to begin a sentence with: `'abc'`, `a list`, `keys`, `nothing`."""
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return quoted(value) if value else "an empty text"
    if isinstance(value, dict):
        return "a mapping (`key: value`)"
    if isinstance(value, list | tuple):
        return "a list"
    return quoted(str(value))


def worded(error: dict[str, Any], words: Sequence[str], keys: Sequence[str], what: str) -> str:
    """An error of pydantic in the house's wording.

    `words` are the enumerated values allowed at that place, `keys` the keys of the model that is expected there (either
    may be empty), `what` is the name of the field.
    """
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind in {"value_error", "assertion_error"}:
        return str(context["error"])
    if kind in {"literal_error", "enum"}:
        if isinstance(value, str):
            return one_of(value, words, what, where=SCHEMA)
        return f"{found(value)} stands here; one word is expected: {', '.join(words)}"
    if kind in _EXPECTED:
        return f"{found(value)} stands here; {_EXPECTED[kind]} is expected{_hint(kind, value, keys)}"
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(found=found(value), **context)
    return f"{found(value)} is not allowed here: {error['msg']}"


_EXPECTED = {
    "string_type": "a text",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping (`key: value`)",
    "model_type": "a mapping (`key: value`)",
    "model_attributes_type": "a mapping (`key: value`)",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a day such as 2026-07-03",
    "date_parsing": "a day such as 2026-07-03",
    "date_from_datetime_parsing": "a day such as 2026-07-03",
    "time_type": "a time such as 08:30",
    "time_parsing": "a time such as 08:30",
}
_BOUNDS = {
    "greater_than": "{found} is out of bounds; more than {gt} is allowed",
    "greater_than_equal": "{found} is out of bounds; at least {ge} is allowed",
    "less_than": "{found} is out of bounds; less than {lt} is allowed",
    "less_than_equal": "{found} is out of bounds; at most {le} is allowed",
    "string_too_short": "{found} is too short; at least {min_length} characters are allowed",
    "string_too_long": "{found} is too long; at most {max_length} characters are allowed",
    "string_pattern_mismatch": "{found} does not have the form `{pattern}`",
    "too_short": "{actual_length} given, at least {min_length} needed",
    "too_long": "{actual_length} given, at most {max_length} allowed",
}


def _hint(kind: str, value: Any, keys: Sequence[str]) -> str:
    """What to do where the wrong kind of thing stands."""
    if kind in {"dict_type", "model_type", "model_attributes_type"}:
        if isinstance(value, str) and re.match(r"[^\s:：]+[:：]\S", value):
            return "; a colon needs a space after it"
        return f", with the keys {listed(keys, '')}" if keys else ""
    if kind in {"list_type", "tuple_type"} and isinstance(value, str):
        return f": `[{value}]`" if len(value) < 40 else ""
    if kind == "string_type":
        quoting = {dict: "holds `: `, or begins with `{`", list: "begins with [ or -"}
        return next((f"; quote a text that {what}" for each, what in quoting.items() if isinstance(value, each)), "")
    digits = kind.startswith(("float", "int")) and re.match(r"[+-]?[0-9]", str(value))
    return f", bare: {'1.5' if kind.startswith('float') else '2'}" if digits else ""


def dotted(key: Iterable[str | int]) -> str:
    """The way to a node as it is shown: `sections[2].show[0]`, `values['Price, EUR']`."""
    return "".join(_steps(key)).removeprefix(".")


def _steps(key: Iterable[str | int]) -> Iterator[str]:
    for step in key:
        if isinstance(step, int):
            yield f"[{step}]"
        elif step and not re.search(r"[\s.'\[\]:,]", step):
            yield f".{step}"
        else:
            yield f"[{quoted(step)}]"
