"""Floating charts: text fills the page on which the next chart does not fit."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.render.contexts import Chart, Paragraph, Piece, Section
from briefings.render.flow import SMALLEST, Block, float_charts, height
from tests import samples
from tests.test_render import page_of


def chart(name: str, tall: int) -> Chart:
    """A chart of which the picture is `tall` millimetres high in print."""
    return Chart(name, name, [], [], "", "", "", "", 170, tall, "", [])


def text(name: str, lines: int) -> Paragraph:
    return Paragraph([Piece(name + "x" * (78 * lines - len(name)))])


def ordered(*blocks: Block) -> list[str]:
    page, _ = page_of(samples.narrative("en"))
    page = replace(page, findings=[], table=None, sections=[Section("s", [], list(blocks))])
    (section,) = float_charts(page).sections
    return [block.id if not isinstance(block, Paragraph) else block.line[0].text[:2] for block in section.blocks]


def test_text_passes_by_a_chart_that_does_not_fit() -> None:
    assert ordered(text("a:", 4), chart("one", 150), text("b:", 12)) == ["a:", "b:", "one"]


def test_a_chart_that_lacks_little_room_is_set_a_little_smaller() -> None:
    page, _ = page_of(samples.narrative("en"))
    scales = []
    for tall in (100, 120, 160):
        blocks: list[Block] = [text("a:", 4), chart("one", tall)]
        placed = float_charts(replace(page, findings=[], table=None, sections=[Section("s", [], blocks)]))
        scales += [block.scale for block in placed.sections[0].blocks if isinstance(block, Chart)]
    assert scales[0] == scales[2] == 100
    assert SMALLEST <= scales[1] < 100


def test_a_chart_that_fits_stays_where_it_is() -> None:
    assert ordered(text("a:", 4), chart("one", 80), text("b:", 12)) == ["a:", "one", "b:"]


def test_text_is_kept_for_the_page_that_needs_it_most() -> None:
    order = ordered(text("a:", 20), chart("one", 140), chart("two", 140), text("b:", 15))
    assert order == ["a:", "one", "b:", "two"]


def test_two_plain_charts_stand_side_by_side_behind_the_text_of_both() -> None:
    page, _ = page_of(samples.narrative("en"))
    one, two, three = (replace(chart(name, 80), half=240, address=f"chart:{name}.svg") for name in ("c1", "c2", "c3"))
    wide = chart("wide", 60)
    blocks: list[Block] = [text("a:", 2), one, text("b:", 2), two, three, wide]
    placed = float_charts(replace(page, findings=[], table=None, sections=[Section("s", [], blocks)]))
    found = [block for block in placed.sections[0].blocks if isinstance(block, Chart)]
    assert [(block.id, block.side, block.address) for block in found] == [
        ("c1", "left", "chart:c1.half.svg"),
        ("c2", "right", "chart:c2.half.svg"),
        ("c3", "", "chart:c3.svg"),
        ("wide", "", ""),
    ]
    assert found[0].head == found[1].head > 0
    assert placed.sections[0].blocks.index(found[0]) == 2


def test_charts_with_very_long_words_stand_alone() -> None:
    """Two columns of the width of a phone that are higher than a page would leave it at its foot."""
    page, _ = page_of(samples.narrative("en"))
    words = [Piece("The development of overnight stays " * 40)]
    one, two = (replace(chart(name, 80), half=240, title=words, subtitle=words) for name in ("c1", "c2"))
    placed = float_charts(replace(page, findings=[], table=None, sections=[Section("s", [], [one, two])]))
    assert [(block.id, block.side) for block in placed.sections[0].blocks if isinstance(block, Chart)] == [
        ("c1", ""),
        ("c2", ""),
    ]


def test_heights_follow_the_proportions_of_the_picture() -> None:
    assert height(chart("one", 100)) - height(chart("one", 50)) == 50


blocks = st.lists(
    st.one_of(
        st.integers(40, 230).map(lambda tall: chart("", tall)), st.integers(1, 30).map(lambda lines: text("", lines))
    ),
    max_size=9,
)


@settings(max_examples=80, deadline=None)
@given(blocks)
def test_order_holds_among_charts_and_among_texts_and_no_chart_moves_up(found: list[Block]) -> None:
    named: list[Block] = [
        replace(block, id=f"c{n}") if isinstance(block, Chart) else replace(block, line=[Piece(f"t{n}"), *block.line])
        for n, block in enumerate(found)
        if not isinstance(block, Chart) or block.id == ""
    ]
    before = [block.id if isinstance(block, Chart) else block.line[0].text for block in named]
    after = ordered(*named)
    assert [name for name in after if name[0] == "c"] == [name for name in before if name[0] == "c"]
    assert [name for name in after if name[0] == "t"] == [name for name in before if name[0] == "t"]
    for name in before:
        if name[0] == "c":
            assert set(before[: before.index(name)]) <= set(after[: after.index(name)])
