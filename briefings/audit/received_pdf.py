"""A PDF as a reader received it, taken apart: text and looks of its pages, what is attached, what it calls itself.

In: bytes that anyone may have made. Out: a plain dict. To be called in a worker (`workers`), which a hostile file may
end without harm. What is concluded from it is said next door, in `received`.
"""

from __future__ import annotations

import ctypes
import hashlib
from typing import Any

#: Pages, bytes of attachments and points of a picture that are looked at; an edition has some twenty pages.
MOST_PAGES = 500
MOST_ATTACHED = 256 * 1024**2
MOST_POINTS = 4_000_000
#: What an edition calls itself in the PDF's document information.
INFO = ("Edition", "Content", "Producer", "Title")


def take_apart(content: bytes) -> dict[str, Any]:
    """`{"pages": [{"text", "looks"}], "info": {name: text}, "attached": {name: bytes}}`, or `{"error": why}`.

    `looks` is the SHA-256 of the page drawn in grey at 72 points to the inch.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        return {"error": f"it cannot be opened as a PDF ({str(error).rstrip('.')})"}
    try:
        if len(document) > MOST_PAGES:
            return {"error": f"it has {len(document)} pages, more than any edition"}
        return {
            "pages": [_page(document[number]) for number in range(len(document))],
            "info": {name: _info(document, name) for name in INFO},
            "attached": _attached(document),
        }
    except (pypdfium2.PdfiumError, UnicodeError, ValueError) as error:
        return {"error": f"it is damaged ({error})"}
    finally:
        document.close()


def _page(page: Any) -> dict[str, str]:
    text = page.get_textpage().get_text_range(errors="replace")
    width, height = page.get_size()
    scale = min(1.0, (MOST_POINTS / max(1.0, width * height)) ** 0.5)
    drawn = page.render(scale=scale, grayscale=True)
    looks = hashlib.sha256(f"{drawn.width}x{drawn.height}".encode())
    looks.update(bytes(drawn.buffer))
    page.close()
    return {"text": text, "looks": looks.hexdigest()}


def _info(document: Any, name: str) -> str:
    """An entry of the document information; PDFium gives it as UTF-16."""
    import pypdfium2.raw as pdfium

    size = pdfium.FPDF_GetMetaText(document, name.encode(), None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, name.encode(), buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _attached(document: Any) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MOST_ATTACHED
    for number in range(min(document.count_attachments(), 20)):
        attachment = document.get_attachment(number)
        content = bytes(attachment.get_data())
        left -= len(content)
        if left < 0:
            break
        found[attachment.get_name()] = content
    return found
