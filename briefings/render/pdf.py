"""Set a page as PDF with WeasyPrint, in a worker.

In: plain data alone: the HTML text, the pictures it may show, attachments. Out: the PDF's bytes and its number
of pages. Nothing is fetched but `data:` addresses and the pictures handed in; whatever WeasyPrint warns of is an error.
The same input gives the same bytes. The fonts are those that FONTCONFIG_FILE of the worker names (`fonts`).
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from briefings.errors import RenderError
from briefings.render import labels
from briefings.render.contexts import BriefingPage, Chart, Table
from briefings.render.finishing import finish

#: Pages above which an edition has a list of contents.
PAGES_WITHOUT_CONTENTS = 3
LINES_OF_A_PAGE = 52
#: What WeasyPrint writes; `finishing` makes it PDF/UA-1 as well.
VARIANT = "pdf/a-3a"


def write(payload: dict[str, Any]) -> dict[str, Any]:
    """Set one PDF.

    `payload`: `html` and `html_with_contents` (the same page without and with its list of contents; the second is used
    where there are more than three pages), `long` (a guess which it will be), `pictures` (name -> SVG text, shown as
    `chart:<name>`), `attachments` (list of `{name, description, content, day}`), `phrases` (what a link to an anchor or
    an address leads to, in words). Returns `{"pdf": bytes, "pages": int, "contents": bool}`; the
    last says whether the list of contents is in it.

    Raises `RenderError`: a refused address, a warning of WeasyPrint, a page that cannot be laid out.
    """
    from weasyprint.urls import FatalURLFetchingError

    try:
        with _warnings_are_errors():
            return _write(payload)
    except FatalURLFetchingError as error:
        raise RenderError(f"{error}: {error.__cause__}") from error
    except (RecursionError, ZeroDivisionError, OverflowError) as error:
        raise RenderError(f"the page cannot be laid out ({type(error).__name__}: {error})") from error


def examine(payload: dict[str, Any]) -> str:
    """Set a page of one line in each script, as `briefings doctor` asks; what it came to. Raises as `write` does."""
    page = '<html lang="en"><title>Examination</title><h1>Briefings</h1><p lang="zh-CN">经济运行简报</p></html>'
    pages = {"html": page, "html_with_contents": page, "long": False, "pictures": {}, "attachments": [], "phrases": {}}
    made = write(pages | payload)
    return f"a page set as PDF, {len(made['pdf']):,} bytes"


def _write(payload: dict[str, Any]) -> dict[str, Any]:
    long = payload["long"]
    document = _lay_out(payload["html_with_contents" if long else "html"], payload["pictures"])
    if guessed_wrong := long != (len(document.pages) > PAGES_WITHOUT_CONTENTS):
        document = _lay_out(payload["html" if long else "html_with_contents"], payload["pictures"])
    attachments = [_attachment(given) for given in payload["attachments"]]
    document.metadata.custom = dict(payload.get("information", {}))
    # `finish` compresses and gives the document its identifier, for which WeasyPrint would write every object twice.
    content = document.write_pdf(
        pdf_variant=VARIANT, attachments=attachments, custom_metadata=True, uncompressed_pdf=True, pdf_identifier=False
    )
    finished = finish(content, payload["phrases"])
    return {"pdf": finished, "pages": len(document.pages), "contents": long != guessed_wrong}


def _lay_out(text: str, pictures: Mapping[str, str]) -> Any:
    import weasyprint

    labels.teach()
    return weasyprint.HTML(string=text, url_fetcher=_fetcher(pictures)).render(pdf_variant=VARIANT)


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
                picture = labels.marked(self._pictures[name])
                return URLFetcherResponse(url, picture.encode(), {"Content-Type": "image/svg+xml"})
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


# Warnings


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


def shown_text(page: str) -> str:
    """What a page or a picture shows: its text outside tags, styles and scripts."""
    return html.unescape(_NOT_TEXT.sub("", page))


_NOT_TEXT = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.DOTALL)


def looks_long(page: BriefingPage) -> bool:
    """A guess whether the PDF has more than three pages, so that it need not be laid out twice. In lines of a page."""
    blocks = [block for section in page.sections for block in section.blocks]
    tables = [block for block in blocks if isinstance(block, Table)] + ([page.table] if page.table else [])
    charts = sum(isinstance(block, Chart) for block in blocks)
    entries = sum(len(group.entries) for group in page.groups)
    texts = 2 * len(page.findings) + 3 * (len(blocks) - charts) + 3 * len(page.sections) + 2 * len(page.notes)
    texts += sum(2 * len(part.lines) for part in page.commentary) + 3 * bool(page.commentary)
    lines = 20 + 22 * charts + sum(1.2 * len(table.rows) + 8 for table in tables) + texts + 10 + 0.7 * entries
    return lines > LINES_OF_A_PAGE * PAGES_WITHOUT_CONTENTS


def link_phrases(page: BriefingPage) -> dict[str, str]:
    """What each link of a page leads to, by its anchor or address: a screen reader says it in place of the address
    (ISO 14289-1, 7.18.5)."""
    entries = {f"n-{entry.id}": entry.text.split(" / ")[0] for group in page.groups for entry in group.entries}
    phrases = {anchor: page.words["link to note"].format(text=text) for anchor, text in entries.items()}
    phrases |= {entry.anchor: "".join(piece.text for piece in entry.title) for entry in page.contents}
    linked = [(fact, part) for fact in page.facts for part in fact.parts if part.href]
    phrases |= {part.href: f"{fact.label}{page.words['colon']}{part.text}" for fact, part in linked}
    return phrases | {source.href: "".join(piece.text for piece in source.line) for source in page.sources}
