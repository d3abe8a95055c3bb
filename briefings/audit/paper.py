"""What a PDF says: the text of its pages, the alternative texts of its pictures, its title, its outline.

In: the bytes of a PDF. Out: plain values. PDFium reads it, which had no part in setting it; since it is C code, this
runs in a worker process. The text is in the order in which it was painted, page by page; WeasyPrint paints the text of
a page, then its pictures, then the numbers of its lists, then its running head and its foot.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from briefings.errors import AuditError

#: What PDFium writes for a hyphen at the end of a line.
_HYPHENS = dict.fromkeys(map(ord, "\x02\ufffe"), "-")


def read(content: bytes) -> dict[str, Any]:
    """`{"pages": [text], "alternatives": [[text] a page], "title": text, "outline": [(text, number of the page)]}`.

    Raises `AuditError` for what is no PDF that can be read."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise AuditError(f"briefing.pdf: it cannot be read again ({error}); build the edition anew.") from error
    try:
        pages, alternatives = [], []
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            pages.append(text.get_text_range(errors="replace").translate(_HYPHENS))
            text.close()
            alternatives.append(list(_alternatives(page)))
            page.close()
        title = str(document.get_metadata_dict().get("Title", ""))
        outline = [(str(mark.get_title()), _page(mark)) for mark in document.get_toc()]
    finally:
        document.close()
    return {"pages": pages, "alternatives": alternatives, "title": title, "outline": outline}


def _page(mark: Any) -> int:
    """The page that a bookmark leads to, from one on; 0 for none."""
    place = mark.get_dest()
    index = place.get_index() if place else None
    return 0 if index is None else int(index) + 1


def _alternatives(page: Any) -> Iterator[str]:
    """The alternative texts in a page's structure, in its order."""
    import pypdfium2.raw as pdfium

    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return
    try:
        waiting = [
            pdfium.FPDF_StructTree_GetChildAtIndex(tree, n)
            for n in reversed(range(pdfium.FPDF_StructTree_CountChildren(tree)))
        ]
        while waiting:
            element = waiting.pop()
            if not element:
                continue
            if text := _alternative(element):
                yield text
            count = pdfium.FPDF_StructElement_CountChildren(element)
            waiting += [pdfium.FPDF_StructElement_GetChildAtIndex(element, n) for n in reversed(range(count))]
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _alternative(element: Any) -> str:
    import pypdfium2.raw as pdfium

    length = pdfium.FPDF_StructElement_GetAltText(element, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDF_StructElement_GetAltText(element, buffer, length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
