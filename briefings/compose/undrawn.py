"""Charts that a theme names and that a briefing has none of: what the data do not allow is said to whoever builds.

In: a theme and the briefing composed of it. Out: a remark for each section and kind. Charts that are chosen by the data
(`auto`) are not missed, nor are those of sections of which the briefing has nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefings.briefing import Briefing, section_id
from briefings.catalogue import Catalogue
from briefings.compose.parts import counted_twice, places_of
from briefings.themes import Section, Theme

__all__ = ["undrawn"]


def undrawn(theme: Theme, briefing: Briefing, catalogue: Catalogue) -> Iterator[str]:
    """Each kind of chart that a section asks for by name and that was not drawn; with the reason where it is that the
    places that it would add up hold one another."""
    drawn: dict[str, set[str]] = {}
    for section in briefing.sections:
        drawn.setdefault(section.id, set()).update(chart.kind for chart in section.charts)
    for asked in theme.sections:
        kinds = drawn.get(section_id(asked.title))
        if kinds is None:
            continue
        for kind in asked.charts:
            if kind not in {"auto", "none"} | kinds:
                title = next(iter(asked.title.texts.values()))
                yield f"section '{title}': {_why(asked, kind, theme, briefing.place, catalogue)}"


def _why(section: Section, kind: str, theme: Theme, place: str, catalogue: Catalogue) -> str:
    twice = _added_twice(section, theme, place, catalogue) if kind == "waterfall" else None
    if twice is not None:
        holder, part = twice
        return (
            f"no {kind}: {holder} and {part} stand in it, and what {part} contributes may be counted in {holder} too; "
            "name places that hold none of the others"
        )
    return f"the data allow no {kind}; docs/themes.md says what each kind of chart needs"


def _added_twice(section: Section, theme: Theme, place: str, catalogue: Catalogue) -> tuple[str, str] | None:
    """Two places of a section that hold one another, the whole apart that they contribute to."""
    wanted = (m for measures in section.show.values() for m in measures if m.measure == "contribution")
    whole = catalogue.resolve([m.to for m in wanted if m.to], around=place)
    places = places_of(theme, section, catalogue, place)
    return counted_twice(catalogue, [each for each in places if each not in whole])
