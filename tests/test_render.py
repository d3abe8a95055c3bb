"""Render: the pages, the PDF, the mail; what may stand in them and what may not."""

from __future__ import annotations

import base64
import hashlib
import html as markup
import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, meta
from markupsafe import escape

from briefings.briefing import Briefing, Row
from briefings.columns import columns
from briefings.errors import RenderError, WorkerError
from briefings.fonts import FontSet, ensure_fonts, fontconfig_file
from briefings.narrative import Narrative, Run
from briefings.render import Rendered, Stamp, contexts, html, render
from briefings.render.contexts import BriefingPage, MailBody, plain
from briefings.render.drawings import Drawing
from briefings.render.figures import Register
from briefings.render.locators import ranges, split
from briefings.render.mail import mail_body, wrap
from briefings.render.notes import Notes, link
from briefings.render.page import briefing_page, marks
from briefings.render.pieces import set_line, set_text
from briefings.render.styles import screen_style
from briefings.workers import Workers
from tests import account_tables, samples

STAMP = Stamp("markets/china/2025-12/en/r1", 1, "ab12cd34ef567890ab12")
TEMPLATES = (samples.TEMPLATES,)


@pytest.fixture(scope="module")
def fonts() -> FontSet:
    return ensure_fonts()


@pytest.fixture(scope="module")
def workers(fonts: FontSet) -> Iterator[Workers]:
    with Workers(1, environment={"FONTCONFIG_FILE": str(fontconfig_file(fonts))}) as children:
        yield children


@pytest.fixture(scope="module", params=["en", "zh"])
def edition(request: pytest.FixtureRequest, workers: Workers, fonts: FontSet) -> tuple[str, Rendered]:
    language: str = request.param
    return language, made(language, workers, fonts)


def made(language: str, workers: Workers, fonts: FontSet, **changes: Any) -> Rendered:
    fields = {"briefing": samples.briefing(), "narrative": samples.narrative(language), "templates": TEMPLATES}
    fields |= changes
    return render(fields.pop("briefing"), language, stamp=STAMP, workers=workers, fonts=fonts, **fields)


def page_of(narrative: Narrative, medium: Any = "screen", **changes: Any) -> tuple[BriefingPage, Register]:
    """A page without drawing: every chart an empty picture."""
    briefing = samples.briefing(**changes)
    register = Register(briefing)
    drawing = Drawing("<svg></svg>", "<svg></svg>", b"", b"", (644, 280), ())
    drawings = {chart.id: drawing for section in briefing.sections for chart in section.charts}
    page = briefing_page(briefing, narrative, register, drawings, STAMP, medium=medium, style="")
    return page, register


def filled(page: BriefingPage, *folders: Path) -> dict[str, str]:
    mail = plain(mail_body(page), [])
    pages = {"page": ("briefing.html", plain(page, [])), "mail": ("mail.html", mail), "text": ("mail.txt", mail)}
    return html.fill({"folders": [str(folder) for folder in (*folders, *TEMPLATES)], "pages": pages})


def text_of(page: str) -> str:
    return markup.unescape(re.sub(r"<(style|script).*?</\1>|<[^>]*>", "", page, flags=re.DOTALL))


# The edition


def test_all_files_of_an_edition_are_made(edition: tuple[str, Rendered]) -> None:
    names = set(edition[1].files)
    charts = {f"charts/{name}.{suffix}" for name in ("yuan", "peers", "moves") for suffix in ("svg", "png")}
    pages = {"briefing.html", "briefing.pdf", "mail.html", "mail.txt", "briefing.json", "figures.json"}
    assert names == charts | pages | {"data.csv", "data.xlsx", "briefing.docx"}


def test_another_process_gives_the_same_bytes(edition: tuple[str, Rendered], fonts: FontSet) -> None:
    language, first = edition
    environment = {"FONTCONFIG_FILE": str(fontconfig_file(fonts)), "PYTHONHASHSEED": "7", "TZ": "Pacific/Apia"}
    with Workers(1, environment=environment) as children:
        second = made(language, children, fonts)
    assert [name for name in first.files if first.files[name] != second.files[name]] == []


