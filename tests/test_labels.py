"""Labels of charts stand in a PDF where they stand in the picture, each in one piece."""

from __future__ import annotations

import pytest

from briefings.lint import paper
from briefings.render import labels, pdf
from tests import samples

PAGE = """<html lang="en"><head><title>Labels</title><style>@page { size: 400pt 200pt; margin: 0 } body { margin: 0 }
</style></head><body><h1 style="display: none">Labels</h1><img src="chart:c.svg" alt="Labels"
style="width: 400pt; height: 100pt; display: block"></body></html>"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100" viewBox="0 0 400 100" font-size="10px">{}</svg>'
)


def run_of(text: str) -> paper.Run:
    """The one run of the PDF that a picture with this text makes."""
    made = pdf.write(samples.page_to_set(PAGE, pictures={"c.svg": PICTURE.format(text)}))
    (run,) = paper.read(made["pdf"]).leaves[0].runs
    return run


@pytest.mark.parametrize(("anchor", "share"), [("start", 0.0), ("middle", 0.5), ("end", 1.0)])
def test_a_label_is_one_run_at_its_place(anchor: str, share: float) -> None:
    run = run_of(f'<text text-anchor="{anchor}" transform="translate(200,40)" fill="#222222">Tallinn 12.5</text>')
    assert run.text == "Tallinn 12.5"
    assert run.left + share * (run.right - run.left) == pytest.approx(200, abs=1)
    assert run.foot == pytest.approx(200 - 40, abs=1)


@pytest.mark.parametrize("unusual", ['dx="2"', 'stroke="#FFFFFF"', 'rotate="30"', 'dominant-baseline="middle"'])
def test_what_is_no_plain_label_stays_a_text(unusual: str) -> None:
    text = f'<svg><text x="1" {unusual}>Tallinn</text><text x="1"><tspan>Two</tspan><tspan>lines</tspan></text></svg>'
    assert labels.marked(text) == text


@pytest.mark.parametrize(("given", "placed"), [('x="1"', 'x="1"'), ('transform="translate(-2.5,3)"', 'x="-2.5" y="3"')])
def test_a_label_has_its_place_without_being_moved(given: str, placed: str) -> None:
    assert labels.marked(f"<text {given} fill='#222222'>A</text>") == f"<label {placed} fill='#222222'>A</label>"
    both = 'x="1" transform="translate(2,3)"'
    assert labels.marked(f"<text {both}>A</text>") == f"<label {both}>A</label>"


def test_markup_in_a_label_stays_escaped() -> None:
    assert labels.marked('<text x="1">R&amp;D &lt;b&gt;</text>') == '<label x="1">R&amp;D &lt;b&gt;</label>'
