"""What a figure's own words say against it: two scales in one quote, a list with another number of items.

In: the quotes of observations: the text of the cell or the sentence that a figure was read from. Out: the figures whose
words contradict their value. A quote that is a bare number says nothing more; figures from running text bring theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from briefings.catalogue import Catalogue
from briefings.observations import Observation, Panel
from briefings.reconcile.model import Accepted, Held, Verdict
from briefings.reconcile.printed import printed

_NUMBER = r"[0-9][0-9,]*(?:\.[0-9]+)?"
_SCALES = {
    **{"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "tn": 1e12},
    **{"万亿": 1e12, "亿": 1e8, "万": 1e4},
}
_SCALE = "|".join(_SCALES)
#: `3.55 billion 100 million`; also `3.55 billion million`, where the second number is lacking.
_TWICE = re.compile(
    rf"(?P<number>{_NUMBER}) ?(?P<scale>{_SCALE})\b ?(?P<second>{_NUMBER})? ?(?P<scale2>{_SCALE})\b"
    rf"|(?P<han>{_NUMBER})(?P<han_scale>万亿|亿|万)(?P<han_second>{_NUMBER})?(?P<han_scale2>万亿|亿|万)",
    re.IGNORECASE,
)

#: What stands in brackets or after a colon to the end of the clause, if it is a list.
_LIST = re.compile(r"(?:[(（](?P<bracket>[^()（）]+)[)）]|[:：] ?(?P<colon>[^:：;；。]+?)(?:[;；。]|\.(?= |$)|$))")
_SEPARATOR = re.compile(r"、|，|, and |, | and |和|及|与")
#: Words that say that a list is not all, or that what is listed is something else.
_OPEN = re.compile(
    r"\b(?:etc|including|such as|among others|e\.g\.|for example|mainly|led by|up|down)\b|等|包括|其中|如"
)


def scales(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A figure whose quote has two scales: which one holds nobody can know.

    3亿5000万 and 2 million 300 thousand are one number in two places, where the first is whole and the second smaller
    than one of its unit.
    """
    return Verdict(tuple(_held(row, "scales") for row in _quoted(panel) if _has_two_scales(row.quote)))


def lists(panel: Panel, catalogue: Catalogue, accepted: Accepted) -> Verdict:
    """A number of items that is not that of the list beside it in its quote, where the list is told as a whole."""
    counts = (row for row in _quoted(panel) if row.kind == "level" and row.qualifier == "exact" and not row.breakdown)
    held = []
    for row in counts:
        if catalogue.indicators[row.indicator].nature in ("count", "stock", "flow"):
            listed = _listed(row.quote)
            if listed and not printed(row).low <= listed <= printed(row).high:
                held.append(_held(row, "list"))
    return Verdict(tuple(held))


def _quoted(panel: Panel) -> Iterator[Observation]:
    """The figures whose quote is more than a number."""
    for series in panel:
        yield from (row for row in series if not row.quote.isascii() or " " in row.quote)


def _has_two_scales(quote: str) -> bool:
    return any(not _is_one_number(found) for found in _TWICE.finditer(quote))


def _is_one_number(found: re.Match[str]) -> bool:
    number, scale = found["number"] or found["han"], found["scale"] or found["han_scale"]
    second, scale2 = found["second"] or found["han_second"], found["scale2"] or found["han_scale2"]
    if second is None or "." in number:
        return False
    return float(second.replace(",", "")) * _SCALES[scale2.lower()] < _SCALES[scale.lower()]


def _listed(quote: str) -> int:
    """The items of the one whole list in a quote; 0 where there is none, several, or one that says it is not all."""
    found = [match["bracket"] or match["colon"] for match in _LIST.finditer(quote)]
    if len(found) != 1 or _OPEN.search(found[0]) or re.search(r"[0-9]", found[0]):
        return 0
    items = [item for item in _SEPARATOR.split(found[0]) if item.strip()]
    return len(items) if len(items) > 1 else 0


def _held(row: Observation, reason: str) -> Held:
    return Held(row.indicator, row.place, row.period, reason, (row,), {}, ("value",))
