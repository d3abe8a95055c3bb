"""What the rules of tables ask of a column: a unit in its head or in its cells, letters that are of the list."""

from __future__ import annotations

import pytest

from briefings.lint import RULES, Finished

PAGE = """<html lang="en"><body><figure class="table" id="t1">
<figcaption><span class="label">Table 1</span></figcaption>
<table><thead><tr><th class="l">Figure</th><th class="l">Period</th><th>{head}</th></tr></thead><tbody>
<tr><th>Deposits</th><td>Apr 2026</td><td>{first}</td></tr><tr><th>Loans</th><td>May 2026</td><td>{second}</td></tr>
</tbody></table><p class="under">{under}</p></figure></body></html>"""


def told(rule: str, **parts: str) -> list[str]:
    page = PAGE.format(**({"head": "Now", "first": "12", "second": "13", "under": ""} | parts))
    return list(RULES[rule].check(Finished({"briefing.html": page.encode()})))


@pytest.mark.parametrize(
    ("first", "second"),
    [("CNY 131.14 billion", "7.3%"), ("12 May 2026", "12 May 2026"), ("1311.4亿元", "−1.1个百分点")],
)
def test_a_head_needs_no_unit_where_each_cell_has_its_own(first: str, second: str) -> None:
    assert told("G3", first=first, second=second) == []


@pytest.mark.parametrize("bare", ["1,345.1", "−0.8", "<0.1", "93.15 r"])
def test_one_bare_number_asks_for_a_unit_in_the_head(bare: str) -> None:
    assert told("G3", first="CNY 131.14 billion", second=bare) == ["the head 'Now' of t1 has no unit"]
    assert told("G3", head="Now <span>percent</span>", second=bare) == []


def test_the_letter_of_a_correction_is_of_the_list() -> None:
    marked = "12<sup>k</sup>"
    assert told("E9", first=marked, under="k corrected (see notes)") == []
    assert told("E9", first=marked) == ["Table 1 has the letter 'k' behind a figure and does not explain it"]