def test_the_html_fetches_nothing(edition: tuple[str, Rendered]) -> None:
    page = edition[1].files["briefing.html"].decode()
    (script,) = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    without_script = page.replace(script, "")
    assert not re.search(r"fetch\(|XMLHttpRequest|import|WebSocket|eval|https?:(?!//www.w3.org/2000/svg)", script)
    assert not re.search(r"@import|url\(|<link|<iframe|<object|<img|\ssrc=", without_script)
    assert "default-src 'none'" in markup.unescape(without_script)
    assert f"script-src 'sha256-{digest}'" in markup.unescape(without_script)


def test_title_and_heading_name_subject_place_and_period(edition: tuple[str, Rendered]) -> None:
    language, rendered = edition
    page = rendered.files["briefing.html"].decode()
    wanted = {"en": ("Markets briefing", "China", "December 2025"), "zh": ("市场简报", "中国", "2025年12月")}[language]
    (heading,) = re.findall(r"<h1.*?</h1>", page, flags=re.DOTALL)
    (title,) = re.findall(r"<title>(.*?)</title>", page)[:1]
    assert all(part in text_of(heading) and part in title for part in wanted)
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in page


def test_every_number_leads_to_its_entry(edition: tuple[str, Rendered]) -> None:
    page = edition[1].files["briefing.html"].decode()
    targets = re.findall(r'href="#(n-[^"]+)"', page)
    assert targets
    assert set(targets) <= set(re.findall(r'id="(n-[^"]+)"', page))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_figures_json_holds_every_figure_with_what_was_printed(edition: tuple[str, Rendered]) -> None:
    language, rendered = edition
    rows = {row["id"]: row for row in json.loads(rendered.files["figures.json"])}
    assert set(rows) == set(samples.briefing().figures)
    assert sum(bool(row["printed"]) for row in rows.values()) == rendered.figures_printed
    level = rows["level_china_12"]
    where = {entry["where"]: entry["text"] for entry in level["printed"]}
    assert where["finding/1"] == {"en": "CNY 7.05 per US dollar", "zh": "7.05元/美元"}[language]
    assert where["table/summary/row/1/column/1"] == "7.05"
    given = level["inputs"][0]
    assert given["publisher"] == {"en": "Federal Reserve", "zh": "美联储"}[language]
    assert (given["locator"], given["quote"]) == ("row=13,column=Exchange rate", "7.05")
    assert rows["level_china_2"]["printed"] == []


def test_whatever_is_said_to_be_printed_stands_in_the_page(edition: tuple[str, Rendered]) -> None:
    page = text_of(edition[1].files["briefing.html"].decode())
    for row in json.loads(edition[1].files["figures.json"]):
        assert all(entry["text"] in page for entry in row["printed"])


def test_the_pdf_is_tagged_titled_paged_and_carries_the_data(edition: tuple[str, Rendered]) -> None:
    language, rendered = edition
    pdf = pypdf.PdfReader(BytesIO(rendered.files["briefing.pdf"]))
    root: Any = pdf.trailer["/Root"]
    assert len(pdf.pages) == rendered.pages
    assert root["/Lang"] == {"en": "en", "zh": "zh-CN"}[language]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert "2025" in str(pdf.metadata.title)
    assert pdf.metadata.creation_date is None
    assert pdf.attachments["data.csv"] == [rendered.files["data.csv"]]
    assert pdf.attachments["figures.json"] == [rendered.files["figures.json"]]
    words = samples.furniture(language)
    for number, page in enumerate(pdf.pages, start=1):
        foot = words["page of pages"].format(page=number, pages=rendered.pages)
        assert foot.replace(" ", "") in page.extract_text().replace(" ", "")
    marks = [str(mark["/Title"]) for mark in _flat(pdf.outline)]
    assert marks[0] == samples_heading(language)
    assert [words["findings"], words["sources and figures"]] == [marks[1], marks[-1]]


def samples_heading(language: str) -> str:
    return {"en": "Markets briefing: China, December 2025", "zh": "中国市场简报（2025年12月）"}[language]


def _flat(outline: Any) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def test_pictures_in_the_pdf_are_drawn_not_photographed(edition: tuple[str, Rendered]) -> None:
    pdf = pypdf.PdfReader(BytesIO(edition[1].files["briefing.pdf"]))
    assert [image.name for page in pdf.pages for image in page.images] == []


