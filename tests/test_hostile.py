"""Hostile content: markup, styles, formulas, addresses, files and templates in every text that an edition may show.

One project is built once, by the commands, with a payload in each of its texts; then each finished file is read by a
program that had no part in making it, and each message that a channel would send. The register of these faults stands
in docs/reliability.md.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from lxml import etree
from lxml import html as lxml_html
from openpyxl import load_workbook

from briefings import fanout
from briefings.archive import Edition
from briefings.deliver import open_channel
from briefings.settings import load
from briefings.workspace import Workspace
from tests import samples
from tests.deliveries import NOW, delivery
from tests.odd_projects import Project, command_of, editions, rows

pytestmark = pytest.mark.slow

SCRIPT = """"'></title></style></script><script>document.body.id="hit"</script>"""
IMAGE = """"'><img src=//evil.example/x onerror=document.body.id="hit">"""
LINK = '<a href="javascript:alert(1)">[x](http://evil.example/y)</a>'
FILE = "<link rel=attachment href=file:///etc/passwd><object data=file:///etc/passwd></object>"
STYLE = "</style>red} @import url(//evil.example/z.css); *{display:none"
PLACEHOLDER = "<!-- charts -->"
FOOT = '"; } @import url(//evil.example/f)'
FORMULA = '=HYPERLINK("http://evil.example","x")'
MENTION = '<!channel> <@U1> <at user_id="all">all</at> @all *b*'

#: What of a project -> the payload behind its own words.
PAYLOADS = {
    "contact": IMAGE,
    "project title": SCRIPT,
    "project publisher": SCRIPT,
    "project disclaimer": FILE + LINK + PLACEHOLDER,
    "indicator name": IMAGE,
    "indicator short": STYLE,
    "indicator note": FILE + PLACEHOLDER,
    "place": MENTION,
    "source title": SCRIPT,
    "source publisher": LINK,
    "theme": IMAGE,
    "section": SCRIPT + STYLE,
}
COMMENTARY = f"""---
author: Li{IMAGE}
date: 2026-11-20
---
Stays grew by {{rise of stays}}. {SCRIPT}

- {FILE} {MENTION.replace("1", "X")}
"""
CHANNELS = {
    "post": {"kind": "mail", "host": "127.0.0.1", "port": 1, "sender": {"email": "b@example.org"}},
    "shelf": {"kind": "folder", "path": "data/shelf"},
    "hook": {"kind": "webhook", "url": "http://127.0.0.1:1/x", "secret": {"env": "HOOK_KEY"}},
    "news": {"kind": "feed", "path": "data/feeds", "link": "https://example.org/e"},
}


