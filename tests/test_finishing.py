"""A finished PDF claims what it is, and a screen reader can follow it."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest

from briefings.errors import RenderError
from briefings.render import pdf
from briefings.render.finishing import finish

PAGE = """<html lang="en"><head><title>Tourism</title><style>
@page { size: A5; @top-left { content: "Running head" } @bottom-right { content: counter(page) } }
li { page-break-after: always }
</style></head><body><h1>Tourism</h1>
<dl><div><dt>Contact</dt><dd><a href="mailto:desk@example.org">desk@example.org</a></dd></div></dl>
<p>Stays rose by <a href="#n-f1">4.8%</a>.</p>
<table><thead><tr><th scope="col">Place</th><th scope="col">Stays</th><th scope="col">Share</th></tr></thead>
<tbody><tr><th scope="row">North</th><td>1</td><td>2</td></tr>
<tr><th scope="row">South</th><td>3</td><td>4</td></tr>
<tr><th scope="row">West</th><td>5</td><td>6</td></tr>
</tbody></table>
<table><thead><tr><th scope="col">Period</th><th scope="col">Stays</th></tr></thead>
<tbody><tr><th scope="row">2025</th><td>1</td></tr><tr><th scope="row">2026</th><td>2</td></tr></tbody></table>
<img src="chart:c.svg" alt="Line chart: stays rose to 2." style="width: 100px; height: 50px; display: block">
<ul><li>One</li><li>Two</li></ul><p id="n-f1">Stays, 2026</p></body></html>"""
PHRASES = {"n-f1": "4.8%: what it is and where it comes from", "mailto:desk@example.org": "Contact: desk@example.org"}
GIVEN: dict[str, Any] = {"html": PAGE, "html_with_contents": PAGE, "long": False, "phrases": PHRASES}
GIVEN |= {
    "pictures": {"c.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><path d="M0 0L9 9"/></svg>'},
    "attachments": [{"name": "data.csv", "description": "Figures", "content": b"a,b\n1,2\n", "day": "2026-11-20"}],
}


@pytest.fixture(scope="module")
def content() -> bytes:
    return bytes(pdf.write(GIVEN)["pdf"])


@pytest.fixture(scope="module")
def finished(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def elements(root: Any) -> list[Any]:
    below = root.get("/K", [])
    below = list(below) if isinstance(below, pikepdf.Array) else [below]
    kids = [kid for kid in below if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    return [each for kid in kids for each in (kid, *elements(kid))]


def of_kind(finished: pikepdf.Pdf, kind: str) -> list[Any]:
    return [element for element in elements(finished.Root.StructTreeRoot) if str(element.S) == kind]


def test_it_claims_both_standards_and_describes_the_one_that_the_other_does_not_know(finished: pikepdf.Pdf) -> None:
    packet = finished.Root.Metadata.read_bytes().decode()
    for claim in ("<pdfuaid:part>1<", 'pdfaid:part="3"', 'pdfaid:conformance="A"', "pdfaSchema:namespaceURI"):
        assert claim in packet
    assert finished.Root.OutputIntents[0].S == "/GTS_PDFA1"
    assert [str(each.F) for each in finished.Root.AF] == ["data.csv"]
    assert str(finished.Root.AF[0].AFRelationship) == "/Data"


def test_header_cells_say_what_they_head(finished: pikepdf.Pdf) -> None:
    wide, narrow = of_kind(finished, "/Table")
    scopes = [str(cell.A.Scope) for cell in elements(wide) if cell.S == "/TH"]
    assert scopes == ["/Column", "/Column", "/Column", "/Row", "/Row", "/Row"]
    # two columns: names would be announced before the one value beside them
    assert [str(cell.S) for cell in elements(narrow) if cell.S in ("/TH", "/TD")] == ["/TH", "/TH"] + 4 * ["/TD"]


def test_running_heads_and_page_numbers_are_artifacts(finished: pikepdf.Pdf) -> None:
    assert len(finished.pages) == 3
    for page in finished.pages:
        assert page.Contents.read_bytes().count(b"/Artifact <</Type /Pagination>> BDC") == 2


def test_links_say_where_they_lead(finished: pikepdf.Pdf) -> None:
    links = [annotation for page in finished.pages for annotation in page.get("/Annots", [])]
    assert {str(link.Contents) for link in links} == set(PHRASES.values())
    owners = of_kind(finished, "/Link")
    numbers = finished.Root.StructTreeRoot.ParentTree.Nums
    owner_of = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    assert {owner_of[int(link.StructParent)].objgen for link in links} <= {owner.objgen for owner in owners}


def test_a_picture_lies_where_it_is_said_to_lie(finished: pikepdf.Pdf) -> None:
    (picture,) = of_kind(finished, "/Figure")
    assert str(picture.Alt) == "Line chart: stays rose to 2."
    left, foot, right, head = (float(edge) for edge in picture.A.BBox)
    height = float(picture.Pg.MediaBox[3])
    assert (round(right - left, 1), round(head - foot, 1)) == (75, 37.5)
    assert 0 < foot < head < height  # the page's own lines say how high: below the heading and both tables
    assert head < 0.75 * height


def test_a_list_holds_items_alone(finished: pikepdf.Pdf) -> None:
    lists = of_kind(finished, "/L")
    assert lists
    assert all(str(kid.S) == "/LI" for found in lists for kid in found.K)


def test_the_same_page_gives_the_same_bytes(content: bytes) -> None:
    assert pdf.write(GIVEN)["pdf"] == content


def test_a_pdf_without_tags_is_not_finished() -> None:
    empty = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(empty)
    with pytest.raises(RenderError, match=r"^the PDF has no tags or no metadata, it cannot be finished"):
        finish(empty.getvalue(), {})