def test_pages_are_a4_in_the_fonts_of_the_house_alone(edition: tuple[str, Rendered]) -> None:
    pdf = pypdf.PdfReader(BytesIO(edition[1].files["briefing.pdf"]))
    used = set()
    for page in pdf.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
        fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]
        used |= {str(fonts[name]["/BaseFont"]) for name in fonts}
    assert {re.sub(r"^/[A-Z]{6}\+(Noto-Sans(-SC)?)(-Bold)?$", "house", name) for name in used} == {"house"}


def test_no_line_holds_but_one_word_because_a_number_follows() -> None:
    """WeasyPrint breaks after the first word of a text whose trailing space alone does not fit."""
    from weasyprint import HTML

    line = set_line((Run("At the end of 2025, loans to small firms stood at "), Run("CNY 9.13 billion", "f")), "en")
    assert "".join(piece.text for piece in line) == "At the end of 2025, loans to small firms stood at CNY 9.13 billion"
    text = "".join(f"<span>{piece.text}</span>" if piece.tag else piece.text for piece in line[:-1])
    style = "@page { size: 600px; margin: 0 } body { margin: 0 } a { white-space: nowrap } p { font: 16px monospace; "
    for width in range(440, 520, 3):
        page = f"<style>{style} width: {width}px }}</style><p>{text}<a>CNY 9.13 billion</a></p>"
        drawn = HTML(string=page).render().pages[0]._page_box
        lines = [box for box in drawn.descendants() if type(box).__name__ == "LineBox"]
        assert len(lines) == 2, width


def test_lines_break_as_chinese_wants_it(workers: Workers) -> None:
    numbers = "、".join(f'<a class="n" href="#x">{n}.{n}亿元</a>' for n in range(3, 60))
    runs = "".join(
        f'其中，<span class="k">第{n}位</span>增长<a class="n">{n}.5%</a>（上年<span class="k">{n}个百分点</span>）；'
        for n in range(60)
    )
    style = (samples.TEMPLATES / "print.css").read_text(encoding="utf-8")
    page = f'<!DOCTYPE html><html lang="zh-CN"><title>t</title><style>{style}</style><p id="x">{numbers}。</p><p>{runs}'
    payload = samples.page_to_set(page)
    pdf = pypdf.PdfReader(BytesIO(workers.call("briefings.render.pdf:write", payload)["pdf"]))
    lines = [line for page in pdf.pages for line in page.extract_text().splitlines() if line.strip()]
    assert len(lines) > 30
    assert [line for line in lines if line[0] in "，。；：、）”%亿元个百分点位" or line[-1] in "（“《第"] == []


def test_nothing_is_left_unfilled(edition: tuple[str, Rendered]) -> None:
    for name in ("briefing.html", "mail.html", "mail.txt"):
        text = text_of(edition[1].files[name].decode())
        assert not re.search(r"\bnan\b|\bNone\b|\bundefined\b|\{\{|\{[a-z]+\}|builtin", text)


def test_a_bare_briefing_is_a_short_edition(workers: Workers, fonts: FontSet) -> None:
    bare = samples.briefing(summary=None, sections=(), headline=samples.briefing().headline[:1])
    done = made("zh", workers, fonts, briefing=bare, narrative=samples.narrative("zh", notes=()))
    page = done.files["briefing.html"].decode()
    assert done.pages == 1
    assert "<table" not in page
    assert samples.furniture("zh")["notes"] not in text_of(page)
    assert "7.05元/美元" in done.files["mail.txt"].decode()


def test_contents_are_set_above_three_pages_alone(workers: Workers, fonts: FontSet) -> None:
    whole = samples.briefing()
    short = made("en", workers, fonts, briefing=whole.model_copy(update={"sections": whole.sections[:1]}))
    for rendered, wanted in ((short, False), (made("en", workers, fonts), True)):
        first = pypdf.PdfReader(BytesIO(rendered.files["briefing.pdf"])).pages[0].extract_text()
        assert (rendered.pages > 3) is wanted
        assert ("Contents" in first) is wanted


# The mail


