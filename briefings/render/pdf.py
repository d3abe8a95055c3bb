"""Set a page as PDF with WeasyPrint, in a worker.

In: plain data alone: the HTML text, the pictures it may show, attachments, fonts. Out: the PDF's bytes and its number
of pages. Nothing is fetched but `data:` addresses and the pictures handed in; whatever WeasyPrint warns of is an error,
and so is a character for which the fonts have no glyph. The same input gives the same bytes.
"""

from __future__ import annotations

import html
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from briefings.errors import RenderError

#: Pages above which an edition has a list of contents.
PAGES_WITHOUT_CONTENTS = 3


def write(payload: dict[str, Any]) -> dict[str, Any]:
    """Set one PDF.

    `payload`: `html` and `html_with_contents` (the same page without and with its list of contents; the second is used
    where there are more than three pages), `long` (a guess which it will be), `pictures` (name -> SVG text, shown as
    `chart:<name>`), `attachments` (list of `{name, description, content, day}`), `fonts` (paths of the font files, for
    the check of glyphs). Returns `{"pdf": bytes, "pages": int}`.

    Raises `RenderError`: a missing glyph, a refused address, a warning of WeasyPrint.
    """
    check_glyphs(_characters(payload), payload["fonts"])
    long = payload["long"]
    document = _lay_out(payload["html_with_contents" if long else "html"], payload["pictures"])
    without = len(document.pages) - (1 if long else 0)
    if long and without < PAGES_WITHOUT_CONTENTS or not long and without > PAGES_WITHOUT_CONTENTS:
        document = _lay_out(payload["html" if long else "html_with_contents"], payload["pictures"])
    with _warnings_are_errors():
        attachments = [_attachment(given) for given in payload["attachments"]]
        content = document.write_pdf(pdf_variant="pdf/ua-1", attachments=attachments)
    return {"pdf": content, "pages": len(document.pages)}


def _lay_out(text: str, pictures: Mapping[str, str]) -> Any:
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError

    try:
        with _warnings_are_errors():
            page = weasyprint.HTML(string=text, url_fetcher=_fetcher(pictures), base_url=None)
            return page.render(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:
        raise RenderError(f"{error}: {error.__cause__}") from error
    except (RecursionError, ZeroDivisionError, OverflowError) as error:
        raise RenderError(f"the page cannot be laid out ({type(error).__name__}: {error})") from error


# What may be fetched


@lru_cache(maxsize=1)
def _fetcher_class() -> Any:
    """The fetcher, made on first use: WeasyPrint is imported in workers only."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Denies every address but `data:` and the pictures handed in; a refusal ends the page."""

        def __init__(self, pictures: Mapping[str, str]) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
            self._pictures = pictures

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url.startswith("chart:") and (name := url.removeprefix("chart:")) in self._pictures:
                return URLFetcherResponse(url, self._pictures[name].encode(), {"Content-Type": "image/svg+xml"})
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise ValueError("only data: addresses and the edition's own charts may stand in a page")

    return Fetcher


def _fetcher(pictures: Mapping[str, str]) -> Any:
    return _fetcher_class()(pictures)


def _attachment(given: Mapping[str, Any]) -> Any:
    """An attachment whose dates are those of the data: `day`, an ISO date."""
    import weasyprint

    day = datetime.fromisoformat(given["day"]).replace(tzinfo=UTC)
    return weasyprint.Attachment(
        string=given["content"],
        name=given["name"],
        description=given["description"],
        created=day,
        modified=day,
        relationship="Data",
        url_fetcher=_fetcher({}),
    )


# Warnings and glyphs


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings_are_errors() -> Iterator[None]:
    """Raise `RenderError` with all that WeasyPrint (and the font tools under it) warned of in the meantime."""
    collector = _Collector()
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(collector)
    if collector.messages:
        raise RenderError("WeasyPrint warned: " + "; ".join(dict.fromkeys(collector.messages)))


def check_glyphs(characters: Iterable[str], fonts: Iterable[str]) -> None:
    """Raise `RenderError` that names every character for which none of the font files has a glyph."""
    known: set[int] = set().union(*(_glyphs(path) for path in fonts))
    lacking = sorted(char for char in set(characters) if ord(char) not in known and _needs_glyph(char))
    if lacking:
        named = ", ".join(f"{char!r} (U+{ord(char):04X} {unicodedata.name(char, 'unnamed')})" for char in lacking[:10])
        more = f" and {len(lacking) - 10} more" if len(lacking) > 10 else ""
        raise RenderError(
            f"the fonts of the house have no glyph for {named}{more}: "
            "write the name or text that holds it otherwise, or add a font that has it"
        )


def _needs_glyph(char: str) -> bool:
    """White space, joiners and other format characters are never drawn."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Zs", "Zl", "Zp") and not 0xFE00 <= ord(char) <= 0xFE0F


@lru_cache(maxsize=16)
def _glyphs(path: str) -> frozenset[int]:
    from fontTools.ttLib import TTCollection, TTFont

    if path.endswith((".ttc", ".otc")):
        return frozenset().union(*(font.getBestCmap() for font in TTCollection(path, lazy=True).fonts))
    return frozenset(TTFont(path, lazy=True).getBestCmap())


def _characters(payload: Mapping[str, Any]) -> set[str]:
    """Every character that a page or a picture shows: the text outside tags, styles and scripts."""
    texts = [payload["html_with_contents"], *payload["pictures"].values()]
    return set().union(*(html.unescape(_NOT_TEXT.sub("", text)) for text in texts))


_NOT_TEXT = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)
