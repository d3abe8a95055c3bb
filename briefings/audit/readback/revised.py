"""What a figure was before it was revised: "(revised from 4.8%)", （修订前为4.8%） behind a number.

In: a sentence of a finished page and its finding. Out: the sentence without these brackets, which `reading` then reads,
and objections where one of them tells another value than the revised figure had. Next door, `reading` reads the rest.
"""

from __future__ import annotations

import re
from decimal import Decimal

from briefings.audit.model import Objection
from briefings.audit.readback.numbers import SCALES
from briefings.briefing import Briefing, Finding

BRACKETS = {
    "en": re.compile(r" \(revised from (?P<told>[^()]+(?:\([^()]*\)[^()]*)?)\)"),
    "zh": re.compile(r"（修订前为(?P<told>[^（）]+)）"),
}
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def without(text: str, briefing: Briefing, finding: Finding, language: str, where: str) -> tuple[str, list[Objection]]:
    """The sentence without what its figures were before, and what was told wrongly of that."""
    changes = briefing.changes
    own = {*finding.figures.values(), *(key for entry in finding.entries for key in entry.figures.values())}
    revised = [change for change in (changes.revised if changes else ()) if change.figures["new"] in own]
    was = [abs(briefing.figures[change.figures["old"]].value) for change in revised]
    objections = [
        Objection(
            where, f"revised from {found['told']}", f"what a figure of the finding was: {was or 'none was revised'}"
        )
        for found in BRACKETS[language].finditer(text)
        if not any(_says(found["told"], value, language) for value in was)
    ]
    return BRACKETS[language].sub("", text), objections


def _says(told: str, value: float, language: str) -> bool:
    """Whether a number with its scale is this value, as far as it is written."""
    found = NUMBER.search(told)
    if found is None:
        return False
    digits = Decimal(found[0].replace(",", ""))
    behind = told[found.end() :]
    scale = next((factor for word, factor in SCALES[language].items() if behind.startswith(word)), 1)
    exponent = digits.as_tuple().exponent
    last = Decimal(scale).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(digits * scale - Decimal(repr(value))) <= last * Decimal("0.5000001")