@pytest.mark.parametrize("language", ["en", "zh"])
def test_accounts_stand_in_page_and_mail_with_their_periods_and_below_one_another(language: str) -> None:
    briefing = account_tables.briefing()
    narrative = samples.narrative(language, sentences={}, charts={}, summary=(), notes=(), tables={})
    register = Register(briefing)
    page = briefing_page(briefing, narrative, register, {}, STAMP, medium="screen", style="")
    texts = filled(page)
    assert texts["page"].count('<figure class="table accounts') == 2
    assert texts["page"].count(" data-mixed>") == 2
    assert texts["page"].count(' sub"') == sum(not row.main for row in _rows_of(briefing))
    assert f'<td class="when">{ {"en": "2021, target", "zh": "2021年（目标）"}[language] }</td>' in texts["page"]
    assert {text for figure in register for text, _ in register.printed(figure)} >= {
        *({"en": ["≥120 projects", "15.6 percentage points"], "zh": ["≥120个", "15.6个百分点"]}[language]),
    }
    lines = texts["text"].splitlines()
    assert max(columns(line) for line in lines) <= 80
    table = [line for line in lines if re.search(r"19\.2%$|67\.18% e$", line)]
    assert [line.startswith("  ") for line in table] == [True, False]


def _rows_of(briefing: Briefing) -> list[Row]:
    tables = [briefing.summary, *(table for section in briefing.sections for table in section.tables)]
    return [row for table in tables if table for row in table.rows]


def test_long_tables_of_accounts_repeat_their_heads_on_every_page(workers: Workers, fonts: FontSet) -> None:
    narrative = samples.narrative("en", sentences={}, charts={}, summary=(), notes=(), tables={})
    long = account_tables.briefing(repeated=10).model_copy(update={"summary": None})
    rendered = made("en", workers, fonts, briefing=long, narrative=narrative)
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(rendered.files["briefing.pdf"])).pages]
    of_accounts = [page for page in pages if "Beds in homes for the elderly" in page and "Growth on year" in page]
    assert len(of_accounts) >= 4
    assert all(re.search(r"Indicator\s+Period\s+Figure", page) for page in of_accounts)
    firsts = [re.search(r"Indicator\s+Period\s+Figure\s+(.+)", page) for page in of_accounts]
    subs = (
        "Growth on year",
        "Rank by",
        "Gap in",
        "Growth implied",
        "Average",
        "Share",
        "Growth ",
        "Change",
        "Multiple",
    )
    assert not [first[1] for first in firsts if first and first[1].startswith(subs)]


def test_the_mail_is_small_stands_alone_and_runs_nothing(edition: tuple[str, Rendered]) -> None:
    language, rendered = edition
    mail = rendered.files["mail.html"].decode()
    assert len(mail.encode()) < 102 * 1024
    assert not re.search(r"<script|<style|<img|<link|url\(|\sclass=", mail)
    told = "".join(run.text for run in samples.narrative(language).sentences["h2"])
    assert told in text_of(mail).replace("\u00a0", " ")
    assert "155.86" in text_of(mail)


def test_the_plain_mail_aligns_its_table(edition: tuple[str, Rendered]) -> None:
    lines = edition[1].files["mail.txt"].decode().splitlines()
    rule = next(n for n, line in enumerate(lines) if re.fullmatch("-{9,}", line))
    body = lines[rule + 1 : rule + 7]
    ends = {columns(re.sub(r" [a-z]$", "", line)) for line in body}
    assert len(ends) == 1
    assert max(columns(line) for line in lines) <= 80


@pytest.mark.parametrize(
    "text", ["The yuan rose for the twelfth month in a row, " * 4, "人民币连续十二个月升值，为有数据以来最长。" * 5]
)
def test_wrapped_lines_are_short_and_lose_nothing(text: str) -> None:
    lines = wrap(text, 40)
    assert max(columns(line) for line in lines) <= 42
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert not any(line[0] in "，。；" for line in lines)


# Contexts and templates


