"""Charts that a theme names and that a briefing has none of: what the data do not allow is said to whoever builds.

In: a theme and the briefing composed of it. Out: a remark for each section and kind. Charts that are chosen by the data
(`auto`) are not missed, nor are those of sections of which the briefing has nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator

from briefings.briefing import Briefing, section_id
from briefings.themes import Theme

__all__ = ["undrawn"]


def undrawn(theme: Theme, briefing: Briefing) -> Iterator[str]:
    """Each kind of chart that a section asks for by name and that was not drawn."""
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
                yield f"section '{title}': the data allow no {kind}; docs/themes.md says what each kind of chart needs"
