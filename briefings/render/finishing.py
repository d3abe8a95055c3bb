"""Finish a PDF: what WeasyPrint leaves out of a tagged document that claims PDF/UA-1 and PDF/A-3a at once.

In: the bytes of a PDF/A-3a with tags, and what its links lead to, in words. Out: the same pages, with

- both claims in the metadata, and the schema of the second described (ISO 19005-3, 6.6.2.3; ISO 14289-1, 5);
- `/Scope` on every header cell (ISO 14289-1, 7.5);
- running heads and page numbers as artifacts of pagination (7.8): WeasyPrint tags them and keeps them out of the tree;
- a phrase on every link (7.18.5): WeasyPrint puts the address;
- lists whose children are items, and links whose annotations hang on the link (7.6, 7.18.5);
- the place of each picture in points from the foot of its page (7.3): WeasyPrint writes CSS pixels from its head;
- each attachment named once as an associated file (ISO 19005-3, 6.8).

Runs in a worker, right after the page was set. The same bytes in give the same bytes out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from briefings.errors import RenderError

#: PDF/UA is no schema that PDF/A knows: it stands beside the claim, as ISO 19005-3 asks of any other.
_CLAIM = """<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document follows</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
#: Points in a CSS pixel.
POINTS = 0.75
_MARKED = re.compile(rb"/\w+\s*<<\s*/MCID\s+(\d+)\s*>>\s*BDC")
_PAGINATION = b"/Artifact <</Type /Pagination>> BDC"


def finish(content: bytes, phrases: Mapping[str, str]) -> bytes:
    """The finished PDF. `phrases`: what a link to an anchor, or to an address, leads to; a link that is not in it keeps
    what WeasyPrint wrote. Raises `RenderError` for a PDF without tags or metadata."""
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        if "/StructTreeRoot" not in pdf.Root or "/Metadata" not in pdf.Root:
            raise RenderError("the PDF has no tags or no metadata, it cannot be finished; was WeasyPrint changed?")
        _claim(pdf)
        _files(pdf)
        tree = list(_elements(pdf.Root.StructTreeRoot))
        for element, kind in tree:
            if kind == "/Table":
                _scope(element)
            elif kind == "/L":
                _items(element)
            elif kind == "/Figure":
                _place(element)
        _links(pdf, phrases)
        _pagination(pdf, {element.objgen for element, _ in tree})
        finished = io.BytesIO()
        pdf.save(finished, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return finished.getvalue()


def _claim(pdf: Any) -> None:
    packet = pdf.Root.Metadata.read_bytes()
    at = packet.rfind(b"</rdf:RDF>")
    if at < 0:
        raise RenderError("the PDF's metadata hold no RDF, they cannot be finished; was WeasyPrint changed?")
    pdf.Root.Metadata.write(packet[:at] + _CLAIM.encode() + packet[at:])


def _files(pdf: Any) -> None:
    if "/AF" in pdf.Root:
        once = {file.objgen: file for file in pdf.Root.AF}
        pdf.Root.AF = list(once.values())


def _elements(root: Any) -> Iterator[tuple[Any, str]]:
    """Every element of the tree with its kind, parents first."""
    waiting = list(_kids(root))
    while waiting:
        element = waiting.pop()
        yield element, str(element.S)
        waiting.extend(_kids(element))


def _kids(element: Any) -> list[Any]:
    """The elements below an element: not its marked content, not its annotations."""
    import pikepdf

    below = element.get("/K", ())
    below = below if isinstance(below, pikepdf.Array) else (below,)
    return [kid for kid in below if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def _scope(table: Any) -> None:
    """Header cells of the head are of their column, the others of their row. Where the names of rows would outnumber
    the cells that they head (one row, or one column of figures), they are cells like the others: a row is read out
    whole, and a header cell of its own would be announced before the one value it stands beside."""
    from pikepdf import Dictionary, Name

    rows = [row for group in _kids(table) for row in ((group,) if group.S == "/TR" else _kids(group))]
    heads = {row.objgen for group in _kids(table) if group.S == "/THead" for row in _kids(group)}
    cells = [(row.objgen in heads, cell) for row in rows if row.S == "/TR" for cell in _kids(row)]
    figures = sum(cell.S == "/TD" for _, cell in cells)
    names = [cell for in_head, cell in cells if cell.S == "/TH" and not in_head]
    few = len(cells) - figures > figures
    for in_head, cell in cells:
        if cell.S == "/TH":
            attributes = cell.get("/A", Dictionary(O=Name.Table))
            attributes.Scope = Name.Column if in_head else Name.Row
            cell.A = attributes
    if few:
        gone = {str(name.ID) for name in names if "/ID" in name}
        for name in names:
            name.S = Name.TD
            del name.A.Scope
        for _, cell in cells:
            if "/Headers" in cell.get("/A", {}):
                cell.A.Headers = [each for each in cell.A.Headers if str(each) not in gone]


def _items(parent: Any) -> None:
    """What groups the items of a list without being one gives way to them."""
    from pikepdf import Array

    below = Array()
    for kid in parent.K:
        if kid.get("/S") == "/Div":
            for item in kid.K:
                item.P = parent
                below.append(item)
        else:
            below.append(kid)
    parent.K = below


def _place(figure: Any) -> None:
    """From CSS pixels to points, from the upper left corner to the lower left one."""
    left, head, right, foot = (float(edge) * POINTS for edge in figure.A.BBox)
    height = float(figure.Pg.MediaBox[3])
    figure.A.BBox = [round(edge, 3) for edge in (left, height - foot, right, height - head)]


def _links(pdf: Any, phrases: Mapping[str, str]) -> None:
    """Give each link its phrase; hang its annotation on the link itself, where WeasyPrint hung it on a part of it."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    places = {int(numbers[at]): at + 1 for at in range(0, len(numbers), 2)}
    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            if annotation.Subtype != "/Link":
                continue
            leads_to = annotation.get("/A", {}).get("/URI") or annotation.get("/Dest", "")
            if str(leads_to) in phrases:
                annotation.Contents = phrases[str(leads_to)]
            at = places[int(annotation.StructParent)]
            element = numbers[at]
            link = element
            while link.S != "/Link" and "/S" in link.P:
                link = link.P
            if link.S == "/Link" and link.objgen != element.objgen:
                for index, kid in enumerate(element.K):
                    if _is_annotation(kid):
                        link.K.append(kid)
                        del element.K[index]
                        break
                numbers[at] = link


def _is_annotation(kid: Any) -> bool:
    import pikepdf

    return isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"


def _pagination(pdf: Any, reachable: set[tuple[int, int]]) -> None:
    """Mark as artifact what is tagged on a page, and hangs on no element of the tree."""
    numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
    of_page = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    for page in pdf.pages:
        owners = of_page[int(page.StructParents)]
        outside = {mcid for mcid, owner in enumerate(owners) if owner is None or owner.objgen not in reachable}
        if not outside:
            continue
        marks = page.Contents.read_bytes()

        def artifact(mark: re.Match[bytes], outside: set[int] = outside) -> bytes:
            return _PAGINATION if int(mark.group(1)) in outside else mark.group()

        page.Contents.write(_MARKED.sub(artifact, marks))
        for mcid in outside:
            owners[mcid] = None