@pytest.mark.parametrize(
    "context", [c for c in vars(contexts).values() if isinstance(c, type) and hasattr(c, "__dataclass_fields__")]
)
def test_every_field_of_a_context_is_explained(context: Any) -> None:
    missing = [
        field.name for field in fields(context) if not re.search(rf"\b{field.name}\b", f"{context.__doc__} kind")
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("context", "names"),
    [(BriefingPage, ["briefing.html", "parts/sources.html"]), (MailBody, ["mail.html", "mail.txt"])],
)
def test_templates_and_contexts_agree(context: Any, names: list[str]) -> None:
    environment = Environment(loader=FileSystemLoader(samples.TEMPLATES), autoescape=True)
    used: set[str] = set()
    for name in names:
        source = (samples.TEMPLATES / name).read_text(encoding="utf-8")
        used |= meta.find_undeclared_variables(environment.parse(source))
    known = {field.name for field in fields(context)}
    assert used - known == set(), "the templates use what the context class does not have"
    assert known - used == set(), "the context class has what no template uses"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("briefing.html", "{% if %}", "template briefing.html, line 1: Expected an expression"),
        (
            "briefing.html",
            "<p>\n{{ nothing }}",
            "template briefing.html, line 2: 'nothing' is undefined; `briefings doc",
        ),
        ("briefing.html", "{% include 'gone.html' %}", "template briefing.html, line 1: 'gone.html' not found"),
        ("mail.txt", "{{ ''.__class__.__mro__ }}", "template mail.txt, line 1: access to attribute '__class__'"),
        ("mail.txt", "{{ findings.append(1) }}", "template mail.txt, line 1: .*'append' of 'list'"),
        ("mail.txt", "{% for i in range(1000000) %}{% endfor %}", "template mail.txt, line 1: Range too big"),
    ],
)
def test_a_faulty_template_is_named_with_its_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(RenderError, match=f"^{message}"):
        filled(page_of(samples.narrative("en"))[0], tmp_path)


@pytest.mark.slow
def test_a_template_without_an_end_meets_the_deadline(tmp_path: Path) -> None:
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    (tmp_path / "mail.txt").write_text(endless, encoding="utf-8")
    payload = {"folders": [str(tmp_path)], "pages": {"text": ("mail.txt", {})}}
    with Workers(1, deadline_seconds=1.5) as children, pytest.raises(WorkerError):
        children.call("briefings.render.html:fill", payload)


def test_a_style_sheet_cannot_end_its_element(tmp_path: Path) -> None:
    (tmp_path / "screen.css").write_text("p {} </style><script>alert(1)</script>", encoding="utf-8")
    with pytest.raises(RenderError, match="'</' may not stand in a style sheet"):
        screen_style((tmp_path,))


# Hostile content


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(
        ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title><b>", '" onclick="x', "'>&amp;"]
    ),
    st.text(max_size=8),
)
def test_markup_in_data_is_text(evil: str, noise: str) -> None:
    noise = "".join(char for char in noise if char.isprintable())
    text = evil + noise
    names = samples.briefing().names
    china = names.places["china"].model_copy(update={"name": {"en": text}})
    note = ((Run(text),),)
    page, _ = page_of(
        samples.narrative("en", title=text, notes=note),
        names=names.model_copy(update={"places": names.places | {"china": china}}),
        house=samples.briefing().house.model_copy(update={"publisher": {"en": text}, "disclaimer": {"en": text}}),
    )
    for name, done in filled(page).items():
        if name != "text":
            assert "<script>alert" not in done
            assert "onerror=alert(1)>" not in done
            assert 'onclick="x' not in done
            assert done.count(str(escape(text))) >= 2


def test_markup_in_a_chart_does_not_break_out(workers: Workers, fonts: FontSet) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    names = samples.briefing().names
    brazil = names.places["brazil"].model_copy(update={"name": {"en": evil}})
    briefing = samples.briefing(names=names.model_copy(update={"places": names.places | {"brazil": brazil}}))
    done = made("en", workers, fonts, briefing=briefing)
    assert b"<img" not in done.files["briefing.html"]
    assert b"<img" not in done.files["charts/peers.svg"]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<script>", False),
        ("https:", False),
        ("//example.org", False),
        ("https://[", False),
    ],
)
def test_only_addresses_of_the_web_become_links(address: str, kept: bool) -> None:
    assert link(address) == (address if kept else "")