def hostile() -> Project:
    """A project whose every text is hostile: the configuration, the table, a report, a commentary, a decision."""
    project = Project()
    stays, revenue = project.indicators["stays"], project.indicators["revenue"]
    stays |= {"short": {"en": "Stays", "zh": "过夜"}, "note": {"en": "Of registered houses.", "zh": "登记在册。"}}
    stays["counter"] = {"en": f"visit{STYLE}|visits{STYLE}", "zh": f"人次{STYLE}"}
    revenue["short"] = {"en": FORMULA, "zh": FORMULA}
    project.saying(lambda what, text: text + PAYLOADS[what])
    project.project["house"] = {"footer": {"en": FOOT, "zh": FOOT}, "colours": {"accent": "#7a1f3d"}}
    for place, sign in (("hillford", FORMULA), ("lakeside", "@SUM(A1)"), ("marshby", "-cmd|' /C calc'!A0")):
        project.places[place]["name"] = {"en": f"{sign} {place}", "zh": f"{sign} 市"}
    project.source["licence"] = f"CC0 {SCRIPT}"
    project.source["url"] = "https://example.org/a?b=%22onerror%3D&c='%3E"
    head, *told = rows()
    project.rows = [[*head, "Kind"], *([*row, ""] for row in told)]
    members = ("<b onclick>hotels</b>", "+65", f"@inns{STYLE}".replace(";", ""))
    for row in (row for row in told if row[1] == "riverton"):
        project.rows += [[row[0], row[1], int(str(row[2])) // (4 + n), "", kind] for n, kind in enumerate(members)]
    project.breakdowns = {f"kind={kind}": {"en": kind, "zh": f"类别{kind}"} for kind in members}
    project.source["breakdown"] = {"column": "Kind", "dimension": "kind", "names": {"": "total"}}
    project.theme["sections"].append(
        {"title": {"en": "By kind", "zh": "分类"}, "show": {"stays": "level"}, "split": "kind"}
    )
    project.more = {
        "config/commentary/stays/riverton/2026-10.en.md": COMMENTARY,
        "config/recipients.yaml": {
            "channels": CHANNELS,
            "owner": "desk",
            "recipients": {
                "desk": {
                    "name": f"Li{IMAGE}{MENTION}",
                    "email": "desk@example.org",
                    "languages": ["en", "zh"],
                    "by": list(CHANNELS),
                    "formats": ["pdf", "html", "docx", "csv", "xlsx"],
                    "receives": [{"themes": "all", "places": "all"}],
                }
            },
        },
    }
    return project


@dataclass(frozen=True)
class Built:
    root: Path
    editions: list[Edition]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("hostile")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOOK_KEY", "k")
        made = hostile().build(root)
    assert [edition.key.language for edition in made] == ["en", "zh"]
    return Built(root, made)


@pytest.fixture(params=("en", "zh"))
def edition(request: pytest.FixtureRequest, built: Built) -> Edition:
    return next(edition for edition in built.editions if edition.key.language == request.param)


def read(edition: Edition, name: str) -> str:
    return (edition.folder / name).read_text("utf-8")


def names(edition: Edition) -> list[str]:
    """Every file of an edition."""
    return sorted(path.relative_to(edition.folder).as_posix() for path in edition.folder.rglob("*") if path.is_file())


# F41, F44: markup is text

PAGES = ("briefing.html", "mail.html")
#: What the templates hold, pictures included; `a` and `img` are looked at apart.
_TAGS = """
html head meta title style body header main footer nav section figure figcaption div span p h1 h2 h3 h4 ul ol
li dl dt dd b strong em small code sup abbr a br table thead tbody tr th td svg g path rect circle text tspan
line desc defs clippath script template button details summary input label output time hr use symbol
"""
TAGS = set(_TAGS.split())


def tree(text: str) -> Any:
    return lxml_html.document_fromstring(text)


@pytest.mark.parametrize("name", PAGES)
def test_markup_in_any_text_is_text(edition: Edition, name: str) -> None:
    page = tree(read(edition, name))
    elements = [element for element in page.iter() if isinstance(element.tag, str)]
    assert {element.tag for element in elements} <= TAGS
    assert [key for element in elements for key in element.attrib if key.startswith("on")] == []
    assert page.xpath("//*[@id='hit']") == []
    assert len(page.xpath("//title[not(ancestor::svg)]")) == 1
    assert len(page.xpath("//style")) == (name == "briefing.html")
    said = " ".join(page.xpath("string(//body)").split())
    for payload in (SCRIPT, IMAGE, LINK, FILE, STYLE, PLACEHOLDER):
        assert payload in said or name == "mail.html", payload
    assert "".join(page.xpath("//title[not(ancestor::svg)]/text()")).count(IMAGE) == 1


def test_the_page_runs_its_own_script_and_no_other(edition: Edition) -> None:
    """F44: nothing in a chart's data or title ends a script, and the policy allows ours alone, by its hash."""
    page = tree(read(edition, "briefing.html"))
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    scripts = page.xpath("//script[not(@type)]")
    data = page.xpath("//script[@type]")
    hashes = [base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode() for script in scripts]
    assert [f"'sha256-{each}'" in policy for each in hashes] == [True] * len(scripts)
    assert "unsafe-eval" not in policy
    assert re.search("script-src[^;]*unsafe-inline", policy) is None
    assert "default-src 'none'" in policy
    assert len(scripts) <= 1
    assert [script for script in scripts if "evil.example" in script.text] == []
    assert {script.get("type") for script in data} <= {"application/json"}
    for script in data:
        json.loads(script.text)


def test_a_browser_runs_nothing_and_asks_for_nothing(edition: Edition, tmp_path: Path) -> None:
    """F41, F45: a real browser, with a log of every request."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here")
    for name in PAGES:
        log = tmp_path / f"{name}.json"
        told = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/browser"]
        told += ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
        told += [f"--log-net-log={log}", "--virtual-time-budget=3000", "--dump-dom"]
        done = subprocess.run([*told, (edition.folder / name).as_uri()], capture_output=True, timeout=120, check=False)
        page = tree(done.stdout.decode())
        assert page.xpath("//body/@id") == []
        assert "evil.example" in page.xpath("string(//body)")
        written = log.read_text("utf-8")
        assert "briefing.html" in written or "mail.html" in written
        assert re.findall(r'"(?:https?:)?//evil\.example[^"]*"', written) == []


def test_a_plain_mail_and_a_picture_hold_it_as_text(edition: Edition) -> None:
    assert IMAGE in " ".join(read(edition, "mail.txt").split())
    pictures = [name for name in names(edition) if name.endswith(".svg")]
    assert pictures
    for name in pictures:
        found = {element.tag.rpartition("}")[2] for element in ET.fromstring(read(edition, name)).iter()}
        assert found <= {
            "svg",
            "g",
            "path",
            "rect",
            "circle",
            "line",
            "text",
            "tspan",
            "title",
            "desc",
            "defs",
            "clipPath",
        }


# F42, F45: links and addresses


def test_links_lead_into_the_page_to_the_desk_or_to_a_source(edition: Edition) -> None:
    for name in PAGES:
        addresses = set(tree(read(edition, name)).xpath("//@href"))
        outside = {address for address in addresses if not address.startswith("#")}
        assert outside <= {"mailto:desk@example.org", "https://example.org/a?b=%22onerror%3D&c='%3E"}
    with pikepdf.open(edition.folder / "briefing.pdf") as pdf:
        actions = [
            str(note.A.get("/URI", note.A.S))
            for page in pdf.pages
            for note in page.get("/Annots", [])  # type: ignore[union-attr]
            if "/A" in note
        ]
        assert {action for action in actions if action != "/GoTo"} <= {
            "mailto:desk@example.org",
            "https://example.org/a?b=%22onerror%3D&c='%3E",
            "https://example.org/a?b=%22onerror%3D&c=%27%3E",
        }


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,<b>x</b>", "file:///etc/passwd", "//evil.example"]
)
def test_an_address_of_another_kind_is_a_mistake_of_the_file(
    address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project()
    project.source["url"] = address
    assert command_of(project.write(tmp_path), "check") == 2
    said = capsys.readouterr().err
    assert re.search(rf"config/sources.yaml:\d+:\d+: sources.tourism.url: '{re.escape(address)}' is no address", said)


def test_no_file_loads_anything(edition: Edition) -> None:
    """F45: every attribute and every style that could fetch."""
    for name in PAGES:
        page = tree(read(edition, name))
        assert (
            page.xpath("//link | //base | //iframe | //object | //embed | //form | //meta[@http-equiv='refresh']") == []
        )
        for source in page.xpath("//@src | //@srcset | //@background | //@poster | //@action | //@data"):
            assert source.startswith("data:")
        styles = [*page.xpath("//style/text()"), *page.xpath("//@style")]
        assert [style for style in styles if re.search(r"@import|url\((?!['\"]?(data:|#))", style)] == []
    for name in (name for name in names(edition) if name.endswith(".svg")):
        for element in ET.fromstring(read(edition, name)).iter():
            for key, value in element.attrib.items():
                assert not key.endswith("href")
                assert not re.search(r"url\((?!#)", value)
            assert not element.tag.endswith("style")


# F43: styles


@pytest.mark.parametrize("unit", ["red} @import url(x)", "CNY</style>", "percent; color: red"])
def test_a_unit_is_one_that_is_known(unit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = Project()
    project.indicators["revenue"]["unit"] = unit
    assert command_of(project.write(tmp_path), "check") == 2
    assert "indicators.revenue.unit: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("house", "said"),
    [
        (
            {"colours": {"accent": "#7a1f3d} @import url(x)"}},
            "house.colours.accent: '#7a1f3d} @import url(x)' is no colour",
        ),
        ({"colours": {"accent": "red"}}, "house.colours.accent: 'red' is no colour"),
        ({"fonts": {"text": {"en": 'x"; } @import url(x)'}}}, "house.fonts.text.en: "),
        ({"logo": "/etc/passwd"}, "house.logo: '/etc/passwd' does not lie in the project"),
        ({"logo": "brand/zero.svg"}, "house.logo: 'brand/zero.svg' leads out of the project"),
        ({"logo": "brand/pipe.svg"}, "house.logo: 'brand/pipe.svg' is a pipe, no file; name a file"),
        ({"logo": "brand/sparse.svg"}, "house.logo: 'brand/sparse.svg' has 5,368.7 MB; at most 2 MB are allowed"),
        ({"series": {"number": "yearly", "form": {"en": "{number.__class__}"}}}, "house.series.form.en: "),
    ],
)
def test_the_style_of_a_house_is_what_it_may_be(
    house: dict[str, Any], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """F43, F47: colours, fonts, logos and forms of numbers, each by a pattern, a size and a kind of file."""
    project = Project()
    project.project["house"] = house
    root = project.write(tmp_path)
    for name in ("zero", "pipe", "sparse"):
        unreadable(root, f"brand/{name}.svg")
    assert command_of(root, "check") == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("blank", ["{place.__class__}", "{place:>999999999}", "{0}", "{nothing}"])
def test_a_blank_in_a_title_is_a_place_alone(blank: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = Project()
    project.theme["title"] = {"en": f"Briefing {blank}"}
    assert command_of(project.write(tmp_path), "check") == 2
    assert f"'{blank}' stands for nothing in a title; {{place}} alone may stand" in capsys.readouterr().err


def test_a_label_ends_no_style_and_begins_none(edition: Edition) -> None:
    """F43: labels, counters and names that would end the style sheet or a declaration."""
    page = tree(read(edition, "briefing.html"))
    (style,) = page.xpath("//style/text()")
    assert "evil.example" not in style
    for name in PAGES:
        assert [style for style in tree(read(edition, name)).xpath("//@style") if "evil" in style] == []
    for name in (name for name in names(edition) if name.endswith(".svg")):
        values = [value for element in ET.fromstring(read(edition, name)).iter() for value in element.attrib.values()]
        assert [value for value in values if "evil.example" in value and "<" not in value] == []


# F46: what a PDF holds


def test_a_pdf_attaches_our_files_alone_and_shows_the_text(edition: Edition) -> None:
    with pikepdf.open(edition.folder / "briefing.pdf") as pdf:
        assert set(pdf.attachments) == {"data.csv", "figures.json"}
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        assert "/OpenAction" not in pdf.Root
        held = b"".join(
            bytes(each.read_bytes()) for each in pdf.objects if isinstance(each, pikepdf.Stream) and "/JS" not in each
        )
        assert b"root:x:" not in held
        assert str(pdf.docinfo.Title).count(IMAGE) == 1
    said = subprocess.run(["pdftotext", edition.folder / "briefing.pdf", "-"], capture_output=True, check=True).stdout
    assert "<link rel=attachment href=file:///etc/passwd>" in " ".join(said.decode().split()).replace("/ ", "/")


@pytest.mark.parametrize(
    "markup",
    [
        "<link rel=attachment href=file:///etc/passwd>",
        "<a rel=attachment href=file:///etc/passwd>x</a>",
        "<img src=file:///etc/passwd>",
        "<img src=http://127.0.0.1:9/x>",
        "<object data=file:///etc/passwd></object>",
        "<style>@font-face{font-family:x;src:url(file:///etc/passwd)} p{font-family:x}</style>",
        "<style>@import url(http://127.0.0.1:9/x)</style>",
        "<link rel=stylesheet href=http://127.0.0.1:9/x>",
        "<svg width='9' height='9'><image href='file:///etc/passwd' width='9' height='9'/></svg>",
        "<p style='background:url(file:///etc/passwd)'>x</p>",
    ],
)
def test_a_page_that_asks_for_a_file_gets_none(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """F46: the fetcher denies; nothing is opened. Were a template to let markup through, no file would get out."""
    from weasyprint.urls import URLFetcher

    from briefings.errors import RenderError
    from briefings.render import pdf

    fetched: list[str] = []
    monkeypatch.setattr(URLFetcher, "fetch", lambda _self, url, _headers=None: fetched.append(url))
    page = f'<html lang="en"><title>x</title><h1>x</h1><p>x</p>{markup}</html>'
    payload = samples.page_to_set(page)
    with pytest.raises(RenderError, match=r"only data: addresses|Failed to render"):
        pdf.write(payload)
    assert fetched == []


# F48: formulas, and what Word reads


def test_a_workbook_holds_no_formula(edition: Edition) -> None:
    book = load_workbook(edition.folder / "data.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert [text for text in texts if text[:1] in tuple("=+-@\t\r")] == []
    assert any(text.startswith("'=HYPERLINK") for text in texts)
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []
    with zipfile.ZipFile(edition.folder / "data.xlsx") as parts:
        assert [name for name in parts.namelist() if "external" in name.lower() or "vba" in name.lower()] == []


def test_a_csv_holds_no_formula(edition: Edition) -> None:
    cells = [cell for row in csv.reader(io.StringIO(read(edition, "data.csv").removeprefix("\ufeff"))) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    risky = [cell for cell in cells if cell[:1] and cell[0] in "=+-@\t\r"]
    assert [cell for cell in risky if not re.fullmatch(r"-?[0-9.]+(e[+-]?[0-9]+)?", cell)] == []


def test_a_word_document_holds_no_field_of_the_data(edition: Edition) -> None:
    with zipfile.ZipFile(edition.folder / "briefing.docx") as parts:
        written = {name: parts.read(name) for name in parts.namelist()}
    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for name, content in written.items():
        if not name.endswith((".xml", ".rels")):
            continue
        root = etree.fromstring(content)
        fields = [element.text or "" for element in root.iter(f"{word}instrText")]
        fields += [element.get(f"{word}instr") for element in root.iter(f"{word}fldSimple")]
        assert [field for field in fields if not re.match(r"\s*(PAGE|NUMPAGES|TOC|SEQ|REF)\b", field)] == [], name
        targets = [e.get("Target") for e in root.iter() if e.get("TargetMode") == "External"]
        assert set(targets) <= {"mailto:desk@example.org", "https://example.org/a?b=%22onerror%3D&c='%3E"}
    said = "".join(etree.fromstring(written["word/document.xml"]).itertext())
    for payload in (SCRIPT, IMAGE, FILE, STYLE):
        assert payload in said


# Messages


def frozen(built: Built, edition: Edition, channel: str, environ: dict[str, str] | None = None) -> bytes:
    settings = load(Workspace.find(built.root))
    environ = {"HOOK_KEY": "k", **(environ or {})}
    with closing(open_channel(settings, channel, environ, now=lambda: NOW)) as opened:
        return opened.freeze(delivery(edition, "desk", channel))


def test_a_mail_has_the_headers_that_it_should_have(built: Built, edition: Edition) -> None:
    from email import message_from_bytes, policy

    message = message_from_bytes(frozen(built, edition, "post"), policy=policy.default)
    assert message["To"].addresses[0].addr_spec == "desk@example.org"
    assert len(message["To"].addresses) == len(message["From"].addresses) == 1
    assert {key.lower() for key in message} == {
        *("message-id", "date", "to", "list-unsubscribe", "from", "reply-to", "subject", "auto-submitted", "list-id"),
        *("mime-version", "content-type", "content-language"),
    }
    page = message.get_body(("html",))
    assert page is not None
    root = tree(page.get_content())
    assert root.xpath("//script | //*[@id='hit'] | //object | //link") == []
    assert {source.partition(":")[0] for source in root.xpath("//img/@src")} <= {"cid"}
    files = [part.get_filename() for part in message.iter_attachments()]
    assert [name for name in files if re.search(r'[\\/<>:"|?*\x00-\x1f]', name or "")] == []


def test_a_feed_and_a_webhook_hold_it_as_text(built: Built, edition: Edition) -> None:
    told = json.loads(frozen(built, edition, "hook"))
    assert IMAGE in json.dumps(told, ensure_ascii=False).replace('\\"', '"')
    settings = load(Workspace.find(built.root))
    with closing(open_channel(settings, "news", {"HOOK_KEY": "k"}, now=lambda: NOW)) as channel:
        from dataclasses import replace

        what = delivery(edition, "desk", "news")
        channel.send(replace(what, payload=channel.freeze(what)), lambda: None)
    feeds = list((built.root / "data/feeds").rglob("*.xml"))
    assert feeds
    for path in feeds:
        root = etree.fromstring(path.read_bytes())
        assert {etree.QName(element).namespace for element in root.iter()} == {"http://www.w3.org/2005/Atom"}
        assert root.xpath("//*[local-name()='content'][@type='xhtml']") == []
        for content in root.xpath("//*[local-name()='content'][@type='html']"):
            assert tree(content.text).xpath("//script | //img | //*[@id='hit']") == []


def test_no_file_of_an_edition_is_named_by_its_texts(edition: Edition) -> None:
    assert [name for name in names(edition) if not re.fullmatch(r"[a-z0-9_./-]+", name)] == []


# F47: files that are none


def unreadable(folder: Path, name: str) -> None:
    """A device, a pipe that nobody writes to, and 5 GB of nothing, each where a table should be."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    if path.stem == "zero":
        path.symlink_to("/dev/zero")
    elif path.stem == "pipe":
        os.mkfifo(path)
    else:
        with path.open("wb") as file:
            file.truncate(5 * 2**30)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("zero.csv", "not a regular file; a source is a file of at most 1 GB"),
        ("pipe.csv", "not a regular file; a source is a file of at most 1 GB"),
        ("sparse.csv", "5.0 GB is more than 1 GB"),
    ],
)
def test_a_source_that_is_no_file_is_refused_at_once_and_costs_the_others_nothing(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project()
    root = project.write(tmp_path)
    sources = {"tourism": project.source, "odd": project.source | {"path": f"data/inputs/{name}"}}
    (root / "config/sources.yaml").write_text(json.dumps({"sources": sources}), encoding="utf-8")
    unreadable(root, f"data/inputs/{name}")
    began = time.monotonic()
    assert command_of(root, "ingest") == 1
    assert time.monotonic() - began < 60
    told = capsys.readouterr().err
    assert f"data/inputs/{name}: {said}" in told
    assert "tourism: 272 new" in told


@pytest.mark.parametrize("path", ["/dev/zero", "../secret.csv", "~/x.csv", "data/../../x.csv"])
def test_a_path_out_of_the_project_is_a_mistake_of_the_file(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = Project()
    project.source["path"] = path
    assert command_of(project.write(tmp_path), "check") == 2
    assert "sources.tourism.path: " in capsys.readouterr().err


# F49 to F51: templates of a project


def two_themes(root: Path) -> Path:
    """A project of two themes, in English alone."""
    project = Project()
    project.project["languages"] = ["en"]
    project.more = {"config/themes/other.yaml": project.theme | {"theme": "other"}}
    project.write(root)
    assert command_of(root, "ingest") == 0
    return root


@pytest.mark.parametrize(
    ("name", "template", "said"),
    [
        ("mail.txt", "x\n{% if %}", "template mail.txt, line 2: Expected an expression"),
        ("mail.txt", "{{ nothing }}", "template mail.txt, line 1: 'nothing' is undefined"),
        ("briefing.html", "\n\n{% include 'gone.html' %}", "template briefing.html, line 3: 'gone.html' not found"),
        ("mail.txt", "{{ ''.__class__ }}", "template mail.txt, line 1: access to attribute '__class__'"),
        ("mail.txt", "{{ lang.__init__.__globals__ }}", "template mail.txt, line 1: access to attribute '__init__'"),
        (
            "mail.txt",
            "{{ findings.to_csv('x') }}",
            "template mail.txt, line 1: 'list object' has no attribute 'to_csv'",
        ),
    ],
)
def test_a_faulty_template_of_a_project_is_named_with_its_line(
    name: str, template: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """F49, F50: the edition has failed, with file and line; no file is written."""
    root = two_themes(tmp_path)
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / name).write_text(template, encoding="utf-8")
    before = {path for path in root.rglob("*") if "data/" not in path.as_posix()}
    assert command_of(root, "build") == 1
    assert capsys.readouterr().err.count(said) == 2
    assert editions(root) == []
    assert {path for path in root.rglob("*") if "data/" not in path.as_posix()} == before


ENDLESS = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
HUGE = "{{ ('a' * 10**9 ~ 'b') | length }}{{ 'a' * (4 * 10**9) }}"


@pytest.mark.parametrize("template", [ENDLESS, HUGE], ids=["endless", "huge"])
def test_a_template_without_an_end_or_measure_is_stopped_and_the_rest_goes_on(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """F51: killed at the deadline, or at the limit of memory; the other theme is built."""
    root = two_themes(tmp_path)
    other = json.loads((root / "config/themes/other.yaml").read_text("utf-8"))
    (root / "config/themes/other.yaml").write_text(json.dumps(other | {"title": "Other"}), encoding="utf-8")
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates/mail.txt").write_text(
        "{% if 'Other' in heading %}" + template + "{% endif %}" + own_mail(), encoding="utf-8"
    )
    monkeypatch.setattr(fanout, "DEADLINE_SECONDS", 30.0)
    monkeypatch.setattr(fanout, "MEMORY_BYTES", 2**30)
    assert command_of(root, "build", "--jobs", "1") == 1
    told = capsys.readouterr().err
    assert [edition.key.theme for edition in editions(root)] == ["stays"]
    assert re.search(r"worker process (passed its deadline|ran out of memory)", told)


def own_mail() -> str:
    return (Path(__file__).parents[1] / "templates/mail.txt").read_text("utf-8")


# F58: secrets


def test_no_command_tells_a_secret_however_loud_it_is(tmp_path: Path) -> None:
    """F58: a canary in the environment, every command at its loudest; no output, file or property of a PDF holds it."""
    canary = "canary-77aa10"
    project = Project()
    project.project["languages"] = ["en"]
    project.more = {
        "config/recipients.yaml": {
            "channels": {
                "hook": {"kind": "webhook", "url": "http://127.0.0.1:1/x", "secret": {"env": "KEY"}},
                "post": {
                    **{"kind": "mail", "host": "127.0.0.1", "port": 1, "user": "me", "password": {"env": "KEY"}},
                    "sender": {"email": "b@example.org"},
                },
                "room": {"kind": "chat", "service": {"env": "ROOM"}},
                "shelf": {"kind": "folder", "path": "data/shelf"},
            },
            "owner": "desk",
            "recipients": {
                "desk": {
                    **{"name": "Desk", "email": "d@example.org", "languages": ["en"]},
                    **{"by": ["hook", "post", "room", "shelf"], "receives": [{"themes": "all", "places": "all"}]},
                }
            },
        }
    }
    project.theme["schedule"] = {"release": "20th", "at": "08:30"}
    root = project.write(tmp_path / "project")
    environ = {**os.environ, "KEY": canary, "ROOM": f"json://127.0.0.1:1/{canary}"}
    edition = "stays/riverton/2026-10/en/r1"
    commands = [
        *(["check"], ["ingest"], ["build"], ["doctor"], ["doctor", "--send"], ["due"], ["run", "--once", "--adopt"]),
        *(["editions", "list"], ["editions", "show", edition], ["editions", "verify", edition], ["lint", edition]),
        *(["data", "list"], ["send", edition], ["send", edition, "--dry-run"], ["schema", "recipients"]),
        *(["extract", "data/inputs/stays.csv"], ["review", "tourism"], ["preview", "gone"], ["build", "gone"]),
    ]
    program = [sys.executable, "-c", "from briefings.cli import main; main()", "--project", str(root), "--now", AT]
    loud = [*program, "-v", "-v"]
    told = b""
    for words in commands:
        done = subprocess.run([*loud, *words], env=environ, capture_output=True, check=False, timeout=300)
        assert canary.encode() not in done.stdout + done.stderr, words
        told += done.stdout + done.stderr
    assert b"briefing.pdf" in told
    files = [path for path in root.rglob("*") if path.is_file()]
    assert [path for path in files if canary.encode() in path.read_bytes()] == []
    with pikepdf.open(root / "data/editions" / edition / "briefing.pdf") as pdf:
        assert canary not in str(dict(pdf.docinfo))
        assert [name for name, each in pdf.attachments.items() if canary.encode() in each.get_file().read_bytes()] == []


AT = "2026-11-21T08:00+08:00"
