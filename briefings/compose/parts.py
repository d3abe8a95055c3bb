"""Places as parts of a whole: which of those that a section sets side by side hold one another.

In: a section and the catalogue. Out: its places, and two of them that would count one thing twice, if any. Whatever
adds places up (a waterfall of contributions, what the largest hold together) asks here first.
"""

from __future__ import annotations

from collections.abc import Sequence

from briefings.catalogue import Catalogue
from briefings.themes import Section, Theme

#: Kinds of place whose members the catalogue does not name: they may hold any other.
AGGREGATES = ("world", "aggregate")


def places_of(theme: Theme, section: Section, catalogue: Catalogue, place: str) -> tuple[str, ...]:
    """The places of a section, the briefing's own among them; just that one where the section names none."""
    each = theme.places
    own = {"each": each.each, "beside": each.beside, "benchmarks": each.benchmarks}
    named = [word for said in section.places for word in own.get(said, (said,))]
    return tuple(dict.fromkeys((place, *catalogue.resolve(named, around=place))))


def counted_twice(catalogue: Catalogue, places: Sequence[str]) -> tuple[str, str] | None:
    """One of these places, and another that is counted with it already: one that it holds, or any beside an aggregate
    whose members are not known. None where they can be added up."""
    among = set(places)
    for place in places:
        holder = next((each for each in catalogue.ancestors(place) if each in among), None)
        if holder is not None:
            return holder, place
    aggregates = [place for place in places if catalogue.places[place].kind in AGGREGATES]
    others = [place for place in places if place not in aggregates]
    return (aggregates[0], others[0]) if aggregates and others else None