@pytest.mark.parametrize(
    ("markup_in", "message"),
    [
        ('<img src="file:///etc/passwd">', "only data: addresses"),
        ('<img src="https://example.org/a.png">', "only data: addresses"),
        ('<img src="chart:other.svg">', "only data: addresses"),
        ('<link rel="stylesheet" href="file:///etc/passwd">', "only data: addresses"),
        ('<link rel="attachment" href="file:///etc/passwd">', "only data: addresses"),
        ('<a rel="attachment" href="file:///etc/passwd">x</a>', "only data: addresses"),
        ('<p style="background: url(http://example.org/)">x', "only data: addresses"),
        ("<style>@import url(http://example.org/);</style>", "only data: addresses"),
        (
            "<style>@font-face { font-family: x; src: url(file:///etc/passwd) } p { font-family: x }</style><p>x",
            "only data: addresses",
        ),
        ('<object data="file:///etc/passwd"></object>', "only data: addresses"),
        ("<style>p { colour: red }</style>", "WeasyPrint warned: Ignored `colour: red ?`"),
        ('<img src="chart:one.svg">', "WeasyPrint warned: .*[Aa]lt"),
    ],
)
def test_the_pdf_fetches_nothing_and_takes_warnings_for_errors(workers: Workers, markup_in: str, message: str) -> None:
    page = f'<!DOCTYPE html><html lang="en"><title>t</title>{markup_in}'
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    payload = samples.page_to_set(page, pictures={"one.svg": picture})
    with pytest.raises(RenderError, match=message):
        workers.call("briefings.render.pdf:write", payload)


@pytest.mark.parametrize(
    ("text", "named"), [("\U0001f600", "U\\+1F600 GRINNING FACE"), ("عربي", "U\\+0628 ARABIC LETTER BEH")]
)
def test_characters_without_a_glyph_are_named(workers: Workers, fonts: FontSet, text: str, named: str) -> None:
    with pytest.raises(RenderError, match=f"no glyph for .*{named}"):
        made("en", workers, fonts, narrative=samples.narrative("en", title=f"Markets {text}"))


def test_odd_characters_do_no_harm_and_broken_ones_are_replaced_and_reported(workers: Workers, fonts: FontSet) -> None:
    odd = "a\u200bb c\u0301 d\u2011e \U00020bb7 \ufeff"
    done = made("zh", workers, fonts, narrative=samples.narrative("zh", title=f"简报\ud800{odd}"))
    assert "简报\ufffd" in done.files["briefing.html"].decode()
    assert any("1 broken character(s) replaced in '简报" in remark for remark in done.remarks)


def test_the_narrative_must_be_of_the_language(workers: Workers, fonts: FontSet) -> None:
    with pytest.raises(RenderError, match="the narrative is in 'zh', the edition in 'en'"):
        made("en", workers, fonts, narrative=samples.narrative("zh"))


# Small parts


def spacing_cases() -> list[tuple[str, str]]:
    text = (Path(__file__).parent / "cases" / "spacing.txt").read_text(encoding="utf-8")
    blocks = [[line for line in block.splitlines() if not line.startswith("#")] for block in text.split("\n\n")]
    return [(block[0], block[1]) for block in blocks if block]


@pytest.mark.parametrize(("text", "wanted"), spacing_cases())
def test_spacing_of_chinese(text: str, wanted: str) -> None:
    shown = ""
    for piece in set_text(text, "zh"):
        tags = piece.tag.split()
        shown += (f"[{piece.text}]" if "k" in tags else piece.text) + ("|" if "g" in tags else "")
    assert shown == wanted


@settings(max_examples=100, deadline=None)
@given(st.text("中文年月，。A1.5% —（）第", max_size=30))
def test_spacing_changes_no_character(text: str) -> None:
    assert "".join(piece.text for piece in set_text(text, "zh")) == text


def test_english_is_set_as_it_is() -> None:
    assert [piece.text for piece in set_text("GDP grew 6.9% in 2025.", "en")] == ["GDP grew 6.9% in 2025."]


def test_the_last_two_words_of_a_long_english_sentence_and_a_month_stay_on_one_line() -> None:
    text = "The largest rise among 23 currencies to May 2026 was followed by the ringgit: the currencies weakened."
    kept = [piece.text for piece in set_text(text, "en") if piece.tag == "k"]
    assert kept == ["May 2026", "currencies weakened."]
    assert "".join(piece.text for piece in set_text(text, "en")) == text


