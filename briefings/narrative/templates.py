"""Phrases as data: text with slots, parts that may be left out, and alternatives.

In: one line of a phrase book, such as `{subject} rose {growth:size}[ {when}][: {meaning}]`. Out: a `Template`. A slot
is `{name}` or `{name:form}`; what stands in `[...]` is left out where one of its slots cannot be filled, and `[a|b]`
takes the first alternative that can. What slots mean is known next door, in `telling`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from briefings.narrative.model import Run

TOKEN = re.compile(r"\{(?P<slot>\w+)(?::(?P<form>\w+))?\}|(?P<mark>[\[\]|{}])|(?P<text>[^\[\]|{}]+)")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to fill: a name and the form in which it is wanted (empty: as it stands)."""

    name: str
    form: str = ""

    def __str__(self) -> str:
        return "{" + self.name + (f":{self.form}" if self.form else "") + "}"


@dataclass(frozen=True, slots=True)
class Choice:
    """An optional part: the first of its alternatives whose slots can all be filled, or nothing."""

    alternatives: tuple[tuple[str | Slot, ...], ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled: its runs, its pattern (names and numbers masked), and the slots that were used."""

    runs: tuple[Run, ...]
    pattern: str
    used: frozenset[str]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Fill:
    """What fills a slot: runs, and their mask in a pattern (`#` for a number, `@` for a name, else the word)."""

    runs: tuple[Run, ...]
    mask: str


Filler = Callable[[Slot, bool], "Fill | None"]
"""Fill a slot, told whether it opens the sentence; None where there is nothing to fill it with."""


@dataclass(frozen=True)
class Template:
    """One phrase. Raises `ValueError` on a bracket that does not close or a slot that cannot be read."""

    source: str

    @cached_property
    def pieces(self) -> tuple[str | Slot | Choice, ...]:
        return tuple(_parse(self.source))

    @property
    def slots(self) -> Iterator[Slot]:
        """Every slot, those of optional parts included."""
        for piece in self.pieces:
            if isinstance(piece, Slot):
                yield piece
            elif isinstance(piece, Choice):
                yield from (
                    item for alternative in piece.alternatives for item in alternative if isinstance(item, Slot)
                )

    @property
    def needed(self) -> frozenset[str]:
        """The names of slots without which the phrase cannot be said."""
        return frozenset(piece.name for piece in self.pieces if isinstance(piece, Slot))

    def fill(self, filler: Filler) -> Filled | None:
        """The phrase with every slot filled, or None where one that it needs cannot be."""
        done = Filled((), "", frozenset())
        for piece in self.pieces:
            if isinstance(piece, Choice):
                options = (_fill(alternative, filler, done) for alternative in piece.alternatives)
                done = next((option for option in options if option is not None), done)
            else:
                option = _fill((piece,), filler, done)
                if option is None:
                    return None
                done = option
        return done


def _fill(pieces: tuple[str | Slot, ...], filler: Filler, before: Filled) -> Filled | None:
    """`before` with these pieces added, or None."""
    runs, pattern, used = list(before.runs), before.pattern, set(before.used)
    for piece in pieces:
        if isinstance(piece, str):
            runs.append(Run(piece))
            pattern += piece
            continue
        filled = filler(piece, not pattern)
        if filled is None:
            return None
        runs.extend(filled.runs)
        pattern += filled.mask
        used.add(piece.name)
    return Filled(tuple(runs), pattern, frozenset(used))


def _parse(source: str) -> Iterator[str | Slot | Choice]:
    alternatives: list[list[str | Slot]] | None = None
    end = 0
    for match in TOKEN.finditer(source):
        end = match.end()
        piece: str | Slot | None = None
        if match["slot"]:
            piece = Slot(match["slot"], match["form"] or "")
        elif match["text"]:
            piece = match["text"]
        elif match["mark"] == "[" and alternatives is None:
            alternatives = [[]]
        elif match["mark"] == "|" and alternatives is not None:
            alternatives.append([])
        elif match["mark"] == "]" and alternatives is not None:
            yield Choice(tuple(tuple(items) for items in alternatives))
            alternatives = None
        else:
            raise ValueError(f"{match['mark']!r} at column {match.start() + 1} opens or closes nothing")
        if piece is not None:
            if alternatives is None:
                yield piece
            else:
                alternatives[-1].append(piece)
    if alternatives is not None or end != len(source):
        raise ValueError("an optional part is not closed: write `[ ... ]`")
