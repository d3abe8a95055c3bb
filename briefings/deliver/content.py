"""What an edition says to its reader outside its pages: subject, mail texts, key findings, pictures, names of files.

In: a delivery and the files of its edition (`mail.html`, `mail.txt`, `charts/`). Out: `Content`. What is added to the
finished texts is little, and from `wording`: that an edition is late, partial, a correction, or the whole one after a
partial one. How it travels is told
in the channels next door.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from briefings.archive import Archive, Edition
from briefings.deliver.corrections import changes, follows
from briefings.deliver.model import Delivery
from briefings.deliver.wording import Wording, wording
from briefings.errors import ArchiveError, DeliveryError, RequestError

#: Format -> file of an edition, and its media type.
FILES = {
    "pdf": ("briefing.pdf", "application/pdf"),
    "html": ("briefing.html", "text/html"),
    "docx": ("briefing.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": ("data.csv", "text/csv"),
    "xlsx": ("data.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
#: Where `mail.html` has its charts, and what it asks to be said above itself, in its own style: `…` stands for it.
_CHARTS = "<!-- charts -->"
_BANNER = re.compile(r"<!-- banner (.*?) -->\n?", re.DOTALL)
_IMAGE = (
    '<p style="margin:24px 0 0"><img src="cid:{cid}" alt="{alt}" width="608" '
    'style="display:block;width:100%;max-width:640px;height:auto;border:0;background:#fff;color:#333;font-size:13px">'
    "</p>\n"
)


@dataclass(frozen=True)
class Chart:
    """A chart of the edition: its file, and what it shows, in words."""

    name: str
    alternative: str


@dataclass(frozen=True)
class Content:
    """An edition, as it is told to one reader."""

    delivery: Delivery
    edition: Edition
    words: Wording

    @cached_property
    def heading(self) -> str:
        """The first line of the plain mail: title, place and period in the reader's language."""
        lines = (line.strip() for line in self._text.splitlines())
        return next((line for line in lines if line), self.edition.id)

    @property
    def subject(self) -> str:
        """The heading, in short what a reader must know before opening it, and the first finding: as the title of the
        mail has it. One line."""
        before = {"corrects": self.words.correction, "completes": self.words.completion, "": ""}[self.follows]
        after = [self.words.late] if self.delivery.late else []
        after += [self.words.partial] if self.delivery.partial or self.edition.manifest.get("partial") else []
        heading = f"{self.heading}{''.join(after)}"
        title = " ".join(self._told.title.split())
        told = before + (title.replace(self.heading, heading, 1) if self.heading in title else heading)
        return " ".join("".join(c if c.isprintable() else " " for c in told).split())

    @cached_property
    def follows(self) -> Literal["corrects", "completes", ""]:
        """What it does to the edition that the reader received before."""
        return follows(self.delivery.corrects, self.edition) if self.delivery.corrects else ""

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What is special about this edition, a sentence each."""
        delivery, told = self.delivery, []
        manifest = self.edition.manifest  # what the pages say of themselves is not said twice
        if self.follows and manifest.get("completes") != delivery.corrects:
            said = self.words.completes if self.follows == "completes" else self.words.corrects
            told.append(said.format(edition=delivery.corrects))
        if self.follows:
            told += _changes(self.edition.folder.parents[4], delivery.corrects, self.edition.id, delivery.language)
        if delivery.late and not manifest.get("due"):
            told.append(self.words.due.format(due=self.words.instant(delivery.due)))
        if delivery.partial and not manifest.get("partial"):
            told.append(self.words.lacking.format(names=self.words.comma.join(delivery.partial)))
        return tuple(told)

    @cached_property
    def summary(self) -> str:
        return self._told.summary

    @cached_property
    def findings(self) -> tuple[str, ...]:
        """The key findings, a sentence each."""
        return tuple(self._told.findings)

    def text(self, link: str = "", *, attached: bool = True) -> str:
        """The plain mail. `link` is told above it, or, unless the edition is `attached`, where the words say that."""
        claimed = not attached and self.words.attached in self._text
        lines = [*self.remarks, *([link] if link and not claimed else [])]
        told = self._text.replace(self.words.attached, link) if claimed else self._text
        return "".join(f"{line}\n" for line in lines) + ("\n" if lines else "") + told

    def html(self, charts: Sequence[Chart], cids: Sequence[str], link: str = "", *, attached: bool = True) -> str:
        """The mail in HTML, with pictures by content id; `link` and `attached` as of `text`."""
        claimed = not attached and self.words.attached in self._html
        page = self._html.replace(self.words.attached, html.escape(link)) if claimed else self._html
        shown = "".join(
            _IMAGE.format(cid=cid, alt=html.escape(chart.alternative)) for chart, cid in zip(charts, cids, strict=True)
        )
        told = [*self.remarks, *([link] if link and not claimed else [])]
        lines = "<br>".join(html.escape(line) for line in told)
        return _with_charts(_with_banner(page, lines), shown)

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        """The charts, in the order of the pages."""
        names = [name for name in self.edition.manifest["files"] if re.fullmatch(r"charts/[\w.-]+\.png", name)]
        if not names:
            return ()
        page = self._file("briefing.html").decode()
        places = {name: page.find(f'id="chart-{Path(name).stem}"') for name in names}
        ordered = sorted(names, key=lambda name: (places[name] < 0, places[name], name))
        return tuple(Chart(name, self._alternative(name)) for name in ordered)

    def read(self, name: str) -> bytes:
        """The bytes of one of the edition's files. Raises `DeliveryError` where it is damaged."""
        return self._file(name)

    def files(self, formats: Sequence[str]) -> tuple[str, ...]:
        """The edition's files in these formats."""
        return tuple(FILES[word][0] for word in formats if FILES[word][0] in self.edition.manifest["files"])

    def file_name(self, name: str) -> str:
        """What a file of the edition is called for a reader: by its heading."""
        plain = re.sub(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+', " ", self.heading).strip(" .")[:100] or "briefing"
        return f"{plain}.{name.rpartition('.')[2]}"

    def _alternative(self, name: str) -> str:
        """What a chart shows, from the title of its drawing."""
        drawn = name.removesuffix("png") + "svg"
        if drawn not in self.edition.manifest["files"]:
            return self.heading
        picture = ElementTree.fromstring(self._file(drawn))  # noqa: S314 - drawn here, its checksum was compared
        title = picture.findtext("{*}title", "")
        return " ".join(title.split()) or self.heading

    def _file(self, name: str) -> bytes:
        try:
            return self.edition.read(name)
        except ArchiveError as error:
            raise DeliveryError(str(error)) from error

    @cached_property
    def _text(self) -> str:
        return self._file("mail.txt").decode()

    @cached_property
    def _html(self) -> str:
        return self._file("mail.html").decode()

    @cached_property
    def _told(self) -> _Told:
        told = _Told()
        told.feed(self._html)
        told.close()
        return told


def content(delivery: Delivery) -> Content:
    """The content of a delivery. Raises `DeliveryError` where its edition is gone or damaged."""
    try:
        edition = Archive(delivery.folder.parents[4]).find(delivery.edition)
    except (ArchiveError, RequestError) as error:
        raise DeliveryError(str(error)) from error
    return Content(delivery, edition, wording(delivery.language))


@lru_cache(maxsize=16)
def _changes(root: Path, before: str, after: str, language: str) -> tuple[str, ...]:
    """Which figures of the edition that it corrects were others; nothing where that one is gone. Editions never change,
    and a correction goes to many readers."""
    archive = Archive(root)
    try:
        return tuple(changes(archive.find(before), archive.find(after), wording(language)))
    except (ArchiveError, RequestError):
        return ()


def _with_charts(page: str, shown: str) -> str:
    """Charts in their place; at the end of a page that has none: that of a template of one's own."""
    if _CHARTS in page:
        return page.replace(_CHARTS, shown, 1)
    body, end, after = page.rpartition("</body>")
    return body + shown + end + after if end else page + shown


def _with_banner(page: str, lines: str) -> str:
    """What is to be said of this delivery, as the template styles it; plain, above a page that has no place for it."""
    if found := _BANNER.search(page):
        banner = found[1].replace("…", lines) + "\n" if lines else ""
        return page[: found.start()] + banner + page[found.end() :]
    body = re.search(r"<body\b[^>]*>\n?", page)
    at = body.end() if body else 0
    return page[:at] + (f"<p>{lines}</p>\n" if lines else "") + page[at:]


class _Told(HTMLParser):
    """The title, the summary (the first paragraph after the heading) and the findings (the first list) of a mail."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.summary = ""
        self.findings: list[str] = []
        self._headed = self._listed = False
        self._open: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = (
            (tag == "p" and self._headed and not self.summary and not self.findings)
            or (tag == "li" and not self._listed)
            or (tag == "title" and not self.title)
        )
        if wanted:
            self._open, self._text = tag, ""

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        self._headed = self._headed or tag == "h1"
        self._listed = self._listed or (tag in ("ul", "ol") and bool(self.findings))
        if tag != self._open:
            return
        told = " ".join(self._text.split())
        if tag == "li":
            self.findings.append(told)
        elif tag == "title":
            self.title = told
        else:
            self.summary = told
        self._open = None