@pytest.mark.parametrize(
    ("locator", "place"),
    [
        ("row=12,column=Price, in dollars", {"row": "12", "column": "Price, in dollars"}),
        ("sheet=GDP,cell=B7", {"sheet": "GDP", "cell": "B7"}),
        ("json=/data/3/value", {"json": "/data/3/value"}),
        ("series=KEY,period=2026-06", {"series": "KEY", "period": "2026-06"}),
        ("page 3", {"": "page 3"}),
        ("", {}),
    ],
)
def test_locators(locator: str, place: dict[str, str]) -> None:
    assert split(locator) == place


def test_neighbouring_rows_and_cells_are_joined() -> None:
    assert ranges(["5", "3", "4", "9", "10", "4"]) == ["3–5", "9–10"]
    assert ranges(["B7", "B8", "C9"]) == ["B7–B8", "C9"]
    assert ranges(["x", "a b"]) == ["a b", "x"]


def test_charts_are_numbered_in_the_order_in_which_they_stand() -> None:
    page, _ = page_of(samples.narrative("en"))
    blocks = [block for section in page.sections for block in section.blocks]
    assert [block.label for block in blocks if block.kind == "chart"] == ["Figure 1", "Figure 2", "Figure 3"]
    referring = next(block for block in blocks if block.kind == "paragraph" and "Figure" in str(block))
    assert "".join(piece.text for piece in referring.line).endswith("means a stronger yuan (Figure\u00a01).")


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("a", ""),
        ("(a / b - 1) * 100", "= (a / b − 1) × 100"),
        ("((a / b) ** (1 / 10) - 1) * 100", "= ((a / b)^(1 / 10) − 1) × 100"),
        ("stdev((a / b - 1) * 100, (b / c - 1) * 100)", "= standard deviation of 2"),
        ("rank(a, b, c)", "= rank among 3"),
        ("rank(a, level_china_1)", "= rank among 7"),
        ("rank(a, f0123456789)", ""),
        ("count of rises", ""),
    ],
)
def test_formulas_in_words(formula: str, wanted: str) -> None:
    briefing = samples.briefing()
    figure = briefing.figures["growth_china"].model_copy(update={"formula": formula})
    assert Notes(briefing, "en", samples.furniture("en")).formula(figure) == wanted


def test_a_figure_that_a_sentence_prints_has_an_entry_and_others_stand_in_series() -> None:
    page, register = page_of(samples.narrative("en"))
    entries = {entry.id: entry for group in page.groups for entry in group.entries}
    series = {identifier for each in page.series for place in each.places for identifier in place.ids}
    assert set(entries) | series == set(register)
    assert not set(entries) & series
    growth = entries["growth_china"]
    assert growth.text == "3.3% / −3.3"
    assert (growth.what, growth.origin) == (
        "Dec 2025, growth since Jan 2025",
        "= (a / b − 1) × 100; a row 13; b Jan 2025 row 2",
    )
    assert replace(growth, text="").text == ""


@pytest.mark.parametrize(
    ("language", "issued", "expected"),
    [
        ("en", "2026-11-22T09:12", "Late edition: due on 20 November 2026, issued on 22 November 2026."),
        ("en", "2026-11-20T11:05", "Late edition: due on 20 November 2026 at 08:00, issued at 11:05."),
        ("zh", "2026-11-22T09:12", "本期延迟发布：原定2026年11月20日发布，实际于2026年11月22日发布。"),
        ("zh", "2026-11-20T11:05", "本期延迟发布：原定2026年11月20日08:00发布，实际于当日11:05发布。"),
    ],
)
def test_a_late_edition_says_so(language: str, issued: str, expected: str) -> None:
    stamp = replace(STAMP, due=datetime.fromisoformat("2026-11-20T08:00"), issued=datetime.fromisoformat(issued))
    assert marks(samples.narrative(language), stamp) == [expected]
    assert marks(samples.narrative(language), STAMP) == []


def test_a_note_names_its_sources_by_their_numbers_in_the_list() -> None:
    """A number's note opens by itself, away from the list of sources."""
    page, _ = page_of(samples.narrative("en"))
    for each in (*page.groups, *page.series):
        assert each.source.startswith("[1] Exchange rates, "), each.title
        assert each.source.endswith("; published 5 January 2026")
