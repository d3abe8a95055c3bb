"""Files of running text to text with blocks: every form, every encoding, and what hostile files get."""

from __future__ import annotations

import io
import textwrap
import zipfile
from collections.abc import Iterator

import pypdf
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from briefings.errors import SourceError
from briefings.sources import prose, prose_html
from briefings.sources.prose import Prose, ProseReader
from tests.documents import docx_of, pdf_of

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>Bureau</title>
<meta name="PubDate" content="2026-01-15 09:00"></head><body>
<nav><a href="/">Home</a> <a href="/1">12 departments</a></nav>
<div class="menu"><ul><li><a href="/2">News of 2024</a></li><li><a href="/3">3 notices</a></li></ul></div>
<article><h1>{title}</h1><p>{first}</p><p>{second}</p>
<table><tr><td>{label}</td><td><p>{cell}</p></td></tr></table></article>
<aside><ul><li><a href="/4">Profit up 88%</a></li></ul></aside><footer>Tel 0471 12345</footer>
<script>var x = "5 billion";</script></body></html>"""
EN = {
    "title": "Riverton in 2025",
    "first": "Turnover in Riverton came to CNY 5.2 billion in 2025, 6.9% more than a year before, statistics say.",
    "second": "Visitors: 28,000.",
    "label": "Loans",
    "cell": "3 billion",
}
ZH = {
    "title": "河城市2025年简报",
    "first": "2025年，河城市成交额为52亿元，比上年增长6.9%，增速比全省高1.2个百分点，排名有所上升。",
    "second": "游客2.8万人次。",
    "label": "贷款",
    "cell": "30亿元",
}


@pytest.fixture(scope="module")
def reader() -> Iterator[ProseReader]:
    with ProseReader() as made:
        yield made


def kinds(found: Prose) -> list[tuple[str, int, str]]:
    return [(block.kind, block.level, found.text[block.start : block.end]) for block in found.blocks]


# Forms.


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_a_page_is_its_main_content(words: dict[str, str]) -> None:
    found = prose_html.read(PAGE.format(charset="utf-8", **words).encode(), "page.html")
    assert kinds(found) == [
        ("heading", 1, words["title"]),
        ("paragraph", 0, words["first"]),
        ("paragraph", 0, words["second"]),
        ("cell", 0, f"{words['label']}\t{words['cell']}"),
    ]
    assert found.title == words["title"]
    assert str(found.published) == "2026-01-15"


def test_a_page_laid_out_in_tables_and_one_form_keeps_its_paragraphs() -> None:
    menu = "".join(f"<li><a href='/{n}'>栏目名称{n}</a></li>" for n in range(20))
    body = f"<form><table><tr><td><ul>{menu}</ul></td><td><p>{ZH['first']}</p><p>{ZH['second']}</p></td></tr></table>"
    found = prose_html.read(f"<html><body>{body}</form></body></html>".encode(), "page.html")
    assert kinds(found) == [("paragraph", 0, ZH["first"]), ("paragraph", 0, ZH["second"])]


def test_lines_of_a_page_are_as_a_browser_shows_them() -> None:
    page = "<html><body><p>成交额<b>52</b>\n  亿元</p><p>增长\n明显</p><p>CNY <i>5</i> <b>billion</b><br>more</p>"
    found = prose_html.read(page.encode(), "page.html")
    assert found.text.splitlines() == ["成交额52 亿元", "增长明显", "CNY 5 billion", "more"]


def test_how_often_a_page_was_read_is_no_text_of_it() -> None:
    page = "<html><body><p>发布时间：2026年1月15日　浏览次数：1234次</p><p>成交额52亿元。</p><p>Page views: 1,234</p>"
    assert prose_html.read(page.encode(), "x.html").text.splitlines() == ["发布时间：2026年1月15日", "成交额52亿元。"]


def test_hidden_text_of_a_page_is_left_out() -> None:
    page = (
        '<html><body><p>Sales of 5.</p><p hidden>Sales of 6.</p><p style="display: none">Sales of 7.</p></body></html>'
    )
    assert prose_html.read(page.encode(), "page.html").text == "Sales of 5.\n"


def test_a_docx_has_headings_items_and_rows(reader: ProseReader) -> None:
    styled = [("Title", "Riverton"), ("Heading 2", "Trade"), ("Normal", EN["first"]), ("List Bullet", EN["second"])]
    found = reader.read(docx_of(styled, [["Loans", "3 billion"], ["Deposits", "4 billion"]]), "release.docx")
    assert kinds(found) == [
        ("heading", 1, "Riverton"),
        ("heading", 2, "Trade"),
        ("paragraph", 0, EN["first"]),
        ("item", 0, EN["second"]),
        ("cell", 0, "Loans\t3 billion"),
        ("cell", 0, "Deposits\t4 billion"),
    ]


def test_inserted_text_of_a_docx_counts_and_deleted_text_does_not(reader: ProseReader) -> None:
    tracked = (
        "Sales of </w:t></w:r><w:del><w:r><w:delText>5</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>6</w:t></w:r></w:ins><w:r><w:t> million"
    )
    plain = docx_of([("Normal", "PLACEHOLDER")])
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"PLACEHOLDER", tracked.encode()))
    assert reader.read(made.getvalue(), "release.docx").text == "Sales of 6 million\n"


@pytest.mark.parametrize("words", [EN, ZH], ids=["en", "zh"])
def test_the_lines_of_a_pdf_are_paragraphs_again(reader: ProseReader, words: dict[str, str]) -> None:
    style = "@page{size:A6;@bottom-center{content:'— ' counter(page) ' —'}} p{text-indent:2em} h1{font-size:22pt}"
    paragraphs = f"<p>{words['first']}</p><p>{words['second']}</p>" * 6
    found = reader.read(pdf_of(f"<style>{style}</style><h1>{words['title']}</h1>{paragraphs}"), "release.pdf")
    assert kinds(found)[0] == ("heading", 1, words["title"])
    texts = [text for _, _, text in kinds(found)[1:]]
    assert texts == [words["first"], words["second"]] * 6


def test_columns_hyphens_and_tables_of_a_pdf(reader: ProseReader) -> None:
    body = f"<p style='hyphens:auto;text-align:justify'>{EN['first']}</p>"
    columns = f"<div style='columns:2'><p>{EN['first']}</p><p>{EN['first']}</p></div>"
    row = "<table style='width:100%'><tr><td>Loans of banks</td><td>66.98</td><td>12.3%</td></tr></table>"
    found = reader.read(pdf_of(f"<html lang=en><style>@page{{size:A5}}</style>{body}{columns}{row}"), "release.pdf")
    assert [text for _, _, text in kinds(found)] == [*([EN["first"]] * 3), "Loans of banks\t66.98\t12.3%"]


def test_markdown_keeps_its_marks(reader: ProseReader) -> None:
    text = "# Riverton\n\nTurnover came to **CNY 5 billion** in 2025.\n\n| Loans | 3 billion |\n"
    found = reader.read(text.encode(), "release.md")
    assert found.text == text
    assert [kind for kind, _, _ in kinds(found)] == ["heading", "paragraph", "cell"]


def test_narrow_lines_are_paragraphs_again(reader: ProseReader) -> None:
    first, second = f"{EN['first']} {EN['first']}", f"Second: {EN['first']}"
    narrow = "\n\n".join(textwrap.fill(text, 66) for text in ("Title", first, second)) + "\n- 5 items\n- 6 items\n"
    found = reader.read(narrow.encode(), "release.txt")
    assert [text for _, _, text in kinds(found)] == ["Title", first, second, "- 5 items", "- 6 items"]
    assert len(found.text) == len(narrow)


@pytest.mark.parametrize(
    "text",
    [
        "Riverton\nTurnover 5 million\nVisitors 28,000\nLoans of all the banks in the city: 3 billion, a record\n",
        "河城市成交额为五十二亿元\n" * 9,
        "word " * 40 + "\nnext\n",
    ],
)
def test_lines_that_are_no_typesetting_stay(reader: ProseReader, text: str) -> None:
    assert reader.read(text.encode(), "release.txt").text == text


# Encodings.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "utf-32"])
def test_encodings_of_chinese(reader: ProseReader, encoding: str) -> None:
    assert reader.read(f"{ZH['first']}\r\n{ZH['second']}\r".encode(encoding), "release.txt").text == (
        f"{ZH['first']}\n{ZH['second']}\n"
    )


def test_a_western_encoding_is_told_from_chinese(reader: ProseReader) -> None:
    text = "Exports “rose” to £6 million – 5% more – in Zürich."
    assert reader.read(text.encode("cp1252"), "release.txt").text == text


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "gb18030"])
def test_a_page_says_its_encoding(charset: str) -> None:
    page = PAGE.format(charset=charset, **ZH).encode("gb18030")
    assert ZH["first"] in prose_html.read(page, "page.html").text


def test_what_a_file_is_counts_for_more_than_its_name(reader: ProseReader) -> None:
    assert reader.read(PAGE.format(charset="utf-8", **EN).encode(), "release.txt").title == EN["title"]
    assert reader.read(docx_of([("Normal", EN["first"])]), "release.txt").text == EN["first"] + "\n"


# Hostile files.


def workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("xl/workbook.xml", "<workbook/>")
    return made.getvalue()


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        for part in range(11):
            file.writestr(f"word/{part}.xml", b"\0" * (100 << 20))
    return made.getvalue()


def encrypted() -> bytes:
    writer = pypdf.PdfWriter()
    writer.append(io.BytesIO(pdf_of("<p>Sales of 5 million</p>")))
    writer.encrypt("secret", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def scanned() -> bytes:
    return pdf_of("<svg width='100' height='100'><rect width='80' height='80'/></svg>")


HOSTILE = {
    "empty": (b"", "x.txt", "x.txt: the file is empty."),
    "blank": (b" \r\n\t", "x.txt", "x.txt: the file is empty."),
    "a mark alone": (b"\xef\xbb\xbf\n", "x.txt", "x.txt: there is no text in it."),
    "binary": (bytes(range(256)) * 64, "x.txt", "these bytes are no text; give a text, HTML, PDF or DOCX file."),
    "control characters": (b"\x01\x02\x03 5 million" * 99, "x.txt", "these bytes are no text"),
    "a broken encoding": (b"GDP \xff\xfe\xfd of 5 \x81", "x.txt", "the text is neither UTF-8 nor GB18030"),
    "an old Office file": (b"\xd0\xcf\x11\xe0" * 99, "x.doc", "this is an old Office file or an encrypted one, not a"),
    "a picture": (b"\x89PNG\r\n\x1a\n" * 9, "x.png", "this is a picture, not a text. Recognise its text first (OCR)"),
    "rich text": (b"{\\rtf1 5 million}", "x.rtf", "this is rich text (RTF), not a text. Save it as .docx or PDF."),
    "no PDF": (b"5 million", "x.pdf", "its name says PDF, and it does not begin like one; save it anew."),
    "a damaged PDF": (b"%PDF-1.7\n" + b"\0\1" * 500, "x.pdf", "this PDF is damaged"),
    "a workbook": (workbook(), "x.docx", "this is a workbook, not a DOCX. Declare it as a source of `kind: table`."),
    "half a DOCX": (docx_of([("Normal", "5")])[:900], "x.docx", "this file is damaged"),
    "a page without text": (b"<html><body><nav>5 news</nav></body></html>", "x.html", "there is no text in it."),
}


@pytest.mark.parametrize(("content", "name", "told"), HOSTILE.values(), ids=HOSTILE)
def test_a_file_without_text_gets_a_message(reader: ProseReader, content: bytes, name: str, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        reader.read(content, name)
    assert told in str(caught.value)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize(
    ("make", "name", "told"),
    [
        (encrypted, "x.pdf", "x.pdf: this PDF is encrypted; save a copy without a password."),
        (scanned, "x.pdf", "x.pdf: a PDF of 1 page without text, pictures of paper perhaps."),
        (bomb, "x.docx", "x.docx: it unpacks to more than 1 GB, which no document has."),
    ],
)
def test_a_locked_or_hollow_file_gets_a_message(reader: ProseReader, make: object, name: str, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        reader.read(make(), name)  # type: ignore[operator]
    assert str(caught.value).startswith(told)


def test_a_file_that_no_library_can_finish_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prose, "DEADLINE", 0.5)
    monkeypatch.setitem(prose.READERS, ".pdf", "tests.documents:never")
    with ProseReader() as slow, pytest.raises(SourceError, match="it cannot be read within"):
        slow.read(b"%PDF-1.7 never", "x.pdf")


def test_what_a_library_stumbles_over_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prose.READERS, ".pdf", "tests.documents:stumble")
    with ProseReader() as reader, pytest.raises(SourceError) as caught:
        reader.read(b"%PDF-1.7", "x.pdf")
    assert str(caught.value) == "x.pdf: this file is damaged (KeyError: 'word/styles.xml'); save it anew."


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "no-such", "punycode"])
def test_a_few_broken_bytes_of_a_page_are_let_pass(charset: str) -> None:
    encoding = "gb18030" if charset == "gb2312" else "utf-8"
    page = PAGE.format(charset=charset, **ZH).encode(encoding).replace(b"</p>", b"\xff\xfe</p>", 1)
    page = page.replace(b"</article>", f"<p>{ZH['second']}</p>".encode(encoding) * 300 + b"</article>")
    assert ZH["first"] in prose_html.read(page, "page.html").text


def test_a_page_nested_without_end_ends() -> None:
    with ProseReader() as reader, pytest.raises(SourceError, match="there is no text in it"):
        reader.read(b"<html><body>" + b"<div>" * 100_000 + b"5 million", "x.html")


@examples(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)), st.sampled_from([".txt", ".md"]))
def test_any_bytes_are_read_or_refused(content: bytes, ending: str) -> None:
    try:
        found = ProseReader().read(content, f"x{ending}")
    except SourceError as error:
        told = str(error)
    else:
        told = f"x{ending}"
        blocks = [found.text[block.start : block.end] for block in found.blocks]
        assert all(text == text.strip() and text for text in blocks)
    assert told.startswith(f"x{ending}")


@examples(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/pdivtrab &;=\"'5%中\n", max_size=300))
def test_any_page_is_read(markup: str) -> None:
    found = prose_html.read(f"<html><body>{markup}</body></html>".encode(), "x.html")
    assert all(found.text[block.start : block.end].strip() for block in found.blocks)


# Sentences.


@pytest.mark.parametrize(
    ("text", "number", "sentence"),
    [
        ("Output was 1.5 million. It rose by 5.2%. The rest fell.", "5.2%", "It rose by 5.2%."),
        ("Output was 1.5 million. It rose.", "1.5", "Output was 1.5 million."),
        ("全年增长6.9%。其中工业增长5%；农业增长2%。", "5%", "其中工业增长5%；农业增长2%。"),
        ("甲增长1%；" * 40 + "乙增长2%；" + "丙增长3%；" * 40, "2%", "乙增长2%；"),
    ],
)
def test_the_sentence_around_a_number(reader: ProseReader, text: str, number: str, sentence: str) -> None:
    found = reader.read(text.encode(), "x.txt")
    start = text.index(number)
    assert found.sentence(start, start + len(number)) == sentence
